"""`guardrail report` from the command line, on a real log: made, signed, chained, checked; and what it refuses."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from guardrail.cli import app
from guardrail.record.archive import Archive
from guardrail.record.database import Database, Place
from guardrail.record.entry import Entry, Event, Kind
from guardrail.record.keys import KeyFiles, load_keys
from guardrail.record.ledger import Ledger
from guardrail.record.tables import cases
from guardrail.report.sealed import digest
from tests.report.records import exchanges
from tests.support import postgres

CANARY = "Ashgrove"
"""A word that no report may hold; it stands in the words of a case."""
PERIOD = ("--from", "2026-09-01", "--to", "2026-11-23")


async def written(place: Place, entries: Iterable[tuple[int, Entry]]) -> None:
    """A log as a proxy writes it, at the times of its entries, and a case beside it."""
    database = await Database.open(place)
    keys = load_keys(KeyFiles(place.folder), create=True)
    now = 0

    def clock() -> int:
        return now * 1_000

    ledger = Ledger(database, keys, "0", clock=clock, monotonic=clock)
    known = list(entries)
    now = known[0][0]
    await ledger.start()
    futures = []
    for now, entry in known:  # noqa: B007 - the clock reads it
        futures.append(ledger.submit(entry))
        if len(futures) == 500:
            await asyncio.gather(*futures)
            futures.clear()
    await asyncio.gather(*futures)
    await ledger.close()
    async with database.writing() as connection:
        opened = known[0][0]
        case = {"id": "c1", "receipt": "r", "kind": "harm", "state": "open", "opened": opened, "due": opened + 9}
        await connection.execute(cases.insert().values(**case, language="en", graphic=False, words=CANARY.encode()))
    await database.close()


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a guardrail that had 1,500 exchanges in a quarter."""
    folder = tmp_path_factory.mktemp("data")
    asyncio.run(written(Place(folder), exchanges(1_500)))
    return folder


@pytest.fixture(autouse=True)
def here(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(log))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["report", *map(str, arguments)])


@pytest.fixture(scope="module")
def made(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with both files; the folder."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUARDRAIL_DATA_DIR", str(log))
        result = run(*PERIOD, "--out", folder / "q.html", "--json", folder / "q.json", "--sample", "5", "--seed", "x")
    assert result.exit_code == 0, result.output
    return folder


def events(log: Path) -> list[Event]:
    """The `reported` events of the log, the oldest first."""

    async def read() -> list[Event]:
        async with Archive.open(Place(log)) as archive:
            return [line.entry async for line in archive.rows(kinds=[Kind.EVENT]) if isinstance(line.entry, Event)]

    return [event for event in asyncio.run(read()) if event.what == "reported"]


def document(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "q.json").read_bytes())
    return loaded


def test_it_is_about_what_is_in_the_log(made: Path) -> None:
    report = document(made)
    assert report["exchanges"]["value"] == 1_500
    assert report["integrity"]["state"] == "sound"
    assert [each["version"] for each in report["policies"]] == [3, 4]
    assert report["policies"][0]["loaded"] == ["2026-09-01T00:00:00Z"]
    assert {each["id"]: each["all"]["shown"] for each in report["cases"]}["overdue"] == "1-10"
    assert len(report["sample"]["receipts"]) == 5
    assert report["events"]["start"] >= 1


def test_it_is_in_the_log_and_signed(made: Path, log: Path) -> None:
    event = next(each for each in events(log) if each.facts["sha256"] == digest((made / "q.json").read_bytes()))
    assert (event.facts["from"], event.facts["to"]) == ("2026-09-01", "2026-11-23")
    assert event.actor.startswith("cli:")
    for name in ("q.html", "q.json"):
        result = run("--check", made / name)
        assert result.exit_code == 0, result.output
        assert "the audit log says so, too" in result.output


def test_the_page_names_its_document(made: Path) -> None:
    assert digest((made / "q.json").read_bytes()) in (made / "q.html").read_text()


def test_reports_are_a_chain(made: Path, log: Path, tmp_path: Path) -> None:
    before = events(log)[-1].facts["sha256"]
    result = run(*PERIOD, "--json", tmp_path / "q.json", "--no-verify")
    assert result.exit_code == 0, result.output
    assert document(tmp_path)["made"]["previous_report"] == before
    assert events(log)[-1].facts["previous"] == before
    assert document(tmp_path)["integrity"]["state"] == "not verified"
    assert not (tmp_path / "q.html").exists()


def test_the_log_is_still_sound_after_its_reports(made: Path) -> None:
    result = CliRunner().invoke(app, ["audit", "verify", "--no-record"])
    assert result.exit_code == 0, result.output


def test_no_word_of_anybody_is_in_it(made: Path) -> None:
    for file in made.iterdir():
        assert CANARY.encode() not in file.read_bytes()


@pytest.mark.parametrize("name", ["q.html", "q.json"])
def test_a_changed_file_is_found(name: str, made: Path, tmp_path: Path) -> None:
    data = bytearray((made / name).read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / name).write_bytes(bytes(data))
    (tmp_path / f"{name}.sig").write_bytes((made / f"{name}.sig").read_bytes())
    result = run("--check", tmp_path / name)
    assert result.exit_code == 1
    assert "not the one that was signed" in result.output


def test_a_signature_of_somebody_else_is_none(made: Path, tmp_path: Path) -> None:
    other = load_keys(KeyFiles(tmp_path / "other"), create=True).verifier
    result = run("--check", made / "q.json", "--key", str(other))
    assert result.exit_code == 1
    assert "no known key" in result.output


def test_a_signed_report_that_the_log_does_not_know_is_told(made: Path, log: Path, tmp_path: Path) -> None:
    """Whoever has the key could sign anything: the log has to say so, too."""
    from guardrail.report.sealed import Seal

    (tmp_path / "q.json").write_bytes(b"{}")
    signer = load_keys(KeyFiles(log), create=False).signer
    seal = Seal("2026-09-01", "2026-11-23", digest(b"{}"), "0" * 64)
    (tmp_path / "q.json.sig").write_text(seal.sign(signer))
    result = run("--check", tmp_path / "q.json")
    assert result.exit_code == 1
    assert "does NOT know it" in result.output


def test_it_can_be_checked_elsewhere_with_a_key_alone(
    made: Path, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = str(load_keys(KeyFiles(log), create=False).verifier)
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(tmp_path / "nowhere"))
    result = run("--check", made / "q.html", "--key", key)
    assert result.exit_code == 0, result.output
    assert "no audit log here" in result.output


def test_a_draft_says_so_and_leaves_no_trace(log: Path, tmp_path: Path) -> None:
    before = len(events(log))
    result = run(*PERIOD, "--draft", "--no-verify", "--out", tmp_path / "q.html", "--json", tmp_path / "q.json")
    assert result.exit_code == 0, result.output
    assert len(events(log)) == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["q.html", "q.json"]
    assert "neither signed nor recorded" in (tmp_path / "q.html").read_text()


def test_without_a_place_it_goes_into_the_data_folder(log: Path) -> None:
    result = run("--from", "2026-09-01", "--to", "2026-09-02", "--no-verify")
    assert result.exit_code == 0, result.output
    assert sorted(file.name for file in (log / "reports").iterdir()) == [
        *("2026-09-01_2026-09-02.html", "2026-09-01_2026-09-02.html.sig"),
        *("2026-09-01_2026-09-02.json", "2026-09-01_2026-09-02.json.sig"),
    ]


def test_nothing_is_overwritten(made: Path, log: Path) -> None:
    before, count = (made / "q.json").read_bytes(), len(events(log))
    result = run(*PERIOD, "--json", made / "q.json")
    assert result.exit_code == 2
    assert "is there already" in result.output
    assert ((made / "q.json").read_bytes(), len(events(log))) == (before, count)


def test_what_cant_be_written_is_not_said_in_the_log(log: Path, tmp_path: Path) -> None:
    count = len(events(log))
    result = run(*PERIOD, "--no-verify", "--json", tmp_path / "missing" / "q.json")
    assert result.exit_code == 2
    assert len(events(log)) == count


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "2026-11-23", "--to", "2026-09-01"), "is after"),
        (("--from", "2026-13-01", "--to", "2026-09-01"), "use days like"),
        (("--from", "yesterday", "--to", "today"), "use days like"),
        (("--from", "1969-01-01", "--to", "1969-01-02"), "from 1970 on"),
        (("--from", "1990-01-01", "--to", "2026-01-02"), "3660 days at most"),
        (("--from", "2026-09-01"), "--to"),
        ((), "--check FILE"),
        ((*PERIOD, "--sample", "-1"), "sample"),
        ((*PERIOD, "--sample", "3", "--seed", "\udcff"), "--seed"),
        ((*PERIOD, "--key", "nonsense"), "guardrail audit key"),
        ((*PERIOD, "--database", "/nowhere"), "no audit.db there"),
        ((*PERIOD, "--database", "mysql://u:secret@h/d"), "postgresql://"),
        ((*PERIOD, "--policy", "/nowhere.yaml"), "nowhere.yaml"),
        (("--check", "/nowhere.json"), "nowhere.json"),
    ],
)
def test_wrong_usage_is_said_in_a_line(arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert words in " ".join(result.output.replace("│", " ").split())
    assert "Traceback" not in result.output
    assert "secret" not in result.output


def test_where_there_is_no_log_there_is_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(tmp_path))
    result = run(*PERIOD)
    assert result.exit_code == 2
    assert "there is no audit log" in result.output
    assert not (tmp_path / "audit.db").exists()


def test_a_damaged_database_is_said_to_be(log: Path, tmp_path: Path) -> None:
    (tmp_path / "audit.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 8_000)
    result = run(*PERIOD, "--database", tmp_path)
    assert result.exit_code == 2
    assert "damaged" in result.output


def copied(log: Path, folder: Path, *changes: str) -> Path:
    """A copy of the log, changed by somebody."""
    with sqlite3.connect(log / "audit.db") as source, sqlite3.connect(folder / "audit.db") as target:
        source.backup(target)
        for change in changes:
            target.execute(change)
    return folder


def test_a_log_that_was_changed_is_reported_and_the_report_says_so(log: Path, tmp_path: Path) -> None:
    """The board has to know; exit status 1."""
    change = "UPDATE entries SET body = replace(body, '\"status\":200', '\"status\":201') WHERE seq = 300"
    folder = copied(log, tmp_path, change)
    result = run(*PERIOD, "--draft", "--database", folder, "--json", tmp_path / "q.json")
    assert result.exit_code == 1, result.output
    assert "NOT SOUND" in result.output
    report = document(tmp_path)
    assert report["integrity"]["state"] == "not sound"
    assert any("entry 300" in each for each in report["integrity"]["problems"])
    assert "check:integrity" in {each["about"] for each in report["failed"]}


def test_entries_that_nobody_can_read_are_counted_and_the_rest_is_reported(log: Path, tmp_path: Path) -> None:
    odd = ("UPDATE entries SET body = '{' WHERE kind = 'outcome' AND seq < 100",
           "UPDATE entries SET kind = 'verdict' WHERE kind = 'event' AND seq < 2")  # fmt: skip
    folder = copied(log, tmp_path, *odd)
    result = run(*PERIOD, "--draft", "--no-verify", "--database", folder / "audit.db", "--json", tmp_path / "q.json")
    assert result.exit_code == 0, result.output
    failed = {each["about"]: each["words"] for each in document(tmp_path)["failed"]}
    assert "check:readable" in failed
    assert "check:newer" in failed


def test_a_period_with_nothing_in_it_is_a_report_of_nothing(tmp_path: Path) -> None:
    result = run("--from", "2020-01-01", "--to", "2020-01-31", "--no-verify", "--draft", "--json", tmp_path / "q.json")
    assert result.exit_code == 0, result.output
    assert "no exchange in the period" in result.output
    assert document(tmp_path)["exchanges"]["value"] == 0


def test_postgresql_gives_the_same_report(tmp_path: Path) -> None:
    """Through the same door: `--database` with its address."""
    some = list(exchanges(60, days=20))
    with postgres.fresh_database() as name:
        asyncio.run(written(Place(tmp_path / "pg", postgres.url(name)), some))
        arguments = (*PERIOD, "--draft", "--no-verify", "--sample", "5")
        result = run(*arguments, "--database", postgres.url(name), "--json", tmp_path / "pg.json")
        assert result.exit_code == 0, result.output
    asyncio.run(written(Place(tmp_path / "sqlite"), some))
    result = run(*arguments, "--database", tmp_path / "sqlite", "--json", tmp_path / "sqlite.json")
    assert result.exit_code == 0, result.output
    one, other = (json.loads((tmp_path / f"{store}.json").read_bytes()) for store in ("pg", "sqlite"))
    for report in (one, other):
        del report["made"], report["integrity"]
    assert one == other
    assert one["exchanges"]["value"] == 60


def test_a_writer_that_is_running_is_not_in_the_way(log: Path, tmp_path: Path) -> None:
    """The proxy holds its own slot; commands have one of theirs."""

    async def beside() -> Result:
        database = await Database.open(Place(log))
        ledger = Ledger(database, load_keys(KeyFiles(log), create=False), "0", clock=time.time_ns)
        await ledger.start()
        try:
            return await asyncio.to_thread(run, *PERIOD, "--no-verify", "--json", tmp_path / "q.json")
        finally:
            await ledger.close()
            await database.close()

    result = asyncio.run(beside())
    assert result.exit_code == 0, result.output
