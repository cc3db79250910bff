"""An analyzer: a process that inspects windows for one proxy, one JSON line each way. It is forked by `nursery`.

Knows no rail. It ends when its input ends (the proxy is gone), and the kernel ends it when a job outlives its alarm,
even inside a regular expression that never lets go of the interpreter.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from itertools import product
from typing import Any

from guardrail.engine import messages
from guardrail.engine.dumps import forbid_dumps
from guardrail.engine.examine import examine_all, guarded
from guardrail.engine.messages import Message, RailSpec
from guardrail.errors import GuardrailError
from guardrail.rails.base import About, Rail, Window

Factory = Callable[[str, Mapping[str, Any]], Rail]
Sample = tuple[Window, About]


class Analyzer:
    """The rails of one policy."""

    def __init__(self, factory: Factory) -> None:
        self._factory = factory
        self._rails: dict[str, Rail] = {}

    def load(self, spec: Sequence[RailSpec]) -> None:
        """Build these rails. Raises GuardrailError."""
        self._rails = {name: self._build(name, settings) for name, settings in spec}

    def warm(self, samples: Iterable[Sample]) -> None:
        """Everything is used once: much is compiled at its first use (patterns, mostly)."""
        for name, sample in product(self._rails, samples):
            with suppress(GuardrailError):  # a rail that fails says so to who asks it
                examine_all(self._rails, [(*sample, (name,))])

    def answer(self, message: Message) -> Message:
        """The reply to one message. Never raises for what a rail does."""
        try:
            reply = messages.found(*examine_all(self._rails, messages.read_jobs(message)))
        except GuardrailError as error:
            reply = messages.failed(error)
        return reply | {"serial": message.get("serial")}

    def _build(self, name: str, settings: Mapping[str, Any]) -> Rail:
        return guarded(name, lambda: self._factory(name, settings))


def serve(analyzer: Analyzer, line: socket.socket, seconds: float) -> None:
    """Says that it is there, and answers until the input ends. A message may take `seconds`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    forbid_dumps()
    with line, line.makefile("rb") as source:
        line.sendall(messages.write({"serial": 0}))
        while asked := source.readline():
            message = messages.read(asked)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            line.sendall(messages.write(analyzer.answer(message)))
            signal.setitimer(signal.ITIMER_REAL, 0)


class Late:
    """The factory, imported when the first rail is built, so that a failing import is an answer and not a crash."""

    def __init__(self, path: str) -> None:
        self._module, _, self._function = path.partition(":")

    def __call__(self, name: str, settings: Mapping[str, Any]) -> Rail:
        """The rail."""
        build: Factory = getattr(import_module(self._module), self._function)
        return build(name, settings)
