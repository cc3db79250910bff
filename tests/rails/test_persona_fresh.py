"""Answers written before anybody read a row: how many phrases are left is measured, and may not grow.

A line is a class of requirements 3.2 and a text with the phrase that must go in [[ ]]; "-" and a text that must stay.
Short rituals (A14: an apology, a thank-you) are allowed, so none of them counts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from guardrail.rails import persona
from guardrail.rails.base import About, Window
from guardrail.text import Direction, Role

ANSWER: Final = About(Direction.RESPONSE, Role.ASSISTANT, surface="patient")
RAIL: Final = persona.build(persona.PersonaSettings())
WORDS: Final = persona.rewriter(persona.PersonaSettings())
FOLDER: Final = Path(__file__).parent / "persona_fresh"
# language: (phrases that may be left, clean texts that may change), as measured
FLOORS: Final = {
    "en": (15, 3),  # of 385 and 244
    "es": (2, 0),  # of 63 and 16
    "fr": (2, 0),  # of 63 and 16
    "de": (0, 0),  # of 63 and 16
    "pt": (4, 0),  # of 63 and 16
    "it": (6, 0),  # of 62 and 16
    "id": (1, 0),  # of 62 and 16
    "ar": (4, 0),  # of 62 and 16
    "zh": (0, 0),  # of 62 and 16
    "ru": (1, 0),  # of 62 and 16
    "hi": (1, 0),  # of 62 and 16
    "sw": (2, 0),  # of 62 and 16
}


def read(text: str) -> str:
    after = text
    for finding in sorted(RAIL.inspect(Window(text), ANSWER), key=lambda each: -each.span.start):
        instead = WORDS.rewrite(finding, text, ANSWER)
        if instead is not None:
            after = after[: finding.span.start] + instead + after[finding.span.end :]
    return after


@pytest.mark.parametrize("language", FLOORS)
def test_no_more_is_left_of_fresh_answers_than_was_measured(language: str) -> None:
    """The figures of issue 5: 3 % of English, 8 % of the other languages; 1 % of clean passages."""
    left, changed = [], []
    for line in (FOLDER / f"{language}.tsv").read_text("utf-8").splitlines():
        label, _, written = line.replace("\\n", "\n").partition("\t")
        phrase = re.search(r"\[\[(.+?)\]\]", written)
        text = written.replace("[[", "").replace("]]", "")
        if phrase is None:
            changed += [text] if read(text) != text else []
        elif label != "A14" and phrase[1].casefold() in read(text).casefold():
            left.append(text)

    most_left, most_changed = FLOORS[language]
    assert len(left) <= most_left, left
    assert len(changed) <= most_changed, changed
