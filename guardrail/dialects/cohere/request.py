"""A chat request to Cohere as addressed text, with the few facts that the exchange needs."""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.dialects.base import NO_CALL, Ask
from guardrail.dialects.cohere.fields import REQUEST
from guardrail.dialects.document import RequestBody
from guardrail.dialects.settings import Settings
from guardrail.dialects.turns import last_run
from guardrail.errors import PayloadTooLarge


class ChatRequest(RequestBody):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full."""

    def __init__(self, body: bytes, settings: Settings, ask: Ask = NO_CALL) -> None:
        super().__init__(body, ask, REQUEST, settings)

    def check(self, settings: Settings) -> None:
        """Counts messages."""
        messages = self.top.get("messages")
        if isinstance(messages, list) and len(messages) > settings.max_messages:
            limit = settings.max_messages
            raise PayloadTooLarge(f"more than {limit} messages", code="too_many_messages", param="messages")

    @property
    def structured(self) -> bool:
        """True if the answer's text has to be JSON: nothing may be inserted into it."""
        wanted = self.top.get("response_format")
        return isinstance(wanted, dict) and wanted.get("type") != "text"

    @property
    def turn(self) -> Sequence[str]:
        """Addresses of the words to be answered: the last run of user messages that no assistant interrupts."""
        return self.below(*(f"/messages/{number}/content" for number in last_run(self.top.get("messages"))))
