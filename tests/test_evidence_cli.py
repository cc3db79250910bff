"""The commands about evidence, over a real store: what they say, what they refuse, and that the log still verifies."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from guardrail import cli
from guardrail.evidence import CASES_KEY
from guardrail.policy.redress import Redress
from guardrail.record.archive import Archive
from guardrail.record.audit import writing
from guardrail.record.database import Database, Place
from guardrail.record.entry import NONE, Code, End, Event, Intent, Outcome, PolicyRef, Shown, Who, to_json
from guardrail.record.keys import KeyFiles, load_keys
from guardrail.record.subjects import receipts_of
from guardrail.record.tables import subjects
from guardrail.record.verify import verify
from guardrail.redress import Desk, Kind
from guardrail.text import Action

RECEIPT, OTHER = "a" * 32, "b" * 32
SUBJECT = "ward-patient-81"
WORDS = "It doubled my dose. Canary Qz7Lumio"


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """What a proxy would have left: two exchanges of one person, and a report about the first. The case's number."""
    folder = tmp_path_factory.mktemp("evidence") / "data"

    async def leave() -> str:
        async with writing(Place(folder), "0") as ledger:
            for receipt in (RECEIPT, OTHER):
                who = Who(Code("ward"), Code("openai.chat"), Code("gpt-4o"), Code("openai"))
                policy = PolicyRef(Code("p"), 1, Code("c" * 64))
                await ledger.commit(Intent(Code(receipt), who, policy), subject=SUBJECT)
                shown = (Shown(Code("notice"), Code("en"), Code("d" * 64)),)
                ending = Outcome(Code(receipt), who, policy, End.ANSWERED, Action.WARN, 200, shown=shown)
                await ledger.commit(ending)
            desk = Desk(ledger.database, ledger.commit, ledger.keys.derive(CASES_KEY), Redress)
            return (await desk.open(RECEIPT, Kind.HARM, WORDS, "en", graphic=True)).id

    return folder, asyncio.run(leave())


@pytest.fixture
def place(left: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A copy of it for each test."""
    place = Place(tmp_path / "data")
    shutil.copytree(left[0], place.folder)
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(place.folder))
    yield place
    assert asyncio.run(verified(place)) == []


@pytest.fixture
def case(left: tuple[Path, str]) -> str:
    return left[1]


async def verified(place: Place) -> Sequence[object]:
    """Whatever is done, the log verifies."""
    database = await Database.open(place, create=False)
    try:
        keys = load_keys(KeyFiles(place.folder), create=False)
        return list((await verify(database, [keys.verifier])).problems)
    finally:
        await database.close()


def run(*words: str, status: int = 0, typed: str = "") -> tuple[str, str]:
    result = CliRunner().invoke(cli.app, list(words), input=typed or None)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == status, (result.stdout, result.stderr)
    return result.stdout, result.stderr


def lines(*words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(*words, "--json")[0].splitlines()]


def events(place: Place) -> list[Event]:
    async def read() -> list[Event]:
        async with Archive.open(place) as archive:
            return [row.entry async for row in archive.rows() if isinstance(row.entry, Event)]

    return [event for event in asyncio.run(read()) if event.what not in ("start", "stop")]


def test_suspend_and_resume(place: Place) -> None:
    (made,) = lines(
        "suspend", "--scope", "model", "--target", "gpt-4o*", "--reason", "wrong doses", "--until", "+1d12h"
    )
    assert (made["scope"], made["target"], made["ended"]) == ("model", "gpt-4o*", None)
    assert lines("suspend", "--list") == [made]
    assert made["id"] in run("suspend", "--list")[0]
    last = events(place)[-1]
    assert (last.what, str(last.actor).partition(":")[0]) == ("suspended", "cli")
    run("resume", "--scope", "model", "--target", "gpt-4o*")
    assert run("suspend", "--list")[0].strip() == "Nothing is suspended."
    run("resume", made["id"], status=1)
    assert lines("suspend", "--list", "--all")[0]["ended_by"] == last.actor


def test_a_name_that_nobody_ever_had_is_doubted_and_refused_if_the_policy_is_given(place: Place) -> None:
    why = ("--reason", "wrong doses")
    assert "is the name right" in run("suspend", "--scope", "client", "--target", "wrad", *why)[1]
    assert "is the name right" not in run("suspend", "--scope", "client", "--target", "ward", *why)[1]
    before = len(events(place))
    error = run("suspend", "--scope", "client", "--target", "wrad", *why, "--policy", "baseline", status=2)[1]
    assert error.startswith("target: the policy has no client")
    assert len(events(place)) == before


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("suspend", "--reason", "why"), 2, "--scope"),
        (("suspend", "--scope", "all"), 2, "--reason"),
        (("suspend", "--scope", "planet", "--reason", "why"), 2, "scope: one of model"),
        (("suspend", "--scope", "capability", "--target", "surface:pateint", "--reason", "why"), 2, "target:"),
        (("suspend", "--scope", "all", "--reason", "why", "--until", "2030-01-01T00:00"), 2, "zone"),
        (("suspend", "--scope", "all", "--reason", "why", "--until", "2020-01-01T00:00Z"), 2, "until:"),
        (("suspend", "--scope", "all", "--reason", "why", "--until", "+" + "99999d" * 50), 2, "until:"),
        (("resume",), 2, "--scope"),
        (("resume", "s-none"), 1, "no such suspension"),
        (("case", "show", "nonsense"), 1, "no case"),
        (("case", "close", "ABCDE-FGHJK", "--outcome", "perhaps"), 2, "outcome: one of upheld"),
        (("case", "list", "--state", "perhaps"), 2, "state: one of"),
        (("affected", "nonsense"), 2, "receipt"),
        (("affected", "f" * 32), 1, "no record"),
        (("incident", "withdraw", "i-none"), 1, "no such incident"),
        (("incident", "publish", "--title", "", "--words", "w", "--checked"), 2, "title:"),
        (("subject", "erase", SUBJECT), 1, "nothing was erased"),
        (("suspend", "--scope", "all", "--reason", "bad \udcff"), 2, "reason:"),
        (("subject", "export", "\udcffabcd"), 2, "can't be a pseudonym"),
        (("subject", "erase", "abcd\u202e", "--yes"), 2, "can't be a pseudonym"),
    ],
)
def test_what_can_not_be_done_is_told_in_a_line_and_changes_nothing(
    place: Place, words: tuple[str, ...], status: int, told: str
) -> None:
    before = len(events(place))
    assert told in run(*words, status=status)[1]
    assert len(events(place)) == before


def test_what_comes_on_standard_input_and_is_no_text_is_told_in_a_line(place: Place) -> None:
    for words in (("subject", "export", "-"), ("case", "close", "1", "--outcome", "upheld", "--note", "-")):
        result = CliRunner().invoke(cli.app, list(words), input=b"caf\xe9\n")
        assert (result.exit_code, "standard input is not UTF-8" in result.stderr) == (2, True)


def test_where_there_is_no_store_nothing_is_suspended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new one in the wrong folder would stop nothing, and its administrator would not know."""
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(tmp_path / "elsewhere"))
    assert "GUARDRAIL_DATA_DIR" in run("suspend", "--scope", "all", "--reason", "why", status=1)[1]
    assert list(tmp_path.iterdir()) == []


def test_a_case_from_hand_to_hand(place: Place, case: str) -> None:
    (listed,) = lines("case", "list")
    assert (listed["case"], listed["graphic"], listed["has_words"]) == (case, True, True)
    before = len(events(place))
    out, err = run("case", "show", case.lower())
    assert "Qz7Lumio" not in out + err
    assert "--reveal" in err
    assert "danger" in err
    assert len(events(place)) == before, "to look at what is covered is no event"
    assert json.loads(run("case", "show", case, "--reveal", "--json")[0])["words"] == WORDS
    run("case", "assign", case, "--to", "ben")
    run("case", "close", case, "--outcome", "upheld", "--note", "-", typed="It was so.\n")
    run("case", "close", case, "--outcome", "upheld", status=1)
    assert run("case", "list")[0].strip() == "No cases."
    assert lines("case", "list", "--state", "closed")[0]["outcome"] == "upheld"
    run("case", "reopen", case)
    names = [str(event.what) for event in events(place)[before:]]
    assert names == ["case_read", "case_assigned", "case_closed", "case_reopened"]


def test_a_case_file_has_all_that_is_known_and_words_only_if_asked(place: Place, case: str) -> None:
    covered = json.loads(run("case", "export", case, "--json")[0])
    assert (covered["case"]["words"], covered["case"]["covered"]) == (None, True)
    answer = covered["answer"]
    assert (answer["receipt"], answer["who"]["model"], answer["policy"]["sha256"]) == (RECEIPT, "gpt-4o", "c" * 64)
    assert answer["outcome"]["texts"][0]["kinds"] == ["notice"]
    assert answer["outcome"]["reviewed"] is False
    assert json.loads(run("case", "export", case, "--json", "--reveal")[0])["case"]["words"] == WORDS
    text = run("case", "export", case)[0]
    assert "Qz7Lumio" not in text
    for said in (case, RECEIPT, "gpt-4o", "notice (en)", "not shown in this copy"):
        assert said in text
    assert WORDS in run("case", "export", case, "--reveal")[0]
    assert [event.facts["words"] for event in events(place) if event.what == "case_exported"][-4:] == [
        *(False, True, False, True)
    ]


def test_what_a_terminal_is_shown_steers_no_terminal(place: Place) -> None:
    from guardrail.evidence_cli import _plain

    assert _plain("a\u202eb\x1b[2J\n\u2028") == "a\ufffdb\ufffd[2J\n\ufffd"
    assert _plain(written := "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\tja") == written


def test_an_incident_is_published_for_those_it_concerns(place: Place, case: str) -> None:
    error = run(
        "incident", "publish", "--title", "Wrong doses", "--words", "Ask Margaret Thornhill, SSN 536-22-1798.", status=1
    )[1]
    assert "nothing was published" in error
    assert "Thornhill" not in error
    assert run("incident", "list")[0].strip() == "No incidents."
    (made,) = lines("incident", "publish", "--title", "Wrong doses", "--words", "Doubled.", "--case", case, "--checked")
    assert (made["affected"], made["model"]) == (2, "gpt-4o")
    found = run("affected", RECEIPT)
    assert [line.split()[0] for line in found[0].splitlines()] == [RECEIPT, OTHER]
    assert found[1].strip() == "2 exchanges."
    run("incident", "withdraw", made["incident"])
    assert lines("incident", "list")[0]["withdrawn"] is not None


def test_a_person_is_told_all_and_then_forgotten_and_the_log_still_verifies(place: Place, case: str) -> None:
    """WHO-21: nothing is left of the person afterwards."""
    held = json.loads(run("subject", "export", "-", "--json", typed=f"{SUBJECT}\n")[0])
    assert [each["receipt"] for each in held["exchanges"]] == [RECEIPT, OTHER]
    assert held["exchanges"][0]["entries"][0]["entry"]["who"]["model"] == "gpt-4o"
    assert [each["words"] for each in held["cases"]] == [WORDS]
    assert WORDS in run("subject", "export", SUBJECT)[0]
    assert json.loads(run("subject", "export", "somebody-else", "--json")[0])["exchanges"] == []
    assert "2 exchanges" in run("subject", "erase", SUBJECT, "--yes")[0]

    async def what_is_left() -> tuple[object, object, bytes]:
        async with writing(place) as ledger, ledger.database.reading() as connection:
            links = (await connection.execute(select(subjects))).all()
            found = await receipts_of(connection, ledger.keys, SUBJECT)
            rows = [row async for row in Archive(ledger.database).rows()]
            return links, found, "".join(to_json(row.entry) for row in rows).encode()

    links, found, bodies = asyncio.run(what_is_left())
    assert (links, dict(found)) == ([], {})  # type: ignore[call-overload]
    stored = b"".join(file.read_bytes() for file in place.folder.rglob("*") if file.is_file())
    for secret in (SUBJECT, "Qz7Lumio"):
        assert secret.encode() not in stored + bodies
    assert json.loads(run("subject", "export", SUBJECT, "--json")[0])["exchanges"] == []
    shown = json.loads(run("case", "show", case, "--reveal", "--json")[0])
    assert (shown["words"], shown["has_words"]) == ("", False)
    erased = [event for event in events(place) if event.what == "subject_erased"]
    assert [(event.facts, event.receipt) for event in erased] == [({"receipts": 2, "cases": 1}, NONE)]
