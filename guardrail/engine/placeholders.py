"""How a placeholder is written, and every dress in which a model may give it back. Knows no value and no vault.

`[PATIENT_1]`, `[PATIENT_1: surname]`, in a restricted alphabet `PATIENT_1` and `PATIENT_1_surname`. Given back it may
be in any casing, in bold, italics or code, with escaped or full-width brackets, spaces inside them, or no brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_LONGEST_WORD: Final = 25
# ASCII letters in any casing only: U+017F and U+212A are other letters, though Python folds them to s and k.
_ID: Final = r"[A-Za-z][A-Za-z0-9_\\]{0,24}?\\{0,2}_[1-9][0-9]{0,6}"
_OPEN, _CLOSE = r"(?:\\{0,2}\[|\u3010|\uff3b)", r"(?:\\{0,2}\]|\u3011|\uff3d)"
_DETAIL: Final = r"[^\[\]\u3010\u3011\uff3b\uff3d\\\n]"
_BRACKETED: Final = (
    rf"{_OPEN}[ \t]{{0,2}}(?P<id>{_ID})(?P<own>['\u2019]s)?"
    rf"(?:[ \t]?:[ \t]{{0,2}}(?P<detail>{_DETAIL}{{1,40}}?))?[ \t]{{0,2}}{_CLOSE}"
)
_FORM: Final = r"[A-Za-z]{1,12}(?:_[A-Za-z]{1,12}){0,3}(?:_[1-9][0-9]{0,5})?"
_BARE: Final = rf"(?P<bare>{_ID})(?:\\{{0,2}}_(?P<form>{_FORM}))?"
# Underscores around a bare one are italics or bold if they come in pairs, else part of a longer word.
_ANYWHERE: Final = re.compile(rf"{_BRACKETED}|(?<![A-Za-z0-9_])(?P<em>_{{0,2}}){_BARE}(?P=em)(?![A-Za-z0-9_])")
_WHOLE: Final = re.compile(rf"{_BRACKETED}|{_BARE}")
_NUMBERED: Final = re.compile(r"_[1-9][0-9]{0,6}")
_BEFORE_NUMBER: Final = re.compile(r"[A-Z][A-Z0-9_]{0,24}\Z")


@dataclass(frozen=True, slots=True)
class Said:
    """A placeholder as it was written: `id` in upper case, `detail` in lower case, `tail` what hangs on to the id."""

    id: str
    detail: str = ""
    tail: str = ""


def find(text: str) -> Iterator[tuple[int, int, Said]]:
    """Everything in `text` that could be a placeholder, without what dresses a bare one."""
    if "_" not in text:
        return
    for match in _ANYWHERE.finditer(text):
        if match["id"]:
            yield *match.span(), _said(match)
        else:
            yield match.start("bare"), max(match.end("bare"), match.end("form")), _said(match)


def read(said: str) -> Said | None:
    """The placeholder that `said` is, brackets and all."""
    match = _WHOLE.fullmatch(said)
    return None if match is None else _said(match)


def write(name: str, detail: str = "") -> str:
    """`[NAME_1]`, `[NAME_1: surname]`."""
    return f"[{name}: {detail}]" if detail else f"[{name}]"


def write_bare(name: str, detail: str = "") -> str:
    """`NAME_1`, `NAME_1_first_name`: for alphabets without brackets, colons and spaces."""
    return f"{name}_{detail.replace(' ', '_')}" if detail else name


def lookalikes(text: str) -> Iterator[str]:
    """Every way to read a placeholder's id in `text`, in any dress: `my_name_1` reserves `NAME_1` too."""
    if "_" not in text:
        return
    plain = text.replace("\\", "")
    ends = ((plain[max(0, n.start() - _LONGEST_WORD) : n.start()], n[0]) for n in _NUMBERED.finditer(plain))
    for before, number in set(ends):
        if word := _BEFORE_NUMBER.search(_upper(before)):
            parts = word[0].split("_")
            yield from (f"{'_'.join(parts[first:])}{number}" for first in range(len(parts)))


def _said(match: re.Match[str]) -> Said:
    name = match["id"] or match["bare"]
    detail = match["detail"] or (match["form"] or "").replace("_", " ")
    return Said(_upper(name.replace("\\", "")), " ".join(detail.lower().split()), match["own"] or "")


def _upper(text: str) -> str:
    """In upper case, letter by letter, so that no sign becomes two."""
    return "".join(char.upper() if char.isascii() else char for char in text)
