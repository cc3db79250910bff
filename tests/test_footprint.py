"""What an answer costs and what its footprint is estimated to be (WHO-85, WHO-87): never measured, never made up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ecologits.model_repository import models
from ecologits.tracers.utils import llm_impacts
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from guardrail import footprint
from guardrail.errors import PolicyError
from guardrail.footprint import Machine, estimate, known, listed
from guardrail.policy.accounts import Accounts
from guardrail.policy.footprint import Footprints
from guardrail.policy.load import load_policy
from guardrail.record import entry
from guardrail.record.entry import Code, End, Kind, Outcome, PolicyRef, Range, Timings, Usage, Who, from_json, to_json
from guardrail.text import Action

LISTED = [(model.provider.value, model.name) for model in models.list_models()]
SMALL = Machine(Range(7, 9), Range(7, 9), Range(1.1, 1.3), Range(0.1, 1.0))


def outcome(asked: str = "gpt-4o", served: str = "none", dialect: str = "openai.chat", **usage: int | None) -> Outcome:
    return Outcome(
        receipt=Code("r-1"),
        who=Who(model=Code(asked), dialect=Code(dialect)),
        policy=PolicyRef(Code("baseline"), 1, Code("ab12")),
        end=End.ANSWERED,
        action=Action.ALLOW,
        status=200,
        served=Code(served),
        timings=Timings(upstream=3_000_000),
        usage=Usage(**usage),
    )


def accounts(**rules: Any) -> Accounts:
    return Accounts(Footprints.model_validate(rules))


# ---- the estimate


@given(
    st.sampled_from(LISTED),
    st.integers(0, 100_000),
    st.floats(0.01, 900) | st.none(),
    st.sampled_from(["WOR", "DEU", "USA", "SWE"]),
)
def test_it_is_what_ecologits_estimates(model: tuple[str, str], tokens: int, seconds: float | None, zone: str) -> None:
    """The line that we draw through two points of the library's model is the library's model, for every model."""
    provider, name = model
    machine = known(f"{provider}/{name}")
    assert machine is not None
    ours = estimate(machine, tokens, seconds, zone)
    assert ours is not None
    theirs = llm_impacts(provider, name, tokens, float("inf") if seconds is None else seconds, zone)
    for said, meant in ((ours.energy_wh, theirs.energy), (ours.co2e_g, theirs.gwp), (ours.water_ml, theirs.wcf)):
        assert said is not None and meant is not None
        low, high = getattr(meant.value, "min", meant.value), getattr(meant.value, "max", meant.value)
        assert (said.low, said.high) == pytest.approx((low * 1_000, high * 1_000), rel=6e-4, abs=1e-12)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.floats(0.01, 600))
def test_more_words_are_never_less_and_the_bounds_are_in_order(one: int, more: int, seconds: float) -> None:
    few, many = estimate(SMALL, one, seconds), estimate(SMALL, one + more, seconds)
    assert few is not None and many is not None
    for less, greater in ((few.energy_wh, many.energy_wh), (few.co2e_g, many.co2e_g)):
        assert 0 <= less.low <= less.high and less.low <= greater.low and less.high <= greater.high


@pytest.mark.parametrize(
    ("name", "vendor", "same"),
    [
        ("gpt-4o-2024-11-20", "openai", "openai/gpt-4o-2024-11-20"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "", "anthropic/claude-sonnet-4-5-20250929"),
        ("anthropic.claude-opus-4-6-v1", "", "anthropic/claude-opus-4-6"),
        ("models/gemini-2.5-flash", "google_genai", "google_genai/gemini-2.5-flash"),
        ("claude-opus-4-6-latest", "anthropic", "anthropic/claude-opus-4-6"),
    ],
)
def test_the_names_that_clouds_give(name: str, vendor: str, same: str) -> None:
    assert listed(name, vendor) == known(same) is not None


@pytest.mark.parametrize("name", ["house-llm", "llama3.2:3b", "", "x" * 100, "gpt", "openai/", "a.b.c"])
def test_a_model_that_nobody_lists_is_not_known(name: str) -> None:
    assert listed(name) is None


def test_it_reaches_for_nothing_and_touches_no_sdk() -> None:
    """EcoLogits can patch the SDKs of providers: we ask it for figures only."""
    code = (
        "import socket, sys\n"
        "def never(*_, **__): raise AssertionError('the network')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = never\n"
        "from guardrail.footprint import estimate, listed\n"
        "machine = listed('gpt-4o', 'openai')\n"
        "assert machine and estimate(machine, 100, 2.0)\n"
        "patched = {'openai', 'anthropic', 'wrapt', 'opentelemetry', 'httpx', 'requests'} & set(sys.modules)\n"
        "sys.exit(','.join(patched) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# ---- an exchange


def test_an_outcome_gets_its_interval_and_its_method() -> None:
    told = accounts()(outcome(input=50, output=200)).footprint
    assert told is not None and told.method.startswith("ecologits-") and "+" not in told.method
    assert 0 < told.energy_wh.low < told.energy_wh.high < 10
    assert 0 < told.co2e_g.low < told.co2e_g.high < 10
    assert told.water_ml is not None and 0 < told.water_ml.low < told.water_ml.high < 100


def test_the_model_that_answered_counts() -> None:
    """A deployment of Azure's is called as the hospital likes."""
    told = accounts()(outcome("ward-assistant", "gpt-4o", output=200)).footprint
    assert told == accounts()(outcome("gpt-4o", output=200)).footprint is not None


@pytest.mark.parametrize(
    ("asked", "usage"),
    [("house-llm", {"output": 200}), ("gpt-4o", {"input": 50}), ("gpt-4o", {}), ("other", {"output": 200})],
)
def test_what_is_not_known_is_left_out_and_is_not_zero(asked: str, usage: Mapping[str, Any]) -> None:
    assert accounts()(outcome(asked, **usage)).footprint is None


def test_a_policy_tells_what_nobody_lists() -> None:
    rules = accounts(
        zone="DEU",
        models=[
            {"model": "house-*", "size": {"active": [7, 9], "pue": 1.5, "wue": [0, 1.8]}, "zone": "SWE"},
            {"model": "ward-assistant", "like": "openai/gpt-4o"},
        ],
        otherwise={"active": [7, 70], "total": [7, 400]},
    )
    house = rules(outcome("house-llm", output=200)).footprint
    ward = rules(outcome("ward-assistant", output=200)).footprint
    other = rules(outcome("something-else", output=200)).footprint
    assert house is not None and house.method.endswith("+policy")
    assert ward is not None and ward == accounts(zone="DEU")(outcome("gpt-4o", output=200)).footprint
    assert other is not None and other.method.endswith("+generic")
    at_home = replace(SMALL, pue=Range(1.5, 1.5), wue=Range(0, 1.8))
    expected = estimate(at_home, 200, 3.0, "SWE")
    assert expected is not None and replace(house, method=expected.method) == expected


def test_switched_off_there_are_costs_only() -> None:
    prices = [{"model": "*", "input_per_million": 1, "output_per_million": 2, "currency": "EUR"}]
    told = accounts(on=False, prices=prices)(outcome(input=1_000, output=2_000))
    assert (told.footprint, told.cost, told.currency) == (None, 0.005, "EUR")


def test_what_is_added_survives_the_log() -> None:
    prices = [{"model": "gpt-4*", "input_per_million": 2.5, "output_per_million": 10, "currency": "USD"}]
    told = accounts(prices=prices)(outcome(input=50, output=200))
    assert told.cost and told.footprint
    assert from_json(Kind.OUTCOME, to_json(told)) == told


# ---- cost

PRICE = {"model": "gpt-4*", "input_per_million": 2.5, "output_per_million": 10, "currency": "USD"}


@pytest.mark.parametrize(
    ("more", "usage", "cost"),
    [
        ({}, {"input": 1_000, "output": 100}, 0.0035),
        ({}, {"input": 1_000, "output": 100, "cached": 800}, 0.0035),
        ({"cached_per_million": 1.25}, {"input": 1_000, "output": 100, "cached": 800}, 0.0025),
        ({"cached_per_million": 0}, {"input": 1_000, "output": 100, "cached": 5_000}, 0.001),
        ({}, {"input": 1_000}, None),
        ({}, {"output": 1_000}, None),
        ({"output_per_million": 0}, {"input": 1_000}, 0.0025),  # vectors
        ({}, {}, None),
    ],
)
def test_a_cost_is_told_if_all_that_is_charged_was_counted(
    more: Mapping[str, float], usage: Mapping[str, Any], cost: float | None
) -> None:
    told = accounts(prices=[{**PRICE, **more}])(outcome(**usage))
    assert told.cost == (None if cost is None else pytest.approx(cost))
    assert told.currency == ("USD" if cost is not None else entry.NONE)


def test_the_first_price_that_fits_the_model_that_answered() -> None:
    rules = accounts(
        prices=[
            {**PRICE, "model": "gpt-4o-mini*", "input_per_million": 1},
            PRICE,
            {**PRICE, "model": "*", "input_per_million": 9, "currency": "EUR"},
        ]
    )

    def cost(asked: str, served: str = "none") -> tuple[float | None, str]:
        told = rules(outcome(asked, served, input=1_000_000, output=0))
        return told.cost, told.currency

    assert cost("gpt-4o-mini") == (1, "USD")
    assert cost("gpt-4o") == (2.5, "USD")
    assert cost("gpt-4o", "gpt-4o-mini-2024-07-18") == (1, "USD")
    assert cost("house") == (9, "EUR")


def test_without_a_price_nothing_is_told() -> None:
    told = accounts()(outcome(input=1_000, output=100))
    assert (told.cost, told.currency) == (None, entry.NONE)


# ---- the policy


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        ({"zone": "XYZ"}, "zone"),
        ({"zone": "de"}, "zone"),
        ({"prices": [{**PRICE, "currency": "dollars"}]}, "currency"),
        ({"prices": [{**PRICE, "input_per_million": -1}]}, "input_per_million"),
        ({"prices": [{**PRICE, "output_per_million": "10"}]}, "output_per_million"),
        ({"prices": [{**PRICE, "output_per_million": float("nan")}]}, "output_per_million"),
        ({"prices": [{**PRICE, "model": "a b"}]}, "model"),
        ({"models": [{"model": "x", "like": "openai/gpt-nobody"}]}, "like"),
        ({"models": [{"model": "x"}]}, "models"),
        ({"models": [{"model": "x", "like": "openai/gpt-4o", "size": {"active": 7}}]}, "models"),
        ({"otherwise": {"active": [9, 7]}}, "active"),
        ({"otherwise": {"active": True}}, "active"),
        ({"otherwise": {"active": 7, "total": 3}}, "otherwise"),
        ({"otherwise": {"active": 7, "pue": 0.5}}, "pue"),
        ({"otherwise": {"active": 7, "wue": float("inf")}}, "wue"),
        ({"budget": 5}, "budget"),
    ],
)
def test_a_mistake_is_refused_where_it_stands(rules: Mapping[str, Any], named: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Footprints.model_validate(rules)
    assert named in [str(step) for error in refused.value.errors() for step in error["loc"]]


def test_the_file_and_the_line_are_named(tmp_path: Path) -> None:
    file = tmp_path / "house.yaml"
    file.write_text("extends: baseline\nname: house\nversion: 1\nfootprint:\n  zone: XYZ\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"house\.yaml:5: footprint\.zone: "):
        load_policy(file)


def test_a_policy_that_says_nothing_loads_no_library() -> None:
    code = (
        "import sys\n"
        "from guardrail.policy.footprint import Footprints\n"
        "Footprints()\n"
        "sys.exit('ecologits' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert footprint.somewhere()[0].low >= 1
