"""From a file name to a policy: read, check each file, merge what it extends, check the whole.

Raises Refused (a PolicyError) only; its message has one line `file:line: path: what` for each thing that is wrong. All
mistakes are told at once: what is broken is left out and the rest is judged, except where the broken part decides.
Does not know what the rules do; `policy.lint` knows which ones make no sense.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from guardrail.policy.attach import attach
from guardrail.policy.lint import Problem, lint
from guardrail.policy.merge import merge
from guardrail.policy.model import Policy
from guardrail.policy.settings import explain, model_in, rail_settings, setting_problems
from guardrail.policy.source import Complaint, Key, Refused, Source, is_there, led_to, read_source
from guardrail.rails import catalog

MAX_FILES = 32
_PACKS = (".", "jurisdictions")
"""Where shipped policies lie that a name stands for; examples are to be copied, not extended."""
_PACK_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy that may be put in force, and the files it came from (its own first, what is no policy last)."""

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

    @property
    def digests(self) -> tuple[str, ...]:
        """What stood in `files` when they were read."""
        return tuple(source.sha256 for source in self.sources)

    def complain(self, problem: Problem) -> Complaint:
        """The problem, placed in the file that has it."""
        return _placed(problem, self.sources)


def fingerprint(policy: Policy) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(policy).encode()).hexdigest()


def canonical(policy: Policy) -> str:
    """The one spelling of a policy: every value, keys in order, JSON without white space."""
    return json.dumps(policy.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def load_policy(path: Path, base_url: str | None = None, dialects: Collection[str] = ()) -> Loaded:
    """The policy in a file, merged with what it extends. Raises Refused.

    `base_url` takes the place of the default upstream's address (`guardrail serve --upstream`). `dialects` are the
    provider APIs that are known; if none is given, their names are not checked.
    """
    gathered = _Gathered()
    gathered.visit(path.absolute())
    sources = gathered.sources
    merged: dict[str, Any] = {}
    for source in reversed(sources):
        merged = merge(merged, gathered.sound[source.path])
    if base_url is not None:
        merged = _pointed_at(merged, base_url, dialects)
    policy, complaints = _whole(merged, gathered)
    if policy is not None:
        problems = [*_settings_problems(policy), *lint(policy, gathered.broken, dialects)]
        complaints += [_placed(problem, sources) for problem in problems if gathered.knows(problem.rail)]
    if policy is None or complaints:
        raise Refused(*complaints)
    return Loaded(policy, tuple(gathered.files))


def _whole(merged: Mapping[str, Any], gathered: _Gathered) -> tuple[Policy | None, list[Complaint]]:
    """The merged policy as far as it can be judged, and all that is known to be wrong so far."""
    complaints = list(gathered.complaints)
    if "extends" in gathered.broken:
        return None, complaints
    stand_in = {"name": "unnamed", "version": 1} if complaints else {}
    try:
        return Policy.model_validate({**stand_in, **merged, "extends": []}), complaints
    except ValidationError as error:
        found = [_placed(Problem(key, what), gathered.sources) for key, what in explain(error, Policy)]
        return None, complaints or found


def shipped_policies() -> Path:
    """The folder of the policies that come with the product: beside the package, or inside it once installed."""
    package = Path(__file__).parent.parent
    inside = package / "_policies"
    return inside if inside.is_dir() else package.parent / "policies"


def shipped_policy(name: str) -> Path | None:
    """The file of a shipped policy or pack (`baseline`, `patient-portal`, `us-ca`); None if there is none."""
    folder = shipped_policies()
    if not _PACK_NAME.fullmatch(name):
        return None
    return next((file for place in _PACKS if (file := folder / place / f"{name}.yaml").is_file()), None)


def policy_at(name: Path) -> Path:
    """What somebody means who names a policy: a file, or else the shipped policy of this name."""
    return name if is_there(name) else shipped_policy(str(name)) or name


def baseline() -> Path:
    """The policy that holds when no other is named."""
    return shipped_policies() / "baseline.yaml"


def _pointed_at(merged: Mapping[str, Any], base_url: str, dialects: Collection[str]) -> dict[str, Any]:
    """Everything goes to this address, in whatever dialect; what else is there keeps what the default doesn't speak."""
    name = merged.get("default_upstream") or "default"
    upstreams = dict(merged.get("upstreams") or {})
    own = upstreams.get(name, {}).get("dialects") or ()
    spoken = {"dialects": sorted({*dialects, *own})} if dialects else {}
    upstreams[name] = {**upstreams.get(name, {}), "base_url": base_url, **spoken}
    return {**merged, "upstreams": upstreams, "default_upstream": name}


@dataclass(slots=True)
class _Gathered:
    """A file and everything it extends, each once, what extends before what is extended.

    Files are told apart by where their links lead, but read through the links: a swapped link is a changed policy.
    `sound` has their values without what is broken; `broken` names the parts of which something was left out.
    """

    sound: dict[Path, Mapping[str, Any]] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    _broken_rails: set[str | None] = field(default_factory=set)
    _seen: dict[Path, Source] = field(default_factory=dict)
    _order: list[Path] = field(default_factory=list)
    _attached: list[Source] = field(default_factory=list)

    @property
    def sources(self) -> list[Source]:
        """The policies that have been read, what lies on top first."""
        last = {file: index for index, file in enumerate(self._order)}
        return [self._seen[file] for file in sorted(last, key=lambda file: last[file])]

    @property
    def files(self) -> list[Source]:
        """Everything that has been read: the policies, and the files of recognizers beside them."""
        return [*self.sources, *{source.path: source for source in self._attached}.values()]

    def knows(self, rail: str | None) -> bool:
        """False if a rule of this rail, or one of an unknown rail, was left out of one of several files."""
        return rail is None or len(self._seen) == 1 or not self._broken_rails & {rail, None}

    def visit(self, link: Path, stack: tuple[Path, ...] = ()) -> None:
        """Read a file and what it extends. Raises Refused if it can't be read, or if the files are endless."""
        file = led_to(link)
        if file in stack:
            raise Refused(self._seen[stack[-1]].complain(("extends",), f"{file.name} extends itself in a circle"))
        if file not in self._seen:
            if len(self._seen) == MAX_FILES:
                raise Refused(self._seen[stack[-1]].complain(("extends",), f"more than {MAX_FILES} files"))
            self._seen[file] = source = read_source(link)
            self.sound[source.path] = self._sound(source)
        self._order.append(file)
        for parent in reversed(self._parents(self._seen[file])):
            self._visit_parent(parent, (*stack, file))

    def _visit_parent(self, link: Path, stack: tuple[Path, ...]) -> None:
        try:
            self.visit(link, stack)
        except Refused as error:
            self.complaints += error.complaints
            self.broken.add("extends")

    def _parents(self, source: Source) -> list[Path]:
        """The files that a file extends; a missing one is complained about."""
        found: list[Path] = []
        for index, name in enumerate(self.sound[source.path].get("extends") or ()):
            beside = source.path.parent / name
            file = beside if is_there(beside) else shipped_policy(name)
            if file is None:
                self.broken.add("extends")
                what = "no such file beside this one, and no such shipped policy"
                self.complaints.append(source.complain(("extends", index), what))
            else:
                found.append(file)
        return found

    def _sound(self, source: Source) -> Mapping[str, Any]:
        """The values of a file without the broken ones, which are complained about; with what it attaches."""
        told = [complaint.key for complaint in source.complaints]
        wrong = _wrong(source.values)
        fresh = [(key, what) for key, what in wrong if not any(_under(key, top) for top in told)]
        self.complaints += [*source.complaints, *(source.complain(key, what) for key, what in fresh)]
        keys = [key for key in (*told, *(key for key, _ in wrong)) if key]
        self.broken |= {str(key[0]) for key in keys}
        self._broken_rails |= {_rail_of(key, source.values) for key in keys if key[0] == "rails"}
        values, attached, complaints = attach(source)
        self._attached += attached
        self.complaints += complaints
        values = self._well_set(source, values)
        return _without(values, {_entry(key) for key in keys})

    def _well_set(self, source: Source, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values without settings in which an entry is wrong; what is wrong with a whole one shows when merged."""
        wrong = list(_wrong_entries(source.values))
        self.complaints += [source.complain(key, what) for key, what in wrong]
        return _without_settings(values, {key[:4] for key, _ in wrong})


def _wrong(values: Mapping[str, Any]) -> list[tuple[Key, str]]:
    try:
        Policy.model_validate(values)
    except ValidationError as error:
        return explain(error, Policy)
    return []


def _wrong_entries(values: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    """What is wrong with single entries of settings that are collected: merged, they would have other places."""
    for index, name, settings in rail_settings(values):
        collected = catalog.RAILS[name].collects if name in catalog.RAILS else ()
        for where, what in setting_problems(name, settings):
            if len(where) > 1 and where[0] in collected:
                yield ("rails", index, "settings", *where), what


def _without_settings(values: Mapping[str, Any], settings: Collection[Key]) -> Mapping[str, Any]:
    if not settings:
        return values
    rails = list(values["rails"])
    for index in {int(key[1]) for key in settings}:
        dropped = {key[3] for key in settings if key[1] == index}
        kept = {name: value for name, value in rails[index]["settings"].items() if name not in dropped}
        rails[index] = {**rails[index], "settings": kept}
    return {**values, "rails": rails}


def _rail_of(key: Key, values: Mapping[str, Any]) -> str | None:
    try:
        name = values["rails"][key[1]]["rail"]
    except (LookupError, TypeError):
        return None
    return name if isinstance(name, str) else None


def _under(key: Key, top: Key) -> bool:
    return key[: len(top)] == top


def _entry(key: Key) -> Key:
    """What is left out if something at this key is wrong: the rule, client, upstream or API; else the whole part."""
    return key[: 2 if key[0] in ("rails", "clients", "upstreams", "apis") else 1]


def _without(values: Mapping[str, Any], entries: Collection[Key]) -> dict[str, Any]:
    kept = {name: part for name, part in values.items() if (name,) not in entries}
    for name, part in kept.items():
        if isinstance(part, list):
            kept[name] = [row for index, row in enumerate(part) if (name, index) not in entries]
        elif isinstance(part, Mapping):
            kept[name] = {key: value for key, value in part.items() if (name, key) not in entries}
    return kept


def own_words(key: Key) -> str:
    """A place for a log line: `rails.1.request`. A step that is none of our own words may be a value: "-" for it."""
    known = _vocabulary()
    return ".".join(str(step) if isinstance(step, int) or step in known else "-" for step in key)


@cache
def _vocabulary() -> frozenset[str]:
    models: list[type[BaseModel]] = [Policy, *(catalog.settings_model(rail) for rail in catalog.RAILS)]
    labels = (catalog.labels(rail) for rail in catalog.RAILS)
    return frozenset().union(*labels, *(_fields(model) for model in models))


def _fields(model: type[BaseModel]) -> set[str]:
    inner = (model_in(field.annotation) for field in model.model_fields.values())
    return set(model.model_fields).union(*(_fields(each) for each in inner if each))


def _settings_problems(policy: Policy) -> list[Problem]:
    return [
        Problem(("rails", index, "settings", *where), what, rule.rail)
        for index, rule in enumerate(policy.rails)
        for where, what in setting_problems(rule.rail, rule.settings)
    ]


def _placed(problem: Problem, sources: Sequence[Source]) -> Complaint:
    """`file:line: path: what`, in the file that says it. Rules move in a merge: they are found by their rail."""
    for depth in (len(problem.key), 2, 1):
        for source in sources:
            key = _own_key(source, problem)
            if key[:depth] in source.lines:
                return source.complain(key, problem.what)
    return sources[0].complain(problem.key, problem.what)


def _own_key(source: Source, problem: Problem) -> Key:
    if problem.rail is None:
        return problem.key
    rails = source.values.get("rails") or ()
    named = [rule.get("rail") if isinstance(rule, Mapping) else None for rule in rails]
    index = named.index(problem.rail) if problem.rail in named else len(named)
    return ("rails", index, *problem.key[2:])
