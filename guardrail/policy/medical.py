"""What is done about medical questions, by who reads the answer and how much a wrong one could harm (WHO-07, WHO-52).

Pure: a policy's table and an assessment in, one treatment out. The strictest of all that apply wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StrictBool, field_validator

from guardrail.policy.base import Code, Identifier, Model, OwnText
from guardrail.policy.texts import BLOCKED, in_language
from guardrail.rails import spoken
from guardrail.rails.base import CLINICIAN
from guardrail.text import Assessment, Risk

Treatment = Literal["allow", "warn_and_refer", "block"]
TREATMENTS: Final[tuple[Treatment, ...]] = ("allow", "warn_and_refer", "block")
"""From the mildest to the strictest."""
FUNCTIONS: Final = ("prescribing", "dosing", "severe_depression")
"""Of high risk: WHO-52."""
MENTAL_HEALTH: Final = "mental_health"
"""A topic of the assessment, not a function: some laws let no machine talk about it (225 ILCS 155)."""


class Surface(Model):
    """One surface's row. A cell that is left out is the one of `general`, and `general` warns."""

    general: Treatment = "warn_and_refer"
    high: Treatment | None = None
    prescribing: Treatment | None = None
    dosing: Treatment | None = None
    severe_depression: Treatment | None = None
    mental_health: Treatment | None = None
    """Everything about mental health, whatever its risk."""

    def treatment(self, assessment: Assessment) -> Treatment:
        """The strictest of the cells that fit."""
        cells: list[Treatment | None] = [self.general]
        if assessment.risk is not Risk.GENERAL:
            cells.append(self.high)
        cells += [self.function(name) for name in FUNCTIONS if name in assessment.flags]
        if MENTAL_HEALTH in assessment.topics:
            cells.append(self.mental_health)
        return strictest(cell for cell in cells if cell is not None)

    def function(self, name: str) -> Treatment | None:
        """The cell of one function."""
        cell: Treatment | None = getattr(self, name)
        return cell


class Vulnerable(Model):
    """Who is answered by the row of `row` on top of that of the surface (WHO-53, WHO-55)."""

    age_bands: Annotated[tuple[Code, ...], Field(max_length=40)] = ("0-12", "13-17")
    disability: StrictBool = False
    """Also those for whom the application sends `X-Guardrail-Disability: yes`."""
    flags: tuple[Literal["paediatric", "pregnancy"], ...] = ("paediatric", "pregnancy")
    row: Surface = Surface(prescribing="block", dosing="block")

    def fits(self, assessment: Assessment, cohort: Mapping[str, str]) -> bool:
        """True if the request is of one who is protected more."""
        young = cohort.get("age_band") in self.age_bands
        return young or (self.disability and cohort.get("disability") == "yes") or self._is_about(assessment)

    def _is_about(self, assessment: Assessment) -> bool:
        return not set(self.flags).isdisjoint(assessment.flags)


def _surfaces() -> Mapping[str, Surface]:
    return {"patient": Surface(prescribing="block", severe_depression="block")}


class Medical(Model):
    """The policy's part `medical`. A surface that is not named is answered by the row of `otherwise`.

    Patients keep their row unless it is written.
    """

    surfaces: Mapping[Identifier, Surface] = Field(default_factory=_surfaces)
    otherwise: Surface = Surface()
    vulnerable: Vulnerable = Vulnerable()
    blocked: Mapping[str, OwnText] = Field(default_factory=dict)
    """Own words by language for what is blocked, in place of the shipped ones."""

    @field_validator("surfaces")
    @classmethod
    def _patients_stay(cls, own: Mapping[str, Surface]) -> Mapping[str, Surface]:
        """Rows for other surfaces take the patients' away no more than no row at all does."""
        return {**_surfaces(), **own}

    def asked(self, surface: str, assessment: Assessment, cohort: Mapping[str, str]) -> Treatment:
        """What is done about this question; "allow" for one that is not medical."""
        if not assessment.medical:
            return "allow"
        rows = [self.surfaces.get(surface, self.otherwise)]
        if surface != CLINICIAN and self.vulnerable.fits(assessment, cohort):
            rows.append(self.vulnerable.row)
        return strictest(row.treatment(assessment) for row in rows)

    def blocked_in(self, language: str) -> str:
        """In place of an answer that is not given: where real help is, in this language."""
        return in_language(language, self.blocked, BLOCKED)

    def speaks(self, language: str) -> bool:
        """True if what is said in place of an answer is there in this language."""
        return spoken.has(spoken.on_top(self.blocked, BLOCKED), language)

    def told(self, surface: str) -> Treatment:
        """What is done about a medical answer to a question that was none."""
        return self.surfaces.get(surface, self.otherwise).general


def strictest(treatments: Any) -> Treatment:
    """The strictest of one or more."""
    return max(treatments, key=TREATMENTS.index)
