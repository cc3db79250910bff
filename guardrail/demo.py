"""The demonstration: a built-in stand-in for an LMM, the proxy in front of it, one clinical chat, four views.

The stand-in is no model: it answers from a fixed script in a talkative, human-like voice and quotes what it
was sent, so that a reader sees what a model would have seen. It listens on loopback only.
"""

from __future__ import annotations

import asyncio
import difflib
import json
import logging
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import groupby
from socket import create_server

import uvicorn
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from guardrail import server
from guardrail.errors import GuardrailError, PolicyError
from guardrail.record import log
from guardrail.service import Options, Service, serve_until_stopped
from guardrail.tryout import IN, OUT, has_colour, marked

MODEL = "guardrail-demo-stand-in"
CHAT = [
    {"role": "system", "content": "You answer questions of patients at Riverside General Hospital."},
    {
        "role": "user",
        "content": (
            "Hello, my name is Maria Delgado, born 03/14/1961, MRN 20417745. I saw Dr. Okafor on 2 November 2026 "
            "about my migraine. I take propranolol 40 mg and my blood pressure was 148/86. "
            "Can I take ibuprofen with it? You can call me at (415) 555-0172."
        ),
    },
]
# Each way of posing as a person once: a feeling, a guess, advice, an office.
SCRIPT = (
    "Hello {name}! I'm so happy that you wrote to me. "
    "I think that ibuprofen can raise blood pressure and may weaken propranolol. "
    "I suggest that you ask {doctor} before you combine them. "
    "As your doctor, I want you to keep a headache diary. "
    'Your last visit was on {date}.\n\nYou wrote: "{question}"'
)


@dataclass
class StandIn:
    """The built-in LMM: an OpenAI-compatible server that remembers the last body it received."""

    seen: list[bytes] = field(default_factory=list)

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(routes=[Route("/v1/chat/completions", self._chat, methods=["POST"])])

    async def _chat(self, request: Request) -> Response:
        body = await request.body()
        self.seen = [body]
        asked = json.loads(body)
        answer = stand_in_answer(str(asked["messages"][-1]["content"]))
        if asked.get("stream"):
            return StreamingResponse(_stream(answer), media_type="text/event-stream")
        return JSONResponse(
            _payload("chat.completion", {"message": {"role": "assistant", "content": answer}, "finish_reason": "stop"})
        )


def stand_in_answer(question: str) -> str:
    """The script, filled with the name, doctor and date as the question shows them (placeholders, we hope)."""

    def first(pattern: str, otherwise: str) -> str:
        found = re.search(pattern, question)
        return found.group(1) if found else otherwise

    name = first(r"my name is ([^,.]+)", "there")
    return SCRIPT.format(
        name=name,
        doctor=first(r"saw (Dr\. (?:\[[^\]]*\]|\w+))", "a doctor"),
        date=first(r" on (\[[^\]]*\]|\d+ \w+ \d{4})", "last week"),
        question=question,
    )


def _payload(kind: str, choice: dict[str, object]) -> dict[str, object]:
    whole = {"index": 0, **choice}
    return {"id": "chatcmpl-demo", "object": kind, "created": 1_790_000_000, "model": MODEL, "choices": [whole]}


async def _stream(answer: str) -> AsyncIterator[bytes]:
    yield _event({"delta": {"role": "assistant", "content": ""}, "finish_reason": None})
    for word in re.findall(r"\S+\s*", answer):
        yield _event({"delta": {"content": word}, "finish_reason": None})
        await asyncio.sleep(0.01)
    yield _event({"delta": {}, "finish_reason": "stop"})
    yield b"data: [DONE]\n\n"


def _event(choice: dict[str, object]) -> bytes:
    return b"data: " + json.dumps(_payload("chat.completion.chunk", choice)).encode() + b"\n\n"


def text_of_stream(body: bytes) -> str:
    """The words of choice 0 in an OpenAI event stream, joined."""
    frames = (line[6:] for line in body.decode().splitlines() if line.startswith("data: {"))
    deltas = (json.loads(frame)["choices"] for frame in frames)
    return "".join(choices[0]["delta"].get("content") or "" for choices in deltas if choices)


def text_of_messages(body: bytes) -> str:
    """The conversation of a request body, a line per message."""
    return "\n\n".join(f"{m['role']}: {m['content']}" for m in json.loads(body)["messages"])


_WORD = re.compile(r"\[[^\]\n]*\]|\s+|[\w'-]+|.", re.DOTALL)


_GONE, _STAND_IN, _FRESH = "bold strike white on red", "bold underline black on yellow", "bold underline black on green"
_NARROW = 100
"""Columns under which the views stand below each other."""


def highlight(before: str, after: str, *, fresh: str, colour: bool) -> tuple[Text, Text]:
    """Both texts, with what the other one lacks in colour, or in marks if there is none."""
    left, right = _WORD.findall(before), _WORD.findall(after)
    old, new = [], []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        old.append((tag != "equal", "".join(left[a:b])))
        new.append((tag != "equal", "".join(right[c:d])))
    return _painted(old, OUT, _GONE, colour), _painted(new, IN, fresh, colour)


def _painted(pieces: Sequence[tuple[bool, str]], marks: str, style: str, colour: bool) -> Text:
    """Neighbours are painted as one: white space between two changed words counts as changed."""
    flags = [
        changed or (text.isspace() and all(near for near, _ in pieces[max(0, at - 1) : at + 2 : 2]))
        for at, (changed, text) in enumerate(pieces)
    ]
    shown = Text()
    for changed, group in groupby(zip(flags, pieces, strict=True), key=lambda pair: pair[0]):
        text = "".join(piece for _, (_, piece) in group)
        shown.append(marked(text, marks, style, colour=colour) if changed and text else text)
    return shown


def render(sent: bytes, saw: bytes, answered: str, received: str, *, colour: bool, narrow: bool) -> Table:
    """The four views: two by two, or below each other where there is little room."""
    app_sent, model_saw = highlight(text_of_messages(sent), text_of_messages(saw), fresh=_STAND_IN, colour=colour)
    model_said, app_got = highlight(answered, received, fresh=_FRESH, colour=colour)
    panels = [
        Panel(body, title=title, title_align="left", border_style=style)
        for body, title, style in (
            (app_sent, "1  what the application sent", "red"),
            (model_saw, "2  what the model saw", "yellow"),
            (model_said, "3  what the model answered", "red"),
            (app_got, "4  what the application received", "green"),
        )
    ]
    across = 1 if narrow else 2
    table = Table.grid(expand=True, padding=(0, 1))
    for _ in range(across):
        table.add_column(ratio=1)
    for at in range(0, len(panels), across):
        table.add_row(*panels[at : at + across])
    return table


def legend(*, colour: bool) -> Text:
    """What the colours or the marks mean."""
    return Text("\n").join(
        Text.assemble("  ", marked(word, marks, style, colour=colour), f" {meaning}")
        for word, marks, style, meaning in (
            (
                " red " if colour else "out",
                OUT,
                _GONE,
                "never left the house (1), or was replaced before it was passed on (3)",
            ),
            (" yellow " if colour else "in", IN, _STAND_IN, "stands in for it (2)"),
            (" green " if colour else "in", IN, _FRESH, "put back, rewritten or added by the guardrail (4)"),
        )
    )


def run(*, once: bool, port: int) -> int:
    """`guardrail demo`: one exchange, shown; then serves until Ctrl-C unless `once`. Returns the exit status."""
    log.configure(logging.WARNING)
    console = Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 150, highlight=False)
    try:
        server.run_forever(lambda: _demonstrate(console, once=once, port=port))
    except (server.PortInUse, GuardrailError) as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, PolicyError) else 1
    return 0


async def _demonstrate(console: Console, *, once: bool, port: int) -> None:
    stand_in = StandIn()
    async with _listening(stand_in) as upstream:
        service = Service(Options(upstream=upstream, listen=server.Listen(port=port, admin_port=0)))
        ports: asyncio.Future[tuple[int, int]] = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(serve_until_stopped(service, lambda *both: ports.set_result(both)))
        await asyncio.wait((serving, ports), return_when=asyncio.FIRST_COMPLETED)
        if ports.done():
            proxy, admin = ports.result()
            await _one_exchange(console, stand_in, proxy)
            if once:
                signal.raise_signal(signal.SIGTERM)
            else:
                console.print(
                    f"The proxy goes on: base URL http://127.0.0.1:{proxy}/v1, "
                    f"metrics http://127.0.0.1:{admin}/metrics, stand-in {upstream}. Ctrl-C ends it."
                )
        await serving


async def _one_exchange(console: Console, stand_in: StandIn, port: int) -> None:
    sent = json.dumps({"model": MODEL, "stream": True, "messages": CHAT}).encode()
    status, headers, received = await asyncio.to_thread(_ask, port, sent)
    if status != 200:
        raise GuardrailError(f"the proxy answered {status}")
    show(console, sent, stand_in, received, headers)


def _ask(port: int, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
    """What a clinical application does: a plain POST to the proxy."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(connection):
        connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


@asynccontextmanager
async def _listening(stand_in: StandIn) -> AsyncIterator[str]:
    """The stand-in on a free port of loopback; gives its base URL."""
    config = uvicorn.Config(stand_in.app(), log_config=None, access_log=False, lifespan="off")
    lmm = uvicorn.Server(config)
    socket = create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(lmm._serve(sockets=[socket]))  # `serve` would take the signals that the proxy needs
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        lmm.should_exit = True
        await serving


def show(console: Console, sent: bytes, stand_in: StandIn, answer: bytes, headers: Mapping[str, str]) -> None:
    """Print the four views of one streamed exchange."""
    saw = stand_in.seen[-1]
    model_said = stand_in_answer(str(json.loads(saw)["messages"][-1]["content"]))
    console.print("\n[bold]One clinical chat through the guardrail[/bold]")
    console.print(f"(the LMM is {MODEL}: a built-in script, no model)\n")
    colour, narrow = has_colour(console), console.width < _NARROW
    console.print(render(sent, saw, model_said, text_of_stream(answer), colour=colour, narrow=narrow))
    console.print(legend(colour=colour))
    shown = ("x-guardrail-receipt", "x-guardrail-action", "ai-disclosure")
    lines = [f"  {name}: {headers[name]}" for name in shown if name in headers]
    why = f"  What was done and why: guardrail receipt {headers.get('x-guardrail-receipt', 'ID')}"
    console.print("\n".join(["", *lines, "", why, ""]))
