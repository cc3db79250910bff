"""The JSON document: what is refused and under which name, what stays as it came, what JSON in a string becomes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.errors import PayloadTooLarge, UnreadablePayload
from guardrail.wire.jsondoc import JsonDocument, quote, step

SECRET = "ZQ123456789012"

REFUSED = {
    "empty": [b"", b"  ", b"\r\n\t"],
    "duplicate_key": [
        b'{"content":"a","content":"b"}',
        b'{"content":"a","\\u0063ontent":"b"}',
        b'[{"a":{"":1,"b":[],"":2}}]',
        b'{"a\\/":1,"a/":1}',
    ],
    "invalid_utf8": [b'"\xff"', b'"\xc0\xaf"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b'{"a":"b"}\xe2\x80'],
    "unsupported_encoding": [
        b"\xef\xbb\xbf{}",
        *('{"a":1}'.encode(name) for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")),
    ],
    "nan": [b"NaN", b"[NaN]", b'{"a":Infinity}', b"[1, -Infinity]", b"[-NaN]"],
    "number_range": [b"1e400", b"[-1e400]", b'{"seed":' + b"9" * 4_301 + b"}", b"0." + b"0" * 4_300],
    "depth_limit": [b"[" * 65 + b"]" * 65, b'{"a":' * 65 + b"1" + b"}" * 65],
    "trailing_garbage": [b"{}{}", b"{} x", b'"a" "b"', b"null,", b"[]]", b"{}\x00", b"1 2"],
    "control_character": [b'"a\tb"', b'["a\nb"]', b'{"a\x00":1}', b'{"a":"\x1f"}'],
    "lone_surrogate": [b'"\\ud800"', b'{"a":"\\udc00\\ud800"}', b'{"\\uDFFF":1}', b'"\\ud83d\\\\ude00"'],
    "invalid_json": [
        *(
            b"[1,]",
            b'{"a":1,}',
            b"[,1]",
            b'{,"a":1}',
            b"[1 2]",
            b'["a" "b"]',
            b'{"a" 1}',
            b'{"a":}',
            b"{1:2}",
            b"{a:1}",
        ),
        *(
            b"// x\n1",
            b"[1 /* x */]",
            b"['a']",
            b"{'a':1}",
            b"01",
            b"-01",
            b"+1",
            b"0x10",
            b".5",
            b"1.",
            b"1e",
            b"-",
            b"1_0",
        ),
        *(
            b"tru",
            b"True",
            b"None",
            b"undefined",
            b"[",
            b"{",
            b'{"a"',
            b'{"a":',
            b"[1",
            b"[1,",
            b"]",
            b"[}",
            b"{]",
            b"[1}",
        ),
        *(b'"a', b'"\\', b'"\\u12"', b'"\\x41"', b'"\\u00g0"', b'"\\u+123"', b'"\\\n"', b"\xc2\xa0{}", b"\x0c1"),
    ],
}


@pytest.mark.parametrize(("code", "body"), [(code, body) for code, bodies in REFUSED.items() for body in bodies])
def test_what_is_not_json_is_refused_under_its_name(code: str, body: bytes) -> None:
    """A client developer can tell from the code what is wrong with the payload."""
    with pytest.raises(UnreadablePayload) as refused:
        JsonDocument(body)
    assert refused.value.code == code
    assert refused.value.http_status in (400, 415)


def test_an_error_says_where_and_never_what() -> None:
    """An error message goes into logs, so it must not repeat a patient's words."""
    for body in (f'{{"é":"{SECRET}" "b"}}', f'["{SECRET}\t"]', f'{{"{SECRET}":1,"{SECRET}":2}}', f"[{SECRET}]"):
        with pytest.raises(UnreadablePayload) as refused:
            JsonDocument(body.encode())
        assert SECRET not in str(refused.value)
        assert refused.value.__cause__ is None
        assert refused.value.__context__ is None or refused.value.__suppress_context__
    with pytest.raises(UnreadablePayload, match="at byte 5:"):
        JsonDocument('["é"!]'.encode())


def test_a_flood_of_brackets_is_refused_without_reading_on() -> None:
    """Ten million brackets can neither crash nor stall the proxy: refused at the first level too many."""
    with pytest.raises(UnreadablePayload) as refused:
        JsonDocument(b"[" * 10_000_000)
    assert refused.value.code == "depth_limit"
    assert refused.value.message == "invalid JSON at byte 65: more than 64 levels"


def test_depth_and_number_of_values_are_limits_of_the_policy() -> None:
    """The deployer decides how deep and how large a payload may be."""
    JsonDocument(b"[[1,2]]", max_depth=2, max_values=4)
    with pytest.raises(UnreadablePayload):
        JsonDocument(b"[[1,2]]", max_depth=1)
    with pytest.raises(PayloadTooLarge) as refused:
        JsonDocument(b"[[1,2]]", max_values=3)
    assert refused.value.code == "too_many_values"


def test_values_inside_strings_count_like_the_others() -> None:
    """Many small lists in strings can't fill the memory that one large list can't."""
    document = JsonDocument(b'["[1,2]","[3,4]","[5,6]"]', max_values=10)
    assert document.nested("/0") is not None
    assert document.nested("/1") is not None
    with pytest.raises(PayloadTooLarge) as refused:
        document.nested("/2")
    assert refused.value.code == "too_many_values"


KEPT = [
    b"null",
    b' "x"\n',
    b"-0.0",
    b"[1.10, 1E5, -0, 1e-400, 0.1000000000000000055511151231257827]",
    b'{"seed" : 9007199254740993, "b":18446744073709551616, "a":123456789012345678901234567890}',
    b'{"t":"\\/ \\u00e9 \\u0000 \\ud83d\\ude00 \x7f","\\u0061":[ ],"x":{ }}',
    '{"é":"\u2028 😀"}'.encode(),
    b"[" * 64 + b"]" * 64,
    b"9" * 4_300,
]


@pytest.mark.parametrize("body", KEPT)
def test_every_spelling_of_json_comes_back_as_it_came(body: bytes) -> None:
    """The provider receives the bytes that the application wrote."""
    document = JsonDocument(body)
    assert document.to_bytes() == body
    assert document.value() == json.loads(body)


def test_a_replacement_leaves_all_other_bytes_alone() -> None:
    """Only the identifier goes; vendor fields, order, white space and number spellings stay."""
    body = b'{"x-vendor":{"b":1.10,"a":"\\/"} , "messages":[{"content":"Jane"}],"n":1E2}'
    document = JsonDocument(body)
    document.replace("/messages/0/content", 'a "quoted"\nline é \0')
    assert document.to_bytes() == body.replace(b'"Jane"', '"a \\"quoted\\"\\nline é \\u0000"'.encode())
    assert document.changed
    assert document.value("/messages/0/content") == "Jane"


def test_the_last_of_two_replacements_counts() -> None:
    """A text that is settled twice is sent as it was settled last."""
    document = JsonDocument(b'["a"]')
    document.replace("/0", "b")
    document.replace("/0", "c")
    assert document.to_bytes() == b'["c"]'


def test_a_whole_value_can_be_taken_out() -> None:
    """Token probabilities spell the answer again, so they can be set to null whatever was replaced inside."""
    document = JsonDocument(b'{"a":"x","logprobs":{"content":["Jane"]},"b":2}')
    document.replace("/logprobs/content/0", "X")
    document.replace_raw("/logprobs", b"null")
    document.replace_raw("/b", b" [3] ")
    assert json.loads(document.to_bytes()) == {"a": "x", "logprobs": None, "b": [3]}
    with pytest.raises(UnreadablePayload):
        document.replace_raw("/b", b"1,2")


@pytest.mark.parametrize("pointer", ["/z", "/a/0", "/l/2", "/l/01", "/l/-1", "/l/-", "a", "/", "/l/x", "/l/\u0660"])
def test_an_unknown_address_is_an_error(pointer: str) -> None:
    """Nothing is replaced silently in the wrong place."""
    document = JsonDocument(b'{"a":"x","l":[1,"y"]}')
    for act in (document.value, document.nested, document.span):
        with pytest.raises(KeyError):
            act(pointer)
    with pytest.raises(KeyError):
        document.replace(pointer, "new")


@pytest.mark.parametrize("pointer", ["", "/l", "/n", "/t"])
def test_only_a_string_can_be_replaced_by_a_string(pointer: str) -> None:
    """A number or a list can't become words by mistake."""
    with pytest.raises(KeyError):
        JsonDocument(b'{"l":[],"n":1,"t":true}').replace(pointer, "new")


def test_addresses_are_json_pointers() -> None:
    """Keys with slashes, tildes and nothing at all have addresses of their own (RFC 6901 §5)."""
    body = b'{"":"0","a/b":"1","c%d":"2","m~n":"3","~1":"4"," ":"5"}'
    document = JsonDocument(body)
    for number, pointer in enumerate(["/", "/a~1b", "/c%d", "/m~0n", "/~01", "/ "]):
        assert document.value(pointer) == str(number)
    assert [text.pointer for text in document.strings() if text.is_key] == ["/", "/a~1b", "/c%d", "/m~0n", "/~01", "/ "]


def test_a_value_knows_the_key_it_stands_under() -> None:
    """ "mrn" says what the number behind it is; in a list, all elements stand under the list's key."""
    document = JsonDocument(b'["top",{"a/b":["x",[{}],"y"],"~":{"0":"z","1":["w"]}}]')
    assert [(text.text, text.under) for text in document.strings() if not text.is_key] == [
        ("top", ""),
        ("x", "a/b"),
        ("y", "a/b"),
        ("z", "0"),
        ("w", "1"),
    ]
    assert {text.under for text in document.strings() if text.is_key} == {""}


@pytest.mark.parametrize(
    "text", ["", 'a"b\\c/d', "\n\r\t\b\f\0\x1f\x7f", "é\u2028\ufeff😀", "\ud800", "\udc00x", "\\ud800"]
)
def test_any_text_becomes_a_valid_string(text: str) -> None:
    """Whatever a rewriter writes, the payload stays JSON in UTF-8."""
    token = quote(text)
    assert json.loads(token.encode()) == text


# ------------------------------------------------------------------------------------------- JSON inside strings


def wrapped(inner: str, times: int) -> bytes:
    """`inner` as a string in a string in a string..., in the field where tool arguments stand."""
    for _ in range(times):
        inner = json.dumps(inner)
    return b'{ "arguments" : ' + inner.encode() + b' , "n":1.0}'


@pytest.mark.parametrize("times", [1, 2, 3])
def test_json_inside_strings_is_rewritten_in_place(times: int) -> None:
    """A name in a tool's arguments is found and replaced however often the arguments were encoded."""
    document = JsonDocument(wrapped('{"name": "Jane", "dose": 1.10}', times))
    inner, pointer = document, "/arguments"
    for _ in range(times):
        child = inner.nested(pointer)
        assert child is not None
        inner, pointer = child, ""
    inner.replace("/name", "NAME_1")
    assert document.to_bytes() == wrapped('{"name": "NAME_1", "dose": 1.10}', times)


def test_reading_inside_a_string_changes_nothing() -> None:
    """Looking into tool arguments leaves their escapes as the application wrote them."""
    body = b'{"a":"{\\u0022k\\u0022:\\"\\/\\"}"}'
    document = JsonDocument(body)
    child = document.nested("/a")
    assert child is not None
    assert child.value("/k") == "/"
    assert document.nested("/a") is child
    assert document.to_bytes() == body


@pytest.mark.parametrize(
    "text", ["", "plain", "12", "null", "[see note]", "{'a': 1}", '{"a":1', '{"a":1} and more', "[NaN]"]
)
def test_a_string_that_is_not_json_is_plain_text(text: str) -> None:
    """Broken arguments are inspected as text instead."""
    assert JsonDocument(json.dumps([text]).encode()).nested("/0") is None


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("duplicate_key", '{"name":"Jane","name":"x"}'),
        ("lone_surrogate", '{"a":"\\ud800"}'),
        ("depth_limit", "[" * 65 + "]" * 65),
        ("number_range", "[1e999]"),
    ],
)
def test_doubtful_json_inside_a_string_is_refused(code: str, text: str) -> None:
    """A provider's parser might see in it what we didn't: nothing is sent."""
    document = JsonDocument(json.dumps({"arguments": text}).encode())
    with pytest.raises(UnreadablePayload) as refused:
        document.nested("/arguments")
    assert refused.value.code == code


def test_nesting_inside_strings_has_a_limit() -> None:
    """JSON in a string in a string can't go on for ever."""
    document = JsonDocument(wrapped('"deepest"', 2), max_nesting=2)
    outer = document.nested("/arguments")
    assert outer is not None
    inner = outer.nested("")
    assert inner is not None
    assert inner.value() == "deepest"
    assert inner.nested("") is None
    shallow = JsonDocument(wrapped('"deepest"', 2), max_nesting=1).nested("/arguments")
    assert shallow is not None
    with pytest.raises(UnreadablePayload) as refused:
        shallow.nested("")
    assert refused.value.code == "depth_limit"


def test_a_replaced_string_wins_over_what_was_inside() -> None:
    """Once the whole argument string is replaced, edits of its old content don't come back."""
    document = JsonDocument(b'{"a":"[\\"Jane\\"]"}')
    child = document.nested("/a")
    assert child is not None
    child.replace("/0", "inner")
    document.replace("/a", "outer")
    assert document.to_bytes() == b'{"a":"outer"}'
    assert document.nested("/a") is None


def test_a_document_can_be_read_from_text() -> None:
    """Arguments that were put together from stream deltas are read without encoding them first."""
    document = JsonDocument('{"a":"é"}')
    assert document.value("/a") == "é"
    with pytest.raises(UnreadablePayload) as refused:
        JsonDocument('{"a":"\ud800"}')
    assert refused.value.code == "lone_surrogate"


@pytest.mark.parametrize(
    "body",
    [
        b'["' + b"\\u00e9\\n" * 300_000 + b'"]',
        b"[" + b'1,"a",' * 100_000 + b"null]",
        b'{"a":"' + b"\\\\" * 500_000 + b'\\""}',
        b"[" + b" " * 2_000_000 + b"]",
    ],
)
def test_large_payloads_are_read_in_linear_time(body: bytes) -> None:
    """Megabytes of escapes, small values or spaces are read at once (quadratic work would hit the suite's limit)."""
    assert JsonDocument(body).to_bytes() == body


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("invalid_json", b"[" + b" " * 2_000_000 + b"x]"),
        ("invalid_json", b'["' + b"\\\\" * 1_000_000),
        ("number_range", b"[" + b"1" * 2_000_000 + b"]"),
        ("invalid_json", b"[" + b"1" * 2_000_000 + b"x]"),
    ],
)
def test_large_rubbish_is_refused_in_linear_time(code: str, body: bytes) -> None:
    """Megabytes of digits, spaces or backslashes that lead nowhere can't keep the proxy busy."""
    with pytest.raises(UnreadablePayload) as refused:
        JsonDocument(body)
    assert refused.value.code == code


def test_where_many_values_stand() -> None:
    """In one pass, as one by one."""
    document = JsonDocument('{"a": [1, "two", {"b": null}]}')
    pointers = ["/a/1", "/a/2/b", "/a"]

    assert document.spans(pointers) == {pointer: document.span(pointer) for pointer in pointers}
    assert document.spans([]) == {}
    with pytest.raises(KeyError):
        document.spans(["/a/1", "/a/9"])


@pytest.mark.parametrize(
    ("before", "after"), [(b'{"a":{}}', '{"a":{"b":[1]}}'), (b'{"a":{ "c":2}}', '{"a":{"b":[1], "c":2}}')]
)
def test_a_member_is_added_before_all_others(before: bytes, after: str) -> None:
    """Every other byte stays as it came."""
    document = JsonDocument(before)
    document.add("/a", "b", b"[1]")
    assert document.changed
    assert document.to_text() == after


def test_a_member_that_is_there_is_not_added() -> None:
    document = JsonDocument(b'{"a":{"b":1},"c":[]}')
    for pointer in ("/a", "/c"):
        with pytest.raises(KeyError):
            document.add(pointer, "b", b"2")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"x": 1}', "{}"),
        ('{ "x" : {"y": [1]} }\n', "{}\n"),
        ('{"x": 1, "b": 2}', '{ "b": 2}'),
        ('{"a": 1.50 , "x": "}," ,\n"b": [2] }', '{"a": 1.50 ,\n"b": [2] }'),
        ('{"a": {}, "x": 1}', '{"a": {}}'),
        ('{"x": 1, "a": "é", "/": 2, "b": 1e3}', '{ "a": "é", "b": 1e3}'),
        ('{"\\u0078": 1, "a": 2, "/": [{}]}', '{ "a": 2}'),
        ('{"a": {"x": 1}}', '{"a": {"x": 1}}'),
    ],
)
def test_members_are_left_out_with_their_commas(before: str, after: str) -> None:
    """Every other byte stays as it came, whichever of them goes and however its key is spelt."""
    document = JsonDocument(before)
    assert document.without("", ("x", "/")) == after
    deep = JsonDocument(f'[7, {{"o":{before}}} ]')
    assert deep.without("/1/o", ("x", "/")) == f'[7, {{"o":{after}}} ]'
    assert document.text == before


@given(members=st.dictionaries(st.text(max_size=3), st.integers() | st.lists(st.text(max_size=2), max_size=2)))
def test_what_is_left_is_the_object_without_them(members: dict[str, Any]) -> None:
    """JSON again, in the same order, whatever is left out."""
    body = json.dumps(members)
    for gone in (set(), set(list(members)[::2]), set(list(members)[1:2]), set(members)):
        kept = {name: value for name, value in members.items() if name not in gone}
        left = json.loads(JsonDocument(body).without("", gone))
        assert list(left.items()) == list(kept.items())


def test_only_an_object_has_members_to_leave_out() -> None:
    document = JsonDocument(b'{"a": [1], "b": "x"}')
    for pointer in ("/a", "/b", "/c"):
        with pytest.raises(KeyError):
            document.without(pointer, ("x",))


@pytest.mark.parametrize("white", ["", " "])
@pytest.mark.parametrize(("array", "after"), [("[]", "[0,9]"), ("[1, 2]", "[0,1,2,9]")])
def test_elements_are_put_before_the_first_and_behind_the_last(white: str, array: str, after: str) -> None:
    """Also into an array that is empty, and beside an element that is replaced."""
    body = json.loads(array)
    text = '{"a": ' + (f"[{white}]" if not body else array) + ', "b": 1.50}'
    document = JsonDocument(text)
    document.append("/a", b"9")
    document.prepend("/a", b"0")
    assert json.loads(document.to_text())["a"] == json.loads(after)
    assert document.to_text().endswith(', "b": 1.50}')
    if body:
        document.replace_raw("/a/1", b"7")
        assert json.loads(document.to_text())["a"] == [0, 1, 7, 9]
    for put in (document.append, document.prepend):
        with pytest.raises(KeyError):
            put("/b", b"1")


def test_a_document_of_numbers_has_no_strings() -> None:
    assert list(JsonDocument(b"[1, 2.5, null, [true]]").strings()) == []


def test_a_step_of_a_pointer_is_escaped_or_counted() -> None:
    assert step("a/b~c") + step(3) + step("d") == "/a~1b~0c/3/d"


# ---- long strings

_LONG = 70_000  # a window has 65,536


@pytest.mark.parametrize("before", range(13))
def test_a_string_of_many_windows_is_one_string(before: int) -> None:
    """SIZ-09: wherever a window ends, in an escape, between the halves of a pair, behind an escaped backslash."""
    for inside in (r"\ud83d\ude00", r"\\ud83d", r"\u00e9\\\n", "a😀", r"\\\ud83d\ude00"):
        body = json.dumps({"before": "x"}).encode()[:-1] + f',"k":"{"a" * before}{inside * (_LONG // 4)}"}}'.encode()
        document = JsonDocument(body)
        assert document.value() == json.loads(body)
        assert document.to_bytes() == body


def test_a_long_key_and_much_space_are_read() -> None:
    key, space = "\\n" * _LONG, " " * _LONG
    body = f'{space}{{{space}"{key}"{space}:{space}"{key}"{space},"a":{space}[1{space}]}}'.encode()
    document = JsonDocument(body)
    assert document.value() == json.loads(body)
    assert document.to_bytes() == body


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("lone_surrogate", '["' + "a" * _LONG + '\\ud800"]'),
        ("lone_surrogate", '["' + "a" * 65_530 + '\\ud800\\ud83d\\ude00"]'),
        ("invalid_json", '["' + "a" * _LONG + '\\q"]'),
        ("invalid_json", '["' + "a" * _LONG),
        ("invalid_json", '{"' + "a" * _LONG + '" 1}'),
        ("invalid_json", '{"' + "a" * _LONG),
        ("invalid_json", "{" + " " * _LONG + "x}"),
        ("control_character", '["' + "a" * _LONG + '\n"]'),
    ],
)
def test_a_long_string_is_refused_as_a_short_one(code: str, body: str) -> None:
    with pytest.raises(UnreadablePayload) as refused:
        JsonDocument(body.encode())
    assert refused.value.code == code


def test_half_a_character_far_behind_is_found_and_written_as_an_escape() -> None:
    text = "é" * _LONG + "\ud800"
    with pytest.raises(UnreadablePayload):
        JsonDocument(f'"{text}"')
    assert quote(text) == '"' + "é" * _LONG + '\\ud800"'


# ---- long keys


@pytest.mark.parametrize("key", ["k" * 9_000, "😀" * 3_000])
def test_pointers_that_take_too_much_room_are_refused(key: str) -> None:
    """Each value repeats all the keys above it: 1,000 of them under one key are 9 MB."""
    document = JsonDocument(json.dumps({key: ["a"] * 1_000}).encode())
    with pytest.raises(PayloadTooLarge) as refused:
        list(document.strings())
    assert refused.value.code == "long_paths"
    short = JsonDocument(json.dumps({key[:100]: ["a"] * 100_000}).encode())
    assert len(list(short.strings())) == 100_001


def test_a_value_under_a_long_key_is_found_without_spelling_all_others() -> None:
    """Quadratic work would hit the suite's limit: 70,000 values under a key of nine million characters."""
    key = "k" * 9_000_000
    document = JsonDocument(json.dumps({"a": {key: [0] * 70_000}, "b": "x"}).encode())
    document.replace("/b", "y")
    assert document.to_bytes().endswith(b'"b": "y"}')


def test_where_nothing_stands_there_is_no_span() -> None:
    document = JsonDocument(b'{"a":[1,{"b":2}],"c":3}')
    assert document.spans(["/a/1/b", "/c", ""]) == {"/a/1/b": (13, 14), "/c": (21, 22), "": (0, 23)}
    for pointer in ("/a/2", "/a/x", "/c/0", "/d"):
        with pytest.raises(KeyError):
            document.span(pointer)
