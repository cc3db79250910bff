"""What the content blocks of Bedrock's Converse are made of: one declaration for both directions.

A block is an object with one member, whose name says what it is. Holds no code but the making of the tables.

Source: Bedrock's own service model as botocore has it (`bedrock-runtime`, 2023-09-30).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from guardrail.dialects.anthropic.blocks import (
    COUNT,
    DATA,
    FIXED,
    LABEL,
    NAME,
    PROSE,
    SEALED,
    SIGNATURE,
    SIZE,
    TOKEN,
    WORD,
    Trees,
    rows,
    words,
)
from guardrail.dialects.table import (
    Call,
    Free,
    Match,
    Media,
    OneOf,
    Plain,
    Quote,
    Refused,
    Row,
    Rule,
    Switch,
    Text,
    Tree,
    Voice,
)
from guardrail.text import Kind, Role

__all__ = [
    "ASKED",
    "COUNT",
    "DATA",
    "FIXED",
    "LABEL",
    "NAME",
    "PROSE",
    "SEALED",
    "SERVER_TOOL",
    "SIGNATURE",
    "SIZE",
    "TOKEN",
    "TOKENS",
    "WORD",
    "Hand",
    "Trees",
    "answered",
    "block",
    "cache",
    "citation",
    "guarded",
    "rows",
    "trees",
    "words",
]

IMAGES = ("png", "jpeg", "gif", "webp")
_DOCUMENTS = ("pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md")
_VIDEOS = ("mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp")
_SOUNDS = (
    *("mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg", "mpga", "pcm", "webm"),
)
CACHE_TTL = words("5m", "1h")
SERVER_TOOL = "server_tool_use"
"""A tool that has run at Amazon's."""

_UNKNOWN = Refused("unknown_part")


@dataclass(frozen=True, slots=True)
class Hand:
    """Where a payload comes from, by what is done with its texts.

    said: the words of the conversation; thought: reasoning, which a signature may cover; ident, name: of calls and
    tools; size: numbers; other: what a block of an unknown type is.
    """

    said: Rule
    thought: Rule
    ident: Rule
    name: Rule
    size: Rule
    other: tuple[Row, ...] = ()


ASKED = Hand(
    said=PROSE,
    thought=Text(Kind.DATA, foreign=True),  # FIXED where it is signed (request.py)
    ident=TOKEN,
    name=FIXED,
    size=SIZE,
    other=(Row("*", _UNKNOWN),),
)
"""A request."""


def answered(said: Rule) -> Hand:
    """An answer. No value is put back into reasoning: it would no longer be what was signed when it is sent again."""
    thought = Text(Kind.DATA, opens=False, foreign=True)
    return Hand(said=said, thought=thought, ident=NAME, name=NAME, size=Plain())


def block(path: str) -> tuple[Row, ...]:
    """One block at this path."""
    return (Row(path, Tree("block")),)


def _source(path: str, *more: Row) -> tuple[Row, ...]:
    return (
        Row(path, required=True),
        Row(f"{path}.bytes", Media("format", up=1)),
        Row(f"{path}.s3Location", Refused()),
        Row(f"{path}.*", Refused()),
        *more,
    )


def _file(path: str, formats: Iterable[str]) -> tuple[Row, ...]:
    return (
        Row(f"{path}.format", words(*formats), required=True),
        *_source(f"{path}.source"),
        Row(f"{path}.error.message", DATA),
    )


def _document(path: str, hand: Hand) -> tuple[Row, ...]:
    source = f"{path}.source"
    return (
        Row(f"{path}.format", words(*_DOCUMENTS)),
        Row(f"{path}.name", DATA),
        *_source(source, Row(f"{source}.text", hand.said), Row(f"{source}.content[].text", hand.said)),
        Row(f"{path}.context", hand.said),
        Row(f"{path}.citations.enabled", Switch()),
    )


def _found(path: str) -> tuple[Row, ...]:
    """A result of a search, which the application brings."""
    return (
        *rows(DATA, f"{path}.source", f"{path}.title"),
        Row(f"{path}.content[].text", Text(Kind.DATA, role=Role.TOOL)),
        Row(f"{path}.citations.enabled", Switch()),
    )


def guarded(path: str, hand: Hand) -> tuple[Row, ...]:
    """What one of Bedrock's own guardrails looks at."""
    return (
        Row(f"{path}.text.text", hand.said),
        Row(f"{path}.text.qualifiers[]", words("grounding_source", "query", "guard_content")),
        *_file(f"{path}.image", ("png", "jpeg")),
        Row(f"{path}.*", _UNKNOWN),
    )


def citation(path: str, hand: Hand) -> tuple[Row, ...]:
    """Where words come from. It repeats words of a document or of the web."""
    at = f"{path}.location"
    spans = ("documentChar", "documentPage", "documentChunk", "searchResultLocation")
    return (
        *rows(DATA, f"{path}.title", f"{path}.source", f"{path}.sourceContent[].text"),
        *rows(DATA, f"{at}.web.url", f"{at}.web.domain"),
        Row(f"{at}.documentChar", Quote("start", "end", document="documentIndex")),
        *rows(hand.size, *(f"{at}.{span}.{end}" for span in spans for end in ("start", "end"))),
        *rows(hand.size, *(f"{at}.{span}.documentIndex" for span in spans[:3])),
        Row(f"{at}.searchResultLocation.searchResultIndex", hand.size),
    )


def cache(path: str = "cachePoint") -> tuple[Row, ...]:
    """Up to where a prompt is kept for the next one."""
    return Row(f"{path}.type", words("default")), Row(f"{path}.ttl", CACHE_TTL)


def _call(hand: Hand, kind: Rule, call: Call) -> tuple[Row, ...]:
    return (
        Row("", call),
        Row("toolUseId", hand.ident),
        Row("name", hand.name),
        Row("input", Free()),
        Row("type", kind),
    )


def _result(hand: Hand) -> tuple[Row, ...]:
    inside = "toolResult.content[]"
    return (
        Row("toolResult", Voice("status", dict.fromkeys(("success", "error"), Role.TOOL), "invalid_value", Role.TOOL)),
        Row("toolResult.status", words("success", "error")),
        Row("toolResult.toolUseId", hand.ident),
        Row("toolResult.type", DATA),
        Row(inside, required=True),
        Row(f"{inside}.json", Free()),
        Row(f"{inside}.text", hand.said),
        *_file(f"{inside}.image", IMAGES),
        *_document(f"{inside}.document", hand),
        *_file(f"{inside}.video", _VIDEOS),
        *_found(f"{inside}.searchResult"),
        Row(f"{inside}.*", _UNKNOWN),
    )


def trees(hand: Hand) -> Trees:
    """The table of a block, and those that it refers to."""
    said = "citationsContent"
    return {
        "tool_use": _call(hand, words(), Call("name", "input")),
        # It has run already: there is nothing to hold back, and no value to put in.
        "server_tool": _call(hand, words(SERVER_TOOL), Call("", "input")),
        "block": (
            Row("text", hand.said),
            *_file("image", IMAGES),
            *_document("document", hand),
            *_file("video", _VIDEOS),
            *_file("audio", _SOUNDS),
            Row("toolUse", OneOf("type", {SERVER_TOOL: "server_tool"}, default="tool_use", code="unknown_tool")),
            *_result(hand),
            *guarded("guardContent", hand),
            *cache(),
            Row("reasoningContent.reasoningText.text", hand.thought),
            Row("reasoningContent.reasoningText.signature", SIGNATURE),
            Row("reasoningContent.redactedContent", SEALED),
            Row(f"{said}.content[].text", hand.said),
            *citation(f"{said}.citations[]", hand),
            *_found("searchResult"),
            *(
                row
                for change in ("toolAddition", "toolRemoval")
                for row in rows(hand.name, *(f"{change}.tool.{name}" for name in ("type", "name", "serverName")))
            ),
            *hand.other,
        ),
    }


TOKENS = Match(re.compile(r"[A-Za-z0-9]{0,64}"), strict=False)
"""Random padding, so that nobody can tell words by the length of an event."""
