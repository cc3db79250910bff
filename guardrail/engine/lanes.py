"""What waits its turn: entries leave in order within their lane, once all of their texts are decided.

An entry of no lane (None) waits for everything before it, and everything after it waits for it. Every entry costs the
same, however many wait: a provider can't slow others down by having us hold much. Knows no frame and no text.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar


@dataclass(slots=True, eq=False, kw_only=True)
class Entry:
    """What waits for those before it in its lane, and for `undecided` texts of its own."""

    lane: str | None
    undecided: int = 0
    number: int = -1  # its place among all that ever waited; none yet


E = TypeVar("E", bound=Entry)


class Lanes(Generic[E]):
    """Entries in the order of `append`; `take` gives those whose turn it is."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[E]] = {}  # what no entry of all lanes stands before
        self._later: deque[E] = deque()  # the first entry of all lanes, and what came after it
        self._moved: set[str] = set()  # lanes whose first entry may be ready
        self._size = 0
        self._count = 0

    def __len__(self) -> int:
        return self._size

    def append(self, entry: E) -> None:
        """The next one."""
        entry.number = self._count
        self._count += 1
        self._size += 1
        if entry.lane is None or self._later:
            self._later.append(entry)
        else:
            self._admit(entry.lane, entry)

    def decided(self, entry: E) -> None:
        """One of the entry's undecided texts is decided. It need not be in the queue yet."""
        entry.undecided -= 1
        if not entry.undecided and entry.lane is not None:
            self._moved.add(entry.lane)

    def take(self) -> list[E]:
        """Take out, in order, what has nothing undecided and nothing of its lane before it."""
        out = self._take_first()
        while self._later and not self._lanes and not self._later[0].undecided:
            out.append(self._later.popleft())
            while self._later and (lane := self._later[0].lane) is not None:
                self._admit(lane, self._later.popleft())
            out += self._take_first()
        self._size -= len(out)
        return out

    def clear(self) -> None:
        """Nobody waits any more."""
        self._lanes.clear()
        self._later.clear()
        self._moved.clear()
        self._size = 0

    def _admit(self, lane: str, entry: E) -> None:
        waiting = self._lanes.setdefault(lane, deque())
        if not waiting:
            self._moved.add(lane)
        waiting.append(entry)

    def _take_first(self) -> list[E]:
        """From the lanes that moved."""
        out: list[E] = []
        for lane in self._moved:
            waiting = self._lanes.get(lane, deque())
            while waiting and not waiting[0].undecided:
                out.append(waiting.popleft())
            if not waiting:
                self._lanes.pop(lane, None)
        self._moved.clear()
        out.sort(key=lambda entry: entry.number)
        return out
