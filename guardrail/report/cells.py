"""Small counts that a report may not tell, and the others that would give them away by a difference (WHO-26).

A count from 1 to 10 is shown as "1-10", and so is what is left of a whole ("all but 1-10"): the CMS cell size rule.
Then this module attacks its own report: it takes all that would be published, that counts add up, that parts are
inside wholes, and what the signs mean, and works out what each small count can be. As long as that is fewer than nine
numbers, more is withheld: other rows, then the whole table. Pure; knows no figure by name.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

SMALL: Final = 11
"""The smallest count that is told, besides none."""
WIDE: Final = 9
"""So many numbers each withheld small count could be, for all that the report says."""
_BEYOND: Final = 1 << 60
_STEPS: Final = 100_000
_TRIES: Final = 200
_SHIFTS: Final = 3
"""Of the attack on one count. What is not through by then counts as broken: less is told, never more."""

Key = Hashable
_Move = tuple[Key, int]
"""A count, and by how much it is another one."""


class Shown(StrEnum):
    """How a count is told."""

    EXACT = "exact"
    FEW = "1-10"
    ALL_BUT_FEW = "all but 1-10"
    """Of the whole that it is measured against."""
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Told:
    """What is published of one count. `value` is None unless exact; `low` and `high` is what can be worked out."""

    shown: Shown
    value: int | None
    low: int
    high: int


@dataclass(slots=True)
class Table:
    """Counts that stand together. `of` is what a row is measured against; `area` says which tables are one system."""

    name: Key
    area: str
    rows: tuple[Key, ...]
    of: Mapping[Key, Key] = field(default_factory=dict)
    withheld: set[Key] = field(default_factory=set)
    collapsed: bool = False


TOTALS: Final = "totals"
"""The area of counts that are not divided. Every other area is attacked together with it."""


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left of `whole` without `part`: never shown, but anybody can subtract."""

    whole: Key
    part: Key


class Book:
    """All counts of a report, and how they hang together. Filled first, then read through `close`."""

    def __init__(self) -> None:
        self._values: dict[Key, int] = {}
        self._sums: list[tuple[Key, tuple[Key, ...]]] = []
        self._tables: dict[Key, Table] = {}
        self._home: dict[Key, Table] = {}
        self._beside: dict[Key, Key] = {}

    def count(self, key: Key, value: int, beside: Key | None = None) -> None:
        """`beside` names the row that gives way for a count that is in no table, though everybody can work it out.

        Raises ValueError for a negative count, or one that is there with another value.
        """
        if value < 0 or self._values.get(key, value) != value:
            raise ValueError("no count, or two of one name")
        self._values[key] = value
        if beside is not None:
            self._beside[key] = beside

    def value(self, key: Key) -> int:
        """The true count: for the report's own arithmetic, not for the reader."""
        return self._values[key]

    def adds_up(self, whole: Key, parts: Iterable[Key]) -> None:
        """The parts make up the whole, and everybody knows. Raises ValueError if they don't."""
        known = tuple(parts)
        if sum(self._values[part] for part in known) != self._values[whole]:
            raise ValueError("the parts are not the whole")
        self._sums.append((whole, known))

    def within(self, whole: Key, part: Key) -> None:
        """The part is a part of the whole, and everybody knows. Raises ValueError if it is larger."""
        rest = _Rest(whole, part)
        if rest not in self._values:
            self.count(rest, self._values[whole] - self._values[part])
            self.adds_up(whole, (part, rest))

    def table(self, name: Key, area: str, rows: Sequence[Key], of: Mapping[Key, Key] | None = None) -> None:
        """Rows to be published. Wholes come before their parts: the table of what `of` names has to be there."""
        made = Table(name, area, tuple(rows), of or {})
        for row, whole in made.of.items():
            if whole not in self._home:
                raise ValueError("a part before its whole")
            self.within(whole, row)
        for row in made.rows:
            if row in self._home:
                raise ValueError("a count in two tables")
            self._home[row] = made
        self._tables[name] = made

    def worlds(self, key: Key) -> Sequence[Mapping[Key, int]]:
        """Counts that would have given the same report, with two values of this one far apart; for who doubts `close`.

        What is not in them is as it is. None if one can tell more of it than that.
        """
        attack = self._attack({table.area for table in self._tables.values()})
        return attack.worlds(key)

    def close(self) -> Published:
        """Withholds what has to be. The result is what may be told."""
        areas = list(dict.fromkeys(table.area for table in self._tables.values() if table.area != TOTALS))
        self._protect([TOTALS], TOTALS)
        for area in areas:
            self._protect([TOTALS, area], area)
        self._protect([TOTALS, *areas], "")
        dark = {name for name, table in self._tables.items() if self._is_dark(table)}
        return Published(self._tables, dark, {key: self._told(key, bounds) for key, bounds in self._final(areas)})

    # ── what is told ──────────────────────────────────────────────────────────────────────────────────────────

    def _final(self, areas: Sequence[str]) -> Iterator[tuple[Key, tuple[int, int]]]:
        attack = self._attack([TOTALS, *areas])
        yield from ((key, attack.bounds(key)) for key in self._home)

    def _told(self, key: Key, bounds: tuple[int, int]) -> Told:
        shown = self._shown(key)
        low, high = bounds
        value = self._values[key] if shown is Shown.EXACT else None
        return Told(shown, value, low, high)

    def _shown(self, row: Key) -> Shown:
        table, value = self._home[row], self._values[row]
        if self._is_dark(table):
            return Shown.WITHHELD
        whole = table.of.get(row)
        if value == 0:
            return Shown.EXACT
        if whole is None or self._shown(whole) is not Shown.EXACT:
            if value < SMALL:
                return Shown.FEW
            return Shown.WITHHELD if whole is not None or row in table.withheld else Shown.EXACT
        return self._shown_of(row, table, self._values[whole])

    def _shown_of(self, row: Key, table: Table, whole: int) -> Shown:
        value, rest = self._values[row], whole - self._values[row]
        if value < SMALL or 0 < rest < SMALL:
            if whole < 2 * SMALL and rest:
                return Shown.WITHHELD  # whichever of the two were named, it would tell of the other
            return Shown.FEW if value < SMALL else Shown.ALL_BUT_FEW
        return Shown.WITHHELD if row in table.withheld else Shown.EXACT

    def _signs(self, row: Key) -> Iterator[tuple[Key, int, int]]:
        """What the sign in a row tells who knows these rules."""
        table, whole, value = self._home[row], self._home[row].of.get(row), self._values[row]
        match self._shown(row):
            case Shown.EXACT:
                yield row, value, value
            case Shown.FEW:
                yield row, 1, SMALL - 1
            case Shown.ALL_BUT_FEW:
                yield _Rest(whole, row), 1, SMALL - 1
            case Shown.WITHHELD if not self._is_dark(table):
                if whole is None or self._shown(whole) is not Shown.EXACT:
                    yield row, SMALL, _BEYOND
                elif self._values[whole] < 2 * SMALL:
                    yield row, 1, self._values[whole] - 1
                else:
                    yield row, SMALL, self._values[whole] - SMALL

    # ── the attack, and the answer to it ──────────────────────────────────────────────────────────────────────

    def _attack(self, areas: Collection[str]) -> _Attack:
        known = {row for row, table in self._home.items() if table.area in areas}
        attack = _Attack(self._values)
        for whole, parts in self._sums:
            if all(self._concerns(key, known) for key in (whole, *parts)):
                attack.adds_up(whole, parts)
        for row in known:
            for key, low, high in self._signs(row):
                attack.knows(key, low, high)
        attack.run()
        return attack

    def _concerns(self, key: Key, known: Collection[Key]) -> bool:
        """True if it is one of the known rows, or a count that is never shown and hangs together with them."""
        if isinstance(key, _Rest):
            return self._concerns(key.whole, known) and self._concerns(key.part, known)
        return key in known or key not in self._home

    def _protect(self, areas: Collection[str], blamed: str) -> None:
        """Withholds until nothing small in these areas can be pinned down. `blamed` is where; "" for anywhere."""
        while broken := self._broken(self._attack(areas), search=bool(blamed)):
            treated: set[int] = set()
            for key in broken:
                near = self._near(key, blamed)
                home = next(near)
                table = next((each for each in (home, *near) if not self._is_dark(each) or id(each) in treated), None)
                if table is None:
                    return  # nothing at all is told
                if id(table) not in treated:
                    treated.add(id(table))
                    self._withhold(table, rows=table is home)

    def _broken(self, attack: _Attack, *, search: bool) -> list[Key]:
        """Small counts of which too much can be worked out.

        In a table of which nothing is told a count is bounded by its whole and by the sum of its row alone, so its
        range is all that can be worked out. Beside counts that are told, worlds are searched.
        """
        if not attack.through:
            return [next(iter(attack))]
        found = []
        for key in attack:
            if 0 < self._values[key] < SMALL:
                low, high = attack.bounds(key)
                told = search and not self._is_dark(self._home[self._row(key)])
                if high - low + 1 < WIDE or (told and not attack.worlds(key)):
                    found.append(key)
        return found

    def _row(self, key: Key) -> Key:
        """The row that gives way for a count."""
        part = key.part if isinstance(key, _Rest) else key
        return self._beside.get(part, part)

    def _withhold(self, table: Table, *, rows: bool) -> None:
        """A little less is told: one row, or if no row can hide anything, nothing of that table."""
        row = _next(self._spare(table)) if rows else None
        if row is None:
            table.collapsed = True
        else:
            table.withheld.add(row)

    def _near(self, broken: Key, blamed: str) -> Iterator[Table]:
        """Tables that may have given it away, the likeliest first; in the end every one."""
        row = self._row(broken)
        first = [self._home[row]] if not blamed or self._home[row].area == blamed else []
        parts = {key for whole, parts in self._sums if whole == row for key in parts}
        allowed = [table for table in self._tables.values() if not blamed or table.area == blamed]
        first += [table for table in allowed if parts.issuperset(table.rows)]
        for table in first:
            yield table
            yield from self._around(table)
        # Parts were made after their wholes, and go first.
        yield from reversed(allowed)
        yield from reversed(self._tables.values())

    def _around(self, table: Table) -> Iterator[Table]:
        """Tables of wholes, the nearest first."""
        for home in {id(home): home for home in (self._home[whole] for whole in table.of.values())}.values():
            yield home
            yield from self._around(home)

    def _is_dark(self, table: Table) -> bool:
        """Nothing of it is told: for its own sake, or since nothing of its wholes is."""
        return table.collapsed or any(self._is_dark(self._home[whole]) for whole in set(table.of.values()))

    def _spare(self, table: Table) -> list[tuple[int, Key]]:
        """Rows that are told and hide nothing small themselves, with how much they can hide."""
        found = []
        for row in table.rows:
            if self._shown(row) is Shown.EXACT and self._values[row] >= SMALL:
                whole = table.of.get(row)
                rest = _BEYOND if whole is None else self._values[whole] - self._values[row]
                if rest >= SMALL:
                    found.append((min(self._values[row], rest), row))
        return found


def _next(spare: Sequence[tuple[int, Key]]) -> Key | None:
    """The smallest row with room for a small count beside it, else the largest."""
    roomy = [each for each in spare if each[0] >= SMALL + WIDE]
    if roomy:
        return min(roomy, key=lambda each: each[0])[1]
    return max(spare, key=lambda each: each[0])[1] if spare else None


class _Attack:
    """What somebody can work out who has the report, and subtracts: each count's range, as narrow as can be.

    Ranges alone show too much as possible: `world` looks for whole counts that fit everything.
    """

    def __init__(self, values: Mapping[Key, int]) -> None:
        self._values = values
        self.beyond = 2 * max(values.values(), default=0) + 1_000
        """No count is taken to be larger: who attacks may know as much."""
        self._low: dict[Key, int] = {}
        self._high: dict[Key, int] = {}
        self._sums: list[tuple[Key, ...]] = []
        """The whole first."""
        self._used: dict[Key, list[int]] = {}
        self.through = False
        self._tries = 0
        self._base: Mapping[Key, int] = {}

    def __iter__(self) -> Iterator[Key]:
        return iter(self._low)

    def bounds(self, key: Key) -> tuple[int, int]:
        """The range in which it must be."""
        return self._low.get(key, 0), self._high.get(key, self.beyond)

    def adds_up(self, whole: Key, parts: Sequence[Key]) -> None:
        """As in `Book`."""
        for key in (whole, *parts):
            self._low.setdefault(key, 0)
            self._high.setdefault(key, self.beyond)
            self._used.setdefault(key, []).append(len(self._sums))
        self._sums.append((whole, *parts))

    def knows(self, key: Key, low: int, high: int) -> None:
        """A sign in the report."""
        self._low[key] = max(self._low.get(key, 0), low)
        self._high[key] = min(self._high.get(key, self.beyond), high)
        self._used.setdefault(key, [])

    def run(self) -> None:
        """All that follows. `through` is True if it came to its end."""
        self.through = self._follow(range(len(self._sums))) is not None

    def worlds(self, key: Key) -> Sequence[Mapping[Key, int]]:
        """Two that are far apart in this count; none if none were found."""
        low, high = self.bounds(key)
        for start in range(low, min(low + _SHIFTS, high - WIDE + 2)):
            less = self.world(key, start)
            more = self.world(key, start + WIDE - 1) if less is not None else None
            if less is not None and more is not None:
                return less, more
        return ()

    def world(self, key: Key, wanted: int) -> Mapping[Key, int] | None:
        """What has to be otherwise for this count to be so, with the same report; None if nothing was found.

        Narrows the ranges as if it were so, moves what is outside of them, and mends each sum that does not add up any
        more by another count of it that is not known for certain, which may break the next one.
        """
        ranges = self._low, self._high
        self._low, self._high = dict(self._low), dict(self._high)
        try:
            self._low[key] = self._high[key] = wanted
            moved = self._follow(self._used[key])
            if moved is None:
                return None
            self._base = {each: self._clipped(each) for each in (key, *moved)}
            gaps: dict[int, int] = {}
            for each, value in self._base.items():
                self._shift(each, value - self._values[each], gaps)
            world: dict[Key, int] = {key: wanted}
            self._tries = _TRIES
            return {**self._base, **world} if self._mend(world, gaps) else None
        finally:
            self._low, self._high = ranges

    def _clipped(self, key: Key) -> int:
        return min(max(self._values[key], self._low[key]), self._high[key])

    def _mend(self, world: dict[Key, int], gaps: dict[int, int]) -> bool:
        if not gaps:
            return True
        for moves in self._mends(min(gaps, key=lambda number: len(self._sums[number])), gaps, world):
            self._tries -= 1
            if self._tries < 0:
                return False
            before = dict(gaps)
            for key, change in moves:
                world[key] = self._now(key) + change
                self._shift(key, change, gaps)
            if self._mend(world, gaps):
                return True
            for key, _ in moves:
                del world[key]
            gaps.clear()
            gaps.update(before)
        return False

    def _now(self, key: Key) -> int:
        return self._base.get(key, self._values[key])

    def _mends(self, number: int, gaps: Mapping[int, int], world: Mapping[Key, int]) -> list[Sequence[_Move]]:
        """Moves that take up the gap of a sum, or a part of it; those that break the least come first."""
        gap, whole = gaps[number], self._sums[number][0]
        found: list[tuple[int, bool, int, Sequence[_Move]]] = []
        for key in self._sums[number]:
            wanted = -gap if key == whole else gap
            change = 0 if key in world else self._room(key, wanted)
            if not change:
                continue
            left = dict(gaps)
            self._shift(key, change, left)
            found.append((len(left), change != wanted, len(found), [(key, change)]))
            if quiet := self._quiet(key, change, number, gaps, world):
                # It ends here: what it breaks is mended by counts that nothing else hangs on.
                found.append((len(gaps) - 1, quiet[0][1] != wanted, len(found), quiet))
        return [moves for *_, moves in sorted(found, key=lambda each: each[:3])]

    def _room(self, key: Key, wanted: int) -> int:
        """As much of a change as its range allows."""
        now = self._now(key)
        return min(max(wanted, self._low[key] - now), self._high[key] - now)

    def _quiet(
        self, key: Key, change: int, number: int, gaps: Mapping[int, int], world: Mapping[Key, int]
    ) -> Sequence[_Move]:
        """The change, perhaps a smaller one, with all that mends its other sums at once; none if that can't be."""
        mends: list[tuple[Key, int]] = []
        for other in self._used[key]:
            if other == number:
                continue
            loose = next((each for each in self._sums[other] if self._is_loose(each, key, world)), None)
            if loose is None or other in gaps:
                return ()
            whole = self._sums[other][0]
            sign = 1 if whole in (key, loose) else -1
            room = self._room(loose, sign * change)
            change = min(change, abs(room)) if change > 0 else max(change, -abs(room))
            mends.append((loose, sign))
        return [(key, change), *((each, sign * change) for each, sign in mends)] if change else ()

    def _is_loose(self, key: Key, beside: Key, world: Mapping[Key, int]) -> bool:
        return key != beside and key not in world and len(self._used[key]) == 1 and self._low[key] < self._high[key]

    def _shift(self, key: Key, change: int, gaps: dict[int, int]) -> None:
        """A gap is what the whole has more than its parts."""
        for number in self._used[key]:
            gap = gaps.pop(number, 0) + (change if self._sums[number][0] == key else -change)
            if gap:
                gaps[number] = gap

    def _follow(self, start: Iterable[int]) -> Collection[Key] | None:
        """Narrows until nothing changes. Who has changed; None for a contradiction, or if it takes too long."""
        waiting = deque(start)
        queued, all_changed = set(waiting), dict[Key, None]()
        for _ in range(_STEPS):
            if not waiting:
                return all_changed
            number = waiting.popleft()
            queued.discard(number)
            for key in self._narrow(self._sums[number]):
                if self._low[key] > self._high[key]:
                    return None
                all_changed[key] = None
                for other in self._used[key]:
                    if other not in queued:
                        queued.add(other)
                        waiting.append(other)
        return None

    def _narrow(self, keys: Sequence[Key]) -> list[Key]:
        """Who has changed."""
        whole, *parts = keys
        low, high = sum(self._low[part] for part in parts), sum(self._high[part] for part in parts)
        changed = [whole] if self._cut(whole, low, high) else []
        low_whole, high_whole = self._low[whole], self._high[whole]
        for part in parts:
            own_low, own_high = self._low[part], self._high[part]
            if self._cut(part, low_whole - (high - own_high), high_whole - (low - own_low)):
                changed.append(part)
                low, high = low - own_low + self._low[part], high - own_high + self._high[part]
        return changed

    def _cut(self, key: Key, low: int, high: int) -> bool:
        old = self._low[key], self._high[key]
        if low <= old[0] and high >= old[1]:
            return False
        self._low[key], self._high[key] = max(low, old[0]), min(high, old[1])
        return True


class Published:
    """What may be told of a book."""

    def __init__(self, tables: Mapping[Key, Table], dark: Collection[Key], told: Mapping[Key, Told]) -> None:
        self._tables, self._dark, self._told = tables, dark, told

    def __getitem__(self, key: Key) -> Told:
        return self._told[key]

    def is_whole(self, name: Key) -> bool:
        """True if every row of the table is told exactly."""
        return all(self._told[row].shown is Shown.EXACT for row in self._tables[name].rows)

    def is_dark(self, name: Key) -> bool:
        """True if nothing of the table is told."""
        return name in self._dark
