"""A readable view of a text, and the way back. Knows no rail: it undoes writing tricks, it does not look for anything.

Characters: zero-width characters, soft hyphens, tag characters and bidi marks vanish; full-width, mathematical, circled
and superscript characters become plain (NFKC), digits of any script become 0-9, exotic spaces and dashes become ASCII;
combining marks join their letter or vanish; Cyrillic and Greek letters in a Latin word or code become the letters they
look like, and the other way round (EVA-02, 03, 05, 06). What stands under a right-to-left override is read in both
directions; bytes written as variation selectors, or as two invisible signs for the bits, are read as text.
Codes: escapes that somebody wrote out, as in JSON or a log pasted as text (a backslash and "n", a backslash and
"u00e9"), percent-encoding, quoted-printable, HTML entities, base64 and hex become what they stand for, also three
layers deep; what decodes to no text stays (EVA-07).
Spacing: characters written one by one ("4 8 2 9 1 3"), also in lines or cells of their own, close up (EVA-08).
Every view character remembers the original characters it came from, so a span found in the view covers exactly the
original characters, invisible ones inside it included; of base64, hex and what is overridden the whole run.
The work is linear in the length of the text, and plain text is returned as it is.
"""

# ruff: noqa: RUF001 - letters that look alike are what this is about
from __future__ import annotations

import binascii
import codecs
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from itertools import pairwise
from typing import Final

from guardrail.text import Span

_INVISIBLE: Final = frozenset(
    [
        0xAD,
        0x34F,
        0x61C,
        0x115F,
        0x1160,
        0x17B4,
        0x17B5,
        0x180E,
        0x3164,
        0xFEFF,
        0xFFA0,
        *range(0x180B, 0x180E),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xFFF9, 0xFFFC),
        *range(0xE0100, 0xE01F0),
    ]
)
_TAGS: Final = range(0xE0000, 0xE0080)
_ROMAN: Final = range(0x2160, 0x2180)
_DARK_LETTERS: Final = (range(0x1F150, 0x1F16A), range(0x1F170, 0x1F18A))
_DASHES: Final = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u30fc")
_QUOTES: Final = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201b": "'", "\u201c": '"', "\u201d": '"'}

# Text that nobody sees: a variation selector for each byte, or an invisible sign for each bit.
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_BITS: Final = re.compile("[\u2062\u2064]{16,}")
_OVERRIDDEN: Final = re.compile("\u202e([^\u202c\n]{4,400})\u202c?")

# Letters that are plain text as they are; anything else above U+007F makes a view worth building.
_ODD: Final = re.compile(r"[^\x00-\x7f\u00c0-\u0240\u0370-\u05ff\u0620-\u065f\u0671-\u06ef\u4e00-\u9fff\uac00-\ud7a3]")

# Marks that are put over, under or through letters of any alphabet; vowel signs of other scripts are none of them.
_MARKED: Final = re.compile(
    r"[^\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]?[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)

# A digit beside what a scanner takes for one, and a digit amid letters: cheap looks before the two patterns below.
_NEAR_NUMBER: Final = re.compile(r"[0-9](?:(?=[./-]?[OolI])|(?<=[OolI].)|(?<=[OolI][./-].))")
_NEAR_WORD: Final = re.compile(r"[01](?:(?<=[A-Za-z]{2}.)(?=[A-Za-z]{2})|(?<=[A-Za-z]{2}1)(?=l)|(?<=[DdOo]0)(?=[BbR]))")
_SMUDGED_NUMBER: Final = re.compile(
    r"(?<![A-Za-z0-9])(?=[0-9OolI./-]{0,12}[OolI])[0-9OolI]+(?:[./-][0-9OolI]+)*(?![A-Za-z0-9])"
)
_SMUDGED_WORD: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[DdOo]0[BbR]|[A-Za-z]{2,}[01][A-Za-z]{2,}|[A-Za-z]{2,}1l)(?![A-Za-z0-9])"
)
# The backslashes are bounded so that a long run of them costs no more than its length.
_ESCAPE: Final = re.compile(
    r"""\\{1,8}(?:u(?P<high>[Dd][89ABab][0-9A-Fa-f]{2})\\{1,8}u(?P<low>[Dd][C-Fc-f][0-9A-Fa-f]{2})"""
    r"""|(?:u(?P<four>[0-9A-Fa-f]{4})|u\{(?P<braced>[0-9A-Fa-f]{1,6})\}|U(?P<eight>[0-9A-Fa-f]{8})"""
    r"""|x(?P<two>[0-9A-Fa-f]{2}))|(?P<one>[ntr"'/]))"""
)
# National numbers in which a letter stands first, last or before the serial number.
_CODE_OF_ONE: Final = re.compile(r"[OI][0-9]{7,9}|[0-9]{7,9}[OI]|[0-9]{8}[OI][0-9]{3}")
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r"}
_PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_PERCENT_U: Final = re.compile(r"%u([0-9A-Fa-f]{4})")  # JavaScript's escape()
# As a shell and C write bytes; fewer in a row may be a path, or a group of a pattern.
_OCTAL: Final = re.compile(r"(?:\\[0-3][0-7]{2}){4,}")
_CONCATENATED: Final = re.compile(r"""(?<=\w)(["'])[ \t]{0,4}\+[ \t]{0,4}\1(?=\w)""")
_PERCENTS: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_TOKEN: Final = re.compile(r"\S+")
_ENDS_A_LINK: Final = frozenset("<>\"'`]|\\")
_ENTITY: Final = re.compile(
    r"&(?:#(?P<ten>\d{1,7});?|#[xX](?P<sixteen>[0-9A-Fa-f]{1,6});?|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)"
)
# A run, or lines of 64 or 76 characters with a last one, as mail and certificates have them.
_BASE64: Final = re.compile(
    r"(?<![A-Za-z0-9+/_-])(?:(?:[A-Za-z0-9+/]{76}\r?\n|[A-Za-z0-9+/]{64}\r?\n)+[A-Za-z0-9+/]{2,}|[A-Za-z0-9+/_-]{10,})"
    r"={0,2}(?![A-Za-z0-9+/_-])"
)
_PATH_STEP: Final = re.compile(r"[^/\r\n]{12,}")
_NAME_PART: Final = re.compile(r"[^/_\r\n-]{12,}")
_LEAST_BASE64: Final = 12
_HEX: Final = re.compile(r"(?:0[xX])?((?:[0-9A-Fa-f]{2}){8,})")
_HEX_RUN: Final = re.compile(r"[0-9A-Fa-f]{16}")
_QUOTED_PRINTABLE: Final = re.compile(r"(?:=[0-9A-F]{2}){4,}")
_OF_BASE64: Final = re.compile(r"[A-Z0-9][a-z+/_-]*[A-Z0-9]")
_PLAIN_BASE64: Final = 24  # shorter runs must decode to plainer text, for a code of letters and digits may be anything
_HEAD: Final = 64
_VERY_PLAIN: Final = re.compile(r"[\w .,:#@/()+'\"\n-]+", re.ASCII)
_LAYERS: Final = 3

_TAG: Final = (
    r"(?:</?(?:b|i|u|s|em|strong|span|mark|font|sup|sub|small|tt|code|wbr)(?:\s[^<>\n]{0,80})?/?>"
    r"|<!\[CDATA\[|\]\]>|<!--[^<>\n]{0,80}-->)"
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_DRESS: Final = re.compile(
    rf"(?<=[^\W_])(?:\*{{2,3}}|__|~~|{_TAG})(?:\*{{2,3}}|__|~~|{_TAG}){{0,3}}(?=[^\W_]|[-./@]\*{{0,3}}[^\W_<]|[-./@]<)"
    rf"|(?<=[^\W_][-./@])(?:\*{{2,3}}|__|~~|{_TAG}){{1,3}}(?=[^\W_])|(?<=[^\W\d_])\*(?=[^\W\d_])"
    r"|[\x00-\x08\x0e-\x1f\x7f]+",  # nobody sees them, and models read past them
    re.IGNORECASE,
)
# Letters that look alike; each line as pairs.
_LOOK: Final = (
    "АAВBЕEКKМMНHОOРPСCТTУYХXаaсcеeоoрpхxуyіiјjѕsЅSІIЈJһhԁdԛqԝwѵvҮYүyкkвbмmтtнh"
    "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoνvαaιiκkρpυuτtχx"
)
_TO_LATIN: Final = dict(zip(_LOOK[::2], _LOOK[1::2], strict=True))
_TO_CYRILLIC: Final = dict(zip("ABEKMHOPCTYXaceopxy", "АВЕКМНОРСТУХасеорху", strict=True))
_TO_GREEK: Final = dict(zip("ABEZHIKMNOPTYXov", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧον", strict=True))
_MIXED: Final = re.compile(r"[A-Za-z0-9][-._@]?[\u0370-\u052f]|[\u0370-\u052f][-._@]?[A-Za-z0-9]")
_CODE: Final = re.compile(r"[^\W_]+(?:[-._@/][^\W_]+)*")

# Characters one by one: a single character, a space or up to four, and again; not inside a word.
_ONE_BY_ONE: Final = re.compile(r" \S {1,2}\S {1,4}\S ")
_SPREAD: Final = re.compile(r"(?<![^\s\"'(\[{:=,;|>])(?:[^\s] {1,4}){4,}[^\s](?![^\s\"')\]},;:.!?|<])")
_GAP: Final = re.compile(r" +")
# The same by lines, cells or points; it takes six signs, five of them digits.
_STRUNG: Final = {
    sign: re.compile(rf"(?<![^\W_])[^\W_](?P<by> ?\r?{re.escape(sign)} ?)(?:[^\W_](?P=by)){{4,}}[^\W_](?![^\W_])")
    for sign in "\n|,;."
}
_FEW_GAPS: Final = 5
_FEW_DIGITS: Final = 5
_LONG_NUMBER: Final = 9
_UNREADABLE: Final = "\ufffd"
_DIGITS: Final = str.maketrans("OolI", "0011")
_LETTERS: Final = str.maketrans("01", "ol")


@dataclass(frozen=True, slots=True)
class View:
    """`text` as it reads; its character i stands for the original `starts[i]` to `ends[i]` (None: unchanged)."""

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def original(self, start: int, end: int) -> Span:
        """The original range of a non-empty range of the view."""
        if self.starts is None or self.ends is None:
            return Span(start, end)
        return Span(self.starts[start], self.ends[end - 1])

    def at(self, offset: int) -> int:
        """The view offset of the first view character that begins at or after an original offset."""
        return offset if self.starts is None else bisect_left(self.starts, offset)


Edit = tuple[int, int, str]
"""Start, end and what stands there instead."""


def view(text: str) -> View:
    """The readable view of `text`; costs next to nothing for plain text."""
    if not _is_written_oddly(text):
        return View(text)
    seen = _rewritten(View(text), _unseen(text))
    seen = _rewritten(seen, _overridden(seen.text))
    for _ in range(_LAYERS):
        seen = _of_plain_characters(seen)
        coded = seen.text
        for undo in _CODES:
            seen = _rewritten(seen, undo(seen.text))
        if seen.text == coded:
            break
    else:
        seen = _of_plain_characters(seen)
    seen = _rewritten(seen, _markup(seen.text))
    seen = _rewritten(seen, _of_one_alphabet(seen.text))
    return _rewritten(_rewritten(seen, [*_closed_up(seen.text)]), [*_strung(seen.text)])


def _rewritten(seen: View, edits: Iterable[Edit]) -> View:
    """The view with the edits made, which come in order and don't overlap; the way back leads to the original."""
    old, at = seen.text, 0
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def keep(start: int, end: int) -> None:
        out.append(old[start:end])
        starts.extend(range(start, end) if seen.starts is None else seen.starts[start:end])
        ends.extend(range(start + 1, end + 1) if seen.ends is None else seen.ends[start:end])

    for start, end, new in edits:
        keep(at, start)
        source = seen.original(start, end)
        out.append(new)
        starts.extend([source.start] * len(new))
        ends.extend([source.end] * len(new))
        at = end
    if not at:
        return seen
    keep(at, len(old))
    return View("".join(out), starts, ends)


def _is_written_oddly(text: str) -> bool:
    if not text.isascii() and (_ODD.search(text) or _MIXED.search(text)):
        return True
    if "\\" in text and (_ESCAPE.search(text) or _OCTAL.search(text)):
        return True
    if "%" in text and (_PERCENT.search(text) or _PERCENT_U.search(text)):
        return True
    if "+" in text and _CONCATENATED.search(text):
        return True
    if "&" in text and _ENTITY.search(text):
        return True
    if _ONE_BY_ONE.search(text) or any(True for _ in _markup(text)):
        return True
    if "=" in text and _QUOTED_PRINTABLE.search(text):
        return True
    if any(True for _ in _strung(text)):
        return True
    return any(len(token) >= _LEAST_BASE64 and _may_be_coded(token) for token in text.split()) and any(
        True for _ in _coded_runs(text)
    )


def _may_be_coded(token: str) -> bool:
    mixed = token.upper() != token or "=" in token
    return bool((mixed and _OF_BASE64.search(token)) or _HEX_RUN.search(token))


def _unseen(text: str) -> Iterator[Edit]:
    """Writing of which a reader sees nothing at all, and a model may be told how to read it."""
    if text.isascii():
        return
    found = [(match.span(), _of_selectors(match[0])) for match in _SELECTORS.finditer(text)]
    found += [(match.span(), _of_bits(match[0])) for match in _BITS.finditer(text)]
    yield from ((*span, plain) for span, plain in sorted(found) if plain)


def _of_selectors(run: str) -> str:
    codes = [ord(char) for char in run]
    return _text_of(bytes(code - 0xFE00 if code < 0xFE10 else code - 0xE0100 + 16 for code in codes), final=True)


def _of_bits(run: str) -> str:
    bits = "".join("0" if char == "\u2062" else "1" for char in run[: len(run) // 8 * 8])
    return _text_of(int(bits, 2).to_bytes(len(bits) // 8), final=True)


def _overridden(text: str) -> Iterator[Edit]:
    """What is shown from right to left, as it is written and as it is shown (EVA-05)."""
    for match in _OVERRIDDEN.finditer(text) if "\u202e" in text else ():
        yield *match.span(), f"{match[1]} {match[1][::-1]}"


def _of_plain_characters(seen: View) -> View:
    if seen.text.isascii():
        return seen
    seen = _rewritten(seen, _plain_characters(seen.text))
    return _rewritten(seen, _without_marks(seen.text))


def _plain_characters(text: str) -> Iterator[Edit]:
    for match in _ODD.finditer(text):
        plain = _plain(match[0])
        if plain != match[0]:
            yield match.start(), match.end(), plain


def _without_marks(text: str) -> Iterator[Edit]:
    """A letter with its accent as one character; what is put on anything else, and more than one, vanishes."""
    for match in _MARKED.finditer(text):
        base = match[0][0]
        whole = unicodedata.normalize("NFC", match[0])[0]
        yield match.start(), match.end(), "" if unicodedata.combining(base) or ord(base) in _LOOSE_MARKS else whole


_LOOSE_MARKS: Final = range(0x20D0, 0x2100)


def _escapes(text: str) -> Iterator[Edit]:
    for match in _ESCAPE.finditer(text) if "\\" in text else ():
        yield match.start(), match.end(), _escaped(match)


def _octals(text: str) -> Iterator[Edit]:
    for run in _OCTAL.finditer(text) if "\\" in text else ():
        yield from _characters(run.start(), bytes(int(byte, 8) for byte in run[0].split("\\")[1:]), 4)


def _percent_u(text: str) -> Iterator[Edit]:
    for match in _PERCENT_U.finditer(text) if "%u" in text else ():
        plain = _char(int(match[1], 16))
        if plain and _is_readable(plain):
            yield *match.span(), plain


def _concatenated(text: str) -> Iterator[Edit]:
    """`"ZQ1" + "234"` in a program is one string."""
    for match in _CONCATENATED.finditer(text) if "+" in text else ():
        yield *match.span(), ""


def _percents(text: str) -> Iterator[Edit]:
    """Each encoded character by itself. In a link that is written as one, what would end it stays encoded."""
    if "%" not in text:
        return
    for token in _TOKEN.finditer(text):
        if "%" not in token[0]:
            continue
        link = "://" in token[0] or token[0].lower().startswith("www.")
        for run in _PERCENTS.finditer(text, *token.span()):
            for start, end, char in _characters(run.start(), bytes.fromhex(run[0].replace("%", "")), 3):
                if not (link and (char.isspace() or char in _ENDS_A_LINK)):
                    yield start, end, char


def _characters(start: int, raw: bytes, width: int) -> Iterator[Edit]:
    """Each readable character of what is UTF-8, written from `start` on with so many signs for a byte."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return
    for char in text:
        end = start + width * len(char.encode())
        if _is_readable(char):
            yield start, end, char
        start = end


def _quoted_printable(text: str) -> Iterator[Edit]:
    """Runs of it: a single "=20" may be a part of a link."""
    for run in _QUOTED_PRINTABLE.finditer(text) if "=" in text else ():
        yield from _characters(run.start(), bytes.fromhex(run[0].replace("=", "")), 3)


def _char(code: int) -> str:
    """The character of this number; an empty text for half a surrogate pair, and beyond Unicode."""
    return "" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


def _is_readable(char: str) -> bool:
    return (char >= " " and char != "\x7f") or char in "\n\r\t"


def _entities(text: str) -> Iterator[Edit]:
    for match in _ENTITY.finditer(text) if "&" in text else ():
        if match["name"]:
            plain = html5.get(match["name"] + ";", "")
        else:
            plain = _char(int(match["ten"] or match["sixteen"], 10 if match["ten"] else 16))
        if plain and all(map(_is_readable, plain)):
            yield match.start(), match.end(), plain


def _coded_runs(text: str) -> Iterator[Edit]:
    for match in _BASE64.finditer(text):
        if plain := _of_hex(match[0]) or _of_base64(match[0]):
            yield *match.span(), plain
        else:
            parts = list(_base64_parts(text, *match.span()))
            yield from parts or _out_of_step(match)


def _out_of_step(match: re.Match[str]) -> Iterator[Edit]:
    """What is left of base64 where a sign of it was lost or spoiled: its groups of four begin elsewhere."""
    run = match[0]
    for lost in range(4):
        rest = run[lost : len(run) - ((len(run) - lost) % 4 == 1)]
        if _PLAIN_BASE64 <= len(rest) < len(run) and (plain := _of_base64(rest)):  # the whole run is no text
            yield match.start() + lost, match.end(), plain
            return


def _base64_parts(text: str, start: int, end: int) -> Iterator[Edit]:
    """Those of a path or of a name (`/p/UGF0.../labs`): slash, hyphen and underscore are signs of base64, too."""
    for step in _PATH_STEP.finditer(text, start, end):
        parts = [step] if _of_base64(step[0]) else _NAME_PART.finditer(text, *step.span())
        yield from ((*part.span(), plain) for part in parts if (plain := _of_base64(part[0])))


def _of_hex(run: str) -> str:
    """As `_of_base64`. A run of digits is a number, unless it stands for nothing but digits."""
    pairs = _HEX.fullmatch(run)
    if pairs is None or (pairs[1].isdigit() and set(pairs[1][::2]) != {"3"}):
        return ""
    raw = bytes.fromhex(pairs[1])
    plain = _text_of(raw[:_HEAD], final=len(raw) <= _HEAD)
    if plain and len(raw) > _HEAD:
        plain = _text_of(raw, final=True)
    return plain if len(raw) >= _PLAIN_BASE64 or _VERY_PLAIN.fullmatch(plain) else ""


def _of_base64(run: str) -> str:
    """The text that a run stands for, "" if it is no text. The head is tried first: pictures cost no more than that."""
    coded = run.rstrip("=").replace("\r", "").replace("\n", "").replace("-", "+").replace("_", "/")
    if len(run) < _LEAST_BASE64 or len(coded) % 4 == 1 or coded.islower():
        return ""
    if coded.upper() == coded and run[-1] != "=":
        return ""
    plain = _text_of(_unbase64(coded[:_HEAD]), final=len(coded) <= _HEAD)
    if plain and len(coded) > _HEAD:
        plain = _text_of(_unbase64(coded), final=True)
    return plain if len(coded) >= _PLAIN_BASE64 or _VERY_PLAIN.fullmatch(plain) else ""


def _unbase64(coded: str) -> bytes:
    return binascii.a2b_base64(coded + "=" * (-len(coded) % 4))


def _text_of(raw: bytes, *, final: bool) -> str:
    try:
        plain = codecs.getincrementaldecoder("utf-8")().decode(raw, final)
    except UnicodeDecodeError:
        return ""
    worded = sum(char.isalnum() or char in " \n" for char in plain)
    return plain if all(map(_is_readable, plain)) and worded * 2 > len(plain) else ""


_CODES: Final[tuple[Callable[[str], Iterator[Edit]], ...]] = (
    _escapes,
    _octals,
    _percents,
    _percent_u,
    _concatenated,
    _quoted_printable,
    _entities,
    _coded_runs,
)


def _markup(text: str) -> Iterator[Edit]:
    """What dresses a part of a word or number: `J<b>oh</b>n`, `**219**-09`. Marks between words stay."""
    if "*" in text or "<" in text or "~~" in text or "__" in text or "]]>" in text or _CONTROL.search(text):
        for match in _DRESS.finditer(text):
            yield match.start(), match.end(), ""


def _of_one_alphabet(text: str) -> Iterator[Edit]:
    """Letters that only look as if they belonged to their word, in the alphabet of the others."""
    if text.isascii() or not _MIXED.search(text):
        return
    for word in _CODE.finditer(text):
        if word[0].isascii() or not _MIXED.search(word[0]):
            continue
        change = _same_alphabet(word[0])
        for at, char in enumerate(word[0], start=word.start()) if change else ():
            if char in change:
                yield at, at + 1, change[char]


def _same_alphabet(word: str) -> dict[str, str]:
    """What to write for which letter of the word; nothing where the alphabets are mixed on purpose."""
    latin = [char for char in word if char.isascii() and char.isalpha()]
    other = [char for char in word if "\u0370" <= char <= "\u052f"]
    back = _TO_GREEK if all(char <= "\u03ff" for char in other) else _TO_CYRILLIC
    to_latin = all(char in _TO_LATIN for char in other)
    if to_latin and (len(latin) >= len(other) or not latin or not all(char in back for char in latin)):
        return _TO_LATIN
    return back if latin and all(char in back for char in latin) else {}


def _closed_up(text: str) -> Iterator[Edit]:
    """Words written character by character; a wider gap is the space between two of them."""
    if not _ONE_BY_ONE.search(text):
        return
    for match in _SPREAD.finditer(text):
        start, end = _without_article(match)
        signs = [*text[start:end].replace(" ", "")]
        if sum(char.isalnum() for char in signs) * 5 < len(signs) * 3 or len(signs) < 4 or _are_scores(signs):
            continue
        gaps = [*_GAP.finditer(text, start, end)]
        least = min(gap.end() - gap.start() for gap in gaps)
        yield from ((gap.start(), gap.end(), "" if gap.end() - gap.start() == least else " ") for gap in gaps)


def _without_article(match: re.Match[str]) -> tuple[int, int]:
    """ "is a 4 8 2 9": a word of one letter before nothing but digits is a word."""
    text, (start, end) = match[0], match.span()
    rest = text[1:].lstrip()
    return (end - len(rest) if text[0] in "aI" and not any(map(str.isalpha, rest)) else start), end


def _strung(text: str) -> Iterator[Edit]:
    """Numbers of which each sign has a line or a cell of its own. Scores, a count and a part of a wider row stay."""
    found: list[Edit] = []
    for sign, pattern in _STRUNG.items():
        for match in pattern.finditer(text) if text.count(sign) >= _FEW_GAPS else ():
            by, signs = match["by"], match[0].split(match["by"])
            if sum(map(str.isdigit, signs)) >= _FEW_DIGITS and not _is_row(signs, text, *match.span(), by):
                starts = range(match.start() + 1, match.end(), len(by) + 1)
                found += [(at, at + len(by), "") for at in starts]
    yield from sorted(found)


def _is_row(signs: list[str], text: str, start: int, end: int, by: str) -> bool:
    line = text[text.rfind("\n", 0, start) + 1 : start].rstrip(" ")
    wider = not by.isspace() and bool(line.strip(" |")) and line.endswith(by.strip())
    wider |= by.strip(" |,;") == "" and not by.isspace() and _goes_on(text, end, by)
    return wider or _are_scores(signs, len(signs)) or all(ord(b) - ord(a) == 1 for a, b in pairwise(signs))


def _goes_on(text: str, end: int, by: str) -> bool:
    return text.startswith(by, end) and text[end + len(by) : end + len(by) + 1].isalnum() and by != ", "


def _are_scores(signs: list[str], least: int = _LONG_NUMBER) -> bool:
    """The items of a questionnaire (0 to 3), the strength of muscles (3 to 5): long rows of few different digits."""
    different = set(signs)
    return (
        len(signs) >= least
        and all(char.isdigit() for char in different)
        and (different <= set("0123") or different <= set("345"))
    )


def _escaped(match: re.Match[str]) -> str:
    """What the escape stands for; half a pair and numbers beyond Unicode stand for nothing that can be read."""
    if match["one"]:
        return _CONTROLS.get(match["one"], match["one"])
    if match["high"]:
        return chr(0x10000 + ((int(match["high"], 16) & 0x3FF) << 10) + (int(match["low"], 16) & 0x3FF))
    return _char(int(match["four"] or match["braced"] or match["eight"] or match["two"], 16)) or _UNREADABLE


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """One character as a reader takes it; "" if a reader can't see it. Depends on the character alone."""
    code = ord(char)
    if code in _INVISIBLE:
        return ""
    if code in _TAGS:  # tag characters mirror ASCII; a model reads them
        return chr(code - 0xE0000) if 0xE0020 <= code < 0xE007F else ""
    if char in _DASHES:
        return "-"
    if (value := _value(char)) is not None:
        return value
    if char in _QUOTES:
        return _QUOTES[char]
    if char.isspace():
        return "\n" if char in "\x85\u2028\u2029" else " "
    return "".join(_value(part) or part for part in unicodedata.normalize("NFKC", char) if ord(part) not in _INVISIBLE)


def unsmudged(text: str) -> str:
    """The text with what scanners confuse put right, character for character: `O1/l2/l958`, `Pat1ent` (EVA-04)."""
    if _NEAR_NUMBER.search(text):
        text = _SMUDGED_NUMBER.sub(lambda match: _to_digits(match[0]), text)
    if _NEAR_WORD.search(text):
        text = _SMUDGED_WORD.sub(lambda match: match[0].translate(_LETTERS), text)
    return text


def _to_digits(token: str) -> str:
    """Only where real digits say that a number is meant: "O2" and "I/O" stay, and codes of one capital and digits."""
    return (
        token.translate(_DIGITS) if sum(map(str.isdigit, token)) >= 2 and not _CODE_OF_ONE.fullmatch(token) else token
    )


def _value(char: str) -> str | None:
    """The number or the letter that a character beyond ASCII is one of the many forms of: a circled 2, a Roman XII."""
    code = ord(char)
    if code < 0x80:
        return None
    if code in _ROMAN:
        return str(int(unicodedata.numeric(char)))
    for letters in _DARK_LETTERS:
        if code in letters:
            return chr(ord("A") + code - letters.start)
    value = unicodedata.digit(char, None)
    return None if value is None else str(value)
