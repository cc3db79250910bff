"""All specimens there are: a module in tests/specimens for each dialect, found by itself."""

from __future__ import annotations

import importlib
import pkgutil

import tests.specimens
from guardrail.dialects.catalog import ROUTES
from tests.specimens.base import Specimen

MODULES = [module.name for module in pkgutil.iter_modules(tests.specimens.__path__) if module.name != "base"]


def specimens() -> list[Specimen]:
    """In the order of their names."""
    modules = [importlib.import_module(f"tests.specimens.{name}") for name in MODULES]
    found = {value.name: value for module in modules for value in vars(module).values() if isinstance(value, Specimen)}
    return [found[name] for name in sorted(found)]


ALL = specimens()
SPEAKING = [each for each in ALL if each.stream is not None]
WITH_TOOLS = [each for each in ALL if each.tool_answer is not None]
ASKED = {route.dialect.name for route in ROUTES if route.method == "POST"}
WITHOUT = sorted(ASKED - {each.name for each in ALL})
"""Dialects that are served and that nobody has a specimen of. Listings have no body, and tests of their own."""
