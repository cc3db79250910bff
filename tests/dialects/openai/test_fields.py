"""The table of fields against OpenAI's own SDK: these tests fail when the API gains a field that nobody thought of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.chat.completion_create_params import (
    CompletionCreateParamsNonStreaming,
    CompletionCreateParamsStreaming,
)

from guardrail.dialects.openai import fields
from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.dialects.table import Bound, Echo, Field, Free, Match, Number, Plain, Refused, Switch
from guardrail.errors import ClientError, GuardrailError, UpstreamBroken
from guardrail.text import Kind, Segment
from tests.dialects.leaves import assert_seen
from tests.dialects.sdk_types import CANARY, Path, places, planted, spoken
from tests.dialects.streams import opened

DIALECT = OpenAIChat()
REQUESTS = (CompletionCreateParamsNonStreaming, CompletionCreateParamsStreaming)
PLAIN_REQUEST = DIALECT.read_request(b'{"model":"m","messages":[{"role":"user","content":"hello"}]}')

# What a provider says about itself in an answer: held to a strict pattern instead of being inspected.
OWN_TOKENS = {
    "id",
    "model",
    "system_fingerprint",
    "obfuscation",
    *(
        f"choices.[].{spoken}.{field}"
        for spoken in ("message", "delta")
        for field in (
            "tool_calls.[].id",
            "tool_calls.[].function.name",
            "tool_calls.[].custom.name",
            "function_call.name",
        )
    ),
}


def declared(root: Field, path: Path) -> bool:
    """True if rows lead to this place, or to one above it that is inspected or refused as a whole."""
    here = root
    for step in path:
        if isinstance(here.rule, Free | Refused | Echo | Plain | Number | Bound | Switch):
            return True
        below = here.items if step == "[]" else here.others if step == "*" else here.members.get(step)
        if below is None:
            return False
        here = below
    return True


@pytest.mark.parametrize("params", REQUESTS)
def test_every_field_of_a_request_that_the_sdk_knows_is_declared(params: Any) -> None:
    """A new field of the API is noticed when the SDK is updated, not when a patient's name has gone through it."""
    missing = sorted({".".join(path) for path in places(params) if not declared(fields.REQUEST, path)})

    assert missing == []


NOT_DECLARED_BUT_INSPECTED = ("moderation", "usage", "choices.[].message.annotations.[].url_citation")
"""Parts of answers without words of the conversation; numbers pass, strings are inspected as in unknown fields."""


@pytest.mark.parametrize(
    ("model", "table"), [(ChatCompletion, fields.ANSWER), (ChatCompletionChunk, fields.FRAME)], ids=["whole", "frame"]
)
def test_every_field_of_an_answer_that_the_sdk_knows_is_declared(model: Any, table: Field) -> None:
    """The same for what comes back."""
    paths = {".".join(path) for path in places(model) if not declared(table, path)}

    assert sorted(path for path in paths if not path.startswith(NOT_DECLARED_BUT_INSPECTED)) == []


@pytest.mark.parametrize("params", REQUESTS)
def test_an_identity_in_any_string_of_a_request_is_seen_or_refused(params: Any) -> None:
    """A patient's number in any place of a request is either shown to the rails or the request is refused."""
    seen, refused = 0, []
    for path, payload in planted(params):
        try:
            document = DIALECT.read_request(json.dumps(payload).encode())
        except ClientError as error:
            refused.append(f"{error.message} {error.param}")
            continue
        seen += 1
        assert_seen(document, path)

    assert seen > 60
    assert len(refused) > 60
    assert not any(CANARY in told for told in refused)


@pytest.mark.parametrize("params", REQUESTS)
def test_every_word_of_the_closed_lists_is_accepted(params: Any) -> None:
    """Nothing that the API knows is refused, but for images, audio and files, which can't be inspected yet."""
    wrong = set()
    for payload in spoken(params):
        try:
            DIALECT.read_request(json.dumps(payload).encode())
        except ClientError as error:
            if error.code not in ("uninspected_part", "invalid_base64"):
                wrong.add((error.code, error.param))

    assert wrong == set()


def test_an_identity_in_any_string_of_a_whole_answer_is_seen_or_refused() -> None:
    """What a provider sends back is inspected in full too."""
    seen, refused = 0, []
    for path, payload in planted(ChatCompletion):
        place = ".".join(path)
        try:
            document = DIALECT.read_response(json.dumps(payload).encode(), PLAIN_REQUEST)
        except UpstreamBroken as error:
            refused.append(error.message)
            continue
        if ".logprobs." in place:
            assert CANARY.encode() not in document.to_bytes()
        elif place not in OWN_TOKENS and not place.endswith("*key"):
            assert_seen(document, path)
            seen += 1
    assert seen > 15
    assert not any(CANARY in told for told in refused)


def test_an_identity_in_any_string_of_a_frame_is_seen_or_refused() -> None:
    """And so is every frame of a stream."""
    seen, refused = 0, []
    for path, payload in planted(ChatCompletionChunk):
        place = ".".join(path)
        codec = opened(DIALECT, PLAIN_REQUEST)
        try:
            (frame,) = codec.feed(b"data: " + json.dumps(payload).encode() + b"\n\n")
        except UpstreamBroken as error:
            refused.append(error.message)
            continue
        texts = [delta.text for delta in frame.deltas] + [whole.text for whole in frame.wholes]
        if ".logprobs." in place:
            assert CANARY.encode() not in codec.write(frame, [], [])
        elif place not in OWN_TOKENS and not place.endswith("*key"):
            assert any(CANARY in text for text in texts), path
            assert CANARY.encode() not in codec.write(frame, ["x"] * len(frame.deltas), ["x"] * len(frame.wholes))
            seen += 1
    assert seen > 8
    assert not any(CANARY in told for told in refused)


def test_own_tokens_of_a_provider_are_held_to_a_pattern() -> None:
    """No sentence fits where an id belongs."""
    rules: Sequence[Match] = (fields.NAME, fields.LABEL, fields.WORD, fields.PADDING)

    assert not any(rule.pattern.fullmatch("Maria Lopez, born 1941") for rule in rules)


def test_unknown_fields_are_walked_in_full() -> None:
    """A field that nobody has heard of hides nothing: values, keys, numbers and JSON inside strings are inspected."""
    inner = json.dumps({"note": json.dumps({"who": "Jane"})})
    body = {
        "model": "m",
        "messages": [{"role": "user", "content": "hi", "x_extra": ["one"]}],
        "vendor": {"Jane Doe": [1, True, None, 4821337, {"b": "two"}], "inner": inner},
    }

    segments = DIALECT.read_request(json.dumps(body).encode()).segments()

    assert [(s.address, s.text, s.kind.value) for s in segments if "*" in s.address] == [
        ("/messages/0/*2:key", "x_extra", "fixed"),
        ("/messages/0/*2/0", "one", "data"),
        ("/*2:key", "vendor", "fixed"),
        ("/*2/*0:key", "Jane Doe", "fixed"),
        ("/*2/*0/3", "4821337", "data"),
        ("/*2/*0/4/*0:key", "b", "fixed"),
        ("/*2/*0/4/*0", "two", "data"),
        ("/*2/*1:key", "inner", "fixed"),
        ("/*2/*1~json/*0:key", "note", "fixed"),
        ("/*2/*1~json/*0~json/*0:key", "who", "fixed"),
        ("/*2/*1~json/*0~json/*0", "Jane", "data"),
    ]


def test_json_schema_words_are_not_inspected_but_its_prose_is() -> None:
    """A tool's schema costs no more inspection than it holds words of people."""
    schema = {
        "type": "object",
        "properties": {"patient_name": {"type": ["string", "null"], "description": "as in the chart", "enum": ["A B"]}},
        "required": ["patient_name"],
        "additionalProperties": False,
    }
    tool = {"type": "function", "function": {"name": "find", "parameters": schema}}
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "tools": [tool]}

    segments = DIALECT.read_request(json.dumps(body).encode()).segments()

    assert [(s.text, s.kind) for s in segments if "parameters" in s.address] == [
        ("patient_name", Kind.FIXED),
        ("as in the chart", Kind.DATA),
        ("A B", Kind.DATA),
        ("patient_name", Kind.FIXED),
    ]


@pytest.mark.parametrize("segment", PLAIN_REQUEST.segments(), ids=lambda segment: segment.address)
def test_a_plain_request_has_model_and_words(segment: Segment) -> None:
    """Nothing is inspected that holds no words."""
    assert segment.address in ("/model", "/messages/0/content")


def test_errors_are_of_one_tree() -> None:
    """Whatever a client sends, the answer is an error of ours."""
    with pytest.raises(GuardrailError):
        DIALECT.read_request(b"[]")
