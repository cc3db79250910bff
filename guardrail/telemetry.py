"""OpenTelemetry, if it is asked for: a trace of each exchange and the metrics of the GenAI conventions, over OTLP/HTTP.

Everything is read out of an `Outcome`, which has no room for words; cohorts, subjects and places are left out as well.
Exporting happens in threads of the SDK: a collector that is slow, wrong or gone costs spans, never an exchange.
Nothing is global here: no provider is registered, no library instrumented, no proxy and no .netrc of the machine used.
Needs the extra `otel`. Source: OpenTelemetry's semantic conventions for generative AI; SEC-06.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from uuid import uuid4

from guardrail.errors import PolicyError
from guardrail.record import entry
from guardrail.record.entry import End, Outcome

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

OWN, STANDARD = "GUARDRAIL_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"
"""Where the base URL of a collector is said; ours comes first. Neither, or an empty one: nothing is exported."""
DISABLED: Final = "OTEL_SDK_DISABLED"
SERVICE: Final = "lmm-guardrail"
MODELS: Final = 30
"""Names of models in metrics; further ones are counted as `_OTHER`, for a client may ask for any."""
SECONDS_TO_SEND: Final = 5
SECONDS_TO_CLOSE: Final = 3.0

DURATIONS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
TOKENS = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864)
"""The bucket boundaries that the conventions ask for."""

PROVIDERS: Mapping[str, str] = {
    "openai": "openai",
    "anthropic": "anthropic",
    "gemini": "gcp.gen_ai",
    "bedrock": "aws.bedrock",
    "cohere": "cohere",
    "mistral": "mistral_ai",
}
"""By the first word of a dialect's name: the API, whoever serves it. Any other word stands for itself."""
OPERATIONS: Mapping[str, str] = {
    **dict.fromkeys(("chat", "messages", "responses", "converse", "invoke"), "chat"),
    **dict.fromkeys(("completions", "fim"), "text_completion"),
    **dict.fromkeys(("embed", "embeddings"), "embeddings"),
    "generate": "generate_content",
    "rerank": "retrieval",
}
"""By the second word."""

_PARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")
_MICRO: Final = 1_000
"""Nanoseconds in a microsecond."""

Value = str | int | float | bool | Sequence[str]


def from_environment(environ: Mapping[str, str]) -> Telemetry | None:
    """What exports, None if nobody asks for it. Raises PolicyError if it can't: then nothing is served."""
    name, url = next(((name, environ[name]) for name in (OWN, STANDARD) if environ.get(name)), ("", ""))
    if not url or environ.get(DISABLED, "").strip().lower() == "true":
        return None
    return Telemetry(_checked(name, url), service=environ.get("OTEL_SERVICE_NAME") or SERVICE)


def _checked(name: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fine = False
    if not fine or parts.username is not None or parts.query or parts.fragment:
        raise PolicyError(f"{name}: not the base URL of a collector; write http://host:4318 (keys go into headers)")
    return url.rstrip("/")


class Telemetry:
    """Exports what has ended. One for each process."""

    def __init__(self, endpoint: str, *, service: str = SERVICE, every_seconds: float | None = None) -> None:
        """`every_seconds`: how often spans and metrics are sent; None: as the SDK's own variables say."""
        try:
            self._exporters = _exporters(endpoint)
            self._tracers, self._meters = _providers(self._exporters, service, every_seconds)
        except ImportError:
            raise PolicyError(
                f"{OWN}: the extra is not installed; install lmm-guardrail[otel], or leave {OWN} and {STANDARD} empty"
            ) from None
        self._tracer = self._tracers.get_tracer(SERVICE)
        meter = self._meters.get_meter(SERVICE)
        self._tokens = meter.create_histogram(
            "gen_ai.client.token.usage",
            unit="{token}",
            description="Number of input and output tokens used.",
            explicit_bucket_boundaries_advisory=TOKENS,
        )
        self._durations = meter.create_histogram(
            "gen_ai.client.operation.duration",
            unit="s",
            description="GenAI operation duration.",
            explicit_bucket_boundaries_advisory=DURATIONS,
        )
        self._models: set[str] = set()

    def exchange_ended(self, outcome: Outcome, began_ns: int, ended_ns: int, parent: str = "") -> None:
        """An outcome was committed. Returns at once. Times are since 1970.

        `parent` is the client's `traceparent`, for a policy that lets traces go on (`telemetry.continue_traces`).
        """
        from opentelemetry.trace import SpanKind

        whole = self._tracer.start_span(
            f"exchange {outcome.who.dialect}",
            context=_context(parent),
            kind=SpanKind.SERVER,
            attributes=dict(_exchange(outcome)),
            start_time=began_ns,
        )
        if outcome.timings.added:  # somebody was asked
            self._asked(outcome, whole, began_ns, ended_ns)
        _close(whole, outcome, ended_ns)

    def _asked(self, outcome: Outcome, whole: Span, began_ns: int, ended_ns: int) -> None:
        from opentelemetry.trace import SpanKind, set_span_in_context

        operation = _operation(outcome)
        since = began_ns + outcome.timings.added * _MICRO
        until = min(since + outcome.timings.upstream * _MICRO, ended_ns) if outcome.timings.upstream else ended_ns
        model = outcome.who.model
        span = self._tracer.start_span(
            operation if model == entry.NONE else f"{operation} {model}",
            context=set_span_in_context(whole),
            kind=SpanKind.CLIENT,
            attributes=dict(_call(outcome)),
            start_time=since,
        )
        _close(span, outcome, max(since, until))
        self._count(outcome, max(0, until - since) / 1e9)

    def _count(self, outcome: Outcome, seconds: float) -> None:
        labels: dict[str, Value] = {
            "gen_ai.operation.name": _operation(outcome),
            "gen_ai.provider.name": _provider(outcome),
        }
        for name, model in (("request", outcome.who.model), ("response", outcome.served)):
            if model != entry.NONE:
                labels[f"gen_ai.{name}.model"] = self._known(model)
        for kind, count in (("input", outcome.usage.input), ("output", outcome.usage.output)):
            if count is not None:
                self._tokens.record(count, {**labels, "gen_ai.token.type": kind})
        failed = {"error.type": outcome.failure} if _failed(outcome) else {}
        self._durations.record(seconds, {**labels, **failed})

    def _known(self, model: str) -> str:
        if len(self._models) < MODELS:
            self._models.add(model)
        return model if model in self._models else "_OTHER"

    async def close(self) -> None:
        """What waits is sent, as far as a collector takes it within a few seconds."""
        loop, done = asyncio.get_running_loop(), asyncio.Event()

        def work() -> None:
            self._shut()
            with suppress(RuntimeError):  # nobody waits any more
                loop.call_soon_threadsafe(done.set)

        Thread(target=work, name="telemetry-close", daemon=True).start()
        try:
            await asyncio.wait_for(done.wait(), SECONDS_TO_CLOSE)
        except TimeoutError:
            for exporter in self._exporters:
                exporter.shutdown()  # ends the waiting between two attempts

    def _shut(self) -> None:
        self._tracers.shutdown()
        self._meters.shutdown()


def _exporters(endpoint: str) -> tuple[OTLPSpanExporter, OTLPMetricExporter]:
    import requests
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    def session() -> requests.Session:
        made = requests.Session()
        made.trust_env = False
        return made

    return (
        OTLPSpanExporter(f"{endpoint}/v1/traces", timeout=SECONDS_TO_SEND, session=session()),
        OTLPMetricExporter(f"{endpoint}/v1/metrics", timeout=SECONDS_TO_SEND, session=session()),
    )


def _providers(
    exporters: tuple[OTLPSpanExporter, OTLPMetricExporter], service: str, every_seconds: float | None
) -> tuple[TracerProvider, MeterProvider]:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    # Each worker counts for itself: without an id of its own, one would overwrite the other's metrics.
    resource = Resource.create({"service.name": service, "service.instance.id": str(uuid4())})
    millis = None if every_seconds is None else every_seconds * 1_000
    spans, counts = exporters
    tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
    tracers.add_span_processor(BatchSpanProcessor(spans, schedule_delay_millis=millis))
    reader = PeriodicExportingMetricReader(counts, export_interval_millis=millis)
    return tracers, MeterProvider([reader], resource=resource, shutdown_on_exit=False)


def _context(parent: str) -> Context:
    """Of a client's trace that goes on here, else of a new one; never whatever trace this process is in."""
    from opentelemetry.context import Context
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    told = _PARENT.fullmatch(parent)
    if told is None:
        return Context()
    trace, span, flags = (int(each, 16) for each in told.groups())
    remote = SpanContext(trace, span, is_remote=True, trace_flags=TraceFlags(flags))
    return set_span_in_context(NonRecordingSpan(remote), Context())


def _exchange(outcome: Outcome) -> Iterator[tuple[str, Value]]:
    """What the guardrail did, in codes; those that say nothing are left out."""
    who, asked = outcome.who, outcome.asked
    codes = {
        "receipt": outcome.receipt,
        "client": who.client,
        "dialect": who.dialect,
        "upstream": who.upstream,
        "surface": who.surface,
        "use": who.use,
        "language": outcome.language,
        "policy.name": outcome.policy.name,
        "policy.sha256": outcome.policy.sha256,
        "end": outcome.end.value,
        "action": outcome.action.word,
        "stage": outcome.stage,
        "failure": outcome.failure,
        "gate": outcome.gate,
        "suspension": outcome.suspension,
        "risk": asked.risk.value,
        "task": asked.task,
    }
    yield from ((f"guardrail.{name}", str(code)) for name, code in codes.items() if code != entry.NONE)
    yield "guardrail.policy.version", outcome.policy.version
    yield "guardrail.medical", asked.medical
    yield "guardrail.streamed", outcome.streamed
    yield "http.response.status_code", outcome.status
    found: Counter[str] = Counter()
    for each in outcome.found:
        found[each.rail] += each.count
    yield from ((f"guardrail.findings.{rail}", count) for rail, count in found.items())
    if outcome.shown:
        yield "guardrail.shown", [str(each.kind) for each in outcome.shown]
    if outcome.uninspected:
        yield "guardrail.uninspected", [str(each) for each in outcome.uninspected]


def _call(outcome: Outcome) -> Iterator[tuple[str, Value]]:
    """The call of the provider, as the conventions have it; what it cost; what it is modelled to have used up."""
    yield "gen_ai.operation.name", _operation(outcome)
    yield "gen_ai.provider.name", _provider(outcome)
    for name, model in (("request", outcome.who.model), ("response", outcome.served)):
        if model != entry.NONE:
            yield f"gen_ai.{name}.model", str(model)
    used = outcome.usage
    counts = {
        "input_tokens": used.input,
        "output_tokens": used.output,
        "cache_read.input_tokens": used.cached,
        "reasoning.output_tokens": used.reasoning,
    }
    yield from ((f"gen_ai.usage.{name}", count) for name, count in counts.items() if count is not None)
    if outcome.cost is not None:
        yield "guardrail.cost", outcome.cost
        yield "guardrail.cost.currency", str(outcome.currency)
    if outcome.footprint is not None:
        yield from _footprint(outcome.footprint)


def _footprint(modelled: entry.Footprint) -> Iterator[tuple[str, Value]]:
    """Its method and both bounds: an estimate is never shown as if it was measured (WHO-85)."""
    yield "guardrail.footprint.method", str(modelled.method)
    ranges = {"energy_wh": modelled.energy_wh, "co2e_g": modelled.co2e_g, "water_ml": modelled.water_ml}
    for name, each in ranges.items():
        if each is not None:
            yield f"guardrail.footprint.{name}.low", each.low
            yield f"guardrail.footprint.{name}.high", each.high


def _operation(outcome: Outcome) -> str:
    api, _, endpoint = outcome.who.dialect.partition(".")
    if (api, endpoint) == ("ollama", "generate"):
        return "text_completion"
    return OPERATIONS.get(endpoint, "chat" if api == "generic" else endpoint or str(outcome.who.dialect))


def _provider(outcome: Outcome) -> str:
    api = outcome.who.dialect.partition(".")[0]
    return PROVIDERS.get(api, api)


def _failed(outcome: Outcome) -> bool:
    return outcome.end in (End.FAILED, End.TRUNCATED, End.RECOVERED)


def _close(span: Span, outcome: Outcome, ended_ns: int) -> None:
    from opentelemetry.trace import StatusCode

    if _failed(outcome):
        span.set_attribute("error.type", str(outcome.failure))
        span.set_status(StatusCode.ERROR)
    span.end(ended_ns)
