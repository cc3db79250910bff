"""Coming in by a provider of identities: OpenID Connect Core 1.0, authorization code with PKCE (RFC 7636, S256).

The browser is tied to the attempt by a signed cookie with state, nonce and verifier. Only an id token that is signed by
the provider's own keys, for us, for this attempt and by an asymmetric algorithm says who somebody is. What the provider
sends is never shown or logged.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet

from guardrail.console.access import Principal, provider_tag
from guardrail.errors import ClientError, Unauthorized, UpstreamError
from guardrail.policy.admin import ROLES, Admin, Oidc, Role, check_address
from guardrail.wire.upstream import Connector, Timeouts, UpstreamRequest

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384")
CALLBACK: Final = "/console/oidc/callback"
MAX_ANSWER: Final = 256 * 1024
LEEWAY_SECONDS: Final = 60
KEEP_SECONDS: Final = 3_600.0
AGAIN_SECONDS: Final = 30.0
"""Keys are asked for once more if a token names one that is not there, but not more often than this."""
_SUBJECT: Final = re.compile(r"[ -~]{1,255}")
"""OpenID Connect Core 1.0 section 2; a longer one would make a cookie that no browser keeps."""
_TIMEOUTS: Final = Timeouts(connect=5.0, first_byte=10.0, idle=5.0, total=15.0)
_TENANT: Final = "admin-oidc"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to the provider and back, kept in the browser's signed cookie."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def new(cls) -> Attempt:
        """With numbers that nobody can guess."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        """RFC 7636 section 4.2, S256."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class _Described:
    """What the provider says of itself."""

    issuer: str
    authorize: str
    token: str
    keys: str


@dataclass(slots=True)
class _Kept:
    described: _Described
    described_at: float
    keys: KeySet | None = None
    keys_at: float = 0.0


class Provider:
    """The provider of identities of the policy in force. Asks it over `connector`."""

    def __init__(self, connector: Connector, clock: Callable[[], float], ticks: Callable[[], float]) -> None:
        """`clock` in seconds since 1970, `ticks` in seconds and never going back."""
        self._connector, self._clock, self._ticks = connector, clock, ticks
        self._kept: dict[str, _Kept] = {}

    async def address(self, admin: Admin, attempt: Attempt) -> str:
        """Where the browser is sent. Raises UpstreamError if the provider can't be asked who it is."""
        oidc = _of(admin)
        described = (await self._known(oidc)).described
        query = urlencode(
            {
                "response_type": "code",
                "client_id": oidc.client_id,
                "redirect_uri": f"{admin.url}{CALLBACK}",
                "scope": " ".join(oidc.scopes),
                "state": attempt.state,
                "nonce": attempt.nonce,
                "code_challenge": attempt.challenge,
                "code_challenge_method": "S256",
            }
        )
        return f"{described.authorize}{'&' if '?' in described.authorize else '?'}{query}"

    async def finish(self, admin: Admin, secret: str, attempt: Attempt, said: Mapping[str, str]) -> Principal:
        """Who came back, from the parameters of the callback.

        Raises Unauthorized for anything that does not fit this attempt, ClientError (403) for somebody without a role,
        UpstreamError if the provider can't be asked.
        """
        oidc = _of(admin)
        if not hmac.compare_digest(attempt.state.encode(), said.get("state", "").encode("utf-8", "replace")):
            raise _refused("state")
        kept = await self._known(oidc)
        if "iss" in said and said["iss"] != kept.described.issuer:  # RFC 9207: no mixing up of providers
            raise _refused("issuer")
        if not said.get("code") or "error" in said:
            raise _refused("code")
        token = await self._id_token(admin, oidc, kept.described, secret, attempt, said["code"])
        claims = await self._claims(oidc, kept, token)
        self._check(oidc, kept.described, attempt, claims)
        role = _role(oidc, claims)
        if role is None:
            raise ClientError("You have no role in this guardrail.", code="forbidden", status=403)
        return Principal(str(claims["sub"]), role, "oidc", provider_tag(admin))

    # ── what the provider says ────────────────────────────────────────────────────────────────────────────────

    async def _known(self, oidc: Oidc) -> _Kept:
        kept = self._kept.get(oidc.issuer)
        if kept is None or self._ticks() - kept.described_at > KEEP_SECONDS:
            found = await self._ask(f"{oidc.issuer}/.well-known/openid-configuration")
            kept = _Kept(_read_description(oidc, found), self._ticks())
            self._kept = {oidc.issuer: kept}
        return kept

    async def _keys(self, kept: _Kept, *, fresh: bool = False) -> KeySet:
        age = self._ticks() - kept.keys_at
        if kept.keys is None or age > KEEP_SECONDS or (fresh and age > AGAIN_SECONDS):
            kept.keys = _read_keys(await self._ask(kept.described.keys))
            kept.keys_at = self._ticks()
        return kept.keys

    async def _id_token(
        self, admin: Admin, oidc: Oidc, described: _Described, secret: str, attempt: Attempt, code: str
    ) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": f"{admin.url}{CALLBACK}",
            "code_verifier": attempt.verifier,
        }
        headers = [("content-type", "application/x-www-form-urlencoded")]
        if secret:  # RFC 6749 section 2.3.1
            pair = f"{quote(oidc.client_id, safe='')}:{quote(secret, safe='')}"
            headers.append(("authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"))
        else:
            form["client_id"] = oidc.client_id
        found = await self._ask(described.token, "POST", headers, urlencode(form).encode())
        token = found.get("id_token")
        if not isinstance(token, str):
            raise _refused("token")
        return token

    async def _ask(
        self, address: str, method: str = "GET", headers: list[tuple[str, str]] | None = None, body: bytes = b""
    ) -> Mapping[str, Any]:
        """A JSON object of the provider. Raises UpstreamError; what was answered is quoted nowhere."""
        parts = urlsplit(address)
        request = UpstreamRequest(
            base_url=f"{parts.scheme}://{parts.netloc}",
            path=parts.path or "/",
            query=parts.query,
            headers=[("accept", "application/json"), ("user-agent", "guardrail"), *(headers or [])],
            body=body,
            tenant=_TENANT,
            timeouts=_TIMEOUTS,
            max_answer_bytes=MAX_ANSWER,
            method=method,
        )
        async with self._connector.open(request) as answer:
            data = await answer.read()
        if answer.status in (400, 401) and method == "POST":
            raise _refused("code")
        try:
            found = json.loads(data) if answer.status == 200 else None
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise _unusable()
        return found

    # ── what the token says ───────────────────────────────────────────────────────────────────────────────────

    async def _claims(self, oidc: Oidc, kept: _Kept, token: str) -> Mapping[str, Any]:
        try:
            return jwt.decode(token, await self._keys(kept), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            pass  # signed with a key that is newer than ours, or not by this provider at all
        try:
            return jwt.decode(token, await self._keys(kept, fresh=True), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            raise _refused("signature") from None

    def _check(self, oidc: Oidc, described: _Described, attempt: Attempt, claims: Mapping[str, Any]) -> None:
        """OpenID Connect Core 1.0 section 3.1.3.7."""
        rules = jwt.JWTClaimsRegistry(
            now=int(self._clock()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": described.issuer},
            aud={"essential": True, "value": oidc.audience or oidc.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": attempt.nonce},
        )
        try:
            rules.validate(dict(claims))
        except JoseError:
            raise _refused("claims") from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != oidc.client_id:
            raise _refused("claims")
        if not _SUBJECT.fullmatch(claims["sub"]):
            raise _refused("claims")


def _of(admin: Admin) -> Oidc:
    if admin.oidc is None:
        raise ClientError("There is no provider of identities in the policy.", code="unknown_route", status=404)
    return admin.oidc


def _read_description(oidc: Oidc, found: Mapping[str, Any]) -> _Described:
    names = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    issuer, authorize, token, keys = (found.get(name) for name in names)
    with_tls = urlsplit(oidc.issuer).scheme == "https"
    addresses = [each for each in (authorize, token, keys) if isinstance(each, str) and _is_address(each, with_tls)]
    if not isinstance(issuer, str) or issuer.rstrip("/") != oidc.issuer or len(addresses) != 3:
        raise _unusable()
    return _Described(issuer, *addresses)


def _is_address(text: str, with_tls: bool) -> bool:
    """Where secrets and browsers may be sent: by https, or on this machine, unless the provider itself is asked
    `with_tls`.
    """
    try:
        check_address(text.partition("?")[0])
    except ValueError:
        return False
    if with_tls and urlsplit(text).scheme != "https":
        return False
    return text.isascii() and text.isprintable() and "#" not in text and " " not in text


def _read_keys(found: Mapping[str, Any]) -> KeySet:
    """The provider's keys for signatures; none that is symmetric, and none that is too short."""
    rows = found.get("keys")
    wanted = [
        row
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict) and row.get("kty") in ("RSA", "EC") and row.get("use", "sig") == "sig"
    ]
    keys = []
    for row in wanted[:50]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", SecurityWarning)
                keys += KeySet.import_key_set({"keys": [{name: row[name] for name in row if name in _PUBLIC}]}).keys
        except (JoseError, ValueError, TypeError, SecurityWarning):
            continue
    if not keys:
        raise _unusable()
    return KeySet(keys)


_PUBLIC: Final = frozenset({"kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"})


def _role(oidc: Oidc, claims: Mapping[str, Any]) -> Role | None:
    """The first of ROLES that one of the person's groups stands for."""
    value: Any = claims.get(oidc.role_claim)
    if value is None:
        value = claims
        for step in oidc.role_claim.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
    groups = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    given = {oidc.roles[group] for group in groups if isinstance(group, str) and group in oidc.roles}
    return next((role for role in ROLES if role in given), None)


def _refused(what: str) -> Unauthorized:
    return Unauthorized("This login does not hold; begin again.", param=what)


def _unusable() -> UpstreamError:
    return UpstreamError("The provider of identities does not answer as it should.", code="upstream_error")
