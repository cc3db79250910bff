"""What may stand for a patient's data besides a placeholder: less of it (a year, a ZIP code's beginning, a state,
`90+`), a date some weeks away, or nothing. Pure functions over one value; what they can't do is None, and a
placeholder is used.

Rules: 45 CFR 164.514(b)(2)(i)(B) for places, (C) for dates and ages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from guardrail.engine.intervals import DateOrder, moved, read_date

Operator = Literal["placeholder", "generalise", "shift", "drop"]
"""`placeholder`: numbered, restored; `generalise`: less, not restored; `shift`: another day, restored; `drop`: gone."""

DEFAULTS: Final[Mapping[str, Operator]] = {"AGE_OVER_89": "generalise"}
"""What is done where a policy says nothing; for every other label a placeholder."""

STRICTEST: Final[tuple[Operator, ...]] = ("shift", "generalise", "placeholder", "drop")
"""From the one that tells most to the one that tells least."""

_ALSO: Final[Mapping[str, tuple[Operator, ...]]] = {
    "DATE": ("generalise", "shift"),
    "AGE_OVER_89": ("generalise",),
    "ADDRESS": ("generalise",),
    "LOCATION": ("generalise",),
}


def operators_for(label: str) -> tuple[Operator, ...]:
    """What can be done about a label."""
    return ("placeholder", *_ALSO.get(label, ()), "drop")


RESTRICTED_ZIP3: Final = frozenset(
    """
    036 059 063 102 202 203 204 205 369 556 692 753 772 790 821 823 830 831 878 879 884 890 893
    """.split()  # noqa: SIM905 - a table
)
"""Areas of 20,000 people or fewer, whose first three digits are changed to 000.

Both lists together, since a prefix on either may be a small area: that of the Department of Health (2000 Census, in
its guidance on de-identification of 26 November 2012: 036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890
893) and the same count of the 2010 Census (036 059 102 202 203 204 205 369 556 692 753 772 821 823 878 879 884 893).
"""

_STATES: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|District of Columbia|Florida|Georgia"
    "|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota"
    "|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina"
    "|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Puerto Rico|Rhode Island|South Carolina|South Dakota|Tennessee"
    "|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming"
)
_CODES: Final = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR"
    "|PA|PR|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
_STATE: Final = rf"(?P<state>{_STATES}|(?:{_CODES})(?![A-Za-z]))"
_ZIP: Final = r"(?P<zip>\d{3})\d{2}(?:-\d{4})?"
_ENDS_IN_STATE: Final = re.compile(rf"(?:\A|,\s*|\s){_STATE}\.?(?:,?\s+{_ZIP})?\s*\Z")
_GENERAL: Final = re.compile(rf"\s*(?:{_STATE} )?\d{{3}}\s*|a place")
_ZIP_ALONE: Final = re.compile(rf"\s*{_ZIP}\s*")
_STATE_BESIDE: Final = re.compile(rf"\s*,\s*{_STATE}(?!\w)")
_A_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_AGE: Final = re.compile(
    r"\d{2,3}|ninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:a|one)[ -]hundred(?:(?:[ -]and)?[ -](?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))?",
    re.IGNORECASE,
)
_OVER: Final = "90+"
_YEARS_AGO: Final = "90+ years ago"
_A_PLACE: Final = "a place"


def age(value: str) -> str | None:
    """`90+` for an age over 89, the words behind it kept; a birth year that tells one becomes `90+ years ago`."""
    if _A_YEAR.fullmatch(value.strip()):
        return _YEARS_AGO
    found = _AGE.match(value.strip())
    return _OVER + value.strip()[found.end() :] if found else _OVER


def year(value: str, this_year: int) -> str | None:
    """The year of a date that names one. A year that would tell an age over 89 becomes `90+ years ago`."""
    day = read_date(value)
    years = [str(day.year)] if day else list(dict.fromkeys(_A_YEAR.findall(value)))
    if len(years) != 1:
        return None
    return _YEARS_AGO if tells_old_age(int(years[0]), this_year) else years[0]


def tells_old_age(born: int, this_year: int) -> bool:
    """True for a year in which somebody over 89 could have been born."""
    return born <= this_year - 90


def place(value: str) -> str | None:
    """The state and the first three digits of a ZIP code that an address ends in: `IL 627`, `IL`, `627`.

    What has become of a place in an earlier turn stays.
    """
    if _GENERAL.fullmatch(value):
        return value
    if alone := _ZIP_ALONE.fullmatch(value):
        return _zip3(alone["zip"])
    if (found := _ENDS_IN_STATE.search(value)) is None:
        return None
    return f"{found['state']} {_zip3(found['zip'])}" if found["zip"] else found["state"]


def place_beside_state(after: str) -> str | None:
    """For a town whose state stands behind it and is kept: `a place` (", IL")."""
    return _A_PLACE if _STATE_BESIDE.match(after) else None


def shifted(value: str, days: int, this_year: int, order: DateOrder = "") -> str | None:
    """The date `days` later in the same writing. None if it can't be read, or would tell an age over 89."""
    day = read_date(value, order)
    return None if day is None or tells_old_age(day.year, this_year) else moved(value, days, order)


def generalised(label: str, value: str, this_year: int) -> str | None:
    """What is left of a value under `generalise`, None if nothing can be told."""
    if label == "AGE_OVER_89":
        return age(value)
    if label == "DATE":
        return year(value, this_year)
    return place(value) if label in ("ADDRESS", "LOCATION") else None


def _zip3(digits: str) -> str:
    return "000" if digits in RESTRICTED_ZIP3 else digits
