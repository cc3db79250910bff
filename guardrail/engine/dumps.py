"""No copy of this process's memory on a disk: it holds what patients wrote (TOK-13).

Swap is the machine's business: encrypt it, or have none.
"""

from __future__ import annotations

import ctypes
import resource
import sys
from typing import Final

_PR_SET_DUMPABLE: Final = 4  # prctl(2)


def forbid_dumps() -> None:
    """No core file of this process and of its children; on Linux nobody else of the same user may read its memory.

    The second holds for this process only: a program that is started is asked again.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
