"""Cuts words into the pieces of a BERT vocabulary (WordPiece), for the sentence model of the PHI rail. Knows no model.

The words are those of `phi_features`; their pieces are found greedily, longest first, in lower case without accents.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

CLASSIFY: Final = "[CLS]"
SEPARATE: Final = "[SEP]"
UNKNOWN: Final = "[UNK]"
_LONGEST_WORD: Final = 40
_MOST_PIECES: Final = 12


def vocabulary(lines: Iterable[str]) -> dict[str, int]:
    """Piece -> number, from one piece a line."""
    return {line: number for number, line in enumerate(lines)}


def pieces(word: str, known: Mapping[str, int]) -> list[int]:
    """The numbers of a word's pieces, at least one and at most twelve (the rest of a longer word is not read)."""
    plain = word.lower()
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFD", plain) if unicodedata.category(char) != "Mn")
    whole = known.get(plain)
    if whole is not None:
        return [whole]
    plain = plain[:_LONGEST_WORD]
    out: list[int] = []
    at = 0
    while at < len(plain) and len(out) < _MOST_PIECES:
        mark = "##" if at else ""
        end = len(plain)
        while end > at and (number := known.get(mark + plain[at:end])) is None:
            end -= 1
        if end == at:
            return [*out, known[UNKNOWN]] if out else [known[UNKNOWN]]
        out.append(number)  # type: ignore[arg-type]
        at = end
    return out or [known[UNKNOWN]]
