"""Requests: what is words, what is refused, what the turn is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.dialects.openai.request import ChatRequest
from guardrail.dialects.openai_chat import OpenAIChat
from guardrail.dialects.settings import Settings
from guardrail.errors import ClientError, PayloadTooLarge, UnreadablePayload
from guardrail.text import Kind, Role

DIALECT = OpenAIChat()
PNG = "data:image/png;base64,iVBORw0KGgo="
IMAGE, FILE = "messages[0].content[0].image_url.url", "messages[0].content[0].file.file_data"
User = dict[str, Any]


def user(content: Any, **more: Any) -> User:
    return {"role": "user", "content": content, **more}


def read(*messages: Any, **fields: Any) -> ChatRequest:
    return DIALECT.read_request(json.dumps({"model": "gpt-4o", "messages": list(messages), **fields}).encode())


def refusal(*messages: Any, **fields: Any) -> UnreadablePayload:
    with pytest.raises(UnreadablePayload) as caught:
        read(*messages, **fields)
    assert caught.value.http_status == 422
    return caught.value


def told(document: ChatRequest) -> list[tuple[str, str, str, str]]:
    """Address, role, kind and text of every segment below the messages."""
    return [
        (s.address.removeprefix("/messages/"), s.role.value, s.kind.value, s.text)
        for s in document.segments()
        if s.address.startswith("/messages/")
    ]


def test_each_role_speaks_in_its_own_voice() -> None:
    """Instructions, patients, models and tools are told apart."""
    document = read(
        {"role": "system", "content": "Be careful."},
        {"role": "developer", "content": "Be brief.", "name": "dev_1"},
        user("My chest hurts."),
        {"role": "assistant", "content": "Rest.", "refusal": "No."},
        {"role": "tool", "tool_call_id": "call_1", "content": "found her"},
        {"role": "function", "name": "find", "content": None},
    )

    assert told(document) == [
        ("0/content", "system", "prose", "Be careful."),
        ("1/content", "system", "prose", "Be brief."),
        ("1/name", "system", "token", "dev_1"),
        ("2/content", "user", "prose", "My chest hurts."),
        ("3/content", "assistant", "prose", "Rest."),
        ("3/refusal", "assistant", "prose", "No."),
        ("4/tool_call_id", "tool", "token", "call_1"),
        ("4/content", "tool", "data", "found her"),
        ("5/name", "tool", "token", "find"),
    ]


def test_content_parts_are_read_like_content() -> None:
    """A message in parts hides nothing."""
    document = read(user([{"type": "text", "text": "one"}, {"type": "text", "text": "two", "cache": "x"}]))

    assert told(document) == [
        ("0/content/0/text", "user", "prose", "one"),
        ("0/content/1/text", "user", "prose", "two"),
        ("0/content/1/*2:key", "user", "fixed", "cache"),
        ("0/content/1/*2", "user", "data", "x"),
    ]


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_tool_arguments_are_json_inside_a_string_to_any_depth(levels: int) -> None:
    """A name in tool arguments is found however often they were encoded, and they stay valid JSON."""
    text = json.dumps({"name": 'Ann "A" Lee', "n": 1.50})
    for _ in range(levels - 1):
        text = json.dumps(text)
    document = read(
        user("hi"),
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c", "type": "function", "function": {"name": "find", "arguments": text}}],
        },
    )
    (leaf,) = [s for s in document.segments() if "Ann" in s.text]

    assert (leaf.text, leaf.kind, leaf.role, leaf.tool) == ('Ann "A" Lee', Kind.DATA, Role.ASSISTANT, "find")
    document.replace(leaf.address, '[NAME_1] "x"')
    changed = json.loads(document.to_bytes())["messages"][1]["tool_calls"][0]["function"]["arguments"]
    for _ in range(levels):
        changed = json.loads(changed)
    assert changed == {"name": '[NAME_1] "x"', "n": 1.5}


def test_broken_tool_arguments_are_inspected_as_text() -> None:
    """A model that writes bad JSON doesn't get a name past the rails."""
    call = {"id": "c", "type": "function", "function": {"name": "find", "arguments": '{"name": "Ann'}}
    document = read(user("hi"), {"role": "assistant", "tool_calls": [call]})

    assert ("1/tool_calls/0/function/arguments", "assistant", "data", '{"name": "Ann') in told(document)


def test_equal_keys_inside_a_json_string_are_refused() -> None:
    """Identity can't hide in the first of two equal keys, at any depth."""
    call = {"id": "c", "type": "function", "function": {"name": "find", "arguments": '{"a": "Ann", "a": "x"}'}}
    with pytest.raises(UnreadablePayload, match="two equal keys"):
        read(user("hi"), {"role": "assistant", "tool_calls": [call]})


def test_a_form_that_a_patient_sends_is_read_value_by_value() -> None:
    """JSON as a user's words: values and numbers are inspected as data, sentences as talk."""
    document = read(user(json.dumps({"name": "Ann Lee", "reason": "my chest hurts badly", "mrn": 4821337, "age": 61})))

    assert [(s.text, s.kind.value, s.role.value) for s in document.segments() if s.kind is not Kind.FIXED] == [
        ("Ann Lee", "data", "user"),
        ("my chest hurts badly", "prose", "user"),
        ("4821337", "data", "user"),
        ("61", "data", "user"),
    ]


CHART = {"mrn": 48213, "zip": 90210, "age": 94, "birth": {"year": 1954, "month": 3, "day": 12}, "hb": 13.2, "stage": 2}
NUMBERS = {"48213": "mrn", "90210": "zip", "94": "age", "1954": "year", "12": "day"}


@pytest.mark.parametrize("place", ["result", "arguments", "content", "unknown field", "unknown member"])
def test_numbers_are_seen_with_their_names(place: str) -> None:
    """An age over 89 or a ZIP code says who somebody is, with or without quotes around it."""
    text = json.dumps(CHART)
    call = {"id": "c", "type": "function", "function": {"name": "find", "arguments": text}}
    document = {
        "result": lambda: read(user("hi"), {"role": "tool", "tool_call_id": "c", "content": text}),
        "arguments": lambda: read(user("hi"), {"role": "assistant", "tool_calls": [call]}),
        "content": lambda: read(user(text)),
        "unknown field": lambda: read(user("hi"), chart=CHART),
        "unknown member": lambda: read(user("hi", chart=CHART)),
    }[place]()
    seen = [s for s in document.segments() if s.text.isdigit()]

    assert {s.text: s.hint for s in seen} == NUMBERS
    assert {s.kind for s in seen} == {Kind.DATA}
    for segment in seen:
        document.replace(segment.address, "[X_1]")
    assert not any(number.encode() in document.to_bytes() for number in NUMBERS)


PICTURE = "iVBORw0KGgoAAAANSUhEUgAA"


@pytest.mark.parametrize(
    ("message", "fields", "param"),
    [
        (user("hi", images=[PICTURE * 60]), {}, "messages[0].*[0]"),
        (user("hi", images=["data:image/png;base64," + PICTURE]), {}, "messages[0].*[0]"),
        (user(f"see ![x](data:image/png;base64,{PICTURE})"), {}, "messages[0].content"),
        (user([{"type": "text", "text": PICTURE * 60}]), {}, "messages[0].content[0].text"),
        (user(json.dumps({"scan": PICTURE * 60})), {}, "messages[0].content.*"),
        (user("hi"), {"metadata": {"scan": f"data:;base64,{PICTURE}"}}, "metadata.*"),
        (user("hi"), {"x": {PICTURE * 60: 1}}, "*.* (a key)"),
    ],
)
def test_a_file_in_a_string_is_refused(message: Any, fields: dict[str, Any], param: str) -> None:
    """No rail can look into a picture, so none leaves, whatever field it is in."""
    error = refusal(message, **fields)

    assert (error.code, error.param) == ("uninspected_part", param)
    assert PICTURE not in error.message


def test_a_number_can_be_replaced_too() -> None:
    """A record number that came as a JSON number leaves as a placeholder."""
    document = read(user('{"mrn": 4821337}'))
    (number,) = [s for s in document.segments() if s.text == "4821337"]
    document.replace(number.address, "[MRN_1]")

    assert json.loads(document.to_bytes())["messages"][0]["content"] == '{"mrn": "[MRN_1]"}'


@pytest.mark.parametrize("words", ['"I am ill"', "{curly", "[1] see note", "12345678", "null", "[link](x)"])
def test_what_only_looks_like_json_is_prose(words: str) -> None:
    """People's words stay words."""
    assert told(read(user(words))) == [("0/content", "user", "prose", words)]


@pytest.mark.parametrize(
    ("message", "code", "param"),
    [
        (user(12), "invalid_type", "messages[0].content"),
        (user(True), "invalid_type", "messages[0].content"),
        (user({"text": "x"}), "invalid_type", "messages[0].content"),
        (user(None), "missing_field", "messages[0].content"),
        (user([[1024, 318]]), "invalid_type", "messages[0].content[0]"),
        (user([1024]), "invalid_type", "messages[0].content[0]"),
        (user(["text"]), "invalid_type", "messages[0].content[0]"),
        (user([None]), "missing_field", "messages[0].content[0]"),
        (user([{"text": "x"}]), "missing_field", "messages[0].content[0].type"),
        (user([{"type": "quantum_scan", "data": "x"}]), "unknown_part", "messages[0].content[0].type"),
        (user([{"type": "image_url", "image_url": {"url": "u"}}]), "uninspected_part", IMAGE),
        (user([{"type": "file", "file": {"file_data": PNG}}]), "uninspected_part", FILE),
        ({"role": "nurse", "content": "x"}, "unknown_role", "messages[0].role"),
        ({"role": 1, "content": "x"}, "unknown_role", "messages[0].role"),
        ({"content": "x"}, "unknown_role", "messages[0].role"),
        ({"role": "assistant", "audio": {"id": "a"}}, "uninspected_part", "messages[0].audio"),
        ("hello", "invalid_type", "messages[0]"),
        (None, "missing_field", "messages[0]"),
    ],
)
def test_a_message_of_another_shape_is_refused(message: Any, code: str, param: str) -> None:
    """What can't be inspected isn't passed on; the error names the field."""
    error = refusal(message)

    assert (error.code, error.param) == (code, param)


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"stream": "yes"}, "invalid_type", "stream"),
        ({"stream": 1}, "invalid_type", "stream"),
        ({"model": None}, "missing_field", "model"),
        ({"model": 4}, "invalid_type", "model"),
        ({"messages": {"0": "x"}}, "invalid_type", "messages"),
        ({"messages": "hello"}, "invalid_type", "messages"),
        ({"modalities": ["text", "audio"]}, "uninspected_part", "modalities[1]"),
        ({"audio": {"voice": "alloy", "format": "wav"}}, "uninspected_part", "audio"),
        ({"temperature": "Ann"}, "invalid_type", "temperature"),
        ({"temperature": 219099999}, "invalid_value", "temperature"),
        ({"n": 90210}, "invalid_value", "n"),
        ({"max_tokens": 219099999}, "invalid_value", "max_tokens"),
        ({"logit_bias": {"50256": 4821337}}, "invalid_value", "logit_bias.*"),
        ({"store": 4821337}, "invalid_type", "store"),
        ({"parallel_tool_calls": 0}, "invalid_type", "parallel_tool_calls"),
        ({"stream": {"a": "b"}}, "invalid_type", "stream"),
        ({"tool_choice": "Ann"}, "invalid_value", "tool_choice"),
        ({"user": 4821337}, "invalid_type", "user"),
        ({"logit_bias": {"a": {"b": "c"}}}, "invalid_type", "logit_bias.*"),
        ({"prompt_token_ids": [1024, 318, 257, 1332, 13, 1024, 318, 257]}, "token_array", "*"),
        ({"response_format": {"type": "yaml"}}, "invalid_value", "response_format.type"),
    ],
)
def test_a_field_of_another_shape_is_refused(fields: dict[str, Any], code: str, param: str) -> None:
    """The same for the fields beside the messages."""
    error = refusal(user("hi"), **fields)

    assert (error.code, error.param) == (code, param)


def test_settings_that_people_choose_are_taken() -> None:
    """Ranges keep record numbers out, not settings."""
    settings = {
        "temperature": 0.1 + 0.2, "top_p": 1, "n": 8, "seed": 18446744073709551616, "max_tokens": 1_000_000,
        "top_logprobs": 20, "frequency_penalty": -2.0, "store": False,
        "logit_bias": {"50256": -100}, "max_completion_tokens": None,
    }  # fmt: skip

    assert read(user("hi"), **settings).segments()


@pytest.mark.parametrize("limit", ["minimum", "maximum", "exclusiveMaximum", "multipleOf", "maxLength", "minItems"])
def test_a_schemas_limits_hold_nobodys_number(limit: str) -> None:
    """A tool's schema is passed on as it is, so what could be a patient's number in it is refused."""
    for value, fine in ((150, True), (2_147_483_647, True), (219_099_999, False), (4_821_337, False)):
        parameters = {"type": "object", "properties": {"n": {"type": "integer", limit: value}}}
        tools = [{"type": "function", "function": {"name": "f", "parameters": parameters}}]
        if fine:
            assert read(user("hi"), tools=tools).segments()
        else:
            error = refusal(user("hi"), tools=tools)
            assert (error.code, error.param) == ("invalid_value", f"tools[0].function.parameters.properties.*.{limit}")


def test_an_error_never_shows_what_was_sent() -> None:
    """A key that holds a name is named by its place only."""
    error = refusal(user("hi"), logit_bias={"Jane Doe": ["x"]})

    assert error.param == "logit_bias.*"
    assert "Jane" not in error.message


def test_a_body_that_is_no_object_is_refused() -> None:
    """A list is no request."""
    with pytest.raises(UnreadablePayload) as caught:
        DIALECT.read_request(b'["hello"]')
    assert (caught.value.code, caught.value.param) == ("invalid_type", None)


def test_absurd_counts_are_refused_as_too_large() -> None:
    """More messages, parts or values than any conversation has are refused before a rail looks at them (SIZ-07)."""
    with pytest.raises(PayloadTooLarge) as messages:
        read(*[user("x")] * 2_001)
    with pytest.raises(PayloadTooLarge) as strings:
        read(user([{"type": "text", "text": "x"}] * 50_001))

    assert messages.value.code == "too_many_messages"
    assert strings.value.code == "too_many_strings"


@pytest.mark.parametrize(
    "messages",
    [
        [user("x")] * 100_000,
        [user([{"type": "text", "text": "x"}] * 100_000)],
        [user("[" + "1," * 300_000 + "1]")],
        [user("[" + "1," * 1_500 + "1]")] * 200,
    ],
    ids=["messages", "parts", "JSON in a string", "JSON in many strings"],
)
def test_a_flood_of_small_values_is_refused_while_reading(messages: list[User]) -> None:
    """A body within its limit of bytes can't fill the memory with values, wherever it hides them (SIZ-07)."""
    with pytest.raises(PayloadTooLarge) as refused:
        read(*messages)
    assert refused.value.code == "too_many_values"


def test_a_large_tool_schema_is_read() -> None:
    """A megabyte of schema is unusual and no attack: read in full (SIZ-07)."""
    properties = {f"field_{number}": {"type": "string", "description": "d" * 60} for number in range(9_000)}
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": properties}}}

    assert len(read(user("hi"), tools=[tool]).segments()) > 18_000


def test_the_policy_limits_the_depth_of_a_request() -> None:
    """Brackets within brackets: as deep as the deployer allows."""
    body = json.dumps({"model": "m", "messages": [user("x")], "x": [[[1]]]}).encode()

    assert OpenAIChat(Settings(max_depth=4)).read_request(body)
    with pytest.raises(UnreadablePayload) as refused:
        OpenAIChat(Settings(max_depth=3)).read_request(body)
    assert refused.value.code == "depth_limit"


def test_values_of_forms_and_metadata_know_their_names() -> None:
    """In tool arguments, results and metadata the key says what a value is; talk has no such cue."""
    call = {"id": "c", "type": "function", "function": {"name": "find", "arguments": '{"mrn": ["1", {"dob": "2"}]}'}}
    document = read(
        user('{"ward": "3", "why": "my chest hurts badly"}'),
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": '[{"nurse": "4"}, "5"]'},
        user("hello", ward="6"),
        metadata={"ward": "7"},
        stop=["8"],
    )
    hints = {s.text: s.hint for s in document.segments() if s.kind is Kind.DATA}

    assert hints == {"1": "mrn", "2": "dob", "3": "ward", "4": "nurse", "5": "", "6": "ward", "7": "ward", "8": ""}
    assert {s.hint for s in document.segments() if s.kind is not Kind.DATA} == {""}


def test_json_inside_json_has_a_depth_limit() -> None:
    """A doll in a doll in a doll... is refused, and quickly."""
    text = '"x"'
    for _ in range(6):
        text = json.dumps("[" * 60 + text + "]" * 60)
    error = refusal({"role": "tool", "tool_call_id": "c", "content": text})

    assert error.code == "depth_limit"


SYSTEM = {"role": "system", "content": "s"}
REPLY = {"role": "assistant", "content": "a"}
CALL = {
    "role": "assistant",
    "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
}
RESULT = {"role": "tool", "tool_call_id": "c", "content": "r"}


@pytest.mark.parametrize(
    ("messages", "turn"),
    [
        ([user("q")], [0]),
        ([SYSTEM, user("q"), REPLY, user("p")], [3]),
        ([user("q"), REPLY, user("p"), SYSTEM, user("o")], [2, 4]),
        ([user("q"), CALL, RESULT], [0]),
        ([user("q"), REPLY, user("p"), CALL, RESULT, CALL, RESULT], [2]),
        ([user("q"), REPLY], [0]),
        ([SYSTEM], []),
    ],
)
def test_the_turn_is_what_the_user_said_last(messages: list[Any], turn: list[int]) -> None:
    """What has to be answered is known also when tools were called meanwhile."""
    assert read(*messages).turn == [f"/messages/{number}/content" for number in turn]


def test_the_turn_has_the_parts_and_not_the_name() -> None:
    """Only the words of the turn are assessed."""
    content = [{"type": "text", "text": "one"}, {"type": "text", "text": '{"a": "b"}'}]

    assert read(user(content, name="Ann")).turn == ["/messages/0/content/0/text", "/messages/0/content/1/text~json/*0"]


@pytest.mark.parametrize("form", ["json_object", "json_schema", "text"])
def test_structured_output_is_known(form: str) -> None:
    """An answer that has to be JSON gets no notice inside."""
    schema = {"json_schema": {"name": "form", "schema": {}}} if form == "json_schema" else {}

    assert read(user("hi"), response_format={"type": form, **schema}).structured is (form != "text")


def test_streaming_and_model() -> None:
    """The facts that the exchange asks for."""
    assert [read(user("x"), stream=value).stream for value in (True, False, None)] == [True, False, False]
    assert read(user("x")).model == "gpt-4o"


def test_untouched_bytes_come_back_as_they_came() -> None:
    """Number spelling, escapes, order and white space are the client's own."""
    body = (
        b'{ "model":"m" ,"temperature":1.50e0, "x":-0.0,\n "messages":[{"content":"caf\\u00e9 \\/ Ann","role":"user"}]}'
    )
    document = DIALECT.read_request(body)

    assert document.to_bytes() == body
    document.replace("/messages/0/content", "[NAME_1]")
    assert document.to_bytes() == body.replace(b"caf\\u00e9 \\/ Ann", b"[NAME_1]")


def test_fixed_and_unknown_addresses_cant_be_replaced() -> None:
    """The model and an object's keys are what was asked for."""
    document = read(user("x"), metadata={"k": "v"})
    for address in ("/model", "/metadata/*0:key", "/nowhere"):
        with pytest.raises(KeyError):
            document.replace(address, "y")


def test_history_as_the_sdk_sends_it_back_is_accepted() -> None:
    """An answer's message, dumped with all its nulls, is a valid message of the next request."""
    empty: dict[str, Any] = {
        "refusal": None,
        "annotations": [],
        "audio": None,
        "function_call": None,
        "tool_calls": None,
    }

    assert told(read(user("q"), {"role": "assistant", "content": "a", **empty}, user("p")))


WORDS = st.text(max_size=6) | st.just("zq-canary")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["role", "content", "type", "text", "tool_calls", "function", "arguments", "name", "metadata", "x"]
)


@settings(max_examples=300, deadline=None)
@given(
    message=st.dictionaries(NAMES, JSON | st.sampled_from(["user", "assistant", "text"]), max_size=5),
    fields=st.dictionaries(NAMES | st.sampled_from(["tools", "stop", "user"]), JSON, max_size=3),
)
def test_any_body_is_read_in_full_or_refused(message: Any, fields: Any) -> None:
    """Whatever the shape: once every segment is replaced, nothing is left but keys that may not change."""
    try:
        document = read(user("hi"), message, **fields)
    except ClientError:
        return
    for segment in document.segments():
        if segment.kind is not Kind.FIXED:
            document.replace(segment.address, "y")
    again = DIALECT.read_request(document.to_bytes())
    left = [s for s in again.segments() if "zq-canary" in s.text]
    assert all(segment.kind is Kind.FIXED for segment in left)
    assert document.to_bytes().count(b"zq-canary") == len(left)


FIELD = re.compile(r"(the whole body|(\.?([a-z_]+|\*)|\[[0-9]+\])+( \(a key\))?)")
HOSTILE = st.dictionaries(
    st.text(max_size=8) | st.sampled_from(["zq-canary", "a/zq-canary", "~1zq-canary", "/0", "~json", ":key", "*"]),
    JSON
    | st.sampled_from([1234567, '{"zq-canary": "x"}', '{"a": {"zq-canary": ["x", {"b/c": "y"}]}}', "data:;base64,QQ"]),
    max_size=3,
)


@settings(max_examples=200, deadline=None)
@given(message=HOSTILE, fields=HOSTILE, result=HOSTILE)
def test_a_fields_name_never_shows_what_was_sent(message: Any, fields: Any, result: Any) -> None:
    """Names of fields go into errors and logs: they're made of the table's words, stars and numbers alone."""
    body = {**fields, "model": "m", "messages": [{**message, "role": "user", "content": json.dumps(result)}]}
    try:
        document = DIALECT.read_request(json.dumps(body).encode())
    except ClientError as error:
        names, told = [error.param or ""], error.message
    else:
        names, told = [document.field(segment.address) for segment in document.segments()], ""

    assert "zq-canary" not in told
    assert all(not name or FIELD.fullmatch(name) for name in names)
    assert not any("canary" in name for name in names)
