"""OpenTelemetry against a collector that takes OTLP/HTTP on loopback: what arrives, and what never does (SEC-06)."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import threading
from collections.abc import Collection, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from guardrail import telemetry
from guardrail.errors import PolicyError, UpstreamTimeout
from guardrail.policy.model import Policy
from guardrail.record.entry import (
    Asked,
    Code,
    End,
    Footprint,
    Found,
    Outcome,
    Place,
    PolicyRef,
    Range,
    Shown,
    Timings,
    Usage,
    Who,
)
from guardrail.record.metrics import Metrics
from guardrail.record.tally import Known, Tally
from guardrail.telemetry import OWN, STANDARD, Telemetry, from_environment
from guardrail.text import Action, Assessment, Direction, Finding, Risk, Ruling, Verdict
from guardrail.text import Span as Where

BEGAN = 1_790_000_000_000_000_000
ENDED = BEGAN + 3_000_000_000
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
CANARY = "Lovelace"

OUTCOME = Outcome(
    receipt=Code("r-1"),
    who=Who(
        client=Code("ward"),
        dialect=Code("openai.chat"),
        model=Code("gpt-4o"),
        upstream=Code("house"),
        surface=Code("clinician"),
        cohort={"age_band": Code("65plus"), "disability": Code("yes")},
        subject=Code("subject-digest"),
    ),
    policy=PolicyRef(Code("baseline"), 7, Code("ab12")),
    end=End.ANSWERED,
    action=Action.REPLACE,
    status=200,
    served=Code("gpt-4o-2024-11-20"),
    streamed=True,
    language=Code("de"),
    asked=Asked(medical=True, risk=Risk.HIGH),
    found=(
        Found(Code("phi"), Code("phi.name"), Direction.REQUEST, Action.REPLACE, 2),
        Found(Code("phi"), Code("phi.date"), Direction.REQUEST, Action.REPLACE, 1),
    ),
    places=(Place(Direction.REQUEST, 0, 4, 9, Code("phi"), Code("phi.name"), Action.REPLACE),),
    shown=(Shown(Code("notice"), Code("de")),),
    timings=Timings(added=20_000, first=400_000, upstream=2_500_000, total=3_000_000),
    usage=Usage(90, 40, 64, 32),
    cost=0.000625,
    currency=Code("USD"),
    footprint=Footprint(Code("ecologits-0.11.3"), Range(0.06, 0.1), Range(0.03, 0.05), Range(0.2, 0.4)),
)


class Collector:
    """Takes what is exported. `status` is its answer; `hold` makes it wait until it is set."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        self.status = 200
        self.go_on = threading.Event()
        self.go_on.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.bodies.append((self.path, body))
                outer.go_on.wait(10)
                self.send_response(outer.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def spans(self) -> list[Span]:
        told = [ExportTraceServiceRequest.FromString(body) for path, body in self.bodies if path == "/v1/traces"]
        return [span for each in told for of in each.resource_spans for scope in of.scope_spans for span in scope.spans]

    @property
    def metrics(self) -> dict[str, Any]:
        told = [ExportMetricsServiceRequest.FromString(body) for path, body in self.bodies if path == "/v1/metrics"]
        every = [metric for of in told[-1].resource_metrics for scope in of.scope_metrics for metric in scope.metrics]
        return {metric.name: metric for metric in every}

    @property
    def resources(self) -> list[dict[str, Any]]:
        told = [ExportTraceServiceRequest.FromString(body) for path, body in self.bodies if path == "/v1/traces"]
        return [attributes(of.resource.attributes) for each in told for of in each.resource_spans]


@pytest.fixture
def collector() -> Iterator[Collector]:
    before = set(threading.enumerate())
    made = Collector()
    yield made
    made.close()
    _all_is_sent(before)


def _all_is_sent(before: Collection[threading.Thread]) -> None:
    """No thread of the SDK that has begun since then lives on into other tests, whose dice it would throw."""
    for thread in threading.enumerate():
        if thread not in before and thread.name.startswith(("Otel", "telemetry")):
            thread.join(60)  # it tries again for a while, and machines are busy
            assert not thread.is_alive(), thread.name


def attributes(pairs: Any) -> dict[str, Any]:
    return {pair.key: _plain(pair.value) for pair in pairs}


def _plain(value: Any) -> Any:
    kind = value.WhichOneof("value")
    told = getattr(value, kind)
    return [_plain(each) for each in told.values] if kind == "array_value" else told


def exported(url: str, *outcomes: Outcome, parent: str = "") -> None:
    """As a process does it from its start to its end."""
    telemetry = from_environment({OWN: url})
    assert telemetry is not None
    for outcome in outcomes:
        telemetry.exchange_ended(outcome, BEGAN, ENDED, parent)
    asyncio.run(telemetry.close())


def two(collector: Collector) -> tuple[Span, Span]:
    """The exchange, and the call of its provider."""
    spans = {span.kind: span for span in collector.spans}
    assert len(collector.spans) == 2
    return spans[Span.SPAN_KIND_SERVER], spans[Span.SPAN_KIND_CLIENT]


def test_an_exchange_is_a_span_and_the_call_of_its_provider_one_within(collector: Collector) -> None:
    exported(f"{collector.url}/", OUTCOME)
    whole, call = two(collector)
    assert (whole.name, whole.parent_span_id, whole.start_time_unix_nano, whole.end_time_unix_nano) == (
        "exchange openai.chat",
        b"",
        BEGAN,
        ENDED,
    )
    assert (call.name, call.parent_span_id, call.trace_id) == ("chat gpt-4o", whole.span_id, whole.trace_id)
    assert (call.start_time_unix_nano, call.end_time_unix_nano) == (BEGAN + 20_000_000, BEGAN + 2_520_000_000)
    assert attributes(whole.attributes) == {
        "guardrail.receipt": "r-1",
        "guardrail.client": "ward",
        "guardrail.dialect": "openai.chat",
        "guardrail.upstream": "house",
        "guardrail.surface": "clinician",
        "guardrail.language": "de",
        "guardrail.policy.name": "baseline",
        "guardrail.policy.sha256": "ab12",
        "guardrail.policy.version": 7,
        "guardrail.end": "answered",
        "guardrail.action": "replace",
        "guardrail.risk": "high",
        "guardrail.medical": True,
        "guardrail.streamed": True,
        "guardrail.findings.phi": 3,
        "guardrail.shown": ["notice"],
        "http.response.status_code": 200,
    }
    assert attributes(call.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-11-20",
        "gen_ai.usage.input_tokens": 90,
        "gen_ai.usage.output_tokens": 40,
        "gen_ai.usage.cache_read.input_tokens": 64,
        "gen_ai.usage.reasoning.output_tokens": 32,
        "guardrail.cost": 0.000625,
        "guardrail.cost.currency": "USD",
        "guardrail.footprint.method": "ecologits-0.11.3",
        "guardrail.footprint.energy_wh.low": 0.06,
        "guardrail.footprint.energy_wh.high": 0.1,
        "guardrail.footprint.co2e_g.low": 0.03,
        "guardrail.footprint.co2e_g.high": 0.05,
        "guardrail.footprint.water_ml.low": 0.2,
        "guardrail.footprint.water_ml.high": 0.4,
    }
    (resource,) = collector.resources
    assert resource["service.name"] == "lmm-guardrail" and resource["service.instance.id"]


def test_the_metrics_of_the_conventions(collector: Collector) -> None:
    embedded = replace(OUTCOME, who=replace(OUTCOME.who, dialect=Code("cohere.embed")), usage=Usage(5))
    exported(collector.url, OUTCOME, OUTCOME, embedded)
    tokens, durations = (collector.metrics[f"gen_ai.client.{name}"] for name in ("token.usage", "operation.duration"))
    assert (tokens.unit, durations.unit) == ("{token}", "s")
    points = {
        (attributes(p.attributes)["gen_ai.operation.name"], attributes(p.attributes)["gen_ai.token.type"]): p
        for p in tokens.histogram.data_points
    }
    assert {key: (point.count, point.sum) for key, point in points.items()} == {
        ("chat", "input"): (2, 180),
        ("chat", "output"): (2, 80),
        ("embeddings", "input"): (1, 5),
    }
    assert list(points["chat", "input"].explicit_bounds) == list(telemetry.TOKENS)
    spent = {attributes(p.attributes)["gen_ai.provider.name"]: p for p in durations.histogram.data_points}
    assert (spent["openai"].count, spent["openai"].sum) == (2, pytest.approx(5.0))
    assert list(spent["cohere"].explicit_bounds) == list(telemetry.DURATIONS)
    assert attributes(spent["openai"].attributes)["gen_ai.response.model"] == "gpt-4o-2024-11-20"


def test_who_asks_for_ever_new_models_makes_no_new_series(collector: Collector) -> None:
    asked = [replace(OUTCOME, who=replace(OUTCOME.who, model=Code(f"m-{n}"))) for n in range(500)]
    exported(collector.url, *asked)
    points = collector.metrics["gen_ai.client.operation.duration"].histogram.data_points
    names = {attributes(point.attributes)["gen_ai.request.model"] for point in points}
    assert len(names) <= telemetry.MODELS + 1 and "_OTHER" in names
    assert sum(point.count for point in points) == 500


def test_nobody_was_asked(collector: Collector) -> None:
    """Not even the name of the model is told: nobody may have inspected it."""
    refused = replace(OUTCOME, end=End.REFUSED, status=403, timings=Timings(), failure=Code("model_not_allowed"))
    exported(collector.url, refused)
    (span,) = collector.spans
    told = attributes(span.attributes)
    assert (told["guardrail.failure"], told["http.response.status_code"]) == ("model_not_allowed", 403)
    assert not [name for name in told if name.startswith("gen_ai.")]
    assert span.status.code == Status.STATUS_CODE_UNSET


def test_a_failure_is_an_error_with_its_code(collector: Collector) -> None:
    failed = replace(
        OUTCOME, end=End.FAILED, status=504, failure=Code("upstream_timeout"), timings=Timings(added=20_000)
    )
    exported(collector.url, failed)
    whole, call = two(collector)
    for span in (whole, call):
        assert (span.status.code, attributes(span.attributes)["error.type"]) == (
            Status.STATUS_CODE_ERROR,
            "upstream_timeout",
        )
    assert call.end_time_unix_nano == ENDED
    (point,) = collector.metrics["gen_ai.client.operation.duration"].histogram.data_points
    assert attributes(point.attributes)["error.type"] == "upstream_timeout"


@pytest.mark.case("SEC-06")
def test_what_people_wrote_can_not_get_in(collector: Collector) -> None:
    """Told to a tally wherever it takes a string, and gone when it is an outcome; groups and places never go out."""
    words = f"Ada {CANARY}, MRN 1815-12-10"
    known = Known(receipt="r-1", client=words, groups={"age_band": "65plus", "sex": words}, use=words)
    tally = Tally(Metrics(), known)
    for name in ("model", "served", "dialect", "upstream", "surface", "language", "gate", "suspension", "task"):
        setattr(tally, name, words)
    tally.question(Assessment(medical=True, topics=(words,), flags=(words,)), [])
    ruling = Ruling(Finding(Where(4, 12), words, words, 1.0), Action.REPLACE)
    tally.verdicts(Direction.REQUEST, [Verdict(Action.REPLACE, (ruling,))])
    tally.released([words])
    tally.asks()
    tally.failure(UpstreamTimeout(words, code=words))
    exported(collector.url, tally.outcome(), OUTCOME)
    assert len(collector.spans) == 4
    sent = b"".join(body for _, body in collector.bodies)
    for hidden in (CANARY, "1815", "65plus", "subject-digest", "age_band", "disability"):
        assert hidden.encode() not in sent
    assert "65plus" in json.dumps(OUTCOME.who.cohort)  # it was there to be told


def test_a_clients_trace_goes_on_if_it_is_handed_in(collector: Collector) -> None:
    exported(collector.url, OUTCOME, parent=PARENT)
    whole, call = two(collector)
    assert whole.trace_id.hex() == call.trace_id.hex() == PARENT.split("-")[1]
    assert whole.parent_span_id.hex() == PARENT.split("-")[2]


def test_by_default_a_policy_lets_no_trace_go_on() -> None:
    assert Policy.model_fields["telemetry"].get_default().continue_traces is False


@pytest.mark.parametrize(
    "parent",
    ["", "00-0-0-01", PARENT.upper(), PARENT + "\n", f"00-{'0' * 32}-00f067aa0ba902b7-01", f"ff{PARENT[2:]}", CANARY],
)
def test_what_is_no_parent_begins_a_trace(collector: Collector, parent: str) -> None:
    exported(collector.url, OUTCOME, parent=parent)
    whole, _ = two(collector)
    assert whole.parent_span_id == b""


def test_proxies_of_the_machine_are_not_asked(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    exported(collector.url, OUTCOME)
    assert collector.spans


@pytest.mark.parametrize("status", [400, 404, 301])
def test_a_collector_that_wants_nothing_costs_no_exchange(collector: Collector, status: int) -> None:
    collector.status = status
    exported(collector.url, OUTCOME)


def test_neither_does_one_that_is_gone_or_never_answers(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "SECONDS_TO_CLOSE", 0.3)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        exported(f"http://127.0.0.1:{nobody.getsockname()[1]}", OUTCOME)
    collector.go_on.clear()
    exported(collector.url, *([OUTCOME] * 5_000))  # more than wait in the queue


# ---- on and off


def test_it_is_off_unless_it_is_asked_for() -> None:
    assert from_environment({}) is None
    assert from_environment({OWN: "", STANDARD: ""}) is None
    assert from_environment({OWN: "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "TRUE"}) is None


def test_our_own_variable_comes_first(collector: Collector) -> None:
    for environ in ({STANDARD: collector.url}, {OWN: collector.url, STANDARD: "http://127.0.0.1:9"}):
        before = len(collector.spans)
        made = from_environment(environ)
        assert made is not None
        made.exchange_ended(OUTCOME, BEGAN, ENDED)
        asyncio.run(made.close())
        assert len(collector.spans) == before + 2


@pytest.mark.parametrize("name", [OWN, STANDARD])
@pytest.mark.parametrize(
    "url",
    [
        *("collector:4318", "ftp://collector", "http://", "http://[", "http://collector:x", "http://collector:99999"),
        *("http://ada:secret@collector", "http://collector/?key=secret", "http://collector/#x"),
    ],
)
def test_an_endpoint_that_cant_be_is_refused_at_the_start(name: str, url: str) -> None:
    with pytest.raises(PolicyError, match=f"^{name}: ") as refused:
        from_environment({name: url})
    assert "secret" not in str(refused.value)


def test_without_the_extra_the_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(PolicyError, match=r"lmm-guardrail\[otel\]"):
        from_environment({OWN: "http://127.0.0.1:4318"})
    assert from_environment({}) is None


# ---- laws

CODES = st.from_regex(r"[a-z0-9_.:/@+-]{1,12}", fullmatch=True).filter(lambda text: text[0].isalnum()).map(Code)
COUNTS = st.none() | st.integers(0, 10**9)
OUTCOMES = st.builds(
    Outcome,
    receipt=CODES,
    who=st.builds(Who, client=CODES, dialect=CODES, model=CODES, upstream=CODES, cohort=st.just({})),
    policy=st.builds(PolicyRef, CODES, st.integers(0, 99), CODES),
    end=st.sampled_from(End),
    action=st.sampled_from(Action),
    status=st.integers(0, 599),
    failure=CODES,
    served=CODES,
    found=st.lists(
        st.builds(Found, CODES, CODES, st.sampled_from(Direction), st.sampled_from(Action), st.integers(1, 99)),
        max_size=3,
    ).map(tuple),
    uninspected=st.lists(CODES, max_size=2).map(tuple),
    timings=st.builds(Timings, *[st.integers(0, 10**12)] * 4),
    usage=st.builds(Usage, COUNTS, COUNTS, COUNTS, COUNTS),
    cost=st.none() | st.floats(0, 1e6),
    currency=CODES,
)


@pytest.fixture(scope="module")
def heard() -> Iterator[Telemetry]:
    before = set(threading.enumerate())
    collector = Collector()
    made = Telemetry(collector.url, every_seconds=3_600)
    yield made
    asyncio.run(made.close())
    collector.close()
    _all_is_sent(before)


@settings(max_examples=40)
@given(outcome=OUTCOMES, times=st.tuples(st.integers(0, 2**62), st.integers(0, 2**62)), parent=st.text(max_size=60))
def test_no_outcome_makes_it_raise(heard: Telemetry, outcome: Outcome, times: tuple[int, int], parent: str) -> None:
    heard.exchange_ended(outcome, *times, parent)
