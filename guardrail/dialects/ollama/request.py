"""Requests to Ollama as addressed text, with the few facts that the exchange needs."""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.dialects.base import NO_CALL, Ask
from guardrail.dialects.document import RequestBody
from guardrail.dialects.ollama.fields import CHAT_REQUEST, EMBED_REQUEST, GENERATE_REQUEST
from guardrail.dialects.settings import Settings
from guardrail.dialects.turns import last_run
from guardrail.errors import PayloadTooLarge


class _Answered(RequestBody):
    """A request that a model answers in words: in a stream, unless the client asks for a whole answer."""

    @property
    def stream(self) -> bool:
        """True unless the client says `false`: a stream is Ollama's default."""
        return self.top.get("stream") is not False

    @property
    def structured(self) -> bool:
        """True if the answer has to be JSON: nothing may be inserted into it."""
        return bool(self.top.get("format"))


class ChatRequest(_Answered):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full."""

    def __init__(self, body: bytes, settings: Settings, ask: Ask = NO_CALL) -> None:
        super().__init__(body, ask, CHAT_REQUEST, settings)

    def check(self, settings: Settings) -> None:
        """Counts messages."""
        messages = self.top.get("messages")
        if isinstance(messages, list) and len(messages) > settings.max_messages:
            limit = settings.max_messages
            raise PayloadTooLarge(f"more than {limit} messages", code="too_many_messages", param="messages")

    @property
    def turn(self) -> Sequence[str]:
        """Addresses of the words to be answered: the last run of user messages that no assistant interrupts."""
        return self.below(*(f"/messages/{number}/content" for number in last_run(self.top.get("messages"))))


class GenerateRequest(_Answered):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full."""

    def __init__(self, body: bytes, settings: Settings, ask: Ask = NO_CALL) -> None:
        super().__init__(body, ask, GENERATE_REQUEST, settings)

    @property
    def fills(self) -> bool:
        """True if the answer is put between two texts."""
        return bool(self.top.get("suffix"))

    @property
    def structured(self) -> bool:
        """True if the answer has to be JSON, or stands between two texts: nothing may be inserted into it."""
        return super().structured or self.fills

    @property
    def turn(self) -> Sequence[str]:
        """The prompt."""
        return self.below("/prompt")


class EmbedRequest(RequestBody):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full."""

    stream = False

    def __init__(self, body: bytes, settings: Settings, ask: Ask = NO_CALL) -> None:
        super().__init__(body, ask, EMBED_REQUEST, settings)
