"""Signed heads go to somebody else: to an address, into a file, in the background, the newest one surely."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail import checkpoints
from guardrail.checkpoints import Checkpoints
from guardrail.record.audit import close_ledger, open_ledger
from guardrail.record.database import Place
from guardrail.record.ledger import Hooks
from guardrail.record.note import Checkpoint, notes_in, signed_text
from guardrail.wire.upstream import Upstream
from tests.support.fake_upstream import FakeUpstream, answer
from tests.support.stores import QUICK, event, verified

NOTE = "guardrail/ab12cd34.0\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— guardrail/ab12cd34.0 AAAAAAAA\n"


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - nobody would set an event
            await asyncio.sleep(0.01)


def test_each_head_is_posted_as_it_is(tmp_path: Path) -> None:
    async def run() -> None:
        told: list[bool] = []
        with FakeUpstream(answer({})) as witness:
            witness_url = f"{witness.url}/log?site=7"
            exports = Checkpoints(witness_url, tmp_path / "kept" / "heads.txt", Upstream, told.append)
            exports.put(NOTE)
            await until(lambda: told)
            exports.put(NOTE.replace("\n7\n", "\n8\n"))
            await exports.close(10)
            assert told == [True, True]
            first, second = witness.requests
            assert (first.method, first.target, first.body.decode()) == ("POST", "/log?site=7", NOTE)
            assert first.header("content-type") == "text/plain; charset=utf-8"
            assert "\n8\n" in second.body.decode()
        kept = (tmp_path / "kept" / "heads.txt").read_text()
        assert len(list(notes_in(kept))) == 2

    asyncio.run(run())


def test_nobody_waits_for_a_witness_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "_PAUSE", 0.01)

    async def run() -> None:
        told: list[bool] = []
        exports = Checkpoints("http://127.0.0.1:1/", None, Upstream, told.append)
        exports.put(NOTE)
        await until(lambda: told)
        assert told == [False]
        with FakeUpstream(answer({}, 500)) as witness:
            refusing = Checkpoints(witness.url, None, Upstream, told.append)
            refusing.put(NOTE)
            await until(lambda: len(told) == 2)
            assert told == [False, False]
            assert len(witness.requests) == 3, "it was tried again"
            await refusing.close(1)
        await exports.close(1)

    asyncio.run(run())


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    async def run() -> None:
        told: list[bool] = []
        (tmp_path / "file").touch()
        exports = Checkpoints(None, tmp_path / "file" / "heads.txt", Upstream, told.append)
        exports.put(NOTE)
        await until(lambda: told)
        await exports.close(1)
        assert told == [False]

    asyncio.run(run())


def test_without_a_witness_nothing_is_begun() -> None:
    async def run() -> None:
        exports = Checkpoints(None, None, Upstream)
        exports.put(NOTE)
        await exports.close(0)

    asyncio.run(run())


def test_what_was_exported_verifies_the_log(tmp_path: Path) -> None:
    async def run() -> None:
        exports = Checkpoints(None, tmp_path / "witness.txt", Upstream)
        ledger = await open_ledger(Place(tmp_path / "data"), settings=QUICK, hooks=Hooks(checkpoint=exports.put))
        await ledger.commit(event())
        await close_ledger(ledger)
        await exports.close(10)
        notes = list(notes_in((tmp_path / "witness.txt").read_text()))
        assert Checkpoint.parse(signed_text(notes[-1])).size == 3
        report = await verified(Place(tmp_path / "data"), notes, local=False)
        assert (report.problems, report.anchors) == ([], len(notes))

    asyncio.run(run())
