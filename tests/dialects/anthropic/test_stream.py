"""Streams: events however the bytes are cut, texts by block, signatures, and blocks of our own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from guardrail.dialects.base import StreamCodec
from guardrail.dialects.tools import PROPOSAL, ToolRules
from guardrail.errors import AnswerWithheld, UpstreamBroken
from guardrail.events import Frame
from guardrail.text import Kind
from tests.dialects.anthropic.talk import ask, opened, pass_on, seal
from tests.specimens.anthropic_messages import (
    begin,
    block,
    end,
    event,
    heard_message,
    message,
    said,
    stream,
    text_block,
    thinking_block,
    tool_block,
    tool_calls,
)
from tests.specimens.base import sse, sse_bodies

SEARCH = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [
    {"type": "web_search_result", "title": "Flu", "url": "https://who.int", "encrypted_content": seal()}]}  # fmt: skip
CITATION = {"type": "char_location", "cited_text": "Me too.", "document_index": 0, "document_title": "T",
            "start_char_index": 0, "end_char_index": 7}  # fmt: skip
PLAIN = stream(["Rest", " helps", ', é\n"so"'])
RICH = sse(
    begin(),
    *thinking_block(0, seal(), "[NAME_1] ", "coughs."),
    *block(1, {"type": "redacted_thinking", "data": seal("b")}),
    *tool_block(2, "web_search", {"query": "flu"}, "server_tool_use"),
    *block(3, SEARCH),
    event("ping"),
    *block(4, {"type": "text", "text": "", "citations": []}, {"type": "text_delta", "text": "Two "},
           {"type": "citations_delta", "citation": CITATION}, {"type": "text_delta", "text": "agree."}),
    *tool_block(5, "find", {"patient": "[NAME_1]"}),
    *end("tool_use"),
)  # fmt: skip


def read(data: bytes, **more: Any) -> list[Frame]:
    codec = opened(ask(stream=True, **more))
    return codec.feed(data) + codec.flush()


def seen(pieces: list[bytes]) -> list[tuple[Frame, bytes]]:
    """The frames, without the codec's memory, and how each is written when nothing changes."""
    codec = opened()
    frames = [frame for piece in pieces for frame in codec.feed(piece)] + codec.flush()
    return [(replace(frame, payload=None), pass_on(codec, [frame])) for frame in frames]


def broken(data: bytes) -> str:
    with pytest.raises(UpstreamBroken) as caught:
        read(data)
    assert "Ann" not in caught.value.message
    return caught.value.code


def rewritten(codec: StreamCodec, data: bytes, change: dict[str, str]) -> bytes:
    """The stream one event after the other, with these pieces changed."""
    out = b""
    for raw in data.split(b"\n\n"):
        for frame in codec.feed(raw + b"\n\n") if raw else ():
            texts = [change.get(delta.text, delta.text) for delta in frame.deltas]
            out += codec.write(frame, texts, [whole.text for whole in frame.wholes])
    return out


@pytest.mark.parametrize("data", [PLAIN, RICH], ids=["plain", "rich"])
def test_every_cut_gives_the_same_frames(data: bytes) -> None:
    """However the network cuts a stream, what is read is the same."""
    whole = seen([data])

    assert seen([data[at : at + 1] for at in range(len(data))]) == whole
    for at in range(1, len(data), 3):
        assert seen([data[:at], data[at:]]) == whole


@pytest.mark.parametrize("data", [PLAIN, RICH], ids=["plain", "rich"])
@pytest.mark.parametrize("whole", [True, False], ids=["at once", "one by one"])
def test_an_untouched_stream_comes_back_byte_for_byte(data: bytes, whole: bool) -> None:
    """What needs no change isn't changed."""
    codec = opened()

    assert (pass_on(codec, codec.feed(data)) if whole else rewritten(codec, data, {})) == data


def test_a_plain_stream_in_frames() -> None:
    """One text, closed when its block stops."""
    frames = read(PLAIN)

    assert [[delta.text for delta in frame.deltas] for frame in frames] == [
        [], [], [], ["Rest"], [" helps"], [', é\n"so"'], [], [], [],
    ]  # fmt: skip
    assert [frame.closes for frame in frames if frame.closes] == [("content/0/text",)]
    assert [frame.lane for frame in frames] == [None, None, None, *["content/0"] * 4, None, None]
    assert [frame.keepalive for frame in frames] == [False, True, *[False] * 7]
    assert [frame.last for frame in frames] == [False] * 8 + [True]


def test_texts_by_their_blocks() -> None:
    """Thoughts and what Anthropic's own tools are called with get no real values; the first text opens the answer."""
    found = {d.segment: (d.kind, d.json, d.tool, d.opens) for frame in read(RICH) for d in frame.deltas}

    assert found == {
        "content/0/thinking": (Kind.DATA, False, "?", False),
        "content/2/input": (Kind.DATA, True, "?", False),
        "content/4/text": (Kind.PROSE, False, "", True),
        "content/5/input": (Kind.DATA, True, "find", False),
    }
    assert [whole.text for frame in read(RICH) for whole in frame.wholes] == ["Flu", "https://who.int", "Me too.", "T"]


def test_only_the_first_text_opens_the_answer() -> None:
    """However many blocks there are; one without a word doesn't count."""
    data = sse(begin(), *text_block(0), *text_block(1, "a", "b"), *text_block(2, "c"), *end())

    assert [(d.text, d.opens) for frame in read(data) for d in frame.deltas] == [
        ("a", True), ("b", True), ("c", False),
    ]  # fmt: skip


def test_structured_text_is_a_json_text() -> None:
    """Asked for JSON, the streamed text is held and judged as a document."""
    schema = {"format": {"type": "json_schema", "schema": {"type": "object"}}}
    deltas = [d for frame in read(stream(['{"a']), output_config=schema) for d in frame.deltas]

    assert [(d.kind, d.json) for d in deltas] == [(Kind.DATA, True)]


# ---- signatures


def test_thoughts_that_pass_unchanged_keep_their_signature() -> None:
    """The client sends both back, and they match."""
    told = heard_message(rewritten(opened(), RICH, {"Two ": "2 "}))

    assert told["content"][0] == {"type": "thinking", "thinking": "[NAME_1] coughs.", "signature": seal()}
    assert told["content"][4]["text"] == "2 agree."


def test_thoughts_that_change_lose_their_signature() -> None:
    """Those alone, wherever in them the change was; also on the fast way."""
    data = sse(
        begin(),
        *thinking_block(0, seal("a"), "a", "b", "c", "Ann", "d"),
        *thinking_block(1, seal("b"), "e"),
        *thinking_block(2, seal("c"), "Bob", "f"),
        *text_block(3, "g"),
        *end(),
    )
    told = heard_message(rewritten(opened(), data, {"Ann": "[NAME removed]", "Bob": ""}))

    assert [(each.get("thinking"), each.get("signature")) for each in told["content"]] == [
        ("abc[NAME removed]d", ""),
        ("e", seal("b")),
        ("f", ""),
        (None, None),
    ]


# ---- words of our own


def test_a_notice_is_more_words_of_the_first_text() -> None:
    """Before the first of them."""
    codec = opened()
    frames = codec.feed(PLAIN)
    body = (
        pass_on(codec, frames[:3]) + codec.insert(frames[3], "content/0/text", "Notice. ") + pass_on(codec, frames[3:])
    )

    assert said(heard_message(body)) == 'Notice. Rest helps, é\n"so"'


def test_a_notice_before_a_text_that_begins_with_words() -> None:
    """Some servers put words where the block starts: the notice gets a block of its own."""
    codec = opened()
    data = sse(begin(), *thinking_block(0, seal(), "Hm."), *block(1, {"type": "text", "text": "Rest"},
               {"type": "text_delta", "text": "."}), *text_block(2, "So."), *end())  # fmt: skip
    frames = codec.feed(data)
    at = next(number for number, frame in enumerate(frames) if any(d.opens for d in frame.deltas))
    notice = codec.insert(frames[at], "content/1/text", "Notice. ") if frames[at].deltas else b""
    told = heard_message(pass_on(codec, frames[:at]) + notice + pass_on(codec, frames[at:]))

    assert [each.get("text") for each in told["content"]] == [None, "Notice. ", "Rest.", "So."]


def test_nothing_is_added_to_other_texts() -> None:
    """Thoughts and arguments take no words of ours."""
    codec = opened()
    (frame, *_) = codec.feed(PLAIN)
    for segment in ("content/0/thinking", "content/0/input", "content/0/+/x"):
        with pytest.raises(KeyError):
            codec.insert(frame, segment, "x")


def test_an_answer_of_calls_can_be_made_to_speak() -> None:
    """In a block of our own before all others; all that follow count one more."""
    codec = opened()
    frames = codec.feed(RICH)
    told = heard_message(pass_on(codec, frames[:1]) + codec.say("Call 112.") + pass_on(codec, frames[1:]))

    assert told["content"][0] == {"type": "text", "text": "Call 112."}
    assert [each["type"] for each in told["content"][1:]] == [
        "thinking", "redacted_thinking", "server_tool_use", "web_search_tool_result", "text", "tool_use",
    ]  # fmt: skip
    assert tool_calls(told) == [("find", {"patient": "[NAME_1]"})]


def test_words_of_ours_where_nothing_has_begun() -> None:
    """The provider broke off before its first event: the SDK still needs a message to put them in."""
    codec = opened()
    body = codec.say("Call 112.") + codec.error(AnswerWithheld("withheld"))

    assert [each["type"] for each in sse_bodies(body)] == [
        "message_start", "content_block_start", "content_block_delta", "content_block_stop", "error",
    ]  # fmt: skip
    assert said(heard_message(body)) == "Call 112."


def test_notices_beside_the_words() -> None:
    """In an event of their own, which clients that don't know it pass over."""
    (note,) = sse_bodies(opened().note({"text": "A machine."}))

    assert note == {"type": "guardrail", "guardrail": {"text": "A machine."}}


def test_a_call_that_is_held_back_becomes_a_proposal() -> None:
    """Its name where the block starts; its arguments are turned where they are judged."""
    codec = opened(tools=ToolRules({"prescribe": ["prescribe"]}))
    data = sse(begin(), *tool_block(0, "prescribe_drug", {"drug": "x"}), *end("tool_use"))

    assert tool_calls(heard_message(rewritten(codec, data, {}))) == [(PROPOSAL, {"drug": "x"})]


# ---- what is not passed on


def test_an_error_inside_a_stream_keeps_its_type_and_loses_its_words() -> None:
    """The provider's message may repeat what the patient said."""
    codec = opened()
    error = {"type": "overloaded_error", "message": "Ann Lee"}
    frames = codec.feed(sse(begin(), event("error", error=error, request_id="req_011CSHoEeq"), *text_block(0, "more")))
    (told,) = sse_bodies(codec.write(frames[-1], [], []))

    assert [frame.failed for frame in frames] == [False, True]
    assert told == {
        "type": "error",
        "error": {"type": "overloaded_error", "message": "The provider broke off with an error."},
        "request_id": "req_011CSHoEeq",
    }
    assert codec.write(frames[-1], [], []).startswith(b"event: error\n")


def test_events_that_nobody_knows_are_left_out() -> None:
    """A client has to do without; nobody could say what words in them belong to."""
    codec = opened()
    data = sse(begin(), event("Ann Lee", text="Ann"), event("content_block_ann", text="Ann"))

    written = pass_on(codec, codec.feed(data))
    assert b"Ann" not in written
    assert [each["type"] for each in sse_bodies(written)] == ["message_start"]


@pytest.mark.parametrize("head", [b"event: Ann\n", b"", b"id: Ann\nevent: content_block_delta\n", b": Ann\n"])
def test_names_of_events_are_those_of_their_bodies(head: bytes) -> None:
    """Nothing hides in the lines around the data."""
    codec = opened()
    start = sse(begin(), event("content_block_start", index=0, content_block={"type": "text", "text": ""}))
    body = json.dumps(event("content_block_delta", index=0, delta={"type": "text_delta", "text": "a"})[1]).encode()
    frames = codec.feed(start + head + b"data: " + body + b"\n\n")

    assert pass_on(codec, frames[2:]) == b"event: content_block_delta\ndata: " + body + b"\n\n"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (sse(*text_block(0, "a")), "unexpected_event"),
        (sse(begin(), begin()), "unexpected_event"),
        (sse(begin(), *text_block(0, "a"), *text_block(0, "b")), "unexpected_event"),
        (sse(begin(), text_block(0, "a")[1]), "unexpected_event"),
        (sse(begin(), *text_block(0, "a"), text_block(0, "Ann")[1]), "text_after_finish"),
        (sse(begin(), *block(0, {"type": "tool_use", "id": "t", "name": "f", "input": {}},
                             {"type": "text_delta", "text": "Ann"})), "unexpected_event"),
        (sse(begin(), *block(0, {"type": "text", "text": ""}, {"type": "thinking_delta", "thinking": "Ann"})),
         "unexpected_event"),
        (sse(begin(), *block(0, {"type": "text", "text": ""}, {"type": "Ann", "text": "Ann"})), "unknown_part"),
        (sse(begin(), *block(0, {"type": "hologram", "text": "Ann"})), "unknown_part"),
        (sse(begin(), *block(0, {"type": "thinking", "thinking": "", "signature": seal()})), "invalid_value"),
        (sse(begin(), *block(0, {"type": "thinking", "thinking": ""},
                             {"type": "signature_delta", "signature": "Ann Lee"})), "invalid_value"),
        (sse(begin(), event("content_block_stop", index=-1)), "invalid_type"),
        (sse(begin(), event("content_block_stop", index=True)), "invalid_type"),
        (sse(event("message_start", message=message({"type": "text", "text": "Ann"}))), "uninspected_part"),
    ],
)  # fmt: skip
def test_what_comes_out_of_its_order_breaks_the_answer(data: bytes, code: str) -> None:
    """Clients would differ in what they make of it."""
    assert broken(data) == code


@pytest.mark.parametrize("more", [{"output": "[NAME_1]"}, {"a": {"b": ["[NAME_1]"]}}])
def test_strange_words_of_a_block_are_one_text(more: Any) -> None:
    """Put together before they are judged, and nothing is restored there."""
    deltas = [{"type": "text_delta", "text": "a", **more} for _ in range(3)]
    found = [d for frame in read(sse(begin(), *block(0, {"type": "text", "text": ""}, *deltas), *end()))
             for d in frame.deltas if d.text != "a"]  # fmt: skip

    assert len(found) == 3
    assert {(d.tool, d.opens) for d in found} == {("?", False)}
    assert len({d.segment for d in found}) == 1


def test_what_the_provider_keeps_is_told() -> None:
    """As it comes."""
    codec = opened()
    codec.feed(sse(begin(), *block(0, {"type": "container_upload", "file_id": "file_1"}), *end()))

    assert list(codec.keeps) == [("message", "msg_01XFDUDYJgAACzvnptvVoYEL"), ("file", "file_1")]


def test_most_events_take_the_fast_way() -> None:
    """Words are read by a template once the first event has left."""
    codec = opened()
    rewritten(codec, stream(["a", "b"])[:-400], {})
    assert codec._templates  # type: ignore[attr-defined]
