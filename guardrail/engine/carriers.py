"""Where an answer could carry words away: addresses, link targets, tags, styles, scripts (TOK-03).

Knows text only; no placeholder and no value. Judges one window, and says "yes" wherever it is too short to tell.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from guardrail.rails.base import Window
from guardrail.text import Span

_LINK: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,20}://|(?:mailto|tel|sms|data|javascript|vbscript|file|xmpp|sips?|facetime|geo|magnet):|www\."
    r"|[\w-][.\u3002\uff0e\uff61][\w-]{1,63}[/?:#@]|[\w-]:\d{1,5}/|\\(?:url|href)\{)",
    re.IGNORECASE,
)
_QUOTED: Final = r"""(?:"[^"]*+"?|'[^']*+'?)"""
# Where an address may stand, as far as this window shows. In a tag only a quote that follows "=" hides a ">".
_CARRIERS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"<(?:[a-z/!?])(?:=\s*+{_QUOTED}|[^>])*+>?",
        r"<(?P<raw>style|script)\b(?:[^<]|<(?!/))*+",
        rf"\b(?:src|srcset|href|action|formaction|poster|background|data|style|cite|ping)\s?=\s?{_QUOTED}",
        rf"(?:\burl\(|@import\b)\s*+(?:{_QUOTED}|[^)\n]*+\)?)",
        r"""(?P<q>["'`])\s?(?:[a-z][a-z0-9+.-]{0,20}:)?//(?:(?!(?P=q)).)*+""",
    )
)
# The destination of a link that stands apart (`[r]: //host/path`), on its line or the next one, in angles or without a
# space. What makes it one that leaves the page: a sign of a scheme, a host or a path, also escaped or as an entity.
_APART: Final = re.compile(r"\]:[ \t]*+(?:\r?\n[ \t>]*+)?(?P<to><[^>\n]*+>?|\S++)")
_AWAY: Final = re.compile(r"[/\\&:%.\u3002\uff0e\uff61\uff0f\uff1a]")
_TARGET: Final = re.compile(r"\]\((?:\s*+<[^>\n]*+>?)?")
_ENDINGS: Final = re.compile(r"""["'] ?/?>|/>|>\)|["']\s[a-z:-]{1,20}=["']|(?P<bracket>["']\))""", re.IGNORECASE)
_LOOK_BACK: Final = 2_048
_HOST_BEHIND: Final = re.compile(
    r"[^\s<>()\[\]|,;]{0,40}?(?:@[\w-]|://|\.[a-z]{2,24}[/?#:])|(?:\.[a-z0-9-]{1,63}){1,8}\.[a-z]{2,24}(?![\w-])",
    re.IGNORECASE,
)


def is_in_link(window: Window, at: int, end: int, carriers: Sequence[Span]) -> bool:
    """True inside an address, a link's target or a tag, before the rest of one, and where the window can't tell."""
    text = window.text
    floor = max(0, at - _LOOK_BACK)
    begin = max(text.rfind(space, floor, at) for space in (" ", "\n", "\t")) + 1
    if begin == 0 and at > 0 and window.start + floor > 0:
        return True
    if window.start and not text[:begin].strip() and _AWAY.search(text, begin, at):
        return True  # a link that stands apart may have begun before the window
    last = bisect_right(carriers, at, key=lambda carrier: carrier.start) - 1
    if last >= 0 and at < carriers[last].end:
        return True
    return bool(_LINK.search(text, begin, at) or _HOST_BEHIND.match(text, end))


def carriers_of(window: Window) -> list[Span]:
    """The stretches of a window that an address may stand in, in order, without overlaps.

    A stretch that nothing closes goes on to the end. If the window begins inside one (something is closed that was
    never opened), the stretch begins with it: what was said before is not known here.
    """
    text = window.text
    found = [Span(*match.span()) for pattern in _CARRIERS for match in pattern.finditer(text)]
    carriers = _united([*found, *_targets(text), *_apart(text)])
    if window.start == 0:
        return carriers
    ends = [match.end() for match in _ENDINGS.finditer(text) if _closes_nothing(match, carriers)]
    return _united([Span(0, max(ends)), *carriers]) if ends else carriers


def _united(spans: Iterable[Span]) -> list[Span]:
    united: list[Span] = []
    for span in sorted(spans):
        if united and span.start <= united[-1].end:
            united[-1] = Span(united[-1].start, max(united[-1].end, span.end))
        else:
            united.append(span)
    return united


def _targets(text: str) -> Iterator[Span]:
    """From "](" to the bracket that closes it, to an empty line or to the end."""
    end = 0
    while match := _TARGET.search(text, end):
        end = _closing(text, match.end())
        yield Span(match.start(), end)


def _apart(text: str) -> Iterator[Span]:
    for match in _APART.finditer(text):
        if away := _AWAY.search(text, *match.span("to")):
            yield Span(away.start(), match.end())


def _closing(text: str, at: int) -> int:
    depth = 1
    while at < len(text) and depth and not text.startswith("\n\n", at):
        char = text[at]
        depth += (char == "(") - (char == ")")
        at += 2 if char == "\\" else 1
    return min(at, len(text))


def _closes_nothing(ending: re.Match[str], carriers: Sequence[Span]) -> bool:
    at, text = ending.start(), ending.string
    if any(carrier.start <= at < carrier.end for carrier in carriers):
        return False
    return not ending["bracket"] or text.rfind("(", 0, at) <= text.rfind(")", 0, at)
