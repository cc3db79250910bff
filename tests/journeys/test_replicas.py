"""Two replicas on one PostgreSQL and one Redis, asked in turns: a client can't tell that they are two."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from guardrail.policy.redress_texts import TEXTS
from tests.journeys.test_kept_conversations import MARIA, in_redis, keeping, said, turn
from tests.journeys.test_routing import house
from tests.journeys.test_suspension import command
from tests.support.fake_upstream import FakeUpstream, answer, wait_until
from tests.support.postgres import fresh_database, url
from tests.support.proxy import Proxy, leaked
from tests.support.redis_server import need_redis


@pytest.fixture(scope="module")
def upstream() -> Iterator[FakeUpstream]:
    with FakeUpstream(answer({})) as one:
        yield one


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Where the policies of the two lie."""
    return tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")


@pytest.fixture(scope="module")
def replicas(folders: tuple[Path, Path], upstream: FakeUpstream) -> Iterator[tuple[Proxy, Proxy]]:
    need_redis()
    with ExitStack() as open_:
        database = open_.enter_context(fresh_database())
        policy = keeping(seconds=60.0, **in_redis("STATE_REDIS"))
        policy["audit"] = {"store": "postgresql", "url_env": "REPLICAS_URL"}
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


def test_what_is_suspended_at_one_is_suspended_at_both_until_it_is_resumed(
    replicas: tuple[Proxy, Proxy],
    folders: tuple[Path, Path],
    upstream: FakeUpstream,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """WHO-11. The command is typed where the first replica runs; nothing but PostgreSQL tells the second."""
    file = str(folders[0] / "policy.yaml")
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(replicas[0].data))
    made = json.loads(command("suspend", "--scope", "all", "--reason", "wrong doses", "--policy", file, "--json"))
    wait_until(lambda: all(each.metric("guardrail_suspended{") == 1 for each in replicas), 10, "both have heard of it")
    before = len(upstream.received)
    for replica in replicas:
        assert TEXTS["suspended"]["en"] in said(turn(upstream, replica, "Rest.", "resp_s", "Hello."))
    assert len(upstream.received) == before
    command("resume", made["id"], "--policy", file)
    wait_until(lambda: not any(each.metric("guardrail_suspended{") for each in replicas), 10, "both have heard of that")
    for number, replica in enumerate(replicas):
        assert "Rest." in said(turn(upstream, replica, "Rest.", f"resp_t{number}", "Hello."))
