"""Long plain work away from the event loop, so that other clients' streams go on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

T = TypeVar("T")

LARGE: Final = 16 * 1024
"""From so many bytes or characters on, work takes longer than a thread costs (some 100 µs)."""

TURN: Final = 8 * 1024
"""After so many code points of inspected text the event loop gets its turn, if no thread does the work."""


def pieces(text: str) -> Iterator[str]:
    """The text, a turn at a time; an empty text is one piece."""
    return (text[at : at + TURN] for at in range(0, len(text) or 1, TURN))


async def off_loop(size: int, work: Callable[[], T]) -> T:
    """`work()`, in a thread if `size` says that it is long. It must touch only what its exchange owns."""
    return await asyncio.to_thread(work) if size >= LARGE else work()
