# ruff: noqa: RUF001 - letters that look alike are the point
"""A gate never hides a match: whatever a pattern of the rails finds, its gate lets through."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import guardrail.rails
from guardrail.rails.gate import Gated, gated


def _gates() -> Iterator[tuple[str, Gated]]:
    for module in pkgutil.iter_modules(guardrail.rails.__path__):
        content = vars(importlib.import_module(f"guardrail.rails.{module.name}"))
        yield from ((f"{module.name}.{name}", each) for name, each in content.items() if isinstance(each, Gated))


GATES = sorted(dict(_gates()).items())


@pytest.mark.parametrize("gate", [gate for _, gate in GATES], ids=[name for name, _ in GATES])
def test_every_gate_of_the_rails_lets_its_own_matches_through(gate: Gated) -> None:
    """Texts that are made from the pattern itself, in any case that it allows."""
    assert gate.ways, "a gate that nothing can be told of is no gate: compile the pattern as usual"

    @given(text=st.from_regex(gate.pattern), before=st.sampled_from(["", "é ", "x", "\n", "İ", "ſ"]))
    @settings(max_examples=15, deadline=None, database=None)
    def law(text: str, before: str) -> None:
        for each in (before + text, (before + text).upper(), (before + text).swapcase()):
            assert gate.may(each) or not gate.pattern.search(each)

    law()


pieces = st.sampled_from(
    ["ab", "cd", "x", "[ef]g", "(?:ab|cd)", "(?:ab|c)", "e?", "(?:gh)+", "(?:gh)*", r"\d", r"\b", "(?=ab)", "(?<=ab)",
     "(?!x)", ".", "(?i:Kg)", "(?i:βς)", "(?i:Äb)", "(?>ab)", "[^a]", "s{2}", "(?:i|ß)"]
)  # fmt: skip


@given(
    row=st.lists(pieces, min_size=1, max_size=5),
    text=st.text(st.sampled_from("abcdefghxKkGgsSi 1ßıſKİβϐςσΒÄä"), max_size=12),
    flags=st.sampled_from([0, re.IGNORECASE]),
)
@settings(max_examples=600, deadline=None)
def test_any_pattern_finds_the_same_behind_its_gate(row: list[str], text: str, flags: int) -> None:
    """With and without a gate."""
    gate = gated("".join(row), flags)
    assert [match.span() for match in gate.finditer(text)] == [match.span() for match in gate.pattern.finditer(text)]
    assert (gate.search(text, 1) is None) == (gate.pattern.search(text, 1) is None)
    assert gate.findall(text) == gate.pattern.findall(text)
    assert gate.sub("-", text) == gate.pattern.sub("-", text)


def test_what_a_pattern_needs_is_read_off_it() -> None:
    """The most telling pieces; nothing where a match may do without all of them."""
    assert gated(r"\btranslat\w+|\btradu[cz]\w*").ways == ((("translat",),), (("traduc", "traduz"),))
    assert gated(r"(?i)base ?-?64|\bB64\b").ways == ((("base",), ("64",)), (("b64",),))
    assert gated(r"\beach (?:2nd|3rd)\W+(?:letter|word)\b").ways[0] == (("each 2nd",), ("letter",))
    assert gated(r"[a-z]+\d").ways == ()
    assert gated(r"(?:ab)?cd|\d").ways == ()
