"""Findings are remembered, words are not."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum

import pytest

from guardrail.engine.chain import Chain, Rule
from guardrail.engine.memory import TENANTS, Memory
from guardrail.engine.worker import InlineInspector, Job
from guardrail.errors import RailFailed
from guardrail.rails.base import About
from guardrail.text import Action, Assessment, Direction, Finding, Kind, Risk, Role, Ruling, Segment
from tests.engine.test_chain import LONG, turns_of_others
from tests.engine.toys import PACE, PHI, PatternRail

USER = About(Direction.REQUEST, Role.USER)
ANSWER = About(Direction.RESPONSE, Role.ASSISTANT)
SAID = "Maria came. Go to gate 12. Rest well."
NAMES = Rule(rail="phi", action=Action.REPLACE)


class Listening(InlineInspector):
    """Notes what it is asked about; fails while `broken`."""

    def __init__(self) -> None:
        super().__init__({"phi": PHI})
        self.asked: list[str] = []
        self.broken = False

    async def inspect(self, jobs: Sequence[Job]) -> list[list[Finding]]:
        self.asked += [window.text for window, *_ in jobs]
        if self.broken:
            raise RailFailed("no")
        return await super().inspect(jobs)


class House:
    """A chain with a memory, and what its inspector was asked."""

    def __init__(self, size: int = 1_000, on_failure: Action = Action.BLOCK) -> None:
        self.inspector = Listening()
        self.counted: Counter[str] = Counter()
        self.memory = Memory(size, lambda result, count: self.counted.update({result: count}))
        self.chain = Chain([NAMES], self.inspector, PACE, on_failure, self.memory)

    def ask(self, *texts: str, tenant: str | None = "ward", about: About = USER) -> list[tuple[Ruling, ...]]:
        pairs = [(Segment(str(at), about.role, text), about) for at, text in enumerate(texts)]
        return asyncio.run(self.chain.inspect(pairs, tenant=tenant))

    def asked(self, *texts: str, tenant: str | None = "ward", about: About = USER) -> list[str]:
        """What the inspector has to look at for this request."""
        self.inspector.asked.clear()
        self.ask(*texts, tenant=tenant, about=about)
        return self.inspector.asked


def test_a_conversation_costs_what_is_new_in_it() -> None:
    """The next turn sends everything again; only the new words are inspected, and all findings are there."""
    house = House()
    assert house.asked("Maria came.", "Call 555-1234.") == ["Maria came.", "Call 555-1234."]
    assert house.asked("Maria came.", "Call 555-1234.", "Thanks.") == ["Thanks."]
    labels = [[ruling.finding.label for ruling in rulings] for rulings in house.ask("Maria came.", "Call 555-1234.")]
    assert labels == [["NAME"], ["PHONE"]]
    assert house.counted == {"miss": 3, "hit": 4}


def test_a_text_that_changed_by_one_letter_is_new() -> None:
    house = House()
    house.ask("Maria came.")
    assert house.asked("Maria came!") == ["Maria came!"]


@pytest.mark.parametrize(
    "about",
    [
        replace(USER, direction=Direction.RESPONSE),
        replace(USER, role=Role.SYSTEM),
        replace(USER, kind=Kind.DATA),
        replace(USER, language="es"),
        replace(USER, surface="clinician"),
        replace(USER, country="US"),
        replace(USER, opens=False),
        replace(USER, hint="mrn"),
        replace(USER, assessment=Assessment(True, ("dose",), Risk.HIGH)),
    ],
)
def test_all_that_a_rail_is_told_makes_it_another_text(about: About) -> None:
    """The same words in another role, or under another key, may hold something else."""
    house = House()
    house.ask("Maria came.")
    assert house.asked("Maria came.", about=about) == ["Maria came."]


def test_one_tenant_never_meets_what_another_left() -> None:
    """Neither a finding nor the time it takes tells a client what another client's patients said."""
    house = House()
    house.ask("Maria came.", tenant="ward")
    assert house.asked("Maria came.", tenant="lab") == ["Maria came."]
    assert house.asked("Maria came.", tenant=None) == ["Maria came."]
    assert house.asked("Maria came.", tenant="ward") == []


def test_a_tenant_in_a_flood_loses_its_own_entries() -> None:
    """One client that sends ever new texts doesn't make the others slow."""
    house = House(size=100)
    old = [f"Rest, {number}." for number in range(20)]
    house.ask(*old, tenant="ward")
    for number in range(300):
        house.ask(f"Maria, {number}.", tenant="flood")
    assert house.memory.held <= 100
    assert house.asked(*old, tenant="ward") == []


def test_a_newcomer_gets_room() -> None:
    """A memory that one client has filled is not closed to the next one."""
    house = House(size=100)
    house.ask(*(f"Rest, {number}." for number in range(200)), tenant="first")
    new = [f"Drink, {number}." for number in range(40)]
    house.ask(*new, tenant="second")
    assert house.asked(*new, tenant="second") == []
    assert house.memory.held <= 100


def test_the_oldest_goes_first() -> None:
    house = House(size=3)
    house.ask("One.", "Two.", "Three.")
    house.ask("One.")
    house.ask("Four.")
    assert house.asked("One.", "Three.", "Four.") == []
    assert house.asked("Two.") == ["Two."]


def test_findings_count_too() -> None:
    """A text full of names takes the room of many; one that does not fit at all is inspected each time."""
    house = House(size=10)
    house.ask("Rest.")
    crowd = "Maria. " * 20
    assert house.asked(crowd)
    assert house.asked(crowd)
    assert house.memory.held <= 10


def test_tenants_are_bounded() -> None:
    house = House(size=100_000)
    for number in range(TENANTS + 1):
        house.ask("Rest.", tenant=f"client-{number}")
    assert house.memory.held == TENANTS
    assert house.asked("Rest.", tenant="client-0") == ["Rest."]


def test_what_failed_is_not_remembered() -> None:
    """A check that could not look has found nothing out: the next request is inspected."""
    house = House()
    house.inspector.broken = True
    with pytest.raises(RailFailed):
        house.ask("Maria came.")
    house.inspector.broken = False
    (rulings,) = house.ask("Maria came.")
    assert [ruling.finding.label for ruling in rulings] == ["NAME"]


def test_what_passed_uninspected_is_not_remembered() -> None:
    """Also where the policy lets such words pass."""
    house = House(on_failure=Action.WARN)
    house.inspector.broken = True
    long = "Maria came. " * 40  # many windows: none of them counts for the whole
    (rulings,) = house.ask(long)
    assert {ruling.finding.label for ruling in rulings} == {"uninspected"}
    house.inspector.broken = False
    (rulings,) = house.ask(long)
    assert {ruling.finding.label for ruling in rulings} == {"NAME"}


def test_rules_of_one_exchange_are_not_remembered() -> None:
    """They are not the policy's: the next exchange has others."""
    house = House()
    gate = Rule(rail="gates", action=Action.REPLACE, local=PatternRail("gates", "(?P<GATE>gate 12)"))
    pair = (Segment("x", Role.USER, "Maria, gate 12."), USER)
    asyncio.run(house.chain.inspect([pair], [gate], "ward"))
    (rulings,) = house.ask("Maria, gate 12.")
    assert [ruling.finding.label for ruling in rulings] == ["NAME"]


def streamed(house: House, text: str, tenant: str | None = "ward", extra: Sequence[Rule] = ()) -> str:
    """`text` as an answer in pieces of seven code points, cleared."""

    async def work() -> str:
        flow = house.chain.open(ANSWER, extra, tenant=tenant)
        parts = [await flow.feed(text[at : at + 7]) for at in range(0, len(text), 7)]
        return "".join(cleared.text for part in [*parts, await flow.flush()] for cleared in part)

    return asyncio.run(work())


def test_an_answer_that_comes_again_is_not_inspected_again() -> None:
    """Window by window, for the same client; what one exchange adds is done anew each time."""
    house = House()
    first = streamed(house, SAID)
    assert len(house.inspector.asked) == 3
    house.inspector.asked.clear()
    gate = Rule(rail="gates", action=Action.REPLACE, local=PatternRail("gates", "(?P<GATE>gate 12)"))
    assert streamed(house, SAID) == first == "[NAME removed] came. Go to gate 12. Rest well."
    assert streamed(house, SAID, extra=[gate]) == "[NAME removed] came. Go to [GATE removed]. Rest well."
    assert house.inspector.asked == []
    assert streamed(house, SAID, tenant="lab") == first
    assert streamed(house, SAID, tenant=None) == first
    assert len(house.inspector.asked) == 6


def test_a_window_is_another_one_elsewhere_in_an_answer() -> None:
    """What rails find may hang on where a window stands, and a whole text is no window."""
    house = House()
    streamed(house, "Rest. Rest. Rest.")
    assert len(house.inspector.asked) == len(set(house.inspector.asked)) == 3
    house.inspector.asked.clear()
    house.ask("Rest.", "0 0 Rest.", about=ANSWER)
    assert house.inspector.asked == ["Rest.", "0 0 Rest."]


def test_a_window_that_could_not_be_inspected_is_not_remembered() -> None:
    """The same answer is looked at again."""
    house = House(on_failure=Action.WARN)
    house.inspector.broken = True
    assert streamed(house, SAID) == SAID
    house.inspector.broken = False
    assert streamed(house, SAID) != SAID


def test_a_long_known_conversation_lets_others_go_on() -> None:
    """Looking things up takes time too."""
    house = House(size=100_000)
    texts = [f"Rest, {number}." for number in range(8_000)]
    house.ask(*texts)
    pairs = [(Segment("x", Role.USER, text), USER) for text in texts]
    assert asyncio.run(turns_of_others(house.chain.inspect(pairs, tenant="ward"))) >= 15
    assert house.asked(*texts) == []


def everything_in(root: object) -> Iterator[object]:
    """All values that an object holds, itself and however deep; not the code behind them."""
    seen: dict[int, object] = {}
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, type | Enum) or callable(value):
            continue
        seen[id(value)] = value
        yield value
        waiting += gc.get_referents(value)


def test_no_word_is_kept() -> None:
    """The memory holds numbers, hashes and labels: nothing longer than those, and no piece of what was said."""
    house = House()
    house.ask(
        "Maria Lopez, MRN 48210933, call 555-1234. " * 50, "QUETZALCOATL", about=replace(USER, hint="next-of-kin")
    )
    house.ask(LONG, tenant="a-tenant-with-a-name")
    house.memory._observe = None  # the test's own house
    kept = list(everything_in(house.memory))
    words = {value for value in kept if isinstance(value, str)}
    assert {"phi", "NAME", "PHONE"} <= words, "the walk reaches what is remembered"
    assert words <= {"phi", "NAME", "PHONE"} | set(vars(house.memory)) | {"held", "_known"}
    assert all(len(value) <= 32 for value in kept if isinstance(value, bytes | bytearray))
