"""`make coverage`: every file in coverage.toml has all of its branches covered by its own tests alone.

    python -m tests.coverage [FILE ...]
    python -m tests.coverage --whole [PYTEST ARGUMENT ...]

Exit status 1 if one is not.
Counts what runs in the test's own process; what a test starts as a process is not counted.

`--whole`: all lines and branches of the package by the whole suite, with the servers and workers that it starts (the
analyzers begin with an empty environment and are not counted; nor is a process that is killed). Exit status 1 if it is
less than `whole`. Takes about twice as long as `make test`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "tests" / "coverage.toml"


_SETTINGS = """[run]
branch = True
parallel = True
concurrency = thread, greenlet
sigterm = True
patch = _exit
source = {root}/guardrail
data_file = {folder}/data
"""
_AT_START = "import coverage\ncoverage.process_startup()\n"
"""What every Python of ours does first when it finds it as `sitecustomize`."""
_THIN = 90


def main(chosen: Sequence[str]) -> int:
    """Exit status."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    if chosen[:1] == ["--whole"]:
        return whole(table["whole"], chosen[1:])
    wrong = 0
    for file, tests in table["own"].items():
        if chosen and file not in chosen:
            continue
        found = measured(file, tests)
        wrong += found["percent_covered"] < 100
        missing = ", ".join(found["missing"])
        sys.stdout.write(f"{found['percent_covered']:6.2f} % {file} {missing}\n")
    return int(wrong > 0)


def whole(least: float, arguments: Sequence[str]) -> int:
    """Exit status."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = folder / "settings"
        settings.write_text(_SETTINGS.format(root=ROOT, folder=folder), encoding="utf-8")
        (folder / "sitecustomize.py").write_text(_AT_START, encoding="utf-8")
        given = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
        path = os.pathsep.join([name, *map(os.path.abspath, given)])  # servers are started elsewhere
        counted = {**os.environ, "PYTHONPATH": path, "COVERAGE_PROCESS_START": str(settings)}
        # A time limit that ends a test while it is traced may end in a loop of the tracer's: none here.
        suite = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "--timeout=0", "-q", *arguments]
        failed = subprocess.run(suite, cwd=ROOT, env=counted, check=False).returncode
        told = _combined([sys.executable, "-m", "coverage"], settings, folder)
    for file, each in sorted(told["files"].items(), key=lambda item: item[1]["summary"]["percent_covered"]):
        if each["summary"]["percent_covered"] < _THIN:
            sys.stdout.write(f"{each['summary']['percent_covered']:6.2f} % {file}\n")
    percent = told["totals"]["percent_covered"]
    sys.stdout.write(f"{percent:6.2f} % of all lines and branches; at least {least} are wanted\n")
    return int(bool(failed) or percent < least)


def _combined(tool: Sequence[str], settings: Path, folder: Path) -> dict[str, Any]:
    options, report = [f"--rcfile={settings}", "-q"], folder / "report.json"
    subprocess.run([*tool, "combine", *options], cwd=ROOT, check=True)
    subprocess.run([*tool, "json", *options, "-o", str(report)], cwd=ROOT, check=True)
    told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return told


def measured(file: str, tests: Sequence[str]) -> dict[str, Any]:
    """Per cent of lines and branches, and what is missing: lines, and branches of lines that are not (`begin->end`)."""
    with tempfile.TemporaryDirectory() as folder:
        data, report = f"--data-file={folder}/data", f"{folder}/report.json"
        tool = [sys.executable, "-m", "coverage"]
        suite = ["-m", "pytest", "-n", "0", "-q", "-p", "no:randomly", *tests]
        counted = ["run", "--branch", "--concurrency=thread,greenlet", data, f"--include={file}"]
        ran = subprocess.run([*tool, *counted, *suite], cwd=ROOT, check=False)
        if ran.returncode:
            sys.exit(f"the tests of {file} fail")
        subprocess.run([*tool, "json", data, "-q", "-o", report], cwd=ROOT, check=True)
        (told,) = json.loads(Path(report).read_text(encoding="utf-8"))["files"].values()
    lines = [str(line) for line in told["missing_lines"]]
    branches = [f"{begin}->{end}" for begin, end in told["missing_branches"] if str(begin) not in lines]
    return {"percent_covered": told["summary"]["percent_covered"], "missing": [*lines, *branches]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
