"""Waiting in lanes: who leaves, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.engine.lanes import Entry, Lanes

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.sampled_from(["a", "b", "c", None]), st.integers(0, 2)),
        st.tuples(st.just("decide"), st.integers(0, 30), st.just(0)),
    ),
    max_size=40,
)


def leaving(waiting: Sequence[Entry]) -> list[Entry]:
    """The rule itself, the slow way: look at everything that waits, each time."""
    out: list[Entry] = []
    stuck: set[str | None] = set()
    for entry in waiting:
        blocked = bool(stuck) if entry.lane is None else not stuck.isdisjoint({entry.lane, None})
        if blocked or entry.undecided:
            stuck.add(entry.lane)
        else:
            out.append(entry)
    return out


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_they_leave_by_the_rule(steps: Sequence[tuple[str, str | int | None, int]]) -> None:
    """However words are decided, frames leave in order, and one that ends an answer never before its words."""
    lanes: Lanes[Entry] = Lanes()
    waiting: list[Entry] = []
    for what, which, undecided in steps:
        open_ones = [entry for entry in waiting if entry.undecided]
        if what == "come":
            assert which is None or isinstance(which, str)
            waiting.append(Entry(lane=which, undecided=undecided))
            lanes.append(waiting[-1])
        elif open_ones and isinstance(which, int):
            lanes.decided(open_ones[which % len(open_ones)])
        expected = leaving(waiting)
        assert lanes.take() == expected
        waiting = [entry for entry in waiting if entry not in expected]
        assert len(lanes) == len(waiting)


def test_an_entry_may_be_decided_before_it_comes() -> None:
    """A short sentence can be judged at once; its frame then leaves at once."""
    lanes: Lanes[Entry] = Lanes()
    entry = Entry(lane="a", undecided=1)
    lanes.decided(entry)
    lanes.append(entry)
    assert lanes.take() == [entry]


def test_nobody_waits_after_clear() -> None:
    """What is withheld stays withheld."""
    lanes: Lanes[Entry] = Lanes()
    for lane in ("a", None, "b"):
        lanes.append(Entry(lane=lane, undecided=1))
    lanes.clear()
    assert (lanes.take(), len(lanes)) == ([], 0)
