"""The rail that finds protected health information. Knows the labels and the settings; the work is in `phi_engine`.

Light: importing it loads neither Presidio nor spaCy, so that the proxy process can read policies.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from pydantic import BaseModel, ConfigDict, Field

from guardrail.rails.base import Rail

LABELS: Final = (
    "NAME",
    "DATE",
    "AGE_OVER_89",
    "ADDRESS",
    "LOCATION",
    "ORG_FACILITY",
    "PHONE",
    "FAX",
    "EMAIL",
    "SSN",
    "MRN",
    "HEALTH_PLAN",
    "ACCOUNT",
    "LICENSE",
    "VEHICLE",
    "DEVICE",
    "URL",
    "IP",
    "BIOMETRIC",
    "OTHER_ID",
)
"""The closed list: the identifiers of 45 CFR 164.514(b)(2)(i), some kept apart."""


class PhiSettings(BaseModel):
    """What a policy may set about the PHI rail."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_score: float = Field(default=0.45, ge=0.0, le=1.0)
    """Findings below this are dropped. Lower finds more and takes more away."""
    reach: int = Field(default=48, ge=0, le=512)
    """Code points of later text that can still change a finding."""
    presidio: bool = True
    """Ask Presidio's recognizers too. Without it only the rail's own finders look."""
    this_year: int | None = Field(default=None, ge=1990, le=2200)
    """The year for birth years that tell an age over 89; None: the year in which the rail is built."""


def build(settings: PhiSettings) -> Rail:
    """The rail, ready and warm. Takes a second or two: for the analyzer process."""
    return cast(Rail, import_module("guardrail.rails.phi_engine").build(settings))
