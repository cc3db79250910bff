"""Which crisis texts and services a policy could show although they should have been checked again (WHO-51).

Requirements 4.1: helplines go stale within a year. What has expired is not shown (the emergency number and the
international directories are), and somebody has to hear of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guardrail.policy.model import Policy
from guardrail.rails.crisis import NAME, CrisisSettings
from guardrail.rails.crisis_data import shipped


@dataclass(frozen=True, slots=True)
class Expired:
    """`kind` is "service" or "text", `name` a country or a language."""

    kind: str
    name: str


def expired(policy: Policy, day: date) -> tuple[Expired, ...]:
    """What is out of date on this day: rows of the policy's countries, shipped texts of its languages."""
    settings = crisis_settings(policy, day)
    if settings is None:
        return ()
    services = shipped().services
    rows = ((country, services[country]) for country in policy.countries if country in services)
    return (
        *(Expired("service", country) for country, row in rows if not row.current(settings.day)),
        *(Expired("text", language) for language in policy.languages if settings.expired(language)),
    )


def crisis_settings(policy: Policy, day: date) -> CrisisSettings | None:
    """The settings of the crisis check on this day, None if the policy has none."""
    rule = policy.rule(NAME)
    if rule is None:
        return None
    return CrisisSettings(**{"today": day.isoformat(), "language": policy.default_language, **rule.settings})


def drafts(policy: Policy) -> tuple[str, ...]:
    """Languages of the policy whose shipped crisis texts no named person has signed."""
    texts = shipped().texts
    found = (language.partition("-")[0] for language in policy.languages)
    return tuple(dict.fromkeys(name for name in found if name in texts and texts[name].is_draft))
