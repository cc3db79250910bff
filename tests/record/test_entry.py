"""The values of the audit log: one spelling, read back as they were, and no room for words."""

from dataclasses import fields
from typing import get_args, get_origin, get_type_hints

import pytest

from guardrail.record import entry
from guardrail.record.entry import (
    Asked,
    Code,
    End,
    Event,
    Footprint,
    Found,
    Intent,
    Kind,
    Outcome,
    Place,
    PolicyRef,
    Range,
    Shown,
    Timings,
    Usage,
    Who,
    code,
    from_json,
    kind_of,
    to_json,
)
from guardrail.text import Action, Direction, Risk

WHO = Who(
    client=Code("portal"),
    dialect=Code("openai-chat"),
    model=Code("gpt-5.2"),
    upstream=Code("azure"),
    surface=Code("patient"),
    cohort={"age_band": Code("18-39"), "disability": Code("yes")},
    subject=Code("ab" * 32),
)
POLICY = PolicyRef(Code("baseline"), 3, Code("c" * 64))
WHOLE = Outcome(
    receipt=Code("f" * 32),
    who=WHO,
    policy=POLICY,
    end=End.ANSWERED,
    action=Action.REPLACE,
    status=200,
    served=Code("gpt-5.2-2026-08-01"),
    streamed=True,
    language=Code("pt-BR"),
    asked=Asked(medical=True, risk=Risk.HIGH, topics=(Code("dosing"),), flags=(Code("pregnancy"),)),
    found=(Found(Code("phi"), Code("NAME"), Direction.REQUEST, Action.REPLACE, 2),),
    places=(Place(Direction.REQUEST, 0, 3, 9, Code("phi"), Code("NAME"), Action.REPLACE),),
    shown=(Shown(Code("notice"), Code("pt"), Code("d" * 64)),),
    uninspected=(Code("released_image"),),
    timings=Timings(1, 2, 3, 4),
    usage=Usage(input=10, output=0),
    cost=0.0125,
    currency=Code("USD"),
    footprint=Footprint(Code("ecologits-0.11.3"), Range(0.1, 2.0), Range(0.0, 1.0)),
)


@pytest.mark.parametrize(
    "told",
    [
        Intent(Code("f" * 32), WHO, POLICY),
        WHOLE,
        Outcome(Code("a"), Who(), POLICY, End.REFUSED, Action.ALLOW, 401, failure=Code("unauthorized")),
        Event(Code("suspended"), Code("cli:root"), facts={"scope": Code("model"), "seconds": 60, "forced": True}),
    ],
    ids=lambda told: type(told).__name__,
)
def test_what_is_written_is_read_back_as_it_was(told: entry.Entry) -> None:
    assert from_json(kind_of(told), to_json(told)) == told


def test_the_spelling_is_one_line_of_ascii_with_its_members_in_order() -> None:
    assert to_json(Event(Code("stop"), facts={"b": 1, "a": Code("x")})) == (
        '{"actor":"system","facts":{"a":"x","b":1},"what":"stop"}'
    )


@pytest.mark.parametrize("words", ["", "Jane Doe", "a\nb", "é", "=cmd()", "x" * 101, "\u200bid"])
def test_words_are_no_code(words: str) -> None:
    with pytest.raises(ValueError, match="no code") as refused:
        Code(words)
    assert not words or words not in str(refused.value)
    assert code(words) == "other"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.EVENT, "[]"),
        (Kind.EVENT, '{"what":"stop","actor":"Jane Doe"}'),
        (Kind.EVENT, '{"what":"stop","more":1}'),
        (Kind.EVENT, '{"what":"stop","facts":{"a":1.5}}'),
        (Kind.INTENT, '{"receipt":"f"}'),
        (Kind.OUTCOME, "no json"),
    ],
)
def test_anything_else_is_no_entry(kind: Kind, text: str) -> None:
    with pytest.raises(ValueError, match="no entry of this kind"):
        from_json(kind, text)


def test_no_field_of_any_entry_has_room_for_words() -> None:
    """The type system is the guard: a field of type `str` would be one that a patient's words fit in."""
    seen: set[object] = set()

    def walk(wanted: object) -> None:
        assert wanted is not str, "a field that could hold words"
        if wanted in seen:
            return
        seen.add(wanted)
        inside = get_args(wanted)
        for each in inside[1:] if str(get_origin(wanted)).endswith("Mapping'>") else inside:
            walk(each)
        if isinstance(wanted, type) and hasattr(wanted, "__dataclass_fields__"):
            hints = get_type_hints(wanted)
            for each in fields(wanted):
                walk(hints[each.name])

    for whole in (Intent, Outcome, Event):
        walk(whole)
    assert Code in seen
    assert Place in seen
