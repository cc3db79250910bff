"""Anthropic's Messages API, in both directions. The face is `guardrail.dialects.anthropic.messages`."""
