"""The command `guardrail receipt`: what was done in one exchange and why, from the audit log of the data folder.

Exit status: 0 told; 1 no such record, or no log; 2 wrong usage, or a bad policy.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from guardrail.errors import ClientError, GuardrailError, PolicyError

if TYPE_CHECKING:
    from guardrail.policy.compile import Compiled
    from guardrail.receipts import Proof, Receipt, Row
    from guardrail.record.database import Database

# What is heavy is imported by the command that needs it: `guardrail --help` answers at once.


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command("receipt")(receipt)


def receipt(
    number: Annotated[str, typer.Argument(metavar="ID", help="As X-Guardrail-Receipt says it.", show_default=False)],
    policy: Annotated[
        Path | None, typer.Option("--policy", help="The policy that decided. Without it: the baseline.")
    ] = None,
    upstream: Annotated[str | None, typer.Option(help="As it is given to `guardrail serve`.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    insert: Annotated[bool, typer.Option("--insert", help='The paragraph "AI was used in your care" only.')] = False,
    language: Annotated[str, typer.Option(help="Of the paragraph; all but English are drafts.")] = "en",
    read_by: Annotated[str, typer.Option(help="Who read the model's words: for the paragraph, kept nowhere.")] = "",
) -> None:
    """Tell what was done in one exchange and why: checks, actions, texts shown, policy, reasons (WHO-60, WHO-74)."""
    from guardrail.console.receipt_words import insert as letter
    from guardrail.console.receipt_words import to_text
    from guardrail.receipts import CHANGED, is_changed, read_id, to_json

    try:
        found = asyncio.run(_open(read_id(number), _reader(policy, upstream)))
        if insert:
            made = letter(found, language, read_by)
            told = {"language": made.language, "title": made.title, "lines": list(made.lines)}
            typer.echo(json.dumps(told, ensure_ascii=False) if json_ else "\n".join((made.title, "", *made.lines)))
        else:
            typer.echo(json.dumps(to_json(found), ensure_ascii=False) if json_ else to_text(found), nl=json_)
        if is_changed(found):
            typer.echo(CHANGED, err=True)
            raise typer.Exit(1)
    except (PolicyError, ClientError) as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1 if error.http_status == 404 else 2) from None
    except GuardrailError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from None


def _reader(policy: Path | None, upstream: str | None) -> Compiled:
    from guardrail.build import build_reader
    from guardrail.policy.load import policy_at

    return build_reader(policy and policy_at(policy), upstream)


async def _open(name: str, compiled: Compiled) -> Receipt:
    """Raises ClientError (400, 404), StoreUnusable."""
    from guardrail.evidence import place_of
    from guardrail.kept_policies import deciding
    from guardrail.receipts import open_receipt
    from guardrail.record.archive import Archive
    from guardrail.record.database import Database

    place = place_of(compiled.policy, os.environ)
    if place.file is not None and not place.file.is_file():
        raise GuardrailError(
            f"there is no audit log: {place.file.absolute()} does not exist; "
            "GUARDRAIL_DATA_DIR has to name the folder of the guardrail that runs"
        )
    database = await Database.open(place, create=False)
    try:
        rows = await Archive(database).of_receipt(name)
        proofs = await _proofs(database, compiled, rows)
        found = open_receipt(rows, compiled, proofs, await deciding(database, rows))
    finally:
        await database.close()
    await _say(compiled, found.id)
    return found


async def _proofs(database: Database, compiled: Compiled, rows: Sequence[Row]) -> Sequence[Proof]:
    from guardrail.evidence import key_files
    from guardrail.proofs import prove
    from guardrail.receipts import Proof
    from guardrail.record.database import StoreUnusable
    from guardrail.record.keys import load_keys

    try:
        keys = load_keys(key_files(compiled.policy, os.environ), create=False)
    except StoreUnusable:  # a copy for an auditor has no key; `guardrail audit verify --key` takes one
        return [Proof(row.writer, row.seq, row.kind.value, problem="there is no key here") for row in rows]
    return await prove(database, [keys.verifier], rows)


async def _say(compiled: Compiled, name: str) -> None:
    """That it was read is in the log, if that can be written to."""
    from guardrail.audit_cli import actor
    from guardrail.evidence import key_files, place_of
    from guardrail.record.audit import writing
    from guardrail.record.entry import Code, Event

    place, files = place_of(compiled.policy, os.environ), key_files(compiled.policy, os.environ)
    try:
        async with writing(place, files=files) as ledger:
            await ledger.commit(Event(Code("receipt_read"), actor(), Code(name)))
    except GuardrailError as error:
        typer.echo(f"note: this is not in the log: {error.message}", err=True)
