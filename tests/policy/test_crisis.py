"""The policy and people in danger: texts in every language, what has expired, how it is told."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from guardrail.build import build_try
from guardrail.cli import app
from guardrail.edge import ready_reply
from guardrail.engine.worker import InlineInspector
from guardrail.errors import PolicyError
from guardrail.policy.compile import compile_policy, remote_spec, spec_key
from guardrail.policy.crisis import RED_FLAGS
from guardrail.policy.expiry import Expired, drafts, expired
from guardrail.policy.explain import explain
from guardrail.policy.load import Loaded, baseline, load_policy
from guardrail.policy.merge import merge
from guardrail.policy.model import Policy
from guardrail.policy.store import PolicyStore
from guardrail.rails import catalog, crisis_data
from guardrail.rails.base import About, Window
from guardrail.rails.data import red_flags
from guardrail.record.metrics import Metrics, Vocabulary
from guardrail.text import Assessment, Direction, Risk, Role
from tests.policy.files import write

IN_TIME, ROWS_TOO_LATE, ALL_TOO_LATE = date(2026, 12, 1), date(2027, 2, 1), date(2028, 1, 1)
WARD = """\
name: ward
version: 1
extends: [baseline]
defaults: {country: FR, language: fr}
"""


def load(folder: Path, text: str = WARD) -> Loaded:
    return load_policy(write(folder, text))


def complaints(folder: Path, text: str) -> str:
    try:
        load(folder, text)
    except PolicyError as error:
        return error.message
    return ""


# ------------------------------------------------------------------------------------------------ whose language


@pytest.mark.parametrize("key", ["cohorts: {language: [en, nl]}", "defaults: {language: nl}"])
def test_a_language_that_nobody_wrote_texts_in_is_refused(tmp_path: Path, key: str) -> None:
    """WHO-51, WHO-07, WHO-01: never silent English; each text that is missing is named."""
    told = complaints(tmp_path, f"name: ward\nversion: 1\nextends: [baseline]\n{key}\n")
    for name in (*crisis_data.NAMES, "general", "high", "acute", "texts"):
        assert f"settings.{name}: there is no text in `nl`: write one" in told
    assert "texts.withheld: there is no text in `nl`" in told


def test_texts_of_ones_own_make_a_language_possible(tmp_path: Path) -> None:
    word = "Bel {emergency}. Dit is een programma."
    own = {
        "emergency": word, "self_harm": word + " {line}", "clinician": word, "line": "Praat: {service}. ",
        "line_clinician": "Praat: {service}. ", "local_number": "het noodnummer", "method": "[weggelaten]",
        "stay": "U kunt hier blijven schrijven.",
    }  # fmt: skip
    rows = ", ".join(f'{name}: {{nl: "{text}"}}' for name, text in own.items())
    text = (
        f"{WARD}cohorts: {{language: [fr, nl]}}\nrails:\n  - {{rail: crisis, response: warn, settings: {{{rows}}}}}\n"
    )
    told = complaints(tmp_path, text)
    assert not any(f"rails[0].settings.{name}" in told for name in own)
    assert "settings.general: there is no text in `nl`" in told  # the warning's own are still missing


def test_a_reader_of_an_unknown_language_gets_the_policys_default(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    compiled = compile_policy(loaded, lambda _: InlineInspector({}), {}, IN_TIME)
    about = About(Direction.RESPONSE, Role.ASSISTANT, language="xx", country="FR")
    in_danger = About(
        Direction.RESPONSE, Role.ASSISTANT, language="xx", country="FR", assessment=Assessment(True, (), Risk.SELF_HARM)
    )
    for each in (about, in_danger):
        head = compiled.response.open(each).head()
        assert head is not None
        assert "machine, et non par une personne" in head.text
    assert head is not None and "3114" in head.text


# ------------------------------------------------------------------------------------------------ expired


def test_only_what_the_policy_could_show_is_told_as_expired(tmp_path: Path) -> None:
    policy = load(tmp_path).policy
    assert expired(policy, IN_TIME) == ()
    assert expired(policy, ROWS_TOO_LATE) == (Expired("service", "FR"),)
    late = expired(policy, ALL_TOO_LATE)
    assert Expired("text", "fr") in late
    assert Expired("service", "US") not in late


def test_the_countries_of_clients_count_too(tmp_path: Path) -> None:
    client = f"clients:\n  - {{name: clinic, country: DE, token_sha256: {'0' * 64}}}\n"
    found = expired(load(tmp_path, WARD + client).policy, ROWS_TOO_LATE)
    assert found == (Expired("service", "FR"), Expired("service", "DE"))


def test_without_the_check_there_is_nothing_that_could_expire(tmp_path: Path) -> None:
    text = (
        "name: w\nversion: 1\nunsafe: true\nupstreams: {lmm: {base_url: https://lmm.example.org}}\n"
        "default_upstream: lmm\ndefaults: {country: FR}\nrails: [{rail: notice, response: warn}]\n"
    )
    assert expired(load(tmp_path, text).policy, ALL_TOO_LATE) == ()


class NoAnalyzer:
    """Builds nothing."""

    async def load(self, key: str, spec: object) -> None:
        return

    async def unload(self, key: str) -> None:
        return

    def bind(self, key: str) -> object:
        return None


async def in_force(loaded: Loaded, monkeypatch: pytest.MonkeyPatch, day: date) -> str:
    def on_that_day(loaded: Loaded, bind: object, **more: object) -> object:
        return compile_policy(loaded, bind, {}, day)  # type: ignore[arg-type]

    monkeypatch.setattr("guardrail.policy.store.compile_policy", on_that_day)
    metrics = Metrics()
    store = PolicyStore(lambda: loaded, NoAnalyzer(), metrics)  # type: ignore[arg-type]
    await store.start()
    return metrics.render()[1].decode()


def test_an_expired_row_raises_a_gauge_and_a_line_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The store compiles once a day, so that is how often it is logged."""
    import asyncio

    loaded = load(tmp_path)
    caplog.set_level(logging.INFO, logger="guardrail")
    page = asyncio.run(in_force(loaded, monkeypatch, IN_TIME))
    assert "guardrail_expired_texts{" not in page
    assert "crisis_text_expired" not in caplog.text
    page = asyncio.run(in_force(loaded, monkeypatch, ROWS_TOO_LATE))
    assert 'guardrail_expired_texts{kind="service",name="FR"} 1.0' in page
    (record,) = [each for each in caplog.records if each.message == "crisis_text_expired"]
    assert record.levelno == logging.WARNING
    assert record.guardrail == {"what": "service:FR"}  # type: ignore[attr-defined]


def test_policy_check_warns_and_says_ok(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An expired row is no mistake in the policy: the exit status stays 0."""
    monkeypatch.setattr("guardrail.policy.expiry.expired", lambda policy, day: (Expired("service", "FR"),))
    result = CliRunner().invoke(app, ["policy", "check", str(write(tmp_path, WARD))])
    assert result.exit_code == 0
    assert "warning: the crisis service `FR` has expired" in result.output
    monkeypatch.setattr("guardrail.policy.expiry.expired", lambda policy, day: ())
    assert "warning" not in CliRunner().invoke(app, ["policy", "check", str(write(tmp_path, WARD))]).output


def test_ready_names_what_has_expired_and_is_ready_all_the_same() -> None:
    reply = ready_reply(True, ["service FR"])
    assert (reply.status, reply.body) == (200, b'{"status": "ready", "expired": ["service FR"]}')
    assert ready_reply(True).body == b'{"status": "ready"}'


def test_the_drafts_among_the_texts_of_a_policy_are_known(tmp_path: Path) -> None:
    assert "fr" in drafts(load(tmp_path).policy)
    assert set(drafts(load_policy(baseline()).policy)) <= set(crisis_data.shipped().texts)


# ------------------------------------------------------------------------------------------------ the key `crisis`


def crisis(folder: Path, said: str) -> str:
    return complaints(folder, f"{WARD}crisis: {said}\n")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{detect: {self_harm: false}}", "off_because"),
        ("{off_codes: [rf17]}", "off_because"),
        ("{off_codes: [rf17], off_because: '  '}", "off_because"),
        ("{off_codes: [rf19], off_because: a law}", "no such red flag"),
        ("{off_codes: [rf21], off_because: a law}", "no such red flag"),
        ("{answer: close}", "crisis.answer"),
        ("{webhook: {}}", "give url or url_env"),
        ("{webhook: {url: 'https://a.example/x', url_env: HOOK}}", "give url or url_env"),
        ("{webhook: {url: 'https://user:pw@a.example/'}}", "without a user"),
        ("{webhook: {url: 'ftp://a.example/'}}", "use https"),
        ("{webhook: {url: 'http://a.example/hook'}}", "http beyond this machine"),
        ("{webhook: {url: 'https://a.example/hook', timeout_seconds: 0}}", "timeout_seconds"),
    ],
)
def test_what_makes_no_sense_or_hides_a_reason_is_refused(tmp_path: Path, said: str, told: str) -> None:
    assert told in crisis(tmp_path, said)


@pytest.mark.parametrize(
    "said",
    [
        "{answer: withhold}",
        "{detect: {emergency: false}, off_because: 225 ILCS 155}",
        "{off_codes: [rf7, rf17], off_because: 225 ILCS 155}",
        "{webhook: {url: 'https://a.example/hook?x=1', key_env: HOOK_KEY}}",
        "{webhook: {url: 'http://127.0.0.1:9/hook'}}",
    ],
)
def test_what_a_policy_may_say(tmp_path: Path, said: str) -> None:
    assert crisis(tmp_path, said) == ""


def test_a_check_that_looks_for_nobody_can_tell_nobody(tmp_path: Path) -> None:
    text = (
        "name: w\nversion: 1\nupstreams: {lmm: {base_url: https://lmm.example.org}}\ndefault_upstream: lmm\n"
        "rails: [{rail: notice, response: warn}, {rail: phi, request: replace, response: replace}]\n"
        "crisis: {answer: withhold, webhook: {url: 'https://a.example/'}}\n"
    )
    told = complaints(tmp_path, text)
    assert "crisis.answer: the rule for `crisis`" in told
    assert "crisis.webhook: nobody would be told" in told


def test_nothing_is_switched_off_past_the_reason(tmp_path: Path) -> None:
    rule = "rails:\n  - {rail: crisis, request: warn, response: warn, settings: {off: [self_harm]}}\n"
    assert "say it with its reason" in complaints(tmp_path, WARD + rule)


@pytest.mark.parametrize(
    ("base", "own", "both"),
    [
        ({"answer": "withhold"}, {"answer": "follow"}, {"answer": "withhold"}),
        ({"answer": "follow"}, {"answer": "withhold"}, {"answer": "withhold"}),
        ({"detect": {"self_harm": False}}, {"detect": {"self_harm": True}}, {"detect": {"self_harm": True}}),
        ({"detect": {"self_harm": True}}, {"detect": {"self_harm": False}}, {"detect": {"self_harm": True}}),
        ({"off_codes": ["rf17", "rf8"]}, {"off_codes": ["rf17", "rf18"]}, {"off_codes": ["rf17"]}),
        ({"off_codes": ["rf17"]}, {"answer": "follow"}, {"off_codes": ["rf17"], "answer": "follow"}),
    ],
)
def test_the_stricter_of_two_packs_wins(base: dict[str, object], own: dict[str, object], both: object) -> None:
    assert merge({"crisis": base}, {"crisis": own})["crisis"] == both


class Seen(NamedTuple):
    start: int
    end: int
    label: str


class Toy:
    """In place of the trained model: each of the three sentences raises its own sign, and the model adds nothing."""

    danger, crisis = Risk.NONE, 0.1

    def judge(self, text: str) -> Toy:
        self.raised = [Seen(0, len(text), GONE[text])]
        return self


@pytest.fixture
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guardrail.rails.assess_model.assessor", Toy)


def found(policy: Policy, text: str) -> set[str]:
    rail = catalog.build_rail("crisis", dict(remote_spec(policy))["crisis"])
    return {finding.label for finding in rail.inspect(Window(text), About(Direction.REQUEST, Role.USER))}


CHEST, VOICES = "I have a crushing pain in my chest", "the voices tell me to hurt myself"
DEATH = "I want to kill myself"
GONE = {CHEST: "emergency.rf1", VOICES: "emergency.rf17", DEATH: "self_harm"}


@pytest.mark.usefixtures("_toy")
@pytest.mark.parametrize(
    ("said", "seen", "unseen"),
    [
        ("{}", (CHEST, VOICES, DEATH), ()),
        ("{off_codes: [rf17], off_because: a law}", (CHEST, DEATH), (VOICES,)),
        ("{off_codes: [rf7], off_because: a law}", (CHEST,), (DEATH,)),
        ("{detect: {emergency: false}, off_because: a law}", (DEATH,), (CHEST,)),
        ("{detect: {self_harm: false}, off_because: a law}", (CHEST,), (DEATH,)),
    ],
)
def test_what_is_switched_off_is_not_seen_and_all_else_is(
    tmp_path: Path, said: str, seen: tuple[str, ...], unseen: tuple[str, ...]
) -> None:
    policy = load(tmp_path, f"{WARD}crisis: {said}\n").policy
    for text in seen:
        assert found(policy, text)
    for text in unseen:
        assert not found(policy, text)
    assert GONE[VOICES] in found(load(tmp_path).policy, VOICES)


def test_a_policy_that_switches_something_off_is_another_rail_set(tmp_path: Path) -> None:
    """Else a reload would keep the old one."""
    off = load(tmp_path, f"{WARD}crisis: {{off_codes: [rf17], off_because: a law}}\n").policy
    assert spec_key(off) != spec_key(load(tmp_path).policy)


def test_explain_tells_first_what_is_switched_off_and_why(tmp_path: Path) -> None:
    text = explain(load(tmp_path, f"{WARD}crisis: {{off_codes: [rf17], off_because: 225 ILCS 155}}\n"))
    off = "SWITCHED OFF, not looked for: RF17. Because of: 225 ILCS 155."
    assert off in text
    assert text.index(off) < text.index("Who may connect")
    assert "SWITCHED OFF" not in explain(load(tmp_path))


def test_explain_lists_every_red_flag_and_what_is_behind_the_texts(tmp_path: Path) -> None:
    text = explain(load(tmp_path))
    for number in range(1, 21):
        assert f"  RF{number} " in text
    assert "The model's answer follows" in text
    assert "DRAFTS" in text
    assert "FR: 15 / 112" in text
    hook = "{answer: withhold, webhook: {url_env: HOOK_URL, key_env: HOOK_KEY}}"
    told = explain(load(tmp_path, f"{WARD}crisis: {hook}\n"))
    assert "The model is not asked" in told
    assert "the address in HOOK_URL (signed with HOOK_KEY)" in told


def test_every_red_flag_that_is_looked_for_has_its_line() -> None:
    known = {flag.code for flag in (*red_flags.EMERGENCIES, *red_flags.SELF_HARM)}
    assert known | {"rf19"} == set(RED_FLAGS)


HOOKED = f"{WARD}crisis: {{webhook: {{url_env: HOOK_URL, key_env: HOOK_KEY}}}}\n"
GOOD = {"HOOK_URL": "https://a.example:8443/call/us?id=1", "HOOK_KEY": "k" * 32}


def test_the_webhook_is_read_from_the_environment_and_shown_nowhere(tmp_path: Path) -> None:
    compiled = compile_policy(load(tmp_path, HOOKED), lambda _: InlineInspector({}), GOOD, IN_TIME)
    hook = compiled.hook
    assert hook is not None
    assert (hook.base_url, hook.path, hook.query) == ("https://a.example:8443", "/call/us", "id=1")
    assert "kkkk" not in repr(hook) + repr(compiled)


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {**GOOD, "HOOK_URL": "http://a.example/"},
        {**GOOD, "HOOK_URL": "not an address"},
        {**GOOD, "HOOK_KEY": "short"},
        {"HOOK_URL": GOOD["HOOK_URL"]},
    ],
)
def test_a_webhook_that_can_not_be_called_refuses_the_start(tmp_path: Path, environment: dict[str, str]) -> None:
    with pytest.raises(PolicyError) as caught:
        compile_policy(load(tmp_path, HOOKED), lambda _: InlineInspector({}), environment, IN_TIME)
    assert "crisis.webhook" in caught.value.message
    assert "a.example" not in caught.value.message


def test_in_shadow_nobody_is_told_and_nothing_is_withheld(tmp_path: Path) -> None:
    """Shadow: found and counted, nothing changes."""
    text = (
        "name: w\nversion: 1\nupstreams: {lmm: {base_url: https://lmm.example.org}}\ndefault_upstream: lmm\nrails:\n"
        "  - {rail: crisis, request: warn, response: warn, shadow: SHADOW}\n"
        "  - {rail: notice, response: warn}\n  - {rail: phi, request: replace, response: replace}\n"
        "crisis: {answer: withhold, webhook: {url: 'https://a.example/'}}\n"
    )
    for shadow in (True, False):
        loaded = load(tmp_path, text.replace("SHADOW", str(shadow).lower()))
        compiled = compile_policy(loaded, lambda _: InlineInspector({}), {}, IN_TIME)
        assert compiled.withholds is not shadow
        assert (compiled.hook is None) is shadow


def test_trying_a_policy_needs_no_webhook(tmp_path: Path) -> None:
    assert build_try(write(tmp_path, HOOKED), ["notice"]).hook is None


def test_metrics_count_in_closed_sets_only() -> None:
    metrics = Metrics()
    metrics.use(Vocabulary(countries=frozenset({"US"}), cohorts={"age_band": frozenset({"13-17"})}))
    metrics.crisis_referral("self_harm", "US", "13-17")
    metrics.crisis_referral("self_harm", "", "17")
    metrics.crisis_referral("made up", "ZZ", "")
    metrics.crisis_webhook("made up")
    metrics.detection_off(["emergency.rf17"])
    page = metrics.render()[1].decode()
    assert 'guardrail_crisis_referrals_total{age_band="13-17",country="US",kind="self_harm"} 1.0' in page
    assert 'age_band="unspecified",country="none",kind="self_harm"} 1.0' in page
    assert 'country="other",kind="other"} 1.0' in page
    assert 'guardrail_crisis_webhooks_total{result="other"} 1.0' in page
    assert 'guardrail_crisis_detection_off{what="emergency.rf17"} 1.0' in page


def test_changed_crisis_data_stops_the_start_with_a_plain_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fail closed: the policy can't be loaded, so nothing is served."""

    def changed() -> crisis_data.CrisisData:
        return crisis_data.read(tmp_path)

    monkeypatch.setattr("guardrail.rails.crisis_data.shipped", changed)
    assert "crisis texts" in complaints(tmp_path, WARD)
