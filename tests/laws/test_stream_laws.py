"""The seven laws of streaming (design §5), over random texts made of what the rails react to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guardrail.engine.chain import Chain, Cleared, Filter
from guardrail.engine.holdback import Planner
from guardrail.engine.relay import Insert, Out, Ready, Relay
from guardrail.engine.worker import Job
from guardrail.errors import RailError, RailFailed, RailLate
from guardrail.events import Delta, Frame
from guardrail.rails.base import About
from guardrail.text import Action, Finding, Kind, Role, Segment
from tests.engine.toys import ANSWER, PACE, answer, toy_chain

PIECES = [
    "Maria", "Lopez", "Dr. Maria", "Maria Lopez", "ZQ123456789012", "555-1234", "555", "-1234", "I think", "FORBIDDEN",
    "I suppose that", "I think Maria", "I'm so sorry, Maria", "aspirin", "warfarin", "take 1.5 mg", "e.g. rest",
    "https://x.example/Maria/555-1234", "https://x.example/" + "q" * 150, "a" * 120, "and so on", "1. ", "\n", "\n\n",
    "水を飲む。薬を飲む。", "لا بأس؟", "<< a machine wrote this >>\n", "<<", ". ", "! ", "? ", ".\n", '." ', "...",
    "  ", "\t", "\u200b", "é", "\ud800",
]  # fmt: skip

texts = st.lists(st.sampled_from(PIECES), max_size=14).flatmap(
    lambda parts: st.sampled_from([" ", "", ". "]).map(lambda glue: glue.join(parts))
)
calm = texts.map(lambda text: text.replace("FORBIDDEN", "allowed"))


async def streamed(opened: Filter, chunks: Sequence[str]) -> list[Cleared]:
    """Head, one feed per chunk, flush."""
    head = opened.head()
    out = [head] if head and any(chunks) else []
    for chunk in chunks:
        out += await opened.feed(chunk)
    return out + await opened.flush()


def said(cleared: Sequence[Cleared]) -> str:
    return "".join(each.text for each in cleared)


def stream(chain: Chain, chunks: Sequence[str]) -> str:
    return said(asyncio.run(streamed(chain.open(ANSWER), chunks)))


def whole(chain: Chain, text: str) -> str:
    return asyncio.run(chain.run(answer(text), ANSWER)).text


def cut(text: str, places: Sequence[int]) -> list[str]:
    ends = [0, *sorted(min(place, len(text)) for place in places), len(text)]
    return [text[a:b] for a, b in pairwise(ends)]


def every_cut(text: str) -> Iterator[list[str]]:
    yield list(text)
    for place in range(len(text) + 1):
        yield [text[:place], text[place:]]


# --- 1. chunk law ------------------------------------------------------------------------------------------------


@given(text=calm, places=st.lists(st.integers(0, 400), max_size=8))
@settings(max_examples=400, deadline=None)
def test_any_cutting_gives_the_same_text(text: str, places: list[int]) -> None:
    """However the model's words arrive, the reader gets the same answer as if they had come at once."""
    chain = toy_chain()
    expected = whole(chain, text)
    assert stream(chain, cut(text, places)) == expected
    assert stream(chain, list(text)) == expected
    assert stream(chain, [text]) == expected


@given(text=calm)
@settings(max_examples=12, deadline=None)
def test_every_two_cut_gives_the_same_text(text: str) -> None:
    """There is no place in an answer where a cut would let a name through."""
    chain = toy_chain()
    expected = whole(chain, text)
    for chunks in every_cut(text):
        assert stream(chain, chunks) == expected


@given(text=calm, places=st.lists(st.integers(0, 400), max_size=8))
@settings(max_examples=150, deadline=None)
@example(text="https://x.example/" + "q" * 150 + "https://x.example/Maria/555-1234", places=[])
def test_any_cutting_is_ruled_alike(text: str, places: list[int]) -> None:
    """What is counted and recorded about an answer doesn't depend on how it arrived."""
    chain = toy_chain()
    one = asyncio.run(chain.run(answer(text), ANSWER)).verdict
    many = [each.verdict for each in asyncio.run(streamed(chain.open(ANSWER), cut(text, places)))]
    assert [ruling for verdict in many for ruling in verdict.rulings] == list(one.rulings)
    assert [edit for verdict in many for edit in verdict.edits if edit.span.end] == [e for e in one.edits if e.span.end]


@given(text=texts, places=st.lists(st.integers(0, 400), max_size=8))
@settings(max_examples=150, deadline=None)
def test_a_block_is_a_block_in_any_cutting(text: str, places: list[int]) -> None:
    """A text that the policy stops is stopped however it arrives, and only words before it may have left."""
    chain = toy_chain(stop=True)
    full = asyncio.run(chain.run(answer(text), ANSWER))
    parts = asyncio.run(streamed(chain.open(ANSWER), cut(text, places)))
    letters = asyncio.run(streamed(chain.open(ANSWER), list(text)))
    assert any(each.verdict.action is Action.BLOCK for each in parts) == (full.verdict.action is Action.BLOCK)
    assert said(letters).startswith(said(parts))
    assert "FORBIDDEN" not in said(letters)


def frames_of(chunks: Sequence[str], segment: str = "choices/0/content", lane: str = "choices/0") -> list[Frame]:
    spoken = [Frame(lane, (Delta(segment, Role.ASSISTANT, chunk),)) for chunk in chunks]
    return [*spoken, Frame(lane, closes=(segment,))]


def relay_of(chain: Chain) -> Relay:
    async def clear(segment: Segment) -> Cleared:
        return await chain.run(segment, About(ANSWER.direction, segment.role, segment.kind))

    return Relay(lambda delta: chain.open(ANSWER), clear, clear)


async def relayed(relay: Relay, frames: Sequence[Frame]) -> list[Out]:
    out: list[Out] = []
    for frame in frames:
        out += await relay.feed(frame)
    return out + await relay.finish()


def heard(out: Sequence[Out], segment: str) -> str:
    """The text of one segment, as the client puts it together."""
    words: list[str] = []
    for each in out:
        if isinstance(each, Insert) and each.segment == segment:
            words.append(each.text)
        if isinstance(each, Ready):
            words += [
                text for delta, text in zip(each.frame.deltas, each.deltas, strict=True) if delta.segment == segment
            ]
    return "".join(words)


@given(data=st.data(), answers=st.lists(calm, min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_interleaved_answers_do_not_mix(data: st.DataObject, answers: list[str]) -> None:
    """Several answers in one stream, word by word in any order, each come out as they would alone."""
    chain = toy_chain()
    rows = []
    for number, text in enumerate(answers):
        places = data.draw(st.lists(st.integers(0, 400), max_size=6))
        rows.append(frames_of(cut(text, places), f"choices/{number}/content", f"choices/{number}"))
    order = data.draw(st.permutations([number for number, row in enumerate(rows) for _ in row]))
    queues = [iter(row) for row in rows]
    out = asyncio.run(relayed(relay_of(chain), [next(queues[number]) for number in order]))
    for number, text in enumerate(answers):
        assert heard(out, f"choices/{number}/content") == whole(chain, text)


# --- 2. finality -------------------------------------------------------------------------------------------------


@given(text=calm, other=calm)
@settings(max_examples=150, deadline=None)
def test_what_left_is_not_changed_by_what_comes(text: str, other: str) -> None:
    """Words that the reader has seen stay true whatever the model says next."""

    async def left_after(text: str, more: str) -> tuple[str, str]:
        opened = toy_chain().open(ANSWER)
        early = said([each for letter in text for each in await opened.feed(letter)])
        late = said([each for letter in more for each in await opened.feed(letter)] + await opened.flush())
        return early, early + late

    early, _ = asyncio.run(left_after(text, ""))
    again, full = asyncio.run(left_after(text, other))
    assert early == again
    assert full.startswith(early)


# --- 3. bound ----------------------------------------------------------------------------------------------------


@given(text=calm, size=st.integers(1, 40))
@settings(max_examples=150, deadline=None)
def test_little_is_held(text: str, size: int) -> None:
    """A reader never waits for more than a few sentences, whatever the model writes."""

    async def most(text: str) -> int:
        opened = toy_chain().open(ANSWER)
        peak = 0
        for start in range(0, len(text), size):
            await opened.feed(text[start : start + size])
            peak = max(peak, opened.held)
        return peak

    assert asyncio.run(most(text)) <= PACE.max_hold


@given(text=st.text(max_size=600), size=st.integers(1, 50))
@settings(max_examples=200, deadline=None)
def test_stretches_are_a_function_of_the_words(text: str, size: int) -> None:
    """The places where an answer is cut depend on its words and on nothing else, and they follow each other."""
    one, many = Planner(PACE), Planner(PACE)
    at_once = [*one.push(text), *one.finish()]
    chunks = [text[start : start + size] for start in range(0, len(text), size)]
    in_pieces = [stretch for chunk in chunks for stretch in many.push(chunk)] + many.finish()
    assert at_once == in_pieces
    assert "".join(s.window.text[s.begin - s.window.start :] for s in at_once) == text
    assert all(stretch.end - stretch.begin <= PACE.max_gap + 1 for stretch in at_once)


# --- 4. order ----------------------------------------------------------------------------------------------------


@given(text=calm, places=st.lists(st.integers(0, 400), max_size=8), quiet=st.lists(st.integers(0, 8), max_size=4))
@settings(max_examples=100, deadline=None)
def test_frames_keep_their_order(text: str, places: list[int], quiet: list[int]) -> None:
    """Usage, finish and tool frames never overtake words; keep-alives may."""
    frames = frames_of(cut(text, places))
    for place in quiet:
        frames.insert(min(place, len(frames)), Frame("choices/0" if place % 2 else None, payload="quiet"))
    frames.append(Frame(None, last=True))
    out = asyncio.run(relayed(relay_of(toy_chain()), frames))
    assert [id(each.frame) for each in out if isinstance(each, Ready)] == [id(frame) for frame in frames]


def test_a_keepalive_overtakes_held_words() -> None:
    """A connection is kept alive while words are held."""

    async def talk() -> tuple[list[Out], list[Out]]:
        relay = relay_of(toy_chain(notice=False))
        first = await relay.feed(frames_of(["Dr. Mar"])[0])
        return first, await relay.feed(Frame(keepalive=True))

    held, alive = asyncio.run(talk())
    assert held == []
    assert [each.frame.keepalive for each in alive if isinstance(each, Ready)] == [True]


# --- 5. failure --------------------------------------------------------------------------------------------------


class FailingInspector:
    """Fails at the n-th look."""

    def __init__(self, error: RailError, after: int) -> None:
        self._error = error
        self._left = after

    async def inspect(self, jobs: Sequence[Job]) -> list[list[Finding]]:
        self._left -= 1
        if self._left < 0:
            raise self._error
        return [[] for _ in jobs]


@pytest.mark.parametrize("error", [RailFailed("failed"), RailLate("late")])
@given(text=calm.filter(bool), after=st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_a_failed_look_releases_nothing(error: RailError, text: str, after: int) -> None:
    """If a check fails or is late, no word that it should have seen leaves, then or later."""
    chain = Chain(toy_chain(notice=False).rules, FailingInspector(error, after), PACE)

    async def talk() -> tuple[str, int, bool]:
        opened = chain.open(ANSWER)
        left: list[Cleared] = []
        seen = 0
        try:
            for letter in text:
                left += await opened.feed(letter)
                seen += 1
            left += await opened.flush()
        except RailError:
            with pytest.raises(RailError):
                await opened.flush()
            return said(left), seen, True
        return said(left), seen, False

    left, seen, failed = asyncio.run(talk())
    assert text.startswith(left)
    assert failed or left == text
    assert not failed or len(left) <= seen


@given(text=calm, place=st.integers(0, 400))
@settings(max_examples=100, deadline=None)
def test_a_stream_that_breaks_off_is_judged_to_its_end(text: str, place: int) -> None:
    """When the provider's stream breaks off, what was held is inspected like an answer that ends there."""
    chain = toy_chain()
    begun = text[:place]
    frames = [Frame("choices/0", (Delta("choices/0/content", Role.ASSISTANT, letter),)) for letter in begun]
    assert heard(asyncio.run(relayed(relay_of(chain), frames)), "choices/0/content") == whole(chain, begun)


# --- 6. rest -----------------------------------------------------------------------------------------------------


@given(text=calm)
@settings(max_examples=200, deadline=None)
def test_our_own_output_needs_nothing_more(text: str) -> None:
    """Inspecting what we let through finds nothing left to replace."""
    chain = toy_chain(notice=False)
    once = whole(chain, text)
    again = asyncio.run(chain.run(answer(once), ANSWER)).verdict
    assert [ruling.finding.label for ruling in again.rulings if ruling.effective >= Action.REPLACE] == []


@given(text=calm)
@settings(max_examples=100, deadline=None)
def test_no_name_survives(text: str) -> None:
    """Every name and number that the toy rail knows is gone, wherever it stood."""
    out = whole(toy_chain(), text)
    assert "ZQ123456789012" not in out
    assert "555-1234" not in out
    assert "Maria" not in out


@given(text=calm, places=st.lists(st.integers(0, 400), max_size=8))
@settings(max_examples=60, deadline=None)
def test_shadow_changes_nothing(text: str, places: list[int]) -> None:
    """A rule on trial reports and leaves every word alone."""
    chain = toy_chain(notice=False, shadow=True)
    assert stream(chain, cut(text, places)) == text


# --- 7. still a stream -------------------------------------------------------------------------------------------

PROSE = (
    "Rest and drink enough water. The pain in the knee is often gone after two weeks. If it swells, see somebody "
    "who can look at it. Ask Maria Lopez about the plan. Cold packs help many people for ten minutes at a time, "
    "three times a day. I think that walking is fine. Call 555-1234 when it gets worse.\n\nTake care on stairs. "
) * 4


def test_one_event_in_is_about_one_event_out() -> None:
    """An answer that came word by word leaves word by word."""
    tokens = [word + " " for word in PROSE.split(" ")]
    out = asyncio.run(relayed(relay_of(toy_chain()), frames_of(tokens)))
    spoken = [each for each in out if isinstance(each, Ready) and any(each.deltas)]
    assert len(spoken) >= 0.6 * len(tokens)


def test_words_leave_while_others_come() -> None:
    """The first sentence is out before the third is in."""

    async def talk() -> int:
        relay = relay_of(toy_chain())
        begun = 0
        for number, word in enumerate(PROSE.split(" ")):
            out = await relay.feed(frames_of([word + " "])[0])
            if any(isinstance(each, Ready) for each in out) and not begun:
                begun = number
        return begun

    assert 0 < asyncio.run(talk()) <= 25


def test_json_is_given_back_in_its_pieces() -> None:
    """A tool's arguments are judged whole and leave in the pieces in which they came."""
    chain = toy_chain(notice=False)
    pieces = ['{"who": "Ma', "ria Lo", 'pez", "n"', ": 1}"]
    frames = [Frame("choices/0", (Delta("tool", Role.ASSISTANT, piece, Kind.DATA, json=True),)) for piece in pieces] + [
        Frame("choices/0", closes=("tool",))
    ]
    out = asyncio.run(relayed(relay_of(chain), frames))
    assert heard(out, "tool") == '{"who": "[NAME removed]", "n": 1}'
    assert [each.deltas for each in out if isinstance(each, Ready)][:4] == [
        ('{"who": "[NAME removed]',), ("",), ('", "n"',), (": 1}",),
    ]  # fmt: skip
