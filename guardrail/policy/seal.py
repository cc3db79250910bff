"""Policies that somebody answers for: a seal beside the file, without which nothing takes force (CFG-06).

`ward.yaml.seal` is a JWS (wire.jws, Ed25519) over the policy's name, version, fingerprint and, if it has one, last day.
The fingerprint is that of the merged policy, so the seal covers what is extended and attached as well: what was signed
is what decides, and what every record names. Knows no command line and no store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from guardrail.errors import PolicyError
from guardrail.policy.load import Loaded
from guardrail.policy.source import MAX_BYTES, Complaint, Refused, Source, digest, opened
from guardrail.wire import jws

_USE: Final = "guardrail policy seal 1"
"""What is signed says what it is for: nothing else that the same key signs can stand in for it."""


def today() -> date:
    """By UTC, as the day on which a policy is compiled."""
    return datetime.now(UTC).date()


def seal_of(file: Path) -> Path:
    """Where the seal of a policy lies."""
    return file.with_name(file.name + ".seal")


def sign(loaded: Loaded, private_key: str, expires: date | None = None) -> str:
    """The seal of a policy, valid to the end of the day `expires` (UTC). Raises PolicyError for a key that is none."""
    told = {"use": _USE, **_facts(loaded), "expires": expires.isoformat() if expires else None}
    signed = jws.sign(told, private_key)
    if signed is None:
        raise PolicyError("the key is no Ed25519 private key in PEM without a password")
    return signed


def public_key(text: str) -> jws.Key:
    """The key that seals are checked with, from PEM or base64. Raises PolicyError."""
    key = jws.read_key("EdDSA", text)
    if key is None:
        raise PolicyError("the policy key is no Ed25519 public key, in PEM or base64")
    return key


class Seals:
    """Reads a policy only if it is sealed, still valid, and no older than the one that was in force."""

    def __init__(self, file: Path | None, key: jws.Key, day: Callable[[], date] = today) -> None:
        """Raises PolicyError without a file: the shipped baseline has no seal."""
        if file is None:
            raise PolicyError("--policy-key needs --policy: the shipped baseline has nobody's seal")
        self._seal, self._key, self._day = seal_of(file), key, day
        self._highest = 0

    def remember(self, version: int) -> None:
        """This version is or was in force: a lower one is refused from now on, whatever name it has."""
        self._highest = max(version, self._highest)

    def read(self, load: Callable[[], Loaded]) -> Loaded:
        """What `load` gives, with the seal among its files. Raises Refused, and what `load` raises."""
        loaded, content = load(), self._content()
        self._check(self._opened(content), loaded)
        return replace(loaded, sources=(*loaded.sources, Source(self._seal, {}, digest(content))))

    def _content(self) -> bytes:
        try:
            with opened(self._seal) as file:
                return file.read(MAX_BYTES + 1)
        except OSError as error:
            raise self._refused(f"can't be read ({error.strerror}); `guardrail policy sign` writes it") from None

    def _opened(self, content: bytes) -> Mapping[str, object]:
        try:
            return jws.verify(content.decode("ascii").strip(), self._key)
        except (UnicodeDecodeError, jws.BadSignature):
            raise self._refused("is not signed with the policy key") from None

    def _check(self, told: Mapping[str, object], loaded: Loaded) -> None:
        facts = _facts(loaded)
        if told.get("use") != _USE or {name: told.get(name) for name in facts} != facts:
            raise self._refused("is the seal of something else; the policy was changed after it was signed")
        expires = told.get("expires")
        if expires is not None and not str(expires) >= self._day().isoformat():
            raise self._refused("has expired; sign the policy again")
        if loaded.policy.version < self._highest:
            raise self._refused("is of an older version than one that was in force; give it a higher version")

    def _refused(self, what: str) -> Refused:
        return Refused(Complaint(self._seal.name, 1, (), what))


def _facts(loaded: Loaded) -> Mapping[str, object]:
    return {"name": loaded.policy.name, "version": loaded.policy.version, "sha256": loaded.sha256}
