"""Google's JSON parser takes every field in two spellings, and a single object where a list belongs.

`fileUri` and `file_uri` are one field, and so a client could say one thing to us and another to the model: both in one
object are refused, like two equal keys. Knows no field by name.
"""

from __future__ import annotations

import re

from guardrail.dialects.document import refuse
from guardrail.dialects.table import Echo, Field, Free
from guardrail.wire.jsondoc import JsonValue

_CAPITAL = re.compile(r"(?<!^)([A-Z])")


def snake(name: str) -> str:
    """`fileUri` as `file_uri`."""
    return _CAPITAL.sub(r"_\1", name).lower()


def lenient(root: Field) -> Field:
    """Let a table read both spellings of every field, and one object in the place of a list of objects."""
    _extend(root, set())
    return root


def _extend(field: Field, seen: set[int]) -> None:
    if id(field) in seen:
        return
    seen.add(id(field))
    item = field.items
    if item is not None and item.members and not field.members:
        field.rule, field.members, field.others, field.needs = item.rule, item.members, item.others, item.needs
    for key in list(field.members):
        field.members.setdefault(snake(key), field.members[key])
    for below in (*field.members.values(), *filter(None, (field.items, field.others))):
        _extend(below, seen)


def refuse_twins(value: JsonValue, field: Field, address: str = "") -> None:
    """Raises UnreadablePayload for an object that names one field in both spellings."""
    if isinstance(field.rule, Free | Echo):
        return  # keys that are data: nobody takes two of them for one
    if isinstance(value, list):
        for number, child in enumerate(value):
            refuse_twins(child, field.items or field, f"{address}/{number}")
    elif isinstance(value, dict):
        for number, (key, child) in enumerate(value.items()):
            known = field.members.get(key)
            if known is not None and snake(key) != key and snake(key) in value:
                refuse("duplicate_field", f"{address}/{key}")
            below = known or field.others
            if below is not None and isinstance(child, dict | list):
                refuse_twins(child, below, f"{address}/{key if known else f'*{number}'}")


def spelled(value: JsonValue, name: str) -> JsonValue:
    """The member of an object in whichever spelling, None if there is none."""
    return value.get(name, value.get(snake(name))) if isinstance(value, dict) else None


def each(value: JsonValue, address: str) -> list[tuple[JsonValue, str]]:
    """The elements of a list, or the one that stands in its place, each with its address."""
    if isinstance(value, list):
        return [(child, f"{address}/{number}") for number, child in enumerate(value)]
    return [] if value is None else [(value, address)]
