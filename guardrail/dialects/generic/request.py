"""A request to an API that the policy describes, as addressed text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guardrail.dialects.base import Ask
from guardrail.dialects.document import RequestBody, refuse
from guardrail.dialects.generic.description import Condition, RequestShape, Voices
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field
from guardrail.errors import PayloadTooLarge
from guardrail.text import Kind, Role
from guardrail.wire.jsondoc import JsonValue


class GenericRequest(RequestBody):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full."""

    def __init__(
        self,
        body: bytes,
        ask: Ask,
        table: Field,
        shape: RequestShape,
        settings: Settings,
        asked: Condition | bool | None,
    ) -> None:
        """`asked`: whether its path asks for a stream, or what holds of a body that does."""
        self._shape = shape
        self._asked = asked
        super().__init__(body, ask, table, settings)
        self._insist_on_words()
        for name, value in shape.says.items():
            self.set_member(name, value)

    def check(self, settings: Settings) -> None:
        """Counts messages."""
        limit = settings.max_messages
        if self._shape.voices and len(_messages(self._shape.voices, self.top)) > limit:
            raise PayloadTooLarge(f"more than {limit} messages", code="too_many_messages")

    def _insist_on_words(self) -> None:
        """Nothing stands where the policy says that words stand: it describes another API, and a cry for help is lost.

        Raises UnreadablePayload.
        """
        expected = (*self._shape.prose, *self._shape.data)
        if expected and all(value is None for address in expected for value in address.find(self.top)):
            refuse("missing_field", "".join(f"/{step}" for step in expected[0].steps if step.isidentifier()))

    @property
    def model(self) -> str:
        """The model asked for: the path's, else the body's."""
        named = self.ask.path.get("model") or self._shape.model.first(self.top)
        return named if isinstance(named, str) else ""

    @property
    def stream(self) -> bool:
        """True if the client wants a stream."""
        asked = self._asked
        return asked.holds(self.top) if isinstance(asked, Condition) else bool(asked)

    @property
    def structured(self) -> bool:
        """True if the answer has to be JSON."""
        wanted = self._shape.structured
        return wanted is not None and wanted.holds(self.top)

    @property
    def turn(self) -> Sequence[str]:
        """Addresses of the words to be answered.

        What the policy says; else the last run of the user's messages that no assistant interrupts, and all that the
        user says outside of messages.
        """
        said = [each for each in self.segments() if each.role is Role.USER and each.kind is not Kind.FIXED]
        if self._shape.turn:
            patterns = [address.pattern for address in self._shape.turn]
            return [each.address for each in said if any(_leads(each.address, pattern) for pattern in patterns)]
        voices = self._shape.voices
        if voices is None:
            return [each.address for each in said]
        messages = voices.at.pattern
        last = self.below(*_last_run(voices, self.top))
        return [*(each.address for each in said if not messages.match(each.address)), *last]


def _leads(address: str, pattern: re.Pattern[str]) -> bool:
    found = pattern.match(address)
    return found is not None and (found.end() == len(address) or address[found.end()] in "/~")


def _messages(voices: Voices, top: JsonValue) -> list[JsonValue]:
    return list(voices.at.find(top))


def _last_run(voices: Voices, top: JsonValue) -> list[str]:
    """The pointers of the last run of the user's messages. Results of tools don't end it."""
    at = "".join(f"/{step}" for step in voices.at.steps[:-1])
    messages = _messages(voices, top)
    return [f"{at}/{number}" for number in sorted(_backwards(voices, messages))]


def _backwards(voices: Voices, messages: list[JsonValue]) -> Iterator[int]:
    found = False
    for number in range(len(messages) - 1, -1, -1):
        role = _role(voices, messages[number])
        if role is Role.USER:
            found = True
            yield number
        elif found and role is Role.ASSISTANT:
            return


def _role(voices: Voices, message: JsonValue) -> Role | None:
    word = message.get(voices.member) if isinstance(message, dict) else None
    return voices.words.get(word) if isinstance(word, str) else voices.default
