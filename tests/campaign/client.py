"""An HTTP client that sends any bytes and says what came back: no header is added, nothing is judged."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Heard:
    """An answer. `whole` is False if it broke off; `status` 0 if there was none."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool


NOTHING = Heard(0, {}, b"", False)


class Line:
    """Connections to one port, one after the other: a new one when the last was closed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, raw: bytes) -> Heard:
        """The answer to these bytes."""
        reused = self._open is not None
        heard = await self._ask(raw)
        # A connection that was kept may have been closed by the other side meanwhile, before it heard anything.
        return await self._ask(raw) if reused and heard.status == 0 else heard

    async def _ask(self, raw: bytes) -> Heard:
        try:
            reader, writer = self._open or await asyncio.open_connection("127.0.0.1", self._port, limit=2**24)
            self._open = reader, writer
            writer.write(raw)
            heard = await _read(reader)
        except (OSError, EOFError):
            self.hang_up()
            return NOTHING
        if not heard.whole or heard.headers.get("connection") == "close":
            self.hang_up()
        return heard

    def hang_up(self) -> None:
        """Close, in the middle of whatever it is."""
        if self._open is not None:
            self._open[1].close()
            self._open = None


async def _read(reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    start, *lines = head[:-4].split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    status, body = int(start.split(" ")[1]), bytearray()
    try:
        if headers.get("transfer-encoding") == "chunked":
            while size := int(await reader.readuntil(b"\r\n"), 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readuntil(b"\r\n")
        else:
            body += await reader.readexactly(int(headers.get("content-length", 0)))
    except (OSError, EOFError):
        return Heard(status, headers, bytes(body), False)
    return Heard(status, headers, bytes(body), True)
