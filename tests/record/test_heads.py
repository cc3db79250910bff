"""The newest signed head outside of the database: always whole, made again, and told of when it can't be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrail.record.database import StoreUnusable
from guardrail.record.heads import FOLDER, LOG, HeadFile, append, read_head, read_heads


def test_the_last_two_heads_stand_in_places_of_their_own(tmp_path: Path) -> None:
    """Whatever a power cut leaves of the one that is being written, the other is whole."""
    head = HeadFile(tmp_path, "ab.0")
    for number in range(1, 6):
        head.write(f"head {number}\n")
        found = read_head(tmp_path, "ab.0")
        assert set(found) == {f"head {number}\n", f"head {max(1, number - 1)}\n"}
    head.close()
    head.close()
    assert [name for name, _ in read_heads(tmp_path)] == ["ab.0"]
    assert (tmp_path / FOLDER / "ab.0").stat().st_mode & 0o077 == 0


def test_the_next_process_leaves_the_last_head_until_it_writes_its_own(tmp_path: Path) -> None:
    for number in range(2):
        head = HeadFile(tmp_path, "ab.0")
        head.write(f"head {number}\n")
        head.close()
    assert read_head(tmp_path, "ab.0") == ["head 1\n", "head 0\n"]


@pytest.mark.parametrize("fault", ["gone", "replaced"])
def test_a_file_that_is_not_in_its_place_is_made_again(tmp_path: Path, fault: str) -> None:
    head, file = HeadFile(tmp_path, "ab.0"), tmp_path / FOLDER / "ab.0"
    head.write("head 1\n")
    file.unlink()
    if fault == "replaced":
        file.touch()
    head.write("head 2\n")
    assert "head 2\n" in read_head(tmp_path, "ab.0")
    head.close()


def test_a_head_that_does_not_fit_is_not_written(tmp_path: Path) -> None:
    head = HeadFile(tmp_path, "ab.0")
    head.write("x" * 1_024)
    with pytest.raises(ValueError, match="too long"):
        head.write("x" * 1_025)
    assert set(read_head(tmp_path, "ab.0")) == {"x" * 1_024 + "\n"}
    head.close()


def test_no_head_is_no_error_and_one_that_cannot_be_read_is(tmp_path: Path) -> None:
    assert (read_head(tmp_path, "ab.0"), list(read_heads(tmp_path))) == ([], [])
    (tmp_path / FOLDER / "ab.0").mkdir(parents=True)
    with pytest.raises(StoreUnusable, match=r"heads/ab\.0 can't be read: no connection$"):
        read_head(tmp_path, "ab.0")
    with pytest.raises(StoreUnusable, match="heads can't be read"):
        list(read_heads(tmp_path))


def test_bytes_that_are_no_text_are_no_head_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "ab.0").write_bytes(b"\xff" * 10 + b"\n" * 1_014 + b"\n" * 1_024)
    assert read_head(tmp_path, "ab.0") == ["\ufffd" * 10 + "\n"]


def test_a_file_of_notes_only_grows_and_begins_anew_when_it_is_too_long(tmp_path: Path) -> None:
    file, before = tmp_path / "made" / LOG, tmp_path / "made" / f"{LOG}.1"
    for note in ("one\n", "two\n", "three\n"):
        append(file, note, limit=7)
    assert (before.read_text(), file.read_text()) == ("one\ntwo\n", "three\n")
    append(file, "four\n", limit=None)
    assert file.read_text() == "three\nfour\n"
    assert file.stat().st_mode & 0o077 == 0
