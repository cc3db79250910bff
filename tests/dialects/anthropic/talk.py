"""Small tools to hold a conversation with, without a network."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from guardrail.dialects.anthropic.messages import AnthropicMessages
from guardrail.dialects.anthropic.request import MessagesRequest
from guardrail.dialects.base import StreamCodec
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.events import Frame
from tests.dialects import streams
from tests.specimens.anthropic_messages import question

DIALECT = AnthropicMessages()


def seal(name: str = "a") -> str:
    """What a signature looks like."""
    return base64.b64encode(hashlib.sha512(name.encode()).digest() * 3 + b"\xff\x00").decode()


def read(body: Any) -> MessagesRequest:
    """A request read from this value."""
    return DIALECT.read_request(json.dumps(body).encode())


def ask(text: str = "hello", **more: Any) -> MessagesRequest:
    """A small request."""
    return read(question(text, **more))


def opened(request: MessagesRequest | None = None, tools: ToolRules = NO_TOOLS) -> StreamCodec:
    """The codec of the answer to a small request."""
    return streams.opened(DIALECT, request or ask(stream=True), tools=tools)


def pass_on(codec: StreamCodec, frames: list[Frame]) -> bytes:
    """The frames written with the texts that they came with."""
    return b"".join(
        codec.write(frame, [delta.text for delta in frame.deltas], [whole.text for whole in frame.wholes])
        for frame in frames
    )
