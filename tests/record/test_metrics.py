"""Counts for the ops team: the right names, closed label sets, and no way to make the number of series grow."""

import json
import random
import string

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from guardrail.record.metrics import Metrics, Vocabulary
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
}


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


def use_everything(metrics: Metrics, word: str = "x") -> None:
    """One call of every method, with `word` wherever a word is taken."""
    rulings = [found("phi", "NAME", Action.REPLACE), found(word, word, Action.WARN)]
    metrics.exchange(dialect=word, client=word, upstream=word, action=Action.REPLACE, status=len(word) * 7)
    metrics.failure(word, word)
    metrics.uninspected(word)
    metrics.held(3)
    metrics.rulings(Direction.REQUEST, rulings)
    metrics.notice(word, word)
    metrics.medical_query(Risk.HIGH, Action.WARN)
    metrics.remembered(word, 2)
    metrics.rail_seconds(word, 0.001)
    metrics.added_latency(word, 0.001)
    metrics.upstream_seconds(word, 1.5)
    metrics.cohort_exchange({word: word, "sex": word}, Action.ALLOW)
    metrics.cohort_findings({"sex": word}, rulings)
    metrics.audit_record(word)
    metrics.gate_refusal(word, word)
    metrics.unknown_header_value(word)
    metrics.suspended(word, active=True)
    metrics.policy_reload(word, stale=False)
    metrics.analyzer_restarts(1)


def test_every_name_and_label_of_the_contract_is_there() -> None:
    """Dashboards are built on these names: they are what docs and interface promise."""
    metrics = new()
    metrics.policy("baseline", 1, "ab12")
    use_everything(metrics)
    labels: dict[str, set[str]] = {}
    for name, spelled in samples(metrics):
        labels.setdefault(name, set()).update(json.loads(spelled))
    assert {name: labels.get(name) for name in CONTRACT} == CONTRACT


def test_a_hundred_thousand_invented_values_make_no_new_series() -> None:
    """An attacker who sends random names and codes can't fill the monitoring system (SEC-05)."""
    metrics, rng = new(), random.Random(5)
    for _ in range(100_000):
        word = "".join(rng.choices(string.ascii_letters, k=8))
        match rng.randrange(6):
            case 0:
                metrics.exchange(
                    dialect=word, client=word, upstream=word, action=Action.ALLOW, status=rng.randrange(10**6)
                )
            case 1:
                metrics.failure(word, word)
            case 2:
                metrics.rulings(Direction.RESPONSE, [found(word, word, Action.BLOCK)])
            case 3:
                metrics.notice(word, word)
            case 4:
                metrics.cohort_exchange({word: word, "sex": word, "ethnicity": word}, Action.WARN)
            case _:
                metrics.rail_seconds(word, 0.1)
    page = metrics.render()[1]
    assert len(samples(metrics)) < 200
    assert len(page) < 100_000


def test_even_known_values_in_every_combination_stay_under_the_cap() -> None:
    """A policy with many clients and labels can't make more than 2,000 series either."""
    many = frozenset(f"name{i}" for i in range(60))
    metrics = Metrics()
    words = Vocabulary(many, many, many, many, dict.fromkeys(many, many), dict.fromkeys(many, many))
    metrics.use(words)
    rng = random.Random(6)
    for _ in range(3_000):
        one, two, three = rng.choices(sorted(many), k=3)
        metrics.exchange(dialect=one, client=two, upstream=three, action=rng.choice(list(Action)), status=200)
        metrics.failure("upstream", one)
        metrics.rulings(rng.choice(list(Direction)), [found(one, two, rng.choice(list(Action)))])
        metrics.cohort_findings({one: two}, [found(three, one, Action.WARN)])
        metrics.upstream_seconds(one, 1)
        metrics.rail_seconds(two, 1)
        metrics.notice("notice", three)
    assert len(samples(metrics)) <= 2_000


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


def test_suspension_is_shown_from_the_first_scrape() -> None:
    assert ("guardrail_suspended", '{"scope": "all"}') in samples(Metrics())


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
