"""The table of a provider's fields: one row a field, and what happens with the value found there.

A dialect declares rows; `compile_rows` makes a tree of them that `walk.py` follows through a payload.
Knows no provider, no JSON text and no rail.

A path reads like jq: `messages[].content[].text`; `*` stands for every member of an object whose keys are data
(`metadata.*`). What no row names is unknown, and inspected in full.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from guardrail.text import Kind, Role


@dataclass(frozen=True, slots=True)
class Text:
    """A string that is inspected.

    `inside`: if the string is JSON itself (JSON in a string, to any depth) it is read with this field, and its leaves
    are the segments: as plain text, escapes could hide what they spell, and an edit could break the JSON.
    `opens` as in `Segment`, `foreign` as in `Free`. `role`: who speaks, where that is not who speaks all around.
    """

    kind: Kind
    inside: Field | None = None
    opens: bool = True
    foreign: bool = False
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A closed enumeration: validated, not inspected. `refused` are real words for what no rail can look into yet."""

    words: frozenset[str]
    code: str = "invalid_value"
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """An open enumeration: known words pass, any other string is inspected as DATA."""

    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """A machine's token that matches all of a strict pattern: not inspected. Else refused, or not `strict`: DATA."""

    pattern: re.Pattern[str]
    strict: bool = True


@dataclass(frozen=True, slots=True)
class Plain:
    """A number or a boolean that a provider tells, never a string."""


@dataclass(frozen=True, slots=True)
class Switch:
    """True or false. A number in its place could be somebody's."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that steers the request: up to `most` either way, so that no record number fits where none belongs."""

    most: float

    def takes(self, value: float) -> bool:
        """True for a number within the range."""
        return abs(value) <= self.most


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit in a schema: a few digits, or one of the long numbers that machines end at; never anybody's number."""

    def takes(self, value: float) -> bool:
        """True for up to six significant digits, all nines, powers of two (or one less), and the largest floats."""
        size = abs(value)
        return len(significant(size)) <= SHORT or size in _LARGEST or _is_round(size)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text that is still being written. `name` names the text within its choice or tool call.

    `opens` as in `Segment`.
    """

    name: str
    kind: Kind
    json: bool = False
    opens: bool = True


@dataclass(frozen=True, slots=True)
class Echo:
    """Spells a text of the payload again (logprobs). Not read: the dialect drops it, or keeps it if nothing changed."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Anything but null is refused: there is no rail that could look inside yet."""

    code: str = "uninspected_part"


@dataclass(frozen=True, slots=True)
class Free:
    """Walked in full: every string DATA, every key FIXED, numbers DATA too (an MRN may be a number).

    `spoken`: somebody's words in JSON form; a string that reads like a sentence is PROSE.
    `tokens`: a list of many numbers may be words in token ids or bytes, and is refused.
    `foreign`: nobody knows who reads it, a tool perhaps, so no real value is restored into it (WHO-33).
    `piece`: the payload is a piece of a stream, and so is every string in it, but for machines' words: labels under
    keys that are in `labels`, and long runs without a space.
    """

    spoken: bool = False
    tokens: bool = False
    foreign: bool = False
    piece: Piece | None = None
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tree:
    """A subtree described by another table (JSON Schema is recursive)."""

    name: str


@dataclass(frozen=True, slots=True)
class Voice:
    """An object that says in `member` who speaks, else `default`; everything below is in that role."""

    member: str
    roles: Mapping[str, Role]
    code: str = "unknown_role"
    default: Role | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """An object whose `member` says what it is: it is read with the table of that name, `default` if it is missing.

    `refused` are real words for what nothing can look into; any other word is refused with `code`, or read with the
    table `other`.
    """

    member: str
    trees: Mapping[str, str]
    default: str = ""
    other: str = ""
    refused: frozenset[str] = frozenset()
    code: str = "unknown_part"


@dataclass(frozen=True, slots=True)
class Call:
    """An object whose member `name` is that of a tool; all below `arguments` (JSON, or a string of JSON) go to it.

    `name` "": a tool that has run at the provider's already. Nothing is put back into its arguments or held back.
    """

    name: str = "name"
    arguments: str = "arguments"


@dataclass(frozen=True, slots=True)
class Media:
    """A file in base64, or a `data:` address. What is text in it is inspected, the rest is the policy's to release.

    `declared` is the member that tells its media type, `up` objects above the one that holds the string; "": only the
    address itself and its bytes tell. A declared type without "/" (a format: "png") is taken as the end of one.
    `also` is another spelling of `declared`.
    """

    declared: str = ""
    up: int = 0
    also: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """The address of a file that the provider would fetch: inspected, and held to the policy's list of hosts.

    A `data:` address in its place is Media.
    """


@dataclass(frozen=True, slots=True)
class Reference:
    """The id of something that the provider keeps. It must have been made through this proxy by the same client.

    `kind` is the closed name of what it is ("response", "conversation", "cache", "file").
    """

    kind: str


@dataclass(frozen=True, slots=True)
class Mirror:
    """Says once more, as a whole, what came in pieces, and is written as the pieces were written.

    `name` as in `Piece`; what came in no pieces, or in others, is inspected as `kind`, as JSON if `json`. Arguments of
    a tool that came in other pieces break the answer. `opens` and `foreign` as in `Text`.
    """

    name: str
    kind: Kind
    json: bool = False
    opens: bool = True
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """An object that names words of another text by the places where they begin and end (a citation).

    `start` and `end` are its members, in code points or `in_bytes` of UTF-8; a `start` that is left out is 0. `point`
    is one that names a single place. `document` is the member that has the number of the request's document, if that
    is the text.
    """

    start: str
    end: str
    point: str = ""
    in_bytes: bool = False
    document: str = ""


Rule = (
    Text
    | Words
    | Known
    | Match
    | Plain
    | Switch
    | Number
    | Bound
    | Piece
    | Echo
    | Refused
    | Free
    | Tree
    | Voice
    | OneOf
    | Call
    | Media
    | Link
    | Reference
    | Mirror
    | Quote
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the declaration. Without a rule: an object or array. `required`: absent or null is refused."""

    path: str
    rule: Rule | None = None
    required: bool = False


@dataclass(slots=True, eq=False)
class Field:
    """A node of the compiled table. Built once when the dialect is imported, read only from then on."""

    rule: Rule | None = None
    required: bool = False
    members: dict[str, Field] = field(default_factory=dict)
    items: Field | None = None
    others: Field | None = None
    needs: tuple[str, ...] = ()
    variants: dict[str, Field] = field(default_factory=dict)

    def member(self, key: str) -> Field:
        """The node below `key`, made if it is new (only while the table is compiled)."""
        return self.members.setdefault(key, Field())

    def item(self) -> Field:
        """The node of the elements of an array here."""
        self.items = self.items or Field()
        return self.items

    def other(self) -> Field:
        """The node of the members whose keys are data."""
        self.others = self.others or Field()
        return self.others


FREE = Field(rule=Free())
SPOKEN = Field(rule=Free(spoken=True))
UNKNOWN = Field(rule=Free(tokens=True))
"""What no row names."""

SHORT = 6
"""Digits of a number that is too short to be told from any other."""

_LARGEST = frozenset({sys.float_info.max, 3.4028234663852886e38, 3.40282347e38})


def significant(value: float) -> str:
    """The digits of a number without the zeros around them, and without a float's last doubtful ones (`0.1 + 0.2`)."""
    written = f"{value:.15g}" if isinstance(value, float) else str(value)
    return "".join(filter(str.isdigit, written.partition("e")[0])).strip("0")


def _is_round(size: float) -> bool:
    if size != int(size) or size >= 1 << 128:
        return False
    whole = int(size)
    return whole & (whole - 1) == 0 or whole & (whole + 1) == 0 or set(str(whole)) == {"9"}


_STEP = re.compile(r"\[\]|[^.\[\]]+")


def names(root: Field, path: str) -> bool:
    """True if `path` ("messages[0].role") leads through the table, by names of its rows and small indices only."""
    parts = _NAMED.findall(path)
    if "".join(parts) != path.replace(".", ""):
        return False
    here: Field | None = root
    for part in parts:
        here = here and (here.items if part[0] == "[" else _named(here, part))
    return here is not None and here is not root


def _named(field: Field, key: str) -> Field | None:
    """The row of a member, in whichever of its variants."""
    found = (each.members.get(key) for each in (field, *field.variants.values()))
    return next((each for each in found if each is not None), None)


_NAMED = re.compile(r"[a-z_]+|\[[0-9]{1,3}\]")


def compile_rows(rows: Iterable[Row], trees: Mapping[str, Iterable[Row]] | None = None) -> Field:
    """The rows as a tree; the path "" is its root. `trees` are the tables that `Tree(name)` rows refer to."""
    roots = {name: Field() for name in trees or {}}
    for name, below in (trees or {}).items():
        _grow(roots[name], below, roots)
    return _grow(Field(), rows, roots)


def adopt(root: Field, unknown: Field, _seen: set[int] | None = None) -> Field:
    """Let every object in the table read what its rows don't name as `unknown`. The rows' own word comes first."""
    seen = _seen if _seen is not None else set()
    if id(root) in seen:
        return root
    seen.add(id(root))
    below = (*root.members.values(), *root.variants.values(), *filter(None, (root.items,)))
    if root.members and root.others is None:
        root.others = unknown
    for each in below:
        adopt(each, unknown, seen)
    return root


def at(root: Field, path: str) -> Field:
    """The node of a path of the table."""
    for step in _STEP.findall(path):
        root = _below(root, step)
    return root


def _grow(root: Field, rows: Iterable[Row], trees: Mapping[str, Field]) -> Field:
    for row in rows:
        if not row.path:
            root.rule = row.rule
            if isinstance(row.rule, OneOf):
                raise TypeError("a table can't begin with OneOf; give it a row of its own")
            continue
        *way, last = _STEP.findall(row.path)
        parent = root
        for step in way:
            parent = _below(parent, step)
        _plant(parent, last, row, trees)
    return root


def _below(parent: Field, step: str) -> Field:
    if step == "[]":
        return parent.item()
    return parent.other() if step == "*" else parent.member(step)


def _plant(parent: Field, step: str, row: Row, trees: Mapping[str, Field]) -> None:
    if isinstance(row.rule, Tree):
        _link(parent, step, trees[row.rule.name])
        return
    here = _below(parent, step)
    here.rule, here.required = row.rule, row.required
    if isinstance(row.rule, OneOf):
        named = (*row.rule.trees.values(), row.rule.default, row.rule.other)
        here.variants = {name: trees[name] for name in named if name}
        for word, tree in row.rule.trees.items():
            _tell_apart(trees[tree], row.rule.member, word)
    if row.required and step != "[]":
        parent.needs += (step,)


def _tell_apart(variant: Field, member: str, word: str) -> None:
    """The word that led to a table needs no row in it."""
    told = variant.members.get(member)
    words = told.rule.words if told and isinstance(told.rule, Known) else frozenset()
    if told is None or isinstance(told.rule, Known):
        variant.members[member] = Field(rule=Known(words | {word}))


def _link(parent: Field, step: str, target: Field) -> None:
    if step == "[]":
        parent.items = target
    elif step == "*":
        parent.others = target
    else:
        parent.members[step] = target
