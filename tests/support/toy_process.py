"""Starts `tests.support.toy_server` as a process and talks to it in raw bytes."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, BinaryIO, Self

from tests.support.toy_server import CHAT


@dataclass
class ToyProcess:
    """A running toy server. Use as a context manager."""

    arguments: tuple[str, ...] = ()
    port: int = 0
    admin_port: int = 0
    process: subprocess.Popen[str] = field(init=False)

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.support.toy_server", *self.arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        ports = self.process.stdout.readline().split()
        assert ports, self.process.communicate()[1]
        self.port, self.admin_port = map(int, ports)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.returncode is None:
            self.process.kill()
            self.process.communicate()

    def stop(self) -> tuple[int, str]:
        """Waits for the end. Exit status, and everything it logged."""
        _, logged = self.process.communicate(timeout=20)
        return self.process.returncode, logged

    def connect(self, port: int = 0) -> socket.socket:
        """A connection to the client port, or to `port`."""
        return socket.create_connection(("127.0.0.1", port or self.port), timeout=10)

    def exchange(self, raw: bytes, answers: int = 1) -> Talk:
        """Sends raw bytes and reads so many answers, or fewer if the server closes first."""
        return exchange(self.port, raw, answers)

    def status(self) -> dict[str, Any]:
        """The toy's own counters."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", "/guardrail/disclosure")
        counters: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return counters


@dataclass(frozen=True)
class Reply:
    """One answer of the server."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The stable code of an error in the OpenAI shape."""
        return str(self.json()["error"]["code"])


@dataclass(frozen=True)
class Talk:
    """All answers on one connection, and whether the server closed it afterwards."""

    replies: tuple[Reply, ...]
    closed: bool

    @property
    def statuses(self) -> list[int]:
        """The status of each answer."""
        return [reply.status for reply in self.replies]

    @property
    def only(self) -> Reply:
        """The answer, if there was exactly one."""
        (reply,) = self.replies
        return reply


def exchange(port: int, raw: bytes, answers: int = 1, seconds: float = 10.0, patience: float = 0.3) -> Talk:
    """Sends raw bytes to a server on loopback and reads so many answers, or fewer if it closes first."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as sock:
        with suppress(ConnectionError):  # the server may refuse before it has read all
            sock.sendall(raw)
        return read_answers(sock, answers, patience)


def read_answers(sock: socket.socket, count: int, patience: float = 0.3) -> Talk:
    """Reads `count` complete answers; then sees whether the server closes within `patience` seconds."""
    with sock.makefile("rb") as stream:
        replies = []
        with suppress(ConnectionError, EOFError):
            for _ in range(count):
                replies.append(_read_reply(stream))
        return Talk(tuple(replies), _is_closed(sock, stream, patience))


def _is_closed(sock: socket.socket, stream: BinaryIO, patience: float) -> bool:
    sock.settimeout(patience)
    try:
        return stream.read(1) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False


def _read_reply(stream: BinaryIO) -> Reply:
    while (status := _line(stream).split(b" ")[1]) == b"100":
        _line(stream)
    headers = {}
    while line := _line(stream):
        name, _, value = line.partition(b":")
        headers[name.decode().lower()] = value.strip().decode()
    return Reply(int(status), headers, _read_body(stream, headers))


def _read_body(stream: BinaryIO, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return _exactly(stream, int(headers.get("content-length", 0)))
    body = b""
    while size := int(_line(stream), 16):
        body += _exactly(stream, size)
        _line(stream)
    _line(stream)
    return body


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def _line(stream: BinaryIO) -> bytes:
    line = stream.readline()
    if not line.endswith(b"\r\n"):
        raise EOFError
    return line[:-2]


def request(
    body: bytes = b"{}", *, target: str = CHAT, method: str = "POST", headers: tuple[str, ...] = (), length: bool = True
) -> bytes:
    """A well-formed request with these extra header lines; `headers` replace the defaults of the same name."""
    given = {line.partition(":")[0].lower() for line in headers}
    lines = [f"{method} {target} HTTP/1.1", *headers]
    defaults = {"Host": "127.0.0.1", "Content-Type": "application/json"}
    if length:
        defaults["Content-Length"] = str(len(body))
    lines += [f"{name}: {value}" for name, value in defaults.items() if name.lower() not in given]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
