"""The words that fill the slots: our own lists, and the public name lists where their folder is given.

Names can be split by a hash of the name, a tenth for validation, to measure what a model does with names it never saw. Knows no template.
"""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent.parent / "lexicons"
SPLIT_NAMES = (
    "first_f",
    "first_m",
    "last",
    "last_f",
    "word_first",
    "word_last",
    "nick",
    "city",
    "facility_first",
    "public_first",
    "public_last",
)
PUBLIC = {"public_first": "first_names.txt.gz", "public_last": "last_names.txt.gz"}  # UCSF Philter, BSD 3-Clause


def held_out(name: str) -> bool:
    """True for the tenth of all names that only validation texts use."""
    return zlib.crc32(name.lower().encode()) % 10 == 0


class Lexicons:
    """`pick("en", "drug", rng)`. A language without the list falls back to English."""

    def __init__(self, public: Path | None, validation: bool | None = None) -> None:
        """`validation`: None for all names, True for the tenth that is held out, False for the others."""
        self._public = public
        self._validation = validation

    def has(self, lang: str, name: str) -> bool:
        """True if the language has a list of its own."""
        return (HERE / lang / f"{name}.txt").exists()

    def words(self, lang: str, name: str) -> Sequence[str]:
        """The whole list, of this side of the split."""
        return _load(lang, name, self._public, self._validation)

    def pick(self, lang: str, name: str, rng: random.Random) -> str:
        """One of them."""
        return rng.choice(self.words(lang, name))


@cache
def _load(lang: str, name: str, public: Path | None, validation: bool | None) -> tuple[str, ...]:
    if name in PUBLIC:
        if public is None:
            return _load("en", "first_f" if name == "public_first" else "last", public, validation)
        with gzip.open(public / PUBLIC[name], "rt", encoding="utf-8") as file:
            found = [line.strip().title() for line in file if 2 < len(line.strip()) < 16]
    else:
        path = HERE / lang / f"{name}.txt"
        if not path.exists():
            path = HERE / "en" / f"{name}.txt"
        found = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if name in SPLIT_NAMES and validation is not None:
        kept = [word for word in found if held_out(word) is validation]
        found = kept or found
    return tuple(dict.fromkeys(found))
