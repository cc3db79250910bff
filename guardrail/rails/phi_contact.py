"""Finds ways to reach a person: telephone, fax, e-mail, links, IP addresses, coordinates; also spelled out.

45 CFR 164.514(b)(2)(i)(B), (D) to (F), (N), (O); three digits of a ZIP code stay. So do crisis lines:
a person in danger must be able to read them (WHO-07).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from guardrail.rails.phi_scan import Scanner
from guardrail.rails.phi_text import ANY_DIGIT, At, CueRule, Hit, ShapeRule, Words, by_cues, by_shape, digits, table_of
from guardrail.rails.phi_words import table

HELP_LINES: Final = table(
    "988 911 999 112 111 113 114 115 118 119 000 116123 116111 116117 "
    "741741 85258 50808 131114 1737 3114 024 15 17 18 100 108 14416"
    " 18002738255 8002738255 18002221222 8002221222 18006624357 8006624357 "
    "18007997233 8007997233 18663319474 18552874357"
    " 18334564566 8334564566 18006686868 08001110111 08001110222 08457909090 "
    "08001111 0800543354 18005990000 8005990000"
)

_EXT: Final = r"(?:[ ,;]{0,3}(?:ext|extension|x|option|opt|#)[.: ]{0,2}#?\d{1,6}(?!\d))?"
_NANP: Final = (
    r"(?<![\d.])(?<!\d[-/])(?:\+?1[-. ]{0,2})?(?:\([2-9]\d{2}\)[-. ]{0,2}"
    r"|[2-9]\d{2}[-. ]{1,2})\d{3}[-. ]{1,2}\d{4}(?!\d)"
)
_INTERNATIONAL: Final = r"(?<![\w+])(?:\+|00(?=[1-9]))[1-9]\d{0,2}(?:[ .()/-]{0,2}\d{1,5}){2,6}(?!\d)"
_UK: Final = r"(?<![\w.])\(?0\d{2,4}\)?[ -]\d{3,4}[ -]?\d{3,4}(?![\d])|(?<![\w.])07\d{3} ?\d{3} ?\d{3}(?!\d)"
_LOOSE: Final = r"\+?\(?\d{1,5}\)?(?:[ ./()-]{1,3}\d{1,7}|\d){2,12}"

_PHONE_CUES: Final = (
    "phone phones telephone tel ph cell cellphone mobile mob call called "
    "calling callback pager page beeper reach contact text texted"
    " sms whatsapp wsp landline extension ext telefon telefono teléfono "
    "telefone tél téléphone handy celular cellulare simu тел"
    " телефон unter handynummer rufnummer hotline switchboard desk dial number"
)
_REACH: Final = (
    r"[^\W\d_]{1,24}+(?:[ ]?(?:phone|cell|mobile|tel|number|num|no|nr|is|was"
    "|me|us|him|her|them|back|at|on|his|mom|dad|home|work|line|"
    "anytime|please|es|é|est|ist|è|lautet|sie|d[ae]|del|la|mke|ya|hij[oa]"
    r"|filha|office)\b){0,4}[\s:.#=\"']{0,5}"
)


def _is_phone(text: str) -> bool:
    return 7 <= len(digits(text)) <= 17


_CUED: Final = table_of(
    (
        CueRule(
            "fax facsimile telefax",
            "FAX",
            re.compile(
                r"[^\W\d_]{1,24}+(?: (?:records|results|it|them|this|number|no|to|is|the"
                rf"|at|a|copy|line|both|forms?|over)){{0,5}}[\s:.#=\"']{{0,5}}(?P<v>{_LOOSE}{_EXT})",
                re.IGNORECASE,
            ),
            0.95,
            _is_phone,
        ),
        CueRule(_PHONE_CUES, "PHONE", re.compile(rf"{_REACH}(?P<v>{_LOOSE}{_EXT})", re.IGNORECASE), 0.9, _is_phone),
        CueRule(
            "zip zipcode postcode postal",
            "ADDRESS",
            re.compile(
                r"(?:zip(?:[ _-]?code)?|post(?:al)?[ _-]?code)[\s:=#\"'(]{1,4}(?:is )?"
                r"(?P<v>\d{5}(?:-\d{4})?)(?![\d.]|[ ]?(?:mg|people|patients|units|steps))",
                re.IGNORECASE,
            ),
            0.9,
        ),
        CueRule(
            "ext extension x",
            "PHONE",
            re.compile(
                r"(?<!\d)(?:ext|extension|x(?=\d{4}))[.: ]{0,2}(?P<v>\d{3,6})(?![\d/.]|[ ]?(?:mg|ml|days?|weeks?))",
                re.IGNORECASE,
            ),
            0.6,
        ),
    )
)

_EMAIL: Final = r"(?<![\w.+%-])[\w.+%'-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+"
_SPACED_EMAIL: Final = r"(?<![\w.+-])[\w+-]+(?:(?: \. |\.)[\w+-]+){0,3} @ [\w-]+(?:(?: \. |\.)[\w-]+){1,3}"
_AT: Final = r"(?: at | ?[\[({<] ?(?:at|@) ?[\])}>] ?)"
_DOT: Final = r"(?: dot | ?[\[({<] ?(?:dot|\.) ?[\])}>] ?|\.)"
_SPOKEN_EMAIL: Final = (
    rf"(?i)(?<![a-z0-9_.+-])[a-z0-9_+-]+(?:(?:{_DOT}| (?:underscore|dash) )[a-z0-9_+-]+){{0,4}}{_AT}"
    rf"[a-z0-9-]+(?:{_DOT}[a-z0-9-]+){{0,2}}{_DOT}(?:com|org|net|edu|gov"
    "|uk|de|fr|es|it|nl|io|me|info|example)(?![a-z])"
)
_SAYS_AT: Final = re.compile(r"[\[({<] ?(?:[aA][tT]|[dD][oO][tT]|@|\.) ?[\])}>]")
_URL: Final = r"(?i)(?<![a-z0-9])(?:https?|ftp|sftp|wss?)://[^\s<>\"'`\]|]{2,}|(?<![a-z0-9@.])www\.[^\s<>\"'`\]|]{3,}"
_BARE_URL: Final = (
    r"(?i)(?<![\w@./:-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\."
    "(?:com|org|net|io|example|me|ly|co|app|health|care|info|us|uk|de"
    r"|fr|es|it)/[^\s<>\"'`\])|]{2,}"
)
_PUBLIC_HOST: Final = re.compile(
    r"(?i)^(?:https?://|www\.)*(?:[a-z0-9-]+\.)*(?:cdc\.gov|nih\.gov"
    r"|fda\.gov|hhs\.gov|samhsa\.gov|medlineplus\.gov|who\.int|nhs\.uk"
    r"|nice\.org\.uk"
    r"|mayoclinic\.org|wikipedia\.org|doi\.org|pubmed\.gov|clinicaltrials\.gov"
    r"|uptodate\.com|cochrane\.org|988lifeline\.org|rki\.de|gov\.uk)"
    "(?=[/:?#]|$)[^?#=@]*$"
)


def _is_personal_url(text: str) -> bool:
    """False for the pages of public health bodies, as long as nothing is asked of them in the link."""
    return not _PUBLIC_HOST.search(text.rstrip(".,;:!?)"))


def _is_ip(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


_V4: Final = re.compile(r"(?<![\d.])(?<![vV])(?:\d{1,3}\.){3}\d{1,3}(?![\d]|\.\d)")
_V6: Final = re.compile(
    "(?<![0-9A-Fa-f:.])(?=[0-9A-Fa-f:]{0,30}::?[0-9A-Fa-f]{1,4}(?![0-9A-Za-z]))[0-9A-Fa-f]{1,4}"
    "(?::{1,2}[0-9A-Fa-f]{1,4}){2,7}(?::{2})?(?![0-9A-Za-z:])"
)
_SIDE: Final = r"\d{1,3}°\s?\d{1,2}[^\w\s]{1,2}\s?(?:\d{1,2}(?:\.\d{1,4})?[^\w\s]{1,2}\s?)?"
_DECIMAL: Final = r"\d{1,3}\.\d{4,8}°?"
_NUMBERS: Final = Scanner(
    (
        ShapeRule("PHONE", re.compile(rf"{_NANP}{_EXT}", re.IGNORECASE), 0.9, hard=True, at=At.NUMBER),
        ShapeRule(
            "PHONE", re.compile(rf"{_INTERNATIONAL}{_EXT}", re.IGNORECASE), 0.9, _is_phone, hard=True, at=At.NUMBER
        ),
        ShapeRule("PHONE", re.compile(rf"(?:{_UK}){_EXT}", re.IGNORECASE), 0.8, _is_phone, at=At.NUMBER),
        ShapeRule("PHONE", re.compile(r"(?<![\d.-])555-\d{4}(?![\d-])"), 0.7, at=At.NUMBER),
        ShapeRule("IP", _V4, 0.9, _is_ip, hard=True, at=At.NUMBER),
        ShapeRule(
            "LOCATION",
            re.compile(rf"(?<![\w.]){_SIDE}[NSns],?\s{{0,2}}{_SIDE}[EWOewo](?!\w)"),
            0.9,
            at=At.NUMBER,
        ),
        ShapeRule(
            "LOCATION",
            re.compile(rf"(?<![\w.])-?{_DECIMAL}(?: ?[NS])?(?:, ?| )[+-]?{_DECIMAL}(?: ?[EW](?!\w))?(?![\d.])"),
            0.85,
            lambda v: _is_on_earth(v),
            at=At.NUMBER,
        ),
    ),
    first=r"(?=[+(-]{0,3}\d[\d./ ()+°'-]{3})",
)


def _is_on_earth(text: str) -> bool:
    first, second = (float(number) for number in re.findall(r"\d+\.\d+", text))
    return first <= 90 and second <= 180


_V6_RULE: Final = (ShapeRule("IP", _V6, 0.9, _is_ip, hard=True),)
_MAIL: Final = (ShapeRule("EMAIL", re.compile(_EMAIL), 0.99, hard=True),)
_SPACED_MAIL: Final = (
    ShapeRule("EMAIL", re.compile(_SPACED_EMAIL), 0.8, lambda v: " " in v and "." in v.partition("@")[2]),
)


def _is_spelled(text: str) -> bool:
    """Not "see me at example.com", which is written as ever."""
    _, at, host = text.lower().rpartition(" at ")
    return not at or " dot " in host or any(sign in text for sign in "[({<")


_SPOKEN_MAIL: Final = (ShapeRule("EMAIL", re.compile(_SPOKEN_EMAIL), 0.9, _is_spelled),)
_HOST: Final = re.compile(r"\.[A-Za-z]{2,7}/")
_LINKS: Final = (
    ShapeRule("URL", re.compile(_URL), 0.97, _is_personal_url),
    ShapeRule("URL", re.compile(_BARE_URL), 0.8, _is_personal_url),
)

_DIGIT_WORD: Final = r"(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine|double|triple|\d{1,4})"
_SPOKEN: Final = re.compile(rf"(?i)(?<![\w.])(?:{_DIGIT_WORD}(?:[ ,.-]{{1,3}}|(?= ))){{5,24}}{_DIGIT_WORD}(?![\w.]?\w)")
_SPOKEN_DIGITS: Final = ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPOKEN_WORD: Final = re.compile(r"(?i)(?<![a-z])(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)(?![a-z])")
_SPOKEN_LABELS: Final = (
    ("PHONE", re.compile(r"(?i)phone|cell|mobile|call|tel|reach|number")),
    ("SSN", re.compile(r"(?i)ssn|social|s-s-n")),
    ("MRN", re.compile(r"(?i)mrn|record|chart")),
    ("ACCOUNT", re.compile(r"(?i)account|card")),
    ("FAX", re.compile(r"(?i)fax")),
    ("HEALTH_PLAN", re.compile(r"(?i)member|policy|medicare|medicaid|insurance")),
)


def find_contacts(words: Words) -> Iterator[Hit]:
    """Ways to reach somebody, without the numbers that everybody may call."""
    text = words.text
    for hit in _contacts(words, text):
        if hit.label not in ("PHONE", "FAX") or digits(text[hit.start : hit.end]) not in HELP_LINES:
            yield hit


def _contacts(words: Words, text: str) -> Iterator[Hit]:
    if ANY_DIGIT.search(text):
        yield from by_cues(_CUED, words)
        yield from _NUMBERS.find(words)
        if text.count(":") > 1:
            yield from by_shape(_V6_RULE, words)
    if "@" in text:
        yield from by_shape(_MAIL, words)
    if " @ " in text:
        yield from by_shape(_SPACED_MAIL, words)
    if "://" in text or "www." in text.lower() or _HOST.search(text):
        yield from (_without_closing(hit, text) for hit in by_shape(_LINKS, words))
    if "dot" in words.places or _SAYS_AT.search(text):
        yield from by_shape(_SPOKEN_MAIL, words)
    if sum(map(len, (words.places.get(word, ()) for word in _SPOKEN_DIGITS))) >= 3:
        yield from _spoken_numbers(text)


def _without_closing(hit: Hit, text: str) -> Hit:
    """The sentence's own punctuation is no part of a link."""
    return Hit(
        hit.start, hit.start + len(text[hit.start : hit.end].rstrip(".,;:!?)*_")), hit.label, hit.score, hit.hard
    )


def _spoken_numbers(text: str) -> Iterator[Hit]:
    for match in _SPOKEN.finditer(text):
        said = len(_SPOKEN_WORD.findall(match[0]))
        if said >= 3 and said + len(digits(match[0])) >= 7:
            before = text[max(0, match.start() - 40) : match.start()]
            cues = (
                (max((cue.start() for cue in pattern.finditer(before)), default=-1), label)
                for label, pattern in _SPOKEN_LABELS
            )
            at, label = max(cues)
            yield Hit(match.start(), match.end(), label if at >= 0 else "PHONE", 0.8)
