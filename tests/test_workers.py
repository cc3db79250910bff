"""Several workers on one port: what one client sees when another's worker dies, and what the metrics page says.

The supervisor and the workers' side of it are the real ones, with processes; what a worker does is the toy of
`toy_server`, which starts at once. The last tests run `guardrail serve --workers 2` itself.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

import pytest

from guardrail import server, workers
from guardrail.errors import PolicyError
from guardrail.serving import read_for_several
from tests.policy.files import MINIMAL, write
from tests.support.fake_upstream import Answer, FakeUpstream, Gate, Received, chat_answer, chat_stream, wait_until
from tests.support.proxy import Proxy, children, is_nursery
from tests.support.toy_fleet import admin
from tests.support.toy_process import Reply, exchange, read_answers, request
from tests.support.toy_server import CANARY

SLOTS = {0, 1}
TOY = "tests.support.toy_fleet:work"


class ToyFleet:
    """A running toy fleet."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "tests.support.toy_fleet", *arguments]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._errors, text=True)
        assert self.process.stdout is not None
        ports = self.process.stdout.readline().split()
        if not ports:
            self.__exit__()
            raise AssertionError("the toy fleet did not start")
        self.port, self.admin_port = map(int, ports)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pid in workers_of(self.process.pid) if self.process.poll() is None else ():
            os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.communicate()
        self._errors.close()

    @property
    def events(self) -> list[str]:
        """What was logged so far."""
        logged = os.pread(self._errors.fileno(), 1 << 20, 0).decode()
        assert CANARY not in logged
        return [json.loads(line)["event"] for line in logged.splitlines()]

    def connect(self, slot: int, workers: int = 2) -> tuple[socket.socket, int]:
        """A connection to the worker of that slot, and its process id. The kernel picks, so it may take some."""
        for _ in range(2_000):
            sock = socket.create_connection(("127.0.0.1", self.port), timeout=20)
            said = json.loads(told(sock, request(b"", target="/guardrail/disclosure", method="GET")).body)
            assert said["workers"] == workers
            if said["slot"] == slot:
                return sock, said["pid"]
            sock.close()
            time.sleep(0.001)
        raise AssertionError(f"no connection reached slot {slot}")

    def pid(self, slot: int) -> int:
        """The process at that slot now."""
        sock, pid = self.connect(slot)
        sock.close()
        return pid

    def pid_of_one(self) -> int:
        """The only worker."""
        sock, pid = self.connect(0, workers=1)
        sock.close()
        return pid

    def echo(self) -> int:
        """One exchange over a connection of its own; its status."""
        return exchange(self.port, request(b'{"do":"echo"}'), patience=0.001).only.status

    def page(self, path: str = "/metrics", accept: str = "") -> tuple[int, str]:
        """A page of the admin port."""
        return fetch(self.admin_port, path, accept)

    def value(self, sample: str) -> float:
        """A sample of the metrics page, 0 if it is not there; the sum of all that begin so."""
        lines = [line for line in self.page()[1].splitlines() if line.startswith(sample)]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


def fetch(port: int, path: str, accept: str = "") -> tuple[int, str]:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept": accept})
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def workers_of(pid: int) -> list[int]:
    """The workers of a supervisor: they were forked from its child that has some."""
    return [worker for template in children(pid) if not is_nursery(template) for worker in children(template)]


def template_of(pid: int) -> int:
    """What the workers of a supervisor are forked from."""
    (template,) = (child for child in children(pid) if not is_nursery(child))
    return template


def gone(pid: int) -> bool:
    """True once the process is no more, or only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def told(sock: socket.socket, raw: bytes) -> Reply:
    """One answer on a connection that stays open."""
    sock.sendall(raw)
    reply = read_answers(sock, 1, 0.001).only
    sock.settimeout(20)
    return reply


def stream(sock: socket.socket) -> None:
    """Asks for an answer that goes on until the drain, and waits until it has begun."""
    sock.sendall(request(b'{"do":"stream"}'))
    received = b""
    while b"data: 1" not in received:
        received += sock.recv(1000)


def rest(sock: socket.socket) -> bytes:
    received = b""
    with suppress(ConnectionError):
        while data := sock.recv(65536):
            received += data
    return received


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a worker of `fleet` finds wrong at its start stands in this file, if it is there."""
    return tmp_path_factory.mktemp("fleet") / "broken"


@pytest.fixture(scope="module")
def fleet(broken: Path) -> Iterator[ToyFleet]:
    """Two workers that those tests share which leave them as they were."""
    with ToyFleet("--silent", "3", "--broken", str(broken)) as running:
        yield running


def served(fleet: ToyFleet) -> float:
    return fleet.value("guardrail_exchanges_total{")


def test_both_workers_answer_on_one_port_and_the_page_is_their_sum(fleet: ToyFleet) -> None:
    """What has been answered is on the next page, whoever answered it; every worker is one of `guardrail_workers`."""
    before = served(fleet)
    with ExitStack() as open_:
        for slot in SLOTS:
            sock, _ = fleet.connect(slot)
            open_.enter_context(sock)
            for _ in range(5):
                assert told(sock, request(b'{"do":"echo"}')).status == 200
            stream(sock)
        assert served(fleet) - before == 10
        assert fleet.value("guardrail_exchanges_in_flight ") == 2
    assert fleet.value("guardrail_workers ") == 2
    wait_until(lambda: fleet.value("guardrail_exchanges_in_flight ") == 0, 5, "nothing is in flight")


def test_an_exchange_leads_to_its_receipt_on_the_page_of_all(fleet: ToyFleet) -> None:
    """OpenMetrics has exemplars with several workers too; the older format has none."""
    answer = exchange(fleet.port, request(b'{"do":"echo"}'), patience=0.001).only
    receipt = answer.headers["x-guardrail-receipt"]
    page = fleet.page(accept="application/openmetrics-text")[1]
    assert re.search(rf'guardrail_exchanges_total{{.*}} \d+\.0 # {{receipt="{receipt}"}} 1\.0 ', page)
    assert receipt not in fleet.page()[1]


def test_ready_and_expired_are_those_of_all(fleet: ToyFleet) -> None:
    """What each says counts once."""
    assert fleet.page("/guardrail/live")[0] == 200
    status, said = fleet.page("/guardrail/ready")
    assert (status, said.count("service US")) == (200, 1)


def test_hangup_reaches_every_worker(fleet: ToyFleet) -> None:
    """All reload, none ends."""
    before = fleet.value('guardrail_policy_reloads_total{result="ok"}')
    fleet.process.send_signal(signal.SIGHUP)
    wait_until(lambda: fleet.value('guardrail_policy_reloads_total{result="ok"}') == before + 2, 5, "both reloaded")


@pytest.mark.case("OPS-02")
def test_ops_02_a_killed_worker_takes_only_its_own_connections_with_it(fleet: ToyFleet, broken: Path) -> None:
    """The other serves all that comes, its stream goes on, no counter goes back. A replacement that can't begin is
    tried again, until it can."""
    doomed, victim = fleet.connect(0)
    other, survivor = fleet.connect(1)
    with doomed, other:
        stream(doomed)
        stream(other)
        for _ in range(20):
            assert fleet.echo() == 200
        before = served(fleet)
        broken.write_text("bug")

        os.kill(victim, signal.SIGKILL)

        assert not rest(doomed).endswith(b"0\r\n\r\n")
        for _ in range(50):
            assert fleet.echo() == 200
        wait_until(lambda: fleet.value("guardrail_workers ") == 1, 20, "one worker is left")
        assert fleet.page("/guardrail/ready")[0] == 503
        wait_until(lambda: fleet.events.count("worker_not_started") >= 1, 60, "another could not begin")
        broken.unlink()
        wait_until(lambda: fleet.value("guardrail_workers ") == 2, 60, "the slot is filled again")
        assert fleet.pid(0) != victim
        assert fleet.pid(1) == survivor
        assert served(fleet) == before + 50
        assert fleet.value("guardrail_exchanges_in_flight ") == 1
        other.settimeout(0.05)
        with pytest.raises(TimeoutError):
            other.recv(1)
    wait_until(lambda: fleet.value("guardrail_exchanges_in_flight ") == 0, 20, "nothing is in flight")
    wait_until(lambda: fleet.page("/guardrail/ready")[0] == 200, 20, "all are ready")
    assert {"worker_lost", "worker_failed", "worker_not_started"} <= set(fleet.events)


def test_a_worker_that_hangs_is_not_ready_and_is_replaced(fleet: ToyFleet) -> None:
    """It would keep its connections for ever; the others are served meanwhile."""
    stuck = fleet.pid(0)
    os.kill(stuck, signal.SIGSTOP)
    wait_until(lambda: gone(stuck), 60, "it is killed")
    wait_until(lambda: fleet.page("/guardrail/ready")[0] == 200, 60, "all are ready")
    assert fleet.pid(0) != stuck
    assert "worker_hangs" in fleet.events


@pytest.mark.case("OPS-03")
def test_a_worker_that_leaves_streams_on_until_it_is_told_again(fleet: ToyFleet) -> None:
    """SIGTERM to it alone takes nothing from who is served. The second one begins its drain; it is no loss."""
    sock, pid = fleet.connect(0)
    with sock:
        stream(sock)
        lost = fleet.events.count("worker_lost")
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: "worker_leaves" in fleet.events, 20, "it leaves")
        for _ in range(20):
            assert fleet.echo() == 200
        assert fleet.page("/guardrail/ready")[0] == 200
        assert "shutting_down" not in fleet.events
        sock.settimeout(0.05)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        sock.settimeout(20)
        os.kill(pid, signal.SIGTERM)
        assert rest(sock).endswith(b"0\r\n\r\n")
    wait_until(lambda: gone(pid), 20, "it has ended")
    wait_until(lambda: fleet.page("/guardrail/ready")[0] == 200, 60, "another is there")
    assert fleet.pid(0) != pid
    assert (fleet.events.count("worker_left"), fleet.events.count("worker_lost")) == (1, lost)


def test_what_workers_are_forked_from_may_be_lost() -> None:
    """They serve on; the next one that is needed comes from another."""
    with ToyFleet("--workers", "1") as fleet:
        first, template = fleet.pid_of_one(), template_of(fleet.process.pid)
        os.kill(template, signal.SIGKILL)
        assert fleet.echo() == 200
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: fleet.value("guardrail_workers ") == 1 and fleet.pid_of_one() != first, 60, "it is replaced")
        assert fleet.events.count("template_lost") == 1
        fleet.process.terminate()
        assert fleet.process.wait(30) == 0


def test_workers_do_not_outlive_who_looks_after_them() -> None:
    """They drain and end: streams with their error event, as after SIGTERM."""
    with ToyFleet("--workers", "1", "--drain", "0.3") as fleet:
        sock, pid = fleet.connect(0, workers=1)
        with sock:
            stream(sock)
            fleet.process.kill()
            assert rest(sock).endswith(b"0\r\n\r\n")
        wait_until(lambda: gone(pid), 20, "the worker has ended")
        assert fleet.events == ["supervisor_lost", "shutting_down"]


@pytest.mark.case("OPS-10")
@pytest.mark.parametrize(
    ("what", "error", "said"),
    [
        ("policy", PolicyError, "ward.yaml:4: railz: unknown key"),
        ("error", workers.NotStarted, "the audit log is in use by another process"),
        ("bug", workers.NotStarted, r"a worker ended before it could serve \(status 1\)"),
        ("hang", workers.NotStarted, r"a worker ended before it could serve \(status -9\)"),
    ],
)
def test_a_worker_that_cannot_begin_fails_the_command_with_one_line(
    tmp_path: Path, what: str, error: type[Exception], said: str
) -> None:
    """OPS-10: no half-start, no process left."""
    file = tmp_path / "broken"
    file.write_text(what)
    before = children(os.getpid())
    plan = workers.Plan(TOY, 1, {"broken": str(file), "drain": 1.0}, start_seconds=1 if what == "hang" else 60)
    with pytest.raises(error, match=said):
        server.run_forever(lambda: workers.run(plan, server.Listen(port=0, admin_port=0), admin, _never_ready))
    assert children(os.getpid()) == before


@pytest.mark.case("OPS-10")
def test_a_port_in_use_is_told_before_anything_is_started() -> None:
    """OPS-10."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = server.Listen(port=taken.getsockname()[1], admin_port=0)
        plan = workers.Plan("nothing:nobody", 1, {})
        with pytest.raises(server.PortInUse, match=r"can't listen on 127\.0\.0\.1 port"):
            server.run_forever(lambda: workers.run(plan, listen, admin, _never_ready))


def _never_ready(port: int, admin_port: int) -> None:
    raise AssertionError("nothing was served")


def test_several_workers_need_a_shared_place_for_what_the_provider_keeps(tmp_path: Path) -> None:
    """A conversation that one worker began would be unknown to the others: refused before anything is started."""
    policy = write(tmp_path, MINIMAL + "state: {keep_at_provider: true}\n")
    with pytest.raises(PolicyError, match="several workers can't share the memory of one; use redis, or one worker"):
        read_for_several(policy, None)


@pytest.mark.case("OPS-01", "OPS-02", "CFG-08")
def test_guardrail_serve_with_two_workers(tmp_path: Path) -> None:
    """The product itself: one page for both, one worker killed and replaced, a bad reload held off; SIGTERM ends every
    stream with its error event, and the command with 0 (OPS-01, OPS-02)."""
    policy, gate = tmp_path / "policy.yaml", Gate()
    policy.write_text("name: ward\nversion: 1\nextends: [baseline]\nlimits: {drain_seconds: 30}\n")

    def say(received: Received) -> Answer:
        streamed = received.json().get("stream")
        return chat_stream("One sentence. ", gate, "never sent") if streamed else chat_answer("I think so.")

    with (
        FakeUpstream(say) as upstream,
        Proxy("--workers", "2", "--policy", str(policy), upstream=upstream.url) as proxy,
        ExitStack() as open_,
    ):
        assert proxy.metric("guardrail_workers ") == 2
        for _ in range(6):
            assert ask(proxy) == 200
        assert proxy.metric("guardrail_exchanges_total{") == 6
        assert proxy.metric("guardrail_phi_redactions_total{") == 6

        os.kill(workers_of(proxy.process.pid)[0], signal.SIGKILL)
        for _ in range(6):
            assert ask(proxy) == 200
        wait_until(lambda: calmly(proxy, "guardrail_workers ") == 2, 60, "the worker is replaced")
        assert 6 <= proxy.metric("guardrail_exchanges_total{") <= 12
        assert proxy.get("/guardrail/ready")[0] == 200

        policy.write_text(policy.read_text().replace("limits", "limitz"))
        proxy.process.send_signal(signal.SIGHUP)
        wait_until(lambda: calmly(proxy, "guardrail_policy_stale ") == 1, 20, "the page says that it is stale")

        streams = [open_.enter_context(begin(proxy)) for _ in range(6)]
        pids = workers_of(proxy.process.pid)
        assert len(pids) == 2
        proxy.process.send_signal(signal.SIGTERM)
        wait_until(lambda: is_shut(proxy.port), 20, "the port is closed")
        assert fetch(proxy.admin_port, "/guardrail/ready")[0] == 503
        assert proxy.metric("guardrail_exchanges_in_flight ") == 6
        proxy.process.send_signal(signal.SIGTERM)  # speeds up
        for each in streams:
            ended = rest(each)
            assert b"shutting_down" in ended
            assert ended.endswith(b"0\r\n\r\n")
        while proxy.process.poll() is None:  # whoever has no patience cuts nothing off
            proxy.process.send_signal(signal.SIGTERM)
            time.sleep(0.001)
        assert proxy.process.returncode == 0
        assert all(gone(pid) for pid in pids)
        assert proxy.log.count(b'"worker_lost"') == 1
        gate.open()
        assert CANARY.encode() not in proxy.log + proxy.written


def body(*, stream: bool) -> bytes:
    said = {"model": "m", "stream": stream, "messages": [{"role": "user", "content": f"My MRN is {CANARY}."}]}
    return request(json.dumps(said).encode())


def calmly(proxy: Proxy, sample: str) -> float:
    """A metric, asked for no more often than the console allows (admin.rate_limit)."""
    time.sleep(0.15)
    return proxy.metric(sample)


def ask(proxy: Proxy) -> int:
    """One exchange with PHI over a connection of its own."""
    return exchange(proxy.port, body(stream=False), patience=0.001).only.status


def begin(proxy: Proxy) -> socket.socket:
    """A client whose streamed answer has begun."""
    client = socket.create_connection(("127.0.0.1", proxy.port), timeout=20)
    client.sendall(body(stream=True))
    received = b""
    while b"generated by a machine" not in received:
        received += client.recv(65536)
    return client


def is_shut(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False
