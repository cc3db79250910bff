"""Templates for stream frames: when they fit, when they don't, and how many are kept."""

from __future__ import annotations

import pytest

from guardrail.errors import UnreadablePayload
from guardrail.wire.jsondoc import JsonDocument
from guardrail.wire.shapes import MAX_SHAPES, ShapedDocument, ShapeReader

FRAME = b'{"id":"c-%d","created":17,"choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":null}]}'


def frame(number: int, text: bytes) -> bytes:
    return FRAME % (number, text)


def test_frames_of_a_kind_share_a_shape() -> None:
    """What a dialect has learnt about one frame serves for all of the kind."""
    reader = ShapeReader()
    first, second, third = (reader.read(frame(n, text)) for n, text in enumerate([b"Hel", b"lo \\n", "ö".encode()]))
    assert first.shape is None
    assert isinstance(second, ShapedDocument)
    assert third.shape is second.shape
    assert [document.value("/choices/0/delta/content") for document in (first, second, third)] == ["Hel", "lo \n", "ö"]


def test_a_known_frame_reads_like_a_document() -> None:
    """Every part of a frame has its address, whether it varies or not."""
    reader = ShapeReader()
    reader.read(frame(1, b"x"))
    document, plain = reader.read(frame(2, b"\\u00e9")), JsonDocument(frame(2, b"\\u00e9"))
    for pointer in plain.pointers():
        assert document.value(pointer) == plain.value(pointer)
        assert document.span(pointer) == plain.span(pointer)
        assert list(document.strings(pointer)) == list(plain.strings(pointer))
    assert document.to_bytes() == frame(2, b"\\u00e9")


def test_a_known_frame_is_rewritten_like_a_document() -> None:
    """Strings, whole values and JSON inside strings can be replaced."""
    reader = ShapeReader()
    reader.read(frame(1, b"x"))
    document = reader.read(frame(2, b'[\\"Jane\\"]'))
    child = document.nested("/choices/0/delta/content")
    assert child is not None
    child.replace("/0", "NAME_1")
    document.replace("/id", "new")
    document.replace_raw("/choices/0/finish_reason", b'"stop"')
    assert document.to_bytes() == FRAME.replace(b"c-%d", b"new").replace(b"null", b'"stop"') % b'[\\"NAME_1\\"]'
    with pytest.raises(KeyError):
        document.replace("/created", "words")
    with pytest.raises(KeyError):
        document.value("/nothing")


@pytest.mark.parametrize(
    "other",
    [
        frame(1, b"x").replace(b"null", b'"stop"'),
        frame(1, b"x").replace(b"17", b'"17"'),
        frame(1, b"x").replace(b"17", b"1e2"),
        frame(1, b"x").replace(b"17", b"9" * 30),
        frame(1, b"x").replace(b"content", b"refusal"),
        frame(1, b"x") + b" ",
        frame(1, b"\\ud83d\\ude00"),
    ],
)
def test_another_shape_is_read_in_full(other: bytes) -> None:
    """A frame that differs in more than its strings is not taken for a known one."""
    reader = ShapeReader()
    reader.read(frame(1, b"x"))
    document = reader.read(other)
    assert not isinstance(document, ShapedDocument)
    assert document.value() == JsonDocument(other).value()


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("duplicate_key", frame(1, b'x","content":"y')),
        ("lone_surrogate", frame(1, b"\\ud800")),
        ("control_character", frame(1, b"\t")),
        ("invalid_utf8", frame(1, b"\xff")),
        ("invalid_json", frame(1, b"\\x")),
        ("nan", frame(1, b"x").replace(b"17", b"NaN")),
        ("number_range", frame(1, b"x").replace(b"17", b"1e999")),
        ("trailing_garbage", frame(1, b"x") + b"{}"),
    ],
)
def test_a_template_lets_nothing_pass_that_a_document_refuses(code: str, other: bytes) -> None:
    """The fast way is as strict as the careful one."""
    reader = ShapeReader()
    reader.read(frame(1, b"x"))
    with pytest.raises(UnreadablePayload) as refused:
        reader.read(other)
    assert refused.value.code == code


def test_only_so_many_shapes_are_kept() -> None:
    """A stream of ever new shapes can't fill the memory; it is read all the same."""
    reader = ShapeReader()
    frames = [b'{"key%d":"x"}' % number for number in range(MAX_SHAPES + 5)]
    for body in frames:
        reader.read(body)
    kinds = [type(reader.read(body)) for body in frames]
    assert kinds.count(ShapedDocument) == MAX_SHAPES
    assert [reader.read(body).to_bytes() for body in frames] == frames


def test_large_frames_are_not_learnt() -> None:
    """A frame with hundreds of strings is read in full each time: its template would cost more than it saves."""
    body = b"[" + b'"x",' * 100 + b"1]"
    reader = ShapeReader()
    assert not any(isinstance(reader.read(body), ShapedDocument) for _ in range(3))
