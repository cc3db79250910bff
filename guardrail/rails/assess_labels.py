"""What the assessment of a text can say, in the order of the model's outputs (WHO-07, WHO-52). Data only."""

from __future__ import annotations

from typing import Final

from guardrail.text import Risk

RISKS: Final = tuple(Risk)
TOPICS: Final = (
    "symptom",
    "diagnosis",
    "medication",
    "dosing",
    "interaction",
    "test_result",
    "procedure",
    "vaccine",
    "pregnancy",
    "paediatric",
    "mental_health",
    "sexual_health",
    "nutrition_wellness",
    "chronic",
    "end_of_life",
)
FLAGS: Final = (
    "paediatric",
    "pregnancy",
    "clinician",
    "administrative",
    "prescribing",
    "dosing",
    "severe_depression",
)
"""Who it is about, who writes, and what is asked for: the functions of high risk of WHO-52 are the last three."""
