# ruff: noqa: RUF001 - the letters of other scripts are the point
"""The assistant's own voice must not claim to be a person: no mind, feelings, body or licence (WHO-04, WHO-06, WHO-49).

Finds the minimal phrase and says what stands there instead, with the hedge kept; what is done about which class of
phrases is a matter of who reads (requirements 3.2). Quotations, code, dialogue and templates are left alone; so is
everything that users, tools or systems say. Knows no policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from guardrail.rails import persona_rest as rest
from guardrail.rails import persona_verify as verify
from guardrail.rails.base import SENTENCE, About, Reach, Rewriter, Window
from guardrail.rails.data import persona_profiles as classes
from guardrail.rails.fold import Folded, fold
from guardrail.rails.persona_hits import LOOK_AHEAD, THOUGHTS, Hit, hit_at, hits, loses, prepare, remaining, speaker
from guardrail.rails.persona_tables import ENGLISH, languages
from guardrail.rails.sentences import Ranges, others_words
from guardrail.text import Direction, Finding, Kind, Role, Span

NAME: Final = "persona"
FLAGGED: Final = "flag."
UNREWRITTEN: Final = "unrewritten."
LABELS: Final = (
    *classes.CLASSES,
    *(f"{FLAGGED}{label}" for label in classes.CLASSES),
    *(f"{UNREWRITTEN}{label}" for label in classes.CLASSES),
)
"""The classes; `flag.` a class: reported, the words stay; `unrewritten.` a class: no safe words, so the words stay."""


def _known(label: str) -> str:
    if label not in classes.CLASSES:
        raise ValueError(f"no such class; use {', '.join(classes.CLASSES)}")
    return label


class PersonaSettings(BaseModel):
    """Who reads, and what is done about a class of phrases whoever reads.

    profile      patient, clinician, draft (texts in a clinician's name) or fiction (role-play); "" by the surface
    treatments   exceptions, by class: rewrite, drop, keep or flag
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: Literal["", "patient", "clinician", "draft", "fiction"] = ""
    treatments: Mapping[Annotated[str, AfterValidator(_known)], Literal["rewrite", "drop", "keep", "flag"]] = {}

    def for_reader(self, surface: str) -> Mapping[str, str]:
        """The treatment of every class on a surface."""
        profile = self.profile or classes.BY_SURFACE.get(surface, classes.PATIENT)
        return {**classes.PROFILES[profile], **self.treatments}


@dataclass(frozen=True)
class Persona:
    """Finds phrases of the assistant's voice. Nothing in other voices and directions."""

    settings: PersonaSettings
    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """One finding per phrase, or per sentence that goes as a whole, labelled with its class."""
        if about.direction is not Direction.RESPONSE or about.role is not Role.ASSISTANT or about.kind not in _KINDS:
            return []
        if about.kind is Kind.DATA and not _SAYS_SOMETHING.search(window.text):
            return []
        folded = fold(window.text)
        found = hits(folded.text)
        if not found and not (about.kind is Kind.PROSE and _speaks(folded.text)):
            return []
        others = others_words(folded.text, first=window.start == 0, final=window.final)
        own = [
            hit
            for hit in found
            if hit.start not in others and not (hit.loose and _is_small(window.text, folded, hit.start))
        ]
        if about.kind is Kind.DATA and _LABEL.fullmatch(window.text):
            own = [hit for hit in own if hit.label in THOUGHTS]
        treatments = self.settings.for_reader(about.surface)
        whole = about.kind is Kind.PROSE
        if whole:
            left = _leftovers(folded.text, found, others, final=window.final)
            own = _with([hit for hit in left if not _is_named(window.text, folded, hit)], own)
        return [
            Finding(_balanced(window.text, folded.span(change.start, change.end)), NAME, change.label)
            for change in _changes(folded.text, own, treatments, whole=whole, final=window.final)
        ]


def _speaks(text: str) -> bool:
    """True if a first person is left that only a person can be, quotations included."""
    return next(remaining(text, (), lambda _: False), None) is not None


def _leftovers(text: str, found: Sequence[Hit], others: Ranges, *, final: bool) -> Iterator[Hit]:
    """A first person that no row says well: its clause goes, or, if no row knows it at all, the sentence is neutral.

    Not safe if what would go protects the reader, or the end of the sentence is not seen.
    """
    done = 0
    vague = [(hit.start, hit.language) for hit in found if hit.loose and hit.safe and hit.start not in others]
    for at, language in sorted([*vague, *remaining(text, found, others.__contains__)]):
        if at < done:
            continue
        place = verify.sentence(text, at, at + 1, final=final)
        if place is not None and (gone := rest.cut(text, place, at, language)):
            done = gone.end
            yield Hit(gone.start, gone.end, classes.PERSONHOOD, gone.instead, language, claim=at)
        elif (at, language) in vague:
            continue
        elif place is None:
            yield Hit(at, at + 1, classes.PERSONHOOD, "", language, safe=False, claim=at)
        elif verify.protects(text[place.start : place.end], language):
            somebody = rest.swapped(text, at, language)
            if somebody is None:
                yield Hit(at, at + 1, classes.PERSONHOOD, "", language, safe=False, claim=at)
            else:
                done = somebody.end
                yield Hit(at, done, classes.PERSONHOOD, somebody.instead, language, claim=at)
        else:
            done = place.end
            yield Hit(place.start, place.end, classes.PERSONHOOD, _FALLBACK, language, sentence=True, claim=at)


def _with(left: Sequence[Hit], own: Sequence[Hit]) -> list[Hit]:
    """All of them in text order, without the phrases of a clause that goes."""
    gone = [hit for hit in left if hit.safe and not hit.sentence]
    own = [hit for hit in own if not any(each.start < hit.end and hit.start < each.end for each in gone)]
    return sorted([*own, *left], key=lambda hit: hit.start)


def _is_small(text: str, folded: Folded, at: int) -> bool:
    """True for the "i" of a formula or a list: who speaks of himself writes it large."""
    return text[folded.at(at)] == "i" and text[folded.at(at) + 1 : folded.at(at) + 2] != "'"


def _is_named(text: str, folded: Folded, hit: Hit) -> bool:
    """True for "My" and "Me" with a capital inside a sentence (a name), and for a small "i"; of English alone."""
    if hit.language != ENGLISH:
        return False
    at = hit.claim
    place = folded.at(at)
    if folded.text[at] == "i":
        return _is_small(text, folded, at)
    return (
        text[place].isupper() and not text[place : place + 2].isupper() and text[:place].rstrip(" \"'*_")[-1:].isalnum()
    )


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to be done about a range of folded text; the label says whether its words stay."""

    start: int
    end: int
    label: str


def _changes(
    text: str, own: Sequence[Hit], treatments: Mapping[str, str], *, whole: bool, final: bool
) -> Iterator[_Change]:
    """What is reported. `whole`: a sentence may go as a whole; `final`: the text ends where the answer ends."""
    acted: list[Hit] = []
    for hit in own:
        treatment = treatments[hit.label]
        if treatment == classes.KEEP:
            continue
        if treatment == classes.FLAG:
            yield _Change(hit.start, hit.end, f"{FLAGGED}{hit.label}")
        elif hit.safe:
            acted.append(hit)
        else:
            yield _Change(hit.start, hit.end, f"{UNREWRITTEN}{hit.label}")
    for hit in acted:
        if hit.sentence:
            yield _Change(hit.start, hit.end, hit.label)
    acted = list(_outside([hit for hit in acted if hit.sentence], [hit for hit in acted if not hit.sentence]))
    places = [(verify.sentence(text, hit.start, hit.end, final=final), hit) for hit in acted]
    for place, group in groupby(places, key=lambda each: each[0]):
        yield from _in_one_sentence(text, place, [hit for _, hit in group], own, treatments, whole=whole)


def _outside(sentences: Sequence[Hit], phrases: Iterable[Hit]) -> Iterator[Hit]:
    """The phrases in no sentence that goes as a whole; both in text order."""
    at = 0
    for hit in phrases:
        while at < len(sentences) and sentences[at].end <= hit.start:
            at += 1
        if at == len(sentences) or hit.start < sentences[at].start:
            yield hit


def _in_one_sentence(
    text: str,
    place: Span | None,
    group: Sequence[Hit],
    own: Sequence[Hit],
    treatments: Mapping[str, str],
    *,
    whole: bool,
) -> Iterator[_Change]:
    """The sentence goes, or its phrases are said again; if that would lose something, it is said neutrally or left."""
    first = group[0]
    dropped = whole and place and all(treatments[hit.label] == classes.DROP for hit in group)
    if place and dropped and _goes(text, place, group) and _stands_alone(text, place, own):
        yield _Change(place.start, _with_gap(text, place.end), first.label)
    elif place is None or _is_kept(text, place, group):
        yield from (_Change(hit.start, hit.end, hit.label) for hit in group)
    elif whole and not verify.protects(text[place.start : place.end], first.language):
        yield _Change(place.start, place.end, first.label)
    else:
        yield from (_Change(hit.start, hit.end, f"{UNREWRITTEN}{hit.label}") for hit in group)


def _goes(text: str, place: Span, group: Sequence[Hit]) -> bool:
    """True if the sentence says nothing but claims that go without a trace."""
    if any(hit.label in classes.NEUTRALS for hit in group):
        return False
    kept = [(hit, hit.instead if hit.label == classes.FILLER else " ") for hit in group]
    return verify.says_nothing(_patched(text, place, kept))


def _stands_alone(text: str, place: Span, own: Iterable[Hit]) -> bool:
    """True if the answer says something before the sentence that stays, and the sentence is no item of a list."""
    gone = [(hit, " ") for hit in own if hit.end <= place.start and hit.label not in classes.NEUTRALS]
    before = _patched(text, Span(0, place.start), gone)
    return not verify.says_nothing(before) and not verify.is_item(text, place.start)


def _with_gap(text: str, end: int) -> int:
    """A sentence that goes takes the blank after it along."""
    return end + 1 if text[end : end + 1] == " " else end


def _is_kept(text: str, place: Span, group: Sequence[Hit]) -> bool:
    """True if the rewritten sentence says what it said, and a second look finds nothing in it (3.2, rules 1 to 7)."""
    after = _patched(text, place, [(hit, hit.instead.lower()) for hit in group])
    true_before = _patched(text, place, [(hit, " ") for hit in group if hit.label in _INVENTED])
    true_after = _patched(text, place, [(hit, " " if hit.label in _INVENTED else hit.instead.lower()) for hit in group])
    if not verify.keeps(true_before, true_after, group[0].language):
        return False
    return not any(hit.safe for hit in hits(after))


def _patched(text: str, place: Span, group: Iterable[tuple[Hit, str]]) -> str:
    out, at = [], place.start
    for hit, instead in group:
        out += [text[at : hit.start], instead]
        at = max(at, hit.end)
    return "".join([*out, text[at : place.end]])


@dataclass(frozen=True)
class PersonaRewriter:
    """Says the same without a person in it."""

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The frame for the phrase, in the case of the place where it stands; None for what is only reported.

        A finding that is a whole sentence goes, or gives way to the neutral sentence of its language.
        """
        if finding.span.start == finding.span.end or finding.label not in classes.CLASSES:
            return None
        left = fold(text[max(0, finding.span.start - _LOOK_BACK) : finding.span.start]).text
        right = fold(text[finding.span.start : finding.span.end + LOOK_AHEAD].lstrip("*_")).text
        length = len(fold(text[finding.span.start : finding.span.end]).text.strip("*_"))
        hit = hit_at(left + right, len(left), length)
        original = text[finding.span.start : finding.span.end]
        if hit is None or hit.end - hit.start != length:
            said = _rest_of(finding, text)
            if said is not None:
                return said
        label, instead, language = (hit.label, hit.instead, hit.language) if hit else (finding.label, _FALLBACK, "")
        if loses(label, fold(original).text, instead, language):
            return None
        closed, opened = _lone_tags(original)
        return "".join([*closed, _cased(instead, original, text[: finding.span.start]), *opened])


def _rest_of(finding: Finding, text: str) -> str | None:
    """What stands in place of a whole sentence, or of a clause that goes; None if the finding is neither."""
    original = text[finding.span.start : finding.span.end]
    folded = fold(original).text
    if finding.label == classes.PERSONHOOD and rest.is_me(folded):
        before = fold(text[max(0, finding.span.start - _LOOK_BACK) : finding.span.start]).text
        after = fold(text[finding.span.start : finding.span.end + LOOK_AHEAD]).text
        somebody = rest.swapped(before + after, len(before), rest.ANY)
        return None if somebody is None else _cased(somebody.instead, original, text[: finding.span.start])
    goes_on = text[finding.span.end : finding.span.end + 1] not in ("", "\n")
    if finding.label == classes.PERSONHOOD and goes_on and not _ENDED.search(folded):
        clause = rest.said(folded)
        return None if clause is None else _cased(clause, original, text[: finding.span.start])
    return _instead_of_sentence(folded, finding.label)


_ENDED: Final = re.compile(r"[.!?…؟۔।。！？｡][\"')\]}*_`」』）】]*\Z")


def _instead_of_sentence(text: str, label: str) -> str | None:
    """What stands in place of a whole sentence: "" if it says nothing but claims that go; None if it is no sentence."""
    group = hits(text)
    place = Span(0, len(text.rstrip()))
    if verify.sentence(text, 0, 1, final=True) != place or not (group or label == classes.PERSONHOOD):
        return None
    if group and _goes(text, place, group):
        return ""
    neutral = languages()[group[0].language if group else speaker(text)].neutral
    return neutral[classes.NEUTRALS.get(label, "machine")]


def build(settings: PersonaSettings) -> Persona:
    """The rail."""
    prepare()
    return Persona(settings)


def rewriter(settings: PersonaSettings) -> Rewriter:
    """The words for the findings."""
    prepare()
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
# What is made up goes with its numbers and negations; there is nothing true in it to keep.
_INVENTED: Final = frozenset(
    {
        classes.BIOGRAPHY,
        classes.BODY,
        classes.CLINICAL_ACT,
        classes.RELATIONSHIP,
        classes.PERSONHOOD,
        classes.LICENCE,
        classes.HUMAN_CLAIM,
        classes.PERSONA_NAME,
        classes.DEPENDENCE,
        classes.CERTAINTY,
        classes.FLATTERY,
        classes.FILLER,
        classes.PROBING,
    }
)
_LOOK_BACK: Final = 300
_FALLBACK: Final = "this is an automated system"

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
