"""Log lines: one JSON object per event on stderr, with words from a closed list and nothing else.

A message, an argument, an exception's text or a traceback can quote a patient (SEC-06), so none of them is written:
of our own events the name and the fields below, of a library's record its logger, level and place.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from pathlib import Path
from typing import TextIO

FIELDS = (
    "reason",
    "path",
    "what",
    "stage",
    "status",
    "error",
    "policy",
    "version",
    "host",
    "port",
    "seconds",
    "count",
    "signal",
    "receipt",
)
_SAFE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_PINNED = ("asyncio", "uvicorn", "uvicorn.error", "uvicorn.access", "presidio-analyzer", "httpx2", "httpcore2")

_logger = logging.getLogger("guardrail")


def event(name: str, *, level: int = logging.INFO, **fields: str | int | float) -> None:
    """Logs one event. `name` and the fields' values are codes, never text; a value that is no code is dropped."""
    _logger.log(level, name, extra={"guardrail": fields})


def unexpected(error: BaseException, name: str = "unexpected_error") -> None:
    """Logs an exception that nobody foresaw: its kind and where it was raised, and none of its words."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
    event(name, level=logging.ERROR, error=type(error).__name__, reason=place)


def configure(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Makes the root logger write our lines and quietens the libraries, whatever level the operator asks for."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _logger.setLevel(level)
    for name in _PINNED:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """Writes what is safe by construction and drops the rest."""

    def format(self, record: logging.LogRecord) -> str:
        """One line without line breaks."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {"time": f"{moment}.{int(record.msecs):03d}Z", "level": record.levelname.lower()}
        line |= self._ours(record) if record.name == _logger.name else self._foreign(record)
        return json.dumps(line)

    def _ours(self, record: logging.LogRecord) -> dict[str, object]:
        fields: dict[str, object] = getattr(record, "guardrail", {})
        known = {key: fields[key] for key in FIELDS if key in fields and _is_code(fields[key])}
        return {"event": record.msg if _is_code(record.msg) else "unnamed", **known}

    def _foreign(self, record: logging.LogRecord) -> dict[str, object]:
        failure = record.exc_info[0] if record.exc_info else None
        line: dict[str, object] = {"event": "library", "logger": record.name, "at": f"{record.module}:{record.lineno}"}
        return {**line, "error": failure.__name__} if failure else line


def _is_code(value: object) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and _SAFE.fullmatch(value) is not None)
