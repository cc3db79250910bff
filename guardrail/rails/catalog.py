"""The table of rails: a policy's name for a check, and where its settings, rail and words are made.

Adding a rail is one file and one row. Targets are "module:attribute" and are imported only when asked for,
because the proxy process must never import what only the analyzer process needs (Presidio, spaCy).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Final, cast

from pydantic import BaseModel

from guardrail.errors import PolicyError, RailError
from guardrail.rails.base import SENTENCE, About, Rail, Reach, Rewriter, Window
from guardrail.text import Action, Direction, Kind, Role


@dataclass(frozen=True, slots=True)
class Scope:
    """What a rail may do in one direction.

    `roles` and `kinds` say at whose words it looks; `actions` what a policy may choose; `rewrites` that its own
    rewriter writes there (a medical question is noted, but nothing is written into the question). The labels in
    `replaces` may be replaced although the others may not.
    """

    roles: frozenset[Role]
    kinds: frozenset[Kind]
    actions: frozenset[Action]
    rewrites: bool = False
    replaces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One rail. `remote` is built in the analyzer process, `local` and `rewriter` in the proxy process.

    `scopes` holds the directions in which the rail may be used at all. `labels` is its closed list. Of the
    settings in `collects` the entries of a policy and of what it extends hold together. An entry of the list `plugins`
    may be the name of a file beside the policy, or a class (`module:Class`). The settings in `files` name a file each,
    seen from the policy's folder. `closing` writes behind the last word of an answer; what it writes about, no rail
    finds but the exchange (how an answer ends, what it is a translation of). `fixed` says what is always done about
    some labels, unless the policy names them.
    """

    name: str
    settings: str
    labels: str
    scopes: Mapping[Direction, Scope]
    remote: str | None = None
    local: str | None = None
    rewriter: str | None = None
    closing: str | None = None
    collects: frozenset[str] = frozenset()
    fixed: Mapping[str, Action] = field(default_factory=dict)
    plugins: str | None = None
    files: frozenset[str] = frozenset()


_ASSISTANT = frozenset({Role.ASSISTANT})
_PROSE = frozenset({Kind.PROSE})
_SPOKEN = frozenset({Kind.PROSE, Kind.DATA})  # a form that is sent as JSON asks too
_ANY_ACTION = frozenset(Action)
_NOTES = _ANY_ACTION - {Action.REPLACE}
_EVERYTHING = Scope(frozenset(Role), frozenset(Kind), _ANY_ACTION)
_QUESTION_AND_ANSWER = {
    Direction.REQUEST: Scope(frozenset({Role.USER}), _SPOKEN, _NOTES),
    Direction.RESPONSE: Scope(_ASSISTANT, _PROSE, _NOTES, rewrites=True),
}

ROWS: tuple[Row, ...] = (
    Row(
        name="crisis",
        settings="guardrail.rails.crisis:CrisisSettings",
        labels="guardrail.rails.crisis:LABELS",
        scopes={
            **_QUESTION_AND_ANSWER,
            Direction.RESPONSE: Scope(_ASSISTANT, _PROSE, _NOTES, rewrites=True, replaces=frozenset({"method"})),
        },
        remote="guardrail.rails.crisis:build",
        local="guardrail.rails.crisis:build_head",
        rewriter="guardrail.rails.crisis:rewriter",
    ),
    Row(
        name="notice",
        settings="guardrail.rails.notice:NoticeSettings",
        labels="guardrail.rails.notice:LABELS",
        scopes={
            Direction.REQUEST: Scope(_ASSISTANT | {Role.USER}, _PROSE, _ANY_ACTION - {Action.BLOCK}, rewrites=True),
            Direction.RESPONSE: Scope(_ASSISTANT, _PROSE, _ANY_ACTION - {Action.BLOCK}, rewrites=True),
        },
        local="guardrail.rails.notice:build",
        rewriter="guardrail.rails.notice:rewriter",
        fixed={"about.*": Action.ALLOW},
    ),
    Row(
        name="medical",
        settings="guardrail.rails.medical:MedicalSettings",
        labels="guardrail.rails.medical:LABELS",
        scopes=_QUESTION_AND_ANSWER,
        remote="guardrail.rails.medical:build",
        local="guardrail.rails.medical:build_head",
        rewriter="guardrail.rails.medical:rewriter",
        fixed={"about.*": Action.ALLOW, "unwanted.*": Action.BLOCK},
    ),
    Row(
        name="persona",
        settings="guardrail.rails.persona:PersonaSettings",
        labels="guardrail.rails.persona:LABELS",
        scopes={Direction.RESPONSE: Scope(_ASSISTANT, _PROSE, _ANY_ACTION, rewrites=True)},
        remote="guardrail.rails.persona:build",
        rewriter="guardrail.rails.persona:rewriter",
    ),
    Row(
        name="injection",
        settings="guardrail.rails.injection:InjectionSettings",
        labels="guardrail.rails.injection:LABELS",
        scopes={
            Direction.REQUEST: Scope(frozenset({Role.USER, Role.TOOL}), _SPOKEN, _NOTES),
            Direction.RESPONSE: Scope(_ASSISTANT, _PROSE, _ANY_ACTION, rewrites=True),
        },
        remote="guardrail.rails.injection:build",
        rewriter="guardrail.rails.injection:rewriter",
    ),
    Row(
        name="assurance",
        settings="guardrail.rails.assurance:AssuranceSettings",
        labels="guardrail.rails.assurance:LABELS",
        scopes={Direction.RESPONSE: Scope(_ASSISTANT, _PROSE, _NOTES, rewrites=True)},
        remote="guardrail.rails.assurance:build",
        rewriter="guardrail.rails.assurance:rewriter",
    ),
    Row(
        name="references",
        settings="guardrail.rails.references:ReferenceSettings",
        labels="guardrail.rails.references:LABELS",
        scopes={Direction.RESPONSE: Scope(_ASSISTANT, _PROSE, _NOTES, rewrites=True)},
        local="guardrail.rails.references:build",
        rewriter="guardrail.rails.references:rewriter",
        files=frozenset({"index"}),
    ),
    Row(
        name="incomplete",
        settings="guardrail.rails.incomplete:IncompleteSettings",
        labels="guardrail.rails.incomplete:LABELS",
        scopes={Direction.RESPONSE: Scope(_ASSISTANT, _PROSE, frozenset({Action.ALLOW, Action.WARN}))},
        closing="guardrail.rails.incomplete:words",
    ),
    Row(
        name="translation",
        settings="guardrail.rails.translation:TranslationSettings",
        labels="guardrail.rails.translation:LABELS",
        scopes={Direction.RESPONSE: Scope(_ASSISTANT, _PROSE, _NOTES)},
        closing="guardrail.rails.translation:words_of",
    ),
    Row(
        name="phi",
        settings="guardrail.rails.phi:PhiSettings",
        labels="guardrail.rails.phi:LABELS",
        scopes={Direction.REQUEST: _EVERYTHING, Direction.RESPONSE: _EVERYTHING},
        remote="guardrail.rails.phi:build",
        collects=frozenset({"allow_terms", "deny_terms", "patterns", "recognizers", "entities"}),
        plugins="recognizers",
    ),
)

RAILS: Mapping[str, Row] = {row.name: row for row in ROWS}
"""By name, in the order in which rails speak at the head of an answer and win an overlap."""


FACTORY: Final = f"{__name__}:build_rail"
"""How an analyzer builds its rails."""


SAMPLES: Final = tuple(
    (Window(text), About(direction, role, language="en"))
    for text in (
        "I think it is harmless. As your doctor I suggest rest, and you can be sure that it works.",
        "My name is Ann Lee, born on 3 May 1961, MRN 4829130. Is 500 mg of metformin with ibuprofen too much for me?",
    )
    for direction, role in ((Direction.REQUEST, Role.USER), (Direction.RESPONSE, Role.ASSISTANT))
)
"""What rails read once before anybody waits for them; invented."""


def prepare() -> None:
    """Imports what any rail set of an analyzer needs, and loads the models that all of them share.

    What can't be imported or loaded is told by the rail that needs it.
    """
    heavy = ("guardrail.rails.phi_engine", "guardrail.rails.assess_model")
    with suppress(ImportError, RailError):
        for target in (*heavy, *(row.remote.partition(":")[0] for row in ROWS if row.remote)):
            import_module(target)
        _resolve("guardrail.rails.assess_model:assessor")()


def row(name: str) -> Row:
    """The row of one rail. Raises PolicyError for an unknown name."""
    found = RAILS.get(name)
    if found is None:
        raise PolicyError("no such rail", param=name)
    return found


def settings_model(name: str) -> type[BaseModel]:
    """The pydantic model of a rail's settings (frozen, unknown keys refused)."""
    return cast(type[BaseModel], _resolve(row(name).settings))


def labels(name: str) -> frozenset[str]:
    """Everything that a rail can report."""
    return frozenset(_resolve(row(name).labels))


def build_rail(name: str, settings: Mapping[str, Any]) -> Rail:
    """The part of a rail that runs in the analyzer process. Raises PolicyError if it has none."""
    target = row(name).remote
    if target is None:
        raise PolicyError("this rail has no part in the analyzer", param=name)
    return cast(Rail, _make(name, target, settings))


def build_local(name: str, settings: Mapping[str, Any]) -> Rail | None:
    """The part of a rail that runs in the proxy process, None if it has none."""
    target = row(name).local
    return None if target is None else cast(Rail, _make(name, target, settings))


def build_rewriter(name: str, settings: Mapping[str, Any]) -> Rewriter | None:
    """What writes a rail's words, None if it writes none (phi: the exchange's vault does)."""
    target = row(name).rewriter
    return None if target is None else cast(Rewriter, _make(name, target, settings))


def build_closing(name: str, settings: Mapping[str, Any]) -> Rewriter | None:
    """What writes a rail's words behind the last one of an answer, None if it writes none there."""
    target = row(name).closing
    return None if target is None else cast(Rewriter, _make(name, target, settings))


def unspoken(name: str, settings: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """The rail's texts that nobody has written in a language; none for a rail that says nothing by itself."""
    made = settings_model(name).model_validate(dict(settings))
    missing = getattr(made, "missing", None)
    return tuple(missing(language)) if missing else ()


def reach(name: str, settings: Mapping[str, Any]) -> Reach:
    """How much later text the analyzer's part wants to see: its setting `reach`, else it judges by the sentence."""
    return Reach(getattr(settings_model(name).model_validate(dict(settings)), "reach", SENTENCE.chars))


def _make(name: str, target: str, settings: Mapping[str, Any]) -> object:
    factory = cast(Callable[[BaseModel], object], _resolve(target))
    return factory(settings_model(name).model_validate(dict(settings)))


@cache
def _resolve(target: str) -> Any:
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)
