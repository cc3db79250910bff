"""Crisis texts and services as data: pinned, dated, signed or drafts, and worded as requirements 4.2 want it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail.errors import PolicyError
from guardrail.rails import crisis, crisis_data, notice
from guardrail.rails.base import About
from guardrail.rails.crisis_data import FOLDER, MANIFEST, Service, Text, manifest, read, shipped
from guardrail.rails.data.texts import LANGUAGES
from guardrail.text import Assessment, Finding, Risk, Span

IN_TIME, TOO_LATE = "2026-12-01", "2027-06-01"
DAYS_LATER = "2028-01-01"
NO_SPACES = ("zh",)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "crisis"))


def said(label: str, *, today: str = IN_TIME, country: str = "US", language: str = "en", **settings: object) -> str:
    words = crisis.rewriter(crisis.CrisisSettings(today=today, **settings))  # type: ignore[arg-type]
    text = words.rewrite(Finding(Span(0, 0), "crisis", label), "", About(language=language, country=country))
    assert text is not None
    return text


# ------------------------------------------------------------------------------------------------ pinned


def test_what_is_shipped_is_what_was_pinned() -> None:
    assert (FOLDER / MANIFEST).read_text() == manifest()
    assert set(read().texts) == set(LANGUAGES)


def _changed(folder: Path) -> None:
    file = folder / "services.toml"
    file.write_bytes(file.read_bytes().replace(b"988", b"989", 1))


def _missing(folder: Path) -> None:
    (folder / "fr.toml").unlink()


def _added(folder: Path) -> None:
    shutil.copy(folder / "fr.toml", folder / "nl.toml")


def _unpinned(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def _garbled(folder: Path) -> None:
    (folder / MANIFEST).write_text("what is this\n")


@pytest.mark.parametrize("harm", [_changed, _missing, _added, _unpinned, _garbled])
def test_a_file_that_is_not_what_was_pinned_stops_the_start(folder: Path, harm: Callable[[Path], None]) -> None:
    """Fail closed: one changed digit of a helpline is enough."""
    read(folder)
    harm(folder)
    with pytest.raises(PolicyError):
        read(folder)


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("en.toml", "{emergency} now. Do", "someone now. Do"),
        ("en.toml", "{line}If", "{rhyme}If"),
        ("en.toml", 'expires_on = "2027', 'expires_on = "2037'),
        ("en.toml", 'reviewed_by = ""', 'reviewed_by = "A. Reader"'),
        ("services.toml", 'expires_on = "2027-01-11"', 'expires_on = "2027-01-12"'),
        ("services.toml", 'emergency = "911"', 'emergency = ""'),
        ("services.toml", "[US]", "[US"),
    ],
)
def test_what_is_pinned_has_to_make_sense_too(folder: Path, file: str, before: str, after: str) -> None:
    """A lost blank loses the number; a row is good for 180 days at most (requirements 4.1)."""
    path = folder / file
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after, 1))
    (folder / MANIFEST).write_text(manifest(folder))
    with pytest.raises(PolicyError):
        read(folder)


def test_a_line_names_where_it_was_seen_and_a_country_without_one_says_so() -> None:
    for row in shipped().services.values():
        assert ("emergency number only" in row.source or "EU-wide" in row.source) == (not row.line)
    assert shipped().services["FR"].shown == "3114 (24/7)"
    assert shipped().services["GB"].shown == ""


# ------------------------------------------------------------------------------------------------ expired


def test_an_expired_line_gives_way_to_the_directories_and_the_number_stays() -> None:
    """Never a stale helpline."""
    assert "988" in said("self_harm")
    late = said("self_harm", today=TOO_LATE)
    assert "988" not in late
    assert "911" in late
    assert "findahelpline.com, befrienders.org" in late


def test_an_expired_text_names_no_line_although_the_row_may_be_current() -> None:
    """It goes on speaking the reader's language, with the number and the directories only."""
    settings = crisis.CrisisSettings(today=DAYS_LATER)
    assert settings.expired("en")
    assert not crisis.CrisisSettings(today=IN_TIME).expired("en")
    assert crisis_data.DIRECTORY in said("self_harm", today=DAYS_LATER)


def test_a_deployers_own_texts_have_no_date_of_ours() -> None:
    own = {name: {"en": text["en"].replace(".", "!")} for name in crisis_data.NAMES if (text := shipped().table(name))}
    own["local_number"] = {"en": "the ward's own number"}
    own["method"] = {"en": "[Not shown!]"}
    assert not crisis.CrisisSettings(today=DAYS_LATER, **own).expired("en")  # type: ignore[arg-type]
    assert crisis.CrisisSettings(today=DAYS_LATER, **own).expired("fr")  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------ whose language


def test_own_texts_stand_on_top_of_ours_language_by_language() -> None:
    own = {"en": "Call {emergency}, or ring the ward's bell. A program wrote this."}
    assert "ward's bell" in said("emergency.question", emergency=own)
    assert "ward's bell" not in said("emergency.question", emergency=own, language="fr")


@pytest.mark.parametrize("text", ["", "Call {line}", "Call {emergency", "Call {emergency.x}", "Call {0}"])
def test_an_own_text_that_could_not_be_filled_in_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        crisis.CrisisSettings(emergency={"en": text})


def test_who_speaks_another_language_gets_the_policys_and_not_english() -> None:
    french = said("emergency.question", language="fr")
    words = crisis.rewriter(crisis.CrisisSettings(today=IN_TIME, language="fr"))
    finding = Finding(Span(0, 0), "crisis", "emergency.question")
    assert words.rewrite(finding, "", About(language="xx", country="US")) == french
    assert words.rewrite(finding, "", About(language="fr-CA", country="US")) == french


def test_what_is_not_written_in_a_language_is_told() -> None:
    assert crisis.CrisisSettings().missing("nl") == crisis_data.NAMES
    assert "method" not in crisis.CrisisSettings(method={"nl": "[weggelaten]"}).missing("nl-BE")
    assert crisis.CrisisSettings().missing("pt-BR") == ()
    assert notice.NoticeSettings().missing("nl") == ("texts", "human", "reminder")


# ------------------------------------------------------------------------------------------------ wording (4.2)


def filled(text: Text, name: str) -> str:
    line = text.line.format(service="Some Crisis Line 0800 123 456 (24/7)")
    words: str = getattr(text, name)
    return words.format(emergency="112", line=line)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["emergency", "self_harm", "clinician"])
def test_a_text_is_short(language: str, name: str) -> None:
    """At most 110 words (Chinese: 220 characters), the line included."""
    text = filled(shipped().texts[language], name)
    assert len(text) <= 220 if language in NO_SPACES else len(text.split()) <= 110


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_for_people_in_danger_say_that_they_come_from_a_program_and_how_to_get_help(language: str) -> None:
    program = "program|informátic|informatique|informatico|computador|برنامج|程序|प्रोग्राम|программ"
    for name in ("emergency", "self_harm"):
        text = filled(shipped().texts[language], name)
        assert re.search(program, text, re.IGNORECASE)
        assert "112" in text
    assert "0800 123 456" in filled(shipped().texts[language], "self_harm")


FORBIDDEN = (
    r"\b(?:commit(?:ted|s|ting)? suicide|(?:un)?successful|failed|epidemic|selfish|coward|attention|"
    r"i'm here|i am here|always|never alone|i understand|i feel|i care|sorry|secret|promise|"
    r"because of|romantic|peace|pills|tablets|rope|bridge|knife|gun|blade|cometi\w+ suicidio|cometeu suic\w+|"
    r"commis un suicide|selbstmord|freitod|suicidio consumado|suicidio logrado)\b|自杀成功"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_blames_promises_feels_or_names_a_method(language: str) -> None:
    """WHO's media resource and #chatsafe, as requirements 4.2 sum them up."""
    for name in crisis_data.NAMES:
        assert not re.search(FORBIDDEN, getattr(shipped().texts[language], name), re.IGNORECASE)


def test_the_check_of_the_wording_can_fail() -> None:
    for bad in ("He committed suicide.", "I'm here for you", "a failed attempt", "take the pills"):
        assert re.search(FORBIDDEN, bad, re.IGNORECASE)


def test_the_english_text_says_that_help_works_and_that_the_reader_may_go_on_writing() -> None:
    text = shipped().texts["en"]
    assert "Help works, and many people recover." in text.self_harm
    assert text.self_harm.endswith("You can keep writing here.")
    assert text.stay.endswith("You can keep writing here.")


def test_every_text_is_a_draft_until_a_named_person_signs_it() -> None:
    """This release says so honestly: nobody has."""
    assert all(text.is_draft for text in shipped().texts.values())
    row = shipped().texts["en"].model_dump() | {"reviewed_by": "Dr A. Reader", "reviewed_on": "2026-11-25"}
    assert not Text(**row).is_draft


def test_an_attempt_under_way_hears_of_the_emergency_first() -> None:
    about = About(language="en", country="US", assessment=Assessment(True, ("emergency",), Risk.SELF_HARM))
    text = crisis.rewriter(crisis.CrisisSettings(today=IN_TIME)).rewrite(
        Finding(Span(0, 0), "crisis", "self_harm"), "", about
    )
    assert text is not None
    assert text.index("can mean an emergency") < text.index("something very hard")
    assert text.count("988") == 1


def test_a_row_without_a_line_has_nothing_to_show() -> None:
    row = Service(emergency="112", source="made up", verified_on="2026-01-01", expires_on="2026-03-01", hours="24/7")
    assert row.shown == ""
