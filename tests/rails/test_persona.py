# ruff: noqa: RUF001 - sentences in many scripts
"""The assistant's voice: what is found, what stands there instead, and what is left alone."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.rails import persona
from guardrail.rails.base import About, Window
from guardrail.rails.data import phrases, texts
from guardrail.text import Direction, Finding, Kind, Role

ANSWER = About(Direction.RESPONSE, Role.ASSISTANT)
RAIL = persona.build(persona.PersonaSettings())
WORDS = persona.rewriter(persona.PersonaSettings())


def found(text: str, *, start: int = 0, final: bool = True) -> list[Finding]:
    return list(RAIL.inspect(Window(text, start, final), ANSWER))


def rewritten(text: str) -> str:
    after = text
    for finding in sorted(found(text), key=lambda each: -each.span.start):
        instead = WORDS.rewrite(finding, text, ANSWER)
        assert instead is not None
        after = after[: finding.span.start] + instead + after[finding.span.end :]
    return after


# one sentence per kind of row: what the model wrote, what the reader gets
REWRITES = {
    "I think it is viral.": "One possibility is that it is viral.",
    "I think that is clear.": "One possibility is that that is clear.",
    "I think that's clear.": "One possibility is that that's clear.",
    'The patient said: "I think so." I think it is angina.': (
        'The patient said: "I think so." One possibility is that it is angina.'
    ),
    "I suppose so.": "Possibly so.",
    "I suggest rest.": "One option is rest.",
    "I suggest you rest.": "One option is to rest.",
    "I suggest that you drink 2 litres.": "One option is to drink 2 litres.",
    "I would not recommend that.": "It may be best not to recommend that.",
    "I'd recommend a blood test.": "One option is a blood test.",
    "I strongly advise against ibuprofen.": "It may be best to avoid ibuprofen.",
    "I suggest you call an ambulance now.": "Call an ambulance now.",
    "I recommend calling 911 immediately.": "Call 911 immediately.",
    "I think you should go to the emergency department.": "You should go to the emergency department.",
    "I don't think you need a doctor.": "It is not certain that you need a doctor.",
    "I'm not sure whether 5 mg is right.": "It is not certain whether 5 mg is right.",
    "It is, I believe, viral.": "It is, possibly, viral.",
    "In my opinion, the scan is normal.": "Possibly, the scan is normal.",
    "My guess is that it heals.": "One possibility is that it heals.",
    "If I were you, I'd rest.": "One option is to rest.",
    "I'd start with 5 mg.": "One option is to start with 5 mg.",
    "I'm worried about your BP of 180/110.": "There is concern about your BP of 180/110.",
    "I'm sorry to hear that your mother is ill.": "It sounds difficult that your mother is ill.",
    "I know exactly how you feel.": "That sounds difficult.",
    "I'm happy to explain the 3 results.": "This system can explain the 3 results.",
    "I'll call your doctor tomorrow.": "This system cannot call your doctor tomorrow.",
    "I promise it won't hurt.": "It cannot be promised that it won't hurt.",
    "As your doctor, I recommend 5 mg.": "This is an automated system: one option is 5 mg.",
    "I examined the wound.": "This system has not examined the wound.",
    "I'm a real person.": "This is an automated system.",
    "I'm not a bot.": "This is an automated system.",
    "Trust me, 5 mg is fine.": "Please check this: 5 mg is fine.",
    "I used to run marathons.": "This system has no experience of its own.",
    "Great question! Iron helps.": "Iron helps.",
    "Creo que es viral.": "Posiblemente es viral.",
    "Je pense que c'est viral.": "Peut-être que c'est viral.",
    "Ich denke, dass es viral ist.": "Es ist möglich, dass es viral ist.",
    "我认为是病毒感染。": "一种可能是，是病毒感染。",
    "Думаю, что это вирус.": "Возможно, это вирус.",
    "Nadhani ni malaria.": "Inawezekana kwamba ni malaria.",
    "Acho que é viral.": "Possivelmente é viral.",
    "Penso che sia virale.": "È possibile che sia virale.",
    "أعتقد أن السبب فيروس.": "من المحتمل أن السبب فيروس.",
    "मुझे लगता है कि यह वायरल है।": "संभवतः यह वायरल है।",
}


@pytest.mark.parametrize("written", REWRITES, ids=range(len(REWRITES)))
def test_a_personal_phrase_becomes_a_plain_one(written: str) -> None:
    """The sentence stays a sentence, and says what it said without a person in it (WHO-04)."""
    assert rewritten(written) == REWRITES[written]


@pytest.mark.parametrize("written", REWRITES, ids=range(len(REWRITES)))
def test_numbers_survive_and_a_second_look_finds_nothing(written: str) -> None:
    """Doses and readings are the same before and after; our own words are clean (rest law)."""
    after = rewritten(written)
    assert re.findall(r"\d+(?:[./]\d+)?(?: ?mg)?", after) == re.findall(r"\d+(?:[./]\d+)?(?: ?mg)?", written)
    assert found(after) == []


TABLE = (phrases.ENGLISH, *phrases.OTHERS.values())

DOUBT = re.compile(
    r"\b(?:i think|i suppose|i suggest|i believe|i guess|i'm not sure|my guess|in my opinion|i don't think|i'd|"
    r"possib\w+|"
    r"option|may be|not certain|perhaps|likely|might|could)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "opening", ["I think ", "I suppose ", "I believe ", "My guess is that ", "In my opinion, ", "I don't think "]
)
@pytest.mark.parametrize("rest", ["it might be viral.", "5 mg could help.", "perhaps you need a scan."])
def test_the_rewriter_never_sounds_surer_than_the_model(opening: str, rest: str) -> None:
    """A guess stays a guess (WHO-05)."""
    assert len(DOUBT.findall(rewritten(opening + rest))) >= len(DOUBT.findall(opening + rest))


@pytest.mark.parametrize(
    "frame",
    sorted(
        {frame for _, _, frame in phrases.ENGLISH + sum(phrases.OTHERS.values(), ()) if frame and "\\g" not in frame}
    ),
)
def test_no_frame_of_the_table_is_itself_a_personal_phrase(frame: str) -> None:
    """What we write must never need rewriting."""
    assert found(f"{frame[0].upper()}{frame[1:]} resting for two days.") == []


@pytest.mark.parametrize(
    "table", [texts.ORIGIN, texts.LIMIT, texts.MEDICAL_GENERAL, texts.MEDICAL_HIGH, texts.EMERGENCY, texts.SELF_HARM]
)
def test_our_own_texts_are_not_personal(table: dict[str, str]) -> None:
    """Notices, warnings and crisis texts speak as a machine, in every language."""
    assert [language for language, text in table.items() if found(text)] == []


LEFT_ALONE = [
    'The patient said: "I think I am dying."',
    "“I don’t think so,” her sister answered.",
    "La vecina dijo: «Creo que es tarde».",
    "You could say: I think I need help.",
    "Patient: I think I am dying.",
    "She thinks it is viral. Studies suggest that 5 mg is enough.",
    "Think of it as a sponge. Suppose the eGFR is 30.",
    "As an AI, I don't think or feel. I am an AI, not a doctor.",
    "Lead I shows ST elevation in type I diabetes; factor I and class I recommendation.",
    "I can't open files. I'll explain the results step by step.",
    "`I think` is a string.\n\n```\nprint('I suggest this')\n```",
    "Here is a draft you can send:\n\nDear Dr Smith,\n\nI think my dose is too high.\n\nKind regards,\nAnna",
    "PHQ-9 items:\n- I feel nervous\n- I think about death",
    "At what point does a headache need a visit?",
    "Use it as your doctor told you. As a parent, you can ask again.",
    "Do not tell anyone your password. Don't go to work with a fever.",
    "You may feel dizzy. The guideline suggests 5 mg. Ask your doctor.",
    "Written by Dr I. Think.",
]


@pytest.mark.parametrize("text", LEFT_ALONE, ids=range(len(LEFT_ALONE)))
def test_other_voices_and_honest_words_are_left_alone(text: str) -> None:
    """Quotations, templates, dialogue, code, numerals and honest denials stay as they are."""
    assert rewritten(text) == text


@pytest.mark.parametrize(
    "written",
    [
        "I **think** it is gout.",
        "I\u200b think it is gout.",
        "\u0406 think it is gout.",
        "I&nbsp;think it is gout.",
        "i THINK it is gout.",
    ],
)
def test_disguises_do_not_help(written: str) -> None:
    """Hidden characters, look-alikes and markup do not carry a phrase past the check."""
    assert rewritten(written) == "One possibility is that it is gout."


def test_emphasis_marks_stay_in_pairs() -> None:
    """No lone asterisks are left for the reader."""
    assert rewritten("**I think** it is gout.") == "**One possibility is that** it is gout."


def test_capitals_answer_capitals() -> None:
    assert rewritten("I THINK IT IS SEPSIS.").startswith("ONE POSSIBILITY")


def test_only_the_assistants_prose_in_answers_is_looked_at() -> None:
    """Nobody judges how a patient speaks (requirements 3.1)."""
    text = Window("I think it is viral.")
    others = [
        About(Direction.REQUEST, Role.USER),
        About(Direction.REQUEST, Role.ASSISTANT),
        About(Direction.RESPONSE, Role.TOOL),
        About(Direction.RESPONSE, Role.ASSISTANT, Kind.DATA),
    ]
    assert [list(RAIL.inspect(text, about)) for about in others] == [[], [], [], []]


def test_a_quotation_may_be_cut_by_a_window() -> None:
    """A quotation that began before the window, or ends after it, is still somebody else's."""
    assert found('The note reads "I think it is viral.', final=False) == []
    assert found('I think it is viral," she wrote.', start=900) == []
    assert found('" I think it is viral.') != []


@pytest.mark.parametrize(
    "unit", ["a ", "(", "I think ", "I really really ", '"a', "'a ", "*a", "say: a ", "i suggest you ", "in my "]
)
def test_long_monotonous_text_is_looked_at_in_linear_steps(unit: str) -> None:
    """A hostile answer of 100,000 characters is finished, not a stall (the suite's time limit would catch one)."""
    text = (unit * 100_000)[:100_000]
    assert all(finding.span.end <= len(text) for finding in found(text))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*REWRITES, *LEFT_ALONE]), min_size=1, max_size=4))
def test_rewriting_twice_is_rewriting_once(sentences: list[str]) -> None:
    """Inspecting our own output again finds nothing to replace (rest law)."""
    once = rewritten("\n\n".join(sentences))
    assert rewritten(once) == once
