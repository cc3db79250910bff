"""Ollama's own API. The faces are in `dialect.py`."""
