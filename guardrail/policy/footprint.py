"""What an answer costs, and what its footprint is modelled from: prices, electricity, models (WHO-85, WHO-87).

Values only; `policy.accounts` works with them. There are no budgets in this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictFloat, StrictStr, model_validator

from guardrail import footprint
from guardrail.footprint import GENERIC, OWN, WORLD, Machine
from guardrail.policy.base import Model
from guardrail.record.entry import Range

Pair = tuple[StrictFloat, StrictFloat]


def _both(value: object) -> object:
    return (value, value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _between(least: float, most: float) -> Callable[[Pair], Pair]:
    def check(value: Pair) -> Pair:
        low, high = value
        if not least <= low <= high <= most:
            raise ValueError(f"give a number, or a lower and an upper bound, between {least:g} and {most:g}")
        return value

    return check


def _zone(value: str) -> str:
    if value != WORLD and not footprint.has_zone(value):
        raise ValueError("no electricity mix of this zone is known; use WOR or an ISO 3166-1 alpha-3 code")
    return value


def _listed(value: str) -> str:
    if footprint.known(value) is None:
        raise ValueError("EcoLogits lists no such model; name it as provider/model, or give `active` and `total`")
    return value


Bounds = Annotated[Pair, BeforeValidator(_both)]
"""The lower and the upper bound, or one number for both."""
Billions = Annotated[Bounds, AfterValidator(_between(0.001, 100_000))]
Pue = Annotated[Bounds, AfterValidator(_between(1, 5))]
Wue = Annotated[Bounds, AfterValidator(_between(0, 50))]
Pattern = Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9*?][A-Za-z0-9._:/@+*?-]{0,99}$")]
"""Of models, as they are asked for or as they answer; with * and ? as in names of files."""
Amount = Annotated[StrictFloat, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Zone = Annotated[StrictStr, Field(pattern=r"^[A-Z]{3}$"), AfterValidator(_zone)]


class Price(Model):
    """What a provider charges for a million tokens. Tokens out of a cache cost as any other if nothing is said."""

    model: Pattern
    input_per_million: Amount
    output_per_million: Amount
    cached_per_million: Amount | None = None
    currency: Annotated[StrictStr, Field(pattern=r"^[A-Z]{3}$")]
    """ISO 4217."""


class Size(Model):
    """A model that nobody lists: its parameters in billions, and the data centre that it runs in.

    `active` are those that a token needs; `total` all of them, as many if left out. Without `pue` and `wue` it is the
    span of the data centres that EcoLogits lists.
    """

    active: Billions
    total: Billions | None = None
    pue: Pue | None = None
    wue: Wue | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = self.total or self.active
        if total[0] < self.active[0] or total[1] < self.active[1]:
            raise ValueError("a model has no fewer parameters in all (`total`) than it uses for a token (`active`)")
        return self

    def machine(self, source: str) -> Machine:
        """As it is estimated."""
        pue, wue = footprint.somewhere()
        return Machine(
            active=Range(*self.active),
            total=Range(*(self.total or self.active)),
            pue=Range(*self.pue) if self.pue else pue,
            wue=Range(*self.wue) if self.wue else wue,
            source=source,
        )


class Sized(Model):
    """What is known of the models of a pattern: that they are like one of EcoLogits' list, or their size."""

    model: Pattern
    like: Annotated[StrictStr, AfterValidator(_listed)] | None = None
    size: Size | None = None
    zone: Zone | None = None
    """Where its electricity comes from, if that is not `footprint.zone`."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.like is None) is (self.size is None):
            raise ValueError("give `like` or `size`, one of both")
        return self

    @property
    def machine(self) -> Machine:
        """As it is estimated."""
        found = footprint.known(self.like) if self.like else self.size.machine(OWN) if self.size else None
        assert found is not None  # checked when it was read
        return found


class Footprints(Model):
    """The policy's part `footprint`. Of prices and of models the first row counts that fits."""

    on: StrictBool = True
    """Whether energy, CO2e and water are estimated; costs are told wherever there is a price."""
    zone: Zone = WORLD
    prices: Annotated[tuple[Price, ...], Field(max_length=500)] = ()
    models: Annotated[tuple[Sized, ...], Field(max_length=500)] = ()
    otherwise: Size | None = None
    """For models that neither a row nor EcoLogits knows. Without it their footprint is not known; it is never zero."""

    @property
    def last_resort(self) -> Machine | None:
        """`otherwise`, as it is estimated."""
        return self.otherwise.machine(GENERIC) if self.otherwise else None
