"""One target under atheris: `python -m tests.fuzz.search TARGET [libFuzzer's flags] CORPUS`. Needs atheris."""

from __future__ import annotations

import importlib
import sys
from typing import Any


def main() -> None:
    atheris: Any = importlib.import_module("atheris")  # not among our dependencies: see tests/fuzz/requirements.lock
    with atheris.instrument_imports(include=["guardrail.wire", "guardrail.engine", "guardrail.policy"]):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
