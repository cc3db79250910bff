"""Which cases there are, and where each is tested. Read from the sources: nothing has to run for it.

census.toml holds the 191 cases of the catalogue. A case is tested by a function of tests/siege that is named for it
(`test_json_01_duplicate_keys`; one function may be named for several: `test_siz_02_siz_03_coded_bodies`), or by one
elsewhere that says so: `@pytest.mark.case("SSE-01")`. `front` there means: only a server in front can meet it, and
docs/threat-model.md has the setting. exempt.txt lists what is still to do. It may only get shorter.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
TESTS = HERE.parent
_NAMED = re.compile(r"_([a-z]{3,4})_(\d\d)(?=_|$)")


@dataclass(frozen=True)
class Case:
    """One way to attack: `llm` and `api` are entries of OWASP's lists (LLM 2026, API Security 2023), or ""."""

    id: str
    priority: str
    what: str
    llm: str
    api: str
    front: str = ""

    @property
    def category(self) -> str:
        """HTTP, URL, ..."""
        return self.id.partition("-")[0]


def cases() -> Mapping[str, Case]:
    """All of them, in the catalogue's order."""
    rows = tomllib.loads((HERE / "census.toml").read_text(encoding="utf-8"))
    return {name: Case(name, **row) for name, row in rows.items()}


def exempt() -> Sequence[str]:
    """Ids that nobody has tested yet."""
    lines = (HERE / "exempt.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def where() -> Mapping[str, Sequence[str]]:
    """The tests of each case: `tests/siege/test_charset_json.py::test_json_01_duplicate_keys`."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(TESTS.rglob("test_*.py")):
        named, text = HERE in file.parents, file.read_bytes()
        if not named and b"mark.case(" not in text:
            continue
        name = file.relative_to(TESTS.parent).as_posix()
        for test in _functions(text):
            for case in _cases_of(test, named=named):
                found[case].append(f"{name}::{test.name}")
    return found


def _functions(text: bytes) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node


def _cases_of(test: ast.FunctionDef | ast.AsyncFunctionDef, *, named: bool) -> Iterator[str]:
    at = len("test")
    while named and (match := _NAMED.match(test.name, at)):
        yield f"{match[1].upper()}-{match[2]}"
        at = match.end()
    for decorator in test.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.case":
            yield from (str(ast.literal_eval(each)) for each in decorator.args)
