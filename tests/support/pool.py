"""Proxies that serve one test after the other.

To start one costs seconds, to put another policy in force (SIGHUP, as an operator does it) a moment. What a process
keeps beyond a policy stays: its metrics (compare before and after), its log, its audit log. Who signals a process,
suspends something or looks for what was never counted before starts one of his own (`Proxy`).
"""

from __future__ import annotations

import itertools
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from tests.support import memory
from tests.support.claims import as_written
from tests.support.fake_upstream import wait_until
from tests.support.proxy import Proxy
from tests.support.redis_server import REDIS

ENVIRONMENT = {
    "KEY_OF_TWO": "sk-two",
    "HOOK_KEY": "a key that is long enough",
    "KEY_OF_SIGNING": as_written("EdDSA"),
    "KEY_OF_SEALING": as_written("HS256"),
    "STATE_KEY": "Q" * 43 + "=",
    "STATE_REDIS": REDIS,
    "NO_REDIS": "redis://127.0.0.1:1/0",
}
"""What a policy of a test may name. Nothing else is set for it."""

PATIENT: Mapping[str, float] = MappingProxyType({"rail_deadline_seconds": 10.0, "queue_deadline_seconds": 20.0})
"""Limits for a machine that other tests have meanwhile: the two seconds of the baseline are not always enough."""

_MOST_IDLE = 2
_VERSIONS = itertools.count(1)


class _Lodging:
    """One process, and the file that it reads its policy from."""

    def __init__(self, text: str) -> None:
        self._folder = memory.folder()
        self._file = Path(self._folder.name) / "policy.yaml"
        self._file.write_text(text)
        self.proxy = Proxy("--policy", str(self._file), environment=ENVIRONMENT)
        self.proxy.__enter__()

    def take(self, text: str, mark: bytes) -> None:
        """This policy is in force when this returns; the log tells it by its mark."""
        before = len(self.proxy.log)
        coming = self._file.with_name("coming.yaml")
        coming.write_text(text)
        coming.replace(self._file)
        self.proxy.process.send_signal(signal.SIGHUP)

        def told() -> bool:
            log = self.proxy.log[before:]
            assert b'"policy_reload_failed"' not in log, log.decode()
            return mark in log

        wait_until(told, 30, f"{mark!r} is in force")

    @property
    def fit(self) -> bool:
        """True if it can serve another."""
        return self.proxy.process.poll() is None and self.proxy.get("/guardrail/ready")[0] == 200

    def end(self) -> None:
        """Stop the process."""
        self.proxy.__exit__(None, None, None)
        self._folder.cleanup()


_idle: list[_Lodging] = []


@contextmanager
def lent(policy: Mapping[str, Any]) -> Iterator[Proxy]:
    """A proxy with this policy in force, on top of the baseline unless it says otherwise. Its version is ours.

    It names no files relative to itself. Two that are lent at the same time are two processes.
    """
    limits = {**PATIENT, **policy.get("limits", {})}
    whole = {"name": "t", "extends": ["baseline"], **policy, "limits": limits, "version": next(_VERSIONS)}
    text = yaml.safe_dump(whole)
    lodging = _idle.pop() if _idle else None
    try:
        if lodging is None:
            lodging = _Lodging(text)
        else:
            lodging.take(text, f'"{whole["name"]}:{whole["version"]}"'.encode())
        yield lodging.proxy
    except BaseException:
        if lodging is not None:
            lodging.end()
        raise
    if len(_idle) < _MOST_IDLE and lodging.fit:
        _idle.append(lodging)
    else:
        lodging.end()


def end_all() -> None:
    """When the session ends."""
    while _idle:
        _idle.pop().end()
