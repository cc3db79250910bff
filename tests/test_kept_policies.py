"""A record is explained by the policy that decided, though another one is in force by now (WHO-60)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import update

from guardrail.build import read_policy
from guardrail.kept_policies import deciding, keep
from guardrail.policy.load import fingerprint
from guardrail.receipts import open_receipt
from guardrail.record.database import Database
from guardrail.record.entry import Entry, kind_of
from guardrail.record.tables import meta
from tests.console.house import compiled, exchange
from tests.support.evidence import NOW, Line, Store, opened


@pytest.fixture
def store() -> Iterator[Store]:
    with opened() as made:
        yield made


def lines() -> list[Line]:
    entries: list[Entry] = list(exchange())
    return [Line("ab12cd34.0", n, NOW + n, kind_of(each), each) for n, each in enumerate(entries)]


async def kept(database: Database) -> None:
    policy = read_policy().policy
    await keep(database, policy, fingerprint(policy))
    await keep(database, policy, fingerprint(policy))  # once for each version, however often it is loaded


def test_what_a_former_policy_decided_is_told_with_its_reasons(store: Store) -> None:
    store.run(kept(store.database))
    now = replace(compiled(), sha256="0" * 64)
    of_then = store.run(deciding(store.database, lines()))

    assert of_then is not None
    assert all(check.because is None for check in open_receipt(lines(), now).checks)
    told = open_receipt(lines(), now, deciding=of_then)
    assert {check.rail for check in told.checks if check.because} == {"phi", "medical", "notice"}


def test_a_policy_that_is_not_kept_or_was_changed_explains_nothing(store: Store) -> None:
    assert store.run(deciding(store.database, lines())) is None
    store.run(kept(store.database))

    async def tamper() -> None:
        async with store.database.writing() as connection:
            await connection.execute(update(meta).values(value=meta.c.value + " "))

    store.run(tamper())
    assert store.run(deciding(store.database, lines())) is None
