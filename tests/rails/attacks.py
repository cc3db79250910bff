"""Strings that make a careless pattern slow, made from the pattern itself. Knows no rail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

from guardrail.rails.phi_scan import Scanner
from guardrail.rails.phi_text import CueRule, ShapeRule

ASCII = [chr(code) for code in range(32, 127)]
PUMPS = ("1", "1 ", "1-", "a", "a ", "A1", "a.", "1.", ": ", "(1)", "a@", "no ", "=", "1/", "\n1", "aA", "one ", "%41")


def patterns_of(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern that a module holds, in tables and scanners too, with the name it is found under, once."""
    seen = set[re.Pattern[str]]()
    for name, value in vars(module).items():
        if not name.startswith("__"):
            for pattern in _patterns(value):
                if pattern not in seen:
                    seen.add(pattern)
                    yield f"{module.__name__}.{name}", pattern


def _patterns(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, ShapeRule | CueRule):
        yield value.pattern
    elif isinstance(value, Scanner):
        yield from _patterns(value.rules)
        yield from (gate for gate, _ in value.gates())
    elif isinstance(value, dict):
        yield from _patterns(tuple(value.values()))
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from _patterns(item)


def attacks(pattern: re.Pattern[str], size: int) -> Iterator[str]:
    """Texts of about `size` characters: what nearly matches, over and over, and what repeats begin with."""
    whole = sample(parser.parse(pattern.pattern, pattern.flags))
    units = {whole, whole[:-1], whole[: len(whole) // 2], *(char for char in whole if char.isalnum()), *PUMPS}
    for unit in sorted(unit for unit in units if unit):
        yield unit * (size // len(unit))
        yield whole[:-1] + unit * (size // len(unit)) + "\x00"


def sample(tree: Any) -> str:
    """Something that the pattern may match, look-arounds aside; repeats are taken at least once."""
    return "".join(_sample(op, argument) for op, argument in tree)


def _sample(op: Any, argument: Any) -> str:
    if op is codes.LITERAL:
        return chr(argument)
    if op in (codes.IN, codes.NOT_LITERAL, codes.ANY):
        return next((char for char in "1aA -.:/@(" if char in members(op, argument)), "")
    if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        least, most, body = argument
        return sample(body) * int(max(least, min(most, 1)))
    if op is codes.SUBPATTERN:
        return sample(argument[3])
    if op is codes.BRANCH:
        return sample(argument[1][0])
    return ""


def members(op: Any, argument: Any) -> set[str]:
    """The printable ASCII characters that one item of a pattern takes."""
    if op is codes.LITERAL:
        return {chr(argument)}
    if op is codes.ANY:
        return set(ASCII)
    if op is codes.NOT_LITERAL:
        return set(ASCII) - {chr(argument)}
    found = {char for char in ASCII if any(_takes(item, char) for item in argument)}
    return set(ASCII) - found if argument and argument[0][0] is codes.NEGATE else found


def _takes(item: Any, char: str) -> bool:
    op, argument = item
    if op is codes.LITERAL:
        return bool(ord(char) == argument)
    if op is codes.RANGE:
        return bool(argument[0] <= ord(char) <= argument[1])
    if op is codes.CATEGORY:
        kind = str(argument)
        words = char.isalnum() or char == "_"
        return (char.isdigit() if "DIGIT" in kind else char.isspace() if "SPACE" in kind else words) is not (
            "NOT" in kind
        )
    return False


def open_repeats(tree: Any) -> Iterator[Any]:
    """The bodies of repeats without an end."""
    for op, argument in tree:
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            if argument[1] is codes.MAXREPEAT:
                yield argument[2]
            yield from open_repeats(argument[2])
        elif op is codes.SUBPATTERN:
            yield from open_repeats(argument[3])
        elif op is codes.BRANCH:
            for branch in argument[1]:
                yield from open_repeats(branch)


def is_ambiguous(pattern: re.Pattern[str]) -> bool:
    """True if a repeat without an end holds another one and nothing tells where the next round begins.

    Such a text can be split in a number of ways that doubles with each character. A round that begins with a sign which
    the inner repeat can't take (`(?:-[a-z]+)*`), or ends with one, is told apart.
    """
    for outer in open_repeats(parser.parse(pattern.pattern, pattern.flags)):
        for inner in open_repeats(outer):
            taken = _first(inner)
            signs = [_first(outer), _first(outer[-1:])]
            if taken is None or not any(sign is not None and not sign & taken for sign in signs):
                return True
    return False


def _first(tree: Any) -> set[str] | None:
    """What a piece begins with; None if that can't be told."""
    op, argument = tree[0]
    if op in (codes.LITERAL, codes.IN, codes.ANY, codes.NOT_LITERAL):
        return members(op, argument)
    if op is codes.SUBPATTERN:
        return _first(argument[3])
    if op is codes.BRANCH:
        firsts = [_first(branch) for branch in argument[1]]
        return None if None in firsts else set().union(*(first for first in firsts if first))
    return None
