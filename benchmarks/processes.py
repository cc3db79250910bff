"""The processes of a benchmark: how they are started, where they run, what CPU time and memory they took.

Knows no payload and no figure. With two cores or more, the servers under test share the last one ("one core") and the
upstream and the client have the first; CPU time is the scheduler's count in nanoseconds, for all threads of a process.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.load import Job, Sample

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE, EVERY_CORE = {CORES[-1]}, {CORES[0]}, set(CORES)
READY_SECONDS = 300.0
"""LiteLLM takes 20 on a quiet core, and this is no place to be strict."""


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB. `pss`: shared pages divided among their users; `private`: not shared with any other process."""

    pss: float
    rss: float
    private: float


@dataclass(frozen=True, slots=True)
class Server:
    """One of those that are compared: where it listens, and the processes that it began as, the one asked first."""

    name: str
    port: int
    admin_port: int = 0
    roots: tuple[int, ...] = ()

    def pids(self) -> list[int]:
        """All its processes, the one asked first."""
        return [pid for root in self.roots for pid in tree(root)]

    def cpu(self) -> dict[str, float]:
        """CPU seconds of the process that is asked, and of all others together."""
        first, *others = [cpu_seconds(pid) for pid in self.pids()] or [0.0]
        return {"server": first, "others": sum(others)}

    def memory(self) -> list[Memory]:
        """Of each process."""
        return [memory(pid) for pid in self.pids()]

    def metrics(self) -> dict[str, float]:
        """The admin port's samples by name and labels."""
        lines = _get(self.admin_port, "/metrics").decode().splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
        return {name: float(value) for name, value in pairs}


class Load:
    """The client process."""

    def __init__(self, process: subprocess.Popen[str], results: Path) -> None:
        self._process, self._results = process, results

    def begin(self, job: Job) -> None:
        """Start a job; `result` must follow."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(job)) + "\n")
        self._process.stdin.flush()

    def result(self) -> list[Sample]:
        """Wait for the job. Raises RuntimeError if a request was not answered as it should."""
        _line(self._process)
        answer = json.loads(self._results.read_text())
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
    with (
        tempfile.TemporaryDirectory() as folder,
        _python(["-m", "benchmarks.load", f"{folder}/results"], CLIENT_CORE) as process,
    ):
        yield Load(process, Path(folder, "results"))


@contextmanager
def upstream() -> Iterator[Server]:
    """The scripted model. Its rows are those of a client that asks it directly."""
    with _python(["-m", "benchmarks.upstream"], CLIENT_CORE) as process:
        (port,) = _ports(process)
        yield Server("direct", port)


@contextmanager
def bare(behind: Server) -> Iterator[Server]:
    """The yardstick in front of the upstream."""
    with _python(["-m", "benchmarks.bare", f"http://127.0.0.1:{behind.port}"], SERVER_CORE) as process:
        port, admin_port = _ports(process)
        yield Server("bare", port, admin_port, (process.pid,))


@contextmanager
def guardrail(
    name: str, behind: Server, policy: Path | None = None, workers: int = 1, cores: set[int] = SERVER_CORE
) -> Iterator[Server]:
    """The product, started as a user starts it, with this policy or the one it comes with. Its log lies on the disk."""
    command = ["-m", "guardrail", "serve", "--port", "0", "--admin-port", "0", "--workers", str(workers)]
    command += ["--upstream", f"http://127.0.0.1:{behind.port}", *(["--policy", str(policy)] if policy else [])]
    with tempfile.TemporaryDirectory() as data, _python(command, cores, {"GUARDRAIL_DATA_DIR": data}) as process:
        line = _line(process)
        port, admin_port = (int(word.rstrip(",").rpartition(":")[2]) for word in line.split() if "://" in word)
        wait_ready(port, "/guardrail/ready", process)
        yield Server(name, port, admin_port, (process.pid,))


@contextmanager
def program(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Somebody else's server, in that folder, on the servers' core; what it prints is in the folder's `log`."""
    with (
        (folder / "log").open("a") as log,
        _process(command, SERVER_CORE, folder, environment, log.fileno()) as process,
    ):
        yield process


def wait_ready(port: int, path: str, process: subprocess.Popen[str]) -> None:
    """Until it answers there. Raises RuntimeError if it ended or takes too long."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            _get(port, path)
            return
        time.sleep(0.01)
    raise RuntimeError(f"{process.args!r} does not get ready; run it by hand to see why")


def free_port() -> int:
    """Nobody listens there now."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def _get(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as page:
        data: bytes = page.read()
        return data


@contextmanager
def _python(
    arguments: Sequence[str], cores: set[int], environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    with _process([sys.executable, *arguments], cores, Path.cwd(), environment) as process:
        yield process


@contextmanager
def _process(
    command: Sequence[str], cores: set[int], folder: Path,
    environment: Mapping[str, str] | None = None, output: int = subprocess.PIPE,
) -> Iterator[subprocess.Popen[str]]:  # fmt: skip
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **(environment or {})}, text=True,
        stdin=subprocess.PIPE, stdout=output, stderr=subprocess.DEVNULL if output < 0 else subprocess.STDOUT,
        preexec_fn=lambda: os.sched_setaffinity(0, cores), start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """It, and what it started and left behind."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


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
        raise RuntimeError(f"{process.args!r} says nothing; run it by hand to see why")
    return line


def tree(pid: int) -> Iterator[int]:
    """A process and those that it started, and theirs."""
    yield pid
    for child in children(pid):
        yield from tree(child)


def children(pid: int) -> list[int]:
    """Those that a process started itself; none if it is gone."""
    with suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return []


def cpu_seconds(pid: int) -> float:
    """The CPU time of a process, all its threads, in ns resolution (`/proc/PID/stat` counts the same in 10 ms)."""
    cpu_clock_of_process = 2
    with suppress(OSError):  # it has just ended
        return time.clock_gettime((~pid << 3) | cpu_clock_of_process)
    return 0.0


def memory(pid: int) -> Memory:
    """What a process has now."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.partition(":")[0]: int(line.split()[1]) / 1024 for line in lines[1:]}
    return Memory(sizes["Pss"], sizes["Rss"], sizes["Private_Clean"] + sizes["Private_Dirty"])


def forget_peak(pid: int) -> None:
    """What `peak_mib` tells begins now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_mib(pid: int) -> float:
    """The largest RSS since `forget_peak`."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def take_times(server: Server) -> list[tuple[float, float]]:
    """When each request had arrived at the upstream and when its first byte was written, since the last call."""
    return [(arrived, wrote) for arrived, wrote in json.loads(_get(server.port, "/times"))]


def last_question(server: Server) -> bytes:
    """The body of the latest request that arrived at the upstream."""
    return _get(server.port, "/last")
