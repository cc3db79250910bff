"""Versions of the evidence store's tables, for Alembic. The newest one is `HEAD`; a test holds it."""

from __future__ import annotations

from typing import Final

HEAD: Final = "0001"
KNOWN: Final = frozenset({"0001"})
"""A database of another version is of a newer guardrail, and is not touched."""
