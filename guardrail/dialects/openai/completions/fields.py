"""What Completions payloads are made of: every field, and what happens with it. Holds no code but the tables'.

Sources: the `openai` SDK (`openai/types/completion*`), and for the rows marked "vendor" vLLM, TGI and llama.cpp.
"""

from __future__ import annotations

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
    VENDOR,
    WORD,
    rows,
)
from guardrail.dialects.table import Echo, Field, Number, Piece, Plain, Row, Switch, Text, adopt, at, compile_rows
from guardrail.text import Kind, Role

_PROMPT = Text(Kind.PROSE, inside=PROSE.inside, role=Role.USER)

_REQUEST = (
    Row("prompt", _PROMPT),
    Row("prompt[]", _PROMPT, required=True),
    Row("suffix", _PROMPT),
    *rows(DATA, "stop", "stop[]"),
    Row("user", TOKEN),
    *rows(Switch(), "stream", "echo", "stream_options.include_usage", "stream_options.include_obfuscation"),
    *rows(Number(10), "temperature", "top_p", "frequency_penalty", "presence_penalty"),
    *rows(Number(1_000), "n", "best_of", "logprobs"),
    Row("max_tokens", Number(10_000_000)),
    Row("seed", Plain()),
    Row("logit_bias.*", Number(100)),
    *VENDOR,
)
REQUEST: Field = compile_rows((Row("model", FIXED, required=True), *_REQUEST), {"schema": SCHEMA})
DEPLOYED_REQUEST: Field = compile_rows((Row("model", FIXED), *_REQUEST), {"schema": SCHEMA})
"""Azure: the path names a deployment."""


def _answer(text: Text | Piece) -> Field:
    table = compile_rows(
        (
            Row("id", NAME),
            Row("choices", required=isinstance(text, Text)),
            *rows(LABEL, "object", "model", "system_fingerprint", "service_tier"),
            Row("obfuscation", PADDING),
            *rows(Plain(), "created", "choices[].index"),
            Row("choices[]", required=True),
            Row("choices[].text", text),
            Row("choices[].finish_reason", WORD),
            Row("choices[].logprobs", Echo()),
            *rows(Echo(), "choices[].token_ids", "choices[].prompt_token_ids", "choices[].prompt_logprobs"),  # vendor
            Row("choices[].tokens", Echo()),
        )
    )
    if isinstance(text, Piece):
        at(table, "choices[]").others = STRANGE_PIECE
    return adopt(table, STRANGE)


ANSWER = _answer(Text(Kind.PROSE))
STRUCTURED_ANSWER = _answer(Text(Kind.PROSE, inside=PROSE.inside, opens=False))
FRAME = _answer(Piece("text", Kind.PROSE))
STRUCTURED_FRAME = _answer(Piece("text", Kind.DATA, json=True))
