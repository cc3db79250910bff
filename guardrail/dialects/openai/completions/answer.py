"""A whole Completions request and answer as addressed text."""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.dialects.base import NO_CALL, Ask
from guardrail.dialects.document import AnswerBody, RequestBody, dump
from guardrail.dialects.openai.answer import top_choices
from guardrail.dialects.openai.base import COUNTS
from guardrail.dialects.openai.completions.fields import ANSWER, DEPLOYED_REQUEST, REQUEST, STRUCTURED_ANSWER
from guardrail.dialects.openai.guided import check_stops, is_guided, refuse_tokens
from guardrail.dialects.settings import Settings


class CompletionRequest(RequestBody):
    """One request. Raises UnreadablePayload or PayloadTooLarge when it can't be read in full."""

    def __init__(self, body: bytes, settings: Settings, ask: Ask = NO_CALL) -> None:
        super().__init__(body, ask, DEPLOYED_REQUEST if "model" in ask.path else REQUEST, settings)

    def check(self, settings: Settings) -> None:
        """Text in token numbers can't be inspected."""
        refuse_tokens(self.top.get("prompt"), "/prompt")
        check_stops(self.top)

    @property
    def structured(self) -> bool:
        """True if the answer has to keep to a form: nothing may be inserted into it."""
        return is_guided(self.top)

    @property
    def turn(self) -> Sequence[str]:
        """The prompts."""
        return self.below("/prompt")


class CompletionAnswer(AnswerBody):
    """One whole answer. Raises UpstreamBroken when it can't be read in full."""

    reasons = ("/choices/*/finish_reason",)
    counts = COUNTS

    def __init__(self, body: bytes, settings: Settings, *, structured: bool) -> None:
        super().__init__(body, STRUCTURED_ANSWER if structured else ANSWER, settings)
        self._may_speak = not structured and bool(top_choices(self.json))

    def say(self, text: str) -> bool:
        """As the text of the first choice, where that is empty."""
        first = self.json.value("/choices/0") if self._may_speak else None
        if not isinstance(first, dict) or first.get("text", "missing"):
            return False
        self.json.replace_raw("/choices/0/text", dump(text))
        return True
