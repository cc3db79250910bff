"""One text through a policy, without any model: what `guardrail try` shows and `guardrail eval` scores.

Takes the very road of an exchange (question, answer); knows no file, no terminal and no provider.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guardrail.answer import AnswerReview
from guardrail.engine.vault import Vault
from guardrail.policy.compile import Compiled
from guardrail.question import clear_question
from guardrail.rails.base import About
from guardrail.rails.language import detect
from guardrail.text import UNASSESSED, Action, Assessment, Direction, Edit, Role, Ruling, Segment, Verdict

_ADDRESS = "text"


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a text. `text` is what would be passed on: "" if the policy stops it."""

    text: str
    action: Action
    rulings: tuple[Ruling, ...]
    edits: tuple[Edit, ...]
    assessment: Assessment = UNASSESSED


async def try_text(compiled: Compiled, text: str, direction: Direction) -> Trial:
    """The text as a patient's message on its way to the model, or as a model's answer on its way back.

    Raises RailError if it could not be inspected.
    """
    vault = compiled.open_vault()
    try:
        if direction is Direction.REQUEST:
            return await _question(compiled, text, vault)
        return await _answer(compiled, text, vault)
    finally:
        vault.close()


async def _question(compiled: Compiled, text: str, vault: Vault) -> Trial:
    document = _OneText(text)
    question = await clear_question(document, compiled.request, _about(compiled, text, Direction.REQUEST), vault)
    return _trial(document.text, question.verdicts[0], question.assessment)


async def _answer(compiled: Compiled, text: str, vault: Vault) -> Trial:
    about = _about(compiled, text, Direction.RESPONSE)
    review = AnswerReview(compiled.response, about, vault)
    cleared = await review.clear(Segment(_ADDRESS, Role.ASSISTANT, text))
    return _trial(cleared.text, cleared.verdict, UNASSESSED)


def _trial(text: str, verdict: Verdict, assessment: Assessment) -> Trial:
    passed_on = "" if verdict.action is Action.BLOCK else text
    return Trial(passed_on, verdict.action, verdict.rulings, verdict.edits, assessment)


def _about(compiled: Compiled, text: str, direction: Direction) -> About:
    defaults = compiled.policy.defaults
    language = detect(text, compiled.policy.cohorts.language) or defaults.language
    role = Role.USER if direction is Direction.REQUEST else Role.ASSISTANT
    return About(direction, role, language=language, surface=defaults.surface, country=defaults.country)


class _OneText:
    """A request of one message, in nobody's wire format."""

    model = ""
    stream = False
    structured = False
    turn: Sequence[str] = (_ADDRESS,)

    def __init__(self, text: str) -> None:
        self.text = text

    def segments(self) -> Sequence[Segment]:
        return (Segment(_ADDRESS, Role.USER, self.text),)

    def replace(self, address: str, text: str) -> None:
        if address != _ADDRESS:
            raise KeyError(address)
        self.text = text

    def edited(self, address: str, edits: Sequence[Edit]) -> None:
        """Nobody cites it."""

    def field(self, address: str) -> str:
        return address

    def to_bytes(self) -> bytes:
        return self.text.encode()
