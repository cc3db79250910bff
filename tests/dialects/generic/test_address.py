"""Addresses as a policy writes them: a small part of JSONPath, and nothing that could be read in two ways."""

import pytest

from guardrail.dialects.generic.address import Address, address_of


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("$.prompt", "prompt"),
        ("$.messages[*].content", "messages[].content"),
        ("$.messages[*].content[*].text", "messages[].content[].text"),
        ("$.meta.*", "meta.*"),
        ("$.a-b.c_d[*][*].*", "a-b.c_d[][].*"),
    ],
)
def test_an_address_is_a_row_of_the_table(text: str, row: str) -> None:
    assert Address.parse(text).row == row


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "$",
            "$.",
            "$[*]",
            "$.*",
            "prompt",
            ".prompt",
            "$prompt",
            "$..prompt",
            "$.a..b",
            "$.a.",
            "$.a[0]",
            "$.a[-1:]",
        ),
        *("$.a['b']", '$.a["b"]', "$.a[?(@.b)]", "$.a b", "$.a\n", "$.a[*", "$.a[*]b", "$.1a", "$.é", "$.a.$.b", "@.a"),
        *("$.a/b", "$.a~b", "$" + ".a" * 17),
    ],
)
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="use an address like"):
        Address.parse(text)


def test_it_finds_what_stands_there() -> None:
    payload = {"m": [{"c": "one"}, {"d": "x"}, {"c": "two"}], "meta": {"a": {"b": 1}, "c": {"b": 2}}}
    assert list(Address.parse("$.m[*].c").find(payload)) == ["one", "two"]  # type: ignore[arg-type]
    assert list(Address.parse("$.meta.*.b").find(payload)) == [1, 2]  # type: ignore[arg-type]
    assert Address.parse("$.m.c").first(payload) is None  # type: ignore[arg-type]


def test_its_pattern_matches_the_addresses_of_the_walk() -> None:
    pattern = Address.parse("$.m[*].meta.*").pattern
    assert pattern.fullmatch("/m/12/meta/*3")
    assert not pattern.fullmatch("/m/x/meta/*3")


def test_one_address_covers_another() -> None:
    meta = Address.parse("$.meta")
    assert meta.covers(Address.parse("$.meta.a[*]"))
    assert Address.parse("$.meta.*").covers(Address.parse("$.meta.a.b"))
    assert not meta.covers(Address.parse("$.metadata"))
    assert not Address.parse("$.meta.a").covers(meta)


def test_a_pointer_of_a_literal_has_an_address() -> None:
    assert address_of("/answers/0/text") == Address.parse("$.answers[*].text")
