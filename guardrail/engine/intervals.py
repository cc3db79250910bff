"""How far two written dates lie apart, so that a redacted date keeps its meaning for medicine, and how a date is
written some days away from itself.

Knows no placeholder and no text around the date. A date is read only where it can mean one day:
`03/04/2024` needs the order of day and month from the policy, a two-digit year is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
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
# How months are written again. What two languages share counts as English, or as none if English has not got it.
_WRITTEN: Final = tuple(
    tuple(names.split())
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    )
)
_ENGLISH: Final = 2
_CLOCK: Final = r"(?:[t ,]+(?:at )?\d{1,2}:\d{2}.*)?"
_ISO: Final = re.compile(rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_CLOCK}", re.IGNORECASE)
_COMPACT: Final = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_NUMERIC: Final = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<sign>[-/.])(?P<b>\d{{1,2}})(?P=sign)(?P<y>\d{{4}}){_CLOCK}", re.IGNORECASE
)
_DAY_FIRST: Final = re.compile(
    r"(?P<d>\d{1,2})(?P<nth>st|nd|rd|th|º|\.|er)?[ -]+"
    rf"(?:of |de |d['\u2019])?(?P<m>[^\W\d_]+)\.?[ ,-]+(?:de |del )?(?P<y>\d{{4}}){_CLOCK}",
    re.IGNORECASE,
)
_MONTH_FIRST: Final = re.compile(
    rf"(?P<m>[^\W\d_]+)\.?[ -]+(?P<d>\d{{1,2}})(?P<nth>st|nd|rd|th)?[ ,-]+(?P<y>\d{{4}}){_CLOCK}", re.IGNORECASE
)
_SOMEWHERE: Final = re.compile(
    r"(?<![\w/.-])(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4}"
    r"|\d{1,2}(?:st|nd|rd|th|º|\.|er)?[ -]{1,2}(?:of |de |d['\u2019])?[^\W\d_]{3,10}\.?[ ,-]{1,2}(?:de |del )?\d{4}"
    r"|[^\W\d_]{3,10}\.?[ -]{1,2}\d{1,2}(?:st|nd|rd|th)?[ ,-]{1,2}\d{4})(?![^\W_tT]|[/-]\d)",
    re.IGNORECASE,
)
_WEEKDAY: Final = re.compile(r"^(?:[^\W\d_]+day|mon|tues?|wed|thu(?:rs)?|fri|sat|sun)\.?,? +", re.IGNORECASE)

_MOST_DAYS: Final = 32_507
"""89 years: a longer distance would tell an age over 89 (45 CFR 164.514(b)(2)(i)(C))."""


def read_date(text: str, order: DateOrder = "") -> date | None:
    """The one day that `text` can mean, else None. `order` decides `a/b/year` where both could be the month."""
    plain = _WEEKDAY.sub("", " ".join(text.lower().split()))
    if match := _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _day(match["y"], match["m"], match["d"])
    if match := _NUMERIC.fullmatch(plain):
        return _numeric(match["a"], match["b"], match["y"], "dmy" if match["sign"] == "." else order)
    if match := _DAY_FIRST.fullmatch(plain) or _MONTH_FIRST.fullmatch(plain):
        return _day(match["y"], _MONTHS.get(match["m"]), match["d"])
    return None


def find_dates(text: str, order: DateOrder = "") -> Iterator[tuple[int, int, date]]:
    """Where dates stand that can be read, without the time of day."""
    for match in _SOMEWHERE.finditer(text):
        if (day := read_date(match[0], order)) is not None:
            yield *match.span(), day


def moved(text: str, days: int, order: DateOrder = "") -> str | None:
    """The date so many days later, written as it was; None if that can't be done. Weekdays stand whole weeks only."""
    day = read_date(text, order)
    weekday = _WEEKDAY.match(text)
    if day is None or (weekday and days % 7):
        return None
    try:
        later = day + timedelta(days)
    except OverflowError:
        return None
    head, body = text[: weekday.end() if weekday else 0], text[weekday.end() if weekday else 0 :]
    for pattern in (_ISO, _NUMERIC, _DAY_FIRST, _MONTH_FIRST):
        if match := pattern.fullmatch(body):
            parts = _parts(match, day, later)
            written = None if parts is None else head + _written(match, parts)
            return written if written and read_date(written, order) == later else None
    return None


def _parts(match: re.Match[str], day: date, later: date) -> dict[str, str] | None:
    """The new words by the names of the groups that they replace."""
    groups = match.groupdict()
    names = {"y": f"{later.year:04d}"}
    month, number = ("m", "d") if "d" in groups else ("a", "b") if int(groups["a"]) == day.month else ("b", "a")
    padded = match.re is _ISO or any((groups[name] or "").startswith("0") for name in (month, number))
    width = 2 if padded and match.re is not _MONTH_FIRST else 1
    if match.re is _ISO and "1" in (str(len(groups["m"])), str(len(groups["d"]))):
        width = 1
    names[number] = f"{later.day:0{width}d}"
    written = f"{later.month:0{width}d}" if groups[month].isdigit() else _month(match, day, later)
    if written is None:
        return None
    names[month] = written
    if groups.get("nth"):
        names["nth"] = _nth(groups["nth"], later.day)
    return names


def _month(match: re.Match[str], day: date, later: date) -> str | None:
    name = match["m"]
    plain = "sep" if name.lower() == "sept" else name.lower()
    rows = [at for at, row in enumerate(_WRITTEN) if row[day.month - 1] == plain]
    if not rows or (rows[0] >= _ENGLISH and len({_WRITTEN[at][later.month - 1] for at in rows}) > 1):
        return None
    is_short = match.string.startswith(".", match.end("m")) and 1 in rows
    found = _WRITTEN[1 if is_short else rows[0]][later.month - 1]
    return found.upper() if name.isupper() else found.capitalize() if name[0].isupper() else found


def _nth(nth: str, day: int) -> str:
    if nth.lower() in ("st", "nd", "rd", "th"):
        ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        return ending.upper() if nth.isupper() else ending
    if nth.lower() == "er":
        return nth if day == 1 else ""
    return nth


def _written(match: re.Match[str], parts: dict[str, str]) -> str:
    text = match.string
    for name in sorted(parts, key=match.start, reverse=True):
        text = text[: match.start(name)] + parts[name] + text[match.end(name) :]
    return text


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
