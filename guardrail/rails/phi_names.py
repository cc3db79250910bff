"""Finds people's names by what stands beside them: titles, relatives, greetings, "my name is", keys, ages, verbs.

A first, honest form: without a trained detector a name without any cue is missed; a repetition of one that was found is
the vault's business. 45 CFR 164.514(b)(2)(i)(A). Titles, credentials and the possessive 's stay outside the span.
"""

# ruff: noqa: RUF001 - patterns for scripts other than Latin are meant as they stand
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from guardrail.rails.gate import gated
from guardrail.rails.phi_text import At, Hit, Words, matches
from guardrail.rails.phi_words import (
    BARE_EPONYM_KINDS,
    CREDENTIALS,
    DEVICE_MAKERS,
    EPONYM_KINDS,
    EPONYMS,
    GIVEN_NAMES,
    NOT_NAMES,
    NOT_PEOPLE,
    PARTICLES,
    PEOPLES,
    SURNAMES,
    WIDE_PLACES,
    WORD_NAMES,
    table,
)

_TOKEN: Final = re.compile(r"(?:[^\W\d_]\.){2,3}|[^\W\d_]+(?:['-][^\W\d_]+)*(?![\d_@])\.?")
_MOST: Final = 6
_LEAST: Final = 3  # letters: below it stands an initial, as in "Pt J. tube"


@dataclass(frozen=True, slots=True)
class _NameCue:
    """`pattern` (any case, anchored at the cue) ends where a name may begin."""

    cues: str
    pattern: re.Pattern[str]
    score: float = 0.8
    lower: bool = False  # also lower-case words that are no words of the lists
    least: int = 1  # words
    follow: re.Pattern[str] | None = None  # must stand behind the name
    reversed: bool = False  # "LOPEZ, MARIA"


def _p(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_TITLES: Final = (
    "(?:dr|doctor|doc|mr|mrs|miss|mx|prof(?:essor)?|sir|rev|nurse|sister"
    r"|señora?|sra?|dra|herrn?|frau|mme|madame|monsieur|dott(?:\.?ssa)?"
    "|don|doña|dona|dkt|enf|judge|officer|pastor|rabbi|imam|ms|med|oa"
    "|ra)"
)
_RELATIVES: Final = (
    "son daughter wife husband mother father mom mum dad brother sister "
    "partner boyfriend girlfriend spouse aunt auntie uncle cousin niece "
    "nephew"
    " grandson granddaughter grandmother grandma grandfather grandpa "
    "fiancé fiancée fiance fiancee friend neighbor neighbour roommate "
    "baby"
    " twin caregiver carer guardian stepson stepdaughter stepmother "
    "stepfather hijo hija esposa esposo madre padre hermano hermana "
    "marido mujer"
    " tochter sohn ehefrau ehemann mutter vater bruder schwester fils "
    "fille mari femme mère père figlia figlio moglie marito filha filho"
    " mãe pai cônjuge mke kid child toddler infant newborn sitter ex"
)
_ROLES: Final = (
    "attending surgeon therapist pharmacist physician provider pcp "
    "gp hospitalist midwife counselor counsellor worker sw rn np witness "
    "boss teacher"
    " coach consultant resident interpreter aide sitter supervisor "
    "manager principal lawyer attorney radiologist cardiologist neurologist"
    " oncologist psychiatrist psychologist dentist pathologist anesthesiologist "
    "dietitian clinician asst assistant ob obgyn hca poa"
    " colleague kollegin kollege doula chaplain landlord ot slp cna paramedic emt daughter-in-law"
)
_VERBED: Final = (
    "(?:seen|signed|examined|performed|reviewed|referred|dictated|ordered"
    "|attended|verified|entered|purchased|accompanied|brought|transcribed"
    "|witnessed|interpreted|cosigned"
    r"|approved|evaluated|assessed|treated|delivered|collected|interviewed)(?: in| off| electronically)? by"
)
_GAP: Final = r"[\s:.,(\"'*_-]{1,4}"
_HAS: Final = re.compile(
    "(?:'s)? (?:has|is|was|had|can|cant|can't|needs|got|gets|started"
    r"|who|will|keeps|still|isn't|wasn't|hasn't|came|takes|won't|just)\b"
    r"|,? \d|'s\b"
)

_CUES: Final = (
    _NameCue(
        "dr doctor doc mr mrs miss mx prof professor sir rev nurse sister "
        "señor señora sr sra dra herr herrn frau mme madame monsieur dott "
        "don doña dona dkt enf judge officer pastor rabbi imam",
        _p(rf"{_TITLES}\.?(?: {_TITLES}\.?){{0,3}}[\s*_]{{1,3}}"),
        0.95,
    ),
    _NameCue("ms", re.compile(r"M[sS]\.\s?|Ms\s"), 0.95),
    _NameCue(
        "dr mr mrs", re.compile(r"(?:dr|mr|mrs)\.? "), 0.7, lower=True, least=1, follow=re.compile(r"[\s.,;!?')]|\Z")
    ),
    _NameCue(
        "patient pt pat client paciente pac patiente patientin patienten resident paz pte",
        _p(r"(?:[^\W\d_]+)(?:'s name)?(?: is|: | -)?[\s.:#*_\"-]{1,4}(?:named |called )?"),
        0.75,
    ),
    _NameCue(
        "patient pt client resident",
        _p(r"(?:patient|pt|client|resident), "),
        0.75,
        follow=re.compile(r", ?(?:\d|who\b|an? |was\b|is\b|has\b|DOB|dob|MRN|mrn)"),
    ),
    _NameCue(
        "patient pt client",
        re.compile(r"(?:patient|pt|client) (?:named |called |is )?"),
        0.6,
        lower=True,
        follow=re.compile(r",? (?:is a|c/o|\d{1,3} ?(?:yo|y/o|m|f)\b|dob|mrn)|, \d"),
    ),
    _NameCue(
        _RELATIVES,
        _p(
            r"[^\W\d_]+(?:'s name)?(?:\s*[=:(,]\s*| (?:is|was|named|called|is "
            r"named|is called|and \w+) |\s+)(?:\(?\w+\) )?"
        ),
        0.75,
    ),
    _NameCue(
        _RELATIVES,
        re.compile(r"(?<=my )[a-z]+ (?:named |called )?|(?<=(?:her|his|our) )[a-z]+ (?:named |called )?"),
        0.55,
        lower=True,
        follow=_HAS,
    ),
    _NameCue(_ROLES, _p(r"[^\W\d_]+(?: is| was| named)?(?:\s*[=:(,#]\s*|\s+)"), 0.65),
    _NameCue(
        "seen signed examined performed reviewed referred dictated ordered "
        "attended verified entered purchased accompanied brought transcribed "
        "witnessed interpreted cosigned approved evaluated assessed treated "
        "delivered collected interviewed",
        _p(rf"{_VERBED}[\s:]{{1,2}}"),
        0.75,
    ),
    _NameCue("spoke discussed talked met", _p(r"(?:spoke|discussed|talked|met)(?: \w+)? with "), 0.6),
    _NameCue(
        "notes note chart labs meds summary letter referral prescription "
        "rx refill appt appointment results record records report script "
        "claim form message call visit consult",
        _p(r"[^\W\d_]+ (?:for|of|on|from|re) "),
        0.55,
        follow=re.compile(r"[\s,.;:?!')]|\Z"),
    ),
    _NameCue(
        "notes chart labs meds summary letter referral results record records report appointment",
        _p(r"[^\W\d_]+ (?:for|of|on|re) "),
        0.5,
        lower=True,
        least=2,
        follow=re.compile(r"[,.;:?!)\n]|\Z"),
    ),
    _NameCue("by", re.compile(r"by "), 0.55, least=2, follow=re.compile(r"[.,;\n]|\Z| (?:on|at|in|to|and|for)\b")),
    _NameCue("legal", _p(r"legal(?:ly)?(?: name)?: "), 0.7),
    _NameCue(
        "tell told asked ask paged called texted calls cc attn fao",
        _p(r"[^\W\d_]+:? "),
        0.55,
        follow=re.compile(r" (?:that|to|about|if|at|and|who|re)\b|[.,:;]|\Z"),
    ),
    _NameCue(
        "named called",
        _p(r"(?:named|called)[\s:\"']{1,3}"),
        0.6,
        follow=re.compile(r"(?!\s*(?:disease|syndrome|sign|test))"),
    ),
    _NameCue(
        "go goes nicknamed aka nickname preferred",
        _p(r"(?:go(?:es)? by|nicknamed|aka|a\.k\.a\.|nickname|preferred name)[\s:\"'(]{1,3}"),
        0.7,
    ),
    _NameCue(
        "name names",
        _p(r"name(?:'s| is| ist| es| é|s are)? (?!of|was not|and)"),
        0.8,
        lower=True,
        follow=re.compile(r"[\s.,;!?')\"]|\Z"),
    ),
    _NameCue("i im", _p(r"i(?:'m| am|m) "), 0.6, least=2),
    _NameCue(
        "i im",
        _p(r"i(?:'m| am|m) "),
        0.6,
        follow=re.compile(r"(?:,? (?:from|here|and my|the)\b| ?\(|, (?:\d|a |the |i |my ))"),
    ),
    _NameCue(
        "this it",
        _p(r"(?:this|it)(?:'s| is)(?: \w+'s (?:mom|dad|mother|father|wife|husband|daughter|son))? "),
        0.6,
        least=2,
    ),
    _NameCue(
        "this it",
        _p(r"(?:this|it)(?:'s| is) "),
        0.55,
        follow=re.compile(r"(?: from\b| here\b| ?\((?:dob|mrn)|, (?:\d|i |my |the patient))", re.IGNORECASE),
    ),
    _NameCue(
        "me mi ich je mein meu mijn jina меня",
        _p(
            "(?:me llamo|mi nombre es|mi chiamo|ich heiße|ich heisse|ich bin"
            "|je m'appelle|je suis|mein name ist|meu nome é|me chamo|mijn naam "
            "is|jina langu ni|меня зовут) "
        ),
        0.8,
        lower=True,
    ),
    _NameCue(
        "dear hi hello hey hola estimado estimada querida querido liebe "
        "lieber bonjour cher chère ciao caro cara geehrte geehrter здравствуйте",
        _p(
            "(?:dear|hi|hello|hey|hola|estimad[oa]|querid[oa]|lieber?|geehrter?"
            "|bonjour|chère?|ciao|car[oa])(?: (?:kollegin|kollege|frau|herr"
            r"|dr\.?|señora?))*,? "
        ),
        0.65,
        follow=re.compile(r"\s*[,.!:;\n-]|\Z| (?:this|i'm|i am|my|it's|can|could|i)\b", re.IGNORECASE),
    ),
    _NameCue(
        "thanks thank regards sincerely best cheers love thx ty gracias saludos grüße gruß mfg cordialement saluti",
        _p(
            "(?:(?:many |kind |best |warm )?(?:thanks|regards|wishes)|thank "
            "you|sincerely|best|cheers|love|thx|ty|gracias|saludos|(?:viele "
            "|liebe )?gr[üu][ßs]e?|mfg|cordialement|saluti)(?: so much| again"
            r"| in advance)?[\s,.!-]{1,6}"
        ),
        0.65,
        follow=re.compile(r"\s*(?:,|\n|\Z|\(|[|/])"),
    ),
    _NameCue(
        "name nombre nom nome cognome vorname nachname surname apellidos "
        "apellido given family lastname firstname fname lname initials "
        "imię jina имя фио пациент",
        _p(r"[^\W\d_]+(?:s|[ _](?:name|del paciente))?(?: \([^)]{1,12}\))?[\"']?\s*[:=]\s*[\[\"'\s]{0,4}"),
        0.85,
        lower=True,
        reversed=True,
    ),
    _NameCue(
        "patient pt pat paz paciente client surgeon clinician physician "
        "provider signed attending author asst assistant ordering referring "
        "contact kin nok hcp guarantor spouse mother father mãe mother's "
        "provider's doctor radiologist pathologist consultant prescriber "
        "nurse rn therapist interpreter employee driver subscriber insured "
        "member holder beneficiary seen who by from to re",
        _p(r"[^\W\d_]+[\"']?\s{0,2}[:=]\s{0,3}[\"'\[]{0,2}"),
        0.8,
        reversed=True,
    ),
    _NameCue("reply from", re.compile(r"From: "), 0.7),
    _NameCue("subject re", _p(r"re: "), 0.6, least=2),
)

_CLINICAL_VERBS: Final = (
    "(?:reports?|reported|denie[sd]|presents?|presented|complain(?:s"
    "|ed)|states?|stated|endorses?|agreed|refused|refuses|c/o|was (?:seen"
    "|tested|admitted|discharged|diagnosed|referred|started|told|given)"
    "|has (?:gained|lost|had|been|a|no|not)|lives|will need|needs|is "
    r"(?:due|a \d|an? |here|on|doing|having)|came|called|says|said|takes"
    "|told|asked|mentioned|explained|texted|emailed|thinks|wants|prefers"
    "|works|smokes|necesita|tiene|refiere|presenta|acude|fue|can (?:drive"
    "|take|have|come))"
)
_SUBJECT: Final = gated(
    r"(?:(?<=[.;!?:\n]\s)|(?<=\A)|(?<=[\n;]))(?P<v>(?:[^\W\d_]\.){2,3}"
    r"|[^\W\d_]+(?:['-][^\W\d_]+)*(?: [^\W\d_]\.?| [^\W\d_]+(?:['-][^\W\d_]+)*){0,4}) "
    rf"(?={_CLINICAL_VERBS}\b)"
)
_AGED: Final = gated(
    r"(?<![\w.'-])(?P<v>[A-Z][a-z]{2,}) (?:is|was|turned|turns) (?:only |now |just |almost )?\d{1,3}"
    r"(?=[.,;!?)\n]|\Z| (?:years?|yrs?|months?|weeks?|and|now|with|but|y/?o)\b)"
)
_AGE_BEFORE: Final = re.compile(
    r"\d{1,3} ?(?:(?:yo|y/o|yrs?|years? old|year-old) ?)?(?:[MF]|male|female|man|woman|boy|girl),? "
    r"(?P<v>[A-Z][a-zà-ÿ']+(?:-[A-Z][a-zà-ÿ]+)? (?:[A-Z]\. )?[A-Z][a-zà-ÿ']+(?:-[A-Z][a-zà-ÿ]+)?)(?![\w-]| [A-Z])"
)
_SURNAME_PLACES: Final = frozenset({"park", "lake", "river", "street", "road", "king"})
_AGE_OR_ID: Final = re.compile(
    r"[ ,]{1,2}(?:\(?,? ?(?:(?:is )?an? )?\d{1,3}(?:[ -]?(?:y/?o|yrs?"
    r"|years?|yo)\b|[ -]?[MFmf]\b(?!/)|[mf]\b|,? ?(?:male|female)\b)"
    r"|\(?(?:DOB|dob|D\.O\.B|MRN|mrn|born|geb\.|b\.|n\.|nat[oa]|née?"
    r"|\*) ?[:#]?\s?\(?[A-Z]{0,3}\d|[A-Z]{1,4}\d{5,})"
)
_CREDENTIAL: Final = gated(
    r"(?<=[^\W\d_]),? \(?(?:MD|M\.D\.|DO|RN|NP|PA-C|PA|PhD|DDS|DMD|PharmD"
    r"|LCSW|LPN|CNM|CRNA|APRN|FNP|DPM|MBBS|PGY-\d|BSN|PT|OT)(?![\w-])"
)
_BACKWARD: Final = re.compile(r"(?:[^\W\d_]\. ?|[^\W\d_]+(?:['-][^\W\d_]+)*,? ){0,4}[^\W\d_]+(?:['-][^\W\d_]+)*\.?\Z")
_INITIALED: Final = re.compile(
    r"(?<![\w.'-])(?P<v>[A-Z][a-z]{2,} [A-Z]\.)(?= (?:with|has|is|was"
    r"|on|who|had|needs|and)\b|[,;]|\Z|\s*\n)"
)
_PAIR: Final = re.compile(
    r"(?:(?<=[a-z0-9,;] )|(?<=[(\"]))(?P<v>[A-Z][a-zà-ÿ']+(?:-[A-Z][a-zà-ÿ]+)? "
    r"(?:[A-Z]\. |(?:de|van|von|bin|al|da|del|dos) )?[A-Z][a-zà-ÿ']+"
    r"(?:-[A-Z][a-zà-ÿ]+)?)(?![\w-]| [A-Z]|'?s? (?:disease|syndrome|sequence"
    "|sign|score|scale|test|criteria|classification|method|procedure"
    "|virus|fever))"
)
_CLINICAL_ENDING: Final = re.compile(
    "(?:omas?|itis|osis|emia|pathy|plasia|trophy|tomy|logy|tions?|sions?"
    "|ments?|ance|ity|ities|ism|oid|ous|plegia|praxia|lexia|phasia|ular|esis|uria|algia|genic|ase"
    r"|gram|scopy|ectasia|cytosis|penia|phyte)\Z"
)
_SPECIES: Final = table(
    "coli aureus pylori difficile falciparum vivax pneumoniae pneumophila albicans influenzae jejuni burgdorferi"
)
_INITIAL_FIRST: Final = re.compile(r"(?<![\w.])(?P<v>[A-Z]\. ?[A-Z][A-Za-z'-]{2,})(?![\w.])")
_SURNAME_FIRST: Final = re.compile(r"(?<![\w.'-])(?P<v>[A-Z][A-Za-z'-]{3,},? [A-Z]\.)(?=[:;,)]|\s*\n)")
_OWNED: Final = re.compile(
    r"(?<![\w-])(?P<v>[A-Z][a-z]{3,}(?:-[A-Z][a-z]+)?)'s (?=(?:potassium"
    "|sodium|creatinine|glucose|hemoglobin|labs?|chart|results?|meds?"
    "|medications?|mother|father|mom|dad|daughter|son|wife|husband"
    "|parents|family|wound|dressing|dose|insulin|blood|bp|pressure|inr"
    "|appointment|visit|room|bed|records?|discharge|surgery|scan|mri"
    "|ct|x-ray|refill|prescription|fever|pain|cough|rash|age|weight"
    r"|birthday|doctor)\b)"
)
_SIGNATURE: Final = re.compile(
    r"(?:\n[-–—~]{1,2} ?|[.!?)] ?[-–—~]{1,2} ?)(?P<v>[^\W\d_]+(?:['-][^\W\d_]+)*\.?"
    r"(?: [^\W\d_]+(?:['-][^\W\d_]+)*\.?){0,2})\s*\Z"
)
_FILE: Final = gated(
    r"(?<![\w/.-])(?P<v>[A-Za-z]{3,}[_-][A-Za-z]{3,})(?=[_-][\w-]{1,60}\."
    r"(?:pdf|docx?|jpe?g|png|dcm|txt|csv|xlsx?|tiff?|wav|mp[34])\b|\."
    r"(?:pdf|docx?|dcm)\b)"
)
_CHINESE: Final = gated(
    r"(?:姓名|患者|病人|联系人|主治医师|主任|医生|医师)[::\s]?(?P<v>[\u4e00-\u9fff]{2,4}?)"
    r"(?=[\s,,。、::((性男女,最今年的]|\Z|(?:最近|今年|昨|自|于|因|说|有|反映))"
)
_CYRILLIC: Final = gated(
    "(?:[Пп]ациент(?:ка|ки|у|а)?|[Вв]рач|[Дд]октор|меня зовут|дочь|сын"
    r"|муж|жена)[:\s]{1,3}(?P<v>[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?(?: "
    r"[А-ЯЁ](?:[а-яё]+|\.)){0,2})"
)
_ARABIC: Final = gated(
    r"(?:المريض(?:ة)?|اسم المريض|الطبيب المعالج|د\.|الدكتور|اسمي)\s?:?\s?"
    r"(?:د\. )?(?P<v>[\u0621-\u064a]{2,}(?: [\u0621-\u064a]{2,}){1,3}?)"
    r"(?=\s*(?:\n|\Z|[.،,]| يعاني| عمره| من | في ))"
)
_HINDI: Final = gated(
    r"(?:मरीज|रोगी|श्री|श्रीमती|डॉ\.?|मेरा नाम)\s(?P<v>[\u0900-\u097f]{2,}"
    r"(?: (?!को |का |की |के |है )[\u0900-\u097f]{2,})?)(?= (?:को|का|की"
    "|के|है|ने|से))"
)
_INITIALS: Final = re.compile(r"(?<![\w-])(?P<v>[А-ЯЁ][а-яё]{2,}(?:-[А-ЯЁ][а-яё]+)? [А-ЯЁ]\.(?: ?[А-ЯЁ]\.)?)")
_SCRIPTS: Final = (_CHINESE, _INITIALS, _CYRILLIC, _ARABIC, _HINDI)

_TABLE: Final[dict[str, tuple[_NameCue, ...]]] = {}
for _cue in _CUES:
    for _word in _cue.cues.split():
        _TABLE[_word] = (*_TABLE.get(_word, ()), _cue)

_TITLE: Final = 0.95
_AFTER_EPONYM: Final = re.compile(rf"(?:'?s)?[ -](?:{EPONYM_KINDS})\b|[ -](?:{BARE_EPONYM_KINDS})\b", re.IGNORECASE)
_SURELY: Final = re.compile(r" (?:disease|syndrome)\b", re.IGNORECASE)
_SAINTS: Final = re.compile(r"(?i)(?<![a-z])(?:st|saint)[. -]{1,2}[a-z]+(?:'?s|s')?[ -](?:wort|fire|dance)(?![a-z])")
_NEVER: Final = NOT_NAMES | CREDENTIALS
_SHORTENED: Final = frozenset(
    {"i", "you", "we", "they", "he", "she", "it", "that", "what", "who", "there", "don", "can", "won", "isn", "hasn"}
)


def find_names(words: Words) -> Iterator[Hit]:
    """Everything that a cue makes a name, less what medicine calls after people."""
    saints = [match.span() for match in _SAINTS.finditer(words.text)] if words.places.keys() & _SAINTED else []
    for hit in _found(words):
        if not _is_eponym(hit, words.text) and not any(a <= hit.start and hit.end <= b for a, b in saints):
            yield hit


_SAINTED: Final = frozenset({"wort", "fire", "dance"})


def _is_eponym(hit: Hit, text: str) -> bool:
    """ "pt with Crohn's disease", "Foley catheter"; but "Mr. Wilson's disease" is his, and "Okoro's disease" hers."""
    if hit.score >= _TITLE:
        return False
    after = _AFTER_EPONYM.match(text, hit.end)
    if not after:
        return _is_device(hit, text)
    words = re.split(r"[^a-zà-ÿ]+", text[hit.start : hit.end].lower())
    return any(word in EPONYMS for word in words) or (len(words) == 1 and bool(_SURELY.match(text, hit.end)))


def _is_device(hit: Hit, text: str) -> bool:
    """ "Medtronic Azure", "Boston Scientific Accolade": a maker before or at the beginning, in a weak reading."""
    before = _LAST_WORD.search(text, max(0, hit.start - 24), hit.start)
    first = text[hit.start : hit.end].partition(" ")[0].lower()
    return hit.score <= _WEAK and (first in DEVICE_MAKERS or bool(before and before["word"].lower() in DEVICE_MAKERS))


_WEAK: Final = 0.65
_LAST_WORD: Final = re.compile(r"(?P<word>[A-Za-z]+) \Z")


def _found(words: Words) -> Iterator[Hit]:
    text = words.text
    for word, cues in words.among(_TABLE):
        for cue in cues:
            match = cue.pattern.match(text, word.start())
            if match and (span := _name_after(cue, text, match.end())):
                yield Hit(*span, "NAME", cue.score)
    yield from _named_backwards(text)
    for match in matches(_AGE_BEFORE, words, At.NUMBER):
        if _is_person(match["v"]):
            yield Hit(*match.span("v"), "NAME", 0.6)
    for pattern, score, is_name, at in _SHAPES:
        found = matches(pattern, words, at)
        yield from (Hit(*match.span("v"), "NAME", score) for match in found if is_name(match["v"]))
    if not text.isascii():
        for script in _SCRIPTS:
            yield from (Hit(*match.span("v"), "NAME", 0.8) for match in script.finditer(text))


def _name_after(cue: _NameCue, text: str, at: int) -> tuple[int, int] | None:
    """The name that begins at `at`: words in capitals, initials, particles; lower case where the cue allows."""
    end, count, pos = at, 0, at
    first = True
    while count < _MOST and (token := _TOKEN.match(text, pos)):
        word = token[0]
        plain = word.rstrip(".").lower()
        particle = not first and plain in PARTICLES and not word[0].isupper()
        sure = first and word[0].isupper() and plain in _believed(cue.score)
        if not (particle or sure or _can_be_name(word, plain, cue.lower and (first or text[at].islower()))):
            break
        first = False
        if not particle:
            count, end = count + 1, _word_end(token, text)
        pos = token.end()
        if word.endswith(".") and end < pos:
            break
        if cue.reversed and text.startswith(", ", pos) and count == 1:
            pos += 2
        elif text.startswith(" ", pos):
            pos += 1
        else:
            break
    if count < cue.least or count == 0 or (count == 1 and end - at < _LEAST and _TUBE.match(text, at)):
        return None
    if cue.follow and not cue.follow.match(text, end):
        return None
    return at, end


def _believed(score: float) -> frozenset[str]:
    """The everyday words that a cue of this strength makes a name."""
    if score >= _TITLE:
        return SURNAMES
    return WORD_NAMES if score >= 0.65 else frozenset()


def _word_end(token: re.Match[str], text: str) -> int:
    """Without the sentence's full stop and the possessive 's; an initial keeps its point."""
    word, end = token[0], token.end()
    if word.endswith("."):
        if len(word) > 2 and "." not in word[:-1]:
            return end - 1
        return end
    return end - 2 if word.lower().endswith("'s") else end


def _can_be_name(word: str, plain: str, lower: bool) -> bool:
    bare = plain.removesuffix("'s")
    if len(bare) == 1 and word[0].isupper():
        return word.endswith(".") or bare not in "ai"
    if bare in _NEVER or bare.partition("'")[0] in _SHORTENED:
        return False
    if word[0].isupper() or ("-" in bare and bare.partition("-")[0] in PARTICLES):
        return True
    if lower:
        return not bare.endswith(("ing", "ed"))
    return not word[0].islower() and word[0].isalpha()  # scripts without case


def _named_backwards(text: str) -> Iterator[Hit]:
    """ "Kwame Boateng 67M", "R. Patel, RN", "Faith Young has gained": the cue stands behind the name."""
    for pattern, score in ((_AGE_OR_ID, 0.7), (_CREDENTIAL, 0.75)):
        for match in pattern.finditer(text):
            before = _BACKWARD.search(text, max(0, match.start() - 60), match.start())
            if before and (span := _trimmed(text, before.start(), before.end())):
                yield Hit(*span, "NAME", score)
    yield from (Hit(*match.span("v"), "NAME", 0.55) for match in _AGED.finditer(text) if _is_given(match["v"]))
    for match in _SUBJECT.finditer(text):
        words = match["v"].split()
        if (
            words[0][0].isupper()
            and all(word[0].isupper() or word in PARTICLES for word in words)
            and _all_names(match["v"], strict=len(words) == 1)
            and words[0].lower() not in NOT_PEOPLE
            and (len(words) > 1 or _does(words[0], text, match.end()))
        ):
            yield Hit(*match.span("v"), "NAME", 0.6)


def _does(word: str, text: str, verb: int) -> bool:
    """A first word that works or says something may be a drug, a therapy or a label; nobody's given name is."""
    if _is_given(word):
        return True
    if text.startswith("says", verb):
        return word.lower() not in _SPEAKING_THINGS
    if not text.startswith("works", verb):
        return True
    return bool(_WORKS.match(text, verb)) and not word.isupper() and not _DRUG_ENDING.search(word.lower())


_SPEAKING_THINGS: Final = frozenset({"label", "help", "leaflet", "package", "box", "sign", "app", "website", "report"})
_WORKS: Final = re.compile(
    r"works (?:(?:at|in|as|for|with) (?:the |an? )?[A-Z]|(?:full|part)[- ]time\b|nights\b|shifts\b|from home\b"
    r"|as an? (?:[a-z]+ )?(?:nurse|teacher|driver|cleaner|cook|chef|engineer|farmer|lawyer|accountant|builder|plumber"
    r"|electrician|carer|waiter|waitress|manager|secretary|cashier|mechanic|welder)\b)"
)
_DRUG_ENDING: Final = re.compile(
    r"(?:formin|cillin|mycin|floxacin|azole|sartan|statin|olol|pril|[lz]one|sone|xone|done|mab|nib|vir|triptan|[zl]am"
    r"|pam|line|[ptz]ine|mine|dipine|caine|phine|fen|amol|phen|bital|gliptin|gliflozin|glutide|sulin|thiazide|semide"
    r"|mide|parin|xaban|dol|setron|coxib|platin|pirin|drug|therapy)\Z"
)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The longest run of name words that ends at `end`."""
    begin = end
    for piece in reversed(list(re.finditer(r"[^\s,]+", text[start:end]))):
        plain = piece[0].strip(".,").lower()
        if not piece[0][0].isupper() and plain.partition("-")[0] not in PARTICLES:
            break
        if (
            (plain in _NEVER and plain not in WORD_NAMES)
            or plain.partition("'")[0] in _SHORTENED
            or plain.removesuffix("'s") in EPONYMS
            or plain in WIDE_PLACES
            or (piece[0].isupper() and len(plain) <= 4 and piece[0].isalpha() and begin == end)
        ):
            break
        begin = start + piece.start()
    if all(word in _NEVER for word in text[begin:end].lower().replace(",", "").split()):
        return None
    while (
        begin < end and text[begin].islower() and not text[begin:end].partition(" ")[0].count("-")
    ):  # a particle can't begin the run
        begin = min(end, text.find(" ", begin) + 1 or end)
    return (begin, end) if begin < end else None


def _is_given(text: str) -> bool:
    return text.lower() in GIVEN_NAMES and text.lower() not in _SEASONS


_SEASONS: Final = frozenset({"april"})


def _is_person(text: str) -> bool:
    """After an age ("45F Rose Park"): two capitals that are no diagnosis."""
    words = [word.lower() for word in re.split(r"[ -]", text)]
    return _all_names(text) and not any(
        (word in EPONYMS and words[0] not in GIVEN_NAMES)
        or word in NOT_PEOPLE - _SURNAME_PLACES
        or word in _ORGANS
        or _CLINICAL_ENDING.search(word)
        for word in words
    )


_ORGANS: Final = table(
    """
    coronary artery atrial aortic mitral valve renal pulmonary hepatic cerebral vascular venous thrombus embolus
    ischemic hemorrhagic myocardial infarct septal rectal colorectal gastric uterine ovarian cervical lumbar
    thoracic spinal femoral tibial distal proximal hip metastatic malignant multiple rheumatoid ulcerative crohn
    major bipolar manic gestational premature sickle cell spontaneous intestinal bowel obstructive obstruction
    restrictive sleep apnea apnoea new onset intractable refractory nephrotic cushing lower upper
    """
)


def _is_pair(text: str) -> bool:
    """Two capitals in the middle of a sentence, neither of them a word of medicine or commerce."""
    words = [word.lower().removesuffix("'s") for word in re.split(r"[ -]", text)]
    given = words[0] in GIVEN_NAMES - WORD_NAMES
    if words[0] in _GERMAN_YOU or words[-1] == "bescheid":
        return False
    if "von" in words[1:-1] and (words[-1] in _GERMAN_DAYS or not (given or words[0] in _GERMAN_GIVEN)):
        return False
    return _all_names(text) and not any(
        (word in EPONYMS and not given)
        or word in NOT_PEOPLE
        or word.removesuffix("s") in NOT_PEOPLE
        or _CLINICAL_ENDING.search(word)
        for word in words
    )


_GERMAN_YOU: Final = table("sie ihr ihre ihrem ihren ihrer ihres ihnen")
_GERMAN_DAYS: Final = table(
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz april mai juni juli"
    " august september oktober november dezember anfang beginn geburt"
)
_GERMAN_GIVEN: Final = table(
    "klaus anselm hans heinz jürgen uwe wolfgang dieter günther gunther horst manfred helmut werner otto karl friedrich"
    " georg johann johannes jonas lukas felix moritz maximilian leopold konrad ulrich stefan matthias andreas rainer"
    " sebastian tobias alexander heinrich wilhelm ludwig philipp ursula ingrid helga gisela renate monika sabine petra"
    " claudia katharina charlotte johanna greta lena hannah ilse hildegard elisabeth marie sophie anneliese brigitte"
    " ferdinand christoph christian bernd rolf kurt ernst franz fritz gustav rudolf siegfried theodor viktoria"
)


def _is_initialed(text: str) -> bool:
    """ "R. Patel", but not "R. Hemiparesis" (right) or "OE R. Cipro"."""
    last = text[2:].strip().lower()
    return _all_names(text) and last not in _AFTER_SIDE and not _DISEASE_ENDING.search(last)


_AFTER_SIDE: Final = table("cipro augmentin keflex bactrim tylenol hydrocele effusion infiltrate tube pouch")
_DISEASE_ENDING: Final = re.compile(
    r"(?:esis|itis|osis|a?emia|plegia|pathy|algia|uria|ectomy|oscopy|penia|ectasia|megaly|trophy|o?edema|ptosis)\Z"
)
_TUBE: Final = re.compile(r"[A-Z]\.? ?(?:[Tt]ube|TUBE|[Pp]ouch)\b")


def _all_names(text: str, strict: bool = False) -> bool:
    plain = [word.strip(".").lower().removesuffix("'s") for word in re.split(r"[ _-]", text)]
    if any(word.partition("'")[0] in _SHORTENED for word in plain):
        return False
    if len(plain) > 1 and text[0].isupper():
        plain = [word for word in plain if word not in WORD_NAMES] or plain[:0]
    if any(word in PEOPLES or word in WIDE_PLACES for word in plain):
        return False
    if any(word in _SPECIES for word in plain):
        return False
    known = [word in _NEVER or (strict and word in EPONYMS) for word in plain]
    return not any(known)


def _is_owner(text: str) -> bool:
    """ "Okoro's potassium", but not "Parkinson's meds"."""
    return _all_names(text, strict=True)


_SHAPES: Final = (
    (_INITIALED, 0.6, _all_names, At.CAPITAL),
    (_INITIAL_FIRST, 0.55, _is_initialed, At.CAPITAL),
    (_SURNAME_FIRST, 0.5, _all_names, At.CAPITAL),
    (_OWNED, 0.5, _is_owner, At.CAPITAL),
    (_SIGNATURE, 0.6, _all_names, At.ANYWHERE),
    (_FILE, 0.6, _all_names, At.ANYWHERE),
    (_PAIR, 0.5, _is_pair, At.CAPITAL),
)

_WHOLE: Final = re.compile(
    r"[A-Z][a-z]+(?:['-][A-Z][a-z]+)*(?: [A-Z]\.)?(?: [A-Z][a-z]+(?:['-][A-Z][a-z]+)*){1,2}"
    r"|[A-Z][A-Za-z'-]+, [A-Z][A-Za-z'-]+(?: [A-Z]\.?)?"
)
_JOINED: Final = re.compile(r"[A-Za-z]{3,}[_.-][A-Za-z]{3,}")
_RUN_TOGETHER: Final = re.compile(r"[A-Z][a-z]{2,}[A-Z][a-z]{2,}")
_WITHIN: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def find_bare_names(text: str, token: bool, filled_in: bool) -> list[Hit]:
    """A whole value that reads like a name: `maria_lopez` as a participant, "Maria Lopez" in a tool's result."""
    written = (token and _JOINED.fullmatch(text)) or (filled_in and _WHOLE.fullmatch(text))
    found = (written and _all_names(text.replace(",", ""))) or (
        token and (_is_whole_name(text) or _is_run_together(text))
    )
    return [Hit(0, len(text), "NAME", 0.5)] if found else []


def find_fixed_names(text: str) -> list[Hit]:
    """An object key or the like that is a whole name: "Maria Lopez", but not "Chief Complaint"."""
    steps = text.strip("^$").split("/") if text.startswith(("#/", "^")) else [text]  # a reference, a pattern of keys
    return [Hit(0, len(text), "NAME", 0.5, hard=True)] if any(map(_is_whole_name, steps)) else []


def _is_whole_name(text: str) -> bool:
    plain = text.replace(",", "")
    return bool(_WHOLE.fullmatch(text)) and _is_pair(plain) and not _is_heading(plain.lower().split())


def _is_run_together(text: str) -> bool:
    """`MariaLopez`, but not `DarkBlue`: a given name that is no other word stands in it."""
    if not _RUN_TOGETHER.fullmatch(text):
        return False
    apart = _WITHIN.sub(" ", text)
    return not (GIVEN_NAMES - WORD_NAMES).isdisjoint(apart.lower().split()) and _is_pair(apart)


def _is_heading(words: list[str]) -> bool:
    """A request is refused for a name in a key, so that here a word that builds like a noun of trade is believed."""
    if not (GIVEN_NAMES - WORD_NAMES).isdisjoint(words):
        return False
    return any(word in _KEY_WORDS or (word not in SURNAMES and _NOUN_ENDING.search(word)) for word in words)


_NOUN_ENDING: Final = re.compile(
    r"(?:ings?|ed|ness|ments?|[st]ions?|it(?:y|ies)|ous|ures?|[ae]nces?|ators?|[aei]cy|ical|ives?|ants?|ules?|ases?"
    r"|ines?|ides?|ates?|[rv]es|ams?|graphy|logy|[il]sms?|incomes?|lines?|points?)\Z"
)


_KEY_WORDS: Final = table(
    """
    action advice amount amounts answer article author balance bar black blue border box branch brand budget button
    call card category channel chapter chart chat check choice city click code color column comment company content
    cost count culture currency curve customer daily dark data deep digest disc document domain duct duration effect
    email entry error event example extra factor fast feature field file filter flag flow folder foot format frame
    free front full gift green grey gross group hand header heading heat hot image index input invoice item items
    itinerary join key keyword label language layer length level light line link list load locale location logo loop
    loss map margin mark market mass max mean memo menu message meta method mid min mode model monthly mood name
    native net news note number object open option order origin output owner pack page pair panel parameter parent
    path peak pepper percent period phase pixel place plain plan plot policy pool position power price priority
    product profile project prompt property public pure quantity query question quick rail rank rate rating raw real
    reason recipe record red reference region request response rest result retail revenue ring risk role root row
    rule run safe sales sample save scale schedule scope score screen search section seed self sender series serum
    service session setting shape share sheet shift shipping short side sign signal site size skill sku slot slow
    smart soft sort sound source space spec speed spot stack stage star state static status step steps stock stop
    store stream street stroke style sub subject subtotal summary super support surface swab sweet switch table tag
    tags target task tax team template tenant test text theme thread ticket time title token tone tool top topic
    total trace track trade trend trial trigger true type unit urine url usage user value vendor version video view
    vital voice volume wave web weekly weight white width word work wrap yearly yield zone
    """
)
