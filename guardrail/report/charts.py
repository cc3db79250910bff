"""Charts as SVG for the page: drawn by pygal, without its scripts, its style sheets and anything outside of the page.

Words stay words. What a chart shows stands in a table beside it. Colours and fonts are the page's (style.css); here is
only what pygal needs to lay text out. Series differ by stroke and not by colour alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree

import pygal  # type: ignore[import-untyped]
from pygal.style import Style  # type: ignore[import-untyped]

# pygal puts an importer for plug-ins of its own before every later import of the process: none is used here, and
# Python 3.12 does without importers of that kind.
sys.meta_path[:] = [each for each in sys.meta_path if not isinstance(each, pygal.PluginImportFixer)]

_SVG: Final = "{http://www.w3.org/2000/svg}"
_DROPPED: Final = frozenset({"script", "style", "desc", "title"})
_STYLE: Final = Style(
    font_family="sans-serif",
    label_font_size=14,
    major_label_font_size=14,
    value_font_size=12,
    legend_font_size=13,
    title_font_size=15,
)
_COMMON: Final[dict[str, Any]] = {
    "style": _STYLE,
    "js": (),
    "css": (),
    "no_prefix": True,
    "classes": ("chart",),
    "show_legend": False,
    "margin": 6,
    "spacing": 6,
    "truncate_label": -1,
    "disable_xml_declaration": True,
    "max_scale": 5,
    "min_scale": 3,
}


_LABELS: Final = 8
"""So many are readable beside each other."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a share and its interval; None for what is not told."""

    label: str
    value: float | None
    low: float = 0.0
    high: float = 0.0


def control(title: str, labels: Sequence[str], series: Sequence[Sequence[float | None]], form: Form) -> str:
    """A share over time: the share, the mean, the lower and the upper limit, in this order."""
    known = [value for row in series for value in row if value is not None]
    low, high = min(known), max(known)
    room = (high - low or 0.01) * 0.12
    chart = pygal.Line(
        **_COMMON,
        title=None,
        width=500,
        height=210,
        value_formatter=form,
        range=(max(0.0, low - room), min(1.0, high + room)),
        allow_interruptions=True,
        dots_size=3,
    )
    chart.x_labels = _thinned(labels)
    for number, row in enumerate(series):
        chart.add("", list(row), show_dots=number == 0)
    return _drawn(chart, title)


def bars(title: str, rows: Sequence[Bar], form: Form) -> str:
    """Shares of groups beside each other, with their intervals."""
    chart = pygal.HorizontalBar(
        **_COMMON,
        title=None,
        width=500,
        height=44 + 27 * max(2, len(rows)),
        value_formatter=form,
        range=(0.0, min(1.0, max([row.high for row in rows] + [0.01]) * 1.08)),
    )
    chart.x_labels = [row.label for row in reversed(rows)]
    chart.add("", [_with_interval(row) for row in reversed(rows)])
    return _drawn(chart, title)


def columns(title: str, labels: Sequence[str], values: Sequence[float | None], form: Form) -> str:
    """Counts over time."""
    chart = pygal.Bar(
        **_COMMON,
        title=None,
        width=500,
        height=210,
        value_formatter=form,
    )
    chart.x_labels = _thinned(labels)
    chart.add("", list(values))
    return _drawn(chart, title)


Form = Callable[[float], str]
"""How a number is written at an axis."""


def _thinned(labels: Sequence[str]) -> list[str]:
    """As many as there is room for; those with a mark stay."""
    apart = -(-len(labels) // _LABELS)
    marked = {at for at, label in enumerate(labels) if " " in label}
    near = {at + step for at in marked for step in range(1 - apart, apart)} - marked
    return [label if at in marked or (at % apart == 0 and at not in near) else "" for at, label in enumerate(labels)]


def _with_interval(row: Bar) -> dict[str, Any] | None:
    if row.value is None:
        return None
    return {"value": row.value, "ci": {"low": row.low, "high": row.high}}


def _drawn(chart: Any, title: str) -> str:
    """The drawing alone, with a name for who can't see it."""
    root = chart.render_tree()
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or _is_dropped(child):
                parent.remove(child)
    root.attrib.pop("id", None)
    root.set("role", "img")
    root.set("aria-label", title)
    return ElementTree.tostring(root, encoding="unicode")


def _is_dropped(node: ElementTree.Element) -> bool:
    """Scripts, styles, and what only scripts would show."""
    return node.tag.removeprefix(_SVG) in _DROPPED or "tooltip-overlay" in node.get("class", "")
