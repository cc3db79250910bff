"""A house under siege: a real proxy, a recording upstream behind it, and after each attack the six oracles.

    def test_json_01_duplicate_keys(house: House) -> None:
        with house.siege() as s:
            told = s.post(CHAT, f'{{"model":"m","messages":[{{"content":"{s.canary}","content":"ok"}}]}}'.encode())
            assert (told.status, s.sent) == (400, [])

When the block ends all of `oracles` is asked; `without` names those that the case itself breaks on purpose (say why).
Canaries (`s.canary`, `s.another()`) are always found by the policy's own pattern: they test the plumbing, and none may
leak. `s.realistic(value)` registers a value that a detector has to find by itself: how many got through is a figure
(shown at the end of `pytest tests/siege`), not an error.
"""

from __future__ import annotations

import http.client
import itertools
import json
import socket
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.matrix.catalogue import ALL
from tests.matrix.conftest import Told, headers_of, policy_of, streamed
from tests.siege.oracles import AuditLog, Memory, hidden_in, same_outside, unforeseen
from tests.specimens.base import Specimen
from tests.support.fake_upstream import FakeUpstream, Received, Script, answer, chat_answer, wait_until
from tests.support.pool import lent
from tests.support.proxy import Proxy
from tests.support.toy_process import Talk, exchange, read_answers

CHAT = "/v1/chat/completions"
MOST_MIB = 64
MOST_STALL = 10.0
"""Seconds. Only catches a hang: how long the event loop really stands still is measured in benchmarks/."""
CANARY_PATTERN = r"ZQ\d{12}"
SPECIMENS: Mapping[str, Specimen] = {each.name: each for each in ALL}
STREAMERS = (
    "openai.chat",
    "openai.responses",
    "anthropic.messages",
    "gemini.generate",
    "ollama.chat",
    "bedrock.converse",
)
"""One API of each way to write a stream and to end it."""
_NUMBERS = itertools.count(100_000_000_000)


@dataclass(frozen=True)
class Figures:
    """What one siege measured. `planted` realistic values, of which so many got `through` to the upstream."""

    growth_mib: float
    stall_seconds: float
    planted: int
    through: int


@contextmanager
def housed(*, timeouts: Mapping[str, float] | None = None, **policy: Any) -> Iterator[House]:
    """A house with this policy on top of the baseline: every dialect goes to the one upstream, canaries are found."""
    with FakeUpstream() as upstream:
        whole = policy_of(upstream.url, **policy)
        whole["upstreams"]["fake"]["timeouts"] = dict(timeouts or {})
        rules = {rule["rail"]: rule for rule in whole.get("rails", ())}
        rules["phi"] = _finding(rules.get("phi", {}))
        with lent({**whole, "name": "siege", "rails": list(rules.values())}) as proxy:
            yield House(proxy, upstream)


def _finding(phi: Mapping[str, Any]) -> Mapping[str, Any]:
    """A policy's rule for what identifies people, with the canaries."""
    settings = phi.get("settings", {})
    patterns = [*settings.get("patterns", ()), {"label": "OTHER_ID", "pattern": CANARY_PATTERN}]
    return {**phi, "rail": "phi", "settings": {**settings, "patterns": patterns}}


class House:
    """The proxy and what is behind it. Made for a module; warm after the first siege."""

    def __init__(self, proxy: Proxy, upstream: FakeUpstream) -> None:
        self.proxy, self.upstream = proxy, upstream
        self.figures: list[Figures] = []
        for _ in range(2):  # what is loaded or grown once is no case's fault
            self.greet()
            self.greet(stream=True)

    @contextmanager
    def siege(self, *, without: Collection[str] = (), most_mib: float = MOST_MIB) -> Iterator[Siege]:
        """One case. All oracles are asked when the block ends without an error."""
        siege = Siege(self)
        with _Pulse(self.proxy.port) as pulse:
            yield siege
        siege.judge(frozenset(without), most_mib, pulse)

    def greet(self, *, stream: bool = False) -> Told:
        """A benign request of somebody else, on a new connection."""
        specimen = SPECIMENS["openai.chat"]
        assert specimen.stream_question and specimen.stream
        if stream:
            self.upstream.reply(streamed(specimen, specimen.stream(["On the ", "second floor."])))
            body = specimen.stream_question("Which floor is radiology on?")
        else:
            self.upstream.reply(chat_answer("On the second floor."))
            body = specimen.question("Which floor is radiology on?")
        with Caller(self.proxy.port) as caller:
            told = caller.ask(CHAT, json.dumps(body).encode(), {"Authorization": "Bearer sk-of-somebody-else"})
        assert told.status == 200, told
        return told


class Siege:
    """One case under way. Everything that goes through it is kept for the oracles."""

    def __init__(self, house: House) -> None:
        self.house, self.proxy, self.upstream = house, house.proxy, house.upstream
        self.canaries: list[str] = []
        self.canary = self.another()
        self._realistic: list[str] = []
        self._told: list[tuple[Specimen | None, Told]] = []
        self._pairs: list[tuple[bytes, bytes]] = []
        self._unrecorded: list[str] = []
        self._since = time.time_ns() // 1000
        self._received, self._requests = len(self.upstream.received), len(self.upstream.requests)
        self._log = len(self.proxy.log)
        self._audit = AuditLog(self.proxy.data / "audit.db")
        self._ended = self._audit.outcomes() - self._counted()
        self._memory = Memory(self.proxy.process.pid)
        self.upstream.reply(answer({}))
        self.upstream.first_byte = self._arrived

    # ---- what a test does

    def another(self) -> str:
        """One more canary, of another patient."""
        self.canaries.append(f"ZQ{next(_NUMBERS)}")
        return self.canaries[-1]

    def realistic(self, value: str) -> str:
        """Registers a value that no pattern of ours is sure to find: if it gets through it is counted."""
        self._realistic.append(value)
        return value

    def reply(self, *script: Script) -> None:
        """What the upstream answers from now on: see `FakeUpstream`."""
        self.upstream.reply(*script)

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None, seconds: float = 60.0) -> Told:
        """One well-formed request with this body (bytes as they are, the rest as JSON), on a connection of its own.

        What reaches the upstream because of it has to be the body, placeholders aside (I3).
        """
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        before = len(self.upstream.requests)
        with Caller(self.proxy.port, seconds) as caller:
            told = caller.ask(path, data, {"Authorization": "Bearer sk-of-the-hospital", **(headers or {})})
        self._pairs += [(data, each.body) for each in self.upstream.requests[before:]]
        return self.keep(told, _specimen_at(path))

    def ask(self, specimen: Specimen | str, body: Any, *, stream: bool = False, seconds: float = 60.0) -> Told:
        """As `post`, to a dialect with its client's headers. A string is what the user says."""
        found = SPECIMENS[specimen] if isinstance(specimen, str) else specimen
        path = found.stream_path if stream else found.path
        assert path
        if isinstance(body, str):
            make = found.stream_question if stream and found.stream_question else found.question
            body = make(body)
        told = self.post(path, body, headers_of(found), seconds)
        self._told[-1] = (found, told)
        return told

    def raw(self, data: bytes, answers: int = 1, seconds: float = 30.0, patience: float = 0.3) -> Talk:
        """Exactly these bytes; reads so many answers, and sees whether the connection is closed within `patience`."""
        target = data.split(b" ", 2)[1:2]
        path = target[0].decode("latin-1") if target else ""
        return self._kept(exchange(self.proxy.port, data, answers, seconds, patience), _specimen_at(path))

    def read(self, sock: socket.socket, answers: int = 1, patience: float = 0.3) -> Talk:
        """The answers on a connection that the test wrote to by itself (`connect`), of OpenAI's shape."""
        return self._kept(read_answers(sock, answers, patience), None)

    def connect(self, seconds: float = 30.0) -> socket.socket:
        """A connection to the client port."""
        return socket.create_connection(("127.0.0.1", self.proxy.port), timeout=seconds)

    def keep(self, told: Told, specimen: Specimen | None = None) -> Told:
        """For what a test got by a client of its own: the oracles look at it, too."""
        self._told.append((specimen, told))
        return told

    def refusals(self, code: str) -> int:
        """How many requests are on record since this case began as refused for this."""
        return self._audit.refused(code, self._since)

    def wait_for_refusals(self, code: str, count: int) -> None:
        """For a record that is only there soon after the answer."""
        wait_until(lambda: self.refusals(code) == count, 10, f"{count} refusals on record: {code}")

    def outcomes(self, count: int) -> list[Mapping[str, Any]]:
        """What the record says of the exchanges of this case, in order, as soon as so many have ended."""
        wait_until(lambda: len(self._audit.told(self._since)) >= count, 20, f"{count} outcomes on record")
        return self._audit.told(self._since)

    @property
    def sent(self) -> list[Received]:
        """What has reached the upstream since this case began."""
        return self.upstream.requests[self._requests :]

    @property
    def sent_bytes(self) -> bytes:
        """Every byte that has."""
        return self.upstream.received[self._received :]

    @property
    def log(self) -> bytes:
        """What the proxy has written to stderr since."""
        return self.proxy.log[self._log :]

    # ---- the oracles

    def judge(self, without: frozenset[str], most_mib: float, pulse: _Pulse) -> None:
        """Asks all that are not excepted, and keeps what was measured."""
        if "I6" not in without:
            growth = self._memory.growth()
            assert growth <= most_mib, f"I6: {growth:.0f} MiB more"
            assert pulse.longest <= MOST_STALL, f"I6: silent for {pulse.longest:.1f} s"
            assert unforeseen(self.log) == [], "I6"
        else:
            growth = 0.0
        through = sum(hidden_in(value, self.sent_bytes) for value in self._realistic)
        sent, pairs = self.sent_bytes, list(self._pairs)
        if "I4" not in without:
            self._check_alive()
        if "I2" not in without:
            self._check_records()
        if "I1" not in without:
            self._check_sinks(sent)
        if "I3" not in without:
            for mine, theirs in pairs:
                assert same_outside(mine, theirs), ("I3", mine[:2000], theirs[:2000])
        if "I5" not in without:
            self._check_errors()
        self.house.figures.append(Figures(growth, pulse.longest, len(self._realistic), through))

    def _check_alive(self) -> None:
        assert self.proxy.process.poll() is None, "I4: the process is gone"
        told = self.house.greet()
        leaks = [canary for canary in self.canaries if hidden_in(canary, told.body)]
        assert leaks == [], "I1: told to somebody else"

    def _check_sinks(self, sent: bytes) -> None:
        metrics, words = self.proxy.metrics().encode(), self._audit.words(self._since)
        sinks = {"upstream": sent, "log": self.log, "metrics": metrics, "audit": words}
        leaks = [(canary, name) for canary in self.canaries for name, sink in sinks.items() if hidden_in(canary, sink)]
        assert leaks == [], "I1"
        written = self.proxy.written
        assert [canary for canary in self.canaries if canary.encode() in written] == [], "I1: in a file"

    def _check_records(self) -> None:
        assert self._unrecorded == [], "I2: the provider heard of it before the log"
        with_receipts = [told.headers["x-guardrail-receipt"] for _, told in self._told if told.headers.get(_RECEIPT)]
        wrong = [receipt for receipt in with_receipts if self._audit.of(receipt, "outcome") != 1]
        assert wrong == [], "I2: not exactly one record"

        def settled() -> bool:
            same = self._audit.outcomes() - self._counted() == self._ended
            return same and self._audit.open_intents(self._since) == 0

        wait_until(settled, 20, "I2: as many outcomes as requests, and no intent without one")

    def _counted(self) -> int:
        return int(self.proxy.metric("guardrail_exchanges_total{"))

    def _check_errors(self) -> None:
        for specimen, told in self._told:
            if told.status < 400:
                continue
            quoted = [each for each in self.canaries if hidden_in(each, told.body + str(told.headers).encode())]
            assert quoted == [], "I5: the error quotes the request"
            if told.body:  # none for HEAD
                assert (specimen or SPECIMENS["openai.chat"]).is_error(told.json()), ("I5", specimen, told)

    # ---- within

    def _arrived(self) -> None:
        # In the upstream's thread.
        if self._audit.open_intents(self._since) < 1:
            self._unrecorded.append(f"request {len(self.upstream.requests) + 1}")

    def _kept(self, talk: Talk, specimen: Specimen | None) -> Talk:
        for reply in talk.replies:
            self.keep(Told(reply.status, reply.headers, reply.body, whole=True), specimen)
        return talk


_RECEIPT = "x-guardrail-receipt"


def _specimen_at(path: str) -> Specimen | None:
    plain = path.partition("?")[0]
    return next((each for each in ALL if plain in (each.path.partition("?")[0], each.stream_path)), None)


@dataclass
class Caller:
    """One connection of a plain HTTP client."""

    port: int
    seconds: float = 60.0
    connection: Any = field(init=False)

    def __enter__(self) -> Caller:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def ask(self, path: str, data: bytes, headers: Mapping[str, str]) -> Told:
        given = {name.lower(): value for name, value in headers.items()}
        if {"x-api-key", "api-key", "x-goog-api-key"} & given.keys():
            given.pop("authorization", None)
        with suppress(ConnectionError):  # the proxy may refuse before it has read all
            self.connection.request("POST", path, data, {"content-type": "application/json", **given})
        return Told.of(self.connection.getresponse())


class _Pulse:
    """Asks the proxy twenty times a second whether it is alive, and keeps the longest wait for an answer."""

    _ASK = b"GET /guardrail/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

    def __init__(self, port: int) -> None:
        self._port, self._stop = port, threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self.longest = 0.0

    def __enter__(self) -> _Pulse:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)

    def _beat(self) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=30) as sock:
            while not self._stop.wait(0.05):
                began = time.monotonic()
                sock.sendall(self._ASK)
                heard = sock.recv(4096)
                self.longest = max(self.longest, time.monotonic() - began)
                if not heard:
                    return
