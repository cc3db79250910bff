"""What stands across two parts of one message: a name that begins in one part and ends in the next (EVA-01).

A model reads neighbouring parts as one text, so the end of one and the beginning of the next are inspected together
once more, and what crosses the seam is found in both. Knows segments and a chain; no provider and no label.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from guardrail.engine.chain import Chain
from guardrail.rails.base import About
from guardrail.text import Finding, Kind, Ruling, Segment, Span

_EACH = 160  # code points on either side

Pair = tuple[Segment, About]


async def across_seams(
    chain: Chain, pairs: Sequence[Pair], rulings: Sequence[Sequence[Ruling]], tenant: str | None
) -> list[tuple[Ruling, ...]]:
    """`rulings` and those for what crosses from one segment into the next. Raises RailError."""
    out = [tuple(found) for found in rulings]
    seams = list(_seams(pairs))
    looked = await chain.inspect([(text, pairs[at][1]) for at, text, _ in seams], tenant=tenant) if seams else []
    for (at, _, cut), found in zip(seams, looked, strict=True):
        for ruling in found:
            span = ruling.finding.span
            if span.start < cut < span.end:
                shift = len(pairs[at][0].text) - cut
                out[at] += (_moved(ruling, span.start + shift, cut + shift),)
                out[at + 1] += (_moved(ruling, 0, span.end - cut),)
    return out


def _seams(pairs: Sequence[Pair]) -> Iterator[tuple[int, Segment, int]]:
    """The number of the first segment, the text around the seam, and where in it the second begins."""
    for at, ((one, _), (other, _)) in enumerate(pairwise(pairs)):
        if one.role is other.role and one.kind is other.kind is Kind.PROSE and one.text and other.text:
            before = one.text[-_EACH:]
            yield at, replace(one, text=before + other.text[:_EACH]), len(before)


def _moved(ruling: Ruling, start: int, end: int) -> Ruling:
    found = ruling.finding
    return replace(ruling, finding=Finding(Span(start, end), found.rail, found.label, found.score))
