"""Pages out of the templates of a folder: escaped, and an error where a template asks for what is not there.

Templates are files of this package and nothing else; what people or models wrote is a value in them (SEC-11).
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["Environment", "environment"]


def environment(folder: Path) -> Environment:
    """The templates of this folder; they are read once."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
