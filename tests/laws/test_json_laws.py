"""Laws of the JSON document, on 10,000 made-up texts: what is not replaced stays, what is doubtful is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.errors import UnreadablePayload
from guardrail.wire import jsondoc
from guardrail.wire.jsondoc import JsonDocument, quote
from tests.laws.json_documents import LETTERS, Writer, read, spoiled

SEEDS = st.integers(0, 2**32)
SIZES = st.integers(1, 30)
TEXTS = st.text(st.sampled_from([*LETTERS, "\ud800", "\udc00"]), max_size=8)


def law(examples: int) -> Callable[[Any], Any]:
    """A law that is tried on this many generated documents."""
    return settings(max_examples=examples, deadline=None, database=None)


@law(1000)
@given(SEEDS, SIZES)
def test_what_is_not_touched_comes_back_as_it_came(seed: int, size: int) -> None:
    """Numbers, order, white space and escapes of a payload reach the provider byte for byte."""
    made = Writer(seed, size).document()
    document = JsonDocument(made.body)
    for text in document.strings():
        document.nested(text.pointer) if not text.is_key else None
    assert document.to_bytes() == made.body
    assert not document.changed


@law(1000)
@given(SEEDS, SIZES, st.data())
def test_a_replaced_string_changes_its_own_token_and_nothing_else(seed: int, size: int, data: st.DataObject) -> None:
    """When an identifier is replaced, the payload says the same in all else, byte for byte."""
    made = Writer(seed, size).document()
    document, expected = JsonDocument(made.body), json.loads(made.body)
    chosen = data.draw(st.lists(st.sampled_from(sorted(made.strings)), unique=True)) if made.strings else []
    texts = {pointer: data.draw(TEXTS) for pointer in chosen}
    for pointer, text in texts.items():
        document.replace(pointer, text)
        expected = put(expected, pointer, json.loads(json.dumps(text)))
    after = document.to_bytes()
    assert after == made.having({made.strings[pointer]: quote(text) for pointer, text in texts.items()})
    assert json.loads(after) == expected


@law(1000)
@given(SEEDS, SIZES)
def test_two_equal_keys_are_refused_wherever_they_are(seed: int, size: int) -> None:
    """An identifier can't hide in the first of two equal keys, however they are spelled."""
    body = Writer(seed, size, twin=True).document().body
    with pytest.raises(UnreadablePayload) as refused:
        JsonDocument(body)
    assert refused.value.code == "duplicate_key"


@law(1000)
@given(SEEDS, SIZES)
def test_we_read_what_the_standard_library_reads(seed: int, size: int) -> None:
    """We and the provider must see the same values, or we'd inspect something else than the model reads."""
    body = spoiled(Writer(seed, size).document().body, seed)
    assert read(JsonDocument, body)[0] == reference(body)


@law(1000)
@given(SEEDS, SIZES, st.integers(12, 40))
def test_a_long_text_is_read_and_written_in_windows_as_in_one(seed: int, size: int, window: int) -> None:
    """However a string is cut for the sake of others (SIZ-09): the same string, or refused in the same words."""
    body = spoiled(Writer(seed, size).document().body, seed)
    whole = read(JsonDocument, body)
    with patch.object(jsondoc, "_WINDOW", window):
        assert read(JsonDocument, body) == whole


@law(300)
@given(st.text(st.sampled_from([*LETTERS, "\ud800", "\udc00"]), max_size=60), st.integers(1, 20))
def test_a_long_text_is_spelled_in_windows_as_in_one(text: str, window: int) -> None:
    """Also with halves of characters in it."""
    whole = quote(text)
    with patch.object(jsondoc, "_WINDOW", window):
        assert quote(text) == whole


@law(300)
@given(SEEDS, SIZES)
def test_strings_are_all_strings_in_order(seed: int, size: int) -> None:
    """No string of the payload escapes the rails: neither a value nor a key."""
    made = Writer(seed, size).document()
    document = JsonDocument(made.body)
    found = list(document.strings())
    assert [text.pointer for text in found if not text.is_key] == list(made.strings)
    assert [text.text for text in found] == tokens_of("".join(made.pieces))
    assert all(document.value(text.pointer) == text.text for text in found if not text.is_key)


@law(300)
@given(
    st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)), TEXTS
)
def test_json_inside_json_is_rewritten_at_any_depth(tree: Any, text: str) -> None:
    """A tool's arguments that are JSON in a string in JSON come back as the same, with the one string changed."""
    tree = json.loads(json.dumps([tree]), object_pairs_hook=lambda pairs: dict(pairs))
    tree.append("Jane Roe")
    at = f"/{len(tree) - 1}"
    body = json.dumps(
        {"a": json.dumps(json.dumps(json.dumps(tree, ensure_ascii=False), ensure_ascii=False)), "b": 1.10}
    )
    if re.search("[\ud800-\udfff]", json.dumps(tree, ensure_ascii=False)):
        return
    inner = nested(nested(nested(JsonDocument(body.encode()), "/a"), ""), "")
    assert inner.value() == tree
    outer = JsonDocument(body.encode())
    nested(nested(nested(outer, "/a"), ""), "").replace(at, text)
    tree[-1] = json.loads(json.dumps(text))
    assert json.loads(json.loads(json.loads(json.loads(outer.to_bytes())["a"]))) == tree


def reference(body: bytes) -> str | None:
    """The value by the standard library with every looseness of it closed; None if it isn't JSON."""
    try:
        value = json.loads(body.decode(), object_pairs_hook=unique, parse_constant=refuse, parse_float=finite)
        json.dumps(value, ensure_ascii=False).encode()
    except ValueError:
        return None
    return repr(value)


def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


def refuse(word: str) -> object:
    raise ValueError


def finite(token: str) -> float:
    if float(token) in (float("inf"), float("-inf")):
        raise ValueError
    return float(token)


def put(value: Any, pointer: str, new: object) -> Any:
    """`value` with `new` at `pointer`."""
    if not pointer:
        return new
    *path, last = [name.replace("~1", "/").replace("~0", "~") for name in pointer[1:].split("/")]
    place = value
    for name in path:
        place = place[int(name) if isinstance(place, list) else name]
    place[int(last) if isinstance(place, list) else last] = new
    return value


def tokens_of(text: str) -> list[str]:
    """Every string token of a JSON text, found without our reader."""
    return [json.loads(token) for token in re.findall(r'"(?:[^"\\]|\\.)*"', text, re.DOTALL)]


def nested(document: JsonDocument, pointer: str) -> JsonDocument:
    child = document.nested(pointer)
    assert child is not None
    return child
