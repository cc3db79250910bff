"""Where the evidence of a policy is kept: the address of the database, from where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrail.evidence import place_of
from guardrail.policy.audit import Audit
from guardrail.policy.model import Policy
from guardrail.record.database import StoreUnusable

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
