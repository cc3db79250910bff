"""What is thrown at: functions of any bytes, which fail where a law is broken or an unforeseen error is raised.

Know no fuzzer: `make fuzz` searches for bytes that break one of them, guided by the code that is reached;
`test_targets.py` throws the seeds at them and what hypothesis makes of those.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias

from guardrail.engine import placeholders
from guardrail.engine.vault import Vault
from guardrail.errors import PayloadTooLarge, UnreadablePayload, UpstreamBroken
from guardrail.policy.load import Loaded, canonical, load_policy
from guardrail.policy.source import Refused
from guardrail.rails.base import About, Window
from guardrail.text import Direction, Role
from guardrail.wire.eventstream import CHUNK, Chunks, EventStream
from guardrail.wire.framing import FIELDS, Event, Framing, JsonArray, JsonLines, Sse
from guardrail.wire.jsondoc import JsonDocument, JsonString, quote
from tests.laws.test_json_laws import reference
from tests.laws.test_restore_laws import streamed, whole
from tests.support import memory

Target: TypeAlias = Callable[[bytes], None]

# ---- the JSON document

_STRICTER: Final = frozenset({"depth_limit", "too_many_values", "number_range", "unsupported_encoding"})
"""What we refuse and the standard library reads."""


def document(data: bytes) -> None:
    """We read what json.loads reads, or refuse; what is not replaced comes back byte for byte."""
    read = _read_or_refused(data)
    if isinstance(read, str):
        assert read in _STRICTER or _reference(data) is None, f"refused: {read}"
        return
    assert repr(read.value()) == _reference(data)
    assert read.to_bytes() == data
    strings = [each for each in read.strings() if not each.is_key]
    for each in strings:
        _nested(read, each)
    assert read.to_bytes() == data
    _replaced(data, strings[len(data) % len(strings) :][:3] if strings else [])


def _read_or_refused(data: bytes) -> JsonDocument | str:
    """The document, or the code of the refusal."""
    try:
        return JsonDocument(data, max_values=10_000)
    except (UnreadablePayload, PayloadTooLarge) as error:
        return error.code


def _reference(data: bytes) -> str | None:
    try:
        return reference(data)
    except RecursionError:
        return None


def _nested(read: JsonDocument, each: JsonString) -> None:
    try:
        child = read.nested(each.pointer)
    except (UnreadablePayload, PayloadTooLarge):
        return
    if child is not None:
        assert child.to_text() == each.text


def _replaced(data: bytes, chosen: Sequence[JsonString]) -> None:
    """Only the tokens of the chosen strings change, and they say what they were told to say."""
    read, new = JsonDocument(data), 'J\u00e4ne "[NAME_1]"\n\ud800'
    spans = sorted(read.spans([each.pointer for each in chosen]).values())
    for each in chosen:
        read.replace(each.pointer, new)
    expected, at = "", 0
    for start, end in spans:
        expected, at = expected + read.text[at:start] + quote(new), end
    assert read.to_text() == expected + read.text[at:]
    after = JsonDocument(_without_halves(read.to_bytes()))
    assert all(after.value(each.pointer) == new[:-1] for each in chosen)


def _without_halves(body: bytes) -> bytes:
    """Our own half of a pair, which is written as an escape and refused when read."""
    return body.replace(rb"\n\ud800", rb"\n")


# ---- the frames of a stream

_FRAMINGS: Final[Sequence[Callable[[int], Framing]]] = (Sse, JsonLines, JsonArray, EventStream, Chunks)
_LIMIT: Final = 600


def frames(data: bytes) -> None:
    """However a stream is cut, the same events and the same end; an event of ours reads back.

    The first byte says which framing, the second where it is cut, the third how an event stream is made of the rest.
    """
    if len(data) < 3:
        return
    make = _FRAMINGS[data[0] % len(_FRAMINGS)]
    stream = data[3:] if data[2] < 128 else _messages(make, data[2], data[3:])
    told = _read(make, [stream])
    step = data[1] % 37 + 1
    assert _read(make, [stream[:step], stream[step:]]) == told, "cut in two"
    assert _read(make, [stream[at : at + step] for at in range(0, len(stream), step)]) == told, f"cut by {step}"
    assert _read(make, [stream[at : at + 1] for at in range(len(stream))]) == told, "byte by byte"
    if make is Sse and told[1] is None:
        assert b"".join(event.raw for event in told[0]) == stream.removeprefix(b"\xef\xbb\xbf")
    for event in told[0]:
        _written_back(make, event)


def _messages(make: Callable[[int], Framing], spoil: int, data: bytes) -> bytes:
    """Sound messages with the data in them (nobody guesses a checksum), of which one byte may be spoiled."""
    writer = make(_LIMIT)
    made = bytearray(b"".join(writer.write(part, "ping" if spoil % 2 else None) for part in data.split(b"\0")))
    if spoil % 3 == 0 and made:
        made[spoil * 7 % len(made)] ^= spoil
    return bytes(made)


def _read(make: Callable[[int], Framing], pieces: Sequence[bytes]) -> tuple[list[Event], str | None]:
    framing, events = make(_LIMIT), list[Event]()
    try:
        for piece in pieces:
            events += framing.feed(piece)
        events += framing.flush()
    except UpstreamBroken as error:
        return events, error.code
    return events, None


def _written_back(make: Callable[[int], Framing], event: Event) -> None:
    """What is passed on is read by the client as the event that we read."""
    name = event.event if make in (Sse, EventStream) or event.event != CHUNK else None
    if make in (JsonLines, JsonArray):
        name = None
    if event.keepalive or b"\r" in event.data or (name is not None and not name.isprintable()):
        return
    if make is JsonLines and event.data.startswith(FIELDS):
        return  # only JSON texts are written, and a line that begins so is read as another event's field
    for written in (make(10 * _LIMIT).keep(event, name), make(10 * _LIMIT).write(event.data, name)):
        framing = make(10 * _LIMIT)
        (again, *more) = framing.feed(written if make is not JsonArray else written + b"]") + framing.flush()
        assert not more
        assert again.data == (event.data.replace(b"\n", b" ") if make is JsonLines else event.data)


# ---- placeholders

_VALUES: Final = (("NAME", "Maria Delgado"), ("NAME", "Delgado"), ("MRN", "ZQ123456789012"), ("DATE", "2024-03-01"))


def marks(data: bytes) -> None:
    """Forged placeholders bring nothing back; the way back is the same however an answer is cut.

    The first byte says where the answer is cut, the rest is what the client wrote and the model answers.
    """
    text = data[1:].decode("utf-8", "replace")
    found = list(placeholders.find(text))
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    _forged(text)
    vault = Vault()
    for label, value in _VALUES:
        vault.mint(label, value)
    vault.answered()
    step = data[0] % 23 + 1 if data else 1
    pieces = [text[at : at + step] for at in range(0, len(text), step)]
    assert asyncio.run(_cleared(vault, text, pieces)), "cut"


async def _cleared(vault: Vault, text: str, pieces: Sequence[str]) -> bool:
    return await whole(vault, text) == await streamed(vault, pieces)


def _forged(text: str) -> None:
    """TOK-01: what the client wrote by hand is nobody's."""
    vault = Vault()
    vault.reserve([text])
    for label, value in _VALUES:
        vault.mint(label, value)
    about, restorer = About(Direction.RESPONSE, Role.ASSISTANT), vault.restorer()
    assert not list(restorer.inspect(Window(text), about)), "a forged placeholder is somebody's"


# ---- the policy

_COMPLAINT: Final = re.compile(r"[a-z-]+\.yaml:[1-9][0-9]*: .+")


def policy(data: bytes) -> None:
    """A policy, that reads back as it is, or refused with file and line for each thing that is wrong."""
    with memory.folder() as folder:
        file = Path(folder) / "fuzzed.yaml"
        file.write_bytes(data)
        file.chmod(0o644)
        loaded = _loaded_or_refused(file)
    if isinstance(loaded, Refused):
        assert loaded.complaints
        assert all(_COMPLAINT.fullmatch(line) for line in loaded.message.split("\n")), loaded.message
        return
    values: Mapping[str, Any] = json.loads(canonical(loaded.policy))
    assert loaded.policy.model_validate(values) == loaded.policy


def _loaded_or_refused(file: Path) -> Loaded | Refused:
    try:
        return load_policy(file)
    except Refused as error:
        return error


TARGETS: Final[Mapping[str, Target]] = {"document": document, "frames": frames, "marks": marks, "policy": policy}
