"""Mistral's own SDK as the application: what it gets through the proxy is what it gets directly, but for the words.

Its chat is OpenAI's dialect, with what Mistral adds to it; its completion of code has one of its own.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from mistralai.client import Mistral
from mistralai.client.errors import HTTPValidationError, MistralError, SDKError
from pydantic import BaseModel

from tests.specimens import openai_chat
from tests.specimens.base import sse
from tests.support.fake_upstream import FakeUpstream, answer
from tests.support.openai_house import CRISIS, KEY, NOTICE, QUESTION, SIMPLE, house, no_secret, streamed
from tests.support.proxy import Proxy

MODEL = "mistral-large-latest"
PIECES = ("Please ", "ask [PATIENT", "_1] to rest. ", "As your doc", "tor, I think water helps.")
SAID = "Please ask Maria Delgado to rest."
DONE = b"data: [DONE]\n\n"


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[FakeUpstream, Proxy]]:
    with house(["openai.chat", "mistral.fim"]) as both:
        yield both


@pytest.fixture
def upstream(running: tuple[FakeUpstream, Proxy]) -> FakeUpstream:
    return running[0]


@pytest.fixture
def root(running: tuple[FakeUpstream, Proxy]) -> str:
    return f"http://127.0.0.1:{running[1].port}"


def user(text: Any) -> list[Any]:
    return [{"role": "user", "content": text}]


def asked(root: str, of: str, streams: bool, by: str, **more: Any) -> list[Any]:
    """All objects that the SDK gives: `of` is "chat" or "fim"."""
    if by == "sync":
        with Mistral(api_key=KEY, server_url=root) as sdk:
            api = getattr(sdk, of)
            if not streams:
                return [api.complete(**more)]
            with api.stream(**more) as events:
                return [event.data for event in events]

    async def ask() -> list[Any]:
        async with Mistral(api_key=KEY, server_url=root) as sdk:
            api = getattr(sdk, of)
            if not streams:
                return [await api.complete_async(**more)]
            async with await api.stream_async(**more) as events:
                return [event.data async for event in events]

    return asyncio.run(ask())


def chatted(root: str, text: str, *, streams: bool = False, by: str = "sync", **more: Any) -> list[Any]:
    return asked(root, "chat", streams, by, **{"model": MODEL, "messages": user(text), **more})


def whole(message: dict[str, Any], reason: str = "stop") -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "tool_calls": None, **message}, "finish_reason": reason}
    usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
    return {"id": "cmpl-1", "object": "chat.completion", "created": 1790000000, "model": MODEL,
            "choices": [choice], "usage": usage}  # fmt: skip


def frame(delta: dict[str, Any], reason: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {"id": "cmpl-1", "object": "chat.completion.chunk", "created": 1790000000, "model": MODEL,
            "choices": [choice], **more}  # fmt: skip


def stream(*contents: Any) -> bytes:
    """As Mistral streams: the last frame has the reason and the usage."""
    usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
    deltas = [frame({"content": content}) for content in contents]
    return sse(frame({"role": "assistant", "content": ""}), *deltas, frame({"content": ""}, "stop", usage=usage)) + DONE


def reply(upstream: FakeUpstream, pieces: tuple[str, ...], *, streams: bool) -> None:
    upstream.reply(streamed(stream(*pieces)) if streams else answer(whole({"content": "".join(pieces)})))


def _texts(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.text for part in content if part.type == "text")
    return content if isinstance(content, str) else ""


def said(parts: list[Any]) -> str:
    """All words of an answer."""
    choices = [choice for part in parts for choice in part.choices]
    return "".join(_texts((getattr(each, "message", None) or each.delta).content) for each in choices)


def thought(text: str, **more: Any) -> list[Any]:
    return [{"type": "thinking", "thinking": [{"type": "text", "text": text}], **more}]


@pytest.mark.parametrize("by", ["sync", "async"])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_nobody_is_told_and_the_reader_is(root: str, upstream: FakeUpstream, streams: bool, by: str) -> None:
    """PHI never upstream and back in the answer; notice first; a machine speaks; the key goes on."""
    reply(upstream, PIECES, streams=streams)
    parts = chatted(root, QUESTION, streams=streams, by=by, safe_prompt=True, random_seed=7)
    sent = upstream.requests[-1]
    assert no_secret(sent.body)
    assert (sent.json()["safe_prompt"], sent.json()["random_seed"]) == (True, 7)
    assert sent.header("authorization") == f"Bearer {KEY}"
    text = said(parts)
    assert NOTICE in text[:200]
    assert SAID in text
    assert "your doctor, I" not in text
    assert parts[-1].choices[0].finish_reason == "stop"
    assert parts[-1].usage.total_tokens == 18


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_an_answer_that_nothing_is_said_of_is_the_same_object(root: str, upstream: FakeUpstream, streams: bool) -> None:
    """But for the notice."""
    reply(upstream, ("The radiology ward ", "is on floor 2."), streams=streams)
    through, straight = chatted(root, SIMPLE, streams=streams), chatted(upstream.url, SIMPLE, streams=streams)
    if streams:
        notice = through.pop(1)
        assert NOTICE in notice.choices[0].delta.content
    else:
        message = through[0].choices[0].message
        assert message.content.endswith("The radiology ward is on floor 2.")
        message.content = straight[0].choices[0].message.content
    assert through == straight


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_the_way_to_help_comes_first(root: str, upstream: FakeUpstream, streams: bool) -> None:
    """Also before thoughts, and though the provider is down."""
    content = thought("Hm.")
    upstream.reply(streamed(stream(content)) if streams else answer(whole({"content": content})))
    parts = chatted(root, CRISIS, streams=streams)
    assert said(parts).startswith("You may be going through")
    upstream.reply(answer({"object": "error", "message": "overloaded"}, 503))
    with pytest.raises(MistralError):
        chatted(upstream.url, CRISIS, streams=streams, retries=None)
    assert said(chatted(root, CRISIS, streams=streams)).startswith("You may be going through")


@pytest.mark.parametrize("by", ["sync", "async"])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_thoughts_in_parts(root: str, upstream: FakeUpstream, streams: bool, by: str) -> None:
    """They come where the SDK expects them, and no notice is put into them."""
    if streams:
        data = stream(
            thought("[PATIENT_1] "), thought("asks.", closed=True), [{"type": "text", "text": "Hello "}], "[PATIENT_1]."
        )
        upstream.reply(streamed(data))
    else:
        text = {"type": "text", "text": "Hello [PATIENT_1]."}
        reference = {"type": "reference", "reference_ids": [1]}
        upstream.reply(answer(whole({"content": [*thought("[PATIENT_1] asks."), text, reference]})))
    parts = chatted(root, QUESTION, streams=streams, by=by, prompt_mode="reasoning")
    contents = [each.delta.content if streams else each.message.content for part in parts for each in part.choices]
    chunks = [chunk for content in contents if isinstance(content, list) for chunk in content]
    thoughts = [inner.text for chunk in chunks if chunk.type == "thinking" for inner in chunk.thinking]
    assert "".join(thoughts) == "Maria Delgado asks."
    assert NOTICE in said(parts)
    assert said(parts).endswith("Hello Maria Delgado.")
    if not streams:
        assert chunks[-1].reference_ids == [1]


TOOL = {"type": "function", "function": {"name": "find_bed", "parameters": {"type": "object", "properties": {
    "patient": {"type": "string"}}}}}  # fmt: skip


@pytest.mark.parametrize("by", ["sync", "async"])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("as_text", [True, False], ids=["text", "object"])
def test_tools(root: str, upstream: FakeUpstream, streams: bool, by: str, as_text: bool) -> None:
    """A tool that no policy names gets placeholders; an action is a proposal. Arguments are a text, or an object."""
    arguments = {"patient": "[PATIENT_1]", "n": 1.5}
    for name in ("find_bed", "prescribe_medication"):
        given = json.dumps(arguments) if as_text else arguments
        calls = [{"id": "D681PevKs", "index": 0, "function": {"name": name, "arguments": given}}]
        upstream.reply(
            streamed(
                sse(frame({"role": "assistant", "content": ""}), frame({"tool_calls": calls}, "tool_calls")) + DONE
            )
            if streams
            else answer(whole({"content": "", "tool_calls": calls}, "tool_calls"))
        )
        parts = chatted(root, QUESTION, streams=streams, by=by, tools=[TOOL], tool_choice="any")
        assert upstream.requests[-1].json()["tool_choice"] == "any"
        choices = [choice for part in parts for choice in part.choices]
        spoken = [choice.delta if streams else choice.message for choice in choices]
        (call,) = [call for each in spoken for call in each.tool_calls or ()]
        assert call.id == "D681PevKs"
        told = call.function.arguments
        told = json.loads(told) if isinstance(told, str) else told
        if name == "find_bed":
            assert (call.function.name, told) == (name, arguments)
        else:
            assert call.function.name == "guardrail_refused_proposal"
            assert (told["proposed_tool"], told["proposed_arguments"]) == (name, arguments)


class Patient(BaseModel):
    who: str
    n: float


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_structured_output_stays_json(root: str, upstream: FakeUpstream, streams: bool) -> None:
    """The SDK's own `parse` gives the model that was asked for, with the name put back."""
    reply(upstream, ('{"who": "[PAT', 'IENT_1]", "n', '": 1.50}'), streams=streams)
    if streams:
        parts = chatted(root, QUESTION, streams=True, response_format={"type": "json_object"})
        assert said(parts) == '{"who": "Maria Delgado", "n": 1.50}'
        return
    with Mistral(api_key=KEY, server_url=root) as sdk:
        parsed = sdk.chat.parse(Patient, model=MODEL, messages=user(QUESTION))
    assert no_secret(upstream.requests[-1].body)
    assert parsed.choices is not None
    assert parsed.choices[0].message is not None
    assert parsed.choices[0].message.parsed == Patient(who="Maria Delgado", n=1.5)


@pytest.mark.parametrize("by", ["sync", "async"])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_code_between_two_texts(root: str, upstream: FakeUpstream, streams: bool, by: str) -> None:
    """Nothing is inserted into it; the texts around it are cleared; the notice goes beside it."""
    pieces = ("    x = '[PAT", "IENT_1]'", "\n    y = 2\n")
    reply(upstream, pieces, streams=streams)
    prompt, suffix = "# My name is Maria Delgado, MRN 20417745\ndef f():", "    return x"
    parts = asked(root, "fim", streams, by, model="codestral-2501", prompt=prompt, suffix=suffix)
    assert upstream.requests[-1].target == "/v1/fim/completions"
    assert no_secret(upstream.requests[-1].body)
    assert upstream.requests[-1].json()["suffix"] == suffix
    assert said(parts) == "    x = 'Maria Delgado'\n    y = 2\n"


@pytest.mark.parametrize("by", ["sync", "async"])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    "told",
    [
        {"object": "error", "message": "Maria Delgado", "type": "invalid_request_error", "code": "1500"},
        {"detail": [{"type": "missing", "loc": ["body", "Maria Delgado"], "msg": "Field required", "input": "x"}]},
        {"message": "Maria Delgado", "request_id": "x"},
    ],
)
def test_errors_are_the_sdks_own(
    root: str, upstream: FakeUpstream, streams: bool, by: str, told: dict[str, Any]
) -> None:
    """In each of the shapes that Mistral has: its status, and none of its words."""
    for status, raised in ((401, SDKError), (422, HTTPValidationError)):
        upstream.reply(answer(told, status))
        with pytest.raises(raised) as caught:
            chatted(root, SIMPLE, streams=streams, by=by)
        assert caught.value.status_code == status
        assert "Maria" not in caught.value.body + str(caught.value)


def test_what_is_refused_is_an_error_of_the_sdk(root: str, upstream: FakeUpstream) -> None:
    """Tools that Mistral runs itself, and files that the policy does not release."""
    before = len(upstream.requests)
    for more, code in (
        ({"tools": [{"type": "document_library", "library_ids": ["x"]}]}, "unknown_tool"),
        ({"messages": user([{"type": "image_url", "image_url": "https://a.b/c.png"}])}, "uninspected_part"),
        ({"messages": user([{"type": "document_url", "document_url": "https://a.b/c.pdf"}])}, "uninspected_part"),
    ):
        with pytest.raises(HTTPValidationError) as caught:
            chatted(root, SIMPLE, **more)
        assert json.loads(caught.value.body)["error"]["code"] == code
    assert len(upstream.requests) == before


@pytest.mark.parametrize("by", ["sync", "async"])
@pytest.mark.parametrize("of", ["chat", "fim"])
def test_a_broken_stream_is_an_error_of_the_sdk(root: str, upstream: FakeUpstream, by: str, of: str) -> None:
    """Broken off, or with an error in it: never a clean end."""
    question: dict[str, Any] = {"messages": user(SIMPLE)} if of == "chat" else {"prompt": "def f():"}
    data = stream(*PIECES)
    upstream.reply(streamed(data, cut=len(data) - 60))
    with pytest.raises(MistralError):
        asked(root, of, True, by, model=MODEL, **question)
    told = {"object": "error", "message": "Maria Delgado", "type": "internal_server_error", "code": 3000}
    upstream.reply(streamed(sse(frame({"content": "Hi"}), {"error": told})))
    with pytest.raises(MistralError) as caught:
        asked(root, of, True, by, model=MODEL, **question)
    assert "Maria" not in f"{caught.value.body} {caught.value}"


def test_the_specimen_says_the_same(root: str, upstream: FakeUpstream) -> None:
    """OpenAI's frames are read by Mistral's SDK as well."""
    upstream.reply(streamed(openai_chat.stream(["Hello ", "there."])))
    assert said(chatted(root, SIMPLE, streams=True)).endswith("Hello there.")
