"""Energy, greenhouse gases and water of an answer, modelled by EcoLogits from its tokens; never measured (WHO-85).

The library's model is a straight line: so much for each token of the answer, so much for each second that the machine
was held, which is the time of the request or that in which the model makes as many tokens, whichever is shorter. The
line of a machine is worked out once, by the library; an estimate is then two multiplications. The library's data are
inside its package, and nothing here reaches out. Lower bounds go with lower bounds: the interval spans what nobody
outside knows (parameters, data centre), not the error of the model itself (docs/footprint.md).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any, Final

from guardrail.record.entry import Code, Footprint, Range

WORLD: Final = "WOR"
"""The electricity of the whole world."""
LISTED, OWN, GENERIC = "", "+policy", "+generic"
"""Where the parameters of a machine come from: the library's list, the policy's row for the model, its last resort."""

_AMAZON = re.compile(r"(?:[a-z]{2,6}(?:-gov)?\.)?[a-z0-9]+\.(?=[a-z])(.+?)(?:-v[0-9]+)?(?::[0-9]+)?")
_DATE = re.compile(r"-(?:20[0-9]{2}-?[0-9]{2}-?[0-9]{2}|latest)\Z")


@dataclass(frozen=True, slots=True)
class Machine:
    """What answers: a model's parameters in billions (those that a token needs, and all), and its data centre.

    pue  power usage effectiveness; wue: litres of water for each kWh, on site
    rate  tokens in a second, None if the model of the library has to say; `start` is the time to the first one
    source  LISTED, OWN or GENERIC
    """

    active: Range
    total: Range
    pue: Range
    wue: Range
    rate: float | None = None
    start: float = 0.0
    source: str = OWN


@dataclass(frozen=True, slots=True)
class _Amount:
    """kWh, kg of CO2 equivalent, litres."""

    energy: float
    gas: float
    water: float

    def plus(self, other: _Amount, times: float = 1.0) -> _Amount:
        return _Amount(
            self.energy + times * other.energy, self.gas + times * other.gas, self.water + times * other.water
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """One bound of a machine."""

    token: _Amount
    second: _Amount
    seconds_per_token: float
    start: float

    def at(self, tokens: int, seconds: float) -> _Amount:
        held = min(seconds, tokens * self.seconds_per_token + self.start)
        return _Amount(0.0, 0.0, 0.0).plus(self.token, tokens).plus(self.second, held)


def estimate(machine: Machine, output_tokens: int, seconds: float | None, zone: str = WORLD) -> Footprint | None:
    """The footprint of an answer; None if no electricity mix of that zone is known. A time of None is not known."""
    if not has_zone(zone):
        return None
    passed = math.inf if seconds is None else seconds
    low, high = (line.at(output_tokens, passed) for line in _lines(machine, zone))
    return Footprint(
        method=_method(machine.source),
        energy_wh=_range(low.energy, high.energy),
        co2e_g=_range(low.gas, high.gas),
        water_ml=_range(low.water, high.water),
    )


def listed(model: str, vendor: str = "") -> Machine | None:
    """The machine of a model that the library knows, asked for among its vendor's first; None for any other.

    Clouds give names of their own to a model: those of Amazon, a path, and a date behind the name are understood.
    """
    for name in dict.fromkeys(_names(model)):
        for provider in dict.fromkeys((vendor, *_providers())):
            machine = _machine(provider, name)
            if machine is not None:
                return machine
    return None


def has_zone(zone: str) -> bool:
    """True if the electricity of this zone is known (ISO 3166-1 alpha-3, or WOR)."""
    return _mix(zone) is not None


def known(name: str) -> Machine | None:
    """The machine of `provider/model`, as a policy may name it; None if the library does not list it."""
    provider, _, model = name.partition("/")
    return _machine(provider, model)


def somewhere() -> tuple[Range, Range]:
    """Power and water usage effectiveness of a data centre that nobody knows: the span of those that are listed."""
    centres = _providers().values()
    return _hull(_span(each.datacenter_pue) for each in centres), _hull(_span(each.datacenter_wue) for each in centres)


@cache
def _method(source: str) -> Code:
    return Code(f"ecologits-{version('ecologits')}{source}")


def _names(model: str) -> Iterator[str]:
    """As the library might call it, the surest first."""
    plain = model.rpartition("/")[2]
    match = _AMAZON.fullmatch(plain)
    for name in (model, plain, match[1] if match else plain):
        yield name
        yield _DATE.sub("", name)


@lru_cache(maxsize=512)
def _machine(provider: str, model: str) -> Machine | None:
    from ecologits.model_repository import ParametersMoE, models

    found = models.find_model(provider=provider, model_name=model)
    if found is None or provider not in _providers():
        return None
    size, centre = found.architecture.parameters, _providers()[provider]
    active, total = (size.active, size.total) if isinstance(size, ParametersMoE) else (size, size)
    pace = found.deployment
    return Machine(
        active=_span(active),
        total=_span(total),
        pue=_span(centre.datacenter_pue),
        wue=_span(centre.datacenter_wue),
        rate=pace.tps if pace else None,
        start=(pace.ttft if pace else None) or 0.0,
        source=LISTED,
    )


@lru_cache(maxsize=512)
def _lines(machine: Machine, zone: str) -> tuple[_Line, _Line]:
    """The lower and the upper bound."""
    return (
        _line(machine, zone, machine.active.low, machine.total.low, machine.pue.low, machine.wue.low),
        _line(machine, zone, machine.active.high, machine.total.high, machine.pue.high, machine.wue.high),
    )


def _line(machine: Machine, zone: str, active: float, total: float, pue: float, wue: float) -> _Line:
    """By two points: of a line there is no need to ask for more (tests/test_footprint.py compares it at many)."""
    from ecologits.impacts.llm import compute_llm_impacts_dag

    mix = _mix(zone)

    def at(tokens: float, seconds: float) -> dict[str, Any]:
        return compute_llm_impacts_dag(
            model_active_parameter_count=active,
            model_total_parameter_count=total,
            output_token_count=tokens,
            request_latency=seconds,
            if_electricity_mix_adpe=mix.adpe,
            if_electricity_mix_pe=mix.pe,
            if_electricity_mix_gwp=mix.gwp,
            if_electricity_mix_wue=mix.wue,
            datacenter_pue=pue,
            datacenter_wue=wue,
            tps=machine.rate,
            ttft=machine.start,
        )

    start = at(0, math.inf)["generation_latency"]
    pace = at(1, math.inf)["generation_latency"] - start
    many = max(1.0, 1 / pace)  # as many tokens as take a second
    idle, held = _amount(at(many, 0)), _amount(at(many, many * pace))
    nothing = _Amount(0.0, 0.0, 0.0)
    return _Line(nothing.plus(idle, 1 / many), nothing.plus(held.plus(idle, -1), 1 / (many * pace)), pace, start)


def _amount(told: Mapping[str, Any]) -> _Amount:
    return _Amount(
        energy=told["request_energy"],
        gas=told["request_usage_gwp"] + told["request_embodied_gwp"],
        water=told["request_usage_wcf"],
    )


def _range(low: float, high: float) -> Range:
    """Thousandths of what the library tells: Wh, g, ml. Four digits are more than anybody can know."""
    return Range(*(float(f"{1_000 * each:.4g}") for each in (low, high)))


def _span(value: Any) -> Range:
    """A value of the library's: a number, or a range of them."""
    low, high = getattr(value, "min", value), getattr(value, "max", value)
    return Range(float(low), float(high))


def _hull(ranges: Iterable[Range]) -> Range:
    each = tuple(ranges)
    return Range(min(one.low for one in each), max(one.high for one in each))


def _providers() -> Mapping[str, Any]:
    from ecologits.tracers.utils import PROVIDER_CONFIG_MAP

    return PROVIDER_CONFIG_MAP


def _mix(zone: str) -> Any:
    from ecologits.electricity_mix_repository import electricity_mixes

    return electricity_mixes.find_electricity_mix(zone=zone)
