"""The leak oracle of a single document: a canary that was planted in one place of it is seen there."""

from __future__ import annotations

import json

from guardrail.dialects.base import Document
from guardrail.text import Kind
from tests.dialects.sdk_types import CANARY, Path


def assert_seen(document: Document, path: Path) -> None:
    """The canary is in a segment; once every such segment is replaced, it is nowhere but where nothing may change.

    The id of something that the provider keeps is no segment: it is looked up among what was made through the proxy.
    """
    if any(CANARY in reference.name for reference in getattr(document, "references", ())):
        return
    found = [segment for segment in document.segments() if CANARY in segment.text]
    assert found, f"{path}: not inspected"
    assert not any(CANARY in segment.address for segment in found), path
    for segment in found:
        if segment.kind is not Kind.FIXED:
            document.replace(segment.address, "[NAME_1]")
    body = document.to_bytes()
    assert (CANARY.encode() in body) == any(segment.kind is Kind.FIXED for segment in found), path
    if body:
        json.loads(body)
