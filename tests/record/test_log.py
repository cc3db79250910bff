"""Log lines hold codes and nothing that anybody wrote."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from guardrail.record import log

CANARY = "ZQ123456789012"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """A configured log, put back afterwards."""
    root, ours = logging.getLogger(), logging.getLogger("guardrail")
    before = (list(root.handlers), root.level, ours.level)
    stream = io.StringIO()
    log.configure(logging.DEBUG, stream)
    yield stream
    root.handlers[:], level, our_level = before
    root.setLevel(level)
    ours.setLevel(our_level)


def written(lines: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_an_event_is_a_name_and_codes(lines: io.StringIO) -> None:
    """One JSON object with the fields that are known."""
    log.event("policy_reloaded", policy="baseline", version=3)
    (line,) = written(lines)
    assert (line["event"], line["policy"], line["version"]) == ("policy_reloaded", "baseline", 3)


@pytest.mark.case("SEC-07")
@pytest.mark.parametrize("value", ["Jane Doe", "a\nb", "\x1b[31m", "x" * 65, "", "josé"])
def test_text_is_dropped(lines: io.StringIO, value: str) -> None:
    """SEC-07: what is no code is not written, so it can neither leak nor forge a line."""
    log.event(value, reason=value)
    (line,) = written(lines)
    assert line["event"] == "unnamed"
    assert "reason" not in line


def test_fields_that_nobody_knows_are_dropped(lines: io.StringIO) -> None:
    """The vocabulary is closed."""
    log.event("started", patient="jane")
    assert "jane" not in lines.getvalue()


@pytest.mark.case("SEC-06", "SEC-08")
def test_libraries_say_where_and_what_kind_only(lines: io.StringIO) -> None:
    """SEC-06, SEC-08: neither message nor argument nor traceback of a library is written, whatever its level."""
    library = logging.getLogger("uvicorn.error")
    library.debug("debug %s", CANARY)
    try:
        raise ValueError(CANARY)
    except ValueError:
        library.exception("failed for %s", CANARY)
    logging.getLogger("some.other").warning(CANARY)
    assert CANARY not in lines.getvalue()
    first, second = written(lines)
    assert (first["logger"], first["error"]) == ("uvicorn.error", "ValueError")
    assert second["logger"] == "some.other"
