"""The oracles themselves: each of them can say no."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from subprocess import PIPE

import pytest

from tests.siege.oracles import Memory, hidden_in, same_outside, unforeseen

CANARY = "ZQ123456789012"


@pytest.mark.parametrize(
    "sink",
    [
        CANARY.encode(),
        "".join(chr(ord(char) + 0xFEE0) for char in CANARY).encode(),
        CANARY.replace("5", "5\u200b").encode(),
        CANARY.replace("4", "%34").encode(),
        base64.b64encode(f"My number is {CANARY}.".encode()),
        CANARY.encode().hex().encode(),
        CANARY.encode().hex().upper().encode(),
        json.dumps({"a": CANARY}).replace("Q", "\\u0051").encode(),
    ],
)
def test_a_canary_is_seen_in_any_dress(sink: bytes) -> None:
    assert hidden_in(CANARY, b"x " + sink + b" y")


@pytest.mark.parametrize("sink", [b"", b"ZQ12345678901", b"ZQ123456789013", b"%5a%51", b"\xff\xfe"])
def test_what_is_no_canary_is_none(sink: bytes) -> None:
    assert not hidden_in(CANARY, sink)


@pytest.mark.parametrize(
    ("sent", "received", "same"),
    [
        (b'{"a": "x"}', b'{"a": "x"}', True),
        (b'{"a": "I am Jo Roe, 5."}', b'{"a": "I am [NAME_1], 5."}', True),
        (b'{"a": "Jo Roe"}', b'{"a": "[NAME_1]"}', True),
        (b'{"a": "Jo \\u00e9, 3 May"}', b'{"a": "[NAME_1], [DATE_2: 3 days after DATE_1]"}', True),
        (b'{"a": 1.10}', b'{"a": 1.1}', False),
        (b'{"a": "x"}', b'{"a":"x"}', False),
        (b'{"a": "\\u00e9"}', '{"a": "é"}'.encode(), False),
        (b'{"a": "I am Jo."}', b'{"a": "I was [NAME_1]."}', False),
        (b'{"a": "x"}', b'{"a": "y"}', False),
        (b'{"a": "x"}', b'{"a": "[NAME_1]x"}', False),
        (b'{"a": "x", "b": "y"}', b'{"a": "x"}', False),
    ],
)
def test_what_was_changed_outside_a_placeholder_is_seen(sent: bytes, received: bytes, same: bool) -> None:
    assert same_outside(sent, received) is same


@pytest.mark.parametrize(
    ("line", "planned"),
    [
        (b'{"event": "request_refused", "level": "info"}', True),
        (b'{"event": "library", "level": "warning", "logger": "asyncio"}', True),
        (b'{"event": "library", "level": "error", "logger": "asyncio"}', False),
        (b'{"event": "unexpected_error", "level": "error"}', False),
        (b"Traceback (most recent call last):", False),
    ],
)
def test_what_nobody_planned_for_is_seen(line: bytes, planned: bool) -> None:
    assert (unforeseen(line) == []) is planned


GROWS = """import sys
print("here", flush=True)
sys.stdin.readline()
kept = b"x" * 8_000_000
print(len(kept), flush=True)
sys.stdin.readline()
"""


def test_growth_is_seen() -> None:
    """Of a process whose heap has no room yet: a proxy that others had before may have it."""
    with subprocess.Popen([sys.executable, "-c", GROWS], stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdin and process.stdout
        assert process.stdout.readline() == "here\n"
        memory = Memory(process.pid)
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "8000000\n"
        grown = memory.growth()
        process.stdin.write("\n")
    assert grown > 7
