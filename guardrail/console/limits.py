"""How often somebody may try: a bucket for each address, refilled evenly, and a bounded number of buckets (SEC-04)."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

MAX_BUCKETS: Final = 4_096
_IPV6_PREFIX: Final = 64
"""A household has so many addresses of its own."""
REMEMBERED_SECONDS: Final = 3_600.0


class Buckets:
    """For each key as many takings a minute as are allowed, at once or one after the other."""

    def __init__(self, clock: Callable[[], float], size: int = MAX_BUCKETS) -> None:
        """`clock` in seconds, never going back."""
        self._clock, self._size = clock, size
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str, per_minute: int) -> int:
        """Seconds until there is one to take; 0: now."""
        over = self._level(key, per_minute) - (per_minute - 1)
        return 0 if over <= 0 else int(over * 60 / per_minute) + 1

    def take(self, key: str, per_minute: int) -> None:
        """One is taken, there or not. If there are too many keys, the one that was used least recently is forgotten."""
        self._spent[key] = (min(self._level(key, per_minute) + 1, per_minute), self._clock())
        self._spent.move_to_end(key)
        if len(self._spent) > self._size:
            self._spent.popitem(last=False)

    def _level(self, key: str, per_minute: int) -> float:
        spent, at = self._spent.get(key, (0.0, 0.0))
        return max(0.0, spent - (self._clock() - at) * per_minute / 60)


class Known:
    """Addresses from which somebody got in of late."""

    def __init__(self, clock: Callable[[], float], size: int = MAX_BUCKETS) -> None:
        self._clock, self._size = clock, size
        self._at: OrderedDict[str, float] = OrderedDict()

    def add(self, address: str) -> None:
        """Somebody got in from there."""
        self._at[address] = self._clock()
        self._at.move_to_end(address)
        if len(self._at) > self._size:
            self._at.popitem(last=False)

    def __contains__(self, address: str) -> bool:
        at = self._at.get(address)
        return at is not None and self._clock() - at < REMEMBERED_SECONDS


def source(host: str) -> str:
    """Whom an address counts as: itself, of IPv6 its network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False).network_address)
    return str(address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else str(address)
