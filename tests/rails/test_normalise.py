"""The readable view of a text, and the way back to what was really written."""
# ruff: noqa: RUF001 - odd characters are what this is about

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.rails.normalise import unsmudged, view
from guardrail.text import Span

WRITTEN = [
    r"\n",
    r"\\t",
    r"\"",
    r"\u00e9",
    r"\ud83d\ude00",
    r"\ud83d",
    r"\x4A",
    r"\U0001F600",
    r"\UFFFFFFFF",
    r"\u200b",
]
ODD = st.sampled_from(
    [
        *"ﬁßİ㍏½①²１𝟙٣९\u200b\u00ad\u2060\ufe0f\u202e\u00a0\u2028–—’",
        "\U000e0041",
        "e\u0301",
        "👩‍⚕️",
        "\r\n",
        "\\",
        *WRITTEN,
    ]
)
TEXTS = st.lists(st.one_of(ODD, st.characters(exclude_categories=["Cs"]), st.sampled_from("ab1 .")), max_size=40).map(
    "".join
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain ASCII 123", "plain ASCII 123"),
        ("José Müller", "José Müller"),
        ("1\u200b2\u00ad3\u20604", "1234"),
        ("１２３-４５", "123-45"),
        ("𝟎𝟕𝟕", "077"),
        ("٠١٢ ९", "012 9"),
        ("①²", "12"),
        ("a\u00a0b\u2009c", "a b c"),
        ("555\u2011\u201301", "555--01"),
        ("O\u2019Dowd", "O'Dowd"),
        ("".join(chr(0xE0000 + ord(char)) for char in "ssn"), "ssn"),
        ("\u202e1\u202c", "1"),
        (r"seen\nMRN: 4", "seen\nMRN: 4"),
        (r"a\tb\r\n", "a\tb\r\n"),
        (r"twice\\n12 and\\\\n12", "twice\n12 and\n12"),
        (r"\"Ren\u00e9e\" \/ Zo\xeb", '"Renée" / Zoë'),
        (r"\u005A\U00000051", "ZQ"),
        (r"\ud83d\ude00!", "😀!"),
        (r"half \ud83d\u0041", "half \ufffdA"),
        (r"1\u200b2\u00a03", "12 3"),
        (r"\u12 \q \x1", r"\u12 \q \x1"),
    ],
)
def test_a_reader_sees_the_plain_characters(written: str, read: str) -> None:
    """What a person or a model would read, whatever it is written with."""
    assert view(written).text == read


@given(TEXTS)
def test_every_view_character_knows_where_it_came_from(text: str) -> None:
    """Offsets are exact for any Unicode text: a span of the view covers the characters that made it (EVA-06)."""
    seen = view(text)
    last = 0
    for at, char in enumerate(seen.text):
        span = seen.original(at, at + 1)
        assert last <= span.start < span.end <= len(text)
        last = span.start
        source = text[span.start : span.end]
        if source in WRITTEN or source.lstrip("\\") != source:
            continue
        assert len(source) == 1
        assert (
            char == source or char in unicodedata.normalize("NFKC", source) or not (char.isalpha() and source.isascii())
        )


@given(st.lists(st.sampled_from([*"ab1. é１", r"\n", r"\u00e9", r"\ud83d\ude00"]), max_size=30))
def test_plain_and_escaped_characters_cover_the_text_without_a_gap(parts: list[str]) -> None:
    """One view character for each character and each escape, in order, nothing left out, nothing twice."""
    text = "".join(parts)
    seen = view(text)
    spans = [seen.original(at, at + 1) for at in range(len(seen.text))]
    assert [text[span.start : span.end] for span in spans] == parts


@given(TEXTS.filter(lambda text: "\\" not in text))
def test_the_whole_view_covers_all_that_can_be_seen(text: str) -> None:
    """Nothing readable is left outside: what no view character covers is invisible."""
    seen = view(text)
    covered = {
        at for i in range(len(seen.text)) for at in range(seen.original(i, i + 1).start, seen.original(i, i + 1).end)
    }
    assert all(
        not text[at].isalnum() or unicodedata.category(text[at]) == "Lo" for at in range(len(text)) if at not in covered
    )


def test_an_escape_is_covered_whole() -> None:
    """What is replaced is the written-out escape, not a part of it."""
    text = r"at\nZo\u00eb\n"
    seen = view(text)
    assert seen.text == "at\nZoë\n"
    assert seen.original(3, 6) == Span(4, 12)
    assert text[4:12] == r"Zo\u00eb"


@given(TEXTS)
def test_scanner_repairs_never_move_anything(text: str) -> None:
    assert len(unsmudged(text)) == len(text)


@pytest.mark.parametrize(
    ("written", "read"), [("O3/l4/1971", "03/14/1971"), ("Pat1ent", "Patlent"), ("O2 sat, I/O", "O2 sat, I/O")]
)
def test_only_numbers_become_numbers(written: str, read: str) -> None:
    assert unsmudged(written) == read
