"""The tables against OpenAI's own SDK: these tests fail when the API gains a field that nobody thought of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest
from openai.types.responses import Response
from openai.types.responses.response_create_params import (
    ResponseCreateParamsNonStreaming,
    ResponseCreateParamsStreaming,
)
from openai.types.responses.response_stream_event import ResponseStreamEvent

from guardrail.dialects.openai.responses import fields
from guardrail.dialects.table import Bound, Echo, Field, Free, Link, Match, Media, Number, OneOf, Plain, Refused, Switch
from guardrail.errors import ClientError, UpstreamBroken
from tests.dialects.leaves import assert_seen
from tests.dialects.openai.responses.talk import BLOB, DIALECT, opened, read
from tests.dialects.sdk_types import CANARY, element, fields_of, is_object, options, planted, spoken

REQUESTS = (ResponseCreateParamsNonStreaming, ResponseCreateParamsStreaming)
_WHOLE = (Free, Refused, Echo, Plain, Number, Bound, Switch, Media, Link)


def missing(tp: Any, field: Field, path: str = "", seen: tuple[Any, ...] = ()) -> Iterator[str]:
    """The places of a type that no row leads to."""
    if isinstance(field.rule, _WHOLE):
        return
    for option in options(tp):
        if is_object(option) and option not in seen:
            here = variant(option, field)
            for name, (hint, _) in fields_of(option).items() if here else ():
                assert here is not None
                yield from below(hint, here.members.get(name.rstrip("_")), f"{path}.{name}", (*seen, option))
        elif element(option) is not None:
            yield from below(element(option), field.items, f"{path}[]", seen)
        elif get_origin(option) is dict and get_args(option)[1] is not object:
            yield from below(get_args(option)[1], field.others, f"{path}.*", seen)


def below(tp: Any, field: Field | None, path: str, seen: tuple[Any, ...]) -> Iterator[str]:
    if field is None:
        yield path
    else:
        yield from missing(tp, field, path, seen)


def variant(option: Any, field: Field) -> Field | None:
    """The table of an object; None if its type is refused."""
    if not isinstance(field.rule, OneOf):
        return field
    hint = options(fields_of(option)[field.rule.member][0])[0]
    word = get_args(hint)[0] if get_origin(hint) is Literal else None
    if word in field.rule.refused:
        return None
    return field.variants[field.rule.trees.get(str(word)) or field.rule.other]


@pytest.mark.parametrize("params", REQUESTS)
def test_every_field_of_a_request_that_the_sdk_knows_is_declared(params: Any) -> None:
    """A new field or item of the API is noticed when the SDK is updated, not when a name has gone through it."""
    assert sorted(set(missing(params, fields.REQUEST))) == []


NOT_DECLARED_BUT_INSPECTED = ("usage", "tool_usage", "moderation", "tools[]", "prompt_cache_diagnostics", "prompt.")
"""Parts of answers without words of the conversation, and tools as they are told again: strings are inspected."""


def test_every_field_of_an_answer_that_the_sdk_knows_is_declared() -> None:
    """The same for what comes back."""
    found = {path.removeprefix(".") for path in missing(Response, fields.ANSWER)}
    odd = {path for path in found if not path.startswith(NOT_DECLARED_BUT_INSPECTED)}
    odd = {path for path in odd if ".tools[]." not in path and ".misalignment" not in path}
    assert odd == set()


EVENTS = {get_args(fields_of(event)["type"][0])[0]: event for event in options(ResponseStreamEvent)}
UNHEARD = {"response.audio.delta", "response.audio.done", "response.audio.transcript.delta"}
UNHEARD |= {"response.audio.transcript.done"}
"""Sound can't be inspected, and a request can't ask for it: these events are left out."""


def test_every_event_is_declared() -> None:
    """A new type of event is noticed too. The error event has a way of its own."""
    assert set(EVENTS) - {"error"} - set(fields.EVENTS) == UNHEARD


@pytest.mark.parametrize("kind", sorted(set(EVENTS) - UNHEARD - {"error"}))
def test_every_field_of_an_event_is_declared(kind: str) -> None:
    """And so is a new field of one."""
    found = {path.removeprefix(".") for path in missing(EVENTS[kind], fields.EVENTS[kind])}
    odd = {path for path in found if not path.removeprefix("response.").startswith(NOT_DECLARED_BUT_INSPECTED)}
    assert {path for path in odd if ".tools[]." not in path and ".misalignment" not in path} == set()


def sealed(value: Any, key: str = "") -> Any:
    """The value with what looks like encrypted content where such belongs."""
    if isinstance(value, dict):
        return {k: sealed(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [sealed(each) for each in value]
    return BLOB if value == "hello" and key == "encrypted_content" else value


@pytest.mark.parametrize("params", REQUESTS)
def test_an_identity_in_any_string_of_a_request_is_seen_or_refused(params: Any) -> None:
    """A patient's number in any place of a request is either shown to the rails or the request is refused."""
    seen, refused = 0, []
    for path, payload in planted(params):
        try:
            document = DIALECT.read_request(json.dumps(sealed({"model": "m", **payload})).encode())
        except ClientError as error:
            refused.append(f"{error.message} {error.param}")
            continue
        seen += 1
        if "logprobs" in path:
            assert CANARY.encode() not in document.to_bytes()
        else:
            assert_seen(document, path)

    assert seen > 300
    assert len(refused) > 100
    assert not any(CANARY in told for told in refused)


@pytest.mark.parametrize("params", REQUESTS)
def test_every_word_of_the_closed_lists_is_accepted(params: Any) -> None:
    """Nothing that the API knows is refused, but for files, MCP servers and work in the background."""
    wrong = set()
    for payload in spoken(params):
        try:
            DIALECT.read_request(json.dumps(sealed({"model": "m", **payload})).encode())
        except ClientError as error:
            if error.code not in ("uninspected_part", "invalid_base64"):
                wrong.add((error.code, (error.param or "").rpartition(".")[2]))

    assert wrong <= {
        ("invalid_value", "background"),
        ("invalid_value", "size"),
        *(("invalid_type", name) for name in SCHEMAS),
    }


SCHEMAS = ("parameters", "input_schema", "filters[0]")
"""The SDK calls them an `object`, which a word is too."""


OWN = {"id", "model", "name", "call_id", "item_id", "file_id", "container_id", "caller_id", "namespace", "obfuscation"}
OWN |= {
    "status",
    "type",
    "object",
    "role",
    "phase",
    "service_tier",
    "truncation",
    "effort",
    "summary",
    "mode",
    "reason",
}
OWN |= {
    "fingerprint",
    "approval_request_id",
    "previous_response_id",
    "version",
    "comparison_response_id",
    "tool_choice",
}
"""What a provider says about itself in an answer: held to a strict pattern instead of being inspected."""


def is_own(place: tuple[str, ...], table: Field) -> bool:
    """True if a pattern, and not a rail, guards this place."""
    return place[-1] in OWN or place[-1] == "*key" or _rule_at(place, table)


def is_a_key(payload: Any) -> bool:
    """True if the canary is a key where a provider may add fields of its own."""
    return f'"{CANARY}": ' in json.dumps(payload)


def _rule_at(place: tuple[str, ...], table: Field) -> bool:
    nodes = [table]
    for step in place:
        nodes = [each for node in nodes for each in _nodes_below(node, step)]
    return any(isinstance(node.rule, Match) for node in nodes)


def _nodes_below(node: Field, step: str) -> Iterator[Field]:
    for here in (node, *node.variants.values()):
        child = here.items if step == "[]" else here.others if step == "*" else here.members.get(step)
        if child is not None:
            yield child


def test_an_identity_in_any_string_of_a_whole_answer_is_seen_or_refused() -> None:
    """What a provider sends back is inspected in full too."""
    request, seen, refused = read(), 0, []
    for path, payload in planted(Response):
        try:
            document = DIALECT.read_response(json.dumps(payload).encode(), request)
        except UpstreamBroken as error:
            refused.append(error.message)
            continue
        if path[0] != "instructions" and ("logprobs" in path or path[0] == "error"):
            assert CANARY.encode() not in document.to_bytes(), path
        elif not is_own(path, fields.ANSWER) and not is_a_key(payload):
            assert_seen(document, path)
            seen += 1
    assert seen > 100
    assert not any(CANARY in told for told in refused)


@pytest.mark.parametrize("kind", sorted(set(EVENTS) - UNHEARD - {"error"}))
def test_an_identity_in_any_string_of_an_event_is_seen_or_refused(kind: str) -> None:
    """And so is every event of a stream."""
    refused = []
    for path, payload in planted(EVENTS[kind]):
        if path == ("type",):
            continue
        codec = opened()
        try:
            frames = codec.feed(b"data: " + json.dumps({**payload, "type": kind}).encode() + b"\n\n")
        except UpstreamBroken as error:
            refused.append(error.message)
            continue
        (frame,) = frames
        texts = [delta.text for delta in frame.deltas] + [whole.text for whole in frame.wholes]
        wholes = [whole.text if whole.kind.value == "fixed" else "x" for whole in frame.wholes]
        written = codec.write(frame, ["x"] * len(frame.deltas), wholes)
        if "instructions" not in path and ("logprobs" in path or path[:2] == ("response", "error")):
            assert CANARY.encode() not in written, path
        elif not is_own(path, fields.EVENTS[kind]) and not is_a_key(payload):
            assert any(CANARY in text for text in texts), path
            assert CANARY.encode() not in written or any(CANARY in text for text in wholes), path
    assert not any(CANARY in told for told in refused)
