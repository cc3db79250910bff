"""The analyzer child: `python -m guardrail.engine.analyzer module:function seconds`.

Reads one JSON line, does it, writes one JSON line. Knows no rail: the function on the command line builds them.
It ends when its input ends (the proxy is gone), and the kernel ends it when a job outlives its alarm, even inside a
regular expression that never lets go of the interpreter.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, BinaryIO

from guardrail.engine import messages
from guardrail.engine.dumps import forbid_dumps
from guardrail.engine.examine import examine_all, guarded
from guardrail.engine.messages import Message
from guardrail.errors import GuardrailError
from guardrail.rails.base import Rail

Factory = Callable[[str, Mapping[str, Any]], Rail]


class Analyzer:
    """The rails of one policy."""

    def __init__(self, factory: Factory) -> None:
        self._factory = factory
        self._rails: dict[str, Rail] = {}

    def answer(self, message: Message) -> Message:
        """The reply to one message. Never raises for what a rail does."""
        try:
            reply = self._load(message) if message["op"] == "load" else self._inspect(message)
        except GuardrailError as error:
            reply = messages.failed(error)
        return reply | {"serial": message.get("serial")}

    def _load(self, message: Message) -> Message:
        self._rails = {name: self._build(name, settings) for name, settings in message["rails"]}
        gc.collect()
        gc.freeze()  # what was loaded stays: no collection looks at it again
        return {}

    def _build(self, name: str, settings: Mapping[str, Any]) -> Rail:
        return guarded(name, lambda: self._factory(name, settings))

    def _inspect(self, message: Message) -> Message:
        return messages.found(*examine_all(self._rails, messages.read_jobs(message)))


def main(factory: str, seconds: str) -> None:
    """Serve until the input ends. A message may take `seconds`, unless it asks for more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    forbid_dumps()
    source, sink = _private_pipes()
    analyzer = Analyzer(_Late(factory))
    while line := source.readline():
        message = messages.read(line)
        signal.setitimer(signal.ITIMER_REAL, float(message.get("seconds", seconds)))
        sink.write(messages.write(analyzer.answer(message)))
        sink.flush()
        signal.setitimer(signal.ITIMER_REAL, 0)


class _Late:
    """The factory, imported when the first rail is built, so that a failing import is an answer and not a crash."""

    def __init__(self, path: str) -> None:
        self._module, _, self._function = path.partition(":")

    def __call__(self, name: str, settings: Mapping[str, Any]) -> Rail:
        build: Factory = getattr(import_module(self._module), self._function)
        return build(name, settings)


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Our two pipes, out of reach of a library that prints or reads."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return source, sink


if __name__ == "__main__":
    main(*sys.argv[1:])
