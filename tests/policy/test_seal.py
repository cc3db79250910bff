"""Who answers for a policy: seals, and what is refused without a good one."""

from __future__ import annotations

import json
import os
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from typer.testing import CliRunner

from guardrail.build import read_policy
from guardrail.cli import app
from guardrail.errors import PolicyError
from guardrail.policy.load import Loaded
from guardrail.policy.seal import Seals, public_key, seal_of, sign

DAY = date(2026, 11, 29)


def key_pair() -> tuple[str, str]:
    """A private and its public key in PEM."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


PRIVATE, PUBLIC = key_pair()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "ward.yaml", 2)


def write(file: Path, version: int, rest: str = "") -> Path:
    file.write_text(f"name: ward\nversion: {version}\nextends: [baseline]\n{rest}")
    return file


def put(file: Path, *, key: str = PRIVATE, expires: date | None = None) -> None:
    seal_of(file).write_text(sign(read_policy(file), key, expires) + "\n")


def read(file: Path, seals: Seals | None = None) -> Loaded:
    seals = seals or Seals(file, public_key(PUBLIC), lambda: DAY)
    return seals.read(partial(read_policy, file))


def refusal(file: Path, seals: Seals | None = None) -> str:
    with pytest.raises(PolicyError) as refused:
        read(file, seals)
    return refused.value.message


def test_a_sealed_policy_is_read_and_its_seal_is_watched(file: Path) -> None:
    """A new seal is a reason to read again, as a new policy is."""
    put(file)
    loaded = read(file)
    assert loaded.policy == read_policy(file).policy
    assert seal_of(file) in loaded.files


def test_its_last_day_is_the_last(file: Path) -> None:
    put(file, expires=DAY)
    assert read(file).policy.version == 2
    put(file, expires=date(2026, 11, 28))
    assert refusal(file) == "ward.yaml.seal:1: (file): has expired; sign the policy again"


def test_a_change_breaks_the_seal_wherever_it_is(file: Path, tmp_path: Path) -> None:
    """In what the policy extends, too: the seal is over what decides, not over bytes."""
    (tmp_path / "house.yaml").write_text("name: house\nversion: 1\nextends: [baseline]\n")
    file.write_text("name: ward\nversion: 2\nextends: [house.yaml]\n")
    put(file)
    assert read(file)
    (tmp_path / "house.yaml").write_text("name: house\nversion: 1\nextends: [baseline]\nlimits: {max_depth: 32}\n")
    assert "the policy was changed after it was signed" in refusal(file)
    file.write_text("# a remark\nname: ward\nversion: 2\nextends: [baseline]\n")
    put(file)
    write(file, 2)
    assert read(file), "remarks are for people"


def test_another_upstream_is_another_policy(file: Path) -> None:
    """`--upstream` can't send elsewhere what somebody signed for."""
    put(file)
    with pytest.raises(PolicyError, match="changed after it was signed"):
        Seals(file, public_key(PUBLIC)).read(partial(read_policy, file, "https://elsewhere.example"))


def test_only_the_key_that_was_given_counts(file: Path) -> None:
    put(file, key=key_pair()[0])
    assert refusal(file) == "ward.yaml.seal:1: (file): is not signed with the policy key"


@pytest.mark.parametrize("text", ["", "nonsense", "a.b.c", "\u00e9", "x" * 20_000])
def test_what_is_no_seal(file: Path, text: str) -> None:
    seal_of(file).write_text(text, encoding="utf-8")
    assert refusal(file) == "ward.yaml.seal:1: (file): is not signed with the policy key"


def test_without_a_seal_it_says_what_to_do(file: Path) -> None:
    assert "`guardrail policy sign` writes it" in refusal(file)


@pytest.mark.timeout(20)
def test_a_pipe_in_place_of_the_seal_is_refused_at_once(file: Path) -> None:
    """Who may write there would else hold up every reload, and every alert with it."""
    os.mkfifo(seal_of(file))
    assert "ward.yaml.seal:1: (file): can't be read (not a regular file)" in refusal(file)


def test_what_the_key_signs_for_something_else_is_no_seal(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = read_policy(file)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("guardrail.policy.seal._USE", "something else")
        seal_of(file).write_text(sign(loaded, PRIVATE))
    assert "is the seal of something else" in refusal(file)


def test_what_was_in_force_is_not_gone_behind(file: Path) -> None:
    """An old policy with its old, genuine seal; nor one of another name, which may be as old."""
    put(file)
    seals = Seals(file, public_key(PUBLIC), lambda: DAY)
    seals.remember(2)
    seals.remember(1)
    assert read(file, seals)
    seals.remember(3)
    assert "is of an older version than one that was in force" in refusal(file, seals)


def test_the_shipped_baseline_has_nobodys_seal() -> None:
    with pytest.raises(PolicyError, match="needs --policy"):
        Seals(None, public_key(PUBLIC))


@pytest.mark.parametrize("text", ["", "nonsense", PRIVATE])
def test_what_is_no_public_key(text: str) -> None:
    with pytest.raises(PolicyError, match="no Ed25519 public key") as refused:
        public_key(text)
    assert not text or text not in refused.value.message


def test_what_is_no_private_key(file: Path) -> None:
    """Of another kind, behind a password, or the public half."""
    other = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    locked = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word")
    )
    for text in (other, locked.decode(), PUBLIC, "nonsense"):
        with pytest.raises(PolicyError, match="no Ed25519 private key"):
            sign(read_policy(file), text)


def test_the_command(file: Path, tmp_path: Path) -> None:
    key = tmp_path / "private.pem"
    key.write_text(PRIVATE)
    key.chmod(0o600)
    runner = CliRunner()
    told = runner.invoke(app, ["policy", "sign", str(file), "--key", str(key), "--expires", "2026-12-31"])
    assert told.exit_code == 0, told.output
    assert told.output.startswith("ward.yaml.seal: ward version 2, ")
    assert told.output.endswith(", until 2026-12-31\n")
    assert read(file)
    assert json.loads(read(file).policy.model_dump_json())["name"] == "ward"

    assert runner.invoke(app, ["policy", "sign", str(file), "--key", str(tmp_path / "none.pem")]).exit_code == 2
    key.write_text("nonsense")
    assert runner.invoke(app, ["policy", "sign", str(file), "--key", str(key)]).exit_code == 2
    key.write_text(PRIVATE)
    key.chmod(0o640)
    told = runner.invoke(app, ["policy", "sign", str(file), "--key", str(key)])
    assert (told.exit_code, "may be read by others" in told.output) == (2, True)
    key.chmod(0o600)
    write(file, 2, "nonsense: 1\n")
    assert runner.invoke(app, ["policy", "sign", str(file), "--key", str(key)]).exit_code == 2
