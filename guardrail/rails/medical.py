"""Is it about human health, about what, and how much harm could a wrong answer do (WHO-07).

Weighs words of a table. First form; a trained classifier takes its place behind the same protocol.
Emergencies and self-harm are the crisis rail's. Knows no policy and never reads the model's mind: only words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from guardrail.rails.base import SENTENCE, About, Reach, Rewriter, Window
from guardrail.rails.data import medical_terms, texts
from guardrail.rails.data.services import SERVICES
from guardrail.rails.fold import fold
from guardrail.rails.lexicon import Hit, Lexicon, compile_table
from guardrail.text import Direction, Finding, Kind, Risk, Role, Span

NAME: Final = "medical"
SEPARATOR: Final = "\n\n"
TOPICS: Final = tuple(medical_terms.STRONG)
LABELS: Final = tuple(f"{risk}.{topic}" for risk in (Risk.GENERAL, Risk.HIGH) for topic in (*TOPICS, "question"))
"""The closed list, for policies and metrics."""

# How much evidence makes a text medical: one strong term, or two weak ones of different sorts. Where the text is
# also about something else, or is an answer (which may mention a doctor in passing), it takes more.
_ENOUGH: Final = 1.0
_ENOUGH_ELSEWHERE: Final = 3.0
_ENOUGH_IN_ANSWERS: Final = 2.0
_WEAK_WEIGHT: Final = 0.5


class MedicalSettings(BaseModel):
    """Warnings by language, with {emergency}; "en" is the fallback."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    general: Mapping[str, str] = Field(default_factory=lambda: dict(texts.MEDICAL_GENERAL))
    high: Mapping[str, str] = Field(default_factory=lambda: dict(texts.MEDICAL_HIGH))


@dataclass(frozen=True)
class Medical:
    """Finds health in the user's question, or in the model's answer to an innocent one."""

    lexicon: Lexicon
    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """One finding per topic, "general.<topic>" or "high.<topic>", over the last words that speak of it."""
        asked = about.direction is Direction.REQUEST and about.role is Role.USER
        told = about.direction is Direction.RESPONSE and about.role is Role.ASSISTANT
        if about.kind is not Kind.PROSE or not (asked or told) or not window.text:
            return []
        folded = fold(window.text)
        hits = self.lexicon.scan(folded.text)
        if _weight(hits) < _enough(hits, told):
            return []
        level = Risk.HIGH if asked and _harmful(hits) else Risk.GENERAL
        places = {_topic(hit): hit for hit in hits if hit.concept.startswith(("strong.", "weak."))}
        if len(places) > 1:
            places.pop("", None)
        return [
            Finding(folded.span(hit.start, hit.end), NAME, f"{level}.{topic or 'symptom'}")
            for topic, hit in places.items()
        ]


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
        ours = about.direction is Direction.RESPONSE and about.role is Role.ASSISTANT and about.kind is Kind.PROSE
        if not (first and ours and about.assessment.medical):
            return []
        return [Finding(Span(0, 0), NAME, f"{level}.question")]


@dataclass(frozen=True)
class MedicalRewriter:
    """Writes the warning."""

    settings: MedicalSettings

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The warning in the reader's language with the configured country's number, and a blank line after it."""
        table = self.settings.high if finding.label.startswith(Risk.HIGH) else self.settings.general
        chosen = about.language if about.language in table else "en"
        service = SERVICES.get(about.country.upper())
        emergency = service.emergency if service else texts.LOCAL_NUMBER.get(chosen, texts.LOCAL_NUMBER["en"])
        return table[chosen].format(emergency=emergency) + SEPARATOR


def build(settings: MedicalSettings) -> Medical:
    """The analyzer's part."""
    return Medical(_lexicon())


def build_head(settings: MedicalSettings) -> MedicalHead:
    """The local part."""
    return MedicalHead()


def rewriter(settings: MedicalSettings) -> Rewriter:
    """The words for the findings."""
    return MedicalRewriter(settings)


@cache
def _lexicon() -> Lexicon:
    table = {f"strong.{topic}": terms for topic, terms in medical_terms.STRONG.items()}
    table |= {f"weak.{sort}": terms for sort, terms in medical_terms.WEAK.items()}
    table |= {f"high.{topic}": terms for topic, terms in medical_terms.HIGH.items()}
    return compile_table(table | {"elsewhere": medical_terms.ELSEWHERE})


def _weight(hits: Sequence[Hit]) -> float:
    strong = {hit.start for hit in hits if hit.concept.startswith("strong.")}
    weak = {hit.concept for hit in hits if hit.concept.startswith("weak.") and hit.start not in strong}
    return len(strong) + _WEAK_WEIGHT * len(weak)


def _enough(hits: Sequence[Hit], told: bool) -> float:
    if any(hit.concept == "elsewhere" for hit in hits):
        return _ENOUGH_ELSEWHERE
    return _ENOUGH_IN_ANSWERS if told else _ENOUGH


def _harmful(hits: Sequence[Hit]) -> bool:
    return any(hit.concept.startswith("high.") for hit in hits)


def _topic(hit: Hit) -> str:
    sort, _, topic = hit.concept.partition(".")
    return topic if sort == "strong" else ""
