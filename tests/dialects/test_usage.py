"""The provider's own counts, and the model that its answer names (WHO-44, WHO-85): whole and streamed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.dialects.base import NO_CALL, AnswerDocument, Ask, RequestDocument, StreamCodec
from guardrail.dialects.catalog import lookup
from guardrail.dialects.settings import DEFAULTS
from guardrail.dialects.usage import MOST, Meter, Places, is_count, read
from guardrail.errors import UnknownRoute
from guardrail.events import Tokens
from guardrail.policy.apis import Api
from tests.matrix.catalogue import ALL, SPEAKING
from tests.specimens import anthropic_messages as claude
from tests.specimens import bedrock_converse as converse
from tests.specimens import gemini, generic
from tests.specimens.base import Body, Specimen, sse

BY_NAME = {specimen.name: specimen for specimen in ALL}
NONE = Tokens()

Told = tuple[Tokens, str]

WHOLE: Mapping[str, Told] = {
    "anthropic.count_tokens": (NONE, ""),  # a number that was asked for, and nothing that was used up
    "anthropic.messages": (Tokens(9, 9), "claude-x-2026"),
    "bedrock.converse": (Tokens(9, 9), ""),
    "bedrock.embed": (Tokens(5), ""),
    "bedrock.embed cohere": (NONE, ""),
    "bedrock.invoke": (Tokens(9, 9), "claude-x-2026"),
    "bedrock.invoke llama": (Tokens(5, 9), ""),
    "bedrock.invoke mistral": (NONE, ""),
    "bedrock.invoke nova": (Tokens(9, 9), ""),
    "bedrock.invoke titan": (Tokens(5, 9), ""),
    "cohere.chat": (Tokens(5, 8), ""),  # what is billed
    "cohere.embed": (NONE, ""),
    "cohere.rerank": (NONE, ""),
    "gemini.count_tokens": (NONE, ""),
    "gemini.embed": (NONE, ""),
    "gemini.generate": (Tokens(9, 9), "gemini-2.5-flash-001"),
    "generic.house-array": (NONE, ""),
    "generic.house-lines": (NONE, ""),
    "generic.house-llm": (NONE, ""),  # nobody has said where they stand
    "mistral.fim": (Tokens(9, 9), "gpt-4o-2026"),
    "ollama.chat": (Tokens(26, 282), "llama3.2:3b"),
    "ollama.embed": (Tokens(8), "all-minilm"),
    "ollama.generate": (Tokens(26, 282), "llama3.2:3b"),
    "openai.chat": (Tokens(9, 9), "gpt-4o-2026"),
    "openai.completions": (Tokens(9, 9), "gpt-3.5-turbo-instruct"),
    "openai.embeddings": (Tokens(8), "text-embedding-3-small"),
    "openai.moderations": (NONE, "omni-moderation-latest"),
    "openai.responses": (Tokens(9, 9, 0, 0), "gpt-5-2026"),
}
STREAMED: Mapping[str, Told] = {
    **{name: told for name, told in WHOLE.items() if BY_NAME[name].stream is not None},
    **{f"bedrock.invoke {name}": (Tokens(9, 9), "") for name in ("llama", "mistral", "titan")},  # by Amazon, at the end
    "mistral.fim": (NONE, "gpt-4o-2026"),  # nobody asked for the counts
    "openai.chat": (NONE, "gpt-4o-2026"),
    "openai.completions": (NONE, "gpt-3.5-turbo-instruct"),
}


def asked(specimen: Specimen, *, stream: bool = False) -> RequestDocument:
    """The request of this specimen, as its dialect reads it."""
    path = (specimen.stream_path if stream else specimen.path) or ""
    question = specimen.stream_question if stream else specimen.question
    assert question is not None
    return specimen.make(DEFAULTS).read_request(json.dumps(question("Hello")).encode(), _ask(path))


def _ask(path: str) -> Ask:
    try:
        return lookup("POST", path.partition("?")[0]).ask({})
    except UnknownRoute:  # an API of the policy's
        return NO_CALL


def whole(specimen: Specimen, body: Body) -> AnswerDocument:
    return specimen.make(DEFAULTS).read_response(json.dumps(body).encode(), asked(specimen))


def streaming(specimen: Specimen) -> StreamCodec:
    codec = specimen.make(DEFAULTS).open_stream(asked(specimen, stream=True), specimen.stream_type)
    assert codec is not None
    return codec


def streamed(specimen: Specimen, data: bytes, size: int = 1 << 20) -> Told:
    codec = streaming(specimen)
    for at in range(0, len(data), size):
        codec.feed(data[at : at + size])
    codec.flush()
    return codec.usage, codec.served


def test_no_dialect_is_left_out() -> None:
    assert WHOLE.keys() == BY_NAME.keys()
    assert STREAMED.keys() == {specimen.name for specimen in SPEAKING}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_answer_is_counted_by_its_provider(name: str) -> None:
    document = whole(BY_NAME[name], BY_NAME[name].answer("Good morning."))
    assert (document.usage, document.served) == WHOLE[name]


@pytest.mark.parametrize("name", STREAMED)
def test_so_is_a_stream(name: str) -> None:
    stream = BY_NAME[name].stream
    assert stream is not None
    assert streamed(BY_NAME[name], stream(["Good ", "morning", ", Ada", "."])) == STREAMED[name]


# ---- what only some answers tell

_OPENAI = {
    "prompt_tokens": 90,
    "completion_tokens": 40,
    "prompt_tokens_details": {"cached_tokens": 64, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 32},
}
_RESPONSES = {
    "input_tokens": 90,
    "input_tokens_details": {"cached_tokens": 64},
    "output_tokens": 40,
    "output_tokens_details": {"reasoning_tokens": 32},
}
_ANTHROPIC = {
    "input_tokens": 20,
    "cache_creation_input_tokens": 6,
    "cache_read_input_tokens": 64,
    "output_tokens": 40,
}
_GOOGLE = {
    "promptTokenCount": 80,
    "toolUsePromptTokenCount": 10,
    "cachedContentTokenCount": 64,
    "candidatesTokenCount": 8,
    "thoughtsTokenCount": 32,
}
_AMAZON = {"inputTokens": 20, "cacheReadInputTokens": 64, "cacheWriteInputTokens": 6, "outputTokens": 40}


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        ("openai.chat", {"usage": _OPENAI}, Tokens(90, 40, 64, 32)),
        ("openai.chat", {"usage": {"prompt_tokens": 9, "prompt_cache_hit_tokens": 7}}, Tokens(9, None, 7)),
        ("openai.responses", {"usage": _RESPONSES}, Tokens(90, 40, 64, 32)),
        ("anthropic.messages", {"usage": _ANTHROPIC}, Tokens(90, 40, 64)),
        ("gemini.generate", {"usageMetadata": _GOOGLE}, Tokens(90, 40, 64, 32)),
        ("bedrock.converse", {"usage": _AMAZON}, Tokens(90, 40, 64)),
        ("bedrock.invoke nova", {"usage": _AMAZON}, Tokens(90, 40, 64)),
        ("cohere.chat", {"usage": {"tokens": {"input_tokens": 90, "output_tokens": 40}}}, Tokens(90, 40)),
        ("cohere.embed", {"meta": {"billed_units": {"input_tokens": 90}}}, Tokens(90)),
        ("gemini.embed", {"usageMetadata": {"promptTokenCount": 90}}, Tokens(90)),
    ],
)
def test_all_of_a_request_and_all_of_an_answer_are_meant(name: str, more: Body, expected: Tokens) -> None:
    """Some count a cache or the thoughts beside the rest: here they are parts of it, in every dialect."""
    body = {**BY_NAME[name].answer("Good morning."), **more}
    assert whole(BY_NAME[name], body).usage == expected


def test_counts_of_a_list_are_added_up_if_all_of_it_is_told() -> None:
    def vectors(*counts: object) -> Body:
        told = [{"embeddings": {"values": [0.5], "statistics": {"token_count": count}}} for count in counts]
        return {"predictions": told}

    assert whole(BY_NAME["gemini.embed"], vectors(4, 5)).usage == Tokens(9)
    assert whole(BY_NAME["gemini.embed"], vectors(4, None)).usage == NONE


@pytest.mark.parametrize("name", ["openai.chat", "openai.completions", "mistral.fim"])
def test_a_chunk_of_its_own_tells_the_counts_of_openai(name: str) -> None:
    """If the request asks for it."""
    stream = BY_NAME[name].stream
    assert stream is not None
    data = stream(["Good ", "morning", "."])
    end = sse({"id": "x", "object": "chat.completion.chunk", "model": "gpt-4o-2026", "choices": [], "usage": _OPENAI})
    told, _ = streamed(BY_NAME[name], data.replace(b"data: [DONE]", end + b"data: [DONE]"))
    assert told == Tokens(90, 40, 64, 32)


def test_anthropic_tells_the_input_first_and_the_output_last() -> None:
    begun = claude.event("message_start", message={**claude.message(reason=None), "usage": {**_ANTHROPIC}})
    delta = {"stop_reason": "end_turn", "stop_sequence": None}
    ended = claude.event("message_delta", delta=delta, usage={"output_tokens": 41, "input_tokens": None})
    events = [begun, *claude.text_block(0, "Good ", "morning."), ended, claude.event("message_stop")]
    assert streamed(claude.ANTHROPIC_MESSAGES, sse(*events)) == (Tokens(90, 41, 64), "claude-x-2026")


def test_of_a_router_the_model_is_told_and_not_the_account() -> None:
    chosen = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-3-5-sonnet-v1:0"
    body = {**converse.answer({"text": "Hello."}), "trace": {"promptRouter": {"invokedModelId": chosen}}}
    assert whole(converse.BEDROCK_CONVERSE, body).served == "eu.anthropic.claude-3-5-sonnet-v1:0"


def test_a_remote_model_answers_for_ollama() -> None:
    body = {**BY_NAME["ollama.chat"].answer("Hello."), "remote_model": "gpt-oss:120b"}
    assert whole(BY_NAME["ollama.chat"], body).served == "gpt-oss:120b"


def test_a_stream_that_breaks_off_has_the_counts_up_to_there() -> None:
    """Also of frames that nobody had to read in full: their counts stand in the holes of a template."""
    bodies = [
        {
            **gemini.answer({"text": f"word {n} "}, reason=None),
            "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": n, "totalTokenCount": 9 + n},
        }
        for n in range(1, 8)
    ]
    codec = streaming(gemini.GEMINI)
    for n, body in enumerate(bodies, 1):
        codec.feed(sse(body))
        assert codec.usage == Tokens(9, n)
    assert codec.flush() == []
    assert codec.usage == Tokens(9, 7)


HOUSE = {
    **generic.HOUSE_LLM,
    "answer": {
        **generic.HOUSE_LLM["answer"],
        "usage": {"input": ["$.spent.asked", "$.spent.tools[*].tokens"], "output": "$.spent.said", "model": "$.model"},
    },
    "stream": {**generic.HOUSE_LLM["stream"], "usage": {"output": "$.spent.said", "model": "$.model"}},
}


def test_a_policy_says_where_an_api_of_its_own_counts() -> None:
    spent = {"asked": 70, "said": 40, "tools": [{"tokens": 12}, {"tokens": 8}]}
    dialect = generic.dialect("house-llm", HOUSE)(DEFAULTS)
    request = dialect.read_request(json.dumps(generic.question("Hello")).encode())
    document = dialect.read_response(json.dumps(generic.answer("Hi.", spent=spent)).encode(), request)
    assert (document.usage, document.served) == (Tokens(90, 40), "house-1")
    codec = generic.dialect("house-llm", HOUSE, streams=True)(DEFAULTS).open_stream(request, "text/event-stream")
    assert codec is not None
    frames = [{"delta": f"word {n} ", "model": "house-1", "spent": {"said": n}} for n in range(1, 5)]
    codec.feed(sse(*frames))
    assert (codec.usage, codec.served) == (Tokens(None, 4), "house-1")


@pytest.mark.parametrize("usage", [{"input": "$"}, {"input": "$.a.*"}, {"model": "$.a[*]"}, {"total": "$.a"}])
def test_a_place_that_cant_be_is_refused(usage: Body) -> None:
    described = {**generic.HOUSE_ARRAY, "answer": {**generic.HOUSE_ARRAY["answer"], "usage": usage}}
    with pytest.raises(ValueError, match="usage"):
        Api.model_validate(described)


# ---- laws

PLACES = Places(
    input=(("/weak/in", "/usage/in"), ("/usage/more",)),
    output=(("/usage/*/out",),),
    cached=(("/usage/in",),),
    served=("/model",),
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2 * MOST) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["in", "more", "out", "usage", "model", "weak"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=4))
def test_whatever_stands_there_a_count_is_a_count_and_a_name_is_a_name(frames: list[Any]) -> None:
    meter = Meter(PLACES)
    for frame in frames:
        meter.read(frame)
    told = meter.usage
    assert all(each is None or is_count(each) for each in (told.input, told.output, told.cached, told.reasoning))
    assert told.reasoning is None
    assert " " not in meter.served


@given(st.lists(st.tuples(st.none() | st.integers(0, 99), st.none() | st.integers(0, 99)), max_size=6))
def test_the_last_frame_that_tells_a_number_wins(frames: list[tuple[int | None, int | None]]) -> None:
    meter = Meter(PLACES)
    for one, more in frames:
        meter.read({"usage": {"in": one, "more": more}})
    last = [next((f[at] for f in reversed(frames) if f[at] is not None), None) for at in (0, 1)]
    told = [each for each in last if each is not None]
    assert meter.usage.input == (sum(told) if told else None)
    assert meter.usage.cached == last[0]


@pytest.mark.parametrize("size", [1, 7, 64])
@pytest.mark.parametrize("name", ["anthropic.messages", "gemini.generate", "ollama.chat", "bedrock.converse"])
def test_however_the_bytes_are_cut(name: str, size: int) -> None:
    stream = BY_NAME[name].stream
    assert stream is not None
    assert streamed(BY_NAME[name], stream(["Good ", "morning", "."]), size) == STREAMED[name]


@pytest.mark.parametrize("number", [-1, MOST + 1, 1.5, 9.0, True, "9", None, [9], {"n": 9}])
def test_what_is_no_count_is_not_known(number: Any) -> None:
    assert read({"usage": {"in": number}}, PLACES).usage == NONE


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", "ada@example.org was here", "", "x" * 101, "ä", "../etc", 7, None, ["m"]]
)
def test_what_is_no_name_of_a_model_is_not_told(name: Any) -> None:
    assert read({"model": name}, PLACES).served == ""
