"""Who may administer a guardrail, and how they prove it (SEC-01 to SEC-04, WHO-66): the policy's part `admin`.

No token and no secret stands here: only the SHA-256 of a token, and the name of the variable that holds a secret.
Without this part the admin port gives metrics and health on loopback, and nothing else.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictInt, model_validator

from guardrail.errors import PolicyError
from guardrail.policy.base import Identifier, Model

PersonRole = Literal["ops", "privacy_officer", "auditor"]
Role = Literal["ops", "privacy_officer", "auditor", "metrics"]
ROLES: Final[tuple[Role, ...]] = ("ops", "privacy_officer", "auditor", "metrics")
"""ops keeps it running and may suspend; privacy_officer sees to people's cases; auditor reads and changes nothing;
metrics is a program that reads the metrics and nothing else."""
_DEFAULTS: Final = ("", "admin", "changeme", "default", "guardrail", "password", "secret", "test", "token")
_WELL_KNOWN: Final = frozenset(hashlib.sha256(each.encode()).hexdigest() for each in _DEFAULTS)
_SECRET_CHARS: Final = 8


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_address(value: str) -> str:
    """`https://host[:port][/path]`, `http` for this machine only; without a slash at its end."""
    if not re.fullmatch(r"[!-~]+", value):
        raise ValueError("an address has no spaces and no control characters")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("use https://host or https://host/path, without a user")
    if parts.query or parts.fragment or "?" in value or "#" in value or parts.port == 0:
        raise ValueError("no query, no fragment, no port 0")
    if not re.fullmatch(r"[A-Za-z0-9.\-:\[\]]+", parts.netloc) or not re.fullmatch(r"[A-Za-z0-9._~/\-]*", parts.path):
        raise ValueError("a plain host name and a plain path")
    if parts.scheme == "http" and not _loopback(parts.hostname):
        raise ValueError("http is for this machine only; use https")
    return value.rstrip("/")


def _known_default(value: str) -> str:
    if value in _WELL_KNOWN:
        raise ValueError("this is the SHA-256 of a word that everybody tries first; make one: openssl rand -hex 32")
    return value


Address = Annotated[str, Field(max_length=300), AfterValidator(check_address)]
Host = Annotated[
    str, Field(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$", max_length=253)
]
TokenHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", repr=False), AfterValidator(_known_default)]
PerMinute = Annotated[StrictInt, Field(ge=1, le=100_000)]
Claim = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,200}$")]


class AdminToken(Model):
    """Somebody who administers, or a program that reads the metrics. The token is known by its SHA-256 only."""

    name: Identifier
    role: Role
    token_sha256: TokenHash


class Oidc(Model):
    """A provider of identities (OpenID Connect Core 1.0, authorization code with PKCE, RFC 7636)."""

    issuer: Address
    """As its discovery document says it, without a slash at its end."""
    client_id: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,200}$")]
    client_secret_env: Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]{0,99}$")] | None = None
    """The environment variable with the client's secret; left out: a public client."""
    audience: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,200}$")] | None = None
    """Whom the id token has to be made for; left out: `client_id`."""
    role_claim: Annotated[str, Field(pattern=r"^[A-Za-z0-9_:/.-]{1,200}$")] = "roles"
    """The claim with the groups of a person; of a claim within others the way to it: `realm_access.roles`."""
    roles: Annotated[Mapping[Claim, PersonRole], Field(min_length=1, max_length=100)]
    """By value of the claim. Who has none of them does not get in; who has several gets in as the first of ROLES."""
    scopes: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z0-9_.:/-]{1,60}$")], ...], Field(max_length=20)] = (
        "openid",
    )

    @model_validator(mode="after")
    def _openid(self) -> Self:
        if "openid" not in self.scopes:
            raise ValueError("scopes needs `openid`: without it there is no id token")
        return self


class RateLimit(Model):
    """How often may be tried and asked, each minute."""

    logins: PerMinute = 10
    """Refused logins and wrong tokens from one address; then it waits, whatever it brings."""
    all_logins: PerMinute = 120
    """Those from all addresses together; then only who got in within the last hour is looked at."""
    requests: PerMinute = 600
    """Requests from one address."""


class Admin(Model):
    """The policy's part `admin`."""

    url: Address | None = None
    """How browsers reach the console (`https://guardrail.hospital.example`): for cookies, and for the way back."""
    hosts: Annotated[tuple[Host, ...], Field(max_length=20)] = ()
    """Further names by which the admin port may be called."""
    tokens: Annotated[tuple[AdminToken, ...], Field(max_length=100)] = ()
    oidc: Oidc | None = None
    session_minutes: Annotated[StrictInt, Field(ge=1, le=720)] = 30
    rate_limit: RateLimit = RateLimit()
    metrics: Literal["token", "open"] = "token"
    """Who may read `/metrics` if the port listens beyond loopback."""

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        for what in ("name", "token_sha256"):
            values = [getattr(each, what) for each in self.tokens]
            if len(set(values)) != len(values):
                raise ValueError(f"tokens: {what} stands twice")
        if self.oidc is not None and self.url is None:
            raise ValueError("oidc needs `url`, where the provider sends people back to")
        if self.url is not None and urlsplit(self.url).path:
            raise ValueError("url has no path: the console is at its root")
        return self

    @property
    def configured(self) -> bool:
        """True if there is any way to prove who one is."""
        return bool(self.tokens) or self.oidc is not None

    @property
    def secure(self) -> bool:
        """True if browsers come by https: then cookies travel no other way."""
        return self.url is not None and self.url.startswith("https://")

    @property
    def names(self) -> frozenset[str]:
        """The names by which a browser may call the admin port, without those of loopback."""
        own = urlsplit(self.url).hostname if self.url else None
        return frozenset((*self.hosts, *((own,) if own else ())))


def check_admin(admin: Admin, clients: Mapping[str, str], host: str, environment: Mapping[str, str]) -> None:
    """Raises PolicyError if the admin port would be open to the network, or a secret is not there.

    `clients` has the SHA-256 of each client's token by its name. `host` is where the admin port listens.
    """
    if not _loopback(host) and not admin.configured:
        raise PolicyError("admin: listening for administrators beyond loopback needs tokens or oidc in the policy")
    for number, token in enumerate(admin.tokens):
        if token.token_sha256 in clients.values():
            raise PolicyError(f"admin.tokens[{number}]: an application has this token, too")
    secret = admin.oidc.client_secret_env if admin.oidc else None
    if secret is not None and len(environment.get(secret, "").strip()) < _SECRET_CHARS:
        raise PolicyError(f"admin.oidc.client_secret_env: there is no secret in the environment variable {secret}")
