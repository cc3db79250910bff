"""What has to be so before a model is asked at all (WHO-27, 28, 37, 46, 54, 68, 71), as a policy writes it.

Values only; `guardrail.gates` decides. Whether a condition holds is told by the application, in headers or in signed
claims, and never read out of a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, model_validator

from guardrail.policy.base import Code, Identifier, Language, Model, OwnText, Requirement
from guardrail.policy.gate_texts import ROUTE, TEXTS
from guardrail.rails import spoken

Use = Literal[
    "general_information",
    "administration",
    "decision_support",
    "documentation",
    "translation",
    "education",
    "research",
]
"""What an application says that a request is for."""
Task = Literal[
    "administration",
    "health_information",
    "decision_support",
    "translation",
    "documentation",
    "education",
    "other",
]
"""What a request is found to be about."""
USES: tuple[str, ...] = (
    *("general_information", "administration", "decision_support", "documentation"),
    *("translation", "education", "research"),
)
CONSENTS = ("granted", "declined", "withdrawn", "not_required", "emergency")
"""The states of consent (WHO-27)."""


def _read_day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("write a day as 2026-12-31")
    if not isinstance(value, str | date):
        raise ValueError("write a day as 2026-12-31")
    return value


Surfaces = Annotated[tuple[Code, ...], Field(min_length=1, max_length=40)]
Because = Annotated[tuple[Requirement, ...], Field(max_length=20)]
Named = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._:/-]{0,99}$")]
Route = Annotated[str, Field(min_length=3, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]
Day = Annotated[date, BeforeValidator(_read_day)]
TextName = Literal["declined", "too_young", "guardian", "off_task", "shadow", "not_here"]
_BAND = re.compile(r"(?P<low>[0-9]{1,3})(?:-(?P<high>[0-9]{1,3})|\+)")


class ConsentGate(Model):
    """Informed consent to the use of AI (WHO-27), and what follows if it is withheld (WHO-28)."""

    surfaces: Surfaces = ("patient",)
    because: Because = ()


class AgeGate(Model):
    """Children (WHO-54, COPPA): too young, or only with a guardian's consent."""

    surfaces: Surfaces = ("patient",)
    minimum: Annotated[StrictInt, Field(ge=13, le=25)] = 13
    """Whoever may be younger is refused. Not below 13: COPPA asks for proof of a parent's consent there."""
    guardian_below: Annotated[StrictInt, Field(ge=18, le=25)] = 18
    """Whoever may be younger needs `guardian_consent: yes`."""
    unknown: Literal["minor", "refuse"] = "minor"
    """Whoever's age is not told counts as a minor who is old enough, or as too young."""
    because: Because = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.minimum > self.guardian_below:
            raise ValueError("minimum is above guardian_below")
        return self


class Approval(Model):
    """Why decision support may run though no authority has cleared it as a device (WHO-71, FDA's CDS guidance)."""

    approval_id: Named | None = None
    trial_id: Named | None = None
    sandbox_id: Named | None = None
    site: Named | None = None
    valid_until: Day | None = None
    """The last day."""
    shadow: StrictBool = False
    """The model is asked, its answer is shown to nobody."""

    @property
    def id(self) -> str:
        """The number of the approval, the trial or the sandbox; "" if there is none."""
        return self.approval_id or self.trial_id or self.sandbox_id or ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [each for each in (self.approval_id, self.trial_id, self.sandbox_id) if each]
        if len(ids) > 1:
            raise ValueError("give one of approval_id, trial_id, sandbox_id")
        if not ids and not self.shadow:
            raise ValueError("needs approval_id, trial_id or sandbox_id, or `shadow: true`")
        if ids and not (self.site and self.valid_until):
            raise ValueError("an id needs its site and valid_until, the last day")
        return self


class SettingGate(Model):
    """For what each provider is fit (WHO-46), and under which approval clinical decisions are supported (WHO-71)."""

    uses: Mapping[Identifier, tuple[Use, ...]] = Field(default_factory=dict)
    """The approved uses by upstream; if any is named here, one that is not may be used for nothing."""
    decision_support: Approval | None = None
    because: Because = ()


class TrainingGate(Model):
    """Only who has been trained (WHO-37)."""

    surfaces: Surfaces = ("clinician",)
    within_days: Annotated[StrictInt, Field(ge=1, le=3_650)] = 365
    help: Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    """Where the training is: a link or a sentence, for the message of the refusal."""
    because: Because = ()


class Gates(Model):
    """Conditions in the order in which they are looked at. One that is left out holds for everybody."""

    consent: ConsentGate | None = None
    age: AgeGate | None = None
    training: TrainingGate | None = None
    setting: SettingGate | None = None
    human_route: Mapping[Language, Route] = Field(default_factory=dict)
    """The way to people that the deployer offers: a phone, a desk, an address (WHO-28, WHO-35)."""
    texts: Mapping[TextName, Mapping[Language, OwnText]] = Field(default_factory=dict)
    """On top of those that are shipped."""
    claims_required: StrictBool = True
    """Of a client that has `claims`, only what is signed counts; false: its plain headers count, too."""

    @property
    def needs_route(self) -> bool:
        """True if somebody may be turned away for what he is or wants: then there has to be another way."""
        return self.consent is not None or self.age is not None

    def words(self, name: str, language: str) -> str:
        """What is said in place of an answer, with the way to people. Lint has seen to it that there is one."""
        text = spoken.chosen(self._table(name), language)
        return f"{text} {way}" if (way := self.way(language)) else text

    def way(self, language: str) -> str:
        """The sentence with the way to people; "" if none is told."""
        route = spoken.chosen(self.human_route, language) if self.human_route else ""
        return spoken.chosen(ROUTE, language).format(route=route) if route else ""

    def speaks(self, name: str, language: str) -> bool:
        """True if there is a text of this name in this language."""
        return spoken.has(self._table(name), language)

    def has_route(self, language: str) -> bool:
        """True if the way to people is told in this language."""
        return spoken.has(self.human_route, language)

    def _table(self, name: str) -> Mapping[str, str]:
        return spoken.on_top(self.texts.get(name, {}), TEXTS[name])  # type: ignore[call-overload]


class ClaimsKey(Model):
    """How an application signs what it says of its user (RFC 7515): the key itself is never here."""

    algorithm: Literal["EdDSA", "HS256"]
    key_env: Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]{0,99}$")] | None = None
    key_file: Annotated[str, Field(min_length=1, max_length=500)] | None = None

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if bool(self.key_env) == bool(self.key_file):
            raise ValueError("give key_env or key_file")
        return self


def ages(band: str) -> tuple[int, int | None] | None:
    """The youngest and the oldest of an age band ("13-17", "65+": no oldest); None for a code that says no ages."""
    match = _BAND.fullmatch(band)
    if match is None:
        return None
    low, high = int(match["low"]), int(match["high"]) if match["high"] else None
    return None if high is not None and high < low else (low, high)
