"""Meaning: frozen policy models, loading with line numbers, compiling, hot reload."""
