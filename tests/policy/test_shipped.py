"""Every policy file that we ship loads, says why for every rule, and holds what the product promises."""

import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from guardrail.policy.base import Requirement
from guardrail.policy.explain import explain
from guardrail.policy.load import baseline, load_policy, shipped_policies
from guardrail.policy.model import Cohorts, Limits, Policy, Timeouts
from guardrail.policy.requirements import MEANINGS
from guardrail.text import Action

FILES = [baseline(), *sorted((shipped_policies() / "examples").glob("*.yaml"))]
"""What a deployer loads as it is; the packs are in test_packs.py."""
HARD_IDENTIFIERS = (
    *("NAME", "SSN", "MRN", "PHONE", "FAX", "EMAIL", "HEALTH_PLAN", "ACCOUNT", "LICENSE", "VEHICLE"),
    *("DEVICE", "IP", "BIOMETRIC", "OTHER_ID", "ADDRESS", "AGE_OVER_89", "DATE"),
)


def policy() -> Policy:
    return load_policy(baseline()).policy


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_loads_and_begins_with_what_it_is_for(file: Path) -> None:
    loaded = load_policy(file)
    assert loaded.policy.name == file.stem
    assert file.read_text(encoding="utf-8").startswith("# ")
    assert not loaded.policy.unsafe


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_rule_cites_a_requirement_that_can_be_explained(file: Path) -> None:
    for rule in load_policy(file).policy.rails:
        assert rule.because, rule.rail
        assert set(rule.because) <= set(MEANINGS), rule.rail


def test_the_baseline_checks_everything_that_the_product_promises() -> None:
    """No PHI out, a notice, no persona, warnings and the way to real help."""
    names = [rule.rail for rule in policy().rails]
    in_answers = ["persona", "assurance", "references", "incomplete", "translation"]
    assert names == ["crisis", "notice", "medical", "injection", *in_answers, "phi"]
    phi = policy().rule("phi")
    assert phi is not None
    assert phi.request is Action.REPLACE
    assert not phi.labels.request, "every identifier is replaced on the way to the model"
    assert not [label for label in HARD_IDENTIFIERS if label in phi.labels.response]
    assert phi.response is Action.REPLACE
    assert policy().on_failure == "block"


def test_what_the_baseline_writes_out_is_what_holds_without_it() -> None:
    """A policy that extends nothing has the same limits and group codes as the baseline shows."""
    assert policy().limits == Limits()
    assert policy().cohorts == Cohorts()
    assert policy().upstreams["openai"].timeouts == Timeouts()


def test_every_requirement_that_has_a_meaning_can_be_cited() -> None:
    """WHO's are numbered; a law is named as a policy may write it, and told in a line."""
    for requirement, meaning in MEANINGS.items():
        assert re.fullmatch(r"WHO-(0[1-9]|[1-8]\d|90)", requirement) or not requirement.startswith("WHO")
        assert TypeAdapter(Requirement).validate_python(requirement) == requirement
        assert 20 <= len(meaning) <= 110


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_can_be_explained_in_plain_words(file: Path) -> None:
    loaded = load_policy(file)
    words = explain(loaded)
    for rule in loaded.policy.rails:
        assert f"Check: {rule.rail}" in words
    for requirement in {each for rule in loaded.policy.rails for each in rule.because}:
        assert f"{requirement}: {MEANINGS[requirement]}" in words
    assert "{" not in words
