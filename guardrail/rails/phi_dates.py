"""Finds dates finer than a year, and ages over 89. Years, relative times, scores, ratios, doses and vitals stay.

45 CFR 164.514(b)(2)(i)(C). Knows no clock: the year from which a birth year tells an age over 89 is a parameter.
"""

# ruff: noqa: RUF001 - patterns for scripts other than Latin are meant as they stand
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from guardrail.rails.phi_scan import Scanner
from guardrail.rails.phi_text import ANY_DIGIT, At, CueRule, Hit, ShapeRule, Words, by_cues, table_of
from guardrail.rails.phi_words import table

_CLOCK: Final = (
    r"(?:(?:[T ]|, ?| at )\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: "
    r"?[AaPp][Mm](?![A-Za-z]))?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_LONG_MONTHS: Final = table(
    "january february april june july august september october november "
    "december enero febrero abril mayo junio julio agosto septiembre"
    " octubre noviembre diciembre janvier février fevrier avril juin "
    "juillet août septembre octobre novembre décembre januar"
    " februar märz juni juli oktober dezember janeiro fevereiro março "
    "maio junho julho setembro outubro novembro dezembro gennaio"
    " febbraio aprile maggio giugno luglio settembre ottobre dicembre "
    "января февраля марта апреля мая июня июля августа"
    " сентября октября ноября декабря januari februari maart mei augustus "
    "aprili machi agosti يناير فبراير مارس أبريل مايو يونيو"
    " يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر जनवरी फ़रवरी मार्च अप्रैल "
    "मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर"
)
_SHORT_MONTHS: Final = table(
    "jan feb mar apr may jun jul aug sep sept oct nov dec march marzo mai mars ene abr ago dic okt dez fev avr"
)
_MONTHS: Final = _LONG_MONTHS | _SHORT_MONTHS
_MONTH_NAMES: Final = {name: name for name in _MONTHS}

_ORDINAL: Final = (
    "(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    "|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth"
    "|eighteenth|nineteenth|twentieth|thirtieth|(?:twenty|thirty)[- "
    "](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))"
)
_TENS: Final = (
    "(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty"
    "|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
    "|oh[- ](?:one|two|three|four|five|six|seven|eight|nine))"
)
_SPOKEN_YEAR: Final = (
    rf"(?:nineteen (?:hundred (?:and )?)?{_TENS}|twenty {_TENS}|two thousand"
    rf"(?: and)?(?: (?:{_TENS}|one|two|three|four|five|six|seven|eight|nine))?)(?![a-z])"
)
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR: Final = r"(?:(?:19|20)\d{2}|'\d{2})"
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? (?:the )?)?"

# Before and after a month's name.
_BEFORE: Final = re.compile(
    rf"(?:(?<![\w./-])(?:el |den |le )?(?:{_DAY}\.?(?:st|nd|rd|th|º)? "
    rf"?(?:-|to|bis|al|au|a|and|&) ?)?{_DAY}(?:st|nd|rd|th|º|er|\.)?(?:[ "
    "-]?|[ ]of[ ]|[ ](?:de|d')[ ]?)"
    rf"|(?<![\w-])(?:the )?{_ORDINAL}(?: of)? ?)\Z",
    re.IGNORECASE,
)
_AFTER_DAY: Final = re.compile(
    rf"\.?[ -]?(?:the )?(?:{_DAY}(?:st|nd|rd|th)?(?![\d:/]|[.]\d|[ ]?"
    rf"(?:mg|ml|mcg|%|units?|patients|people)\b)|{_ORDINAL})(?: ?(?:-"
    rf"|to|through) ?{_DAY}(?:st|nd|rd|th)?(?![\d/]))?"
    rf"(?:[,/-]? ?{_YEAR}(?!\d)|,? {_SPOKEN_YEAR})?{_CLOCK}",
    re.IGNORECASE,
)
_AFTER_YEAR: Final = re.compile(
    rf"\.?(?:[,/-]? ?(?:of |de |del )?(?:{_YEAR}|\d{{2}}(?=[\s,;.)\"']|\Z))"
    rf"(?!\d)|,? (?:of )?{_SPOKEN_YEAR})(?: ?г\.?)?{_CLOCK}",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(
    "(?:(?:in|since|last|next|this|until|till|by|of|early|late|mid|through"
    "|from|to|before|after|during|back|en|im|seit|depuis|desde|em|nel"
    "|dal)"
    r"[ -](?:early |late |mid-?|the )?)\Z",
    re.IGNORECASE,
)
_ON: Final = re.compile(r"(?i)(?<![a-z])(?:on|am|le|el|since|dated|date:?|started|stopped|given|seen)[ ]\Z")
# The volume of a breath ("FEV1", "FEV 6"): `fev` is also the Portuguese February.
_FLOW: Final = re.compile(r"(?i)fev(?:[136]|0\.5)(?!\d)")
_FLOW_APART: Final = re.compile(r"(?i)fev[ -](?:[136]|0\.5)(?!\d|,? ?(?:19|20)\d\d)")
# No singular words, which begin a sentence's rest ("Mar 12 dose held"), and `L` only where it can't be "left".
AMOUNT: Final = re.compile(
    r"\.? (?:\d{1,3}(?:[.,]\d+)?) ?(?:(?i:m[lg]|mcg|[uµμ]g|k?g|cc|iu|mmol|meq|units|doses|tablets|tabs|pills|capsules"
    r"|puffs|drops|sprays|vials|ampoules|sachets|lit(?:re|er)s)(?![\w-])|%"
    r"|L(?=/|[.,;)]|\s*\Z|\s*\n| (?:per|of|via|O2)\b))"
)


def _plausible(text: str) -> bool:
    """A day and a month, in either order."""
    first, second = (int(part) for part in re.split(r"[/.-]", text)[:2])
    return 1 <= first <= 31 and 1 <= second <= 31 and min(first, second) <= 12


def _plausible_iso(text: str) -> bool:
    month, day = map(int, re.findall(r"\d+", text)[1:3])
    return 1 <= month <= 12 and 1 <= day <= 31


_DOSE_AHEAD: Final = r"(?! ?(?:mg|mcg|ml|mL|units?|IU|U)(?![A-Za-z]))"
_COMPACT: Final = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_SHAPES: Final = Scanner(
    (
        ShapeRule(
            "DATE",
            re.compile(rf"(?<![\d.-])(?:19|20)\d{{2}}([-/.])\d{{1,2}}\1\d{{1,2}}(?!\d|[-/.]\d){_CLOCK}"),
            0.95,
            _plausible_iso,
            at=At.NUMBER,
        ),
        ShapeRule(
            "DATE",
            re.compile(rf"(?<![\d/.-])(?<!\d,)\d{{1,2}}([/.-])\d{{1,2}}\1(?:19|20)\d{{2}}(?!\d){_CLOCK}"),
            0.95,
            _plausible,
            at=At.NUMBER,
        ),
        ShapeRule(
            "DATE",
            re.compile(rf"(?<![\d/.-])\d{{1,2}}/\d{{1,2}}/\d{{2}}(?![\d/]|\.\d){_DOSE_AHEAD}{_CLOCK}"),
            0.9,
            _plausible,
            at=At.NUMBER,
        ),
        ShapeRule(
            "DATE",
            re.compile(rf"(?<![\d/.-])\d{{2}}([.-])\d{{2}}\1\d{{2}}(?![\d]|[.-]\d){_DOSE_AHEAD}{_CLOCK}"),
            0.8,
            _plausible,
            at=At.NUMBER,
        ),
        ShapeRule(
            "DATE",
            re.compile(rf"(?<![\w/.-])\d{{1,2}}-\d{{1,2}}-\d{{2}}(?![\d-]){_DOSE_AHEAD}{_CLOCK}"),
            0.6,
            _plausible,
            at=At.NUMBER,
        ),
        ShapeRule(
            "DATE",
            re.compile(rf"(?<![\d/.-])\d\.\d{{1,2}}\.\d{{2}}(?![\d]|[.-]\d){_CLOCK}"),
            0.6,
            _plausible,
            at=At.NUMBER,
        ),
        ShapeRule("DATE", re.compile(rf"(?<![\d.,-]){_COMPACT}(?![\d-]|[.,]\d)"), 0.7, at=At.NUMBER),
        ShapeRule(
            "DATE",
            re.compile(
                rf"(?<![\d.,-]){_COMPACT}(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\.\d{{1,6}})?)?"
                r"(?:[+-]\d{4}|Z)?(?![\d])"
            ),
            0.85,
            at=At.NUMBER,
        ),
        ShapeRule(
            "DATE",
            re.compile(
                r"(?<![\d/.-])(?P<v>\d{1,2}/\d{1,2} ?(?:-|–|to|thru|through) ?\d{1,2}/\d{1,2})(?![\d/]|[ ]?(?:mg|mm))"
            ),
            0.7,
            lambda v: _range(v),
            at=At.NUMBER,
        ),
        ShapeRule("DATE", re.compile(r"(?m)^(?P<v>\d{1,2}/\d{1,2})(?=[,;\t|:])"), 0.7, _plausible, at=At.NUMBER),
        ShapeRule("DATE", re.compile(r"(?:(?:19|20)\d{2}年)?\d{1,2}月\d{1,2}[日号]"), 0.95, at=At.NUMBER),
    )
)
_SLASHED: Final = (
    r"(?P<v>\d{1,2}/\d{1,2}(?:/\d{2,4})?)(?![\d/]|[ ]?(?:mg|mm|mcg|ml"
    r"|pain|tabs?|tablets?|scale|strength|of\b|doses?|cycles?|%|on\b"
    "|bilat))"
)
_WHEN: Final = (
    "on since until till dated date dob born due visit appt appointment "
    "seen admitted discharged admission discharge dc surgery started"
    " collected drawn resulted received reported scheduled mon monday "
    "tue tues tuesday wed wednesday thu thurs thursday fri friday sat"
    " saturday sun sunday last next by before after from echo egd ct "
    "mri xray cxr ekg ecg cath colonoscopy biopsy labs lab us mammogram"
    " tte tee pet op lmp edd ga removed signed called"
)


def _range(text: str) -> bool:
    return all(_plausible(part) and not part.endswith("/10") for part in re.findall(r"\d{1,2}/\d{1,2}", text))


def _not_a_score(text: str) -> bool:
    if text.count("/") > 1:
        return _plausible(text)
    second = int(text.split("/")[1])
    return _plausible(text) and (second > 12 or second not in (5, 10) or text.startswith("0"))


_WHEN_RULES: Final = table_of(
    (
        CueRule(
            _WHEN,
            "DATE",
            re.compile(
                r"[^\W\d_]{1,24}+(?: (?:was|is|on|for|date|of|visit|seen|around|about|the))?"
                rf"[.:,=]?[ ]{{1,2}}\(?{_SLASHED}",
                re.IGNORECASE,
            ),
            0.7,
            _not_a_score,
        ),
        CueRule(
            _WHEN,
            "DATE",
            re.compile(
                r"[^\W\d_]{1,24}+(?:[ _](?:was|is|on|for|date|of|at|time))?[\s:.,=\"']{1,4}"
                rf"(?P<v>{_COMPACT})(?![\d-]|[.,]\d)",
                re.IGNORECASE,
            ),
            0.85,
        ),
        CueRule(
            "dob birth birthdate nacimiento nascimento naissance geb geboren born d fecha",
            "DATE",
            re.compile(
                r"(?:dob|d\.o\.b\.|(?:date of |fecha de |de )?(?:birth|nacimiento"
                r"|nascimento|naissance)(?:[ _-]?date)?|birthdate|geb|geboren|born)[\s:.#=\"'on]{0,6}"
                r"(?P<v>\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{6,8}(?!\d)|\d{1,2} "
                r"\d{1,2} (?:\d{4}|\d{2})(?!\d))",
                re.IGNORECASE,
            ),
            0.95,
        ),
        CueRule(
            "on since by until",
            "DATE",
            re.compile(rf"[a-z]{{1,8}} (?P<v>the {_ORDINAL})(?=[.,;)]|\Z| at| of (?:this|next|last))", re.IGNORECASE),
            0.55,
        ),
        CueRule(
            "am vom bis seit zum ab den des on",
            "DATE",
            re.compile(
                r"(?:am|vom|bis|seit|zum|ab|den|des|on) (?P<v>\d{1,2}\.(?:0?[1-9]|1[0-2])\.)(?!\d)", re.IGNORECASE
            ),
            0.8,
            _plausible,
        ),
        CueRule(
            "mon monday tue tues tuesday wed wednesday thu thurs thursday fri "
            "friday sat saturday sun sunday on by since until till from before "
            "after for the due",
            "DATE",
            re.compile(
                "(?P<v>(?:(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?,? )?"
                r"(?:[Tt]he )?\d{1,2}(?:st|nd|rd|th))(?= ?(?:[.,;:!?)\n]|\Z|at\b"
                r"|and\b|for\b|of (?:this|next|last|the)|to\b|in\b|or\b|but\b|so\b"
                r"|with\b|he\b|she\b|i\b|we\b|is\b|was\b))",
                re.IGNORECASE,
            ),
            0.6,
            lambda v: _is_day_alone(v),
        ),
        CueRule(
            "christmas thanksgiving easter halloween valentine valentines hanukkah "
            "ramadan diwali boxing juneteenth mother mothers father fathers "
            "labor memorial independence new fourth 4th july passover eid ostern "
            "weihnachten navidad pâques natale natal páscoa",
            "DATE",
            re.compile(
                "(?P<v>christmas(?: (?:eve|day|morning|night))?(?! (?:disease|factor"
                "|tree|dinner|party|card))|thanksgiving(?: day)?|easter(?: (?:sunday"
                "|monday))?|halloween|valentine'?s(?: day)|hanukkah|diwali|boxing "
                "day|juneteenth|(?:mother|father)'?s day|(?:labor|memorial|independence) "
                "day|new year'?s(?: (?:eve|day))?|fourth of july|passover|eid(?: "
                r"al-\w+)?|ostern|weihnachten|navidad|pâques|natale?(?! teeth| tooth)|páscoa)(?![^\W\d_])",
                re.IGNORECASE,
            ),
            0.7,
        ),
    )
)

_OLD: Final = r"(?:9\d|1[0-2]\d)"
_OLD_WORDS: Final = (
    "(?:ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
    "|(?:a|one) hundred(?:(?: and)? (?:one|two|three|four|five|six|seven"
    "|eight|nine|ten))?)"
)
_YEARS_OLD: Final = (
    "(?:(?:-| )?(?:years?|yrs?)(?: |-)?(?:old|of age)|(?:-| )?(?:y/?o"
    r"|y\.o\.|yo[mf])(?![a-z])|(?:-| )?(?:years?|yrs?),? (?:male|female"
    r"|man|woman|gentleman|lady)|[- ]?jähr\w*| ?años| ans(?!\w)| anos"
    r"| anni(?!\w)| лет| ปี|岁)"
)
_AGES: Final = Scanner(
    (
        ShapeRule("AGE_OVER_89", re.compile(rf"(?i)(?<![\d./,-])(?P<v>{_OLD})(?:{_YEARS_OLD})"), 0.95, at=At.NUMBER),
        ShapeRule(
            "AGE_OVER_89",
            re.compile(rf"(?<![\d./,$-])(?P<v>{_OLD})(?:M|F|m|f)(?![\w/°])(?! ?(?:fever|temp))"),
            0.7,
            at=At.NUMBER,
        ),
        ShapeRule(
            "AGE_OVER_89", re.compile(rf"(?<![\d./$])(?P<v>{_OLD})(?=[;,|/\t ][MF](?:[;,|\t\s]|\Z))"), 0.6, at=At.NUMBER
        ),
    )
)
_FEVER: Final = re.compile(r"(?i)(?:temp\w{0,8}|fever\w{0,8}|T|°|of|to|at|was|is|tmax|oral)[ :=]{0,2}\Z")
_AGE_CUES: Final = table_of(
    (
        CueRule("ninety a one", "AGE_OVER_89", re.compile(rf"(?i)(?P<v>{_OLD_WORDS}[- ]years?[- ]old)"), 0.95),
        CueRule(
            "age aged edad età idade âge alter turned turning turns",
            "AGE_OVER_89",
            re.compile(
                rf"[^\W\d_]{{1,24}}+(?:/sex)?[\s:=\"']{{1,4}}(?P<v>{_OLD}(?![\d.%/]|[ ]?(?:mg"
                rf"|bpm|percent|days|weeks|hours))|{_OLD_WORDS})",
                re.IGNORECASE,
            ),
            0.9,
        ),
        CueRule(
            "i he she who dad mom mum mother father grandma grandmother grandpa grandfather grandad "
            "granddad nan nana gran granny aunt uncle "
            "husband wife sister brother friend neighbour neighbor lady gentleman woman man patient pt resident client",
            "AGE_OVER_89",
            re.compile(
                rf"[^\W\d_]{{1,24}}+(?:'m|'s| am| is| was)(?: now| almost| nearly)? (?P<v>{_OLD})"
                r"(?=[.,;!?)]|\Z| and\b| but\b| now\b| with\b| who\b| so\b)",
                re.IGNORECASE,
            ),
            0.7,
        ),
    )
)
_BIRTH_YEAR: Final = table_of(
    (
        CueRule(
            "born geboren geb née né nacido nacida nato nata nascido b dob birth",
            "AGE_OVER_89",
            re.compile(
                r"(?:born|geboren|geb\.?|n[ée]e?|nacid[oa]|nat[oa]|nascid[oa]|b\."
                r"|dob|birth year)(?: in| en| nel| em| im)?[ :]{1,2}(?P<v>1[89]\d\d)"
                r"(?![\d/.-]\d)",
                re.IGNORECASE,
            ),
            0.9,
        ),
    )
)


def _is_day_alone(text: str) -> bool:
    number = int("".join(char for char in text if char.isdigit()))
    return 1 <= number <= 31 and " " in text


def date_finder(youngest: int) -> Callable[[Words], Iterator[Hit]]:
    """A finder for dates and ages; `youngest` is the last birth year that tells an age over 89."""

    def find(words: Words) -> Iterator[Hit]:
        text = words.text
        yield from _months(words)
        yield from by_cues(_WHEN_RULES, words)
        if ANY_DIGIT.search(text):
            yield from _SHAPES.find(words)
            yield from (hit for hit in by_cues(_BIRTH_YEAR, words) if int(text[hit.start : hit.end]) <= youngest)
        yield from (hit for hit in _AGES.find(words) if not _is_fever(hit, text))
        yield from by_cues(_AGE_CUES, words)

    return find


def _is_fever(hit: Hit, text: str) -> bool:
    return (
        hit.score < 0.9
        and text[hit.end : hit.end + 1] in "Ff"
        and bool(_FEVER.search(text[max(0, hit.start - 12) : hit.start]))
    )


def _months(words: Words) -> Iterator[Hit]:
    """Dates with a month's name, and a month alone where a preposition makes it a time."""
    text = words.text
    for word, name in words.among(_MONTH_NAMES):
        before = _BEFORE.search(text, max(0, word.start() - 32), word.start())
        if _FLOW.match(text, word.start()) or (
            not before and (_FLOW_APART.match(text, word.start()) or _is_amount(word, text))
        ):
            continue
        after = _AFTER_DAY.match(text, word.end()) if not before else None
        after = after or _AFTER_YEAR.match(text, word.end())
        if before or after:
            if _is_verb(word[0], before, after):
                continue
            yield Hit(before.start() if before else word.start(), after.end() if after else word.end(), "DATE", 0.9)
        elif _stands_alone(word, name, text):
            yield Hit(word.start(), word.end(), "DATE", 0.6)


def _is_amount(word: re.Match[str], text: str) -> bool:
    """ "MAR 12 doses"; but "on Mar 12 tablets were stopped" is a day."""
    return bool(AMOUNT.match(text, word.end())) and not (
        _ALONE.search(text, max(0, word.start() - 16), word.start())
        or _ON.search(text, max(0, word.start() - 16), word.start())
    )


def _is_verb(word: str, before: object, after: re.Match[str] | None) -> bool:
    """ "may 2 tablets", "1 mar": lower-case words that are months only with both sides, or with a year."""
    return (
        word in ("may", "march", "mar", "mars", "dec", "jan", "sep", "mai")
        and not before
        and not (after and re.search(r"\d{4}", after[0]))
        and word in ("may", "march", "mars", "mai")
    )


def _stands_alone(word: re.Match[str], name: str, text: str) -> bool:
    if len(name) < 4 and name != "may":
        return False
    if name in ("may", "march", "mars") and not (
        word[0][0].isupper() and _ALONE.search(text, max(0, word.start() - 16), word.start())
    ):
        return False
    return bool(_ALONE.search(text, max(0, word.start() - 16), word.start()))
