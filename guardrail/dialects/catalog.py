"""Which dialect answers which method and path. What is not in the table is refused: nothing is waved through unread."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from guardrail.dialects.base import Ask, Dialect
from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.dialects.settings import DEFAULTS, Settings
from guardrail.errors import UnknownRoute

KEY = re.compile(r"[A-Za-z0-9_.-]{16,256}")
VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-preview)?|preview|latest|v[0-9]")
WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Route:
    """One row. `path` is compared with the raw path, byte for byte: no decoding, no trailing slash, no case.

    `{name}` in it stands for a part without a slash (and without a colon, if one follows). `query` names the parameters
    that may come with it, each with its pattern; nothing else may stand in a query.
    """

    method: str
    path: str
    dialect: Dialect
    query: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def match(self, path: str) -> Mapping[str, str] | None:
        """What the parts in braces stand for, None if the path is another one."""
        found = _pattern(self.path).fullmatch(path)
        return None if found is None else found.groupdict()


class Found(NamedTuple):
    """Who reads a request, and the varying parts of its path."""

    route: Route
    parts: Mapping[str, str]

    @property
    def dialect(self) -> Dialect:
        """Who reads it."""
        return self.route.dialect

    def ask(self, query: Mapping[str, str]) -> Ask:
        """The call as the dialect is told."""
        return Ask(self.parts, query)


def _pattern(path: str) -> re.Pattern[str]:
    if path not in _PATTERNS:
        parts = re.split(r"\{([a-z_]+)\}", path)
        text = "".join(f"(?P<{part}>{_PART})" if at % 2 else re.escape(part) for at, part in enumerate(parts))
        _PATTERNS[path] = re.compile(text)
    return _PATTERNS[path]


_PART = "[^/:]+(?::[0-9]+)?"
_PATTERNS: dict[str, re.Pattern[str]] = {}

DEFAULT: Dialect = OpenAIChat()
"""Whose error shape answers a path that belongs to no dialect."""


def routes(settings: Settings = DEFAULTS) -> tuple[Route, ...]:
    """The table."""
    chat = OpenAIChat(settings)
    return (Route("POST", "/v1/chat/completions", chat),)


ROUTES = routes()


def lookup(method: str, path: str, routes: Sequence[Route] = ROUTES) -> Found:
    """The dialect for a request. Raises UnknownRoute: 404 for the path, 405 for the method."""
    found = [(route, parts) for route in routes if (parts := route.match(path)) is not None]
    for route, parts in found:
        if route.method == method:
            return Found(route, parts)
    if found:
        raise UnknownRoute("this method is not known here", code="method_not_allowed", status=405)
    raise UnknownRoute(
        "nothing here can inspect this path, so it is not passed on; docs/dialects.md lists the paths that are served"
    )


def speaker(path: str, routes: Sequence[Route] = ROUTES) -> Dialect:
    """In whose shape an error at this path is told."""
    return next((route.dialect for route in routes if route.match(path) is not None), DEFAULT)
