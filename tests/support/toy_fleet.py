"""Toy workers under the real supervisor: `python -m tests.support.toy_fleet [--workers N] [--broken FILE] ...`.

Each worker is the toy of `toy_server`, counts its exchanges, and fails at its start while FILE says so: "policy",
"error", "bug" or "hang". Prints both ports when all serve. `pid` and `slot` stand in /guardrail/disclosure.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from guardrail import server, workers
from guardrail.dialects.base import Reply
from guardrail.edge import Doors, Drain, Edge
from guardrail.errors import GuardrailError, PolicyError
from guardrail.inbound import Inbound, Outbound
from guardrail.policy.model import Limits, Policy
from guardrail.record import log
from guardrail.record.metrics import Metrics
from guardrail.text import Action
from guardrail.worker_channel import Report, Seat
from tests.support.toy_admin import ToyAdmin
from tests.support.toy_server import CANARY, Toy

LIMITS = Limits(max_body_bytes=200_000, body_timeout_seconds=1.0, max_in_flight=64)


class Counting(Toy):
    """A toy with metrics."""

    def __init__(self, policy: Policy, drain: Drain, seat: Seat) -> None:
        super().__init__(policy, drain)
        self.metrics = Metrics()
        self.seat = seat

    async def handle(self, inbound: Inbound, outbound: Outbound) -> None:
        with self.metrics.in_flight():
            try:
                await super().handle(inbound, outbound)
            finally:
                known = {"dialect": "none", "client": "none", "upstream": "none"}
                self.metrics.exchange(**known, action=Action.ALLOW, status=200, receipt=inbound.receipt)

    async def who(self, accept: str) -> Reply:
        told = {"pid": os.getpid(), "slot": self.seat.slot, "workers": self.seat.workers}
        return Reply(200, json.dumps(told).encode())


def broken(file: Path) -> str:
    return file.read_text() if file.exists() else ""


async def work(seat: Seat) -> None:
    """A worker (guardrail.worker_channel.Work)."""
    match broken(Path(seat.given["broken"])):
        case "policy":
            raise PolicyError("ward.yaml:4: railz: unknown key")
        case "error":
            raise GuardrailError("the audit log is in use by another process")
        case "bug":
            raise RuntimeError(CANARY)
        case "hang":
            await asyncio.Event().wait()
    drain = Drain()
    toy = Counting(Policy(name="toy", version=1, limits=LIMITS), drain, seat)
    doors = Doors(
        handle=toy.handle,
        refuse=toy.refuse,
        admit=toy.admit,
        policy=lambda: toy.policy,
        refused=toy.count,
        pages={"/guardrail/disclosure": toy.who},
    )

    def report() -> Report:
        return Report(not drain.begun.is_set(), toy.metrics.snapshot(), ("service US",))

    async def reload() -> None:
        toy.metrics.policy_reload("ok", stale=False)

    listen = server.Listen(drain_seconds=seat.given["drain"])
    edge = Edge(doors, drain)
    await server.run(edge, None, listen, drain, on_ready=lambda *_: seat.began(report), reload=reload, front=seat.front)


@asynccontextmanager
async def admin(view: workers.View) -> AsyncIterator[Any]:
    yield ToyAdmin(view.render, lambda: view.ready, view.expired)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--drain", type=float, default=1.0)
    parser.add_argument("--broken", default="/nowhere")
    parser.add_argument("--silent", type=int, default=30)
    parser.add_argument("--start", type=int, default=30)
    options = parser.parse_args()
    log.configure(logging.DEBUG)
    given = {"broken": options.broken, "drain": options.drain}
    plan = workers.Plan(
        "tests.support.toy_fleet:work", options.workers, given,
        start_seconds=options.start, silent_seconds=options.silent, last_seconds=3.0,
    )  # fmt: skip
    listen = server.Listen(port=options.port, admin_port=0, drain_seconds=options.drain)

    def ready(port: int, admin_port: int) -> None:
        sys.stdout.write(f"{port} {admin_port}\n")
        sys.stdout.flush()

    try:
        server.run_forever(lambda: workers.run(plan, listen, admin, ready))
    except PolicyError as error:
        sys.stderr.write(error.message + "\n")
        sys.exit(2)
    except (server.PortInUse, workers.NotStarted) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
