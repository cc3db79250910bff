"""What Mistral's API has beside Chat Completions. The face is `fim.py`."""
