"""A disk that fails at the Nth call (AUD-05, in the way of SQLite's own tests), on a real process under strace.

Whatever call fails, once or from then on: nothing that was acknowledged is lost, nothing is acknowledged that is not
durable, the log verifies, and a process whose disk works again goes on by itself. `FAULTS_EVERY=1` tries every N.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from guardrail.record.database import Place
from tests.support.debian import needs
from tests.support.killing import Killed
from tests.support.stores import opened, rows_of, verified

EVERY = bool(os.environ.get("FAULTS_EVERY"))
SYNCS = range(1, 30) if EVERY else (3, 14)
WRITES = range(1, 130) if EVERY else (40,)
ENOUGH = 60


@pytest.fixture(scope="module")
def strace() -> str:
    """Where processes may be traced at all (a container may forbid it)."""
    program = str(needs("strace", "strace"))
    probe = subprocess.run(
        [program, "-f", "-qq", "-o", os.devnull, "true"], capture_output=True, text=True, check=False
    )
    if probe.returncode:
        said = (probe.stderr.strip().splitlines() or ["nothing"])[-1]
        pytest.skip(f"NO FAULTS OF THE DISK WERE TRIED: this machine lets nobody trace processes ({said})")
    return program


def traced(strace: str, call: str, error: str, when: str, told: Path) -> list[str]:
    """How a process is started whose calls fail; each is `told`."""
    faults = ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"]
    return [strace, "-f", "-qq", "-o", str(told), *faults]


@contextmanager
def writer(under: Sequence[str], place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """A process that writes to the log; stopped at the end of the block."""
    command = [*under, sys.executable, "-m", "tests.support.audit_writer", str(place.folder), "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def heard(process: subprocess.Popen[bytes], until: str, more: int = 0, most: int = 20 * ENOUGH) -> list[str]:
    """Lines up to the first that begins as is meant and so many more; at most so many, or until the process ends."""
    lines: list[str] = []
    left: int | None = None
    assert process.stdout is not None
    for raw in process.stdout:
        line = raw.decode().removesuffix("\n")
        lines.append(line)
        if left is None and (line.startswith(until) or len(lines) > most):
            left = more
        elif left is not None:
            left -= 1
        if left is not None and left <= 0:
            break
    return lines


def settled(place: Place, lines: Sequence[str]) -> None:
    """Nothing acknowledged is lost, the log verifies, and the next process can go on with it."""
    acknowledged = {line for line in lines if line.startswith(("i ", "o "))}

    async def look() -> None:
        if acknowledged:
            assert await Killed(place, acknowledged=acknowledged).lost() == []
            assert (await verified(place)).problems == []
        async with opened(place):
            pass
        assert (await verified(place)).problems == []
        assert await rows_of(place)

    asyncio.run(look())


@pytest.mark.parametrize(
    ("call", "error", "number"),
    [*(("fdatasync", "EIO", n) for n in SYNCS), *(("pwrite64", "ENOSPC", n) for n in WRITES)],
)
def test_one_call_fails(strace: str, tmp_path: Path, call: str, error: str, number: int) -> None:
    """The Nth call of each thread, until an entry is refused: the log recovers by itself, or the process doesn't start.

    Every connection has a new thread, so while the faults go on a transaction of N writes never gets through.
    """
    place = Place(tmp_path / "data")
    calls = tmp_path / "calls"
    with writer(traced(strace, call, error, str(number), calls), place) as tracer:
        lines = heard(tracer, "-")
        tracer.kill()  # what it traced goes on, and its disk works again
        if "ready" in lines and "-" in lines:
            lines += heard(tracer, "o ", most=100 * ENOUGH)
            assert lines[-1].startswith("o "), "did not recover"
    assert "(INJECTED)" in calls.read_text(), "no call failed"
    settled(place, lines)


@contextmanager
def failing(strace: str, process: subprocess.Popen[bytes], call: str, error: str) -> Iterator[None]:
    """Every such call of all its threads, of those to come too; strace counts "from the Nth on" by thread."""
    faults = ["-e", f"trace={call}", "-e", f"inject={call}:error={error}"]
    command = [strace, "-f", "-o", os.devnull, *faults, "-p", str(process.pid)]
    os.kill(process.pid, signal.SIGSTOP)  # no thread goes on before all of them are held
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
        os.kill(process.pid, signal.SIGCONT)
        try:
            yield
        finally:
            tracer.kill()


@pytest.mark.parametrize(("call", "error"), [("pwrite64", "ENOSPC")])
def test_all_calls_fail_from_then_on(strace: str, tmp_path: Path, call: str, error: str) -> None:
    """Fail closed: once it has refused an entry, nothing is acknowledged any more."""
    place = Place(tmp_path / "data")
    with writer([], place) as process:
        lines = heard(process, "ready", ENOUGH)
        with failing(strace, process, call, error):
            lines += heard(process, "-", ENOUGH // 3)
            os.killpg(process.pid, signal.SIGKILL)
    assert "-" in lines
    assert set(lines[lines.index("-") :]) == {"-"}
    settled(place, lines)
