"""A Chat Completions request as addressed text, with the few facts that the exchange needs."""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.dialects.base import NO_CALL, Ask
from guardrail.dialects.document import RequestBody, refuse
from guardrail.dialects.openai.fields import DEPLOYED_REQUEST, REQUEST
from guardrail.dialects.openai.guided import check_stops, is_guided
from guardrail.dialects.settings import Settings
from guardrail.dialects.turns import last_run
from guardrail.errors import PayloadTooLarge
from guardrail.wire.jsondoc import JsonValue

_MAY_BE_SILENT = frozenset({"assistant", "function"})


class ChatRequest(RequestBody):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full."""

    def __init__(self, body: bytes, settings: Settings, ask: Ask = NO_CALL) -> None:
        super().__init__(body, ask, DEPLOYED_REQUEST if "model" in ask.path else REQUEST, settings)
        _check_words(self.top.get("messages"))

    def check(self, settings: Settings) -> None:
        """Counts messages, and tokens to stop at."""
        check_stops(self.top)
        messages = self.top.get("messages")
        if isinstance(messages, list) and len(messages) > settings.max_messages:
            limit = settings.max_messages
            raise PayloadTooLarge(f"more than {limit} messages", code="too_many_messages", param="messages")

    @property
    def structured(self) -> bool:
        """True if the answer's content has to be JSON, or of some other form: nothing may be inserted into it."""
        return is_guided(self.top)

    @property
    def turn(self) -> Sequence[str]:
        """Addresses of the words to be answered: the last run of user messages that no assistant interrupts.

        Results of tools and an assistant's message after them (a call, a prefilled beginning) don't end the run.
        """
        return self.below(*(f"/messages/{number}/content" for number in last_run(self.top.get("messages"))))


def _check_words(messages: JsonValue) -> None:
    """Those who speak must say something; the table has confirmed the messages' shape."""
    for number, message in enumerate(messages if isinstance(messages, list) else ()):
        if isinstance(message, dict) and message.get("content") is None and message["role"] not in _MAY_BE_SILENT:
            refuse("missing_field", f"/messages/{number}/content")
