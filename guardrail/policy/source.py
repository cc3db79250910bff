"""A policy file as it was written: plain values, and the line each of them stands on. Knows no policy key.

A small subset of YAML, on purpose: one document, no anchors and aliases (billion laughs), no tags (code), no merge
keys, no key twice (the last would silently win), and only `true`/`false` are truth values, so that the codes `no`
(a disability code) and `NO` (Norway) stay words.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from guardrail.errors import PolicyError
from guardrail.text import plain

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 24

Key = tuple[str | int, ...]
"""Where a value stands: ("rails", 2, "response")."""

_INT = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_SECOND = "(second)"
"""Stands for a key that is given twice: what is under the second one is read over, and told apart from the first's."""
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with a policy, as a line that a person can act on. It never holds a value.

    `file` is the file's name only: directories are the machine's business.
    """

    file: str
    line: int
    key: Key
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {spell(self.key) or '(file)'}: {self.what}"


class Refused(PolicyError):
    """A policy with mistakes: one line of the message for each of `complaints`."""

    def __init__(self, *complaints: Complaint, param: str | None = None) -> None:
        super().__init__("\n".join(str(each) for each in dict.fromkeys(complaints)), param=param)
        self.complaints = complaints


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its values, and the line on which each begins (from 1).

    `complaints` tells what it should not have: a key twice, a tag, an anchor. Reading went on behind them so that
    all mistakes are told at once; a source with complaints must not be used.
    """

    path: Path
    values: Mapping[str, Any]
    sha256: str
    """Of the bytes that were read: what is on the disk may have changed since."""
    lines: Mapping[Key, int] = field(default_factory=dict, repr=False)
    complaints: tuple[Complaint, ...] = ()

    def line(self, key: Key) -> int:
        """The line of a value, or of the nearest thing around it."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def complain(self, key: Key, what: str) -> Complaint:
        """What is wrong at a key, placed on its line."""
        return Complaint(self.path.name, self.line(key), key, what)


def spell(key: Key) -> str:
    """`rails[2].response`, as a person would write it, on one line whatever the key is, for a log or a terminal."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{' '.join(step.split())}" for step in key)
    return plain(text.removeprefix("."))


def read_source(path: Path) -> Source:
    """Read one file. Raises Refused if it can't be read as a mapping at all; see `Source.complaints` for the rest."""
    return parse(_read_text(path), path)


def parse(text: str, path: Path) -> Source:
    """The values of a YAML text that is said to come from `path`. Raises Refused."""
    reader = _Reader(path)
    try:
        values = reader.read(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Refused(*reader.complaints, Complaint(path.name, line, (), _problem(error))) from None
    except yaml.YAMLError:
        raise _unreadable(path, "is not YAML, or has a forbidden character") from None
    except _TooMuch as error:
        raise Refused(*reader.complaints, error.complaint) from None
    if not isinstance(values, dict):
        raise Refused(*reader.complaints, Complaint(path.name, 1, (), "is empty, or not a mapping of keys"))
    return Source(path, values, digest(text.encode()), reader.lines, tuple(reader.complaints))


def digest(content: bytes) -> str:
    """By which a file is known to be the one that was read."""
    return hashlib.sha256(content).hexdigest()


def _problem(error: yaml.MarkedYAMLError) -> str:
    """What libyaml says; the parser without it may quote words of the file, so its words are not used."""
    return (error.problem if _LOADER.__name__ == "CSafeLoader" else None) or "is not YAML"


def _unreadable(path: Path, what: str) -> Refused:
    return Refused(Complaint(path.name, 1, (), what))


class _TooMuch(Exception):
    """Reading can't go on behind this complaint."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__()
        self.complaint = complaint


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file to be read. Raises OSError, also for what is none: a pipe would let us wait, a device never end."""
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        yield file


def led_to(link: Path) -> Path:
    """Where its links lead. Raises Refused for links that lead to each other, and for what no file can be called."""
    try:
        return link.resolve()
    except (OSError, RuntimeError, ValueError):  # in this order: no working folder, a circle, a NUL
        raise _unreadable(link, "can't be read (links in a circle, or not the name of a file)") from None


def is_there(path: Path) -> bool:
    """True if there is such a file. False, too, where nobody can look: behind a closed folder, at an endless name."""
    try:
        return path.is_file()
    except OSError:
        return False


def _read_text(path: Path) -> str:
    try:
        with opened(path) as file:
            if os.fstat(file.fileno()).st_mode & stat.S_IWOTH:
                raise _unreadable(path, "may be written by everybody on this machine; chmod o-w")
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise _unreadable(path, f"is over the limit of {MAX_BYTES:,} bytes")
        return data.decode("utf-8")
    except OSError as error:
        raise _unreadable(path, f"can't be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise _unreadable(path, "is not UTF-8") from None


class _Reader:
    """Builds plain values out of YAML events, and notes their lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._documents = 0
        self.lines: dict[Key, int] = {}
        self.complaints: list[Complaint] = []

    def read(self, events: Iterator[Event]) -> object:
        value: object = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    raise _TooMuch(self._complaint(event, (), "one document only; a second begins here"))
            elif isinstance(event, NodeEvent):
                value = self._value(event, events, ())
        return value

    def _value(self, event: Event, events: Iterator[Event], key: Key) -> object:
        self.lines.setdefault(key, _line(event))
        if len(key) > MAX_DEPTH:
            raise _TooMuch(self._complaint(event, key[:4], f"is nested deeper than {MAX_DEPTH} levels"))
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            self._complain(event, key, "anchors and aliases (& and *) are not allowed; write it out, or quote it")
        if getattr(event, "tag", None) is not None:
            self._complain(event, key, "tags (!) are not allowed; write it without, or quote it")
        if isinstance(event, AliasEvent):
            return None
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, key)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(events, key)
        return _scalar(event)

    def _mapping(self, events: Iterator[Event], key: Key) -> dict[str, object]:
        values: dict[str, object] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent):
                raise _TooMuch(self._complaint(event, key, "a key must be a word"))
            here = (*key, event.value)
            if event.value in values:
                self._complain(event, here, f"is given twice; first on line {self.lines[here]}")
                self._value(next(events), events, (*here, _SECOND))
                continue
            self.lines[here] = _line(event)
            values[event.value] = self._value(next(events), events, here)
        return values

    def _sequence(self, events: Iterator[Event], key: Key) -> list[object]:
        values: list[object] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            values.append(self._value(event, events, (*key, len(values))))
        return values

    def _complain(self, event: Event, key: Key, what: str) -> None:
        self.complaints.append(self._complaint(event, key, what))

    def _complaint(self, event: Event, key: Key, what: str) -> Complaint:
        return Complaint(self._path.name, _line(event), key, what)


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: Any) -> object:
    text: str = event.value
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
