"""Crisis texts and services as they are shipped: read, compared with their fingerprints, checked (WHO-51).

A wrong number can cost a life. A file that is not byte for byte what was pinned, is missing, or was added, stops the
start: nothing is served then. Knows files and dates; no policy and no words of a conversation.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from guardrail.errors import PolicyError

FOLDER: Final = Path(__file__).parent / "data" / "crisis"
MANIFEST: Final = "SHA256SUMS"
SERVICES_FILE: Final = "services.toml"
MAX_SERVICE_DAYS: Final = 180
"""Requirements 4.1: helplines go stale within a year."""
MAX_TEXT_DAYS: Final = 366
DIRECTORY: Final = "findahelpline.com, befrienders.org"
"""International directories, for a country without a current line."""
_ROUND_THE_CLOCK: Final = "24/7"
_BLANKS: Final[Mapping[str, frozenset[str]]] = {
    "emergency": frozenset({"emergency"}),
    "self_harm": frozenset({"emergency", "line"}),
    "clinician": frozenset({"emergency", "line"}),
    "line": frozenset({"service"}),
    "line_clinician": frozenset({"service"}),
    "local_number": frozenset(),
    "method": frozenset(),
    "stay": frozenset(),
}
NAMES: Final = tuple(_BLANKS)
"""The texts of a language."""

IsoDate = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Service(_Row):
    """One country. `line` is the crisis line as it is shown, "" where none is verified."""

    emergency: str = Field(min_length=2, max_length=40)
    line: str = ""
    hours: str = ""
    languages: tuple[str, ...] = ()
    source: str = Field(min_length=3)
    verified_on: IsoDate
    verified_by: str = ""
    """The person who checked the row; "" if it was only seen in research."""
    expires_on: IsoDate

    def current(self, today: str) -> bool:
        """True while the crisis line may be shown (`today` as an ISO date, which compares as text)."""
        return today <= self.expires_on

    @property
    def shown(self) -> str:
        """The line with its hours where they need no translation; "" if there is none."""
        around = self.hours == _ROUND_THE_CLOCK and bool(self.line)
        return f"{self.line} ({self.hours})" if around else self.line

    @model_validator(mode="after")
    def _not_for_long(self) -> Self:
        _check_days(self.verified_on, self.expires_on, MAX_SERVICE_DAYS)
        return self


class Text(_Row):
    """The texts of one language, with {emergency}, {line} and {service}. A draft while nobody has reviewed it."""

    written_on: IsoDate
    reviewed_by: str = ""
    reviewed_on: str = Field(default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    expires_on: IsoDate
    emergency: str
    self_harm: str
    line: str
    clinician: str
    line_clinician: str
    local_number: str
    method: str
    stay: str

    @property
    def is_draft(self) -> bool:
        """True while no named person has signed it."""
        return not self.reviewed_by

    def current(self, today: str) -> bool:
        """True until it has to be read again."""
        return today <= self.expires_on

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _check_days(self.reviewed_on or self.written_on, self.expires_on, MAX_TEXT_DAYS)
        if bool(self.reviewed_by) != bool(self.reviewed_on):
            raise ValueError("reviewed_by and reviewed_on go together")
        for name, blanks in _BLANKS.items():
            check_blanks(name, getattr(self, name), needed=blanks)
        return self


class CrisisData(_Row):
    """All of it: texts by language, services by country."""

    texts: Mapping[str, Text]
    services: Mapping[str, Service]

    def table(self, name: str) -> dict[str, str]:
        """One of the texts, by language."""
        return {language: getattr(text, name) for language, text in self.texts.items()}


def check_blanks(name: str, text: str, needed: frozenset[str] = frozenset()) -> None:
    """Raises ValueError for a text of this name that is empty or has other blanks than its own, or not the `needed`."""
    found = set(re.findall(r"\{(\w*)\}", text))
    rest = re.sub(r"\{\w*\}", "", text)
    if not text.strip() or not needed <= found <= _BLANKS[name] or "{" in rest or "}" in rest:
        raise ValueError(f"{name}: a text with the blanks {', '.join(sorted(_BLANKS[name])) or '(none)'}")


def read(folder: Path = FOLDER) -> CrisisData:
    """What is in the folder. Raises PolicyError if it is not what was pinned, or says what it may not."""
    files = _pinned(folder)
    try:
        texts = {
            name.removesuffix(".toml"): Text(**_parsed(content))
            for name, content in files.items()
            if name != SERVICES_FILE
        }
        services = {country: Service(**row) for country, row in _parsed(files[SERVICES_FILE]).items()}
    except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError):
        raise PolicyError("a crisis text or a service that is shipped is not well formed") from None
    return CrisisData(texts=MappingProxyType(texts), services=MappingProxyType(services))


@cache
def shipped() -> CrisisData:
    """What this release holds; read once. Raises PolicyError."""
    return read()


def manifest(folder: Path = FOLDER) -> str:
    """The fingerprints of the files as they are now, as `sha256sum` writes them."""
    files = sorted(folder.glob("*.toml"))
    return "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)


def _pinned(folder: Path) -> Mapping[str, bytes]:
    try:
        lines = [line.split() for line in (folder / MANIFEST).read_text("ascii").splitlines()]
        pins = {name: digest for digest, name in lines}
        files = {file.name: file.read_bytes() for file in folder.glob("*.toml")}
    except (OSError, ValueError):
        raise PolicyError("the crisis texts can't be read") from None
    if {name: hashlib.sha256(content).hexdigest() for name, content in files.items()} != pins:
        raise PolicyError("the crisis texts are not those that were released")
    return files


def _parsed(content: bytes) -> dict[str, Any]:
    return tomllib.loads(content.decode("utf-8"))


def _check_days(since: str, until: str, most: int) -> None:
    days = (date.fromisoformat(until) - date.fromisoformat(since)).days
    if not 0 < days <= most:
        raise ValueError(f"expires at most {most} days later")
