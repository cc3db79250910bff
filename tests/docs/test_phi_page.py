"""docs/phi.md: its examples run, and it names every setting."""

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from guardrail.cli import app
from guardrail.rails.phi import PhiSettings
from tests.policy.files import write

PAGE = (Path(__file__).parent.parent.parent / "docs" / "phi.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_example_of_own_terms_does_what_it_says(tmp_path: Path) -> None:
    policy = write(tmp_path, block("yaml"), "our-hospital.yaml")
    (text,) = re.findall(r'guardrail try .* "(.*)"', PAGE)
    arguments = ["try", "--jsonl", "--rails", "phi", "--policy", str(policy)]
    done = CliRunner().invoke(app, arguments, input=json.dumps({"text": text}) + "\n")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["text"] == (
        "My son in Grace Ward went to the [ORG_FACILITY_1], ward [OTHER_ID_1]. [MRN_1], pager [DEVICE_1]."
    )


def test_the_example_for_presidios_users_runs() -> None:
    names: dict[str, str] = {}
    exec(compile(block("python"), "phi.md", "exec"), names)
    assert names["answer"] == names["text"]
    assert not {"Cedric", "Vale", "00731245"} & set(re.findall(r"\w+", names["sent"]))


def test_every_setting_is_named() -> None:
    assert {name for name in PhiSettings.model_fields if f"| `{name}` |" not in PAGE} == set()
