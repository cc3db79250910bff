"""Reading a policy file: every value keeps its line, and nothing that YAML can do behind a reader's back gets in."""

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.errors import PolicyError
from guardrail.policy import source
from guardrail.policy.source import parse, read_source

FILE = Path("ward.yaml")


def refusal(text: str) -> str:
    """Every complaint about a text, whether reading could go on behind it or not."""
    try:
        return "\n".join(map(str, parse(dedent(text), FILE).complaints))
    except PolicyError as error:
        return error.message


def test_every_value_knows_its_line() -> None:
    read = parse("name: a\nrails:\n  - rail: phi\n    request: replace\n", FILE)
    assert read.values == {"name": "a", "rails": [{"rail": "phi", "request": "replace"}]}
    assert [read.line(key) for key in (("name",), ("rails",), ("rails", 0), ("rails", 0, "request"))] == [1, 2, 3, 4]


def test_a_key_that_is_not_there_is_placed_on_the_nearest_line_around_it() -> None:
    read = parse("limits:\n  max_depth: 3\n", FILE)
    assert str(read.complain(("limits", "max_hold", "x"), "is missing")) == "ward.yaml:1: limits.max_hold.x: is missing"


def test_codes_that_look_like_truth_values_stay_words() -> None:
    """`no` is a disability code and NO is Norway; only true and false are truth values."""
    read = parse("a: [yes, no, on, off, NO, true, false, 0-12, 12:30, 007, 2024-01-02, 1_000, 1e3, ~]", FILE)
    assert read.values["a"] == [
        *("yes", "no", "on", "off", "NO", True, False),
        *("0-12", "12:30", "007", "2024-01-02", "1_000", "1e3", None),
    ]


def test_numbers_are_numbers_unless_quoted() -> None:
    assert parse("a: [1, -2, 0.5, '1', \"2.5\"]", FILE).values["a"] == [1, -2, 0.5, "1", "2.5"]


def test_a_key_given_twice_is_refused_with_both_lines() -> None:
    """The last would silently win: a second `rails:` would switch every check of the first off."""
    assert refusal("name: a\nrails: []\nrails: []\n") == "ward.yaml:3: rails: is given twice; first on line 2"


def test_reading_goes_on_behind_what_is_not_allowed() -> None:
    """All of it is told at once."""
    told = refusal("a: &x 1\nb: !t 2\na: {c: 1, c: 2}\nd: [3]\nd: 4\n")
    assert [line.split(": ")[0] for line in told.splitlines()] == [f"ward.yaml:{line}" for line in (1, 2, 3, 3, 5)]


@pytest.mark.case("CFG-02")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &x [1]\nb: *x\n", "anchors and aliases"),
        ("a: *x\n", "anchors and aliases"),
        ("a: !!python/object/apply:os.system ['true']\n", "tags (!)"),
        ("a: !include other.yaml\n", "tags (!)"),
        ("a: 1\n---\nb: 2\n", "one document only"),
        ("? [a, b]\n: 1\n", "a key must be a word"),
        ("", "is empty"),
        ("# only a comment\n", "is empty"),
        ("- a\n- b\n", "is empty, or not a mapping"),
        ("just a word\n", "is empty, or not a mapping"),
        ("a: [1, 2\nb: 3\n", "ward.yaml:2"),
        ("a:\n\tb: 1\n", "ward.yaml:2"),
        ("a: \x00\n", "ward.yaml:1"),
        ("a: 'unfinished\n", "ward.yaml"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_place(text: str, words: str) -> None:
    assert words in refusal(text)


def test_merge_keys_are_ordinary_keys_and_so_unknown_to_every_model() -> None:
    assert parse("a:\n  <<: {b: 1}\n", FILE).values == {"a": {"<<": {"b": 1}}}


@pytest.mark.case("CFG-02")
@pytest.mark.parametrize("opening", ["a: " + "[" * 5_000, "{a: " * 5_000, "- " * 5_000])
def test_five_thousand_levels_are_refused(opening: str) -> None:
    assert "nested deeper" in refusal(opening)


@pytest.mark.case("CFG-02")
def test_a_billion_laughs_are_refused_before_they_are_laughed() -> None:
    lines = ["a: &a [lol]"]
    lines += [f"{x}: &{x} [{','.join([f'*{y}'] * 9)}]" for y, x in zip("abcdefgh", "bcdefghi", strict=True)]
    assert "anchors" in refusal("\n".join(lines))


@pytest.mark.case("CFG-02")
def test_a_file_over_the_limit_is_not_read_to_its_end(tmp_path: Path) -> None:
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * (source.MAX_BYTES + 1))
    with pytest.raises(PolicyError, match="over the limit"):
        read_source(big)


@pytest.mark.case("CFG-05")
def test_a_file_that_anybody_may_write_is_refused(tmp_path: Path) -> None:
    """Who can write the policy decides what happens to patients' data (CFG-05)."""
    file = tmp_path / "p.yaml"
    file.write_text("a: 1\n")
    file.chmod(0o666)
    with pytest.raises(PolicyError, match="written by everybody"):
        read_source(file)


def test_a_missing_file_a_folder_and_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"a: caf\xe9\n")
    for name in ("nowhere.yaml", "", "latin.yaml"):
        with pytest.raises(PolicyError):
            read_source(tmp_path / name)


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_never_crashes(text: str) -> None:
    try:
        outcome = str(parse(text, FILE).path)
    except PolicyError as error:
        outcome = error.message
    assert outcome.startswith("ward.yaml")
