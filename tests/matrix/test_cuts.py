"""The chunk law on the wire of every dialect: however the network cuts a stream, the client gets the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import cycle, islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.dialects.base import NO_CALL, Ask, StreamCodec
from guardrail.dialects.catalog import ROUTES, Route, lookup
from guardrail.dialects.generic.dialect import generic_routes
from guardrail.events import Frame
from guardrail.policy.apis import Api
from tests.dialects.streams import opened
from tests.matrix.catalogue import SPEAKING
from tests.matrix.conftest import STEP
from tests.specimens.base import Specimen

PIECES = ("Hello ", "Ann é🙂 ", '\\ "quoted" ', "日本語 ", "and\nmore. ")


def routes_of(specimen: Specimen) -> Sequence[Route]:
    """With those that a policy would describe."""
    if specimen.api is None:
        return ROUTES
    return tuple(generic_routes([Api.model_validate(specimen.api).served(specimen.name.partition(".")[2])]))


def ask_of(specimen: Specimen) -> Ask:
    path, _, query = (specimen.stream_path or "").partition("?")
    found = lookup("POST", path, routes_of(specimen))
    return found.ask(dict(pair.split("=", 1) for pair in query.split("&") if pair)) if found else NO_CALL


def codecs_of(specimen: Specimen) -> Callable[[], StreamCodec]:
    """Makes the reader of a streamed answer anew, each time for the same request."""
    assert specimen.stream_question
    dialect = lookup("POST", (specimen.stream_path or "").partition("?")[0], routes_of(specimen)).dialect
    request = dialect.read_request(json.dumps(specimen.stream_question("Hi")).encode(), ask_of(specimen))
    return lambda: opened(dialect, request, specimen.stream_type)


def passed(codec: StreamCodec, pieces: Iterable[bytes]) -> bytes:
    """What is written when all words are changed, so that frames are written anew, and some are emptied."""
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


def stream_of(specimen: Specimen, least: int) -> bytes:
    """So many bytes and no more than they need; every piece comes twice."""
    assert specimen.stream
    for count in range(2 * len(PIECES), least):
        data = specimen.stream(list(islice(cycle(PIECES), count)))
        if len(data) >= least:
            return data
    raise AssertionError("a stream that does not grow")


@pytest.mark.parametrize("specimen", SPEAKING, ids=str)
@pytest.mark.case("SSE-01")
def test_every_cut_of_the_bytes_gives_the_same_bytes(specimen: Specimen) -> None:
    """SSE-01: in two pieces at every fifth place of 2 KB (`make faults`: at every one), and byte by byte."""
    made, data = codecs_of(specimen), stream_of(specimen, 2048)
    whole = passed(made(), [data])
    assert whole
    for at in range(1, len(data), STEP):
        assert passed(made(), [data[:at], data[at:]]) == whole, at
    assert passed(made(), [data[at : at + 1] for at in range(len(data))]) == whole


@pytest.mark.parametrize("specimen", SPEAKING, ids=str)
def test_a_longer_stream_may_be_cut_anywhere_too(specimen: Specimen) -> None:
    """SSE-01, "random for the rest": several cuts at once, in 6 KB."""
    made, data = codecs_of(specimen), stream_of(specimen, 6144)
    whole = passed(made(), [data])

    @settings(max_examples=60, deadline=None)
    @given(st.sets(st.integers(1, len(data) - 1), min_size=1, max_size=6))
    def law(cuts: set[int]) -> None:
        pieces = [data[begin:end] for begin, end in pairwise([0, *sorted(cuts), len(data)])]
        assert passed(made(), pieces) == whole

    law()
