"""The chain: hold-back, rewriting, the worker. Knows no provider and no concrete rail."""
