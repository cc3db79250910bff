"""What was found in texts that come again: a conversation carries its whole history on every turn, and models repeat
themselves.

Keeps where what was found, under a keyed hash of the text and of all that the rails were told about it. Holds no text,
and a hash is of no use without the key, which is random and never leaves this process. Knows no rail and no provider.
"""

from __future__ import annotations

import secrets
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from typing import Final

from guardrail.rails.base import About, Window
from guardrail.text import Ruling

HIT: Final = "hit"
MISS: Final = "miss"

TENANTS: Final = 256
"""Tenants that are remembered at once; the one that has been silent longest is forgotten first."""

_DIGEST: Final = 16

_Known = tuple[Ruling, ...]


class Memory:
    """What the rails of one chain found, by tenant. Bounded; for one event loop.

    A memory belongs to a chain and ends with it: another policy begins with an empty one. No tenant sees another's
    entries, not even by asking whether a text is known. When the memory is full, a tenant that has its share or more
    loses its own oldest entries; one with less takes the place of the tenant that has most.
    """

    def __init__(self, size: int, observe: Callable[[str, int], None] | None = None) -> None:
        """`size` bounds texts and findings together. `observe` is told how many texts were a "hit" or a "miss"."""
        self._size = size
        self._observe = observe
        self._secret = secrets.token_bytes(32)
        self._shelves: OrderedDict[bytes, _Shelf] = OrderedDict()
        self._held = 0

    @property
    def held(self) -> int:
        """Texts and findings that are remembered now, over all tenants."""
        return self._held

    def notes(self, tenant: str) -> Notes:
        """What one tenant may look up and write down, for the time of one request."""
        return Notes(self, self.digest(tenant))

    def digest(self, what: str) -> bytes:
        """Stands for `what` within this memory only."""
        return self.hasher(what).digest()

    def hasher(self, what: str) -> blake2b:
        """A keyed hash that has taken `what`, told apart from what follows."""
        taken = what.encode("utf-8", "surrogatepass")
        return blake2b(len(taken).to_bytes(8, "big") + taken, key=self._secret, digest_size=_DIGEST)

    def recall(self, tenant: bytes, key: bytes) -> _Known | None:
        """What was written down under `key`, None if nothing was or no longer is."""
        shelf = self._shelves.get(tenant)
        return None if shelf is None else shelf.recall(key)

    def write(self, tenant: bytes, key: bytes, rulings: _Known) -> None:
        """Remember `rulings` under `key`, at somebody's cost if there is no room."""
        shelf = self._shelves.setdefault(tenant, _Shelf())
        self._shelves.move_to_end(tenant)
        if len(self._shelves) > TENANTS:
            self._held -= self._shelves.popitem(last=False)[1].held
        self._held += shelf.write(key, rulings)
        self._make_room(shelf)

    def tell(self, hits: int, misses: int) -> None:
        """Count what became of a request's texts."""
        if self._observe is not None:
            self._observe(HIT, hits)
            self._observe(MISS, misses)

    def _make_room(self, writer: _Shelf) -> None:
        while self._held > self._size:
            full = writer.held * len(self._shelves) >= self._size
            loser = writer if full else max(self._shelves.values(), key=lambda shelf: shelf.held)
            self._held -= loser.drop_oldest()


class Notes:
    """One tenant's part of the memory during one request."""

    def __init__(self, memory: Memory, tenant: bytes) -> None:
        self._memory = memory
        self._tenant = tenant
        self._hasher = cache(self._begin)
        self._hits = self._misses = 0

    def key(self, text: str, about: About) -> bytes:
        """Stands for a text and everything that rails are told about it."""
        hasher = self._hasher(about, "text").copy()
        hasher.update(text.encode("utf-8", "surrogatepass"))
        return hasher.digest()

    def window_key(self, window: Window, about: About) -> bytes:
        """Stands for one window of a text, where it is, and everything that rails are told about it."""
        hasher = self._hasher(about, "window").copy()
        hasher.update(b"%d %d " % (window.start, window.final) + window.text.encode("utf-8", "surrogatepass"))
        return hasher.digest()

    def recall(self, key: bytes) -> tuple[Ruling, ...] | None:
        """The rulings about the text that `key` stands for, in their order; None if it has to be inspected."""
        known = self._memory.recall(self._tenant, key)
        if known is None:
            self._misses += 1
        else:
            self._hits += 1
        return known

    def write(self, key: bytes, rulings: Iterable[Ruling]) -> None:
        """Remember what a complete inspection gave."""
        self._memory.write(self._tenant, key, tuple(map(_lean, rulings)))

    def close(self) -> None:
        """The request's texts are all looked up."""
        self._memory.tell(self._hits, self._misses)

    def _begin(self, about: About, what: str) -> blake2b:
        return self._memory.hasher(repr((self._tenant, about, what)))


class _Shelf:
    """One tenant's entries, the one that was asked for longest ago first."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self.held = 0

    def recall(self, key: bytes) -> _Known | None:
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
        return known

    def write(self, key: bytes, rulings: _Known) -> int:
        """How much room that took."""
        before = self._known.pop(key, None)
        taken = _weight(rulings) - (0 if before is None else _weight(before))
        self.held += taken
        self._known[key] = rulings
        return taken

    def drop_oldest(self) -> int:
        """How much room that made."""
        freed = _weight(self._known.popitem(last=False)[1])
        self.held -= freed
        return freed


def _weight(rulings: _Known) -> int:
    return 1 + len(rulings)


def _lean(ruling: Ruling) -> Ruling:
    """The same, with names that all entries share."""
    found = ruling.finding
    return replace(ruling, finding=replace(found, rail=sys.intern(found.rail), label=sys.intern(found.label)))
