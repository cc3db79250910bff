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
        (Segment(f"/{at}", role, text, kind), About(role=role, kind=kind))
        for at, (role, kind, text) in enumerate(parts)
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


def test_what_lies_on_one_side_is_found_once() -> None:
    assert found((Role.USER, Kind.PROSE, "Maria is here"), (Role.USER, Kind.PROSE, " and well")) == [["Maria"], []]


@pytest.mark.parametrize("other", [(Role.ASSISTANT, Kind.PROSE), (Role.USER, Kind.DATA)])
def test_another_voice_or_kind_is_no_neighbour(other: tuple[Role, Kind]) -> None:
    assert found((Role.USER, Kind.PROSE, "call 555-"), (*other, "0143 now")) == [[], []]
