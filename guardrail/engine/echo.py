"""Finds what is already known to be somebody's data wherever it is said again. Knows no detector and no placeholder.

A detector sees "Maria Lopez" once, by its cue; here "lopez", "MARIA" and "maria_lopez.pdf" are found by repetition.
Compares words, not patterns: a value may hold any character and is never read as a regular expression (TOK-10).
Work is linear in the text, whatever the number of values (TOK-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from guardrail.engine.common_words import COMMON_WORDS, FOREIGN
from guardrail.rails.base import SENTENCE, About, Reach, Window
from guardrail.text import Finding, Kind, Span

_WORD: Final = re.compile(r"[^\W_]+")
_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_MOST_WORDS: Final = 24
_WIDEST_GAP: Final = 3
_LONGEST_START: Final = 64
_STOP: Final = re.compile(r"[.!?\u2026\u061f\u06d4\u0964][\"'\u201d\u2019)]?\s")
_NOT_REPEATED: Final = frozenset({"AGE_OVER_89"})  # "91" is also a saturation
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


def _table(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What medicine calls after people stays when a patient has that name: "Mr. Wilson has Wilson's disease".
# Only names that really stand for a disease or a device: "Okoro's disease is worse" speaks of the patient.
EPONYMS: Final = _table(
    """
    achilles addison adson albright alport alzheimer apgar asherman asperger babinski baker bankart barlow barrett
    barthel bartholin bartter basedow becker behcet bell bernard berger billroth bishop bowen braden bright
    broca brudzinski brugada bruton buerger burkitt caroli castleman chagas charcot chiari chvostek
    cobb cockayne colles conn cori cotard courvoisier crigler crohn cullen cushing dandy dercum down dressler
    dubin duke duchenne duncan dupuytren ehlers eisenmenger epstein erb ewing fabry fallot fanconi felty foley
    fontan forrester fournier friedreich fuchs gaucher gehrig gilbert gitelman glasgow gleason goodpasture gorlin
    gottron grave graves gray grey guillain hansen hartmann hashimoto heimlich henoch
    hickman hirschsprung hodgkin hodgkins holter homan homans horner huntington hurler hutchinson
    kaposi kawasaki kernig killip klinefelter kocher korsakoff
    lewy lyme lynch mallory marfan mcburney mcmurray meckel menetrier meniere menkes mohs
    munchausen murphy nissen noonan osler osgood paget parkinson parkinsons perthes
    peyronie phalen pick pierre plummer pompe pott prader prinzmetal quincke ramsay ramsey raynaud reiter
    rett reye riley robin rockall romberg rotor rovsing roux schatzki sheehan simmonds sjogren
    snellen still stokes sturge swan sweet sydenham tanner tay thompson
    tinel todd tourette townes trendelenburg trousseau turner valsalva virchow wallenberg ward waterhouse weber
    wegener wells wernicke werner west whipple willebrand williams wilms wilson wolff zenker
    """
)
_AFTER_NAME: Final = (
    "diseases?|syndromes?|signs?|palsy|lymphoma|sarcoma|chorea|thyroiditis|contracture|o?esophagus|triad|tetralogy"
    "|anomaly|malformation|ganglion|cyst|phenomenon|encephalopathy|paralysis|law|man(?:oeu|eu)v(?:er|re)|criteria"
    "|classification"
)
# With 's these may be the patient's own ("Foley's catheter came out"), so that they count only without.
_AFTER_BARE_NAME: Final = (
    "catheter|tube|drain|score|scale|index|test|stain|procedure|operation|repair|reflex|position|method|staging|grade"
    "|sequence|fracture|hernia|nodes?|bod(?:y|ies)|disorder|dementia|virus|fever|an(?:ae|e)mia|ataxia|tumou?r|ulcer"
    "|crisis|nephropathy|purpura|angina"
)
_EPONYM: Final = re.compile(
    rf"(?:[-\u2013][^\W\d_]+)?(?:(?:['\u2019]s|s)?[ -](?:{_AFTER_NAME})|[ -](?:{_AFTER_BARE_NAME}))\b", re.IGNORECASE
)
_TITLED: Final = re.compile(r"\b(?:dr|mr|mrs|ms|miss|prof|professor|doctor|patient|pt)\.? \Z", re.IGNORECASE)
_DETERMINED: Final = re.compile(
    r"\b(?:the|an?|no|any|some|my|your|his|her|their|our|this|that|of|el|la|los|las|un|una|le|les|une|der|die|das|ein|eine"
    r"|il|lo|uno|o|os|um|uma) \Z",
    re.IGNORECASE,
)
# At the beginning of a sentence a capital tells nothing; somebody who is, has or feels something is a person.
_DOES: Final = re.compile(
    r"(?:['\u2019]s| (?:is|was|has|had|says|said|feels|felt|takes|took|came|went|needs|wants|lives|lived|reports"
    r"|reported|denies|denied|es|era|fue|está|estaba|tiene|tenía|est|était|ist|war|hat|hatte|è|é|foi|tem))(?!\w)"
)
_CAPITAL_NEXT: Final = re.compile(r" [A-Z][a-z]")
_SAINT: Final = re.compile(r"\b(?:st|saint)[. -]{1,2}\Z", re.IGNORECASE)
_SAINTED: Final = re.compile(r"['\u2019]?s?['\u2019]?[ -](?:wort|fire|dance)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Known:
    label: str
    seen: str
    before: str = ""
    after: str = ""
    stops: bool = False  # the value itself runs over what looks like a sentence end: "J. Reed"


class Echo:
    """A local rail over the values of one exchange. Its findings carry the name of the rail that found them first."""

    def __init__(self, rail: str = "phi") -> None:
        self._rail = rail
        self._known: dict[tuple[str, ...], _Known] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._unspaced: dict[str, tuple[str, str]] = {}  # by its first characters: the whole value and its label
        self._openings: dict[str, tuple[int, ...]] = {}  # by first character: the lengths of the keys above

    @property
    def name(self) -> str:
        """The rail that the findings belong to."""
        return self._rail

    @property
    def reach(self) -> Reach:
        """A repetition is complete with its last word."""
        return SENTENCE

    def __repr__(self) -> str:
        return f"<Echo of {len(self._known)} values>"

    def learn(self, label: str, value: str) -> None:
        """Look for `value` from now on, and for the single words of a name."""
        if _UNSPACED.search(value):
            if len(value) > 1:
                self._add_unspaced(label, value)
            return
        words = list(_WORD.finditer(value))[:_MOST_WORDS]
        if words and _is_telling(label, [word[0] for word in words]):
            whole = len(words) < _MOST_WORDS
            after = value[words[-1].end() :] if whole else ""
            stops = bool(_STOP.search(value, words[0].start(), words[-1].end()))
            key = [word[0] for word in words]
            self._add(key, _Known(label, key[0], value[: words[0].start()], after, stops))
        if label == "NAME":
            for word in words:
                if len(word[0]) >= 3 and word[0].isalpha():
                    self._add([word[0]], _Known(label, word[0]))

    def forget(self) -> None:
        """Drop every value."""
        self._known.clear()
        self._lengths.clear()
        self._unspaced.clear()
        self._openings.clear()

    def inspect(self, window: Window, about: About) -> Iterator[Finding]:
        """Every repetition, longest first; findings of one call never overlap except for unspaced scripts."""
        text = window.text
        if self._unspaced:
            yield from self._run_together(text)
        if self._known:
            yield from self._repeated(text, list(_WORD.finditer(text)), about.kind is Kind.FIXED)

    def _add(self, words: Sequence[str], known: _Known) -> None:
        key = tuple(word.lower() for word in words)
        self._known.setdefault(key, known)
        lengths = self._lengths.get(key[0], ())
        if len(key) not in lengths:
            self._lengths[key[0]] = tuple(sorted((*lengths, len(key)), reverse=True))

    def _add_unspaced(self, label: str, value: str) -> None:
        start = value[:_LONGEST_START]
        self._unspaced.setdefault(start, (value, label))
        lengths = self._openings.get(start[0], ())
        if len(start) not in lengths:
            self._openings[start[0]] = tuple(sorted((*lengths, len(start)), reverse=True))

    def _run_together(self, text: str) -> Iterator[Finding]:
        """At each character the longest value that begins there; of one value no two that overlap."""
        last, end = "", 0
        for at, char in enumerate(text):
            for length in self._openings.get(char, ()):
                if known := self._unspaced.get(text[at : at + length]):
                    value, label = known
                    if value != last or at >= end:
                        last, end = value, at + (len(value) if text.startswith(value, at) else length)
                        yield Finding(Span(at, end), self._rail, label)
                    break

    def _repeated(self, text: str, words: list[re.Match[str]], fixed: bool) -> Iterator[Finding]:
        keys = [word[0].lower() for word in words]
        at = 0
        while at < len(words):
            taken = 1
            for length in self._lengths.get(keys[at], ()):
                met = words[at : at + length]
                known = self._known.get(tuple(keys[at : at + length]))
                if known and _is_together(met, text, known.stops) and _is_same(known, met, text, fixed):
                    yield Finding(_span(known, met, text), self._rail, known.label)
                    taken = length
                    break
            at += taken


def _is_telling(label: str, words: Sequence[str]) -> bool:
    """True if the value is worth looking for: not a number or a word that also means something else."""
    joined = "".join(words)
    if label in _NOT_REPEATED:
        return False
    if label == "DATE":  # "March" and "3/4" are also a verb and a score
        return len(joined) >= 4 and any(char.isdigit() for char in joined) and not _YEAR.fullmatch(joined)
    if joined.isdigit():
        return len(joined) >= 4 and not _YEAR.fullmatch(joined)
    return len(joined) >= (2 if label == "NAME" else 3)


def _is_together(met: Sequence[re.Match[str]], text: str, stops: bool) -> bool:
    """True for words side by side in one sentence: "She may. Will" is nobody. After an initial a point ends nothing."""
    return all(
        after.start() - word.end() <= _WIDEST_GAP
        and (stops or len(word[0]) == 1 or not _STOP.match(text, word.end(), after.start()))
        for word, after in pairwise(met)
    )


def _is_same(known: _Known, met: Sequence[re.Match[str]], text: str, fixed: bool) -> bool:
    if len(met) > 1 or any(char.isdigit() for char in met[0][0]):
        return True
    if _is_eponym(met[0], text):
        return False
    if fixed:  # an object key of one everyday word names a field, not a person
        return False
    word = met[0][0]
    if word.lower() in COMMON_WORDS or len(word) < 3:
        return word == known.seen and len(word) > 1 and _is_the_person(met[0], text)
    return len(word) > 3 or word == known.seen or word[0].isupper()


def _is_the_person(word: re.Match[str], text: str) -> bool:
    """False for an everyday word in its everyday place: behind an article, before another name ("West Nile")."""
    if word[0].islower():
        return not _DETERMINED.search(text, max(0, word.start() - 12), word.start())
    if _TITLED.search(text, max(0, word.start() - 12), word.start()):
        return True
    if _opens_sentence(text, word.start()):
        return word[0].lower() in FOREIGN or _DOES.match(text, word.end()) is not None
    return not (
        _DETERMINED.search(text, max(0, word.start() - 12), word.start()) or _CAPITAL_NEXT.match(text, word.end())
    )


def _is_eponym(word: re.Match[str], text: str) -> bool:
    """True for the "Wilson" of Wilson's disease and the "John" of St John's wort."""
    before = text[max(0, word.start() - 12) : word.start()]
    if _SAINT.search(before) and _SAINTED.match(text, word.end()):
        return True
    return word[0].lower() in EPONYMS and bool(_EPONYM.match(text, word.end())) and not _TITLED.search(before)


def _opens_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 8) : at].rstrip(" \t\"'\u201c\u2018(*_")
    return not before or before[-1] in ".!?\n:"


def _span(known: _Known, met: Sequence[re.Match[str]], text: str) -> Span:
    start, end = met[0].start(), met[-1].end()
    if known.before and text.endswith(known.before, 0, start):
        start -= len(known.before)
    if known.after and text.startswith(known.after, end):
        end += len(known.after)
    return Span(start, end)
