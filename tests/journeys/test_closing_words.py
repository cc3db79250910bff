"""What stands behind the last word of an answer, as the providers' own SDKs give it (WHO-41, WHO-48).

Every API says in a way of its own that an answer was cut off or that a part was withheld; readers see the same note.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import anthropic
import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from cohere import ClientV2
from google import genai
from google.genai import types
from ollama import Client
from openai import OpenAI

from guardrail.wire.eventstream import CONTENT_TYPE
from tests.specimens import anthropic_messages, bedrock_converse, gemini, ollama, openai_responses
from tests.specimens import cohere as cohere_chat
from tests.specimens.base import sse
from tests.support.fake_upstream import Answer, FakeUpstream, answer
from tests.support.openai_house import KEY, NOTICE, house, streamed
from tests.support.proxy import Proxy

CUT = "This answer was cut off before its end. Do not rely on it as complete."
FILTERED = "The provider withheld a part of this answer."
SIMPLE = "Which floor is radiology on?"
PIECES = ("The radiology ward ", "is on floor 2. Take the lift to")
SAID = "".join(PIECES)
NAMES = [
    *("openai.chat", "openai.responses", "anthropic.messages", "bedrock.converse", "gemini.generate"),
    *("cohere.chat", "ollama.chat"),
]


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[FakeUpstream, Proxy]]:
    with house(NAMES) as both:
        yield both


@pytest.fixture
def upstream(running: tuple[FakeUpstream, Proxy]) -> FakeUpstream:
    return running[0]


@pytest.fixture
def root(running: tuple[FakeUpstream, Proxy]) -> str:
    return f"http://127.0.0.1:{running[1].port}"


@dataclass(frozen=True)
class Api:
    """One API: `ask` gives the words that a reader sees; the provider's answer ends for a reason of its vocabulary."""

    ask: Callable[[str, str, bool], str]
    whole: Callable[[str, str], Any]
    stream: Callable[[tuple[str, ...], str], Answer]
    cut: str
    filtered: str
    fine: str


# ---- OpenAI Chat Completions


def _chat(root: str, text: str, stream: bool) -> str:
    with OpenAI(base_url=f"{root}/v1", api_key=KEY, max_retries=0, timeout=30) as sdk:
        asked: Any = {"model": "gpt-5", "messages": [{"role": "user", "content": text}]}
        if not stream:
            return sdk.chat.completions.create(**asked).choices[0].message.content or ""
        heard = ""
        for chunk in sdk.chat.completions.create(stream=True, **asked):
            heard += chunk.choices[0].delta.content or ""
            if chunk.choices[0].finish_reason:
                break  # as many applications do: what comes later is not read
        return heard


def _chat_whole(text: str, reason: str) -> Any:
    choice = {"index": 0, "message": {"role": "assistant", "content": text or None}, "finish_reason": reason}
    return {"id": "c1", "object": "chat.completion", "created": 1790000000, "model": "gpt-5", "choices": [choice]}


def _chat_stream(pieces: tuple[str, ...], reason: str) -> Answer:
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 1790000000, "model": "gpt-5"}
    deltas: list[tuple[Any, str | None]] = [({"role": "assistant", "content": ""}, None)]
    deltas += [({"content": piece}, None) for piece in pieces] + [({}, reason)]
    chunks = [{**head, "choices": [{"index": 0, "delta": d, "finish_reason": end}]} for d, end in deltas]
    return streamed(sse(*chunks) + b"data: [DONE]\n\n")


# ---- OpenAI Responses


def _responses(root: str, text: str, stream: bool) -> str:
    with OpenAI(base_url=f"{root}/v1", api_key=KEY, max_retries=0, timeout=30) as sdk:
        if not stream:
            return sdk.responses.create(model="gpt-5", input=text).output_text
        heard, final = "", None
        with sdk.responses.stream(model="gpt-5", input=text) as told:
            for event in told:
                if event.type == "response.output_text.delta":
                    heard += event.delta
                elif event.type in ("response.completed", "response.incomplete"):
                    final = event.response
        assert final is not None
        assert final.output_text == heard, "what came in pieces is what the end shows once more"
        return heard


def _ended(reason: str) -> dict[str, Any]:
    return {"incomplete_details": {"reason": reason}} if reason else {}


def _responses_whole(text: str, reason: str) -> Any:
    output = [openai_responses.message(text)] if text else []
    return openai_responses.response(output, "incomplete" if reason else "completed", **_ended(reason))


def _responses_stream(pieces: tuple[str, ...], reason: str) -> Answer:
    middle = list(openai_responses.said_events(pieces)) if pieces else []
    status = "incomplete" if reason else "completed"
    output = [openai_responses.message("".join(pieces))] if pieces else []
    events = [
        ("response.created", {"response": openai_responses.response([], "in_progress")}),
        *middle,
        (f"response.{status}", {"response": openai_responses.response(output, status, **_ended(reason))}),
    ]
    bodies = [(name, {"type": name, **body, "sequence_number": at}) for at, (name, body) in enumerate(events)]
    return streamed(sse(*bodies))


# ---- Anthropic


def _anthropic(root: str, text: str, stream: bool) -> str:
    with anthropic.Anthropic(base_url=root, api_key=KEY, max_retries=0, timeout=30) as sdk:
        asked: Any = {"model": "claude-x", "max_tokens": 9, "messages": [{"role": "user", "content": text}]}
        if stream:
            with sdk.messages.stream(**asked) as told:
                got = told.get_final_message()
        else:
            got = sdk.messages.create(**asked)
        return "".join(each.text for each in got.content if each.type == "text")


def _anthropic_whole(text: str, reason: str) -> Any:
    return anthropic_messages.message(*([{"type": "text", "text": text}] if text else []), reason=reason)


def _anthropic_stream(pieces: tuple[str, ...], reason: str) -> Answer:
    blocks = anthropic_messages.text_block(0, *pieces) if pieces else []
    return streamed(sse(anthropic_messages.begin(), *blocks, *anthropic_messages.end(reason)))


# ---- Bedrock


def _bedrock(root: str, text: str, stream: bool) -> str:
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    client = boto3.session.Session().client(
        "bedrock-runtime", endpoint_url=root, region_name="eu-central-1", config=config
    )
    asked = {"modelId": "anthropic.claude-x", "messages": [{"role": "user", "content": [{"text": text}]}]}
    with closing(client) as aws:
        if not stream:
            return "".join(each.get("text", "") for each in aws.converse(**asked)["output"]["message"]["content"])
        with closing(aws.converse_stream(**asked)["stream"]) as told:
            events = list(told)
    order = [next(iter(event)) for event in events]
    assert order.index("messageStop") > max(at for at, name in enumerate(order) if name == "contentBlockStop")
    deltas = [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]
    return "".join(delta.get("text", "") for delta in deltas)


def _bedrock_whole(text: str, reason: str) -> Any:
    return bedrock_converse.answer(*([{"text": text}] if text else []), reason=reason)


def _bedrock_stream(pieces: tuple[str, ...], reason: str) -> Answer:
    blocks = bedrock_converse.text_block(0, *pieces) if pieces else []
    data = bedrock_converse.frames(bedrock_converse.begin(), *blocks, *bedrock_converse.end(reason))
    return streamed(data, CONTENT_TYPE)


# ---- Gemini


def _gemini(root: str, text: str, stream: bool) -> str:
    options = types.HttpOptions(base_url=root, timeout=30_000)
    with genai.Client(api_key=KEY, http_options=options) as sdk:
        if not stream:
            return sdk.models.generate_content(model="gemini-2.5-flash-001", contents=text).text or ""
        told = sdk.models.generate_content_stream(model="gemini-2.5-flash-001", contents=text)
        return "".join(each.text or "" for each in told)


def _gemini_whole(text: str, reason: str) -> Any:
    return gemini.answer(*([{"text": text}] if text else []), reason=reason)


def _gemini_stream(pieces: tuple[str, ...], reason: str) -> Answer:
    """The reason comes together with the last words, as Google sends it."""
    parts = [gemini.answer({"text": piece}, reason=None) for piece in pieces[:-1]]
    last = gemini.answer(*({"text": piece} for piece in pieces[-1:]), reason=reason)
    return streamed(sse(*parts, last))


# ---- Cohere


def _cohere(root: str, text: str, stream: bool) -> str:
    asked: Any = {"model": "command-a", "messages": [{"role": "user", "content": text}]}
    with ClientV2(KEY, base_url=root) as sdk:
        if not stream:
            content = sdk.chat(**asked).message.content or ()
            return "".join(part.text for part in content if part.type == "text")
        parts = [each for each in sdk.chat_stream(**asked) if each.type in ("content-start", "content-delta")]
        return "".join(part.delta.message.content.text or "" for part in parts)


def _cohere_whole(text: str, reason: str) -> Any:
    content = [{"type": "text", "text": text}] if text else []
    return cohere_chat.answer({"role": "assistant", "content": content}, reason)


def _cohere_stream(pieces: tuple[str, ...], reason: str) -> Answer:
    blocks = cohere_chat.block(0, pieces) if pieces else []
    return streamed(sse(cohere_chat.begun(), *blocks, cohere_chat.ended(reason)))


# ---- Ollama


def _ollama(root: str, text: str, stream: bool) -> str:
    asked: Any = {"model": "llama3.2:3b", "messages": [{"role": "user", "content": text}]}
    with Client(host=root) as sdk:
        if not stream:
            return sdk.chat(**asked).message.content or ""
        return "".join(part.message.content or "" for part in sdk.chat(stream=True, **asked))


def _ollama_whole(text: str, reason: str) -> Any:
    return {**ollama.chat_answer(text), "done_reason": reason}


def _ollama_stream(pieces: tuple[str, ...], reason: str) -> Answer:
    return streamed(
        ollama.lines(*(ollama.chat_line(piece) for piece in pieces), _ollama_whole("", reason)), "application/x-ndjson"
    )


APIS: Mapping[str, Api] = {
    "openai.chat": Api(_chat, _chat_whole, _chat_stream, "length", "content_filter", "stop"),
    "openai.responses": Api(_responses, _responses_whole, _responses_stream, "max_output_tokens", "content_filter", ""),
    "anthropic": Api(_anthropic, _anthropic_whole, _anthropic_stream, "max_tokens", "refusal", "end_turn"),
    "bedrock": Api(_bedrock, _bedrock_whole, _bedrock_stream, "max_tokens", "content_filtered", "end_turn"),
    "gemini": Api(_gemini, _gemini_whole, _gemini_stream, "MAX_TOKENS", "SAFETY", "STOP"),
    "cohere": Api(_cohere, _cohere_whole, _cohere_stream, "MAX_TOKENS", "ERROR_TOXIC", "COMPLETE"),
    "ollama": Api(_ollama, _ollama_whole, _ollama_stream, "length", "content_filter", "stop"),
}
EVERY = pytest.mark.parametrize("api", APIS.values(), ids=APIS)
BOTH = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


def _told(api: Api, upstream: FakeUpstream, root: str, reason: str, stream: bool, *, words: bool = True) -> str:
    pieces = PIECES if words else ()
    upstream.reply(api.stream(pieces, reason) if stream else answer(api.whole("".join(pieces), reason)))
    return api.ask(root, SIMPLE, stream)


@EVERY
@BOTH
def test_an_answer_that_was_cut_off_says_so_behind_its_last_word(
    upstream: FakeUpstream, root: str, api: Api, stream: bool
) -> None:
    """WHO-41: notice, the provider's words, and then the note, once."""
    text = _told(api, upstream, root, api.cut, stream)
    assert text.startswith("This answer was") or NOTICE in text[:200]
    assert text.endswith(f"{SAID}\n\n{CUT}")
    assert text.count(CUT) == 1


@EVERY
@BOTH
def test_an_answer_of_which_a_part_was_withheld_says_so(
    upstream: FakeUpstream, root: str, api: Api, stream: bool
) -> None:
    """The provider's own filter, in whatever words it tells of it."""
    assert _told(api, upstream, root, api.filtered, stream).endswith(f"{SAID}\n\n{FILTERED}")


@EVERY
@BOTH
def test_an_answer_that_ends_by_itself_has_nothing_behind_it(
    upstream: FakeUpstream, root: str, api: Api, stream: bool
) -> None:
    """No note under every answer: it would soon be read by nobody."""
    assert _told(api, upstream, root, api.fine, stream).endswith(SAID)


@EVERY
@BOTH
def test_an_empty_answer_that_was_cut_off_is_not_left_empty(
    upstream: FakeUpstream, root: str, api: Api, stream: bool
) -> None:
    """All tokens went into thoughts, say: the reader sees who speaks here and what happened."""
    text = _told(api, upstream, root, api.cut, stream, words=False)
    assert NOTICE in text
    assert text.endswith(CUT)


# ---- translations

ASKED = "Translate into Spanish: Take 2 tablets of 40 mg in the morning. Do not drive."
GOOD = ("Tome 2 comprimidos de 40 mg por ", "la mañana. No conduzca.")
WRONG = ("Tome 2 comprimidos de 400 mg por ", "la mañana. No conduzca.")
NUMBERS = "Numbers in this translation differ from the source. Have a qualified human translator check it."


@EVERY
@BOTH
def test_a_translation_with_another_number_says_so_in_the_readers_language(
    upstream: FakeUpstream, root: str, api: Api, stream: bool
) -> None:
    """WHO-48: the one who asked reads English; a faithful translation has nothing behind it."""
    for pieces, end in ((WRONG, NUMBERS), (GOOD, "No conduzca.")):
        text = "".join(pieces)
        upstream.reply(api.stream(pieces, api.fine) if stream else answer(api.whole(text, api.fine)))
        told = api.ask(root, ASKED, stream)
        assert text in told
        assert told.endswith(end)


# ---- where no words of ours may stand


@BOTH
def test_json_that_was_cut_off_stays_as_it_is(upstream: FakeUpstream, root: str, stream: bool) -> None:
    """Structured output: the note is the member `guardrail`, beside the words."""
    text = '{"floor":2,"ward":"rad'
    upstream.reply(_chat_stream((text,), "length") if stream else answer(_chat_whole(text, "length")))
    shape: Any = {"type": "json_schema", "json_schema": {"name": "floor", "schema": {"type": "object"}}}
    asked: Any = {"model": "gpt-5", "messages": [{"role": "user", "content": SIMPLE}], "response_format": shape}
    with OpenAI(base_url=f"{root}/v1", api_key=KEY, max_retries=0) as sdk:
        if stream:
            parts: list[Any] = list(sdk.chat.completions.create(stream=True, **asked))
            words = "".join(part.choices[0].delta.content or "" for part in parts)
        else:
            got = sdk.chat.completions.create(**asked)
            parts, words = [got], got.choices[0].message.content or ""
    notes = [note for part in parts if (note := getattr(part, "guardrail", None))]
    assert words == text or words.endswith(text)
    assert CUT not in words
    assert any("incomplete" in note["notices"] and note["text"].endswith(CUT) for note in notes)


@BOTH
def test_a_call_of_a_tool_that_was_cut_off_has_no_words_behind_it(
    upstream: FakeUpstream, root: str, stream: bool
) -> None:
    """A message that calls tools must be answered with their results: the note goes beside it."""
    arguments = {"floor": "2"}
    call = {"type": "tool_use", "id": "toolu_1", "name": "find_visits", "input": arguments}
    text = {"type": "text", "text": "Let me look."}
    events = [
        anthropic_messages.begin(),
        *anthropic_messages.text_block(0, "Let me look."),
        *anthropic_messages.tool_block(1, "find_visits", arguments),
        *anthropic_messages.end("max_tokens"),
    ]
    whole = anthropic_messages.message(text, call, reason="max_tokens")
    upstream.reply(streamed(sse(*events)) if stream else answer(whole))
    asked: Any = {"model": "claude-x", "max_tokens": 9, "messages": [{"role": "user", "content": SIMPLE}]}
    with anthropic.Anthropic(base_url=root, api_key=KEY, max_retries=0) as sdk:
        raw = sdk.messages.with_raw_response.create(stream=stream, **asked).text()
    assert CUT in raw
    if stream:
        blocks = [json.loads(line[6:]) for line in raw.splitlines() if line.startswith("data: ")]
        assert [each["index"] for each in blocks if each["type"] == "content_block_start"] == [0, 1]
        assert CUT in next(each for each in blocks if each["type"] == "guardrail")["guardrail"]["text"]
    else:
        got = json.loads(raw)
        assert [each["type"] for each in got["content"]] == ["text", "tool_use"]
        assert got["content"][0]["text"].endswith("Let me look.")
        assert got["guardrail"]["notices"] == ["incomplete"]


# ---- marks for machines (WHO-03)

OBSERVATION = '{"resourceType":"Observation","status":"final","valueQuantity":{"value":7.10,"unit":"mmol/L"}}'
TAG = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "AIAST",
    "display": "Artificial Intelligence asserted",
}


@BOTH
def test_a_fhir_resource_carries_its_mark(upstream: FakeUpstream, root: str, stream: bool) -> None:
    """In structured output, whole and streamed; nothing else in it changes."""
    pieces = (OBSERVATION[:30], OBSERVATION[30:])
    upstream.reply(_chat_stream(pieces, "stop") if stream else answer(_chat_whole(OBSERVATION, "stop")))
    shape: Any = {"type": "json_schema", "json_schema": {"name": "fhir", "schema": {"type": "object"}}}
    asked: Any = {"model": "gpt-5", "messages": [{"role": "user", "content": SIMPLE}], "response_format": shape}
    with OpenAI(base_url=f"{root}/v1", api_key=KEY, max_retries=0) as sdk:
        if stream:
            parts = list(sdk.chat.completions.create(stream=True, **asked))
            words = "".join(part.choices[0].delta.content or "" for part in parts)
        else:
            words = sdk.chat.completions.create(**asked).choices[0].message.content or ""
    assert json.loads(words)["meta"] == {"security": [TAG]}
    tag = '"meta":{"security":[' + json.dumps(TAG, separators=(",", ":")) + "]},"
    assert words.replace(tag, "") == OBSERVATION


def test_a_mark_that_others_set_is_not_believed(upstream: FakeUpstream, root: str) -> None:
    """Neither the client's nor the provider's AI-Disclosure passes: both are free text, and either could deny it."""
    denied = {"AI-Disclosure": "mode=none"}
    upstream.reply(answer(_chat_whole("Floor 2.", "stop"), headers=denied))
    with OpenAI(base_url=f"{root}/v1", api_key=KEY, max_retries=0, default_headers=denied) as sdk:
        messages: Any = [{"role": "user", "content": SIMPLE}]
        got = sdk.chat.completions.with_raw_response.create(model="gpt-5", messages=messages)
    assert got.headers.get_list("ai-disclosure") == ["mode=machine-generated"]
    assert upstream.requests[-1].header("ai-disclosure") is None
