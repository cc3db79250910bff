"""Presidio behind the PHI rail: its recognizers for what the rail's own finders leave in doubt, offline, fail closed.

Together with `phi_recognizers` (a hospital's own) the only module of the package that imports presidio_analyzer and
spaCy. Knows no policy and no finder. Never touches the network, never logs a text; a pattern that takes too long raises
instead of being skipped.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, pattern_recognizer
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    AuMedicareRecognizer,
    CaSinRecognizer,
    CreditCardRecognizer,
    DeHealthInsuranceRecognizer,
    EmailRecognizer,
    EsNieRecognizer,
    EsNifRecognizer,
    FiPersonalIdentityCodeRecognizer,
    IbanRecognizer,
    InAadhaarRecognizer,
    IpRecognizer,
    ItFiscalCodeRecognizer,
    MacAddressRecognizer,
    MedicalLicenseRecognizer,
    NhsRecognizer,
    PhoneRecognizer,
    PlPeselRecognizer,
    UkNinoRecognizer,
    UsItinRecognizer,
    UsMbiRecognizer,
    UsNpiRecognizer,
    UsSsnRecognizer,
)
from presidio_analyzer.predefined_recognizers.generic import iban_recognizer
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig
from spacy.language import Language
from spacy.tokens import Doc

from guardrail.errors import RailFailed
from guardrail.rails.phi_text import Hit

LANGUAGE: Final = "en"
"""What every recognizer is told; the rail reads every text with all of them, whatever its language."""

LABELS: Final[Mapping[str, str]] = {
    "CREDIT_CARD": "ACCOUNT",
    "IBAN_CODE": "ACCOUNT",
    "US_SSN": "SSN",
    "US_ITIN": "SSN",
    "US_MBI": "HEALTH_PLAN",
    "US_NPI": "LICENSE",
    "MEDICAL_LICENSE": "LICENSE",
    "UK_NHS": "MRN",
    "UK_NINO": "OTHER_ID",
    "DE_HEALTH_INSURANCE": "HEALTH_PLAN",
    "AU_MEDICARE": "HEALTH_PLAN",
    "CA_SIN": "OTHER_ID",
    "ES_NIF": "OTHER_ID",
    "ES_NIE": "OTHER_ID",
    "IT_FISCAL_CODE": "OTHER_ID",
    "PL_PESEL": "OTHER_ID",
    "IN_AADHAAR": "OTHER_ID",
    "FI_PERSONAL_IDENTITY_CODE": "OTHER_ID",
    "MAC_ADDRESS": "DEVICE",
    "IP_ADDRESS": "IP",
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
}
"""The entities of the recognizers below, and what the rail calls them."""

_TIMEOUT_SECONDS: Final = 1  # Presidio wants a whole number
_LOWEST: Final = 0.4


@dataclass(frozen=True, slots=True)
class Stretch:
    """What Presidio is asked about. `phone`: there are digits as many as a telephone number has (E.164: at most 15)."""

    start: int
    end: int
    phone: bool


class Tokenizer(SpacyNlpEngine):
    """spaCy's tokenizer without a model. Lemmas are set, because Presidio's context words compare nothing else."""

    def __init__(self) -> None:
        super().__init__(models=[{"lang_code": LANGUAGE, "model_name": "blank"}])
        self._language = spacy.blank(LANGUAGE)
        self._language.add_pipe("guardrail_lower_lemmas")
        self.nlp: dict[str, Language] = {LANGUAGE: self._language}  # type: ignore[assignment]

    def load(self) -> None:
        """Nothing to load, and nothing to download."""

    def forgetting(self) -> AbstractContextManager[object]:
        """A stretch of work after which the vocabulary forgets the patients' words."""
        return self._language.memory_zone()


@Language.component("guardrail_lower_lemmas")
def _lower_lemmas(doc: Doc) -> Doc:
    for token in doc:
        token.lemma_ = token.lower_
    return doc


class Presidio:
    """Presidio with only the recognizers whose shape or check digit adds something."""

    def __init__(self) -> None:
        fail_closed()
        self._tokenizer = Tokenizer()
        self._engine = engine(_recognizers(), self._tokenizer)
        self._entities = sorted(LABELS)
        self._less = [entity for entity in self._entities if entity != "PHONE_NUMBER"]
        self._anonymizer = AnonymizerEngine()  # type: ignore[no-untyped-call]

    def find(self, text: str, stretch: Stretch) -> list[Hit]:
        """What Presidio recognises in the stretch. Raises RailFailed if a pattern takes too long."""
        start = stretch.start
        with self._tokenizer.forgetting():
            part = text[start : stretch.end]
            entities = self._entities if stretch.phone else self._less
            results: list[Any] = self._engine.analyze(
                text=part, language=LANGUAGE, entities=entities, score_threshold=_LOWEST
            )
            return [
                Hit(start + one, start + other, LABELS[entity], score)
                for one, other, entity, score in self._settled(part, results)
            ]

    def _settled(self, text: str, results: Sequence[Any]) -> Iterator[tuple[int, int, str, float]]:
        """One reading where several recognizers claim the same digits: Presidio's own rules for that."""
        if len(results) < 2:
            yield from ((r.start, r.end, r.entity_type, r.score) for r in results)
            return
        ordered = sorted(results, key=lambda result: result.start)
        at = 0
        items = self._anonymizer.anonymize(text, list(results), {"DEFAULT": OperatorConfig("keep")}).items
        for item in sorted(items, key=lambda each: each.start):
            score = 0.0
            while at < len(ordered) and ordered[at].start < item.end:  # the items are apart, and every result is in one
                score = max(score, ordered[at].score)
                at += 1
            yield item.start, item.end, item.entity_type, score or _LOWEST


def engine(recognizers: Sequence[EntityRecognizer], tokenizer: Tokenizer) -> AnalyzerEngine:
    """Presidio's engine with these recognizers and no other; it traces nothing."""
    registry = RecognizerRegistry(recognizers=list(recognizers), supported_languages=[LANGUAGE])
    return AnalyzerEngine(
        registry=registry, nlp_engine=tokenizer, supported_languages=[LANGUAGE], log_decision_process=False
    )


def fail_closed() -> None:
    """Give every pattern of Presidio one second, for the whole process, and make a missed one an error."""
    modules: Sequence[ModuleType] = (pattern_recognizer, iban_recognizer)
    for module in modules:
        module.REGEX_TIMEOUT_SECONDS = _TIMEOUT_SECONDS  # type: ignore[attr-defined]
    logging.getLogger("presidio-anonymizer").setLevel(logging.WARNING)
    logger = logging.getLogger("presidio-analyzer")
    logger.setLevel(logging.WARNING)
    if not any(isinstance(known, _Fixed) for known in logger.filters):
        logger.addFilter(_Fixed())


class _Fixed(logging.Filter):
    """Presidio logs a timeout and goes on without the pattern; here the timeout is an error (fail closed)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING and "timed out" in str(record.msg):
            raise RailFailed("a recognizer took too long") from None
        return record.levelno >= logging.WARNING


class OfflineEmailRecognizer(EmailRecognizer):
    """The built-in one asks publicsuffix.org over the network at its first use."""

    _suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def validate_result(self, pattern_text: str) -> bool:
        """True for an address under a suffix that exists, by the list that came with tldextract."""
        return bool(self._suffixes(pattern_text).top_domain_under_public_suffix)


def _recognizers() -> list[EntityRecognizer]:
    plain = (
        AuMedicareRecognizer,
        CaSinRecognizer,
        CreditCardRecognizer,
        DeHealthInsuranceRecognizer,
        EsNieRecognizer,
        EsNifRecognizer,
        FiPersonalIdentityCodeRecognizer,
        IbanRecognizer,
        InAadhaarRecognizer,
        IpRecognizer,
        ItFiscalCodeRecognizer,
        MacAddressRecognizer,
        MedicalLicenseRecognizer,
        NhsRecognizer,
        PlPeselRecognizer,
        UkNinoRecognizer,
        UsItinRecognizer,
        UsMbiRecognizer,
        UsNpiRecognizer,
        UsSsnRecognizer,
        OfflineEmailRecognizer,
    )
    phone = PhoneRecognizer(supported_language=LANGUAGE, supported_regions=("US", "GB"))
    return [*(recognizer(supported_language=LANGUAGE) for recognizer in plain), phone]
