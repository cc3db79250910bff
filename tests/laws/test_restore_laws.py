"""Laws of the way back: over generated conversations every value comes home, in any dress, and no other ever does.

Requests go through `clear_question`, answers through `AnswerReview`, as in an exchange; only the detector is a toy.
What the model saw is taken from the edits, so that the expectation knows nothing of how placeholders are made.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest

from guardrail.answer import AnswerReview
from guardrail.engine.chain import Chain, Rule
from guardrail.engine.holdback import Pace
from guardrail.engine.vault import Vault
from guardrail.engine.worker import InlineInspector
from guardrail.events import Delta
from guardrail.question import PHI, Question, clear_question
from guardrail.rails.base import About
from guardrail.text import Action, Direction, Edit, Role, Segment
from tests.engine.toys import PatternRail

CONVERSATIONS = 1_000
FIRST = ("Maria", "Ada", "Tom", "Lena", "Omar")
LAST = ("Lopez", "Quill", "Reed", "Okafor", "Brandt", "Holt", "Vance", "Ito")
NAMES = (
    rf"(?:{'|'.join(FIRST)})(?: [A-Z]\.)?(?: (?:{'|'.join(LAST)}))?|(?:{'|'.join(LAST)})(?:, (?:{'|'.join(FIRST)}))?"
)
TOY = PatternRail(
    PHI,
    rf"(?P<NAME>\b(?i:{NAMES})\b|\b[A-Z]\. ?[A-Z]\.|(?<=pt )[A-Z]{{2}}\b)|(?P<DATE>\b\d{{4}}-\d\d-\d\d\b)"
    r"|(?P<PHONE>\b555-\d{4}\b)|(?P<MRN>\b\d{8}\b)",
)
RULES = [Rule(rail=PHI, action=Action.REPLACE)]
CHAIN = Chain(RULES, InlineInspector({PHI: TOY}), Pace(80, 240, 160, 4_096))
ABOUT = About(Direction.RESPONSE, Role.ASSISTANT)
LOOKALIKES = ("[NAME_1]", "patient_2", "[Date_1]", "PHONE_1", "[ CLINICIAN_1 ]", r"\[MRN\_1\]", "RELATIVE_1's")
MARK = re.compile(r"\[(?P<id>[A-Z_]+_\d+)(?:: (?P<detail>[^\]]+))?\]")


@dataclass
class Spoken:
    """A request of plain messages."""

    messages: list[tuple[Role, str]]
    model: str = ""
    stream: bool = False
    structured: bool = False
    turn: Sequence[str] = ()
    seen: dict[str, str] = field(default_factory=dict)

    def segments(self) -> Sequence[Segment]:
        return [Segment(str(at), role, text) for at, (role, text) in enumerate(self.messages)]

    def replace(self, address: str, text: str) -> None:
        self.seen[address] = text

    def edited(self, address: str, edits: Sequence[Edit]) -> None:
        """Nobody cites it."""

    def field(self, address: str) -> str:
        return address

    def to_bytes(self) -> bytes:
        return b""

    def read(self) -> list[str]:
        """The messages as the model reads them."""
        return [self.seen.get(str(at), text) for at, (_, text) in enumerate(self.messages)]


async def asked(messages: list[tuple[Role, str]], vault: Vault) -> tuple[Spoken, Question]:
    document = Spoken(messages)
    return document, await clear_question(document, CHAIN, About(), vault)


def originals(messages: list[tuple[Role, str]], question: Question) -> dict[str, str]:
    """By placeholder, what stood in its place when it was written first."""
    found: dict[str, str] = {}
    for (_, text), verdict in zip(messages, question.verdicts, strict=True):
        for edit in verdict.edits:
            value = text[edit.span.start : edit.span.end]
            assert " ".join(found.setdefault(edit.text, value).lower().split()) == " ".join(value.lower().split())
    return found


def conversation(rng: random.Random, *, lookalikes: bool = True) -> list[tuple[Role, str]]:
    """Two patients of one first name, a clinician, a relative, short forms, initials, dates, and a look-alike."""
    first, other = rng.sample(FIRST, 2)
    one, two, doctor = rng.sample(LAST, 3)
    day = f"20{rng.randint(10, 26)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    sentences = [
        f"Patient {first} {one}, MRN {rng.randint(10**7, 10**8 - 1)}, was admitted on {day}. ",
        f"{first} {two}, 61M, shares the room since 2024-03-0{rng.randint(1, 9)}. ",
        f"Dr. {other} {doctor} saw both, call 555-{rng.randint(1000, 9999)}. ",
        f"His daughter {other} came with Mr. {one}. ",
        f"{first} slept well, {two} did not. ",
        f"pt {first[0]}{one[0]} had pain, {first[0]}.{two[0]}. had none. ",
        f"{one}, {first} goes home, {first.upper()} {two.upper()} stays. ",
        f"I wrote {rng.choice(LOOKALIKES) if lookalikes else 'this'} by hand. ",
    ]
    rng.shuffle(sentences)
    messages: list[tuple[Role, str]] = []
    while sentences:
        taken = [sentences.pop() for _ in range(min(len(sentences), rng.randint(1, 4)))]
        messages += [(Role.USER, "".join(taken)), (Role.ASSISTANT, rng.choice(("Noted. ", f"{first} is {one}? ")))]
    return messages[:-1]


def dressed(rng: random.Random, mark: str, value: str) -> tuple[str, str]:
    """A placeholder as models write it, and what the clinician reads."""
    match = MARK.fullmatch(mark)
    assert match
    name, detail = match["id"], match["detail"]
    inner = rng.choice((name, name.lower(), name.title(), name.replace("_", r"\_")))
    if detail:
        detail = detail if "_" in detail else rng.choice((detail, detail.title()))
        inner += rng.choice((": ", ":", " : ")) + detail
    opening, closing = rng.choice((("[", "]"), ("[ ", " ]"), (r"\[", r"\]"), ("\u3010", "\u3011"), ("[", "]")))
    said = f"{opening}{inner}{closing}"
    if not detail and rng.random() < 0.4:
        said = inner
    around = rng.choice(
        ("{}", "{}", "**{}**", "*{}*", "_{}_", "`{}`", "{}'s", "({})", '"{}"', "***{}***", "~~{}~~", "{},")
    )
    return around.format(said), around.format(value)


def answer(rng: random.Random, known: dict[str, str], written: Iterable[str]) -> tuple[str, str]:
    """An answer and what is to be read: every placeholder in some dress, forged ones, ones in addresses, a stranger."""
    ids = {match["id"] for mark in known if (match := MARK.fullmatch(mark))}
    forged = [name for name in (f"PATIENT_{rng.randint(5, 9)}", "NAME_77", "MRN_9", "DATE_40") if name not in ids]
    parts = [dressed(rng, mark, value) for mark, value in known.items() if MARK.fullmatch(mark)]
    for name in forged:
        said = rng.choice((f"[{name}]", name, f"**[{name}]**", f"[{name.lower()}]", f"[ {name} ]"))
        parts.append((said, said))
    parts += [(text, text) for text in written]
    mark = rng.choice(list(known))
    parts += [(text, text) for text in (f"https://x.example/?q={mark} ", f"![scan](https://x.example/a{mark}.png)")]
    parts.append(("Omar Z. Ito", "[NAME removed]"))
    rng.shuffle(parts)
    fill = ("is well", "was seen, and", "walks 5 > 3 steps;", "-", "with", "and that is all.", "reported no pain.\n")
    said = read = ""
    for text, value in parts:
        words = f" {rng.choice(fill)} "
        said, read = said + text + words, read + value + words
    return said, read


def review(vault: Vault) -> AnswerReview:
    return AnswerReview(CHAIN, ABOUT, vault)


async def whole(vault: Vault, text: str) -> str:
    return (await review(vault).clear(Segment("0", Role.ASSISTANT, text))).text


async def streamed(vault: Vault, pieces: Iterable[str]) -> str:
    each = review(vault)
    stream = each._open(Delta("0", Role.ASSISTANT, ""))
    cleared = [part for piece in pieces for part in await stream.feed(piece)]
    return "".join(part.text for part in (*cleared, *await stream.flush()))


async def played(seed: int) -> tuple[Vault, str, str]:
    """One conversation up to its answer: the vault, what the model says and what is to be read."""
    rng = random.Random(seed)
    vault, messages = Vault(), conversation(rng)
    document, question = await asked(messages, vault)
    for text in document.read():
        assert not TOY_NAME.search(MARK.sub("", text)), "a name was sent"
    written = [look for look in LOOKALIKES if any(look in text for _, text in messages)]
    said, read = answer(rng, originals(messages, question), written)
    return vault, said, read


TOY_NAME = re.compile(rf"\b(?:{'|'.join((*FIRST, *LAST))})\b", re.IGNORECASE)


@pytest.mark.parametrize("part", range(10))
def test_every_value_comes_home_and_no_other_does(part: int) -> None:
    """100 % over 1,000 conversations, whole and streamed in chance pieces; forged ones and addresses stay."""

    async def all_of_them() -> None:
        for seed in range(part, CONVERSATIONS, 10):
            vault, said, read = await played(seed)
            assert await whole(vault, said) == read, seed
            rng = random.Random(seed)
            cuts = sorted(rng.randrange(len(said)) for _ in range(30))
            pieces = [said[start:end] for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True)]
            assert await streamed(vault, pieces) == read, seed

    asyncio.run(all_of_them())


@pytest.mark.parametrize("seed", range(3))
def test_no_cut_of_the_stream_changes_a_word(seed: int) -> None:
    """Every cut in two, and character by character."""

    async def every_cut() -> None:
        vault, said, read = await played(seed)
        assert await streamed(vault, said) == read
        for at in range(1, len(said)):
            assert await streamed(vault, (said[:at], said[at:])) == read, at

    asyncio.run(every_cut())


def test_our_own_output_is_at_rest() -> None:
    """Design 5, law 6: what the clinician reads is changed no further."""
    for seed in range(50):
        vault, _, read = asyncio.run(played(seed))
        assert asyncio.run(whole(vault, read)) == read


def test_no_turn_changes_what_was_told_before() -> None:
    """TOK-08: a conversation sent with its history reads the same, turn by turn."""
    for seed in range(200):
        messages = conversation(random.Random(seed), lookalikes=False)
        before: list[str] = []
        for end in range(1, len(messages) + 1, 2):
            read = asyncio.run(asked(messages[:end], Vault()))[0].read()
            assert read[: len(before)] == before, seed
            before = read


def test_two_patients_of_one_first_name_are_never_one() -> None:
    """Full names have different numbers, and their first name alone is nobody's unless only one was known by then."""
    for seed in range(200):
        vault, messages = Vault(), conversation(random.Random(seed))
        _, question = asyncio.run(asked(messages, vault))
        known = originals(messages, question)
        ids = {value: MARK.fullmatch(mark)["id"] for mark, value in known.items() if MARK.fullmatch(mark)}  # type: ignore[index]
        full = [value for value in ids if re.fullmatch(rf"(?:{'|'.join(FIRST)}) (?:{'|'.join(LAST)})", value)]
        assert len({ids[value] for value in full}) == len(full)


def test_five_thousand_names_and_their_forms_cost_little_more_than_their_text() -> None:
    """Linear: full names, surnames and initials of 5,000 people of whom many share a part."""
    people = [f"{first}{at % 70} {last}{at}" for at, (first, last) in enumerate([("Given", "Sur")] * 5_000)]
    values = [*people, *(person.split()[1] for person in people), *(person.split()[0] for person in people)]
    vault = Vault()
    marks = [vault.mint("NAME", value) for value in values]
    assert marks[5_000] == "[NAME_1: surname]"
    assert len(set(marks)) == 10_070
