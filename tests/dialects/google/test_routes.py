"""Which of Google's paths are served, and what else is refused."""

from __future__ import annotations

import pytest

from guardrail.dialects.base import Outgoing
from guardrail.dialects.catalog import lookup
from guardrail.dialects.google.dialect import GeminiGenerate
from guardrail.errors import UnknownRoute

OUTGOING = Outgoing("POST", "http://127.0.0.1/", {}, b"{}")
GEMINI = ("/v1/models", "/v1beta/models", "/v1alpha/models")
EXPRESS = ("/v1/publishers/google/models", "/v1beta1/publishers/google/models")
PROJECT = tuple(f"/{version}/projects/p-1/locations/eu/publishers/google/models" for version in ("v1", "v1beta1"))


@pytest.mark.parametrize("base", [*GEMINI, *EXPRESS, *PROJECT])
@pytest.mark.parametrize("model", ["gemini-2.5-flash-001", "gemini-1.5-pro@002", "text-embedding-005"])
@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("generateContent", "gemini.generate"),
        ("streamGenerateContent", "gemini.generate"),
        ("countTokens", "gemini.count_tokens"),
        ("embedContent", "gemini.embed"),
        ("batchEmbedContents", "gemini.embed"),
    ],
)
def test_every_base_has_every_method(base: str, model: str, method: str, name: str) -> None:
    """The model is what stands before the colon."""
    found = lookup("POST", f"{base}/{model}:{method}")

    assert (found.dialect.name, found.parts["model"]) == (name, model)
    assert set(found.route.query) == ({"key", "alt"} if method == "streamGenerateContent" else {"key"})
    if isinstance(found.dialect, GeminiGenerate):
        assert found.dialect.streams is (method == "streamGenerateContent")


def test_projects_want_an_access_token() -> None:
    """A key of the policy's goes where each takes it."""
    header = {
        base: dict(lookup("POST", f"{base}/m:generateContent").dialect.credentials("k", OUTGOING))
        for base in (*GEMINI, *EXPRESS, *PROJECT)
    }

    assert all(header[base] == {"x-goog-api-key": "k"} for base in (*GEMINI, *EXPRESS))
    assert all(header[base] == {"authorization": "Bearer k"} for base in PROJECT)


@pytest.mark.parametrize(
    "path",
    [
        "/v1beta/models/gemini:predict",
        "/v1beta/models/gemini:generateAnswer",
        "/v1beta/models/gemini:generatecontent",
        "/v1beta/models/a/b:generateContent",
        "/v1beta/models/a:b:generateContent",
        "/v1beta/models/:generateContent",
        "/v1beta/tunedModels/t:generateContent",
        "/v1beta1/projects/p/locations/l/endpoints/1:generateContent",
        "/v1beta1/projects/p/locations/l/publishers/meta/models/m:generateContent",
        "/v1beta/cachedContents",
        "/v1beta/files",
        "/v1beta/interactions",
    ],
)
def test_other_paths_are_refused(path: str) -> None:
    """What nobody inspects is not passed on."""
    with pytest.raises(UnknownRoute) as caught:
        lookup("POST", path)
    assert caught.value.http_status == 404
