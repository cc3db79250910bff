"""What the frames of a Completions stream mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from guardrail.dialects.codec import Grammar, Own, Top
from guardrail.dialects.document import refuse_answer
from guardrail.dialects.openai import replies
from guardrail.dialects.openai.base import COUNTS
from guardrail.dialects.openai.completions.fields import FRAME, REQUEST, STRUCTURED_FRAME
from guardrail.dialects.table import Field, Piece
from guardrail.dialects.template import PADDING, SECONDS, Hole
from guardrail.dialects.walk import Spot
from guardrail.errors import GuardrailError
from guardrail.events import Delta, Frame
from guardrail.text import Role
from guardrail.wire.jsondoc import JsonValue


class CompletionGrammar(Grammar):
    """One streamed answer: every frame has choices with a text."""

    reasons = ("/choices/*/finish_reason",)
    counts = COUNTS
    holes: Mapping[str, Hole] = {"/obfuscation": PADDING, "/created": SECONDS}

    def __init__(self, model: str, *, structured: bool) -> None:
        super().__init__()
        self._table = STRUCTURED_FRAME if structured else FRAME
        self._envelope: dict[str, JsonValue] = replies.own_envelope(model, "text_completion")
        self._choices: list[dict[str, JsonValue]] = []  # of the frame that is being read
        self._begun: set[str] = set()

    def table(self, top: Top) -> Field:
        """One for all frames."""
        return self._table

    def is_end(self, data: bytes) -> bool:
        """`[DONE]`."""
        return data.strip() == b"[DONE]"

    def failure(self, top: Top) -> Own | None:
        """An `error` object in the place of a frame."""
        told = top.get("error")
        return None if told is None else (None, replies.provider_error(None, told, REQUEST))

    def begin(self, top: Top) -> None:
        """Notes the head of the frame, and its choices."""
        self._envelope = {key: top[key] for key in replies.HEAD if key in top} or self._envelope
        found = _choices(top)
        self._choices = [each if isinstance(each, dict) else {} for each in found or ()]

    def lane(self, top: Top) -> str | None:
        """The choice, if there is one only."""
        return _name(self._choices[0], 0) if len(self._choices) == 1 else None

    def delta(self, spot: Spot, piece: Piece, text: str) -> Delta:
        """By choice, and by field."""
        steps = spot.pointer.split("/")  # "", "choices", n, "text"
        owner = _name(self._choices[int(steps[2])], int(steps[2]))
        name = f"{owner}/{piece.name or '+' + '/'.join(steps[3:])}"
        self.texts.open(owner, name)
        self._begun.add(owner)
        return Delta(name, Role.ASSISTANT, text, piece.kind, piece.json, "" if piece.name else "?", piece.opens)

    def closes(self, top: Top, deltas: Sequence[Delta]) -> tuple[str, ...]:
        """The texts of choices that finish, unless with words: some servers send a reason with every frame."""
        spoken = {delta.segment.rpartition("/")[0] for delta in deltas}
        ended = [_name(each, at) for at, each in enumerate(self._choices) if each.get("finish_reason")]
        return tuple(text for name in ended if name in self._begun - spoken for text in self.texts.close(name))

    def is_silent(self, top: Top) -> bool:
        """Words alone."""
        return bool(self._choices) and not top.get("usage") and not any(map(_finish, self._choices))

    def insert(self, like: Frame, segment: str, text: str) -> Iterable[Own]:
        """A frame of our own. Raises KeyError for a text that can't be added to."""
        _, index, field = segment.split("/", 2)
        if field != "text":
            raise KeyError(segment)
        return (self._frame(int(index), text),)

    def say(self, text: str) -> Iterable[Own]:
        """Added to the first choice's text."""
        return (self._frame(0, text),)

    def is_first(self, segment: str) -> bool:
        """Choice 0."""
        return segment.startswith("choices/0/")

    def close(self, text: str, choice: int) -> Iterable[Own]:
        """Added to the choice's text."""
        return (self._frame(choice, text),)

    def note(self, notes: Mapping[str, object]) -> Iterable[Own]:
        """A frame without words, since a client may read the first choice of every frame."""
        return (self._frame(0, "", notes),)

    def error(self, error: GuardrailError) -> Own:
        """The terminal error event; no [DONE] follows."""
        return None, replies.own_error(error)

    def _frame(self, index: int, text: str, notes: Mapping[str, object] | None = None) -> Own:
        return replies.text_chunk(self._envelope, index, text, notes=notes)


def _choices(top: JsonValue) -> list[JsonValue] | None:
    found = top.get("choices") if isinstance(top, dict) else None
    return found if isinstance(found, list) else None


def _finish(choice: Mapping[str, JsonValue]) -> bool:
    return bool(choice.get("finish_reason"))


def _name(choice: Mapping[str, JsonValue], position: int) -> str:
    index = choice.get("index", position)
    if not isinstance(index, int) or isinstance(index, bool) or index < 0:
        refuse_answer("invalid_type", f"/choices/{position}/index")
    return f"choices/{index}"
