"""One fake upstream and one proxy for all journeys that don't need their own: starting a proxy takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from openai import OpenAI

from tests.support.fake_upstream import FakeUpstream, chat_answer
from tests.support.proxy import Proxy


@pytest.fixture(scope="session")
def shared_upstream() -> Iterator[FakeUpstream]:
    with FakeUpstream(chat_answer()) as upstream:
        yield upstream


@pytest.fixture(scope="session")
def shared_proxy(shared_upstream: FakeUpstream) -> Iterator[Proxy]:
    with Proxy(upstream=shared_upstream.url) as proxy:
        yield proxy


@pytest.fixture
def upstream(shared_upstream: FakeUpstream) -> FakeUpstream:
    """The recording upstream, back to its plain answer."""
    shared_upstream.reply(chat_answer())
    return shared_upstream


@pytest.fixture
def proxy(shared_proxy: Proxy, upstream: FakeUpstream) -> Proxy:
    """The proxy in front of `upstream`, with the baseline policy."""
    return shared_proxy


@pytest.fixture
def client(proxy: Proxy) -> Iterator[OpenAI]:
    """The provider's own SDK; nothing but its base URL points at the proxy."""
    with OpenAI(base_url=proxy.url, api_key="sk-of-the-hospital", max_retries=0, timeout=30) as client:
        yield client
