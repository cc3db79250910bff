"""The audit log for other programs: JSON lines, or CSV that a spreadsheet opens without running anything (AUD-12)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from guardrail.record.archive import Line
from guardrail.record.database import StoreUnusable

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV injection)."""

COLUMNS: Final = (
    *("writer", "seq", "at", "kind", "receipt", "hash"),
    *("what", "actor", "facts"),
    *("who.client", "who.dialect", "who.model", "who.upstream", "who.surface", "who.use", "who.cohort", "who.subject"),
    *("policy.name", "policy.version", "policy.sha256"),
    *(
        "end",
        "action",
        "status",
        "stage",
        "failure",
        "gate",
        "suspension",
        "served",
        "streamed",
        "reviewed",
        "language",
    ),
    *("asked", "found", "places", "shown", "uninspected"),
    *("timings.added", "timings.first", "timings.upstream", "timings.total", "request_bytes", "answer_bytes"),
    *("usage.input", "usage.output", "usage.cached", "usage.reasoning", "cost", "currency", "footprint"),
)
"""Of the CSV, in their order. Lists and objects are JSON; what an entry does not say is empty."""


def moment(at: int) -> str:
    """Microseconds since 1970 as 2026-11-28T13:00:00.000000Z."""
    return (_EPOCH + timedelta(microseconds=at)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def as_json(line: Line) -> str:
    """One line of JSON, without its end. Raises StoreUnusable for an entry that is no JSON."""
    return json.dumps(
        {
            "writer": line.writer,
            "seq": line.seq,
            "at": moment(line.at),
            "kind": line.kind,
            "receipt": line.receipt,
            "entry": _entry(line),
            "hash": bytes(line.hash).hex(),
        }
    )


def header() -> str:
    """The first line of the CSV."""
    return _line(COLUMNS)


def as_csv(line: Line) -> str:
    """One record, with its line end. Raises StoreUnusable for an entry that is no JSON."""
    found = dict(_flat(_entry(line)))
    own = {"writer": line.writer, "seq": line.seq, "at": moment(line.at), "kind": line.kind, "receipt": line.receipt}
    row = {**found, **own, "hash": bytes(line.hash).hex()}
    return _line(tuple(_cell(row.get(name)) for name in COLUMNS))


def _entry(line: Line) -> Mapping[str, Any]:
    try:
        found = json.loads(line.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise StoreUnusable(f"entry {line.seq} of {line.writer} can't be read; see `guardrail audit verify`")
    return found


def _flat(entry: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in entry.items():
        if prefix + name in COLUMNS or not isinstance(value, dict):
            yield prefix + name, value
        else:
            yield from _flat(value, f"{prefix}{name}.")


def _cell(value: object) -> str:
    if value is None:
        return ""
    words = value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
    return f"'{words}" if isinstance(value, str) and words.startswith(_FORMULA) else words


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
