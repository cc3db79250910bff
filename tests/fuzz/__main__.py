"""`make fuzz`: each target for some minutes, guided by coverage (atheris). Exit status 1 if one of them was broken.

    python -m tests.fuzz [--seconds 600] [--only document]

The corpus is kept in .cache/fuzz/corpus; an input that broke something lies beside it, and `--only TARGET --input FILE`
throws it once more.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import time
from pathlib import Path

from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS

CACHE = Path(__file__).parents[2] / ".cache" / "fuzz"
_MOST_BYTES = {"document": 512, "frames": 512, "marks": 256, "policy": 4_096}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=int, default=600, help="for each target")
    parser.add_argument("--only", choices=sorted(TARGETS))
    parser.add_argument("--input", type=Path, help="throw the bytes of this file at the target, and nothing else")
    options = parser.parse_args()
    chosen = [options.only] if options.only else list(TARGETS)
    if options.input:
        TARGETS[chosen[0]](options.input.read_bytes())
        return 0
    return max(_search(name, options.seconds) for name in chosen)


def _search(name: str, seconds: int) -> int:
    corpus = CACHE / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in seeds()[name]:
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    flags = [
        f"-max_total_time={seconds}", f"-max_len={_MOST_BYTES[name]}", "-timeout=20", "-rss_limit_mb=2048",
        f"-artifact_prefix={CACHE}/{name}-", "-print_final_stats=1", "-verbosity=1", "-reload=0",
    ]  # fmt: skip
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.fuzz.search", name, *flags, str(corpus)]
    ended = subprocess.run(command, check=False).returncode
    found = "BROKEN" if ended else "nothing found"
    sys.stdout.write(f"== {name}: {found} in {time.monotonic() - began:.0f} s ==\n")
    return int(ended != 0)


if __name__ == "__main__":
    sys.exit(main())
