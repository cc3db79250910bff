"""Numbers, codes and addresses with a form: found by their shape or cue alone, however they are dressed.

Over generated valid values, by the finders without the trained detector and without Presidio: what is found here needs
no other evidence.
"""

import random

import pytest

from tests.rails.ids import CLEAN, IDENTIFIERS, WAYS, Identifier, example
from tests.rails.phi_patterns import MINE, covered, sure_hits

VALUES = 20
# A dressing of two or three characters is not undone: "9 4" is more often two numbers than an age.
TOO_SHORT = {("age over 89", "spaced"), ("age over 89", "base64"), ("age over 89 in words", "base64")}
CASES = [
    pytest.param(identifier, way, id=f"{identifier.name}-{way}")
    for identifier in IDENTIFIERS
    for way in WAYS
    if (way != "bare" or identifier.telling) and (identifier.name, way) not in TOO_SHORT
]


@pytest.mark.parametrize(("identifier", "way"), CASES)
def test_every_valid_value_is_found_whole(identifier: Identifier, way: str) -> None:
    """Plain, in a sentence, in JSON, by itself where its form tells, and under each dressing."""
    rng = random.Random(f"{identifier.name} {way}")
    examples = [example(identifier, rng, way) for _ in range(VALUES)]
    assert [one.text for one in examples if not covered(one)[0]] == []


@pytest.mark.parametrize("identifier", IDENTIFIERS, ids=lambda identifier: identifier.name)
def test_it_is_called_what_it_is(identifier: Identifier) -> None:
    """45 CFR 164.514(b)(2)(i): under one of its labels."""
    rng = random.Random(identifier.name)
    called = [(one.text, covered(one)[1]) for one in (example(identifier, rng) for _ in range(VALUES))]
    assert [(text, labels) for text, labels in called if not labels & set(identifier.labels)] == []


@pytest.mark.parametrize("text", CLEAN)
def test_numbers_that_are_nobodys_stay(text: str) -> None:
    """A redacted dose, value, code or help line does harm of its own."""
    assert sure_hits(text, MINE) == []


@pytest.mark.parametrize(
    "text",
    [
        "1234567893", "943 4765919", "046454286", "123456782", "111222333", "529982247 25", "86095742719", "2000000000",
        "SNOMED concepts 44054006, 195967001", "BSN 2019, MSN 2021", "sin 5000 mg", "PPS 70%, PPS 2019", "RFC 9110",
        "CNS 2 lesions", "chi-square 12.345, df 2", "ISO 13616-1", "an account for 5000 dollars",
    ],
)  # fmt: skip
def test_a_check_digit_alone_is_no_proof(text: str) -> None:
    """One number of ten obeys by chance: a bare one needs a cue, and a cue that is a word of medicine more digits."""
    assert sure_hits(text, MINE) == []


@pytest.mark.parametrize("number", ["988", "1-800-273-8255", "1-800-222-1222", "116 123", "741741", "13 11 14"])
@pytest.mark.parametrize("frame", ["{}", "call {}", "text HOME to {}", "phone: {}", "Helpline number {}."])
def test_a_help_line_stays_behind_every_cue(number: str, frame: str) -> None:
    """A person in danger must be able to read it."""
    assert sure_hits(frame.format(number), MINE) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [("ZIP3 021", "021"), ("ZIP code 021**", "021"), ("age 89", "89"), ("aged 67", "67"), ("in 1958", "1958")],
)
def test_what_safe_harbor_lets_stand_stays(text: str, kept: str) -> None:
    """Three digits of a ZIP code, ages to 89, years."""
    assert kept in text
    assert sure_hits(text, MINE) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jane (dot) doe (at) example (dot) org", "jane (dot) doe (at) example (dot) org"),
        ("write jane.doe[at]example[dot]org now", "jane.doe[at]example[dot]org"),
        ("look at example.org for it", ""),
        ("MSH|20190315081500-0500|", "20190315081500-0500"),
        ("admitted 19580309 with pain", "19580309"),
        ("48°51'24\"N 2°21'07\"E is home", "48°51'24\"N 2°21'07\"E"),
        ("at 40.74312,-73.98914 now", "40.74312,-73.98914"),
        ("mac 1012.6794.AEC3 pings", "1012.6794.AEC3"),
    ],
)
def test_further_forms(text: str, expected: str) -> None:
    assert [text[span.start : span.end] for _, span in sure_hits(text, MINE, public=False)][:1] == [expected][
        : bool(expected)
    ]
