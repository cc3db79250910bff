"""What is said behind the last word of an answer: it is not all there (WHO-41), a translation differs (WHO-48).

Decides and words it, the same for whole answers and streams; where it is written, `answer` and `streaming` know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from guardrail.dialects.base import RequestDocument
from guardrail.engine.chain import Rule
from guardrail.engine.offload import off_loop
from guardrail.events import Stop
from guardrail.marks import marked_notes
from guardrail.rails.base import About
from guardrail.rails.translation import MAX_CHARS, Source, source_of
from guardrail.text import Action, Edit, Finding, Kind, Ruling, Span, Verdict

INCOMPLETE, TRANSLATION = "incomplete", "translation"
APART: Final = "\n\n"


@dataclass(frozen=True, slots=True)
class Closing:
    """Our words for the end of an answer, and what was concluded. Without words it is only counted."""

    text: str = ""
    verdicts: tuple[Verdict, ...] = ()

    def __add__(self, other: Closing) -> Closing:
        """Both, one paragraph after the other."""
        return Closing(APART.join(filter(None, (self.text, other.text))), (*self.verdicts, *other.verdicts))

    def notes(self, language: str, receipt: str) -> Mapping[str, object]:
        """For answers that no words can be put into: the client has to show them."""
        return marked_notes(receipt, kinds(self.verdicts), language, self.text)


NOTHING: Final = Closing()
NOBODY: Final = About()


@dataclass(frozen=True, slots=True)
class Closer:
    """How one answer may have to be closed. `rules` by rail; `source` is what the answer should be a translation of."""

    about: About = NOBODY
    rules: Mapping[str, Rule] = field(default_factory=dict)
    source: Source | None = None
    receipt: str = ""

    @property
    def listens(self) -> bool:
        """True if the words of the answer are wanted at its end."""
        return self.source is not None

    def stopped(self, stop: Stop) -> Closing:
        """What an answer that ends like this needs."""
        rule = self.rules.get(INCOMPLETE)
        return self._said(rule, stop.kind) if rule is not None and stop.kind else NOTHING

    async def compared(self, answer: str, *, whole: bool) -> Closing:
        """What a translation needs. In a stream nothing can be taken back: what the policy blocks is told there."""
        rule, source = self.rules.get(TRANSLATION), self.source
        if rule is None or source is None or not answer.strip():
            return NOTHING
        labels = await off_loop(len(answer) + len(source.text), lambda: source.differs(answer))
        said = NOTHING
        for label in labels:
            said += self._said(rule, label, most=Action.BLOCK if whole else Action.WARN)
        return said

    def _said(self, rule: Rule, label: str, most: Action = Action.WARN) -> Closing:
        ruling = rule.judge(Finding(Span(0, 0), rule.rail, label))
        ruling = replace(ruling, action=min(ruling.action, most))
        words = self._words(rule, ruling)
        edits = (Edit(Span(0, 0), words),) if words else ()
        return Closing(words, (Verdict(ruling.effective, (ruling,), edits),))

    def _words(self, rule: Rule, ruling: Ruling) -> str:
        if ruling.effective is Action.ALLOW or rule.rewriter is None:
            return ""
        return rule.rewriter.rewrite(ruling.finding, "", self.about) or ""


NO_CLOSER: Final = Closer()


async def asked_for(document: RequestDocument, rules: Mapping[str, Rule]) -> Source | None:
    """What the last turn wants translated, as its user wrote it. Asked before anything is redacted."""
    if TRANSLATION not in rules:
        return None
    turn = frozenset(document.turn)
    spoken = [each.text for each in document.segments() if each.address in turn and each.kind is Kind.PROSE]
    words = "\n".join(spoken)
    return await off_loop(len(words), lambda: source_of(words))


def kinds(verdicts: Iterable[Verdict]) -> Sequence[str]:
    """The rails that have said something behind the last word: incomplete, translation."""
    said = [ruling.finding.rail for verdict in verdicts if verdict.edits for ruling in verdict.rulings]
    return [rail for rail in (INCOMPLETE, TRANSLATION) if rail in said]


class Listener:
    """The words of a streamed answer that are wanted at its end, no more of them than are compared."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0

    def hear(self, text: str) -> None:
        """The next words."""
        if self._size <= MAX_CHARS:
            self._parts.append(text[: MAX_CHARS + 1 - self._size])
            self._size += len(self._parts[-1])

    @property
    def words(self) -> str:
        """What was heard: more than can be compared if there was more."""
        return "".join(self._parts)
