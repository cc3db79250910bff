"""What users read names everything there is: metrics, policy keys, commands."""

import re
from pathlib import Path

import typer.main
from prometheus_client.parser import text_string_to_metric_families as read_text

from guardrail.build import DIALECTS
from guardrail.cli import app
from guardrail.policy import model
from guardrail.policy.base import Model
from guardrail.policy.load import load_policy
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
    models = [each for each in vars(model).values() if isinstance(each, type) and each.__module__ == model.__name__]
    keys = {key for each in models if issubclass(each, Model) for key in each.model_fields}
    keys -= set(model.Cohorts.model_fields)  # the baseline shows them
    assert {key for key in keys if not re.search(rf"`[^`\n]*\b{key}\b[^`\n]*`", page)} == set()


def test_the_examples_of_the_policy_page_are_policies(tmp_path: Path) -> None:
    for number, example in enumerate(re.findall(r"```yaml\n(.*?)```", read("policy.md"), re.DOTALL)):
        head = "" if example.startswith("name:") else "name: example\nversion: 1\nextends: [baseline]\n"
        file = tmp_path / f"{number}.yaml"
        file.write_text(head + example)
        assert load_policy(file, dialects=DIALECTS).policy.upstreams


def test_the_command_page_names_every_command() -> None:
    page = read("cli.md")
    group = typer.main.get_group(app)
    groups = {name: getattr(command, "commands", {}) for name, command in group.commands.items()}
    names = {f"{name} {each}" for name, inner in groups.items() for each in inner}
    names |= {name for name, inner in groups.items() if not inner}
    assert {name for name in names if f"guardrail {name}" not in page} == set()
