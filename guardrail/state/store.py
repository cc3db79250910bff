"""Placeholder maps of what a provider keeps, found again only by the client that had it made.

An entry is found under a keyed hash of (client, upstream, kind, id), which is also the additional data of its
encryption (AES-256-GCM): an entry that was moved to another name can't be opened. Neither the hash nor the entry says
whose it is.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guardrail.engine.offload import off_loop
from guardrail.errors import GuardrailError

_NONCE = 12
MOST_BYTES = 4 << 20
"""Of one map, as JSON."""
BYTES_PER_VALUE = 1_000
"""About, with all the ways to write a name."""
MOST_BYTES_IN_MEMORY = 256 << 20


class StateUnavailable(GuardrailError):
    """The store does not answer: what is kept there can't be used, and nothing is sent."""

    status = 503
    default_code = "state_unavailable"


@dataclass(frozen=True, slots=True)
class Name:
    """Whose object, and who keeps it: `owner` as in `inbound.Client`, `upstream` as the policy names it."""

    owner: str
    upstream: str
    kind: str
    id: str


class Shelf(Protocol):
    """Where sealed entries lie."""

    async def put(self, key: bytes, sealed: bytes, seconds: float) -> None:
        """Raises StateUnavailable."""
        ...

    async def get(self, key: bytes) -> bytes | None:
        """None if there is none any more. Raises StateUnavailable."""
        ...

    async def close(self) -> None:
        """No more of it."""
        ...


class MemoryShelf:
    """In this process, so many entries and bytes at most; the oldest goes first."""

    def __init__(
        self, most: int, clock: Callable[[], float] = time.monotonic, most_bytes: int = MOST_BYTES_IN_MEMORY
    ) -> None:
        self._entries: OrderedDict[bytes, tuple[float, bytes]] = OrderedDict()
        self._most, self._most_bytes = most, most_bytes
        self._bytes = 0
        self._clock = clock

    async def put(self, key: bytes, sealed: bytes, seconds: float) -> None:
        """Kept for so long."""
        self._drop(key)
        self._entries[key] = (self._clock() + seconds, sealed)
        self._bytes += len(sealed)
        self._tidy()

    async def get(self, key: bytes) -> bytes | None:
        """None once its time is over."""
        self._tidy()
        until, sealed = self._entries.get(key, (0.0, b""))
        return sealed if self._clock() < until else None

    async def close(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._bytes = 0

    def _tidy(self) -> None:
        """What is over goes although nobody asks for it, and the oldest if there is too much."""
        now = self._clock()
        while self._entries:
            oldest = next(iter(self._entries))
            too_much = len(self._entries) > self._most or self._bytes > self._most_bytes
            if not too_much and now < self._entries[oldest][0]:
                return
            self._drop(oldest)

    def _drop(self, key: bytes) -> None:
        _, sealed = self._entries.pop(key, (0.0, b""))
        self._bytes -= len(sealed)


class StateStore:
    """Seals, keeps and opens placeholder maps. `key`: 32 bytes, the same for all replicas that share a shelf."""

    def __init__(self, shelf: Shelf, seconds: float, key: bytes | None = None) -> None:
        """Without a key one is made that nobody else has: for a shelf of this process."""
        root = key or secrets.token_bytes(32)
        if len(root) != 32:
            raise ValueError("a state key has 32 bytes")
        self._shelf = shelf
        self._seconds = seconds
        self._names = hmac.new(root, b"guardrail state names", hashlib.sha256).digest()
        self._seal = AESGCM(hmac.new(root, b"guardrail state seal", hashlib.sha256).digest())

    async def keep(self, names: Iterable[Name], values: Mapping[str, Any]) -> None:
        """Under each of the names. Raises StateUnavailable; then some of them may be kept."""
        size = BYTES_PER_VALUE * len(values.get("values", ()))
        plain = await off_loop(size, lambda: json.dumps(values, separators=(",", ":")).encode())
        if len(plain) > MOST_BYTES:
            raise StateUnavailable("there are too many placeholders to be kept", code="state_too_large")
        for name in names:
            key = self._key(name)
            await self._shelf.put(key, await off_loop(len(plain), partial(self._sealed, key, plain)), self._seconds)

    async def find(self, name: Name) -> Mapping[str, Any] | None:
        """None for what this client did not have made, or not within the time. Raises StateUnavailable."""
        key = self._key(name)
        sealed = await self._shelf.get(key)
        if sealed is None:
            return None
        return await off_loop(len(sealed), partial(self._opened, key, sealed))

    async def close(self) -> None:
        """Close the shelf."""
        await self._shelf.close()

    def _sealed(self, key: bytes, plain: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._seal.encrypt(nonce, plain, key)

    def _opened(self, key: bytes, sealed: bytes) -> Mapping[str, Any] | None:
        try:
            plain = self._seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], key)
        except (InvalidTag, ValueError):
            return None  # sealed under another key, or not what was put there
        found: Mapping[str, Any] = json.loads(plain)
        return found

    def _key(self, name: Name) -> bytes:
        parts = json.dumps([name.owner, name.upstream, name.kind, name.id]).encode()
        return hmac.new(self._names, parts, hashlib.sha256).digest()
