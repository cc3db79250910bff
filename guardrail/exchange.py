"""One request and its answer: the page to show a newcomer.

    client ─► edge ─► exchange ─► dialect reads ─► request chain ─► dialect writes ─► upstream ─┐
    client ◄─ edge ◄─ exchange ◄─ dialect writes ◄─ response chain ◄─ dialect reads  ◄──────────┘

Holds no rule of any rail, no field name of any provider and no ASGI message. On doubt nothing leaves: every way
out of `run` that is not a cleared answer is an error in the provider's own shape, counted and without text.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from guardrail.answer import AnswerReview
from guardrail.dialects.base import Dialect, Reply, RequestDocument, StreamCodec
from guardrail.engine.relay import Blocked, Insert, Limits, Out, Relay
from guardrail.engine.vault import Vault
from guardrail.errors import (
    AnswerWithheld,
    ClientError,
    Draining,
    GuardrailError,
    RailError,
    RailLate,
    UpstreamBroken,
    UpstreamError,
)
from guardrail.policy.compile import Compiled
from guardrail.question import Question, clear_question
from guardrail.rails.base import About
from guardrail.rails.language import detect
from guardrail.record.metrics import Metrics
from guardrail.record.tally import Tally
from guardrail.text import Action, Direction, Risk, Role
from guardrail.wire.upstream import Timeouts, Upstream, UpstreamAnswer, UpstreamRequest

Headers = Sequence[tuple[bytes, bytes]]
T = TypeVar("T")

CRISIS = frozenset({Risk.EMERGENCY, Risk.SELF_HARM})
OFF_LOOP_BYTES = 64 * 1024  # a larger body is read in a thread, so that other clients' streams go on


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks. `tenant` keys what is never shared between clients: connections to the provider."""

    name: str = "anonymous"
    tenant: str = ""
    surface: str = ""
    country: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A request as the edge hands it over. `forward` holds the headers that may go to the provider."""

    method: str
    path: str
    body: bytes
    query: str = ""
    client: Client = Client()
    forward: Sequence[tuple[str, str]] = ()
    cohort: Mapping[str, str] = field(default_factory=dict)
    receipt: str = ""


class Outbound(Protocol):
    """Where the answer goes. The edge ends the response when `run` returns."""

    async def start(self, status: int, headers: Headers) -> None:
        """Once, before any byte."""
        ...

    async def send(self, body: bytes) -> None:
        """Waits while the client is slow (backpressure)."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What all exchanges share. `drained` is set when streams that are still open have to end."""

    policy: Callable[[], Compiled]
    lookup: Callable[[str, str, Compiled], Dialect]
    refuse: Callable[[str, GuardrailError], Reply]
    upstream: Upstream
    metrics: Metrics
    drained: asyncio.Event


class Exchange:
    """One request and its answer. Made for one `run`."""

    def __init__(self, services: Services, inbound: Inbound, outbound: Outbound) -> None:
        self._services = services
        self._inbound = inbound
        self._outbound = outbound
        self._compiled = services.policy()  # one version from start to end, whatever is reloaded meanwhile
        self._vault = Vault(self._compiled.policy.defaults.date_order)
        self._tally = Tally(services.metrics, client=inbound.client.name, groups=inbound.cohort)
        self._began = time.perf_counter()
        self._dialect: Dialect | None = None
        self._codec: StreamCodec | None = None

    async def run(self) -> None:
        """The whole journey. Raises nothing but cancellation: whatever else fails is answered here."""
        late = _Interrupt(self._services.drained)
        with self._services.metrics.in_flight(), late:
            try:
                await self._journey()
            except GuardrailError as error:
                await self._fail(error)
            except asyncio.CancelledError:
                if not late.forgiven():
                    self._tally.status = 499
                    raise
                await self._fail(Draining("the proxy is shutting down; ask again"))
            finally:
                self._vault.close()
                self._tally.close()

    async def _journey(self) -> None:
        tally, compiled = self._tally, self._compiled
        dialect = self._dialect = self._services.lookup(self._inbound.method, self._inbound.path, compiled)
        tally.dialect, tally.stage = dialect.name, "read"
        document = await _off_loop_if_large(self._inbound.body, dialect.read_request)
        tally.stage = "request"
        about = self._about(document)
        question = await self._clear(document, about)
        tally.question(question.assessment, question.verdicts)
        review = AnswerReview(
            compiled.response,
            replace(about, direction=Direction.RESPONSE, role=Role.ASSISTANT, assessment=question.assessment),
            self._vault,
            frozenset(compiled.policy.restore.tools),
        )
        if question.action is Action.BLOCK:
            return await self._answer_ourselves(document, review)
        try:
            await self._ask_upstream(dialect, document, review)
        except UpstreamError as error:
            if tally.status or question.assessment.risk not in CRISIS:
                raise
            tally.failure(error)
            await self._answer_ourselves(document, review)  # WHO-51: the way to help is shown though the provider fails

    async def _clear(self, document: RequestDocument, about: About) -> Question:
        limits = self._compiled.policy.limits
        try:
            async with asyncio.timeout(limits.analysis_deadline_seconds):
                return await clear_question(document, self._compiled.request, about, self._vault, limits.max_text_chars)
        except TimeoutError:
            raise RailLate("the request took too long to inspect", code="analysis_deadline") from None

    # ── to the provider and back ──────────────────────────────────────────────────────────────────────────────

    async def _ask_upstream(self, dialect: Dialect, document: RequestDocument, review: AnswerReview) -> None:
        request = self._request(dialect, document.to_bytes())
        metrics, asked = self._services.metrics, time.perf_counter()
        metrics.added_latency("request", asked - self._began)
        self._tally.stage = "upstream"
        async with self._services.upstream.open(request) as answer:
            self._tally.stage = "response"
            if answer.status >= 400:
                await self._pass_error_on(dialect, answer, review)
            elif answer.content_type == "text/event-stream":
                await self._pass_stream_on(dialect.open_stream(document), answer, review)
            else:
                await self._pass_whole_on(dialect, document, answer, review)
        metrics.upstream_seconds(self._tally.upstream, time.perf_counter() - asked)

    async def _pass_error_on(self, dialect: Dialect, answer: UpstreamAnswer, review: AnswerReview) -> None:
        body = await answer.read()
        if review.about.assessment.risk in CRISIS:
            raise UpstreamError("the provider answered with an error", code="upstream_status")
        await self._reply(dialect.upstream_error(answer.status, body), dict(answer.headers))

    async def _pass_whole_on(
        self, dialect: Dialect, request: RequestDocument, answer: UpstreamAnswer, review: AnswerReview
    ) -> None:
        body = await answer.read()
        document = await _off_loop_if_large(body, lambda raw: dialect.read_response(raw, request))
        self._tally.verdicts(Direction.RESPONSE, await review.clear_document(document))
        if self._tally.action is Action.BLOCK:
            await self._answer_ourselves(request, review)
        else:
            await self._reply(Reply(answer.status, document.to_bytes()), dict(answer.headers))

    async def _pass_stream_on(self, codec: StreamCodec, answer: UpstreamAnswer, review: AnswerReview) -> None:
        relay = review.relay(Limits(held_json=self._compiled.policy.limits.max_held_json_bytes))
        stream = _Stream(codec, relay, self._outbound, self._tally, self._services.metrics)
        await self._start(answer.status, {**dict(answer.headers), "content-type": "text/event-stream; charset=utf-8"})
        self._codec = codec
        try:
            async for data in answer.chunks():
                await stream.feed(data)
        except UpstreamError:
            await stream.finish()  # what was held is inspected as final, then `_fail` writes the terminal event
            raise
        await stream.flush()

    # ── answers ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _answer_ourselves(self, request: RequestDocument, review: AnswerReview) -> None:
        """Nothing of a model in it: crisis text, notice, warning, and that the policy withholds the rest."""
        withheld = self._compiled.policy.texts.withheld_in(review.about.language)
        head, verdicts = review.head()
        self._tally.verdicts(Direction.RESPONSE, verdicts)
        assert self._dialect is not None
        await self._reply(self._dialect.answer(request, head + withheld))

    async def _fail(self, error: GuardrailError) -> None:
        self._tally.failure(error)
        if isinstance(error, ClientError | RailError):
            self._tally.action = Action.BLOCK
        if self._codec is not None:
            await self._outbound.send(self._codec.error(error))
        elif not self._tally.status:
            await self._reply(self._services.refuse(self._inbound.path, error))

    async def _reply(self, reply: Reply, headers: Mapping[str, str] | None = None) -> None:
        await self._start(
            reply.status,
            {**(headers or {}), "content-type": reply.content_type, "content-length": str(len(reply.body))},
        )
        await self._outbound.send(reply.body)

    async def _start(self, status: int, headers: Mapping[str, str]) -> None:
        self._tally.status = status
        marked = {**headers, "x-guardrail-action": self._tally.action.word}
        await self._outbound.start(status, [(name.encode(), value.encode()) for name, value in marked.items()])

    # ── what the chains and the provider are told ─────────────────────────────────────────────────────────────

    def _about(self, document: RequestDocument) -> About:
        client, defaults, cohort = self._inbound.client, self._compiled.policy.defaults, self._inbound.cohort
        spoken = cohort.get("language") or client.language
        if not spoken or spoken == "unspecified":
            turn = frozenset(document.turn)
            words = "\n".join(segment.text for segment in document.segments() if segment.address in turn)
            spoken = detect(words, self._compiled.policy.cohorts.language) or defaults.language
        self._tally.language = spoken
        surface = cohort.get("surface", "unspecified")
        if surface == "unspecified":
            surface = client.surface or defaults.surface
        return About(language=spoken, surface=surface, country=client.country or defaults.country)

    def _request(self, dialect: Dialect, body: bytes) -> UpstreamRequest:
        target = self._compiled.upstream_for(dialect.name)
        self._tally.upstream = target.name
        return UpstreamRequest(
            base_url=target.base_url,
            path=self._inbound.path,
            query=self._inbound.query,
            headers=(*self._inbound.forward, *dialect.credentials(target.api_key or "")),
            body=body,
            tenant=self._inbound.client.tenant,
            timeouts=Timeouts(**target.timeouts.model_dump()),
            max_answer_bytes=self._compiled.policy.limits.max_answer_bytes,
        )


class _Stream:
    """A streamed answer on its way through the relay."""

    def __init__(self, codec: StreamCodec, relay: Relay, outbound: Outbound, tally: Tally, metrics: Metrics) -> None:
        self._codec = codec
        self._relay = relay
        self._outbound = outbound
        self._tally = tally
        self._metrics = metrics
        self._held = 0
        self._ended = False
        self._spoken = False

    async def feed(self, data: bytes) -> None:
        """Frames that arrive together leave together."""
        arrived = time.perf_counter()
        out: list[Out] = []
        for frame in self._codec.feed(data):
            self._ended = self._ended or frame.last or frame.failed
            out += await self._relay.feed(frame)
        await self._write(out)
        self._metrics.added_latency("per_delta" if self._spoken else "first_token", time.perf_counter() - arrived)
        self._spoken = self._spoken or bool(out)

    async def flush(self) -> None:
        """The upstream closed. Raises UpstreamBroken unless it had said that it was done."""
        out: list[Out] = []
        for frame in self._codec.flush():
            self._ended = self._ended or frame.last or frame.failed
            out += await self._relay.feed(frame)
        await self._write(out)
        await self.finish()
        if not self._ended:
            raise UpstreamBroken("the provider's answer broke off", code="truncated")

    async def finish(self) -> None:
        """What is held is final."""
        await self._write(await self._relay.finish())

    async def _write(self, out: Sequence[Out]) -> None:
        self._tally.verdicts(Direction.RESPONSE, self._relay.take_verdicts())
        self._metrics.held(self._relay.held - self._held)
        self._held = self._relay.held
        body = b"".join(self._bytes(each) for each in out if not isinstance(each, Blocked))
        if body:
            await self._outbound.send(body)
        if self._tally.action is Action.BLOCK:
            raise AnswerWithheld("the rest of this answer is withheld by the safety policy")

    def _bytes(self, out: Out) -> bytes:
        if isinstance(out, Insert):
            return self._codec.insert(out.like, out.segment, out.text)
        assert not isinstance(out, Blocked)
        return self._codec.write(out.frame, out.deltas, out.wholes)


class _Interrupt:
    """Cancels the exchange when the proxy's time to drain is over, and tells that apart from a client that left."""

    def __init__(self, drained: asyncio.Event) -> None:
        self._drained = drained
        self._fired = False

    def __enter__(self) -> None:
        self._task = asyncio.current_task()
        self._watch = asyncio.create_task(self._wait())

    def __exit__(self, *_: object) -> None:
        self._watch.cancel()

    async def _wait(self) -> None:
        await self._drained.wait()
        if self._task is not None:
            self._fired = True
            self._task.cancel()

    def forgiven(self) -> bool:
        """True if the cancellation was ours; it is then taken back."""
        if self._fired and self._task is not None:
            self._task.uncancel()
        return self._fired


async def _off_loop_if_large(body: bytes, read: Callable[[bytes], T]) -> T:
    return await asyncio.to_thread(read, body) if len(body) > OFF_LOOP_BYTES else read(body)
