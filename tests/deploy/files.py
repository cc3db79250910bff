"""What lies in deploy/, read."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
DEPLOY: Final = ROOT / "deploy"
RULES: Final = (DEPLOY / "prometheus/rules/recording.yml", DEPLOY / "prometheus/rules/alerts.yml")
BOARDS: Final = tuple(sorted((DEPLOY / "grafana/dashboards").glob("*.json")))
CHART: Final = DEPLOY / "helm/guardrail"


_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same in C, where PyYAML has it: dashboards are long."""


def documents(text: str) -> Iterator[Any]:
    """YAML, document by document."""
    return iter(yaml.load_all(text, Loader=_LOADER))


def read(path: Path) -> Any:
    """YAML, one document."""
    (document,) = documents(path.read_text(encoding="utf-8"))
    return document


@cache
def rules() -> list[dict[str, Any]]:
    """All rules, in order."""
    return [rule for path in RULES for group in read(path)["groups"] for rule in group["rules"]]


@cache
def alerts() -> dict[str, dict[str, Any]]:
    """Alerts by name."""
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


@cache
def recorded() -> dict[str, str]:
    """What is recorded, by name."""
    return {rule["record"]: rule["expr"] for rule in rules() if "record" in rule}


@cache
def panels() -> list[tuple[str, dict[str, Any]]]:
    """Every panel that shows something, by its board and title."""
    boards = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in BOARDS}
    return [
        (f"{name}: {panel['title']}", panel)
        for name, board in boards.items()
        for panel in board["panels"]
        if panel["type"] != "row"
    ]


def queries() -> list[tuple[str, str]]:
    """Every query of every board, with where it stands."""
    return [(title, target["expr"]) for title, panel in panels() for target in panel["targets"]]


def module(path: Path) -> ModuleType:
    """A program beside the package, as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made
