"""What the chunks of a Gemini stream mean.

Each is a whole answer with the next piece of it. Nothing says which text a piece belongs to, or where a text ends:
pieces of one kind (words, thoughts) are one text until another kind of part comes between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guardrail.dialects.codec import MAX_TEXTS, Grammar, Own, Top
from guardrail.dialects.document import refuse_answer
from guardrail.dialects.google import replies
from guardrail.dialects.google.answer import COUNTS, ends, treat_echo
from guardrail.dialects.google.answers import CHUNK, STRUCTURED_CHUNK
from guardrail.dialects.settings import Logprobs, Settings
from guardrail.dialects.table import Field, Piece
from guardrail.dialects.template import SECONDS, TIMESTAMP, Hole
from guardrail.dialects.walk import Spot
from guardrail.errors import GuardrailError, UpstreamBroken
from guardrail.events import Delta, Frame, Stop
from guardrail.text import Kind, Role
from guardrail.wire.jsondoc import JsonDocument, JsonValue

_HEAD = ("modelVersion", "responseId", "createTime")
_SAYS_NOTHING = frozenset({"candidates", "usageMetadata", *_HEAD})
_COUNTS = ("promptTokenCount", "candidatesTokenCount", "totalTokenCount", "thoughtsTokenCount")
_DETAILS = ("promptTokensDetails/0", "candidatesTokensDetails/0")
_ROLES = (None, "model")


class GeminiGrammar(Grammar):
    """One streamed answer."""

    counts = COUNTS
    in_bytes = True
    whole_calls = True
    said_in = "candidates/0/said"
    holes: Mapping[str, Hole] = {
        "/createTime": TIMESTAMP,
        **{f"/usageMetadata/{name}": SECONDS for name in _COUNTS},
        **{f"/usageMetadata/{name}/tokenCount": SECONDS for name in _DETAILS},
    }

    def __init__(self, model: str, settings: Settings, *, structured: bool) -> None:
        super().__init__()
        self._structured = structured
        self._keep_logprobs = settings.logprobs is Logprobs.KEEP_UNCHANGED
        self._head = replies.own_head(model)
        self._speakers: dict[int, _Speaker] = {}
        self._candidates: list[_Candidate] = []  # of the chunk that is being read
        self._closing: list[str] = []
        self._blocked = False

    # ---------------------------------------------------------------------------------------------- reading

    def table(self, top: Top) -> Field:
        """One for all chunks."""
        return STRUCTURED_CHUNK if self._structured else CHUNK

    def failure(self, top: Top) -> Own | None:
        """An `error` object in the place of a chunk."""
        told = top.get("error")
        return None if told is None else (None, replies.provider_error(None, told))

    def begin(self, top: Top) -> None:
        """Notes the head of the stream, who speaks, and what came between two texts."""
        self._head = {key: top[key] for key in _HEAD if key in top} or self._head
        self._candidates = [_Candidate(value, at) for at, value in enumerate(_items(top.get("candidates")))]
        if len({each.index for each in self._candidates}) < len(self._candidates):
            refuse_answer("invalid_type", "/candidates/0/index")
        feedback = top.get("promptFeedback")
        self._blocked = self._blocked or (isinstance(feedback, dict) and bool(feedback.get("blockReason")))
        self._closing = [text for each in self._candidates for text in self._follow(each)]

    def _follow(self, candidate: _Candidate) -> Iterator[str]:
        """Gives the texts that end here; notes of each part of the candidate which text it belongs to."""
        speaker = self._speakers.setdefault(candidate.index, _Speaker(f"candidates/{candidate.index}"))
        for part in candidate.parts:
            kind = _kind(part)
            ended = speaker.go_on(kind) if kind else ""
            if ended:
                self.forgotten.add(speaker.name)
                yield ended
            candidate.texts.append(speaker.text)
        if sum(each.count for each in self._speakers.values()) > MAX_TEXTS:
            raise UpstreamBroken(f"more than {MAX_TEXTS} texts in one stream", code="too_many_texts")
        if candidate.finish:
            speaker.finished = True
            if not candidate.speaks and (ended := speaker.go_on("")):
                self.forgotten.add(speaker.name)
                yield ended

    def lane(self, top: Top) -> str | None:
        """The candidate, if there is one only."""
        return f"candidates/{self._candidates[0].index}" if len(self._candidates) == 1 else None

    def delta(self, spot: Spot, piece: Piece, text: str) -> Delta:
        """By candidate, by kind, and by what came between."""
        steps = spot.address.split("/")  # "", "candidates", n, "content", "parts", m, ...
        candidate = self._candidates[int(steps[2])]
        speaker = self._speakers[candidate.index]
        if piece.name != "text":
            name = piece.name or "+" + "/".join(spot.pointer.split("/")[6:])
            tool = "" if piece.name else "?"
            return Delta(speaker.aside(name), Role.ASSISTANT, text, piece.kind, piece.json, tool, opens=False)
        name = candidate.texts[int(steps[5])]
        if name.startswith(thought := speaker.aside("thought")):
            return Delta(name, Role.ASSISTANT, text, Kind.PROSE, opens=False, thread=thought)
        opens, thread = name == speaker.first, speaker.aside("text")
        return Delta(name, Role.ASSISTANT, text, piece.kind, piece.json, opens=opens, thread=thread)

    def quoted(self, spot: Spot) -> Sequence[str]:
        """All that the candidate has said: the parts of a stream are pieces, and count as one."""
        speaker = self._speakers[self._candidates[int(spot.pointer.split("/")[2])].index]
        return (speaker.aside("said"), *speaker.said)

    def closes(self, top: Top, deltas: Sequence[Delta]) -> tuple[str, ...]:
        """The texts that another kind of part has ended.

        A finish reason ends no text that it comes together with: some servers send one with every chunk.
        """
        return tuple(self._closing)

    def stops(self, top: Top) -> tuple[Stop, ...]:
        """Why the candidates of this chunk end, or why the prompt was not answered."""
        return ends(top, numbered=True)

    def is_silent(self, top: Top) -> bool:
        """True if nothing but words, and counts that a later chunk tells anew, would be lost with this chunk."""
        return bool(self._candidates) and _SAYS_NOTHING.issuperset(top) and all(c.silent for c in self._candidates)

    def finished(self) -> bool:
        """True once every candidate has told why it ended, or the prompt was blocked."""
        speakers = self._speakers.values()
        return all(each.finished for each in speakers) if speakers else self._blocked

    # ---------------------------------------------------------------------------------------------- writing

    def treat_echo(self, document: JsonDocument, pointer: str, unchanged: bool) -> None:
        """Log probabilities stay where the policy lets them and no word was changed."""
        treat_echo(document, pointer, keep=self._keep_logprobs and unchanged)

    def insert(self, like: Frame, segment: str, text: str) -> Iterable[Own]:
        """A chunk of our own that adds `text` to `segment`. Raises KeyError for a text that can't be added to."""
        _, index, name = segment.split("/", 2)
        thought = name.startswith("thought")
        if not thought and not name.startswith("text"):
            raise KeyError(segment)
        return (replies.chunk(self._head, int(index), text, thought=thought),)

    def say(self, text: str) -> Iterable[Own]:
        """Added to the first candidate."""
        return (replies.chunk(self._head, 0, text),)

    def is_first(self, segment: str) -> bool:
        """Candidate 0."""
        return segment.startswith("candidates/0/")

    def is_said(self, delta: Delta) -> bool:
        """What is neither a thought nor beside the words."""
        return delta.segment.split("/")[2].startswith("text")

    def close(self, text: str, choice: int) -> Iterable[Own]:
        """Added to the candidate."""
        return (replies.chunk(self._head, choice, text),)

    def note(self, notes: Mapping[str, object]) -> Iterable[Own]:
        """A chunk without words, since a client may read the first candidate of every chunk."""
        return (replies.chunk(self._head, 0, "", notes=notes),)

    def error(self, error: GuardrailError) -> Own:
        """The terminal error event."""
        return None, replies.own_error(error)


@dataclass(slots=True)
class _Speaker:
    """One candidate over the whole stream. `text` is the one that is being written, "" if another part came last."""

    name: str
    text: str = ""
    first: str = ""
    count: int = 0
    kind: str = ""
    finished: bool = False
    said: list[str] = field(default_factory=list)

    def go_on(self, kind: str) -> str:
        """A part of this kind comes next ("": the end). Gives the text that it ends, if any."""
        if kind == self.kind and self.text:
            return ""
        ended, self.text, self.kind = self.text, "", kind
        if kind in ("text", "thought"):
            self.text = f"{self.name}/{kind}{self.count}"
            self.count += 1
            if kind == "text":
                self.said.append(self.text)
                self.first = self.first or self.text
        return ended

    def aside(self, name: str) -> str:
        """A text beside the words."""
        return f"{self.name}/{name}"


class _Candidate:
    """One element of a chunk's `candidates`, whose shape the table has confirmed."""

    def __init__(self, value: JsonValue, position: int) -> None:
        candidate = value if isinstance(value, dict) else {}
        index = candidate.get("index", 0)
        if type(index) is not int or not 0 <= index < MAX_TEXTS:
            refuse_answer("invalid_type", f"/candidates/{position}/index")
        self.index = index
        content = candidate.get("content")
        content = content if isinstance(content, dict) else {}
        self.parts = [part if isinstance(part, dict) else {} for part in _items(content.get("parts"))]
        self.finish = bool(candidate.get("finishReason"))
        self.texts: list[str] = []  # of each part, the text that it belongs to
        plain = {"content", "index"}.issuperset(candidate) and {"parts", "role"}.issuperset(content)
        self.silent = plain and content.get("role") in _ROLES and all(map(_is_plain, self.parts))

    @property
    def speaks(self) -> bool:
        """True if it has words in this chunk."""
        return any(part.get("text") for part in self.parts)


def _is_plain(part: dict[str, JsonValue]) -> bool:
    return {"text", "thought"}.issuperset(part)


def _kind(part: dict[str, JsonValue]) -> str:
    """What a part is: "" for one that says nothing."""
    if part.get("text"):
        return "thought" if part.get("thought") else "text"
    return "" if {"text", "thought", "thoughtSignature"}.issuperset(part) else "other"


def _items(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
