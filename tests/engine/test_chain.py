"""A policy's rules over one text, streamed and whole."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any

import pytest

from guardrail.engine.chain import Chain, Cleared, Pace, Rule
from guardrail.engine.worker import InlineInspector, Job
from guardrail.errors import RailFailed
from guardrail.rails.base import About, Reach
from guardrail.text import Action, Finding, Kind, Role, Ruling, Span
from tests.engine.toys import (
    ANSWER,
    MEDICAL,
    NOTICE,
    PACE,
    PHI,
    STOP,
    VOICE,
    Capital,
    NumberedRewriter,
    PatternRail,
    Say,
    answer,
    toy_chain,
)  # fmt: skip


def chain_of(*rules: Rule, pace: Pace = PACE, on_failure: Action = Action.BLOCK) -> Chain:
    rails = {rail.name: rail for rail in (PHI, VOICE, MEDICAL, STOP)}
    return Chain(rules, InlineInspector(rails), pace, on_failure)


def run(chain: Chain, text: str, about: About = ANSWER) -> Cleared:
    return asyncio.run(chain.run(replace(answer(text), role=about.role, kind=about.kind), about))


def stream(chain: Chain, *deltas: str, about: About = ANSWER) -> list[list[str]]:
    """What leaves after the head, after each delta, and at the end."""

    async def talk() -> list[list[str]]:
        opened = chain.open(about)
        head = opened.head()
        out = [[head.text] if head else []]
        for delta in deltas:
            out.append([each.text for each in await opened.feed(delta)])
        return [*out, [each.text for each in await opened.flush()]]

    return asyncio.run(talk())


def flat(rows: list[list[str]]) -> list[str]:
    return [text for row in rows for text in row]


WARNING = Rule(rail="medical", action=Action.WARN, rewriter=Say("(see a doctor) "))
OPINION = Rule(rail="persona", action=Action.REPLACE, rewriter=Capital("it may be that"))
NAMES = Rule(rail="phi", action=Action.REPLACE)


def test_a_conversation_word_by_word() -> None:
    """Words leave at the end of their sentence, each with the delta that brought it."""
    assert stream(chain_of(OPINION), "I th", "ink it ", "is viral.", " Re", "st", ".") == [
        [], [], [], [], ["It may be that", " it ", "is viral."], [], [], [" Re", "st", "."],
    ]  # fmt: skip


def test_the_notice_is_known_before_the_first_word() -> None:
    """The reader learns that a machine wrote the answer before reading it."""
    chain = toy_chain()
    assert stream(chain, "Rest.") == [[NOTICE.words], [], ["Rest."]]
    assert run(chain, "Rest.").text == NOTICE.words + "Rest."


def test_an_empty_text_stays_empty() -> None:
    """Nothing is put into an answer that says nothing (a tool call)."""
    assert run(toy_chain(), "") == Cleared("", run(toy_chain(), "").verdict)
    assert stream(toy_chain(), "") == [[NOTICE.words], [""], []]


def test_a_warning_comes_once_and_before_the_words_it_is_about() -> None:
    """An answer that turns out to be medical gets its warning before that sentence, in its own paragraph, once."""
    text = "It rained. Take aspirin. Then take more aspirin. Or warfarin."
    expected = "It rained. \n\n(see a doctor) Take aspirin. Then take more aspirin. Or warfarin."
    assert run(chain_of(WARNING), text).text == expected
    assert "".join(flat(stream(chain_of(WARNING), *text))) == expected


def test_a_warning_at_a_line_start_needs_no_break() -> None:
    """Between paragraphs a warning stands where it is."""
    assert run(chain_of(WARNING), "It rained.\nTake aspirin.").text == "It rained.\n(see a doctor) Take aspirin."


def marking_chain(words: str, shadow: bool = False) -> Chain:
    """Puts words behind each "#" that a text has, wherever it stands."""
    rule = Rule(rail="mark", action=Action.WARN, rewriter=Say(words), shadow=shadow)
    return Chain([rule], InlineInspector({"mark": PatternRail("mark", "(?<=#)")}), PACE)


def test_words_that_begin_with_a_space_go_on_in_the_line() -> None:
    """Others are a paragraph of their own."""
    assert run(marking_chain(" (checked)"), "One # two.").text == "One # (checked) two."
    assert run(marking_chain("(checked)\n\n"), "One # two.").text == "One #\n\n(checked)\n\n two."


@pytest.mark.parametrize("text", ["#", "One #", "One. Two #", "One # two #", "One.\n#"])
def test_words_behind_the_last_word_leave_with_it(text: str) -> None:
    """There is no later delta that could bring them."""
    chain, expected = marking_chain(" (checked)"), text.replace("#", "# (checked)")
    cleared = run(chain, text)
    assert cleared.text == expected
    assert len(cleared.verdict.rulings) == len(cleared.verdict.edits) == text.count("#")
    assert "".join(word for words in stream(chain, *text) for word in words) == expected
    assert "".join(word for words in stream(chain, *text, "") for word in words) == expected
    assert run(marking_chain(" (checked)", shadow=True), text).text == text


def test_a_warning_given_at_the_head_is_not_repeated() -> None:
    """If the question was medical the warning came first; it is not given again."""
    head = Rule(
        rail="medical", action=Action.WARN, rewriter=WARNING.rewriter, local=replace(NOTICE, name="medical", words="?")
    )
    assert run(chain_of(head, WARNING), "Take aspirin.").text == "(see a doctor) Take aspirin."


@pytest.mark.parametrize(
    ("label", "action"),
    [("high.dose", Action.BLOCK), ("high.other", Action.REPLACE), ("general.x", Action.WARN), ("high", Action.ALLOW)],
)
def test_the_label_decides_exact_then_prefix(label: str, action: Action) -> None:
    """A policy can treat one label, or a family of labels, differently from the rest of a rail."""
    labels = {"high.*": Action.REPLACE, "high.dose": Action.BLOCK, "*": Action.BLOCK, "general.*": Action.WARN}
    rule = Rule(rail="medical", action=Action.ALLOW, labels=labels)
    assert rule.judge(Finding(Span(0, 1), "medical", label)).action is action


def test_a_rule_is_about_its_roles_and_kinds() -> None:
    """The assistant's voice is not judged in the user's words, nor in a data field."""
    rule = replace(OPINION, roles=frozenset({Role.ASSISTANT}), kinds=frozenset({Kind.PROSE}))
    assert run(chain_of(rule), "I think so.").text == "It may be that so."
    for about in (replace(ANSWER, role=Role.USER), replace(ANSWER, kind=Kind.DATA)):
        assert run(chain_of(rule), "I think so.", about).text == "I think so."
        assert stream(chain_of(rule), "I thi", about=about) == [[], ["I thi"], []]


def test_a_name_across_a_line_end_is_not_cut_in_two() -> None:
    """A name may go on in the next line; its first half waits."""
    assert stream(chain_of(NAMES), "Seen by Maria\n", "Lopez today") == [
        [], [], [], ["Seen by [NAME removed]", " today"],
    ]  # fmt: skip


def test_a_value_longer_than_we_can_wait_never_leaves() -> None:
    """An address of a thousand letters is taken out to its last letter, streamed or whole."""
    text = "See https://x.example/" + "q" * 500 + "/Maria-Lopez and rest."
    whole = run(chain_of(NAMES), text).text
    assert "".join(flat(stream(chain_of(NAMES), *text))) == whole
    assert "q" not in whole
    assert "Maria" not in whole
    assert whole.endswith(" and rest.")


def test_without_a_rewriter_a_finding_is_removed() -> None:
    """A rule that says "replace" and not by what still lets nothing through."""
    verdict = run(chain_of(NAMES), "Ask Maria Lopez.").verdict
    assert verdict.action is Action.REPLACE
    assert [(edit.span, edit.text) for edit in verdict.edits] == [(Span(4, 15), "[NAME removed]")]


def test_the_exchange_brings_its_own_rewriters_and_rules() -> None:
    """Placeholders and what they stand for belong to one exchange, not to the policy."""
    text = answer("Maria Lopez and Maria met at gate 12.")
    gate = PatternRail("gates", "(?P<GATE>gate 12)")
    extra = (Rule(rail="gates", action=Action.REPLACE, local=gate, rewriter=Say("a gate")),)
    cleared = asyncio.run(chain_of(NAMES).run(text, ANSWER, extra, {"phi": NumberedRewriter()}))
    assert cleared.text == "[NAME_1] and [NAME_2] met at a gate."


def test_settle_takes_more_rulings_than_inspect_gave() -> None:
    """Repetitions of a known name are added after the inspection and replaced like the rest."""

    async def talk() -> Cleared:
        chain, text = chain_of(NAMES), answer("Maria Lopez. lopez said so.")
        (rulings,) = await chain.inspect([(text, ANSWER)])
        echo = Ruling(Finding(Span(13, 18), "phi", "NAME"), Action.REPLACE)
        return chain.settle(text, ANSWER, (*rulings, echo))

    assert asyncio.run(talk()).text == "[NAME removed]. [NAME removed] said so."


def test_many_texts_are_inspected_in_one_look() -> None:
    """A long conversation is judged in few jobs."""

    class Counting(InlineInspector):
        looks = 0

        async def inspect(self, jobs: Sequence[Job]) -> list[list[Finding]]:
            self.looks += 1
            return await super().inspect(jobs)

    inspector = Counting({"phi": PHI})
    pairs = [(answer(f"Maria said {number}."), ANSWER) for number in range(50)]
    found = asyncio.run(Chain([NAMES], inspector, PACE).inspect(pairs))
    assert [len(rulings) for rulings in found] == [1] * 50
    assert inspector.looks == 1


def test_all_that_is_asked_about_goes_in_one_look() -> None:
    """The user's words and the system's are judged by different rules, and neither waits for the other."""
    looks: list[list[tuple[str, ...]]] = []

    class Listening(InlineInspector):
        async def inspect(self, jobs: Sequence[Job]) -> list[list[Finding]]:
            looks.append([rails for *_, rails in jobs])
            return await super().inspect(jobs)

    rails = {rail.name: rail for rail in (PHI, VOICE)}
    chain = Chain([replace(OPINION, roles=frozenset({Role.USER})), NAMES], Listening(rails), PACE)
    abouts = [replace(ANSWER, role=role) for role in (Role.USER, Role.SYSTEM)]
    found = asyncio.run(chain.inspect([(answer("I think Maria came."), about) for about in abouts]))
    assert [[ruling.finding.label for ruling in rulings] for rulings in found] == [["opinion", "NAME"], ["NAME"]]
    assert looks == [[("persona", "phi"), ("phi",)]]


async def turns_of_others(work: Coroutine[Any, Any, object]) -> int:
    """How often somebody else gets to do something while `work` is done."""
    task = asyncio.ensure_future(work)
    turns = 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    await task
    return turns


LONG = "Seen by Maria Lopez. Rest and drink enough. Call 555-1234. " * 4_000


@pytest.mark.parametrize("texts", [[LONG], ["Ask Maria"] * 8_000, [""] * 8_000])
def test_a_large_request_lets_others_go_on(texts: list[str]) -> None:
    """One caller's enormous record, or form of thousands of fields, doesn't stop the streams of all others."""
    pairs = [(answer(text), ANSWER) for text in texts]
    assert asyncio.run(turns_of_others(toy_chain().inspect(pairs))) >= 25


def test_an_enormous_delta_lets_others_go_on() -> None:
    """Nor does an answer that comes in one piece."""
    assert asyncio.run(turns_of_others(toy_chain().open(ANSWER).feed(LONG))) >= 25


def test_an_enormous_text_is_one_text() -> None:
    """Where we pause in a long text can't be seen in it: whole, in one delta or in many, it reads the same."""
    chain = chain_of(NAMES, OPINION)
    text = "I think that Maria\nLopez said so" + " and so on" * 1_000 + ". " + "Dr. Maria Lopez, 555-1234 " * 1_000
    halves = [text[at : at + 8_191] for at in range(0, len(text), 8_191)]
    whole = run(chain, text).text
    assert "".join(flat(stream(chain, text))) == whole
    assert "".join(flat(stream(chain, *halves))) == whole
    assert "Lopez" not in whole


def test_a_block_far_into_an_enormous_delta_stops_it() -> None:
    """Nothing of a text that the policy stops leaves, however far in the reason stands."""
    chain = chain_of(Rule(rail="stop", action=Action.BLOCK), NAMES)
    assert stream(chain, LONG + "FORBIDDEN. " + LONG, "More. ") == [[], [""], [""], []]


def test_a_block_says_nothing() -> None:
    """A text that the policy stops is empty, and so is all that comes after it."""
    chain = chain_of(Rule(rail="stop", action=Action.BLOCK), NAMES)
    assert run(chain, "Fine. FORBIDDEN. Fine.").text == ""
    assert run(chain, "Fine. FORBIDDEN. Fine.").verdict.action is Action.BLOCK
    assert stream(chain, "Fine. ", "FORBIDDEN words. ", "Fine. ") == [[], ["Fine. "], [""], [""], []]


def test_a_rewriter_that_raises_fails_without_its_words() -> None:
    """An error in a rewriter lets nothing through and quotes nobody."""

    class Broken:
        def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
            raise KeyError(text)

    with pytest.raises(RailFailed) as caught:
        run(chain_of(replace(NAMES, rewriter=Broken())), "Ask Maria Lopez.")
    assert "Maria" not in repr(caught.value)


def test_a_policy_may_let_uninspected_words_pass_and_then_says_so() -> None:
    """Only if the policy says so does a failing check let words pass; they are reported as uninspected."""
    chain = chain_of(Rule(rail="absent", action=Action.REPLACE), on_failure=Action.WARN)
    cleared = run(chain, "Ask Maria. Ask again.")
    assert cleared.text == "Ask Maria. Ask again."
    assert {ruling.finding.label for ruling in cleared.verdict.rulings} == {"uninspected"}
    with pytest.raises(RailFailed):
        run(chain_of(Rule(rail="absent", action=Action.REPLACE)), "Ask Maria.")


def test_a_chain_that_can_not_work_is_refused() -> None:
    """Two rules for one rail, or a reach longer than a window remembers, are refused when the policy loads."""
    with pytest.raises(ValueError, match="same rail"):
        chain_of(NAMES, NAMES)
    with pytest.raises(ValueError, match="reach"):
        chain_of(replace(NAMES, reach=Reach(500)))
