"""The tables of the evidence store, the same in SQLite and in PostgreSQL. Times are microseconds since 1970, UTC.

`entries` is the audit log; nothing in it is ever updated. The other tables hold what may change or be deleted, so that
no right of a patient and no working queue touches the log. What people wrote is in `words` and `note` only, encrypted.
Changes go through record/migrations; a test holds the two together.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, MetaData, Table, Text, literal_column

metadata: Final = MetaData()

EVENTS_ONLY: Final = literal_column("kind = 'event'", Boolean())
"""In these words a query finds the index of the events: a value that is bound is not known when it is planned."""

entries: Final = Table(
    "entries",
    metadata,
    Column("writer", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("receipt", Text),
    Column("body", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("entries_at", "at", "writer", "seq"),
    Index("entries_receipt", "receipt"),
    Index("entries_events", "at", "writer", "seq", sqlite_where=EVENTS_ONLY, postgresql_where=EVENTS_ONLY),
)
"""One row is one leaf of its writer's log; `hash` chains it to the one before (record.chain)."""

checkpoints: Final = Table(
    "checkpoints",
    metadata,
    Column("writer", Text, primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Signed tree heads. `frontier` is what the tree goes on from; `at` is that of the last entry in it."""

subjects: Final = Table(
    "subjects",
    metadata,
    Column("receipt", Text, primary_key=True),
    Column("tag", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Index("subjects_tag", "tag"),
)
"""Which exchanges are about one pseudonym (record.subjects). Deleting a row breaks the link for good (WHO-21)."""

meta: Final = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
"""Single values by name: `head:WRITER`, `open:WRITER`."""

suspensions: Final = Table(
    "suspensions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("ended", BigInteger),
    Column("ended_by", Text),
)
"""What is suspended (WHO-11): `scope` is model, client, upstream, capability or all; no `ended` while it holds."""

cases: Final = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("receipt", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("language", Text, nullable=False),
    Column("graphic", Boolean, nullable=False),
    Column("words", LargeBinary),
    Column("assigned", Text),
    Column("closed", BigInteger),
    Column("outcome", Text),
    Column("note", LargeBinary),
    Index("cases_receipt", "receipt"),
    Index("cases_state", "state", "due"),
)
"""Feedback and complaints (WHO-61, WHO-74, WHO-90). `words` and `note` are encrypted."""

incidents: Final = Table(
    "incidents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("published", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("receipts", BigInteger, nullable=False),
    Column("withdrawn", BigInteger),
)
"""What was published about failures: anybody may read it, so it is in clear."""
