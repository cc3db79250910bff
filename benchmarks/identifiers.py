"""How many valid identifiers are found, plain and dressed, and what is taken for one that is none.

    .venv/bin/python -m benchmarks.identifiers

Values are made from a seed by tests/rails/ids.py. Each stands in a sentence or a field behind one of its cues, or by
itself where its form tells; "found" is when nothing readable of it is left. Written into docs/benchmarks.md.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

from guardrail.rails.base import About, Rail, Window
from guardrail.rails.phi import PhiSettings, build
from guardrail.text import Span
from tests.rails.ids import CLEAN, IDENTIFIERS, WAYS, Example, Identifier, example
from tests.rails.phi_patterns import MINE, sure_hits

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- written by `python -m benchmarks.identifiers` from here on -->", "<!-- up to here: identifiers -->"
VALUES = 40
THIS_YEAR = 2025


def is_covered(one: Example, spans: list[Span]) -> bool:
    """True if no letter and no digit of the value stands outside the findings."""
    left = {at for at in range(one.start, one.end) if one.text[at].isalnum()}
    for span in spans:
        left.difference_update(range(span.start, span.end))
    return not left


class Count:
    """Found and asked, by identifier and way."""

    def __init__(self) -> None:
        self.asked: Counter[tuple[str, str]] = Counter()
        self.found: Counter[tuple[str, str]] = Counter()

    def add(self, name: str, way: str, found: bool) -> None:
        """One value more, in its row and in the row of all."""
        for key in ((name, way), ("all", way)):
            self.asked[key] += 1
            self.found[key] += found

    def share(self, name: str, way: str) -> str:
        """In per cent, cut and not rounded: 100 means every one."""
        asked = self.asked[name, way]
        return f"{self.found[name, way] * 1000 // asked / 10:g}" if asked else "-"


def measured(rail: Rail) -> tuple[Count, Count]:
    """The whole rail, and the finders by shape and cue alone."""
    whole, alone = Count(), Count()
    for identifier in IDENTIFIERS:
        for way in WAYS:
            if way != "bare" or identifier.telling:
                _measure(identifier, way, rail, whole, alone)
    return whole, alone


def _measure(identifier: Identifier, way: str, rail: Rail, whole: Count, alone: Count) -> None:
    rng = random.Random(f"benchmark {identifier.name} {way}")
    for _ in range(VALUES):
        one = example(identifier, rng, way)
        spans = [finding.span for finding in rail.inspect(Window(one.text), About())]
        whole.add(identifier.name, way, is_covered(one, spans))
        sure = [span for _, span in sure_hits(one.text, public=False)]
        alone.add(identifier.name, way, is_covered(one, sure))


def report() -> str:
    """All tables."""
    rail = build(PhiSettings(this_year=THIS_YEAR))
    start = time.perf_counter()
    whole, alone = measured(rail)
    took = time.perf_counter() - start
    head = f"| identifier, {VALUES} values each | {' | '.join(WAYS)} |"
    rows = [
        f"| {identifier.name} | {' | '.join(whole.share(identifier.name, way) for way in WAYS)} |"
        for identifier in IDENTIFIERS
    ]
    rows.append(f"| **all** | {' | '.join(whole.share('all', way) for way in WAYS)} |")
    rows.append(f"| **all, shapes and cues alone** | {' | '.join(alone.share('all', way) for way in WAYS)} |")
    alarms = [
        f"{finding.label} `{_words(text, finding.span)}`"
        for text in CLEAN
        for finding in rail.inspect(Window(text), About())
    ]
    ours = sum(len(sure_hits(text, MINE)) for text in CLEAN)
    parts = (
        f"Share found in %, nothing readable left. {sum(whole.asked.values()) // 2} texts, {took:.0f} s. "
        '"bare": without any cue, for what a shape or a check digit tells. "spaced": a space between all characters; '
        'a row of fewer than five stays, and base64 of fewer than twelve characters ("age 94").',
        "\n".join([head, f"| --- |{' ---: |' * len(WAYS)}", *rows]),
        f"False alarms in {len(CLEAN)} lines ({sum(map(len, CLEAN))} characters) of values, doses, codes, scores, "
        f"years and help lines: {len(alarms)} of the whole rail, {ours} of the finders of identifiers alone."
        + "".join(f"\n- {alarm}" for alarm in alarms),
    )
    return "\n\n".join(parts)


def _words(text: str, span: Span) -> str:
    return text[span.start : span.end].replace("|", "/")


def main() -> None:
    """Measure, print, write."""
    tables = report()
    print(tables)
    before, begin, rest = DOCUMENT.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"{DOCUMENT.name} has no markers to write between")
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}")


if __name__ == "__main__":
    main()
