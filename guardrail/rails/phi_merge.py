"""Which findings count and which wins where several meet: the one explicit step between finding and reporting.

Evidence comes from shapes and check digits, from cues, and from the trained detector. A shape that proves itself counts
alone. A weak cue or a bare shape counts only where the detector does not rule it out; what the detector finds counts
unless it can't be what it is called (a year is no date, a state no town, a drug nobody's name). Knows no policy.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Final

from guardrail.placeholder import PLACEHOLDER
from guardrail.rails.gate import Gated, gated
from guardrail.rails.phi_contact import HELP_LINES
from guardrail.rails.phi_dates import AMOUNT
from guardrail.rails.phi_detector import Reading
from guardrail.rails.phi_medicine import is_medicine
from guardrail.rails.phi_text import Hit, digits
from guardrail.rails.phi_words import (
    BARE_EPONYM_KINDS,
    EPONYM_KINDS,
    FUNCTION_WORDS,
    PARTICLES,
    PEOPLES,
    WIDE_PLACES,
)

# Codes of medicine and literature, and hashes: never somebody's number.
_PUBLIC: Final = gated(
    r"(?<![A-Za-z0-9:.-])(?:NCT|ISRCTN|PMID|PMCID|PMC|ISBN|ISSN|LOINC|SNOMED(?:[ -]CT)?"
    r"|CPT|HCPCS|ICD(?:-?1?\d)?(?:-CM|-PCS)?|NDC|RxCUI|RxNorm|GTIN|EAN"
    "|ATC|CAS|OMIM"
    "|ORPHA|GSE|GSM|SRR|ENSG|ENST|CHEMBL|UNII|MeSH|UMLS|MONDO|HGNC|DRG"
    r"|EudraCT|EC)(?: (?:code|no\.?|number|RN))?[ :#-]{0,3}[A-Z]?\d[\w.:/-]*"
    r"|(?:doi:? ?|DOI:? ?|doi\.org/)10\.\d{4,9}/[^\s\"<>]+|(?<![A-Za-z0-9])"
    r"(?i:(?:st|saint)s?\.? ?(?:john|anthony|vitus)'?s?'?[ -](?:wort|fire|dance))|(?<![A-Za-z0-9])"
    r"(?:rs\d{4,}|[NX][MPRC]_\d{6,}(?:\.\d+)?)"
)
_HASH: Final = re.compile(r"(?<!\w)(?:0x)?[0-9a-f]{32,}(?!\w)")
_OURS: Final = Gated(PLACEHOLDER)
_STRONG: Final = 0.78
_STRONG_NUMBER: Final = 0.7
_NAMED: Final = frozenset({"NAME", "LOCATION", "ORG_FACILITY"})
_SUPPORT: Final = 0.08
_SHAPED: Final = frozenset(
    {"PHONE", "FAX", "SSN", "MRN", "HEALTH_PLAN", "ACCOUNT", "LICENSE", "VEHICLE", "DEVICE", "BIOMETRIC"}
    | {"OTHER_ID", "AGE_OVER_89", "ADDRESS"}
)
_APART: Final = (_SHAPED | {"EMAIL", "DATE"}) - {"ADDRESS"}
_MOST_APART: Final = 400
_SPOKEN: Final = frozenset({"PHONE", "FAX", "ADDRESS", "AGE_OVER_89", "OTHER_ID"})
_A_YEAR: Final = re.compile(r"(?:in |since )?(?:1[89]|20)\d\d(?:s|'s| ?(?:-|/|to) ?(?:1[89]|20)\d\d)?", re.IGNORECASE)
_A_SCORE: Final = re.compile(r"\d{1,2}/(?:5|10)")
_A_WEEKDAY: Final = re.compile(
    r"(?:next |last |this |on )?(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?"
    r"(?: (?:morning|afternoon|evening|night))?",
    re.IGNORECASE,
)
_A_CLOCK: Final = re.compile(r"\d{1,2}(?::?\d{2})?(?::\d{2})? ?(?:[ap]\.?m?\.?|h|hrs?|hours)?", re.IGNORECASE)
_TIMED: Final = re.compile(r"\d{1,2}:\d{2}|\d ?(?:[ap]\.?m\.?|h|hrs)\b", re.IGNORECASE)
_RELATIVE: Final = re.compile(
    r"(?:today|tonight|yesterday|tomorrow|now|noon|midnight|daily|weekly|overnight"
    r"|(?:\d+|a|an|one|two|three|four|five|six|few|several) (?:day|week|month|year|hour|hr|wk|yr|min)s?(?: ago)?)",
    re.IGNORECASE,
)
_PARTICLE_END: Final = re.compile(r"\s+[a-zà-ÿ]+\Z")
_NO_NAME_END: Final = PARTICLES | FUNCTION_WORDS
_AFTER_DATE: Final = re.compile(r"(?<=[A-Za-z\d] \d\d) [A-Z]\Z|(?<=[A-Za-z\d] \d) [A-Z]\Z")
_AFTER_NUMBER: Final = re.compile(r"\s+(?:\d{1,3} ?[MFmf]|\d{2,3}/\d{2,3}|\d{1,3}\.\d)\b.*\Z", re.DOTALL)
_FIRST_WORD: Final = re.compile(r"[^\W\d_]{3,9}")
_STATE_CODE: Final = re.compile(r"[A-Z]{2}")
_EPONYM: Final = re.compile(
    rf"(?:[-/ ][^\W\d_]+){{0,2}}(?:'s|s)?[ -](?:{EPONYM_KINDS})\b|[ -](?:{BARE_EPONYM_KINDS})\b", re.IGNORECASE
)
_TITLED: Final = re.compile(
    r"\b(?:dr|mr|mrs|ms|miss|mx|prof|professor|doctor|nurse|patient|pt|named?|called|name is|sra?|señora?|herr|frau)"
    r"\.?[\s:]{1,3}\Z",
    re.IGNORECASE,
)


def counted(text: str, hits: Iterable[Hit], reading: Reading | None) -> list[Hit]:
    """The hits that count. `hits`: of the finders; the detector's own are in `reading` (None: it was not asked).

    Less what lies in ranges that are nobody's; into our own placeholders not even a sure shape may reach.
    """
    kept = list(hits)
    if reading is not None:
        kept = [hit for hit in kept if _is_sure(hit) or reading.support(hit.start, hit.end) >= _SUPPORT]
        read = [hit for found in reading.hits() if _can_be(hit := _fitted(found, text), text)]
        kept += _unless_several(read, kept, text)
    return without(text, kept) if kept else kept


def _is_sure(hit: Hit) -> bool:
    """True for a shape that proves itself and a cue that leaves no doubt; a number's cue leaves less than a name's."""
    return hit.hard or hit.score >= (_STRONG if hit.label in _NAMED else _STRONG_NUMBER) or hit.label == "AGE_OVER_89"


def _unless_several(read: Iterable[Hit], known: Iterable[Hit], text: str) -> Iterator[Hit]:
    """Less what the detector took for one value where shapes tell several, one behind the other."""
    sure = sorted((hit for hit in known if hit.score > _STRONG and hit.label in _APART), key=lambda hit: hit.start)
    for hit in read:
        if hit.label in _APART:
            first = bisect_right(sure, hit.start - 1, key=lambda each: each.start)
            inside = [each for each in sure[first : first + _MOST_APART] if each.end <= hit.end]
            left = text[hit.start : hit.end]
            for each in inside:
                left = left.replace(text[each.start : each.end], "", 1)
            if len(inside) > 1 and not any(map(str.isalnum, left)):
                continue
        yield hit


def _fitted(hit: Hit, text: str) -> Hit:
    """Without what the detector took along: an age or a vital sign behind a number, a particle behind a name."""
    words = text[hit.start : hit.end]
    if hit.label == "NAME":
        while (cut := _PARTICLE_END.search(words)) and cut[0].strip() in _NO_NAME_END:
            words = words[: cut.start()]
    elif hit.label == "DATE":
        words = _AFTER_DATE.sub("", words)
    elif hit.label in _SHAPED:
        words = _AFTER_NUMBER.sub("", words)
    return Hit(hit.start, hit.start + len(words), hit.label, hit.score) if words else hit


def _can_be(hit: Hit, text: str) -> bool:
    """False for a finding of the detector that can't be what it is called."""
    words = text[hit.start : hit.end]
    if hit.label == "DATE":
        if _is_amount(hit, text):
            return False
        return not any(
            pattern.fullmatch(words) for pattern in (_A_YEAR, _A_WEEKDAY, _RELATIVE, _A_SCORE)
        ) and not _is_clock(words)
    if hit.label == "AGE_OVER_89":
        number = digits(words)
        return not number or 89 < int(number[:4]) < 130 or 1800 < int(number[:4]) < 2000
    if hit.label in _NAMED:
        return _can_be_named(hit, words, text)
    if hit.label == "EMAIL":
        return "@" in words or " at " in words.lower() or "(at)" in words.lower()
    if hit.label in ("URL", "IP"):
        return False  # their shapes are known, and which addresses are public too
    if hit.label in _SHAPED:
        number = digits(words)
        return number not in HELP_LINES and (bool(number) or (hit.label in _SPOKEN and " " in words))
    return True


def _is_amount(hit: Hit, text: str) -> bool:
    """\"Sept 5 L\" is a volume."""
    word = _FIRST_WORD.match(text, hit.start)
    return bool(word and AMOUNT.match(text, word.end()))


def _is_clock(words: str) -> bool:
    return bool(_A_CLOCK.fullmatch(words)) and bool(_TIMED.search(words))


def _can_be_named(hit: Hit, words: str, text: str) -> bool:
    plain = words.lower().strip(" .,'")
    if not any(char.isalpha() for char in words):
        return False
    if hit.label == "LOCATION" and (plain in WIDE_PLACES or _STATE_CODE.fullmatch(words) or plain in PEOPLES):
        return False
    if _TITLED.search(text, max(0, hit.start - 16), hit.start):
        return True
    if hit.label == "NAME" and _EPONYM.match(text, hit.end) and is_medicine(plain):
        return False
    return not is_medicine(plain)


def without(text: str, hits: list[Hit]) -> list[Hit]:
    """Less what lies in ranges that are nobody's."""
    if not hits:
        return hits
    public, hashes, ours = ([match.span() for match in each.finditer(text)] for each in (_PUBLIC, _HASH, _OURS))
    if not public and not hashes and not ours:
        return hits
    return [
        hit
        for hit in hits
        if _is_canary(hit)
        or not (_yields(hit, public, False) or _yields(hit, hashes, False) or _yields(hit, ours, True))
    ]


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
