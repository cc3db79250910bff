"""What Bedrock's Converse answers are made of, whole and in events. Holds no code but the making of the tables."""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.dialects.bedrock.blocks import (
    DATA,
    LABEL,
    NAME,
    SEALED,
    SERVER_TOOL,
    SIGNATURE,
    TOKENS,
    WORD,
    answered,
    block,
    citation,
    rows,
    trees,
    words,
)
from guardrail.dialects.table import (
    SPOKEN,
    Call,
    Field,
    Free,
    OneOf,
    Piece,
    Plain,
    Refused,
    Row,
    Text,
    adopt,
    at,
    compile_rows,
)
from guardrail.text import Kind

STRANGE = Field(rule=Free(spoken=True, tokens=True, foreign=True))
STRANGE_PIECE = Field(rule=Free(tokens=True, foreign=True, piece=Piece("", Kind.PROSE, opens=False)))
"""What a delta holds beyond its rows: more words perhaps, so they are put together before they are judged."""

_ROLE = words("assistant", code="unknown_role")
_FREE = Free(spoken=True, tokens=True, foreign=True)


def _about(path: str = "") -> tuple[Row, ...]:
    """What Bedrock tells beside the words. A trace repeats the words that a guardrail of theirs has found."""
    counts = ("inputTokens", "outputTokens", "totalTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
    return (
        *rows(Plain(), *(f"{path}usage.{count}" for count in counts)),
        Row(f"{path}usage.cacheDetails[].ttl", words("5m", "1h")),
        Row(f"{path}usage.cacheDetails[].inputTokens", Plain()),
        Row(f"{path}metrics.latencyMs", Plain()),
        Row(f"{path}trace.guardrail", _FREE),
        Row(f"{path}trace.promptRouter.invokedModelId", LABEL),
        Row(f"{path}performanceConfig.latency", WORD),
        Row(f"{path}serviceTier.type", WORD),
    )


def _answer(said: Text) -> Field:
    table = compile_rows(
        (
            Row("output", required=True),
            Row("output.message", required=True),
            Row("output.message.role", _ROLE),
            Row("output.message.content", required=True),
            *block("output.message.content[]"),
            Row("stopReason", WORD),
            Row("additionalModelResponseFields", _FREE),
            *_about(),
        ),
        trees(answered(said)),
    )
    return adopt(table, STRANGE)


ANSWER = _answer(Text(Kind.PROSE))
STRUCTURED_ANSWER = _answer(Text(Kind.PROSE, inside=SPOKEN, opens=False))
"""For requests that asked for JSON: a sentence in it is judged as one, nothing is inserted, it stays JSON."""

# --------------------------------------------------------------------------------------------------- events

_INDEX = Row("contentBlockIndex", Plain(), required=True)
_CALL = (Row("toolUseId", NAME), Row("name", NAME))


def _event(*more: Row, trees: Mapping[str, tuple[Row, ...]] | None = None) -> Field:
    return adopt(compile_rows((Row("p", TOKENS), *more), trees), STRANGE)


def _delta(said: Piece) -> Field:
    hand = answered(DATA)
    table = compile_rows(
        (
            Row("p", TOKENS),
            _INDEX,
            Row("delta", required=True),
            Row("delta.text", said),
            Row("delta.toolUse.input", Piece("input", Kind.DATA, json=True)),
            Row("delta.toolResult[].text", Piece("result", Kind.DATA, opens=False)),
            Row("delta.toolResult[].json", _FREE),
            Row("delta.reasoningContent.text", Piece("reasoning", Kind.DATA, opens=False)),
            Row("delta.reasoningContent.signature", SIGNATURE),
            Row("delta.reasoningContent.redactedContent", SEALED),
            *citation("delta.citation", hand),
            Row("delta.image.source", Refused()),  # nobody can look at a part of a picture
            Row("delta.image.error.message", DATA),
        )
    )
    adopt(at(table, "delta.citation"), STRANGE)
    adopt(at(table, "delta"), STRANGE_PIECE)
    return adopt(table, STRANGE)


def _events(said: Piece) -> Mapping[str, Field]:
    start = "start.toolUse"
    return {
        "messageStart": _event(Row("role", _ROLE)),
        "contentBlockStart": _event(
            _INDEX,
            Row(start, OneOf("type", {SERVER_TOOL: "server_tool"}, default="tool_use", code="unknown_tool")),
            *rows(NAME, "start.toolResult.toolUseId"),
            Row("start.toolResult.type", DATA),
            Row("start.toolResult.status", WORD),
            Row("start.image.format", WORD),
            trees={
                "tool_use": (Row("", Call("name", "input")), *_CALL),
                "server_tool": (Row("", Call("", "input")), *_CALL),
            },
        ),
        "contentBlockDelta": _delta(said),
        "contentBlockStop": _event(_INDEX),
        "messageStop": _event(Row("stopReason", WORD), Row("additionalModelResponseFields", _FREE)),
        "metadata": _event(*_about()),
    }


EVENTS = _events(Piece("text", Kind.PROSE))
STRUCTURED_EVENTS = _events(Piece("text", Kind.DATA, json=True))
"""For requests that asked for JSON: the text is judged as a document when it is complete."""


NOVA_EVENTS = {name: Field(members={name: table}, others=STRANGE) for name, table in EVENTS.items()}
"""Nova's own events: each is an object with one member, which names it."""

# --------------------------------------------------------------------------------------------------- errors

EXCEPTIONS = {
    "internalServerException": 500,
    "modelStreamErrorException": 424,
    "modelTimeoutException": 408,
    "serviceUnavailableException": 503,
    "throttlingException": 429,
    "validationException": 400,
}
"""Exceptions inside a stream that are passed on, each with the status that it stands for (UPS-01)."""
