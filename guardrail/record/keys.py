"""The installation's own secrets, in the data folder, for its owner only: what signs the log, what tags are keyed by.

    instance         eight hex digits, made at the first start; writers are named INSTANCE.SLOT
    signing.key      Ed25519, as a signed-note private key (record.note)
    install.secret   32 bytes in base64; every other key is derived from it (HKDF, RFC 5869)

Replicas that share a database share the last two (`audit.signing_key_file`, `audit.secret_file`). A key that is missing
although there is a log, or that is not the log's, is refused: nothing is made anew over what is there.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from guardrail.record.database import StoreUnusable, make_folder, why
from guardrail.record.note import BadNote, Signer, Verifier, open_note

SIGNING_KEY: Final = "signing.key"
INSTALL_FILE: Final = "install.secret"
INSTANCE: Final = "instance"
SECRET_BYTES: Final = 32
_ROTATION: Final = "guardrail key rotation 1\n"
_MAX_BYTES: Final = 4_096


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """Where the keys are; None is the data folder's own."""

    folder: Path
    signing_key: Path | None = None
    secret: Path | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """What one installation signs with and derives from."""

    instance: str
    signer: Signer = field(repr=False)
    secret: bytes = field(repr=False)

    def derive(self, purpose: str, size: int = 32) -> bytes:
        """A key for one purpose and no other."""
        return HKDF(SHA256(), size, salt=None, info=b"guardrail " + purpose.encode()).derive(self.secret)

    @property
    def verifier(self) -> Verifier:
        """The public half of the signing key."""
        return self.signer.verifier


def load_keys(files: KeyFiles, *, create: bool, fresh: bool = True) -> Keys:
    """Raises StoreUnusable. With `create` what is missing in the data folder is made; elsewhere nothing ever is.

    Keys are made only if the log is `fresh`: with another key than the one that signed it, it could not be verified.
    """
    if create:
        make_folder(files.folder)
    instance = _instance(files.folder, create=create)
    line = _own(files.folder / SIGNING_KEY, _new_key(instance), files.signing_key, create=create and fresh)
    text = _own(files.folder / INSTALL_FILE, _new_secret(), files.secret, create=create and fresh)
    try:
        signer = Signer.parse(line)
    except BadNote:
        raise StoreUnusable(f"there is no signing key in {files.signing_key or files.folder / SIGNING_KEY}") from None
    secret = _unbase64(text)
    if len(secret) < SECRET_BYTES:
        where = files.secret or files.folder / INSTALL_FILE
        raise StoreUnusable(f"there are no {SECRET_BYTES} bytes in base64 in {where}")
    return Keys(instance, signer, secret)


def has_signing_key(files: KeyFiles) -> bool:
    """True if there is a file for it, whatever is in it."""
    return (files.signing_key or files.folder / SIGNING_KEY).exists()


def read_instance(folder: Path) -> str:
    """The name of the installation in this folder, "" if there is none."""
    try:
        return _instance(folder, create=False)
    except StoreUnusable:
        return ""


def new_instance(folder: Path) -> str:
    """From now on writers have other names: new chains beside the old ones, which stay as they are."""
    instance = secrets.token_hex(4)
    replace_file(folder / INSTANCE, instance + "\n")
    return instance


def new_signer(instance: str) -> Signer:
    """A key that nobody has yet."""
    return Signer.parse(_new_key(instance))


def rotation(old: Signer, new: Signer) -> str:
    """The note that says that `new` takes the place of `old`. Both sign: who trusts one may trust the other."""
    text = f"{_ROTATION}{old.verifier}\n{new.verifier}\n"
    return old.sign(text) + new.line(text)


def trusted(keys: Iterable[Verifier], rotations: Iterable[str]) -> dict[bytes, Verifier]:
    """Public keys that may have signed a log: those given, their successors, and the predecessors of all of these.

    A successor of a predecessor is none: who has stolen a retired key gets no further. A note that is not signed by
    both its keys says nothing.
    """
    found = {key.public: key for key in keys}
    pairs = [pair for note in rotations if (pair := _rotated(note)) is not None]
    _follow(found, pairs)
    _follow(found, [(new, old) for old, new in pairs])
    return found


def _follow(found: dict[bytes, Verifier], steps: Sequence[tuple[Verifier, Verifier]]) -> None:
    waiting = list(found)
    while waiting:
        public = waiting.pop()
        for source, target in steps:
            if source.public == public and target.public not in found:
                found[target.public] = target
                waiting.append(target.public)


def _rotated(note: str) -> tuple[Verifier, Verifier] | None:
    try:
        title, old, new = note.split("\n")[:3]
        pair = Verifier.parse(old), Verifier.parse(new)
        opened = open_note(note, pair)
    except (BadNote, ValueError):
        return None
    complete = opened.text == f"{_ROTATION}{old}\n{new}\n" and len(opened.signers) == 2
    return pair if complete and f"{title}\n" == _ROTATION else None


def replace_file(path: Path, text: str) -> None:
    """The whole new content or the whole old one, for the owner only. Raises StoreUnusable."""
    written = _written(path, text)
    try:
        written.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise StoreUnusable(f"{path} can't be written: {why(error)}") from None


def _instance(folder: Path, *, create: bool) -> str:
    found = _own(folder / INSTANCE, secrets.token_hex(4), None, create=create).strip()
    if not re.fullmatch(r"[0-9a-f]{8}", found):
        raise StoreUnusable(f"there is no name of an installation in {folder / INSTANCE}")
    return found


def _own(path: Path, fresh: str, given: Path | None, *, create: bool) -> str:
    if given is not None:
        return _read(given)
    if create and not path.exists():
        _make(path, fresh + "\n")
    if path.exists() and path.stat().st_mode & 0o077:
        raise StoreUnusable(f"{path} may be read by others; it has to be its owner's only (chmod 600)")
    return _read(path)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES).decode("ascii").strip()
    except FileNotFoundError:
        raise StoreUnusable(f"{path} is missing") from None
    except OSError as error:
        raise StoreUnusable(f"{path} can't be read: {why(error)}") from None
    except UnicodeDecodeError:
        raise StoreUnusable(f"{path} holds something else than it should") from None


def _make(path: Path, text: str) -> None:
    """Whole or not at all, and once: of two processes that start together one makes it, both use it."""
    written = _written(path, text)
    try:
        os.link(written, path)
        _sync(path.parent)
    except FileExistsError:
        pass  # the other one's
    except OSError as error:
        raise StoreUnusable(f"{path} can't be made: {why(error)}") from None
    finally:
        written.unlink()


def _written(path: Path, text: str) -> Path:
    written = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(written, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreUnusable(f"{path} can't be made: {why(error)}") from None
    return written


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _new_key(instance: str) -> str:
    return Signer(f"guardrail/{instance}", secrets.token_bytes(32)).secret_line()


def _new_secret() -> str:
    return base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
