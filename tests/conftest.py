"""For all tests: nothing is written where they are started, and no process outlives them.

Each process of the test runner has a data folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.support import pool


@pytest.fixture(scope="session", autouse=True)
def _lent_proxies() -> Iterator[None]:
    yield
    pool.end_all()


@pytest.fixture(scope="session", autouse=True)
def _data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = os.environ.get("GUARDRAIL_DATA_DIR")
    os.environ["GUARDRAIL_DATA_DIR"] = str(tmp_path_factory.mktemp("guardrail-data"))
    yield
    if before is None:
        del os.environ["GUARDRAIL_DATA_DIR"]
    else:
        os.environ["GUARDRAIL_DATA_DIR"] = before
