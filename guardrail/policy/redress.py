"""How complaints are taken, how fast they are settled, and what is said where AI is suspended (WHO-11, 61, 74, 90).

Values only; `guardrail.redress` keeps the cases, `guardrail.suspension` decides what is stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from guardrail.policy.base import Language, Model, OwnText
from guardrail.policy.redress_texts import TEXTS
from guardrail.rails import spoken

TextName = Literal["suspended", "stopped", "received"]
Days = Annotated[StrictInt, Field(ge=1, le=365)]


class DueDays(Model):
    """Days within which a case has to be settled, by its kind; praise is never due.

    A contested decision has to be answered within one month (GDPR Art. 12(3)); 28 days are never more than one.
    """

    harm: Days = 3
    error: Days = 14
    contest: Days = 28


class Redress(Model):
    """The policy's part `redress`."""

    due_days: DueDays = DueDays()
    per_receipt: Annotated[StrictInt, Field(ge=1, le=100)] = 5
    """Cases about one answer."""
    per_client_hour: Annotated[StrictInt, Field(ge=1, le=100_000)] = 120
    """Cases that one client may open within an hour, in each worker."""
    max_open: Annotated[StrictInt, Field(ge=1, le=1_000_000)] = 10_000
    """Cases that nobody has settled; beyond, feedback is refused and nothing is lost that was taken."""
    graphic_per_day: Annotated[StrictInt, Field(ge=1, le=1_000)] | None = 20
    """Cases with graphic words that one reviewer may uncover in a day (WHO-90); null: any number."""
    texts: Mapping[TextName, Mapping[Language, OwnText]] = Field(default_factory=dict)
    """On top of those that are shipped."""

    def words(self, name: TextName, language: str, way: str = "") -> str:
        """What is said, and behind it the way to people (`gates.way`)."""
        text = spoken.chosen(self._table(name), language)
        return f"{text} {way}" if way else text

    def speaks(self, name: TextName, language: str) -> bool:
        """True if there is a text of this name in this language."""
        return spoken.has(self._table(name), language)

    def _table(self, name: TextName) -> Mapping[str, str]:
        return spoken.on_top(self.texts.get(name, {}), TEXTS[name])
