"""The tools that a request of the Responses API offers to the model, by their type. Holds no code."""

from __future__ import annotations

import re
from collections.abc import Mapping

from guardrail.dialects.openai.fields import DATA, FIXED, NAME, WORD, rows, words
from guardrail.dialects.table import Free, Link, Match, Media, Number, OneOf, Plain, Reference, Row, Switch, Tree

_OWN_TABLE = (
    *("function", "custom", "namespace", "file_search", "code_interpreter", "shell", "tool_search"),
    *("image_generation", "computer_use_preview"),
)
_TOOLS = {
    **{name: f"tool_{name}" for name in _OWN_TABLE},
    **dict.fromkeys(("web_search", "web_search_2025_08_26"), "tool_web_search"),
    **dict.fromkeys(("web_search_preview", "web_search_preview_2025_03_11"), "tool_web_search"),
    **dict.fromkeys(("computer", "local_shell", "apply_patch", "programmatic_tool_calling"), "tool_plain"),
}
TOOL_TYPES = tuple(_TOOLS)


TOOL = OneOf("type", _TOOLS, refused=frozenset({"mcp"}), code="unknown_tool")
"""A tool in a request. An MCP server gets what the model tells it from the provider: nothing could inspect that."""


def tool_trees() -> Mapping[str, tuple[Row, ...]]:
    """The tools of a request, by type."""
    size, flag = Number(100_000), Switch()
    schemas = rows(Tree("schema"), "parameters", "output_schema")
    common = (
        Row("name", FIXED),
        Row("description", DATA),
        Row("allowed_callers[]", words("direct", "programmatic"), required=True),
        *rows(flag, "async", "defer_loading", "strict"),
    )
    files = (
        Row("file_ids[]", Reference("file")),
        Row("memory_limit", words("1g", "4g", "16g", "64g")),
        Row("network_policy.type", words("disabled", "allowlist")),
        Row("network_policy.allowed_domains[]", DATA),
        *rows(DATA, *(f"network_policy.domain_secrets[].{part}" for part in ("domain", "name", "value"))),
    )
    place = ("city", "country", "region", "timezone")
    images = ("auto", "low", "medium", "high", "xhigh", "max")
    return {
        "tool_plain": (Row("type", words(*_TOOLS)), *common),
        "tool_function": (Row("type", words("function")), *common, *schemas),
        "tool_custom": (
            Row("type", words("custom")),
            *common,
            Row("format.type", words("text", "grammar")),
            Row("format.syntax", words("lark", "regex")),
            Row("format.definition", DATA),
        ),
        "tool_namespace": (Row("type", words("namespace")), *common, Row("tools[]", TOOL)),
        "tool_tool_search": (
            Row("type", words("tool_search")),
            *common,
            *schemas,
            Row("execution", words("server", "client")),
        ),
        "tool_file_search": (
            Row("type", words("file_search")),
            Row("vector_store_ids[]", Reference("vector_store")),
            Row("filters", Tree("filter")),
            Row("max_num_results", Number(1_000)),
            Row("ranking_options.ranker", words("auto", "default-2024-11-15")),
            Row("ranking_options.score_threshold", Number(100)),
            Row("ranking_options.hybrid_search.embedding_weight", Number(1_000)),
            Row("ranking_options.hybrid_search.text_weight", Number(1_000)),
        ),
        "filter": (
            Row("type", words("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "and", "or")),
            Row("key", FIXED),
            Row("value", Free()),
            Row("filters[]", Tree("filter")),
        ),
        "tool_web_search": (
            Row("type", words(*(name for name in _TOOLS if name.startswith("web_search")))),
            Row("external_web_access", flag),
            Row("filters.allowed_domains[]", DATA),
            Row("search_context_size", words("low", "medium", "high")),
            Row("search_content_types[]", words("text", "image"), required=True),
            Row("user_location.type", words("approximate")),
            *rows(DATA, *(f"user_location.{part}" for part in place)),
        ),
        "tool_code_interpreter": (
            Row("type", words("code_interpreter")),
            *common,
            Row("container", Reference("container")),
            Row("container.type", words("auto")),
            *(Row(f"container.{row.path}", row.rule) for row in files),
        ),
        "tool_shell": (
            Row("type", words("shell")),
            *common,
            Row("environment.type", words("container_auto", "local", "container_reference")),
            Row("environment.container_id", Reference("container")),
            *(Row(f"environment.{row.path}", row.rule) for row in files),
            Row("environment.skills[].type", words("skill_reference", "inline")),
            Row("environment.skills[].skill_id", Reference("skill")),
            *rows(DATA, *(f"environment.skills[].{part}" for part in ("version", "name", "description", "path"))),
            Row("environment.skills[].source.type", words("base64")),
            Row("environment.skills[].source.media_type", words("application/zip")),
            Row("environment.skills[].source.data", Media("media_type")),
        ),
        "tool_image_generation": (
            Row("type", words("image_generation")),
            Row("action", words("generate", "edit", "auto")),
            Row("background", words("transparent", "opaque", "auto")),
            Row("input_fidelity", words("high", "low")),
            Row("moderation", words("auto", "low")),
            Row("output_format", words("png", "webp", "jpeg", "gif", "svg")),
            *rows(words(*images), "quality", "complexity"),
            Row("svg.reasoning.effort", words("none", "minimal", *images)),
            *rows(FIXED, "model", "svg.model"),
            Row("size", Match(re.compile(r"auto|[0-9]{2,5}x[0-9]{2,5}"))),
            *rows(size, "frame_count", "frame_duration_ms", "output_compression", "partial_images"),
            Row("input_image_mask.file_id", Reference("file")),
            Row("input_image_mask.image_url", Link()),
        ),
        "tool_computer_use_preview": (
            Row("type", words("computer_use_preview")),
            Row("environment", words("windows", "mac", "linux", "ubuntu", "browser")),
            *rows(size, "display_height", "display_width"),
        ),
    }


def told_tool() -> tuple[Row, ...]:
    """A tool as an answer tells it again."""
    return (
        Row("type", WORD),
        Row("name", NAME),
        Row("description", DATA),
        *rows(Tree("schema"), "parameters", "output_schema"),
        Row("strict", Plain()),
        Row("format.type", WORD),
        Row("format.syntax", WORD),
        Row("format.definition", DATA),
        Row("tools[]", Tree("tool")),
    )
