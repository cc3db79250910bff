"""Streams as a policy describes them: words are put together before they are judged, wherever in a frame they stand."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from guardrail.dialects.base import Ask
from guardrail.dialects.codec import Codec
from guardrail.dialects.settings import DEFAULTS
from guardrail.dialects.tools import ToolRules
from guardrail.errors import AnswerWithheld, UpstreamBroken
from guardrail.events import Delta, Frame
from guardrail.text import Kind
from tests.dialects.streams import opened
from tests.specimens.base import Body, Specimen, sse, sse_bodies
from tests.specimens.generic import (
    GENERIC_ARRAY,
    GENERIC_LINES,
    GENERIC_LLM,
    HOUSE_LLM,
    array,
    dialect,
    heard_calls,
    lines,
    stream,
    token,
    tool_stream,
)

DONE = b"data: [DONE]\n\n"


def codec_of(specimen: Specimen, tools: ToolRules = ToolRules(), **more: Any) -> Codec:  # noqa: B008 - a frozen value
    assert specimen.stream_question
    made = specimen.make(DEFAULTS)
    body = {**specimen.stream_question("Hi"), **more}
    request = made.read_request(json.dumps(body).encode(), Ask({"model": "house-1"}))
    codec = opened(made, request, specimen.stream_type, tools)
    assert isinstance(codec, Codec)
    return codec


def frames_of(codec: Codec, data: bytes) -> list[Frame]:
    return [*codec.feed(data), *codec.flush()]


def written(codec: Codec, data: bytes, change: Callable[[str], str] = str) -> bytes:
    out = b""
    for frame in frames_of(codec, data):
        deltas = [change(delta.text) for delta in frame.deltas]
        out += codec.write(frame, deltas, [segment.text for segment in frame.wholes])
    return out


def deltas_of(codec: Codec, *bodies: Body) -> list[Delta]:
    return [delta for frame in frames_of(codec, sse(*bodies)) for delta in frame.deltas]


@pytest.mark.parametrize(
    ("specimen", "make"),
    [(GENERIC_LLM, stream), (GENERIC_LINES, lines), (GENERIC_ARRAY, array)],
    ids=["sse", "lines", "array"],
)
def test_what_is_not_changed_leaves_as_it_came(specimen: Specimen, make: Callable[[Sequence[str]], bytes]) -> None:
    data = make(["Rest ", "and ", "drink é🙂 ", '"water".'])
    out = written(codec_of(specimen), data)
    assert out == data if specimen is not GENERIC_ARRAY else json.loads(out) == json.loads(data)


@pytest.mark.parametrize("specimen", [GENERIC_LLM, GENERIC_LINES, GENERIC_ARRAY], ids=str)
def test_an_own_answer_reads_like_the_providers(specimen: Specimen) -> None:
    """Streamed if asked so, and with its proper end."""
    assert specimen.stream_question and specimen.heard and specimen.stream_fails
    made = dialect(specimen.name.partition(".")[2], specimen.api or {}, streams=True)(DEFAULTS)
    for question, streamed in ((specimen.question, False), (specimen.stream_question, True)):
        dialect_ = made if streamed else specimen.make(DEFAULTS)
        reply = dialect_.answer(dialect_.read_request(json.dumps(question("Hi")).encode()), "Withheld.")
        if streamed:
            assert specimen.heard(reply.body) == "Withheld."
            assert not specimen.stream_fails(reply.body)
            assert reply.content_type.startswith(specimen.stream_type)
            assert [frame.last for frame in frames_of(codec_of(specimen), reply.body)][-1]
        else:
            assert specimen.said(json.loads(reply.body)) == "Withheld."


def test_words_that_nobody_described_are_put_together_too() -> None:
    """A number that is cut in two frames is one number; nothing is put back there."""
    first, second = deltas_of(codec_of(GENERIC_LLM), {"aside": "SSN 219-09-"}, {"aside": "9998"})
    assert first.segment == second.segment
    assert (first.kind, first.tool, first.opens) == (Kind.PROSE, "?", False)


def test_machines_words_are_judged_where_they_stand() -> None:
    (frame, *_) = frames_of(codec_of(GENERIC_LLM), sse({"delta": "Hi", "id": "run-7", "status": "running"}))
    assert [delta.text for delta in frame.deltas] == ["Hi"]
    assert [segment.text for segment in frame.wholes] == ["run-7", "running"]


def test_a_string_that_comes_again_is_judged_again_only_if_it_was_changed() -> None:
    """An id with every frame costs one inspection; what had to be replaced once has to be replaced each time."""
    codec = codec_of(GENERIC_LLM)
    wholes = []
    for _ in range(4):
        (frame,) = codec.feed(sse({"delta": "Hi ", "id": "run-7", "name": "Jane"}))
        texts = [segment.text for segment in frame.wholes]
        wholes.append(texts)
        codec.write(frame, ["Hi "], ["[NAME_1]" if text == "Jane" else text for text in texts])
    assert wholes == [["run-7", "Jane"], ["Jane"], ["Jane"], ["Jane"]]


def test_thoughts_end_when_words_of_the_answer_follow() -> None:
    codec = codec_of(GENERIC_LLM)
    bodies = [
        {"reasoning": "Hm. "},
        {"reasoning": "So."},
        {"delta": "Rest."},
        {"reasoning": "More?"},
        {"delta": " Now."},
    ]
    frames = frames_of(codec, sse(*bodies))
    names = [frame.deltas[0].segment for frame in frames]
    assert names[0] == names[1] != names[3]
    assert names[2] == names[4]
    assert [frame.closes for frame in frames] == [(), (), (names[0],), (), (names[3],)]
    assert [frame.deltas[0].opens for frame in frames] == [False, False, True, False, True]


def test_parallel_answers_are_told_apart_by_their_key() -> None:
    """And each gets our words in a frame of its own number."""
    codec = codec_of(GENERIC_LINES)
    data = b"".join(json.dumps(token(text, answer)).encode() + b"\n" for text, answer in (("A", 0), ("B", 1), ("a", 0)))
    frames = frames_of(codec, data)
    a, b, again = (frame.deltas[0].segment for frame in frames)
    assert a == again != b
    assert json.loads(codec.insert(frames[1], b, "Notice.")) == {
        "kind": "token",
        "answer": 1,
        "token": {"text": "Notice."},
    }
    assert (codec.is_first(a), codec.is_first(b)) == (True, False)
    assert json.loads(codec.say("Help.")) == {"kind": "token", "answer": 0, "token": {"text": "Help."}}


@pytest.mark.parametrize("key", ["one", 1.5, True, -1])
def test_a_key_that_is_no_number_breaks_the_stream(key: object) -> None:
    with pytest.raises(UpstreamBroken):
        codec_of(GENERIC_LINES).feed(json.dumps({**token("x"), "answer": key}).encode() + b"\n")


def test_calls_follow_each_other_at_one_place() -> None:
    data = tool_stream("find_bed", {"patient": "[NAME_1]"}).replace(sse({"done": True}) + DONE, b"") + tool_stream(
        "find_room", {"floor": 2}
    )
    frames = frames_of(codec_of(GENERIC_LLM), data)
    texts: dict[str, list[str]] = {}
    for delta in (delta for frame in frames for delta in frame.deltas):
        texts.setdefault(f"{delta.tool}:{delta.json}", []).append(delta.text)
    assert {name: json.loads("".join(parts)) for name, parts in texts.items()} == {
        "find_bed:True": {"patient": "[NAME_1]"},
        "find_room:True": {"floor": 2},
    }
    assert sum(len(frame.closes) for frame in frames) == 2


def test_an_action_becomes_a_proposal() -> None:
    """WHO-32: its name never arrives."""
    codec = codec_of(GENERIC_LLM, ToolRules({"prescribe": ["prescribe"]}))
    out = written(codec, tool_stream("prescribe", {"drug": "x"}))
    assert [name for name, _ in heard_calls(out)] == ["guardrail_refused_proposal"]


def test_a_complete_call_in_one_frame_is_read_as_one() -> None:
    frames = frames_of(codec_of(GENERIC_LLM), sse({"call": {"name": "find_bed", "arguments": {"for": "Ann"}}}))
    assert [(whole.text, whole.tool) for whole in frames[0].wholes if whole.kind is Kind.DATA] == [("Ann", "find_bed")]


def test_an_error_keeps_a_listed_code_and_loses_its_words() -> None:
    for code, told in (("overloaded", "overloaded"), ("Jane Roe", "upstream_error")):
        data = sse({"delta": "Hi"}, {"error": {"code": code, "message": "Jane Roe"}})
        out = written(codec_of(GENERIC_LLM), data)
        assert b"Jane" not in out
        assert sse_bodies(out)[-1]["error"]["code"] == told
        assert not out.endswith(DONE)


def test_what_ends_without_its_end_has_no_last_frame() -> None:
    for specimen, data in (
        (GENERIC_LLM, stream(["Hi"]).removesuffix(DONE)),
        (GENERIC_LINES, lines(["Hi"]).splitlines(keepends=True)[0]),
        (GENERIC_ARRAY, array(["Hi"])[:-1]),
    ):
        assert not any(frame.last for frame in frames_of(codec_of(specimen), data))


def test_words_after_the_last_ones_break_nothing_open() -> None:
    """`done` closes the texts, `[DONE]` the stream."""
    *_, done, end = frames_of(codec_of(GENERIC_LLM), stream(["Hi"]))
    assert done.closes == ("0/text/delta",)
    assert (done.last, end.last) == (False, True)


def test_a_stream_of_equal_frames_is_read_by_its_form() -> None:
    """The fast way: numbers may count, words differ."""
    codec = codec_of(GENERIC_LLM)
    frames = frames_of(codec, stream([f"word {number} " for number in range(20)]))
    learned = [type(frame.payload).__name__ for frame in frames].count("_Learned")
    assert learned >= 16


def test_a_number_that_means_something_is_no_count() -> None:
    api = {**HOUSE_LLM, "stream": {**HOUSE_LLM["stream"], "end": {"when": {"$.left": 0}}, "last": {"left": 0}}}
    made = dialect("x", api, streams=True)(DEFAULTS)
    codec = opened(made, made.read_request(b'{"prompt": "x"}'), "text/event-stream")
    data = sse(*({"delta": f"word {left} ", "left": left} for left in range(9, -1, -1)))
    assert [frame.last for frame in [*codec.feed(data), *codec.flush()]] == [False] * 9 + [True]


def test_the_names_of_events_are_the_policys() -> None:
    event = {"at": "$.kind", "names": ["token"]}
    api = {
        **HOUSE_LLM,
        "stream": {**HOUSE_LLM["stream"], "event": event, "frame": {"kind": "token", "delta": "{text}"}},
    }
    made = dialect("x", api, streams=True)(DEFAULTS)
    codec = opened(made, made.read_request(b'{"prompt": "x"}'), "text/event-stream")
    assert isinstance(codec, Codec)
    data = sse(("token", {"kind": "token", "delta": "Hi"}), ("Jane Roe", {"kind": "other", "delta": "Hi"})) + DONE
    out = written(codec, data)
    assert out.count(b"event: token\n") == 1
    assert b"Jane" not in out
    assert codec.say("Help.").startswith(b"event: token\n")


def test_structured_words_are_held_until_they_are_whole() -> None:
    frames = frames_of(codec_of(GENERIC_LLM, format="json"), stream(['{"a": ', '"b"}']))
    assert [(delta.kind, delta.json) for frame in frames for delta in frame.deltas] == [(Kind.DATA, True)] * 2


def test_notes_and_errors_are_frames_of_the_policys_shape() -> None:
    codec = codec_of(GENERIC_LINES)
    assert json.loads(codec.note({"text": "x"})) == {
        "kind": "token",
        "answer": 0,
        "token": {"text": ""},
        "guardrail": {"text": "x"},
    }
    error = json.loads(codec.error(AnswerWithheld("no more")))
    assert error == {"failure": {"why": "no more", "code": "content_filter", "field": None, "status": 403}}


@pytest.mark.parametrize(
    ("specimen", "content_type", "streamed"),
    [
        (GENERIC_LLM, "text/event-stream", True),
        (GENERIC_LLM, "application/json", False),
        (GENERIC_LINES, "application/jsonl", True),
        (GENERIC_LINES, "application/json", False),
        (GENERIC_ARRAY, "application/json", True),
    ],
)
def test_the_media_type_tells_a_stream(specimen: Specimen, content_type: str, streamed: bool) -> None:
    assert specimen.stream_question
    made = specimen.make(DEFAULTS)
    request = made.read_request(json.dumps(specimen.stream_question("Hi")).encode())
    assert (made.open_stream(request, content_type) is not None) is streamed
