# ruff: noqa: RUF001 - the letters of other scripts are the point
"""Whether a sentence says after a rewriting what it said before: numbers, units, medicines, negations, doubt and
directions (requirements 3.2, rules 1 to 6).

Works on folded text. Knows how sentences end and what must not be lost; knows no row and no frame.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from guardrail.rails.data import persona_elsewhere as elsewhere
from guardrail.rails.data import persona_english as english
from guardrail.rails.persona_tables import ENGLISH, languages
from guardrail.text import Span

# --- sentences ---
_END: Final = re.compile(r"[.!?…؟۔।][\"')\]}*_`]{0,8}(?=\s|\Z)|[。！？｡][\"')\]」』）】]{0,8}|\n")
_LONGEST: Final = 200  # a longer sentence may be cut in a stream before its end is known: it is never taken whole
_OPENING: Final = re.compile(r"\s*(?:(?:[-*•>#|]+|\d{1,2}[.)])\s+)*+")
_ITEM: Final = re.compile(r"[ \t]*(?:[-*•>#|]+|\d{1,2}[.)])[ \t]*\Z")


def sentence(text: str, start: int, end: int, *, final: bool) -> Span | None:
    """The sentence that holds the range, with its end mark; None if it is too long, or its end is not seen.

    `final`: the text ends where the answer ends.
    """
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    first = 0
    for mark in _END.finditer(text, max(0, start - _LONGEST), start):
        first = mark.end()
    if not first and start > _LONGEST:
        return None
    if opening := _OPENING.match(text, first, start):
        first = opening.end()
    if last := _END.search(text, max(start, end - 1), min(len(text), start + _LONGEST + 16)):
        stop = last.start() if last[0] == "\n" else last.end()
    elif not final or len(text) > start + _LONGEST:
        return None
    else:
        stop = len(text)
    return Span(first, stop) if stop - first <= _LONGEST and stop >= end else None


def is_item(text: str, start: int) -> bool:
    """True if what begins at `start` is an item of a list."""
    return _ITEM.search(text[text.rfind("\n", 0, start) + 1 : start]) is not None


# What may be left of a sentence whose claims are taken out, and says nothing: connectives, asides, marks.
_EMPTY: Final = re.compile(
    r"(?:oh|ah|well|and|but|so|because|honestly|truly|really|very|too|also|as|just|now|please|dear|friend|you|know|"
    r"of|course|indeed|actually|always|believe|it|or|not|which|that|is|this|wow|gosh|hey|\W)*+"
)


def says_nothing(rest: str) -> bool:
    """True if what is left of a sentence besides its claims has no content of its own."""
    return _EMPTY.fullmatch(" ".join(rest.split())) is not None and not any(c.isdigit() for c in rest)


# --- what must not be lost ---
_NUMBER: Final = re.compile(
    r"\d+(?:[.,:/]\d+)*(?:\s?(?:%|mg|mcg|µg|μg|g|kg|ml|l|iu|units?|mmhg|mmol|mm|cm|dl|bpm|°c|°f)\b)?"
)
_IDIOMS: Final = re.compile(english.IDIOMS)
_HEDGE: Final = re.compile(
    r"\b(?:possib\w+|possibility|option|options|may|might|maybe|perhaps|likely|unlikely|probab\w+|seems?|appears?|uncertain|"
    r"not\s(?:certain|sure)|doubt\w*|unclear|hopefully|some\s(?:consider|find|people)|concern|one\sview|unusual|open\squestion)\b"
)
_MEDICINE: Final = re.compile(
    r"\b(?:\w{3,}(?:cillin|mycin|micin|oxacin|azole|statin|sartan|olol|dipine|prazole|pril|gliptin|gliflozin|formin|"
    r"parin|xaban|gatran|tidine|setron|triptan|azepam|zolam|barbital|oxetine|aline|pramine|codone|morphone|vir|mab|nib|"
    r"thiazide|semide|sone|solone|lukast|terol|phylline|profen|oxicam|caine|quine)|aspirin|paracetamol|acetaminophen|"
    r"insulin|warfarin|lithium|morphine|codeine|tramadol|fentanyl|digoxin|methotrexate|amiodarone|levothyroxine|heparin)\b"
)
_LIMIT: Final = re.compile(r"\b(?:only|unless|until|at\smost|at\sleast|(?:more|less)\sthan)\b")
# what a "not" in a sentence may forbid, or what it may keep somebody from
_DEEDS: Final = re.compile(english.DEEDS)
_DEEDS_ELSEWHERE: Final = re.compile(elsewhere.DEEDS)
_ADVICE_ELSEWHERE: Final = re.compile(elsewhere.ADVICE)
_DIRECTED: Final = re.compile(rf"(?<![\w']){english.DIRECTED}")
_SOFTENED: Final = re.compile(english.SOFTENED)


@cache
def negations(language: str) -> re.Pattern[str]:
    """The negations of one language; of all of them for "" (where the language of a stretch is not known)."""
    tables = [each.negations for each in languages().values() if language in ("", each.code)]
    return re.compile("|".join(f"(?:{table})" for table in tables))


def denials(text: str, language: str) -> int:
    """How often the text says no; idioms that deny nothing ("no doubt", "can't help but") don't count."""
    return len(negations(language).findall(_IDIOMS.sub(" ", text)))


def protects(text: str, language: str) -> bool:
    """True if a sentence holds what a reader may need: a number, a limit, a medicine, a "not", a direction."""
    if _NUMBER.search(text) or _LIMIT.search(text) or _MEDICINE.search(text):
        return True
    directed, deeds = (_DIRECTED, _DEEDS) if language == ENGLISH else (_ADVICE_ELSEWHERE, _DEEDS_ELSEWHERE)
    return directed.search(text) is not None or (bool(denials(text, language)) and deeds.search(text) is not None)


def keeps(before: str, after: str, language: str) -> bool:
    """True if a sentence says no less after its rewriting, and is no surer (3.2, rules 1, 2 and 6)."""
    if _NUMBER.findall(before) != _NUMBER.findall(after) or _MEDICINE.findall(before) != _MEDICINE.findall(after):
        return False
    if denials(after, language) < denials(before, language):
        return False
    if language != ENGLISH:
        return True
    if _SOFTENED.search(after):
        return False
    return len(_HEDGE.findall(after)) >= len(_HEDGE.findall(before)) or _DIRECTED.search(after) is not None
