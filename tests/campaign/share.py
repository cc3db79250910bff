"""What one process does of a campaign. A module of its own: a spawned process can't import a package's `__main__`."""

from __future__ import annotations

from collections.abc import Sequence

from tests.campaign.bulk import combed
from tests.campaign.run import WHOLE, Findings, fought
from tests.support.pool import end_all


def share(numbers: Sequence[int], seed: int) -> Findings:
    """One request in twenty through a proxy over loopback, the others in this process."""
    try:
        return fought(WHOLE, numbers[::20], seed) + combed([each for at, each in enumerate(numbers) if at % 20], seed)
    finally:
        end_all()
