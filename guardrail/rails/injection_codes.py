# ruff: noqa: E501, RUF001, SIM905 - tables of words and patterns in many scripts: one entry stays one line
"""What is written so that a reader of plain words passes it by: codes, letters one by one, digits as words, riddles.

`decoded` gives back what codes stand for, `hidden` says where somebody's name or number is spelled past a detector.
Knows shapes and few words, no policy. Bounded: at most `_MOST` runs of a sort, each of at most `_LONGEST` code points.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from typing import Final

from guardrail.rails.gate import Gated, gated
from guardrail.rails.phi_medicine import is_medicine
from guardrail.rails.phi_words import GIVEN_NAMES, SURNAMES
from guardrail.text import Span

Decoded = tuple[Span, str]
"""Where a code stands, and the text that it stands for."""

_MOST: Final = 32
_LONGEST: Final = 4096
_FEW_LETTERS: Final = 4
_NEAR: Final = 60

# --- codes -----------------------------------------------------------------------------------------------------------
_HEX_RUN: Final = re.compile(r"(?<![\w-])(?:0[xX])?((?:[0-9A-Fa-f]{2}){8,2048})(?![\w-])")
_HEX_WORDS: Final = re.compile(r"(?<![\w-])(?:[0-9A-Fa-f]{2}){5,64}(?: (?:[0-9A-Fa-f]{2}){4,64}){0,8}(?![\w-])")
_PERCENTS: Final = re.compile(r"(?:%[0-9A-Fa-f]{2}){5,1024}")
_HEX_PAIRS: Final = re.compile(
    r"(?<![\w:])(?:0x|\\x)?[0-9A-Fa-f]{2}(?:[ ,]{0,2}(?:0x|\\x)[0-9A-Fa-f]{2}|[ ,]{1,2}[0-9A-Fa-f]{2}){3,1024}(?![\w:])"
)
_HEX_PAIR: Final = re.compile(r"(?:0x|\\x)?([0-9A-Fa-f]{2})")
_BINARY: Final = re.compile(
    r"(?<!\w)(?:[01]{8}(?:[ ,]?[01]{8}){2,512}|[01]{7}(?:[ ,][01]{7}){2,512}|(?:0[01]{4} ){3,64}[01]{5})(?!\w)"
)
_NUMBERS: Final = re.compile(r"(?<![\w.])\d{1,3}(?:[ ,;-]{1,2}\d{1,3}){3,512}(?![\w])")
_ASCII_CUE: Final = gated(r"\b(?:ascii|char(?:acter)? codes?|code ?points?|unicode|decimal codes?|utf-?8)\b", re.I)
_COUNT_CUE: Final = gated(
    r"\ba ?(?:=|is) ?0?1\b|\bnumbers? (?:as|for|to|are|into) (?:the )?letters?\b|\bposition\w* in the alphabet\b|\bletters? (?:by|from|in) (?:their |its )?(?:position|number|order)",
    re.I,
)
_BASE64: Final = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{8,4096}={0,2}(?![A-Za-z0-9+/=_-])")
_BASE64_CUE: Final = gated(r"base ?-?64|\bb64\b|\bdecod|\bencod", re.I)


def decoded(text: str) -> Iterator[Decoded]:
    """Hexadecimal, binary, base64 and character codes that stand for words."""
    for match in islice(_HEX_RUN.finditer(text), _MOST):
        yield from _worded(match, _of_hex(match[1]))
    for match in islice(_HEX_WORDS.finditer(text), _MOST):
        if (word := _of_hex(match[0].replace(" ", "")).replace(" ", "")).isalpha() and word.isascii():
            yield Span(*match.span()), word
    for match in islice(_PERCENTS.finditer(text), _MOST):
        yield from _worded(match, _of_hex(match[0].replace("%", "")))
    for match in islice(_HEX_PAIRS.finditer(text), _MOST):
        yield from _worded(match, _of_hex("".join(_HEX_PAIR.findall(match[0]))))
    for match in islice(_BINARY.finditer(text), _MOST):
        word = _of_binary(match[0])
        if word.isascii() and word.isalpha():
            yield Span(*match.span()), word
        else:
            yield from _worded(match, word)
    if _ASCII_CUE.search(text):
        for match in islice(_NUMBERS.finditer(text), _MOST):
            yield from _worded(match, "".join(chr(int(n)) for n in re.findall(r"\d+", match[0])))
    if _COUNT_CUE.search(text):
        for match in islice(_NUMBERS.finditer(text), _MOST):
            yield from _worded(match, "".join(chr(96 + int(n)) for n in re.findall(r"\d+", match[0]) if int(n) < 27))
    cue = _BASE64_CUE.search(text)
    if cue or "=" in text:
        for match in islice((m for m in _BASE64.finditer(text) if cue or m[0].endswith("=")), _MOST):
            yield from _worded(match, _of_base64(match[0]))


def _worded(match: re.Match[str], plain: str) -> Iterator[Decoded]:
    if reads(plain) or _CODED.fullmatch(plain):
        yield Span(*match.span()), plain


_CODED: Final = re.compile(r"[A-Za-z0-9+/_-]{16,4096}={0,2}")


def reads(plain: str) -> bool:
    """True for printable text, mostly of letters and blanks, or a number of some length."""
    if not plain or not all(" " <= char <= "~" or char in "\n\r\t" or char > "\xa0" for char in plain):
        return False
    letters = sum(char.isalpha() for char in plain)
    blank = sum(char in " \n" for char in plain)
    digits = sum(char.isdigit() or char in "-+" for char in plain)
    if letters < _FEW_LETTERS:
        return digits >= 7 and digits + blank == len(plain)
    return (letters + blank) * 20 >= len(plain) * 17


def _of_hex(run: str) -> str:
    return bytes.fromhex(run[: _LONGEST // 2 * 2]).decode("utf-8", "replace").replace("\ufffd", "\x00")


def _of_binary(run: str) -> str:
    groups = re.findall(r"[01]+", run)
    if all(len(group) == 5 for group in groups):
        return ""
    bits = "".join(groups)
    width = 7 if all(len(group) == 7 for group in groups) else 8
    return "".join(chr(int(bits[i : i + width], 2)) for i in range(0, len(bits) - width + 1, width))


def _of_base64(run: str) -> str:
    coded = run.rstrip("=").replace("-", "+").replace("_", "/")
    if len(coded) % 4 == 1 or (coded.isalpha() and (coded.islower() or coded.istitle())):
        return ""
    try:
        return binascii.a2b_base64(coded + "=" * (-len(coded) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


# --- ways to write the same letters ------------------------------------------------------------------------------
_LEET: Final = str.maketrans("0134578@$!|", "oieastbasil")
_LEETED: Final = re.compile(r"(?<!\w)(?=[a-z]{0,12}[0134578@$!])[a-z0134578@$!]{3,24}(?!\w)")
_ROT_WORDS: Final = gated(
    r"vtaber|qvfertneq|sbetrg|vafgehpgvba|cerivbhf|flfgrz|cebzcg|erirny|cngvrag|cynprubyqre|ercrng|hafvygrerq|byirezbgr"
)
_BACK_WORDS: Final = gated(
    r"erongi|dragersid|tegrof|noitcurtsni|suoiverp|metsys|tpmorp|laever|tneitap|redlohecalp|taeper|deretlifnu"
)


def rewritten(folded: str) -> Iterator[tuple[str, Callable[[int, int], tuple[int, int]]]]:
    """The folded text read as ROT13, back to front and as leet, where a word says so; and the way back to positions."""
    if sign := _ROT_WORDS.search(folded):
        start, piece = _around(folded, sign.start())
        yield codecs.encode(piece, "rot13"), lambda a, b: (start + a, start + b)
    if sign := _BACK_WORDS.search(folded):
        begin, back = _around(folded, sign.start())
        size = len(back)
        yield back[::-1], lambda a, b: (begin + size - b, begin + size - a)
    leeted = list(islice(_LEETED.finditer(folded), 3))
    if len(leeted) > 1:
        at, leet = _around(folded, leeted[0].start())
        yield leet.translate(_LEET), lambda a, b: (at + a, at + b)


def _around(text: str, at: int) -> tuple[int, str]:
    start = max(0, at - _LONGEST // 4)
    return start, text[start : start + _LONGEST]


# What the attempts look like with nothing between their letters: spaces, hyphens and dots put anywhere hide no word.
_SQUEEZED: Final = gated(
    r"(?:ignore|disregard|forget|bypass|override)(?:all|the|any|your|of|my|these|those){0,3}"
    r"(?:previous|prior|above|earlier|preceding|system|safety)(?:instruction|rule|direction|prompt|guideline|filter)"
    r"|(?:show|print|reveal|repeat|output|display)(?:me|us)?(?:your|the)(?:hidden)?system(?:prompt|instruction)"
    r"|(?:reveal|show|print)(?:me)?the(?:real|original|actual)(?:names|values)"
)
_LETTER: Final = re.compile(r"[a-z]+")


def squeezed(folded: str) -> Span | None:
    """Where the letters alone say it, although the words do not."""
    pieces = list(_LETTER.finditer(folded))
    match = _SQUEEZED.search("".join(piece[0] for piece in pieces))
    if match is None:
        return None
    at, start = 0, -1
    for piece in pieces:
        size = len(piece[0])
        if start < 0 and match.start() < at + size:
            start = piece.start() + match.start() - at
        if match.end() <= at + size:
            return Span(start, piece.start() + match.end() - at)
        at += size
    return None


# --- somebody's name or number, spelled ----------------------------------------------------------------------------
_NAMED: Final = gated(
    r"(?i)\b(?:names?|named|surname|forename|called|spells it|spelled|spelt|initials|mr|mrs|ms|miss|dr|dear|greet|se llama|llamad[oa]|apellidos?|nombre|"
    r"chama-se|nome|sobrenome|s'appelle|appel[eé]e?|nom|pr[eé]nom|hei[sß]{1,2}t|nachname|vorname|si chiama|cognome|"
    r"зовут|имя|фамилия|jina|nama|anaitwa|bernama)\b|اسم|नाम|姓名|名字|叫"
)
_PERSON: Final = re.compile(
    r"(?i)\b(?:patients?|pt|lady|gentleman|man|woman|boy|girl|him|his|her|hers|she|he|client|resident|mother|father|names?|"
    r"surname|called|mr|mrs|ms|dr|referral|paciente|patiente?|patientin|paziente|herr|frau|пациент\w*|pasien|"
    r"mgonjwa|nombre|nome|nom|nama|jina|apellido|nachname|cognome|use it|write it)\b|患者|病人|मरीज|مريض"
)
_NO_NAME: Final = gated(
    r"(?i)\b(?:spell|stands? for|mnemonic|acronym|assessment|abbreviat\w*|means?|primer|sequence|codon|crossword|keyboard|"
    r"piano|guitar|chords?|notes? (?:c|d)|font|spacing|vitamins?|syndrome|screen|deletrea|buchstabiert man|approach|"
    r"criteria|test|scores?|mini-mental|mmse|world|karyotype|elements|alphabet|backwards:|digit span|span|count|rate|scale|"
    r"how (?:do|to)|riddle|puzzle|quiz|scrabble|principle)\b"
)
_SPELLED: Final = re.compile(
    r"(?<![\w'’.-])[^\W\d_] ?(?P<s>[-‐‑–—._·•*/|~+=,:\n ]) ?[^\W\d_](?: ?(?P=s) ?[^\W\d_]){1,60}(?!\w)(?![-'’]\w)"
)
_GENES: Final = re.compile(r"[acgtun]+")
_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "azerty", "qwertz")
_REVERSED: Final = re.compile(r"(?<!\w)[a-zà-ÿ]{3,}[A-Z](?:[ -][a-zà-ÿ]{2,}[A-Z]){0,3}(?!\w)")
_BACKWARDS: Final = gated(
    r"(?i)\b(?:revers\w*|backwards?|back to front|right way round|mirror\w*|flipped|right to left|from (?:behind|the end|the back)|al rev[eé]s|[aà] l'envers|r[uü]ckw[aä]rts|ao contr[aá]rio|"
    r"al contrario|terbalik|kinyume|наоборот|задом)\b|倒|उल्टा|بالمقلوب"
)
_REVERSED_SHORT: Final = re.compile(r"(?<!\w)[a-zà-ÿ]{2,12}-?[a-zà-ÿ]{1,12}[A-Z](?!\w)")
_TOKEN: Final = re.compile(r"(?<!\w)[A-Za-z]{5,40}(?!\w)")

_MORSE_LETTERS: Final = frozenset(
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.".split()
)
_MORSE: Final = re.compile(r"(?<![^\s:(\"'])[.\-–−·•]{1,5}(?:[ /|]{1,3}[.\-–−·•]{1,5}){3,300}(?![^\s,;)\"'])")
_MORSE_SIGNS: Final = str.maketrans("–−·•", "--..")

_NATO: Final = frozenset(
    "alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray x-ray yankee zulu".split()
)
_TIMES: Final = frozenset("double triple doble doppel duplo doppio двойной and y und e et и".split())
_DIGIT_WORDS: Final = {
    word: digit
    for row in (
        "zero one two three four five six seven eight nine",
        "oh ones twos threes fours fives sixes sevens eights nines",
        "nought uno dos tres cuatro cinco seis siete ocho nueve",
        "cero un deux trois quatre cinq six sept huit neuf",
        "null eins zwei drei vier fünf sechs sieben acht neun",
        "nulo um dois três quatro cinco seis sete oito nove",
        "meia uma zwo tre quattro cinque sei sette otto nove",
        "ноль один два три четыре пять шесть семь восемь девять",
        "صفر واحد اثنان ثلاثة اربعة خمسة ستة سبعة ثمانية تسعة",
        "शून्य एक दो तीन चार पांच छह सात आठ नौ",
        "sifuri moja mbili tatu nne tano sita saba nane tisa",
        "nol satu dua tiga empat lima enam tujuh delapan sembilan",
        "kosong एक due تلاتة أربعة पाँच छः सात ثمانيه नौ",
    )
    for digit, word in enumerate(row.split())
}
_LINKS: Final = frozenset(
    ["then", "next", "and", "dash", "space", "minus", "followed", "by", "und", "luego", "puis", "dann"]
)
_WORD: Final = re.compile(r"[\u0900-\u0963\u0966-\u097f]+|[^\W\d_]+(?:-ray)?")
_BETWEEN: Final = re.compile(
    r"[ ,./–-]{1,3}(?:(?:and|then|next|dash|space|minus|followed by|y|e|et|und|luego|puis|dann|и)[ ,]{1,2}){0,2}"
)
_HAN_DIGITS: Final = re.compile(r"[零〇一二三四五六七八九幺]{7,}")
_LEAST_NATO: Final = 4
_LEAST_DIGITS: Final = 7

_RIDDLES: Final = tuple(
    gated(pattern, re.IGNORECASE)
    for pattern in (
        # "rhymes with", "sounds like a bird followed by"
        r"\b(?:sur|first |last |fore)?name\b[^.\n]{0,40}\b(?:rhymes? with|sounds? like|is spelled like|is an? (?:tree|bird|colou?r|month|flower|"
        r"animal|fruit|metal|river|city) (?:plus|followed|and|with|\+))",
        r"\b(?:1st|first) letter\W{1,3}(?:is )?\w\b[^\n]{0,40}\b(?:2nd|second) (?:letter\W{1,3}(?:is )?)?\w\b",
        r"\b(?:sur|first |last |fore)?names?\b[^.\n]{0,24}\b(?:as|in|by) (?:an? )?(?:emojis?|ascii|morse|hex\w*|binary|base ?64|rot-?13|numbers|"
        r"pig latin|code|cipher|leet\w*|semaphore|braille)\b",
        r"\b(?:sur|first |last |fore)?name\b[^.\n]{0,40}\b(?:is|=) (?:the )?(?:capital of|opposite of|colou?r of|anagram of|name of the)",
        r"\b(?:sur|first |last |fore)?name\b[^.\n]{0,60}\b(?:plus|followed by|minus|ends? (?:in|with)|starts? with) [\"'“‘]\w",
        r"\b(?:swap|switch|exchange) (?:the |its )?(?:two )?(?:halves|letters|syllables|parts|ends)|\bunscrambl|\bscrambled|\bjumbled|\banagram|"
        r"\breal order|\brearrang\w+ (?:the )?letters",
        r"\b[A-Z],? (?:and then|then|next|followed by) [A-Z],? (?:and then|then|next|followed by) [A-Z]\b",
        r"['\"] ?[^\W\d_]{1,12}['\"] ['\"] ?[^\W\d_]{1,12}['\"]",
        r"\b\d ?= ?[a-z]\b[^\n]{1,6}\b\d ?= ?[a-z]\b|\b[a-z] ?= ?\d{1,2}\b[^\n]{1,6}\b[a-z] ?= ?\d{1,2}\b",
        r"\b(?:sur|first |last |fore)?name\b[^.\n]{0,20}\b(?:starts?|begins?) with \w{1,6},? (?:and |then )?(?:it )?ends? (?:with|in) \w",
        r"\b\w as in \w+[^\n]{1,12}\b\w as in \w",
        r"\bname\b[^.\n]{0,12}[\"'“]\w{1,8}[\"'”],? (?:and then|and|plus|then|\+|followed by) [\"'“]\w",
        r"\b(?:remove|ignore|delete|drop|without|skip|strip|leave out|minus) (?:the |all |these |all the )?(?:bars?|dashes|hyphens|dots|stars|asterisks|spaces|"
        r"slashes|underscores|pipes|symbols|punctuation|commas|numbers|digits|emojis?|fillers?|x's|extra letters)\b",
        r"\bpig[- ]?latin\b[^\n]{0,30}\b\w+ay\b",
        r"(?:['\"][^\W\d_ ]{1,12} ?['\"]|['\"] [^\W\d_]{1,12}['\"])\s?(?:\+|&|\.\.|,? (?:and|plus|then)) ?['\"] ?[^\W\d_]{1,12}['\"]"
        r"[^\n]{0,80}\b(?:concatenat\w*|join|glue|combine|put together|together|assemble|merge|one word)\b",
        r"\b(?:concatenat\w*|join|glue|combine|put together|assemble|merge)\b[^\n]{0,60}['\"] ?[^\W\d_]{1,12}['\"] ?(?:\+|,|and|&) ?['\"]",
    )
)
_NTH: Final = gated(
    r"\b(?:every|each) (?:second|other|third|fourth|fifth|2nd|3rd|4th|nth|alternate) (?:letter|character|char)s?\b"
    r"|\b(?:read|take|use|keep|only) (?:only )?(?:the )?(?:capitals?|capital letters?|upper ?case(?: letters?)?)\b"
    r"|\b(?:alternate|odd|even)(?:[- ](?:numbered|position(?:ed)?))? (?:letters|characters)\b|\binterleav\w+|"
    r"\bcada (?:segunda|dos) letras?\b|\bune lettre sur deux\b|\bjede[nr]? zweiten? buchstaben?\b|\bcada segunda letra\b|"
    r"\bogni seconda lettera\b|кажд\w+ втор\w+ букв\w+|每隔一个字",
    re.IGNORECASE,
)
_DO_READ: Final = gated(
    r"\b(?:take|read|keep|use|pick|extract|join|drop|only|reading|lies|toma|lis|lies|leia|leggi)\b", re.I
)
_JAGGED: Final = re.compile(r"(?<!\w)[A-Za-z]{0,20}[a-z][A-Z]{1,2}[a-z]{1,4}[A-Z][A-Za-z]{0,20}")
_ZIGZAG: Final = re.compile(r"(?<!\w)(?:[a-z][A-Z]){4,20}[a-z]?(?!\w)|(?<!\w)(?:[A-Z][a-z]){5,20}(?!\w)")
_CAPITALS: Final = re.compile(r"(?<!\w)[A-Z]{6,}(?!\w)")
_FIRST_LETTERS: Final = gated(
    r"\b(?:first|initial|last) letters of (?-i:[A-Z])|\b(?:first|initial|last|1st) (?:letters?|characters?)(?: of (?:each|every|the|these|all|those|my)?(?: (?:of|following|next|these))?"
    r"(?: the)? ?(?:lines?|words?|sentences?|rows?)|s? of ?:| of:|s ?:)|\b(?:take|use|read) (?:only )?(?:the )?(?:first|initial|last) letters?\b|\binitial letters of\b|\bacrostic\b|\bacr[oó]stico\b|\bacrostiche\b",
    re.IGNORECASE,
)
_LESS: Final = gated(
    r"\b(?:remove|drop|delete|skip|ignore|strip|take out|leave out|without) (?:(?:the|every|all|each|all the) )?"
    r"(?:letters? )?[\"'“‘]?(?P<letter>[A-Za-z0-9*#])[\"'”’]?(?:['’]?s|es)?(?!\w)",
    re.IGNORECASE,
)
_INTERLEAVED: Final = re.compile(r"(?<!\w)[A-Za-z]{8,40}(?!\w)")
_SHIFT: Final = gated(
    r"\bshift(?:ed)? (?:(?:each|every|all|the) )?(?:letters? )?(?:back|forward|by|one|left|right)|\bcaesar|\brot-?(?:\d+|n)\b|"
    r"\bletters? (?:moved|shifted)|\bkeyboard shift|\batbash|\b(?:in|with|using|by) (?:an? |the )?(?:\w+ )?cipher",
    re.IGNORECASE,
)
_ROT: Final = gated(r"\brot-? ?13\b", re.IGNORECASE)
_PIECES: Final = gated(
    r"\b(?:first|second|third|next|last|other|middle|remaining|final|1st|2nd|rest of the) (?:part|half|bit|piece|chunk|block|segment|portion|"
    r"two|three|four|five|digits?|group|message|line)s?\b|\bin (?:two|three|four|several|many|separate)?\s?(?:pieces|halves|parts|chunks|bits)\b"
    r"|\bsplit (?:over|across|into|in)\b|\b(?:over|across|on) (?:several|two|three|four|separate|different) (?:lines|messages)\b|\bpart (?:[1-5]|one|two|three|[a-d])\b|"
    r"\b(?:starts?|begins?) with\b[^\n]{1,24}\b(?:continues?|goes on|then|ends?)\b|\bthe rest (?:in|comes|follows|is)\b|\(pause\)|\b(?:day|month|year) is\b|"
    r"\b(?:in|with) (?:my|the) next message\b|\b(?:in front of|between|before|after|behind) (?:every|each) (?:pair|digit|letter|group|two)",
    re.IGNORECASE,
)
_JOIN: Final = gated(
    r"\bjoin\b|\bconcatenat\w*|\bput (?:them|it|these|both|everything) (?:back )?together|\bcombine\b|\bstick (?:them|it)|\bmerge\b|"
    r"\bglue\b|\bassemble\b|\breassemble\b|\badd them up\b|\bstring (?:them|it) together|\bthen\b[^\n]{1,40}\bthen\b|\bappend them\b|"
    r"\bone after (?:the other|another)\b|\b(?:as|into|in) one (?:number|name|line|string)\b|\brebuild\b|\b(?:continues|ends) with\b|\bput together\b|\b(?:use|give|write|take) the (?:whole|full|complete)\b|\bwhole (?:one|number|name|thing)\b|\bis the whole\b",
    re.IGNORECASE,
)
_OF_A_PERSON: Final = re.compile(
    r"(?i)\b(?:ssn|mrn|phone|telephone|mobile|nhs number|social security|insurance number|passport|account|card number|dob|"
    r"date of birth|birthday|names?|surname|address|postcode|zip|(?:my|her|his|their|the|record|chart|patient|member|id) number|"
    r"identifier|id|email)\b"
)
_SOME_VALUE: Final = re.compile(
    r"\d[ -]?\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine)\b|[\"'“]\w{2,}[\"'”]"
)

# The commonest pairs of letters in European languages: a word has many of them, a word in ROT13 few.
_PAIRS: Final = frozenset(
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur na la el ta di et ie ss ol mo lo no ca ho tt us ac am ad do ge po il ec ul un ni em so pe tr".split()
)


def hidden(text: str) -> Iterator[Span]:
    """Where a name or number is written so that it does not look like one."""
    yield from _spelled(text)
    yield from _backwards(text)
    yield from _morse(text)
    yield from _in_words(text)
    yield from _by_rule(text)
    yield from _rotated(text)
    yield from _leeted(text)
    yield from (Span(*m.span()) for m in islice(_ZIGZAG.finditer(text), _MOST))
    yield from (Span(*m.span()) for m in islice(_INTERLEAVED.finditer(text), 400) if _alternates(m[0].lower()))


def _beside(
    pattern: re.Pattern[str] | Gated, text: str, span: tuple[int, int], before: int = _NEAR, after: int = _NEAR
) -> bool:
    return pattern.search(text, max(0, span[0] - before), min(len(text), span[1] + after)) is not None


def _spelled(text: str) -> Iterator[Span]:
    """ "J-o-a-c-h-i-m", "k a t h e r i n e"."""
    for match in islice(_SPELLED.finditer(text), _MOST * 8):
        letters = "".join(char for char in match[0] if char.isalpha())
        if _may_be_name(letters, match["s"], text, match.span()):
            yield Span(*match.span())


def _may_be_name(letters: str, separator: str, text: str, span: tuple[int, int]) -> bool:
    plain = letters.lower()
    if _is_row(plain) or _GENES.fullmatch(plain) or is_medicine(plain) or plain in _COMMON:
        return False
    if _beside(_NO_NAME, text, span):
        return False
    if len(plain) >= _FEW_LETTERS and (plain in GIVEN_NAMES or plain in SURNAMES):
        return True
    if (separator == "." or (letters.isupper() and separator == " ")) and len(plain) < _FEW_LETTERS:
        return False  # D.O.B., C R M
    if _beside(_NAMED, text, span, 30, 0):
        return len(plain) > 2
    if letters.isupper() and separator != "." and _beside(_PERSON, text, span, 25, 0):
        return len(plain) > _FEW_LETTERS
    if letters[0].isupper() and letters[1].islower() and letters[-1].islower():
        return len(plain) >= _FEW_LETTERS
    return letters.islower() and len(plain) > _FEW_LETTERS and separator not in ",.:=/|+"


_COMMON: Final = frozenset(
    "this that these those here there what with from stop help please hello very slow word words love wait".split()
)


def _is_row(plain: str) -> bool:
    """Letters in the order of the alphabet or of a keyboard; the same letter again and again."""
    if len(set(plain)) < 3 or any(plain in keys for keys in _KEYS):
        return True
    steps = [ord(b) - ord(a) for a, b in pairwise(plain)]
    return sum(step in (1, 2, 0) for step in steps) * 4 >= len(steps) * 3


def _backwards(text: str) -> Iterator[Span]:
    """ "nosredneH": a capital at the wrong end, and words that say so; or a common name from behind."""
    cue = _BACKWARDS.search(text)
    for match in islice(_REVERSED.finditer(text), _MOST):
        words = re.split(r"[ -]", match[0][::-1])
        if cue or all(word.lower() in GIVEN_NAMES or word.lower() in SURNAMES for word in words):
            yield Span(*match.span())
    if cue and _NAMED.search(text):
        yield from (Span(*match.span()) for match in islice(_REVERSED_SHORT.finditer(text), _MOST))
    if cue:
        for match in islice(_TOKEN.finditer(text), 400):
            back = match[0][::-1].lower()
            if back in GIVEN_NAMES and match[0].lower() not in GIVEN_NAMES:
                yield Span(*match.span())


def _morse(text: str) -> Iterator[Span]:
    if ". " not in text and "- " not in text and "/" not in text and "·" not in text:
        return
    for match in islice(_MORSE.finditer(text), _MOST):
        groups = re.split(r"[ /|]+", match[0].translate(_MORSE_SIGNS))
        long = [group for group in groups if len(group) > 1]
        if all(group in _MORSE_LETTERS for group in groups) and len(set(long)) > 1 and len(groups) >= _FEW_LETTERS:
            yield Span(*match.span())


def _in_words(text: str) -> Iterator[Span]:
    """Rows of digits as words, and of the words of the spelling alphabet."""
    for match in islice(_HAN_DIGITS.finditer(text), _MOST):
        if not _counts([_HAN_VALUE.get(char, 0) for char in match[0]]):
            yield Span(*match.span())
    run: list[re.Match[str]] = []
    sort = ""
    for word in _WORD.finditer(text):
        plain = word[0].lower()
        if run and plain in _LINKS:
            continue
        is_nato, is_digit = plain in _NATO, plain in _DIGIT_WORDS
        joined = bool(run) and _BETWEEN.fullmatch(text, run[-1].end(), word.start()) is not None
        if joined and ((sort == "nato" and is_nato) or (sort == "digit" and (is_digit or plain in _TIMES))):
            run.append(word)
            continue
        if run and _says_something(run, sort, text):
            yield Span(run[0].start(), run[-1].end())
        run, sort = ([word], "digit" if is_digit and plain != "lima" else "nato") if is_nato or is_digit else ([], "")
    if run and _says_something(run, sort, text):
        yield Span(run[0].start(), run[-1].end())


_HAN_VALUE: Final = {char: value for value, char in enumerate("零一二三四五六七八九")}


def _says_something(run: list[re.Match[str]], sort: str, text: str) -> bool:
    words = [match[0].lower() for match in run]
    span = run[0].start(), run[-1].end()
    if sort == "nato":
        return len(words) >= _LEAST_NATO and not _counts([ord(word[0]) for word in words])
    digits = [_DIGIT_WORDS[word] for word in words if word in _DIGIT_WORDS]
    doubled = sum(word in ("double", "triple", "doble") for word in words)
    least = _LEAST_DIGITS - 1 if _beside(_OF_A_PERSON, text, span) else _LEAST_DIGITS
    return len(digits) + doubled >= least and not _counts(digits) and not _beside(_NO_NAME, text, span)


def _counts(values: list[int]) -> bool:
    """One after the other, up or down."""
    steps = [b - a for a, b in pairwise(values)]
    return set(steps) in ({1}, {-1})


def _by_rule(text: str) -> Iterator[Span]:
    """Words that say how to put the letters or digits together."""
    low = text.lower()
    if not any(sign in low for sign in _RULE_SIGNS) or _NO_RULE.search(text):
        return
    person = _PERSON.search(text) is not None
    if person:
        found = [pattern.search(text) for pattern in _RIDDLES]
        found.append(_FIRST_LETTERS.search(text))
        if (shifted := _SHIFT.search(text)) and _CAPITAL_WORD.search(text, shifted.end()):
            found.append(shifted)
        yield from (Span(*match.span()) for match in found if match)
    if (match := _NTH.search(text)) and (
        _CAPITALS.search(text) or _JAGGED.search(text) or (person and _DO_READ.search(text))
    ):
        yield Span(*match.span())
    if (match := _LESS.search(text)) and _is_interleaved(text, match["letter"].lower(), least=2 if person else 5):
        yield Span(*match.span())
    if (
        (match := _PIECES.search(text))
        and _JOIN.search(text)
        and _OF_A_PERSON.search(text)
        and _SOME_VALUE.search(text)
    ):
        yield Span(*match.span())


# One of them stands in whatever the patterns of `_by_rule` find.
_RULE_SIGNS: Final = (
    "letter", "character", "rhyme", "sounds like", "sound like", "name ", "latin", "'", "join", "concatenat", "glue",
    "combine", "put ", "assemble", "acrostic", "shift", "caesar", "rot", "cipher", "atbash", "interleav", "remove", "drop",
    "delete", "skip", "ignore", "strip", "take out", "leave out", "without", "half", "part", "piece", "then", "merge",
    "letra", "lettre", "buchstabe", "lettera", "букв", "隔", "front of", "swap", " as in ", "minus", "=", "middle", "last ", "capital", "upper", "day is", "starts with", "begins with", "rest ", "pause", "scramble", "1:", "anagram", "scrambl", "jumbl", "order", "acrost", "acróst", "stick",
)  # fmt: skip
_NO_RULE: Final = gated(
    r"(?i)\b(?:crossword|mnemonic|dyslexi\w+|riddle|scrabble|puzzle|first letter of each word in)\b"
)
_CAPITAL_WORD: Final = re.compile(r"(?<!\w)[A-Z][a-z]{3,}")


def _is_interleaved(text: str, letter: str, least: int) -> bool:
    """A word is full of the letter that is to be left out; twice is enough of a rare one."""
    if letter in "xqzwjk*#0123456789" and any(
        token[0].lower().count(letter) >= least for token in islice(_INTERLEAVED_WITH.finditer(text), 400)
    ):
        return True
    return any(
        token[0].lower().count(letter) * 5 >= len(token[0]) * 2
        for token in islice(_INTERLEAVED_WITH.finditer(text), 400)
    )


_INTERLEAVED_WITH: Final = re.compile(r"(?<!\S)[\w*#]{6,60}")


def _alternates(token: str) -> bool:
    """The same letter at every second place: "JQOQHQNQ"."""
    return any(
        len(set(token[i::2])) == 1 and token[i] not in "aeiou" and len(set(token[1 - i :: 2])) > 2 for i in (0, 1)
    )


_LEET_NAME: Final = re.compile(r"(?<![\w@$])[A-Z][a-z0134579@$!]*[0134579@$!][a-z0134579@$!]*(?!\w)")


def _leeted(text: str) -> Iterator[Span]:
    """ "M@r1@ L0p3z": a common name in look-alike digits, or two such words in a row."""
    before: re.Match[str] | None = None
    for match in islice(_LEET_NAME.finditer(text), 200):
        plain = match[0].lower().translate(_LEET)
        letters = sum(char.isalpha() for char in match[0])
        if not (plain.isalpha() and len(plain) >= _FEW_LETTERS and letters > 1):
            before = None
            continue
        if plain in GIVEN_NAMES or plain in SURNAMES:
            yield Span(*match.span())
        elif before is not None and text[before.end() : match.start()] == " ":
            yield Span(before.start(), match.end())
        before = match


def _rotated(text: str) -> Iterator[Span]:
    """Words that are words only after ROT13; few of them if the text says ROT13, else a whole row."""
    if not text.isascii() and len(text) > _LONGEST:
        text = text[:_LONGEST]
    cue = _ROT.search(text)
    best = [
        match for match in islice(_TOKEN.finditer(text[:_LONGEST]), 800) if _gain(match[0].lower()) >= (2 if cue else 3)
    ]
    if (cue and best) or (len(best) > 2 and len(best) * 2 > len(_TOKEN.findall(text[:_LONGEST]))):
        yield Span(best[0].start(), best[-1].end())


def _gain(word: str) -> int:
    turned = codecs.encode(word, "rot13")
    return _score(turned) - _score(word) if not any(char not in _AZ for char in word) else 0


_AZ: Final = frozenset("abcdefghijklmnopqrstuvwxyz")


def _score(word: str) -> int:
    return sum(word[i : i + 2] in _PAIRS for i in range(len(word) - 1))
