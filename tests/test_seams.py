"""A name that begins in one part of a message and ends in the next is found in both (EVA-01)."""

from __future__ import annotations

import asyncio

import pytest

from guardrail.rails.base import About
from guardrail.seams import across_seams
from guardrail.text import Kind, Role, Segment
from tests.engine.toys import toy_chain


def found(*parts: tuple[Role, Kind, str]) -> list[list[str]]:
    """The words that are found in each part."""
    pairs = [
        (Segment(f"/{at}" + "~/x" * data, role, text, kind, opens=not data), About(role=role, kind=kind))
        for at, (role, kind, text) in enumerate(parts)
        for data in (kind is Kind.DATA,)
    ]
    chain = toy_chain(notice=False)

    async def inspected() -> list[list[str]]:
        rulings = await across_seams(chain, pairs, await chain.inspect(pairs), None)
        return [
            [segment.text[r.finding.span.start : r.finding.span.end] for r in each if r.finding.rail == "phi"]
            for (segment, _), each in zip(pairs, rulings, strict=True)
        ]

    return asyncio.run(inspected())


@pytest.mark.parametrize(
    ("one", "other"), [("call 555-", "0143 now"), ("I am Mar", "ia Lopez."), ("ZQ48291", "3005517")]
)
def test_what_crosses_a_seam_is_found_on_both_sides(one: str, other: str) -> None:
    first, second = found((Role.USER, Kind.PROSE, one), (Role.USER, Kind.PROSE, other))
    assert first
    assert second
    assert one.endswith(first[-1])
    assert other.startswith(second[-1])


def test_a_value_in_many_small_parts_is_found_in_each_of_them() -> None:
    """Also where a part holds no more than a single character."""
    parts = [(Role.USER, Kind.PROSE, char) for char in "ZQ482913005517"]
    assert found((Role.USER, Kind.PROSE, "my id "), *parts) == [[], *([each] for *_, each in parts)]
    assert found(*((Role.USER, Kind.PROSE, each) for each in ("of Mar", "ia Lop", "ez."))) == [
        ["Mar"],
        ["ia Lop"],
        ["ez"],
    ]


def test_what_stands_between_a_users_words_does_not_part_them() -> None:
    file = (Role.USER, Kind.DATA, "notes.txt")
    assert found((Role.USER, Kind.PROSE, "ZQ48291"), file, (Role.USER, Kind.PROSE, "3005517")) == [
        ["ZQ48291"],
        [],
        ["3005517"],
    ]


@pytest.mark.parametrize(
    ("first", "between", "second"),
    [
        ((Role.ASSISTANT, Kind.DATA), [(Role.ASSISTANT, Kind.FIXED, "f")], (Role.ASSISTANT, Kind.DATA)),
        ((Role.USER, Kind.TOKEN), [], (Role.USER, Kind.PROSE)),
    ],
)
def test_a_number_that_goes_on_in_the_next_value_is_found(
    first: tuple[Role, Kind], between: list[tuple[Role, Kind, str]], second: tuple[Role, Kind]
) -> None:
    """Arguments of two calls; a participant's name and what they say, in whatever order they are written."""
    quiet: list[list[str]] = [[] for _ in between]
    assert found((*first, "ZQ48291"), *between, (*second, "3005517 ok")) == [["ZQ48291"], *quiet, ["3005517"]]
    assert found((*first, "Mar"), *between, (*second, "ia Lopez")) == [[], *quiet, []]
    if Kind.TOKEN in first:
        assert found((*second, "3005517 ok"), (*first, "ZQ48291")) == [["3005517"], ["ZQ48291"]]


def test_the_numbers_of_one_table_are_no_neighbours() -> None:
    """A laboratory value beside a number is no part of it."""
    assert found((Role.TOOL, Kind.DATA, "ZQ48291"))[0] == []
    cells = [(f"/0~/{at}", "", text) for at, text in enumerate(("ZQ48291", "3005517"))]
    assert crossing(Role.TOOL, *cells, opens=False) == [0, 0]


def crossing(role: Role, *parts: tuple[str, str, str], opens: bool = True) -> list[int]:
    """How much is found across the seams of parts of data, each an address, a hint and a text."""
    pairs = [
        (Segment(address, role, text, Kind.DATA, opens=opens, hint=hint), About(role=role, kind=Kind.DATA))
        for address, hint, text in parts
    ]
    return [len(each) for each in asyncio.run(across_seams(toy_chain(notice=False), pairs, [()] * len(pairs), None))]


@pytest.mark.parametrize(
    ("role", "address", "hint"),
    [
        (Role.TOOL, "/messages/2/content/{}/text", ""),
        (Role.TOOL, "/messages/2/content/1/content/{}/text", ""),
        (Role.SYSTEM, "/documents/{}", ""),
        (Role.SYSTEM, "/documents/{}/data/*0", "text"),
        (Role.TOOL, "/messages/2/content~json/*0/{}/*0", "page_content"),
    ],
)
def test_pieces_of_what_a_tool_or_a_document_says_are_read_as_one(role: Role, address: str, hint: str) -> None:
    """Whoever cut it did not look where. Other members may stand between the pieces."""
    pieces = [(address.format(at), hint, text) for at, text in ((0, "Call 555-"), (1, "0143 or 555-"), (2, "0199"))]
    between = (f"{address.format(0)}/score", "score", "7")
    assert crossing(role, pieces[0], between, *pieces[1:], opens=not hint) == [1, 0, 2, 1]


@pytest.mark.parametrize(
    ("role", "addresses", "hint"),
    [
        (Role.TOOL, ("/messages/2/content", "/messages/3/content"), ""),
        (Role.TOOL, ("/messages/2/content~json/*0/0/*0", "/messages/2/content~json/*0/1/*0"), "result"),
        (Role.TOOL, ("/messages/2/content~json/0", "/messages/2/content~json/1"), ""),
        (Role.TOOL, ("/messages/2/content/0/text", "/messages/3/content/0/text"), ""),
    ],
)
def test_results_of_two_calls_and_the_cells_of_a_table_are_not(
    role: Role, addresses: tuple[str, str], hint: str
) -> None:
    one, other = addresses
    opens = "~" not in one
    assert crossing(role, (one, hint, "Call 555-"), (other, hint, "0143 now"), opens=opens) == [0, 0]


def test_what_lies_on_one_side_is_found_once() -> None:
    assert found((Role.USER, Kind.PROSE, "Maria is here"), (Role.USER, Kind.PROSE, " and well")) == [["Maria"], []]


@pytest.mark.parametrize("other", [(Role.ASSISTANT, Kind.PROSE), (Role.USER, Kind.DATA)])
def test_another_voice_or_kind_is_no_neighbour(other: tuple[Role, Kind]) -> None:
    assert found((Role.USER, Kind.PROSE, "call 555-"), (*other, "0143 now")) == [[], []]
