"""Where a test's proxies keep their data: in memory, if the machine has a place for that.

They wait for the disk at every record, and a disk that others use stands still for seconds at times: then a proxy
does what it promises (nothing leaves unrecorded, nobody is asked while the suspensions can't be read), and a test of
something else fails. What a disk that fails or hangs does to a proxy has tests of its own (tests/faults).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

_PLACE: Final = Path("/dev/shm")
_ENOUGH: Final = 2**30


def folder() -> tempfile.TemporaryDirectory[str]:
    """A new one, gone when it is closed."""
    usable = _PLACE.is_dir() and os.access(_PLACE, os.W_OK | os.X_OK) and shutil.disk_usage(_PLACE).free >= _ENOUGH
    return tempfile.TemporaryDirectory(prefix="guardrail-", dir=_PLACE if usable else None)
