"""What all parts of a policy have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Frozen, and unknown keys are refused: a misspelt rule must not be a silent one."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
