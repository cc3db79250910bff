"""docs/who-coverage.md says what is so."""

from __future__ import annotations

from guardrail.policy.requirements import MEANINGS
from tests.docs import coverage


def test_the_page_is_of_now() -> None:
    written = coverage.PAGE.read_text(encoding="utf-8")
    assert written == coverage.page(), "run: .venv/bin/python -m tests.docs.coverage"


def test_every_row_names_what_is_there() -> None:
    """All ninety in order; each test is a function of that file; pages, headings and metrics exist."""
    assert list(coverage.problems()) == []


def test_a_test_that_is_not_there_is_noticed() -> None:
    assert not coverage._is_a_test("tests/docs/test_coverage.py::test_that_nobody_wrote")
    assert not coverage._is_a_test("tests/docs/no_such_file.py::test_the_page_is_of_now")
    assert coverage._is_a_test("tests/docs/test_coverage.py::test_the_page_is_of_now")


def test_what_a_policy_may_cite_with_a_meaning_is_at_least_partly_done() -> None:
    """A rule that cites a requirement of which nothing is built would promise too much."""
    table = coverage.rows()
    undone = {name for name, row in table.items() if row["state"] in ("open", "outside")}
    assert not undone & {name for name in MEANINGS if name.startswith("WHO") and name != "WHO-11"}


def test_a_row_that_says_too_much_is_noticed() -> None:
    """Done without a test, partly without what is missing, pages, headings and metrics that are not there."""
    sound = {
        "asks": "a",
        "state": "held",
        "does": "x",
        "tests": ["tests/docs/test_coverage.py::test_the_page_is_of_now"],
    }
    assert list(coverage._wrong({**sound, "see": "docs/policy.md#packs; `guardrail_policy_info`"})) == []
    for wrong in (
        {"see": ""},
        {"see": "docs/nowhere.md"},
        {"see": "docs/policy.md#nowhere"},
        {"see": "`guardrail_nothing_total`"},
        {"see": "docs/policy.md", "state": "partly"},
        {"see": "docs/policy.md", "state": "finished"},
        {"see": "docs/policy.md", "asks": "word " * 13},
        {"see": "docs/policy.md", "tests": ["tests/nowhere.py::test_x"]},
        {"see": "docs/policy.md", "more": ""},
    ):
        assert list(coverage._wrong({**sound, **wrong})), wrong
