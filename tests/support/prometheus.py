"""A real Prometheus on a free loopback port, for as long as the `with` block runs. Knows no guardrail."""

from __future__ import annotations

import json
import math
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.debian import needs
from tests.support.fake_upstream import wait_until

START_SECONDS = 20.0


class Prometheus:
    """Debian's, with this configuration; its data and its log are in `folder`."""

    def __init__(self, config: Path, folder: Path) -> None:
        self._config = config
        self._folder = folder
        self._program = needs("prometheus", "prometheus")
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    self._program,
                    f"--config.file={self._config}",
                    f"--storage.tsdb.path={self._folder / 'data'}",
                    f"--web.listen-address=127.0.0.1:{port}",
                    "--enable-feature=exemplar-storage",
                ],
                stdout=log,
                stderr=log,
                cwd=self._folder,
            )
        wait_until(self._ready, START_SECONDS, "Prometheus is ready")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(20)

    def _ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "log").read_text()[-2000:]
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=2):
                return True
        except OSError:
            return False

    def api(self, path: str, **parameters: str) -> Any:
        """The `data` of an answer; what Prometheus says if it does not like the question."""
        address = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(address, timeout=10) as page:
                return json.load(page)["data"]
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{parameters}: {json.load(error)['error']}") from None

    def query(self, expr: str) -> list[tuple[Mapping[str, str], float]]:
        """Labels and values of now, without those that are no number."""
        result = self.api("query", query=expr)["result"]
        rows = ((row["metric"], float(row["value"][1])) for row in result if isinstance(row, dict))
        return [(labels, value) for labels, value in rows if not math.isnan(value)]
