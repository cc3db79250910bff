"""One request and its answer: the page to show a newcomer.

    client ─► edge ─► exchange ─► dialect reads ─► request chain ─► dialect writes ─► upstream ─┐
    client ◄─ edge ◄─ exchange ◄─ dialect writes ◄─ response chain ◄─ dialect reads  ◄──────────┘

Holds no rule of any rail, no field name of any provider and no ASGI message. On doubt nothing leaves: every way
out of `run` that is not a cleared answer is an error in the provider's own shape, counted and without text.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any, Final, TypeVar

from guardrail import marks
from guardrail.answer import AnswerReview, Head, carried
from guardrail.closing import Closer, asked_for
from guardrail.delivery import Delivery
from guardrail.dialects.base import Dialect, Reply, RequestDocument, StreamCodec
from guardrail.engine.offload import off_loop
from guardrail.engine.relay import Limits
from guardrail.errors import (
    AuditUnavailable,
    ClientError,
    Draining,
    GuardrailError,
    RailError,
    RailLate,
    Unforeseen,
    UpstreamError,
)
from guardrail.gates import Gate, approves, decide, task_of, tasks_of
from guardrail.inbound import Inbound, Outbound, Services
from guardrail.kept import keep, resume
from guardrail.policy import notices
from guardrail.policy.compile import Compiled, Target
from guardrail.question import Question, clear_question
from guardrail.rails.base import CLINICIAN, About, Manner
from guardrail.rails.language import detect
from guardrail.record import log
from guardrail.record.entry import End
from guardrail.record.tally import Known, Tally
from guardrail.recording import Counted, Record
from guardrail.state.store import StateUnavailable
from guardrail.streaming import Interrupt, Stream
from guardrail.suspension import Halt, Suspended, Suspension, capabilities, said
from guardrail.text import Action, Direction, Kind, Risk, Role
from guardrail.wire.upstream import UpstreamAnswer

T = TypeVar("T")

CRISIS: Final = frozenset({Risk.EMERGENCY, Risk.SELF_HARM})
NO_HEAD: Final = Head()
EARLIER: Final = 6
"""So many of the user's earlier words are looked at for a language, if what is asked has none."""


@contextmanager
def _foreseen() -> Iterator[None]:
    """Whatever goes wrong inside is an error of ours: on record, and told to the caller in its own dialect."""
    try:
        yield
    except GuardrailError:
        raise
    except Exception as error:  # noqa: BLE001 - a provider's answer could find a mistake; its words go nowhere
        log.unexpected(error)
        raise Unforeseen from None


def _counted_as(inbound: Inbound, compiled: Compiled) -> Known:
    return Known(
        receipt=inbound.receipt,
        client=inbound.client.name,
        groups=inbound.cohort,
        use=inbound.supplied.use,
        policy=compiled.ref,
        request_bytes=len(inbound.body),
        reviewed=inbound.supplied.reviewed,
    )


def _since(then: int | None, now: float) -> float | None:
    """Seconds; None if nobody tells, and for a time that is yet to come."""
    return None if then is None or then > now else now - then


@dataclass(frozen=True, slots=True)
class Use:
    """What a request makes use of, as far as a suspension could mean it."""

    client: str
    models: Sequence[str]
    capabilities: frozenset[str]


class Exchange:
    """One request and its answer. Made for one `run`."""

    def __init__(self, services: Services, inbound: Inbound, outbound: Outbound) -> None:
        self._services = services
        self._inbound = inbound
        self._compiled = services.policy()  # one version from start to end, whatever is reloaded meanwhile
        self._vault = self._compiled.open_vault()
        self._tally = Tally(services.metrics, _counted_as(inbound, self._compiled))
        self._outbound = Counted(outbound, self._tally)
        self._record = Record(
            *(services.recorder, self._tally, inbound.supplied.subject, self._compiled.accounts),
            tell=lambda outcome: services.ended(outcome, inbound.trace),
        )
        self._delivery = Delivery(services, self._compiled, inbound, self._tally)
        self._store = services.state(self._compiled)
        self._began = time.perf_counter()
        self._dialect: Dialect | None = None
        self._codec: StreamCodec | None = None
        self._stream: Stream | None = None
        self._halt: Halt | None = None
        self._late = Interrupt(services.drained)
        self._model = ""
        self._served = ""
        """The model that the answer names, as soon as it does."""
        self._asked: float | None = None
        """When the provider was asked."""

    async def run(self) -> None:
        """The whole journey. Raises nothing but cancellation: whatever else fails is answered here."""
        with self._services.metrics.in_flight(), self._late:
            try:
                with _foreseen():
                    await self._journey()
            except GuardrailError as error:
                await self._fail(error)
            except asyncio.CancelledError:
                if not self._late.forgiven():
                    self._tally.gone()
                    raise
                await self._fail(Draining("the proxy is shutting down; ask again"))
            finally:
                self._vault.close()
                self._record.leave()
                self._tally.close()
                # They know the way back to here: nothing of an exchange, and no old policy, waits for the collector.
                self._halt = self._stream = self._codec = None

    async def _journey(self) -> None:
        tally, compiled, body = self._tally, self._compiled, self._inbound.body
        found = self._services.lookup(self._inbound.method, self._inbound.path, compiled)
        dialect = self._dialect = found.dialect
        tally.dialect, tally.stage = dialect.name, "read"
        document = await off_loop(len(body), lambda: dialect.read_request(body, found.ask(self._inbound.query)))
        tally.released(document.released)
        self._model = document.model
        targets = self._delivery.targets(dialect, document)
        tally.upstream = targets[0].name
        self._record.intend()
        tally.stage = "request"
        targets = await resume(document, self._store, self._vault, self._inbound.client.owner, targets)
        about = self._about(document)
        limit, tenant = compiled.policy.limits.max_text_chars, self._inbound.client.tenant
        source = await self._in_time(asked_for(document, compiled.closing))
        question = await self._in_time(clear_question(document, compiled.request, about, self._vault, limit, tenant))
        tally.question(question.assessment, question.verdicts)
        tally.model = document.model
        self._tell(question.assessment.risk, about)
        manner = self._manner(question, about.surface, about.language)
        review = AnswerReview(
            compiled.response,
            replace(
                about,
                direction=Direction.RESPONSE,
                role=Role.ASSISTANT,
                assessment=question.assessment,
                manner=manner,
            ),
            self._vault,
            frozenset(compiled.policy.restore.tools),
            compiled.tools,
            speaks=dialect.speaks,
            closer=Closer(about, compiled.closing, source, self._inbound.receipt),
            reviewed=self._inbound.supplied.reviewed,
            receipt=self._inbound.receipt,
            tenant=tenant,
        )
        task = tally.task = task_of(question.assessment, self._inbound.supplied.use)
        use = self._use(document, question, task, about.surface)
        by, targets = self._unsuspended(use, targets)
        if by is not None:
            return await self._stop_suspended(by, dialect, document, review)
        gate, targets = self._gate(task, targets)
        if not gate.passed:
            return await self._stop_at(gate, dialect, document, review, targets)
        if question.action is Action.BLOCK and not dialect.speaks:
            raise ClientError("this request is withheld by the safety policy", code="content_filter", status=403)
        if question.action is Action.BLOCK:
            return await self._answer_ourselves(document, review, compiled.policy.texts.withheld_in)
        if self._withholds(question.assessment.risk, about) and dialect.speaks:
            tally.action = Action.BLOCK
            return await self._answer_ourselves(document, review, compiled.stay_in)
        if manner.asked == "block" and dialect.speaks:
            tally.action = Action.BLOCK
            return await self._answer_ourselves(document, review, compiled.policy.medical.blocked_in)
        try:
            with _foreseen():
                await self._ask_watched(use, dialect, document, review, targets)
        except (UpstreamError, StateUnavailable, RailError, AuditUnavailable, Unforeseen) as error:
            if tally.status or question.assessment.risk not in CRISIS:
                raise
            tally.failure(error)
            # WHO-51: the way to help is shown though the provider fails, or its answer can't be inspected.
            await self._answer_ourselves(document, review, compiled.policy.texts.unavailable_in)

    async def _in_time(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            async with asyncio.timeout(self._compiled.policy.limits.analysis_deadline_seconds):
                return await work
        except TimeoutError:
            raise RailLate("the words took too long to inspect", code="analysis_deadline") from None

    def _manner(self, question: Question, surface: str, language: str) -> Manner:
        """How our own words are said in this exchange."""
        policy, cohort = self._compiled.policy, self._inbound.cohort
        shown = notices.decide(policy.notices, self._situation(question, surface))
        return Manner(
            notice=shown.form,
            reminder=shown.reminder,
            human=shown.human,
            closing=shown.closing,
            asked=policy.medical.asked(surface, question.assessment, cohort),
            told=policy.medical.told(surface),
            route=policy.gates.way(language) if policy.notices.human_route else "",
        )

    def _situation(self, question: Question, surface: str) -> notices.Situation:
        supplied, now = self._inbound.supplied, time.time()
        return notices.Situation(
            channel=supplied.channel,
            surface=surface,
            age_band=self._inbound.cohort.get("age_band", notices.UNSPECIFIED),
            reviewed=supplied.reviewed,
            asked="asked_human" in question.assessment.flags,
            turn=question.turn,
            since_notice=_since(supplied.last_notice, now),
            in_session=_since(supplied.session_started, now),
        )

    # ── before the provider ───────────────────────────────────────────────────────────────────────────────────

    def _gate(self, task: str, targets: Sequence[Target]) -> tuple[Gate, Sequence[Target]]:
        """The decision about the first provider, and those of the others that may be asked for this use, too."""
        policy, supplied = self._compiled.policy, self._inbound.supplied
        tasks = tasks_of(policy, self._inbound.client.name)
        first, *others = targets
        gate = decide(policy.gates, supplied, upstream=first.name, today=self._compiled.day, task=task, tasks=tasks)
        return gate, [first, *(each for each in others if approves(policy.gates, supplied, task, each.name))]

    async def _stop_at(
        self, gate: Gate, dialect: Dialect, document: RequestDocument, review: AnswerReview, targets: Sequence[Target]
    ) -> None:
        """An answer of ours for people, an error for a mistake of the application.

        WHO-51: to who is in danger the way to help is shown, whatever the application forgot to say.
        """
        self._tally.gate = gate.reason
        self._services.metrics.gate_refusal(gate.refusal.gate, gate.reason)
        log.event("gate_shut", reason=gate.reason, receipt=self._inbound.receipt)
        if not dialect.speaks or not (gate.answers or review.about.assessment.risk in CRISIS):
            raise gate.error()
        if not gate.answers:
            self._tally.failure(gate.error())
        told = review.about
        kept_in = self._withholds(told.assessment.risk, told) or told.manner.asked == "block"
        if gate.refusal.shadow and self._tally.action is not Action.BLOCK and not kept_in:
            await self._ask_in_shadow(dialect, document, targets)
        self._tally.action = Action.BLOCK
        await self._answer_ourselves(document, review, partial(self._compiled.policy.gates.words, gate.text))

    async def _ask_in_shadow(self, dialect: Dialect, document: RequestDocument, targets: Sequence[Target]) -> None:
        """WHO-71: the model is asked, and nobody reads what it says."""
        await self._record.intended()
        self._tally.stage = "upstream"
        try:
            async with self._delivery.send(dialect, document, targets) as answer:
                await answer.read()
        except UpstreamError as error:
            self._tally.failure(error)

    def _withholds(self, risk: Risk, about: About) -> bool:
        """WHO-51: no model speaks to who is in danger, if the policy says so. Clinicians' own work goes on."""
        return risk in CRISIS and self._compiled.withholds and about.surface != CLINICIAN

    def _tell(self, risk: Risk, about: About) -> None:
        """The deployer's own people hear of it, in the background: codes only, never a word of the text."""
        hook, inbound = self._compiled.hook, self._inbound
        if risk in CRISIS and hook is not None:
            event = {
                "event": "crisis",
                "kind": risk.value,
                "receipt": inbound.receipt,
                "client": inbound.client.name,
                "language": about.language,
                "country": about.country,
                "age_band": inbound.cohort.get("age_band", "unspecified"),
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
            }
            self._services.crisis.put(hook, event)

    # ── suspension (WHO-11) ───────────────────────────────────────────────────────────────────────────────────

    def _use(self, document: RequestDocument, question: Question, task: str, surface: str) -> Use:
        return Use(
            client=self._inbound.client.name,
            models=(document.model, *document.others),
            capabilities=capabilities(
                medical=question.assessment.medical,
                task=task,
                use=self._inbound.supplied.use,
                surface=surface,
                tools=document.tools,
                media=bool(document.released),
            ),
        )

    def _unsuspended(self, use: Use, targets: Sequence[Target]) -> tuple[Suspension | None, Sequence[Target]]:
        """The suspension that leaves nobody to be asked, and who may be asked."""
        stops = self._services.suspensions.stops
        stopped = {each.name: stops(use.client, each.name, use.models, use.capabilities) for each in targets}
        left = [target for target in targets if stopped[target.name] is None]
        return (None, left) if left else (stopped[targets[0].name], ())

    async def _stop_suspended(
        self, by: Suspension, dialect: Dialect, document: RequestDocument, review: AnswerReview
    ) -> None:
        """WHO-51: who is in danger is shown the way to help first, whatever is suspended."""
        self._services.metrics.suspension_refusal(by.scope.value)
        self._tally.action, self._tally.suspension = Action.BLOCK, by.id
        if not dialect.speaks:
            raise Suspended(by)
        await self._answer_ourselves(document, review, said(self._compiled.policy, by), End.SUSPENDED)

    async def _ask_watched(
        self, use: Use, dialect: Dialect, document: RequestDocument, review: AnswerReview, targets: Sequence[Target]
    ) -> None:
        watch = self._services.suspensions.watch
        upstream, served = lambda: self._tally.upstream, lambda: self._served
        with watch(use.client, upstream, use.models, use.capabilities, served) as self._halt:
            try:
                await self._ask_upstream(dialect, document, review, targets)
            except Suspended as error:
                await self._halted(error.by, dialect, document, review)
            except asyncio.CancelledError:
                by = self._halt.forgiven()
                if by is None:
                    raise
                await self._halted(by, dialect, document, review)

    async def _halted(self, by: Suspension, dialect: Dialect, document: RequestDocument, review: AnswerReview) -> None:
        """No more of the model; in the middle of its answer why, and the way to people."""
        if not self._tally.status:
            await self._stop_suspended(by, dialect, document, review)
            return
        self._services.metrics.suspension_refusal(by.scope.value)
        self._tally.action, self._tally.suspension = Action.BLOCK, by.id
        if self._stream is not None:
            await self._stream.cut(said(self._compiled.policy, by, midway=True)(review.about.language))
        await self._fail(Suspended(by))

    def _named(self, served: str) -> None:
        """Raises Suspended if the model that answers is suspended, whatever was asked for: nothing of it is given out.

        The next request is sent all the same: behind an alias may stand another model by then.
        """
        self._served = served
        if (by := self._services.suspensions.answers(served)) is not None:
            if self._halt is not None:
                self._halt.done()
            raise Suspended(by)

    # ── to the provider and back ──────────────────────────────────────────────────────────────────────────────

    async def _ask_upstream(
        self, dialect: Dialect, document: RequestDocument, review: AnswerReview, targets: Sequence[Target]
    ) -> None:
        await self._record.intended()
        metrics, asked = self._services.metrics, time.perf_counter()
        metrics.added_latency("request", asked - self._began, self._inbound.receipt)
        self._tally.asks()
        self._tally.stage = "upstream"
        async with self._delivery.send(dialect, document, targets) as answer:
            self._tally.stage = "response"
            self._asked = asked
            if answer.status >= 400:
                await self._pass_error_on(dialect, answer, review)
            elif (codec := dialect.open_stream(document, answer.content_type, review.actions)) is not None:
                await self._pass_stream_on(codec, document, answer, review)
            else:
                await self._pass_whole_on(dialect, document, answer, review)
        metrics.upstream_seconds(self._tally.upstream, time.perf_counter() - asked, self._inbound.receipt)

    async def _pass_error_on(self, dialect: Dialect, answer: UpstreamAnswer, review: AnswerReview) -> None:
        body = await answer.read()
        self._tally.end = End.FAILED
        if review.about.assessment.risk in CRISIS:
            raise UpstreamError("the provider answered with an error", code="upstream_status")
        await self._reply(dialect.upstream_error(answer.status, body), headers=dict(answer.headers))

    async def _pass_whole_on(
        self, dialect: Dialect, request: RequestDocument, answer: UpstreamAnswer, review: AnswerReview
    ) -> None:
        body = await answer.read()
        document = await off_loop(len(body), lambda: dialect.read_response(body, request))
        head = review.head()
        self._tally.released(document.released)
        self._tally.counted(document.usage, document.served)
        self._named(document.served)
        verdicts = await self._in_time(review.clear_document(document, head, structured=request.structured))
        self._tally.verdicts(Direction.RESPONSE, verdicts)
        if self._tally.action is Action.BLOCK:
            await self._answer_ourselves(request, review, self._compiled.policy.texts.withheld_in)
        else:
            await self._keep(document.keeps)
            reply = Reply(answer.status, await off_loop(len(body), lambda: review.to_bytes(document, head)))
            await self._reply(reply, head, dict(answer.headers), carried(verdicts))

    async def _pass_stream_on(
        self, codec: StreamCodec, request: RequestDocument, answer: UpstreamAnswer, review: AnswerReview
    ) -> None:
        head = review.head()
        limits = Limits(held_json=self._compiled.policy.limits.max_held_json_bytes)
        relay = review.relay(limits, led=head.is_crisis)
        stream = Stream(
            *(codec, relay, self._outbound, self._tally, self._services.metrics, head),
            structured=request.structured,
            keep=self._keep,
            closer=review.closer,
            seal=self._seal,
            named=self._named,
        )
        self._tally.streamed = True
        await self._start(answer.status, head, {**dict(answer.headers), "content-type": codec.content_type})
        self._codec, self._stream = codec, stream
        try:
            async for data in answer.chunks():
                await stream.feed(data)
        except UpstreamError:
            await stream.finish()  # what was held is inspected as final, then `_fail` writes the terminal event
            if not stream.ended:
                raise
            return
        await stream.flush()

    async def _seal(self) -> None:
        """The end of the answer is at hand, and what is on record as told is told: nothing cuts it off any more.

        Raises AuditUnavailable: then it may not be given out.
        """
        self._late.done()
        if self._halt is not None:
            self._halt.done()
        tally, codec = self._tally, self._codec
        if codec is not None:
            tally.released(codec.released)
            tally.counted(codec.usage, codec.served)
        if self._asked is not None:
            tally.told(time.perf_counter() - self._asked)
        await self._record.seal()

    async def _keep(self, keeps: Sequence[tuple[str, str]]) -> None:
        """Nobody is told an id whose placeholders are not kept: fail closed."""
        await keep(keeps, self._store, self._vault, self._inbound.client.owner, self._tally.upstream)

    # ── answers ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _answer_ourselves(
        self,
        request: RequestDocument,
        review: AnswerReview,
        instead: Callable[[str], str],
        end: End = End.OWN_ANSWER,
    ) -> None:
        """Nothing of a model in it: crisis text, notice, warning, and why there is no more."""
        assert self._dialect is not None
        head = review.head()
        self._tally.verdicts(Direction.RESPONSE, head.verdicts)
        self._tally.end = end
        reply = self._dialect.answer(request, head.text + instead(review.about.language))
        # WHO-51: no fault of the log keeps the way to help from who needs it.
        await self._reply(reply, head, surely=review.about.assessment.risk in CRISIS)

    async def _fail(self, error: GuardrailError) -> None:
        self._tally.failure(error)
        if isinstance(error, ClientError | RailError):
            self._tally.action = Action.BLOCK
        begun, self._tally.status = bool(self._tally.status), self._tally.status or error.http_status
        if self._stream is not None:
            await self._stream.help()
        log.event(
            "exchange_failed",
            reason=error.code,
            stage=self._tally.stage,
            status=self._tally.status,
            receipt=self._inbound.receipt,
        )
        try:
            await self._seal()
        except AuditUnavailable as unrecorded:
            error = unrecorded
        if self._codec is not None:
            await self._outbound.send(self._codec.error(error))
        elif not begun:
            after = {"retry-after": str(error.retry_after)} if error.retry_after else {}
            await self._reply(self._refusal(error), headers=after)

    def _refusal(self, error: GuardrailError) -> Reply:
        return self._dialect.refuse(error) if self._dialect else self._services.refuse(self._inbound.path, error)

    async def _reply(
        self,
        reply: Reply,
        head: Head = NO_HEAD,
        headers: Mapping[str, str] | None = None,
        notices: Sequence[str] = (),
        *,
        surely: bool = False,
    ) -> None:
        """Raises AuditUnavailable with nothing begun, unless it has to be said `surely`."""
        if self._halt is not None:
            self._halt.done()
        self._tally.status, self._tally.ahead = reply.status, len(reply.body)
        try:
            self._record.leave() if surely else await self._seal()
        except AuditUnavailable:
            self._tally.status = 0
            raise
        length = str(len(reply.body))
        fixed = {"content-type": reply.content_type, "content-length": length}
        await self._start(reply.status, head, {**reply.headers, **(headers or {}), **fixed}, notices)
        await self._outbound.send(reply.body)

    async def _start(self, status: int, head: Head, headers: Mapping[str, str], more: Sequence[str] = ()) -> None:
        """A stream's head says what is known when it begins: what the request needed and what stands before it.

        `more` are the notices that a whole answer carries besides.
        """
        self._tally.status = status
        reviewed = self._inbound.supplied.reviewed
        told = {marks.HEADER: marks.disclosure(self._compiled.policy, self._model, reviewed=reviewed)}
        notices = dict.fromkeys((*head.kinds, *more))
        if head.is_crisis:
            self._tally.referred(head.kinds, self._country)
        marked = {
            **headers,
            **(told if 200 <= status < 300 else {}),
            "x-guardrail-action": max(self._tally.action, head.action).word,
            **({"x-guardrail-notices": ", ".join(notices)} if notices else {}),
        }
        await self._outbound.start(status, [(name.encode(), value.encode()) for name, value in marked.items()])

    # ── what the chains and the provider are told ─────────────────────────────────────────────────────────────

    def _about(self, document: RequestDocument) -> About:
        client, defaults, cohort = self._inbound.client, self._compiled.policy.defaults, self._inbound.cohort
        spoken = cohort.get("language") or client.language
        if not spoken or spoken == "unspecified":
            spoken = self._detected(document) or defaults.language
        self._tally.language = spoken
        surface = cohort.get("surface", "unspecified")
        if surface == "unspecified":
            surface = client.surface or defaults.surface
        return About(language=spoken, surface=surface, country=self._country)

    def _detected(self, document: RequestDocument) -> str:
        """The language of what is asked. An "ok" has none: then that of the user's latest words that have one."""
        turn = frozenset(document.turn)
        asked = "\n".join(segment.text for segment in document.segments() if segment.address in turn)
        earlier = (
            segment.text
            for segment in reversed(document.segments())
            if segment.role is Role.USER and segment.kind is Kind.PROSE and segment.address not in turn
        )
        known = self._compiled.policy.cohorts.language
        return next(filter(None, (detect(words, known) for words in (asked, *islice(earlier, EARLIER)))), "")

    @property
    def _country(self) -> str:
        return self._inbound.client.country or self._compiled.policy.defaults.country
