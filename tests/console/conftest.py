"""One evidence store for all tests of the console; each test has a console of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from guardrail.record import beside
from guardrail.record.tables import cases, incidents, suspensions
from tests.console.house import House
from tests.support.evidence import Store, opened


@pytest.fixture(scope="session")
def whole_store() -> Iterator[Store]:
    with opened() as store:
        yield store


@pytest.fixture
def store(whole_store: Store) -> Store:
    if whole_store.run(_used(whole_store)):
        whole_store.empty()
    return whole_store


async def _used(store: Store) -> bool:
    """Emptying is written to the disk, and most tests leave nothing behind."""
    return any([await beside.rows(store.database, select(table).limit(1)) for table in (cases, suspensions, incidents)])


@pytest.fixture
def house(store: Store) -> House:
    return House(store)
