"""A name that is also a word is repeated where it names somebody, and nowhere else."""

from __future__ import annotations

import pytest

from guardrail.engine.echo import Echo
from guardrail.rails.base import About, Window


@pytest.mark.parametrize(
    ("name", "text", "times"),
    [
        ("Cash", "no cash was found", 0),
        ("Cash", "ask Cash about it", 1),
        ("Swan", "pull the Swan tomorrow", 0),
        ("Swan", "then Swan came by", 1),
        ("West", "it was West Nile after all", 0),
        ("West", "then Mrs. West Nile left", 1),
        ("Christian", "I am a Christian", 0),
        ("Christian", "and Christian agreed", 1),
        ("Zawadi", "lete zawadi ya mtoto", 0),
        ("hope", "tell hope to call", 1),
        ("hope", "there is no hope", 0),
        ("Okafor", "okafor is stable", 1),
    ],
)
def test_everyday_words_stay_where_they_are_words(name: str, text: str, times: int) -> None:
    echo = Echo()
    echo.learn("NAME", name)
    assert len(list(echo.inspect(Window(text), About()))) == times
