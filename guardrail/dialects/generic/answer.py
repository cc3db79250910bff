"""A whole answer of an API that the policy describes, as addressed text."""

from __future__ import annotations

from collections.abc import Sequence

from guardrail.dialects.document import AnswerBody, dump
from guardrail.dialects.generic.description import AnswerShape
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field


class GenericAnswer(AnswerBody):
    """One whole answer. Raises UpstreamBroken when it can't be read in full."""

    def __init__(self, body: bytes, table: Field, shape: AnswerShape, settings: Settings, *, structured: bool) -> None:
        self._shape = shape
        self._choice = None if shape.choices is None else shape.choices.pattern
        self._may_speak = not structured and shape.body is not None
        self.reasons = (shape.finish.place,) if shape.finish else ()
        super().__init__(body, table, settings, self._opening, counts=shape.counts)

    def _opening(self, address: str) -> str:
        """One notice opens the answer, or each of several that are to be chosen from."""
        choice = self._choice.match(address) if self._choice else None
        return choice[0] if choice else "answer"

    def say(self, text: str) -> bool:
        """Where an answer of ours has its words, if nothing stands there."""
        if not self._may_speak or self._shape.body is None:
            return False
        pointer = self._shape.body.pointer("text")
        above, _, name = pointer.rpartition("/")
        try:
            parent = self.json.value(above)
        except KeyError:
            return False
        if not isinstance(parent, dict) or parent.get(name, "") not in (None, ""):
            return False
        if name in parent:
            self.json.replace_raw(pointer, dump(text))
        elif not above:
            self._members[name] = text
        return name in parent or not above

    @property
    def keeps(self) -> Sequence[tuple[str, str]]:
        """What the provider says that it keeps now."""
        return [
            (kind, name)
            for address, kind in self._shape.keeps.items()
            for name in address.find(self.top)
            if isinstance(name, str) and name
        ]
