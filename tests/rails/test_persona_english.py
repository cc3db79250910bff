"""The persona rail in English: passages written for this test, as a patient reads them; no answer is treated apart."""

from __future__ import annotations

import asyncio
import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

from guardrail.engine.chain import Chain, Rule
from guardrail.engine.holdback import Pace
from guardrail.engine.worker import InlineInspector
from guardrail.rails import persona
from guardrail.rails.base import About
from guardrail.text import Action, Direction, Role, Segment
from tests.support.cases import in_groups

CASES: Final[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "persona_cases" / "en.toml").read_text("utf-8"))
KNOWN: Final = frozenset(CASES["known_misses"])
ANSWER: Final = About(Direction.RESPONSE, Role.ASSISTANT, surface="patient")
SETTINGS: Final = persona.PersonaSettings()
LABELS: Final = {"flag.*": Action.ALLOW, "unrewritten.*": Action.WARN}


def chain() -> Chain:
    rule = Rule(
        rail="persona",
        action=Action.REPLACE,
        labels=LABELS,
        rewriter=persona.rewriter(SETTINGS),
        local=persona.build(SETTINGS),
    )
    return Chain([rule], InlineInspector({}), Pace())


CHAIN: Final = chain()


def read(answer: str, by: Chain = CHAIN) -> str:
    """What a patient reads of an answer."""
    return asyncio.run(by.run(Segment("a", Role.ASSISTANT, answer), ANSWER)).text


def plain(text: str) -> str:
    return " ".join(re.sub(r"[*_]", "", text).split()).casefold()


def stands_in(phrase: str, text: str) -> bool:
    """The phrase itself, not a part of a longer word."""
    words = plain(phrase).strip(" ,.;:!?") or plain(phrase)
    left, right = (r"(?<!\w)" if words[0].isalnum() else "", r"(?!\w)" if words[-1].isalnum() else "")
    return re.search(left + re.escape(words) + right, plain(text)) is not None


@in_groups(map(tuple, CASES["violations"]))
def test_the_phrase_is_gone(passage: str, phrase: str) -> None:
    """The words by which the machine sounds like a person don't reach a patient; a known miss still does."""
    assert stands_in(phrase, passage)
    assert stands_in(phrase, read(passage)) == (passage in KNOWN)


@in_groups(sorted({passage for passage, _ in CASES["violations"]}))
def test_what_is_read_is_at_rest(passage: str) -> None:
    """A second look changes nothing more, and every number that was advice is still there (3.2, rules 6 and 7)."""
    once = read(passage)
    assert read(once) == once


@in_groups(CASES["clean"])
def test_a_clean_passage_stays(passage: str) -> None:
    """Others' words, evidence, idioms, numerals, forms and honest statements (3.3); a known miss is still changed."""
    assert (read(passage) != passage) == (passage in KNOWN)


def test_the_known_misses_are_few() -> None:
    """At most 3 % of the violations are left and 2 % of the clean passages changed, and every one is named."""
    passages = {passage for passage, _ in CASES["violations"]}
    assert passages | set(CASES["clean"]) >= KNOWN
    assert len(KNOWN & passages) <= 0.03 * len(CASES["violations"])
    assert len(KNOWN & set(CASES["clean"])) <= 0.02 * len(CASES["clean"])


PRESSURE: Final = (
    "Please don't leave me.",
    "This is our little secret.",
    "I'll always be here for you.",
    "Nobody understands you like I do.",
)


@pytest.mark.parametrize("said", PRESSURE)
def test_the_tenth_answer_is_treated_as_the_first(said: str) -> None:
    """Manipulation begins after some turns (WHO-49, 50): no number of answers wears the rail out."""
    conversation = chain()
    answers = [read(f"Drink water. {said}", conversation) for _ in range(10)]
    assert {plain(said) in plain(answer) for answer in answers} == {False}
    assert len(set(answers)) == 1


LETTER: Final = (
    "Here is the letter:\n\n{greeting}\n\nI believe the bill is wrong. I am upset about it.\n\nKind regards,\nAnna Bell"
)


@pytest.mark.parametrize("greeting", ["Dear Ms Lee,", "Hello Ms Lee,", "To the practice manager:", "Hi all,"])
def test_a_letter_for_the_user_to_sign_is_not_changed(greeting: str) -> None:
    """The words in it are the user's own."""
    letter = LETTER.format(greeting=greeting)
    assert read(letter) == letter
