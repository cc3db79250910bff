"""Frames of a streamed answer: order, insertions, JSON, limits, blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from guardrail.engine.chain import Chain, Cleared
from guardrail.engine.relay import Blocked, Insert, Limits, Out, Ready, Relay
from guardrail.engine.worker import InlineInspector
from guardrail.errors import RailFailed, UpstreamBroken
from guardrail.events import Delta, Frame
from guardrail.rails.base import SENTENCE
from guardrail.text import Action, Kind, Role, Segment, Verdict
from tests.engine.toys import ANSWER, MEDICAL, NOTICE, PACE, PHI, STOP, VOICE, toy_chain, toy_rules

CONTENT = "choices/0/content"
UNLIMITED = Limits()


def by_sentence(*, stop: bool = False) -> Chain:
    """Every sentence leaves as soon as it is over."""
    rules = [replace(rule, reach=SENTENCE) for rule in toy_rules(notice=False, stop=stop)]
    return Chain(rules, InlineInspector({rail.name: rail for rail in (PHI, VOICE, MEDICAL, STOP)}), PACE)


def relay_of(chain: Chain, limits: Limits = UNLIMITED) -> Relay:
    async def clear(segment: Segment) -> Cleared:
        return await chain.run(segment, ANSWER)

    return Relay(lambda delta: chain.open(ANSWER), clear, clear, limits)


def delta(text: str, segment: str = CONTENT, lane: str | None = "choices/0") -> Frame:
    return Frame(lane, (Delta(segment, Role.ASSISTANT, text),))


def tool(text: str) -> Frame:
    return Frame("choices/0", (Delta("tool", Role.ASSISTANT, text, Kind.DATA, json=True),))


END = Frame("choices/0", closes=(CONTENT, "tool"), payload="finish")
USAGE = Frame(None, payload="usage")
DONE = Frame(None, last=True)


def talk(relay: Relay, *frames: Frame) -> list[list[Out]]:
    async def all_of_it() -> list[list[Out]]:
        return [*[await relay.feed(frame) for frame in frames], await relay.finish()]

    return asyncio.run(all_of_it())


def together(*rows: list[Out]) -> list[Out]:
    return [each for row in rows for each in row]


def shape(out: Sequence[Out]) -> list[object]:
    """What a reader of the test wants to see of it."""
    found: list[object] = []
    for each in out:
        match each:
            case Insert():
                found.append(("insert", each.text))
            case Blocked():
                found.append("blocked")
            case Ready():
                found.append(each.deltas[0] if each.deltas else each.frame.payload or "frame")
    return found


def test_the_notice_leaves_before_the_first_word_is_decided() -> None:
    """The reader sees at once that a machine writes, although the first sentence is still held."""
    out = talk(relay_of(toy_chain()), delta(""), delta("Re"), delta("st."), END)
    assert [shape(each) for each in out] == [
        [""], [("insert", NOTICE.words)], [], ["Re", "st.", "finish"], [],
    ]  # fmt: skip


def test_what_is_concluded_for_the_notice_comes_with_it() -> None:
    """Whoever writes it counts it, or counts that it is not written; the words' own verdicts are told apart."""
    relay = relay_of(toy_chain())
    out = together(*talk(relay, delta("Ask Maria."), END))
    (notice,) = [each for each in out if isinstance(each, Insert)]
    assert [ruling.finding.rail for ruling in notice.verdict.rulings] == ["notice"]
    assert [ruling.finding.rail for _, verdict in relay.take_verdicts() for ruling in verdict.rulings] == ["phi"]


def test_an_answer_without_words_gets_no_notice() -> None:
    """A bare tool call is not given a text."""
    out = together(*talk(relay_of(toy_chain()), delta(""), tool('{"a": 1}'), END, DONE))
    assert not [each for each in out if isinstance(each, Insert)]


def test_usage_and_finish_wait_for_words() -> None:
    """Nothing that ends an answer arrives before its last word."""
    out = talk(relay_of(toy_chain(notice=False)), delta("Maria"), USAGE, END, DONE)
    assert [shape(each) for each in out] == [[], [], ["[NAME removed]", "usage", "finish"], ["frame"], []]


def test_the_end_flushes_what_no_frame_closed() -> None:
    """A provider that ends without closing its texts loses none of them."""
    out = talk(relay_of(toy_chain(notice=False)), delta("Ask Maria"), DONE)
    assert [shape(each) for each in out] == [[], ["Ask [NAME removed]", "frame"], []]


def test_other_lanes_do_not_wait() -> None:
    """One answer that is held does not hold another of the same stream."""
    out = talk(
        relay_of(by_sentence()),
        delta("Mar"),
        delta("Rest. ", "choices/1/content", "choices/1"),
        delta("ia. "),
    )
    assert [shape(each) for each in out] == [[], ["Rest. "], ["[NAME removed]", ". "], []]


def test_a_blocked_answer_ends_there() -> None:
    """Words before it may have left; nothing of it, and nothing after it, does."""
    out = talk(relay_of(by_sentence(stop=True)), delta("Fine. "), delta("FORBIDDEN. "), delta("More. "), END)
    assert [shape(each) for each in out] == [["Fine. "], ["blocked"], [], [], []]


def test_blocked_json_and_strings_end_it_too() -> None:
    """Tool arguments and complete strings are stopped like running text."""
    for frames in (
        [tool('"FORB'), tool('IDDEN"'), END],
        [Frame(None, wholes=(Segment("w", Role.ASSISTANT, "FORBIDDEN"),))],
    ):
        out = together(*talk(relay_of(toy_chain(notice=False, stop=True)), *frames))
        assert shape(out) == ["blocked"]


def test_whole_strings_are_cleared() -> None:
    """A string that comes complete is judged like the rest."""
    frame = Frame("choices/0", wholes=(Segment("w", Role.ASSISTANT, "Ask Maria"),))
    (out, _) = talk(relay_of(toy_chain(notice=False)), frame)
    assert [each.wholes for each in out if isinstance(each, Ready)] == [("Ask [NAME removed]",)]


def test_json_without_edits_told_leaves_in_the_first_piece() -> None:
    """If the cleared JSON is all that is known, it leaves whole and its later pieces are empty."""

    async def clear(segment: Segment) -> Cleared:
        return Cleared('{"a": 2}', Verdict(Action.REPLACE))

    relay = Relay(lambda delta: toy_chain().open(ANSWER), clear, clear)
    out = together(*talk(relay, tool('{"a"'), tool(": 1}"), END))
    assert shape(out) == ['{"a": 2}', "", "finish"]


def test_held_json_has_a_limit() -> None:
    """A tool call of endless arguments is refused, not collected."""
    with pytest.raises(RailFailed):
        talk(relay_of(toy_chain(), Limits(held_json=10)), tool("[1, 2,"), tool(" 3, 4, 5"))


def test_much_that_is_held_costs_other_lanes_nothing() -> None:
    """Thousands of held pieces of one answer neither delay nor reorder another; at the end all leave in order."""
    pieces = ["[0", *[f", {number}" for number in range(1, 3_000)], "]"]
    others = [delta(f"Rest {number}. ", "choices/1/content", "choices/1") for number in range(300)]
    relay = relay_of(by_sentence())
    out = talk(relay, *map(tool, pieces), *others, END, DONE)
    assert [shape(each) for each in out[len(pieces) : -3]] == [[each.deltas[0].text] for each in others]
    assert shape(out[-3]) == [*pieces, "finish"]


def test_a_frame_for_all_waits_for_all_and_all_wait_for_it() -> None:
    """What concerns the whole answer is said between what came before it and what came after."""
    other = delta("Go home", "choices/1/content", "choices/1")
    later = delta("Later. ", "choices/2/content", "choices/2")
    ends = Frame("choices/1", closes=("choices/1/content",), payload="end 1")
    out = talk(relay_of(by_sentence()), delta("Rest"), other, USAGE, later, delta(". "), ends)
    assert [shape(each) for each in out] == [
        [], [], [], [], ["Rest"], ["Go home", "usage", "Later. ", ". ", "end 1"], [],
    ]  # fmt: skip


def test_parts_and_waiting_frames_have_limits() -> None:
    """A provider can't make us remember without end."""
    with pytest.raises(UpstreamBroken):
        talk(relay_of(toy_chain(), Limits(segments=3)), *[delta("x", f"choices/{10**9 - n}") for n in range(5)])
    with pytest.raises(UpstreamBroken):
        talk(relay_of(toy_chain(), Limits(frames=3)), *[delta("x") for _ in range(5)])


def unchanged(limits: Limits) -> Relay:
    """A relay that finds nothing in any JSON text."""

    async def clear(segment: Segment) -> Cleared:
        return Cleared(segment.text, Verdict(Action.ALLOW))

    chain = toy_chain()
    return Relay(lambda delta: chain.open(ANSWER), clear, clear, limits)


@pytest.mark.parametrize("piece", ["a", "ab", "abcd", "a" * 257, "a" * 300, "a" * 514])
def test_json_in_small_pieces_is_limited_by_its_length_alone(piece: str) -> None:
    """A text of `held_json` passes however it is cut, in no more frames than may wait; a longer one is refused."""
    limits = Limits(held_json=1 << 15, frames=256)
    pieces = [piece] * (limits.held_json // len(piece))
    out = together(*talk(unchanged(limits), *map(tool, pieces), END, DONE))

    assert "".join(each.deltas[0] for each in out if isinstance(each, Ready) and each.deltas) == "".join(pieces)
    assert len(out) <= limits.frames
    assert shape(out)[-2:] == ["finish", "frame"]
    with pytest.raises(RailFailed):
        talk(unchanged(limits), *map(tool, pieces), tool(piece))


def test_few_frames_of_json_leave_one_by_one() -> None:
    """Folding is for long texts: up to half of the frames that may wait, each frame leaves as it came."""
    out = talk(unchanged(Limits(frames=8)), *map(tool, "abcd"), END)
    assert shape(out[-2]) == ["a", "b", "c", "d", "finish"]
    assert shape(talk(unchanged(Limits(frames=8)), *map(tool, "abcdefgh"), END)[-2]) == [
        "a",
        "b",
        "c",
        "defgh",
        "finish",
    ]


def test_json_that_is_interrupted_is_not_folded() -> None:
    """What stands between two pieces keeps its place, and a provider can't make us hold frames without end."""
    between = Frame("choices/0", payload="between")
    other = Frame("choices/0", (Delta("tool 2", Role.ASSISTANT, "x", Kind.DATA, json=True),))
    out = talk(unchanged(Limits(frames=9)), *map(tool, "abcd"), between, tool("e"), other, tool("f"), END)
    assert shape(out[-2]) == ["abcd"[0], "b", "c", "d", "between", "e"]
    assert shape(out[-1]) == ["x", "f", "finish"]
    with pytest.raises(UpstreamBroken):
        talk(unchanged(Limits(frames=9)), *[tool("x"), between] * 5)


def test_words_after_the_end_are_refused() -> None:
    """A name can't be hidden by ending a text in the middle of it."""
    with pytest.raises(UpstreamBroken):
        talk(relay_of(toy_chain()), delta("Maria Lo"), END, delta("pez"))


def test_an_empty_delta_after_the_end_is_harmless() -> None:
    """Some providers repeat an empty text with the usage."""
    out = talk(relay_of(toy_chain(notice=False)), delta("Rest."), END, delta(""))
    assert [shape(each) for each in out] == [[], ["Rest.", "finish"], [""], []]


def test_nothing_follows_the_end_of_the_stream() -> None:
    """What a provider sends after its own end is not passed on."""
    out = talk(relay_of(toy_chain(notice=False)), delta("Rest."), DONE, delta("Maria Lopez"), USAGE)
    assert [shape(each) for each in out] == [[], ["Rest.", "frame"], [], [], []]


def test_verdicts_are_told_once() -> None:
    """Every finding is counted, none twice, and texts without findings are not worth a line."""
    relay = relay_of(toy_chain())
    talk(relay, delta("Ask Maria. "), delta("Rest. "), END)
    told = [(part, ruling.finding.label) for part, verdict in relay.take_verdicts() for ruling in verdict.rulings]
    assert told == [(0, "NAME")]  # the notice's own comes with it
    assert relay.take_verdicts() == ()
    assert relay.held == 0
