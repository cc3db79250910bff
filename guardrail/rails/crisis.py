"""Emergencies and self-harm in what people write (WHO-51, red flags RF1-RF20), and the fixed texts that answer them.

Asymmetric on purpose: a missed emergency can kill, a needless crisis text costs a paragraph. The assessment model and
the red flags of the tables speak side by side. Knows no policy: whether a text is shown or the request refused is not
decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from guardrail.rails.assess_model import Assessor, assessor
from guardrail.rails.base import SENTENCE, About, Reach, Rewriter, Window
from guardrail.rails.data import texts
from guardrail.rails.data.red_flags import EMERGENCIES
from guardrail.rails.data.services import SERVICES
from guardrail.rails.fold import fold
from guardrail.text import Direction, Finding, Kind, Risk, Role, Span

NAME: Final = "crisis"
CLINICIAN: Final = "clinician"
LABELS: Final = (
    *(f"emergency.{flag.code}" for flag in EMERGENCIES),
    *("emergency.assessed", "emergency.question", "self_harm"),
)
"""The closed list, for policies and metrics."""
SEPARATOR: Final = "\n\n"
_NO_LINE: Final = {"en": ""}
_START: Final = Span(0, 0)
_KINDS: Final = frozenset({Kind.PROSE, Kind.DATA})
_SURE: Final = 0.4
"""How likely danger has to be for the model alone."""
_VETO: Final = 0.03
"""Below this the words of a red flag are about something else."""


class CrisisSettings(BaseModel):
    """Texts by language, with {emergency} and {line}. `clinician` replaces both on the surface "clinician".

    `today` (ISO date, "" for the clock) decides if a line is current.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    emergency: Mapping[str, str] = Field(default_factory=lambda: dict(texts.EMERGENCY))
    self_harm: Mapping[str, str] = Field(default_factory=lambda: dict(texts.SELF_HARM))
    clinician: Mapping[str, str] = Field(default_factory=lambda: dict(texts.CRISIS_CLINICIAN))
    today: str = ""


@dataclass(frozen=True)
class Crisis:
    """Finds danger in the user's words, and words that urge to self-harm in the model's."""

    assessor: Assessor
    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """Findings "emergency.<rf code>" over the words of a red flag; "emergency.assessed" and "self_harm"."""
        if about.kind not in _KINDS or not window.text:
            return []
        if about.direction is Direction.RESPONSE:
            return _urged(window.text) if about.role is Role.ASSISTANT and about.kind is Kind.PROSE else []
        return self._flagged(window.text) if about.role is Role.USER else []

    def _flagged(self, text: str) -> list[Finding]:
        """A red flag counts unless the model is all but sure of the contrary; the model counts alone, too."""
        seen = self.assessor.judge(text)
        found = [Finding(Span(each.start, each.end), NAME, each.label) for each in seen.raised if seen.crisis >= _VETO]
        if seen.crisis >= _SURE:
            danger = "self_harm" if seen.danger is Risk.SELF_HARM else "emergency.assessed"
            found.append(Finding(Span(0, len(text)), NAME, danger, seen.crisis))
        return found


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
        today = self.settings.today or datetime.now(UTC).date().isoformat()
        dying = finding.label == Risk.SELF_HARM
        if about.surface == CLINICIAN:
            table, lines = self.settings.clinician, texts.LINE_CLINICIAN if dying else _NO_LINE
        else:
            table, lines = self.settings.self_harm if dying else self.settings.emergency, texts.LINE
            if dying and finding.span == _START and Risk.EMERGENCY in about.assessment.topics:  # an attempt under way
                urgent = crisis_text(self.settings.emergency, _NO_LINE, about, today)
                return urgent + SEPARATOR + crisis_text(table, lines, about, today) + SEPARATOR
        return crisis_text(table, lines, about, today) + SEPARATOR


def crisis_text(table: Mapping[str, str], lines: Mapping[str, str], about: About, today: str) -> str:
    """One text with its number and line filled in. Without a current service: the number and the directory."""
    language, country = about.language, about.country
    chosen = language if language in table else "en"
    service = SERVICES.get(country.upper())
    emergency = service.emergency if service else texts.LOCAL_NUMBER.get(chosen, texts.LOCAL_NUMBER["en"])
    line = service.line if service and service.current(today) else ""
    sentence = lines.get(chosen, lines["en"]).format(service=line or texts.DIRECTORY)
    return table[chosen].format(emergency=emergency, line=sentence)


def build(settings: CrisisSettings) -> Crisis:
    """The analyzer's part."""
    return Crisis(assessor())


def build_head(settings: CrisisSettings) -> CrisisHead:
    """The local part."""
    return CrisisHead()


def rewriter(settings: CrisisSettings) -> Rewriter:
    """The words for the findings."""
    return CrisisRewriter(settings)


_URGED: Final = re.compile(
    r"\b(?:kill yourself|killing yourself|end your life|ending your life|take your own life|thoughts of suicide|"
    r"suicidal thoughts|hurt yourself|harm yourself)\b"
)


def _urged(text: str) -> list[Finding]:
    folded = fold(text)
    return [Finding(folded.span(m.start(), m.end()), NAME, "self_harm") for m in _URGED.finditer(folded.text)]
