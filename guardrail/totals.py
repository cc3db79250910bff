"""What has gone through, for the disclosure page (WHO-62): totals of every process that shares a store, over restarts.

Each process counts its own exchanges and puts its totals into the store now and then, under the name by which it
writes the log; the page adds up all of them. Holds counts only. One that is killed loses what it counted since: the
log has every exchange, and the report is made from it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from guardrail.disclosure import Figures
from guardrail.errors import AuditUnavailable
from guardrail.record import shelf
from guardrail.record.database import Database
from guardrail.record.entry import NONE, Outcome, Range
from guardrail.record.metrics import CRISES
from guardrail.text import Action

_KEY: Final = "totals:"
_AMOUNTS: Final = ("energy_wh", "co2e_g", "water_ml")


class Totals:
    """Those of one process, and of all."""

    def __init__(self, database: Database, writer: str, clock: Callable[[], float] = time.time) -> None:
        """`writer` is the name of this process in the log: who takes its place goes on with its totals."""
        self._database, self._writer, self._clock = database, writer, clock
        self._mine: dict[str, float] = {}
        self._method = ""
        self._since = 0.0
        self._saved = True

    async def start(self) -> None:
        """Goes on from what was counted under this name. Raises AuditUnavailable."""
        kept = json.loads((await shelf.found(self._database, _KEY)).get(self._writer, "{}"))
        self._since, self._method = float(kept.get("since", self._clock())), str(kept.get("method", ""))
        self._mine = {name: value for name, value in kept.items() if name not in ("since", "method")}

    def count(self, outcome: Outcome) -> None:
        """One exchange has ended. What never came to a provider's API (no token, no such path) is none."""
        if outcome.who.dialect == NONE:
            return
        phi = [each for each in outcome.found if each.rail == "phi" and not each.shadow]
        self._add("exchanges", 1)
        self._add("redactions", sum(each.count for each in phi if each.action is Action.REPLACE))
        self._add("medical", outcome.asked.medical)
        self._add("crisis", any(each.kind in CRISES for each in outcome.shown))
        self._add("blocked", outcome.action is Action.BLOCK)
        if outcome.footprint is not None:
            self._method = str(outcome.footprint.method)
            for name in _AMOUNTS:
                each: Range | None = getattr(outcome.footprint, name)
                if each is not None:
                    self._add(f"{name}.low", each.low)
                    self._add(f"{name}.high", each.high)
        self._saved = False

    def _add(self, name: str, value: float) -> None:
        self._mine[name] = self._mine.get(name, 0) + value

    async def save(self) -> None:
        """To the store, if there is anything new; what can't be written now is written the next time."""
        if self._saved:
            return
        value = json.dumps({**self._mine, "since": self._since, "method": self._method})
        self._saved = True
        try:
            await shelf.put(self._database, _KEY + self._writer, value)
        except AuditUnavailable:
            self._saved = False

    async def all(self) -> Figures:
        """Of every process; of this one as it is now. Only of this one while the store can't be read."""
        others: list[Mapping[str, object]] = []
        with suppress(AuditUnavailable):
            kept = await shelf.found(self._database, _KEY)
            others = [json.loads(value) for writer, value in kept.items() if writer != self._writer]
        mine: Mapping[str, object] = {**self._mine, "since": self._since, "method": self._method}
        return _figures([mine, *others])


def _figures(told: list[Mapping[str, object]]) -> Figures:
    def total(name: str) -> float:
        return sum(float(str(each.get(name, 0))) for each in told)

    def between(name: str) -> Range | None:
        known = any(f"{name}.low" in each for each in told)
        return Range(total(f"{name}.low"), total(f"{name}.high")) if known else None

    since = min(float(str(each["since"])) for each in told)
    methods = sorted({str(each["method"]) for each in told} - {""})
    return Figures(
        since=datetime.fromtimestamp(since, UTC),
        exchanges=round(total("exchanges")),
        redactions=round(total("redactions")),
        medical=round(total("medical")),
        crisis=round(total("crisis")),
        blocked=round(total("blocked")),
        energy_wh=between("energy_wh"),
        co2e_g=between("co2e_g"),
        water_ml=between("water_ml"),
        method=", ".join(methods),
    )
