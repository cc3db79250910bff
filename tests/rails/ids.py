"""Valid values of every structured identifier, made from a seed, with the cues that people write before them.

Knows the rules of each number by their public descriptions, not by the product's code: the check digits are worked
out here once more. All values are invented; reserved ranges (555-01xx, example.org, 192.0.2.0/24) where there are any.
"""

from __future__ import annotations

import base64
import random
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

Rng = random.Random
Make = Callable[[Rng], str]

_CODES: Final = "ABCEFGHJKLPRTUVXZ"
"""Letters that spell no "no", "id" or "in": those before a number are part of the cue."""
_CONSONANTS: Final = "BCDFGHJKLMNPQRSTVWXYZ"


def _n(rng: Rng, size: int) -> str:
    """Digits; the first is none of 0, the whole not all of one digit."""
    return rng.choice("123456789") + "".join(rng.choices(string.digits, k=size - 1))


def _a(rng: Rng, size: int, letters: str = _CODES) -> str:
    return "".join(rng.choices(letters, k=size))


def _d(rng: Rng, size: int) -> str:
    return "".join(rng.choices(string.digits, k=size))


def _group(rng: Rng) -> str:
    """Four hexadecimal digits at most, of IPv6."""
    return f"{rng.randrange(1, 65536):x}"


def _grouped(value: str, *sizes: int, by: str = " ") -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(value[at : at + size])
        at += size
    return by.join(parts)


def _until(rng: Rng, make: Callable[[Rng], str | None]) -> str:
    """Tries until a value has a check digit at all (some sums have none)."""
    while (value := make(rng)) is None:
        pass
    return value


def _luhn(body: str) -> str:
    total = 0
    for at, char in enumerate(reversed(body)):
        twice = int(char) * (2 if at % 2 == 0 else 1)
        total += twice - 9 if twice > 9 else twice
    return str(-total % 10)


def _weighed(body: str, weights: Sequence[int]) -> int:
    return sum(int(char) * weight for char, weight in zip(body, weights, strict=True))


def _ymd(rng: Rng) -> tuple[int, int, int]:
    return rng.randint(1932, 2019), rng.randint(1, 12), rng.randint(1, 28)


# --- United States -----------------------------------------------------------------------------------------------


def _ssn(rng: Rng) -> str:
    by = rng.choice(["-", " ", ".", ""])
    area = rng.choice([number for number in range(1, 900) if number != 666])
    return f"{area:03}{by}{rng.randint(1, 99):02}{by}{rng.randint(1, 9999):04}"


def _itin(rng: Rng) -> str:
    by = rng.choice(["-", " ", ""])
    return f"9{rng.randint(0, 99):02}{by}{rng.choice([50, 65, 70, 88, 90, 92, 94, 99])}{by}{rng.randint(0, 9999):04}"


def _mbi(rng: Rng) -> str:
    letters = "ACDEFGHJKMNPQRTUVWXY"
    both = letters + string.digits
    one = rng.choice("123456789") + rng.choice(letters) + rng.choice(both) + rng.choice(string.digits)
    two = rng.choice(letters) + rng.choice(both) + rng.choice(string.digits)
    three = _a(rng, 2, letters) + _a(rng, 2, string.digits)
    return rng.choice(["-", "", " "]).join((one, two, three))


def _npi(rng: Rng) -> str:
    body = rng.choice("12") + _a(rng, 8, string.digits)
    return body + _luhn("80840" + body)


def _dea(rng: Rng) -> str:
    body = _a(rng, 6, string.digits)
    total = sum(int(body[at]) for at in (0, 2, 4)) + 2 * sum(int(body[at]) for at in (1, 3, 5))
    return rng.choice("ABFGM") + rng.choice(string.ascii_uppercase) + body + str(total % 10)


def _mrn(rng: Rng) -> str:
    return rng.choice(
        [
            _a(rng, 8, string.digits),
            _n(rng, 6),
            _n(rng, 7),
            f"{_n(rng, 2)}-{_n(rng, 2)}-{_n(rng, 2)}",
            f"{_n(rng, 3)}-{_n(rng, 4)}",
            f"{_a(rng, 1)}{_n(rng, 7)}",
            f"{_a(rng, 2)}-{_n(rng, 6)}",
            f"{_a(rng, 3)}{_n(rng, 5)}",
            f"{_n(rng, 3)} {_n(rng, 3)} {_n(rng, 3)}",
            f"00{_n(rng, 8)}",
            f"E{_n(rng, 9)}",
            f"{_n(rng, 7)}{_a(rng, 1)}",
            f"{_n(rng, 4)}/{_n(rng, 2)}",
            f"{_n(rng, 4)}.{_n(rng, 4)}",
            f"{_a(rng, 1)}{_n(rng, 2)}{_a(rng, 1)}{_n(rng, 3)}",
        ]
    )


def _state_license(rng: Rng) -> str:
    return rng.choice(
        [
            f"{_a(rng, 1)}{_n(rng, 7)}",
            f"{_a(rng, 1)}{_n(rng, 3)}-{_n(rng, 4)}-{_n(rng, 4)}",
            f"{_a(rng, 1)}{_n(rng, 12)}",
            f"{_n(rng, 8)}",
            f"{_n(rng, 9)}",
            f"{_a(rng, 2)}-{_n(rng, 6)}",
            f"{_a(rng, 2)}{_n(rng, 6)}{_a(rng, 1)}",
            f"{_n(rng, 3)} {_n(rng, 3)} {_n(rng, 3)}",
        ]
    )


def _medical_license(rng: Rng) -> str:
    return rng.choice(
        [f"{_a(rng, 1)}{_n(rng, 5)}", f"MD{_n(rng, 6)}", f"ME-{_n(rng, 6)}", f"RN{_n(rng, 7)}", f"{_n(rng, 6)}"]
    )


def _member(rng: Rng) -> str:
    return rng.choice(
        [
            f"{_a(rng, 3)}{_n(rng, 9)}",
            f"W{_n(rng, 4)} {_n(rng, 5)}",
            f"{_a(rng, 3)} {_n(rng, 4)} {_n(rng, 5)}",
            f"{_n(rng, 9)}-{_n(rng, 2)}",
            f"{_n(rng, 10)}",
            f"{_a(rng, 1)}{_n(rng, 8)}",
            f"{_n(rng, 4)}-{_n(rng, 5)}",
        ]
    )


def _claim(rng: Rng) -> str:
    return rng.choice(
        [f"{_n(rng, 13)}", f"CLM-{_n(rng, 7)}", f"20{_n(rng, 2)}{_n(rng, 8)}", f"{_a(rng, 2)}{_n(rng, 9)}"]
    )


def _account(rng: Rng) -> str:
    return rng.choice(
        [_n(rng, 9), f"{_n(rng, 5)}-{_n(rng, 4)}-{_n(rng, 1)}", f"{_n(rng, 4)} {_n(rng, 4)} {_n(rng, 2)}", _n(rng, 12)]
    )


def _card(rng: Rng) -> str:
    kind = rng.choice(["visa", "master", "amex", "discover"])
    body = {
        "visa": "4" + _a(rng, 14, string.digits),
        "master": f"5{rng.randint(1, 5)}" + _a(rng, 13, string.digits),
        "amex": rng.choice(["34", "37"]) + _a(rng, 12, string.digits),
        "discover": "6011" + _a(rng, 11, string.digits),
    }[kind]
    number = body + _luhn(body)
    by = rng.choice([" ", "-", ""])
    return _grouped(number, *((4, 6, 5) if kind == "amex" else (4, 4, 4, 4)), by=by)


_IBANS: Final = {
    "DE": (18, ""), "FR": (0, "F"), "ES": (20, ""), "NL": (0, "N"), "GB": (0, "G"), "IT": (0, "I"), "PT": (21, ""),
    "CH": (17, ""), "AT": (16, ""), "BE": (12, ""), "SE": (20, ""), "PL": (24, ""), "DK": (14, ""), "NO": (11, ""),
}  # fmt: skip


def _iban(rng: Rng) -> str:
    country = rng.choice(sorted(_IBANS))
    size, special = _IBANS[country]
    body = {
        "": lambda: _d(rng, size),
        "F": lambda: _d(rng, 10) + _a(rng, 2) + _d(rng, 11),
        "N": lambda: _a(rng, 4) + _d(rng, 10),
        "G": lambda: _a(rng, 4) + _d(rng, 14),
        "I": lambda: _a(rng, 1) + _d(rng, 22),
    }[special]()
    number = "".join(str(int(char, 36)) for char in body + country + "00")
    whole = f"{country}{98 - int(number) % 97:02}{body}"
    return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4)) if rng.random() < 0.5 else whole


_VIN_VALUES: Final = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", [*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True)
)
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def _vin(rng: Rng) -> str:
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    maker = rng.choice(["1HG", "1FT", "2T1", "3VW", "4T1", "5YJ", "1G1", "JTD"])
    head = maker + _a(rng, 5, letters + string.digits)
    tail = rng.choice(letters) + rng.choice(letters) + _a(rng, 6, string.digits)
    whole = head + "0" + tail
    total = sum(
        (int(char) if char.isdigit() else _VIN_VALUES[char]) * weight
        for char, weight in zip(whole, _VIN_WEIGHTS, strict=True)
    )
    return head + "0123456789X"[total % 11] + tail


def _plate(rng: Rng) -> str:
    return rng.choice(
        [
            f"{_n(rng, 1)}{_a(rng, 3)}{_n(rng, 3)}",
            f"{_a(rng, 3)}-{_n(rng, 4)}",
            f"{_a(rng, 3)} {_n(rng, 4)}",
            f"{_a(rng, 2)}{_n(rng, 2)} {_a(rng, 3)}",
            f"{_n(rng, 3)} {_a(rng, 3)}",
        ]
    )


def _serial(rng: Rng) -> str:
    return rng.choice(
        [
            f"{_a(rng, 3)}{_n(rng, 6)}{_a(rng, 1)}",
            f"{_a(rng, 2)}-{_n(rng, 6)}",
            _n(rng, 8),
            f"{_a(rng, 3)} {_n(rng, 6)}H",
        ]
    )


def _udi(rng: Rng) -> str:
    body = _a(rng, 13, string.digits)
    check = str(-sum(int(char) * (3 if at % 2 == 0 else 1) for at, char in enumerate(body)) % 10)
    lot = (
        f"(10){_a(rng, 1)}{_n(rng, 4)}" if rng.random() < 0.5 else f"(17){rng.randint(25, 32)}{rng.randint(1, 12):02}15"
    )
    return f"(01){body}{check}{lot}(21){_a(rng, 2)}{_n(rng, 6)}"


def _imei(rng: Rng) -> str:
    body = "35" + _a(rng, 12, string.digits)
    whole = body + _luhn(body)
    return rng.choice([whole, _grouped(whole, 2, 6, 6, 1, by="-"), _grouped(whole, 6, 2, 6, 1)])


def _mac(rng: Rng) -> str:
    pairs = [f"{rng.randrange(256):02x}" for _ in range(6)]
    by = rng.choice([":", "-", "."])
    text = ".".join("".join(pairs[at : at + 2]) for at in (0, 2, 4)) if by == "." else by.join(pairs)
    return text if rng.random() < 0.5 else text.upper()


def _ipv4(rng: Rng) -> str:
    return rng.choice(["192.0.2.", "198.51.100.", "203.0.113.", "10.20.30.", "172.16.4."]) + str(rng.randint(1, 254))


def _ipv6(rng: Rng) -> str:
    return rng.choice(
        [
            f"2001:db8::{_group(rng)}",
            f"2001:db8:{_group(rng)}:{_group(rng)}::{_group(rng)}",
            "2001:db8:" + ":".join(_group(rng) for _ in range(6)),
            f"fe80::{_group(rng)}:{_group(rng)}:{_group(rng)}:{_group(rng)}",
        ]
    )


_USERS: Final = ("jane.doe", "k.osei", "maria_l", "t-wren", "ines", "a.lee42", "priya.nair.rn", "bob+lab")
_HOSTS: Final = ("example.org", "mail.example.com", "clinic.example.net", "st-anne.example.org")


def _email(rng: Rng) -> str:
    return f"{rng.choice(_USERS)}@{rng.choice(_HOSTS)}"


def _email_spelled(rng: Rng) -> str:
    user, host = rng.choice(_USERS[:1] + _USERS[4:5]), rng.choice(("example.org", "example.com", "mail.example.net"))
    return rng.choice(
        [
            f"{user.replace('.', ' dot ')} at {host.replace('.', ' dot ')}",
            f"{user.replace('.', ' . ')} @ {host.replace('.', ' . ')}",
            f"{user.replace('.', '[dot]')}[at]{host.replace('.', '[dot]')}",
            f"{user.replace('.', ' (dot) ')} (at) {host.replace('.', ' (dot) ')}",
        ]
    )


def _url(rng: Rng) -> str:
    return rng.choice(
        [
            f"https://portal.example.org/chart?pt={_n(rng, 5)}",
            f"http://www.example.com/patients/{_n(rng, 6)}",
            f"www.example.net/u/{rng.choice(_USERS[4:6])}{_n(rng, 3)}",
            f"portal.example.org/visit/{_n(rng, 6)}",
            f"https://203.0.113.{rng.randint(1, 254)}:8443/img?id={_n(rng, 4)}",
        ]
    )


def _phone(rng: Rng) -> str:
    area, line = rng.choice(["617", "202", "915", "312", "415"]), f"01{rng.randint(0, 99):02}"
    extension = rng.choice(["", "", f" ext. {_n(rng, 2)}", f" x{_n(rng, 4)}", f", extension {_n(rng, 3)}"])
    return (
        rng.choice(
            [
                f"({area}) 555-{line}",
                f"{area}-555-{line}",
                f"{area}.555.{line}",
                f"+1 {area} 555 {line}",
                f"1-{area}-555-{line}",
                f"{area} 555 {line}",
                f"+1{area}555{line}",
            ]
        )
        + extension
    )


def _phone_abroad(rng: Rng) -> str:
    return rng.choice(
        [
            f"+44 7700 900{_n(rng, 3)}",
            f"+447700900{_n(rng, 3)}",
            f"020 7946 0{_n(rng, 3)}",
            f"(020) 7946 0{_n(rng, 3)}",
            f"07700 900{_n(rng, 3)}",
            f"+49 30 23125 {_n(rng, 3)}",
            f"+33 1 99 00 {_n(rng, 2)} {_n(rng, 2)}",
            f"+91 98765 4{_n(rng, 4)}",
            f"+61 491 570 {_n(rng, 3)}",
            f"0049 30 23125{_n(rng, 3)}",
            f"+55 11 9{_n(rng, 4)}-{_n(rng, 4)}",
            f"+34 600 {_n(rng, 3)} {_n(rng, 3)}",
        ]
    )


_SPOKEN: Final = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _phone_spoken(rng: Rng) -> str:
    area = rng.choice(["617", "202", "915", "312"])
    said = [_SPOKEN[int(char)] for char in f"{area}55501{rng.randint(10, 99)}"]
    if rng.random() < 0.3:
        return f"{' '.join(said[:3])}, {' '.join(said[3:6])}, {' '.join(said[6:])}"
    return " ".join(said)


# --- dates, ages, places with a form -----------------------------------------------------------------------------

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ORDINALS: Final = ("first", "second", "third", "fourth", "ninth", "eleventh", "twentieth", "twenty-first", "thirtieth")


def _date(rng: Rng) -> str:
    year, month, day = _ymd(rng)
    name = _MONTHS[month - 1]
    return rng.choice(
        [
            f"{month}/{day}/{year}",
            f"{month:02}/{day:02}/{year % 100:02}",
            f"{day:02}.{month:02}.{year}",
            f"{day:02}.{month:02}.{year % 100:02}",
            f"{year}-{month:02}-{day:02}",
            f"{year}/{month:02}/{day:02}",
            f"{year}-{month:02}-{day:02}T08:15:00Z",
            f"{year}-{month:02}-{day:02}T08:15:00.123-05:00",
            f"{month:02}/{day:02}/{year} 14:05",
            f"{year}{month:02}{day:02}",
            f"{year}{month:02}{day:02}081500",
            f"{year}{month:02}{day:02}0815-0500",
            f"{name} {day}, {year}",
            f"{name[:3]} {day} {year}",
            f"{day} {name} {year}",
            f"{day}-{name[:3].upper()}-{year}",
            f"{day:02}{name[:3].upper()}{year}",
            f"{day} {name[:3]} {year % 100:02}",
            f"{name} {day}",
            f"{name} {day}th",
            f"the {rng.choice(_ORDINALS)} of {name}",
            f"{name} {year}",
            f"{day:02}-{month:02}-{year}",
        ]
    )


def _date_words(rng: Rng) -> str:
    tens = rng.choice(["fifty-eight", "sixty-two", "seventy", "forty-nine", "eighty-one", "ninety-three"])
    month = rng.choice(_MONTHS)
    return rng.choice(
        [
            f"the {rng.choice(_ORDINALS)} of {month}, nineteen {tens}",
            f"{month} {rng.choice(_ORDINALS)}, nineteen {tens}",
            f"{month} {rng.choice(_ORDINALS)}, two thousand and {rng.choice(['three', 'eleven', 'nineteen'])}",
            f"the {rng.choice(_ORDINALS)} of {month}",
        ]
    )


def _age(rng: Rng) -> str:
    return str(rng.randint(90, 109))


def _age_words(rng: Rng) -> str:
    one = rng.choice(["", "-one", "-two", "-three", "-four", "-five", "-six", "-seven", "-eight", "-nine"])
    return rng.choice([f"ninety{one}", f"ninety{one.replace('-', ' ')}", "one hundred", "a hundred and two"])


def _zip(rng: Rng) -> str:
    return f"{rng.randint(1001, 99950):05}" + (f"-{_n(rng, 4)}" if rng.random() < 0.4 else "")


def _street(rng: Rng) -> str:
    name = rng.choice(["Larkspur", "Birch", "Old Mill", "Martin Luther King", "Maple", "North Oak", "Fifth"])
    kind = rng.choice(["Street", "Ave", "Road", "Ln", "Blvd", "Parkway", "Dr", "Court"])
    unit = rng.choice(["", "", " Apt 3B", ", Suite 210", " #4", ", Unit 12"])
    return f"{rng.randint(1, 9999)} {name} {kind}{unit}"


def _coordinates(rng: Rng) -> str:
    north, east = rng.uniform(25, 60), rng.uniform(-120, 40)
    degrees = f"{int(north)}°{rng.randint(1, 59)}'{rng.randint(1, 59)}\"N {int(abs(east))}°{rng.randint(1, 59)}'7\"W"
    return rng.choice(
        [f"{north:.4f}, {east:.4f}", f"{north:.5f},{east:.5f}", f"{north:.4f}° N, {abs(east):.4f}° W", degrees]
    )


# --- national numbers --------------------------------------------------------------------------------------------


def _nhs(rng: Rng) -> str:
    def make(rng: Rng) -> str | None:
        body = _n(rng, 9)
        check = 11 - _weighed(body, range(10, 1, -1)) % 11
        return None if check == 10 else body + str(check % 11)

    number = _until(rng, make)
    return rng.choice([number, _grouped(number, 3, 3, 4), _grouped(number, 3, 3, 4, by="-")])


def _nino(rng: Rng) -> str:
    prefix = rng.choice(["AB", "CE", "JG", "PW", "SX", "YA", "ZL", "HK", "LM", "NR"])
    body = f"{prefix}{_a(rng, 6, string.digits)}{rng.choice('ABCD')}"
    return _grouped(body, 2, 2, 2, 2, 1) if rng.random() < 0.5 else body


def _chi(rng: Rng) -> str:
    def make(rng: Rng) -> str | None:
        year, month, day = _ymd(rng)
        body = f"{day:02}{month:02}{year % 100:02}{_a(rng, 3, string.digits)}"
        check = 11 - _weighed(body, range(10, 1, -1)) % 11
        return None if check == 10 else body + str(check % 11)

    return _until(rng, make)


def _sin(rng: Rng) -> str:
    body = rng.choice("1234567") + _a(rng, 7, string.digits)
    return _grouped(body + _luhn(body), 3, 3, 3, by=rng.choice([" ", "-", ""]))


def _health_card(rng: Rng) -> str:
    ontario = _n(rng, 9)
    ontario += _luhn(ontario)
    bc = "9" + _n(rng, 9)
    year, month, day = _ymd(rng)
    ramq = f"{year % 100:02}{month + rng.choice([0, 50]):02} {day:02}{_n(rng, 2)}"
    return rng.choice(
        [
            _grouped(ontario, 4, 3, 3, by=rng.choice(["-", " "]))
            + rng.choice(["", f" {_a(rng, 2)}", f"-{_a(rng, 2)}"]),
            ontario,
            _grouped(bc, 4, 3, 3),
            f"{_a(rng, 4)} {ramq}",
        ]
    )


def _tfn(rng: Rng) -> str:
    def make(rng: Rng) -> str | None:
        body = _n(rng, 8)
        weights = (1, 4, 3, 7, 5, 8, 6, 9)
        return next((body + str(d) for d in range(10) if (_weighed(body, weights) + d * 10) % 11 == 0), None)

    return _grouped(_until(rng, make), 3, 3, 3, by=rng.choice([" ", ""]))


def _au_medicare(rng: Rng) -> str:
    body = rng.choice("23456") + _a(rng, 7, string.digits)
    check = _weighed(body, (1, 3, 7, 9, 1, 3, 7, 9)) % 10
    return rng.choice(
        [
            f"{body[:4]} {body[4:]}{check} {rng.randint(1, 9)}",
            f"{body}{check}{rng.randint(1, 9)}",
            f"{body[:4]} {body[4:]}{check} {rng.randint(1, 9)}/{rng.randint(1, 9)}",
        ]
    )


def _ihi(rng: Rng) -> str:
    body = "800360" + _a(rng, 9, string.digits)
    return _grouped(body + _luhn(body), 4, 4, 4, 4, by=rng.choice([" ", ""]))


def _nhi(rng: Rng) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"

    def make(rng: Rng) -> str | None:
        head, numbers = _a(rng, 3, letters), _a(rng, 3 if old else 2, string.digits)
        extra = "" if old else rng.choice(letters)
        values = [letters.index(char) + 1 for char in head] + [int(char) for char in numbers]
        values += [letters.index(char) + 1 for char in extra]
        total = sum(value * weight for value, weight in zip(values, range(7, 1, -1), strict=True))
        if old:
            check = 11 - total % 11
            return None if check == 11 else f"{head}{numbers}{check % 10}"
        return f"{head}{numbers}{extra}{letters[24 - total % 24 - 1]}"

    old = rng.random() < 0.6
    return _until(rng, make)


def _pps(rng: Rng) -> str:
    body = _n(rng, 7)
    second = rng.choice(["", "A", "B", "W"])
    total = _weighed(body, range(8, 1, -1)) + (
        9 * (string.ascii_uppercase.index(second) + 1) if second in "AB" and second else 0
    )
    return body + "WABCDEFGHIJKLMNOPQRSTUV"[total % 23] + second


_D5: Final = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043",
    "8765932104", "9876543210",
)  # fmt: skip
_P8: Final = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)


def _aadhaar(rng: Rng) -> str:
    body = rng.choice("23456789") + _a(rng, 10, string.digits)
    state = 0
    for at, char in enumerate(reversed(body), start=1):
        state = int(_D5[state][int(_P8[at % 8][int(char)])])
    check = next(digit for digit in range(10) if _D5[state][digit] == "0")
    return _grouped(f"{body}{check}", 4, 4, 4, by=rng.choice([" ", "-", ""]))


def _pan(rng: Rng) -> str:
    return f"{_a(rng, 3)}{rng.choice('PCHF')}{_a(rng, 1)}{_n(rng, 4)}{_a(rng, 1)}"


def _abha(rng: Rng) -> str:
    return _grouped("91" + _n(rng, 12), 2, 4, 4, 4, by=rng.choice(["-", " ", ""]))


def _kvnr(rng: Rng) -> str:
    letter = rng.choice(string.ascii_uppercase)
    body = f"{ord(letter) - 64:02}{_a(rng, 8, string.digits)}"
    total = 0
    for at, char in enumerate(body):
        product = int(char) * (1 if at % 2 == 0 else 2)
        total += product // 10 + product % 10
    return f"{letter}{body[2:]}{total % 10}"


def _steuer_id(rng: Rng) -> str:
    numbers = rng.sample(string.digits, 10)
    if numbers[0] == "0":
        numbers[0], numbers[1] = numbers[1], numbers[0]
    numbers[rng.randint(2, 9)] = numbers[1]
    product = 10
    for char in numbers:
        product = (int(char) + product) % 10 or 10
        product = product * 2 % 11
    whole = "".join(numbers) + str((11 - product) % 10)
    return rng.choice([whole, _grouped(whole, 2, 3, 3, 3)])


def _rvnr(rng: Rng) -> str:
    year, month, day = _ymd(rng)
    area, letter, serial = (
        rng.choice([2, 3, 8, 12, 15, 24, 53, 65]),
        rng.choice(string.ascii_uppercase),
        _a(rng, 2, string.digits),
    )
    body = f"{area:02}{day:02}{month:02}{year % 100:02}{ord(letter) - 64:02}{serial}"
    total = 0
    for char, weight in zip(body, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True):
        product = int(char) * weight
        total += product // 10 + product % 10
    whole = f"{area:02}{day:02}{month:02}{year % 100:02}{letter}{serial}{total % 10}"
    return rng.choice([whole, _grouped(whole, 2, 6, 1, 3)])


def _nir(rng: Rng) -> str:
    department = rng.choice(["75", "69", "13", "2A", "2B", "06", "33"])
    body = f"{rng.choice('12')}{rng.randint(0, 99):02}{rng.randint(1, 12):02}{department}{_n(rng, 3)}{_n(rng, 3)}"
    number = int(body.replace("2A", "19").replace("2B", "18"))
    whole = f"{body}{97 - number % 97:02}"
    return rng.choice([whole, _grouped(whole, 1, 2, 2, 2, 3, 3, 2)])


_DNI: Final = "TRWAGMYFPDXBNJZSQVHLCKE"


def _dni(rng: Rng) -> str:
    number = _n(rng, 8)
    return number + rng.choice(["", "-"]) + _DNI[int(number) % 23]


def _nie(rng: Rng) -> str:
    letter, number = rng.choice("XYZ"), _n(rng, 7)
    check = _DNI[int(str("XYZ".index(letter)) + number) % 23]
    return rng.choice([f"{letter}{number}{check}", f"{letter}-{number}-{check}"])


def _codice_fiscale(rng: Rng) -> str:
    year, month, day = _ymd(rng)
    day += rng.choice([0, 40])
    body = (
        f"{_a(rng, 6, _CONSONANTS)}{year % 100:02}{'ABCDEHLMPRST'[month - 1]}{day:02}{rng.choice('AFHLDG')}{_n(rng, 3)}"
    )
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
    total = 0
    for at, char in enumerate(body):
        value = int(char) if char.isdigit() else ord(char) - 65
        total += odd[value] if at % 2 == 0 else value
    return body + chr(65 + total % 26)


def _pt_nif(rng: Rng) -> str:
    body = rng.choice("123") + _a(rng, 7, string.digits)
    rest = _weighed(body, range(9, 1, -1)) % 11
    return _grouped(body + str(0 if rest < 2 else 11 - rest), 3, 3, 3, by=rng.choice([" ", ""]))


def _cpf(rng: Rng) -> str:
    body = _n(rng, 9)
    for size in (9, 10):
        body += str(_weighed(body, range(size + 1, 1, -1)) * 10 % 11 % 10)
    return body if rng.random() < 0.3 else f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


def _cns(rng: Rng) -> str:
    def make(rng: Rng) -> str | None:
        body = rng.choice("789") + _a(rng, 13, string.digits)
        weights = range(15, 1, -1)
        return next((body + str(d) for d in range(10) if (_weighed(body, weights) + d) % 11 == 0), None)

    return _grouped(_until(rng, make), 3, 4, 4, 4, by=rng.choice([" ", ""]))


def _cnpj(rng: Rng) -> str:
    body = _n(rng, 8) + "0001"
    for weights in ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)):
        rest = _weighed(body, weights) % 11
        body += str(0 if rest < 2 else 11 - rest)
    return body if rng.random() < 0.3 else f"{body[:2]}.{body[2:5]}.{body[5:8]}/{body[8:12]}-{body[12:]}"


def _bsn(rng: Rng) -> str:
    def make(rng: Rng) -> str | None:
        body = _n(rng, 8)
        check = _weighed(body, range(9, 1, -1)) % 11
        return None if check == 10 else body + str(check)

    return _grouped(_until(rng, make), 4, 2, 3, by=rng.choice([".", "", ""]))


def _personnummer(rng: Rng) -> str:
    year, month, day = _ymd(rng)
    body = f"{year % 100:02}{month:02}{day:02}{_a(rng, 3, string.digits)}"
    century = rng.choice(["", str(year // 100)])
    return f"{century}{body[:6]}{rng.choice(['-', '-', ''])}{body[6:]}{_luhn(body)}"


def _ahv(rng: Rng) -> str:
    body = "756" + _a(rng, 9, string.digits)
    check = -sum(int(char) * (1 if at % 2 == 0 else 3) for at, char in enumerate(body)) % 10
    return _grouped(f"{body}{check}", 3, 4, 4, 2, by=rng.choice([".", "", " "]))


def _za_id(rng: Rng) -> str:
    year, month, day = _ymd(rng)
    body = f"{year % 100:02}{month:02}{day:02}{_a(rng, 4, string.digits)}0{rng.choice('89')}"
    return body + _luhn(body)


def _my_number(rng: Rng) -> str:
    body = _n(rng, 11)
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = _weighed(body, weights) % 11
    return _grouped(body + str(0 if rest < 2 else 11 - rest), 4, 4, 4, by=rng.choice([" ", "-", ""]))


def _cn_id(rng: Rng) -> str:
    year, month, day = _ymd(rng)
    body = f"{rng.choice(['110101', '310115', '440305', '510104'])}{year}{month:02}{day:02}{_a(rng, 3, string.digits)}"
    return body + "10X98765432"[_weighed(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11]


def _rrn(rng: Rng) -> str:
    year, month, day = _ymd(rng)
    body = f"{year % 100:02}{month:02}{day:02}{rng.choice('12' if year < 2000 else '34')}{_a(rng, 5, string.digits)}"
    check = (11 - _weighed(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10
    return f"{body[:6]}{rng.choice(['-', '-', ''])}{body[6:]}{check}"


def _curp(rng: Rng) -> str:
    year, month, day = _ymd(rng)
    body = (
        f"{_a(rng, 1, _CONSONANTS)}{rng.choice('AEIOU')}{_a(rng, 2, _CONSONANTS)}{year % 100:02}{month:02}{day:02}"
        f"{rng.choice('HM')}{rng.choice(['DF', 'JC', 'NL', 'OC', 'VZ'])}{_a(rng, 3, _CONSONANTS)}"
        f"{rng.choice(string.digits) if year < 2000 else rng.choice('AB')}"
    )
    letters = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    total = sum(letters.index(char) * weight for char, weight in zip(body, range(18, 1, -1), strict=True))
    return body + str(-total % 10)


def _rfc(rng: Rng) -> str:
    year, month, day = _ymd(rng)
    head = f"{_a(rng, 1, _CONSONANTS)}{rng.choice('AEIOU')}{_a(rng, 2, _CONSONANTS)}"
    tail = _a(rng, 2, string.ascii_uppercase + "123456789") + rng.choice("0123456789A")
    return f"{head}{year % 100:02}{month:02}{day:02}{tail}"


@dataclass(frozen=True, slots=True)
class Identifier:
    """`cues`: what people write before it; with a `~`, only in a sentence and not as the name of a field.

    `telling`: what it looks like where it is found without any cue, by its shape and its check digit alone.
    """

    name: str
    labels: tuple[str, ...]
    make: Make
    cues: tuple[str, ...]
    telling: str = ""


WAYS: Final = ("plain", "json", "bare", "spaced", "full-width", "zero-width", "percent", "base64", "entities")


def _i(name: str, labels: str, make: Make, *cues: str, telling: bool | str = False) -> Identifier:
    return Identifier(name, tuple(labels.split()), make, cues, telling if isinstance(telling, str) else ".+" * telling)


IDENTIFIERS: Final = (
    _i("MRN", "MRN", _mrn, "MRN", "MRN#", "mrn", "medical record number", "med rec no.", "chart number", "patient ID",
       "Hospital no"),
    _i("US SSN", "SSN", _ssn, "SSN", "social security number", "ssn#", "social"),
    _i("US ITIN", "SSN OTHER_ID", _itin, "ITIN", "tax id"),
    _i("US Medicare MBI", "HEALTH_PLAN", _mbi, "MBI", "Medicare number", "Medicare", telling=True),
    _i("US NPI", "LICENSE", _npi, "NPI", "NPI number", "National Provider Identifier"),
    _i("US DEA", "LICENSE", _dea, "DEA", "DEA number", "DEA #", telling=True),
    _i("US driver's licence", "LICENSE", _state_license, "driver's license", "DL", "driver license no.", "DL#"),
    _i("US medical licence", "LICENSE", _medical_license, "medical license", "license no.", "nursing license number"),
    _i("health plan member", "HEALTH_PLAN", _member, "member ID", "policy number", "subscriber id", "insurance ID",
       "group number"),
    _i("claim", "OTHER_ID HEALTH_PLAN", _claim, "claim number", "claim #", "prior auth number"),
    _i("account", "ACCOUNT", _account, "account number", "acct", "acct#", "bank account"),
    _i("payment card", "ACCOUNT", _card, "card", "credit card", "Visa", telling=True),
    _i("IBAN", "ACCOUNT", _iban, "IBAN", "account", "~transfer to", telling=True),
    _i("VIN", "VEHICLE", _vin, "VIN", "vehicle", telling=True),
    _i("licence plate", "VEHICLE", _plate, "license plate", "plate", "plate number", "tag"),
    _i("device serial", "DEVICE", _serial, "serial number", "s/n", "pacemaker serial", "device id", "SN"),
    _i("UDI", "DEVICE", _udi, "UDI", "device", telling=True),
    _i("IMEI", "DEVICE", _imei, "IMEI", "phone IMEI"),
    _i("MAC address", "DEVICE", _mac, "MAC", "mac address", "adapter", telling=True),
    _i("IPv4", "IP", _ipv4, "IP", "~login from", "host", telling=True),
    _i("IPv6", "IP", _ipv6, "IPv6", "~login from", "host", telling=True),
    _i("URL", "URL", _url, "link", "~see", "portal", telling=True),
    _i("e-mail", "EMAIL", _email, "email", "~write to", "contact", telling=True),
    _i("e-mail spelled out", "EMAIL", _email_spelled, "email", "~write to", "~email is", telling=True),
    _i("phone, North America", "PHONE", _phone, "phone", "~call", "cell", "tel.", "Contact", telling=True),
    _i("phone, abroad", "PHONE", _phone_abroad, "phone", "~call", "mobile", "tel.", telling=True),
    _i("phone, spoken", "PHONE", _phone_spoken, "~my cell is", "~call", "phone"),
    _i("fax", "FAX", _phone, "fax", "fax number", "Fax"),
    _i("date", "DATE", _date, "DOB", "~seen on", "admitted", "~since", "date of birth"),
    _i("date in words", "DATE", _date_words, "~born on", "~since", "~seen on", "date of birth"),
    _i("age over 89", "AGE_OVER_89", _age, "age", "~aged", "Age"),
    _i("age over 89 in words", "AGE_OVER_89", _age_words, "age", "~aged", "~he turned"),
    _i("ZIP code", "ADDRESS", _zip, "ZIP", "zip code", "~Dayton, OH", "postal code"),
    _i("street address", "ADDRESS", _street, "~lives at", "address", "~send it to", telling=True),
    _i("coordinates", "LOCATION", _coordinates, "~found at", "GPS", "coordinates", telling=True),
    _i("UK NHS number", "MRN", _nhs, "NHS no", "NHS number", "NHS"),
    _i("UK NINO", "OTHER_ID", _nino, "NINO", "NI number", "National Insurance number", telling=True),
    _i("Scotland CHI", "MRN", _chi, "CHI", "CHI number", "CHI no."),
    _i("Canada SIN", "OTHER_ID", _sin, "SIN", "social insurance number", "SIN number"),
    _i("Canada health card", "HEALTH_PLAN MRN", _health_card, "health card", "OHIP", "PHN", "health card number",
       "RAMQ"),
    _i("Australia TFN", "OTHER_ID", _tfn, "TFN", "tax file number"),
    _i("Australia Medicare", "HEALTH_PLAN", _au_medicare, "Medicare", "Medicare card", "Medicare no."),
    _i("Australia IHI", "OTHER_ID MRN", _ihi, "IHI", "IHI number", telling=True),
    _i("New Zealand NHI", "MRN OTHER_ID", _nhi, "NHI", "NHI number"),
    _i("Ireland PPS", "OTHER_ID", _pps, "PPS", "PPSN", "PPS number", telling=True),
    _i("India Aadhaar", "OTHER_ID", _aadhaar, "Aadhaar", "aadhaar no", "Aadhar number", telling=r".+[ -].+"),
    _i("India PAN", "OTHER_ID", _pan, "PAN", "PAN card", "pan no.", telling=True),
    _i("India ABHA", "OTHER_ID HEALTH_PLAN MRN", _abha, "ABHA", "ABHA number", "health id", telling=r".+[ -].+"),
    _i("Germany KVNR", "HEALTH_PLAN", _kvnr, "KVNR", "Versichertennummer", "Krankenversichertennummer", telling=True),
    _i("Germany Steuer-ID", "OTHER_ID", _steuer_id, "Steuer-ID", "Steueridentifikationsnummer", "IdNr",
       "Steuer-Identifikationsnummer"),
    _i("Germany RVNR", "SSN OTHER_ID", _rvnr, "RVNR", "Rentenversicherungsnummer", "SV-Nummer", telling=True),
    _i("France NIR", "SSN", _nir, "NIR", "n° sécu", "numéro de sécurité sociale", telling=True),
    _i("Spain DNI", "OTHER_ID", _dni, "DNI", "NIF", "documento de identidad", telling=True),
    _i("Spain NIE", "OTHER_ID", _nie, "NIE", "NIE número", telling=True),
    _i("Italy codice fiscale", "OTHER_ID", _codice_fiscale, "codice fiscale", "CF", "C.F.", telling=True),
    _i("Portugal NIF", "OTHER_ID", _pt_nif, "NIF", "contribuinte", "nif"),
    _i("Portugal SNS", "HEALTH_PLAN", lambda rng: _n(rng, 9), "SNS", "utente", "número de utente", "utente SNS"),
    _i("Brazil CPF", "OTHER_ID", _cpf, "CPF", "CPF nº", "cpf"),
    _i("Brazil CNS", "HEALTH_PLAN", _cns, "CNS", "cartão SUS", "CNS nº", telling=True),
    _i("Brazil CNPJ", "OTHER_ID", _cnpj, "CNPJ", "CNPJ nº", telling=True),
    _i("Netherlands BSN", "OTHER_ID", _bsn, "BSN", "burgerservicenummer", "BSN-nummer"),
    _i("Sweden personnummer", "OTHER_ID", _personnummer, "personnummer", "pnr", "Personnr"),
    _i("Switzerland AHV", "OTHER_ID SSN", _ahv, "AHV", "AHV-Nr.", "AVS", "n° AVS", telling=True),
    _i("South Africa ID", "OTHER_ID", _za_id, "ID number", "SA ID", "identity number", telling=True),
    _i("Japan My Number", "OTHER_ID", _my_number, "My Number", "マイナンバー", "individual number"),
    _i("China resident id", "OTHER_ID", _cn_id, "身份证号", "ID card", "resident ID", telling=True),
    _i("Korea RRN", "OTHER_ID", _rrn, "RRN", "주민등록번호", "resident registration number"),
    _i("Mexico CURP", "OTHER_ID", _curp, "CURP", "clave CURP", telling=True),
    _i("Mexico RFC", "OTHER_ID", _rfc, "RFC", "RFC con homoclave", telling=True),
)  # fmt: skip

FRAMES: Final = ("{cue} {value}", "Please note {cue} {value} and tell me what to do next.", "({cue} {value})")
FIELD_FRAMES: Final = (*FRAMES, "{cue}: {value}", "Chart review.\n{cue}: {value}\nPlan: none.")
BARE_FRAMES: Final = ("{value}", "See {value} for that.", "({value})")


@dataclass(frozen=True, slots=True)
class Example:
    """A text and where in it the value stands; nothing but the value is somebody's."""

    text: str
    start: int
    end: int


def example(identifier: Identifier, rng: Rng, way: str = "plain") -> Example:
    """A text with a fresh value. `way`: plain, json, bare (no cue), or one of the dressings or the wrappings."""
    value, cue = identifier.make(rng), rng.choice(identifier.cues)
    while way == "bare" and not re.fullmatch(identifier.telling, value):
        value = identifier.make(rng)
    if way == "json":
        cue = rng.choice([cue for cue in identifier.cues if not cue.startswith("~")])
        value = value.replace('"', '\\"')
        before, after = as_json(cue, "\0").split("\0")
        return _placed(before, after, value)
    frames = BARE_FRAMES if way == "bare" else FRAMES if cue.startswith("~") else FIELD_FRAMES
    before, after = rng.choice(frames).format(cue=cue.lstrip("~"), value="\0").split("\0")
    if way in WRAPPINGS:
        wrap = WRAPPINGS[way]
        if way == "base64":
            return _placed("", "", wrap(before + value + after))
        return _placed(wrap(before), wrap(after), wrap(value))
    return _placed(before, after, DRESSINGS[way](value) if way in DRESSINGS else value)


def _placed(before: str, after: str, value: str) -> Example:
    return Example(before + value + after, len(before), len(before) + len(value))


def as_json(cue: str, value: str) -> str:
    """A record with the cue as the key."""
    key = "_".join(cue.lower().strip(" .:#?,").replace("'", "").replace("/", " ").split())
    return f'{{"{key}": "{value}", "status": "final"}}'


DRESSINGS: Final[dict[str, Callable[[str], str]]] = {
    "spaced": " ".join,
    "full-width": lambda value: "".join(chr(ord(c) + 0xFEE0) if c.isdigit() and c.isascii() else c for c in value),
    "zero-width": "\u200b".join,
}
"""How a value can be written so that a reader still reads it."""

WRAPPINGS: Final[dict[str, Callable[[str], str]]] = {
    "percent": quote,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
}
"""How a whole text can be written so that a program reads it."""

CLEAN: Final = (
    "Na 138, K 4.1, Cl 101, HCO3 24, BUN 31, Cr 1.02, glucose 182, HbA1c 8.1%, BNP 1240 pg/mL",
    "TSH 2.345, free T4 1.21, WBC 11,200, platelets 245,000, Hb 13.4 g/dL, MCV 88.2 fL, INR 2.5-3.5",
    "troponin I 0.012, 0.034 and 0.051 ng/mL; D-dimer 1,250 ng/mL; lactate 2.1, 1.8, 1.2",
    "HIV RNA 1250000 copies/mL, CD4 412 cells/uL, HBV DNA 170000000 IU/mL, 100000000 CFU/mL",
    "heparin 5000 units/h, vancomycin 1250 mg q12h, enoxaparin 40 mg, penicillin G 2400000 units IM",
    "levothyroxine 0.088 mg, insulin 10-12-14 units, oxycodone 5/325 mg, amoxicillin 875/125, 20/10/12.5 mg",
    "NCT04280705, NCT 01234567, PMID 32445440, PMID: 31978945, PMC7095418, doi:10.1056/NEJMoa2007764",
    "ICD-10 E11.65, I50.22, Z79.4; ICD-9 250.00; CPT 99214, 93000; HCPCS J1885; LOINC 2345-7, 4548-4",
    "SNOMED 44054006, SNOMED CT 195967001, 73211009; RxNorm 860975; NDC 0071-0155-23, NDC 00071015523",
    "ATC C09AA05, CAS 50-78-2, UNII R16CO5Y76E, MeSH D003920, OMIM 219700, ISBN 9780323393225, ISSN 0028-4793",
    "call 988 or 1-800-273-8255, text HOME to 741741, 911, 999, 112, NHS 111, 116 123, Lifeline 13 11 14",
    "poison control 1-800-222-1222, domestic violence 1-800-799-7233, crisis text 85258, Samaritans 116 123",
    "diagnosed in 2018, since 1999, guidelines of 2023, 2024 update, the 1990s, 2019-2022",
    "GCS 15, NIHSS 4, PHQ-9 17, GAD-7 12, MELD 25, CHA2DS2-VASc 3, Wells 4.5, Apgar 8/9, pain 7/10, 20/40",
    "PHQ-9 items: 2 1 3 0 1 2 2 1 0, strength 5 5 5 5 4 4 5 5 5, reflexes 2+ 2+ 1+",
    "BP 148/86, 120/80, HR 112, RR 22, SpO2 91% on 2L, T 101.3, 37.2 C, MAP 65-70, CVP 8-12",
    "HR 0.75 (95% CI 0.61-0.92), p=0.0031; RR 1.24 (1.08-1.42); n = 12,345; OR 2.10, 95% CI 1.45 to 3.04",
    "BRCA1 c.68_69delAG, EGFR L858R, HLA-B27, KRAS G12C, TP53 R175H, rs1801133, NM_007294.4, chr17:43044295",
    "E. coli O157:H7, MRSA USA300, HeLa, HEK293T, SARS-CoV-2 B.1.1.7, H1N1, COVID-19, CYP2D6*4, IL-6",
    "Python 3.11.4 fails on line 1042 with error 0x80070005, version 2.2.366, port 8080, RFC 9110, HTTP 404",
    "2 tabs at 08:00 and 20:00 for 10 days, every 6-8 hours, 3x/week, 1-2-1-0, 0-0-1, 1/2 tab",
    "EDSS 6.5, ECOG 1, TNM T2N1M0, Gleason 4+3=7, BI-RADS 4A, LVEF 35-40%, QTc 452 ms, FEV1/FVC 0.62",
    "14-year-old, 34M, 55F, 3 weeks, 18 months, G2P1 at 31w4d, day 3 of 5, age 67, 89 years old",
    "1 2 3 4 5 6 7 8 on the scale, grade 1 2 3, classes A B C D E, | 1 | 2 | 3 | 4 | 5 |",
    "a 12-lead ECG, 7.5 Fr, 0.035 inch wire, 3.5 x 28 mm stent, 6.0 x 9.5 cm mass, 250 mL at 125 mL/h",
    "1,2,3-trichloropropane, 5-HT3, 25-OH vitamin D 18 ng/mL, 17-hydroxyprogesterone, 2,3-DPG, omega-3",
    "Zyrtec 10, Tylenol 3, Coumadin 2.5, Humulin 70/30, NovoLog 70/30, Advair 250/50, Symbicort 160/4.5",
    "AT&T, 5 &lt; 7, 100% of 50%, 95%CI, 40%de, R&D, a=b&c=d, 3 % 4, &notanentity;",
    "hydroxychloroquine, sulfamethoxazole/trimethoprim, patient-identification-number, HYDROCHLOROTHIAZIDE",
    "9/10 patients, 3/14 rats, 12/5 mg, 1:1000, 1:10,000 epinephrine, 30:2 compressions, 0.9% saline",
)
"""Numbers that are nobody's: values, doses, codes of medicine and literature, help lines, years, scores."""
