"""Where analyzers come from: `python -m guardrail.engine.nursery FACTORY SOCKET`.

One process for as many proxies as share it. It forks one more for each rail set, which loads the rails once; from that
one analyzers are forked whenever a proxy wants another. So an analyzer that was killed over a text is replaced in
milliseconds, and all of them share the memory of the models. Knows no rail: FACTORY ("module:function") builds them,
`prepare` of that module loads what all rail sets need, the first time before any policy is there, and its `SAMPLES`
are what each rail reads once before anybody waits for it.

The proxy's side is `Nursery` and `RailSet`. A proxy that loses the nursery starts one of its own; one that loses its
rail set has it loaded again; analyzers that are at work when either dies go on.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, NoReturn

from guardrail.engine import analyzer, forking
from guardrail.engine.child import Child
from guardrail.engine.forking import Forks, Message, Server
from guardrail.engine.messages import RailSpec
from guardrail.engine.settled import begin_loading, settle
from guardrail.errors import GuardrailError, PolicyError, RailError

_PAUSES: Final = (0.0, 0.1, 0.5)
"""Seconds before each try: a process that is being killed may take a request yet."""
_END_SECONDS: Final = 5.0
_PREPARE_SECONDS: Final = 120.0
"""A rail set that has not imported what it needs by then hangs: the kernel ends it."""


# ── the process that all rail sets are forked from ────────────────────────────────────────────────────────────────


def main(factory: str, number: str) -> None:
    """Serves until the last proxy is gone."""
    forking.at_ease()
    _Nursery(factory).serve(socket.socket(fileno=int(number)))


class _Nursery:
    """Loads nothing itself: it stays small, and shares no memory that a rail set would have to copy.

    The first rail set is forked at once, so that libraries and models are there when its policy is.
    """

    def __init__(self, factory: str) -> None:
        self._factory = factory
        self._server = Server()
        self._sets: dict[str, socket.socket] = {}
        self._spare: socket.socket | None = None
        self._proxies = 0

    def serve(self, first: socket.socket) -> None:
        self._spare = self._forked(first)
        self._join(first)
        self._server.run()

    def _join(self, proxy: socket.socket) -> None:
        self._proxies += 1
        self._server.add(proxy, self._hear, lost=self._left)

    def _left(self) -> None:
        """With the last proxy the rail set goes that nobody wanted."""
        self._proxies -= 1
        if not self._proxies and self._spare is not None:
            self._spare.close()

    def _hear(self, _: socket.socket, message: Message, descriptors: list[int]) -> None:
        """{"join"}: another proxy. {"load": key, "seconds", "alarm"}: its connection to a rail set, rails as a file.

        Loading may take `seconds`; an analyzer `alarm` seconds for one message.
        """
        if "join" in message:
            self._join(socket.socket(fileno=descriptors[0]))
            return
        proxy, rails = descriptors
        key = message["load"]
        if key not in self._sets:
            self._begin(key, message, proxy, rails)
        self._server.tell(self._sets[key], {}, [proxy])
        os.close(proxy)
        os.close(rails)

    def _begin(self, key: str, wanted: Message, proxy: int, rails: int) -> None:
        ours, self._spare = self._spare or self._forked(proxy, rails), None
        self._server.tell(ours, wanted, [rails])
        self._sets[key] = ours
        self._server.add(ours, _nothing, client=False, lost=lambda: self._forget(key, ours))

    def _forked(self, *beside: socket.socket | int) -> socket.socket:
        """Our end of a new rail set, which must not keep open what is `beside`."""
        ours, theirs = forking.pair()

        def begin() -> int:
            for each in (ours, *beside):
                each.close() if isinstance(each, socket.socket) else os.close(each)
            return _Set(self._factory).serve(theirs)

        self._server.fork(begin)
        theirs.close()
        return ours

    def _forget(self, key: str, ours: socket.socket) -> None:
        if self._sets.get(key) is ours:
            del self._sets[key]


def _nothing(sock: socket.socket, message: Message, descriptors: list[int]) -> None:
    """A rail set says nothing to the nursery."""


# ── the process of one rail set ───────────────────────────────────────────────────────────────────────────────────


class _Set:
    """Rails that are loaded once, and the analyzers that are forked from here.

    A recognizer of the house may have started a thread; then nothing may be forked, and each analyzer is a process
    of its own that loads the rails again.
    """

    def __init__(self, factory: str) -> None:
        self._factory = factory
        self._alarm, self._rails = 0.0, -1
        self._server = Server()
        self._greeting: Message = {}
        self._analyzer = analyzer.Analyzer(analyzer.Late(factory))
        self._alone = False

    def serve(self, nursery: socket.socket) -> int:
        """Until the last proxy lets go of it; not at all if the nursery has no rails for it."""
        begin_loading()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, _PREPARE_SECONDS)
        _prepare(self._factory)
        signal.setitimer(signal.ITIMER_REAL, 0)
        wanted = forking.receive(nursery)
        if wanted is None:
            return 0
        message, (self._rails,) = wanted
        self._alarm = message["alarm"]
        signal.setitimer(signal.ITIMER_REAL, message["seconds"])
        self._load()
        signal.setitimer(signal.ITIMER_REAL, 0)
        self._server.add(nursery, self._welcome, client=False)
        waiting = forking.receive(nursery)
        if waiting is not None:
            self._welcome(nursery, *waiting)
        self._server.run()
        return 0

    def _load(self) -> None:
        try:
            self._analyzer.load(_read(self._rails))
            self._analyzer.warm(getattr(import_module(self._factory.partition(":")[0]), "SAMPLES", ()))
        except GuardrailError as error:
            self._greeting = {"failed": error.message, "code": error.code}
        settle()
        self._alone = forking.threads() > 1

    def _welcome(self, _: socket.socket, message: Message, descriptors: list[int]) -> None:
        proxy = socket.socket(fileno=descriptors[0])
        self._server.tell(proxy, self._greeting)
        if "failed" not in self._greeting:
            self._server.add(proxy, self._hear)

    def _hear(self, asked: socket.socket, message: Message, descriptors: list[int]) -> None:
        """An analyzer on the other end of this descriptor."""
        (line,) = descriptors
        self._server.fork(lambda: self._alone_on(line) if self._alone else self._shared_on(line), asked=asked)
        os.close(line)

    def _shared_on(self, line: int) -> int:
        analyzer.serve(self._analyzer, socket.socket(fileno=line), self._alarm)
        return 0

    def _alone_on(self, line: int) -> NoReturn:
        """In place of this process, so that nothing of a thread that is not here any more is touched."""
        for descriptor in (line, self._rails):
            os.set_inheritable(descriptor, True)
        module = "guardrail.engine.nursery"
        given = ["--alone", self._factory, str(self._alarm), str(line), str(self._rails)]
        os.execv(sys.executable, [sys.executable, "-P", "-m", module, *given])  # noqa: S606 - ourselves


def _prepare(factory: str) -> None:
    """Loads what any rail set needs."""
    with suppress(ImportError):  # a factory that is not there is told by who builds with it
        getattr(import_module(factory.partition(":")[0]), "prepare", int)()


def alone(factory: str, alarm: str, line: str, rails: str) -> None:
    """An analyzer that loads its rails itself."""
    own = analyzer.Analyzer(analyzer.Late(factory))
    own.load(_read(int(rails)))
    analyzer.serve(own, socket.socket(fileno=int(line)), float(alarm))


def _read(rails: int) -> Sequence[Any]:
    """The spec that lies in the file: name and settings of each rail."""
    spec: Sequence[Any] = json.loads(os.pread(rails, os.fstat(rails).st_size, 0))
    return spec


# ── a proxy's side ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Started:
    """A nursery that was started, and our connection to it. It ends when this, and all others, are closed."""

    process: subprocess.Popen[bytes]
    sock: socket.socket

    def share(self) -> socket.socket:
        """A connection for another proxy. Raises OSError if it is gone."""
        ours, theirs = forking.pair()
        with theirs:
            forking.send(self.sock, {"join": True}, [theirs.fileno()])
        return ours

    def bury(self) -> None:
        """Waits for its end, not for long."""
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """It is gone when this returns."""
        self.sock.close()
        self.process.kill()
        self.process.wait()


def start(factory: str) -> Started:
    """One that nobody shares yet. Raises OSError."""
    ours, theirs = forking.pair()
    with theirs:
        arguments = [factory, str(theirs.fileno())]
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-P", "-m", "guardrail.engine.nursery", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()], env=_environment(), start_new_session=True,
        )  # fmt: skip
    return Started(process, ours)


class Nursery:
    """Where the rail sets of one proxy come from: a nursery that is shared with others, or one of its own."""

    def __init__(self, factory: str, job_deadline: float, load_deadline: float, shared: socket.socket | None) -> None:
        """Nothing is started before it is needed. An analyzer's alarm is a last resort, well behind its deadline."""
        self._factory, self._load_deadline, self._alarm = factory, load_deadline, 2 * job_deadline + 5
        self._shared = shared
        self._own: Started | None = None
        self._lost: list[Started] = []
        self._forks: Forks | None = None

    async def load(self, key: str, spec: Sequence[RailSpec]) -> Forks:
        """The process of this rail set, which may be there already. Raises PolicyError."""
        for seconds in _PAUSES:
            await asyncio.sleep(seconds)
            try:
                return await self._ask(key, spec)
            except RailError:
                continue  # it, or the rail set, ended in the moment in which it was asked for
        raise PolicyError("the analyzer did not load", code="analyzer_died")

    async def _ask(self, key: str, spec: Sequence[RailSpec]) -> Forks:
        ours, theirs = forking.pair()
        try:
            with theirs, _file(spec) as rails:
                wanted = {"load": key, "seconds": self._load_deadline, "alarm": self._alarm}
                self._there().tell(wanted, [theirs.fileno(), rails])
        except BaseException:
            ours.close()
            raise
        found = Forks(ours)
        try:
            async with asyncio.timeout(self._load_deadline):
                told = await found.greeting
        except TimeoutError:
            found.close()
            raise PolicyError("the analyzer did not load in time", code="job_deadline") from None
        except BaseException:
            found.close()
            raise
        if "failed" in told:
            found.close()
            raise PolicyError(str(told["failed"]))
        return found

    def _there(self) -> Forks:
        if self._forks is None or not self._forks.open:
            self._forks = Forks(self._connection())
        return self._forks

    def _connection(self) -> socket.socket:
        """That which was given, once; then our own, and another if it is gone."""
        sock, self._shared = self._shared, None
        if sock is None:
            self._lost += [self._own] if self._own is not None else []
            self._own = start(self._factory)
            sock = self._own.sock
        return sock

    async def close(self) -> None:
        """A nursery of our own ends."""
        if self._forks is not None:
            self._forks.close()
        if self._shared is not None:
            self._shared.close()
        for started in (*self._lost, *([self._own] if self._own is not None else [])):
            await asyncio.to_thread(started.bury)


class RailSet:
    """One rail set, and analyzers for it; loaded again if its process is lost."""

    def __init__(self, nursery: Nursery, key: str, spec: Sequence[RailSpec], load_deadline: float) -> None:
        self._nursery, self._key, self._spec, self._load_deadline = nursery, key, spec, load_deadline
        self._forks: Forks | None = None

    async def child(self) -> Child:
        """An analyzer that is ready. Raises PolicyError if the rails can't be loaded, RailError if it died at once."""
        if self._forks is None or not self._forks.open:
            self._forks = await self._nursery.load(self._key, self._spec)
        return await Child.start(self._forks, self._load_deadline)

    def close(self) -> None:
        """Nobody here needs it any more."""
        if self._forks is not None:
            self._forks.close()


@contextmanager
def _file(spec: Sequence[RailSpec]) -> Iterator[int]:
    """A file without a name: a list of terms may be longer than a message."""
    with os.fdopen(os.memfd_create("rails"), "wb") as file:
        file.write(json.dumps([[name, dict(settings)] for name, settings in spec]).encode("ascii"))
        file.flush()
        yield file.fileno()


def _environment() -> Mapping[str, str]:
    """What a Python needs to find the same modules. Nothing else of ours, above all no keys."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry),  # noqa: PTH100
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


if __name__ == "__main__":
    alone(*sys.argv[2:]) if sys.argv[1] == "--alone" else main(*sys.argv[1:])
