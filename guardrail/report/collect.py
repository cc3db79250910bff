"""One reading of the log: everything that a report counts, in bounded memory, a million exchanges in seconds.

Takes rows as they are in the table. What can't be read, or comes from a newer version, is counted as such and nothing
of it is guessed. Words are not in the log; a name that is none of ours (a model, a client) is a code and is capped.
"""

from __future__ import annotations

import gc
import heapq
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import numpy as np
from pydantic_core import from_json

from guardrail.record.entry import End, Event, Outcome
from guardrail.report.figures import DIMENSIONS, MISSING, NODES, nodes_of
from guardrail.text import Action

DAY: Final = 86_400 * 1_000_000
"""Microseconds."""
MAX_NAMES: Final = 2_000
"""Different names of one sort; what comes beyond counts as OTHER."""
MAX_EVENTS: Final = 2_000
"""Of one sort, that are kept whole; all are counted."""
OTHER: Final = "(others)"
_CHUNK: Final = 50_000
TOKENS: Final = ("input", "output", "cached", "reasoning")
_NO_TOKENS: Final = (0,) * 5
_NO_FOOTPRINT: Final = (0,) * 8
_WIDTH: Final = 2 + 5 + 2 + 8
_ENDS: Final = frozenset(end.value for end in End)
_ACTIONS: Final = frozenset(action.word for action in Action)
_OUTCOME: Final = frozenset(each.name for each in fields(Outcome))
_EVENT: Final = frozenset(each.name for each in fields(Event))
_KEPT: Final = frozenset(
    {"suspended", "resumed", "suspension_expired", "policy_loaded", "policy_reload_failed", "model_changed"}
    | {"incident_published", "incident_withdrawn", "clock_step", "recovered", "audit_unavailable", "purged"}
    | {"key_rotated", "snapshot", "reported"}
)
"""Events that a report tells one by one; of the others how many there were."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days in UTC, both of them in it; and the steps in which it is drawn."""

    first: datetime
    last: datetime

    @property
    def since(self) -> int:
        """Microseconds since 1970; it is in."""
        return round(self.first.timestamp()) * 1_000_000

    @property
    def until(self) -> int:
        """Microseconds since 1970; it is not in."""
        return self.since + self.days * DAY

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def step(self) -> int:
        """Days of one point in time: a day up to six weeks, a week up to a year and a half, else four weeks."""
        return 1 if self.days <= 42 else 7 if self.days <= 550 else 28

    @property
    def steps(self) -> Sequence[str]:
        """Their first days, as ISO 8601 has it."""
        count = -(-self.days // self.step)
        return [(self.first + timedelta(days=self.step * number)).date().isoformat() for number in range(count)]


@dataclass(slots=True)
class Amounts:
    """Tokens, cost and footprint of some exchanges. What a provider did not say is not in the sums."""

    exchanges: int = 0
    counted: int = 0
    """Exchanges whose tokens are known."""
    tokens: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TOKENS, 0))
    costs: dict[str, float] = field(default_factory=dict)
    costed: int = 0
    footprints: dict[str, list[float]] = field(default_factory=dict)
    """By method: exchanges, low and high of energy (Wh) and CO2e (g), exchanges with water, its low and high (ml)."""

    def take(self, exchanges: int, sums: Sequence[float], currency: str, method: str) -> None:
        """Adds those of one currency and one method; `sums` in the order of `Collector`."""
        self.exchanges += exchanges
        self.counted += round(sums[0])
        for name, value in zip(TOKENS, sums[1:5], strict=True):
            self.tokens[name] += round(value)
        if sums[5]:
            self.costed += round(sums[5])
            self.costs[currency] = self.costs.get(currency, 0.0) + sums[6]
        if method:
            mine = self.footprints.setdefault(method, [0.0] * len(_NO_FOOTPRINT))
            for at, value in enumerate(sums[7:]):
                mine[at] += value


@dataclass(slots=True)
class Seen:
    """When something was seen, in microseconds, and how often."""

    first: int
    last: int
    count: int = 0


@dataclass(slots=True)
class Collected:
    """What was read. `nodes`: by area ("" for all, "time", a dimension), by group, how many exchanges in each node."""

    period: Period
    nodes: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    parts: dict[str, Counter[str]] = field(default_factory=dict)
    """Exchanges by what each has exactly one of: `end`, `action`, `status`, `client`, ..."""
    items: dict[str, Counter[str]] = field(default_factory=dict)
    """Things of which an exchange may have several: PHI kinds by direction, texts shown, reasons."""
    amounts: dict[str, Amounts] = field(default_factory=dict)
    """By model, "" for all."""
    policies: dict[tuple[str, int, str], Seen] = field(default_factory=dict)
    models: dict[tuple[str, str], Seen] = field(default_factory=dict)
    """By the model that was asked for and the one that answered."""
    events: Counter[str] = field(default_factory=Counter)
    told: list[tuple[int, str, str, Mapping[str, Any]]] = field(default_factory=list)
    """Events one by one: when, what, by whom, facts."""
    unreadable: int = 0
    newer: int = 0
    """Entries with a member, a kind or a word that this version does not know."""
    unanswered: int = 0
    """Intents without an outcome."""
    unannounced: int = 0
    """Answers of a model without an intent."""
    sample: list[str] = field(default_factory=list)

    @property
    def exchanges(self) -> int:
        """How many."""
        return sum(self.nodes.get("", {}).get("", [0])[:1])


class Collector:
    """Takes the rows of a period, in any order, and gives what they add up to."""

    def __init__(self, period: Period, sample: int = 0, seed: str = "") -> None:
        """`sample` receipts are drawn: those whose SHA-256 with the seed before it is the smallest."""
        self._made = Collected(period)
        self._since, self._step = period.since, period.step * DAY
        self._draw, self._seed = sample, seed.encode() + b":"
        self._drawn: list[tuple[int, str]] = []
        self._cohorts: dict[tuple[tuple[str, str], ...], int] = {}
        self._flags, self._groups, self._times = array("l"), array("l"), array("l")
        self._counts: dict[str, dict[str, Any]] = {}
        self._ends: Counter[tuple[str, str, int]] = Counter()
        self._parts: dict[str, Counter[str]] = {name: Counter() for name in PARTS}
        self._found: Counter[tuple[Any, ...]] = Counter()
        self._keys: dict[tuple[tuple[str, int, str], tuple[str, str], str, str], int] = {}
        self._sums = array("d")
        self._intents, self._outcomes, self._asked = array("Q"), array("Q"), array("Q")

    def rows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Entries: (at, kind, receipt, body); of an intent the body is not looked at."""
        collects = gc.isenabled()
        gc.disable()  # what JSON is read into has no circles, and looking for them takes a fifth of the time
        try:
            self._take(rows)
        finally:
            if collects:
                gc.enable()
        if len(self._flags) >= _CHUNK:
            self._flush()

    def _take(self, rows: Iterable[Sequence[Any]]) -> None:
        for at, kind, receipt, body in rows:
            if kind == "intent":
                self._intents.append(_number(receipt or ""))
                continue
            try:
                if kind == "outcome":
                    self._outcome(at, _read(body))
                elif kind == "event":
                    self._event(at, _read(body))
                else:
                    self._made.newer += 1
            except (ValueError, KeyError, TypeError, AttributeError):
                self._made.unreadable += 1
                if kind == "outcome" and receipt:
                    self._outcomes.append(_number(receipt))

    def open_intents(self) -> set[int]:
        """Numbers of receipts that were announced and of which no end was read."""
        return _without(self._intents, self._outcomes)

    def unannounced(self) -> set[int]:
        """Numbers of receipts that a model answered and that were not announced."""
        return _without(self._asked, self._intents)

    def collected(self) -> Collected:
        """Everything that was read."""
        self._flush()
        made = self._made
        made.nodes = {
            area: {group: counts.tolist() for group, counts in groups.items()} for area, groups in self._counts.items()
        }
        made.sample = [receipt for _, receipt in sorted((-rank, receipt) for rank, receipt in self._drawn)]
        return made

    # ── one entry ─────────────────────────────────────────────────────────────────────────────────────────────

    def _outcome(self, at: int, body: Mapping[str, Any]) -> None:
        flags, who, policy, receipt = nodes_of(body), body["who"], body["policy"], body["receipt"]
        end, action, served, model = body["end"], body["action"], body.get("served", ""), who.get("model", "")
        status = body["status"] // 100
        if not _OUTCOME.issuperset(body) or end not in _ENDS or action not in _ACTIONS:
            self._made.newer += 1
        number = _number(receipt)
        cohort = tuple((who.get("cohort") or {}).items())
        self._flags.append(flags)
        self._groups.append(self._cohorts.setdefault(cohort, len(self._cohorts)))
        self._times.append((at - self._since) // self._step)
        self._outcomes.append(number)
        if end == "answered" and "upstream" in who:
            self._asked.append(number)
        self._ends[end, action, status] += 1
        self._details(body)
        for name in _WHO:
            if name in who:
                self._parts[name][who[name]] += 1
        for name in _SAID:
            if name in body:
                self._parts[name][body[name]] += 1
        asked = body.get("asked")
        if asked:
            self._parts["risk"][asked.get("risk", "none")] += 1
            if "task" in asked:
                self._parts["task"][asked["task"]] += 1
        self._amounts(at, (policy["name"], policy["version"], policy["sha256"]), (model, served), body)
        if self._draw:
            self._draw_one(receipt)

    def _details(self, body: Mapping[str, Any]) -> None:
        found = self._found
        for each in body.get("found", ()):
            found[each["rail"], each["label"], each["direction"], each["action"], "shadow" in each] += each["count"]
        for each in body.get("shown", ()):
            found["shown", each["kind"], each.get("language", "")] += 1
        for each in body.get("uninspected", ()):
            found["uninspected", each] += 1

    def _amounts(self, at: int, policy: tuple[str, int, str], models: tuple[str, str], body: Mapping[str, Any]) -> None:
        """A row of numbers; what they add up to is worked out for many at once."""
        usage, cost, footprint = body.get("usage"), body.get("cost"), body.get("footprint")
        key = policy, models, body.get("currency", ""), footprint["method"] if footprint else ""
        row = self._keys.setdefault(key, len(self._keys))
        tokens: tuple[float, ...] = _NO_TOKENS
        if usage:
            get = usage.get
            tokens = (1, get("input", 0), get("output", 0), get("cached", 0), get("reasoning", 0))
        modelled: tuple[float, ...] = _NO_FOOTPRINT
        if footprint:
            energy, gas, water = footprint["energy_wh"], footprint["co2e_g"], footprint.get("water_ml")
            wet = (1, water["low"], water["high"]) if water else (0, 0, 0)
            modelled = (1, energy["low"], energy["high"], gas["low"], gas["high"], *wet)
        self._sums.extend((row, at, *tokens, 0 if cost is None else 1, cost or 0, *modelled))

    def _seen(self, where: dict[Any, Seen], key: tuple[Any, ...], first: int, last: int, count: int) -> None:
        if key not in where and len(where) >= MAX_NAMES:
            return
        seen = where.setdefault(key, Seen(first, last))
        seen.first, seen.last, seen.count = min(seen.first, first), max(seen.last, last), seen.count + count

    def _event(self, at: int, body: Mapping[str, Any]) -> None:
        what = str(body["what"])
        if not _EVENT.issuperset(body):
            self._made.newer += 1
        known = what in self._made.events or len(self._made.events) < MAX_NAMES
        self._made.events[what if known else OTHER] += 1
        if what in _KEPT and self._made.events[what] <= MAX_EVENTS:
            facts = body.get("facts") or {}
            self._made.told.append((at, what, str(body.get("actor", "system")), dict(facts)))

    def _draw_one(self, receipt: str) -> None:
        rank = -int.from_bytes(sha256(self._seed + receipt.encode()).digest()[:16], "big")
        if len(self._drawn) < self._draw:
            heapq.heappush(self._drawn, (rank, receipt))
        elif rank > self._drawn[0][0]:
            heapq.heapreplace(self._drawn, (rank, receipt))

    # ── from rows to counts ───────────────────────────────────────────────────────────────────────────────────

    def _flush(self) -> None:
        flags = np.frombuffer(self._flags, np.int64) if self._flags else np.zeros(0, np.int64)
        groups = np.frombuffer(self._groups, np.int64) if self._flags else np.zeros(0, np.int64)
        times = np.frombuffer(self._times, np.int64) if self._flags else np.zeros(0, np.int64)
        self._add("", [""], np.zeros(len(flags), np.int64), flags)
        steps = self._made.period.steps
        self._add("time", steps, np.clip(times, 0, len(steps) - 1), flags)
        for dimension in DIMENSIONS:
            names: dict[str, int] = {}
            cohorts = [self._group(dict(cohort).get(dimension), names) for cohort in self._cohorts]
            self._add(dimension, list(names), np.array(cohorts, np.int64)[groups], flags)
        self._flags, self._groups, self._times = array("l"), array("l"), array("l")
        self._cohorts.clear()
        self._marginals()
        self._add_amounts()

    def _group(self, code: object, names: dict[str, int]) -> int:
        name = MISSING if code is None else str(code)
        if name not in names and len(names) >= MAX_NAMES:
            name = OTHER
        return names.setdefault(name, len(names))

    def _add(self, area: str, names: Sequence[str], index: Any, flags: Any) -> None:
        counts = self._counts.setdefault(area, {})
        for name in names:
            counts.setdefault(name, np.zeros(len(NODES), np.int64))
        for bit in range(len(NODES)):
            hits = np.bincount(index[(flags >> bit) & 1 == 1], minlength=len(names))
            for name, count in zip(names, hits.tolist(), strict=True):
                counts[name][bit] += count

    def _marginals(self) -> None:
        for (end, action, status), count in self._ends.items():
            for name, value in (("end", end), ("action", action), ("status", f"{status}xx")):
                self._parts[name][value] += count
        for name, counter in self._parts.items():
            _add_to(self._made.parts, name, counter)
        for (sort, *rest), count in self._found.items():
            if sort in ("shown", "uninspected"):
                _add_to(self._made.items, sort, {" ".join(filter(None, rest)): count})
                continue
            label, direction, action, shadow = rest
            name = f"{sort} {label} {action}{' (shadow)' if shadow else ''}"
            _add_to(self._made.items, f"found {direction}", {name: count})
            if sort == "phi" and not shadow and action in ("replace", "block"):
                _add_to(self._made.items, f"phi {direction}", {label: count})
        self._ends.clear()
        self._found.clear()
        for counter in self._parts.values():
            counter.clear()

    def _add_amounts(self) -> None:
        rows = np.frombuffer(self._sums, np.float64).reshape(-1, _WIDTH)
        index, size = rows[:, 0].astype(np.int64), len(self._keys)
        sums = [np.bincount(index, rows[:, column], size).tolist() for column in range(2, _WIDTH)]
        counts = np.bincount(index, minlength=size).tolist()
        first, last = np.full(size, np.inf), np.zeros(size)
        np.minimum.at(first, index, rows[:, 1])
        np.maximum.at(last, index, rows[:, 1])
        for number, (policy, (model, served), currency, method) in enumerate(self._keys):
            when = round(first[number]), round(last[number]), counts[number]
            self._seen(self._made.policies, policy, *when)
            self._seen(self._made.models, (model, served), *when)
            name = served or model
            known = name in self._made.amounts or len(self._made.amounts) < MAX_NAMES
            mine = self._made.amounts.setdefault(name if known else OTHER, Amounts())
            mine.take(counts[number], [column[number] for column in sums], currency, method)
        self._keys.clear()
        self._sums = array("d")


_WHO: Final = ("client", "dialect", "upstream", "surface", "use")
_SAID: Final = ("failure", "gate", "language")
PARTS: Final = ("end", "action", "status", "risk", "task", *_WHO, *_SAID)
"""What an exchange has at most one of."""


def _add_to(where: dict[str, Counter[str]], name: str, counts: Mapping[str, int]) -> None:
    counter = where.setdefault(name, Counter())
    for value, count in counts.items():
        _count(counter, value, count)


def _read(body: str) -> Any:
    """An entry; a long one without its places, which no report needs and which are most of it. Raises ValueError.

    Pydantic's reader takes half of the time of the standard one, and gives each word once.
    """
    start = body.find(_PLACES) if len(body) > _LONG else -1
    if start >= 0:
        end = body.find(_AFTER_PLACES, start)
        body = body[:start] + body[end + 1 :] if end >= 0 else body
    return from_json(body, cache_strings="all")


_LONG: Final = 2_000
_PLACES: Final = ',"places":['
_AFTER_PLACES: Final = '],"policy":'
"""As `entry.to_json` writes them: keys in order, and no code holds a quotation mark."""


def _count(counter: Counter[str], name: str, count: int) -> None:
    counter[name if name in counter or len(counter) < MAX_NAMES else OTHER] += count


def _number(receipt: str) -> int:
    """64 bits of a receipt. Receipts are random; anything else is hashed."""
    try:
        return int(receipt[:16], 16)
    except ValueError:
        return int.from_bytes(sha256(receipt.encode("utf-8", "surrogateescape")).digest()[:8], "big")


def receipt_number(receipt: str) -> int:
    """As `open_intents` and `unannounced` name a receipt."""
    return _number(receipt)


def _without(these: array[int], those: array[int]) -> set[int]:
    if not these:
        return set()
    mine = np.frombuffer(these, np.uint64)
    others = np.sort(np.frombuffer(those, np.uint64)) if those else np.zeros(1, np.uint64)
    at = np.minimum(np.searchsorted(others, mine), len(others) - 1)
    return {int(each) for each in mine[others[at] != mine]}


def parse_day(text: str) -> datetime:
    """Midnight UTC. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
