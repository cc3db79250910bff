"""Finds numbers that stand for a person: record, plan, account, licence, vehicle, device and national ids.

Most have no shape of their own, so a cue decides ("MRN", "policy no."); what has a telling shape or, with some shape,
a check digit is found without. A bare number of nine digits and more is doubtful and counts little.
Labels after 45 CFR 164.514(b)(2)(i)(G) to (R). Knows nothing of names, dates or places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from guardrail.rails import phi_checks as check
from guardrail.rails.phi_scan import Scanner
from guardrail.rails.phi_text import (
    ANY_DIGIT,
    At,
    Check,
    CueRule,
    Hit,
    ShapeRule,
    Words,
    by_cues,
    by_shape,
    digits,
    table_of,
)
from guardrail.rails.phi_words import table

# What may stand between a cue and its value: "no.", "#", ": ", "is", quotes of JSON, table bars. Bounded.
_LINK: Final = (
    r"(?:[\s:#=.,(\[*\"'|_-]|(?<![^\W\d_])(?:no|nos|num|number|numbers|nr|nro|numero"
    "|número|n|is|was|id|ids|code|ending|ends|in|with|on"
    "|card|the|de|del|da|do|und|file|les|it|its|it's|last|four|digits"
    r"|my|your|his|her|now|currently|new|old|value|key|nummer)(?![^\W_])|[º°]){0,14}"
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
    r"(?:(?!(?:for|of|at|is|are|and|to|or|with|in|on|by|from|the|was|has|had|per|over|since|about|than|says|said)[ -])"
    rf"[A-Za-z]{{1,4}}[ -])?(?:\d{{1,6}}(?:{_AGE_AHEAD}[ ]\d{{2,6}}){{1,5}}(?:[ ]?(?-i:[A-Z]))?(?![\w/]|[.,]\d)"
    r"|(?=[A-Za-z/.-]{0,10}\d)[A-Za-z0-9]+(?:[-/.][A-Za-z0-9]+)*(?:[ "
    rf"](?-i:[A-Z]{{1,2}})(?![\w'.]))?{_MORE})"
)
_VALUE: Final = rf"(?P<v>{_ID}){_UNIT_AHEAD}"


_SPACE: Final = re.compile(r"\[[^\[\]]{1,80}\]| ")


def _cue(cues: str, label: str, phrase: str, *, value: str = _VALUE, least: int = 3) -> CueRule:
    """`phrase` is the whole cue (any case) beginning with one of `cues`; the value has at least `least` digits.

    A space of the phrase may also be the underscore or the hyphen of a field's name.
    """
    phrase = _SPACE.sub(lambda match: "[ _-]" if match[0] == " " else match[0], phrase)
    pattern = re.compile(rf"(?:{phrase})(?![^\W\d_]){_LINK}{value}", re.IGNORECASE)
    return CueRule(cues, label, pattern, 0.95, lambda found: len(digits(found)) >= least)


_SUFFIXES: Final = ("", "no", "nr", "number", "num", "id", "code", "nummer", "card")


def _plain_cues(label: str, phrases: str, *, value: str = _VALUE, least: int = 3, score: float = 0.96) -> CueRule:
    """Cues that need no pattern of their own: phrases set off by `|`, also written as one word (`memberNumber`)."""
    parts = sorted((phrase.split() for phrase in phrases.split("|")), key=lambda words: -len("".join(words)))
    cues = {words[0] for words in parts} | {"".join(words) + suffix for words in parts for suffix in _SUFFIXES}
    pattern = "|".join(r"[ ._'-]{0,2}".join(map(re.escape, words)) for words in parts)
    more = "|".join(_SUFFIXES[1:])
    return CueRule(
        " ".join(sorted(cues)),
        label,
        re.compile(rf"(?:{pattern})(?:{more})?(?![^\W\d_]){_LINK}{value}", re.IGNORECASE),
        score,
        lambda found: len(digits(found)) >= least,
    )


_NUMBERED: Final = r"[ _.-]{0,2}(?:no|num|number|numbers|nr|id|ids|#|code|card|n[º°.])"
_HELP_LINE: Final = r"(?:111|999|112|988)(?![\w-]|[ ]\d)"
_CUES: Final = table_of(
    (
        CueRule("mrn", "MRN", re.compile(r"(?i)mrn[:#=_-]{0,2}(?P<v>[A-Z]{0,4}\d{4,})"), 0.95, hard=True),
        _plain_cues(
            "MRN",
            "mrn|uhid|empi|hospital number|hospital no|health number|patient number|patient identifier|patient id"
            "|record number|medical record|medical record number|med rec|chart number|chart no|unit number|chi"
            "|nhs number|nhs no",
            value=rf"(?!{_HELP_LINE}){_VALUE}",
        ),
        _plain_cues(
            "HEALTH_PLAN",
            "ohip|phn|ramq|hcn|health card|personal health number|health insurance number|medicare card|cartão sus"
            "|cartao sus|krankenversicherten|krankenversicherung|versicherten|número de utente|numero de utente"
            "|member id|subscriber id|policy id|plan id|group id|insurance id|medicaid id",
            least=4,
        ),
        _plain_cues(
            "SSN",
            "itin|rentenversicherung|rentenversicherungs|sv nummer|svnr|sozialversicherungs|numéro de sécurité sociale"
            "|numero de securite sociale|sécurité sociale",
            least=9,
        ),
        _plain_cues("LICENSE", "national provider identifier|npi|dea|medical license|medical licence", least=4),
        _plain_cues(
            "OTHER_ID",
            "social insurance|tax file|tfn|tax id|taxpayer id|taxpayer identification|tax identification|pps|ppsn"
            "|personal public service|steuer id|steueridentifikations|steuer identifikations|steuernummer|idnr|aadhaar"
            "|aadhar|abha|health id|contribuinte|nif|nipc|cnpj|cpf|burgerservice|bsn|personnr|personnummer|ahv|avs"
            "|my number|individual number|resident id|resident registration|rrn|resident identity|curp"
            "|identity number|national insurance|national id|sa id|ihi|documento de identidad|nie número",
            least=6,
        ),
        _plain_cues("OTHER_ID", "sin|tin", least=9),
        _plain_cues("OTHER_ID", "pan", value=r"(?P<v>[A-Z]{5}[ -]?\d{4}[ -]?[A-Z])(?!\w)"),
        _plain_cues(
            "OTHER_ID",
            "rfc|rfc con homoclave|homoclave",
            value=r"(?P<v>[A-ZÑ&]{3,4}[ -]?\d{6}[ -]?[A-Z0-9]{3})(?!\w)",
        ),
        _plain_cues("ACCOUNT", "account|acct|iban|bank account|account id", least=4),
        CueRule(
            "nhi",
            "MRN",
            re.compile(
                rf"nhi(?![^\W\d_]){_LINK}(?P<v>[A-Z]{{3}} ?\d\d(?:\d\d|[A-Z]{{2}}))(?![A-Za-z0-9])", re.IGNORECASE
            ),
            0.97,
        ),
        CueRule(
            "imei meid",
            "DEVICE",
            re.compile(rf"(?:imei|meid)(?![^\W\d_]){_LINK}(?P<v>\d(?:[ /-]?\d){{13,15}})(?!\d)", re.IGNORECASE),
            0.97,
        ),
        CueRule(
            "medicare",
            "HEALTH_PLAN",
            re.compile(
                rf"medicare(?![^\W\d_]){_LINK}(?P<v>\d{{4}}[ -]?\d{{5}}[ -]?\d(?:[ /-]{{0,3}}\d)?)(?![\w])",
                re.IGNORECASE,
            ),
            0.97,
        ),
        CueRule(
            "nir sécu secu sociale",
            "SSN",
            re.compile(
                rf"(?:nir|s[ée]cu|sociale)(?![^\W\d_]){_LINK}"
                r"(?P<v>[1-478] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3}(?: ?\d{2})?)(?!\d)",
                re.IGNORECASE,
            ),
            0.97,
        ),
        CueRule(
            "ni nino insurance",
            "OTHER_ID",
            re.compile(
                rf"(?:ni|nino|insurance)(?![^\W\d_]){_LINK}(?P<v>[A-Z]{{2}}(?: ?\d{{2}}){{3}} ?[A-D])(?![A-Za-z0-9])",
                re.IGNORECASE,
            ),
            0.97,
        ),
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
            value=r"(?P<v>\d{3}[ .,|;/-]{0,3}\d{2}[ .,|;/-]{0,3}\d{4}|\d{4})(?!\d)",
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
            r"|member|subscriber|plan)(?=[\"']?\s?[:#])|medicaid|medicare|hicn|mbi",
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
            '|lic)(?! plate)|dl(?=[ :#_"])|cdl|permit(?= ?(?:no|number|#))|f[üu]hrerschein'
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
            "serial|s[/_]n|sn|ser(?=[ .#])|udi|imei|(?:device|implant)(?= ?(?:no"
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
            rf"(?:subject|card|badge))|{_NUMBERED}|(?=[\"']?\s?[#:])|(?= [A-Z]{{0,4}}-?\d))"
            "|fallnummer|rechnungsnummer",
        ),
        _cue(
            "dni nie nif cpf pesel nida curp rut nino ni national personnummer "
            "pnr aadhaar aadhar codice cf amka nino identity "
            "identification personal ausweis personalausweis id",
            "OTHER_ID",
            "dni|nie|nif|cpf|pesel|nida|curp|rut|nino|ni(?= ?(?:no|number"
            "|#|[A-Z]{2}))|(?:national|personal|identity|identification)(?: "
            "(?:id|identity|insurance|identification))?(?: (?:no|number|card"
            "|#))|personnummer|pnr|aadhaa?r|codice fiscale|cf(?= "
            "[A-Z]{6})|amka|(?:personal)?ausweis(?:nummer)?|id(?= ?"
            "(?:no|number|card|#|:|badge))",
            least=4,
        ),
    )
)
_NOT_LOGINS: Final = table(
    "is was not for the and with to page name error issue issues screen problem problems details info password portal "
    "code codes this that stuff it his her my your our credentials help account button link again help from in on at of"
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
    return 3 <= letters <= 13 and (text[-4:].isdigit() or check.is_vin(text))


_IBAN_SIZES: Final = {
    15: "NO", 16: "BE", 18: "DK FI NL FO GL", 19: "MK SI", 20: "AT BA EE KZ LT LU XK", 21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS", 23: "AE GI IL IQ TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "PT LY ST",
    26: "IS TR", 27: "FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB NI PL SV", 29: "BR EG PS UA", 30: "JO KW MU QA",
    31: "MT SC",
}  # fmt: skip
_IBAN: Final = "|".join(
    rf"(?:{'|'.join(countries.split())})\d{{2}}(?:[ -]?[A-Z0-9]){{{size - 4}}}"
    for size, countries in _IBAN_SIZES.items()
)
_APART: Final = r"(?<![A-Za-z0-9])"
_END: Final = r"(?![A-Za-z0-9])"
_CLEAR: Final = r"(?<![\w.,/-])"
_DONE: Final = r"(?![\w/-]|[.,]\d)"


def _is_ohip(text: str) -> bool:
    """Ontario: ten digits, Luhn; the version behind them is no part of it. British Columbia's begin with 9."""
    return check.is_luhn(digits(text)) or text.startswith("9")


def _shape(
    label: str, pattern: str, score: float, check: Check | None = None, *, hard: bool = False, at: At = At.NUMBER
) -> ShapeRule:
    return ShapeRule(label, re.compile(pattern), score, check, hard, at)


_SHAPES: Final = Scanner(
    (
        _shape("SSN", r"(?<![\d.-])(?!000|666)\d{3}([ .-])\d{2}\1\d{4}(?![\d]|[.-]\d)", 0.9, hard=True),
        _shape(
            "SSN",
            r"(?<!\d)[1-478] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?!\d)",
            0.95,
            check.is_nir,
            hard=True,
        ),
        _shape("SSN", rf"{_CLEAR}\d{{2}} ?[0-7]\d{{5}} ?[A-Z] ?\d{{3}}{_DONE}", 0.85, check.is_rvnr),
        _shape(
            "HEALTH_PLAN",
            rf"{_APART}[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[ -]?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-"
            rf"Y0-9]\d[ -]?[AC-HJKMNP-RT-Y]{{2}}\d{{2}}{_END}",
            0.9,
            hard=True,
        ),
        _shape("HEALTH_PLAN", rf"{_APART}[A-Z]\d{{9}}{_END}", 0.85, check.is_kvnr),
        _shape("HEALTH_PLAN", rf"{_APART}[A-Z]{{4}} ?\d{{4}} ?\d{{4}}{_END}", 0.8, check.is_ramq, at=At.EITHER),
        _shape("HEALTH_PLAN", rf"{_CLEAR}\d{{4}}[ -]\d{{3}}[ -]\d{{3}}(?:[ -][A-Z]{{2}}(?!\w)|{_DONE})", 0.8, _is_ohip),
        _shape("HEALTH_PLAN", rf"{_CLEAR}[12789]\d{{2}} ?\d{{4}} ?\d{{4}} ?\d{{4}}{_DONE}", 0.8, check.is_cns),
        _shape("LICENSE", rf"{_APART}[A-Z][A-Z9]\d{{7}}{_END}", 0.85, check.is_dea),
        _shape("ACCOUNT", rf"{_CLEAR}\d{{4}}([ -])\d{{4}}\1\d{{4}}\1\d{{4}}{_DONE}", 0.9, check.is_card),
        _shape("ACCOUNT", rf"{_CLEAR}(?:\d{{13,19}}|\d{{4}}[ -]\d{{6}}[ -]\d{{5}}){_DONE}", 0.85, check.is_card),
        _shape("ACCOUNT", rf"{_APART}(?:{_IBAN}){_END}", 0.95, check.is_iban),
        _shape("VEHICLE", rf"{_APART}[A-HJ-NPR-Z0-9]{{17}}{_END}", 0.85, check.is_vin),
        _shape("VEHICLE", rf"{_APART}[A-HJ-NPR-Z0-9]{{17}}{_END}", 0.7, _is_vin),
        _shape("DEVICE", r"\(01\)\d{14}(?:\(\d{2,3}\)[A-Za-z0-9./-]{1,20}){0,9}", 0.95, hard=True),
        _shape("MRN", rf"{_CLEAR}[1-9]\d{{2}}([ -])\d{{3}}\1\d{{4}}{_DONE}", 0.8, check.is_nhs),
        _shape(
            "MRN", rf"(?<![A-Za-z0-9-])[A-HJ-NP-Z]{{3}}\d{{2}}(?:\d{{2}}|[A-HJ-NP-Z]{{2}}){_END}", 0.6, check.is_nhi
        ),
        _shape("MRN", rf"{_APART}(?P<v>[A-Z]{{1,4}}\d{{5,9}})(?=,? \(?\d{{1,3}} ?(?:[MFmf]\b|y/?o))", 0.8),
        _shape("OTHER_ID", r"(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)", 0.95, check.is_cpf, hard=True),
        _shape("OTHER_ID", r"(?<!\d)\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}(?!\d)", 0.9),
        _shape("OTHER_ID", rf"{_CLEAR}\d{{14}}{_DONE}", 0.8, check.is_cnpj),
        _shape(
            "OTHER_ID",
            r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[\dXx](?![\dA-Za-z])",
            0.95,
            check.is_cn_id,
            hard=True,
        ),
        _shape("OTHER_ID", rf"{_APART}[A-Z]{{6}}\d{{2}}[A-EHLMPR-T]\d{{2}}[A-Z]\d{{3}}[A-Z]{_END}", 0.95, hard=True),
        _shape("OTHER_ID", rf"{_APART}[XYZ]?[ -]?\d{{7,8}}[ -]?[A-HJ-NP-TV-Z]{_END}", 0.9, check.is_dni, at=At.EITHER),
        _shape(
            "OTHER_ID",
            rf"{_APART}[A-Z][AEIOUX][A-Z]{{2}}\d{{6}}[HMX][A-Z]{{2}}[B-DF-HJ-NP-TV-Z]{{3}}[A-Z0-9]\d{_END}",
            0.95,
            hard=True,
        ),
        _shape("OTHER_ID", rf"{_APART}[A-ZÑ]{{4}}\d{{2}}[01]\d[0-3]\d[A-Z0-9]{{2}}[0-9A]{_END}", 0.8),
        _shape("OTHER_ID", rf"{_APART}[A-Z]{{3}}[ABCFGHJLPT][A-Z]\d{{4}}[A-Z]{_END}", 0.8),
        _shape("OTHER_ID", rf"{_APART}\d{{7}}[A-W][A-IW]?{_END}", 0.8, check.is_pps),
        _shape("OTHER_ID", rf"{_APART}[A-Z]{{2}} ?\d{{2}} ?\d{{2}} ?\d{{2}} ?[A-D]{_END}", 0.85, at=At.EITHER),
        _shape("OTHER_ID", rf"{_CLEAR}756[ .]?\d{{4}}[ .]?\d{{4}}[ .]?\d{{2}}(?![\w-]|[.,]\d)", 0.9, check.is_ahv),
        _shape("OTHER_ID", rf"{_CLEAR}8003 ?60\d{{2}} ?\d{{4}} ?\d{{4}}{_DONE}", 0.9, check.is_luhn),
        _shape("OTHER_ID", rf"{_CLEAR}\d{{13}}{_DONE}", 0.8, check.is_za_id),
        _shape("OTHER_ID", rf"{_CLEAR}(?:19|20)?\d{{6}}[+-]\d{{4}}{_DONE}", 0.85, check.is_personnummer),
        _shape("OTHER_ID", rf"{_CLEAR}\d{{6}}-[1-8]\d{{6}}{_DONE}", 0.85, check.is_rrn),
        _shape("OTHER_ID", rf"{_CLEAR}[2-9]\d{{3}}([ -])\d{{4}}\1\d{{4}}{_DONE}", 0.8, check.is_aadhaar),
        _shape("OTHER_ID", rf"{_CLEAR}\d{{2}}([ -])\d{{4}}\1\d{{4}}\1\d{{4}}{_DONE}", 0.8),
        _shape("OTHER_ID", rf"{_CLEAR}\d{{2}} \d{{3}} \d{{3}} \d{{3}}{_DONE}", 0.8, check.is_steuer_id),
        _shape(
            "OTHER_ID",
            r"(?<![A-Za-z0-9-])(?!COVID)[A-Z]{1,4}-?(?:19|20)?\d{2}-\d{4,8}(?![A-Za-z0-9])",
            0.6,
            at=At.EITHER,
        ),
        _shape("OTHER_ID", rf"(?<![A-Za-z0-9-])[A-Z]{{1,4}}\d{{6,12}}{_END}", 0.5),
    ),
    first=r"(?=[A-ZÑ(]{0,20}[ -]?\d(?:(?:[\dA-Z()]|[ ./+-](?=[\dA-Z(])){4}|\d[A-Z]{2}))",
)
_BARE: Final = Scanner((_shape("OTHER_ID", r"(?<![\w.,/-])\d{9,16}(?![\w/]|[.,]\d)", 0.5),))
# Beside these a long number counts or names a thing of science and trade, and nobody.
_COUNTED: Final = re.compile(
    r" ?(?:copies|cells|cfu|iu|units?|platelets|bacteria|particles|genomes?|people|patients|cases|dollars|bytes|steps"
    r"|per|/|x|ml|mg|mcg|%)(?![A-Za-z])",
    re.IGNORECASE,
)
_CODED: Final = re.compile(
    r"(?:snomed|loinc|rxnorm|rxcui|ndc|gtin|upc|ean|isbn|issn|pmid|pmc|concept|cui|doi|chembl|pubchem|cid|cas|omim|trial"
    r"|barcode|timestamp|epoch|unix|seed|hash|build|version)[^\n]{0,40}\Z",
    re.IGNORECASE,
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
_DOTTED: Final = re.compile(r"\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![\w.])")
_DOTTED_MACS: Final = (
    ShapeRule(
        "DEVICE",
        re.compile(
            r"(?<![\w.])(?=[0-9.]{0,13}[A-Fa-f]|[\d.]{14}\Z)[0-9A-Fa-f]{4}"
            r"\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![\w]|\.\w)"
        ),
        0.9,
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

_SCRIPT_VALUE: Final = r"[A-Za-z]{0,4}\d[\w-]{3,20}(?: \d{2,6}){0,4}"
_SCRIPT_SHAPES: Final = (
    ShapeRule(
        "MRN",
        re.compile(rf"(?:住院号|病历号|门诊号|病案号|رقم الملف|مريض رقم)[\s:\"'是为]{{0,5}}(?P<v>{_SCRIPT_VALUE})"),
        0.9,
    ),
    ShapeRule(
        "HEALTH_PLAN",
        re.compile(rf"(?:医保卡号|医保号|社保号|رقم التأمين)[\s:\"'是为]{{0,5}}(?P<v>{_SCRIPT_VALUE})"),
        0.9,
    ),
    ShapeRule(
        "OTHER_ID",
        re.compile(
            r"(?:身份证号?|检查号|标本号|护照号?|الرقم القومي|رقم الهوية|رقم العينة|جواز"
            r"|マイナンバ[ー-]|個人番号|주민등록번호|주민번호|외국인등록번호)[\s:\"'是为は]{0,5}"
            rf"(?P<v>{_SCRIPT_VALUE})"
        ),
        0.9,
    ),
)


def find_ids(words: Words) -> Iterator[Hit]:
    """Everything that a cue or a shape marks as somebody's number."""
    if not ANY_DIGIT.search(words.text):
        yield from by_cues(_LOGIN, words)
        return
    yield from (Hit(*match.span("v"), "OTHER_ID", 1.0, True) for match in CANARY.finditer(words.text))
    yield from by_cues(_CUES, words)
    yield from by_cues(_LOGIN, words)
    yield from _SHAPES.find(words)
    yield from (hit for hit in _BARE.find(words) if _is_somebodys(hit, words.text))
    if "@" in words.text:
        yield from by_shape(_HANDLES, words)
    if max(words.text.count(":"), words.text.count("-")) >= 5:
        yield from by_shape(_MACS, words)
    if _DOTTED.search(words.text):
        yield from by_shape(_DOTTED_MACS, words)
    if _PICTURE.search(words.text):
        yield from by_shape(_PICTURES, words)
    if not words.text.isascii():
        yield from by_shape(_SCRIPT_SHAPES, words)


def _is_somebodys(hit: Hit, text: str) -> bool:
    """False for a count, a round number and a code of a vocabulary."""
    number = text[hit.start : hit.end]
    return not (
        number.endswith("00000")
        or _COUNTED.match(text, hit.end)
        or _CODED.search(text, max(0, hit.start - 60), hit.start)
    )
