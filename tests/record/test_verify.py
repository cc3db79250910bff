"""Whatever is done to the log afterwards is found, and told where."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from guardrail.record.audit import rotate, writing
from guardrail.record.database import FILE, Place, StoreUnusable
from guardrail.record.entry import Event
from guardrail.record.heads import LOG
from guardrail.record.keys import KeyFiles
from guardrail.record.note import Signer, notes_in
from guardrail.record.verify import Problem, Report, Wrong
from tests.support.stores import QUICK, change, event, intent, opened, outcome, rows_of, verified, write
from tests.support.tamper import DEEDS, Deed, Tampered, read

TAMPERINGS = 180


@dataclass(frozen=True)
class Original:
    """A sound log of three writers, some of it behind checkpoints, and what was exported of it meanwhile."""

    place: Place
    exported: tuple[str, ...]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    place = Place(tmp_path_factory.mktemp("original") / "data")
    often = replace(QUICK, checkpoint_seconds=0.0)

    async def run() -> None:
        for slot, settings in (("0", often), ("1", QUICK), ("0", QUICK)):
            async with opened(place, slot, settings) as ledger:
                for number in range(12):
                    await asyncio.gather(
                        ledger.submit(intent(f"s{slot}n{number}")), ledger.submit(outcome(f"s{slot}n{number}"))
                    )
        async with writing(place) as ledger:
            await ledger.commit(event())

    asyncio.run(run())
    return Original(place, tuple(notes_in((place.folder / LOG).read_text())))


@pytest.fixture
def copy(original: Original, tmp_path: Path) -> Place:
    return copied(original, tmp_path / "copy")


def copied(original: Original, folder: Path) -> Place:
    shutil.copytree(original.place.folder, folder, dirs_exist_ok=True)
    return Place(folder)


def check(place: Place, *outside: str, local: bool = True) -> Report:
    return asyncio.run(verified(place, outside, local=local))


def tampered(place: Place, deed: Deed, seed: int) -> Tampered:
    with closing(sqlite3.connect(place.folder / FILE)) as database, database:
        return deed(database, read(database), random.Random(seed))


def names(problems: list[Problem], done: Tampered) -> bool:
    """True if a problem is told of one of the entries that the deed was done to."""
    for problem in problems:
        told = range(problem.seq, max(problem.until, problem.seq + 1))
        if problem.writer == done.writer and any(seq in told for seq in done.seqs):
            return True
    return False


def test_what_nobody_touched_is_sound(original: Original) -> None:
    report = check(original.place)
    assert (report.problems, report.chains, report.entries) == ([], 3, 81)
    assert report.checkpoints >= 10
    assert check(original.place, *original.exported, local=False).sound


@pytest.mark.case("AUD-05")
def test_every_tampering_is_found_and_located(original: Original, tmp_path: Path) -> None:
    """G6. Each on a copy of its own; the bit, the row and the kind are left to chance."""
    missed: list[str] = []
    done: Counter[str] = Counter()
    pristine = (original.place.folder / FILE).read_bytes()
    place = copied(original, tmp_path / "copy")
    for seed in range(TAMPERINGS):
        (place.folder / FILE).write_bytes(pristine)
        deed = tampered(place, DEEDS[seed % len(DEEDS)], seed)
        done[deed.what] += 1
        report = check(place)
        if report.sound or not names(report.problems, deed):
            missed.append(f"{seed}: {deed}: {[str(problem) for problem in report.problems]}")
    assert missed == []
    assert len(done) >= len(DEEDS) + 6, "every column had its turn"


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_it_is_found_on_another_machine_with_what_was_exported(original: Original, copy: Place, deed: Deed) -> None:
    """Nothing of the data folder is believed but its keys: not the head files, not the checkpoints beside them."""
    done = tampered(copy, deed, 7)
    report = check(copy, *original.exported, local=False)
    assert names(report.problems, done), report.problems


def test_one_changed_entry_is_told_alone(copy: Place) -> None:
    with closing(sqlite3.connect(copy.folder / FILE)) as database, database:
        writer = min(read(database))
        database.execute("UPDATE entries SET body = body || ' ' WHERE writer = ? AND seq = 9", (writer,))
        database.execute("UPDATE entries SET hash = x'00' WHERE writer = ? AND seq = 20", (writer,))
    assert [str(problem) for problem in check(copy).problems] == [
        f"{writer}: entry 9: changed",
        f"{writer}: entry 20: changed",
    ]


def test_an_older_copy_of_everything_is_found_by_what_was_exported(original: Original, tmp_path: Path) -> None:
    """AUD-05, roll back: database, head files and checkpoints are all of yesterday, and all fit together."""
    place = copied(original, tmp_path / "now")
    writer = asyncio.run(write(place, [event()] * 5))
    today = list(notes_in((place.folder / LOG).read_text()))
    yesterday = copied(original, tmp_path / "yesterday")
    assert check(yesterday).sound, "it can't be told from the folder itself"
    [problem] = check(yesterday, *today).problems
    assert (problem.writer, problem.what, problem.until - problem.seq) == (writer, Wrong.MISSING, 7)


@pytest.mark.case("AUD-05")
def test_an_older_database_is_found_by_the_head_file(original: Original, tmp_path: Path) -> None:
    place = copied(original, tmp_path / "now")
    writer = asyncio.run(write(place, [event()] * 5))
    (place.folder / LOG).unlink()
    for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
        (place.folder / name).unlink(missing_ok=True)
    shutil.copy(original.place.folder / FILE, place.folder / FILE)
    [problem] = check(place).problems
    assert (problem.writer, problem.what, problem.until - problem.seq) == (writer, Wrong.MISSING, 7)


def _forge_the_head(place: Place, writer: str) -> None:
    """By somebody with a key of their own."""
    forged = Signer("guardrail/evil", bytes(32))
    path = place.folder / "heads" / writer
    note = path.read_text().rstrip("\n").split("\n\n")[0] + "\n"
    path.write_text(forged.sign(note.replace(note.split("\n")[1], "9999"), f"guardrail/{writer}"))


def _empty_the_head(place: Place, writer: str) -> None:
    (place.folder / "heads" / writer).write_bytes(b"")


def _delete_the_head(place: Place, writer: str) -> None:
    (place.folder / "heads" / writer).unlink()


def _garble_the_head(place: Place, writer: str) -> None:
    (place.folder / "heads" / writer).write_bytes(b"\xff" * 2048)


def _break_the_log(place: Place, writer: str) -> None:
    path = place.folder / LOG
    path.write_text(path.read_text()[:-50])


@pytest.mark.parametrize(
    "fault",
    [_forge_the_head, _empty_the_head, _delete_the_head, _garble_the_head, _break_the_log],
    ids=lambda fault: fault.__name__[1:],
)
def test_a_forged_or_missing_anchor_is_told(copy: Place, fault: Callable[[Place, str], None]) -> None:
    writer = min(row.writer for row in asyncio.run(rows_of(copy)))
    fault(copy, writer)
    problems = check(copy).problems
    assert [problem.what for problem in problems] == [Wrong.FORGED], problems


def test_half_a_head_file_is_no_matter(copy: Place) -> None:
    """The power went while one of its two places was written."""
    for path in (copy.folder / "heads").iterdir():
        path.write_bytes(path.read_bytes()[:1024] + b"\0" * 1024)
    assert check(copy).sound


def test_a_log_signed_by_a_key_that_is_not_known_is_not_sound(copy: Place) -> None:
    (copy.folder / "signing.key").write_text(Signer("guardrail/other", bytes(32)).secret_line())
    problems = check(copy).problems
    assert {problem.what for problem in problems} == {Wrong.FORGED}
    assert {problem.writer for problem in problems} == {row.writer for row in asyncio.run(rows_of(copy))}


def _cut_the_file(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 2 // 3)


def _overwrite_pages(path: Path) -> None:
    with path.open("r+b") as file:
        for page in range(3, path.stat().st_size // 4096, 2):
            file.seek(4096 * page)
            file.write(random.Random(page).randbytes(4096))


def _another_file(path: Path) -> None:
    path.write_bytes(b"It was the best of times, it was the worst of times. " * 400)


DAMAGES = (_cut_the_file, _overwrite_pages, _another_file)


@pytest.mark.parametrize("fault", DAMAGES, ids=lambda fault: fault.__name__[1:])
def test_a_damaged_file_is_told_of_in_one_line(copy: Place, fault: Callable[[Path], None]) -> None:
    fault(copy.folder / FILE)
    try:
        told = "; ".join(str(problem) for problem in check(copy).problems)
    except StoreUnusable as error:
        told = error.message
    assert "it is damaged" in told
    assert "\n" not in told


def test_a_value_of_another_type_is_told_of_and_raises_nothing(copy: Place) -> None:
    """SQLite takes anything anywhere."""
    with closing(sqlite3.connect(copy.folder / FILE)) as database, database:
        one, two, three = sorted(read(database))
        database.execute("UPDATE entries SET hash = 'words' WHERE writer = ? AND seq = 3", (one,))
        database.execute("UPDATE entries SET seq = 'last' WHERE writer = ? AND seq = 5", (two,))
        database.execute("UPDATE entries SET at = x'00' WHERE writer = ? AND seq = 0", (three,))
        database.execute("UPDATE checkpoints SET size = 'x', note = 5 WHERE writer = ? AND size = 1", (one,))
        database.execute("UPDATE meta SET value = x'ff' WHERE key = ?", (f"head:{two}",))
    assert {problem.writer for problem in check(copy).problems} == {one, two, three}


def test_the_same_on_both_stores(place: Place) -> None:
    async def run() -> list[Problem]:
        await write(place, [event() for _ in range(20)])
        assert (await verified(place)).sound
        await change(place, "UPDATE entries SET body = :body WHERE seq = 3", body='{"what":"stop"}')
        await change(place, "DELETE FROM entries WHERE seq = 11")
        await change(
            place, "INSERT INTO entries SELECT writer, 40, at, kind, receipt, body, hash FROM entries WHERE seq = 2"
        )
        return (await verified(place)).problems

    found = [(problem.what, problem.seq, problem.until) for problem in asyncio.run(run())]
    assert found[:2] == [(Wrong.CHANGED, 3, 4), (Wrong.MISSING, 11, 12)]
    assert (Wrong.UNSIGNED, 22, 41) in found


def test_a_rotated_key_leaves_the_old_entries_sound_and_says_so_in_the_log(place: Place) -> None:
    async def run() -> None:
        await write(place, [event()] * 3)
        async with opened(place, "1") as running:
            async with writing(place) as ledger:
                await rotate(ledger, KeyFiles(place.folder))
            await running.commit(event())  # signs with the old key until it is started anew
        await write(place, [event()] * 3)
        report = await verified(place)
        assert report.problems == []
        [told] = [
            row.entry for row in await rows_of(place) if isinstance(row.entry, Event) and "new" in row.entry.facts
        ]
        assert (told.what, set(told.facts)) == ("key_rotated", {"old", "new"})
        await change(place, "DELETE FROM meta WHERE key LIKE 'key:%'")
        assert not (await verified(place)).sound, "nothing leads from the new key to the old one any more"

    asyncio.run(run())


def test_a_long_log_is_read_in_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guardrail.record.verify.PAGE", 7)
    place = Place(tmp_path / "data")

    async def run() -> Iterator[Problem]:
        async with opened(place, settings=replace(QUICK, checkpoint_seconds=0.0)) as ledger:
            for number in range(60):
                await ledger.commit(event(number=number))
        assert (await verified(place)).sound
        await change(place, "UPDATE entries SET at = at + 1 WHERE seq IN (6, 7, 41)")
        await change(place, "DELETE FROM entries WHERE seq BETWEEN 20 AND 35")
        return iter((await verified(place)).problems)

    told = {(problem.what, problem.seq) for problem in asyncio.run(run())}
    assert told == {(Wrong.CHANGED, 6), (Wrong.CHANGED, 7), (Wrong.MISSING, 20), (Wrong.CHANGED, 41)}
