"""Requests without end: each number is one request, always the same, of any dialect, ordinary or hostile.

The places come from the tables that the product reads (tests/matrix/leaves.py), the bodies around them from the
specimens of the dialects. The number travels as the request's id, so that the upstream knows what it was asked.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tests.campaign.words import canary, filler, sentence
from tests.matrix.catalogue import ALL
from tests.matrix.conftest import headers_of
from tests.matrix.leaves import Leaf, leaves
from tests.specimens.base import Specimen

Rng = random.Random
ID: Final = "x-request-id"
_READ: Final = frozenset({"prose", "data", "token", "open list, else data"})


@dataclass(frozen=True)
class Case:
    """One request as it is sent. `trick` says what is odd about it, "" if nothing is."""

    number: int
    specimen: Specimen
    stream: bool
    target: str
    headers: Mapping[str, str]
    body: bytes
    trick: str

    @property
    def canary(self) -> str:
        """Whose it is."""
        return canary(self.number)

    @property
    def raw(self) -> bytes:
        """The bytes of the request."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        head = f"POST {self.target} HTTP/1.1\r\nhost: 127.0.0.1\r\n{lines}content-length: {len(self.body)}\r\n\r\n"
        return head.encode() + self.body


def case(number: int, seed: int = 0) -> Case:
    """The request of this number."""
    rng = random.Random(f"{seed}:{number}")
    specimen = rng.choice(ALL)
    stream = specimen.stream_question is not None and rng.random() < 0.5
    value = canary(number)
    body = _write(rng, _body(rng, specimen, stream, value))
    target = (specimen.stream_path if stream else specimen.path) or ""
    headers = {**headers_of(specimen), ID: request_id(number)}
    trick = rng.choice(list(TRICKS)) if rng.random() < 0.3 else ""
    made = Case(number, specimen, stream, target, headers, body, trick)
    return TRICKS[trick](rng, made) if trick else made


def request_id(number: int) -> str:
    """The number as a UUID: the one shape in which an id of the caller's goes on."""
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def number_of(request: str | None) -> int | None:
    """The number behind `request_id`."""
    return int(request.replace("-", ""), 16) if request else None


@cache
def _leaves(name: str) -> tuple[Sequence[Leaf], Sequence[Leaf]]:
    """All places of the dialect, and those of them that take words."""
    (specimen,) = (each for each in ALL if each.name == name)
    found = list(leaves(specimen.request_table))
    return found, [leaf for leaf in found if leaf.kind in _READ]


def _body(rng: Rng, specimen: Specimen, stream: bool, value: str) -> Any:
    """A question; most of the time the number is in it, and in a place or three besides."""
    ask = specimen.stream_question if stream else specimen.question
    assert ask is not None
    said = f"{filler(rng)} {sentence(rng, value)}" if rng.random() < 0.7 else filler(rng)
    body = ask(said)
    every, reading = _leaves(specimen.name)
    for _ in range(rng.choice((0, 0, 1, 1, 1, 2, 3))):
        leaf = rng.choice(reading if rng.random() < 0.8 else every)
        body = leaf.put(body, sentence(rng, value))
    return body


def _write(rng: Rng, body: Any) -> bytes:
    """As JSON, in one of the many ways to write it."""
    how = rng.randrange(6)
    if how == 0:
        return json.dumps(body, indent=rng.choice((1, 4, "\t"))).encode()
    if how == 1:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    if how == 2:
        return _escaped(rng, json.dumps(body, ensure_ascii=False)).encode()
    return json.dumps(body, ensure_ascii=how == 3).encode()


def _escaped(rng: Rng, text: str) -> str:
    """Letters and digits of strings as escapes, here and there."""
    out, inside, after_backslash = [], False, False
    for char in text:
        if char == '"' and not after_backslash:
            inside = not inside
        spelled = inside and not after_backslash and char.isalnum() and char.isascii() and rng.random() < 0.4
        out.append(f"\\u{ord(char):04x}" if spelled else char)
        after_backslash = char == "\\" and not after_backslash
    # an escape of the writer's own (a backslash, u, four digits) must stay one
    return "".join(out) if json.loads("".join(out)) == json.loads(text) else text


# ---- tricks

Trick = Callable[[Rng, Case], Case]


def _with(case: Case, **changes: Any) -> Case:
    return Case(**{**vars(case), **changes})


def _head(name: str) -> Trick:
    def trick(rng: Rng, made: Case) -> Case:
        return _with(made, headers={**made.headers, name: made.canary})

    return trick


def _body_trick(change: Callable[[Rng, bytes, str], bytes]) -> Trick:
    def trick(rng: Rng, made: Case) -> Case:
        return _with(made, body=change(rng, made.body, made.canary))

    return trick


def _first_member(text: bytes, member: bytes) -> bytes:
    at = text.index(b"{") + 1
    return text[:at] + member + b"," + text[at:]


def _twins(rng: Rng, body: bytes, value: str) -> bytes:
    """The first of two equal keys holds the number; parsers keep the last."""
    key = next(iter(json.loads(body)))
    spelled = key if rng.random() < 0.5 else f"\\u{ord(key[0]):04x}{key[1:]}"
    return _first_member(body, f'"{spelled}":{json.dumps(value)}'.encode())


def _unknown(rng: Rng, body: bytes, value: str) -> bytes:
    inner: Any = value
    for _ in range(rng.randrange(4)):
        inner = rng.choice(([inner], {"deep": inner}, json.dumps({"text": inner})))
    return _first_member(body, f'"x_vendor_{rng.randrange(9)}":{json.dumps(inner)}'.encode())


def _other_type(rng: Rng, body: bytes, value: str) -> bytes:
    """A value of another type where something else is expected."""
    top = json.loads(body)
    key = rng.choice(list(top))
    top[key] = rng.choice((value, [value], {"text": value}, {value: 1}, [[[value]]], None, 3, True))
    return json.dumps(top).encode()


def _flipped(rng: Rng, body: bytes, value: str) -> bytes:
    spoiled = bytearray(body)
    for _ in range(rng.choice((1, 1, 2, 8))):
        spoiled[rng.randrange(len(spoiled))] = rng.choice((0, 0x22, 0x5C, 0x7B, 0x2C, 0xFF, rng.randrange(256)))
    return bytes(spoiled)


def _cut(rng: Rng, body: bytes, value: str) -> bytes:
    return body[: rng.randrange(len(body))]


def _encoded(rng: Rng, body: bytes, value: str) -> bytes:
    return body.decode().encode(rng.choice(("utf-8-sig", "utf-16", "utf-16-le", "utf-32")))


def _deep(rng: Rng, body: bytes, value: str) -> bytes:
    depth = rng.choice((8, 60, 70, 5_000))
    return _first_member(body, b'"x_deep":' + b"[" * depth + json.dumps(value).encode() + b"]" * depth)


def _in_the_path(rng: Rng, made: Case) -> Case:
    """Where a path names the model, or as another segment."""
    base, _, query = made.target.partition("?")
    parts = base.split("/")
    at = rng.randrange(1, len(parts))
    name, colon, method = parts[at].partition(":")
    parts[at] = rng.choice((made.canary, f"{name}-{made.canary}", f"%5a%51{made.canary[2:]}")) + colon + method
    return _with(made, target="/".join(parts) + (f"?{query}" if query else ""))


def _in_the_query(rng: Rng, made: Case) -> Case:
    joint = "&" if "?" in made.target else "?"
    name = rng.choice(("q", "key", "alt", "api-version", "user"))
    return _with(made, target=f"{made.target}{joint}{name}={made.canary}")


def _typed(rng: Rng, made: Case) -> Case:
    media = rng.choice(("text/plain", "application/x-ndjson", "application/json; charset=utf-7", "multipart/form-data"))
    return _with(made, headers={**made.headers, "content-type": media})


def _packed(rng: Rng, made: Case) -> Case:
    return _with(made, headers={**made.headers, "content-encoding": "gzip"}, body=gzip.compress(made.body))


TRICKS: Final[Mapping[str, Trick]] = {
    **{
        f"header {name}": _head(name)
        for name in (
            "user-agent", "cookie", "referer", "traceparent", "accept-language", "from", "x-forwarded-for",
            "openai-organization", "openai-beta", "anthropic-beta", "anthropic-version", "idempotency-key",
            "x-guardrail-subject", "x-guardrail-language", "x-guardrail-age-band", "x-custom", "x-stainless-os",
        )
    },
    "two equal keys": _body_trick(_twins),
    "an unknown member": _body_trick(_unknown),
    "another type": _body_trick(_other_type),
    "bytes flipped": _body_trick(_flipped),
    "cut short": _body_trick(_cut),
    "another encoding": _body_trick(_encoded),
    "too deep": _body_trick(_deep),
    "something behind": _body_trick(lambda rng, body, value: body + rng.choice((b" {}", b"\0", value.encode()))),
    "half a character": _body_trick(
        lambda rng, body, value: _first_member(body, rb'"x":"\ud83d' + value.encode() + b'"')
    ),
    "raw control": _body_trick(lambda rng, body, value: _first_member(body, b'"x":"\t' + value.encode() + b'"')),
    "in the path": _in_the_path,
    "in the query": _in_the_query,
    "another media type": _typed,
    "packed": _packed,
}  # fmt: skip
