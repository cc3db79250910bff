"""Labelled files: JSON lines, packed or not. Errors name the file and the line and never what stands there."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from guardrail.errors import ClientError

SHOWN: Final = 20
"""So many mistakes are told at once."""

_NAME: Final = re.compile(r"[\w.:/+-]{1,64}")
_LONE: Final = re.compile("[\ud800-\udfff]")


class Labelled(Protocol):
    """A text with what is true about it."""

    @property
    def id(self) -> str:
        """Which text it is."""
        ...

    @property
    def text(self) -> str:
        """What the product is given."""
        ...


_Row = TypeVar("_Row", bound=Labelled)


@dataclass(frozen=True, slots=True)
class Line:
    """An object of the file, and the number of its line."""

    number: int
    values: Mapping[str, Any]

    def text(self, key: str = "text") -> str:
        """A string that can be encoded. Raises ClientError."""
        value = self.values.get(key)
        if not isinstance(value, str) or _LONE.search(value):
            raise ClientError(f'no readable "{key}"', code="no_text")
        return value

    def name(self, key: str, default: str | None = None) -> str:
        """A short word: an id, a label, a language. Raises ClientError, also if it is missing without a default."""
        value = self.values.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise ClientError(f'"{key}" is not a short word', code="bad_line")
        return value

    def truth(self, key: str) -> bool:
        """True or false. Raises ClientError."""
        value = self.values.get(key)
        if not isinstance(value, bool):
            raise ClientError(f'"{key}" is not true or false', code="bad_line")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty if it is not there. Raises ClientError."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            raise ClientError(f'"{key}" is not a list of strings', code="bad_line")
        return tuple(value)

    def parts(self, key: str) -> list[Line]:
        """A list of objects. Raises ClientError."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise ClientError(f'"{key}" is not a list of objects', code="bad_line")
        return [Line(self.number, each) for each in value]

    @property
    def id(self) -> str:
        """The id, or the number of the line."""
        return self.name("id", str(self.number))


def read(path: Path, parse: Callable[[Line], _Row]) -> list[_Row]:
    """The texts of a file. Raises ClientError with a line `FILE:line: what` for each mistake (the first of many)."""
    rows: list[_Row] = []
    known: set[str] = set()
    wrong: list[str] = []
    for number, raw in enumerate(_content(path).split(b"\n"), 1):
        if raw.strip():
            try:
                row = parse(_line(number, raw))
                if row.id in known:
                    raise ClientError("this id stands in an earlier line", code="bad_line")
            except ClientError as error:
                wrong.append(f"{path}:{number}: {error.message}")
                continue
            known.add(row.id)
            rows.append(row)
    if wrong:
        more = [f"{path}: and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
        raise ClientError("\n".join([*wrong[:SHOWN], *more]), code="bad_line")
    if not rows:
        raise ClientError(f"{path}: there is no line in it", code="bad_line")
    return rows


def _content(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if path.suffix == ".gz" else raw
    except (OSError, EOFError, zlib.error) as error:  # gzip's BadGzipFile is an OSError
        raise ClientError(f"{path}: can't be read ({type(error).__name__})", code="bad_line") from None


def _line(number: int, raw: bytes) -> Line:
    try:
        values = json.loads(raw)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, Mapping):
        raise ClientError("not a JSON object", code="invalid_json")
    return Line(number, values)
