"""The runtime of the trained models keeps to itself: nobody is told that it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

SEE = """
import os
from guardrail.rails.catalog import prepare
prepare()
print(len(os.listdir("/proc/self/task")), *(name for name in os.listdir(os.environ["HOME"])))
"""


def test_it_reports_to_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No thread that would send something (and none that a process to be forked must not have), nothing on disk."""
    home = tmp_path_factory.mktemp("home")
    environment = {"HOME": str(home), "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ":".join(filter(None, sys.path))}
    seen = subprocess.run([sys.executable, "-c", SEE], env=environment, capture_output=True, text=True, check=True)
    assert seen.stdout.split() == ["1"]
