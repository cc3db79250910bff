"""OpenAI's Embeddings API (`POST /v1/embeddings`): texts in, vectors out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.openai.fields import FIXED, LABEL, PROSE, STRANGE, TOKEN, rows, words
from guardrail.dialects.openai.wordless import Wordless
from guardrail.dialects.table import Field, Match, Number, Plain, Row, Text, adopt, compile_rows
from guardrail.text import Kind, Role

_INPUT = Text(Kind.PROSE, inside=PROSE.inside, role=Role.USER)
_REQUEST = (
    Row("input", _INPUT, required=True),
    Row("input[]", _INPUT, required=True),
    Row("encoding_format", words("float", "base64")),
    Row("dimensions", Number(1_000_000)),
    Row("user", TOKEN),
)
REQUEST: Field = compile_rows((*_REQUEST, Row("model", FIXED, required=True)))
DEPLOYED_REQUEST: Field = compile_rows((*_REQUEST, Row("model", FIXED)))
"""Azure: the path names a deployment."""

ANSWER: Field = adopt(
    compile_rows(
        (
            *rows(LABEL, "object", "model", "id", "data[].object"),
            Row("data", required=True),
            Row("data[].embedding", Match(re.compile(r"[A-Za-z0-9+/]*={0,2}"))),
            Row("data[].embedding[]", Plain()),
            *rows(Plain(), "data[].index", "created", "usage.prompt_tokens", "usage.total_tokens"),
        )
    ),
    STRANGE,
)


@dataclass(frozen=True, slots=True)
class OpenAIEmbeddings(Wordless):
    """The dialect."""

    name: ClassVar[str] = "openai.embeddings"
    requests: ClassVar[Field] = REQUEST
    deployed: ClassVar[Field] = DEPLOYED_REQUEST
    answers: ClassVar[Field] = ANSWER
