"""The types of an SDK that is made of models, as the plain types of `sdk_types`: what stands on the wire."""

from __future__ import annotations

import collections.abc
import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, Required, Union, get_args, get_origin

import pydantic
import typing_extensions
from typing_extensions import TypeAliasType

from tests.dialects.sdk_types import bare, element, options, origin_of

Overrides = Mapping[str, Any]
"""`Model.field` to the type that stands there, where the SDK says less (`str` for a word of a closed list)."""

_NOTHING = ("Unset", "UnrecognizedStr", "Omit", "ellipsis")
_MAPPINGS = (dict, collections.abc.Mapping)


class Wire:
    """Translates types; one object a test module, since models are translated once."""

    def __init__(self, overrides: Overrides) -> None:
        self._overrides = overrides
        self._done: dict[Any, Any] = {}

    def of(self, tp: Any) -> Any:
        """The type as it stands on the wire."""
        tp = _opened(tp)
        if tp is Any:
            return object
        if isinstance(tp, type) and issubclass(tp, pydantic.BaseModel):
            return self._model(tp)
        if len(found := [each for each in map(_opened, options(tp)) if each is not type(None)]) > 1 or _is_union(tp):
            return self._union(found)
        if element(tp) is not None:
            return list[self.of(element(tp))]  # type: ignore[misc]
        if get_origin(tp) in _MAPPINGS:
            return dict[str, self.of(get_args(tp)[1])]  # type: ignore[misc]
        return tp if get_origin(tp) is Literal or tp in (str, int, float, bool) else str

    def call(self, method: Callable[..., Any], name: str) -> Any:
        """The arguments of a method that sends them all as one object."""
        hints = typing_extensions.get_type_hints(method, include_extras=True)
        given = inspect.signature(method).parameters
        told = {each: (hints[each], given[each].default is inspect.Parameter.empty) for each in given if each in hints}
        told.pop("request_options", None)
        return self._object(name, told)

    def _union(self, found: list[Any]) -> Any:
        known = [each for each in found if getattr(each, "__name__", "") not in _NOTHING]
        known = [each for each in known if not getattr(each, "__name__", "").startswith("Unknown")]
        anything: tuple[Any, ...] = (Any, object)
        words = [each for each in known if each not in anything]
        return Union[tuple(self.of(each) for each in words or known)]  # noqa: UP007

    def _model(self, model: type[pydantic.BaseModel]) -> Any:
        if model not in self._done:
            told = {
                info.alias or name: (info.annotation, info.is_required()) for name, info in model.model_fields.items()
            }
            self._done[model] = self._object(model.__qualname__, told)
        return self._done[model]

    def _object(self, name: str, told: Mapping[str, tuple[Any, bool]]) -> Any:
        hints = {}
        for field, (hint, required) in told.items():
            said = self._overrides.get(f"{name}.{field}", hint)
            tp = self.of(said)
            hints[field] = Required[tp] if required or _is_mark(tp) or origin_of(said) is Required else tp
        return typing_extensions.TypedDict(name, hints, total=False)  # type: ignore[operator]


def _is_mark(tp: Any) -> bool:
    """True for the one word that tells what an object is: the SDK always says it."""
    return get_origin(tp) is Literal and len(get_args(tp)) == 1


def _is_union(tp: Any) -> bool:
    return get_origin(bare(tp)) is Union


def _opened(tp: Any) -> Any:
    """Without names of types, and what SDKs note about them."""
    while True:
        inner = bare(tp)
        if isinstance(inner, TypeAliasType | typing.TypeVar):
            inner = getattr(inner, "__value__", object)
        elif isinstance(get_origin(inner), TypeAliasType):
            inner = get_origin(inner).__value__[get_args(inner)]
        if inner is tp:
            return tp
        tp = inner
