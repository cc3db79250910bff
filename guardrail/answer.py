"""The words of an answer, whole or streamed: put the caller's own data back, let nothing else of the kind through.

The same chain clears both: whole text is a stream of one piece. Knows segments and chains; no provider, no HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from guardrail.closing import APART, NO_CLOSER, NOTHING, Closer, Closing, kinds
from guardrail.dialects.base import AnswerDocument
from guardrail.dialects.tools import NO_TOOLS, PROPOSAL, ToolRules
from guardrail.engine.chain import Chain, Cleared, Filter, Rule
from guardrail.engine.offload import off_loop
from guardrail.engine.relay import Limits, Relay
from guardrail.engine.vault import RESTORE, Novel, Vault
from guardrail.errors import ClientError, UpstreamBroken
from guardrail.events import Delta
from guardrail.marks import mark_answer, mark_resource, marked_notes, media_notes
from guardrail.question import PHI
from guardrail.rails.base import About
from guardrail.record.tally import notice_kinds
from guardrail.text import Action, Edit, Kind, Role, Ruling, Segment, Span, Verdict, cue, reads_like_a_sentence
from guardrail.wire.jsondoc import JsonDocument

_Leaves = Sequence[tuple[JsonDocument, Segment]]
"""The strings of a JSON text, each with the document that it stands in."""

_RULING = 400
"""Code points that it takes as long to look at as it takes to find the words for one ruling."""

REWRITABLE = frozenset({Kind.PROSE, Kind.DATA, Kind.TOKEN})


@dataclass(frozen=True, slots=True)
class Head:
    """Our own words for an answer: all of them, what was concluded, and how they are called."""

    text: str = ""
    verdicts: tuple[Verdict, ...] = ()
    language: str = ""
    receipt: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """notice, warning, emergency, self_harm: in the order in which they speak."""
        return tuple(dict.fromkeys(kind for verdict in self.verdicts for kind in notice_kinds(verdict)))

    @property
    def notes(self) -> Mapping[str, object]:
        """For answers that no words can be put into: the client has to show them (WHO-01, WHO-08)."""
        return marked_notes(self.receipt, self.kinds, self.language, self.text.strip())

    @property
    def is_crisis(self) -> bool:
        """True if it tells somebody in danger where help is."""
        return not {"emergency", "self_harm"}.isdisjoint(self.kinds)

    @property
    def action(self) -> Action:
        """The strongest action among them."""
        return max((verdict.action for verdict in self.verdicts), default=Action.ALLOW)


@dataclass(frozen=True, slots=True)
class AnswerReview:
    """Clears the answer of one exchange.

    `tools` names the tools whose arguments may receive real values (WHO-33); everywhere else in tool
    arguments placeholders stay. `actions` says which calls of tools a model may only propose (WHO-32). `closer` has
    what may have to be said behind the last word. `reviewed`: a professional reads the answer first, so marks say.
    `tenant` is who asks: what the same one was answered before is remembered (None: nothing is).
    """

    chain: Chain
    about: About
    vault: Vault
    tools: frozenset[str] = frozenset()
    actions: ToolRules = NO_TOOLS
    speaks: bool = True
    closer: Closer = NO_CLOSER
    reviewed: bool = False
    receipt: str = ""
    tenant: str | None = None

    def head(self) -> Head:
        """What stands before the first word of an answer: crisis text, notice, warning. Nothing before vectors."""
        if not self.speaks:
            return Head()
        opened = self.chain.open(replace(self.about, role=Role.ASSISTANT, kind=Kind.PROSE)).head()
        return Head(opened.text, (opened.verdict,), self.about.language, self.receipt) if opened else Head()

    def relay(self, limits: Limits, *, led: bool = False) -> Relay:
        """For a streamed answer. `led`: words of ours are told apart, before all of its own."""
        return Relay(self._open, self._clear_behind_ours if led else self.clear, self.clear_json, limits)

    async def clear(self, segment: Segment) -> Cleared:
        """One complete string."""
        return (await self._clear_all([segment]))[0]

    async def _clear_behind_ours(self, segment: Segment) -> Cleared:
        """The same, but it opens no answer."""
        return await self.clear(replace(segment, opens=False))

    async def clear_document(self, document: AnswerDocument, head: Head, *, structured: bool = False) -> list[Verdict]:
        """A whole answer; the cleared words are written back into it unless a verdict says BLOCK.

        Our notices go before its first words, or beside it if it has none that they may precede. What has to be said
        behind its last word goes there, or beside it if it is `structured` or calls tools.
        """
        segments = document.segments()
        cleared = await self._clear_all(segments)
        await off_loop(_size(segments), lambda: _write_back(document, segments, cleared))
        self._hold_back_actions(document)
        words = {segment.address: result.text for segment, result in zip(segments, cleared, strict=True)}
        closings = await self._closings(document, words, head) if self.speaks else {}
        opened = any(s.opens and s.kind is Kind.PROSE and s.text for s in segments)
        untold = Head() if opened else head
        beside = NOTHING
        for choice, closing in closings.items():
            if closing.text and (structured or document.tool_uses or not _closed(document, choice, words, closing)):
                beside += closing
        if beside.text and not _words_of(document, words) and document.say(untold.text + beside.text):
            untold, beside = Head(), NOTHING
        self._beside(document, untold, beside)
        return _concluded(cleared, Head() if opened else head, closings.values())

    async def _closings(self, document: AnswerDocument, words: Mapping[str, str], head: Head) -> Mapping[int, Closing]:
        """By choice. A translation is the first one's."""
        closings: dict[int, Closing] = {}
        for stop in document.stops:
            closings[stop.choice] = closings.get(stop.choice, NOTHING) + self.closer.stopped(stop)
        if self.closer.listens:
            answer = _words_of(document, words).removeprefix(head.text)
            compared = await self.closer.compared(answer, whole=True)
            closings[0] = closings.get(0, NOTHING) + compared
        return closings

    def _hold_back_actions(self, document: AnswerDocument) -> None:
        for use in document.tool_uses:
            if self.actions.refuses(use.tool):
                document.propose(use, PROPOSAL, partial(self.actions.proposal, use.tool))

    def _beside(self, document: AnswerDocument, head: Head, closing: Closing) -> None:
        """An answer without words: the way to help is put into it all the same (WHO-51), the rest goes beside it."""
        if head.is_crisis and document.say(head.text):
            head = Head()
        media = media_notes(document.released) if self.speaks else {}
        if head.text or closing.text or media:
            document.note({**_together(head, closing, self.about.language, self.receipt), **media})

    async def clear_json(self, segment: Segment) -> Cleared:
        """JSON that was written piece by piece: its strings are cleared one by one, so that it stays valid JSON.

        What is no JSON is cleared as text. Raises UpstreamBroken for JSON that readers understand differently.
        """
        cleared = self._marked(segment, await self._clear_json(segment))
        if self.actions.refuses(segment.tool) and cleared.verdict.action is not Action.BLOCK:
            return self._proposed(segment, cleared)
        return cleared

    def _marked(self, segment: Segment, cleared: Cleared) -> Cleared:
        """A FHIR resource that is streamed as JSON carries its mark (WHO-03)."""
        after = cleared.text if segment.tool else mark_resource(cleared.text, reviewed=self.reviewed)
        if after == cleared.text:
            return cleared
        return Cleared(after, replace(cleared.verdict, edits=(Edit(Span(0, len(segment.text)), after),)))

    def to_bytes(self, document: AnswerDocument, head: Head) -> bytes:
        """A whole answer as it leaves: a FHIR resource in it carries its mark (WHO-03)."""
        body = document.to_bytes()
        said = [each for each in document.segments() if each.role is Role.ASSISTANT and not each.tool]
        pointers = dict.fromkeys(each.address.partition("~")[0] for each in said if each.kind is not Kind.FIXED)
        return mark_answer(body, pointers, reviewed=self.reviewed, before=head.text)

    def _proposed(self, segment: Segment, cleared: Cleared) -> Cleared:
        """The arguments of an action that a person has to decide, as the proposal of one."""
        try:
            own = JsonDocument(cleared.text).value()
        except ClientError:
            own = cleared.text
        after = json.dumps(self.actions.proposal(segment.tool, own), ensure_ascii=False)
        edit = Edit(Span(0, len(segment.text)), after)
        return Cleared(after, replace(cleared.verdict, edits=(edit,)))

    async def _clear_json(self, segment: Segment) -> Cleared:
        size = len(segment.text)
        wrapped, leaves = await off_loop(size, lambda: _read_json(segment))
        if not leaves:
            return await self.clear(segment if segment.tool else replace(segment, kind=Kind.PROSE, opens=False))
        cleared = await self._clear_all([leaf for _, leaf in leaves])
        return await off_loop(size, lambda: _write_json(segment, wrapped, leaves, cleared))

    def _open(self, delta: Delta) -> Filter:
        about = replace(self.about, role=delta.role, kind=delta.kind, opens=delta.opens)
        return self.chain.open(about, self._restoring(delta.tool), {PHI: self._novel(delta.tool)}, self.tenant)

    async def _clear_all(self, segments: Sequence[Segment]) -> list[Cleared]:
        """All strings in few jobs. The road is the stream's own: inspect, then settle."""
        size = _size(segments)
        pairs = await off_loop(size, lambda: [(segment, self._about_segment(segment)) for segment in segments])
        extra = self._restoring("")
        rulings = await self.chain.inspect(pairs, extra, self.tenant)
        return await off_loop(size + _RULING * sum(map(len, rulings)), lambda: self._settle_all(pairs, rulings, extra))

    def _settle_all(
        self,
        pairs: Sequence[tuple[Segment, About]],
        rulings: Sequence[Sequence[Ruling]],
        extra: Sequence[Rule],
    ) -> list[Cleared]:
        return [
            self._settle(segment, about, found, extra) for (segment, about), found in zip(pairs, rulings, strict=True)
        ]

    def _settle(self, segment: Segment, about: About, found: Sequence[Ruling], extra: Sequence[Rule]) -> Cleared:
        if not self._restores(segment.tool):
            found = [ruling for ruling in found if ruling.finding.rail != RESTORE]
        cleared = self.chain.settle(segment, about, found, {PHI: self._novel(segment.tool)}, extra)
        if segment.kind is Kind.FIXED and cleared.text != segment.text:
            raise UpstreamBroken("the answer holds what looks like a person's data where it can't be rewritten")
        return cleared

    def _about_segment(self, segment: Segment) -> About:
        return replace(self.about, role=segment.role, kind=segment.kind, opens=segment.opens, hint=segment.hint)

    def _restores(self, tool: str) -> bool:
        return not tool or tool in self.tools

    def _novel(self, tool: str) -> Novel:
        return Novel(self.vault, restores=self._restores(tool))

    def _restoring(self, tool: str) -> tuple[Rule, ...]:
        if not self._restores(tool) or not self.vault.counts():
            return ()
        restorer = self.vault.restorer()
        rule = Rule(rail=RESTORE, action=Action.REPLACE, local=restorer, rewriter=restorer, kinds=REWRITABLE)
        return (rule,)


def _words_of(document: AnswerDocument, cleared: Mapping[str, str]) -> str:
    """What a reader is shown as the answer, the first one of several; `cleared` by address."""
    return "".join(cleared.get(address, "") for address in document.said())


def _closed(document: AnswerDocument, choice: int, cleared: Mapping[str, str], closing: Closing) -> bool:
    """Put words behind the last ones of a choice. False if it has none."""
    last = next((each for each in reversed(document.said(choice)) if cleared.get(each)), None)
    if last is None:
        return False
    document.replace(last, cleared[last] + APART + closing.text)
    return True


def _concluded(cleared: Iterable[Cleared], beside: Head, closings: Iterable[Closing]) -> list[Verdict]:
    """All that counts of an answer, with what stands beside its words: of one that is withheld nothing is shown."""
    words = [result.verdict for result in cleared]
    ends = [verdict for each in closings for verdict in each.verdicts]
    withheld = any(verdict.action is Action.BLOCK for verdict in (*words, *ends))
    return [*words, *(() if withheld or not beside.text else beside.verdicts), *ends]


def carried(verdicts: Sequence[Verdict]) -> Sequence[str]:
    """Which texts of ours an answer carries: those that its own words called for, and those behind the last of them."""
    return [*(kind for verdict in verdicts for kind in notice_kinds(verdict)), *kinds(verdicts)]


def _together(head: Head, closing: Closing, language: str, receipt: str) -> Mapping[str, object]:
    """What goes beside an answer, as one."""
    told = (*head.kinds, *kinds(closing.verdicts))
    return marked_notes(receipt, told, language, (head.text + closing.text).strip())


def _size(segments: Iterable[Segment]) -> int:
    return sum(len(segment.text) for segment in segments)


def _write_back(document: AnswerDocument, segments: Iterable[Segment], cleared: Iterable[Cleared]) -> None:
    for segment, result in zip(segments, cleared, strict=True):
        if result.text != segment.text and result.verdict.action is not Action.BLOCK:
            document.replace(segment.address, result.text)
            document.edited(segment.address, result.verdict.edits)


def _read_json(segment: Segment) -> tuple[JsonDocument, _Leaves]:
    wrapped = JsonDocument(json.dumps([segment.text]))
    try:
        return wrapped, list(_leaves(wrapped, "/0", segment))
    except ClientError as error:
        raise UpstreamBroken("the answer holds JSON that can't be trusted", code=error.code) from None


def _write_json(segment: Segment, wrapped: JsonDocument, leaves: _Leaves, cleared: Sequence[Cleared]) -> Cleared:
    for (document, leaf), result in zip(leaves, cleared, strict=True):
        if result.text != leaf.text:
            document.replace(leaf.address, result.text)
    inner = wrapped.nested("/0")
    after = segment.text if inner is None else inner.to_text()
    return _as_one(segment.text, after, [result.verdict for result in cleared])


def _leaves(document: JsonDocument, pointer: str, like: Segment) -> Iterator[tuple[JsonDocument, Segment]]:
    """The strings of the JSON that is written inside a string, and of the JSON inside those, with their documents."""
    inner = document.nested(pointer)
    if inner is None:
        return
    for string in inner.strings():
        below = [] if string.is_key else list(_leaves(inner, string.pointer, like))
        kind = Kind.FIXED if string.is_key else _leaf_kind(string.text, like.tool)
        hint = cue(string.under) if kind is Kind.DATA else ""
        leaf = replace(like, address=string.pointer, text=string.text, kind=kind, opens=False, hint=hint)
        yield from below or [(inner, leaf)]


def _leaf_kind(text: str, tool: str) -> Kind:
    """A tool's arguments are values; in structured output a string may be what the reader is told."""
    return Kind.DATA if tool or not reads_like_a_sentence(text) else Kind.PROSE


def _as_one(before: str, after: str, verdicts: Sequence[Verdict]) -> Cleared:
    action = max((verdict.action for verdict in verdicts), default=Action.ALLOW)
    rulings = tuple(ruling for verdict in verdicts for ruling in verdict.rulings)
    edits = () if before == after else (Edit(Span(0, len(before)), after),)
    return Cleared(after, Verdict(action, rulings, edits))
