"""A JSON API that the policy describes: the dialect, and the routes of all of them.

What a description leaves out is inspected in full, so that a wrong one costs words of the answer, never a patient's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from guardrail.dialects.base import NO_CALL, Ask, Outgoing, Reply, RequestDocument
from guardrail.dialects.catalog import Route
from guardrail.dialects.codec import Codec
from guardrail.dialects.generic import replies
from guardrail.dialects.generic.answer import GenericAnswer
from guardrail.dialects.generic.description import JSON, NDJSON, SSE, Description
from guardrail.dialects.generic.fields import answer_table, frame_table, request_table
from guardrail.dialects.generic.request import GenericRequest
from guardrail.dialects.generic.stream import GenericGrammar
from guardrail.dialects.settings import DEFAULTS, Settings
from guardrail.dialects.table import Field
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.errors import AnswerWithheld, GuardrailError

_TYPES: Mapping[str, frozenset[str]] = {
    SSE: frozenset({"text/event-stream"}),
    NDJSON: frozenset(
        f"application/{name}" for name in ("x-ndjson", "ndjson", "jsonl", "jsonlines", "x-jsonlines", "json-lines")
    ),
    JSON: frozenset(),
}


class Tables:
    """The tables of one description, made once."""

    def __init__(self, described: Description) -> None:
        self._described = described

    @cached_property
    def request(self) -> Field:
        """Of requests."""
        return request_table(self._described.request)

    @cached_property
    def answers(self) -> Mapping[bool, Field]:
        """Of whole answers, by whether they are JSON."""
        return {structured: answer_table(self._described.answer, structured=structured) for structured in (False, True)}

    @cached_property
    def frames(self) -> Mapping[bool, Field]:
        """Of frames, by whether the words are JSON."""
        shape = self._described.stream
        assert shape is not None
        return {structured: frame_table(shape, structured=structured) for structured in (False, True)}


@dataclass(frozen=True, slots=True)
class Generic:
    """The dialect. `streams`: whether its path asks for a stream; None: the request's body tells."""

    described: Description
    tables: Tables
    settings: Settings = DEFAULTS
    streams: bool | None = None

    @property
    def name(self) -> str:
        """E.g. "generic.house-llm"."""
        return self.described.name

    @property
    def speaks(self) -> bool:
        """True if its answers are words for a reader."""
        return self.described.speaks

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> GenericRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        stream = self.described.stream
        asked = self.streams if stream is None or stream.asked is None or self.streams is not None else stream.asked
        return GenericRequest(body, ask, self.tables.request, self.described.request, self.settings, asked)

    def read_response(self, body: bytes, request: RequestDocument) -> GenericAnswer:
        """Raises UpstreamBroken if the provider's answer is not as the policy describes it."""
        structured = request.structured
        table = self.tables.answers[structured]
        return GenericAnswer(body, table, self.described.answer, self.settings, structured=structured)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> Codec | None:
        """A codec for the answer to this request."""
        shape = self.described.stream
        if shape is None:
            return None
        if content_type not in _TYPES[shape.framing] and not (request.stream and content_type in shape.types):
            return None
        grammar = GenericGrammar(self.described, shape, self.tables.frames[request.structured], request.model)
        return Codec(replies.framing_of(shape, self.settings), grammar, self.settings, tools)

    def credentials(self, key: str, outgoing: Outgoing) -> Sequence[tuple[str, str]]:
        """The header that the policy names; empty for an empty key."""
        if not key:
            return ()
        header = self.described.key_header
        return ((header, f"Bearer {key}" if header == "authorization" else key),)

    def refuse(self, error: GuardrailError) -> Reply:
        """The error in the policy's shape."""
        return replies.refuse(self.described.error, error)

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status, and a code that the policy lists."""
        return replies.upstream_error(self.described.error, status, body)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it; an error where nobody speaks."""
        stream = self.described.stream
        if request.stream and stream is not None:
            return replies.streamed_answer(stream, request.model, text, self.settings)
        if self.described.answer.body is None:
            return self.refuse(AnswerWithheld(text))
        return replies.whole_answer(self.described.answer, request.model, text)


@dataclass(frozen=True, slots=True)
class Served:
    """A description and where it is served: `paths`, `stream_paths`, and the values that its query may have."""

    described: Description
    paths: Sequence[str]
    stream_paths: Sequence[str] = ()
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)


def generic_routes(apis: Sequence[Served], settings: Settings = DEFAULTS) -> Iterator[Route]:
    """The rows of the catalog for what a policy describes."""
    for api in apis:
        tables = Tables(api.described)
        query = {name: re.compile("|".join(map(re.escape, values))) for name, values in api.query.items()}
        by_path = bool(api.stream_paths)
        whole = Generic(api.described, tables, settings, False if by_path else None)
        streamed = Generic(api.described, tables, settings, True)
        yield from (Route("POST", path, whole, query) for path in api.paths)
        yield from (Route("POST", path, streamed, query) for path in api.stream_paths)
