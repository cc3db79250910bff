"""The benchmarks: `make bench`, or `.venv/bin/python -m benchmarks [--peers] [--quick] [--print]`.

Measures, in one run on this machine and over loopback only, what the guardrail adds to a chat: answers per second, CPU,
time to the first and to the last word, memory. These are asked the same questions in turns:

    direct               the scripted upstream itself (a process of its own)
    nginx                `proxy_pass`, if there is an nginx
    bare                 a starlette pass-through with the product's own upstream client and server: the yardstick
    guardrail, no rails  edge, dialect and engine with an empty chain
    guardrail, baseline  the policy that holds when no other is named
    with --peers         LiteLLM with Presidio and NeMo Guardrails, as far as `make peers` has installed them

The client is a process of its own, too. With two cores or more the servers under test share one of them ("one core"),
the client and the upstream have another. CPU time is that of all processes of a server.

Prints the tables and writes them into docs/benchmarks.md, between its markers; `--print` leaves the document alone,
`--quick` does a tenth of the work (for trying the benchmarks out, its figures are rough and are not written).
The exit status is 0 whether targets are met or missed: a benchmark tells, it does not judge. A question that
any of them does not answer as it should is counted; one that does not answer at all is left out, or ends the run if it
is the guardrail.

Modules: payload and hostile (what is asked), upstream, bare and load (the processes), processes (how they run and what
they took), peers (the others), measure (of all), product (of the guardrail alone), breakdown (the steps of one
exchange), report (tables and targets).
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from benchmarks import measure, peers, processes, product, report
from benchmarks.measure import Bench, Effort
from benchmarks.peers import Peer
from benchmarks.processes import Server
from benchmarks.report import BASELINE, EMPTY, Results

T = TypeVar("T")

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
QUICK = Effort(
    rounds=1,
    whole=10,
    first_tokens=2,
    conversations=1,
    notes=1,
    seconds=0.5,
    half_load_seconds=1.0,
    starts=1,
    hostile=1,
)


def main() -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What the guardrail adds to a chat.")
    parser.add_argument("--peers", action="store_true", help="measure what `make peers` installed, too")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, nothing written")
    parser.add_argument("--print", action="store_true", help="leave docs/benchmarks.md alone")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the servers are ended however we end
    results = run(QUICK if options.quick else Effort(), (peers.NGINX, *(peers.OTHERS if options.peers else ())))
    tables = report.markdown(results, "make bench ARGS=--peers" if options.peers else "make bench")
    print(tables)
    if not (options.quick or options.print):
        report.write(DOCUMENT, tables)
    return 0


def run(effort: Effort, others: tuple[Peer, ...]) -> Results:
    """Everything, in one run."""
    began, load_before = time.monotonic(), os.getloadavg()[0]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        direct = stack.enter_context(processes.upstream())
        servers = [
            stack.enter_context(processes.bare(direct)),
            stack.enter_context(processes.guardrail(EMPTY, direct, product.write_empty_policy(folder))),
            stack.enter_context(processes.guardrail(BASELINE, direct)),
        ]
        clients = stack.enter_context(processes.load()), stack.enter_context(processes.load())
        bench = Bench(direct, servers, *clients, effort)
        left_out = {peer.name: reason for peer in others if (reason := _join(bench, stack, peer, folder))}
        return _measure_all(bench, servers[2], left_out, began, load_before)


def _join(bench: Bench, stack: ExitStack, peer: Peer, folder: Path) -> str:
    """Start it and let it take part; or say why not."""
    if not peer.installed:
        return "not installed"
    own = folder / peer.name
    own.mkdir()
    try:
        server = _step(f"the start of {peer.name}", lambda: stack.enter_context(peer.start(bench.direct, own)))
        measure.reached(bench, server)
    except RuntimeError as error:
        return str(error)
    bench.servers.append(server)
    return ""


def _measure_all(
    bench: Bench, guardrail: Server, left_out: dict[str, str], began: float, load_before: float
) -> Results:
    reached = _step("what reaches the model", lambda: {each.name: measure.reached(bench, each) for each in bench.all})
    before = guardrail.metrics()
    whole = _step("whole answers", lambda: measure.whole(bench))
    after = guardrail.metrics()
    full = _step("saturation", lambda: measure.saturation(bench, bench.all))
    rates = {name: series.rate for name, series in full.items()}
    return Results(
        left_out=left_out,
        reached=reached,
        whole=whole,
        full=full,
        half=_step("half load", lambda: measure.half_load(bench, rates, bench.all)),
        streams=_step("streams", lambda: measure.streams(bench)),
        first=_step("first tokens", lambda: measure.first_tokens(bench)),
        delta_us=_step("a long stream", lambda: measure.per_delta_us(bench)),
        conversations=_step("conversations", lambda: measure.conversations(bench)),
        notes=_step("large messages", lambda: measure.notes(bench)),
        memory=measure.memory(bench.servers),
        states=_step("states of the payload", lambda: product.states(bench, guardrail)),
        large=_step("a large message and a stream", lambda: product.large(bench, guardrail)),
        workers=_step("workers", lambda: product.workers(bench)),
        hostile=_step("hostile requests", lambda: product.hostile(bench)),
        start_seconds=_step("start to ready", lambda: product.start_seconds(bench)),
        steps=_step("the steps of one exchange", product.breakdown),
        metrics_us=product.means_us(before, after),
        took_seconds=time.monotonic() - began,
        load_before=load_before,
    )


def _step(what: str, work: Callable[[], T]) -> T:
    print(f"{time.strftime('%H:%M:%S')} {what} ...", file=sys.stderr, flush=True)
    return work()


if __name__ == "__main__":
    sys.exit(main())
