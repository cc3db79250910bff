"""The events of a specimen's stream, one by one: to look at each, or to put something into each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from guardrail.wire.eventstream import Chunks, EventStream
from guardrail.wire.framing import Event, Framing, JsonArray, JsonLines, Sse
from tests.specimens.base import Body, Specimen

_FRAMINGS: dict[str, Callable[[int], Framing]] = {
    "text/event-stream": Sse,
    "application/x-ndjson": JsonLines,
    "application/json": JsonArray,
}


def _framing(specimen: Specimen) -> Framing:
    amazon = Chunks if specimen.name.startswith("bedrock.invoke") else EventStream
    return _FRAMINGS.get(specimen.stream_type, amazon)(1 << 24)


def _events(specimen: Specimen, data: bytes) -> Iterator[Event]:
    framing = _framing(specimen)
    yield from framing.feed(data)
    yield from framing.flush()


def _is_body(event: Event) -> bool:
    return event.data.strip().startswith(b"{")


def bodies(specimen: Specimen, data: bytes) -> list[Any]:
    """The JSON of each event; the end of a stream and keep-alives are none."""
    return [json.loads(event.data) for event in _events(specimen, data) if _is_body(event)]


def changed(specimen: Specimen, data: bytes, change: Callable[[Any], Body]) -> bytes:
    """The stream as the same provider would write it if each body were what `change` makes of it."""
    framing = _framing(specimen)
    written = b""
    for event in _events(specimen, data):
        body = json.dumps(change(json.loads(event.data))).encode() if _is_body(event) else event.data
        written += framing.write(body, _name(specimen, event))
    return written + framing.end()


def _name(specimen: Specimen, event: Event) -> str | None:
    """Chunks are written without a name."""
    return None if specimen.name.startswith("bedrock.invoke") else event.event
