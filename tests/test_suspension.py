"""Suspension (WHO-11): what it stops, that every worker hears of it, that it ends, and that not knowing is no leave."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import insert

from guardrail.errors import AuditUnavailable, ClientError
from guardrail.policy.gates import USES
from guardrail.policy.load import load_policy
from guardrail.policy.redress_texts import TEXTS
from guardrail.record.database import Database
from guardrail.record.tables import suspensions as table
from guardrail.suspension import (
    CAPABILITIES,
    UNKNOWN,
    Scope,
    Suspended,
    Suspension,
    Suspensions,
    capabilities,
    check,
    said,
    stops,
)
from tests.support.evidence import DAY, NOW, Clock, Log, Store, opened, opened_as

REASON = "wrong doses since the update, canary Qz7Lumio"
LANGUAGES = {"en", "es", "fr", "de", "pt", "it", "ar", "zh", "hi", "ru", "sw", "id"}


@pytest.fixture(scope="module")
def module_store() -> Iterator[Store]:
    with opened() as store:
        yield store


@pytest.fixture
def store(module_store: Store) -> Store:
    module_store.empty()
    return module_store


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def either_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    with opened_as(request.param) as store:
        yield store


@pytest.fixture
def either(either_store: Store) -> Store:
    """What all replicas share, in both of its kinds."""
    either_store.empty()
    return either_store


def made(scope: str, target: str = "", until: int | None = None) -> Suspension:
    return Suspension("s-1", Scope(scope), target, "why", "cli:ops", NOW, until)


# ── what a suspension means ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("scope", "target", "use", "stopped"),
    [
        ("all", "", {}, True),
        ("client", "ward", {"client": "ward"}, True),
        ("client", "ward", {"client": "ward2"}, False),
        ("upstream", "openai", {"upstream": "openai"}, True),
        ("upstream", "openai", {"upstream": "house"}, False),
        ("model", "gpt-4o", {"models": ["gpt-4o"]}, True),
        ("model", "gpt-4o", {"models": ["GPT-4o"]}, True),
        ("model", "GPT-4O", {"models": ["gpt-4o"]}, True),
        ("model", "gpt-4o", {"models": ["gpt-4o-mini"]}, False),
        ("model", "gpt-4o*", {"models": ["gpt-4o-mini"]}, True),
        ("model", "gemini-*", {"models": ["models/gemini-2.5-pro"]}, True),
        ("model", "anthropic.*", {"models": ["arn:aws:bedrock:eu:1:inference-profile/anthropic.claude"]}, True),
        ("model", "gpt-4o", {"models": [""]}, True),  # nobody says which
        ("model", "gpt-4o", {"models": ["gpt-4o "]}, True),  # nobody knows how a provider reads it
        ("model", "gpt-4o", {"models": ["gpt-4o\u200b"]}, True),
        ("model", "gpt-4o", {"models": ["models/gpt-4o/"]}, True),
        ("model", "gpt-4o", {"models": ["llama", "gpt-4o"]}, True),  # whom the provider may ask in its place
        ("model", "gpt-4o", {"models": []}, False),  # none is asked: a list of models
        ("capability", "medical_answers", {"capabilities": {"medical_answers"}}, True),
        ("capability", "medical_answers", {"capabilities": {"translation"}}, False),
        ("capability", "surface:patient", {"capabilities": {"surface:patient"}}, True),
        ("capability", "surface:patient", {"capabilities": {"surface:clinician"}}, False),
        ("capability", "surface:patient", {"capabilities": {"surface:unspecified"}}, True),
    ],
)
def test_what_is_stopped(scope: str, target: str, use: dict[str, Any], stopped: bool) -> None:
    assert stops(made(scope, target), **use) is stopped


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ({"medical": False, "task": "", "use": "unspecified", "surface": "clinician"}, {"surface:clinician"}),
        (
            {"medical": True, "task": "health_information", "use": "general_information", "surface": "patient"},
            {"surface:patient", "medical_answers", "health_information", "general_information"},
        ),
        (  # nobody says that it is anything milder than decision support
            {"medical": True, "task": "health_information", "use": "unspecified", "surface": "unspecified"},
            {"surface:unspecified", "medical_answers", "health_information", "decision_support"},
        ),
        (
            {"medical": False, "task": "", "use": "translation", "surface": "x", "tools": True, "media": True},
            {"surface:x", "translation", "tools", "media"},
        ),
        ({"medical": False, "task": "nonsense", "use": "other", "surface": "x"}, {"surface:x"}),
    ],
)
def test_what_a_request_makes_use_of(request_: dict[str, Any], found: set[str]) -> None:
    assert capabilities(**request_) == found


def test_every_use_of_a_policy_can_be_suspended() -> None:
    assert set(USES) <= set(CAPABILITIES)


@pytest.mark.parametrize(
    ("scope", "target"),
    [
        *(
            ("all", "gpt-4o"),
            ("model", ""),
            ("model", "gpt 4"),
            ("model", "x" * 201),
            ("client", ""),
            ("client", "A b"),
        ),
        *(("upstream", "../x"), ("capability", ""), ("capability", "medical"), ("capability", "surface:")),
        ("capability", "surface:pateint"),
    ],
)
def test_a_target_that_could_stop_nothing_is_refused(scope: str, target: str) -> None:
    with pytest.raises(ClientError) as refused:
        check(Scope(scope), target, surfaces={"patient", "clinician"})
    assert refused.value.param == "target"


# ── changes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_holds_at_once_and_the_log_names_who_did_it_but_not_why(store: Store) -> None:
    log = Log()
    suspensions = Suspensions(store.database, log.write, clock=log.clock)
    new = store.run(suspensions.suspend(Scope.MODEL, "gpt-4o*", f"  {REASON} ", "cli:ops", NOW + DAY))
    assert suspensions.stops(models=["gpt-4o"]) == new
    assert suspensions.stops(models=["llama"]) is None
    assert new.reason == REASON
    (event,) = log.events
    assert (event.what, event.actor, event.facts["id"], event.facts["target"]) == (
        *("suspended", "cli:ops"),
        *(new.id, "other"),
    )
    assert event.facts["until"] == NOW + DAY
    assert b"Qz7Lumio" not in log.bytes
    assert "Qz7Lumio" not in repr(new)


def test_resuming_names_the_one_that_holds_and_no_other(either: Store) -> None:
    log = Log()
    suspensions = Suspensions(either.database, log.write, clock=log.clock)
    one = either.run(suspensions.suspend(Scope.CLIENT, "ward", "first of all", "cli:ops"))
    log.clock.now += 1
    two = either.run(suspensions.suspend(Scope.CLIENT, "ward", "second of all", "cli:ops"))
    either.run(suspensions.resume([one.id], "cli:boss"))
    assert suspensions.stops("ward") == two
    with pytest.raises(ClientError) as refused:
        either.run(suspensions.resume([one.id], "cli:boss"))
    assert (refused.value.code, refused.value.http_status) == ("unknown_record", 404)
    either.run(suspensions.resume([two.id], "cli:boss"))
    assert suspensions.stops("ward") is None
    assert log.whats == ["suspended", "suspended", "resumed", "resumed"]
    past = either.run(suspensions.history())
    assert [(each.id, each.ended_by) for each in past] == [(two.id, "cli:boss"), (one.id, "cli:boss")]


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "two\nlines"}, "reason"),
        ({"reason": "\x1b[31mred"}, "reason"),
        ({"reason": "half a pair \ud800"}, "reason"),
        ({"reason": "no UTF-8 on the command line \udcff"}, "reason"),
        ({"reason": "reads \u202eotherwise"}, "reason"),
        ({"reason": "reads \u2066otherwise"}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"actor": "not a code"}, "actor"),
        ({"until": NOW}, "until"),
        ({"until": NOW - DAY}, "until"),
        ({"until": NOW + 4_000 * DAY}, "until"),
        ({"target": "gpt 4o"}, "target"),
    ],
)
def test_what_is_wrong_is_named_and_changes_nothing(store: Store, wrong: dict[str, Any], param: str) -> None:
    log = Log()
    suspensions = Suspensions(store.database, log.write, clock=log.clock)
    right = {"scope": Scope.MODEL, "target": "gpt-4o", "reason": REASON, "actor": "cli:ops", "until": None}
    with pytest.raises(ClientError) as refused:
        store.run(suspensions.suspend(**{**right, **wrong}))
    assert refused.value.param == param
    assert log.events == []
    assert store.run(suspensions.holding()) == []


def test_while_the_log_is_broken_one_may_suspend_and_not_resume(store: Store) -> None:
    log = Log()
    suspensions = Suspensions(store.database, log.write, clock=log.clock)
    log.broken = True
    with pytest.raises(AuditUnavailable):
        store.run(suspensions.suspend(Scope.ALL, "", REASON, "cli:ops"))
    holding = suspensions.stops()
    assert holding is not None
    with pytest.raises(AuditUnavailable):
        store.run(suspensions.resume([holding.id], "cli:ops"))
    assert store.run(suspensions.holding()) == [holding]


class Workers(RuleBasedStateMachine):
    """Two workers and an administrator over one store. What holds is what was said, in every worker that has read."""

    store: Store

    @initialize()
    def begin(self) -> None:
        self.store.empty()
        self.clock = Clock()
        self.log = Log(self.clock)
        self.admin, *self.workers = (
            Suspensions(self.store.database, self.log.write, clock=self.clock) for _ in range(3)
        )
        self.held: dict[str, tuple[str, int | None]] = {}

    @rule(client=st.sampled_from("abc"), hours=st.none() | st.integers(1, 5))
    def suspend(self, client: str, hours: int | None) -> None:
        until = None if hours is None else self.clock.now + hours * 3_600_000_000
        new = self.store.run(self.admin.suspend(Scope.CLIENT, client, "because of it", "cli:ops", until))
        self.held[new.id] = (client, until)

    @precondition(lambda self: self._holding())
    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self._holding())))
        self.store.run(self.admin.resume([name], "cli:boss"))
        del self.held[name]

    @rule(hours=st.integers(1, 3))
    def time_goes_by(self, hours: int) -> None:
        self.clock.now += hours * 3_600_000_000

    @rule()
    def the_clock_jumps_back_a_little(self) -> None:
        self.clock.now -= 1_000_000

    @invariant()
    def all_agree(self) -> None:
        if not hasattr(self, "workers"):
            return
        for worker in (self.admin, *self.workers):
            self.store.run(worker.refresh())
        wanted = {client for client, _ in self._holding().values()}
        for worker in (self.admin, *self.workers):
            assert {client for client in "abc" if worker.stops(client)} == wanted

    def _holding(self) -> dict[str, tuple[str, int | None]]:
        """What a reading has found to be over stays so, though the clock may go back."""
        self.held = {
            name: (client, until)
            for name, (client, until) in self.held.items()
            if until is None or self.clock.now < until
        }
        return self.held

    def teardown(self) -> None:
        if not hasattr(self, "log"):
            return
        begun = [event.facts["id"] for event in self.log.events if event.what == "suspended"]
        over = [event.facts["id"] for event in self.log.events if event.what != "suspended"]
        assert len(set(begun)) == len(begun)
        assert len(set(over)) == len(over), "each ends once, whoever sees it first"
        assert set(begun) - set(over) == set(self._holding())


def test_workers_agree_with_what_was_said(module_store: Store) -> None:
    class Here(Workers):
        store = module_store

    few = settings(max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Here, settings=few)


# ── workers ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def until_true(what: Any) -> None:
    while not what():  # noqa: ASYNC110 - what is awaited is that another one reads
        await asyncio.sleep(0.005)


def test_a_worker_hears_of_it_by_itself_and_counts_it(either: Store) -> None:
    log = Log()
    counts: list[Mapping[str, int]] = []

    async def conversation() -> None:
        worker = Suspensions(either.database, log.write, clock=log.clock, every=0.01, count=counts.append)
        admin = Suspensions(either.database, log.write, clock=log.clock)
        await worker.start()
        new = await admin.suspend(Scope.UPSTREAM, "openai", REASON, "cli:ops")
        await until_true(lambda: worker.stops(upstream="openai"))
        await admin.resume([new.id], "cli:ops")
        await until_true(lambda: not worker.stops(upstream="openai"))
        await worker.close()

    either.run(conversation())
    told = [{scope: count for scope, count in each.items() if count} for each in counts]
    assert told == [{}, {"upstream": 1}, {}]
    assert {frozenset(each) for each in counts} == {frozenset(map(str, Scope))}


def test_it_ends_by_itself_and_the_log_says_so_once(either: Store) -> None:
    log = Log()
    one, two = (Suspensions(either.database, log.write, clock=log.clock) for _ in range(2))
    either.run(one.suspend(Scope.ALL, "", REASON, "cli:ops", NOW + DAY))
    either.run(two.refresh())
    log.clock.now += DAY
    assert one.stops() is two.stops() is None
    for _ in range(2):
        either.run(one.refresh())
        either.run(two.refresh())
    assert log.whats == ["suspended", "suspension_expired"]
    assert log.events[1].actor == "system"
    (past,) = either.run(one.history())
    assert (past.ended, past.ended_by) == (NOW + DAY, "system")


class Flaky:
    """A database that can be taken away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.gone = False
        self.odd = False
        self.hangs = asyncio.Event()
        self.hangs.set()
        self.asked = 0

    async def rows(self, query: Any) -> Any:
        if self.gone:
            raise OSError("gone, with a canary Qz7Lumio")
        if self.odd:
            raise ArithmeticError("what no store says, with a canary Qz7Lumio")
        self.asked += 1
        await self.hangs.wait()
        return await self._database.rows(query)


def test_a_clock_that_is_set_forward_ends_nothing_early(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-09: a year that never passed would put a model back to work that somebody stopped for two hours."""
    log, wall = Log(), [time.time_ns()]
    clocks = SimpleNamespace(time_ns=lambda: wall[0], monotonic_ns=time.monotonic_ns, monotonic=time.monotonic)
    monkeypatch.setattr("guardrail.suspension.time", clocks)
    worker = Suspensions(store.database, log.write)
    made = store.run(worker.suspend(Scope.ALL, "", REASON, "cli:ops", until=wall[0] // 1_000 + 7_200 * 1_000_000))
    wall[0] += 365 * 86_400 * 10**9
    store.run(worker.refresh())
    assert worker.stops() == made
    assert log.whats == ["suspended"]


def test_what_can_not_be_read_any_more_is_not_permitted_and_ends_no_stream(store: Store) -> None:
    async def conversation() -> None:
        flaky = Flaky(store.database)
        worker: Any = Suspensions(flaky, Log().write, patience=0.0)  # type: ignore[arg-type]
        await worker.start()
        with worker.watch("ward") as halt:
            flaky.gone = True
            for known in (True, False):  # one reading may fail
                with pytest.raises(AuditUnavailable) as failed:
                    await worker.refresh()
                assert "Qz7Lumio" not in str(failed.value)
                assert worker.known is known
            assert worker.stops("ward") is UNKNOWN
            await asyncio.sleep(0)
            assert halt.forgiven() is None
            flaky.gone = False
            await worker.refresh()
            assert worker.stops("ward") is None
        await worker.close()

    store.run(conversation())


def test_what_was_known_counts_while_nothing_can_be_read(store: Store) -> None:
    async def conversation() -> None:
        flaky, log = Flaky(store.database), Log()
        await Suspensions(store.database, log.write).suspend(Scope.CLIENT, "ward", REASON, "cli:ops")
        worker: Any = Suspensions(flaky, log.write, patience=3_600.0)  # type: ignore[arg-type]
        await worker.refresh()
        flaky.gone = True
        for _ in range(3):
            with pytest.raises(AuditUnavailable):
                await worker.refresh()
        assert worker.stops("ward").target == "ward"
        assert worker.stops("other") is None

    store.run(conversation())


def test_a_store_that_hangs_is_asked_once_and_believed_when_it_answers(store: Store) -> None:
    async def conversation() -> None:
        flaky = Flaky(store.database)
        worker: Any = Suspensions(flaky, Log().write, patience=0.0, reading=0.01)  # type: ignore[arg-type]
        flaky.hangs.clear()
        for _ in range(3):
            with pytest.raises(AuditUnavailable):
                await worker.refresh()
        assert (flaky.asked, worker.known) == (1, False)
        flaky.hangs.set()
        await until_true(lambda: worker._reading.done())
        await worker.refresh()
        assert worker.known

    store.run(conversation())


def test_what_nobody_foresaw_stops_no_looking(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Fail closed while it lasts, and told once; the next reading that works is believed again."""

    async def conversation() -> None:
        flaky = Flaky(store.database)
        worker: Any = Suspensions(flaky, Log().write, every=0.005, patience=0.0)  # type: ignore[arg-type]
        await worker.start()
        flaky.odd = True
        await until_true(lambda: worker.stops() is UNKNOWN)
        flaky.odd = False
        await until_true(lambda: worker.stops() is None)
        await worker.close()

    store.run(conversation())
    assert [record.getMessage() for record in caplog.records] == ["suspensions_unread"]
    assert "Qz7Lumio" not in caplog.text


def test_who_can_not_read_at_the_start_does_not_start(store: Store) -> None:
    flaky = Flaky(store.database)
    flaky.gone = True
    with pytest.raises(AuditUnavailable):
        store.run(Suspensions(flaky, Log().write).start())  # type: ignore[arg-type]


def test_a_worker_that_no_longer_looks_knows_nothing(store: Store) -> None:
    async def conversation() -> None:
        worker = Suspensions(store.database, Log().write)
        await worker.start()
        assert worker.known
        await worker.close()
        assert worker.stops() is UNKNOWN

    store.run(conversation())


def test_a_row_that_nobody_wrote_stops_everything(store: Store) -> None:
    async def conversation() -> None:
        row = {"id": "x", "scope": "planet", "target": "t", "reason": "r", "actor": "a", "since": 1}
        async with store.database.writing() as connection:
            await connection.execute(insert(table).values(row))
        worker = Suspensions(store.database, Log().write)
        await worker.refresh()
        assert worker.stops(client="anybody") is not None

    store.run(conversation())


# ── what is under way ─────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_under_way_ends_and_can_still_say_so(store: Store) -> None:
    log = Log()

    async def exchange(worker: Suspensions, client: str, ends: list[Any]) -> None:
        halt = worker.watch(client=client)
        try:
            with halt:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            by = halt.forgiven()
            if by is None:
                raise
            await asyncio.sleep(0)  # the cancellation is taken back: there is time to tell the reader
            ends.append((client, by.id))

    async def conversation() -> None:
        worker = Suspensions(store.database, log.write, clock=log.clock)
        ends: list[Any] = []
        tasks = [asyncio.create_task(exchange(worker, client, ends)) for client in ("ward", "ward", "lab")]
        await asyncio.sleep(0)
        new = await worker.suspend(Scope.CLIENT, "ward", REASON, "cli:ops")
        await asyncio.gather(*tasks[:2])
        assert ends == [("ward", new.id)] * 2
        assert not tasks[2].done()
        tasks[2].cancel()  # its client left: that is nobody's suspension
        with pytest.raises(asyncio.CancelledError):
            await tasks[2]
        late = asyncio.create_task(exchange(worker, "ward", ends))  # began between the question and the watch
        await late
        assert len(ends) == 3

    store.run(conversation())


def test_who_has_come_to_the_end_is_left_alone(store: Store) -> None:
    async def conversation() -> None:
        worker = Suspensions(store.database, Log().write)
        with worker.watch(client="ward") as halt:
            pass
        await worker.suspend(Scope.ALL, "", REASON, "cli:ops")
        await asyncio.sleep(0)
        assert halt.forgiven() is None

    store.run(conversation())


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_every_shipped_language_and_is_nobodys_english(name: str) -> None:
    """WHO-88."""
    assert set(TEXTS[name]) == LANGUAGES
    assert len(set(TEXTS[name].values())) == len(LANGUAGES)
    assert not any("{" in text for text in TEXTS[name].values())


def test_a_reader_is_told_in_his_language_and_shown_the_way_to_people() -> None:
    from guardrail.policy.load import baseline

    policy = load_policy(baseline()).policy
    gates = policy.gates.model_copy(update={"human_route": {"en": "call 555-0100", "es": "llame al 555-0101"}})
    redress = policy.redress.model_copy(update={"texts": {"stopped": {"en": "Our own words for this, as we like."}}})
    told = policy.model_copy(update={"gates": gates, "redress": redress})
    assert said(told, made("all"))("es-MX").startswith(TEXTS["suspended"]["es"])
    assert said(told, made("all"))("es-MX").endswith("llame al 555-0101")
    assert said(told, made("all"), midway=True)("en").startswith("Our own words for this, as we like.")
    assert said(policy, made("all"))("de") == TEXTS["suspended"]["de"]
    assert said(told, UNKNOWN)("fr") == policy.texts.unavailable_in("fr")


def test_the_error_names_nothing_but_that_it_is_suspended() -> None:
    error = Suspended(made("model", "gpt-4o"))
    assert (error.code, error.http_status, error.retry_after) == ("suspended", 403, 0)
    assert "why" not in error.message


@given(st.lists(st.tuples(st.sampled_from(Scope), st.sampled_from("abc")), max_size=4), st.sampled_from("abc"))
def test_a_use_is_stopped_exactly_if_one_of_them_means_it(rows: list[tuple[Scope, str]], name: str) -> None:
    use: dict[str, Any] = {"client": name, "upstream": name, "models": [name], "capabilities": {name}}
    worker = Suspensions(None, Log().write, clock=Clock())  # type: ignore[arg-type]
    worker._take(tuple(made(scope, "" if scope is Scope.ALL else target) for scope, target in rows))
    meant = any(scope is Scope.ALL or target == name for scope, target in rows)
    assert (worker.stops(**use) is not None) is meant
