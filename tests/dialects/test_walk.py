"""A table and a payload: what the walk makes of them."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import pytest

from guardrail.dialects.table import (
    FREE,
    Bound,
    Call,
    Field,
    Free,
    Known,
    Match,
    Number,
    OneOf,
    Piece,
    Refused,
    Row,
    Switch,
    Text,
    Tree,
    Words,
    adopt,
    compile_rows,
)
from guardrail.dialects.walk import AddressedDocument, Spot, Walk, field_name
from guardrail.errors import ClientError, PayloadTooLarge
from guardrail.text import Kind, Role
from guardrail.wire.jsondoc import JsonDocument

TABLE = compile_rows(
    (
        Row("id", Match(re.compile("[a-z]+"))),
        Row("tag", Match(re.compile("[a-z]+"), strict=False)),
        Row("kind", Words(frozenset({"a"}), refused=frozenset({"image"}))),
        Row("form", Known(frozenset({"date"}))),
        Row("notes[].text", Text(Kind.PROSE)),
        Row("by_name.*", Text(Kind.DATA, inside=FREE)),
        Row("blob", Refused()),
        Row("piece", Piece("p", Kind.PROSE)),
        Row("call", Call()),
        Row("call.arguments", Text(Kind.DATA)),
        Row("tree", Tree("tree")),
        Row("few", Number(10)),
        Row("on", Switch()),
    ),
    {"tree": (Row("label", Text(Kind.PROSE)), Row("left", Tree("tree")), Row("right[]", Tree("tree")))},
)


def refuse(code: str, address: str) -> NoReturn:
    raise ClientError(address, code=code)


def walked(payload: Any, table: Field = TABLE, **options: Any) -> tuple[Walk, JsonDocument]:
    document = JsonDocument(json.dumps(payload).encode())
    walk = Walk(refuse, max_segments=options.pop("max_segments", 100), **options)
    walk.visit(document.value(), table, Spot(document, "", "", Role.USER))
    return walk, document


def texts(payload: Any, **options: Any) -> list[tuple[str, str, str]]:
    return [(s.address, s.kind.value, s.text) for s in walked(payload, **options)[0].segments]


def test_a_recursive_table() -> None:
    """A schema in a schema is read like the first."""
    tree = {"label": "a", "left": {"label": "b", "right": [{"label": "c"}]}}

    assert texts({"tree": tree}) == [
        ("/tree/label", "prose", "a"),
        ("/tree/left/label", "prose", "b"),
        ("/tree/left/right/0/label", "prose", "c"),
    ]


def test_keys_that_are_data() -> None:
    """A name that stands where a key stands is seen, and the address doesn't repeat it."""
    assert texts({"by_name": {"Jane Doe": "x", "b": '{"c": "d"}'}}) == [
        ("/by_name/*0:key", "fixed", "Jane Doe"),
        ("/by_name/*0", "data", "x"),
        ("/by_name/*1:key", "fixed", "b"),
        ("/by_name/*1~json/*0:key", "fixed", "c"),
        ("/by_name/*1~json/*0", "data", "d"),
    ]


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        ({"id": "abc", "kind": "a", "form": "date", "tag": "abc"}, []),
        ({"form": "Jane"}, [("/form", "data", "Jane")]),
        ({"tag": "Jane D."}, [("/tag", "data", "Jane D.")]),
        ({"notes": [{"text": ""}, {"text": None}, {}]}, []),
    ],
)
def test_words_of_open_and_closed_lists(payload: Any, found: list[Any]) -> None:
    """Only what could be somebody's words is inspected."""
    assert texts(payload) == found


@pytest.mark.parametrize(
    ("payload", "code", "address"),
    [
        ({"id": "Jane Doe"}, "invalid_value", "/id"),
        ({"kind": "b"}, "invalid_value", "/kind"),
        ({"kind": "image"}, "uninspected_part", "/kind"),
        ({"kind": 1}, "invalid_type", "/kind"),
        ({"notes": "x"}, "invalid_type", "/notes"),
        ({"notes": {"text": "x"}}, "invalid_type", "/notes"),
        ({"notes": [[{"text": "x"}]]}, "invalid_type", "/notes/0"),
        ({"notes": [{"text": ["x"]}]}, "invalid_type", "/notes/0/text"),
        ({"blob": "x"}, "uninspected_part", "/blob"),
        ({"blob": {"a": 1}}, "uninspected_part", "/blob"),
        ({"blob": [1]}, "uninspected_part", "/blob"),
        ({"blob": False}, "uninspected_part", "/blob"),
        ({"x": list(range(8))}, "token_array", "/*0"),
    ],
)
def test_other_shapes_are_refused(payload: Any, code: str, address: str) -> None:
    """The table says what may stand where; the refusal names the place."""
    with pytest.raises(ClientError) as caught:
        walked(payload)
    assert (caught.value.code, caught.value.message) == (code, address)


def test_arguments_know_their_tool() -> None:
    """Also when the tool is named after them."""
    walk, _ = walked({"call": {"arguments": "x", "name": "find"}})

    assert [(segment.text, segment.tool) for segment in walk.segments if segment.kind is Kind.DATA] == [
        ("x", "find"),
        ("find", "find"),
    ]


def test_a_value_is_told_what_it_stands_under() -> None:
    """ "mrn" before a number says what the number is; a field of the table needs no such cue."""
    payload = {
        "by_name": {"mrn": "1", "form": json.dumps({"ward": ["2", {"nurse": "3"}, "4"], "n": 12})},
        "x": {"y": ["5"], "form": "6"},
        "notes": [{"text": "7"}],
        "call": {"arguments": "8", "name": "find"},
        "form": "9",
    }
    found = {s.text: s.hint for s in walked(payload)[0].segments if s.kind is not Kind.FIXED}

    assert found == {
        "1": "mrn", "2": "ward", "3": "nurse", "4": "ward", "12": "n", "5": "y", "6": "form",
        "7": "", "8": "", "find": "name", "9": "",
    }  # fmt: skip
    assert {s.hint for s in walked(payload)[0].segments if s.kind is Kind.FIXED} == {""}


def test_a_providers_own_field_names_are_not_inspected() -> None:
    """But any other key is, and so is every key in a JSON string."""
    found = texts({"x_groq": 1, "Jane Doe": 2, "inner": '{"x_groq": 1}'}, field_names=re.compile("[a-z_]+"))

    assert found == [("/*1:key", "fixed", "Jane Doe"), ("/*2~json/*0:key", "fixed", "x_groq")]


def test_pieces_are_not_segments() -> None:
    """A text that is still being written is somebody else's to judge."""
    walk, _ = walked({"piece": "unfini"})

    assert walk.segments == []
    assert [(spot.address, piece.name, text) for spot, piece, text in walk.pieces] == [("/piece", "p", "unfini")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, ""), (-3, ""), (0, ""), (True, ""), (7.35, ""), (98.6, ""), (0.1 + 0.2, ""), (7.3500000000000005, ""),
        (1e-7, ""), (10, "10"), (94, "94"), (90210, "90210"), (-4821337, "-4821337"), (4.821337e6, "4821337"),
        (94.0, "94"), (1.5e2, "150"), (40.712776, "40.712776"), (2190.99999, "2190.99999"),
    ],
)  # fmt: skip
def test_numbers_of_unknown_fields(value: float, text: str) -> None:
    """An age, a ZIP code, a record number may be somebody's, whatever way they are spelled; a lab value is nobody's."""
    assert [text for _, kind, text in texts({"a": value}) if kind == "data"] == ([text] if text else [])
    assert [text for _, kind, text in texts({"a": value}, numbers=False) if kind == "data"] == []


@pytest.mark.parametrize(
    ("values", "joined"),
    [
        ([202, 555, 4821], "202-555-4821"),
        ([219, 9, 9999], "219-9-9999"),
        ([1961, 3, 12], "1961-3-12"),
        ([4000, 1234, 5678, 9010], "4000-1234-5678-9010"),
        ([120, 80], None),
        ([5551234], None),
        ([120, 80.5, 9812], None),
        ([-120, 8000, 9812], None),
        ([True, 8000, 9812], None),
        (["120", 8000, 9812], None),
        ([12345, 12345, 12345, 12345], None),
    ],
)
def test_a_number_in_groups(values: list[Any], joined: str | None) -> None:
    """A phone number or a date that was cut into a list is put together, and can be replaced as one."""
    walk, json_document = walked({"x": {"phone": values}})
    found = [s for s in walk.segments if s.address == "/*0/*0"]

    assert [(s.text, s.hint, s.kind) for s in found] == ([(joined, "phone", Kind.DATA)] if joined else [])
    if joined:
        document = AddressedDocument(json_document, walk)
        for segment in walk.segments:
            if segment.kind is not Kind.FIXED:
                document.replace(segment.address, f"<{segment.text}>")
        assert json.loads(document.to_bytes()) == {"x": {"phone": f"<{joined}>"}}


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        (0, True), (-1, True), (150, True), (999_999, True), (0.01, True), (37.5, True), (1_500_000_000, True),
        (2_147_483_647, True), (-9_007_199_254_740_991, True), (18_446_744_073_709_551_615, True),
        (999_999_999, True), (1.7976931348623157e308, True), (219_099_999, False), (2_025_554_821, False),
        (4_821_337, False), (-219_099_999, False), (219_099_999.5, False), (2190.99999, False), (1.23e-7, True),
    ],
)  # fmt: skip
def test_limits_of_a_schema(value: float, taken: bool) -> None:
    """A schema's limits are short, round or a machine's own; nobody's number hides there."""
    assert Bound().takes(value) is taken


def test_numbers_and_switches_have_their_range() -> None:
    """Where a number steers the request, only one that can be meant is taken."""
    taken: list[Any] = [{"few": 10}, {"few": -10}, {"few": 0.5}, {"on": True}, {"on": None}, {"few": None}]
    refused: list[tuple[Any, str]] = [
        ({"few": 11}, "invalid_value"), ({"few": -10.5}, "invalid_value"), ({"few": "1"}, "invalid_type"),
        ({"on": 219099999}, "invalid_type"), ({"on": 1}, "invalid_type"), ({"on": "true"}, "invalid_type"),
    ]  # fmt: skip

    assert [texts(payload) for payload in taken] == [[]] * len(taken)
    for payload, code in refused:
        with pytest.raises(ClientError) as caught:
            walked(payload)
        assert caught.value.code == code


STREAMED = Field(rule=Free(foreign=True, piece=Piece("", Kind.PROSE), labels=frozenset({"type"})))
STRANGE = adopt(compile_rows((Row("said.text", Text(Kind.DATA)), Row("by.*", Text(Kind.DATA)))), STREAMED)


def test_strange_members_may_be_pieces_of_a_text() -> None:
    """What no row names is put together before it is judged, but for machines' words."""
    blob = "aB3" * 30
    payload = {"x": {"type": "reasoning.text", "text": "Mar", "signature": blob}, "type": "two words", "y": "step"}
    walk, _ = walked(payload, STRANGE)

    assert [text for *_, text in walk.pieces] == ["Mar", "two words", "step"]
    assert [s.text for s in walk.segments if s.kind is not Kind.FIXED] == ["reasoning.text", blob]


def test_strange_members_belong_to_no_named_tool() -> None:
    """Real values go only where a row says who reads them."""
    payload = {"said": {"text": "a", "args": {"type": "b"}}, "type": "c", "by": {"d": "e"}}

    assert {s.text: s.tool for s in walked(payload, STRANGE)[0].segments if s.kind is not Kind.FIXED} == {
        "a": "", "b": "?", "c": "?", "e": "",
    }  # fmt: skip


def test_too_many_strings() -> None:
    """There is a limit on the work that one payload can ask for."""
    with pytest.raises(PayloadTooLarge) as caught:
        walked({"notes": [{"text": "x"}] * 5}, max_segments=4)
    assert caught.value.code == "too_many_strings"


def test_the_word_that_leads_to_a_table_needs_no_row_in_it() -> None:
    """It is no text of anybody's; in another table's place it is inspected as any."""
    trees = {"a": (Row("text", Text(Kind.PROSE)),), "b": (Row("text", Text(Kind.DATA)),)}
    table = compile_rows((Row("parts[]", OneOf("type", {"a": "a", "aa": "a", "b": "b"})),), trees)
    walk, _ = walked({"parts": [{"type": kind, "text": kind} for kind in ("a", "aa", "b")]}, table)

    assert [(s.address, s.text) for s in walk.segments] == [
        ("/parts/0/text", "a"), ("/parts/1/text", "aa"), ("/parts/2/text", "b"),
    ]  # fmt: skip
    with pytest.raises(ClientError, match="/parts/0/type"):
        walked({"parts": [{"type": "Ann", "text": "x"}]}, table)


def test_keys_of_arguments_are_the_models_words() -> None:
    """Also where a provider's own field names are not inspected."""
    table = adopt(
        compile_rows((Row("call", Call("name", "input")), Row("call.input", Free()))), Field(rule=Free(foreign=True))
    )
    walk, _ = walked(
        {"call": {"name": "find", "input": {"patient": {"Ann": 1}}}, "extra": {"field": "x"}},
        table, numbers=False, field_names=re.compile("[A-Za-z]+"),
    )  # fmt: skip

    assert [(s.text, s.kind.value, s.tool) for s in walk.segments if s.kind is Kind.FIXED] == [
        ("patient", "fixed", "find"), ("Ann", "fixed", "find"),
    ]  # fmt: skip


def test_nothing_is_put_back_where_nobody_names_the_tool() -> None:
    """Into a text that may not change, and into the arguments of a tool that has run."""
    rows = (Row("thought", Text(Kind.FIXED, foreign=True)), Row("ran", Call("")), Row("ran.input", Free()))
    walk, _ = walked({"thought": "a", "ran": {"name": "find", "input": {"q": "b"}}}, compile_rows(rows))

    assert {s.tool for s in walk.segments} == {"?"}
    assert walk.calls == []


def test_replacing_by_address() -> None:
    """Strings, numbers and strings in JSON strings are replaced where they stand."""
    walk, json_document = walked({"by_name": {"a/b~c": "x", "n": '{"k": [1, "y"]}'}, "mrn": 4821337})
    document = AddressedDocument(json_document, walk)
    for segment in document.segments():
        if segment.kind is not Kind.FIXED:
            document.replace(segment.address, f"<{segment.text}>")

    assert json.loads(document.to_bytes()) == {
        "by_name": {"a/b~c": "<x>", "n": '{"k": [1, "<y>"]}'},
        "mrn": "<4821337>",
    }


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/messages/2/content", "messages[2].content"),
        ("/metadata/*0", "metadata.*"),
        ("/metadata/*0:key", "metadata.* (a key)"),
        ("/messages/0/tool_calls/1/function/arguments~json/*0/3", "messages[0].tool_calls[1].function.arguments.*[3]"),
        ("", "the whole body"),
    ],
)
def test_field_names_for_people(address: str, name: str) -> None:
    """An error names the field as people write it, and nothing in it comes from a client."""
    assert field_name(address) == name
