"""A hospital's own regular expressions: refused when they could run away, stopped when they do. Knows no policy file.

Getting one ready costs as well: `regex` writes repetitions out, as often as they have to be there, and nothing else
runs meanwhile. So what would be written out is counted before, in what `regex` itself has read.

What a pattern costs depends on the text, and the text is a patient's: so a pattern is looked at before it is used (no
repetition of a repetition, no back reference, a try on texts that are known to hurt), and when it is used it has a
second, together with all others; after that the text counts as not inspected (fail closed).
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from time import monotonic
from typing import Any, Final

import regex

from guardrail.errors import RailFailed
from guardrail.rails.phi_text import WORD, Hit

MOST_CHARS: Final = 300
"""Of one pattern."""
MOST_PIECES: Final = 10_000
"""Of one pattern, written out: a few megabytes, a few milliseconds."""

_ORDINARY: Final = "the cough began some days before, and quite a lot of patients just want to know what to do next."
_SECONDS: Final = 1.0  # for all patterns in one window
_TRY_SECONDS: Final = 0.25
_TRY_CHARS: Final = 600
_BEFORE: Final = 60
_AFTER: Final = 30
_FEW: Final = 10  # a repetition of at most so many may hold a bounded one
_MOST_OPEN: Final = 6
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_PARSER: Final[Any] = import_module("re._parser")  # what `re` itself reads patterns with; it has no public name
_OPEN: Final[int] = int(_PARSER.MAXREPEAT)
_CORE: Final[Any] = import_module("regex._regex_core")  # what `regex` reads them with; the two do not read all alike
_FLAGS: Final = regex.IGNORECASE | regex.MULTILINE


def fold(word: str) -> str:
    """A word as it is compared: in any case, without accents."""
    if word.isascii():
        return word.lower()
    return "".join(char for char in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(char))


@lru_cache(maxsize=1024)
def check(pattern: str) -> None:
    """Raise ValueError, in words without the pattern, if it is not one or could take too long."""
    read = _read(pattern)
    state = _Look()
    state.look(read, 1)
    if state.open > _MOST_OPEN:
        raise ValueError(f"has more than {_MOST_OPEN} repetitions without an upper bound; write {{1,20}} for +")
    if read.getwidth()[0] == 0:
        raise ValueError("matches nothing at all; it must need at least one character")
    _try(compiled(pattern), state.literals)


def takes_ordinary_words(pattern: str) -> bool:
    """True if it finds something in a sentence that is about nobody: it would find it everywhere (NOT-05)."""
    return compiled(pattern).search(_ORDINARY, timeout=_TRY_SECONDS) is not None


def readable(pattern: str) -> None:
    """Raise ValueError if it is not a regular expression as Presidio reads them, or too large when written out."""
    try:
        if _pieces(_parsed(pattern)) > MOST_PIECES:
            raise ValueError(f"is more than {MOST_PIECES:,} pieces long when it is written out; lower its counts")
        compiled(pattern)
    except regex.error as error:
        raise ValueError(f"is not a regular expression{_where(error)}") from None
    except (RecursionError, OverflowError):
        raise ValueError("is nested too deeply") from None


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> regex.Pattern[str]:
    """Ready to be asked, in any case, as Presidio does. Raises regex.error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return regex.compile(pattern, _FLAGS)


def _parsed(pattern: str) -> Any:
    """What `regex` reads, before it writes anything out. Raises regex.error."""
    flags = int(_FLAGS)
    while True:
        source = _CORE.Source(pattern)
        info = _CORE.Info(flags, source.char_type, {})
        info.guess_encoding = regex.UNICODE
        source.ignore_space = bool(info.flags & regex.VERBOSE)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _CORE._parse_pattern(source, info)
        except _CORE._UnscopedFlagSet:
            flags = info.global_flags  # (?x) in the middle holds from the beginning on: `regex` begins again, too


def _pieces(part: Any) -> int:
    """How many there are of it when what has to be there several times is written out."""
    inside = sum(_pieces(each) for each in _parts(list(vars(part).values()), _CORE.RegexBase))
    return max(inside, 1) * max(getattr(part, "min_count", 1), 1)


def _read(pattern: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
            read = _PARSER.parse(pattern)
    except re.error as error:
        raise ValueError(f"is not a regular expression{_where(error)}") from None
    except (RecursionError, OverflowError):
        raise ValueError("is nested too deeply") from None
    readable(pattern)
    return read


def _where(error: Any) -> str:
    """The place, and never the words: they may quote what was written."""
    return f" (character {error.pos + 1})" if isinstance(error.pos, int) else ""


class _Look:
    """Walks over a pattern that was read, and refuses what could run away."""

    def __init__(self) -> None:
        self.open = 0
        self.literals: set[str] = set()

    def look(self, part: Any, times: int) -> None:
        """`times`: how often what is around this part may repeat it."""
        for operation, value in part:
            name = str(operation)
            if name.startswith("GROUPREF"):
                raise ValueError("refers back to a group; that can't be done in bounded time")
            if name in _REPEATS:
                self._repeat(value, times)
                continue
            if name == "LITERAL" and len(self.literals) < 20:
                self.literals.add(chr(value))
            for inner in _parts(value, _PARSER.SubPattern):
                self.look(inner, times)

    def _repeat(self, value: Any, times: int) -> None:
        least, most, part = value
        is_open, varies = most == _OPEN, most != least
        if times > 1 and varies and (is_open or times > _FEW):
            raise ValueError("repeats a repetition, as in (a+)+; that can't be done in bounded time")
        self.open += is_open
        self.look(part, max(times, int(most)))


def _parts(value: Any, kind: type) -> Iterator[Any]:
    """The patterns, each of a reader's own `kind`, inside what an operation holds, however it holds them."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _parts(each, kind)


def _try(pattern: regex.Pattern[str], literals: Iterable[str]) -> None:
    known = sorted(literals)
    runs = ["a", "A", "1", " ", "-", "aA1", "a ", "1-", *known]
    tail = "\x00" + "".join(known)  # what must be there is there, so that no short cut spares the search
    try:
        for run in runs:
            text = run * (_TRY_CHARS // len(run)) + tail
            for _ in pattern.finditer(text, timeout=_TRY_SECONDS):
                pass
    except TimeoutError:
        raise ValueError("takes too long on long runs of one character; bound its repetitions") from None


@dataclass(frozen=True, slots=True)
class Pattern:
    """What it finds is `label`; if there is `context`, only where one of those words stands near."""

    label: str
    pattern: str
    score: float
    context: frozenset[str] = frozenset()

    def near(self, text: str, start: int, end: int) -> bool:
        """True if one of the words stands within 60 characters before or 30 behind."""
        if not self.context:
            return True
        around = (text[max(0, start - _BEFORE) : start], text[end : end + _AFTER])
        return any(fold(word[0]) in self.context for part in around for word in WORD.finditer(part))


def find_patterns(patterns: Sequence[Pattern], text: str) -> Iterator[Hit]:
    """Every match. Sure by its shape (`hard`) where it asks for no context. Raises RailFailed when out of time."""
    end = monotonic() + _SECONDS
    for each in patterns:
        try:
            found = [match.span() for match in compiled(each.pattern).finditer(text, timeout=_left(end))]
        except TimeoutError:
            raise RailFailed("a pattern of the policy took too long", code="pattern_late") from None
        for start, stop in found:
            if start < stop and each.near(text, start, stop):
                yield Hit(start, stop, each.label, each.score, not each.context)


def _left(end: float) -> float:
    return max(end - monotonic(), 0.001)
