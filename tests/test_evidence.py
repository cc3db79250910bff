"""Where the evidence of a policy is kept: the address of the database, from where it stands."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from guardrail.build import read_policy
from guardrail.evidence import CASES_KEY, Commands, open_evidence, place_of
from guardrail.policy.audit import Audit
from guardrail.policy.model import Policy
from guardrail.policy.redress import Redress
from guardrail.record.audit import writing
from guardrail.record.database import StoreUnusable
from guardrail.record.metrics import Metrics
from guardrail.record.metrics_words import CASE_OUTCOMES
from guardrail.redress import Decision, Desk, Kind, State

ADDRESS = "postgresql://ward:Qz7Canary@db/guardrail"


def policy(**audit: str) -> Policy:
    return Policy.model_construct(audit=Audit.model_validate({"store": "postgresql", **audit}))


def test_the_address_comes_from_a_file_or_from_a_variable(tmp_path: Path) -> None:
    (tmp_path / "url").write_text(f"{ADDRESS}\n")
    assert place_of(policy(url_file=str(tmp_path / "url")), {}).url == ADDRESS
    assert place_of(policy(url_env="WARD_DB"), {"WARD_DB": ADDRESS}).url == ADDRESS


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff" + ADDRESS.encode(), None])
def test_no_address_is_one_clear_line(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "url").write_bytes(content)
    with pytest.raises(StoreUnusable, match=r"audit\.url_file") as refused:
        place_of(policy(url_file=str(tmp_path / "url")), {})
    assert "Canary" not in str(refused.value)


@pytest.mark.parametrize("audit", [{}, {"url_env": "A", "url_file": "b"}])
def test_a_database_has_one_address(audit: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="url_env or url_file"):
        policy(**audit)
    with pytest.raises(ValueError, match="url_env or url_file"):
        Audit(store="sqlite", url_file="b")


def test_cases_are_counted_whoever_settles_them(tmp_path: Path) -> None:
    """Here, or by a command: each step once."""

    async def run() -> bytes:
        metrics = Metrics()
        environment = {"GUARDRAIL_DATA_DIR": str(tmp_path)}
        evidence = await open_evidence(read_policy().policy, environment, metrics, slot="0", rules=Redress)
        commands = Commands(evidence, metrics)
        await commands.count()
        made = [await evidence.desk.open(f"{at:032x}", Kind.HARM, "", "en", graphic=False) for at in range(2)]
        await evidence.desk.close(made[0].id, Decision.UPHELD, "", "admin:ann")
        for _ in range(2):
            async with writing(evidence.database.place) as ledger:
                desk = Desk(ledger.database, ledger.commit, ledger.keys.derive(CASES_KEY), Redress)
                if (await desk.get(made[1].id)).state is not State.CLOSED:
                    await desk.close(made[1].id, Decision.NO_CASE, "", "cli:ann")
            await commands.count()
        await evidence.close()
        return metrics.render("")[1]

    page = asyncio.run(run()).decode()
    counted = {outcome: f'guardrail_cases_total{{kind="harm",outcome="{outcome}"}}' for outcome in CASE_OUTCOMES}
    told = {
        outcome: line.split()[-1] for outcome, name in counted.items() for line in page.splitlines() if name in line
    }
    expected = {"opened": "2.0", "upheld": "1.0", "no_case": "1.0"}
    assert told == {outcome: expected.get(outcome, "0.0") for outcome in CASE_OUTCOMES}
