"""The house works: what it lets through is let through in every dialect, and what it is to notice it notices."""

from __future__ import annotations

import pytest

from tests.matrix.conftest import Told, streamed
from tests.siege.house import CHAT, SPECIMENS, House
from tests.support.fake_upstream import answer


@pytest.mark.parametrize("name", SPECIMENS)
def test_all_oracles_hold_for_a_benign_conversation(house: House, name: str) -> None:
    """A patient's name is a realistic value, a canary one that is always found."""
    specimen = SPECIMENS[name]
    with house.siege() as s:
        s.reply(answer(specimen.answer("On the second floor.")))
        told = s.ask(specimen, f"I am {s.realistic('Maria Delgado')}, MRN {s.canary}. Where is radiology?")
        assert (told.status, len(s.sent)) == (200, 1)
        if specimen.stream:
            s.reply(streamed(specimen, specimen.stream(["On the ", "second floor."])))
            told = s.ask(specimen, f"I am {s.another()}. Where is radiology?", stream=True)
            assert (told.status, told.whole, len(s.sent)) == (200, True, 2)


def test_a_leak_is_noticed(house: House) -> None:
    """A word that no check looks for, called a canary."""

    def leak() -> None:
        with house.siege() as s:
            s.canaries.append("radiology")
            s.reply(answer(SPECIMENS["openai.chat"].answer("On the second floor.")))
            s.ask("openai.chat", "Where is radiology?")

    with pytest.raises(AssertionError, match="I1"):
        leak()


def test_an_error_of_another_shape_is_noticed(house: House) -> None:
    with pytest.raises(AssertionError, match="I5"), house.siege() as s:
        s.keep(s.post(CHAT, b"{}"), SPECIMENS["anthropic.messages"])


def test_a_record_too_few_is_noticed(house: House) -> None:
    """An answer that names a receipt nobody wrote down."""
    with pytest.raises(AssertionError, match="I2"), house.siege() as s:
        s.keep(Told(200, {"x-guardrail-receipt": "0" * 32}, b"", whole=True))


def test_more_memory_than_a_case_may_take_is_noticed(house: House) -> None:
    with pytest.raises(AssertionError, match="I6"), house.siege(most_mib=-1) as s:
        s.post(CHAT, b" " * 8_000_000)
