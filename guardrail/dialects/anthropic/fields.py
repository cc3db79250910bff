"""What Anthropic's Messages payloads are made of: every field, and what happens with it.

The one declaration from which requests, answers and stream events are read; `docs/dialects.md` explains it, a test
generated from Anthropic's own SDK types fails when a field of theirs is not covered. Holds no code.

Sources: the types of the `anthropic` SDK (`anthropic/types`, and `anthropic/types/beta` for the rows marked "beta").
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from guardrail.dialects.anthropic import blocks
from guardrail.dialects.anthropic.blocks import (
    CACHE,
    COUNT,
    DATA,
    FIXED,
    LABEL,
    NAME,
    NO_SIGNATURE,
    PROSE,
    SIGNATURE,
    SIZE,
    TIME,
    TOKEN,
    WORD,
    answered,
    rows,
    words,
)
from guardrail.dialects.openai.fields import SCHEMA
from guardrail.dialects.table import (
    SPOKEN,
    Field,
    Free,
    Match,
    Number,
    OneOf,
    Piece,
    Plain,
    Reference,
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

ROLES = {"system": Role.SYSTEM, "user": Role.USER, "assistant": Role.ASSISTANT}

# ------------------------------------------------------------------------------------------------- requests

_CALLERS = ("direct", "code_execution_20250825", "code_execution_20260120", "code_execution_20260521")
_EFFORT = words("low", "medium", "high", "xhigh", "max")

TOOLS = (
    *("bash_20241022", "bash_20250124", "memory_20250818", "computer_toolset_20260801", "browser_toolset_20260801"),
    *("code_execution_20250522", "code_execution_20250825", "code_execution_20260120", "code_execution_20260521"),
    *("text_editor_20241022", "text_editor_20250124", "text_editor_20250429", "text_editor_20250728"),
    *("computer_20241022", "computer_20250124", "computer_20251124"),
    *("web_search_20250305", "web_search_20260209", "web_search_20260318"),
    *("web_fetch_20250910", "web_fetch_20260209", "web_fetch_20260309", "web_fetch_20260318"),
    *("tool_search_tool_bm25", "tool_search_tool_bm25_20251119"),
    *("tool_search_tool_regex", "tool_search_tool_regex_20251119"),
    "advisor_20260301",
)
"""Tools that Anthropic has made, some of which it runs itself. `mcp_toolset` is none of them: see `mcp_servers`."""

_TOOL = (
    *CACHE,
    *blocks.CACHING,
    *rows(FIXED, "name", "model"),
    Row("description", DATA),
    Row("input_schema", Tree("schema")),
    Row("input_examples[]", Free()),
    Row("allowed_callers[]", words(*_CALLERS)),
    *rows(Switch(), "defer_loading", "eager_input_streaming", "strict", "enable_zoom", "use_cache"),
    *rows(SIZE, "max_uses", "max_characters", "max_content_tokens", "max_tokens"),
    *rows(SIZE, "display_height_px", "display_width_px", "display_number"),
    *rows(DATA, "allowed_domains[]", "blocked_domains[]"),
    Row("user_location.type", words("approximate")),
    *rows(DATA, *(f"user_location.{part}" for part in ("city", "country", "region", "timezone"))),
    Row("citations.enabled", Switch()),
    Row("response_inclusion", words("full", "excluded")),
    *(
        row
        for source in ("client_tool_results", "server_tool_results", "user_input")
        for row in (
            Row(f"url_sources.{source}.type", words("all", "none", "only", "except")),
            Row(f"url_sources.{source}.tools[].type", words("tool_reference")),
            Row(f"url_sources.{source}.tools[].name", FIXED),
        )
    ),
    *rows(Switch(), "configs.*.enabled", "configs.*.defer_loading"),
)
_A_TOOL = OneOf(
    "type",
    {"custom": "tool", **dict.fromkeys(TOOLS, "tool")},
    default="tool",
    refused=frozenset({"mcp_toolset"}),
    code="unknown_tool",
)


def _thinking(path: str) -> tuple[Row, ...]:
    return (
        Row(f"{path}.type", words("enabled", "disabled", "adaptive", "between_tools"), required=True),
        Row(f"{path}.budget_tokens", SIZE),
        Row(f"{path}.display", words("summarized", "omitted", "updates")),
        Row(f"{path}.block_binding.prefix_mismatch_behavior", words("error", "drop_block")),  # beta
    )


def _output(path: str) -> tuple[Row, ...]:
    return (
        Row(f"{path}.effort", _EFFORT),
        Row(f"{path}.format.type", words("json_schema"), required=True),
        Row(f"{path}.format.schema", Tree("schema")),
        Row(f"{path}.task_budget.type", words("tokens")),  # beta
        *rows(SIZE, f"{path}.task_budget.total", f"{path}.task_budget.remaining"),
    )


_EDIT = "context_management.edits[]"
_MANAGEMENT = (  # beta
    Row(
        f"{_EDIT}.type",
        words("clear_tool_uses_20250919", "clear_thinking_20251015", refused=("compact_20260112",)),
        required=True,
    ),
    Row(f"{_EDIT}.keep", words("all")),
    *rows(
        words("input_tokens", "tool_uses", "thinking_turns", "all"),
        *(f"{_EDIT}.{part}.type" for part in ("keep", "trigger", "clear_at_least")),
    ),
    *rows(SIZE, *(f"{_EDIT}.{part}.value" for part in ("keep", "trigger", "clear_at_least"))),
    *rows(Switch(), f"{_EDIT}.clear_tool_inputs", f"{_EDIT}.pause_after_compaction"),
    *rows(FIXED, f"{_EDIT}.clear_tool_inputs[]", f"{_EDIT}.exclude_tools[]"),
    Row(f"{_EDIT}.instructions", DATA),
)

_STATEFUL = (
    Row("container", Reference("container")),
    Row("container.id", Reference("container")),
    Row(
        "container.skills[]",
        OneOf("type", {"anthropic": "skill", "custom": "own_skill"}, code="invalid_value"),
        required=True,
    ),
    Row("diagnostics.previous_message_id", Reference("message")),
    Row("thread.type", words("create", "continue", refused=("create", "continue"))),  # beta: kept at Anthropic
    Row("thread.previous_message_id", Reference("message")),
    *rows(Refused(), "mcp_servers", "compaction", "fallback_credit_token"),  # beta
)

_SETTINGS = (
    Row("model", FIXED, required=True),
    Row("stream", Switch()),
    *rows(Number(10), "temperature", "top_p"),
    Row("top_k", COUNT),
    *rows(DATA, "stop_sequences[]"),
    Row("metadata.user_id", TOKEN),
    Row("service_tier", words("auto", "standard_only")),
    Row("speed", words("standard", "fast")),
    *rows(FIXED, "inference_geo", "workspace_id", "user_profile_id"),
    *rows(words("self", "user_profile"), "billing_policy.bill_to"),  # beta
    Row("billing_policy.type", words("billing_policy")),
    *CACHE,
    *_thinking("thinking"),
    *_output("output_config"),
    Row("output_format.type", words("json_schema"), required=True),  # beta
    Row("output_format.schema", Tree("schema")),
    Row("tool_choice.type", words("auto", "any", "tool", "none"), required=True),
    Row("tool_choice.name", FIXED),
    Row("tool_choice.disable_parallel_tool_use", Switch()),
    Row("fallbacks", words("default")),  # beta
    Row("fallbacks[].model", FIXED),
    Row("fallbacks[].max_tokens", SIZE),
    Row("fallbacks[].speed", words("standard", "fast")),
    *_output("fallbacks[].output_config"),
    *_thinking("fallbacks[].thinking"),
    *rows(FIXED, "betas[]", "anthropic_beta[]", "anthropic_version"),  # in a header, or here
)

_CONVERSATION = (
    Row("system", PROSE),
    Row("system[]", OneOf("type", {"text": "text"}), required=True),
    Row("messages", required=True),
    Row("messages[]", Voice("role", ROLES), required=True),
    Row("messages[].role", words(*ROLES, code="unknown_role")),
    Row("messages[].content", PROSE),
    Row("messages[].content[]", blocks.request_block(), required=True),
    Row("messages[].clear_at", words("next_user_message", "never")),  # beta
    Row("messages[].output_config.effort", _EFFORT),
    Row("tools[]", _A_TOOL, required=True),
)

_TREES = {
    **blocks.request_trees(),
    "schema": SCHEMA,
    "tool": _TOOL,
    "defined_tool": (Row("definition", _A_TOOL, required=True),),
    "skill": (*rows(FIXED, "skill_id", "version"),),
    "own_skill": (Row("skill_id", Reference("skill"), required=True), Row("version", FIXED)),
}
_ROWS = (*_SETTINGS, *_STATEFUL, *_MANAGEMENT, *_CONVERSATION)

REQUEST: Field = compile_rows((*_ROWS, Row("max_tokens", SIZE, required=True)), _TREES)
HOSTED_REQUEST: Field = compile_rows(
    (*(row for row in _ROWS if row.path != "model"), Row("model", FIXED), Row("max_tokens", SIZE, required=True)),
    _TREES,
)
"""At other providers' (Amazon, Google) the path names the model."""
COUNT_REQUEST: Field = compile_rows((*_ROWS, Row("max_tokens", SIZE)), _TREES)
"""The same without a limit: nothing is generated."""

# -------------------------------------------------------------------------------------------------- answers

_STRANGE = Field(rule=Free(spoken=True, tokens=True, foreign=True))
_STRANGE_PIECE = Field(rule=Free(tokens=True, foreign=True, piece=Piece("", Kind.PROSE, opens=False)))
"""What a delta holds beyond its rows: more words perhaps, so they are put together before they are judged."""

_PATH = Match(re.compile(r"(?:messages|content)[\[\].0-9a-z]{0,64}"))
_THOUGHT = Text(Kind.PROSE, opens=False)


def _stop(path: str) -> tuple[Row, ...]:
    """How an answer ended."""
    return (
        Row(f"{path}stop_reason", WORD),
        Row(f"{path}stop_sequence", DATA),
        *rows(WORD, f"{path}stop_details.type", f"{path}stop_details.category"),
        Row(f"{path}stop_details.explanation", _THOUGHT),
        Row(f"{path}stop_details.recommended_model", LABEL),  # beta
        Row(f"{path}stop_details.fallback_credit_token", Refused()),
        Row(f"{path}container.id", NAME),
        Row(f"{path}container.expires_at", TIME),
        Row(f"{path}container.skills[].type", WORD),
        *rows(LABEL, f"{path}container.skills[].skill_id", f"{path}container.skills[].version"),
    )


def _about(path: str) -> tuple[Row, ...]:
    """What Anthropic tells beside the words."""
    counts = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    usage = f"{path}usage"
    return (
        *rows(Plain(), *(f"{usage}.{count}" for count in counts)),
        *rows(WORD, f"{usage}.service_tier", f"{usage}.speed"),
        Row(f"{usage}.inference_geo", LABEL),
        Row(f"{usage}.iterations[].type", WORD),  # beta
        Row(f"{usage}.iterations[].model", LABEL),
        *rows(WORD, f"{usage}.fallback_credit.status.type", f"{usage}.fallback_credit.status.reason"),
        Row(f"{usage}.fallback_credit.status.remove_to_redeem[]", WORD),
        Row(f"{path}context_management.applied_edits[].type", WORD),
        Row(f"{path}diagnostics.cache_miss_reason.type", WORD),
        *rows(WORD, f"{path}input_transformations[].type", f"{path}input_transformations[].reason"),
        Row(f"{path}input_transformations[].path", _PATH),
    )


def _message(path: str) -> tuple[Row, ...]:
    """The head of an answer."""
    return (
        Row(f"{path}id", NAME),
        Row(f"{path}type", words("message"), required=True),
        Row(f"{path}role", words("assistant")),
        Row(f"{path}model", LABEL),
        *_stop(path),
        *_about(path),
    )


def _answer(said: Text) -> Field:
    table = compile_rows(
        (*_message(""), Row("content", required=True), Row("content[]", blocks.answer_block(), required=True)),
        blocks.answer_trees(answered(said)),
    )
    return adopt(table, _STRANGE)


ANSWER = _answer(Text(Kind.PROSE))
STRUCTURED_ANSWER = _answer(Text(Kind.PROSE, inside=SPOKEN, opens=False))
"""For requests that asked for JSON: a sentence in it is judged as one, nothing is inserted, it stays JSON."""

COUNTED = adopt(
    compile_rows(
        (Row("input_tokens", Plain(), required=True), Row("context_management.original_input_tokens", Plain()))
    ),
    _STRANGE,
)
"""The answer of `count_tokens`."""

# --------------------------------------------------------------------------------------------------- events

_TEXT = Piece("text", Kind.PROSE)
_JSON_TEXT = Piece("text", Kind.DATA, json=True)
_THINKING = Piece("thinking", Kind.DATA, opens=False)
_INPUT = Piece("input", Kind.DATA, json=True)


def _start(said: Piece) -> Field:
    trees = {
        **blocks.answer_trees(answered(_THOUGHT)),
        "said": (Row("text", said), *blocks.citation("citations[]", answered(DATA))),
        # The signature comes behind the words that it covers.
        "thinking": (Row("thinking", _THINKING), Row("signature", NO_SIGNATURE)),
    }
    rows_ = (Row("type", words("content_block_start")), Row("index", Plain(), required=True))
    table = compile_rows((*rows_, Row("content_block", blocks.answer_block(), required=True)), trees)
    return adopt(table, _STRANGE)


def _delta(said: Piece) -> Field:
    trees = {
        "text": (Row("text", said),),
        "input": (Row("partial_json", _INPUT),),
        "thinking": (Row("thinking", _THINKING), Row("estimated_tokens", Plain())),
        "signature": (Row("signature", SIGNATURE),),
        "citation": blocks.citation("citation", answered(DATA), required=True),
    }
    kinds = {
        "text_delta": "text",
        "input_json_delta": "input",
        "thinking_delta": "thinking",
        "signature_delta": "signature",
        "citations_delta": "citation",
    }
    rows_ = (Row("type", words("content_block_delta")), Row("index", Plain(), required=True))
    table = compile_rows((*rows_, Row("delta", OneOf("type", kinds), required=True)), trees)
    for kind in ("text", "input", "thinking", "signature"):
        adopt(at(table, "delta").variants[kind], _STRANGE_PIECE)
    return adopt(table, _STRANGE)


def _plain(*more: Row, name: str) -> Field:
    return adopt(compile_rows((Row("type", words(name)), *more)), _STRANGE)


def _events(said: Piece) -> Mapping[str, Field]:
    begun = (Row("message", required=True), *_message("message."), Row("message.content[]", Refused()))
    return {
        "message_start": _plain(*begun, name="message_start"),
        "content_block_start": _start(said),
        "content_block_delta": _delta(said),
        "content_block_stop": _plain(Row("index", Plain(), required=True), name="content_block_stop"),
        "message_delta": _plain(*_stop("delta."), *_about(""), name="message_delta"),
        "message_stop": _plain(name="message_stop"),
        "ping": _plain(name="ping"),
    }


EVENTS = _events(_TEXT)
STRUCTURED_EVENTS = _events(_JSON_TEXT)
"""For requests that asked for JSON: the text is judged as a document when it is complete."""

# --------------------------------------------------------------------------------------------------- errors

_ERRORS = (
    "invalid_request_error authentication_error billing_error permission_error not_found_error request_too_large",
    "rate_limit_error timeout_error api_error overloaded_error conflict_error unprocessable_entity_error",
)
ERROR_TYPES = frozenset(word for line in _ERRORS for word in line.split())
"""Types of errors that are passed on; any other word could be somebody's name (UPS-01)."""
REQUEST_ID = re.compile(r"req_[A-Za-z0-9]{8,64}")
