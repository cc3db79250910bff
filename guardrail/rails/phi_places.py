"""Finds where a person lives or was treated: streets, postcodes, towns, facilities. States and countries stay.

45 CFR 164.514(b)(2)(i)(B). A town has no shape: it needs a cue ("lives in") or a state and ZIP code behind it.
"""

# ruff: noqa: RUF001 - patterns for scripts other than Latin are meant as they stand
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from guardrail.rails.phi_text import ANY_DIGIT, At, CueRule, Hit, ShapeRule, Words, by_cues, by_shape, table_of
from guardrail.rails.phi_words import (
    CALENDAR_WORDS,
    EPONYMS,
    FUNCTION_WORDS,
    NOT_NAMES,
    NOT_PEOPLE,
    STATE_CODES,
    WIDE_PLACES,
    table,
)

_SURE: Final = (
    "street|avenue|ave|road|rd|lane|ln|boulevard|blvd|highway|hwy|parkway|pkwy|terrace|crescent|turnpike|route|trail"
)
_DOUBTFUL: Final = (
    r"st|drive|dr|court|ct|circle|cir|place|pl|way|square|sq|close|gardens|mews|row|walk|hill|loop|trl|ter"
)
_UNIT: Final = (
    r"(?:,? ?(?:apt|apartment|unit|suite|ste|flat|fl|lot|trlr|bldg)\b\.? "
    "?#?[A-Za-z0-9-]{1,6}|,? ?#[A-Za-z0-9-]{1,6})"
)
_PIECE: Final = r"(?:[A-Za-zÀ-ÿ][\w'.-]*|\d{1,3}(?:st|nd|rd|th))"
_STREETS: Final = (
    ShapeRule(
        "ADDRESS",
        re.compile(
            r"(?i)(?<![\w./-])(?P<v>\d{1,6}[a-z]?(?:-\d{1,4})? (?:[nsew]{1,2}\.? "
            rf")?(?:{_PIECE} ){{1,3}}(?:{_SURE}|{_DOUBTFUL})(?![\w])(?:\.? (?-i:[NS]?[EW]|[NS])"
            rf"(?!\w))?(?:\.?{_UNIT})?)"
        ),
        0.85,
        lambda v: _is_street(v),
        at=At.NUMBER,
    ),
    ShapeRule(
        "ADDRESS",
        re.compile(
            r"(?<![\w-])(?:\d{1,4}[ -]?)?[A-ZÄÖÜ][a-zäöüß-]*(?:straße|strasse"
            r"|str\.|weg|allee|platz|gasse|ring|damm|ufer) \d{1,4} ?[a-z]?(?![\w])"
        ),
        0.85,
        at=At.EITHER,
    ),
    ShapeRule(
        "ADDRESS",
        re.compile(
            r"(?i)(?<![\w])\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|av\.|bd"
            r"|boulevard|place|chemin|impasse|allée|quai|cours) [^\n,;.]{3,40}"
        ),
        0.85,
        at=At.NUMBER,
    ),
)
_ROADS: Final = table_of(
    (
        CueRule(
            "p po post postfach apartado casella caixa s",
            "ADDRESS",
            re.compile(
                r"(?P<v>(?:p\.? ?o\.? ?box|post office box|postfach|apartado"
                r"(?: de correos)?|casella postale|caixa postal|s\.l\.p\.?)[ #:]{0,3}\d{1,7})",
                re.IGNORECASE,
            ),
            0.9,
        ),
        CueRule(
            "calle c avda avenida av plaza paseo carretera camino rua travessa "
            "estrada via viale piazza corso carrer ronda",
            "ADDRESS",
            re.compile(
                r"(?P<v>(?:C/|[^\W\d_]+\.?) ?(?:de(?: la| las| los| l)? |da |das "
                r"|do |dos |del )?[A-ZÀ-Ý][^\n,;\d]{2,40}[, ]{1,2}(?:n[.ºo°]{0,2} "
                r"?)?\d{1,4}[a-z]?(?:,? ?\d{1,2}[º°ª]? ?[A-Za-z]?(?!\w))?)(?!\w)",
                re.IGNORECASE,
            ),
            0.8,
            lambda v: len(v.split()[0]) > 1,
        ),
        CueRule(
            "am an im zum",
            "ADDRESS",
            re.compile(r"(?P<v>(?:Am|An der|Im|Zum) [A-ZÄÖÜ][a-zäöüß-]+ \d{1,3}[a-z]?)(?=[,;\n]|\Z)"),
            0.7,
        ),
    )
)
_CODES: Final = (
    ShapeRule(
        "ADDRESS",
        re.compile(
            r"(?<![A-Za-z0-9])(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d|[A-HK-Y]\d\d"
            r"|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y]) ?\d[ABD-HJLNP-UW-Z]{2})"
            "(?![A-Za-z0-9])"
        ),
        0.8,
        at=At.CAPITAL,
    ),
    ShapeRule(
        "ADDRESS",
        re.compile(r"(?<![A-Za-z0-9])[ABCEGHJ-NPRSTVXY]\d[A-CEGHJ-NPR-TV-Z] \d[A-CEGHJ-NPR-TV-Z]\d(?![A-Za-z0-9])"),
        0.8,
        at=At.CAPITAL,
    ),
    ShapeRule(
        "ADDRESS",
        re.compile(rf"(?<![A-Za-z])(?:{STATE_CODES}),? (?P<v>\d{{5}}(?:-\d{{4}})?)(?![\d-])"),
        0.9,
        at=At.CAPITAL,
    ),
    ShapeRule(
        "ADDRESS",
        re.compile(
            r"(?<!\d)(?P<v>\d{5}|\d{4}[ ]?[A-Z]{2}|\d{5}-\d{3})(?= [A-ZÄÖÜ][a-zäöüß]{2,}[A-Za-zäöüß-]*"
            r"(?:[.,;)\n]|\Z))"
        ),
        0.5,
        lambda v: not v.endswith("000"),
        at=At.NUMBER,
    ),
)
_CAPITALS: Final = r"[A-ZÀ-ÝĀ-Ž][^\W\d_]*(?:[.'-][^\W\d_]+)*"
_TOWNS: Final = (
    ShapeRule(
        "LOCATION",
        re.compile(
            rf"(?P<v>(?:(?:St|Ste|Ft|Mt)\. |{_CAPITALS} ){{0,2}}{_CAPITALS}),? (?:{STATE_CODES}),? \d{{5}}(?!\d)"
        ),
        0.85,
        at=At.CAPITAL,
    ),
    ShapeRule(
        "LOCATION",
        re.compile(r"(?<![A-Za-z])\d{5} (?P<v>[A-ZÄÖÜ][a-zäöüß]{2,}(?:[ -][A-ZÄÖÜ][a-zäöüß]+)?)(?=[.,;)\n]|\Z)"),
        0.5,
        at=At.NUMBER,
    ),
    ShapeRule(
        "LOCATION",
        re.compile(r"(?<![\d.])-?\d{1,2}\.\d{3,8}°?(?: ?[NS])?,? -?\d{1,3}\.\d{3,8}°?(?: ?[EW])?(?![\d])"),
        0.85,
        at=At.NUMBER,
    ),
)
_TOWN: Final = rf"(?P<v>(?:(?:St|Ste|Ft|Mt)\. |{_CAPITALS} ){{0,2}}{_CAPITALS})"
_LOWER_TOWN: Final = r"(?P<v>[a-z]{4,}(?: (?:city|town|springs|beach|falls|heights|park|rapids))?)(?=[ .,;!?]|\Z)"
_SINCE: Final = (
    "(?: (?:now|here|both|all|back|still|currently|again|today|yesterday|over|down|up|out|together|alone"
    "|last (?:week|month|year|night)))?"
)
_OVER: Final = (
    r"(?=[.,;:!?)\n]|\Z| (?:and|now|for|with|at|this|but|so|because|when|while|since|on|right|today|last|by)\b)"
)
_LIVING: Final = (
    "(?i:(?:liv(?:es?|ed|ing)|resid(?:es?|ing|ent)|mov(?:ed|ing|e)|relocat"
    "(?:ed|ing)|based|born|raised|grew up|settled|stay(?:ing|s)|stationed"
    "|homeless|work(?:s|ed|ing)?)"
    r"(?: (?:back|here|alone|with \w+|\w+ly|out|down|up|over))? (?:in|to|from|near|outside(?: of)?|at)"
    "|(?:originally|visiting|here|came|comes|is|am|are|was|drove|flew"
    "|transferred|'m|hails|niece|nephew|son|daughter|friend|cousin) "
    "(?:in )?from"
    "|(?:trip|travel(?:s|led|ed|ling|ing)?|flight|flew|fly(?:ing)?|leaving"
    "|heading|drove|returned|back|went|vacation|holiday)(?: back)? "
    "(?:to|for|from|in)"
    "|visit(?:ing|ed)(?: (?:his|her|my|their) [a-z]+(?: [A-Z][a-z]+)?)? "
    "in|wohnhaft in|wohnt in|geboren in|vive en|vivo en|nacid[oa] en"
    "|natural de|residente en|procedente de|habite(?: à)?|né(?:e)? "
    r"à|abita a|nato a|moro em|mora em)\s+(?:downtown |rural |north "
    "|south |east |west )?"
)
_LIVING_WORDS: Final = (
    "live lives lived living reside resides residing resident move "
    "moved moving relocated relocating based born raised grew settled "
    "stay"
    " stays staying stationed homeless work works worked originally "
    "visiting visited here came comes is am are was drove flew transferred "
    "m hails niece nephew son"
    " daughter friend cousin trip travel travels traveled travelled "
    "travelling traveling flight fly flying leaving heading returned "
    "back went"
    " vacation holiday wohnhaft wohnt geboren vive vivo nacido nacida "
    "natural residente procedente habite né née abita nato moro mora"
)
_BY_CUE: Final = table_of(
    (
        CueRule(_LIVING_WORDS, "LOCATION", re.compile(_LIVING + _TOWN), 0.75, lambda v: _is_town(v)),
        CueRule(
            "i we he she they who",
            "LOCATION",
            re.compile(
                rf"(?:I|[Ww]e|[Hh]e|[Ss]he|[Tt]hey|who)(?: (?:am|are|is|was|were)|'m|'re|'s){_SINCE} in {_TOWN}{_OVER}"
            ),
            0.6,
            lambda v: _is_town_alone(v),
        ),
        CueRule(
            "saw seen see met examined treated admitted hospitalized hospitalised diagnosed operated evaluated",
            "LOCATION",
            re.compile(
                r"(?:[^\W\d_]+)(?: (?:her|him|them|me|us|you|the patient|[Dd]r\.? [A-Z][a-z]+|on|there)){0,2}"
                rf"{_SINCE} in {_TOWN}{_OVER}"
            ),
            0.6,
            lambda v: _is_town_alone(v),
        ),
        CueRule(
            "live lives lived living moved",
            "LOCATION",
            re.compile(r"(?:live[sd]?|living|moved) (?:in|to|near) " + _LOWER_TOWN),
            0.6,
            lambda v: _is_town(v),
        ),
        CueRule("moved", "LOCATION", re.compile(r"moved to [a-z]+ from " + _LOWER_TOWN), 0.6, lambda v: _is_town(v)),
        CueRule(
            "lake mount fort cape los las san santa port",
            "LOCATION",
            re.compile(r"(?P<v>(?:Lake|Mount|Fort|Cape|Los|Las|San|Santa|Port) [A-ZÀ-Ý][a-zà-ÿ]+)(?![\w'])"),
            0.5,
            lambda v: _is_town(v),
        ),
        CueRule("from", "LOCATION", re.compile(r"from " + _TOWN + r"(?=[.,;!?\n]|\Z)"), 0.5, lambda v: _is_town(v)),
        CueRule(
            "bairro colonia barrio",
            "LOCATION",
            re.compile(
                r"(?:bairro|colonia|barrio)(?: de)? (?P<v>[A-ZÀ-Ý][\w'-]+(?: (?:de |da |do )?[A-ZÀ-Ý][\w'-]+){0,2})",
                re.IGNORECASE,
            ),
            0.8,
        ),
        CueRule(
            "живу проживает живет",
            "LOCATION",
            re.compile(r"(?:живу|прожива[\w]+|жив[её]т) в (?:г\. ?|городе )?(?P<v>[А-ЯЁ][а-яё-]+)"),
            0.8,
        ),
        CueRule(
            "walgreens cvs publix costco kroger safeway boots lloyds rossmann",
            "ORG_FACILITY",
            re.compile(
                r"(?P<v>(?-i:[A-Z])[A-Za-z]+(?: Pharmacy)?(?: (?:on|at) (?-i:[A-Z][a-z]+(?: [A-Z][a-z]+)?))?)",
                re.IGNORECASE,
            ),
            0.6,
        ),
        CueRule("العنوان", "ADDRESS", re.compile(r"العنوان\s?:\s?(?P<v>[^\n]{4,60})"), 0.8),
        CueRule(
            "مستشفى مصحة عيادة",
            "ORG_FACILITY",
            re.compile(r"(?P<v>(?:مستشفى|مصحة|عيادة)(?: [\u0621-\u064a]{2,}){1,2})"),
            0.7,
        ),
        CueRule(
            "county township borough parish",
            "LOCATION",
            re.compile(r"(?:[Cc]ounty|[Bb]orough|[Pp]arish) of " + _TOWN),
            0.7,
        ),
        CueRule(
            "zip zipcode postcode postal plz cep near around cap",
            "ADDRESS",
            re.compile(
                r"(?:zip(?:[ -]?code)?|post(?:al)?[ -]?code|plz|cep|near|around)[\s:=#\"']{1,3}"
                r"(?:is )?(?P<v>\d{5}(?:-\d{3,4})?)(?![\d.]|[ ]?(?:mg|people|patients"
                "|units|steps))",
                re.IGNORECASE,
            ),
            0.7,
        ),
        CueRule(
            "city town hometown ciudad ort wohnort localidad municipio provincia ville città cidade",
            "LOCATION",
            re.compile(
                (
                    "(?:city|town|hometown|ciudad|(?:wohn)?ort|localidad|municipio|provincia"
                    r"|ville|città|cidade)(?:\"?\s?[:=]\s?\"?| is )"
                )
                + _TOWN,
                re.IGNORECASE,
            ),
            0.8,
            lambda v: _is_town(v),
        ),
        CueRule(
            "address addr endereço dirección direccion domicilio anschrift adresse indirizzo addresses",
            "ADDRESS",
            re.compile(
                r"(?:[^\W\d_]+)(?: is| was|\"?\s?[:=])\s?\"?(?P<v>(?=[^\n;\"]{0,30}\d)[^\n;\"]{5,60}?)"
                r"(?=[\n;\"]|, [A-Z]|\. |\.?\Z)",
                re.IGNORECASE,
            ),
            0.7,
            lambda v: "@" not in v and "." not in v.strip(".")[-6:],
        ),
    )
)
_COUNTIES: Final = {"county": "", "township": "", "parish": ""}
_COUNTY: Final = re.compile(rf"({_CAPITALS} ){{1,2}}\Z")

_NAMED: Final = re.compile(
    r"(?:(?:[A-ZÀ-Ý][\w'.&-]*|of|the|and|&|for|de|la|del|do|da|di|san"
    r"|santa|st\.?|\d(?:st|nd|rd|th)),? ){1,6}\Z"
)
_HEADS: Final = {
    "hospital": r"(?: (?:&|and) (?:Clinics?|Medical Cent(?:er|re)))?(?: Cent(?:er|re))?",
    "hospitals": "",
    "infirmary": "",
    "hospice": "",
    "clinic": "",
    "clinics": "",
    "polyclinic": "",
    "surgery": "(?: Cent(?:er|re))?",
    "medical": r" (?:Cent(?:er|re)|Group|Associates|Practice|Clinic|Park|Plaza)",
    "health": (" (?:Cent(?:er|re)|System|Network|Partners|Services|Clinic|Department|Plaza)"),
    "healthcare": "(?: (?:System|Center))?",
    "cancer": r" (?:Cent(?:er|re)|Institute)",
    "heart": r" (?:Cent(?:er|re)|Institute|Clinic)",
    "care": r" (?:Cent(?:er|re)|Home|Facility|Clinic)",
    "pharmacy": "",
    "chemist": "",
    "drugs": "",
    "apothecary": "",
    "nursing": r" (?:Home|Cent(?:er|re)|Facility)",
    "rehab": "(?: (?:Cent(?:er|re)|Hospital))?",
    "rehabilitation": "(?: (?:Cent(?:er|re)|Hospital))?",
    "manor": "",
    "ltach": "",
    "maternity": " (?:Unit|Hospital|Ward|Clinic)",
    "pathology": "(?: (?:Assoc(?:iates)?|Lab(?:oratory|s)?|Group))?",
    "imaging": "(?: (?:Center|Centre|Associates))?",
    "laboratory": "",
    "laboratories": "",
    "labs": "",
    "pediatrics": "",
    "paediatrics": "",
    "dermatology": "(?: (?:Associates|Clinic|Group))",
    "cardiology": " (?:Associates|Clinic|Group)",
    "dental": " (?:Care|Clinic|Practice|Group|Associates|Cent(?:er|re))",
    "urgent": " Care",
    "dialysis": "(?: (?:Center|Centre|Clinic|Unit))?",
    "elementary": "(?: School)?",
    "high": " School",
    "middle": " School",
    "primary": " School",
    "preschool": "",
    "daycare": "",
    "kindergarten": "",
    "academy": "",
    "church": "",
    "freight": "",
    "supply": "",
    "klinik": "",
    "krankenhaus": "",
    "klinikum": "",
    "eye": " (?:Care|Cent(?:er|re)|Clinic|Institute)",
    "lab": "",
    "institute": "",
    "orthopedics": "",
    "orthopaedics": "",
    "associates": "",
    "wellness": " (?:Cent(?:er|re)|Clinic)",
    "llc": "",
    "inc": "",
    "ltd": "",
    "gmbh": "",
}
_TAILS: Final = {head: re.compile(tail, re.IGNORECASE) for head, tail in _HEADS.items()}
_NOT_OWN: Final = NOT_NAMES | table(
    "the a an of and for in at to our my your local general teaching "
    "children's childrens women's womens veterans va united emergency "
    "acute university community regional memorial county city national "
    "state federal free online urgent home day"
)
_BEGINNINGS: Final = table_of(
    (
        CueRule(
            "hospital clínica clinica clinique centro hôpital hopital ospedale "
            "policlinico krankenhaus klinikum klinik universitätsklinikum farmacia "
            "pharmacie apotheke praxis chu chru hospitali zahanati kita santa "
            "ambulatorio sanatorio policlínica instituto laboratorio laboratorium",
            "ORG_FACILITY",
            re.compile(
                "(?P<v>(?:Hospital|Clínica|Clinica|Clinique|Centro (?:de Salud|Médico"
                "|Hospitalario)|Hôpital|Hopital|Ospedale|Policlinico|Krankenhaus"
                "|(?:Universitäts)?[Kk]linikum|Klinik|Farmacia|Pharmacie|Apotheke"
                "|Praxis|CHR?U|Hospitali|Zahanati|Kita|Santa Casa|SANTA CASA|Sanatorio"
                "|Policlínica|HOSPITAL|CENTRO MÉDICO|Laboratorio)(?: (?:ya|de|da"
                "|do|del|della|di|la|las|los|dos|DE|DA|DEL|LA|y|e|General|Universitario"
                r"|Regional|Sankt|St\.|San|Santa|Clínico|Civile|Municipal|Provincial"
                r"|für)){0,4}(?: [A-ZÀ-ÝĀ-Ž][\w'-]+){1,4}(?: (?:de|do|da|del) [A-ZÀ-Ý][\w-]+)?)"
            ),
            0.75,
            lambda v: not all(w.lower() in _NOT_OWN for w in v.split()[1:]),
        ),
        CueRule(
            "work works working worked employed employer job boss manager school attends pharmacy at student teaches",
            "ORG_FACILITY",
            re.compile(
                r"(?:(?:work(?:s|ed|ing)?|employed|job|boss (?:is [A-Z]\w+ )?|manager"
                "|student|teaches) (?:is )?(?:at|by|for)|employer(?: is|:)|school"
                r"(?: is|:)|attends|pharmacy(?: is|:| at)|at the|refills? (?:to|at))\s+"
                r"(?P<v>(?:[A-Z][\w'&.-]+ ){0,3}[A-Z][\w'&-]+(?: on [A-Z]\w+(?: "
                r"[A-Z]\w+)?)?)"
            ),
            0.6,
            lambda v: not all(w.lower() in _NOT_OWN for w in v.split()) and not (v.isupper() and len(v) < 4),
        ),
    )
)


def _is_street(text: str) -> bool:
    """False if a word of it belongs to a sentence ("2 weeks ago dr"), or a doubtful ending is all there is."""
    parts = text.replace(".", "").split()
    inner = [part.lower() for part in parts[1:-1]]
    if any(part in _SENTENCE for part in inner[:2]) or parts[1].lower() in _MEASURES:
        return False
    return bool(re.search(rf"(?i)\b(?:{_SURE})\b", text)) or parts[1][0].isupper() or len(inner) == 1


_MEASURES: Final = table(
    "mg mcg ml l g kg lb lbs cm mm units unit tabs tablets pills days "
    "day weeks week months month years year yo hours hour hrs min minutes "
    "x times percent patients people kids children doses more bpm am "
    "pm f m y o wk wks"
)
_SENTENCE: Final = (FUNCTION_WORDS | _MEASURES) - table(
    "old new long high low great good best hill end full young fine first second third"
)


def _is_town(text: str) -> bool:
    words = text.lower().split()
    return (
        text.lower() not in WIDE_PLACES
        and words[0] not in NOT_NAMES - frozenset({"new", "high", "long", "great", "little", "white", "black"})
        and not (text.isupper() and len(text) < 4)
        and words[-1] not in CALENDAR_WORDS
        and words[0].removesuffix("'s") not in EPONYMS
    )


def _is_town_alone(text: str) -> bool:
    """After "we are in" also a state of health, a programme or a language may stand ("in Remission", "in Spanish")."""
    words = text.lower().split()
    return (
        _is_town(text)
        and not (text.isupper() and len(text) < 6)
        and not any(word in NOT_NAMES or word in NOT_PEOPLE or word in EPONYMS for word in words)
        and not _STATE_OF_HEALTH.search(words[-1])
    )


_STATE_OF_HEALTH: Final = re.compile(
    r"(?:itis|osis|emia|tions?|sions?|ments?|ance|ency|ity|ism|oid|ous|logy|try|ics|ing|ness|ship|icu|fib|step|phase|hospice)\Z"
)

_CHINESE: Final = (
    ShapeRule("ORG_FACILITY", re.compile(r"[\u4e00-\u9fff]{2,12}(?:医院|诊所|卫生院|药房)"), 0.7),
    ShapeRule("ADDRESS", re.compile(r"[\u4e00-\u9fff]{2,6}(?:路|街|道|巷)\d{1,5}号(?:\d{1,4}[室栋])?"), 0.8),
    ShapeRule("LOCATION", re.compile(r"(?<=[:,，:\s])[\u4e00-\u9fff]{2,4}市(?:[\u4e00-\u9fff]{1,4}[区县])?"), 0.7),
)


def find_places(words: Words) -> Iterator[Hit]:
    """Addresses, towns, facilities."""
    text = words.text
    if ANY_DIGIT.search(text):
        yield from by_shape(_STREETS, words)
        yield from by_shape(_CODES, words)
        yield from (hit for hit in by_shape(_TOWNS, words) if _is_town(text[hit.start : hit.end]))
        yield from by_cues(_ROADS, words)
    yield from by_cues(_BY_CUE, words)
    yield from by_cues(_BEGINNINGS, words)
    if not text.isascii():
        yield from by_shape(_CHINESE, words)
    yield from _facilities(words)


def _facilities(words: Words) -> Iterator[Hit]:
    """ "Lakeside Family Clinic": capitalised words that end in a kind of place."""
    text = words.text
    for word, _ in words.among(_COUNTIES):
        before = _COUNTY.search(text, max(0, word.start() - 40), word.start())
        if before and word[0][0].isupper():
            yield Hit(before.start(), word.end(), "LOCATION", 0.7)
    for word, tail in words.among(_TAILS):
        if word[0].islower():
            continue
        after = tail.match(text, word.end())
        before = _NAMED.search(text, max(0, word.start() - 60), word.start())
        if after and before and (start := _own_name(text, before.start(), word.start())) >= 0:
            yield Hit(start, after.end(), "ORG_FACILITY", 0.8)


def _own_name(text: str, start: int, end: int) -> int:
    """Where the place's own name begins, -1 if it has none ("the General Hospital")."""
    pieces = list(re.finditer(r"\S+", text[start:end]))
    while pieces and (
        pieces[0][0].lower().strip(".,") in FUNCTION_WORDS
        or pieces[0][0].islower()
        or pieces[0][0].lower().strip(".,") in ("dr", "mr", "mrs", "ms", "patient", "pt")
    ):
        pieces.pop(0)
    if not pieces or all(piece[0].lower().strip(".,") in _NOT_OWN for piece in pieces):
        return -1
    return start + pieces[0].start()
