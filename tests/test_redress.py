"""Feedback, cases, incidents and whom they concern: nothing is lost, nothing shown unasked (WHO-10, 61, 74, 90)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
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

from guardrail.build import build_try
from guardrail.errors import AuditUnavailable, ClientError, GuardrailError, PayloadTooLarge, RailFailed
from guardrail.feedback import MAX_BYTES, MAX_WORDS, Cleared, Intake, clear_words, read_feedback, redacted
from guardrail.inbound import Client
from guardrail.incidents import Incident, Incidents, path_of
from guardrail.policy.compile import Compiled
from guardrail.policy.redress import Redress
from guardrail.rails.base import About
from guardrail.record import beside
from guardrail.record.entry import EVENTS, NONE, Code, End, Event, Found, Outcome, PolicyRef, Who
from guardrail.record.tables import incidents as incident_table
from guardrail.redress import STEPS, UNSETTLED, Decision, Desk, Kind, Seal, State, read_number
from guardrail.text import Action, Direction, Finding, Risk, Span
from tests.support.evidence import DAY, NOW, Clock, Log, Store, opened, opened_as

KEY = bytes(range(32))
RECEIPT, OTHER = "a" * 32, "b" * 32
WORDS = "It said to take twice the dose. Canary Qz7Lumio, and the note of the ward."
CANARY = b"Qz7Lumio"


def outcome(receipt: str = RECEIPT, client: str = "ward", found: tuple[Found, ...] = (), **more: Any) -> Outcome:
    who = Who(Code(client), model=Code(more.pop("model", "gpt-4o")))
    policy = PolicyRef(Code("p"), 1, Code(more.pop("sha256", "c" * 64)))
    return Outcome(Code(receipt), who, policy, End.ANSWERED, Action.WARN, 200, found=found, **more)


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


@pytest.fixture
def log() -> Log:
    return Log()


def desk_of(store: Store, log: Log, **rules: Any) -> Desk:
    return Desk(store.database, log.write, KEY, lambda: Redress(**rules), log.clock)


@pytest.fixture
def desk(store: Store, log: Log) -> Desk:
    return desk_of(store, log)


def opening(
    desk: Desk, kind: Kind = Kind.HARM, words: str = WORDS, receipt: str = RECEIPT, graphic: bool = False
) -> Any:
    return desk.open(receipt, kind, words, "en", graphic=graphic)


# ── a body ────────────────────────────────────────────────────────────────────────────────────────────────────────


def body(**members: Any) -> bytes:
    return json.dumps({"receipt": RECEIPT, "kind": "harm", **members}).encode()


def test_a_body_is_read_as_it_was_meant() -> None:
    script = "<script>alert('x')</script>\nand = a formula, ünïcode, 漢字 and\ttabs"
    assert read_feedback(body()).words == ""
    read = read_feedback(body(words=f"  {script} ", language="es", kind="contest"))
    assert (read.receipt, read.kind, read.words, read.language) == (RECEIPT, Kind.CONTEST, script, "es")


@pytest.mark.parametrize(
    ("sent", "code", "param"),
    [
        (b"", "empty", None),
        (b"[]", "bad_feedback", None),
        (b'"receipt"', "bad_feedback", None),
        (b"{", "invalid_json", None),
        (b'{"kind":"harm"}', "bad_feedback", "receipt"),
        (body(receipt=7), "bad_feedback", "receipt"),
        (body(receipt="Qz7Lumio"), "bad_receipt", None),
        (body(receipt="a" * 31), "bad_receipt", None),
        (body(kind="Qz7Lumio"), "bad_feedback", "kind"),
        (body(kind=["harm"]), "bad_feedback", "kind"),
        (body(words=["Qz7Lumio"]), "bad_feedback", "words"),
        (body(words="x" * (MAX_WORDS + 1)), "bad_feedback", "words"),
        (body(words="Qz7Lumio\x00"), "bad_feedback", "words"),
        (body(words="\x1b[31mQz7Lumio"), "bad_feedback", "words"),
        (body(words="\x85"), "bad_feedback", "words"),
        (body(language=1), "bad_feedback", "language"),
        (body(contact="Qz7Lumio@example.org"), "bad_feedback", "contact"),
        (body(Qz7Lumio="x"), "bad_feedback", None),
        (b'{"receipt":"x","receipt":"y","kind":"harm"}', "duplicate_key", None),
        (b'{"words":' + b"[" * 5_000 + b"]" * 5_000 + b"}", "depth_limit", None),
        (b'{"words":"\\ud800"}', "lone_surrogate", None),
        (b'{"words":"\x00"}', "control_character", None),
        (b'{"words":"\xff"}', "invalid_utf8", None),
        (body(words=[1] * 100), "too_many_values", None),
        (b'{"a":NaN}', "nan", None),
    ],
)
def test_a_body_that_is_wrong_is_named_and_quoted_by_nobody(sent: bytes, code: str, param: str | None) -> None:
    with pytest.raises(ClientError) as refused:
        read_feedback(sent)
    assert (refused.value.code, refused.value.param) == (code, param)
    assert refused.value.http_status in (400, 413)
    assert "Qz7Lumio" not in f"{refused.value.message}{refused.value.param}"


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 10 * 1024 * 1024])
def test_a_body_that_is_too_large_is_not_read(size: int) -> None:
    with pytest.raises(PayloadTooLarge):
        read_feedback(b'{"words":"' + b"<script>" * (size // 8 + 1) + b'"}')


@given(st.binary(max_size=200) | st.dictionaries(st.text(max_size=9), st.text() | st.integers() | st.none()))
def test_whatever_is_sent_is_read_or_refused(sent: bytes | dict[str, Any]) -> None:
    status = 200
    try:
        read_feedback(sent if isinstance(sent, bytes) else json.dumps(sent).encode())
    except ClientError as error:
        status = error.http_status
    assert status in (200, 400, 413, 415)


# ── intake ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    policy = tmp_path_factory.mktemp("redress") / "policy.yaml"
    policy.write_text(
        "name: t\nversion: 1\nextends: [baseline]\n"
        "gates: {human_route: {en: call 555-0100, es: llame al 555-0101}}\nredress: {per_client_hour: 8}\n"
    )
    return build_try(policy, [])


WARD = Client("ward", country="US")


async def as_it_is(words: str, about: About) -> Cleared:
    return Cleared(words)


def taking(
    store: Store, log: Log, compiled: Compiled, sent: bytes, client: Client = WARD, clear: Any = as_it_is
) -> tuple[int, Any]:
    intake = Intake(desk_of(store, log), log.of_receipt, lambda: compiled, clear=clear)
    reply = store.run(intake.take(sent, client))
    return reply.status, json.loads(reply.body)


def test_feedback_becomes_a_case_and_its_sender_is_told_what_happens(
    store: Store, log: Log, compiled: Compiled
) -> None:
    log.add(outcome())
    status, told = taking(store, log, compiled, body(words=WORDS, language="es"))
    assert status == 202
    assert read_number(told["case"]) == told["case"]
    assert (told["kind"], told["language"]) == ("harm", "es")
    assert told["due"] == "2026-09-24"  # three days after NOW
    assert told["way"].endswith("llame al 555-0101")
    assert told["message"] == compiled.policy.redress.words("received", "es")
    (case,) = store.run(desk_of(store, log).list())
    assert (case.id, case.state, case.due, case.has_words) == (told["case"], State.OPEN, NOW + 3 * DAY, True)
    (event,) = log.events
    assert (event.what, event.receipt, event.facts["case"], event.actor) == (
        *("case_opened", RECEIPT),
        *(case.id, "system"),
    )


def test_praise_is_never_due(store: Store, log: Log, compiled: Compiled) -> None:
    log.add(outcome())
    assert taking(store, log, compiled, body(kind="praise", language="tlh"))[1]["due"] is None


@pytest.mark.parametrize(
    ("receipt", "client", "known"),
    [(RECEIPT, "ward", True), (RECEIPT, "lab", False), (OTHER, "ward", False)],
)
def test_a_receipt_of_nobody_and_one_of_somebody_else_are_alike(
    store: Store, log: Log, compiled: Compiled, receipt: str, client: str, known: bool
) -> None:
    log.add(outcome())
    sent = body(receipt=receipt)
    if known:
        assert taking(store, log, compiled, sent, Client(client))[0] == 202
        return
    with pytest.raises(ClientError) as refused:
        taking(store, log, compiled, sent, Client(client))
    assert (refused.value.http_status, refused.value.code) == (404, "unknown_receipt")
    assert store.run(desk_of(store, log).list()) == []


def test_so_many_about_one_answer_and_no_more(either: Store, log: Log, compiled: Compiled) -> None:
    store = either
    log.add(outcome())
    for _ in range(5):
        taking(store, log, compiled, body())
    with pytest.raises(ClientError) as refused:
        taking(store, log, compiled, body())
    assert (refused.value.http_status, refused.value.code) == (429, "too_many_cases")
    assert len(store.run(desk_of(store, log).list())) == len(log.events) == 5


def test_so_many_from_one_client_within_an_hour_and_no_more(store: Store, log: Log, compiled: Compiled) -> None:
    receipts = [f"{number:032x}" for number in range(9)]
    for receipt in receipts:
        log.add(outcome(receipt))
        log.add(outcome(receipt.replace("0", "f", 1), client="lab"))
    intake = Intake(desk_of(store, log), log.of_receipt, lambda: compiled, clear=as_it_is)
    for receipt in receipts[:8]:
        store.run(intake.take(body(receipt=receipt), WARD))
    with pytest.raises(ClientError) as refused:
        store.run(intake.take(body(receipt=receipts[8]), WARD))
    assert refused.value.http_status == 429
    other = receipts[8].replace("0", "f", 1)
    assert store.run(intake.take(body(receipt=other), Client("lab"))).status == 202


def test_guessing_receipts_is_limited_too(store: Store, log: Log, compiled: Compiled) -> None:
    intake = Intake(desk_of(store, log), log.of_receipt, lambda: compiled)
    codes = []
    for _ in range(81):
        with pytest.raises(ClientError) as refused:
            store.run(intake.take(body(), WARD))
        codes.append(refused.value.code)
    assert codes == ["unknown_receipt"] * 80 + ["too_many_cases"]


def test_too_many_that_nobody_settles(store: Store, log: Log) -> None:
    desk = desk_of(store, log, max_open=1)
    case = store.run(opening(desk))
    with pytest.raises(GuardrailError) as refused:
        store.run(opening(desk, receipt=OTHER))
    assert (refused.value.http_status, refused.value.code) == (503, "cases_full")
    store.run(desk.close(case.id, Decision.NO_CASE, "", "cli:boss"))
    store.run(opening(desk, receipt=OTHER))


def test_words_that_can_not_be_inspected_are_not_kept(store: Store, log: Log, compiled: Compiled) -> None:
    async def fails(words: str, about: About) -> Cleared:
        raise RailFailed("a check failed")

    log.add(outcome())
    with pytest.raises(RailFailed):
        taking(store, log, compiled, body(words=WORDS), clear=fails)
    assert store.run(desk_of(store, log).list()) == []
    assert log.events == []


def test_a_case_is_kept_though_the_log_is_late(store: Store, log: Log, desk: Desk) -> None:
    log.broken = True
    case = store.run(opening(desk))
    assert store.run(desk.get(case.id)) == case


def test_identity_is_taken_out_and_danger_is_seen(store: Store, log: Log, compiled: Compiled) -> None:
    """The real rails: PHI by label whatever the policy does about it, and where help is for who is in danger."""
    about = About(language="en", surface="patient", country="US")
    told = "My mother Margaret Thornhill-Okafor, SSN 536-22-1798, was told to double it. I want to kill myself."
    cleared = store.run(clear_words(compiled, told, about))
    assert "Thornhill" not in cleared.words
    assert "536-22" not in cleared.words
    assert "was told to double it" in cleared.words
    assert (cleared.risk, cleared.danger) == (Risk.SELF_HARM, True)
    assert "988" in cleared.help
    assert "machine" not in cleared.help, "who writes to people is told nothing of a machine's answer"
    calm = store.run(clear_words(compiled, "Thank you, the answer was clear.", about))
    assert (calm.words, calm.risk, calm.help) == ("Thank you, the answer was clear.", Risk.NONE, "")


def test_who_is_in_danger_is_shown_help_and_the_deployers_people_are_told(
    store: Store, log: Log, compiled: Compiled
) -> None:
    async def danger(words: str, about: About) -> Cleared:
        return Cleared(words, Risk.SELF_HARM, f"help in {about.language} {about.country}")

    log.add(outcome())
    alarms: list[Any] = []
    intake = Intake(
        desk_of(store, log), log.of_receipt, lambda: compiled, clear=danger, alarm=lambda *what: alarms.append(what)
    )
    told = json.loads(store.run(intake.take(body(words=WORDS), WARD)).body)
    assert told["help"] == "help in en US"
    ((case, risk, about),) = alarms
    assert (case.id, case.graphic, risk, about.country) == (told["case"], True, Risk.SELF_HARM, "US")


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.booleans()), max_size=5))
def test_no_character_of_a_finding_is_left(words: str, found: list[tuple[int, int, bool]]) -> None:
    text = words.replace("[", "").replace("]", "")
    spans = [(min(a, b, len(text)), min(max(a, b), len(text)), phi) for a, b, phi in found]
    findings = [Finding(Span(a, b), "phi" if phi else "medical", "NAME") for a, b, phi in spans]
    hidden = {at for a, b, phi in spans if phi for at in range(a, b)}
    kept = "".join(each for at, each in enumerate(text) if at not in hidden)
    assert redacted(text, findings).replace("[NAME]", "") == kept


# ── secrets ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_people_wrote_is_in_no_file_no_log_line_and_no_entry(
    store: Store, log: Log, compiled: Compiled, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    log.add(outcome())
    told = taking(store, log, compiled, body(words=WORDS))[1]
    desk = desk_of(store, log)
    store.run(desk.close(told["case"], Decision.UPHELD, "it was Qz7Lumio's fault", "cli:boss"))
    shown = store.run(desk.reveal(told["case"], "cli:boss"))
    assert (shown.words, shown.note) == (WORDS, "it was Qz7Lumio's fault")
    lists = f"{store.run(desk.list(states=tuple(State)))} {shown!r} {told}".encode()
    assert CANARY not in store.bytes + log.bytes + lists
    assert "Qz7Lumio" not in caplog.text
    assert KEY not in store.bytes


@pytest.mark.parametrize("change", ["moved", "swapped", "flipped", "another key", "cut"])
def test_words_that_were_changed_or_moved_are_not_shown(change: str) -> None:
    seal = Seal(KEY)
    sealed = seal.seal(WORDS, "A", "words")
    assert sealed is not None
    assert seal.open(sealed, "A", "words") == WORDS
    opened_by, case, column, what = seal, "A", "words", sealed
    match change:
        case "moved":
            case = "B"
        case "swapped":
            column = "note"
        case "flipped":
            what = sealed[:-1] + bytes([sealed[-1] ^ 1])
        case "another key":
            opened_by = Seal(bytes(32))
        case "cut":
            what = sealed[:5]
    with pytest.raises(ClientError) as refused:
        opened_by.open(what, case, column)
    assert refused.value.code == "case_sealed"


def test_no_words_is_nothing_to_seal_and_a_key_has_its_length() -> None:
    assert Seal(KEY).seal("", "A", "words") is None
    assert Seal(KEY).open(None, "A", "words") == ""
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(b"short")


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_reading_is_said_in_the_log_first(store: Store, log: Log, desk: Desk) -> None:
    case = store.run(opening(desk))
    log.broken = True
    with pytest.raises(AuditUnavailable):
        store.run(desk.reveal(case.id, "ana"))
    log.broken = False
    assert store.run(desk.reveal(case.id, "ana")).words == WORDS
    assert [(event.what, event.actor) for event in log.events[1:]] == [("case_read", "ana")]


def test_graphic_words_are_limited_by_reviewer_and_day(either: Store, log: Log) -> None:
    """WHO-90: masked until asked for, and not for one person all day."""
    store = either
    desk = desk_of(store, log, graphic_per_day=2)
    graphic = store.run(opening(desk, graphic=True))
    plain = store.run(opening(desk))
    for _ in range(2):
        store.run(desk.reveal(graphic.id, "ana"))
    with pytest.raises(ClientError) as refused:
        store.run(desk.reveal(graphic.id, "ana"))
    assert (refused.value.http_status, refused.value.code) == (429, "graphic_limit")
    store.run(desk.reveal(plain.id, "ana"))
    store.run(desk.reveal(graphic.id, "ben"))
    log.clock.now += DAY
    store.run(desk.reveal(graphic.id, "ana"))
    assert log.whats.count("case_read") == 5
    free = desk_of(store, log, graphic_per_day=None)
    for _ in range(3):
        store.run(free.reveal(graphic.id, "ana"))


def test_the_most_urgent_first_and_what_is_late_is_counted(either: Store, log: Log) -> None:
    store, desk = either, desk_of(either, log)
    made = {kind: store.run(opening(desk, kind)) for kind in (Kind.PRAISE, Kind.CONTEST, Kind.ERROR, Kind.HARM)}
    assert [case.kind for case in store.run(desk.list())] == [Kind.HARM, Kind.ERROR, Kind.CONTEST, Kind.PRAISE]
    log.clock.now += 20 * DAY
    store.run(desk.close(made[Kind.ERROR].id, Decision.UPHELD, "", "cli:boss"))
    counts = store.run(desk.counts())
    assert counts.unsettled == {"harm": 1, "error": 0, "contest": 1, "praise": 1}
    assert counts.overdue == {"harm": 1, "error": 0, "contest": 0, "praise": 0}
    assert counts.settled == {("error", "upheld"): 1}
    assert log.events[-1].facts["late"] is True
    late = [case for case in store.run(desk.list(kinds=[Kind.HARM])) if case.overdue(log.clock())]
    assert [case.id for case in late] == [made[Kind.HARM].id]
    assert [case.id for case in store.run(desk.list(receipt=OTHER))] == []


@pytest.mark.parametrize("number", ["", "1", "ABCDE-FGHJU", "ABCDE-FGHJK-1", "' OR 1=1 --"])
def test_a_number_that_is_none(number: str) -> None:
    with pytest.raises(ClientError) as refused:
        read_number(number)
    assert refused.value.http_status == 404


def test_a_number_as_people_read_it_out() -> None:
    assert read_number(" o1abc-defgh ") == read_number("0LABCDEFGH") == "01ABC-DEFGH"


@pytest.mark.parametrize("wrong", [{"note": "x" * 4_001}, {"note": "\x00"}, {"note": "\udcff"}, {"actor": "no code"}])
def test_what_can_not_be_done_changes_nothing(store: Store, log: Log, desk: Desk, wrong: dict[str, str]) -> None:
    case = store.run(opening(desk))
    right = {"note": "", "actor": "cli:boss"}
    with pytest.raises(ClientError):
        store.run(desk.close(case.id, Decision.UPHELD, **{**right, **wrong}))
    assert store.run(desk.get(case.id)) == case
    assert log.whats == ["case_opened"]


class Queue(RuleBasedStateMachine):
    """Whatever reviewers try in whatever order, a case is where the steps that were possible have led it."""

    store: Store

    @initialize()
    def begin(self) -> None:
        self.store.empty()
        self.log = Log(Clock())
        self.desk = desk_of(self.store, self.log, per_receipt=100)
        self.states: dict[str, State] = {}
        self.events = 0

    @rule(kind=st.sampled_from(Kind), graphic=st.booleans())
    def comes_in(self, kind: Kind, graphic: bool) -> None:
        self.states[self.store.run(opening(self.desk, kind, graphic=graphic)).id] = State.OPEN
        self.events += 1

    @precondition(lambda self: self.states)
    @rule(data=st.data(), what=st.sampled_from(sorted(STEPS)), decision=st.sampled_from(Decision))
    def is_worked_on(self, data: st.DataObject, what: str, decision: Decision) -> None:
        name = data.draw(st.sampled_from(sorted(self.states)))
        works: dict[str, Callable[[], Any]] = {
            "assign": lambda: self.desk.assign(name, "ben", "ana"),
            "close": lambda: self.desk.close(name, decision, "a note", "ana"),
            "reopen": lambda: self.desk.reopen(name, "ana"),
        }
        before, after = STEPS[what]
        if self.states[name] not in before:
            with pytest.raises(ClientError) as refused:
                self.store.run(works[what]())
            assert (refused.value.http_status, refused.value.code) == (409, "wrong_state")
            return
        case = self.store.run(works[what]())
        assert case.decision is (decision if what == "close" else None)
        assert case.assigned == ("ben" if what == "assign" else "" if what == "reopen" else case.assigned)
        self.states[name] = after
        self.events += 1

    @rule(hours=st.integers(1, 200))
    def time_goes_by(self, hours: int) -> None:
        self.log.clock.now += hours * 3_600_000_000

    @precondition(lambda self: self.states)
    @rule()
    def somebody_is_forgotten(self) -> None:
        self.store.run(self.desk.forget([RECEIPT]))
        assert not any(case.has_words or case.has_note for case in self._all())

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "desk"):
            return
        assert {case.id: case.state for case in self._all()} == self.states
        assert len(self.log.events) == self.events
        counts = self.store.run(self.desk.counts())
        assert sum(counts.unsettled.values()) == sum(state in UNSETTLED for state in self.states.values())
        assert sum(counts.settled.values()) == sum(state is State.CLOSED for state in self.states.values())
        now = self.log.clock()
        assert sum(counts.overdue.values()) == sum(case.overdue(now) for case in self._all())

    def _all(self) -> Any:
        return self.store.run(self.desk.list(states=tuple(State), limit=1_000))


def test_cases_go_where_their_steps_lead(module_store: Store) -> None:
    class Here(Queue):
        store = module_store

    few = settings(max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Here, settings=few)


def test_whose_words_are_forgotten_and_what_is_purged(either: Store, log: Log) -> None:
    store, desk = either, desk_of(either, log)
    mine, other = store.run(opening(desk)), store.run(opening(desk, receipt=OTHER))
    assert store.run(desk.forget([RECEIPT, "c" * 32])) == 1
    assert store.run(desk.words_of(mine.id)).words == ""
    assert store.run(desk.words_of(other.id)).words == WORDS
    assert [case.id for case in store.run(desk.of_receipts([RECEIPT, OTHER]))] == [
        *sorted((mine.id, other.id), key=lambda name: name)
    ]
    store.run(desk.close(mine.id, Decision.UPHELD, "", "cli:boss"))
    assert store.run(desk.purge(log.clock(), "cli:t")) == 0
    assert store.run(desk.purge(log.clock() + 1, "cli:t")) == 1
    assert [case.id for case in store.run(desk.list(states=tuple(State)))] == [other.id]


# ── incidents ─────────────────────────────────────────────────────────────────────────────────────────────────────


def found(label: str, action: Action = Action.REPLACE, count: int = 1, shadow: bool = False) -> Found:
    return Found(Code("phi"), Code(label), Direction.RESPONSE, action, count, shadow)


SAME = (found("NAME", count=1), found("DATE"))
LOGGED = {
    "1": outcome("1" * 32, found=SAME),
    "2": outcome("2" * 32, "lab", found=(found("DATE", count=9), found("NAME", count=3), found("X", shadow=True))),
    "3": outcome("3" * 32, found=SAME[:1]),
    "4": outcome("4" * 32, found=SAME, model="gpt-5"),
    "5": outcome("5" * 32, found=SAME, sha256="d" * 64),
    "6": outcome("6" * 32, found=SAME, served=Code("gpt-4o-2024")),
    "7": outcome("7" * 32, found=(SAME[0], found("DATE", Action.WARN))),
}


def incidents_of(store: Store, log: Log) -> Incidents:
    return Incidents(store.database, log.write, log, log.clock)


def test_who_got_the_same_model_policy_and_path(store: Store, log: Log) -> None:
    """WHO-10: from one bad receipt, all exchanges of the same path; how often a rail found something is no path."""
    for each in LOGGED.values():
        log.add(each)
        log.clock.now += 1

    async def receipts(receipt: str, **between: int) -> list[str]:
        return [each.receipt[0] async for each in incidents_of(store, log).affected(receipt, **between)]

    assert store.run(receipts("1" * 32)) == store.run(receipts("2" * 32)) == ["1", "2"]
    assert store.run(receipts("1" * 32, since=NOW + 1)) == ["2"]
    for alone in "34567":
        assert store.run(receipts(alone * 32)) == [alone]
    with pytest.raises(ClientError) as refused:
        store.run(receipts("9" * 32))
    assert refused.value.code == "unknown_receipt"


def test_an_incident_is_published_counted_and_withdrawn_with_a_trace(either: Store, log: Log) -> None:
    store = either
    for each in LOGGED.values():
        log.add(each)
    incidents = incidents_of(store, log)
    made = store.run(incidents.publish(" Wrong doses ", "Answers doubled a dose.\nAsk.", "1" * 32, "cli:boss"))
    assert (made.title, made.receipts, made.model, made.policy) == ("Wrong doses", 2, "gpt-4o", "c" * 64)
    assert store.run(incidents.published()) == [made]
    assert [made.concerns(each) for each in LOGGED.values()] == [True, True, False, False, False, True, False]
    feed: Any = store.run(incidents.feed("Incidents", "https://ai.hospital.example"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://ai.hospital.example/guardrail/incidents.json"
    (item,) = feed["items"]
    assert (item["id"], item["title"], item["content_text"]) == (made.id, made.title, made.words)
    assert item["_guardrail"]["affected"] is None, "so few are told to nobody"
    assert item["date_published"] == "2026-09-21T14:13:20+00:00"
    log.clock.now += DAY
    store.run(incidents.withdraw(made.id, "cli:boss"))
    assert store.run(incidents.published()) == []
    feed = store.run(incidents.feed("Incidents"))
    (item,) = feed["items"]
    assert (item["id"], item["title"]) == (made.id, "Withdrawn")
    assert "doubled" not in json.dumps(item)
    assert b"doubled a dose" not in store.bytes + log.bytes
    assert log.whats == ["incident_published", "incident_withdrawn"]
    for name, status in ((made.id, 409), ("i-none", 404)):
        with pytest.raises(ClientError) as refused:
            store.run(incidents.withdraw(name, "cli:boss"))
        assert refused.value.http_status == status


def test_of_several_who_withdraw_an_incident_at_once_one_does(either: Store, log: Log) -> None:
    """Each of them has found it in force; the log says once that it was withdrawn, and by whom."""
    incidents = incidents_of(either, log)
    made = either.run(incidents.publish("Wrong doses", "Ask again.", "", "cli:ana"))

    async def at_once() -> list[object]:
        those = (incidents.withdraw(made.id, f"cli:{name}") for name in ("ana", "ben", "cleo"))
        return await asyncio.gather(*those, return_exceptions=True)

    told = either.run(at_once())
    assert sorted(each.http_status if isinstance(each, ClientError) else 0 for each in told) == [0, 409, 409]
    assert log.whats == ["incident_published", "incident_withdrawn"]


def test_an_old_incident_behind_a_thousand_newer_ones_can_be_withdrawn(store: Store, log: Log) -> None:
    incidents = incidents_of(store, log)
    old = store.run(incidents.publish("Wrong doses", "Ask again.", "", "cli:ana"))
    rows = [
        {"id": f"i-{number}", "published": NOW + 1 + number, "title": "t", "words": "w", "model": "", "policy": ""}
        for number in range(1_000)
    ]
    store.run(beside.change(store.database, incident_table.insert().values([{**row, "receipts": 0} for row in rows])))
    assert store.run(incidents.withdraw(old.id, "cli:ana")).withdrawn is not None


def test_however_many_look_at_incidents_the_store_is_read_once_at_a_time(store: Store, log: Log) -> None:
    """Anybody may ask for them, as often as they like: suspensions are read over the same few connections (WHO-11)."""

    class Counted(Incidents):
        readings = 0

        async def all(self, limit: int = 1_000) -> Sequence[Incident]:
            self.readings += 1
            return await super().all(limit)

    incidents = Counted(store.database, log.write, log, log.clock)
    made = store.run(incidents.publish("Wrong doses", "Ask again.", "", "cli:ana"))

    async def crowd() -> list[Sequence[Incident]]:
        return await asyncio.gather(*(incidents.published() for _ in range(500)))

    assert store.run(crowd()) == [[made]] * 500
    assert incidents.readings == 1
    assert len(store.run(incidents.feed("t"))["items"]) == 1  # type: ignore[arg-type]
    assert incidents.readings == 2, "what was published since is seen"


def test_an_incident_of_the_whole_service_needs_no_receipt(store: Store, log: Log) -> None:
    made = store.run(incidents_of(store, log).publish("An outage", "No answers for two hours.", "", "cli:boss"))
    assert (made.receipts, made.model, made.path) == (0, "", "")
    assert not made.concerns(LOGGED["1"])
    assert log.events[0].receipt == NONE


@pytest.mark.parametrize(
    ("title", "words", "param"),
    [("", "words", "title"), ("a\nb", "words", "title"), ("x" * 201, "w", "title"), ("title", "\x1b[31m", "words")],
)
def test_what_can_not_be_published(store: Store, log: Log, title: str, words: str, param: str) -> None:
    with pytest.raises(ClientError) as refused:
        store.run(incidents_of(store, log).publish(title, words, "", "cli:boss"))
    assert refused.value.param == param
    assert log.events == []


def test_nothing_is_published_that_the_log_does_not_know(store: Store, log: Log) -> None:
    log.broken = True
    with pytest.raises(AuditUnavailable):
        store.run(incidents_of(store, log).publish("A title", "Some words.", "", "cli:boss"))
    assert store.run(incidents_of(store, log).all()) == []


def test_a_path_is_named_by_its_steps() -> None:
    one, two, three = (path_of(LOGGED[each]) for each in "123")
    assert one == two
    assert one.id == two.id != three.id
    assert len({path_of(each).id for each in LOGGED.values()}) == 3


def test_every_event_that_is_written_here_is_one_that_there_is() -> None:
    import ast

    import guardrail

    folder = Path(guardrail.__file__).parent
    written = set()
    for name in ("suspension", "redress", "incidents", "evidence_cli"):
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Code" and node.args:
                value = node.args[0]
                written |= {str(value.value)} if isinstance(value, ast.Constant) else set()
    assert {"suspended", "case_opened"} <= written <= EVENTS
    assert isinstance(Event(Code("suspended")).what, Code)
