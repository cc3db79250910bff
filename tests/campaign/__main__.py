"""`make siege`: the leak campaign. Exit status 1 if a canary was found where it must not be, or anything else was odd.

    python -m tests.campaign [--requests 300000] [--seed 0] [--first 0]
    python -m tests.campaign --show 4711        what request 4711 is

A process for every core takes its share. One request in twenty goes through a proxy over loopback, to an upstream that
listens to every byte; the others through the same code in one process (`bulk.py`), which costs a quarter.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from dataclasses import replace

from tests.campaign.cases import case
from tests.campaign.run import Findings
from tests.campaign.share import share


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign")
    parser.add_argument("--requests", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--show", type=int)
    options = parser.parse_args()
    if options.show is not None:
        sys.stdout.buffer.write(case(options.show, options.seed).raw + b"\n")
        return 0
    numbers = range(options.first, options.first + options.requests)
    shares = [(numbers[at :: os.cpu_count() or 1], options.seed) for at in range(os.cpu_count() or 1)]
    with multiprocessing.get_context("spawn").Pool(len(shares)) as pool:
        parts = pool.starmap(share, shares)
    found = replace(sum(parts, Findings()), seconds=max(part.seconds for part in parts))  # side by side
    sys.stdout.write("\n".join(found.lines()) + "\n")
    return int(bool(found.leaks or found.odd))


if __name__ == "__main__":
    sys.exit(main())
