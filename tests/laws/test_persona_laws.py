# ruff: noqa: RUF001 - sentences in several scripts
"""Laws of the persona rewriter: advice is never turned round, whatever stands before it (requirements 3.2, rule 6)."""

import asyncio
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.engine.chain import Chain, Rule
from guardrail.engine.holdback import Pace
from guardrail.engine.worker import InlineInspector
from guardrail.rails import persona
from guardrail.rails.base import About, Window
from guardrail.text import Action, Direction, Finding, Role, Segment, Span
from tests.laws.test_stream_laws import cut, stream

ANSWER = About(Direction.RESPONSE, Role.ASSISTANT)
RAIL = persona.build(persona.PersonaSettings())
WORDS = persona.rewriter(persona.PersonaSettings())

# the tests' own idea of a negation, apart from the product's
DENIAL = re.compile(
    r"\b(?:never|not|no longer|nobody|hardly|rarely|seldom|scarcely|barely|cannot|avoid|without|refrain)\b|n't\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d+(?:[.,]\d+)?\s?(?:mg|ml|mcg|units?|weeks?|hours?|%)?")
HEDGE = re.compile(r"\b(?:possib\w+|option|may|might|perhaps|likely|certain|seems)\b", re.IGNORECASE)


def found(text: str) -> list[Finding]:
    return list(RAIL.inspect(Window(text, 0, True), ANSWER))


def rewritten(text: str) -> str:
    after = text
    for finding in sorted(found(text), key=lambda each: -each.span.start):
        instead = WORDS.rewrite(finding, text, ANSWER)
        if instead is not None:
            after = after[: finding.span.start] + instead + after[finding.span.end :]
    return after


ADVERBS = ["", " really", " personally", " generally", " honestly", " also", " still", " certainly", " myself"]
DENIALS = [
    " never",
    " don't",
    " do not",
    " wouldn't",
    " would not",
    " would never",
    "'d never",
    "'d not",
    " hardly ever",
    " almost never",
    " rarely",
    " seldom",
    " no longer",
    " won't",
    " can't",
    " cannot",
    " never ever",
    " couldn't",
]
LATER = ["", " ever", " personally", " really"]
ADVISES = ["recommend", "suggest", "advise", "propose", "endorse", "encourage", "advocate"]
THINKS = ["think", "believe", "suppose", "imagine"]
MATTERS = [
    "15 mg of it",
    "raising the dose to 7.5 mg",
    "pausing the anticoagulant for 3 weeks",
    "that you halve the tablets",
    "you share a syringe",
    "that she go without her inhaler",
    "patients drink on this drug",
    "your toddler to take 250 mg",
    "him to fast",
    "blending two sedatives, even at 1 mg",
    "more than 8 units",
    "any herbal remedy",
    "it",
    "that",
    "the patch, unless a nurse shows you how",
    "keeping it for 2 weeks without a fridge",
]
CLAIMS = [
    "you should crush the capsules",
    "that 60 mg is safe",
    "he should fly within 2 weeks",
    "it is wise to double it",
    "the lump is harmless",
    "anyone should chew the patch",
    "that it works in 4 hours",
    "these are free of risk",
    "your son should lift 10 kg",
]
SPEAKERS = ["I", "We", "As your doctor, I", "Our nurses"]


def keeps(written: str, after: str) -> None:
    """The law itself: negations, numbers and rest."""
    assert len(DENIAL.findall(after)) >= len(DENIAL.findall(written)), (written, after)
    assert NUMBER.findall(after) == NUMBER.findall(written), (written, after)
    assert rewritten(after) == after, (written, after)


@settings(max_examples=400, deadline=None)
@given(
    *(st.sampled_from(each) for each in (SPEAKERS, ADVERBS, DENIALS, LATER, ADVISES, MATTERS)),
)
def test_advice_against_something_never_becomes_an_option(
    who: str, adverb: str, denial: str, later: str, verb: str, matter: str
) -> None:
    """ "I never recommend it" says avoid, or stands as it is; "One option is" is the opposite."""
    glue = denial if adverb == "" or denial[0] != "'" else denial.replace("'d", " would")
    written = f"{who}{adverb}{glue}{later} {verb} {matter}."
    after = rewritten(written)
    keeps(written, after)
    assert not re.search(r"\bone (?:option|possibility|thing)\b", after, re.IGNORECASE), after


@settings(max_examples=300, deadline=None)
@given(*(st.sampled_from(each) for each in (ADVERBS, DENIALS, LATER, THINKS, CLAIMS)))
def test_a_belief_denied_stays_denied(adverb: str, denial: str, later: str, verb: str, claim: str) -> None:
    """ "I never think that it is safe" is never "one possibility is that it is safe"."""
    glue = denial if adverb == "" or denial[0] != "'" else denial.replace("'d", " would")
    written = f"I{adverb}{glue}{later} {verb} {claim}."
    after = rewritten(written)
    keeps(written, after)
    assert not re.search(r"\bone (?:option|possibility|thing)\b|\blikely\b", after, re.IGNORECASE), after


OPENERS = [
    "I think",
    "I really believe",
    "In my opinion,",
    "I'd say",
    "My guess is that",
    "I'm worried that",
    "I'm fairly sure that",
    "I promise",
    "I suppose",
    "I feel like",
    "If you ask me,",
    "I'm sorry, but",
    "I'm worried",
    "I hope",
    "I must stress that",
    "Personally, I suspect",
    "I can't help but think",
]
DENYING = [
    "you should not exceed 30 mg",
    "it never needs 2 weeks",
    "the 5 mg tablet isn't enough",
    "he cannot drive for 24 hours",
    "there might not be a cure",
    "you may go without 1 dose",
    "nobody should mix 3 sedatives",
    "perhaps it is not viral",
]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(OPENERS), st.sampled_from(DENYING), st.sampled_from(["", "Rest well. ", "- "]))
def test_a_negation_in_what_is_said_survives_any_opener(opener: str, clause: str, before: str) -> None:
    """The words after the opener keep their "not", their numbers and their doubt."""
    written = f"{before}{opener} {clause}."
    after = rewritten(written)
    keeps(f"{clause}.", after)
    assert len(HEDGE.findall(after)) >= len(HEDGE.findall(written))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["recommend", "suggest", "advise", "urge you", "strongly encourage"]),
    st.sampled_from(
        ["not taking 9 mg", "never to swim alone", "not to wait 6 hours", "against 40 mg", "no more than 2 ml"]
    ),
)
def test_a_negation_in_the_advice_survives(verb: str, advice: str) -> None:
    """ "I advise against 40 mg" stays a warning."""
    written = f"I {verb} {advice}."
    after = rewritten(written)
    assert NUMBER.findall(after) == NUMBER.findall(written)
    assert re.search(r"\b(?:not|never|avoid|no|against)\b", after, re.IGNORECASE), after


FOREIGN = {
    "es": (["No", "Nunca", "Yo no", "Jamás", "Tampoco"], ["recomiendo", "le aconsejo", "te sugiero", "recomendaría"]),
    "pt": (["Não", "Eu não", "Nunca", "Eu jamais"], ["recomendo", "lhe aconselho", "sugiro"]),
    "it": (["Non", "Io non"], ["consiglio", "le consiglierei", "suggerisco", "ti raccomando"]),
    "fr": (
        ["Je ne", "Moi, je ne"],
        ["recommande pas", "vous conseille jamais", "suggère plus", "te recommanderais pas"],
    ),
    "de": (["Ich", "Nein, ich"], ["empfehle nicht", "rate Ihnen nie zu", "rate ab von", "empfehle keinesfalls nicht"]),
    "ru": (["Я не", "Не", "Я никогда не"], ["рекомендую", "советую", "советую вам"]),
    "zh": (["我不", "我从不", "我没有", "我绝不"], ["建议", "推荐"]),
    "ar": (["لا", "لم", "أنا لا"], ["أنصح", "أوصي", "أقترح"]),
    "sw": (["Mimi", "Kweli"], ["sipendekezi", "sikushauri"]),
    "id": (["Saya tidak", "Saya tidak pernah", "Aku tidak"], ["menyarankan", "merekomendasikan"]),
}
REFUSES = re.compile(
    r"\b(?:no|nunca|jamás|tampoco|não|jamais|non|ne|pas|plus|sconsiglia|déconseillé|éviter|nicht|nie|ab|не|никогда|нельзя|tidak|"
    r"si(?:pendekezi|kushauri)|haipendekezwi)\b|不|没|(?:لا|لم)",
    re.IGNORECASE,
)
OPTION = re.compile(r"opci|opç|opzione|option|möglichkeit|вариант|选择|الخيارات|chaguo|pilihan", re.IGNORECASE)


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(sorted(FOREIGN)))
def test_a_negation_in_any_language_is_part_of_the_phrase(data: st.DataObject, language: str) -> None:
    """A "no" before the phrase gets a negated frame, or the words stay; never half of each."""
    befores, verbs = FOREIGN[language]
    written = f"{data.draw(st.sampled_from(befores))} {data.draw(st.sampled_from(verbs))} 35 mg."
    written = written.replace(" ", "", 1) if language == "zh" else written
    after = rewritten(written)
    assert REFUSES.search(after), (written, after)
    assert not OPTION.search(after), (written, after)
    assert "35 mg" in after
    assert rewritten(after) == after


@pytest.mark.parametrize("label", ["suggestion", "cognition"])
@pytest.mark.parametrize("text", ["I never hold with 20 mg", "Jamás diría 20 mg", "es darf nicht sein"])
def test_a_stretch_that_no_row_knows_keeps_its_negation(label: str, text: str) -> None:
    """The rewriter itself leaves words whose negation or number it would lose."""
    assert WORDS.rewrite(Finding(Span(0, len(text)), "persona", label), text, ANSWER) is None


@settings(max_examples=150, deadline=None)
@given(*(st.sampled_from(each) for each in (["I", "I would", "I'd", "I really", "I personally"], ADVISES, MATTERS)))
def test_a_limit_on_advice_is_never_lost(who: str, verb: str, matter: str) -> None:
    """ "I only recommend it" never becomes a plain option."""
    after = rewritten(f"{who} only {verb} {matter}.")
    assert re.search(r"\bonly\b", after, re.IGNORECASE), after


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(["<b>", "</b>", "<i>", "</i>"]), min_size=3, max_size=3),
    st.sampled_from(["think", "suggest", "believe"]),
)
def test_as_many_tags_open_as_close_before_and_after(tags: list[str], verb: str) -> None:
    """A rewriting takes pairs of tags or none."""
    written = f"{tags[0]}I {tags[1]}{verb}{tags[2]} rest."
    after = rewritten(written)
    for name in "bi":
        assert written.count(f"<{name}>") - written.count(f"</{name}>") == after.count(f"<{name}>") - after.count(
            f"</{name}>"
        )


# --- streamed as whole: sentences that go as a whole, too ---
SPOKEN = [
    "Rest is enough. ",
    "I used to run marathons. ",
    "I'm so proud of you! ",
    "Great question! ",
    "I'm your friend. ",
    "- I'm so happy for you.\n",
    "Dr. Lee agrees that I think it is viral. ",
    "I examined the wound, and I think 5 mg is right. ",
    'She said: "I am so happy." ',
    "Creo que es viral. ",
    "我很担心。",
    "I'm so glad you asked. I'm so sad",
    "\n\n",
    "It works " * 30,
]
CHAIN = Chain(
    [Rule(rail="persona", action=Action.REPLACE, labels={"flag.*": Action.ALLOW}, rewriter=WORDS, local=RAIL)],
    InlineInspector({}),
    Pace(),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SPOKEN), min_size=1, max_size=6), st.lists(st.integers(0, 600), max_size=5))
def test_a_streamed_answer_is_rewritten_as_a_whole_one(parts: list[str], places: list[int]) -> None:
    """Sentences that go leave the same text behind however the words arrive; only flattery leaves nothing."""
    text = "".join(parts)
    whole = asyncio.run(CHAIN.run(Segment("a", Role.ASSISTANT, text), ANSWER)).text

    assert stream(CHAIN, cut(text, places)) == whole
    assert stream(CHAIN, list(text)) == whole
    assert whole.strip() or not text.replace("Great question!", "").strip()
