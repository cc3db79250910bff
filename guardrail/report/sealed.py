"""The signature of a report: a signed note (c2sp.org/signed-note) beside each of its files, made with the log's key.

The note names the period and the SHA-256 of the JSON document and of the page, so that either can be checked, and the
JSON's digest is what the audit log holds in its event `reported` (WHO-65, WHO-77).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from guardrail.record.note import BadNote, Signer, Verifier, open_note

TITLE: Final = "guardrail report 1"
_TEXT: Final = re.compile(
    rf"{TITLE}\nfrom (\d{{4}}-\d\d-\d\d)\nto (\d{{4}}-\d\d-\d\d)\njson ([0-9a-f]{{64}})\nhtml ([0-9a-f]{{64}})\n"
)


class BadSeal(ValueError):
    """The file is not what was signed, or nobody who is trusted signed it. The message says which."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What is signed: a period and two digests (hex)."""

    first: str
    last: str
    json: str
    html: str

    def __str__(self) -> str:
        return f"{TITLE}\nfrom {self.first}\nto {self.last}\njson {self.json}\nhtml {self.html}\n"

    def sign(self, signer: Signer) -> str:
        """The note."""
        return signer.sign(str(self))


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that is as it was signed: as what, and by whom."""

    seal: Seal
    kind: str
    signers: tuple[str, ...]


def digest(data: bytes) -> str:
    """SHA-256, in hex."""
    return sha256(data).hexdigest()


def check(data: bytes, note: str, keys: Iterable[Verifier]) -> Checked:
    """Raises BadSeal."""
    try:
        opened = open_note(note, keys)
    except BadNote as error:
        raise BadSeal(f"the signature does not hold: {error}") from None
    found = _TEXT.fullmatch(opened.text)
    if found is None:
        raise BadSeal("what was signed is no report")
    seal = Seal(*found.groups())
    kinds = {seal.json: "json", seal.html: "html"}
    kind = kinds.get(digest(data))
    if kind is None:
        raise BadSeal("the file is not the one that was signed")
    return Checked(seal, kind, tuple(key.name for key in opened.signers))
