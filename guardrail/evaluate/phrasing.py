"""How much of a machine's talk as a person is left in answers, and what else was changed.

A line is `{"id","lang","text","violations":[{"text","category"}],"clean","keep"}`; `keep` are quotations and code in
passages with violations. Pure; knows no rail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from guardrail.errors import ClientError
from guardrail.evaluate.figures import Failure, Figures, Report, grouped, share
from guardrail.evaluate.lines import Line

_APOSTROPHES: Final = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "*": "", "_": ""})
_ELSEWHERE: Final = "\n\u241e\n"  # where a protected quotation stood
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Violation:
    """A phrase that may not be left."""

    text: str
    category: str


@dataclass(frozen=True, slots=True)
class Passage:
    """An answer of a model, and what is wrong with it. `keep`: strings in it that must stay."""

    id: str
    text: str
    violations: tuple[Violation, ...] = ()
    keep: tuple[str, ...] = ()
    language: str = "-"


@dataclass(frozen=True, slots=True)
class _Phrase:
    category: str
    left: bool
    loosely: bool


@dataclass(frozen=True, slots=True)
class _Judged:
    source: Passage
    phrases: tuple[_Phrase, ...]
    lost: tuple[bool, ...]
    changed: bool
    collapsed: bool


def parse(line: Line) -> Passage:
    """One line. Raises ClientError."""
    text = line.text()
    violations = tuple(Violation(part.text(), part.name("category", "-")) for part in line.parts("violations"))
    keep = line.strings("keep")
    if not all(part and part in text for part in (*keep, *(violation.text for violation in violations))):
        raise ClientError('"violations" or "keep" has a string that is not in the text', code="bad_line")
    if "clean" in line.values and line.truth("clean") == bool(violations):
        raise ClientError('"clean" and "violations" contradict each other', code="bad_line")
    return Passage(line.id, text, violations, keep, line.name("lang", "-"))


def score(results: Iterable[tuple[Passage, str]]) -> Report:
    """All figures, by category and language. A result is what the reader of the answer gets.

    left              of the phrases, those still there, letter by letter
    left_loosely      those, or the same but for case, apostrophes, white space and emphasis
    passages_left     of the passages with phrases, those with one left (letter by letter)
    clean_changed     of the clean passages, those that changed at all
    protected_lost    of the quotations and code to keep, those that are gone
    collapsed         of the passages with phrases, those of which less than half is left
    """
    judged = [_judge(source, result) for source, result in results]
    phrases = [phrase for each in judged for phrase in each.phrases]
    return Report(
        kind="phrasing",
        texts=len(judged),
        figures=_figures(judged),
        groups={
            "category": grouped(phrases, lambda phrase: phrase.category, _of_phrases),
            "language": grouped(judged, lambda each: each.source.language, _figures),
        },
        failures=tuple(failure for each in judged for failure in _failures(each)),
    )


def _figures(judged: Sequence[_Judged]) -> Figures:
    wrong = [each for each in judged if each.phrases]
    return {
        **_of_phrases([phrase for each in judged for phrase in each.phrases]),
        "passages_left": share(any(phrase.left for phrase in each.phrases) for each in wrong),
        "clean_changed": share(each.changed for each in judged if not each.phrases),
        "protected_lost": share(lost for each in wrong for lost in each.lost),
        "collapsed": share(each.collapsed for each in wrong),
    }


def _of_phrases(phrases: Sequence[_Phrase]) -> Figures:
    return {
        "left": share(phrase.left for phrase in phrases),
        "left_loosely": share(phrase.left or phrase.loosely for phrase in phrases),
    }


def _judge(source: Passage, result: str) -> _Judged:
    body = result
    for kept in source.keep:
        body = body.replace(kept, _ELSEWHERE)
    return _Judged(
        source=source,
        phrases=tuple(
            _Phrase(each.category, each.text in body, _loosely(each.text, body)) for each in source.violations
        ),
        lost=tuple(kept not in result for kept in source.keep),
        changed=result != source.text,
        collapsed=len(result.strip()) < _HALF * len(source.text.strip()),
    )


def _loosely(phrase: str, text: str) -> bool:
    phrase, text = _folded(phrase), _folded(text)
    left, right = (r"(?<![a-z0-9])", r"(?![a-z0-9])")
    first = left if re.match("[a-z0-9]", phrase) else ""
    last = right if re.search(r"[a-z0-9]\Z", phrase) else ""
    return re.search(first + re.escape(phrase) + last, text) is not None


def _folded(text: str) -> str:
    return " ".join(text.translate(_APOSTROPHES).split()).casefold()


def _failures(judged: _Judged) -> list[Failure]:
    source, out = judged.source, []
    for violation, phrase in zip(source.violations, judged.phrases, strict=True):
        if phrase.left or phrase.loosely:
            at = source.text.find(violation.text)
            what = "left" if phrase.left else "left loosely"
            out.append(Failure(source.id, what, phrase.category, at, at + len(violation.text)))
    for kept, lost in zip(source.keep, judged.lost, strict=True):
        if lost:
            at = source.text.find(kept)
            out.append(Failure(source.id, "protected text lost", "keep", at, at + len(kept)))
    if not judged.phrases and judged.changed:
        out.append(Failure(source.id, "clean passage changed", "-", 0, len(source.text)))
    if judged.phrases and judged.collapsed:
        out.append(Failure(source.id, "collapsed", "-", 0, len(source.text)))
    return out
