"""What stands across the parts of one message: a name that begins in one part and ends in another (EVA-01).

A model reads neighbouring parts as one text, so the end of each and the beginning of what follows are inspected
together once more, and what crosses a seam is found in every part of it. So are the texts of one list in what a tool
or a document says: whoever cut them into pieces did not look where. Other values (a tool's arguments, a participant's
name) are neighbours only where a number could go on from one to the next. Knows segments and a chain; no provider.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from guardrail.engine.chain import Chain
from guardrail.rails.base import About
from guardrail.text import Finding, Kind, Role, Ruling, Segment, Span

_EACH = 160  # code points on either side of a seam
_FEW_DIGITS = 6
_END = re.compile(r"[\w.@/-]{0,40}\Z")
_BEGINNING = re.compile(r"[\w.@/-]{0,40}")
_ELEMENT = re.compile(r"/(\d+)(?![^/~])")
_TEXTS = frozenset({"text", "content", "chunk", "passage", "snippet", "page_content", "body", "paragraph"})
"""Members under which pieces of a document stand, in the words of those who cut documents to pieces."""

Pair = tuple[Segment, About]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What a window shows of one part: where that begins and ends in the window, and where it begins in the part."""

    part: int
    start: int
    end: int
    since: int


@dataclass(frozen=True, slots=True)
class _Window:
    """The text around one seam, or around several that are near each other."""

    text: str
    stretches: tuple[_Stretch, ...]


async def across_seams(
    chain: Chain, pairs: Sequence[Pair], rulings: Sequence[Sequence[Ruling]], tenant: str | None
) -> list[tuple[Ruling, ...]]:
    """`rulings` and those for what crosses from one segment into others. Raises RailError."""
    out = [tuple(found) for found in rulings]
    windows = [window for lane in _lanes([segment for segment, _ in pairs]) for window in _windows(pairs, lane)]
    asked = [_as_segment(pairs, window) for window in windows]
    looked = await chain.inspect(asked, tenant=tenant) if asked else []
    for window, found in zip(windows, looked, strict=True):
        for ruling in found:
            met = [each for each in window.stretches if ruling.finding.span.overlaps(Span(each.start, each.end))]
            for each in met if len(met) > 1 else ():
                out[each.part] += (_within(ruling, each),)
    return out


def _lanes(segments: Sequence[Segment]) -> Iterator[Sequence[int]]:
    """The numbers of parts that are read as one text."""
    prose: list[int] = []
    values: list[int] = []
    lists: dict[str, list[int]] = {}
    for at, segment in enumerate(segments):
        if segment.kind is Kind.PROSE and segment.text:
            if prose and not _goes_on(segments, prose[-1], at):
                yield prose
                prose = []
            prose.append(at)
        elif segment.kind is Kind.DATA and segment.text:
            if place := _place(segment):
                lists.setdefault(place, []).append(at)
            values = [*values[-1:], at]
            if _touch(segments, values) and _are_of_two_calls([segments[each] for each in values]):
                yield values
        if at and {segment.kind, segments[at - 1].kind} == {Kind.TOKEN, Kind.PROSE}:
            named = sorted((at - 1, at), key=lambda each: segments[each].kind is Kind.PROSE)
            if _touch(segments, named):
                yield named
    yield prose
    yield from lists.values()


def _place(segment: Segment) -> str:
    """The list in which a text of a tool or of a document stands, and where in each element; "": in none."""
    if segment.hint.lower() not in _TEXTS and (segment.hint or not segment.opens):
        return ""  # the numbers of a table are no neighbours
    numbers = list(_ELEMENT.finditer(segment.address))
    if len(numbers) < (2 if segment.role is Role.TOOL else 1):
        return ""  # the results of two calls are two texts
    return f"{segment.address[: numbers[-1].start(1)]}#{segment.address[numbers[-1].end(1) :]}"


def _are_of_two_calls(values: Sequence[Segment]) -> bool:
    """The numbers of one table are no neighbours; the arguments of one call and of the next, JSON in strings, are."""
    inside = [each.address.partition("~") for each in values]
    return all(mark for _, mark, _ in inside) and len({string for string, _, _ in inside}) == len(values)


def _goes_on(segments: Sequence[Segment], last: int, at: int) -> bool:
    """Whatever stands between the words of a user, they are read one after the other."""
    role = segments[at].role
    return role is segments[last].role and (last == at - 1 or role is Role.USER)


def _touch(segments: Sequence[Segment], parts: Sequence[int]) -> bool:
    """True if one number could stand in both."""
    if len(parts) < 2 or segments[parts[0]].role is not segments[parts[1]].role:
        return False
    ends, begins = _END.search(segments[parts[0]].text), _BEGINNING.match(segments[parts[1]].text)
    return (
        ends is not None
        and begins is not None
        and bool(ends[0] and begins[0])
        and sum(map(str.isdigit, ends[0] + begins[0])) >= _FEW_DIGITS
    )


def _windows(pairs: Sequence[Pair], lane: Sequence[int]) -> Iterator[_Window]:
    if len(lane) < 2:
        return
    text = "".join(pairs[part][0].text for part in lane)
    bounds = [0, *accumulate(len(pairs[part][0].text) for part in lane)]
    around: list[Span] = []
    for seam in bounds[1:-1]:
        start, end = max(0, seam - _EACH), min(len(text), seam + _EACH)
        if around and start <= around[-1].end:
            start = around.pop().start
        around.append(Span(start, end))
    for span in around:
        parts = range(bisect_right(bounds, span.start) - 1, bisect_left(bounds, span.end))
        stretches = [
            _Stretch(
                lane[at],
                max(bounds[at], span.start) - span.start,
                min(bounds[at + 1], span.end) - span.start,
                max(0, span.start - bounds[at]),
            )
            for at in parts
        ]
        yield _Window(text[span.start : span.end], tuple(stretches))


def _as_segment(pairs: Sequence[Pair], window: _Window) -> Pair:
    segment, about = pairs[window.stretches[-1].part]
    return replace(segment, text=window.text), about


def _within(ruling: Ruling, stretch: _Stretch) -> Ruling:
    found = ruling.finding
    start, end = max(found.span.start, stretch.start), min(found.span.end, stretch.end)
    shift = stretch.since - stretch.start
    return replace(ruling, finding=Finding(Span(start + shift, end + shift), found.rail, found.label, found.score))
