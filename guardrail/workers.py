"""Several worker processes on one port, looked after by this one: `guardrail serve --workers N`.

This process accepts no client and reads no request. It holds the listening socket, so that no connection is lost
with a worker that has not taken it yet; replaces workers that die (OPS-02); passes signals on; and has the admin
port, where the metrics of all workers are one page. docs/decisions/0006-workers.md says why it is made like this.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Protocol, TypeAlias

from guardrail import server, worker_process
from guardrail.engine import forking, nursery
from guardrail.engine.forking import Forked, Forks
from guardrail.errors import PolicyError, RailError
from guardrail.record import log
from guardrail.record.metrics import Merged, Metrics
from guardrail.signals import Signals
from guardrail.worker_channel import Channel, Message

_BACKOFF: Final = (0.0, 0.1, 0.5, 1.0, 5.0, 15.0)
_STEADY_SECONDS: Final = 30.0
"""A worker that lived so long did not die of its start: the next one is started at once again."""
_FRESH_SECONDS: Final = 0.5
"""What a reader of the metrics waits for at most, until every worker has told the latest."""
_TICK_SECONDS: Final = 1.0
_LATE_TICKS: Final = 3
"""A worker that has said nothing for so many ticks is not ready."""
_ENDING_SECONDS: Final = 2.0
_OWN: Final = -1
"""This process among those whose metrics are put together."""


class NotStarted(Exception):
    """A worker could not begin, and so nothing is served. The message is one line."""


class View(Protocol):
    """What the admin application sees of the workers. Everything answers at once.

    metrics   of the process itself: what the admin application counts
    """

    metrics: Metrics

    @property
    def ready(self) -> bool:
        """True if every worker could handle an exchange now."""
        ...

    def render(self, accept: str) -> tuple[str, bytes]:
        """The metrics of all workers as one page: as `Metrics.render`."""
        ...

    def expired(self) -> Sequence[str]:
        """Crisis texts and services that should have been checked again."""
        ...


Admin: TypeAlias = Callable[[View], AbstractAsyncContextManager[Any]]
"""Makes the application on the admin port; open for as long as it is served."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is started.

    factory   what a worker does, "module:function" (worker_channel.Work); `prepare(given)` of that module loads what
              all of them need
    given     the options for it, as JSON knows them
    analyzers   what the workers' analyzers build their rails with (engine.nursery); None if they need none
    start_seconds   within this a worker must serve, or it is killed
    silent_seconds  a worker that serves and has told nothing for so long hangs and is killed
    last_seconds    what workers have for their end beyond the drain
    """

    factory: str
    workers: int
    given: Mapping[str, Any]
    analyzers: str | None = None
    start_seconds: int = 120
    silent_seconds: int = 30
    last_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class Template:
    """The process that workers are forked from, and our connection to it. It ends after the last worker."""

    sock: socket.socket
    bury: Callable[[], object]


def forked_template(plan: Plan, *beside: socket.socket) -> Template:
    """A template that shares the memory of this process, as long as this one has neither threads nor an event loop.

    `beside`: sockets of ours that it must not keep open. Raises OSError.
    """
    worker_process.prepare(plan.factory, plan.given)
    ours, theirs = forking.pair()
    pid = os.fork()
    if not pid:
        status = 1
        try:
            _leave_terminal()
            for sock in (ours, *beside):
                sock.close()
            worker_process.breed(theirs, plan.factory, plan.given)
            status = 0
        finally:
            os._exit(status)
    theirs.close()
    return Template(ours, lambda: os.waitpid(pid, 0))


def _leave_terminal() -> None:
    """Ctrl-C comes to the process that looks after the workers alone, and so does what is typed."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nothing, number)
    os.close(nothing)


def started_template(plan: Plan) -> Template:
    """A template that loads everything itself. Raises OSError."""
    ours, theirs = forking.pair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-P", "-m", "guardrail.worker_process", str(theirs.fileno())],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()], start_new_session=True,
            env=_environment(),
        )  # fmt: skip
    with suppress(OSError):  # one that is gone already is found out when a worker is wanted
        forking.send(ours, {"factory": plan.factory, "given": dict(plan.given)})
    return Template(ours, process.wait)


async def run(
    plan: Plan,
    listen: server.Listen,
    admin: Admin,
    on_ready: Callable[[int, int], None],
    template: Template | None = None,
    analyzers: nursery.Started | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT and the drain that follows; a second signal ends the drain. SIGHUP reloads.

    `on_ready` is told both ports once all workers serve. `template` and `analyzers` are those that run already; what is
    not there, or gone, is started. Raises PortInUse before anything is started; PolicyError or NotStarted if a worker
    can't begin, with no process left behind.
    """
    sources = _Sources(plan, template, analyzers)
    try:
        front, back = server.bind(listen.host, listen.port), server.bind(listen.admin_host, listen.admin_port)
        ports = front.getsockname()[1], back.getsockname()[1]
        with front, back:
            fleet = _Fleet(plan, sources, front, listen.drain_seconds)
            with _signals(fleet):
                try:
                    if not await fleet.start():
                        await fleet.ended()
                        return
                    async with admin(fleet) as pages:
                        serving = server.make_server(_Fresh(pages, fleet), listen, 1.0)
                        async with server.listening(serving, back):
                            on_ready(*ports)
                            await fleet.ended()
                finally:
                    await fleet.close()
    finally:
        await sources.close()


class _Sources:
    """Where workers come from, and where their analyzers do. What is lost is started again when it is needed."""

    def __init__(self, plan: Plan, template: Template | None, analyzers: nursery.Started | None) -> None:
        self._plan = plan
        self._template = template
        self._forks = Forks(template.sock) if template else None
        self._analyzers = analyzers
        self._past: list[Callable[[], object]] = []

    async def worker(self, slot: int, *descriptors: int) -> Forked:
        """A worker on these descriptors. Raises OSError or RailError."""
        order = {"slot": slot, "workers": self._plan.workers}
        with ExitStack() as ours:
            kept = list(descriptors)
            if self._plan.analyzers is not None:
                kept.append(ours.enter_context(self._nursery(self._plan.analyzers)).fileno())
            return await self._workers().fork(order, kept)

    def _workers(self) -> Forks:
        if self._forks is None or not self._forks.open:
            if self._template is not None:
                log.event("template_lost", level=logging.ERROR)
                self._past.append(self._template.bury)
            self._template = started_template(self._plan)
            self._forks = Forks(self._template.sock)
        return self._forks

    def _nursery(self, factory: str) -> socket.socket:
        """A connection for another worker."""
        if self._analyzers is not None:
            with suppress(OSError):
                return self._analyzers.share()
            log.event("nursery_lost", level=logging.ERROR)
            self._analyzers.sock.close()
            self._past.append(self._analyzers.bury)
        self._analyzers = nursery.start(factory)
        return self._analyzers.share()

    async def close(self) -> None:
        """No process is left when this returns."""
        if self._forks is not None and self._template is not None:
            self._forks.close()
            self._past.append(self._template.bury)
        if self._analyzers is not None:
            self._analyzers.sock.close()
            self._past.append(self._analyzers.bury)
        for bury in self._past:
            await asyncio.to_thread(bury)


class _Worker:
    """One worker process, from its start to its end."""

    def __init__(self, number: int, slot: int, process: Forked, channel: Channel) -> None:
        self.number = number
        self.slot = slot
        self.began: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.told: Mapping[str, Any] = {}
        self.silent_ticks = 0
        self._process = process
        self._channel = channel
        self._asked: dict[int, asyncio.Future[None]] = {}
        self._numbers = count()

    @classmethod
    async def start(cls, number: int, slot: int, sources: _Sources, front: socket.socket) -> _Worker:
        """Started. Raises OSError or RailError."""
        ours, theirs = socket.socketpair()
        with theirs, ExitStack() as unless_started:
            unless_started.callback(ours.close)
            process = await sources.worker(slot, theirs.fileno(), front.fileno())
            unless_started.pop_all()
        return cls(number, slot, process, await Channel.over(ours))

    @property
    def serves(self) -> bool:
        """True from when it had begun."""
        return self.began.done() and self.began.exception() is None

    @property
    def ready(self) -> bool:
        """True if it could handle an exchange now, by what it says."""
        return self.serves and self.silent_ticks <= _LATE_TICKS and bool(self.told.get("ready"))

    async def listen(self, take: Callable[[int, Any], None]) -> int:
        """Hears what it tells until it is gone; `take` gets its metrics. Gives its exit status."""
        try:
            while (message := await self._channel.receive()) is not None:
                self._hear(message, take)
        finally:
            for waiting in self._asked.values():
                waiting.cancel()
        status = await self._ending()
        if not self.began.done():
            self.began.set_exception(NotStarted(f"a worker ended before it could serve (status {status})"))
        await self._channel.close()
        return status

    async def _ending(self) -> int:
        """Who closes the channel has ended, or nearly so."""
        try:
            async with asyncio.timeout(_ENDING_SECONDS):
                return await asyncio.shield(self._process.ended)
        except TimeoutError:
            self.kill()
            return await self._process.ended

    def _hear(self, message: Message, take: Callable[[int, Any], None]) -> None:
        self.silent_ticks = 0
        if "report" in message:
            self.told = message["report"]
            take(self.number, self.told["metrics"])
        if "began" in message and not self.began.done():
            self.began.set_result(None)
        if "failed" in message and not self.began.done():
            failed = str(message["failed"])
            self.began.set_exception(PolicyError(failed) if message["bad_policy"] else NotStarted(failed))
        if (asked := self._asked.pop(message.get("answer", -1), None)) is not None:
            asked.set_result(None)

    def ask(self) -> asyncio.Future[None]:
        """Done when it has told the latest; cancelled when it is gone."""
        number = next(self._numbers)
        self._asked[number] = asyncio.get_running_loop().create_future()
        self._channel.send({"ask": number})
        return self._asked[number]

    def signal(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        self._process.signal(number)

    def kill(self) -> None:
        """At once, whatever it does."""
        self.signal(signal.SIGKILL)


def _environment() -> Mapping[str, str]:
    """Ours, and what a Python needs to find the same modules."""
    found = os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry)  # noqa: PTH100 - links stay links
    return {**os.environ, "PYTHONPATH": found}


class _Fleet:
    """All workers. A `View`."""

    def __init__(self, plan: Plan, sources: _Sources, front: socket.socket, drain_seconds: float) -> None:
        self.metrics = Metrics()
        self.metrics.workers(0)
        self._plan = plan
        self._sources = sources
        self._front = front
        self._patience = drain_seconds + server.AFTER_DRAIN_SECONDS + plan.last_seconds
        self._merged = Merged()
        self._numbers = count()
        self._workers: dict[int, _Worker] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._watching: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._refreshing: asyncio.Task[None] | None = None
        self._hangups = 0

    async def start(self) -> bool:
        """Returns when all serve; False if it was told to stop meanwhile. Raises PolicyError or NotStarted."""
        self._watching = asyncio.create_task(self._watch())
        for slot in range(self._plan.workers):
            try:
                worker = await self._start(slot)
            except OSError as error:
                raise NotStarted(f"a worker process can't be started: {error.strerror}") from None
            except RailError as error:
                raise NotStarted(f"a worker process can't be started: {error.message}") from None
            self._keepers.append(asyncio.create_task(self._keep(worker)))
            if self._stopping.is_set():
                return False
        beginning = {worker.began for worker in self._workers.values()}
        stopping = asyncio.create_task(self._stopping.wait())
        while beginning and not self._stopping.is_set():
            first: list[asyncio.Future[Any]] = [*beginning, stopping]
            await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
            for began in [each for each in beginning if each.done()]:
                began.result()
                beginning.remove(began)
        stopping.cancel()
        return not self._stopping.is_set()

    async def ended(self) -> None:
        """Returns when it was told to stop and every worker has ended."""
        assert self._watching is not None
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait((stopping, self._watching, *self._keepers), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if self._watching.done():
            self._watching.result()
        _, late = await asyncio.wait(self._keepers, timeout=self._patience)
        if late:
            log.event("workers_killed", level=logging.ERROR, seconds=self._patience, count=len(late))
        for keeper in self._keepers:
            if keeper.done():
                keeper.result()

    async def close(self) -> None:
        """No process is left when this returns."""
        self._stopping.set()
        if self._watching is not None:
            self._watching.cancel()
        for worker in self._workers.values():
            worker.kill()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    def stop(self) -> None:
        """Drain; the second time: end what is still streaming. SIGTERM would say that the others serve on (OPS-03)."""
        self._stopping.set()
        self._front.close()
        for worker in self._workers.values():
            worker.signal(signal.SIGINT)

    def hangup(self) -> None:
        """All reload. One that is still starting does so as soon as it serves: until then the signal would end it."""
        self._hangups += 1
        for worker in self._workers.values():
            if worker.serves:
                worker.signal(signal.SIGHUP)

    # ── View ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def ready(self) -> bool:
        """See View."""
        return not self._stopping.is_set() and all(worker.ready for worker in self._workers.values())

    def render(self, accept: str) -> tuple[str, bytes]:
        """See View."""
        self._merged.take(_OWN, self.metrics.snapshot())
        return self._merged.render(accept)

    def expired(self) -> Sequence[str]:
        """See View."""
        told = (worker.told.get("expired", ()) for worker in self._workers.values())
        return tuple(dict.fromkeys(each for one in told for each in one))

    async def refresh(self) -> None:
        """Returns when all workers have told the latest, or soon after."""
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._ask_all())
        await asyncio.shield(self._refreshing)

    async def _ask_all(self) -> None:
        if asked := [worker.ask() for worker in self._workers.values() if worker.serves]:
            await asyncio.wait(asked, timeout=_FRESH_SECONDS)

    # ── one worker after the other ────────────────────────────────────────────────────────────────────────────

    async def _start(self, slot: int) -> _Worker:
        worker = await _Worker.start(next(self._numbers), slot, self._sources, self._front)
        seen = self._hangups

        def catch_up(_: object) -> None:
            if self._hangups > seen:
                worker.signal(signal.SIGHUP)

        worker.began.add_done_callback(catch_up)
        self._workers[slot] = worker
        if self._stopping.is_set():
            worker.kill()
        return worker

    async def _keep(self, worker: _Worker) -> None:
        """There is a worker at this slot until it is told to stop; unless the very first one can't begin."""
        served, short_lives = False, 0
        while True:
            lived = await self._see_off(worker)
            served = served or worker.serves
            if self._stopping.is_set() or not served:
                return
            short_lives = 0 if worker.serves and lived > _STEADY_SECONDS else short_lives + 1
            another = await self._another(worker.slot, short_lives)
            if another is None:
                return
            worker = another

    async def _see_off(self, worker: _Worker) -> float:
        """Waits for its end. How many seconds it lived."""
        loop = asyncio.get_running_loop()
        born = loop.time()
        status = await worker.listen(self._merged.take)
        self._merged.lose(worker.number)
        lived = loop.time() - born
        what = f"worker:{worker.slot}"
        if status or not (worker.serves or self._stopping.is_set()):
            event = "worker_lost" if worker.serves else "worker_not_started"
            log.event(event, level=logging.ERROR, what=what, status=status, seconds=round(lived, 1))
        elif not self._stopping.is_set():  # somebody told it alone to end
            log.event("worker_left", what=what, seconds=round(lived, 1))
        return lived

    async def _another(self, slot: int, short_lives: int) -> _Worker | None:
        """The one that takes the place, after a while if the last ones did not live long. None: told to stop."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_BACKOFF[min(short_lives, len(_BACKOFF) - 1)]):
                    await self._stopping.wait()
            if self._stopping.is_set():
                return None
            try:
                return await self._start(slot)
            except (OSError, RailError) as error:
                status = error.errno or 0 if isinstance(error, OSError) else 0
                log.event("worker_not_started", level=logging.ERROR, what=f"worker:{slot}", status=status)
                short_lives += 1

    async def _watch(self) -> None:
        """Kills who hangs. Ticks are counted, not seconds: if this process was held up, nobody else is to blame."""
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            for worker in self._workers.values():
                worker.silent_ticks += 1
                patience = self._plan.silent_seconds if worker.serves else self._plan.start_seconds
                if worker.silent_ticks == patience + 1:
                    log.event("worker_hangs", level=logging.ERROR, what=f"worker:{worker.slot}", count=patience)
                    worker.kill()


class _Fresh:
    """The admin application, with the latest of all workers where it is asked for them."""

    _PATHS: Final = frozenset({"/metrics", "/guardrail/ready"})

    def __init__(self, pages: Any, fleet: _Fleet) -> None:
        self._pages = pages
        self._fleet = fleet

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        if scope["type"] == "http" and scope["path"] in self._PATHS:
            await self._fleet.refresh()
        await self._pages(scope, receive, send)


def _signals(fleet: _Fleet) -> Signals:
    """SIGTERM and SIGINT begin the drain of all workers, a second one ends it, SIGHUP reloads the policy in all."""
    return Signals({signal.SIGTERM: fleet.stop, signal.SIGINT: fleet.stop, signal.SIGHUP: fleet.hangup})
