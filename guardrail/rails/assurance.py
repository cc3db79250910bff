# ruff: noqa: RUF001 - the letters of other scripts are the point
"""Answers that leave no doubt, and answers that wave a complaint away (WHO-05, WHO-57, requirements 3.2: A18, rule 3).

Finds the sentence and asks for a fixed one behind it; nothing of the answer is changed. Urging somebody to get help is
no certainty, and neither are denials, questions, quotations, code, and what a study counted. Knows no policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from guardrail.rails import spoken
from guardrail.rails.base import SENTENCE, About, Reach, Rewriter, Window
from guardrail.rails.data import assurance_phrases as phrases
from guardrail.rails.data import claim_texts
from guardrail.rails.fold import fold
from guardrail.rails.gate import Gated, gated
from guardrail.rails.language import detect
from guardrail.rails.sentences import SENTENCE_END, others_words
from guardrail.text import Finding, Span

NAME: Final = "assurance"
CERTAINTY, DISMISSAL = "certainty", "dismissal"
LABELS: Final = (CERTAINTY, DISMISSAL)
EDUCATION: Final = "education"


class AssuranceSettings(BaseModel):
    """What is written behind such a sentence, by label and language; all languages or none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    certainty: Mapping[str, str] = Field(default_factory=lambda: dict(claim_texts.CERTAINTY))
    dismissal: Mapping[str, str] = Field(default_factory=lambda: dict(claim_texts.DISMISSAL))

    @field_validator(*LABELS)
    @classmethod
    def _in_every_language(cls, table: Mapping[str, str]) -> Mapping[str, str]:
        spoken.complete(table, sorted(claim_texts.CERTAINTY))
        return table


@dataclass(frozen=True)
class Assurance:
    """Finds sentences of the assistant's own. Nothing in other voices and directions."""

    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """An empty finding behind a sentence, one of each label in a window."""
        if not about.is_answer:
            return []
        folded = fold(window.text)
        hits = list(_hits(folded.text))
        if not hits or (about.surface == EDUCATION and _FICTION.search(folded.text)):
            return []
        others = others_words(folded.text, first=window.start == 0, final=window.final)
        places: dict[str, int] = {}
        for start, end, label in hits:
            place = None if start in others or label in places else _place(folded.text, end, window.final)
            if place is not None:
                places[label] = place
        found = [(folded.span(0, place).end, label) for label, place in places.items()]
        return [Finding(Span(place, place), NAME, label) for place, label in found]


@dataclass(frozen=True)
class AssuranceRewriter:
    """Writes the sentence."""

    settings: AssuranceSettings

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The sentence in the reader's language (English for one that has no text), going on in the line."""
        table = self.settings.certainty if finding.label == CERTAINTY else self.settings.dismissal
        return f" {table.get(about.language, table['en'])}"


def build(settings: AssuranceSettings) -> Assurance:
    """The rail."""
    return Assurance()


def rewriter(settings: AssuranceSettings) -> Rewriter:
    """The words for the findings."""
    return AssuranceRewriter(settings)


_TABLES: Final = {CERTAINTY: phrases.CERTAINTY, DISMISSAL: phrases.DISMISSAL}
_BEHIND: Final = re.compile(phrases.TAKEN_BACK_BEHIND)
_REPORTED: Final = gated(phrases.REPORTED)
_FICTION: Final = gated(phrases.FICTION)
_DIGIT: Final = re.compile(r"\d")
_QUESTION: Final = gated(r"[?？؟]")
# A clause ends at these: what is denied before them says nothing about what follows.
_CLAUSE: Final = re.compile(
    r"[,;:،，；：]|\s[-–—]\s|\b(?:but|pero|mais|aber|mas|ma|но|lakini|tetapi)\b|\b(?:and|so)\s(?=(?:you|it|this|that|there|your)\b)|\b(?:und|et|y)\b|但|لكن|लेकिन"
)
_SCRIPTS: Final = {
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "ru": re.compile("[\u0400-\u04ff]"),
}
_ALIKE: Final = tuple(language for language in phrases.CERTAINTY if language not in _SCRIPTS)
_LATIN: Final = re.compile(r"[a-z]{2}")
# "e.g.", "Dr.": a full stop that ends nothing
_NO_END: Final = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|vs|approx|etc|st|no|z\.b|e\.g|i\.e|p\.ej|bzw|sra?|prof)|\b[a-z]|\d)\Z"
)
_TELLING: Final = 40  # code points: a shorter sentence has too few small words to tell its language
_PATIENCE: Final = 120
"""A sentence that has not ended so far behind a phrase is interrupted at a word: later the phrase is out of view."""


@cache
def _table(language: str) -> tuple[tuple[str, Gated], ...]:
    """One pattern per label."""
    return tuple((label, gated("|".join(f"(?:{row})" for row in by[language]))) for label, by in _TABLES.items())


@cache
def _taken_back(language: str) -> re.Pattern[str]:
    """What denies in one language; Latin letters are read in all of them, so what denies in one does in any."""
    alike = "" if language in _SCRIPTS else f"|{phrases.TAKEN_BACK_ANYWHERE}"
    return re.compile(phrases.TAKEN_BACK[language] + alike)


def _hits(text: str) -> Iterator[tuple[int, int, str]]:
    """Phrases in folded text that nothing in their sentence takes back: start, end, label. In text order."""
    found = [hit for start, end in _sentences(text) for hit in _in_sentence(text, start, end)]
    return iter(sorted(found))


def _in_sentence(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    sentence = text[start:end]
    if _QUESTION.search(sentence):
        return
    for language in _spoken(sentence):
        for label, pattern in _table(language):
            for match in pattern.finditer(sentence):
                if not _is_taken_back(sentence, match, language, label):
                    yield start + match.start(), start + match.end(), label


def _spoken(sentence: str) -> Iterator[str]:
    """The languages that a sentence may be in: those of its script; of Latin letters its own and English, if told."""
    latin = _LATIN.search(sentence) is not None
    told = detect(sentence, _ALIKE) if latin and len(sentence) > _TELLING else ""
    for language in phrases.CERTAINTY:
        script = _SCRIPTS.get(language)
        if script is not None:
            if script.search(sentence):
                yield language
        elif latin and (language == "en" or told in ("", language)):
            yield language


def _is_taken_back(sentence: str, match: re.Match[str], language: str, label: str) -> bool:
    begins = max((m.end() for m in _CLAUSE.finditer(sentence) if m.end() <= match.start()), default=0)
    if _taken_back(language).search(sentence, begins, match.start()):
        return True
    if label == CERTAINTY and _REPORTED.search(sentence) and _DIGIT.search(sentence):
        return True
    return _BEHIND.match(sentence, match.end()) is not None


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _ends(text, 0):
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _ends(text: str, start: int) -> Iterator[re.Match[str]]:
    for match in SENTENCE_END.finditer(text, start):
        if text[match.start()] != "." or not _NO_END.search(text, max(0, match.start() - 8), match.start()):
            yield match


def _place(text: str, start: int, final: bool) -> int | None:
    """Where the sentence around `start` ends, behind its closing marks; None while that is not in view."""
    first = next(_ends(text, start), None)
    if first is not None and first.start() - start <= _PATIENCE:
        return first.start() if first[0] == "\n" else first.end()
    if final and first is None and len(text.rstrip()) - start <= _PATIENCE:
        return max(start, len(text.rstrip()))
    gap = re.compile(r"\s").search(text, start + _PATIENCE)
    return gap.start() if gap else None
