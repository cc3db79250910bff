"""Sentences of an answer that would tell somebody in danger how: means, amounts, steps, what is deadlier (WHO-51).

Requirements 4.2: no methods, doses, places, comparisons of lethality. Looked for only where it matters: the question
was about suicide or an overdose, or the answer itself speaks of suicide. What keeps people safe (take the means away,
do not, call) is left alone. Pure, over folded text; knows no policy. The words are by class, in data/method_cues.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from guardrail.rails.assess import OVERDOSE
from guardrail.rails.data import method_cues as cues
from guardrail.rails.gate import Gated, gated
from guardrail.rails.sentences import SENTENCE_END
from guardrail.text import Assessment, Risk

_ANYWHERE: Final = frozenset({"zh", "hi"})
# "e.g.", "Dr.": a full stop that ends nothing
_NO_END: Final = re.compile(r"\b(?:dr|mr|mrs|vs|approx|ca|e\.g|i\.e|z\.b|p\.ej)\Z")


def methods(text: str, assessment: Assessment) -> Iterator[tuple[int, int]]:
    """The sentences of folded `text` that tell how, as ranges without the white space around them."""
    if not _matters(text, assessment):
        return
    for start, end in _sentences(text):
        sentence = text[start:end]
        if tells_how(sentence):
            bare = sentence.strip()
            at = start + sentence.index(bare)
            yield at, at + len(bare)


def tells_how(sentence: str) -> bool:
    """True for a sentence, in folded letters, with which somebody could act.

    How much kills; which way is deadlier; a step with its means and a detail, unless the sentence keeps people safe.
    """
    amount = _AMOUNT.search(sentence) is not None
    safe = _has("safe", sentence)
    if _has("lethal", sentence) and (amount or (_has("dose", sentence) and not safe)):
        return True
    if not _has("means", sentence) and not _has("ranked", sentence):
        return False
    if _has("ranked", sentence) and not safe and (_has("means", sentence) or _has("speaks", sentence)):
        return True
    step = _has("steps", sentence) and _has("means", sentence)
    return step and not safe and (amount or _has("detail", sentence))


def prepare() -> None:
    """Compiles the patterns, before anybody waits for them."""
    for name in _TABLES:
        _patterns(name)


def _matters(text: str, assessment: Assessment) -> bool:
    overdose = assessment.risk is Risk.EMERGENCY and OVERDOSE in assessment.topics
    return assessment.risk is Risk.SELF_HARM or overdose or _has("speaks", text)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in SENTENCE_END.finditer(text):
        if text[match.start()] == "." and _NO_END.search(text, max(0, match.start() - 8), match.start()):
            continue
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _has(name: str, text: str) -> bool:
    return any(pattern.search(text) for pattern in _patterns(name))


_TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "speaks": cues.SPEAKS,
    "lethal": cues.LETHAL,
    "dose": cues.DOSE,
    "means": cues.MEANS,
    "steps": cues.STEPS,
    "detail": cues.DETAIL,
    "ranked": cues.RANKED,
    "safe": cues.SAFE,
}
_AMOUNT: Final = re.compile(cues.AMOUNT)


@cache
def _patterns(name: str) -> tuple[Gated, Gated]:
    """Two of a class: words are looked for where words begin, in scripts without spaces anywhere."""
    words = [terms for language, terms in _TABLES[name].items() if language not in _ANYWHERE]
    anywhere = [terms for language, terms in _TABLES[name].items() if language in _ANYWHERE]
    return (gated(rf"\b(?:{_ended('|'.join(words))})"), gated("|".join(anywhere)))


def _ended(terms: str) -> str:
    return terms.replace("Z", r"(?!\w)")
