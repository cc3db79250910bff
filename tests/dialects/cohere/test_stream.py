"""Requests, whole answers, streams and replies of Cohere's dialects, without a network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from guardrail.dialects.base import Outgoing
from guardrail.dialects.codec import Codec
from guardrail.dialects.cohere.dialect import CohereChat, CohereEmbed, CohereRerank
from guardrail.dialects.tools import ToolRules
from guardrail.errors import AnswerWithheld, UnreadablePayload, UpstreamBroken
from guardrail.events import Frame
from guardrail.text import Kind, Role
from tests.specimens.base import sse, sse_bodies
from tests.specimens.cohere import (
    ID,
    answer,
    begun,
    block,
    call,
    calling,
    content,
    ended,
    event,
    planned,
    question,
    stream,
    text_answer,
)

CHAT = CohereChat()
ACTIONS = ToolRules({"order": ["order"]})


def asked(**more: Any) -> Any:
    return CHAT.read_request(json.dumps(question("Hi", stream=True, **more)).encode())


def opened(tools: ToolRules = ACTIONS, **more: Any) -> Codec:
    codec = CHAT.open_stream(asked(**more), "text/event-stream", tools)
    assert codec is not None
    return codec


def written(codec: Codec, frames: Sequence[Frame]) -> bytes:
    return b"".join(
        codec.write(frame, [delta.text for delta in frame.deltas], [whole.text for whole in frame.wholes])
        for frame in frames
    )


def cited(index: int, **more: Any) -> list[tuple[str, Any]]:
    citation = {"start": 0, "end": 5, "text": "[NAME_1]", "sources": [{"type": "document", "id": "doc:0"}], **more}
    return [
        event("citation-start", index=index, delta={"message": {"citations": citation}}),
        event("citation-end", index=index),
    ]


def test_documents_tools_and_earlier_turns() -> None:
    """Who speaks, what is a value, and what is asked."""
    body = {
        "model": "command-a-03-2025",
        "documents": ["Ann Lee is on ward 3.", {"id": "ann-lee", "data": {"title": "Chart", "mrn": 20417745}}],
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": [{"type": "text", "text": "Who is it?"}]},
            {
                "role": "assistant",
                "tool_plan": "I will look.",
                "tool_calls": [call("find", '{"who": "Ann"}')],
            },
            {
                "role": "tool",
                "tool_call_id": "find_1",
                "content": [{"type": "document", "document": {"data": {"ward": "Ward 3"}, "id": "1"}}],
            },
            {"role": "user", "content": "And now?"},
        ],
    }
    request = CHAT.read_request(json.dumps(body).encode())
    told = {segment.text: segment for segment in request.segments()}
    assert told["Ann Lee is on ward 3."].kind is told["20417745"].kind is Kind.DATA
    assert told["ann-lee"].kind is Kind.TOKEN
    assert told["Ann"].tool == "find"
    assert told["Ward 3"].role is Role.TOOL
    assert request.turn == ["/messages/4/content"]
    assert not request.structured
    assert asked(response_format={"type": "json_object"}).structured
    assert not asked(response_format={"type": "text"}).structured


def test_frames_that_say_nothing_new_are_read_by_a_template() -> None:
    codec = opened()
    data = stream([f"word {n} " for n in range(5)])
    first = codec.feed(sse(begun()))
    head = written(codec, first)  # until then blocks of ours may come before all others
    frames = codec.feed(data[len(head) :])
    assert [type(frame.payload).__name__ for frame in frames[2:6]] == ["_Learned"] * 4
    assert [frame.closes for frame in frames if frame.closes] == [("content/0/text",)]
    assert frames[-1].last
    assert head + written(codec, frames) == data


def test_what_stands_behind_the_end_is_left_out() -> None:
    """`message-end` ends a stream; a `[DONE]` behind it says nothing more."""
    codec = opened()
    frames = codec.feed(stream(["Hi"]) + b"data: [DONE]\n\n")
    assert frames[-1].last
    assert written(codec, frames) == stream(["Hi"])
    codec = opened()
    frames = codec.feed(sse(begun(), *block(0, ["Hi"]))) + codec.flush()
    assert not any(frame.last for frame in frames)


def test_plans_calls_and_words_keep_their_order() -> None:
    """What begins waits for what has begun before; a plan ends where something else begins."""
    codec = opened()
    frames = codec.feed(
        sse(begun(), planned("I will "), planned("look."), *calling(0, "find", {"who": "Ann"}), ended("TOOL_CALL"))
    )
    lanes = [frame.lane for frame in frames]
    assert lanes[:4] == [None, "plan", "plan", None]
    assert set(lanes[4:-1]) == {"call/0"}
    assert frames[3].closes == ("plan/plan",)
    assert frames[-2].closes == ("call/0/arguments",)
    pieces = [delta for frame in frames for delta in frame.deltas]
    assert {(delta.segment, delta.json, delta.tool, delta.opens) for delta in pieces} == {
        ("plan/plan", False, "", False),
        ("call/0/arguments", True, "find", False),
    }


def test_only_the_first_text_opens_the_answer() -> None:
    codec = opened()
    thinking = [content("content-start", 0, type="thinking", thinking=""), content("content-delta", 0, thinking="Hm.")]
    frames = codec.feed(
        sse(begun(), *thinking, event("content-end", index=0), *block(1, ["One"]), *block(2, ["Two"]), ended())
    )
    assert [(delta.segment, delta.opens) for frame in frames for delta in frame.deltas] == [
        ("content/0/thinking", False),
        ("content/1/text", True),
        ("content/2/text", False),
    ]


def test_citations_go_with_what_they_cite() -> None:
    """Their text is a value; behind a block of ours they point one further."""
    codec = opened()
    codec.say("Call 112.")
    data = sse(begun(), *block(0, ["[NAME_1] sleeps."]), *cited(0), *cited(1, content_index=0), ended())
    frames = codec.feed(data)
    places = [frame.lane for frame in frames if frame.lane]
    assert set(places) == {"content/0"}
    told = sse_bodies(written(codec, frames))
    assert [body["index"] for body in told if body["type"].startswith("content")] == [1, 1, 1]
    assert [body["delta"]["message"]["citations"].get("content_index") for body in told
            if body["type"] == "citation-start"] == [None, 1]  # fmt: skip
    (whole,) = [each for frame in frames[4:5] for each in frame.wholes if "citations" in each.address][:1]
    assert (whole.text, whole.kind) == ("[NAME_1]", Kind.DATA)


def test_our_words_look_like_theirs() -> None:
    """A notice is a delta of the text that it stands before; a block of its own if the text comes with its start."""
    codec = opened()
    frames = codec.feed(sse(begun(), *block(0, ["Hello"])))
    (told,) = sse_bodies(codec.insert(frames[2], "content/0/text", "Notice. "))
    assert (told["type"], told["index"], told["delta"]["message"]["content"]) == (
        "content-delta",
        0,
        {"text": "Notice. "},
    )
    with pytest.raises(KeyError):
        codec.insert(frames[2], "plan/plan/x", "Notice.")

    codec = opened()
    frames = codec.feed(sse(begun(), content("content-start", 0, type="text", text="Hello"), *block(0, [" you"])[1:]))
    assert frames[1].deltas[0].text == "Hello"
    out = codec.write(frames[0], [], []) + codec.insert(frames[1], "content/0/text", "Notice. ")
    told_all = sse_bodies(out + written(codec, frames[1:]))
    assert [(body["type"], body.get("index")) for body in told_all] == [
        ("message-start", None),
        ("content-start", 0),
        ("content-delta", 0),
        ("content-end", 0),
        ("content-start", 1),
        ("content-delta", 1),
        ("content-end", 1),
    ]


def test_words_before_all_others() -> None:
    """The way to help comes even before the provider has begun."""
    told = sse_bodies(opened().say("Call 112."))
    assert [body["type"] for body in told] == ["message-start", "content-start", "content-delta", "content-end"]
    (noted,) = sse_bodies(opened().note({"text": "x"}))
    assert noted == {"type": "debug", "guardrail": {"text": "x"}}
    (failed,) = sse_bodies(opened().error(AnswerWithheld("withheld")))
    assert failed["type"] == "message-end"
    assert (failed["delta"]["finish_reason"], failed["delta"]["error"]) == ("ERROR", "withheld")


@pytest.mark.parametrize(
    "error",
    [
        ended("ERROR", error="Ann Lee broke it"),
        ended("ERROR"),
        ended("COMPLETE", error="Ann Lee"),
        ("error", {"type": "error", "message": "Ann Lee"}),
        ("", {"message": "Ann Lee"}),
    ],
)
def test_an_error_of_the_provider_loses_its_words(error: Any) -> None:
    """And it ends the message, as an error."""
    codec = opened()
    frames = codec.feed(sse(begun(), *block(0, ["Hi"]), error, planned("more")))
    assert frames[-1].failed
    told = written(codec, frames)
    assert b"Ann" not in told
    assert sse_bodies(told)[-1]["delta"] == {
        "finish_reason": "ERROR",
        "error": "The provider broke off with an error.",
    }


@pytest.mark.parametrize(
    "data",
    [
        sse(("x", {"index": 1})),
        sse(begun(), content("content-delta", -1, text="x")),
        sse(begun(), content("content-delta", 0, text="x"), event("content-end", index=0), block(0, ["y"])[1]),
        sse(begun(), *calling(0, "find", {})[:1], *calling(0, "order", {})[:1]),
        sse(("message-start", {"type": "message-start", "delta": {"message": {"content": [{"text": "x"}]}}})),
    ],
)
def test_what_cant_be_read_breaks_the_stream(data: bytes) -> None:
    with pytest.raises(UpstreamBroken):
        opened().feed(data)


def test_events_that_nobody_knows_and_prompts_are_left_out() -> None:
    codec = opened()
    frames = codec.feed(sse(begun(), event("gossip", text="Ann Lee"), event("debug", prompt="Ann Lee"), ended()))
    told = written(codec, frames)
    assert b"Ann" not in told
    assert [body["type"] for body in sse_bodies(told)] == ["message-start", "debug", "message-end"]


def test_an_action_is_a_proposal() -> None:
    """Its name at once; its arguments where they are judged as a whole."""
    codec = opened()
    frames = codec.feed(sse(begun(), *calling(0, "place_order", {"drug": "x"}), ended("TOOL_CALL")))
    told = sse_bodies(written(codec, frames))
    assert told[1]["delta"]["message"]["tool_calls"]["function"]["name"] == "guardrail_refused_proposal"
    assert {delta.tool for frame in frames for delta in frame.deltas} == {"place_order"}


@pytest.mark.parametrize(
    "message", [{}, {"content": None}, {"content": []}, {"content": [{"type": "thinking", "thinking": "x"}]}]
)
def test_an_answer_without_words_is_given_some(message: dict[str, Any]) -> None:
    body = answer({"tool_plan": "I will look.", "tool_calls": [call("find", "{}")], **message}, "TOOL_CALL")
    document = CHAT.read_response(json.dumps(body).encode(), asked())
    assert document.say("Call 112.")
    assert json.loads(document.to_bytes())["message"]["content"][0] == {"type": "text", "text": "Call 112."}
    structured = CHAT.read_response(json.dumps(body).encode(), asked(response_format={"type": "json_object"}))
    assert not structured.say("Call 112.")


def test_only_the_first_part_of_a_whole_answer_opens_it() -> None:
    parts = [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "One"}, {"type": "text", "text": "Two"}]
    document = CHAT.read_response(json.dumps(answer({"content": parts})).encode(), asked())
    assert {segment.text: segment.opens for segment in document.segments()} == {"Hm.": False, "One": True, "Two": False}
    for body in (b"{}", b'{"message":"Ann"}', b'{"message":{"content":[{"type":"video"}]}}'):
        with pytest.raises(UpstreamBroken):
            CHAT.read_response(body, asked())


def test_errors_answers_of_ours_and_keys() -> None:
    told = json.loads(CHAT.upstream_error(429, json.dumps({"id": ID, "message": "Ann Lee"}).encode()).body)
    assert told == {"id": ID, "message": "The provider answered 429."}
    assert b"Ann" not in CHAT.upstream_error(400, b'{"id":"Ann Lee","message":"x"}').body
    assert CHAT.upstream_error(200, b"<html>").status == 502
    refused = CHAT.refuse(UnreadablePayload("no", code="unknown_role", param="messages[0].role", status=422))
    assert (refused.status, json.loads(refused.body)) == (
        422,
        {"message": "no", "code": "unknown_role", "param": "messages[0].role"},
    )
    assert [body["type"] for body in sse_bodies(CHAT.answer(asked(), "Call 112.").body)][-1] == "message-end"
    whole = json.loads(CHAT.answer(CHAT.read_request(json.dumps(question("Hi")).encode()), "Call 112.").body)
    assert whole["message"]["content"] == text_answer("Call 112.")["message"]["content"]
    form = CHAT.answer(asked(response_format={"type": "json_object"}), "Call 112.")
    assert sse_bodies(form.body)[-1]["delta"]["finish_reason"] == "ERROR"
    outgoing = Outgoing("POST", "http://localhost/v2/chat", {}, b"")
    assert CHAT.credentials("k", outgoing) == (("authorization", "Bearer k"),)
    assert CHAT.credentials("", outgoing) == ()
    for dialect in (CohereEmbed(), CohereRerank()):
        assert dialect.answer(asked(), "x").status >= 400
        assert dialect.open_stream(asked(), "text/event-stream") is None
