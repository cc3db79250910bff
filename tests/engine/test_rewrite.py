"""From rulings to words: overlaps leave no remains, and every delta gets its own words back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guardrail.engine.rewrite import Settled, Spreader, settle
from guardrail.text import Action, Edit, Finding, Ruling, Span

RANKS = {"persona": 0, "phi": 1, "echo": 2}


def rank(rail: str) -> int:
    return RANKS[rail]


def ruling(start: int, end: int, rail: str = "phi", label: str = "NAME", action: Action = Action.REPLACE) -> Ruling:
    return Ruling(Finding(Span(start, end), rail, label, 0.9), action)


def mark(finding: Finding) -> str | None:
    return f"[{finding.rail} {finding.label}]"


def written(text: str, settled: Settled) -> str:
    spreader = Spreader()
    spreader.expect(len(text))
    (cleared,) = spreader.write(len(text), settled, lambda a, b: text[a:b])
    return cleared.text


def test_two_findings_of_one_rail_become_one() -> None:
    """A name that was found twice, in part and in full, is replaced once, in full."""
    text = "Dr. Maria Lopez came"
    settled = settle([ruling(4, 9), ruling(4, 15, label="DOCTOR"), ruling(10, 15)], rank, mark)
    assert written(text, settled) == "Dr. [phi DOCTOR] came"


def test_what_sticks_out_of_the_winner_goes_too() -> None:
    """No half of a name survives because another rail wanted the other half."""
    text = "I feel for you, Maria Lopez."
    settled = settle([ruling(0, 21, "persona", "feeling"), ruling(16, 27)], rank, mark)
    assert written(text, settled) == "[persona feeling][phi NAME]."


def test_the_longer_of_two_wins_within_a_rail_order() -> None:
    """On overlap the rail that the policy names first wins, whatever its length."""
    settled = settle([ruling(0, 30, "echo"), ruling(5, 9, "phi")], rank, mark)
    assert [edit.span for edit in settled.edits] == [Span(0, 5), Span(5, 9), Span(9, 30)]


def test_words_that_the_winner_leaves_fall_to_the_loser() -> None:
    """If the first rail leaves the words as they are, the second one's finding still counts."""
    first, second = ruling(0, 5, "persona", "opinion"), ruling(2, 9)
    settled = settle([first, second], rank, lambda f: None if f.rail == "persona" else "#")
    assert settled.edits == (Edit(Span(2, 9), "#"),)
    assert [each.action for each in settled.rulings] == [Action.ALLOW, Action.REPLACE]


def test_insertions_of_one_place_keep_the_order_of_the_policy() -> None:
    """Crisis text first, then the notice, then the warning."""
    rulings = [ruling(0, 0, rail, "origin", Action.WARN) for rail in ("echo", "persona", "phi")]
    assert written("Rest.", settle(rulings, rank, mark)) == "[persona origin][phi origin][echo origin]Rest."


def test_an_insertion_does_not_split_what_is_replaced() -> None:
    """A warning that would stand inside a name stands before it."""
    settled = settle([ruling(5, 5, "persona", "high", Action.WARN), ruling(3, 9)], rank, mark)
    assert written("Hi Maria!!", settled) == "Hi [persona high][phi NAME]!"


def test_warnings_and_trials_change_no_words() -> None:
    """What is only counted, or runs on trial, leaves every word alone."""
    trial = Ruling(Finding(Span(0, 5), "phi", "NAME", 0.9), Action.REPLACE, shadow=True)
    settled = settle(
        [trial, ruling(0, 5, "persona", action=Action.WARN), ruling(1, 2, "echo", action=Action.ALLOW)], rank, mark
    )
    assert settled.edits == ()
    assert len(settled.rulings) == 3


spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair)))
many = st.lists(st.tuples(spans, st.sampled_from(sorted(RANKS))), max_size=12)


@given(many)
def test_edits_never_overlap_and_cover_every_finding(found: list[tuple[tuple[int, int], str]]) -> None:
    """However findings overlap, every letter of them is replaced, and none twice."""
    settled = settle([ruling(*span, rail=rail) for span, rail in found], rank, mark)
    covered = [place for edit in settled.edits for place in range(edit.span.start, edit.span.end)]
    assert len(covered) == len(set(covered))
    assert set(covered) == {place for (start, end), _ in found for place in range(start, end)}


@given(many, st.lists(st.integers(0, 12), min_size=1, max_size=8))
def test_every_delta_gets_its_own_words(found: list[tuple[tuple[int, int], str]], sizes: list[int]) -> None:
    """Cut in any pieces, the pieces together say what the whole says, and there are as many of them."""
    text = "".join(chr(97 + place % 26) for place in range(sum(sizes)))
    rulings = [ruling(min(a, len(text)), min(b, len(text)), rail=rail) for (a, b), rail in found if a < len(text)]
    settled = settle(rulings, rank, mark)
    spreader = Spreader()
    for size in sizes:
        spreader.expect(size)
    pieces = spreader.write(len(text), settled, lambda a, b: text[a:b])
    assert len(pieces) == len(sizes)
    assert "".join(piece.text for piece in pieces) == (written(text, settled) if text else "")
