"""The document: complete, the same for the same log, without a small count, and honest about what it lacks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from guardrail.record.entry import Code, End, Event
from guardrail.report.collect import Collected, Period, parse_day
from guardrail.report.figures import DIMENSIONS, FIGURES, MISSING
from guardrail.report.page import render
from guardrail.report.sheet import Integrity, to_bytes
from tests.report.conftest import ABOUT, PERIOD, collect, report_of
from tests.report.records import DAY, exchange, many, row


def cells(value: Any) -> Iterator[dict[str, Any]]:
    """Every count of exchanges, findings and cases in a document."""
    if isinstance(value, dict):
        if "shown" in value:
            yield value
        for each in value.values():
            yield from cells(each)
    elif isinstance(value, list):
        for each in value:
            yield from cells(each)


def verdicts(report: dict[str, Any]) -> dict[str, list[str]]:
    return {name: [each["about"] for each in report[name]] for name in ("found", "failed", "nothing")}


def test_no_count_from_one_to_ten_is_in_it(report: dict[str, Any]) -> None:
    found = list(cells(report))
    assert len(found) > 500
    assert [cell for cell in found if cell["value"] is not None and 0 < cell["value"] < 11] == []
    assert {cell["shown"] for cell in found} == {"exact", "1-10", "all but 1-10", "withheld"}


def test_what_a_division_hides_is_never_small_all_together(report: dict[str, Any]) -> None:
    """What a reader with a pencil would try first."""
    for figure in report["figures"]:
        for count in ("of", "hits"):
            total = figure["all"][count]["value"]
            for division in (*(each["rows"] for each in figure["groups"].values()), _steps(figure)):
                known = [line[count]["value"] for line in division]
                hidden = sum(value is None for value in known)
                if not division or total is None:
                    continue
                rest = total - sum(value for value in known if value is not None)
                assert (hidden == 0 and rest == 0) or rest >= 11, (figure["id"], count)
                if any(line[count]["shown"] in ("1-10", "all but 1-10") for line in division):
                    assert hidden >= 2, (figure["id"], count)


def _steps(figure: dict[str, Any]) -> list[dict[str, Any]]:
    return [] if figure["over_time"] is None else list(figure["over_time"]["steps"])


def test_shares_and_intervals_stand_only_beside_counts_that_are_told(report: dict[str, Any]) -> None:
    for figure in report["figures"]:
        for line in (figure["all"], *(line for each in figure["groups"].values() for line in each["rows"])):
            known = line["of"]["value"] is not None and line["hits"]["value"] is not None
            assert (line["share"] is not None) == (known and line["of"]["value"] > 0)
            if not known:
                assert line["interval"] is None
                assert line["ratio"] is None


def test_every_headline_figure_is_found_failed_or_nothing_and_only_one_of_them(report: dict[str, Any]) -> None:
    given = verdicts(report)
    for figure in FIGURES:
        assert sum(f"figure:{figure.node}" in abouts for abouts in given.values()) == 1
        assert sum(f"drift:{figure.node}" in abouts for abouts in given.values()) == 1
    everything = [about for abouts in given.values() for about in abouts]
    assert len(set(everything)) == len(everything)


def test_every_group_is_compared_or_said_not_to_be(report: dict[str, Any]) -> None:
    everything = {about for abouts in verdicts(report).values() for about in abouts}
    for figure in report["figures"]:
        for dimension, division in figure["groups"].items():
            for group in (line["group"] for line in division["rows"]):
                if group != MISSING:
                    assert f"group:{figure['id']}:{dimension}:{group}" in everything


def test_what_was_made_up_is_found(report: dict[str, Any]) -> None:
    """The Spanish get more withheld answers, the old miss more warnings; a model changed and a policy."""
    given = verdicts(report)
    assert "group:own_text:language:es" in given["found"]
    assert "group:warned:age_band:65+" in given["found"]
    assert "check:models" in given["failed"]
    assert any(mark["what"] == "policy baseline version 4" for mark in report["marks"])
    assert any(mark["what"] == "gpt-a answered by gpt-a-2026-08" for mark in report["marks"])
    assert "figure:warned" in given["failed"]  # it should be every one
    assert "figure:uninspected" in given["nothing"]  # there is none, as it should be


def test_a_count_that_is_withheld_is_not_told_as_a_failure() -> None:
    """Five exchanges, all as they should be: nothing says so, and nothing says the contrary."""
    small = report_of(collect(many(5, patterns=2)))
    assert {figure["met"] for figure in small["figures"] if figure["aim"] == "all"} == {None}
    assert not any("should be every one" in each["words"] for each in small["failed"])
    page = render(small, "ab" * 32)
    assert "too few to tell" in page
    assert "missed" not in page


def test_missing_codes_have_a_row_of_their_own_and_are_a_failed_check_if_they_are_many(report: dict[str, Any]) -> None:
    for dimension in report["dimensions"]:
        assert [group["group"] for group in dimension["groups"]][-1] == MISSING
    assert "check:codes:disability" in verdicts(report)["failed"]
    assert "check:codes:role" in verdicts(report)["nothing"]


def test_codes_that_the_policy_does_not_list_are_told(report: dict[str, Any]) -> None:
    ethnicity = next(each for each in report["dimensions"] if each["id"] == "ethnicity")
    assert [group["group"] for group in ethnicity["groups"] if not group["listed"]] == ["d"]
    words = next(each["words"] for each in report["failed"] if each["about"] == "check:codes:ethnicity")
    assert "1 codes are not in the policy's list" in words


def test_the_same_log_gives_the_same_bytes(quarter: Collected) -> None:
    assert to_bytes(report_of(quarter)) == to_bytes(report_of(quarter))


def test_it_is_json_that_anybody_reads(report: dict[str, Any]) -> None:
    assert json.loads(to_bytes(report)) == report
    assert (report["kind"], report["schema"]) == ("guardrail report", 1)


def test_cases_and_their_clock_are_in_it(report: dict[str, Any]) -> None:
    """Three cases are few: that there are some is told, not how many."""
    by_id = {each["id"]: each for each in report["cases"]}
    assert by_id["overdue"]["all"]["shown"] == "1-10"
    assert by_id["settled"]["all"]["value"] == 14
    assert "check:cases" in verdicts(report)["failed"]
    assert report["incidents"][0]["exchanges"] == "1-10"


@pytest.fixture(scope="module")
def empty() -> dict[str, Any]:
    return report_of(collect([]))


def test_a_period_without_exchanges_is_no_error(empty: dict[str, Any]) -> None:
    assert empty["exchanges"]["value"] == 0
    given = verdicts(empty)
    assert "check:period" in given["failed"]
    assert all(f"figure:{figure.node}" in given["failed"] for figure in FIGURES)
    assert not given["found"]


def test_a_handful_of_exchanges_tells_no_number() -> None:
    some = collect(many(7, patterns=20), sample=20, seed="s")
    report = report_of(some)
    assert (report["exchanges"]["value"], report["exchanges"]["shown"]) == (None, "1-10")
    assert report["sample"] is None
    assert report["usage"]["all"] is None
    assert [cell["value"] for cell in cells(report) if cell["value"]] == []


def test_nothing_says_when_the_only_exchange_of_a_model_was() -> None:
    """Two equal days beside a count of 1-10 would say that it is one."""
    rows = list(many(300, patterns=40))
    rare = replace(exchange(random.Random(1)), end=End.ANSWERED, served=Code("rare-1"))
    models = report_of(collect([*rows, row(rows[5][0], rare)]))["models"]
    found = next(model for model in models if model["answered"] == "rare-1")
    assert (found["exchanges"]["value"], found["first"], found["last"]) == (None, None, None)


def test_a_period_that_is_not_over_and_a_log_that_is_not_sound_are_said(quarter: Collected) -> None:
    early = replace(ABOUT, made=PERIOD.until - DAY)
    report = report_of(quarter, early, integrity=Integrity(False, "", 9, 1, 0, ("x.0: entry 3: changed",), 1))
    failed = {each["about"]: each["words"] for each in report["failed"]}
    assert not report["period"]["over"]
    assert "was not over" in failed["check:period"]
    assert failed["check:integrity"] == "The log is not as it was written (1): x.0: entry 3: changed."
    unknown = report_of(quarter, integrity=Integrity(why="there is no key"))
    assert unknown["integrity"]["state"] == "not verified"


def test_reports_that_overlap_are_named_and_the_last_one_is_chained() -> None:
    earlier = [
        {"from": "2026-06-01", "to": "2026-08-31", "sha256": "aa" * 32},
        {"from": "2026-09-15", "to": "2026-12-31", "sha256": "bb" * 32},
        {"from": "2026-09-01", "to": "2026-11-23", "sha256": "cc" * 32},
    ]
    made = report_of(collect([]), earlier=earlier)["made"]
    assert made["previous_report"] == "cc" * 32
    assert [each["from"] for each in made["overlapping_reports"]] == ["2026-09-15"]


def test_faults_of_the_guardrail_are_checks_that_failed() -> None:
    events = ["audit_unavailable", "recovered", "clock_step", "policy_reload_failed"]
    rows = [row(PERIOD.since, Event(Code(what))) for what in events]
    rows += [(PERIOD.since, "outcome", "e" * 32, "{"), (PERIOD.since, "event", None, '{"what":"x","new":1}')]
    failed = verdicts(report_of(collect(rows)))["failed"]
    assert {f"check:{name}" for name in ("stalled", "crashed", "clock", "reload", "readable", "newer")} <= set(failed)


def test_figures_are_divided_by_age_sex_ethnicity_disability_language_and_role(report: dict[str, Any]) -> None:
    """WHO-65."""
    assert [each["id"] for each in report["dimensions"]] == list(DIMENSIONS)
    for figure in report["figures"]:
        assert list(figure["groups"]) == list(DIMENSIONS)
        assert all(each["rows"] for each in figure["groups"].values())


def test_one_day_has_no_chart_but_a_report() -> None:
    day = Period(parse_day("2026-09-01"), parse_day("2026-09-01"))
    rows = list(many(200, patterns=100, days=1))
    report = report_of(collect(rows, day), replace(ABOUT, made=day.until))
    assert all(figure["over_time"] is None for figure in report["figures"])
    assert report["exchanges"]["value"] == 200
