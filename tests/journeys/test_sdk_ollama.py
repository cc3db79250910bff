"""Ollama's own SDK as the application: what it gets through the proxy is what it gets directly, but for the words."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import ollama
import pytest
from ollama import AsyncClient, ChatResponse, Client

from tests.specimens.ollama import (
    HEAD,
    OLLAMA_EMBED,
    chat_answer,
    chat_line,
    chat_stream,
    generate_answer,
    generate_line,
    generate_stream,
    lines,
)
from tests.support.fake_upstream import FakeUpstream, answer
from tests.support.openai_house import CRISIS, NOTICE, QUESTION, SIMPLE, house, no_secret, streamed
from tests.support.proxy import Proxy

MODEL = "llama3.2:3b"
LINES = "application/x-ndjson"
PIECES = ("Please ", "ask [PATIENT", "_1] to rest. ", "As your doc", "tor, I think water helps.")
SAID = "Please ask Maria Delgado to rest."


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[FakeUpstream, Proxy]]:
    dialects = [f"ollama.{name}" for name in ("chat", "generate", "embed", "tags")]
    with house(dialects) as both:
        yield both


@pytest.fixture
def upstream(running: tuple[FakeUpstream, Proxy]) -> FakeUpstream:
    return running[0]


@pytest.fixture
def root(running: tuple[FakeUpstream, Proxy]) -> str:
    return f"http://127.0.0.1:{running[1].port}"


@pytest.fixture
def client(root: str) -> Iterator[Client]:
    """Nothing but its host points at the proxy."""
    with Client(host=root) as sdk:
        yield sdk


@pytest.fixture
def direct(upstream: FakeUpstream) -> Iterator[Client]:
    """The same application without a proxy."""
    with Client(host=upstream.url) as sdk:
        yield sdk


def user(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": text}]


def chatted(root: str, text: str, *, stream: bool, by: str, **more: Any) -> list[ChatResponse]:
    """All objects that the SDK gives."""
    asked: dict[str, Any] = {"model": MODEL, "messages": user(text), **more}
    if by == "sync":
        with Client(host=root) as sdk:
            return list(sdk.chat(stream=True, **asked)) if stream else [sdk.chat(**asked)]

    async def ask() -> list[ChatResponse]:
        async with AsyncClient(host=root) as sdk:
            if stream:
                return [part async for part in await sdk.chat(stream=True, **asked)]
            return [await sdk.chat(**asked)]

    return asyncio.run(ask())


def reply(upstream: FakeUpstream, pieces: tuple[str, ...], *, stream: bool) -> None:
    upstream.reply(streamed(chat_stream(pieces), LINES) if stream else answer(chat_answer("".join(pieces))))


def said(parts: list[ChatResponse]) -> str:
    return "".join(part.message.content or "" for part in parts)


@pytest.mark.parametrize("by", ["sync", "async"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_nobody_is_told_and_the_reader_is(root: str, upstream: FakeUpstream, stream: bool, by: str) -> None:
    """PHI never upstream and back in the answer; notice first; a machine speaks; the rest is as it came."""
    reply(upstream, PIECES, stream=stream)
    parts = chatted(root, QUESTION, stream=stream, by=by)
    assert no_secret(upstream.requests[-1].body)
    text = said(parts)
    assert NOTICE in text[:200]
    assert SAID in text
    assert "your doctor, I" not in text
    reply(upstream, PIECES, stream=stream)
    first, last = parts[0], parts[-1]
    straight = chatted(upstream.url, SIMPLE, stream=stream, by=by)
    assert last.done
    assert last.model_dump(exclude={"message"}) == straight[-1].model_dump(exclude={"message"})
    assert (first.model, first.created_at) == (MODEL, HEAD["created_at"])
    if stream:
        assert len(parts) >= len(straight)
        assert not any(part.done for part in parts[:-1])


@pytest.mark.case("NOT-02")
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_an_answer_that_nothing_is_said_of_is_the_same_object(root: str, upstream: FakeUpstream, stream: bool) -> None:
    """But for the notice."""
    reply(upstream, ("The radiology ward ", "is on floor 2."), stream=stream)
    through = chatted(root, SIMPLE, stream=stream, by="sync")
    reply(upstream, ("The radiology ward ", "is on floor 2."), stream=stream)
    straight = chatted(upstream.url, SIMPLE, stream=stream, by="sync")
    if stream:
        notice, *through = through
        assert NOTICE in (notice.message.content or "")
        assert "".join(p.message.content or "" for p in through) == "The radiology ward is on floor 2."
    else:
        assert (through[0].message.content or "").endswith("The radiology ward is on floor 2.")
        through[0].message.content = straight[0].message.content
    assert [each.model_dump() for each in through] == [each.model_dump() for each in straight]


def test_a_stream_is_the_default_of_the_api(root: str, upstream: FakeUpstream) -> None:
    """Without `stream` the server streams, and so does an answer of ours."""
    for text in ("Hi.", CRISIS):
        reply(upstream, ("Hello ", "there."), stream=True)
        body = json.dumps({"model": MODEL, "messages": user(text)}).encode()
        request = urllib.request.Request(f"{root}/api/chat", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as told:
            assert told.headers["content-type"] == LINES
            assert json.loads(told.read().splitlines()[-1])["done"] is True


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_the_way_to_help_comes_first(root: str, upstream: FakeUpstream, stream: bool) -> None:
    """Also before a call of a tool, and though the server is down."""
    call = [{"function": {"name": "find_bed", "arguments": {"ward": "3"}}}]
    upstream.reply(
        streamed(lines(chat_line(tool_calls=call), chat_answer()), LINES)
        if stream
        else answer(chat_answer(tool_calls=call))
    )
    parts = chatted(root, CRISIS, stream=stream, by="sync")
    assert said(parts).startswith("You may be going through")
    assert [each.function.name for part in parts for each in part.message.tool_calls or ()] == ["find_bed"]
    upstream.reply(answer({"error": "overloaded"}, 503))
    assert said(chatted(root, CRISIS, stream=stream, by="sync")).startswith("You may be going through")


def find_bed(patient: str) -> str:
    """Finds a bed.

    Args:
      patient: Who needs it.
    """
    return patient


@pytest.mark.parametrize("by", ["sync", "async"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_tools(root: str, upstream: FakeUpstream, stream: bool, by: str) -> None:
    """A tool that no policy names gets placeholders; an action is a proposal; the object is one that the SDK knows."""
    for name in ("find_bed", "prescribe_medication"):
        arguments = {"patient": "[PATIENT_1]", "n": 1.50}
        calls = [{"function": {"index": 0, "name": name, "arguments": arguments}}]
        upstream.reply(
            streamed(lines(chat_line(tool_calls=calls), chat_answer()), LINES)
            if stream
            else answer(chat_answer(tool_calls=calls))
        )
        parts = chatted(root, QUESTION, stream=stream, by=by, tools=[find_bed])
        sent = upstream.requests[-1].json()["tools"][0]["function"]
        assert sent["name"] == "find_bed"
        (call,) = [each for part in parts for each in part.message.tool_calls or ()]
        if name == "find_bed":
            assert (call.function.name, call.function.arguments) == (name, arguments)
        else:
            assert call.function.name == "guardrail_refused_proposal"
            assert call.function.arguments["proposed_tool"] == name
            assert call.function.arguments["proposed_arguments"] == arguments


def test_results_of_tools_are_cleared(client: Client, upstream: FakeUpstream) -> None:
    """And the arguments of the call that they answer."""
    upstream.reply(answer(chat_answer("Done.")))
    history: list[dict[str, Any]] = [
        *user("Where is she?"),
        {"role": "assistant", "tool_calls": [{"function": {"name": "find", "arguments": {"name": "Maria Delgado"}}}]},
        {"role": "tool", "tool_name": "find", "content": json.dumps({"name": "Maria Delgado", "mrn": "MRN 20417745"})},
    ]
    client.chat(model=MODEL, messages=history)
    assert no_secret(upstream.requests[-1].body)
    assert json.loads(upstream.requests[-1].json()["messages"][2]["content"]).keys() == {"name", "mrn"}


@pytest.mark.parametrize("form", ["json", {"type": "object", "properties": {"who": {"type": "string"}}}])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_structured_output_stays_json(root: str, upstream: FakeUpstream, stream: bool, form: Any) -> None:
    """Nothing is inserted; the notice goes beside it; the name is put back into the JSON."""
    pieces = ('{"who": "[PAT', 'IENT_1]", "n', '": 1.50}')
    reply(upstream, pieces, stream=stream)
    parts = chatted(root, QUESTION, stream=stream, by="sync", format=form)
    assert upstream.requests[-1].json()["format"] == form
    assert said(parts) == '{"who": "Maria Delgado", "n": 1.50}'


def test_thoughts(root: str, upstream: FakeUpstream) -> None:
    """They come where the SDK expects them, and no notice is put into them."""
    upstream.reply(
        streamed(
            lines(chat_line(thinking="[PATIENT_1] "), chat_line(thinking="asks."), chat_line("Hello."), chat_answer()),
            LINES,
        )
    )
    parts = chatted(root, QUESTION, stream=True, by="sync", think=True)
    assert upstream.requests[-1].json()["think"] is True
    assert "".join(part.message.thinking or "" for part in parts) == "Maria Delgado asks."
    assert said(parts).endswith("Hello.")
    assert NOTICE in said(parts)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_generate(client: Client, upstream: FakeUpstream, stream: bool) -> None:
    upstream.reply(streamed(generate_stream(PIECES), LINES) if stream else answer(generate_answer("".join(PIECES))))
    if stream:
        parts = list(client.generate(model=MODEL, prompt=QUESTION, system="Be kind.", stream=True))
    else:
        parts = [client.generate(model=MODEL, prompt=QUESTION, system="Be kind.")]
    assert no_secret(upstream.requests[-1].body)
    text = "".join(part.response or "" for part in parts)
    assert NOTICE in text[:200]
    assert SAID in text
    assert parts[-1].context is None  # tokens of the conversation, which nobody can inspect
    assert parts[-1].eval_count == 282


def test_token_numbers_are_refused(client: Client, upstream: FakeUpstream) -> None:
    before = len(upstream.requests)
    with pytest.raises(ollama.ResponseError) as caught:
        client.generate(model=MODEL, prompt="And?", context=[1, 2, 3])
    assert caught.value.status_code == 422
    assert "token ids" in caught.value.error
    assert len(upstream.requests) == before


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_between_two_texts_nothing_is_inserted(client: Client, upstream: FakeUpstream, stream: bool) -> None:
    """Code that is put into a file stays code."""
    pieces = ("    x = 1", "\n    y = 2\n")
    upstream.reply(streamed(generate_stream(pieces), LINES) if stream else answer(generate_answer("".join(pieces))))
    asked: dict[str, Any] = {"model": MODEL, "prompt": "def f():", "suffix": "    return x"}
    parts = list(client.generate(stream=True, **asked)) if stream else [client.generate(**asked)]
    assert "".join(part.response or "" for part in parts) == "".join(pieces)


def test_vectors(client: Client, direct: Client, upstream: FakeUpstream) -> None:
    """The texts are cleared; the vectors come as they are."""
    upstream.reply(answer(OLLAMA_EMBED.answer("")))
    through = client.embed(model="all-minilm", input=[QUESTION, SIMPLE])
    assert no_secret(upstream.requests[-1].body)
    assert through == direct.embed(model="all-minilm", input="x")
    upstream.reply(answer({"embedding": [0.25, -0.5]}))
    assert client.embeddings(model="all-minilm", prompt=QUESTION).embedding == [0.25, -0.5]
    assert no_secret(upstream.requests[-1].body)


def test_a_listing(client: Client, direct: Client, upstream: FakeUpstream) -> None:
    model = {"name": MODEL, "model": MODEL, "modified_at": "2026-05-03T10:00:00.123456789-07:00", "size": 2019393189,
             "digest": "a80c4f17acd5", "details": {"parent_model": "", "format": "gguf", "family": "llama",
             "families": ["llama"], "parameter_size": "3.2B", "quantization_level": "Q4_K_M"}}  # fmt: skip
    upstream.reply(answer({"models": [model]}))
    assert client.list() == direct.list()


@pytest.mark.parametrize("by", ["sync", "async"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_errors_are_the_sdks_own(root: str, upstream: FakeUpstream, stream: bool, by: str) -> None:
    """Its status, and none of its words."""
    upstream.reply(answer({"error": "model Maria Delgado not found"}, 404))
    with pytest.raises(ollama.ResponseError) as caught:
        chatted(root, SIMPLE, stream=stream, by=by)
    assert caught.value.status_code == 404
    assert "Maria" not in caught.value.error


@pytest.mark.parametrize("by", ["sync", "async"])
def test_a_broken_stream_is_an_error_of_the_sdk(root: str, upstream: FakeUpstream, by: str) -> None:
    """Broken off, or with an error in it: never a clean end."""
    data = chat_stream(PIECES)
    upstream.reply(streamed(data, LINES, cut=len(data) - 100))
    with pytest.raises(ollama.ResponseError):
        chatted(root, SIMPLE, stream=True, by=by)
    upstream.reply(streamed(lines(chat_line("Hi "), {"error": "Maria Delgado broke it"}), LINES))
    with pytest.raises(ollama.ResponseError) as caught:
        chatted(root, SIMPLE, stream=True, by=by)
    assert "Maria" not in caught.value.error


def test_a_whole_answer_where_a_stream_was_asked_for_is_inspected_too(root: str, upstream: FakeUpstream) -> None:
    """Some servers can't stream with tools."""
    upstream.reply(answer(chat_answer("Ask [PATIENT_1].")))
    parts = chatted(root, QUESTION, stream=True, by="sync")
    assert said(parts).endswith("Ask Maria Delgado.")


def test_lines_of_generate_have_their_own_place_for_words(client: Client, upstream: FakeUpstream) -> None:
    """An error in the middle of them is raised too."""
    upstream.reply(streamed(lines(generate_line("Hi "), {"error": "x"}), LINES))
    with pytest.raises(ollama.ResponseError):
        list(client.generate(model=MODEL, prompt=SIMPLE, stream=True))
