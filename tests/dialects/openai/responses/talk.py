"""Small tools to hold a conversation in the Responses API with."""

from __future__ import annotations

import json
from typing import Any

from guardrail.dialects.base import StreamCodec
from guardrail.dialects.openai.responses.dialect import OpenAIResponses
from guardrail.dialects.openai.responses.request import ResponsesRequest
from guardrail.dialects.settings import Settings
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.events import Frame
from tests.dialects import streams

DIALECT = OpenAIResponses()
BLOB = "gAAAAABo" + "Qx7_-" * 30
"""What encrypted content looks like."""


def read(settings: Settings | None = None, **body: Any) -> ResponsesRequest:
    """A request with these fields."""
    dialect = OpenAIResponses(settings) if settings else DIALECT
    return dialect.read_request(json.dumps({"model": "gpt-5", "input": "hello", **body}).encode())


def opened(settings: Settings | None = None, tools: ToolRules = NO_TOOLS, **body: Any) -> StreamCodec:
    """A codec for the answer to such a request."""
    dialect = OpenAIResponses(settings) if settings else DIALECT
    return streams.opened(dialect, read(settings, stream=True, **body), tools=tools)


def pass_on(codec: StreamCodec, frames: list[Frame]) -> bytes:
    """The frames written with the texts that they came with."""
    return b"".join(
        codec.write(frame, [delta.text for delta in frame.deltas], [whole.text for whole in frame.wholes])
        for frame in frames
    )


def shout(codec: StreamCodec, frames: list[Frame]) -> bytes:
    """The frames written with all running words in capitals."""
    return b"".join(
        codec.write(frame, [delta.text.upper() for delta in frame.deltas], [whole.text for whole in frame.wholes])
        for frame in frames
    )
