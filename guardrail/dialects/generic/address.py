"""Where in a JSON payload something stands, as a policy writes it: a small and strict part of JSONPath.

`$.messages[*].content`: members by name, `[*]` every element of a list, `.*` every member of an object. Nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guardrail.wire.jsondoc import JsonValue

ITEMS, MEMBERS = "[*]", "*"

_NAME = r"[A-Za-z_][A-Za-z0-9_-]{0,63}"
_ADDRESS = re.compile(rf"\$(?:\.{_NAME})(?:\.{_NAME}|\.\*|\[\*\]){{0,15}}")
_PATTERNS = {ITEMS: "/[0-9]+", MEMBERS: r"/\*[0-9]+"}
_STEP = re.compile(rf"\.({_NAME}|\*)|(\[\*\])")


@dataclass(frozen=True, slots=True)
class Address:
    """One address, taken apart into its steps."""

    steps: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Address:
        """Raises ValueError for anything but `$.name` followed by more of `.name`, `.*` and `[*]`."""
        if not _ADDRESS.fullmatch(text):
            raise ValueError("use an address like $.messages[*].content: names, [*] for elements, .* for members")
        return cls(tuple(name or items for name, items in _STEP.findall(text)))

    @property
    def row(self) -> str:
        """The path of a row of the table: `messages[].content`."""
        return "".join("[]" if step == ITEMS else f".{step}" for step in self.steps).removeprefix(".")

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches the addresses that the walk gives to what stands here: `/messages/0/content`, `/meta/*3`."""
        parts = (
            r"/[0-9]+" if step == ITEMS else r"/\*[0-9]+" if step == MEMBERS else f"/{step}" for step in self.steps
        )
        return re.compile("".join(parts))

    @property
    def place(self) -> str:
        """As a pointer in which `*` stands for each element of a list."""
        return "".join("/*" if step == ITEMS else f"/{step}" for step in self.steps)

    @property
    def is_single(self) -> bool:
        """True if it names one place: no `[*]` and no `.*`."""
        return not {ITEMS, MEMBERS} & set(self.steps)

    def covers(self, other: Address) -> bool:
        """True if what stands at `other` stands at or below this address, too."""
        ours, theirs = self.steps, other.steps[: len(self.steps)]
        return len(theirs) == len(ours) and all(a == b or MEMBERS in (a, b) for a, b in zip(ours, theirs, strict=True))

    def find(self, value: JsonValue) -> Iterator[JsonValue]:
        """Everything that stands here."""
        yield from _find(value, self.steps)

    def first(self, value: JsonValue) -> JsonValue:
        """What stands here first, None if nothing does."""
        return next(self.find(value), None)


def _find(value: JsonValue, steps: tuple[str, ...]) -> Iterator[JsonValue]:
    if not steps:
        yield value
        return
    step, rest = steps[0], steps[1:]
    if step == ITEMS:
        below = value if isinstance(value, list) else []
    elif step == MEMBERS:
        below = list(value.values()) if isinstance(value, dict) else []
    else:
        below = [value[step]] if isinstance(value, dict) and step in value else []
    for each in below:
        yield from _find(each, rest)


def address_of(pointer: str) -> Address:
    """The address that leads to a JSON pointer of a literal: numbers are elements."""
    return Address(tuple(ITEMS if step.isdigit() else step for step in pointer.split("/")[1:]))
