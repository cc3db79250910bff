"""From a file name to a policy: read, check each file, merge what it extends, check the whole.

Raises PolicyError only; its message has one line `file:line: path: what` for each thing that is wrong.
Does not know what the rules do; `policy.lint` knows which ones make no sense.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from guardrail.errors import PolicyError
from guardrail.policy.lint import Problem, lint
from guardrail.policy.merge import merge
from guardrail.policy.model import Policy
from guardrail.policy.source import Key, Source, read_source
from guardrail.rails import catalog

MAX_FILES = 32
_SECRET_KEYS = frozenset({"api_key", "key", "token", "secret", "password", "bearer", "authorization"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy that may be put in force, and the files it came from (its own first)."""

    policy: Policy
    sources: tuple[Source, ...]

    @property
    def sha256(self) -> str:
        """The fingerprint of what is in force: of the merged policy, whatever the layout of its files."""
        return fingerprint(self.policy)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file whose change can change the policy."""
        return tuple(source.path for source in self.sources)

    def complain(self, problem: Problem) -> str:
        """`file:line: path: what`, in the file that says it. Rules move in a merge: they are found by their rail."""
        for depth in (len(problem.key), 2, 1):
            for source in self.sources:
                key = _own_key(source, problem)
                if key[:depth] in source.lines:
                    return source.complain(key, problem.what)
        return self.sources[0].complain(problem.key, problem.what)


def fingerprint(policy: Policy) -> str:
    """SHA-256 of the canonical form, in hex."""
    canonical = json.dumps(policy.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def load_policy(path: Path, base_url: str | None = None) -> Loaded:
    """The policy in a file, merged with what it extends. Raises PolicyError.

    `base_url` takes the place of the default upstream's address (`guardrail serve --upstream`).
    """
    sources = tuple(_gather(path))
    merged: dict[str, Any] = {}
    for source in reversed(sources):
        merged = merge(merged, source.values)
    if base_url is not None:
        merged = _pointed_at(merged, base_url)
    policy = _validate({**merged, "extends": []}, sources[0])
    loaded = Loaded(policy, sources)
    problems = [*_settings_problems(policy), *lint(policy)]
    if problems:
        raise PolicyError("\n".join(loaded.complain(problem) for problem in problems))
    return loaded


def shipped_policies() -> Path:
    """The folder of the policies that come with the product: beside the package, or inside it once installed."""
    package = Path(__file__).parent.parent
    inside = package / "_policies"
    return inside if inside.is_dir() else package.parent / "policies"


def baseline() -> Path:
    """The policy that holds when no other is named."""
    return shipped_policies() / "baseline.yaml"


def _pointed_at(merged: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    name = merged.get("default_upstream") or "default"
    upstreams = dict(merged.get("upstreams") or {})
    upstreams[name] = {**upstreams.get(name, {}), "base_url": base_url}
    return {**merged, "upstreams": upstreams, "default_upstream": name}


def _gather(path: Path) -> Iterable[Source]:
    """The file and everything it extends, each once, what extends before what is extended.

    Files are told apart by where their links lead, but read through the links: a swapped link is a changed policy.
    """
    seen: dict[Path, Source] = {}

    def visit(link: Path, stack: tuple[Path, ...]) -> list[Path]:
        file = link.resolve()
        if file in stack:
            raise PolicyError(seen[stack[-1]].complain(("extends",), f"{file.name} extends itself in a circle"))
        if file not in seen:
            if len(seen) == MAX_FILES:
                raise PolicyError(seen[stack[-1]].complain(("extends",), f"more than {MAX_FILES} files"))
            seen[file] = _checked(read_source(link))
        parents = [_find(seen[file], index) for index in range(len(seen[file].values.get("extends") or ()))]
        return [file, *(child for parent in reversed(parents) for child in visit(parent, (*stack, file)))]

    order = visit(path.absolute(), ())
    last = {file: index for index, file in enumerate(order)}
    return [seen[file] for file in sorted(last, key=lambda file: last[file])]


def _find(source: Source, index: int) -> Path:
    name = source.values["extends"][index]
    for found in (source.path.parent / name, shipped_policies() / f"{name}.yaml"):
        if found.is_file():
            return found
    raise PolicyError(source.complain(("extends", index), "no such file beside this one, and no such shipped policy"))


def _checked(source: Source) -> Source:
    _validate(source.values, source)
    return source


def _validate(values: Mapping[str, Any], source: Source) -> Policy:
    try:
        return Policy.model_validate(values)
    except ValidationError as error:
        lines = [source.complain(where, what) for where, what in explain(error, Policy)]
        raise PolicyError("\n".join(lines)) from None


def explain(error: ValidationError, model: type[BaseModel]) -> list[tuple[Key, str]]:
    """Where and what, in words that help, without quoting a value."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [(tuple(item["loc"]), _words(item["type"], tuple(item["loc"]), item["msg"], model)) for item in found]


def _words(kind: str, key: Key, message: str, model: type[BaseModel]) -> str:
    if kind == "extra_forbidden":
        return _unknown_key(str(key[-1]), sorted(_model_at(model, key[:-1]).model_fields))
    if kind == "missing":
        return "is missing"
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
        inner = _model_in(field.annotation) if field else None
        model = inner or model
    return model


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(part) for part in typing.get_args(annotation))
    return next((model for model in found if model), None)


def _settings_problems(policy: Policy) -> list[Problem]:
    problems: list[Problem] = []
    for index, rule in enumerate(policy.rails):
        if rule.rail in catalog.RAILS:
            model = catalog.settings_model(rule.rail)
            try:
                model.model_validate(dict(rule.settings))
            except ValidationError as error:
                here = ("rails", index, "settings")
                problems += [Problem((*here, *where), what, rule.rail) for where, what in explain(error, model)]
    return problems


def _own_key(source: Source, problem: Problem) -> Key:
    if problem.rail is None:
        return problem.key
    rails = source.values.get("rails") or ()
    index = next((i for i, rule in enumerate(rails) if rule["rail"] == problem.rail), len(rails))
    return ("rails", index, *problem.key[2:])
