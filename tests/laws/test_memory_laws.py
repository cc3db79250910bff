"""What is remembered changes nothing but the time it takes: any conversations, with and without a memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.engine.chain import Chain
from guardrail.engine.memory import Memory
from guardrail.engine.worker import InlineInspector
from guardrail.rails.base import About
from guardrail.text import Kind, Role, Ruling, Segment
from tests.engine.toys import ANSWER, MEDICAL, PACE, PHI, STOP, VOICE, toy_rules

PIECES = [
    "Maria", "Lopez", "Maria Lopez", "555-1234", "I think", "FORBIDDEN", "aspirin", "warfarin", "and so on", ". ",
    "\n", "a" * 120, "<< a machine wrote this >>\n", "é", "\ud800", "",
]  # fmt: skip

texts = st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join)
abouts = st.builds(
    lambda role, kind, opens, hint: replace(ANSWER, role=role, kind=kind, opens=opens, hint=hint),
    st.sampled_from(Role), st.sampled_from([Kind.PROSE, Kind.DATA]), st.booleans(), st.sampled_from(["", "mrn"]),
)  # fmt: skip
requests = st.lists(st.tuples(st.sampled_from(["ward", "lab", ""]), st.lists(st.tuples(texts, abouts), max_size=5)))


def chain(memory: Memory | None) -> Chain:
    rails = {rail.name: rail for rail in (PHI, VOICE, MEDICAL, STOP)}
    return Chain(toy_rules(stop=True), InlineInspector(rails), PACE, memory=memory)


async def inspected(
    chain: Chain, conversations: Sequence[tuple[str, Sequence[tuple[str, About]]]]
) -> list[list[tuple[Ruling, ...]]]:
    """Each request twice, as the next turn of a conversation repeats the last."""
    return [
        await chain.inspect([(Segment("x", about.role, text), about) for text, about in request], tenant=tenant)
        for tenant, request in conversations
        for _ in range(2)
    ]


@given(conversations=requests, size=st.sampled_from([1, 3, 10, 1_000]))
@settings(max_examples=200, deadline=None)
def test_with_and_without_a_memory_everything_is_found_alike(
    conversations: list[tuple[str, list[tuple[str, About]]]], size: int
) -> None:
    """The same rulings in the same order, however little fits into the memory."""
    memory = Memory(size)
    assert asyncio.run(inspected(chain(memory), conversations)) == asyncio.run(inspected(chain(None), conversations))
    assert memory.held <= size
