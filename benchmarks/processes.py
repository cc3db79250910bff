"""The processes of a benchmark: how they are started, where they run, what CPU time and memory they took.

Knows no payload and no figure. With two cores or more, the servers under test share the last one ("one core") and the
upstream and the client have the first; CPU time is the scheduler's count in nanoseconds, for all threads of a process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.load import Job, Sample

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = {CORES[-1]}, {CORES[0]}
READY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """One of those that are compared: where it listens, and its processes by name."""

    name: str
    port: int
    admin_port: int
    pids: dict[str, int]

    def cpu(self) -> dict[str, float]:
        """CPU seconds of each of its processes since it began."""
        return {name: cpu_seconds(pid) for name, pid in self.pids.items()}

    def metrics(self) -> dict[str, float]:
        """The admin port's samples by name and labels."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}/metrics", timeout=10) as page:
            lines = page.read().decode().splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
        return {name: float(value) for name, value in pairs}


class Load:
    """The client process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def begin(self, job: Job) -> None:
        """Start a job; `result` must follow."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(job)) + "\n")
        self._process.stdin.flush()

    def result(self) -> list[Sample]:
        """Wait for the job. Raises RuntimeError if a request was not answered as it should."""
        assert self._process.stdout is not None
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return [Sample(**row) for row in answer]

    def run(self, job: Job) -> list[Sample]:
        """A job from its start to its end."""
        self.begin(job)
        return self.result()


@contextmanager
def load() -> Iterator[Load]:
    """A client."""
    with _python(["-m", "benchmarks.load"], CLIENT_CORE) as process:
        yield Load(process)


@contextmanager
def upstream() -> Iterator[Server]:
    """The scripted model. Its rows are those of a client that asks it directly."""
    with _python(["-m", "benchmarks.upstream"], CLIENT_CORE) as process:
        (port,) = _ports(process)
        yield Server("direct", port, 0, {})


@contextmanager
def bare(behind: Server) -> Iterator[Server]:
    """The yardstick in front of the upstream."""
    with _python(["-m", "benchmarks.bare", f"http://127.0.0.1:{behind.port}"], SERVER_CORE) as process:
        port, admin_port = _ports(process)
        yield Server("bare", port, admin_port, {"server": process.pid})


@contextmanager
def guardrail(name: str, behind: Server, policy: Path | None = None) -> Iterator[Server]:
    """The product, started as a user starts it, with this policy or the one it comes with."""
    command = ["-m", "guardrail", "serve", "--port", "0", "--admin-port", "0"]
    command += ["--upstream", f"http://127.0.0.1:{behind.port}", *(["--policy", str(policy)] if policy else [])]
    with _python(command, SERVER_CORE) as process:
        line = _line(process)
        port, admin_port = (int(word.rstrip(",").rpartition(":")[2]) for word in line.split() if "://" in word)
        analyzers = [pid for nursery in children(process.pid) for rails in children(nursery) for pid in children(rails)]
        analyzer = {"analyzer": analyzers[0]} if analyzers else {}
        server = Server(name, port, admin_port, {"server": process.pid, **analyzer})
        _wait_ready(server)
        yield server


def children(pid: int) -> list[int]:
    """Process ids; none if it is gone."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def tree(pid: int) -> Iterator[int]:
    """The process and all that came from it."""
    yield pid
    for child in children(pid):
        yield from tree(child)


def _wait_ready(server: Server) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/guardrail/ready", timeout=5):
                return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"{server.name} does not get ready")


@contextmanager
def _python(arguments: Sequence[str], cores: set[int]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )  # fmt: skip
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def run_pinned(module: str) -> object:
    """What a module prints as JSON when it runs by itself where the servers run."""
    with _python(["-m", module], SERVER_CORE) as process:
        return json.loads(_line(process))


def _ports(process: subprocess.Popen[str]) -> list[int]:
    return [int(word) for word in _line(process).split()]


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args!r} did not start; run it by hand to see why")
    return line


def cpu_seconds(pid: int) -> float:
    """The CPU time of a process, all its threads, in ns resolution (`/proc/PID/stat` counts the same in 10 ms)."""
    cpu_clock_of_process = 2
    return time.clock_gettime((~pid << 3) | cpu_clock_of_process)


def memory_mib(pid: int) -> tuple[float, float]:
    """PSS (shared pages divided among their users) and RSS."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.partition(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return sizes["Pss"] / 1024, sizes["Rss"] / 1024


def take_times(server: Server) -> list[tuple[float, float]]:
    """When each request had arrived at the upstream and when its first byte was written, since the last call."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/times", timeout=10) as page:
        return [(arrived, wrote) for arrived, wrote in json.loads(page.read())]
