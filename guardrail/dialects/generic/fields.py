"""From a description to the tables that the walk reads. What no row names is inspected in full."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from guardrail.dialects.generic.address import Address
from guardrail.dialects.generic.description import AnswerShape, Calls, RequestShape, StreamShape, Voices
from guardrail.dialects.table import (
    SPOKEN,
    Call,
    Field,
    Free,
    Match,
    Piece,
    Reference,
    Row,
    Rule,
    Text,
    Voice,
    Words,
    adopt,
    at,
    compile_rows,
)
from guardrail.text import Kind, Role

TEXT, THOUGHT, ARGUMENTS = "text", "thought", "arguments"
"""The names of running texts."""

VALUES = Free(tokens=True)
"""Anything: strings, objects, lists. Many numbers may be words in token ids, and are refused."""

TOOL_NAME = Match(re.compile(r"[A-Za-z0-9_.:-]{0,256}"))
LABELS = frozenset(
    {"type", "id", "format", "object", "status", "name", "role", "kind", "event", "provider", "model"}
    | {"finish", "finish_reason", "stop_reason", "state", "phase"}
)
"""Keys of a frame under which single words are machines' words, and complete."""

STRANGE = Field(rule=Free(spoken=True, tokens=True, foreign=True))
STRANGE_PIECE = Field(rule=Free(tokens=True, foreign=True, piece=Piece("", Kind.PROSE, opens=False), labels=LABELS))
"""What the description of a frame leaves out: more words perhaps, so they are put together before they are judged."""


def request_table(shape: RequestShape) -> Field:
    """Whoever speaks is the user where nothing else is said: then no cry for help is taken for the program's words."""
    model = () if _named(shape.model, shape) else (Row(shape.model.row, Text(Kind.FIXED)),)
    return compile_rows(
        (
            Row("", Voice("", {"user": Role.USER}, default=Role.USER)),
            *(_voices(shape.voices) if shape.voices else ()),
            *_rows(Text(Kind.PROSE, inside=SPOKEN), shape.prose),
            *_rows(Text(Kind.PROSE, inside=SPOKEN, role=Role.SYSTEM), shape.system),
            *_rows(Text(Kind.PROSE, inside=SPOKEN, role=Role.ASSISTANT), shape.assistant),
            *_rows(VALUES, shape.data),
            *_rows(Text(Kind.TOKEN), shape.token),
            *_rows(Text(Kind.FIXED), shape.fixed),
            *model,
            *(Row(address.row, Reference(kind)) for address, kind in shape.references.items()),
            *(_calls(shape.calls, Text(Kind.FIXED), VALUES) if shape.calls else ()),
        )
    )


def _named(address: Address, shape: RequestShape) -> bool:
    lists = (shape.prose, shape.system, shape.assistant, shape.data, shape.token, shape.fixed)
    return any(each == address for named in lists for each in named)


def _rows(rule: Rule, addresses: Iterable[Address]) -> Iterator[Row]:
    return (Row(address.row, rule) for address in addresses)


def _voices(voices: Voices) -> Sequence[Row]:
    words = frozenset(voices.words)
    return (
        Row(voices.at.row, Voice(voices.member, voices.words, default=voices.default), required=True),
        Row(f"{voices.at.row}.{voices.member}", Words(words, "unknown_role")),
    )


def _calls(calls: Calls, name: Rule, arguments: Rule) -> Sequence[Row]:
    return (
        Row(calls.at.row, Call(calls.name, calls.arguments)),
        Row(f"{calls.at.row}.{calls.name}", name),
        Row(f"{calls.at.row}.{calls.arguments}", arguments),
    )


def answer_table(shape: AnswerShape, *, structured: bool) -> Field:
    """Of whole answers. `structured`: the words are JSON that must stay JSON, so nothing is inserted into them."""
    said = Text(Kind.PROSE, inside=SPOKEN, opens=False) if structured else Text(Kind.PROSE)
    table = compile_rows(
        (
            *_rows(said, shape.prose),
            *_rows(Text(Kind.PROSE, opens=False), shape.thoughts),
            *_rows(VALUES, shape.data),
            *(_calls(shape.calls, TOOL_NAME, VALUES) if shape.calls else ()),
        )
    )
    return _strange_about(table, STRANGE)


def frame_table(shape: StreamShape, *, structured: bool) -> Field:
    """Of the frames of a stream."""
    said = Piece(TEXT, Kind.DATA, json=True) if structured else Piece(TEXT, Kind.PROSE)
    calls = shape.calls
    table = compile_rows(
        (
            *_rows(said, shape.text),
            *_rows(Piece(THOUGHT, Kind.PROSE, opens=False), shape.thoughts),
            *_rows(VALUES, shape.data),
            *(_calls(calls, TOOL_NAME, Piece(ARGUMENTS, Kind.DATA, json=True)) if calls else ()),
        )
    )
    if calls:
        arguments = at(table, f"{calls.at.row}.{calls.arguments}")
        arguments.others = arguments.items = Field(rule=VALUES)  # complete, not written piece by piece
    return _strange_about(table, STRANGE_PIECE)


def _strange_about(table: Field, strange: Field) -> Field:
    table.others = table.others or strange
    return adopt(table, strange)
