"""Writes the dashboards of boards.yaml as Grafana reads them: `python deploy/grafana/build.py`.

A test holds the two together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

HERE: Final = Path(__file__).parent
SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
COLUMNS: Final = 24
NOTHING: Final = "none yet"
SIZES: Final[Mapping[str, tuple[int, int]]] = {"stat": (3, 4), "lines": (8, 7), "bars": (8, 7), "table": (8, 7)}
TYPES: Final[Mapping[str, str]] = {"stat": "stat", "lines": "timeseries", "bars": "bargauge", "table": "table"}

_SERIES: Final = re.compile(r"\b(guardrail_\w+|guardrail:\w+:\w+|up|ALERTS)\b(\{[^}]*\})?(?=[^\w]|$)")
_SHORT: Final = re.compile(r"(per_second|events)\(([^()]+)\)|quantile\(([\d.]+), (\w+), (\w+)\)")


def promql(short: str) -> str:
    """The query in full: short forms written out, every series narrowed to the chosen job."""
    return _SERIES.sub(_of_job, _SHORT.sub(_written_out, short))


def _written_out(found: re.Match[str]) -> str:
    form, series, q, histogram, label = found.groups()
    if form == "per_second":
        return f"rate({series}[$__rate_interval])"
    if form == "events":  # a series that was not there at the beginning counts whole: `increase` misses its first step
        return f"(({series} unless {series} offset $__range) or increase({series}[$__range]))"
    return f"histogram_quantile({q}, sum by ({label}, le) (rate({histogram}_bucket[$__rate_interval])))"


def _of_job(found: re.Match[str]) -> str:
    labels = (found[2] or "{}")[1:-1]
    return f'{found[1]}{{job=~"$job"{", " + labels if labels else ""}}}'


def dashboard(name: str, board: Mapping[str, Any]) -> dict[str, Any]:
    """One dashboard."""
    variables = {"job": ["Job", "label_values(guardrail_workers, job)"], **board.get("variables", {})}
    return {
        "uid": f"guardrail-{name}",
        "title": board["title"],
        "description": board["about"],
        "tags": ["guardrail"],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": board["since"], "to": "now"},
        "timezone": "browser",
        "links": [{"type": "dashboards", "tags": ["guardrail"], "title": "Guardrail", "keepTime": True}],
        "annotations": {"list": []},
        "templating": {"list": [_SOURCES, *(_variable(each, *about) for each, about in variables.items())]},
        "panels": list(_laid_out(board["rows"])),
    }


_SOURCES: Final = {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}


def _variable(name: str, label: str, query: str) -> dict[str, Any]:
    every = name == "job"
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": SOURCE,
        "definition": query,
        "query": {"query": query, "refId": name},
        "refresh": 2,
        "sort": 1,
        "multi": every,
        "includeAll": every,
        **({"allValue": ".*", "current": {"text": ["All"], "value": ["$__all"]}} if every else {}),
    }


def _laid_out(rows: Mapping[str, list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Left to right, top to bottom; the heading of a row takes one line."""
    number = top = 0
    for title, panels in rows.items():
        number, left, tallest = number + 1, 0, 0
        yield {"id": number, "type": "row", "title": title, "collapsed": False, "panels": [], **_at(0, top, COLUMNS, 1)}
        top += 1
        for panel in panels:
            kind = next(iter(panel))
            width, height = panel.get("size", SIZES[kind])
            if left + width > COLUMNS:
                top, left, tallest = top + tallest, 0, 0
            number += 1
            yield {"id": number, **_panel(kind, panel), **_at(left, top, width, height)}
            left, tallest = left + width, max(tallest, height)
        top += tallest


def _at(x: int, y: int, w: int, h: int) -> dict[str, Any]:
    return {"gridPos": {"x": x, "y": y, "w": w, "h": h}}


def _panel(kind: str, panel: Mapping[str, Any]) -> dict[str, Any]:
    asks = enumerate(panel["asks"].items())
    return {
        "type": TYPES[kind],
        "title": panel[kind],
        "description": panel["about"],
        "datasource": SOURCE,
        "targets": [_target(kind, chr(ord("A") + index), panel, *ask) for index, ask in asks],
        "fieldConfig": {"defaults": _defaults(kind, panel), "overrides": []},
        "options": _OPTIONS[kind],
        **({"transformations": [_LABELS_ONLY]} if kind == "table" else {}),
    }


def _target(kind: str, letter: str, panel: Mapping[str, Any], legend: str, short: str) -> dict[str, Any]:
    return {
        "refId": letter,
        "datasource": SOURCE,
        "editorMode": "code",
        "expr": promql(short),
        "legendFormat": legend or "__auto",
        "instant": kind != "lines",
        "range": kind == "lines",
        "format": "table" if kind == "table" else "time_series",
        "exemplar": panel.get("exemplars", False),
    }


def _defaults(kind: str, panel: Mapping[str, Any]) -> dict[str, Any]:
    steps = panel.get("steps", [[None, "blue"]])
    words = {
        str(value): {"text": text, "color": colour, "index": value}
        for value, (text, colour) in panel.get("words", {}).items()
    }
    return {
        "unit": panel.get("unit", "short"),
        "min": 0,
        "noValue": NOTHING,
        "color": {"mode": "palette-classic" if kind == "lines" else "thresholds"},
        "thresholds": {"mode": "absolute", "steps": [{"value": value, "color": colour} for value, colour in steps]},
        "mappings": [{"type": "value", "options": words}] if words else [],
        "custom": _lines(panel) if kind == "lines" else {},
    }


def _lines(panel: Mapping[str, Any]) -> dict[str, Any]:
    stacked = panel.get("stacked", False)
    return {
        "drawStyle": "line",
        "lineWidth": 1,
        "fillOpacity": 20 if stacked else 0,
        "spanNulls": True,
        "stacking": {"mode": "normal" if stacked else "none"},
        "scaleDistribution": {"type": "log", "log": 10} if panel.get("log") else {"type": "linear"},
    }


_LAST: Final = {"calcs": ["lastNotNull"], "fields": "", "values": False}
_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "lines": {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
    "stat": {"reduceOptions": _LAST, "colorMode": "value", "graphMode": "none", "textMode": "auto"},
    "bars": {"reduceOptions": _LAST, "orientation": "horizontal", "displayMode": "basic", "showUnfilled": True},
    "table": {"showHeader": True, "cellHeight": "sm"},
}
_LABELS_ONLY: Final = {"id": "organize", "options": {"excludeByName": {"Time": True, "Value": True}}}


def files() -> dict[Path, str]:
    """What belongs where."""
    boards = yaml.safe_load((HERE / "boards.yaml").read_text(encoding="utf-8"))
    return {
        HERE / "dashboards" / f"{name}.json": json.dumps(dashboard(name, board), indent=1) + "\n"
        for name, board in boards.items()
    }


def main() -> None:
    """Writes them."""
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
