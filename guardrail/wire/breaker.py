"""A circuit breaker for each provider: one that keeps failing is not asked for a while. No I/O; the clock is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    until: float = 0.0


class Breakers:
    """The circuits of all providers, by name.

    Closed: asked. After so many failures in a row it opens: not asked for so many seconds; then one request may try,
    and closes the circuit or opens it again.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._circuits: dict[str, _Circuit] = {}

    def wait(self, name: str) -> float:
        """Seconds until the provider may be asked again, 0 if now. Who is told 0 by an open circuit is its one try."""
        circuit = self._circuits.get(name)
        if circuit is None or not circuit.until:
            return 0.0
        now = self._clock()
        if now < circuit.until:
            return circuit.until - now
        circuit.until = now + 1.0  # others wait while this one tries
        return 0.0

    def succeeded(self, name: str) -> None:
        """It answered."""
        self._circuits.pop(name, None)

    def failed(self, name: str, most: int, seconds: float) -> None:
        """It could not be reached, was too late, or answered that it is broken."""
        circuit = self._circuits.setdefault(name, _Circuit())
        circuit.failures += 1
        if circuit.failures >= most:
            circuit.until = self._clock() + seconds
