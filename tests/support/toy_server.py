"""The real server and edge around a toy exchange, as a process of its own: `python -m tests.support.toy_server`.

Prints both ports when it listens. The toy answers with what it was handed, so that tests see what an exchange would;
what it is to do stands in the body: {"do": "echo" | "stream" | "hang" | "raise" | "raise-late" | "flood"}.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import re
import sys
from collections.abc import Mapping

from guardrail import server
from guardrail.dialects.base import Reply
from guardrail.edge import Doors, Drain, Edge, openai_error
from guardrail.errors import GuardrailError, UnknownRoute
from guardrail.inbound import Inbound, Outbound
from guardrail.policy.model import Client, Limits, Policy
from guardrail.record import log
from tests.support.toy_admin import ToyAdmin

CHAT = "/v1/chat/completions"
CANARY = "ZQ123456789012"
TOKEN_SHA256 = "04e325d6c09832ac0493ee35cb313feb20586d69020a219ccf06dbfd3dc2a1c8"  # of "token-of-the-toy"


class Toy:
    """Counts what reaches it."""

    def __init__(self, policy: Policy, drain: Drain) -> None:
        self.policy = policy
        self.drain = drain
        self.calls = 0
        self.cancelled = 0
        self.refused: list[str] = []

    async def handle(self, inbound: Inbound, outbound: Outbound) -> None:
        self.calls += 1
        order = json.loads(inbound.body or b"{}")
        do = order.get("do", "echo") if isinstance(order, dict) else "echo"
        try:
            await getattr(self, f"_{do.replace('-', '_')}")(inbound, outbound)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    async def _echo(self, inbound: Inbound, outbound: Outbound) -> None:
        said = {
            "path": inbound.path,
            "query": inbound.query,
            "forward": dict(inbound.forward),
            "body": inbound.body.decode(),
            "client": inbound.client.name,
            "tenant": inbound.client.tenant,
            "cohort": dict(inbound.cohort),
        }
        await outbound.start(200, [(b"content-type", b"application/json")])
        await outbound.send(json.dumps(said).encode())

    async def _stream(self, inbound: Inbound, outbound: Outbound) -> None:
        await outbound.start(200, [(b"content-type", b"text/event-stream")])
        await outbound.send(b"data: 1\n\n")
        await self.drain.late.wait()
        await outbound.send(b'data: {"error":{"code":"shutting_down"}}\n\n')

    async def _hang(self, inbound: Inbound, outbound: Outbound) -> None:
        await asyncio.Event().wait()

    async def _raise(self, inbound: Inbound, outbound: Outbound) -> None:
        logging.getLogger("uvicorn.error").debug("careless %s", CANARY)
        raise RuntimeError(CANARY)

    async def _raise_late(self, inbound: Inbound, outbound: Outbound) -> None:
        await outbound.start(200, [(b"content-type", b"text/event-stream")])
        await outbound.send(b"data: 1\n\n")
        raise RuntimeError(CANARY)

    async def _flood(self, inbound: Inbound, outbound: Outbound) -> None:
        await outbound.start(200, [(b"content-type", b"text/event-stream")])
        for _ in range(50_000):
            await outbound.send(b"x" * 1024)

    def admit(self, method: str, path: str) -> Mapping[str, re.Pattern[str]]:
        if (method, path) != ("POST", CHAT):
            raise UnknownRoute("This endpoint is not covered by the policy.")
        return {}

    def refuse(self, path: str, error: GuardrailError) -> Reply:
        return openai_error(error)

    async def count(self, error: GuardrailError, receipt: str) -> None:
        self.refused.append(error.code)

    async def disclosure(self, accept: str) -> Reply:
        told = {"name": "toy", "calls": self.calls, "cancelled": self.cancelled, "refused": self.refused}
        return Reply(200, json.dumps(told).encode())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--drain", type=float, default=1.0)
    parser.add_argument("--head", type=float, default=0.5)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--keep-alive", type=int, default=server.KEEP_ALIVE_SECONDS)
    parser.add_argument("--token", action="store_true")
    options = parser.parse_args()
    limits = Limits(max_body_bytes=200_000, body_timeout_seconds=1.0, max_in_flight=64)
    clients = (Client(name="ward", token_sha256=TOKEN_SHA256, surface="clinician"),) if options.token else ()
    log.configure(logging.DEBUG)
    server.KEEP_ALIVE_SECONDS = options.keep_alive
    listen = server.Listen(port=options.port, admin_port=0, head_seconds=options.head, drain_seconds=options.drain)
    try:
        server.run_forever(lambda: serve(Policy(name="toy", version=1, limits=limits, clients=clients), listen))
    except server.PortInUse as error:
        sys.exit(str(error))


async def serve(policy: Policy, listen: server.Listen) -> None:
    drain = Drain()
    toy = Toy(policy, drain)
    doors = Doors(
        handle=toy.handle,
        refuse=toy.refuse,
        admit=toy.admit,
        policy=lambda: toy.policy,
        refused=toy.count,
        pages={"/guardrail/disclosure": toy.disclosure},
    )
    admin = ToyAdmin(lambda accept: ("text/plain", b"metric 1\n"), lambda: not drain.begun.is_set())

    async def reload() -> None:
        log.event("policy_reloaded")

    def ready(port: int, admin_port: int) -> None:
        sys.stdout.write(f"{port} {admin_port}\n")
        sys.stdout.flush()

    await server.run(Edge(doors, drain), admin, listen, drain, on_ready=ready, reload=reload, doors=doors)


if __name__ == "__main__":
    main()
