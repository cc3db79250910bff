"""What the audit log keeps of an exchange, and of what is done to the guardrail: codes, counts and times.

No field of these types can hold a person's words: a field is a `Code` (no white space, at most 100 ASCII characters,
made by `code`, which gives "other" for anything else), a number, an enumeration, or made of those. WHO-66, 45 CFR
164.312(b). An entry is one leaf of a writer's log; `to_json` is its one spelling, over which hashes go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

from guardrail.text import Action, Direction, Risk

_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/@+-]{0,99}")
MAX_OFFSETS: Final = 200
"""Findings of one exchange that are kept with their place; all of them are counted."""


class Code(str):
    """A word from a closed list, a name out of the policy, an id or a digest. Never made of what people wrote."""

    __slots__ = ()

    def __new__(cls, value: str) -> Code:
        """Raises ValueError for what can't be a code; the message does not quote it."""
        if not _CODE.fullmatch(value):
            raise ValueError("no code")
        return super().__new__(cls, value)


OTHER: Final = Code("other")
NONE: Final = Code("none")
SYSTEM: Final = Code("system")


def code(value: str, otherwise: Code = OTHER) -> Code:
    """A code for the record: `otherwise` in place of what is none."""
    return Code(value) if _CODE.fullmatch(value) else otherwise


class Kind(StrEnum):
    """What an entry tells.

    INTENT   a request may go to a provider now; committed before its first byte does
    OUTCOME  how an exchange ended, one for each request that reached the application; committed before the last byte
             of the answer. RECOVERED in `Outcome.end` where the process died before it could say
    EVENT    something was done to the guardrail: by an administrator, by itself, by a data subject's right
    """

    INTENT = "intent"
    OUTCOME = "outcome"
    EVENT = "event"


class End(StrEnum):
    """How an exchange ended."""

    ANSWERED = "answered"
    OWN_ANSWER = "own_answer"
    """Nothing of a model is in it: withheld, blocked, a gate, a crisis text alone."""
    REFUSED = "refused"
    """The request was at fault, or its client."""
    FAILED = "failed"
    """The provider or a part of ours failed; nothing uninspected left."""
    TRUNCATED = "truncated"
    """A stream that broke off, with an error in the end."""
    CLIENT_GONE = "client_gone"
    SUSPENDED = "suspended"
    RECOVERED = "recovered"
    """The process died; the entry was written at the next start, and nobody knows how much was read."""


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """The policy that decided: name, version, fingerprint (hex), and whether it gives protections up (CFG-07)."""

    name: Code
    version: int
    sha256: Code
    unsafe: bool = False


Cohort: TypeAlias = Mapping[str, Code]
"""Supplied group codes by dimension (`age_band`), those that are "unspecified" left out; never inferred (WHO-65)."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who asked whom. `subject` commits to a patient's pseudonym without telling it (record.subjects)."""

    client: Code = NONE
    dialect: Code = NONE
    model: Code = NONE
    """As it was asked for."""
    upstream: Code = NONE
    surface: Code = NONE
    use: Code = NONE
    cohort: Cohort = field(default_factory=dict)
    subject: Code = NONE


@dataclass(frozen=True, slots=True)
class Intent:
    """A request that was inspected is about to leave for a provider."""

    receipt: Code
    who: Who
    policy: PolicyRef


@dataclass(frozen=True, slots=True)
class Found:
    """So many findings of one kind, and what was done about them; `action` is what really was done."""

    rail: Code
    label: Code
    direction: Direction
    action: Action
    count: int
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where one finding was: half-open code points of the `part`-th text in that direction."""

    direction: Direction
    part: int
    start: int
    end: int
    rail: Code
    label: Code
    action: Action


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request was assessed to be about (WHO-07, WHO-52)."""

    medical: bool = False
    risk: Risk = Risk.NONE
    topics: tuple[Code, ...] = ()
    flags: tuple[Code, ...] = ()
    task: Code = NONE


@dataclass(frozen=True, slots=True)
class Shown:
    """A text of ours in an answer: notice, warning, emergency, self_harm, and its SHA-256 (hex)."""

    kind: Code
    language: Code
    sha256: Code = NONE


@dataclass(frozen=True, slots=True)
class Timings:
    """Microseconds. `added` is ours before the provider was asked, `first` is until the first byte of the answer."""

    added: int = 0
    first: int = 0
    upstream: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them, None where it did not say; they are never estimated here."""

    input: int | None = None
    output: int | None = None
    cached: int | None = None
    reasoning: int | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """An estimate: its lower and its upper bound."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Footprint:
    """Modelled, never measured (WHO-85): watt-hours, grams of CO2 equivalent, millilitres of water."""

    method: Code
    energy_wh: Range
    co2e_g: Range
    water_ml: Range | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one exchange ended. `served` is the model that the answer named, `cost` is in `currency` units."""

    receipt: Code
    who: Who
    policy: PolicyRef
    end: End
    action: Action
    status: int
    stage: Code = NONE
    failure: Code = NONE
    """The code of the error (docs/errors.md)."""
    gate: Code = NONE
    """Why a gate was shut."""
    suspension: Code = NONE
    """The id of the suspension that stopped it."""
    served: Code = NONE
    streamed: bool = False
    reviewed: bool = False
    language: Code = NONE
    asked: Asked = field(default_factory=Asked)
    found: tuple[Found, ...] = ()
    places: tuple[Place, ...] = ()
    shown: tuple[Shown, ...] = ()
    uninspected: tuple[Code, ...] = ()
    timings: Timings = field(default_factory=Timings)
    request_bytes: int = 0
    answer_bytes: int = 0
    usage: Usage = field(default_factory=Usage)
    cost: float | None = None
    currency: Code = NONE
    footprint: Footprint | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to the guardrail, and by whom (a name out of the policy, "cli:USER", "system").

    `what` is one of EVENTS; `facts` holds codes and numbers only.
    """

    what: Code
    actor: Code = SYSTEM
    receipt: Code = NONE
    facts: Mapping[str, Code | int | bool] = field(default_factory=dict)


EVENTS: Final = frozenset(
    {
        *("start", "stop", "recovered", "clock_step", "policy_loaded", "policy_reload_failed"),
        *("suspended", "resumed", "suspension_expired"),
        *("case_opened", "case_assigned", "case_closed", "case_reopened", "case_read", "case_exported"),
        "cases_purged",
        *("incident_published", "incident_withdrawn"),
        *("subject_erased", "subject_exported", "purged", "exported", "verified", "reported", "receipt_read"),
        *("login", "logout", "login_refused", "admin_refused", "key_rotated", "audit_unavailable", "model_changed"),
        *("snapshot",),
    }
)
"""Every event that there is."""

Entry: TypeAlias = Intent | Outcome | Event
_KINDS: Final[Mapping[type, Kind]] = {Intent: Kind.INTENT, Outcome: Kind.OUTCOME, Event: Kind.EVENT}


def kind_of(entry: Entry) -> Kind:
    """What the entry tells."""
    return _KINDS[type(entry)]


_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def to_json(entry: Entry) -> str:
    """The one spelling of an entry: members that say nothing (their default) left out, keys in order, ASCII."""
    return _ENCODER.encode(_plain(entry))


def _plain(value: object) -> object:
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is Action:
        return value.word  # type: ignore[attr-defined]
    if kind is tuple:
        return [_plain(each) for each in value]  # type: ignore[attr-defined]
    if names := _names(kind):  # type: ignore[arg-type]  # a type is hashable
        said = [(name, getattr(value, name)) for name in names]
        return {name: _plain(each) for name, each in said if not _says_nothing(each)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return value


_AS_THEY_ARE: Final = frozenset({Code, str, int, float, bool})


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The members of a class of this module, none of any other."""
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()


def _says_nothing(value: object) -> bool:
    if value is None or value is False or value == NONE:
        return True
    return (type(value) is tuple or isinstance(value, Mapping)) and not value


def from_json(kind: Kind, text: str) -> Entry:
    """The entry that `to_json` wrote. Raises ValueError for anything else; the message quotes nothing of it."""
    whole = {Kind.INTENT: Intent, Kind.OUTCOME: Outcome, Kind.EVENT: Event}[kind]
    try:
        entry: Entry = _reader(whole)(json.loads(text))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise ValueError("no entry of this kind") from None
    return entry


_Reader: TypeAlias = Callable[[Any], Any]
"""A value as JSON has it into one of the type that a field declares."""


@cache
def _reader(wanted: Any) -> _Reader:
    """Worked out once for each type: a log has millions of values."""
    origin, inside = get_origin(wanted), get_args(wanted)
    if origin in (Union, UnionType):  # a fact, or something that may be missing
        return _one_of([each for each in inside if each is not NoneType])
    if origin is tuple:
        member = _reader(inside[0])
        return lambda value: tuple([member(each) for each in value])
    if origin is Mapping:
        fact = _reader(inside[1])
        return lambda value: {str(key): fact(each) for key, each in value.items()}
    if wanted is Action:
        return lambda value: Action[value.upper()]
    if is_dataclass(wanted):
        return _members(wanted)
    return _number(wanted) if wanted in (int, float, bool) else cast(_Reader, wanted)


def _members(wanted: Any) -> _Reader:
    readers = {name: _reader(hint) for name, hint in get_type_hints(wanted).items()}
    return lambda value: wanted(**{name: readers[name](each) for name, each in value.items()})


def _number(wanted: Any) -> _Reader:
    exact = (float, int) if wanted is float else (wanted,)

    def read(value: Any) -> Any:
        if type(value) not in exact:
            raise TypeError
        return wanted(value)

    return read


def _one_of(kinds: list[Any]) -> _Reader:
    if len(kinds) == 1:
        return _reader(kinds[0])
    read_one = {kind: _reader(kind) for kind in kinds}

    def read(value: Any) -> Any:
        if isinstance(value, str):
            return Code(value)
        return read_one[type(value)](value)

    return read
