"""A cleared request on its way: which provider gets it, and who is asked next if the first can't be reached.

Nothing is ever sent twice: another provider is asked only if no connection to the one before came about.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from math import ceil
from urllib.parse import urlencode, urlsplit

from guardrail.dialects.base import Dialect, Outgoing, RequestDocument
from guardrail.engine.offload import off_loop
from guardrail.errors import UpstreamError, UpstreamTimeout, UpstreamUnreachable
from guardrail.inbound import Inbound, Services
from guardrail.policy.compile import Compiled, Target
from guardrail.record import log
from guardrail.record.tally import Tally
from guardrail.wire.headers import CREDENTIALS
from guardrail.wire.upstream import Timeouts, UpstreamAnswer, UpstreamRequest


class CircuitOpen(UpstreamError):
    """The provider kept failing and is not asked for a while."""

    status = 503
    default_code = "circuit_open"

    def __init__(self, seconds: float) -> None:
        super().__init__("the provider keeps failing and is not asked for a while; try again")
        self.retry_after = max(1, ceil(seconds))


class Delivery:
    """The providers that may get one request, and the way to the first that can be reached."""

    def __init__(self, services: Services, compiled: Compiled, inbound: Inbound, tally: Tally) -> None:
        self._services = services
        self._compiled = compiled
        self._inbound = inbound
        self._tally = tally

    def targets(self, dialect: Dialect, document: RequestDocument) -> Sequence[Target]:
        """The first choice first. Raises ClientError or UnknownRoute: then nothing may be sent."""
        route, client = self._inbound.route, self._inbound.client.name
        model, others = document.model, document.others
        return self._compiled.targets(dialect.name, route=route, client=client, model=model, others=others)

    @asynccontextmanager
    async def send(
        self, dialect: Dialect, document: RequestDocument, targets: Sequence[Target]
    ) -> AsyncIterator[UpstreamAnswer]:
        """The head of the answer. Raises UpstreamError."""
        async with AsyncExitStack() as stack:
            yield await self._first(stack, dialect, document, _interchangeable(targets))

    async def _first(
        self, stack: AsyncExitStack, dialect: Dialect, document: RequestDocument, targets: Sequence[Target]
    ) -> UpstreamAnswer:
        failed: UpstreamError | None = None
        for target in targets:
            self._tally.upstream = target.name
            if seconds := self._services.breakers.wait(_circuit(target)):
                failed = failed or CircuitOpen(seconds)
                continue
            own_key = bool(target.api_key) or not _same_host(target, targets[0])
            body = await self._body(document, target)
            try:
                return await self._ask(stack, target, self._request(dialect, body, target, own_key=own_key))
            except UpstreamError as error:
                if not _was_unsent(error):
                    raise
                failed = error
                log.event("upstream_not_reached", reason=error.code, receipt=self._inbound.receipt)
        assert failed is not None
        raise failed

    async def _body(self, document: RequestDocument, target: Target) -> bytes:
        for name, value in target.members.items() if self._inbound.body else ():
            document.set_member(name, value)
        return await off_loop(len(self._inbound.body), document.to_bytes)

    async def _ask(self, stack: AsyncExitStack, target: Target, request: UpstreamRequest) -> UpstreamAnswer:
        breakers, rule = self._services.breakers, target.breaker
        try:
            answer = await stack.enter_async_context(self._services.upstream.open(request))
        except UpstreamError as error:
            if error.code != "header_injection":  # nobody was asked
                breakers.failed(_circuit(target), rule.failures, rule.seconds)
            raise
        if answer.status >= 500:
            breakers.failed(_circuit(target), rule.failures, rule.seconds)
        else:
            breakers.succeeded(_circuit(target))
        return answer

    def _request(self, dialect: Dialect, body: bytes, target: Target, *, own_key: bool) -> UpstreamRequest:
        """With `own_key` the client's stays here: it is for another provider, or for none."""
        inbound = self._inbound
        query = urlencode(inbound.query)
        url = f"{target.base_url}{inbound.path}" + (f"?{query}" if query else "")
        forward = tuple(each for each in inbound.forward if not (own_key and each[0] in CREDENTIALS))
        outgoing = Outgoing(inbound.method, url, dict(forward), body)
        return UpstreamRequest(
            base_url=target.base_url,
            path=inbound.path,
            query=query,
            headers=(*forward, *dialect.credentials(target.api_key or "", outgoing)),
            body=body,
            method=inbound.method,
            tenant=inbound.client.tenant,
            timeouts=Timeouts(**target.timeouts.model_dump()),
            max_answer_bytes=self._compiled.policy.limits.max_answer_bytes,
        )


def _interchangeable(targets: Sequence[Target]) -> Sequence[Target]:
    """Those that say at least what the first one says of itself (`set`): the body can't take it back."""
    return [target for target in targets if targets[0].members.keys() <= target.members.keys()]


def _circuit(target: Target) -> str:
    """A provider at another address is another one: what a reload has put right is asked at once."""
    return f"{target.name} {target.base_url}"


def _same_host(one: Target, other: Target) -> bool:
    return urlsplit(one.base_url)[:2] == urlsplit(other.base_url)[:2]


def _was_unsent(error: UpstreamError) -> bool:
    """True if not a byte of the request can have arrived."""
    return isinstance(error, UpstreamUnreachable) or (
        isinstance(error, UpstreamTimeout) and error.code == "connect_timeout"
    )
