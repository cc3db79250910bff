"""From files to a policy: every mistake is named with its file, line and place, and extends merges packs."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
        ("rails:", "rails: 3\nx:", "ward.yaml:6: rails: should be a list"),
        ("rails:", "rails:\nx:", "ward.yaml:6: rails: should be a list"),
        ("upstreams:", "upstreams: 3\nx:", "ward.yaml:3: upstreams: should be a mapping"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_place(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert complaint in refusal(write(tmp_path, MINIMAL.replace(old, new)))


def test_an_empty_part_beside_a_mistake_of_the_whole_file_is_left_out(tmp_path: Path) -> None:
    """`rails:` with all of its lines commented out, and what it extends: found by `make fuzz`."""
    text = "!\nname: ward\nversion: 1\nextends: [baseline]\nrails:\n"
    assert refusal(write(tmp_path, text))[0].startswith("ward.yaml:1: (file): tags (!) are not allowed")


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = MINIMAL.replace("name: ward", "name: Ward 7").replace("version: 1", "version: 0")
    assert len(refusal(write(tmp_path, text))) == 2


def places(lines: list[str]) -> list[str]:
    return sorted(line.split(": ")[1] for line in lines)


def test_a_wrong_type_does_not_hide_a_rule_that_makes_no_sense(tmp_path: Path) -> None:
    """One round, not one for each kind of mistake."""
    text = MINIMAL.replace("version: 1", "version: one").replace("example.org", "example.org/v1")
    text += "  - {rail: persona, request: warn}\n  - {rail: medical, response: warn, settings: {loud: true}}\n"
    assert places(refusal(write(tmp_path, text))) == [
        *("rails[2].request", "rails[3].settings.loud", "upstreams.lmm.base_url", "version"),
    ]


def test_a_key_given_twice_does_not_hide_the_rest(tmp_path: Path) -> None:
    text = MINIMAL + "limits: {max_depth: 3, max_depth: 4, max_message: 9}\non_failure: !later warn\nrestore: 7\n"
    assert places(refusal(write(tmp_path, text))) == [
        *("limits.max_depth", "limits.max_message", "on_failure", "restore"),
    ]


def test_one_mistake_is_not_told_twice(tmp_path: Path) -> None:
    """A misspelt action of the redaction is no missing redaction; a client without a token is no stranger."""
    broken = (
        MINIMAL.replace("request: replace", "request: redact"),
        MINIMAL.replace("{rail: notice, response: warn}", "{rail: notice, response: [warn]}"),
        MINIMAL.replace("https://lmm", "ftp://lmm"),
        MINIMAL + "clients: [{name: ward-chat}]\n",
        MINIMAL.replace("name: ward", "name: &n ward"),
        MINIMAL.replace("https://lmm", "http://lmm") + "unsafe: yes\n",
        MINIMAL + "cohorts: {surface: moon}\ndefaults: {surface: moon}\n",
    )
    for text in broken:
        assert len(refusal(write(tmp_path, text))) == 1, text


def test_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, NOTICE_ONLY.replace("version: 1", "version: x"), "base.yaml")
    write(tmp_path, "name: [", "torn.yaml")
    own = write(tmp_path, "name: own\nversion: 0\nextends: [base.yaml, nowhere.yaml, torn.yaml]\n")
    told = refusal(own)
    assert sorted({line.split(":")[0] for line in told}) == ["base.yaml", "torn.yaml", "ward.yaml"]
    assert places([line for line in told if line.startswith("ward")]) == ["extends[1]", "version"]


def test_a_broken_rule_of_a_pack_is_not_judged_from_what_is_left_of_it(tmp_path: Path) -> None:
    write(tmp_path, NOTICE_ONLY + "  - {rail: medical, request: wran}\n", "base.yaml")
    text = "name: own\nversion: 1\nunsafe: true\nextends: [base.yaml]\nrails:\n"
    own = write(tmp_path, text + "  - {rail: medical, labels: {request: {high.*: block}}}\n  - {rail: persona}\n")
    assert refusal(own) == [
        "base.yaml:9: rails[1].request: use one of allow, warn, replace, block",
        "ward.yaml:7: rails[1]: does nothing: give it a `request` or a `response` action",
    ]


def test_what_is_told_of_a_rule_behind_a_broken_one_stands_on_its_own_line(tmp_path: Path) -> None:
    text = MINIMAL.replace("rails:\n", "rails:\n  - {rail: crisis, request: 1}\n  - 7\n")
    told = refusal(write(tmp_path, text + "  - {rail: persona}\n"))
    assert [line.split(": ")[:2] for line in told] == [
        *(["ward.yaml:7", "rails[0].request"], ["ward.yaml:8", "rails[1]"], ["ward.yaml:11", "rails[4]"]),
    ]


def test_an_api_that_nobody_speaks_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    """Otherwise every request would be turned away, and nobody would know why."""
    file = write(tmp_path, MINIMAL.replace("example.org}", "example.org, dialects: [openai.chat, openai.chats]}"))
    with pytest.raises(PolicyError) as caught:
        load_policy(file, dialects={"openai.chat", "other.api"})
    assert caught.value.message == (
        "ward.yaml:4: upstreams.lmm.dialects[1]: no such dialect; "
        'did you mean "openai.chat"? Known: openai.chat, other.api'
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(MINIMAL)), st.sampled_from("x:{[ -\n'&!"), st.integers(0, 6)), max_size=4))
def test_whatever_is_broken_in_a_file_it_is_read_or_refused(tmp_path: Path, cuts: list[tuple[int, str, int]]) -> None:
    """Leaving broken parts out never crashes, and never lets a broken file pass."""
    text = MINIMAL
    for at, put, gone in cuts:
        text = text[:at] + put + text[at + gone :]
    file = write(tmp_path, text)
    try:
        told: list[object] = [*load_policy(file).sources[0].complaints]
    except PolicyError as error:
        told = [line for line in error.message.splitlines() if not line.startswith("ward.yaml:")]
    assert told == []


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


def test_links_in_a_circle_and_names_that_no_file_has_are_refused_where_they_stand(tmp_path: Path) -> None:
    """CFG-02: each of them was an error that nobody foresaw, and its words quoted the name."""
    (tmp_path / "round.yaml").symlink_to(tmp_path / "round.yaml")
    assert refusal(tmp_path / "round.yaml") == [
        "round.yaml:1: (file): can't be read (links in a circle, or not the name of a file)"
    ]
    for name in ("round.yaml", "x" * 280, "x" * 280 + ".yaml", '"a\\0b"'):
        own = write(tmp_path, f"name: own\nversion: 1\nextends:\n  - baseline\n  - {name}\n")
        assert refusal(own) == ["ward.yaml:5: extends[1]: no such file beside this one, and no such shipped policy"]


@pytest.mark.parametrize("name", ["round.yaml", "x" * 280 + ".yaml", '"a\\0b.yaml"', "folder.yaml"])
def test_what_is_no_file_is_no_file_of_recognizers(tmp_path: Path, name: str) -> None:
    (tmp_path / "round.yaml").symlink_to(tmp_path / "round.yaml")
    (tmp_path / "folder.yaml").mkdir()
    own = write(tmp_path, MINIMAL.replace("phi,", f"phi, settings: {{recognizers: [{name}]}},"))
    assert refusal(own) == ["ward.yaml:8: rails[1].settings.recognizers[0]: no such file beside this one"]


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
