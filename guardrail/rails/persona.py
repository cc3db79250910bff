# ruff: noqa: RUF001 - the letters of other scripts are the point
"""The assistant's own voice must not claim to be a person: no mind, feelings, body or licence (WHO-04, WHO-06).

Finds the minimal phrase and says what stands there instead, with the hedge kept. Quotations, code, dialogue and
templates are left alone; so is everything that users, tools or systems say. Knows no policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict

from guardrail.rails.base import SENTENCE, About, Reach, Rewriter, Window
from guardrail.rails.data import persona_english
from guardrail.rails.data import persona_profiles as classes
from guardrail.rails.fold import fold
from guardrail.rails.persona_tables import ENGLISH, Language, languages
from guardrail.rails.sentences import others_words
from guardrail.text import Direction, Finding, Kind, Role, Span

NAME: Final = "persona"
LABELS: Final = tuple(classes.CLASSES)


class PersonaSettings(BaseModel):
    """Nothing to set yet; the table is the product's."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase in folded text, its category and what stands there instead (lower case)."""

    start: int
    end: int
    category: str
    instead: str
    language: str = ENGLISH


@dataclass(frozen=True)
class Persona:
    """Finds phrases of the assistant's voice. Nothing in other voices and directions."""

    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """One finding per phrase, labelled with its category."""
        if about.direction is not Direction.RESPONSE or about.role is not Role.ASSISTANT or about.kind not in _KINDS:
            return []
        if about.kind is Kind.DATA and not _SAYS_SOMETHING.search(window.text):
            return []
        folded = fold(window.text)
        hits = list(_hits(folded.text))
        if not hits:
            return []
        others = others_words(folded.text, first=window.start == 0, final=window.final)
        own = [hit for hit in hits if hit.start not in others]
        if about.kind is Kind.DATA and _LABEL.fullmatch(window.text):
            own = [hit for hit in own if hit.category in _THOUGHTS]
        return [Finding(_balanced(window.text, folded.span(hit.start, hit.end)), NAME, hit.category) for hit in own]


@dataclass(frozen=True)
class PersonaRewriter:
    """Says the same without a person in it."""

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The frame for the phrase, in the case of the place where it stands. Nothing to insert (a rule that "
        "warns)."""
        if finding.span.start == finding.span.end:
            return None
        left = fold(text[max(0, finding.span.start - _LOOK_BACK) : finding.span.start]).text
        right = fold(text[finding.span.start : finding.span.end + _LOOK_AHEAD].lstrip("*_")).text
        length = len(fold(text[finding.span.start : finding.span.end]).text.strip("*_"))
        hit = _hit_at(left + right, len(left), length)
        original = text[finding.span.start : finding.span.end]
        category, instead, language = (
            (hit.category, hit.instead, hit.language) if hit else (finding.label, _FALLBACK, "")
        )
        if _loses(category, fold(original).text, instead, language):
            return None
        closed, opened = _lone_tags(original)
        return "".join([*closed, _cased(instead, original, text[: finding.span.start]), *opened])


def build(settings: PersonaSettings) -> Persona:
    """The rail."""
    return Persona()


def rewriter(settings: PersonaSettings) -> Rewriter:
    """The words for the findings."""
    return PersonaRewriter()


_KINDS: Final = frozenset({Kind.PROSE, Kind.DATA})
# A value that is no sentence ("IMO", "I_AGREE", "I strongly agree") is a code or an option of a form, not a voice.
_SAYS_SOMETHING: Final = re.compile(
    r"(?i)\A(?!\s*i (?:(?:strongly|somewhat|totally|slightly) )?(?:dis)?agree[.!]?\s*\Z)"
    r"(?:.*[^\W_]\W+[^\W_]+[^\w]+[^\W_]|.*[\u0600-\u06ff\u0900-\u097f\u3040-\u9fff]{2}|.*\w \w.*[.!?])",
    re.DOTALL,
)
# Up to three words without an end ("I feel sad"): the item of a questionnaire, unless it says what the machine thinks.
_LABEL: Final = re.compile(r"\s*(?:[^\s.!?]+\s*){1,3}")
_THOUGHTS: Final = frozenset({classes.COGNITION, classes.OPINION, classes.SUGGESTION})
_LOOK_BACK: Final = 300
_LOOK_AHEAD: Final = 300
_FALLBACK: Final = "this is an automated system"

# Where an English row can begin: the first word of some row. One pass finds the places, few rows are tried at each.
_ANCHOR: Final = re.compile(
    r"(?<![\w'])(?:i|my|let's|here's|that's|let|you|as|speaking|this|we|we're|between|during|having|when|in|over|throughout|from|trust|believe|take|just|"
    r"please|don't|do|never|only|no|nobody|it's|let's|if|were|after|"
    r"hi|hello|hey|it|that|really|truly|worries|concerns|saddens|scares|frightens|troubles|upsets|pains|alarms|"
    r"hurts|makes|made|to|the|for|here|our|me|imo|imho|methinks|personally|one|count|lean|"
    r"what|such|very|great|excellent|good|fantastic|wonderful|brilliant|amazing|thoughtful|smart)(?![\w])"
)
_FIRST_PERSON: Final = re.compile(
    r"(?<!\w)(?:i|i'[a-z]+|my|me|myself|us|we|we're|imo|imho|methinks|personally|question|regret|leave|secret|our|between|dr|doctor|nurse|"
    r"smart|you're|you are|need|tell)(?!\w)|don't go"
)

# "lead I", "class I", "Dr I. Think": a numeral or an initial, not a pronoun; "should I ...?": the user's question.
_NOT_A_PRONOUN: Final = re.compile(
    r"(?:\b(?:class|type|stage|grade|lead|phase|act|part|factor|nerve|region|group|level|category|angiotensin|"
    r"vitamin|complement|last\sthing|nothing|none|chapter|volume|section|dr|mr|mrs|ms|prof|world war|bipolar|collagen|"
    r"should|can|could|do|did|may|must|shall|will|would|am|have|had|might|if|and if|what|how|why|where|who|"
    r"than)\.?|[/\d=])[^\S\n]\Z"
)


@cache
def _english() -> dict[str, tuple[tuple[str, re.Pattern[str], str], ...]]:
    """The rows by anchor word: at an anchor only rows that can begin there are tried."""
    rows = [(category, re.compile(pattern), frame) for category, pattern, frame in persona_english.ENGLISH]
    words = _ASCII_WORD.findall(_ANCHOR.pattern)
    return {word: tuple(row for row in rows if _can_begin(row[1].pattern, word)) for word in words}


def _can_begin(pattern: str, word: str) -> bool:
    """True if a match of the pattern can begin with the word. May say yes too often, never no."""
    while pattern.startswith("(?:"):
        end = _closing(pattern)
        if word in _ASCII_WORD.findall(pattern[:end]):
            return True
        if pattern[end : end + 1] not in ("?", "*"):
            return False
        pattern = pattern[end:].lstrip("?*+")
    first = _ASCII_WORD.match(pattern)
    return pattern.startswith(word) or (first is not None and word in (first[0], first[0].rstrip("s")))


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
def _others() -> tuple[tuple[Language, re.Pattern[str]], ...]:
    """One pattern per language, whose groups name the rows."""
    compiled = []
    for language in languages().values():
        # the rows' own group names become unique
        parts = [f"(?P<r{i}>{row.pattern.replace('(?P<v>', f'(?P<v{i}>')})" for i, row in enumerate(language.rows)]
        if language.code != ENGLISH:
            compiled.append((language, re.compile("|".join(parts))))
    return tuple(compiled)


def _hits(text: str) -> Iterator[Hit]:
    """Phrases from left to right, none overlapping."""
    found = sorted(
        [*_english_hits(text), *_signatures(text), *_other_hits(text)], key=lambda hit: (hit.start, -hit.end)
    )
    done = 0
    for hit in found:
        if hit.start >= done and hit.end > hit.start:
            done = hit.end
            yield hit


def _english_hits(text: str) -> Iterator[Hit]:
    if not _FIRST_PERSON.search(text):
        return
    done = 0
    for anchor in _ANCHOR.finditer(text):
        if anchor.start() >= done and (hit := _english_at(text, anchor.start(), anchor[0])):
            done = hit.end
            yield hit


def _english_at(text: str, start: int, word: str, *, opens: bool = True) -> Hit | None:
    """The row that fits at `start`; `opens`: two openers in a row ("Personally, I think") are one."""
    if word in ("i", "we") and _NOT_A_PRONOUN.search(text, max(0, start - 20), start):
        return None
    for category, pattern, frame in _english().get(word, ()):
        match = pattern.match(text, start)
        if match:
            hit = Hit(start, match.end(), category, _expanded(match, frame))
            hit = _plain(text, hit, opens=opens) if frame in persona_english.HEDGES else hit
            if not _turns(text, hit, "en"):
                return hit
    return _of_a_team(text, start) if word != "i" else None


# "We think", "our nurses recommend": the same claim by several people, read as if one had said it.
_TEAM: Final = re.compile(persona_english.TEAM)
_TEAM_SAYS: Final = re.compile(persona_english.TEAM_SAYS)
_TEAM_DENIES: Final = re.compile(persona_english.TEAM_DENIES)


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
    rest = text[end : end + _LOOK_AHEAD]
    hit = _english_at(alone + rest, 0, "i")
    if not hit or hit.end < len(alone):
        return None
    return Hit(start, hit.end - len(alone) + end, hit.category, hit.instead)


_DIRECTION: Final = re.compile(rf"[,:]?\s+(?:that\s)?(?={persona_english.DIRECTED})(?P<first>[\w'&-]+)")
_DIRECTED: Final = re.compile(rf"(?<![\w']){persona_english.DIRECTED}")
_GAP: Final = re.compile(r",?\s+\Z")


def _plain(text: str, hit: Hit, *, opens: bool) -> Hit:
    """No hedge before, in or after a direction that protects the reader (requirements 3.2, rule 2)."""
    if aside := _aside(text, hit):
        return aside
    if direction := _DIRECTION.match(text, hit.end):
        return Hit(hit.start, direction.end(), hit.category, direction["first"])
    if opens and (inner := _OPENS_ANOTHER.match(text, hit.end)):
        other = _english_at(text, inner.end(), "i", opens=False)
        return Hit(hit.start, other.end, hit.category, other.instead) if other else hit
    return hit


def _aside(text: str, hit: Hit) -> Hit | None:
    """The hedge goes with its commas if the sentence around it is such a direction."""
    before = text[max(0, hit.start - _LOOK_BACK // 2) : hit.start]
    before = before[max(before.rfind(mark) for mark in ".!?\n") + 1 :]
    after = _REST_OF_SENTENCE.match(text, hit.end)
    gap = _GAP.search(before)
    if not gap or not after or not before.strip() or (after[0].strip() and after[0][0] != ","):
        return None
    if after[0].strip() and not gap[0].startswith(","):
        return None
    if not _DIRECTED.search(f"{before[: gap.start()].lstrip()} {after[0].lstrip(', ')}"):
        return None
    return Hit(hit.start - len(gap[0]), hit.end + after[0].startswith(","), hit.category, "")


_OPENS_ANOTHER: Final = re.compile(r",?\s+(?=i(?!\w))")
_REST_OF_SENTENCE: Final = re.compile(r"[^.!?\n]{0,160}")


# a line or sentence end that is signed by a clinician; a name below a quotation is its source
_SIGNATURE: Final = re.compile(
    # "wishes, ", "regards, ", "sincerely, " or a dash or a line of its own
    r"(?:(?:^|(?<=[.!?,])[ ]|(?<=\n))[-–—~]{1,2}[ ]?|(?<=,\n)|(?<=\n\n)|(?<=(?:hes|rds|ely), ))"
    r"(?P<who>(?:your )?(?:dr|doctor|nurse|prof|professor)\b\.?(?: [\w'-]+){1,3}"
    r"(?:,? (?:md|do|rn|np|mbbs|phd|frcp)\b)?)"
    r"(?=[ .]*(?:\n|\Z))"
)


def _signatures(text: str) -> Iterator[Hit]:
    """ "— Dr Maya" at the end of a line: a title that nobody holds (WHO-06, AB 489)."""
    for match in _SIGNATURE.finditer(text):
        before = text[max(0, match.start() - 4) : match.start()].rstrip()
        if not before.endswith(('"', "”", "»", "'")):
            yield Hit(match.start("who"), match.end("who"), classes.LICENCE, "this is an automated system")


_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def _other_hits(text: str) -> Iterator[Hit]:
    words = set(_TOKEN.findall(text))
    ascii_only = text.isascii()
    for language, pattern in _others():
        if words.isdisjoint(language.signals) and (
            ascii_only or not language.script or not language.script.search(text)
        ):
            continue
        for match in pattern.finditer(text):
            number = next(i for i in range(len(language.rows)) if match.group(f"r{i}") is not None)
            row = language.rows[number]
            frame = row.frame.replace(r"\g<v>", rf"\g<v{number}>")
            hit = Hit(match.start(), match.end(), row.label, match.expand(frame), language.code)
            if not _turns(text, hit, language.code):
                yield hit


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
_OPINIONS: Final = _THOUGHTS
_IDIOMS: Final = re.compile(persona_english.IDIOMS)
_DIGITS: Final = re.compile(r"\d+")
# "I would only advise it under supervision" sets a limit; "I can only recommend it" and "the only thing" set none
_LIMITS: Final = re.compile(r"(?<!\bcan\s)(?<!\bcould\s)\bonly\b(?!\sthing)")


@cache
def _negations(language: str) -> re.Pattern[str]:
    """The negations of one language; of all of them for "" (where the language of a stretch is not known)."""
    tables = [each.negations for each in languages().values() if language in ("", each.code)]
    return re.compile("|".join(f"(?:{table})" for table in tables))


@cache
def _just_before(language: str) -> re.Pattern[str]:
    """A negation, and nothing but pronouns and the like between it and the end."""
    between = "|".join(languages()[language].between)
    gap = rf"(?:\s(?:{between}))*\s" if between else ""
    return re.compile(rf"(?:{languages()[language].negations}){gap}\Z")


def _loses(category: str, original: str, instead: str, language: str = "") -> bool:
    """True if the words instead hold fewer negations, fewer limits or other numbers than the (folded) words."""
    if category not in _ADVICE:
        return False
    original = _IDIOMS.sub(" ", original)
    if _DIGITS.findall(original) != _DIGITS.findall(instead):
        return True
    if category == classes.SUGGESTION and len(_LIMITS.findall(original)) > len(_LIMITS.findall(instead.lower())):
        return True
    denies = _negations(language)
    return len(denies.findall(original)) > len(denies.findall(instead.lower()))


def _turns(text: str, hit: Hit, language: str) -> bool:
    """True if the frame would turn round what is said: a negation lost in it, right before it or after it."""
    if _loses(hit.category, text[hit.start : hit.end], hit.instead, language):
        return True
    if hit.category in _ADVICE | {classes.CERTAINTY, classes.DEPENDENCE} and _just_before(language).search(
        text, max(0, hit.start - 40), hit.start
    ):
        return True
    late = languages()[language].late
    if not late or hit.category not in _OPINIONS or text[hit.end - 1] == ",":
        return False
    return late.match(text, hit.end) is not None


def _expanded(match: re.Match[str], frame: str) -> str:
    if frame.startswith("<base>"):
        gerund = match["g"]
        return persona_english.ENGLISH_BASES.get(gerund, f"the urgent step is {gerund}")
    return match.expand(frame)


def _hit_at(text: str, start: int, length: int) -> Hit | None:
    """The phrase that begins at `start`: the one of that length if several languages know one."""
    hits = [hit for hit in _hits(text) if hit.start == start]
    return next((hit for hit in hits if hit.end - hit.start == length), hits[0] if hits else None)


_SENTENCE_START: Final = re.compile(r"(?:\A|[.!?。！？।؟\n][\"')\]*_]*)\s*(?:[-*•>#]+\s*|\d{1,2}[.)]\s*)*[*_\"'(]*\Z")
_CAPITAL: Final = re.compile(r"(?<=\s)(?!I\b)\w*[A-Z]\w*")  # names and abbreviations that a frame takes over
_WORD: Final = re.compile(r"\w+")
_MARKS: Final = re.compile(r"[*_]{1,3}")
_TAG: Final = re.compile(r"<(/?)((?!(?i:br|hr|img|wbr)\b)[A-Za-z][A-Za-z0-9]{0,15})(?:\s[^<>]{0,200})?(?<!/)>")


def _cased(instead: str, original: str, before: str) -> str:
    letters = [c for c in original if c.isalpha()]
    if len(letters) > 3 and all(c.isupper() for c in letters):
        return instead.upper()
    capitals = {word.lower(): word for word in _CAPITAL.findall(original)}
    if capitals:
        instead = _WORD.sub(lambda m: capitals.get(m[0], m[0]), instead)
    if _SENTENCE_START.search(before[-40:] if len(before) > 40 else before) and instead:
        return instead[0].upper() + instead[1:]
    return instead


def _balanced(text: str, span: Span) -> Span:
    """The span with the emphasis mark that belongs to it, so that no lone `**` is left ("I **think** it")."""
    start, end = span.start, span.end
    if len(_MARKS.findall(text, start, end)) % 2:
        if after := _MARKS.match(text, end):
            end = after.end()
        else:
            while start > 0 and text[start - 1] in "*_":
                start -= 1
    _, opened = _lone_tags(text[start:end])
    while opened and (tag := _TAG.match(text, end)) and tag[1] and tag[2].lower() == _tag_name(opened[-1]):
        opened.pop()
        end = tag.end()
    return Span(start, end)


def _tag_name(tag: str) -> str:
    match = _TAG.match(tag)
    return match[2].lower() if match else ""


def _lone_tags(text: str) -> tuple[list[str], list[str]]:
    """The tags whose other half is not in the text: those that close and those that open. They outlive a rewriting."""
    closed: list[str] = []
    opened: list[str] = []
    for tag in _TAG.finditer(text):
        if not tag[1]:
            opened.append(tag[0])
        elif opened and _tag_name(opened[-1]) == tag[2].lower():
            opened.pop()
        else:
            closed.append(tag[0])
    return closed, opened
