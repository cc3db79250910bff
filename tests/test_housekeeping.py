"""What goes on beside the serving goes on whatever it meets, and says what it met without a word of it."""

from __future__ import annotations

import asyncio
import json

import pytest

from guardrail.housekeeping import every
from guardrail.record import log


def test_a_round_that_fails_is_told_and_the_next_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    """Its kind and place are in the log; what its exception quotes is not."""
    rounds: list[int] = []

    async def work() -> None:
        rounds.append(len(rounds))
        if len(rounds) < 3:
            raise ValueError("hunter2")
        if len(rounds) == 4:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(every(0, work))

    lines = [json.loads(log.JsonLines().format(record)) for record in caplog.records]
    assert rounds == [0, 1, 2, 3]
    assert [(line["event"], line["error"]) for line in lines] == [("housekeeping_failed", "ValueError")] * 2
    assert all(line["reason"].startswith("test_housekeeping.py:") for line in lines)
    assert "hunter2" not in json.dumps(lines)
