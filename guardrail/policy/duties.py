"""What a policy asks for about notices and medical questions, in plain words, and which file asks for it (WHO-81).

For `policy explain`: reads values, decides nothing. "(default)" is what no file says and holds all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from guardrail.policy.load import Loaded
from guardrail.policy.medical import FUNCTIONS, MENTAL_HEALTH, Surface, Treatment, Vulnerable
from guardrail.policy.requirements import MEANINGS
from guardrail.policy.source import Source

_FORMS: Final[Mapping[str, str]] = {
    "full": "in full (where it comes from, and what it can't replace)",
    "brief": "in brief (where it comes from)",
    "mark": "by its marks only (headers and members of the answer), without words",
}
_SHORT: Final[Mapping[str, str]] = {"full": "in full", "brief": "in brief", "mark": "by its marks only"}
_TREATED: Final[Mapping[Treatment, str]] = {
    "allow": "answered without a warning",
    "warn_and_refer": "answered below a warning that says where help is",
    "block": "not answered, no model is asked, and it is said where help is",
}
_CELLS: Final[Mapping[str, str]] = {
    "general": "questions about health",
    "high": "where a wrong answer could do harm",
    "prescribing": "whoever wants a prescription",
    "dosing": "whoever asks for a dose",
    "severe_depression": "treatment of a severe depression",
    MENTAL_HEALTH: "everything about mental health",
}
_ALWAYS: Final = (
    "Always in full: in the first answer, at the top of a letter, at both ends of a spoken answer, and to whoever asks "
    "whether a person writes."
)
_WRITES_WORDS: Final = ("name", "version", "description", "extends", "because", "rails", "unsafe")


def notices(loaded: Loaded) -> Iterator[str]:
    """When the notice is said, how long it is, and what is said with it."""
    rules = loaded.policy.notices
    yield f"Every answer says {_FORMS[rules.form]}{_from(loaded, 'form')}."
    yield _ALWAYS
    if rules.throughout:
        yield f"In full in every answer of {_list(rules.throughout)}{_from(loaded, 'throughout')}."
    yield from _by_the_clock(loaded)
    if rules.reminder_turns:
        yield f"A pause is proposed every {rules.reminder_turns:,} turns{_from(loaded, 'reminder_turns')}."
    short = f"{_SHORT[rules.reviewed]}{_from(loaded, 'reviewed')}"
    yield f"What a licensed professional has read (a signed claim) says it {short}."
    if rules.human_route:
        yield f"A notice in full ends with the way to people{_from(loaded, 'human_route')}."
    yield from _because(loaded, "notices")


def _by_the_clock(loaded: Loaded) -> Iterator[str]:
    rules = loaded.policy.notices
    if rules.every_turns:
        yield f"In full every {rules.every_turns:,} turns{_from(loaded, 'every_turns')}."
    if rules.every_minutes:
        yield f"In full, and with a pause, every {rules.every_minutes:,} minutes{_from(loaded, 'every_minutes')}."
    if rules.minors_every_minutes:
        unknown = f"on {_list(rules.consumer_surfaces)} also of whom no age is told" if rules.consumer_surfaces else ""
        who = f"{_list(rules.minors) or 'nobody'}{f', {unknown}' if unknown else ''}"
        every = f"every {rules.minors_every_minutes:,} minutes{_from(loaded, 'minors_every_minutes')}"
        yield f"Minors ({who}): {every}."
    if rules.gap_hours:
        yield f"In full after {rules.gap_hours:,} hours without it{_from(loaded, 'gap_hours')}."


def medical(loaded: Loaded) -> Iterator[str]:
    """What is done about medical questions, row by row."""
    table = loaded.policy.medical
    for surface, row in table.surfaces.items():
        yield f"Surface {surface}"
        yield from _row(loaded, row, ("medical", "surfaces", surface))
    yield "Any other surface"
    yield from _row(loaded, table.otherwise, ("medical", "otherwise"))
    yield f"On top of that, but not for clinicians, {_protected(table.vulnerable)}"
    yield from _row(loaded, table.vulnerable.row, ("medical", "vulnerable", "row"))
    if table.blocked:
        yield f"Own words for what is not answered: {_list(list(table.blocked))}."
    yield from _because(loaded, "medical")


def _protected(who: Vulnerable) -> str:
    groups = [
        *([f"ages {_list(who.age_bands)}"] if who.age_bands else []),
        *(["whoever says that he has a disability"] if who.disability else []),
        *(f"questions about {_ABOUT[flag]}" for flag in who.flags),
    ]
    return _list(groups) or "nobody"


_ABOUT: Final = {"paediatric": "children", "pregnancy": "a pregnancy"}


def _row(loaded: Loaded, row: Surface, place: tuple[str, ...]) -> Iterator[str]:
    for name in ("general", "high", *FUNCTIONS, MENTAL_HEALTH):
        treatment = row.function(name)
        if treatment is not None:
            yield f"  {_CELLS[name]}: {_TREATED[treatment]}{_said_by(loaded, (*place, name), treatment)}."


def origins(loaded: Loaded) -> Iterator[str]:
    """File by file, what lies at the bottom first: which parts it writes, and why."""
    cited: dict[str, None] = {}
    for source in _policies(loaded):
        yield f"{source.values['name']}, {source.path.name}"
        for part, sources in _parts(source.values):
            cited |= dict.fromkeys(sources)
            yield f"  {part}{f': {_list(sources)}' if sources else ''}"
    yield from (f"{name} is: {MEANINGS[name]}." for name in sorted(cited) if name in MEANINGS)


def is_layered(loaded: Loaded) -> bool:
    """True if more than one file says something."""
    return len(list(_policies(loaded))) > 1


def _parts(values: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[str]]]:
    """Each part that a file writes, with the sources that it names."""
    because = values.get("because", {})
    for rule in values.get("rails", ()):
        yield f"check {rule['rail']}", rule.get("because", ())
    for key, part in values.items():
        if key == "gates":
            yield from ((f"gate {name}", _own(gate)) for name, gate in part.items())
        elif key not in _WRITES_WORDS:
            written = f" ({', '.join(part)})" if isinstance(part, Mapping) and part else ""
            yield f"{key}{written}", because.get(key, ())


def _own(gate: Any) -> Sequence[str]:
    named: Sequence[str] = gate.get("because", ()) if isinstance(gate, Mapping) else ()
    return named


def _policies(loaded: Loaded) -> Iterator[Source]:
    """The files that are policies, what lies at the bottom first; the rest are recognizers."""
    return (source for source in reversed(loaded.sources) if {"name", "version"} <= source.values.keys())


def _from(loaded: Loaded, key: str) -> str:
    return _said_by(loaded, ("notices", key), getattr(loaded.policy.notices, key))


def _said_by(loaded: Loaded, place: tuple[str, ...], value: object) -> str:
    """Which files say what holds: of lists those that name one of its codes."""
    names = [str(source.values["name"]) for source in _policies(loaded) if _says(source.values, place, value)]
    return f" ({', '.join(names) or 'default'})"


def _says(values: Any, place: tuple[str, ...], value: object) -> bool:
    for step in place:
        if not isinstance(values, Mapping) or step not in values:
            return False
        values = values[step]
    return bool(values == value or (isinstance(value, tuple) and not set(value).isdisjoint(values)))


def _because(loaded: Loaded, part: str) -> Iterator[str]:
    if sources := loaded.policy.because.get(part):
        yield f"Because of {_list(sources)}."


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)
