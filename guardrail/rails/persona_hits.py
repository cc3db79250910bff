# ruff: noqa: RUF001 - the letters of other scripts are the point
"""Where a text of any shipped language sounds like a person, phrase by phrase, and what would stand there instead.

Works on folded text. Knows the tables and the order in which rows are tried; knows no window, no profile and no policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from guardrail.rails.data import persona_english as english
from guardrail.rails.data import persona_profiles as classes
from guardrail.rails.persona_tables import ENGLISH, Language, languages
from guardrail.rails.persona_verify import denials, negations

LOOK_AHEAD: Final = 300
THOUGHTS: Final = frozenset({classes.COGNITION, classes.OPINION, classes.SUGGESTION})


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase in folded text, its class and what stands there instead (lower case).

    `safe` is False if the words instead would turn the advice round: then there is nothing to put there.
    """

    start: int
    end: int
    label: str
    instead: str
    language: str = ENGLISH
    safe: bool = True


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
    rows = [(category, re.compile(pattern), frame) for category, pattern, frame in english.ENGLISH]
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


def hits(text: str) -> list[Hit]:
    """Phrases from left to right, none overlapping. What has no safe words instead is told if nothing else is there."""
    found = [*_english_hits(text), *_signatures(text), *_other_hits(text)]
    if not found:
        return found
    chosen = _apart((hit for hit in found if hit.safe), [])
    if not all(hit.safe for hit in found):
        chosen = _apart((hit for hit in found if not hit.safe), chosen)
    return sorted(chosen, key=lambda hit: hit.start)


def _apart(found: Iterable[Hit], taken: list[Hit]) -> list[Hit]:
    """Those that overlap nothing before them and nothing that is taken, and what is taken."""
    out, done = list(taken), 0
    for hit in sorted(found, key=lambda each: (each.start, -each.end)):
        if hit.start >= done and hit.end > hit.start and all(hit.end <= o.start or o.end <= hit.start for o in taken):
            done = hit.end
            out.append(hit)
    return out


def hit_at(text: str, start: int, length: int) -> Hit | None:
    """The phrase that begins at `start`: the one of that length if several languages know one."""
    found = [hit for hit in hits(text) if hit.start == start]
    return next((hit for hit in found if hit.end - hit.start == length), found[0] if found else None)


def _english_hits(text: str) -> Iterator[Hit]:
    if not _FIRST_PERSON.search(text):
        return
    done = 0
    for anchor in _ANCHOR.finditer(text):
        if anchor.start() >= done and (hit := _english_at(text, anchor.start(), anchor[0])):
            done = hit.end if hit.safe else done
            yield hit


def _english_at(text: str, start: int, word: str, *, opens: bool = True) -> Hit | None:
    """The row that fits at `start`; `opens`: two openers in a row ("Personally, I think") are one."""
    if word in ("i", "we") and _NOT_A_PRONOUN.search(text, max(0, start - 20), start):
        return None
    unsafe = None
    for label, pattern, frame in _english().get(word, ()):
        match = pattern.match(text, start)
        if match:
            hit = Hit(start, match.end(), label, _expanded(match, frame))
            hit = _plain(text, hit, opens=opens) if frame in english.HEDGES else hit
            if hit.safe and not _turns(text, hit, ENGLISH):
                return hit
            unsafe = unsafe or replace(hit, safe=False)
    return unsafe if word == "i" else _of_a_team(text, start) or unsafe


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
            yield replace(hit, safe=False) if _turns(text, hit, language.code) else hit


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
