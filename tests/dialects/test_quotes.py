"""Places in a rewritten text: law and edges."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.dialects.quotes import Rewritten, compared, joined
from guardrail.text import Edit, Span

SIGNS = st.text("aé💊 ", max_size=8)


@st.composite
def rewritten(draw: st.DrawFn) -> tuple[Rewritten, list[tuple[str, str | None]]]:
    """A text in stretches, each with what it became (None: it stayed), and the whole of it."""
    stretches = draw(st.lists(st.tuples(SIGNS, st.none() | SIGNS), max_size=6))
    text, edits = "", []
    for was, now in stretches:
        if now is not None:
            edits.append(Edit(Span(len(text), len(text) + len(was)), now))
        text += was
    return Rewritten(text, edits), stretches


def result(stretches: Sequence[tuple[str, str | None]]) -> str:
    return "".join(was if now is None else now for was, now in stretches)


@given(rewritten(), st.data())
def test_a_quote_of_words_that_stayed_quotes_them_and_one_of_words_that_went_covers_what_came(
    made: tuple[Rewritten, list[tuple[str, str | None]]], data: st.DataObject
) -> None:
    """In code points and in bytes; there and back again."""
    text, stretches = made
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text.text))] * 2)))
    now = result(stretches)
    first, last = text.moved(begin, end)
    assert 0 <= first <= last <= len(now)
    touched = [each for each in text.edits if each.span.start < end and begin < each.span.end]
    within = [each for each in text.edits if begin < each.span.start == each.span.end < end]
    if not touched and not within:
        assert now[first:last] == text.text[begin:end]
        assert begin == end or text.undone().moved(first, last) == (begin, end)
    assert all(each.text in now[first:last] for each in [*touched, *within])
    in_bytes = text.moved(len(text.text[:begin].encode()), len(text.text[:end].encode()), in_bytes=True)
    assert in_bytes == (len(now[:first].encode()), len(now[:last].encode()))


@given(SIGNS, SIGNS, SIGNS, SIGNS)
def test_without_edits_what_both_texts_begin_and_end_with_stays(head: str, was: str, now: str, tail: str) -> None:
    before, after = head + was + tail, head + now + tail
    edits = compared(before, after).edits
    assert bool(edits) == (before != after)
    for edit in edits:
        start, end = edit.span.start, edit.span.end
        assert before[:start] + edit.text + before[end:] == after
        assert end - start <= len(was)
        assert len(edit.text) <= len(now)


def test_texts_that_count_as_one_are_counted_through() -> None:
    one, two = Rewritten("ab", [Edit(Span(0, 1), "xyz")]), Rewritten("cd", [Edit(Span(1, 2), "")])
    assert joined([one, two]) == Rewritten("abcd", [Edit(Span(0, 1), "xyz"), Edit(Span(3, 4), "")])
    assert joined([one, two]).moved(2, 4) == (4, 5)


@pytest.mark.parametrize(("at", "now"), [(0, 0), (2, 6), (3, 8), (5, 8), (6, 9)])
def test_a_single_place_stands_behind_the_words_that_it_is_about(at: int, now: int) -> None:
    text = Rewritten("abcdef", [Edit(Span(0, 0), "hey "), Edit(Span(2, 5), "XX")])
    assert text.place(at) == now
