"""What the table of every dialect must keep, asked with payloads that are made from the types of its SDK."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from guardrail.dialects.base import Dialect, RequestDocument, StreamCodec
from guardrail.dialects.openai.fields import STRANGE, STRANGE_PIECE
from guardrail.dialects.table import Bound, Echo, Field, Free, Number, Plain, Refused, Switch
from guardrail.errors import ClientError, UpstreamBroken
from guardrail.events import Frame
from guardrail.text import Kind
from tests.dialects.leaves import assert_seen
from tests.dialects.sdk_types import CANARY, Path, places, planted, spoken

NOT_YET = ("uninspected_part", "invalid_base64", "token_array")
"""Codes of what is refused because nothing can look into it."""

AS_KEY = f'"{CANARY}":'
"""A provider's own names of fields are not inspected, and this one looks like such a name."""


def _is_declared(root: Field, path: Path) -> bool:
    here = root
    for step in path:
        if isinstance(here.rule, Free | Refused | Echo | Plain | Number | Bound | Switch):
            return True
        others = None if here.others in (STRANGE, STRANGE_PIECE) else here.others
        below = here.items if step == "[]" else here.members.get(step, others)
        if below is None:
            return False
        here = below
    return True


def undeclared(tp: Any, table: Field) -> list[str]:
    """The fields of the type that no row names."""
    return sorted({".".join(path) for path in places(tp) if not _is_declared(table, path)})


def check_requests(dialect: Dialect, tp: Any) -> tuple[int, int]:
    """A canary in any leaf is seen by the rails, or refused without being quoted. How often either happened."""
    seen, refused = 0, []
    for path, payload in planted(tp):
        try:
            document = dialect.read_request(json.dumps(payload).encode())
        except ClientError as error:
            refused.append(f"{error.message} {error.param}")
            continue
        seen += 1
        assert_seen(document, path)
    assert not any(CANARY in told for told in refused)
    return seen, len(refused)


def refused_words(dialect: Dialect, tp: Any) -> set[tuple[str, str | None]]:
    """What of the type is refused although nothing in it says anything, with why and where."""
    wrong = set()
    for payload in spoken(tp):
        try:
            dialect.read_request(json.dumps(payload).encode())
        except ClientError as error:
            if error.code not in NOT_YET:
                wrong.add((error.code, error.param))
    return wrong


def check_answers(dialect: Dialect, request: RequestDocument, tp: Any, own: Iterable[str] = ()) -> int:
    """A canary in any leaf of an answer is seen or refused; in the fields `own` it is held to a pattern instead."""
    seen, known, told = 0, frozenset(own), list[str]()
    for path, payload in planted(tp):
        place = ".".join(path)
        if AS_KEY in json.dumps(payload):
            continue
        try:
            document = dialect.read_response(json.dumps(payload).encode(), request)
        except UpstreamBroken as error:
            told.append(error.message)
            continue
        if place in known or CANARY.encode() not in document.to_bytes():
            continue
        assert_seen(document, path)
        seen += 1
    assert not any(CANARY in each for each in told)
    return seen


def check_frames(codecs: Iterator[StreamCodec], payloads: Iterable[tuple[Path, bytes]], own: Iterable[str] = ()) -> int:
    """The same of the frames of a stream, each read by a codec of its own (which has read what comes before it)."""
    seen, known, told = 0, frozenset(own), list[str]()
    for path, data in payloads:
        codec = next(codecs)
        try:
            frames = codec.feed(data)
        except UpstreamBroken as error:
            told.append(error.message)
            continue
        place = ".".join(path)
        if place in known or AS_KEY.encode() in data:
            continue
        texts = [text for frame in frames for text in _texts(frame)]
        left = b"".join(_without(codec, frame) for frame in frames)
        fixed = any(CANARY in each.text for frame in frames for each in frame.wholes if each.kind is Kind.FIXED)
        assert fixed or CANARY.encode() not in left, path
        seen += any(CANARY in text for text in texts)
    assert not any(CANARY in each for each in told)
    return seen


def _without(codec: StreamCodec, frame: Frame) -> bytes:
    """The frame with other words in it, but for what can't be replaced (that breaks the stream off)."""
    fixed = [whole.text if whole.kind is Kind.FIXED else "x" for whole in frame.wholes]
    return codec.write(frame, ["x"] * len(frame.deltas), fixed)


def _texts(frame: Frame) -> Iterator[str]:
    yield from (delta.text for delta in frame.deltas)
    yield from (whole.text for whole in frame.wholes)
