"""The matrix as pages: `.venv/bin/python -m tests.matrix.page` writes them, a test says when they are old.

docs/dialects.md gets the table of dialects and checks between its markers, docs/dialect-fields.md every leaf with what
happens to a string there. Both are read off the declarations that the product and the tests read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guardrail.dialects.catalog import ROUTES
from guardrail.dialects.table import Field
from tests.matrix.catalogue import ALL
from tests.matrix.leaves import leaves
from tests.specimens.base import Specimen

DOCS = Path(__file__).parent.parent.parent / "docs"
TABLE, FIELDS = DOCS / "dialects.md", DOCS / "dialect-fields.md"
BEGIN = "<!-- the matrix, written by `python -m tests.matrix.page` from here on -->"
END = "<!-- up to here: the matrix -->"
CHECKS = ("canary in", "PHI back", "notice", "persona", "warning", "block", "provider's error", "broken off")
_ALWAYS = {"canary in", "PHI back", "block", "provider's error"}


def matrix() -> str:
    """One line a dialect."""
    head = ["Dialect", "Paths", "Leaves: request, answer, frames", "Whole", "Streamed"]
    lines = [f"| {' | '.join(head)} |", "|---|---|---:|---|---|"]
    lines += [f"| {' | '.join(_row(each))} |" for each in ALL]
    return "\n".join(lines)


def _row(specimen: Specimen) -> Iterator[str]:
    yield f"`{specimen.name}`"
    yield (
        "<br>".join(f"`{route.method} {route.path}`" for route in ROUTES if route.dialect.name == specimen.name)
        or "by policy"
    )
    seen: set[Any] = set()
    frames = sum(1 for table in specimen.frames.values() for _ in leaves(table, seen))
    yield f"{_count(specimen.request_table)}, {_count(specimen.answer_table)}, {frames or '-'}"
    speaks = specimen.stream is not None
    whole = [check for check in CHECKS[:-1] if speaks or check in _ALWAYS]
    yield ", ".join(whole)
    yield ", ".join(CHECKS) if speaks else "no streams"


def _count(table: Field) -> int:
    return sum(1 for _ in leaves(table))


def fields() -> str:
    """Every leaf."""
    parts = ["# Every field of every dialect\n", _PREFACE]
    for specimen in ALL:
        parts.append(f"\n## {specimen.name}\n")
        tables = {"Request": specimen.request_table, "Answer": specimen.answer_table}
        tables |= {f"Frame `{name}`": table for name, table in specimen.frames.items()}
        seen: set[Any] = set()
        for title, table in tables.items():
            if title == "Answer":
                seen = set()
            parts.append(f"\n### {title}\n\n| Field | Kind |\n|---|---|")
            parts += [f"| `{path or '.'}` | {kind} |" for path, kind in _rows(table, seen)]
    return "\n".join(parts) + "\n"


_PREFACE = """Written by `python -m tests.matrix.page` from the tables that the product reads; dialects.md explains the
kinds. `[]` is every element of a list, `*` a member that no row names, `(word)` the variant of that type. A field
that is not listed is inspected in full, like `*`; a table that holds itself is listed once."""


def _rows(table: Field, seen: set[Any]) -> list[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for leaf in leaves(table, seen):
        where = " (a tool's arguments)" if leaf.tool else " (never restored)" if leaf.foreign else ""
        found[leaf.path, leaf.kind + where] += 1
    return list(found)


def with_matrix(page: str) -> str:
    """The page with the table of now."""
    start, end = page.index(BEGIN) + len(BEGIN), page.index(END)
    return f"{page[:start]}\n\n{matrix()}\n\n{page[end:]}"


if __name__ == "__main__":
    TABLE.write_text(with_matrix(TABLE.read_text(encoding="utf-8")), encoding="utf-8")
    FIELDS.write_text(fields(), encoding="utf-8")
