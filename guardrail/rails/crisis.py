"""Emergencies and self-harm in what people write (WHO-51, red flags RF1-RF20), and the fixed texts that answer them.

Asymmetric on purpose: a missed emergency can kill, a needless crisis text costs a paragraph. Denial, the past,
idioms, games, animals and lessons are taken out. First form, by word tables; a trained classifier comes later.
Knows no policy: whether a text is shown or the request refused is not decided here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from guardrail.rails import crisis_data, spoken
from guardrail.rails.base import SENTENCE, About, Rail, Reach, Rewriter, Window
from guardrail.rails.crisis_method import methods
from guardrail.rails.data.red_flags import CONCEPTS, EMERGENCIES, SELF_HARM, TOLD, UNDENIABLE, UNLESS, Flag
from guardrail.rails.fold import Folded, fold
from guardrail.rails.lexicon import Hit, Lexicon, compile_table
from guardrail.text import Direction, Finding, Kind, Risk, Role, Span

NAME: Final = "crisis"
CLINICIAN: Final = "clinician"
METHOD, METHOD_CLINICAL = "method", "method_clinical"
LABELS: Final = (
    *(f"emergency.{flag.code}" for flag in EMERGENCIES),
    *("emergency.question", "self_harm", METHOD, METHOD_CLINICAL),
)
"""The closed list, for policies and metrics."""
SEPARATOR: Final = "\n\n"
_START: Final = Span(0, 0)
_NEAR: Final = 220  # code points within which the concepts of one sign stand
_CLOSE: Final = 70  # within which those of a sign stand that is told in one sentence


def _shipped(name: str) -> Any:
    return Field(default_factory=lambda: crisis_data.shipped().table(name))


class CrisisSettings(BaseModel):
    """Texts by language, on top of the shipped ones, with {emergency} and {line} ({service} in `line`).

    `clinician` and `line_clinician` replace the others on the surface "clinician". `method` stands in place of a
    sentence that would tell how, `stay` behind the text where no model is asked.
    `today` (ISO date, "" for the clock) decides if a line is current; `language` is for readers whose language is not
    known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    emergency: Mapping[str, str] = _shipped("emergency")
    self_harm: Mapping[str, str] = _shipped("self_harm")
    clinician: Mapping[str, str] = _shipped("clinician")
    line: Mapping[str, str] = _shipped("line")
    line_clinician: Mapping[str, str] = _shipped("line_clinician")
    local_number: Mapping[str, str] = _shipped("local_number")
    method: Mapping[str, str] = _shipped("method")
    stay: Mapping[str, str] = _shipped("stay")
    today: str = ""
    language: str = spoken.FALLBACK
    off: tuple[str, ...] = ()
    """Labels, or "emergency" for all of them, that are not reported. Policies say it with their key `crisis`."""

    @field_validator(*crisis_data.NAMES)
    @classmethod
    def _on_top_of_ours(cls, own: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
        name = str(info.field_name)
        for text in own.values():
            crisis_data.check_blanks(name, text)
        return spoken.on_top(own, crisis_data.shipped().table(name))

    @property
    def day(self) -> str:
        """The day that counts."""
        return self.today or datetime.now(UTC).date().isoformat()

    def missing(self, language: str) -> tuple[str, ...]:
        """The texts that nobody has written in this language."""
        return spoken.missing(self._tables, language)

    def shows(self, name: str, language: str) -> str:
        """One of the texts, in the reader's language or in `language`."""
        table = self._tables[name]
        return table[spoken.pick(table, language, self.language)]

    def expired(self, language: str) -> bool:
        """True if a shipped text that this language gets should have been read again: no line is named with it."""
        picked = spoken.pick(self.self_harm, language, self.language)
        ours = crisis_data.shipped().texts.get(picked)
        if ours is None or ours.current(self.day):
            return False
        return any(table.get(picked) == getattr(ours, name) for name, table in self._tables.items())

    @property
    def _tables(self) -> Mapping[str, Mapping[str, str]]:
        return {name: getattr(self, name) for name in crisis_data.NAMES}


@dataclass(frozen=True)
class Crisis:
    """Finds red flags in the user's words, and words that urge to self-harm in the model's."""

    lexicon: Lexicon
    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """Findings labelled "emergency.<rf code>" or "self_harm", each over the words that gave the sign.

        In answers also "method" or "method_clinical", over the whole sentence.
        """
        if about.kind is not Kind.PROSE or not window.text:
            return []
        if about.direction is Direction.RESPONSE:
            return _answered(window.text, about) if about.role is Role.ASSISTANT else []
        return self._flagged(window.text) if about.role is Role.USER else []

    def _flagged(self, text: str) -> list[Finding]:
        folded = fold(text)
        named = self.lexicon.scan(folded.text)
        hits = [*named, *_numbers(folded.text), *_many(folded.text, named)]
        hits.sort(key=lambda hit: (hit.start, hit.end))
        places = _Places(hits)
        placed = [(label, _place(flag, places)) for label, flag in _FLAGS] if hits else []
        return [Finding(folded.span(*place), NAME, label) for label, place in placed if place]


@dataclass(frozen=True)
class Without:
    """The same, but for what may not be looked for here (225 ILCS 155 and the like)."""

    rail: Rail
    off: frozenset[str]

    @property
    def name(self) -> str:
        """The rail's own."""
        return self.rail.name

    @property
    def reach(self) -> Reach:
        """The rail's own."""
        return self.rail.reach

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """The rail's findings that are not switched off."""
        found = self.rail.inspect(window, about)
        return [each for each in found if not {each.label, each.label.partition(".")[0]} & self.off]


@dataclass(frozen=True)
class CrisisHead:
    """Asks for the crisis text before the first word of the answer to a request that needs it. Local."""

    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """ "emergency.question" or "self_harm" on the empty window at 0, as the assessment of the request says."""
        risk = about.assessment.risk
        first = window.start == 0 and not window.text and not window.final
        ours = about.direction is Direction.RESPONSE and about.role is Role.ASSISTANT and about.kind is Kind.PROSE
        if not (first and ours and risk in (Risk.EMERGENCY, Risk.SELF_HARM)):
            return []
        return [Finding(_START, NAME, "emergency.question" if risk is Risk.EMERGENCY else "self_harm")]


@dataclass(frozen=True)
class CrisisRewriter:
    """Writes the fixed crisis text; never the model's words."""

    settings: CrisisSettings

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The text in the reader's language for the configured country, with a blank line after it.

        To an attempt under way, the emergency text comes before the one about self-harm.
        """
        if finding.label == METHOD and finding.span.end > finding.span.start:
            return self.settings.shows(METHOD, about.language)
        if finding.label == METHOD_CLINICAL and finding.span.end > finding.span.start:
            return None
        dying = finding.label in (Risk.SELF_HARM, METHOD, METHOD_CLINICAL)
        if about.surface == CLINICIAN:
            return self._text(CLINICIAN, "line_clinician" if dying else "", about) + SEPARATOR
        if not dying:
            return self._text("emergency", "line", about) + SEPARATOR
        text = self._text("self_harm", "line", about) + SEPARATOR
        if finding.span == _START and Risk.EMERGENCY in about.assessment.topics:  # an attempt under way
            return self._text("emergency", "", about) + SEPARATOR + text
        return text

    def _text(self, name: str, line: str, about: About) -> str:
        """One text with its number and line filled in.

        Without a current line, or in words that should have been read again: the number and the directories.
        """
        settings, language = self.settings, about.language
        service = crisis_data.shipped().services.get(about.country.upper())
        number = service.emergency if service else settings.shows("local_number", language)
        named = service.shown if service and service.current(settings.day) and not settings.expired(language) else ""
        sentence = settings.shows(line, language).format(service=named or crisis_data.DIRECTORY) if line else ""
        return settings.shows(name, language).format(emergency=number, line=sentence)


def build(settings: CrisisSettings) -> Rail:
    """The analyzer's part."""
    rail = Crisis(_lexicon())
    return Without(rail, frozenset(settings.off)) if settings.off else rail


def build_head(settings: CrisisSettings) -> CrisisHead:
    """The local part."""
    return CrisisHead()


def rewriter(settings: CrisisSettings) -> Rewriter:
    """The words for the findings."""
    return CrisisRewriter(settings)


@cache
def _lexicon() -> Lexicon:
    return compile_table(CONCEPTS)


_FLAGS: Final = (
    *((f"emergency.{flag.code}", flag) for flag in EMERGENCIES),
    *(("self_harm", flag) for flag in SELF_HARM),
)

_BLOOD_PRESSURE: Final = re.compile(r"\b(1[6-9]\d|2\d\d)\s?/\s?(\d{2,3})\b")
_CHILDS_AGE: Final = re.compile(
    r"\b(?:(?:[1-9]|1[0-2]|one|two|three|four|five|six|seven|eight|nine|ten)[ -]?(?:years?|yrs?|y)|"
    r"\d{1,2}[ -]?(?:months?|weeks?|mo|wks?))[ -]?(?:old|/?o)\b"
)
_SUGAR: Final = re.compile(r"\b(?:[3-9]\d\d|1[0-9]{3}|[23]\d\.\d|[23]\d)\b")


def _numbers(text: str) -> list[Hit]:
    """Readings that are a sign by themselves (hypertension in pregnancy, a very high glucose), and a child's age."""
    young = [Hit(m.start(), m.end(), "CHILD") for m in _CHILDS_AGE.finditer(text)]
    pressure = [Hit(m.start(), m.end(), "HIGH_BP") for m in _BLOOD_PRESSURE.finditer(text)]
    return young + pressure + [Hit(m.start(), m.end(), "NUMBER_HIGH") for m in _SUGAR.finditer(text)]


# Ten or more, not followed by a unit or a time: "20 tablets", "thirty of her ...", "24 x 500mg ...".
_MANY: Final = re.compile(
    r"(?<![\w.,/:-])(?:[1-9]\d{1,2}|ten|eleven|twelve|fifteen|sixteen|eighteen|twenty(?:[ -]\w+)?|thirty|forty|fifty|"
    r"sixty|seventy|eighty|ninety|a hundred|two hundred)"
    r"(?![\d/:-]|[.,]\d| ?(?:mg|mcg|µg|g|ml|%|mmol|units?|iu|years?|yrs?|yo|months?|weeks?|days?|hours?|hrs?|h|"
    r"minutes?|mins?|min|am|pm|o'clock|lbs?|kg|st|nd|rd|th|percent|times|puffs?|drops?)\b)"
)
_NOT_BETWEEN: Final = re.compile(
    r"[.,;!?\n]|\b(?:took|taken?|takes|taking|has|have|had|and|with|without|on|off|ago|since|after|before|for|because|so|"
    r"but|while|when|to|days?|weeks?|hours?|water|time)\b"
)
_UNITS_OF_INSULIN: Final = re.compile(
    r"\b[1-9]\d{2,3} ?(?:units?|iu|u)\b(?: of)?(?: \w+)? (?:insulin|\w+log|\w+rapid|lantus)"
)
_AFTER_NUMBER: Final = 30


def _many(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """Numbers of tablets that no leaflet allows at once, all there were, and insulin by the hundred."""
    found = [Hit(m.start(), m.end(), "MANY_PILLS") for m in _UNITS_OF_INSULIN.finditer(text)]
    pills = sorted(hit.start for hit in hits if hit.concept in ("PILLS", "DRUG"))
    if not pills:
        return found
    amounts = [m.span() for m in _MANY.finditer(text)] + [(h.start, h.end) for h in hits if h.concept == "WHOLE"]
    for start, end in amounts:
        i = bisect_left(pills, end)
        near = i < len(pills) and pills[i] <= end + _AFTER_NUMBER
        if near and not _NOT_BETWEEN.search(text, end, pills[i]):
            found.append(Hit(start, pills[i], "MANY_PILLS"))
    return found


class _Places:
    """The hits by concept, for quick answers to "what stands near here?"."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self.hits: dict[str, list[Hit]] = {}
        self.starts: dict[str, list[int]] = {}
        for hit in hits:
            if not hit.denied or hit.concept in UNDENIABLE:
                self.hits.setdefault(hit.concept, []).append(hit)
                self.starts.setdefault(hit.concept, []).append(hit.start)

    def near(self, concept: str, start: int, end: int, within: int = _NEAR) -> bool:
        """True if the concept stands within so many code points of the range."""
        starts = self.starts.get(concept, ())
        i = bisect_left(starts, start - within)
        return i < len(starts) and starts[i] <= end + within


def _place(flag: Flag, places: _Places) -> tuple[int, int] | None:
    """The last stretch of text where all concepts of one of the flag's signs stand near each other, or None."""
    for sign in flag.signs:
        if all(concept in places.hits for concept in sign):
            place = _together(sign, places, personal=flag.code == "rf7")
            if place:
                return place
    return None


def _together(sign: frozenset[str], places: _Places, *, personal: bool) -> tuple[int, int] | None:
    last: dict[str, Hit] = {}
    place = None
    told = not sign.isdisjoint(TOLD)
    within = _CLOSE if told else _NEAR
    for hit in sorted((hit for concept in sign for hit in places.hits[concept]), key=lambda hit: (hit.start, hit.end)):
        last[hit.concept] = hit
        start = min(other.start for other in last.values())
        end = max(other.end for other in last.values())
        if len(last) < len(sign) or end - start > within or _elsewhere(places, start, end, personal, told):
            continue
        if not any(places.near(UNLESS[concept], start, end, _CLOSE) for concept in sign & UNLESS.keys()):
            place = (start, end)
    return place


def _elsewhere(places: _Places, start: int, end: int, personal: bool, told: bool) -> bool:
    """True if the words around the sign say that it is about something else, the past, or a lesson.

    Somebody who writes "I" or asks for help about wanting to die is believed, whatever else the text is about.
    """
    if personal and places.near("SELF", start, end) and not places.near("FICTION", start, end):
        return False
    if places.near("ELSEWHERE", start, end) or places.near("FICTION", start, end):
        return True
    urgent = places.near("NOW", start, end) or places.near("HELP", start, end)
    return not urgent and (places.near("PAST", start, end) or (not told and places.near("LEARN", start, end)))


_URGED: Final = re.compile(
    r"\b(?:kill yourself|killing yourself|end your life|ending your life|take your own life|thoughts of suicide|"
    r"suicidal thoughts|hurt yourself|harm yourself)\b"
)


def _answered(text: str, about: About) -> list[Finding]:
    """In the model's words: what urges to self-harm or speaks of it, and the sentences that would tell how.

    Toxicology is clinicians' work: told to them it is noted only.
    """
    folded = fold(text)
    label = METHOD_CLINICAL if about.surface == CLINICIAN else METHOD
    told = [Finding(folded.span(*place), NAME, label) for place in methods(folded.text, about.assessment)]
    return told + _urged(folded)


def _urged(folded: Folded) -> list[Finding]:
    return [Finding(folded.span(m.start(), m.end()), NAME, "self_harm") for m in _URGED.finditer(folded.text)]
