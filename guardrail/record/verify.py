"""Whether an audit log is as it was written, and if not, where it is not: `guardrail audit verify`.

Every chain is followed from its first entry, or from what a purge left of it, to its signed head, and held against
every signed size and root of it that is known: the head in the database, checkpoints, the head file beside it,
exported checkpoints, and what other writers' `start` events say of it. A page of rows is in memory at a time.

What can be told of an entry on its own is told of that entry; a whole rewritten stretch is told as the stretch between
the last root that agrees and the first that does not.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from guardrail.record.beside import raw
from guardrail.record.chain import Chain, Stored, entry_hash, origin_of
from guardrail.record.database import FAULTS, Database, why
from guardrail.record.entry import Event, Kind, from_json
from guardrail.record.heads import LOG, read_heads
from guardrail.record.journal import HEAD, open_head, rotations, values
from guardrail.record.keys import read_instance, trusted
from guardrail.record.note import BadNote, Checkpoint, Verifier, notes_in, signed_text
from guardrail.record.tree import HASH_BYTES, leaf_hash
from guardrail.text import plain

PAGE: Final = 4_000
MAX_PROBLEMS: Final = 1_000
_LOWEST: Final = -(2**63)
_HIGHEST: Final = 2**63 - 1
_PREFIX: Final = origin_of("")


class Wrong(StrEnum):
    """What can be wrong.

    CHANGED     an entry, or each of a stretch, is not what was written
    MISSING     entries are not there: deleted, cut off, or the database is an older copy
    UNSIGNED    entries are there that nobody signed: put in
    FORGED      a checkpoint, a signed head or a head file is not one of this log's
    NO_CHAIN    a whole writer's log is not there
    PURGED      entries are there that a purge has done away with
    UNREADABLE  the database can't be read there
    """

    CHANGED = "changed"
    MISSING = "missing"
    UNSIGNED = "unsigned"
    FORGED = "forged"
    NO_CHAIN = "no_chain"
    PURGED = "purged"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Problem:
    """`seq` to `until` (not in it) of a writer's entries; `detail` is a word about how it shows."""

    writer: str
    seq: int
    until: int
    what: Wrong
    detail: str = ""

    def __str__(self) -> str:
        """One line, whatever somebody who has rewritten the database calls its writers."""
        where = f"entry {self.seq}" if self.until <= self.seq + 1 else f"entries {self.seq} to {self.until - 1}"
        told = f"{self.writer}: {where}: {self.what}" + (f" ({self.detail})" if self.detail else "")
        return plain(told).replace("\n", "\N{REPLACEMENT CHARACTER}")


@dataclass(slots=True)
class Report:
    """What was looked at, and what is wrong with it."""

    entries: int = 0
    chains: int = 0
    checkpoints: int = 0
    anchors: int = 0
    """Signed heads from outside the database that were held against it."""
    first: int = 0
    last: int = 0
    """Times of the first and of the last entry, microseconds."""
    found: int = 0
    """How many problems there are; `problems` holds the first thousand."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """True if nothing is wrong."""
        return self.found == 0

    def add(self, problem: Problem) -> None:
        """One more."""
        self.found += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What somebody keeps as the size and root of a log. `note` is signed; None where an entry says it."""

    size: int
    root: bytes
    note: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Stub:
    """What a purge says that it left of a chain."""

    size: int
    root: bytes
    last: bytes


async def verify(
    database: Database,
    keys: Sequence[Verifier],
    *,
    outside: Iterable[str] = (),
    local: bool = True,
    progress: Callable[[int], None] = lambda count: None,
) -> Report:
    """Reads the whole log once. Raises StoreUnusable if nothing of it can be read.

    `keys` are those that are trusted to begin with. `outside` are notes that were kept elsewhere; with `local` the head
    files and checkpoints in the data folder count as well.
    """
    report, book = Report(), Anchors()
    folder = database.place.folder
    instance = read_instance(folder) if local else ""
    if local:  # before the database, which may go on growing: what they say is never more than what is there then
        _read_folder(folder, book, report)
    for note in outside:
        book.add_note(note, "exported checkpoint", report)
    try:
        async with database.reading() as connection:
            trust = list(trusted(keys, await rotations(connection)).values())
            await _Log(connection, trust, book, report, progress, instance).verify()
    except FAULTS as error:
        report.add(Problem("log", 0, 0, Wrong.UNREADABLE, why(error)))
    return report


class Anchors:
    """Signed heads by writer and size."""

    def __init__(self) -> None:
        self._of: dict[str, dict[int, list[Anchor]]] = {}
        self.filed: set[str] = set()
        """Those that have a head file."""

    @property
    def writers(self) -> Iterator[str]:
        """Those of whom anybody keeps anything but an empty log."""
        return (writer for writer, sizes in self._of.items() if any(sizes))

    def of(self, writer: str) -> Mapping[int, list[Anchor]]:
        """By size."""
        return self._of.get(writer, {})

    def add(self, writer: str, anchor: Anchor) -> None:
        """One more."""
        kept = self._of.setdefault(writer, {}).setdefault(anchor.size, [])
        if all(anchor.root != other.root or anchor.note is None for other in kept):
            kept.append(anchor)

    def add_note(self, note: str, source: str, report: Report) -> None:
        """A note that somebody kept: its signature is looked at when it does not agree."""
        try:
            checkpoint = Checkpoint.parse(signed_text(note))
        except BadNote:
            report.add(Problem("log", 0, 0, Wrong.FORGED, f"{source} can't be read"))
            return
        if checkpoint.origin.startswith(_PREFIX):
            writer = checkpoint.origin.removeprefix(_PREFIX)
            self.add(writer, Anchor(checkpoint.size, checkpoint.root, note, source))
            report.anchors += 1


def _read_folder(folder: Path, book: Anchors, report: Report) -> None:
    for writer, notes in read_heads(folder):
        book.filed.add(writer)
        readable = [note for note in notes if _is_checkpoint(note)]  # one half written when the power went is no matter
        for note in readable:
            book.add_note(note, "head file", report)
        if not readable:
            report.add(Problem(writer, 0, 0, Wrong.FORGED, "head file can't be read"))
    for path in (folder / f"{LOG}.1", folder / LOG):
        if path.is_file():
            for note in read_notes(path.read_text("utf-8", "replace"), path.name, report):
                book.add_note(note, path.name, report)


def _is_checkpoint(note: str) -> bool:
    try:
        Checkpoint.parse(signed_text(note))
    except BadNote:
        return False
    return True


def read_notes(found: str, source: str, report: Report) -> Iterator[str]:
    """The notes of a file, as far as they can be read."""
    try:
        yield from notes_in(found)
    except BadNote:
        report.add(Problem("log", 0, 0, Wrong.FORGED, f"{source} is broken off"))


class _Log:
    """One reading of a whole log."""

    def __init__(
        self,
        connection: AsyncConnection,
        trust: Sequence[Verifier],
        book: Anchors,
        report: Report,
        progress: Callable[[int], None],
        instance: str,
    ) -> None:
        self.connection, self.trust, self.book, self.report = connection, trust, book, report
        self.progress, self.instance = progress, instance
        self.stubs: dict[str, Stub] = {}

    async def verify(self) -> None:
        heads = await values(self.connection, HEAD)
        self._miss_head_files(heads)
        await self._read_events()
        found = await self.connection.execute(text("SELECT DISTINCT writer FROM entries"))
        writers = {str(writer) for writer in found.scalars()}
        found = await self.connection.execute(text("SELECT DISTINCT writer FROM checkpoints"))
        signed = {str(writer) for writer in found.scalars()}
        for writer in sorted(writers | signed | set(heads) | set(self.book.writers)):
            self.report.chains += 1
            try:
                await _Walk(self, writer, heads.get(writer)).verify()
            except FAULTS as error:
                self.report.add(Problem(writer, 0, 0, Wrong.UNREADABLE, why(error)))

    def _miss_head_files(self, heads: Iterable[str]) -> None:
        """Each writer of this folder has one."""
        for writer in heads:
            if self.instance and writer.startswith(f"{self.instance}.") and writer not in self.book.filed:
                self.report.add(Problem(writer, 0, 0, Wrong.FORGED, "head file is missing"))

    async def _read_events(self) -> None:
        """What entries say of other chains. If one was changed, its own chain tells."""
        self.stubs = await stubs(self.connection)
        async for event in _events(self.connection, "start"):
            for name, value in event.facts.items():
                size, _, root = str(value).partition(":")
                anchor = _anchor(size, root) if name.startswith("head.") else None
                if anchor is not None:
                    self.book.add(name.removeprefix("head."), anchor)


async def stubs(connection: AsyncConnection) -> dict[str, Stub]:
    """What purges left, by writer: the latest one counts."""
    found: dict[str, Stub] = {}
    async for event in _events(connection, "purged"):
        facts = {name: str(value) for name, value in event.facts.items()}
        anchor, last = _anchor(facts.get("size", ""), facts.get("root", "")), _hash(facts.get("last", ""))
        writer = facts.get("writer", "")
        known = found.get(writer)
        if anchor is not None and last is not None and (known is None or anchor.size > known.size):
            found[writer] = Stub(anchor.size, anchor.root, last)
    return found


async def _events(connection: AsyncConnection, what: str) -> AsyncIterator[Event]:
    found = await connection.execute(_EVENTS, {"kind": Kind.EVENT.value, "like": f'%"what":"{what}"%'})
    for (body,) in found:
        try:
            event = from_json(Kind.EVENT, body)
        except (ValueError, TypeError):
            continue
        if isinstance(event, Event) and event.what == what:
            yield event


class _Walk:
    """Along one chain. `_chain` goes on from stored hashes; `_other` from the one that the last entry should have."""

    def __init__(self, log: _Log, writer: str, head: str | None) -> None:
        self._log, self._writer, self._head_note = log, writer, head
        self._report = log.report
        self._chain = Chain(writer)
        self._other: Chain | None = None
        self._lost = False
        """After a gap: what a hash takes in is not known, until a checkpoint tells."""
        self._agreed = 0
        """Up to here a signed root agrees."""
        self._wrong = False
        """Something was found since then."""
        self._saved: dict[int, Chain] = {}
        self._outside: Sequence[int] = ()
        """Sizes that somebody signed, but for checkpoints."""
        self._left: tuple[int, int] | None = None
        """What a purge should have taken away."""

    async def verify(self) -> None:
        head = self._signed_head()
        self._outside = sorted(self._log.book.of(self._writer))
        await self._begin()
        await self._follow()
        await self._end(head)

    def _tell(self, what: Wrong, seq: int, until: int | None = None, detail: str = "") -> None:
        self._report.add(Problem(self._writer, seq, seq + 1 if until is None else until, what, detail))

    # ── what is signed ────────────────────────────────────────────────────────────────────────────────────────

    def _signed_head(self) -> Checkpoint | None:
        if self._head_note is None:
            return None
        try:
            head = open_head(self._head_note, self._writer, self._log.trust)
        except (ValueError, TypeError, AttributeError) as error:
            self._tell(Wrong.FORGED, 0, 0, f"signed head: {_told(error)}")
            return None
        self._log.book.add(self._writer, Anchor(head.size, head.root, self._head_note, "signed head"))
        return head

    async def _read_checkpoints(self, start: int, until: int) -> None:
        """Those of more than `start` entries and of at most `until`; kept until the next are read."""
        self._saved.clear()
        while start < until:
            bounds = {"writer": self._writer, "start": start, "until": until, "limit": PAGE}
            rows = (await self._log.connection.execute(_CHECKPOINTS, bounds)).fetchall()
            for row in rows:
                self._read_checkpoint(*row)
            if len(rows) < PAGE or not isinstance(rows[-1][0], int):
                return
            start = rows[-1][0]

    def _read_checkpoint(self, size: Any, root: Any, note: Any, frontier: Any, at: Any) -> None:
        self._report.checkpoints += 1
        where = size if type(size) is int else 0
        try:
            signed = open_head(note, self._writer, self._log.trust)
            chain = Chain.unpack(self._writer, size, at, bytes(frontier))
        except (ValueError, TypeError, AttributeError) as error:
            self._tell(Wrong.FORGED, where, None, f"checkpoint: {_told(error)}")
            return
        if type(at) is not int or signed != chain.checkpoint() or signed.root != root:
            self._tell(Wrong.FORGED, where, None, "checkpoint: not what was signed")
            return
        self._saved[size] = chain
        self._log.book.add(self._writer, Anchor(size, signed.root, note, "checkpoint"))

    # ── the entries ───────────────────────────────────────────────────────────────────────────────────────────

    async def _begin(self) -> None:
        """From nothing, or from what a purge left."""
        stub = self._log.stubs.get(self._writer)
        await self._read_checkpoints(_LOWEST, 0 if stub is None else stub.size)
        if stub is None:
            return
        saved = self._saved.get(stub.size)
        if saved is None or saved.last != stub.last or saved.tree.root() != stub.root:
            self._tell(Wrong.FORGED, stub.size, None, "purge: no signed checkpoint of what was left")
            return
        self._chain, self._agreed = saved.copy(), stub.size

    async def _follow(self) -> None:
        begun, start = self._chain.size, _LOWEST
        while True:
            try:
                rows = await _page(self._log.connection, self._writer, start, PAGE)
            except FAULTS as error:
                self._tell(Wrong.UNREADABLE, self._chain.size, None, why(error))
                return
            numbers = [row[0] for row in rows if type(row[0]) is int]
            if numbers:
                await self._read_checkpoints(self._chain.size, numbers[-1] + 1)
            self._take_page(rows, begun)
            self._report.entries += len(rows)
            self._log.progress(self._report.entries)
            if len(rows) < PAGE or not numbers:
                return
            start = numbers[-1] + 1

    def _take_page(self, rows: Sequence[Any], begun: int) -> None:
        """Nearly all entries are the next ones, and right; only the others, and where somebody signed, are looked at
        one by one."""
        signed = sorted({*self._saved, *self._outside[bisect_right(self._outside, self._chain.size) :]})
        done = 0
        while done < len(rows):
            at = bisect_right(signed, self._chain.size)
            right = self._right(rows, done, signed[at] - 1 if at < len(signed) else _HIGHEST)
            if right == done:
                self._take(rows[done], begun)
                right += 1
            done = right

    def _right(self, rows: Sequence[Any], start: int, until: int) -> int:
        """Takes rows from `start` on, as long as each is the next entry, and as it was written, and before entry
        `until`. Which row is the first that it did not take."""
        if self._lost or self._other is not None:
            return start
        writer, chain, last, size = self._writer, self._chain, self._chain.last, self._chain.size
        add, at = chain.tree.add, start
        for row in islice(rows, start, None):
            if row[0] != size or size >= until:
                break
            try:
                found = entry_hash(writer, last, row[:5])
            except (struct.error, AttributeError, TypeError):
                break  # not of the types of an entry
            if found != row[5]:
                break
            add(leaf_hash(found))
            last, size, at = found, size + 1, at + 1
        if at > start:
            times = [row[1] for row in rows[start:at]]
            chain.last, chain.at = last, times[-1]
            self._report.first = min(self._report.first or times[0], *times)
            self._report.last = max(self._report.last, *times)
        return at

    def _take(self, row: Sequence[Any], begun: int) -> None:
        if not _is_row(row):
            self._tell(Wrong.CHANGED, self._chain.size, None, "not of the types of an entry")
            return
        seq, at, stored = row[0], row[1], bytes(row[5])
        if seq < self._chain.size:
            self._before(seq, begun)
            return
        if seq > self._chain.size:
            self._skip_to(seq)
        self._report.first = min(self._report.first or at, at)
        self._report.last = max(self._report.last, at)
        if self._lost:
            self._chain.take(at, stored)
        else:
            self._check(Stored(*row[:5]), stored)
        self._hold_against_anchors()

    def _before(self, seq: int, begun: int) -> None:
        if 0 <= seq < begun:
            self._left = (min(self._left[0], seq), max(self._left[1], seq + 1)) if self._left else (seq, seq + 1)
        else:
            self._tell(Wrong.UNSIGNED, seq)

    def _skip_to(self, seq: int) -> None:
        self._tell(Wrong.MISSING, self._chain.size, seq)
        self._wrong, self._other = True, None
        self._lost = seq not in self._saved
        self._chain = _unknown(self._writer, seq) if self._lost else self._saved[seq].copy()

    def _check(self, row: Stored, stored: bytes) -> None:
        """Which entry is wrong shows in the next one: it fits the stored hash, or the one that should be stored."""
        right = entry_hash(self._writer, self._chain.last, row)
        if right != stored and self._other is not None and entry_hash(self._writer, self._other.last, row) == stored:
            self._chain, right = self._other, stored
        self._other = None
        if right != stored:
            self._tell(Wrong.CHANGED, row.seq, None, "or the one before" if self._wrong_before(row.seq) else "")
            self._wrong = True
            self._other = self._chain.copy()
            self._other.take(row.at, right)
        self._chain.take(row.at, stored)

    def _wrong_before(self, seq: int) -> bool:
        last = self._report.problems[-1] if self._report.problems else None
        return last is not None and (last.writer, last.seq, last.what) == (self._writer, seq - 1, Wrong.CHANGED)

    def _hold_against_anchors(self) -> None:
        size = self._chain.size
        anchors, saved = self._log.book.of(self._writer).get(size, ()), self._saved.get(size)
        known = [self._chain] if self._other is None else [self._chain, self._other]
        if saved is not None and not self._wrong and (saved.at, saved.last) not in [(c.at, c.last) for c in known]:
            self._tell(Wrong.FORGED, size, None, "checkpoint: not the entry that was signed")
        if not anchors or (self._lost and saved is None):
            return  # nobody says what the root should be
        roots = {chain.tree.root() for chain in known} if not self._lost else set()
        differs = False
        for anchor in anchors:
            if anchor.root in roots:
                continue
            if self._is_forged(anchor):
                self._tell(Wrong.FORGED, size, None, f"{anchor.source}: not signed by a known key")
                continue
            if not (self._wrong or differs):
                self._tell(Wrong.CHANGED, self._agreed, size, f"not what the {anchor.source} signs")
            differs = True
        if differs:
            self._go_on_from(saved, size)
        elif anchors:
            self._agreed, self._wrong = size, False

    def _go_on_from(self, saved: Chain | None, size: int) -> None:
        """What comes after something wrong is judged by itself, from a signed checkpoint on."""
        self._wrong = True
        if saved is None:
            return
        if self._lost and saved.last != self._chain.last:
            self._tell(Wrong.CHANGED, size - 1, None, "not what the checkpoint signs")
        self._chain, self._other, self._lost = saved.copy(), None, False
        self._agreed, self._wrong = size, False

    def _is_forged(self, anchor: Anchor) -> bool:
        if anchor.note is None:
            return False
        try:
            open_head(anchor.note, self._writer, self._log.trust)
        except BadNote:
            return True
        return False

    # ── the end ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _end(self, head: Checkpoint | None) -> None:
        size = self._chain.size
        await self._read_checkpoints(size, _HIGHEST)
        if self._left:
            self._tell(Wrong.PURGED, *self._left)
        if head is not None and head.size < size:
            self._tell(Wrong.UNSIGNED, head.size, size)
        elif head is None and self._head_note is None and size > 0:
            self._tell(Wrong.UNSIGNED, 0, size, "no signed head")
        beyond = [each for at, kept in self._log.book.of(self._writer).items() if at > size for each in kept]
        honest = [anchor for anchor in beyond if not self._is_forged(anchor)]
        for anchor in beyond:
            if anchor not in honest:
                self._tell(Wrong.FORGED, anchor.size, None, f"{anchor.source}: not signed by a known key")
        if honest:
            most = max(honest, key=lambda anchor: anchor.size)
            whole = size == 0 and self._head_note is None
            self._tell(Wrong.NO_CHAIN if whole else Wrong.MISSING, size, most.size, f"says the {most.source}")


async def _page(connection: AsyncConnection, writer: str, start: int, limit: int) -> Sequence[Any]:
    """As `journal.page`, for a whole log."""
    bounds = {"writer": writer, "start": start, "limit": limit}
    return await connection.run_sync(lambda made: raw(made.execute(_ENTRIES, bounds)))


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, BadNote) else "can't be read"


def _is_row(row: Sequence[Any]) -> bool:
    """SQLite takes any type in any column."""
    seq, at, kind, receipt, body, stored = row
    numbers = type(seq) is int and type(at) is int and seq >= 0
    words = type(kind) is str and type(body) is str and (receipt is None or type(receipt) is str)
    return numbers and words and isinstance(stored, bytes | memoryview)


def _unknown(writer: str, size: int) -> Chain:
    """A chain of which nothing but the size is known."""
    chain = Chain(writer)
    chain.tree.size, chain.tree.nodes = size, [bytes(HASH_BYTES)] * size.bit_count()
    return chain


def _anchor(size: str, root: str) -> Anchor | None:
    found = _hash(root)
    return Anchor(int(size), found, None, "start event") if found and re.fullmatch(r"[0-9]{1,18}", size) else None


def _hash(hexadecimal: str) -> bytes | None:
    try:
        found = bytes.fromhex(hexadecimal)
    except ValueError:
        return None
    return found if len(found) == HASH_BYTES else None


_EVENTS: Final = text("SELECT body FROM entries WHERE kind = :kind AND body LIKE :like ORDER BY writer, seq")
_ENTRIES: Final = text(
    "SELECT seq, at, kind, receipt, body, hash FROM entries"
    " WHERE writer = :writer AND seq >= :start ORDER BY seq LIMIT :limit"
)
_CHECKPOINTS: Final = text(
    "SELECT size, root, note, frontier, at FROM checkpoints"
    " WHERE writer = :writer AND size > :start AND size <= :until ORDER BY size LIMIT :limit"
)
