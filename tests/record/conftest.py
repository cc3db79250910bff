"""Every test of the store runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from guardrail.record.database import Place
from tests.support import postgres
from tests.support.stores import STORES


@pytest.fixture(scope="module")
def postgres_name() -> Iterator[str]:
    """One database a module."""
    with postgres.fresh_database() as name:
        yield name


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A new data folder and an empty store."""
    if request.param == "sqlite":
        return Place(tmp_path / "data")
    name: str = request.getfixturevalue("postgres_name")
    asyncio.run(postgres.empty(name))
    return Place(tmp_path / "data", postgres.url(name))
