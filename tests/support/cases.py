"""Many small cases in few tests: pytest needs longer for ten thousand tests than a rail for ten thousand sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

Test = Callable[..., None]


def in_groups(rows: Iterable[Any], size: int = 100) -> Callable[[Test], Test]:
    """As `parametrize` over the rows (a tuple is several arguments), so many of them in each test."""
    cases = [row if isinstance(row, tuple) else (row,) for row in rows]
    groups = [cases[at : at + size] for at in range(0, len(cases), size)]

    def wrap(test: Test) -> Test:
        @pytest.mark.parametrize("group", groups, ids=[f"from {at * size}" for at in range(len(groups))])
        def run(group: list[tuple[Any, ...]]) -> None:
            for case in group:
                test(*case)

        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        made: Test = run
        return made

    return wrap
