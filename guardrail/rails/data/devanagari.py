# ruff: noqa: RUF001 - letters of another script are the point
"""Devanagari as people type it in Latin letters. Data only."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_CONSONANTS: Final = (
    "क k,ख kh,ग g,घ gh,ङ n,च ch,छ chh,ज j,झ jh,ञ n,ट t,ठ th,ड d,ढ dh,ण n,त t,थ th,द d,ध dh,न n,प p,फ f,ब b,भ bh,म m,"
    "य y,र r,ल l,व v,श sh,ष sh,स s,ह h,ळ l"
)
_VOWELS: Final = "अ a,आ aa,इ i,ई i,उ u,ऊ u,ए e,ऐ ai,ओ o,औ au,ऋ ri,ऑ o,ऍ e"
_MARKS: Final = "ा a,ि i,ी i,ु u,ू u,े e,ै ai,ो o,ौ au,ृ ri,ॉ o,ॅ e,ं n,ँ n,ः h,् ,़ ,। ."


def _table(text: str) -> MappingProxyType[str, str]:
    return MappingProxyType({each[0]: each[2:] for each in text.split(",")})


CONSONANTS: Final = _table(_CONSONANTS)
VOWELS: Final = _table(_VOWELS)
MARKS: Final = MappingProxyType({**_table(_MARKS), **{chr(0x966 + n): str(n) for n in range(10)}})
FOLLOWED: Final = frozenset({*CONSONANTS, *VOWELS, "ं", "ँ", "ः"})
"""What a consonant stands before when its own vowel is spoken."""
