"""Places in a text that a citation names by number: written anew when the text's words change.

A number that stayed as it came would point at other words. Where a place lies within words that were replaced, it
moves outward, to the beginning or the end of what stands there now. Knows no provider and no JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guardrail.text import Edit, Span


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text as it came, and what was changed in it, in its order. Without bytes to count the text may be ""."""

    text: str = ""
    edits: Sequence[Edit] = ()

    def moved(self, start: int, end: int, *, in_bytes: bool = False) -> tuple[int, int]:
        """Where a half-open range of the text as it came is now: code points, or bytes of UTF-8."""
        if in_bytes:
            places = self._moved(_points(self.text, start), _points(self.text, end))
            now = self._now()
            return len(now[: places[0]].encode(*_ANY)), len(now[: places[1]].encode(*_ANY))
        return self._moved(start, end)

    def place(self, at: int) -> int:
        """Where a single place is now, that stands behind the words it is about."""
        return _place(self.edits, at, is_end=True)

    def undone(self) -> Rewritten:
        """The way back: from the text as it is now to the one that came. Counts no bytes."""
        edits, shift = [], 0
        for edit in self.edits:
            begin, gone = edit.span.start + shift, edit.span.end - edit.span.start
            edits.append(Edit(Span(begin, begin + len(edit.text)), " " * gone))
            shift += len(edit.text) - gone
        return Rewritten(edits=edits)

    def _moved(self, start: int, end: int) -> tuple[int, int]:
        first = _place(self.edits, start, is_end=False)
        return first, max(first, _place(self.edits, end, is_end=True))

    def _now(self) -> str:
        pieces, done = [], 0
        for edit in self.edits:
            pieces += [self.text[done : edit.span.start], edit.text]
            done = edit.span.end
        return "".join([*pieces, self.text[done:]])


def joined(texts: Iterable[Rewritten]) -> Rewritten:
    """Texts that a citation counts through as one. Of all but the last the words have to be known."""
    words, edits = "", []
    for each in texts:
        edits += [Edit(edit.span.shifted(len(words)), edit.text) for edit in each.edits]
        words += each.text
    return Rewritten(words, edits)


def compared(before: str, after: str) -> Rewritten:
    """What is known of a change without its edits: the words between what both begin and end with."""
    if before == after:
        return Rewritten(before)
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    end = next((at for at in range(most - start) if before[-1 - at] != after[-1 - at]), most - start)
    return Rewritten(before, (Edit(Span(start, len(before) - end), after[start : len(after) - end]),))


_ANY = ("utf-8", "surrogatepass")


def _points(text: str, size: int) -> int:
    """Code points of the first `size` bytes."""
    return len(text.encode(*_ANY)[: max(0, size)].decode("utf-8", "ignore"))


def _place(edits: Sequence[Edit], at: int, *, is_end: bool) -> int:
    """What is inserted at the very place stands before a beginning, and behind an end."""
    shift = 0
    for edit in edits:
        start, end = edit.span.start, edit.span.end
        if end <= at and not (is_end and start == at):
            shift += len(edit.text) - (end - start)
        elif start < at:
            return start + shift + (len(edit.text) if is_end else 0)
        else:
            break
    return at + shift
