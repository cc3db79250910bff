"""What users read names everything there is: metrics, policy keys, commands."""

import re
from pathlib import Path

import typer.main
from prometheus_client.parser import text_string_to_metric_families as read_text

from guardrail.cli import app
from guardrail.policy.model import Client, Defaults, Limits, Policy, RailRule, Restore, Texts, Timeouts, Upstream
from guardrail.record.metrics import Metrics

DOCS = Path(__file__).parent.parent.parent / "docs"


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_metrics_page_lists_exactly_the_metrics_there_are() -> None:
    families = read_text(Metrics().render()[1].decode())
    there = {f"{family.name}_total" if family.type == "counter" else family.name for family in families}
    documented = set(re.findall(r"^\| `(guardrail_\w+)` \|", read("metrics.md"), re.MULTILINE))
    assert documented == there


def test_the_policy_page_names_every_key() -> None:
    page = read("policy.md")
    models = (Policy, RailRule, Limits, Defaults, Restore, Texts, Client, Upstream, Timeouts)
    keys = {key for model in models for key in model.model_fields}
    assert {key for key in keys if not re.search(rf"`[^`\n]*\b{key}\b[^`\n]*`", page)} == set()


def test_the_command_page_names_every_command() -> None:
    page = read("cli.md")
    group = typer.main.get_group(app)
    groups = {name: getattr(command, "commands", {}) for name, command in group.commands.items()}
    names = {f"{name} {each}" for name, inner in groups.items() for each in inner}
    names |= {name for name, inner in groups.items() if not inner}
    assert {name for name in names if f"guardrail {name}" not in page} == set()
