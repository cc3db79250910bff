"""Requests, answers and streams of the models that go on with a prompt, in InvokeModel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from guardrail.dialects.base import Ask
from guardrail.dialects.bedrock import replies
from guardrail.dialects.bedrock.families import METRICS, Prompted, Vectors
from guardrail.dialects.codec import Grammar, Own, Top
from guardrail.dialects.document import NOTES, AnswerBody, RequestBody, dump, refuse
from guardrail.dialects.settings import Settings
from guardrail.dialects.table import Field, Piece
from guardrail.dialects.template import SECONDS, Hole
from guardrail.dialects.walk import Spot
from guardrail.errors import GuardrailError
from guardrail.events import Delta, Frame
from guardrail.text import Role
from guardrail.wire.eventstream import CHUNK, EXCEPTION
from guardrail.wire.jsondoc import JsonValue

_TEXT = "text"


class PromptRequest(RequestBody):
    """One request: everything in the prompt is what the user says."""

    def __init__(self, body: bytes, settings: Settings, ask: Ask, family: Prompted, *, stream: bool) -> None:
        super().__init__(body, ask, family.request, settings)
        self._stream = stream
        self._prompt = f"/{family.prompt}"

    @property
    def stream(self) -> bool:
        """True at the paths of streams."""
        return self._stream

    @property
    def turn(self) -> Sequence[str]:
        """The prompt."""
        return self.below(self._prompt)


class VectorRequest(RequestBody):
    """One request for vectors."""

    def __init__(self, body: bytes, settings: Settings, ask: Ask, family: Vectors) -> None:
        super().__init__(body, ask, family.request, settings)
        self._family = family
        if not set(self.top) & set(family.request.members):
            refuse("missing_field", "")

    @property
    def turn(self) -> Sequence[str]:
        """The texts."""
        return self.below(*self._family.prompts)

    @property
    def model(self) -> str:
        """The whole name, of which the path tells us the parts that vary."""
        region = self.ask.path.get("region", "")
        return f"{region}{'.' if region else ''}{self._family.models}{super().model}"


class PromptAnswer(AnswerBody):
    """One whole answer. Raises UpstreamBroken when it can't be read in full."""

    def __init__(self, body: bytes, settings: Settings, family: Prompted) -> None:
        super().__init__(body, family.answer, settings, counts=family.counts)
        self.reasons = (_reason(family.said, family.stop),)
        self._spoken = family.said

    def say(self, text: str) -> bool:
        """In the place of no words."""
        try:
            empty = not self.json.value(self._spoken)
        except KeyError:
            return False
        if empty:
            self.json.replace_raw(self._spoken, dump(text))
        return empty


class PromptGrammar(Grammar):
    """One streamed answer: chunks with pieces of its text, until one says why it ends."""

    holes: Mapping[str, Hole] = {
        "/generation_token_count": SECONDS,
        "/totalOutputTextTokenCount": SECONDS,
        "/index": SECONDS,
    }

    def __init__(self, family: Prompted) -> None:
        super().__init__()
        self._family = family
        self.reasons = (_reason(family.heard, family.stop),)
        self.counts = family.counts
        self._name = ""
        self._done = False

    def seen(self, name: str | None) -> None:
        """What it is."""
        self._name = name or ""

    def table(self, top: Top) -> Field:
        """One for all chunks."""
        return self._family.frame

    def finished(self) -> bool:
        """The reason of its end was told."""
        return self._done

    def skips(self, top: Top) -> bool:
        """Events that nobody knows."""
        return self._name != CHUNK

    def failure(self, top: Top) -> Own | None:
        """An exception."""
        return replies.broke_off(self._name) if self._name.startswith(EXCEPTION) else None

    def begin(self, top: Top) -> None:
        """Notes its end."""
        self._done = self._done or _stopped(top, self._family.stop)

    def lane(self, top: Top) -> str | None:
        """One for all."""
        return _TEXT

    def delta(self, spot: Spot, piece: Piece, text: str) -> Delta:
        """The first place where words stand is the answer."""
        name = f"{_TEXT}{spot.address}"
        self.texts.open(_TEXT, name)
        return Delta(name, Role.ASSISTANT, text, piece.kind, opens=spot.address == self._family.heard)

    def closes(self, top: Top, deltas: Sequence[Delta]) -> tuple[str, ...]:
        """All, with the reason of the end."""
        if not _stopped(top, self._family.stop):
            return ()
        self.forgotten.add(_TEXT)
        return self.texts.close(_TEXT)

    def is_silent(self, top: Top) -> bool:
        """Pieces of the text."""
        return not _stopped(top, self._family.stop) and METRICS not in top and not top.get("prompt_token_count")

    def insert(self, like: Frame, segment: str, text: str) -> Iterable[Own]:
        """More words. Raises KeyError for other texts."""
        if segment != f"{_TEXT}{self._family.heard}":
            raise KeyError(segment)
        return self.say(text)

    def say(self, text: str) -> Iterable[Own]:
        """A chunk of ours."""
        return ((None, chunk(self._family, text)),)

    def note(self, notes: Mapping[str, object]) -> Iterable[Own]:
        """An event `guardrail`: clients pass over events that they don't know."""
        return ((NOTES, {NOTES: notes}),)

    def error(self, error: GuardrailError) -> Own:
        """The terminal exception."""
        return replies.own_error(error)


def _reason(words: str, stop: str) -> str:
    """Where the reason stands: beside the words."""
    return f"{words.rpartition('/')[0].replace('/0', '/*')}/{stop}"


def _stopped(top: Top, stop: str) -> bool:
    outputs = top.get("outputs")
    of = outputs[0] if isinstance(outputs, list) and outputs else top
    return bool(isinstance(of, dict) and of.get(stop))


def whole(family: Prompted, text: str) -> Mapping[str, JsonValue]:
    """A complete answer of ours."""
    return _with(family, family.said, text, family.finish)


def chunk(family: Prompted, text: str, stop: str | None = None) -> Mapping[str, JsonValue]:
    """A chunk of ours."""
    return _with(family, family.heard, text, stop)


def _with(family: Prompted, pointer: str, text: str, stop: str | None) -> dict[str, JsonValue]:
    above, _, member = pointer.rpartition("/")
    said: dict[str, JsonValue] = {member: text, family.stop: stop}
    told: dict[str, JsonValue] = dict(family.empty)
    if above:
        return {**told, above.split("/")[1]: [said]}
    return {**told, **said}
