"""Rows become a tree."""

from __future__ import annotations

import pytest

from guardrail.dialects.table import Plain, Row, Text, Tree, compile_rows, names
from guardrail.text import Kind

PROSE = Text(Kind.PROSE)


def test_a_field_may_be_a_string_and_a_list_of_parts() -> None:
    """`content` is both in most APIs."""
    content = compile_rows((Row("content", PROSE), Row("content[].text", PROSE))).members["content"]

    assert content.rule == PROSE
    assert content.items is not None
    assert content.items.members["text"].rule == PROSE


def test_required_fields_are_asked_for_by_their_parent() -> None:
    """What must be there is missed when it isn't."""
    root = compile_rows((Row("a.b", Plain(), required=True), Row("a.c", Plain())))

    assert root.members["a"].needs == ("b",)
    assert root.members["a"].members["b"].required


def test_a_table_may_refer_to_itself() -> None:
    """A schema holds schemas."""
    root = compile_rows((Row("s", Tree("t")),), {"t": (Row("", Plain()), Row("*", Tree("t")), Row("[]", Tree("t")))})
    here = root.members["s"]

    assert here.rule == Plain()
    assert here.others is here
    assert here.items is here


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("notes", True),
        ("notes[0].text", True),
        ("notes.[12].text", True),
        ("notes[].text", False),
        ("notes[1000].text", False),
        ("notes[0].name", False),
        ("by_name.Garcia", False),
        ("by_name.garcia", False),
        ("Notes", False),
        ("notes text", False),
        ("", False),
        ("[0]", False),
    ],
)
def test_a_path_is_spelled_by_the_table_alone(path: str, known: bool) -> None:
    """What a provider calls a field is passed on only if nothing in it can be somebody's name."""
    table = compile_rows((Row("notes[].text", Text(Kind.PROSE)), Row("by_name.*", Text(Kind.DATA))))
    assert names(table, path) is known
