"""Dialects: one provider API per file. A dialect knows JSON and never a rail's rule."""
