"""Every error code in the source is documented and counted under its own name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import guardrail
from guardrail.errors import GuardrailError
from guardrail.record.reasons import CODES

ROOT = Path(guardrail.__file__).parent
DOCS = ROOT.parent / "docs" / "errors.md"
OF_TRY_ONLY = {"bad_line", "no_text"}


def codes(tree: ast.AST) -> Iterator[str]:
    """Literal `code="..."` arguments, and the default codes of error classes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
        if isinstance(node, ast.Assign) and [getattr(t, "id", "") for t in node.targets] == ["default_code"]:
            assert isinstance(node.value, ast.Constant)
            yield str(node.value.value)


def test_every_code_in_the_source_is_known() -> None:
    used = {code: file.name for file in ROOT.rglob("*.py") for code in codes(ast.parse(file.read_text()))}
    assert GuardrailError.default_code in CODES
    assert {code: file for code, file in used.items() if code not in {*CODES, *OF_TRY_ONLY}} == {}


def test_the_documentation_lists_exactly_the_known_codes() -> None:
    documented = re.findall(r"^\| \d{3} \| `([a-z0-9_]+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(documented) == sorted(CODES)
