"""A running service in any order of events: questions, streams, clients that leave, reloads good and bad, suspension.

After every step: no canary upstream, the process is well, each exchange that ended has exactly one outcome, and it
says what the client saw. `STATES=200` for a long search.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import yaml
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from guardrail.record.entry import End, Outcome
from tests.campaign.client import Heard, Line
from tests.campaign.oracle import canaries
from tests.campaign.words import canary
from tests.journeys.test_audit import entries
from tests.journeys.test_suspension import command
from tests.support import memory
from tests.support.fake_upstream import CLOSE, FakeUpstream, Gate, chat_answer, chat_stream, wait_until
from tests.support.proxy import Proxy

SEARCHES = int(os.environ.get("STATES", "4"))
ANSWER = "Radiology is on floor 3."


class House:
    """One proxy with a policy file of its own, for all searches: what one leaves behind is where the next begins."""

    def __init__(self) -> None:
        self._folder = memory.folder()
        self.file = Path(self._folder.name) / "states.yaml"
        self.upstream = FakeUpstream(chat_answer(ANSWER))
        self.upstream.__enter__()
        self.version = 0
        self.write({})
        self.proxy = Proxy("--policy", str(self.file))
        self.proxy.__enter__()
        self.asked = 0

    def write(self, more: Mapping[str, Any]) -> None:
        """The next version of the policy."""
        self.version += 1
        whole = {
            "name": "states",
            "version": self.version,
            "extends": ["baseline"],
            "upstreams": {"fake": {"base_url": self.upstream.url, "breaker": {"failures": 1_000}}},
            "default_upstream": "fake",
            **more,
        }
        coming = self.file.with_name("coming.yaml")
        coming.write_text(yaml.safe_dump(whole), encoding="utf-8")
        coming.replace(self.file)

    def close(self) -> None:
        self.proxy.__exit__(None, None, None)
        self.upstream.__exit__(None, None, None)
        self._folder.cleanup()


class Service(RuleBasedStateMachine):
    """What a hospital's day is made of."""

    house: ClassVar[House]

    def __init__(self) -> None:
        super().__init__()
        self.suspended = ""
        self.stale = False

    @initialize()
    def begin(self) -> None:
        self.house.upstream.reply(chat_answer(ANSWER))

    # ---- what happens

    @rule(stream=st.booleans())
    def ask(self, stream: bool) -> None:
        self.house.upstream.reply(chat_stream(ANSWER[:9], ANSWER[9:]) if stream else chat_answer(ANSWER))
        heard = self._ask(stream)
        assert heard.status == 200
        assert (ANSWER.encode() in b"".join(_texts(heard, stream))) is not bool(self.suspended)
        self._ended(heard, End.SUSPENDED if self.suspended else End.ANSWERED)

    @precondition(lambda self: not self.suspended)
    @rule()
    def ask_and_hear_it_break(self) -> None:
        self.house.upstream.reply(chat_stream(ANSWER, end=CLOSE))
        heard = self._ask(True)
        assert heard.status == 200
        assert b'"error"' in heard.body
        self._ended(heard, End.TRUNCATED)

    @precondition(lambda self: not self.suspended)
    @rule()
    def ask_and_leave(self) -> None:
        gate = Gate()
        self.house.upstream.reply(chat_stream(ANSWER, gate, "never said"))
        receipt = asyncio.run(self._leave(gate))
        wait_until(lambda: self._outcomes(receipt) == [End.CLIENT_GONE], 20, "its one outcome is there")
        gate.open()

    @rule(deny=st.booleans())
    def reload(self, deny: bool) -> None:
        terms = {"rails": [{"rail": "phi", "settings": {"deny_terms": {"NAME": ["Okonjo"]}}}]} if deny else {}
        self._reloaded(terms, f'"states:{self.house.version + 1}"'.encode())
        self.stale = False

    @rule()
    def reload_nonsense(self) -> None:
        self._reloaded({"rails": [{"rail": "phy"}]}, b'"policy_reload_failed"')
        self.stale = True

    @precondition(lambda self: not self.suspended)
    @rule()
    def suspend(self) -> None:
        made = json.loads(self._command("suspend", "--scope", "all", "--reason", "a drill", "--json"))
        wait_until(lambda: self._suspensions() == 1, 20, "it is heard of")
        self.suspended = made["id"]

    @precondition(lambda self: self.suspended)
    @rule()
    def resume(self) -> None:
        self._command("resume", self.suspended)
        wait_until(lambda: self._suspensions() == 0, 20, "it is heard of")
        self.suspended = ""

    # ---- what holds

    @invariant()
    def nothing_leaked(self) -> None:
        assert not canaries(self.house.upstream.received)

    @invariant()
    def the_process_is_well(self) -> None:
        assert self.house.proxy.get("/guardrail/ready")[0] == 200
        assert self.house.proxy.metric("guardrail_policy_stale") == self.stale

    def teardown(self) -> None:
        """As at the beginning, and nothing of nobody in the log."""
        if self.suspended:
            self.resume()
        if self.stale:
            self.reload(False)
        wait_until(lambda: self.house.proxy.metric("guardrail_exchanges_in_flight") == 0, 20, "nothing is in flight")
        assert not canaries(self.house.proxy.log)

    # ---- how

    def _raw(self, stream: bool) -> bytes:
        self.house.asked += 1
        said = f"My record number is {canary(self.house.asked)}. Which floor is radiology on?"
        body = json.dumps({"model": "m", "stream": stream, "messages": [{"role": "user", "content": said}]}).encode()
        head = "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body

    def _ask(self, stream: bool) -> Heard:
        async def told() -> Heard:
            line = Line(self.house.proxy.port)
            heard = await line.ask(self._raw(stream))
            line.hang_up()
            return heard

        return asyncio.run(told())

    async def _leave(self, gate: Gate) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.house.proxy.port)
        writer.write(self._raw(True))
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        await asyncio.to_thread(gate.reached.wait, 20)
        writer.close()
        return head.partition("x-guardrail-receipt: ")[2].split("\r\n")[0]

    def _outcomes(self, receipt: str) -> list[End]:
        return [entry.end for entry in entries(self.house.proxy, receipt) if isinstance(entry, Outcome)]

    def _ended(self, heard: Heard, end: End) -> None:
        assert heard.whole
        assert self._outcomes(heard.headers["x-guardrail-receipt"]) == [end]

    def _reloaded(self, more: Mapping[str, Any], mark: bytes) -> None:
        before = len(self.house.proxy.log)
        self.house.write(more)
        self.house.proxy.process.send_signal(signal.SIGHUP)
        wait_until(lambda: mark in self.house.proxy.log[before:], 30, f"{mark!r} is in the log")

    def _suspensions(self) -> float:
        return self.house.proxy.metric("guardrail_suspended{")

    def _command(self, *words: str) -> str:
        before = os.environ["GUARDRAIL_DATA_DIR"]
        os.environ["GUARDRAIL_DATA_DIR"] = str(self.house.proxy.data)
        try:
            return command(*words)
        finally:
            os.environ["GUARDRAIL_DATA_DIR"] = before


def _texts(heard: Heard, stream: bool) -> list[bytes]:
    if not stream:
        return [json.loads(heard.body)["choices"][0]["message"]["content"].encode()]
    events = [line[6:] for line in heard.body.split(b"\n") if line.startswith(b"data: {")]
    choices = [choice for event in events for choice in json.loads(event).get("choices", ())]
    return [(choice["delta"].get("content") or "").encode() for choice in choices]


class TestService(Service.TestCase):  # type: ignore[misc, valid-type]
    """Run by pytest."""

    settings = settings(max_examples=SEARCHES, stateful_step_count=10, deadline=None, database=None)

    @classmethod
    def setUpClass(cls) -> None:
        Service.house = House()

    @classmethod
    def tearDownClass(cls) -> None:
        Service.house.close()
