"""CFG-*: what decides over everything else can't be broken, bombed, mixed up, or weakened without a word."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from guardrail.build import read_policy
from guardrail.policy.seal import seal_of, sign
from guardrail.record.metrics import Merged, Metrics
from tests.policy.test_seal import key_pair
from tests.siege.house import CHAT, House
from tests.siege.own import alone, written
from tests.support.fake_upstream import FakeUpstream, Gate, chat_answer, chat_stream, wait_until
from tests.support.proxy import Proxy

pytestmark = pytest.mark.timeout(300)  # processes of the product are started, on whatever machine

QUESTION = {"model": "m", "messages": [{"role": "user", "content": "Where is radiology?"}]}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy that the module's house watches."""
    return tmp_path_factory.mktemp("policy") / "ward.yaml"


@pytest.fixture(scope="module")
def siege_house(file: Path) -> Iterator[House]:
    """As everywhere, but with a file that tests write to."""
    with alone(file) as house:
        yield house


def events(proxy: Proxy, what: str) -> list[dict[str, Any]]:
    """The facts of all events of a kind in the log, in their order."""
    with closing(sqlite3.connect(f"file:{proxy.data / 'audit.db'}?mode=ro", uri=True)) as database:
        rows = database.execute("select body from entries where kind = 'event' order by seq").fetchall()
    told = [json.loads(body) for (body,) in rows]
    return [each.get("facts", {}) for each in told if each["what"] == what]


def ready(proxy: Proxy) -> tuple[int, list[str]]:
    """Status and warnings of the client port."""
    status, body = proxy.get("/guardrail/ready")
    return status, json.loads(body).get("warnings", [])


def weaken(file: Path, version: int, *, unsafe: bool) -> None:
    """The same policy without the baseline under it: nobody's way of writing is changed, no notice is given."""
    policy = yaml.safe_load(file.read_text())
    rails = [{**policy["rails"][-1], "request": "replace", "response": "replace"}]
    weak = {**policy, "version": version, "extends": [], "rails": rails, "unsafe": unsafe}
    coming = file.with_suffix(".coming")
    coming.write_text(yaml.safe_dump(weak))
    coming.replace(file)


BROKEN = {
    "torn": "name: siege\nversion: 2\nextends: [bas",
    "empty": "",
    "unknown": "name: siege\nversion: 2\nextends: [baseline]\nZQ999999999999: 1\n",
    "unset": "name: siege\nversion: 2\nextends: [baseline]\n"
    "upstreams: {one: {base_url: https://x.example, api_key_env: NO_SUCH_KEY}}\ndefault_upstream: one\n",
}


def test_cfg_01_a_broken_file_changes_nothing_and_is_told_everywhere(house: House, file: Path) -> None:
    """Metric, log, audit record with the reason, and a warning where health is asked; who is served is served on."""
    good = file.read_text()
    with house.siege() as s:
        s.canaries.append("ZQ999999999999")
        s.reply(chat_answer("On the second floor."))
        for number, text in enumerate(BROKEN.values(), len(events(s.proxy, "policy_reload_failed")) + 1):
            file.write_text(text)
            s.proxy.process.send_signal(signal.SIGHUP)
            wait_until(lambda: len(events(s.proxy, "policy_reload_failed")) >= number, 30, "it is in the log")  # noqa: B023
            assert events(s.proxy, "policy_reload_failed")[-1]["reason"].startswith("ward.yaml:")
            assert s.proxy.metric("guardrail_policy_stale ") == 1
            assert ready(s.proxy) == (200, ["policy_stale"])
            assert s.post(CHAT, {"model": "m", "messages": [{"role": "user", "content": s.canary}]}).status == 200
            assert 'version="1"' in s.proxy.metrics()
        file.write_text(good)
        s.proxy.process.send_signal(signal.SIGHUP)
        wait_until(lambda: ready(s.proxy) == (200, []), 30, "it is as the file says")
        assert s.proxy.metric("guardrail_policy_stale ") == 0


def test_cfg_01_what_is_no_file_for_a_moment_is_told_and_what_follows_takes_force(house: House, file: Path) -> None:
    """A swap of links that went wrong, and the name of a parent that no file can have: the file is watched on."""
    good, canary = file.read_text(), "Q" * 280
    with house.siege() as s:
        s.canaries.append(canary)
        circle = file.with_suffix(".coming")
        circle.symlink_to(file)
        circle.replace(file)
        wait_until(lambda: ready(s.proxy) == (200, ["policy_stale"]), 30, "the circle is told")
        file.unlink()
        file.write_text(good)
        wait_until(lambda: ready(s.proxy) == (200, []), 30, "it is as the file says")
        file.write_text(good.replace("- baseline", f"- baseline\n- {canary}"))
        wait_until(lambda: ready(s.proxy) == (200, ["policy_stale"]), 30, "the name is told")
        assert events(s.proxy, "policy_reload_failed")[-1]["reason"].startswith("ward.yaml:")
        file.write_text(good)
        wait_until(lambda: ready(s.proxy) == (200, []), 30, "it is as the file says again")


def test_cfg_04_who_has_begun_keeps_the_policy_that_he_began_with(house: House, file: Path) -> None:
    """Made looser in the middle of an answer, and a dozen more times: not for this answer. The record says which."""
    good, gate = file.read_text(), Gate()
    with house.siege(without=["I3"]) as s:  # two at once: nobody knows which body came of which
        s.reply(chat_stream("I think so. ", gate, "I think so, too."))
        specimen: dict[str, Any] = {}

        def ask() -> None:
            body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Is it so?"}]}
            specimen["told"] = s.post(CHAT, body)

        asking = threading.Thread(target=ask)
        asking.start()
        assert gate.reached.wait(20)
        for version in range(2, 14):
            weaken(file, version, unsafe=True)
            s.proxy.process.send_signal(signal.SIGHUP)
        wait_until(lambda: 'version="13"' in s.proxy.metrics(), 60, "the last one is in force")
        s.reply(chat_answer("I think so."))
        assert b"I think so" in s.post(CHAT, QUESTION).body, "it is looser for who asks now"
        gate.open()
        asking.join(30)
        told = specimen["told"]
        assert b"I think so" not in told.body
        assert policy_of_record(s.proxy, told.headers["x-guardrail-receipt"])["version"] == 1
        file.write_text(good)
        s.proxy.process.send_signal(signal.SIGHUP)
        wait_until(lambda: 'version="1"' in s.proxy.metrics(), 60, "all is as before")


def policy_of_record(proxy: Proxy, receipt: str) -> dict[str, Any]:
    """What decided, as the record of one exchange says."""
    with closing(sqlite3.connect(f"file:{proxy.data / 'audit.db'}?mode=ro", uri=True)) as database:
        [(body,)] = database.execute("select body from entries where receipt = ? and kind = 'outcome'", (receipt,))
    found: dict[str, Any] = json.loads(body)["policy"]
    return found


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, Path]:
    """Who answers for the policy: the private key, and the file of the public one."""
    private, public = key_pair()
    file = tmp_path / "policy-key.pem"
    file.write_text(public)
    return private, file


def test_cfg_06_only_what_is_sealed_takes_force(tmp_path: Path, keys: tuple[str, Path]) -> None:
    """Tampered with, sealed by somebody else, expired, older than before: refused, the old stays, and it is told."""
    private, public = keys
    file, data = tmp_path / "ward.yaml", {"GUARDRAIL_DATA_DIR": str(tmp_path / "data")}

    def put(version: int, *, sealed_as: int | None = None, key: str = private, expires: date | None = None) -> None:
        """Policy and seal, of this version; the seal, maybe, of another one's content."""
        written(file, upstream, version=sealed_as or version)
        seal = sign(read_policy(file), key, expires)
        written(file, upstream, version=version)
        seal_of(file).write_text(seal)

    bad: Sequence[Callable[[], None]] = (
        lambda: put(4, sealed_as=3),
        lambda: put(4, key=key_pair()[0]),
        lambda: put(4, expires=date(2026, 1, 31)),
        lambda: put(2),
        lambda: seal_of(file).unlink(),
    )
    with FakeUpstream() as upstream:
        put(3)
        arguments = ("--policy", str(file), "--policy-key", str(public))
        with Proxy(*arguments, environment=data) as proxy, House(proxy, upstream).siege() as s:
            s.reply(chat_answer("On the second floor."))
            for number, change in enumerate(bad, 1):
                change()
                s.proxy.process.send_signal(signal.SIGHUP)
                wait_until(lambda: len(events(s.proxy, "policy_reload_failed")) >= number, 30, "it is told")  # noqa: B023
                assert events(s.proxy, "policy_reload_failed")[-1]["reason"] == "ward.yaml.seal:1"
                assert ready(s.proxy) == (200, ["policy_stale"])
                assert s.post(CHAT, {"model": "m", "messages": [{"role": "user", "content": s.canary}]}).status == 200
                assert 'version="3"' in s.proxy.metrics()
            put(4, expires=date(2999, 1, 1))
            s.proxy.process.send_signal(signal.SIGHUP)
            wait_until(lambda: ready(s.proxy) == (200, []), 30, "it is as the file says")
            assert 'version="4"' in s.proxy.metrics()
        put(3)
        command = [sys.executable, "-m", "guardrail", "serve", "--port", "0", "--admin-port", "0", *arguments]
        again = subprocess.run(
            command, env={**os.environ, **data}, capture_output=True, text=True, timeout=60, check=False
        )
    assert (again.returncode, again.stdout) == (2, ""), "nothing is served by an older policy, after a restart neither"
    assert "ward.yaml.seal:1: (file): is of an older version" in again.stderr


def test_cfg_07_what_is_given_up_is_in_every_record_and_on_the_label(house: House, file: Path) -> None:
    """A policy without redaction is refused; with `unsafe: true` it is taken, and says so wherever somebody looks."""
    good = file.read_text()
    with house.siege() as s:
        s.reply(chat_answer("On the second floor."))
        assert "unsafe" not in policy_of_record(s.proxy, s.post(CHAT, QUESTION).headers["x-guardrail-receipt"])
        weaken(file, 20, unsafe=False)
        failed = len(events(s.proxy, "policy_reload_failed"))
        s.proxy.process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(events(s.proxy, "policy_reload_failed")) > failed, 30, "it is refused")
        weaken(file, 20, unsafe=True)
        s.proxy.process.send_signal(signal.SIGHUP)
        wait_until(lambda: 'version="20"' in s.proxy.metrics(), 30, "it is in force")
        receipt = s.post(CHAT, QUESTION).headers["x-guardrail-receipt"]
        assert policy_of_record(s.proxy, receipt)["unsafe"] is True
        assert events(s.proxy, "policy_loaded")[-1]["unsafe"] is True
        assert b"unsafe: true" in s.proxy.get("/guardrail/disclosure")[1]
        file.write_text(good)
        s.proxy.process.send_signal(signal.SIGHUP)
        wait_until(lambda: 'version="1"' in s.proxy.metrics(), 30, "all is as before")


def test_cfg_08_two_versions_at_once_are_seen() -> None:
    """The page of all workers has a row for each version that is in force somewhere, and one when they agree."""
    merged, workers = Merged(), [Metrics(), Metrics()]

    def rows() -> list[str]:
        for number, each in enumerate(workers):
            merged.take(number, each.snapshot())
        page = merged.render("text/plain")[1].decode()
        return [line for line in page.splitlines() if line.startswith("guardrail_policy_info{")]

    for each in workers:
        each.policy("ward", 1, "a" * 64)
    assert len(rows()) == 1
    workers[0].policy("ward", 2, "b" * 64)
    assert len(rows()) == 2
    workers[1].policy("ward", 2, "b" * 64)
    [row] = rows()
    assert 'version="2"' in row
