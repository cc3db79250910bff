"""Finds the words of a table in a text: one pass over the words, a few dictionary look-ups each, linear.

A table maps a concept ("CHEST") to terms in all languages, separated by commas:
    word        exactly this word              stem*    a word that begins so
    *ending     a word that ends so            a b* c   these words in a row
    药 胸        a term with Chinese characters is found anywhere
    Terms of the concept "NOT" deny what follows in the clause ("no chest pain"); terms of the concept "IDIOM" hide
    every other term that overlaps them ("this bug is killing me").
Knows nothing of medicine: the tables do.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final, NamedTuple

IDIOM: Final = "IDIOM"
NOT: Final = "NOT"

# Devanagari first: its vowel signs are no word characters, and a word would end at the first of them.
_WORD: Final = re.compile(r"[\u0900-\u0963\u0966-\u097f]+|[^\W_\u4e00-\u9fff]+(?:['-][^\W\d_\u4e00-\u9fff]+)*")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_CLAUSE_END: Final = frozenset(".!?;,:\n\u3002\uff01\uff1f\uff0c\uff1b।؟،")
_PREFIX_LENGTH: Final = 3
_DENIED_WORDS: Final = 4
_BEFORE_ENDING: Final = 2  # "april" does not end in "-pril"
_ARABIC: Final = "\u0600"
_NONE: Final = ()
# Arabic writes "and", "the", "with" onto the word: the word is looked up without them too.
_PROCLITICS: Final = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف")


@dataclass(frozen=True, slots=True)
class Hit:
    """A term of the table in the text: range of the text that was scanned, the concept, and whether it is denied."""

    start: int
    end: int
    concept: str
    denied: bool = False


@dataclass(frozen=True, slots=True)
class _Term:
    words: tuple[str, ...]
    concept: str


_NO_PAIRS: Final[Mapping[str, Sequence[_Term]]] = {}


class _Words(NamedTuple):
    """The words of a text, column by column (a value for each word would cost more than all look-ups)."""

    texts: list[str]
    starts: list[int]
    ends: list[int]


@dataclass(frozen=True)
class Lexicon:
    """A table made ready to search."""

    exact: Mapping[str, Sequence[_Term]]
    pairs: Mapping[str, Mapping[str, Sequence[_Term]]]  # terms of several words, by the first and the second
    stems: Mapping[str, Sequence[_Term]]  # by their first letters
    endings: Mapping[str, Sequence[_Term]]  # by their last letters
    han: re.Pattern[str] | None
    han_concepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    starts: Mapping[str, tuple[str, ...]] = field(init=False)
    ends: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        for name, shelf in (("starts", self.stems), ("ends", self.endings)):
            beginnings = {key: tuple({term.words[0] for term in terms}) for key, terms in shelf.items()}
            object.__setattr__(self, name, beginnings)

    def scan(self, text: str) -> list[Hit]:
        """Every term in `text` (folded, lower case) in order of its start, idioms taken out, denials marked."""
        found = list(_WORD.finditer(text))
        words = _Words([m[0] for m in found], [m.start() for m in found], [m.end() for m in found])
        exact, pairs, starts, ends = self.exact, self.pairs, self.starts, self.ends
        hits = [
            hit
            for i, (word, after) in enumerate(zip_longest(words.texts, words.texts[1:], fillvalue=""))
            if word in exact
            or after in pairs.get(word, _NONE)
            or word.startswith(starts.get(word[:_PREFIX_LENGTH], _NONE))
            or word.endswith(ends.get(word[-_PREFIX_LENGTH:], _NONE))
            or word >= _ARABIC
            for hit in self._at(words, i)
        ]
        if self.han is not None and not text.isascii():
            hits += [Hit(m.start(), m.end(), c) for m in self.han.finditer(text) for c in self.han_concepts[m[0]]]
        hits.sort(key=_order)
        return _denied(_without_idioms(hits), words, text) if hits else hits

    def _at(self, words: _Words, i: int) -> Iterable[Hit]:
        for spelling in _spellings(words.texts[i]):
            for term in self._beginning(spelling, words.texts[i + 1] if i + 1 < len(words.texts) else ""):
                if _follows(words.texts, i, term.words):
                    yield Hit(words.starts[i], words.ends[i + len(term.words) - 1], term.concept)

    def _beginning(self, word: str, after: str) -> Iterable[_Term]:
        """The terms whose first word fits, and the second where it is written out."""
        yield from self.exact.get(word, ())
        yield from self.pairs.get(word, _NO_PAIRS).get(after, ())
        yield from (t for t in self.stems.get(word[:_PREFIX_LENGTH], ()) if word.startswith(t.words[0]))
        yield from (t for t in self.endings.get(word[-_PREFIX_LENGTH:], ()) if _ends(word, t.words[0]))


def compile_table(table: Mapping[str, str]) -> Lexicon:
    """A lexicon from a table of concept -> comma-separated terms."""
    exact: dict[str, list[_Term]] = {}
    pairs: dict[str, dict[str, list[_Term]]] = {}
    stems: dict[str, list[_Term]] = {}
    endings: dict[str, list[_Term]] = {}
    han: dict[str, list[str]] = {}
    for concept, terms in table.items():
        for term in filter(None, (t.strip() for t in terms.split(","))):
            _file(term, concept, (exact, stems, endings), pairs, han)
    pattern = re.compile("|".join(map(re.escape, sorted(han, key=len, reverse=True)))) if han else None
    return Lexicon(exact, pairs, stems, endings, pattern, {term: tuple(concepts) for term, concepts in han.items()})


def _file(
    term: str,
    concept: str,
    shelves: tuple[dict[str, list[_Term]], ...],
    pairs: dict[str, dict[str, list[_Term]]],
    han: dict[str, list[str]],
) -> None:
    exact, stems, endings = shelves
    if _HAN.search(term):
        han.setdefault(term, []).append(concept)
        return
    first, *rest = term.split()
    if first.startswith("*"):
        ending = first[1:]
        endings.setdefault(ending[-_PREFIX_LENGTH:], []).append(_Term((ending,), concept))
    elif first.endswith("*"):
        stem = first[:-1]
        if len(stem) < _PREFIX_LENGTH:
            raise ValueError(f"the stem {first} is shorter than {_PREFIX_LENGTH} letters")
        stems.setdefault(stem[:_PREFIX_LENGTH], []).append(_Term((stem, *rest), concept))
    elif rest and not rest[0].endswith("*"):
        pairs.setdefault(first, {}).setdefault(rest[0], []).append(_Term((first, *rest), concept))
    else:
        exact.setdefault(first, []).append(_Term((first, *rest), concept))


def _spellings(word: str) -> tuple[str, ...]:
    if not "\u0600" <= word[0] <= "\u06ff":
        return (word,)
    return (word, *(word[len(p) :] for p in _PROCLITICS if word.startswith(p) and len(word) > len(p) + 2))


def _ends(word: str, ending: str) -> bool:
    return word.endswith(ending) and len(word) >= len(ending) + _BEFORE_ENDING


def _order(hit: Hit) -> tuple[int, int]:
    return hit.start, hit.end


def _follows(words: Sequence[str], i: int, term: tuple[str, ...]) -> bool:
    """True if the words after the first one are those of the term (the first is known to fit)."""
    if len(term) == 1:
        return True
    if i + len(term) > len(words) or not _same(words[i + 1], term[1]):
        return False
    return len(term) == 2 or all(_same(words[i + k], term[k]) for k in range(2, len(term)))


def _same(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _without_idioms(hits: list[Hit]) -> list[Hit]:
    idioms = [hit for hit in hits if hit.concept == IDIOM]
    if not idioms:
        return hits
    kept, i = [], 0
    for hit in hits:  # both are in order of start; an idiom that ended before this hit is done with
        while i < len(idioms) and idioms[i].end <= hit.start:
            i += 1
        inside = i < len(idioms) and idioms[i].start < hit.end
        if hit.concept == IDIOM or not inside:
            kept.append(hit)
    return kept


def _denied(hits: list[Hit], words: _Words, text: str) -> list[Hit]:
    """Marks what stands within four words after a denial in the same clause ("no chest pain")."""
    ends = sorted(hit.end for hit in hits if hit.concept == NOT)
    if not ends:
        return hits
    reaches = [_clause(text, end, _words_later(words, end)) for end in ends]
    return [_mark(hit, ends, reaches) for hit in hits]


def _words_later(words: _Words, index: int) -> int:
    """The end of the fourth word after `index`."""
    last = min(bisect_right(words.starts, index - 1) + _DENIED_WORDS, len(words.ends)) - 1
    return max(words.ends[last], index) if last >= 0 else index


def _clause(text: str, start: int, end: int) -> int:
    return next((i for i in range(start, end) if text[i] in _CLAUSE_END), end)


def _mark(hit: Hit, ends: Sequence[int], reaches: Sequence[int]) -> Hit:
    nearest = bisect_right(ends, hit.start) - 1
    denied = nearest >= 0 and hit.start < reaches[nearest]
    return Hit(hit.start, hit.end, hit.concept, denied=True) if denied else hit
