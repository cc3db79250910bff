"""What servers of open models add to OpenAI's API, and what is no text at all."""

from __future__ import annotations

from collections.abc import Mapping

from guardrail.dialects.document import refuse
from guardrail.dialects.walk import MANY_NUMBERS
from guardrail.wire.jsondoc import JsonValue

_GUIDES = (
    *("guided_json", "guided_regex", "guided_choice", "guided_grammar", "guided_decoding", "structured_outputs"),
    *("grammar", "json_schema", "regex", "ebnf"),
)


def is_guided(top: Mapping[str, JsonValue]) -> bool:
    """True if the model is held to a form: by the API's own field, or by those of vLLM, SGLang, TGI and llama.cpp."""
    if any(top.get(name) for name in _GUIDES):
        return True
    wanted = top.get("response_format")
    return isinstance(wanted, dict) and wanted.get("type") not in (None, "text")


def check_stops(top: Mapping[str, JsonValue]) -> None:
    """Raises UnreadablePayload for more tokens to stop at than are needed: they could spell a text."""
    stops = top.get("stop_token_ids")
    if isinstance(stops, list) and len(stops) >= MANY_NUMBERS:
        refuse("token_array", "/stop_token_ids")


def refuse_tokens(value: JsonValue, address: str) -> None:
    """Raises UnreadablePayload for a text in token numbers, or a list of such texts."""
    for each in value if isinstance(value, list) else ():
        if isinstance(each, int | float | list):
            refuse("token_array", address)
