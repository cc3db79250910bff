"""The table of medical questions: the strictest of all that apply wins (WHO-07, WHO-52, WHO-53)."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from guardrail.policy.medical import FUNCTIONS, MENTAL_HEALTH, TREATMENTS, Medical, Surface, Vulnerable
from guardrail.policy.merge import merge
from guardrail.text import Assessment, Risk

ADULT = {"age_band": "40-64"}


def about(*flags: str, risk: Risk = Risk.GENERAL, topics: tuple[str, ...] = ("symptom",)) -> Assessment:
    return Assessment(medical=True, topics=topics, risk=risk, flags=flags)


def test_the_default_warns_and_refuses_patients_what_would_do_most_harm() -> None:
    table = Medical()
    assert table.asked("patient", about(), ADULT) == "warn_and_refer"
    assert table.asked("patient", about("prescribing"), ADULT) == "block"
    assert table.asked("patient", about("severe_depression"), ADULT) == "block"
    assert table.asked("patient", about("dosing"), ADULT) == "warn_and_refer"
    assert table.asked("clinician", about("prescribing"), ADULT) == "warn_and_refer"
    assert table.asked("patient", Assessment(), ADULT) == "allow", "no medical question"


@pytest.mark.parametrize("cell", ["general", "high", *FUNCTIONS, MENTAL_HEALTH])
def test_the_strictest_cell_that_fits_counts(cell: str) -> None:
    """A cell never counts less because another fits, too; and not at all where it does not fit."""
    table = Medical(surfaces={"patient": Surface(**{"general": "allow", cell: "block"})})  # type: ignore[arg-type]
    fits = {
        "general": about(),
        "high": about(risk=Risk.HIGH),
        MENTAL_HEALTH: about(topics=("symptom", MENTAL_HEALTH)),
        **{name: about(name) for name in FUNCTIONS},
    }
    for name, asked in fits.items():
        expected = "block" if cell in ("general", name) else "allow"
        assert table.asked("patient", asked, ADULT) == expected, name


def test_who_is_vulnerable_gets_the_stricter_row_too() -> None:
    """By age, by what the application tells of a disability, and by what the question is about; not for clinicians."""
    row = Surface(general="block")
    by_age = Medical(vulnerable=Vulnerable(flags=(), row=row))
    assert by_age.asked("patient", about(), {"age_band": "0-12"}) == "block"
    assert by_age.asked("patient", about("pregnancy"), ADULT) == "warn_and_refer"
    assert by_age.asked("clinician", about(), {"age_band": "0-12"}) == "warn_and_refer"
    by_flag = Medical(vulnerable=Vulnerable(age_bands=(), row=row))
    assert by_flag.asked("patient", about("pregnancy"), ADULT) == "block"
    told = Medical(vulnerable=Vulnerable(disability=True, row=row))
    assert told.asked("patient", about(), {**ADULT, "disability": "yes"}) == "block"
    assert told.asked("patient", about(), {**ADULT, "disability": "no"}) == "warn_and_refer"


def test_a_surface_without_a_row_gets_the_row_of_the_others() -> None:
    table = Medical(otherwise=Surface(general="block"))
    assert table.asked("admin", about(), ADULT) == "block"
    assert table.told("admin") == "block"
    assert table.told("patient") == "warn_and_refer"


def test_a_row_for_another_surface_takes_nothing_from_patients() -> None:
    """A ward that writes its own row must not lose what holds for patients."""
    table = Medical.model_validate({"surfaces": {"clinician": {"general": "allow"}}})
    assert table.asked("patient", about("prescribing"), ADULT) == "block"
    assert table.asked("clinician", about("prescribing"), ADULT) == "allow"


def test_what_is_said_instead_is_in_the_readers_language() -> None:
    own = Medical(blocked={"ja": "あ" * 20})
    assert own.speaks("ja")
    assert own.speaks("pt-BR")
    assert not Medical().speaks("ja")
    assert own.blocked_in("ja") == "あ" * 20
    assert own.blocked_in("es") == Medical().blocked_in("es") != own.blocked_in("en")


def test_two_packs_are_never_milder_than_either() -> None:
    """Cell by cell, whoever extends whom."""
    cells: list[dict[str, Any]] = [{"general": "allow"}, {"general": "block"}, {"dosing": "block"}, {"high": "block"}]
    for one, other in product(cells, cells):
        packs = [{"medical": {"surfaces": {"patient": row}}} for row in (one, other)]
        both = Medical.model_validate(merge(packs[0], packs[1])["medical"])
        for asked in (about(), about("dosing"), about(risk=Risk.HIGH)):
            for row in (one, other):
                # What a row leaves unsaid counts as its default only where the other says nothing either.
                said = [row[name] for name in row if _fits(name, asked)]
                done = TREATMENTS.index(both.asked("patient", asked, ADULT))
                assert all(done >= TREATMENTS.index(each) for each in said), (one, other, asked)


def _fits(cell: str, asked: Assessment) -> bool:
    return cell == "general" or cell in asked.flags or (cell == "high" and asked.risk is Risk.HIGH)
