"""A house for each module, and what its sieges measured: in the JUnit file of each test, and in sum at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple

import pytest

from tests.siege.house import Figures, House, housed

_KEY = "siege"


@pytest.fixture(scope="module")
def siege_house() -> Iterator[House]:
    with housed() as house:
        yield house


@pytest.fixture
def house(siege_house: House, request: pytest.FixtureRequest) -> Iterator[House]:
    """The module's house. One with another policy: `housed(...)` in a fixture of the module's own."""
    siege_house.figures.clear()
    yield siege_house
    request.node.user_properties.extend((_KEY, astuple(each)) for each in siege_house.figures)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How bad the worst was."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    told = [Figures(*value) for report in reports if getattr(report, "when", "") == "teardown"
            for key, value in report.user_properties if key == _KEY]  # fmt: skip
    if not told:
        return
    planted, through = sum(each.planted for each in told), sum(each.through for each in told)
    terminalreporter.write_line(
        f"siege: {len(told)} attacks; at most {max(each.growth_mib for each in told):.0f} MiB more and "
        f"{max(each.stall_seconds for each in told):.2f} s without an answer for others; "
        f"{through} of {planted} realistic values got through"
    )
