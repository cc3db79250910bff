"""Evidence in plain words: the log, complaints, who administers, what is disclosed, what is counted."""

from __future__ import annotations

from collections.abc import Iterator

from guardrail.policy.model import Policy

_ROLES = {
    "ops": "runs it, and may suspend",
    "privacy_officer": "sees to people's cases",
    "auditor": "reads, and changes nothing",
    "metrics": "reads the metrics, and nothing else",
}


def evidence(policy: Policy) -> Iterator[str]:
    """Sentences, in the order in which an officer asks."""
    yield from _log(policy)
    yield from _complaints(policy)
    yield from _administrators(policy)
    yield from _disclosed(policy)
    yield from _counted(policy)


def _log(policy: Policy) -> Iterator[str]:
    audit = policy.audit
    address = audit.url_env or audit.url_file
    where = "a file in the data folder" if audit.store == "sqlite" else f"PostgreSQL (address in {address})"
    yield f"Every exchange is recorded in {where}: codes, counts and times, never a word of anybody."
    yield f"What can't be recorded within {audit.deadline_seconds:g} seconds is not answered; crisis texts are shown."
    yield f"Records are kept for {audit.retention_days:,} days at least."
    if audit.legal_hold:
        yield "LEGAL HOLD: nothing is purged and nobody is erased until it is lifted."
    given = [each for each in (audit.checkpoint_file, audit.checkpoint_url) if each]
    yield f"A signed head of the log is kept every {audit.checkpoint_seconds:g} seconds" + (
        f", and given to {' and '.join(given)}." if given else ", on this machine only: nobody else witnesses it."
    )


def _complaints(policy: Policy) -> Iterator[str]:
    due = policy.redress.due_days
    yield (
        f"Anybody with the receipt of an answer may report harm (settled within {due.harm} days), "
        f"an error ({due.error}) or contest a decision ({due.contest})."
    )
    graphic = policy.redress.graphic_per_day
    if graphic is not None:
        yield f"A reviewer uncovers at most {graphic} cases with graphic words a day."


def _administrators(policy: Policy) -> Iterator[str]:
    admin = policy.admin
    if not admin.configured:
        yield "NOBODY administers it over the network: the admin port gives metrics and health on this machine only."
    for token in admin.tokens:
        yield f"{token.name} administers by token: {token.role.replace('_', ' ')} ({_ROLES[token.role]})."
    if admin.oidc is not None:
        named = "; ".join(f"{group} as {role.replace('_', ' ')}" for group, role in admin.oidc.roles.items())
        yield f"People who {admin.oidc.issuer} knows administer by their group: {named}."
    if admin.metrics == "open":
        yield "METRICS may be read by anybody who reaches the admin port."


def _disclosed(policy: Policy) -> Iterator[str]:
    disclosure = policy.disclosure
    yield f"Anybody may read who answers here: deployed by {disclosure.deployer or 'nobody who is named'}."
    for name in disclosure.models:
        yield f"  There is a label for {name}."
    if not disclosure.models:
        yield "  NO MODEL has a label: everything about it is shown as not disclosed by its developer."


def _counted(policy: Policy) -> Iterator[str]:
    footprint = policy.footprint
    if footprint.on:
        yield f"Energy, CO2e and water are estimated, never measured, with the electricity of {footprint.zone}."
    if footprint.prices:
        yield f"Costs are told for {', '.join(price.model for price in footprint.prices)}."
    if policy.telemetry.continue_traces:
        yield "Traces of applications go on here: their ids tell which exchanges belong together."
