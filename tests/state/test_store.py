"""What is kept is found by its owner alone, for its time, sealed; on both shelves."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable

import pytest
import redis

from guardrail.state.redis_shelf import PREFIX, RedisShelf
from guardrail.state.store import MOST_BYTES, MemoryShelf, Name, Shelf, StateStore, StateUnavailable
from tests.support.redis_server import need_redis

VALUES = {"values": [["NAME", "maria", 0, "NAME_1", "Maria Delgado", ""]]}
MINE = Name("client:ward", "house", "response", "resp_1")


def shelf(kind: str) -> Shelf:
    if kind == "memory":
        return MemoryShelf(100)
    return RedisShelf(need_redis())


def run(kind: str, work: Callable[[StateStore], Awaitable[None]], seconds: float = 60.0) -> None:
    async def inside() -> None:
        store = StateStore(shelf(kind), seconds, secrets.token_bytes(32))
        try:
            await work(store)
        finally:
            await store.close()

    asyncio.run(inside())


KINDS = pytest.mark.parametrize("kind", ["memory", "redis"])


@KINDS
def test_what_was_kept_is_found(kind: str) -> None:
    async def work(store: StateStore) -> None:
        await store.keep([MINE], VALUES)
        assert await store.find(MINE) == VALUES

    run(kind, work)


@KINDS
@pytest.mark.parametrize(
    "other",
    [
        Name("client:other", "house", "response", "resp_1"),
        Name("client:ward", "gemini", "response", "resp_1"),
        Name("client:ward", "openai", "conversation", "resp_1"),
        Name("client:ward", "openai", "response", "resp_2"),
        Name("client:ward", "openai", "responseresp", "_1"),
    ],
)
def test_nobody_else_finds_it(kind: str, other: Name) -> None:
    async def work(store: StateStore) -> None:
        await store.keep([MINE], VALUES)
        assert await store.find(other) is None

    run(kind, work)


@KINDS
def test_it_is_forgotten_in_time(kind: str) -> None:
    async def work(store: StateStore) -> None:
        await store.keep([MINE], VALUES)
        await asyncio.sleep(0.3)
        assert await store.find(MINE) is None

    run(kind, work, seconds=0.1)


def test_redis_sees_no_word_and_can_swap_nothing() -> None:
    """Sealed under its own name: an entry under another name can't be opened, nor one with a bit changed."""
    key = secrets.token_bytes(32)

    async def work(server: redis.Redis) -> None:
        stores = [StateStore(shelf("redis"), 60.0, one) for one in (key, key, None)]
        store, same_key, other_key = stores
        before = set(server.keys(PREFIX + b"*"))
        await store.keep([MINE], VALUES)
        ((mine),) = set(server.keys(PREFIX + b"*")) - before
        sealed = server.get(mine)
        assert isinstance(sealed, bytes)
        assert b"Maria" not in sealed
        assert b"resp_1" not in mine
        other = Name("client:ward", "openai", "response", "resp_2")
        await store.keep([other], {"values": []})
        ((theirs),) = set(server.keys(PREFIX + b"*")) - before - {mine}
        server.set(theirs, sealed)
        assert await store.find(other) is None
        server.set(mine, sealed[:-1] + bytes([sealed[-1] ^ 1]))
        assert await store.find(MINE) is None
        server.set(mine, sealed)
        assert await other_key.find(MINE) is None
        assert await same_key.find(MINE) == VALUES
        server.delete(mine, theirs)
        for each in stores:
            await each.close()

    with redis.Redis.from_url(need_redis()) as server:
        asyncio.run(work(server))


def test_what_is_no_entry_at_all_is_nobodys() -> None:
    """Somebody else's bytes under our key, too short to be sealed."""

    async def work() -> None:
        memory = MemoryShelf(10)
        store = StateStore(memory, 60.0)
        await store.keep([MINE], VALUES)
        (key,) = memory._entries
        for bytes_ in (b"", b"x", b"x" * 12, b"x" * 40):
            await memory.put(key, bytes_, 60.0)
            assert await store.find(MINE) is None

    asyncio.run(work())


def test_a_large_map_comes_back_whole() -> None:
    """Sealed in a thread, so that nobody else's stream waits for it."""
    values = {"values": [["NAME", f"n{at}", 0, f"NAME_{at}", f"N{at}", ""] for at in range(5_000)]}

    async def work() -> None:
        store = StateStore(MemoryShelf(10), 60.0)
        await store.keep([MINE], values)
        assert await store.find(MINE) == values

    asyncio.run(work())


def test_a_redis_that_does_not_answer_is_told() -> None:
    async def work() -> None:
        store = StateStore(RedisShelf("redis://127.0.0.1:1/0"), 60.0)
        with pytest.raises(StateUnavailable):
            await store.find(MINE)
        with pytest.raises(StateUnavailable):
            await store.keep([MINE], VALUES)
        await store.close()

    asyncio.run(work())


def test_memory_holds_so_many_and_no_more() -> None:
    async def work() -> None:
        store = StateStore(MemoryShelf(2), 60.0)
        for number in range(3):
            await store.keep([Name("c", "openai", "response", f"r{number}")], VALUES)
        found = [await store.find(Name("c", "openai", "response", f"r{number}")) for number in range(3)]
        assert [each is not None for each in found] == [False, True, True]

    asyncio.run(work())


def test_what_is_over_goes_though_nobody_asks_for_it() -> None:
    """Nothing is held longer than the policy says, even sealed (WHO-19)."""
    now = [0.0]
    memory = MemoryShelf(10, lambda: now[0])

    async def work() -> None:
        await memory.put(b"a", b"sealed", 5.0)
        now[0] = 3.0
        await memory.put(b"b", b"sealed", 5.0)
        now[0] = 6.0
        assert await memory.get(b"b") == b"sealed"
        assert list(memory._entries) == [b"b"]
        now[0] = 8.0
        assert await memory.get(b"b") is None
        assert not memory._entries

    asyncio.run(work())


def test_memory_holds_so_many_bytes_and_no_more() -> None:
    memory = MemoryShelf(10, most_bytes=10)

    async def work() -> None:
        for key in (b"a", b"b", b"b"):
            await memory.put(key, b"sealed", 5.0)
        assert list(memory._entries) == [b"b"]
        await memory.put(b"c", b"seal", 5.0)
        assert list(memory._entries) == [b"b", b"c"]

    asyncio.run(work())


def test_a_map_that_is_too_large_is_not_kept() -> None:
    async def work() -> None:
        with pytest.raises(StateUnavailable) as caught:
            await StateStore(MemoryShelf(10), 60.0).keep([MINE], {"values": ["x" * MOST_BYTES]})
        assert caught.value.code == "state_too_large"

    asyncio.run(work())


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        StateStore(MemoryShelf(1), 60.0, b"short")
