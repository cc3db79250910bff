"""Texts beside and below answers: every shipped language has each of them, none twice."""

from collections.abc import Mapping

import pytest

from guardrail.rails.data import claim_texts, closing_texts
from guardrail.rails.data.texts import LANGUAGES

TABLES: dict[str, Mapping[str, str]] = {
    name: getattr(module, name)
    for module in (claim_texts, closing_texts)
    for name in vars(module)
    if name.isupper() and isinstance(getattr(module, name), Mapping)
}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_shipped_language_has_a_text_of_its_own(name: str) -> None:
    table = TABLES[name]
    assert tuple(table) == LANGUAGES
    assert all(text.strip() for text in table.values())
    assert len(set(table.values())) == len(LANGUAGES)


def test_the_tables_are_those_that_the_rails_need() -> None:
    assert set(TABLES) == {
        "UNVERIFIED", "CERTAINTY", "DISMISSAL", "NUMBER", "NEGATION", "LATERALITY", "UNCHECKED", "CUT", "FILTERED",
    }  # fmt: skip


def test_a_mark_behind_a_reference_goes_on_in_the_line() -> None:
    assert all(text.startswith(" ") and "\n" not in text for text in claim_texts.UNVERIFIED.values())
