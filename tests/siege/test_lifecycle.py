"""OPS-*: overload, limits of the system, and the end. Times and sizes are measured in benchmarks/, not here."""

from __future__ import annotations

import asyncio
import http.client
import itertools
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from guardrail.record.database import Place
from guardrail.record.ledger import Ledger
from tests.matrix.conftest import head_of_stream, headers_of
from tests.siege.house import CHAT, SPECIMENS, STREAMERS, House, Siege, housed
from tests.siege.oracles import AuditLog
from tests.siege.own import alone
from tests.support.fake_upstream import (
    RESET,
    Answer,
    Gate,
    Pause,
    Received,
    chat_answer,
    chat_stream,
    chunk,
    raw,
    wait_until,
)
from tests.support.proxy import Proxy
from tests.support.stores import QUICK, intent, opened, rows_of, verified
from tests.support.toy_process import read_answers, request
from tests.test_workers import ToyFleet, gone, is_shut

pytestmark = pytest.mark.timeout(300)  # processes of the product are started, on whatever machine

HELLO = {"model": "m", "messages": [{"role": "user", "content": "Which floor is radiology on?"}]}


def open_files(s: Siege) -> int:
    """Of the proxy's process."""
    return sum(1 for _ in Path(f"/proc/{s.proxy.process.pid}/fd").iterdir())


OPEN = 200
AT_ONCE = {"drain_seconds": 600.0, "queue_deadline_seconds": 60.0}
"""The last one waits for the checks of all others."""


def begun(house: House, number: int) -> socket.socket:
    """A client that has asked for a stream, in one dialect after the other, and reads later."""
    specimen = SPECIMENS[STREAMERS[number % len(STREAMERS)]]
    assert specimen.stream_path and specimen.stream_question
    body = json.dumps(specimen.stream_question(f"I am {_canary(number)}.")).encode()
    lines = (f"{name}: {value}" for name, value in headers_of(specimen).items() if name.lower() != "content-type")
    sock = socket.create_connection(("127.0.0.1", house.proxy.port), timeout=60)
    sock.sendall(request(body, target=specimen.stream_path, headers=tuple(lines)))
    return sock


def _canary(number: int) -> str:
    return f"ZQ{number:012}"


def in_two(late: Gate, later: Gate) -> Callable[[Received], Answer]:
    """Streams that begin, and end when the one gate is open or, every second one, the other."""
    turns = itertools.cycle((late, later))

    def say(request: Received) -> Answer:
        path = request.target.partition("?")[0]
        specimen = next(SPECIMENS[name] for name in STREAMERS if path in (SPECIMENS[name].stream_path or ""))
        assert specimen.stream
        data = specimen.stream(["One sentence is here. ", "[OTHER_ID_1] is on the second floor. "])
        middle = len(data) // 3
        return raw(head_of_stream(specimen), chunk(data[:middle]), next(turns), chunk(data[middle:]), b"0\r\n\r\n")

    return say


def not_ready(proxy: Proxy) -> bool:
    """As the console's port tells it: that of the clients is closed by then."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{proxy.admin_port}/guardrail/ready", timeout=10).close()
    except urllib.error.HTTPError as error:
        with error:
            return error.code == 503
    return False


def test_ops_01_the_end_with_two_hundred_open_streams(tmp_path: Path) -> None:
    """In six dialects. SIGTERM: not ready, nobody new, whoever is done in time is answered in full. A second one: what
    is left ends at once, each in its caller's own error event, and is on record as cut off. The drain would last ten
    minutes; the process ends with 0."""
    soon, never = Gate(), Gate()
    with ExitStack() as open_:
        house = open_.enter_context(alone(tmp_path / "policy.yaml", limits=AT_ONCE))
        proxy, log, since = house.proxy, AuditLog(house.proxy.data / "audit.db"), time.time_ns() // 1000
        house.upstream.reply(in_two(soon, never))
        seen = len(house.upstream.requests)
        streams = [open_.enter_context(begun(house, number)) for number in range(OPEN)]
        house.upstream.wait_for_requests(seen + OPEN, 60)

        proxy.process.send_signal(signal.SIGTERM)
        wait_until(lambda: is_shut(proxy.port), 20, "the port is closed")
        assert not_ready(proxy)
        assert proxy.metric("guardrail_exchanges_in_flight ") == OPEN
        soon.open()
        wait_until(lambda: len(log.told(since)) == OPEN / 2, 60, "half of them are answered")
        assert proxy.process.poll() is None

        proxy.process.send_signal(signal.SIGTERM)
        bodies = [read_answers(each, 1, 0.001).only.body for each in streams]
        assert proxy.process.wait(60) == 0
        cut = [fails(STREAMERS[number % len(STREAMERS)], body) for number, body in enumerate(bodies)]
        whole = [_canary(number).encode() in body for number, body in enumerate(bodies)]
        assert sum(cut) == sum(whole) == OPEN / 2
        assert all(one != other for one, other in zip(cut, whole, strict=True))
        assert Counter((each["end"], each.get("failure")) for each in log.told(since)) == {
            ("answered", None): OPEN / 2,
            ("truncated", "shutting_down"): OPEN / 2,
        }
        assert log.open_intents(since) == 0
        sinks = house.upstream.received + proxy.log + proxy.written
        assert [number for number in range(OPEN) if _canary(number).encode() in sinks] == []


def fails(name: str, body: bytes) -> bool:
    """True if a stream ends in the error of its own dialect."""
    found = SPECIMENS[name].stream_fails
    assert found
    return found(body)


@pytest.fixture(scope="module")
def fleet() -> Iterator[ToyFleet]:
    """Two workers."""
    with ToyFleet() as running:
        yield running


def test_ops_03_new_policies_fail_nobody(fleet: ToyFleet) -> None:
    """SIGHUP to all workers, over and over: no connection is refused and no request fails. Whole processes are replaced
    behind a front that asks for /guardrail/ready (docs/deployment.md; tests/deploy has the order of it)."""
    answered: list[int] = []
    pids = {fleet.pid(slot) for slot in (0, 1)}
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            answered.append(fleet.echo())

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for number in range(40):
            fleet.process.send_signal(signal.SIGHUP)
            wait_until(lambda: len(answered) > number, 30, "somebody is answered")  # noqa: B023
    finally:
        stop.set()
        asking.join(30)
    assert Counter(answered).keys() == {200}
    assert {fleet.pid(slot) for slot in (0, 1)} == pids


def test_ops_03_one_worker_that_is_told_to_end_fails_nobody(fleet: ToyFleet) -> None:
    """SIGTERM to single workers, one after the other, while clients ask without pause and never twice: on connections
    of their own, on one that they keep as long as they may, and on such as the worker had already when it was told."""
    told: list[object] = []
    stop = threading.Event()
    clients = [threading.Thread(target=ask, args=(fleet, stop, told)) for ask in (_anew, _keeping, _keeping)]
    for client in clients:
        client.start()
    try:
        for slot in (0, 1, 0):
            silent, _ = fleet.connect(slot)
            kept, pid = fleet.connect(slot)
            with ExitStack() as open_:
                fresh = [socket.create_connection(("127.0.0.1", fleet.port), timeout=20) for _ in range(8)]
                for sock in (silent, kept, *fresh):
                    open_.enter_context(sock)
                before = len(told)
                os.kill(pid, signal.SIGTERM)
                wait_until(lambda: len(told) > before + 20, 30, "others are served")  # noqa: B023
                for sock in asked((kept, silent)):
                    talk = read_answers(sock, 1, 2.0)
                    assert (talk.only.status, talk.only.headers["connection"]) == (200, "close")
                    assert talk.closed, "it is told to whom it is closed"
                answers = [read_answers(each, 1, 0.001).only.status for each in asked(fresh)]
                assert answers == [200] * 8
            wait_until(lambda: gone(pid), 30, "it has ended")  # noqa: B023
            wait_until(lambda: fleet.value("guardrail_workers ") == 2, 30, "another is there")
    finally:
        stop.set()
        for client in clients:
            client.join(30)
    assert Counter(told).keys() == {200}
    assert fleet.pid(0) != fleet.pid(1)


def asked(socks: Sequence[socket.socket]) -> Sequence[socket.socket]:
    """The same, with a question under way on each."""
    for sock in socks:
        sock.sendall(request(b'{"do":"echo"}'))
    return socks


def _anew(fleet: ToyFleet, stop: threading.Event, told: list[object]) -> None:
    """Each request on a connection of its own."""
    while not stop.is_set():
        with closing(http.client.HTTPConnection("127.0.0.1", fleet.port, timeout=20)) as connection:
            told.append(_status(connection))


def _keeping(fleet: ToyFleet, stop: threading.Event, told: list[object]) -> None:
    """The same connection until an answer says that it is closed; http.client opens another then."""
    with closing(http.client.HTTPConnection("127.0.0.1", fleet.port, timeout=20)) as connection:
        while not stop.is_set():
            told.append(_status(connection))


def _status(connection: http.client.HTTPConnection) -> object:
    """What a client hears that asks once."""
    try:
        connection.request("POST", CHAT, b'{"do":"echo"}', {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return repr(error)
    return answer.status


def test_ops_04_no_more_files_can_be_opened(house: House) -> None:
    """Who comes too many is turned away at once, nothing spins, and all goes on when there is room again."""
    with house.siege(without=["I6"]) as s:  # the pulse's own connection may be the one too many
        s.reply(chat_answer("On the second floor."))
        process = s.proxy.process.pid
        before = resource.prlimit(process, resource.RLIMIT_NOFILE)
        resource.prlimit(process, resource.RLIMIT_NOFILE, (open_files(s) + 10, before[1]))
        held: list[socket.socket] = []
        try:
            for _ in range(60):
                with suppress(OSError):
                    held.append(s.connect())
            wait_until(lambda: any(turned_away(each) for each in held), 20, "somebody is turned away")
            used = busy(process)
            assert s.proxy.process.poll() is None
        finally:
            for each in held:
                each.close()
            resource.prlimit(process, resource.RLIMIT_NOFILE, before)
        assert busy(process) - used < 500, "ticks: it does not spin"
        wait_until(lambda: serves(s), 20, "it serves again")


def serves(s: Siege) -> bool:
    """Those who have left may not have been noticed yet: one more may still be turned away."""
    try:
        return s.post(CHAT, HELLO).status == 200
    except OSError:
        return False


def turned_away(sock: socket.socket) -> bool:
    """The other end has closed it."""
    sock.setblocking(False)
    try:
        return sock.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def busy(process: int) -> int:
    """Ticks of CPU that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def test_ops_05_bodies_that_all_wait_at_once(house: House) -> None:
    """Together they may take eight times the limit of one; who would be too much is told to come again."""
    with house.siege(without=["I6"]) as s:  # it is many requests, and what they may hold is the very thing looked at
        s.reply(chat_answer("On the second floor."))
        size = 4_000_000
        head = f"POST {CHAT} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n"
        head += "Content-Type: application/json\r\n\r\n"
        held: list[socket.socket] = []
        try:
            for _ in range(26):
                held.append(s.connect())
                with suppress(OSError):  # refused while it sends
                    held[-1].sendall(head.encode() + b" " * (size - 1_000))
            refused = [s.read(each, patience=0.01) for each in held if readable(each)]
            assert refused
            assert {talk.only.status for talk in refused} == {503}
            assert all(talk.only.headers["retry-after"] for talk in refused)
            assert len(refused) < len(held)
        finally:
            for each in held:
                each.close()
        wait_until(lambda: s.post(CHAT, HELLO).status == 200, 20, "there is room again")


def readable(sock: socket.socket) -> bool:
    """An answer has come, or will have within a moment."""
    sock.settimeout(0.2)
    try:
        return bool(sock.recv(1, socket.MSG_PEEK))
    except OSError:
        return False
    finally:
        sock.settimeout(20)


@pytest.fixture(scope="module")
def patient() -> Iterator[House]:
    """In which a check may take as long as it does, on whatever machine."""
    with housed(limits={"analysis_deadline_seconds": 200, "rail_deadline_seconds": 200}) as house:
        yield house


def tools(count: int) -> str:
    """A tool of so many fields."""
    schema = {f"field{number}": {"type": "integer", "minimum": number} for number in range(count)}
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": schema}}}
    return json.dumps({**HELLO, "tools": [tool]})


MEGABYTES: Mapping[str, tuple[Callable[[], str], int, str]] = {
    "of fields": (lambda: tools(20_000), 200, ""),
    "of blanks": (lambda: json.dumps(HELLO) + " " * 1_000_000, 200, ""),
    "without its end": (lambda: tools(20_000)[:-1], 400, "invalid_json"),
    "too deep": (lambda: json.dumps(HELLO)[:-1] + ',"x":' + "[" * 500_000 + "]" * 500_000 + "}", 400, "depth_limit"),
    "of numbers": (lambda: json.dumps({**HELLO, "stop": [1] * 340_000}), 413, "too_many_values"),
    "of one word": (lambda: json.dumps({**HELLO, "user": "a" * 1_000_000}), 413, "too_much_text"),
}
"""Each as JSON, and what becomes of it."""


@pytest.mark.parametrize("kind", MEGABYTES)
def test_ops_06_a_megabyte_of_json(patient: House, kind: str) -> None:
    """Others are answered meanwhile: the pulse tells that they were. For how long the loop stands still is measured in
    benchmarks/hostile.py."""
    make, status, code = MEGABYTES[kind]
    with patient.siege() as s:
        s.reply(chat_answer("On the second floor."))
        told = s.post(CHAT, make().encode(), seconds=250)
        assert told.status == status
        assert len(s.sent) == (status == 200)
        if code:
            assert told.json()["error"]["code"] == code


def test_ops_07_faults_of_every_kind_leave_nothing_open(house: House) -> None:
    """A soak in small (`make soak` is the long one): afterwards nothing is in flight and no file is open more."""
    with house.siege() as s:
        stream = {**HELLO, "stream": True}
        faults = (
            (raw(RESET), HELLO),
            (chat_stream("One. ", end="reset"), stream),
            (chat_stream("One. ", end="close"), stream),
            (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{", "close"), HELLO),
            (raw(b"nonsense\r\n\r\n", "close"), HELLO),
            (chat_stream("One. ", Pause(0.02), "Two. "), stream),
        )
        for script, body in faults:
            s.reply(script)
            s.post(CHAT, body)
        before = open_files(s)
        for _ in range(4):
            for script, body in faults:
                s.reply(script)
                s.post(CHAT, body)
                with s.connect() as left:
                    data = json.dumps(stream).encode()
                    head = f"POST {CHAT} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(data)}\r\n"
                    left.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + data)
        wait_until(lambda: s.proxy.metric("guardrail_exchanges_in_flight ") == 0, 20, "nothing is in flight")
        wait_until(lambda: open_files(s) <= before + 2, 20, "no more files are open than before")


def test_ops_09_nothing_is_written_but_in_the_data_folder(tmp_path: Path) -> None:
    """The root and /tmp read-only, and none of root's rights."""
    if os.geteuid() or shutil.which("unshare") is None or shutil.which("setpriv") is None:
        pytest.skip("no root file system can be made read-only here")
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    script = (
        f"mount --bind {data} {data} && mount -o remount,bind,ro / && ! touch {tmp_path}/probe 2>/dev/null"
        " && exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs"
        f" {sys.executable} -m guardrail demo --once"
    )
    ended = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, timeout=280, check=False, cwd="/",
        env={"GUARDRAIL_DATA_DIR": str(data), "PATH": os.environ["PATH"], "HOME": "/nonexistent"},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert (data / "audit.db").is_file()


def test_ops_10_a_clock_that_begins_in_1970(tmp_path: Path) -> None:
    """A board without a battery: the log begins, goes on in order when the clock is set, and verifies."""
    place = Place(tmp_path / "data")
    now = {"wall": 5 * 10**9, "steady": 10**9}

    async def run() -> None:
        async with opened(place, "spare") as spare:
            ledger = Ledger(
                spare.database, spare.keys, "0", QUICK, clock=lambda: now["wall"], monotonic=lambda: now["steady"]
            )
            await ledger.start()
            await ledger.commit(intent("a"))
            now.update(wall=1_790_000_000 * 10**9, steady=now["steady"] + 10**9)
            await ledger.commit(intent("b"))
            await ledger.close()
        own = [row.at for row in await rows_of(place) if row.writer == ledger.writer]
        assert own == sorted(own)
        assert (await verified(place)).problems == []

    asyncio.run(run())
