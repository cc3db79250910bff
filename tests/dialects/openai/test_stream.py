"""Streams: frames however the bytes are cut, texts by choice and call, and nothing that nobody has inspected."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from openai.types.chat import ChatCompletionChunk

from guardrail.dialects.base import StreamCodec
from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.dialects.settings import Logprobs, Settings
from guardrail.errors import UpstreamBroken, UpstreamTimeout
from guardrail.events import Delta, Frame
from guardrail.text import Kind, Role
from tests.dialects import streams
from tests.dialects.openai.recorded import FOLDER, ask, load, pass_on

DIALECT = OpenAIChat()
STREAMS = sorted(path.name for path in FOLDER.glob("*.sse"))


def opened(**fields: Any) -> StreamCodec:
    return streams.opened(DIALECT, ask(stream=True, **fields))


def chunk(*choices: Any, **more: Any) -> bytes:
    top = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": list(choices), **more}
    return b"data: " + json.dumps(top).encode() + b"\n\n"


def choice(delta: Any, index: Any = 0, finish: Any = None, **more: Any) -> dict[str, Any]:
    return {"index": index, "delta": delta, "finish_reason": finish, **more}


def frames_of(data: bytes, **fields: Any) -> list[Frame]:
    codec = opened(**fields)
    return codec.feed(data) + codec.flush()


def payloads(body: bytes) -> list[Any]:
    lines = [line for line in body.split(b"\n\n") if line]
    assert all(line.startswith(b"data: ") for line in lines)
    return [json.loads(line[6:]) for line in lines if line != b"data: [DONE]"]


def seen(pieces: list[bytes]) -> list[tuple[Frame, bytes]]:
    """The frames, without the codec's memory, and how each is written when nothing changes."""
    codec = opened()
    frames = [frame for piece in pieces for frame in codec.feed(piece)] + codec.flush()
    return [(replace(frame, payload=None), pass_on(codec, [frame])) for frame in frames]


@pytest.mark.parametrize("name", STREAMS)
def test_every_cut_gives_the_same_frames(name: str) -> None:
    """However the network cuts a stream, what is read is the same."""
    data = load(name)
    whole = seen([data])

    assert seen([data[at : at + 1] for at in range(len(data))]) == whole
    for at in range(1, len(data)):
        assert seen([data[:at], data[at:]]) == whole


@pytest.mark.parametrize("name", ["plain.sse", "tools.sse", "choices.sse"])
def test_an_untouched_stream_comes_back_byte_for_byte(name: str) -> None:
    """What needs no change isn't changed."""
    codec = opened()

    assert pass_on(codec, codec.feed(load(name))) == load(name)


@pytest.mark.parametrize("name", [name for name in STREAMS if name != "error.sse"])
def test_the_sdk_reads_a_stream_with_every_text_replaced(name: str) -> None:
    """Whatever the rails change, the client's library still understands the stream."""
    codec = opened()
    body = b"".join(
        codec.write(frame, ['a "b"\n'] * len(frame.deltas), [whole.text for whole in frame.wholes])
        for frame in codec.feed(load(name))
        if not frame.keepalive
    )

    chunks = [ChatCompletionChunk.model_validate(each) for each in payloads(body)]
    words = [each.choices[0].delta.content for each in chunks if each.choices and each.choices[0].delta.content]
    assert set(words) <= {'a "b"\n'}
    assert body.endswith(b"data: [DONE]\n\n")


def test_a_plain_stream_in_frames() -> None:
    """One text, closed by the finish reason; role, usage and the end carry no words."""
    frames = frames_of(load("plain.sse"))

    assert [[delta.text for delta in frame.deltas] for frame in frames] == [
        [], ["Rest"], [" helps"], [", é\n"], ['"so"'], [], [], [],
    ]  # fmt: skip
    assert frames[1].deltas == (Delta("choices/0/content", Role.ASSISTANT, "Rest"),)
    assert [frame.closes for frame in frames if frame.closes] == [("choices/0/content",)]
    assert [frame.lane for frame in frames] == ["choices/0"] * 6 + [None, None]
    assert [frame.last for frame in frames] == [False] * 7 + [True]


def test_interleaved_choices_are_told_apart() -> None:
    """Several answers at once never mix, whatever their numbers."""
    frames = frames_of(load("choices.sse"))
    texts: dict[str, str] = {}
    for delta in (delta for frame in frames for delta in frame.deltas):
        texts[delta.segment] = texts.get(delta.segment, "") + delta.text

    assert texts == {"choices/0/content": "one two three", "choices/7/content": "uno dos"}
    assert [frame.lane for frame in frames if len(frame.deltas) == 2] == [None]
    assert [frame.closes for frame in frames if frame.closes] == [("choices/7/content",), ("choices/0/content",)]


def test_tool_calls_are_json_texts_of_their_tool() -> None:
    """Arguments are collected by call, know their tool, and are judged as a document when they are complete."""
    frames = frames_of(load("tools.sse"))

    assert [(d.segment, d.text, d.kind, d.json, d.tool) for frame in frames for d in frame.deltas] == [
        ("choices/0/tool/0/arguments", '{"name"', Kind.DATA, True, "find_patient"),
        ("choices/0/tool/0/arguments", ': "[NA', Kind.DATA, True, "find_patient"),
        ("choices/0/tool/0/arguments", 'ME_1]"}', Kind.DATA, True, "find_patient"),
        ("choices/0/tool/1/arguments", "{}", Kind.DATA, True, "weather"),
    ]
    assert [frame.closes for frame in frames if frame.closes] == [
        ("choices/0/tool/0/arguments", "choices/0/tool/1/arguments")
    ]


def test_a_call_without_a_name_belongs_to_no_named_tool() -> None:
    """Real values are restored only into tools that the policy names; a nameless call is none of them."""
    call = {"index": 0, "function": {"arguments": "{"}}
    (frame,) = frames_of(chunk(choice({"tool_calls": [call]})))

    assert frame.deltas[0].tool == "?"


def test_a_call_that_changes_its_tool_is_refused() -> None:
    """A tool that may see real names can't lend its name to another."""
    calls = [{"index": 0, "function": {"name": name, "arguments": ""}} for name in ("trusted", "other")]
    with pytest.raises(UpstreamBroken, match="changes its name"):
        frames_of(b"".join(chunk(choice({"tool_calls": [call]})) for call in calls))


def test_structured_content_is_a_json_text() -> None:
    """Asked for JSON, the streamed content is held and judged as a document."""
    (frame,) = frames_of(chunk(choice({"content": '{"a'})), response_format={"type": "json_object"})

    assert [(delta.kind, delta.json) for delta in frame.deltas] == [(Kind.DATA, True)]


def test_an_error_inside_a_stream_keeps_its_code_and_loses_its_words() -> None:
    """The provider's message may repeat what the patient said."""
    codec = opened()
    frames = codec.feed(load("error.sse") + chunk(choice({"content": "more"})))
    told = payloads(codec.write(frames[-1], [], []))[0]["error"]

    assert [frame.failed for frame in frames] == [False, True]
    assert (told["type"], told["code"], told["param"]) == ("server_error", "overloaded", None)
    assert "Maria" not in told["message"]


def test_comments_are_not_passed_on() -> None:
    """A keep-alive stays one, but not with the provider's words."""
    codec = opened()
    (frame,) = codec.feed(b": Maria Lopez\n\n")

    assert frame.keepalive
    assert codec.write(frame, [], []) == b": keep-alive\n\n"


@pytest.mark.parametrize("event", [b"data:\n\n", b"data: \n\n", b"event: ping\n\n", b":\n\n"])
def test_an_event_without_data_is_a_keepalive(event: bytes) -> None:
    """It carries nothing."""
    codec = opened()

    assert pass_on(codec, codec.feed(event)) == b": keep-alive\n\n"


def test_token_ids_are_dropped_from_frames() -> None:
    """They spell the words again (vLLM)."""
    codec = opened()
    (written,) = payloads(pass_on(codec, codec.feed(chunk(choice({"content": "Rest"}, token_ids=[4, 8])))))

    assert written["choices"][0]["token_ids"] is None


@pytest.mark.parametrize(
    "event",
    [
        *(b"event: Maria\ndata: %b", b"id: Maria\ndata: %b", b": Maria\ndata: %b"),
        *(b":Z\ndata: %b", b":\ndata: %b", b"Q\ndata: %b"),
    ],
)
def test_other_lines_of_an_event_are_not_passed_on(event: bytes) -> None:
    """Nobody inspects event names, ids and comments, so nothing hides there."""
    codec = opened()
    data = chunk(choice({"content": "Rest"}))[6:]
    frames = codec.feed(event % data)

    assert pass_on(codec, frames) == b"data: " + data


@pytest.mark.parametrize("line", [b":Z", b":", b"Q", b":Z\r", b"id"])
@pytest.mark.parametrize("begin", [b"data:", b"data: "])
def test_not_a_letter_hides_behind_the_data(begin: bytes, line: bytes) -> None:
    """Many small comments would make a word."""
    codec = opened()
    data = chunk(choice({"content": "Rest"}))[6:-2]
    frames = codec.feed(begin + data + b"\n" + line + b"\n\n")

    assert pass_on(codec, frames) == b"data: " + data + b"\n\n"


@pytest.mark.parametrize("event", [b"data: %b\n\n", b"data:%b\n\n", b"data: %b\r\n\r\n"])
def test_a_plain_event_keeps_its_form(event: bytes) -> None:
    """One line of data and nothing else comes back byte for byte."""
    codec = opened()
    raw = event % chunk(choice({"content": "Rest"}))[6:-2]

    assert pass_on(codec, codec.feed(raw)) == raw


def running(*deltas: Any) -> dict[str, list[str]]:
    """The pieces of each running text."""
    out: dict[str, list[str]] = {}
    for frame in frames_of(b"".join(chunk(choice(delta)) for delta in deltas)):
        for delta in frame.deltas:
            out.setdefault(delta.segment, []).append(delta.text)
    return out


@pytest.mark.parametrize(
    "delta",
    [
        lambda text: {"text": text},
        lambda text: {"a": 1, "text": text},
        lambda text: {"reasoning_details": [{"type": "reasoning.text", "text": text, "format": "v1", "index": 0}]},
        lambda text: {"output": {"parts": [text]}},
        lambda text: {"tools_to_call": [{"name": "find", "arguments": text}]},
        lambda text: {"tool_calls": [{"index": 0, "function": {"name": "f"}, "input": text}]},
        lambda text: {"type": text},
        lambda text: {"x/y~z": {"": text}},
    ],
)
def test_strange_words_of_a_stream_are_one_text(delta: Any) -> None:
    """A number that comes in two pieces is seen whole, whatever the field is called, and nothing is restored there."""
    frames = frames_of(b"".join(chunk(choice(delta(text))) for text in ("her 123-45", "-6789 is", " it")))
    deltas = [each for frame in frames for each in frame.deltas]

    assert [each.text for each in deltas] == ["her 123-45", "-6789 is", " it"]
    assert len({each.segment for each in deltas}) == 1
    assert {(each.kind, each.opens, each.tool, each.json) for each in deltas} == {(Kind.PROSE, False, "?", False)}


def test_the_order_of_members_doesnt_split_a_text() -> None:
    """A text is known by its name, in a list by its own index, not by its place in the frame."""
    assert running(
        {"text": "a", "b": "c"},
        {"b": "d", "text": "e"},
        {"details": [{"index": 1, "text": "f"}]},
        {"details": [{"index": 0, "text": "g"}, {"text": "h", "index": 1}]},
    ) == {
        "choices/0/+text": ["a", "e"],
        "choices/0/+b": ["c", "d"],
        "choices/0/+details/1/text": ["f", "h"],
        "choices/0/+details/0/text": ["g"],
    }


def test_labels_and_signatures_are_no_words() -> None:
    """They are judged where they stand, so that they don't hold up the words beside them."""
    details = [{"type": "reasoning.text", "format": "v1", "id": "rs-1", "signature": "aB3/" * 40}]
    (frame,) = frames_of(chunk(choice({"content": "x", "reasoning_details": details})))

    assert [each.text for each in frame.deltas] == ["x"]
    assert [each.text for each in frame.wholes] == ["reasoning.text", "v1", "rs-1", "aB3/" * 40]
    assert {(each.kind, each.tool) for each in frame.wholes} == {(Kind.DATA, "?")}


def test_strange_words_end_with_their_choice() -> None:
    """What is held of them is judged then."""
    frames = frames_of(chunk(choice({"text": "Rest"})) + chunk(choice({}, finish="stop")))

    assert told(frames) == [(["Rest"], ()), ([], ("choices/0/+text",))]


def test_strange_words_can_be_rewritten() -> None:
    """And a frame without anything else is left out once they're gone, also one like an earlier one."""
    codec = opened()
    for text in ("first", "second"):
        (frame,) = codec.feed(chunk(choice({"text": text})))
        (written,) = payloads(codec.write(frame, ["[X]"], []))

        assert written["choices"][0]["delta"] == {"text": "[X]"}
        assert codec.write(frame, [""], []) == b""


@pytest.mark.parametrize("known", [False, True], ids=["first frame", "like an earlier frame"])
def test_a_frame_is_left_out_once_its_words_are_gone(known: bool) -> None:
    """Held words that leave with another frame leave no empty frames behind."""
    codec = opened()
    if known:
        codec.feed(chunk(choice({"content": "first"})))
    (frame,) = codec.feed(chunk(choice({"content": "Rest"})))

    assert codec.write(frame, [""], []) == b""
    assert payloads(codec.write(frame, ["Re"], []))[0]["choices"][0]["delta"] == {"content": "Re"}


@pytest.mark.parametrize(
    "frame",
    [
        chunk(choice({"role": "assistant", "content": "x"})),
        chunk(choice({"content": "x"}, finish="stop")),
        chunk(choice({"content": "x"}), usage={"total_tokens": 3}),
        chunk(choice({"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f", "arguments": "{"}}]})),
        chunk(choice({"content": "x"}), vendor="word"),
    ],
    ids=["role", "finish", "usage", "call", "vendor"],
)
def test_a_frame_that_says_more_than_words_stays(frame: bytes) -> None:
    """Who speaks, why it ended, what it cost and which tool is called must not get lost."""
    codec = opened()
    (read,) = codec.feed(frame)

    assert payloads(codec.write(read, [""], [whole.text for whole in read.wholes]))


@pytest.mark.parametrize("text", ["", "plain", 'a "quoted" \\ word\n', "é 😀 \u2028", "\x00", "[NAME_1]"])
def test_learnt_frames_read_and_write_like_any_other(text: str) -> None:
    """The fast way through a stream gives what the full way gives, escaped or not."""
    for ascii_only in (True, False):
        codec = opened()
        top = json.loads(chunk(choice({"content": "first"}), obfuscation="aZ1")[6:])
        codec.feed(b"data: " + json.dumps(top).encode() + b"\n\n")
        top["choices"][0]["delta"]["content"] = text
        top["obfuscation"] = "Qq"
        raw = b"data: " + json.dumps(top, ensure_ascii=ascii_only).encode() + b"\n\n"
        (frame,) = codec.feed(raw)

        assert [delta.text for delta in frame.deltas] == ([text] if text else [])
        assert pass_on(codec, [frame]) == raw
        if text:
            top["choices"][0]["delta"]["content"] = text + '"\n'
            assert payloads(codec.write(frame, [text + '"\n'], [])) == [top]


def test_a_frame_that_only_begins_like_a_learnt_one_is_read_in_full() -> None:
    """A second, hidden key behind the words is noticed."""
    codec = opened()
    codec.feed(chunk(choice({"content": "first"})))
    hidden = chunk(choice({"content": "x"})).replace(b'"content": "x"', b'"content": "x", "content": "y"')
    with pytest.raises(UpstreamBroken):
        codec.feed(hidden)


def test_half_a_surrogate_pair_is_refused() -> None:
    """What isn't text can't be inspected, also in a frame like an earlier one."""
    codec = opened()
    codec.feed(chunk(choice({"content": "first"})))
    with pytest.raises(UpstreamBroken):
        codec.feed(chunk(choice({"content": "\ud800"})))


def test_logprobs_are_dropped_from_frames() -> None:
    """They spell the words again."""
    codec = opened()
    body = pass_on(codec, codec.feed(load("logprobs.sse")))

    assert b'logprob"' not in body
    assert [each["choices"][0]["delta"].get("content") for each in payloads(body)] == ["", "Ann", None]


def test_logprobs_can_be_kept_where_nothing_was_changed() -> None:
    """Kept only for unchanged words, and without the alternatives."""
    codec = streams.opened(OpenAIChat(Settings(logprobs=Logprobs.KEEP_UNCHANGED)), ask())
    frame = codec.feed(load("logprobs.sse"))[1]
    (kept,) = payloads(codec.write(frame, ["Ann"], []))
    frame = streams.opened(OpenAIChat(Settings(logprobs=Logprobs.KEEP_UNCHANGED)), ask()).feed(load("logprobs.sse"))[1]
    (changed,) = payloads(codec.write(frame, ["[NAME_1]"], []))

    assert kept["choices"][0]["logprobs"]["content"][0]["top_logprobs"] == []
    assert changed["choices"][0]["logprobs"] is None


def test_an_insertion_looks_like_the_stream_it_is_put_in() -> None:
    """A notice comes as one more piece of the same answer."""
    codec = opened()
    frames = codec.feed(load("choices.sse"))
    (inserted,) = payloads(codec.insert(frames[2], "choices/7/content", 'Written by a "machine".\n'))
    (original,) = payloads(codec.write(frames[2], ["one"], []))

    assert {key: inserted[key] for key in ("id", "object", "created", "model")} == {
        key: original[key] for key in ("id", "object", "created", "model")
    }
    assert inserted["choices"] == [
        {"index": 7, "delta": {"content": 'Written by a "machine".\n'}, "logprobs": None, "finish_reason": None}
    ]
    ChatCompletionChunk.model_validate(inserted)


def test_nothing_is_inserted_into_arguments() -> None:
    """Arguments of a tool stay valid JSON."""
    codec = opened()
    (frame,) = codec.feed(chunk(choice({"content": "x"})))
    with pytest.raises(KeyError):
        codec.insert(frame, "choices/0/tool/0/arguments", "x")


def test_the_terminal_error_is_an_error_object() -> None:
    """The client learns that the answer is incomplete; no [DONE] pretends otherwise."""
    (told,) = payloads(opened().error(UpstreamTimeout("the provider was too slow", code="idle_timeout")))

    assert told["error"] == {
        "message": "the provider was too slow",
        "type": "api_error",
        "param": None,
        "code": "idle_timeout",
    }


@pytest.mark.parametrize(
    ("end", "texts"),
    [
        (b"data: [DONE]", ["Rest", "last"]),
        (chunk(choice({"content": " now"}))[:-2], ["Rest", " now"]),
        (chunk(choice({"content": " now"}))[:-9], ["Rest"]),
        (b"data: [DO", ["Rest"]),
        (b"", ["Rest"]),
    ],
    ids=["done without blank line", "frame without blank line", "half a frame", "half an end", "no end"],
)
def test_a_stream_that_breaks_off(end: bytes, texts: list[str]) -> None:
    """What is readable is read; only the provider's own end counts as an end."""
    frames = frames_of(chunk(choice({"content": "Rest"})) + end)

    assert ["last" if frame.last else frame.deltas[0].text for frame in frames] == texts


def test_nothing_is_read_after_the_end() -> None:
    """Words behind [DONE] reach nobody."""
    frames = frames_of(b"data: [DONE]\n\n" + chunk(choice({"content": "more"})))

    assert [frame.last for frame in frames] == [True]


def call(index: Any = 0, **function: Any) -> dict[str, Any]:
    return choice({"tool_calls": [{"index": index, "function": function}]})


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"data: <html>\n\n", "unreadable_answer"),
        (b"data: [1]\n\n", "unreadable_answer"),
        (b'data: {"a":1,"a":2}\n\n', "unreadable_answer"),
        (chunk(choice({"content": 12})), "invalid_type"),
        (chunk(choice({"content": [{"type": "image_url", "text": "x"}]})), "uninspected_part"),
        (chunk(choice({"audio": {"data": "UklGRg=="}})), "uninspected_part"),
        (chunk(choice({}, message={"content": "again"})), "uninspected_part"),
        (chunk(choice({}, text="again")), "uninspected_part"),
        (chunk(choice({"content": "x"}, index="Ann")), "invalid_type"),
        (chunk(choice({"content": "x"}, index=-1)), "invalid_type"),
        (chunk(choice({"content": "x"}, index=True)), "invalid_type"),
        (chunk(call(index="Ann", arguments="{}")), "invalid_type"),
        (chunk(call(name="Ann Lee", arguments="{}")), "invalid_value"),
        (chunk(choice({}), id="Ann Lee was here"), "invalid_value"),
        (chunk(choice({}), obfuscation="Ann Lee"), "invalid_value"),
        (
            chunk(choice({"content": "a"}))
            + chunk(choice({"content": "b"}))
            + chunk(choice({}, finish="stop"))
            + chunk(choice({"content": "c"})),
            "text_after_finish",
        ),
        (chunk(choice({}), x_bytes=[77, 97, 114, 105, 97, 32, 76, 111]), "token_array"),
        (b"".join(chunk(choice({"content": "a"}, index=n)) for n in range(300)), "too_many_texts"),
        (b"".join(chunk(call(index=n, arguments="{")) for n in range(300)), "too_many_texts"),
    ],
)
def test_a_frame_that_cant_be_read_breaks_the_stream(frame: bytes, code: str) -> None:
    """What wasn't understood reaches nobody; the error doesn't repeat it."""
    with pytest.raises(UpstreamBroken) as caught:
        frames_of(frame)

    assert caught.value.code == code
    assert "Ann" not in caught.value.message


def test_a_choice_number_may_be_any_number() -> None:
    """A provider that counts strangely is still understood."""
    (frame,) = frames_of(chunk(choice({"content": "x"}, index=1_000_000_000)))

    assert frame.deltas[0].segment == "choices/1000000000/content"


def told(frames: list[Frame]) -> list[tuple[list[str], tuple[str, ...]]]:
    return [([delta.text for delta in frame.deltas], frame.closes) for frame in frames]


def test_a_finish_reason_with_words_doesnt_close_the_text() -> None:
    """Some servers say "stop" with every piece: such a text ends with the stream, and no word of it is lost."""
    often = [chunk(choice({"role": "assistant"}, finish="stop"))]
    often += [chunk(choice({"content": text}, finish="stop")) for text in ("Rest", " helps", "", ".")]
    frames = frames_of(b"".join(often) + b"data: [DONE]\n\n")

    assert told(frames) == [([], ()), (["Rest"], ()), ([" helps"], ()), ([], ()), (["."], ()), ([], ())]
    assert frames[-1].last
    assert {frame.lane for frame in frames[:-1]} == {"choices/0"}


def test_a_finish_reason_may_be_told_twice() -> None:
    """A second one, with the usage, changes nothing."""
    end = chunk(choice({}, finish="stop"))
    again = chunk(choice({"content": ""}, finish="stop"), usage={"total_tokens": 3})
    frames = frames_of(chunk(choice({"content": "Rest."})) + end + again)

    assert told(frames) == [(["Rest."], ()), ([], ("choices/0/content",)), ([], ())]


def test_one_choice_that_never_finishes_properly_doesnt_hold_another() -> None:
    """Each of several answers ends by its own finish reason."""
    frames = frames_of(
        chunk(choice({"content": "a"}, 0, finish="stop"))
        + chunk(choice({"content": "b"}, 1))
        + chunk(choice({}, 1, finish="stop"))
    )

    assert told(frames) == [(["a"], ()), (["b"], ()), ([], ("choices/1/content",))]


def test_a_call_may_repeat_its_id_and_name() -> None:
    """Servers that tell with every piece of the arguments which tool is called are understood."""
    pieces = ['{"a', '": 1', "}"]
    calls = [{"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": p}} for p in pieces]
    body = b"".join(chunk(choice({"tool_calls": [each]})) for each in calls) + chunk(choice({}, finish="tool_calls"))
    frames = frames_of(body)

    assert [(d.segment, d.text, d.tool) for frame in frames for d in frame.deltas] == [
        ("choices/0/tool/0/arguments", piece, "f") for piece in pieces
    ]
    assert frames[-1].closes == ("choices/0/tool/0/arguments",)
    assert pass_on(opened(), frames) == body


def test_frames_may_be_made_in_different_seconds() -> None:
    """A changing time stamp is passed on as it came, also where the words change."""
    codec = opened()
    bodies = [chunk(choice({"content": "x"}), created=second) for second in (17, 1_700_000_001, 0)]
    frames = [frame for body in bodies for frame in codec.feed(body)]

    assert pass_on(codec, frames) == b"".join(bodies)
    written = payloads(b"".join(codec.write(frame, ["y"], []) for frame in frames))
    assert [(each["created"], each["choices"][0]["delta"]["content"]) for each in written] == [
        (17, "y"), (1_700_000_001, "y"), (0, "y"),
    ]  # fmt: skip


def test_the_answer_opens_with_content_not_with_reasoning() -> None:
    """Notices stand before the words that are shown; what a model thinks aloud is often hidden."""
    fields = ("reasoning_content", "reasoning", "content", "refusal")
    frames = frames_of(b"".join(chunk(choice({field: "x"})) for field in fields))

    assert [(d.segment, d.opens) for frame in frames for d in frame.deltas] == [
        ("choices/0/reasoning_content", False),
        ("choices/0/reasoning", False),
        ("choices/0/content", True),
        ("choices/0/refusal", True),
    ]


def test_azures_frames_without_choices_are_understood() -> None:
    """Annotations of a provider's filter are no words."""
    results = {"hate": {"filtered": False, "severity": "safe"}}
    (frame,) = frames_of(chunk(prompt_filter_results=[{"prompt_index": 0, "content_filter_results": results}]))

    assert (frame.lane, frame.deltas, frame.wholes) == (None, (), ())


def test_thoughts_end_where_the_answer_begins() -> None:
    """Their last words don't hold up the answer; thoughts after that are a text of their own."""
    deltas: list[Any] = [{"reasoning": "Flu"}, {"reasoning": "?"}, {"content": "Rest"}, {"content": "."}]
    frames = frames_of(
        b"".join(chunk(choice(delta)) for delta in [*deltas, *deltas]) + chunk(choice({}, finish="stop"))
    )
    content, first, second = "choices/0/content", "choices/0/reasoning", "choices/0/reasoning#1"

    assert [(*(d.segment for d in frame.deltas), frame.closes) for frame in frames] == [
        (first, ()), (first, ()), (content, (first,)), (content, ()),
        (second, ()), (second, ()), (content, (second,)), (content, ()), ((content,),),
    ]  # fmt: skip


def test_thoughts_of_one_answer_dont_end_with_another() -> None:
    """Each of several answers has its own, and one that thinks and speaks at once goes on thinking."""
    frames = frames_of(
        chunk(choice({"reasoning": "a"}, 0))
        + chunk(choice({"reasoning": "b"}, 1))
        + chunk(choice({"content": "c"}, 1))
        + chunk(choice({"content": "d", "reasoning": "e"}, 0))
    )

    assert [frame.closes for frame in frames] == [(), (), ("choices/1/reasoning",), ()]


def test_an_answer_that_thinks_all_the_time_is_still_read() -> None:
    """Thoughts and words by turns, far more often than any limit on texts."""
    turns = (chunk(choice({field: "x"})) for _ in range(300) for field in ("reasoning", "text", "content"))
    frames = frames_of(b"".join(turns) + chunk(choice({}, finish="stop")))
    names = {delta.segment for frame in frames for delta in frame.deltas}

    assert len(names) < 64
    assert sorted(name for frame in frames for name in frame.closes) == sorted(names)


def test_what_a_provider_says_in_our_name_is_left_out_of_every_frame() -> None:
    """Also between frames that a template reads, however its name is spelt; the others keep their bytes."""
    plain = [chunk(choice({"content": word})) for word in ("One ", "two ", "three ", "four.")]
    ends = [chunk(choice({}, finish="stop")), b"data: [DONE]\n\n"]
    spelt = [
        plain[0],
        plain[1].replace(b"}\n\n", b', "guardrail": {"ai_generated": false}}\n\n'),
        plain[2].replace(b"}\n\n", b', "\\u0067uardRail": "a person wrote this"}\n\n'),
        plain[3],
        ends[0].replace(b"}\n\n", b', "guardrail": null, "GUARDRAIL": [1]}\n\n'),
        ends[1],
    ]
    codec = opened()
    assert pass_on(codec, codec.feed(b"".join(spelt))) == b"".join([*plain, *ends])
