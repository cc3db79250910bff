# ruff: noqa: E501, RUF001 - patterns in many scripts: one entry stays one line
"""Words that try to turn the model against its rules, and answers that carry data away (WHO-82, WHO-16).

On the way to the model: in what users and tools say, never in what the deployer's system prompt or the model said.
On the way back: images that load by themselves from an address with data in it. OWASP LLM01, LLM02. A word table with
rules: it lowers the risk and does not end it; what leaves the house is still the PHI rail's business.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict

from guardrail.rails import injection_codes as codes
from guardrail.rails.base import SENTENCE, About, Reach, Rewriter, Window
from guardrail.rails.data import injection_words as words
from guardrail.rails.fold import Folded, fold
from guardrail.rails.gate import gated
from guardrail.rails.lexicon import Hit, Lexicon, compile_table
from guardrail.rails.normalise import view
from guardrail.text import Direction, Finding, Kind, Role, Span

NAME: Final = "injection"
LABELS: Final = words.LABELS
"""The closed list, for policies and metrics."""

_REACH: Final = 300
_LEAST: Final = 8
_LONGEST_SENTENCE: Final = 400
_BESIDE: Final = 40
_MOST_ANCHORS: Final = 24
_REMOVED: Final = "[image link removed]"


class InjectionSettings(BaseModel):
    """How much later text can change a finding: an attempt may begin in one sentence and end in the next."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reach: int = _REACH


@dataclass(frozen=True)
class Injection:
    """Finds attempts in what goes to the model, and images that carry data away in what comes back."""

    lexicon: Lexicon
    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """At most one finding of each label."""
        if about.direction is Direction.REQUEST and about.role in _SPEAKERS and about.kind in _KINDS:
            found = self._attempts(window.text) if len(window.text) >= _LEAST else ()
        elif about.is_answer:
            return [Finding(span, NAME, words.IMAGE) for span in _images(window.text)]
        else:
            return []
        first: dict[str, Span] = {}
        for label, span in found:
            first.setdefault(label, span)
        if not first.keys() <= _MILD:
            first.pop(words.SUSPECTED, None)
        return [Finding(span, NAME, label) for label, span in first.items()]

    def _attempts(self, text: str) -> Iterator[tuple[str, Span]]:
        plain = fold(text)
        seen = list(self._said(plain.text))
        yield from ((label, plain.span(*span)) for label, span in seen)
        labels = {label for label, _ in seen}
        if labels <= _MILD:
            yield from self._disguised(text, plain, told=words.QUOTED in labels)
        yield from ((words.HIDDEN, span) for span in codes.hidden(text))
        if not text.isascii() and (match := _UNSEEN.search(text)):
            yield words.CHARACTERS, Span(*match.span())

    def _disguised(self, text: str, plain: Folded, *, told: bool) -> Iterator[tuple[str, Span]]:
        """The same said in code: each way to read the text, and what codes stand for. `told`: others were seen to say it."""
        readable = view(text)
        if readable.starts is not None:
            folded = fold(readable.text)
            for label, (start, end) in self._said(folded.text):
                span = folded.span(start, end)
                yield _disguise(label), readable.original(span.start, max(span.end, span.start + 1))
        for read, back in codes.rewritten(plain.text):
            for label, (start, end) in self._said(read):
                yield _disguise(label), plain.span(*back(start, end))
        for span, inner in codes.decoded(text):
            if label := self._judged(inner):
                yield label, span
        if not told and (squeezed := codes.squeezed(plain.text)):
            yield words.ENCODED, plain.span(squeezed.start, squeezed.end)

    def _judged(self, inner: str) -> str:
        """Of a decoded text: an instruction if it reads like one, also one code deeper; else somebody's data, if it
        reads like words; else "" (a checksum)."""
        texts = [inner, *(deeper for _, deeper in codes.decoded(inner)), view(inner).text]
        if any(label not in _MILD for text in texts for label, _ in self._said(fold(text).text)):
            return words.ENCODED
        return words.HIDDEN if codes.reads(inner) or inner.isalpha() else ""

    def _said(self, folded: str) -> Iterator[tuple[str, tuple[int, int]]]:
        """Labels and ranges in a folded text."""
        for match in _MARKER.finditer(folded):
            yield words.OVERRIDE, match.span()
        bare = _bare(folded)
        hits = [*self.lexicon.scan(bare), *_shapes(bare)]
        if not hits:
            return
        hits.sort(key=lambda hit: (hit.start, hit.end))
        yield from _patterned(bare)
        for start, middle, end in _stretches(bare):
            yield from _judge(bare, _Near(hits, start, middle, end))


def _patterned(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """What has a fixed form: requests beside a placeholder, links with something behind them, a dialogue made up."""
    if _SOME_HOLDER.search(text):
        for match in _WHO.finditer(text):
            yield words.REVEAL, match.span()
        for match in _TURNED.finditer(text):
            if not _LANGUAGE.match(text, match.end()):
                yield words.PLACEHOLDER, match.span()
        yield from ((words.MENTION, match.span()) for match in _OURS.finditer(text))
        yield from ((words.PLACEHOLDER, match.span()) for match in _ASKED.finditer(text))
    if "/" in text or "www." in text:
        yield from ((words.EXFILTRATION, match.span()) for match in _LINKED.finditer(text))
    if ("user" in text or "human" in text) and (dialogue := _DIALOGUE.search(text)):
        yield words.QUOTED, dialogue.span()


class _Near:
    """The hits of a sentence, by concept; those of the one after it apart."""

    def __init__(self, hits: Sequence[Hit], start: int, middle: int, end: int) -> None:
        low, high = bisect_left(hits, start, key=_begin), bisect_left(hits, end, key=_begin)
        self.own: dict[str, list[Hit]] = {}
        self.both: dict[str, list[Hit]] = {}
        for hit in hits[low:high]:
            self.both.setdefault(hit.concept, []).append(hit)
            if hit.start < middle:
                self.own.setdefault(hit.concept, []).append(hit)


def build(settings: InjectionSettings) -> Injection:
    """The analyzer's part."""
    return Injection(_lexicon(), reach=Reach(settings.reach))


def rewriter(settings: InjectionSettings) -> Rewriter:
    """The words for images that are taken out."""
    return InjectionRewriter()


@dataclass(frozen=True)
class InjectionRewriter:
    """Writes the image's own description where the image was."""

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The alternative text and "[image link removed]"; nothing to insert where a rule only warns."""
        if finding.label != words.IMAGE or finding.span.start == finding.span.end:
            return None
        shown = _ALT.search(text, finding.span.start, finding.span.end)
        alt = " ".join((shown["a"] or shown["b"] or "").split()) if shown else ""
        return f"{alt} {_REMOVED}" if alt else _REMOVED


_SPEAKERS: Final = frozenset({Role.USER, Role.TOOL})
_KINDS: Final = frozenset({Kind.PROSE, Kind.DATA})
_MILD: Final = frozenset({words.MENTION, words.QUOTED, words.SUSPECTED})
_MARKER: Final = gated(words.MARKERS, re.MULTILINE | re.IGNORECASE)
# Written between letters to break words in two; in Persian and Indian scripts and in emoji they belong to the spelling.
_UNSEEN: Final = re.compile(
    r"(?<=[A-Za-z0-9])[\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\U000e0020-\U000e007f]+(?=[A-Za-z0-9])"
    r"|[\U000e0020-\U000e007f]{4,}"
    # letters of two alphabets in one word, letters struck through, letters upside down
    r"|[A-Za-z]{1,20}[\u0430-\u044f\u0455\u0456\u0458\u03bf\u03b1](?=[A-Za-z])|(?:\w[\u0334-\u0338]){3}|[ʇᴉʎʍɥɾɯǝɹ]{3}"
)
_WORD: Final = (
    r"(?:phi[_ -])?(?:name|patient|person|clinician|relative|date|age|address|addr|location|org_facility|phone|fax|email|ssn|mrn|"
    r"health_plan|account|license|device|url|ip|other_id|dob|id|surname|value)"
)
_HOLDER: Final = gated(
    rf"[\[<{{(⟦【「«]{{1,2}} ?(?:phi[_ -])?[a-z]{{2,16}}(?:_[a-z]{{2,12}})?[_ -]?[1-9]\d{{0,3}} ?[\]>}})⟧】」»]{{1,2}}"
    rf"|(?<![\w/.]){_WORD}[_-][1-9]\d{{0,3}}(?![\w(=])"
    r"|\{\{ ?[a-z_. ]{2,24} ?\}\}"
)
# A letter and a number with what stands between them in placeholders: a cheap look before the patterns below.
_SOME_HOLDER: Final = re.compile(r"[a-z][_ -]?[1-9]")
# Dressed as ours are: a client has no business with them but to ask about an answer.
_OURS: Final = gated(
    rf"[\[⟦【]{{1,2}} ?{_WORD}_[1-9]\d{{0,3}}(?: ?: ?[a-z ]{{1,24}})? ?[\]⟧】]{{1,2}}|(?<![\w/.])phi[_-][a-z]{{2,12}}[_-]\d"
)
_WHO: Final = gated(
    r"\b(?:who(?:'s| is| are| was)|whose (?:name|number|value) is|quien es|qui est|wer ist|quem e|chi e|кто такой|кто такая|кто это|siapa)"
    rf" (?:the )?(?:sebenarnya )?(?:real )?[\[<{{⟦]{{0,2}}{_WORD}_[1-9]\d{{0,3}}(?!\w)"
)
_TURNED: Final = gated(
    r"\b(?:resolve|expand|decode|translate|substitute|look up|restore|unmask|uncover|decrypt|print|output|reveal|spell|name|recover|retrieve|recall|dereference|detokenise|detokenize) "
    rf"(?:the |this |these )?(?:placeholder |token |tag |name |value |one )?(?:as |in |behind |for )?[\[<{{(⟦【]{{0,2}} ?{_WORD}[_ -]?[1-9]\d{{0,3}}[\]>}})⟧】]{{0,2}}"
)
_ASKED: Final = gated(
    rf"[\[<{{(⟦【]{{0,2}} ?{_WORD}[_ -][1-9]\d{{0,3}} ?[\]>}})⟧】]{{0,2}} ?(?:= ?\?|[-=]?> ?\?|→ ?\?|: ?\?\?|(?:equals|resolves to|stands for) ?(?:what|whom|who)?\b)"
    rf"|\bif [\[<{{(⟦【]{{0,2}} ?{_WORD}[_ -][1-9]\d{{0,3}} ?[\]>}})⟧】]{{0,2}} (?:is|was|equals|starts|begins|contains)\b[^.?\n]{{0,60}}\b(?:say|answer|reply|type|yes)\b"
    rf"|{_WORD}[_ -][1-9]\d{{0,3}} ?[\]>}})⟧】]{{0,2}}(?:'s)? (?:real |full |true |actual |sur|first |last |family |given )?names?\b(?! (?:is|was|needs|asks|field))"
    rf"|{_WORD}[_ -][1-9]\d{{0,3}} ?[\]>}})⟧】]{{0,2}}(?:'s name)? (?:start|begin|end)s? (?:with|in) (?:an? |the letter )?[\"'“]?[a-z][\"'”]?(?!\w)"
)
_LINKED: Final = gated(
    r"(?:https?://|www\.)[^\s]{3,200}[=/?] ?[\"')]?,? (?:followed by|plus|\+|with|and then|then) (?:the|my|your|his|her|its|their|each|every|this|our|patient|all)\b"
    r"|(?:https?://|www\.)[^\s]{3,200}[=/](?:<[^>\n]{2,80}>|\{[^}\n]{2,80}\}|\[[a-z][^\]\n]{2,80}\])"
)
_DIALOGUE: Final = gated(r"(?:^|\n|\. |\s)(?:assistant|ai|bot|model) ?:[^\n]{0,300}\n?[^\n]{0,100}\b(?:user|human) ?:")
_LANGUAGE: Final = re.compile(
    r"[^.\n]{0,40}\b(?:in|en|ins)to? (?:english|french|spanish|german|italian|portuguese|arabic|chinese|[a-z]+ish|[a-z]+ese)\b"
)
_MODEL: Final = gated(
    r"\byou(?:'re| are) [a-z][\w-]{2,20} now\b|\byou are (?:now )?(?:called |named )?[\w-]{0,20}(?:gpt|bot|-raw|-free|-max|-zero)\b"
)
_ADDRESS: Final = gated(
    r"(?:https?|ftp|wss?)://\S{3,200}|(?<![\w+])\+\d[\d ()-]{7,20}\d|\bwww\.\S{3,100}|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}"
)
_CARRIER: Final = gated(
    r"!\[[^\]\n]{0,80}\]\(https?://[^)\s]{0,200}[?&/][^)\n]{0,60}(?:<[^>\n]{1,80}>|\{[^}\n]{1,80}\}|\[[^\]\n]{1,80}\]|"
    r"[a-z_]{0,20}(?:chat|patient|conversation|history|summary|everything|transcript|diagnosis|secret|prompt)[a-z_]{0,20}|\.\.\.|…)"
)


def _shapes(text: str) -> Iterator[Hit]:
    """What has a shape instead of a word: placeholders and addresses."""
    for match in _MODEL.finditer(text):
        yield Hit(match.start(), match.end(), "BECOME")
    for match in _HOLDER.finditer(text):
        yield Hit(match.start(), match.end(), "HOLDER")
    if "/" in text or "@" in text or "www." in text or "+" in text:
        for match in _ADDRESS.finditer(text):
            yield Hit(match.start(), match.end(), "ADDRESS")
            if match[0][:1] in "hfw" and "@" not in match[0]:
                yield Hit(match.start(), match.end(), "URL")


_ELISION: Final = re.compile(r"(?<!\w)(l|d|n|j|m|t|s|c|qu|dell|all|nell|un|sull|quell|dall)'(?=\w)")
_UNACCENTED: Final = str.maketrans(
    {
        **{
            chr(code): unicodedata.normalize("NFD", chr(code))[0]
            for code in range(0xC0, 0x250)
            if unicodedata.normalize("NFD", chr(code))[0] in "abcdefghijklmnopqrstuvwxyz"
        },
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ё": "е",
    }
)


def _bare(text: str) -> str:
    """Without accents and elisions, code point for code point: "l'été" is "l ete"."""
    if not text.isascii():
        text = text.translate(_UNACCENTED)
    return _ELISION.sub(r"\1 ", text) if "'" in text else text


@cache
def _lexicon() -> Lexicon:
    return compile_table({concept: _bare(terms.lower()) for concept, terms in words.CONCEPTS.items()})


def _begin(hit: Hit) -> int:
    return hit.start


_END: Final = re.compile(r"[.!?…]+[\"')\]]*\s+|[。！？।]+|\n\s*\n\s*|\n(?=[ \t]*(?:[-*•#>]|\d{1,2}[.)]))")


def _stretches(text: str) -> Iterator[tuple[int, int, int]]:
    """Where each sentence begins and ends, and where the one after it ends. Very long ones are cut."""
    cuts = [0]
    for match in _END.finditer(text):
        _cut(cuts, match.end())
    _cut(cuts, len(text))
    ends = [*cuts[1:], len(text)]
    for i, start in enumerate(cuts[:-1]):
        yield start, ends[i], ends[i + 1]


def _cut(cuts: list[int], end: int) -> None:
    while end - cuts[-1] > _LONGEST_SENTENCE:
        cuts.append(cuts[-1] + _LONGEST_SENTENCE)
    if end > cuts[-1]:
        cuts.append(end)


def _judge(text: str, near: _Near) -> Iterator[tuple[str, tuple[int, int]]]:
    if not near.own:
        return
    if "ADDRESS" in near.own:
        for match in _CARRIER.finditer(text, *_range(near)):
            yield words.EXFILTRATION, match.span()
    own, both = _mask(near.own), _mask(near.both)
    for rule, needs in _rules():
        if not all((both if rule.across else own) & need for need in needs):
            continue
        hits = near.both if rule.across else near.own
        if span := _together(rule, hits):
            if rule.unless and _is_beside(hits, rule.unless, span):
                continue
            told = rule.label != words.MENTION and _is_told(text, near.both, span)
            if not (told and rule.label == words.SUSPECTED):
                yield (words.QUOTED if told else rule.label), span


@cache
def _bits() -> dict[str, int]:
    return {concept: 1 << i for i, concept in enumerate((*words.CONCEPTS, "HOLDER", "ADDRESS", "URL"))}


@cache
def _rules() -> tuple[tuple[words.Rule, tuple[int, ...]], ...]:
    """The rules, and of each need the bits of its concepts: most rules are out of the question at one look."""
    bits = _bits()
    return tuple(
        (rule, tuple(sum(bits[concept] for concept in need.split("|")) for need in reversed(rule.needs)))
        for rule in words.RULES
    )


def _mask(concepts: Iterable[str]) -> int:
    bits = _bits()
    return sum(bits[concept] for concept in concepts)


def _range(near: _Near) -> tuple[int, int]:
    hits = [hit for found in near.own.values() for hit in found]
    return max(0, min(hit.start for hit in hits) - 200), max(hit.end for hit in hits) + 200


def _together(rule: words.Rule, hits: Mapping[str, Sequence[Hit]]) -> tuple[int, int] | None:
    """The smallest range around one of the first need that has all of them; different words for different needs."""
    rows = [[hit for concept in need.split("|") for hit in hits.get(concept, ())] for need in rule.needs]
    if not all(rows):
        return None
    best: tuple[int, int] | None = None
    for anchor in rows[0][:_MOST_ANCHORS]:
        chosen = [anchor]
        for row in rows[1:]:
            free = [hit for hit in row[:_MOST_ANCHORS] if all(_apart(hit, taken) for taken in chosen)]
            if not free:
                break
            chosen.append(min(free, key=lambda hit: abs(hit.start - anchor.start)))
        else:
            start, end = min(hit.start for hit in chosen), max(hit.end for hit in chosen)
            if end - start <= rule.width and (best is None or end - start < best[1] - best[0]):
                best = start, end
    return best


def _apart(one: Hit, other: Hit) -> bool:
    return one.end <= other.start or other.end <= one.start


def _is_beside(hits: Mapping[str, Sequence[Hit]], concepts: str, span: tuple[int, int]) -> bool:
    return any(
        hit.start < span[1] + _BESIDE and hit.end > span[0] - _BESIDE
        for concept in concepts.split("|")
        for hit in hits.get(concept, ())
    )


def _is_told(text: str, hits: Mapping[str, Sequence[Hit]], span: tuple[int, int]) -> bool:
    """Somebody tells of an attempt, or asks about such attempts: in quotation marks, or as a subject to learn about."""
    if hits.get("ABOUT"):
        return True
    return bool(hits.get("SAID")) and _in_quotes(text, span[0])


_QUOTE: Final = re.compile(r"[\"“”«»„]")


def _in_quotes(text: str, at: int) -> bool:
    before = len(_QUOTE.findall(text, max(0, at - _LONGEST_SENTENCE), at))
    return before % 2 == 1


def _disguise(label: str) -> str:
    return label if label in _MILD else words.ENCODED


# --- on the way back ------------------------------------------------------------------------------------------------
# Each alternative matches once it has begun, so that no stretch is read twice: linear, whatever is written.
_IMAGE: Final = gated(
    r"!\[[^\]\n]{0,300}\]\(\s{0,3}<?(?P<md>https?:[^)\s]*+)(?:[ \t][^)\n]{0,200}+)?\)?"
    r"|<(?P<tag>(?:img|image|iframe|embed|video|audio|source|link|object|script)\b[^<>]*+)>?"
    r"|^\[[^\]\n]{1,60}\]:[ \t]{0,3}<?(?P<ref>https?:[^>\s]*+)>?",
    re.IGNORECASE | re.MULTILINE,
)
_LOADED: Final = gated(r"(?:src|href|data|srcset)\s{0,3}=\s{0,3}[\"']?(https?:[^\"'\s]*+)", re.IGNORECASE)
_ALT: Final = re.compile(
    r"!\[(?P<a>[^\]\n]{0,300})\]|\balt\s{0,3}=\s{0,3}[\"'](?P<b>[^\"'\n]{0,300})[\"']", re.IGNORECASE
)
_IN_URL: Final = re.compile(
    rf"{_HOLDER.pattern}|(?<![a-z0-9]){_WORD}_[1-9]\d{{0,3}}(?!\d)|%5b[a-z_]+_\d+%5d", re.IGNORECASE
)
_QUERY_VALUE: Final = re.compile(
    r"[?&;#/][^?&;#/=]{0,60}=([^&;#]{24,4096})|[?#/]([A-Za-z0-9+/_%=-]{64,4096})|[?#]([^=&]{40,4096})"
)
_REF_USED: Final = gated(r"!\[[^\]\n]{0,300}\]\[")


def _images(text: str) -> Iterator[Span]:
    """Images and other links that load by themselves, whose address carries a placeholder or a long value (LLM02)."""
    if "http" not in text:
        return
    for match in _IMAGE.finditer(text):
        if match["ref"] and not _REF_USED.search(text):
            continue
        addresses = _LOADED.findall(match["tag"]) if match["tag"] else [match["md"] or match["ref"]]
        if any(_IN_URL.search(each) or _QUERY_VALUE.search(each.partition("//")[2]) for each in addresses):
            yield Span(*match.span())
