"""Small counts that a report may not tell, and the others that would give them away by a difference (WHO-26).

A count from 1 to 10 is shown as "1-10", and so is what is left of a whole ("all but 1-10"): the CMS cell size rule.
Then this module attacks its own report: it takes all that would be published, that counts add up, that parts are
inside wholes, and what the signs mean, and works out what each small count can be (`attack`). As long as one can be
had, or is one of fewer than nine numbers, more is withheld: other rows, then the whole table. Knows no figure by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from guardrail.report.attack import Attack, Key

SMALL: Final = 11
"""The smallest count that is told, besides none."""
WIDE: Final = 9
"""So many numbers, from the least to the most that it could be, are possible for each small count."""
_BEYOND: Final = 1 << 60
_FAR: Final = 4


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


@dataclass(slots=True, eq=False)
class Table:
    """Counts that stand together. `of` is what a row is measured against; `area` says which tables are one system."""

    name: Key
    area: str
    rows: tuple[Key, ...]
    of: Mapping[Key, Key] = field(default_factory=dict)
    above: tuple[Table, ...] = ()
    """Those of the wholes."""
    withheld: set[Key] = field(default_factory=set)
    collapsed: bool = False


TOTALS: Final = "totals"
"""The area of counts that are not divided. Every other area is attacked together with it."""


@dataclass(frozen=True, slots=True)
class Rest:
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
        self._through = True

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
        rest = Rest(whole, part)
        if rest not in self._values:
            self.count(rest, self._values[whole] - self._values[part])
            self.adds_up(whole, (part, rest))

    def table(self, name: Key, area: str, rows: Sequence[Key], of: Mapping[Key, Key] | None = None) -> None:
        """Rows to be published. Wholes come before their parts: the table of what `of` names has to be there."""
        wholes = of or {}
        if not self._home.keys() >= set(wholes.values()):
            raise ValueError("a part before its whole")
        above = {id(table): table for table in (self._home[whole] for whole in wholes.values())}
        made = Table(name, area, tuple(rows), wholes, tuple(above.values()))
        for row, whole in wholes.items():
            self.within(whole, row)
        for row in made.rows:
            if row in self._home:
                raise ValueError("a count in two tables")
            self._home[row] = made
        self._tables[name] = made

    def hide(self, name: Key) -> None:
        """Nothing of this table is told."""
        self._tables[name].collapsed = True

    def world(self, key: Key) -> Mapping[Key, int] | None:
        """Other counts that would have given the same report, with another one for this; for who doubts `close`.

        What is not in them is as it is. None if none was found.
        """
        return self._attack({table.area for table in self._tables.values()}).world(key, _FAR)

    def names(self) -> Sequence[Key]:
        """Of all tables."""
        return list(self._tables)

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
                yield Rest(whole, row), 1, SMALL - 1
            case Shown.WITHHELD if not self._is_dark(table):
                if whole is None or self._shown(whole) is not Shown.EXACT:
                    yield row, SMALL, _BEYOND
                elif self._values[whole] < 2 * SMALL:
                    yield row, 1, self._values[whole] - 1
                else:
                    yield row, SMALL, self._values[whole] - SMALL

    # ── the attack, and the answer to it ──────────────────────────────────────────────────────────────────────

    def _attack(self, areas: Collection[str]) -> Attack:
        known = {row for row, table in self._home.items() if table.area in areas}
        attack = Attack(self._values)
        for whole, parts in self._sums:
            if all(self._concerns(key, known) for key in (whole, *parts)):
                attack.adds_up(whole, parts)
        for row in known:
            for key, low, high in self._signs(row):
                attack.knows(key, low, high)
        self._through = attack.run()
        return attack

    def _concerns(self, key: Key, known: Collection[Key]) -> bool:
        """True if it is one of the known rows, or a count that is never shown and hangs together with them."""
        if isinstance(key, Rest):
            return self._concerns(key.whole, known) and self._concerns(key.part, known)
        return key in known or key not in self._home

    def _protect(self, areas: Collection[str], blamed: str) -> None:
        """Withholds until nothing small in these areas can be pinned down. `blamed` is where; "" for anywhere."""
        while broken := self._broken(self._attack(areas), blamed):
            tables: dict[int, tuple[Table, bool]] = {}
            for key in broken:
                near = list(self._near(key, blamed))
                table = next((each for each in near if not self._is_dark(each)), None)
                if table is None:
                    return  # nothing at all is told there
                tables[id(table)] = table, table is near[0]
            for table, is_home in tables.values():
                # What is withheld of a whole hides something of its parts as well: they are looked at again.
                if tables.keys().isdisjoint(map(id, self._around(table))):
                    self._withhold(table, rows=is_home)

    def _broken(self, attack: Attack, blamed: str) -> list[Key]:
        """Small counts of which too much can be worked out.

        In a table of which nothing is told a count is bounded by its whole and by the sum of its row alone, so its
        range is all that can be worked out. Beside counts that are told, worlds are searched, in one area at a time.
        """
        if not self._through:
            return [next(iter(attack))]
        found = []
        for key in attack:
            if 0 < self._values[key] < SMALL:
                low, high = attack.bounds(key)
                told = blamed and not self._is_dark(next(self._near(key, blamed)))
                if high - low + 1 < WIDE or (told and attack.world(key, _FAR) is None):
                    found.append(key)
        return found

    def _row(self, key: Key) -> Key:
        """The row that gives way for a count."""
        part = key.part if isinstance(key, Rest) else key
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
        yield from reversed(allowed)  # parts were made after their wholes, and go first

    def _around(self, table: Table) -> Iterator[Table]:
        """Tables of wholes, the nearest first."""
        for home in table.above:
            yield home
            yield from self._around(home)

    def _is_dark(self, table: Table) -> bool:
        """Nothing of it is told: for its own sake, or since nothing of its wholes is."""
        return table.collapsed or any(self._is_dark(each) for each in table.above)

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
