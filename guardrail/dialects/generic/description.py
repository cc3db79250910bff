"""What a policy says of an API: where its words stand, how it streams, what its errors look like. Values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from guardrail.dialects.generic.address import Address
from guardrail.dialects.generic.literal import Literal
from guardrail.dialects.usage import NOWHERE, Places
from guardrail.text import Role
from guardrail.wire.jsondoc import JsonValue

SSE, NDJSON, JSON = "sse", "ndjson", "json"

MODEL = Address(("model",))
Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Condition:
    """True of a payload if at every address stands one of these values.

    No values: anything but null, false, zero and emptiness.
    """

    values: Mapping[Address, Sequence[Scalar]]

    def holds(self, top: JsonValue) -> bool:
        """True if it does."""
        return all(_stands(address.first(top), allowed) for address, allowed in self.values.items())


def _stands(value: JsonValue, allowed: Sequence[Scalar]) -> bool:
    if not allowed:
        return bool(value)
    return any(type(value) is type(each) and value == each for each in allowed)


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks: each element at `at` says it in `member`. `default` speaks where none is named."""

    at: Address
    member: str
    words: Mapping[str, Role]
    default: Role | None = None


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of tools: at `at` stand objects whose members `name` and `arguments` are a tool's."""

    at: Address
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class RequestShape:
    """Where the words of a request stand. What is not named is inspected in full as data.

    `prose` is said by whom `voices` tell, outside of their list by the user; `system` and `assistant` by these.
    `turn` is what has to be answered, where that is less than all that the user says.
    """

    prose: Sequence[Address] = ()
    system: Sequence[Address] = ()
    assistant: Sequence[Address] = ()
    data: Sequence[Address] = ()
    token: Sequence[Address] = ()
    fixed: Sequence[Address] = ()
    voices: Voices | None = None
    turn: Sequence[Address] = ()
    calls: Calls | None = None
    references: Mapping[Address, str] = field(default_factory=dict)
    model: Address = MODEL
    structured: Condition | None = None
    says: Mapping[str, Scalar] = field(default_factory=dict)
    """Members at the top that every request gets (`log: false`), whatever the client said."""


@dataclass(frozen=True, slots=True)
class AnswerShape:
    """Where the words of a whole answer stand. What is not named is inspected in full, and nothing is restored there.

    `choices`: each element of this list is an answer of its own. `body`: an answer of ours, with the hole `{text}`.
    `finish`: the word that says why it ends ("length"). `counts`: where the API tells its counts and its model.
    """

    prose: Sequence[Address] = ()
    thoughts: Sequence[Address] = ()
    data: Sequence[Address] = ()
    calls: Calls | None = None
    choices: Address | None = None
    keeps: Mapping[Address, str] = field(default_factory=dict)
    body: Literal | None = None
    finish: Address | None = None
    counts: Places = NOWHERE


@dataclass(frozen=True, slots=True)
class StreamShape:
    """How an answer is streamed, and where in a frame its words stand.

    asked    the client wants a stream if this holds of its request; None: its path tells
    types    further media types of streams, believed only if one was asked for
    text     the running words; `thoughts` those that are not shown as the answer; `data` values complete in their frame
    key      the number that tells parallel answers in one stream apart
    event    where a frame repeats the name that its framing gives it, and the names that may stand there
    end      the text of a frame that is the end (`[DONE]`), or what holds of the last frame, or the connection's end
    error    what stands in frames that tell a failure
    finish   the word that says why the answer ends ("length")
    frame    a frame of ours, with the hole `{text}`
    last     a frame of ours that is the last one, if that is one of the API's own
    counts   where frames tell the API's counts and its model
    """

    framing: str
    text: Sequence[Address]
    frame: Literal
    asked: Condition | None = None
    types: frozenset[str] = frozenset()
    thoughts: Sequence[Address] = ()
    data: Sequence[Address] = ()
    calls: Calls | None = None
    key: Address | None = None
    event: Address | None = None
    events: frozenset[str] = frozenset()
    end_data: str = ""
    end_when: Condition | None = None
    end_eof: bool = False
    error: Address | None = None
    last: Literal | None = None
    finish: Address | None = None
    counts: Places = NOWHERE


DEFAULT_ERROR = Literal({"error": {"message": "{message}", "code": "{code}", "param": "{param}"}})


@dataclass(frozen=True, slots=True)
class ErrorShape:
    """Errors that we write: holes `{message}`, `{code}`, `{param}`, `{status}`.

    Of the provider's own errors the words of `codes` pass that stand at `code`.
    """

    body: Literal = DEFAULT_ERROR
    code: Address | None = None
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Description:
    """One API. `name` is that of the dialect ("generic.house-llm"); `key_header` carries the provider's key."""

    name: str
    request: RequestShape
    answer: AnswerShape
    stream: StreamShape | None = None
    error: ErrorShape = ErrorShape()
    key_header: str = "authorization"

    @property
    def speaks(self) -> bool:
        """True if its answers are words for a reader."""
        return bool(self.answer.prose) or self.stream is not None
