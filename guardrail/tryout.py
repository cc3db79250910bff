"""`guardrail try`: texts in, what would be passed on out; as JSON lines for a pipe, or as a diff in colour or in marks.

Knows terminals and JSON lines; what happens to a text is `trial`'s business.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from guardrail.errors import ClientError, GuardrailError
from guardrail.policy.compile import Compiled
from guardrail.text import Action, Direction, Edit, Risk, Ruling, Span, plain
from guardrail.trial import Trial, try_text

OUT, IN = "[--]", "{++}"
_COLOURS = {"allow": "green", "warn": "yellow", "replace": "cyan", "block": "red"}


def try_lines(compiled: Compiled, direction: Direction, lines: Iterable[bytes], out: TextIO) -> int:
    """One result line for each line, as soon as it is known. 1 if a line could not be read or inspected, else 0."""
    failed = False
    with asyncio.Runner() as runner:
        for line in lines:
            if not line.strip():
                continue
            identity: object = None
            try:
                row = _row(line)
                identity = _identity(row)
                result = as_json(runner.run(try_text(compiled, _text(row), direction)))
            except GuardrailError as error:
                failed = True
                result = {"error": {"code": error.code, "message": error.message}}
            out.write(json.dumps({"id": identity, **result}, ensure_ascii=False) + "\n")
            out.flush()
    return int(failed)


def show(compiled: Compiled, direction: Direction, texts: Sequence[str], console: Console | None = None) -> int:
    """Each text with what is taken out and what is put in; then what was found. 1 if one could not be inspected.

    On a terminal in colour and with a line through or under it; without colour as `[-out-]{+in+}`.
    """
    console = console or Console(highlight=False)
    failed = False
    with asyncio.Runner() as runner:
        for text in texts:
            try:
                trial = runner.run(try_text(compiled, text, direction))
            except GuardrailError as error:
                failed = True
                console.print(Text(f"{error.code}: {error.message}", style="red"))
            else:
                console.print(*_view(text, trial, has_colour(console)), sep="\n", end="\n\n", soft_wrap=True)
    return int(failed)


def as_json(trial: Trial) -> dict[str, Any]:
    """The result as docs/cli.md promises it."""
    assessment = trial.assessment
    return {
        "text": trial.text,
        "action": trial.action.word,
        "findings": [_finding(ruling) for ruling in trial.rulings],
        "assessment": {
            "medical": assessment.medical,
            "topics": list(assessment.topics),
            "risk": assessment.risk.value,
            "flags": list(assessment.flags),
        },
    }


def _finding(ruling: Ruling) -> dict[str, Any]:
    finding = ruling.finding
    span = {"start": finding.span.start, "end": finding.span.end}
    found = {"rail": finding.rail, "label": finding.label, **span, "score": round(finding.score, 4)}
    return {**found, "action": ruling.effective.word, **({"shadow": True} if ruling.shadow else {})}


def _row(line: bytes) -> Mapping[str, object]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        row = None
    if not isinstance(row, Mapping):
        raise ClientError("the line is not a JSON object", code="invalid_json")
    return row


def _identity(row: Mapping[str, object]) -> object:
    identity = row.get("id")
    if _has_lone_surrogate(json.dumps(identity, ensure_ascii=False)):  # nothing could write it down again
        raise ClientError('the "id" of the line has half of a surrogate pair', code="lone_surrogate")
    return identity


def _text(row: Mapping[str, object]) -> str:
    text = row.get("text")
    if not isinstance(text, str) or _has_lone_surrogate(text):
        raise ClientError('the line has no readable "text"', code="no_text")
    return text


def _has_lone_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text) if not text.isascii() else False


def has_colour(console: Console) -> bool:
    """False for a pipe, a file, a plain terminal and a reader who wants none (NO_COLOR)."""
    return console.color_system is not None and not console.no_color


def marked(text: str, marks: str, style: str, *, colour: bool) -> Text:
    """A changed stretch in its style; without colour each of its lines between marks (two characters at each side)."""
    if colour:
        return Text(text, style=style)
    opening, closing = marks[:2], marks[2:]
    return Text("\n".join(f"{opening}{line}{closing}" if line else "" for line in text.split("\n")))


def _view(text: str, trial: Trial, colour: bool) -> Iterator[Text]:
    yield Text(f"● {trial.action.word}", style=f"bold {_COLOURS[trial.action.word]}")
    yield _diff(text, (Edit(Span(0, len(text)), ""),) if trial.action is Action.BLOCK else trial.edits, colour)
    if trial.assessment.risk is not Risk.NONE:
        topics = ", ".join(trial.assessment.topics)
        yield Text(f"  assessed: {trial.assessment.risk.value} risk{f', {topics}' if topics else ''}", style="dim")
    for ruling in trial.rulings:
        finding = ruling.finding
        where = f"{finding.span.start}..{finding.span.end}"
        note = " (shadow)" if ruling.shadow else ""
        yield Text(f"  {ruling.effective.word:8}{finding.rail} {finding.label} {where}{note}", style="dim")


def _diff(text: str, edits: Sequence[Edit], colour: bool) -> Text:
    shown, at = Text(), 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        shown.append(plain(text[at : edit.span.start]))
        shown.append(marked(plain(text[edit.span.start : edit.span.end]), OUT, "red strike", colour=colour))
        shown.append(marked(plain(edit.text), IN, "green underline", colour=colour))
        at = edit.span.end
    shown.append(plain(text[at:]))
    return shown
