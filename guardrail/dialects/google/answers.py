"""What Gemini's answers are made of, whole or in chunks: every field, and what happens with it. Holds no code.

A chunk of a stream is a whole answer with a piece of its text. Only texts are in pieces: calls of tools come complete.
"""

from __future__ import annotations

import re

from guardrail.dialects.google.fields import DATA, FROM_TOOL, SIGNATURE, rows
from guardrail.dialects.table import (
    FREE,
    SPOKEN,
    Call,
    Echo,
    Field,
    Free,
    Match,
    Media,
    Piece,
    Plain,
    Quote,
    Refused,
    Row,
    Text,
    Tree,
    adopt,
    at,
    compile_rows,
)
from guardrail.text import Kind

NAME = Match(re.compile(r"[A-Za-z0-9_.:-]{0,256}"))
"""Ids and names of functions."""
LABEL = Match(re.compile(r"[A-Za-z0-9_.:/@+;=-]{0,256}"))
"""What a provider says about itself: model, response id."""
WORD = Match(re.compile(r"[A-Za-z_]{0,64}"))
TIME = Match(re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}(?:Z|[+-][0-9]{2}:[0-9]{2})"))

_SAID = Text(Kind.PROSE)
_SAID_AS_JSON = Text(Kind.PROSE, inside=SPOKEN, opens=False)
_ASIDE = Text(Kind.PROSE, opens=False)
_STRANGE = Field(rule=Free(spoken=True, tokens=True, foreign=True))
_LABELS = frozenset({"type", "id", "format", "status", "name", "role", "kind", "language", "mimeType"})
_STRANGE_PIECE = Field(rule=Free(tokens=True, foreign=True, piece=Piece("", Kind.PROSE, opens=False), labels=_LABELS))
"""What a part in a stream holds beyond its rows: more words perhaps, put together before they are judged."""


def _files(at: str = "") -> tuple[Row, ...]:
    return (
        Row(f"{at}inlineData.data", Media("mimeType")),
        *rows(LABEL, f"{at}inlineData.mimeType", f"{at}fileData.mimeType"),
        *rows(DATA, f"{at}inlineData.displayName", f"{at}fileData.displayName", f"{at}fileData.fileUri"),
        *(Row(f"{at}{of}Metadata", Free()) for of in ("video", "audio", "document", "spreadsheet")),
        *rows(WORD, f"{at}mediaResolution.level", f"{at}mediaProcessing"),
        Row(f"{at}mediaResolution.numTokens", Plain()),
    )


def _part(text: Text | Piece, transcript: Text | Piece) -> tuple[Row, ...]:
    return (
        Row("text", text),
        Row("thought", Plain()),
        Row("thoughtSignature", SIGNATURE),
        *_files(),
        Row("functionCall", Call("name", "args")),
        *rows(NAME, "functionCall.name", "functionCall.id"),
        Row("functionCall.args", Free()),
        Row("functionCall.partialArgs", Refused()),  # never asked for
        Row("functionCall.willContinue", Plain()),
        Row("functionResponse", FROM_TOOL),
        *rows(NAME, "functionResponse.name", "functionResponse.id"),
        Row("functionResponse.response", Free()),
        Row("functionResponse.scheduling", WORD),
        Row("functionResponse.willContinue", Plain()),
        *_files("functionResponse.parts[]."),
        Row("executableCode.code", Text(Kind.DATA, inside=FREE, foreign=True)),  # a tool's argument in all but name
        Row("executableCode.language", WORD),
        Row("executableCode.id", NAME),
        Row("codeExecutionResult", FROM_TOOL),
        Row("codeExecutionResult.output", DATA),
        Row("codeExecutionResult.outcome", WORD),
        Row("codeExecutionResult.id", NAME),
        Row("toolCall", Call("", "args")),
        *rows(NAME, "toolCall.toolType", "toolCall.id"),
        Row("toolCall.args", Free()),
        Row("toolResponse", FROM_TOOL),
        *rows(NAME, "toolResponse.toolType", "toolResponse.id"),
        Row("toolResponse.response", Free()),
        Row("partMetadata", Free()),
        Row("audioTranscription.text", transcript),
        Row("audioTranscription.words", Echo()),
        *rows(LABEL, *(f"audioTranscription.{name}" for name in ("languageCode", "startOffset", "endOffset"))),
        Row("audioTranscription.finished", Plain()),
        Row("audioTranscription.speakerLabel", DATA),
        Row("speechMetadata", Free()),
    )


def _ratings(where: str) -> tuple[Row, ...]:
    return (
        *(Row(f"{where}.{name}", WORD) for name in ("category", "probability", "severity", "overwrittenThreshold")),
        *(Row(f"{where}.{name}", Plain()) for name in ("blocked", "probabilityScore", "severityScore")),
    )


_COUNTS = ("prompt", "cachedContent", "candidates", "response", "thoughts", "toolUsePrompt", "total")
_DETAILS = ("prompt", "cache", "candidates", "response", "toolUsePrompt")
USAGE = (
    *(Row(f"usageMetadata.{name}TokenCount", Plain()) for name in _COUNTS),
    *(Row(f"usageMetadata.{name}TokensDetails[].modality", WORD) for name in _DETAILS),
    *(Row(f"usageMetadata.{name}TokensDetails[].tokenCount", Plain()) for name in _DETAILS),
    *rows(WORD, "usageMetadata.trafficType", "usageMetadata.serviceTier"),
)

_GROUNDING = "candidates[].groundingMetadata"
_PLACES = Quote("startIndex", "endIndex", in_bytes=True)
_ROWS = (
    Row("candidates[]", required=True),
    Row("candidates[].content.role", WORD),
    Row("candidates[].content.parts[]", Tree("part")),
    *rows(WORD, "candidates[].finishReason", "promptFeedback.blockReason", "modelStatus.modelStage"),
    *rows(
        Text(Kind.DATA, foreign=True),  # the provider's prose: no place for anybody's values
        *("candidates[].finishMessage", "promptFeedback.blockReasonMessage", "modelStatus.message"),
    ),
    *rows(Plain(), "candidates[].index", "candidates[].tokenCount", "candidates[].avgLogprobs"),
    Row("candidates[].logprobsResult", Echo()),
    Row("candidates[].continuationToken", SIGNATURE),
    *_ratings("candidates[].safetyRatings[]"),
    *_ratings("promptFeedback.safetyRatings[]"),
    *(
        Row(f"candidates[].citationMetadata.{sources}[].{name}", DATA)
        for sources in ("citations", "citationSources")
        for name in ("uri", "title", "license")
    ),
    *(Row(f"candidates[].citationMetadata.{sources}[]", _PLACES) for sources in ("citations", "citationSources")),
    Row(f"{_GROUNDING}.groundingSupports[].segment", _PLACES),
    *(
        Row(f"candidates[].citationMetadata.{sources}[].{name}", Plain())
        for sources in ("citations", "citationSources")
        for name in ("startIndex", "endIndex", "publicationDate.day", "publicationDate.month", "publicationDate.year")
    ),
    *rows(
        DATA,
        *(f"{_GROUNDING}.{name}[]" for name in ("webSearchQueries", "imageSearchQueries", "retrievalQueries")),
        f"{_GROUNDING}.searchEntryPoint.renderedContent",
    ),
    Row(f"{_GROUNDING}.searchEntryPoint.sdkBlob", Echo()),  # the queries again, in base64
    *rows(Free(), f"{_GROUNDING}.groundingChunks", f"{_GROUNDING}.sourceFlaggingUris"),
    Row(f"{_GROUNDING}.groundingSupports[].segment.text", _ASIDE),  # what was said, once more
    *rows(
        Plain(),
        *(f"{_GROUNDING}.groundingSupports[].segment.{name}Index" for name in ("start", "end", "part")),
        f"{_GROUNDING}.groundingSupports[].groundingChunkIndices[]",
        f"{_GROUNDING}.groundingSupports[].confidenceScores[]",
        f"{_GROUNDING}.groundingSupports[].renderedParts[]",
        f"{_GROUNDING}.retrievalMetadata.googleSearchDynamicRetrievalScore",
    ),
    Row(f"{_GROUNDING}.googleMapsWidgetContextToken", DATA),
    Row("candidates[].urlContextMetadata.urlMetadata[].retrievedUrl", DATA),
    Row("candidates[].urlContextMetadata.urlMetadata[].urlRetrievalStatus", WORD),
    *USAGE,
    *rows(LABEL, "modelVersion", "responseId"),
    *rows(TIME, "createTime", "modelStatus.retirementTime"),
)


def _answer(text: Text) -> Field:
    return adopt(compile_rows(_ROWS, {"part": _part(text, _ASIDE)}), _STRANGE)


ANSWER = _answer(_SAID)
STRUCTURED_ANSWER = _answer(_SAID_AS_JSON)
"""For requests that asked for JSON: a sentence in it is judged as one, nothing is inserted, it stays JSON."""


def _chunk(text: Piece) -> Field:
    table = compile_rows(_ROWS, {"part": _part(text, Piece("transcript", Kind.PROSE, opens=False))})
    adopt(at(table, "candidates[].content.parts[]"), _STRANGE_PIECE)
    return adopt(table, _STRANGE)


CHUNK = _chunk(Piece("text", Kind.PROSE))
STRUCTURED_CHUNK = _chunk(Piece("text", Kind.DATA, json=True))

COUNT_ANSWER = adopt(
    compile_rows(
        (
            *rows(Plain(), "totalTokens", "totalBillableCharacters", "cachedContentTokenCount"),
            *(Row(f"{name}TokensDetails[].modality", WORD) for name in ("prompt", "cache")),
            *(Row(f"{name}TokensDetails[].tokenCount", Plain()) for name in ("prompt", "cache")),
        )
    ),
    _STRANGE,
)


def _vector(where: str) -> tuple[Row, ...]:
    return (
        *rows(Plain(), f"{where}.values[]", f"{where}.statistics.tokenCount", f"{where}.statistics.token_count"),
        Row(f"{where}.statistics.truncated", Plain()),
        Row(f"{where}.statistics.tokensDetails[].modality", WORD),
        Row(f"{where}.statistics.tokensDetails[].tokenCount", Plain()),
    )


EMBED_ANSWER = adopt(
    compile_rows(
        (
            *_vector("embedding"),
            *_vector("embeddings[]"),
            *_vector("predictions[].embeddings"),
            Row("truncated", Plain()),
            Row("metadata.billableCharacterCount", Plain()),
            *USAGE,
            *rows(LABEL, "deployedModelId", "model", "modelDisplayName", "modelVersionId"),
        )
    ),
    _STRANGE,
)

# --------------------------------------------------------------------------------------------------- errors

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    409: "ABORTED",
    413: "OUT_OF_RANGE",
    422: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
"""Google's words for the statuses of HTTP."""

ERROR_WORDS = frozenset(STATUSES.values()) | {"FAILED_PRECONDITION", "ALREADY_EXISTS", "DATA_LOSS", "UNKNOWN"}
ERROR_REASONS = frozenset(
    {"API_KEY_INVALID", "API_KEY_EXPIRED", "API_KEY_SERVICE_BLOCKED", "API_KEY_IP_ADDRESS_BLOCKED", "SERVICE_DISABLED"}
    | {"API_KEY_HTTP_REFERRER_BLOCKED", "CONSUMER_INVALID", "CONSUMER_SUSPENDED", "BILLING_DISABLED"}
    | {"RATE_LIMIT_EXCEEDED", "RESOURCE_QUOTA_EXCEEDED", "ACCESS_TOKEN_EXPIRED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
    | {"ACCESS_TOKEN_TYPE_UNSUPPORTED", "ACCOUNT_STATE_INVALID", "CREDENTIALS_MISSING", "IAM_PERMISSION_DENIED"}
    | {"USER_PROJECT_DENIED", "LOCATION_POLICY_VIOLATED", "LOCATION_TAX_POLICY_VIOLATED", "MODEL_NOT_FOUND"}
)
"""Reasons of errors that are passed on; any other word could be somebody's name."""
