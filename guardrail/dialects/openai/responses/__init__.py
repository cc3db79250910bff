"""OpenAI's Responses API, in both directions. The face is `dialect.py`."""
