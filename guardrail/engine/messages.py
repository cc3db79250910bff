"""What is said between the proxy and the analyzer child: one JSON line each way. No I/O.

A request carries text, a reply carries only spans, rail names and labels. What the child says is not believed:
`read_findings` checks it against the windows that were sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from guardrail.engine.examine import Job, check
from guardrail.errors import GuardrailError, RailFailed
from guardrail.rails.base import About, Manner, Window
from guardrail.text import Assessment, Direction, Finding, Kind, Risk, Role, Span

Message = dict[str, Any]
RailSpec = tuple[str, Mapping[str, Any]]
"""A rail's name and its settings, as JSON can carry them."""


def write(message: Message) -> bytes:
    """One line. Escapes everything that is not ASCII, so lone surrogates survive."""
    return json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n"


def read(line: bytes) -> Message:
    """Raises RailFailed for anything but a whole line with a JSON object."""
    if not line.endswith(b"\n"):
        raise RailFailed("the analyzer ended before it answered", code="analyzer_died")
    try:
        message = json.loads(line)
    except ValueError:
        raise _nonsense() from None
    if not isinstance(message, dict):
        raise _nonsense()
    return message


def inspect(jobs: Sequence[Job]) -> Message:
    """Look at these windows, each with its rails."""
    views = {view: place for place, view in enumerate(dict.fromkeys((about, rails) for _, about, rails in jobs))}
    return {
        "views": [[_about_to_json(about), list(rails)] for about, rails in views],
        "jobs": [[window.text, window.start, window.final, views[about, rails]] for window, about, rails in jobs],
    }


def read_jobs(message: Message) -> list[Job]:
    """The child's side of `inspect`."""
    views = [(_about_from_json(about), tuple(rails)) for about, rails in message["views"]]
    return [(Window(text, start, final), *views[view]) for text, start, final, view in message["jobs"]]


def found(per_window: Sequence[Sequence[Finding]], took: Mapping[str, float]) -> Message:
    """The child's answer: for each window its findings; and the seconds each rail took."""
    rows = [[[f.span.start, f.span.end, f.rail, f.label, f.score] for f in one] for one in per_window]
    return {"found": rows, "took": dict(took)}


def failed(error: GuardrailError) -> Message:
    """The child could not do it. `error.message` names a rail and a kind of exception, never its words."""
    return {"failed": error.message, "code": error.code}


def read_findings(reply: Message, jobs: Sequence[Job]) -> list[list[Finding]]:
    """The findings of each window, all its rails together. Raises RailFailed if the child failed or talks nonsense."""
    if "failed" in reply:
        raise RailFailed(str(reply["failed"]), code=str(reply.get("code", "rail_failed")))
    try:
        return [_read_rows(rows, job) for rows, job in zip(reply["found"], jobs, strict=True)]
    except (KeyError, TypeError, ValueError):
        raise _nonsense() from None


def read_times(reply: Message, jobs: Sequence[Job]) -> list[tuple[str, float]]:
    """The seconds that each rail took. Raises RailFailed for nonsense."""
    try:
        return [
            (rail, float(reply["took"][rail])) for rail in dict.fromkeys(name for *_, rails in jobs for name in rails)
        ]
    except (KeyError, TypeError, ValueError):
        raise _nonsense() from None


def _read_rows(rows: Any, job: Job) -> list[Finding]:
    window, _, rails = job
    found = [Finding(Span(a, b), str(rail), str(label), float(score)) for a, b, rail, label, score in rows]
    for each in found:
        if each.rail not in rails:
            raise _nonsense()
        check(each.rail, window, (each,))
    return found


def _about_to_json(about: About) -> list[Any]:
    seen = about.assessment
    return [
        about.direction, about.role, about.kind, about.language, about.surface, about.country,
        seen.medical, list(seen.topics), seen.risk, list(seen.flags), about.opens, about.hint, about.manner.told,
    ]  # fmt: skip


def _about_from_json(row: Sequence[Any]) -> About:
    direction, role, kind, language, surface, country, medical, topics, risk, flags, opens, hint, told = row
    seen, manner = Assessment(medical, tuple(topics), Risk(risk), tuple(flags)), Manner(told=told)
    return About(Direction(direction), Role(role), Kind(kind), language, surface, country, seen, opens, hint, manner)


def _nonsense() -> RailFailed:
    return RailFailed("the analyzer gave an answer that makes no sense", code="rail_nonsense")
