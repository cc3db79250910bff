"""What the PHI rail costs: time by length and kind of text, memory, loading. Written into docs/benchmarks.md.

    .venv/bin/python -m benchmarks.phi [--print] [--messages N]

One process, pinned to one core, the rail called as the analyzer calls it. Every text is asked for with another number
in it. `--messages`: how many messages the memory is watched over (100,000 takes some minutes).
"""

from __future__ import annotations

import argparse
import os
import resource
import socket
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from guardrail.rails.base import About, Rail, Window
from guardrail.rails.phi import PhiSettings, build

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- written by `python -m benchmarks.phi` from here on -->", "<!-- up to here: phi -->"

SHORT = (
    "What is the max daily dose of acetaminophen for a {n} kg adult with mild hepatic impairment who also takes warfarin?",
    "pt {n}M with COPD exacerbation, on prednisone 40 mg x5d, when do I restart the tiotropium and should I add azithromycin",
    "my daughter has had a fever of 102.{n} since last night and a rash on her belly, she is 4, can i give motrin and tylenol",
    "Please summarize: CHF follow-up, weight down {n} lb, BNP 410, EF 35%, on sacubitril/valsartan 49/51 BID, K 4.9, Cr 1.3.",
    "Draft a letter for Tamsin Okafor (MRN 0073{n}45), seen 3/14/2024 by Dr. Lindqvist for migraine; start topiramate 25 mg.",
    "can tobias take ibuprofen {n}00 mg with his lisinopril, dr nakagawa said to call the clinic in fargo if it gets worse??",
)
PROSE = (
    "The patient is a {n}-year-old with long-standing hypertension and type 2 diabetes who presents with two weeks of exertional "
    "dyspnea and mild ankle swelling. There is no chest pain, no orthopnea and no fever. Medications include metformin 1000 mg "
    "twice daily, lisinopril 20 mg daily and atorvastatin 40 mg at night. On examination the blood pressure is 148/86, the heart "
    "rate is 92 and regular, and the oxygen saturation is 95% on room air. Crackles are heard at both bases. Laboratory results "
    "show a creatinine of 1.3 mg/dL, potassium of 4.6 mmol/L, hemoglobin of 11.8 g/dL and a BNP of 640 pg/mL. The ECG shows "
    "sinus rhythm with left ventricular hypertrophy. An echocardiogram is requested, furosemide 20 mg daily is started, and "
    "salt restriction is discussed. "
)
DENSE = (
    "Discharge of Tamsin Okafor-Reyes (MRN KD55{n}20, DOB 3/9/1958, SSN 219-09-99{n}), 418 Larkspur Ln Apt 3B, Fargo ND 58102, phone "
    "(701) 555-0143, husband Anselm. Admitted 02/14/2024 by Dr. Priya Nair at Lakeside Regional Medical Center, transferred "
    "from Pinecone Manor on Feb 20. Insurance Aetna ID W2210 558{n}, group 0091-B. Follow up with Nurse Grace Lindqvist on "
    "March 3rd; fax 701-555-0188, t.okafor@mail.example. Pacemaker s/n PVX 4488{n}H, accession S24-0188{n}. "
)

Timed = Callable[[str], None]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="leave docs/benchmarks.md alone")
    parser.add_argument("--messages", type=int, default=20_000)
    options = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    socket.socket.connect = _refused  # type: ignore[method-assign, assignment]
    before, began = _megabytes(), time.perf_counter()
    rail = build(PhiSettings())
    loaded, memory = time.perf_counter() - began, _megabytes()
    rails = {"balanced": rail, "fast": build(PhiSettings(detector="fast"))}
    table = "\n".join((
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `python -m benchmarks.phi --messages {options.messages}`, one core, load average {os.getloadavg()[0]:.1f}.",
        "",
        "| the rail alone | target | balanced | fast |",
        "| --- | ---: | ---: | ---: |",
        *(_row(*line, rails) for line in _lines()),
        "",
        "| memory and loading | target | measured |",
        "| --- | ---: | ---: |",
        f"| loading, imports included | ≤ 2 s | {loaded:.2f} s |",
        f"| memory of the process with it ({before:.0f} MB before) | ≤ 250 MB | {memory:.0f} MB |",
        f"| growth over {options.messages:,} messages after the first 2,000 | flat | {_growth(rails['balanced'], options.messages):.1f} MB |",
        "| sockets opened | 0 | 0 (connecting raises) |",
    ))  # fmt: skip
    print(table)
    if not options.print:
        text = DOCUMENT.read_text(encoding="utf-8")
        head, _, rest = text.partition(BEGIN)
        DOCUMENT.write_text(f"{head}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _refused(*_: object) -> None:
    raise OSError("a benchmark of an offline rail opened a socket")


def _lines() -> Sequence[tuple[str, str, Sequence[str], int, float]]:
    """What, target, texts, times, quantile."""
    short = [text.format(n=n % 90 + 10) for n in range(300) for text in SHORT]
    prose = [(PROSE * 3).format(n=n % 60 + 20)[:1500] for n in range(300)]
    dense = [(DENSE * 4).format(n=n % 90 + 10)[:1500] for n in range(300)]
    return (
        ("150 characters, p50", "≤ 1 ms", short, 1200, 0.5),
        ("150 characters, p95", "≤ 5 ms", short, 1200, 0.95),
        ("1,500 characters of prose, p50", "≤ 6 (fast 4) ms", prose, 250, 0.5),
        ("1,500 characters full of PHI, p50", "≤ 25 (fast 4) ms", dense, 250, 0.5),
        ("15,000 characters of prose", "linear", [(PROSE * 20).format(n=n)[:15_000] for n in range(5)], 5, 0.5),
        ("150,000 characters of prose", "linear", [(PROSE * 200).format(n=n)[:150_000] for n in range(3)], 3, 0.5),
    )


def _row(what: str, target: str, texts: Sequence[str], times: int, quantile: float, rails: dict[str, Rail]) -> str:
    cells = (f"{_timed(rail, texts, times, quantile):.2f} ms" for rail in rails.values())
    return f"| {what} | {target} | {' | '.join(cells)} |"


def _timed(rail: Rail, texts: Sequence[str], times: int, quantile: float) -> float:
    took = []
    for number in range(times):
        text = texts[number % len(texts)]
        began = time.perf_counter()
        rail.inspect(Window(text), About())
        took.append((time.perf_counter() - began) * 1000)
    return statistics.quantiles(took, n=100)[round(quantile * 100) - 1] if len(took) > 10 else statistics.median(took)


def _growth(rail: Rail, messages: int) -> float:
    start = 0.0
    for number in range(messages):
        if number == 2_000:
            start = _megabytes()
        text = SHORT[number % len(SHORT)].format(n=number)
        rail.inspect(Window(f"{text} {number:x}{number * 7919:x}"), About())
    return _megabytes() - start


def _megabytes() -> float:
    """Resident now, not at its peak."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
