"""The policy in force, and how it changes: whole or not at all.

A new version is read, checked, its rails are built in the analyzer, and only then it takes the old one's place. If
anything fails the old one stays, and the store says so (`stale`, a metric, one log line without content). Does not
know who asks for a reload: SIGHUP, a changed file, a test.
"""

from __future__ import annotations

import asyncio
import logging
import re
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from guardrail.engine.worker import Inspector
from guardrail.errors import GuardrailError, PolicyError
from guardrail.policy.compile import Compiled, RailSpec, compile_policy, remote_spec, spec_key
from guardrail.policy.load import Loaded, own_words
from guardrail.policy.source import MAX_BYTES, Refused, digest, opened
from guardrail.record import log
from guardrail.record.metrics import Metrics

POLL_SECONDS = 1.0
RETRY_POLLS = 30
_MAX_CODE = 64
_UNFORESEEN = "it could not be put in force, for a reason that nobody foresaw; the log says where"


class Analyzer(Protocol):
    """Where rail sets are built and used. `key` names a set."""

    async def load(self, key: str, spec: Sequence[RailSpec]) -> None:
        """Build a set. Raises PolicyError or RailError if it can't be built."""
        ...

    async def unload(self, key: str) -> None:
        """Forget a set that nobody uses."""
        ...

    def bind(self, key: str) -> Inspector:
        """An inspector that uses the set."""
        ...


class PolicyStore:
    """Holds one compiled policy. An exchange takes `current()` once and keeps it to its end (CFG-04)."""

    def __init__(
        self,
        load: Callable[[], Loaded],
        analyzer: Analyzer,
        metrics: Metrics,
        tell: Callable[[str, Mapping[str, str | int]], None] = lambda result, where: None,
    ) -> None:
        """`tell` hears what came of each reload: "ok", "unchanged" or "failed"; and then which mistake, as codes."""
        self._load, self._tell = load, tell
        self._analyzer = analyzer
        self._metrics = metrics
        self._compiled: Compiled | None = None
        self._loaded: Loaded | None = None
        self._files: tuple[Path, ...] = ()
        self._read: tuple[str, ...] = ()
        """What stood in the files when they were read last: what is written while rails are built is news."""
        self._problem = ""
        self._one_at_a_time = asyncio.Lock()
        self._users: Counter[str] = Counter()
        self._chores: set[asyncio.Task[None]] = set()

    def current(self) -> Compiled:
        """The policy in force. Raises PolicyError before `start`."""
        if self._compiled is None:
            raise PolicyError("no policy is in force yet")
        return self._compiled

    @property
    def stale(self) -> bool:
        """True if the last reload failed: what is in force is not what the file says."""
        return bool(self._problem)

    @property
    def problem(self) -> str:
        """Why the last reload failed (`file:line: path: what`), "" if it did not."""
        return self._problem

    async def start(self) -> None:
        """Put the first policy in force. Raises PolicyError or RailError: a bad policy refuses the start."""
        async with self._one_at_a_time:
            await self._put_in_force(await asyncio.to_thread(self._load))

    async def reload(self) -> str:
        """Put in force what the file says now: "ok", "unchanged" or "failed" (then the old one stays)."""
        async with self._one_at_a_time:
            result, where = await self._try_reload()
        self._metrics.policy_reload(result, stale=self.stale)
        self._tell(result, where)
        return result

    async def watch(self, poll_seconds: float = POLL_SECONDS) -> None:
        """Reload when a file's content changes, until cancelled.

        Contents are compared, not events: a ConfigMap that swaps a symlink sends none. A change counts once two
        looks in a row agree, so that a file is not read while it is being written.
        """
        seen = await self._look()
        quiet = 0
        while True:
            await asyncio.sleep(poll_seconds)
            now = await self._look()
            settled, seen, quiet = now == seen, now, quiet + 1
            again = self._outdated() or (self.stale and quiet >= RETRY_POLLS)
            if settled and (now != self._read or again):
                await self.reload()
                seen, quiet = await self._look(), 0

    async def _try_reload(self) -> tuple[str, Mapping[str, str | int]]:
        before, where = self._read, dict[str, str | int]()
        try:
            before = await self._look()
            return await self._take_over(await asyncio.to_thread(self._load)), {}
        except GuardrailError as error:
            self._problem = error.message
            where = {"error": error.code, **_where(error)}
            log.event("policy_reload_failed", level=logging.ERROR, **where)
        except Exception as error:  # noqa: BLE001 - whatever a file can do, the old policy stays and the next one counts
            self._problem = _UNFORESEEN
            where = {"error": GuardrailError.default_code}
            log.unexpected(error, "policy_reload_failed")
        await self._renew()
        self._read = before
        return "failed", where

    async def _take_over(self, loaded: Loaded) -> str:
        changed = self._compiled is None or loaded.sha256 != self._compiled.sha256
        if changed or self._outdated():
            await self._put_in_force(loaded)
        self._problem, self._files, self._read = "", loaded.files, loaded.digests
        return "ok" if changed else "unchanged"

    def _outdated(self) -> bool:
        """True if a new day has begun since the policy was compiled: crisis lines may have expired."""
        return self._compiled is not None and self._compiled.day != datetime.now(UTC).date()

    async def _renew(self) -> None:
        """What stays in force although its file can't be loaded shows no crisis line that has expired since."""
        if self._loaded is not None and self._outdated():
            try:
                await self._put_in_force(self._loaded)
            except GuardrailError as error:
                log.event("policy_not_renewed", level=logging.ERROR, error=error.code)
            except Exception as error:  # noqa: BLE001 - as in `_try_reload`
                log.unexpected(error, "policy_not_renewed")

    async def _put_in_force(self, loaded: Loaded) -> None:
        key = spec_key(loaded.policy)
        compiled = compile_policy(loaded, self._analyzer.bind, remembered=self._metrics.remembered)
        if not self._users[key]:
            await self._analyzer.load(key, remote_spec(loaded.policy))
        self._users[key] += 1
        weakref.finalize(compiled, self._on_unused, key, asyncio.get_running_loop()).atexit = False
        self._compiled, self._loaded = compiled, loaded
        self._files, self._read = loaded.files, loaded.digests
        self._metrics.use(compiled.words)
        self._metrics.policy(loaded.policy.name, loaded.policy.version, loaded.sha256)
        self._metrics.detection_off(loaded.policy.crisis.off)
        self._tell_expired(compiled)
        log.event("policy_in_force", policy=f"{loaded.policy.name}:{loaded.policy.version}")

    def _tell_expired(self, compiled: Compiled) -> None:
        """WHO-51: once a day, since the policy is compiled again on a new one."""
        self._metrics.expired_texts((row.kind, row.name) for row in compiled.expired)
        for row in compiled.expired:
            log.event("crisis_text_expired", level=logging.WARNING, what=f"{row.kind}:{row.name}")

    def _on_unused(self, key: str, loop: asyncio.AbstractEventLoop) -> None:
        """The last exchange let go of a version. May run in any thread, at any moment."""
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._release, key)

    def _release(self, key: str) -> None:
        self._users[key] -= 1
        chore = asyncio.ensure_future(self._unload_if_unused(key))
        self._chores.add(chore)
        chore.add_done_callback(self._chores.discard)

    async def _unload_if_unused(self, key: str) -> None:
        async with self._one_at_a_time:
            if not self._users[key]:
                del self._users[key]
                try:
                    await self._analyzer.unload(key)
                except GuardrailError as error:
                    log.event("rail_set_not_unloaded", level=logging.WARNING, error=error.code)

    async def _look(self) -> tuple[str, ...]:
        return await asyncio.to_thread(_digests, self._files)


def _where(error: GuardrailError) -> Mapping[str, str | int]:
    """The first mistake as codes for a log line: its place and what is wrong, in our own words only."""
    if not isinstance(error, Refused):
        return {}
    first = error.complaints[0]
    what = re.sub(r"[^A-Za-z0-9_]+", "-", first.what)[:_MAX_CODE].strip("-")
    where = {"reason": f"{first.file}:{first.line}", "path": own_words(first.key) or "-", "what": what}
    return {**where, "count": len(error.complaints)}


def _digests(files: Iterable[Path]) -> tuple[str, ...]:
    return tuple(map(_digest, files))


def _digest(file: Path) -> str:
    """Of no more than is ever read as a policy; of what can't be read there is none."""
    try:
        with opened(file) as source:
            return digest(source.read(MAX_BYTES + 1))
    except OSError:
        return "unreadable"
