"""What a test has to know of a dialect to hold a conversation in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guardrail.dialects.base import Dialect
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Specimen:
    """A dialect as its own clients and its provider speak it. All functions make new values.

    make            the dialect under these settings
    path            where a whole answer is asked for, as a client sends it (with its query, if it needs one)
    question        the body of a request whose user says this
    answer          the body of a whole answer that says this
    said            all words of such an answer, as a reader gets them
    error           the provider's own error body, which echoes the words given to it
    is_error        True if a body is an error in the provider's shape

    The rest is None for APIs that have no such thing:

    stream_path     where a stream is asked for
    stream_question the body of that request
    stream          the bytes of a streamed answer that says these pieces, one frame each, ended in good order
    stream_type     its media type
    heard           all words of a stream, as the provider's own client puts them together
    stream_fails    True if the stream ends in the provider's own error event (an SDK would raise)
    tool_answer     the body of a whole answer that calls this tool with these arguments
    tool_stream     the bytes of a stream that does, the arguments (if they come as JSON text) in pieces
    tool_calls      name and arguments of the calls in a whole answer
    heard_calls     ... and of those in a stream
    tool_question   a request that offers the tool of this name (the answers above answer it)
    json_question   a request whose answer has to be JSON (`answer` and `stream`, with JSON for words, answer it)

    Tables, for the walk over all leaves; `frames` maps a name to the table of one kind of event, and
    `frame(name, leaf, words)` gives the bytes of a stream with such an event in its middle, in which the words stand
    in the leaf's place (`leaf.put({...base of the event...}, words)`, see tests/matrix/leaves.py); b"" to skip it.

    api             what a policy says of it under `apis`, if it is no API that the product knows
    """

    name: str
    make: Callable[[Settings], Dialect]
    path: str
    question: Callable[[str], Body]
    answer: Callable[[str], Body]
    said: Callable[[Body], str]
    error: Callable[[str], Body]
    is_error: Callable[[Body], bool]
    request_table: Field
    answer_table: Field
    stream_path: str | None = None
    stream_question: Callable[[str], Body] | None = None
    stream: Callable[[Sequence[str]], bytes] | None = None
    stream_type: str = "text/event-stream"
    heard: Callable[[bytes], str] | None = None
    stream_fails: Callable[[bytes], bool] | None = None
    tool_answer: Callable[[str, Body], Body] | None = None
    tool_stream: Callable[[str, Body], bytes] | None = None
    tool_calls: Callable[[Body], Sequence[tuple[str, Any]]] | None = None
    heard_calls: Callable[[bytes], Sequence[tuple[str, Any]]] | None = None
    tool_question: Callable[[str, str], Body] | None = None
    json_question: Callable[[str], Body] | None = None
    frames: Mapping[str, Field] = field(default_factory=dict)
    frame: Callable[[str, Any, str], bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    api: Body | None = None

    def __str__(self) -> str:
        return self.name


def sse(*events: Body | tuple[str, Body]) -> bytes:
    """Server-sent events, each a body or a name and a body."""
    return b"".join(_event(event) for event in events)


def _event(event: Body | tuple[str, Body]) -> bytes:
    name, body = event if isinstance(event, tuple) else ("", event)
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(body)}\n\n".encode()


def sse_bodies(data: bytes) -> list[dict[str, Any]]:
    """The JSON bodies of server-sent events; `[DONE]` and comments are left out."""
    found = [line[5:].strip() for line in data.splitlines() if line.startswith(b"data:")]
    return [json.loads(body) for body in found if body and body != b"[DONE]"]
