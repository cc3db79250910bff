"""Every language file of the persona rail: its examples, its clean texts, its own words; what a file may not hold."""

import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

from guardrail.rails import persona
from guardrail.rails.base import About, Window
from guardrail.rails.data.persona_profiles import CLASSES
from guardrail.rails.fold import fold
from guardrail.rails.persona_hits import hits
from guardrail.rails.persona_tables import Row, check, languages, read
from guardrail.text import Direction, Finding, Role
from tests.support.cases import in_groups

ANSWER = About(Direction.RESPONSE, Role.ASSISTANT)
# Every class said again: a profile may keep some of them (greetings, apologies), the files know them all the same.
SETTINGS = persona.PersonaSettings(treatments={"ritual": "rewrite"})
RAIL = persona.build(SETTINGS)
WORDS = persona.rewriter(SETTINGS)
FOLDER: Final = Path(__file__).parent / "persona_cases"
LANGUAGES = ["ar", "de", "en", "es", "fr", "hi", "id", "it", "pt", "ru", "sw", "zh"]


def found(text: str) -> list[Finding]:
    return list(RAIL.inspect(Window(text), ANSWER))


def rewritten(text: str) -> str:
    after = text
    for finding in sorted(found(text), key=lambda each: -each.span.start):
        instead = WORDS.rewrite(finding, text, ANSWER)
        if instead is None:
            assert finding.label.startswith(("flag.", "unrewritten."))
            continue
        after = after[: finding.span.start] + instead + after[finding.span.end :]
    return after


def test_the_shipped_languages_are_there() -> None:
    assert list(languages()) == LANGUAGES


EXAMPLES = [(code, *example) for code, each in languages().items() for example in each.examples]


@in_groups(EXAMPLES)
def test_an_example_of_a_file_holds(code: str, label: str, before: str, after: str) -> None:
    """The phrase is found under the class that the file names, and the reader gets what the reviewer has signed."""
    assert label in {finding.label for finding in found(before)}
    assert rewritten(before) == after
    assert found(after) == []


@in_groups((code, text) for code, each in languages().items() for text in each.clean)
def test_a_clean_text_of_a_file_stays(code: str, text: str) -> None:
    """Quotations, evidence and words that only look alike are not touched."""
    assert rewritten(text) == text


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_neutral_sentences_of_a_file_are_at_rest(code: str) -> None:
    """What stands in place of a sentence is itself nobody's voice, and every language has all of them."""
    neutral = languages()[code].neutral
    assert sorted(neutral) == ["act", "doubt", "free", "help", "machine"]
    assert [text for text in neutral.values() if found(text)] == []


GOOD = """
language = "xx"
name = "Test"
reviewed_by = ""
reviewed_on = ""
negations = 'no'
between = ""
clean = []
[neutral]
machine = "a"
help = "b"
free = "c"
act = "d"
doubt = "e"
[[row]]
class = "cognition"
cue = 'mi pensas ke'
frame = "eble"
examples = [["Mi pensas ke jes.", "Eble jes."]]
"""


def test_a_file_in_order_is_read() -> None:
    language = read("xx.toml", GOOD)
    assert (language.rows[0].label, language.rows[0].frame, language.reviewed_by) == ("cognition", "eble", "")


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [
        ('class = "cognition"', 'class = "cogitation"'),
        ('examples = [["Mi pensas ke jes.", "Eble jes."]]', "examples = []"),
        ('language = "xx"', 'language = "yy"'),
        ('name = "Test"', ""),
        ('help = "b"', ""),
        ("clean = []", "claen = []"),
        ("clean = []", "clean = ["),
    ],
)
def test_a_file_that_is_not_in_order_is_named(wrong: str, instead: str) -> None:
    """A slip of a reviewer is an error at the start, never a language that silently finds nothing."""
    assert wrong in GOOD
    with pytest.raises(ValueError, match=r"^xx\.toml: "):
        read("xx.toml", GOOD.replace(wrong, instead))


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_row_of_a_file_can_be_used(code: str) -> None:
    """Compiling them all at each start would take seconds."""
    for row in languages()[code].rows:
        check(row)


@pytest.mark.parametrize(("cue", "frame"), [("mi (pensas", "eble"), ("(?:mi)?", "eble"), ("mi pensas ke", r"\g<w>")])
def test_a_row_that_could_not_be_used_is_refused(cue: str, frame: str) -> None:
    with pytest.raises((ValueError, re.error)):
        check(Row("cognition", cue, frame))


def test_a_label_is_a_class_of_the_requirements() -> None:
    """22 classes; thinking and advice, which the requirements count as one, have a label each."""
    assert set(CLASSES) <= set(persona.LABELS)
    assert {code for code, _ in CLASSES.values()} == {f"A{i}" for i in range(1, 23)}


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code not in ("ar", "sw", "zh")])
def test_a_phrase_ends_where_a_word_does(code: str) -> None:
    """A letter more makes another word of the last one: no phrase ends before it. (Arabic and Swahili join words.)"""
    cases = tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))
    texts = [fold(written).text for written, _ in cases["violations"]]
    ends = [(text[: hit.end], hit.end) for text in texts for hit in hits(text) if text[hit.end - 1].isalpha()]

    assert len(ends) > 10
    assert [text for text, end in ends if any(hit.end == end for hit in hits(f"{text}n or so"))] == []
