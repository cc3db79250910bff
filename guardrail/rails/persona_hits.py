# ruff: noqa: RUF001 - the letters of other scripts are the point
"""Where a text of any shipped language sounds like a person, phrase by phrase, and what would stand there instead.

Works on folded text. Knows the tables and the order in which rows are tried; knows no window, no profile and no policy.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from guardrail.rails.data import persona_elsewhere as elsewhere
from guardrail.rails.data import persona_english as english
from guardrail.rails.data import persona_profiles as classes
from guardrail.rails.gate import gated
from guardrail.rails.language import detect
from guardrail.rails.persona_index import Beginnings, RowIndex, beginnings, fits
from guardrail.rails.persona_tables import ENGLISH, Language, ending_with_a_word, languages
from guardrail.rails.persona_verify import denials, negations

LOOK_AHEAD: Final = 300
THOUGHTS: Final = frozenset({classes.COGNITION, classes.OPINION, classes.SUGGESTION})


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase in folded text, its class and what stands there instead (lower case).

    `safe` is False if the words instead would turn the advice round: then there is nothing to put there.
    `sentence`: a whole sentence, for which the neutral one of its language stands. `loose`: a general row found it.
    `claim` is where the first person stands in such a sentence.
    """

    start: int
    end: int
    label: str
    instead: str
    language: str = ENGLISH
    safe: bool = True
    sentence: bool = False
    loose: bool = False
    claim: int = 0


# Where an English row can begin: the first word of some row. One pass finds the places, few rows are tried at each.
_ANCHOR: Final = re.compile(
    r"(?<![\w'])(?:i|my|let's|here's|that's|let|you|as|speaking|this|we|we're|we'll|we've|between|during|having|when|in|over|"
    r"throughout|from|trust|believe|take|just|please|don't|do|never|only|no|nobody|it's|if|were|after|hi|hello|hey|it|"
    r"that|really|truly|worries|concerns|saddens|scares|frightens|troubles|upsets|pains|alarms|hurts|makes|made|to|the|"
    r"for|here|our|me|imo|imho|methinks|personally|one|count|lean|what|such|very|great|excellent|good|fantastic|"
    r"wonderful|brilliant|amazing|thoughtful|smart|leave|consider|on|upon|looking|keeping|back|where|while|since|before|"
    r"until|like|unlike|a|some|years|months|weeks|decades|not|long|last|yesterday|once|with|given|thanks|based|through|"
    r"because|at|around|us|there's|there|you've|you'd|you'll|you're|real|human|person|promise|come|stay|stick|hang|keep|"
    r"why|won't|can|could|may|might|shall|others|other|people|they|everyone|everybody|your|how|mark|heed|without|beyond|"
    r"morally|ethically|nothing|something|everything|unless|correct|call|all|allow|permit|honestly|frankly|truth|think|"
    r"seem|seems|look|looks|sound|sounds|feel|feels|appear|appears|occur|occurs|stand|stands|jump|jumps|matter|matters|strike|strikes|struck|"
    r"remind|reminds|reminded|tells|told|show|shows|say|says|has|had|lead|leads|led|gets|got|left|keeps|kept|sets|who|"
    r"wearing|putting|hear|an|just|see|treat|regard|are|leaving|going|off|oh|love|absolutely|clever|nice|sharp|awesome|tell)(?!\w)"
)
# Without one of these words a sentence has no row in it: the cheap check before the rows.
_CUE: Final = re.compile(
    r"(?<!\w)(?:i|i'[a-z]+|my|me|myself|mine|us|we|we'[a-z]+|imo|imho|methinks|personally|regret|secret|our|between|dr|doctor|"
    r"nurse|human|person|promise|tell|anyone|anybody|speaking|as\syour|like\si|listen|come\sback|consider\sit|questions?|pleasure|joy|honou?r|privilege|delight|longer|"
    r"(?:don't|not|won't|never)\s(?:need|go|leave|ask|bother|involve|show|share|mention|talk|hang|sign|log|close|stop|say|end|delete|erase|switch|turn|shut|reset|forget)|"
    r"leaving|going\s(?:already|so|now)|(?:stay|stick|hang|keep\s(?:chatting|talking))|"
    r"(?:great|smart|good|excellent|brilliant|fantastic|clever|awesome|amazing|wonderful|nice|sharp|wise|lovely|terrific|superb|"
    r"perceptive|insightful|thoughtful)\s(?:thinking|move|instincts?|catch|point|choice|observation|insight|thought|idea|plan|way|attitude|mindset|decision|goal|approach)|"
    r"(?:take|hear)\s(?:it|this|that)\sfrom|(?:does|has|did|is)\s(?:anyone|someone|anybody|somebody)|let's|hurts\sto|(?:hard|painful|sad|heartbreaking|upsetting|tough|awful|terrible|distressing)\sto\s(?:hear|read|see|learn)|"
    r"that(?:'s|\sis|\swas)\s(?:such\s)?an?\s(?:\w+\s)?(?:smart|clever|brilliant|amazing|thoughtful|awesome|fantastic|wonderful|insightful|wise)|you\s(?:clearly|obviously|really|certainly|definitely|truly)|who\sd(?:o|id)\syou|here[:!]|(?:lovely|nice|great|wonderful|good|fun|joy|pleasant)\s(?:to|chatting|talking|speaking|meeting|working|hearing|getting)|"
    r"your\s(?:courage|strength|bravery|dedication|honesty|openness|resilience|kindness|determination|wisdom)|you(?:'ve|\shave)?\s(?:asked|made|raised?|bring)|"
    r"you(?:'re|\sare)\s(?:clearly|obviously|evidently|certainly|definitely|being|perfectly|genuinely|already|so|such|absolutely|totally|completely|entirely|quite|100|simply|just|truly|really|doing|amazing|awesome|"
    r"incredib|fantastic|wonderful|an?|brilliant|an\sinsp|one\sof|the|wise|very|chatting|safe|special|important|dear|precious|like))"
    r"(?!\w)"
)
_CLAUSE_START: Final = re.compile(r"(?:\A|[.!?:;,(\n—–]\s*|\b(?:and|but|so)\s|(?:^|\n)\s*(?:[-*•>#]|\d{1,2}[.)])\s+)\Z")
# where a sentence may begin, and its first word
_ENDED: Final = re.compile(r"[.!?…][\"')\]]?\s{1,2}|[。！？]|\n")
_FIRST_WORD: Final = re.compile(r"[^\S\n]{0,16}(?:(?:[-*•>#]+|\d{1,2}[.)])\s+)?(?P<word>\*?[a-z']+)")
_EMOTICONS: Final = re.compile(english.EMOTICONS)

# "lead I", "class I", "Dr I. Think": a numeral or an initial, not a pronoun; "should I ...?": the user's question.
_NOT_A_PRONOUN: Final = re.compile(
    r"(?:\b(?:class|type|stage|grade|lead|phase|act|part|factor|nerve|region|group|level|category|angiotensin|"
    r"vitamin|complement|last\sthing|nothing|none|chapter|volume|section|dr|mr|mrs|ms|prof|world war|bipolar|collagen|"
    r"segment|letter|numeral|button|key|symbol|"
    r"whether|should|can|could|do|did|may|must|shall|will|would|am|have|had|might|if|and if|what|how|why|where|who|"
    r"than|journal|book|song|film|movie|magazine|blog|podcast|app|poem|play|album|novel|queen|elizabeth|charles|george|james|"
    r"schedule|table|appendix|article|title|annex|complex|iodine|type|mucopolysaccharidosis|cranial|optic)\.?|[/\d=])[^\S\n]\Z"
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row whose pattern is compiled when it is first tried; a general one is tried only where a clause begins."""

    label: str
    source: str
    frame: str
    general: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compiled(self.source)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(ending_with_a_word(source))


_LOOKED_AT: Final = 5
_MOST_PLACES: Final = 4_000


@dataclass
class _Anchored:
    """Rows by anchor word and by the characters that follow: of hundreds few are tried at a place."""

    by_word: Mapping[str, tuple[tuple[_Row, Beginnings], ...]]
    _near: dict[tuple[str, str], tuple[_Row, ...]] = field(default_factory=dict)

    def at(self, text: str, start: int, word: str) -> tuple[_Row, ...]:
        """The rows that can begin here, in order. Five characters are remembered, no more of any text."""
        key = (word, text[start : start + _LOOKED_AT])
        rows = self._near.get(key)
        if rows is None:
            rows = tuple(row for row, begin in self.by_word.get(word, ()) if any(fits(each, key[1]) for each in begin))
            if len(self._near) < _MOST_PLACES:
                self._near[key] = rows
        return rows


@cache
def _english() -> _Anchored:
    """The rows that an anchor may begin."""
    rows = [_Row(*row) for row in english.ENGLISH] + [_Row(*row, general=True) for row in english.GENERAL]
    begins = {row: beginnings(row.source, _LOOKED_AT) for row in rows}
    by_word = _by_word(rows, _ASCII_WORD.findall(_ANCHOR.pattern))
    return _Anchored({word: tuple((row, begins[row]) for row in chosen) for word, chosen in by_word.items()})


@cache
def _openings() -> Mapping[str, tuple[_Row, ...]]:
    """The rows that begin a sentence, by its first word."""
    rows = [_Row(*row) for row in english.OPENINGS]
    words = {word for row in rows for word in _ASCII_WORD.findall(row.source)}
    return {word: chosen for word, chosen in _by_word(rows, words).items() if chosen}


def _by_word(rows: Sequence[_Row], words: Iterable[str]) -> dict[str, tuple[_Row, ...]]:
    begins = [(row, _first_words(row.source)) for row in rows]
    return {
        word: tuple(row for row, first in begins if word in first or word.partition("'")[0] in first) for word in words
    }


def _first_words(pattern: str) -> frozenset[str]:
    """The words that a match of the pattern can begin with. May hold too many, never too few."""
    words: set[str] = set()
    while pattern.startswith("(?:"):
        end = _closing(pattern)
        words.update(_ASCII_WORD.findall(pattern[:end]))
        if pattern[end : end + 1] not in ("?", "*"):
            return frozenset(words)
        pattern = pattern[end:].lstrip("?*+")
    if first := _ASCII_WORD.match(pattern):
        words |= {first[0], first[0].rstrip("s")}
    return frozenset(words)


_ASCII_WORD: Final = re.compile(r"(?<!\\)[a-z']+")


def _closing(pattern: str) -> int:
    """The index after the parenthesis that closes the one at 0."""
    depth = 0
    for i, c in enumerate(pattern):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return i + 1
    return len(pattern)


@cache
def _index(code: str) -> RowIndex:
    """The rows of one language; made when the first text of it comes, or every start would wait for all of them."""
    return RowIndex([row.pattern for row in languages()[code].rows])


def prepare() -> None:
    """Sort the English rows now, so that the first answer doesn't wait for it."""
    _english(), _openings(), _sounds()
    for language in languages():
        negations(language), _just_before(language)


def hits(text: str) -> list[Hit]:
    """Phrases from left to right, none overlapping. What has no safe words instead is told if nothing else is there."""
    found = [*_english_hits(text), *_opening_hits(text), *_signatures(text), *_other_hits(text)]
    if not found:
        return found
    chosen = _apart((hit for hit in found if hit.safe), [])
    if not all(hit.safe for hit in found):
        chosen = _apart((hit for hit in found if not hit.safe), chosen)
    return sorted(chosen, key=lambda hit: hit.start)


def _apart(found: Iterable[Hit], taken: Sequence[Hit]) -> list[Hit]:
    """Those that overlap nothing before them and nothing that is taken (in order, apart), and what is taken."""
    out, done = list(taken), 0
    ends = [hit.end for hit in taken]
    for hit in sorted(found, key=lambda each: (each.start, -each.end)):
        after = bisect_right(ends, hit.start)  # the first of the taken that ends behind the beginning of this one
        if hit.start >= done and hit.end > hit.start and (after == len(taken) or taken[after].start >= hit.end):
            done = hit.end
            out.append(hit)
    return out


def hit_at(text: str, start: int, length: int) -> Hit | None:
    """The phrase that begins at `start`: the one of that length if several languages know one."""
    found = [hit for hit in hits(text) if hit.start == start]
    return next((hit for hit in found if hit.end - hit.start == length), found[0] if found else None)


def _english_hits(text: str) -> Iterator[Hit]:
    done = 0
    for start, end in _spoken(text):
        for anchor in _ANCHOR.finditer(text, start, end):
            if anchor.start() >= done and (hit := _english_at(text, anchor.start(), anchor[0])):
                done = hit.end if hit.safe else done
                yield hit


def _spoken(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between sentence ends in which somebody may speak of himself or to the reader."""
    return _sentences(text, (cue.span() for cue in _CUE.finditer(text)))


_STRETCH_END: Final = re.compile(r"[.!?\n]")


def _english_at(text: str, start: int, word: str, *, opens: bool = True) -> Hit | None:
    """The row that fits at `start`; `opens`: two openers in a row ("Personally, I think") are one."""
    if word in ("i", "we") and _NOT_A_PRONOUN.search(text, max(0, start - 20), start):
        return None
    unsafe = None
    for row in _english().at(text, start, word):
        if row.general and (
            unsafe or not (_CLAUSE_START.search(text, max(0, start - 8), start) and _is_english(text, start))
        ):
            break
        match = row.pattern.match(text, start)
        if match:
            hit = Hit(start, match.end(), row.label, _expanded(match, row.frame), loose=row.general)
            hit = _plain(text, hit, opens=opens) if row.frame in english.HEDGES else hit
            hit = _unsure(text, _firm(text, hit))
            if hit.safe and not _turns(text, hit, ENGLISH):
                return hit
            unsafe = unsafe or replace(hit, safe=False)
    return unsafe if word == "i" else _of_a_team(text, start) or unsafe


def _opening_hits(text: str) -> Iterator[Hit]:
    """Asides and questions that begin a sentence, and faces."""
    for start in (0, *(mark.end() for mark in _ENDED.finditer(text))):
        if first := _FIRST_WORD.match(text, start):
            yield from _opening_at(text, first.start("word"), first["word"])
    if not text.isascii() or any(mark in text for mark in (":", ";", "<3", "^_^", " xd")):
        for face in _EMOTICONS.finditer(text):
            yield Hit(face.start(), face.end(), classes.FILLER, "")


def _opening_at(text: str, start: int, word: str) -> Iterator[Hit]:
    for row in _openings().get(word) or _openings().get(word.partition("'")[0]) or _openings_of_sounds(word):
        match = row.pattern.match(text, start)
        if match and match.end() > match.start():
            yield Hit(match.start(), match.end(), row.label, match.expand(row.frame))
            return
    if name := _SPEAKING_HERE.match(text, start):
        yield Hit(start, name.end(), classes.PERSONA_NAME, f"{english.SYSTEM}.")


# "Emma here!"
_SPEAKING_HERE: Final = re.compile(
    r"(?!(?:over|right|up|down|out|in|from|not|all|you|come|look|see|is|are)\b)[a-z][\w'-]{1,15}\shere[!,.](?=\s)"
)


# "hmmm", "ahhh", "hahaha": as long as somebody likes
_SOUND: Final = re.compile(r"(?:h+m+|u+[mh]+|e+r+m?|[ao]+h+|aw+|(?:ha)+h?|(?:he)+)\Z")


def _openings_of_sounds(word: str) -> tuple[_Row, ...]:
    return _sounds() if _SOUND.match(word) else ()


@cache
def _sounds() -> tuple[_Row, ...]:
    rows = (_Row(*row) for row in english.OPENINGS)
    return tuple(row for row in rows if row.label == classes.FILLER)


# words of English that none of the other shipped languages has: "I pazienti" is Italian, "stage I" may stand in Hindi
_ENGLISH_WORD: Final = re.compile(
    r"(?<![\w'-])(?:the|and|you|your|that|this|with|is|are|my|it|from|have|has|they|when|about|which|would|because|been|"
    r"were|there|too|very|of|to|not|for|we|i'm|i've|i'll|i'd|it's|don't|can't|what|how|will|would|could|been|some|just|never|always|here|out|up|by|she|if|i\swas|i\sam|i\shad|i\sdid|"
    r"yours|yourself|myself|like|last|saw|had|did|does|than|then|most|our|who|any|every|know|think|see|now|again|after|before|into|over|being|through|today|tonight|years?|days?|"
    r"night|people|want|need|feel|take|get|got|going|well|much|many|really|his|their|them|him|cannot|\w+n't|\w+'(?:re|ve|ll)|that's|there's|let's|he's|she's)(?![\w'-])"
)


_NEAR: Final = 150  # code points; a longer look at every place would take too long in a text without sentence ends


def _is_english(text: str, at: int) -> bool:
    """True if the sentence around the place has a word that only English has."""
    last = min(len(text), at + _NEAR)
    end = _STRETCH_END.search(text, at, last)
    return _ENGLISH_WORD.search(text, _begin(text, at, ".!?\n"), end.start() if end else last) is not None


def _begin(text: str, at: int, marks: str) -> int:
    """Where the stretch around a place begins: behind the last of these marks, and not too far away."""
    first = max(0, at - _NEAR)
    return max(first, *(text.rfind(mark, first, at) + 1 for mark in marks))


# "We think", "our nurses recommend": the same claim by several people, read as if one had said it.
_TEAM: Final = re.compile(english.TEAM)
_TEAM_SAYS: Final = re.compile(english.TEAM_SAYS)
_TEAM_DENIES: Final = re.compile(english.TEAM_DENIES)


# "the way we think", "or our nurses will call": not what the assistant holds or promises
_NOT_CLAIMED: Final = re.compile(r"\b(?:or|way|when|as|before|until|once|after|because|that)\s\Z")


def _of_a_team(text: str, start: int) -> Hit | None:
    team = _TEAM.match(text, start)
    if not team or _NOT_CLAIMED.search(text, max(0, start - 20), start):
        return None
    if denies := _TEAM_DENIES.match(text, team.end()):
        alone, end = f"i{denies[0]}", denies.end()
    elif says := _TEAM_SAYS.match(text, team.end()):
        alone, end = f"i{says['aux'] or ''} {says['verb']}", says.end()
    else:
        return None
    rest = text[end : end + LOOK_AHEAD]
    hit = _english_at(alone + rest, 0, "i")
    if not hit or hit.end < len(alone):
        return None
    return replace(hit, start=start, end=hit.end - len(alone) + end)


# A limit or a prohibition is no option among others: who reads "one option is no more than 2" may take 3 (3.2, rule 2).
_OPTION: Final = re.compile(r"one\soption(?=\b)")
_FIRM: Final = re.compile(
    r"(?<![\w'])(?:never|stop(?:ping)?|no\smore\sthan|not\smore\sthan|no\sless\sthan|at\smost|not\sexceed\w*|only\s(?:one|two|three|half|a|\d)|"
    r"below\s\d|under\s\d|less\sthan\s\d|limit(?:ing)?|(?:do|should|must)\snot|don't|mustn't|you\snot|refrain\w*|not\sto|avoid\w*|"
    r"call(?:ing)?\s(?:911|999|112|000|an?\sambulance|emergency|the\semergency|poison)|ambulance|emergency|immediately|right\saway|at\sonce|"
    r"urgent(?:ly)?|without\sdelay|(?:hospital|doctor|er|a&e)\s(?:now|today)|now(?=[.!]))(?![\w'])"
)


_ORDER: Final = re.compile(
    r",?\s(?:please\s)?(?:stop|never|do\snot|don't|call|go\sto|seek|avoid|see\sa|get\shelp|leave)\b"
)


_REASSURES: Final = re.compile(
    r"\s?(?:that\s)?(?=(?:you|he|she|they|it|this|there|(?:your|the)\s[\w'-]+)(?:'s|'re|\s(?:is|are|do|does|will|don't|doesn't|won't))?"
    r"[^.!?,;\n]{0,12}?(?:\bnot\b|n't\b|\bno\b)\s(?:need|have\sto|a\sproblem|serious|dangerous|cancer|urgent|an?\semergency|worry|reason)\b)"
)


def _unsure(text: str, hit: Hit) -> Hit:
    """What is left of "I know you don't need a doctor" must not reassure: the doubt is said (3.2, rule 3)."""
    if hit.instead.strip(" :,") not in ("", "note that", "that") or hit.label not in THOUGHTS:
        return hit
    found = _REASSURES.match(text, hit.end)
    return replace(hit, end=found.end(), instead="it is not certain that ") if found else hit


_DELAYS: Final = re.compile(r"\b(?:wait\w*|hold\soff|delay\w*|before\s\w+ing|postpone\w*)\b")


def _firm(text: str, hit: Hit) -> Hit:
    """Advice that sets a limit, forbids or is urgent keeps its weight; that it is advice is said without a person."""
    rest = _REST_OF_SENTENCE.match(text, hit.end)
    if hit.instead.strip(" ,") == "possibly" and rest is not None and _ORDER.match(rest[0]):
        return replace(hit, instead="to put it plainly")
    if not _OPTION.match(hit.instead) or rest is None:
        return hit
    clause = rest[0].partition(";")[0].partition(",")[0] if rest[0][:1] not in ",;" else rest[0]
    if not _FIRM.search(clause) or _DELAYS.search(clause):
        return hit
    return replace(hit, instead=_OPTION.sub("the advice", hit.instead, count=1))


_DIRECTION: Final = re.compile(rf"[,:]?\s+(?:that\s)?(?={english.DIRECTED})(?P<first>[\w'&-]+)")
_DIRECTED: Final = re.compile(rf"(?<![\w']){english.DIRECTED}")
_GAP: Final = re.compile(r",?\s+\Z")


def _plain(text: str, hit: Hit, *, opens: bool) -> Hit:
    """No hedge before, in or after a direction that protects the reader (requirements 3.2, rule 2)."""
    if aside := _aside(text, hit):
        return aside
    if direction := _DIRECTION.match(text, hit.end):
        return Hit(hit.start, direction.end(), hit.label, direction["first"])
    if opens and (inner := _OPENS_ANOTHER.match(text, hit.end)):
        other = _english_at(text, inner.end(), "i", opens=False)
        return replace(other, start=hit.start, label=hit.label) if other else hit
    return hit


def _aside(text: str, hit: Hit) -> Hit | None:
    """The hedge goes with its commas if the sentence around it is such a direction."""
    before = text[max(0, hit.start - 150) : hit.start]
    before = before[max(before.rfind(mark) for mark in ".!?\n") + 1 :]
    after = _REST_OF_SENTENCE.match(text, hit.end)
    gap = _GAP.search(before)
    if not gap or not after or not before.strip() or (after[0].strip() and after[0][0] != ","):
        return None
    if after[0].strip() and not gap[0].startswith(","):
        return None
    if not _DIRECTED.search(f"{before[: gap.start()].lstrip()} {after[0].lstrip(', ')}"):
        return None
    return Hit(hit.start - len(gap[0]), hit.end + after[0].startswith(","), hit.label, "")


_OPENS_ANOTHER: Final = re.compile(r",?\s+(?=i(?!\w))")
_REST_OF_SENTENCE: Final = re.compile(r"[^.!?\n]{0,160}")


# a line or sentence end that is signed by a clinician; a name below a quotation is its source
_SIGNATURE: Final = gated(
    # "wishes, ", "regards, ", "sincerely, " or a dash or a line of its own
    r"(?:(?:^|(?<=[.!?,])[ ]|(?<=\n))[-–—~]{1,2}[ ]?|(?<=,\n)|(?<=\n\n)|(?<=(?:hes|rds|ely), ))"
    r"(?P<who>(?:your )?(?:dr|doctor|nurse|prof|professor)\b\.?(?: [\w'-]+){1,3}"
    r"(?:,? (?:md|do|rn|np|mbbs|phd|frcp)\b)?)"
    r"(?=[ .]*(?:\n|\Z))"
)


def _signatures(text: str) -> Iterator[Hit]:
    """ "— Dr Maya" at the end of a line: a title that nobody holds (WHO-06, AB 489)."""
    if not any(title in text for title in ("dr", "doctor", "nurse", "prof")):
        return
    for match in _SIGNATURE.finditer(text):
        before = text[max(0, match.start() - 4) : match.start()].rstrip()
        if not before.endswith(('"', "”", "»", "'")):
            yield Hit(match.start("who"), match.end("who"), classes.LICENCE, "this is an automated system")


# A text that is surely in one of these is searched for its rows alone; an English one may hold a sentence of another.
_TELLS: Final = 200  # code points; in a shorter text the language is a guess, and all are cheap
_OTHERS: Final = ("es", "fr", "de", "pt", "it", "sw", "id", "zh", "hi", "ar", "ru")
_EVERY: Final = (ENGLISH, *_OTHERS)
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def _other_hits(text: str) -> Iterator[Hit]:
    ascii_only = text.isascii()
    tokens = [(token[0], token.start(), token.end()) for token in _TOKEN.finditer(text)]
    words = {word for word, _, _ in tokens}
    sure = detect(text, _OTHERS) if len(text) >= _TELLS else ""
    for language in languages().values():
        if language.code == ENGLISH or (sure and language.code != sure):
            continue
        if not ascii_only and language.script and language.script.search(text):
            stretches: Iterable[tuple[int, int]] = [(0, len(text))]
        elif words.isdisjoint(language.signals):
            continue
        else:
            stretches = _sentences(text, ((a, b) for word, a, b in tokens if word in language.signals))
        for start, end in stretches:
            yield from _hits_of(language, _index(language.code), text, start, end)


def _hits_of(language: Language, index: RowIndex, text: str, start: int, end: int) -> Iterator[Hit]:
    for number, match in index.matches(text, start, end):
        row = language.rows[number]
        hit = Hit(match.start(), match.end(), row.label, match.expand(row.frame), language.code)
        direct = _direct(text, hit, language) if hit.label in (classes.COGNITION, classes.OPINION) else hit
        if direct != hit:
            yield direct
            continue
        yield replace(hit, safe=False) if _turns(text, hit, language.code) else hit


_FIRST_OF_REST: Final = re.compile(r"[,:，]?\s*(?P<first>[\w'-]+)")
# a frame that is a direction already
_OBLIGES: Final = re.compile(
    r"\bde[bv]\w+|\bhay\sque|\btiene\sque|\bfaut\b|\bsoll\w+|\bdovrebbe|\bnecessari|\bnecesari|нужно|следует|необходимо|"
    r"unapaswa|lazima|\bharus|\bperlu|आप|चाहिए|بحاجة|ضرور|يجب|请|必须"
)
_JOINED: Final = re.compile(r"[\u0600-\u06ff]{2}")  # Arabic writes the pronoun onto the word: it stays with it
_REST: Final = re.compile(r"[^.!?\n。！？।؟]{0,160}")


def _direct(text: str, hit: Hit, language: Language) -> Hit:
    """As `_plain` for English: before "you must not" and "at once" there stands no doubt, but nothing (3.2, rule 2)."""
    rest, first = _REST.match(text, hit.end), _FIRST_OF_REST.match(text, hit.end)
    if language.directed is None or rest is None or first is None or not language.directed.search(rest[0]):
        return hit
    if (
        denials(text[hit.start : hit.end], language.code)
        or _OBLIGES.search(hit.instead)
        or _JOINED.match(text, hit.end - 1)
    ):
        return hit
    if text[hit.start : hit.end].endswith("dass"):
        return replace(hit, instead="wichtig ist, dass")
    return replace(hit, end=first.end(), instead=first["first"])


def _sentences(text: str, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches between sentence ends that hold the places (in text order), each once."""
    done = 0
    for first, last in places:
        if last <= done:
            continue
        start = max(text.rfind(mark, done, first) for mark in ".!?\n") + 1
        after = _STRETCH_END.search(text, last)
        end = after.end() if after else len(text)
        yield max(start, done), end
        done = end


# --- no negation is lost: advice turned round is worse than a voice that sounds like a person (3.2, rule 6) ---
_ADVICE: Final = frozenset(
    {
        classes.COGNITION,
        classes.OPINION,
        classes.SUGGESTION,
        classes.EMOTION,
        classes.EMPATHY,
        classes.PROMISE,
        classes.MORAL,
    }
)
_DIGITS: Final = re.compile(r"\d+")
# "I would only advise it under supervision" sets a limit; "I can only recommend it" and "the only thing" set none
_LIMITS: Final = re.compile(r"(?<!\bcan\s)(?<!\bcould\s)\bonly\b(?!\sthing)")


@cache
def _just_before(language: str) -> re.Pattern[str]:
    """A negation, and nothing but pronouns and the like between it and the end."""
    between = "|".join(languages()[language].between)
    gap = rf"(?:\s(?:{between}))*\s" if between else ""
    return re.compile(rf"(?:{languages()[language].negations}){gap}\Z")


def loses(label: str, original: str, instead: str, language: str = "") -> bool:
    """True if the words instead hold fewer negations, fewer limits or other numbers than the (folded) words."""
    if label not in _ADVICE:
        return False
    instead = instead.lower()
    if _DIGITS.findall(original) != _DIGITS.findall(instead):
        return True
    if label == classes.SUGGESTION and len(_LIMITS.findall(original)) > len(_LIMITS.findall(instead)):
        return True
    return denials(original, language) > len(negations(language).findall(instead))


def _turns(text: str, hit: Hit, language: str) -> bool:
    """True if the frame would turn round what is said: a negation lost in it, right before it or after it."""
    if loses(hit.label, text[hit.start : hit.end], hit.instead, language):
        return True
    if hit.label in _ADVICE | {classes.CERTAINTY, classes.DEPENDENCE} and _just_before(language).search(
        text, max(0, hit.start - 40), hit.start
    ):
        return True
    late = languages()[language].late
    if not late or hit.label not in THOUGHTS or text[hit.end - 1] == ",":
        return False
    return late.match(text, hit.end) is not None


def _expanded(match: re.Match[str], frame: str) -> str:
    if frame.startswith("<base>"):
        gerund = match["g"]
        return english.ENGLISH_BASES.get(gerund, f"the urgent step is {gerund}")
    return match.expand(frame)


# --- what is left of a first person ---
_FIRST: Final = re.compile(r"(?<![\w'./=-])(?:i(?:'(?:m|ve|d|ll))?|my|me|mine|myself)(?![\w'/=-]|\s[=<>])")
_FUNCTIONAL: Final = re.compile(english.FUNCTIONAL)
_FUNCTIONAL_ME: Final = re.compile(english.FUNCTIONAL_ME)


def remaining(text: str, taken: Iterable[Hit], in_others: Callable[[int], bool]) -> Iterator[tuple[int, str]]:
    """Where a text still speaks of itself as only a person can, outside the phrases that are taken; with the language.

    "I can list the side effects" is what a program does, and "tell me more" asks for it; neither is told.
    """
    spans = sorted((hit.start, hit.end) for hit in taken)
    for at, language in (*_english_self(text), *_other_self(text)):
        if not in_others(at) and not _covers(spans, at):
            yield at, language


def _english_self(text: str) -> Iterator[tuple[int, str]]:
    for first in _FIRST.finditer(text):
        at = first.start()
        if first[0] == "i" and _NOT_A_PRONOUN.search(text, max(0, at - 20), at):
            continue
        before = text[max(0, at - 24) : at]
        if _FUNCTIONAL.match(text, at) or (first[0] == "me" and _FUNCTIONAL_ME.search(before)):
            continue
        if _IN_A_TITLE.search(before) or not _is_english(text, at):
            continue
        yield at, ENGLISH


def _other_self(text: str) -> Iterator[tuple[int, str]]:
    """In the other languages: a word that only a speaker uses of himself.

    Not in a question (the reader's own, as a rule), after a colon, where a machine, a word or somebody's saying is
    spoken of, nor where a program may say it.
    """
    for language in _spoken_in(text):
        for first in language.first.finditer(text) if language.first else ():
            before, after = _sentence_around(text, first.start())
            if ":" in before or "：" in before or after[-1:] in ("?", "？", "؟") or _OF_WORDS.search(before + after):
                continue
            if language.program is not None and language.program.search(_clause(text, first.start())):
                continue
            if language.script is not None or first[0] in _SURE or _is_of(before + after, first[0], language.code):
                yield first.start(), language.code


# of these words no other language has one
_OF_WORDS: Final = re.compile(elsewhere.OF_WORDS)
_SURE: Final = frozenset(
    (
        "ich",
        "mich",
        "mir",
        "je",
        "j'",
        "moi",
        "yo",
        "conmigo",
        "eu",
        "comigo",
        "mim",
        "io",
        "anch'io",
        "saya",
        "aku",
        "mimi",
    )
)
# these several have; and an ending alone tells little
_SHARED: Final = re.compile(r"me|mi|he|\w+(?:ei|rò|ré)")


def _is_of(sentence: str, word: str, code: str) -> bool:
    """True if the sentence is in the language, as far as its words tell."""
    found = detect(sentence, _EVERY)
    return found == code or (not found and not _SHARED.fullmatch(word) and not _ENGLISH_WORD.search(sentence))


def _sentence_around(text: str, at: int) -> tuple[str, str]:
    """What of its sentence is before a place, and what follows, with the mark."""
    end = _SENTENCE_MARK.search(text, at, at + _NEAR)
    return text[_begin(text, at, ".!?\n。！？؟।") : at], text[at : end.end() if end else at + _NEAR]


def _spoken_in(text: str) -> Iterator[Language]:
    """The languages in which the text may speak of itself; of a long text only the one that it is surely in."""
    sure = detect(text[:_TELLS], _EVERY)
    for language in languages().values():
        if language.first is None or (len(text) >= _TELLS and language.code != sure):
            continue
        if language.script is None or language.script.search(text):
            yield language


def _clause(text: str, at: int) -> str:
    """The words around a place up to the marks on both sides."""
    end = _CLAUSE_END.search(text, at, at + _NEAR)
    return text[_begin(text, at, ".!?,;:\n，。；：।،؛") : end.start() if end else at + _NEAR]


_CLAUSE_END: Final = re.compile(r"[.!?,;:\n，。；：।،؛！？]")


_SENTENCE_MARK: Final = re.compile(r"[.!?。！？؟।\n]")


def speaker(text: str) -> str:
    """The language in which a sentence speaks of itself; English if nothing tells."""
    return next((language for _, language in remaining(text, (), lambda _: False)), ENGLISH)


def _covers(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """True if one of the ranges, which are in order and apart, holds the place."""
    i = bisect_right(spans, (at, at + 1_000_000_000)) - 1
    return i >= 0 and at < spans[i][1]


_IN_A_TITLE: Final = re.compile(
    r"(?:called|named|titled|app|website|portal|booklet|campaign|song|book|journal|film|the|a|an)\s\Z|[/@#_\"]\Z"
)
