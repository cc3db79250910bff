"""Signed notes and checkpoints, as others read them too: c2sp.org/signed-note and c2sp.org/tlog-checkpoint, Ed25519.

A note is a text, an empty line, and signature lines `— NAME BASE64(key id + signature)`. A checkpoint is a note whose
text says origin, size and root of a log. No message quotes what was read.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAX_NOTE_CHARS: Final = 64 * 1024
MAX_SIGNATURES: Final = 100
_ED25519: Final = b"\x01"
_PRIVATE: Final = "PRIVATE+KEY+"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")


class BadNote(ValueError):
    """No note, no key, or not signed by who should have."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under a name; written `NAME+ID+BASE64`, a "vkey"."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, line: str) -> Verifier:
        """Raises BadNote."""
        name, identity, data = _key_parts(line)
        if data[:1] != _ED25519 or len(data) != 33:
            raise BadNote("no Ed25519 key")
        verifier = cls(name, data[1:])
        if verifier.id.hex() != identity:
            raise BadNote("the key does not fit its id")
        return verifier

    @property
    def id(self) -> bytes:
        """The four bytes that signatures name it by."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(_ED25519 + self.public)}"

    def named(self, name: str) -> Verifier:
        """The same key under another name."""
        return Verifier(_name(name), self.public)

    def verifies(self, text: str, signature: bytes) -> bool:
        """True if this key signed the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


class Signer:
    """A private key under a name; written `PRIVATE+KEY+NAME+ID+BASE64`. Its repr shows nothing of it."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._seed, self._key = seed, Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(_name(name), self._key.public_key().public_bytes_raw())

    @classmethod
    def parse(cls, line: str) -> Signer:
        """Raises BadNote."""
        if not line.startswith(_PRIVATE):
            raise BadNote("no private key")
        name, identity, data = _key_parts(line.removeprefix(_PRIVATE))
        if data[:1] != _ED25519 or len(data) != 33:
            raise BadNote("no Ed25519 key")
        signer = cls(name, data[1:])
        if signer.verifier.id.hex() != identity:
            raise BadNote("the key does not fit its id")
        return signer

    def secret_line(self) -> str:
        """The private key itself."""
        verifier = self.verifier
        return f"{_PRIVATE}{verifier.name}+{verifier.id.hex()}+{_base64(_ED25519 + self._seed)}"

    def sign(self, text: str, name: str = "") -> str:
        """The text as a note, signed under `name` (the key's own if empty). Raises BadNote for a text that can't be."""
        _check_text(text)
        return f"{text}\n{self.line(text, name)}"

    def line(self, text: str, name: str = "") -> str:
        """A signature line alone, to be added to a note."""
        verifier = self.verifier.named(name) if name else self.verifier
        return f"— {verifier.name} {_base64(verifier.id + self._key.sign(text.encode()))}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and who has signed it: only keys that were asked for, each once."""

    text: str
    signers: tuple[Verifier, ...]


def open_note(note: str, keys: Iterable[Verifier]) -> Note:
    """Raises BadNote if it is none, if none of the keys signed it, or if a signature under their name is wrong."""
    text, lines = _split(note)
    known = {(key.name, key.id): key for key in keys}
    signers: dict[tuple[str, bytes], Verifier] = {}
    for name, data in lines:
        key = known.get((name, data[:4]))
        if key is None:
            continue
        if not key.verifies(text, data[4:]):
            raise BadNote("a signature is wrong")
        signers[name, data[:4]] = key
    if not signers:
        raise BadNote("no known key has signed it")
    return Note(text, tuple(signers.values()))


def signed_text(note: str) -> str:
    """The text of a note, whoever signed it: trust it in nothing. Raises BadNote."""
    return _split(note)[0]


def signers_of(note: str) -> Iterator[tuple[str, bytes]]:
    """Name and key id of each signature, not verified. Raises BadNote."""
    yield from ((name, data[:4]) for name, data in _split(note)[1])


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large a log was and what was in it."""

    origin: str
    size: int
    root: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Raises BadNote. Lines after the third are allowed and say nothing to us."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines) or not _SIZE.fullmatch(lines[1]):
            raise BadNote("no checkpoint")
        origin, size, root, *_ = lines
        data = _unbase64(root)
        if len(data) != 32:
            raise BadNote("no checkpoint")
        return cls(origin, int(size), data)

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def notes_in(text: str) -> Iterator[str]:
    """The checkpoints of a file in which they stand one after the other. Raises BadNote for a piece that is none."""
    lines: list[str] = []
    signed = False
    for line in text.splitlines(keepends=True):
        if signed and not line.startswith("— "):
            yield "".join(lines)
            lines, signed = [], False
        if lines or line != "\n":
            lines.append(line)
        signed = line.startswith("— ")
    if lines:
        if not signed:
            raise BadNote("the last note is not complete")
        yield "".join(lines)


def public_keys(lines: Iterable[str]) -> Mapping[bytes, Verifier]:
    """Verifiers by their public key. Raises BadNote."""
    return {key.public: key for key in map(Verifier.parse, lines)}


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    text, gap, tail = note.rpartition("\n\n")
    if not gap or len(note) > MAX_NOTE_CHARS or not tail.endswith("\n"):
        raise BadNote("no signed note")
    text += "\n"
    _check_text(text)
    lines = tail.removesuffix("\n").split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise BadNote("too many signatures")
    return text, [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    dash, *rest = line.split(" ")
    if dash != "—" or len(rest) != 2:
        raise BadNote("no signature line")
    data = _unbase64(rest[1])
    if len(data) < 5:
        raise BadNote("no signature line")
    return _name(rest[0]), data


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise BadNote("a text that can't be signed")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadNote("a text that can't be signed") from None


def _key_parts(line: str) -> tuple[str, str, bytes]:
    name, first, rest = line.partition("+")
    identity, second, data = rest.partition("+")
    if not (first and second and re.fullmatch(r"[0-9a-f]{8}", identity)):
        raise BadNote("no key")
    return _name(name), identity, _unbase64(data)


def _name(name: str) -> str:
    if not name or "+" in name or any(each.isspace() for each in name) or not name.isprintable():
        raise BadNote("no name of a key")
    return name


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unbase64(text: str) -> bytes:
    """In its one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("no base64") from None
    if _base64(data) != text:
        raise BadNote("no base64")
    return data
