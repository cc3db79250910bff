"""Words of medicine that are nobody's name: drugs, diseases, symptoms, procedures, in several languages.

The list is written by `training/vocabulary.py` from the project's own word lists. Words that are also names or towns
are not in it: there the context decides.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+")
_SHORT: Final = 3


def is_medicine(plain: str) -> bool:
    """True if `plain` (lower case) has a word of medicine and no other longer word."""
    words = [word for word in _WORD.findall(plain) if len(word) > _SHORT]
    return bool(words) and all(word in _words() for word in words)


@cache
def _words() -> frozenset[str]:
    return frozenset(files("guardrail.rails.data").joinpath("medicine.txt").read_text(encoding="utf-8").split())
