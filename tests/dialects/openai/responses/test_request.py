"""Requests: who speaks, what is refused, what the turn is, what the provider may keep."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from guardrail.dialects.media import MediaRules
from guardrail.dialects.openai.responses.request import ResponsesRequest
from guardrail.dialects.settings import Settings
from guardrail.errors import PayloadTooLarge, UnreadablePayload
from guardrail.text import Kind
from tests.dialects.openai.responses.talk import BLOB, DIALECT, read

PNG = "data:image/png;base64,iVBORw0KGgo="


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def refusal(settings: Settings | None = None, **body: Any) -> UnreadablePayload:
    with pytest.raises(UnreadablePayload) as caught:
        read(settings, **body)
    assert caught.value.http_status == 422
    return caught.value


def told(document: ResponsesRequest) -> list[tuple[str, str, str, str]]:
    return [
        (s.address, s.role.value, s.kind.value, s.text) for s in document.segments() if s.address.startswith("/input")
    ]


def test_a_text_is_the_users() -> None:
    """The shortest request there is."""
    document = read(input="My chest hurts.")
    assert told(document) == [("/input", "user", "prose", "My chest hurts.")]
    assert document.turn == ["/input"]


def test_each_item_speaks_in_its_own_voice() -> None:
    """Messages with and without a type, calls, and what tools answered."""
    document = read(
        input=[
            {"role": "developer", "content": "Be brief."},
            {"type": "message", **user([{"type": "input_text", "text": "Who is on call?"}])},
            {"type": "function_call", "call_id": "c1", "name": "find", "arguments": '{"who": "Ann Lee"}'},
            {"type": "function_call_output", "call_id": "c1", "output": '{"note": "Ann Lee is here"}'},
            {"type": "custom_tool_call", "call_id": "c2", "name": "sql", "input": "select 'Ann Lee'"},
            {"type": "custom_tool_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "no rows"}]},
            {"type": "message", "role": "assistant", "id": "msg_1", "status": "completed",
             "content": [{"type": "output_text", "text": "Nobody.", "annotations": [], "logprobs": []}]},
        ]
    )  # fmt: skip
    words = [each for each in told(document) if each[2] in ("prose", "data")]
    assert words == [
        ("/input/0/content", "system", "prose", "Be brief."),
        ("/input/1/content/0/text", "user", "prose", "Who is on call?"),
        ("/input/2/arguments~json/*0", "assistant", "data", "Ann Lee"),
        ("/input/3/output~json/*0", "tool", "data", "Ann Lee is here"),
        ("/input/4/input", "assistant", "data", "select 'Ann Lee'"),
        ("/input/5/output/0/text", "tool", "data", "no rows"),
        ("/input/6/content/0/text", "assistant", "prose", "Nobody."),
    ]
    tools = {segment.address: segment.tool for segment in document.segments()}
    assert (tools["/input/2/arguments~json/*0"], tools["/input/4/input"]) == ("find", "sql")


@pytest.mark.parametrize(
    ("items", "turn"),
    [
        ([user("a"), user("b")], [0, 1]),
        ([user("a"), {"role": "assistant", "content": "x"}, user("b")], [2]),
        ([user("a"), {"type": "reasoning", "summary": []}, user("b")], [2]),
        ([user("a"), {"type": "function_call", "name": "f", "arguments": "{}"},
          {"type": "function_call_output", "output": "x"}], [0]),
        ([user("a"), {"type": "function_call_output", "output": "x"}, user("b")], [0, 2]),
        ([user("a"), {"role": "developer", "content": "x"}, user("b")], [0, 2]),
        ([{"role": "assistant", "content": "x"}], []),
    ],
)  # fmt: skip
def test_the_turn(items: Any, turn: list[int]) -> None:
    """The last run of a user's words that no act of the model interrupts."""
    assert list(read(input=items).turn) == [f"/input/{number}/content" for number in turn]


def test_nothing_is_kept_unless_the_policy_lets_it() -> None:
    """OpenAI stores by default."""
    for body in ({}, {"store": True}, {"store": None}):
        assert json.loads(read(**body).to_bytes())["store"] is False
    raw = b'{"model": "m", "store" : false, "input":"x"}'
    assert DIALECT.read_request(raw).to_bytes() == raw
    kept = read(Settings(keep_at_provider=True))
    assert "store" not in json.loads(kept.to_bytes())


def test_what_is_kept_is_a_reference() -> None:
    """Whether it may be used, the exchange decides."""
    document = read(
        previous_response_id="resp_1",
        conversation={"id": "conv_1"},
        input=[
            {"type": "item_reference", "id": "rs_1"},
            {"id": "msg_1"},
            user([{"type": "input_file", "file_id": "file-1"}]),
        ],
        tools=[
            {"type": "file_search", "vector_store_ids": ["vs_1"]},
            {"type": "code_interpreter", "container": "cntr_1"},
        ],
    )
    assert sorted((each.kind, each.name) for each in document.references) == [
        ("container", "cntr_1"), ("conversation", "conv_1"), ("file", "file-1"), ("item", "msg_1"), ("item", "rs_1"),
        ("response", "resp_1"), ("vector_store", "vs_1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"background": True}, "invalid_value", "background"),
        ({"tools": [{"type": "mcp", "server_label": "x", "server_url": "https://x.org"}]}, "uninspected_part",
         "tools[0].type"),
        ({"tools": [{"type": "teleport"}]}, "unknown_tool", "tools[0].type"),
        ({"tools": [{"type": "image_generation"}]}, "uninspected_part", "tools[0].type"),
        ({"input": [{"type": "hologram"}]}, "unknown_part", "input[0].type"),
        ({"input": [{"role": "nurse", "content": "x"}]}, "unknown_role", "input[0].role"),
        ({"input": [user([{"type": "input_video"}])]}, "unknown_part", "input[0].content[0].type"),
        ({"input": [user([{"type": "input_image", "image_url": PNG}])]}, "uninspected_part",
         "input[0].content[0].image_url"),
        ({"input": [user([{"type": "input_image", "image_url": "https://x.org/a.png"}])]}, "uninspected_part",
         "input[0].content[0].image_url"),
        ({"input": [{"type": "computer_call_output", "call_id": "c",
                     "output": {"type": "computer_screenshot", "image_url": PNG}}]}, "uninspected_part",
         "input[0].output.image_url"),
        ({"input": [{"type": "compaction", "encrypted_content": "Jane Roe"}]}, "invalid_value",
         "input[0].encrypted_content"),
        ({"input": [{"type": "compaction",
                     "encrypted_content": base64.b64encode(b"Jane Roe, born in May, is ill. " * 4).decode()}]},
         "invalid_value", "input[0].encrypted_content"),
        ({"input": [{"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "SSN-219-09-9998-" * 5}]},
         "invalid_value", "input[0].encrypted_content"),
        ({"input": [1, 2, 3]}, "invalid_type", "input[0]"),
        ({"include": ["everything"]}, "invalid_value", "include[0]"),
        ({"model": None}, "missing_field", "model"),
    ],
)  # fmt: skip
def test_what_is_refused(body: Any, code: str, param: str) -> None:
    """What nothing can look into, and what nobody knows."""
    error = refusal(**body)
    assert (error.code, error.param) == (code, param)
    assert "Jane" not in error.message


def test_a_stored_prompt_may_name_the_model() -> None:
    """Its variables are inspected, its id can't be changed."""
    document = read(model=None, prompt={"id": "pmpt_1", "variables": {"who": "Ann Lee", "note": {
        "type": "input_text", "text": "she is ill"}}})  # fmt: skip
    found = {segment.text: segment.kind for segment in document.segments()}
    assert (found["pmpt_1"], found["Ann Lee"], found["she is ill"]) == (Kind.FIXED, Kind.PROSE, Kind.PROSE)


def test_files_with_words_are_read() -> None:
    """A text file inline, and a picture that the policy releases."""
    data = base64.b64encode(b"Ann Lee is ill").decode()
    document = read(input=[user([{"type": "input_file", "file_data": f"data:text/plain;base64,{data}"}])])
    (segment,) = [each for each in document.segments() if "Ann" in each.text]
    document.replace(segment.address, "[NAME_1] is ill")
    sent = json.loads(document.to_bytes())["input"][0]["content"][0]["file_data"]
    assert base64.b64decode(sent.partition(",")[2]) == b"[NAME_1] is ill"

    released = Settings(media=MediaRules(released=("image/*",)))
    document = read(released, input=[user([{"type": "input_image", "image_url": PNG}])],
                    tools=[{"type": "image_generation"}])  # fmt: skip
    assert list(document.released) == ["image/png"]


@pytest.mark.parametrize("sealed", [True, False])
def test_reasoning_is_as_the_provider_wrote_it(sealed: bool) -> None:
    """With its encrypted self it may not be changed; without, it is text of the model like any other."""
    thought = {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Ann Lee is ill."}],
               "content": [{"type": "reasoning_text", "text": "Hm."}]}  # fmt: skip
    item = {**thought, "encrypted_content": BLOB} if sealed else thought
    document = read(input=[user("x"), item])
    found = [each for each in document.segments() if "/summary/" in each.address or "/1/content/" in each.address]
    assert {each.kind for each in found} == {Kind.FIXED if sealed else Kind.PROSE}
    assert {(each.role.value, each.tool) for each in found} == {("assistant", "?")}
    if sealed:
        with pytest.raises(KeyError):
            document.replace("/input/1/summary/0/text", "x")
    else:
        document.replace("/input/1/summary/0/text", "x")
    assert (BLOB in document.to_bytes().decode()) == sealed


def test_log_probabilities_of_an_earlier_answer_are_left_out() -> None:
    """They spell its words again, in pieces that nobody can read."""
    token = {"token": "Jane", "bytes": [74], "logprob": -0.1, "top_logprobs": []}
    part = {"type": "output_text", "text": "Rest.", "annotations": [], "logprobs": [token]}
    document = read(
        input=[{"type": "message", "role": "assistant", "id": "m", "status": "completed", "content": [part]}]
    )
    assert json.loads(document.to_bytes())["input"][0]["content"][0]["logprobs"] == []


@pytest.mark.parametrize(
    ("text", "structured"),
    [
        (None, False),
        ({"format": {"type": "text"}}, False),
        ({"format": {"type": "json_object"}}, True),
        ({"format": {"type": "json_schema", "name": "x", "schema": {"type": "object"}}}, True),
        ({"verbosity": "low"}, False),
    ],
)
def test_structured(text: Any, structured: bool) -> None:
    """Then nothing may be inserted."""
    assert read(**({"text": text} if text else {})).structured is structured


def test_too_many_items() -> None:
    """More than any conversation has."""
    with pytest.raises(PayloadTooLarge) as caught:
        read(input=[user("x")] * 2_001)
    assert (caught.value.code, caught.value.param) == ("too_many_messages", "input")


def test_bytes_outside_of_what_is_replaced_stay() -> None:
    """JSON-05."""
    raw = b'{ "model":"m" , "store":false, "temperature":1.0e0,\n "input" : "Ann \\u00e9" }'
    document = DIALECT.read_request(raw)
    assert document.to_bytes() == raw
    document.replace("/input", "x")
    assert document.to_bytes() == raw.replace(b'"Ann \\u00e9"', b'"x"')
