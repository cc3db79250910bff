"""Files that travel as text: found in whatever way they are wrapped, and not confused with words."""

from __future__ import annotations

import base64
import random
import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail.dialects.media import BLOB, MediaRules, holds_media
from guardrail.errors import UnreadablePayload
from guardrail.wire.pdf import read_pdf

FILE = base64.b64encode(random.Random(5).randbytes(3_000)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "![scan](data:image/png;base64,iVBORw0KGgo=)",
        "look: DATA:Image/JPEG;BASE64,/9j/4AAQ",
        "data:;base64,QQ==",
        "data:text/plain;charset=utf-8;base64,TWFyaWE=",
        FILE,
        FILE[:BLOB],
        f"the file: {FILE} and more",
        "\n".join(textwrap.wrap(FILE, 76)),
        "\r\n".join(textwrap.wrap(FILE, 64)),
        "\\n".join(textwrap.wrap(FILE, 64)),
        "\n".join("    " + line for line in textwrap.wrap(FILE, 60)),
        base64.urlsafe_b64encode(random.Random(6).randbytes(1_000)).decode(),
        '{"broken": "' + FILE,
    ],
)
def test_a_file_is_found(text: str) -> None:
    """A picture of a patient doesn't leave because somebody wrote it down in letters."""
    assert holds_media(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What does a data: address look like? It says base64, then letters.",
        "data:text/plain,hello",
        FILE[: BLOB - 1],
        "ACGT" * 2_000,
        "MKVLAAGIVGLLLAQW" * 200,
        "0123456789abcdef" * 200,
        "4821337 " * 500,
        "Take 5 mg of Lisinopril each morning.\n" * 200,
        "/usr/share/Doc9/a1/" + "x " * 2_000,
        "a" * 5_000,
    ],
)
def test_words_sequences_and_short_keys_are_no_files(text: str) -> None:
    """Genes, tables, hashes and long notes are text, and are inspected as such."""
    assert not holds_media(text)


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        *(("data:", False), ("data:;a", False), (";base64,", False), ("data:;a;base64,,", False)),
        *(("aB3", True), ("aB3\n", False), ("\\n", False), ("a b ", False)),
    ],
)
def test_long_texts_are_looked_through_once(piece: str, found: bool) -> None:
    """Whatever is repeated, time grows with the length alone: else this test would run into its time limit."""
    assert holds_media(piece * (2_000_000 // len(piece))) is found


WINDOW = 65_536
AT_ONCE = re.compile(r"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]{32,}+(?:(?:\\?[\r\n]|\\[rn])[ \t]*+){0,3}+)++")
"""The runs as one search over a whole text finds them."""


def is_file(run: str) -> bool:
    return len(run) >= BLOB and all(re.search(letters, run) for letters in ("[A-Z]", "[a-z]", "[0-9]"))


@given(
    st.integers(-1_300, 80),
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(["A", "aB3", "7", "-"]), st.integers(1, 1_100)).map(
                lambda of: (of[0] * of[1])[: of[1]]
            ),
            st.sampled_from(
                [" ", "\n", "\r\n  ", "\\n", "\n\n\n\n", "word ", "data:image/png", ";base64,", " ;base64, QQ"]
            ),
        ),
        max_size=8,
    ),
)
def test_it_does_not_matter_where_one_look_ends_and_the_next_begins(offset: int, pieces: list[str]) -> None:
    """SIZ-09: a long text is looked through a window at a time, so that others have their turn."""
    text = "x " * (WINDOW // 2) + " " * 80
    text = text[: WINDOW + offset] + "".join(pieces)
    data_url = re.search(r"data:[^\s,;]{0,127}(?:;[^\s,;]{1,127}){0,8}?;base64,\s{0,8}[A-Za-z0-9+/_%-]", text)
    assert holds_media(text) is (data_url is not None or any(is_file(run[0]) for run in AT_ONCE.finditer(text)))


# ------------------------------------------------------------------------------------------------ files that are opened

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize("kind", ["text/plain", "text/csv", "application/json", "text/html", "csv", "TEXT/PLAIN"])
def test_text_in_a_file_is_read_and_can_be_rewritten(kind: str) -> None:
    """In base64 and in a `data:` address alike."""
    file = MediaRules().open(b64("Jane Roe, é".encode()), kind)
    assert file.text == "Jane Roe, é"
    assert base64.b64decode(file.write("[NAME_1], é")).decode() == "[NAME_1], é"


@pytest.mark.parametrize("address", ["data:text/plain;base64," + b64(b"Jane"), "data:text/plain,Ja%6Ee"])
def test_a_data_address_stays_one(address: str) -> None:
    file = MediaRules().open(address, "")
    assert file.text == "Jane"
    assert file.write("[NAME_1]") == "data:text/plain;base64," + b64(b"[NAME_1]")


@pytest.mark.parametrize(
    ("data", "declared", "code"),
    [
        (b64(PNG), "image/png", "uninspected_part"),
        (b64(PNG), "text/plain", "uninspected_part"),
        (b64(b"%PDF-1.7 ..."), "text/plain", "uninspected_part"),
        (b64(b"\xff\xfe\x00"), "text/plain", "uninspected_part"),
        (b64("Jane Roe 219-09-9999".encode("utf-16-le")), "text/plain", "uninspected_part"),
        (b64("Jane Roe 219-09-9999".encode("utf-32-be")), "text/plain", "uninspected_part"),
        (b64(b"Jane R\x00oe"), "text/csv", "uninspected_part"),
        (b64(b"anything"), "", "uninspected_part"),
        (b64(b"anything"), "application/zip", "uninspected_part"),
        ("not base64!", "text/plain", "invalid_base64"),
        ("data:image/png;base64,!!", "", "invalid_base64"),
    ],
)
def test_what_nobody_can_read_is_refused(data: str, declared: str, code: str) -> None:
    """By its bytes: no picture passes as text."""
    with pytest.raises(UnreadablePayload) as caught:
        MediaRules().open(data, declared)
    assert caught.value.code == code


def test_a_released_type_passes_by_its_bytes_not_by_its_name() -> None:
    rules = MediaRules(released=("image/png",))
    assert rules.open(b64(PNG), "image/png").text is None
    assert rules.open(b64(PNG), "").media_type == "image/png"
    for data, declared in ((b"\xff\xd8\xff\xe0", "image/png"), (b"no picture at all", "image/png"), (b"GIF89a", "png")):
        with pytest.raises(UnreadablePayload):
            rules.open(b64(data), declared)


def test_a_family_of_types_can_be_released() -> None:
    rules = MediaRules(released=("image/*",))
    assert rules.open(b64(PNG), "image/png").text is None
    with pytest.raises(UnreadablePayload):
        rules.open(b64(b"RIFF....WAVEfmt "), "image/png")


@pytest.mark.parametrize("url", ["https://img.hospital.example/a.png", "https://cdn.pictures.example/x?y=1"])
def test_listed_hosts_may_be_linked_to(url: str) -> None:
    rules = MediaRules(hosts=("img.hospital.example", "*.pictures.example"))
    assert rules.host_of(url)


@pytest.mark.parametrize(
    "url",
    ["http://img.hospital.example/a", "https://img.hospital.example.evil.example/a", "https://pictures.example/",
     "https://evilpictures.example/", "https://user@img.hospital.example/", "https://img.hospital.example:8443/",
     "file:///etc/passwd", "https://img.hospital.example\\@evil.example/", "//img.hospital.example/", "gs://bucket/x",
     "https://img.hospital.example /", "https://[::1]/", "https://img.hospital.example:bad/", ""],
)  # fmt: skip
def test_every_other_address_is_refused(url: str) -> None:
    rules = MediaRules(hosts=("img.hospital.example", "*.pictures.example"))
    assert rules.host_of(url) is None


def pdf(words: str) -> bytes:
    """A PDF of one page with these words, written by hand."""
    stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


def test_the_words_of_a_pdf_are_read_and_can_not_be_rewritten() -> None:
    file = MediaRules(read_pdf=read_pdf).open(b64(pdf("Patient Jane Roe")), "application/pdf")
    assert "Patient Jane Roe" in (file.text or "")
    with pytest.raises(UnreadablePayload) as caught:
        file.write("Patient [NAME_1]")
    assert caught.value.code == "phi_in_file"


@pytest.mark.parametrize("data", [b"%PDF-1.4 nothing", pdf(""), b"%PDF-1.4\n" + b"[" * 100_000])
def test_a_pdf_that_can_not_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadablePayload) as caught:
        MediaRules(read_pdf=read_pdf).open(b64(data), "pdf")
    assert caught.value.code == "uninspected_part"


@pytest.mark.parametrize("more", [b"John Smith", b"% John Smith"])
def test_what_stands_behind_the_end_of_a_pdf_is_not_passed_on(more: bytes) -> None:
    with pytest.raises(UnreadablePayload):
        MediaRules(read_pdf=read_pdf).open(b64(pdf("All is well") + more), "pdf")


def test_strings_that_no_page_shows_are_read_too() -> None:
    hidden = pdf("All is well").replace(b"/BaseFont /Helvetica", b"/BaseFont /Helvetica /Alt (Jane Roe)")
    assert "Jane Roe" in (MediaRules(read_pdf=read_pdf).open(b64(hidden), "pdf").text or "")
