"""A conversation that is continued by its id goes on exactly as one request with all of its turns would."""

import json
import re
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.engine.intervals import DateOrder
from guardrail.engine.operators import Operator
from guardrail.engine.vault import Vault
from guardrail.rails.base import About, Window
from guardrail.text import Direction, Finding, Span

ANSWER = About(Direction.RESPONSE)
WHO = st.sampled_from(
    [
        *("Maria Lopez", "LOPEZ, MARIA", "M. Lopez", "M.L.", "Lopez", "Maria", "Ana Lopez", "Ana Maria Lopez"),
        *("Jon Silva", "J. Silva", "Silva", "Jon Silva Jr.", "Silva Jon", "林美玲"),
    ]
)
BESIDE = st.sampled_from(["{}", "Dr. {}", "patient {}", "his wife {}", "seen by {}, MD", "{} is her son", "/{}/"])
DAYS = st.sampled_from(["3 May 2026", "2026-05-03", "05/06/2026", "12 June 2026", "March 1, 1931", "Monday"])
REST = st.sampled_from(
    [
        ("MRN", "40718263"),
        ("MRN", "4071 8263"),
        ("AGE_OVER_89", "94"),
        ("LOCATION", "Springfield"),
        ("EMAIL", "a@b.org"),
    ]
)
SAID = st.one_of(
    st.tuples(st.just("NAME"), WHO, BESIDE),
    st.tuples(st.just("DATE"), DAYS, st.just("{}")),
    REST.map(lambda pair: (*pair, "{}")),
)
TURN = st.lists(SAID, min_size=1, max_size=7)
OPERATORS: st.SearchStrategy[Mapping[str, Operator]] = st.fixed_dictionaries(
    {
        "DATE": st.sampled_from(["placeholder", "generalise", "shift"]),
        "NAME": st.sampled_from(["placeholder", "placeholder", "drop"]),
        "LOCATION": st.sampled_from(["placeholder", "generalise"]),
    }
)
ORDER: st.SearchStrategy[DateOrder] = st.sampled_from(["", "mdy"])
FIRST = "the first words"


def told(vault: Vault, turn: list[tuple[str, str, str]]) -> list[str | None]:
    """What stands in the request for each value of a turn, in its place; then the turn is over."""
    text, found = "", []
    for label, value, beside in turn:
        before, after = beside.split("{}")
        start = len(text) + len(before)
        text += f"{before}{value}{after}, IL. "
        found.append(Finding(Span(start, start + len(value)), "phi", label))
    vault.hear(found, text)
    vault.learn(found, text)
    written = [vault.redactor.rewrite(each, text, About()) for each in found]
    vault.answered()
    return written


def restored(vault: Vault, text: str) -> str:
    restorer = vault.restorer()
    for finding in sorted(restorer.inspect(Window(text), ANSWER), key=lambda each: -each.span.start):
        text = text[: finding.span.start] + str(restorer.rewrite(finding, text, ANSWER)) + text[finding.span.end :]
    return text


def echoed(vault: Vault, text: str) -> list[Finding]:
    return list(vault.echo().inspect(Window(text), About()))


@settings(max_examples=400, deadline=None)
@given(turns=st.lists(TURN, min_size=2, max_size=4), operators=OPERATORS, roles=st.booleans(), order=ORDER)
def test_a_conversation_goes_on_as_one_request_with_all_its_turns_would(
    turns: list[list[tuple[str, str, str]]], operators: Mapping[str, Operator], roles: bool, order: DateOrder
) -> None:
    def fresh() -> Vault:
        return Vault(order, operators, roles=roles, this_year=2026)

    whole, part = fresh(), fresh()
    for vault in (whole, part):
        vault.begin(FIRST)
        vault.reserve(["our file [NAME_2], MRN_1"])
    marks: list[str | None] = []
    for number, turn in enumerate(turns):
        if number:
            kept = json.loads(json.dumps(dict(part.export())))
            part.close()
            part = fresh()
            part.resume(kept)
            part.begin(f"the words of turn {number}")
            part.reserve(["nothing"])
        written = told(whole, turn)
        assert told(part, turn) == written
        marks += written
    everything = " ".join(value for turn in turns for _, value, _ in turn)
    assert echoed(part, everything) == echoed(whole, everything)
    said = " ".join(map(str, marks))
    assert restored(part, said) == restored(whole, said)
    assert part.counts() == whole.counts()


@settings(max_examples=200, deadline=None)
@given(first=TURN, second=TURN, roles=st.booleans())
def test_no_placeholder_ever_stands_for_two(
    first: list[tuple[str, str, str]], second: list[tuple[str, str, str]], roles: bool
) -> None:
    """What was told is restored as it was first written, whatever comes later."""
    earlier = Vault(roles=roles)
    before = {mark: restored(earlier, str(mark)) for mark in told(earlier, first) if mark}
    later = Vault(roles=roles)
    later.resume(json.loads(json.dumps(dict(earlier.export()))))
    told(later, second)
    assert {mark: restored(later, mark) for mark in before} == before


def test_a_policy_that_changed_meanwhile_does_not_change_what_was_told() -> None:
    """The same numbers and the same days, with other operators, without roles, in another year."""
    earlier = Vault("mdy", {"DATE": "shift"}, this_year=2026)
    earlier.begin(FIRST)
    marks = told(earlier, [("NAME", "Maria Lopez", "patient {}"), ("DATE", "05/06/2026", "{}"), ("MRN", "4071", "{}")])
    later = Vault("dmy", {"NAME": "placeholder"}, roles=False, this_year=2030)
    later.resume(json.loads(json.dumps(dict(earlier.export()))))
    again = told(later, [("NAME", "Lopez", "{}"), ("MRN", "4071", "{}")])
    assert again == ["[PATIENT_1: surname]", "[MRN_1]"]
    assert restored(later, " ".join(map(str, marks))) == "Maria Lopez 05/06/2026 4071"


def test_what_is_left_out_or_told_in_general_stays_known() -> None:
    """No placeholder holds it, so it has to be found again by its words."""
    earlier = Vault(operators={"NAME": "drop", "DATE": "generalise"}, this_year=2026)
    told(earlier, [("NAME", "Maria Lopez", "{}"), ("DATE", "3 May 2026", "{}")])
    later = Vault(operators={"NAME": "drop", "DATE": "generalise"}, this_year=2026)
    later.resume(json.loads(json.dumps(dict(earlier.export()))))
    assert [each.label for each in echoed(later, "and lopez came on 3 May 2026")] == ["NAME", "DATE"]
    novel = later.novel
    for text in ("2026", "Maria Lopez"):
        assert novel.rewrite(Finding(Span(0, len(text)), "phi", "NAME"), text, ANSWER) is None


def test_what_is_exported_is_plain_json_without_texts() -> None:
    """Values and what stands for them, but no sentence that anybody wrote."""
    vault = Vault()
    sentence = "Maria Lopez has had a cough for three weeks."
    vault.own([sentence])
    vault.learn([Finding(Span(0, 11), "phi", "NAME")], sentence)
    exported: Any = json.dumps(dict(vault.export()))
    assert "Maria Lopez" in exported
    assert not re.search("cough|weeks", exported)
