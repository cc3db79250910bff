"""Which dialect answers which method and path. What is not in the table is refused: nothing is waved through unread."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from guardrail.dialects.anthropic.messages import AnthropicMessages, AnthropicTokens
from guardrail.dialects.base import Ask, Dialect
from guardrail.dialects.bedrock.dialect import BedrockConverse, BedrockEmbed, BedrockInvoke
from guardrail.dialects.bedrock.families import COHERE_EMBED, TITAN_EMBED
from guardrail.dialects.cohere.dialect import CohereChat, CohereEmbed, CohereRerank
from guardrail.dialects.google.dialect import GeminiCountTokens, GeminiEmbed, GeminiGenerate
from guardrail.dialects.mistral.fim import MistralFim
from guardrail.dialects.ollama.dialect import OllamaChat, OllamaEmbed, OllamaGenerate, OllamaTags
from guardrail.dialects.openai.completions.dialect import OpenAICompletions
from guardrail.dialects.openai.embeddings import OpenAIEmbeddings
from guardrail.dialects.openai.models import OpenAIModels
from guardrail.dialects.openai.moderations import OpenAIModerations
from guardrail.dialects.openai.responses.dialect import OpenAIResponses
from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.dialects.settings import DEFAULTS, Settings
from guardrail.errors import UnknownRoute

KEY = re.compile(r"[A-Za-z0-9_.-]{16,256}")
VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-preview)?|preview|latest|v[0-9]")
WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Route:
    """One row. `path` is compared with the raw path, byte for byte: no decoding, no trailing slash, no case.

    `{name}` in it stands for a part without a slash (and without a colon, if no slash follows). `query` names the
    parameters that may come with it, each with its pattern; nothing else may stand in a query.
    """

    method: str
    path: str
    dialect: Dialect
    query: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def match(self, path: str) -> Mapping[str, str] | None:
        """What the parts in braces stand for, None if the path is another one."""
        found = _pattern(self.path).fullmatch(path)
        return None if found is None else found.groupdict()


class Found(NamedTuple):
    """Who reads a request, and the varying parts of its path."""

    route: Route
    parts: Mapping[str, str]

    @property
    def dialect(self) -> Dialect:
        """Who reads it."""
        return self.route.dialect

    def ask(self, query: Mapping[str, str]) -> Ask:
        """The call as the dialect is told."""
        return Ask(self.parts, query)


def _pattern(path: str) -> re.Pattern[str]:
    if path not in _PATTERNS:
        parts = re.split(r"\{([a-z_]+)\}", path)
        text = (
            f"(?P<{part}>{_SEGMENT if parts[at + 1].startswith('/') else _PART})" if at % 2 else re.escape(part)
            for at, part in enumerate(parts)
        )
        _PATTERNS[path] = re.compile("".join(text))
    return _PATTERNS[path]


_PART, _SEGMENT = "[^/:]+(?::[0-9]+)?", "[^/]+"
_PATTERNS: dict[str, re.Pattern[str]] = {}

DEFAULT: Dialect = OpenAIChat()
"""Whose error shape answers a path that belongs to no dialect."""


def routes(settings: Settings = DEFAULTS) -> tuple[Route, ...]:
    """The table."""
    return (
        *_openai(settings),
        *_azure(settings),
        *_anthropic(settings),
        *_google(settings),
        *_ollama(settings),
        *_bedrock(settings),
        *_cohere(settings),
        Route("POST", "/v1/fim/completions", MistralFim(settings)),
    )


def _openai(settings: Settings) -> tuple[Route, ...]:
    models = OpenAIModels(settings)
    return (
        Route("POST", "/v1/chat/completions", OpenAIChat(settings)),
        Route("POST", "/v1/responses", OpenAIResponses(settings)),
        Route("POST", "/v1/completions", OpenAICompletions(settings)),
        Route("POST", "/v1/embeddings", OpenAIEmbeddings(settings)),
        Route("POST", "/v1/moderations", OpenAIModerations(settings)),
        Route("GET", "/v1/models", models),
        Route("GET", "/v1/models/{model}", models),
    )


def _azure(settings: Settings) -> tuple[Route, ...]:
    """OpenAI's API as Azure has it: by deployment, and without."""
    version = {"api-version": VERSION}
    chat, responses = OpenAIChat(settings, azure=True), OpenAIResponses(settings, azure=True)
    completions, embeddings = OpenAICompletions(settings, azure=True), OpenAIEmbeddings(settings, azure=True)
    models = OpenAIModels(settings, azure=True)
    deployed = "/openai/deployments/{model}"
    return (
        Route("POST", f"{deployed}/chat/completions", chat, version),
        Route("POST", f"{deployed}/completions", completions, version),
        Route("POST", f"{deployed}/embeddings", embeddings, version),
        Route("POST", "/openai/responses", responses, version),
        Route("GET", "/openai/models", models, version),
        Route("POST", "/openai/v1/chat/completions", chat, version),
        Route("POST", "/openai/v1/responses", responses, version),
        Route("POST", "/openai/v1/completions", completions, version),
        Route("POST", "/openai/v1/embeddings", embeddings, version),
        Route("GET", "/openai/v1/models", models, version),
        Route("GET", "/openai/v1/models/{model}", models, version),
    )


def _anthropic(settings: Settings) -> tuple[Route, ...]:
    beta = {"beta": re.compile("true|false")}
    return (
        Route("POST", "/v1/messages", AnthropicMessages(settings), beta),
        Route("POST", "/v1/messages/count_tokens", AnthropicTokens(settings), beta),
    )


def _google(settings: Settings) -> tuple[Route, ...]:
    """Gemini, and Vertex AI with a key or within a project."""
    project = "projects/{project}/locations/{location}/"
    bases = {f"/{version}/models": False for version in ("v1", "v1beta", "v1alpha")} | {
        f"/{version}/{within}publishers/google/models": bool(within)
        for version in ("v1", "v1beta1")
        for within in ("", project)
    }
    key = {"key": KEY}
    return tuple(
        Route("POST", f"{base}/{{model}}:{method}", dialect, query)
        for base, bearer in bases.items()
        for method, dialect, query in (
            ("generateContent", GeminiGenerate(settings, bearer), key),
            (
                "streamGenerateContent",
                GeminiGenerate(settings, bearer, streams=True),
                {**key, "alt": re.compile("sse")},
            ),
            ("countTokens", GeminiCountTokens(settings, bearer), key),
            ("embedContent", GeminiEmbed(settings, bearer), key),
            ("batchEmbedContents", GeminiEmbed(settings, bearer), key),
            *((("predict", GeminiEmbed(settings, bearer, predict=True), key),) if "publishers" in base else ()),
        )
    )


def _bedrock(settings: Settings) -> tuple[Route, ...]:
    """Amazon's. Models that give vectors come first: they answer at the same path as those that speak."""
    return (
        *(
            Route("POST", f"/model/{region}{family.models}{{model}}/invoke", BedrockEmbed(settings, family=family))
            for family in (TITAN_EMBED, COHERE_EMBED)
            for region in ("", "{region}.")
        ),
        Route("POST", "/model/{model}/invoke", BedrockInvoke(settings)),
        Route("POST", "/model/{model}/invoke-with-response-stream", BedrockInvoke(settings, streams=True)),
        Route("POST", "/model/{model}/converse", BedrockConverse(settings)),
        Route("POST", "/model/{model}/converse-stream", BedrockConverse(settings, streams=True)),
    )


def _ollama(settings: Settings) -> tuple[Route, ...]:
    embed = OllamaEmbed(settings)
    return (
        Route("POST", "/api/chat", OllamaChat(settings)),
        Route("POST", "/api/generate", OllamaGenerate(settings)),
        Route("POST", "/api/embed", embed),
        Route("POST", "/api/embeddings", embed),
        Route("GET", "/api/tags", OllamaTags(settings)),
    )


def _cohere(settings: Settings) -> tuple[Route, ...]:
    return (
        Route("POST", "/v2/chat", CohereChat(settings)),
        Route("POST", "/v2/embed", CohereEmbed(settings)),
        Route("POST", "/v2/rerank", CohereRerank(settings)),
    )


ROUTES = routes()


def lookup(method: str, path: str, routes: Sequence[Route] = ROUTES) -> Found:
    """The dialect for a request. Raises UnknownRoute: 404 for the path, 405 for the method."""
    found = [(route, parts) for route in routes if (parts := route.match(path)) is not None]
    for route, parts in found:
        if route.method == method:
            return Found(route, parts)
    if found:
        refusal = UnknownRoute("this method is not known here", code="method_not_allowed", status=405)
        refusal.allow = ", ".join(sorted({route.method for route, _ in found}))
        raise refusal
    raise UnknownRoute(
        "nothing here can inspect this path, so it is not passed on; docs/dialects.md lists the paths that are served"
    )


def speaker(path: str, routes: Sequence[Route] = ROUTES) -> Dialect:
    """In whose shape an error at this path is told."""
    return next((route.dialect for route in routes if route.match(path) is not None), DEFAULT)
