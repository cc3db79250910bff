"""Payloads generated from the SDK's own types, as they stand on the wire: one for each place where a string could."""

from __future__ import annotations

import datetime
import enum
import typing
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin

import pydantic
from google.genai import types

from guardrail.dialects.table import Field, Rule
from tests.dialects.sdk_types import CANARY, Path

SDK_ONLY = {"sdkHttpResponse", "automaticFunctionCallingHistory", "parsed"}
"""What the SDK adds to an answer."""

Config: Any = pydantic.create_model(
    "Config",
    __base__=types.GenerationConfig,
    imageConfig=(types.ImageConfig | None, None),
    modelConfig=(types.ModelSelectionConfig | None, None),
)
Request: Any = pydantic.create_model(
    "Request",
    contents=(list[types.Content], []),
    systemInstruction=(types.Content | None, None),
    tools=(list[types.Tool], []),
    toolConfig=(types.ToolConfig | None, None),
    safetySettings=(list[types.SafetySetting], []),
    labels=(dict[str, str], {}),
    cachedContent=(str | None, None),
    serviceTier=(types.ServiceTier | None, None),
    store=(bool | None, None),
    continuationToken=(bytes | None, None),
    modelArmorConfig=(types.ModelArmorConfig | None, None),
    outputConfig=(types.GenerationOutputConfig | None, None),
    generationConfig=(Config | None, None),
)
"""The converters of the SDK (`_GenerateContentParameters_to_mldev`, `_to_vertex`) put the config's fields so."""


def members(tp: type[pydantic.BaseModel]) -> dict[str, Any]:
    """The names on the wire, and their types."""
    return {info.alias or name: info.annotation for name, info in tp.model_fields.items() if _wire(info, name)}


def _wire(info: Any, name: str) -> bool:
    return (info.alias or name) not in SDK_ONLY


def options(tp: Any) -> tuple[Any, ...]:
    """The alternatives of a union, without None."""
    if get_origin(tp) is Union or isinstance(tp, typing.types.UnionType):  # type: ignore[attr-defined]
        return tuple(option for part in get_args(tp) if part is not type(None) for option in options(part))
    return (tp,)


def _is_model(tp: Any) -> bool:
    return isinstance(tp, type) and issubclass(tp, pydantic.BaseModel)


def minimal(tp: Any) -> Any:
    """The smallest value of a type; a part says something."""
    tp = options(tp)[0]
    if tp is types.Part:
        return {"text": "hello"}
    if tp is types.Content:
        return {"parts": [{"text": "hello"}]}
    if tp is types.FunctionResponsePart:
        return {"inlineData": {"data": "aGVsbG8=", "mimeType": "text/plain"}}
    if _is_model(tp) or get_origin(tp) is dict:
        return {}
    if get_origin(tp) is list:
        return [minimal(get_args(tp)[0])]
    if isinstance(tp, type) and issubclass(tp, enum.Enum):
        return next(iter(tp)).value
    return {bool: True, int: 1, float: 0.5}.get(tp, "hello")


def leaves(tp: Any, path: Path = (), above: tuple[Any, ...] = ()) -> Iterator[tuple[Path, Any, Any]]:
    """The type's value with None in the place of each leaf, as a function of what stands there; and the leaf's type."""
    for option in options(tp):
        if _is_model(option):
            if above.count(option) < 2:
                for name, hint in members(option).items():
                    for at, kind, make in leaves(hint, (*path, name), (*above, option)):
                        yield at, kind, _in(minimal(option), name, make)
        elif get_origin(option) is list:
            for at, kind, make in leaves(get_args(option)[0], (*path, "[]"), above):
                yield at, kind, lambda value, make=make: [make(value)]
        elif get_origin(option) is dict:
            yield (*path, "*key"), str, lambda value: {value: 1}
            yield (*path, "*"), str, lambda value: {"a_key": value}
        elif option is Any:
            yield path, str, lambda value: {"x": {"y": [value]}}
            yield path, str, lambda value: value
        else:
            yield path, option, lambda value: value


def _in(base: Any, name: str, make: Any) -> Any:
    return lambda value: {**base, name: make(value)}


def planted(tp: Any) -> Iterator[tuple[Path, Any]]:
    """The type's value once for each leaf, with a canary in that place, also where a number or a word belongs."""
    for path, _, make in leaves(tp):
        yield path, make(CANARY)


def worded(tp: Any) -> Iterator[tuple[Path, Any]]:
    """The type's value once for each word of each closed list."""
    for path, kind, make in leaves(tp):
        if get_origin(kind) is Literal:
            yield from ((path, make(word)) for word in get_args(kind))
        elif isinstance(kind, type) and issubclass(kind, enum.Enum):
            yield from ((path, make(word.value)) for word in kind)
        elif kind in (bool, int, float):
            yield path, make(kind(1))
        elif kind is datetime.datetime:
            yield path, make("2026-05-03T10:00:00Z")


def rule_at(root: Field, path: Path) -> Rule | None:
    """The rule that rows lead to; that of a free field above, if there is one. Raises KeyError if there is none."""
    here = root
    for step in path:
        if here.rule is not None and not (here.members or here.items or here.others):
            return here.rule
        below = here.items if step == "[]" else here.others if step[0] == "*" else here.members.get(step)
        if below is None:
            raise KeyError(".".join(path))
        here = below
    return here.rule
