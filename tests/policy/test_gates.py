"""Gates in a policy: what makes sense, what two packs say together, what a privacy officer reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import ValidationError

from guardrail.engine.worker import InlineInspector
from guardrail.errors import PolicyError
from guardrail.policy.compile import compile_policy
from guardrail.policy.explain import explain
from guardrail.policy.gates import CONSENTS, USES, AgeGate, Approval, ClaimsKey, Gates
from guardrail.policy.load import fingerprint, load_policy
from guardrail.policy.merge import merge
from guardrail.policy.model import Cohorts
from guardrail.wire.jws import read_key
from tests.policy.files import MINIMAL, write
from tests.support.claims import as_written

ROUTES = "{en: call 1, es: call 2, fr: call 3, de: call 4, pt: call 5, it: call 6, ar: call 7, zh: call 8, hi: call 9, \
ru: call 10, sw: call 11}"
SHA = "ab" * 32


def gated(gates: str) -> str:
    return f"{MINIMAL}gates:\n  {gates}\n  human_route: {ROUTES}\n"


def complaints(folder: Path, text: str) -> str:
    try:
        load_policy(write(folder, text))
    except PolicyError as error:
        return error.message
    return ""


def both(base: Any, own: Any) -> Mapping[str, Any]:
    """What two packs say together, as values that a policy may have."""
    merged = merge({"gates": base}, {"gates": own})["gates"]
    Gates.model_validate(merged)
    return dict(merged)


# ------------------------------------------------------------------------------------------------------------ values


def test_the_codes_are_those_that_applications_may_send() -> None:
    assert set(Cohorts().consent) == set(CONSENTS)
    assert len(set(USES)) == len(USES) == 7


@pytest.mark.parametrize(
    "wrong",
    [
        {"minimum": 12},
        {"minimum": 0},
        {"guardian_below": 17},
        {"minimum": 20, "guardian_below": 18},
        {"surfaces": []},
        {"unknown": "adult"},
    ],
)
def test_an_age_gate_protects_at_least_those_whom_the_law_does(wrong: dict[str, Any]) -> None:
    """WHO-54: under 13 out, 13 to 17 with a guardian's consent."""
    with pytest.raises(ValidationError):
        AgeGate(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"approval_id": "K1"},
        {"approval_id": "K1", "site": "ward"},
        {"approval_id": "K1", "trial_id": "T1", "site": "ward", "valid_until": "2026-01-01"},
        {"approval_id": "K1", "site": "ward", "valid_until": 1_800_000_000},
        {"approval_id": "K1", "site": "ward", "valid_until": "soon"},
        {"site": "ward", "valid_until": "2026-01-01"},
    ],
)
def test_an_approval_is_whole_or_none(wrong: dict[str, Any]) -> None:
    """WHO-71: one number, where, and until when; without a number only a shadow."""
    with pytest.raises(ValidationError):
        Approval(**wrong)


@pytest.mark.parametrize("wrong", [{}, {"key_env": "A", "key_file": "b"}])
def test_a_claims_key_has_one_source(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ClaimsKey(algorithm="HS256", **wrong)


def test_no_signature_is_no_algorithm() -> None:
    with pytest.raises(ValidationError):
        ClaimsKey.model_validate({"algorithm": "none", "key_env": "A"})


def test_a_day_in_a_file_is_a_day(tmp_path: Path) -> None:
    text = gated("setting: {decision_support: {trial_id: NCT1, site: ward 3, valid_until: 2026-12-31}}")
    policy = load_policy(write(tmp_path, text)).policy
    assert policy.gates.setting is not None
    assert str(policy.gates.setting.decision_support.valid_until) == "2026-12-31"  # type: ignore[union-attr]
    assert len(fingerprint(policy)) == 64


@pytest.mark.parametrize("named", ["key_env: KEY_OF_A", "key_file: /nowhere"])
def test_a_key_that_is_none_refuses_the_policy(tmp_path: Path, named: str) -> None:
    text = f"{MINIMAL}clients: [{{name: a, token_sha256: {SHA}, claims: {{algorithm: HS256, {named}}}}}]\n"
    loaded = load_policy(write(tmp_path, text))
    with pytest.raises(PolicyError, match=r"clients\[0\].claims.key_\w+: there is no key for HS256"):
        compile_policy(loaded, lambda key: InlineInspector({}), {"KEY_OF_A": "short and secret"})


@pytest.mark.parametrize("algorithm", ["HS256", "EdDSA"])
def test_a_key_is_read_from_a_file_and_from_the_environment(
    tmp_path: Path, algorithm: Literal["HS256", "EdDSA"]
) -> None:
    (tmp_path / "key").write_text(as_written(algorithm))
    named = ("a", "key_env: KEY_OF_A"), ("b", f"key_file: {tmp_path / 'key'}")
    rows = (
        f"  - {{name: {name}, token_sha256: {name * 64}, claims: {{algorithm: {algorithm}, {key}}}}}\n"
        for name, key in named
    )
    loaded = load_policy(write(tmp_path, f"{MINIMAL}clients:\n{''.join(rows)}"))
    compiled = compile_policy(loaded, lambda key: InlineInspector({}), {"KEY_OF_A": as_written(algorithm)})
    assert compiled.claim_keys == dict.fromkeys("ab", read_key(algorithm, as_written(algorithm)))
    assert "claim_keys" not in repr(compiled)


# ------------------------------------------------------------------------------------------------------------- lint


def test_whole_gates_are_accepted(tmp_path: Path) -> None:
    everything = (
        "consent: {because: [WHO-27]}\n  age: {}\n  training: {}\n"
        "  setting: {uses: {lmm: [administration]}, decision_support: {shadow: true}}"
    )
    assert complaints(tmp_path, gated(everything)) == ""


@pytest.mark.parametrize("gate", ["consent: {}", "age: {}"])
def test_a_policy_that_turns_people_away_has_to_tell_another_way_in_every_language(tmp_path: Path, gate: str) -> None:
    """WHO-28, WHO-88."""
    text = gated(gate)
    assert complaints(tmp_path, text) == ""
    assert "gates.human_route: say in `sw`, too" in complaints(tmp_path, text.replace(", sw: call 11", ""))
    assert "say in `en`, too" in complaints(tmp_path, f"{MINIMAL}gates: {{{gate}}}\n")
    client = f"clients: [{{name: a, token_sha256: {SHA}, language: id}}]\n"
    assert "say in `id`, too" in complaints(tmp_path, text + client)
    assert complaints(tmp_path, text + client.replace(": id", ": es-MX")) == ""


def test_without_such_a_gate_no_other_way_is_needed(tmp_path: Path) -> None:
    assert complaints(tmp_path, f"{MINIMAL}gates: {{training: {{}}}}\n") == ""


def test_a_language_without_a_text_is_an_error_and_not_english(tmp_path: Path) -> None:
    text = gated("consent: {}").replace("{en:", "{ja: call 0, en:") + "cohorts: {language: [en, ja]}\n"
    assert "gates.texts.declined: there is no text in `ja`: write one" in complaints(tmp_path, text)
    own = ", ".join(
        f"{name}: {{ja: {'x' * 20}}}"
        for name in ("declined", "too_young", "guardian", "off_task", "shadow", "not_here")
    )
    assert "gates" not in complaints(tmp_path, text.replace("  human_route", f"  texts: {{{own}}}\n  human_route"))


SENSELESS = {
    "an unknown surface": (gated("consent: {surfaces: [patients]}"), "is not one of `cohorts.surface`"),
    "an unknown state": (gated("consent: {}") + "cohorts: {consent: [granted, maybe]}\n", "knows granted, declined"),
    "a band without ages": (gated("age: {}") + "cohorts: {age_band: [child, adult]}\n", "reads bands such as"),
    "no guardian can agree": (gated("age: {}") + "cohorts: {guardian_consent: [ja, nein]}\n", "needs the code `yes`"),
    "an unknown upstream": (gated("setting: {uses: {lmm: [], other: []}}"), "no such upstream; one of lmm"),
    "an unknown use": (gated("setting: {uses: {lmm: [anything]}}"), "gates.setting.uses.lmm[0]: should be"),
    "an unknown task": (
        f"{MINIMAL}clients: [{{name: a, token_sha256: {SHA}, tasks: [billing]}}]\n",
        "tasks[0]: should be",
    ),
    "a misspelt gate": (gated("consents: {}"), "unknown key"),
}


@pytest.mark.parametrize(("text", "what"), SENSELESS.values(), ids=SENSELESS.keys())
def test_what_makes_no_sense_is_refused(tmp_path: Path, text: str, what: str) -> None:
    assert what in complaints(tmp_path, text)


# ------------------------------------------------------------------------------------------------------------- merge


def test_a_gate_of_either_pack_is_a_gate() -> None:
    merged = both({"consent": {"surfaces": ["patient"]}}, {"age": {}})
    assert set(merged) == {"consent", "age"}
    assert both({"consent": {}}, {"consent": None})["consent"] == {}
    assert both({"consent": None}, {"consent": {}})["consent"] == {}


def test_surfaces_unite_also_those_that_are_not_written() -> None:
    """A pack that says nothing means patients: a narrower list on top does not let them through."""
    assert both({"consent": {}}, {"consent": {"surfaces": ["clinician"]}})["consent"]["surfaces"] == [
        "patient",
        "clinician",
    ]
    assert both({"training": {"surfaces": ["admin"]}}, {"training": {}})["training"]["surfaces"] == [
        "admin",
        "clinician",
    ]


def test_the_higher_age_and_the_shorter_time_win_whoever_says_it() -> None:
    one, other = {"minimum": 16, "unknown": "refuse"}, {"guardian_below": 21, "minimum": 14}
    for first, second in ((one, other), (other, one)):
        age = both({"age": first}, {"age": second})["age"]
        assert (age["minimum"], age["guardian_below"], age["unknown"]) == (16, 21, "refuse")
        trained = both({"training": {"within_days": 30}}, {"training": {"within_days": 90}})["training"]
        assert trained["within_days"] == 30
    assert both({"training": {}}, {"training": {"within_days": 900}})["training"]["within_days"] == 365


def test_a_provider_may_be_used_for_what_both_name() -> None:
    base = {"setting": {"uses": {"a": ["research", "education"], "b": ["research"]}}}
    own = {"setting": {"uses": {"a": ["education", "administration"], "c": []}}}
    assert both(base, own)["setting"]["uses"] == {"a": ["education"], "b": ["research"], "c": []}


def test_an_approval_ends_with_the_earlier_day_and_a_shadow_stays() -> None:
    base = {"approval_id": "K1", "site": "ward", "valid_until": "2026-12-31", "shadow": True}
    own = {"trial_id": "T1", "site": "clinic", "valid_until": "2027-12-31"}
    merged = both({"setting": {"decision_support": base}}, {"setting": {"decision_support": own}})
    assert merged["setting"]["decision_support"] == {**own, "valid_until": "2026-12-31", "shadow": True}
    assert both({"setting": {}}, {"setting": {"decision_support": own}})["setting"]["decision_support"] == own


def test_the_deployers_words_lie_on_top_and_signatures_stay_needed() -> None:
    merged = both({"human_route": {"en": "call A", "es": "call B"}}, {"human_route": {"en": "call C"}})
    assert merged["human_route"] == {"en": "call C", "es": "call B"}
    assert both({"consent": {}}, {"claims_required": False})["claims_required"] is True
    assert both({"claims_required": False}, {"claims_required": False})["claims_required"] is False


def test_a_client_asks_about_what_both_packs_name() -> None:
    def client(*tasks: str) -> Any:
        return {"clients": [{"name": "a", "token_sha256": "1", **({"tasks": list(tasks)} if tasks else {})}]}

    def tasks(base: Any, own: Any) -> Any:
        return merge(base, own)["clients"][0].get("tasks")

    assert tasks(client("administration", "other"), client("other", "education")) == ["other"]
    assert tasks(client("administration"), client()) == ["administration"]
    assert tasks(client(), client("administration")) == ["administration"]
    assert tasks(client(), client()) is None


# ----------------------------------------------------------------------------------------------------------- explain


def test_a_privacy_officer_reads_every_gate(tmp_path: Path) -> None:
    text = gated(
        "consent: {because: [WHO-27]}\n  age: {minimum: 14}\n  training: {within_days: 90}\n"
        "  setting: {uses: {lmm: [administration]}, "
        "decision_support: {trial_id: NCT1, site: ward 3, valid_until: 2026-12-31}}"
    )
    client = f"name: desk, token_sha256: {SHA}, tasks: [administration], claims: {{algorithm: EdDSA, key_env: KEY}}"
    said = explain(load_policy(write(tmp_path, f"{text}clients: [{{{client}}}]\n")))
    for line in (
        "Before a model is asked",
        "Consent to the use of AI (surface patient): granted, not required, or an emergency.",
        "Because of WHO-27: people agree to the use of AI before it is used.",
        "Nobody under 14 (surface patient).",
        "Under 18 only with a guardian's consent; an age that is not told counts as a minor's.",
        "Trained within 90 days (surface clinician), or refused.",
        "lmm may be used for administration only.",
        "Clinical decision support is allowed under NCT1 at ward 3 until 2026-12-31.",
        "desk may ask about administration only.",
        "desk signs what it says of its users (EdDSA); only what is signed counts.",
        'The way to people (es): "call 2"',
    ):
        assert line in said


def test_a_forgotten_provider_may_be_used_for_nothing_and_is_told(tmp_path: Path) -> None:
    two = "example.org}\n  two: {base_url: https://two.example.org}"
    text = gated("setting: {uses: {lmm: [research]}}").replace("example.org}", two, 1)
    said = explain(load_policy(write(tmp_path, text)))
    assert "two may be used for nothing only." in said
    assert "Nothing is approved for clinical decision support: it is refused." in said


def test_nothing_is_said_of_gates_that_are_not_there(tmp_path: Path) -> None:
    assert "Before a model is asked" not in explain(load_policy(write(tmp_path, MINIMAL)))
