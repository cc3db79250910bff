"""Invented identifiers in the shapes that hospitals, payers, states and makers use; with check digits where there are any."""

from __future__ import annotations

import random
import string

UPPER = "ABCDEFGHJKLMNPRSTUVWXYZ"


def digits(n: int, rng: random.Random) -> str:
    """n digits, the first not 0 more often than not."""
    return "".join(rng.choice(string.digits) for _ in range(n))


def letters(n: int, rng: random.Random) -> str:
    """n capitals."""
    return "".join(rng.choice(UPPER) for _ in range(n))


def shape(pattern: str, rng: random.Random) -> str:
    """9 a digit, A a capital, a a small letter, X either; all else stands."""
    table = {
        "9": lambda: rng.choice(string.digits),
        "A": lambda: rng.choice(UPPER),
        "a": lambda: rng.choice(string.ascii_lowercase),
        "X": lambda: rng.choice(UPPER + string.digits),
    }
    return "".join(table[char]() if char in table else char for char in pattern)


def luhn(body: str) -> str:
    """The check digit of ISO/IEC 7812."""
    total = 0
    for index, char in enumerate(reversed(body)):
        value = int(char) * (2 if index % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


MRN = (
    "999999",
    "9999999",
    "99999999",
    "00999999",
    "000999999",
    "A999999",
    "AA999999",
    "AAA999999",
    "A-99999",
    "99-99-99",
    "999-999",
    "999-9999",
    "99999-9",
    "A9999999",
    "AA-999999",
    "9999999999",
    "99 99 99",
    "999 999 9999",
    "AAA-99-9999",
    "AA9999999",
    "9999999A",
    "E9999999",
    "Z99999",
    "AAAA99999",
    "99-999999",
    "M9999999",
    "H99999999",
    "99/99999",
    "AA/9999/9999",
    "PT-99999",
    "#999999",
)
PLAN = (
    "AAA999999999",
    "A99999999",
    "999999999",
    "AAA999999999999",
    "A99 9999 99 999",
    "999-99-9999A",
    "AA99999999-99",
    "9999999999",
    "XX9XX9XX99",
    "AAA 9999 99 999",
    "9999-A",
    "A9A-AA9-AA99",
    "AAA9999AAA9",
    "999999-999",
    "9999 9999 999",
    "AA-9999999-99",
    "A999-999-9999",
    "GRP-99999",
    "99999A9999",
)
ACCOUNT = (
    "9999999",
    "99999999",
    "9999-9999-99",
    "AAA9999999999",
    "99-999999-9",
    "9999 9999 999",
    "A-9999999",
    "999999999",
    "9999999999",
    "AC-999999",
    "HA99-9999",
    "G999999",
    "V9999999999",
)
CASE = (
    "AA-9999-99",
    "99-999999",
    "A-99-999999",
    "AAA-99-99999",
    "R-99-999999",
    "AA-99-999999",
    "99999999-99A-9999",
    "A9999999",
    "99-999999",
    "AAAA-99-999",
    "999-999-99",
    "9999-99999",
    "CS-9999-99",
    "INC9999999",
    "RX9999999",
    "9999999-99",
    "TK-99999",
    "99A-9999",
    "S99-9999",
    "AP-9999-A",
    "#99999",
    "AAA9999999",
    "PA-99999-AA",
    "99-AA-99999",
    "SP-99-999999",
    "C9999999-A",
    "999999999999",
    "BCH-9999",
)
BADGE = ("A-999", "99999", "AA9999", "E99999", "999-A", "9999", "B-9999", "EMP99999", "AA-99-9999")
SERIAL = (
    "AA999999A",
    "999999999",
    "AA-999999",
    "AAA999999A9",
    "99A9999999",
    "SN9999999",
    "A9999-99999",
    "AAA 999999 A",
    "AA999-99999",
    "9999999-99",
    "PJN999999A",
    "XX99XX9999",
    "99999999A",
    "AA99999999",
    "A99-A9999",
    "99-99999-A9",
)
DL = (
    "A9999999",
    "A999-9999-9999",
    "999999999",
    "A99999999999",
    "AA999999A",
    "A9999-99999-9",
    "99AAA9999",
    "S999-9999-9999-99",
    "AAAAA999999AA9AA",
    "99 999 999",
)
PLATE = (
    "AAA 9999",
    "9AAA999",
    "AAA-9999",
    "999 AAA",
    "AA99 AAA",
    "9AA A99",
    "AAA999",
    "AA-9999",
    "99A-AAA",
    "A99-AAA",
    "AAA 99A",
    "9999 AAA",
    "AAAA 999",
    "AA 9AA-999",
    "AA 99 AA 9999",
)
BIOMETRIC = (
    "AA-99-9999-A",
    "FP-99999999",
    "999-A9A9-99",
    "VP-9999-AA",
    "IR-99-9999",
    "T-99999",
    "fp_9a9a9a99",
    "AA99-9999-9999",
    "RET-999-99",
)
PASSPORT = ("A99999999", "999999999", "AA9999999", "X9999999", "A9A99A99")


def ssn(rng: random.Random) -> str:
    """A form of a US Social Security number."""
    area = rng.choice([n for n in range(1, 900) if n != 666]) if rng.random() < 0.9 else 987
    parts = (f"{area:03d}", f"{rng.randrange(1, 100):02d}", f"{rng.randrange(1, 10000):04d}")
    return rng.choices(("-", "", " ", "."), (0.62, 0.16, 0.16, 0.06))[0].join(parts)


def npi(rng: random.Random) -> str:
    """Ten digits with the Luhn digit over 80840."""
    body = rng.choice("12") + digits(8, rng)
    return body + luhn("80840" + body)


def dea(rng: random.Random) -> str:
    """Two letters, seven digits, the last a check."""
    body = digits(6, rng)
    check = (sum(int(c) for c in body[0::2]) + 2 * sum(int(c) for c in body[1::2])) % 10
    return f"{rng.choice('ABFGM')}{rng.choice(UPPER)}{body}{check}"


def card(rng: random.Random) -> str:
    """A payment card number."""
    body = rng.choice(("4", "51", "55", "37", "6011"))
    body += digits(15 - len(body), rng)
    whole = body + luhn(body)
    return rng.choice(
        (
            whole,
            " ".join(whole[i : i + 4] for i in range(0, 16, 4)),
            "-".join(whole[i : i + 4] for i in range(0, 16, 4)),
        )
    )


def iban(rng: random.Random) -> str:
    """Two letters, two check digits, a body."""
    country, body = rng.choice(
        (
            ("DE", digits(18, rng)),
            ("GB", letters(4, rng) + digits(14, rng)),
            ("ES", digits(20, rng)),
            ("FR", digits(10, rng) + "A" + digits(12, rng)),
            ("IT", "X" + digits(22, rng)),
            ("NL", letters(4, rng) + digits(10, rng)),
        )
    )
    number = "".join(str(int(char, 36)) for char in body + country + "00")
    whole = f"{country}{98 - int(number) % 97:02d}{body}"
    return whole if rng.random() < 0.5 else " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))


def vin(rng: random.Random) -> str:
    """Seventeen characters without I, O and Q."""
    return "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ0123456789") for _ in range(11)) + digits(6, rng)


def mbi(rng: random.Random) -> str:
    """Medicare Beneficiary Identifier, 11 characters."""
    c, n, an = "ACDEFGHJKMNPQRTUVWXY", "0123456789", "0123456789ACDEFGHJKMNPQRTUVWXY"
    whole = (
        rng.choice("123456789")
        + rng.choice(c)
        + rng.choice(an)
        + rng.choice(n)
        + rng.choice(c)
        + rng.choice(an)
        + rng.choice(n)
        + rng.choice(c)
        + rng.choice(c)
        + rng.choice(n)
        + rng.choice(n)
    )
    return whole if rng.random() < 0.5 else f"{whole[:4]}-{whole[4:7]}-{whole[7:]}"


def phone(rng: random.Random, lang: str = "en") -> str:
    """A telephone number in local form."""
    if lang != "en":
        forms = {
            "es": (
                "699 999 999",
                "+34 699 999 999",
                "91 999 99 99",
                "+52 55 9999 9999",
                "(011) 4999-9999",
                "699-99-99-99",
            ),
            "fr": ("06 99 99 99 99", "+33 6 99 99 99 99", "01.99.99.99.99", "0699999999"),
            "de": (
                "0176 99999999",
                "+49 30 9999 9999",
                "030/9999999",
                "0699-999999",
                "0043 664 9999999",
                "079 999 99 99",
            ),
            "pt": ("(11) 99999-9999", "912 999 999", "+351 912 999 999", "+55 81 99999-9999"),
            "it": ("347 999 9999", "+39 333 999 9999", "06 9999999", "3479999999"),
            "ru": ("+7 999 999-99-99", "8 (999) 999-99-99", "8 999 999-99-99", "+79179999999"),
            "zh": ("13999999999", "028-9999-9999", "139 9999 9999", "0755-99999999"),
            "hi": ("+91 99999 99999", "9999999999", "022-99999999"),
            "ar": ("010 9999 9999", "+966 55 999 9999", "05999999999", "٠١٠ ٥٥٥٠ ٠١٧٧"),
            "sw": ("0712 999 999", "+255 684 999 999", "+254 722 999999"),
        }.get(lang, ("+99 999 999 999",))
        return shape(rng.choice(forms), rng)
    area, last = rng.randrange(201, 990), f"{rng.randrange(10000):04d}"
    middle = "555" if rng.random() < 0.35 else f"{rng.randrange(200, 999)}"
    return rng.choice(
        (
            f"({area}) {middle}-{last}",
            f"({area}) {middle}-{last}",
            f"{area}-{middle}-{last}",
            f"{area}-{middle}-{last}",
            f"{area}.{middle}.{last}",
            f"{area} {middle} {last}",
            f"({area}){middle}-{last}",
            f"+1-{area}-{middle}-{last}",
            f"+1 {area} {middle} {last}",
            f"1 ({area}) {middle}-{last}",
            f"{area}{middle}{last}",
            f"+1{area}{middle}{last}",
            f"{area}/{middle}-{last}",
            f"1-{area}-{middle}-{last}",
            shape(
                rng.choice(
                    (
                        "07999 999999",
                        "020 7999 9999",
                        "+44 7999 999999",
                        "0121 999 9999",
                        "+61 4 9999 9999",
                        "0412 999 999",
                        "+234 803 999 9999",
                        "+91 98999 99999",
                        "087 999 9999",
                        "+353 87 999 9999",
                        "021 999 9999",
                        "+27 82 999 9999",
                        "0917 999 9999",
                        "(02) 9999 9999",
                    )
                ),
                rng,
            ),
        )
    )


SPOKEN = "zero one two three four five six seven eight nine".split()


def spoken(number: str, rng: random.Random) -> str:
    """The digits as words."""
    zero = rng.choice(("zero", "oh", "o"))
    return " ".join(zero if char == "0" else SPOKEN[int(char)] for char in number if char.isdigit())


def zip_code(rng: random.Random, lang: str = "en") -> str:
    """A postcode."""
    forms = {
        "es": ("99999",),
        "fr": ("99999",),
        "de": ("99999",),
        "pt": ("99999-999", "9999-999"),
        "it": ("99999",),
        "ru": ("999999",),
        "zh": ("999999",),
        "hi": ("999999",),
    }
    return shape(
        rng.choice(
            forms.get(
                lang,
                (
                    "99999",
                    "99999",
                    "99999",
                    "99999",
                    "99999-9999",
                    "AA9 9AA",
                    "A99 9AA",
                    "AA99 9AA",
                    "A9A 9A9",
                    "9999",
                    "A9A9A9",
                ),
            )
        ),
        rng,
    )
