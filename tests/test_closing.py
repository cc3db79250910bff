"""What has to be said behind the last word, as the policy decides (WHO-41, WHO-48)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from guardrail.closing import NOTHING, Closer, Closing, Listener, kinds
from guardrail.engine.chain import Rule
from guardrail.events import Stop
from guardrail.rails import catalog
from guardrail.rails.base import About
from guardrail.rails.translation import MAX_CHARS, Source, source_of
from guardrail.text import Action

CUT = "This answer was cut off before its end. Do not rely on it as complete."
ASKED = "Translate into Spanish: Take 2 tablets of 40 mg. Do not drive."


def closer(action: Action = Action.WARN, language: str = "en", source: Source | None = None, **more: Any) -> Closer:
    rules = {
        name: Rule(rail=name, action=action, rewriter=catalog.build_closing(name, {}), **more)
        for name in ("incomplete", "translation")
    }
    return Closer(About(language=language), rules, source)


def compared(answer: str, action: Action = Action.WARN, *, whole: bool = True, source: Source | None = None) -> Closing:
    return asyncio.run(closer(action, source=source or source_of(ASKED)).compared(answer, whole=whole))


def labels(closing: Closing) -> list[str]:
    return [ruling.finding.label for verdict in closing.verdicts for ruling in verdict.rulings]


def test_the_note_is_in_the_readers_language_and_counted() -> None:
    english, german = closer().stopped(Stop("cut")), closer(language="de").stopped(Stop("filtered"))
    assert (english.text, labels(english), kinds(english.verdicts)) == (CUT, ["cut"], ["incomplete"])
    assert (german.text[:12], labels(german)) == ("Der Anbieter", ["filtered"])
    assert closer(language="xx").stopped(Stop("cut")).text == CUT
    assert closer().stopped(Stop("")) == NOTHING


@pytest.mark.parametrize("how", [{"action": Action.ALLOW}, {"shadow": True}])
def test_allowed_and_in_shadow_it_is_counted_and_not_said(how: dict[str, Any]) -> None:
    said = closer(**how).stopped(Stop("cut"))
    assert (said.text, labels(said), kinds(said.verdicts)) == ("", ["cut"], [])
    assert [verdict.action for verdict in said.verdicts] == [Action.ALLOW]


def test_a_policy_without_the_rails_says_nothing() -> None:
    plain = Closer(source=source_of(ASKED))
    assert plain.stopped(Stop("cut")) == NOTHING
    assert asyncio.run(plain.compared("Tome 9.", whole=True)) == NOTHING


def test_a_translation_that_differs_is_told_by_what_differs() -> None:
    assert labels(compared("Tome 2 comprimidos de 400 mg. No conduzca.")) == ["number"]
    assert labels(compared("Tome 2 comprimidos de 40 mg. Conduzca.")) == ["negation"]
    assert labels(compared("Tome 3 comprimidos de 40 mg. Conduzca.")) == ["number", "negation"]
    assert compared("Tome 2 comprimidos de 40 mg. No conduzca.") == NOTHING
    assert compared("  ") == NOTHING, "an answer without words is no translation"


def test_what_a_policy_blocks_is_withheld_as_a_whole_and_told_in_a_stream() -> None:
    """A stream has been read when its end is known: nothing can be taken back."""
    wrong = "Tome 2 comprimidos de 400 mg. No conduzca."
    whole, stream = (compared(wrong, Action.BLOCK, whole=each) for each in (True, False))
    assert [verdict.action for verdict in whole.verdicts] == [Action.BLOCK]
    assert [verdict.action for verdict in stream.verdicts] == [Action.WARN]
    assert stream.text == whole.text != ""


def test_what_is_too_long_says_that_nobody_compared_it() -> None:
    """By its letters, or by its numbers: each number is looked for among all others."""
    source = source_of(ASKED)
    assert source is not None
    assert labels(compared("a" * (MAX_CHARS + 1))) == ["unchecked"]
    assert labels(compared("12 " * 3_000)) == ["unchecked"]
    assert labels(compared("a" * 99, source=Source("1 2 " * 3_000, "en", "es"))) == ["unchecked"]


def test_a_stream_remembers_no_more_than_is_compared() -> None:
    heard = Listener()
    for _ in range(30):
        heard.hear("x" * 10_000)
    assert len(heard.words) == MAX_CHARS + 1, "enough to see that it was too long"


def test_only_who_asks_for_a_translation_gets_one_compared() -> None:
    assert source_of("How much ibuprofen may I take?") is None
    found = source_of(ASKED)
    assert found is not None
    assert (found.text, found.spoken, found.told) == ("Take 2 tablets of 40 mg. Do not drive.", "en", "es")
