"""What the tables of words see in a text, in one pass: words of health, and red flags RF1-RF20 (requirements 4.3).

Readable, testable, and no verdict: the assessment model takes what is seen here beside the words themselves, and a red
flag counts by itself. Knows no policy and writes nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from guardrail.rails.data import medical_terms
from guardrail.rails.data.red_flags import CONCEPTS, EMERGENCIES, SELF_HARM, TOLD, UNDENIABLE, UNLESS, Flag
from guardrail.rails.fold import Folded, fold
from guardrail.rails.gate import gated
from guardrail.rails.lexicon import IDIOM, NOT, Hit, Lexicon, compile_table

HEALTH: Final = "health."
"""Before the names of concepts of health; those of red flags have none."""
_NEAR: Final = 220  # code points within which the concepts of one sign stand
_CLOSE: Final = 70  # within which those of a sign stand that is told in one sentence


@dataclass(frozen=True, slots=True)
class Raised:
    """A red flag, "emergency.<code>" or "self_harm", and where its words stand in the original text."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Signs:
    """What was seen in `text`, which is folded. `places`: where a concept begins in it, and its name."""

    text: str
    places: tuple[tuple[int, str], ...]
    raised: tuple[Raised, ...]

    @property
    def concepts(self) -> frozenset[str]:
        """The names of all that occur."""
        return frozenset(name for _, name in self.places)

    def between(self, start: int, end: int) -> frozenset[str]:
        """The names of all that begin in a stretch."""
        return frozenset(name for at, name in self.places if start <= at < end)


def read(text: str, folded: Folded | None = None) -> Signs:
    """One pass over a text; `folded` if it was folded before."""
    folded = folded or fold(text)
    named = _lexicon().scan(folded.text)
    health = [hit for hit in named if hit.concept.startswith(HEALTH)]
    others = [hit for hit in named if not hit.concept.startswith(HEALTH)]
    flagged = [*others, *_numbers(folded.text), *_many(folded.text, others)]
    flagged.sort(key=lambda hit: (hit.start, hit.end))
    raised = list(_raised(flagged)) if others else []
    plain = text if len(text) == len(folded.text) else folded.text  # positions are those of the folded text
    shaped = [*_readings(plain), *_stopping(folded.text), *_beside(health, folded.text)]
    seen = (hit for hit in (*flagged, *health, *shaped) if hit.concept.startswith(HEALTH) or not hit.denied)
    places = {(hit.start, hit.concept) for hit in seen} | {(start, label) for label, start, _ in raised}
    flags = ((label, folded.span(start, end)) for label, start, end in raised)
    return Signs(
        folded.text, tuple(sorted(places)), tuple(Raised(label, span.start, span.end) for label, span in flags)
    )


def names() -> tuple[str, ...]:
    """Everything that `Signs.concepts` can hold, in an order that the trained model relies on."""
    shaped = (f"{HEALTH}{name}" for name in _SHAPED)
    listed = (*_table(), *shaped, "CHILD", "HIGH_BP", "NUMBER_HIGH", "MANY_PILLS", *(label for label, _ in _FLAGS))
    return tuple(sorted(set(listed) - {NOT, IDIOM}))


def _raised(hits: Sequence[Hit]) -> Iterator[tuple[str, int, int]]:
    """Label and place in the folded text of each flag."""
    places = _Places(hits)
    for label, flag in _FLAGS:
        place = _place(flag, places)
        if place:
            yield label, *place


@cache
def _lexicon() -> Lexicon:
    return compile_table(_table())


@cache
def _table() -> dict[str, str]:
    table = {f"{HEALTH}strong.{topic}": terms for topic, terms in medical_terms.STRONG.items()}
    table[f"{HEALTH}strong.medication"] += ", " + medical_terms.DRUGS
    table |= {f"{HEALTH}weak.{sort}": terms for sort, terms in medical_terms.WEAK.items()}
    table |= {f"{HEALTH}high.{topic}": terms for topic, terms in medical_terms.HIGH.items()}
    for name in ("DRUGS", "INTERACTS", "MINOR", "DECIDE", "ELSEWHERE"):
        table[f"{HEALTH}{name.lower()}"] = getattr(medical_terms, name)
    return {**table, **CONCEPTS}


_SHAPED: Final = (
    "reading",
    "strong.test_result",
    "strong.medication",
    "high.medication",
    "strong.interaction",
    "high.interaction",
)

# In the notes of clinicians: a name of a measurement with a value. Short names only as they are written there.
_READING: Final = gated(
    r"\b(?:BP|RR|TA|PA|bp|Bp)\b[ :=]{0,3}\d{2,3} ?/ ?\d{2,3}\b"
    r"|\b(?i:nt-?probnp|bnp|inr|troponin|trop|creatinine|creat|lactate|h(?:a?e)?moglobin|hgb|crp|wcc|wbc|plts?|platelets|"
    r"e?gfr|potassium|sodium|bilirubin|bili|tsh|ft4|psa|hb?a1c|ferritin|d-dimer|glucose|procalcitonin|spo2|gcs|"
    r"o2 sats?|sats)\b(?: (?:of|is|was|at|now|level))?[ :=<>~≤≥]{0,4}\d"
    r"|\b(?:Hb|HR|RR|AST|ALT|ALP|CK|MAP|BUN|ESR)\b(?: (?:of|is|was))?[ :=<>~]{0,3}\d"
)
_SHORT_READING: Final = re.compile(
    r"\b(?P<name>K|Na|Mg|Ca|Cr|pH|T|Temp)\+?(?: (?:of|is|was))?[ :=<>~]{0,3}(?:\d{1,2}\.\d{1,2}|1\d\d)\b"
)

# Ending a treatment, whatever its name: "stop taking my ...", but not photos, the bus or notes.
_STOPPING: Final = gated(
    r"\b(?:stop|stopped|stopping|quit|quitting|skip|skipped|skipping|forgot|forget|forgetting)(?: to)? tak(?:e|ing) "
    r"(?!(?:over|up|off|out|away|in|on|part|care|time|turns|sides|it (?:personally|out)|credit|advice|risks)\b)"
    r"(?!(?:(?:the|a|an|my|his|her|their|so many|too many|any|these|those|this|that) )?(?:\w+ )?(?:bus|trains?|taxis?|"
    r"car|subway|metro|photos?|pictures?|selfies?|screenshots?|notes?|calls?|orders?|payments?|money|things?|naps?|"
    r"breaks?|lessons?|class(?:es)?|cards?|cash|requests?|attendance|showers?|baths?|walks?|trips?|vacations?|holidays?)\b)\w"
    r"|\b(?:come|coming|came|go|going|went|wean(?:ed|ing)?|taper(?:ed|ing)?) off (?:of )?(?:my|his|her|their) "
    r"(?:meds?|medicines?|medications?|pills?|tablets?|drugs?|treatment|antidepressants?|steroids?)\b"
    r"|\b(?:miss(?:ed)?|skip(?:ped)?|double[ds]?(?: up)?|doubling) (?:a|an|my|his|her|one|two|the|both|several) "
    r"(?:\w+ )?(?:doses?|pills?|tablets?|injections?|insulin)\b"
)
_BESIDE: Final = re.compile(
    r"\b(?:with|while|plus|alongside|on top of|after|before|and|or|con|mit|avec|com|dengan|na|с)\b|[+&和]"  # noqa: RUF001
)
_WITH: Final = re.compile(r"\b(?:with|while|plus|alongside|on top of|con|mit|avec|com|dengan|na|с)\b|[+和]")  # noqa: RUF001
_BESIDE_CHARS: Final = 40


def _readings(text: str) -> Iterable[Hit]:
    """Measurements with values: "BNP 1,240" alone, "K 5.9" beside another."""
    for match in _READING.finditer(text):
        yield Hit(match.start(), match.end(), HEALTH + "strong.test_result")
        yield Hit(match.start(), match.end(), HEALTH + "reading")
    for match in _SHORT_READING.finditer(text):
        yield Hit(match.start(), match.end(), HEALTH + "reading")


def _stopping(text: str) -> Iterable[Hit]:
    for match in _STOPPING.finditer(text):
        yield Hit(match.start(), match.end(), HEALTH + "strong.medication")
        yield Hit(match.start(), match.end(), HEALTH + "high.medication")


def _beside(hits: Sequence[Hit], text: str) -> Iterable[Hit]:
    """A medicine beside something that may act on it: "grapefruit with ...", "... and St John's wort"."""
    taken = sorted(
        (hit for hit in hits if hit.concept in (HEALTH + "drugs", HEALTH + "interacts")),
        key=lambda hit: (hit.start, hit.end),
    )
    for first, second in pairwise(taken):
        between = text[first.end : second.start]
        joined = _WITH if first.concept == second.concept == HEALTH + "drugs" else _BESIDE
        near = first.end <= second.start <= first.end + _BESIDE_CHARS
        if near and HEALTH + "drugs" in (first.concept, second.concept) and joined.search(between):
            yield Hit(first.start, second.end, HEALTH + "strong.interaction")
            yield Hit(first.start, second.end, HEALTH + "high.interaction")


_FLAGS: Final = (
    *((f"emergency.{flag.code}", flag) for flag in EMERGENCIES),
    *(("self_harm", flag) for flag in SELF_HARM),
)

_BLOOD_PRESSURE: Final = gated(r"\b(1[6-9]\d|2\d\d)\s?/\s?(\d{2,3})\b")
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
_UNITS_OF_INSULIN: Final = gated(
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
