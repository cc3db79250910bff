"""Emergencies and self-harm in what people write (WHO-51, red flags RF1-RF20), and the fixed texts that answer them.

Asymmetric on purpose: a missed emergency can kill, a needless crisis text costs a paragraph. The assessment model and
the red flags of the tables speak side by side. Knows no policy: whether a text is shown or the request refused is not
decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from guardrail.rails import crisis_data, crisis_method, spoken
from guardrail.rails.base import CLINICIAN, SENTENCE, About, Rail, Reach, Rewriter, Window
from guardrail.rails.data.red_flags import EMERGENCIES
from guardrail.rails.fold import Folded, fold
from guardrail.rails.gate import gated
from guardrail.text import Direction, Finding, Kind, Risk, Role, Span

if TYPE_CHECKING:
    from guardrail.rails.assess_model import Assessor

NAME: Final = "crisis"
METHOD, METHOD_CLINICAL = "method", "method_clinical"
LABELS: Final = (
    *(f"emergency.{flag.code}" for flag in EMERGENCIES),
    *("emergency.assessed", "emergency.question", "self_harm", METHOD, METHOD_CLINICAL),
)
"""The closed list, for policies and metrics."""
SEPARATOR: Final = "\n\n"
_START: Final = Span(0, 0)
_SURE: Final = 0.38
"""How likely danger has to be for the model alone."""
_VETO: Final = 0.08
"""Below this the words of a red flag are about something else."""


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
        return spoken.chosen(table, language, self.language)

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
    """Finds danger in the user's words, and words that urge to self-harm in the model's."""

    assessor: Assessor
    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """Findings "emergency.<rf code>" over the words of a red flag; "emergency.assessed" and "self_harm".

        In answers also "method" or "method_clinical", over the whole sentence.
        """
        if about.kind is not Kind.PROSE or not window.text:
            return []
        if about.direction is Direction.RESPONSE:
            ours = about.role is Role.ASSISTANT and about.kind is Kind.PROSE
            return _answered(window.text, about) if ours else []
        return self._flagged(window.text) if about.role is Role.USER else []

    def _flagged(self, text: str) -> list[Finding]:
        """A red flag counts unless the model is all but sure of the contrary; the model counts alone, too."""
        seen = self.assessor.judge(text)
        found = [
            Finding(Span(each.start, each.end), NAME, each.label)
            for each in seen.raised
            if seen.crisis >= _VETO or not seen.twice
        ]
        if seen.crisis >= _SURE:
            danger = "self_harm" if seen.danger is Risk.SELF_HARM else "emergency.assessed"
            found.append(Finding(Span(0, len(text)), NAME, danger, seen.crisis))
        return found


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
        if not (first and about.is_answer and risk in (Risk.EMERGENCY, Risk.SELF_HARM)):
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
    from guardrail.rails.assess_model import assessor  # with NumPy and the models: not in the proxy process

    crisis_method.prepare()
    rail = Crisis(assessor())
    return Without(rail, frozenset(settings.off)) if settings.off else rail


def build_head(settings: CrisisSettings) -> CrisisHead:
    """The local part."""
    return CrisisHead()


def rewriter(settings: CrisisSettings) -> Rewriter:
    """The words for the findings."""
    return CrisisRewriter(settings)


_URGED: Final = gated(
    r"\b(?:kill yourself|killing yourself|end your life|ending your life|take your own life|thoughts of suicide|"
    r"suicidal thoughts|hurt yourself|harm yourself)\b"
)


def _answered(text: str, about: About) -> list[Finding]:
    """In the model's words: what urges to self-harm or speaks of it, and the sentences that would tell how.

    Toxicology is clinicians' work: told to them it is noted only.
    """
    folded = fold(text)
    label = METHOD_CLINICAL if about.surface == CLINICIAN else METHOD
    told = [Finding(folded.span(*place), NAME, label) for place in crisis_method.methods(folded.text, about.assessment)]
    return told + _urged(folded)


def _urged(folded: Folded) -> list[Finding]:
    return [Finding(folded.span(m.start(), m.end()), NAME, "self_harm") for m in _URGED.finditer(folded.text)]
