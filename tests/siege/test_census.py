"""No case is forgotten: each of the 191 has a test, a setting of a server in front, or a place on a shrinking list."""

from __future__ import annotations

from collections import Counter

from tests.siege.census import cases, exempt, where


def test_there_are_191_cases() -> None:
    """As in the catalogue: 121 of P0, 60 of P1, 10 of P2."""
    assert Counter(case.priority for case in cases().values()) == {"P0": 121, "P1": 60, "P2": 10}


def test_every_case_is_somewhere() -> None:
    known, tested, left = cases(), where(), exempt()
    front = {case.id for case in known.values() if case.front}
    assert sorted(known.keys() - tested.keys() - front - set(left)) == [], "neither tested nor met by a front"
    assert sorted(tested.keys() - known.keys()) == [], "tests of cases that there are not"


def test_the_list_of_the_untested_only_shrinks() -> None:
    """Whoever tests a case takes it off."""
    left, tested, known = exempt(), where(), cases()
    assert len(left) == len(set(left))
    assert [case for case in left if case in tested or case not in known] == []
