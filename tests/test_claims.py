"""What an application says: headers from closed lists, and claims that it signs (WHO-27)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guardrail.claims import MAX_LIFE, read_claims, stated_in, unknown_values
from guardrail.errors import ClientError, Unauthorized
from guardrail.gates import UNSPECIFIED, Claims, Supplied
from guardrail.policy.model import Cohorts, Policy
from guardrail.wire.jws import Key
from tests.support.claims import SECRET, sign

NOW = 1_800_000_000
KEY = Key("HS256", SECRET)
POLICY = Policy.model_validate({"name": "ward", "version": 1, "defaults": {"surface": "patient"}})
WHOLE = {
    "consent": "granted",
    "consent_at": NOW - 500,
    "consent_version": "v2.1",
    "consent_language": "es",
    "guardian_consent": "yes",
    "age_band": "13-17",
    "role": "patient",
    "surface": "patient",
    "use": "education",
    "training_until": "2027-01-31",
    "reviewed": True,
    "channel": "chat",
    "session_started": NOW - 600,
    "last_notice": NOW - 60,
    "jti": "a1",
    "aud": "ward",
}


def read(**members: Any) -> Any:
    given = {"iat": NOW, "exp": NOW + 60, **members}
    said = {name: value for name, value in given.items() if value is not ...}
    return read_claims(sign(said), KEY, Cohorts(), "ward", NOW)


def test_everything_that_can_be_signed_is_read() -> None:
    signed = read(**WHOLE)
    assert signed.trained_until == date(2027, 1, 31)
    assert signed.codes == {
        name: WHOLE[name] for name in ("consent", "guardian_consent", "age_band", "role", "surface", "use")
    }
    assert signed.claims == Claims(NOW - 500, "v2.1", "es", True, "chat", NOW - 600, NOW - 60)


def test_claims_may_be_few() -> None:
    assert read().codes == {}
    assert read().claims == Claims()


@pytest.mark.parametrize(
    "times",
    [
        {"exp": ...},
        {"iat": ...},
        {"exp": NOW},
        {"exp": NOW - 1, "iat": NOW - 100},
        {"exp": NOW + MAX_LIFE + 1},
        {"iat": NOW + 61, "exp": NOW + 100},
        {"iat": NOW + 30, "exp": NOW + 20},
        {"iat": NOW + 30, "exp": NOW + 30},
        {"aud": "another-policy"},
    ],
)
def test_claims_hold_for_a_day_at_most_and_for_this_policy(times: dict[str, Any]) -> None:
    with pytest.raises(Unauthorized) as caught:
        read(**times)
    assert (caught.value.code, caught.value.http_status) == ("bad_claims", 401)


def test_a_whole_day_and_a_clock_that_is_a_minute_ahead_are_fine() -> None:
    assert read(exp=NOW + MAX_LIFE).codes == {}
    assert read(iat=NOW + 60, exp=NOW + 90).codes == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"consent": "Granted"},
        {"consent": True},
        {"consent": ["granted"]},
        {"consent": None},
        {"age_band": "12"},
        {"guardian_consent": "maybe"},
        {"role": "Maria Delgado"},
        {"surface": "ward"},
        {"use": "billing"},
        {"training_until": "2027-02-30"},
        {"training_until": 20270101},
        {"training_until": "tomorrow"},
        {"reviewed": "yes"},
        {"reviewed": 1},
        {"consent_at": "today"},
        {"consent_at": -1},
        {"consent_at": True},
        {"session_started": 1.5},
        {"last_notice": 1 << 50},
        {"consent_version": "version of Maria"},
        {"consent_language": "Spanish!"},
        {"channel": ""},
        {"jti": "x" * 129},
        {"aud": ["ward"]},
        {"exp": True},
        {"sub": "40718263"},
        {"consents": "granted"},
    ],
)
def test_a_wrong_value_or_member_is_a_mistake_and_is_not_quoted(wrong: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        read(**wrong)
    error = caught.value
    assert (error.code, error.http_status, error.param) == ("bad_claims", 400, "x-guardrail-claims")
    assert all(str(value) not in error.message for value in wrong.values() if isinstance(value, str) and value)


# ---------------------------------------------------------------------------------------------------- both together

HEADERS = {
    "x-guardrail-consent": "granted",
    "x-guardrail-guardian-consent": "yes",
    "x-guardrail-age-band": "18-39",
    "x-guardrail-role": "caregiver",
    "x-guardrail-surface": "clinician",
    "x-guardrail-sex": "female",
    "x-guardrail-language": "es",
    "x-guardrail-use": "research",
    "x-guardrail-training-date": "2026-05-01",
}


def test_headers_are_read_from_closed_lists() -> None:
    cohort, supplied = stated_in(HEADERS, POLICY, {})
    assert supplied == Supplied(
        *("clinician", "granted", "yes", "18-39", "caregiver", "research"), trained=date(2026, 5, 1)
    )
    assert (cohort["sex"], cohort["language"], cohort["ethnicity"]) == ("female", "es", UNSPECIFIED)


def test_a_claim_overrules_a_header() -> None:
    signed = read(consent="withdrawn", use="education", training_until="2026-12-31")
    cohort, supplied = stated_in(HEADERS, POLICY, {}, signed)
    assert (supplied.consent, cohort["consent"], supplied.use) == ("withdrawn", "withdrawn", "education")
    assert supplied.trained_until == date(2026, 12, 31)
    assert supplied.age_band == "18-39"


def test_of_a_client_that_signs_only_what_is_signed_counts() -> None:
    cohort, supplied = stated_in(HEADERS, POLICY, {}, only=True)
    assert supplied == Supplied("patient", signed_only=True)
    assert (cohort["consent"], cohort["sex"], cohort["language"]) == (UNSPECIFIED, "female", "es")
    _, supplied = stated_in(HEADERS, POLICY, {}, read(consent="granted"), only=True)
    assert (supplied.consent, supplied.age_band, supplied.use, supplied.trained) == (
        *("granted", UNSPECIFIED, UNSPECIFIED),
        None,
    )


def test_the_default_surface_is_for_who_names_none() -> None:
    """A surface that there is not must not turn into one that has no gate."""
    relaxed = Policy.model_validate({"name": "w", "version": 1, "defaults": {"surface": "admin"}})
    assert stated_in({}, relaxed, {})[1].surface == "admin"
    assert stated_in({}, relaxed, {"surface": "clinician"})[1].surface == "clinician"
    assert stated_in({"x-guardrail-surface": "Patient"}, relaxed, {})[1].surface == UNSPECIFIED


def test_unknown_values_are_told_by_their_header_only() -> None:
    wrong = dict.fromkeys(HEADERS, "Maria")
    assert set(unknown_values(wrong, Cohorts())) == set(HEADERS)
    assert list(unknown_values(HEADERS, Cohorts())) == []
    assert list(unknown_values({"x-guardrail-consent": UNSPECIFIED, "x-guardrail-use": ""}, Cohorts())) == []
    _, supplied = stated_in(wrong, POLICY, {})
    assert supplied == Supplied()
