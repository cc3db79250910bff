"""Claims as an application would sign them."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SECRET = b"s" * 32
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"p" * 32)


def part(data: bytes | Mapping[str, Any]) -> str:
    """base64url without padding, of JSON unless it is bytes."""
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def sign(payload: bytes | Mapping[str, Any], algorithm: str = "HS256", head: Any = None, key: Any = None) -> str:
    """A compact JWS. `head` replaces the usual one, `key` the usual key."""
    text = f"{part(head or {'alg': algorithm})}.{part(payload)}"
    if algorithm == "EdDSA":
        signature = (key or PRIVATE).sign(text.encode())
    else:
        signature = hmac.digest(key or SECRET, text.encode(), "sha256")
    return f"{text}.{part(signature)}"


def claims(algorithm: str = "HS256", key: Any = None, /, **members: Any) -> str:
    """Signed just now, for an hour."""
    now = int(time.time())
    return sign({"iat": now, "exp": now + 3600, **members}, algorithm, key=key)


def as_written(algorithm: str) -> str:
    """The key as an operator writes it into an environment variable."""
    material = SECRET if algorithm == "HS256" else PRIVATE.public_key().public_bytes_raw()
    return base64.b64encode(material).decode()
