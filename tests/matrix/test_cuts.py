"""The chunk law on the wire of every dialect: however the network cuts a stream, the client gets the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from guardrail.dialects.base import NO_CALL, Ask
from guardrail.dialects.catalog import ROUTES, Route, lookup
from guardrail.dialects.generic.dialect import generic_routes
from guardrail.events import Frame
from guardrail.policy.apis import Api
from tests.dialects.streams import opened
from tests.matrix.catalogue import SPEAKING
from tests.specimens.base import Specimen

PIECES = ["Hello ", "Ann é🙂 ", '\\ "quoted" ', "日本語 ", "and\nmore. "] * 8


def routes_of(specimen: Specimen) -> Sequence[Route]:
    """With those that a policy would describe."""
    if specimen.api is None:
        return ROUTES
    return tuple(generic_routes([Api.model_validate(specimen.api).served(specimen.name.partition(".")[2])]))


def ask_of(specimen: Specimen) -> Ask:
    path, _, query = (specimen.stream_path or "").partition("?")
    found = lookup("POST", path, routes_of(specimen))
    return found.ask(dict(pair.split("=", 1) for pair in query.split("&") if pair)) if found else NO_CALL


def passed(specimen: Specimen, pieces: Iterable[bytes]) -> bytes:
    """What is written when all words are changed, so that frames are written anew, and some are emptied."""
    import json

    assert specimen.stream_question
    dialect = lookup("POST", (specimen.stream_path or "").partition("?")[0], routes_of(specimen)).dialect
    request = dialect.read_request(json.dumps(specimen.stream_question("Hi")).encode(), ask_of(specimen))
    codec = opened(dialect, request, specimen.stream_type)
    out = b""
    for frames in (*(codec.feed(piece) for piece in pieces), codec.flush()):
        for frame in frames:
            out += codec.write(frame, *_changed(frame)) if not frame.keepalive else b""
    return out


def _changed(frame: Frame) -> tuple[list[str], list[str]]:
    return (
        ["" if "日本" in delta.text else delta.text.upper() for delta in frame.deltas],
        [segment.text for segment in frame.wholes],
    )


@pytest.mark.parametrize("specimen", SPEAKING, ids=str)
def test_every_cut_of_the_bytes_gives_the_same_bytes(specimen: Specimen) -> None:
    """SSE-01, in two pieces at every place of a stream of 4 KB (2 KB of one's own APIs), and byte by byte."""
    assert specimen.stream
    pieces = list(PIECES)
    data = specimen.stream(pieces)
    least = 2048 if str(specimen).startswith("generic") else 4096
    while len(data) < least:
        pieces += PIECES
        data = specimen.stream(pieces)
    while len(data) > least + 2000:
        pieces = pieces[: len(pieces) * 3 // 4]
        data = specimen.stream(pieces)
    whole = passed(specimen, [data])
    assert whole
    for at in range(1, len(data)):
        assert passed(specimen, [data[:at], data[at:]]) == whole, at
    assert passed(specimen, [data[at : at + 1] for at in range(len(data))]) == whole
