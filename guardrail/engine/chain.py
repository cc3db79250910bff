"""A policy's rails in order, over one segment: streamed by a `Filter`, whole by `inspect` and `settle`.

Text leaves only as `Cleared`. Both ways share the planner, the edges and the rewriting, so "it works, but not in
streams" can't be said here. Knows no concrete rail, no provider and no transport.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial

from guardrail.engine.edges import Edges
from guardrail.engine.examine import examine, guarded
from guardrail.engine.holdback import SOFT_REACH, Pace, Planner, Stretch
from guardrail.engine.memory import Memory, Notes
from guardrail.engine.offload import TURN, pieces
from guardrail.engine.rewrite import CLEAR, Cleared, Settled, Spreader, settle, verdict
from guardrail.engine.worker import Inspector
from guardrail.errors import RailError, RailFailed
from guardrail.rails.base import SENTENCE, About, Rail, Reach, Rewriter, Window
from guardrail.text import Action, Finding, Kind, Role, Ruling, Segment, Span, Verdict

__all__ = ["Chain", "Cleared", "Filter", "Pace", "Rule"]

_OPENING = Window("", 0, final=False)
_BENCHES = 64  # more kinds of texts than a request has but for the keys that its values stand under
_ENGINE = "engine"  # in the place of a rail: we ourselves, where no rail could look
_EACH = 16  # what a short text costs besides its length, in code points


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a policy says about one rail.

    action     for findings whose label is not in `labels`
    labels     a label or "prefix.*" -> action; the exact label, then the longest prefix wins
    shadow     findings are reported and change nothing
    rewriter   what stands in place of a finding. A WARN finding, or any finding of an empty span, asks it with
               an empty text for words to insert; None inserts nothing. Words that begin with a space go on in the
               line. Without a rewriter, "[LABEL removed]".
    roles, kinds   the segments that the rule is about
    local      the rail itself if it is cheap enough for this process; None: the inspector has it under `rail`
    """

    rail: str
    action: Action
    reach: Reach = SENTENCE
    labels: Mapping[str, Action] = field(default_factory=dict)
    shadow: bool = False
    rewriter: Rewriter | None = None
    roles: frozenset[Role] = frozenset(Role)
    kinds: frozenset[Kind] = frozenset(Kind)
    local: Rail | None = None

    def applies(self, about: About) -> bool:
        """True if segments of this role and kind are judged by this rule."""
        return about.role in self.roles and about.kind in self.kinds

    def judge(self, finding: Finding, start: int = 0) -> Ruling:
        """The policy's decision on one finding in a window that begins at `start`; in segment coordinates."""
        span = Span(finding.span.start + start, finding.span.end + start)
        found = Finding(span, finding.rail, finding.label, finding.score)
        return Ruling(found, self._action(finding.label), self.shadow)

    def _action(self, label: str) -> Action:
        exact = self.labels.get(label)
        if exact is not None:
            return exact
        prefixes = [key for key in self.labels if key.endswith(".*") and label.startswith(key[:-1])]
        return self.labels[max(prefixes, key=len)] if prefixes else self.action


class _Bench:
    """The rules that judge one segment, in order, and where their rails are."""

    def __init__(self, rules: Iterable[Rule], about: About) -> None:
        self.about = about
        self.rules = tuple(rule for rule in rules if rule.applies(about))
        self.local = tuple((rule, rule.local) for rule in self.rules if rule.local is not None)
        self.remote = {rule.rail: rule for rule in self.rules if rule.local is None}
        self.reach = max((rule.reach.chars for rule in self.rules), default=0)
        self._ranks: dict[str, int] = {}
        for rule in self.rules:
            self._ranks.setdefault(rule.rail, len(self._ranks))
        self.rewriters = {rule.rail: rule.rewriter for rule in reversed(self.rules) if rule.rewriter is not None}

    def rank(self, rail: str) -> int:
        """The rail's place in the policy; those it doesn't name come last."""
        return self._ranks.get(rail, len(self._ranks))

    @cached_property
    def opening(self) -> tuple[Ruling, ...]:
        """What the rails of this process say before the first word, if this is where an answer begins."""
        if not self.about.opens:
            return ()
        return tuple(self.judge_here(_OPENING))

    def judge_here(self, window: Window) -> list[Ruling]:
        """The rulings of the rails of this process, in segment coordinates."""
        return [
            rule.judge(finding, window.start)
            for rule, rail in self.local
            for finding in examine(rail, window, self.about)
        ]

    def judge_there(self, findings: Iterable[Finding], window: Window) -> list[Ruling]:
        """The rulings on what the inspector found, in segment coordinates."""
        return [self.remote[finding.rail].judge(finding, window.start) for finding in findings]

    def edges(self, pace: Pace) -> Edges:
        """A fresh decision on where words may leave."""
        return Edges(self.reach, pace.context, frozenset(self.rewriters if self.about.opens else ()))


class _Writer:
    """Asks the rewriters, with the same surroundings whether the text is streamed or whole."""

    def __init__(self, bench: _Bench, rewriters: Mapping[str, Rewriter], planner: Planner) -> None:
        self._bench = bench
        self._rewriters = {**bench.rewriters, **rewriters}
        self._planner = planner

    def settle(self, rulings: Sequence[Ruling]) -> Settled:
        return settle(rulings, self._bench.rank, self._ask) if rulings else Settled()

    def _ask(self, finding: Finding) -> str | None:
        if finding.span.start == finding.span.end:
            return self._inserted(finding)
        if finding.rail not in self._rewriters:
            return f"[{finding.label} removed]"
        return self._rewritten(finding, *self._planner.around(finding.span))

    def _inserted(self, finding: Finding) -> str | None:
        """Words of ours; in the middle of an answer a paragraph of their own, unless they begin with a space."""
        at = finding.span.start
        words = self._rewritten(finding, "", at) if finding.rail in self._rewriters else None
        apart = at > 0 and self._planner.slice(at - 1, at) != "\n"
        return f"\n\n{words}" if words and apart and not words[0].isspace() else words

    def _rewritten(self, finding: Finding, text: str, start: int) -> str | None:
        rewriter, about = self._rewriters[finding.rail], self._bench.about
        span = Span(finding.span.start - start, finding.span.end - start)
        asked = Finding(span, finding.rail, finding.label, finding.score)
        return guarded(finding.rail, lambda: rewriter.rewrite(asked, text, about))


class Filter:
    """One streamed segment. Gives one `Cleared` per delta, in order, once all of its words are decided."""

    def __init__(
        self, chain: Chain, bench: _Bench, rewriters: Mapping[str, Rewriter], notes: Notes | None = None
    ) -> None:
        self._chain = chain
        self._bench = bench
        self._notes = notes
        self._planner = Planner(chain.pace)
        self._edges = bench.edges(chain.pace)
        self._writer = _Writer(bench, rewriters, self._planner)
        self._spreader = Spreader()
        self._blocked = False
        self._failed = False
        self._edges.opened(bench.opening)
        self._head = self._open(bench.opening)

    @property
    def held(self) -> int:
        """Code points that came and have not left."""
        return self._spreader.held

    def head(self) -> Cleared | None:
        """What is to be read before the first word; known at once."""
        return self._head

    async def feed(self, text: str) -> list[Cleared]:
        """The deltas that are decided now. Raises RailError: then nothing more leaves this filter."""
        if self._blocked:
            return [Cleared("", Verdict(Action.BLOCK))]
        if not self._bench.rules:
            return [Cleared(text, CLEAR)]
        self._spreader.expect(len(text))
        return await self._decide(self._planner.push(piece) for piece in pieces(text))

    async def flush(self) -> list[Cleared]:
        """The segment is over: the rest of its deltas."""
        if self._blocked or not self._bench.rules:
            return []
        return await self._decide([self._planner.finish()])

    def _open(self, opening: Sequence[Ruling]) -> Cleared | None:
        if not opening:
            return None
        if _blocks(opening):
            self._blocked = True
            return Cleared("", verdict(opening))
        settled = self._writer.settle(opening)
        return Cleared("".join(edit.text for edit in settled.edits), verdict(settled.rulings, settled.edits))

    async def _decide(self, turns: Iterable[Sequence[Stretch]]) -> list[Cleared]:
        if self._failed:
            raise RailFailed("this text could not be inspected")
        self._failed = True  # until the judgement is in: a cancelled or failed look releases nothing later
        out: list[Cleared] = []
        for number, stretches in enumerate(turns):
            if number:
                await asyncio.sleep(0)
            out += await self._judge(stretches)
            if self._blocked:
                break
        self._failed = False
        return out

    async def _judge(self, stretches: Sequence[Stretch]) -> list[Cleared]:
        jobs = [(stretch.window, self._bench) for stretch in stretches]
        looks = await self._chain.look(jobs, self._notes) if jobs else []
        out = self._spreader.write(self._edges.at, Settled(), self._planner.slice)
        for stretch, rulings in zip(stretches, looks, strict=True):
            out += self._release(*self._edges.decide(stretch, rulings))
            if self._blocked:
                break
        if stretches:
            self._planner.forget(self._edges.at)
        return out

    def _release(self, until: int, rulings: Sequence[Ruling]) -> list[Cleared]:
        if _blocks(rulings):
            self._blocked = True
            return self._spreader.block(verdict(rulings))
        return self._spreader.write(until, self._writer.settle(rulings), self._planner.slice)


class _Reading:
    """One whole text on its way through the rails, and what was ruled about it so far."""

    def __init__(
        self, bench: _Bench, pace: Pace, text: str, keep: Callable[[Iterable[Ruling]], None] | None = None
    ) -> None:
        """`keep` takes all rulings once the whole text is inspected; never if a part of it could not be."""
        self.bench = bench
        self.found: dict[Ruling, None] = {}  # what is to be stopped is told by every window that sees it
        self._keep = keep
        self._text = text if bench.rules else ""
        self._planner = Planner(pace)
        self._edges = bench.edges(pace)
        if self._text:
            self.found.update(dict.fromkeys(bench.opening))
            self._edges.opened(bench.opening)

    def plan(self) -> Iterator[list[Stretch]]:
        """Its stretches, a turn's work at a time."""
        for piece in pieces(self._text):
            yield self._planner.push(piece)
        yield self._planner.finish()

    def decide(self, stretch: Stretch, rulings: Sequence[Ruling]) -> None:
        """Take the rulings of the next stretch."""
        edge, decided = self._edges.decide(stretch, rulings)
        self.found.update(dict.fromkeys(decided))
        self._planner.forget(edge)
        if self._keep is not None:
            self._keep_once_known(self._keep, stretch, rulings)

    def _keep_once_known(
        self, keep: Callable[[Iterable[Ruling]], None], stretch: Stretch, rulings: Sequence[Ruling]
    ) -> None:
        if any(ruling.finding.rail == _ENGINE for ruling in rulings):
            self._keep = None
        elif stretch.window.final:
            keep(self.found)


class _Recalled:
    """A whole text that was inspected before, in its place among those that were not."""

    def __init__(self, found: tuple[Ruling, ...]) -> None:
        self.found = found

    def plan(self) -> Iterator[list[Stretch]]:
        """Nothing to look at; it took its time to find that out."""
        yield []


class Chain:
    """A policy's rules for one direction. Holds no text: every segment has its own `Filter`."""

    def __init__(
        self,
        rules: Sequence[Rule],
        inspector: Inspector,
        pace: Pace,
        on_failure: Action = Action.BLOCK,
        memory: Memory | None = None,
    ) -> None:
        """`on_failure` WARN lets text pass that a rail could not inspect, and reports it as engine/uninspected.

        `memory` is this chain's own: what it holds is true of these rules and this inspector only.
        """
        remote = [rule.rail for rule in rules if rule.local is None]
        if len(set(remote)) != len(remote):
            raise ValueError("a rail is inspected once: two rules name the same rail")
        if max((SOFT_REACH, *(rule.reach.chars for rule in rules))) > pace.context:
            raise ValueError("context must be at least the longest reach")
        self.rules = tuple(rules)
        self.pace = pace
        self._inspector = inspector
        self._on_failure = on_failure
        self._memory = memory

    def open(
        self,
        about: About,
        extra: Sequence[Rule] = (),
        rewriters: Mapping[str, Rewriter] | None = None,
        tenant: str | None = None,
    ) -> Filter:
        """A filter for one streamed segment. `extra` and `rewriters` are those of one exchange.

        A window that was inspected for the same `tenant` before is not inspected again (None: each of them is).
        """
        return Filter(self, _Bench((*self.rules, *extra), about), rewriters or {}, self._notes(tenant))

    async def run(
        self,
        segment: Segment,
        about: About,
        extra: Sequence[Rule] = (),
        rewriters: Mapping[str, Rewriter] | None = None,
    ) -> Cleared:
        """One whole text: what a filter's head, feed and flush would give, in one piece. Raises RailError."""
        (rulings,) = await self.inspect([(segment, about)], extra)
        return self.settle(segment, about, rulings, rewriters, extra)

    async def inspect(
        self, segments: Sequence[tuple[Segment, About]], extra: Sequence[Rule] = (), tenant: str | None = None
    ) -> list[tuple[Ruling, ...]]:
        """First half of `run` for many texts at once; spans are those of the segments. Raises RailError.

        A text to insert is a ruling of an empty span, at the place where it goes. What was inspected for the same
        `tenant` before is not inspected again (None: everything is); the rulings are the same.
        """
        bench_of = lru_cache(_BENCHES)(partial(_Bench, (*self.rules, *extra)))
        known = self._notes(tenant)
        notes, windows = (None, known) if extra else (known, None)  # what one exchange adds is true of it alone
        found: list[Iterable[Ruling]] = []
        waiting: list[tuple[_Reading, Stretch]] = []
        work = 0
        for segment, about in segments:
            reading = self._reading(segment.text, bench_of(about), notes)
            found.append(reading.found)
            for stretches in reading.plan():
                if isinstance(reading, _Reading):
                    waiting += [(reading, stretch) for stretch in stretches]
                work += _EACH + sum(stretch.end - stretch.begin for stretch in stretches)
                if work >= TURN:
                    await self._judge(waiting, windows)
                    await asyncio.sleep(0)
                    waiting, work = [], 0
        await self._judge(waiting, windows)
        if notes is not None:
            notes.close()
        return [tuple(each) for each in found]

    def _reading(self, text: str, bench: _Bench, notes: Notes | None) -> _Reading | _Recalled:
        """What is known of a text, or else a reading of it that will be remembered."""
        if notes is None or not (text and bench.rules):
            return _Reading(bench, self.pace, text)
        key = notes.key(text, bench.about)
        known = notes.recall(key)
        return _Reading(bench, self.pace, text, partial(notes.write, key)) if known is None else _Recalled(known)

    def _notes(self, tenant: str | None) -> Notes | None:
        return self._memory.notes(tenant) if self._memory and tenant is not None else None

    async def _judge(self, waiting: Sequence[tuple[_Reading, Stretch]], notes: Notes | None) -> None:
        looks = await self.look([(stretch.window, reading.bench) for reading, stretch in waiting], notes)
        for (reading, stretch), rulings in zip(waiting, looks, strict=True):
            reading.decide(stretch, rulings)

    def settle(
        self,
        segment: Segment,
        about: About,
        rulings: Sequence[Ruling],
        rewriters: Mapping[str, Rewriter] | None = None,
        extra: Sequence[Rule] = (),
    ) -> Cleared:
        """Second half of `run`: rewrite a whole text as ruled. The rulings may be more than `inspect` gave."""
        if _blocks(rulings):
            return Cleared("", verdict(rulings))
        if not rulings:
            return Cleared(segment.text, CLEAR)
        planner, spreader = Planner(self.pace), Spreader()
        planner.push(segment.text)
        planner.finish()
        spreader.expect(len(segment.text))
        writer = _Writer(_Bench((*self.rules, *extra), about), rewriters or {}, planner)
        (cleared,) = spreader.write(len(segment.text), writer.settle(rulings), planner.slice)
        return cleared

    async def look(self, jobs: Sequence[_Look], notes: Notes | None = None) -> list[list[Ruling]]:
        """The rulings of each window, in segment coordinates. For the filters of this chain. Raises RailError.

        What the inspector found in a window is remembered in `notes`; what rails of this process find is not.
        """
        try:
            near = [bench.judge_here(window) for window, bench in jobs]
            there = [job for job in jobs if job[1].remote]
            far = iter(await (self._look_there(there) if notes is None else self._look_again(there, notes)))
        except RailError:
            if self._on_failure >= Action.REPLACE:
                raise
            return [[_uninspected(window)] for window, _ in jobs]
        return [here + (next(far) if bench.remote else []) for here, (_, bench) in zip(near, jobs, strict=True)]

    async def _look_there(self, jobs: Sequence[_Look]) -> list[list[Ruling]]:
        asked = [(window, bench.about, tuple(bench.remote)) for window, bench in jobs]
        found = await self._inspector.inspect(asked) if asked else []
        return [bench.judge_there(each, window) for (window, bench), each in zip(jobs, found, strict=True)]

    async def _look_again(self, jobs: Sequence[_Look], notes: Notes) -> list[list[Ruling]]:
        """As `_look_there`, but for the windows that are known."""
        keys = [notes.window_key(window, bench.about) for window, bench in jobs]
        known = [notes.recall(key) for key in keys]
        new = [at for at, found in enumerate(known) if found is None]
        for at, found in zip(new, await self._look_there([jobs[at] for at in new]), strict=True):
            notes.write(keys[at], found)
            known[at] = tuple(found)
        return [list(found or ()) for found in known]


_Look = tuple[Window, _Bench]


def _uninspected(window: Window) -> Ruling:
    return Ruling(Finding(Span(window.start, window.start + len(window.text)), _ENGINE, "uninspected"), Action.WARN)


def _blocks(rulings: Iterable[Ruling]) -> bool:
    return any(ruling.effective is Action.BLOCK for ruling in rulings)
