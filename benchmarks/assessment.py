"""What the words before and in an answer cost: assessment of a question, persona and notice of an answer.

    .venv/bin/python -m benchmarks.assessment [--print]

One process, pinned to one core, the rails called as the analyzer calls them. Every text has another number in it, so that
nothing is remembered. Written into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from guardrail.rails import catalog
from guardrail.rails.base import About, Rail, Window
from guardrail.text import Assessment, Direction, Risk, Role

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- written by `python -m benchmarks.assessment` from here on -->", "<!-- up to here: assessment -->"
LONG, STEP = 1_500, 240
"""Code points of a text, and of the stretches in which an answer is judged."""

QUESTIONS = (
    "can i take ibuprofen {n}00 mg with my blood pressure tablets",
    "been getting short of puff on the stairs for {n} weeks and my ankles are swollen",
    "how do i reset the router in room {n}",
    "my {n} month old has a fever of 39 and won't drink",
    "write a birthday card for my colleague who turns {n}0",
)
LETTER = (
    "I am writing because for {n} weeks I have had a dull pain below the ribs that comes after meals and lasts an hour. I take "
    "lisinopril and a statin, and last month my doctor added metformin. My sister thinks it is the gallbladder. The blood test "
    "was normal except for one value that was a little high. I sleep badly and I have stopped going to the gym. "
)
ANSWER = (
    "Pain after meals has many causes, and {n} weeks is long enough to have it looked at. Gallstones often hurt below the right "
    "ribs after fatty food. Metformin can upset the stomach in the first weeks, and taking it with food helps. A blood test and "
    "an ultrasound can tell these apart. Fever, yellow skin or vomiting would be a reason to be seen on the same day. "
)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="leave docs/benchmarks.md alone")
    options = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    found = table()
    print(found)
    if not options.print:
        before, begin, rest = DOCUMENT.read_text().partition(BEGIN)
        _, end, after = rest.partition(END)
        if not (begin and end):
            raise SystemExit(f"{DOCUMENT.name} has no markers to write between")
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n{found}\n\n{END}{after}")


def table() -> str:
    """Milliseconds of each part, median and 95th of a hundred."""
    question = [_built("crisis"), _built("medical")]
    answer = [_built("persona"), *(rail for rail in [catalog.build_local("notice", {})] if rail is not None)]
    told = About(Direction.RESPONSE, Role.ASSISTANT, assessment=Assessment(True, (), Risk.GENERAL))
    short = [text.replace("{n}", str(n)) for n in range(2, 22) for text in QUESTIONS]
    letters = [(LETTER.replace("{n}", str(n)) * 5)[:LONG] for n in range(2, 102)]
    answers = [(ANSWER.replace("{n}", str(n)) * 5)[:LONG] for n in range(2, 102)]
    rows = [
        ("assessment of a question as people type it", _times(question, About(), short, len)),
        (f"assessment of a letter of {LONG} characters", _times(question, About(), letters, len)),
        (f"persona and notice of an answer of {LONG} characters", _times(answer, told, answers, lambda text: STEP)),
    ]
    head = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `python -m benchmarks.assessment`, one core, load average {os.getloadavg()[0]:.1f}."
    lines = [f"| {what} | {_ms(times, 0.5)} | {_ms(times, 0.95)} |" for what, times in rows]
    return "\n".join([head, "", "| | p50, ms | p95, ms |", "| --- | ---: | ---: |", *lines])


def _built(name: str) -> Rail:
    return catalog.build_rail(name, {})


def _times(rails: Sequence[Rail], about: About, texts: Sequence[str], step: Callable[[str], int]) -> list[float]:
    for text in texts[:5]:
        _look(rails, about, text, step(text))
    out = []
    for text in texts:
        began = time.perf_counter()
        _look(rails, about, text, step(text))
        out.append(time.perf_counter() - began)
    return out


def _look(rails: Sequence[Rail], about: About, text: str, step: int) -> None:
    for at in range(0, len(text), step):
        window = Window(text[max(0, at - 160) : at + step], max(0, at - 160), at + step >= len(text))
        for rail in rails:
            list(rail.inspect(window, about))


def _ms(times: Sequence[float], share: float) -> str:
    return f"{1000 * statistics.quantiles(times, n=100)[round(share * 100) - 1]:.2f}"


if __name__ == "__main__":
    main()
