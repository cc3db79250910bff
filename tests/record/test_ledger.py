"""The audit log as a process writes it: durable when it says so, in order, and closed when it can't be written."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrail.errors import AuditUnavailable
from guardrail.record import shelf
from guardrail.record.audit import close_ledger, open_ledger
from guardrail.record.database import FILE, Database, Place, StoreUnusable
from guardrail.record.entry import End, Event, Intent, Outcome
from guardrail.record.heads import LOG, read_head
from guardrail.record.journal import HEAD, OPEN
from guardrail.record.keys import SIGNING_KEY, KeyFiles, load_keys
from guardrail.record.ledger import Hooks, Ledger, Settings
from tests.support import postgres
from tests.support.stores import QUICK, change, event, intent, opened, outcome, rows_of, verified, whats, write

FAST = replace(QUICK, deadline=0.3)


async def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Waits for something that happens in the background."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - nobody would set an event
            await asyncio.sleep(0.02)


async def refused(ledger: Ledger, entry: Intent | Outcome | Event) -> bool:
    with suppress(AuditUnavailable):
        await ledger.commit(entry)
        return False
    return True


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Another process holds the SQLite file."""
    with closing(sqlite3.connect(place.folder / FILE, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


# ── what is committed is there ────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_is_in_the_store_when_commit_returns(place: Place) -> None:
    async def run() -> None:
        async with opened(place) as ledger:
            await ledger.commit(intent("a1"))
            found = await rows_of(place)
            assert [(row.seq, row.kind.value) for row in found] == [(0, "event"), (1, "intent")]
            assert found[1].entry == intent("a1")
        assert whats(await rows_of(place)) == ["start", "stop"]
        assert (await verified(place)).problems == []

    asyncio.run(run())


def test_entries_are_written_in_the_order_of_the_calls_and_together(place: Place) -> None:
    async def run() -> None:
        groups: list[int] = []

        def count(what: str, number: int) -> None:
            assert what == "written"
            groups.append(number)

        async with opened(place, hooks=Hooks(result=count)) as ledger:
            await asyncio.gather(*[ledger.submit(event(number=number)) for number in range(2_500)])
        events = [row.entry for row in await rows_of(place)]
        found = [each.facts["number"] for each in events if isinstance(each, Event) and each.what == "snapshot"]
        assert found == list(range(2_500))
        assert len(groups) < 12, "many entries share a transaction"

    asyncio.run(run())


def test_a_waiter_that_goes_away_loses_nothing(place: Place) -> None:
    async def run() -> None:
        async with opened(place) as ledger:
            waiting = [ledger.submit(intent(f"gone{number}")) for number in range(50)]
            for future in waiting:
                future.cancel()
            impatient = asyncio.ensure_future(ledger.commit(intent("impatient")))
            await asyncio.sleep(0)
            impatient.cancel()
        assert len(await rows_of(place)) == 53
        assert (await verified(place)).sound

    asyncio.run(run())


def test_each_writer_has_its_own_chain_and_a_start_says_what_the_others_have_signed(place: Place) -> None:
    async def run() -> None:
        async with opened(place, "0") as one:
            await one.commit(event())
            async with opened(place, "1") as two:
                await asyncio.gather(*[ledger.commit(event()) for ledger in (one, two) for _ in range(20)])
        starts = [
            row.entry for row in await rows_of(place) if isinstance(row.entry, Event) and row.entry.what == "start"
        ]
        assert sorted(starts[1].facts) == [f"head.{one.writer}", "key", "pid", "version"]
        report = await verified(place)
        assert (report.sound, report.chains, report.entries) == (True, 2, 45)

    asyncio.run(run())


@pytest.mark.case("AUD-10")
def test_a_second_process_on_the_same_slot_is_refused_with_one_line(place: Place) -> None:
    async def run() -> None:
        async with opened(place):
            with pytest.raises(StoreUnusable, match=r"^another guardrail writes to the audit log \(slot 0\)") as said:
                await open_ledger(place, "0", settings=QUICK)
            assert "\n" not in said.value.message
        async with opened(place):
            pass

    asyncio.run(run())


def test_the_next_process_goes_on_where_the_last_one_stopped(place: Place) -> None:
    async def run() -> None:
        for _ in range(3):
            await write(place, [intent("x"), outcome("x")], groups=1)
        found = await rows_of(place)
        assert [row.seq for row in found] == list(range(12))
        assert (await verified(place)).sound

    asyncio.run(run())


def test_an_entry_that_cannot_be_spelled_is_the_callers_mistake_and_harms_no_other(place: Place) -> None:
    async def run() -> None:
        async with opened(place) as ledger:
            with pytest.raises(ValueError, match="JSON"):
                ledger.submit(replace(outcome("nan"), cost=float("nan")))
            await ledger.commit(intent("fine"))
        assert len(await rows_of(place)) == 3

    asyncio.run(run())


# ── what a process that died leaves ───────────────────────────────────────────────────────────────────────────────


async def die(ledger: Ledger) -> None:
    """As if the process were killed: nothing more is written, the kernel lets go of its locks."""
    worker = ledger._worker
    assert worker is not None
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker
    await ledger._journal.close()
    ledger._head.close()
    await ledger.database.close()


def test_intents_that_a_dead_process_left_open_are_closed_by_the_next(place: Place) -> None:
    async def run() -> None:
        ledger = await open_ledger(place, "0", settings=QUICK)
        for number in range(6):
            await ledger.commit(intent(f"r{number}"))
        await ledger.commit(outcome("r2"))
        await die(ledger)
        async with opened(place):
            pass
        found = await rows_of(place)
        closed = [row.entry for row in found if isinstance(row.entry, Outcome) and row.entry.end is End.RECOVERED]
        assert [each.receipt for each in closed] == ["r0", "r1", "r3", "r4", "r5"]
        assert closed[0].who == intent("r0").who
        assert whats(found) == ["start", "recovered", "start", "stop"]
        assert next(row.entry.facts for row in found if whats([row]) == ["recovered"]) == {"outcomes": 5}  # type: ignore[union-attr]
        async with opened(place):
            pass
        assert whats(await rows_of(place)).count("recovered") == 1, "once"
        assert (await verified(place)).sound

    asyncio.run(run())


def test_another_writer_closes_them_if_theirs_never_comes_back(place: Place) -> None:
    async def run() -> None:
        alive = await open_ledger(place, "1", settings=QUICK)
        dead = await open_ledger(place, "0", settings=QUICK)
        await alive.commit(intent("still-open"))
        await dead.commit(intent("orphan"))
        await die(dead)
        async with opened(place, "2"):
            pass
        await alive.commit(outcome("still-open"))
        await close_ledger(alive)
        ends = {str(row.entry.receipt): row.entry.end for row in await rows_of(place) if isinstance(row.entry, Outcome)}
        assert ends == {"still-open": End.ANSWERED, "orphan": End.RECOVERED}

        async with opened(place, "2") as later:
            left = await shelf.found(later.database, OPEN)
        assert left[dead.writer] == "2", "its log is looked through no more: start, and the intent"
        async with opened(place, "0"):
            pass
        assert (await verified(place)).sound

    asyncio.run(run())


def test_writers_of_another_folder_are_closed_for_as_well(postgres_name: str, tmp_path: Path) -> None:
    """A replica that is gone with its folder. One that runs keeps its lock, and is left alone."""

    async def run() -> None:
        await postgres.empty(postgres_name)
        key, secret = tmp_path / "key", tmp_path / "secret"
        load_keys(KeyFiles(tmp_path / "made"), create=True)
        shutil.copy(tmp_path / "made" / "signing.key", key)
        shutil.copy(tmp_path / "made" / "install.secret", secret)

        async def replica(name: str) -> Ledger:
            files = KeyFiles(tmp_path / name, key, secret)
            return await open_ledger(Place(tmp_path / name, postgres.url(postgres_name)), settings=QUICK, files=files)

        alive, dead = await replica("alive"), await replica("dead")
        await alive.commit(intent("still-open"))
        await dead.commit(intent("orphan"))
        await die(dead)
        await close_ledger(await replica("new"))
        await alive.commit(outcome("still-open"))
        await close_ledger(alive)
        found = await rows_of(alive.database.place)
        ends = {str(row.entry.receipt): row.entry.end for row in found if isinstance(row.entry, Outcome)}
        assert ends == {"still-open": End.ANSWERED, "orphan": End.RECOVERED}

    asyncio.run(run())


def test_an_open_intent_is_found_however_long_ago_it_was(place: Place) -> None:
    """The scan at the start begins where the oldest open one may be, over checkpoints and restarts."""

    async def run() -> None:
        ledger = await open_ledger(place, "0", settings=replace(QUICK, checkpoint_seconds=0.0))
        await ledger.commit(intent("old"))
        for number in range(30):
            await ledger.commit(intent(f"n{number}"))
            await ledger.commit(outcome(f"n{number}"))
        await die(ledger)
        async with opened(place):
            pass
        ends = Counter(row.entry.end for row in await rows_of(place) if isinstance(row.entry, Outcome))
        assert ends == {End.ANSWERED: 30, End.RECOVERED: 1}

    asyncio.run(run())


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.case("AUD-08", "AUD-09")
def test_time_never_runs_backwards_in_a_log_and_a_clock_that_is_set_is_an_event(place: Place) -> None:
    async def run() -> None:
        now = {"wall": 1_800_000_000 * 10**9, "steady": 0}

        def pass_(wall: int, steady: int) -> None:
            now["wall"] += wall * 10**9
            now["steady"] += steady * 10**9

        def clocked(ledger: Ledger) -> Ledger:
            return Ledger(
                ledger.database, ledger.keys, "7", QUICK, clock=lambda: now["wall"], monotonic=lambda: now["steady"]
            )

        async with opened(place, "0") as other:
            ledger = clocked(other)
            await ledger.start()
            for wall, steady in ((5, 5), (-86_400, 1), (2, 2), (31_536_000, 3), (1, 1)):
                pass_(wall, steady)
                await ledger.commit(event())
            await ledger.close()
            pass_(-10_000_000, 60)  # while it is down, nobody can know how long it was: the log itself tells
            ledger = clocked(other)
            await ledger.start()
            await ledger.close()
        found = [row for row in await rows_of(place) if row.writer == ledger.writer]
        assert [row.at for row in found] == sorted(row.at for row in found)
        steps = [row.entry.facts["microseconds"] for row in found if whats([row]) == ["clock_step"]]  # type: ignore[union-attr]
        assert steps == [-86_401_000_000, 31_535_997_000_000, -10_000_000_000_000]
        assert (await verified(place)).sound

    asyncio.run(run())


# ── faults ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.case("AUD-01", "AUD-02")
def test_a_store_that_cannot_be_written_closes_the_door_keeps_outcomes_and_comes_back_by_itself(tmp_path: Path) -> None:
    """AUD-01, AUD-02: another process holds the file. Nothing that was taken is lost, what was refused is counted."""

    async def run() -> None:
        place, told = Place(tmp_path / "data"), Counter[str]()
        states: list[bool] = []
        hooks = Hooks(result=lambda what, count: told.update({what: count}), stalled=states.append)
        async with opened(place, settings=replace(FAST, queue=40), hooks=hooks) as ledger:
            await ledger.commit(intent("before"))
            with locked(place):
                began = time.monotonic()
                assert await refused(ledger, intent("during"))
                assert time.monotonic() - began < 2.0
                await until(lambda: ledger.stalled)
                assert await refused(ledger, outcome("before")), "it is not durable yet"
                for number in range(60):
                    assert await refused(ledger, intent(f"refused{number}"))
                for number in range(60):
                    assert await refused(ledger, outcome(f"refused{number}"))
            await until(lambda: not ledger.stalled)
            await ledger.commit(intent("after"))
        assert states == [True, False]
        found = await rows_of(place)
        receipts = [str(row.entry.receipt) for row in found]
        assert {"before", "during", "after", "refused0"} <= set(receipts)
        assert "refused59" not in receipts, "the queue has an end"
        [fault] = [row.entry for row in found if whats([row]) == ["audit_unavailable"]]
        assert isinstance(fault, Event)
        assert fault.facts["cause"] in ("locked", "slow")
        taken = sum(receipt.startswith("refused") for receipt in receipts)
        assert (told["refused"], fault.facts["refused"]) == (120 - taken, 120 - taken)
        assert (await verified(place)).sound

    asyncio.run(run())


def test_the_outcome_of_what_has_begun_is_taken_even_if_the_queue_is_full(tmp_path: Path) -> None:
    async def run() -> None:
        place = Place(tmp_path / "data")
        async with opened(place, settings=replace(FAST, queue=5)) as ledger:
            await asyncio.gather(*[ledger.submit(intent(f"r{number}")) for number in range(5)])
            await asyncio.gather(*[ledger.submit(intent(f"r{number}")) for number in range(5, 10)])
            with locked(place):
                for number in range(10):
                    ledger.submit(outcome(f"r{number}"))
                assert await refused(ledger, outcome("late"))
        found = {str(row.entry.receipt) for row in await rows_of(place) if isinstance(row.entry, Outcome)}
        assert found == {f"r{number}" for number in range(10)}

    asyncio.run(run())


@pytest.mark.case("AUD-02")
@pytest.mark.parametrize("fault", ["gone", "replaced"])
def test_a_file_that_is_gone_or_replaced_under_the_process_is_noticed(tmp_path: Path, fault: str) -> None:
    """AUD-02: nothing is written to a file that nobody will find. The same file in its place again is fine."""

    async def run() -> None:
        place = Place(tmp_path / "data")
        file = place.folder / FILE
        async with opened(place, settings=FAST) as ledger:
            await ledger.commit(intent("kept"))
            file.rename(tmp_path / "away")
            if fault == "replaced":
                file.write_bytes((tmp_path / "away").read_bytes())
            assert await refused(ledger, intent("lost"))
            assert await refused(ledger, intent("lost too"[:4]))
            await asyncio.sleep(0.7)
            assert ledger.stalled
            (tmp_path / "away").rename(file)
            await until(lambda: not ledger.stalled)
            await ledger.commit(intent("again"))
        assert (await verified(place)).sound
        assert {"kept", "again"} <= {str(row.entry.receipt) for row in await rows_of(place)}

    asyncio.run(run())


def test_a_new_process_does_not_begin_an_empty_log_in_place_of_a_lost_one(tmp_path: Path) -> None:
    async def run() -> None:
        place = Place(tmp_path / "data")
        await write(place, [intent("a")])
        for file in place.folder.glob("audit.db*"):
            file.unlink()
        with pytest.raises(StoreUnusable, match="3 entries were acknowledged, 0 are there"):
            await open_ledger(place, "0", settings=QUICK)

    asyncio.run(run())


def test_a_head_file_that_was_deleted_is_made_again(place: Place) -> None:
    async def run() -> None:
        async with opened(place) as ledger:
            await ledger.commit(event())
            (place.folder / "heads" / ledger.writer).unlink()
            await ledger.commit(event())
            assert read_head(place.folder, ledger.writer)
        assert (await verified(place)).sound

    asyncio.run(run())


def test_postgresql_goes_away_and_comes_back(postgres_name: str, tmp_path: Path) -> None:
    """Cut off in the middle of everything, three times: nothing acknowledged is lost, nothing is there twice."""

    async def run() -> None:
        await postgres.empty(postgres_name)
        durable: list[str] = []

        async def ask(ledger: Ledger, receipt: str) -> None:
            with suppress(AuditUnavailable):
                await ledger.commit(intent(receipt))
                durable.append(receipt)

        async with postgres.Relay() as relay:
            through = Place(tmp_path / "data", postgres.url(postgres_name, relay.port))
            async with opened(through, settings=replace(QUICK, deadline=1.0)) as ledger:
                for turn in range(3):
                    asking = [asyncio.create_task(ask(ledger, f"t{turn}n{number}")) for number in range(300)]
                    await asyncio.sleep(0.01 * turn)
                    relay.cut()
                    await asyncio.gather(*asking)
                    await ask(ledger, f"t{turn}late")  # on a quick machine all others were durable before the cut
                    await until(lambda: ledger.stalled)
                    assert await refused(ledger, intent(f"t{turn}closed"))
                    relay.mend()
                    await until(lambda: not ledger.stalled)
                    await ask(ledger, f"t{turn}again")
        direct = Place(tmp_path / "data", postgres.url(postgres_name))
        receipts = Counter(str(row.entry.receipt) for row in await rows_of(direct))
        assert set(durable) <= receipts.keys()
        assert all(receipts[receipt] == 1 for receipt in durable)
        assert not any(receipt.endswith("closed") for receipt in receipts)
        assert (await verified(direct)).sound

    asyncio.run(run())


def test_a_postgresql_that_falls_silent_is_not_waited_for(postgres_name: str, tmp_path: Path) -> None:
    """No connection ends, no answer comes. The lost session still holds the lock: it is taken from it."""

    async def run() -> None:
        await postgres.empty(postgres_name)
        async with postgres.Relay() as relay:
            through = Place(tmp_path / "data", postgres.url(postgres_name, relay.port))
            async with opened(through, settings=FAST) as ledger:
                await ledger.commit(intent("before"))
                relay.silence()
                assert await refused(ledger, intent("during"))
                await until(lambda: ledger.stalled)
                relay.mend()
                await until(lambda: not ledger.stalled)
                await ledger.commit(intent("after"))
        direct = Place(tmp_path / "data", postgres.url(postgres_name))
        receipts = Counter(str(row.entry.receipt) for row in await rows_of(direct))
        assert (receipts["before"], receipts["during"], receipts["after"]) == (1, 1, 1)
        assert (await verified(direct)).sound

    asyncio.run(run())


def test_a_log_that_somebody_else_goes_on_with_is_not_written_over(place: Place) -> None:
    async def run() -> None:
        async with opened(place, settings=FAST) as ledger:
            await ledger.commit(event())
            row = "INSERT INTO entries SELECT writer, seq + 1, at, kind, receipt, body, hash FROM entries WHERE seq = 1"
            await change(place, row)
            assert await refused(ledger, event())
            await asyncio.sleep(0.7)
            assert ledger.stalled
        found = await rows_of(place)
        assert len(found) == 3, "what was there is there"

    asyncio.run(run())


def test_a_log_whose_end_was_cut_off_is_not_gone_on_with(place: Place) -> None:
    """Also after an orderly stop, whose last checkpoint stands at the very entry that is gone."""

    async def run() -> None:
        await write(place, [intent(f"r{number}") for number in range(3)])
        last = (await rows_of(place))[-1]
        await change(place, f"DELETE FROM entries WHERE seq = {last.seq}")
        with pytest.raises(StoreUnusable, match=f"entry {last.seq}: an entry is missing"):
            await open_ledger(place, "0", settings=QUICK)

    asyncio.run(run())


@contextmanager
def head_refused(ledger: Ledger) -> Iterator[None]:
    """The file beside the database that holds the newest signed head can't be written."""
    file = ledger.database.place.folder / "heads" / ledger.writer
    file.unlink(missing_ok=True)
    file.symlink_to(file.parent / "no-folder" / "nor-file")
    try:
        yield
    finally:
        file.unlink()


@pytest.mark.case("AUD-02")
def test_nobody_is_told_that_an_entry_is_durable_before_its_head_is_anchored(place: Place) -> None:
    """It is in the database, but who cuts it off is not found out. Nothing is written twice when that is mended."""

    async def run() -> None:
        async with opened(place, settings=FAST) as ledger:
            await ledger.commit(intent("before"))
            with head_refused(ledger):
                assert await refused(ledger, intent("during"))
                await until(lambda: ledger.stalled)
                assert ledger.size == 2, "the start, and the first intent"
                assert not ledger.is_signed
                await asyncio.sleep(0.7)
                assert ledger.stalled, "what is doubtful was found in the database, and its head still can't be written"
            await until(lambda: not ledger.stalled)
            assert "during" in ledger._open, "its outcome is missed if this process dies"
            await ledger.commit(outcome("during"))
        found = await rows_of(place)
        assert Counter(str(row.entry.receipt) for row in found)["during"] == 2
        assert whats(found) == ["start", "audit_unavailable", "stop"]
        assert (await verified(place)).sound

    asyncio.run(run())


def test_a_start_whose_first_entry_does_not_become_durable_says_so(place: Place) -> None:
    async def run() -> None:
        name = await write(place, [intent("a"), outcome("a")])
        database = await Database.open(place)
        ledger = Ledger(database, load_keys(KeyFiles(place.folder), create=False), "0", QUICK)
        assert ledger.writer == name
        with (
            head_refused(ledger),
            pytest.raises(AuditUnavailable, match=r"can't be written \(\w+\); see docs/audit.md"),
        ):
            await ledger.start()
        await database.close()
        async with opened(place):
            pass
        assert (await verified(place)).sound

    asyncio.run(run())


def test_a_store_without_its_tables_is_told_in_one_line(tmp_path: Path) -> None:
    async def run() -> None:
        place = Place(tmp_path / "data")
        await write(place, [event()])
        await change(place, "DROP TABLE checkpoints")
        with pytest.raises(StoreUnusable, match=r"^the audit database .*audit\.db can't be used: "):
            await open_ledger(place, "0", settings=QUICK)

    asyncio.run(run())


def test_a_store_with_a_value_of_another_version_is_told_in_one_line(place: Place) -> None:
    async def run() -> None:
        writer = await write(place, [event()])
        await change(place, "UPDATE meta SET value = 'from here' WHERE key = :key", key=OPEN + writer)
        with pytest.raises(StoreUnusable, match=r"holds something that this version can't read$"):
            await open_ledger(place, "0", settings=QUICK)

    asyncio.run(run())


@pytest.mark.parametrize("head", ["forged", "older"])
def test_a_log_whose_signed_head_is_not_ours_any_more_is_left_alone(
    place: Place, head: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Another process with our key, or with none: a person has to look, and is told once."""

    async def run() -> None:
        async with opened(place, settings=FAST) as ledger:
            key = HEAD + ledger.writer
            old = (await shelf.found(ledger.database, HEAD))[ledger.writer]
            put = old if head == "older" else "x"
            await ledger.commit(event())
            with head_refused(ledger):
                assert await refused(ledger, event())
                await change(place, "UPDATE meta SET value = :v WHERE key = :k", k=key, v=put)
                await asyncio.sleep(1.2)
            await asyncio.sleep(0.6)
            assert ledger.stalled
        assert len(await rows_of(place)) == 3, "and nothing more"

    with caplog.at_level(logging.CRITICAL, "guardrail"):
        asyncio.run(run())
    told = [record.__dict__["guardrail"] for record in caplog.records if record.message == "audit_unavailable"]
    assert told == [{"reason": "taken_over"}]


def test_what_can_not_be_written_before_the_end_is_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Who waits is told too, and after it nothing is taken."""

    async def run() -> None:
        place = Place(tmp_path / "data")
        ledger = await open_ledger(place, "0", settings=QUICK)
        with locked(place):
            waiting = ledger.submit(event())
            await asyncio.sleep(0.05)
            await close_ledger(ledger, 0.1)
        with pytest.raises(AuditUnavailable):
            await waiting
        assert await refused(ledger, event())
        await ledger.close()
        assert whats(await rows_of(place)) == ["start"]

    asyncio.run(run())
    told = [record.__dict__["guardrail"] for record in caplog.records if record.message == "audit_lost"]
    assert told == [{"count": 2}], "the event, and that it stopped"


def test_a_mistake_of_ours_closes_the_door_and_what_waits_is_told_of(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """AUD-01: an error that nobody foresaw ends the writer. It is logged by its name, without what it says."""

    async def run() -> None:
        begun = asyncio.Event()

        def mistaken(_seconds: float) -> None:
            if begun.is_set():
                raise RuntimeError("Maria Keller")

        ledger = await open_ledger(place, "0", settings=FAST, hooks=Hooks(seconds=mistaken))
        begun.set()
        await ledger.commit(intent("a"))
        await until(lambda: ledger.stalled)
        assert await refused(ledger, intent("b"))
        assert await refused(ledger, outcome("a"))
        await close_ledger(ledger)

    asyncio.run(run())
    told = {record.message: record.__dict__["guardrail"] for record in caplog.records if record.levelno >= 50}
    assert told == {"audit_failed": {"error": "RuntimeError"}, "audit_lost": {"count": 2}}
    assert "Keller" not in str([record.__dict__["guardrail"] for record in caplog.records])


def test_checkpoints_go_on_if_the_file_that_collects_them_can_not_be_written(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """They are in the database and with whoever keeps them elsewhere; without a new entry there is none."""

    async def run() -> None:
        notes: list[str] = []
        hooks = Hooks(checkpoint=notes.append)
        async with opened(place, settings=replace(QUICK, checkpoint_seconds=0.2), hooks=hooks) as ledger:
            (place.folder / LOG).mkdir()
            await ledger.commit(event())
            await until(lambda: ledger.is_signed)
            await asyncio.sleep(0.5)
            assert len(notes) in (1, 2), "the start may have had one of its own"
        assert len(notes) <= 3

    asyncio.run(run())
    assert [record.message for record in caplog.records if record.levelno == logging.ERROR][:1] == [
        "audit_checkpoint_failed"
    ]


def test_the_entry_of_somebody_who_left_is_written_however_late(tmp_path: Path) -> None:
    """Whoever waits is told after the deadline; nobody is told who does not wait any more."""

    async def run() -> None:
        place, told = Place(tmp_path / "data"), Counter[str]()
        hooks = Hooks(result=lambda what, count: told.update({what: count}))
        async with opened(place, settings=FAST, hooks=hooks) as ledger:
            before = told["late"]  # on a busy machine, the entries of the start and of the end may be late as well
            with locked(place):
                ledger.submit(event()).cancel()
                waiting = ledger.submit(event())
                await until(waiting.done)
                assert told["late"] == before + 1
            await until(lambda: ledger.size >= 3)
        assert whats(await rows_of(place)).count("snapshot") == 2

    asyncio.run(run())


def test_an_intent_commits_to_its_subject_and_so_does_its_outcome(place: Place) -> None:
    async def run() -> None:
        async with opened(place) as ledger:
            await ledger.commit(intent("a"), subject="pseudonym-7")
            await ledger.commit(outcome("a"))
        both = [row.entry for row in await rows_of(place) if not isinstance(row.entry, Event)]
        one, other = (each.who.subject for each in both)
        assert one == other != ""
        assert "pseudonym-7" not in one

    asyncio.run(run())


# ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _no_key(folder: Path) -> None:
    (folder / SIGNING_KEY).unlink()


def _another_key(folder: Path) -> None:
    from guardrail.record.keys import new_signer, replace_file

    replace_file(folder / SIGNING_KEY, new_signer("ab12cd34").secret_line())


def _no_key_at_all(folder: Path) -> None:
    (folder / SIGNING_KEY).write_text("not a key")


def _open_to_all(folder: Path) -> None:
    (folder / SIGNING_KEY).chmod(0o644)


def _another_secret(folder: Path) -> None:
    (folder / "install.secret").write_text("A" * 43 + "=")


@pytest.mark.case("OPS-10")
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (_no_key, "signing.key is missing"),
        (_another_key, "is not signed by the signing key of this installation"),
        (_no_key_at_all, "there is no signing key in"),
        (_open_to_all, "may be read by others"),
        (_another_secret, "the install secret is not the one"),
    ],
    ids=lambda case: getattr(case, "__name__", None),
)
def test_a_log_goes_on_with_its_own_keys_only(place: Place, fault: Callable[[Path], None], said: str) -> None:
    async def run() -> None:
        await write(place, [event()])
        before = len(await rows_of(place))
        fault(place.folder)
        files = {path.name: path.read_bytes() for path in place.folder.iterdir() if path.suffix in (".key", ".secret")}
        with pytest.raises(StoreUnusable, match=said) as refused:
            await open_ledger(place, "0", settings=QUICK)
        assert "\n" not in refused.value.message
        assert files == {
            path.name: path.read_bytes() for path in place.folder.iterdir() if path.suffix in (".key", ".secret")
        }
        assert len(await rows_of(place)) == before, "nothing was written"

    asyncio.run(run())


# ── the law ───────────────────────────────────────────────────────────────────────────────────────────────────────

Step = tuple[str, int]
steps = st.lists(
    st.tuples(st.sampled_from(["write", "lock", "unlock", "restart", "die", "cancel"]), st.integers(1, 40)),
    min_size=1,
    max_size=10,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=steps)
def test_whatever_happens_what_was_acknowledged_is_there_once_and_the_log_verifies(
    plan: list[Step], tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def run() -> None:
        place = Place(tmp_path_factory.mktemp("law") / "data")
        durable: list[str] = []
        quick = Settings(deadline=0.15, checkpoint_seconds=0.05, patience=0.2)
        number = 0

        async def take(ledger: Ledger, future: Awaitable[None], receipt: str) -> None:
            with suppress(AuditUnavailable, asyncio.CancelledError):
                await future
                durable.append(receipt)

        ledger = await open_ledger(place, settings=quick)
        lock: sqlite3.Connection | None = None
        for what, count in plan:
            if what in ("write", "cancel"):
                futures = [(f"r{number + each}", ledger.submit(intent(f"r{number + each}"))) for each in range(count)]
                number += count
                waiting = [asyncio.ensure_future(take(ledger, future, receipt)) for receipt, future in futures]
                if what == "cancel":
                    for _, future in futures[::2]:
                        future.cancel()
                await asyncio.gather(*waiting)
            elif what == "lock" and lock is None:
                lock = sqlite3.connect(place.folder / FILE, isolation_level=None)
                lock.execute("BEGIN IMMEDIATE")
            elif lock is not None:
                lock.close()
                lock = None
            elif what in ("restart", "die"):
                await (die(ledger) if what == "die" else close_ledger(ledger))
                ledger = await open_ledger(place, settings=quick)
        if lock is not None:
            lock.close()
        await close_ledger(ledger)
        receipts = Counter(str(row.entry.receipt) for row in await rows_of(place) if isinstance(row.entry, Intent))
        assert set(durable) <= receipts.keys()
        assert set(receipts.values()) <= {1}
        assert (await verified(place)).problems == []

    asyncio.run(run())


def test_the_data_folder_is_its_owners_only(place: Place) -> None:
    async def run() -> None:
        old = os.umask(0)
        try:
            await write(place, [event()])
        finally:
            os.umask(old)
        assert place.folder.stat().st_mode & 0o077 == 0
        for path in place.folder.rglob("*"):
            assert path.stat().st_mode & 0o077 == 0, path.name

    asyncio.run(run())
