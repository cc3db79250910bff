"""Placeholder maps of what a provider keeps, found again only by the client that had it made.

An entry is found under a keyed hash of (client, dialect, kind, id), which is also the additional data of its encryption
(AES-256-GCM): an entry that was moved to another name can't be opened. Neither the hash nor the entry says whose it is.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guardrail.errors import GuardrailError

_NONCE = 12
MOST_BYTES = 4 << 20


class StateUnavailable(GuardrailError):
    """The store does not answer: what is kept there can't be used, and nothing is sent."""

    status = 503
    default_code = "state_unavailable"


@dataclass(frozen=True, slots=True)
class Name:
    """Whose object: `owner` as in `inbound.Client`, `api` the first word of the dialect's name."""

    owner: str
    api: str
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
    """In this process, so many entries at most; the oldest goes first."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._entries: OrderedDict[bytes, tuple[float, bytes]] = OrderedDict()
        self._most = most
        self._clock = clock

    async def put(self, key: bytes, sealed: bytes, seconds: float) -> None:
        """Kept for so long."""
        self._entries.pop(key, None)
        self._entries[key] = (self._clock() + seconds, sealed)
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)

    async def get(self, key: bytes) -> bytes | None:
        """None once its time is over."""
        until, sealed = self._entries.get(key, (0.0, b""))
        if sealed and self._clock() < until:
            return sealed
        self._entries.pop(key, None)
        return None

    async def close(self) -> None:
        """Forget everything."""
        self._entries.clear()


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

    async def keep(self, name: Name, values: Mapping[str, Any]) -> None:
        """Raises StateUnavailable."""
        key, plain = self._key(name), json.dumps(values, separators=(",", ":")).encode()
        if len(plain) > MOST_BYTES:
            raise StateUnavailable("there are too many placeholders to be kept", code="state_too_large")
        nonce = secrets.token_bytes(_NONCE)
        await self._shelf.put(key, nonce + self._seal.encrypt(nonce, plain, key), self._seconds)

    async def find(self, name: Name) -> Mapping[str, Any] | None:
        """None for what this client did not have made, or not within the time. Raises StateUnavailable."""
        key = self._key(name)
        sealed = await self._shelf.get(key)
        if sealed is None:
            return None
        try:
            plain = self._seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], key)
        except InvalidTag:
            return None  # sealed under another key, or not what was put there
        found: Mapping[str, Any] = json.loads(plain)
        return found

    async def close(self) -> None:
        """Close the shelf."""
        await self._shelf.close()

    def _key(self, name: Name) -> bytes:
        parts = json.dumps([name.owner, name.api, name.kind, name.id]).encode()
        return hmac.new(self._names, parts, hashlib.sha256).digest()
