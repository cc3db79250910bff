"""Two replicas on one PostgreSQL and one Redis, asked in turns: a client can't tell that they are two."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.journeys.test_kept_conversations import MARIA, in_redis, keeping, said, turn
from tests.journeys.test_routing import house
from tests.support.fake_upstream import FakeUpstream, answer
from tests.support.postgres import fresh_database, url
from tests.support.proxy import Proxy, leaked
from tests.support.redis_server import need_redis


@pytest.fixture(scope="module")
def upstream() -> Iterator[FakeUpstream]:
    with FakeUpstream(answer({})) as one:
        yield one


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory, upstream: FakeUpstream) -> Iterator[tuple[Proxy, Proxy]]:
    need_redis()
    with ExitStack() as open_:
        database = open_.enter_context(fresh_database())
        policy = keeping(seconds=60.0, **in_redis("STATE_REDIS"))
        policy["audit"] = {"store": "postgresql", "url_env": "REPLICAS_URL"}
        folders = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("REPLICAS_URL", url(database))
            first = open_.enter_context(house(folders[0], policy, upstream))
            keys = {
                "signing_key_file": str(first.data / "signing.key"),
                "secret_file": str(first.data / "install.secret"),
            }
            policy["audit"].update(keys)
            yield first, open_.enter_context(house(folders[1], policy, upstream))


def test_a_conversation_that_the_provider_keeps_goes_to_and_fro(
    replicas: tuple[Proxy, Proxy], upstream: FakeUpstream
) -> None:
    """Six turns, each in the other replica than the one before: the same person, by the same placeholder."""
    assert turn(upstream, replicas[0], "Good.", "resp_r0", f"My name is {MARIA}.")[0] == 200
    for number in range(1, 6):
        before, name = f"resp_r{number - 1}", f"resp_r{number}"
        words = "Delgado was tired. How is she?"
        reply = turn(upstream, replicas[number % 2], "[PATIENT_1] is well.", name, words, previous_response_id=before)
        assert f"{MARIA} is well." in said(reply)
    assert not leaked("Delgado", upstream.received)
