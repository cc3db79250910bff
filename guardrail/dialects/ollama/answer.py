"""Whole answers of Ollama's as addressed text."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from guardrail.dialects.document import AnswerBody, dump
from guardrail.dialects.ollama.fields import TAGS
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field
from guardrail.dialects.usage import Places
from guardrail.wire.jsondoc import JsonDocument, JsonValue

COUNTS = Places(
    input=(("/prompt_eval_count",),),
    output=(("/eval_count",),),
    served=("/model", "/remote_model"),
)


class SaidAnswer(AnswerBody):
    """An answer in words, which stand at the pointer `at`. Raises UpstreamBroken when it can't be read in full."""

    reasons = ("/done_reason",)
    counts = COUNTS

    def __init__(self, body: bytes, table: Field, settings: Settings, at: str, *, may_speak: bool) -> None:
        super().__init__(body, table, settings)
        self._at = at
        self._may_speak = may_speak

    def say(self, text: str) -> bool:
        """As the words of the answer, where there are none and these need not keep to a form."""
        above, _, member = self._at.rpartition("/")
        holder = self.json.value(above)
        if not self._may_speak or not isinstance(holder, dict) or holder.get(member):
            return False
        if member in holder:
            self.json.replace_raw(self._at, dump(text))
        else:
            self.json.add(above, member, dump(text))
        return True


class TagsAnswer(AnswerBody):
    """A listing without the models that the policy does not name."""

    def __init__(self, body: bytes, settings: Settings) -> None:
        super().__init__(body, TAGS, settings)
        self._patterns = settings.models

    def to_bytes(self) -> bytes:
        """The listing as it came, but for models that may not be used."""
        document = JsonDocument(super().to_bytes())
        found = document.value()
        listed = found.get("models") if isinstance(found, dict) else None
        if self._patterns and isinstance(listed, list):
            kept = [f"/models/{number}" for number, each in enumerate(listed) if _is_named(each, self._patterns)]
            spans = document.spans(kept)
            tokens = (document.text[start:end] for start, end in (spans[at] for at in kept))
            document.replace_raw("/models", f"[{','.join(tokens)}]".encode())
        return document.to_bytes()


def _is_named(model: JsonValue, patterns: Sequence[str]) -> bool:
    """True if the policy names it, by either of the names under which it can be asked for."""
    names = [model.get(member) for member in ("name", "model")] if isinstance(model, dict) else []
    told = [name for name in names if isinstance(name, str)]
    return bool(told) and all(any(fnmatchcase(name, pattern) for pattern in patterns) for name in told)
