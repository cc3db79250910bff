"""The notice: first in every answer, and never in what the model is sent or imitates."""

import asyncio
from dataclasses import replace

import pytest
from pydantic import ValidationError

from guardrail.engine.chain import Chain, Rule
from guardrail.engine.holdback import Pace
from guardrail.engine.worker import InlineInspector
from guardrail.rails import crisis, medical, notice
from guardrail.rails.base import About, Manner, Window
from guardrail.rails.data import texts
from guardrail.text import Action, Direction, Finding, Kind, Role, Span

SETTINGS = notice.NoticeSettings()
RAIL = notice.build(SETTINGS)
WORDS = notice.rewriter(SETTINGS)
ANSWER = About(Direction.RESPONSE, Role.ASSISTANT, language="en")
HISTORY = About(Direction.REQUEST, Role.ASSISTANT)
OPENING = Window("", 0, final=False)


def without_ours(text: str, about: About = HISTORY) -> str:
    findings = sorted(RAIL.inspect(Window(text), about), key=lambda each: -each.span.start)
    for finding in findings:
        assert WORDS.rewrite(finding, text, about) == ""
        text = text[: finding.span.start] + text[finding.span.end :]
    return text


def test_an_answer_opens_with_the_notice() -> None:
    """Before the first word: a machine wrote this, and it does not replace a professional (WHO-01, WHO-02)."""
    (finding,) = RAIL.inspect(OPENING, ANSWER)
    assert finding == Finding(Span(0, 0), "notice", "origin")
    assert WORDS.rewrite(finding, "", ANSWER) == f"{texts.ORIGIN['en']} {texts.LIMIT['en']}\n\n"


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_notice_speaks_the_readers_language(language: str) -> None:
    words = WORDS.rewrite(Finding(Span(0, 0), "notice", "origin"), "", About(language=language))
    assert words == f"{texts.ORIGIN[language]} {texts.LIMIT[language]}\n\n"


def test_a_language_without_a_text_gets_english() -> None:
    assert (
        WORDS.rewrite(Finding(Span(0, 0), "notice", "origin"), "", About(language="fi"))
        == SETTINGS.notice("en").whole + "\n\n"
    )


@pytest.mark.parametrize(
    ("window", "about"),
    [
        (Window("Iron"), ANSWER),
        (Window("", 400, final=False), ANSWER),
        (OPENING, HISTORY),
        (OPENING, About(Direction.RESPONSE, Role.ASSISTANT, Kind.DATA)),
        (OPENING, About(Direction.RESPONSE, Role.TOOL)),
    ],
)
def test_the_notice_is_asked_for_once_and_only_in_prose(window: Window, about: About) -> None:
    assert list(RAIL.inspect(window, about)) == []


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_our_texts_are_taken_out_of_the_history(language: str) -> None:
    """What the client sends back as the model's earlier words holds only the model's words."""
    about = About(language=language, country="US")
    ours = [
        crisis.rewriter(crisis.CrisisSettings()).rewrite(Finding(Span(0, 0), "crisis", "self_harm"), "", about),
        crisis.rewriter(crisis.CrisisSettings()).rewrite(
            Finding(Span(0, 0), "crisis", "emergency.question"), "", about
        ),
        WORDS.rewrite(Finding(Span(0, 0), "notice", "origin"), "", about),
        medical.rewriter(medical.MedicalSettings()).rewrite(Finding(Span(0, 0), "medical", "high.question"), "", about),
        medical.rewriter(medical.MedicalSettings()).rewrite(
            Finding(Span(0, 0), "medical", "general.question"), "", about
        ),
    ]
    clinician = About(language=language, country="US", surface="clinician")
    ours += [
        crisis.rewriter(crisis.CrisisSettings()).rewrite(Finding(Span(0, 0), "crisis", "self_harm"), "", clinician),
        medical.rewriter(medical.MedicalSettings()).rewrite(
            Finding(Span(0, 0), "medical", "high.question"), "", clinician
        ),
        f"{texts.MEDICAL_ACUTE[language]}\n\n",
    ]
    assert without_ours("".join(map(str, ours)) + "Iron helps.") == "Iron helps."


def test_clients_may_change_line_ends_and_trim() -> None:
    notice_text = SETTINGS.notice("en").whole
    assert without_ours(notice_text.replace(" It", "\r\nIt") + "\r\n\r\nIron helps.") == "Iron helps."
    assert without_ours(notice_text) == ""


def test_a_model_that_imitates_the_notice_does_not_get_it_through() -> None:
    """A second notice in the middle of an answer is removed; the model's other words stay."""
    assert (
        without_ours(f"Iron helps.\n\n{SETTINGS.notice('en').whole}\n\nEat lentils.", ANSWER)
        == "Iron helps.\n\nEat lentils."
    )


TWO_SENTENCES = notice.NoticeText(
    origin="A machine wrote this. No person has read it yet.", limit="Parts may be untrue. Ask somebody who knows you!"
)


async def streamed(settings: notice.NoticeSettings, text: str, size: int) -> str:
    """What is read of an answer that comes in pieces of `size`, judged sentence by sentence."""
    rule = Rule(
        rail="notice",
        action=Action.WARN,
        labels={"own": Action.REPLACE},
        local=notice.build(settings),
        rewriter=notice.rewriter(settings),
    )
    stream = Chain([rule], InlineInspector({}), Pace(1, 240, 240, 4096)).open(ANSWER)
    assert stream.head() is not None
    cleared = [c for at in range(0, len(text), size) for c in await stream.feed(text[at : at + size])]
    return "".join(c.text for c in [*cleared, *await stream.flush()])


@pytest.mark.parametrize("size", [1, 7, 400])
@pytest.mark.parametrize(
    "words",
    [
        *(SETTINGS.notice(language).whole for language in texts.LANGUAGES),
        TWO_SENTENCES.whole,
        SETTINGS.notice("en").whole.upper(),
    ],
)
def test_an_imitation_is_removed_from_a_stream_too(words: str, size: int) -> None:
    """A stream is judged sentence by sentence; no sentence of the notice may get through as the model's own."""
    settings = notice.NoticeSettings(texts={"en": TWO_SENTENCES}) if words == TWO_SENTENCES.whole else SETTINGS
    read = asyncio.run(streamed(settings, f"Iron helps.\n\n{words}\n\nEat lentils.", size))
    assert read == "Iron helps.\n\nEat lentils."


def test_other_words_about_machines_stay() -> None:
    text = "This text was written by a machine learning researcher."
    assert without_ours(text) == text


def test_further_texts_of_a_policy_are_recognised() -> None:
    rail = notice.build(notice.NoticeSettings(own=("Ward 7 says: call {emergency} first.",)))
    (finding,) = rail.inspect(Window("Ward 7 says: call 911 first. Iron helps."), HISTORY)
    assert finding.span == Span(0, 29)


def test_a_notice_without_its_limit_is_refused() -> None:
    """WHO-02: both parts are required."""
    with pytest.raises(ValidationError):
        notice.NoticeText.model_validate({"origin": "A machine wrote this."})


@pytest.mark.parametrize("unit", ["a ", "This text was generated by a machine ", "\n"])
def test_long_monotonous_text_is_no_stall(unit: str) -> None:
    assert list(RAIL.inspect(Window((unit * 100_000)[:100_000]), HISTORY)) == []


@pytest.mark.parametrize("filler", [" ", "a ", "emergency. Call ", "\n", "This text was generated by a machine "])
def test_a_history_that_is_written_to_take_long_does_not(filler: str) -> None:
    """The beginning of one of our texts, and then 100 KB that could fill its blanks in every way."""
    rail = notice.build(notice.NoticeSettings())
    text = "These signs can mean an emergency. Call " + filler * (100_000 // len(filler))

    assert list(rail.inspect(Window(text), About(Direction.REQUEST, Role.ASSISTANT))) == []


@pytest.mark.parametrize(
    "text",
    [
        "are you a real person?",
        "wait am i talking to a bot or a human",
        "¿eres una persona o un robot?",
        "Êtes-vous une vraie personne ?",
        "Bist du ein Mensch?",
        "você é um robô?",
        "هل أنت إنسان؟",
        "你是真人吗？",  # noqa: RUF001 - Chinese
        "क्या आप इंसान हैं?",
        "ты человек или бот?",
        "wewe ni binadamu?",
        "kamu manusia atau robot?",
        "sei una persona vera?",
    ],
)
def test_the_question_for_a_person_is_heard(text: str) -> None:
    """Utah 13-77-103: on clear request the reader is told."""
    asked = About(Direction.REQUEST, Role.USER)
    assert [f.label for f in RAIL.inspect(Window(text), asked)] == ["about.asked_human"]


@pytest.mark.parametrize(
    "text",
    [
        "is this machine safe for a person with a pacemaker",
        "are you supposed to take it with food",
        "my doctor said i am a difficult person",
        "is it a virus or bacteria",
        "Are people allowed to visit?",
        "what do the nurses do",
    ],
)
def test_other_questions_are_not_that_one(text: str) -> None:
    """Words about people and machines are no question about the writer."""
    assert list(RAIL.inspect(Window(text), About(Direction.REQUEST, Role.USER))) == []


def test_the_answer_to_it_comes_first_and_a_pause_last() -> None:
    """What is said, in which order."""
    finding = Finding(Span(0, 0), "notice", "origin")
    manner = Manner(human=True, reminder=True)
    words = WORDS.rewrite(finding, "", About(Direction.RESPONSE, Role.ASSISTANT, language="en", manner=manner))
    assert words is not None
    parts = words.strip().split("\n\n")
    assert parts[0].startswith("You are not communicating with a human.")
    assert parts[1] == SETTINGS.notice("en").whole
    assert "break" in parts[2]


@pytest.mark.parametrize(("form", "words"), [("brief", SETTINGS.notice("en").origin + "\n\n"), ("mark", None)])
def test_the_short_forms(form: str, words: str | None) -> None:
    """Origin alone; or no words, where the marks in the headers do."""
    finding = Finding(Span(0, 0), "notice", "origin")
    about = About(Direction.RESPONSE, Role.ASSISTANT, language="en", manner=Manner(notice=form))
    assert WORDS.rewrite(finding, "", about) == words


def test_a_spoken_answer_has_the_notice_behind_its_last_word() -> None:
    """Only the last window, and only where the answer is spoken."""
    spoken = About(Direction.RESPONSE, Role.ASSISTANT, language="en", manner=Manner(closing=True))
    assert [f for f in RAIL.inspect(Window("Rest.", 0, True), spoken) if f.label == "closing"] == [
        Finding(Span(5, 5), "notice", "closing")
    ]
    assert list(RAIL.inspect(Window("Rest.", 0, False), spoken)) == []
    assert list(RAIL.inspect(Window("Rest.", 0, True), replace(spoken, manner=Manner()))) == []


def test_the_way_to_people_stands_with_the_notice_in_full_only() -> None:
    """At the end of a spoken answer once more; "brief" and "mark" are without it."""
    route = "You can reach people here: 555-0100"
    about = About(Direction.RESPONSE, Role.ASSISTANT, language="en", manner=Manner(route=route))
    for label in ("origin", "closing"):
        text = WORDS.rewrite(Finding(Span(0, 0), "notice", label), "", about)
        assert text is not None
        assert text.strip().endswith(route)
    brief = replace(about, manner=Manner(notice="brief", route=route))
    assert route not in (WORDS.rewrite(Finding(Span(0, 0), "notice", "origin"), "", brief) or "")
