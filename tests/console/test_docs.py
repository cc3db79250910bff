"""The examples of the pages about the console and the disclosure are policies, and their tables are whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guardrail.console.app import PLACES
from guardrail.policy.admin import Admin, Oidc
from guardrail.policy.disclosure import Card, Disclosure, Evidence, Registration
from guardrail.policy.load import load_policy
from tests.policy.files import write

DOCS = Path(__file__).parents[2] / "docs"


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["console.md", "disclosure.md"])
def test_the_examples_are_policies(page: str, tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", read(page), re.DOTALL)
    assert examples
    for number, example in enumerate(examples):
        file = write(tmp_path, f"name: example\nversion: 1\nextends: [baseline]\n{example}", f"{number}.yaml")
        policy = load_policy(file).policy
        assert policy.admin.configured or policy.disclosure.models


@pytest.mark.parametrize(
    ("page", "models"),
    [("console.md", (Admin, Oidc)), ("disclosure.md", (Disclosure, Card, Evidence, Registration))],
)
def test_every_key_is_there(page: str, models: tuple[type[Admin], ...]) -> None:
    text = read(page)
    for model in models:
        assert [name for name in model.model_fields if not re.search(rf"\b{name}\b", text)] == []


def test_every_page_is_there() -> None:
    text = read("console.md")
    for place in PLACES:
        root = "/".join(place.path.split("/")[:3])
        assert root.split("{")[0].rstrip("/") in text, place
