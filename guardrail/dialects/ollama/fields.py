"""What Ollama's payloads are made of: every field, and what happens with it. Holds no code but the tables'.

Sources: the types of the `ollama` SDK, and for the rows marked "server" the server's own types (`api/types.go`).
"""

from __future__ import annotations

import re

from guardrail.dialects.openai.fields import (
    DATA,
    FIXED,
    LABEL,
    NAME,
    SCHEMA,
    STRANGE,
    STRANGE_PIECE,
    TOKEN,
    WORD,
    rows,
    words,
)
from guardrail.dialects.table import (
    SPOKEN,
    Call,
    Echo,
    Field,
    Free,
    Match,
    Media,
    Number,
    Piece,
    Plain,
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

ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "control": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
}

# ------------------------------------------------------------------------------------------------- requests

_PROSE = Text(Kind.PROSE, inside=SPOKEN)
_ASKED = Text(Kind.PROSE, inside=SPOKEN, role=Role.USER)
_COUNT, _SIZE = Number(1_000), Number(10_000_000)

_OPTIONS = (
    *rows(
        Switch(),
        *(f"options.{name}" for name in ("numa", "low_vram", "f16_kv", "logits_all", "vocab_only", "use_mmap")),
        *(f"options.{name}" for name in ("use_mlock", "embedding_only", "penalize_newline")),
    ),
    *rows(
        _SIZE,
        *(f"options.{name}" for name in ("num_ctx", "num_batch", "num_keep", "num_predict", "repeat_last_n")),
        *(f"options.{name}" for name in ("num_gpu", "main_gpu", "num_thread", "top_k", "mirostat")),
    ),
    *rows(
        _COUNT,
        *(f"options.{name}" for name in ("temperature", "top_p", "min_p", "tfs_z", "typical_p", "repeat_penalty")),
        *(f"options.{name}" for name in ("presence_penalty", "frequency_penalty", "mirostat_tau", "mirostat_eta")),
    ),
    Row("options.seed", Plain()),
    *rows(DATA, "options.stop", "options.stop[]"),
)

_MODEL = (
    Row("model", FIXED, required=True),
    Row("keep_alive", Free()),  # a duration ("5m"), or seconds
    *_OPTIONS,
)

_ANSWERING = (
    *_MODEL,
    *rows(Switch(), "stream", "logprobs"),
    *rows(Switch(), "truncate", "shift", "_debug_render_only"),  # server
    Row("top_logprobs", _COUNT),
    Row("think", Free()),  # true, or how much
    Row("format", Tree("format")),
)

_TREES = {"schema": SCHEMA, "format": (Row("", words("json", "")), *SCHEMA[1:])}

CHAT_REQUEST: Field = compile_rows(
    (
        *_ANSWERING,
        Row("messages[]", Voice("role", ROLES), required=True),
        Row("messages[].role", words(*ROLES, code="unknown_role")),
        *rows(_PROSE, "messages[].content", "messages[].thinking"),
        Row("messages[].images[]", Media(), required=True),
        Row("messages[].tool_name", FIXED),
        *rows(TOKEN, "messages[].tool_call_id", "messages[].tool_calls[].id"),  # server
        Row("messages[].tool_calls[].type", words("function", code="unknown_tool")),
        Row("messages[].tool_calls[].function", Call()),
        Row("messages[].tool_calls[].function.index", _COUNT),  # server
        Row("messages[].tool_calls[].function.name", FIXED),
        Row("messages[].tool_calls[].function.arguments", Free()),
        Row("tools[].type", words("function", code="unknown_tool")),
        Row("tools[].items", Free()),
        Row("tools[].function.name", FIXED),
        Row("tools[].function.description", DATA),
        Row("tools[].function.parameters", Tree("schema")),
    ),
    _TREES,
)

GENERATE_REQUEST: Field = compile_rows(
    (
        *_ANSWERING,
        *rows(_ASKED, "prompt", "suffix"),
        Row("system", _PROSE),
        Row("template", DATA),
        Row("raw", Switch()),
        Row("context", Refused("token_array")),
        Row("images[]", Media(), required=True),
        *rows(_SIZE, "width", "height", "steps"),
    ),
    _TREES,
)

EMBED_REQUEST: Field = compile_rows(
    (
        *_MODEL,
        *rows(_ASKED, "input", "prompt"),
        Row("input[]", _ASKED, required=True),
        Row("truncate", Switch()),
        Row("dimensions", _SIZE),
    )
)
"""Of `/api/embed`, and of the older `/api/embeddings`, whose text is in `prompt`."""

# -------------------------------------------------------------------------------------------------- answers

_TIME = Match(
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"),
    strict=False,
)
_THOUGHT = Text(Kind.PROSE, opens=False)

_ABOUT = (
    *rows(LABEL, "model", "remote_model"),
    Row("remote_host", Text(Kind.DATA, foreign=True)),  # server
    Row("created_at", _TIME),
    *rows(Plain(), "done", "total_duration", "load_duration", "prompt_eval_count", "prompt_eval_duration"),
    *rows(Plain(), "eval_count", "eval_duration", "completed", "total"),
    Row("done_reason", WORD),
    *rows(Echo(), "logprobs", "context", "_debug_info"),
)


def _calls(of: str) -> tuple[Row, ...]:
    call = f"{of}tool_calls[]"
    return (
        Row(f"{call}.id", NAME),
        Row(f"{call}.type", WORD),
        Row(f"{call}.function", Call()),
        Row(f"{call}.function.index", Plain()),
        Row(f"{call}.function.name", NAME),
        Row(f"{call}.function.arguments", Free()),
    )


def _chat(said: Text | Piece) -> Field:
    pieces = isinstance(said, Piece)
    table = compile_rows(
        (
            *_ABOUT,
            Row("message", required=not pieces),
            Row("message.role", WORD),
            Row("message.content", said),
            Row("message.thinking", Piece("thinking", Kind.PROSE, opens=False) if pieces else _THOUGHT),
            Row("message.images[]", Media()),
            *rows(NAME, "message.tool_name", "message.tool_call_id"),
            *_calls("message."),
        )
    )
    if pieces:
        at(table, "message").others = STRANGE_PIECE
    return adopt(table, STRANGE)


def _generate(said: Text | Piece) -> Field:
    pieces = isinstance(said, Piece)
    table = compile_rows(
        (
            *_ABOUT,
            Row("response", said),
            Row("thinking", Piece("thinking", Kind.PROSE, opens=False) if pieces else _THOUGHT),
            Row("image", Media()),
            *_calls(""),
        )
    )
    if pieces:
        table.others = STRANGE_PIECE
    return adopt(table, STRANGE)


_SAID, _SAID_AS_JSON = Text(Kind.PROSE), Text(Kind.PROSE, inside=SPOKEN, opens=False)
_WORDS, _WORDS_OF_JSON = Piece("said", Kind.PROSE), Piece("said", Kind.DATA, json=True)

CHAT_ANSWER, CHAT_FRAME = _chat(_SAID), _chat(_WORDS)
STRUCTURED_CHAT_ANSWER, STRUCTURED_CHAT_FRAME = _chat(_SAID_AS_JSON), _chat(_WORDS_OF_JSON)
"""For requests that asked for JSON: a sentence in it is judged as one, nothing is inserted, it stays JSON."""

GENERATE_ANSWER, GENERATE_FRAME = _generate(_SAID), _generate(_WORDS)
STRUCTURED_GENERATE_ANSWER, STRUCTURED_GENERATE_FRAME = _generate(_SAID_AS_JSON), _generate(_WORDS_OF_JSON)
FILLED_ANSWER, FILLED_FRAME = _generate(_THOUGHT), _generate(Piece("said", Kind.PROSE, opens=False))
"""For requests with a `suffix`: the words are put between two others, so that none of ours may stand before them."""

EMBED_ANSWER: Field = adopt(
    compile_rows((*_ABOUT, Row("embeddings[][]", Plain()), Row("embedding[]", Plain()))), STRANGE
)

TAGS: Field = adopt(
    compile_rows(
        (
            Row("models", required=True),
            *rows(LABEL, "models[].name", "models[].model", "models[].digest", "models[].remote_model"),
            Row("models[].remote_host", Text(Kind.DATA, foreign=True)),
            Row("models[].modified_at", _TIME),
            *rows(Plain(), "models[].size", "models[].details.context_length", "models[].details.embedding_length"),
            *rows(
                LABEL,
                *(f"models[].details.{name}" for name in ("parent_model", "format", "family", "families[]")),
                *("models[].details.parameter_size", "models[].details.quantization_level", "models[].capabilities[]"),
            ),
        )
    ),
    STRANGE,
)
