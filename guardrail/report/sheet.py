"""The report as one JSON document: all that the page shows, and what the signature is over (docs/reports.md).

Made of counts that may be told (`counts`), so nothing that is withheld is in it anywhere. Every question gets a verdict
(`verdicts`). Deterministic: the same log, period and time give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from guardrail import __version__
from guardrail.report import words
from guardrail.report.cells import SMALL, Told
from guardrail.report.collect import OTHER, TOKENS, Amounts, Collected, Period, Seen
from guardrail.report.compare import cell, everybody, figures, questions
from guardrail.report.counts import NO_VALUE, Counts, count
from guardrail.report.figures import DIMENSION_NAMES, DIMENSIONS, MISSING
from guardrail.report.reading import Read
from guardrail.report.verdicts import Outcome, Verdict, Verdicts

SCHEMA: Final = 1
"""A higher number is another shape."""
MOST_MISSING: Final = 0.2
"""More exchanges without a code than that, and a division by it says little."""
_TITLES: Final[Mapping[str, str]] = {
    "end": "How exchanges ended",
    "action": "What was done",
    "status": "HTTP status",
    "risk": "Risk of what was asked",
    "task": "Task",
    "client": "Application",
    "dialect": "API",
    "upstream": "Provider",
    "surface": "Who reads the answers",
    "use": "Use that applications stated",
    "failure": "Errors, by code",
    "gate": "Why a gate was shut",
    "language": "Language of our texts",
}
_ITEMS: Final[Mapping[str, str]] = {
    "phi request": "PHI taken out of requests, by kind",
    "phi response": "PHI taken out of answers, by kind",
    "shown": "Our texts in answers, by kind and language",
    "uninspected": "Parts that nothing could inspect, by reason",
    "found request": "All findings in requests",
    "found response": "All findings in answers",
}
_CASES: Final[Mapping[str, str]] = {
    "opened": "Opened in the period, by kind",
    "waiting": "Not settled yet, by kind",
    "overdue": "Overdue, by kind",
    "settled": "Settled, by outcome",
    "settled late": "Settled after they were due, by kind",
}
METHOD: Final[Mapping[str, str]] = {
    "intervals": "Shares have Wilson's 95 % interval. It takes exchanges for independent; those of one person are not "
    "quite, so the truth is a little wider.",
    "ratios": "Each group is compared with the largest one by the ratio of shares (for figures that should be near "
    "100 %, by the ratio of what is missing), with Katz's 95 % interval. A signal is an interval that leaves out 1 "
    "with a ratio above 1.25 or below 0.8. It is no proof: groups differ in what they ask, too.",
    "chance": "Of every hundred comparisons of groups that do not differ about five intervals leave out 1 by chance.",
    "time": "Control charts (p-charts) with limits of three sigma, widened by Laney's factor; a step beyond its limits "
    "or nine in a row on one side of the mean is a signal.",
    "small": f"Counts of exchanges from 1 to {SMALL - 1} are not told, nor those that would give them away (WHO-26, "
    "CMS cell size policy). A division of which that leaves nothing is withheld as a whole.",
    "groups": "Codes that applications supply, never inferred. Exchanges without a code have a row of their own.",
    "footprint": "Modelled from tokens, never measured. Low and high are bounds of what nobody outside knows; the "
    "error of the model itself is not in them.",
}


@dataclass(frozen=True, slots=True)
class Integrity:
    """What `audit verify` says of the log; `sound` is None if nobody looked, `why` says why."""

    sound: bool | None = None
    why: str = ""
    entries: int = 0
    chains: int = 0
    anchors: int = 0
    problems: tuple[str, ...] = ()
    found: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """What a report says of itself. `made` is in microseconds; `recorded`: it goes into the log, and is signed."""

    made: int
    actor: str
    policy: Mapping[str, Any]
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By dimension, the codes that the policy lists."""
    recorded: bool = False
    seed: str = ""


def document(read: Read, integrity: Integrity, about: About) -> dict[str, Any]:
    """The whole report. Raises ValueError if a question was left without a verdict."""
    return _Sheet(read, integrity, about).document()


def to_bytes(report: Mapping[str, Any]) -> bytes:
    """Its one spelling: what the digest is over."""
    return (json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


class _Sheet:
    def __init__(self, read: Read, integrity: Integrity, about: About) -> None:
        self._read, self._integrity, self._about = read, integrity, about
        self._collected: Collected = read.collected
        self._counts: Counts = count(read.collected, about.groups, read.cases, min(about.made, self._period.until))
        self._verdicts = Verdicts([*_CHECKS, *_cohort_questions(), *questions(self._counts)])

    @property
    def _period(self) -> Period:
        return self._collected.period

    def document(self) -> dict[str, Any]:
        self._check()
        headline = figures(self._counts, self._verdicts)
        verdicts = self._verdicts.close()
        return {
            "kind": "guardrail report",
            "schema": SCHEMA,
            "made": self._made(),
            "period": self._about_period(),
            "exchanges": cell(everybody(self._counts)),
            "integrity": self._about_integrity(),
            "policies": self._policies(),
            "figures": headline,
            "dimensions": self._dimensions(),
            "breakdowns": self._breakdowns(),
            "models": self._models(),
            "usage": self._usage(),
            "cases": self._cases(),
            "incidents": self._incidents(),
            "suspensions": self._told("suspended", "resumed", "suspension_expired"),
            "events": dict(sorted(self._collected.events.items())),
            "marks": self._marks(),
            "found": _listed(verdicts[Outcome.FOUND]),
            "failed": _listed(verdicts[Outcome.FAILED]),
            "nothing": _listed(verdicts[Outcome.NOTHING]),
            "sample": self._sample(),
            "method": dict(METHOD),
        }

    # ── about the report ──────────────────────────────────────────────────────────────────────────────────────

    def _made(self) -> dict[str, Any]:
        earlier = self._read.earlier
        overlapping = [each for each in earlier if self._overlaps(each)]
        return {
            "at": words.moment(self._about.made),
            "by": self._about.actor,
            "software": __version__,
            "policy": dict(self._about.policy),
            "recorded": self._about.recorded,
            "previous_report": str(earlier[-1].get("sha256", "")) if earlier else None,
            "overlapping_reports": [{name: str(each.get(name, "")) for name in _REPORTED} for each in overlapping],
        }

    def _overlaps(self, facts: Mapping[str, Any]) -> bool:
        """Another period that has days in common with this one: a difference of the two could tell a small count."""
        first, last = (each.date().isoformat() for each in (self._period.first, self._period.last))
        begun, ended = str(facts.get("from", "")), str(facts.get("to", ""))
        return begun <= last and ended >= first and (begun, ended) != (first, last)

    def _about_period(self) -> dict[str, Any]:
        period = self._period
        return {
            "from": period.first.date().isoformat(),
            "to": period.last.date().isoformat(),
            "days": period.days,
            "step_days": period.step,
            "over": self._about.made >= period.until,
        }

    def _about_integrity(self) -> dict[str, Any]:
        integrity = self._integrity
        state = {True: "sound", False: "not sound", None: "not verified"}[integrity.sound]
        return {
            "state": state,
            "why": integrity.why,
            "entries": integrity.entries,
            "chains": integrity.chains,
            "signed_heads": integrity.anchors,
            "problems": list(integrity.problems),
            "problems_found": integrity.found,
            "checkpoints": [{"writer": writer, "size": size} for writer, size in self._read.heads.items()],
        }

    # ── tables ────────────────────────────────────────────────────────────────────────────────────────────────

    def _policies(self) -> list[dict[str, Any]]:
        loaded: dict[str, list[str]] = {}
        for at, what, _, facts in sorted(self._collected.told, key=lambda each: each[:2]):
            if what == "policy_loaded":
                loaded.setdefault(str(facts.get("sha256", "")), []).append(words.moment(at))
        return [
            {
                **dict(zip(("name", "version", "sha256"), key, strict=True)),
                "loaded": loaded.get(key[2], []),
                **self._seen(self._collected.policies[key], self._counts.published["policy", key]),
            }
            for key in self._counts.policies
        ]

    def _models(self) -> list[dict[str, Any]]:
        return [
            {
                "asked": key[0] or None,
                "answered": key[1] or None,
                **self._seen(self._collected.models[key], self._counts.published["model", key]),
            }
            for key in self._counts.models
        ]

    @staticmethod
    def _seen(seen: Seen, told: Told) -> dict[str, Any]:
        """First and last day; none beside a withheld count: two equal days would say that there was one."""
        known = told.value is not None
        return {
            "first": words.day(seen.first) if known else None,
            "last": words.day(seen.last) if known else None,
            "exchanges": cell(told),
        }

    def _dimensions(self) -> list[dict[str, Any]]:
        rows = []
        for dimension in DIMENSIONS:
            groups = self._counts.groups.get(dimension, ())
            listed = self._about.groups.get(dimension, ())
            told = [
                {
                    "group": group,
                    "exchanges": cell(self._counts.published["exchanges", dimension, group]),
                    "listed": group in listed or group == MISSING,
                }
                for group in groups
            ]
            rows.append({"id": dimension, "name": DIMENSION_NAMES[dimension], "groups": told})
        return rows

    def _breakdowns(self) -> list[dict[str, Any]]:
        parts = [
            self._table(name, _TITLES[name], "exchanges", ("part", name), rows)
            for name, rows in self._counts.parts.items()
        ]
        items = [
            self._table(name, _ITEMS[name], "findings" if "found" in name else "items", ("item", name), rows)
            for name, rows in self._counts.items.items()
        ]
        return [*parts, *items]

    def _table(self, name: str, title: str, unit: str, key: tuple[str, str], rows: Iterable[str]) -> dict[str, Any]:
        told = [{"name": row, **cell(self._counts.published[(*key, row)])} for row in rows]
        return {"id": name.replace(" ", "_"), "title": title, "counts": unit, "rows": told}

    def _cases(self) -> list[dict[str, Any]]:
        published = self._counts.published
        return [
            {
                **self._table(name, _CASES[name], "cases", ("case", name), rows),
                "all": cell(published["cases", name]),
            }
            for name, rows in self._counts.cases.items()
        ]

    def _incidents(self) -> list[dict[str, Any]]:
        return [
            {
                "id": each.id,
                "published": words.moment(each.published),
                "title": each.title,
                "model": each.model,
                "exchanges": words.few(each.receipts),
                "withdrawn": None if each.withdrawn is None else words.moment(each.withdrawn),
            }
            for each in self._read.incidents
        ]

    def _told(self, *kinds: str) -> list[dict[str, Any]]:
        return [
            {"at": words.moment(at), "what": what, "by": actor, "facts": {str(k): v for k, v in sorted(facts.items())}}
            for at, what, actor, facts in sorted(self._collected.told, key=lambda each: each[:3])
            if what in kinds
        ]

    def _marks(self) -> list[dict[str, str]]:
        """What changed on the way: new policies and models, suspensions."""
        marks = []
        seen: set[str] = set()
        for key, policy in sorted(self._collected.policies.items(), key=lambda item: item[1].first):
            if seen:
                marks.append({"at": words.day(policy.first), "what": f"policy {key[0]} version {key[1]}"})
            seen.add(key[2])
        marks += [
            {"at": words.day(at), "what": f"{asked} answered by {served}"} for at, asked, served in self._changes()
        ]
        marks += [{"at": each["at"][:10], "what": "a use suspended"} for each in self._told("suspended")]
        return sorted(marks, key=lambda mark: mark["at"])[:100]

    def _changes(self) -> Iterator[tuple[int, str, str]]:
        """When another model began to answer for the one that was asked for (WHO-44)."""
        by_asked: dict[str, list[tuple[int, str]]] = {}
        for (asked, served), seen in self._collected.models.items():
            if asked and served:
                by_asked.setdefault(asked, []).append((seen.first, served))
        for asked, served_at in sorted(by_asked.items()):
            yield from ((at, asked, served) for at, served in sorted(served_at)[1:])

    def _sample(self) -> dict[str, Any] | None:
        if not self._collected.sample or self._collected.exchanges < SMALL:
            return None
        rule = "the receipts whose SHA-256 of SEED:RECEIPT is the smallest, in that order"
        return {"seed": self._about.seed, "rule": rule, "receipts": list(self._collected.sample)}

    # ── amounts ───────────────────────────────────────────────────────────────────────────────────────────────

    def _usage(self) -> dict[str, Any]:
        total = _added(self._collected.amounts.values())
        models = self._countable(self._collected.amounts)
        return {
            "all": self._amounts(total) if not 0 < total.exchanges < SMALL else None,
            "by_model": [{"model": model or NO_VALUE, **self._amounts(each)} for model, each in models.items()],
        }

    def _countable(self, amounts: Mapping[str, Amounts]) -> dict[str, Amounts]:
        """Models with enough exchanges, of which the others, too, have enough together."""
        shown = {model: each for model, each in sorted(amounts.items()) if each.exchanges >= SMALL}
        hidden = sum(each.exchanges for model, each in amounts.items() if model not in shown)
        while shown and 0 < hidden < SMALL:
            least = min(shown, key=lambda model: (shown[model].exchanges, model))
            hidden += shown.pop(least).exchanges
        return shown

    def _amounts(self, mine: Amounts) -> dict[str, Any]:
        return {
            "tokens": {name: mine.tokens[name] for name in TOKENS},
            "tokens_known": _known(mine.counted, mine.exchanges),
            "costs": {currency or NO_VALUE: round(value, 4) for currency, value in sorted(mine.costs.items())},
            "costs_known": _known(mine.costed, mine.exchanges),
            "footprint": [_footprint(method, sums) for method, sums in sorted(mine.footprints.items())],
            "footprint_known": _known(round(sum(sums[0] for sums in mine.footprints.values())), mine.exchanges),
        }

    # ── checks ────────────────────────────────────────────────────────────────────────────────────────────────

    def _check(self) -> None:
        collected, verdicts, events = self._collected, self._verdicts, self._collected.events
        self._check_integrity()
        self._none("unanswered", collected.unanswered, "Requests that were announced and have no end in the log")
        self._none("unannounced", collected.unannounced, "Answers of a model that were not announced before")
        self._none("readable", collected.unreadable, "Entries of the log that can't be read")
        self._none(
            "newer",
            collected.newer,
            "Entries of a newer version of the guardrail, or with words that this one does not know",
        )
        self._none("stalled", events["audit_unavailable"], "Times that the log could not be written")
        self._none("crashed", events["recovered"], "Times that the guardrail was not stopped but died")
        self._none("clock", events["clock_step"], "Times that a clock was set")
        self._none("reload", events["policy_reload_failed"], "Times that a new policy could not be put in force")
        changes = len(list(self._changes()))
        self._none("models", changes, "Times that another model answered than before, for the same name (WHO-44)")
        late = self._counts.published["cases", "overdue"], self._counts.published["cases", "settled late"]
        if all(each.value == 0 for each in late):
            verdicts.nothing("check:cases", "No case is overdue, none was settled late (WHO-61).")
        else:
            said = [words.told(each) for each in late]
            verdicts.failed("check:cases", f"Cases overdue: {said[0]}; settled late: {said[1]} (WHO-61).")
        self._check_period()
        self._check_amounts()
        self._check_codes()

    def _check_integrity(self) -> None:
        integrity = self._integrity
        if integrity.sound is None:
            self._verdicts.not_computed("check:integrity", f"The log was not verified: {integrity.why}.")
        elif integrity.sound:
            what = f"{words.number(integrity.entries)} entries in {integrity.chains} chains are as they were written"
            self._verdicts.nothing("check:integrity", f"The log was verified: {what} (WHO-66).")
        else:
            what = "; ".join(integrity.problems[:3])
            self._verdicts.failed("check:integrity", f"The log is not as it was written ({integrity.found}): {what}.")

    def _none(self, name: str, count: int, what: str) -> None:
        """A check for what there should be none of."""
        said = words.few(count) if name in ("unanswered", "unannounced") else words.number(count)
        if count:
            self._verdicts.failed(f"check:{name}", f"{what}: {said}.")
        else:
            self._verdicts.nothing(f"check:{name}", f"{what}: none.")

    def _check_period(self) -> None:
        if not self._collected.exchanges:
            self._verdicts.not_computed("check:period", "The log has no exchange in this period.")
        elif self._about.made < self._period.until:
            self._verdicts.not_computed("check:period", "The period was not over when this report was made.")
        else:
            self._verdicts.nothing("check:period", "The period was over when this report was made.")

    def _check_amounts(self) -> None:
        total = _added(self._collected.amounts.values())
        answers = self._counts.published["part", "end", "answered"].value
        for name, known in (
            ("tokens", total.counted),
            ("cost", total.costed),
            ("footprint", round(sum(sums[0] for sums in total.footprints.values()))),
        ):
            about = f"check:{name}"
            if not answers:
                self._verdicts.not_computed(about, f"No {name}: the number of answers of a model is none, or not told.")
            elif known < answers:
                self._verdicts.not_computed(
                    about, f"The {name} is known of {_known(known, answers)} of models' answers."
                )
            else:
                self._verdicts.nothing(about, f"The {name} of every answer of a model is known.")

    def _check_codes(self) -> None:
        for dimension in DIMENSIONS:
            about, name = f"check:codes:{dimension}", DIMENSION_NAMES[dimension]
            if dimension not in self._counts.groups:
                self._verdicts.not_computed(about, f"{name}: no exchange came with a code.")
                continue
            missing = self._counts.published["exchanges", dimension, MISSING]
            total = everybody(self._counts)
            if missing.value is None or not total.value:
                self._verdicts.nothing(about, f"{name}: exchanges without a code: {words.told(missing, total)}.")
                continue
            share = missing.value / total.value
            unlisted = [
                group
                for group in self._counts.groups[dimension]
                if group not in (*self._about.groups.get(dimension, ()), MISSING, OTHER)
            ]
            said = f"{name}: {words.percent(share)} of exchanges came without a code"
            if unlisted:
                self._verdicts.failed(about, f"{said}; {len(unlisted)} codes are not in the policy's list.")
            elif share > MOST_MISSING:
                self._verdicts.failed(about, f"{said}: too many for figures by group to say much.")
            else:
                self._verdicts.nothing(about, f"{said}.")


_REPORTED: Final = ("from", "to", "sha256")
_CHECKS: Final = tuple(
    f"check:{name}"
    for name in (
        *("integrity", "unanswered", "unannounced", "readable", "newer", "stalled", "crashed", "clock", "reload"),
        *("models", "cases", "period", "tokens", "cost", "footprint"),
    )
)


def _cohort_questions() -> Iterator[str]:
    yield from (f"check:codes:{dimension}" for dimension in DIMENSIONS)


def _listed(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    return [
        {"about": each.about, "words": each.words, **({} if each.computed else {"computed": False})}
        for each in verdicts
    ]


def _known(count: int, of: int) -> str:
    """The share of exchanges; counts would tell small ones."""
    if not of or (0 < of < SMALL):
        return "not told"
    if 0 < count < SMALL or 0 < of - count < SMALL:
        return "few" if count < SMALL else "nearly all"
    return words.percent(count / of)


def _footprint(method: str, sums: Sequence[float]) -> dict[str, Any]:
    _, energy_low, energy_high, gas_low, gas_high, wet, water_low, water_high = sums
    return {
        "method": method,
        "modelled": True,
        "energy_wh": [round(energy_low, 3), round(energy_high, 3)],
        "co2e_g": [round(gas_low, 3), round(gas_high, 3)],
        "water_ml": [round(water_low, 3), round(water_high, 3)] if wet else None,
    }


def _added(amounts: Iterable[Amounts]) -> Amounts:
    total = Amounts()
    for each in amounts:
        total.exchanges += each.exchanges
        total.counted += each.counted
        total.costed += each.costed
        for name in TOKENS:
            total.tokens[name] += each.tokens[name]
        for currency, value in each.costs.items():
            total.costs[currency] = total.costs.get(currency, 0.0) + value
        for method, sums in each.footprints.items():
            mine = total.footprints.setdefault(method, [0.0] * len(sums))
            total.footprints[method] = [a + b for a, b in zip(mine, sums, strict=True)]
    return total
