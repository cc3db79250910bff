"""What may stand for a value besides a placeholder."""

import pytest

from guardrail.engine.intervals import moved, read_date
from guardrail.engine.operators import RESTRICTED_ZIP3, age, generalised, operators_for, place, shifted, year


@pytest.mark.parametrize(
    ("value", "expected"),
    [("94", "90+"), ("94-year-old", "90+-year-old"), ("101 yo", "90+ yo"), ("one hundred and two years", "90+ years")],
)
def test_an_age_over_89_is_one_of_many(value: str, expected: str) -> None:
    assert age(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3 May 2026", "2026"),
        ("03/04/2024", "2024"),
        ("spring of 2020", "2020"),
        ("3 May", None),
        ("2019 to 2020", None),
        ("1936-12-31", "90+ years ago"),
        ("1937-01-01", "1937"),
    ],
)
def test_of_a_date_the_year_is_left_unless_it_tells_an_age_over_89(value: str, expected: str | None) -> None:
    """45 CFR 164.514(b)(2)(i)(C)."""
    assert year(value, 2026) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12 Oak St, Springfield, IL 62704", "IL 627"),
        ("62704-1234", "627"),
        ("Albany, New York 12207", "New York 122"),
        ("Springfield, IL", "IL"),
        ("10115 Berlin", None),
        ("12345 Oak St", None),
        ("SW1A 1AA", None),
    ],
)
def test_of_a_place_the_state_and_three_digits_are_left(value: str, expected: str | None) -> None:
    assert place(value) == expected


def test_thinly_populated_areas_are_000() -> None:
    """45 CFR 164.514(b)(2)(i)(B)(2): the 17 of the 2000 Census and the 18 of the 2010 Census."""
    assert {place(f"{area}01") for area in RESTRICTED_ZIP3} == {"000"}
    assert len(RESTRICTED_ZIP3) == 23
    assert place("WY 82101") == "WY 000"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-03-01", "2023-12-22"),
        ("2024-03-01T08:15:00", "2023-12-22T08:15:00"),
        ("03/31/2024", "01/21/2024"),
        ("14.03.2024", "04.01.2024"),
        ("Sept. 9, 2024", "Jul. 1, 2024"),
        ("MAY 3rd, 2026", "FEBRUARY 22nd, 2026"),
        ("3rd of May 2026", "22nd of February 2026"),
        ("Sun, 3 May 2026", "Sun, 22 February 2026"),
        ("1er janvier 2024", "23 octobre 2023"),
        ("1. März 2024", "22. Dezember 2023"),
        ("3 de mayo de 2026", "22 de febrero de 2026"),
        ("3 mai 2026", None),
        ("03/14/2024", None),
        ("02/03/2024", None),
        ("Easter", None),
        ("0001-01-02", None),
    ],
)
def test_a_date_moves_in_its_own_writing_or_not_at_all(value: str, expected: str | None) -> None:
    """Not into one that could be read as another day; "mai" is French and German."""
    assert moved(value, -70) == expected
    assert expected is None or read_date(expected) is not None


def test_a_date_that_tells_an_age_over_89_does_not_move() -> None:
    assert shifted("1936-05-01", -7, 2026) is None
    assert shifted("02/03/2024", -7, 2026, "mdy") == "01/27/2024"


def test_a_name_is_replaced_or_dropped() -> None:
    assert operators_for("NAME") == ("placeholder", "drop")
    assert generalised("NAME", "Ada Quill", 2026) is None
