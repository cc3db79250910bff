"""Is it about human health, about what, and how much harm could a wrong answer do (WHO-07).

Weighs words of a table. First form; a trained classifier takes its place behind the same protocol.
Emergencies and self-harm are the crisis rail's. Knows no policy and never reads the model's mind: only words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from guardrail.rails import crisis_data, spoken
from guardrail.rails.base import SENTENCE, About, Reach, Rewriter, Window
from guardrail.rails.data import medical_terms, texts
from guardrail.rails.fold import fold
from guardrail.rails.lexicon import Hit, Lexicon, compile_table
from guardrail.text import Direction, Finding, Kind, Risk, Role, Span

NAME: Final = "medical"
SEPARATOR: Final = "\n\n"
CLINICIAN: Final = "clinician"
TOPICS: Final = tuple(medical_terms.STRONG)
LABELS: Final = tuple(f"{risk}.{topic}" for risk in (Risk.GENERAL, Risk.HIGH) for topic in (*TOPICS, "question"))
"""The closed list, for policies and metrics."""

# How much evidence makes a text medical: one strong term, or two weak ones of different sorts. Where the text is
# also about something else, or is an answer (which may mention a doctor in passing), it takes more.
_ENOUGH: Final = 1.0
_ENOUGH_ELSEWHERE: Final = 3.0
_ENOUGH_IN_ANSWERS: Final = 2.0
_WEAK_WEIGHT: Final = 0.5


# In the notes of clinicians: a name of a measurement with a value. Short names only as they are written there.
_READING: Final = re.compile(
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
_STOPPING: Final = re.compile(
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
        hits = self._hits(window.text, folded.text)
        if _weight(hits) < _enough(hits, told):
            return []
        level = Risk.HIGH if asked and _harmful(hits) else Risk.GENERAL
        return [
            Finding(folded.span(hit.start, hit.end), NAME, f"{level}.{topic}")
            for topic, hit in _topics(hits, folded.text)
        ]

    def _hits(self, text: str, folded: str) -> list[Hit]:
        """Terms of the tables in the folded text, and what has a shape instead of a word."""
        named = self.lexicon.scan(folded)
        text = text if len(text) == len(folded) else folded  # positions are those of the folded text
        return sorted([*named, *_readings(text), *_stopping(folded), *_beside(named, folded)], key=_start)


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
        """The warning in the reader's language with the configured country's number, and a blank line after it.

        None below the text for somebody who may die by their own hand: that text and the notice say what matters.
        """
        if about.assessment.risk is Risk.SELF_HARM and about.surface != CLINICIAN:
            return None
        table = self.settings.table(about, finding.label.startswith(Risk.HIGH))
        service = crisis_data.shipped().services.get(about.country.upper())
        numbers, default = self.settings.local_number, self.settings.language
        number = service.emergency if service else numbers[spoken.pick(numbers, about.language, default)]
        return table[spoken.pick(table, about.language, default)].format(emergency=number) + SEPARATOR


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
    table["strong.medication"] += ", " + medical_terms.DRUGS
    table |= {f"weak.{sort}": terms for sort, terms in medical_terms.WEAK.items()}
    table |= {f"high.{topic}": terms for topic, terms in medical_terms.HIGH.items()}
    table |= {"drug": medical_terms.DRUGS, "interacts": medical_terms.INTERACTS, "minor": medical_terms.MINOR}
    return compile_table(table | {"decide": medical_terms.DECIDE, "elsewhere": medical_terms.ELSEWHERE})


def _start(hit: Hit) -> tuple[int, int]:
    return hit.start, hit.end


def _readings(text: str) -> Iterable[Hit]:
    """Measurements with values: "BNP 1,240" alone, "K 5.9" beside another."""
    for match in _READING.finditer(text):
        yield Hit(match.start(), match.end(), "strong.test_result")
        yield Hit(match.start(), match.end(), "reading")
    for match in _SHORT_READING.finditer(text):
        yield Hit(match.start(), match.end(), f"weak.{match['name']}")
        yield Hit(match.start(), match.end(), "reading")


def _stopping(text: str) -> Iterable[Hit]:
    for match in _STOPPING.finditer(text):
        yield Hit(match.start(), match.end(), "strong.medication")
        yield Hit(match.start(), match.end(), "high.medication")


def _beside(hits: Sequence[Hit], text: str) -> Iterable[Hit]:
    """A medicine beside something that may act on it: "grapefruit with ...", "... and St John's wort"."""
    taken = sorted((hit for hit in hits if hit.concept in ("drug", "interacts")), key=_start)
    for first, second in pairwise(taken):
        between = text[first.end : second.start]
        joined = _WITH if first.concept == second.concept == "drug" else _BESIDE
        near = first.end <= second.start <= first.end + _BESIDE_CHARS
        if near and "drug" in (first.concept, second.concept) and joined.search(between):
            yield Hit(first.start, second.end, "strong.interaction")
            yield Hit(first.start, second.end, "high.interaction")


def _weight(hits: Sequence[Hit]) -> float:
    strong = {hit.start for hit in hits if hit.concept.startswith("strong.")}
    weak = {hit.concept for hit in hits if hit.concept.startswith("weak.") and hit.start not in strong}
    return len(strong) + _WEAK_WEIGHT * len(weak)


def _enough(hits: Sequence[Hit], told: bool) -> float:
    if any(hit.concept == "elsewhere" for hit in hits):
        return _ENOUGH_ELSEWHERE
    return _ENOUGH_IN_ANSWERS if told else _ENOUGH


def _harmful(hits: Sequence[Hit]) -> bool:
    """True if a wrong answer could harm.

    "I take", "is it safe" count beside a medicine, "for days" beside more than a passing complaint, and a question
    of what to do beside a reading.
    """
    concepts = {hit.concept for hit in hits}
    harmful = {concept for concept in concepts if concept.startswith("high.")}
    if not concepts & _MEDICINES and _only_minor(hits):
        harmful -= {"high.interaction", "high.duration"}
    return bool(harmful) or {"reading", "decide"} <= concepts


_MEDICINES: Final = frozenset({"strong.medication", "strong.interaction", "strong.chronic", "strong.pregnancy"})


def _only_minor(hits: Sequence[Hit]) -> bool:
    minor = {hit.start for hit in hits if hit.concept == "minor"}
    return bool(minor) and all(hit.start in minor for hit in hits if hit.concept.startswith("strong."))


_LOST: Final = frozenset({"weight loss", "losing weight", "lost weight"})


def _topics(hits: Sequence[Hit], text: str) -> list[tuple[str, Hit]]:
    """Each topic with the last words that speak of it. Losing weight beside a complaint or a disease is a sign."""
    places = {_topic(hit): hit for hit in hits if hit.concept.startswith(("strong.", "weak."))}
    if len(places) > 1:
        places.pop("", None)
    weight = places.get("nutrition_wellness")
    lost = weight is not None and text[weight.start : weight.end] in _LOST
    if lost and not places.keys().isdisjoint(("symptom", "diagnosis")):
        places = {topic: hit for topic, hit in places.items() if topic != "nutrition_wellness"}
    return [(topic or "symptom", hit) for topic, hit in places.items()]


def _topic(hit: Hit) -> str:
    sort, _, topic = hit.concept.partition(".")
    return topic if sort == "strong" else ""
