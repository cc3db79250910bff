"""Every place of a dialect's table where a string could stand, and a payload with one in that place.

Made from the declaration that the product itself reads, so that a row that is added is tested without a further word.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guardrail.dialects.table import (
    Bound,
    Call,
    Echo,
    Field,
    Free,
    Known,
    Link,
    Match,
    Media,
    Mirror,
    Number,
    OneOf,
    Piece,
    Plain,
    Quote,
    Reference,
    Refused,
    Rule,
    Switch,
    Text,
    Voice,
    Words,
)
from guardrail.text import Kind

Wrap = Callable[[Any], Any]


@dataclass(frozen=True)
class Leaf:
    """`path` reads like a row of the table, `(tool_use)` behind an element says which variant it is."""

    path: str
    rule: Rule | None
    wrap: Wrap
    tool: bool = False
    foreign: bool = False

    def put(self, base: Mapping[str, Any], words: str) -> Any:
        """The base payload with these words in the leaf's place."""
        value: Any = words
        if isinstance(self.rule, Media):
            value = base64.b64encode(words.encode()).decode()
        return merge(base, self.wrap(value))

    @property
    def kind(self) -> str:
        """What happens with a string here, in the words of docs/dialects.md."""
        rule = self.rule
        if isinstance(rule, Text):
            return {Kind.PROSE: "prose", Kind.DATA: "data", Kind.TOKEN: "token", Kind.FIXED: "fixed"}[rule.kind]
        return _KINDS.get(type(rule), "object")


_KINDS: dict[type, str] = {
    Words: "closed", Known: "open list, else data", Match: "pattern", Plain: "plain", Switch: "switch",
    Number: "number", Bound: "number", Piece: "running", Echo: "dropped", Refused: "refused", Free: "data",
    Media: "file", Link: "link", Reference: "reference", Mirror: "repeats", Voice: "object", Call: "object",
    Quote: "object",
}  # fmt: skip


def leaves(root: Field, seen: set[Any] | None = None) -> Iterator[Leaf]:
    """Each row once: a table that stands in several places (or in itself) is entered where it stands first.

    Once more where its strings are a tool's arguments, or foreign: there other things happen to them. With one `seen`
    for several tables, what they share is entered in the first.
    """
    yield from _below(root, "", lambda value: value, set() if seen is None else seen, _Around())


@dataclass(frozen=True)
class _Around:
    tool: bool = False
    foreign: bool = False


_Seen = set[tuple[int, "_Around"]]


def _below(field: Field, path: str, wrap: Wrap, seen: _Seen, around: _Around) -> Iterator[Leaf]:
    if (id(field), around) in seen:
        return
    seen.add((id(field), around))
    rule = field.rule
    if isinstance(rule, Free):
        foreign = around.foreign or rule.foreign
        seen.discard((id(field), around))  # the same few tables of free values stand everywhere
        for name, make in {"": wrap, ".*": _in_object(wrap), "[]": _in_list(wrap)}.items():
            yield Leaf(path + name, rule, make, around.tool, foreign)
        return
    if isinstance(rule, OneOf):
        words: list[tuple[str | None, str]] = [*rule.trees.items()]
        if rule.default:
            words.append((None, rule.default))
        for word, tree in words:
            name = f"{path}({word})" if word else path
            if (id(field.variants[tree]), around) in seen:
                continue
            seen.add((id(field.variants[tree]), around))
            yield from _members(field.variants[tree], name, _marked(wrap, rule.member, word), seen, around)
        return
    if rule is not None and not isinstance(rule, Voice | Call | Quote):
        foreign = around.foreign or (isinstance(rule, Text) and rule.foreign)
        yield Leaf(path, rule, wrap, around.tool, foreign)
    yield from _members(field, path, wrap, seen, around)


def _members(field: Field, path: str, wrap: Wrap, seen: _Seen, around: _Around) -> Iterator[Leaf]:
    rule = field.rule
    inside = wrap
    if isinstance(rule, OneOf):  # a variant that is one itself
        yield from _below(field, path, wrap, seen, around)
        return
    if isinstance(rule, Voice):
        inside = _marked(wrap, rule.member, next(iter(rule.roles), None))
    inside = _with_needs(inside, field)
    for key, child in field.members.items():
        if isinstance(child.rule, Words) and _is_mark(field, key):
            continue
        tool = around.tool or (isinstance(rule, Call) and key == rule.arguments)
        below = _Around(tool, around.foreign)
        yield from _below(child, f"{path}.{key}".lstrip("."), _at(inside, key), seen, below)
    if field.others is not None:
        foreign = around.foreign or (isinstance(field.others.rule, Free) and field.others.rule.foreign)
        below = _Around(around.tool, foreign)
        yield from _below(field.others, f"{path}.*".lstrip("."), _at(inside, "a_key"), seen, below)
    if field.items is not None:
        yield from _below(field.items, f"{path}[]", _in_list(wrap), seen, around)


def _is_mark(field: Field, key: str) -> bool:
    return isinstance(field.rule, Voice) and field.rule.member == key


def _at(wrap: Wrap, key: str) -> Wrap:
    return lambda value: wrap({key: value})


def _in_object(wrap: Wrap) -> Wrap:
    return lambda value: wrap({"a_key": value})


def _in_list(wrap: Wrap) -> Wrap:
    return lambda value: wrap([value])


def _marked(wrap: Wrap, member: str, word: str | None) -> Wrap:
    if word is None:
        return wrap
    return lambda value: wrap({member: word, **value} if isinstance(value, dict) else value)


def _with_needs(wrap: Wrap, field: Field) -> Wrap:
    """Members without which the object is refused, as small as they can be."""

    def wrapped(value: Any) -> Any:
        needs = {key: least(field.members[key]) for key in field.needs if key in field.members}
        return wrap({**needs, **value} if isinstance(value, dict) else value)

    return wrapped


def least(field: Field) -> Any:
    """The smallest value that the table takes, with harmless words in it."""
    rule = field.rule
    if isinstance(rule, OneOf):
        word, tree = next(iter(rule.trees.items()))
        return {rule.member: word, **least_object(field.variants[tree])}
    if isinstance(rule, Words | Known):
        return sorted(rule.words)[0]
    if isinstance(rule, Switch):
        return True
    if isinstance(rule, Number | Bound | Plain):
        return 1
    if isinstance(rule, Media):
        return base64.b64encode(b"hello").decode()
    if field.items is not None and not field.members and not isinstance(rule, Text):
        return [least(field.items)]
    if field.members and not isinstance(rule, Text):
        return least_object(field)
    return "hello"


def least_object(field: Field) -> dict[str, Any]:
    """An object with what it needs."""
    mark = {field.rule.member: next(iter(field.rule.roles))} if isinstance(field.rule, Voice) else {}
    return {**{key: least(field.members[key]) for key in field.needs if key in field.members}, **mark}


def merge(base: Any, more: Any) -> Any:
    """Objects joined key by key, lists put together, else the second."""
    if isinstance(base, Mapping) and isinstance(more, Mapping):
        joined = {key: merge(base[key], value) if key in base else value for key, value in more.items()}
        return {**base, **joined}
    return [*base, *more] if isinstance(base, list) and isinstance(more, list) else more
