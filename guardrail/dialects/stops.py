"""Why an answer ends: the words of all providers for one that was cut off, and for one of which a part was withheld.

One vocabulary for all dialects; a dialect only says where the reason stands. A word that nobody knows is taken for an
end in good order: a note under every answer of a new provider would soon be read by nobody. WHO-41.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from guardrail.events import CUT, FILTERED, Stop
from guardrail.wire.jsondoc import JsonValue

_CUT: Final = frozenset(
    {
        *("length", "max_tokens", "max_output_tokens", "max_length", "model_length", "token_limit", "time_limit"),
        *("model_context_window_exceeded", "context_length_exceeded", "timeout", "error", "error_limit"),
        *("abort", "aborted", "cancelled", "canceled", "network_error", "insufficient_system_resource"),
        *("malformed_function_call", "malformed_response", "malformed_model_output", "malformed_tool_use", "other"),
    }
)
_FILTERED: Final = frozenset(
    {
        *("content_filter", "content_filtered", "guardrail_intervened", "refusal", "safety", "recitation", "blocklist"),
        *("prohibited_content", "spii", "language", "jailbreak", "model_armor", "sensitive", "error_toxic"),
        *("image_safety", "image_prohibited_content", "image_recitation"),
    }
)


def kind_of(reason: str) -> str:
    """CUT, FILTERED, or "" for an end in good order. Providers differ in upper and lower case."""
    word = reason.lower()
    return CUT if word in _CUT else FILTERED if word in _FILTERED else ""


def stops(top: JsonValue, places: Sequence[str], *, numbered: bool = False) -> tuple[Stop, ...]:
    """What the reasons at these places say. `*` in a place is each element of a list: a choice of its own.

    Choices are counted by their place in the list; if `numbered`, by their own `index`, as the frames of streams are.
    """
    return tuple(stop for place in places for stop in _stops(top, place, numbered))


def _stops(top: JsonValue, place: str, numbered: bool) -> Iterator[Stop]:
    above, several, below = place.partition("/*")
    if not several:
        reason = _at(top, place)
        if isinstance(reason, str) and reason:
            yield Stop(kind_of(reason))
        return
    elements = _at(top, above)
    for position, element in enumerate(elements if isinstance(elements, list) else ()):
        reason = _at(element, below)
        if isinstance(reason, str) and reason:
            own = element.get("index") if numbered and isinstance(element, dict) else None
            yield Stop(kind_of(reason), own if type(own) is int else position)


def _at(value: JsonValue, pointer: str) -> JsonValue:
    for name in pointer.split("/")[1:]:
        value = value.get(name) if isinstance(value, dict) else None
    return value
