"""An entry is proven by what was signed around it, and whatever is touched there shows (WHO-66)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from typer.testing import CliRunner

from guardrail import proofs
from guardrail.cli import app
from guardrail.proofs import latest, prove
from guardrail.receipts import Proof
from guardrail.record.archive import Archive
from guardrail.record.audit import writing
from guardrail.record.database import Database, Place
from guardrail.record.entry import Code, Event
from guardrail.record.keys import KeyFiles, load_keys
from guardrail.record.note import Verifier
from guardrail.record.tables import checkpoints, entries, meta
from tests.console.house import exchange

RECEIPTS = [f"{number:032x}" for number in range(6)]


class Log:
    """A real log of six exchanges, made by two runs of a writer: one checkpoint in its middle, one at its end."""

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder)
        self.runner = asyncio.Runner()
        for some in (RECEIPTS[:3], RECEIPTS[3:]):
            self.runner.run(self._write(some))
        self.keys: list[Verifier] = [load_keys(KeyFiles(folder), create=False).verifier]
        self.database = self.runner.run(Database.open(self.place, create=False))

    async def _write(self, receipts: Sequence[str]) -> None:
        async with writing(self.place, "0") as ledger:
            for receipt in receipts:
                for each in exchange(receipt):
                    await ledger.commit(each)
            await ledger.commit(Event(Code("receipt_read"), Code("cli:ann"), Code(receipts[0])))

    def prove(self, receipt: str, keys: Sequence[Verifier] | None = None) -> Sequence[Proof]:
        async def asked() -> Sequence[Proof]:
            rows = await Archive(self.database).of_receipt(receipt)
            return await prove(self.database, self.keys if keys is None else keys, rows)

        return self.runner.run(asked())

    def change(self, statement: object) -> None:
        async def done() -> None:
            async with self.database.writing() as connection:
                await connection.execute(statement)  # type: ignore[call-overload]

        self.runner.run(done())

    def close(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    made = Log(tmp_path / "data")
    yield made
    made.close()


def test_every_entry_of_a_sound_log_is_proven_and_says_by_what(log: Log) -> None:
    signed = {each.size for each in log.runner.run(latest(log.database))}
    for receipt in RECEIPTS:
        found = log.prove(receipt)
        assert [each.kind for each in found][:2] == ["intent", "outcome"]
        assert all(each.verified and each.problem == "" for each in found), found
        assert all(each.covered is not None and each.covered > each.seq for each in found)
        assert len({each.sha256 for each in found}) == len(found)
    assert log.prove(RECEIPTS[-1])[0].covered in signed
    assert log.prove(RECEIPTS[0])[0].covered not in signed, "there is an earlier one"


def test_an_entry_that_was_changed_says_so_and_so_do_those_beside_it(log: Log) -> None:
    seq = log.prove(RECEIPTS[1])[1].seq
    log.change(update(entries).where(entries.c.seq == seq, entries.c.kind == "outcome").values(at=entries.c.at + 1))
    intent, outcome = log.prove(RECEIPTS[1])[:2]
    assert (outcome.verified, outcome.problem) == (False, "it is not what was written")
    assert (intent.verified, intent.problem) == (False, f"entry {seq} beside it was changed")
    assert log.prove(RECEIPTS[4])[0].verified, "the other stretch is as it was"


def test_an_entry_that_is_gone_shows_beside_it(log: Log) -> None:
    seq = log.prove(RECEIPTS[1])[0].seq
    log.change(delete(entries).where(entries.c.seq == seq))
    assert [each.problem for each in log.prove(RECEIPTS[0])] == ["entries beside it are missing"] * 3
    last = log.prove(RECEIPTS[-1])[-1].seq
    log.change(delete(entries).where(entries.c.seq > last))
    assert not log.prove(RECEIPTS[-1])[0].verified


def test_what_is_signed_by_somebody_else_proves_nothing(log: Log, tmp_path: Path) -> None:
    other = load_keys(KeyFiles(tmp_path / "other"), create=True).verifier
    found = log.prove(RECEIPTS[0], [other])
    assert {(each.verified, each.problem) for each in found} == {(False, "the signature over its log is none of ours")}
    assert all(not each.verified for each in log.prove(RECEIPTS[0], []))


def test_a_checkpoint_that_was_changed_proves_nothing(log: Log) -> None:
    log.change(update(checkpoints).values(frontier=b"\x00" * 64))
    found = log.prove(RECEIPTS[-1])
    assert {(each.verified, each.problem) for each in found} == {(False, "the checkpoint before it was changed")}


def test_a_log_that_nothing_was_signed_of_is_not_proven(log: Log) -> None:
    log.change(delete(checkpoints))
    assert all(each.verified for each in log.prove(RECEIPTS[0])), "the signed head is enough"
    log.change(delete(meta).where(meta.c.key.startswith("head:")))
    assert {each.problem for each in log.prove(RECEIPTS[0])} == {"nothing of this log is signed yet"}
    assert {each.verified for each in log.prove(RECEIPTS[0])} == {None}


def test_too_much_to_read_for_one_receipt_is_said(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "MOST", 1)
    (first, *_) = log.prove(RECEIPTS[0])
    assert first.verified is None
    assert "guardrail audit verify" in first.problem


# ── the command ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_tells_a_receipt_and_that_it_was_read(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(log.place.folder))
    run = CliRunner()
    told = run.invoke(app, ["receipt", f" {RECEIPTS[2].upper()} "])
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout.startswith(f"Receipt {RECEIPTS[2]}\n")
    assert "as it was written: yes" in told.stdout
    said = json.loads(run.invoke(app, ["receipt", RECEIPTS[2], "--json"]).stdout)
    assert [event["what"] for event in said["events"]] == ["receipt_read"]
    assert said["events"][0]["actor"].startswith("cli:")
    assert said["policy"]["in_force"] is True
    letter = run.invoke(app, ["receipt", RECEIPTS[2], "--insert", "--language", "es", "--read-by", "Dra. Ruiz"]).stdout
    assert "Dra. Ruiz leyó" in letter


@pytest.mark.parametrize(
    ("arguments", "status", "what"),
    [
        (["x"], 2, "A receipt is 32 characters"),
        (["f" * 32], 1, "There is no record with this receipt"),
        ([RECEIPTS[0], "--insert", "--language", "xx"], 2, "there is one in en"),
        ([RECEIPTS[0], "--policy", "no-such.yaml"], 2, "no-such.yaml"),
    ],
)
def test_the_command_says_what_is_wrong(
    log: Log, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int, what: str
) -> None:
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(log.place.folder))
    told = CliRunner().invoke(app, ["receipt", *arguments])
    assert (told.exit_code, told.stdout) == (status, "")
    assert what in told.stderr


def test_a_record_that_was_changed_is_no_ordinary_receipt(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who only reads its first lines, or is a program, must not take a forgery for what happened (WHO-66)."""
    log.change(update(entries).where(entries.c.receipt == RECEIPTS[1]).values(at=entries.c.at + 1))
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(log.place.folder))
    for form in ([], ["--json"], ["--insert"]):
        told = CliRunner().invoke(app, ["receipt", RECEIPTS[1], *form])
        assert (told.exit_code, "not as it was written" in told.stderr) == (1, True)


def test_without_a_log_the_command_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(tmp_path / "nothing"))
    told = CliRunner().invoke(app, ["receipt", RECEIPTS[0]])
    assert told.exit_code == 1
    assert "there is no audit log" in told.stderr
    assert not (tmp_path / "nothing").exists()
