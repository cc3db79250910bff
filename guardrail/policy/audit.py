"""Where the audit log is kept, how long, and who witnesses it: the policy's part `audit` (WHO-66, 45 CFR 164.316)."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, StrictInt, model_validator

from guardrail.policy.base import Model
from guardrail.policy.crisis import check_webhook_url, is_private

SIX_YEARS: Final = 2_190
"""Days. 45 CFR 164.316(b)(2)(i): documentation is kept for six years."""

EnvName = Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]{0,99}$")]
FilePath = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f]+$")]


def _check_url(url: str) -> str:
    if not is_private(check_webhook_url(url)):
        raise ValueError("use https: who can change what is sent can change the witness")
    return url


class Audit(Model):
    """The audit log of this guardrail."""

    store: Literal["sqlite", "postgresql"] = "sqlite"
    """One file in the data folder, or a database that replicas share."""
    url_env: EnvName | None = None
    """The environment variable with PostgreSQL's address."""
    url_file: FilePath | None = None
    """Or the file with it, as containers are given secrets."""
    retention_days: Annotated[StrictInt, Field(ge=1, le=36_500)] = SIX_YEARS
    """Younger entries are not purged."""
    legal_hold: StrictBool = False
    """Nothing is purged and nobody's links and words are erased, however old they are, until it is lifted."""
    deadline_seconds: Annotated[float, Field(ge=0.1, le=30, strict=True)] = 2.0
    """How long an exchange waits for its record; then it is refused."""
    checkpoint_seconds: Annotated[float, Field(ge=1, le=86_400, strict=True)] = 60.0
    """How often a signed head of the log is kept and exported, if the log has grown."""
    checkpoint_url: Annotated[str, Field(max_length=2_000), AfterValidator(_check_url)] | None = None
    """Where signed heads are posted (text/plain, a C2SP checkpoint)."""
    checkpoint_file: FilePath | None = None
    """Where they are appended: a file on another machine's disk, or on one that can only be added to."""
    signing_key_file: FilePath | None = None
    """The key that replicas share; left out: `signing.key` in the data folder."""
    secret_file: FilePath | None = None
    """The secret that replicas share; left out: `install.secret` in the data folder."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        given = [each for each in (self.url_env, self.url_file) if each is not None]
        if len(given) != (1 if self.store == "postgresql" else 0):
            raise ValueError("store: postgresql needs url_env or url_file, one of them, and nothing else does")
        return self
