"""`guardrail audit`: is the log as it was written, and what is in it. Exit status: 0 sound; 1 not; 2 can't be told.

Each command opens the store that the policy names (without one: the file in GUARDRAIL_DATA_DIR), and says in the log
that it was there, as `cli:USER`, where it can.
"""

from __future__ import annotations

import asyncio
import json
import os
import pwd
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from guardrail.errors import GuardrailError, PolicyError

if TYPE_CHECKING:
    from guardrail.policy.model import Policy
    from guardrail.record.archive import Line
    from guardrail.record.database import Place
    from guardrail.record.entry import Code, Event
    from guardrail.record.keys import KeyFiles
    from guardrail.record.note import Verifier
    from guardrail.record.retention import Purged
    from guardrail.record.verify import Report

# What is heavy is imported by the command that needs it: `guardrail --help` answers at once.

T = TypeVar("T")
_MOST_NOTES = 256 * 1024 * 1024
"""Bytes of one `--checkpoints`: a head each minute for a year has half of them."""

app = typer.Typer(help="The audit log: verify, export, purge, keys.", no_args_is_help=True)

PolicyOption = Annotated[
    Path | None, typer.Option("--policy", help="Policy file. Without it: the shipped baseline.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]
Since = Annotated[str, typer.Option(help="From this day or time on (2026-01-31, 2026-01-31T12:00:00+01:00).")]
Until = Annotated[str, typer.Option(help="Before this day or time.")]


class Format(StrEnum):
    """Of an export."""

    JSONL = "jsonl"
    CSV = "csv"


@app.command()
def verify(
    policy: PolicyOption = None,
    key: Annotated[
        list[str] | None, typer.Option(help="A public key to trust (`audit key`), not the folder's.")
    ] = None,
    checkpoints: Annotated[list[Path] | None, typer.Option(help="Signed heads that were kept elsewhere.")] = None,
    as_json: AsJson = False,
    record: Annotated[bool, typer.Option(help="Say in the log that it was verified.")] = True,
) -> None:
    """Find every entry that was changed, deleted, put in, swapped or cut off since it was written."""
    report = _run(_verify(_policy(policy), key or [], checkpoints or [], record=record))
    typer.echo(json.dumps(_facts(report)) if as_json else _told(report))
    raise typer.Exit(0 if report.sound else 1)


@app.command()
def export(
    policy: PolicyOption = None,
    format_: Annotated[Format, typer.Option("--format", help="JSON lines or CSV.")] = Format.JSONL,
    since: Since = "",
    until: Until = "",
    out: Annotated[Path | None, typer.Option(help="A file; without it: standard output.")] = None,
) -> None:
    """Write the entries in the order of time. No entry has a person's words."""
    span = _moment(since, "--since"), _moment(until, "--until")
    if None not in span and span[0] >= span[1]:  # type: ignore[operator]  # neither is None
        raise typer.BadParameter("is not before --until", param_hint="--since")
    count = _run(_export(_policy(policy), format_, *span, out))
    typer.echo(f"{count} entries", err=True)


@app.command()
def purge(
    policy: PolicyOption = None,
    before: Annotated[str, typer.Option(help="Older than that; without it: older than the policy keeps them.")] = "",
    as_json: AsJson = False,
) -> None:
    """Delete what is older than the policy's `audit.retention_days`, also cases that were closed before.

    What stays can still be verified.
    """
    found = _policy(policy)
    if found.audit.legal_hold:
        typer.echo("nothing was deleted: the policy has a legal hold (audit.legal_hold)", err=True)
        raise typer.Exit(1)
    # A clock that runs ahead must not make everything old (AUD-09): the log itself says what time it was.
    kept = min(int(time.time() * 1e6), _run(_newest(found))) - found.audit.retention_days * 86_400_000_000
    limit = _moment(before, "--before")
    if limit is not None and limit > kept:
        raise typer.BadParameter(f"the policy keeps {found.audit.retention_days} days", param_hint="--before")
    done, cases = _run(_purge(found, kept if limit is None else limit))
    rows = [{"writer": each.writer, "entries": each.entries, "first_left": each.size} for each in done]
    if as_json:
        typer.echo(json.dumps(rows))
    else:
        told = [f"{each.writer}: {each.entries} entries deleted" for each in done]
        told += [f"{cases} closed cases deleted"] if cases else []
        typer.echo("\n".join(told) or "nothing to delete")


@app.command()
def key(
    policy: PolicyOption = None,
    rotate: Annotated[bool, typer.Option("--rotate", help="Sign with a new key from now on.")] = False,
) -> None:
    """Print the public keys of the log's writers, as others verify its checkpoints (C2SP signed notes).

    After --rotate every running guardrail has to be started anew; until then it signs with the old key.
    """
    found = _policy(policy)
    lines = _run(_rotate(found) if rotate else _keys(found))
    typer.echo("\n".join(lines))


@app.command("new-chains")
def new_chains(
    policy: PolicyOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it.")] = False,
) -> None:
    """Go on with new chains beside damaged ones, which stay as they are; `verify` goes on telling of them.

    For a log that the guardrail refuses to continue: a database that was lost, restored from a copy, or changed.
    """
    files = _files(_policy(policy))
    if not yes:
        raise typer.BadParameter("say that it is meant; stop every guardrail of this folder before", param_hint="--yes")
    from guardrail.record.keys import new_instance

    typer.echo(f"new chains are named {_guarded(lambda: new_instance(files.folder))}.*")


# ── what they do ──────────────────────────────────────────────────────────────────────────────────────────────────


async def _verify(policy: Policy, given: Sequence[str], files: Sequence[Path], *, record: bool) -> Report:
    from guardrail.record.database import Database
    from guardrail.record.verify import Report, read_notes
    from guardrail.record.verify import verify as verify_log

    place, keys = _place(policy), _trusted(policy, given)
    outside = Report()
    notes = [note for file in files for note in read_notes(_read(file), file.name, outside)]
    database = await Database.open(place, create=False)
    try:
        report = await verify_log(database, keys, outside=notes)
    finally:
        await database.close()
    for problem in outside.problems:
        report.add(problem)
    if record:
        await _say(policy, "verified", {"entries": report.entries, "problems": report.found})
    return report


async def _export(policy: Policy, format_: Format, since: int | None, until: int | None, out: Path | None) -> int:
    from guardrail.record.archive import Archive
    from guardrail.record.export import as_csv, as_json, header

    count = 0
    async with Archive.open(_place(policy)) as archive:
        with ExitStack() as stack:
            target = stack.enter_context(out.open("x", encoding="utf-8", newline="")) if out else sys.stdout
            if format_ is Format.CSV:
                target.write(header())
            async for line in archive.lines(since=since, until=until):
                target.write(as_csv(line) if format_ is Format.CSV else _ended(as_json, line))
                count += 1
    bounds = {name: at for name, at in (("since", since), ("until", until)) if at is not None}
    await _say(policy, "exported", {"entries": count, "format": format_.value, **bounds})
    return count


def _ended(write: Any, line: Line) -> str:
    return f"{write(line)}\n"


async def _newest(policy: Policy) -> int:
    """The time of the newest entry, before this command has written any."""
    from guardrail.record.archive import Archive

    async with Archive.open(_place(policy)) as archive:
        return max((row.at for row in await archive.latest(1)), default=0)


async def _purge(policy: Policy, before: int) -> tuple[list[Purged], int]:
    """What went of each chain, and how many cases."""
    from guardrail.evidence import CASES_KEY
    from guardrail.record.audit import writing
    from guardrail.record.retention import NotSound
    from guardrail.record.retention import purge as purge_log
    from guardrail.redress import Desk

    async with writing(_place(policy), files=_files(policy)) as ledger:
        try:
            purged = await purge_log(ledger, before, actor())
        except NotSound as error:
            for problem in error.problems:
                typer.echo(str(problem), err=True)
            typer.echo("nothing was deleted: the log is not as it was written", err=True)
            raise typer.Exit(1) from None
        desk = Desk(ledger.database, ledger.commit, ledger.keys.derive(CASES_KEY), lambda: policy.redress)
        return purged, await desk.purge(before, actor())


async def _keys(policy: Policy) -> list[str]:
    from guardrail.record.chain import origin_of
    from guardrail.record.database import Database
    from guardrail.record.journal import HEAD, values
    from guardrail.record.keys import load_keys
    from guardrail.record.note import BadNote

    verifier = load_keys(_files(policy), create=False).verifier
    database = await Database.open(_place(policy), create=False)
    try:
        async with database.reading() as connection:
            writers = list(await values(connection, HEAD))
    finally:
        await database.close()
    try:
        return [str(verifier.named(origin_of(writer))) for writer in writers] or [str(verifier)]
    except BadNote:
        raise GuardrailError("the log was changed: one of its writers has a name that there can't be") from None


async def _rotate(policy: Policy) -> list[str]:
    from guardrail.record.audit import rotate, writing

    files = _files(policy)
    async with writing(_place(policy), files=files) as ledger:
        await rotate(ledger, files, actor())
    return await _keys(policy)


async def _say(policy: Policy, what: str, facts: dict[str, int | str]) -> None:
    """In the log, if it can be written to: a copy for an auditor has no key."""
    from guardrail.record.audit import writing
    from guardrail.record.entry import Code, Event

    told: dict[str, Code | int | bool] = {
        name: Code(value) if isinstance(value, str) else value for name, value in facts.items()
    }
    event: Event = Event(Code(what), actor(), facts=told)
    try:
        async with writing(_place(policy), files=_files(policy)) as ledger:
            await ledger.commit(event)
    except GuardrailError as error:
        typer.echo(f"note: this is not in the log: {error.message}", err=True)


# ── where ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def actor() -> Code:
    """Who runs the command, as the log names them."""
    from guardrail.record.entry import Code, code

    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return code(f"cli:{name}", Code("cli:other"))


def _policy(path: Path | None) -> Policy:
    from guardrail.build import read_policy
    from guardrail.policy.load import policy_at

    return _guarded(lambda: read_policy(path and policy_at(path)).policy)


def _place(policy: Policy) -> Place:
    """Where there is a log: none of these commands begins one."""
    from guardrail.evidence import place_of
    from guardrail.record.database import StoreUnusable

    place = place_of(policy, os.environ)
    if place.file is not None and not place.file.is_file():
        raise StoreUnusable(f"there is no audit log: {place.file} does not exist")
    return place


def _files(policy: Policy) -> KeyFiles:
    from guardrail.evidence import key_files

    return key_files(policy, os.environ)


def _trusted(policy: Policy, given: Sequence[str]) -> list[Verifier]:
    from guardrail.record.keys import load_keys
    from guardrail.record.note import BadNote, Verifier

    if not given:
        return [load_keys(_files(policy), create=False).verifier]
    try:
        return [Verifier.parse(line.strip()) for line in given]
    except BadNote as error:
        raise typer.BadParameter(f"{error}; use a line of `guardrail audit key`", param_hint="--key") from None


def _read(file: Path) -> str:
    """A pipe is as good as a file; what never ends is neither."""
    try:
        with file.open("rb") as source:
            notes = source.read(_MOST_NOTES + 1)
        if len(notes) <= _MOST_NOTES:
            return notes.decode()
    except (OSError, UnicodeDecodeError):
        raise typer.BadParameter(f"{file} can't be read", param_hint="--checkpoints") from None
    raise typer.BadParameter(f"{file} is over {_MOST_NOTES:,} bytes; give it in parts", param_hint="--checkpoints")


def _moment(words: str, option: str) -> int | None:
    if not words:
        return None
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise typer.BadParameter("use 2026-01-31 or 2026-01-31T12:00:00+01:00", param_hint=option) from None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return (found - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


# ── what is said ──────────────────────────────────────────────────────────────────────────────────────────────────


def _told(report: Report) -> str:
    from guardrail.record.export import moment

    span = f", {moment(report.first)} to {moment(report.last)}" if report.first else ""
    counts = (
        f"{report.entries} entries of {report.chains} writers{span}; "
        f"{report.checkpoints} checkpoints, {report.anchors} signed heads outside the database"
    )
    if report.sound:
        return f"sound: {counts}"
    lines = [str(problem) for problem in report.problems]
    more = [f"... and {report.found - len(lines)} more"] if report.found > len(lines) else []
    return "\n".join([*lines, *more, f"NOT SOUND: {report.found} problems in {counts}"])


def _facts(report: Report) -> dict[str, object]:
    problems = [
        {"writer": p.writer, "seq": p.seq, "until": p.until, "what": p.what.value, "detail": p.detail}
        for p in report.problems
    ]
    return {
        "sound": report.sound,
        "entries": report.entries,
        "writers": report.chains,
        "checkpoints": report.checkpoints,
        "outside": report.anchors,
        "first": report.first,
        "last": report.last,
        "found": report.found,
        "problems": problems,
    }


def _run(work: Coroutine[Any, Any, T]) -> T:
    return _guarded(lambda: asyncio.run(work))


def _guarded(work: Callable[[], T]) -> T:
    """One line instead of a traceback, and exit status 2."""
    try:
        return work()
    except PolicyError as error:
        typer.echo(error.message, err=True)
    except GuardrailError as error:
        typer.echo(f"audit: {error.message}", err=True)
    except FileExistsError as error:
        typer.echo(f"audit: {error.filename} is there already", err=True)
    except OSError as error:
        typer.echo(f"audit: {error.strerror}: {error.filename}", err=True)
    raise typer.Exit(2)
