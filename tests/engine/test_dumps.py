"""Nothing of a process's memory comes onto a disk, and nobody attaches to it."""

from __future__ import annotations

import subprocess
import sys

import pytest

_ASK = """
import ctypes, resource
from guardrail.engine.dumps import forbid_dumps
forbid_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.case("TOK-13")
def test_no_core_file_and_no_reader() -> None:
    """In a process of its own: what is given up can't be taken back. 3 is PR_GET_DUMPABLE."""
    told = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, check=True).stdout
    assert told == "(0, 0) 0\n"
