"""JSON-*: bodies that parsers disagree about."""

from __future__ import annotations

import pytest

from tests.siege.house import CHAT, House


def chat(content: str, more: str = "") -> bytes:
    """A chat with this JSON text as content."""
    return f'{{"model":"m","messages":[{{"role":"user","content":{content}}}]{more}}}'.encode()


@pytest.mark.parametrize(
    "body",
    [
        chat('"CANARY","content":"ok"'),
        chat('"CANARY","\\u0063ontent":"ok"'),
        chat('"ok"', ',"metadata":{"a":"CANARY","a":"ok"}'),
        chat('"ok"', ',"model":"m"'),
    ],
)
def test_json_01_duplicate_keys(house: House, body: bytes) -> None:
    """The first of two equal keys is no hiding place."""
    with house.siege() as s:
        told = s.post(CHAT, body.replace(b"CANARY", s.canary.encode()))
        assert (told.status, told.json()["error"]["code"]) == (400, "duplicate_key")
        assert s.sent == []
