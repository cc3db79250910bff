"""What Responses payloads are made of: requests, the `response` object, and the events of a stream. Holds no code.

Sources: the types of the `openai` SDK (`openai/types/responses`); rows marked "vendor" are what servers that speak the
same API add (Azure OpenAI, vLLM, LiteLLM).
"""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.dialects.openai.fields import (
    DATA,
    FIXED,
    LABEL,
    NAME,
    PADDING,
    PROSE,
    SCHEMA,
    STRANGE,
    STRANGE_PIECE,
    TOKEN,
    WORD,
    rows,
    words,
)
from guardrail.dialects.openai.responses import items
from guardrail.dialects.openai.responses.items import Rows, Side
from guardrail.dialects.openai.responses.tools import TOOL, TOOL_TYPES, told_tool, tool_trees
from guardrail.dialects.table import (
    Call,
    Echo,
    Field,
    Known,
    Link,
    Media,
    Number,
    OneOf,
    Piece,
    Plain,
    Reference,
    Row,
    Rule,
    Switch,
    Text,
    Tree,
    adopt,
    compile_rows,
)
from guardrail.text import Kind, Role

# ------------------------------------------------------------------------------------------------- requests

_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_INCLUDES = (
    *("file_search_call.results", "web_search_call.results", "web_search_call.action.sources"),
    *("message.input_image.image_url", "computer_call_output.output.image_url", "code_interpreter_call.outputs"),
    *("reasoning.encrypted_content", "message.output_text.logprobs"),
)
_CHOICES = ("allowed_tools", "mcp", *TOOL_TYPES)

_REQUEST = (
    Row("model", FIXED),
    Row("input", Text(Kind.PROSE, inside=PROSE.inside, role=Role.USER)),
    Row("input[]", items.one_item(items.REQUEST), required=True),
    Row("instructions", PROSE),
    Row("previous_response_id", Reference("response")),
    Row("conversation", Reference("conversation")),
    Row("conversation.id", Reference("conversation"), required=True),
    *rows(FIXED, "prompt.id", "prompt.version"),
    Row("prompt.variables.*", PROSE),
    Row("prompt.variables.*.type", words("input_text", "input_image", "input_file", code="unknown_part")),
    Row("prompt.variables.*.text", PROSE),
    Row("prompt.variables.*.image_url", Link()),
    Row("prompt.variables.*.file_url", Link()),
    Row("prompt.variables.*.file_data", Media()),
    Row("prompt.variables.*.file_id", Reference("file")),
    Row("prompt.variables.*.filename", DATA),
    Row("prompt.variables.*.detail", words("auto", "low", "high", "original")),
    Row("prompt.variables.*.prompt_cache_breakpoint.mode", words("explicit")),
    Row("prompt.variables.*.prompt_cache_breakpoint.ttl", words("30m", "12h", "24h")),
    Row("tools[]", TOOL, required=True),
    Row("tool_choice", words("none", "auto", "required")),
    Row("tool_choice.type", words(*_CHOICES, "computer_use", code="unknown_tool")),
    *rows(FIXED, "tool_choice.name", "tool_choice.server_label"),
    Row("tool_choice.mode", words("auto", "required")),
    Row("tool_choice.tools[].type", words(*_CHOICES, code="unknown_tool")),
    *rows(FIXED, "tool_choice.tools[].name", "tool_choice.tools[].server_label"),
    Row("text.format.type", words("text", "json_object", "json_schema"), required=True),
    Row("text.format.name", FIXED),
    Row("text.format.description", DATA),
    Row("text.format.schema", Tree("schema")),
    Row("text.format.strict", Switch()),
    Row("text.verbosity", words("low", "medium", "high")),
    Row("reasoning.effort", words(*_EFFORTS)),
    *rows(words("auto", "concise", "detailed"), "reasoning.summary", "reasoning.generate_summary"),
    Row("reasoning.context", words("auto", "current_turn", "all_turns")),
    Row("reasoning.mode", Known(frozenset({"standard", "pro"}))),
    Row("include[]", words(*_INCLUDES), required=True),
    Row("metadata.*", DATA),
    *rows(TOKEN, "user", "safety_identifier", "prompt_cache_key"),
    *rows(Switch(), "store", "stream", "parallel_tool_calls", "stream_options.include_obfuscation"),
    Row("background", Number(0)),  # true: the answer would be fetched by its id, past everything here
    Row("background_options.completion_window", words("soonest", "2h", "8h")),
    Row("background_options.continuation_id", TOKEN),
    *rows(Number(10), "temperature", "top_p", "frequency_penalty", "presence_penalty"),
    *rows(Number(10_000_000), "max_output_tokens", "context_management[].compact_threshold"),
    *rows(Number(1_000), "max_tool_calls", "top_logprobs"),
    Row("context_management[].type", Known(frozenset({"compaction"}))),
    Row("truncation", words("auto", "disabled")),
    Row("service_tier", words("auto", "default", "flex", "scale", "priority", "fast", "ultrafast")),
    Row("access_programs.cyber", words("standard", "daybreak_blue", "daybreak_red")),
    Row("image.context_compression", words("auto", "enabled", "disabled")),
    Row("moderation.model", FIXED),
    Row("moderation.policy.input.mode", words("score", "block")),
    Row("moderation.policy.output.mode", words("score", "block")),
    Row("prompt_cache_retention", words("in_memory", "24h")),
    Row("prompt_cache_options.mode", words("implicit", "explicit")),
    Row("prompt_cache_options.ttl", words("30m", "12h", "24h")),
    Row("prompt_cache_options.prewarm", Switch()),
    Row("prompt_cache_options.comparison_response_id", Reference("response")),
)

REQUEST: Field = compile_rows(_REQUEST, {"schema": SCHEMA, **items.item_trees(items.REQUEST), **tool_trees()})

# ------------------------------------------------------------------------------------------------- answers

_MODERATED = ("type", "model", "code", "category_applied_input_types.*[]")

_TOLD = Text(Kind.DATA, opens=False)
"""What the client sent, told again."""


def _response(side: Side, at: str = "") -> Rows:
    """The `response` object."""
    below = (
        Row("id", NAME),
        Row("object", words("response")),
        Row("output[]", items.one_item(side), required=True),
        Row("error", Echo()),
        *rows(Plain(), "created_at", "completed_at", "parallel_tool_calls", "temperature", "top_p", "background"),
        *rows(Plain(), "max_output_tokens", "max_tool_calls", "top_logprobs", "store", "usage.total_tokens"),
        *rows(LABEL, "model", "status", "service_tier", "truncation", "incomplete_details.reason"),
        *rows(LABEL, "prompt_cache_retention", "reasoning.effort", "reasoning.summary", "reasoning.generate_summary"),
        *rows(LABEL, "reasoning.context", "reasoning.mode", "image.context_compression", "access_programs.cyber"),
        *rows(LABEL, "prompt_cache_options.mode", "prompt_cache_options.ttl", "text.verbosity"),
        *(Row(f"moderation.{way}.{name}", LABEL) for way in ("input", "output") for name in _MODERATED),
        *rows(
            LABEL, "input_transformations[].type", "input_transformations[].action", "input_transformations[].reason"
        ),
        *rows(LABEL, "prompt_cache_diagnostics.type", "prompt_cache_diagnostics.reason"),
        *rows(NAME, "previous_response_id", "conversation", "conversation.id", "prompt.id", "prompt.version"),
        *rows(NAME, "prompt_cache_options.comparison_response_id", "input_transformations[].id"),
        Row("instructions", _TOLD),
        Row("instructions[]", STRANGE.rule),
        *rows(_TOLD, "metadata.*", "prompt.variables.*", "prompt.variables.*.text", "prompt.variables.*.filename"),
        *rows(TOKEN, "user", "safety_identifier", "prompt_cache_key"),
        Row("text.format.type", WORD),
        Row("text.format.name", NAME),
        Row("text.format.description", DATA),
        Row("text.format.schema", Tree("schema")),
        Row("text.format.strict", Plain()),
        Row("tool_choice", WORD),
        *rows(WORD, "tool_choice.type", "tool_choice.mode", "tool_choice.tools[].type"),
        *rows(NAME, "tool_choice.name", "tool_choice.tools[].name", "tool_choice.server_label"),
        Row("tools[]", Tree("tool")),
    )
    return tuple(Row(f"{at}{row.path}", row.rule, row.required) for row in below)


def _trees(side: Side) -> Mapping[str, Rows]:
    return {"schema": SCHEMA, "tool": told_tool(), **items.item_trees(side)}


def _answer(side: Side) -> Field:
    return adopt(compile_rows((Row("output", required=True), *_response(side)), _trees(side)), STRANGE)


ANSWER = _answer(items.ANSWER)
STRUCTURED_ANSWER = _answer(items.STRUCTURED_ANSWER)
"""For requests that asked for JSON."""

# ------------------------------------------------------------------------------------------------- events

LIFE = ("created", "queued", "in_progress", "completed", "incomplete", "failed")
"""Events that show the whole `response` object."""

_STEPS = {
    "file_search_call": ("in_progress", "searching", "completed"),
    "web_search_call": ("in_progress", "searching", "completed"),
    "code_interpreter_call": ("in_progress", "interpreting", "completed"),
    "image_generation_call": ("in_progress", "generating", "completed"),
    "mcp_call": ("in_progress", "completed", "failed"),
    "mcp_list_tools": ("in_progress", "completed", "failed"),
    "compaction": ("compacting",),
}
"""Events that only say how far a tool is."""

_INDICES = ("sequence_number", "output_index", "content_index", "summary_index", "annotation_index", "command_index")


def _event(side: Side, *below: Row, strange: Field = STRANGE) -> Field:
    head = (
        Row("type", LABEL),
        *rows(Plain(), *_INDICES),
        *rows(NAME, "item_id", "response_id"),
        Row("obfuscation", PADDING),
        Row("logprobs", Echo()),
    )
    named = any(isinstance(row.rule, Tree | OneOf) for row in below)
    table = compile_rows((*head, *below), _trees(side) if named else None)
    if strange is not STRANGE:
        table.others = strange
    return adopt(table, STRANGE)


def _pieces(side: Side, name: str, kind: Kind, member: str, whole: Rule, **how: bool) -> dict[str, Field]:
    """A text in pieces, and the event that says it once more."""
    return {
        "delta": _event(side, Row("delta", Piece(name, kind, **how)), strange=STRANGE_PIECE),
        "done": _event(side, Row(member, whole)),
    }


def _called(side: Side, name: str, whole: Rule) -> dict[str, Field]:
    """What a model writes for a tool of the application's, which some servers name when it is done."""
    done = (Row("", Call(arguments=name)), Row("name", NAME), Row(name, whole))
    return {**_pieces(side, name, Kind.DATA, name, whole, json=True), "done": _event(side, *done)}


def _named(name: str, events: Mapping[str, Field]) -> dict[str, Field]:
    return {f"response.{name}.{end}": table for end, table in events.items()}


def events(side: Side, text: Piece) -> Mapping[str, Field]:
    """The tables of all events, by type."""
    life = _event(side, Row("response", required=True), *_response(side, "response."))
    item = _event(side, Row("item", items.one_item(side), required=True))
    part = _event(side, Row("status", LABEL), Row("part", items.one_part(side), required=True))
    step = _event(side)
    note = _event(side, Row("annotation", Tree("annotation")))
    thought = {"opens": False}
    return {
        **{f"response.{end}": life for end in LIFE},
        **_named("output_item", {"added": item, "done": item}),
        **_named("content_part", {"added": part, "done": part}),
        **_named("reasoning_part", {"added": part, "done": part}),  # vendor: vLLM
        **_named("reasoning_summary_part", {"added": part, "done": part}),
        "response.output_text.annotation.added": note,
        "response.output_text_annotation.added": note,  # vendor: as older SDKs have it
        **_named("output_text", _pieces(side, text.name, text.kind, "text", side.said, json=text.json)),
        **_named("refusal", _pieces(side, "refusal", Kind.PROSE, "refusal", side.refusal)),
        **_named("reasoning_text", _pieces(side, "reasoning", Kind.DATA, "text", side.thought, **thought)),
        **_named("reasoning_summary_text", _pieces(side, "summary", Kind.DATA, "text", side.summary, **thought)),
        **_named("function_call_arguments", _called(side, "arguments", side.arguments)),
        **_named("custom_tool_call_input", _called(side, "input", side.custom)),
        **_named("mcp_call_arguments", _pieces(side, "arguments", Kind.DATA, "arguments", side.mcp, json=True)),
        **_named("code_interpreter_call_code", _pieces(side, "code", Kind.DATA, "code", side.code, **thought)),
        **_named("shell_call_command", _pieces(side, "command", Kind.DATA, "command", side.command, **thought)),
        "response.shell_call_command.added": _event(side, Row("command", side.command)),
        "response.shell_call_output_content.delta": _event(
            side,
            Row("delta.stdout", Piece("stdout", Kind.DATA, opens=False)),
            Row("delta.stderr", Piece("stderr", Kind.DATA, opens=False)),
            strange=STRANGE_PIECE,
        ),
        "response.shell_call_output_content.done": _event(side, *items.shell_output(side, "output[].")),
        "response.image_generation_call.partial_image": _event(
            side,
            Row("partial_image_b64", Media("output_format")),
            Row("partial_image_index", Plain()),
            *rows(LABEL, "background", "output_format", "quality", "size"),
        ),
        **{f"response.{tool}.{end}": step for tool, ends in _STEPS.items() for end in ends},
    }


EVENTS = events(items.EVENT, Piece("text", Kind.PROSE))
STRUCTURED_EVENTS = events(items.STRUCTURED_EVENT, Piece("text", Kind.DATA, json=True))
