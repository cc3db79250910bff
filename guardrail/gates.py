"""Whether a model may be asked at all: one pure decision from what the policy demands and what the application said.

Nothing here reads a person's words. What is not told is not guessed: a gate that needs it stays shut, and the refusal
names the header that would open it. WHO-27, 28, 37, 46, 54, 68, 71.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from guardrail.errors import ClientError
from guardrail.policy.gates import AgeGate, Approval, Gates, SettingGate, TrainingGate, ages
from guardrail.policy.model import Policy
from guardrail.text import Assessment

UNSPECIFIED = "unspecified"
CLAIMS_HEADER = "x-guardrail-claims"
DECISION_SUPPORT = "decision_support"
UNASSESSED_TASK = ""
"""Nobody has judged what a request is about: the gate for tasks can't shut before it."""

_CLINICAL = frozenset({DECISION_SUPPORT, "documentation", "translation", "education"})
"""Uses in which health is the matter anyhow: saying so explains a medical question."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What only a signature can carry, beside the codes: when and how consent was given, and the session so far."""

    consent_at: int | None = None
    consent_version: str = ""
    consent_language: str = ""
    reviewed: bool = False
    channel: str = ""
    session_started: int | None = None
    last_notice: int | None = None


@dataclass(frozen=True, slots=True)
class Supplied:
    """What the application says of its user and of the request, each a code of a closed list or "unspecified".

    `trained` is the day of an attestation, `trained_until` its last. `signed_only`: plain headers did not count.
    `session_started` and `last_notice` are in seconds since 1970.
    """

    surface: str = UNSPECIFIED
    consent: str = UNSPECIFIED
    guardian_consent: str = UNSPECIFIED
    age_band: str = UNSPECIFIED
    role: str = UNSPECIFIED
    use: str = UNSPECIFIED
    trained: date | None = None
    trained_until: date | None = None
    signed_only: bool = False
    channel: str = UNSPECIFIED
    session_started: int | None = None
    last_notice: int | None = None
    claims: Claims | None = None
    subject: str = field(default="", repr=False)
    """The pseudonym of whom it is about; goes to a table of the audit log's own and nowhere else (WHO-21)."""

    @property
    def reviewed(self) -> bool:
        """True if the application signs that a licensed professional reads the answer first (California AB 3030)."""
        return self.claims is not None and self.claims.reviewed


NOTHING_SAID: Final = Supplied()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a reason means: the error's code and message, the header to send, and the text that is said instead.

    Without a text the application is at fault and gets the error; with one its user gets an answer of ours. `shadow`:
    the model is asked, but nobody sees what it says.
    """

    gate: str
    code: str
    message: str
    header: str = ""
    text: str = ""
    shadow: bool = False


REFUSALS: Final[Mapping[str, Refusal]] = {
    "consent_missing": Refusal(
        "consent", "consent_required", "say whether the person agreed to the use of AI", "x-guardrail-consent"
    ),
    "declined": Refusal(
        "consent", "consent_withheld", "the person did not agree to the use of AI", "x-guardrail-consent", "declined"
    ),
    "withdrawn": Refusal(
        "consent", "consent_withheld", "the person no longer agrees to the use of AI", "x-guardrail-consent", "declined"
    ),
    "too_young": Refusal(
        "age", "age_refused", "this service is not for people of this age", "x-guardrail-age-band", "too_young"
    ),
    "age_required": Refusal("age", "age_required", "say how old the person is", "x-guardrail-age-band"),
    "unknown_minor": Refusal(
        "age", "guardian_required", "whoever's age is not told counts as a minor", "x-guardrail-age-band", "guardian"
    ),
    "guardian_missing": Refusal(
        "age", "guardian_required", "a guardian has to agree", "x-guardrail-guardian-consent", "guardian"
    ),
    "training_missing": Refusal(
        "training", "training_required", "say when this user was trained", "x-guardrail-training-date"
    ),
    "training_expired": Refusal(
        "training", "training_expired", "this user's training is too long ago", "x-guardrail-training-date"
    ),
    "use_missing": Refusal("setting", "use_required", "say what the request is for", "x-guardrail-use"),
    "use_not_approved": Refusal(
        "setting", "use_not_approved", "the provider is not approved for this use", "x-guardrail-use"
    ),
    "approval_missing": Refusal(
        "setting", "approval_missing", "there is no approval, trial or sandbox for decision support", "x-guardrail-use"
    ),
    "approval_expired": Refusal(
        "setting", "approval_missing", "the approval, trial or sandbox for decision support is over", "x-guardrail-use"
    ),
    "shadow": Refusal(
        "setting", "shadow_only", "decision support runs in shadow", "x-guardrail-use", "shadow", shadow=True
    ),
    "off_task": Refusal("tasks", "off_task", "this client is not there for such requests", "", "off_task"),
}
"""Why a gate is shut: the label values of `guardrail_gate_refusals_total`."""

PASSED_REASON = ""
_NOT_HERE = "not_here"


@dataclass(frozen=True, slots=True)
class Gate:
    """The decision: passed, or shut for the first reason in the order of the policy's gates."""

    reason: str = PASSED_REASON
    field: str = ""
    """The header that the application has to send or to correct."""
    help: str = ""

    @property
    def passed(self) -> bool:
        """True if the model may be asked and its answer may be shown."""
        return self.reason == PASSED_REASON

    @property
    def refusal(self) -> Refusal:
        """What the reason means. Raises KeyError if the gate is open."""
        return REFUSALS[self.reason]

    @property
    def answers(self) -> bool:
        """True if the reader gets a text of ours; else the application gets an error."""
        return bool(self.refusal.text)

    @property
    def text(self) -> str:
        """The name of the text that the reader gets, also of an error, should help have to be shown."""
        return self.refusal.text or _NOT_HERE

    def error(self) -> ClientError:
        """For an application, and for endpoints that can't say anything."""
        message = f"{self.refusal.message}{f'; {self.help}' if self.help else ''}; nothing was sent"
        return ClientError(message, code=self.refusal.code, param=self.field or None, status=403)


OPEN: Final = Gate()


def decide(
    gates: Gates,
    supplied: Supplied,
    *,
    upstream: str,
    today: date,
    task: str = UNASSESSED_TASK,
    tasks: Sequence[str] | None = None,
) -> Gate:
    """The first gate that is shut, else OPEN.

    `task` is what the request was found to be about ("" if nobody judged), `tasks` what its client may ask about
    (None: anything). The user's role opens nothing: anybody can claim one.
    """
    reason = next(_reasons(gates, supplied, upstream, today, task, tasks), PASSED_REASON)
    if reason == PASSED_REASON:
        return OPEN
    refusal = REFUSALS[reason]
    header = CLAIMS_HEADER if supplied.signed_only and refusal.header else refusal.header
    return Gate(reason, header, gates.training.help if gates.training and refusal.gate == "training" else "")


def _reasons(
    gates: Gates, supplied: Supplied, upstream: str, today: date, task: str, tasks: Sequence[str] | None
) -> Iterator[str]:
    if gates.consent and _is_on(supplied.surface, gates.consent.surfaces):
        yield from _consent(supplied.consent)
    if gates.age and _is_on(supplied.surface, gates.age.surfaces):
        yield from _age(gates.age, supplied)
    if gates.training and _is_on(supplied.surface, gates.training.surfaces):
        yield from _training(gates.training, supplied, today)
    if gates.setting:
        yield from _setting(gates.setting, supplied.use, upstream, today, task)
    if tasks is not None and task != UNASSESSED_TASK and task not in tasks:
        yield "off_task"
    if gates.setting and _is_decision_support(supplied.use, task) and _in_shadow(gates.setting):
        yield "shadow"  # last: whatever else is wrong, the model is not asked


def _is_on(surface: str, surfaces: Sequence[str]) -> bool:
    """A surface that is not told is none that could be spared."""
    return surface in surfaces or surface == UNSPECIFIED


def _consent(state: str) -> Iterator[str]:
    if state in ("declined", "withdrawn"):
        yield state
    elif state not in ("granted", "not_required", "emergency"):
        yield "consent_missing"


def _age(gate: AgeGate, supplied: Supplied) -> Iterator[str]:
    """Consent for an emergency stands in for nobody's age: whoever is too young is shown the way to people."""
    known, agreed = ages(supplied.age_band), supplied.guardian_consent == "yes"
    if known is None and gate.unknown == "refuse":
        yield "age_required"
    elif known is None and not agreed:
        yield "unknown_minor"
    elif known is not None and known[0] < gate.minimum:
        yield "too_young"
    elif known is not None and known[0] < gate.guardian_below and not agreed:
        yield "guardian_missing"


def _training(gate: TrainingGate, supplied: Supplied, today: date) -> Iterator[str]:
    """An attestation from the future is none; a signed last day can't reach further than the policy's days."""
    days = timedelta(days=gate.within_days)
    if supplied.trained_until is not None:
        if supplied.trained_until < today:
            yield "training_expired"
        elif supplied.trained_until > today + days:
            yield "training_missing"
    elif supplied.trained is None or supplied.trained > today:
        yield "training_missing"
    elif supplied.trained + days < today:
        yield "training_expired"


def _setting(gate: SettingGate, use: str, upstream: str, today: date, task: str) -> Iterator[str]:
    """A request that is found to be decision support is that, whatever milder use its application states."""
    if use == UNSPECIFIED:
        yield "use_missing"
    elif not _is_approved(gate, DECISION_SUPPORT if _is_decision_support(use, task) else use, upstream):
        yield "use_not_approved"
    elif _is_decision_support(use, task) and not _in_shadow(gate):
        yield from _approval(gate.decision_support, today)


def _approval(approval: Approval | None, today: date) -> Iterator[str]:
    if approval is None or not approval.id or approval.valid_until is None:
        yield "approval_missing"
    elif approval.valid_until < today:
        yield "approval_expired"


def _in_shadow(gate: SettingGate) -> bool:
    return gate.decision_support is not None and gate.decision_support.shadow


def _is_decision_support(use: str, task: str) -> bool:
    return DECISION_SUPPORT in (use, task)


def approves(gates: Gates, supplied: Supplied, task: str, upstream: str) -> bool:
    """True if this provider may be asked, too. Fallbacks: they come after the one that was decided on."""
    use = DECISION_SUPPORT if _is_decision_support(supplied.use, task) else supplied.use
    return gates.setting is None or _is_approved(gates.setting, use, upstream)


def _is_approved(gate: SettingGate, use: str, upstream: str) -> bool:
    return not gate.uses or use in gate.uses.get(upstream, ())


def task_of(assessment: Assessment, use: str) -> str:
    """What a request is about, as far as its assessment tells: health, the running of a hospital, or not known.

    A use in which health is the matter anyhow explains a medical question; any other does not (WHO-68).
    """
    if not assessment.medical:
        return "administration" if "administrative" in assessment.flags else UNASSESSED_TASK
    return use if use in _CLINICAL else "health_information"


def tasks_of(policy: Policy, client: str) -> Sequence[str] | None:
    """What a client may ask about; None: anything."""
    return next((each.tasks for each in policy.clients if each.name == client), None)
