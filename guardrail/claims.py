"""What an application says of its user and of a request: plain headers, or claims that it signs.

Headers are codes of closed lists, and anything else counts as not told. In a claim a wrong value is a mistake that
somebody signed: it is refused. No message quotes a value, and neither headers nor claims go to the provider.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypedDict

from guardrail.errors import ClientError
from guardrail.gates import CLAIMS_HEADER, UNSPECIFIED, Claims, Supplied
from guardrail.policy.gates import USES
from guardrail.policy.model import COHORT_DIMENSIONS, Cohorts, Policy
from guardrail.policy.notices import CHANNELS
from guardrail.wire.jws import BadSignature, Key, verify

SIGNED_DIMENSIONS: Final = ("consent", "guardian_consent", "age_band", "role", "surface")
"""Those group codes that gates look at."""
USE_HEADER, TRAINING_HEADER = "x-guardrail-use", "x-guardrail-training-date"
SUBJECT_HEADER: Final = "x-guardrail-subject"
CHANNEL_HEADER: Final = "x-guardrail-channel"
STARTED_HEADER, NOTICED_HEADER = "x-guardrail-session-started", "x-guardrail-last-notice"
"""In seconds since 1970."""
MAX_LIFE = 24 * 3600
LEEWAY = 60
"""Seconds by which two clocks may differ."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+.-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SUBJECT = re.compile(r"(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9._~+/=:-]{4,128}")
"""A bare number would be a record's or a person's own."""
_ID = re.compile(r"[!-~]{1,128}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECONDS = re.compile(r"[0-9]{9,11}")
_MAX_TIME = 1 << 40


@dataclass(frozen=True, slots=True)
class Signed:
    """A claim that holds: the codes of `SIGNED_DIMENSIONS` and the use, as far as they are in it."""

    codes: Mapping[str, str] = field(default_factory=dict)
    trained_until: date | None = None
    claims: Claims = field(default_factory=Claims)
    subject: str = field(default="", repr=False)


def read_claims(token: str, key: Key, cohorts: Cohorts, policy: str, now: float) -> Signed:
    """What a client has signed. `policy` is the name that an `aud` has to be; `now` in seconds of the epoch.

    Raises BadSignature (401) for a bad signature and for claims that are over or not begun, ClientError (400) for
    members and values that there are not.
    """
    members = verify(token, key)
    unknown = members.keys() - _READERS.keys()
    if unknown or not all(_READERS[name](value, cohorts) for name, value in members.items()):
        raise _wrong_value()
    if not _is_current(members.get("iat"), members.get("exp"), now) or members.get("aud", policy) != policy:
        raise BadSignature("the claims are over, not begun, for longer than a day, or for another policy",
                           param=CLAIMS_HEADER)  # fmt: skip
    text = {name: value for name, value in members.items() if isinstance(value, str)}
    times = {name: value for name, value in members.items() if isinstance(value, int)}
    return Signed(
        codes={name: text[name] for name in (*SIGNED_DIMENSIONS, "use") if name in text},
        trained_until=_day(text.get("training_until", "")),
        subject=text.get("sub", ""),
        claims=Claims(
            consent_at=times.get("consent_at"),
            consent_version=text.get("consent_version", ""),
            consent_language=text.get("consent_language", ""),
            reviewed=members.get("reviewed") is True,
            channel=text.get("channel", ""),
            session_started=times.get("session_started"),
            last_notice=times.get("last_notice"),
        ),
    )


def _is_current(issued: object, ends: object, now: float) -> bool:
    if not (isinstance(issued, int) and isinstance(ends, int)):
        return False
    return issued <= now + LEEWAY and ends > now and 0 < ends - issued <= MAX_LIFE


def _wrong_value() -> ClientError:
    return ClientError(
        "the claims have a member or a value that there is not", code="bad_claims", param=CLAIMS_HEADER, status=400
    )


def _is_time(value: object, cohorts: Cohorts) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_TIME


def _matches(pattern: re.Pattern[str]) -> Callable[[object, Cohorts], bool]:
    return lambda value, cohorts: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_code_of(dimension: str) -> Callable[[object, Cohorts], bool]:
    return lambda value, cohorts: value == UNSPECIFIED or value in cohorts.values(dimension)


_READERS: Final[Mapping[str, Callable[[object, Cohorts], bool]]] = {
    **{name: _is_code_of(name) for name in SIGNED_DIMENSIONS},
    **dict.fromkeys(("iat", "exp", "consent_at", "session_started", "last_notice"), _is_time),
    "aud": _matches(_ID),
    "jti": _matches(_ID),
    "sub": _matches(_SUBJECT),
    "use": lambda value, cohorts: value == UNSPECIFIED or value in USES,
    "consent_version": _matches(_CODE),
    "consent_language": _matches(_LANGUAGE),
    "channel": _matches(_CODE),
    "training_until": lambda value, cohorts: isinstance(value, str) and _day(value) is not None,
    "reviewed": lambda value, cohorts: isinstance(value, bool),
}
"""Every member that there is, and whether a value is one of its."""


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def stated_in(
    headers: Mapping[str, str],
    policy: Policy,
    known: Mapping[str, str],
    signed: Signed | None = None,
    *,
    only: bool = False,
) -> tuple[Mapping[str, str], Supplied]:
    """The group codes of a request, and what its gates look at.

    `known` holds what is known of the client where nothing else is said. A claim overrules a header; with `only`,
    headers of what can be signed don't count at all. The default surface is for who names none: one that there is not
    leaves every gate shut that asks for a surface. Raises ClientError for a pseudonym that can be none.
    """
    codes, cohorts = signed.codes if signed else {}, policy.cohorts
    stated = {name: headers.get(header_of(name), "") for name in COHORT_DIMENSIONS}
    if only:
        stated |= dict.fromkeys(SIGNED_DIMENSIONS, "")
    stated |= {name: code for name, code in codes.items() if name != "use"}
    stated |= {name: code for name, code in known.items() if not stated[name]}
    cohort = {name: code if code in cohorts.values(name) else UNSPECIFIED for name, code in stated.items()}
    use = codes.get("use") or ("" if only else headers.get(USE_HEADER, ""))
    return cohort, Supplied(
        surface=cohort["surface"] if stated["surface"] else policy.defaults.surface,
        consent=cohort["consent"],
        guardian_consent=cohort["guardian_consent"],
        age_band=cohort["age_band"],
        role=cohort["role"],
        use=use if use in USES else UNSPECIFIED,
        trained=None if only else _day(headers.get(TRAINING_HEADER, "")),
        trained_until=signed.trained_until if signed else None,
        signed_only=only,
        **_spoken(headers, signed.claims if signed else None, only=only),
        claims=signed.claims if signed else None,
        subject=(signed.subject if signed else "") or ("" if only else _spoken_subject(headers)),
    )


def _spoken_subject(headers: Mapping[str, str]) -> str:
    text = headers.get(SUBJECT_HEADER, "")
    return read_pseudonym(text, SUBJECT_HEADER) if text else ""


def read_pseudonym(text: str, param: str) -> str:
    """By which a person is known. Raises ClientError, naming where it stood, if it can be none."""
    if not _SUBJECT.fullmatch(text):
        raise ClientError(
            "this can't be a pseudonym: 4 to 128 letters, digits and ._~+/=:-, a letter among them",
            code="bad_subject",
            param=param,
        )
    return text


class _Spoken(TypedDict):
    channel: str
    session_started: int | None
    last_notice: int | None


def _spoken(headers: Mapping[str, str], claims: Claims | None, *, only: bool) -> _Spoken:
    """Where the answer is read, and what the clock of the session says: for the notices."""
    told = {} if only else headers
    channel = (claims.channel if claims else "") or told.get(CHANNEL_HEADER, "")
    return {
        "channel": channel if channel in CHANNELS else UNSPECIFIED,
        "session_started": (claims.session_started if claims else None) or _seconds(told.get(STARTED_HEADER, "")),
        "last_notice": (claims.last_notice if claims else None) or _seconds(told.get(NOTICED_HEADER, "")),
    }


def _seconds(text: str) -> int | None:
    return int(text) if _SECONDS.fullmatch(text) else None


def unknown_values(headers: Mapping[str, str], cohorts: Cohorts) -> Iterator[str]:
    """The names of our headers whose value is none of the policy's: counted, since a gate may stay shut for it."""
    for name in COHORT_DIMENSIONS:
        if headers.get(header_of(name), UNSPECIFIED) not in (*cohorts.values(name), UNSPECIFIED, ""):
            yield header_of(name)
    if headers.get(USE_HEADER, UNSPECIFIED) not in (*USES, UNSPECIFIED, ""):
        yield USE_HEADER
    if headers.get(CHANNEL_HEADER, UNSPECIFIED) not in (*CHANNELS, UNSPECIFIED, ""):
        yield CHANNEL_HEADER
    for name in (STARTED_HEADER, NOTICED_HEADER):
        if headers.get(name) and not _SECONDS.fullmatch(headers[name]):
            yield name
    if headers.get(TRAINING_HEADER) and _day(headers[TRAINING_HEADER]) is None:
        yield TRAINING_HEADER


def header_of(dimension: str) -> str:
    """`x-guardrail-age-band` for `age_band`."""
    return f"x-guardrail-{dimension.replace('_', '-')}"
