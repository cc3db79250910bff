"""The analyzer child: it may raise, hang, die and lie; then nothing is known, and the next caller is served."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from guardrail.engine.worker import InlineInspector, Inspector, Job, ProcessInspector
from guardrail.errors import PolicyError, RailError, RailFailed, RailLate
from guardrail.rails.base import About, Window
from guardrail.text import Finding, Span
from tests.engine.toys import TroubleRail, build

TOYS = f"{build.__module__}:{build.__name__}"
SPEC = [("trouble", {}), ("names", {"pattern": "(?P<NAME>Lopez)"})]


@asynccontextmanager
async def working(**options: Any) -> AsyncIterator[tuple[ProcessInspector, Inspector]]:
    inspector = ProcessInspector(TOYS, **options)
    try:
        await inspector.load("policy", SPEC)
        yield inspector, inspector.bind("policy")
    finally:
        await inspector.close()


def job(text: str, *rails: str) -> Job:
    return Window(text), About(), rails or ("trouble",)


async def look(bound: Inspector, *texts: str) -> list[list[Finding]]:
    return await bound.inspect([job(text) for text in texts])


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.01)


def child_of(inspector: ProcessInspector) -> int:
    (pid,) = inspector.pids
    return pid


def test_findings_come_back_from_the_child() -> None:
    """What the rails find in another process is what they find in ours, letter by letter."""
    texts = ["Maria Lopez", "", "nobody", "\ud800 Maria \U0001f600", "Ärztin\r\nMaria\u2028Lopez\x00Maria"]

    async def both() -> tuple[list[list[Finding]], list[list[Finding]]]:
        rails = {name: build(name, settings) for name, settings in SPEC}
        jobs = [job(text, *rails) for text in texts]
        async with working() as (_, bound):
            return await bound.inspect(jobs), await InlineInspector(rails).inspect(jobs)

    there, here = asyncio.run(both())
    assert there == here
    assert there[0] == [Finding(Span(0, 5), "trouble", "NAME", 0.9), Finding(Span(6, 11), "names", "NAME", 0.9)]


def test_no_analyzer_is_cold_when_it_is_asked() -> None:
    """Neither the first one nor the one that takes its place; a rail that fails meanwhile is no reason not to load."""

    async def talk() -> list[list[Finding]]:
        inspector = ProcessInspector(TOYS)
        try:
            await inspector.load("policy", [("trouble", {}), ("cold", {})])
            bound = inspector.bind("policy")
            first = await bound.inspect([job("Hello", "cold")])
            os.kill(child_of(inspector), signal.SIGKILL)
            await until(lambda: inspector.restarts == 1 and inspector.alive)
            return first + await bound.inspect([job("Hello", "cold")])
        finally:
            await inspector.close()

    assert asyncio.run(talk()) == [[], []]


@pytest.mark.case("NLP-01", "NLP-07")
@pytest.mark.parametrize("text", ["RAISE Maria", "GARBAGE Maria", "NAN Maria", "STRANGER Maria", "QUOTE Maria"])
def test_a_rail_that_fails_is_an_error_without_the_text(text: str) -> None:
    """A rail that raises or talks nonsense means "not inspected", and the error quotes nobody."""

    async def talk() -> tuple[RailFailed, list[list[Finding]]]:
        async with working() as (inspector, bound):
            with pytest.raises(RailFailed) as caught:
                await look(bound, text)
            assert inspector.restarts == 0
            return caught.value, await look(bound, "Maria")

    error, after = asyncio.run(talk())
    assert "Maria" not in repr(error)
    assert error.__cause__ is None
    assert len(after[0]) == 1


@pytest.mark.parametrize("text", ["RAISE Maria", "GARBAGE Maria", "NAN Maria", "STRANGER Maria", "QUOTE Maria"])
def test_the_same_holds_in_our_own_process(text: str) -> None:
    """`guardrail try` believes a rail no more than the proxy does."""
    with pytest.raises(RailFailed) as caught:
        asyncio.run(look(InlineInspector({"trouble": TroubleRail("trouble")}), text))
    assert "Maria" not in repr(caught.value)


@pytest.mark.case("NLP-01", "NLP-02")
@pytest.mark.parametrize("text", ["LOOP", "SLEEP30"])
def test_a_late_rail_is_killed_and_replaced(text: str) -> None:
    """A text that keeps a rail busy for ever is refused at the deadline, and the next text is served."""

    async def talk() -> list[list[Finding]]:
        async with working(job_deadline=0.3) as (inspector, bound):
            with pytest.raises(RailLate):
                await look(bound, text)
            found = await look(bound, "Maria")
            assert inspector.restarts == 1
            assert inspector.alive
            return found

    assert len(asyncio.run(talk())[0]) == 1


def test_a_child_that_dies_fails_its_caller_only() -> None:
    """If the analyzer dies in the middle of a text, that text is refused and those behind it are served."""

    async def talk() -> list[Any]:
        async with working() as (_, bound):
            asked = [look(bound, text) for text in ("SLEEP0.2 Maria", "DIE", "Maria", "Maria")]
            return await asyncio.gather(*asked, return_exceptions=True)

    first, second, *rest = asyncio.run(talk())
    assert len(first[0]) == 1
    assert isinstance(second, RailFailed)
    assert [len(found[0]) for found in rest] == [1, 1]


def test_kill_nine_while_idle_is_noticed() -> None:
    """An analyzer that the system kills while nobody asks is replaced before somebody does."""

    async def talk() -> list[list[Finding]]:
        async with working() as (inspector, bound):
            os.kill(child_of(inspector), signal.SIGKILL)
            await until(lambda: inspector.restarts == 1 and inspector.alive)
            return await look(bound, "Maria")

    assert len(asyncio.run(talk())[0]) == 1


@pytest.mark.case("NLP-01")
def test_kill_nine_at_work_fails_closed() -> None:
    """An analyzer that is killed over a text means that text was not inspected."""

    async def talk() -> list[list[Finding]]:
        async with working() as (inspector, bound):
            waiting = asyncio.ensure_future(look(bound, "SLEEP1 Maria"))
            await asyncio.sleep(0.1)
            os.kill(child_of(inspector), signal.SIGKILL)
            with pytest.raises(RailFailed):
                await waiting
            return await look(bound, "Maria")

    assert len(asyncio.run(talk())[0]) == 1


def test_a_terminal_signal_does_not_end_the_child() -> None:
    """Ctrl-C at the proxy lets answers under way finish: the analyzer ends only with the proxy."""

    async def talk() -> int:
        async with working() as (inspector, bound):
            for number in (signal.SIGINT, signal.SIGTERM):
                os.kill(child_of(inspector), number)
            await look(bound, "Maria")
            return inspector.restarts

    assert asyncio.run(talk()) == 0


def test_a_print_in_a_library_does_not_disturb() -> None:
    """What a library prints never mixes with what the analyzer answers."""

    async def talk() -> list[list[Finding]]:
        async with working() as (_, bound):
            return await look(bound, "PRINT Maria")

    assert len(asyncio.run(talk())[0]) == 1


def test_a_cancelled_caller_leaves_no_answer_behind() -> None:
    """When clients go away in the middle of their texts, nobody gets findings of another's text."""

    async def storm(bound: Inspector) -> None:
        asked = [asyncio.ensure_future(look(bound, f"SLEEP0.02 {'Maria ' * number}")) for number in range(1, 15)]
        await asyncio.sleep(0.03)
        for task in asked[::2]:
            task.cancel()
        done = await asyncio.gather(*asked, return_exceptions=True)
        for number, found in enumerate(done, start=1):
            if number % 2 == 0:
                assert not isinstance(found, BaseException)
                assert len(found[0]) == number

    async def talk() -> tuple[int, int]:
        async with working() as (inspector, bound):
            for _ in range(3):
                await storm(bound)
            assert len((await look(bound, "Maria"))[0]) == 1
            return inspector.restarts, inspector.waiting

    assert asyncio.run(talk()) == (0, 0)


async def noted(done: list[str], name: str, work: Awaitable[object]) -> None:
    """Who is through, in the order in which they are."""
    await work
    done.append(name)


def test_one_long_text_does_not_keep_others_waiting() -> None:
    """A short text that comes behind a very long one waits for a slice of it, not for all of it."""

    async def talk() -> list[str]:
        done: list[str] = []
        async with working() as (_, bound):
            long = bound.inspect([job("SLEEP0.05 " + "x" * 3_990)] * 10)
            first = asyncio.ensure_future(noted(done, "long", long))
            await asyncio.sleep(0.02)
            await asyncio.gather(noted(done, "short", look(bound, "Maria")), first)
        return done

    assert asyncio.run(talk()) == ["short", "long"]


@pytest.mark.case("NLP-05")
def test_of_those_who_wait_who_needs_least_comes_first() -> None:
    """A short question does not stand behind everybody's long documents (NLP-05)."""

    async def talk() -> list[str]:
        done: list[str] = []
        async with working() as (_, bound):
            long = [bound.inspect([job("SLEEP0.05 " + "x" * 3_990)] * 4) for _ in range(5)]
            waiting = [asyncio.ensure_future(noted(done, f"long {number}", each)) for number, each in enumerate(long)]
            await asyncio.sleep(0.02)
            await asyncio.gather(noted(done, "short", look(bound, "Maria")), *waiting)
        return done

    assert asyncio.run(talk())[0] == "short"


def test_many_short_texts_are_asked_about_in_parts() -> None:
    """A form of a thousand fields doesn't keep the analyzer from others until its last one."""
    told: list[str] = []

    async def talk() -> list[list[Finding]]:
        async with working(observe=lambda rail, seconds: told.append(rail)) as (_, bound):
            return await look(bound, *["Maria", ""] * 500)

    found = asyncio.run(talk())
    assert [len(each) for each in found] == [1, 0] * 500
    assert len(told) >= 3


@pytest.mark.case("NLP-05")
def test_the_queue_is_bounded() -> None:
    """When too much waits already, more is refused at once instead of being promised."""

    async def talk() -> list[str]:
        async with working(max_waiting=2) as (_, bound):
            asked = [look(bound, "SLEEP0.2") for _ in range(5)]
            done = await asyncio.gather(*asked, return_exceptions=True)
            return [each.code for each in done if isinstance(each, RailError)]

    assert asyncio.run(talk()) == ["overloaded"] * 2


def test_waiting_has_an_end() -> None:
    """A text that waits too long for its turn is refused, and the analyzer goes on."""

    async def talk() -> tuple[str, int]:
        async with working(queue_deadline=0.1) as (inspector, bound):
            first = asyncio.ensure_future(look(bound, "SLEEP0.5"))
            await asyncio.sleep(0.05)
            with pytest.raises(RailLate) as caught:
                await look(bound, "Maria")
            await first
            return caught.value.code, inspector.restarts

    assert asyncio.run(talk()) == ("queue_deadline", 0)


def test_a_policy_that_does_not_load_changes_nothing() -> None:
    """A broken rail set is refused without quoting its settings, and the loaded one works on."""

    async def talk() -> tuple[PolicyError, list[list[Finding]]]:
        async with working() as (inspector, bound):
            with pytest.raises(PolicyError) as caught:
                await inspector.load("next", [("names", {"broken": "Maria"})])
            with pytest.raises(RailFailed):
                await look(inspector.bind("next"), "Maria")
            return caught.value, await look(bound, "Maria")

    error, found = asyncio.run(talk())
    assert error.message == "the rail names failed (RuntimeError)"
    assert len(found[0]) == 1


def test_a_reload_keeps_nobody_waiting() -> None:
    """While a new policy loads, texts under way are judged by the one they began with."""

    async def talk() -> list[int]:
        async with working() as (inspector, bound):
            load = asyncio.ensure_future(inspector.load("next", [("trouble", {})]))
            found = [await look(bound, f"SLEEP0.01 {'Maria ' * number}") for number in range(8)]
            await load
            found.append(await look(inspector.bind("next"), "Maria"))
            await inspector.unload("policy")
            with pytest.raises(RailFailed):
                await look(bound, "Maria")
            return [len(each[0]) for each in found]

    assert asyncio.run(talk()) == [*range(8), 1]


def test_unloading_fails_those_who_still_wait() -> None:
    """A rail set that is taken away finishes the text in its hands; those behind it are refused, not waved through."""

    async def talk() -> list[Any]:
        async with working() as (inspector, bound):
            asked = [asyncio.ensure_future(look(bound, "SLEEP0.3 Maria")) for _ in range(3)]
            await asyncio.sleep(0.1)
            await inspector.unload("policy")
            assert not inspector.alive
            return await asyncio.gather(*asked, return_exceptions=True)

    assert [type(each) for each in asyncio.run(talk())] == [list, RailFailed, RailFailed]


def test_a_factory_that_is_not_there_is_a_policy_error() -> None:
    """A product that was installed wrongly says so at start."""

    async def talk() -> None:
        inspector = ProcessInspector("tests.engine.nowhere:build")
        try:
            await inspector.load("policy", SPEC)
        finally:
            await inspector.close()

    with pytest.raises(PolicyError):
        asyncio.run(talk())


def test_the_child_sees_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of the providers stay in the proxy: the analyzer's environment holds none."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")

    async def talk() -> bytes:
        async with working() as (inspector, _):
            return Path(f"/proc/{child_of(inspector)}/environ").read_bytes()  # noqa: ASYNC240

    if not Path("/proc/self").is_dir():
        pytest.skip("needs /proc")
    assert b"sk-secret" not in asyncio.run(talk())


def test_the_child_ends_with_the_proxy() -> None:
    """No analyzer stays behind with patients' texts in its memory."""

    async def talk() -> int:
        async with working() as (inspector, _):
            return child_of(inspector)

    pid = asyncio.run(talk())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_rail_times_are_told() -> None:
    """The dashboard shows how long each rail takes."""
    seen: list[tuple[str, float]] = []

    async def talk() -> None:
        async with working(observe=lambda rail, seconds: seen.append((rail, seconds))) as (_, bound):
            await bound.inspect([job("Maria", "trouble", "names")])

    asyncio.run(talk())
    assert [rail for rail, _ in seen] == ["trouble", "names"]
    assert all(seconds >= 0 for _, seconds in seen)
