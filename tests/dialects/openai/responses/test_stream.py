"""Streams: which text a piece belongs to, its three copies, what is inserted, what ends it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guardrail.dialects.base import StreamCodec
from guardrail.dialects.settings import Logprobs, Settings
from guardrail.dialects.tools import ToolRules
from guardrail.errors import AnswerWithheld, UpstreamBroken
from guardrail.events import Frame
from guardrail.text import Kind
from tests.dialects.openai.responses.talk import opened, pass_on, shout
from tests.specimens.base import sse, sse_bodies
from tests.specimens.openai_responses import call, called_events, events, message, response, said_events, stream

PLACE = {"item_id": "rs_1", "output_index": 0}
JSON_ASKED: dict[str, Any] = {"text": {"format": {"type": "json_object"}}}


def deltas(frames: list[Frame]) -> list[tuple[str, str, Kind, bool, str, bool]]:
    return [(d.segment, d.text, d.kind, d.json, d.tool, d.opens) for frame in frames for d in frame.deltas]


def event(name: str, **body: Any) -> bytes:
    return sse((name, {"type": name, "sequence_number": 3, **body}))


def feed(codec: StreamCodec, data: bytes) -> list[Frame]:
    return codec.feed(data) + codec.flush()


def test_an_untouched_stream_comes_back_byte_for_byte() -> None:
    """What needs no change isn't changed, and ends."""
    data = stream(["Rest. ", "Drink."])
    codec = opened()
    frames = feed(codec, data)
    assert pass_on(codec, frames) == data
    assert [frame.last for frame in frames] == [False] * (len(frames) - 1) + [True]


def test_words_come_in_pieces_and_are_one_text() -> None:
    """It opens the answer, and closes with the event that says it as a whole."""
    frames = opened().feed(stream(["Rest. ", "Drink."]))
    text = "output/0/text/0"
    assert deltas(frames) == [
        (text, "Rest. ", Kind.PROSE, False, "", True),
        (text, "Drink.", Kind.PROSE, False, "", True),
    ]
    assert next(frame.closes for frame in frames if frame.closes) == (text,)
    assert {frame.lane for frame in frames[2:-1]} == {"output"}
    assert {frames[0].lane, frames[-1].lane} == {None}
    assert not any(frame.wholes for frame in frames)


def test_all_copies_are_written_as_the_pieces_were() -> None:
    """SSE-07: five times the same words, also where one of ours stands before them."""
    codec = opened()
    frames = codec.feed(stream(["Rest. ", "Drink."]))
    first = next(at for at, frame in enumerate(frames) if frame.deltas)
    body = shout(codec, frames[:first]) + codec.insert(frames[first], "output/0/text/0", "Notice. ")
    body += shout(codec, frames[first:])
    told = sse_bodies(body)
    words = {
        "".join(each["delta"] for each in told if each["type"] == "response.output_text.delta"),
        *(each["text"] for each in told if each["type"] == "response.output_text.done"),
        *(each["part"]["text"] for each in told if each["type"] == "response.content_part.done"),
        *(each["item"]["content"][0]["text"] for each in told if each["type"] == "response.output_item.done"),
        told[-1]["response"]["output"][0]["content"][0]["text"],
    }
    assert words == {"Notice. REST. DRINK."}
    ours = next(each for each in told if each.get("delta") == "Notice. ")
    following = next(each for each in told if each.get("delta") == "REST. ")
    assert {k: v for k, v in following.items() if k != "obfuscation"} == {**ours, "delta": "REST. "}


def test_words_that_come_as_a_whole_only_are_inspected_on_their_own() -> None:
    """Each copy of them."""
    data = events([("response.output_item.done", {"output_index": 0, "item": message("Rest.")})], [message("Rest.")])
    frames = opened().feed(data)
    assert [[whole.text for whole in frame.wholes] for frame in frames if frame.wholes] == [["Rest."], ["Rest."]]
    assert all(whole.opens and whole.kind is Kind.PROSE for frame in frames for whole in frame.wholes)


def test_a_copy_that_differs_is_inspected_on_its_own() -> None:
    """A server that trims its words is not broken; arguments of a tool that differ are."""
    data = stream(["Rest. "]).replace(b'"text": "Rest. "', b'"text": "Rest."')
    frames = opened().feed(data)
    assert [whole.text for frame in frames for whole in frame.wholes] == ["Rest."] * 4

    differs = list(called_events("find", '{"a": 1}'))
    differs[-1] = ("response.output_item.done", {"output_index": 0, "item": call("find", '{"a": 2}')})
    with pytest.raises(UpstreamBroken) as caught:
        opened().feed(events(differs, []))
    assert caught.value.code == "mirror_differs"


def test_arguments_go_to_their_tool() -> None:
    """Held and judged as JSON; the copies follow."""
    codec = opened()
    frames = codec.feed(events(list(called_events("find", '{"who": "x"}')), [call("find", '{"who": "x"}')]))
    assert {each[0] for each in deltas(frames)} == {"output/0/arguments"}
    assert {each[2:5] for each in deltas(frames)} == {(Kind.DATA, True, "find")}
    assert pass_on(codec, frames).count(b'{\\"who\\": \\"x\\"}') == 3


def test_a_call_that_changes_its_tool_is_not_trusted() -> None:
    """Its arguments were judged for another."""
    told = list(called_events("find", "{}"))
    told[-1] = ("response.output_item.done", {"output_index": 0, "item": call("prescribe", "{}")})
    with pytest.raises(UpstreamBroken) as caught:
        opened().feed(events(told, []))
    assert caught.value.code == "tool_renamed"


def test_an_action_is_named_a_proposal_wherever_it_is_named() -> None:
    """In the item, in its copies, and in the event that some servers name it in."""
    rules = ToolRules({"order": ("order",)})
    codec = opened(tools=rules)
    told = [
        (name, {**body, "name": "order"} if name == "response.function_call_arguments.done" else body)
        for name, body in called_events("order", '{"n": 1}')
    ]
    body = pass_on(codec, codec.feed(events(told, [call("order", '{"n": 1}')])))
    assert body.count(b"guardrail_refused_proposal") == 4
    assert b'"order"' not in body


def test_thoughts_are_no_words_of_the_answer() -> None:
    """Summaries and reasoning: nothing opens there, nothing is put back, nothing is rewritten."""
    data = (
        event("response.reasoning_summary_text.delta", **PLACE, summary_index=1, delta="Ask her.")
        + event("response.reasoning_text.delta", **PLACE, content_index=0, delta="Hm.")
        + event("response.code_interpreter_call_code.delta", item_id="ci", output_index=1, delta="print(1)")
        + event("response.mcp_call_arguments.delta", item_id="mcp", output_index=2, delta="{}")
        + event("response.custom_tool_call_input.delta", item_id="ct", output_index=3, delta="select")
    )
    assert deltas(opened().feed(data)) == [
        ("output/0/summary/1", "Ask her.", Kind.DATA, False, "?", False),
        ("output/0/reasoning/0", "Hm.", Kind.DATA, False, "?", False),
        ("output/1/code", "print(1)", Kind.DATA, False, "?", False),
        ("output/2/arguments", "{}", Kind.DATA, True, "?", False),
        ("output/3/input", "select", Kind.DATA, True, "?", False),
    ]


def test_unknown_words_in_a_piece_are_put_together_too() -> None:
    """A second copy of the words under another name hides nothing."""
    place = {"item_id": "m", "output_index": 0, "content_index": 0}
    data = event("response.output_text.delta", **place, delta="a", logprobs=[], copy="Jane", note={"x": ["Roe"]})
    found = deltas(opened().feed(data))
    assert [(text, tool) for _, text, _, _, tool, _ in found] == [("a", ""), ("Jane", "?"), ("Roe", "?")]


@pytest.mark.parametrize("name", ["keepalive", "response.teleport.delta", "ping", "", "response.audio.delta"])
def test_events_that_nobody_knows_are_left_out(name: str) -> None:
    """A comment stands in their place."""
    codec = opened()
    (frame,) = codec.feed(sse({"type": name, "delta": "Jane", "sequence_number": 1}))
    assert frame.keepalive
    assert b"Jane" not in codec.write(frame, [], [])


def test_an_item_of_ours_moves_all_others() -> None:
    """What is said in danger is an item: later ones count on, and the answer has it first."""
    codec = opened()
    frames = codec.feed(events(list(called_events("find", "{}")), [call("find", "{}")]))
    body = pass_on(codec, frames[:1]) + codec.say("Call 112.") + pass_on(codec, frames[1:])
    told = sse_bodies(body)
    places = [(each["type"].removeprefix("response."), each["output_index"]) for each in told if "output_index" in each]
    assert places[:6] == [
        ("output_item.added", 0), ("content_part.added", 0), ("output_text.delta", 0),
        ("output_text.done", 0), ("content_part.done", 0), ("output_item.done", 0),
    ]  # fmt: skip
    assert {at for _, at in places[6:]} == {1}
    assert [item["type"] for item in told[-1]["response"]["output"]] == ["message", "function_call"]
    assert told[-1]["response"]["output"][0] == next(
        each["item"] for each in told if each["type"] == "response.output_item.done"
    )


def test_items_are_found_by_their_ids() -> None:
    """Some servers count the items of the answer otherwise than those of its events."""
    middle = [(name, {**body, "output_index": 4}) for name, body in said_events(["Rest."])]
    codec = opened()
    body = shout(codec, codec.feed(events(middle, [message("Rest.")])))
    assert b"Rest." not in body


@pytest.mark.parametrize("kind", ["response.completed", "response.incomplete", "response.failed"])
def test_the_end(kind: str) -> None:
    """Nothing is read behind it; what the provider says about a failure goes."""
    codec = opened()
    error = {"code": "rate_limit_exceeded", "message": "Jane"}
    data = event(kind, response=response([], "failed", error=error)) + b"data: [DONE]\n\n"
    (frame,) = codec.feed(data)
    assert frame.last
    assert b"Jane" not in codec.write(frame, [], [])


@pytest.mark.parametrize("data", [b"data: [DONE]\n\n", b"data: {\n\n", b"data: []\n\n"])
def test_no_other_end_is_one(data: bytes) -> None:
    """An answer without `response.completed` never looks complete."""
    with pytest.raises(UpstreamBroken):
        opened().feed(data)


def test_a_stream_that_stops_has_no_last_frame() -> None:
    """Whoever reads it gets an error event."""
    data = stream(["Rest."])
    codec = opened()
    frames = feed(codec, data[: data.index(b"event: response.completed")])
    assert not any(frame.last or frame.failed for frame in frames)
    (body,) = sse_bodies(codec.error(AnswerWithheld("withheld")))
    assert (body["type"], body["code"], body["message"]) == ("error", "content_filter", "withheld")
    assert body["error"]["code"] == "content_filter"


FLAT = {"message": "Jane", "code": "server_error", "param": None}


@pytest.mark.parametrize("told", [{"error": FLAT}, {"type": "error", **FLAT}, {"type": "error", "error": FLAT}])
def test_the_providers_error(told: Any) -> None:
    """With a type or without: its code alone."""
    codec = opened()
    (frame,) = codec.feed(sse(told))
    assert frame.failed
    (body,) = sse_bodies(codec.write(frame, [], []))
    assert (body["type"], body["code"], "Jane" in json.dumps(body)) == ("error", "server_error", False)


def test_structured_words_are_held_as_json() -> None:
    """Nothing is inserted, and our notices have an event of their own."""
    codec = opened(**JSON_ASKED)
    frames = codec.feed(stream(['{"a"', ": 1}"]))
    assert {each[2:6] for each in deltas(frames)} == {(Kind.DATA, True, "", True)}
    (body,) = sse_bodies(codec.note({"text": "x"}))
    assert (body["type"], body["guardrail"]) == ("guardrail.notice", {"text": "x"})


@pytest.mark.parametrize("logprobs", list(Logprobs))
def test_log_probabilities(logprobs: Logprobs) -> None:
    """With a piece that was not changed, where the policy lets them."""
    token = {"token": "a", "logprob": -0.1, "top_logprobs": [{"token": "Jane", "logprob": -1}]}
    data = event(
        "response.output_text.delta", item_id="m", output_index=0, content_index=0, delta="a", logprobs=[token]
    )
    codec = opened(Settings(logprobs=logprobs))
    (frame,) = codec.feed(data)
    (body,) = sse_bodies(codec.write(frame, ["a"], []))
    keeps = logprobs is Logprobs.KEEP_UNCHANGED
    assert body["logprobs"] == ([{**token, "top_logprobs": []}] if keeps else [])
    (frame,) = codec.feed(data)
    (body,) = sse_bodies(codec.write(frame, ["b"], []))
    assert body["logprobs"] == []


def test_what_is_kept() -> None:
    """The answer as soon as it has an id, then its items; nothing where nothing is stored."""
    data = stream(["Rest."])
    for kept, expected in ((True, [("response", "resp_1"), ("item", "msg_1")]), (False, [])):
        codec = opened(Settings(keep_at_provider=kept))
        codec.feed(data)
        assert list(codec.keeps) == expected


@pytest.mark.parametrize("value", [-1, True, 1.5, "0", None])
def test_an_index_that_is_none(value: Any) -> None:
    """No text is put where it does not belong."""
    with pytest.raises(UpstreamBroken):
        opened().feed(event("response.output_text.delta", item_id="m", output_index=value, content_index=0, delta="a"))


def test_words_after_the_end_of_their_item() -> None:
    """Nobody would have read them before."""
    late = ("response.output_text.delta", {"item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": "b"})
    with pytest.raises(UpstreamBroken) as caught:
        opened().feed(events([*said_events(["a"]), late], []))
    assert caught.value.code == "text_after_finish"
