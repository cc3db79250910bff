"""Does the analyzer grow with the names that it reads? `python -m benchmarks.vocabulary [COUNT]` (NLP-08).

Reads so many texts, each with names that were never there before, by the PHI rail in this process, and prints how much
memory it holds after the first thousand and at the end. 1,000,000 take hours.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from guardrail.rails.base import About, Window
from guardrail.rails.catalog import build_rail

WARM = 1_000


def held_mib() -> float:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def main(count: int) -> None:
    """Prints a line each tenth of the way, and the slope."""
    dice, rail = random.Random(3), build_rail("phi", {})

    def name() -> str:
        return "".join(dice.choice("bcdfglmnprst") + dice.choice("aeiou") for _ in range(4)).capitalize()

    warm = 0.0
    for number in range(WARM + count):
        text = f"Patient {name()} {name()}, MRN {dice.randrange(10**8)}, saw Dr. {name()} at {name()} Hospital."
        list(rail.inspect(Window(text), About()))
        if number == WARM:
            warm = held_mib()
        if number > WARM and (number - WARM) % max(1, count // 10) == 0:
            print(f"{number - WARM:>9} texts: {held_mib() - warm:+.1f} MiB")
    print(f"{(held_mib() - warm) / count * 10_000:+.2f} MiB for each 10,000 texts")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
