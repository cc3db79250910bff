"""A real proxy process, started the way a user starts it, with everything it writes kept for the leak oracle."""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from tests.support import memory
from tests.support.fake_upstream import wait_until

START_SECONDS = 30.0


class Proxy:
    """`guardrail serve` on free ports while the `with` block runs. Logs at DEBUG unless told otherwise.

    `environment` is set for it beside our own.
    """

    def __init__(
        self,
        *arguments: str,
        upstream: str = "",
        log_level: str = "debug",
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._arguments = [*arguments, *(("--upstream", upstream) if upstream else ())]
        self._environment = {"GUARDRAIL_LOG_LEVEL": log_level, **environment}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._folder = memory.folder()
        self._process: subprocess.Popen[str] | None = None
        self.port = 0
        self.admin_port = 0

    @property
    def url(self) -> str:
        """The base URL for an OpenAI client."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def process(self) -> subprocess.Popen[str]:
        """The process."""
        assert self._process is not None
        return self._process

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "guardrail", "serve", "--port", "0", "--admin-port", "0", *self._arguments],
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd=self._folder.name,
            env={**os.environ, "GUARDRAIL_DATA_DIR": str(self.data), **self._environment},
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        ports = re.findall(r":(\d+)", line)
        assert len(ports) == 2, f"the proxy did not start: {line!r} {self.log.decode()[-2000:]}"
        self.port, self.admin_port = map(int, ports)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(15)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._errors.close()
        self._folder.cleanup()

    @property
    def running(self) -> bool:
        """Between the beginning and the end of the `with` block, be the process alive or not."""
        return self._process is not None and not self._errors.closed

    @property
    def log(self) -> bytes:
        """All that was written to stderr so far."""
        return os.pread(self._errors.fileno(), 1 << 26, 0)

    @property
    def written(self) -> bytes:
        """The content of every file the process left where it ran."""
        files = {
            path for folder in (self._folder.name, self.data) for path in Path(folder).rglob("*") if path.is_file()
        }
        return b"".join(path.read_bytes() for path in files)

    @property
    def data(self) -> Path:
        """Where its state is: audit log, keys."""
        own = Path(self._folder.name) / "guardrail-data"
        return Path(self._environment.get("GUARDRAIL_DATA_DIR", own))

    def metrics(self) -> str:
        """The metrics page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}/metrics", timeout=10) as page:
            return str(page.read().decode())

    def metric(self, sample: str) -> float:
        """The sum of all samples that begin with `sample`, e.g. `guardrail_failures_total{`."""
        lines = [line for line in self.metrics().splitlines() if line.startswith(sample)]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)

    def get(self, path: str) -> tuple[int, bytes]:
        """GET on the client port."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as page:
                return page.status, page.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def analyzers(self) -> list[int]:
        """Process ids of the analyzers: each was forked from a rail set, which was forked from the nursery."""
        nurseries = [pid for pid in children(self.process.pid) if is_nursery(pid)]
        return [pid for nursery in nurseries for rails in children(nursery) for pid in children(rails)]

    def wait_ready(self, seconds: float = 20.0) -> None:
        """Returns as soon as the proxy says that it is ready."""
        wait_until(lambda: self.get("/guardrail/ready")[0] == 200, seconds, "the proxy is ready")


def children(pid: int) -> list[int]:
    """Process ids; none if it is gone."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def is_nursery(pid: int) -> bool:
    """True for a process that analyzers come from, and for an analyzer."""
    try:
        return b"guardrail.engine.nursery" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def spellings(canary: str) -> list[bytes]:
    """The ways in which a value could hide in a sink: raw, percent, base64, hex, JSON escapes, full width."""
    raw = canary.encode()
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in canary)
    return [
        raw,
        urllib.parse.quote(canary).encode(),
        *(base64.b64encode(b" " * shift + raw)[4 * bool(shift) : -4] for shift in range(3)),
        raw.hex().encode(),
        raw.hex().upper().encode(),
        "".join(f"\\u{ord(c):04x}" for c in canary).encode(),
        wide.encode(),
    ]


def leaked(canary: str, *sinks: bytes) -> bool:
    """True if any sink holds the canary in any spelling."""
    return any(spelling in sink for sink in sinks for spelling in spellings(canary))
