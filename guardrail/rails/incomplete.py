"""An answer that is not all there: its provider cut it off, or withheld a part of it (WHO-41).

What the provider says of it, the dialect knows; this says what a reader is told behind the last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from guardrail.rails import spoken
from guardrail.rails.base import About, Rewriter
from guardrail.rails.data import closing_texts
from guardrail.rails.data.texts import LANGUAGES
from guardrail.text import Finding

NAME: Final = "incomplete"
CUT, FILTERED = "cut", "filtered"
LABELS: Final = (CUT, FILTERED)


class IncompleteSettings(BaseModel):
    """What is written, by language; all languages or none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cut: Mapping[str, str] = Field(default_factory=lambda: dict(closing_texts.CUT))
    filtered: Mapping[str, str] = Field(default_factory=lambda: dict(closing_texts.FILTERED))

    @field_validator(*LABELS)
    @classmethod
    def _in_every_language(cls, table: Mapping[str, str]) -> Mapping[str, str]:
        spoken.complete(table, LANGUAGES)
        return table


@dataclass(frozen=True)
class IncompleteWords:
    """Writes the note."""

    settings: IncompleteSettings

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """In the reader's language, in English for a language that has no text."""
        table = self.settings.cut if finding.label == CUT else self.settings.filtered
        return table.get(about.language) or table["en"]


def words(settings: IncompleteSettings) -> Rewriter:
    """What is written behind the last word."""
    return IncompleteWords(settings)
