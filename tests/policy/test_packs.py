"""The packs that we ship: what they ask for together, what a deployer adds, and that none weakens the baseline."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.dialects.tools import ToolRules
from guardrail.policy.gates import Gates
from guardrail.policy.load import baseline, load_policy, shipped_policies, shipped_policy
from guardrail.policy.medical import TREATMENTS
from guardrail.policy.model import Policy
from guardrail.policy.notices import CHANNELS, FORMS, UNSPECIFIED, Situation, decide
from guardrail.policy.requirements import MEANINGS
from guardrail.policy.source import Refused, read_source
from guardrail.text import Action, Assessment, Risk
from tests.policy.files import write

JURISDICTIONS = ("us-hipaa", "us-ca", "us-ny", "us-ut", "us-tx", "us-il", "eu", "uk-nhs", "cn")
USES = ("who-lmm-2024", "patient-portal", "clinician-workspace", "clinical-draft", "education", "research")
PACKS = (*USES, *JURISDICTIONS)
INCOMPLETE = (*USES, "us-ca", "eu", "uk-nhs")
"""Packs that promise people a way to a human, which only the deployer can name."""
ADDED = 'cohorts: {language: [en, es]}\ngates: {human_route: {en: "call 555-0100", es: "llame al 555-0100"}}\n'


def pack(folder: Path, *names: str, more: str = ADDED) -> Policy:
    """What holds for a deployer who extends these and adds what is asked for."""
    return load_policy(write(folder, f"name: own\nversion: 1\nextends: [{', '.join(names)}]\n{more}")).policy


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packs")


def test_every_pack_is_here_and_no_other() -> None:
    """A pack that is not in the lists of this file is tested by nobody."""
    files = {file.stem for place in (".", "jurisdictions") for file in (shipped_policies() / place).glob("*.yaml")}
    assert files == {"baseline", *PACKS}


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_goes_by_its_name(name: str) -> None:
    file = shipped_policy(name)
    assert file is not None
    assert read_source(file).values["name"] == name


@pytest.mark.parametrize("name", ["hospital-ca", "../examples/strict", "jurisdictions/us-ca", "", "nowhere"])
def test_nothing_else_goes_by_a_name(name: str) -> None:
    """Examples are to be copied; a name is no path."""
    assert shipped_policy(name) is None


def test_the_wheel_has_the_packs() -> None:
    """`shipped_policies` looks for them there."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"] == {"policies": "guardrail/_policies"}


@pytest.mark.parametrize("name", PACKS)
def test_a_bare_pack_loads_or_says_only_what_the_deployer_has_to_add(name: str) -> None:
    file = shipped_policy(name)
    assert file is not None
    if name not in INCOMPLETE:
        assert load_policy(file).policy.name == name
        return
    with pytest.raises(Refused) as refused:
        load_policy(file)
    told = [str(each) for each in refused.value.complaints]
    assert len(told) == len(load_policy(baseline()).policy.cohorts.language)
    assert all("gates.human_route: say in `" in line and "in your own file" in line for line in told)


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_loads_once_the_way_to_people_is_told(folder: Path, name: str) -> None:
    assert not pack(folder, name).unsafe


def test_the_way_to_people_is_asked_for_in_every_language(folder: Path) -> None:
    more = 'cohorts: {language: [en, es]}\ngates: {human_route: {en: "call 555-0100"}}\n'
    with pytest.raises(Refused) as refused:
        pack(folder, "us-ca", more=more)
    (told,) = [str(each) for each in refused.value.complaints]
    assert "say in `es`, too" in told


@pytest.mark.parametrize("name", PACKS)
def test_every_part_of_a_pack_names_its_source(name: str) -> None:
    """Rules and gates name their own; all else in `because`; each source has a meaning in plain words."""
    file = shipped_policy(name)
    assert file is not None
    values = read_source(file).values
    cited = dict(values.get("because", {}))
    for rule in values.get("rails", ()):
        assert rule["because"], rule["rail"]
        cited[rule["rail"]] = rule["because"]
    for gate, settings_ in values.get("gates", {}).items():
        cited[gate] = settings_["because"]
    parts = values.keys() - {"name", "version", "description", "extends", "because", "rails", "gates"}
    assert parts <= cited.keys()
    assert {each for sources in cited.values() for each in sources} <= MEANINGS.keys()


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_says_when_its_sources_were_checked_and_what_it_cannot_do(name: str) -> None:
    file = shipped_policy(name)
    assert file is not None
    head = file.read_text(encoding="utf-8").partition("\nname:")[0]
    assert "2026-07" in head
    assert "Status" in head
    assert "It can't: " in head


def test_california_new_york_and_utah_ask_for_the_union_of_their_duties(folder: Path) -> None:
    """WHO-81: whatever one of them asks for is asked for."""
    policy = pack(folder, "us-ca", "us-ny", "us-ut")
    notices = policy.notices
    assert notices.form == "full"
    assert set(notices.throughout) == {"chat", "video"}, "California"
    assert notices.every_minutes == 180, "California and New York"
    assert notices.gap_hours == 24, "New York's day is shorter than Utah's week"
    assert notices.reviewed == "full", "only California exempts what a professional has read"
    assert notices.human_route, "California"
    spoken = Situation(channel="audio", surface="patient", age_band="40-64", reviewed=True, turn=3, since_notice=60.0)
    assert (decide(notices, spoken).form, decide(notices, spoken).closing) == ("full", True)
    assert decide(notices, Situation(channel="chat", turn=9, since_notice=60.0, asked=True)).human, "Utah"
    assert set(policy.because["notices"]) == {
        *("CA HSC 1339.75", "CA BPC 22601", "NY GBL 1702", "UT 13-72a-203", "UT 13-77-103"),
    }


def test_california_alone_exempts_what_a_professional_has_read(folder: Path) -> None:
    read = Situation(channel="letter", surface="patient", age_band="40-64", reviewed=True)
    assert decide(pack(folder, "us-ca").notices, read).form == "mark"
    assert decide(pack(folder, "us-ca", "us-ny").notices, read).form == "full"


def test_illinois_lets_no_model_talk_to_patients_about_mental_health(folder: Path) -> None:
    medical = pack(folder, "us-il").medical
    mood = Assessment(medical=True, topics=("mental_health",), risk=Risk.GENERAL)
    assert medical.asked("patient", mood, {}) == "block"
    assert medical.asked("clinician", mood, {}) == "warn_and_refer"
    assert medical.asked("patient", Assessment(medical=True, topics=("symptom",), risk=Risk.GENERAL), {}) != "block"


def test_who_objects_is_not_asked_about_in_the_uk(folder: Path) -> None:
    gates = pack(folder, "uk-nhs").gates
    assert gates.consent is not None
    assert set(gates.consent.surfaces) == {"patient", "clinician"}


def test_europe_asks_providers_where_they_run_and_whether_they_train(folder: Path) -> None:
    assert pack(folder, "eu").demands == {"no_training": True, "region": ("eu",)}


def test_teaching_takes_no_real_patients_and_says_simulated_in_every_language(folder: Path) -> None:
    policy = pack(folder, "education")
    phi, notice = policy.rule("phi"), policy.rule("notice")
    assert phi is not None
    assert notice is not None
    assert phi.request is Action.BLOCK
    assert set(notice.settings["texts"]) == {*load_policy(baseline()).policy.cohorts.language, "id"}


@pytest.mark.parametrize(("name", "profile"), [("clinical-draft", "draft"), ("education", "fiction")])
def test_who_speaks_in_another_voice_has_its_profile(folder: Path, name: str, profile: str) -> None:
    persona = pack(folder, name).rule("persona")
    assert persona is not None
    assert persona.settings == {"profile": profile}


def test_california_lets_no_answer_through_that_implies_a_licence(folder: Path) -> None:
    persona = pack(folder, "us-ca").rule("persona")
    assert persona is not None
    assert persona.labels.response["licence"] is Action.BLOCK


def test_a_signed_draft_says_that_it_is_one_in_every_language(folder: Path) -> None:
    notice = pack(folder, "clinical-draft").rule("notice")
    assert notice is not None
    assert set(notice.settings["texts"]) == {*load_policy(baseline()).policy.cohorts.language, "id"}


@pytest.mark.parametrize("name", ["who-lmm-2024", "clinical-draft", "research", "us-tx", "eu", "uk-nhs"])
def test_no_deployer_can_let_a_model_act_by_itself_there(folder: Path, name: str) -> None:
    policy = pack(folder, name, more=f"{ADDED}tools: {{release: [order, prescribe, write_ehr]}}\n")
    assert policy.tools.release == ()


def test_no_model_enrols_anybody(folder: Path) -> None:
    """WHO-36: calls of tools that enrol or randomise are proposals."""
    rules = ToolRules(pack(folder, "research").tools.classes)
    for tool in ("enroll_patient", "trialEnrolment", "randomise_subject", "sign_consent"):
        assert rules.refuses(tool), tool
    assert not rules.refuses("search_literature")


@settings(max_examples=12, deadline=None)
@given(order=st.permutations(JURISDICTIONS))
def test_the_order_of_jurisdictions_does_not_matter(folder: Path, order: list[str]) -> None:
    assert _canonical(pack(folder, *order)) == _canonical(pack(folder, *JURISDICTIONS))


@settings(max_examples=8, deadline=None)
@given(order=st.permutations(("patient-portal", "us-ca", "us-ny", "us-il", "eu")))
def test_the_order_of_a_use_and_its_jurisdictions_does_not_matter(folder: Path, order: list[str]) -> None:
    assert _canonical(pack(folder, *order)) == _canonical(
        pack(folder, "patient-portal", "us-ca", "us-ny", "us-il", "eu")
    )


def _canonical(policy: Policy) -> Any:
    return _sorted(policy.model_dump(mode="json"))


def _sorted(value: Any) -> Any:
    """Lists of codes are sets here: nothing reads their order. The order of rails stays."""
    if isinstance(value, Mapping):
        return {key: _sorted(each) for key, each in sorted(value.items())}
    if isinstance(value, list):
        return sorted(value) if all(isinstance(each, str) for each in value) else [_sorted(each) for each in value]
    return value


@pytest.mark.parametrize("name", PACKS)
def test_no_pack_finds_or_replaces_less_than_the_baseline(folder: Path, name: str) -> None:
    """Every rule of the baseline, in both directions and for every exception, with its settings for finding."""
    own = pack(folder, name)
    for rule in load_policy(baseline()).policy.rails:
        mine = own.rule(rule.rail)
        assert mine is not None
        assert not mine.shadow
        for mine_action, theirs in ((mine.request, rule.request), (mine.response, rule.response)):
            assert theirs is None or (mine_action is not None and mine_action >= theirs), rule.rail
        for direction in ("request", "response"):
            theirs_labels, mine_labels = getattr(rule.labels, direction), getattr(mine.labels, direction)
            for label in {*theirs_labels, *mine_labels}:
                theirs_action = theirs_labels.get(label, getattr(rule, direction))
                assert mine_labels.get(label, getattr(mine, direction)) >= theirs_action, (rule.rail, label)
        if rule.rail == "phi":
            assert mine.settings == rule.settings, "nothing is found less"
    assert own.on_failure == "block"
    assert own.logprobs == "drop"


@pytest.mark.parametrize("name", PACKS)
def test_no_pack_says_less_of_the_machine_than_the_baseline(folder: Path, name: str) -> None:
    """Of all situations; but for the one exemption that a law makes and that is tested above."""
    theirs, mine = load_policy(baseline()).policy.notices, pack(folder, name).notices
    for seen in _situations():
        if name == "us-ca" and seen.reviewed:
            continue
        expected, shown = decide(theirs, seen), decide(mine, seen)
        assert FORMS.index(shown.form) >= FORMS.index(expected.form), seen
        assert shown.reminder >= expected.reminder, seen
        assert (shown.human, shown.closing) == (expected.human, expected.closing), seen


def _situations() -> Iterator[Situation]:
    for channel, surface, band, reviewed, asked, turn, since in product(
        (*CHANNELS, UNSPECIFIED),
        ("patient", "clinician", "education"),
        ("13-17", "40-64", UNSPECIFIED),
        (False, True),
        (False, True),
        (1, 2, 20),
        (None, 60.0, 2 * 3600.0, 4 * 3600.0, 25 * 3600.0),
    ):
        yield Situation(channel, surface, band, reviewed, asked, turn, since, in_session=since)


@pytest.mark.parametrize("name", PACKS)
def test_no_pack_answers_more_medical_questions_than_the_baseline(folder: Path, name: str) -> None:
    theirs, mine = load_policy(baseline()).policy.medical, pack(folder, name).medical
    for surface, risk, flag, band, topic in product(
        ("patient", "clinician", "admin", "research", "education"),
        (Risk.GENERAL, Risk.HIGH, Risk.EMERGENCY),
        ("", "prescribing", "dosing", "severe_depression", "paediatric", "pregnancy"),
        ("0-12", "40-64"),
        ("symptom", "mental_health"),
    ):
        asked = Assessment(medical=True, topics=(topic,), risk=risk, flags=(flag,) if flag else ())
        expected, done = (each.asked(surface, asked, {"age_band": band}) for each in (theirs, mine))
        assert TREATMENTS.index(done) >= TREATMENTS.index(expected), (surface, asked)


@pytest.mark.parametrize("name", PACKS)
def test_no_pack_switches_off_looking_for_people_in_danger(folder: Path, name: str) -> None:
    own = pack(folder, name)
    crisis = own.rule("crisis")
    assert crisis is not None
    assert own.crisis.off == ()
    assert crisis.request is Action.WARN
    assert crisis.response is Action.WARN
    assert not crisis.shadow
    assert "off" not in crisis.settings


def test_the_example_of_a_hospital_fills_in_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It extends packs of which two are refused alone."""
    policy = load_policy(shipped_policies() / "examples" / "hospital-ca.yaml").policy
    assert policy.gates.human_route.keys() == {"en", "es"}
    assert policy.gates != Gates()
    assert policy.demands.keys() <= policy.upstreams["openai"].attests.keys()
