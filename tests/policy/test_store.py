"""The policy in force changes whole or not at all, and an exchange keeps the one it began with."""

import asyncio
import gc
import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from guardrail.engine.worker import InlineInspector, Inspector
from guardrail.errors import PolicyError, RailFailed
from guardrail.policy.compile import Compiled, RailSpec, compile_policy
from guardrail.policy.load import Loaded, load_policy
from guardrail.policy.seal import Seals, public_key, seal_of, sign
from guardrail.policy.store import RETRY_POLLS, PolicyStore
from guardrail.record import log
from guardrail.record.metrics import Metrics
from tests.policy.files import NOTICE_ONLY, write
from tests.policy.test_seal import key_pair
from tests.record.test_metrics import value


class Sets:
    """An analyzer that only remembers which rail sets it was given."""

    def __init__(self) -> None:
        self.loaded: list[str] = []
        self.fails = False
        self.meanwhile: Callable[[], None] = lambda: None

    async def load(self, key: str, spec: Sequence[RailSpec]) -> None:
        await asyncio.sleep(0)
        self.meanwhile()
        if self.fails:
            raise RailFailed("the analyzer can't build these rails")
        self.loaded.append(key)

    async def unload(self, key: str) -> None:
        self.loaded.remove(key)

    def bind(self, key: str) -> Inspector:
        return InlineInspector({})


class World:
    """A policy file, its store, and what was counted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = write(folder, NOTICE_ONLY)
        self.sets = Sets()
        self.metrics = Metrics()
        self.store = PolicyStore(lambda: load_policy(self.file), self.sets, self.metrics)

    def rewrite(self, old: str, new: str) -> None:
        write(self.folder, NOTICE_ONLY.replace(old, new))

    @property
    def version(self) -> int:
        return self.store.current().policy.version


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_bad_policy_refuses_the_start(world: World) -> None:
    world.rewrite("version: 1", "version: x")
    with pytest.raises(PolicyError):
        asyncio.run(world.store.start())
    with pytest.raises(PolicyError):
        world.store.current()


BROKEN = {
    "half written": NOTICE_ONLY[:40],
    "empty": "",
    "not YAML": "a: [",
    "unknown key": NOTICE_ONLY + "surprise: 1\n",
    "a key twice": NOTICE_ONLY + "name: again\n",
    "a wrong type": NOTICE_ONLY.replace("version: 1", "version: two"),
    "no such variable": NOTICE_ONLY.replace("example.org}", "example.org, api_key_env: GUARDRAIL_NO_SUCH_KEY}"),
    "no protection": NOTICE_ONLY.replace("unsafe: true\n", ""),
}


@pytest.mark.case("CFG-01")
@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_leaves_the_old_policy_in_force_and_says_so(world: World, text: str) -> None:
    """CFG-01."""

    async def go() -> None:
        await world.store.start()
        before = world.store.current()
        write(world.folder, text)
        assert await world.store.reload() == "failed"
        assert world.store.current() is before
        assert world.store.stale
        assert world.store.problem.startswith("ward.yaml:")
        write(world.folder, NOTICE_ONLY)
        assert await world.store.reload() == "unchanged"
        assert not world.store.stale

    asyncio.run(go())
    assert value(world.metrics, "guardrail_policy_reloads_total", result="failed") == 1
    assert value(world.metrics, "guardrail_policy_stale") == 0


def test_the_log_says_what_is_wrong_in_our_own_words_only(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Path and kind of the mistake help an operator; what somebody wrote, even as a key, may be a secret."""

    async def fields(text: str) -> dict[str, object]:
        caplog.clear()
        write(world.folder, text)
        assert await world.store.reload() == "failed"
        (record,) = [record for record in caplog.records if record.msg == "policy_reload_failed"]
        line = json.loads(log.JsonLines().format(record))
        return {name: line.get(name) for name in ("reason", "path", "what", "count")}

    async def go() -> None:
        await world.store.start()
        wrong_word = await fields(NOTICE_ONLY.replace("request: replace", "request: hunter2") + "limits: 3\n")
        assert wrong_word == {
            "reason": "ward.yaml:8",
            "path": "rails.0.request",
            "what": "use-one-of-allow-warn-replace-block",
            "count": 2,
        }
        key = await fields(NOTICE_ONLY.replace("{base_url:", "{hunter2: Maria, base_url:"))
        assert (key["path"], key["what"]) == ("upstreams.-.-", "unknown-key")
        for torn in ("hunter2: [", "hunter2: 1\nhunter2: 2\n", "a: !hunter2 b", "a: *hunter2", "'hunter2"):
            line = await fields(torn)
            assert line["what"]
            assert "hunter2" not in json.dumps(line)

    asyncio.run(go())


def test_rails_that_can_not_be_built_leave_the_old_policy_in_force(world: World) -> None:
    async def go() -> None:
        await world.store.start()
        world.rewrite("version: 1", "version: 2")
        write(world.folder, NOTICE_ONLY + "  - {rail: crisis, request: warn}\n")
        world.sets.fails = True
        assert await world.store.reload() == "failed"
        assert [rule.rail for rule in world.store.current().policy.rails] == ["notice"]

    asyncio.run(go())


@pytest.mark.case("CFG-04")
def test_an_exchange_keeps_the_version_it_began_with(world: World) -> None:
    """CFG-04: a policy that is made looser in the middle of an answer does not touch that answer."""

    async def go() -> None:
        await world.store.start()
        begun = world.store.current()
        world.rewrite("version: 1", "version: 2")
        assert await world.store.reload() == "ok"
        assert (begun.policy.version, world.version) == (1, 2)

    asyncio.run(go())


def test_rails_of_an_old_version_are_unloaded_when_its_last_exchange_ends(world: World) -> None:
    async def go() -> None:
        await world.store.start()
        (first,) = world.sets.loaded
        begun = world.store.current()
        write(world.folder, NOTICE_ONLY + "  - {rail: crisis, request: warn}\n")
        await world.store.reload()
        assert (first in world.sets.loaded, len(world.sets.loaded)) == (True, 2)
        assert begun.policy.version == 1
        del begun
        gc.collect()
        for _ in range(20):
            await asyncio.sleep(0)
        assert first not in world.sets.loaded

    asyncio.run(go())


def test_a_version_that_changes_no_rail_keeps_the_loaded_rails(world: World) -> None:
    async def go() -> None:
        await world.store.start()
        world.rewrite("version: 1", "version: 2")
        await world.store.reload()
        assert len(world.sets.loaded) == 1

    asyncio.run(go())


@pytest.mark.case("CFG-04")
def test_many_reloads_at_once_end_in_the_newest_version(world: World) -> None:
    """CFG-04: a hundred reloads at once."""

    async def go() -> None:
        await world.store.start()
        world.rewrite("version: 1", "version: 7")
        results = await asyncio.gather(*(world.store.reload() for _ in range(100)))
        assert (results.count("ok"), results.count("unchanged"), world.version) == (1, 99, 7)

    asyncio.run(go())


async def until(condition: object, world: World) -> None:
    assert callable(condition)
    for _ in range(400):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


def test_a_changed_file_is_noticed(world: World) -> None:
    async def go() -> None:
        await world.store.start()
        watching = asyncio.create_task(world.store.watch(0.01))
        await asyncio.sleep(0.05)
        world.rewrite("version: 1", "version: 2")
        await until(lambda: world.version == 2, world)
        watching.cancel()

    asyncio.run(go())


@pytest.mark.timeout(20)
def test_a_link_in_a_circle_in_place_of_the_file_is_told_and_what_follows_takes_force(world: World) -> None:
    """A swap of links that went wrong for a moment."""

    async def go() -> None:
        await world.store.start()
        watching = asyncio.create_task(world.store.watch(0.01))
        world.file.unlink()
        world.file.symlink_to(world.file)
        await until(lambda: world.store.stale, world)
        assert world.store.problem.startswith("ward.yaml:1: (file): can't be read")
        world.file.unlink()
        world.rewrite("version: 1", "version: 2")
        await until(lambda: world.version == 2, world)
        watching.cancel()

    asyncio.run(go())
    assert value(world.metrics, "guardrail_policy_stale") == 0


@pytest.mark.parametrize("renewed", [False, True])
def test_what_nobody_foresaw_leaves_the_old_policy_in_force_and_quotes_nothing(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, renewed: bool
) -> None:
    """Whatever breaks while a file is read: it is told by its kind and place, and the next good file takes force."""
    breaks = True

    def load() -> Loaded:
        if breaks:
            raise KeyError("hunter2")
        return load_policy(world.file)

    def no_policy(*_: object, **__: object) -> Compiled:
        raise LookupError("hunter2")

    async def go() -> None:
        nonlocal breaks
        breaks = False
        store = PolicyStore(load, world.sets, world.metrics)
        await store.start()
        breaks = True
        with monkeypatch.context() as broken:
            if renewed:
                broken.setattr(store, "_outdated", lambda: True)
                broken.setattr("guardrail.policy.store.compile_policy", no_policy)
            assert await store.reload() == "failed"
        assert (store.stale, store.current().policy.version) == (True, 1)
        assert "hunter2" not in store.problem
        breaks = False
        world.rewrite("version: 1", "version: 2")
        watching = asyncio.create_task(store.watch(0.01))
        await until(lambda: store.current().policy.version == 2, world)
        watching.cancel()

    asyncio.run(go())
    lines = [json.loads(log.JsonLines().format(record)) for record in caplog.records]
    told = {line["event"]: line for line in lines if line["level"] == "error"}
    assert set(told) == {"policy_reload_failed", *(["policy_not_renewed"] if renewed else [])}
    assert told["policy_reload_failed"]["error"] == "KeyError"
    assert told["policy_reload_failed"]["reason"].startswith("test_store.py:")
    assert "hunter2" not in json.dumps(lines)


BUSY = NOTICE_ONLY + "  - {rail: crisis, request: warn}\n"


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_written_while_rails_are_built_takes_force_next(world: World, fails: bool) -> None:
    """Building takes seconds; a correction in that time counts, whether what it corrects could be built or not."""

    def correct() -> None:
        world.sets.meanwhile, world.sets.fails = (lambda: None), fails
        world.rewrite("version: 1", "version: 3")

    def heal() -> bool:
        world.sets.fails = False
        return world.version == 3

    async def go() -> None:
        await world.store.start()
        world.sets.meanwhile = correct
        watching = asyncio.create_task(world.store.watch(0.01))
        write(world.folder, BUSY.replace("version: 1", "version: 2"))
        await until(heal, world)
        await asyncio.sleep(0.1)
        watching.cancel()

    asyncio.run(go())
    told = {
        result: value(world.metrics, "guardrail_policy_reloads_total", result=result) for result in ("ok", "failed")
    }
    assert told == ({"ok": 1, "failed": 1} if fails else {"ok": 2, "failed": 0})


def test_what_is_written_while_the_first_rails_are_built_takes_force_next(world: World) -> None:
    """The watch begins once the start is over; what the start did not read is news all the same."""

    async def go() -> None:
        world.sets.meanwhile = lambda: world.rewrite("version: 1", "version: 2")
        await world.store.start()
        watching = asyncio.create_task(world.store.watch(0.01))
        await until(lambda: world.version == 2, world)
        watching.cancel()

    asyncio.run(go())


def test_a_sealed_policy_is_read_once_and_not_over_and_over(world: World) -> None:
    """The seal is one of the files; nothing of it changes, so nothing is read again."""
    private, public = key_pair()
    seals = Seals(world.file, public_key(public))
    seal_of(world.file).write_text(sign(load_policy(world.file), private) + "\n", encoding="ascii")
    store = PolicyStore(lambda: seals.read(lambda: load_policy(world.file)), world.sets, world.metrics)

    async def go() -> None:
        await store.start()
        watching = asyncio.create_task(store.watch(0.01))
        await asyncio.sleep(0.2)
        watching.cancel()

    asyncio.run(go())
    assert value(world.metrics, "guardrail_policy_reloads_total", result="unchanged") == 0


@pytest.mark.case("CFG-05")
def test_a_swapped_link_is_noticed(world: World, tmp_path: Path) -> None:
    """Kubernetes replaces a ConfigMap by swapping a link; no event tells of it (CFG-05)."""
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, version in ((one, 1), (two, 2)):
        folder.mkdir()
        write(folder, NOTICE_ONLY.replace("version: 1", f"version: {version}"))
    link = tmp_path / "data"
    link.symlink_to(one)
    store = PolicyStore(lambda: load_policy(link / "ward.yaml"), Sets(), Metrics())

    async def go() -> None:
        await store.start()
        watching = asyncio.create_task(store.watch(0.01))
        await asyncio.sleep(0.05)
        fresh = tmp_path / "fresh"
        fresh.symlink_to(two)
        fresh.rename(link)
        await until(lambda: store.current().policy.version == 2, world)
        watching.cancel()

    asyncio.run(go())


def test_what_is_in_force_is_shown_in_the_metrics(world: World) -> None:
    asyncio.run(world.store.start())
    sha256 = world.store.current().sha256
    assert value(world.metrics, "guardrail_policy_info", name="ward", version="1", sha256=sha256) == 1


def test_what_stays_in_force_over_night_is_compiled_for_the_new_day_and_not_asked_for_every_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is broken, or its seal has expired: crisis lines expire all the same, and the log is not flooded."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)

    async def go() -> None:
        with monkeypatch.context() as before:
            before.setattr("guardrail.policy.store.compile_policy", partial(compile_policy, day=yesterday))
            await world.store.start()
        assert world.store.current().day == yesterday
        write(world.folder, "name: [")
        watching = asyncio.create_task(world.store.watch(0.001))
        await until(lambda: world.store.stale, world)
        for _ in range(RETRY_POLLS // 2):
            await asyncio.sleep(0.001)
        watching.cancel()
        assert (world.store.current().day, world.version) == (datetime.now(UTC).date(), 1)
        assert value(world.metrics, "guardrail_policy_reloads_total", result="failed") <= 2

    asyncio.run(go())


@pytest.mark.timeout(20)
def test_a_pipe_in_place_of_the_file_holds_nothing_up(world: World) -> None:
    """The old policy stays and it is told; what is put there afterwards is noticed."""

    async def go() -> None:
        await world.store.start()
        watching = asyncio.create_task(world.store.watch(0.01))
        await asyncio.sleep(0.05)
        text = world.file.read_text()
        world.file.unlink()
        os.mkfifo(world.file)
        await until(lambda: world.store.stale, world)
        world.file.unlink()
        world.file.write_text(text)
        await until(lambda: not world.store.stale, world)
        watching.cancel()

    asyncio.run(go())
