"""What the payloads of Cohere's API (version 2) are made of: every field, and what happens with it.

The one declaration from which requests, answers and stream events are read; `docs/dialects.md` explains it, a test
generated from Cohere's own SDK types fails when a field of theirs is not covered. Holds no code but the tables'.

Sources: the `cohere` SDK (`cohere/v2`, `cohere/types`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from guardrail.dialects.openai.fields import (
    DATA,
    FIXED,
    LABEL,
    NAME,
    PROSE,
    SCHEMA,
    STRANGE,
    STRANGE_PIECE,
    TOKEN,
    WORD,
    rows,
    words,
)
from guardrail.dialects.table import (
    FREE,
    SPOKEN,
    Call,
    Echo,
    Field,
    Free,
    Link,
    Match,
    Number,
    Piece,
    Plain,
    Quote,
    Refused,
    Row,
    Switch,
    Text,
    Tree,
    Voice,
    adopt,
    at,
    compile_rows,
)
from guardrail.text import Kind, Role

ROLES = {"system": Role.SYSTEM, "user": Role.USER, "assistant": Role.ASSISTANT, "tool": Role.TOOL}

# ------------------------------------------------------------------------------------------------- requests

_COUNT, _SIZE = Number(1_000), Number(10_000_000)
_DETAIL = words("auto", "low", "high")


def _cited(path: str) -> tuple[Row, ...]:
    """What a citation is made of, in whichever direction."""
    return (
        Row(f"{path}.text", DATA),
        *rows(TOKEN, f"{path}.sources[].id"),
        *rows(Free(), f"{path}.sources[].tool_output", f"{path}.sources[].document"),
    )


_MESSAGES = (
    Row("messages", required=True),
    Row("messages[]", Voice("role", ROLES), required=True),
    Row("messages[].role", words(*ROLES, code="unknown_role")),
    Row("messages[].content", PROSE),
    Row("messages[].content[]", required=True),
    Row(
        "messages[].content[].type",
        words("text", "thinking", "image_url", "document", code="unknown_part"),
        required=True,
    ),
    *rows(PROSE, "messages[].content[].text", "messages[].content[].thinking", "messages[].tool_plan"),
    Row("messages[].content[].image_url.url", Link(), required=True),
    Row("messages[].content[].image_url.detail", _DETAIL),
    Row("messages[].content[].document.data", Free()),
    *rows(TOKEN, "messages[].content[].document.id", "messages[].tool_call_id", "messages[].tool_calls[].id"),
    Row("messages[].tool_calls[].type", words("function", code="unknown_tool")),
    Row("messages[].tool_calls[].function", Call()),
    Row("messages[].tool_calls[].function.name", FIXED),
    Row("messages[].tool_calls[].function.arguments", DATA),
    *_cited("messages[].citations[]"),
    *rows(_SIZE, "messages[].citations[].start", "messages[].citations[].end", "messages[].citations[].content_index"),
    Row("messages[].citations[].type", words("TEXT_CONTENT", "THINKING_CONTENT", "PLAN")),
    Row("messages[].citations[].sources[].type", words("tool", "document")),
)

_TOOLS = (
    Row("tools[].type", words("function", code="unknown_tool")),
    Row("tools[].function.name", FIXED),
    Row("tools[].function.description", DATA),
    Row("tools[].function.parameters", Tree("schema")),
    Row("strict_tools", Switch()),
    Row("tool_choice", words("REQUIRED", "NONE")),
)

_SETTINGS = (
    Row("model", FIXED, required=True),
    Row("documents[]", DATA, required=True),
    Row("documents[].data", Free()),
    Row("documents[].id", TOKEN),
    Row("citation_options.mode", words("ENABLED", "DISABLED", "FAST", "ACCURATE", "OFF")),
    Row("response_format.type", words("text", "json_object"), required=True),
    *rows(Tree("schema"), "response_format.json_schema", "response_format.schema"),
    Row("safety_mode", words("CONTEXTUAL", "STRICT", "OFF", "NONE")),
    Row("stop_sequences[]", DATA),
    *rows(Number(10), "temperature", "frequency_penalty", "presence_penalty", "p"),
    *rows(_COUNT, "k", "priority"),
    *rows(_SIZE, "max_tokens", "thinking.token_budget"),
    Row("seed", Plain()),
    *rows(Switch(), "stream", "logprobs"),
    Row("thinking.type", words("enabled", "disabled")),
)

REQUEST: Field = compile_rows((*_SETTINGS, *_MESSAGES, *_TOOLS), {"schema": SCHEMA})

_ASKED = Text(Kind.PROSE, inside=SPOKEN, role=Role.USER)

EMBED_REQUEST: Field = compile_rows(
    (
        Row("model", FIXED, required=True),
        Row(
            "input_type",
            words("search_document", "search_query", "classification", "clustering", "image"),
        ),
        Row("texts[]", _ASKED, required=True),
        Row("images[]", Link(), required=True),
        Row("inputs[].content[].type", words("text", "image_url", code="unknown_part"), required=True),
        Row("inputs[].content[].text", _ASKED),
        Row("inputs[].content[].image_url.url", Link(), required=True),
        Row("inputs[].content[].image_url.detail", _DETAIL),
        Row("embedding_types[]", words("float", "int8", "uint8", "binary", "ubinary", "base64")),
        Row("truncate", words("NONE", "START", "END")),
        *rows(_SIZE, "max_tokens", "output_dimension"),
        Row("priority", _COUNT),
    )
)

RERANK_REQUEST: Field = compile_rows(
    (
        Row("model", FIXED, required=True),
        Row("query", _ASKED, required=True),
        Row("documents", required=True),
        Row("documents[]", Text(Kind.DATA, inside=FREE, role=Role.USER), required=True),
        *rows(_SIZE, "top_n", "max_tokens_per_doc"),
        Row("relevant_spans.mode", words("enabled", "disabled")),
        Row("relevant_spans.threshold", Number(10)),
        Row("relevant_spans.max_spans", _COUNT),
        Row("return_documents", Switch()),
        Row("priority", _COUNT),
    )
)

# -------------------------------------------------------------------------------------------------- answers

_THOUGHT = Text(Kind.PROSE, opens=False)


def _citation(path: str) -> tuple[Row, ...]:
    return (
        Row(path, Quote("start", "end")),
        *_cited(path),
        *rows(Plain(), f"{path}.start", f"{path}.end", f"{path}.content_index"),
        *rows(WORD, f"{path}.type", f"{path}.sources[].type"),
    )


def _call(path: str, arguments: Text | Piece) -> tuple[Row, ...]:
    return (
        Row(f"{path}.id", NAME),
        Row(f"{path}.type", words("function", "")),
        Row(f"{path}.function", Call()),
        Row(f"{path}.function.name", NAME),
        Row(f"{path}.function.arguments", arguments),
    )


def _answer(said: Text) -> Field:
    table = compile_rows(
        (
            Row("id", NAME),
            Row("finish_reason", WORD),
            Row("logprobs", Echo()),
            Row("message", required=True),
            Row("message.role", WORD),
            Row("message.content[]", required=True),
            Row("message.content[].type", words("text", "thinking", code="uninspected_part"), required=True),
            Row("message.content[].text", said),
            *rows(_THOUGHT, "message.content[].thinking", "message.tool_plan"),
            *_call("message.tool_calls[]", DATA),
            *_citation("message.citations[]"),
        )
    )
    return adopt(table, STRANGE)


ANSWER = _answer(Text(Kind.PROSE))
STRUCTURED_ANSWER = _answer(Text(Kind.PROSE, inside=SPOKEN, opens=False))
"""For requests that asked for JSON: a sentence in it is judged as one, nothing is inserted, it stays JSON."""

_META = (
    Row("id", NAME),
    Row("meta.api_version.version", LABEL),
    *rows(Text(Kind.DATA, foreign=True), "meta.warnings[]"),
)
_VECTORS = ("float", "int8", "uint8", "binary", "ubinary")

EMBED_ANSWER: Field = adopt(
    compile_rows(
        (
            *_META,
            Row("response_type", WORD),
            Row("embeddings", required=True),
            *rows(Plain(), *(f"embeddings.{kind}[][]" for kind in _VECTORS), "embeddings[][]"),
            Row("embeddings.base64[]", Match(re.compile(r"[A-Za-z0-9+/]*={0,2}"))),
            Row("texts[]", DATA),  # the client's own
            Row("images[].format", WORD),
        )
    ),
    STRANGE,
)

RERANK_ANSWER: Field = adopt(
    compile_rows(
        (
            *_META,
            Row("results", required=True),
            *rows(Plain(), "results[].index", "results[].relevance_score"),
            Row("results[].document.text", DATA),  # the client's own
        )
    ),
    STRANGE,
)

# --------------------------------------------------------------------------------------------------- events

_MESSAGE = "delta.message"
_THINKING, _PLAN = Piece("thinking", Kind.PROSE, opens=False), Piece("plan", Kind.PROSE, opens=False)
_ARGUMENTS = Piece("arguments", Kind.DATA, json=True)


def _event(name: str, *more: Row, running: str = "") -> Field:
    """`running` is the object in which pieces of texts stand: what no row names there may be one too."""
    table = compile_rows((Row("type", words(name)), Row("id", NAME), Row("index", Plain()), *more))
    if running:
        at(table, running).others = STRANGE_PIECE
    return adopt(table, STRANGE)


def _events(said: Piece) -> Mapping[str, Field]:
    content, calls = f"{_MESSAGE}.content", f"{_MESSAGE}.tool_calls"
    begun = (
        Row(f"{_MESSAGE}.role", WORD),
        Row(f"{_MESSAGE}.tool_plan", _THOUGHT),
        *rows(Refused(), f"{_MESSAGE}.content[]", f"{_MESSAGE}.tool_calls[]", f"{_MESSAGE}.citations[]"),
    )
    part = (
        Row(f"{content}.type", words("text", "thinking", code="uninspected_part")),
        Row(f"{content}.text", said),
        Row(f"{content}.thinking", _THINKING),
        Row("logprobs", Echo()),
    )
    return {
        "message-start": _event("message-start", *begun),
        "content-start": _event("content-start", *part, running=content),
        "content-delta": _event("content-delta", *part, running=content),
        "content-end": _event("content-end"),
        "tool-plan-delta": _event("tool-plan-delta", Row(f"{_MESSAGE}.tool_plan", _PLAN)),
        "tool-call-start": _event("tool-call-start", *_call(calls, _ARGUMENTS)),
        "tool-call-delta": _event("tool-call-delta", Row(f"{calls}.function.arguments", _ARGUMENTS)),
        "tool-call-end": _event("tool-call-end"),
        "citation-start": _event("citation-start", *_citation(f"{_MESSAGE}.citations")),
        "citation-end": _event("citation-end"),
        "message-end": _event("message-end", Row("delta.finish_reason", WORD), Row("delta.error", Echo())),
        "debug": _event("debug", Row("prompt", Echo())),
    }


EVENTS = _events(Piece("text", Kind.PROSE))
STRUCTURED_EVENTS = _events(Piece("text", Kind.DATA, json=True))
"""For requests that asked for JSON: the text is judged as a document when it is complete."""

REQUEST_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The id of an error, for the provider's support."""
