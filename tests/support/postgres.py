"""The PostgreSQL that tests use. Where CI runs it has to be there; elsewhere tests say why they are skipped.

A relay stands between tests and server where the server is to go away and come back.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import asyncpg  # type: ignore[import-untyped]
import pytest

HOST, PORT = "127.0.0.1", 5432
_ADMIN = f"postgresql://postgres@{HOST}:{PORT}/postgres"


def need_postgres() -> None:
    """Skips the test if nobody answers there, and fails it in CI."""
    try:
        asyncio.run(_execute("SELECT 1"))
    except (OSError, TimeoutError, asyncpg.PostgresError):
        where = f"PostgreSQL does not run on {HOST}:{PORT} (user postgres, trust)"
        if os.environ.get("CI") or os.environ.get("GUARDRAIL_REQUIRE_SERVICES"):
            pytest.fail(f"{where}; CI must have it")
        pytest.skip(where)


@contextmanager
def fresh_database() -> Iterator[str]:
    """The name of an empty database that nobody else uses; it is dropped afterwards."""
    need_postgres()
    name = f"guardrail_test_{secrets.token_hex(6)}"
    asyncio.run(_execute(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    try:
        yield name
    finally:
        asyncio.run(_execute(f'DROP DATABASE "{name}" WITH (FORCE)'))


def url(name: str, port: int = PORT) -> str:
    """The address of a database, perhaps through a relay."""
    return f"postgresql://postgres@{HOST}:{port}/{name}"


async def empty(name: str) -> None:
    """Its tables stay, with nothing in them."""
    connection = await asyncpg.connect(url(name), timeout=5)
    try:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        if names := [row["tablename"] for row in await connection.fetch(tables)]:
            await connection.execute(f"TRUNCATE {', '.join(names)}")
    finally:
        await connection.close()


async def _execute(statement: str) -> None:
    connection = await asyncpg.connect(_ADMIN, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


class Relay:
    """A way to the server that can be cut, and can fall silent. Belongs to one event loop."""

    def __init__(self) -> None:
        self.port = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._open = True
        self._flowing = asyncio.Event()
        self._flowing.set()

    async def __aenter__(self) -> Relay:
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._flowing.set()
        self.cut()
        assert self._server is not None
        self._server.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._server.wait_closed(), 5)

    def cut(self) -> None:
        """Every connection ends, new ones end at once."""
        self._open = False
        for writer in list(self._writers):
            writer.transport.abort()

    def mend(self) -> None:
        """As before."""
        self._open = True
        self._flowing.set()

    def silence(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        self._flowing.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._open:
            writer.transport.abort()
            return
        with suppress(OSError):
            back, forth = await asyncio.open_connection(HOST, PORT)
            self._writers |= {writer, forth}
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._pass(reader, forth))
                    group.create_task(self._pass(back, writer))
            finally:
                self._writers -= {writer, forth}
                for each in (writer, forth):
                    each.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
