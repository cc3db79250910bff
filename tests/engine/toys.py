"""Rails and rewriters small enough to see through, for the engine's tests. Also loaded by the analyzer child."""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from guardrail.engine.chain import Chain, Pace, Rule
from guardrail.engine.worker import InlineInspector
from guardrail.rails.base import SENTENCE, About, Rail, Reach, Window
from guardrail.text import Action, Direction, Finding, Role, Segment, Span

ANSWER = About(Direction.RESPONSE, Role.ASSISTANT, language="en")
PACE = Pace(min_gap=1, max_gap=96, context=96, max_hold=400)


@dataclass(frozen=True)
class PatternRail:
    """Finds what a regular expression finds; the name of the group is the label."""

    name: str
    pattern: str
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        for match in re.finditer(self.pattern, window.text):
            yield Finding(Span(*match.span()), self.name, match.lastgroup or "ANY", 0.9)


@dataclass(frozen=True)
class OpeningRail:
    """Speaks before the first word, and knows its own words when they come back."""

    name: str
    words: str
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        if not window.text and not window.start and not window.final:
            yield Finding(Span(0, 0), self.name, "origin")
        for match in re.finditer(re.escape(self.words), window.text):
            yield Finding(Span(*match.span()), self.name, "own")


@dataclass(frozen=True)
class Say:
    """Always the same words; for an own text, none."""

    words: str

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        return "" if finding.label == "own" else self.words


@dataclass(frozen=True)
class Capital:
    """Rewrites a phrase with the capital that its place asks for: it looks at the words around the finding."""

    words: str

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        before = text[: finding.span.start].rstrip()
        opens = not before or before[-1] in ".!?\n"
        return self.words.capitalize() if opens else self.words


class NumberedRewriter:
    """Numbers the values in the order in which it is first asked about them."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        value = text[finding.span.start : finding.span.end]
        return self._known.setdefault(value, f"[{finding.label}_{len(self._known) + 1}]")


PHI = PatternRail(
    "phi",
    r"(?P<NAME>(?:Dr\. )?Maria(?:\s+Lopez)*)|(?P<PHONE>555-\d{4})|(?P<OTHER_ID>ZQ\d{12})|(?P<URL>https?://\S+)",
    Reach(24),
)
VOICE = PatternRail("persona", r"(?P<opinion>I (?:think|suppose)(?: that)?)|(?P<feeling>I'm so sorry, Maria)")
MEDICAL = PatternRail("medical", r"(?P<general>\baspirin\b)|(?P<high>\bwarfarin\b)")
STOP = PatternRail("stop", r"(?P<never>FORBIDDEN)")
NOTICE = OpeningRail("notice", "<< a machine wrote this >>\n")


def toy_rules(*, notice: bool = True, stop: bool = False, shadow: bool = False) -> list[Rule]:
    rules = [
        Rule(rail="medical", action=Action.WARN, rewriter=Say("<< see a doctor >>\n"), shadow=shadow),
        Rule(rail="persona", action=Action.REPLACE, rewriter=Capital("it may be that"), shadow=shadow),
        Rule(rail="phi", action=Action.REPLACE, reach=PHI.reach, shadow=shadow),
    ]
    if notice:
        rules.insert(
            0,
            Rule(
                rail="notice",
                action=Action.REPLACE,
                labels={"origin": Action.WARN},
                rewriter=Say(NOTICE.words),
                local=NOTICE,
            ),
        )
    if stop:
        rules.append(Rule(rail="stop", action=Action.BLOCK))
    return rules


def toy_chain(*, pace: Pace = PACE, notice: bool = True, stop: bool = False, shadow: bool = False) -> Chain:
    rails = {rail.name: rail for rail in (PHI, VOICE, MEDICAL, STOP)}
    return Chain(toy_rules(notice=notice, stop=stop, shadow=shadow), InlineInspector(rails), pace)


def answer(text: str) -> Segment:
    return Segment("choices/0/content", Role.ASSISTANT, text)


# --- for the child process ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TroubleRail:
    """Does what the text says: raises, sleeps, loops, dies, prints, talks nonsense."""

    name: str
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        text = window.text
        if "RAISE" in text:
            raise ValueError(f"could not handle {text}")
        if "DIE" in text:
            os._exit(3)
        if "LOOP" in text:
            re.match(r"(a+)+$", "a" * 64 + "b")  # holds the interpreter's lock for longer than anyone can wait
        if match := re.search(r"SLEEP([\d.]+)", text):
            time.sleep(float(match.group(1)))
        if "PRINT" in text:
            sys.stdout.write("not part of the protocol\n")
            sys.stdout.flush()
        if "GARBAGE" in text:
            yield Finding(Span(0, len(text) + 7), self.name, "NAME")
        if "NAN" in text:
            yield Finding(Span(0, 1), self.name, "NAME", float("nan"))
        if "STRANGER" in text:
            yield Finding(Span(0, 1), "somebody-else", "NAME")
        if "QUOTE" in text:
            yield Finding(Span(0, 1), self.name, text)
        for match in re.finditer(r"Maria", text):
            yield Finding(Span(*match.span()), self.name, "NAME", 0.9)


class ColdRail:
    """Says of the first text that it ever reads that it had to get ready for it."""

    reach = SENTENCE

    def __init__(self, name: str) -> None:
        self.name = name
        self._warm = False

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        found = () if self._warm else (Finding(Span(0, len(window.text)), self.name, "COLD"),)
        self._warm = True
        return found


SAMPLES = ((Window("RAISE"), About()), (Window("Which floor?"), About()))
"""What each rail reads before anybody waits for it. One fails at it, and is asked all the same."""


def build(name: str, settings: Mapping[str, Any]) -> Rail:
    if settings.get("broken"):
        raise RuntimeError("Maria Lopez could not be built")
    if settings.get("thread"):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    if name == "trouble":
        return TroubleRail(name)
    if name == "cold":
        return ColdRail(name)
    return PatternRail(name, settings["pattern"])
