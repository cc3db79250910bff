"""One writer's log: each entry's hash takes in the one before, and is a leaf of the writer's Merkle tree.

The chain tells which entry was changed, the tree's signed head tells that nothing else ever was in it. A hash takes in
all columns of a row, each with its length, under a name of our own, so that no two rows have the same spelling.
"""

from __future__ import annotations

from hashlib import sha256
from struct import Struct
from typing import Final, NamedTuple

from guardrail.record.note import Checkpoint
from guardrail.record.tree import HASH_BYTES, Frontier, leaf_hash

_DOMAIN: Final = b"guardrail audit entry 1\n"
_NUMBERS: Final = Struct(">Qq").pack
_LENGTH: Final = Struct(">I").pack
_NOTHING: Final = b"\xff" * 4
"""In place of a length: the column is empty."""


class Stored(NamedTuple):
    """A row of `entries` as it is in the table, hashed or not."""

    seq: int
    at: int
    kind: str
    receipt: str | None
    body: str


def origin_of(writer: str) -> str:
    """How checkpoints call a writer's log, and the name that they are signed under."""
    return f"guardrail/{writer}"


def entry_hash(writer: str, previous: bytes, row: Stored) -> bytes:
    """Of one row, given the hash before it. Raises struct.error for numbers that no row can have."""
    seq, at, kind, receipt, body = row
    told = [_DOMAIN, previous, _NUMBERS(seq, at)]
    for value in (writer, kind, receipt, body):
        if value is None:
            told.append(_NOTHING)
        else:
            data = value.encode("utf-8", "surrogateescape")
            told += (_LENGTH(len(data)), data)
    return sha256(b"".join(told)).digest()


def genesis(writer: str) -> bytes:
    """What the first entry is chained to."""
    return sha256(b"guardrail audit chain 1\n" + writer.encode()).digest()


class Chain:
    """Where a writer's log stands: how long it is, its last hash, its tree's edge, the time of its last entry."""

    __slots__ = ("at", "last", "tree", "writer")

    def __init__(self, writer: str, tree: Frontier | None = None, last: bytes = b"", at: int = 0) -> None:
        self.writer, self.tree = writer, tree or Frontier()
        self.last, self.at = last or genesis(writer), at

    @property
    def size(self) -> int:
        """Entries in it; the next one's number."""
        return self.tree.size

    def add(self, row: Stored) -> bytes:
        """The row's hash; the row has to be the next one."""
        return self.take(row.at, entry_hash(self.writer, self.last, row))

    def take(self, at: int, found: bytes) -> bytes:
        """Goes on from a hash."""
        self.tree.add(leaf_hash(found))
        self.last, self.at = found, at
        return found

    def copy(self) -> Chain:
        """One that grows apart from this."""
        return Chain(self.writer, self.tree.copy(), self.last, self.at)

    def checkpoint(self) -> Checkpoint:
        """What is signed."""
        return Checkpoint(origin_of(self.writer), self.size, self.tree.root())

    def pack(self) -> bytes:
        """The column `frontier`: the last hash, then the tree's edge."""
        return self.last + b"".join(self.tree.nodes)

    @classmethod
    def unpack(cls, writer: str, size: int, at: int, data: bytes) -> Chain:
        """Raises ValueError for what `pack` can't have made."""
        if len(data) % HASH_BYTES or not data:
            raise ValueError("no frontier")
        last, *nodes = (data[start : start + HASH_BYTES] for start in range(0, len(data), HASH_BYTES))
        return cls(writer, Frontier(size, nodes), last, at)
