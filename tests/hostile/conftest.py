"""One real server process for all raw-socket cases of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.toy_process import ToyProcess


@pytest.fixture(scope="module")
def toy() -> Iterator[ToyProcess]:
    """A running server around a toy exchange, on loopback."""
    with ToyProcess() as process:
        yield process
