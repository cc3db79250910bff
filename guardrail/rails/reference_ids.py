# ruff: noqa: E501, RUF001 - patterns: one form stays one line; printers write en dashes in numbers
"""The shapes of references that people can look up, and which of them can't exist: formats and check digits.

Works on folded text (lower case, plain digits). Each kind has a pattern and a reading of it: the normalised id that an
index has it under, and whether its form is possible at all. Knows no index and no text of ours.

Sources: ISO 26324 (DOI), ISO 2108 (ISBN), ISO 3297 (ISSN), ISO 7064 MOD 11-2 (ORCID), the formats of PubMed, PMC,
ClinicalTrials.gov, ISRCTN, EudraCT and CTIS, arXiv, NICE, WHO IRIS. ISRCTN publishes no check digit: its length counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from guardrail.rails.gate import Gated, gated


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a reference stands in folded text, its normalised id, and whether its form is possible."""

    start: int
    end: int
    id: str
    possible: bool


@dataclass(frozen=True, slots=True)
class _Kind:
    pattern: Gated
    read: Callable[[re.Match[str]], tuple[str, bool] | None]


def references(text: str) -> Iterator[Reference]:
    """The references in a folded text from left to right; of overlapping ones the first, then the longest."""
    found = sorted(_all(text), key=lambda each: (each.start, -each.end))
    done = 0
    for each in found:
        if each.start >= done:
            done = each.end
            yield each


def normal(line: str) -> str:
    """A line of an index as ids are compared: without its case, "doi:", an address before it, or what follows it."""
    text = line.strip().lower()
    if _PLAIN_DOI.fullmatch(text):
        return f"doi:{text.removeprefix('doi:')}"
    for each in references(text):
        return each.id
    return text


def _all(text: str) -> Iterator[Reference]:
    for kind in _KINDS:
        for match in kind.pattern.finditer(text):
            if (read := kind.read(match)) is not None:
                yield Reference(match.start(), _end(match), *read)


def _end(match: re.Match[str]) -> int:
    """Behind the reference; punctuation that closes a sentence around it does not belong to it."""
    return match.start() + len(_trimmed(match[0]))


def _trimmed(token: str) -> str:
    while token:
        last = token[-1]
        lone = last in _OPENERS and token.count(last) > token.count(_OPENERS[last])
        if last not in _TRAILING and not lone:
            break
        token = token[:-1]
    return token


_OPENERS: Final = {")": "(", "]": "[", "}": "{"}
_TRAILING: Final = ".,;:!*_/-("

_PLAIN_DOI: Final = re.compile(r"(?:doi:)?10\.\d{4,9}/[-._a-z0-9]*[a-z0-9]")


# --- DOI: "10.", the registrant's number, a slash, anything ---
_DOI_CHARS: Final = r"[-._;()/:a-z0-9\[\]+%~@=$#&]"
_DOI: Final = gated(
    rf"(?:https?://)?(?:dx\.|www\.)?doi\.org/{_DOI_CHARS}+|(?<![/\w])doi ?[:=]? ?(?=[-._;()/:a-z]{{0,20}}\d){_DOI_CHARS}+"
    rf"|(?<![\d.,])10\.\d{{4,9}}(?:/|%2f){_DOI_CHARS}+"
)
_DOI_FORM: Final = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S{2,}")
_DOI_VIEW: Final = re.compile(r"(?:/(?:full|abstract|pdf|epdf|meta|fulltext|html)|\.pdf|\.full)\Z")
_DOI_PREFIX: Final = re.compile(
    r"\A(?:https?://)?(?:dx\.|www\.)?doi(?:\.org/| ?[:=]? ?)(?:doi:)?(?:https?://(?:dx\.)?doi\.org/)?"
)


def _doi(match: re.Match[str]) -> tuple[str, bool] | None:
    token = _trimmed(_DOI_PREFIX.sub("", _trimmed(match[0])))
    token = _DOI_VIEW.sub("", unquote(token).lower())
    if not any(c.isdigit() for c in token):
        return None  # "doi: pending" names nothing
    return f"doi:{token}", _DOI_FORM.fullmatch(token) is not None


# --- PubMed and PubMed Central: counted up from 1, below 100 million ---
_PMID: Final = gated(
    r"\bpmid ?[:#=]? ?(?P<n>\d+)\b|(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)"
    r"(?P<u>\d+)\b"
)
_PMCID: Final = gated(
    r"(?:https?://)?(?:www\.)?(?:pmc\.ncbi\.nlm\.nih\.gov/articles/|ncbi\.nlm\.nih\.gov/pmc/articles/)pmc(?P<u>\d+)\b"
    r"|\bpmcid ?[:#=]? ?(?:pmc)?(?P<n>\d+)\b|\bpmc(?P<b>\d{4,})\b"
)


def _counted(prefix: str) -> Callable[[re.Match[str]], tuple[str, bool]]:
    def read(match: re.Match[str]) -> tuple[str, bool]:
        number = next(each for each in match.groups() if each)
        return f"{prefix}{number}", len(number) <= 8 and not number.startswith("0")

    return read


# --- registers of trials ---
_NCT: Final = gated(
    r"(?:https?://)?(?:www\.|classic\.)?clinicaltrials\.gov/(?:ct2/show/|study/|show/)?nct(?P<u>\d+)\b|\bnct ?[-:#]? ?(?P<n>\d{3,})\b"
)
_ISRCTN: Final = gated(r"(?:https?://)?(?:www\.)?isrctn\.com/isrctn(?P<u>\d+)\b|\bisrctn ?[-:#]? ?(?P<n>\d{3,})\b")
_EUDRACT: Final = gated(
    r"\b(?P<cue>eu(?:dract|ct|-?ct)(?: (?:number|no\.?|nr\.?))?\s?[:#]? ?)(?P<n>\d[\d-]{5,20}\d)\b"
    r"|(?<![\d-])(?P<b>20[0-3]\d-\d{6}-\d\d(?:-\d\d)?)(?![\d-])"
)
_EUDRACT_FORM: Final = re.compile(r"20(?:0[4-9]|[1-3]\d)-\d{6}-\d\d(?:-\d\d)?")


def _eight(prefix: str, lead: str) -> Callable[[re.Match[str]], tuple[str, bool]]:
    def read(match: re.Match[str]) -> tuple[str, bool]:
        number = match["u"] or match["n"]
        return f"{prefix}{number}", len(number) == 8 and not number.startswith(lead) and int(number) > 0

    return read


def _eudract(match: re.Match[str]) -> tuple[str, bool]:
    number = match["n"] or match["b"]
    return f"eudract{number}", _EUDRACT_FORM.fullmatch(number) is not None


# --- books, journals, people: check digits ---
_ISBN: Final = gated(r"\bisbn(?:[ -]?1[03])?(?:\s?\([^)\n]{1,12}\))? ?[:#]? ?(?P<n>\d(?:[ –-]?[\dx]){6,16})(?![\dx])")
_ISSN: Final = gated(r"\b[epl]?-?issn(?:[ -]l)?(?: ?\([^)\n]{1,12}\))? ?[:#]? ?(?P<n>\d[\d–-]{5,12}[\dx])(?![\dx])")
_ORCID: Final = gated(
    r"\borcid(?:\.org/| ?(?:id)? ?[:#]? ?(?:(?:https?://)?orcid\.org/)?)(?P<n>[\d-]{12,22}[\dx]?)(?![\dx])"
)


def _bare(number: str) -> str:
    return re.sub(r"[ –-]", "", number)


def _isbn(match: re.Match[str]) -> tuple[str, bool]:
    number = _bare(match["n"])
    return f"isbn{_isbn13(number)}", _is_isbn(number)


def _is_isbn(number: str) -> bool:
    if re.fullmatch(r"\d{9}[\dx]", number):
        return sum(weight * _value(c) for weight, c in zip(range(10, 0, -1), number, strict=True)) % 11 == 0
    return bool(re.fullmatch(r"97[89]\d{10}", number)) and _ean(number) == 0


def _ean(number: str) -> int:
    return sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(number)) % 10


def _isbn13(number: str) -> str:
    """The same book has a number of each length: an index needs only one."""
    if not re.fullmatch(r"\d{9}[\dx]", number):
        return number
    head = "978" + number[:9]
    return head + str(-_ean(head + "0") % 10)


def _value(c: str) -> int:
    return 10 if c == "x" else int(c)


def _issn(match: re.Match[str]) -> tuple[str, bool]:
    number = _bare(match["n"])
    right = len(number) == 8 and sum(w * _value(c) for w, c in zip(range(8, 0, -1), number, strict=True)) % 11 == 0
    return f"issn{number}", right


def _orcid(match: re.Match[str]) -> tuple[str, bool]:
    number = _bare(match["n"])
    return f"orcid{number}", bool(re.fullmatch(r"\d{15}[\dx]", number)) and _mod11_2(number)


def _mod11_2(number: str) -> bool:
    total = 0
    for c in number[:-1]:
        total = (total + int(c)) * 2
    return (12 - total % 11) % 11 == _value(number[-1])


# --- preprints, guidelines, documents ---
_ARXIV: Final = gated(
    r"(?:https?://)?(?:www\.)?arxiv\.org/(?:abs|pdf|html)/(?P<u>[a-z.-]*/?\d[\d.]*\d)(?:v\d+)?(?:\.pdf)?\b"
    r"|\barxiv ?[:#] ?(?P<n>[a-z.-]*/?\d[\d.]*\d)(?:v\d+)?\b"
)
_ARXIV_FORM: Final = re.compile(r"\d\d(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d\d(?:0[1-9]|1[0-2])\d{3}")
_NICE: Final = gated(
    r"(?:https?://)?(?:www\.)?nice\.org\.uk/guidance/(?P<u>(?:ng|cg|ta|qs|ph|dg|ipg|mtg|hst|sc|es)\d+)\b"
    r"|\bnice\b[^\n.;]{0,60}?\b(?P<n>(?:ng|cg|ta|qs|ph|dg|ipg|mtg|hst) ?\d+)\b|\b(?P<b>(?:ng|cg)\d{1,4})\b(?= ?\)?[^\n.]{0,12}\bnice\b)"
)
_WHO: Final = gated(r"\bwho/[a-z0-9][-a-z0-9_./]*\d[-a-z0-9_./]*")
_WHO_FORM: Final = re.compile(
    r"who/(?:[-a-z0-9_]+/)*(?:[-a-z0-9_]+/)(?:19[4-9]\d|20\d\d|\d\d)\.\d+(?:[-_/.].*)?|who/[-a-z0-9_]+/(?:19|20)\d\d(?:[-_/.].*)?|who/2019-ncov/.+"
)


def _arxiv(match: re.Match[str]) -> tuple[str, bool]:
    number = match["u"] or match["n"]
    return f"arxiv:{number}", _ARXIV_FORM.fullmatch(number) is not None


def _nice(match: re.Match[str]) -> tuple[str, bool]:
    name = _bare(next(each for each in match.groups() if each))
    number = name.lstrip("abcdefghijklmnopqrstuvwxyz")
    return f"nice:{name}", len(number) <= 4 and not number.startswith("0")


def _who(match: re.Match[str]) -> tuple[str, bool]:
    name = _trimmed(match[0])
    return name, _WHO_FORM.fullmatch(name) is not None


_KINDS: Final = (
    _Kind(_DOI, _doi),
    _Kind(_PMID, _counted("pmid:")),
    _Kind(_PMCID, _counted("pmc")),
    _Kind(_NCT, _eight("nct", "-")),
    _Kind(_ISRCTN, _eight("isrctn", "0")),
    _Kind(_EUDRACT, _eudract),
    _Kind(_ISBN, _isbn),
    _Kind(_ISSN, _issn),
    _Kind(_ORCID, _orcid),
    _Kind(_ARXIV, _arxiv),
    _Kind(_NICE, _nice),
    _Kind(_WHO, _who),
)
