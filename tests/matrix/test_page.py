"""The pages say what the declarations say."""

from __future__ import annotations

from tests.matrix import page


def test_the_table_of_dialects_is_of_now() -> None:
    written = page.TABLE.read_text(encoding="utf-8")
    assert page.with_matrix(written) == written, "run: .venv/bin/python -m tests.matrix.page"


def test_the_list_of_fields_is_of_now() -> None:
    assert page.FIELDS.read_text(encoding="utf-8") == page.fields(), "run: .venv/bin/python -m tests.matrix.page"
