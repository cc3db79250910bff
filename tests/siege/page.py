"""The catalogue as a part of docs/threat-model.md: `.venv/bin/python -m tests.siege.page` writes it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.siege.census import Case, cases, exempt, where

PAGE = Path(__file__).parent.parent.parent / "docs" / "threat-model.md"
BEGIN = "<!-- the siege, written by `python -m tests.siege.page` from here on -->"
END = "<!-- up to here: the siege -->"
LLM = {
    "LLM01": "prompt injection", "LLM02": "sensitive information disclosure", "LLM03": "excessive agency",
    "LLM04": "supply chain", "LLM05": "data and model poisoning", "LLM06": "unbounded consumption",
    "LLM07": "misinformation", "LLM08": "hidden context exposure", "LLM09": "vector and embedding weaknesses",
    "LLM10": "improper output handling",
}  # fmt: skip
API = {
    "API1": "broken object level authorization", "API2": "broken authentication",
    "API3": "broken object property level authorization", "API4": "unrestricted resource consumption",
    "API5": "broken function level authorization", "API6": "unrestricted access to sensitive business flows",
    "API7": "server side request forgery", "API8": "security misconfiguration",
    "API9": "improper inventory management", "API10": "unsafe consumption of APIs",
}  # fmt: skip
CATEGORIES = {
    "HTTP": "Framing", "URL": "Routing", "HDR": "Headers", "SIZ": "Size and compression", "JSON": "Encoding and JSON",
    "FLD": "Fields that could hold PHI", "EVA": "Evasion", "TOK": "Placeholders and tenants", "SSE": "Streams",
    "UPS": "Failures of the provider", "AUD": "Audit log", "CFG": "Policy", "NLP": "Analyzer", "OPS": "Life and load",
    "SEC": "Administration and observability", "NOT": "Notices, blocking, flags",
}  # fmt: skip


def page(old: str) -> str:
    """The page with the part between the markers as it should be now."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{_siege()}\n{END}{after}"


def _siege() -> str:
    known, tested, left = list(cases().values()), where(), set(exempt())
    parts = [_sum(known, set(tested), left), _lists(known)]
    for short, name in CATEGORIES.items():
        rows = [case for case in known if case.category == short]
        parts.append(f"### {name}\n\n| id | | the attack | OWASP | where |\n|---|---|---|---|---|")
        parts[-1] += "".join(f"\n| {' | '.join(_row(case, tested.get(case.id, ())))} |" for case in rows)
    return "\n\n".join(parts) + "\n"


def _sum(known: Sequence[Case], tested: set[str], left: set[str]) -> str:
    of = Counter(case.priority for case in known)
    done = Counter(case.priority for case in known if case.id not in left)
    counts = ", ".join(f"{done[each]} of {of[each]} {each}" for each in sorted(of))
    more = f" Without a test yet: {', '.join(sorted(left))}." if left else ""
    return f"{len(known) - len(left)} of {len(known)} cases have their test or their setting: {counts}.{more}"


def _lists(known: Sequence[Case]) -> str:
    lines = ["| OWASP | | cases |", "|---|---|---:|"]
    for titles, year in ((LLM, "LLM Top 10 2026"), (API, "API Security Top 10 2023")):
        counts = Counter(entry for case in known for entry in f"{case.llm} {case.api}".split())
        lines += [f"| {entry} | {title} ({year}) | {counts[entry]} |" for entry, title in titles.items()]
    return "\n".join(lines)


def _row(case: Case, tests: Sequence[str]) -> Iterator[str]:
    yield case.id
    yield case.priority
    yield re.sub(r"([|<>*_\[\]\\`])", r"\\\1", case.what)
    yield " ".join(f"{case.llm} {case.api}".split())
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    links = [f"[`{file.removeprefix('tests/')}`](../{file})" for file in files]
    yield ", ".join([*links, *([case.front] if case.front else ())]) or "not yet"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
