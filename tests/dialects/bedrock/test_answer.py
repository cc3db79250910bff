"""Whole answers: what opens them, reasoning, tools, and where our notices go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guardrail.dialects.bedrock.answer import ConverseAnswer
from guardrail.dialects.tools import PROPOSAL
from guardrail.errors import UpstreamBroken
from guardrail.text import Kind
from tests.dialects.bedrock.shapes import seal
from tests.dialects.bedrock.talk import DIALECT, ask
from tests.specimens.bedrock_converse import answer

CALL = {"toolUse": {"toolUseId": "t1", "name": "prescribe", "input": {"patient": "x"}}}


def read(body: Any) -> ConverseAnswer:
    return DIALECT.read_response(json.dumps(body).encode(), ask())


def content(document: ConverseAnswer) -> Any:
    return json.loads(document.to_bytes())["output"]["message"]["content"]


def test_the_first_text_opens_the_answer() -> None:
    """Reasoning doesn't, nor does any other text."""
    thought = {"reasoningContent": {"reasoningText": {"text": "hm", "signature": seal()}}}
    cited = {"citationsContent": {"content": [{"text": "c"}], "citations": [{"title": "T"}]}}
    found = {each.text: (each.kind, each.opens) for each in read(answer(thought, {"text": "a"}, cited)).segments()}
    assert found == {
        "hm": (Kind.DATA, False),
        "a": (Kind.PROSE, True),
        "c": (Kind.PROSE, False),
        "T": (Kind.DATA, True),
    }


def test_reasoning_that_changes_loses_its_signature() -> None:
    """And gets no real values: it is foreign."""
    thought = {"reasoningContent": {"reasoningText": {"text": "hm", "signature": seal()}}}
    document = read(answer(thought))
    (segment,) = document.segments()
    assert segment.tool == "?"
    document.replace(segment.address, "hm")
    assert content(document) == [thought]
    document.replace(segment.address, "x")
    assert content(document)[0]["reasoningContent"]["reasoningText"] == {"text": "x", "signature": ""}


def test_words_of_ours_come_first() -> None:
    """As a block of their own."""
    document = read(answer(CALL))
    assert document.say("Help.")
    assert content(document) == [{"text": "Help."}, CALL]


@pytest.mark.parametrize(
    ("more", "after"),
    [
        ({}, {"guardrail": {"a": 1}}),
        ({"additionalModelResponseFields": {"x": 2}}, {"guardrail": {"a": 1}, "x": 2}),
        ({"additionalModelResponseFields": None}, {"guardrail": {"a": 1}}),
        ({"additionalModelResponseFields": ["x"]}, {"guardrail": {"a": 1}}),
        ({"additionalModelResponseFields": {"guardrail": 3, "x": 2}, "guardrail": 4}, {"guardrail": {"a": 1}, "x": 2}),
    ],
)
def test_notices_beside_the_words_go_where_boto3_shows_them(more: Any, after: Any) -> None:
    """It drops members that it doesn't know. Nothing that a provider says there is in their place."""
    document = read({**answer(CALL), **more})
    document.note({"a": 1})
    told = json.loads(document.to_bytes())
    assert told == {**answer(CALL), "additionalModelResponseFields": after}


def test_what_a_guardrail_of_amazons_found_is_no_notice_of_ours() -> None:
    """Its member stands elsewhere."""
    trace: dict[str, Any] = {"trace": {"guardrail": {"modelOutput": []}}}
    document = read({**answer({"text": "Rest."}), "additionalModelResponseFields": {"x": 1, "guardrail": 2}, **trace})
    assert json.loads(document.to_bytes()) == {
        **answer({"text": "Rest."}), "additionalModelResponseFields": {"x": 1}, **trace
    }  # fmt: skip


def test_an_action_becomes_a_proposal_and_one_that_ran_does_not() -> None:
    """What ran at Amazon's can't be held back any more."""
    ran = {"toolUse": {**CALL["toolUse"], "type": "server_tool_use"}}
    document = read(answer(CALL, ran))
    (use,) = document.tool_uses
    document.propose(use, PROPOSAL, lambda own: {"own": own})
    assert content(document) == [
        {"toolUse": {"toolUseId": "t1", "name": PROPOSAL, "input": {"own": {"patient": "x"}}}},
        ran,
    ]
    assert {each.tool for each in document.segments()} == {"prescribe", "?"}


@pytest.mark.parametrize(
    "body",
    [{}, {"output": {}}, {"output": {"message": {}}}, answer({"image": {"format": "png", "source": {"bytes": "aGk="}}}),
     answer({"toolUse": {"toolUseId": "Jane Roe", "name": "f", "input": {}}}),
     {"output": {"message": {"role": "user", "content": []}}}],
)  # fmt: skip
def test_what_nobody_can_read_is_no_answer(body: Any) -> None:
    """Missing members, pictures, names where ids belong."""
    with pytest.raises(UpstreamBroken) as caught:
        read(body)
    assert "Jane" not in caught.value.message
