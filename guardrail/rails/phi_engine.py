"""The PHI rail at work: finders by shape and cue, Presidio for what is in doubt, the trained detector, own terms.

Never touches the network, never logs a text, fails closed. Knows no policy: it reports, others decide.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate
from typing import Final

from guardrail.errors import RailFailed
from guardrail.rails.base import About, Rail, Reach, Window
from guardrail.rails.language import detect
from guardrail.rails.normalise import View, unsmudged, view
from guardrail.rails.phi import PhiSettings
from guardrail.rails.phi_contact import HELP_LINES, find_contacts
from guardrail.rails.phi_dates import date_finder
from guardrail.rails.phi_detector import THRESHOLDS, Detector, Reading
from guardrail.rails.phi_ids import find_ids
from guardrail.rails.phi_merge import counted, merged, without
from guardrail.rails.phi_model import WORDS, artefact
from guardrail.rails.phi_names import find_bare_names, find_fixed_names, find_names
from guardrail.rails.phi_own import Own
from guardrail.rails.phi_places import find_places
from guardrail.rails.phi_presidio import Presidio, Stretch
from guardrail.rails.phi_records import find_in_records
from guardrail.rails.phi_tables import find_in_tables
from guardrail.rails.phi_text import At, Finder, Hit, Words, digits, matches
from guardrail.text import Direction, Finding, Kind, Role, Span

NAME: Final = "phi"
_SENTENCE_WORDS: Final = {"fast": 0, "balanced": 160, "accurate": 100_000}
"""How many words of a window the sentence model may read."""
_OTHER_LANGUAGES: Final = ("es", "fr", "de", "pt", "it", "ar", "zh", "hi", "ru", "sw")
_PART: Final = 6_000  # code points read at once; the engine's own windows are shorter
_MARGIN: Final = 400
# Greek, Armenian, Hebrew, South Asia but Devanagari, South-East Asia, the Caucasus, Ethiopia, Korea, kana.
_GREEK: Final = r"\u0370-\u03ff"
_NO_GREEK: Final = r"\u0530-\u05ff\u0980-\u0fff\u1000-\u137f\u1780-\u17ff\u3040-\u30ff\uac00-\ud7af"
_UNKNOWN_SCRIPT: Final = re.compile(f"[{_GREEK}{_NO_GREEK}]+")
_FEW_LETTERS: Final = 8
# A word in a script that nobody here can read: a Greek letter or three is a symbol ("β-hCG"), more is a word.
_UNREADABLE: Final = re.compile(f"[{_GREEK}]{{4,}}|[{_NO_GREEK}]{{2,}}")
_UNREADABLE_SCORE: Final = 0.6
_OLDEST_KEPT: Final = 89
_CONTEXT: Final = 80
_POINTED: Final = ("NAME", "DATE", "AGE_OVER_89")  # "J.", "the 14.", "9:30 a.m."
_FILE_NAME: Final = re.compile(
    r"[^\s/\\:?&=]{1,200}\.(?:pdf|docx?|odt|rtf|txt|md|csv|tsv|xlsx?|json|xml|hl7|dcm|png|jpe?g|gif|tiff?|wav|mp3|mp4|zip)",
    re.IGNORECASE,
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")

# What could be an identifier of a shape that only Presidio knows: long runs of digits, mixed codes, an "@".
_DOUBTFUL: Final = re.compile(
    r"(?:\d[ .()/-]{0,2}){6,}\d|(?=[A-Za-z]{0,16}\d)(?=\d{0,16}[A-Za-z])[A-Za-z0-9]{9,}"
    r"|(?<![A-Za-z])[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D\d]"
)
_ADDRESSED: Final = re.compile(r"\w@\w")
_FEWEST: Final = 7
_MOST: Final = 15


def build(settings: PhiSettings) -> Rail:
    """The rail, warm. Raises RailFailed if a file of the model is missing or not what was shipped."""
    year = settings.this_year or datetime.now(UTC).year
    presidio = Presidio() if settings.presidio else None
    detector = Detector(artefact(only=WORDS), THRESHOLDS, _SENTENCE_WORDS[settings.detector])
    rail = PhiRail(settings, presidio, year - _OLDEST_KEPT - 1, Own.of(settings), detector)
    rail.inspect(Window("Warm up: call (202) 456-1111 x2, card 4111 1111 1111 1111, jane@example.org."), About())
    return rail


class PhiRail:
    """Finds protected health information (45 CFR 164.514(b)(2)(i)), in either direction."""

    def __init__(
        self, settings: PhiSettings, presidio: Presidio | None, youngest: int, own: Own, detector: Detector | None
    ) -> None:
        """Without a detector every finding by shape or cue counts."""
        self._settings = settings
        self._detector = detector
        self._own = own
        self._presidio = presidio
        self._finders: tuple[Finder, ...] = (
            find_ids,
            find_contacts,
            date_finder(youngest),
            find_places,
            find_names,
            find_in_records,
            find_in_tables,
        )

    @property
    def name(self) -> str:
        """`phi`."""
        return NAME

    @property
    def reach(self) -> Reach:
        """As the settings say."""
        return Reach(self._settings.reach)

    def inspect(self, window: Window, about: About) -> list[Finding]:
        """What identifies a person in this window, without overlaps, in order. Linear in its length."""
        if len(window.text) <= _PART:
            return self._inspected(window, about)
        parts = (self._part(window, at, about) for at in range(0, len(window.text), _PART))
        return _apart(finding for part in parts for finding in part)

    def _part(self, window: Window, at: int, about: About) -> list[Finding]:
        """The findings that begin in one part of a long window, read with what stands around it."""
        start = max(0, at - _MARGIN)
        part = Window(window.text[start : at + _PART + _MARGIN], window.start + start, window.final)
        found = (finding.shifted(start) for finding in self._inspected(part, about))
        return [finding for finding in found if at <= finding.span.start < at + _PART]

    def _inspected(self, window: Window, about: About) -> list[Finding]:
        cue = _cue(about) if window.start == 0 else ""
        seen = view(cue + window.text)
        hits = self._hits(seen.text, about)
        allowed = [hit for hit in hits if hit.score >= self._settings.min_score and _counts(hit, about.kind)]
        findings = _apart(_finding(hit, seen) for hit in merged(allowed, seen.text))
        if not window.text.isascii():
            findings = _apart(sorted([*findings, *self._unreadable(cue + window.text, about)], key=_place))
        found = [_without_cue(finding, len(cue)) for finding in findings if finding.span.end > len(cue)]
        return _whole_file_name(found, window.text) if about.kind is Kind.DATA else found

    def _hits(self, written: str, about: About) -> list[Hit]:
        text = unsmudged(written)
        words = Words.of(text)
        hits = [hit for find in self._finders for hit in find(words)]
        if about.kind in (Kind.DATA, Kind.TOKEN):
            hits += find_bare_names(text, about.kind is Kind.TOKEN, about.role is Role.TOOL)
        elif about.kind is Kind.FIXED and about.direction is Direction.REQUEST:
            hits += find_fixed_names(text)
        reading = self._read(text, about)
        hits = counted(text, hits, reading)
        if self._presidio:
            hits += without(text, self._asked(self._presidio, text, _doubtful(words, hits)))
        return self._own.settled(written, hits)

    def _unreadable(self, text: str, about: About) -> Iterator[Finding]:
        """Words that nobody here can read: in a question they may be a name, and on doubt nothing leaves."""
        if about.kind in (Kind.PROSE, Kind.DATA) and self._refuses_unknown(about):
            for match in _UNREADABLE.finditer(text):
                yield Finding(Span(*match.span()), NAME, "NAME", _UNREADABLE_SCORE)

    def _refuses_unknown(self, about: About) -> bool:
        return about.direction is Direction.REQUEST and self._settings.unknown_scripts == "refuse"

    def _read(self, text: str, about: About) -> Reading | None:
        """What the detector thinks of prose and values; single tokens have nothing to be read by."""
        if self._detector is None or about.kind not in (Kind.PROSE, Kind.DATA) or not text.strip():
            return None
        if self._refuses_unknown(about):
            _refuse_unknown(text)
        return self._detector.read(text, _is_english)

    def _asked(self, presidio: Presidio, text: str, doubts: Iterable[Stretch]) -> list[Hit]:
        found = (hit for stretch in doubts for hit in presidio.find(text, stretch))
        return [hit for hit in found if digits(text[hit.start : hit.end]) not in HELP_LINES]


def _whole_file_name(findings: list[Finding], text: str) -> list[Finding]:
    """A file's name is one word: what stands in it beside somebody's number is likely to be theirs, too (FLD-10)."""
    if not findings or not _FILE_NAME.fullmatch(text):
        return findings
    return [replace(max(findings, key=lambda each: each.score), span=Span(0, len(text)))]


def _refuse_unknown(text: str) -> None:
    """Raise RailFailed if a third or more of a text is in scripts that the models were not trained on."""
    if text.isascii():
        return
    unknown = sum(len(run) for run in _UNKNOWN_SCRIPT.findall(text))
    if unknown >= _FEW_LETTERS and unknown * 3 >= sum(map(str.isalpha, text)):
        raise RailFailed("names can't be found in this language's script", code="unknown_script")


def _is_english(text: str) -> bool:
    return not detect(text, _OTHER_LANGUAGES)


def _cue(about: About) -> str:
    """The key that a value stands under, as a person would write it: `patientName` becomes "patient Name: "."""
    if about.kind is not Kind.DATA or not about.hint:
        return ""
    return _CAMEL.sub(" ", about.hint.replace("_", " ").replace("-", " ")) + ": "


def _apart(findings: Iterable[Finding]) -> list[Finding]:
    """Without overlaps: several hits in one encoded run stand for the same original words."""
    out: list[Finding] = []
    for finding in findings:
        if out and finding.span.start < out[-1].span.end:
            last = out.pop()
            surer = max(last, finding, key=lambda each: each.score)
            span = Span(min(last.span.start, finding.span.start), max(last.span.end, finding.span.end))
            finding = replace(surer, span=span)
        out.append(finding)
    return out


def _place(finding: Finding) -> tuple[int, int]:
    return finding.span.start, -finding.span.end


def _without_cue(finding: Finding, length: int) -> Finding:
    span = finding.span
    return replace(finding, span=Span(max(span.start - length, 0), span.end - length)) if length else finding


def _finding(hit: Hit, seen: View) -> Finding:
    end = hit.end
    if hit.label not in _POINTED and seen.text[end - 1] == "." and end - hit.start > 1:
        end -= 1  # the sentence's own full stop
    return Finding(seen.original(hit.start, end), NAME, hit.label, round(min(hit.score, 1.0), 3))


def _counts(hit: Hit, kind: Kind) -> bool:
    """In a string that can't be rewritten only what is certain refuses a request; an id is read a bit more widely."""
    if kind is Kind.FIXED:
        return hit.hard
    return kind is not Kind.TOKEN or hit.hard or hit.label in ("NAME", "MRN", "SSN")


def _doubtful(words: Words, hits: Sequence[Hit]) -> list[Stretch]:
    """Stretches with something that Presidio may know and our own findings don't cover, with room for context words."""
    text, stretches = words.text, list[Stretch]()
    covered = _Covered(hits)
    for match in _doubts(words):
        if covered.holds(match.start(), match.end()):
            continue
        start = max(0, text.find(" ", max(0, match.start() - _CONTEXT)))
        end = text.find(" ", min(len(text), match.end() + _CONTEXT))
        start, end = min(start, match.start()), len(text) if end < 0 else end
        phone = _FEWEST <= len(digits(match[0])) <= _MOST and not any(char.isalpha() for char in match[0])
        if stretches and start <= stretches[-1].end:
            before = stretches.pop()
            start, phone = before.start, phone or before.phone
        stretches.append(Stretch(start, end, phone))
    return stretches


def _doubts(words: Words) -> Iterator[re.Match[str]]:
    found = list(matches(_DOUBTFUL, words, At.EITHER))
    if "@" in words.text:
        found += _ADDRESSED.finditer(words.text)
        found.sort(key=lambda match: match.start())
    return iter(found)


class _Covered:
    """Tells whether one of the hits covers a stretch, in one look-up."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        ordered = sorted(hits, key=lambda hit: hit.start)
        self._starts = [hit.start for hit in ordered]
        self._ends = list(accumulate((hit.end for hit in ordered), max))

    def holds(self, start: int, end: int) -> bool:
        at = bisect_right(self._starts, start)
        return at > 0 and self._ends[at - 1] >= end
