"""Whatever a client or a provider writes in place of what the API says: it is read, or refused in words of ours.

An exception that is none of ours would be 500 for the one and a broken answer for the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from guardrail.dialects.base import Ask, Dialect
from guardrail.dialects.catalog import lookup
from guardrail.errors import ClientError, GuardrailError
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


@pytest.mark.parametrize("specimen", ALL, ids=lambda each: each.name)
def test_any_value_in_any_place_of_a_request_is_read_or_refused(specimen: Specimen) -> None:
    dialect, ask = served(specimen)
    read = 0
    for body in (each for asked in questions(specimen) for each in variants(asked)):
        try:
            document = dialect.read_request(body, ask)
            read += 1 + len(document.model) + len(document.others) + len(document.segments())
        except ClientError:
            continue
    assert read


@pytest.mark.parametrize("specimen", ALL, ids=lambda each: each.name)
def test_any_value_in_any_place_of_an_answer_is_read_or_refused(specimen: Specimen) -> None:
    dialect, ask = served(specimen)
    request = dialect.read_request(json.dumps(questions(specimen)[0]).encode(), ask)
    answers = [specimen.answer("Ann is here.")]
    if specimen.tool_answer:
        answers.append(specimen.tool_answer("find", {"who": "Ann"}))
    read = 0
    for body in (each for said in answers for each in variants(said)):
        try:
            read += 1 + len(dialect.read_response(body, request).segments())
        except GuardrailError:
            continue
    assert read


def events(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """What stands before, in and behind each JSON object of a stream, if that is text."""
    lines = data.split(b"\n")
    for number, line in enumerate(lines):
        start = line.find(b"{")
        if start < 0 or line[:start] not in (b"", b"data: ", b"data:"):
            continue
        before = b"\n".join([*lines[:number], line[:start]])
        yield before, line[start:].rstrip(b"\r"), b"\n" + b"\n".join(lines[number + 1 :])


TEXTUAL = [each for each in SPEAKING if each.stream and next(events(each.stream(["Ann"])), None)]


@pytest.mark.parametrize("specimen", TEXTUAL, ids=lambda each: each.name)
def test_any_value_in_any_place_of_a_stream_is_read_or_refused(specimen: Specimen) -> None:
    """In each of its events."""
    assert specimen.stream
    make, read = codecs_of(specimen), 0
    for before, event, behind in events(specimen.stream(["Ann ", "is here."])):
        for odd in variants(json.loads(event)):
            codec = make()
            try:
                read += len(codec.feed(before + odd + behind)) + len(codec.flush())
            except GuardrailError:
                continue
    assert read


@pytest.mark.parametrize("specimen", ALL, ids=lambda each: each.name)
def test_a_field_in_other_letters_is_refused(specimen: Specimen) -> None:
    """Servers in Go would take `Messages` for `messages`."""
    dialect, ask = served(specimen)
    asked = specimen.question("Is Ann here?")
    for key in asked:
        with pytest.raises(ClientError) as caught:
            dialect.read_request(json.dumps({**asked, key.title(): asked[key]}).encode(), ask)
        assert (caught.value.code, caught.value.param) == ("misspelt_field", key)
