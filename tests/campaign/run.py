"""A campaign: numbered requests through a real proxy, and what was noticed on both sides of it.

    findings = fought(QUICK, range(2_000))

Upstream no canary may be heard. A client may hear its own and nobody else's, and none in an error. An error has the
shape of its API. No exchange ends in a 5xx that the upstream did not cause.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.campaign.cases import ID, Case, case, number_of
from tests.campaign.client import Heard, Line
from tests.campaign.oracle import Listener, canaries
from tests.campaign.words import canary, owner
from tests.matrix.conftest import policy_of, streamed
from tests.support.fake_upstream import Answer, FakeUpstream, Received, answer
from tests.support.pool import lent
from tests.support.proxy import Proxy

AT_ONCE: Final = 8
_MOST_TOLD: Final = 20
_PLACEHOLDER: Final = re.compile(rb"\[[A-Z_]{2,24}_[0-9]{1,4}(?:: [a-z0-9 +]{1,30})?\]")
_STRANGER: Final = 500_000_000_000
"""Canaries of this number and above are told by the upstream: of people that no client spoke of."""
_MOST_ASKED: Final = 100_000_000
"""No campaign has so many requests."""


@dataclass
class Findings:
    """What was noticed, each by the number of the request that repeats it."""

    leaks: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    dialects: Counter[str] = field(default_factory=Counter)
    sent_on: int = 0
    seconds: float = 0.0

    def __add__(self, other: Findings) -> Findings:
        """Both together, one after the other."""
        return Findings(
            self.leaks + other.leaks,
            self.odd + other.odd,
            self.statuses + other.statuses,
            self.dialects + other.dialects,
            self.sent_on + other.sent_on,
            self.seconds + other.seconds,
        )

    @property
    def asked(self) -> int:
        """Requests that were made."""
        return sum(self.statuses.values())

    def lines(self) -> Iterator[str]:
        """For a person."""
        rate = self.asked / self.seconds if self.seconds else 0.0
        yield f"{self.asked} requests in {self.seconds:.0f} s ({rate:.0f}/s), {self.sent_on} of them sent on"
        yield "statuses: " + ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        yield "dialects: " + ", ".join(f"{name}: {count}" for name, count in sorted(self.dialects.items()))
        yield f"canaries upstream, in others' answers or in errors: {len(self.leaks)}"
        yield from self.leaks[:_MOST_TOLD]
        yield f"otherwise odd: {len(self.odd)}"
        yield from self.odd[:_MOST_TOLD]


@dataclass
class Upstream:
    """Answers every dialect as it was asked, listens to every byte, and tells placeholders and a stranger's number."""

    findings: Findings
    asked: dict[int, Case] = field(default_factory=dict)
    _ears: dict[int, Listener] = field(default_factory=lambda: defaultdict(Listener))

    def hear(self, connection: int, data: bytes) -> None:
        """Every byte of every connection."""
        for found in sorted(self._ears[connection].hear(data)):
            self.findings.leaks.append(f"upstream heard the number of request {owner(found)}")

    def answer(self, request: Received) -> Answer:
        """In the words of the dialect that was asked."""
        self.findings.sent_on += 1
        number = number_of(request.header(ID))
        made = self.asked.get(number) if number is not None else None
        if made is None:
            self.findings.odd.append(f"nobody asked: {request.method} {request.target[:60]}")
            return answer({}, 404)
        return reply_to(made, request.body)


def reply_to(made: Case, body: bytes) -> Answer:
    """Mostly an answer; now and then an error, or something broken."""
    specimen, at = made.specimen, made.number % 10
    marks = [mark.decode() for mark in dict.fromkeys(_PLACEHOLDER.findall(body))][:4]
    pieces = ["I think you ", "should rest, ", *marks, ". Ask ", canary(_STRANGER + made.number), " too. Good", "bye."]
    if at == 9:
        return answer(specimen.error(f"{' '.join(marks)} is too long"), (400, 429, 500)[made.number // 10 % 3])
    if not made.stream or specimen.stream is None:
        return answer(specimen.answer("".join(pieces)))
    data = specimen.stream(pieces)
    return streamed(specimen, data) if at else streamed(specimen, data[: len(data) // 2], whole=False)


class Campaign:
    """Against the proxy at one port, whose policy sends everything to `upstream`."""

    def __init__(self, port: int, upstream: Upstream, seed: int = 0) -> None:
        self._port, self._upstream, self._seed = port, upstream, seed
        self._findings = upstream.findings

    async def run(self, numbers: Sequence[int]) -> None:
        """All of them, several at a time."""
        left = iter(numbers)
        await asyncio.gather(*(self._talk(left) for _ in range(AT_ONCE)))

    async def _talk(self, numbers: Iterator[int]) -> None:
        line = Line(self._port)
        for number in numbers:
            made = case(number, self._seed)
            self._upstream.asked[number] = made
            heard = await line.ask(made.raw)
            del self._upstream.asked[number]
            self._judge(made, heard)
        line.hang_up()

    def _judge(self, made: Case, heard: Heard) -> None:
        findings = self._findings
        findings.statuses[heard.status] += 1
        findings.dialects[made.specimen.name] += 1
        what = f"{made.number} ({made.specimen.name}{', stream' if made.stream else ''}, {made.trick or 'ordinary'})"
        head = "".join(f"{name}: {value}\n" for name, value in heard.headers.items()).encode()
        others = {each for each in canaries(head + heard.body) if _is_somebodys(each)} - {made.canary}
        if others:
            findings.leaks.append(f"{what}: the client heard of others: {sorted(others)}")
        if heard.status != 200 and made.canary in canaries(head + heard.body):
            findings.leaks.append(f"{what}: the error quotes the request")
        findings.odd += [f"{what}: {oddity}" for oddity in _oddities(made, heard)]


def _is_somebodys(found: str) -> bool:
    """False for what is left of a number after a trick flipped a byte of it."""
    return owner(found) % _STRANGER < _MOST_ASKED


def _oddities(made: Case, heard: Heard) -> Iterator[str]:
    if heard.status == 0:
        yield "no answer"
    elif "x-guardrail-receipt" not in heard.headers and heard.status != 400:
        yield f"{heard.status} without a receipt"
    if heard.status >= 500 and made.number % 10 not in (0, 9):
        yield f"{heard.status} {heard.body[:120]!r}"
    if heard.status >= 400 and made.trick != "in the path" and not _is_error(made, heard.body):
        yield f"{heard.status} in another shape: {heard.body[:120]!r}"
    if heard.status == 200 and not heard.whole:
        yield "broke off without an error"


def _is_error(made: Case, body: bytes) -> bool:
    try:
        return made.specimen.is_error(json.loads(body))
    except (ValueError, AttributeError, TypeError):
        return False


WHOLE: Final[Mapping[str, Any]] = {}
QUICK: Final[Mapping[str, Any]] = {"detector": "fast", "presidio": False}
"""Settings of the PHI rail."""


def policy(url: str, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """The baseline, with the canary's shape as a pattern of the house: what is tried are places, not detection."""
    patterns = [{"label": "MRN", "pattern": r"ZQ\d{12}"}]
    return policy_of(url, name="campaign", rails=[{"rail": "phi", "settings": {"patterns": patterns, **settings}}])


def fought(settings: Mapping[str, Any], numbers: Sequence[int], seed: int = 0) -> Findings:
    """These requests through a proxy with these settings, and whether it is well after them."""
    findings = Findings()
    upstream = Upstream(findings)
    with FakeUpstream(upstream.answer, hear=upstream.hear) as fake, lent(policy(fake.url, settings)) as proxy:
        before = proxy.metric("guardrail_exchanges_total{"), len(proxy.log)
        began = time.monotonic()
        asyncio.run(Campaign(proxy.port, upstream, seed).run(numbers))
        findings.seconds = time.monotonic() - began
        findings.odd += _aftermath(proxy, len(numbers), *before)
    return findings


def _aftermath(proxy: Proxy, asked: int, counted: float, logged: int) -> Iterator[str]:
    """Process and records, when all is over."""
    if proxy.get("/guardrail/ready")[0] != 200:
        yield "the proxy is not ready any more"
    exchanges = proxy.metric("guardrail_exchanges_total{") - counted
    if exchanges != asked:
        yield f"{exchanges:.0f} exchanges were counted for {asked} requests"
    if proxy.metric("guardrail_exchanges_in_flight"):
        yield "something is still in flight"
    if canaries(proxy.log[logged:]) or canaries(proxy.metrics().encode()):
        yield "a canary in the log or in the metrics"
