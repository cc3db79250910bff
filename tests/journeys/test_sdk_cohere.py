"""Cohere's own SDK as the application: what it gets through the proxy is what it gets directly, but for the words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import cohere
import pytest
from cohere import AsyncClientV2, ClientV2
from cohere.core.api_error import ApiError

from tests.specimens.base import sse
from tests.specimens.cohere import (
    COHERE_EMBED,
    COHERE_RERANK,
    begun,
    block,
    call,
    calling,
    content,
    ended,
    event,
    planned,
    stream,
    text_answer,
)
from tests.specimens.cohere import (
    answer as whole,
)
from tests.support.fake_upstream import FakeUpstream, answer
from tests.support.openai_house import CRISIS, KEY, NOTICE, QUESTION, SIMPLE, house, no_secret, streamed
from tests.support.proxy import Proxy

MODEL = "command-a-03-2025"
PIECES = ("Please ", "ask [PATIENT", "_1] to rest. ", "As your doc", "tor, I think water helps.")
SAID = "Please ask Maria Delgado to rest."


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[FakeUpstream, Proxy]]:
    dialects = [f"cohere.{name}" for name in ("chat", "embed", "rerank")]
    with house(dialects) as both:
        yield both


@pytest.fixture
def upstream(running: tuple[FakeUpstream, Proxy]) -> FakeUpstream:
    return running[0]


@pytest.fixture
def root(running: tuple[FakeUpstream, Proxy]) -> str:
    return f"http://127.0.0.1:{running[1].port}"


def user(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


def chatted(root: str, text: str, *, streams: bool = False, by: str = "sync", **more: Any) -> list[Any]:
    """All objects that the SDK gives."""
    asked: dict[str, Any] = {"model": MODEL, "messages": user(text), "request_options": {"max_retries": 0}, **more}
    if by == "sync":
        with ClientV2(KEY, base_url=root) as sdk:
            return list(sdk.chat_stream(**asked)) if streams else [sdk.chat(**asked)]

    async def ask() -> list[Any]:
        async with AsyncClientV2(KEY, base_url=root) as sdk:
            if streams:
                return [part async for part in sdk.chat_stream(**asked)]
            return [await sdk.chat(**asked)]

    return asyncio.run(ask())


def reply(upstream: FakeUpstream, pieces: tuple[str, ...], *, streams: bool) -> None:
    upstream.reply(streamed(stream(pieces)) if streams else answer(text_answer("".join(pieces))))


def said(parts: list[Any]) -> str:
    """All words of an answer."""
    if parts[0].__class__.__name__ == "V2ChatResponse":
        return "".join(part.text for part in parts[0].message.content or () if part.type == "text")
    deltas = [part for part in parts if part.type in ("content-start", "content-delta")]
    return "".join(part.delta.message.content.text or "" for part in deltas)


def calls(parts: list[Any]) -> list[tuple[str, Any]]:
    """The calls of tools."""
    if parts[0].__class__.__name__ == "V2ChatResponse":
        return [(each.function.name, json.loads(each.function.arguments)) for each in parts[0].message.tool_calls or ()]
    found: dict[int, list[str]] = {}
    for part in parts:
        if part.type == "tool-call-start":
            function = part.delta.message.tool_calls.function
            found[part.index] = [function.name, function.arguments]
        elif part.type == "tool-call-delta":
            found[part.index][1] += part.delta.message.tool_calls.function.arguments
    return [(name, json.loads(arguments)) for name, arguments in found.values()]


@pytest.mark.parametrize("by", ["sync", "async"])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_nobody_is_told_and_the_reader_is(root: str, upstream: FakeUpstream, streams: bool, by: str) -> None:
    """PHI never upstream and back in the answer; notice first; a machine speaks; the key goes on."""
    reply(upstream, PIECES, streams=streams)
    parts = chatted(root, QUESTION, streams=streams, by=by)
    assert no_secret(upstream.requests[-1].body)
    assert upstream.requests[-1].header("authorization") == f"Bearer {KEY}"
    text = said(parts)
    assert NOTICE in text[:200]
    assert SAID in text
    assert "your doctor, I" not in text
    if streams:
        assert parts[-1].delta.finish_reason == "COMPLETE"
        assert len(parts) >= len(PIECES)


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_an_answer_that_nothing_is_said_of_is_the_same_object(root: str, upstream: FakeUpstream, streams: bool) -> None:
    """But for the notice."""
    reply(upstream, ("The radiology ward ", "is on floor 2."), streams=streams)
    through, straight = chatted(root, SIMPLE, streams=streams), chatted(upstream.url, SIMPLE, streams=streams)
    if streams:
        notice = through.pop(2)
        assert notice.type == "content-delta"
        assert NOTICE in notice.delta.message.content.text
        assert said(through) == "The radiology ward is on floor 2."
    else:
        part = through[0].message.content[0]
        assert part.text.endswith("The radiology ward is on floor 2.")
        part.text = straight[0].message.content[0].text
    assert through == straight


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_the_way_to_help_comes_first(root: str, upstream: FakeUpstream, streams: bool) -> None:
    """Also before a call of a tool, and though the provider is down."""
    upstream.reply(
        streamed(sse(begun(), planned("I look."), *calling(0, "find_bed", {"ward": "3"}), ended("TOOL_CALL")))
        if streams
        else answer(whole({"tool_plan": "I look.", "tool_calls": [call("find_bed", '{"ward": "3"}')]}, "TOOL_CALL"))
    )
    parts = chatted(root, CRISIS, streams=streams)
    assert said(parts).startswith("You may be going through")
    assert calls(parts) == [("find_bed", {"ward": "3"})]
    if streams:
        assert [part.type for part in parts[:2]] == ["message-start", "content-start"]
    upstream.reply(answer({"message": "overloaded"}, 503))
    assert said(chatted(root, CRISIS, streams=streams)).startswith("You may be going through")


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_blocks_behind_one_of_ours_are_counted(root: str, upstream: FakeUpstream, streams: bool) -> None:
    """The way to help is a block before the others; citations point to the same words as before."""
    source = {"type": "document", "id": "doc:0", "document": {"id": "doc:0", "text": "Ward 3."}}
    citation = {"start": 0, "end": 6, "text": "Ward 3", "sources": [source], "content_index": 0, "type": "TEXT_CONTENT"}
    if streams:
        cited = event("citation-start", index=0, delta={"message": {"citations": citation}})
        upstream.reply(
            streamed(sse(begun(), *block(0, ["Ward 3", " it is."]), cited, event("citation-end", index=0), ended()))
        )
        parts = chatted(root, CRISIS, streams=True)
        starts = [part.index for part in parts if part.type == "content-start"]
        assert starts == [0, 1]
        (told,) = [part.delta.message.citations for part in parts if part.type == "citation-start"]
        assert (told.content_index, told.text) == (1, "Ward 3")
        assert told.sources[0].document == source["document"]
    else:
        text = {"type": "text", "text": "Ward 3 it is."}
        upstream.reply(answer(whole({"content": [text], "citations": [citation]})))
        (parts,) = chatted(root, SIMPLE)
        assert parts.message.citations[0].text == "Ward 3"


def test_documents_are_cleared_and_come_back(root: str, upstream: FakeUpstream) -> None:
    """What a citation tells of them is the client's own."""
    reply(upstream, ("Hello.",), streams=False)
    data = {"title": "Chart", "text": "Maria Delgado, MRN 20417745, ward 3."}
    chatted(root, QUESTION, documents=["Maria Delgado sleeps.", {"id": "chart", "data": data}])
    sent = upstream.requests[-1]
    assert no_secret(sent.body)
    source = {"type": "document", "id": "chart", "document": sent.json()["documents"][1]["data"]}
    citation = {"start": 0, "end": 5, "text": "[PATIENT_1]", "sources": [source]}
    upstream.reply(
        answer(whole({"content": [{"type": "text", "text": "[PATIENT_1] sleeps."}], "citations": [citation]}))
    )
    (told,) = chatted(root, QUESTION, documents=[{"id": "chart", "data": data}])
    assert told.message.content[0].text.endswith("Maria Delgado sleeps.")
    (cited,) = told.message.citations
    assert cited.text == "Maria Delgado"
    assert cited.sources[0].document == data


TOOL = {"type": "function", "function": {"name": "find_bed", "parameters": {"type": "object", "properties": {
    "patient": {"type": "string"}}}}}  # fmt: skip


@pytest.mark.parametrize("by", ["sync", "async"])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_tools(root: str, upstream: FakeUpstream, streams: bool, by: str) -> None:
    """A tool that no policy names gets placeholders; an action is a proposal; the plan is a thought."""
    arguments = {"patient": "[PATIENT_1]", "n": 1.5}
    for name in ("find_bed", "prescribe_medication"):
        upstream.reply(
            streamed(
                sse(begun(), planned("[PATIENT"), planned("_1]."), *calling(0, name, arguments), ended("TOOL_CALL"))
            )
            if streams
            else answer(whole({"tool_plan": "[PATIENT_1].", "tool_calls": [call(name, json.dumps(arguments))]}))
        )
        parts = chatted(root, QUESTION, streams=streams, by=by, tools=[TOOL])
        assert no_secret(upstream.requests[-1].body)
        ((told, given),) = calls(parts)
        if name == "find_bed":
            assert (told, given) == (name, arguments)
        else:
            assert told == "guardrail_refused_proposal"
            assert (given["proposed_tool"], given["proposed_arguments"]) == (name, arguments)
        if streams:
            plans = [part.delta.message.tool_plan for part in parts if part.type == "tool-plan-delta"]
            notes = [part.guardrail for part in parts if part.type == "debug"]
            assert len(notes) == 1
            assert NOTICE in notes[0]["text"]
        else:
            plans = [parts[0].message.tool_plan]
            assert NOTICE in parts[0].guardrail["text"]
        assert "".join(plans) == "Maria Delgado."


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_structured_output_stays_json(root: str, upstream: FakeUpstream, streams: bool) -> None:
    """Nothing is inserted; the notice goes beside it; the name is put back into the JSON."""
    form = {"type": "json_object", "json_schema": {"type": "object", "properties": {"who": {"type": "string"}}}}
    reply(upstream, ('{"who": "[PAT', 'IENT_1]", "n', '": 1.50}'), streams=streams)
    parts = chatted(root, QUESTION, streams=streams, response_format=form)
    assert upstream.requests[-1].json()["response_format"] == form
    assert said(parts) == '{"who": "Maria Delgado", "n": 1.50}'
    told = next(part for part in parts if getattr(part, "guardrail", None))
    assert NOTICE in told.guardrail["text"]


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_thoughts(root: str, upstream: FakeUpstream, streams: bool) -> None:
    """They come where the SDK expects them, and no notice is put into them."""
    if streams:
        thinking = [
            content("content-start", 0, type="thinking", thinking=""),
            content("content-delta", 0, thinking="[PATIENT_1] "),
            content("content-delta", 0, thinking="asks."),
            event("content-end", index=0),
        ]
        upstream.reply(streamed(sse(begun(), *thinking, *block(1, ["Hello."]), ended())))
        parts = chatted(root, QUESTION, streams=True, thinking={"type": "enabled"})
        deltas = [part.delta.message.content for part in parts if part.type == "content-delta"]
        assert "".join(each.thinking or "" for each in deltas) == "Maria Delgado asks."
    else:
        thought = {"type": "thinking", "thinking": "[PATIENT_1] asks."}
        upstream.reply(answer(whole({"content": [thought, {"type": "text", "text": "Hello."}]})))
        parts = chatted(root, QUESTION, thinking={"type": "enabled"})
        assert parts[0].message.content[0].thinking == "Maria Delgado asks."
    assert said(parts).endswith("Hello.")
    assert NOTICE in said(parts)


def test_vectors_and_orders(root: str, upstream: FakeUpstream) -> None:
    """The texts are cleared; the numbers come as they are, and the client's own texts as it sent them."""
    with ClientV2(KEY, base_url=root) as client, ClientV2(KEY, base_url=upstream.url) as direct:
        asked: dict[str, Any] = {"model": "embed-v4.0", "input_type": "search_query", "embedding_types": ["float"]}
        upstream.reply(lambda request: answer(COHERE_EMBED.answer(request.json()["texts"][0])))
        through = client.embed(texts=["Maria Delgado"], **asked)
        assert b"Delgado" not in upstream.requests[-1].body
        assert through.texts == ["Maria Delgado"]
        straight = direct.embed(texts=["x"], **asked)
        assert through.embeddings == straight.embeddings
        assert through.embeddings.float_ == [[0.01, -0.02]]
        upstream.reply(answer(COHERE_RERANK.answer("")))
        ranked = client.rerank(model="rerank-v3.5", query=QUESTION, documents=["Maria Delgado, MRN 20417745", "x"])
        assert no_secret(upstream.requests[-1].body)
        assert ranked == direct.rerank(model="rerank-v3.5", query="x", documents=["x", "y"])


@pytest.mark.parametrize("by", ["sync", "async"])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    ("status", "raised"),
    [(400, cohere.BadRequestError), (401, cohere.UnauthorizedError), (429, cohere.TooManyRequestsError)],
)
def test_errors_are_the_sdks_own(
    root: str, upstream: FakeUpstream, streams: bool, by: str, status: int, raised: type[ApiError]
) -> None:
    """Its status, and none of its words."""
    upstream.reply(answer({"message": "Maria Delgado is no model"}, status))
    with pytest.raises(raised) as caught:
        chatted(root, SIMPLE, streams=streams, by=by)
    assert caught.value.body == {"message": f"The provider answered {status}."}


def test_what_is_refused_is_an_error_of_the_sdk(root: str, upstream: FakeUpstream) -> None:
    """It names the field."""
    before = len(upstream.requests)
    image = {"type": "image_url", "image_url": {"url": "https://example.org/maria.png"}}
    with pytest.raises(cohere.UnprocessableEntityError) as caught:
        chatted(root, SIMPLE, messages=[{"role": "user", "content": [image]}])
    assert caught.value.body["code"] == "uninspected_part"
    assert caught.value.body["param"] == "messages[0].content[0].image_url.url"
    assert len(upstream.requests) == before


@pytest.mark.parametrize("by", ["sync", "async"])
def test_a_broken_stream_ends_in_an_error(root: str, upstream: FakeUpstream, by: str) -> None:
    """The SDK raises nothing inside a stream, whatever comes: the message ends with the API's own word for it."""
    data = stream(PIECES)
    upstream.reply(streamed(data, cut=len(data) - 60))
    parts = chatted(root, SIMPLE, streams=True, by=by)
    assert (parts[-1].type, parts[-1].delta.finish_reason) == ("message-end", "ERROR")
    assert parts[-1].delta.error
    upstream.reply(streamed(sse(begun(), *block(0, ["Hi"]), ended("ERROR", error="Maria Delgado broke it"))))
    parts = chatted(root, SIMPLE, streams=True, by=by)
    assert (parts[-1].delta.finish_reason, parts[-1].delta.error) == (
        "ERROR",
        "The provider broke off with an error.",
    )
