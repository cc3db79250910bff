# ruff: noqa: E501, RUF001 - the letters of other scripts are the point
"""A translation or simplified text beside its source: numbers, negations, left and right must be the same (WHO-48).

Pure functions over two texts; says what differs and never where, so nothing of a patient's words leaves with it. It
knows words and digits, not meanings: what it does not report can still be wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from guardrail.rails import spoken
from guardrail.rails.base import About, Rewriter
from guardrail.rails.data import claim_texts, closing_texts
from guardrail.rails.data import translation_words as words
from guardrail.rails.data.texts import LANGUAGES
from guardrail.rails.gate import Gated, gated
from guardrail.rails.language import detect
from guardrail.text import Finding

NAME: Final = "translation"
NUMBER, NEGATION, LATERALITY = "number", "negation", "laterality"
UNCHECKED: Final = "unchecked"
LABELS: Final = (NUMBER, NEGATION, LATERALITY, UNCHECKED)
MAX_CHARS: Final = 100_000
"""Of a translation, or of its source, that are compared."""
_MAX_NUMBERS: Final = 2_000
SIMPLER: Final = "plain"
"""In the place of a target language: the same language in plainer words. Only the numbers are compared."""


class TranslationSettings(BaseModel):
    """What is written below a translation that differs, by label and language; all languages or none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Mapping[str, str] = Field(default_factory=lambda: dict(claim_texts.NUMBER))
    negation: Mapping[str, str] = Field(default_factory=lambda: dict(claim_texts.NEGATION))
    laterality: Mapping[str, str] = Field(default_factory=lambda: dict(claim_texts.LATERALITY))
    unchecked: Mapping[str, str] = Field(default_factory=lambda: dict(closing_texts.UNCHECKED))

    @field_validator(*LABELS)
    @classmethod
    def _in_every_language(cls, table: Mapping[str, str]) -> Mapping[str, str]:
        spoken.complete(table, LANGUAGES)
        return table

    def text(self, label: str, language: str) -> str:
        """The text for a label in the reader's language, in English for a language that has none."""
        tables: Mapping[str, Mapping[str, str]] = {
            NUMBER: self.number,
            NEGATION: self.negation,
            LATERALITY: self.laterality,
            UNCHECKED: self.unchecked,
        }
        return tables[label].get(language, tables[label]["en"])


@dataclass(frozen=True)
class TranslationWords:
    """Writes the note below a translation."""

    settings: TranslationSettings

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """In the reader's language, which need not be that of the translation."""
        return self.settings.text(finding.label, about.language)


def words_of(settings: TranslationSettings) -> Rewriter:
    """What is written behind the last word."""
    return TranslationWords(settings)


@dataclass(frozen=True, slots=True)
class Source:
    """The text that somebody wants translated, in which language it is, and into which ("" where nobody knows)."""

    text: str
    spoken: str
    told: str

    def differs(self, answer: str) -> Sequence[str]:
        """What `answer` has otherwise, as labels in their order; UNCHECKED alone for what is too long to compare."""
        sizes = [max(len(each), len(_DIGITS.findall(each)) * MAX_CHARS // _MAX_NUMBERS) for each in (self.text, answer)]
        if max(sizes) > MAX_CHARS:
            return (UNCHECKED,)
        found = compare(self.text, answer, (self.spoken, self.told))
        return [label for label in LABELS if label in found]


_DIGITS: Final = re.compile(r"\d+")


def source_of(question: str) -> Source | None:
    """What somebody wants translated or said in plainer words; None if nothing of the kind is asked."""
    asked = asks_for_translation(question)
    if asked is None:
        return None
    text, told = asked
    return Source(text, detect(text[:MAX_CHARS], LANGUAGES), told)


def compare(source: str, target: str, languages: tuple[str, str]) -> frozenset[str]:
    """What of `source` is missing or another in `target`, as labels. `languages`: of the source, of the target.

    A language is a code of the shipped ones, "" if unknown (then only digits are compared), the second may be SIMPLER.
    What the target says besides is not looked at: a model may introduce its translation.
    """
    if source == target:
        return frozenset()
    spoken, told = languages
    simpler = told == SIMPLER
    found = set()
    if not _same_numbers(source, target, spoken, spoken if simpler else told, repeated=not simpler):
        found.add(NUMBER)
    if not simpler and _loses_negation(source, target, spoken, told):
        found.add(NEGATION)
    if not simpler and _other_side(source, target, spoken, told):
        found.add(LATERALITY)
    return frozenset(found)


# --- numbers ---


@dataclass(frozen=True, slots=True)
class _Number:
    """One number: the values that it can be read as, its unit ("" if it has none that is known), as a time of day."""

    values: frozenset[Decimal]
    unit: str = ""
    minutes: Decimal | None = None
    negative: bool = False


_COMMA_DECIMAL: Final = frozenset({"fr", "de", "pt", "it", "ru", "id"})
_POINT_DECIMAL: Final = frozenset({"en", "zh", "hi", "sw"})  # in "es", "ar" and unknown languages both are in use
_SPACES: Final = "\u00a0\u2009\u202f"
_NUMBER: Final = re.compile(r"\d+(?:[.,'’]\d+|[ \u00a0\u2009\u202f]\d{3}(?!\d))*")
_FRACTION: Final = re.compile(r"(?<![\d/.,])(?:1/2|1/4|3/4)(?![\d/])|[½¼¾⅓⅔]")
_FRACTIONS: Final = {
    "1/2": Decimal("0.5"), "1/4": Decimal("0.25"), "3/4": Decimal("0.75"), "½": Decimal("0.5"), "¼": Decimal("0.25"),
    "¾": Decimal("0.75"), "⅓": Decimal("0.33"), "⅔": Decimal("0.67"),
}  # fmt: skip
_TIME: Final = re.compile(r"(?<![\d:])([01]?\d|2[0-4])\s?(?:[:：]|[h时點点](?=\s?[0-5]\d))\s?([0-5]\d)(?![\d:])")
_LIST_MARKER: Final = re.compile(r"^[ \t]*\d{1,2}[.)](?=\s)", re.MULTILINE)
_TIMES_MORE: Final = (
    (Decimal(1000), re.compile(r"\s?(?:thousand|mil\b|mille|tausend|тысяч\w*|тыс\.?|千(?!克)|हज़ार|हजार|ألف|آلاف|elfu|ribu)")),
    (Decimal(10000), re.compile(r"\s?[万萬]")),
    (Decimal(1000000), re.compile(r"\s?(?:million\w*|millón|millones|milhão|milhões|milion\w*|миллион\w*|млн|百万|مليون|milioni|juta)")),
)  # fmt: skip
_HALF_DAY: Final = Decimal(12)
_MINUS: Final = re.compile(r"(?<=[^\s\d\w.,;:])[-−–](?=\d)|(?<=[\w:,(] )[-−](?=\d)|−(?=\d)")
_MINUS_WORD: Final = re.compile(
    r"\b(?:minus|menos|moins|meno|минус|hasi|negative|negativ\w*)\b|سالب|ناقص|负|負|零下|ऋण|माइनस"
)


def _same_numbers(source: str, target: str, spoken: str, told: str, *, repeated: bool) -> bool:
    """True if each number of the source is in the target; as often, if `repeated`."""
    source, target = _plain(source), _plain(target)
    months = list(_months(source, spoken, told))
    wanted = [*_digits(source, spoken), *months]
    there = [*_digits(target, told)]
    # A word of the target can stand for a number of the source, unless it stands for the same word there.
    asked = Counter(value for month in months for value in month.values)
    loose = _spelled(target, told) - (_spelled(source, spoken) - asked)
    for number in sorted(wanted, key=lambda each: (each.minutes is None, not each.unit)):
        match = next((each for each in there if _is_same(number, each)), None)
        if match is not None:
            if repeated:
                there.remove(match)
            continue
        value = next((value for value in number.values if loose[value]), None)
        if value is None and not (number.minutes is not None and _is_told_otherwise(number, there, loose)):
            return False
        if value is not None and repeated:
            loose[value] -= 1
    if not _signs(source, target):
        return False
    return _spelled_alike(source, target, spoken, told, repeated=repeated)


def _plain(text: str) -> str:
    """Lower case, every script's digits as ours, one kind of decimal mark for Arabic digits, no list markers."""
    text = unicodedata.normalize("NFC", text).lower()
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return _LIST_MARKER.sub("", text.replace("٫", ".").replace("٬", "'").replace("％", "%"))


def _digits(text: str, language: str) -> Iterator[_Number]:
    """The numbers that are written in digits. Hours and minutes are one."""
    rest = text
    for pattern in (_FRACTION, _TIME):
        for match in pattern.finditer(rest):
            if pattern is _FRACTION:
                yield _Number(frozenset({_FRACTIONS[match[0]]}))
            else:
                yield _Number(_of_the_clock(Decimal(match[1])), minutes=Decimal(match[2]))
        rest = pattern.sub(lambda match: "|" * len(match[0]), rest)
    for match in _NUMBER.finditer(rest):
        for part in _split(match[0], language):
            values = _values(part, language)
            after = rest[match.end() :]
            values |= {value * times for times, word in _TIMES_MORE if word.match(after) for value in values}
            yield _Number(values, _unit(after))


def _of_the_clock(hour: Decimal) -> frozenset[Decimal]:
    """An hour and the same one counted to twelve: 14 and 2. (No single digit turns one into the other.)"""
    return frozenset(
        {hour, hour - _HALF_DAY if hour > _HALF_DAY else hour, hour + _HALF_DAY if hour < _HALF_DAY else hour}
    )


def _split(token: str, language: str) -> list[str]:
    """A token with separators is one number if they can be read as such, else a date, a version, a list."""
    if re.fullmatch(r"\d+(?:[.,]\d+)?", token) or _GROUPED.fullmatch(token):
        return [token]
    return re.findall(r"\d+", token)


_GROUPED: Final = re.compile(
    r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:['’ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?"
)


def _values(token: str, language: str) -> frozenset[Decimal]:
    """What a number can mean: 1.500 is one and a half, or one thousand five hundred, or either (es, ar, unknown)."""
    marks = [c for c in token if not c.isdigit()]
    if not marks:
        return frozenset({Decimal(token)})
    last = marks[-1]
    bare = re.sub(r"\D", "", token)
    whole, _, tail = token.rpartition(last)
    decimal = Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{tail}")
    if last not in ".,":
        return frozenset({Decimal(bare)})
    if len(set(marks)) > 1:
        return frozenset({decimal})
    if len(marks) > 1:
        return frozenset({Decimal(bare)})
    if len(tail) != 3 or whole.startswith("0") or len(whole) > 3:
        return frozenset({decimal})
    grouping = "," if language in _POINT_DECIMAL else "." if language in _COMMA_DECIMAL else ""
    if not grouping:
        return frozenset({decimal, Decimal(bare)})
    return frozenset({Decimal(bare) if last == grouping else decimal})


@cache
def _units() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(rf"[\s{_SPACES}-]?(?:{pattern})(?![a-zа-яµ])")) for name, pattern in words.UNITS)


def _unit(after: str) -> str:
    return next((name for name, pattern in _units() if pattern.match(after)), "")


def _is_same(wanted: _Number, there: _Number) -> bool:
    if (wanted.minutes is None) != (there.minutes is None) or wanted.values.isdisjoint(there.values):
        return False
    if wanted.minutes is not None:
        return wanted.minutes == there.minutes
    return not (wanted.unit and there.unit) or wanted.unit == there.unit


def _is_told_otherwise(wanted: _Number, there: list[_Number], loose: Mapping[Decimal, int]) -> bool:
    """A time of day without its colon: "14 Uhr", "下午2点30分"; never while another time of day is left over."""
    if any(each.minutes is not None for each in there):
        return False
    needed = [wanted.values] if not wanted.minutes else [wanted.values, frozenset({wanted.minutes})]
    return all(
        any(not values.isdisjoint(each.values) for each in there) or any(loose.get(value) for value in values)
        for values in needed
    )


def _signs(source: str, target: str) -> bool:
    wanted = len(_MINUS.findall(source))
    return wanted <= len(_MINUS.findall(target)) + len(_MINUS_WORD.findall(target))


@cache
def _small(language: str) -> tuple[tuple[Decimal, re.Pattern[str], bool], ...]:
    """The numbers from 2 to 10 of one language, and whether a translation must have them."""
    rows = []
    for value, forms in enumerate(words.SMALL_NUMBERS.get(language, "").split(), start=2):
        alone = forms.replace("~", "")
        bound = alone if language == "zh" else rf"(?<!\w)(?:{alone})(?!\w)"
        rows.append((Decimal(value), re.compile(bound), not forms.startswith("~")))
    return tuple(rows)


@cache
def _month_names(language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?<!\w)(?:{name})(?!\w)") for name in words.MONTHS.get(language, "").split())


_BY_A_NUMBER: Final = re.compile(r"\d[\w.,]{0,3}\s?(?:de |of |\w{2}\.? )?\Z")


def _months(text: str, spoken: str, told: str) -> Iterator[_Number]:
    """Names of months beside a number, where both languages are known: "4 March" is as good as 4.3."""
    if spoken not in words.MONTHS or told not in words.MONTHS or spoken == "zh":
        return
    for value, pattern in enumerate(_month_names(spoken), start=1):
        for match in pattern.finditer(text):
            beside = _BY_A_NUMBER.search(text, max(0, match.start() - 12), match.start())
            if beside or re.match(r"\.?,? ?(?:de )?\d", text[match.end() : match.end() + 6]):
                yield _Number(frozenset({Decimal(value)}))


def _spelled(text: str, language: str) -> Counter[Decimal]:
    """The numbers that are written in words: small ones, halves, months."""
    found: Counter[Decimal] = Counter()
    for value, pattern, _ in _small(language):
        found[value] += len(pattern.findall(text))
    for month, name in enumerate(_month_names(language), start=1):
        found[Decimal(month)] += len(name.findall(text))
    found[Decimal("0.5")] += len(_HALVES.findall(text))
    found[Decimal("0.25")] += len(_QUARTERS.findall(text))
    return found


_HALVES: Final = gated(words.HALVES)
_QUARTERS: Final = gated(words.QUARTERS)


def _spelled_alike(source: str, target: str, spoken: str, told: str, *, repeated: bool) -> bool:
    """True if the small numbers in words ("two tablets") are in the target, in words or digits.

    Not asked of Arabic, which has a dual, nor where a word is another word as well.
    """
    if spoken not in words.SMALL_NUMBERS or told not in words.SMALL_NUMBERS or told == "ar":
        return True
    there, digits = _spelled(target, told) + _values_in(target, told), _values_in(source, spoken)
    return all(
        there[value] >= 1 + (digits[value] if repeated else 0)
        for value, pattern, asked in _small(spoken)
        if asked and pattern.search(source)
    )


def _values_in(text: str, language: str) -> Counter[Decimal]:
    """How often each value stands there in digits, in every reading."""
    return Counter(value for number in _digits(text, language) for value in number.values)


# --- negations ---
_END: Final = re.compile(r"[.!?؟।۔](?=\s|\Z)|[。！？]|\n+")


def _sentences(text: str) -> list[str]:
    return [each for each in _END.split(text) if each.strip()]


@cache
def _denies(language: str, broad: bool) -> re.Pattern[str]:
    return re.compile(words.DENIES[language] + (f"|{words.ALSO_DENIES}" if broad else ""))


def _loses_negation(source: str, target: str, spoken: str, told: str) -> bool:
    """A clear loss: fewer sentences with a negation, and fewer negations altogether, however broadly they are read."""
    if spoken not in words.DENIES or told not in words.DENIES:
        return False
    narrow, broad = _denies(spoken, False), _denies(told, True)
    wanted = _counts(narrow, source.lower())
    there = _counts(broad, target.lower())
    denied, told_denied = sum(map(bool, wanted)), sum(map(bool, there))
    return told_denied < denied and sum(there) < sum(wanted)


def _counts(pattern: re.Pattern[str], text: str) -> list[int]:
    return [len(pattern.findall(sentence)) for sentence in _sentences(text)]


# --- left and right ---


@cache
def _sides(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    left, right = words.SIDES[language]
    return re.compile(left), re.compile(right)


def _other_side(source: str, target: str, spoken: str, told: str) -> bool:
    """Left or right is lost, or one has become the other, in the whole text or in a sentence that has its like."""
    if spoken not in words.SIDES or told not in words.SIDES:
        return False
    wanted, there = _side_counts(source, spoken), _side_counts(target, told)
    if _differ(_total(wanted), _total(there)):
        return True
    return len(wanted) == len(there) and any(_swapped(a, b) for a, b in zip(wanted, there, strict=True))


def _side_counts(text: str, language: str) -> list[tuple[int, int]]:
    left, right = _sides(language)
    return [(len(left.findall(each)), len(right.findall(each))) for each in _sentences(text.lower())]


def _total(counts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(left for left, _ in counts), sum(right for _, right in counts)


def _differ(wanted: tuple[int, int], there: tuple[int, int]) -> bool:
    lost = any(before and not after for before, after in zip(wanted, there, strict=True))
    return lost or _swapped(wanted, there)


def _swapped(wanted: tuple[int, int], there: tuple[int, int]) -> bool:
    left, right = there[0] - wanted[0], there[1] - wanted[1]
    return left * right < 0


# --- what is asked for ---
_ASKS: Final = gated(words.TRANSLATE)
_SIMPLER: Final = gated(words.SIMPLER)
_OTHER: Final = gated(words.OTHER_LANGUAGES)
_REQUEST_CHARS: Final = 160
_QUOTE: Final = re.compile(r"[\"“„«「『](?P<text>[^\"”“»」』]{2,})[\"”“»」』]")
_LEAST: Final = 2  # code points of a text that is worth a comparison


def asks_for_translation(question: str) -> tuple[str, str] | None:
    """The text to translate and the language asked for ("" for one that is not shipped, SIMPLER for plain words).

    None if nothing of the kind is asked, or if the text is not in the question. The text stands behind the request's
    colon or line, in quotes, or before the request.
    """
    folded = question.lower()
    if len(folded) != len(question):
        folded = question  # a letter whose lower case is longer: positions count
    for start, end, target in _requests(folded):
        if (text := _source(question, start, end, before=target != SIMPLER)) is not None:
            return text, target
    return None


_MANY: Final = 64
"""Requests that are looked at: who asks does not do so often in one turn, and each may cost a look at all of it."""


_END_CHARS: Final = 2_000


def _at_the_ends(pattern: Gated, text: str) -> Iterator[re.Match[str]]:
    """A request stands before its text or behind it: the middle of a long turn is not read for one."""
    yield from pattern.finditer(text, 0, _END_CHARS)
    yield from pattern.finditer(text, max(_END_CHARS, len(text) - _END_CHARS))


def _requests(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a request begins and ends, and the language it names."""
    for match in islice(_at_the_ends(_ASKS, text), _MANY):
        sentence_start, sentence_end = _around(text, match.start(), match.end())
        named = list(_named(text, sentence_start, sentence_end))
        if named:
            # "from English into Spanish": the one that comes last, but for languages that put the verb last
            _, last, code = max(named)
            yield min(sentence_start, match.start()), max(match.end(), last), code
    for match in islice(_at_the_ends(_SIMPLER, text), _MANY):
        yield _around(text, match.start(), match.end())[0], match.end(), SIMPLER


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence of a request: from the last end or line before it to the colon, line or end behind it."""
    before = [m.end() for m in _END.finditer(text, max(0, start - _REQUEST_CHARS), start)]
    behind = re.compile(r"[:：\n]|[.!?؟।。！？](?=\s|\Z)").search(text, end, end + _REQUEST_CHARS)
    first = before[-1] if before else max(0, start - _REQUEST_CHARS)
    return first, behind.start() if behind else min(len(text), end + _REQUEST_CHARS)


def _named(text: str, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    quoted = [match.span() for match in _QUOTE.finditer(text, start, end)]
    for code, pattern in _languages():
        for match in pattern.finditer(text, start, end):
            if not any(a <= match.start() < b for a, b in quoted):
                yield match.start(), match.end(), code


@cache
def _languages() -> tuple[tuple[str, Gated], ...]:
    return (*((code, gated(names)) for code, names in words.LANGUAGE_NAMES.items()), ("", _OTHER))


_RESTS: Final = re.compile(r"[^:：\n\"“„«「『]{0,80}(?:[:：]\s*|\n\s*)")


def _quotes(text: str, start: int) -> Iterator[str]:
    """What stands in quotes. Each letter is seen once: `_QUOTE` would look to the end for every mark that opens."""
    while (opened := _OPENS.search(text, start)) and (closed := _CLOSES.search(text, opened.end())):
        start = closed.end()
        if closed.start() - opened.end() >= _LEAST:
            yield text[opened.end() : closed.start()]


_OPENS: Final = re.compile(r"[\"“„«「『]")
_CLOSES: Final = re.compile(r"[\"”“»」』]")


def _source(question: str, start: int, end: int, *, before: bool) -> str | None:
    """The text that a request is about."""
    rest = _RESTS.match(question, end)
    candidates = [question[rest.end() :]] if rest else []
    candidates += list(islice(_quotes(question, start), 1))
    if before or question[:start].endswith(("\n", ". ")):
        candidates.append(question[:start])
    found = (each.strip().strip('"“”„«»「」『』').strip() for each in candidates)
    return next((each for each in found if len(each) >= _LEAST), None)
