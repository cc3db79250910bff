"""Streams for tests of dialects."""

from __future__ import annotations

from guardrail.dialects.base import Dialect, RequestDocument, StreamCodec
from guardrail.dialects.tools import NO_TOOLS, ToolRules


def opened(
    dialect: Dialect, request: RequestDocument, content_type: str = "text/event-stream", tools: ToolRules = NO_TOOLS
) -> StreamCodec:
    """The codec for a streamed answer; fails if the dialect takes the answer for a whole one."""
    codec = dialect.open_stream(request, content_type, tools)
    assert codec is not None
    return codec
