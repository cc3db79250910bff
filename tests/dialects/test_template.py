"""The fast way through a stream gives what the full way gives, on any frame."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.dialects.codec import Codec
from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.errors import UpstreamBroken
from guardrail.events import Frame
from tests.dialects.openai.recorded import ask
from tests.dialects.streams import opened

WORDS = st.text(max_size=8) | st.sampled_from(["Rest", '"', "\\", "\n", "\x00", "\u2028", "😀", 'x","content":"y'])
BITS = st.fixed_dictionaries(
    {},
    optional={
        "content": WORDS | st.none(),
        "refusal": WORDS,
        "role": st.just("assistant"),
        "tool_calls": st.just([{"index": 0, "function": {"arguments": "{"}}]),
    },
)
FRAMES = st.builds(
    lambda created, delta, index, finish, padding, more: {
        "id": "c-1",
        "created": created,
        "choices": [{"index": index, "delta": delta, "finish_reason": finish}],
        **({} if padding is None else {"obfuscation": padding}),
        **more,
    },
    st.sampled_from([17, 17, 18, 0, 1_700_000_000, 10**15, -1, 1.5, 1e9, None]),
    BITS,
    st.integers(0, 1),
    st.sampled_from([None, None, None, "stop"]),
    st.sampled_from([None, "", "aZ1", "not padding"]),
    st.sampled_from([{}, {}, {}, {"usage": {"total_tokens": 3}}, {"vendor": "word"}, {"model": "Ann Lee"}]),
)
SPELLINGS = st.sampled_from([(",", ":"), (", ", ": ")])


def outcome(bodies: list[bytes], *, learning: bool) -> list[Any]:
    """Each frame and how it is written, unchanged, changed and emptied; the code of the error that ends the stream."""
    codec = opened(OpenAIChat(), ask())
    assert isinstance(codec, Codec)
    found: list[Any] = []
    for body in bodies:
        if not learning:
            codec._templates.clear()
        try:
            frames = codec.feed(b"data: " + body + b"\n\n")
        except UpstreamBroken as error:
            return [*found, error.code]
        found += [(replace(frame, payload=None), *written(codec, frame)) for frame in frames]
    return found


def written(codec: Any, frame: Frame) -> list[Any]:
    wholes = [whole.text for whole in frame.wholes]
    texts = [delta.text for delta in frame.deltas]
    bodies = [
        codec.write(frame, each, wholes) for each in (texts, [text + '"é\n' for text in texts], [""] * len(texts))
    ]
    return [body and json.loads(body.removeprefix(b"data: ")) for body in bodies]


@settings(max_examples=400, deadline=None)
@given(
    frames=st.lists(FRAMES, min_size=2, max_size=6),
    plain=WORDS,
    separators=SPELLINGS,
    ascii_only=st.booleans(),
)
def test_learning_changes_nothing_but_the_speed(
    frames: list[Any], plain: str, separators: tuple[str, str], ascii_only: bool
) -> None:
    """Whatever frames a provider sends, having seen others before makes no difference to what is read and written."""
    first = {
        "id": "c-1",
        "created": 17,
        "choices": [{"index": 0, "delta": {"content": "first"}, "finish_reason": None}],
    }
    again = {"id": "c-1", "created": 18, "choices": [{"index": 0, "delta": {"content": plain}, "finish_reason": None}]}
    bodies = [
        json.dumps(frame, separators=separators, ensure_ascii=ascii_only).encode() for frame in (first, again, *frames)
    ]

    assert outcome(bodies, learning=True) == outcome(bodies, learning=False)
