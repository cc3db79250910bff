"""Which dialect answers which method and path. What is not in the table is refused: nothing is waved through unread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guardrail.dialects.base import Dialect
from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.errors import UnknownRoute


@dataclass(frozen=True, slots=True)
class Route:
    """One row. `path` is compared with the raw path, byte for byte: no decoding, no trailing slash, no case."""

    method: str
    path: str
    dialect: Dialect


DEFAULT: Dialect = OpenAIChat()
"""Whose error shape answers a path that belongs to no dialect."""


def routes(chat: Dialect = DEFAULT) -> tuple[Route, ...]:
    """The table."""
    return (Route("POST", "/v1/chat/completions", chat),)


ROUTES = routes()


def lookup(method: str, path: str, routes: Sequence[Route] = ROUTES) -> Dialect:
    """The dialect for a request. Raises UnknownRoute: 404 for the path, 405 for the method."""
    found = [route for route in routes if route.path == path]
    for route in found:
        if route.method == method:
            return route.dialect
    if found:
        raise UnknownRoute("this method is not known here", code="method_not_allowed", status=405)
    served = ", ".join(f"{route.method} {route.path}" for route in routes)
    raise UnknownRoute(f"nothing here can inspect this path; served: {served} (a client's base URL ends in /v1)")
