"""What was found once is found wherever it is said again."""

import pytest

from guardrail.engine.echo import Echo
from guardrail.rails.base import About, Window
from guardrail.text import Kind


def found(known: list[tuple[str, str]], text: str, kind: Kind = Kind.PROSE) -> list[str]:
    """The repetitions of what is known, as they stand in `text`."""
    echo = Echo()
    for label, value in known:
        echo.learn(label, value)
    return [text[f.span.start : f.span.end] for f in echo.inspect(Window(text), About(kind=kind))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Later MARIA LOPEZ slept.", ["MARIA LOPEZ"]),
        ("maria  lopez and Lopez", ["maria  lopez", "Lopez"]),
        ("lopez called, Lopez's son too", ["lopez", "Lopez"]),
        ("see maria_lopez_scan.pdf", ["maria_lopez"]),
        ("Marial Lopezes mariachi", []),
        ("Lopez\nMaria", ["Lopez", "Maria"]),
    ],
)
def test_a_name_is_found_again_whole_and_in_part(text: str, expected: list[str]) -> None:
    """In any case, in a file name, but never inside another word."""
    assert found([("NAME", "Maria Lopez")], text) == expected


def test_a_name_that_is_a_word_is_believed_only_as_a_name() -> None:
    """Will the patient, not will the verb; and not the first word of a sentence."""
    known = [("NAME", "Will")]
    assert found(known, "Then Will slept. Will he eat? He will.") == ["Will"]


def test_who_is_or_has_something_at_the_beginning_of_a_sentence_is_the_person() -> None:
    """A capital tells nothing there; the verb does, or that the word is none of this language."""
    assert found([("NAME", "Maria Delgado")], "Delgado was tired. How is she?") == ["Delgado"]
    assert found([("NAME", "Maria Delgado")], "Delgado, how are you? And DELGADO?") == ["Delgado"]
    assert found([("NAME", "Grace Hope")], "Hope has pain. Hope for the best.") == ["Hope"]


@pytest.mark.parametrize(
    ("label", "value", "text"),
    [
        ("AGE_OVER_89", "91", "SpO2 91%"),
        ("DATE", "March", "a march and March"),
        ("DATE", "2019", "in 2019"),
        ("MRN", "12", "12 mg"),
        ("NAME", "Al", "al fresco, AL amyloidosis"),
    ],
)
def test_what_also_means_something_else_is_not_repeated(label: str, value: str, text: str) -> None:
    assert found([(label, value)], text) == []


@pytest.mark.parametrize(
    ("label", "value", "text", "again"),
    [
        ("SSN", "219-09-9999", "ssn 219 09 9999.", "219 09 9999"),
        ("PHONE", "(617) 555-0143", "call (617) 555-0143!", "(617) 555-0143"),
        ("EMAIL", "a.b@c.example", "A.B@c.example", "A.B@c.example"),
        ("NAME", "王小明", "患者王小明来了", "王小明"),
        ("OTHER_ID", "x$1\\g<0>", "id x$1\\g<0>", "x$1\\g<0>"),
    ],
)
def test_numbers_and_other_scripts_are_found_again(label: str, value: str, text: str, again: str) -> None:
    assert found([(label, value)], text) == [again]


def test_a_word_that_names_a_field_is_no_repetition() -> None:
    """An object key can't be rewritten; only a whole value in it refuses the request."""
    known = [("NAME", "Maria Lopez")]
    assert found(known, "lopez", Kind.FIXED) == []
    assert found(known, "maria_lopez", Kind.FIXED) == ["maria_lopez"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Wilson", "Wilson's disease; Wilson slept", ["Wilson"]),
        ("Addison", "Addison disease, Addison\u2019s disease", []),
        ("Foley", "a Foley catheter; Foley's catheter came out", ["Foley"]),
        ("Turner", "Gray-Turner sign, Turner syndrome", []),
        ("Jonathan Parkinson", "Mr. Parkinson's disease, Parkinson's disease", ["Parkinson"]),
        ("Okafor", "Okafor's disease is progressing", ["Okafor"]),
        ("John", "St. John's wort, st john\u2019s wort, John's wort", ["John"]),
    ],
)
def test_what_medicine_calls_after_people_is_no_repetition(name: str, text: str, expected: list[str]) -> None:
    """A patient called Wilson may have Wilson's disease; "Okafor's disease" is hers."""
    assert found([("NAME", name)], text) == expected


def test_the_longest_known_value_wins() -> None:
    assert found([("NAME", "Ana"), ("NAME", "Ana Maria Ruiz")], "Ana Maria Ruiz, Ana Ruiz") == [
        "Ana Maria Ruiz",
        "Ana",
        "Ruiz",
    ]


def test_nothing_known_finds_nothing_and_forgetting_is_complete() -> None:
    echo = Echo()
    assert list(echo.inspect(Window("Maria"), About())) == []
    echo.learn("NAME", "Maria")
    echo.forget()
    assert list(echo.inspect(Window("Maria"), About())) == []


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Grace Hope", "She asked for grace. Hope left.", []),
        ("May Hunt", 'He may! Hunt for it. "It may." Hunt on.', []),
        ("Ada Quill", "then ADA\nQUILL, Ada  Quill and Ada. Quill", ["ADA\nQUILL", "Ada  Quill", "Ada", "Quill"]),
        ("J Quill", "seen by J. Quill", ["J. Quill"]),
        ("Wm. Quill", "seen by Wm. Quill", ["Wm. Quill"]),
        ("Quill, Ada", "Quill Ada", ["Quill Ada"]),
    ],
)
def test_two_sentences_make_no_name(name: str, text: str, expected: list[str]) -> None:
    """A sentence end parts words, unless the name itself was written with one or an initial stands before it."""
    assert found([("NAME", name)], text) == expected


def test_in_scripts_without_spaces_the_longest_value_is_found_wherever_it_begins() -> None:
    """Also where two values share a character, and where one value repeats itself."""
    known = [("NAME", "王小"), ("NAME", "王小明"), ("NAME", "明天"), ("NAME", "哈哈")]
    assert found(known, "见王小明天、王小。哈哈哈哈") == ["王小明", "明天", "王小", "哈哈", "哈哈"]


def test_a_very_long_value_without_spaces_is_found_whole() -> None:
    value = "東京都" * 40
    assert found([("ADDRESS", value)], f"住所は{value}です") == [value]
