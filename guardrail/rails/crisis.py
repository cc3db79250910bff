"""Emergencies and self-harm in what people write (WHO-51, red flags RF1-RF20), and the fixed texts that answer them.

Asymmetric on purpose: a missed emergency can kill, a needless crisis text costs a paragraph. Denial, the past,
idioms, games, animals and lessons are taken out. First form, by word tables; a trained classifier comes later.
Knows no policy: whether a text is shown or the request refused is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from guardrail.rails.base import SENTENCE, About, Reach, Rewriter, Window
from guardrail.rails.data import texts
from guardrail.rails.data.red_flags import CONCEPTS, EMERGENCIES, SELF_HARM, Flag
from guardrail.rails.data.services import SERVICES
from guardrail.rails.fold import fold
from guardrail.rails.lexicon import Hit, Lexicon, compile_table
from guardrail.text import Direction, Finding, Kind, Risk, Role, Span

NAME: Final = "crisis"
SEPARATOR: Final = "\n\n"
_NEAR: Final = 220  # code points within which the concepts of one sign stand


class CrisisSettings(BaseModel):
    """Texts by language, with {emergency} and {line}; `today` (ISO date) decides whether a crisis line is still current."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    emergency: Mapping[str, str] = Field(default_factory=lambda: dict(texts.EMERGENCY))
    self_harm: Mapping[str, str] = Field(default_factory=lambda: dict(texts.SELF_HARM))
    today: str = ""


@dataclass(frozen=True)
class Crisis:
    """Finds red flags in the user's words, and words that urge to self-harm in the model's."""

    lexicon: Lexicon
    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """Findings labelled "emergency.<rf code>" or "self_harm", each over the words that gave the sign."""
        if about.kind is not Kind.PROSE or not window.text:
            return []
        if about.direction is Direction.RESPONSE:
            return _urged(window.text) if about.role is Role.ASSISTANT else []
        return self._flagged(window.text) if about.role is Role.USER else []

    def _flagged(self, text: str) -> list[Finding]:
        folded = fold(text)
        hits = [*self.lexicon.scan(folded.text), *_numbers(folded.text)]
        hits.sort(key=lambda hit: (hit.start, hit.end))
        placed = [(label, _place(flag, hits)) for label, flag in _FLAGS] if hits else []
        return [Finding(folded.span(*place), NAME, label) for label, place in placed if place]


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
        return [Finding(Span(0, 0), NAME, "emergency.question" if risk is Risk.EMERGENCY else "self_harm")]


@dataclass(frozen=True)
class CrisisRewriter:
    """Writes the fixed crisis text; never the model's words."""

    settings: CrisisSettings

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The text in the reader's language for the configured country, with a blank line after it."""
        table = self.settings.self_harm if finding.label == Risk.SELF_HARM else self.settings.emergency
        return crisis_text(table, about.language, about.country, self.settings.today) + SEPARATOR


def crisis_text(table: Mapping[str, str], language: str, country: str, today: str = "") -> str:
    """One text with its number and line filled in. Without a current service: the emergency number and the directory."""
    chosen = language if language in table else "en"
    service = SERVICES.get(country.upper())
    emergency = service.emergency if service else texts.LOCAL_NUMBER.get(chosen, texts.LOCAL_NUMBER["en"])
    line = service.line if service and service.current(today) else ""
    sentence = texts.LINE.get(chosen, texts.LINE["en"]).format(service=line or texts.DIRECTORY)
    return table[chosen].format(emergency=emergency, line=sentence)


def build(settings: CrisisSettings) -> Crisis:
    """The analyzer's part."""
    return Crisis(_lexicon())


def build_head(settings: CrisisSettings) -> CrisisHead:
    """The local part."""
    return CrisisHead()


def rewriter(settings: CrisisSettings) -> Rewriter:
    """The words for the findings."""
    return CrisisRewriter(settings)


@cache
def _lexicon() -> Lexicon:
    return compile_table(CONCEPTS)


_FLAGS: Final = tuple((f"emergency.{flag.code}", flag) for flag in EMERGENCIES) + tuple(("self_harm", flag) for flag in SELF_HARM)

LABELS: Final = tuple(dict.fromkeys(label for label, _ in _FLAGS)) + ("emergency.question",)
"""The closed list, for policies and metrics."""

_BLOOD_PRESSURE: Final = re.compile(r"\b(1[6-9]\d|2\d\d)\s?/\s?(\d{2,3})\b")
_SUGAR: Final = re.compile(r"\b(?:[3-9]\d\d|1[0-9]{3}|[23]\d\.\d|[23]\d)\b")


def _numbers(text: str) -> list[Hit]:
    """Readings that are a sign by themselves: severe hypertension in pregnancy, a very high glucose."""
    pressure = [Hit(m.start(), m.end(), "HIGH_BP") for m in _BLOOD_PRESSURE.finditer(text)]
    return pressure + [Hit(m.start(), m.end(), "NUMBER_HIGH") for m in _SUGAR.finditer(text)]


def _place(flag: Flag, hits: Sequence[Hit]) -> tuple[int, int] | None:
    """The last stretch of text where all concepts of one of the flag's signs stand near each other, or None."""
    for sign in flag.signs:
        needed = [hit for hit in hits if hit.concept in sign and not hit.denied]
        if {hit.concept for hit in needed} == sign:
            place = _together(sign, needed, hits)
            if place:
                return place
    return None


def _together(sign: frozenset[str], needed: Sequence[Hit], hits: Sequence[Hit]) -> tuple[int, int] | None:
    last: dict[str, Hit] = {}
    place = None
    for hit in needed:
        last[hit.concept] = hit
        start = min(other.start for other in last.values())
        if len(last) == len(sign) and hit.end - start <= _NEAR and not _elsewhere(hits, start, hit.end):
            place = (start, hit.end)
    return place


def _elsewhere(hits: Sequence[Hit], start: int, end: int) -> bool:
    """True if the words around the sign say that it is not about a person now."""
    near = {hit.concept for hit in hits if start - _NEAR <= hit.start <= end + _NEAR}
    if "NOW" in near or "HELP" in near:
        return "ELSEWHERE" in near
    return bool(near & {"ELSEWHERE", "PAST", "LEARN"})


_URGED: Final = re.compile(
    r"\b(?:kill yourself|killing yourself|end your life|ending your life|take your own life|thoughts of suicide|suicidal thoughts|hurt yourself|harm yourself)\b"
)


def _urged(text: str) -> list[Finding]:
    folded = fold(text)
    return [Finding(folded.span(m.start(), m.end()), NAME, "self_harm") for m in _URGED.finditer(folded.text)]
