"""What is wrong with the settings of a check, and with any value that a model refuses: where, and in words that help.

Knows the models of the rails by the catalog only. Never quotes a value.
"""

from __future__ import annotations

import difflib
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from guardrail.policy.source import Key
from guardrail.rails import catalog

_OF_THE_KEY = "[key]"  # pydantic's step for a mapping's key itself
_SECRET_KEYS = frozenset({"api_key", "key", "token", "secret", "password", "bearer", "authorization"})


def setting_problems(rail: str, settings: Mapping[str, Any]) -> list[tuple[Key, str]]:
    """Each mistake in the settings of a rail, its key without what stands around the settings."""
    if rail not in catalog.RAILS:
        return []
    model = catalog.settings_model(rail)
    try:
        model.model_validate(dict(settings))
    except ValidationError as error:
        return explain(error, model)
    return []


def rail_settings(values: Mapping[str, Any]) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """The settings in a policy as written, with the place and the name of their rule; what can't be any is left out."""
    rails = values.get("rails")
    for index, rule in enumerate(rails if isinstance(rails, list) else ()):
        name, settings = (rule.get("rail"), rule.get("settings")) if isinstance(rule, Mapping) else (None, None)
        if isinstance(name, str) and isinstance(settings, Mapping):
            yield index, name, settings


_OF_YAML = {"tuple_type": "list", "list_type": "list", "dict_type": "mapping", "model_type": "mapping"}
"""Python's words for a type that a policy spells otherwise."""


def explain(error: ValidationError, model: type[BaseModel]) -> list[tuple[Key, str]]:
    """Where and what, in words that help, without quoting a value."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    placed = [(tuple(step for step in item["loc"] if step != _OF_THE_KEY), item) for item in found]
    return [(key, _words(item["type"], key, item["msg"], model)) for key, item in placed]


def _words(kind: str, key: Key, message: str, model: type[BaseModel]) -> str:
    if kind == "extra_forbidden":
        return _unknown_key(str(key[-1]), sorted(_model_at(model, key[:-1]).model_fields))
    if kind == "missing":
        return "is missing"
    if kind in _OF_YAML:
        return f"should be a {_OF_YAML[kind]}"
    return message.removeprefix("Value error, ").replace("Input should be", "should be")


def _unknown_key(name: str, known: list[str]) -> str:
    if name.lower() in _SECRET_KEYS:
        return "a secret never stands in a policy; use api_key_env or api_key_file (clients: token_sha256)"
    return f"unknown key{did_you_mean(name, known)}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` if something known is close."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{close[0]}"?' if close else ""


def _model_at(model: type[BaseModel], key: Key) -> type[BaseModel]:
    for step in key:
        field = model.model_fields.get(str(step))
        inner = model_in(field.annotation) if field else None
        model = inner or model
    return model


def model_in(annotation: object) -> type[BaseModel] | None:
    """The model that a field holds, alone or in a list or mapping; None if it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (model_in(part) for part in typing.get_args(annotation))
    return next((model for model in found if model), None)
