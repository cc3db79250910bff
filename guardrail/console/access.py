"""Who may do what in the console: roles and what each is there for, and who a token belongs to (SEC-01, SEC-02).

auditor reads and changes nothing, metrics reads the metrics only; ops keeps the service running and may suspend it; a
privacy officer sees to people's cases. Whoever may suspend may not read what people wrote, and the other way round.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from guardrail.policy.admin import Admin, Role
from guardrail.record.entry import Code

Permission = Literal[
    "metrics",
    "status",
    "receipts",
    "audit",
    "suspensions",
    "suspend",
    "incidents",
    "publish",
    "cases",
    "reveal",
    "decide",
]
_READ: Final = frozenset[Permission]({"metrics", "status", "receipts", "audit", "suspensions", "incidents"})
ALLOWED: Final[Mapping[Role, frozenset[Permission]]] = {
    "ops": _READ | {"suspend"},
    "privacy_officer": _READ | {"cases", "reveal", "decide", "publish"},
    "auditor": _READ | {"cases"},
    "metrics": frozenset({"metrics"}),
}
"""reveal: the words of a case; decide: give a case to somebody, settle it, open it again.

publish: tell everybody of an error, or take that back."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who has proved who he is. `tag` binds a session to the token, or the provider, it was opened with."""

    name: str
    role: Role
    via: Literal["token", "oidc"]
    tag: str

    @property
    def actor(self) -> Code:
        """As the audit log names him; a subject of a provider that can't be a code is named by its SHA-256."""
        prefix = "admin" if self.via == "token" else "oidc"
        try:
            return Code(f"{prefix}:{self.name}")
        except ValueError:
            return Code(f"{prefix}:{hashlib.sha256(self.name.encode()).hexdigest()[:32]}")

    def may(self, permission: Permission) -> bool:
        """True if his role is there for it."""
        return permission in ALLOWED[self.role]


def by_token(admin: Admin, token: str) -> Principal | None:
    """Whom the token belongs to. Every known token is compared, each in constant time."""
    digest = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
    found = [each for each in admin.tokens if hmac.compare_digest(each.token_sha256, digest)]
    return Principal(found[0].name, found[0].role, "token", _tag(found[0].token_sha256)) if found else None


def provider_tag(admin: Admin) -> str:
    """Changes with the provider of identities and with what roles it gives."""
    oidc = admin.oidc
    return _tag(oidc.model_dump_json()) if oidc else ""


def still_holds(admin: Admin, principal: Principal) -> bool:
    """True if the policy in force would let him in again as what he is."""
    if principal.via == "oidc":
        return hmac.compare_digest(provider_tag(admin), principal.tag) and bool(principal.tag)
    return any(
        token.name == principal.name and token.role == principal.role and _tag(token.token_sha256) == principal.tag
        for token in admin.tokens
    )


def _tag(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:24]
