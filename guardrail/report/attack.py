"""What somebody can work out of a report who adds, subtracts and knows its rules: what `cells` defends against.

First the range of each count, as narrow as sums make it. Ranges show too much as possible, so then a world is looked
for: other counts that give the same report. Counts that can only move together (what is left of a known whole, say)
are taken as one; then one is moved, and each sum that does not add up any more is mended by moving another one.
A world that was found proves that the count can't be worked out. One that was not found proves nothing, and counts
as an attack that succeeded: less is told, never more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final

Key = Hashable
_STEPS: Final = 100_000
_TRIES: Final = 200
_Line = Mapping[Key, int]
"""Moves that cancel each other: by count, how often each is in it."""


class Attack:
    """Filled with what is known, then `run`; after that it is asked for ranges and worlds."""

    def __init__(self, values: Mapping[Key, int]) -> None:
        """`values` are the true counts: who looks for another world begins with this one."""
        self._values = values
        self._beyond = 2 * max(values.values(), default=0) + 1_000
        """No count is taken to be larger: who attacks may know as much."""
        self._low: dict[Key, int] = {}
        self._high: dict[Key, int] = {}
        self._sums: list[tuple[Key, ...]] = []
        """The whole first."""
        self._used: dict[Key, list[int]] = {}
        self._moves: _Moves | None = None

    def __iter__(self) -> Iterator[Key]:
        return iter(self._low)

    def bounds(self, key: Key) -> tuple[int, int]:
        """The range in which it must be."""
        return self._low.get(key, 0), self._high.get(key, self._beyond)

    def adds_up(self, whole: Key, parts: Sequence[Key]) -> None:
        """The parts make up the whole."""
        for key in (whole, *parts):
            self._low.setdefault(key, 0)
            self._high.setdefault(key, self._beyond)
            self._used.setdefault(key, []).append(len(self._sums))
        self._sums.append((whole, *parts))

    def knows(self, key: Key, low: int, high: int) -> None:
        """A sign in the report."""
        self._low[key] = max(self._low.get(key, 0), low)
        self._high[key] = min(self._high.get(key, self._beyond), high)
        self._used.setdefault(key, [])

    def run(self) -> bool:
        """All that follows; False if it took too long."""
        return _settled(range(len(self._sums)), lambda number: self._narrow(self._sums[number]), self._used)

    def world(self, key: Key, far: int) -> Mapping[Key, int] | None:
        """Counts that give the same report, with another one for this: so far off, or nearer. None if none was found.

        What is not in them is as it is.
        """
        if self._moves is None:
            rooms = {each: self._room(each) for each in self._low if self._low[each] < self._high[each]}
            lines = [{each: 1 if at == 0 else -1 for at, each in enumerate(line)} for line in self._sums]
            self._moves = _Moves(rooms, lines)
        for move in (far, -far, 1, -1):
            found = self._moves.with_(key, move)
            if found is not None:
                return {each: self._values[each] + change for each, change in found.items()}
        return None

    def _room(self, key: Key) -> tuple[int, int]:
        return self._low[key] - self._values[key], self._high[key] - self._values[key]

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
        self._low[key], self._high[key] = max(low, old[0]), min(high, old[1])
        return old != (self._low[key], self._high[key])


def _settled(
    first: Iterable[int], change: Callable[[int], Sequence[Key] | None], used: Mapping[Key, Iterable[int]]
) -> bool:
    """Goes through the numbers, and through those that use what changed, until nothing changes any more.

    False if `change` says that it can't be (None), or if it takes too long.
    """
    waiting = deque(first)
    queued = set(waiting)
    for _ in range(_STEPS):
        if not waiting:
            return True
        number = waiting.popleft()
        queued.discard(number)
        changed = change(number)
        if changed is None:
            return False
        for key in changed:
            for other in used[key]:
                if other not in queued:
                    queued.add(other)
                    waiting.append(other)
    return False


class _Moves:
    """By how much counts can be otherwise, together. A count that is not in it can't."""

    def __init__(self, rooms: Mapping[Key, tuple[int, int]], lines: Iterable[_Line]) -> None:
        """`rooms`: least and most change of each count. Lines may name counts without room."""
        self._same: dict[Key, tuple[Key, int]] = {key: (key, 1) for key in rooms}
        """Who moves with whom: a leader, and 1 or -1."""
        self._rooms = dict(rooms)
        self._lines = self._joined([{key: by for key, by in line.items() if key in rooms} for line in lines])
        self._used: dict[Key, list[int]] = {}
        for number, line in enumerate(self._lines):
            for key in line:
                self._used.setdefault(key, []).append(number)
        self._tries = 0

    def with_(self, key: Key, move: int) -> Mapping[Key, int] | None:
        """All moves that make this one possible; None if none were found."""
        if key not in self._same:
            return None
        leader, sign = self._led(key)
        low, high = self._rooms[leader]
        if not low <= sign * move <= high:
            return None
        moved = self._search(leader, sign * move)
        if moved is None:
            return None
        leaders = {each: self._led(each) for each in self._same}
        return {each: way * moved[lead] for each, (lead, way) in leaders.items() if moved.get(lead)}

    # ── who moves together ────────────────────────────────────────────────────────────────────────────────────

    def _joined(self, lines: Sequence[_Line]) -> list[_Line]:
        """The lines between leaders. Two counts alone in a line move together; one alone does not move."""
        changed = True
        while changed:
            changed, left = False, []
            for line in lines:
                short = self._shortened(line)
                if len(short) == 1:
                    self._rooms[next(iter(short))] = (0, 0)
                    changed = True
                elif len(short) == 2 and self._join(*short.items()):
                    changed = True
                elif short:
                    left.append(short)
            lines = left
        return list(lines)

    def _shortened(self, line: _Line) -> dict[Key, int]:
        short: dict[Key, int] = {}
        for key, by in line.items():
            leader, sign = self._led(key)
            if self._rooms[leader] != (0, 0):
                short[leader] = short.get(leader, 0) + sign * by
        return {key: by for key, by in short.items() if by}

    def _join(self, one: tuple[Key, int], other: tuple[Key, int]) -> bool:
        (leader, by), (follower, times) = one, other
        if abs(by) != abs(times):
            return False
        sign = -1 if by == times else 1
        low, high = self._rooms.pop(follower)
        low, high = (low, high) if sign == 1 else (-high, -low)
        self._rooms[leader] = max(low, self._rooms[leader][0]), min(high, self._rooms[leader][1])
        self._same[follower] = leader, sign
        return True

    def _led(self, key: Key) -> tuple[Key, int]:
        leader, sign = self._same[key]
        while leader != key:
            key = leader
            leader, way = self._same[key]
            sign *= way
        return leader, sign

    # ── one moves, others mend ────────────────────────────────────────────────────────────────────────────────

    def _search(self, leader: Key, move: int) -> dict[Key, int] | None:
        rooms = self._narrowed(leader, move)
        if rooms is None:
            return None
        moved = {leader: move}
        for key, (low, high) in rooms.items():
            if key != leader and not low <= 0 <= high:
                moved[key] = low if low > 0 else high  # it has to move in any case
        gaps: dict[int, int] = {}
        for key, by in moved.items():
            self._shift(key, by, gaps)
        self._tries = _TRIES
        return moved if self._mend(rooms, moved, {leader}, gaps) else None

    def _narrowed(self, leader: Key, move: int) -> dict[Key, tuple[int, int]] | None:
        """The rooms of all, if this one moves; None if that can't be."""
        rooms = {**self._rooms, leader: (move, move)}

        def tightened(number: int) -> Sequence[Key] | None:
            changed = self._tighten(self._lines[number], rooms)
            return None if any(rooms[key][0] > rooms[key][1] for key in changed) else changed

        return rooms if _settled(self._used.get(leader, ()), tightened, self._used) else None

    def _tighten(self, line: _Line, rooms: dict[Key, tuple[int, int]]) -> list[Key]:
        spans = {key: _times(rooms[key], by) for key, by in line.items()}
        low, high = sum(span[0] for span in spans.values()), sum(span[1] for span in spans.values())
        changed = []
        for key, by in line.items():
            others = low - spans[key][0], high - spans[key][1]
            least, most = _over((-others[1], -others[0]), by)
            new = max(least, rooms[key][0]), min(most, rooms[key][1])
            if new != rooms[key]:
                rooms[key] = new
                changed.append(key)
        return changed

    def _mend(
        self, rooms: Mapping[Key, tuple[int, int]], moved: dict[Key, int], done: set[Key], gaps: dict[int, int]
    ) -> bool:
        if not gaps:
            return True
        number = min(gaps, key=lambda each: (len(self._lines[each]), each))
        for key, change in self._mends(number, rooms, moved, done, gaps):
            self._tries -= 1
            if self._tries < 0:
                return False
            before, was = dict(gaps), moved.get(key, 0)
            moved[key] = was + change
            self._shift(key, change, gaps)
            if self._mend(rooms, moved, done | {key}, gaps):
                return True
            moved[key] = was
            gaps.clear()
            gaps.update(before)
        return False

    def _mends(
        self,
        number: int,
        rooms: Mapping[Key, tuple[int, int]],
        moved: Mapping[Key, int],
        done: Collection[Key],
        gaps: Mapping[int, int],
    ) -> list[tuple[Key, int]]:
        """Moves that close the gap of a line, or a part of it; those that open the fewest others come first."""
        found: list[tuple[int, bool, int, Key, int]] = []
        for key, by in self._lines[number].items():
            if key in done:
                continue
            wanted, now = -gaps[number] // by, moved.get(key, 0)
            change = min(max(wanted, rooms[key][0] - now), rooms[key][1] - now)
            if change:
                left = dict(gaps)
                self._shift(key, change, left)
                found.append((len(left), number in left, len(found), key, change))
        return [(key, change) for *_, key, change in sorted(found, key=lambda each: each[:3])]

    def _shift(self, key: Key, change: int, gaps: dict[int, int]) -> None:
        for number in self._used.get(key, ()):
            gap = gaps.pop(number, 0) + self._lines[number][key] * change
            if gap:
                gaps[number] = gap


def _times(room: tuple[int, int], by: int) -> tuple[int, int]:
    low, high = room[0] * by, room[1] * by
    return (low, high) if by > 0 else (high, low)


def _over(span: tuple[int, int], by: int) -> tuple[int, int]:
    """Whole numbers that times `by` are within the span."""
    low, high = span if by > 0 else (-span[1], -span[0])
    by = abs(by)
    return -(-low // by), high // by
