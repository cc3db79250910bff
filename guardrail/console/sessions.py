"""Sessions of browsers: a signed cookie that says who came in, for a short time; and a token for each form (SEC-03).

Nothing is kept here; sessions that were closed before their time are in `console.closed`. A cookie that a browser
brings is never taken over: every login makes a new one, so nobody can be handed a session that somebody else knows.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from guardrail.console.access import Principal
from guardrail.policy.admin import ROLES

MAX_CHARS: Final = 3_000
Purpose = Literal["session", "login"]


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that has proved for whom it speaks. `until` in seconds since 1970."""

    id: str
    principal: Principal
    until: int


class Sealer:
    """Signs small objects for one purpose each, and reads none that it did not sign, or that is too old."""

    def __init__(self, secret: bytes, clock: Callable[[], float]) -> None:
        self._secret, self._clock = secret, clock

    def seal(self, purpose: Purpose, values: Mapping[str, object], seconds: int) -> str:
        """A text for a cookie, good for so long."""
        until = int(self._clock()) + seconds
        body = _encode(json.dumps({**values, "until": until}, separators=(",", ":")).encode())
        return f"{body}.{_encode(self._sign(purpose, body))}"

    def open(self, purpose: Purpose, text: str) -> Mapping[str, object] | None:
        """What was sealed; None for anything else."""
        body, dot, signature = text.partition(".")
        if not dot or len(text) > MAX_CHARS or not body.isascii():
            return None
        given = _decode(signature)
        if given is None or not hmac.compare_digest(self._sign(purpose, body), given):
            return None
        values = json.loads(_decode(body) or b"null")  # ours: it was signed here
        until = values.get("until") if isinstance(values, dict) else None
        return values if isinstance(until, int) and self._clock() < until else None

    def token(self, purpose: str, value: str) -> str:
        """A text that only we could make of this value."""
        return _encode(hmac.digest(self._secret, f"token\n{purpose}\n{value}".encode(), "sha256"))

    def _sign(self, purpose: str, body: str) -> bytes:
        return hmac.digest(self._secret, f"cookie\n{purpose}\n{body}".encode(), "sha256")


class Sessions:
    """All sessions that were opened with one secret."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def open(self, principal: Principal, seconds: int) -> str:
        """A new session, as the value of a cookie."""
        values = {
            "id": secrets.token_hex(16),
            "name": principal.name,
            "role": principal.role,
            "via": principal.via,
            "tag": principal.tag,
        }
        return self._sealer.seal("session", values, seconds)

    def read(self, cookie: str) -> Session | None:
        """The session of a cookie, None if it is none of ours, or over."""
        values = self._sealer.open("session", cookie)
        if values is None:
            return None
        known = [str(values.get(name, "")) for name in ("id", "name", "via", "tag")]
        role = next((each for each in ROLES if each == values.get("role")), None)
        if role is None:
            return None
        principal = Principal(known[1], role, "oidc" if known[2] == "oidc" else "token", known[3])
        return Session(known[0], principal, int(str(values["until"])))

    def form_token(self, session: Session) -> str:
        """What every form of this session has to bring."""
        return self._sealer.token("form", session.id)

    def is_form_token(self, session: Session, token: str) -> bool:
        """Compared in constant time."""
        return hmac.compare_digest(self.form_token(session).encode(), token.encode("utf-8", "replace"))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes | None:
    """In its one spelling: no two texts are the same bytes."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _encode(data) == text else None
