"""What has to hold whatever was thrown at the proxy: the oracles I1 to I6 of the siege, as plain functions.

I1  no canary in any sink: raw, or behind one of five decodings
I2  exactly one committed record for each request, its intent before the provider hears its first byte
I3  every byte outside what was replaced is what the client sent
I4  the process lives, and a benign request on a new connection is answered
I5  an error has the caller's own shape and quotes nothing
I6  memory and patience are bounded, nothing was unforeseen
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from benchmarks.processes import tree
from tests.support.proxy import spellings

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
# In identifiers with a restricted alphabet it has no brackets: NAME_1.
_PLACEHOLDER = re.compile(r'\[[A-Z][A-Z0-9_]*_\d+(?:: [^\]"\\]*)?\]|(?<![A-Za-z0-9_])[A-Z]{2,}(?:_[A-Z]+)*_\d+(?!\w)')
_OWN = re.compile(rb',"(?:store|log)":false(?=\}$)')
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def hidden_in(canary: str, sink: bytes) -> bool:
    """I1: true if the canary is there as it is, or in base64, hex, percent, JSON escapes or another Unicode dress."""
    known = spellings(canary)
    return any(spelling in view for view in _views(sink) for spelling in known)


def _views(sink: bytes) -> Iterator[bytes]:
    yield sink
    if b"%" in sink:
        yield unquote_to_bytes(sink)
    if sink.isascii() and b"\\u" not in sink:
        return
    text = sink.decode("utf-8", "replace")
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    plain = unicodedata.normalize("NFKC", text)
    yield "".join(char for char in plain if unicodedata.category(char) not in ("Cf", "Mn")).encode("utf-8", "replace")


def same_outside(sent: bytes, received: bytes) -> bool:
    """I3: true if one became the other by placeholders within string tokens and by nothing else.

    But that the provider is to keep nothing is said behind the last member, if the client did not say it.
    """
    received = _OWN.sub(b"", received)
    if _STRING.sub(b'""', sent) != _STRING.sub(b'""', received):
        return False
    pairs = zip(_STRING.findall(sent), _STRING.findall(received), strict=True)
    return all(mine == theirs or _replaced(mine, theirs) for mine, theirs in pairs)


def _replaced(mine: bytes, theirs: bytes) -> bool:
    # A token that is replaced is written anew: what it says has to be the same, not how its characters are escaped.
    said, told = json.loads(mine), json.loads(theirs)
    first, *rest = _PLACEHOLDER.split(told)
    if not rest or not said.startswith(first):
        return False
    at, last = len(first), rest.pop()
    for literal in rest:
        found = said.find(literal, at + 1)
        if found < 0:
            return False
        at = found + len(literal)
    return bool(said.endswith(last)) and len(said) - len(last) > at


@dataclass(frozen=True)
class AuditLog:
    """The proxy's audit database, read as an auditor would, while it is being written."""

    file: Path

    def of(self, receipt: str, kind: str) -> int:
        """How many entries of a kind one receipt has."""
        return self._count("kind = ? and receipt = ?", kind, receipt)

    def outcomes(self) -> int:
        """Of all exchanges that ever ended here."""
        return self._count("kind = 'outcome'")

    def open_intents(self, since: int) -> int:
        """Requests that may be at a provider now, of those after `since` (microseconds)."""
        ended = "select 1 from entries as o where o.receipt = entries.receipt and o.kind = 'outcome'"
        return self._count(f"kind = 'intent' and at >= ? and not exists ({ended})", since)

    def refused(self, code: str, since: int) -> int:
        """Outcomes after `since` that name this failure."""
        failure = "kind = 'outcome' and at >= ? and json_extract(body, '$.failure') = ?"
        return self._count(failure, since, code)

    def told(self, since: int) -> list[Mapping[str, Any]]:
        """What the record says of each exchange that ended after `since`, in order. What says nothing is left out."""
        with self._connected() as database:
            rows = database.execute(
                "select body from entries where kind = 'outcome' and at >= ? order by at, writer, seq", (since,)
            ).fetchall()
        return [json.loads(body) for (body,) in rows]

    def outcome(self, receipt: str) -> Mapping[str, Any]:
        """What the record says of the end of one exchange."""
        with self._connected() as database:
            [(body,)] = database.execute(
                "select body from entries where kind = 'outcome' and receipt = ?", (receipt,)
            ).fetchall()
        found: Mapping[str, Any] = json.loads(body)
        return found

    def words(self, since: int) -> bytes:
        """Everything that was written after `since`, and the names of what was."""
        with self._connected() as database:
            rows = database.execute(
                "select writer, kind, receipt, body from entries where at >= ?", (since,)
            ).fetchall()
        return "\n".join(str(part) for row in rows for part in row).encode()

    def _count(self, where: str, *values: object) -> int:
        with self._connected() as database:
            [(count,)] = database.execute(f"select count(*) from entries where {where}", values).fetchall()
        return int(count)

    def _connected(self) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10))


def unforeseen(log: bytes) -> list[str]:
    """I6: lines of the log that tell of something that nobody had planned for. A line that is no JSON is one."""
    return [line.decode("utf-8", "replace") for line in log.splitlines() if not _is_planned(line)]


def _is_planned(line: bytes) -> bool:
    try:
        told = json.loads(line)
    except ValueError:
        return False
    crashed = told.get("event") == "library" and told.get("level") in ("error", "critical")
    return told.get("event") != "unexpected_error" and not crashed


class Memory:
    """How much a process and all that it started grow, at their peak, from here on: the analyzer is one of them."""

    def __init__(self, process: int) -> None:
        self._process = process
        for each in self._all():
            with suppress(OSError):  # it has just ended
                Path(f"/proc/{each}/clear_refs").write_text("5")  # the peak begins again at what is held now
        self._before = self._peaks()

    def growth(self) -> float:
        """MiB over what was held when this was made; of a child that is new, all it holds over the others' average."""
        now = self._peaks()
        usual = max(self._before.values())
        return sum(now[each] - self._before.get(each, usual) for each in now) / 1024

    def _peaks(self) -> dict[int, int]:
        return {each: _peak(each) for each in self._all() if _peak(each)}

    def _all(self) -> list[int]:
        return list(tree(self._process))


def _peak(process: int) -> int:
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) if found else 0
