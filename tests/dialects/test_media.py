"""Files that travel as text: found in whatever way they are wrapped, and not confused with words."""

from __future__ import annotations

import base64
import random
import textwrap

import pytest

from guardrail.dialects.media import BLOB, holds_media

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
