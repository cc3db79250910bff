"""The dashboards as files: what boards.yaml says, no panel without words, a unit and a place of its own."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.files import BOARDS, DEPLOY, module, panels, queries, read

BUILD = module(DEPLOY / "grafana/build.py")


def test_the_json_is_what_the_boards_say() -> None:
    made = BUILD.files()
    assert set(made) == set(BOARDS)
    for path, text in made.items():
        assert path.read_text(encoding="utf-8") == text, "run: python deploy/grafana/build.py"


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_no_panel_stands_on_another_or_is_called_like_another(path: Path) -> None:
    board = json.loads(path.read_text())
    taken: Counter[tuple[int, int]] = Counter()
    for panel in board["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        taken.update((x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"]))
    assert max(taken.values()) == 1
    for what in ("id", "title"):
        assert max(Counter(panel[what] for panel in board["panels"]).values()) == 1


@pytest.mark.parametrize(("title", "panel"), panels(), ids=[title for title, _ in panels()])
def test_a_panel_explains_itself(title: str, panel: dict[str, Any]) -> None:
    assert str(panel["description"]).endswith((".", ")")), title
    defaults = panel["fieldConfig"]["defaults"]
    assert defaults["unit"], title
    assert defaults["thresholds"]["steps"][0]["value"] is None
    assert defaults["noValue"], "what has not happened yet looks broken otherwise"


def test_every_query_is_narrowed_to_the_chosen_job() -> None:
    for title, expr in queries():
        for name, labels in re.findall(r"\b(guardrail[_:][\w:]+|up|ALERTS)\b(\{[^}]*\})?(?![\w(])", expr):
            assert labels.startswith('{job=~"$job"'), f"{title}: {name}"


def test_a_footprint_is_never_shown_as_measured() -> None:
    """The words stand in the title: whoever copies the panel takes them along (WHO-85)."""
    footprints = [
        (title, panel) for title, panel in panels() if re.search(r"energy|co2e|water", json.dumps(panel["targets"]))
    ]
    assert len(footprints) == 3
    for title, panel in footprints:
        assert title.endswith("(modelled, not measured)")
        assert "{{bound}}" in panel["targets"][0]["legendFormat"], "both bounds are shown"


def test_the_boards_are_provisioned_from_where_they_lie() -> None:
    (source,) = read(DEPLOY / "grafana/provisioning/datasources/prometheus.yaml")["datasources"]
    (boards,) = read(DEPLOY / "grafana/provisioning/dashboards/guardrail.yaml")["providers"]
    services = read(DEPLOY / "compose.yaml")["services"]
    assert source["url"] == "http://prometheus:9090"
    assert "prometheus" in services
    assert f"./grafana/dashboards:{boards['options']['path']}:ro" in services["grafana"]["volumes"]
    assert {json.loads(path.read_text())["uid"] for path in BOARDS} == {"guardrail-ops", "guardrail-safety"}
