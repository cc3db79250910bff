"""A campaign: numbered requests through a real proxy, and what was noticed on both sides of it.

    findings = Campaign(proxy, seed=0).run(range(2_000))

Upstream no canary may be heard. A client may hear its own and nobody else's, and none in an error. An error has the
shape of its API. No exchange ends in a 5xx that the upstream did not cause.
"""

from __future__ import annotations

import asyncio
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
from tests.support.proxy import Proxy

AT_ONCE: Final = 8
_MOST_TOLD: Final = 20
_PLACEHOLDER: Final = re.compile(rb"\[[A-Z_]{2,24}_[0-9]{1,4}(?:: [a-z0-9 +]{1,30})?\]")
_STRANGER: Final = 500_000_000_000
"""Canaries of this number and above are told by the upstream: of people that no client spoke of."""


@dataclass
class Findings:
    """What was noticed, each by the number of the request that repeats it."""

    leaks: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    dialects: Counter[str] = field(default_factory=Counter)
    sent_on: int = 0
    seconds: float = 0.0

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
    """Against one proxy, whose policy sends everything to `upstream`."""

    def __init__(self, proxy: Proxy, upstream: Upstream, seed: int = 0) -> None:
        self._proxy, self._upstream, self._seed = proxy, upstream, seed
        self._findings = upstream.findings

    def run(self, numbers: Sequence[int]) -> Findings:
        """All of them, several at a time."""
        began = time.monotonic()
        asyncio.run(self._run(iter(numbers)))
        self._findings.seconds += time.monotonic() - began
        return self._findings

    async def _run(self, numbers: Iterator[int]) -> None:
        await asyncio.gather(*(self._talk(numbers) for _ in range(AT_ONCE)))

    async def _talk(self, numbers: Iterator[int]) -> None:
        line = Line(self._proxy.port)
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
        others = canaries(head + heard.body) - {made.canary}
        if others:
            findings.leaks.append(f"{what}: the client heard of others: {sorted(others)}")
        if heard.status != 200 and made.canary in canaries(head + heard.body):
            findings.leaks.append(f"{what}: the error quotes the request")
        findings.odd += [f"{what}: {oddity}" for oddity in _oddities(made, heard)]


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
    from json import JSONDecodeError, loads

    try:
        return made.specimen.is_error(loads(body))
    except (JSONDecodeError, AttributeError, TypeError):
        return False


def policy(fake: FakeUpstream) -> Mapping[str, Any]:
    """The baseline, with the canary's shape as a pattern of the house: what is tried are places, not detection."""
    rails = [{"rail": "phi", "settings": {"patterns": [{"label": "MRN", "pattern": r"ZQ\d{12}"}]}}]
    return policy_of(fake, name="campaign", rails=rails)
