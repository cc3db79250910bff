"""The map between values and placeholders of one exchange. Never leaves the process, dies with the exchange.

Knows no detector and no provider: it is told where a value is and answers what stands in its place. Not derived from
the value (45 CFR 164.514(c)), one-to-one over the whole request, numbered in order of first appearance; a
conversation that carries its history therefore gets the same placeholders at every turn.

Two spellings of one value ("Maria Lopez", "MARIA LOPEZ"; "219-09-9999", "219 09 9999") share a placeholder and come
back as first written; a part of a name ("Lopez") has one of its own, which tells whose part it is only where
exactly one person can be meant: `[NAME_2: part of NAME_1]`. Which of two Lopez is meant is nothing to guess.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NoReturn

from guardrail.engine.echo import Echo
from guardrail.engine.intervals import DateOrder, distance, read_date
from guardrail.errors import RailFailed
from guardrail.rails.base import SENTENCE, About, Reach, Window
from guardrail.text import Finding, Kind, Span

RESTORE: Final = "restore"
"""The rail name under which restored values are reported."""

_SHORT: Final = {"AGE_OVER_89": "AGE"}  # the model should not read a number where none is meant
_WORDS: Final = frozenset({"NAME", "LOCATION", "ORG_FACILITY", "ADDRESS", "EMAIL", "DATE", "AGE_OVER_89"})

_NUMBERS: Final = frozenset(
    {"SSN", "MRN", "HEALTH_PLAN", "ACCOUNT", "LICENSE", "PHONE", "FAX", "VEHICLE", "DEVICE", "OTHER_ID"}
)
_SEPARATORS: Final = str.maketrans("", "", " \t\n-\u2010\u2011\u2012\u2013")
_LEAST_DIGITS: Final = 4
_MOST_NAMES: Final = 6
_NAME_WORD: Final = re.compile(r"[^\W\d_]+")

_ID: Final = r"[A-Z][A-Z0-9_]{0,24}_[1-9][0-9]{0,6}"
_LONGEST_WORD: Final = 25
_NUMBERED: Final = re.compile(r"_[1-9][0-9]{0,6}")
_BEFORE_NUMBER: Final = re.compile(r"[A-Z][A-Z0-9_]{0,24}\Z")
_MINTED: Final = re.compile(
    rf"\[(?P<id>{_ID})(?:: [^\[\]\n]{{1,40}})?\]|(?<![A-Za-z0-9_])(?P<bare>{_ID})(?![A-Za-z0-9_])"
)

_LINK: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,20}://|(?:mailto|tel|sms|data|javascript|file):|www\.|[\w-]\.[a-z]{2,24}[/?:#@])",
    re.IGNORECASE,
)
_QUOTED: Final = r"""(?:"[^"]*+"?|'[^']*+'?)"""
# Where an address may stand, as far as this window shows. In a tag only a quote that follows "=" hides a ">".
_CARRIERS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"<(?:[a-z/!?])(?:=\s*+{_QUOTED}|[^>])*+>?",
        r"<(?P<raw>style|script)\b(?:[^<]|<(?!/))*+",
        rf"\b(?:src|srcset|href|action|formaction|poster|background|data|style|cite|ping)\s?=\s?{_QUOTED}",
        rf"(?:\burl\(|@import\b)\s*+(?:{_QUOTED}|[^)\n]*+\)?)",
        r"""(?P<q>["'`])\s?(?:[a-z][a-z0-9+.-]{0,20}:)?//(?:(?!(?P=q)).)*+""",
    )
)
_TARGET: Final = re.compile(r"\]\((?:\s*+<[^>\n]*+>?)?")
_ENDINGS: Final = re.compile(r"""["'] ?/?>|/>|>\)|["']\s[a-z:-]{1,20}=["']|(?P<bracket>["']\))""", re.IGNORECASE)
_LOOK_BACK: Final = 2_048
_LONGEST_RUN: Final = 8
_OWN_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One value and its placeholder. Never printed."""

    label: str
    id: str
    value: str
    detail: str = ""

    @property
    def placeholder(self) -> str:
        return f"[{self.id}: {self.detail}]" if self.detail else f"[{self.id}]"

    def __repr__(self) -> str:
        return f"<{self.id}>"


class Vault:
    """The values of one exchange. Not shared, not stored, not pickled; shows counts only."""

    def __init__(self, date_order: DateOrder = "") -> None:
        self._date_order = date_order
        self._by_value: dict[tuple[str, str], _Entry] = {}
        self._by_id: dict[str, _Entry] = {}
        self._bare: set[str] = set()
        self._next: Counter[str] = Counter()
        self._reserved: set[str] = set()
        self._own = _Own()
        self._names = _Names()
        self._told: dict[str, str] = {}
        self._anchor: tuple[date, str] | None = None
        self._echo = Echo()
        self._closed = False

    def __repr__(self) -> str:
        return f"<Vault of {len(self._by_id)} placeholders>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a vault never leaves its process")

    def counts(self) -> Mapping[str, int]:
        """How many different values of each label are known: `{"NAME": 2}`."""
        return Counter(label for label, _ in self._by_value)

    def reserve(self, texts: Iterable[str]) -> None:
        """Client text that looks like a placeholder: its number is never minted, so it is never restored (TOK-01)."""
        for text in texts:
            if "_" in text:
                self._reserved.update(_lookalikes(text))

    def own(self, texts: Iterable[str]) -> None:
        """Remember what the caller wrote: the model repeating it adds nothing new."""
        self._own.learn(texts)

    def learn(self, findings: Iterable[Finding], text: str) -> None:
        """Mint for what a detector found, so that `echo()` knows it before anything is rewritten."""
        for finding in sorted(findings, key=lambda finding: finding.span):
            if value := _value(finding, text):
                self._entry(finding.label, value)

    def mint(self, label: str, value: str) -> str:
        """The placeholder of `value`, the same one whenever it is asked for. Raises RailFailed once closed."""
        return self._placeholder(self._entry(label, value))

    @property
    def redactor(self) -> Redactor:
        """Rewriter for the rail that finds PHI in a request."""
        return Redactor(self)

    @property
    def novel(self) -> Novel:
        """Rewriter for the rail that finds PHI in an answer."""
        return Novel(self)

    def echo(self) -> Echo:
        """Rail for repetitions of what is known by now and of what is learned later."""
        return self._echo

    def restorer(self) -> Restorer:
        """Rail and rewriter in one: this exchange's own placeholders in an answer, and what they stand for."""
        return Restorer(self)

    def close(self) -> None:
        """The exchange is over: forget every value (TOK-13)."""
        self._closed = True
        self._by_value.clear()
        self._by_id.clear()
        self._bare.clear()
        self._reserved.clear()
        self._own.forget()
        self._names.forget()
        self._told.clear()
        self._anchor = None
        self._echo.forget()

    def _entry(self, label: str, value: str) -> _Entry:
        key = (label, _same(label, value))
        return self._by_value.get(key) or self._new(key, value)

    def _new(self, key: tuple[str, str], value: str) -> _Entry:
        if self._closed:
            raise RailFailed("the exchange is over, nothing can be redacted for it any more")
        label = key[0]
        name = self._free_id(_SHORT.get(label, label))
        entry = _Entry(label, name, value, self._detail(label, name, value))
        self._by_value[key] = self._by_id[name] = entry
        if label == "NAME":
            self._names.learn(name, value)
        self._echo.learn(label, value)
        return entry

    def _placeholder(self, entry: _Entry) -> str:
        """Long or short; whose part a name is, is decided when it is told for the first time and then stays."""
        if (told := self._told.get(entry.id)) is None:
            whole = self._names.whole(entry.value) if entry.label == "NAME" else ""
            told = self._told[entry.id] = f"[{entry.id}: part of {whole}]" if whole else entry.placeholder
        return told

    def _free_id(self, word: str) -> str:
        while True:
            self._next[word] += 1
            if (name := f"{word}_{self._next[word]}") not in self._reserved:
                return name

    def _detail(self, label: str, name: str, value: str) -> str:
        if label == "AGE_OVER_89":
            return "over 89"
        day = read_date(value, self._date_order) if label == "DATE" else None
        if day is None:
            return ""
        if self._anchor is None:
            self._anchor = (day, name)
            return ""
        return distance(day, *self._anchor)

    def _bare_placeholder(self, label: str, value: str) -> str:
        name = self._entry(label, value).id
        self._bare.add(name)
        return name

    def _is_own(self, label: str, value: str) -> bool:
        return (label, _same(label, value)) in self._by_value or self._own.holds(value)

    def _restorable(self, match: re.Match[str]) -> _Entry | None:
        if bare := match["bare"]:
            return self._by_id[bare] if bare in self._bare else None
        entry = self._by_id.get(match["id"])
        return entry if entry and match[0] in (f"[{entry.id}]", self._placeholder(entry)) else None


class _Own:
    """What the caller wrote, by runs of words. The first question of each length costs a pass over the text."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._runs: dict[int, frozenset[int]] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Remember `texts`."""
        self._texts += map(_plain, texts)
        self._runs.clear()

    def forget(self) -> None:
        """Drop every text."""
        self._texts.clear()
        self._runs.clear()

    def holds(self, value: str) -> bool:
        """True if `value` was written word for word, signs between its words included, and not inside longer words.

        A longer value is taken in runs of eight words, each of which must have been written.
        """
        plain = _plain(value)
        words = list(_OWN_WORD.finditer(plain))
        length = min(len(words), _LONGEST_RUN)
        return bool(words) and all(run in self._of(length) for run in _word_runs(plain, words, length))

    def _of(self, length: int) -> frozenset[int]:
        if (known := self._runs.get(length)) is None:
            texts = ((text, list(_OWN_WORD.finditer(text))) for text in self._texts)
            known = frozenset(run for text, words in texts for run in _word_runs(text, words, length))
            self._runs[length] = known
        return known


def _word_runs(text: str, words: Sequence[re.Match[str]], length: int) -> Iterator[int]:
    """The hash of every `length` words in a row, with what stands between them; hashes are small, runs are not."""
    for first, last in zip(words, words[length - 1 :], strict=False):
        yield hash(text[first.start() : last.end()])


class _Names:
    """Which full names hold a given run of words. Linear in the names, whatever they share."""

    def __init__(self) -> None:
        self._wholes: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}

    def learn(self, name: str, value: str) -> None:
        """Remember the parts of a name of two to six words; a part of two different people belongs to none."""
        words = _words(value)
        if not 2 <= len(words) <= _MOST_NAMES:
            return
        person = tuple(sorted(words))
        runs = {words[at:end] for at in range(len(words)) for end in range(at + 1, len(words) + 1)} - {words}
        for run in runs:
            known = self._wholes.setdefault(run, (name, person))
            if known[1] != person:
                self._wholes[run] = ("", ())

    def whole(self, value: str) -> str:
        """The id of the one full name that `value` is a part of, or ""."""
        return self._wholes.get(_words(value), ("", ()))[0]

    def forget(self) -> None:
        """Drop every name."""
        self._wholes.clear()


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _NAME_WORD.findall(name))


@dataclass(frozen=True, slots=True, repr=False)
class Redactor:
    """Puts placeholders into a request."""

    vault: Vault

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The placeholder: `[NAME_1]`, or `NAME_1` where the alphabet is restricted."""
        value = _value(finding, text)
        if not value:
            return None
        if about.kind is Kind.TOKEN:
            return self.vault._bare_placeholder(finding.label, value)
        return self.vault.mint(finding.label, value)


@dataclass(frozen=True, slots=True, repr=False)
class Novel:
    """Marks PHI that the model added by itself; the caller's own data is the caller's to read."""

    vault: Vault

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """`[NAME removed]`, or None to leave words that the caller sent."""
        value = _value(finding, text)
        if not value or self.vault._is_own(finding.label, value):
            return None
        word = _SHORT.get(finding.label, finding.label)
        return f"{word}_removed" if about.kind is Kind.TOKEN else f"[{word} removed]"


@dataclass(frozen=True, slots=True, repr=False)
class Restorer:
    """Gives the caller's own values back. Exact placeholders only, and never into a link or a tag (TOK-02, TOK-03).

    No placeholder holds a sentence end or a line end, so that a sentence is reach enough.
    """

    vault: Vault

    @property
    def name(self) -> str:
        """`restore`."""
        return RESTORE

    @property
    def reach(self) -> Reach:
        """A checkpoint at a sentence end never cuts a placeholder; elsewhere the engine looks further ahead."""
        return SENTENCE

    def inspect(self, window: Window, about: About) -> Iterator[Finding]:
        """One finding per placeholder that can be restored here; its label is the kind of value."""
        found = ((match, self.vault._restorable(match)) for match in _MINTED.finditer(window.text))
        known = [(match, entry) for match, entry in found if entry]
        carriers = _carriers(window) if known else ()
        for match, entry in known:
            if not _is_in_link(window, match.start(), carriers):
                yield Finding(Span(match.start(), match.end()), RESTORE, entry.label)

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The value, literally: what it holds is never expanded again."""
        match = _MINTED.fullmatch(text, finding.span.start, finding.span.end)
        entry = self.vault._restorable(match) if match else None
        return entry.value if entry else None


def _lookalikes(text: str) -> Iterator[str]:
    """Every way to read a placeholder id in `text`: `MY_NAME_1` reserves `NAME_1` too."""
    ends = ((text[max(0, n.start() - _LONGEST_WORD) : n.start()], n[0]) for n in _NUMBERED.finditer(text))
    for before, number in set(ends):
        if word := _BEFORE_NUMBER.search(before):
            parts = word[0].split("_")
            yield from (f"{'_'.join(parts[first:])}{number}" for first in range(len(parts)))


def _value(finding: Finding, text: str) -> str:
    return text[finding.span.start : finding.span.end]


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _same(label: str, value: str) -> str:
    """What makes two values one. Codes and addresses on the net may differ by case alone, numbers by separators."""
    if label in _NUMBERS and sum(char.isdigit() for char in value) >= _LEAST_DIGITS:
        return value.translate(_SEPARATORS)
    return _plain(value) if label in _WORDS else " ".join(value.split())


def _is_in_link(window: Window, at: int, carriers: Sequence[Span]) -> bool:
    """True inside an address, a link's target or a tag, and wherever the window is too short to tell."""
    text = window.text
    floor = max(0, at - _LOOK_BACK)
    begin = max(text.rfind(space, floor, at) for space in (" ", "\n", "\t")) + 1
    if begin == 0 and at > 0 and window.start + floor > 0:
        return True
    last = bisect_right(carriers, at, key=lambda carrier: carrier.start) - 1
    return (last >= 0 and at < carriers[last].end) or bool(_LINK.search(text, begin, at))


def _carriers(window: Window) -> list[Span]:
    """The stretches of a window that an address may stand in, in order, without overlaps.

    A stretch that nothing closes goes on to the end. If the window begins inside one (something is closed that was
    never opened), the stretch begins with it: what was said before is not known here.
    """
    text = window.text
    found = [Span(*match.span()) for pattern in _CARRIERS for match in pattern.finditer(text)]
    carriers = _united([*found, *_targets(text)])
    if window.start == 0:
        return carriers
    ends = [match.end() for match in _ENDINGS.finditer(text) if _closes_nothing(match, carriers)]
    return _united([Span(0, max(ends)), *carriers]) if ends else carriers


def _united(spans: Iterable[Span]) -> list[Span]:
    united: list[Span] = []
    for span in sorted(spans):
        if united and span.start <= united[-1].end:
            united[-1] = Span(united[-1].start, max(united[-1].end, span.end))
        else:
            united.append(span)
    return united


def _targets(text: str) -> Iterator[Span]:
    """From "](" to the bracket that closes it, to an empty line or to the end."""
    end = 0
    while match := _TARGET.search(text, end):
        end = _closing(text, match.end())
        yield Span(match.start(), end)


def _closing(text: str, at: int) -> int:
    depth = 1
    while at < len(text) and depth and not text.startswith("\n\n", at):
        char = text[at]
        depth += (char == "(") - (char == ")")
        at += 2 if char == "\\" else 1
    return min(at, len(text))


def _closes_nothing(ending: re.Match[str], carriers: Sequence[Span]) -> bool:
    at, text = ending.start(), ending.string
    if any(carrier.start <= at < carrier.end for carrier in carriers):
        return False
    return not ending["bracket"] or text.rfind("(", 0, at) <= text.rfind(")", 0, at)
