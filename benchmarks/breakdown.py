"""Where the time of one request goes: `python -m benchmarks.breakdown`. Prints microseconds by step, as JSON.

Runs the product's own steps one after the other without any HTTP: the dialect reads, the chain inspects (with a real
analyzer process), the words are settled and put back, the dialect writes. Each figure is the median of many runs.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

from benchmarks.payload import CHAT, LONG, WHOLE, answer_events, answer_json, request_body
from guardrail.answer import AnswerReview
from guardrail.build import build_analyzer, build_routes
from guardrail.dialects.base import Dialect
from guardrail.dialects.catalog import lookup
from guardrail.engine.relay import Limits, Ready
from guardrail.engine.vault import Vault
from guardrail.engine.worker import Inspector, Job
from guardrail.policy.compile import Compiled, compile_policy, remote_spec, spec_key
from guardrail.policy.load import baseline, load_policy
from guardrail.question import clear_question
from guardrail.rails.base import About
from guardrail.record.metrics import Metrics
from guardrail.text import Direction, Finding, Role, Segment

UNCHANGED = "request: an unchanged message of 1,500 characters"
"""Whose findings are remembered, in a conversation of many."""
_UNCHANGED_MESSAGES, _UNCHANGED_CHARS = 40, 1_500

ROUNDS = 120
WARM_UP = 20


@dataclass(slots=True)
class Watch:
    """Times of named steps, one row per round."""

    rows: dict[str, list[float]] = field(default_factory=dict)

    def add(self, step: str, seconds: float) -> None:
        """Note one time."""
        self.rows.setdefault(step, []).append(seconds * 1e6)

    @contextmanager
    def time(self, step: str) -> Iterator[None]:
        """Note the time of the block."""
        began = perf_counter()
        yield
        self.add(step, perf_counter() - began)

    def medians(self) -> dict[str, float]:
        """Microseconds by step, the first rounds left out."""
        return {step: median(times[min(WARM_UP, len(times) // 2) :]) for step, times in self.rows.items()}


class _Timed:
    """An inspector that tells how long the round trips took."""

    def __init__(self, inspector: Inspector) -> None:
        self._inspector = inspector
        self.seconds = 0.0

    async def inspect(self, jobs: Sequence[Job]) -> list[list[Finding]]:
        began = perf_counter()
        try:
            return await self._inspector.inspect(jobs)
        finally:
            self.seconds += perf_counter() - began


class _Rails(Metrics):
    """The rails' own times, as the analyzer tells them."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def rail_seconds(self, rail: str, seconds: float) -> None:
        self.seconds += seconds


@dataclass(slots=True)
class _Bench:
    compiled: Compiled
    dialect: Dialect
    timed: _Timed
    rails: _Rails
    watch: Watch = field(default_factory=Watch)

    async def exchange(self, number: int) -> None:
        """One request and its answer."""
        watch, vault = self.watch, Vault()
        body = request_body(WHOLE, number)
        with watch.time("request: dialect reads"):
            document = self.dialect.read_request(body)
        with self._parts("request"):
            question = await clear_question(document, self.compiled.request, About(), vault)
        with watch.time("request: dialect writes"):
            document.to_bytes()
        about = About(Direction.RESPONSE, Role.ASSISTANT, assessment=question.assessment)
        review = AnswerReview(self.compiled.response, about, vault)
        with watch.time("answer: dialect reads"):
            answer = self.dialect.read_response(answer_json(WHOLE), document)
        with self._parts("answer"):
            await review.clear_document(answer, review.head())
        with watch.time("answer: dialect writes"):
            answer.to_bytes()

    async def stream(self) -> None:
        """A long stream without a sentence end; each delta by itself."""
        document = self.dialect.read_request(request_body(LONG))
        review = AnswerReview(self.compiled.response, About(Direction.RESPONSE, Role.ASSISTANT), Vault())
        codec, relay = self.dialect.open_stream(document, "text/event-stream"), review.relay(Limits())
        assert codec is not None
        for event in answer_events(LONG):
            with self.watch.time("stream: dialect and engine, one delta"):
                for frame in codec.feed(event):
                    for out in await relay.feed(frame):
                        if isinstance(out, Ready):
                            codec.write(out.frame, out.deltas, out.wholes)

    async def unchanged(self) -> None:
        """A conversation that comes again as it was; each time by its messages."""
        words = "\n".join(text for _, text in CHAT)
        text = (words * (1 + _UNCHANGED_CHARS // len(words)))[: _UNCHANGED_CHARS - 4]
        pairs = [(Segment("", Role.USER, f"{number:4}{text}"), About()) for number in range(_UNCHANGED_MESSAGES)]
        await self.compiled.request.inspect(pairs, tenant="bench")
        for _ in range(ROUNDS + WARM_UP):
            began = perf_counter()
            await self.compiled.request.inspect(pairs, tenant="bench")
            self.watch.add(UNCHANGED, (perf_counter() - began) / len(pairs))

    @contextmanager
    def _parts(self, phase: str) -> Iterator[None]:
        """Apart: the rails' own time, the rest of the way to the analyzer and back, and what the proxy does itself."""
        self.timed.seconds = self.rails.seconds = 0.0
        began = perf_counter()
        yield
        total = perf_counter() - began
        self.watch.add(f"{phase}: rails in the analyzer", self.rails.seconds)
        self.watch.add(f"{phase}: the way there and back", self.timed.seconds - self.rails.seconds)
        self.watch.add(f"{phase}: plan, settle, rewrite", total - self.timed.seconds)


async def measure() -> dict[str, float]:
    """Median microseconds of every step, with the baseline policy."""
    loaded, rails = load_policy(baseline()), _Rails()
    analyzer = build_analyzer(loaded.policy.limits, rails)
    await analyzer.load(spec_key(loaded.policy), remote_spec(loaded.policy))
    timed = _Timed(analyzer.bind(spec_key(loaded.policy)))
    try:
        compiled = compile_policy(loaded, lambda _: timed)
        dialect = lookup("POST", "/v1/chat/completions", build_routes(compiled.policy)).dialect
        bench = _Bench(compiled, dialect, timed, rails)
        for number in range(ROUNDS + WARM_UP):
            await bench.exchange(number)
        await bench.stream()
        await bench.unchanged()
    finally:
        await analyzer.close()
    return bench.watch.medians()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure())), flush=True)
