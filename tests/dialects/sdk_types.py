"""Payloads generated from the provider's own SDK types: one for each place where a string could stand."""

from __future__ import annotations

import collections.abc
import types
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

import pydantic
import typing_extensions

CANARY = "ZQ123456789012"

Path = tuple[str, ...]
_REQUIRED = (typing.Required, typing_extensions.Required)
_LISTS = (list, collections.abc.Iterable, collections.abc.Sequence)


@cache
def fields_of(tp: Any) -> Mapping[str, tuple[Any, bool]]:
    """Field name -> (type, required) of a TypedDict or of one of the SDK's models."""
    if isinstance(tp, type) and issubclass(tp, pydantic.BaseModel):
        return {name: (info.annotation, info.is_required()) for name, info in tp.model_fields.items()}
    hints = typing_extensions.get_type_hints(tp, include_extras=True)
    # `__required_keys__` doesn't see through string annotations.
    return {name: (hint, origin_of(hint) in _REQUIRED) for name, hint in hints.items()}


def origin_of(tp: Any) -> Any:
    """`get_origin` for comparisons that its stub has no word for."""
    return get_origin(tp)


def is_object(tp: Any) -> bool:
    """True for a TypedDict and for a model."""
    return typing_extensions.is_typeddict(tp) or (isinstance(tp, type) and issubclass(tp, pydantic.BaseModel))


def bare(tp: Any) -> Any:
    """The type without Required, NotRequired, Annotated and the SDK's own list protocol."""
    while origin_of(tp) in (*_REQUIRED, typing.NotRequired, typing_extensions.NotRequired, typing.Annotated):
        tp = get_args(tp)[0]
    return tp


def options(tp: Any) -> tuple[Any, ...]:
    """The alternatives of a union, without None."""
    tp = bare(tp)
    if get_origin(tp) in (Union, types.UnionType):
        return tuple(option for part in get_args(tp) if part is not type(None) for option in options(part))
    return (tp,)


def element(tp: Any) -> Any | None:
    """The type of a list's elements, None if it is no list."""
    origin = get_origin(tp)
    return get_args(tp)[0] if origin in _LISTS or getattr(origin, "__name__", "") == "SequenceNotStr" else None


def minimal(tp: Any) -> Any:
    """The smallest value of a type, with harmless words in it."""
    tp = options(tp)[0]
    if get_origin(tp) is Literal:
        return get_args(tp)[0]
    if is_object(tp):
        return _minimal_object(tp)
    if element(tp) is not None:
        return [minimal(element(tp))]
    if get_origin(tp) is dict or tp is dict:
        return {}
    return {bool: True, int: 1, float: 0.5}.get(tp, "hello")  # a string, or anything that is written as one


@cache
def _minimal_object(tp: Any) -> Mapping[str, Any]:
    """Made once: nobody changes it."""
    return {name: minimal(hint) for name, (hint, required) in fields_of(tp).items() if required}


def planted(tp: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The type's value once for each leaf and each key of free objects, with a canary in that place."""
    for option in options(tp):
        yield from _planted(option, path)


def _planted(tp: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if is_object(tp):
        for name, (hint, _) in fields_of(tp).items():
            for at, value in planted(hint, (*path, name)):
                yield at, {**minimal(tp), name: value}
    elif element(tp) is not None:
        for at, value in planted(element(tp), (*path, "[]")):
            yield at, [value]
    elif get_origin(tp) is dict:
        yield (*path, "*key"), {CANARY: minimal(get_args(tp)[1])}
        for at, value in planted(get_args(tp)[1], (*path, "*")):
            yield at, {"a_key": value}
    elif tp is object:
        yield from ((path, value) for value in (CANARY, [CANARY], {"x": {"y": [CANARY]}}, {CANARY: 1}))
    else:
        yield path, CANARY  # also where a number, a boolean or a word of a closed list belongs


def spoken(tp: Any) -> Iterator[Any]:
    """The type's value once for each word of each closed list, and once for each optional field, all harmless."""
    for option in options(tp):
        if get_origin(option) is Literal:
            yield from get_args(option)
        elif is_object(option):
            yield minimal(option)
            for name, (hint, _) in fields_of(option).items():
                for value in spoken(hint):
                    yield {**minimal(option), name: value}
        elif element(option) is not None:
            yield from ([value] for value in spoken(element(option)))
        else:
            yield minimal(option)


def places(tp: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every named field."""
    for option in options(tp):
        if is_object(option):
            for name, (hint, _) in fields_of(option).items():
                yield (*path, name)
                yield from places(hint, (*path, name))
        elif element(option) is not None:
            yield from places(element(option), (*path, "[]"))
        elif get_origin(option) is dict and get_args(option)[1] is not object:
            yield from places(get_args(option)[1], (*path, "*"))
