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
from guardrail.rails.base import About, Window
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


def load(spec: Sequence[RailSpec], seconds: float) -> Message:
    """Build these rails; it may take so long."""
    return {"op": "load", "rails": [[name, dict(settings)] for name, settings in spec], "seconds": seconds}


def inspect(jobs: Sequence[Job], rails: Sequence[str]) -> Message:
    """Look at these windows with these rails."""
    abouts = list(dict.fromkeys(about for _, about in jobs))
    places = {about: place for place, about in enumerate(abouts)}
    return {
        "op": "inspect",
        "rails": list(rails),
        "abouts": [_about_to_json(about) for about in abouts],
        "jobs": [[window.text, window.start, window.final, places[about]] for window, about in jobs],
    }


def read_jobs(message: Message) -> list[Job]:
    """The child's side of `inspect`."""
    abouts = [_about_from_json(row) for row in message["abouts"]]
    return [(Window(text, start, final), abouts[about]) for text, start, final, about in message["jobs"]]


def found(per_rail: Sequence[Sequence[Sequence[Finding]]], took: Sequence[float]) -> Message:
    """The child's answer: for each rail, for each window, its findings; and the seconds each rail took."""
    rows = [[[[f.span.start, f.span.end, f.label, f.score] for f in one] for one in each] for each in per_rail]
    return {"found": rows, "took": list(took)}


def failed(error: GuardrailError) -> Message:
    """The child could not do it. `error.message` names a rail and a kind of exception, never its words."""
    return {"failed": error.message, "code": error.code}


def read_findings(reply: Message, jobs: Sequence[Job], rails: Sequence[str]) -> list[list[Finding]]:
    """The findings of each window, all rails together. Raises RailFailed if the child failed or talks nonsense."""
    if "failed" in reply:
        raise RailFailed(str(reply["failed"]), code=str(reply.get("code", "rail_failed")))
    try:
        return _read_rows(reply["found"], jobs, rails)
    except (KeyError, TypeError, ValueError):
        raise _nonsense() from None


def read_times(reply: Message, rails: Sequence[str]) -> list[tuple[str, float]]:
    """The seconds that each rail took."""
    return [(rail, float(took)) for rail, took in zip(rails, reply.get("took", ()), strict=False)]


def _read_rows(rows: Any, jobs: Sequence[Job], rails: Sequence[str]) -> list[list[Finding]]:
    out: list[list[Finding]] = [[] for _ in jobs]
    for rail, row in zip(rails, rows, strict=True):
        for findings, (window, _), one in zip(out, jobs, row, strict=True):
            new = [Finding(Span(start, end), rail, str(label), float(score)) for start, end, label, score in one]
            check(rail, window, new)
            findings += new
    return out


def _about_to_json(about: About) -> list[Any]:
    seen = about.assessment
    return [
        about.direction, about.role, about.kind, about.language, about.surface, about.country,
        seen.medical, list(seen.topics), seen.risk, about.opens, about.hint,
    ]  # fmt: skip


def _about_from_json(row: Sequence[Any]) -> About:
    direction, role, kind, language, surface, country, medical, topics, risk, opens, hint = row
    seen = Assessment(medical, tuple(topics), Risk(risk))
    return About(Direction(direction), Role(role), Kind(kind), language, surface, country, seen, opens, hint)


def _nonsense() -> RailFailed:
    return RailFailed("the analyzer gave an answer that makes no sense", code="rail_nonsense")
