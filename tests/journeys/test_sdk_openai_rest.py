"""OpenAI's own SDK and its smaller APIs, Azure's client, and servers that speak the API in their own way."""

from __future__ import annotations

import asyncio
import base64
import json
import struct
import urllib.request
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI, AzureOpenAI, OpenAI

from tests.specimens import openai_chat, openai_responses
from tests.specimens.openai_rest import OPENAI_MODERATIONS, completion, completion_stream
from tests.support.fake_upstream import FakeUpstream, answer
from tests.support.openai_house import CRISIS, KEY, NOTICE, QUESTION, SECRETS, SIMPLE, house, no_secret, streamed
from tests.support.proxy import Proxy

DIALECTS = [f"openai.{name}" for name in ("chat", "responses", "completions", "embeddings", "moderations", "models")]
PIECES = ("Please ", "ask [PATIENT", "_1] to rest. ", "As your doc", "tor, I think water helps.")
SAID = "Please ask Maria Delgado to rest."
MODEL = {"id": "gpt-5", "object": "model", "created": 1790000000, "owned_by": "openai"}


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[FakeUpstream, Proxy]]:
    with house(DIALECTS) as both:
        yield both


@pytest.fixture
def upstream(running: tuple[FakeUpstream, Proxy]) -> FakeUpstream:
    return running[0]


@pytest.fixture
def proxy(running: tuple[FakeUpstream, Proxy]) -> Proxy:
    return running[1]


@pytest.fixture
def client(proxy: Proxy) -> Iterator[OpenAI]:
    """Nothing but its base URL points at the proxy."""
    with OpenAI(base_url=proxy.url, api_key=KEY, max_retries=0, timeout=30) as sdk:
        yield sdk


@pytest.fixture
def direct(upstream: FakeUpstream) -> Iterator[OpenAI]:
    """The same application without a proxy."""
    with OpenAI(base_url=f"{upstream.url}/v1", api_key=KEY, max_retries=0, timeout=30) as sdk:
        yield sdk


# ---------------------------------------------------------------------------------------------------- completions


def text_of(sdk: OpenAI, stream: bool, upstream: FakeUpstream, *pieces: str, **more: Any) -> str:
    asked: dict[str, Any] = {"model": "gpt-3.5-turbo-instruct", "prompt": QUESTION, **more}
    if not stream:
        upstream.reply(answer(completion("".join(pieces))))
        return str(sdk.completions.create(**asked).choices[0].text)
    upstream.reply(streamed(completion_stream(pieces)))
    return "".join(choice.text for chunk in sdk.completions.create(stream=True, **asked) for choice in chunk.choices)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_completions(client: OpenAI, upstream: FakeUpstream, stream: bool) -> None:
    """The older API is no way around anything."""
    text = text_of(client, stream, upstream, *PIECES)
    assert no_secret(upstream.requests[-1].body)
    assert NOTICE in text[:200]
    assert SAID in text
    assert "your doctor, I" not in text
    assert text_of(client, stream, upstream, "Hello.", prompt=CRISIS).startswith("You may be going through")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_completion_in_a_given_form_stays_in_it(client: OpenAI, upstream: FakeUpstream, stream: bool) -> None:
    """vLLM's guided decoding: nothing is inserted."""
    guided = {"extra_body": {"guided_choice": ["yes", "no"]}}
    assert text_of(client, stream, upstream, "y", "es", **guided) == "yes"


def test_completions_of_several_prompts(client: OpenAI, upstream: FakeUpstream) -> None:
    """Choices that come together are told apart, and each is marked."""
    upstream.reply(
        streamed(
            b"".join(
                b"data: " + json.dumps({**completion("", None), "choices": choices}).encode() + b"\n\n"
                for choices in (
                    [{"index": 1, "text": "One [PATI", "finish_reason": None, "logprobs": None}],
                    [{"index": 0, "text": "Zero [PATIE", "finish_reason": None, "logprobs": None}],
                    [{"index": 1, "text": "ENT_1].", "finish_reason": "stop", "logprobs": None}],
                    [{"index": 0, "text": "NT_1].", "finish_reason": None, "logprobs": None}],
                    [{"index": 0, "text": "", "finish_reason": "stop", "logprobs": None}],
                )
            )
            + b"data: [DONE]\n\n"
        )
    )
    texts = {0: "", 1: ""}
    for chunk in client.completions.create(model="m", prompt=[QUESTION, SIMPLE], stream=True):
        for choice in chunk.choices:
            texts[choice.index] += choice.text
    assert texts[0].endswith("Zero Maria Delgado.")
    assert texts[1].endswith("One Maria Delgado.")
    assert all(NOTICE in text for text in texts.values())


@pytest.mark.parametrize("prompt", [[1, 2, 3], [[1, 2], [3]], [15496, 11, 616]])
def test_text_in_token_numbers_is_refused(client: OpenAI, upstream: FakeUpstream, prompt: Any) -> None:
    """Nobody can look into it."""
    before = len(upstream.requests)
    for ask in (
        lambda: client.completions.create(model="m", prompt=prompt),
        lambda: client.embeddings.create(model="m", input=prompt),
    ):
        with pytest.raises(openai.UnprocessableEntityError) as caught:
            ask()
        assert caught.value.code == "token_array"
    assert len(upstream.requests) == before


def test_a_broken_completion_is_an_error_of_the_sdk(client: OpenAI, upstream: FakeUpstream) -> None:
    """SSE-04, and an error inside of the stream."""
    data = completion_stream(PIECES)
    upstream.reply(streamed(data, cut=len(data) - 60))
    with pytest.raises(openai.APIError):
        list(client.completions.create(model="m", prompt=QUESTION, stream=True))
    told = b'data: {"error":{"message":"Maria Delgado","type":"server_error","code":null,"param":null}}\n\n'
    upstream.reply(streamed(data[: data.index(b"data: [DONE]")] + told))
    with pytest.raises(openai.APIError) as caught:
        list(client.completions.create(model="m", prompt=QUESTION, stream=True))
    assert "Maria" not in str(caught.value)


# ---------------------------------------------------------------------------------------------------- vectors, marks


@pytest.mark.case("NOT-01", "NOT-02")
@pytest.mark.parametrize("form", ["float", "base64", None])
def test_embeddings(client: OpenAI, direct: OpenAI, upstream: FakeUpstream, form: Any) -> None:
    """The texts are cleared; the vectors come as they are, in either form."""
    vector = [0.25, -0.5, 1.0] * 512
    packed = base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
    one = {"object": "embedding", "index": 0, "embedding": vector if form == "float" else packed}
    usage = {"prompt_tokens": 8, "total_tokens": 8}
    upstream.reply(answer({"object": "list", "data": [one], "model": "text-embedding-3-small", "usage": usage}))
    more = {} if form is None else {"encoding_format": form}
    asked: dict[str, Any] = {"model": "text-embedding-3-small", "input": [QUESTION, "Maria Delgado"], **more}
    got = client.embeddings.create(**asked)
    assert no_secret(upstream.requests[-1].body)
    assert got == direct.embeddings.create(**asked)
    assert form == "base64" or got.data[0].embedding == vector


def test_moderations(client: OpenAI, direct: OpenAI, upstream: FakeUpstream) -> None:
    """Words are cleared, pictures refused, marks come as they are."""
    upstream.reply(answer(OPENAI_MODERATIONS.answer("")))
    asked: dict[str, Any] = {"model": "omni-moderation-latest", "input": [{"type": "text", "text": QUESTION}]}
    got = client.moderations.create(**asked)
    assert no_secret(upstream.requests[-1].body)
    assert got.to_dict() == direct.moderations.create(**asked).to_dict()
    assert client.moderations.create(input=QUESTION).id == "modr-1"
    assert no_secret(upstream.requests[-1].body)
    picture: Any = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    with pytest.raises(openai.UnprocessableEntityError):
        client.moderations.create(input=[picture])


def test_models(client: OpenAI, direct: OpenAI, upstream: FakeUpstream) -> None:
    """A listing, and one model."""
    upstream.reply(answer({"object": "list", "data": [MODEL, {**MODEL, "id": "ft:gpt-4o:ward::x1"}]}))
    assert [each.to_dict() for each in client.models.list()] == [each.to_dict() for each in direct.models.list()]
    upstream.reply(answer(MODEL))
    assert client.models.retrieve("gpt-5") == direct.models.retrieve("gpt-5")
    assert [request.method for request in upstream.requests[-2:]] == ["GET", "GET"]
    assert upstream.requests[-1].target == "/v1/models/gpt-5"


def test_the_asynchronous_client(proxy: Proxy, upstream: FakeUpstream) -> None:
    """The same without waiting."""

    async def run() -> None:
        async with AsyncOpenAI(base_url=proxy.url, api_key=KEY, max_retries=0, timeout=30) as sdk:
            upstream.reply(streamed(completion_stream(PIECES)))
            told = await sdk.completions.create(model="m", prompt=QUESTION, stream=True)
            assert SAID in "".join([choice.text async for chunk in told for choice in chunk.choices])
            upstream.reply(answer({"object": "list", "data": [MODEL]}))
            assert [each.id async for each in sdk.models.list()] == ["gpt-5"]

    asyncio.run(run())


# ---------------------------------------------------------------------------------------------------- Azure


@pytest.fixture
def azure(proxy: Proxy) -> Iterator[AzureOpenAI]:
    """Nothing but its endpoint points at the proxy."""
    endpoint = f"http://127.0.0.1:{proxy.port}"
    with AzureOpenAI(azure_endpoint=endpoint, api_version="2026-03-01-preview", api_key=KEY, max_retries=0) as sdk:
        yield sdk


def test_azure_by_deployment(azure: AzureOpenAI, upstream: FakeUpstream) -> None:
    """The path and the version go on as they came, the key in Azure's own header."""
    question: Any = [{"role": "user", "content": QUESTION}]
    filters = {"prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {"hate": {"severity": "safe"}}}]}
    upstream.reply(answer({**openai_chat.OPENAI_CHAT.answer("".join(PIECES)), **filters}))
    got = azure.chat.completions.create(model="ward-4", messages=question)
    assert SAID in (got.choices[0].message.content or "")
    assert no_secret(upstream.requests[-1].body)
    target = "/openai/deployments/ward-4/chat/completions?api-version=2026-03-01-preview"
    assert (upstream.requests[-1].target, upstream.requests[-1].header("api-key")) == (target, KEY)

    empty = b'data: {"id":"","object":"","created":0,"model":"","choices":[],"prompt_filter_results":[]}\n\n'
    upstream.reply(streamed(empty + openai_chat.stream(PIECES)))
    chunks = azure.chat.completions.create(model="ward-4", messages=question, stream=True)
    assert SAID in "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)

    upstream.reply(answer(completion("".join(PIECES))))
    assert SAID in azure.completions.create(model="ward-4", prompt=QUESTION).choices[0].text
    assert upstream.requests[-1].target.startswith("/openai/deployments/ward-4/completions?")

    one = {"object": "embedding", "index": 0, "embedding": "AACAPw=="}
    upstream.reply(answer({"object": "list", "data": [one], "model": "x", "usage": {}}))
    azure.embeddings.create(model="ward-4", input=QUESTION)
    assert upstream.requests[-1].target.startswith("/openai/deployments/ward-4/embeddings?")
    assert no_secret(upstream.requests[-1].body)


def test_azure_responses(azure: AzureOpenAI, proxy: Proxy, upstream: FakeUpstream) -> None:
    """By version, and under Azure's own `v1`."""
    upstream.reply(streamed(openai_responses.stream(PIECES)))
    with azure.responses.stream(model="ward-4", input=QUESTION) as told:
        assert SAID in told.get_final_response().output_text
    assert upstream.requests[-1].target == "/openai/responses?api-version=2026-03-01-preview"
    assert upstream.requests[-1].json()["store"] is False

    base = f"http://127.0.0.1:{proxy.port}/openai/v1/"
    with OpenAI(base_url=base, api_key=KEY, max_retries=0, default_query={"api-version": "preview"}) as sdk:
        upstream.reply(answer(openai_responses.response([openai_responses.message("".join(PIECES))])))
        assert SAID in sdk.responses.create(model="ward-4", input=QUESTION).output_text
        upstream.reply(answer({"object": "list", "data": [MODEL]}))
        assert [each.id for each in sdk.models.list()] == ["gpt-5"]
    assert upstream.requests[-1].target == "/openai/v1/models?api-version=preview"


def test_azure_refuses_what_would_name_somebody(azure: AzureOpenAI, proxy: Proxy, upstream: FakeUpstream) -> None:
    """A deployment's name stands in the path, where nothing can be replaced."""
    before = len(upstream.requests)
    with pytest.raises(openai.UnprocessableEntityError):
        azure.completions.create(model="jane.roe@example.org", prompt="Hello.")
    endpoint = f"http://127.0.0.1:{proxy.port}"
    odd = AzureOpenAI(azure_endpoint=endpoint, api_version="Jane-Roe", api_key=KEY, max_retries=0)
    with odd, pytest.raises(openai.BadRequestError):
        odd.completions.create(model="m", prompt="Hello.")
    assert len(upstream.requests) == before


def test_azures_content_filter_keeps_its_code(azure: AzureOpenAI, upstream: FakeUpstream) -> None:
    """Its error says what was wrong in a field of its own, which is not passed on."""
    told = {"error": {"message": "Maria Delgado", "type": None, "param": "prompt", "code": "content_filter",
                      "status": 400, "innererror": {"code": "ResponsibleAIPolicyViolation"}}}  # fmt: skip
    upstream.reply(answer(told, status=400))
    with pytest.raises(openai.BadRequestError) as caught:
        azure.chat.completions.create(model="ward-4", messages=[{"role": "user", "content": QUESTION}])
    assert caught.value.code == "content_filter"
    assert not any(secret in str(caught.value).encode() for secret in SECRETS)


# ---------------------------------------------------------------------------------------------------- other servers


def post(proxy: Proxy, path: str = "/chat/completions", **body: Any) -> tuple[str, bytes]:
    """The answer as it comes: its media type and its bytes."""
    data = json.dumps({"model": "m", **body}).encode()
    request = urllib.request.Request(f"{proxy.url}{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return reply.headers["content-type"], bytes(reply.read())


ASKED: Any = {"messages": [{"role": "user", "content": QUESTION}], "stream": True}


def words(lines: list[bytes]) -> str:
    bodies = [json.loads(line) for line in lines if line.startswith(b"{")]
    return "".join(choice["delta"].get("content") or "" for body in bodies for choice in body["choices"])


@pytest.mark.parametrize("media", ["application/x-ndjson", "application/jsonl", "application/x-ndjson; charset=utf-8"])
def test_json_lines_come_back_as_json_lines(proxy: Proxy, upstream: FakeUpstream, media: str) -> None:
    """A frame a line, with or without an end of its own."""
    frames = [line[6:] for line in openai_chat.stream(PIECES).split(b"\n\n") if line.startswith(b"data: {")]
    for end in (b"", b"[DONE]\n"):
        upstream.reply(streamed(b"\n".join(frames) + b"\n" + end, media))
        kind, got = post(proxy, **ASKED)
        lines = got.splitlines()
        assert kind == "application/x-ndjson"
        assert SAID in words(lines)
        assert NOTICE in words(lines)[:200]
        assert b"data:" not in got
        assert (b"[DONE]" in lines) == bool(end)


def test_events_that_are_called_json_lines(client: OpenAI, proxy: Proxy, upstream: FakeUpstream) -> None:
    """`data:` before each line, with and without blank lines between them: any client of either kind reads it."""
    data = openai_chat.stream(PIECES)
    for body in (data, data.replace(b"\n\n", b"\n"), b": hello\n\n" + data.replace(b"data: ", b"event: x\ndata:")):
        upstream.reply(streamed(body, "application/x-ndjson"))
        chunks = client.chat.completions.create(model="m", **ASKED)
        assert SAID in "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
        lines = [line.removeprefix(b"data: ") for line in post(proxy, **ASKED)[1].splitlines() if line]
        assert SAID in words(lines)
        assert lines[-1] == b"[DONE]"


def test_json_lines_that_break_off_end_in_an_error(proxy: Proxy, upstream: FakeUpstream) -> None:
    """No client takes the beginning for all of it."""
    frames = [line[6:] for line in openai_chat.stream(PIECES).split(b"\n\n") if line.startswith(b"data: {")]
    upstream.reply(streamed(b"\n".join(frames), "application/x-ndjson", cut=500))
    assert "error" in json.loads(post(proxy, **ASKED)[1].splitlines()[-1])


VLLM = {"guided_json": {"type": "object", "properties": {"dose": {"type": "string"}}}, "top_k": 40, "min_p": 0.05,
        "chat_template_kwargs": {"enable_thinking": False}, "repetition_penalty": 1.05, "stop_token_ids": [151643],
        "skip_special_tokens": True, "min_tokens": 10, "include_reasoning": True, "priority": 3}  # fmt: skip
LLAMA = {"n_predict": 512, "mirostat": 2, "mirostat_tau": 5.0, "cache_prompt": True, "timings_per_token": True,
         "grammar": 'root ::= "yes" | "no"', "samplers": ["top_k", "temperature"], "n_probs": 0}  # fmt: skip
TGI = {"response_format": {"type": "json", "value": {"type": "object"}}, "do_sample": True, "top_n_tokens": 5}
LITELLM = {"metadata": {"tags": ["ward"]}, "num_retries": 2, "fallbacks": ["gpt-4o"], "caching": True}


@pytest.mark.parametrize("extras", [VLLM, LLAMA, TGI, LITELLM], ids=["vLLM", "llama.cpp", "TGI", "LiteLLM"])
def test_what_a_server_adds_to_the_api_is_passed_on(proxy: Proxy, upstream: FakeUpstream, extras: Any) -> None:
    """Inspected, and not refused without need."""
    upstream.reply(answer(openai_chat.OPENAI_CHAT.answer("yes")))
    body = {"messages": [{"role": "user", "content": QUESTION}], **extras}
    told = json.loads(post(proxy, **body)[1])
    sent = upstream.requests[-1].json()
    assert {name: sent[name] for name in extras} == extras
    guided = extras is not LITELLM
    assert (told["choices"][0]["message"]["content"] == "yes") == guided
    assert ("guardrail" in told) == guided


@pytest.mark.parametrize("extra", [{"api_base": "https://elsewhere.org"}, {"base_url": "https://elsewhere.org"},
                                   {"fallbacks": [{"model": "x", "api_base": "https://elsewhere.org"}]}])  # fmt: skip
def test_a_request_can_not_name_another_server(proxy: Proxy, upstream: FakeUpstream, extra: Any) -> None:
    """LiteLLM would follow it there."""
    before = len(upstream.requests)
    for path, words in (("/chat/completions", {"messages": ASKED["messages"]}), ("/completions", {"prompt": "Hi"})):
        with pytest.raises(urllib.error.HTTPError) as caught:
            post(proxy, path, **words, **extra)
        with caught.value as refused:
            assert refused.code == 422
    assert len(upstream.requests) == before


def test_what_a_server_adds_to_an_answer_is_passed_on(proxy: Proxy, upstream: FakeUpstream) -> None:
    """Numbers and machines' words come through; what spells the prompt again does not."""
    extras = {
        "timings": {"prompt_n": 12, "predicted_per_second": 51.4, "cache_n": 0},
        "__verbose": {"prompt": "Maria Delgado", "content": "x", "tokens": list(range(40))},
        "kv_transfer_params": None,
        "prompt_logprobs": None,
        "guardrail_unknown": {"provider_specific_fields": {"stop_reason": None}},
    }
    upstream.reply(answer({**openai_chat.OPENAI_CHAT.answer("Rest."), **extras}))
    told = json.loads(post(proxy, messages=ASKED["messages"])[1])
    assert told["timings"] == extras["timings"]
    assert told["__verbose"] is None
    assert told["guardrail_unknown"] == extras["guardrail_unknown"]

    last = {**json.loads(openai_chat.stream([]).split(b"\n\n")[1][6:]), **extras}
    data = openai_chat.stream(PIECES)
    frames = data[: data.index(b"data: [DONE]")] + b"data: " + json.dumps(last).encode() + b"\n\ndata: [DONE]\n\n"
    upstream.reply(streamed(frames))
    lines = post(proxy, **ASKED)[1].split(b"\n\n")
    told = json.loads(lines[-3][6:])
    assert (told["timings"], told["__verbose"]) == (extras["timings"], None)
