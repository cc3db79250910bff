"""Cohere's API, version 2. The faces are in `dialect.py`."""
