"""Requests, whole answers, streams and replies of Ollama's dialects, without a network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from guardrail.dialects.base import Outgoing
from guardrail.dialects.codec import Codec
from guardrail.dialects.ollama.dialect import OllamaChat, OllamaEmbed, OllamaGenerate, OllamaTags
from guardrail.dialects.settings import Settings
from guardrail.dialects.tools import ToolRules
from guardrail.errors import AnswerWithheld, UnreadablePayload, UpstreamBroken
from guardrail.events import Frame
from guardrail.text import Role
from tests.specimens.ollama import (
    chat_answer,
    chat_line,
    chat_question,
    chat_stream,
    generate_answer,
    generate_line,
    generate_question,
    lines,
    read,
)

CHAT, GENERATE = OllamaChat(), OllamaGenerate()
ACTIONS = ToolRules({"order": ["order"]})


def asked(**more: Any) -> Any:
    return CHAT.read_request(json.dumps(chat_question("Hi", stream=True, **more)).encode())


def opened(tools: ToolRules = ACTIONS, **more: Any) -> Codec:
    codec = CHAT.open_stream(asked(**more), "application/x-ndjson", tools)
    assert codec is not None
    return codec


def written(codec: Codec, frames: Sequence[Frame]) -> bytes:
    return b"".join(
        codec.write(frame, [delta.text for delta in frame.deltas], [whole.text for whole in frame.wholes])
        for frame in frames
    )


def test_a_stream_is_the_default() -> None:
    """Only `false` asks for a whole answer."""
    for stream, expected in ((None, True), (True, True), (False, False)):
        assert CHAT.read_request(json.dumps(chat_question("Hi", stream=stream)).encode()).stream is expected
    assert GENERATE.read_request(b'{"model":"m","prompt":"Hi"}').stream
    assert CHAT.open_stream(asked(), "application/json") is None


def test_who_speaks_and_what_is_asked() -> None:
    """A prompt is the user's; the last run of a user's messages is the turn."""
    body = {"model": "m", "prompt": "Hi", "suffix": "end", "system": "Be kind.", "template": "{{ .Prompt }}"}
    request = GENERATE.read_request(json.dumps(body).encode())
    roles = {segment.address: segment.role for segment in request.segments()}
    assert roles["/prompt"] is roles["/suffix"] is Role.USER
    assert roles["/system"] is roles["/template"] is Role.SYSTEM
    assert request.turn == ["/prompt"]
    messages = [
        {"role": "user", "content": "One"},
        {"role": "assistant", "content": "Two"},
        {"role": "user", "content": "Three"},
        {"role": "assistant", "tool_calls": [{"function": {"name": "find", "arguments": {"who": "Ann"}}}]},
        {"role": "tool", "tool_name": "find", "content": "Ward 3"},
    ]
    chat = CHAT.read_request(json.dumps({"model": "m", "messages": messages}).encode())
    assert chat.turn == ["/messages/2/content"]
    (argument,) = [segment for segment in chat.segments() if segment.text == "Ann"]
    assert argument.tool == "find"


@pytest.mark.parametrize("form", ["json", {"type": "object", "properties": {}}])
def test_forms(form: Any) -> None:
    assert asked(format=form).structured
    assert not asked(format="").structured
    assert not asked().structured


def test_frames_that_say_nothing_new_are_read_by_a_template() -> None:
    """Another second, another word: the bytes stay as they came."""
    codec = opened()
    data = lines(*({**chat_line(f"word {n}"), "created_at": f"2026-05-03T10:00:0{n}.12Z"} for n in range(5)))
    frames = codec.feed(data)
    assert [frame.deltas[0].text for frame in frames] == [f"word {n}" for n in range(5)]
    assert len({type(frame.payload).__name__ for frame in frames[1:]}) == 1
    assert type(frames[1].payload).__name__ == "_Learned"
    assert written(codec, frames) == data


def test_thoughts_end_where_words_begin() -> None:
    """They would hold up the answer; later ones are a text of their own."""
    codec = opened()
    frames = codec.feed(
        lines(
            chat_line(thinking="Who is "),
            chat_line(thinking="asking?"),
            chat_line("Hello"),
            chat_line(thinking="Again."),
            chat_line(" there"),
            chat_answer(),
        )
    )
    assert [[delta.segment for delta in frame.deltas] for frame in frames] == [
        ["answer/thinking"],
        ["answer/thinking"],
        ["answer/said"],
        ["answer/thinking#1"],
        ["answer/said"],
        [],
    ]
    assert [frame.closes for frame in frames[2:5]] == [("answer/thinking",), (), ("answer/thinking#1",)]
    assert set(frames[5].closes) >= {"answer/said"}
    assert frames[5].last
    assert not frames[0].deltas[0].opens


def test_our_words_look_like_theirs() -> None:
    """A notice is a line of the stream, with the stream's head, and no empty lines go out."""
    codec = opened()
    (first,) = codec.feed(lines(chat_line("Hello")))
    (told,) = read(codec.insert(first, "answer/said", "Notice. "))
    assert told == chat_line("Notice. ")
    with pytest.raises(KeyError):
        codec.insert(first, "answer/thinking", "x")
    (noted,) = read(codec.note({"text": "x"}))
    assert noted == {**chat_line(""), "guardrail": {"text": "x"}}
    assert codec.write(codec.feed(b"\n")[0], [], []) == b""
    assert read(codec.error(AnswerWithheld("withheld")))[0]["error"] == "withheld"
    first_of_all = read(opened().say("Call 112."))[0]
    assert first_of_all["message"] == {"role": "assistant", "content": "Call 112."}
    assert first_of_all["done"] is False


def test_a_line_that_breaks_off_is_no_end() -> None:
    """Only `"done": true` ends a stream."""
    data = chat_stream(["Hello ", "there"])
    codec = opened()
    frames = codec.feed(data[:-30]) + codec.flush()
    assert not any(frame.last for frame in frames)
    codec = opened()
    frames = codec.feed(data[:-1]) + codec.flush()
    assert frames[-1].last


def test_an_error_of_the_provider_loses_its_words() -> None:
    codec = opened()
    frames = codec.feed(lines(chat_line("Hi"), {"error": "Ann Lee broke it"}, chat_line("more")))
    assert [frame.failed for frame in frames] == [False, True]
    assert b"Ann" not in written(codec, frames)
    assert json.loads(CHAT.upstream_error(404, b'{"error":"model Ann Lee not found"}').body) == {
        "error": "The provider answered 404."
    }
    assert CHAT.upstream_error(200, b"").status == 502


@pytest.mark.parametrize("arguments", [{"drug": "ibuprofen"}, {}])
def test_an_action_is_a_proposal(arguments: dict[str, Any]) -> None:
    """Also one that takes no arguments: it says which tool the model wanted."""
    calls = [{"function": {"name": "place_order", "arguments": arguments}}]
    codec = opened()
    told = read(written(codec, codec.feed(lines(chat_line(tool_calls=calls)))))
    function = told[0]["message"]["tool_calls"][0]["function"]
    assert function["name"] == "guardrail_refused_proposal"
    assert function["arguments"]["proposed_tool"] == "place_order"
    assert function["arguments"]["proposed_arguments"] == arguments


def test_tokens_and_probabilities_of_an_answer_are_dropped() -> None:
    """They spell it a second time."""
    said = [{"token": "Hi", "logprob": -0.1, "top_logprobs": [{"token": "Ho", "logprob": -2}]}]
    body = {**generate_answer("Hi"), "context": [1, 2, 3], "logprobs": said}
    request = GENERATE.read_request(json.dumps(generate_question("Hi")).encode())
    told = json.loads(GENERATE.read_response(json.dumps(body).encode(), request).to_bytes())
    assert told == {**body, "context": None, "logprobs": None}


def test_between_two_texts_nothing_is_inserted() -> None:
    """With a `suffix` the words are put between the client's, so that notices go beside them."""
    request = GENERATE.read_request(json.dumps(generate_question("def f():", suffix="return x")).encode())
    assert request.structured
    answer = GENERATE.read_response(json.dumps(generate_answer("x = 1")).encode(), request)
    (said,) = [segment for segment in answer.segments() if segment.text == "x = 1"]
    assert not said.opens
    assert not answer.say("Notice.")
    codec = GENERATE.open_stream(request, "application/x-ndjson")
    assert codec is not None
    (frame,) = codec.feed(lines(generate_line("x = 1")))
    assert (frame.deltas[0].opens, frame.deltas[0].json) == (False, False)
    structured = GENERATE.read_request(json.dumps(generate_question("x", suffix="y", format="json")).encode())
    codec = GENERATE.open_stream(structured, "application/x-ndjson")
    assert codec is not None
    assert codec.feed(lines(generate_line("{")))[0].deltas[0].json


@pytest.mark.parametrize(
    ("message", "said"),
    [({"role": "assistant", "content": ""}, True), ({"role": "assistant"}, True), ({"content": "Hi"}, False)],
)
def test_an_answer_without_words_is_given_some(message: dict[str, Any], said: bool) -> None:
    request = CHAT.read_request(json.dumps(chat_question("Hi")).encode())
    answer = CHAT.read_response(json.dumps({**chat_answer(), "message": message}).encode(), request)
    assert answer.say("Call 112.") is said
    assert (json.loads(answer.to_bytes())["message"]["content"] == "Call 112.") is said


def test_a_body_with_an_error_or_without_a_message_is_no_answer() -> None:
    request = CHAT.read_request(json.dumps(chat_question("Hi")).encode())
    for body in (b'{"error":"Ann Lee"}', b'{"done":true}', b'{"message":"Ann"}'):
        with pytest.raises(UpstreamBroken) as caught:
            CHAT.read_response(body, request)
        assert "Ann" not in caught.value.message


def test_a_listing_shows_what_may_be_used() -> None:
    """As it came, but for models that the policy does not name."""
    models = [{"name": name, "model": name, "size": 1.50, "details": {"family": "llama"}} for name in ("a:1", "b:1")]
    body = json.dumps({"models": models}).encode()
    for patterns, expected in (((), ["a:1", "b:1"]), (("b*",), ["b:1"]), (("c",), [])):
        dialect = OllamaTags(Settings(models=patterns))
        told = json.loads(dialect.read_response(body, dialect.read_request(b"")).to_bytes())
        assert [model["name"] for model in told["models"]] == expected
    with pytest.raises(UnreadablePayload):
        OllamaTags().read_request(b"{}")


def test_answers_of_ours_and_keys() -> None:
    streamed, whole = CHAT.answer(asked(), "Call 112."), CHAT.answer(asked_whole(), "Call 112.")
    assert streamed.content_type == "application/x-ndjson"
    assert [line["message"]["content"] for line in read(streamed.body)] == ["Call 112.", ""]
    assert json.loads(whole.body)["message"]["content"] == "Call 112."
    assert json.loads(whole.body)["done"] is True
    outgoing = Outgoing("POST", "http://localhost/api/chat", {}, b"")
    assert CHAT.credentials("k", outgoing) == (("authorization", "Bearer k"),)
    assert CHAT.credentials("", outgoing) == ()
    request = OllamaEmbed().read_request(b'{"model":"m","input":"Hi"}')
    assert OllamaEmbed().answer(request, "x").status >= 400


def asked_whole() -> Any:
    return CHAT.read_request(json.dumps(chat_question("Hi")).encode())
