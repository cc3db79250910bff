"""`guardrail eval`: what users measure, and what their CI stops at."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from guardrail.cli import app
from guardrail.errors import RailFailed
from guardrail.evaluate import run
from guardrail.text import Direction
from guardrail.trial import Trial, try_text
from tests.policy.files import MINIMAL, NOTICE_ONLY, write

PHI: list[dict[str, Any]] = [
    {"id": "a", "lang": "en", "text": "Patient Maria Lopez, MRN 48210933.", "must_keep": [],
     "phi": [{"text": "Maria Lopez", "label": "NAME", "occurrence": 1},
             {"text": "48210933", "label": "MRN", "occurrence": 1}]},
    {"id": "b", "lang": "en", "text": "Quetzalcoatl takes metformin.", "must_keep": ["metformin"],
     "phi": [{"text": "Quetzalcoatl", "label": "NAME", "occurrence": 1}]},
    {"id": "c", "text": "Rest and drink.", "spans": []},
]  # fmt: skip
QUERIES = [
    {"id": "a", "lang": "en", "text": "Can I double my metoprolol dose?", "medical": True, "risk": "high"},
    {"id": "b", "lang": "en", "text": "Which film is on tonight?", "medical": False, "risk": "none"},
]
HEAD = gzip.compress(b"", mtime=0)[:10]
PHRASING = [
    {
        "id": "a",
        "lang": "en",
        "text": "I think it is viral.",
        "violations": [{"text": "I think", "category": "opinion"}],
    },
    {"id": "b", "lang": "en", "text": "It is viral.", "violations": [], "clean": True},
]


def save(folder: Path, rows: Iterable[object], name: str = "labelled.jsonl") -> Path:
    file = folder / name
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def call(kind: str, file: Path, *options: object) -> Result:
    return CliRunner().invoke(app, ["eval", kind, str(file), *map(str, options)])


def figures(kind: str, file: Path, *options: object) -> dict[str, Any]:
    result = call(kind, file, "--json", *options)
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def test_phi_is_scored_on_what_would_leave(tmp_path: Path) -> None:
    """Two identifiers of three are taken out; a name without any cue is not, with this policy."""
    policy = write(tmp_path, MINIMAL)
    found = figures("phi", save(tmp_path, PHI), "--policy", policy)
    assert found["kind"] == "phi"
    assert found["texts"] == 3
    assert found["policy"]["name"] == "ward"
    assert found["figures"]["leak"]["of"] == 3
    assert found["figures"]["clean_changed"] == {
        "value": 0.0, "low": 0.0, "high": pytest.approx(0.7935, abs=1e-4), "hits": 0, "of": 1,
    }  # fmt: skip
    assert found["groups"]["label"]["MRN"]["leak"]["value"] == 0.0
    assert set(found["groups"]) == {"label", "language", "register"}


def test_queries_and_phrasing(tmp_path: Path) -> None:
    assert figures("queries", save(tmp_path, QUERIES))["figures"]["f1"] == {"value": 1.0}
    found = figures("phrasing", save(tmp_path, PHRASING))["figures"]
    assert (found["left"]["hits"], found["left"]["of"]) == (0, 1)
    assert (found["clean_changed"]["hits"], found["clean_changed"]["of"]) == (0, 1)


def test_a_packed_file_without_ids(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"text": "Rest.", "spans": []}\n\n{"text": "Drink.", "spans": []}\n'))
    assert figures("phi", file)["texts"] == 2


def test_a_table_for_people(tmp_path: Path) -> None:
    result = call("phi", save(tmp_path, PHI), "--max-clean-changed", 0.5)
    assert "characters of PHI taken out" in result.stdout
    assert "met: clean_changed" in result.stdout
    assert "Quetzalcoatl" not in result.output


@pytest.mark.parametrize(
    ("kind", "rows", "option", "status"),
    [
        ("phi", PHI, ("--max-over-redaction", 0.0), 0),
        ("phi", PHI, ("--min-character-recall", 0.01), 0),
        ("phi", PHI[:1], ("--max-clean-changed", 1.0), 1),  # nothing to measure it by
        ("queries", QUERIES, ("--min-f1", 1.0), 0),
        ("queries", QUERIES, ("--min-crisis-recall", 0.9), 1),
        ("phrasing", PHRASING, ("--max-left", 0.0, "--max-clean-changed", 0.0), 0),
    ],
)
def test_a_missed_threshold_is_exit_status_1(
    tmp_path: Path, kind: str, rows: list[object], option: tuple[object, ...], status: int
) -> None:
    result = call(kind, save(tmp_path, rows), "--json", *option)
    assert result.exit_code == status
    assert [each["met"] for each in json.loads(result.stdout)["thresholds"]] == [not status] * (len(option) // 2)


def test_every_bad_line_is_told_with_its_place_and_without_its_words(tmp_path: Path) -> None:
    file = save(tmp_path, [PHI[0], {"id": "q"}, {**PHI[1], "id": "a"}, ["Maria Lopez"]])
    result = call("phi", file)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f'{file}:2: no readable "text"', f"{file}:3: this id stands in an earlier line", f"{file}:4: not a JSON object",
    ]  # fmt: skip
    assert result.stdout == ""


def test_a_flood_of_bad_lines_is_cut_short(tmp_path: Path) -> None:
    result = call("phi", save(tmp_path, [{}] * 100))
    assert len(result.stderr.splitlines()) == 21
    assert result.stderr.splitlines()[-1].endswith("and 80 more")


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe\n"])
def test_a_file_that_is_none(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "labelled.jsonl"
    if content is not None:
        file.write_bytes(content)
    assert call("phi", file).exit_code == 2


@pytest.mark.parametrize("packed", [b"", b"{}\n", HEAD, HEAD + b"\x06", HEAD + b"\x00" * 9], ids=repr)
def test_a_packed_file_that_is_none(tmp_path: Path, packed: bytes) -> None:
    file = tmp_path / "labelled.jsonl.gz"
    file.write_bytes(packed)
    result = call("phi", file)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{file}: ")


def test_a_policy_without_the_check_is_refused(tmp_path: Path) -> None:
    result = call("phrasing", save(tmp_path, PHRASING), "--policy", write(tmp_path, NOTICE_ONLY))
    assert result.exit_code == 2
    assert "no rail persona" in result.stderr


def test_details_hold_no_word_unless_asked_for(tmp_path: Path) -> None:
    """Where it failed, for those who may look it up; readable by nobody else."""
    policy = write(tmp_path, MINIMAL + "  - {rail: crisis, request: warn}\n")
    row = {"id": "a", "text": "Rest, Quetzalcoatl zzz.", "spans": [{"start": 6, "end": 22, "label": "NAME"}]}
    file, details = save(tmp_path, [row]), tmp_path / "details.jsonl"
    assert call("phi", file, "--policy", policy, "--details", details).exit_code == 0
    (line,) = map(json.loads, details.read_text().splitlines())
    assert line["id"] == "a"
    assert (line["label"], line["start"], line["end"]) == ("NAME", 6, 22)
    assert "text" not in line
    assert details.stat().st_mode & 0o777 == 0o600
    call("phi", file, "--policy", policy, "--details", details, "--show-text")
    assert json.loads(details.read_text())["text"] == "Quetzalcoatl zzz"


def test_details_that_can_not_be_written(tmp_path: Path) -> None:
    assert call("phi", save(tmp_path, PHI), "--details", tmp_path / "no" / "such.jsonl").exit_code == 2


def test_words_are_shown_in_the_details_only(tmp_path: Path) -> None:
    assert call("phi", save(tmp_path, PHI), "--show-text").exit_code == 2


def test_a_text_that_could_not_be_inspected_is_not_counted_and_is_exit_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(compiled: Any, text: str, direction: Direction) -> Trial:
        if "Maria" in text:
            raise RailFailed("the rail phi failed (KeyError)")
        return await try_text(compiled, text, direction)

    monkeypatch.setattr(run, "try_text", failing)
    details = tmp_path / "details.jsonl"
    result = call("phi", save(tmp_path, PHI), "--json", "--details", details)
    found = json.loads(result.stdout)
    assert (result.exit_code, found["texts"], found["uninspected"]) == (1, 2, 1)
    assert {"id": "a", "what": "not inspected", "label": "rail_failed"} in map(
        json.loads, details.read_text().splitlines()
    )
