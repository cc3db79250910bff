"""What comes back: JSON inside an answer is judged string by string, streamed as strictly as whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest

from guardrail.answer import AnswerReview
from guardrail.engine.chain import Chain, Rule
from guardrail.engine.holdback import Pace
from guardrail.engine.vault import Vault
from guardrail.engine.worker import InlineInspector
from guardrail.errors import UpstreamBroken
from guardrail.question import PHI
from guardrail.rails.base import SENTENCE, About, Reach, Window
from guardrail.text import Action, Direction, Finding, Kind, Role, Segment, Span

ABOUT = About(Direction.RESPONSE, Role.ASSISTANT)


class Digits:
    """Finds runs of six digits."""

    name = PHI
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterator[Finding]:
        at = window.text.find("123456")
        if at >= 0:
            yield Finding(Span(at, at + 6), PHI, "MRN")


def review(tools: frozenset[str] = frozenset()) -> AnswerReview:
    vault = Vault()
    vault.mint("NAME", 'Maria "Mia" Delgado\n')
    chain = Chain([Rule(rail=PHI, action=Action.REPLACE)], InlineInspector({PHI: Digits()}), Pace(1, 240, 240, 4096))
    return AnswerReview(chain, ABOUT, vault, tools)


def cleared(text: str, tool: str = "", tools: frozenset[str] = frozenset()) -> str:
    segment = Segment("arguments", Role.ASSISTANT, text, Kind.DATA, tool)
    return asyncio.run(review(tools).clear_json(segment)).text


def test_values_are_put_back_with_the_escapes_that_keep_it_json() -> None:
    """A quote and a line break in a patient's name don't break the document."""
    assert json.loads(cleared('{"who": "[NAME_1]"}')) == {"who": 'Maria "Mia" Delgado\n'}


def test_json_inside_json_is_read_to_any_depth() -> None:
    """A stranger's number two levels down is removed, and every level stays JSON."""
    inner = json.dumps({"note": "record 123456", "who": "[NAME_1]"})
    text = json.dumps({"body": json.dumps({"payload": inner})})

    found = json.loads(json.loads(json.loads(cleared(text))["body"])["payload"])

    assert found == {"note": "record [MRN removed]", "who": 'Maria "Mia" Delgado\n'}


def test_a_tool_gets_real_values_only_if_the_policy_names_it() -> None:
    """WHO-33: placeholders stay in the arguments of every other tool."""
    assert cleared('{"to": "[NAME_1]"}', tool="send_mail") == '{"to": "[NAME_1]"}'
    assert "Maria" in cleared('{"to": "[NAME_1]"}', tool="find", tools=frozenset({"find"}))


def test_untouched_json_keeps_its_bytes() -> None:
    """Numbers, spaces and escapes as the model wrote them."""
    text = '{ "dose":1.50,\t"unit" : "mg\\u0021" }'
    assert cleared(text) == text


@pytest.mark.parametrize("text", ['{"a": "x", "a": "y"}', '{"a": "\\ud800"}', "[" * 200 + "]" * 200])
def test_json_that_readers_understand_differently_is_refused(text: str) -> None:
    """Otherwise PHI hides in the first of two equal keys."""
    with pytest.raises(UpstreamBroken):
        cleared(text)


@pytest.mark.parametrize("text", ["", "not json 123456", '{"cut": "123456', "42"])
def test_what_is_no_json_is_cleared_as_text(text: str) -> None:
    """A model that breaks off in its arguments hides nothing by it."""
    assert "123456" not in cleared(text)


def test_a_strangers_data_in_an_object_key_ends_the_answer() -> None:
    """A key can't be rewritten, so nothing of it is passed on."""
    with pytest.raises(UpstreamBroken):
        cleared('{"123456": 1}')
