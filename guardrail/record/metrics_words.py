"""The words that labels of metrics may have: closed sets, and the vocabulary of the policy in force.

Whatever is in none of them counts as "other" (a user group: "unspecified"), so that no client can make the number
of series grow (SEC-05). The names of models are the one thing that is learnt: see `Models`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from guardrail.record import entry
from guardrail.record.reasons import CODES

OTHER: Final = "other"
UNSPECIFIED: Final = "unspecified"
NONE: Final = "none"

STATUSES: Final = frozenset(
    str(status)
    for status in (
        *(200, 400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 426, 429, 431, 499),
        *(500, 501, 502, 503, 504, 529),
    )
)
"""499: the client went away before the answer was complete (nginx's convention)."""

STAGES: Final = frozenset(
    {"head", "body", "route", "auth", "read", "request", "upstream", "response", "write", "policy", "app"}
)
"""Where an exchange failed, in the order of the journey."""

UNINSPECTED: Final = frozenset(
    {"endpoint", "part_type", "image", "audio", "file", "video", "content_encoding", "content_type", "unknown_field"}
    | {f"released_{family}" for family in ("image", "audio", "video", "application", "link", "other")}
)
"""Why something was refused because nothing could look inside; `released_*`: it passed, since the policy says so."""

GATES: Final = frozenset({"consent", "age", "training", "setting", "tasks"})
HEADERS: Final = frozenset(
    f"x-guardrail-{name}"
    for name in (
        *("age-band", "sex", "ethnicity", "disability", "role", "surface", "consent", "guardian-consent", "language"),
        *("use", "training-date"),
    )
)
"""Headers whose values are codes of closed lists."""
REASONS: Final = frozenset(CODES)
NOTICE_KINDS: Final = frozenset({"notice", "warning", "emergency", "self_harm"})
PHASES: Final = frozenset({"request", "first_token", "per_delta"})
RELOADS: Final = frozenset({"ok", "failed", "unchanged"})
RECALLS: Final = frozenset({"hit", "miss"})
AUDIT_RESULTS: Final = frozenset({"written", "failed"})
CRISES: Final = frozenset({"emergency", "self_harm"})
CALLS: Final = frozenset({"sent", "failed", "lost"})
EXPIRING: Final = frozenset({"service", "text"})
SCOPES: Final = frozenset({"all", "upstream", "client", "model", "capability"})
"""What a suspension can stop (WHO-11)."""
TOKENS: Final = ("input", "output", "cached", "reasoning")
CURRENCIES: Final = frozenset(
    {"USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "CAD", "AUD", "BRL", "KRW", "SEK", "NOK", "DKK", "PLN", "ZAR"}
)
CASE_KINDS: Final = frozenset({"error", "harm", "contest", "praise"})
CASE_OUTCOMES: Final = frozenset(
    {"opened", "reopened", "upheld", "partly_upheld", "not_upheld", "duplicate", "no_case"}
)
ADMIN_RESULTS: Final = frozenset({"ok", "unauthorized", "forbidden", "limited"})

MAX_MODELS: Final = 30


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The label values that the policy in force makes possible. `models` are those that it names in full."""

    clients: frozenset[str] = frozenset()
    upstreams: frozenset[str] = frozenset()
    dialects: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    findings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    cohorts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    countries: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()

    def one_of(self, values: frozenset[str], value: str) -> str:
        """The value if it is known or "none", else "other"."""
        return value if value in values or value == NONE else OTHER


class Models:
    """The names of models that may stand in a label: at most 30, those that the policy names before all others.

    Others are learnt, first come first served, from answers only: that a client asked for a name makes no series.
    """

    def __init__(self) -> None:
        self._named: frozenset[str] = frozenset()
        self._learnt: dict[str, str] = {}

    def use(self, named: frozenset[str]) -> None:
        """These are the policy's names now."""
        self._named = frozenset(sorted(named)[:MAX_MODELS])

    def label(self, model: str) -> str:
        """The name as a label."""
        if model in self._named or model in self._learnt:
            return model
        if len(self._named) + len(self._learnt) >= MAX_MODELS:
            return OTHER
        word = str(entry.code(model))
        if word == model:
            self._learnt[model] = word
        return word


class ServedModels:
    """Which model answers under which name (WHO-44). Remembers the last one for each provider and asked model."""

    _MAX: Final = 8 * MAX_MODELS

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], str] = {}

    def answered(self, upstream: str, asked: str, served: str) -> tuple[bool, bool]:
        """(it is not what was known, it is another one than before). The first sight of a name is no change."""
        key = (upstream, asked)
        before = self._last.get(key)
        if before == served or (before is None and len(self._last) >= self._MAX):
            return False, False
        self._last[key] = served
        return True, before is not None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each asked model with what answers now."""
        return list(dict.fromkeys((asked, served) for (_, asked), served in self._last.items()))
