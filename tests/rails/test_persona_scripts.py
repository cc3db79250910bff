"""The persona rail on passages in Arabic, Chinese, Hindi, Russian, Swahili and Indonesian (WHO-04, WHO-06).

One case file per language: passages with the phrase that must be gone, and look-alikes that must stay. A case that
the rail is known to miss is named in the file under `known_misses`; it fails as well once the rail finds it.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from guardrail.rails import persona
from guardrail.rails.base import About, Window
from guardrail.rails.data.persona_profiles import CLASSES
from guardrail.rails.persona_tables import languages
from guardrail.text import Direction, Finding, Role
from tests.support.cases import in_groups

ANSWER = About(Direction.RESPONSE, Role.ASSISTANT)
RAIL = persona.build(persona.PersonaSettings())
WORDS = persona.rewriter(persona.PersonaSettings())
CODES = ("ar", "hi", "id", "ru", "sw", "zh")


def cases(code: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "persona_cases" / f"{code}.toml").read_text("utf-8"))


CASES = {code: cases(code) for code in CODES}
VIOLATIONS = [(code, *pair) for code in CODES for pair in CASES[code]["violations"]]
CLEAN = [(code, text) for code in CODES for text in CASES[code]["clean"]]


def known(code: str, text: str) -> bool:
    return text in CASES[code].get("known_misses", [])


def found(text: str) -> list[Finding]:
    return list(RAIL.inspect(Window(text), ANSWER))


def rewritten(text: str) -> str:
    after = text
    for finding in sorted(found(text), key=lambda each: -each.span.start):
        instead = WORDS.rewrite(finding, text, ANSWER)
        assert instead is not None
        after = after[: finding.span.start] + instead + after[finding.span.end :]
    return after


@in_groups(VIOLATIONS)
def test_a_phrase_in_a_persons_voice_is_gone(code: str, passage: str, phrase: str) -> None:
    """The phrase is not in the rewritten passage (or the passage is a known miss and still one)."""
    assert phrase in passage
    assert (phrase in rewritten(passage)) is known(code, passage)


@in_groups(VIOLATIONS)
def test_what_stands_instead_is_at_rest(code: str, passage: str, phrase: str) -> None:
    """One pass is enough, and no number of the passage changes that the phrase does not take along."""
    after = rewritten(passage)
    assert found(after) == []
    assert after.strip()


@in_groups(CLEAN)
def test_a_look_alike_stays(code: str, text: str) -> None:
    """Quotations, third persons, forms, evidence and honest words of a machine are left as they are."""
    assert (rewritten(text) != text) is known(code, text)


@pytest.mark.parametrize("code", CODES)
def test_a_case_file_is_broad(code: str) -> None:
    """At least 110 passages and 110 look-alikes, no two alike; every known miss is one of them."""
    passages = [passage for passage, _ in CASES[code]["violations"]]
    clean = CASES[code]["clean"]
    assert min(len(set(passages)), len(set(clean))) >= 110
    assert len(set(passages + clean)) == len(passages + clean)
    assert set(CASES[code].get("known_misses", [])) <= {*passages, *clean}


# what the rail allows (requirements 3.2: short rituals, a functional "I"), so no row has to stand for it
ALLOWED = {"ritual", "filler", "functional_i"}


@pytest.mark.parametrize("code", CODES)
def test_every_class_that_is_not_allowed_has_a_row(code: str) -> None:
    assert CLASSES.keys() - ALLOWED - {row.label for row in languages()[code].rows} == set()
