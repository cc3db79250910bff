"""What a provider counted of an exchange, and the model that its answer names: one reader for all dialects.

A dialect only says where they stand (`Places`). Numbers are the provider's own and never estimated (WHO-85); the
model is what tells when another one answers than was asked for (WHO-44).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import takewhile
from typing import Final, NamedTuple, TypeGuard

from guardrail.events import Tokens
from guardrail.wire.jsondoc import JsonValue

MOST: Final = 1_000_000_000
"""No exchange has more tokens; a larger number is none of a count."""

Slot = tuple[str, ...]
"""The places of one number, the most trusted last. `*` stands for each element of a list: these are added up."""

_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}")
_RESOURCE: Final = "arn:"


@dataclass(frozen=True, slots=True)
class Places:
    """Where an API tells its counts and its model, in whole answers and in the frames of streams.

    A count is the sum of its slots: of those that are told. Whatever an API calls them, `input` are all tokens of the
    request and `cached` those of them that came out of a cache, `output` all of the answer and `reasoning` those of
    them that are no words of it.
    """

    input: tuple[Slot, ...] = ()
    output: tuple[Slot, ...] = ()
    cached: tuple[Slot, ...] = ()
    reasoning: tuple[Slot, ...] = ()
    served: Slot = ()


NOWHERE: Final = Places()

_COUNTS: Final = tuple(field.name for field in fields(Tokens))


class _Place(NamedTuple):
    """One place, taken apart: the number that it belongs to ("" for the model), its slot, the steps to it."""

    number: str
    slot: int
    steps: tuple[str, ...]


class _Branch(NamedTuple):
    """The places below one member of the top, and the steps from there that all of them share."""

    shared: tuple[str, ...]
    places: Sequence[_Place]


_NO_BRANCH: Final = _Branch((), ())


class Meter:
    """What one answer tells. `read` its frames in their order, or all of it: the last that tells a number wins."""

    def __init__(self, places: Places) -> None:
        self._branches = _branches(places)
        self._told: dict[tuple[str, int], int] = {}
        self._served = ""

    def read(self, top: JsonValue) -> None:
        """Note what this frame tells; whatever is no count and no name of a model is left alone."""
        if not isinstance(top, dict):
            return
        for member, branch in self._branches.items():
            below = _found(top.get(member), branch.shared)
            if below is not None:
                for place in branch.places:
                    self._note(place, _found(below, place.steps))

    def tell(self, tokens: Iterable[tuple[str, str]]) -> None:
        """Note numbers as they are written, by their pointers: of a frame that nobody had to read in full."""
        for pointer, token in tokens:
            member, *steps = pointer.split("/")[1:]
            shared, places = self._branches.get(member, _NO_BRANCH)
            for place in places:
                if token.isdecimal() and [*shared, *place.steps] == steps:
                    self._note(place, int(token))

    @property
    def usage(self) -> Tokens:
        """The provider's counts so far, None where it told none."""
        return Tokens(**{name: self._sum(name) for name in _COUNTS})

    @property
    def served(self) -> str:
        """The model that the answer names, "" if it names none."""
        return self._served

    def _note(self, place: _Place, value: JsonValue) -> None:
        if not place.number:
            self._served = _model(value) or self._served
        elif is_count(value):
            self._told[place.number, place.slot] = value

    def _sum(self, name: str) -> int | None:
        told = [value for (number, _), value in self._told.items() if number == name]
        return sum(told) if told and sum(told) <= MOST else None


def read(top: JsonValue, places: Places) -> Meter:
    """What a whole answer tells."""
    meter = Meter(places)
    meter.read(top)
    return meter


def is_count(value: object) -> TypeGuard[int]:
    """True for a whole number that tokens can have."""
    return type(value) is int and 0 <= value <= MOST


def _model(value: JsonValue) -> str:
    """The name of a model, "" for anything else. Amazon's names for resources tell an account: their last part only."""
    if not isinstance(value, str):
        return ""
    name = value.rpartition("/")[2] if value.startswith(_RESOURCE) else value
    return name if _MODEL.fullmatch(name) else ""


def _found(value: JsonValue, steps: tuple[str, ...]) -> JsonValue:
    """What stands there; of a list the sum of what its elements tell, if each of them tells a count."""
    for at, name in enumerate(steps):
        if name == "*":
            each = [_found(element, steps[at + 1 :]) for element in value] if isinstance(value, list) else []
            counts = [count for count in each if is_count(count)]
            return sum(counts) if counts and len(counts) == len(each) else None
        value = value.get(name) if isinstance(value, dict) else None
    return value


@cache
def _branches(places: Places) -> Mapping[str, _Branch]:
    """By the member at the top: most frames have none of these, or nothing of what the places below it share."""
    rows = [(name, at, slot) for name in _COUNTS for at, slot in enumerate(getattr(places, name))]
    below: dict[str, list[_Place]] = {}
    for name, at, slot in (*rows, ("", 0, places.served)):
        for pointer in slot:
            member, *steps = pointer.split("/")[1:]
            below.setdefault(member, []).append(_Place(name, at, tuple(steps)))
    return {member: _branch(found) for member, found in below.items()}


def _branch(places: Sequence[_Place]) -> _Branch:
    columns = zip(*(place.steps[:-1] for place in places), strict=False)  # as far as the shortest
    alike = takewhile(lambda names: len(set(names)) == 1 and names[0] != "*", columns)
    shared = tuple(names[0] for names in alike)
    return _Branch(shared, [place._replace(steps=place.steps[len(shared) :]) for place in places])
