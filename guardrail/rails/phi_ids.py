"""Finds numbers that stand for a person: record, plan, account, licence, vehicle, device and national ids.

Most have no shape of their own, so a cue decides ("MRN", "policy no."); what has a check digit is found without.
Labels after 45 CFR 164.514(b)(2)(i)(G) to (R). Knows nothing of names, dates or places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from guardrail.rails.phi_text import ANY_DIGIT, At, CueRule, Hit, ShapeRule, Words, by_cues, by_shape, digits, table_of
from guardrail.rails.phi_words import table

# What may stand between a cue and its value: "no.", "#", ": ", "is", quotes of JSON, table bars. Bounded.
_LINK: Final = (
    r"(?:[\s:#=.,(\[*\"'|_-]|\b(?:no|nos|num|number|numbers|nr|nro|numero"
    "|número|n|is|was|id|ids|code|ending|ends|in|with|on"
    "|card|the|de|del|da|do|und|file|les|it|its|it's|last|four|digits"
    r"|my|your|his|her|now|currently|new|old|value|key)\b|[º°]){0,14}"
)
_AGE_AHEAD: Final = r"(?![ ]\d{1,3}[ ]?(?:yo|y/o|yrs?|years?|[MFmf])\b)"
_UNIT_AHEAD: Final = (
    r"(?![ ]?(?:mg|mcg|ml|mL|g|kg|lbs?|cm|mm|mmHg|bpm|units?|%|days?|weeks?|months?|years?|hours?|times?|pills?|tabs?"
    r"|tablets?|puffs?|doses?|refills?|dollars|people|patients|st|nd|rd|th)\b)"
)
# What follows an identifier and still belongs to it, until a word comes: " 88391", but no age, dose, ratio or decimal.
_MORE: Final = rf"(?:{_AGE_AHEAD}[ ]\d{{2,6}}(?![\w/%:-]|[.,]\d){_UNIT_AHEAD}){{0,7}}"
# Groups of digits ("943 476 5919"), letters then digits ("XEH 8841 20917"), or one chunk with a digit in it.
_ID: Final = (
    rf"(?:[A-Za-z]{{1,4}}[ -])?(?:\d{{1,6}}(?:{_AGE_AHEAD}[ ]\d{{2,6}}){{1,5}}(?:[ ]?(?-i:[A-Z]))?(?![\w/]|[.,]\d)"
    r"|(?=[A-Za-z/.-]{0,10}\d)[A-Za-z0-9]+(?:[-/.][A-Za-z0-9]+)*(?:[ "
    rf"](?-i:[A-Z]{{1,2}})(?![\w'.]))?{_MORE})"
)
_VALUE: Final = rf"(?P<v>{_ID}){_UNIT_AHEAD}"


def _cue(cues: str, label: str, phrase: str, *, value: str = _VALUE, least: int = 3) -> CueRule:
    """`phrase` is the whole cue (any case) beginning with one of `cues`; the value has at least `least` digits."""
    pattern = re.compile(rf"(?:{phrase})(?![^\W\d_]){_LINK}{value}", re.IGNORECASE)
    return CueRule(cues, label, pattern, 0.95, lambda found: len(digits(found)) >= least)


_NUMBERED: Final = r"[ _.-]{0,2}(?:no|num|number|numbers|nr|id|ids|#|code|card|n[º°.])"
_HELP_LINE: Final = r"(?:111|999|112|988)(?![\w-]|[ ]\d)"
_CUES: Final = table_of(
    (
        CueRule("mrn", "MRN", re.compile(r"(?i)mrn[:#=_-]{0,2}(?P<v>[A-Z]{0,4}\d{4,})"), 0.95, hard=True),
        _cue("mrn mrns", "MRN", r"mrns?"),
        _cue(
            "med medical health clinic patient pt pat",
            "MRN",
            r"(?:med|medical|health|clinic|patient|pt|pat)[ ._-]{0,2}(?:rec|record|chart|file)s?",
        ),
        _cue("patient pt pat patienten patients client", "MRN", rf"(?:patient(?:en|s|'s)?|pt|pat|client){_NUMBERED}"),
        _cue(
            "chart hospital hosp unit urn pid hn chi record file folder",
            "MRN",
            rf"(?:chart|hosp(?:ital)?|unit|record|file|folder){_NUMBERED}|urn|hn|chi|pid",
        ),
        _cue("nhs", "MRN", rf"nhs{_NUMBERED}", value=rf"(?!{_HELP_LINE}){_VALUE}"),
        _cue("nhs", "MRN", "nhs", least=9),  # it has ten; "NHS 111" is a help line
        _cue(
            "historia nhc expediente prontuário prontuario dossier ipp cartella krankenakte akte",
            "MRN",
            "historia cl[ií]nica|historia|nhc|expediente|prontu[aá]rio|dossier|ipp|cartella clinica|(?:kranken)?akte",
        ),
        _cue(
            "ssn ss social soc socials",
            "SSN",
            "ssn|ss(?=[ #:]|n)(?:[ ]?(?:card|num|number|#))?|soc(?:ial)?(?:[ "
            ".-]{1,2}sec(?:urity)?)?(?: (?:card|number|num|no|#))?",
            value=r"(?P<v>\d{3}[ .-]?\d{2}[ .-]?\d{4}|\d{4})(?!\d)",
            least=4,
        ),
        _cue(
            "end ends ending",
            "SSN",
            r"(?:ends?|ending) (?:in|with)",
            value=r"(?P<v>\d{4})(?!\d|[ ]?(?:mg|ml|days))(?=(?: (?:not|and|on) \d{4})?[\s.,;)]|\Z)",
            least=4,
        ),
        _cue(
            "last",
            "SSN",
            "last (?:4|four)(?: digits)? (?:of|on) (?:my|his|her|the|their)? ?(?:ssn|social(?: security)?(?: number)?)",
            value=r"(?P<v>\d{4})(?!\d)",
            least=4,
        ),
        _cue(
            "nir sécu secu snils rvnr sozialversicherungsnummer",
            "SSN",
            r"nir|n[°º] ?s[ée]cu|s[ée]cu(?: ?sociale)?|snils|rvnr|sozialversicherungsnummer",
            least=9,
        ),
        _cue(
            "member subscriber policy group plan insurance insured medicaid "
            "medicare hicn mbi beneficiary payer coverage",
            "HEALTH_PLAN",
            "(?:member(?:ship)?|subscriber|policy(?:holder)?|group|plan|insurance"
            rf"|insured|beneficiary|payer|coverage){_NUMBERED}|(?:insurance|policy"
            r"|member|subscriber|plan)(?=\s*[:#])|medicaid|medicare|hicn|mbi",
        ),
        _cue(
            "utente sns versicherten versichertennummer kvnr krankenkasse cns tarjeta tessera nhif mutuelle cip nuss",
            "HEALTH_PLAN",
            "utente(?: sns)?|sns|versicherten[ -]{0,2}(?:nr|nummer)|versichertennummer"
            "|kvnr|krankenkasse|cns|tarjeta sanitaria|tessera sanitaria|nhif"
            "|mutuelle|cip|nuss",
            least=4,
        ),
        _cue(
            "acct account accounts accnt guarantor billing bank iban routing "
            "debit credit card visa mastercard amex konto konto cuenta compte "
            "conto",
            "ACCOUNT",
            rf"acc(?:oun)?ts?|accnt|guarantor(?:{_NUMBERED})?|billing(?:{_NUMBERED})"
            rf"|bank(?:{_NUMBERED})|iban|routing|(?:debit|credit)(?: card)?|card"
            rf"(?={_NUMBERED}| ending)|visa|mastercard|amex|konto(?:nummer|nr)?"
            "|cuenta|compte|conto",
        ),
        _cue(
            "npi dea gmc nmc clia upin lanr bsnr crm coren rpps adeli colegiado hcpc gphc ahpra",
            "LICENSE",
            r"npi|dea|gmc|nmc|clia|upin|lanr|bsnr|crm|coren|rpps|adeli|colegiad[oa]|hcpc|gphc|ahpra",
        ),
        _cue(
            "license licence lic dl cdl permit drivers driver medical nursing state führerschein permis patente",
            "LICENSE",
            "(?:medical |nursing |state |driver'?s? |drivers )?(?:licen[sc]e"
            "|lic)(?! plate)|dl(?=[ :#])|cdl|permit(?= ?(?:no|number|#))|f[üu]hrerschein"
            "|permis|patente",
        ),
        _cue(
            "vin",
            "VEHICLE",
            r"vin",
            value=r"(?P<v>[A-HJ-NPR-Z0-9](?:[ -]?[A-HJ-NPR-Z0-9]){9,16})(?![A-Za-z0-9])",
            least=3,
        ),
        _cue(
            "plate plates tag registration reg license licence number placa "
            "matrícula matricula targa kennzeichen immatriculation",
            "VEHICLE",
            "(?:licen[sc]e |number )?plates?|(?:car |vehicle )?(?:registration"
            "|reg|tag)(?! (?:no )?date)|placa|matr[ií]cula|targa|kennzeichen"
            "|immatriculation",
            value=r"(?P<v>(?=[A-Z0-9 -]{0,9}\d)[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,5}){1,2})(?![A-Za-z0-9])",
            least=2,
        ),
        _cue(
            "serial sn s ser udi imei device implant seriennummer série serie",
            "DEVICE",
            "serial|s/n|sn|ser(?=[ .#])|udi|imei|(?:device|implant)(?= ?(?:no"
            "|number|#|id|serial|identifier))(?: ?identifier)?|seriennummer"
            "|s[ée]rie",
        ),
        _cue(
            "fingerprint fingerprints iris retina retinal voiceprint palm faceprint facial face biometric thumbprint",
            "BIOMETRIC",
            "(?:finger|thumb|voice|face)prints?|(?:iris|retinal?|palm|facial"
            "|face|biometric)(?: (?:scan|template|print|recognition|vein))*"
            "(?: (?:for|of|on) [a-z]{1,12}){0,2}(?: (?:template|id|hash|scan)){0,2}",
            value=(
                "(?:(?:template|hash|scan|enrolment|enrollment|record|sample)[ "
                rf":#]{{0,2}}(?:id[ :#]{{0,2}})?)?{_VALUE}"
            ),
        ),
        _cue(
            "passport pasaporte passaporto passeport reisepass accession acc "
            "claim order case ticket confirmation conf ref reference invoice "
            "encounter visit csn specimen study subject badge employee staff "
            "student prior auth authorization rx prescription referral tracking "
            "incident run library card membership locker token enrollment application "
            "app caso pedido fall auftrag fallnummer заказ rechnung",
            "OTHER_ID",
            "passport|pasaporte|passaporto|passeport|reisepass(?:nummer)?|accession"
            "|acc(?=[ #:]|ession)|csn|(?:claim|order|case|ticket|confirmation"
            "|conf|ref|reference|invoice|encounter|visit|specimen|study|subject"
            "|badge|employee|staff|student|prior auth(?:orization)?|auth(?:orization)?"
            "|rx|prescription|referral|tracking|incident|run|library|enrollment"
            "|application|app|caso|pedido|fall|auftrag|заказ|rechnung)(?:(?: "
            rf"(?:subject|card|badge))|{_NUMBERED}|(?=\s?[#:])|(?= [A-Z]{{0,4}}-?\d))"
            "|fallnummer|rechnungsnummer",
        ),
        _cue(
            "dni nie nif cpf pesel nida bsn curp rut nino ni national personnummer "
            "pnr sin aadhaar aadhar pan codice cf amka tfn ihi nino identity "
            "identification personal ausweis personalausweis id",
            "OTHER_ID",
            "dni|nie|nif|cpf|pesel|nida|bsn|curp|rut|nino|ni(?= ?(?:no|number"
            "|#|[A-Z]{2}))|(?:national|personal|identity|identification)(?: "
            "(?:id|identity|insurance|identification))?(?: (?:no|number|card"
            "|#))|personnummer|pnr|sin|aadhaa?r|pan(?= )|codice fiscale|cf(?= "
            "[A-Z]{6})|amka|tfn|ihi|(?:personal)?ausweis(?:nummer)?|id(?= ?"
            "(?:no|number|card|#|:|badge))",
            least=2,
        ),
    )
)
_NOT_LOGINS: Final = table(
    "is was not for the and with to page name error issue issues screen problem problems details info password portal"
)
_LOGIN: Final = table_of(
    (
        CueRule(
            "username user login handle userid",
            "OTHER_ID",
            re.compile(
                r"(?:user[ _-]?(?:name|id)|login|handle)(?:[ ]?(?:is|was|name|id))?[\s:=\"']{1,4}"
                r"(?P<v>@?[A-Za-z][\w.-]{2,40})",
                re.IGNORECASE,
            ),
            0.8,
            lambda v: v.lower() not in _NOT_LOGINS,
        ),
        CueRule(
            "insta instagram ig twitter tiktok snap snapchat telegram discord "
            "skype wechat line facebook fb linkedin reddit venmo",
            "OTHER_ID",
            re.compile(
                r"[a-z]{2,9}(?: (?:handle|account|id|name|user|page))?(?: is| was)?[\s:=\"'"
                r"(]{1,4}(?P<v>@[\w.]{2,40}|(?=[A-Za-z_.]{0,30}[\d_])[A-Za-z][\w.]{3,40})",
                re.IGNORECASE,
            ),
            0.8,
        ),
        CueRule("nct", "OTHER_ID", re.compile(r"NCT-[A-Z]{2,4}-(?P<v>\d{3,6})"), 0.6),
    )
)

CANARY: Final = re.compile(r"(?P<v>[Zz][\W_]{0,2}[Qq](?:[\W_]{0,2}\d){12})")


def _is_vin(text: str) -> bool:
    """ISO 3779 check digit, or letters and digits mixed as in European numbers."""
    letters = sum(char.isalpha() for char in text)
    return 3 <= letters <= 13 and text[-4:].isdigit()


def _is_nir(text: str) -> bool:
    """French NIR: the last two digits are 97 minus the rest modulo 97."""
    number = digits(text)
    return len(number) == 15 and 97 - int(number[:13]) % 97 == int(number[13:])


def _is_chinese_id(text: str) -> bool:
    """GB 11643 check character."""
    return "10X98765432"[sum(int(c) * w for c, w in zip(text[:17], _CN_WEIGHTS, strict=True)) % 11] == text[17].upper()


_CN_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_cpf(text: str) -> bool:
    """Brazilian CPF: two check digits modulo 11."""
    number = [int(char) for char in digits(text)]
    if len(set(number)) == 1:
        return False
    for size in (9, 10):
        rest = sum(digit * weight for digit, weight in zip(number, range(size + 1, 1, -1), strict=False)) * 10 % 11 % 10
        if rest != number[size]:
            return False
    return True


_SHAPES: Final = (
    ShapeRule(
        "SSN",
        re.compile(r"(?<![\d.-])(?!000|666)\d{3}([ .-])\d{2}\1\d{4}(?![\d]|[.-]\d)"),
        0.9,
        hard=True,
        at=At.NUMBER,
    ),
    ShapeRule(
        "SSN",
        re.compile(r"(?<!\d)[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?!\d)"),
        0.95,
        _is_nir,
        hard=True,
        at=At.NUMBER,
    ),
    ShapeRule(
        "HEALTH_PLAN",
        re.compile(
            r"(?<![A-Za-z0-9])[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-"
            r"Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}(?![A-Za-z0-9])"
        ),
        0.9,
        hard=True,
        at=At.NUMBER,
    ),
    ShapeRule("VEHICLE", re.compile(r"(?<![A-Za-z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])"), 0.7, _is_vin, at=At.NUMBER),
    ShapeRule("DEVICE", re.compile(r"\(01\)\d{14}(?:\(\d{2,3}\)[A-Z0-9-]{1,20})*"), 0.95, hard=True, at=At.NUMBER),
    ShapeRule(
        "OTHER_ID", re.compile(r"(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)"), 0.95, _is_cpf, hard=True, at=At.NUMBER
    ),
    ShapeRule(
        "OTHER_ID",
        re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[\dXx](?![\dA-Za-z])"),
        0.95,
        _is_chinese_id,
        hard=True,
        at=At.NUMBER,
    ),
    ShapeRule(
        "OTHER_ID",
        re.compile(r"(?<![A-Za-z0-9])[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z](?![A-Za-z0-9])"),
        0.95,
        hard=True,
        at=At.NUMBER,
    ),
    ShapeRule(
        "OTHER_ID",
        re.compile(r"(?<![A-Za-z0-9])[XYZ]?\d{7,8}[- ]?[A-HJ-NP-TV-Z](?![A-Za-z0-9])"),
        0.9,
        lambda v: _is_dni(v),
        at=At.NUMBER,
    ),
    ShapeRule(
        "MRN",
        re.compile(r"(?<![A-Za-z0-9])(?P<v>[A-Z]{1,4}\d{5,9})(?=,? \(?\d{1,3} ?(?:[MFmf]\b|y/?o))"),
        0.8,
        at=At.NUMBER,
    ),
    ShapeRule(
        "OTHER_ID",
        re.compile(r"(?<![A-Za-z0-9-])(?!COVID)[A-Z]{1,4}-?(?:19|20)?\d{2}-\d{4,8}(?![A-Za-z0-9])"),
        0.6,
        at=At.EITHER,
    ),
    ShapeRule("OTHER_ID", re.compile(r"(?<![A-Za-z0-9-])[A-Z]{1,4}\d{6,12}(?![A-Za-z0-9])"), 0.5, at=At.NUMBER),
    ShapeRule("OTHER_ID", re.compile(r"(?<![\w.,/-])\d{9,16}(?![\w/]|[.,]\d)"), 0.5, at=At.NUMBER),
)


_HANDLES: Final = (
    ShapeRule("OTHER_ID", re.compile(r"(?<![\w@./])@(?P<v>[A-Za-z][A-Za-z0-9_.]*[0-9_][A-Za-z0-9_]*)(?![\w(])"), 0.7),
)
_MACS: Final = (
    ShapeRule(
        "DEVICE",
        re.compile(r"(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-])"),
        0.95,
        hard=True,
    ),
)
_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|tiff?|dcm|wav|bmp)(?!\w)", re.IGNORECASE)
_PICTURES: Final = (
    ShapeRule(
        "BIOMETRIC",
        re.compile(
            r"(?i)(?<![\w/])[\w-]{0,40}(?:face|iris|fingerprint|retina|voiceprint)[\w-]{0,40}\."
            r"(?:jpe?g|png|tiff?|dcm|wav|bmp)(?!\w)"
        ),
        0.7,
    ),
)

_SCRIPT_SHAPES: Final = (
    ShapeRule(
        "MRN",
        re.compile(r"(?:住院号|病历号|门诊号|病案号|رقم الملف|مريض رقم)\s?:?\s?(?P<v>[A-Za-z]{0,4}\d[\w-]{3,20})"),
        0.9,
    ),
    ShapeRule(
        "HEALTH_PLAN",
        re.compile(r"(?:医保卡号|医保号|社保号|رقم التأمين)\s?:?\s?(?P<v>[A-Za-z]{0,4}\d[\w-]{3,20})"),
        0.9,
    ),
    ShapeRule(
        "OTHER_ID",
        re.compile(
            r"(?:身份证号?|检查号|标本号|护照号?|الرقم القومي|رقم الهوية|رقم العينة|جواز)\s?:?\s?"
            r"(?P<v>[A-Za-z]{0,4}\d[\w-]{3,20})"
        ),
        0.9,
    ),
)


def _is_dni(text: str) -> bool:
    """Spanish DNI and NIE: the letter is the number modulo 23."""
    plain = text.replace("-", "").replace(" ", "").upper()
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return len(number) == 8 and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == plain[-1]


def find_ids(words: Words) -> Iterator[Hit]:
    """Everything that a cue or a shape marks as somebody's number."""
    if not ANY_DIGIT.search(words.text):
        yield from by_cues(_LOGIN, words)
        return
    yield from (Hit(*match.span("v"), "OTHER_ID", 1.0, True) for match in CANARY.finditer(words.text))
    yield from by_cues(_CUES, words)
    yield from by_cues(_LOGIN, words)
    yield from by_shape(_SHAPES, words)
    if "@" in words.text:
        yield from by_shape(_HANDLES, words)
    if max(words.text.count(":"), words.text.count("-")) >= 5:
        yield from by_shape(_MACS, words)
    if _PICTURE.search(words.text):
        yield from by_shape(_PICTURES, words)
    if not words.text.isascii():
        yield from by_shape(_SCRIPT_SHAPES, words)
