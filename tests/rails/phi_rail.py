"""The PHI rail, built once for all tests."""

from functools import cache

from guardrail.rails.base import About, Rail, Window
from guardrail.rails.phi import PhiSettings, build
from guardrail.text import Direction, Finding, Kind, Role

REQUEST = About()


@cache
def rail() -> Rail:
    """With a fixed year, so that no test grows old."""
    return build(PhiSettings(this_year=2025))


def findings(text: str, about: About = REQUEST) -> list[Finding]:
    return list(rail().inspect(Window(text), about))


def found(text: str, kind: Kind = Kind.PROSE, role: Role = Role.USER, answer: bool = False) -> list[tuple[str, str]]:
    """(label, words) of everything found."""
    about = About(Direction.RESPONSE if answer else Direction.REQUEST, role, kind)
    return [(f.label, text[f.span.start : f.span.end]) for f in findings(text, about)]
