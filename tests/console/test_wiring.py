"""The console over a real log, as the process that looks after several workers runs it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from guardrail.console.wiring import for_workers
from guardrail.policy.load import load_policy
from guardrail.record.archive import Archive
from guardrail.record.audit import writing
from guardrail.record.database import Place
from guardrail.record.metrics import Metrics
from tests.console.house import OPS, RECEIPT, exchange, sha
from tests.policy.files import MINIMAL, write

POLICY = f"{MINIMAL}admin:\n  tokens: [{{name: ops, role: ops, token_sha256: {sha(OPS)}}}]\n"


class Workers:
    """Two that are well."""

    def __init__(self) -> None:
        self.metrics = Metrics()
        self.ready = True

    def render(self, accept: str) -> tuple[str, bytes]:
        return self.metrics.render(accept)

    def expired(self) -> Sequence[str]:
        return ("service US",)


def test_the_whole_of_it(tmp_path: Path) -> None:
    """A receipt that a worker wrote is told and proven, a suspension holds, a token that is taken away ends."""
    file, data = write(tmp_path, POLICY), tmp_path / "data"
    environment = {"GUARDRAIL_DATA_DIR": str(data)}

    async def run() -> None:
        async with writing(Place(data), "0") as worker:
            for entry in exchange():
                await worker.commit(entry)
        workers = Workers()
        made = for_workers(workers, load=lambda: load_policy(file), host="127.0.0.1", environment=environment)
        async with made as console:
            transport = httpx.ASGITransport(console)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:9090") as client:
                client.headers["authorization"] = f"Bearer {OPS}"

                async def get(path: str) -> Any:
                    return (await client.get(path)).json()

                assert (await get("/guardrail/ready"))["expired"] == ["service US"]
                said = await get(f"/guardrail/receipts/{RECEIPT}")
                assert [proof["verified"] for proof in said["proof"]] == [True, True]
                assert said["policy"]["in_force"] is False, "it was another policy"
                sent = {"scope": "all", "reason": "a drill"}
                assert (await client.post("/guardrail/suspensions", json=sent)).status_code == 200
                status = await get("/console")
                assert (status["audit"], len(status["suspended"])) == (True, 1)
                assert [event["what"] for event in status["events"]][:2] == ["suspended", "receipt_read"]
                assert len((await get("/console/audit"))["checkpoints"]) == 1
                assert b'guardrail_admin_requests_total{result="ok"} ' in workers.render("")[1]
                write(tmp_path, POLICY.replace("role: ops", "role: auditor"))
                for _ in range(100):
                    if (await client.post("/guardrail/suspensions", json=sent)).status_code == 403:
                        break
                    await asyncio.sleep(0.1)
                else:
                    raise AssertionError("the policy that counts is still the old one")
        async with Archive.open(Place(data)) as archive:
            written = [json.dumps(str(row.entry)) async for row in archive.rows()]
        assert OPS not in "".join(written)

    asyncio.run(run())
