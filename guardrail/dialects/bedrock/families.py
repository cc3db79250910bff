"""What the bodies of InvokeModel are made of, for the families of models that take a prompt or give vectors.

Claude's are Anthropic's own (`guardrail.dialects.anthropic`), Nova's are much like Converse (`fields.py`). Holds no
code but the making of the tables. Source: the request parameters in Amazon's user guide to Bedrock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guardrail.dialects.bedrock.answers import STRANGE
from guardrail.dialects.bedrock.blocks import COUNT, DATA, NAME, SEALED, SIZE, rows, words
from guardrail.dialects.openai.fields import WORD
from guardrail.dialects.table import (
    SPOKEN,
    Field,
    Link,
    Media,
    Number,
    OneOf,
    Piece,
    Plain,
    Row,
    Switch,
    Text,
    adopt,
    compile_rows,
)
from guardrail.dialects.usage import NOWHERE, Places
from guardrail.text import Kind, Role
from guardrail.wire.jsondoc import JsonValue

PROMPT = Text(Kind.PROSE, inside=SPOKEN, role=Role.USER)
METRICS = "amazon-bedrock-invocationMetrics"
"""The member with counts that Bedrock puts into the last chunk of any model."""


@dataclass(frozen=True, slots=True)
class Prompted:
    """A family of models that go on with a prompt.

    prompt: the member of the request that holds it; request, answer, frame: the tables; said: where the words stand in
    an answer, heard: in a chunk; stop: the member beside the words that says why they end; empty: an answer (a chunk)
    without words; finish: the word for an answer that ends by itself; counts: the places of the model's counts.
    """

    prompt: str
    request: Field
    answer: Field
    frame: Field
    said: str
    heard: str
    stop: str
    empty: Mapping[str, JsonValue]
    finish: str
    counts: Places


_TEMPERATURE = Number(10)


def _counts(asked: tuple[str, ...] = (), told: tuple[str, ...] = ()) -> Places:
    """The model's own, and those in the last chunk of a stream."""
    return Places(
        input=((*asked, f"/{METRICS}/inputTokenCount"),),
        output=((*told, f"/{METRICS}/outputTokenCount"),),
    )


def _tables(said: str, heard: str, *more: Row) -> tuple[Field, Field]:
    """Of an answer and of a chunk; `more` are the rows of both."""
    spoken, piece = Row(said, Text(Kind.PROSE), required=True), Row(heard, Piece("text", Kind.PROSE))
    answer = compile_rows((*([Row(said.partition("[")[0], required=True)] if "[" in said else []), spoken, *more))
    return adopt(answer, STRANGE), adopt(compile_rows((piece, *more)), STRANGE)


_TITAN = _tables(
    "results[].outputText",
    "outputText",
    *rows(WORD, "results[].completionReason", "completionReason"),
    *rows(Plain(), "results[].tokenCount", "inputTextTokenCount", "totalOutputTextTokenCount", "index"),
)
TITAN = Prompted(
    prompt="inputText",
    request=compile_rows(
        (
            Row("inputText", PROMPT, required=True),
            *rows(_TEMPERATURE, "textGenerationConfig.temperature", "textGenerationConfig.topP"),
            Row("textGenerationConfig.maxTokenCount", SIZE),
            Row("textGenerationConfig.stopSequences[]", DATA),
        )
    ),
    answer=_TITAN[0],
    frame=_TITAN[1],
    said="/results/0/outputText",
    heard="/outputText",
    stop="completionReason",
    empty={"inputTextTokenCount": 0},
    finish="CONTENT_FILTERED",
    counts=_counts(("/inputTextTokenCount",), ("/results/*/tokenCount", "/totalOutputTextTokenCount")),
)

_LLAMA = _tables(
    "generation",
    "generation",
    Row("stop_reason", WORD),
    *rows(Plain(), "prompt_token_count", "generation_token_count"),
)
LLAMA = Prompted(
    prompt="prompt",
    request=compile_rows(
        (
            Row("prompt", PROMPT, required=True),
            Row("images[]", Media()),
            *rows(_TEMPERATURE, "temperature", "top_p"),
            Row("max_gen_len", SIZE),
        )
    ),
    answer=_LLAMA[0],
    frame=_LLAMA[1],
    said="/generation",
    heard="/generation",
    stop="stop_reason",
    empty={"prompt_token_count": 0, "generation_token_count": 0},
    finish="stop",
    counts=_counts(("/prompt_token_count",), ("/generation_token_count",)),
)

_MISTRAL = _tables("outputs[].text", "outputs[].text", Row("outputs[].stop_reason", WORD))
MISTRAL = Prompted(
    prompt="prompt",
    request=compile_rows(
        (
            Row("prompt", PROMPT, required=True),
            Row("max_tokens", SIZE),
            *rows(_TEMPERATURE, "temperature", "top_p"),
            Row("top_k", COUNT),
            Row("stop[]", DATA),
        )
    ),
    answer=_MISTRAL[0],
    frame=_MISTRAL[1],
    said="/outputs/0/text",
    heard="/outputs/0/text",
    stop="stop_reason",
    empty={},
    finish="stop",
    counts=_counts(),
)

# -------------------------------------------------------------------------------------------------- vectors


@dataclass(frozen=True, slots=True)
class Vectors:
    """A family of models that turn texts into vectors.

    `models` is how their names begin, `prompts` hold what the user says.
    """

    models: str
    prompts: tuple[str, ...]
    request: Field
    answer: Field
    counts: Places = NOWHERE


_FORMATS = words("float", "int8", "uint8", "binary", "ubinary", "base64")

TITAN_EMBED = Vectors(
    models="amazon.titan-embed-",
    prompts=("/inputText",),
    request=compile_rows(
        (
            Row("inputText", PROMPT),
            Row("inputImage", Media()),
            *rows(SIZE, "dimensions", "embeddingConfig.outputEmbeddingLength"),
            Row("normalize", Switch()),
            Row("embeddingTypes[]", _FORMATS),
        )
    ),
    answer=adopt(
        compile_rows(
            (
                *rows(Plain(), "embedding[]", "embeddingsByType.float[]", "embeddingsByType.binary[]"),
                Row("inputTextTokenCount", Plain()),
                Row("message", Text(Kind.DATA, opens=False, foreign=True)),
            )
        ),
        STRANGE,
    ),
    counts=Places(input=(("/inputTextTokenCount",),)),
)
COHERE_EMBED = Vectors(
    models="cohere.embed-",
    prompts=("/texts", "/inputs"),
    request=compile_rows(
        (
            Row("texts[]", PROMPT),
            Row("images[]", Media()),
            Row("inputs[].content[]", OneOf("type", {"text": "text", "image_url": "image"}), required=True),
            Row("input_type", words("search_document", "search_query", "classification", "clustering", "image")),
            Row("truncate", words("NONE", "START", "END", "LEFT", "RIGHT")),
            Row("embedding_types[]", _FORMATS),
            *rows(SIZE, "output_dimension", "max_tokens"),
        ),
        {"text": (Row("text", PROMPT),), "image": (Row("image_url.url", Link()), Row("image_url", Link()))},
    ),
    answer=adopt(
        compile_rows(
            (
                Row("id", NAME),
                Row("response_type", WORD),
                *rows(Plain(), "embeddings[][]", "embeddings.*[][]"),
                Row("embeddings.base64[]", SEALED),
                *rows(Text(Kind.PROSE, opens=False), "texts[]", "inputs[].content[].text"),
            )
        ),
        STRANGE,
    ),
)
