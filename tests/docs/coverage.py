"""What is done about each WHO requirement, as a page: `.venv/bin/python -m tests.docs.coverage` writes it.

coverage.toml beside this file is the source. A row may only name tests, pages and metrics that are there.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = Path(__file__).with_name("coverage.toml")
PAGE: Final = ROOT / "docs" / "who-coverage.md"
STATES: Final[Mapping[str, str]] = {
    "held": "done and tested",
    "partly": "partly",
    "open": "not built yet: issue 6/7",
    "outside": "a proxy cannot do this",
}
KEYS: Final = frozenset({"asks", "state", "does", "tests", "see", "lacks"})
MAX_WORDS: Final = 12

_PREFACE: Final = """# What is done about each WHO requirement

Written by `python -m tests.docs.coverage` from tests/docs/coverage.toml; an old page fails the build, and so does a
row that names a test or a page that is not there. The numbers are those of `because:` in policies. The requirements
are told in our words; the source is WHO, *Ethics and governance of artificial intelligence for health: guidance on
large multi-modal models* (18 January 2024). "Done" means: it happens and a test fails if it stops; how well is in
[rails](rails.md) and [benchmarks](benchmarks.md).
"""
_CANNOT: Final = """
## What no proxy can do

- repair a model: its training data, its consent, its bias, the work and energy that went into it
- prove that an answer is true
- see what does not pass through it, or what somebody copies elsewhere
- promise that nobody can be identified: a rare disease or a picture can be enough
- keep a provider from storing or training; it asks for an attestation and refuses who has none
- ask for consent, check an age, judge who can decide for himself; it holds what applications say
- be the other way to care, a crisis service, an auditor, an ethics board or a regulator
- make an unapproved device lawful
- keep every injected instruction out
"""


def rows() -> Mapping[str, Mapping[str, Any]]:
    """The requirements by id."""
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def page() -> str:
    """The whole page."""
    table = rows()
    counts = Counter(row["state"] for row in table.values())
    lines = [f"| {name} | {counts[state]} |" for state, name in STATES.items()]
    head = "\n".join(["| | requirements |", "|---|---:|", *lines])
    body = "\n".join(
        [
            "| id | asks | state | what holds it | test | to look at |",
            "|---|---|---|---|---|---|",
            *(f"| {' | '.join(_cells(name, row))} |" for name, row in table.items()),
        ]
    )
    return f"{_PREFACE}\n{head}\n\n{body}\n{_CANNOT}"


def _cells(name: str, row: Mapping[str, Any]) -> Iterator[str]:
    yield name
    yield row["asks"]
    yield STATES[row["state"]]
    yield row["does"] + (f". **Missing:** {row['lacks']}" if row.get("lacks") else "")
    yield "<br>".join(f"`{test.removeprefix('tests/')}`" for test in row.get("tests", ())) or "-"
    yield row.get("see", "-")


def problems() -> Iterator[str]:
    """What a row says that is not so."""
    table = rows()
    if list(table) != [f"WHO-{number:02}" for number in range(1, 91)]:
        yield "the rows are not WHO-01 to WHO-90 in order"
    for name, row in table.items():
        yield from (f"{name}: {what}" for what in _wrong(row))


def _wrong(row: Mapping[str, Any]) -> Iterator[str]:
    if not row.keys() <= KEYS or not {"asks", "state", "does"} <= row.keys():
        yield "has other keys than it should"
    if row["state"] not in STATES:
        yield "has a state that there is not"
    if len(row["asks"].split()) > MAX_WORDS:
        yield f"asks in more than {MAX_WORDS} words"
    if row["state"] in ("held", "partly") and not (row.get("tests") and row.get("see")):
        yield "is done, and names no test or nothing to look at"
    if row["state"] == "partly" and not row.get("lacks"):
        yield "is done partly and does not say what is missing"
    yield from (f"there is no test {test}" for test in row.get("tests", ()) if not _is_a_test(test))
    text = f"{row['does']} {row.get('see', '')}"
    yield from (f"there is no {path}" for path in re.findall(_PATH, text) if not (ROOT / path).exists())
    known = _read("docs/metrics.md")
    yield from (f"there is no metric {name}" for name in re.findall(r"guardrail_\w+", text) if f"`{name}`" not in known)
    yield from (
        f"no heading in {page}: {anchor}" for page, anchor in re.findall(_ANCHOR, text) if not _has(page, anchor)
    )


_PATH: Final = r"(?:docs|policies)/[\w./-]+\.(?:md|yaml)"
_ANCHOR: Final = r"(docs/[\w-]+\.md)#([\w-]+)"


def _has(path: str, anchor: str) -> bool:
    headings = re.findall(r"^#+ (.+)$", _read(path), re.MULTILINE)
    return anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def _is_a_test(node: str) -> bool:
    file, _, name = node.partition("::")
    return (ROOT / file).is_file() and name in _tests_in(file)


@cache
def _tests_in(file: str) -> frozenset[str]:
    tree = ast.parse(_read(file))
    functions = (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(each.name for each in functions if each.name.startswith("test_"))


@cache
def _read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
