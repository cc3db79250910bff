"""The readable view of a text, and the way back to what was really written."""
# ruff: noqa: RUF001 - odd characters are what this is about

import base64
import unicodedata
from itertools import pairwise
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.rails.normalise import View, unsmudged, view
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


def coded(text: str, size: int = 0) -> str:
    """Base64, in lines of `size` characters if given."""
    run = base64.b64encode(text.encode()).decode()
    return "\n".join(run[at : at + size] for at in range(0, len(run), size)) if size else run


LONG = "Patient Ada Quill, MRN 7719043, was seen for chest pain; please call her daughter at once, Zoë."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("%4d%52N%20771", "MRN 771"),
        ("Zo%C3%AB %e2%82%ac", "Zoë €"),
        (quote(quote(quote("MRN 771 (a)"))), "MRN 771 (a)"),
        ("https://a.example/%4a?q=%20%22x", "https://a.example/J?q=%20%22x"),
        ("50%de 100%ff %zz %e2%82 %00", "50%de 100%ff %zz %e2%82 %00"),
        ("95%CI 8.1% 40% to 60%", "95%CI 8.1% 40% to 60%"),
        ("&#77;&#x52;N &eacute;&nbsp;&lt;&amp;#55;", "MRN é <7"),
        ("&#77&#x52 N&#55x", "MR N7x"),
        ("%u004d%u0052N %ud800 %uzz", "MRN %ud800 %uzz"),
        (r"\u{4d}\u{52}\u{0004E} \u{110000}", "MRN \ufffd"),
        (r"\115\122\116\303\251", "MRNé"),
        (r"C:\101\102 \377\377\377\377", r"C:\101\102 \377\377\377\377"),
        ("'ab' + 'cd', \"12\" +\"34\" + 'x'", "'abcd', \"1234\" + 'x'"),
        ("&notanentity; &#0; &#xD800; R&D; AT&T", "&notanentity; &#0; &#xD800; R&D; AT&T"),
        (coded("MRN 7719043"), "MRN 7719043"),
        (f'data: "{coded(LONG)}", end', f'data: "{LONG}", end'),
        (coded(LONG, 64), LONG),
        (coded(LONG, 76).replace("\n", "\r\n") + "\nBye", LONG + "\nBye"),
        (coded(coded(LONG)), LONG),
        (quote(coded(LONG)), LONG),
        (coded("Ünïcödé Nämé 12").replace("+", "-").replace("/", "_").rstrip("="), "Ünïcödé Nämé 12"),
        (
            "ZQ482913005517 hydrochlorothiazide HYDROCHLOROTHIAZIDE",
            "ZQ482913005517 hydrochlorothiazide HYDROCHLOROTHIAZIDE",
        ),
        (
            "d41d8cd98f00b204e9800998ecf8427e getPatientRecordById",
            "d41d8cd98f00b204e9800998ecf8427e getPatientRecordById",
        ),
        (base64.b64encode(bytes(range(90, 250))).decode(), base64.b64encode(bytes(range(90, 250))).decode()),
        (f"https://a.example/p/{coded('MRN 77190430')}/labs", "https://a.example/p/MRN 77190430/labs"),
        (f"record_{coded('MRN 77190430')}-{coded('Ada Quill')}", "record_MRN 77190430-Ada Quill"),
        ("MRN 4 8 2 9 1 3.", "MRN 482913."),
        ('"j a n e @ m a i l . o r g"', '"jane@mail.org"'),
        ("9 4 3   4 7 6   5 9 1 9", "943 476 5919"),
        ("M  R  N    4  8  2", "MRN 482"),
        ("is a 4 8 2 9 1 3 or so", "is a 482913 or so"),
        ("2 1 3 0 1 2 2 1 0 and 5 5 4 4 5 5 5 3 5", "2 1 3 0 1 2 2 1 0 and 5 5 4 4 5 5 5 3 5"),
        ("| 1 | 2 | 3 | 4 |, - - - - - -, I am a b", "| 1 | 2 | 3 | 4 |, - - - - - -, I am a b"),
        ("\u041cRN \u0410\u0412123456\u0421 j\u0430ne@ex\u0430mple.org", "MRN AB123456C jane@example.org"),
        ("\u0418\u0432\u0430\u043do\u0432 \u0391\u03bdd", "\u0418\u0432\u0430\u043d\u043e\u0432 Avd"),
        (
            "COVID\u043d\u044b\u0439 \u0421\u0422\u0413 IFN-\u03b3 5 \u03bcg",
            "COVID\u043d\u044b\u0439 \u0421\u0422\u0413 IFN-\u03b3 5 \u03bcg",
        ),
        ("Jo\u0336h\u0336n Zoe\u0308 4\u03368\u20e3", "John Zoë 48"),
        (f"hex {LONG.encode().hex()}, 0x{b'MRN 7719043'.hex().upper()}", f"hex {LONG}, MRN 7719043"),
        (b"219099999".hex() + " 4111111111111111 5052535455565758", "219099999 4111111111111111 5052535455565758"),
        ("".join(f"={byte:02X}" for byte in b"MRN 771") + " a=20&b=30=40", "MRN 771 a=20&b=30=40"),
        ("\u2474\u2488\u2473 \u216b/\u2164/1971 \U0001f17c\U0001f161", "1120 12/5/1971 MR"),
        ("DOB \u202e1791/50/21\u202c ok", "DOB 1791/50/21 12/05/1971 ok"),
        ("hi" + "".join(chr(0xE0100 + byte - 16) for byte in b"MRN 771"), "hiMRN 771"),
        ("hi" + "".join("\u2062\u2064"[int(bit)] for byte in b"MRN 771" for bit in f"{byte:08b}"), "hiMRN 771"),
        ("hi \u2764\ufe0f \u2062\u2064", "hi \u2764 "),
        ("SSN\n2\n1\n9\n0\n9\n9\n9\n9\n8\nThanks", "SSN\n219099998\nThanks"),
        ("| 4 | 8 | 2 | 9 | 1 | 3 |", "| 482913 |"),
        ("4,8,2,9,1,3 or 4.8.2.9.1.3. So", "482913 or 482913. So"),
        ("Ada,4,8,2,9,1,3 4,8,2,9,1,3,Ada 1, 2, 3, 4, 5, 6", "Ada,4,8,2,9,1,3 4,8,2,9,1,3,Ada 1, 2, 3, 4, 5, 6"),
        ("GAD-7: 2, 1, 0, 3, 1, 2, 2", "GAD-7: 2, 1, 0, 3, 1, 2, 2"),
    ],
)
def test_dressing_is_undone_and_what_is_none_stays(written: str, read: str) -> None:
    """Codes that decode to text, look-alike letters, characters one by one; never what is no text or a score."""
    assert view(written).text == read


@pytest.mark.parametrize(
    ("written", "word", "whole"),
    [
        ("id %4d%52%4e x", "MRN", "%4d%52%4e"),
        ("id &#77;RN x", "MRN", "&#77;RN"),
        (f"id {coded(LONG)} x", "7719043", coded(LONG)),
        ("id 4 8 2 9 1 3 x", "482913", "4 8 2 9 1 3"),
        ("id \u041cR\u200bN x", "MRN", "\u041cR\u200bN"),
        (f"id {quote(coded(LONG))} x", "Quill", quote(coded(LONG))),
    ],
)
def test_what_is_found_in_a_dressing_covers_it_as_it_is_written(written: str, word: str, whole: str) -> None:
    """Percent-encoding and entities by the character, base64 as a whole, spaces from first to last character."""
    seen = view(written)
    at = seen.text.index(word)
    span = seen.original(at, at + len(word))
    assert written[span.start : span.end] == whole
    assert seen.at(span.start) <= at


DRESSED = st.lists(
    st.one_of(
        st.sampled_from(
            ["MRN 7719043", "Zoë", " ", "a b c d e f ", "1 2 ", "e\u0301", "\u0430b1", "\u200b", "%41", "&#65;"]
        ),
        st.text(max_size=6).map(lambda text: quote(text.encode("utf-8", "replace"))),
        st.text(min_size=9, max_size=30).map(lambda text: base64.b64encode(text.encode("utf-8", "replace")).decode()),
        st.text(max_size=5),
    ),
    max_size=12,
).map("".join)


@given(DRESSED)
def test_the_way_back_is_in_order_and_inside_the_text(text: str) -> None:
    """Whatever is dressed in what: every view character has a source, and they come in the order of the text."""
    seen = view(text)
    spans = [seen.original(at, at + 1) for at in range(len(seen.text))]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.start <= other.start and one.end <= other.end for one, other in pairwise(spans))
    assert [seen.at(span.start) <= at for at, span in enumerate(spans)] == [True] * len(spans)


def test_plain_text_is_returned_as_it_is() -> None:
    """No way back is built where nothing is odd."""
    text = "67M with HTN, Na 138, SpO2 94% on 2 L; metoprolol 50 mg BID & José's letter (p. 4)."
    assert view(text) == View(text)


# Latin letters in a word whose other letters are Greek or Cyrillic are read as these.
LOOK_ALIKES = {
    latin: greek + cyrillic
    for latin, greek, cyrillic in (
        ("A", "Α", "А"),
        ("B", "Β", "В"),
        ("E", "Ε", "Е"),
        ("Z", "Ζ", ""),
        ("H", "Η", "Н"),
        ("I", "Ι", ""),
        ("K", "Κ", "К"),
        ("M", "Μ", "М"),
        ("N", "Ν", ""),
        ("O", "Ο", "О"),
        ("P", "Ρ", "Р"),
        ("T", "Τ", "Т"),
        ("Y", "Υ", "У"),
        ("X", "Χ", "Х"),
        ("o", "ο", "о"),
        ("v", "ν", ""),
        ("C", "", "С"),
        ("a", "", "а"),
        ("c", "", "с"),
        ("e", "", "е"),
        ("p", "", "р"),
        ("x", "", "х"),
        ("y", "", "у"),
    )
}


@given(TEXTS)
@pytest.mark.case("EVA-06")
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
        if source[0] == "\u202e":  # read in both directions, covered as a whole
            continue
        if unicodedata.combining(source[-1]):
            assert char == unicodedata.normalize("NFC", source)[0]
            continue
        assert len(source) == 1
        plain = char == source or char in unicodedata.normalize("NFKC", source)
        assert plain or not (char.isalpha() and source.isascii()) or char in LOOK_ALIKES.get(source, "")


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
    ("written", "read"),
    [
        ("O3/l4/1971", "03/14/1971"),
        ("Pat1ent", "Patlent"),
        ("O2 sat, I/O", "O2 sat, I/O"),
        ("O745262968 8837378O", "O745262968 8837378O"),
    ],
)
def test_only_numbers_become_numbers(written: str, read: str) -> None:
    assert unsmudged(written) == read


@pytest.mark.parametrize(
    "spoiled", ["cmVjb3,kIFpRNDQzODMxMTQ2Mjk3IG9mIHRoZSB3YXJk", "mVjb3JkIFpRNDQzODMxMTQ2Mjk3IG9mIHRoZSB3YXJk"]
)
def test_base64_that_lost_a_sign_is_read_from_there_on(spoiled: str) -> None:
    """Whoever mends it by hand reads the rest."""
    seen = view(f"see {spoiled} again")
    assert "ZQ443831146297 of the ward" in seen.text


@pytest.mark.parametrize(
    "run",
    [
        "GrundlagenDerPathophysiologieUndTherapie",
        "sk-proj-9fK2aLq8ZtRw4XyB7mNcV1Pd",
        "ThisIsACamelCaseIdentifierOfSomeLength",
    ],
)
def test_long_words_are_not_taken_for_what_is_left_of_base64(run: str) -> None:
    assert view(run).text == run
