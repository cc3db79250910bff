"""What OpenAI's Chat Completions payloads are made of: every field, and what happens with it.

The one declaration from which requests, answers and stream frames are read; `docs/dialects.md` explains it, a test
generated from OpenAI's own SDK types fails when a field of theirs is not covered. Holds no code.

Sources: the types of the `openai` SDK (`openai/types/chat`), and for the rows marked "vendor" what servers that speak
the same API add (Azure OpenAI, vLLM, DeepSeek, OpenRouter, Groq), for those marked "Mistral" the `mistralai` SDK.
"""

from __future__ import annotations

import re

from guardrail.dialects.table import (
    FREE,
    SPOKEN,
    Bound,
    Call,
    Echo,
    Field,
    Free,
    Known,
    Link,
    Match,
    Media,
    Number,
    Piece,
    Plain,
    Quote,
    Reference,
    Refused,
    Row,
    Rule,
    Switch,
    Text,
    Tree,
    Voice,
    Words,
    adopt,
    at,
    compile_rows,
)
from guardrail.text import Kind, Role

PROSE, DATA = Text(Kind.PROSE, inside=SPOKEN), Text(Kind.DATA, inside=FREE)
TOKEN, FIXED = Text(Kind.TOKEN), Text(Kind.FIXED)

ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}


def words(*known: str, code: str = "invalid_value", refused: tuple[str, ...] = ()) -> Words:
    """A closed list."""
    return Words(frozenset(known), code, frozenset(refused))


def rows(rule: Rule | None, *paths: str) -> tuple[Row, ...]:
    """One rule for many fields."""
    return tuple(Row(path, rule) for path in paths)


_ROLE = words(*ROLES, code="unknown_role")
_TOOL = words("function", "custom", code="unknown_tool")
_TEXT_PART = words("text", code="unknown_part")
_TTL = words("30m", "12h", "24h")
_COUNT, _SIZE = Number(1_000), Number(10_000_000)

# ---------------------------------------------------------------------------------------------- JSON Schema

_TYPES = Known(frozenset({"object", "array", "string", "number", "integer", "boolean", "null"}))
_FORMATS = Known(frozenset({"date", "date-time", "time", "duration", "email", "uuid", "ipv4", "ipv6", "uri"}))

SCHEMA = (
    Row("", Switch()),  # `true` and `false` are schemas
    *rows(_TYPES, "type", "type[]"),
    Row("format", _FORMATS),
    *rows(FIXED, "required[]", "$ref", "$id", "$schema", "$anchor"),
    *rows(DATA, "title", "description", "$comment", "pattern"),
    *rows(Free(), "enum", "const", "default", "examples", "discriminator"),
    *rows(Switch(), "required", "uniqueItems", "deprecated", "readOnly", "writeOnly", "nullable", "strict"),
    *rows(Bound(), "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *rows(Bound(), "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
    *rows(Tree("schema"), "properties.*", "patternProperties.*", "$defs.*", "definitions.*", "dependentSchemas.*"),
    *rows(Tree("schema"), "[]", "items", "not", "if", "then", "else", "contains", "propertyNames"),
    *rows(Tree("schema"), "additionalProperties", "unevaluatedProperties", "additionalItems"),
    *rows(Tree("schema"), "anyOf[]", "oneOf[]", "allOf[]", "prefixItems[]"),
)

# ------------------------------------------------------------------------------------------------- requests

_MISTRAL_PARTS = ("thinking", "reference", "document_url")
_THINKING = "messages[].content[].thinking"
_MISTRAL_MESSAGES = (
    Row("messages[].prefix", Switch()),
    *rows(Link(), "messages[].content[].image_url", "messages[].content[].document_url"),
    Row("messages[].content[].document_name", DATA),
    Row("messages[].content[].input_audio", Media()),
    Row("messages[].content[].file_id", Reference("file")),
    Row("messages[].content[].closed", Switch()),
    *rows(Free(), "messages[].content[].reference_ids[]", f"{_THINKING}[].reference_ids[]"),
    Row(f"{_THINKING}[].type", words("text", "reference", "tool_reference", code="unknown_part")),
    *rows(PROSE, _THINKING, f"{_THINKING}[].text"),
    Row(f"{_THINKING}[].tool", FIXED),
    *rows(DATA, *(f"{_THINKING}[].{name}" for name in ("title", "url", "favicon", "description"))),
    Row("messages[].tool_calls[].function.arguments.*", Free()),
)

_MESSAGES = (
    Row("messages", required=True),
    Row("messages[]", Voice("role", ROLES), required=True),
    Row("messages[].role", _ROLE),
    Row("messages[].content", PROSE),
    Row("messages[].content[]", required=True),
    Row(
        "messages[].content[].type",
        words("text", "refusal", "image_url", "input_audio", "file", *_MISTRAL_PARTS, code="unknown_part"),
        required=True,
    ),
    *rows(PROSE, "messages[].content[].text", "messages[].content[].refusal", "messages[].refusal"),
    Row("messages[].content[].image_url.url", Link(), required=True),
    Row("messages[].content[].image_url.detail", words("auto", "low", "high", "original")),
    Row("messages[].content[].input_audio.data", Media("format"), required=True),
    Row("messages[].content[].input_audio.format", words("wav", "mp3")),
    Row("messages[].content[].file.file_data", Media()),
    Row("messages[].content[].file.file_id", Reference("file")),
    Row("messages[].content[].file.filename", DATA),
    Row("messages[].content[].prompt_cache_breakpoint.mode", words("explicit")),
    Row("messages[].content[].prompt_cache_breakpoint.ttl", _TTL),
    *rows(PROSE, "messages[].reasoning_content", "messages[].reasoning"),  # vendor
    Row("messages[].audio", Refused()),
    *rows(TOKEN, "messages[].name", "messages[].tool_call_id", "messages[].tool_calls[].id"),
    *rows(Call(), "messages[].tool_calls[].function", "messages[].function_call"),
    Row("messages[].tool_calls[].custom", Call(arguments="input")),
    Row("messages[].tool_calls[].type", _TOOL),
    Row("messages[].tool_calls[].index", _COUNT),  # vendor: history copied from a stream
    *rows(FIXED, "messages[].tool_calls[].function.name", "messages[].tool_calls[].custom.name"),
    *rows(DATA, "messages[].tool_calls[].function.arguments", "messages[].tool_calls[].custom.input"),
    Row("messages[].function_call.name", FIXED),
    Row("messages[].function_call.arguments", DATA),
    Row("messages[].annotations[].type", words("url_citation")),
    *rows(DATA, "messages[].annotations[].url_citation.url", "messages[].annotations[].url_citation.title"),
    *rows(
        _SIZE,
        "messages[].annotations[].url_citation.start_index",
        "messages[].annotations[].url_citation.end_index",
    ),
)

_TOOLS = (
    Row("tools[].type", _TOOL),
    *rows(FIXED, "tools[].function.name", "tools[].custom.name", "functions[].name"),
    *rows(DATA, "tools[].function.description", "tools[].custom.description", "functions[].description"),
    *rows(Tree("schema"), "tools[].function.parameters", "functions[].parameters"),
    Row("tools[].function.strict", Switch()),
    Row("tools[].custom.format.type", words("text", "grammar")),
    Row("tools[].custom.format.grammar.syntax", words("lark", "regex")),
    Row("tools[].custom.format.grammar.definition", DATA),
    Row("tool_choice", words("none", "auto", "required", "any")),  # "any": Mistral
    Row("tool_choice.type", words("function", "custom", "allowed_tools", code="unknown_tool")),
    *rows(FIXED, "tool_choice.function.name", "tool_choice.custom.name"),
    Row("tool_choice.allowed_tools.mode", words("auto", "required")),
    Row("tool_choice.allowed_tools.tools[].type", _TOOL),
    *rows(FIXED, "tool_choice.allowed_tools.tools[].function.name", "tool_choice.allowed_tools.tools[].custom.name"),
    Row("function_call", words("none", "auto")),
    Row("function_call.name", FIXED),
)

_VENDOR_FORMATS = ("json", "regex", "grammar", "structural_tag")  # TGI, vLLM, SGLang

_OUTPUT = (
    Row("response_format.type", words("text", "json_object", "json_schema", *_VENDOR_FORMATS), required=True),
    Row("response_format.schema", Tree("schema")),  # vendor: llama.cpp
    Row("response_format.json_schema.name", FIXED),
    Row("response_format.json_schema.description", DATA),
    Row("response_format.json_schema.schema", Tree("schema")),
    Row("response_format.json_schema.strict", Switch()),
    Row("modalities[]", words("text", refused=("audio",)), required=True),
    Row("audio", Refused()),
    Row("prediction.type", words("content")),
    Row("prediction.content", PROSE),
    Row("prediction.content[]", required=True),
    Row("prediction.content[].type", _TEXT_PART, required=True),
    Row("prediction.content[].text", PROSE),
    Row("prediction.content[].prompt_cache_breakpoint.mode", words("explicit")),
    Row("prediction.content[].prompt_cache_breakpoint.ttl", _TTL),
    *rows(DATA, "stop", "stop[]"),
    *rows(Switch(), "stream", "stream_options.include_usage", "stream_options.include_obfuscation", "logprobs"),
)

_SETTINGS = (
    Row("model", FIXED, required=True),
    *rows(TOKEN, "user", "safety_identifier", "prompt_cache_key"),
    Row("metadata.*", Free()),  # of LiteLLM it may hold more than strings
    Row("logit_bias.*", Number(100)),
    *rows(Switch(), "store", "parallel_tool_calls"),
    *rows(Number(10), "frequency_penalty", "presence_penalty", "temperature", "top_p"),
    *rows(_COUNT, "n", "top_logprobs"),
    Row("seed", Plain()),  # any number, spelt as it came (JSON-05)
    *rows(_SIZE, "max_tokens", "max_completion_tokens"),
    Row("reasoning_effort", words("none", "minimal", "low", "medium", "high", "xhigh", "max")),
    Row("verbosity", words("low", "medium", "high")),
    Row("service_tier", words("auto", "default", "flex", "scale", "priority", "fast", "standard_only")),
    Row("prompt_cache_retention", words("in_memory", "24h")),
    Row("prompt_cache_options.mode", words("implicit", "explicit")),
    Row("prompt_cache_options.ttl", _TTL),
    Row("moderation.model", FIXED),
    Row("moderation.policy.input.mode", words("score", "block")),
    Row("moderation.policy.output.mode", words("score", "block")),
    Row("web_search_options.search_context_size", words("low", "medium", "high")),
    Row("web_search_options.user_location.type", words("approximate")),
    *rows(
        DATA,
        *(f"web_search_options.user_location.approximate.{part}" for part in ("city", "country", "region", "timezone")),
    ),
)

VENDOR = (
    *rows(
        Number(10_000_000),
        *("min_tokens", "max_new_tokens", "top_k", "top_n_tokens", "truncate_prompt_tokens", "prompt_logprobs"),
        *("n_predict", "n_keep", "n_probs", "min_keep", "mirostat", "repeat_last_n", "dry_allowed_length"),
        *("dry_penalty_last_n", "id_slot", "t_max_predict_ms", "n_indent", "priority"),
    ),
    *rows(
        Number(1_000),
        *("min_p", "top_a", "typical_p", "tfs_z", "repetition_penalty", "length_penalty", "repeat_penalty"),
        *("mirostat_tau", "mirostat_eta", "dynatemp_range", "dynatemp_exponent", "xtc_probability", "xtc_threshold"),
        *("dry_multiplier", "dry_base"),
    ),
    *rows(
        Switch(),
        *("use_beam_search", "ignore_eos", "skip_special_tokens", "spaces_between_special_tokens"),
        *("include_stop_str_in_output", "add_special_tokens", "add_generation_prompt", "continue_final_message"),
        *("return_tokens_as_token_ids", "return_token_ids", "return_tokens", "include_reasoning", "do_sample"),
        *("separate_reasoning", "cache_prompt", "timings_per_token", "return_progress", "post_sampling_probs"),
        "echo",
    ),
    Row("stop_token_ids[]", Number(10_000_000)),
    Row("fallbacks[]", DATA),
    *rows(
        Refused("invalid_value"),  # LiteLLM would send the request to another server
        *("api_base", "base_url", "fallbacks[].api_base", "fallbacks[].base_url"),
    ),
)
"""What vLLM, TGI, SGLang, llama.cpp and LiteLLM add to requests and need not be inspected, or may not be asked for."""

_MODERATION = ("guardrails[].moderation_llm_v1", "guardrails[].moderation_llm_v2")
_MISTRAL = (
    *_MISTRAL_MESSAGES,
    Row("safe_prompt", Switch()),
    Row("random_seed", Plain()),
    Row("prompt_mode", words("reasoning")),
    Row("top_prompt_logprobs", _COUNT),
    Row("guardrails[].block_on_error", Switch()),
    *rows(FIXED, *(f"{path}.model_name" for path in _MODERATION)),
    *rows(Number(10), *(f"{path}.custom_category_thresholds.*" for path in _MODERATION)),
    *rows(Switch(), *(f"{path}.ignore_other_categories" for path in _MODERATION)),
    *rows(words("none", "block"), *(f"{path}.action" for path in _MODERATION)),
)

_ROWS = (*_SETTINGS, *_MESSAGES, *_TOOLS, *_OUTPUT, *VENDOR, *_MISTRAL)
REQUEST: Field = compile_rows(_ROWS, {"schema": SCHEMA})
DEPLOYED_REQUEST: Field = compile_rows(
    (*(row for row in _ROWS if row.path != "model"), Row("model", FIXED)), {"schema": SCHEMA}
)
"""Azure: the path names a deployment, so the body need not name a model."""

# -------------------------------------------------------------------------------------------------- answers

NAME = Match(re.compile(r"[A-Za-z0-9_.:-]{0,256}"))
"""Ids and names of functions in an answer (a stream leaves them empty after the first frame)."""
LABEL = Match(re.compile(r"[A-Za-z0-9_.:/@+-]{0,128}"))
"""What a provider says about itself: model, fingerprint."""
WORD = Match(re.compile(r"[A-Za-z_]{0,48}"))
_VENDOR_WORD = Match(re.compile(r"[A-Za-z_]{0,32}"), strict=False)
PADDING = Match(re.compile(r"[A-Za-z0-9]{0,64}"))

_SEVERITIES = tuple(f"content_filter_results.{harm}.severity" for harm in ("hate", "self_harm", "sexual", "violence"))


def _about(spoken: str) -> tuple[Row, ...]:
    """What whole answers and frames have in common; `spoken` is where the model speaks."""
    return (
        Row("id", NAME),
        *rows(LABEL, "model", "system_fingerprint"),
        Row("provider", _VENDOR_WORD),  # vendor: OpenRouter
        Row("service_tier", WORD),
        *rows(Plain(), "created", "choices[].index"),
        Row("choices[]", required=True),
        Row("choices[].logprobs", Echo()),
        Row("choices[].text", Refused()),  # the older completions API, or a second copy of the words
        *rows(Echo(), "choices[].token_ids", "prompt_token_ids", "prompt_logprobs"),  # vendor: vLLM
        Row("__verbose", Echo()),  # vendor: llama.cpp tells the prompt and the answer again
        Row("choices[].finish_reason", WORD),
        Row("choices[].native_finish_reason", _VENDOR_WORD),
        *rows(WORD, *(f"choices[].{severity}" for severity in _SEVERITIES)),  # vendor: Azure
        *rows(WORD, *(f"prompt_filter_results[].{severity}" for severity in _SEVERITIES)),
        Row("metadata.*", Free()),
        Row(f"{spoken}.role", WORD),
        Row(f"{spoken}.audio", Refused()),
        Row(f"{spoken}.annotations[].type", WORD),
        Row(f"{spoken}.annotations[].url_citation", Quote("start_index", "end_index")),
        *rows(DATA, f"{spoken}.annotations[].url_citation.url", f"{spoken}.annotations[].url_citation.title"),
        *rows(Call(), f"{spoken}.tool_calls[].function", f"{spoken}.function_call"),
        Row(f"{spoken}.tool_calls[].custom", Call(arguments="input")),
        Row(f"{spoken}.tool_calls[].index", Plain()),
        Row(f"{spoken}.tool_calls[].type", words("function", "custom", "")),
        *rows(NAME, f"{spoken}.tool_calls[].id", f"{spoken}.tool_calls[].function.name"),
        *rows(NAME, f"{spoken}.tool_calls[].custom.name", f"{spoken}.function_call.name"),
    )


_MESSAGE = "choices[].message"
_SAID = Text(Kind.PROSE)
_THOUGHT = Text(Kind.PROSE, opens=False)
_SAID_AS_JSON = Text(Kind.PROSE, inside=SPOKEN, opens=False)


STRANGE = Field(rule=Free(spoken=True, tokens=True, foreign=True))
LABELS = frozenset({"type", "id", "format", "object", "status", "name", "role", "kind", "event", "provider", "model"})
STRANGE_PIECE = Field(rule=Free(tokens=True, foreign=True, piece=Piece("", Kind.PROSE, opens=False), labels=LABELS))
"""What a delta holds beyond its rows: more words perhaps, so they are put together before they are judged."""


def _thinking(spoken: str, thought: Text | Piece) -> tuple[Row, ...]:
    """What Mistral's models think, and what they refer to: parts of the content."""
    content = f"{spoken}.content[]"
    return (
        Row(f"{content}.thinking[].type", WORD),
        Row(f"{content}.thinking[].text", thought),
        *rows(Free(), f"{content}.reference_ids[]", f"{content}.thinking[].reference_ids[]"),
        Row(f"{content}.closed", Plain()),
    )


def _answer(content: Text) -> Field:
    table = compile_rows(
        (
            Row("object", words("chat.completion")),
            Row("choices", required=True),
            Row(_MESSAGE, required=True),
            *_about(_MESSAGE),
            *rows(content, f"{_MESSAGE}.content", f"{_MESSAGE}.content[].text"),
            Row(
                f"{_MESSAGE}.content[].type",
                words("text", "refusal", "thinking", "reference", code="uninspected_part"),
                required=True,
            ),
            *_thinking(_MESSAGE, _THOUGHT),
            Row(f"{_MESSAGE}.tool_calls[].function.arguments.*", Free()),  # Mistral
            *rows(_SAID, f"{_MESSAGE}.content[].refusal", f"{_MESSAGE}.refusal"),
            *rows(_THOUGHT, f"{_MESSAGE}.reasoning_content", f"{_MESSAGE}.reasoning"),  # vendor
            *rows(DATA, f"{_MESSAGE}.tool_calls[].function.arguments", f"{_MESSAGE}.tool_calls[].custom.input"),
            Row(f"{_MESSAGE}.function_call.arguments", DATA),
        )
    )
    return adopt(table, STRANGE)


ANSWER = _answer(_SAID)
STRUCTURED_ANSWER = _answer(_SAID_AS_JSON)
"""For requests that asked for JSON: a sentence in it is judged as one, nothing is inserted, it stays JSON."""

_DELTA = "choices[].delta"
_ARGUMENTS = Piece("arguments", Kind.DATA, json=True)


def _frame(content: Piece) -> Field:
    table = compile_rows(
        (
            Row("object", words("chat.completion.chunk", "")),
            Row("obfuscation", PADDING),
            Row("choices[].message", Refused()),  # a second copy of the words
            *_about(_DELTA),
            *rows(content, f"{_DELTA}.content", f"{_DELTA}.content[].text"),
            Row(
                f"{_DELTA}.content[].type",
                words("text", "thinking", "reference", code="uninspected_part"),
                required=True,
            ),
            *_thinking(_DELTA, Piece("thinking", Kind.PROSE, opens=False)),
            Row(f"{_DELTA}.tool_calls[].function.arguments.*", Free()),  # Mistral
            Row(f"{_DELTA}.refusal", Piece("refusal", Kind.PROSE)),
            *(
                Row(f"{_DELTA}.{thought}", Piece(thought, Kind.PROSE, opens=False))
                for thought in ("reasoning_content", "reasoning")  # vendor
            ),
            Row(f"{_DELTA}.tool_calls[].function.arguments", _ARGUMENTS),
            Row(f"{_DELTA}.tool_calls[].custom.input", Piece("input", Kind.DATA)),
            Row(f"{_DELTA}.function_call.arguments", Piece("function_call/arguments", Kind.DATA, json=True)),
        )
    )
    adopt(at(table, _DELTA), STRANGE_PIECE)
    return adopt(table, STRANGE)


FRAME = _frame(Piece("content", Kind.PROSE))
FILLED_FRAME = _frame(Piece("content", Kind.PROSE, opens=False))
"""For answers that are put between two texts: no words of ours may stand before them."""
STRUCTURED_FRAME = _frame(Piece("content", Kind.DATA, json=True))
"""For requests that asked for JSON: the content is judged as a document when it is complete."""

# --------------------------------------------------------------------------------------------------- errors

_ERRORS = (
    # types
    "invalid_request_error authentication_error permission_error not_found_error conflict_error rate_limit_error",
    "unprocessable_entity_error server_error api_error insufficient_quota tokens requests timeout timeout_error",
    "request_too_large overloaded_error service_unavailable_error internal_server_error access_terminated",
    # codes: who asks, and how much of it
    "invalid_api_key incorrect_api_key_provided invalid_organization organization_restricted account_deactivated",
    "mismatched_organization mismatched_project permission_denied insufficient_permissions ip_not_authorized",
    "missing_scope unsupported_country_region_territory rate_limit_exceeded billing_hard_limit_reached",
    "billing_not_active payment_required overloaded engine_overloaded slow_down provider_overloaded",
    "provider_unavailable internal_error service_unavailable request_timeout",
    # codes: what is asked
    "model_not_found unsupported_model context_length_exceeded max_tokens_exceeded token_limit_exceeded",
    "string_too_long payload_too_large invalid_prompt content_filter content_policy_violation bio_policy",
    "misalignment_policy_violation data_residency_mismatch invalid_value invalid_type invalid_json unsupported_value",
    "unsupported_parameter unknown_parameter missing_required_parameter invalid_function_parameters",
    "string_above_max_length string_below_min_length empty_string array_above_max_length array_below_min_length",
    "empty_array integer_above_max_value integer_below_min_value decimal_above_max_value decimal_below_min_value",
    "object_above_max_properties json_validate_failed tool_use_failed unknown_url",
    # as vLLM and Azure write them
    "BadRequestError AuthenticationError PermissionDeniedError NotFoundError UnprocessableEntityError RateLimitError",
    "InternalServerError ServiceUnavailableError BadRequest Unauthorized DeploymentNotFound ResourceNotFound",
    "TooManyRequests RateLimitReached OperationNotSupported",
)
ERROR_WORDS = frozenset(word for line in _ERRORS for word in line.split())
"""Types and codes of errors that are passed on; any other word could be somebody's name (UPS-01).

Sources: OpenAI's guide to its errors, its SDK's `ResponseError.code`, and what vendors document (OpenRouter, Groq).
"""
