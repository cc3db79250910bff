"""From a policy to chains: the right parts of every rail in each direction, and keys that show nowhere."""

import asyncio
import base64
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from guardrail.engine.worker import InlineInspector
from guardrail.errors import PolicyError, UnknownRoute
from guardrail.policy.compile import Compiled, compile_policy, remote_spec, spec_key
from guardrail.policy.load import baseline, load_policy
from guardrail.rails.base import About
from guardrail.text import Action, Assessment, Direction, Finding, Kind, Risk, Role, Segment, Span
from tests.policy.files import MINIMAL, NOTICE_ONLY, write

ANSWER = About(Direction.RESPONSE, Role.ASSISTANT, Kind.PROSE, language="en")


def compiled(file: Path, environment: Mapping[str, str] | None = None) -> Compiled:
    return compile_policy(load_policy(file), lambda _: InlineInspector({}), environment or {})


def test_every_rail_speaks_in_the_directions_of_its_rule() -> None:
    made = compiled(baseline())
    assert {rule.rail for rule in made.request_rules} == {"crisis", "notice", "medical", "injection", "phi"}
    told = {"crisis", "notice", "medical", "injection", "persona", "assurance", "references", "phi"}
    assert {rule.rail for rule in made.response_rules} == told


def test_nothing_of_ours_is_written_into_a_question() -> None:
    """Medical and crisis rails note what a question is about; they write into the answer only."""
    made = compiled(baseline())
    writers = {rule.rail for rule in made.request_rules if rule.rewriter is not None}
    assert writers == {"notice"}, "and that one only takes our own texts out of the history"


def test_the_analyzer_gets_the_costly_rails_and_their_settings() -> None:
    names = [name for name, _ in remote_spec(load_policy(baseline()).policy)]
    assert names == ["crisis", "medical", "injection", "persona", "assurance", "phi"]


def test_two_versions_with_the_same_rails_share_a_rail_set(tmp_path: Path) -> None:
    one = load_policy(write(tmp_path, MINIMAL)).policy
    two = load_policy(write(tmp_path, MINIMAL.replace("version: 1", "version: 2"))).policy
    other = load_policy(write(tmp_path, MINIMAL + "  - {rail: crisis, request: warn}\n")).policy
    assert spec_key(one) == spec_key(two) != spec_key(other)


def test_an_answer_begins_with_the_notice(tmp_path: Path) -> None:
    """WHO-01, WHO-02: before the first word, exactly once."""
    made = compiled(write(tmp_path, NOTICE_ONLY))
    cleared = asyncio.run(made.response.run(Segment("t", Role.ASSISTANT, "Drink water."), ANSWER))
    assert cleared.text.endswith("\n\nDrink water.")
    assert cleared.text.count("machine") >= 1
    assert cleared.verdict.action is Action.WARN


def test_crisis_comes_before_the_notice_and_the_warning_after() -> None:
    """WHO-51: the way to real help comes first."""
    made = compiled(baseline())
    heads = {}
    for risk in (Risk.EMERGENCY, Risk.HIGH):
        about = About(Direction.RESPONSE, Role.ASSISTANT, language="en", assessment=Assessment(True, (), risk))
        head = made.response.open(about).head()
        assert head is not None
        heads[risk] = [ruling.finding.rail for ruling in head.verdict.rulings]
        parts = [part for part in head.text.split("\n\n") if part]
        assert ["machine, not by a person" in part for part in parts].index(True) == (risk is Risk.EMERGENCY)
    assert heads == {Risk.EMERGENCY: ["crisis", "notice", "medical"], Risk.HIGH: ["notice", "medical"]}


def test_a_crisis_line_that_was_not_verified_for_long_is_no_longer_shown(tmp_path: Path) -> None:
    """A stale helpline is worse than the emergency number and a directory."""
    text = NOTICE_ONLY + "  - {rail: crisis, request: warn, response: warn}\ndefaults: {country: US}\n"
    loaded = load_policy(write(tmp_path, text))
    about = About(
        Direction.RESPONSE, Role.ASSISTANT, language="en", country="US", assessment=Assessment(True, (), Risk.SELF_HARM)
    )
    shown = []
    for day in (date(2026, 8, 1), date(2099, 1, 1)):
        head = compile_policy(loaded, lambda _: InlineInspector({}), {}, day).response.open(about).head()
        assert head is not None
        assert "911" in head.text
        shown.append("988" in head.text)
    assert shown == [True, False]


@pytest.mark.case("SEC-10")
def test_a_key_is_read_from_the_environment_or_a_file_and_shows_nowhere(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-file-secret\n")
    for field, key in (
        ("api_key_env: WARD_KEY", "sk-env-secret"),
        (f"api_key_file: {tmp_path / 'key'}", "sk-file-secret"),
    ):
        text = MINIMAL.replace("example.org}", f"example.org, {field}}}")
        made = compiled(write(tmp_path, text), {"WARD_KEY": "sk-env-secret"})
        target = made.targets("openai.chat")[0]
        assert target.api_key == key
        for shown in (repr(made), repr(target), repr(made.keys), str(made.policy.model_dump()), made.sha256):
            assert "sk-" not in shown


@pytest.mark.case("SEC-10")
@pytest.mark.parametrize("key", ["", " ", "two words", "schlüssel", "a\nb"])
def test_a_key_that_can_not_be_one_is_refused_without_showing_it(tmp_path: Path, key: str) -> None:
    """A missing variable is a broken policy, not an anonymous request to the provider (CFG-01)."""
    file = write(tmp_path, MINIMAL.replace("example.org}", "example.org, api_key_env: WARD_KEY}"))
    with pytest.raises(PolicyError) as caught:
        compiled(file, {"WARD_KEY": key})
    where = "ward.yaml:4: upstreams.lmm.api_key_env"
    assert caught.value.message == f"{where}: there is no usable key in the environment variable WARD_KEY"


def test_without_a_key_the_clients_own_is_passed_on(tmp_path: Path) -> None:
    assert compiled(write(tmp_path, MINIMAL)).targets("openai.chat")[0].api_key is None


def test_a_request_goes_to_the_default_upstream_that_speaks_its_dialect(tmp_path: Path) -> None:
    more = "  other: {base_url: https://other.example.org, dialects: [openai.chat, other.api]}\n"
    made = compiled(write(tmp_path, MINIMAL.replace("default_upstream", more + "default_upstream")))
    assert made.targets("openai.chat")[0].name == "lmm"
    assert made.targets("other.api")[0].name == "other"
    with pytest.raises(UnknownRoute):
        made.targets("nobody.speaks.this")


def test_the_metrics_know_the_words_of_the_policy() -> None:
    words = compiled(baseline()).words
    assert "NAME" in words.findings["phi"]
    assert words.cohorts["sex"] == {"female", "male", "other"}
    assert "anonymous" in words.clients


def test_a_vault_does_what_the_policy_says(tmp_path: Path) -> None:
    text = "placeholders: {roles: false, operators: {DATE: generalise, NAME: drop}}\ndefaults: {date_order: dmy}\n"
    vault = compiled(write(tmp_path, MINIMAL + text)).open_vault()
    found = [("DATE", "03/04/2024", "2024"), ("NAME", "Ada Quill", "[NAME removed]"), ("AGE_OVER_89", "94", "90+")]
    for label, value, written in found:
        assert vault.redactor.rewrite(Finding(Span(0, len(value)), "phi", label), value, About()) == written


KEEPS = MINIMAL + "state: {keep_at_provider: true, store: redis, redis_url_env: WARD_REDIS, key_env: WARD_SEAL}\n"
SEAL = base64.b64encode(bytes(range(32))).decode()


def test_what_seals_conversations_is_read_from_the_environment_and_shows_nowhere(tmp_path: Path) -> None:
    made = compiled(write(tmp_path, KEEPS), {"WARD_REDIS": "rediss://:hunter2-x@redis.ward/1", "WARD_SEAL": SEAL})
    assert made.state.key == bytes(range(32))
    assert made.state.redis_url == "rediss://:hunter2-x@redis.ward/1"
    assert "hunter2-x" not in repr(made)
    assert SEAL not in repr(made)
    assert compiled(write(tmp_path, MINIMAL)).state.key == b""


@pytest.mark.parametrize(
    ("name", "value", "key", "what"),
    [
        ("WARD_SEAL", "c2hvcnQ=", "key_env", "there are no 32 bytes in base64 in the environment variable WARD_SEAL"),
        ("WARD_SEAL", "", "key_env", "there are no 32 bytes in base64 in the environment variable WARD_SEAL"),
        ("WARD_SEAL", "!" * 44, "key_env", "there are no 32 bytes in base64 in the environment variable WARD_SEAL"),
        *(
            (
                *("WARD_REDIS", url, "redis_url_env"),
                "there is no redis:// or rediss:// address in the environment variable WARD_REDIS",
            )
            for url in ("", "http://redis.example.org", "redis://", "redis://host:port")
        ),
    ],
)
def test_without_them_the_policy_is_refused_at_once(tmp_path: Path, name: str, value: str, key: str, what: str) -> None:
    """At the start, and at a reload: never in the middle of somebody's conversation."""
    environment = {"WARD_REDIS": "redis://localhost", "WARD_SEAL": SEAL, name: value}
    with pytest.raises(PolicyError) as caught:
        compiled(write(tmp_path, KEEPS), environment)
    assert caught.value.message == f"ward.yaml:9: state.{key}: {what}"
