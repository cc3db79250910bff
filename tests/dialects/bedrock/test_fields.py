"""The tables against Bedrock's own service model: these tests fail when the API gains a member that nobody knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from guardrail.dialects.bedrock import answers, fields
from guardrail.dialects.table import Bound, Echo, Field, Free, Match, Media, Number, OneOf, Plain, Refused, Switch, Text
from guardrail.errors import ClientError, UpstreamBroken
from guardrail.text import Kind
from tests.dialects.bedrock.shapes import answer_shape, minimal, places, planted, request_shape, spoken
from tests.dialects.bedrock.talk import ASK, DIALECT, STREAMED, ask, opened, read
from tests.dialects.leaves import assert_seen
from tests.dialects.sdk_types import CANARY, Path
from tests.specimens.bedrock_converse import begin, end, event, frames, question

OPERATIONS = ["Converse", "ConverseStream"]
EVENTS = answer_shape("ConverseStream").members["stream"].members
NAMES = [name for name in EVENTS if not name.endswith("Exception")]


def declared(root: Field, path: Path) -> bool:
    """True if rows lead to this place (in whichever variant), or to one above it that is read or refused as a whole."""
    if not path or isinstance(root.rule, Free | Refused | Echo | Plain | Number | Bound | Switch | Media):
        return True
    if isinstance(root.rule, Text) and root.rule.inside is not None:
        return False
    if isinstance(root.rule, OneOf) and path == (root.rule.member,):
        return True
    return any(declared(each, path[1:]) for each in _below(root, path[0]))


def _below(root: Field, step: str) -> Iterator[Field]:
    for here in (root, *root.variants.values()):
        below = here.items if step == "[]" else here.others if step == "*" else here.members.get(step)
        if below is not None and (step == "*" or below is not here.others):
            yield below


def missing(shape: Any, table: Field) -> list[str]:
    return sorted({".".join(path) for path in places(shape) if not declared(table, path)})


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_member_of_a_request_is_declared(operation: str) -> None:
    """A new member of the API is noticed when botocore is updated, not when a patient's name has gone through it."""
    assert missing(request_shape(operation), fields.REQUEST) == []


def test_every_member_of_an_answer_is_declared() -> None:
    """The same for what comes back."""
    assert missing(answer_shape("Converse"), answers.ANSWER) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_member_of_an_event_is_declared(name: str) -> None:
    """And for each event."""
    assert missing(EVENTS[name], answers.EVENTS[name]) == []


def test_every_event_and_exception_is_known() -> None:
    """In the stream of Converse, and in that of InvokeModel."""
    chunks = answer_shape("InvokeModelWithResponseStream").members["body"].members

    assert set(NAMES) == set(answers.EVENTS)
    assert {name for name in (*EVENTS, *chunks) if name.endswith("Exception")} == set(answers.EXCEPTIONS)
    for name, status in answers.EXCEPTIONS.items():
        assert chunks[name].metadata["error"]["httpStatusCode"] == status


def test_an_identity_in_any_string_of_a_request_is_seen_or_refused() -> None:
    """A patient's number in any place of a request is either shown to the rails or the request is refused."""
    seen, refused = 0, []
    for path, payload in planted(request_shape("Converse")):
        body = payload if "messages" in payload else {**question("hello"), **payload}
        try:
            document = DIALECT.read_request(json.dumps(body).encode(), ASK)
        except ClientError as error:
            refused.append(f"{error.message} {error.param}")
            continue
        seen += 1
        if path[-1] != "bytes":  # of a text file: the segment holds what is inside the base64
            assert_seen(document, path)
        else:
            assert any(CANARY in segment.text for segment in document.segments())

    assert seen > 50
    assert len(refused) > 60
    assert not any(CANARY in told for told in refused)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_word_of_the_closed_lists_is_accepted(operation: str) -> None:
    """Nothing that the API knows is refused, but for files that nothing can look into."""
    wrong = set()
    for payload in spoken(request_shape(operation)):
        try:
            read(payload if "messages" in payload else {**question("hello"), **payload})
        except ClientError as error:
            if error.code != "uninspected_part":
                wrong.add((error.code, error.param))

    assert wrong <= {("missing_field", "messages")}  # an empty one


OWN_TOKENS = frozenset({"toolUseId", "name", "invokedModelId", "signature", "redactedContent", "serverName", "type"})
"""What a provider says about itself in an answer: held to a strict pattern instead of being inspected."""


def test_an_identity_in_any_string_of_a_whole_answer_is_seen_or_refused() -> None:
    """What a provider sends back is inspected in full too."""
    request, seen, refused = ask(), 0, []
    base = minimal(answer_shape("Converse"))
    for path, payload in planted(answer_shape("Converse")):
        try:
            document = DIALECT.read_response(json.dumps({**base, **payload}).encode(), request)
        except UpstreamBroken as error:
            refused.append(error.message)
            continue
        if path[-1] not in OWN_TOKENS and path[-1] not in ("*key", "bytes") and not _is_a_key(payload):
            assert_seen(document, path)
            seen += 1

    assert seen > 40
    assert not any(CANARY in told for told in refused)


@pytest.mark.parametrize("name", NAMES)
def test_an_identity_in_any_string_of_an_event_is_seen_or_refused(name: str) -> None:
    """And so is every event of a stream."""
    refused: list[str] = []
    before = {"messageStart": [], "metadata": [begin(), end()[0]]}.get(name, [begin()])
    for path, payload in planted(EVENTS[name]):
        codec = opened()
        start = [event("contentBlockStart", contentBlockIndex=1, start=_start(payload))] if "delta" in payload else []
        try:
            got = codec.feed(frames(*before, *start, event(name, **payload)))
        except UpstreamBroken as error:
            refused.append(error.message)
            continue
        frame = got[-1]
        texts = [delta.text for delta in frame.deltas] + [whole.text for whole in frame.wholes]
        if path[-1] in OWN_TOKENS or path[-1] == "*key" or _is_a_key(payload):
            continue
        assert any(CANARY in text for text in texts), path
        if not any(CANARY in whole.text and whole.kind is Kind.FIXED for whole in frame.wholes):
            assert CANARY.encode() not in codec.write(frame, ["x"] * len(frame.deltas), ["x"] * len(frame.wholes))
    assert not any(CANARY in told for told in refused)


def _is_a_key(payload: Any) -> bool:
    """A provider may name its own fields as it likes, if the name is one word."""
    return f'{{"{CANARY}": 1}}' in json.dumps(payload)


def _start(payload: Any) -> Any:
    of = {"toolUse": {"toolUseId": "t", "name": "f"}, "toolResult": {"toolUseId": "t"}}
    return {kind: start for kind, start in of.items() if kind in payload["delta"]}


def test_unknown_members_are_walked_in_full_and_unknown_parts_refused() -> None:
    """A member that nobody has heard of hides nothing."""
    body = question("hi", vendor={"Jane Doe": [True, 4821337]})
    assert [(s.text, s.kind.value) for s in read(body).segments() if "*" in s.address] == [
        ("vendor", "fixed"),
        ("Jane Doe", "fixed"),
        ("4821337", "data"),
    ]
    for strange, code in (
        ({"messages": [{"role": "user", "content": [{"hologram": {"text": "Jane"}}]}]}, "unknown_part"),
        (question("hi", system=[{"hologram": {}, "text": "x"}]), "unknown_part"),
        (question("hi", toolConfig={"tools": [{"agentTool": {"name": "x"}}]}), "unknown_tool"),
        ({"messages": [{"role": "ghost", "content": []}]}, "unknown_role"),
    ):
        with pytest.raises(ClientError) as caught:
            read(strange)
        assert caught.value.code == code
        assert "Jane" not in caught.value.message


def test_own_tokens_of_a_provider_are_held_to_a_pattern() -> None:
    """No sentence fits where an id belongs."""
    told = answers.ANSWER.members["output"].members["message"].members["content"].items
    assert told is not None
    call = told.members["toolUse"].variants["tool_use"].members
    for rule in (call["toolUseId"].rule, call["name"].rule):
        assert isinstance(rule, Match)
        assert not rule.pattern.fullmatch("Maria Lopez, born 1941")


def test_streams_have_the_same_requests() -> None:
    """But for what they say about themselves."""
    assert STREAMED.read_request(json.dumps(question("hi")).encode(), ASK).stream
    assert not ask().stream
