"""`guardrail policy check|show|explain`, and the command as a whole."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guardrail import __version__
from guardrail.cli import app
from guardrail.policy.load import baseline, load_policy, shipped_policies
from tests.policy.files import MINIMAL, NOTICE_ONLY, write

COMMANDS: tuple[list[str], ...] = (
    [],
    ["demo"],
    ["serve"],
    ["try"],
    ["policy"],
    ["policy", "check"],
    ["policy", "show"],
    ["policy", "explain"],
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_every_shipped_policy_passes_the_check() -> None:
    files = [baseline(), *sorted((shipped_policies() / "examples").glob("*.yaml"))]
    result = run("policy", "check", *map(str, files))
    assert result.exit_code == 0
    assert "baseline.yaml: ok (baseline version" in result.stdout


def test_every_mistake_of_every_file_is_printed_and_the_status_is_2(tmp_path: Path) -> None:
    one = write(tmp_path, MINIMAL.replace("version: 1", "version: x"), "one.yaml")
    two = write(tmp_path, MINIMAL.replace("request: replace, ", ""), "two.yaml")
    good = write(tmp_path, MINIMAL, "good.yaml")
    result = run("policy", "check", str(one), str(good), str(two))
    assert result.exit_code == 2
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == ["one.yaml:2", "two.yaml:6"]
    assert result.stdout.startswith("good.yaml: ok")


def test_a_key_that_would_steer_the_terminal_is_told_without_its_steering(tmp_path: Path) -> None:
    file = write(tmp_path, MINIMAL + '"\\e[2J\\e]0;all is well\\a\\u202e": 1\n')
    said = run("policy", "check", str(file)).stderr
    assert "unknown key" in said
    assert "all is well" in said
    assert said.replace("\n", "").isprintable()


def test_what_show_prints_is_the_same_policy_again(tmp_path: Path) -> None:
    """With everything merged in and every default written out."""
    own = write(tmp_path, "name: own\nversion: 1\nextends: [baseline]\nlimits: {max_depth: 9}\n")
    shown = run("policy", "show", str(own))
    again = write(tmp_path, shown.stdout, "again.yaml")
    assert (shown.exit_code, load_policy(again).sha256) == (0, load_policy(own).sha256)
    assert "max_depth: 9" in shown.stdout
    assert "extends: []" in shown.stdout


def test_a_shipped_policy_goes_by_its_name() -> None:
    assert run("policy", "show", "baseline").stdout == run("policy", "show", str(baseline())).stdout


def test_a_bare_pack_is_status_2_and_says_what_to_add() -> None:
    """WHO-28: nobody but the deployer knows the way to his people."""
    result = run("policy", "check", "patient-portal", "us-ny")
    assert result.exit_code == 2
    assert "gates.human_route: say in `en`, too, how people are reached without AI: in your own file" in result.stderr
    assert "us-ny: ok" in result.stdout


def test_explain_warns_first_of_what_is_unsafe(tmp_path: Path) -> None:
    result = run("policy", "explain", str(write(tmp_path, NOTICE_ONLY)))
    assert result.exit_code == 0
    assert "UNSAFE" in result.stdout


@pytest.mark.parametrize("command", ["show", "explain"])
def test_a_bad_policy_is_status_2_and_says_where(tmp_path: Path, command: str) -> None:
    result = run("policy", command, str(write(tmp_path, "name: x\n")))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("ward.yaml:1: version: is missing")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_everything_has_help(command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Usage: " in result.stdout


def test_the_version() -> None:
    assert run("--version").stdout.strip() == __version__


def test_wrong_usage_is_status_2() -> None:
    for wrong in (["policy", "check"], ["serve", "--port", "70000"], ["dance"], ["serve", "--workers", "0"]):
        assert run(*wrong).exit_code == 2, wrong


def test_a_number_of_workers_that_there_can_not_be_is_wrong_usage() -> None:
    for wrong in ("0", "-1", "65", "two"):
        result = run("serve", "--workers", wrong)
        assert result.exit_code == 2
        assert "'--workers'" in result.stderr


@pytest.mark.parametrize("command", ["check", "show", "explain"])
def test_an_api_that_the_guardrail_does_not_speak_is_refused(tmp_path: Path, command: str) -> None:
    text = MINIMAL.replace("example.org}", "example.org, dialects: [open.chat]}")
    result = run("policy", command, str(write(tmp_path, text)))
    assert result.exit_code == 2
    assert "upstreams.lmm.dialects[0]: no such dialect" in result.stderr
    assert "openai.chat" in result.stderr


def test_check_tells_mistakes_of_every_kind_in_one_round(tmp_path: Path) -> None:
    text = MINIMAL.replace("version: 1", "version: x") + "  - {rail: persona, request: warn}\nlimits: {max_dept: 1}\n"
    told = run("policy", "check", str(write(tmp_path, text))).stderr.splitlines()
    assert [line.split(": ")[1] for line in told] == ["version", "limits.max_dept", "rails[2].request"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_empty_key_is_no_key_and_not_no_seal(tmp_path: Path, workers: str) -> None:
    """A mounted secret that nobody has filled must not let any policy take force."""
    key = write(tmp_path, "", "policy-key.pem")
    told = run("serve", "--policy-key", str(key), "--policy", "baseline", "--host", "0.0.0.0", "--workers", workers)
    assert told.exit_code == 2
    assert "no Ed25519 public key" in told.stderr


def test_an_empty_variable_for_the_key_is_no_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """A compose file whose variable nobody has set."""
    monkeypatch.setenv("GUARDRAIL_POLICY_KEY", "")
    told = run("serve", "--policy", "baseline", "--host", "0.0.0.0")
    assert (told.exit_code, told.stderr.strip()) == (
        2,
        "GUARDRAIL_POLICY_KEY is empty: let it name the file of a public key, or unset it",
    )


@pytest.mark.timeout(30)
def test_a_key_that_never_ends_is_none() -> None:
    told = run("serve", "--policy-key", "/dev/zero", "--policy", "baseline", "--host", "0.0.0.0")
    assert (told.exit_code, "no Ed25519 public key" in told.stderr) == (2, True)


def test_listening_for_everybody_without_client_tokens_is_refused() -> None:
    """Anybody on the network could use the hospital's contract, and see its answers."""
    result = run("serve", "--host", "0.0.0.0", "--port", "0", "--admin-port", "0")
    assert result.exit_code == 2
    assert "client tokens" in result.output
