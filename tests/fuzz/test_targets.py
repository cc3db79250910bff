"""The fuzzer's targets in short: all seeds, and what comes of cutting, joining and spoiling them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS

EXAMPLES = {"document": 300, "frames": 300, "marks": 20, "policy": 15}


def spoilt(known: list[bytes]) -> st.SearchStrategy[bytes]:
    """Two pieces of what is known, and a few bytes of chance between them."""
    piece = st.builds(lambda whole, at, size: whole[at : at + size], st.sampled_from(known), *[st.integers(0, 300)] * 2)
    return st.builds(lambda one, chance, other: one + chance + other, piece, st.binary(max_size=6), piece)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_no_seed_breaks_a_target(name: str) -> None:
    for seed in seeds()[name]:
        TARGETS[name](seed)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_what_is_made_of_seeds_breaks_no_target(name: str) -> None:
    @settings(max_examples=EXAMPLES[name], deadline=None, database=None)
    @given(spoilt(list(seeds()[name])))
    def thrown(data: bytes) -> None:
        TARGETS[name](data)

    thrown()
