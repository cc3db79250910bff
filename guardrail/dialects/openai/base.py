"""What all endpoints of OpenAI's API share: how a key is sent, and what an error looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guardrail.dialects.base import Outgoing, Reply
from guardrail.dialects.openai import replies
from guardrail.dialects.settings import DEFAULTS, Settings
from guardrail.dialects.usage import Places
from guardrail.errors import GuardrailError
from guardrail.wire.framing import Framing, JsonLines, Sse

LINES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"})
"""JSON lines, which some servers that speak this API stream."""

COUNTS = Places(
    input=(("/x_groq/usage/prompt_tokens", "/usage/prompt_tokens"),),
    output=(("/x_groq/usage/completion_tokens", "/usage/completion_tokens"),),
    cached=(("/usage/prompt_cache_hit_tokens", "/usage/prompt_tokens_details/cached_tokens"),),
    reasoning=(("/usage/completion_tokens_details/reasoning_tokens",),),
    served=("/model",),
)
"""Of chats, completions and embeddings. A stream tells them if the request asks for it (`stream_options`)."""


def framing_of(content_type: str, max_event: int) -> Framing | None:
    """How an answer of this media type is cut into frames; None if it is a whole one."""
    if content_type in LINES:
        return JsonLines(max_event)
    return Sse(max_event) if content_type == "text/event-stream" else None


@dataclass(frozen=True, slots=True)
class OpenAI:
    """The part that does not depend on the endpoint. `azure`: the key goes into `api-key`."""

    settings: Settings = DEFAULTS
    azure: bool = False

    def credentials(self, key: str, outgoing: Outgoing) -> Sequence[tuple[str, str]]:
        """The bearer token, or Azure's `api-key`; empty for an empty key."""
        if not key:
            return ()
        return (("api-key", key),) if self.azure else (("authorization", f"Bearer {key}"),)

    def refuse(self, error: GuardrailError) -> Reply:
        """The error as OpenAI's error object."""
        return replies.refuse(error)

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status and short machine-readable words, none of its prose."""
        return replies.upstream_error(status, body)
