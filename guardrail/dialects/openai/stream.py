"""What the frames of a Chat Completions stream mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from guardrail.dialects.codec import MAX_TEXTS, Grammar, Own, Top
from guardrail.dialects.document import refuse_answer
from guardrail.dialects.openai import replies
from guardrail.dialects.openai.answer import treat_echo
from guardrail.dialects.openai.base import COUNTS
from guardrail.dialects.openai.fields import FRAME, STRUCTURED_FRAME
from guardrail.dialects.settings import Logprobs, Settings
from guardrail.dialects.table import Field, Piece
from guardrail.dialects.template import PADDING, SECONDS, Hole
from guardrail.dialects.walk import Spot
from guardrail.errors import GuardrailError, UpstreamBroken
from guardrail.events import Delta, Frame
from guardrail.text import Role
from guardrail.wire.jsondoc import JsonDocument, JsonValue

MAX_TURNS = 16
"""How often the thoughts of one choice may end before words that are shown; further ones end with the choice."""

_INSERTABLE = frozenset({"content", "refusal", "reasoning_content", "reasoning"})


class ChatGrammar(Grammar):
    """One streamed answer."""

    reasons = ("/choices/*/finish_reason",)
    counts = COUNTS
    said_in = "choices/0/content"
    holes: Mapping[str, Hole] = {"/obfuscation": PADDING, "/created": SECONDS}

    def __init__(self, model: str, settings: Settings, *, structured: bool, silent_end: bool = False) -> None:
        """`silent_end`: the stream may end without `[DONE]`, once every choice has its finish reason."""
        super().__init__()
        self._silent_end = silent_end
        self._ended: set[int] = set()
        self._table: Field = STRUCTURED_FRAME if structured else FRAME
        self._keep_logprobs = settings.logprobs is Logprobs.KEEP_UNCHANGED
        self._envelope = replies.own_envelope(model)
        self._choices: list[_Choice] = []  # of the frame that is being read
        self._open_texts: dict[int, list[str]] = {}  # of each choice, those still open
        self._finished: set[int] = set()
        self._unreliable: set[int] = set()  # choices whose finish reason doesn't mean the end
        self._began: set[int] = set()
        self._turns: dict[int, int] = {}  # of each choice, how often its thoughts have ended
        self._thoughts: dict[int, set[str]] = {}  # of each choice, those open that are not shown as the answer
        self._count = 0

    # ---------------------------------------------------------------------------------------------- reading

    def table(self, top: Top) -> Field:
        """One for all frames."""
        return self._table

    def is_end(self, data: bytes) -> bool:
        """`[DONE]`."""
        return data.strip() == b"[DONE]"

    def failure(self, top: Top) -> Own | None:
        """An `error` object in the place of a chunk."""
        told = top.get("error")
        return None if told is None else (None, replies.provider_error(None, told))

    def begin(self, top: Top) -> None:
        """Notes the head of the frame, its choices, and the tools that they call."""
        self._envelope = {key: top[key] for key in replies.HEAD if key in top} or self._envelope
        self._choices = [_Choice(value, at) for at, value in enumerate(_items(top.get("choices")))]
        for call, tool in (named for choice in self._choices for named in choice.named_calls()):
            self.texts.name_tool(call, tool)

    def lane(self, top: Top) -> str | None:
        """The choice, if there is one only."""
        return self._choices[0].name if len(self._choices) == 1 else None

    def delta(self, spot: Spot, piece: Piece, text: str) -> Delta:
        """By choice, by call, and by field."""
        steps = spot.address.split("/")  # "", "choices", n, "delta", ...
        choice = self._choices[int(steps[2])]
        strange = not piece.name
        of = choice.call_name(int(steps[5])) if steps[4] == "tool_calls" and not strange else choice.name
        name = f"{of}/{piece.name}" if not strange else f"{of}/+{choice.place(spot.pointer)}"
        owner = name.rpartition("/")[0]
        thread = "" if piece.opens else name
        if thread:
            name = self._thought(choice, name)
        self._open(choice, name)
        tool = "?" if strange else "" if owner == choice.name else self.texts.tool(owner)
        return Delta(name, Role.ASSISTANT, text, piece.kind, piece.json, tool, piece.opens, thread)

    def quoted(self, spot: Spot) -> Sequence[str]:
        """The content of the choice."""
        return (f"{self._choices[int(spot.pointer.split('/')[2])].name}/content",)

    def _open(self, choice: _Choice, name: str) -> None:
        if choice.index in self._finished:
            raise UpstreamBroken("words after the end of a choice", code="text_after_finish")
        texts = self._open_texts.setdefault(choice.index, [])
        if name not in texts:
            texts.append(name)
            self._count += 1
            if self._count > MAX_TEXTS:
                raise UpstreamBroken(f"more than {MAX_TEXTS} texts in one stream", code="too_many_texts")

    def _thought(self, choice: _Choice, name: str) -> str:
        """The name of a thought: a new one if those before it have ended."""
        turn = self._turns.get(choice.index, 0)
        name = f"{name}#{turn}" if turn else name
        thoughts = self._thoughts.setdefault(choice.index, set())
        if name not in thoughts:
            thoughts.add(name)
            self._forget(choice)  # the next words that are shown must be read in full, so that they end the thought
        return name

    def _ended_thoughts(self, spoken: Set[str]) -> Iterator[str]:
        """The thoughts before words that are shown: they'd hold up these until the choice ends."""
        for choice in self._choices:
            texts = self._open_texts.get(choice.index, [])
            thoughts = self._thoughts.get(choice.index, set())
            if not thoughts or not thoughts.isdisjoint(spoken) or spoken.isdisjoint(texts):
                continue
            turn = self._turns.get(choice.index, 0) + 1
            if turn <= MAX_TURNS:
                yield from (name for name in texts if name in thoughts)
                self._open_texts[choice.index] = [name for name in texts if name not in thoughts]
                self._turns[choice.index] = turn
                self._thoughts[choice.index] = set()
                self._forget(choice)

    def _forget(self, choice: _Choice) -> None:
        self.forgotten.add(choice.name)

    def closes(self, top: Top, deltas: Sequence[Delta]) -> tuple[str, ...]:
        """The texts that end with this frame, which adds `deltas` to some.

        A finish reason that comes together with words says nothing of later words: some servers send one with every
        frame. Such a choice ends with the stream; its last words are held until then.
        """
        spoken = {delta.segment for delta in deltas}
        ends = [choice for choice in self._choices if choice.finish]
        self._ended.update(choice.index for choice in ends)
        texts = self._open_texts
        self._unreliable |= {each.index for each in ends if not spoken.isdisjoint(texts.get(each.index, ()))}
        closed = [name for each in ends if each.index not in self._unreliable for name in self._close(each)]
        return (*closed, *self._ended_thoughts(spoken))

    def _close(self, choice: _Choice) -> list[str]:
        if choice.index not in self._open_texts:
            return []  # nothing has begun, so words after this are no words after an end
        self._finished.add(choice.index)
        self._forget(choice)
        return self._open_texts.pop(choice.index)

    def is_silent(self, top: Top) -> bool:
        """True if nothing but words would be lost with this frame. Notes which choices have said their role."""
        silent = bool(self._choices) and top.get("usage") is None
        for choice in self._choices:
            if choice.delta.get("role") and choice.index not in self._began:
                self._began.add(choice.index)
                silent = False
            silent = silent and not choice.finish and not choice.begins_call and not choice.holds_more
        return silent

    def finished(self) -> bool:
        """True if all has been said, in a stream that does not tell."""
        return self._silent_end and bool(self._ended) and self._ended >= self._open_texts.keys() | self._began

    # ---------------------------------------------------------------------------------------------- writing

    def treat_echo(self, document: JsonDocument, pointer: str, unchanged: bool) -> None:
        """Log probabilities stay where the policy lets them and no word was changed."""
        treat_echo(document, pointer, keep=self._keep_logprobs and unchanged)

    def insert(self, like: Frame, segment: str, text: str) -> Iterable[Own]:
        """A frame of our own that adds `text` to `segment`. Raises KeyError for a text that can't be added to."""
        _, index, field = segment.split("/", 2)
        if field not in _INSERTABLE:
            raise KeyError(segment)
        return (replies.chunk(self._envelope, int(index), {field: text}),)

    def say(self, text: str) -> Iterable[Own]:
        """Added to the first choice's content."""
        return (replies.chunk(self._envelope, 0, {"content": text}),)

    def is_first(self, segment: str) -> bool:
        """Choice 0."""
        return segment.startswith("choices/0/")

    def close(self, text: str, choice: int) -> Iterable[Own]:
        """Added to the choice's content."""
        return (replies.chunk(self._envelope, choice, {"content": text}),)

    def note(self, notes: Mapping[str, object]) -> Iterable[Own]:
        """A frame without words, since a client may read the first choice of every frame."""
        return (replies.chunk(self._envelope, 0, {}, notes=notes),)

    def error(self, error: GuardrailError) -> Own:
        """The terminal error event; no [DONE] follows."""
        return None, replies.own_error(error)


class _Choice:
    """One element of a frame's `choices`, whose shape the table has confirmed."""

    def __init__(self, value: JsonValue, position: int) -> None:
        choice = value if isinstance(value, dict) else {}
        self.index = _index(choice.get("index", position), f"/choices/{position}/index")
        self.name = f"choices/{self.index}"
        self.finish = choice.get("finish_reason")
        delta = choice.get("delta")
        self.delta = delta if isinstance(delta, dict) else {}
        self._calls = [call for call in _items(self.delta.get("tool_calls")) if isinstance(call, dict)]

    @property
    def begins_call(self) -> bool:
        """True if a call of a tool begins here: its id and name must not get lost."""
        return any(call.get("id") or call.get("type") for call in self._calls) or any(self.named_calls())

    @property
    def holds_more(self) -> bool:
        """True if its content comes in parts (Mistral) that say more than words: a reference, the end of a thought."""
        return any(
            isinstance(part, dict) and (part.get("type") == "reference" or "closed" in part)
            for part in _items(self.delta.get("content"))
        )

    def call_name(self, position: int) -> str:
        """The name of a tool call: by its own index, not its place in the frame."""
        address = f"/choices/*0/delta/tool_calls/{position}/index"
        return f"{self.name}/tool/{_index(self._calls[position].get('index', position), address)}"

    def place(self, pointer: str) -> str:
        """Where in the delta a text stands: by keys, and in lists by the element's own index, if it has one."""
        here: JsonValue = self.delta
        names = []
        for name in pointer.split("/")[4:]:
            if isinstance(here, list):
                here = here[int(name)]
                own = here.get("index") if isinstance(here, dict) else None
                name = str(own) if type(own) is int else name
            elif isinstance(here, dict):
                here = here[name.replace("~1", "/").replace("~0", "~")]
            names.append(name)
        return "/".join(names)

    def named_calls(self) -> Iterator[tuple[str, str]]:
        """The calls that say here which tool they call."""
        for position, call in enumerate(self._calls):
            for of in (call.get("function"), call.get("custom")):
                if isinstance(of, dict) and of.get("name"):
                    yield self.call_name(position), str(of["name"])
        function = self.delta.get("function_call")
        if isinstance(function, dict) and function.get("name"):
            yield f"{self.name}/function_call", str(function["name"])


def _index(value: JsonValue, address: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        refuse_answer("invalid_type", address)
    return value


def _items(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
