"""Processes that are forked from one that has everything loaded already: they cost milliseconds and share its memory.

`Server` is the process that is forked from. It has one thread and no event loop, so nothing is lost or locked in the
middle of what another thread does; it reads no request. `Forks` is the other side, in an event loop. They talk over a
socket pair: one JSON object a message, descriptors beside it. Needs Linux (process descriptors, 5.3).
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from guardrail.errors import RailFailed

Message = Mapping[str, Any]

_MOST_BYTES: Final = 64 * 1024
_MOST_DESCRIPTORS: Final = 8
_STATUS_SECONDS: Final = 1.0
"""What the process that is forked from has to tell how one ended, once it has."""
_BIRTH_SECONDS: Final = 30.0
"""What it has to fork one; a message of it that was lost is not waited for without end."""
UNKNOWN: Final = 255
"""The status of one whose end nobody could tell us more about."""


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends that keep messages apart and tell when the other one is gone."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(sock: socket.socket, message: Message, descriptors: Sequence[int] = ()) -> None:
    """Raises OSError, also if it would have to wait: then the other side reads nothing any more."""
    socket.send_fds(sock, [json.dumps(message).encode()], list(descriptors), socket.MSG_DONTWAIT)


def receive(sock: socket.socket) -> tuple[Message, list[int]] | None:
    """The next message; None once the other side is gone."""
    try:
        data, descriptors, _, _ = socket.recv_fds(sock, _MOST_BYTES, _MOST_DESCRIPTORS, socket.MSG_CMSG_CLOEXEC)
    except ConnectionError:
        return None
    return (json.loads(data), descriptors) if data else None


def threads() -> int:
    """How many this process has, of whatever library."""
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - names, and many times a second


# ── the process that is forked from ───────────────────────────────────────────────────────────────────────────────

Handler = Callable[[socket.socket, Message, list[int]], None]


@dataclass(frozen=True, slots=True)
class _Source:
    sock: socket.socket
    handle: Handler
    lost: Callable[[], None]
    client: bool


class Server:
    """Forks when it is told to, until its last client is gone. Then it waits for those that it forked.

    The parent of those that it forks: it alone knows how they ended, and tells who asked for them.
    """

    def __init__(self) -> None:
        self._poll = select.poll()
        self._sources: dict[int, _Source] = {}
        self._children: dict[int, tuple[int, socket.socket | None]] = {}

    def add(
        self, sock: socket.socket, handle: Handler, *, client: bool = True, lost: Callable[[], None] = lambda: None
    ) -> None:
        """Listens to it. A `client` is a reason to go on; `lost` is called when the other side is gone."""
        self._sources[sock.fileno()] = _Source(sock, handle, lost, client)
        self._poll.register(sock, select.POLLIN)

    def run(self) -> None:
        """Until the last client is gone and the last child has ended."""
        while self._children or any(source.client for source in self._sources.values()):
            for number, _ in self._poll.poll():
                if number in self._children:
                    self._bury(number)
                elif number in self._sources:
                    self._hear(self._sources[number])

    def tell(self, sock: socket.socket, message: Message, descriptors: Sequence[int] = ()) -> None:
        """Nothing happens if the other side is gone: that is heard of by itself."""
        with suppress(OSError):
            send(sock, message, descriptors)

    def fork(self, begin: Callable[[], int], *, asked: socket.socket | None = None) -> int:
        """A child that does `begin` and ends with its status; gives its process id.

        `asked` is told {"pid"} with the child's process descriptor, and {"ended", "status"} later.
        """
        pid = os.fork()
        if not pid:
            self._be_born(begin)
        descriptor = os.pidfd_open(pid)
        self._children[descriptor] = pid, asked
        self._poll.register(descriptor, select.POLLIN)
        if asked is not None:
            self.tell(asked, {"pid": pid}, [descriptor])
        return pid

    def _be_born(self, begin: Callable[[], int]) -> NoReturn:
        """What is the parent's is closed, and nothing of the parent's goes on here, whatever happens."""
        status = 1
        try:
            for source in self._sources.values():
                source.sock.close()
            for descriptor in self._children:
                os.close(descriptor)
            status = begin()
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else 1
        except BaseException as error:  # noqa: BLE001 - the last wall: a traceback could quote a patient
            os.write(2, f"{type(error).__name__} in a forked process\n".encode())
        finally:
            with suppress(OSError, ValueError):
                sys.stderr.flush()
            os._exit(status)

    def _hear(self, source: _Source) -> None:
        heard = receive(source.sock)
        if heard is not None:
            source.handle(source.sock, *heard)
            return
        self._poll.unregister(source.sock)
        del self._sources[source.sock.fileno()]
        self._children = {
            descriptor: (pid, None if asked is source.sock else asked)
            for descriptor, (pid, asked) in self._children.items()
        }
        source.sock.close()
        source.lost()

    def _bury(self, descriptor: int) -> None:
        self._poll.unregister(descriptor)
        pid, asked = self._children.pop(descriptor)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(descriptor)
        if asked is not None:
            self.tell(asked, {"ended": pid, "status": status})


def at_ease() -> None:
    """Signals that are meant for whoever runs us are not for a process that is forked from."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


# ── who has processes forked ──────────────────────────────────────────────────────────────────────────────────────


class Forked:
    """A process that was forked for us. We are not its parent: it is watched and killed by its descriptor."""

    def __init__(self, pid: int, descriptor: int) -> None:
        self.pid = pid
        self._loop = asyncio.get_running_loop()
        self._descriptor = descriptor
        self.ended: asyncio.Future[int] = self._loop.create_future()
        self._loop.add_reader(descriptor, self._gone)

    @property
    def running(self) -> bool:
        """False once it is known to be gone."""
        return not self.ended.done()

    def signal(self, number: signal.Signals) -> None:
        """Sends it a signal; nothing happens if it is gone."""
        if self._descriptor >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, number)

    def kill(self) -> None:
        """At once, whatever it does."""
        self.signal(signal.SIGKILL)

    def end(self, status: int) -> None:
        """It has ended so."""
        self._forget()
        if not self.ended.done():
            self.ended.set_result(status)

    def _gone(self) -> None:
        """It is gone; its parent tells how, unless that is gone as well."""
        self._forget()
        self._loop.call_later(_STATUS_SECONDS, self.end, UNKNOWN)

    def _forget(self) -> None:
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1


class Forks:
    """One connection to a process that is forked from."""

    def __init__(self, sock: socket.socket) -> None:
        """Takes the socket over."""
        sock.setblocking(False)
        self._sock = sock
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(sock.fileno(), self._readable)
        self._asked: deque[asyncio.Future[Forked]] = deque()
        self._living: dict[int, Forked] = {}
        self.greeting: asyncio.Future[Message] = self._loop.create_future()
        self.greeting.add_done_callback(lambda told: told.cancelled() or told.exception())  # nobody may wait for it

    @property
    def open(self) -> bool:
        """False once the other side is gone."""
        return self._sock.fileno() >= 0

    async def fork(self, message: Message, descriptors: Sequence[int] = ()) -> Forked:
        """One more, as the message says; it has copies of the descriptors. Raises RailFailed if nobody is there."""
        born: asyncio.Future[Forked] = self._loop.create_future()
        try:
            send(self._sock, message, descriptors)
        except OSError:
            raise _gone() from None
        self._asked.append(born)
        try:
            async with asyncio.timeout(_BIRTH_SECONDS):
                return await asyncio.shield(born)
        except TimeoutError:
            self.close()
            raise _gone() from None
        except asyncio.CancelledError:
            born.add_done_callback(_unwanted)
            raise

    def tell(self, message: Message, descriptors: Sequence[int] = ()) -> None:
        """Raises RailFailed if nobody is there."""
        try:
            send(self._sock, message, descriptors)
        except OSError:
            raise _gone() from None

    def close(self) -> None:
        """No more of it. What was forked lives on."""
        if not self.open:
            return
        self._loop.remove_reader(self._sock.fileno())
        self._sock.close()
        if not self.greeting.done():
            self.greeting.set_exception(_gone())
        while self._asked:
            asked = self._asked.popleft()
            if not asked.done():
                asked.set_exception(_gone())

    def _readable(self) -> None:
        try:
            heard = receive(self._sock)
        except BlockingIOError:
            return
        if heard is None:
            self.close()
            return
        message, descriptors = heard
        if "pid" in message:
            self._born(message["pid"], descriptors)
        elif "ended" in message:
            if (gone := self._living.pop(message["ended"], None)) is not None:
                gone.end(message["status"])
        elif not self.greeting.done():
            self.greeting.set_result(message)

    def _born(self, pid: int, descriptors: Sequence[int]) -> None:
        """Without its descriptor nobody can watch it: we were out of descriptors. A new connection begins anew."""
        if not descriptors:
            self.close()
            return
        self._living[pid] = child = Forked(pid, descriptors[0])
        self._asked.popleft().set_result(child)


def _unwanted(born: asyncio.Future[Forked]) -> None:
    """Who asked for it has gone away."""
    if not born.cancelled() and born.exception() is None:
        born.result().kill()


def _gone() -> RailFailed:
    return RailFailed("the process that others are forked from is gone", code="analyzer_died")
