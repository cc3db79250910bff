"""OpenAI's Chat Completions API, in both directions. The face is `guardrail.dialects.openai_chat`."""
