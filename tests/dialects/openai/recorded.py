"""The recorded payloads, and small tools to read streams with."""

from __future__ import annotations

import json
from pathlib import Path

from guardrail.dialects.base import RequestDocument, StreamCodec
from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.events import Frame

FOLDER = Path(__file__).parents[2] / "wire" / "recorded" / "openai_chat"


def load(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def ask(**fields: object) -> RequestDocument:
    """A small request with these fields."""
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}], **fields}
    return OpenAIChat().read_request(json.dumps(body).encode())


def pass_on(codec: StreamCodec, frames: list[Frame]) -> bytes:
    """The frames written with the texts that they came with."""
    return b"".join(
        codec.write(frame, [delta.text for delta in frame.deltas], [whole.text for whole in frame.wholes])
        for frame in frames
    )
