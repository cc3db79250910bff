"""When the notice is due, and how long it is: the whole matrix, cell by cell (WHO-01, WHO-02, requirements 2.4)."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from guardrail.policy.merge import merge
from guardrail.policy.notices import CHANNELS, FORMS, UNSPECIFIED, Notices, Situation, decide, is_minor

HOUR, DAY = 3600.0, 86_400.0
SHORT = Notices(form="brief", every_minutes=180, minors_every_minutes=60, gap_hours=24, reminder_turns=20)
"""A policy that says it in full only when that is due."""
ADULT = Situation(
    channel="chat", surface="patient", age_band="40-64", turn=3, since_notice=10 * 60.0, in_session=12 * 60.0
)


def test_the_default_says_it_in_full_in_every_answer() -> None:
    """Of all situations there are, none has less unless the policy asks for less."""
    for channel, surface, band, reviewed, turn, since in product(
        (*CHANNELS, UNSPECIFIED),
        ("patient", "clinician", "admin", "research", "education"),
        ("0-12", "13-17", "40-64", UNSPECIFIED),
        (False, True),
        (1, 2, 7, 20),
        (None, 0.0, 4 * HOUR, 8 * DAY),
    ):
        seen = Situation(channel, surface, band, reviewed, turn=turn, since_notice=since)
        assert decide(Notices(), seen).form == "full"


@pytest.mark.parametrize(
    ("change", "form", "duty"),
    [
        ({}, "brief", ()),
        ({"turn": 1}, "full", ("session_start",)),
        ({"asked": True}, "full", ("asked",)),
        ({"channel": "letter"}, "full", ("start_of_letter",)),
        ({"channel": "audio"}, "full", ("start_of_audio",)),
        ({"since_notice": 2 * HOUR}, "brief", ()),
        ({"since_notice": 3 * HOUR}, "full", ("every_minutes",)),
        ({"since_notice": None}, "full", ("gap", "every_minutes")),
        ({"since_notice": 25 * HOUR}, "full", ("gap", "every_minutes")),
        ({"since_notice": 1 * HOUR, "age_band": "13-17"}, "full", ("every_minutes",)),
        ({"since_notice": 1 * HOUR, "age_band": UNSPECIFIED}, "full", ("every_minutes",)),
        ({"since_notice": 1 * HOUR, "age_band": UNSPECIFIED, "surface": "clinician"}, "brief", ()),
        ({"turn": 20}, "full", ("long_by_turns",)),
        ({"turn": 21}, "brief", ()),
        ({"turn": 40}, "full", ("long_by_turns",)),
        ({"since_notice": 3 * HOUR, "in_session": 3 * HOUR}, "full", ("every_minutes", "long_by_minutes")),
    ],
)
def test_one_row_each(change: dict[str, object], form: str, duty: tuple[str, ...]) -> None:
    """From the middle of an adult's chat, one thing is changed."""
    shown = decide(SHORT, replace(ADULT, **change))  # type: ignore[arg-type]
    assert (shown.form, shown.duties) == (form, duty)


def test_the_strictest_row_wins() -> None:
    """Adding a reason never makes the notice shorter."""
    reasons: list[dict[str, object]] = [
        {"asked": True},
        {"turn": 1},
        {"channel": "letter"},
        {"since_notice": None},
        {"age_band": "0-12"},
    ]
    for rules in (SHORT, Notices(form="mark", reviewed="mark"), Notices(form="brief", throughout=("chat",))):
        for one, other in product(reasons, reasons):
            alone = decide(rules, replace(ADULT, **one))  # type: ignore[arg-type]
            both = decide(rules, replace(ADULT, **one, **other)) if one.keys() != other.keys() else alone  # type: ignore[arg-type]
            assert FORMS.index(both.form) >= FORMS.index(alone.form)


@pytest.mark.parametrize(
    ("channel", "form"), [("chat", "full"), ("video", "full"), (UNSPECIFIED, "full"), ("letter", "full")]
)
def test_throughout_chats_and_videos(channel: str, form: str) -> None:
    """California: displayed throughout; a channel that nobody names counts as one of them."""
    rules = Notices(form="brief", throughout=("chat", "video"), gap_hours=None, every_minutes=None)
    assert decide(rules, replace(ADULT, channel=channel)).form == form


def test_spoken_answers_have_it_at_both_ends() -> None:
    """California: spoken at the start and at the end."""
    spoken = decide(SHORT, replace(ADULT, channel="audio"))
    assert (spoken.form, spoken.closing) == ("full", True)
    assert not decide(SHORT, ADULT).closing


def test_a_signed_review_exempts_only_where_the_policy_says_so() -> None:
    """California AB 3030 exempts what a licensed professional has read; other rules go on."""
    seen = replace(ADULT, reviewed=True, turn=1, since_notice=None)
    assert decide(Notices(), seen).form == "full"
    assert decide(Notices(reviewed="mark"), seen).form == "mark"
    assert decide(Notices(reviewed="mark"), replace(seen, asked=True)).form == "full"
    assert decide(Notices(reviewed="mark"), replace(seen, reviewed=False)).form == "full"


def test_who_asks_is_told() -> None:
    """Utah: on clear request."""
    assert decide(SHORT, replace(ADULT, asked=True)).human
    assert not decide(SHORT, ADULT).human


def test_who_counts_as_a_minor() -> None:
    """WHO-54: on consumer surfaces also those whose age nobody tells."""
    assert is_minor(SHORT, replace(ADULT, age_band="13-17"))
    assert is_minor(SHORT, replace(ADULT, age_band=UNSPECIFIED))
    assert not is_minor(SHORT, replace(ADULT, age_band=UNSPECIFIED, surface="research"))
    assert not is_minor(SHORT, ADULT)


def test_a_simulated_session_of_four_hours_is_reminded_on_time() -> None:
    """A message every ten minutes, and the time of the last full notice is told: adults after 3 h, minors hourly."""
    for band, due in (("40-64", [0, 180]), ("13-17", [0, 60, 120, 180, 240])):
        last: int | None = None
        shown: list[int] = []
        for turn, minute in enumerate(range(0, 241, 10), 1):
            since = None if last is None else float((minute - last) * 60)
            seen = Situation("chat", "patient", band, turn=turn, since_notice=since, in_session=minute * 60.0)
            if decide(replace_turns(SHORT), seen).form == "full":
                shown.append(minute)
                last = minute
        assert shown == due


def replace_turns(rules: Notices) -> Notices:
    """Without the pauses by turns: only the clock counts here."""
    return rules.model_copy(update={"reminder_turns": None})


def test_packs_merge_to_the_strictest() -> None:
    """WHO-81: the union of the duties."""
    base = {"notices": {"form": "brief", "every_minutes": 180, "throughout": ["chat"], "reviewed": "mark"}}
    own = {
        "notices": {"form": "mark", "every_minutes": 60, "throughout": ["video"], "reviewed": "full", "gap_hours": 168}
    }
    merged = merge(base, own)["notices"]
    assert merged == {
        "form": "brief",
        "every_minutes": 60,
        "throughout": ["chat", "video"],
        "reviewed": "full",
        "gap_hours": 168,
    }
