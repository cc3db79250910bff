"""Routes: one is known, everything else is refused."""

from __future__ import annotations

import pytest

from guardrail.dialects.catalog import ROUTES, lookup
from guardrail.errors import UnknownRoute


def test_the_known_route() -> None:
    """Chat Completions is served on the provider's own path."""
    assert lookup("POST", "/v1/chat/completions").dialect.name == "openai.chat"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/chat/completions/",
        "/V1/chat/completions",
        "/v1/chat/completions?x=1",
        "/v1/chat%2Fcompletions",
        "/v1//chat/completions",
        "/v1/files",
        "/v1/batches",
        "/v1/audio/transcriptions",
        "/v1/fine_tuning/jobs",
        "/api/pull",
        "/",
        "",
    ],
)
def test_every_other_path_is_refused(path: str) -> None:
    """An endpoint that nobody inspects is not passed on."""
    with pytest.raises(UnknownRoute) as caught:
        lookup("POST", path)
    assert (caught.value.http_status, caught.value.code) == (404, "unknown_route")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE", "post", ""])
def test_every_other_method_is_refused(method: str) -> None:
    """Stored conversations can't be listed through the proxy."""
    with pytest.raises(UnknownRoute) as caught:
        lookup(method, "/v1/chat/completions")
    assert (caught.value.http_status, caught.value.code) == (405, "method_not_allowed")


def test_no_route_stands_twice() -> None:
    """The table says one thing about a route."""
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
