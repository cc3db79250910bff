"""The rail protocol: what a rail is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from guardrail.text import UNASSESSED, Assessment, Direction, Finding, Kind, Role


@dataclass(frozen=True, slots=True)
class Reach:
    """How much later text can still change a finding.

    `Reach(0)` is a sentence rail: nothing after a sentence end or a line end matters to it.
    `Reach(n)` wants n more code points to the right, also across sentence ends.
    """

    chars: int = 0


SENTENCE = Reach(0)


@dataclass(frozen=True, slots=True)
class Manner:
    """How our own words are said in one exchange, as the policy decided from what is known of it. Codes, and `route`.

    notice    "full" (origin and limit), "brief" (origin) or "mark" (no words: headers and members only); WHO-01
    reminder  a pause is proposed and that this is a machine is said again; WHO-50
    human     the reader asked whether a person writes: that is answered first; Utah 13-77-103
    closing   the notice comes once more after the last word (spoken answers)
    asked     what is done about a medical question: "allow", "warn_and_refer" or "block"; WHO-07
    told      the same about a medical answer to a question that was none
    route     the sentence with the way to people that a notice in full ends with, "" for none; California HSC 1339.75
    """

    notice: str = "full"
    reminder: bool = False
    human: bool = False
    closing: bool = False
    asked: str = "warn_and_refer"
    told: str = "warn_and_refer"
    route: str = ""


IN_FULL = Manner()

CLINICIAN = "clinician"
"""The surface whose readers decide for themselves: side notes, no advice to see a doctor (WHO-29)."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known about the text besides the text. Read only, and small enough to send to a worker.

    `language` is a BCP 47 primary subtag ("en", "es") or "" if unknown; `country` an ISO 3166 alpha-2 code
    from configuration, never guessed. `assessment` is that of the request (WHO-07). `opens` and `hint` as in
    `Segment`: our notices may go before this text; the key that a value stands under ("mrn").
    """

    direction: Direction = Direction.REQUEST
    role: Role = Role.USER
    kind: Kind = Kind.PROSE
    language: str = ""
    surface: str = "unspecified"
    country: str = ""
    assessment: Assessment = UNASSESSED
    opens: bool = True
    hint: str = ""
    manner: Manner = IN_FULL

    @property
    def is_answer(self) -> bool:
        """True for the running words of the assistant in an answer: neither data, nor history, nor somebody else's."""
        mine = self.direction is Direction.RESPONSE and self.role is Role.ASSISTANT
        return mine and self.kind is Kind.PROSE


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a segment. It begins `start` code points into the segment; `final` if the segment ends with it."""

    text: str
    start: int = 0
    final: bool = True


class Rail(Protocol):
    """Finds, and does nothing else: pure over its window, no I/O, no clock, no state between calls.

    Spans are relative to `window.text`. A rail reports everything it sees in the window; the engine drops
    what lies in the part that an earlier window has decided.
    """

    @property
    def name(self) -> str:
        """The name in the policy."""
        ...

    @property
    def reach(self) -> Reach:
        """How much later text can change a finding."""
        ...

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """The findings in one window."""
        ...


class Rewriter(Protocol):
    """Says what stands in place of a finding. Runs in the proxy process, never in the analyzer.

    `text` is the text that `finding.span` points into. An empty span asks for an insertion.
    Returns the new words ("" deletes), or None to leave the words as they are.
    """

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The replacement for one finding."""
        ...
