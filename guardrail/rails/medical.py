"""Is it about human health, about what, and how much harm could a wrong answer do (WHO-07).

Asks the assessment model; emergencies and self-harm are the crisis rail's. Knows no policy but how an exchange is to
be handled (`About.manner`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from guardrail.rails import crisis_data, spoken
from guardrail.rails.assess_labels import FLAGS, TOPICS
from guardrail.rails.base import CLINICIAN, SENTENCE, About, Reach, Rewriter, Window
from guardrail.rails.data import texts
from guardrail.text import Direction, Finding, Kind, Risk, Role, Span

if TYPE_CHECKING:
    from guardrail.rails.assess_model import Assessor

NAME: Final = "medical"
SEPARATOR: Final = "\n\n"
_SOME: Final = "question"
"""A topic that is none: health in general."""
LABELS: Final = (
    *(f"{level}.{topic}" for level in (Risk.GENERAL, Risk.HIGH, "unwanted") for topic in (*TOPICS, _SOME)),
    *(f"about.{flag}" for flag in FLAGS),
)
"""The closed list, for policies and metrics."""
_ASKED: Final = 0.5
_TOLD: Final = 0.8
"""How likely it has to be: an answer may mention a doctor in passing."""
_LAST_SENTENCE: Final = re.compile(r"[^.!?\n。！？؟।]+[.!?\n。！？؟।\s]*\Z")  # noqa: RUF001 - other people's full stops


_TABLES: Final = ("general", "high", "acute", "clinician", "local_number")


class MedicalSettings(BaseModel):
    """Warnings by language, on top of the shipped ones, with {emergency}.

    `acute` stands below an emergency text, `clinician` replaces the others on the surface "clinician"; `local_number`
    stands for the number of a country that is not known, `language` is for readers whose language is not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    general: Mapping[str, str] = Field(default_factory=lambda: dict(texts.MEDICAL_GENERAL))
    high: Mapping[str, str] = Field(default_factory=lambda: dict(texts.MEDICAL_HIGH))
    acute: Mapping[str, str] = Field(default_factory=lambda: dict(texts.MEDICAL_ACUTE))
    clinician: Mapping[str, str] = Field(default_factory=lambda: dict(texts.MEDICAL_CLINICIAN))
    local_number: Mapping[str, str] = Field(default_factory=lambda: crisis_data.shipped().table("local_number"))
    language: str = spoken.FALLBACK

    @field_validator(*_TABLES)
    @classmethod
    def _on_top_of_ours(cls, own: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
        shipped = cls.model_fields[str(info.field_name)].get_default(call_default_factory=True)
        if info.field_name != "local_number":
            for language, text in own.items():
                _check(language, text)
        return spoken.on_top(own, shipped)

    def missing(self, language: str) -> tuple[str, ...]:
        """The texts that nobody has written in this language."""
        return spoken.missing({name: getattr(self, name) for name in _TABLES}, language)

    def table(self, about: About, high: bool) -> Mapping[str, str]:
        """The texts for this reader and this risk."""
        if about.surface == CLINICIAN:
            return self.clinician
        if about.assessment.risk is Risk.EMERGENCY:
            return self.acute
        return self.high if high else self.general


_LONGEST, _SHORTEST = 60, 5
_NO_SPACES: Final = frozenset({"zh", "ja", "th"})


def _check(language: str, text: str) -> None:
    """Raises ValueError for a warning that nobody would read, or that says nothing (WHO-08)."""
    words = len(text) // 2 if language in _NO_SPACES else len(text.split())
    if not _SHORTEST <= words <= _LONGEST:
        raise ValueError(f"a warning has {_SHORTEST} to {_LONGEST} words: {language}")


@dataclass(frozen=True)
class Medical:
    """Finds health in the user's question, or in the model's answer to an innocent one."""

    assessor: Assessor
    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """One finding per topic, "general.<topic>" or "high.<topic>"; "about.<flag>" for whom and what it is about.

        In answers "unwanted.<topic>" where the policy lets nothing medical be told. An answer to a medical question is
        not judged: it has its warning already.
        """
        if about.kind is not Kind.PROSE or not window.text:
            return []
        if about.direction is Direction.REQUEST:
            return self._asked(window.text) if about.role is Role.USER else []
        wanted = not about.assessment.medical and about.manner.told != "allow"
        return self._told(window.text, about) if wanted and about.role is Role.ASSISTANT else []

    def _asked(self, text: str) -> list[Finding]:
        seen, whole = self.assessor.judge(text), Span(0, len(text))
        named = [f"{seen.level}.{topic}" for topic in seen.topics or (_SOME,)] if seen.medical >= _ASKED else []
        return [Finding(whole, NAME, label) for label in (*named, *(f"about.{flag}" for flag in seen.flags))]

    def _told(self, text: str, about: About) -> list[Finding]:
        seen = self.assessor.judge(text, quick=True)
        last = _LAST_SENTENCE.search(text)
        if seen.medical < _TOLD or last is None:
            return []
        level = "unwanted" if about.manner.told == "block" else Risk.GENERAL
        return [Finding(Span(*last.span()), NAME, f"{level}.{topic}") for topic in (seen.topics or (_SOME,))[:1]]


@dataclass(frozen=True)
class MedicalHead:
    """Asks for the warning before the first word of the answer to a medical question. Local."""

    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """ "general.question" or "high.question" on the empty window at 0, as the assessment of the request says.

        Also below the crisis text, which comes first: a question about an overdose is a medical question too.
        """
        level = Risk.GENERAL if about.assessment.risk is Risk.GENERAL else Risk.HIGH
        first = window.start == 0 and not window.text and not window.final
        silent = about.manner.asked == "allow" or _is_said_otherwise(about)
        if not (first and about.is_answer and about.assessment.medical) or silent:
            return []
        return [Finding(Span(0, 0), NAME, f"{level}.question")]


def _is_said_otherwise(about: About) -> bool:
    """To somebody who may die by their own hand the crisis text and the notice say what matters."""
    return about.assessment.risk is Risk.SELF_HARM and about.surface != CLINICIAN


@dataclass(frozen=True)
class MedicalRewriter:
    """Writes the warning."""

    settings: MedicalSettings

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The warning in the reader's language with the configured country's number, and a blank line after it.

        None below the text for somebody who may die by their own hand: that text and the notice say what matters.
        """
        if _is_said_otherwise(about):
            return None
        table = self.settings.table(about, finding.label.startswith(Risk.HIGH))
        service = crisis_data.shipped().services.get(about.country.upper())
        numbers, default = self.settings.local_number, self.settings.language
        number = service.emergency if service else spoken.chosen(numbers, about.language, default)
        return spoken.chosen(table, about.language, default).format(emergency=number) + SEPARATOR


def build(settings: MedicalSettings) -> Medical:
    """The analyzer's part."""
    from guardrail.rails.assess_model import assessor  # with NumPy and the models: not in the proxy process

    return Medical(assessor())


def build_head(settings: MedicalSettings) -> MedicalHead:
    """The local part."""
    return MedicalHead()


def rewriter(settings: MedicalSettings) -> Rewriter:
    """The words for the findings."""
    return MedicalRewriter(settings)
