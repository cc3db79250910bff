"""The page of several workers: laws that hold whatever is counted, told and lost in whatever order."""

from __future__ import annotations

import json
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from guardrail.record.metrics import Merged, Metrics, Vocabulary
from guardrail.text import Action
from tests.record.test_metrics import RECEIPT, WORDS, new, samples, use_everything, value

WORKERS = 3


def of(merged: Merged) -> dict[tuple[str, str], float]:
    """Every sample of the page, as `samples`."""
    page = merged.render()[1].decode()
    return {
        (sample.name, json.dumps(sample.labels, sort_keys=True)): sample.value
        for family in read_text(page)
        for sample in family.samples
    }


def at(merged: Merged, sample: str, /, **labels: str) -> float:
    return of(merged).get((sample, json.dumps(labels, sort_keys=True)), 0.0)


def taken(*workers: Metrics) -> Merged:
    merged = Merged()
    for number, worker in enumerate(workers):
        merged.take(number, json.loads(json.dumps(worker.snapshot())))
    return merged


def test_one_worker_is_shown_as_it_shows_itself() -> None:
    """Both formats, sample by sample."""
    worker = new()
    worker.policy("baseline", 1, "ab12")
    use_everything(worker, "x", RECEIPT)
    assert of(taken(worker)) == samples(worker)
    merged, own = (each.render("application/openmetrics-text")[1].decode() for each in (taken(worker), worker))
    assert sorted(merged.splitlines()) == sorted(own.splitlines())
    assert RECEIPT in merged
    assert list(read_openmetrics(merged))  # type: ignore[no-untyped-call]


Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(("count", "tell", "die")), st.integers(0, WORKERS - 1), st.integers(1, 5)), max_size=30
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_no_counter_goes_back_and_nothing_that_was_told_is_lost(steps: list[Step]) -> None:
    """A worker that dies takes only with it what it had not told, and its gauges."""
    merged, numbers = Merged(), count()
    workers = [(next(numbers), new()) for _ in range(WORKERS)]
    told, shown = {number: 0.0 for number, _ in workers}, 0.0
    for what, which, amount in steps:
        number, worker = workers[which]
        match what:
            case "count":
                for _ in range(amount):
                    worker.exchange(dialect="none", client="none", upstream="none", action=Action.ALLOW, status=200)
                worker.added_latency("request", 0.001 * amount)
                worker.held(amount)
            case "tell":
                merged.take(number, worker.snapshot())
                told[number] = sum(v for (name, _), v in samples(worker).items() if name == "guardrail_exchanges_total")
            case "die":
                merged.lose(number)
                workers[which] = next(numbers), new()
                told[workers[which][0]] = 0.0
        now = sum(v for (name, _), v in of(merged).items() if name == "guardrail_exchanges_total")
        assert now == sum(told.values())
        assert now >= shown
        shown = now
    for number, _ in workers:
        merged.lose(number)
    gauges = ("guardrail_streams_held_characters", "guardrail_workers")
    assert all(at(merged, name) == 0 for name in gauges)


def test_levels_add_up_and_states_do_not() -> None:
    """Two workers under one policy are two workers with one policy; the one that is worse off shows."""
    one, two = new(), new()
    for worker in (one, two):
        worker.policy("ward", 1, "aa")
        worker.held(10)
        worker.suspended({"model": 1})
        worker.analyzer_restarts(2)
    one.audit_stalled(stalled=True)
    one.audit_checkpoint(1_700_000_000)
    two.audit_checkpoint(1_800_000_000)
    merged = taken(one, two, Metrics())
    merged.lose(1)
    merged.take(3, two.snapshot())
    shown = {
        "guardrail_streams_held_characters": 20,
        "guardrail_workers": 3,
        "guardrail_audit_stalled": 1,
        "guardrail_audit_last_checkpoint_timestamp_seconds": 1_700_000_000,
        "guardrail_analyzer_restarts": 6,
    }
    assert {name: at(merged, name) for name in shown} == shown
    assert at(merged, "guardrail_policy_info", name="ward", version="1", sha256="aa") == 1
    assert at(merged, "guardrail_suspended", scope="model") == 1


def test_workers_under_two_versions_of_a_policy_show_both_and_old_ones_do_not_pile_up() -> None:
    merged, one, two = Merged(), new(), new()
    for version in range(1, 20):
        two.policy("ward", version, "aa")
        merged.take(1, one.snapshot())
        merged.take(2, two.snapshot())
        one.policy("ward", version, "aa")
    versions = {json.loads(labels)["version"] for name, labels in of(merged) if name == "guardrail_policy_info"}
    assert versions == {"18", "19"}


def test_histograms_add_up_bucket_by_bucket() -> None:
    one, two = new(), new()
    one.added_latency("request", 0.0002)
    two.added_latency("request", 2.0)
    merged = taken(one, two)
    family = "guardrail_added_latency_seconds"
    counted = {
        le: at(merged, f"{family}_bucket", phase="request", le=le) for le in ("0.0001", "0.00025", "1.0", "+Inf")
    }
    assert counted == {"0.0001": 0, "0.00025": 1, "1.0": 1, "+Inf": 2}
    assert at(merged, f"{family}_count", phase="request") == 2


def test_the_newest_exchange_is_the_one_that_a_sample_leads_to() -> None:
    older, newer = "a" * 32, "b" * 32
    one, two = new(), new()
    for worker, receipt in ((two, older), (one, newer)):
        worker.exchange(
            dialect="none", client="none", upstream="none", action=Action.ALLOW, status=200, receipt=receipt
        )
    page = taken(one, two).render("application/openmetrics-text")[1].decode()
    assert newer in page
    assert older not in page


def test_what_another_version_of_the_program_tells_is_left_out() -> None:
    """Files that were replaced while the command runs: a new worker may know other families."""
    merged = Merged()
    merged.take(
        1, [["guardrail_dances", "_total", ["waltz"], 1.0, None], ["guardrail_exchanges", "_total", [], 1, None]]
    )
    assert not any("dances" in name or name == "guardrail_exchanges_total" for name, _ in of(merged))


def test_known_and_unknown_words_of_all_workers_come_to_the_same_series() -> None:
    one, two = Metrics(), Metrics()
    one.use(WORDS)
    two.use(Vocabulary())
    for worker in (one, two):
        worker.exchange(dialect="openai.chat", client="x", upstream="none", action=Action.ALLOW, status=200)
    labels = {"client": "other", "upstream": "none", "action": "allow", "status": "200"}
    merged = taken(one, two)
    assert at(merged, "guardrail_exchanges_total", dialect="openai.chat", **labels) == 1
    assert at(merged, "guardrail_exchanges_total", dialect="other", **labels) == 1
    assert value(two, "guardrail_exchanges_total", dialect="other", **labels) == 1
