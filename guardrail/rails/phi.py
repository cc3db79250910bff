"""The rail that finds protected health information. Knows the labels and the settings; the work is in `phi_engine`.

Light: importing it loads neither Presidio nor spaCy, so that the proxy process can read policies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Annotated, Any, Final, Literal, Self, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from guardrail.rails.base import Rail
from guardrail.rails.phi_patterns import MOST_CHARS, check, readable, takes_ordinary_words
from guardrail.rails.phi_terms import check_term, key

LABELS: Final = (
    "NAME",
    "DATE",
    "AGE_OVER_89",
    "ADDRESS",
    "LOCATION",
    "ORG_FACILITY",
    "PHONE",
    "FAX",
    "EMAIL",
    "SSN",
    "MRN",
    "HEALTH_PLAN",
    "ACCOUNT",
    "LICENSE",
    "VEHICLE",
    "DEVICE",
    "URL",
    "IP",
    "BIOMETRIC",
    "OTHER_ID",
)
"""The closed list: the identifiers of 45 CFR 164.514(b)(2)(i), some kept apart."""

MODULES_VARIABLE: Final = "GUARDRAIL_RECOGNIZER_MODULES"
"""Names the Python modules, with commas between them, that a policy may take recognizers from."""

_FILE: Final = re.compile(r"[^:\s][^:]*\.ya?ml")
_CLASS: Final = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", re.ASCII)
_PREDEFINED: Final = re.compile(r"[A-Z][A-Za-z0-9]*Recognizer")
_ONE_WORD: Final = re.compile(r"[^\W\d_]+")


def _label(value: str) -> str:
    if value not in LABELS:
        raise ValueError(f"no such label; one of {', '.join(LABELS)}")
    return value


def _number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _term(value: str) -> str:
    check_term(value)
    return value


def _safe_pattern(value: str) -> str:
    check(value)
    return value


def _readable_pattern(value: str) -> str:
    readable(value)
    return value


def _context_word(value: str) -> str:
    if not _ONE_WORD.fullmatch(value):
        raise ValueError("should be one word of letters")
    return value


Label = Annotated[str, AfterValidator(_label)]
Term = Annotated[str, BeforeValidator(_number_as_text), Field(max_length=80), AfterValidator(_term)]
"""One to twelve whole words, in any case, with or without accents."""
Entity = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
"""What a Presidio recognizer calls what it finds."""
Score = Annotated[float, Field(gt=0.0, le=1.0)]
ContextWord = Annotated[str, Field(max_length=40), AfterValidator(_context_word)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class OwnPattern(_Model):
    """A regular expression of the policy, read in any case. With `context`, only near one of those words.

    Where several findings overlap the highest `score` gives the label.
    """

    label: Label
    pattern: Annotated[str, Field(min_length=1, max_length=MOST_CHARS), AfterValidator(_safe_pattern)]
    score: Score = 1.0
    context: Annotated[tuple[ContextWord, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        if not self.context and takes_ordinary_words(self.pattern):
            raise ValueError("`pattern` finds ordinary words; make it say more, or give it `context`")
        return self


class PresidioPattern(_Model):
    """A pattern of a Presidio recognizer."""

    name: Annotated[str, Field(max_length=200)] = "pattern"
    regex: Annotated[str, Field(min_length=1, max_length=5_000), AfterValidator(_readable_pattern)]
    score: Annotated[float, Field(ge=0.0, le=1.0)]


class OwnRecognizer(_Model):
    """One Presidio recognizer of the policy: the keys of Presidio's registry files, or a class, or a file of them.

    `python` is `module:Class`; `file` stands for the recognizers in it and is replaced by them when a policy is loaded.
    """

    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    type: Literal["custom", "predefined"] = "custom"
    class_name: Annotated[str, Field(pattern=_PREDEFINED.pattern)] | None = None
    enabled: bool = True
    supported_entity: Entity | None = None
    supported_entities: Annotated[tuple[Entity, ...], Field(max_length=100)] = ()
    supported_language: str | None = None
    supported_languages: tuple[Any, ...] | None = None
    patterns: Annotated[tuple[PresidioPattern, ...], Field(max_length=100)] = ()
    deny_list: Annotated[tuple[str, ...], Field(max_length=2_000)] = ()
    deny_list_score: Score = 1.0
    context: tuple[str, ...] | None = None
    score_thresholds: Mapping[str, float] | None = None
    version: str | None = None
    country_code: str | None = None
    python: Annotated[str, Field(pattern=rf"^{_CLASS.pattern}$")] | None = None
    file: Annotated[str, Field(max_length=300, pattern=rf"^{_FILE.pattern}$")] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_one_word(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        for form, made in ((_FILE, "file"), (_CLASS, "python")):
            if form.fullmatch(value):
                return {made: value}
        if _PREDEFINED.fullmatch(value):
            return {"name": value, "type": "predefined"}
        raise ValueError("should be a file (x.yaml), a class (module:Class), or a recognizer of Presidio")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.python or self.file:
            return self
        if self.name is None:
            raise ValueError("has no `name`")
        if self.type == "custom" and not (self.supported_entity or self.supported_entities):
            raise ValueError("has no `supported_entity`")
        if self.type == "custom" and not (self.patterns or self.deny_list):
            raise ValueError("has neither `patterns` nor a `deny_list`")
        return self


class PhiSettings(BaseModel):
    """What a policy may set about the PHI rail."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    min_score: float = Field(default=0.45, ge=0.0, le=1.0)
    """Findings below this are dropped. Lower finds more and takes more away."""
    reach: int = Field(default=48, ge=0, le=512)
    """Code points of later text that can still change a finding."""
    presidio: bool = True
    """Ask Presidio's recognizers too. Without it only the rail's own finders look."""
    detector: Literal["fast", "balanced", "accurate"] = "balanced"
    """How much the sentence model may read: nothing, what is in doubt up to a bound, or all that is in doubt."""
    unknown_scripts: Literal["refuse", "read"] = "refuse"
    """A question in a script that nothing here was trained on: refuse it, or read it as well as can be."""
    this_year: int | None = Field(default=None, ge=1990, le=2200)
    """The year for birth years that tell an age over 89; None: the year in which the rail is built."""
    allow_terms: Annotated[tuple[Term, ...], Field(max_length=50_000)] = ()
    """Never somebody's: what consists of nothing else is not found."""
    deny_terms: Mapping[Label, Annotated[tuple[Term, ...], Field(max_length=50_000)]] = Field(default_factory=dict)
    """Always somebody's, by label. Wins over `allow_terms`."""
    patterns: Annotated[tuple[OwnPattern, ...], Field(max_length=100)] = ()
    """Own regular expressions. What matches nothing but allowed terms is not found."""
    recognizers: Annotated[tuple[OwnRecognizer, ...], Field(max_length=200)] = ()
    """Own recognizers of Presidio, asked about every text."""
    entities: Mapping[Entity, Label] = Field(default_factory=dict)
    """What their entities are called here. One that is not listed: Presidio's own ones as usual, others OTHER_ID."""

    @field_validator("allow_terms", "deny_terms")
    @classmethod
    def _within_reach(cls, value: Any, info: ValidationInfo) -> Any:
        reach = info.data.get("reach", 0)
        lists: Iterable[tuple[str, ...]] = value.values() if isinstance(value, Mapping) else [value]
        longest = max((len(term) for terms in lists for term in terms), default=0)
        if 0 < reach < longest:
            raise ValueError(f"a term is longer than `reach`; set `reach: {longest}`")
        return value

    @field_validator("deny_terms")
    @classmethod
    def _not_both(cls, value: Mapping[str, tuple[str, ...]], info: ValidationInfo) -> Mapping[str, tuple[str, ...]]:
        allowed = {key(term) for term in info.data.get("allow_terms", ())}
        labels = [label for label, terms in value.items() if any(key(term) in allowed for term in terms)]
        if labels:
            raise ValueError(f"a term of {labels[0]} is one of `allow_terms` too")
        return value

    @field_validator("patterns")
    @classmethod
    def _found(cls, value: tuple[OwnPattern, ...], info: ValidationInfo) -> tuple[OwnPattern, ...]:
        if any(each.score < info.data.get("min_score", 0.0) for each in value):
            raise ValueError("a pattern has a lower score than `min_score`: it would never be found")
        return value


def build(settings: PhiSettings) -> Rail:
    """The rail, ready and warm. Takes a second or two: for the analyzer process."""
    return cast(Rail, import_module("guardrail.rails.phi_engine").build(settings))
