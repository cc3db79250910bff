"""AUD-*: no record, no answer; and what is recorded is there, true, and says nothing of anybody."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guardrail.cli import app
from guardrail.record.database import FILE, Place
from guardrail.record.entry import End, Intent, Outcome
from tests.siege.house import CHAT, House, Siege
from tests.siege.own import alone
from tests.support import power
from tests.support.fake_upstream import FakeUpstream, chat_answer, chat_stream, wait_until
from tests.support.proxy import Proxy
from tests.support.stores import intent, opened, outcome, rows_of, verified, write

pytestmark = pytest.mark.timeout(300)  # processes of the product are started, on whatever machine

HELLO = {"model": "m", "messages": [{"role": "user", "content": "Hello."}]}


def code_of(s: Siege) -> tuple[int, str]:
    """Status and error of one more request."""
    told = s.post(CHAT, HELLO)
    return told.status, str(told.json().get("error", {}).get("code", ""))


# ── a store that can't be written ─────────────────────────────────────────────────────────────────────────────────


def test_aud_01_a_full_disk(tmp_path: Path) -> None:
    """Closed before anything goes upstream, said in the metrics, warned of before; and by itself back, nothing lost."""
    with alone(tmp_path / "policy.yaml", mib=2) as house, house.siege() as s:
        s.reply(chat_answer("On the second floor."))
        fill(s.proxy.data / "ballast")
        assert json.loads(s.proxy.get("/guardrail/ready")[1])["warnings"] == ["disk_low"]
        wait_until(lambda: code_of(s) == (503, "audit_unavailable"), 20, "the log is closed")
        before = len(s.sent)
        assert [code_of(s) for _ in range(20)] == [(503, "audit_unavailable")] * 20
        assert len(s.sent) == before
        assert s.proxy.metric("guardrail_audit_stalled ") == 1
        assert s.proxy.get("/guardrail/ready")[0] == 503

        (s.proxy.data / "ballast").unlink()
        wait_until(lambda: s.proxy.metric("guardrail_audit_stalled ") == 0, 10, "it is open again by itself")
        assert code_of(s)[0] == 200
        assert "warnings" not in json.loads(s.proxy.get("/guardrail/ready")[1])


def fill(file: Path) -> None:
    """Every block that is left."""
    with file.open("wb", buffering=0) as ballast, suppress(OSError):
        while True:
            ballast.write(bytes(4096))


@contextmanager
def failing(proxy: Proxy) -> Iterator[None]:
    """Every write to its log's files fails (EFBIG, an I/O error to SQLite), as on a disk that breaks."""
    before = resource.prlimit(proxy.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(proxy.process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(proxy.process.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def locked(proxy: Proxy) -> Iterator[None]:
    """Another process holds the database."""
    with closing(sqlite3.connect(proxy.data / FILE, isolation_level=None)) as database:
        database.execute("begin exclusive")
        try:
            yield
        finally:
            database.execute("rollback")


@contextmanager
def moved(proxy: Proxy) -> Iterator[None]:
    """Another file is in its place: what is written to the old one nobody would find."""
    file, away = proxy.data / FILE, proxy.data / "away"
    file.rename(away)
    file.write_bytes(away.read_bytes())
    try:
        yield
    finally:
        away.rename(file)


@pytest.mark.parametrize("fault", [failing, locked, moved])
def test_aud_02_a_log_that_breaks(house: House, fault: object) -> None:
    """An error after a bounded wait, others meanwhile at once; all goes on when the fault is over."""
    with house.siege(without=() if fault is not moved else ("I3",)) as s:
        s.reply(chat_answer("On the second floor."))
        with fault(s.proxy):  # type: ignore[operator]
            wait_until(lambda: code_of(s) == (503, "audit_unavailable"), 20, "the log is closed")
            before = len(s.sent)
            assert code_of(s) == (503, "audit_unavailable")
            assert len(s.sent) == before
        wait_until(lambda: s.proxy.metric("guardrail_audit_stalled ") == 0, 20, "it is open again by itself")
        assert code_of(s)[0] == 200


# ── processes that die ────────────────────────────────────────────────────────────────────────────────────────────


def test_aud_03_kill_nine_under_load(tmp_path: Path) -> None:
    """Whoever read the head of an answer finds its intent; every exchange has one end; the log verifies.

    A thousand times at the ledger: `python -m benchmarks.audit kills`.
    """
    place = Place(tmp_path / "data")
    seen: list[str] = []
    answer = chat_stream("One. ", "Two. ", "Three. ")
    with FakeUpstream(answer) as upstream:
        for _ in range(2):
            with Proxy(upstream=upstream.url, environment={"GUARDRAIL_DATA_DIR": str(place.folder)}) as proxy:
                callers = [threading.Thread(target=call, args=(proxy.port, seen)) for _ in range(4)]
                before = len(seen)
                for each in callers:
                    each.start()
                wait_until(lambda: len(seen) >= before + 20, 60, "answers have begun")  # noqa: B023
                proxy.process.send_signal(signal.SIGKILL)
                for each in callers:
                    each.join(30)
                proxy.process.wait(10)
    report = asyncio.run(verified(place))
    assert report.problems == []
    with closing(sqlite3.connect(place.folder / FILE)) as database:
        intents = {receipt for (receipt,) in database.execute("select receipt from entries where kind = 'intent'")}
    assert set(seen) <= intents
    asyncio.run(go_on(place))
    rows = asyncio.run(rows_of(place))
    begun = Counter(str(row.entry.receipt) for row in rows if isinstance(row.entry, Intent))
    ended = Counter(str(row.entry.receipt) for row in rows if isinstance(row.entry, Outcome))
    assert begun == ended
    assert set(begun.values()) == {1}
    assert any(isinstance(row.entry, Outcome) and row.entry.end is End.RECOVERED for row in rows)
    assert asyncio.run(verified(place)).problems == []


def call(port: int, seen: list[str]) -> None:
    """Asks for streams until the proxy is gone; keeps the receipt of each that began."""
    body = json.dumps({**HELLO, "stream": True}).encode()
    with suppress(OSError, http.client.HTTPException):
        while True:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
                connection.request("POST", CHAT, body, {"content-type": "application/json"})
                answered = connection.getresponse()
                if answered.status == 200:
                    seen.append(answered.headers["x-guardrail-receipt"])
                answered.read()


async def go_on(place: Place) -> None:
    """The next process looks after what the killed one left: it had the first free name."""
    async with opened(place, "p0"):
        pass


def test_aud_04_a_power_cut(tmp_path: Path) -> None:
    """At every moment: of what was told to be durable nothing is lost with all that was not synced."""
    place = Place(tmp_path / "data")
    asyncio.run(write(place, [intent("before")]))
    before = {str(file.relative_to(place.folder)): file.read_bytes() for file in files_of(place.folder)}
    power.record(place, tmp_path / "trace", 300)
    cuts = 0
    for number, disk in enumerate(power.disks(place.folder, before, tmp_path / "trace", every=30)):
        left = tmp_path / f"after-{number}"
        for name, data in disk.files.items():
            file = left / name
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(0o600)
            file.write_bytes(data)
        with closing(sqlite3.connect(left / FILE)) as database:
            there = {f"{kind[0]} {receipt}" for kind, receipt in database.execute("select kind, receipt from entries")}
        assert set(disk.told) - {"ready"} <= there
        cuts += 1
    assert cuts >= 10
    assert asyncio.run(verified(Place(left))).problems == []


def files_of(folder: Path) -> list[Path]:
    """But the one that SQLite makes anew."""
    return [file for file in folder.rglob("*") if file.is_file() and not file.name.endswith("-shm")]


# ── what is in it ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_aud_06_no_word_and_no_key_in_the_log(house: House) -> None:
    """Prompt, model, headers, errors of the provider: the oracle I1 reads the whole store afterwards."""
    with house.siege() as s:
        key = s.another()
        s.reply(chat_answer(f"Case {s.another()}."))
        question = {"model": s.another(), "user": s.another(), "messages": [{"role": "user", "content": s.another()}]}
        headers = {"authorization": f"Bearer {key}", "x-request-id": s.another(), "referer": f"/?mrn={s.another()}"}
        s.post(CHAT, question, headers)
        s.post(f"/v1/{s.another()}", question)
        s.post(CHAT, f'{{"{s.another()}": '.encode())
        assert key.encode() not in s.proxy.metrics().encode() + s.log


def test_aud_08_every_request_has_one_record(house: House) -> None:
    """Refused, not understood, unknown, broken off, left: the oracle I2 counts metric against log."""
    with house.siege() as s:
        before = s.proxy.metric("guardrail_exchanges_total{")
        s.reply(chat_answer("Yes."))
        assert s.post(CHAT, b'{"model": "m", "messages": [').status == 400
        assert s.post(CHAT, b"[]").status == 422
        assert s.post("/v1/nothing", HELLO).status == 404
        assert s.post(CHAT, HELLO, {"content-type": "text/plain"}).status == 415
        assert s.post(CHAT, HELLO, {"x-guardrail-claims": "a.b.c"}).status == 400
        s.reply(chat_stream("Rest and ", end="close"))
        assert b"error" in s.post(CHAT, {**HELLO, "stream": True}).body
        with s.connect() as left:
            left.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n")
            left.sendall(b"Content-Type: application/json\r\n\r\n{")
        wait_until(lambda: s.proxy.metric("guardrail_exchanges_total{") == before + 7, 20, "all are counted")


def test_aud_10_ten_writers_at_once_and_one_too_many(house: House, tmp_path: Path) -> None:
    """Each has a chain of its own; a second process on the same place gives up with one line."""
    place = Place(tmp_path / "data")

    async def one(slot: str) -> None:
        async with opened(place, slot) as ledger:
            for number in range(20):
                await asyncio.gather(*[ledger.commit(intent(f"{slot}-{number}-{each}")) for each in range(5)])

    async def ten() -> None:
        await asyncio.gather(*[one(str(slot)) for slot in range(10)])

    asyncio.run(ten())
    report = asyncio.run(verified(place))
    assert (report.problems, report.chains) == ([], 10)
    rows = asyncio.run(rows_of(place))
    assert Counter(str(row.entry.receipt) for row in rows if isinstance(row.entry, Intent)).total() == 1_000

    command = [sys.executable, "-m", "guardrail", "serve", "--port", "0", "--admin-port", "0"]
    second = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": "/usr/bin:/bin", "GUARDRAIL_DATA_DIR": str(house.proxy.data)},
    )  # fmt: skip
    assert second.returncode != 0
    assert "another guardrail writes to the audit log" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1


def test_aud_11_a_copy_while_it_is_written_and_a_legal_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy verifies as of its moment; while a hold is on, neither age nor a wish deletes anything."""
    place, copy = Place(tmp_path / "data"), Place(tmp_path / "copy")
    copy.folder.mkdir()

    async def load() -> None:
        async with opened(place) as ledger:
            asking = [asyncio.create_task(ledger.commit(intent(f"r{number}"))) for number in range(2_000)]
            await asyncio.sleep(0)
            await asyncio.to_thread(backup)
            await asyncio.gather(*asking)

    def backup() -> None:
        with (
            closing(sqlite3.connect(place.folder / FILE)) as source,
            closing(sqlite3.connect(copy.folder / FILE)) as to,
        ):
            source.backup(to, pages=8)

    asyncio.run(load())
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(place.folder))
    key = run("audit", "key").split()[0]
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(copy.folder))
    assert run("audit", "verify", "--no-record", "--key", key).startswith("sound")

    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(place.folder))
    policy = tmp_path / "held.yaml"
    policy.write_text("name: t\nversion: 1\nextends: [baseline]\naudit: {legal_hold: true, retention_days: 1}\n")
    count = len(asyncio.run(rows_of(place)))
    for command in (["audit", "purge", "--before", "2001-01-01"], ["subject", "erase", "p-1", "--yes"]):
        assert "legal hold" in run(*command, "--policy", str(policy), status=1)
    assert len([row for row in asyncio.run(rows_of(place)) if row.kind == "intent"]) == 2_000
    assert len(asyncio.run(rows_of(place))) >= count


def run(*words: str, status: int = 0) -> str:
    """What the command says, on either stream."""
    ended = CliRunner().invoke(app, list(words))
    assert ended.exit_code == status, ended.output
    return ended.stdout + ended.stderr


@pytest.mark.parametrize(
    "hostile",
    ["' OR '1'='1", "%", "_" * 32, "x\r\ny", "\x1b[31m", "=cmd()", "a" * 100_000, "'; DROP TABLE entries; --"],
)
def test_aud_12_a_search_is_no_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: str) -> None:
    """No search finds more than what it names, says the searched back raw, or changes anything."""
    place = Place(tmp_path / "data")
    monkeypatch.setenv("GUARDRAIL_DATA_DIR", str(place.folder))
    asyncio.run(write(place, [intent("a" * 32), outcome("a" * 32)]))
    before = asyncio.run(rows_of(place))
    for command in (["receipt", hostile], ["affected", hostile], ["audit", "export", "--since", hostile]):
        ended = CliRunner().invoke(app, command)
        assert ended.exit_code in (1, 2), command
        assert not re.search(r"[\x00-\x09\x0b-\x1f]", ended.output)
        assert "a" * 32 not in ended.stdout
    after = asyncio.run(rows_of(place))
    assert list(after[: len(before)]) == list(before)
