"""OpenAI's older Completions API. The face is `dialect.py`."""
