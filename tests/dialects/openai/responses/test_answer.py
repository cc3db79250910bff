"""Whole answers: what is words, what is put in front, what is left out, what is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guardrail.dialects.openai.responses.answer import ResponsesAnswer
from guardrail.dialects.openai.responses.dialect import OpenAIResponses
from guardrail.dialects.settings import Logprobs, Settings
from guardrail.errors import UpstreamBroken
from tests.dialects.openai.responses.talk import DIALECT, read
from tests.specimens.openai_responses import call, message, part, response

JSON_ASKED: dict[str, Any] = {"text": {"format": {"type": "json_object"}}}


def answered(*output: Any, settings: Settings | None = None, asked: Any = None, **more: Any) -> ResponsesAnswer:
    dialect = OpenAIResponses(settings) if settings else DIALECT
    return dialect.read_response(json.dumps(response(output, **more)).encode(), read(settings, **(asked or {})))


def opening(document: ResponsesAnswer) -> list[str]:
    return [each.text for each in document.segments() if each.opens and each.kind.value == "prose"]


def test_only_the_first_words_open_the_answer() -> None:
    """Of several messages and parts."""
    second = {**message("Two."), "content": [part("Two."), {"type": "refusal", "refusal": "Three."}]}
    thought = {"type": "reasoning", "id": "rs", "summary": [{"type": "summary_text", "text": "Zero."}]}
    assert opening(answered(thought, message("One."), second)) == ["One."]


def test_nothing_is_put_back_into_thoughts_and_machines() -> None:
    """What is sent back to the provider, or run, gets no real value."""
    items = (
        {"type": "reasoning", "id": "rs", "summary": [{"type": "summary_text", "text": "a"}],
         "content": [{"type": "reasoning_text", "text": "b"}]},
        {"type": "web_search_call", "id": "ws", "status": "completed", "action": {"type": "search", "query": "c"}},
        {"type": "shell_call", "id": "sh", "call_id": "x", "status": "completed", "action": {"commands": ["d"]}},
        {"type": "code_interpreter_call", "id": "ci", "status": "completed", "container_id": "cntr", "code": "e",
         "outputs": [{"type": "logs", "logs": "f"}]},
        {"type": "mcp_call", "id": "m", "name": "n", "server_label": "s", "arguments": "g", "output": "h"},
        {"type": "teleport_call", "id": "t", "destination": "i"},
        call("find", "j"),
    )  # fmt: skip
    tools = {each.text: each.tool for each in answered(*items).segments()}
    assert {text for text, tool in tools.items() if tool == "?"} >= set("abcdegi")
    assert (tools["f"], tools["h"], tools["j"]) == ("", "", "find")


def test_words_of_ours_are_an_item_of_their_own() -> None:
    """An answer of calls only speaks all the same; JSON is not spoken in."""
    document = answered(call("find", "{}"))
    assert document.say("Call 112.")
    first, second = json.loads(document.to_bytes())["output"]
    assert (first["type"], first["content"][0]["text"], second["type"]) == ("message", "Call 112.", "function_call")
    assert not answered(call("find", "{}"), asked=JSON_ASKED).say("Call 112.")


def test_the_providers_words_about_a_failure_go() -> None:
    """UPS-01."""
    document = answered(
        status="failed", error={"code": "server_error", "message": "Jane", "misalignment": {"x": "Jane"}}
    )
    assert json.loads(document.to_bytes())["error"] == {
        "code": "server_error",
        "message": "The provider broke off with an error.",
    }


@pytest.mark.parametrize("kept", [False, True])
def test_what_is_kept(kept: bool) -> None:
    """The answer and its items may be named later, if the policy lets them be stored."""
    document = answered(message("Rest."), call("find", "{}"), settings=Settings(keep_at_provider=kept))
    expected = [("response", "resp_1"), ("item", "msg_1"), ("item", "fc_1")]
    assert list(document.keeps) == (expected if kept else [])


@pytest.mark.parametrize("logprobs", list(Logprobs))
@pytest.mark.parametrize("changed", [False, True])
def test_log_probabilities(logprobs: Logprobs, changed: bool) -> None:
    """They spell the words: only where the policy lets them, no word was changed, and without the alternatives."""
    token = {"token": "Rest", "bytes": [82], "logprob": -0.1, "top_logprobs": [{"token": "Jane", "logprob": -1}]}
    item = {**message("Rest"), "content": [{**part("Rest"), "logprobs": [token]}]}
    document = answered(item, settings=Settings(logprobs=logprobs))
    if changed:
        document.replace("/output/0/content/0/text", "Sleep")
    got = json.loads(document.to_bytes())["output"][0]["content"][0]["logprobs"]
    keeps = logprobs is Logprobs.KEEP_UNCHANGED and not changed
    assert got == ([{**token, "top_logprobs": []}] if keeps else [])


def test_the_clients_own_words_are_not_looked_at_again() -> None:
    """Instructions and tools told again, but for what was replaced in them."""
    tool = {"type": "function", "name": "f", "description": "Finds Ann.", "parameters": {"type": "object"}}
    asked: dict[str, Any] = {"instructions": "Be brief, Ann.", "tools": [tool], "metadata": {"a": "b"}}
    document = answered(message("Hi."), asked=asked, **asked)
    assert [each.text for each in document.segments()] == ["Hi."]
    document = answered(message("Hi."), asked=asked, **{**asked, "instructions": "Be brief, [NAME_1]."})
    assert {each.text for each in document.segments()} == {"Be brief, [NAME_1].", "Hi."}


@pytest.mark.parametrize("body", [b"{}", b'{"output": null}', b'{"output": [3]}', b'{"output": [{"type": 3}]}'])
def test_what_is_no_answer(body: bytes) -> None:
    """502."""
    with pytest.raises(UpstreamBroken):
        DIALECT.read_response(body, read())


def test_a_picture_is_refused() -> None:
    """Nothing looks into it."""
    picture = {"type": "image_generation_call", "id": "ig", "status": "completed", "result": "iVBORw0KGgo="}
    with pytest.raises(UpstreamBroken):
        answered(picture)


def test_structured_answers_are_read_as_json() -> None:
    """A sentence in it is judged as one, a value as a value, and nothing opens."""
    document = answered(message(json.dumps({"who": "Ann", "say": "I think you should rest."})), asked=JSON_ASKED)
    kinds = {
        each.text: each.kind.value
        for each in document.segments()
        if "~json" in each.address and "key" not in each.address
    }
    assert kinds == {"Ann": "data", "I think you should rest.": "prose"}
    assert opening(document) == []
