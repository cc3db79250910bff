"""Completions, embeddings, moderations and models: their tables against the SDK, and what is special to each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openai.types import Completion, CreateEmbeddingResponse, Model, ModerationCreateResponse
from openai.types.completion_create_params import CompletionCreateParamsNonStreaming, CompletionCreateParamsStreaming
from openai.types.embedding_create_params import EmbeddingCreateParams
from openai.types.moderation_create_params import ModerationCreateParams

from guardrail.dialects.base import Ask
from guardrail.dialects.openai import embeddings, moderations
from guardrail.dialects.openai import models as listing
from guardrail.dialects.openai.completions import fields as completions
from guardrail.dialects.openai.completions.dialect import OpenAICompletions
from guardrail.dialects.openai.embeddings import OpenAIEmbeddings
from guardrail.dialects.openai.models import OpenAIModels
from guardrail.dialects.openai.moderations import OpenAIModerations
from guardrail.dialects.settings import Settings
from guardrail.errors import ClientError, UnreadablePayload, UpstreamBroken
from tests.dialects.leaves import assert_seen
from tests.dialects.openai.responses.test_fields import is_own, missing
from tests.dialects.sdk_types import CANARY, planted, spoken
from tests.dialects.streams import opened
from tests.specimens.openai_rest import completion, completion_stream

COMPLETIONS, EMBEDDINGS, MODERATIONS = OpenAICompletions(), OpenAIEmbeddings(), OpenAIModerations()
REQUESTS = [
    (CompletionCreateParamsNonStreaming, COMPLETIONS, completions.REQUEST),
    (CompletionCreateParamsStreaming, COMPLETIONS, completions.REQUEST),
    (EmbeddingCreateParams, EMBEDDINGS, embeddings.REQUEST),
    (ModerationCreateParams, MODERATIONS, moderations.REQUEST),
]
ANSWERS = [
    (Completion, COMPLETIONS, completions.ANSWER),
    (CreateEmbeddingResponse, EMBEDDINGS, embeddings.ANSWER),
    (ModerationCreateResponse, MODERATIONS, moderations.ANSWER),
]
NAMES = ["completions", "completions streamed", "embeddings", "moderations"]


@pytest.mark.parametrize(("params", "dialect", "table"), REQUESTS, ids=NAMES)
def test_every_field_of_a_request_that_the_sdk_knows_is_declared(params: Any, dialect: Any, table: Any) -> None:
    """A new field of the API is noticed when the SDK is updated."""
    assert set(missing(params, table)) <= {".prompt[][]", ".input[][]"}  # token numbers: refused


@pytest.mark.parametrize(("model", "dialect", "table"), ANSWERS, ids=["completions", "embeddings", "moderations"])
def test_every_field_of_an_answer_that_the_sdk_knows_is_declared(model: Any, dialect: Any, table: Any) -> None:
    """The same for what comes back; the SDK has its own names for the marks, which are keys here."""
    found = {path.removeprefix(".") for path in missing(model, table)}
    assert {path for path in found if not path.startswith(("usage", "results[].categor"))} == set()
    assert set(missing(Model, listing.ANSWER)) == set()


@pytest.mark.parametrize(("params", "dialect", "table"), REQUESTS, ids=NAMES)
def test_an_identity_in_any_string_of_a_request_is_seen_or_refused(params: Any, dialect: Any, table: Any) -> None:
    """A patient's number in any place is either shown to the rails or the request is refused."""
    seen, refused = 0, []
    for path, payload in planted(params):
        try:
            document = dialect.read_request(json.dumps(payload).encode())
        except ClientError as error:
            refused.append(f"{error.message} {error.param}")
            continue
        seen += 1
        assert_seen(document, path)
    assert seen > 2
    assert not any(CANARY in told for told in refused)


@pytest.mark.parametrize(("params", "dialect", "table"), REQUESTS, ids=NAMES)
def test_every_word_of_the_closed_lists_is_accepted(params: Any, dialect: Any, table: Any) -> None:
    """Nothing that the API knows is refused, but for token numbers and pictures."""
    wrong = set()
    for payload in spoken(params):
        try:
            dialect.read_request(json.dumps(payload).encode())
        except ClientError as error:
            wrong.add(error.code)
    assert wrong <= {"token_array", "uninspected_part"}


@pytest.mark.parametrize(("model", "dialect", "table"), ANSWERS, ids=["completions", "embeddings", "moderations"])
def test_an_identity_in_any_string_of_an_answer_is_seen_or_refused(model: Any, dialect: Any, table: Any) -> None:
    """What a provider sends back is inspected too."""
    body = {"prompt": "x"} if dialect is COMPLETIONS else {"input": "x"}
    request, refused = dialect.read_request(json.dumps({"model": "m", **body}).encode()), []
    for path, payload in planted(model):
        try:
            document = dialect.read_response(json.dumps(payload).encode(), request)
        except UpstreamBroken as error:
            refused.append(error.message)
            continue
        if "logprobs" in path:
            assert CANARY.encode() not in document.to_bytes()
        elif not is_own(path, table) and path[-1] != "embedding":
            assert_seen(document, path)
    assert not any(CANARY in told for told in refused)


# ---------------------------------------------------------------------------------------------------- completions


def completed(codec: Any, data: bytes) -> list[Any]:
    frames: list[Any] = codec.feed(data) + codec.flush()
    return frames


def asked(**more: Any) -> Any:
    return COMPLETIONS.read_request(json.dumps({"model": "m", "prompt": "Hi.", **more}).encode())


def test_a_streamed_completion() -> None:
    """One text, closed by the finish reason; an untouched stream comes back byte for byte."""
    data = completion_stream(["One ", "two."])
    codec = opened(COMPLETIONS, asked(stream=True))
    frames = completed(codec, data)
    assert [(d.segment, d.text) for frame in frames for d in frame.deltas] == [
        ("choices/0/text", "One "), ("choices/0/text", "two."),
    ]  # fmt: skip
    assert [frame.closes for frame in frames] == [(), (), ("choices/0/text",), ()]
    assert frames[-1].last
    assert b"".join(codec.write(frame, [d.text for d in frame.deltas], []) for frame in frames) == data


def test_a_reason_that_comes_with_words_does_not_end_them() -> None:
    """Some servers send one with every frame: the words end with the stream."""
    frames = [completion("One ", "stop"), completion("two.", "stop")]
    data = b"".join(b"data: " + json.dumps(frame).encode() + b"\n\n" for frame in frames)
    found = completed(opened(COMPLETIONS, asked()), data + b"data: [DONE]\n\n")
    assert [frame.closes for frame in found] == [(), (), ()]


def test_the_turn_is_the_prompt() -> None:
    """The user's words, and those behind the gap to fill."""
    document = asked(prompt=["a", "b"], suffix="c")
    assert list(document.turn) == ["/prompt/0", "/prompt/1"]
    assert {each.role.value for each in document.segments() if each.address != "/model"} == {"user"}


def test_a_deployment_needs_no_model() -> None:
    """Azure: the path names it."""
    for dialect, body in (
        (OpenAICompletions(azure=True), {"prompt": "x"}),
        (OpenAIEmbeddings(azure=True), {"input": "x"}),
    ):
        document = dialect.read_request(json.dumps(body).encode(), Ask({"model": "ward-4"}))
        assert document.model == "ward-4"
        assert "ward-4" in [segment.text for segment in document.segments()]
        with pytest.raises(UnreadablePayload):
            dialect.read_request(json.dumps(body).encode())


@pytest.mark.parametrize("count", [3, 40])
def test_tokens_to_stop_at(count: int) -> None:
    """A few are no text, many may be."""
    if count < 8:
        asked(stop_token_ids=list(range(count)))
    else:
        with pytest.raises(UnreadablePayload) as caught:
            asked(stop_token_ids=list(range(count)))
        assert caught.value.code == "token_array"


# ---------------------------------------------------------------------------------------------------- vectors, models


@pytest.mark.parametrize("vector", ["Jane Roe", "===", "ab=c"])
def test_a_vector_is_one(vector: str) -> None:
    """Words don't fit where base64 belongs."""
    body = {"object": "list", "model": "m", "data": [{"object": "embedding", "index": 0, "embedding": vector}]}
    request = EMBEDDINGS.read_request(b'{"model":"m","input":"x"}')
    with pytest.raises(UpstreamBroken):
        EMBEDDINGS.read_response(json.dumps(body).encode(), request)


@pytest.mark.parametrize("dialect", [EMBEDDINGS, MODERATIONS, OpenAIModels()])
def test_there_are_no_words_in_it(dialect: Any) -> None:
    """No notice is put into vectors; what is withheld is an error."""
    assert dialect.speaks is False
    reply = dialect.answer(None, "Call 112.")
    assert (reply.status, json.loads(reply.body)["error"]["code"]) == (403, "content_filter")
    assert dialect.open_stream(None, "text/event-stream") is None


LISTED = (
    b'{"object": "list", "data" : [ {"id":"gpt-5", "object":"model", "created": 1.0},\n'
    b' {"id":"o3","object":"model","owner":"Jane"}, {"id":"gpt-4o","object":"model"} ], "has_more":false}'
)


@pytest.mark.parametrize(
    ("patterns", "ids"),
    [
        ((), ["gpt-5", "o3", "gpt-4o"]),
        (("gpt-*",), ["gpt-5", "gpt-4o"]),
        (("x",), []),
        (("o3", "gpt-4o"), ["o3", "gpt-4o"]),
    ],
)
def test_a_listing_shows_what_may_be_used(patterns: Any, ids: list[str]) -> None:
    """The rest of it stays as it came, and unknown fields are inspected."""
    dialect = OpenAIModels(Settings(models=patterns))
    document = dialect.read_response(LISTED, dialect.read_request(b""))
    assert [segment.text for segment in document.segments()] == ["Jane"]
    document.replace(document.segments()[0].address, "[NAME_1]")
    body = document.to_bytes()
    assert [each["id"] for each in json.loads(body)["data"]] == ids
    assert b"Jane" not in body
    assert (b'"created": 1.0' in body) == ("gpt-5" in ids)


def test_a_model_that_may_not_be_used_is_not_asked_for() -> None:
    """Nor is one whose name is none, and a listing takes no body."""
    dialect = OpenAIModels(Settings(models=("gpt-*",)))
    assert dialect.read_request(b"", Ask({"model": "gpt-5"})).model == "gpt-5"
    for ask, body, status in (
        (Ask({"model": "o3"}), b"", 404),
        (Ask({"model": "a%20b"}), b"", 422),
        (Ask(), b"{}", 400),
    ):
        with pytest.raises(UnreadablePayload) as caught:
            dialect.read_request(body, ask)
        assert caught.value.http_status == status


@pytest.mark.parametrize(("azure", "header"), [(False, "authorization"), (True, "api-key")])
def test_the_key_goes_where_the_provider_looks_for_it(azure: bool, header: str) -> None:
    """Azure has a header of its own."""
    (found,) = OpenAIEmbeddings(azure=azure).credentials("k", None)  # type: ignore[arg-type]
    assert found[0] == header
    assert OpenAIEmbeddings(azure=azure).credentials("", None) == ()  # type: ignore[arg-type]
