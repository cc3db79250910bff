"""Whatever a client or a provider writes in place of what the API says: it is read, or refused in words of ours.

An exception that is none of ours would be 500 for the one and a broken answer for the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from guardrail.dialects.base import Ask, Dialect
from guardrail.dialects.catalog import lookup
from guardrail.errors import ClientError, GuardrailError
from tests.matrix import frames
from tests.matrix.catalogue import ALL, SPEAKING
from tests.matrix.test_cuts import codecs_of, routes_of
from tests.specimens.base import Specimen

ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x",
    [],
    {},
    [[]],
    [{}],
    {"type": "text", "text": "x"},
    ["x"],
)
Path = tuple[str | int, ...]


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where something stands."""
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(child, (*path, key))


def changed(value: Any, path: Path, *odd: Any) -> bytes:
    """With this at the place, or without what is there."""
    whole = json.loads(json.dumps(value))
    holder = whole
    for step in path[:-1]:
        holder = holder[step]
    if odd:
        (holder[path[-1]],) = odd
    else:
        del holder[path[-1]]
    return json.dumps(whole).encode()


def variants(value: Any) -> Iterator[bytes]:
    """Each with one odd thing in it, or without one that was there."""
    for path in places(value):
        yield changed(value, path)
        for odd in ODD:
            yield changed(value, path, odd)


def served(specimen: Specimen) -> tuple[Dialect, Ask]:
    path, _, query = specimen.path.partition("?")
    found = lookup("POST", path, routes_of(specimen))
    return found.dialect, found.ask(dict(pair.split("=", 1) for pair in query.split("&") if pair))


def questions(specimen: Specimen) -> list[Any]:
    asked = [specimen.question("Is Ann here?")]
    if specimen.tool_question:
        asked.append(specimen.tool_question("Is Ann here?", "find"))
    return asked


def read_of(bodies: Iterable[bytes], read: Callable[[bytes], object], refused: type[GuardrailError]) -> int:
    """How many are read; all others have to be refused."""
    taken = 0
    for body in bodies:
        with suppress(refused):
            read(body)
            taken += 1
    return taken


@pytest.mark.parametrize("specimen", ALL, ids=lambda each: each.name)
def test_any_value_in_any_place_of_a_request_is_read_or_refused(specimen: Specimen) -> None:
    dialect, ask = served(specimen)

    def read(body: bytes) -> object:
        document = dialect.read_request(body, ask)
        return document.model, document.others, document.segments()

    assert read_of((each for asked in questions(specimen) for each in variants(asked)), read, ClientError)


@pytest.mark.parametrize("specimen", ALL, ids=lambda each: each.name)
def test_any_value_in_any_place_of_an_answer_is_read_or_refused(specimen: Specimen) -> None:
    dialect, ask = served(specimen)
    request = dialect.read_request(json.dumps(questions(specimen)[0]).encode(), ask)
    answers = [specimen.answer("Ann is here.")]
    if specimen.tool_answer:
        answers.append(specimen.tool_answer("find", {"who": "Ann"}))
    bodies = (each for said in answers for each in variants(said))
    assert read_of(bodies, lambda body: dialect.read_response(body, request).segments(), GuardrailError)


def odd_streams(specimen: Specimen) -> Iterator[bytes]:
    """Each with one odd thing in one of its events."""
    assert specimen.stream
    data = specimen.stream(["Ann ", "is here."])
    for number, body in enumerate(frames.bodies(specimen, data)):
        for odd in map(json.loads, variants(body)):
            numbers = count()
            yield frames.changed(specimen, data, lambda own: odd if next(numbers) == number else own)  # noqa: B023


@pytest.mark.parametrize("specimen", [each for each in SPEAKING if each.stream], ids=lambda each: each.name)
def test_any_value_in_any_place_of_a_stream_is_read_or_refused(specimen: Specimen) -> None:
    make = codecs_of(specimen)

    def read(data: bytes) -> object:
        codec = make()
        return codec.feed(data), codec.flush()

    assert read_of(odd_streams(specimen), read, GuardrailError)


@pytest.mark.parametrize("specimen", ALL, ids=lambda each: each.name)
def test_a_field_in_other_letters_is_refused(specimen: Specimen) -> None:
    """Servers in Go would take `Messages` for `messages`."""
    dialect, ask = served(specimen)
    asked = specimen.question("Is Ann here?")
    for key in asked:
        with pytest.raises(ClientError) as caught:
            dialect.read_request(json.dumps({**asked, key.title(): asked[key]}).encode(), ask)
        assert (caught.value.code, caught.value.param) == ("misspelt_field", key)
