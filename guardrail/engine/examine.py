"""Runs a rail and believes nothing it says. Used in both processes, so it imports nothing heavy.

A rail that raises, or whose findings make no sense, is a `RailFailed` that names the rail and the kind of
exception and never its words: those may quote a patient (NLP-01, NLP-07).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import TypeVar

from guardrail.errors import GuardrailError, RailFailed
from guardrail.rails.base import About, Rail, Window
from guardrail.text import Finding

Job = tuple[Window, About, tuple[str, ...]]
"""A window, what is known about it, and the names of the rails that look at it."""

_T = TypeVar("_T")
_LABEL = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def examine(rail: Rail, window: Window, about: About) -> list[Finding]:
    """The findings of one rail in one window. Raises RailFailed."""
    found = guarded(rail.name, lambda: list(rail.inspect(window, about)))
    check(rail.name, window, found)
    return found


def examine_all(rails: Mapping[str, Rail], jobs: Iterable[Job]) -> tuple[list[list[Finding]], dict[str, float]]:
    """The findings of each job's rails, in their order, and the seconds that each rail took. Raises RailFailed."""
    out: list[list[Finding]] = []
    took: dict[str, float] = {}
    for window, about, names in jobs:
        found: list[Finding] = []
        for name in names:
            if name not in rails:
                raise RailFailed(f"the rail {name} is not loaded", code="rail_missing")
            begun = perf_counter()
            found += examine(rails[name], window, about)
            took[name] = took.get(name, 0.0) + perf_counter() - begun
        out.append(found)
    return out, took


def guarded(name: str, work: Callable[[], _T]) -> _T:
    """The result of `work`; whatever it raises becomes a RailFailed without its words."""
    try:
        return work()
    except GuardrailError:
        raise
    except Exception as error:  # noqa: BLE001 - a rail may raise anything, and all of it means: not inspected
        raise RailFailed(f"the rail {name} failed ({type(error).__name__})") from None


def check(name: str, window: Window, findings: Iterable[Finding]) -> None:
    """Raise RailFailed for a finding that can't be: outside the window, no score, another rail's, no label."""
    length = len(window.text)
    for found in findings:
        if not _sound(found, name, length):
            raise RailFailed(f"the rail {name} reported a finding that makes no sense", code="rail_nonsense")


def _sound(found: Finding, name: str, length: int) -> bool:
    return (
        isinstance(found, Finding)
        and found.rail == name
        and type(found.span.start) is int
        and type(found.span.end) is int
        and 0 <= found.span.start <= found.span.end <= length
        and not math.isnan(found.score)
        and 0.0 <= found.score <= 1.0
        and _LABEL.fullmatch(found.label) is not None
    )
