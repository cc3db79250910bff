"""How far two written dates lie apart, so that a redacted date keeps its meaning for medicine.

Knows no placeholder and no text around the date. A date is read only where it can mean one day:
`03/04/2024` needs the order of day and month from the policy, a two-digit year is never guessed.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal

DateOrder = Literal["mdy", "dmy", ""]

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene janvier januar janeiro gennaio",
            "february feb febrero février fevrier februar fevereiro febbraio",
            "march mar marzo mars märz maerz março marco",
            "april apr abril abr avril aprile",
            "may mayo mai maio maggio",
            "june jun junio juin juni junho giugno",
            "july jul julio juillet juli julho luglio",
            "august aug agosto août aout",
            "september sep sept septiembre septembre setembro settembre",
            "october oct octubre octobre oktober outubro ottobre",
            "november nov noviembre novembre novembro",
            "december dec diciembre décembre decembre dezember dezembro dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
_CLOCK: Final = r"(?:[t ,]+(?:at )?\d{1,2}:\d{2}.*)?"
_ISO: Final = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC: Final = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_CLOCK}")
_DAY_FIRST: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|º|\.|er)?[ -]+"
    rf"(?:of |de |d['\u2019])?([^\W\d_]+)\.?[ ,-]+(?:de |del )?(\d{{4}}){_CLOCK}"
)
_MONTH_FIRST: Final = re.compile(rf"([^\W\d_]+)\.?[ -]+(\d{{1,2}})(?:st|nd|rd|th)?[ ,-]+(\d{{4}}){_CLOCK}")
_WEEKDAY: Final = re.compile(r"^(?:[^\W\d_]+day|mon|tues?|wed|thu(?:rs)?|fri|sat|sun)\.?,? +", re.IGNORECASE)

_MOST_DAYS: Final = 32_507
"""89 years: a longer distance would tell an age over 89 (45 CFR 164.514(b)(2)(i)(C))."""


def read_date(text: str, order: DateOrder = "") -> date | None:
    """The one day that `text` can mean, else None. `order` decides `a/b/year` where both could be the month."""
    plain = _WEEKDAY.sub("", " ".join(text.lower().split()))
    if match := _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _day(match[1], match[2], match[3])
    if match := _NUMERIC.fullmatch(plain):
        return _numeric(match[1], match[3], match[4], "dmy" if match[2] == "." else order)
    if match := _DAY_FIRST.fullmatch(plain):
        return _day(match[3], _MONTHS.get(match[2]), match[1])
    if match := _MONTH_FIRST.fullmatch(plain):
        return _day(match[3], _MONTHS.get(match[1]), match[2])
    return None


def distance(later: date, anchor: date, anchor_name: str) -> str:
    """In words: `3 days after DATE_1`, `same day as DATE_1`. Units: days, as length of stay is counted."""
    days = (later - anchor).days
    if days == 0:
        return f"same day as {anchor_name}"
    side = "after" if days > 0 else "before"
    if abs(days) > _MOST_DAYS:
        return f"over 89 years {side} {anchor_name}"
    return f"{abs(days)} {'day' if abs(days) == 1 else 'days'} {side} {anchor_name}"


def _numeric(first: str, second: str, year: str, order: DateOrder) -> date | None:
    month_first, day_first = _day(year, first, second), _day(year, second, first)
    if month_first and day_first and month_first != day_first:
        return {"mdy": month_first, "dmy": day_first}.get(order)
    return month_first or day_first


def _day(year: str, month: str | int | None, day: str) -> date | None:
    if month is None:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # the 31st of February
        return None
