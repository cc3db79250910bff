"""What part somebody plays in the text, where the words beside the name say so plainly: patient, clinician, relative.

Knows words only; no placeholder, no detector. Plain means a cue that touches the name ("Dr. Reed", "pt Reed", "his
daughter Ana", "Reed, 67M"); whoever has none stays a mere name, because a wrong part would mislead the model.
"""

from __future__ import annotations

import re
from typing import Final

PATIENT: Final = "PATIENT"
CLINICIAN: Final = "CLINICIAN"
RELATIVE: Final = "RELATIVE"

_BEFORE: Final = 48
_AFTER: Final = 40

_PROFESSION: Final = (
    "doctor|physician|surgeon|nurse|nurse practitioner|midwife|pharmacist|therapist|physiotherapist|psychologist"
    "|psychiatrist|paramedic|dentist|dietitian|hospitalist|anesthesiologist|an(?:a)?esthetist|registrar|intern"
    "|cardiologist|neurologist|oncologist|radiologist|pathologist|p(?:a)?ediatrician|gyn(?:a)?ecologist|urologist"
    "|dermatologist|endocrinologist|gastroenterologist|nephrologist|pulmonologist|rheumatologist|h(?:a)?ematologist"
    "|ophthalmologist|orthop(?:a)?edist|obstetrician|internist|geriatrician|intensivist|social worker|case manager"
    "|m[eé]dic[oa]|enfermer[oa]|m[eé]decin|infirmi(?:er|[eè]re)|arzt|[aä]rztin|pfleger|krankenschwester|infermier[ae]"
)
_OFFICE: Final = (
    "attending(?: physician)?|resident physician|consultant|provider|pcp|gp|primary care (?:provider|physician|doctor)"
    "|clinician|practitioner|prescriber|examiner|radiographer|technologist|consulting|referring|ordering|author"
)
_TITLE: Final = r"drs?|dra|docteur|dott(?:\.?ssa)?|prof|professor|sister in charge|rn|np|pa-c|crna|md"
_KIN: Final = (
    "wife|husband|spouse|partner|fianc[eé]e?|girlfriend|boyfriend|mother|father|mom|mum|mommy|mummy|dad|daddy|parents?"
    "|son|daughter|child|baby|twin|sister|brother|sibling|aunt|uncle|niece|nephew|cousin"
    "|(?:great-)?grand(?:mother|father|ma|pa|son|daughter|child|parent)|step(?:mother|father|son|daughter|child)"
    "|(?:mother|father|son|daughter|sister|brother)-in-law|next of kin|emergency contact|nok|legal guardian|guardian"
    "|esposa|esposo|marido|madre|padre|hij[oa]|herman[oa]|mari|m[eè]re|p[eè]re|fils|fille|s[oœ]eur|fr[eè]re"
    "|ehefrau|ehemann|mutter|vater|tochter|sohn|schwester|bruder|moglie|marito|figli[oa]|filh[oa]|m[aã]e|pai"
)
_SICK: Final = r"patients?|pts?|pat\.?name|paciente|patiente?|patientin|paziente|inpatient|outpatient"
_MYSELF: Final = (
    r"my (?:full )?name is|my name's|me llamo|mi nombre es|je m'appelle|mon nom est|ich hei(?:ß|ss)e|mein name ist"
    r"|mi chiamo|meu nome é|me chamo"
)
_NAMED: Final = r"(?:'s)?(?:[ _](?:full[ _])?name)?(?:,? (?:is|was|named|called))?"
_JOIN: Final = r"[ _]?[:=.,#-]?[ ]?(?:\((?:s|es)\))?[ ]*"
_GREETED: Final = r"(?:(?:mr|mrs|ms|miss|mx|herr|frau|sr|sra|mme)\.? +)?"


def _ends(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{words}){_NAMED}{_JOIN}{_GREETED}\Z", re.IGNORECASE)


_CUES_BEFORE: Final = (
    (
        CLINICIAN,
        re.compile(
            rf"(?<![^\W_])(?:{_TITLE}|{_PROFESSION}|{_OFFICE}){_NAMED}{_JOIN}(?:{_GREETED}|(?:(?:{_TITLE})\.? +)?)\Z"
            r"|\b(?:signed|dictated|seen|examined|referred|prescribed|ordered|reviewed) by[: ]+\Z",
            re.IGNORECASE,
        ),
    ),
    (RELATIVE, _ends(_KIN)),
    (PATIENT, re.compile(rf"(?<![^\W_])(?:(?:{_SICK}){_NAMED}{_JOIN}{_GREETED}|(?:{_MYSELF}) +)\Z", re.IGNORECASE)),
)

_WHOSE: Final = r"(?:(?:the|a|an|our|her|his|my|their|your|patient's|pt's|attending|on-call|icu|ed|er) +){0,3}"
_CUES_AFTER: Final = (
    (
        CLINICIAN,
        re.compile(
            r",? ?\(?(?:M\.?D\.?|R\.?N\.?|N\.?P\.?|PA-C|LPN|BSN|MSN|DNP|FNP|CRNA|MBBS|MBChB|FRC[PS]|PharmD|LCSW)(?!\w)"
            r"|, ?(?:D\.?O\.?|PA|PhD|DDS|DMD|OT|RPh)(?!\w)"
            rf"|(?:,| is| was|,? \() ?(?i:{_WHOSE}(?:{_PROFESSION}|attending)\b)"
        ),
    ),
    (RELATIVE, re.compile(rf"(?:,| is| was|,? \() ?(?i:{_WHOSE}(?:{_KIN})\b)")),
    (
        PATIENT,
        re.compile(
            r"[,;:]? ?\(?(?:is an? |aged? )?"
            r"(?:\d{1,3} ?(?:[MFmf](?![\w.]|/[^MFmf])|yo\b|y/o\b|y\.o\.|yrs?\b|[- ]?years?[- ]olds?\b))"
            r"|[,;]? ?\(?(?:DOB|D\.O\.B\.|MRN|date of birth)\b"
            rf"|(?:,| is| was|,? \() ?(?i:{_WHOSE}(?:patient|pt)\b)(?!')"
        ),
    ),
)


def role_of(text: str, start: int, end: int, field: str = "") -> str:
    """PATIENT, CLINICIAN or RELATIVE if the words beside `text[start:end]` say so, else "".

    What stands before the name counts first, it is nearer to it in speech. `field` is the key that the text stands
    under ("attending_physician"); it counts as what stands before the text.
    """
    before = text[max(0, start - _BEFORE) : start]
    if start < _BEFORE and field and not before.strip():
        before = f"{field.replace('_', ' ').replace('-', ' ')}: {before.strip()}"
    after = text[end : end + _AFTER]
    for role, cue in _CUES_BEFORE:
        if cue.search(before):
            return role
    for role, cue in _CUES_AFTER:
        if cue.match(after):
            return role
    return ""
