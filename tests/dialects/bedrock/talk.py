"""Small tools to hold a conversation with, without a network."""

from __future__ import annotations

import json
from typing import Any

from guardrail.dialects.base import Ask, Dialect, RequestDocument, StreamCodec
from guardrail.dialects.bedrock.dialect import BedrockConverse, BedrockInvoke
from guardrail.dialects.bedrock.request import ConverseRequest
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.events import Frame
from guardrail.wire.eventstream import CONTENT_TYPE
from tests.dialects import streams
from tests.specimens.base import Specimen
from tests.specimens.bedrock_converse import MODEL, question

DIALECT, STREAMED = BedrockConverse(), BedrockConverse(streams=True)
INVOKE, CHUNKED = BedrockInvoke(), BedrockInvoke(streams=True)
ASK = Ask({"model": MODEL})


def read(body: Any, model: str = MODEL) -> ConverseRequest:
    """A request read from this value."""
    return DIALECT.read_request(json.dumps(body).encode(), Ask({"model": model}))


def ask(text: str = "hello", **more: Any) -> ConverseRequest:
    """A small request."""
    return read(question(text, **more))


def invoked(specimen: Specimen, *, stream: bool = False) -> tuple[Dialect, RequestDocument]:
    """A small request in the format of this family."""
    dialect = CHUNKED if stream else INVOKE
    body = json.dumps(specimen.question("hello")).encode()
    return dialect, dialect.read_request(body, Ask({"model": specimen.path.split("/")[2]}))


def opened(request: ConverseRequest | None = None, tools: ToolRules = NO_TOOLS) -> StreamCodec:
    """The codec of the answer to a small request."""
    return streams.opened(STREAMED, request or ask(), CONTENT_TYPE, tools)


def pass_on(codec: StreamCodec, frames: list[Frame]) -> bytes:
    """The frames written with the texts that they came with."""
    return b"".join(
        codec.write(frame, [delta.text for delta in frame.deltas], [whole.text for whole in frame.wholes])
        for frame in frames
    )
