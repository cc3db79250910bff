"""Where analyzers come from: shared by proxies, loaded once, and lost without anybody's text being waved through."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from guardrail.engine import forking, nursery
from guardrail.engine.worker import ProcessInspector
from guardrail.errors import RailFailed
from guardrail.rails.base import About, Window
from guardrail.text import Finding
from tests.engine.toys import build

TOYS = f"{build.__module__}:{build.__name__}"
SPEC: list[tuple[str, dict[str, Any]]] = [("trouble", {})]


def parent(pid: int) -> int:
    """Of a process, its parent's id."""
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def child_of(inspector: ProcessInspector) -> int:
    (pid,) = inspector.pids
    return pid


async def look(inspector: ProcessInspector, text: str = "Maria", key: str = "policy") -> list[list[Finding]]:
    return await inspector.bind(key).inspect([(Window(text), About(), ("trouble",))])


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.01)


def test_two_proxies_share_what_is_loaded_and_no_analyzer() -> None:
    """The rails are loaded once for both; each has a process of its own, and one that leaves takes nothing with it."""

    async def talk() -> None:
        started = nursery.start(TOYS)
        first, second = (ProcessInspector(TOYS, nursery=sock) for sock in (started.sock, started.share()))
        await asyncio.gather(first.load("policy", SPEC), second.load("policy", SPEC))
        assert child_of(first) != child_of(second)
        assert parent(child_of(first)) == parent(child_of(second))
        await first.close()
        assert len((await look(second))[0]) == 1
        os.kill(child_of(second), signal.SIGKILL)
        await until(lambda: second.restarts == 1 and second.alive)
        assert len((await look(second))[0]) == 1
        await second.close()
        await asyncio.to_thread(started.process.wait, 20)

    asyncio.run(talk())


def test_a_nursery_that_nobody_asked_for_rails_ends_with_its_proxy() -> None:
    """The rail set that it began with goes as well: the nursery waits for those that it forked."""
    started = nursery.start(TOYS)
    started.sock.close()
    assert started.process.wait(20) == 0


async def _after_the_loss_of(which: Callable[[int], int]) -> tuple[list[list[Finding]], list[list[Finding]], bool]:
    """What is found at once, and by the next analyzer; whether that has another parent."""
    inspector = ProcessInspector(TOYS)
    try:
        await inspector.load("policy", SPEC)
        before = parent(child_of(inspector))
        os.kill(which(child_of(inspector)), signal.SIGKILL)
        meanwhile = await look(inspector)
        os.kill(child_of(inspector), signal.SIGKILL)
        await until(lambda: inspector.restarts == 1 and inspector.alive)
        return meanwhile, await look(inspector), parent(child_of(inspector)) != before
    finally:
        await inspector.close()


def test_rails_whose_process_is_lost_are_loaded_again() -> None:
    """The analyzer at work goes on without it; the next one comes from another."""
    meanwhile, after, moved = asyncio.run(_after_the_loss_of(parent))
    assert [len(meanwhile[0]), len(after[0]), moved] == [1, 1, True]


def test_a_nursery_that_is_lost_disturbs_nobody() -> None:
    """What was forked from it lives on and has others forked."""
    meanwhile, after, _ = asyncio.run(_after_the_loss_of(lambda pid: parent(parent(pid))))
    assert [len(meanwhile[0]), len(after[0])] == [1, 1]


def test_another_policy_is_loaded_after_the_nursery_is_lost() -> None:
    """A reload finds a nursery, if need be one of its own."""

    async def talk() -> int:
        inspector = ProcessInspector(TOYS)
        try:
            await inspector.load("policy", SPEC)
            os.kill(parent(parent(child_of(inspector))), signal.SIGKILL)
            await inspector.load("next", SPEC)
            return len((await look(inspector, key="next"))[0])
        finally:
            await inspector.close()

    assert asyncio.run(talk()) == 1


def last_descriptors(many: int) -> int:
    """The limit under which this process can open so many more and no other."""
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(many)]
    for descriptor in held:
        os.close(descriptor)
    return max(held) + 1


@pytest.mark.timeout(120)
def test_an_analyzer_that_came_without_its_descriptor_is_followed_by_one_that_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No descriptors are left for a moment, in which an analyzer is replaced: two for its line, none to watch it by."""
    monkeypatch.setattr("guardrail.engine.worker._BACKOFF", (0.5,))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    came: list[int] = []
    born = forking.Forks._born

    def note(forks: forking.Forks, pid: int, descriptors: Sequence[int]) -> None:
        came.append(len(descriptors))
        born(forks, pid, descriptors)

    async def talk() -> int:
        inspector = ProcessInspector(TOYS)
        try:
            await inspector.load("policy", SPEC)
            monkeypatch.setattr(forking.Forks, "_born", note)
            os.kill(child_of(inspector), signal.SIGKILL)
            await until(lambda: inspector.restarts == 1)
            resource.setrlimit(resource.RLIMIT_NOFILE, (last_descriptors(2), limits[1]))
            await until(lambda: bool(came))
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            await until(lambda: inspector.alive)
            return len((await look(inspector))[0])
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            await inspector.close()

    assert asyncio.run(talk()) == 1
    assert came == [0, 1]


def test_a_birth_that_nobody_hears_of_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asked is told, and so is who asked behind him; the connection is not used again."""
    monkeypatch.setattr("guardrail.engine.forking._BIRTH_SECONDS", 0.2)

    async def talk() -> bool:
        ours, theirs = forking.pair()
        with theirs:
            forks = forking.Forks(ours)
            told = await asyncio.gather(forks.fork({}), forks.fork({}), return_exceptions=True)
            assert [type(each) for each in told] == [RailFailed, RailFailed]
            return forks.open

    assert not asyncio.run(talk())


def test_a_recognizer_with_a_thread_is_never_forked() -> None:
    """A lock that its thread held would be held for ever: each analyzer loads the rails itself."""

    async def talk() -> tuple[int, int]:
        inspector = ProcessInspector(TOYS)
        try:
            await inspector.load("policy", [("trouble", {"thread": True})])
            found = await look(inspector)
            return len(found[0]), len(os.listdir(f"/proc/{child_of(inspector)}/task"))  # noqa: PTH208
        finally:
            await inspector.close()

    assert asyncio.run(talk()) == (1, 2)


def test_a_long_list_of_terms_is_no_hindrance() -> None:
    """A rail's settings may be longer than a message between processes."""

    async def talk(settings: dict[str, Any]) -> int:
        inspector = ProcessInspector(TOYS)
        try:
            await inspector.load("policy", [("trouble", settings)])
            return len((await look(inspector))[0])
        finally:
            await inspector.close()

    assert asyncio.run(talk({"terms": ["x" * 100] * 20_000})) == 1
