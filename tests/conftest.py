"""For all tests: nothing is written where they are started, and no process outlives them.

Each process of the test runner has a data folder.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator

import pytest

from tests.support import memory, pool
from tests.support.proxy import Proxy

_SHOWN = 4_000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a failure stands what its proxies said last: a machine that stood still shows only there."""
    report = yield
    if report.failed and report.when == "call":
        held = getattr(item, "funcargs", {})
        proxies = {name: getattr(each, "proxy", each) for name, each in held.items()}
        for proxy, name in {each: name for name, each in proxies.items() if isinstance(each, Proxy)}.items():
            if proxy.running:
                report.sections.append((f"the log of {name}", proxy.log[-_SHOWN:].decode("utf-8", "replace")))
    return report


@pytest.fixture(scope="session", autouse=True)
def _lent_proxies() -> Iterator[None]:
    yield
    pool.end_all()


@pytest.fixture(scope="session", autouse=True)
def _data_folder() -> Iterator[None]:
    before = os.environ.get("GUARDRAIL_DATA_DIR")
    with memory.folder() as folder:
        os.environ["GUARDRAIL_DATA_DIR"] = folder
        yield
    if before is None:
        del os.environ["GUARDRAIL_DATA_DIR"]
    else:
        os.environ["GUARDRAIL_DATA_DIR"] = before
