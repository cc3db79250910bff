"""What a policy tells every dialect: limits, log probabilities, and which parts that are not text may pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from guardrail.dialects.media import MediaRules
from guardrail.wire.jsondoc import MAX_DEPTH


class Logprobs(StrEnum):
    """What happens with log probabilities: they spell the answer a second time, token by token.

    DROP            always null
    KEEP_UNCHANGED  kept where not a word of that choice was changed, and without the alternatives (`top_logprobs`),
                    which nobody has inspected
    """

    DROP = "drop"
    KEEP_UNCHANGED = "keep_unchanged"


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits are counts, `max_event` bytes, `max_depth` arrays and objects inside each other.

    `models` names the models that a listing may show, as patterns of `fnmatch`; empty: all.
    `keep_at_provider`: the provider may store conversations (`store: true`); else every request says that it must not.
    """

    logprobs: Logprobs = Logprobs.DROP
    max_messages: int = 2_000
    max_strings: int = 50_000
    max_depth: int = MAX_DEPTH
    max_event: int = 1 << 20
    media: MediaRules = field(default_factory=MediaRules)
    models: Sequence[str] = ()
    keep_at_provider: bool = False


DEFAULTS = Settings()
