"""Commands about evidence: suspend and resume, cases, incidents, whom an error concerns, a person's rights.

Each opens the evidence store of the data folder, does one thing and says it in the audit log as `cli:USER`. Whoever may
read the folder may use them. Exit status: 0 done; 1 it can't be done; 2 wrong usage.
"""

from __future__ import annotations

import asyncio
import json
import os
import pwd
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from guardrail.errors import AuditUnavailable, ClientError, GuardrailError, PolicyError
from guardrail.text import plain

if TYPE_CHECKING:
    from guardrail.incidents import Incidents
    from guardrail.policy.load import Loaded
    from guardrail.receipts import Receipt
    from guardrail.record.database import Database
    from guardrail.record.entry import Event
    from guardrail.record.keys import Keys
    from guardrail.redress import Case, Desk
    from guardrail.rights import Rights
    from guardrail.suspension import Suspension, Suspensions

# What is heavy is imported by the command that needs it: `guardrail --help` answers at once.

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

case_app = typer.Typer(
    help="Reports of people about answers: who looks into them, and what came of it.", no_args_is_help=True
)
incident_app = typer.Typer(help="Errors that people should know of.", no_args_is_help=True)
subject_app = typer.Typer(help="What a person may demand of what is held about them.", no_args_is_help=True)

PolicyOption = Annotated[
    Path | None, typer.Option("--policy", help="Policy file. Without it: the shipped baseline.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]
Number = Annotated[str, typer.Argument(help="The case's number.", show_default=False)]
Pseudonym = Annotated[
    str, typer.Argument(help="As the application sends it (X-Guardrail-Subject); - reads it from standard input.")
]
Reveal = Annotated[bool, typer.Option("--reveal", help="With the words that people wrote. Said in the audit log.")]


def register(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    app.command("suspend")(suspend)
    app.command("resume")(resume)
    app.command("affected")(affected)
    app.add_typer(case_app, name="case")
    app.add_typer(incident_app, name="incident")
    app.add_typer(subject_app, name="subject")


# ── the store ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Evidence:
    """An open store, and what works on it."""

    database: Database
    policy: Loaded
    actor: str
    suspensions: Suspensions
    desk: Desk
    incidents: Incidents
    rights: Rights


@asynccontextmanager
async def _evidence(policy: Path | None, *, writes: bool) -> AsyncIterator[Evidence]:
    """With `writes` as a writer of the log, else without one: to look does not change it."""
    from guardrail.evidence import key_files, place_of
    from guardrail.record.audit import writing
    from guardrail.record.database import Database
    from guardrail.record.keys import load_keys

    loaded = _policy(policy)
    place, files = place_of(loaded.policy, os.environ), key_files(loaded.policy, os.environ)
    if place.file is not None and not place.file.is_file():  # a new one here would stop, and find, nothing
        raise GuardrailError(
            f"there is no evidence store: {place.file.absolute()} does not exist; "
            "GUARDRAIL_DATA_DIR has to name the folder of the guardrail that runs"
        )
    if writes:
        async with writing(place, files=files) as ledger:
            yield _made(ledger.database, ledger.keys, ledger.commit, loaded)
        return
    database = await Database.open(place, create=False)
    try:
        yield _made(database, load_keys(files, create=False), _unwritten, loaded)
    finally:
        await database.close()


def _made(database: Database, keys: Keys, record: Callable[[Event], Awaitable[None]], policy: Loaded) -> Evidence:
    from guardrail.evidence import CASES_KEY
    from guardrail.incidents import Incidents
    from guardrail.record.archive import Archive
    from guardrail.redress import Desk
    from guardrail.rights import Rights
    from guardrail.suspension import Suspensions

    desk = Desk(database, record, keys.derive(CASES_KEY), lambda: policy.policy.redress)
    return Evidence(
        database,
        policy,
        _actor(),
        Suspensions(database, record),
        desk,
        Incidents(database, record, Archive(database)),
        Rights(database, keys, record, desk, held=policy.policy.audit.legal_hold),
    )


async def _unwritten(event: Event) -> None:
    raise AssertionError(f"a command that only looks wants to write {event.what}")


def _policy(path: Path | None) -> Loaded:
    from guardrail.build import read_policy

    return read_policy(_file(path))


def _file(path: Path | None) -> Path | None:
    """A file, or that of the shipped policy of this name."""
    from guardrail.policy.load import policy_at

    return path and policy_at(path)


def _actor() -> str:
    """Who runs the command, as the system knows it; no variable can say another."""
    from guardrail.record.entry import code

    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return f"cli:{code(name)}"


def _do(policy: Path | None, work: Callable[[Evidence], Coroutine[Any, Any, T]], *, writes: bool = True) -> T:
    """Runs it over the store, and tells what went wrong in one line."""

    async def run() -> T:
        async with _evidence(policy, writes=writes) as evidence:
            return await work(evidence)

    return _told(lambda: asyncio.run(run()))


def _told(work: Callable[[], T]) -> T:
    try:
        return work()
    except PolicyError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(2) from None
    except AuditUnavailable as error:
        typer.echo(f"{error.message}. What was begun may have been done: look before doing it again.", err=True)
        raise typer.Exit(1) from None
    except GuardrailError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(2 if isinstance(error, ClientError) and error.http_status == 400 else 1) from None


# ── suspension ────────────────────────────────────────────────────────────────────────────────────────────────────


def suspend(
    scope: Annotated[str, typer.Option(help="model, client, upstream, capability or all.")] = "",
    target: Annotated[str, typer.Option(help="Which one; a model may be a pattern (gpt-4o*).")] = "",
    reason: Annotated[str, typer.Option(help="Why, without a patient's data. Not in the audit log.")] = "",
    until: Annotated[
        str, typer.Option(help="+2h, +30m, +1d, or 2026-12-31T18:00+01:00. Without it: until resumed.")
    ] = "",
    show: Annotated[bool, typer.Option("--list", help="Only show what is suspended.")] = False,
    every: Annotated[bool, typer.Option("--all", help="With --list: also what is over.")] = False,
    policy: PolicyOption = None,
    json_: AsJson = False,
) -> None:
    """Stop a use of AI now, in every worker and replica, within five seconds. Streams under way end (WHO-11)."""
    if show or every:
        rows = _do(policy, lambda evidence: _suspensions(evidence, past=every), writes=False)
        _show_suspensions(rows, json_)
        return
    if not scope:
        raise typer.BadParameter("is needed, or --list", param_hint="--scope")
    if not reason:
        raise typer.BadParameter("say why", param_hint="--reason")

    async def work(evidence: Evidence) -> tuple[Suspension, str]:
        from guardrail.suspension import Scope

        kind = _choice(Scope, scope, "scope")
        warning = await _doubt(evidence, kind.value, target, strict=policy is not None)
        surfaces = evidence.policy.policy.cohorts.surface
        end = _until(until)
        return await evidence.suspensions.suspend(kind, target, reason, evidence.actor, end, surfaces), warning

    made, warning = _do(policy, work)
    typer.echo("It is suspended wherever this evidence store is used, within five seconds.", err=True)
    if warning:
        typer.echo(warning, err=True)
    _show_suspensions([made], json_)


def resume(
    ids: Annotated[list[str] | None, typer.Argument(help="Numbers of suspensions (s-…).", show_default=False)] = None,
    scope: Annotated[str, typer.Option(help="Instead of numbers: all of this scope and target.")] = "",
    target: Annotated[str, typer.Option(help="With --scope.")] = "",
    policy: PolicyOption = None,
    json_: AsJson = False,
) -> None:
    """End a suspension."""
    if bool(ids) == bool(scope):
        raise typer.BadParameter("give numbers, or --scope and --target")

    async def work(evidence: Evidence) -> Sequence[Suspension]:
        from guardrail.suspension import Scope

        names = ids or [each.id for each in await evidence.suspensions.holding(_choice(Scope, scope, "scope"), target)]
        return await evidence.suspensions.resume(names, evidence.actor)

    _show_suspensions(_do(policy, work), json_)


async def _suspensions(evidence: Evidence, *, past: bool) -> Sequence[Suspension]:
    return await (evidence.suspensions.history() if past else evidence.suspensions.holding())


async def _doubt(evidence: Evidence, scope: str, target: str, *, strict: bool) -> str:
    """A misspelt name stops nothing: refused if the policy is given, else told. Raises ClientError."""
    from guardrail.record.archive import Archive
    from guardrail.record.entry import Kind, Outcome
    from guardrail.suspension import Scope, Suspension, check, stops

    check(Scope(scope), target)
    policy = evidence.policy.policy
    known = {"client": [client.name for client in policy.clients], "upstream": list(policy.upstreams)}.get(scope)
    if known is not None and strict:
        if target not in known:
            raise ClientError(f"target: the policy has no {scope} of this name", code="invalid_value", param="target")
        return ""
    if scope not in ("client", "upstream", "model") or target in (known or ()):
        return ""
    asked = Suspension("", Scope(scope), target, "", "", 0)
    for row in await Archive(evidence.database).latest(2_000, (Kind.OUTCOME,)):
        if isinstance(row.entry, Outcome):
            who = row.entry.who
            if stops(asked, client=who.client, upstream=who.upstream, models=(who.model,)):
                return ""
    return f"note: none of the last exchanges had this {scope}; is the name right? It is suspended as it was written."


_STEP = re.compile(r"(\d{1,5})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def _until(text: str) -> int | None:
    """Microseconds since 1970 of `+1d12h` or of an ISO time with its zone. Raises ClientError."""
    if not text:
        return None
    if re.fullmatch(r"\+(\d{1,5}[smhd])+", text):
        seconds = sum(int(count) * _SECONDS[unit] for count, unit in _STEP.findall(text))
        return _now() + seconds * 1_000_000
    return _moment(text, "until")


def _moment(text: str, name: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        what = f"{name}: write a time with its zone, as 2026-12-31T18:00+01:00 or 2026-12-31T17:00Z"
        raise ClientError(what, code="invalid_value", param=name)
    return _microseconds(moment)


def _microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _show_suspensions(rows: Sequence[Suspension], as_json: bool) -> None:
    from guardrail.redress import day_and_time

    def when(at: int | None) -> str | None:
        return day_and_time(at) if at is not None else None

    facts = [
        {
            "id": each.id,
            "scope": each.scope.value,
            "target": each.target,
            "since": when(each.since),
            "until": when(each.until),
            "by": each.actor,
            "ended": when(each.ended),
            "ended_by": each.ended_by or None,
            "reason": each.reason,
        }
        for each in rows
    ]
    _show(facts, as_json, "Nothing is suspended.")


# ── cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@case_app.command("list")
def case_list(
    state: Annotated[
        list[str] | None, typer.Option(help="open, assigned, reopened, closed; without: unsettled.")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="harm, error, contest, praise.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those that should have been settled.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 200,
    policy: PolicyOption = None,
    json_: AsJson = False,
) -> None:
    """The cases, the most urgent first. Without a word of what people wrote."""

    async def work(evidence: Evidence) -> Sequence[Case]:
        from guardrail.redress import UNSETTLED, Kind, State

        states = [_choice(State, each, "state") for each in state] if state else UNSETTLED
        kinds = [_choice(Kind, each, "kind") for each in kind or ()]
        return await evidence.desk.list(states=states, kinds=kinds, limit=limit)

    rows = _do(policy, work, writes=False)
    now = _now()
    _show_cases([each for each in rows if not overdue or each.overdue(now)], json_)


@case_app.command("show")
def case_show(number: Number, reveal: Reveal = False, policy: PolicyOption = None, json_: AsJson = False) -> None:
    """One case. The words stay covered unless --reveal uncovers them."""

    async def work(evidence: Evidence) -> tuple[Case, str | None, str | None]:
        from guardrail.redress import read_number

        name = read_number(number)
        if not reveal:
            return await evidence.desk.get(name), None, None
        shown = await evidence.desk.reveal(name, evidence.actor)
        return shown.case, shown.words, shown.note

    from guardrail.redress import case_json

    case, words, note = _do(policy, work, writes=reveal)
    facts = {**case_json(case, _now()), **({"words": words, "note": note} if reveal else {})}
    if json_:
        typer.echo(json.dumps(facts))
        return
    width = max(map(len, facts))
    for name, value in facts.items():
        typer.echo(f"{name.replace('_', ' ').ljust(width)}  {_plain(value)}")
    if not reveal and (case.has_words or case.has_note):
        warned = " They speak of danger or violence." if case.graphic else ""
        typer.echo(f"The words are covered; --reveal shows them.{warned}", err=True)


@case_app.command("assign")
def case_assign(
    number: Number,
    to: Annotated[str, typer.Option(help="Who takes it; without: you.")] = "",
    policy: PolicyOption = None,
    json_: AsJson = False,
) -> None:
    """Somebody takes a case."""
    _step(
        policy, json_, lambda evidence, name: evidence.desk.assign(name, to or evidence.actor, evidence.actor), number
    )


@case_app.command("close")
def case_close(
    number: Number,
    outcome: Annotated[
        str, typer.Option(help="upheld, partly_upheld, not_upheld, duplicate, no_case.", show_default=False)
    ],
    note: Annotated[str, typer.Option(help="What was found and done; kept encrypted. - reads standard input.")] = "",
    policy: PolicyOption = None,
    json_: AsJson = False,
) -> None:
    """A case is settled."""
    said = _given(note)

    async def work(evidence: Evidence, name: str) -> Case:
        from guardrail.redress import Decision

        return await evidence.desk.close(name, _choice(Decision, outcome, "outcome"), said, evidence.actor)

    _step(policy, json_, work, number)


@case_app.command("reopen")
def case_reopen(number: Number, policy: PolicyOption = None, json_: AsJson = False) -> None:
    """A closed case is looked at again; its time begins anew."""
    _step(policy, json_, lambda evidence, name: evidence.desk.reopen(name, evidence.actor), number)


@case_app.command("export")
def case_export(number: Number, reveal: Reveal = False, policy: PolicyOption = None, json_: AsJson = False) -> None:
    """One case as a file to hand over: what was reported, what the log says of the answer, what came of it (WHO-74)."""

    async def work(evidence: Evidence) -> tuple[Any, Receipt]:
        from guardrail.kept_policies import deciding
        from guardrail.receipts import open_receipt
        from guardrail.record.archive import Archive
        from guardrail.redress import read_number

        name = read_number(number)
        rows = await Archive(evidence.database).of_receipt((await evidence.desk.get(name)).receipt)
        receipt = open_receipt(rows, deciding=await deciding(evidence.database, rows))
        return await evidence.desk.exported(name, evidence.actor, words=reveal), receipt

    from guardrail import casefile

    shown, receipt = _do(policy, work)
    words = shown if reveal else None
    if json_:
        typer.echo(json.dumps(casefile.to_json(shown.case, receipt, words, _now()), indent=2))
    else:
        typer.echo(_plain(casefile.to_text(shown.case, receipt, words, _now())), nl=False)


def _step(
    policy: Path | None, as_json: bool, step: Callable[[Evidence, str], Coroutine[Any, Any, Case]], number: str
) -> None:
    async def work(evidence: Evidence) -> Case:
        from guardrail.redress import read_number

        return await step(evidence, read_number(number))

    _show_cases([_do(policy, work)], as_json)


def _show_cases(rows: Iterable[Case], as_json: bool) -> None:
    from guardrail.redress import case_json

    facts = [case_json(each, _now()) for each in rows]
    names = ("case", "kind", "state", "due", "overdue", "graphic", "assigned", "outcome", "receipt")
    _show(facts if as_json else [{name: each[name] for name in names} for each in facts], as_json, "No cases.")


# ── incidents ─────────────────────────────────────────────────────────────────────────────────────────────────────


@incident_app.command("publish")
def incident_publish(
    title: Annotated[str, typer.Option(help="One line.", show_default=False)],
    words: Annotated[
        str, typer.Option(help="What happened and what to do; - reads standard input.", show_default=False)
    ],
    receipt: Annotated[str, typer.Option(help="An answer that it is about: tells whom it concerns.")] = "",
    case: Annotated[str, typer.Option(help="Or the case about such an answer.")] = "",
    checked: Annotated[
        bool, typer.Option("--checked", help="I have read it: there is no patient's data in it.")
    ] = False,
    policy: PolicyOption = None,
    json_: AsJson = False,
) -> None:
    """Tell everybody of an error: on the disclosure page and in the feed (WHO-10). Anybody may read it."""
    if receipt and case:
        raise typer.BadParameter("give one of --receipt and --case")
    said = _given(words)
    if not checked and (seen := _told(lambda: _identifiers(policy, f"{title}\n{said}"))):
        typer.echo(
            f"this may hold a person's data ({seen}); nothing was published. If it does not: --checked", err=True
        )
        raise typer.Exit(1)

    async def work(evidence: Evidence) -> Any:
        from guardrail.receipts import read_id
        from guardrail.redress import read_number

        about = read_id(receipt) if receipt else ""
        if case:
            about = (await evidence.desk.get(read_number(case))).receipt
        return await evidence.incidents.publish(title, said, about, evidence.actor)

    _show_incidents([_do(policy, work)], json_)


@incident_app.command("list")
def incident_list(policy: PolicyOption = None, json_: AsJson = False) -> None:
    """What was published, the latest first."""
    _show_incidents(_do(policy, lambda evidence: evidence.incidents.all(), writes=False), json_)


@incident_app.command("withdraw")
def incident_withdraw(
    incident: Annotated[str, typer.Argument(help="Its number (i-…).", show_default=False)],
    policy: PolicyOption = None,
    json_: AsJson = False,
) -> None:
    """Take a notice back. Its words are deleted; that there was one stays."""
    _show_incidents([_do(policy, lambda evidence: evidence.incidents.withdraw(incident, evidence.actor))], json_)


def affected(
    receipt: Annotated[str, typer.Argument(help="A receipt, 32 characters.", show_default=False)],
    since: Annotated[str, typer.Option(help="Only from this time on (2026-12-31T18:00Z).")] = "",
    until: Annotated[str, typer.Option(help="Only before this time.")] = "",
    policy: PolicyOption = None,
    json_: AsJson = False,
) -> None:
    """All exchanges with the same model, policy and rule path as one bad answer (WHO-10)."""

    async def work(evidence: Evidence) -> int:
        from guardrail.receipts import read_id
        from guardrail.redress import day_and_time

        name, count = read_id(receipt), 0
        start = _moment(since, "since") if since else None
        end = _moment(until, "until") if until else None
        async for each in evidence.incidents.affected(name, since=start, until=end):
            count += 1
            facts = {
                "receipt": each.receipt,
                "at": day_and_time(each.at),
                "client": each.client,
                "subject": each.subject,
            }
            typer.echo(json.dumps(facts) if json_ else "  ".join(map(str, [*facts.values()][:3])))
        return count

    count = _do(policy, work, writes=False)
    typer.echo(f"{count} exchanges.", err=True)


def _identifiers(policy: Path | None, text: str) -> str:
    """The labels of what the PHI rail finds in it, "" for nothing."""
    from guardrail.build import build_try
    from guardrail.feedback import identifiers

    compiled = build_try(_file(policy), ["phi"])
    return ", ".join(asyncio.run(identifiers(compiled, text)))


def _show_incidents(rows: Iterable[Any], as_json: bool) -> None:
    from guardrail.redress import day_and_time

    facts = [
        {
            "incident": each.id,
            "published": day_and_time(each.published),
            "withdrawn": day_and_time(each.withdrawn) if each.withdrawn else None,
            "affected": each.receipts,
            "model": each.model or None,
            "title": each.title,
            **({"words": each.words, "policy": each.policy or None, "path": each.path or None} if as_json else {}),
        }
        for each in rows
    ]
    _show(facts, as_json, "No incidents.")


# ── a person's rights ─────────────────────────────────────────────────────────────────────────────────────────────


@subject_app.command("export")
def subject_export(pseudonym: Pseudonym, policy: PolicyOption = None, json_: AsJson = False) -> None:
    """All that is held about a person, with what they wrote, as text or JSON (WHO-21)."""
    name = _given(pseudonym).strip()
    held = _do(policy, lambda evidence: evidence.rights.export(name, evidence.actor))
    typer.echo(json.dumps(held.to_json(), indent=2) if json_ else _plain(held.to_text()), nl=json_)


@subject_app.command("erase")
def subject_erase(
    pseudonym: Pseudonym,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    policy: PolicyOption = None,
) -> None:
    """Delete every link to a person and every word they wrote. It can't be undone; the log still verifies (WHO-21)."""
    name = _given(pseudonym).strip()
    if not yes and not (sys.stdin.isatty() and typer.confirm("Erase for good?", err=True)):
        typer.echo("nothing was erased (--yes does it without asking)", err=True)
        raise typer.Exit(1)
    exchanges, cases = _do(policy, lambda evidence: evidence.rights.erase(name, evidence.actor))
    typer.echo(f"Erased: the links of {exchanges} exchanges, the words of {cases} cases.")


# ── words in and out ──────────────────────────────────────────────────────────────────────────────────────────────


def _given(text: str) -> str:
    return standard_input() if text == "-" else text


def standard_input() -> str:
    """Its text, without the end of the last line. Raises typer.BadParameter for what is none."""
    try:
        return sys.stdin.buffer.read().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise typer.BadParameter("standard input is not UTF-8") from None


def _choice(kind: type[E], value: str, name: str) -> E:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(str(each.value) for each in kind)
        raise ClientError(f"{name}: one of {known}", code="invalid_value", param=name) from None


def _now() -> int:
    return _microseconds(datetime.now(UTC))


def _plain(value: object) -> str:
    """For a terminal: nothing that people wrote can steer it."""
    text = "-" if value is None else ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return plain(text)


def _show(rows: Sequence[dict[str, Any]], as_json: bool, nothing: str) -> None:
    """A table for people, or one JSON object a line."""
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row))
        return
    if not rows:
        typer.echo(nothing)
        return
    table = [[name.replace("_", " ") for name in rows[0]], *([_plain(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[at]) for line in table) for at in range(len(table[0]))]
    for line in table:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
