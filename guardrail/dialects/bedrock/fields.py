"""What a request to Bedrock's Converse is made of: every field, and what happens with it.

The one declaration from which requests are read; `docs/dialects.md` explains it, a test generated from Bedrock's own
service model fails when a member of theirs is not covered. Holds no code. Nova's own format is much the same.
"""

from __future__ import annotations

import re

from guardrail.dialects.bedrock.blocks import (
    ASKED,
    COUNT,
    DATA,
    FIXED,
    PROSE,
    SIZE,
    TOKEN,
    block,
    cache,
    guarded,
    rows,
    trees,
    words,
)
from guardrail.dialects.openai.fields import SCHEMA
from guardrail.dialects.table import (
    Field,
    Free,
    Known,
    Match,
    Number,
    Refused,
    Row,
    Switch,
    Text,
    Tree,
    Voice,
    at,
    compile_rows,
)
from guardrail.text import Kind, Role

ROLES = {"system": Role.SYSTEM, "user": Role.USER, "assistant": Role.ASSISTANT}

_WRITTEN_SCHEMA = at(compile_rows((Row("schema", Tree("schema")),), {"schema": SCHEMA}), "schema")

_CONVERSATION = (
    Row("messages[]", Voice("role", ROLES), required=True),
    Row("messages[].role", words(*ROLES, code="unknown_role")),
    Row("messages[].content", required=True),
    *block("messages[].content[]"),
    Row("system[].text", PROSE),
    *guarded("system[].guardContent", ASKED),
    *cache("system[].cachePoint"),
    Row("system[].*", Refused("unknown_part")),
)

_TOOLS = (
    Row("toolConfig.tools[]", required=True),
    *rows(FIXED, "toolConfig.tools[].toolSpec.name", "toolConfig.tools[].systemTool.name"),
    Row("toolConfig.tools[].toolSpec.description", DATA),
    Row("toolConfig.tools[].toolSpec.inputSchema.json", Tree("schema")),
    Row("toolConfig.tools[].toolSpec.strict", Switch()),
    *cache("toolConfig.tools[].cachePoint"),
    Row("toolConfig.tools[].*", Refused("unknown_tool")),
    *rows(Free(), "toolConfig.toolChoice.auto", "toolConfig.toolChoice.any"),
    Row("toolConfig.toolChoice.tool.name", FIXED),
)

_INFERENCE = (
    Row("inferenceConfig.maxTokens", SIZE),
    *rows(Number(10), "inferenceConfig.temperature", "inferenceConfig.topP"),
    Row("inferenceConfig.stopSequences[]", DATA),
)

_MORE = "additionalModelRequestFields"
_SETTINGS = (
    Row("guardrailConfig.guardrailIdentifier", FIXED),
    Row("guardrailConfig.guardrailVersion", Match(re.compile(r"[1-9][0-9]{0,3}|DRAFT|"))),
    Row("guardrailConfig.trace", words("enabled", "disabled", "enabled_full")),
    Row("guardrailConfig.streamProcessingMode", words("sync", "async")),
    Row("projectIdentifier", FIXED),
    Row("additionalModelResponseFieldPaths[]", FIXED),
    Row("requestMetadata.*", TOKEN),  # Bedrock takes no brackets in it
    Row("promptVariables.*.text", Text(Kind.PROSE, PROSE.inside, role=Role.USER)),
    Row("promptVariables.*.*", Refused("unknown_part")),
    Row("performanceConfig.latency", words("standard", "optimized")),
    Row("serviceTier.type", words("priority", "default", "flex", "reserved")),
    Row("outputConfig.textFormat.type", words("json_schema"), required=True),
    Row("outputConfig.textFormat.structure.jsonSchema.schema", Text(Kind.DATA, inside=_WRITTEN_SCHEMA)),
    Row("outputConfig.textFormat.structure.jsonSchema.name", FIXED),
    Row("outputConfig.textFormat.structure.jsonSchema.description", DATA),
    Row("outputConfig.effort", Known(frozenset({"none", "minimal", "low", "medium", "high", "xhigh", "max"}))),
    # what the models' own formats are known to take
    Row(f"{_MORE}.top_k", COUNT),
    Row(f"{_MORE}.anthropic_beta[]", FIXED),
    *rows(
        words("enabled", "disabled", "adaptive"),
        *(f"{_MORE}.{name}.type" for name in ("thinking", "reasoning_config", "reasoningConfig")),
    ),
    *rows(SIZE, f"{_MORE}.thinking.budget_tokens", f"{_MORE}.reasoning_config.budget_tokens"),
    Row(f"{_MORE}.reasoningConfig.maxReasoningEffort", words("low", "medium", "high")),
    Row(f"{_MORE}.inferenceConfig.topK", COUNT),
    Row(f"{_MORE}.*", Free()),
)

_TREES = {**trees(ASKED), "schema": SCHEMA}

REQUEST: Field = compile_rows((*_CONVERSATION, *_TOOLS, *_INFERENCE, *_SETTINGS), _TREES)

NOVA_REQUEST: Field = compile_rows(
    (
        Row("schemaVersion", words("messages-v1")),
        Row("messages", required=True),
        *_CONVERSATION,
        *_TOOLS,
        *_INFERENCE,
        *rows(SIZE, "inferenceConfig.max_new_tokens", "inferenceConfig.topK"),
        *rows(Number(10), "inferenceConfig.top_p"),
        Row("inferenceConfig.top_k", COUNT),
        Row("inferenceConfig.reasoningConfig.type", words("enabled", "disabled")),
        Row("inferenceConfig.reasoningConfig.maxReasoningEffort", words("low", "medium", "high")),
    ),
    _TREES,
)
"""Nova's own format, in the body of InvokeModel."""
