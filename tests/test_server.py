"""The server as a process: what happens to streams, clients and logs when it is asked to end, or when they go."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from guardrail.errors import PolicyError
from guardrail.server import check_bind
from tests.support.fake_upstream import wait_until
from tests.support.toy_process import ToyProcess, read_answers, request
from tests.support.toy_server import CANARY


def order(what: str) -> bytes:
    return request(json.dumps({"do": what}).encode())


def begin(sock: socket.socket, what: str = "stream") -> None:
    """Asks for an answer and waits until it has begun."""
    sock.sendall(order(what))
    received = b""
    while b"\r\n\r\n" not in received:
        received += sock.recv(1000)


def rest(sock: socket.socket) -> bytes:
    received = b""
    while data := sock.recv(65536):
        received += data
    return received


def test_ops_01_streams_end_with_an_error_event() -> None:
    """SIGTERM: streams go on until the drain is over, then end with their dialect's error event; exit 0."""
    with ToyProcess(("--drain", "0.5")) as toy:
        streams = [toy.connect() for _ in range(20)]
        for stream in streams:
            begin(stream)
        toy.process.send_signal(signal.SIGTERM)
        answers = [rest(stream) for stream in streams]
        status, _ = toy.stop()
        for stream in streams:
            stream.close()
    assert all(b"shutting_down" in answer and answer.endswith(b"0\r\n\r\n") for answer in answers)
    assert status == 0


def test_ops_01_ready_fails_at_once() -> None:
    """The listener is closed and the admin port says "not ready" while streams go on."""
    with ToyProcess(("--drain", "30")) as toy, toy.connect() as stream:
        begin(stream)
        toy.process.send_signal(signal.SIGTERM)
        wait_until(lambda: _is_shut(toy), 5, "the listener to close")
        with toy.connect(toy.admin_port) as admin:
            admin.sendall(request(b"", target="/guardrail/ready", method="GET"))
            assert read_answers(admin, 1).only.status == 503
        toy.process.send_signal(signal.SIGTERM)
        assert b"shutting_down" in rest(stream)
        assert toy.stop()[0] == 0


def _is_shut(toy: ToyProcess) -> bool:
    try:
        toy.connect().close()
    except ConnectionRefusedError:
        return True
    return False


def test_idle_clients_do_not_delay_the_end() -> None:
    """A connection that is merely kept open is closed."""
    with ToyProcess(("--drain", "30")) as toy, toy.connect() as idle:
        idle.sendall(order("echo"))
        assert read_answers(idle, 1).only.status == 200
        toy.process.send_signal(signal.SIGINT)
        assert toy.stop()[0] == 0


def test_sse_15_a_client_that_leaves_is_noticed() -> None:
    """Before the first byte and within a stream, the exchange is cancelled."""
    with ToyProcess() as toy:
        with toy.connect() as waiting:
            waiting.sendall(order("hang"))
            wait_until(lambda: toy.status()["calls"] == 1, 5, "the exchange to begin")
        with toy.connect() as streaming:
            begin(streaming)
        wait_until(lambda: toy.status()["cancelled"] == 2, 1, "both exchanges to be cancelled")


def test_sse_14_a_slow_reader_holds_the_answer_back() -> None:
    """50 MB for a client that does not read stay with whoever makes them: the process does not grow by them."""
    with ToyProcess() as toy, toy.connect() as slow:
        before = _resident(toy)
        begin(slow, "flood")
        wait_until(lambda: toy.status()["calls"] == 1, 5, "the exchange to begin")
        assert _resident(toy) - before < 8 * 1024 * 1024
        assert len(rest_of_flood(slow)) > 50_000 * 1024


def rest_of_flood(sock: socket.socket) -> bytes:
    received = bytearray()
    while not received.endswith(b"\r\n0\r\n\r\n"):
        received += sock.recv(1 << 20)
    return bytes(received)


def _resident(toy: ToyProcess) -> int:
    return int(Path(f"/proc/{toy.process.pid}/statm").read_text().split()[1]) * 4096


@pytest.mark.parametrize("arguments", [(), ("--token",)])
def test_sec_06_no_log_quotes_a_request(arguments: tuple[str, ...]) -> None:
    """At DEBUG, with errors everywhere: one JSON object a line, and nothing that anybody sent."""
    with ToyProcess(arguments) as toy:
        for raw in (
            order("raise"),
            order("raise-late"),
            request(CANARY.encode()),
            request(target=f"/{CANARY}"),
            request(target=f"/v1/chat/completions?{CANARY}"),
            request(headers=(f"X-A: {CANARY}", f"Host: {CANARY}/x")),
            request(headers=(f"Content-Length: {CANARY}",)),
            request(headers=(f"X-Guardrail-Token: {CANARY}", f"Authorization: Bearer {CANARY}")),
            CANARY.encode() + b"\r\n\r\n",
        ):
            answer = toy.exchange(raw)
            assert CANARY not in str([reply.body for reply in answer.replies if reply.status != 200])
        toy.process.send_signal(signal.SIGTERM)
        status, logged = toy.stop()
    lines = [json.loads(line) for line in logged.splitlines()]
    assert CANARY not in logged
    assert {"request_refused", "shutting_down"} <= {line["event"] for line in lines}
    assert status == 0


def test_an_error_in_a_stream_cuts_the_connection() -> None:
    """No proper end is written behind half an answer."""
    with ToyProcess() as toy, toy.connect() as sock:
        begin(sock, "raise-late")
        assert not rest(sock).endswith(b"0\r\n\r\n")


def test_hangup_reloads() -> None:
    """SIGHUP asks for the policy to be read again and ends nothing."""
    with ToyProcess() as toy:
        toy.process.send_signal(signal.SIGHUP)
        wait_until(lambda: toy.status()["calls"] == 0, 5, "an answer")
        toy.process.send_signal(signal.SIGTERM)
        _, logged = toy.stop()
    assert '"policy_reloaded"' in logged


def test_a_port_in_use_is_one_clear_line() -> None:
    """And no half-started process."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "tests.support.toy_server", "--port", str(port)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"can't listen on 127.0.0.1 port {port}: ")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "guardrail.ward"])
def test_the_network_needs_tokens(host: str) -> None:
    """Beyond loopback, a policy without client tokens is refused at the start."""
    with pytest.raises(PolicyError):
        check_bind(host, has_clients=False)
    check_bind(host, has_clients=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_none(host: str) -> None:
    """A developer's own machine."""
    check_bind(host, has_clients=False)
