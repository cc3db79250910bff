# ruff: noqa: RUF001 - the letters of other scripts are the point
"""Which parts of an answer are not the assistant speaking for itself: quotations, code, dialogue, templates to sign.

Works on folded text (straight quotes, lower case). Knows only shapes and a few words that announce a quotation.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from guardrail.rails.gate import gated

# A line that ends so announces somebody else's words in what follows it.
_ANNOUNCES: Final = re.compile(
    r"\b(?:draft|template|letter|e-?mail|message|script|example|sample|statement|say|says|said|saying|write|wrote|"
    r"reply|replied|note|diary|journal|speech|story|poem|lyrics|"
    r"translat\w*|transcript|quote\w*|asks?|asked|items?|questionnaire|scale|phq-?9|gad-?7|affirmations?|phrases?|"
    r"sentences?|dialogue|role-?play|handover|simulat\w*|reported|reports|told|states?|stated|"
    r"testimony|testimonial|consent|form|read aloud|words?|paragraph|version|text|post|caption|review|interview|"
    r"monologue|character|excerpt|passage|lines?|wording|complaint|prompt|tells?|telling|application|appeal|petition|essay|"
    r"eulogy|toast|prayer|vows?|invitation|card|memo|testimonial|"
    r"carta|borrador|mensaje|dijo|dice|modelo|plantilla|lettre|modèle|brouillon|dit|brief|entwurf|vorlage|sagte|"
    r"rascunho|modelo|disse|lettera|bozza|"
    r"surat|draf|barua|rasimu|черновик|письмо|сказал\w*|сообщил\w*|жалоб\w*)\b"
)
# What indented code does not begin with: an item of a list is the assistant's own, a fence says where it ends.
_NO_CODE: Final = r"(?![-*+•]\s|\d{1,3}[.)]\s|```|~~~|<(?:code|pre)>)\S"
_CODE: Final = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`|<(code|pre)>.*?(?:</\1>|\Z)|"
    rf"^(?: {{4}}|\t){_NO_CODE}[^\n]*(?:\n(?: {{4}}|\t)[ \t]*+{_NO_CODE}[^\n]*)*",
    re.DOTALL | re.MULTILINE,
)
_CODE_LINE_END: Final = re.compile(r"[^\n]*")
_QUOTED: Final = re.compile(
    r'(?<![\w"])"(?=\S)[^"\n]{0,600}(?:\n[^"\n]{1,600}){0,8}"(?: \([^()\n]{1,120}\))?'
    r'|(?<=[\u3400-\u9fff：，])"[^"\n]{1,300}"'
    r"|«[^»]{0,1200}»|「[^」]{0,1200}」|『[^』]{0,1200}』|《[^》]{0,200}》"
    r"|(?<![\w'])'(?=[^\s'])(?:[^'\n]|(?<=\w)'(?=\w)){0,400}'(?!\w)"
)
_OPEN_QUOTE: Final = re.compile(r'(?:(?<=[\s(:\[])|^)"(?=\S)[^"]{0,1200}\Z|«[^»]{0,1200}\Z')
_CLOSED_EARLIER: Final = re.compile(r'\A[^"\n«»]{0,400}(?:\n[^"\n«»]{0,400}){0,3}(?:(?<=[^\s(])"(?!\w)|»)')
_LINE: Final = re.compile(r"[^\n]*\n?")
_ANSWER_LINE: Final = re.compile(
    r"[ \t]*[-*>\d.]*[ \t]*(?:patient|pt|nurse|doctor|dr|clinician|caller|interviewer|interviewee|participant|"
    r"client|customer|student|teacher|mother|father|mum|mom|dad|speaker|person|user|host|guest|a|b|q|narrator|"
    r"paciente|paziente|patientin|пациент|患者|医生|病人)(?:\.? ?[\w.]{1,15})?(?: \([^)\n]{1,30}\))?:"
)
_SAY: Final = re.compile(
    r"[^\n:]{0,200}\b(?:tell|tells|told|prompt|wording|say|says|said|saying|write|writes|wrote|ask|asks|asked|reads|replied|reply|answer|sentence|"
    r"advance directive|living will|affidavit|declaration|oath|pledge|consent|assent|"
    r"phrase|example|translation|translated|quote|title|song|caption|statement|means)\b[^\n:]{0,40}:(?= (?![\"'«]))"
)
_DEAR: Final = re.compile(
    r"^(?:dear|estimad\w+|querid\w+|madame|monsieur|sehr geehrte\w*|liebe\w*|prezad\w+|gentile|уважаем\w+|yth\.?|"
    r"kepada yth|kwa) ?[^\n]{0,60}[,:]? *$",
    re.MULTILINE,
)
_SIGNED: Final = gated(
    r"^[ \t]*(?:yours|(?:kind |best |warm )?regards|sincerely|respectfully|many thanks|atentamente|cordialement|"
    r"mit freundlichen|atenciosamente|cordiali|с уважением|hormat)[^\n]*(?:\n[^\n]*){0,2}",
    re.MULTILINE,
)
# "We saw no difference, the authors write.": a sentence that ends with whose words it holds
_ATTRIBUTED: Final = gated(
    r"[^.!?\n]{1,240}?,\s(?:the|a|an|one|his|her|their|its|your)\s[\w'-]+(?:\s[\w'-]+){0,3}?\s"
    r"(?:wrote|writes|write|said|says|say|added|adds|noted|notes|explained|explains|reported|reports|concluded|stated|states|argued)"
    r"(?=\s*[.!?\n]|\s*\Z)|"
    r"[^.!?\n]{1,240}?,\s(?:wrote|writes|said|says|sang|asked)\s[\w'-]+(?:\s[\w'-]+){0,3}(?=\s*[.!?\n]|\s*\Z)"
)
_GREETING: Final = re.compile(r"(?:hello|hi|hey|dear|to|good\s(?:morning|afternoon|evening))\b[^\n]{0,60}[,:!]?\s*\n")
_BLANK_LINE: Final = re.compile(r"\n[ \t]*\n")
_LIST_ITEM: Final = re.compile(r"\s*(?:[-*•>|]|\d{1,2}[.)]|\[[ x]?\])")
_ITEM_SCALE: Final = re.compile(
    r"^[^\n]{0,120}\b(?:never|not at all|strongly disagree|disagree)\b[^\n]{0,80}\b(?:always|often|"
    r"nearly every day|strongly agree|agree)\b[^\n]*$",
    re.MULTILINE,
)

# A line to sign, to tick or to fill in: whoever signs says it.
_FORM: Final = re.compile(
    r"_{3}|\[ ?\]|[\u2610\u2611]|\b(?:undersigned|soussigné|abajo firmante|abaixo[- ]assinad|sottoscritt|unterzeichne|"
    r"bertanda tangan|niliyetia sahihi)|нижеподписавш|الموقع أدناه|अधोहस्ताक्षरी|(?:本人|签署人)(?:同意|确认|声明|已)|"
    r"(?:signature|signed|firma(?:do)?|signé|unterschrift|assinatura|подпись|签名|签字|التوقيع|हस्ताक्षर|sahihi|"
    r"tanda tangan)(?: [^\n:]{1,30})?[:：][ \t]*$",
    re.MULTILINE,
)
# The item of a scale in any language: what is ticked is how often ("...: never / sometimes / often").
_OFTEN: Final = re.compile(r"[^\n]{1,120}?[:：–—-] ?[^\n/／|]{2,40}(?:[/／|] ?[^\n/／|]{2,40}){2,12}[.。]?")


SENTENCE_END: Final = re.compile(r"[.!?…؟۔।][\"'”’»)\]*_`]{0,4}(?=\s|\Z)|[。！？]|\n")
"""Where a sentence ends, roughly: a rail that looks around itself looks no further."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Ranges of a text, merged and in order."""

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def __contains__(self, index: int) -> bool:
        i = bisect_right(self.starts, index) - 1
        return i >= 0 and index < self.ends[i]


def others_words(text: str, *, first: bool, final: bool) -> Ranges:
    """The ranges of folded `text` in which the assistant doesn't speak for itself.

    `first`: the text begins at the beginning of the answer; `final`: it ends with it. A quotation that is still open
    at the end of a text that goes on counts as one, and so does one that was opened before the text began.
    """
    found: list[tuple[int, int]] = []
    if "`" in text or "~~~" in text or "    " in text or "\t" in text or "<" in text:
        found += [m.span() for m in _CODE.finditer(text)]
    if any(mark in text for mark in "\"'«「『《"):
        found += _quotations(text, first=first, final=final)
    if ":" in text:
        found += _announced(text)
    if "," in text:
        found += [m.span() for m in _ATTRIBUTED.finditer(text)]
    if "/" in text or "／" in text or "|" in text:
        found += [m.span() for m in _LINE.finditer(text) if _OFTEN.fullmatch(m[0].rstrip("\n"))]
    found += [_line_of(text, m.start()) for m in _FORM.finditer(text)]
    if "\n" in text or "dear" in text:
        found += _letters(text)
    found += (
        [m.span() for m in _ITEM_SCALE.finditer(text)]
        if "never" in text or "agree" in text or "not at all" in text
        else []
    )
    return _merged(found)


def _line_of(text: str, at: int) -> tuple[int, int]:
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end


def _quotations(text: str, *, first: bool, final: bool) -> list[tuple[int, int]]:
    found = [m.span() for m in _QUOTED.finditer(text)]
    if not final:
        found += [m.span() for m in _OPEN_QUOTE.finditer(text)]
    if not first:
        found += [m.span() for m in _CLOSED_EARLIER.finditer(text)]
    return found


def _announced(text: str) -> list[tuple[int, int]]:
    """Dialogue lines, `say: ...` on one line, and the block after a line that announces somebody's words."""
    found = []
    for m in _LINE.finditer(text):
        line = m[0].rstrip("*_ \t\r\n")
        if ":" in line:
            if speaker := _ANSWER_LINE.match(line):
                found.append((m.start() + speaker.end(), m.end()))
            elif said := _SAY.match(line):
                found.append((m.start() + said.end(), m.end()))
            elif line.endswith((":", "：")) and _ANNOUNCES.search(line[-200:]):
                found.append((m.end(), _block_end(text, m.end())))
    return found


def _block_end(text: str, start: int) -> int:
    """The end of the paragraph, list or quote block that follows an announcement (one blank line may stand "
    "between)."""
    i = start
    while i < len(text) and text[i] in "\n\r \t":
        i += 1
    if _GREETING.match(text, i):  # a letter: it goes on to its closing line
        closing = _SIGNED.search(text, i)
        return closing.end() if closing else len(text)
    gap = _BLANK_LINE.search(text, i)
    return gap.start() if gap else len(text)


def _letters(text: str) -> list[tuple[int, int]]:
    """From "Dear ...," to the closing line, or to the end of the text that is seen."""
    found, done = [], 0
    for m in _DEAR.finditer(text):
        if m.start() >= done:
            closing = _SIGNED.search(text, m.end())
            done = closing.end() if closing else len(text)
            found.append((m.start(), done))
    return found


def _merged(found: list[tuple[int, int]]) -> Ranges:
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(found):
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        elif end > start:
            starts.append(start)
            ends.append(end)
    return Ranges(tuple(starts), tuple(ends))
