"""Presidio and spaCy without what nothing here uses of them: 20 MB in each analyzer and a third of a second of a start.

spaCy imports its command line for one function. Presidio compiles every pattern of all its recognizers while it is
imported, only to see that it can be; each is compiled again when a text is searched for it, and fails then if it must.
To be imported before anything else that imports one of them. Who needs the rest later still gets it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import regex


def _info(*arguments: Any, **options: Any) -> object:
    from spacy.cli.info import info

    return info(*arguments, **options)


@contextmanager
def _no_command_line() -> Iterator[None]:
    absent = {name: ModuleType(name) for name in ("spacy.cli", "spacy.cli.info")}
    absent["spacy.cli.info"].__dict__["info"] = _info
    sys.modules |= absent
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


@contextmanager
def _no_trial() -> Iterator[None]:
    """Whoever else compiles a pattern meanwhile gets it."""
    real = regex.compile

    def compile_unless_trial(*arguments: Any, **options: Any) -> Any:
        if sys._getframe(1).f_globals.get("__name__") == "presidio_analyzer.pattern":
            return None
        return real(*arguments, **options)

    regex.compile = compile_unless_trial
    try:
        yield
    finally:
        regex.compile = real


if "spacy" not in sys.modules:
    with _no_command_line():
        import spacy  # noqa: F401
if "presidio_analyzer" not in sys.modules:
    with _no_trial():
        import presidio_analyzer.predefined_recognizers  # noqa: F401
