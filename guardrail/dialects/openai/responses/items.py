"""The items of the Responses API: messages, calls, their outcomes. Requests and answers are made of the same ones.

Each table is declared once; a `Side` says how a direction reads what stands there. Holds no code but that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from guardrail.dialects.openai.fields import (
    DATA,
    FIXED,
    LABEL,
    NAME,
    PROSE,
    STRANGE,
    TOKEN,
    rows,
    words,
)
from guardrail.dialects.openai.responses.tools import TOOL
from guardrail.dialects.table import (
    FREE,
    SPOKEN,
    Call,
    Echo,
    Free,
    Link,
    Match,
    Media,
    Mirror,
    Number,
    OneOf,
    Plain,
    Quote,
    Reference,
    Row,
    Rule,
    Switch,
    Text,
    Tree,
    Voice,
)
from guardrail.text import Kind, Role

Rows = tuple[Row, ...]

ENCRYPTED = re.compile(r"[A-Za-z0-9+/_-]{64,}={0,2}")
"""What the provider wrote for itself alone (base64)."""

_ROLES = {
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
}


@dataclass(frozen=True, slots=True)
class Side:
    """How one direction reads what both have.

    said       words of a message, `refusal` too
    thought    reasoning: in answers nothing is put back into it, so that it can be sent back as it came
    record     what a tool of the provider's, or of the machine's, was told to do; nothing is put back into it either
    arguments, custom, code, command   what a model writes for a tool
    kept       an id by which the provider finds a file
    listed     a closed list in requests, a word in answers
    heard      "" in requests; the table of what no row knows in answers
    """

    said: Rule
    refusal: Rule
    thought: Rule
    summary: Rule
    record: Rule
    arguments: Rule
    custom: Rule
    code: Rule
    command: Rule
    mcp: Rule
    id: Rule
    name: Rule
    label: Rule
    count: Rule
    flag: Rule
    exact: Rule
    kept: Callable[[str], Rule]
    listed: Callable[..., Rule]
    signed: Rule
    other: str


_CALLED = Text(Kind.DATA, inside=FREE, role=Role.ASSISTANT)
_DONE = Text(Kind.DATA, inside=FREE, role=Role.ASSISTANT, foreign=True)
_MUSED = Text(Kind.PROSE, inside=SPOKEN, role=Role.ASSISTANT, foreign=True)
"""What a model wrote where nothing was put back: placeholders in it are still this conversation's own."""

REQUEST = Side(
    said=PROSE,
    refusal=PROSE,
    thought=_MUSED,
    summary=_MUSED,
    record=_DONE,
    arguments=_CALLED,
    custom=_CALLED,
    code=_DONE,
    command=_DONE,
    mcp=_DONE,
    id=TOKEN,
    name=FIXED,
    label=DATA,
    count=Number(10_000_000),
    flag=Switch(),
    exact=Number(1e9),
    kept=Reference,
    listed=words,
    signed=Match(ENCRYPTED),
    other="",
)

_THOUGHT = Text(Kind.DATA, opens=False, foreign=True)
_RECORD = Text(Kind.DATA, inside=FREE, foreign=True)


def _word(*_: str, code: str = "", refused: tuple[str, ...] = ()) -> Rule:
    return LABEL


def _answer(said: Text) -> Side:
    return Side(
        said=said,
        refusal=Text(Kind.PROSE),
        thought=_THOUGHT,
        summary=_THOUGHT,
        record=_RECORD,
        arguments=DATA,
        custom=DATA,
        code=_RECORD,
        command=_RECORD,
        mcp=_RECORD,
        id=NAME,
        name=NAME,
        label=LABEL,
        count=Plain(),
        flag=Plain(),
        exact=Plain(),
        kept=lambda _: NAME,
        listed=_word,
        signed=Match(ENCRYPTED, strict=False),
        other="other",
    )


def _event(said: Mirror) -> Side:
    return Side(
        said=said,
        refusal=Mirror("refusal", Kind.PROSE),
        thought=Mirror("reasoning", Kind.DATA, opens=False, foreign=True),
        summary=Mirror("summary", Kind.DATA, opens=False, foreign=True),
        record=_RECORD,
        arguments=Mirror("arguments", Kind.DATA, json=True),
        custom=Mirror("input", Kind.DATA, json=True),
        code=Mirror("code", Kind.DATA, foreign=True),
        command=Mirror("command", Kind.DATA, foreign=True),
        mcp=Mirror("arguments", Kind.DATA, json=True, foreign=True),
        id=NAME,
        name=NAME,
        label=LABEL,
        count=Plain(),
        flag=Plain(),
        exact=Plain(),
        kept=lambda _: NAME,
        listed=_word,
        signed=Match(ENCRYPTED, strict=False),
        other="other",
    )


ANSWER = _answer(Text(Kind.PROSE))
STRUCTURED_ANSWER = _answer(Text(Kind.PROSE, inside=SPOKEN, opens=False))
EVENT = _event(Mirror("text", Kind.PROSE))
STRUCTURED_EVENT = _event(Mirror("text", Kind.DATA, json=True, opens=False))

# ---------------------------------------------------------------------------------------------------- parts

_DETAIL = ("auto", "low", "high", "original")
_IN = {"input_text": "input_text", "input_image": "input_image", "input_file": "input_file"}
_OUT = {"output_text": "output_text", "refusal": "refusal"}


def _one_of(side: Side, trees: Mapping[str, str], default: str = "") -> OneOf:
    return OneOf("type", trees, default=default, other=side.other)


def _parts(side: Side) -> Mapping[str, Rows]:
    return {
        "input_text": (
            Row("type", words("input_text")),
            Row("text", side.said, required=True),
            *_cached(side),
        ),
        "input_image": (
            Row("type", words("input_image")),
            Row("image_url", Link()),
            Row("file_id", side.kept("file")),
            Row("detail", side.listed(*_DETAIL)),
            *_cached(side),
        ),
        "input_file": (
            Row("type", words("input_file")),
            Row("file_data", Media()),
            Row("file_url", Link()),
            Row("file_id", side.kept("file")),
            Row("filename", DATA),
            Row("detail", side.listed(*_DETAIL)),
            *_cached(side),
        ),
        "output_text": (
            Row("type", words("output_text")),
            Row("text", side.said, required=True),
            Row("logprobs", Echo()),
            Row("annotations[]", Tree("annotation")),
        ),
        "refusal": (Row("type", words("refusal")), Row("refusal", side.refusal, required=True)),
        "reasoning_text": (Row("type", words("reasoning_text")), Row("text", side.thought)),
        "summary_text": (Row("type", words("summary_text")), Row("text", side.summary)),
        "annotation": annotation(side),
    }


def annotation(side: Side) -> Rows:
    """Where a passage comes from."""
    return (
        Row("", Quote("start_index", "end_index", point="index")),
        Row("type", side.listed("file_citation", "url_citation", "container_file_citation", "file_path")),
        *rows(side.id, "file_id", "container_id"),
        *rows(DATA, "filename", "title", "url"),
        *rows(side.count, "index", "start_index", "end_index"),
    )


def _cached(side: Side) -> Rows:
    return (
        Row("prompt_cache_breakpoint.mode", side.listed("explicit")),
        Row("prompt_cache_breakpoint.ttl", side.listed("30m", "12h", "24h")),
    )


# ---------------------------------------------------------------------------------------------------- items

_STATUS = ("in_progress", "completed", "incomplete", "searching", "failed", "generating", "interpreting", "calling")


def _item(side: Side, kind: str, *below: Row) -> Rows:
    return (
        Row("type", words(kind)),
        Row("id", side.id),
        Row("call_id", side.id),
        Row("status", side.listed(*_STATUS)),
        Row("caller.type", side.listed("direct", "program")),
        Row("caller.caller_id", side.id),
        Row("created_by", side.record),
        *below,
    )


def _voice(side: Side, name: str, role: Role) -> Rows:
    """Who speaks in an item that does not say so."""
    voice = (Row("", Voice("role", {name: role}, default=role)), Row("role", words(name)))
    return voice if side is REQUEST else ()


def _outcome(side: Side, kind: str, *below: Row) -> Rows:
    """What a tool said."""
    return (*_voice(side, "tool", Role.TOOL), *_item(side, kind, *below))


def _content(side: Side, path: str, parts: Mapping[str, str]) -> Rows:
    """Words, or words in parts."""
    return (Row(path, side.said), Row(f"{path}[]", _one_of(side, parts), required=True))


def _message(side: Side) -> Rows:
    voice = (Row("", Voice("role", _ROLES)),) if side is REQUEST else ()
    return (
        *voice,
        Row("role", side.listed(*_ROLES, code="unknown_role")),
        *_item(side, "message", Row("phase", side.listed("commentary", "final_answer"))),
        *_content(side, "content", {**_IN, **_OUT, "reasoning_text": "reasoning_text"} if side.other else _IN | _OUT),
    )


def _untyped() -> Rows:
    """An item that doesn't say what it is: a message; or the id of an item, and nothing else."""
    return (
        Row("", Voice("role", _ROLES, default=Role.SYSTEM)),
        Row("type"),
        Row("id", Reference("item")),
        Row("role", words(*_ROLES, code="unknown_role")),
        Row("phase", words("commentary", "final_answer")),
        Row("status", words(*_STATUS)),
        *_content(REQUEST, "content", {**_IN, **_OUT}),
    )


def _results(side: Side, path: str) -> Rows:
    """What a tool answers: a text, or parts. In a request the tool's voice makes DATA of them."""
    return (Row(path, DATA), Row(f"{path}[]", _one_of(side, {**_IN, "output_text": "output_text"}), required=True))


def _calls(side: Side) -> Mapping[str, Rows]:
    """Calls of the application's own tools, and what these answered."""
    more = (*rows(side.name, "name", "namespace"), Row("async", side.flag))
    return {
        "function_call": (
            Row("", Call()),
            *_item(side, "function_call", Row("arguments", side.arguments), *more),
        ),
        "custom_tool_call": (
            Row("", Call(arguments="input")),
            *_item(side, "custom_tool_call", Row("input", side.custom), *more),
        ),
        "function_call_output": _outcome(side, "function_call_output", *more, *_results(side, "output")),
        "custom_tool_call_output": _outcome(side, "custom_tool_call_output", *more, *_results(side, "output")),
        "tool_search_call": (
            *((Row("", Call(name="")),) if side.other else _voice(side, "assistant", Role.ASSISTANT)),
            *_item(
                side,
                "tool_search_call",
                Row("arguments", Free(foreign=not side.other)),
                Row("execution", side.listed("server", "client")),
            ),
        ),
        "tool_search_output": _item(
            side,
            "tool_search_output",
            Row("tools[]", Tree("tool") if side.other else TOOL),
            Row("execution", side.listed("server", "client")),
        ),
        "additional_tools": _item(
            side,
            "additional_tools",
            Row("role", side.listed("developer", "system", "user", "assistant", "tool")),
            Row("tools[]", Tree("tool") if side.other else TOOL),
        ),
    }


def _machines(side: Side) -> Mapping[str, Rows]:
    """Tools that work on a machine: a shell, a screen, files."""
    return {
        "local_shell_call": _item(
            side,
            "local_shell_call",
            Row("action.type", side.listed("exec")),
            *rows(side.record, "action.command[]", "action.env.*", "action.user", "action.working_directory"),
            Row("action.timeout_ms", side.exact),
        ),
        "local_shell_call_output": _outcome(side, "local_shell_call_output", Row("output", DATA)),
        "shell_call": _item(
            side,
            "shell_call",
            Row("action.commands[]", side.command),
            *rows(side.exact, "action.timeout_ms", "action.max_output_length"),
            Row("environment.type", side.listed("local", "container_reference")),
            Row("environment.container_id", side.id),
            Row("environment.skills[]", Tree("skill")),
        ),
        "shell_call_output": _outcome(
            side,
            "shell_call_output",
            *shell_output(side, "output[]."),
            Row("max_output_length", side.exact),
        ),
        "skill": (*rows(DATA, "name", "description", "path"),),
        "apply_patch_call": _item(
            side,
            "apply_patch_call",
            Row("operation.type", side.listed("create_file", "delete_file", "update_file")),
            *rows(side.record, "operation.path", "operation.diff"),
        ),
        "apply_patch_call_output": _outcome(side, "apply_patch_call_output", Row("output", DATA)),
        "computer_call": _item(
            side,
            "computer_call",
            *_checks(side, "pending_safety_checks"),
            Row("action", Tree("action")),
            Row("actions[]", Tree("action")),
        ),
        "action": (
            Row(
                "type",
                side.listed(
                    *("click", "double_click", "drag", "keypress", "move", "screenshot", "scroll", "type", "wait")
                ),
            ),
            Row("button", side.listed("left", "right", "wheel", "back", "forward")),
            *rows(side.record, "keys[]", "text"),
            *rows(side.count, "x", "y", "scroll_x", "scroll_y", "path[].x", "path[].y"),
        ),
        "computer_call_output": _outcome(
            side,
            "computer_call_output",
            *_checks(side, "acknowledged_safety_checks"),
            Row("output.type", side.listed("computer_screenshot")),
            Row("output.image_url", Link()),
            Row("output.file_id", side.kept("file")),
        ),
    }


def shell_output(side: Side, path: str) -> Rows:
    """What a shell wrote."""
    return (
        *rows(DATA, f"{path}stdout", f"{path}stderr"),
        Row(f"{path}created_by", side.record),
        Row(f"{path}outcome.type", side.listed("timeout", "exit")),
        Row(f"{path}outcome.exit_code", side.count),
    )


def _checks(side: Side, name: str) -> Rows:
    return (Row(f"{name}[].id", side.id), *rows(DATA, f"{name}[].code", f"{name}[].message"))


def _services(side: Side) -> Mapping[str, Rows]:
    """Tools that run at the provider's."""
    return {
        "file_search_call": _item(
            side,
            "file_search_call",
            Row("queries[]", side.record),
            Row("results[].attributes.*", Free(foreign=bool(side.other))),
            Row("results[].file_id", side.id),
            *rows(DATA, "results[].filename", "results[].text"),
            Row("results[].score", side.exact),
        ),
        "web_search_call": _item(
            side,
            "web_search_call",
            Row("action.type", side.listed("search", "open_page", "find", "find_in_page")),
            *rows(side.record, "action.query", "action.queries[]", "action.url", "action.pattern"),
            Row("action.sources[].type", side.label),
            Row("action.sources[].url", side.record),
        ),
        "code_interpreter_call": _item(
            side,
            "code_interpreter_call",
            Row("code", side.code),
            Row("container_id", side.id),
            Row("outputs[].type", side.listed("logs", "image")),
            Row("outputs[].logs", DATA),
            Row("outputs[].url", Link()),
        ),
        "image_generation_call": _item(
            side,
            "image_generation_call",
            Row("result", Media("output_format")),
            Row("revised_prompt", side.record),
            Row("output_format", side.listed("png", "webp", "jpeg", "gif", "svg")),
            *rows(side.label, "action", "background", "quality", "size", "svg_usage.model"),
            *rows(DATA, "error.code", "error.message", "error.param", "error.type"),
            Row("error.moderation_details.categories[]", DATA),
            Row("error.moderation_details.moderation_stage", side.label),
            *rows(side.count, *(f"svg_usage.{part}_tokens" for part in ("input", "output", "reasoning", "total"))),
        ),
        "mcp_list_tools": _item(
            side,
            "mcp_list_tools",
            *rows(DATA, "server_label", "error", "tools[].description"),
            Row("tools[].name", side.name),
            Row("tools[].input_schema", Tree("schema")),
            Row("tools[].annotations", Free(foreign=bool(side.other))),
        ),
        "mcp_approval_request": _item(
            side,
            "mcp_approval_request",
            Row("arguments", side.record),
            Row("name", side.name),
            Row("server_label", DATA),
        ),
        "mcp_approval_response": _item(
            side,
            "mcp_approval_response",
            Row("approval_request_id", side.id),
            Row("approve", side.flag),
            Row("reason", DATA),
        ),
        "mcp_call": _item(
            side,
            "mcp_call",
            Row("arguments", side.mcp),
            Row("name", side.name),
            *rows(DATA, "server_label", "output", "error", "error.message"),
            Row("approval_request_id", side.id),
            Row("error.type", side.listed("mcp_protocol_error", "mcp_tool_execution_error", "http_error")),
            Row("error.code", side.count),
            Row("error.content", Free(foreign=bool(side.other))),
        ),
        "program": _item(side, "program", Row("code", side.record), Row("fingerprint", side.id)),
        "program_output": _outcome(side, "program_output", Row("result", DATA)),
    }


def _marks(side: Side) -> Mapping[str, Rows]:
    """What is not said and not done."""
    return {
        "reasoning": _item(
            side,
            "reasoning",
            Row("summary[]", _one_of(side, {"summary_text": "summary_text"}), required=True),
            Row("content[]", _one_of(side, {"reasoning_text": "reasoning_text"}), required=True),
            Row("encrypted_content", side.signed),
        ),
        "compaction": _item(side, "compaction", Row("encrypted_content", side.signed)),
        "compaction_trigger": _item(side, "compaction_trigger"),
        "configuration_update": _item(
            side,
            "configuration_update",
            Row("reasoning.effort", side.label),
            Row("text.format.type", side.listed("text", "json_schema", "json_object")),
            Row("text.format.name", side.name),
            Row("text.format.description", DATA),
            Row("text.format.schema", Tree("schema")),
            Row("text.format.strict", side.flag),
        ),
        "item_reference": (Row("type", words("item_reference")), Row("id", side.kept("item"), required=True)),
    }


KINDS = (
    *("message", "function_call", "custom_tool_call", "function_call_output", "custom_tool_call_output"),
    *("tool_search_call", "tool_search_output", "additional_tools", "local_shell_call", "local_shell_call_output"),
    *("shell_call", "shell_call_output", "apply_patch_call", "apply_patch_call_output", "computer_call"),
    *("computer_call_output", "file_search_call", "web_search_call", "code_interpreter_call"),
    *("image_generation_call", "mcp_list_tools", "mcp_approval_request", "mcp_approval_response", "mcp_call"),
    *("program", "program_output", "reasoning", "compaction", "compaction_trigger", "configuration_update"),
    "item_reference",
)
"""All types of items."""

PARTS = {**_IN, **_OUT, "reasoning_text": "reasoning_text", "summary_text": "summary_text"}


def item_trees(side: Side) -> Mapping[str, Rows]:
    """The tables of all items and parts, for `Tree` and `OneOf`; those of "tool" and "schema" are the caller's."""
    found = {**_parts(side), "message": _message(side), **_calls(side), **_machines(side)}
    found |= {**_services(side), **_marks(side)}
    return {**found, "other": (Row("", STRANGE.rule),)} if side.other else {**found, "untyped": _untyped()}


def one_item(side: Side) -> OneOf:
    """The rule of an item."""
    trees = {kind: kind for kind in KINDS}
    return _one_of(side, trees) if side.other else _one_of(side, trees, default="untyped")


def one_part(side: Side) -> OneOf:
    """The rule of a part of an item, where an event shows it alone."""
    return _one_of(side, PARTS)
