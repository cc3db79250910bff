"""Counts for the ops team: the right names, closed label sets, and no way to make the number of series grow."""

import json
import random
import re
import string
from collections.abc import Callable

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from guardrail.record.entry import Code, Footprint, Range, Usage
from guardrail.record.metrics import Merged, Metrics, Vocabulary
from guardrail.record.metrics_families import ALL, MAX_SERIES, POOL
from guardrail.record.metrics_words import MAX_MODELS
from guardrail.text import Action, Direction, Finding, Risk, Ruling, Span

WORDS = Vocabulary(
    clients=frozenset({"ward-chat"}),
    upstreams=frozenset({"openai"}),
    dialects=frozenset({"openai.chat"}),
    languages=frozenset({"en", "es"}),
    findings={"phi": frozenset({"NAME", "URL"}), "persona": frozenset({"emotion"})},
    cohorts={"sex": frozenset({"female", "male"}), "ethnicity": frozenset()},
)

CONTRACT = {
    "guardrail_exchanges_total": {"dialect", "client", "upstream", "action", "status"},
    "guardrail_findings_total": {"rail", "label", "direction", "action"},
    "guardrail_phi_redactions_total": {"entity", "direction"},
    "guardrail_notices_total": {"kind", "language"},
    "guardrail_medical_queries_total": {"risk", "action"},
    "guardrail_uninspected_total": {"reason"},
    "guardrail_failures_total": {"stage", "reason"},
    "guardrail_rail_duration_seconds_count": {"rail"},
    "guardrail_added_latency_seconds_count": {"phase"},
    "guardrail_upstream_duration_seconds_count": {"upstream"},
    "guardrail_exchanges_in_flight": set(),
    "guardrail_streams_held_characters": set(),
    "guardrail_cohort_exchanges_total": {"dimension", "group", "action"},
    "guardrail_cohort_findings_total": {"dimension", "group", "rail"},
    "guardrail_audit_records_total": {"result"},
    "guardrail_remembered_segments_total": {"result"},
    "guardrail_gate_refusals_total": {"gate", "reason"},
    "guardrail_unknown_header_values_total": {"header"},
    "guardrail_policy_info": {"name", "version", "sha256"},
    "guardrail_suspended": {"scope"},
    "guardrail_audit_commit_seconds_count": set(),
    "guardrail_audit_pending": set(),
    "guardrail_audit_stalled": set(),
    "guardrail_audit_last_checkpoint_timestamp_seconds": set(),
    "guardrail_tokens_total": {"model", "kind"},
    "guardrail_cost_total": {"model", "currency"},
    "guardrail_energy_watt_hours_total": {"model", "bound"},
    "guardrail_co2e_grams_total": {"model", "bound"},
    "guardrail_water_millilitres_total": {"model", "bound"},
    "guardrail_model_info": {"asked", "served"},
    "guardrail_model_changes_total": {"asked"},
    "guardrail_suspension_refusals_total": {"scope"},
    "guardrail_cases_open": {"kind"},
    "guardrail_cases_overdue": {"kind"},
    "guardrail_cases_total": {"kind", "outcome"},
    "guardrail_admin_requests_total": {"result"},
    "guardrail_workers": set(),
}

RECEIPT = "0123456789abcdef0123456789abcdef"
ESTIMATE = Footprint(Code("ecologits"), Range(0.1, 0.5), Range(0.2, 0.4), Range(1.0, 2.0))


def new() -> Metrics:
    metrics = Metrics()
    metrics.use(WORDS)
    return metrics


def samples(metrics: Metrics) -> dict[tuple[str, str], float]:
    """Every sample of the page: (name, labels as sorted JSON) -> value."""
    page = metrics.render()[1].decode()
    return {
        (sample.name, json.dumps(sample.labels, sort_keys=True)): sample.value
        for family in read_text(page)
        for sample in family.samples
    }


def value(metrics: Metrics, sample: str, /, **labels: str) -> float:
    return samples(metrics).get((sample, json.dumps(labels, sort_keys=True)), 0.0)


def found(rail: str, label: str, action: Action, start: int = 0, end: int = 5, *, shadow: bool = False) -> Ruling:
    return Ruling(Finding(Span(start, end), rail, label), action, shadow)


def every_call(metrics: Metrics, word: str, receipt: str = "") -> list[Callable[[], object]]:
    """A call of every method that counts, with `word` wherever a word is taken."""
    rulings = [found("phi", "NAME", Action.REPLACE), found(word, word, Action.WARN)]
    return [
        lambda: metrics.exchange(
            dialect=word, client=word, upstream=word, action=Action.REPLACE, status=hash(word), receipt=receipt
        ),
        lambda: metrics.failure(word, word),
        lambda: metrics.uninspected(word),
        lambda: metrics.held(3),
        lambda: metrics.rulings(Direction.REQUEST, rulings, receipt),
        lambda: metrics.notice(word, word),
        lambda: metrics.medical_query(Risk.HIGH, Action.WARN),
        lambda: metrics.remembered(word, 2),
        lambda: metrics.rail_seconds(word, 0.001),
        lambda: metrics.added_latency(word, 0.001, receipt),
        lambda: metrics.upstream_seconds(word, 1.5, receipt),
        lambda: metrics.cohort_exchange({word: word, "sex": word, "ethnicity": word}, Action.ALLOW),
        lambda: metrics.cohort_findings({"sex": word}, rulings),
        lambda: metrics.crisis_referral(word, word, word),
        lambda: metrics.crisis_webhook(word),
        lambda: metrics.audit_record(word, 2),
        lambda: metrics.audit_commit_seconds(0.001),
        lambda: metrics.audit_pending(1),
        lambda: metrics.audit_stalled(stalled=False),
        lambda: metrics.audit_checkpoint(1.0),
        lambda: metrics.gate_refusal(word, word),
        lambda: metrics.unknown_header_value(word),
        lambda: metrics.tokens(word, Usage(1, 2, 3, 4)),
        lambda: metrics.cost(word, word, 0.5),
        lambda: metrics.footprint(word, ESTIMATE),
        lambda: metrics.model_served(word, word, word),
        lambda: metrics.model_served("openai", "m", word),
        lambda: metrics.suspended({word: 1}),
        lambda: metrics.suspension_refusal(word),
        lambda: metrics.cases({word: 1}, {word: 1}),
        lambda: metrics.case(word, word),
        lambda: metrics.admin_request(word),
        lambda: metrics.policy_reload(word, stale=False),
        lambda: metrics.policy(word, 1, word),
        lambda: metrics.detection_off([word]),
        lambda: metrics.expired_texts([(word, word)]),
        lambda: metrics.analyzer_restarts(1),
    ]


def use_everything(metrics: Metrics, word: str = "x", receipt: str = "") -> None:
    for call in every_call(metrics, word, receipt):
        call()


def test_every_name_and_label_of_the_contract_is_there() -> None:
    """Dashboards are built on these names: they are what docs and interface promise."""
    metrics = new()
    metrics.policy("baseline", 1, "ab12")
    use_everything(metrics, "x")
    use_everything(metrics, "y")
    labels: dict[str, set[str]] = {}
    for name, spelled in samples(metrics):
        labels.setdefault(name, set()).update(json.loads(spelled))
    assert {name: labels.get(name) for name in CONTRACT} == CONTRACT


@pytest.mark.case("SEC-05")
def test_a_hundred_thousand_invented_values_make_no_new_series() -> None:
    """An attacker who sends random names and codes can't fill the monitoring system, nor the page of all workers
    (SEC-05)."""
    metrics, rng = new(), random.Random(5)
    for number in range(100_000):
        calls = every_call(metrics, "".join(rng.choices(string.ascii_letters, k=8)))
        calls[number % len(calls)]()
    merged = Merged()
    merged.take(1, metrics.snapshot())
    for page in (metrics.render()[1], merged.render()[1]):
        assert lines(page) < 500
        assert len(page) < 100_000


def test_even_known_values_in_every_combination_stay_under_the_cap() -> None:
    """Policies with many clients, models and labels can't make more than 2,000 series either, in one worker or in all
    of them together; and what finds no room is not lost."""
    merged = Merged()
    for worker in range(3):
        many = frozenset(f"name{worker}{i}" for i in range(60))
        metrics, rng = Metrics(), random.Random(worker)
        metrics.use(
            Vocabulary(many, many, many, many, dict.fromkeys(many, many), dict.fromkeys(many, many), many, many)
        )
        for _ in range(1_500):
            one, two, three = rng.choices(sorted(many), k=3)
            metrics.exchange(dialect=one, client=two, upstream=three, action=rng.choice(list(Action)), status=200)
            metrics.rulings(rng.choice(list(Direction)), [found(one, two, rng.choice(list(Action)))])
            metrics.cohort_exchange({one: two, two: three}, rng.choice(list(Action)))
            metrics.cohort_findings({one: two}, [found(three, one, Action.WARN)])
            metrics.crisis_referral("emergency", one, "x")
            use_everything(metrics, one) if rng.random() < 0.1 else metrics.tokens(one, Usage(1, 1, 1, 1))
        assert lines(metrics.render()[1]) <= MAX_SERIES
        assert value(metrics, "guardrail_exchanges_total", **OTHERS) > 0
        merged.take(worker, metrics.snapshot())
    page = merged.render()[1]
    assert 1_500 < lines(page) <= MAX_SERIES
    counted = re.findall(rb"^guardrail_exchanges_total{.*} (.*)$", page, re.MULTILINE)
    assert sum(map(float, counted)) >= 3 * 1_500


OTHERS = dict.fromkeys(("dialect", "client", "upstream", "action", "status"), "other")


def lines(page: bytes) -> int:
    """Series of a page."""
    return sum(not line.startswith(b"#") for line in page.splitlines())


def test_the_large_families_have_room_for_what_a_deployment_uses() -> None:
    """The small ones keep theirs, whatever the large ones take."""
    assert POOL >= 1_000
    assert sum(family.reserved for family in ALL) + POOL == MAX_SERIES


def test_a_known_value_is_counted_under_its_name_and_an_unknown_one_as_other() -> None:
    metrics = new()
    for client in ("ward-chat", "someone else"):
        metrics.exchange(dialect="openai.chat", client=client, upstream="openai", action=Action.WARN, status=200)
    common = {"dialect": "openai.chat", "upstream": "openai", "action": "warn", "status": "200"}
    assert value(metrics, "guardrail_exchanges_total", client="ward-chat", **common) == 1
    assert value(metrics, "guardrail_exchanges_total", client="other", **common) == 1


def test_a_failure_is_counted_by_its_stable_code() -> None:
    metrics = new()
    for reason in ("rail_late", "Something that quotes a patient"):
        metrics.failure("request", reason)
    assert value(metrics, "guardrail_failures_total", stage="request", reason="rail_late") == 1
    assert value(metrics, "guardrail_failures_total", stage="request", reason="other") == 1


def test_what_never_reached_a_provider_is_counted_under_none() -> None:
    metrics = new()
    metrics.exchange(dialect="none", client="ward-chat", upstream="none", action=Action.ALLOW, status=404)
    labels = {"dialect": "none", "upstream": "none", "client": "ward-chat", "action": "allow", "status": "404"}
    assert value(metrics, "guardrail_exchanges_total", **labels) == 1


def test_a_group_that_the_policy_does_not_list_counts_as_unspecified() -> None:
    """Group codes come from the application's closed lists and are never made up (WHO-65)."""
    metrics = new()
    metrics.cohort_exchange({"sex": "unknown code", "ethnicity": "anything"}, Action.ALLOW)
    for dimension in ("sex", "ethnicity"):
        labels = {"dimension": dimension, "group": "unspecified", "action": "allow"}
        assert value(metrics, "guardrail_cohort_exchanges_total", **labels) == 1


def test_only_what_was_really_replaced_counts_as_a_redaction() -> None:
    """A name the rail found but the caller may see (its own, restored) is a finding and no redaction."""
    metrics = new()
    rulings = (
        found("phi", "NAME", Action.REPLACE, 0, 5),
        found("phi", "NAME", Action.REPLACE, 10, 15),
        found("phi", "URL", Action.WARN, 20, 30),
        found("phi", "NAME", Action.REPLACE, 40, 45, shadow=True),
    )
    metrics.rulings(Direction.REQUEST, rulings)
    assert value(metrics, "guardrail_phi_redactions_total", entity="NAME", direction="request") == 2
    assert value(metrics, "guardrail_phi_redactions_total", entity="URL", direction="request") == 0


def test_a_finding_in_shadow_is_counted_as_allowed() -> None:
    metrics = new()
    metrics.rulings(Direction.RESPONSE, [found("persona", "emotion", Action.REPLACE, shadow=True)])
    labels = {"rail": "persona", "label": "emotion", "direction": "response", "action": "allow"}
    assert value(metrics, "guardrail_findings_total", **labels) == 1


def test_an_exchange_counts_as_in_flight_until_it_ends_even_by_an_error() -> None:
    metrics = new()
    seen: list[float] = []

    def fail() -> None:
        with metrics.in_flight():
            seen.append(value(metrics, "guardrail_exchanges_in_flight"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert seen == [1]
    assert value(metrics, "guardrail_exchanges_in_flight") == 0


def test_only_the_policy_in_force_is_shown() -> None:
    metrics = new()
    metrics.policy("baseline", 1, "aa")
    metrics.policy("baseline", 2, "bb")
    assert value(metrics, "guardrail_policy_info", name="baseline", version="1", sha256="aa") == 0
    assert value(metrics, "guardrail_policy_info", name="baseline", version="2", sha256="bb") == 1


def test_a_failed_reload_shows_until_one_succeeds() -> None:
    metrics = new()
    metrics.policy_reload("failed", stale=True)
    assert value(metrics, "guardrail_policy_stale") == 1
    metrics.policy_reload("ok", stale=False)
    assert value(metrics, "guardrail_policy_stale") == 0
    assert value(metrics, "guardrail_policy_reloads_total", result="failed") == 1


def test_what_is_worth_an_alert_is_shown_from_the_first_scrape() -> None:
    """A series that appears with its first step has no rise that a rule could see."""
    there = {name for name, _ in samples(Metrics())}
    counts = {"audit_records", "crisis_webhooks", "uninspected", "suspension_refusals", "cases", "admin_requests"}
    assert {f"guardrail_{name}_total" for name in counts} <= there
    assert {"guardrail_suspended", "guardrail_cases_overdue", "guardrail_audit_stalled"} <= there


def test_suspensions_are_counted_by_scope_and_end() -> None:
    metrics = new()
    metrics.suspended({"model": 2, "all": 1})
    metrics.suspended({"model": 1})
    assert value(metrics, "guardrail_suspended", scope="model") == 1
    assert value(metrics, "guardrail_suspended", scope="all") == 0


def test_what_the_provider_did_not_count_is_not_counted() -> None:
    """Tokens are never estimated; no sample says 0 for "not told"."""
    metrics = new()
    metrics.tokens("gpt-x", Usage(input=7, output=None, cached=0))
    assert value(metrics, "guardrail_tokens_total", model="gpt-x", kind="input") == 7
    assert {json.loads(labels)["kind"] for name, labels in samples(metrics) if name == "guardrail_tokens_total"} == {
        "input"
    }


def test_both_bounds_of_a_footprint_are_summed_up() -> None:
    metrics = new()
    for _ in range(3):
        metrics.footprint("gpt-x", ESTIMATE)
    metrics.footprint("gpt-x", Footprint(Code("m"), Range(0.0, 0.0), Range(0.0, 0.0)))
    for family, low, high in (("energy_watt_hours", 0.3, 1.5), ("co2e_grams", 0.6, 1.2), ("water_millilitres", 3, 6)):
        for bound, expected in (("low", low), ("high", high)):
            name = f"guardrail_{family}_total"
            assert value(metrics, name, model="gpt-x", bound=bound) == pytest.approx(expected)


def test_who_44_a_model_that_changes_under_its_name_is_seen_and_the_first_sight_is_no_change() -> None:
    """Each provider for itself: that another one serves another version is no change."""
    metrics = new()
    assert not metrics.model_served("openai", "gpt-x", "gpt-x-2026-08")
    assert not metrics.model_served("azure", "gpt-x", "gpt-x-2026-05")
    assert not metrics.model_served("openai", "gpt-x", "gpt-x-2026-08")
    assert not metrics.model_served("openai", "gpt-x", "")
    assert metrics.model_served("openai", "gpt-x", "gpt-x-2026-11")
    assert value(metrics, "guardrail_model_changes_total", asked="gpt-x") == 1
    shown = {json.loads(labels)["served"] for name, labels in samples(metrics) if name == "guardrail_model_info"}
    assert shown == {"gpt-x-2026-11", "gpt-x-2026-05"}


def test_the_models_of_the_policy_have_their_names_before_all_others() -> None:
    """Names that were learnt fill what is left of 30; what is no code is none."""
    metrics = Metrics()
    metrics.use(Vocabulary(models=frozenset({"gpt-x"})))
    for number in range(100):
        metrics.tokens(f"learnt-{number}", Usage(input=1))
    metrics.tokens("gpt-x", Usage(input=1))
    metrics.tokens("Maria Delgado", Usage(input=1))
    names = {json.loads(labels)["model"] for name, labels in samples(metrics) if name == "guardrail_tokens_total"}
    assert len(names) == MAX_MODELS + 1
    assert {"gpt-x", "other", "learnt-0"} <= names
    assert not any("Maria" in name for name in names)


@pytest.mark.case("SEC-06")
def test_samples_lead_to_receipts_in_openmetrics_only() -> None:
    """An exemplar is the id of one exchange; what is none is left out, so that no word gets in."""
    metrics = new()
    use_everything(metrics, "x", RECEIPT)
    page = metrics.render("application/openmetrics-text")[1].decode()
    led = {line.split("{")[0] for line in page.splitlines() if f'# {{receipt="{RECEIPT}"}}' in line}
    assert led == {
        "guardrail_exchanges_total",
        "guardrail_findings_total",
        "guardrail_phi_redactions_total",
        "guardrail_added_latency_seconds_bucket",
        "guardrail_upstream_duration_seconds_bucket",
    }
    assert RECEIPT not in metrics.render()[1].decode()
    use_everything(metrics, "x", "Maria Delgado, 03/14/1961")
    assert b"Maria" not in metrics.render("application/openmetrics-text")[1]


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("added_latency", 0.0001, 2.5), ("audit_commit", 0.00025, 2.0), ("upstream_duration", 0.1, 600.0)],
)
def test_buckets_tell_quantiles_apart(name: str, low: float, high: float) -> None:
    """They reach from the fastest to the slowest that matters, and no step is wider than 2.5-fold."""
    (family,) = [each for each in ALL if name in each.name and each.buckets]
    assert (family.buckets[0], family.buckets[-1]) == (low, high)
    steps = zip(family.buckets, family.buckets[1:], strict=False)
    assert all(before < after <= 2.5 * before for before, after in steps)


@pytest.mark.parametrize("accept", ["application/openmetrics-text; version=1.0.0", "Application/OpenMetrics-Text"])
def test_openmetrics_is_given_to_who_asks_for_it(accept: str) -> None:
    metrics = new()
    use_everything(metrics)
    content_type, page = metrics.render(accept)
    assert content_type.startswith("application/openmetrics-text")
    families = list(read_openmetrics(page.decode()))  # type: ignore[no-untyped-call]
    assert {"guardrail_exchanges", "guardrail_policy_reloads"} <= {family.name for family in families}


@pytest.mark.parametrize("accept", ["", "*/*", "text/html", "\x00;;q=,,="])
def test_everybody_else_gets_prometheus_text(accept: str) -> None:
    content_type, page = new().render(accept)
    assert content_type.startswith("text/plain")
    assert page.endswith(b"\n")


def test_two_instances_do_not_share_counts() -> None:
    one, two = new(), new()
    one.audit_record("written")
    assert value(two, "guardrail_audit_records_total", result="written") == 0
