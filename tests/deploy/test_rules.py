"""Prometheus' rules: read by its own tool, each alert seen to fire and not to fire, none with a free word in it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from guardrail.cli import app
from guardrail.policy.requirements import MEANINGS
from guardrail.record.metrics_families import ALL, Kind
from guardrail.record.reasons import CODES
from tests.deploy.files import DEPLOY, ROOT, RULES, alerts, queries, read, recorded, rules
from tests.support import promql
from tests.support.debian import needs

TESTS = sorted((Path(__file__).parent / "rules").glob("*.yml"))
ALERTS = alerts()
OURS = {"job", "instance", "le", "alertname", "alertstate", "severity"}
"""Labels that come from Prometheus itself, from the scrape, or from the rules."""
ENDINGS = {Kind.COUNTER: ("_total",), Kind.HISTOGRAM: ("_bucket", "_count", "_sum"), Kind.GAUGE: ("",)}
SAMPLES = {f"{family.name}{ending}": family for family in ALL for ending in ENDINGS[family.kind]}
"""Every name under which a sample can be asked for."""

NOT_A_FAILING_CHECK = {
    "unknown_script": "the question is in a script that the policy does not take",
    "overloaded": "an alert of its own",
    "audit_unavailable": "alerts of its own",
    "audit_store": "said at the start, when nothing is served yet",
    "shutting_down": "somebody ends it",
}
NOT_THE_PROVIDERS = {
    "state_unavailable": "our own store of kept conversations",
    "state_too_large": "our own store of kept conversations",
}


def promtool(*arguments: str | Path, folder: Path) -> str:
    """What it says. Fails with it if it does not like something."""
    program = needs("promtool", "prometheus")
    done = subprocess.run(
        [program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_reads_its_configuration_and_the_rules(tmp_path: Path) -> None:
    config = read(DEPLOY / "prometheus/prometheus.yml")
    token = tmp_path / "token"
    token.write_text("t")
    config["scrape_configs"][0]["authorization"]["credentials_file"] = str(token)
    config["rule_files"] = [str(DEPLOY / "prometheus" / each) for each in config["rule_files"]]
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    said = promtool("check", "config", tmp_path / "prometheus.yml", folder=tmp_path)
    assert said.count("rules found") == len(RULES)
    assert f"{len(ALERTS)} rules found" in said


def test_every_alert_fires_when_it_should_and_only_then(tmp_path: Path) -> None:
    promtool("test", "rules", *TESTS, folder=tmp_path)
    seen: dict[str, set[bool]] = {}
    for file in TESTS:
        given = read(file)
        assert given["group_eval_order"] == [group["name"] for path in RULES for group in read(path)["groups"]]
        for case in given["tests"]:
            for test in case["alert_rule_test"]:
                seen.setdefault(test["alertname"], set()).add(bool(test.get("exp_alerts")))
    assert seen == {name: {True, False} for name in ALERTS}


@pytest.mark.parametrize("rule", ALERTS.values(), ids=list(ALERTS))
def test_an_alert_says_how_bad_it_is_what_to_do_and_why(rule: dict[str, Any]) -> None:
    assert rule["labels"].keys() == {"severity"}
    assert rule["labels"]["severity"] in ("critical", "warning", "info")
    notes = rule["annotations"]
    assert notes.keys() == {"summary", "description", "runbook", "because"}
    assert notes["because"] in MEANINGS or re.fullmatch(r"WHO-[0-9]{2}", notes["because"])
    page, _, anchor = notes["runbook"].partition("#")
    assert anchor == rule["alert"].lower()
    headings = re.findall(r"^### (\w+)$", (ROOT / page).read_text(), re.MULTILINE)
    assert rule["alert"] in headings, f"{page} does not say what to do"


def test_the_page_has_no_alert_that_is_gone() -> None:
    told = re.findall(r"^### (Guardrail\w+)$", (ROOT / "docs/monitoring.md").read_text(), re.MULTILINE)
    assert told == list(ALERTS), "in the order of the rules"


def test_the_page_names_commands_that_there_are() -> None:
    """Nobody finds out at night that a command is called otherwise."""
    top = get_command(app).commands  # type: ignore[attr-defined]
    told = re.findall(r"`guardrail ([a-z-]+)(?: ([a-z-]+))?", (ROOT / "docs/monitoring.md").read_text())
    assert told
    for name, sub in told:
        assert name in top, f"guardrail {name}"
        assert not sub or sub in top[name].commands, f"guardrail {name} {sub}"


def test_what_reaches_a_pager_is_a_code_a_count_or_a_name_of_the_policy() -> None:
    """Labels have closed sets of values (SEC-05, SEC-06): an alert that shows labels and numbers shows no patient."""
    closed = {label for family in ALL for label in family.labels} | {"job", "instance"}
    for name, rule in ALERTS.items():
        told = " ".join(rule["annotations"].values())
        shown = set(re.findall(r"\$labels\.(\w+)", told))
        assert shown <= closed, name
        assert shown <= promql.grouped(rule["expr"]) | promql.grouped(_spelled_out(rule["expr"])) | {"instance"}, name
        assert not re.search(r"\{\{(?!\s*\$(labels\.\w+|value\b))", told), f"{name} shows something else"


def _spelled_out(expr: str) -> str:
    """With what is recorded in it written out."""
    return " ".join(recorded().get(name, "") for name in promql.names(expr))


@pytest.mark.parametrize(
    ("where", "expr"), [*((rule.get("alert", rule.get("record")), rule["expr"]) for rule in rules()), *queries()]
)
def test_what_is_asked_for_exists(where: str, expr: str) -> None:
    """Each metric is one that there is, in its right form, and no label is asked for that none of them has."""
    names = promql.names(expr)
    assert names, f"{where} asks for nothing"
    known: set[str] = set(OURS)
    for name in names - {"up", "ALERTS"}:
        assert name in recorded() or name in SAMPLES, f"{where}: there is no {name}"
        known |= promql.grouped(recorded()[name]) if name in recorded() else set(SAMPLES[name].labels)
    asked = {label for label in promql.labels(expr) if not label.startswith("$")}
    assert asked <= known, f"{where}: {asked - known}"


def test_every_failing_check_and_every_failing_provider_raises_an_alert() -> None:
    """The codes of docs/errors.md, section by section, against the alerts' own patterns."""
    sections = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", (ROOT / "docs/errors.md").read_text(), re.M | re.S))
    for section, alert, others in (
        ("The checks", "GuardrailFailsClosed", NOT_A_FAILING_CHECK),
        ("The provider", "GuardrailProviderFails", NOT_THE_PROVIDERS),
    ):
        codes = set(re.findall(r"^\| \d+ \| `(\w+)`", sections[section], re.MULTILINE))
        (pattern,) = re.findall(r'reason=~"([^"]+)"', ALERTS[alert]["expr"])
        told = {code for code in codes if re.fullmatch(pattern, code)}
        assert codes - told == others.keys() & codes, alert
        assert {word for word in pattern.split("|") if "." not in word} <= CODES.keys(), f"{alert} knows other codes"
