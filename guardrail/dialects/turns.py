"""Which messages of a conversation are the turn to be answered. Knows no provider: a message has a `role`."""

from __future__ import annotations

from collections.abc import Iterator

from guardrail.wire.jsondoc import JsonValue


def last_run(messages: JsonValue) -> list[int]:
    """The numbers of the last run of user messages that no assistant interrupts.

    Results of tools, and an assistant's message after them (a call, a prefilled beginning), don't end the run.
    """
    return sorted(_backwards(messages if isinstance(messages, list) else []))


def _backwards(messages: list[JsonValue]) -> Iterator[int]:
    found = False
    for number in range(len(messages) - 1, -1, -1):
        message = messages[number]
        role = message.get("role") if isinstance(message, dict) else None
        if role == "user":
            found = True
            yield number
        elif found and role == "assistant":
            return
