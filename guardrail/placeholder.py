"""What our own placeholders look like, and nothing else: a closed list of words, details and short numbers.

Text in a placeholder's clothes is anybody's to write. So only what can hold no value is passed over: neither a detail
in free words (`[PATIENT_1: Maria Lopez]`) nor a name in the place of a label (`JOHN_SMITH_7`) nor a long number
(`MRN_482913`).
"""

from __future__ import annotations

import re
from typing import Final

_LABELS: Final = """
    NAME PATIENT CLINICIAN RELATIVE DATE AGE AGE_OVER_89 ADDRESS LOCATION ORG_FACILITY PHONE FAX EMAIL SSN MRN
    HEALTH_PLAN ACCOUNT LICENSE VEHICLE DEVICE URL IP BIOMETRIC OTHER_ID
"""
WORDS: Final = tuple(_LABELS.split())
"""What stands before the number."""

DETAILS: Final = (
    "surname",
    "first name",
    "middle name",
    "first names",
    "last names",
    "part of name",
    "short name",
    "initials",
    "initial and surname",
    "first name and initial",
    "with middle initial",
    "without suffix",
    "full name",
    "surname first",
    "written another way",
)
"""Which form of a name is meant; a number may follow."""

_WORD: Final = rf"(?i:{'|'.join(sorted(WORDS, key=len, reverse=True))})"
_NUMBER: Final = r"[1-9]\d{0,2}"
_FORM: Final = rf"(?i:{'|'.join(sorted(DETAILS, key=len, reverse=True))})(?: {_NUMBER})?"
_DISTANCE: Final = (
    rf"(?:\d{{1,5}} days?|over 89 years) (?:before|after) DATE_{_NUMBER}|same day as DATE_{_NUMBER}|over 89"
)

PLACEHOLDER: Final = re.compile(
    rf"\[{_WORD}(?:_{_NUMBER}(?:: ?(?:{_FORM}|{_DISTANCE}))?| removed)\]"
    rf"|(?<![A-Za-z0-9_]){_WORD}_(?:{_NUMBER}(?:_{_FORM.replace(' ', '_')})?|removed)(?![A-Za-z0-9_])"
    r"|(?<![\w.])90\+(?!\w)"
)
"""What stands for a value in our own output: nobody's words, because no value fits in."""
