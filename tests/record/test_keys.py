"""Secrets of an installation: made once, for the owner only, and followed over rotations one way."""

from __future__ import annotations

import base64
import threading
from pathlib import Path

import pytest

from guardrail.record.database import StoreUnusable
from guardrail.record.keys import (
    KeyFiles,
    Keys,
    load_keys,
    new_instance,
    new_signer,
    replace_file,
    rotation,
    trusted,
)
from guardrail.record.note import Signer


def test_they_are_made_once_and_stay(tmp_path: Path) -> None:
    files = KeyFiles(tmp_path / "data")
    first, second = load_keys(files, create=True), load_keys(files, create=False)
    assert (first.instance, first.secret, first.verifier) == (second.instance, second.secret, second.verifier)
    assert first.verifier.name == f"guardrail/{first.instance}"
    for path in files.folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_processes_that_start_together_have_the_same(tmp_path: Path) -> None:
    found: list[Keys] = []
    start = threading.Barrier(8)

    def load() -> None:
        start.wait()
        found.append(load_keys(KeyFiles(tmp_path / "data"), create=True))

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(keys.instance, keys.secret, keys.verifier.public) for keys in found}) == 1
    assert len(list((tmp_path / "data").iterdir())) == 3, "nothing half made is left"


def test_each_purpose_has_a_key_of_its_own_and_none_is_shown(tmp_path: Path) -> None:
    keys = load_keys(KeyFiles(tmp_path), create=True)
    derived = {keys.derive(purpose) for purpose in ("cases", "subject tag", "case")}
    assert len(derived) == 3
    assert keys.derive("cases") in derived
    shown = repr(keys)
    assert keys.secret.hex() not in shown
    assert keys.signer.secret_line() not in shown
    assert base64.b64encode(keys.secret).decode() not in shown


def test_keys_of_a_log_are_not_made_anew(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match=r"signing\.key is missing"):
        load_keys(KeyFiles(tmp_path), create=True, fresh=False)
    assert not (tmp_path / "signing.key").exists()


def test_those_that_replicas_share_are_never_made(tmp_path: Path) -> None:
    shared = KeyFiles(tmp_path / "data", tmp_path / "key", tmp_path / "secret")
    with pytest.raises(StoreUnusable, match="key is missing"):
        load_keys(shared, create=True)
    (tmp_path / "key").write_text(new_signer("ab12cd34").secret_line() + "\n")
    (tmp_path / "secret").write_text("c2hvcnQ=")
    with pytest.raises(StoreUnusable, match="no 32 bytes in base64"):
        load_keys(shared, create=True)
    (tmp_path / "secret").write_text(base64.b64encode(bytes(32)).decode())
    assert load_keys(shared, create=True).secret == bytes(32)
    assert not (tmp_path / "data" / "signing.key").exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"PRIVATE+KEY+x+00000000+AAAA", b"A" * 10_000])
def test_a_file_that_holds_something_else_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    load_keys(KeyFiles(tmp_path), create=True)
    (tmp_path / "signing.key").write_bytes(content)
    with pytest.raises(StoreUnusable) as refused:
        load_keys(KeyFiles(tmp_path), create=True)
    assert "signing.key" in refused.value.message
    assert "\n" not in refused.value.message
    assert (tmp_path / "signing.key").read_bytes() == content


def test_an_installation_gets_another_name_only_when_told(tmp_path: Path) -> None:
    before = load_keys(KeyFiles(tmp_path), create=True)
    assert new_instance(tmp_path) != before.instance
    after = load_keys(KeyFiles(tmp_path), create=True)
    assert (after.instance != before.instance, after.verifier.public) == (True, before.verifier.public)


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    replace_file(tmp_path / "file", "one\n")
    replace_file(tmp_path / "file", "two\n")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file", "two\n")]


def _signer(number: int) -> Signer:
    return Signer(f"guardrail/{number:08x}", bytes([number]) * 32)


def test_trust_follows_rotations() -> None:
    """Forward from what is trusted, back from there; a stolen retired key leads nowhere."""
    first, second, third, thief = (_signer(number) for number in (1, 2, 3, 9))
    notes = [rotation(first, second), rotation(second, third)]
    everything = {each.verifier.public for each in (first, second, third)}
    for known in (first, second, third):
        assert trusted([known.verifier], notes).keys() == everything
    stolen = [*notes, rotation(first, thief)]
    assert thief.verifier.public not in trusted([third.verifier], stolen)
    assert thief.verifier.public not in trusted([second.verifier], stolen)
    assert trusted([thief.verifier], notes).keys() == {thief.verifier.public}


def test_a_rotation_that_only_one_of_them_signed_says_nothing() -> None:
    first, thief = _signer(1), _signer(9)
    text = f"guardrail key rotation 1\n{first.verifier}\n{thief.verifier}\n"
    for forged in (thief.sign(text), first.sign(text), "", "x\ny\nz\n\n— a b\n", rotation(thief, _signer(3))):
        assert trusted([first.verifier], [forged]).keys() == {first.verifier.public}
