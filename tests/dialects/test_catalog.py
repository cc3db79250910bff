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


@pytest.mark.parametrize(
    ("method", "path", "name", "parts"),
    [
        ("POST", "/v1/responses", "openai.responses", {}),
        ("POST", "/v1/completions", "openai.completions", {}),
        ("POST", "/v1/embeddings", "openai.embeddings", {}),
        ("POST", "/v1/moderations", "openai.moderations", {}),
        ("GET", "/v1/models", "openai.models", {}),
        ("GET", "/v1/models/gpt-5", "openai.models", {"model": "gpt-5"}),
        ("POST", "/openai/deployments/ward-4/chat/completions", "openai.chat", {"model": "ward-4"}),
        ("POST", "/openai/deployments/ward-4/completions", "openai.completions", {"model": "ward-4"}),
        ("POST", "/openai/deployments/ward-4/embeddings", "openai.embeddings", {"model": "ward-4"}),
        ("POST", "/openai/responses", "openai.responses", {}),
        ("POST", "/openai/v1/responses", "openai.responses", {}),
        ("POST", "/openai/v1/chat/completions", "openai.chat", {}),
        ("GET", "/openai/v1/models/gpt-5", "openai.models", {"model": "gpt-5"}),
    ],
)
def test_openais_paths_and_azures(method: str, path: str, name: str, parts: dict[str, str]) -> None:
    """Azure has a version in its query, and nothing else may stand there."""
    found = lookup(method, path)
    assert (found.dialect.name, dict(found.parts)) == (name, parts)
    assert set(found.route.query) == ({"api-version"} if path.startswith("/openai/") else set())


@pytest.mark.parametrize("path", ["/v1/responses/resp_1", "/v1/responses/resp_1/cancel", "/v1/conversations"])
def test_what_is_stored_can_not_be_fetched(path: str) -> None:
    """It would come back past every check."""
    for method in ("GET", "POST", "DELETE"):
        with pytest.raises(UnknownRoute):
            lookup(method, path)


def test_no_route_stands_twice() -> None:
    """The table says one thing about a route."""
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
