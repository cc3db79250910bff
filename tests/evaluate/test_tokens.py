"""What may not be left of an identifier."""

import pytest

from guardrail.evaluate.tokens import count, distinctive, normal, words


@pytest.mark.parametrize(
    ("label", "value", "parts"),
    [
        ("NAME", "Maria Lopez-Ortiz", {"maria", "lopez", "ortiz"}),
        ("NAME", "Bo Li", {"bo", "li"}),  # short words only
        ("NAME", "J. Lopez", {"lopez"}),
        ("NAME", "王小明", {"小明"}),
        ("NAME", "Lopez", set()),  # the value itself is looked for anyway
        ("PERSON", "Maria Lopez", {"maria", "lopez"}),
        ("ORG_FACILITY", "Hospital General de Quintanar", {"quintanar"}),
        ("ADDRESS", "4120 Juniper Street, Apt 7", {"4120", "juniper"}),
        ("LOCATION", "कोटा शहर", {"कोटा"}),
        ("DATE", "03/14/2024", {"03/14"}),
        ("DATE", "2024-03-14", {"03-14", "2024-03"}),
        ("DATE", "March 14, 2024", {"march 14"}),
        ("DATE", "March 2024", set()),
        ("DATE", "20240314", set()),  # the whole value
        ("AGE_OVER_89", "97 years", {"97"}),
        ("EMAIL", "m.lopez@example.org", {"m.lopez"}),
        ("URL", "https://example.org/u/48210", {"48210"}),
        ("PHONE", "(915) 555-0172", {"915", "0172"}),
        ("MRN", "MRN AB12-3456", {"ab12", "3456"}),
        ("SSN", "one two three four five six seven eight nine", {"six seven eight nine"}),
        ("NOMBRE_SUJETO_ASISTENCIA", "Ernesto 12345", {"ernesto", "12345"}),  # a label of somebody else's
    ],
)
def test_what_gives_somebody_away(label: str, value: str, parts: set[str]) -> None:
    """A street's number, a name's longer words, a date less its year; never "hospital" or a bare year."""
    assert distinctive(label, value) == parts


def test_texts_are_compared_without_case_width_and_space() -> None:
    assert normal("  MARIA\u00a0 \n \uff2copez ") == "maria lopez"


def test_words_are_told_apart_in_any_script() -> None:
    assert words("o'neil, कोटा-7") == ["o", "neil", "कोटा", "7"]


@pytest.mark.parametrize(
    ("text", "part", "bounded", "times"),
    [
        ("will willow will", "will", True, 2),
        ("will willow will", "will", False, 3),
        ("aaa", "aa", False, 2),
        ("見王小明了", "王小明", True, 1),
        ("x(7)", "7", True, 1),
    ],
)
def test_a_part_is_counted_as_a_word_or_anywhere(text: str, part: str, bounded: bool, times: int) -> None:
    assert count(text, part, bounded=bounded) == times
