"""Streams: events however the bytes are cut, texts by block, signatures, blocks of our own, and what is broken."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from guardrail.dialects.base import StreamCodec
from guardrail.dialects.tools import PROPOSAL, ToolRules
from guardrail.errors import AnswerWithheld, GuardrailError, UpstreamBroken, UpstreamTimeout
from guardrail.events import Frame
from guardrail.text import Kind
from guardrail.wire.eventstream import CONTENT_TYPE, EventStream
from tests.dialects.bedrock.shapes import seal
from tests.dialects.bedrock.talk import ask, invoked, opened, pass_on
from tests.dialects.streams import opened as opened_by
from tests.specimens import anthropic_messages as claude
from tests.specimens import bedrock_invoke as invoke
from tests.specimens.base import Specimen
from tests.specimens.bedrock_converse import (
    begin,
    block,
    end,
    event,
    frames,
    heard,
    heard_blocks,
    heard_calls,
    messages,
    reasoning_block,
    stream,
    stream_fails,
    text_block,
    tool_block,
)

CITATION = {"title": "T", "sourceContent": [{"text": "Me too."}], "location": {"web": {"url": "https://who.int"}}}
PLAIN = stream(["Rest", " helps", ', é\n"so"'])
RICH = frames(
    begin(),
    *reasoning_block(0, seal(), "[NAME_1] ", "coughs."),
    *block(1, {"reasoningContent": {"redactedContent": seal()}}),
    *tool_block(2, "web", {"query": "flu"}, type="server_tool_use"),
    *block(
        3, {"toolResult": [{"text": "Fl"}]}, {"toolResult": [{"text": "u"}]}, start={"toolResult": {"toolUseId": "t"}}
    ),
    *block(4, {"text": "Two "}, {"citation": CITATION}, {"text": "agree."}),
    *tool_block(5, "find", {"patient": "[NAME_1]"}),
    *end("tool_use"),
)
SPEAKERS = [invoke.CLAUDE, invoke.NOVA, invoke.BEDROCK_TITAN, invoke.BEDROCK_LLAMA, invoke.BEDROCK_MISTRAL]


def read(data: bytes, **more: Any) -> list[Frame]:
    codec = opened(ask(**more))
    return codec.feed(data) + codec.flush()


def seen(pieces: list[bytes]) -> list[tuple[Frame, bytes]]:
    """The frames, without the codec's memory, and how each is written when nothing changes."""
    codec = opened()
    frames = [frame for piece in pieces for frame in codec.feed(piece)] + codec.flush()
    return [(replace(frame, payload=None), pass_on(codec, [frame])) for frame in frames]


def broken(*events: tuple[str, Any]) -> str:
    with pytest.raises(UpstreamBroken) as caught:
        read(frames(*events))
    assert "Jane" not in caught.value.message
    return caught.value.code


def rewritten(codec: StreamCodec, data: bytes, change: dict[str, str]) -> bytes:
    """The stream one event after the other, with these pieces changed."""
    out = b""
    for each in EventStream(1 << 20).feed(data):
        for frame in codec.feed(each.raw):
            texts = [change.get(delta.text, delta.text) for delta in frame.deltas]
            out += codec.write(frame, texts, [whole.text for whole in frame.wholes])
    return out


@pytest.mark.parametrize("data", [PLAIN, RICH], ids=["plain", "rich"])
def test_every_cut_gives_the_same_frames(data: bytes) -> None:
    """However the network cuts a stream, what is read is the same."""
    whole = seen([data])
    assert seen([data[at : at + 1] for at in range(len(data))]) == whole
    for at in range(1, len(data), 17):
        assert seen([data[:at], data[at:]]) == whole


@pytest.mark.parametrize("data", [PLAIN, RICH], ids=["plain", "rich"])
@pytest.mark.parametrize("whole", [True, False], ids=["at once", "one by one"])
def test_an_untouched_stream_comes_back_byte_for_byte(data: bytes, whole: bool) -> None:
    """What needs no change isn't changed, padding included."""
    codec = opened()
    assert (pass_on(codec, codec.feed(data)) if whole else rewritten(codec, data, {})) == data


def test_a_plain_stream_in_frames() -> None:
    """One text, closed when its block stops; a block waits for those before it."""
    told = read(PLAIN)
    assert [[delta.text for delta in frame.deltas] for frame in told] == [
        [], ["Rest"], [" helps"], [', é\n"so"'], [], [], []
    ]  # fmt: skip
    assert [frame.closes for frame in told if frame.closes] == [("content/0/text",)]
    assert [frame.lane for frame in told] == [None, None, *["content/0"] * 3, None, None]
    assert [frame.last for frame in told] == [False] * 6 + [True]


def test_texts_by_their_blocks() -> None:
    """Reasoning and what Amazon's own tools are called with get no real values; the first text opens the answer."""
    found = {d.segment: (d.kind, d.json, d.tool, d.opens) for frame in read(RICH) for d in frame.deltas}
    assert found == {
        "content/0/reasoning": (Kind.DATA, False, "?", False),
        "content/2/input": (Kind.DATA, True, "?", False),
        "content/3/result": (Kind.DATA, False, "?", False),
        "content/4/text": (Kind.PROSE, False, "", True),
        "content/5/input": (Kind.DATA, True, "find", False),
    }


def test_the_metadata_are_the_end_and_a_stream_may_do_without() -> None:
    """But not without the end of the message."""
    assert read(PLAIN)[-1].last
    short = read(frames(begin(), *text_block(0, "a"), event("messageStop", stopReason="end_turn")))
    assert short[-1].last
    assert not any(frame.last for frame in read(frames(begin(), *text_block(0, "a"))))


def test_an_event_is_what_its_header_says() -> None:
    """No template reads a payload that goes by another name."""
    codec = opened()
    codec.feed(frames(begin(), event("contentBlockDelta", contentBlockIndex=0, delta={"text": "a"})))
    same = frames(*[event("contentBlockDelta", contentBlockIndex=0, delta={"text": "b"})] * 3)
    assert [frame.deltas[0].text for frame in codec.feed(same)] == ["b"] * 3
    (frame,) = codec.feed(frames(event("somethingNew", contentBlockIndex=0, delta={"text": "Jane"})))
    assert frame.keepalive
    assert codec.write(frame, [], []) == b""


def test_words_of_ours_are_more_words_of_the_text() -> None:
    """Blocks of text have no start of their own."""
    codec = opened()
    told = codec.feed(PLAIN)
    out = pass_on(codec, told[:1]) + codec.insert(told[1], "content/0/text", "Machine. ") + pass_on(codec, told[1:])
    assert heard(out) == 'Machine. Rest helps, é\n"so"'
    with pytest.raises(KeyError):
        codec.insert(told[1], "content/5/input", "x")


def test_a_block_of_ours_moves_the_others_up() -> None:
    """Clients count."""
    codec = opened()
    told = codec.feed(RICH)
    out = pass_on(codec, told[:1]) + codec.say("Help.") + pass_on(codec, told[1:])
    plain, got = heard_blocks(RICH[:0] + _without_results(RICH)), heard_blocks(_without_results(out))
    assert got[0] == {"text": "Help."}
    assert [each for each in got[1:] if each] == [each for each in plain if each]


def _without_results(data: bytes) -> bytes:
    """`heard_blocks` knows no results of tools: their events say nothing here."""
    told = [(head, body) for head, body in messages(data)]
    kept = [
        (head[":event-type"], {**body, **({"delta": {}} if "toolResult" in body.get("delta", {}) else {})})
        for head, body in told
    ]
    kept = [
        (name, {**body, "start": {"toolUse": {}}} if "toolResult" in body.get("start", {}) else body)
        for name, body in kept
    ]
    return frames(*((name, {k: v for k, v in body.items() if k != "p"}) for name, body in kept))


def test_words_of_ours_when_there_was_no_answer() -> None:
    """A message has a beginning."""
    assert [head[":event-type"] for head, _ in messages(opened().say("Help."))] == [
        "messageStart",
        "contentBlockDelta",
        "contentBlockStop",
    ]


def test_reasoning_that_changes_loses_its_signature() -> None:
    """And only that."""
    changed = heard_blocks(rewritten(opened(), _plain_reasoning(), {"coughs.": "x"}))
    kept = heard_blocks(rewritten(opened(), _plain_reasoning(), {"Rest.": "x"}))
    assert changed[0]["reasoning"] == {"text": "[NAME_1] x", "signature": ""}
    assert kept[0]["reasoning"] == {"text": "[NAME_1] coughs.", "signature": seal()}
    assert changed[1] == {"text": "Rest."}


def _plain_reasoning() -> bytes:
    return frames(begin(), *reasoning_block(0, seal(), "[NAME_1] ", "coughs."), *text_block(1, "Rest."), *end())


def test_an_action_becomes_a_proposal() -> None:
    """Its name at once, its arguments where they are judged."""
    codec = opened(tools=ToolRules({"prescribing": ["prescribe*"]}))
    out = pass_on(codec, codec.feed(frames(begin(), *tool_block(0, "prescribe_drug", {"a": 1}), *end())))
    assert heard_calls(out) == [(PROPOSAL, {"a": 1})]


START = event("contentBlockStart", contentBlockIndex=0, start={"toolUse": {"toolUseId": "t", "name": "f"}})
TEXT = event("contentBlockDelta", contentBlockIndex=0, delta={"text": "Jane"})
INPUT = event("contentBlockDelta", contentBlockIndex=0, delta={"toolUse": {"input": "Jane"}})


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([TEXT], "unexpected_event"),
        ([begin(), begin()], "unexpected_event"),
        ([begin(), START, START], "unexpected_event"),
        ([begin(), START, TEXT], "unexpected_event"),
        ([begin(), INPUT], "unexpected_event"),
        ([begin(), TEXT, INPUT], "unexpected_event"),
        ([begin(), event("contentBlockDelta", contentBlockIndex=0, delta={"text": "a", "toolUse": {"input": "b"}})],
         "unexpected_event"),
        ([begin(), *text_block(0, "a"), TEXT], "text_after_finish"),
        ([begin(), end()[0], TEXT], "unexpected_event"),
        ([begin(), event("contentBlockDelta", delta={"text": "a"})], "missing_field"),
        ([begin(), event("contentBlockDelta", contentBlockIndex=True, delta={"text": "a"})], "invalid_type"),
        ([begin(), event("contentBlockDelta", contentBlockIndex=0, delta={"image": {"source": {"bytes": "aGk="}}})],
         "uninspected_part"),
        ([begin(), event("contentBlockDelta", contentBlockIndex=0, delta={"reasoningContent": {"signature": "Jane"}})],
         "invalid_value"),
    ],
)  # fmt: skip
def test_what_comes_out_of_its_order_breaks_the_stream(events: list[Any], code: str) -> None:
    """Some clients would read it otherwise than we do."""
    assert broken(*events) == code


@pytest.mark.parametrize(
    ("name", "passed"),
    [
        ("!throttlingException", "throttlingException"),
        ("!JaneRoe", "internalServerException"),
        ("!", "internalServerException"),
    ],
)
def test_an_exception_ends_the_stream_without_its_words(name: str, passed: str) -> None:
    """Closed list; the rest is Amazon's fault."""
    codec = opened()
    told = codec.feed(frames(begin(), event(name, message="Jane", originalMessage="Jane")) + PLAIN)
    assert [frame.failed for frame in told] == [False, True]
    ((head, body),) = messages(codec.write(told[1], [], []))
    assert (head[":exception-type"], head[":message-type"]) == (passed, "exception")
    assert "Jane" not in json.dumps(body)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (AnswerWithheld("no"), "validationException"),
        (UpstreamBroken("no"), "modelStreamErrorException"),
        (UpstreamTimeout("no"), "modelStreamErrorException"),
        (GuardrailError("no", status=503), "serviceUnavailableException"),
        (GuardrailError("no"), "internalServerException"),
    ],
)
def test_an_error_of_ours_is_an_exception(error: GuardrailError, name: str) -> None:
    """The SDK raises it."""
    data = opened().error(error)
    assert stream_fails(data)
    ((head, body),) = messages(data)
    assert (head[":exception-type"], body["message"], body["code"]) == (name, "no", error.code)


def test_structured_answers_are_judged_as_documents() -> None:
    """Piece by piece they are no JSON yet."""
    told = read(PLAIN, outputConfig={"textFormat": {"type": "json_schema"}})
    assert {(delta.kind, delta.json) for frame in told for delta in frame.deltas} == {(Kind.DATA, True)}


def test_a_whole_answer_is_no_stream() -> None:
    """Also where one was asked for."""
    from tests.dialects.bedrock.talk import STREAMED

    assert STREAMED.open_stream(ask(), "application/json") is None


# ---------------------------------------------------------------------------------------------- InvokeModel


def codec_of(specimen: Specimen) -> StreamCodec:
    return opened_by(*invoked(specimen, stream=True), CONTENT_TYPE)


@pytest.mark.parametrize("specimen", SPEAKERS, ids=str)
def test_chunks_untouched_and_changed(specimen: Specimen) -> None:
    """As they came, or with other words; with words of ours before them."""
    assert specimen.stream and specimen.heard
    data = specimen.stream(["Rest", " helps", ", so."])
    codec = codec_of(specimen)
    assert pass_on(codec, [*codec.feed(data), *codec.flush()]) == data

    codec = codec_of(specimen)
    told = [*codec.feed(data), *codec.flush()]
    assert told[-1].last
    first = next(frame for frame in told if frame.deltas)
    before = told[: told.index(first)]
    out = pass_on(codec, before) + codec.insert(first, first.deltas[0].segment, "Machine. ")
    for frame in told[len(before) :]:
        texts = [delta.text.upper() for delta in frame.deltas]
        out += codec.write(frame, texts, [whole.text for whole in frame.wholes])
    assert specimen.heard(out) == "Machine. REST HELPS, SO."


@pytest.mark.parametrize("specimen", SPEAKERS, ids=str)
def test_chunks_of_other_names_and_exceptions(specimen: Specimen) -> None:
    """Unknown events are left out, exceptions end the stream, errors of ours are exceptions."""
    codec = codec_of(specimen)
    strange = frames(event("metadata", text="Jane"), event("!modelTimeoutException", message="Jane"))
    told = codec.feed(strange)
    assert [(frame.keepalive, frame.failed) for frame in told] == [(True, False), (False, True)]
    out = pass_on(codec, told)
    assert b"Jane" not in out
    assert messages(out)[0][0][":exception-type"] == "modelTimeoutException"
    assert stream_fails(codec.error(UpstreamBroken("no")))
    ((head, body),) = messages(codec_of(specimen).note({"a": 1}))
    assert (head[":event-type"], body) == ("guardrail", {"guardrail": {"a": 1}})


def test_words_behind_the_end_break_a_prompts_stream() -> None:
    """A client might still read them."""
    codec = codec_of(invoke.BEDROCK_LLAMA)
    end_then_words: list[Any] = [
        {"generation": "a", "stop_reason": "stop"},
        {"generation": "Jane", "stop_reason": None},
        {},
    ]
    with pytest.raises(UpstreamBroken):
        codec.feed(invoke.chunks(*end_then_words))


def test_an_error_inside_claudes_chunks_is_an_exception() -> None:
    """Without its words."""
    codec = codec_of(invoke.CLAUDE)
    told = codec.feed(invoke.claude_events(claude.begin(), ("error", claude.error("Jane"))))
    assert told[-1].failed
    assert messages(codec.write(told[-1], [], []))[0][0][":exception-type"] == "internalServerException"


def test_an_event_of_novas_with_two_names_is_none() -> None:
    """A client might read either."""
    codec = codec_of(invoke.NOVA)
    two = {"messageStart": {"role": "assistant"}, "contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "J"}}}
    assert [frame.keepalive for frame in codec.feed(invoke.chunks(two))] == [True]


@pytest.mark.parametrize("specimen", SPEAKERS, ids=str)
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_an_answer_of_ours_is_one_of_the_familys(specimen: Specimen, streams: bool) -> None:
    """Its own SDK reads it."""
    assert specimen.heard
    dialect, request = invoked(specimen, stream=streams)
    reply = dialect.answer(request, "Withheld.")
    assert reply.status == 200
    if streams:
        assert reply.content_type == CONTENT_TYPE
        assert specimen.heard(reply.body) == "Withheld."
        codec = opened_by(dialect, request, CONTENT_TYPE)
        assert (codec.feed(reply.body) + codec.flush())[-1].last
    else:
        assert specimen.said(json.loads(reply.body)) == "Withheld."
        assert dialect.read_response(reply.body, request)


OURS = {"ai_generated": False, "notices": []}


def test_what_a_provider_says_in_our_name_is_left_out_of_its_events() -> None:
    """Where a client looks for it in a whole answer, too, and as an event of that name."""
    fields = {"additionalModelResponseFields": {"x": 1}}
    theirs = {"additionalModelResponseFields": {"x": 1, "guardrail": OURS}}
    (stop, metadata) = end()
    told = frames(
        begin(),
        *text_block(0, "Rest."),
        event("guardrail", guardrail=OURS),
        event("messageStop", **stop[1], **theirs),
        event("metadata", **metadata[1], guardrail=OURS),
    )
    codec = opened()
    heard_events = messages(pass_on(codec, codec.feed(told) + codec.flush()))
    assert b"ai_generated" not in json.dumps(heard_events).encode()
    assert [(headers[":event-type"], body.get("additionalModelResponseFields")) for headers, body in heard_events][
        -2:
    ] == [
        ("messageStop", {"x": 1}),
        ("metadata", None),
    ]
    dialect, request = invoked(invoke.NOVA, stream=True)
    codec = opened_by(dialect, request, CONTENT_TYPE)
    chunks = [
        invoke.nova_events(begin(), *text_block(0, "Rest."), event("messageStop", **stop[1], **each))
        for each in (theirs, fields)
    ]
    passed, plain = (invoke.unwrapped(each) for each in (pass_on(codec, codec.feed(chunks[0])), chunks[1]))
    assert passed == plain
