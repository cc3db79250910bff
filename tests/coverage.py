"""`make coverage`: every file in coverage.toml has all of its branches covered by its own tests alone.

    python -m tests.coverage [FILE ...]

Exit status 1 if one is not and is not `exempt`, or if an exempt one is covered by now: then it has to be taken out.
Counts what runs in the test's own process; what a test starts as a process is not counted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "tests" / "coverage.toml"


def main(chosen: Sequence[str]) -> int:
    """Exit status."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    wrong = 0
    for file, tests in table["own"].items():
        if chosen and file not in chosen:
            continue
        found = measured(file, tests)
        exempt = file in table["exempt"]
        wrong += (found["percent_covered"] < 100) is not exempt
        missing = ", ".join(map(str, found["missing"]))
        sys.stdout.write(f"{found['percent_covered']:6.2f} % {file}{' (exempt)' if exempt else ''} {missing}\n")
    return int(wrong > 0)


def measured(file: str, tests: Sequence[str]) -> dict[str, Any]:
    """Per cent of lines and branches, and the lines that are missing."""
    with tempfile.TemporaryDirectory() as folder:
        data, report = f"--data-file={folder}/data", f"{folder}/report.json"
        tool = [sys.executable, "-m", "coverage"]
        suite = ["-m", "pytest", "-n", "0", "-q", "-p", "no:randomly", *tests]
        ran = subprocess.run([*tool, "run", "--branch", data, f"--include={file}", *suite], cwd=ROOT, check=False)
        if ran.returncode:
            sys.exit(f"the tests of {file} fail")
        subprocess.run([*tool, "json", data, "-q", "-o", report], cwd=ROOT, check=True)
        (told,) = json.loads(Path(report).read_text(encoding="utf-8"))["files"].values()
    return {"percent_covered": told["summary"]["percent_covered"], "missing": told["missing_lines"]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
