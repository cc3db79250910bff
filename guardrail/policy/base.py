"""What all parts of a policy have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Frozen, and unknown keys are refused: a misspelt rule must not be a silent one."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_+.-]{0,31}$")]
Language = Annotated[str, Field(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")]
Requirement = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Za-z0-9 .()/§-]{2,40}$")]
OwnText = Annotated[str, Field(min_length=20, max_length=500)]
