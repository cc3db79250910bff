"""What deployer and developers say about the models (WHO-13, 14, 62, 63, 70, 72, 75, 84): the part `disclosure`.

Nothing has to be said; what is left out is shown as not disclosed, never left away. What is said is held to two rules:
a claim names the kind of evidence behind it, and nobody speaks of approval without the number of a registration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from guardrail.policy.base import Language, Model
from guardrail.rails.fold import fold

NOT_DISCLOSED: Final = "not disclosed by developer"
"""What stands wherever nobody said anything (WHO-62)."""
EvidenceKind = Literal["none", "internal", "external", "peer_reviewed", "prospective_trial"]
Status = Literal["not_disclosed", "no_device", "not_registered", "under_investigation", "registered"]


def _read_day(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        return value
    raise ValueError("write a day as 2026-12-31")


def _numbered(value: str) -> str:
    if not any(letter.isdigit() for letter in value):
        raise ValueError("the number of a registration has a digit in it")
    return value


Line = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f\u2028\u2029]+$")]
Lines = Annotated[tuple[Line, ...], Field(max_length=40)]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f\u2028\u2029]+$")]
Day = Annotated[date, BeforeValidator(_read_day)]
Link = Annotated[str, Field(max_length=500, pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$")]
ModelPattern = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:@/*+-]{1,200}$")]


class Evidence(Model):
    """One claim about what a model can do, and what stands behind it (WHO-14)."""

    claim: Line
    kind: EvidenceKind
    reference: Line | None = None
    """Where it can be read: a DOI, a registration of the trial, a report."""

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.kind in ("external", "peer_reviewed", "prospective_trial") and self.reference is None:
            raise ValueError(f"evidence of the kind {self.kind} needs its reference")
        return self


class Registration(Model):
    """The entry of a device in an authority's register."""

    authority: Name
    number: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_-]{2,60}$"), AfterValidator(_numbered)]
    use: Line
    """For what it is registered, in the words of the register."""
    link: Link | None = None


class FineTuned(Model):
    """How a model differs from the one that was assessed (WHO-72)."""

    base: Name
    by: Name
    id: Name | None = None
    changes: Line | None = None


class Card(Model):
    """What is said about one model. What is left out is shown as not disclosed by its developer."""

    developer: Name | None = None
    provider: Name | None = None
    """Who runs it, if that is somebody else."""
    version: Name | None = None
    intended_use: Lines = ()
    not_for: Lines = ()
    age_range: Annotated[str, Field(pattern=r"^[0-9]{1,3}(\+|-[0-9]{1,3})$")] | None = None
    languages: tuple[Language, ...] = ()
    training_data: Line | None = None
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=40)] = ()
    risks: Lines = ()
    footprint: Line | None = None
    regulatory_status: Status = "not_disclosed"
    registration: Registration | None = None
    fine_tuned: FineTuned | None = None
    end_of_life: Day | None = None
    """After this day its provider no longer looks after it (WHO-84)."""

    @model_validator(mode="after")
    def _no_approval_without_a_number(self) -> Self:
        if (self.regulatory_status == "registered") is not (self.registration is not None):
            raise ValueError("`regulatory_status: registered` and `registration` (authority, number, use) go together")
        if self.registration is None and any(speaks_of_approval(text) for text in _texts(self)):
            raise ValueError(
                "speaks of approval, clearance or certification without a `registration`; "
                "say what is so by `regulatory_status: not_registered`"
            )
        return self


class Disclosure(Model):
    """The policy's part `disclosure`."""

    deployer: Name | None = None
    contact: Line | None = None
    """Whom people ask: a desk, a telephone number, an address."""
    objection: Line | None = None
    """Where people object to what was done with AI; left out: at `contact`."""
    models: Annotated[Mapping[ModelPattern, Card], Field(max_length=200)] = Field(default_factory=dict)
    """By the name that applications ask for; `*` stands for anything."""

    def card(self, *names: str) -> Card | None:
        """What is said about the first of these names that anything is said about: as it is, else by its pattern."""
        for name in names:
            if name in self.models:
                return self.models[name]
            patterns = [each for each in self.models if "*" in each and fnmatchcase(name, each)]
            if patterns:
                return self.models[max(patterns, key=len)]
        return None

    @model_validator(mode="after")
    def _deployer_approves_nothing(self) -> Self:
        if any(speaks_of_approval(each) for each in (self.deployer, self.contact, self.objection) if each):
            raise ValueError("the names of the deployer say nothing about approval; a model's `registration` does")
        return self


def _texts(card: Card) -> Iterator[str]:
    """Everything that is written in free words."""
    for value in card.model_dump(exclude={"registration", "regulatory_status", "languages", "age_range"}).values():
        yield from _words_in(value)


def _words_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _words_in(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _words_in(each)


_APPROVAL: Final = re.compile(
    r"\bapprov|\bclear(?:ed\b|ance)|\bcertif|\bauthori[sz]|\bendorse|\baccredit"
    r"|\bvalidated by (?:the )?(?:fda|ema|who)\b"
    r"|\bfda\b|\bce[- ]?mark|\bukca\b|\b510 ?\(? ?k ?\)?|\bde novo\b|\bbreakthrough device|\bmedical device class"
    r"|\bclass (?:i{1,3}[ab]?|[1-3]) (?:medical )?device|\b(?:medical )?device (?:licen[sc]e|registration)"
    r"|\bzugelassen|\bzulassung|\bzertifi|\bgenehmig|\bgepr[uü]ftes medizinprodukt"
    r"|\baprobad|\bautorizad|\bhomologad|\bautoriz|\baprovad|\bcertificad"
    r"|\bapprouv|\bautoris|\bhomologu|\bapprovat|\bautorizzat|\bomologat"
    r"|одобрен|сертифи|разрешен[аоы]? к|зарегистрирован"
    r"|批准|认证|注册证|获批|核准|معتمد|مرخ|موافقة الجهات|अनुमोदित|स्वीकृत|प्रमाणित"
    r"|\bidhinish|\bimeidhin|\bdisetujui|\btersertifikasi",
    re.IGNORECASE,
)


_MARKUP: Final = re.compile(r"[*_`~|]|<[^>]{0,40}>")


def speaks_of_approval(text: str) -> bool:
    """True for words by which a reader would take a model for one that an authority has approved (WHO-70).

    Also if they are denied: what is not so is said by `regulatory_status`, in words of ours. Look-alike letters,
    hidden characters and markup between the letters change nothing.
    """
    bare = _MARKUP.sub("", text)
    return any(_APPROVAL.search(spelt) for spelt in (fold(bare).text, bare))
