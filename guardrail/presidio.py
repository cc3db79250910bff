"""For programs that use Presidio: the PHI rail as one recognizer, and our replacements as anonymizer operators.

    analyzer = AnalyzerEngine(registry=RecognizerRegistry([GuardrailRecognizer()], supported_languages=["en"]),
                              nlp_engine=NoOpNlpEngine([{"lang_code": "en", "model_name": ""}]))
    anonymizer = add_operators(AnonymizerEngine())
    found = analyzer.analyze(text, language="en")
    anonymizer.anonymize(text, found, {"DEFAULT": OperatorConfig("guardrail_placeholder", {"vault": Vault()})})

Needs no model and no network. Knows no policy file and no proxy. The rail makes Presidio fail closed in the whole
process: every pattern gets one second, and one that needs more raises RailFailed where Presidio would go on without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import InvalidParamError
from presidio_anonymizer.operators import Operator, OperatorType

from guardrail.engine.echo import Echo
from guardrail.engine.operators import generalised, shifted
from guardrail.engine.vault import Vault
from guardrail.rails.base import About, Rail, Window
from guardrail.rails.phi import LABELS, PhiSettings, build
from guardrail.text import Direction, Finding, Span

__all__ = [
    "DateShift",
    "Generalise",
    "GuardrailPlaceholder",
    "GuardrailRecognizer",
    "Vault",
    "add_operators",
    "restored",
]

PRESIDIO_NAMES: Final[Mapping[str, str]] = {
    "NAME": "PERSON",
    "DATE": "DATE_TIME",
    "AGE_OVER_89": "AGE",
    "ADDRESS": "LOCATION",
    "ORG_FACILITY": "ORGANIZATION",
    "PHONE": "PHONE_NUMBER",
    "FAX": "PHONE_NUMBER",
    "EMAIL": "EMAIL_ADDRESS",
    "SSN": "US_SSN",
    "IP": "IP_ADDRESS",
}
"""What Presidio calls our labels; the others (MRN, HEALTH_PLAN ...) have no name there and keep their own."""

_OURS: Final = {name: label for label, name in PRESIDIO_NAMES.items()} | {
    "LOCATION": "LOCATION",
    "PHONE_NUMBER": "PHONE",
}
_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]{0,24}")
_NEW, _BEFORE, _AFTER = 2_500, 600, 160


class GuardrailRecognizer(EntityRecognizer):
    """The whole PHI rail. Entities are our labels, or with `presidio_names` Presidio's where it has one.

    `settings` are those of the `phi` rail in a policy. Building takes a second or two.
    """

    def __init__(
        self,
        settings: PhiSettings | None = None,
        *,
        presidio_names: bool = False,
        repetitions: bool = True,
        supported_language: str = "en",
        name: str = "GuardrailRecognizer",
    ) -> None:
        """`repetitions`: what is found once is found wherever the text says it again."""
        self._settings = settings or PhiSettings()
        self._names = PRESIDIO_NAMES if presidio_names else {}
        self._repetitions = repetitions
        self._rail: Rail | None = None
        entities = list(dict.fromkeys(self._names.get(label, label) for label in LABELS))
        self.name: str = name
        super().__init__(supported_entities=entities, supported_language=supported_language, name=name)

    def load(self) -> None:
        """Build the rail. Raises PolicyError if a recognizer of the settings can't be built."""
        self._rail = build(self._settings)

    def analyze(
        self, text: str, entities: Sequence[str] | None = None, nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """What identifies a person, in order. Raises RailFailed: then nothing is known. `nlp_artifacts` is unused."""
        found = list(self._found(text))
        if self._repetitions:
            found += _again(found, text)
        results = [self._result(finding) for finding in sorted(found, key=lambda finding: finding.span)]
        return [result for result in results if not entities or result.entity_type in entities]

    def _found(self, text: str) -> Iterator[Finding]:
        """Window by window, as the proxy looks at a long request: each decides what begins in its own words."""
        assert self._rail is not None
        begin = 0
        while begin < len(text):
            end = _cut(text, begin)
            start, stop = max(0, begin - _BEFORE), min(len(text), end + _AFTER)
            for finding in self._rail.inspect(Window(text[start:stop], start, stop == len(text)), About()):
                span = Span(finding.span.start + start, finding.span.end + start)
                if begin <= span.start < end:
                    yield Finding(span, finding.rail, finding.label, finding.score)
            begin = end

    def _result(self, finding: Finding) -> RecognizerResult:
        told = AnalysisExplanation(
            recognizer=self.name, original_score=finding.score, textual_explanation=f"guardrail label {finding.label}"
        )
        return RecognizerResult(
            entity_type=self._names.get(finding.label, finding.label),
            start=finding.span.start,
            end=finding.span.end,
            score=finding.score,
            analysis_explanation=told,
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            },
        )


def _cut(text: str, begin: int) -> int:
    """The last white space within reach, so that no word is cut."""
    if len(text) - begin <= _NEW:
        return len(text)
    space = max(text.rfind(" ", begin + _NEW // 2, begin + _NEW), text.rfind("\n", begin + _NEW // 2, begin + _NEW))
    return space + 1 if space >= 0 else begin + _NEW


def _again(found: Sequence[Finding], text: str) -> Iterator[Finding]:
    """What is said again without a cue, where nothing was found yet."""
    echo = Echo()
    for finding in found:
        echo.learn(finding.label, text[finding.span.start : finding.span.end])
    covered = bytearray(len(text))
    for finding in found:
        covered[finding.span.start : finding.span.end] = b"\1" * (finding.span.end - finding.span.start)
    for finding in echo.inspect(Window(text), About()):
        if not any(covered[finding.span.start : finding.span.end]):
            yield finding


def _label(params: Mapping[str, Any]) -> str:
    entity = str(params.get("entity_type", ""))
    label = _OURS.get(entity, entity)
    return label if _NAME.fullmatch(label) else "OTHER_ID"


def _removed(label: str) -> str:
    return f"[{label} removed]"


def _year(params: Mapping[str, Any]) -> int:
    return int(params.get("this_year") or datetime.now(UTC).year)


class _Anonymizer(Operator):
    """What our operators have in common."""

    name: str = ""

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Nothing to check."""

    def operator_name(self) -> str:
        """As it stands in an OperatorConfig."""
        return self.name

    def operator_type(self) -> OperatorType:
        """It anonymizes."""
        return OperatorType.Anonymize


class GuardrailPlaceholder(_Anonymizer):
    """`[NAME_1]`: the same for the same value as long as the same `vault` is given; `restored` puts values back.

    Presidio works from the end of a text to its beginning, so the last value is number 1.
    """

    name: str = "guardrail_placeholder"

    def operate(self, text: str, params: dict[str, Any] | None = None) -> str:
        """The placeholder of a value."""
        params = params or {}
        vault: Vault = params["vault"]
        return vault.mint(_label(params), text)

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Raises InvalidParamError without a vault."""
        if not isinstance((params or {}).get("vault"), Vault):
            raise InvalidParamError("guardrail_placeholder needs a `vault` (guardrail.presidio.Vault)")


class Generalise(_Anonymizer):
    """Less of it (45 CFR 164.514(b)(2)(i)(B), (C)): a year, a state, half a ZIP code, 90+; else `[X removed]`.

    `this_year` (default: now) tells which years would tell an age over 89.
    """

    name: str = "generalise"

    def operate(self, text: str, params: dict[str, Any] | None = None) -> str:
        """What is left of a value."""
        params = params or {}
        label = _label(params)
        return generalised(label, text, _year(params)) or _removed(label)


class DateShift(_Anonymizer):
    """A date `days` later (less than nothing: earlier) in the same writing; what is no readable date: `[X removed]`.

    `date_order` ("mdy", "dmy") says how 03/04/2024 is meant.
    """

    name: str = "date_shift"

    def operate(self, text: str, params: dict[str, Any] | None = None) -> str:
        """The other date."""
        params = params or {}
        label = _label(params)
        other = shifted(text, params["days"], _year(params), params.get("date_order", "")) if label == "DATE" else None
        return other or _removed(label)

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Raises InvalidParamError without days, or with none."""
        days = (params or {}).get("days")
        if type(days) is not int or days == 0:
            raise InvalidParamError("date_shift needs `days`, a whole number other than 0")
        if (params or {}).get("date_order", "") not in ("", "mdy", "dmy"):
            raise InvalidParamError("date_shift: `date_order` is mdy or dmy")


def add_operators(engine: AnonymizerEngine) -> AnonymizerEngine:
    """The engine, with `guardrail_placeholder`, `generalise` and `date_shift`."""
    for operator in (GuardrailPlaceholder, Generalise, DateShift):
        engine.add_anonymizer(operator)
    return engine


def restored(text: str, vault: Vault) -> str:
    """An answer with the values of its placeholders in their places; not inside links and tags."""
    restorer, out, at = vault.restorer(), "", 0
    about = About(Direction.RESPONSE)
    for finding in sorted(restorer.inspect(Window(text), about), key=lambda finding: finding.span):
        value = restorer.rewrite(finding, text, about)
        if finding.span.start >= at and value is not None:
            out += text[at : finding.span.start] + value
            at = finding.span.end
    return out + text[at:]
