"""The PHI rail at work: our own finders, and Presidio's recognizers for what they leave in doubt.

The only module that imports Presidio and spaCy. Never touches the network, never logs a text, fails closed: a
pattern that takes too long raises instead of being skipped. Knows no policy: it reports, others decide.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate
from operator import itemgetter
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
from guardrail.rails.base import About, Rail, Reach, Window
from guardrail.rails.normalise import View, unsmudged, view
from guardrail.rails.phi import PhiSettings
from guardrail.rails.phi_contact import HELP_LINES, find_contacts
from guardrail.rails.phi_dates import date_finder
from guardrail.rails.phi_ids import find_ids
from guardrail.rails.phi_names import find_bare_names, find_fixed_names, find_names
from guardrail.rails.phi_places import find_places
from guardrail.rails.phi_records import find_in_records
from guardrail.rails.phi_text import At, Finder, Hit, Words, digits, matches
from guardrail.text import Direction, Finding, Kind, Role, Span

NAME: Final = "phi"
_TIMEOUT_SECONDS: Final = 1
_LOWEST: Final = 0.4
_OLDEST_KEPT: Final = 89
_CONTEXT: Final = 80
_POINTED: Final = ("NAME", "DATE", "AGE_OVER_89")  # "J.", "the 14.", "9:30 a.m."
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")

_LABELS: Final = {
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

# What could be an identifier of a shape that only Presidio knows: long runs of digits, mixed codes, an "@".
_DOUBTFUL: Final = re.compile(
    r"(?:\d[ .()/-]{0,2}){6,}\d|(?=[A-Za-z]{0,16}\d)(?=\d{0,16}[A-Za-z])[A-Za-z0-9]{9,}"
    r"|(?<![A-Za-z])[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D\d]"
)
_ADDRESSED: Final = re.compile(r"\w@\w")
_FEWEST: Final = 7
_MOST: Final = 15
# Codes of medicine and literature, hashes, and our own placeholders: never somebody's number.
_PUBLIC: Final = re.compile(
    "(?:NCT|ISRCTN|PMID|PMCID|PMC|ISBN|ISSN|LOINC|SNOMED(?:[ -]CT)?"
    r"|CPT|HCPCS|ICD(?:-?1?\d)?(?:-CM|-PCS)?|NDC|RxCUI|RxNorm|GTIN|EAN"
    "|ATC|CAS|OMIM"
    "|ORPHA|GSE|GSM|SRR|ENSG|ENST|CHEMBL|UNII|MeSH|UMLS|MONDO|HGNC|DRG"
    r"|EudraCT|EC)(?: (?:code|no\.?|number|RN))?[ :#-]{0,3}[A-Z]?\d[\w.:/-]*"
    r"|(?:doi:? ?|DOI:? ?|doi\.org/)10\.\d{4,9}/[^\s\"<>]+|(?<![A-Za-z0-9])"
    r"(?:rs\d{4,}|[NX][MPRC]_\d{6,}(?:\.\d+)?)|(?<![\w])(?:0x)?[0-9a-f]{32,}"
    r"(?!\w)"
)
_OURS: Final = re.compile(
    r"\[[A-Z][A-Z0-9_]*(?:_\d+(?:: [^\[\]\n]{1,40})?| removed)\]|(?<![A-Za-z0-9])[A-Z][A-Z_]{0,24}_"
    r"(?:\d{1,7}|removed)(?![A-Za-z0-9])"
)


class _Fixed(logging.Filter):
    """Presidio logs a timeout and goes on without the pattern; here the timeout is an error (fail closed)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING and "timed out" in str(record.msg):
            raise RailFailed("a recognizer took too long") from None
        return record.levelno >= logging.WARNING


class _OfflineEmailRecognizer(EmailRecognizer):
    """The built-in one asks publicsuffix.org over the network at its first use."""

    _suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def validate_result(self, pattern_text: str) -> bool:
        return bool(self._suffixes(pattern_text).top_domain_under_public_suffix)


class _Tokenizer(SpacyNlpEngine):
    """spaCy's tokenizer without a model. Lemmas are set, because Presidio's context words compare nothing else."""

    def __init__(self, language: Language) -> None:
        super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
        self.nlp: dict[str, Language] = {"en": language}  # type: ignore[assignment]

    def load(self) -> None:
        """Nothing to load, and nothing to download."""


@Language.component("guardrail_lower_lemmas")
def _lower_lemmas(doc: Doc) -> Doc:
    for token in doc:
        token.lemma_ = token.lower_
    return doc


def build(settings: PhiSettings) -> Rail:
    """The rail, warm."""
    _forbid_skipping()
    year = settings.this_year or datetime.now(UTC).year
    rail = PhiRail(settings, _Presidio() if settings.presidio else None, year - _OLDEST_KEPT - 1)
    rail.inspect(Window("Warm up: call (202) 456-1111 x2, card 4111 1111 1111 1111, jane@example.org."), About())
    return rail


def _forbid_skipping() -> None:
    modules: Sequence[ModuleType] = (pattern_recognizer, iban_recognizer)
    for module in modules:
        module.REGEX_TIMEOUT_SECONDS = _TIMEOUT_SECONDS  # type: ignore[attr-defined]
    logging.getLogger("presidio-anonymizer").setLevel(logging.WARNING)
    logger = logging.getLogger("presidio-analyzer")
    logger.setLevel(logging.WARNING)
    if not any(isinstance(known, _Fixed) for known in logger.filters):
        logger.addFilter(_Fixed())


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What Presidio is asked about. `phone`: there are digits as many as a telephone number has (E.164: at most 15)."""

    start: int
    end: int
    phone: bool


class _Presidio:
    """Presidio with only the recognizers whose shape or check digit adds something."""

    def __init__(self) -> None:
        self._language = spacy.blank("en")
        self._language.add_pipe("guardrail_lower_lemmas")
        registry = RecognizerRegistry(recognizers=_recognizers(), supported_languages=["en"])
        self._engine = AnalyzerEngine(
            registry=registry,
            nlp_engine=_Tokenizer(self._language),
            supported_languages=["en"],
            log_decision_process=False,
        )
        self._entities = sorted(_LABELS)
        self._less = [entity for entity in self._entities if entity != "PHONE_NUMBER"]
        self._anonymizer = AnonymizerEngine()  # type: ignore[no-untyped-call]

    def find(self, text: str, stretch: _Stretch) -> list[Hit]:
        """What Presidio recognises in the stretch. Raises RailFailed if a pattern takes too long."""
        start = stretch.start
        with self._language.memory_zone():  # the vocabulary forgets the patients' words
            part = text[start : stretch.end]
            entities = self._entities if stretch.phone else self._less
            results: list[Any] = self._engine.analyze(
                text=part, language="en", entities=entities, score_threshold=_LOWEST
            )
            return [
                Hit(start + one, start + other, _LABELS[entity], score)
                for one, other, entity, score in self._settled(part, results)
            ]

    def _settled(self, text: str, results: Sequence[Any]) -> Iterator[tuple[int, int, str, float]]:
        """One reading where several recognizers claim the same digits: Presidio's own rules for that."""
        if len(results) < 2:
            yield from ((r.start, r.end, r.entity_type, r.score) for r in results)
            return
        for item in self._anonymizer.anonymize(text, list(results), {"DEFAULT": OperatorConfig("keep")}).items:
            score = max(r.score for r in results if r.start < item.end and item.start < r.end)
            yield item.start, item.end, item.entity_type, score


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
        _OfflineEmailRecognizer,
    )
    phone = PhoneRecognizer(supported_language="en", supported_regions=("US", "GB"))
    return [*(recognizer(supported_language="en") for recognizer in plain), phone]


class PhiRail:
    """Finds protected health information (45 CFR 164.514(b)(2)(i)), in either direction."""

    def __init__(self, settings: PhiSettings, presidio: _Presidio | None, youngest: int) -> None:
        self._settings = settings
        self._presidio = presidio
        self._finders: tuple[Finder, ...] = (
            find_ids,
            find_contacts,
            date_finder(youngest),
            find_places,
            find_names,
            find_in_records,
        )

    @property
    def name(self) -> str:
        """`phi`."""
        return NAME

    @property
    def reach(self) -> Reach:
        """As the settings say."""
        return Reach(self._settings.reach)

    def inspect(self, window: Window, about: About) -> list[Finding]:
        """What identifies a person in this window, without overlaps, in order."""
        cue = _cue(about) if window.start == 0 else ""
        seen = view(cue + window.text)
        hits = self._hits(seen.text, about)
        allowed = [hit for hit in hits if hit.score >= self._settings.min_score and _counts(hit, about.kind)]
        findings = [_finding(hit, seen) for hit in merged(allowed, seen.text)]
        return [_without_cue(finding, len(cue)) for finding in findings if finding.span.end > len(cue)]

    def _hits(self, text: str, about: About) -> list[Hit]:
        text = unsmudged(text)
        words = Words.of(text)
        hits = [hit for find in self._finders for hit in find(words)]
        if about.kind in (Kind.DATA, Kind.TOKEN):
            hits += find_bare_names(text, about.kind is Kind.TOKEN, about.role is Role.TOOL)
        elif about.kind is Kind.FIXED and about.direction is Direction.REQUEST:
            hits += find_fixed_names(text)
        if self._presidio:
            for stretch in _doubtful(words, hits):
                hits += (
                    hit
                    for hit in self._presidio.find(text, stretch)
                    if digits(text[hit.start : hit.end]) not in HELP_LINES
                )
        return _without(text, hits) if hits else hits


def _cue(about: About) -> str:
    """The key that a value stands under, as a person would write it: `patientName` becomes "patient Name: "."""
    if about.kind is not Kind.DATA or not about.hint:
        return ""
    return _CAMEL.sub(" ", about.hint.replace("_", " ").replace("-", " ")) + ": "


def _without_cue(finding: Finding, length: int) -> Finding:
    span = finding.span
    return replace(finding, span=Span(max(span.start - length, 0), span.end - length)) if length else finding


def _finding(hit: Hit, seen: View) -> Finding:
    end = hit.end
    if hit.label not in _POINTED and seen.text[end - 1] == "." and end - hit.start > 1:
        end -= 1  # the sentence's own full stop
    return Finding(seen.original(hit.start, end), NAME, hit.label, round(min(hit.score, 1.0), 3))


def _counts(hit: Hit, kind: Kind) -> bool:
    """In a string that can't be rewritten only what is certain refuses a request; an id is read a bit more widely."""
    if kind is Kind.FIXED:
        return hit.hard
    return kind is not Kind.TOKEN or hit.hard or hit.label in ("NAME", "MRN", "SSN")


def _doubtful(words: Words, hits: Sequence[Hit]) -> list[_Stretch]:
    """Stretches with something that Presidio may know and our own findings don't cover, with room for context words."""
    text, stretches = words.text, list[_Stretch]()
    covered = _Covered(hits)
    for match in _doubts(words):
        if covered.holds(match.start(), match.end()):
            continue
        start = max(0, text.find(" ", max(0, match.start() - _CONTEXT)))
        end = text.find(" ", min(len(text), match.end() + _CONTEXT))
        start, end = min(start, match.start()), len(text) if end < 0 else end
        phone = _FEWEST <= len(digits(match[0])) <= _MOST and not any(char.isalpha() for char in match[0])
        if stretches and start <= stretches[-1].end:
            before = stretches.pop()
            start, phone = before.start, phone or before.phone
        stretches.append(_Stretch(start, end, phone))
    return stretches


def _doubts(words: Words) -> Iterator[re.Match[str]]:
    found = list(matches(_DOUBTFUL, words, At.EITHER))
    if "@" in words.text:
        found += _ADDRESSED.finditer(words.text)
        found.sort(key=lambda match: match.start())
    return iter(found)


class _Covered:
    """Tells whether one of the hits covers a stretch, in one look-up."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        ordered = sorted(hits, key=lambda hit: hit.start)
        self._starts = [hit.start for hit in ordered]
        self._ends = list(accumulate((hit.end for hit in ordered), max))

    def holds(self, start: int, end: int) -> bool:
        at = bisect_right(self._starts, start)
        return at > 0 and self._ends[at - 1] >= end


def _without(text: str, hits: list[Hit]) -> list[Hit]:
    """Less what lies in ranges that are nobody's. Into our own placeholders not even a sure shape may reach."""
    public, ours = ([match.span() for match in pattern.finditer(text)] for pattern in (_PUBLIC, _OURS))
    if not public and not ours:
        return hits
    return [hit for hit in hits if _is_canary(hit) or not (_yields(hit, public, False) or _yields(hit, ours, True))]


def _is_canary(hit: Hit) -> bool:
    """The id that tests plant in every field: found whatever surrounds it."""
    return hit.hard and hit.score == 1.0


def _yields(hit: Hit, ranges: Sequence[tuple[int, int]], ours: bool) -> bool:
    """True if a range holds the hit, or overlaps it and is stronger. The ranges are in order and don't overlap."""
    for at in range(bisect_right(ranges, hit.start, key=itemgetter(1)), len(ranges)):
        start, end = ranges[at]
        if start >= hit.end:
            return False
        if (start <= hit.start and hit.end <= end) or ours or hit.label not in ("URL", "EMAIL"):
            return True
    return False


def merged(hits: Sequence[Hit], text: str) -> Iterator[Hit]:
    """Without overlaps: the surer wins, then the longer; what of a loser sticks out is kept if it holds a word."""
    for cluster in _clusters(sorted(hits, key=lambda hit: hit.start)):
        kept: list[Hit] = []
        for hit in sorted(cluster, key=lambda hit: (-hit.score, hit.start - hit.end, hit.start)):
            _place(hit, kept, text)
        yield from sorted(kept, key=lambda hit: hit.start)


def _clusters(ordered: Iterable[Hit]) -> Iterator[list[Hit]]:
    """Hits that overlap directly or by way of others."""
    cluster: list[Hit] = []
    end = 0
    for hit in ordered:
        if cluster and hit.start >= end:
            yield cluster
            cluster = []
        cluster.append(hit)
        end = max(end, hit.end)
    if cluster:
        yield cluster


def _place(hit: Hit, kept: list[Hit], text: str) -> None:
    for at, other in enumerate(kept):
        if hit.start < other.end and other.start < hit.end:
            if hit.label == other.label or (hit.start <= other.start and other.end <= hit.end):
                kept[at] = Hit(
                    min(hit.start, other.start), max(hit.end, other.end), other.label, other.score, other.hard
                )
                _absorb(at, kept)
            elif hit.start < other.start:
                _place_rest(hit, hit.start, other.start, kept, text)
            elif other.end < hit.end:
                _place_rest(hit, other.end, hit.end, kept, text)
            return
    kept.append(hit)


def _place_rest(hit: Hit, start: int, end: int, kept: list[Hit], text: str) -> None:
    rest = text[start:end]
    start += len(rest) - len(rest.lstrip(" ,.;:-"))
    end -= len(rest) - len(rest.rstrip(" ,.;:-"))
    if start < end:
        _place(Hit(start, end, hit.label, hit.score, hit.hard), kept, text)


def _absorb(at: int, kept: list[Hit]) -> None:
    """A hit that grew swallows what it now covers."""
    grown = kept[at]
    for other in [
        other for other in kept if other is not grown and other.start < grown.end and grown.start < other.end
    ]:
        kept.remove(other)
        where = kept.index(grown)
        grown = Hit(min(grown.start, other.start), max(grown.end, other.end), grown.label, grown.score, grown.hard)
        kept[where] = grown
