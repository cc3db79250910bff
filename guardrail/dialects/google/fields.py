"""What Gemini's requests are made of: every field, and what happens with it. Answers: `answers.py`. Holds no code.

Names are those of Google's JSON (`fileUri`); `lenient` adds the other spelling that Google reads too (`file_uri`).
Sources: the types and the converters of the `google-genai` SDK (`google/genai/types.py`, `models.py`).
"""

from __future__ import annotations

import re

from guardrail.dialects.google.spelling import lenient
from guardrail.dialects.openai.fields import SCHEMA as JSON_SCHEMA
from guardrail.dialects.table import (
    FREE,
    SPOKEN,
    Call,
    Field,
    Free,
    Known,
    Link,
    Match,
    Media,
    Number,
    Plain,
    Reference,
    Refused,
    Row,
    Rule,
    Switch,
    Text,
    Tree,
    Voice,
    Words,
    compile_rows,
)
from guardrail.text import Kind, Role

PROSE, DATA = Text(Kind.PROSE, inside=SPOKEN), Text(Kind.DATA, inside=FREE)
TOKEN, FIXED = Text(Kind.TOKEN), Text(Kind.FIXED)

ROLES = {"user": Role.USER, "model": Role.ASSISTANT, "function": Role.TOOL, "tool": Role.TOOL}
FROM_TOOL = Voice("", {}, default=Role.TOOL)
"""What a program answered, whoever hands it over."""

SIGNATURE = Match(
    re.compile(r"(?=.{64})(?:[A-Za-z0-9+/_-]{4})*+(?:[A-Za-z0-9+/_-]{2}==|[A-Za-z0-9+/_-]{3}=)?"), strict=False
)
"""What the provider encrypted for itself. Too short to be that: inspected as a value."""


def words(*known: str, code: str = "invalid_value", refused: tuple[str, ...] = ()) -> Words:
    """A closed list."""
    return Words(frozenset(known), code, frozenset(refused))


def rows(rule: Rule, *paths: str) -> tuple[Row, ...]:
    """One rule for many fields."""
    return tuple(Row(path, rule) for path in paths)


_COUNT, _SIZE, _FACTOR = Number(1_000), Number(10_000_000), Number(100)
_SECONDS = Match(re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,9})?s"))
_LANGUAGE = Match(re.compile(r"[a-zA-Z]{2,3}(?:-[A-Za-z0-9]{2,4}){0,2}"))
_LAYERS = words(
    "CONTENT_LAYER_UNSPECIFIED",
    "FRAMES",
    "AUDIO",
    "TRANSCRIPT",
    "PAGE_IMAGE",
    "PAGE_TEXT",
    "DATA",
    "FORMULAS",
    "VISUAL",
)
_RESOLUTION = words(
    "MEDIA_RESOLUTION_UNSPECIFIED",
    "MEDIA_RESOLUTION_LOW",
    "MEDIA_RESOLUTION_MEDIUM",
    "MEDIA_RESOLUTION_HIGH",
    "MEDIA_RESOLUTION_ULTRA_HIGH",
)
TOOL_TYPE = words(
    *("TOOL_TYPE_UNSPECIFIED", "GOOGLE_SEARCH_WEB", "GOOGLE_SEARCH_IMAGE", "URL_CONTEXT", "GOOGLE_MAPS", "FILE_SEARCH"),
    "MEDIA_PROCESSING",
)

# ---------------------------------------------------------------------------------------------------- parts

PART_KINDS = frozenset(
    {"text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult"}
    | {"toolCall", "toolResponse", "audioTranscription", "thought", "thoughtSignature"}
)
"""A part that has none of these is of a kind that nobody knows."""

PART = (
    Row("text", PROSE),
    Row("thought", Switch()),
    Row("thoughtSignature", SIGNATURE),
    Row("inlineData.data", Media("mimeType", also="mime_type"), required=True),
    Row("fileData.fileUri", Link(), required=True),
    *rows(FIXED, "inlineData.mimeType", "fileData.mimeType"),
    *rows(DATA, "inlineData.displayName", "fileData.displayName"),
    Row("functionCall", Call("name", "args")),
    Row("functionCall.name", FIXED),
    Row("functionCall.id", TOKEN),
    Row("functionCall.args", Free()),
    *rows(DATA, "functionCall.partialArgs[].jsonPath", "functionCall.partialArgs[].stringValue"),
    Row("functionCall.partialArgs[].numberValue", Free()),
    Row("functionCall.partialArgs[].nullValue", words("NULL_VALUE")),
    *rows(Switch(), "functionCall.partialArgs[].boolValue", "functionCall.partialArgs[].willContinue"),
    Row("functionCall.willContinue", Switch()),
    Row("functionResponse", FROM_TOOL),
    Row("functionResponse.name", FIXED),
    Row("functionResponse.id", TOKEN),
    Row("functionResponse.response", Free()),
    Row("functionResponse.willContinue", Switch()),
    Row("functionResponse.scheduling", words("SCHEDULING_UNSPECIFIED", "SILENT", "WHEN_IDLE", "INTERRUPT")),
    Row("functionResponse.parts[]", Tree("part")),
    Row("executableCode.code", DATA),
    Row("executableCode.language", words("LANGUAGE_UNSPECIFIED", "PYTHON")),
    Row("executableCode.id", TOKEN),
    Row("codeExecutionResult", FROM_TOOL),
    Row("codeExecutionResult.output", DATA),
    Row(
        "codeExecutionResult.outcome",
        words("OUTCOME_UNSPECIFIED", "OUTCOME_OK", "OUTCOME_FAILED", "OUTCOME_DEADLINE_EXCEEDED"),
    ),
    Row("codeExecutionResult.id", TOKEN),
    Row("toolCall", Call("", "args")),  # has run at the provider's
    Row("toolCall.toolType", TOOL_TYPE),
    Row("toolCall.id", TOKEN),
    Row("toolCall.args", Free()),
    Row("toolResponse", FROM_TOOL),
    Row("toolResponse.toolType", TOOL_TYPE),
    Row("toolResponse.id", TOKEN),
    Row("toolResponse.response", Free()),
    Row("partMetadata", Free()),
    Row("audioTranscription.text", PROSE),
    Row("audioTranscription.words", Refused()),  # the same words one by one, where no name can be seen
    Row("audioTranscription.finished", Switch()),
    Row("audioTranscription.languageCode", _LANGUAGE),
    Row("audioTranscription.speakerLabel", DATA),
    *rows(_SECONDS, "audioTranscription.startOffset", "audioTranscription.endOffset"),
    *rows(_SECONDS, "videoMetadata.startOffset", "videoMetadata.endOffset"),
    *rows(_SECONDS, "audioMetadata.startOffset", "audioMetadata.endOffset"),
    Row("videoMetadata.fps", _COUNT),
    *(Row(f"{of}Metadata.contentLayers[]", _LAYERS) for of in ("video", "document", "spreadsheet")),
    *rows(_SIZE, "documentMetadata.startPage", "documentMetadata.endPage", "spreadsheetMetadata.sheetIndex"),
    *rows(DATA, "spreadsheetMetadata.visibleCells", "speechMetadata.speaker", "speechMetadata.style"),
    Row("mediaResolution.level", _RESOLUTION),
    Row("mediaResolution.numTokens", _SIZE),
    Row("mediaProcessing", words("MEDIA_PROCESSING_UNSPECIFIED", "STATIC", "AGENTIC")),
)


def _content(at: str) -> tuple[Row, ...]:
    """The words of a system or of a text to be embedded: nobody in particular speaks."""
    return (
        Row(at, Voice("role", {"system": Role.SYSTEM, "user": Role.SYSTEM, "model": Role.SYSTEM}, default=Role.SYSTEM)),
        Row(f"{at}.role", words("system", "user", "model", code="unknown_role")),
        Row(f"{at}.parts[]", Tree("part")),
    )


_CONTENTS = (
    Row("contents", required=True),
    Row("contents[]", Voice("role", ROLES, default=Role.USER), required=True),
    Row("contents[].role", words(*ROLES, code="unknown_role")),
    Row("contents[].parts[]", Tree("part")),
)

# --------------------------------------------------------------------------------------------------- schema

_TYPES = ("STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL")
_TYPE = Known(frozenset({"TYPE_UNSPECIFIED", *_TYPES, *(name.lower() for name in _TYPES)}))
_FORMATS = ("date", "date-time", "time", "duration", "email", "uuid", "ipv4", "ipv6", "uri", "enum")
_FORMAT = Known(frozenset({*_FORMATS, "int32", "int64", "float", "double"}))
SCHEMA = (
    *JSON_SCHEMA,
    *rows(_TYPE, "type", "type[]"),
    Row("format", _FORMAT),
    *rows(FIXED, "propertyOrdering[]", "ref"),
    Row("example", Free()),
    Row("defs.*", Tree("schema")),
)

# ---------------------------------------------------------------------------------------------------- tools

_CONFIDENCE = words(
    *("PHISH_BLOCK_THRESHOLD_UNSPECIFIED", "BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_HIGH_AND_ABOVE"),
    *("BLOCK_HIGHER_AND_ABOVE", "BLOCK_VERY_HIGH_AND_ABOVE", "BLOCK_ONLY_EXTREMELY_HIGH"),
)
_STORE = Reference("data_store")
_TOOLS = (
    Row("tools[].functionDeclarations[].name", FIXED),
    Row("tools[].functionDeclarations[].description", DATA),
    *rows(
        Tree("schema"),
        *(
            f"tools[].functionDeclarations[].{name}"
            for name in ("parameters", "parametersJsonSchema", "response", "responseJsonSchema")
        ),
    ),
    Row("tools[].functionDeclarations[].behavior", words("UNSPECIFIED", "BLOCKING", "NON_BLOCKING")),
    *rows(Free(), "tools[].codeExecution", "tools[].urlContext"),
    *rows(Free(), "tools[].googleSearch.searchTypes", "tools[].googleMaps.groundingTypes"),
    *rows(_CONFIDENCE, "tools[].googleSearch.blockingConfidence", "tools[].enterpriseWebSearch.blockingConfidence"),
    *rows(DATA, "tools[].googleSearch.excludeDomains[]", "tools[].enterpriseWebSearch.excludeDomains[]"),
    *rows(FIXED, "tools[].googleSearch.timeRangeFilter.startTime", "tools[].googleSearch.timeRangeFilter.endTime"),
    Row("tools[].googleSearchRetrieval.dynamicRetrievalConfig.mode", words("MODE_UNSPECIFIED", "MODE_DYNAMIC")),
    Row("tools[].googleSearchRetrieval.dynamicRetrievalConfig.dynamicThreshold", _FACTOR),
    Row("tools[].googleMaps.enableWidget", Switch()),
    Row("tools[].googleMaps.authConfig", Free()),
    Row("tools[].fileSearch.fileSearchStoreNames[]", _STORE),
    Row("tools[].fileSearch.topK", _COUNT),
    Row("tools[].fileSearch.metadataFilter", DATA),
    Row("tools[].retrieval.disableAttribution", Switch()),
    Row("tools[].retrieval.externalApi", Refused()),  # the provider would ask somebody else
    *rows(_STORE, "tools[].retrieval.vertexAiSearch.datastore", "tools[].retrieval.vertexAiSearch.engine"),
    Row("tools[].retrieval.vertexAiSearch.dataStoreSpecs[].dataStore", _STORE),
    *rows(
        DATA,
        "tools[].retrieval.vertexAiSearch.filter",
        "tools[].retrieval.vertexAiSearch.dataStoreSpecs[].filter",
        "tools[].retrieval.vertexRagStore.ragRetrievalConfig.filter.metadataFilter",
    ),
    Row("tools[].retrieval.vertexAiSearch.maxResults", _COUNT),
    Row("tools[].retrieval.vertexRagStore.ragCorpora[]", _STORE),
    Row("tools[].retrieval.vertexRagStore.ragResources[].ragCorpus", _STORE),
    Row("tools[].retrieval.vertexRagStore.ragResources[].ragFileIds[]", _STORE),
    *rows(
        _COUNT,
        *(
            f"tools[].retrieval.vertexRagStore.{name}"
            for name in (
                "similarityTopK",
                "vectorDistanceThreshold",
                "ragRetrievalConfig.topK",
                "ragRetrievalConfig.hybridSearch.alpha",
                "ragRetrievalConfig.filter.vectorDistanceThreshold",
                "ragRetrievalConfig.filter.vectorSimilarityThreshold",
            )
        ),
    ),
    Row("tools[].retrieval.vertexRagStore.storeContext", Switch()),
    Row("tools[].retrieval.vertexRagStore.ragRetrievalConfig.ranking.llmRanker.modelName", FIXED),
    Row("tools[].retrieval.vertexRagStore.ragRetrievalConfig.ranking.rankService.modelName", FIXED),
    Row("tools[].mcpServers", Refused()),  # the provider would talk to it, with headers of the client's
    *rows(Free(), "tools[].parallelAiSearch", "tools[].exaAiSearch"),
    Row(
        "tools[].computerUse.environment",
        words("ENVIRONMENT_UNSPECIFIED", "ENVIRONMENT_BROWSER", "ENVIRONMENT_MOBILE", "ENVIRONMENT_DESKTOP"),
    ),
    Row("tools[].computerUse.excludedPredefinedFunctions[]", FIXED),
    Row("tools[].computerUse.enablePromptInjectionDetection", Switch()),
    Row(
        "tools[].computerUse.disabledSafetyPolicies[]",
        words(
            *("SAFETY_POLICY_UNSPECIFIED", "FINANCIAL_TRANSACTIONS", "SENSITIVE_DATA_MODIFICATION"),
            *("COMMUNICATION_TOOL", "ACCOUNT_CREATION", "DATA_MODIFICATION", "USER_CONSENT_MANAGEMENT"),
            "LEGAL_TERMS_AND_AGREEMENTS",
        ),
    ),
    Row("toolConfig.retrievalConfig.latLng", Refused()),  # where somebody is
    Row("toolConfig.retrievalConfig.languageCode", _LANGUAGE),
    Row("toolConfig.functionCallingConfig.mode", words("MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED")),
    Row("toolConfig.functionCallingConfig.allowedFunctionNames[]", FIXED),
    Row(
        "toolConfig.functionCallingConfig.streamFunctionCallArguments", Number(0)
    ),  # pieces of arguments can't be judged
    Row("toolConfig.includeServerSideToolInvocations", Switch()),
)

# ------------------------------------------------------------------------------------------------- settings

_HARMS = (
    *("UNSPECIFIED", "HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT", "CIVIC_INTEGRITY"),
    *("JAILBREAK", "IMAGE_HATE", "IMAGE_DANGEROUS_CONTENT", "IMAGE_HARASSMENT", "IMAGE_SEXUALLY_EXPLICIT"),
)
_PREFERENCES = ("UNKNOWN", "PRIORITIZE_QUALITY", "BALANCED", "PRIORITIZE_COST")
_LEVELS = ("THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH", "XHIGH")
_TIERS = ("UNSPECIFIED", "FLEX", "STANDARD", "PRIORITY")
JSON_TYPES = frozenset({"application/json", "text/x.enum"})
"""Answers that a program reads: no words of ours may stand in them."""

_TYPES_OF_TEXT = words("text/plain", *JSON_TYPES)


def _config(at: str) -> tuple[Row, ...]:
    def under(*names: str) -> list[str]:
        return [f"{at}.{name}" for name in names]

    return (
        *rows(_TYPES_OF_TEXT, *under("responseMimeType", "responseFormat[].text.mimeType")),
        *rows(Tree("schema"), *under("responseSchema", "responseJsonSchema", "_responseJsonSchema")),
        Row(f"{at}.responseFormat[].text.schema", Tree("schema")),
        *rows(Refused(), *under(*(f"responseFormat[].{media}" for media in ("audio", "image", "video")))),
        *rows(Refused(), *under("speechConfig", "imageConfig", "audioTranscriptionConfig")),
        Row(f"{at}.responseModalities[]", words("TEXT", "MODALITY_UNSPECIFIED", refused=("IMAGE", "AUDIO", "VIDEO"))),
        Row(f"{at}.stopSequences[]", DATA),
        *rows(_FACTOR, *under("temperature", "topP", "presencePenalty", "frequencyPenalty")),
        *rows(_COUNT, *under("topK", "candidateCount", "logprobs")),
        *rows(_SIZE, *under("maxOutputTokens", "thinkingConfig.thinkingBudget")),
        Row(f"{at}.seed", Plain()),  # any number, spelt as it came
        *rows(
            Switch(),
            *under("responseLogprobs", "audioTimestamp", "enableEnhancedCivicAnswers", "enableAffectiveDialog"),
            *under("thinkingConfig.includeThoughts", "translationConfig.echoTargetLanguage"),
        ),
        Row(f"{at}.thinkingConfig.thinkingLevel", words(*_LEVELS, *(level.lower() for level in _LEVELS))),
        Row(f"{at}.mediaResolution", _RESOLUTION),
        Row(f"{at}.routingConfig.autoMode.modelRoutingPreference", words(*_PREFERENCES)),
        Row(f"{at}.routingConfig.manualMode.modelName", FIXED),
        *rows(
            words("FEATURE_SELECTION_PREFERENCE_UNSPECIFIED", *_PREFERENCES),
            *under("modelConfig.featureSelectionPreference", "modelSelectionConfig.featureSelectionPreference"),
        ),
        Row(f"{at}.translationConfig.targetLanguageCode", _LANGUAGE),
    )


_SETTINGS = (
    Row("model", FIXED),
    Row("labels.*", DATA),
    Row("cachedContent", Reference("cache")),
    Row("serviceTier", words(*_TIERS, *(tier.lower() for tier in _TIERS))),
    Row("store", Switch()),
    Row("continuationToken", SIGNATURE),
    Row("modelArmorConfig.promptTemplateName", FIXED),
    Row("modelArmorConfig.responseTemplateName", FIXED),
    Row("outputConfig", Refused()),  # the provider would write the answer somewhere else
    Row("safetySettings[].category", words(*(f"HARM_CATEGORY_{harm}" for harm in _HARMS))),
    Row("safetySettings[].method", words("HARM_BLOCK_METHOD_UNSPECIFIED", "SEVERITY", "PROBABILITY")),
    Row(
        "safetySettings[].threshold",
        words(
            *("HARM_BLOCK_THRESHOLD_UNSPECIFIED", "BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_ONLY_HIGH"),
            *("BLOCK_NONE", "OFF"),
        ),
    ),
)
_GENERATE = (*_SETTINGS, *_content("systemInstruction"), *_CONTENTS, *_TOOLS, *_config("generationConfig"))
_TREES = {"part": PART, "schema": SCHEMA}

REQUEST: Field = lenient(compile_rows(_GENERATE, _TREES))
COUNT_REQUEST: Field = lenient(
    compile_rows(
        (
            *(row for row in _GENERATE if row.path != "contents"),
            Row("instances", Free(spoken=True)),  # Vertex's older way
            Row("generateContentRequest", Tree("generate")),
        ),
        {**_TREES, "generate": _GENERATE},
    )
)

# ---------------------------------------------------------------------------------------------- embeddings

_TASK = words(
    *("TASK_TYPE_UNSPECIFIED", "RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT", "SEMANTIC_SIMILARITY", "CLASSIFICATION"),
    *("CLUSTERING", "QUESTION_ANSWERING", "FACT_VERIFICATION", "CODE_RETRIEVAL_QUERY"),
)


def _embedding(at: str = "") -> tuple[Row, ...]:
    places = (at, f"{at}embedContentConfig.")
    return (
        Row(f"{at}model", FIXED),
        *_content(f"{at}content"),
        *rows(_TASK, *(f"{place}taskType" for place in places)),
        *rows(DATA, *(f"{place}title" for place in places)),
        *rows(_SIZE, *(f"{place}outputDimensionality" for place in places)),
        *rows(
            Switch(),
            *(f"{place}{name}" for place in places for name in ("autoTruncate", "documentOcr", "audioTrackExtraction")),
        ),
    )


EMBED_REQUEST: Field = lenient(compile_rows((*_embedding(), *_embedding("requests[].")), _TREES))
PREDICT_REQUEST: Field = lenient(
    compile_rows(
        (
            Row("instances", required=True),
            Row("instances[]", required=True),
            Row("instances[].content", PROSE, required=True),
            Row("instances[].taskType", _TASK),
            Row("instances[].title", DATA),
            Row("instances[].mimeType", FIXED),
            Row("parameters.outputDimensionality", _SIZE),
            Row("parameters.autoTruncate", Switch()),
        )
    )
)
"""Vertex's older models for embeddings: the method is called `predict` and serves other models too; those are refused,
for they have no `content`."""
