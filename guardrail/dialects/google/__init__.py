"""Google's Gemini API and Vertex AI, in both directions. The faces are in `dialect.py`."""
