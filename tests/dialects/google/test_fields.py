"""The tables against Google's own SDK: these tests fail when the API gains a field that nobody thought of."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from google.genai import types

from guardrail.dialects.google import answers, fields
from guardrail.dialects.google.dialect import GeminiCountTokens, GeminiEmbed, GeminiGenerate
from guardrail.dialects.google.spelling import snake
from guardrail.dialects.table import Echo, Match
from guardrail.errors import ClientError, UpstreamBroken
from guardrail.text import Kind
from tests.dialects.google.payloads import Config, Request, members, planted, rule_at, worded
from tests.dialects.leaves import assert_seen
from tests.dialects.sdk_types import CANARY, Path
from tests.dialects.streams import opened

DIALECT = GeminiGenerate()
HELLO = {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}
PLAIN_REQUEST = DIALECT.read_request(json.dumps(HELLO).encode())

ELSEWHERE = {
    "httpOptions",
    "shouldReturnHttpResponse",
    "automaticFunctionCalling",
    "automaticContinuation",
    "modelSelectionConfig",
    "generationOutputConfig",
}
"""Fields of the SDK's config that stay in the SDK, or have another name on the wire (`modelConfig`, `outputConfig`)."""


def declared(root: Any, path: Path) -> bool:
    try:
        rule_at(root, path)
    except KeyError:
        return False
    return True


def test_the_wire_has_every_field_of_the_sdks_config() -> None:
    """The payloads below are made of all that a client can say."""
    told = members(types.GenerateContentConfig).keys() - ELSEWHERE

    assert told - members(Config).keys() - members(Request).keys() == set()


def test_every_field_of_a_request_that_the_sdk_knows_is_declared() -> None:
    """A new field of the API is noticed when the SDK is updated, not when a patient's name has gone through it."""
    assert sorted({".".join(path) for path, _ in planted(Request) if not declared(fields.REQUEST, path)}) == []


@pytest.mark.parametrize("table", [answers.ANSWER, answers.CHUNK], ids=["whole", "chunk"])
def test_every_field_of_an_answer_that_the_sdk_knows_is_declared(table: Any) -> None:
    """The same for what comes back."""
    found = {".".join(path) for path, _ in planted(types.GenerateContentResponse) if not declared(table, path)}

    assert sorted(found) == []


def snaked(value: Any) -> Any:
    """The payload in the other spelling, but for keys that are data."""
    if isinstance(value, list):
        return [snaked(each) for each in value]
    if isinstance(value, dict):
        return {key if key == CANARY else snake(key): snaked(each) for key, each in value.items()}
    return value


@pytest.mark.parametrize("spell", [copy.copy, snaked], ids=["camel", "snake"])
def test_an_identity_in_any_string_of_a_request_is_seen_or_refused(spell: Any) -> None:
    """A patient's number in any place of a request is either shown to the rails or the request is refused."""
    seen, refused = 0, []
    for path, payload in planted(Request):
        try:
            document = DIALECT.read_request(json.dumps({**HELLO, **spell(payload)}).encode())
        except ClientError as error:
            refused.append(f"{error.message} {error.param}")
            continue
        seen += 1
        assert_seen(document, path)

    assert seen > 150
    assert len(refused) > 150
    assert not any(CANARY in told for told in refused)


@pytest.mark.parametrize(
    ("dialect", "wrap"),
    [
        (GeminiCountTokens(), lambda request: request),
        (GeminiCountTokens(), lambda request: {"generateContentRequest": request}),
        (GeminiEmbed(), lambda request: {"content": request["contents"][0]}),
        (GeminiEmbed(), lambda request: {"requests": [{"model": "m", "content": request["contents"][0]}]}),
    ],
    ids=["count", "count of a request", "embed", "embed many"],
)
def test_nor_in_a_request_that_is_answered_in_numbers(dialect: Any, wrap: Any) -> None:
    """The same where nobody reads an answer."""
    seen = 0
    for path, payload in planted(Request):
        try:
            document = dialect.read_request(json.dumps(wrap({**HELLO, **payload})).encode())
        except ClientError:
            continue
        if CANARY in document.to_bytes().decode():
            assert_seen(document, path)
            seen += 1
    assert seen > 25


def test_every_word_of_the_closed_lists_is_accepted() -> None:
    """Nothing that the API knows is refused, but for what is no text, and what would go elsewhere."""
    wrong = set()
    for path, payload in worded(Request):
        try:
            DIALECT.read_request(json.dumps({**HELLO, **payload}).encode())
        except ClientError as error:
            if error.code not in ("uninspected_part", "missing_field"):
                wrong.add((".".join(path), error.code))

    assert wrong == {("toolConfig.functionCallingConfig.streamFunctionCallArguments", "invalid_value")}


def own_token(table: Any, path: Path) -> bool:
    """What a provider says about itself: held to a strict pattern instead of being inspected."""
    rule = rule_at(table, path)
    return isinstance(rule, Match) and rule.strict and bool(rule.pattern.fullmatch(CANARY))


def test_an_identity_in_any_string_of_a_whole_answer_is_seen_or_refused() -> None:
    """What a provider sends back is inspected in full too."""
    seen, refused = 0, []
    for path, payload in planted(types.GenerateContentResponse):
        try:
            document = DIALECT.read_response(json.dumps(payload).encode(), PLAIN_REQUEST)
        except UpstreamBroken as error:
            refused.append(error.message)
            continue
        if isinstance(rule_at(answers.ANSWER, path), Echo):
            assert CANARY.encode() not in document.to_bytes()
        elif not own_token(answers.ANSWER, path) and path[-1] != "*key":
            assert_seen(document, path)
            seen += 1
    assert seen > 80
    assert refused
    assert not any(CANARY in told for told in refused)


def test_an_identity_in_any_string_of_a_chunk_is_seen_or_refused() -> None:
    """And so is every chunk of a stream."""
    seen, refused = 0, []
    for path, payload in planted(types.GenerateContentResponse):
        codec = opened(DIALECT, PLAIN_REQUEST)
        try:
            (frame,) = codec.feed(b"data: " + json.dumps(payload).encode() + b"\n\n")
        except UpstreamBroken as error:
            refused.append(error.message)
            continue
        texts = [delta.text for delta in frame.deltas] + [whole.text for whole in frame.wholes]
        if isinstance(rule_at(answers.CHUNK, path), Echo):
            assert CANARY.encode() not in codec.write(frame, texts, [])
        elif not own_token(answers.CHUNK, path) and path[-1] != "*key":
            assert any(CANARY in text for text in texts), path
            wholes = [whole.text if whole.kind is Kind.FIXED else "x" for whole in frame.wholes]
            assert CANARY.encode() not in codec.write(frame, ["x"] * len(frame.deltas), wholes)
            seen += 1
    assert seen > 80
    assert not any(CANARY in told for told in refused)


def test_own_tokens_of_a_provider_are_held_to_a_pattern() -> None:
    """No sentence fits where an id belongs."""
    rules = (answers.NAME, answers.LABEL, answers.WORD, answers.TIME, fields.SIGNATURE)

    assert not any(rule.pattern.fullmatch("Maria Lopez, born 1941") for rule in rules)
