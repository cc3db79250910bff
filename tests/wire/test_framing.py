"""JSON lines and JSON arrays: cut anywhere, the same events; what is none of them breaks the stream."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.errors import UpstreamBroken
from guardrail.wire.framing import Event, Framing, JsonArray, JsonLines, Sse

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**9) | st.text('ab"\\{}[],:\n é🙂', max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('k"\\}]é', max_size=4), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.lists(st.dictionaries(st.text('abc"\\{', max_size=3), VALUES, max_size=4), max_size=5)


def read(framing: Framing, *pieces: bytes) -> list[Event]:
    return [event for piece in pieces for event in framing.feed(piece)] + framing.flush()


def bodies(events: list[Event]) -> list[Any]:
    return [json.loads(event.data) for event in events if not event.keepalive]


@given(BODIES, st.data())
def test_lines_are_the_same_however_they_are_cut(values: list[Any], data: st.DataObject) -> None:
    text = b"".join(json.dumps(value, ensure_ascii=False).encode() + b"\n" for value in values)
    at = data.draw(st.integers(0, len(text)))
    assert bodies(read(JsonLines(1 << 20), text)) == values
    assert read(JsonLines(1 << 20), text[:at], text[at:]) == read(JsonLines(1 << 20), text)


@given(BODIES, st.data(), st.sampled_from([None, 1, 2]))
def test_arrays_are_the_same_however_they_are_cut(values: list[Any], data: st.DataObject, indent: int | None) -> None:
    text = json.dumps(values, ensure_ascii=False, indent=indent).encode()
    at = data.draw(st.integers(0, len(text)))
    whole = read(JsonArray(1 << 20), text)
    assert bodies(whole) == values
    assert read(JsonArray(1 << 20), text[:at], text[at:]) == whole
    assert read(JsonArray(1 << 20), *(text[i : i + 1] for i in range(len(text)))) == whole


@given(BODIES)
def test_what_is_written_as_an_array_is_one(values: list[Any]) -> None:
    framing = JsonArray(1 << 20)
    written = b"".join(framing.write(json.dumps(value).encode()) for value in values) + framing.end()
    assert json.loads(written) == values


@given(BODIES)
def test_what_is_written_as_lines_are_lines(values: list[Any]) -> None:
    framing = JsonLines(1 << 20)
    written = b"".join(framing.write(json.dumps(value, indent=1).encode()) for value in values)
    assert [json.loads(line) for line in written.splitlines()] == values


@pytest.mark.parametrize("text", [b"{}", b"x", b"[1]", b'["a"]', b"[{}}", b"[{} {}]", b"[,{}]", b"[{}],"])
def test_what_is_no_array_of_objects_breaks(text: bytes) -> None:
    with pytest.raises(UpstreamBroken):
        read(JsonArray(1 << 20), text)


@pytest.mark.parametrize("text", [b"", b"[", b"[{", b'[{"a": "]', b"[{}", b"[{},"])
def test_an_array_that_did_not_end_is_no_answer(text: bytes) -> None:
    with pytest.raises(UpstreamBroken) as caught:
        read(JsonArray(1 << 20), text)
    assert caught.value.code == "truncated"


@pytest.mark.parametrize("framing", [JsonLines(64), JsonArray(64)])
def test_an_event_without_an_end_is_not_collected(framing: Framing) -> None:
    framing.feed(b'[{"a": "aaaaaaaaaaaaaaa')
    with pytest.raises(UpstreamBroken) as caught:
        framing.feed(b"a" * 60)
    assert caught.value.code == "event_too_large"


def test_a_last_line_without_its_end_is_told_apart() -> None:
    (event,) = read(JsonLines(100), b'{"a":1}')
    assert not event.complete


def test_invalid_text_in_a_line_breaks() -> None:
    with pytest.raises(UpstreamBroken) as caught:
        read(JsonLines(100), b'{"a":"\xff"}\n')
    assert caught.value.code == "invalid_utf8"


@pytest.mark.parametrize("raw", [b"event: ping\ndata: {}\n\n", b"event: ping\r\ndata: {}\r\n\r\n"])
def test_an_event_that_holds_only_its_name_and_data_stays(raw: bytes) -> None:
    (event,) = Sse(1 << 20).feed(raw) or Sse(1 << 20).feed(raw + b"x")
    assert Sse(1 << 20).keep(event, "ping") == raw


@pytest.mark.parametrize("more", [b"id: Jane Roe\n", b": Jane Roe\n", b"retry: 77\n", b"Jane: Roe\n"])
def test_nothing_else_of_an_event_is_passed_on(more: bytes) -> None:
    """Nobody inspects comments, ids and unknown lines."""
    (event,) = Sse(1 << 20).feed(b"event: ping\n" + more + b"data: {}\n\n")
    assert Sse(1 << 20).keep(event, "ping") == b"event: ping\ndata: {}\n\n"
    assert Sse(1 << 20).keep(event, None) == b"data: {}\n\n"


def test_events_that_are_called_json_lines_are_written_as_events() -> None:
    """Some servers call a stream of server-sent events so, with or without its blank lines."""
    framing = JsonLines(1 << 20)
    events = framing.feed(b': hello\nevent: x\ndata: {"a":1}\n\ndata:{"b":2}\r\ndata: [DONE]\n')
    assert [event.data for event in events if not event.keepalive] == [b'{"a":1}', b'{"b":2}', b"[DONE]"]
    assert framing.keep(events[2], None) == b'data: {"a":1}\n\n'
    assert framing.write(b'{"c":3}') == b'data: {"c":3}\n\n'


@pytest.mark.parametrize("kind", [Sse, JsonLines, JsonArray])
@given(values=BODIES, asked=st.data())
def test_what_is_sent_meanwhile_changes_nothing(
    kind: Callable[[int], Framing], values: list[Any], asked: st.DataObject
) -> None:
    """Signs of life, before, between and behind the events: a client reads the same, to the end."""
    framing = kind(1 << 20)
    out = b""
    for value in values:
        out += framing.keepalive() * asked.draw(st.integers(0, 2)) + framing.write(json.dumps(value).encode())
    out += framing.keepalive() + framing.end()
    assert bodies(read(kind(1 << 20), out)) == values


@pytest.mark.parametrize(
    ("kind", "came"),
    [
        (Sse, b'data: {"a": 1}\n\ndata:{"b":  2}\r\n\r\n'),
        (JsonLines, b'{"a": 1}\n {"b":  2}\n'),
        (JsonArray, b'[{"a": 1}, {"b":  2}]'),
    ],
)
def test_what_was_not_changed_is_kept(kind: Callable[[int], Framing], came: bytes) -> None:
    """Event by event: what `keep` gives is read as the same, as the bytes that came where they are all inspected."""
    reader, writer = kind(1 << 20), kind(1 << 20)
    events = read(reader, came)
    out = b"".join(writer.keep(each, None) for each in events) + writer.end()
    assert (
        [event.data for event in read(kind(1 << 20), out)]
        == [event.data for event in events]
        == [
            b'{"a": 1}',
            b'{"b":  2}',
        ]
    )


def test_an_event_of_any_framing_is_rewritten_if_something_stands_beside_it() -> None:
    """Nobody has inspected a comment, an id or a second line."""
    (event, *_) = read(Sse(99), b": ZQ\ndata: {}\n\n")
    assert Sse(99).keep(event, None) == b"data: {}\n\n"
    assert Sse(99).keep(event, "delta") == b"event: delta\ndata: {}\n\n"


def test_the_empty_array_and_the_last_words_of_each() -> None:
    assert JsonArray(9).end() == b"[]"
    assert JsonArray(9).keepalive() == b"", "white space may stand between elements only"
    assert (Sse(9).end(), JsonLines(9).end()) == (b"", b"")


def test_an_event_that_broke_off_is_written_anew() -> None:
    """Its bytes end somewhere: a client would wait for the rest."""
    (event,) = read(Sse(99), b"data: {}\n")
    assert not event.complete
    assert Sse(99).keep(event, None) == b"data: {}\n\n"


def test_a_backslash_outside_a_string_is_left_to_who_reads_the_element() -> None:
    (event,) = read(JsonArray(99), b'[{\\x "a": 1}]')
    assert event.data == b'{\\x "a": 1}'
