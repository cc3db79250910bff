"""Single requests and answers that want to hurt, by name. Each request is within the size limit of the default policy.

They are not checked for what they find (the siege does that), only for the memory and the time that they cost others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial

from benchmarks.payload import WHOLE, note

MANY = 2_000_000
"""Characters of a large case."""
MOST = 490_000
"""Characters that are inspected to the end: a little below the default policy's limit."""
FULL = 9_900_000
"""Bytes of a body, a little below the default policy's limit."""
SECONDS = 3.0
"""Others are watched for so long, and for those of `LONG` so much longer as they take."""


def _chat(*texts: str) -> bytes:
    rows = [{"role": "user", "content": text} for text in texts]
    return json.dumps({"model": WHOLE.model, "messages": rows}, ensure_ascii=False).encode()


def _metadata(value: bytes) -> bytes:
    return b'{"model":"bench-whole","messages":[{"role":"user","content":"hi"}],"metadata":' + value + b"}"


def _long_key() -> bytes:
    return json.dumps({"k" * MOST: [f"v{n}" for n in range(3_000)]}).encode()


def _question(model: str) -> bytes:
    return json.dumps({"model": model, "stream": True, "messages": [{"role": "user", "content": "hi"}]}).encode()


def _letters() -> bytes:
    event = b'data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":%s}]}\n\n'
    return event % b'{"content":"a"}' * 20_000 + b"data: [DONE]\n\n"


FLOODS: Mapping[str, Callable[[], bytes]] = {
    "bench-empty": lambda: b"data: {}\n\n" * 20_000,
    "bench-comments": lambda: b": nothing to see here\n\n" * 100_000,
    "bench-letters": _letters,
}
"""Streams that the upstream sends at one go, by the name of their model."""

_ANSWERED: Mapping[str, str] = {
    "answered by 20,000 empty events": "bench-empty",
    "answered by 100,000 comments": "bench-comments",
    "answered by 20,000 events of a letter": "bench-letters",
}
BODIES: Mapping[str, Callable[[], bytes]] = {
    "a record of 2 million characters": lambda: _chat(note(MANY)),
    "a record of 490,000 characters, inspected": lambda: _chat(note(MOST)),
    "a record of 9.9 MB": lambda: _chat(note(FULL)),
    "9.9 MB of escaped line ends": lambda: _chat("\n" * (FULL // 2)),
    "3,000 values below a key of 490,000 characters": lambda: _metadata(_long_key()),
    "one run of digits": lambda: _chat("7" * MANY),
    "one word without a space": lambda: _chat("a" * MANY),
    "almost e-mail addresses": lambda: _chat("a.a@" * (MANY // 4)),
    "almost telephone numbers": lambda: _chat("415-555-" * (MANY // 8)),
    "invisible characters": lambda: _chat("M\u200ba\u200br\u200bi\u200ba \u200d" * (MANY // 11)),
    "capital letters": lambda: _chat("Maria Lopez " * (MANY // 12)),
    "placeholders": lambda: _chat("[NAME_1] [DATE_2] " * (MANY // 18)),
    "20,000 messages": lambda: _chat(*(f"Call Maria Lopez at 415-555-{n % 10_000:04}." for n in range(20_000))),
    "100,000 brackets": lambda: _metadata(b"[" * 50_000 + b"]" * 50_000),
    "escapes": lambda: _chat("x").replace(b'"x"', b'"' + b"\\u0041" * (MANY // 6) + b'"'),
    **{name: partial(_question, model) for name, model in _ANSWERED.items()},
}
LONG: Mapping[str, float] = {
    "a record of 490,000 characters, inspected": 20.0,
    **dict.fromkeys(_ANSWERED, 10.0),
}
"""How long the others are watched, in seconds."""
