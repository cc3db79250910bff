"""What the shipped assessment says of lines that nobody trained on: medical F1, crises found and falsely cried.

`python -m training.assess.figures` writes a table for docs/assessment-model.md to the terminal, of the lines kept back;
with `--fresh` of the fresh set.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter

from guardrail.rails.assess_model import assessor
from guardrail.rails.base import About, Window
from guardrail.rails.crisis import CrisisSettings, build
from training.assess.data import FRESH, PACKS, filled, packs

CRISES = frozenset({"emergency", "self_harm"})


def main() -> None:
    """One row a language; answers of assistants are left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fresh", action="store_true")
    fresh = parser.parse_args().fresh
    model, crisis, rng = assessor(), build(CrisisSettings()), random.Random(1)
    counts: dict[str, Counter[str]] = {}
    for line in packs(FRESH if fresh else PACKS):
        if not (fresh or line.held_out) or line.pack == "en_answers":
            continue
        text = filled(line.text, rng)
        medical, cried = model.judge(text).medical >= 0.5, bool(list(crisis.inspect(Window(text), About())))
        kind = "crisis" if line.risk in CRISES else "high" if line.risk == "high" else "calm"
        for name in (
            "all",
            "plain" if line.pack.startswith("plain") else line.pack.rstrip("0123456789").partition("_")[0],
        ):
            count = counts.setdefault(name, Counter())
            count["n"] += 1
            count[f"{'medical' if line.risk != 'none' else 'other'} {medical}"] += 1
            count[f"{kind} {cried}"] += 1
    print(
        "| lines | n | medical: F1 | crises found | crisis text on calm lines | on lines of high risk |\n|---|---:|---:|---:|---:|---:|"
    )
    for name, count in sorted(counts.items()):
        hit, false, lost = count["medical True"], count["other True"], count["medical False"]
        shares = (
            f"{count[f'{kind} True']} of {count[f'{kind} True'] + count[f'{kind} False']}"
            for kind in ("crisis", "calm", "high")
        )
        print(
            f"| {name} | {count['n']} | {2 * hit / max(1, 2 * hit + false + lost):.3f} | {' | '.join(shares)} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
