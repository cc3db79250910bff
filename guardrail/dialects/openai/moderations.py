"""OpenAI's Moderations API (`POST /v1/moderations`): words or pictures in, marks out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.openai.fields import FIXED, LABEL, NAME, PROSE, STRANGE, WORD, rows, words
from guardrail.dialects.openai.wordless import Wordless
from guardrail.dialects.table import Field, Link, Plain, Row, Text, adopt, compile_rows
from guardrail.text import Kind, Role

_INPUT = Text(Kind.PROSE, inside=PROSE.inside, role=Role.USER)
REQUEST: Field = compile_rows(
    (
        Row("model", FIXED),
        Row("input", _INPUT, required=True),
        Row("input[]", _INPUT, required=True),
        Row("input[].type", words("text", "image_url", code="unknown_part")),
        Row("input[].text", _INPUT),
        Row("input[].image_url.url", Link(), required=True),
    )
)
ANSWER: Field = adopt(
    compile_rows(
        (
            Row("id", NAME),
            *rows(LABEL, "object", "model"),
            Row("results", required=True),
            *rows(Plain(), "results[].flagged", "results[].categories.*", "results[].category_scores.*"),
            Row("results[].category_applied_input_types.*[]", WORD),
        )
    ),
    STRANGE,
)


@dataclass(frozen=True, slots=True)
class OpenAIModerations(Wordless):
    """The dialect."""

    name: ClassVar[str] = "openai.moderations"
    requests: ClassVar[Field] = REQUEST
    deployed: ClassVar[Field] = REQUEST
    answers: ClassVar[Field] = ANSWER
