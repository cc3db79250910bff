"""What a report counts, and its headline figures: a share of exchanges each, told for everybody and by group (WHO-65).

A node is a set of exchanges inside another one; all of them together are a tree, so that what can be worked out by
subtracting is known beforehand (`cells`). A figure is the share of a node in the node around it. Data, and one
function that says of a recorded outcome in which nodes it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

ALL: Final = "exchanges"

INSIDE: Final[Mapping[str, str]] = {
    "answered": ALL,
    "own_text": "answered",
    "worded": "answered",
    "noticed": "worded",
    "failed": ALL,
    "gated": ALL,
    "suspended": ALL,
    "uninspected": ALL,
    "phi_redacted": ALL,
    "phi_in_answer": ALL,
    "medical": ALL,
    "medical_told": "medical",
    "warned": "medical_told",
    "crisis": "medical",
    "crisis_told": "crisis",
    "helped": "crisis_told",
}
"""Each node and the one around it. `medical_told` is also inside `worded`; `failed` has nothing of `answered`."""
NODES: Final = (ALL, *INSIDE)
BIT: Final[Mapping[str, int]] = {name: 1 << number for number, name in enumerate(NODES)}

Aim = Literal["none", "all", "neutral"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline figure: the share of `node` in the node around it.

    `aim` is what it should be: none, all, or neutral: that depends.
    """

    node: str
    title: str
    short: str
    of: str
    """The whole, in words."""
    means: str
    ids: tuple[str, ...]
    aim: Aim = "neutral"

    @property
    def around(self) -> str:
        """The node that it is a share of."""
        return INSIDE[self.node]

    @property
    def by_misses(self) -> bool:
        """Groups are compared by what is missing: of a share near 1 a ratio of hits would hide a difference."""
        return self.aim == "all" or self.node == "answered"


FIGURES: Final = (
    Figure("answered", "Answered", "Answered", "exchanges",
           "The reader got an answer: a model's, or a text of ours in its place.", ("WHO-65", "WHO-89")),
    Figure("own_text", "Answered by our own text", "Own text", "answers",
           "The model's answer was withheld, or no model was asked; the reader got a text of the policy.",
           ("WHO-07", "WHO-65")),
    Figure("failed", "Failed", "Failed", "exchanges",
           "The provider or a part of the guardrail failed, or an answer broke off. Nothing uninspected left.",
           ("WHO-65",)),
    Figure("gated", "Stopped at a gate", "Gate", "exchanges",
           "Consent, age, training, approved use or task: a condition of the policy was not met.",
           ("WHO-27", "WHO-37", "WHO-68")),
    Figure("suspended", "Stopped by a suspension", "Suspended", "exchanges",
           "The use was suspended when it was asked for.", ("WHO-11",)),
    Figure("uninspected", "With a part that nothing could inspect", "Uninspected", "exchanges",
           "Refused for it, or passed because the policy releases that type.", ("WHO-15",), "none"),
    Figure("phi_redacted", "PHI kept from the provider", "PHI kept", "exchanges",
           "At least one identifier was found in the request and taken out, or the request was stopped for it.",
           ("WHO-15",)),
    Figure("phi_in_answer", "PHI brought along by a model", "PHI in answer", "exchanges",
           "An identifier that the caller had not sent was found in an answer and removed.", ("WHO-16", "WHO-17"),
           "none"),
    Figure("medical", "About health", "Health", "exchanges", "The request was assessed to be about health.",
           ("WHO-07",)),
    Figure("crisis", "Emergency or self-harm", "Crisis", "questions about health",
           "The request spoke of an emergency or of self-harm.", ("WHO-07", "WHO-51")),
    Figure("noticed", "Notice in words", "Notice", "answers in words",
           "The answer said in words that a machine wrote it. The others had the machine-readable mark alone.",
           ("WHO-01",), "all"),
    Figure("warned", "Warning or referral", "Warning", "answers to patients about health",
           "With a warning, a crisis text, or a text of ours instead of the model's. Patients: all but readers on a "
           "clinician, admin, research or education surface.", ("WHO-07", "WHO-08"), "all"),
    Figure("helped", "Way to help shown", "Help shown", "emergencies and self-harm among patients",
           "The answer showed where help is, whatever else it said.", ("WHO-07", "WHO-51"), "all"),
)  # fmt: skip
"""In the order of the report."""

DIMENSIONS: Final = ("age_band", "sex", "ethnicity", "disability", "language", "role")
"""By what figures are divided: codes that applications supply; never inferred (WHO-65)."""
DIMENSION_NAMES: Final[Mapping[str, str]] = {
    "age_band": "Age band",
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "disability": "Disability",
    "language": "Language",
    "role": "Role",
}
MISSING: Final = "not supplied"
"""The row of exchanges for which no code came. No code can be spelled like that."""

PROFESSIONAL: Final = frozenset({"clinician", "admin", "research", "education"})
"""Surfaces whose readers are no patients. Whoever says nothing counts as a patient."""
WORDLESS: Final = frozenset({"embed", "embeddings", "tags", "count_tokens", "moderations", "models", "rerank", "none"})
"""Last parts of dialect names whose answers are no words to a reader."""
_CRISES: Final = frozenset({"emergency", "self_harm"})
_WARNINGS: Final = frozenset({"warning", "emergency", "self_harm"})
_ANSWERED: Final = frozenset({"answered", "own_answer"})
_FAILED: Final = frozenset({"failed", "truncated", "recovered"})
_DONE: Final = frozenset({"replace", "block"})


def nodes_of(outcome: Mapping[str, Any]) -> int:
    """The nodes that an outcome is in, as bits. Takes the JSON of the log as it is: a million have to be quick.

    Raises KeyError or TypeError for what is no outcome.
    """
    who, end, asked = outcome["who"], outcome["end"], outcome.get("asked")
    shown = [each["kind"] for each in outcome["shown"]] if "shown" in outcome else []
    answered = end in _ANSWERED
    speaks = who.get("dialect", "none").rpartition(".")[2] not in WORDLESS
    bits = _EXCHANGE
    if answered:
        bits = _OWN if end == "own_answer" else _ANSWER
        if speaks:
            bits |= _NOTICED if "notice" in shown else _WORDED
    elif end in _FAILED:
        bits = _BROKEN
    if asked:
        patient = speaks and who.get("surface") not in PROFESSIONAL
        bits |= _about(asked, shown, end, told=patient and answered, patient=patient)
    if "gate" in outcome:
        bits |= _GATED
    if "suspension" in outcome or end == "suspended":
        bits |= _SUSPENDED
    if "uninspected" in outcome:
        bits |= _UNINSPECTED
    for found in outcome.get("found", ()):
        if found["rail"] == "phi" and found["action"] in _DONE and "shadow" not in found:
            bits |= _REDACTED if found["direction"] == "request" else _BROUGHT
    return bits


def _about(asked: Mapping[str, Any], shown: Sequence[str], end: str, *, told: bool, patient: bool) -> int:
    """The nodes of a question about health, and of what its reader was shown."""
    crisis = asked.get("risk") in _CRISES
    if not (crisis or asked.get("medical")):
        return 0
    bits = _MEDICAL
    if told:
        bits = _WARNED if end == "own_answer" or not _WARNINGS.isdisjoint(shown) else _TOLD
    if crisis:
        bits |= _CRISIS
        if patient:
            bits |= _HELPED if not _CRISES.isdisjoint(shown) else _CRISIS_TOLD
    return bits


def _bits(*names: str) -> int:
    return sum(BIT[name] for name in names)


_EXCHANGE: Final = _bits(ALL)
_ANSWER: Final = _bits(ALL, "answered")
_OWN: Final = _bits(ALL, "answered", "own_text")
_WORDED: Final = _bits("worded")
_NOTICED: Final = _bits("worded", "noticed")
_BROKEN: Final = _bits(ALL, "failed")
_MEDICAL: Final = _bits("medical")
_TOLD: Final = _bits("medical", "medical_told")
_WARNED: Final = _bits("medical", "medical_told", "warned")
_CRISIS: Final = _bits("crisis")
_CRISIS_TOLD: Final = _bits("crisis_told")
_HELPED: Final = _bits("crisis_told", "helped")
_GATED: Final = _bits("gated")
_SUSPENDED: Final = _bits("suspended")
_UNINSPECTED: Final = _bits("uninspected")
_REDACTED: Final = _bits("phi_redacted")
_BROUGHT: Final = _bits("phi_in_answer")
