"""Which written names mean one person. Knows names and the order they were written in; no placeholder, no detector.

"Maria Lopez", "LOPEZ, MARIA", "Lopez", "Maria", "M. Lopez" and "M.L." are one person if exactly one person of the
request can be meant; a short form that two could be meant by belongs to neither. Names are read all together, the
fullest first, so that a short form before the long one is linked too. What was read in an earlier turn stands: a later
turn can add forms to a person, and from there on a short form may be nobody's, but nothing that was said before is
said differently. Work is linear in the names, whatever they share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations
from typing import Any, Final

from guardrail.engine.roles import RELATIVE
from guardrail.placeholder import DETAILS

_ENOUGH: Final = 3
_MOST_WORDS: Final = 6
_PARTS: Final = re.compile(r"[,^]")
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_COMPACT: Final = re.compile(r"[A-Z]{2,4}")


def _table(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES: Final = _table("dr dra drs mr mrs ms miss mx prof professor doctor herr frau sr sra srta mme mlle")
_SUFFIXES: Final = _table("jr sr ii iii iv md rn np phd dds lpn bsn msn dnp mbbs esq")

FULL: Final = "full name"
TURNED: Final = "surname first"
OTHERWISE: Final = "written another way"
_ORDINAL: Final = re.compile(r"(.+) [1-9]\d{0,5}")

Words = tuple[str, ...]


def is_form(detail: str) -> bool:
    """True for a detail that could stand behind somebody's number: `surname`, `initials 2`."""
    ordinal = _ORDINAL.fullmatch(detail)
    return (ordinal[1] if ordinal else detail) in DETAILS


@dataclass(frozen=True, slots=True, repr=False)
class Name:
    """A written name, read: words in lower case, given names first; an initial is one letter and a point."""

    words: Words
    suffix: Words = ()
    turned: bool = False
    compact: Words = ()

    @property
    def fullness(self) -> tuple[int, int]:
        """Whole words, then all: the fullest name of a person is read first."""
        return sum(not word.endswith(".") for word in self.words), len(self.words) + len(self.suffix)


def read_name(value: str) -> Name:
    """What is written in `value`. A name without letters, or one too long to take apart, has no words."""
    first, *others = [part for part in _PARTS.split(value) if part.strip()] or [""]
    surname, rest = _read(first), [word for other in others for word in _read(other)]
    suffix: Words = ()
    turned = bool(surname and any(_bare(word) not in _SUFFIXES for word in rest))
    words = (rest if turned else surname) + (surname if turned else rest)
    while len(words) > 1 and _bare(words[0]) in _TITLES:
        words = words[1:]
    ends = [word for word in words[1:] if _bare(word) in _SUFFIXES]
    if ends:
        words, suffix = words[:1] + [word for word in words[1:] if _bare(word) not in _SUFFIXES], tuple(ends)
    if len(words) > _MOST_WORDS:
        return Name(())
    compact = tuple(f"{letter.lower()}." for letter in value) if _COMPACT.fullmatch(value) else ()
    return Name(tuple(words), suffix, turned, compact)


def _read(text: str) -> list[str]:
    """Its words; a single letter is an initial, also without a point."""
    words = [word.lower() for word in _WORD.findall(text)]
    return [f"{word}." if len(word) == 1 and word.isascii() and word.isalpha() else word for word in words]


def _bare(word: str) -> str:
    return word.rstrip(".")


def forms(name: Name) -> Iterator[tuple[Words, str]]:
    """Every shorter way to write the name, and how it is called. At most about 60, for six words."""
    words, count = name.words, len(name.words)
    if name.suffix and count > 1:
        yield words, "without suffix"
    if count < 2:
        return
    for picked, detail in _runs(count):
        part = tuple(words[at] for at in picked)
        if len(part) > 1 or not part[0].endswith("."):
            yield part, detail
    for picked in _longer(count):
        yield from _initialed(tuple(words[at] for at in picked))


@cache
def _runs(count: int) -> Sequence[tuple[tuple[int, ...], str]]:
    """Words in a row, and the first and last name with some of those between left out."""
    found: dict[tuple[int, ...], str] = {}
    for begin in range(count):
        for end in range(begin + 1, count + 1):
            if end - begin < count:
                found[tuple(range(begin, end))] = _called(begin, end, count)
    for picked in _longer(count)[1:]:
        found.setdefault(picked, "short name")
    return tuple(found.items())


def _called(begin: int, end: int, count: int) -> str:
    if end - begin == 1:
        return "first name" if begin == 0 else "surname" if end == count else "middle name"
    return "first names" if begin == 0 else "last names" if end == count else "part of name"


@cache
def _longer(count: int) -> Sequence[tuple[int, ...]]:
    """The whole name first, then without some of the middle names."""
    middles = range(1, count - 1)
    kept = [some for size in range(len(middles), -1, -1) for some in combinations(middles, size)]
    return [(0, *some, count - 1) for some in kept]


def _initialed(words: Words) -> Iterator[tuple[Words, str]]:
    short = tuple(word if word.endswith(".") else f"{word[0]}." for word in words)
    for written, detail in (
        (short, "initials"),
        ((*short[:-1], words[-1]), "initial and surname"),
        ((words[0], *short[1:]), "first name and initial"),
        ((words[0], *short[1:-1], words[-1]), "with middle initial"),
    ):
        if written != words:
            yield written, detail


@dataclass(eq=False, slots=True, repr=False)
class Person:
    """Somebody. `id` is given by whoever uses this, `role` is "" unless plain, `key` is that of the whole name."""

    key: str
    role: str = ""
    id: str = ""
    same: Person | None = None
    details: set[str] = field(default_factory=set)

    @property
    def root(self) -> Person:
        """Who this turned out to be."""
        return self if self.same is None else self.same.root

    def unused(self, detail: str) -> str:
        """The detail, with a number if the person has another form that is called so."""
        taken, name, at = self.root.details, detail, 1
        while name in taken:
            at += 1
            name = f"{detail} {at}"
        taken.add(name)
        return name


@dataclass(slots=True, repr=False)
class Mention:
    """A value as it stands in one turn: the parts that the words beside it give, and if a detector found it there."""

    value: str
    roles: list[str]
    sure: bool = True

    @property
    def role(self) -> str:
        """The first plain one."""
        return next((role for role in self.roles if role), "")

    @property
    def only_role(self) -> str:
        """The one that is plain wherever the value stands."""
        return self.role if all(role == self.role for role in self.roles) else ""


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """Who is meant by a value, from a turn on. `detail` is "" for the bare form; `linked`: a form of a fuller name."""

    person: Person
    detail: str = ""
    linked: bool = False


_Claim = tuple[Person, str]


class People:
    """Everybody named in one exchange."""

    def __init__(self) -> None:
        self._readings: dict[str, Reading] = {}
        self._whole: dict[tuple[Words, Words], Person] = {}
        self._claims: dict[Words, tuple[_Claim, ...]] = {}

    def forget(self) -> None:
        """Drop every name."""
        self._readings.clear()
        self._whole.clear()
        self._claims.clear()

    def export(self) -> Mapping[str, Any]:
        """Everybody, as JSON can carry it, exactly: who is read how depends on the order in which all were met."""
        people: dict[Person, int] = {}
        for person in self._everybody():
            people.setdefault(person, len(people))
        return {
            "people": [
                [one.key, one.role, one.id, None if one.same is None else people[one.same], sorted(one.details)]
                for one in people
            ],
            "readings": [[key, people[one.person], one.detail, one.linked] for key, one in self._readings.items()],
            "whole": [[words, suffix, people[one]] for (words, suffix), one in self._whole.items()],
            "claims": [[words, [[people[one], name] for one, name in some]] for words, some in self._claims.items()],
        }

    def resume(self, kept: Mapping[str, Any]) -> None:
        """Go on where `export` stopped; before anybody is read."""
        people = [Person(key, role, name, details=set(details)) for key, role, name, _, details in kept["people"]]
        for person, (*_, same, _) in zip(people, kept["people"], strict=True):
            person.same = None if same is None else people[same]
        self._readings = {key: Reading(people[one], detail, linked) for key, one, detail, linked in kept["readings"]}
        self._whole = {(tuple(words), tuple(suffix)): people[one] for words, suffix, one in kept["whole"]}
        self._claims = {
            tuple(words): tuple((people[one], name) for one, name in some) for words, some in kept["claims"]
        }

    def _everybody(self) -> Iterator[Person]:
        met = (
            *(reading.person for reading in self._readings.values()),
            *self._whole.values(),
            *(person for some in self._claims.values() for person, _ in some),
        )
        for person in met:
            one: Person | None = person
            while one is not None:
                yield one
                one = one.same

    def read(self, mentions: Mapping[str, Mention]) -> dict[str, Reading]:
        """Who is meant by the values of one turn, by their keys: what is new, and what is read otherwise from now on.

        Left out is what no detector found and nobody known by now is called. A person without an id needs one.
        """
        names = {key: read_name(mention.value) for key, mention in mentions.items()}
        new = [key for key, mention in mentions.items() if mention.sure and key not in self._readings]
        found: dict[str, Reading] = {}
        begun = []
        for key in sorted(new, key=lambda key: names[key].fullness, reverse=True):
            if not self._is_form(names[key], mentions[key]):
                person = found.setdefault(key, Reading(Person(key, mentions[key].role))).person
                self._begin(names[key], person, mentions[key])
                begun.append((names[key], person))
        for name, person in begun:
            if (earlier := self._earlier(name, person)) is not None:
                person.same = earlier
                found[person.key] = Reading(earlier, earlier.unused(FULL), linked=True)
                self._readings[earlier.key] = replace(self._readings[earlier.key], linked=True)
        for key, mention in mentions.items():
            if key not in found and (reading := self._read(key, names[key], mention)):
                found[key] = reading
        self._readings.update(found)
        return found

    def _is_form(self, name: Name, mention: Mention) -> bool:
        """True if it is a way to write the name of somebody known; tells that person's part if nothing else did."""
        if (meant := self._meant(name, mention)) is None:
            return False
        root = meant[0].root
        if not root.id and not root.role:
            root.role = mention.role
        return True

    def _begin(self, name: Name, person: Person, mention: Mention) -> None:
        """Somebody new. Whose short form could also be another's makes it nobody's."""
        if self._claimants(name):
            person.role = mention.only_role
        if name.words:
            self._whole.setdefault((name.words, name.suffix), person)
        for words, detail in forms(name):
            known = {other.root: (other, called) for other, called in self._claims.get(words, ())}
            if len(known) < _ENOUGH:
                self._claims[words] = (*known.values(), (person, detail))

    def _earlier(self, name: Name, person: Person) -> Person | None:
        """The one of an earlier turn whose whole name was a short form of this one, if that can only be this person."""
        found: dict[Person, None] = {}
        for words, detail in forms(name):
            other = self._whole.get((words, ()))
            if other is None or not other.root.id or other.root.key not in self._readings:
                continue
            if {claimant.root for claimant, _ in self._claims[words]} == {person} and _could_be(
                person.role, detail, other.root.role
            ):
                found[other.root] = None
        return next(iter(found)) if len(found) == 1 else None

    def _read(self, key: str, name: Name, mention: Mention) -> Reading | None:
        """Short forms; what is known keeps its reading unless two can be meant now."""
        known, meant = self._readings.get(key), self._meant(name, mention)
        if known is not None:
            claimants = self._claimants(name)
            if not known.linked or not claimants or (meant and meant[0].root is known.person.root):
                return None
        elif meant is not None:
            return Reading(meant[0].root, meant[0].root.unused(meant[1]), linked=True)
        elif not self._claimants(name) and not mention.sure:
            return None
        return Reading(Person(key, mention.only_role))

    def _claimants(self, name: Name) -> dict[Person, str]:
        """Everybody whose name can be written like this, and how that form is called."""
        claims = () if name.suffix else self._claims.get(name.words) or self._claims.get(name.compact, ())
        found = {person.root: detail for person, detail in claims} if name.words else {}
        if name.words and (whole := self._whole.get((name.words, name.suffix))):
            found.setdefault(whole.root, TURNED if name.turned else OTHERWISE)
        return found

    def _meant(self, name: Name, mention: Mention) -> _Claim | None:
        """The one person who can be meant."""
        claimants = self._claimants(name)
        if len(claimants) != 1:
            return None
        ((person, detail),) = claimants.items()
        return (person, detail) if _could_be(person.role, detail, mention.role) else None


def _could_be(role: str, detail: str, short: str) -> bool:
    """False if they play different parts, and if nothing but a family name says that this is somebody's relative."""
    if role and short and role != short:
        return False
    return not (role == RELATIVE and not short and detail in ("surname", "last names"))
