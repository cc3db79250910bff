"""When the notice is said, how long it is, and what is said with it: a table, the strictest row wins (WHO-01, WHO-02).

Inputs are channel, surface, a signed review, age, the time since the last notice, the turn, and whether the reader
asked if a person answers. Jurisdictions are packs of these settings. Pure; what is not known asks for most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field, StrictBool, StrictInt

from guardrail.policy.base import Code, Model

Form = Literal["mark", "brief", "full"]
FORMS: Final[tuple[Form, ...]] = ("mark", "brief", "full")
"""No words (header and members only), origin only, origin and limit; from the mildest to the strictest."""
CHANNELS: Final = ("chat", "letter", "audio", "video")
UNSPECIFIED: Final = "unspecified"

Turns = Annotated[StrictInt, Field(ge=1, le=10_000)]
Minutes = Annotated[StrictInt, Field(ge=1, le=100_000)]


class Notices(Model):
    """The policy's part `notices`. Everything that is due is said; a setting that is left out is never due."""

    form: Form = "full"
    """Of every answer for which nothing else is due."""
    throughout: Annotated[tuple[Code, ...], Field(max_length=8)] = ()
    """Channels in which every answer has the notice in full (California: chats and videos)."""
    every_turns: Turns | None = None
    every_minutes: Minutes | None = 180
    gap_hours: Annotated[StrictInt, Field(ge=1, le=10_000)] | None = 24
    """After so long a gap it is said in full again."""
    minors: Annotated[tuple[Code, ...], Field(max_length=40)] = ("0-12", "13-17")
    minors_every_minutes: Minutes | None = 60
    consumer_surfaces: Annotated[tuple[Code, ...], Field(max_length=40)] = ("patient",)
    """Where somebody whose age nobody tells counts as a minor."""
    reminder_turns: Turns | None = 20
    """A pause is proposed after so many turns, and after `every_minutes`."""
    reviewed: Form = "full"
    """What is still said of an answer that the application signs as read by a licensed professional."""
    human_route: StrictBool = False
    """A notice in full also says how people are reached: `gates.human_route` (California HSC 1339.75)."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of one exchange. Seconds are None where nobody tells them; `turn` counts from 1."""

    channel: str = UNSPECIFIED
    surface: str = UNSPECIFIED
    age_band: str = UNSPECIFIED
    reviewed: bool = False
    asked: bool = False
    turn: int = 1
    since_notice: float | None = None
    in_session: float | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What is said: the form, a pause, "this is no person", and the notice once more at the end. `duties` says why."""

    form: Form = "full"
    reminder: bool = False
    human: bool = False
    closing: bool = False
    duties: tuple[str, ...] = ()


def decide(rules: Notices, seen: Situation) -> Shown:
    """The union of all duties."""
    full = list(_full(rules, seen))
    pause = list(_pause(rules, seen))
    lowest = rules.reviewed if seen.reviewed else rules.form
    exempt = seen.reviewed and rules.reviewed != "full" and not seen.asked
    form: Form = "full" if (full or pause) and not exempt else lowest
    return Shown(
        form=form,
        reminder=bool(pause),
        human=seen.asked,
        closing=seen.channel == "audio" and form != "mark",
        duties=(*full, *pause),
    )


def _full(rules: Notices, seen: Situation) -> Iterator[str]:
    """Why the notice is due in full."""
    if seen.asked:
        yield "asked"
    if seen.turn == 1:
        yield "session_start"
    if seen.channel in ("letter", "audio"):
        yield f"start_of_{seen.channel}"
    if seen.channel in rules.throughout or (rules.throughout and seen.channel == UNSPECIFIED):
        yield "throughout"
    if rules.every_turns and (seen.turn - 1) % rules.every_turns == 0:
        yield "every_turns"
    yield from _by_the_clock(rules, seen)


def _by_the_clock(rules: Notices, seen: Situation) -> Iterator[str]:
    if rules.gap_hours is not None and _passed(seen.since_notice, rules.gap_hours * 3600):
        yield "gap"
    minutes = _minutes(rules, seen)
    if minutes is not None and _passed(seen.since_notice, minutes * 60):
        yield "every_minutes"


def _minutes(rules: Notices, seen: Situation) -> int | None:
    bounds = [rules.every_minutes, rules.minors_every_minutes if is_minor(rules, seen) else None]
    known = [bound for bound in bounds if bound is not None]
    return min(known) if known else None


def is_minor(rules: Notices, seen: Situation) -> bool:
    """True for the young, and on consumer surfaces for those whose age nobody tells (WHO-54)."""
    unknown = seen.age_band == UNSPECIFIED and seen.surface in (*rules.consumer_surfaces, UNSPECIFIED)
    return seen.age_band in rules.minors or unknown


def _pause(rules: Notices, seen: Situation) -> Iterator[str]:
    """Why a pause is proposed. By the clock only if the clock is told: an application without one is not nagged."""
    if rules.reminder_turns and seen.turn > 1 and seen.turn % rules.reminder_turns == 0:
        yield "long_by_turns"
    minutes = _minutes(rules, seen)
    long = minutes is not None and seen.in_session is not None and seen.in_session >= minutes * 60
    if long and minutes is not None and _passed(seen.since_notice, minutes * 60):
        yield "long_by_minutes"


def _passed(seconds: float | None, bound: float) -> bool:
    """True if so long has passed, and if nobody knows."""
    return seconds is None or seconds >= bound
