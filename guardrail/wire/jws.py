"""A signed JSON object in one line: JWS in its compact form (RFC 7515), with Ed25519 (RFC 8037) or HMAC-SHA-256.

Less is taken than the RFCs allow, so that there is one reading: which algorithm counts is said by the policy and never
by the token, nothing in the token's head can point to a key, and no member may come twice. No message quotes a value.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from guardrail.errors import Unauthorized

MAX_CHARS = 8_192
HMAC_BYTES, PUBLIC_BYTES = 32, 32
"""RFC 7518 section 3.2: a key at least as long as the hash."""

_PART = re.compile(r"[A-Za-z0-9_-]*")
_HEAD_MEMBERS = frozenset({"alg", "typ", "kid"})
"""Not `crit` (RFC 7515 section 4.1.11), not `b64`, and nothing that brings a key along (`jwk`, `jku`, `x5u`)."""


class BadSignature(Unauthorized):
    """What is signed can't be read, or is not signed by this key in this way."""

    default_code = "bad_claims"


@dataclass(frozen=True, slots=True)
class Key:
    """`material` is the secret of HS256, or the 32 bytes of an Ed25519 public key."""

    algorithm: Literal["EdDSA", "HS256"]
    material: bytes = field(repr=False)


def read_key(algorithm: Literal["EdDSA", "HS256"], text: str) -> Key | None:
    """A key as an operator writes it: base64, or for EdDSA a public key in PEM. None if it is none."""
    if algorithm == "EdDSA" and "-----BEGIN" in text:
        return _from_pem(text)
    try:
        material = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    fits = len(material) >= HMAC_BYTES if algorithm == "HS256" else len(material) == PUBLIC_BYTES
    return Key(algorithm, material) if fits else None


def _from_pem(text: str) -> Key | None:
    try:
        public = load_pem_public_key(text.encode())
    except ValueError:
        return None
    return Key("EdDSA", public.public_bytes_raw()) if isinstance(public, Ed25519PublicKey) else None


def sign(members: Mapping[str, object], private_key: str) -> str | None:
    """These members, signed with an Ed25519 private key in PEM. None if that is none, or wants a password."""
    try:
        key = load_pem_private_key(private_key.encode(), None)
    except (ValueError, TypeError):  # TypeError: the password
        return None
    if not isinstance(key, Ed25519PrivateKey):
        return None
    text = ".".join(_encode(json.dumps(part).encode()) for part in ({"alg": "EdDSA"}, members))
    return f"{text}.{_encode(key.sign(text.encode()))}"


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def verify(token: str, key: Key) -> Mapping[str, object]:
    """The members that were signed. Raises BadSignature; nothing of them counts then."""
    parts = token.split(".")
    if len(token) > MAX_CHARS or len(parts) != 3:
        raise _bad()
    head, payload, signature = (_decode(part) for part in parts)
    members = _object(head)
    if not members.keys() <= _HEAD_MEMBERS or members.get("alg") != key.algorithm:
        raise _bad()
    if not _is_signed(key, f"{parts[0]}.{parts[1]}".encode(), signature):
        raise _bad()
    return _object(payload)


def _is_signed(key: Key, text: bytes, signature: bytes) -> bool:
    if key.algorithm == "HS256":
        return hmac.compare_digest(hmac.digest(key.material, text, "sha256"), signature)
    try:
        Ed25519PublicKey.from_public_bytes(key.material).verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _decode(part: str) -> bytes:
    """base64url without padding, in its one spelling (RFC 7515 section 2)."""
    if not _PART.fullmatch(part) or len(part) % 4 == 1:
        raise _bad()
    data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if _encode(data) != part:
        raise _bad()
    return data


def _object(data: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _bad() from None
    if not isinstance(found, dict):
        raise _bad()
    return found


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError("a member twice")
        found[name] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError("no number")


def _bad() -> BadSignature:
    return BadSignature("the claims are not signed as the policy says", param="x-guardrail-claims")
