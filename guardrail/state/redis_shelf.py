"""The shelf for several replicas: Redis, which sees only keyed hashes and sealed bytes, and forgets in time."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.exceptions import RedisError

from guardrail.state.store import StateUnavailable

SECONDS = 2.0
"""How long Redis may take for one answer."""
PREFIX = b"guardrail:state:"


class RedisShelf:
    """One Redis, by its address (`redis://` or `rediss://`)."""

    def __init__(self, url: str) -> None:
        """Connects with the first use. Raises ValueError for what is no address."""
        self._redis = Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)

    async def put(self, key: bytes, sealed: bytes, seconds: float) -> None:
        """Kept for so long. Raises StateUnavailable."""
        try:
            await self._redis.set(PREFIX + key.hex().encode(), sealed, px=max(1, int(seconds * 1_000)))
        except (RedisError, OSError):
            raise _unavailable() from None

    async def get(self, key: bytes) -> bytes | None:
        """Raises StateUnavailable."""
        try:
            found = await self._redis.get(PREFIX + key.hex().encode())
        except (RedisError, OSError):
            raise _unavailable() from None
        return found if isinstance(found, bytes) else None

    async def close(self) -> None:
        """Closes its connections."""
        await self._redis.aclose()


def _unavailable() -> StateUnavailable:
    return StateUnavailable("the store of conversations does not answer; try again, or send the conversation itself")
