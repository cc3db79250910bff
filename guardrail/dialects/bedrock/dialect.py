"""Amazon Bedrock's runtime: Converse, InvokeModel in the formats of some families of models, and embeddings.

The fields are declared in `blocks.py`, `fields.py`, `answers.py` and `families.py`; what no row names is inspected in
full, what can't be is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guardrail.dialects.base import NO_CALL, Ask, Outgoing, Reply, RequestDocument
from guardrail.dialects.bedrock import replies
from guardrail.dialects.bedrock.answer import ConverseAnswer
from guardrail.dialects.bedrock.families import COHERE_EMBED, Vectors
from guardrail.dialects.bedrock.models import family_of
from guardrail.dialects.bedrock.prompted import VectorRequest
from guardrail.dialects.bedrock.request import ConverseRequest
from guardrail.dialects.bedrock.signing import sign
from guardrail.dialects.bedrock.stream import ConverseGrammar
from guardrail.dialects.codec import Codec
from guardrail.dialects.document import AnswerBody, RequestBody, dump
from guardrail.dialects.settings import DEFAULTS, Settings
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.errors import GuardrailError
from guardrail.wire.eventstream import CONTENT_TYPE, Chunks, EventStream


@dataclass(frozen=True, slots=True)
class Bedrock:
    """The part that does not depend on the endpoint. `streams`: the path is that of a stream."""

    settings: Settings = DEFAULTS
    streams: bool = False

    def credentials(self, key: str, outgoing: Outgoing) -> Sequence[tuple[str, str]]:
        """The signature or the bearer token (the client's own for an empty key), and what answers we can read.

        Models take no list there.
        """
        accept = ("accept", CONTENT_TYPE if self.streams else "application/json")
        return (accept, *(sign(key, outgoing) if key else ()))

    def refuse(self, error: GuardrailError) -> Reply:
        """The error as one of Bedrock's exceptions."""
        return replies.refuse(error)

    def upstream_error(self, status: int, body: bytes) -> Reply:
        """The provider's error: its status, none of its prose."""
        return replies.upstream_error(status, body)


@dataclass(frozen=True, slots=True)
class BedrockConverse(Bedrock):
    """`Converse`, and with `streams` `ConverseStream`."""

    name: ClassVar[str] = "bedrock.converse"
    speaks: ClassVar[bool] = True

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> ConverseRequest:
        """Raises UnreadablePayload (400 not JSON, 422 a shape that can't be inspected) or PayloadTooLarge."""
        return ConverseRequest(body, self.settings, ask, stream=self.streams)

    def read_response(self, body: bytes, request: RequestDocument) -> ConverseAnswer:
        """Raises UpstreamBroken if the provider's answer is not what this dialect knows."""
        return ConverseAnswer(body, self.settings, request)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> Codec | None:
        """A codec for the answer to this request."""
        if content_type != CONTENT_TYPE:
            return None
        return Codec(EventStream(self.settings.max_event), ConverseGrammar(request), self.settings, tools)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it."""
        return replies.streamed_answer(text) if request.stream else replies.whole_answer(text)


@dataclass(frozen=True, slots=True)
class BedrockInvoke(Bedrock):
    """`InvokeModel`, and with `streams` `InvokeModelWithResponseStream`: bodies in the model's own format."""

    name: ClassVar[str] = "bedrock.invoke"
    speaks: ClassVar[bool] = True

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> RequestBody:
        """Raises UnreadablePayload (422 also for a model of an unknown family) or PayloadTooLarge."""
        family = family_of(ask.path.get("model", ""))
        return family.request(body, self.settings, ask, stream=self.streams)

    def read_response(self, body: bytes, request: RequestDocument) -> AnswerBody:
        """Raises UpstreamBroken if the model's answer is not what this family gives."""
        return family_of(request.model).response(body, self.settings, request)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> Codec | None:
        """A codec for the answer to this request."""
        if content_type != CONTENT_TYPE:
            return None
        grammar = family_of(request.model).grammar(request)
        return Codec(Chunks(self.settings.max_event), grammar, self.settings, tools)

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """A complete answer with this text, streamed if the request asks for it."""
        family = family_of(request.model)
        if not request.stream:
            return Reply(200, family.whole(request, text))
        framing = Chunks(self.settings.max_event)
        return Reply(200, b"".join(framing.write(dump(each)) for each in family.chunks(request, text)), CONTENT_TYPE)


@dataclass(frozen=True, slots=True)
class BedrockEmbed(Bedrock):
    """`InvokeModel` of a model that turns texts into vectors."""

    family: Vectors = COHERE_EMBED

    name: ClassVar[str] = "bedrock.embed"
    speaks: ClassVar[bool] = False

    def read_request(self, body: bytes, ask: Ask = NO_CALL) -> VectorRequest:
        """Raises UnreadablePayload or PayloadTooLarge."""
        return VectorRequest(body, self.settings, ask, self.family)

    def read_response(self, body: bytes, request: RequestDocument) -> AnswerBody:
        """Raises UpstreamBroken if the model's answer is not what this family gives."""
        return AnswerBody(body, self.family.answer, self.settings, counts=self.family.counts)

    def open_stream(self, request: RequestDocument, content_type: str, tools: ToolRules = NO_TOOLS) -> None:
        """Never a stream."""

    def answer(self, request: RequestDocument, text: str) -> Reply:
        """Not asked of an endpoint that doesn't speak."""
        raise NotImplementedError
