"""An ASGI application behind a real server on loopback, in a thread with an event loop of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from tests.support.fake_upstream import wait_until


@contextmanager
def served(app: Any, *, lifespan: str = "auto") -> Iterator[str]:
    """The URL of the application while the block runs."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", lifespan=lifespan, timeout_graceful_shutdown=5)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    wait_until(lambda: server.started or not thread.is_alive(), 60, "the server starts")
    try:
        assert server.started, "the application refused to start"
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
        assert not thread.is_alive()
