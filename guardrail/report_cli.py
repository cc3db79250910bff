"""`guardrail report`: a period as the audit log knows it, as a signed page and as JSON; and the check of one.

Exit status: 0 made, or the signature holds; 1 the log is not as it was written, or the signature does not hold; 2 wrong
usage, or there is nothing to make it from.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from guardrail.errors import GuardrailError, PolicyError

if TYPE_CHECKING:
    from guardrail.policy.load import Loaded
    from guardrail.record.database import Place
    from guardrail.record.entry import Code
    from guardrail.record.note import Verifier
    from guardrail.report.make import Files, Log, Made, Wanted

# What is heavy is imported by the command that needs it: `guardrail --help` answers at once.

T = TypeVar("T")
MAX_SAMPLE = 10_000


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command("report")(report)


def report(
    first: Annotated[str, typer.Option("--from", help="First day, UTC: 2026-01-01.", show_default=False)] = "",
    last: Annotated[str, typer.Option("--to", help="Last day; it is in.", show_default=False)] = "",
    policy: Annotated[
        Path | None, typer.Option(help="Policy file. Without it: the shipped baseline.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The page. Without --out and --json: both, in the data folder's `reports`.")
    ] = None,
    json: Annotated[Path | None, typer.Option("--json", help="The same numbers for machines.")] = None,
    database: Annotated[
        str, typer.Option(help="postgresql://..., or the folder of an audit.db, not the policy's.")
    ] = "",
    sample: Annotated[int, typer.Option(help="List so many receipts for auditors.", min=0, max=MAX_SAMPLE)] = 0,
    seed: Annotated[str, typer.Option(help="What they are drawn with: the same seed draws the same ones.")] = "",
    key: Annotated[
        list[str] | None, typer.Option(help="A public key to trust (`guardrail audit key`), not the folder's.")
    ] = None,
    verify: Annotated[bool, typer.Option(help="Verify the whole log first.")] = True,
    draft: Annotated[bool, typer.Option("--draft", help="Neither signed nor recorded; it says so.")] = False,
    check: Annotated[Path | None, typer.Option(help="Check a report against FILE.sig instead.")] = None,
) -> None:
    """Report on a period: figures with intervals, by user group, over time; what failed, and what showed nothing."""
    from guardrail.report.make import BadPeriod, Wanted
    from guardrail.report.make import period as between

    loaded = _guarded(lambda: _policy(policy))
    log = _guarded(lambda: _log(loaded, database, key or []))
    if check is not None:
        raise typer.Exit(_check(log, check))
    if not first or not last:
        raise typer.BadParameter("give --from and --to, or --check FILE", param_hint="--from")
    if not seed.isprintable():
        raise typer.BadParameter("is no line of text", param_hint="--seed")
    try:
        period = between(first, last)
    except BadPeriod as error:
        raise typer.BadParameter(str(error), param_hint="--from/--to") from None
    wanted = Wanted(period, loaded, _actor(), sample, seed or f"{first}:{last}", verify=verify, draft=draft)
    raise typer.Exit(_make(log, wanted, *_targets(log, out, json, f"{first}_{last}")))


def _make(log: Log, wanted: Wanted, out: Path | None, json: Path | None) -> int:
    from guardrail.report.make import Files, make

    files: Files = _guarded(lambda: Files(out, json))
    try:
        made = _guarded(lambda: asyncio.run(make(log, wanted, files.write)))
        paths = _guarded(files.place)
    finally:
        files.drop()
    typer.echo(_told(made))
    for path in paths:
        typer.echo(f"  {path}")
    return 1 if made.sound is False else 0


def _told(made: Made) -> str:
    state = {True: "sound", False: "NOT SOUND", None: "not verified"}[made.sound]
    signed = "a draft, neither signed nor recorded" if made.note is None else "signed, and recorded in the audit log"
    few = f"{made.exchanges} exchanges" if made.exchanges else "no exchange in the period"
    return f"{few}; {made.failed} checks failed, {made.found} signals; the log is {state}; {signed}"


def _check(log: Log, file: Path) -> int:
    from guardrail.report.make import BadSeal, signature_of
    from guardrail.report.make import check as check_file

    data = _guarded(file.read_bytes)
    note = _guarded(lambda: signature_of(file).read_text("utf-8", errors="replace"))
    try:
        checked, recorded = _guarded(lambda: asyncio.run(check_file(log, data, note)))
    except BadSeal as error:
        typer.echo(f"report: {file}: {error}", err=True)
        return 1
    seal = checked.seal
    typer.echo(f"{file}: the {checked.kind} of the report {seal.first} to {seal.last}, signed by {checked.signers[0]}")
    if recorded is None:
        typer.echo("there is no audit log here that could say so, too")
        return 0
    typer.echo(f"the audit log {'says so, too' if recorded else 'does NOT know it'}")
    return 0 if recorded else 1


# ── where ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _policy(path: Path | None) -> Loaded:
    from guardrail.build import read_policy
    from guardrail.policy.load import policy_at

    return read_policy(path and policy_at(path))


def _log(loaded: Loaded, database: str, keys: list[str]) -> Log:
    from guardrail.evidence import key_files, place_of
    from guardrail.report.make import Log

    place = _named(database) if database else place_of(loaded.policy, os.environ)
    return Log(place, key_files(loaded.policy, os.environ), _keys(keys))


def _named(database: str) -> Place:
    from guardrail.record.database import FILE, Place, data_dir

    if "://" in database:
        return Place(data_dir(os.environ), database)
    path = Path(database)
    if path.name == FILE:
        path = path.parent
    if not (path / FILE).is_file():
        raise typer.BadParameter(f"there is no {FILE} there", param_hint="--database")
    return Place(path)


def _keys(lines: list[str]) -> tuple[Verifier, ...]:
    from guardrail.record.note import BadNote, Verifier

    try:
        return tuple(Verifier.parse(line.strip()) for line in lines)
    except BadNote as error:
        raise typer.BadParameter(f"{error}; use a line of `guardrail audit key`", param_hint="--key") from None


def _targets(log: Log, out: Path | None, json: Path | None, name: str) -> tuple[Path | None, Path | None]:
    if out or json:
        return out, json
    folder = log.place.folder / "reports"
    _guarded(lambda: folder.mkdir(mode=0o700, exist_ok=True))
    return folder / f"{name}.html", folder / f"{name}.json"


def _actor() -> Code:
    from guardrail.audit_cli import actor

    return actor()


def _guarded(work: Callable[[], T]) -> T:
    """One line instead of a traceback, and exit status 2."""
    try:
        return work()
    except PolicyError as error:
        typer.echo(error.message, err=True)
    except GuardrailError as error:
        typer.echo(f"report: {error.message}", err=True)
    except OSError as error:
        typer.echo(f"report: {error.filename}: {error.strerror}", err=True)
    raise typer.Exit(2)
