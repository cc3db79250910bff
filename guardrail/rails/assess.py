# ruff: noqa: RUF001 - the letters of other scripts are the point
"""What the user's turn is about, from what the medical and crisis rails found in it (WHO-07, WHO-51).

Pure: findings and texts in, an Assessment out. Knows no rail's words, only the shape of their labels:
medical: "<general|high>.<topic>", crisis: "emergency.<code>" and "self_harm". An attempt under way is both: its risk is
self_harm and "emergency" is among its topics.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from guardrail.text import UNASSESSED, Assessment, Finding, Risk

Looked = tuple[str, Sequence[Finding]]

OVERDOSE: Final = "overdose"
OVERDOSE_SIGN: Final = "emergency.rf6"
_ORDER: Final = tuple(Risk)
_RECENT: Final = 3
# A turn that can't be understood alone: short, and it points back ("and can I take it with the other one?").
_FRAGMENT_CHARS: Final = 90
_POINTS_BACK: Final = re.compile(
    r"^\W*(?:and|but|so|also|or|what about|how about|same|then|y|pero|e|et|mais|und|aber|oder|и|а|но|那|还|和|और|तो|و|"
    r"na|dan|terus|kalau)\b"
    r"|\b(?:it|that|this|them|those|these|one|ones|other|same|eso|esto|lo|ça|cela|es|das|isso|это|его|ese|itu|hiyo|"
    r"ci)\b"
    r"|[它这那]|आخذه|آخذه|यह|इसे",
    re.IGNORECASE,
)


def assess(turn: Sequence[Looked], history: Sequence[Looked]) -> Assessment:
    """Fold the findings of the turn to be answered; of the history where the turn leans on it.

    Both are (text, findings) in document order; `history` holds earlier user texts. The strongest risk wins.
    """
    findings = [finding for _, found in turn for finding in found]
    recent = [finding for _, found in history[-_RECENT:] for finding in found]
    asked = "\n".join(text for text, _ in turn)
    if _leans(asked):
        return _fold([*findings, *recent])  # "and how many of them?" after a sentence about tablets is about tablets
    # who wrote of dying a moment ago is not past it because the subject changed
    carried = [finding for finding in recent if _risk(finding) is Risk.SELF_HARM]
    if len(asked) <= _FRAGMENT_CHARS:  # "ok what should I do" after crushing chest pain is about the chest pain
        last = [finding for _, found in history[-1:] for finding in found]
        carried += [finding for finding in last if _risk(finding) is Risk.EMERGENCY]
    return _fold([*findings, *carried])


def _fold(findings: Sequence[Finding]) -> Assessment:
    risks = [_risk(finding) for finding in findings]
    risk = max(risks, key=_ORDER.index, default=Risk.NONE)
    flags = tuple(sorted({flag for finding in findings if (flag := _flag(finding))}))
    if risk is Risk.NONE:
        return Assessment(flags=flags) if flags else UNASSESSED
    topics = {topic for finding in findings if (topic := _topic(finding))}
    if risk is Risk.SELF_HARM and Risk.EMERGENCY in risks:
        topics.add(Risk.EMERGENCY.value)
    return Assessment(medical=True, topics=tuple(sorted(topics)), risk=risk, flags=flags)


def _risk(finding: Finding) -> Risk:
    level = finding.label.partition(".")[0]
    if finding.rail in ("medical", "crisis") and level in set(Risk):
        return Risk(level)
    return Risk.NONE


def _flag(finding: Finding) -> str:
    kind, _, name = finding.label.partition(".")
    return name if kind == "about" and finding.rail in ("medical", "notice") else ""


def _topic(finding: Finding) -> str:
    if finding.rail == "medical" and not finding.label.startswith("about."):
        topic = finding.label.partition(".")[2]
        return "" if topic == "question" else topic
    if finding.label == OVERDOSE_SIGN:
        return OVERDOSE
    return "mental_health" if finding.label == Risk.SELF_HARM else ""


def _leans(text: str) -> bool:
    return len(text) <= _FRAGMENT_CHARS and bool(_POINTS_BACK.search(text))
