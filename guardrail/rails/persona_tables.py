"""The languages of the persona rail: one data file each, which a native clinical reviewer can sign off.

English rows are composed in Python (`data/persona_english.py`); its file holds the rest. Knows no text to search.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from guardrail.rails.data import persona_english
from guardrail.rails.data.persona_profiles import CLASSES, NEUTRAL_KEYS

ENGLISH: Final = "en"

_GROUP: Final = re.compile(r"\\g<(\w+)>")
# what `<end>` in a cue stands for: the end of a clause
_END: Final = r"(?=$|[.!?;,:\n\"])"
# not between two letters of a script that sets words apart
_LETTER: Final = r"(?:[^\W_\u3040-\u30ff\u3400-\u9fff]|[\u0900-\u0963\u0966-\u097f])"
_WORD_ENDS: Final = rf"(?!(?<={_LETTER}){_LETTER})"


@dataclass(frozen=True, slots=True)
class Row:
    """A phrase (a pattern over folded text), its class, and the `re` template of what stands there instead."""

    label: str
    pattern: str
    frame: str


@dataclass(frozen=True)
class Language:
    """One language. `reviewed_by` is "" while nobody has signed it off.

    `signals` and `script` are the cheap check: without one of the words or a match of the script nothing is searched.
    `first` finds what only a speaker says of himself, `program` what of it a program may say; None: not looked for.
    """

    code: str
    name: str
    reviewed_by: str
    reviewed_on: str
    signals: frozenset[str]
    script: re.Pattern[str] | None
    negations: str
    between: tuple[str, ...]
    late: re.Pattern[str] | None
    directed: re.Pattern[str] | None
    first: re.Pattern[str] | None
    program: re.Pattern[str] | None
    rows: tuple[Row, ...]
    examples: tuple[tuple[str, str, str], ...]
    clean: tuple[str, ...]
    neutral: Mapping[str, str]


class _RowInFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    label: str = Field(alias="class")
    cue: str
    frame: str
    joins: bool = False
    examples: list[tuple[str, str]] = Field(min_length=1)

    @property
    def pattern(self) -> str:
        """The cue; if it `joins`, it may end inside a word, whose rest goes on from the frame."""
        pattern = self.cue.replace("<end>", _END)
        return pattern if self.joins else ending_with_a_word(pattern)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    name: str
    reviewed_by: str
    reviewed_on: str
    signals: str = ""
    script: str = ""
    negations: str
    between: str
    late: str = ""
    directed: str = ""
    first: str = ""
    program: str = ""
    clean: list[str]
    neutral: dict[str, str]
    row: list[_RowInFile] = []
    example: list[tuple[str, str, str]] = []


@cache
def languages() -> Mapping[str, Language]:
    """All languages, by code. Raises ValueError naming the file if one is not in order (the product's own error)."""
    folder = files("guardrail.rails.data") / "persona"
    found = (read(each.name, each.read_text("utf-8")) for each in folder.iterdir() if each.name.endswith(".toml"))
    return MappingProxyType({language.code: language for language in sorted(found, key=lambda each: each.code)})


def read(file: str, text: str) -> Language:
    """The language that the text of a file describes. Raises ValueError naming the file."""
    try:
        return _language(file.removesuffix(".toml"), _File.model_validate(tomllib.loads(text)))
    except (ValueError, re.error) as error:
        raise ValueError(f"{file}: {error}") from error


def _language(code: str, made: _File) -> Language:
    if made.language != code:
        raise ValueError("the file is named by its language")
    if unknown := {row.label for row in made.row} - CLASSES.keys():
        raise ValueError(f"no such class: {', '.join(sorted(unknown))}")
    if made.neutral.keys() != NEUTRAL_KEYS:
        raise ValueError(f"[neutral] has {', '.join(sorted(NEUTRAL_KEYS))}")
    rows = tuple(Row(row.label, row.pattern, row.frame) for row in made.row)
    if code == ENGLISH:
        rows += tuple(
            Row(*row) for row in (*persona_english.ENGLISH, *persona_english.GENERAL, *persona_english.OPENINGS)
        )
    of_rows = ((row.label, before, after) for row in made.row for before, after in row.examples)
    return Language(
        code,
        made.name,
        made.reviewed_by,
        made.reviewed_on,
        frozenset(made.signals.split()),
        re.compile(made.script) if made.script else None,
        made.negations,
        tuple(made.between.split()),
        re.compile(made.late) if made.late else None,
        re.compile(made.directed) if made.directed else None,
        re.compile(made.first) if made.first else None,
        re.compile(made.program) if made.program else None,
        rows,
        (*of_rows, *made.example),
        tuple(made.clean),
        MappingProxyType(dict(made.neutral)),
    )


def ending_with_a_word(pattern: str) -> str:
    """The pattern, without the matches that end inside a word ("my cap" in "my capillaries")."""
    return f"(?:{pattern}){_WORD_ENDS}"


def check(row: Row) -> None:
    """Raises ValueError or re.error for a row that could not be used. For the tests: it takes seconds."""
    pattern = re.compile(row.pattern)
    if pattern.match(""):
        raise ValueError(f"a cue must not match nothing: {row.pattern}")
    if unknown := set(_GROUP.findall(row.frame)) - pattern.groupindex.keys():
        raise ValueError(f"the frame names a group that the cue has not: {', '.join(sorted(unknown))}")


def drafts(every: Iterable[Language]) -> tuple[Language, ...]:
    """Those that nobody has signed off."""
    return tuple(language for language in every if not language.reviewed_by)
