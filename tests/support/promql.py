"""What stands in a PromQL expression: its series and its labels. No parser: for expressions in our own style only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

NAME: Final = re.compile(r"\b(guardrail_\w+|guardrail:\w+:\w+|up|ALERTS)\b(\{[^}]*\})?(?![\w(])")
_GROUPED: Final = re.compile(r"\b(?:by|on|without|ignoring)\s*\(([^)]*)\)")
_MATCHED: Final = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"")
_STRINGS: Final = re.compile(r"\"[^\"]*\"")


def selectors(expr: str) -> list[str]:
    """Each series that it asks for, with what narrows it: `up{job="x"}`."""
    return [found.group() for found in NAME.finditer(expr)]


def names(expr: str) -> set[str]:
    """The metrics and recorded figures in it."""
    return {found[1] for found in NAME.finditer(expr)}


def labels(expr: str) -> set[str]:
    """Every label that it narrows or sorts by."""
    return {*_MATCHED.findall(expr), *_grouped(_STRINGS.sub('""', expr))}


def grouped(expr: str) -> set[str]:
    """The labels that it sorts by."""
    return set(_grouped(expr))


def _grouped(expr: str) -> Iterator[str]:
    for found in _GROUPED.findall(expr):
        yield from (label.strip() for label in found.split(",") if label.strip())
