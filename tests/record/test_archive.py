"""The log is read in the order of time, exported for other programs, and done away with when it is old."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import hmac
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from guardrail.record import retention
from guardrail.record.archive import Archive, Line, Row
from guardrail.record.audit import writing
from guardrail.record.database import Place, StoreUnusable
from guardrail.record.entry import Code, Event, Intent, Kind, Outcome, to_json
from guardrail.record.export import COLUMNS, as_csv, as_json, header, moment
from guardrail.record.journal import Batch
from guardrail.record.ledger import Ledger
from guardrail.record.retention import NotSound, Purged, purge
from guardrail.record.subjects import commitment, erase, receipts_of
from guardrail.record.tables import subjects
from guardrail.record.verify import Wrong
from tests.record.test_entry import WHOLE
from tests.support.stores import QUICK, change, event, intent, opened, outcome, rows_of, verified, whats

SECOND = 10**9
START = 1_700_000_000 * SECOND


class Clock:
    """Nanoseconds that pass when a test says so, on both clocks."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


async def at_times(place: Place, seconds: Sequence[int], slot: str = "0") -> str:
    """A run of a writer that writes one exchange at each of these times; its name."""
    clock = Clock()
    async with opened(place, "spare") as spare:
        ledger = Ledger(
            spare.database, spare.keys, slot, replace(QUICK, checkpoint_seconds=0.0), clock=clock, monotonic=clock
        )
        await ledger.start()
        for second in seconds:
            clock.now = START + second * SECOND
            await ledger.commit(intent(f"{slot}-{second}"), subject="p-4711" if second % 2 else "")
            await ledger.commit(outcome(f"{slot}-{second}"))
        await ledger.close()
    return ledger.writer


def micro(seconds: int) -> int:
    return START // 1000 + seconds * 1_000_000


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_come_in_the_order_of_time_whoever_wrote_them(place: Place) -> None:
    async def run() -> None:
        for slot in ("0", "1"):
            await at_times(place, [10, 10, 20, 30], slot)
        async with Archive.open(place) as archive:
            every = [row async for row in archive.rows(batch=3)]
            keys = [(row.at, row.writer, row.seq) for row in every]
            assert keys == sorted(keys)
            assert len(keys) == len(set(keys)) == len(await rows_of(place))
            middle = [
                row async for row in archive.rows(since=micro(10), until=micro(30), kinds={Kind.OUTCOME}, batch=1)
            ]
            assert [row.entry.receipt for row in middle] == ["0-10", "0-10", "1-10", "1-10", "0-20", "1-20"]
            assert [row async for row in archive.rows(since=2**60)] == []

    asyncio.run(run())


def test_all_about_one_receipt_and_the_newest(place: Place) -> None:
    async def run() -> None:
        async with opened(place) as ledger:
            await ledger.commit(intent("mine"))
            await ledger.commit(intent("other"))
            await ledger.commit(outcome("mine"))
            await ledger.commit(Event(Code("receipt_read"), receipt=Code("mine")))
            async with Archive.open(ledger.database) as archive:
                found = await archive.of_receipt("mine")
                assert [row.kind for row in found] == [Kind.INTENT, Kind.OUTCOME, Kind.EVENT]
                assert await archive.of_receipt("mine' OR 1=1 --") == []
                assert [row.entry for row in await archive.latest(1)] == [found[-1].entry]
                assert [row.entry.receipt for row in await archive.latest(5, {Kind.INTENT})] == ["other", "mine"]

    asyncio.run(run())


def test_an_entry_that_cannot_be_read_is_named(place: Place) -> None:
    async def run() -> None:
        async with opened(place) as ledger:
            await ledger.commit(event())
        await change(place, "UPDATE entries SET body = 'Jane Doe' WHERE seq = 1")
        with pytest.raises(StoreUnusable, match=r"^entry 1 of .* can't be read") as refused:
            await rows_of(place)
        assert "Jane" not in refused.value.message

    asyncio.run(run())


# ── export ────────────────────────────────────────────────────────────────────────────────────────────────────────


def line(entry: Outcome | Event, **changed: object) -> Line:
    kind = Kind.OUTCOME if isinstance(entry, Outcome) else Kind.EVENT
    made = Line("ab12cd34.0", 7, micro(0), kind.value, "r1", to_json(entry), bytes(32))
    return made._replace(**changed)  # type: ignore[arg-type]


def test_a_line_of_json_holds_everything() -> None:
    found = json.loads(as_json(line(WHOLE)))
    assert found["entry"] == json.loads(to_json(WHOLE))
    assert (found["writer"], found["seq"], found["at"]) == ("ab12cd34.0", 7, "2023-11-14T22:13:20.000000Z")
    assert (found["kind"], found["receipt"], found["hash"]) == ("outcome", "r1", "00" * 32)


def test_a_record_of_csv_has_the_columns_of_its_header() -> None:
    [names, values] = csv.reader(io.StringIO(header() + as_csv(line(WHOLE))))
    told = dict(zip(names, values, strict=True))
    assert tuple(names) == COLUMNS
    assert (told["who.client"], told["status"], told["streamed"], told["cost"]) == ("portal", "200", "true", "0.0125")
    assert json.loads(told["found"])[0]["label"] == "NAME"
    assert json.loads(told["who.cohort"]) == {"age_band": "18-39", "disability": "yes"}
    assert told["gate"] == ""
    whole = json.loads(to_json(WHOLE))
    flat = {name for name in whole if not isinstance(whole[name], dict)}
    assert flat <= set(COLUMNS), "no member of an entry is left out"


@pytest.mark.case("AUD-12")
@pytest.mark.parametrize("words", ["=cmd()|x", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_a_cell_is_never_a_formula(words: str) -> None:
    """AUD-12. A code can't begin so; somebody who wrote into the database can."""
    forged = line(WHOLE, writer=words, receipt=words)
    [cells] = csv.reader(io.StringIO(as_csv(forged), newline=""))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


@pytest.mark.parametrize("body", ["", "[]", "{", "null", "[" * 100_000])
def test_what_is_no_entry_is_not_exported(body: str) -> None:
    for write in (as_json, as_csv):
        with pytest.raises(StoreUnusable, match="entry 7 of"):
            write(line(WHOLE, body=body))


def test_a_moment_is_told_to_the_microsecond() -> None:
    assert moment(micro(0) + 5) == "2023-11-14T22:13:20.000005Z"


# ── retention ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.case("AUD-11")
def test_what_is_old_goes_and_the_rest_still_verifies(place: Place) -> None:
    async def run() -> None:
        one, two = await at_times(place, [0, 100, 200], "0"), await at_times(place, [50], "1")
        async with writing(place) as ledger:
            done = {each.writer: each for each in await purge(ledger, micro(150), Code("cli:root"))}
        assert done == {one: Purged(one, 5, 5), two: Purged(two, 4, 4)}
        left = await rows_of(place)
        assert [row.seq for row in left if row.writer == one] == [5, 6, 7]
        assert not [row for row in left if row.writer == two]
        report = await verified(place)
        assert report.problems == []
        assert whats(left).count("purged") == 2
        async with opened(place, "0") as again:  # the writers go on
            await again.commit(event())
        async with opened(place, "1") as again:
            await again.commit(event())
        assert (await verified(place)).problems == []

    asyncio.run(run())


def test_purging_again_goes_on_from_there_and_says_it_anew(place: Place) -> None:
    async def run() -> None:
        writer = await at_times(place, [0, 100, 200, 300])
        for before, first in ((50, 3), (50, 3), (250, 7)):
            async with writing(place) as ledger:
                [done] = await purge(ledger, micro(before))
            assert (done.writer, done.size) == (writer, first)
            assert (await verified(place)).problems == []
        assert whats(await rows_of(place)).count("purged") == 3
        async with writing(place) as ledger:
            assert await purge(ledger, micro(-10)) != [], "what went long ago is told again"

    asyncio.run(run())


def test_nothing_old_nothing_done(place: Place) -> None:
    async def run() -> None:
        await at_times(place, [100])
        async with writing(place) as ledger:
            assert await purge(ledger, micro(-10)) == []

    asyncio.run(run())


def test_a_log_that_is_not_sound_is_not_purged(place: Place) -> None:
    async def run() -> None:
        await at_times(place, [0, 100, 200])
        await change(place, "UPDATE entries SET at = at + 1 WHERE seq = 6")
        before = len(await rows_of(place))
        async with writing(place) as ledger:
            with pytest.raises(NotSound) as refused:
                await purge(ledger, micro(150))
        assert [problem.what for problem in refused.value.problems] == [Wrong.CHANGED]
        assert len(await rows_of(place)) == before + 2, "the command's own start and stop"

    asyncio.run(run())


def test_a_purge_that_was_interrupted_is_finished_by_the_next(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        writer = await at_times(place, [0, 100, 200])

        async def die(*_: object) -> int:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(retention, "_delete", die)
            async with writing(place) as ledger:
                with pytest.raises(KeyboardInterrupt):
                    await purge(ledger, micro(150))
        [problem] = (await verified(place)).problems
        assert (problem.writer, problem.what, problem.seq, problem.until) == (writer, Wrong.PURGED, 0, 5)
        async with writing(place) as ledger:
            assert await purge(ledger, micro(150)) == [Purged(writer, 5, 5)]
        assert (await verified(place)).problems == []

    asyncio.run(run())


def test_a_beginning_that_nobody_purged_is_missed(place: Place) -> None:
    async def run() -> None:
        writer = await at_times(place, [0, 100, 200])
        async with writing(place) as ledger:
            await purge(ledger, micro(50))
        await change(place, "DELETE FROM entries WHERE seq = 3 AND writer = :writer", writer=writer)
        [problem] = (await verified(place)).problems
        assert (problem.what, problem.seq, problem.until) == (Wrong.MISSING, 3, 4)
        await change(place, "DELETE FROM checkpoints WHERE size = 3 AND writer = :writer", writer=writer)
        assert Wrong.FORGED in {problem.what for problem in (await verified(place)).problems}

    asyncio.run(run())


# ── subjects ──────────────────────────────────────────────────────────────────────────────────────────────────────


def commitments(rows: Sequence[Row]) -> set[str]:
    return {str(row.entry.who.subject) for row in rows if not isinstance(row.entry, Event)} - {"none"}


@pytest.mark.case("AUD-11")
def test_a_pseudonym_finds_its_exchanges_until_it_is_erased(place: Place) -> None:
    """WHO-21. The log holds what commits to it, and stays as it was signed."""

    async def run() -> None:
        async with opened(place) as ledger:
            for number in range(4):
                await ledger.commit(intent(f"r{number}"), subject="p-4711" if number % 2 else "p-0815")
                await ledger.commit(outcome(f"r{number}"))
            async with ledger.database.reading() as connection:
                mine = await receipts_of(connection, ledger.keys, "p-4711")
            rows = await rows_of(place)
            outcomes = [row.entry for row in rows if isinstance(row.entry, Outcome)]
            told = {str(each.receipt): each.who.subject for each in outcomes}
            assert mine == {receipt: told[receipt] for receipt in ("r1", "r3")}, "both entries of an exchange have it"
            assert len(commitments(rows)) == 4, "nobody sees that two exchanges are about the same"
            assert await erase(ledger.database, ledger.keys, "p-4711") in (["r1", "r3"], ["r3", "r1"])
            async with ledger.database.reading() as connection:
                assert await receipts_of(connection, ledger.keys, "p-4711") == {}
                assert len(await receipts_of(connection, ledger.keys, "p-0815")) == 2
            assert await erase(ledger.database, ledger.keys, "p-4711") == []
        assert commitments(await rows_of(place)) == commitments(rows)
        assert (await verified(place)).sound

    asyncio.run(run())


def test_no_pseudonym_and_no_erased_salt_is_left_on_the_disk(tmp_path: Path) -> None:
    """Canaries: the pseudonym is nowhere from the first moment, the salt of what was erased nowhere afterwards."""

    async def run() -> None:
        place, salts = Place(tmp_path / "data"), list[bytes]()
        async with opened(place) as ledger:
            append = ledger._journal.append

            async def seen(batch: Batch) -> None:
                salts.extend(row["salt"] for row in batch.subjects)
                await append(batch)

            ledger._journal.append = seen  # type: ignore[method-assign]
            for number in range(50):
                await ledger.commit(intent(f"r{number}"), subject="CANARY-PSEUDONYM")
            await erase(ledger.database, ledger.keys, "CANARY-PSEUDONYM")
            content = b"".join(path.read_bytes() for path in place.folder.rglob("*") if path.is_file())
            assert len(salts) == 50
            assert b"CANARY" not in content
            assert not any(salt in content for salt in salts)

    asyncio.run(run())


@pytest.mark.case("AUD-07")
def test_a_tag_is_nothing_without_the_secret(tmp_path: Path) -> None:
    """AUD-07: not to be found by trying all pseudonyms."""

    async def run() -> None:
        tags: list[bytes] = []
        for name in ("one", "two"):
            place = Place(tmp_path / name)
            async with opened(place) as ledger:
                await ledger.commit(intent("r"), subject="p-4711")
                async with ledger.database.reading() as connection:
                    from sqlalchemy import text

                    tags += (await connection.execute(text("SELECT tag FROM subjects"))).scalars()
        assert len(set(tags)) == 2

    asyncio.run(run())


@pytest.mark.case("AUD-07")
def test_trying_all_pseudonyms_finds_nobody(tmp_path: Path) -> None:
    """AUD-07: with all that is in the database, salts too, and with any common digest, but without the secret."""

    async def run() -> None:
        place = Place(tmp_path / "data")
        pseudonyms = [f"p-{number:04}" for number in range(10_000)]
        async with opened(place) as ledger:
            await ledger.commit(intent("r"), subject="p-4711")
            async with ledger.database.reading() as connection:
                (row,) = (await connection.execute(select(subjects))).all()
        (entry,) = [row.entry for row in await rows_of(place) if isinstance(row.entry, Intent)]
        kept = {bytes(row.tag), bytes.fromhex(str(entry.who.subject))}
        for name in ("sha256", "sha1", "md5", "blake2b", "sha512"):
            for pseudonym in map(str.encode, pseudonyms):
                for text in (pseudonym, row.salt + pseudonym, pseudonym + row.salt):
                    assert hashlib.new(name, text).digest() not in kept
                for key in (b"", row.salt):
                    mark = hmac.digest(key, pseudonym, name)
                    assert mark not in kept
                    assert bytes.fromhex(str(commitment(mark, row.salt))) not in kept

    asyncio.run(run())


def test_a_receipt_that_comes_twice_stops_nothing(place: Place) -> None:
    async def run() -> None:
        async with opened(place) as ledger:
            for subject in ("p-4711", "p-4711", "p-0815"):
                await ledger.commit(intent("twice"), subject=subject)
            async with ledger.database.reading() as connection:
                assert set(await receipts_of(connection, ledger.keys, "p-4711")) == {"twice"}

    asyncio.run(run())


def test_a_purge_takes_the_links_along(place: Place) -> None:
    async def run() -> None:
        await at_times(place, [1, 101, 201])
        async with writing(place) as ledger:
            await purge(ledger, micro(150))
            async with ledger.database.reading() as connection:
                assert set(await receipts_of(connection, ledger.keys, "p-4711")) == {"0-201"}

    asyncio.run(run())
