"""The table of fields against Anthropic's own SDK: these tests fail when the API gains a field that nobody knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from anthropic.types import (
    Message,
    RawContentBlockDeltaEvent,
    RawContentBlockStartEvent,
    RawContentBlockStopEvent,
    RawMessageDeltaEvent,
    RawMessageStartEvent,
    RawMessageStopEvent,
    message_count_tokens_params,
    message_create_params,
)
from anthropic.types.beta import message_count_tokens_params as beta_count_params
from anthropic.types.beta import message_create_params as beta_params

from guardrail.dialects.anthropic import fields
from guardrail.dialects.anthropic.blocks import LABEL, NAME, SEALED, SEALS, WORD
from guardrail.dialects.anthropic.messages import AnthropicMessages, AnthropicTokens
from guardrail.dialects.table import Bound, Echo, Field, Free, Match, Media, Number, OneOf, Plain, Refused, Switch
from guardrail.errors import ClientError, GuardrailError, UpstreamBroken
from guardrail.text import Kind
from tests.dialects.anthropic.talk import DIALECT, ask, opened, read, seal
from tests.dialects.leaves import assert_seen
from tests.dialects.sdk_types import CANARY, Path, places, planted, spoken
from tests.specimens.anthropic_messages import begin, question
from tests.specimens.base import sse

COUNTING = AnthropicTokens()
GA = (message_create_params.MessageCreateParamsNonStreaming, message_create_params.MessageCreateParamsStreaming)
BETA = (beta_params.MessageCreateParamsStreaming,)
COUNTS = (message_count_tokens_params.MessageCountTokensParams, beta_count_params.MessageCountTokensParams)
REQUESTS = [
    *((params, DIALECT) for params in (*GA, *BETA)),
    *((params, COUNTING) for params in COUNTS),
]
IDS = ["whole", "stream", "beta", "count", "beta count"]


def sealed(value: Any, key: str = "") -> Any:
    """The value with what its seals look like in their places."""
    if isinstance(value, dict):
        redacted = value.get("type") == "redacted_thinking"
        return {k: sealed(v, "signature" if redacted and k == "data" else k) for k, v in value.items()}
    if isinstance(value, list):
        return [sealed(each) for each in value]
    return seal() if value == "hello" and key in SEALS else value


def declared(root: Field, path: Path) -> bool:
    """True if rows lead to this place (in whichever variant), or to one above it that is read or refused as a whole."""
    if not path:
        return True
    if isinstance(root.rule, Free | Refused | Echo | Plain | Number | Bound | Switch | Media):
        return True
    if isinstance(root.rule, OneOf) and path == (root.rule.member,):
        return True
    return any(declared(each, path[1:]) for each in _below(root, path[0]))


def _below(root: Field, step: str) -> Iterator[Field]:
    for here in (root, *root.variants.values()):
        below = here.items if step == "[]" else None if step == "*" else here.members.get(step)
        if below is None and not isinstance(getattr(here.others, "rule", None), Free):
            below = here.others
        if below is not None:
            yield below


REFUSED = frozenset({"mcp_server_name", "server_name", "default_config", "tool_changes", "from_"})
"""Members of blocks and tools that are refused by their type: other people's servers, and summaries under a seal."""
REFUSED_ENDS = ("content.[].encrypted_content", "content.[].tools")


def _is_refused(place: str) -> bool:
    steps = place.split(".")
    inside = [".".join(steps[:end]) for end in range(len(steps) + 1)]
    in_a_tool = ".definition.tools" in place or "tools.[].tools" in place
    return in_a_tool or not REFUSED.isdisjoint(steps) or any(each.endswith(REFUSED_ENDS) for each in inside)


@pytest.mark.parametrize(("params", "dialect"), REQUESTS, ids=IDS)
def test_every_field_of_a_request_that_the_sdk_knows_is_declared(params: Any, dialect: Any) -> None:
    """A new field of the API is noticed when the SDK is updated, not when a patient's name has gone through it."""
    table = fields.REQUEST if dialect is DIALECT else fields.COUNT_REQUEST
    missing = {".".join(path) for path in places(params) if not declared(table, path)}

    assert sorted(place for place in missing if not _is_refused(place)) == []


@pytest.mark.parametrize(("params", "dialect"), REQUESTS[:4], ids=IDS[:4])
def test_an_identity_in_any_string_of_a_request_is_seen_or_refused(params: Any, dialect: Any) -> None:
    """A patient's number in any place of a request is either shown to the rails or the request is refused."""
    seen, refused = 0, []
    for path, payload in planted(params):
        try:
            document = dialect.read_request(json.dumps(sealed(payload)).encode())
        except ClientError as error:
            refused.append(f"{error.message} {error.param}")
            continue
        seen += 1
        if path[-1] != "thinking":
            assert_seen(document, path)

    assert seen > 60
    assert len(refused) > 60
    assert not any(CANARY in told for told in refused)


@pytest.mark.parametrize(("params", "dialect"), REQUESTS[:4], ids=IDS[:4])
def test_every_word_of_the_closed_lists_is_accepted(params: Any, dialect: Any) -> None:
    """Nothing that the API knows is refused, but for files, and for what stays at Anthropic's or goes elsewhere."""
    wrong = set()
    for payload in spoken(params):
        try:
            dialect.read_request(json.dumps(sealed(payload)).encode())
        except ClientError as error:
            if error.code not in ("uninspected_part", "invalid_base64"):
                wrong.add((error.code, error.param))

    assert wrong <= {("invalid_type", "messages[0].content[0].trigger")}  # the SDK calls it an `object`


EVENTS = {
    "message_start": RawMessageStartEvent,
    "content_block_start": RawContentBlockStartEvent,
    "content_block_delta": RawContentBlockDeltaEvent,
    "content_block_stop": RawContentBlockStopEvent,
    "message_delta": RawMessageDeltaEvent,
    "message_stop": RawMessageStopEvent,
}


@pytest.mark.parametrize(
    ("model", "table"),
    [(Message, fields.ANSWER), *((model, fields.EVENTS[name]) for name, model in EVENTS.items())],
    ids=["whole", *EVENTS],
)
def test_every_field_of_an_answer_that_the_sdk_knows_is_declared(model: Any, table: Field) -> None:
    """The same for what comes back. Numbers pass, strings of what nobody knows are inspected."""
    paths = {".".join(path) for path in places(model) if not declared(table, path)}
    counts = ("usage", "message.usage", "diagnostics", "message.diagnostics", "message.content")

    assert sorted(path for path in paths if not path.startswith(counts)) == []


OWN_TOKENS = {
    *("id", "name", "model", "tool_id", "tool_use_id", "toolset_name", "file_id", "skill_id", "version", "tool_name"),
    *("inference_geo", "signature", "data"),
}
"""What a provider says about itself in an answer: held to a strict pattern instead of being inspected."""


def test_an_identity_in_any_string_of_a_whole_answer_is_seen_or_refused() -> None:
    """What a provider sends back is inspected in full too."""
    seen, refused = 0, []
    for path, payload in planted(Message):
        try:
            document = DIALECT.read_response(json.dumps(sealed(payload)).encode(), ask())
        except UpstreamBroken as error:
            refused.append(error.message)
            continue
        if path[-1] not in OWN_TOKENS and path[-1] != "*key":
            assert_seen(document, path)
            seen += 1
    assert seen > 30
    assert not any(CANARY in told for told in refused)


@pytest.mark.parametrize("kind", [kind for kind in EVENTS if kind != "message_stop"])
def test_an_identity_in_any_string_of_an_event_is_seen_or_refused(kind: str) -> None:
    """And so is every event of a stream."""
    seen, refused = 0, []
    for path, payload in planted(EVENTS[kind]):
        codec = opened()
        try:
            if kind == "message_start" and "content" not in path:
                payload["message"]["content"] = []
            frames = codec.feed(sse(*_before(kind, payload), (kind, sealed(payload))))
        except UpstreamBroken as error:
            refused.append(error.message)
            continue
        frame = frames[-1]
        texts = [delta.text for delta in frame.deltas] + [whole.text for whole in frame.wholes]
        if path[-1] in OWN_TOKENS or path[-1] == "*key":
            continue
        if frame.keepalive:
            assert CANARY.encode() not in codec.write(frame, [], [])
            continue
        assert any(CANARY in text for text in texts), path
        if any(CANARY in whole.text and whole.kind is Kind.FIXED for whole in frame.wholes):
            continue  # the key of an argument: the answer ends there
        wholes = [whole.text if whole.kind is Kind.FIXED else "x" for whole in frame.wholes]
        assert CANARY.encode() not in codec.write(frame, ["x"] * len(frame.deltas), wholes)
        seen += 1
    assert seen > 0 or kind in ("content_block_stop",)
    assert not any(CANARY in told for told in refused)


def _before(kind: str, payload: Any) -> list[Any]:
    """The events that have to come before this one."""
    if kind == "message_start":
        return []
    types = {"input_json_delta": "tool_use", "thinking_delta": "thinking", "signature_delta": "thinking"}
    of = types.get(payload.get("delta", {}).get("type"), "text") if kind == "content_block_delta" else "text"
    begun: dict[str, dict[str, Any]] = {"tool_use": {"id": "t", "name": "f", "input": {}}, "thinking": {"thinking": ""}}
    block = begun.get(of, {"text": ""})
    start = ("content_block_start", {"type": "content_block_start", "index": 1, "content_block": {"type": of, **block}})
    return [begin(), *([start] if kind in ("content_block_delta", "content_block_stop") else [])]


@pytest.mark.parametrize("rule", [NAME, LABEL, WORD, SEALED])
def test_own_tokens_of_a_provider_are_held_to_a_pattern(rule: Match) -> None:
    """No sentence fits where an id belongs."""
    assert not rule.pattern.fullmatch("Maria Lopez, born 1941")


@pytest.mark.parametrize("text", ["ZQ123456789012", "MariaLopez", "TWFyaWE=", "Maria Lopez" * 9, ""])
def test_a_seal_is_longer_than_any_value(text: str) -> None:
    """What only Anthropic can read has the length of a signature, and no spaces."""
    assert not SEALED.pattern.fullmatch(text)


def test_a_plain_request_has_model_and_words() -> None:
    """Nothing is inspected that holds no words."""
    assert [segment.address for segment in ask().segments()] == ["/model", "/messages/0/content"]


def test_unknown_fields_are_walked_in_full() -> None:
    """A field that nobody has heard of hides nothing."""
    block = {"type": "text", "text": "hi", "x_extra": ["one"]}
    body = {**question(""), "messages": [{"role": "user", "content": [block]}], "vendor": {"Jane Doe": [True, 4821337]}}

    assert [(s.address, s.text, s.kind.value) for s in read(body).segments() if "*" in s.address] == [
        ("/messages/0/content/0/*2:key", "x_extra", "fixed"),
        ("/messages/0/content/0/*2/0", "one", "data"),
        ("/*3:key", "vendor", "fixed"),
        ("/*3/*0:key", "Jane Doe", "fixed"),
        ("/*3/*0/1", "4821337", "data"),
    ]


def test_errors_are_of_one_tree() -> None:
    """Whatever a client sends, the answer is an error of ours."""
    with pytest.raises(GuardrailError):
        AnthropicMessages().read_request(b"[]")
