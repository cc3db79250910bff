"""The console's pages, without any script, and with the headers that keep it so."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from markupsafe import Markup

from guardrail.templates import Environment, environment

_HERE: Final = Path(__file__).parent
_DIGEST: Final = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")
_A_TIME: Final = 10**15
"""Microseconds since 1970 are more; nothing else that is counted is."""
HTML: Final = "text/html; charset=utf-8"
JSON: Final = "application/json"


@cache
def style() -> str:
    """The style sheet, which stands in every page: no second request, and nothing to allow but its hash."""
    return (_HERE / "style.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    made = environment(_HERE / "templates")
    made.filters["short"] = _short
    made.globals["style"] = Markup(style())  # noqa: S704 - our own file; its hash is in the policy of every page
    made.globals["parts"] = made.get_template("parts.html").module
    return made


def _short(fact: object) -> str:
    """A fact for people: a digest by its beginning, a time as one, yes and no in words."""
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if isinstance(fact, int) and fact >= _A_TIME:
        return datetime.fromtimestamp(fact / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return _DIGEST.sub(r"\1…", str(fact))


def render(name: str, **values: object) -> str:
    """A page. Raises jinja2.TemplateError if a value that it needs is not there."""
    return _environment().get_template(f"{name}.html").render(**values)


@cache
def headers() -> Mapping[str, str]:
    """What every page says besides its words: nothing loads, nothing frames it, nothing keeps it.

    The referrer stays within: with `no-referrer` browsers would send forms without their origin.
    """
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    return {
        "content-security-policy": policy,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }


def wants_page(accept: str) -> bool:
    """True if an Accept header would rather have HTML than JSON; who takes anything gets JSON, as ever."""
    weights = dict(_weights(accept))
    page, data = weights.get("text/html", 0.0), weights.get(JSON, 0.0)
    return page > 0 and page >= data


def _weights(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept[:1_000].split(","):
        kind, *parameters = (each.strip().lower() for each in part.split(";"))
        weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            found.append((kind, float(weight)))
        except ValueError:
            found.append((kind, 0.0))
    return found
