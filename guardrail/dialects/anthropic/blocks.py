"""What the content blocks of Anthropic's Messages are made of: one declaration for both directions.

A block says in `type` what it is. The same block is the model's in an answer and comes back in the next request: what
differs between the two is gathered in a `Hand`. Holds no code but the making of the tables.

Sources: the types of the `anthropic` SDK (`anthropic/types`, and `anthropic/types/beta` for the rows marked "beta").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from guardrail.dialects.table import (
    FREE,
    SPOKEN,
    Call,
    Free,
    Known,
    Link,
    Match,
    Media,
    Number,
    OneOf,
    Plain,
    Quote,
    Reference,
    Row,
    Rule,
    Switch,
    Text,
    Voice,
    Words,
)
from guardrail.text import Kind, Role

Trees = dict[str, tuple[Row, ...]]

PROSE, DATA = Text(Kind.PROSE, inside=SPOKEN), Text(Kind.DATA, inside=FREE)
TOKEN, FIXED = Text(Kind.TOKEN), Text(Kind.FIXED)
COUNT, SIZE = Number(1_000), Number(10_000_000)


def words(*names: str, code: str = "invalid_value", refused: tuple[str, ...] = ()) -> Words:
    """A closed list."""
    return Words(frozenset(names), code, frozenset(refused))


def rows(rule: Rule, *paths: str) -> tuple[Row, ...]:
    """The same rule for many paths."""
    return tuple(Row(path, rule) for path in paths)


NAME = Match(re.compile(r"[A-Za-z0-9_.:-]{0,256}"))
"""Ids and names of tools in an answer."""
LABEL = Match(re.compile(r"[A-Za-z0-9_.:/@+-]{0,128}"))
"""What a provider says about itself: model, version."""
WORD = Match(re.compile(r"[a-z0-9_]{0,48}"))
TIME = Match(re.compile(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:.]{5,20}(?:Z|[+-][0-9]{2}:[0-9]{2})"), strict=False)
"""When a machine did something; any other writing is inspected."""

_BASE64 = r"(?:[A-Za-z0-9+/_-]{4}){16,}(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?"
SEALED = Match(re.compile(_BASE64))
"""What only Anthropic can read or make: base64, longer than any value of a person."""
SIGNATURE = Match(re.compile(f"(?:{_BASE64})?"))
"""The same, or nothing: the block is not signed (yet)."""
NO_SIGNATURE = Match(re.compile(""))

SEALS = ("signature", "encrypted_content", "encrypted_index", "encrypted_stdout")
"""The members that hold what is sealed (`data` too, in `redacted_thinking`)."""

_FAILURES = (
    "invalid_tool_input unavailable max_uses_exceeded too_many_requests query_too_long request_too_large url_too_long",
    "url_not_allowed url_not_in_prior_context url_not_accessible unsupported_content_type content_too_large",
    "execution_time_exceeded output_file_too_large file_not_found prompt_too_long overloaded model_not_found",
)
ERROR_CODES = tuple(word for line in _FAILURES for word in line.split())
"""Why a tool of Anthropic's own failed."""

RESULTS = (
    *("web_search_tool_result", "code_execution_tool_result", "bash_code_execution_tool_result"),
    *("text_editor_code_execution_tool_result", "tool_search_tool_result"),
    "advisor_tool_result",  # beta
)
"""Blocks in which a tool that ran at Anthropic's answers."""

UNREAD = frozenset({"mcp_tool_use", "mcp_tool_result", "mcp_tool_listing", "compaction"})
"""Blocks of other people's servers, and summaries of a conversation under one seal (beta): nothing can look into them
and change a word."""

_PARTS = ("text", "image", "document", "search_result", "tool_reference", "browser_state")
"""What the result of an application's own tool may be made of."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Where a payload comes from, by what is done with its texts.

    said: the words of the conversation; thought: thinking, which its signature covers; ident, name: of calls and tools;
    file: of files that Anthropic keeps; size: numbers; code: a word from a list that grows.
    """

    said: Rule
    thought: Rule
    signature: Match
    ident: Rule
    name: Rule
    file: Rule
    size: Rule
    code: Rule


ASKED = Hand(
    said=PROSE,
    # Signed, so it passes only if nothing in it has to change. It is the model's own: a placeholder in it is this
    # conversation's, like one in the arguments of an earlier call.
    thought=Text(Kind.FIXED, foreign=True),
    signature=SIGNATURE,
    ident=TOKEN,
    name=FIXED,
    file=Reference("file"),
    size=SIZE,
    code=words(*ERROR_CODES),
)
"""A request."""


def answered(said: Rule) -> Hand:
    """An answer. No value is put back into thoughts: they'd no longer be what was signed when they are sent again."""
    return Hand(
        said=said,
        thought=Text(Kind.DATA, opens=False, foreign=True),
        signature=SIGNATURE,
        ident=NAME,
        name=NAME,
        file=NAME,
        size=Plain(),
        code=WORD,
    )


def _cache(path: str = "cache_control") -> tuple[Row, ...]:
    return Row(f"{path}.type", words("ephemeral")), Row(f"{path}.ttl", words("5m", "1h"))


CACHE = _cache()
CACHING = _cache("caching")

_CITED = ("char_location", "page_location", "content_block_location", "web_search_result_location")


def citation(at: str, hand: Hand, *, required: bool = False) -> tuple[Row, ...]:
    """One citation. It repeats words of a document or of the web."""
    places = ("start_char_index", "end_char_index", "start_page_number", "end_page_number", "start_block_index")
    return (
        Row(at, Quote("start_char_index", "end_char_index", document="document_index"), required=required),
        Row(f"{at}.type", words(*_CITED, "search_result_location", code="unknown_part"), required=True),
        *rows(DATA, *(f"{at}.{name}" for name in ("cited_text", "document_title", "title", "source", "url"))),
        *rows(hand.size, *(f"{at}.{name}" for name in (*places, "end_block_index", "document_index"))),
        Row(f"{at}.search_result_index", hand.size),
        Row(f"{at}.encrypted_index", SEALED),
        Row(f"{at}.file_id", hand.file),
    )


def _caller(hand: Hand) -> tuple[Row, ...]:
    kinds = words("direct", "code_execution_20250825", "code_execution_20260120")
    return Row("caller.type", kinds), Row("caller.tool_id", hand.ident)


def _said(hand: Hand) -> Trees:
    text = (Row("text", hand.said), *CACHE, *citation("citations[]", hand))
    return {
        "said": text,
        "text": text,  # inside another block
        "thinking": (Row("thinking", hand.thought), Row("signature", hand.signature)),
        "redacted": (Row("data", SEALED, required=True),),
    }


def _media(hand: Hand) -> Trees:
    pictures = ("image/jpeg", "image/png", "image/gif", "image/webp")
    files = {"base64": "base64", "url": "url", "file": "file"}
    return {
        "image": (
            Row("source", OneOf("type", files), required=True),
            Row("transformations.oversized_image", words("downsize", "error")),
            *CACHE,
        ),
        "document": (
            Row("source", OneOf("type", {**files, "text": "plain", "content": "inner"}), required=True),
            Row("citations.enabled", Switch()),
            Row("title", DATA),
            Row("context", hand.said),
            *CACHE,
        ),
        "base64": (
            Row("data", Media("media_type"), required=True),
            Row("media_type", words(*pictures, "application/pdf"), required=True),
        ),
        "url": (Row("url", Link(), required=True),),
        "file": (Row("file_id", hand.file, required=True),),
        "plain": (Row("data", hand.said, required=True), Row("media_type", words("text/plain"))),
        "inner": (
            Row("content", hand.said),
            Row("content[]", OneOf("type", {"text": "text", "image": "image"}), required=True),
        ),
    }


def _calls(hand: Hand) -> Trees:
    return {
        "tool_use": (
            Row("", Call("name", "input")),
            *_caller(hand),
            *CACHE,
            Row("id", hand.ident),
            *rows(hand.name, "name", "toolset_name"),
            Row("input", Free()),
        ),
        # It has run at Anthropic's already: there is nothing to hold back, and no value to put in.
        "server_tool_use": (
            Row("", Call("", "input")),
            *_caller(hand),
            *CACHE,
            Row("id", hand.ident),
            Row("name", hand.name),
            Row("input", Free()),
        ),
    }


def _results(hand: Hand) -> Trees:
    outcomes = Match(re.compile(r"[a-z0-9_]{1,64}")) if hand.code is WORD else words(*_OUTCOMES)
    return {
        "result": (
            Row("", Voice("type", {**dict.fromkeys(RESULTS, Role.TOOL)})),
            Row("tool_use_id", hand.ident),
            *_caller(hand),
            *CACHE,
            *rows(outcomes, "content.type", "content[].type"),
            *rows(hand.code, "content.error_code"),
            *rows(DATA, *(f"content.{name}" for name in ("error_message", "stdout", "stderr", "text", "content"))),
            Row("content.content[].type", words("code_execution_output", "bash_code_execution_output")),
            Row("content.content[].file_id", hand.file),
            Row("content.lines[]", DATA),
            *rows(SEALED, "content.encrypted_stdout", "content.encrypted_content", "content[].encrypted_content"),
            *rows(DATA, "content[].title", "content[].url", "content[].page_age"),
            *rows(
                hand.size,
                *(f"content.{name}" for name in ("return_code", "num_lines", "start_line", "total_lines")),
                *(f"content.{name}" for name in ("new_lines", "new_start", "old_lines", "old_start")),
            ),
            Row("content.is_file_update", Switch()),
            Row("content.file_type", words("text", "image", "pdf")),
            Row("content.stop_reason", WORD if hand.code is WORD else Known(frozenset(_STOPS))),
            Row("content.tool_references[].type", words("tool_reference")),
            Row("content.tool_references[].tool_name", hand.name),
            *_cache("content.tool_references[].cache_control"),
        ),
        "fetched": (
            Row("", Voice("type", {"web_fetch_tool_result": Role.TOOL})),
            Row("tool_use_id", hand.ident),
            *_caller(hand),
            *CACHE,
            Row("content", OneOf("type", {"web_fetch_result": "page", "web_fetch_tool_result_error": "no_page"})),
        ),
        "page": (
            Row("url", DATA),
            Row("retrieved_at", TIME),
            Row("content", OneOf("type", {"document": "document"})),
        ),
        "no_page": (Row("error_code", hand.code),),
        "upload": (Row("file_id", hand.file, required=True), *CACHE),
        # beta: another model took over
        "fallback": (*rows(LABEL if hand.code is WORD else FIXED, "from.model", "to.model"), *_trigger(hand)),
    }


def _trigger(hand: Hand) -> tuple[Row, ...]:
    categories = words("cyber", "bio", "frontier_llm", "reasoning_extraction", "general_harms")
    code = hand.code if hand.code is WORD else categories
    return Row("trigger.type", words("refusal")), Row("trigger.category", code)


_OUTCOMES = (
    *("web_search_result", "web_search_tool_result_error", "code_execution_result", "encrypted_code_execution_result"),
    *("code_execution_tool_result_error", "bash_code_execution_result", "bash_code_execution_tool_result_error"),
    *(f"text_editor_code_execution_{what}_result" for what in ("view", "create", "str_replace")),
    "text_editor_code_execution_tool_result_error",
    *("tool_search_tool_search_result", "tool_search_tool_result_error"),
    *("advisor_result", "advisor_redacted_result", "advisor_tool_result_error"),
)
_STOPS = ("end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "compaction")

_ANSWER_BLOCKS: Mapping[str, str] = {
    "text": "said",
    "thinking": "thinking",
    "redacted_thinking": "redacted",
    "tool_use": "tool_use",
    "server_tool_use": "server_tool_use",
    **dict.fromkeys(RESULTS, "result"),
    "web_fetch_tool_result": "fetched",
    "container_upload": "upload",
    "fallback": "fallback",
}


def answer_block() -> OneOf:
    """One block of an answer."""
    return OneOf("type", _ANSWER_BLOCKS, refused=UNREAD)


def request_block() -> OneOf:
    """One block of a request: those of answers, and what applications bring."""
    own = {part: part for part in ("image", "document", "search_result", "tool_result")}
    changes = dict.fromkeys(("tool_addition", "tool_removal"), "tool_change")
    return OneOf("type", {**_ANSWER_BLOCKS, **own, **changes}, refused=UNREAD)


def answer_trees(hand: Hand) -> Trees:
    """The tables of the blocks of an answer."""
    return {**_said(hand), **_media(hand), **_calls(hand), **_results(hand)}


def request_trees() -> Trees:
    """The tables of the blocks of a request, but for the tools that they may define."""
    return {
        **answer_trees(ASKED),
        "tool_result": (
            Row("", Voice("type", {"tool_result": Role.TOOL})),
            *rows(TOKEN, "tool_use_id"),
            Row("toolset_name", FIXED),
            Row("is_error", Switch()),
            *CACHE,
            Row("content", PROSE),
            Row("content[]", OneOf("type", {part: part for part in _PARTS}), required=True),
        ),
        "search_result": (
            Row("", Voice("type", {"search_result": Role.TOOL})),
            *rows(DATA, "source", "title"),
            Row("content[]", OneOf("type", {"text": "text"}), required=True),
            Row("citations.enabled", Switch()),
            *CACHE,
        ),
        "tool_reference": (Row("tool_name", FIXED), *CACHE),
        "browser_state": (
            *CACHE,
            *rows(DATA, "tabs[].title", "tabs[].url"),
            *rows(TOKEN, "tabs[].tab_id", "state_changes[].tab_id", "state_changes[].download_id"),
            Row("tabs[].active", Switch()),
            Row(
                "state_changes[].type",
                words("tab_opened", "download_started", "download_completed", "download_failed", code="unknown_part"),
                required=True,
            ),
            *rows(DATA, "state_changes[].url", "state_changes[].path", "state_changes[].error"),
            Row("state_changes[].size_bytes", Free()),  # may be of any length, so it may be anybody's number
        ),
        "tool_change": (
            *CACHE,
            Row(
                "tool",
                OneOf(
                    "type",
                    {"tool_reference": "named_tool", "tool_definition": "defined_tool"},
                    refused=frozenset({"mcp_tool_reference", "mcp_toolset_reference"}),
                    code="unknown_tool",
                ),
                required=True,
            ),
        ),
        "named_tool": (Row("name", FIXED),),
    }
