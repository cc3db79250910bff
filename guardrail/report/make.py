"""From a log to signed files: read, verify, put together, say so in the log, and only then give out.

A report that can't be recorded and signed is not made, unless a draft is asked for: that says of itself what it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from guardrail.policy.load import Loaded
from guardrail.record.audit import writing
from guardrail.record.database import Database, Place, StoreUnusable
from guardrail.record.entry import NONE, Code, Event
from guardrail.record.journal import rotations
from guardrail.record.keys import KeyFiles, load_keys, trusted
from guardrail.record.note import Verifier
from guardrail.record.verify import verify
from guardrail.report import page, sealed
from guardrail.report.collect import Period, parse_day
from guardrail.report.figures import DIMENSIONS
from guardrail.report.reading import earlier, read
from guardrail.report.sealed import BadSeal, Checked, Seal
from guardrail.report.sheet import About, Integrity, document, to_bytes

LONGEST_DAYS: Final = 3_660
EVENT: Final = Code("reported")
_PROBLEMS: Final = 20


class BadPeriod(ValueError):
    """No period that a report can be about. The message says why."""


@dataclass(frozen=True, slots=True)
class Log:
    """Which log, with which keys. `keys` are trusted for verifying, in place of the folder's own."""

    place: Place
    files: KeyFiles
    keys: tuple[Verifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report should be. `sample` receipts are drawn with `seed`."""

    period: Period
    policy: Loaded
    actor: Code
    sample: int = 0
    seed: str = ""
    verify: bool = True
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """The two files and their signature; no signature for a draft."""

    json: bytes
    html: bytes
    note: str | None
    exchanges: int
    failed: int
    found: int
    sound: bool | None


def period(first: str, last: str) -> Period:
    """Raises BadPeriod. Both days are in it."""
    try:
        made = Period(parse_day(first), parse_day(last))
    except ValueError:
        raise BadPeriod("use days like 2026-01-31") from None
    if made.days < 1:
        raise BadPeriod("--from is after --to")
    if made.days > LONGEST_DAYS or made.first.year < 1970:
        raise BadPeriod(f"a report is about {LONGEST_DAYS} days at most, from 1970 on")
    return made


async def make(
    log: Log,
    wanted: Wanted,
    ready: Callable[[Made], None] = lambda made: None,
    clock: Callable[[], int] = lambda: time.time_ns() // 1_000,
) -> Made:
    """`ready` is called before it is said in the log, and may refuse by raising.

    Raises StoreUnusable, AuditUnavailable.

    `clock` counts microseconds.
    """
    database = await Database.open(log.place, create=False)
    try:
        integrity = await _verified(database, log) if wanted.verify else Integrity(why="it was not asked for")
        found = await read(database, wanted.period, sample=wanted.sample, seed=wanted.seed)
    finally:
        await database.close()
    policy = wanted.policy
    about = About(
        made=clock(),
        actor=str(wanted.actor),
        policy={"name": policy.policy.name, "version": policy.policy.version, "sha256": policy.sha256},
        groups={dimension: policy.policy.cohorts.values(dimension) for dimension in DIMENSIONS},
        recorded=not wanted.draft,
        seed=wanted.seed,
    )
    report = document(found, integrity, about)
    data = to_bytes(report)
    html = page.render(report, sealed.digest(data)).encode()
    checks = [each for each in report["failed"] if each.get("computed", True)]
    signals = [each for each in report["found"] if not each["about"].startswith("figure:")]
    made = Made(data, html, None, found.collected.exchanges, len(checks), len(signals), integrity.sound)
    if wanted.draft:
        ready(made)
        return made
    previous = report["made"]["previous_report"] or NONE
    return await _recorded(log, wanted, made, Code(previous), ready)


async def _recorded(log: Log, wanted: Wanted, made: Made, previous: Code, ready: Callable[[Made], None]) -> Made:
    first, last = (each.date().isoformat() for each in (wanted.period.first, wanted.period.last))
    seal = Seal(first, last, sealed.digest(made.json), sealed.digest(made.html))
    facts: Mapping[str, Code | int | bool] = {
        "from": Code(first),
        "to": Code(last),
        "sha256": Code(seal.json),
        "html_sha256": Code(seal.html),
        "previous": previous,
    }
    async with writing(log.place, files=log.files) as ledger:
        signed = Made(
            made.json, made.html, seal.sign(ledger.keys.signer), made.exchanges, made.failed, made.found, made.sound
        )
        ready(signed)
        await ledger.commit(Event(EVENT, wanted.actor, facts=facts))
    return signed


async def _verified(database: Database, log: Log) -> Integrity:
    try:
        keys = log.keys or (load_keys(log.files, create=False).verifier,)
    except StoreUnusable as error:
        return Integrity(why=f"there is no key to verify it with ({error.message})")
    report = await verify(database, keys)
    return Integrity(
        sound=report.sound,
        entries=report.entries,
        chains=report.chains,
        anchors=report.anchors,
        problems=tuple(str(problem) for problem in report.problems[:_PROBLEMS]),
        found=report.found,
    )


async def check(log: Log, data: bytes, note: str) -> tuple[Checked, bool | None]:
    """What was signed, and whether the log says so, too; None if there is no log here to ask.

    Raises BadSeal; StoreUnusable if no key was given and there is none.
    """
    keys: Sequence[Verifier] = log.keys or (load_keys(log.files, create=False).verifier,)
    try:
        database = await Database.open(log.place, create=False)
    except StoreUnusable:
        return sealed.check(data, note, keys), None
    try:
        async with database.reading() as connection:
            keys = list(trusted(keys, await _rotations(connection)).values())
        checked = sealed.check(data, note, keys)
        told = {str(facts.get("sha256", "")) for facts in await earlier(database)}
    finally:
        await database.close()
    return checked, checked.seal.json in told


async def _rotations(connection: AsyncConnection) -> Sequence[str]:
    return list(await rotations(connection))


class Files:
    """Where the files of a report go: written beside their places first, and put there when the log has it."""

    def __init__(self, html: Path | None, json: Path | None) -> None:
        """Raises FileExistsError for a file that is there: nothing is overwritten."""
        self._targets = {kind: path for kind, path in (("html", html), ("json", json)) if path is not None}
        for path in self._all():
            if path.exists():
                raise FileExistsError(0, "is there already", str(path))
        self._written: list[tuple[Path, Path]] = []

    def _all(self) -> list[Path]:
        return [each for path in self._targets.values() for each in (path, signature_of(path))]

    def write(self, made: Made) -> None:
        """Beside their places. Raises OSError, with nothing left behind."""
        with ExitStack() as stack:
            stack.callback(self.drop)
            for kind, path in self._targets.items():
                self._put(path, made.html if kind == "html" else made.json)
                if made.note is not None:
                    self._put(signature_of(path), made.note.encode())
            stack.pop_all()

    def _put(self, path: Path, data: bytes) -> None:
        beside = path.with_name(f".{path.name}.new")
        self._written.append((beside, path))
        beside.write_bytes(data)

    def place(self) -> list[Path]:
        """To their places; which they are."""
        for beside, path in self._written:
            beside.replace(path)
        return [path for _, path in self._written]

    def drop(self) -> None:
        """Nothing is left of what is not in its place."""
        for beside, _ in self._written:
            beside.unlink(missing_ok=True)


def signature_of(path: Path) -> Path:
    """`FILE.sig`."""
    return path.with_name(f"{path.name}.sig")


__all__ = ["BadPeriod", "BadSeal", "Files", "Log", "Made", "Wanted", "check", "make", "period", "signature_of"]
