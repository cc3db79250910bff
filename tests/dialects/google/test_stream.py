"""Streams: pieces of one text put together, whatever comes between ends it, and both of Google's framings."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import pytest

from guardrail.dialects.base import StreamCodec
from guardrail.dialects.google.dialect import GeminiGenerate
from guardrail.dialects.settings import DEFAULTS, Logprobs, Settings
from guardrail.dialects.tools import NO_TOOLS, ToolRules
from guardrail.errors import AnswerWithheld, UpstreamBroken
from guardrail.events import Delta, Frame
from guardrail.text import Kind, Role
from tests.dialects import streams
from tests.specimens.base import sse, sse_bodies
from tests.specimens.gemini import answer, chunks, words

SIGNATURE = base64.b64encode(bytes(range(100, 220))).decode()
CALL = {"functionCall": {"name": "find_visits", "args": {"patient": "[NAME_1]"}}}
ARRAY = "application/json"


def opened(
    media: str = "text/event-stream", settings: Settings = DEFAULTS, tools: ToolRules = NO_TOOLS, **config: Any
) -> StreamCodec:
    dialect = GeminiGenerate(settings, streams=True)
    body = {"contents": [{"parts": [{"text": "hello"}]}], "generationConfig": config}
    return streams.opened(dialect, dialect.read_request(json.dumps(body).encode()), media, tools)


def chunk(*parts: Any, reason: str | None = None, **more: Any) -> dict[str, Any]:
    return dict(answer(*parts, reason=reason, **more))


def say(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, **more}


def frames_of(*bodies: Any, **config: Any) -> list[Frame]:
    codec = opened(**config)
    return codec.feed(sse(*bodies)) + codec.flush()


def deltas(frames: Sequence[Frame]) -> list[tuple[str, str, bool]]:
    return [(delta.segment, delta.text, delta.opens) for frame in frames for delta in frame.deltas]


def array(bodies: Sequence[Any]) -> bytes:
    """As Google writes it: on many lines."""
    return b"[" + b"\n,\r\n".join(json.dumps(body, indent=2).encode() for body in bodies) + b"\n]\n"


def pass_on(codec: StreamCodec, frames: Sequence[Frame], change: Any = lambda text: text) -> bytes:
    return b"".join(
        codec.write(frame, [change(delta.text) for delta in frame.deltas], [whole.text for whole in frame.wholes])
        for frame in frames
    )


def test_a_plain_stream_in_frames() -> None:
    """One text; nothing but the end of the stream closes it, for the reason to end comes with the last words."""
    frames = frames_of(*chunks(["Rest", " helps", "."]))

    assert [frame.deltas for frame in frames] == [
        *(
            (Delta("candidates/0/text0", Role.ASSISTANT, text, thread="candidates/0/text"),)
            for text in ("Rest", " helps", ".")
        ),
        (),
    ]
    assert [frame.lane for frame in frames] == ["candidates/0"] * 3 + [None]
    assert [frame.closes for frame in frames] == [()] * 4
    assert [frame.last for frame in frames] == [False] * 3 + [True]


def test_an_untouched_stream_comes_back_byte_for_byte() -> None:
    """What needs no change isn't changed, in Google's line ends too."""
    for data in (sse(*chunks(["Rest", " helps", "."])), sse(*chunks(["Rest", "."])).replace(b"\n", b"\r\n")):
        codec = opened()
        assert pass_on(codec, codec.feed(data) + codec.flush()) == data


def test_what_comes_between_ends_a_text() -> None:
    """Thoughts, words and calls are told apart; only the first words open the answer."""
    frames = frames_of(
        chunk(say("Hm.", thought=True)),
        chunk(say(" So.", thought=True)),
        chunk(say("Let me ")),
        chunk(say("look.")),
        chunk(CALL),
        chunk(say("Wait.", thought=True), say("Here ")),
        chunk(say("it is."), reason="STOP"),
    )

    assert deltas(frames) == [
        ("candidates/0/thought0", "Hm.", False),
        ("candidates/0/thought0", " So.", False),
        ("candidates/0/text1", "Let me ", True),
        ("candidates/0/text1", "look.", True),
        ("candidates/0/thought2", "Wait.", False),
        ("candidates/0/text3", "Here ", False),
        ("candidates/0/text3", "it is.", False),
    ]
    assert [frame.closes for frame in frames] == [
        *((), (), ("candidates/0/thought0",), (), ("candidates/0/text1",), ("candidates/0/thought2",), (), ()),
    ]
    assert [(whole.tool, whole.text) for frame in frames for whole in frame.wholes] == [
        ("find_visits", "patient"),
        ("find_visits", "[NAME_1]"),
    ]


def test_a_signature_is_not_lost_with_the_words_beside_it() -> None:
    """It often comes with an empty text, which ends nothing."""
    codec = opened()
    frames = codec.feed(sse(chunk(say("Rest.")), chunk(say("", thoughtSignature=SIGNATURE)), chunk(say(" Drink."))))
    more = codec.feed(sse(chunk(say("Now.", thoughtSignature=SIGNATURE))))

    assert {segment for segment, _, _ in deltas(frames + more)} == {"candidates/0/text0"}
    assert SIGNATURE in pass_on(codec, frames[1:2]).decode()
    assert SIGNATURE in codec.write(more[0], [""], []).decode()


def test_candidates_are_told_apart() -> None:
    """By their index, which the first may leave out."""
    both = {"candidates": [{"content": {"parts": [say("one")]}}, {"content": {"parts": [say("uno")]}, "index": 1}]}
    frames = frames_of(both, chunk(say(" two"), index=1), chunk(say(" end"), reason="STOP"))

    assert deltas(frames) == [
        ("candidates/0/text0", "one", True),
        ("candidates/1/text0", "uno", True),
        ("candidates/1/text0", " two", True),
        ("candidates/0/text0", " end", True),
    ]
    assert [frame.lane for frame in frames] == [None, "candidates/1", "candidates/0"]
    assert not any(frame.last for frame in frames)  # nobody said why candidate 1 ended


@pytest.mark.parametrize("index", [-1, 1.5, True, "0", 300])
def test_an_index_that_is_none(index: Any) -> None:
    """Words that belong nowhere are not passed on."""
    with pytest.raises(UpstreamBroken):
        frames_of({"candidates": [{"content": {"parts": [say("x")]}, "index": index}]})


def test_two_candidates_of_one_index() -> None:
    """They would be mixed."""
    with pytest.raises(UpstreamBroken):
        frames_of({"candidates": [{"content": {"parts": [say("x")]}}, {"content": {"parts": [say("y")]}, "index": 0}]})


def test_some_servers_give_a_reason_with_every_chunk() -> None:
    """Nothing is closed by it, and words go on."""
    frames = frames_of(*(chunk(say(text), reason="STOP") for text in ("Rest", " helps", ".")))

    assert [delta[0] for delta in deltas(frames)] == ["candidates/0/text0"] * 3
    assert frames[-1].last


def test_counts_may_come_after_the_end() -> None:
    """A chunk without candidates; the text was closed by the reason that came alone."""
    frames = frames_of(chunk(say("Rest.")), chunk(say(""), reason="STOP"), {"usageMetadata": {"totalTokenCount": 9}})

    assert [frame.closes for frame in frames] == [(), ("candidates/0/text0",), (), ()]
    assert [frame.last for frame in frames] == [False, False, False, True]


@pytest.mark.parametrize(
    ("bodies", "ended"),
    [
        ([chunk(say("Rest."))], False),
        ([], False),
        ([chunk(say("Rest."), reason="MAX_TOKENS")], True),
        ([{"candidates": [{"finishReason": "SAFETY", "index": 0}]}], True),
        ([{"promptFeedback": {"blockReason": "SAFETY"}}], True),
        ([{"promptFeedback": {}}], False),
    ],
)
def test_a_stream_has_ended_only_if_somebody_said_why(bodies: Any, ended: bool) -> None:
    """There is no other sign of it."""
    frames = frames_of(*bodies)

    assert (bool(frames) and frames[-1].last) is ended


def test_structured_text_is_judged_as_json_but_thoughts_are_not() -> None:
    """Asked for JSON, the words are held as a document; thoughts are still talk."""
    frames = frames_of(
        chunk(say("Hm.", thought=True)), chunk(say('{"a')), responseMimeType="application/json"
    )  # fmt: skip

    assert [(d.kind, d.json, d.opens) for frame in frames for d in frame.deltas] == [
        (Kind.PROSE, False, False),
        (Kind.DATA, True, True),
    ]


@pytest.mark.parametrize("arguments", [{"patient": "[NAME_1]"}, {}])
def test_actions_become_proposals(arguments: dict[str, str]) -> None:
    """A whole call is turned where it stands, also one that takes no arguments: it says which tool the model wanted."""
    codec = opened(tools=ToolRules(classes={"order": ("order",)}))
    call = {"functionCall": {"name": "place_order", "args": arguments}}
    (body,) = sse_bodies(pass_on(codec, codec.feed(sse(chunk({**call, "thoughtSignature": SIGNATURE})))))
    turned = body["candidates"][0]["content"]["parts"][0]["functionCall"]

    assert turned["name"] == "guardrail_refused_proposal"
    assert turned["args"]["proposed_tool"] == "place_order"
    assert turned["args"]["proposed_arguments"] == arguments


def test_log_probabilities() -> None:
    """As in whole answers."""
    told = {"chosenCandidates": [{"token": "Rest"}], "topCandidates": [{"candidates": [{"token": "Jane"}]}]}
    body = chunk(say("Rest"))
    body["candidates"][0]["logprobsResult"] = told
    for settings, kept in (
        (Settings(), None),
        (Settings(logprobs=Logprobs.KEEP_UNCHANGED), {**told, "topCandidates": []}),
    ):
        codec = opened(settings=settings)
        (out,) = sse_bodies(pass_on(codec, codec.feed(sse(body))))
        assert out["candidates"][0]["logprobsResult"] == kept


def test_unknown_words_are_put_together_before_they_are_judged() -> None:
    """A new kind of part that comes in pieces hides nothing."""
    frames = frames_of(chunk({"novelty": {"say": "Maria De"}}), chunk({"novelty": {"say": "lgado"}}))

    assert [(d.segment, d.text, d.tool, d.opens) for frame in frames for d in frame.deltas] == [
        ("candidates/0/+novelty/say", "Maria De", "?", False),
        ("candidates/0/+novelty/say", "lgado", "?", False),
    ]


def test_an_error_in_the_stream_loses_its_words() -> None:
    """It may echo the prompt."""
    codec = opened()
    told = {"error": {"code": 503, "message": "Jane Roe was too much", "status": "UNAVAILABLE"}}
    frames = codec.feed(sse(chunk(say("Rest")), told, chunk(say("more"))))
    out = sse_bodies(pass_on(codec, frames))

    assert [frame.failed for frame in frames] == [False, True]
    assert (out[1]["error"]["code"], out[1]["error"]["status"]) == (503, "UNAVAILABLE")
    assert "Jane" not in json.dumps(out)


# ------------------------------------------------------------------------------------------------ the fast way


def test_frames_that_differ_in_words_and_counts_only_are_learned() -> None:
    """Learned or read in full, the frames are the same."""
    bodies = [chunk(say(f"word {number} ")) for number in range(6)]
    for number, body in enumerate(bodies):
        body["usageMetadata"] = {"promptTokenCount": 9, "candidatesTokenCount": number * 10, "totalTokenCount": number}
    codec = opened()
    frames = codec.feed(sse(*bodies))

    assert {type(frame.payload).__name__ for frame in frames[1:]} == {"_Learned"}
    assert deltas(frames) == [("candidates/0/text0", f"word {number} ", True) for number in range(6)]
    assert pass_on(codec, frames) == sse(*bodies)


def test_what_was_learned_is_forgotten_when_a_text_ends() -> None:
    """The same form means another text then."""
    frames = frames_of(
        *(chunk(say(text)) for text in ("a ", "b ", "c ")),
        chunk(CALL),
        *(chunk(say(text)) for text in ("d ", "e ", "f ")),
    )

    assert [segment for segment, _, _ in deltas(frames)] == ["candidates/0/text0"] * 3 + ["candidates/0/text1"] * 3


def test_a_chunk_that_has_lost_its_words_is_dropped() -> None:
    """Its counts come again with the next."""
    codec = opened()
    frames = codec.feed(sse(*chunks(["Rest", " helps", "."])))

    assert [bool(codec.write(frame, [""], [])) for frame in frames] == [False, False, True]


# ------------------------------------------------------------------------------------------------ words of ours


def test_words_of_ours_are_chunks_of_the_same_stream() -> None:
    """Before the words they belong to, in the same candidate; thoughts stay thoughts."""
    codec = opened()
    (frame,) = codec.feed(sse(chunk(say("Rest"), index=2)))

    (text,) = sse_bodies(codec.insert(frame, "candidates/2/text0", "Notice. "))
    (thought,) = sse_bodies(codec.insert(frame, "candidates/2/thought1", "Notice. "))
    (help_,) = sse_bodies(codec.say("Call 112."))
    (note,) = sse_bodies(codec.note({"text": "n"}))

    assert text["candidates"] == [{"content": {"parts": [{"text": "Notice. "}], "role": "model"}, "index": 2}]
    assert thought["candidates"][0]["content"]["parts"] == [{"text": "Notice. ", "thought": True}]
    assert {each["responseId"] for each in (text, thought, help_, note)} == {"mAitaLmkHPPlz7IPvtfUqQ4"}
    assert (words([help_]), help_["candidates"][0]["index"]) == ("Call 112.", 0)
    assert (words([note]), note["guardrail"]) == ("", {"text": "n"})
    assert codec.is_first("candidates/0/text0")
    assert not codec.is_first("candidates/2/text0")
    with pytest.raises(KeyError):
        codec.insert(frame, "candidates/0/+novelty", "Notice.")


# ------------------------------------------------------------------------------------------------ one long array


def test_an_array_is_a_stream_too() -> None:
    """Without `alt=sse` the chunks are elements, written as they come."""
    codec = opened(ARRAY)
    body = array(chunks(["Rest", " helps", "."]))
    frames = codec.feed(body) + codec.flush()

    assert codec.content_type.startswith("application/json")
    assert json.loads(pass_on(codec, frames)) == chunks(["Rest", " helps", "."])
    assert frames[-1].last


@pytest.mark.parametrize("media", ["text/event-stream", ARRAY])
def test_every_cut_gives_the_same_bytes(media: str) -> None:
    """However the network cuts a stream, of events or of elements, and whatever is changed in it."""
    bodies = [*chunks(["Rest", " é🙂 ", '"\\']), {"usageMetadata": {"totalTokenCount": 9}}]
    data = array(bodies) if media == ARRAY else sse(*bodies)

    def passed(*pieces: bytes) -> bytes:
        codec = opened(media)
        frames = [frame for piece in pieces for frame in codec.feed(piece)] + codec.flush()
        return pass_on(codec, [frame for frame in frames if not frame.keepalive], lambda text: text.replace("R", "B"))

    whole = passed(data)
    assert b"Best" in whole
    assert all(passed(data[:at], data[at:]) == whole for at in range(1, len(data)))
    assert passed(*(data[at : at + 1] for at in range(len(data)))) == whole


def test_an_array_stays_one_whatever_is_put_in_and_left_out() -> None:
    """Its commas follow what really leaves."""
    codec = opened(ARRAY)
    frames = codec.feed(array(chunks(["a", "b", "c", "d"]))) + codec.flush()
    out = codec.write(frames[0], [""], []) + codec.insert(frames[1], "candidates/0/text0", "Notice. ")
    out += codec.write(frames[1], ["b"], []) + codec.write(frames[2], [""], [])
    out += codec.write(frames[3], ["D"], []) + codec.note({"text": "n"}) + codec.write(frames[4], [], [])

    assert words(json.loads(out)) == "Notice. bD"


@pytest.mark.parametrize("cut", [1, 40, -3, -2])
def test_an_array_that_breaks_off_is_no_whole_one(cut: int) -> None:
    """Even if the reason for the end has come: what was held is judged, then an error is its last element."""
    codec = opened(ARRAY)
    frames = codec.feed(array(chunks(["Rest", "."]))[:cut]) + codec.flush()
    out = json.loads(pass_on(codec, frames) + codec.error(AnswerWithheld("withheld")))

    assert not any(frame.last for frame in frames)
    assert out[-1]["error"]["message"] == "withheld"


def test_an_error_in_an_array_is_its_last_element() -> None:
    """As Google writes it; words that wait for their turn stay before it."""
    codec = opened(ARRAY)
    frames = codec.feed(array([chunk(say("Rest")), {"error": {"code": 500, "message": "Jane", "status": "INTERNAL"}}]))
    out = json.loads(pass_on(codec, frames))

    assert (words(out[:1]), out[1]["error"]["status"], len(out)) == ("Rest", "INTERNAL", 2)
    assert "Jane" not in json.dumps(out)


def test_a_whole_answer_is_no_stream() -> None:
    """`generateContent` answers with the same media type."""
    dialect = GeminiGenerate()
    request = dialect.read_request(b'{"contents": [{"parts": [{"text": "hello"}]}]}')

    assert dialect.open_stream(request, ARRAY) is None
    assert dialect.open_stream(request, "text/event-stream") is not None
    assert GeminiGenerate(streams=True).open_stream(request, "text/html") is None
