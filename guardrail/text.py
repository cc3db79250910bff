"""The values that every other module speaks: segments, spans, findings, actions, edits, verdicts.

Imports nothing of ours. Everything here is frozen; a change is a new value.
`Finding` and `Ruling` have no field that could hold a patient's words: they may be logged and counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum


class Direction(StrEnum):
    """Which way the text travels: to the model, or back to the application."""

    REQUEST = "request"
    RESPONSE = "response"


class Role(StrEnum):
    """Whose voice a segment is, in the words of no particular provider."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class Kind(StrEnum):
    """What a string is for; decides which rails look at it and whether it may be rewritten.

    PROSE   words of the conversation: every rail looks, anything may be rewritten or inserted
    DATA    a value that people or programs fill in (metadata, user, schema text, tool results): PHI only
    TOKEN   an identifier with a restricted alphabet (participant name, tool_call_id): PHI only, and its
            placeholder is written without brackets (`NAME_1`)
    FIXED   a string that can't be rewritten without changing what is asked for (model, object keys,
            function names): a finding to REPLACE refuses the whole request instead
    """

    PROSE = "prose"
    DATA = "data"
    TOKEN = "token"  # noqa: S105 - a kind of string, not a secret
    FIXED = "fixed"


class Action(IntEnum):
    """What is done about a finding. Ordered: on overlap the strongest wins."""

    ALLOW = 0
    WARN = 1
    REPLACE = 2
    BLOCK = 3

    @property
    def word(self) -> str:
        """The action as it is written in policies, metrics and headers: allow, warn, replace, block."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of code points, `0 <= start <= end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError("a span is 0 <= start <= end")

    def shifted(self, by: int) -> Span:
        """The same range in a text that begins `by` code points earlier."""
        return Span(self.start + by, self.end + by)

    def overlaps(self, other: Span) -> bool:
        """True if the two share at least one code point (an empty span overlaps nothing)."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Segment:
    """One string of a payload. `address` is the dialect's own business, e.g. "/messages/2/content".

    `tool` is the name of the tool whose argument this is, or "": real values are restored only into tools
    that the policy names (WHO-33).
    `opens` is True if the answer begins here for the reader: our notices go before it. Not so for a model's
    reasoning, which many applications hide.
    `hint` is the name of the field or object key that the value stands under, as a cue for what it is ("mrn"), or "".
    It may be a client's own text: never shown, never logged.
    """

    address: str
    role: Role
    text: str
    kind: Kind = Kind.PROSE
    tool: str = ""
    opens: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a rail saw what. `label` comes from the rail's closed list, `score` is in 0..1."""

    span: Span
    rail: str
    label: str
    score: float = 1.0

    def shifted(self, by: int) -> Finding:
        """The same finding in a text that begins `by` code points earlier."""
        return replace(self, span=self.span.shifted(by))


@dataclass(frozen=True, slots=True)
class Ruling:
    """A finding with what the policy decided about it. In `shadow` it is counted and nothing changes."""

    finding: Finding
    action: Action
    shadow: bool = False

    @property
    def effective(self) -> Action:
        """The action that is really taken: ALLOW while the rule runs in shadow."""
        return Action.ALLOW if self.shadow else self.action


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text under `span` by `text`. An insertion is an edit of an empty span."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the chain concluded: the strongest effective action, all rulings, the edits made."""

    action: Action = Action.ALLOW
    rulings: tuple[Ruling, ...] = ()
    edits: tuple[Edit, ...] = ()


class Risk(StrEnum):
    """How much harm a wrong answer could do (WHO-07, WHO-52). From weakest to strongest."""

    NONE = "none"
    GENERAL = "general"
    HIGH = "high"
    EMERGENCY = "emergency"
    SELF_HARM = "self_harm"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the raw request is about, established before anything is redacted (WHO-07, WHO-51).

    `flags` say who it is about (paediatric, pregnancy), who writes (clinician, administrative), which function of high
    risk is asked for (prescribing, dosing, severe_depression; WHO-52), and whether a person is asked for (asked_human).
    """

    medical: bool = False
    topics: tuple[str, ...] = ()
    risk: Risk = Risk.NONE
    flags: tuple[str, ...] = ()


UNASSESSED = Assessment()


SENTENCE_WORDS = 3


LONGEST_CUE = 80


def cue(key: str) -> str:
    """The end of a key, next to its value, as a `hint`: it goes along with each text, so a long one would cost much."""
    return key[-LONGEST_CUE:]


def reads_like_a_sentence(text: str) -> bool:
    """True for a string in JSON that somebody may have said, rather than a value or a word from a list."""
    return len(text.split(None, SENTENCE_WORDS)) >= SENTENCE_WORDS


_HARMLESS = frozenset("\n\t\u200c\u200d")
"""Neither printable by Python's book nor able to steer anything; scripts are written with the two joiners."""


def plain(text: str) -> str:
    """For a terminal: as long as the text, and nothing in it can steer the terminal or turn what is read around."""
    return "".join(each if each.isprintable() or each in _HARMLESS else "\N{REPLACEMENT CHARACTER}" for each in text)
