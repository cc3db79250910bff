"""What a policy adds to the PHI rail, in one hand: its terms and patterns, and its Presidio recognizers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guardrail.rails.phi import PhiSettings
from guardrail.rails.phi_patterns import Pattern, fold
from guardrail.rails.phi_terms import Terms
from guardrail.rails.phi_text import Hit

if TYPE_CHECKING:
    from guardrail.rails.phi_recognizers import OwnRecognizers


@dataclass(frozen=True, slots=True)
class Own:
    """Asked once for each window, after all other finders."""

    terms: Terms
    recognizers: OwnRecognizers | None = None

    @classmethod
    def of(cls, settings: PhiSettings) -> Own:
        """Ready to be asked. Raises PolicyError if a recognizer can't be built."""
        patterns = (
            Pattern(each.label, each.pattern, each.score, frozenset(map(fold, each.context)))
            for each in settings.patterns
        )
        terms = Terms(settings.allow_terms, settings.deny_terms, patterns)
        return cls(terms, _recognizers(settings))

    def settled(self, text: str, hits: Sequence[Hit]) -> list[Hit]:
        """`hits` of the rail's own finders in a view, and what the policy adds, less what it allows.

        Raises RailFailed, and whatever a recognizer of the policy raises: then nothing is known about the text.
        """
        found = self.recognizers.find(text) if self.recognizers else ()
        return self.terms.settled(text, [*hits, *found])


def _recognizers(settings: PhiSettings) -> OwnRecognizers | None:
    if not settings.recognizers:
        return None
    from guardrail.rails.phi_recognizers import OwnRecognizers

    return OwnRecognizers(settings.recognizers, settings.entities)
