"""From files to a policy: every mistake is named with its file, line and place, and extends merges packs."""

from pathlib import Path

import pytest

from guardrail.errors import PolicyError
from guardrail.policy.load import baseline, load_policy, shipped_policies
from guardrail.text import Action
from tests.policy.files import MINIMAL, NOTICE_ONLY, write


def refusal(file: Path) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        load_policy(file)
    return caught.value.message.splitlines()


def test_a_small_policy_is_read(tmp_path: Path) -> None:
    policy = load_policy(write(tmp_path, MINIMAL)).policy
    rule = policy.rule("phi")
    assert rule is not None
    assert (policy.name, rule.request, policy.limits.max_depth) == ("ward", Action.REPLACE, 64)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("version: 1", "verison: 1", 'ward.yaml:2: verison: unknown key; did you mean "version"?'),
        ("version: 1", "version: '1'", "ward.yaml:2: version: should be a valid integer"),
        ("version: 1", "version: true", "ward.yaml:2: version: should be a valid integer"),
        ("version: 1\n", "", "ward.yaml:1: version: is missing"),
        (
            "response: warn",
            "respnose: warn",
            'ward.yaml:7: rails[0].respnose: unknown key; did you mean "response"?',
        ),
        (
            "request: replace",
            "request: redact",
            "ward.yaml:8: rails[1].request: use one of allow, warn, replace, block",
        ),
        ("request: replace", "request: 2", "ward.yaml:8: rails[1].request: use one of allow, warn, replace, block"),
        ("rail: phi", "rail: ph", 'ward.yaml:8: rails[1].rail: no such rail; did you mean "phi"?'),
        (
            "{base_url: https://lmm.example.org}",
            "{base_url: https://lmm.example.org, api_key: abc}",
            "ward.yaml:4: upstreams.lmm.api_key: a secret never stands in a policy; "
            "use api_key_env or api_key_file (clients: token_sha256)",
        ),
        ("rails:", "rails: 3\nx:", "ward.yaml:6: rails: should be a valid tuple"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_place(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert complaint in refusal(write(tmp_path, MINIMAL.replace(old, new)))


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = MINIMAL.replace("name: ward", "name: Ward 7").replace("version: 1", "version: 0")
    assert len(refusal(write(tmp_path, text))) == 2


def test_a_complaint_never_shows_the_value(tmp_path: Path) -> None:
    """Somebody may have pasted a secret into the wrong place."""
    text = MINIMAL.replace("version: 1", "version: s3cr3t") + "on_failure: s3cr3t\nclients: [s3cr3t]\n"
    assert "s3cr3t" not in "".join(refusal(write(tmp_path, text)))


def test_mistakes_in_a_rails_settings_are_placed_too(tmp_path: Path) -> None:
    text = NOTICE_ONLY.replace("response: warn}", "response: warn,\n     settings: {texst: {}}}")
    assert refusal(write(tmp_path, text)) == [
        'ward.yaml:9: rails[0].settings.texst: unknown key; did you mean "texts"?'
    ]


def test_a_notice_needs_both_its_parts(tmp_path: Path) -> None:
    """Where the text comes from, and what it can't replace (WHO-02)."""
    text = NOTICE_ONLY.replace(
        "response: warn}", "response: warn,\n     settings: {texts: {en: {origin: Written by a machine.}}}}"
    )
    assert refusal(write(tmp_path, text)) == ["ward.yaml:9: rails[0].settings.texts.en.limit: is missing"]


def test_a_file_extends_a_file_beside_it_and_shipped_policies(tmp_path: Path) -> None:
    write(tmp_path, NOTICE_ONLY + "limits: {max_depth: 9}\n", "base.yaml")
    own = write(tmp_path, "name: own\nversion: 4\nunsafe: true\nextends: [base.yaml]\nlimits: {max_messages: 3}\n")
    loaded = load_policy(own)
    assert (loaded.policy.name, loaded.policy.version) == ("own", 4)
    assert (loaded.policy.limits.max_depth, loaded.policy.limits.max_messages) == (9, 3)
    assert [file.name for file in loaded.files] == ["ward.yaml", "base.yaml"]


def test_a_shipped_policy_is_extended_by_its_name(tmp_path: Path) -> None:
    loaded = load_policy(write(tmp_path, "name: own\nversion: 1\nextends: [baseline]\n"))
    assert [rule.rail for rule in loaded.policy.rails] == [rule.rail for rule in load_policy(baseline()).policy.rails]


def test_extending_never_loosens(tmp_path: Path) -> None:
    text = "name: own\nversion: 1\nextends: [baseline]\nrails:\n  - {rail: phi, request: allow, shadow: true}\n"
    rule = load_policy(write(tmp_path, text)).policy.rule("phi")
    assert rule is not None
    assert (rule.request, rule.shadow) == (Action.REPLACE, False)


def test_an_unsafe_pack_does_not_make_the_file_that_extends_it_unsafe(tmp_path: Path) -> None:
    write(tmp_path, NOTICE_ONLY, "base.yaml")
    own = write(tmp_path, "name: own\nversion: 1\nextends: [base.yaml]\n")
    assert any("patients' data would reach the provider" in line for line in refusal(own))


def test_circles_and_missing_files_are_refused(tmp_path: Path) -> None:
    write(tmp_path, NOTICE_ONLY + "extends: [two.yaml]\n", "one.yaml")
    write(tmp_path, NOTICE_ONLY + "extends: [one.yaml]\n", "two.yaml")
    assert "in a circle" in refusal(tmp_path / "one.yaml")[0]
    lost = write(tmp_path, "name: own\nversion: 1\nextends:\n  - nowhere.yaml\n")
    assert refusal(lost) == ["ward.yaml:4: extends[0]: no such file beside this one, and no such shipped policy"]


def test_two_ways_to_one_file_are_no_circle(tmp_path: Path) -> None:
    """What is extended lies below; of two packs the later one lies on top."""
    write(tmp_path, NOTICE_ONLY, "base.yaml")
    for name in ("left.yaml", "right.yaml"):
        write(tmp_path, "name: side\nversion: 1\nextends: [base.yaml]\n", name)
    own = write(tmp_path, "name: own\nversion: 1\nunsafe: true\nextends: [left.yaml, right.yaml]\n")
    assert [file.name for file in load_policy(own).files] == ["ward.yaml", "right.yaml", "left.yaml", "base.yaml"]


def test_many_files_are_too_many(tmp_path: Path) -> None:
    for number in range(40):
        write(tmp_path, f"name: x\nversion: 1\nextends: [f{number + 1}.yaml]\n", f"f{number}.yaml")
    assert "more than 32 files" in refusal(tmp_path / "f0.yaml")[0]


def test_a_mistake_in_a_pack_is_placed_in_the_pack(tmp_path: Path) -> None:
    write(tmp_path, NOTICE_ONLY.replace("version: 1", "version: x"), "base.yaml")
    own = write(tmp_path, "name: own\nversion: 1\nextends: [base.yaml]\n")
    assert refusal(own)[0].startswith("base.yaml:2: version:")


def test_a_rule_that_makes_no_sense_is_placed_in_the_file_that_has_it(tmp_path: Path) -> None:
    write(tmp_path, NOTICE_ONLY + "  - {rail: persona, request: replace}\n", "base.yaml")
    own = write(tmp_path, "name: own\nversion: 1\nunsafe: true\nextends: [base.yaml]\nrails: []\n")
    assert refusal(own) == ["base.yaml:9: rails[1].request: this rail has nothing to look for in this direction"]


def test_the_fingerprint_is_of_what_holds_not_of_how_it_is_written(tmp_path: Path) -> None:
    one = load_policy(write(tmp_path, NOTICE_ONLY))
    two = load_policy(write(tmp_path, "# a comment\n" + NOTICE_ONLY, "other.yaml"))
    three = load_policy(write(tmp_path, NOTICE_ONLY + "limits: {max_depth: 9}\n", "third.yaml"))
    assert one.sha256 == two.sha256 != three.sha256


def test_another_address_for_the_default_upstream(tmp_path: Path) -> None:
    """`guardrail serve --upstream`: checked like one that is written in the file."""
    file = write(tmp_path, MINIMAL)
    loaded = load_policy(file, "http://127.0.0.1:9000")
    assert loaded.policy.upstreams["lmm"].base_url == "http://127.0.0.1:9000"
    for bad in ("http://lmm.example.org", "ftp://x", "https://a:b@c", "https://*.example.org", "https://x/v1"):
        with pytest.raises(PolicyError):
            load_policy(file, bad)


def test_the_shipped_policies_are_found() -> None:
    assert baseline().is_file()
    assert baseline().parent == shipped_policies()
