"""A seal is random, and never refused; words and numbers in its clothes are."""

import base64
import math
import random
from collections.abc import Iterator
from itertools import product

import pytest

from guardrail.dialects.seals import ALIKE, RUN, SHAPES, STEP, WINDOW, reads

SIZES = (48, 49, 50, 100, 400, 3_000)


def random_seals(count: int) -> Iterator[str]:
    """In both alphabets, padded or not."""
    source = random.Random(7)
    for number in range(count):
        data = source.randbytes(SIZES[number % len(SIZES)])
        encode = base64.b64encode if number % 2 else base64.urlsafe_b64encode
        sealed = encode(data).decode()
        yield sealed if number % 4 > 1 else sealed.rstrip("=")


def test_no_random_seal_is_refused() -> None:
    """Of any length, in either alphabet, with and without padding; 7 million characters."""
    assert [seal for seal in random_seals(9_000) if reads(seal)] == []


def test_the_chance_of_refusing_a_seal_is_known() -> None:
    """Of seals of a million characters less than one in 500,000 is refused by chance."""
    windows = chance_of(WINDOW, ALIKE) / STEP
    runs = chance_of(RUN, RUN - 1)
    shapes = sum(math.prod(SIGNS["d" if sign == "d" else "-"] for sign in f"-{shape}-") for shape in SHAPES)

    assert (windows + runs + shapes) * 1_000_000 < 1 / 500_000


# how likely a random sign is of a kind: lower case, upper case, digit, mark
SIGNS = {"l": 26 / 64, "u": 26 / 64, "d": 10 / 64, "-": 2 / 64}


def chance_of(signs: int, least: int) -> float:
    """That of so many random signs this many neighbours are alike, counted sign by sign."""
    ways = {(kind, 0): chance for kind, chance in SIGNS.items()}
    for _ in range(signs - 1):
        longer: dict[tuple[str, int], float] = {}
        for ((before, alike), chance), (kind, more) in product(ways.items(), SIGNS.items()):
            kind = "initial" if before == "-" and kind == "u" else kind
            key = kind, alike + goes_with(before, kind)
            longer[key] = longer.get(key, 0.0) + chance * more
        ways = longer
    return sum(chance for (_, alike), chance in ways.items() if alike >= least)


def goes_with(before: str, kind: str) -> bool:
    return before == kind or "-" in (before, kind) or (before == "initial" and kind in "lu")


WORDS = [
    "Maria-Delgado-born-1971-03-14-12-Oak-Street-Springfield/IL-has-diabetes",
    "SSN-219-09-9998-" * 4,
    "patient/maria/delgado/of/oak/street/in/springfield/has/had/two/strokes",
    "THE_PATIENT_MARIA_DELGADO_HAS_A_RECORD_NUMBER_20417745_AND_DIABETES_",
    "thepatientmariadelgadohasarecordatspringfieldanddiabetesandtwostrokes",
]


@pytest.mark.parametrize("words", WORDS)
def test_words_in_signs_of_base64_are_no_seal(words: str) -> None:
    """Nor when a real seal stands before and after them."""
    around = next(random_seals(1))
    assert reads(words)
    assert reads(f"{around}-{words}-{around}")


@pytest.mark.parametrize("number", ["219-09-9998", "1971-03-14", "03/14/1971", "555_010_1234", "943476591204"])
def test_a_number_set_apart_is_no_seal(number: str) -> None:
    """One number of somebody among random signs."""
    around = next(random_seals(1))
    assert reads(f"{around}-{number}-{around}")
    assert reads(f"{number}-{around}")
    assert not reads(f"{around}-{number[:-1]}x-{around}")


def test_base64_of_a_text_is_no_seal() -> None:
    """In either alphabet; what is no text is one."""
    for text in ("Maria Delgado, born 1971, " * 3, "Élodie Brûlé, née en 1971, " * 3):
        assert reads(base64.b64encode(text.encode()).decode())
        assert reads(base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))
    assert not reads("")
    assert not reads(base64.b64encode(bytes(range(100, 220))).decode())
