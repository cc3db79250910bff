"""What somebody with all rights on the database can do to an audit log, one deed at a time, and where it must show."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from guardrail.record.chain import Chain, Stored


@dataclass(frozen=True)
class Tampered:
    """What was done, and the entries of which at least one has to be named."""

    what: str
    writer: str
    seqs: frozenset[int]


Log = dict[str, list[Stored]]


def read(database: sqlite3.Connection) -> Log:
    """Every chain, in its order."""
    found: Log = {}
    for writer, *row in database.execute(
        "SELECT writer, seq, at, kind, receipt, body FROM entries ORDER BY writer, seq"
    ):
        found.setdefault(writer, []).append(Stored(*row))
    return found


def flip(database: sqlite3.Connection, log: Log, dice: random.Random) -> Tampered:
    """One bit of one column of one row."""
    writer, row = _any(log, dice)
    column = dice.choice(("at", "kind", "receipt", "body", "hash"))
    at = (writer, row.seq)
    if column == "at":
        _do(database, "UPDATE entries SET at = ? WHERE writer = ? AND seq = ?", row.at ^ (1 << dice.randrange(50)), *at)
    elif column == "receipt" and row.receipt is None:
        _do(database, "UPDATE entries SET receipt = '' WHERE writer = ? AND seq = ?", *at)
    else:
        select = f"SELECT CAST({column} AS BLOB) FROM entries WHERE writer = ? AND seq = ?"
        [data] = database.execute(select, at).fetchone()
        bit = dice.randrange(len(data) * 8)
        changed = bytes(byte ^ (1 << bit % 8) if n == bit // 8 else byte for n, byte in enumerate(data))
        cast = "?" if column == "hash" else "CAST(? AS TEXT)"
        _do(database, f"UPDATE entries SET {column} = {cast} WHERE writer = ? AND seq = ?", changed, *at)
    return Tampered(f"flip {column}", writer, frozenset({row.seq}))


def delete(database: sqlite3.Connection, log: Log, dice: random.Random) -> Tampered:
    """One row, or some in a row."""
    writer, row = _any(log, dice)
    until = min(row.seq + dice.randint(1, 5), len(log[writer]))
    _do(database, "DELETE FROM entries WHERE writer = ? AND seq >= ? AND seq < ?", writer, row.seq, until)
    return Tampered("delete", writer, frozenset(range(row.seq, until)))


def renumber(database: sqlite3.Connection, log: Log, dice: random.Random) -> Tampered:
    """One row goes, and those after it close the gap."""
    writer, row = _any(log, dice)
    _do(database, "DELETE FROM entries WHERE writer = ? AND seq = ?", writer, row.seq)
    for later in range(row.seq + 1, len(log[writer])):
        _do(database, "UPDATE entries SET seq = ? WHERE writer = ? AND seq = ?", later - 1, writer, later)
    return Tampered("renumber", writer, frozenset({row.seq}))


def insert(database: sqlite3.Connection, log: Log, dice: random.Random) -> Tampered:
    """A row that was never written: in the middle, or chained well at the end."""
    writer, row = _any(log, dice)
    size = len(log[writer])
    if dice.random() < 0.5:
        chain = _chain(writer, log[writer])
        forged = Stored(size, chain.at + 1, row.kind, row.receipt, row.body)
        _put(database, writer, forged, chain.add(forged))
        return Tampered("append", writer, frozenset({size}))
    for later in range(size - 1, row.seq - 1, -1):
        _do(database, "UPDATE entries SET seq = ? WHERE writer = ? AND seq = ?", later + 1, writer, later)
    _put(database, writer, row, dice.randbytes(32))
    return Tampered("insert", writer, frozenset({row.seq}))


def swap(database: sqlite3.Connection, log: Log, dice: random.Random) -> Tampered:
    """Two rows change places, with or without their hashes."""
    writer, one = _any(log, dice)
    other = dice.choice([row for row in log[writer] if row[1:] != one[1:]])
    columns = "at, kind, receipt, body" + dice.choice(("", ", hash"))
    rows = {}
    for row in (one, other):
        select = f"SELECT {columns} FROM entries WHERE writer = ? AND seq = ?"
        rows[row.seq] = database.execute(select, (writer, row.seq)).fetchone()
    sets = ", ".join(f"{name} = ?" for name in columns.split(", "))
    for seq, values in ((one.seq, rows[other.seq]), (other.seq, rows[one.seq])):
        _do(database, f"UPDATE entries SET {sets} WHERE writer = ? AND seq = ?", *values, writer, seq)
    return Tampered("swap", writer, frozenset({one.seq, other.seq}))


def cut(database: sqlite3.Connection, log: Log, dice: random.Random) -> Tampered:
    """The last rows go; sometimes with the signed head of that time in place of the last one."""
    writer, row = _any(log, dice)
    _do(database, "DELETE FROM entries WHERE writer = ? AND seq >= ?", writer, row.seq)
    _do(database, "DELETE FROM checkpoints WHERE writer = ? AND size > ?", writer, row.seq)
    if dice.random() < 0.5:
        select = "SELECT note FROM checkpoints WHERE writer = ? ORDER BY size DESC LIMIT 1"
        older = database.execute(select, (writer,)).fetchone()
        if older:
            _do(database, "UPDATE meta SET value = ? WHERE key = ?", older[0], f"head:{writer}")
        else:
            _do(database, "DELETE FROM meta WHERE key = ?", f"head:{writer}")
    return Tampered("cut", writer, frozenset({row.seq}))


def rewrite(database: sqlite3.Connection, log: Log, dice: random.Random) -> Tampered:
    """One body is another, and every hash from there on is made anew: the chain itself is sound."""
    writer, row = _any(log, dice)
    chain = _chain(writer, log[writer][: row.seq])
    for each in log[writer][row.seq :]:
        now = each._replace(body='{"what":"stop"}') if each.seq == row.seq else each
        update = "UPDATE entries SET body = ?, hash = ? WHERE writer = ? AND seq = ?"
        _do(database, update, now.body, chain.add(now), writer, each.seq)
    return Tampered("rewrite", writer, frozenset({row.seq}))


def forge(database: sqlite3.Connection, log: Log, dice: random.Random) -> Tampered:
    """A checkpoint says something else than was signed."""
    rows = database.execute("SELECT writer, size FROM checkpoints WHERE size > 0").fetchall()
    writer, size = dice.choice(rows)
    column = dice.choice(("root", "frontier", "note", "at"))
    where = "WHERE writer = ? AND size = ?"
    if column == "at":
        _do(database, f"UPDATE checkpoints SET at = at + 1 {where}", writer, size)
    else:
        [data] = database.execute(f"SELECT CAST({column} AS BLOB) FROM checkpoints {where}", (writer, size)).fetchone()
        place = dice.randrange(len(data))
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        cast = "CAST(? AS TEXT)" if column == "note" else "?"
        _do(database, f"UPDATE checkpoints SET {column} = {cast} {where}", changed, writer, size)
    return Tampered(f"forge {column}", writer, frozenset({size}))


def drop(database: sqlite3.Connection, log: Log, dice: random.Random) -> Tampered:
    """A writer's whole chain, with everything that the database knows of it."""
    writer = dice.choice(sorted(log))
    _do(database, "DELETE FROM entries WHERE writer = ?", writer)
    _do(database, "DELETE FROM checkpoints WHERE writer = ?", writer)
    _do(database, "DELETE FROM meta WHERE key LIKE ?", f"%:{writer}")
    return Tampered("drop", writer, frozenset({0}))


Deed = Callable[[sqlite3.Connection, Log, random.Random], Tampered]
DEEDS: tuple[Deed, ...] = (flip, delete, renumber, insert, swap, cut, rewrite, forge, drop)


def _any(log: Log, dice: random.Random) -> tuple[str, Stored]:
    writer = dice.choice(sorted(log))
    return writer, dice.choice(log[writer])


def _chain(writer: str, rows: list[Stored]) -> Chain:
    chain = Chain(writer)
    for row in rows:
        chain.add(row)
    return chain


def _put(database: sqlite3.Connection, writer: str, row: Stored, made: bytes) -> None:
    _do(database, "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)", writer, *row, made)


def _do(database: sqlite3.Connection, statement: str, *values: object) -> None:
    database.execute(statement, values)
