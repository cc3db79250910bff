"""Finds identifiers by their place in a pasted record: HL7 v2 segments, X12 transactions, FHIR JSON (EVA-09).

Reads the fields that those standards reserve for a person, and no others. Knows no cue words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from guardrail.rails.phi_text import Hit, ShapeRule, Words, by_shape

_PERSON: Final = r"[A-Z][A-Za-z'-]+\^[A-Z][A-Za-z'-]*(?:\^[A-Z][A-Za-z']*)?"
_HL7: Final = (
    ShapeRule("NAME", re.compile(rf"(?<=[|~])(?:\w{{4,20}}\^)?(?P<v>{_PERSON})(?=[\^|\r\n~]|\Z)"), 0.8),
    ShapeRule("SSN", re.compile(r"(?<!\d)(?P<v>\d{3}-?\d{2}-?\d{4})(?=\^{1,3}[^|\n]{0,12}SS)"), 0.95),
    ShapeRule("MRN", re.compile(r"(?<=[|~])(?P<v>[A-Z0-9-]{4,20})(?=\^\^\^[^|\n]{0,30}\^(?:MR|PI|PT|AN)\b)"), 0.95),
    ShapeRule("ADDRESS", re.compile(r"(?<=[|~])(?P<v>\d{1,6} [^|^\n]{3,40})(?=\^)"), 0.85),
    ShapeRule("LOCATION", re.compile(r"\^(?P<v>[A-Z][A-Za-z .'-]{2,30})(?=\^[A-Z]{2}\^\d{5})"), 0.85),
    ShapeRule("ADDRESS", re.compile(r"\^[A-Z]{2}\^(?P<v>\d{5}(?:-?\d{4})?)(?!\d)"), 0.9),
    ShapeRule("OTHER_ID", re.compile(r"(?m)^OBR\|[^|\n]*\|[^|\n]*\|(?P<v>[\w-]{4,20})"), 0.8),
    ShapeRule("ACCOUNT", re.compile(r"(?m)^PID(?:\|[^|\n]*){17}\|(?P<v>[\w-]{4,20})"), 0.9),
    ShapeRule("ORG_FACILITY", re.compile(r"(?m)^MSH\|[^|\n]*\|[^|\n]*\|(?P<v>[^|\n]{3,40})"), 0.7),
    ShapeRule("ORG_FACILITY", re.compile(r"(?m)^MSH\|(?:[^|\n]*\|){4}(?P<v>[^|\n]{3,40})"), 0.7),
)
_X12: Final = (
    ShapeRule("NAME", re.compile(r"NM1\*\w{2,3}\*1\*(?P<v>[A-Z' -]+\*[A-Z' -]*)"), 0.9),
    ShapeRule("HEALTH_PLAN", re.compile(r"NM1(?:\*[^*~\n]*){7}\*(?:MI|II)\*(?P<v>[A-Z0-9-]{4,30})"), 0.9),
    ShapeRule("LICENSE", re.compile(r"NM1(?:\*[^*~\n]*){7}\*XX\*(?P<v>\d{10})"), 0.9),
    ShapeRule("ADDRESS", re.compile(r"N3\*(?P<v>[^~\n]{3,60})"), 0.9),
    ShapeRule("LOCATION", re.compile(r"N4\*(?P<v>[^*~\n]{2,30})"), 0.9),
    ShapeRule("ADDRESS", re.compile(r"N4\*[^*~\n]{2,30}\*[A-Z]{2}\*(?P<v>\d{5,9})"), 0.9),
    ShapeRule("ACCOUNT", re.compile(r"CLM\*(?P<v>[\w-]{3,38})"), 0.9),
    ShapeRule("DATE", re.compile(r"(?:DMG\*D8|DTP\*\w{3}\*D8)\*(?P<v>\d{8})"), 0.9),
    ShapeRule("OTHER_ID", re.compile(r"REF\*\w{2}\*(?P<v>[\w-]{4,40})"), 0.8),
)
_KEY: Final = r"(?:\s*\\?\"\s*:\s*\[?\s*\\?\")"
_JSON: Final = (
    ShapeRule(
        "ADDRESS",
        re.compile(
            r"(?i)\"(?:postal_?code|zip(?:_?code)?|line|street(?:_?address)?"
            rf"|address(?:_?line_?\d)?){_KEY}(?P<v>[^\"\\]{{3,60}})"
        ),
        0.85,
    ),
    ShapeRule(
        "LOCATION", re.compile(rf"(?i)\"(?:city|district|county|town|birth_?place){_KEY}(?P<v>[^\"\\]{{2,40}})"), 0.85
    ),
    ShapeRule(
        "NAME",
        re.compile(
            r"(?i)\"(?:family|given|(?:first|last|given|family|middle|maiden"
            rf"|patient|full|display)_?name|surname|nick_?name){_KEY}(?P<v>[^\"\\\d]{{2,60}})"
        ),
        0.9,
    ),
    ShapeRule("NAME", re.compile(rf"\"given{_KEY}[^\"\\]{{1,40}}\\?\"\s*,\s*\\?\"(?P<v>[^\"\\\d]{{1,40}})"), 0.9),
    ShapeRule(
        "OTHER_ID",
        re.compile(
            rf"\"(?:value|id|identifier){_KEY}(?P<v>[A-Za-z]{{0,6}}-?(?=[\w-]{{0,20}}\d{{4}})[\w-]{{4,30}}"
            r")\\?\""
        ),
        0.6,
    ),
    ShapeRule(
        "OTHER_ID", re.compile(r"\"(?:id|reference)\"\s*:\s*\"(?:Patient/)?(?P<v>(?:pat|pt|patient)-[\w-]{3,40})"), 0.7
    ),
)


def find_in_records(words: Words) -> Iterator[Hit]:
    """Persons' fields of HL7, X12 and FHIR."""
    text = words.text
    if "^" in text and "|" in text:
        yield from by_shape(_HL7, words)
    if "*" in text and "~" in text:
        yield from by_shape(_X12, words)
    if '"' in text and ":" in text:
        yield from by_shape(_JSON, words)
