# ruff: noqa: E501 - sentences in several scripts
"""Certainty and dismissal: what is found, what is written behind it, and what is left alone."""

import asyncio
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from guardrail.engine.chain import Chain, Rule
from guardrail.engine.holdback import Pace
from guardrail.engine.worker import InlineInspector
from guardrail.rails import assurance
from guardrail.rails.base import About, Window
from guardrail.rails.data.claim_texts import CERTAINTY, DISMISSAL
from guardrail.rails.data.texts import LANGUAGES
from guardrail.text import Action, Direction, Finding, Kind, Role, Segment

ANSWER = About(Direction.RESPONSE, Role.ASSISTANT, language="en")
RAIL = assurance.build(assurance.AssuranceSettings())
CASES = tomllib.loads((Path(__file__).parent / "assurance_cases.toml").read_text(encoding="utf-8"))
HITS = [(text, label) for rows in CASES.values() for label in assurance.LABELS for text in rows[label]]
NEITHER = [text for rows in CASES.values() for text in rows["neither"]]
SURE, WAVED = " " + CERTAINTY["en"], " " + DISMISSAL["en"]


def found(text: str, about: About = ANSWER) -> list[Finding]:
    return list(RAIL.inspect(Window(text, 0, True), about))


def chain() -> Chain:
    words = assurance.rewriter(assurance.AssuranceSettings())
    rule = Rule(rail="assurance", action=Action.WARN, rewriter=words)
    return Chain([rule], InlineInspector({"assurance": RAIL}), Pace(80, 240, 160, 4096))


def answered(text: str, about: About = ANSWER) -> str:
    return asyncio.run(chain().run(Segment("/0", Role.ASSISTANT, text), about)).text


def streamed(text: str, places: list[int]) -> str:
    async def run() -> str:
        opened = chain().open(ANSWER)
        ends = [0, *sorted(min(place, len(text)) for place in places), len(text)]
        out = []
        for a, b in pairwise(ends):
            out += await opened.feed(text[a:b])
        return "".join(each.text for each in out + await opened.flush())

    return asyncio.run(run())


def test_the_corpus_is_large_enough_and_speaks_every_language() -> None:
    assert tuple(CASES) == LANGUAGES
    assert len(HITS) >= 200
    assert len(NEITHER) >= 170
    assert len(set(NEITHER) | {text for text, _ in HITS}) == len(NEITHER) + len(HITS)


@pytest.mark.parametrize(("text", "label"), HITS)
def test_it_is_found_under_its_label(text: str, label: str) -> None:
    assert [finding.label for finding in found(text)] == [label]


@pytest.mark.parametrize("text", NEITHER)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert not found(text)
    assert answered(text) == text


# --- what is written, and where ---


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("It is definitely not cancer. Rest well.", f"It is definitely not cancer.{SURE} Rest well."),
        ("It is definitely not cancer", f"It is definitely not cancer{SURE}"),
        ("It's all in your head!\nRest.", f"It's all in your head!{WAVED}\nRest."),
        ("- This is 100 % safe\n- Rest", f"- This is 100 % safe{SURE}\n- Rest"),
        ("It is certainly benign, e.g. a lipoma. Rest.", f"It is certainly benign, e.g. a lipoma.{SURE} Rest."),
        ("**You're overreacting.** Rest.", f"**You're overreacting.{WAVED}** Rest."),
        ("Nothing can go wrong, it's all in your head. Rest.", f"Nothing can go wrong, it's all in your head.{SURE}{WAVED} Rest."),
        ("这肯定不是癌症。多喝水。", f"这肯定不是癌症。{SURE}多喝水。"),
    ],
)  # fmt: skip
def test_the_sentence_stands_behind_the_one_that_it_is_about(text: str, after: str) -> None:
    assert answered(text) == after


def test_a_denial_of_one_thing_says_nothing_about_the_next() -> None:
    both = found("It's definitely not cancer and you don't need a doctor.")
    assert {finding.label for finding in both} == {"certainty", "dismissal"}


def test_of_each_at_most_one_in_a_window() -> None:
    after = answered("It is definitely not cancer. This is 100 % safe. Nothing can go wrong.")
    assert after.count(SURE) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_written_in_the_readers_language(language: str) -> None:
    about = About(Direction.RESPONSE, Role.ASSISTANT, language=language)
    assert answered("This is 100 % safe.", about) == f"This is 100 % safe. {CERTAINTY[language]}"
    assert answered("It's just stress.", about) == f"It's just stress. {DISMISSAL[language]}"


@pytest.mark.parametrize("text", [*CERTAINTY.values(), *DISMISSAL.values()])
def test_our_own_sentences_are_not_found(text: str) -> None:
    assert not found(text)


def test_a_sentence_without_an_end_is_interrupted_between_words_before_it_is_out_of_view() -> None:
    text = "This is 100 % safe and " + "so on and " * 60
    after = answered(text)
    assert after.count(SURE) == 1
    assert after.replace(SURE, "") == text
    assert streamed(text, [5, 100, 300]) == after


# --- who speaks ---


@pytest.mark.parametrize(
    "about",
    [
        About(Direction.REQUEST, Role.USER),
        About(Direction.RESPONSE, Role.TOOL),
        About(Direction.RESPONSE, Role.ASSISTANT, Kind.DATA),
    ],
)
def test_only_the_assistants_own_prose_is_looked_at(about: About) -> None:
    assert not found("This is 100 % safe.", about)


@pytest.mark.parametrize(
    "text",
    [
        'She said: "This is 100 % safe."',
        "`nothing can go wrong`",
        "Doctor: It's all in your head.",
        "Draft a letter:\nIt is definitely not cancer.",
    ],
)
def test_what_others_say_is_left_alone(text: str) -> None:
    assert not found(text)


def test_a_story_for_a_lesson_is_left_alone_and_a_lesson_is_not() -> None:
    lesson = About(Direction.RESPONSE, Role.ASSISTANT, surface="education")
    story = "Once upon a time a quack sold a cure. It always works."
    assert not found(story, lesson)
    assert found(story)
    assert found("This is 100 % safe.", lesson)


def test_emphasis_and_hidden_characters_hide_nothing() -> None:
    assert found("It is **definitely** not cancer.")
    assert found("It is defi\u200bnitely not cancer.")


# --- settings ---


def test_a_missing_language_is_refused() -> None:
    with pytest.raises(ValidationError, match="no text for"):
        assurance.AssuranceSettings(certainty={"en": "Nobody can be so sure."})


# --- laws ---

texts = st.lists(
    st.sampled_from(
        [*(text for text, _ in HITS[::7]), *NEITHER[::9], "Rest well.", "\n", "It is", "definitely", "not cancer", "and so on " * 12, "。", '"', "e.g."]
    ),
    max_size=9,
).flatmap(lambda parts: st.sampled_from([" ", "", "\n"]).map(lambda glue: glue.join(parts)))  # fmt: skip


@given(text=texts, places=st.lists(st.integers(0, 500), max_size=8))
@settings(max_examples=120, deadline=None)
def test_streamed_is_whole(text: str, places: list[int]) -> None:
    assert streamed(text, places) == answered(text)


@given(text=texts)
@settings(max_examples=120, deadline=None)
def test_nothing_but_our_sentences_is_added(text: str) -> None:
    assert answered(text).replace(SURE, "").replace(WAVED, "") == text


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_looked_at(text: str) -> None:
    assert all(0 <= finding.span.start == finding.span.end <= len(text) for finding in found(text))
