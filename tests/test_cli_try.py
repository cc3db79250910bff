"""`guardrail try`: what would become of a text, for people and for pipes."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from guardrail import tryout
from guardrail.build import build_try
from guardrail.cli import app
from guardrail.errors import RailFailed
from guardrail.text import Direction
from tests.policy.files import NOTICE_ONLY, write

MRN = "Maria Lopez, MRN 48210933, was seen."


def lines(stdin: str, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    result = CliRunner().invoke(app, ["try", "--jsonl", *arguments], input=stdin)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def one(text: str, *arguments: str) -> dict[str, Any]:
    code, (row,) = lines(json.dumps({"id": "x", "text": text}) + "\n", *arguments)
    assert (code, row.pop("id")) == (0, "x")
    return row


def test_the_line_has_exactly_the_promised_fields() -> None:
    """interface.md: id, text, action, findings with offsets in the text that came in, assessment."""
    row = one("Can I double my metoprolol dose?", "--rails", "medical")
    assert set(row) == {"text", "action", "findings", "assessment"}
    assert set(row["assessment"]) == {"medical", "topics", "risk", "flags"}
    assert row["assessment"]["medical"] is True
    for finding in row["findings"]:
        assert set(finding) == {"rail", "label", "start", "end", "score", "action"}


def test_an_answer_gets_its_notice_and_loses_its_persona() -> None:
    """What a reader of the model's answer would see."""
    row = one("I think it is viral.", "--direction", "response", "--rails", "persona,notice")
    notice, _, answer = row["text"].partition("\n\n")
    assert "machine" in notice
    assert "I think" not in answer
    assert row["action"] == "replace"
    assert {finding["rail"] for finding in row["findings"]} == {"persona", "notice"}


def test_only_the_named_rails_look() -> None:
    row = one("I think it is viral.", "--direction", "response", "--rails", "notice")
    assert row["text"].endswith("\n\nI think it is viral.")


def test_what_a_policy_blocks_is_not_passed_on(tmp_path: Path) -> None:
    policy = write(tmp_path, NOTICE_ONLY + "  - {rail: medical, request: block}\n")
    row = one("Can I double my metoprolol dose?", "--policy", str(policy))
    assert (row["text"], row["action"]) == ("", "block")


def test_a_rule_in_shadow_counts_and_changes_nothing(tmp_path: Path) -> None:
    policy = write(tmp_path, NOTICE_ONLY + "  - {rail: persona, response: replace, shadow: true}\n")
    row = one("I think it is viral.", "--direction", "response", "--policy", str(policy))
    assert "I think it is viral." in row["text"]
    assert [f["action"] for f in row["findings"] if f["rail"] == "persona"] == ["allow"]
    assert all(f["shadow"] for f in row["findings"] if f["rail"] == "persona")


@pytest.mark.parametrize(
    "bad", ["nonsense", "[1]", "{}", '{"id": 5}', '{"id": 5, "text": 7}', '{"text": "\\ud800"}', "[" * 9_999]
)
def test_a_bad_line_is_told_apart_and_the_next_one_goes_on(bad: str) -> None:
    good = json.dumps({"id": 6, "text": "Hello."})
    code, (first, second) = lines(f"{bad}\n\n{good}\n", "--rails", "notice")
    assert code == 1
    assert set(first) == {"id", "error"}
    assert set(first["error"]) == {"code", "message"}
    assert (second["id"], second["text"]) == (6, "Hello.")


def test_bytes_that_are_no_text_are_a_bad_line() -> None:
    result = CliRunner().invoke(app, ["try", "--jsonl", "--rails", "notice"], input=b'{"id": 1, "text": "caf\xe9"}\n')
    assert (result.exit_code, json.loads(result.stdout)["error"]["code"]) == (1, "invalid_json")


def test_ids_of_any_kind_come_back_as_they_were() -> None:
    ids: Sequence[object] = (1, "one", None, 1.5, {"a": [1]}, "ü")
    stdin = "".join(json.dumps({"id": each, "text": ""}) + "\n" for each in ids)
    code, rows = lines(stdin, "--rails", "notice")
    assert (code, [row["id"] for row in rows]) == (0, list(ids))


def test_an_id_that_can_not_be_written_down_is_a_bad_line_and_the_next_one_goes_on() -> None:
    """Half of a surrogate pair has no bytes; somewhere in the id is enough."""
    bad = "".join(f'{{"id": {each}, "text": "x"}}\n' for each in (r'"\ud800"', r'["\udfff"]', r'{"\ud800": 1}'))
    code, rows = lines(bad + '{"id": 4, "text": "x"}\n', "--rails", "notice")
    assert (code, [row["id"] for row in rows]) == (1, [None, None, None, 4])
    assert [row["error"]["code"] for row in rows[:3]] == ["lone_surrogate"] * 3
    assert "error" not in rows[3]


def test_standard_input_that_is_no_text_is_wrong_usage() -> None:
    result = CliRunner().invoke(app, ["try", "--rails", "notice"], input=b"caf\xe9")
    assert (result.exit_code, "standard input is not UTF-8" in result.stderr) == (2, True)


def test_a_wrong_rail_or_policy_is_wrong_usage(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["try", "--rails", "phone", "x"]).exit_code == 2
    assert CliRunner().invoke(app, ["try", "--policy", str(tmp_path / "no.yaml"), "x"]).exit_code == 2
    assert CliRunner().invoke(app, ["try", "--direction", "sideways", "x"]).exit_code == 2


def test_a_person_sees_what_was_taken_out_and_put_in() -> None:
    result = CliRunner().invoke(app, ["try", "--rails", "persona", "--direction", "response", "I think it is viral."])
    assert result.exit_code == 0
    assert re.search(
        r"^\[-I think[^\]]*-\]\{\+[^}]*possib[^}]*\+\} ?.*viral\.$", result.stdout, re.MULTILINE | re.IGNORECASE
    )
    assert "persona cognition 0..7" in result.stdout


def plain(text: str, *arguments: str) -> list[str]:
    """What a person sees in a pipe, line by line."""
    return CliRunner().invoke(app, ["try", *arguments, text]).stdout.splitlines()


def test_without_colour_what_goes_and_what_comes_stand_between_marks() -> None:
    """`Maria Lopez[PATIENT_1]` could be read as her name with a footnote."""
    assert plain(MRN, "--rails", "phi")[1] == "[-Maria Lopez-]{+[PATIENT_1]+}, MRN [-48210933-]{+[MRN_1]+}, was seen."


def test_a_text_that_would_steer_the_terminal_is_shown_and_does_not() -> None:
    """An answer of a model is a stranger's text; what is taken out of it is shown, too."""
    shown = plain("\x1b]0;pwned\x07 Maria Lopez\x1b[1A\x1b[2K was\r\u202e seen.\x9b2J", "--rails", "phi")
    assert "pwned" in shown[1]
    assert "Maria Lopez" in shown[1]
    assert all(line.isprintable() for line in shown), shown


def test_every_line_of_what_is_put_in_has_marks_of_its_own() -> None:
    head, empty, words = plain("Drink water.", "--direction", "response", "--rails", "notice")[1:4]
    assert head.startswith("{+")
    assert head.endswith("+}")
    assert (empty, words) == ("", "Drink water.")


def test_a_blocked_text_is_shown_as_taken_out_whole(tmp_path: Path) -> None:
    policy = write(tmp_path, NOTICE_ONLY + "  - {rail: medical, request: block}\n")
    assert plain("Can I double my metoprolol dose?", "--policy", str(policy))[:2] == [
        *("● block", "[-Can I double my metoprolol dose?-]"),
    ]


@pytest.mark.parametrize("no_color", ["", "1"])
def test_on_a_terminal_colours_are_backed_by_lines_unless_the_reader_wants_none(
    monkeypatch: pytest.MonkeyPatch, no_color: str
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    out = StringIO()
    console = Console(file=out, force_terminal=True, color_system="standard", highlight=False, width=120)
    assert tryout.show(build_try(rails=["phi"]), Direction.REQUEST, [MRN], console) == 0
    if no_color:
        assert "[-Maria Lopez-]{+[PATIENT_1]+}" in out.getvalue()
    else:
        assert "\x1b[9;31mMaria Lopez\x1b[0m\x1b[4;32m[PATIENT_1]\x1b[0m" in out.getvalue()


def test_it_is_a_pipe_that_answers_line_by_line_with_the_whole_baseline() -> None:
    """Each answer comes before the next question is asked; no patient's name is in it, and nothing on stderr."""
    command = [sys.executable, "-c", "from guardrail.cli import main; main()", "try", "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        for number, text in enumerate([f"My name is Ana Ruiz. {MRN}", "Take 5 mg twice a day.", "ZQ123456789012"]):
            process.stdin.write(json.dumps({"id": number, "text": text}).encode() + b"\n")
            process.stdin.flush()
            row = json.loads(process.stdout.readline())
            assert row["id"] == number
            assert not {"Ruiz", "48210933", "ZQ123456789012"} & set(
                row["text"].replace(".", " ").replace(",", " ").split()
            )
        process.stdin.close()
        assert (process.wait(20), process.stderr.read()) == (0, b"")


def test_findings_point_into_the_text_that_came_in() -> None:
    row = one(f"ü𝔸 {MRN}", "--rails", "phi")
    found = {f["label"]: (f["start"], f["end"]) for f in row["findings"]}
    assert found["MRN"] == (20, 28)


def test_a_model_that_is_not_what_was_shipped_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 2 and no traceback: nothing is inspected with a broken model."""

    def broken(only: object) -> object:
        raise RailFailed("words.onnx of the trained models is not what was shipped", code="model_corrupt")

    monkeypatch.setattr("guardrail.rails.phi_engine.artefact", broken)
    result = CliRunner().invoke(app, ["try", "Pt Maria Lopez"])
    assert result.exit_code == 2
    assert "not what was shipped" in result.output
    assert "Lopez" not in result.output
    assert isinstance(result.exception, SystemExit)
