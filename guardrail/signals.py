"""What a process does when it is told something by a signal. Knows neither servers nor workers."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping


class Signals:
    """In the block each of these signals calls its function in the running event loop; behind it they do nothing more.

    Python's own handlers and not the loop's: a loop lets go of a signal by giving it back its default, which is to end
    the process, and whoever is without patience sends the next one just then (the end has to be an orderly one).
    """

    def __init__(self, on: Mapping[signal.Signals, Callable[[], object]]) -> None:
        """In the main thread, with a running event loop."""
        self._on = on
        self._loop = asyncio.get_running_loop()

    def __enter__(self) -> None:
        for number in self._on:
            signal.signal(number, self._hear)

    def __exit__(self, *_: object) -> None:
        for number in self._on:
            signal.signal(number, signal.SIG_IGN)

    def _hear(self, number: int, _frame: object) -> None:
        self._loop.call_soon_threadsafe(self._on[signal.Signals(number)])
