"""Many streams at once, and the processes behind them: `python -m benchmarks.streams WHAT [--count N] [--workers N]`.

    idle        N streams that have begun and say nothing more: memory for each, over all processes of the proxy
    disconnect  N clients go away in the middle of their streams: how soon the provider's side of each is closed
    end         SIGTERM while N streams are open: how each of them ends, and the exit status
    processes   memory of each process, CPU and wall time to be ready, until a killed worker and analyzer are back

One JSON object on standard output; figures that a table of docs/scaling.md needs are written there by
`python -m benchmarks.scaling`. Everything is on loopback. A stream needs two descriptors of a worker, one of the client
and one of the provider: the limit for a process (`ulimit -n`) bounds N.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import signal
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from benchmarks.processes import children, cpu_seconds, memory, tree

_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
_FIRST = b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Rest well. "},"finish_reason":null}]}\n\n'  # noqa: E501
_PATIENCE = 60.0


@dataclass
class Model:
    """A provider that begins an answer and never ends it. `gone`: when each connection was closed."""

    begun: int = 0
    gone: list[float] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
            await reader.readexactly(length)
            writer.write(_HEAD + b"%x\r\n%s\r\n" % (len(_FIRST), _FIRST))
            self.begun += 1
            await reader.read()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.gone.append(time.monotonic())
            writer.close()


@dataclass(frozen=True)
class Product:
    """The proxy under test."""

    pid: int
    port: int
    admin: int

    def memory(self) -> dict[int, float]:
        """PSS in MiB of each of its processes."""
        return {pid: memory(pid).pss for pid in tree(self.pid)}

    def cpu(self) -> float:
        """CPU seconds of all its processes that live."""
        return sum(cpu_seconds(pid) for pid in tree(self.pid))

    def sample(self, name: str) -> float:
        """A sample of the metrics page, summed over its labels."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics", timeout=30) as page:
            lines = page.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


@contextmanager
def product(upstream: int, workers: int, streams: int) -> Iterator[Product]:
    """`guardrail serve`, whose policy lets so many streams in and waits for the slowest."""
    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder) / "policy.yaml"
        policy.write_text(_roomy(streams + 1_000))
        command = [sys.executable, "-m", "guardrail", "serve", "--port", "0", "--admin-port", "0", "--policy"]
        command += [str(policy), "--workers", str(workers), "--upstream", f"http://127.0.0.1:{upstream}"]
        read, write = os.pipe()
        environment = {**os.environ, "GUARDRAIL_DATA_DIR": f"{folder}/data"}
        actions = [
            (os.POSIX_SPAWN_DUP2, write, 1),
            (os.POSIX_SPAWN_OPEN, 2, f"{folder}/log", os.O_WRONLY | os.O_CREAT, 0o600),
        ]
        pid = os.posix_spawn(command[0], command, environment, file_actions=actions)
        os.close(write)
        with open(read) as told:  # noqa: PTH123 - a pipe
            line = told.readline()
            ports = [int(word.rstrip(",").rpartition(":")[2]) for word in line.split() if "://" in word]
            if len(ports) != 2:
                raise RuntimeError(Path(f"{folder}/log").read_text()[-500:])
            try:
                yield Product(pid, *ports)
            finally:
                if _status(pid) is None:
                    os.kill(pid, signal.SIGTERM)
                    os.kill(pid, signal.SIGTERM)
                    os.waitpid(pid, 0)


def _roomy(streams: int) -> str:
    """The baseline with room for so many."""
    limits = f"limits: {{max_in_flight: {streams}, drain_seconds: 5}}"
    return f"name: bench\nversion: 1\nextends: [baseline]\n{limits}\n"


_ended: dict[int, int] = {}


def _status(pid: int) -> int | None:
    """The exit status; None while it runs."""
    if pid not in _ended:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            _ended[pid] = os.waitstatus_to_exitcode(status)
    return _ended.get(pid)


@asynccontextmanager
async def provider() -> AsyncIterator[tuple[Model, int]]:
    """The model and its port."""
    model = Model()
    server = await asyncio.start_server(model.talk, "127.0.0.1", 0, backlog=4096)
    yield model, server.sockets[0].getsockname()[1]
    server.close()


async def begin(port: int, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A stream whose first event has come."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    said = {
        "model": "m",
        "stream": True,
        "messages": [{"role": "user", "content": f"How much rest, case {number % 50}?"}],
    }
    body = json.dumps(said).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n"
    writer.write(f"{head}authorization: Bearer sk\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
    async with asyncio.timeout(_PATIENCE):
        status = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in status.split(b"\r\n")[0]:
            raise RuntimeError(f"{status[:80]!r} {await reader.read(300)!r}")
        await reader.readuntil(b"data: ")
    return reader, writer


async def open_streams(port: int, count: int) -> list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """So many, sixteen at a time."""
    numbers = iter(range(count))
    out: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def work() -> None:
        for number in numbers:
            out.append(await begin(port, number))

    await asyncio.gather(*(work() for _ in range(16)))
    return out


async def idle(count: int, workers: int) -> dict[str, object]:
    """KiB for each stream, by the growth of PSS over all processes."""
    async with provider() as (_, port):
        with product(port, workers, count) as proxy:
            for _, writer in await open_streams(proxy.port, 64):  # what grows with the first use is no stream's
                writer.close()
            await asyncio.sleep(2)
            before, cpu = proxy.memory(), proxy.cpu()
            streams = await open_streams(proxy.port, count)
            opened = proxy.cpu()
            await asyncio.sleep(3)
            settled = proxy.cpu()
            after = proxy.memory()
            split = sorted(_descriptors(pid) // 2 for pid in tree(proxy.pid))[-workers:]
            for _, writer in streams:
                writer.close()
    grown = sum(after.values()) - sum(before.values())
    return {
        "streams": count,
        "workers": workers,
        "about_on_each_worker": split,
        "kib_per_stream": round(grown * 1024 / count, 1),
        "cpu_ms_to_open": round((opened - cpu) * 1e3 / count, 2),
        "cpu_idle_percent": round((settled - opened) / 3 * 100, 1),
    }


async def disconnect(count: int, workers: int) -> dict[str, object]:
    """Seconds from a client's end to that of its provider's connection."""
    async with provider() as (model, port):
        with product(port, workers, count) as proxy:
            streams = await open_streams(proxy.port, count)
            model.gone.clear()
            left = time.monotonic()
            for _, writer in streams:
                writer.transport.abort()
            await _when(lambda: len(model.gone) >= count)
            took = sorted(at - left for at in model.gone)
    return {
        "streams": count,
        "p50_s": round(statistics.median(took), 3),
        "p99_s": round(took[int(count * 0.99) - 1], 3),
    }


async def end(count: int, workers: int) -> dict[str, object]:
    """How streams end after SIGTERM: whole (`[DONE]`), with an error event, or cut."""
    async with provider() as (_, port):
        with product(port, workers, count) as proxy:
            streams = await open_streams(proxy.port, count)
            began = time.monotonic()
            os.kill(proxy.pid, signal.SIGTERM)
            rests = await asyncio.gather(*(_rest(reader) for reader, _ in streams))
            ended = time.monotonic() - began
            await _when(lambda: _status(proxy.pid) is not None)
            status = _status(proxy.pid)
    whole = sum(b"[DONE]" in rest for rest in rests)
    told = sum(b'"error"' in rest and rest.endswith(b"0\r\n\r\n") for rest in rests)
    return {
        "streams": count,
        "whole": whole,
        "with_error_event": told,
        "cut": count - whole - told,
        "seconds": round(ended, 1),
        "exit": status,
    }


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await reader.read()
    except OSError:
        return b""


async def processes(count: int, workers: int) -> dict[str, object]:
    """Start, memory and replacement. `count` is not used."""
    async with provider() as (_, port):
        began = time.monotonic()
        with product(port, max(2, workers), 256) as proxy:
            ready = time.monotonic() - began
            cpu = proxy.cpu()
            template = next(pid for pid in children(proxy.pid) if not _is_nursery(pid))
            nursery = next(pid for pid in children(proxy.pid) if _is_nursery(pid))
            rails = children(nursery)[0]
            private = {
                "worker": round(statistics.mean(_private(pid) for pid in children(template)), 1),
                "analyzer": round(statistics.mean(_private(pid) for pid in children(rails)), 1),
            }
            pss = round(sum(proxy.memory().values()), 1)
            victim, before = children(template)[0], set(children(rails))
            used = proxy.cpu() - cpu_seconds(victim)
            killed = _kill(victim)
            await _when(lambda: bool(set(children(rails)) - before) and victim not in children(template))
            await _when(lambda: proxy.sample("guardrail_workers ") == max(2, workers), slow=True)
            back, replaced = time.monotonic() - killed, proxy.cpu() - used
            victim = children(rails)[0]
            killed = _kill(victim)
            await _when(lambda: victim not in children(rails) and len(children(rails)) == max(2, workers))
            analyzer = time.monotonic() - killed
    return {
        "workers": max(2, workers),
        "ready_s": round(ready, 2),
        "ready_cpu_s": round(cpu, 2),
        "pss_all_mib": pss,
        "private_mib": private,
        "worker_back_s": round(back, 2),
        "worker_back_cpu_s": round(replaced, 2),
        "analyzer_back_s": round(analyzer, 3),
        "load_average": round(os.getloadavg()[0], 1),
    }


def _descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _kill(pid: int) -> float:
    """When."""
    os.kill(pid, signal.SIGKILL)
    return time.monotonic()


async def _when(condition: Callable[[], bool], *, slow: bool = False) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(0.1 if slow else 0.002)


def _is_nursery(pid: int) -> bool:
    return b"guardrail.engine.nursery" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _private(pid: int) -> float:
    """MiB that no other process shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.partition(":")[0]: int(line.split()[1]) for line in lines}
    return (sizes["Private_Dirty"] + sizes["Private_Clean"]) / 1024


KINDS = {"idle": idle, "disconnect": disconnect, "end": end, "processes": processes}
USUAL = {"idle": 8_000, "disconnect": 100, "end": 200, "processes": 0}


def measure(what: str, count: int | None = None, workers: int = 2) -> dict[str, object]:
    """One of the kinds, with its usual number of streams unless told otherwise."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(KINDS[what](USUAL[what] if count is None else count, workers))


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.streams")
    parser.add_argument("what", choices=sorted(KINDS))
    parser.add_argument("--count", type=int)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    print(json.dumps(measure(options.what, options.count, options.workers)))


if __name__ == "__main__":
    main()
