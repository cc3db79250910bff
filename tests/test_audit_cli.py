"""`guardrail audit`, as it is typed: what it says, how it ends, and that it is itself in the log."""

from __future__ import annotations

import asyncio
import csv
import json
import pwd
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from guardrail import audit_cli
from guardrail.cli import app
from guardrail.evidence import CASES_KEY
from guardrail.policy.redress import Redress
from guardrail.record.database import FILE, Place
from guardrail.record.entry import Event
from guardrail.record.heads import LOG
from guardrail.record.note import Verifier
from guardrail.redress import Decision, Desk
from guardrail.redress import Kind as CaseKind
from tests.support.stores import QUICK, event, intent, opened, outcome, rows_of, write


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A log of one run, where the environment says that it is."""
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(tmp_path / "data"))
    place = Place(tmp_path / "data")
    asyncio.run(write(place, [intent("r1"), outcome("r1"), event(number=1)]))
    return place


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["audit", *words])


def told(place: Place, what: str) -> Event:
    """The one event of this kind."""
    rows = asyncio.run(rows_of(place))
    [found] = [row.entry for row in rows if isinstance(row.entry, Event) and row.entry.what == what]
    assert found.actor.startswith("cli:")
    return found


def forge(place: Place, statement: str) -> None:
    with closing(sqlite3.connect(place.folder / FILE)) as database, database:
        database.execute(statement)


def test_a_sound_log_is_said_to_be_so_and_that_it_was_asked_is_in_it(place: Place) -> None:
    result = run("verify")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("sound: 5 entries of 1 writers")
    assert told(place, "verified").facts == {"entries": 5, "problems": 0}


def test_a_log_that_is_not_sound_is_told_entry_by_entry(place: Place) -> None:
    forge(place, "UPDATE entries SET body = '{}' WHERE seq = 2")
    result = run("verify", "--no-record")
    assert result.exit_code == 1
    first, last = result.stdout.splitlines()
    assert first.endswith(".0: entry 2: changed")
    assert last.startswith("NOT SOUND: 1 problems in 5 entries")
    found = json.loads(run("verify", "--json", "--no-record").stdout)
    assert (found["sound"], found["found"]) == (False, 1)
    assert [(each["seq"], each["until"], each["what"]) for each in found["problems"]] == [(2, 3, "changed")]


def test_a_log_that_was_rewritten_to_steer_the_verifiers_terminal_does_not(place: Place) -> None:
    """Who can write to the database could otherwise wipe what is told of it, and write over it that all is well."""
    writer = "'w' || char(27) || '[2J' || char(10) || 'sound: 5 entries'"
    forge(place, f"INSERT INTO entries SELECT {writer}, seq, at, kind, receipt, body, hash FROM entries WHERE seq = 2")
    forge(place, f"INSERT INTO meta VALUES ('head:' || {writer}, 'x')")
    result = run("verify", "--no-record")
    assert result.exit_code == 1
    assert "[2J" in result.stdout
    assert all(line.isprintable() and not line.startswith("sound") for line in result.stdout.splitlines())
    result = run("key")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_a_copy_is_verified_elsewhere_with_a_key_and_what_was_exported(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An auditor has the database, the public key and the checkpoints of the witness, and nothing else."""
    key = run("key").stdout.split()[0]
    (tmp_path / "copy").mkdir()
    with (
        closing(sqlite3.connect(place.folder / FILE)) as source,
        closing(sqlite3.connect(tmp_path / "copy" / FILE)) as to,
    ):
        source.backup(to)
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(tmp_path / "copy"))
    asking = ("verify", "--key", key, "--checkpoints", str(place.folder / LOG))
    result = run(*asking, "--no-record")
    assert (result.exit_code, result.stderr) == (0, "")
    result = run(*asking)
    assert (result.exit_code, result.stdout[:5]) == (0, "sound")
    assert "not in the log" in result.stderr, "a copy has no key to sign with"
    assert not (tmp_path / "copy" / "signing.key").exists()
    forge(Place(tmp_path / "copy"), "DELETE FROM entries WHERE seq > 2")
    forge(Place(tmp_path / "copy"), "DELETE FROM meta")
    result = run(*asking, "--no-record")
    assert result.exit_code == 1
    assert "missing (says the" in result.stdout


@pytest.mark.case("AUD-07")
def test_keys_are_printed_as_others_read_them_and_rotated(place: Place) -> None:
    before = [Verifier.parse(line) for line in run("key").stdout.split()]
    writer = asyncio.run(rows_of(place))[0].writer
    assert [key.name for key in before] == [f"guardrail/{writer}"]
    result = run("key", "--rotate")
    assert result.exit_code == 0
    after = [Verifier.parse(line) for line in result.stdout.split()]
    assert before[0].public not in {key.public for key in after}
    assert told(place, "key_rotated").facts == {"old": before[0].public.hex(), "new": after[0].public.hex()}
    assert run("verify").exit_code == 0
    assert run("verify", "--key", str(before[0])).exit_code == 0, "who trusts the old one follows"
    assert (place.folder / "signing.key").stat().st_mode & 0o077 == 0


@pytest.mark.case("AUD-12")
def test_an_export_is_read_by_other_programs_and_audited(place: Place, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in run("export").stdout.splitlines()]
    assert [line["kind"] for line in lines] == ["event", "intent", "outcome", "event", "event"]
    assert told(place, "exported").facts == {"entries": 5, "format": "jsonl"}
    out = tmp_path / "log.csv"
    assert run("export", "--format", "csv", "--out", str(out), "--until", "2200-01-01").exit_code == 0
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["receipt"] for row in rows][:3] == ["", "r1", "r1"]
    again = run("export", "--out", str(out))
    assert (again.exit_code, again.stderr) == (2, f"audit: {out} is there already\n")
    assert run("export", "--since", "2200-01-01").stdout == ""


def test_what_the_policy_keeps_is_not_purged(place: Place, tmp_path: Path) -> None:
    result = run("purge", "--before", "2100-01-01")
    assert result.exit_code == 2
    assert "the policy keeps 2190 days" in result.stderr
    assert run("purge").stdout == "nothing to delete\n"
    policy = tmp_path / "policy.yaml"
    policy.write_text("name: short\nversion: 1\nextends: [baseline]\naudit: {retention_days: 1}\n")
    forge(place, "UPDATE entries SET at = 5 WHERE seq = 0")
    result = run("purge", "--policy", str(policy))
    assert result.exit_code == 1
    assert "nothing was deleted" in result.stderr


def test_old_entries_are_purged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(tmp_path / "data"))
    place = Place(tmp_path / "data")
    years = 8 * 365 * 86_400 * 10**9

    async def old() -> None:
        from guardrail.record.ledger import Ledger

        async with opened(place, "spare") as spare:
            then = time.time_ns() - years
            ledger = Ledger(spare.database, spare.keys, "0", replace(QUICK), clock=lambda: then, monotonic=lambda: then)
            await ledger.start()
            await ledger.commit(event())
            await ledger.close()
            desk = Desk(spare.database, spare.commit, spare.keys.derive(CASES_KEY), Redress, lambda: then // 1_000)
            for number in range(2):
                case = await desk.open(f"{number:032x}", CaseKind.ERROR, "a word", "en", graphic=False)
            await desk.close(case.id, Decision.NO_CASE, "", "cli:t")

    asyncio.run(old())
    result = run("purge")
    assert "3 entries deleted" in result.stdout
    assert "1 closed cases deleted" in result.stdout, "what nobody has settled stays, however old"
    assert told(place, "cases_purged").facts == {"cases": 1}
    assert run("verify").exit_code == 0
    assert json.loads(run("purge", "--json").stdout)[0]["entries"] == 0


def test_a_clock_that_runs_ahead_makes_nothing_old(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-09: what is deleted comes back with no clock that is put right."""
    ahead = time.time() + 20 * 365 * 86_400
    monkeypatch.setattr(audit_cli, "time", SimpleNamespace(time=lambda: ahead))
    assert run("purge").stdout == "nothing to delete\n"
    assert run("purge", "--before", "2035-01-01").exit_code == 2
    assert run("verify").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--since", "yesterday"),
        ("export", "--since", "2030-01-01", "--until", "2020-01-01"),
        ("export", "--format", "xml"),
        ("purge", "--before", "soon"),
        ("verify", "--key", "no key"),
        ("verify", "--checkpoints", "/nowhere"),
        ("verify", "--checkpoints", "/dev/zero"),
        ("new-chains",),
        ("verify", "--policy", "/nowhere/policy.yaml"),
    ],
    ids=" ".join,
)
def test_a_mistake_is_told_and_ends_with_2(place: Place, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
    assert "Traceback" not in result.stderr


def _no_folder(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


def _no_key(folder: Path) -> None:
    (folder / "signing.key").unlink()


def _damaged(folder: Path) -> None:
    for path in folder.glob(f"{FILE}-*"):
        path.unlink()
    (folder / FILE).write_bytes(b"\0" * 9_999)


@pytest.mark.parametrize("fault", [_no_folder, _no_key, _damaged], ids=lambda fault: fault.__name__[1:])
@pytest.mark.parametrize("command", ["verify", "export", "purge", "key"])
def test_a_log_that_cannot_be_opened_is_one_line(place: Place, fault: object, command: str) -> None:
    assert callable(fault)
    fault(place.folder)
    result = run(command)
    if (command, fault) == ("export", _no_key):
        assert result.exit_code == 0, "to read it takes no key"
        return
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("audit: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_lost_database_is_gone_on_from_with_new_chains_and_stays_told(place: Place) -> None:
    for path in place.folder.glob(f"{FILE}*"):
        path.unlink()
    with pytest.raises(Exception, match=r"3? ?5 entries were acknowledged, 0 are there.*new-chains"):
        asyncio.run(write(place, [event()]))
    result = run("new-chains", "--yes")
    assert result.exit_code == 0
    writer = asyncio.run(write(place, [event()]))
    assert result.stdout == f"new chains are named {writer.partition('.')[0]}.*\n"
    verified = run("verify")
    assert verified.exit_code == 1
    assert "no_chain" in verified.stdout


def test_the_actor_is_the_user_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    class Somebody:
        pw_name = "Jane Doe"

    monkeypatch.setattr(pwd, "getpwuid", lambda uid: Somebody())
    assert audit_cli.actor() == "cli:other"


@pytest.fixture(autouse=True)
def _no_leftovers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Nothing is written where the tests run."""
    monkeypatch.chdir(tmp_path)
    yield
    assert not (tmp_path / "guardrail-data").exists()
