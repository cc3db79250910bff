"""What the lines of a stream of Ollama's mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from guardrail.dialects.codec import Grammar, Own, Top
from guardrail.dialects.ollama import replies
from guardrail.dialects.ollama.answer import COUNTS
from guardrail.dialects.table import Field, Piece
from guardrail.dialects.template import TIMESTAMP, Hole
from guardrail.dialects.walk import Spot
from guardrail.errors import GuardrailError
from guardrail.events import Delta, Frame
from guardrail.text import Role
from guardrail.wire.framing import JsonLines

MAX_TURNS = 16
"""How often thoughts may end before words that are shown; further ones end with the stream."""

_ANSWER = "answer"
_SAID = f"{_ANSWER}/said"
_THOUGHT = f"{_ANSWER}/thinking"


class Lines(JsonLines):
    """Without empty lines: Ollama's own clients take each line for an event."""

    def keepalive(self) -> bytes:
        """Nothing."""
        return b""


class LineGrammar(Grammar):
    """One streamed answer. `say` puts words into a line: the two endpoints have different places for them."""

    reasons = ("/done_reason",)
    counts = COUNTS
    holes: Mapping[str, Hole] = {"/created_at": TIMESTAMP}
    whole_calls = True

    def __init__(self, model: str, table: Field, say: replies.Said) -> None:
        super().__init__()
        self._table = table
        self._say = say
        self._head = replies.own_head(model)
        self._turn = 0  # how often thoughts have ended
        self._thoughts: list[str] = []  # those open

    # ---- reading

    def table(self, top: Top) -> Field:
        """One for all lines."""
        return self._table

    def is_last(self, top: Top) -> bool:
        """`"done": true`."""
        return top.get("done") is True

    def failure(self, top: Top) -> Own | None:
        """An `error` in the place of an answer: all of it is prose."""
        return None if top.get("error") is None else (None, replies.BROKEN_OFF)

    def begin(self, top: Top) -> None:
        """Notes the head of the line."""
        self._head = {key: top[key] for key in replies.HEAD if key in top} or self._head

    def lane(self, top: Top) -> str:
        """There is one answer."""
        return _ANSWER

    def delta(self, spot: Spot, piece: Piece, text: str) -> Delta:
        """What is said, what is thought, and what nobody knows."""
        if not piece.name:
            name, tool, thread = f"{_ANSWER}/+{spot.pointer}", "?", ""
        elif piece.name == "thinking":
            name, tool, thread = self._thought(), "", _THOUGHT
        else:
            name, tool, thread = _SAID, "", ""
        self.texts.open(_ANSWER, name)
        return Delta(name, Role.ASSISTANT, text, piece.kind, piece.json, tool, piece.opens, thread)

    def _thought(self) -> str:
        """A new one if those before it have ended."""
        name = _THOUGHT + (f"#{self._turn}" if self._turn else "")
        if name not in self._thoughts:
            self._thoughts.append(name)
            self.forgotten.add(_ANSWER)  # the next words that are shown must be read in full: they end the thought
        return name

    def closes(self, top: Top, deltas: Sequence[Delta]) -> tuple[str, ...]:
        """All at the end, and thoughts before words that are shown: they'd hold these up."""
        if self.is_last(top):
            return self.texts.close(_ANSWER)
        spoken = {delta.segment for delta in deltas}
        if _SAID not in spoken or not self._thoughts or not spoken.isdisjoint(self._thoughts):
            return ()
        if self._turn >= MAX_TURNS:
            return ()
        self._turn += 1
        ended, self._thoughts = tuple(self._thoughts), []
        self.forgotten.add(_ANSWER)
        return ended

    def is_silent(self, top: Top) -> bool:
        """True if nothing but words would be lost with this line."""
        message = top.get("message")
        calls = top.get("tool_calls") or (isinstance(message, dict) and message.get("tool_calls"))
        return not calls and top.get("completed") is None

    # ---- writing

    def insert(self, like: Frame, segment: str, text: str) -> Iterable[Own]:
        """More words of the answer. Raises KeyError for any other text."""
        if segment != _SAID:
            raise KeyError(segment)
        return self.say(text)

    def say(self, text: str) -> Iterable[Own]:
        """A line of ours."""
        return (replies.frame(self._say(self._head, text)),)

    def note(self, notes: Mapping[str, object]) -> Iterable[Own]:
        """In a line without words, as the member `guardrail`."""
        return (replies.frame(self._say(self._head, ""), notes),)

    def error(self, error: GuardrailError) -> Own:
        """The terminal error."""
        return None, replies.own_error(error)
