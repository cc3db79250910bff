"""All counts of a report in one book, with how they hang together: what may be told of them is decided there (`cells`).

Keys: (NODE,) for everybody, (NODE, AREA, GROUP) for a group or a step in time, ("part", NAME, VALUE) for what an
exchange has one of, ("item", NAME, VALUE) for what it may have several of, and models, policies and cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from guardrail.record.entry import End
from guardrail.report.attack import Key
from guardrail.report.cells import SMALL, TOTALS, Book, Published
from guardrail.report.collect import OTHER, PARTS, Collected, Seen
from guardrail.report.figures import ALL, BIT, DIMENSIONS, INSIDE, MISSING, NODES
from guardrail.report.reading import CaseRow
from guardrail.text import Action, Risk

T = TypeVar("T")

MAX_ROWS: Final = 40
"""Of a table; what is rarest is put together."""
NO_VALUE: Final = "(none)"
TIME: Final = "time"
_ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "answered": ("answered", "own_answer"),
    "own_text": ("own_answer",),
    "failed": ("failed", "truncated", "recovered"),
}
"""Nodes that are sums of ends."""
_KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "end": tuple(end.value for end in End),
    "action": tuple(action.word for action in Action),
    "risk": tuple(risk.value for risk in Risk),
}
"""Values that stand in a table whether or not they came."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What may be told, and which rows there are."""

    published: Published
    groups: Mapping[str, Sequence[str]]
    """By dimension, and the steps of time: names in their order. One of which nobody told a code is left out."""
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    items: Mapping[str, Sequence[str]] = field(default_factory=dict)
    models: Sequence[tuple[str, str]] = ()
    policies: Sequence[tuple[str, int, str]] = ()
    cases: Mapping[str, Sequence[str]] = field(default_factory=dict)


def count(collected: Collected, order: Mapping[str, Sequence[str]], cases: Sequence[CaseRow], now: int) -> Counts:
    """`order` gives the codes of each dimension as the policy lists them; `now` is when the clock of cases is read."""
    filled = _Filled(collected)
    groups = filled.nodes(order)
    parts = {name: filled.part(name) for name in PARTS}
    filled.link_ends()
    items = {name: filled.item(name, counter) for name, counter in sorted(collected.items.items())}
    models = filled.seen("model", collected.models)
    policies = filled.seen("policy", collected.policies)
    filled.hide_a_handful()
    known = filled.cases(cases, collected.period.since, now)
    return Counts(filled.book.close(), groups, parts, items, models, policies, known)


class _Filled:
    """Puts counts into a book."""

    def __init__(self, collected: Collected) -> None:
        self.book = Book()
        self._collected = collected
        self._total = _summed(collected.nodes.get("", {}).values())

    def nodes(self, order: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
        """Everybody, each dimension, and time. What is rare beyond MAX_ROWS is put together."""
        self._place((), self._total)
        for node in NODES:
            of: dict[Key, Key] = {(node,): (INSIDE[node],)} if node in INSIDE else {}
            self.book.table(("total", node), TOTALS, [(node,)], of)
        self._logic(())
        groups: dict[str, Sequence[str]] = {}
        for dimension in DIMENSIONS:
            rows = _capped(self._collected.nodes.get(dimension, {}), order.get(dimension, ()))
            if set(rows) - {MISSING} and self._total[0]:
                groups[dimension] = self._area(dimension, rows)
        steps = self._collected.period.steps
        if len(steps) > 1:
            found = self._collected.nodes.get(TIME, {})
            groups[TIME] = self._area(TIME, {step: found.get(step, [0] * len(NODES)) for step in steps})
        return groups

    def part(self, name: str) -> Sequence[str]:
        """A table of what each exchange has at most one of."""
        found = Counter(self._collected.parts.get(name, Counter()))
        found.update(dict.fromkeys(_KNOWN.get(name, ()), 0))
        rest = self._total[0] - sum(found.values())
        if rest or name not in _KNOWN:
            found["none" if name == "risk" else NO_VALUE] += rest
        rows = _largest(found, keep=_KNOWN.get(name, ()))
        keys = self._table("part", name, rows)
        self.book.adds_up((ALL,), keys)
        if name == "gate":
            self.book.adds_up(("gated",), [key for key in keys if key[2] != NO_VALUE])
        return list(rows)

    def link_ends(self) -> None:
        """Some nodes are sums of ends, and crises are sums of risks: everybody knows."""
        for node, ends in _ENDS.items():
            self.book.adds_up((node,), [("part", "end", end) for end in ends])
        self.book.adds_up(("crisis",), [("part", "risk", risk) for risk in ("emergency", "self_harm")])

    def hide_a_handful(self) -> None:
        """Of so few exchanges that their number is not told, nothing else is either."""
        if 0 < self._total[0] < SMALL:
            for name in self.book.names():
                if name != ("total", ALL):
                    self.book.hide(name)

    def item(self, name: str, counter: Counter[str]) -> Sequence[str]:
        """A table of things with its own sum."""
        rows = _largest(counter)
        keys = self._table("item", name, rows)
        whole = ("items", name)
        self.book.count(whole, sum(rows.values()))
        self.book.table(("items", name), f"items {name}", [whole])
        self.book.adds_up(whole, keys)
        return list(rows)

    def seen(self, sort: str, seen: Mapping[T, Seen]) -> list[T]:
        """A table of models or policies. Those beyond the cap of `collect` are missing from the sum."""
        rows = {key: each.count for key, each in sorted(seen.items(), key=lambda item: item[1].first)[:MAX_ROWS]}
        keys: list[Key] = [(sort, key) for key in rows]
        for key, value in zip(keys, rows.values(), strict=True):
            self.book.count(key, value)
        rest: Key = (sort, OTHER)
        self.book.count(rest, self._total[0] - sum(rows.values()))
        self.book.table((sort,), sort, [*keys, rest])
        self.book.adds_up((ALL,), [*keys, rest])
        return list(rows)

    def cases(self, cases: Sequence[CaseRow], since: int, now: int) -> dict[str, Sequence[str]]:
        """Tables of cases: opened by kind; unsettled and overdue by kind; settled by outcome."""
        settled = [each for each in cases if each.state == "closed"]
        waiting = [each for each in cases if each.state != "closed"]
        overdue = [each for each in waiting if 0 < each.due < now]
        tables = {
            "opened": Counter(each.kind for each in cases if each.opened >= since),
            "waiting": Counter(each.kind for each in waiting),
            "overdue": Counter(each.kind for each in overdue),
            "settled": Counter(each.outcome or NO_VALUE for each in settled),
            "settled late": Counter(each.kind for each in settled if 0 < each.due < (each.closed or 0)),
        }
        for name, counter in tables.items():
            rows = _largest(counter)
            keys = self._table("case", name, rows)
            whole = ("cases", name)
            self.book.count(whole, sum(rows.values()))
            self.book.table(("cases", name), f"cases {name}", [whole])
            self.book.adds_up(whole, keys)
        for kind in tables["overdue"]:
            self.book.within(("case", "waiting", kind), ("case", "overdue", kind))
        return {name: list(counter) for name, counter in tables.items()}

    def _area(self, area: str, rows: Mapping[str, Sequence[int]]) -> Sequence[str]:
        for group, counts in rows.items():
            self._place((area, group), counts)
        for node in NODES:
            keys = [(node, area, group) for group in rows]
            of: dict[Key, Key] = {key: (INSIDE[node], *key[1:]) for key in keys} if node in INSIDE else {}
            self.book.table((node, area), area, keys, of)
            self.book.adds_up((node,), keys)
        for group in rows:
            self._logic((area, group))
        return list(rows)

    def _place(self, place: tuple[str, ...], counts: Sequence[int]) -> None:
        for node, value in zip(NODES, counts, strict=True):
            self.book.count((node, *place), value)
        self.book.count(("neither", *place), _neither(counts), beside=("failed", *place))

    def _logic(self, place: tuple[str, ...]) -> None:
        """An answer is no failure; and what is told about health is told in words."""
        self.book.adds_up((ALL, *place), [("answered", *place), ("failed", *place), ("neither", *place)])
        self.book.within(("worded", *place), ("medical_told", *place))

    def _table(self, sort: str, name: str, rows: Mapping[str, int]) -> list[tuple[str, str, str]]:
        keys = [(sort, name, value) for value in rows]
        for key, value in zip(keys, rows.values(), strict=True):
            self.book.count(key, value)
        self.book.table((sort, name), f"{sort} {name}", list[Key](keys))
        return keys


def _neither(counts: Sequence[int]) -> int:
    by_name = dict(zip(BIT, counts, strict=True))
    return by_name[ALL] - by_name["answered"] - by_name["failed"]


def _summed(rows: Iterable[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)] or [0] * len(NODES)


def _capped(found: Mapping[str, Sequence[int]], order: Sequence[str]) -> dict[str, Sequence[int]]:
    """The policy's codes in its order, then others by size, then who told none."""
    others = sorted((name for name in found if name not in (*order, MISSING)), key=lambda name: (-found[name][0], name))
    kept, rest = others[: max(0, MAX_ROWS - len(order))], others[max(0, MAX_ROWS - len(order)) :]
    rows: dict[str, Sequence[int]] = {name: found.get(name, [0] * len(NODES)) for name in (*order, *kept)}
    if rest:
        rows[OTHER] = _summed(found[name] for name in rest)
    rows[MISSING] = found.get(MISSING, [0] * len(NODES))
    return rows


def _largest(counter: Counter[str], keep: Iterable[str] = ()) -> dict[str, int]:
    kept = set(keep)
    names = sorted(counter, key=lambda name: (name not in kept, -counter[name], name))
    rows = {name: counter[name] for name in names[:MAX_ROWS]}
    if rest := sum(counter[name] for name in names[MAX_ROWS:]):
        rows[OTHER] = rows.get(OTHER, 0) + rest
    return rows
