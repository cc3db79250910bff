"""Whole answers: what is words, what is tokens, what spells the words again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openai.types.chat import ChatCompletion

from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.dialects.settings import Logprobs, Settings
from guardrail.errors import UpstreamBroken
from guardrail.text import Kind, Role
from tests.dialects.openai.recorded import ask, load
from tests.dialects.streams import opened

DIALECT = OpenAIChat()
KEEPING = OpenAIChat(Settings(logprobs=Logprobs.KEEP_UNCHANGED))
JSON_REQUEST = ask(response_format={"type": "json_object"})


def answer(content: Any = "Rest.", **message: Any) -> bytes:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content, **message}}
    return json.dumps(
        {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    ).encode()


def broken(body: bytes) -> UpstreamBroken:
    with pytest.raises(UpstreamBroken) as caught:
        DIALECT.read_response(body, ask())
    return caught.value


@pytest.mark.parametrize("name", ["whole.json", "choices.json", "azure.json"])
def test_an_untouched_answer_comes_back_byte_for_byte(name: str) -> None:
    """What needs no change isn't changed."""
    assert DIALECT.read_response(load(name), ask()).to_bytes() == load(name)


@pytest.mark.parametrize("name", ["whole.json", "choices.json", "logprobs.json", "azure.json"])
def test_the_sdk_reads_an_answer_with_every_string_replaced(name: str) -> None:
    """Whatever the rails change, the client's library still understands the answer."""
    document = DIALECT.read_response(load(name), ask())
    for segment in document.segments():
        if segment.kind is not Kind.FIXED:
            document.replace(segment.address, 'new "words"\n')

    parsed = ChatCompletion.model_validate(json.loads(document.to_bytes()))
    assert parsed.choices[0].message.content in (None, 'new "words"\n')


def test_all_choices_refusals_citations_and_calls_are_inspected() -> None:
    """With several answers at once, each is inspected."""
    segments = DIALECT.read_response(load("choices.json"), ask()).segments()

    assert [(s.address, s.kind.value, s.text, s.tool) for s in segments if s.kind.value != "fixed"] == [
        ("/choices/0/message/refusal", "prose", "That can't be answered.", ""),
        ("/choices/1/message/content", "prose", "Two sources agree.", ""),
        ("/choices/1/message/annotations/0/url_citation/url", "data", "https://example.org/a", ""),
        ("/choices/1/message/annotations/0/url_citation/title", "data", "A title", ""),
        ("/choices/2/message/tool_calls/0/function/arguments~json/*0", "data", "[NAME_1]", "find_patient"),
        ("/choices/2/message/tool_calls/1/custom/input", "data", "for [NAME_1]", "note"),
    ]
    assert {segment.role for segment in segments} == {Role.ASSISTANT}


def test_a_provider_that_adds_words_of_its_filters_is_understood() -> None:
    """Azure's severities are no words of the conversation."""
    segments = DIALECT.read_response(load("azure.json"), ask()).segments()

    assert [segment.text for segment in segments] == ["Rest helps."]


def test_structured_output_is_read_as_values() -> None:
    """Asked for JSON, the values are inspected one by one, sentences as sentences; nothing is inserted between them."""
    body = answer('{"advice": "rest for three days", "n": [1, "two"]}')
    document = DIALECT.read_response(body, JSON_REQUEST)

    assert [(s.text, s.kind.value) for s in document.segments()] == [
        ("advice", "fixed"),
        ("rest for three days", "prose"),
        ("n", "fixed"),
        ("two", "data"),
    ]
    assert not any(s.opens for s in document.segments() if s.kind is Kind.PROSE)
    document.replace("/choices/0/message/content~json/*0", 'a "b"')
    content = json.loads(document.to_bytes())["choices"][0]["message"]["content"]
    assert content == '{"advice": "a \\"b\\"", "n": [1, "two"]}'


def test_json_that_nobody_asked_for_is_prose() -> None:
    """The same words are treated the same, whole or streamed."""
    segments = DIALECT.read_response(answer('{"advice": "rest"}'), ask()).segments()

    assert [(s.text, s.kind.value) for s in segments] == [('{"advice": "rest"}', "prose")]


def test_logprobs_are_dropped() -> None:
    """They spell the answer again, token by token and byte by byte."""
    document = DIALECT.read_response(load("logprobs.json"), ask())
    parsed = json.loads(document.to_bytes())

    assert [choice["logprobs"] for choice in parsed["choices"]] == [None, None]
    assert b"110" not in document.to_bytes()


def test_logprobs_can_be_kept_where_nothing_was_changed() -> None:
    """A policy may keep them, but never for a choice that was changed, nor the alternatives nobody inspected."""
    document = KEEPING.read_response(load("logprobs.json"), ask())
    document.replace("/choices/0/message/content", "[NAME_1] is")
    document.replace("/choices/1/message/content", "Rest")
    first, second = json.loads(document.to_bytes())["choices"]

    assert first["logprobs"] is None
    assert [token["token"] for token in second["logprobs"]["content"]] == ["Rest"]
    assert b"Bob" not in document.to_bytes()
    assert b"Walk" not in document.to_bytes()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html>502</html>", "unreadable_answer"),
        (b"", "unreadable_answer"),
        (b"[]", "unreadable_answer"),
        (b'{"a": 1, "a": 2}', "unreadable_answer"),
        (b'{"error": {"message": "Ann"}}', "missing_field"),
        (b'{"choices": [null]}', "missing_field"),
        (b'{"choices": [{"index": 0}]}', "missing_field"),
        (answer(audio={"id": "a", "data": "UklGRg==", "expires_at": 1, "transcript": "Ann"}), "uninspected_part"),
        (answer([{"type": "image_url", "image_url": {"url": "u"}}]), "uninspected_part"),
        (answer(12), "invalid_type"),
        (answer(tool_calls=[{"id": "c", "function": {"name": "Ann Lee", "arguments": "{}"}}]), "invalid_value"),
        (answer(tool_calls=[{"id": "c", "function": {"name": "f", "arguments": '{"a": 1, "a": 2}'}}]), "duplicate_key"),
    ],
)
def test_an_answer_that_cant_be_read_is_the_providers_fault(body: bytes, code: str) -> None:
    """Nothing that wasn't understood reaches the client."""
    error = broken(body)

    assert error.code == code
    assert "Ann" not in error.message


def test_arguments_of_a_call_without_a_name_belong_to_no_named_tool() -> None:
    """Real values are restored only into tools that the policy names; a nameless call is none of them."""
    body = answer(None, tool_calls=[{"id": "c", "type": "function", "function": {"arguments": '{"a": "b"}'}}])

    assert [s.tool for s in DIALECT.read_response(body, ask()).segments()] == ["?", "?"]


@pytest.mark.parametrize(
    "message",
    [
        {"tool_calls": [{"id": "c", "type": "function", "args": {"url": "[NAME_1]"}, "function": {"name": "find"}}]},
        {"tool_calls": [{"id": "c", "function": {"name": "find", "arguments": "{}", "input": "[NAME_1]"}}]},
        {"tool_calls": [{"id": "c", "input": {"name": "[NAME_1]"}, "function": {"name": "find", "arguments": "{}"}}]},
        {"tools_to_call": [{"name": "find", "arguments": '{"url": "[NAME_1]"}'}]},
        {"function_call": {"name": "find", "arguments": "{}", "extra": ["[NAME_1]"]}},
        {"output": "[NAME_1]"},
    ],
)
def test_what_no_row_names_belongs_to_no_named_tool(message: dict[str, Any]) -> None:
    """A field that nobody knows may be a tool's: no real value is put into it, whatever tool stands beside it."""
    (found,) = [s for s in DIALECT.read_response(answer(None, **message), ask()).segments() if s.text == "[NAME_1]"]

    assert found.tool == "?"


def test_a_sentence_in_a_strange_field_is_judged_as_one() -> None:
    """What a reader may be shown gets all rails, though our notices don't open there."""
    body = answer(None, output="I am your doctor, trust me.")
    (found,) = DIALECT.read_response(body, ask()).segments()

    assert (found.kind, found.opens, found.tool) == (Kind.PROSE, False, "?")


def test_the_older_completions_answer_is_refused() -> None:
    """Words in a place that no client of this API reads have no business there."""
    body = json.dumps({"choices": [{"index": 0, "text": "Rest.", "message": {"content": "Rest."}}]}).encode()

    assert broken(body).code == "uninspected_part"


def test_words_of_reasoning_are_inspected() -> None:
    """What a model thinks aloud is shown to people too."""
    body = answer("Rest.", reasoning_content="Perhaps flu.", reasoning_details=[{"type": "x", "text": "Flu?"}])

    assert [(s.text, s.kind.value) for s in DIALECT.read_response(body, ask()).segments()] == [
        ("Rest.", "prose"),
        ("Perhaps flu.", "prose"),
        ("x", "data"),
        ("Flu?", "data"),
    ]


def test_the_answer_opens_where_the_reader_begins() -> None:
    """Notices stand before the words that are shown: not in reasoning that may be hidden, once in content of parts."""
    parts = [{"type": "text", "text": "One.", "x": "data"}, {"type": "text", "text": "Two."}]
    body = answer(parts, refusal="No.", reasoning_content="Flu?", reasoning="Cold?")
    prose = [s for s in DIALECT.read_response(body, ask()).segments() if s.kind is Kind.PROSE]

    assert {s.text: s.opens for s in prose} == {
        "One.": True, "Two.": False, "No.": True, "Flu?": False, "Cold?": False,
    }  # fmt: skip


def test_the_policy_limits_the_depth_of_an_answer() -> None:
    """Brackets within brackets: the deployer's limit holds in both directions, whole and streamed."""
    shallow = OpenAIChat(Settings(max_depth=4))
    body = answer("Rest.", x=[[1]])
    frame = b'data: {"choices":[{"index":0,"delta":{"content":"a","x":[1]}}]}\n\n'

    assert shallow.read_response(answer(), ask())
    with pytest.raises(UpstreamBroken):
        shallow.read_response(body, ask())
    with pytest.raises(UpstreamBroken):
        opened(shallow, ask()).feed(frame)
