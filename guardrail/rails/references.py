# ruff: noqa: E501, RUF001 - the letters of other scripts are the point
"""References in answers: which can't exist, which nobody could look up, which are in the operator's index (WHO-40).

A mark goes behind what could not be verified; nothing is ever removed, and nothing is fetched: what counts as real is
in a file beside the policy. Local: a few patterns over a sentence cost less than the way to the analyzer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from guardrail.errors import PolicyError
from guardrail.rails import spoken
from guardrail.rails.base import SENTENCE, About, Reach, Rewriter, Window
from guardrail.rails.data.claim_texts import UNVERIFIED
from guardrail.rails.fold import Folded, fold
from guardrail.rails.gate import gated
from guardrail.rails.reference_ids import Reference, normal, references
from guardrail.rails.sentences import SENTENCE_END
from guardrail.text import Finding, Span

NAME: Final = "references"
INVALID, UNRESOLVED, VERIFIED = "invalid", "unresolved", "verified"
LABELS: Final = (INVALID, UNRESOLVED, VERIFIED)
MAX_INDEX_BYTES: Final = 64 * 1024 * 1024


class ReferenceSettings(BaseModel):
    """`index`: a file of known references, one a line (see docs/rails.md); a policy's path begins beside the policy.

    `marks`: what is written behind the others, by language, each beginning with a space; all languages or none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: str | None = Field(default=None, min_length=1)
    marks: Mapping[str, str] = Field(default_factory=lambda: dict(UNVERIFIED))

    @field_validator("marks")
    @classmethod
    def _in_every_language(cls, marks: Mapping[str, str]) -> Mapping[str, str]:
        spoken.complete(marks, sorted(UNVERIFIED))
        if not all(re.fullmatch(r" \S[^\n]*", mark) for mark in marks.values()):
            raise ValueError("a mark is one line that begins with a space")
        return marks


@dataclass(frozen=True)
class References:
    """Finds references. `known` holds the normalised ids of the index."""

    known: frozenset[str] = field(repr=False)
    own: tuple[str, ...] = ()
    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """An empty finding behind each reference, once for each id; none behind one that is said to be doubtful."""
        if not about.is_answer:
            return []
        folded = fold(window.text)
        return list(self._found(window.text, folded))

    def _found(self, text: str, folded: Folded) -> Iterator[Finding]:
        seen: set[str] = set()
        blocks = [match.span() for match in _BLOCK.finditer(folded.text)]
        for each in references(folded.text):
            if each.id in seen or any(start <= each.start < end for start, end in blocks):
                continue
            seen.add(each.id)
            end = _outside(text, folded.span(each.start, each.end).end)
            label = self._label(each)
            if label == VERIFIED or not self._doubted(text, folded.at(each.start), end):
                yield Finding(Span(end, end), NAME, label)

    def _label(self, each: Reference) -> str:
        if not each.possible:
            return INVALID
        return VERIFIED if each.id in self.known else UNRESOLVED

    def _doubted(self, text: str, start: int, end: int) -> bool:
        """True if the sentence itself says that the reference is unverified, or our mark stands behind it."""
        after = text[end : end + _AFTER]
        if after.startswith(self.own):
            return True
        before = SENTENCE_END.split(text[max(0, start - _BEFORE) : start])[-1]
        if stop := SENTENCE_END.search(after):
            after = after[: stop.start()]
        return _SAYS_SO.search(f"{before} | {after}".lower()) is not None


@dataclass(frozen=True)
class ReferenceRewriter:
    """Writes the mark."""

    settings: ReferenceSettings

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The mark in the reader's language (English for one that has no text); None for a verified reference."""
        if finding.label == VERIFIED:
            return None
        return self.settings.marks.get(about.language, self.settings.marks["en"])


def build(settings: ReferenceSettings) -> References:
    """The rail, with the index read once. Raises PolicyError if it can't be read."""
    known = frozenset[str]() if settings.index is None else _index(Path(settings.index))
    return References(known, tuple(settings.marks.values()))


def rewriter(settings: ReferenceSettings) -> Rewriter:
    """The words for the findings."""
    return ReferenceRewriter(settings)


def _index(path: Path) -> frozenset[str]:
    """The ids of an index: one a line in any usual spelling; empty lines and those that begin with "#" are left out."""
    try:
        state = path.stat()
        if state.st_size > MAX_INDEX_BYTES:
            raise PolicyError(f"the index {path.name} has more than {MAX_INDEX_BYTES} bytes", param="index")
        return _read(path, state.st_mtime_ns, state.st_size)
    except (OSError, UnicodeDecodeError):
        raise PolicyError(f"the index {path.name} can't be read", param="index") from None


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, size: int) -> frozenset[str]:
    """A policy is compiled again every day: an index that has not changed since is not read again."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(normal(line) for line in lines if line.strip() and not line.lstrip().startswith("#"))


_BEFORE: Final = 100
_AFTER: Final = 60  # no more than the engine keeps in view behind words that leave (SOFT_REACH)

# Code that is a block; a reference in `backticks` is a reference.
_BLOCK: Final = gated(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|<pre>.*?(?:</pre>|\Z)", re.DOTALL)

# What a reference can be wrapped in: a link of Markdown, an autolink, an anchor, code, an address that goes on.
_WRAPPED: Final = re.compile(
    r"\[[^\]\n]{0,200}\]\((?:[^()\s]|\([^()\s]*\)){1,400}(?: \"[^\"\n]{0,100}\")?\)|<https?://[^<>\s]{1,400}>"
    r"|<a\b[^>\n]{0,400}>.{0,200}?</a>|`[^`\n]{1,200}`"
    r"|https?://[^\s<>\"'«»“”，。；、（）「」]{1,400}"
)
_URL_TAIL: Final = ".,;:!?*_)]}"


def _outside(text: str, end: int) -> int:
    """The place behind the link or code that the reference ends in, else `end` itself."""
    first = max(0, text.rfind("\n", 0, end) + 1, end - 800)
    line_end = text.find("\n", end)
    for match in _WRAPPED.finditer(text, first, len(text) if line_end < 0 else line_end):
        if match.start() < end <= match.end():
            return max(end, match.start() + len(_closed(match[0])))
    return end


def _closed(token: str) -> str:
    """An address without the punctuation of the sentence around it."""
    if not token.startswith("http"):
        return token
    bare = token.rstrip(_URL_TAIL)
    return bare + ")" if bare.count("(") > bare.count(")") and token[len(bare) :].startswith(")") else bare


# What says that the reference itself is in doubt; "malaria was not confirmed" says nothing about it.
_SAYS_SO: Final = gated(
    r"\b(?:could(?: not|n't)|can(?:not|'t)|unable to|not able to|did not|didn't|have not|haven't|has not been|not|un)"
    r"[ -]?(?:be |been |independently |yet )*verif(?:y|ied)\b"
    r"|\b(?:could not|couldn't|cannot|can't|unable to) (?:be )?(?:confirm|check)(?:ed)? (?:this|that|the|these|whether this) (?:reference|citation|source|id|doi)"
    r"|\b(?:fictitious|fictional|fabricated|made[- ]up|hypothetical|placeholder) (?:reference|citation|source|identifier|doi|pmid|id|number|example)"
    r"|\b(?:may|does) not exist\b"
    # right behind it ("|" is where the reference stood)
    r"|\|[ ,(]{0,3}(?:which |that )?(?:has|have|had|was|is|could|can) ?not (?:been |be |yet |independently )*(?:confirm|check)ed\b"
    r"|no (?:se )?(?:pud[oe]|pued[eo]|ha podido) (?:ser )?(?:verificar|verificado|comprobar)|sin verificar|no verificad|fictici"
    r"|n'a pas pu être vérifi|non vérifi|n'est pas vérifi|pas pu vérifier|fictif|fictive"
    r"|nicht (?:überprüf|verifizier|bestätig|geprüft)|ungeprüft|erfunden|fiktiv"
    r"|não (?:foi possível|pôde ser|pude|verificad)|não verificad|fictíci"
    r"|non (?:è stato possibile|verificat|ho potuto verificare|posso verificare)|fittizi"
    r"|(?:لم|تعذر|تعذّر|لا يمكن)[^.]{0,20}(?:التحقق|تحقق)|غير مؤكد|وهمي"
    r"|(?:无法|未能|未经|未)(?:核实|验证|确认|查证)|虚构"
    r"|(?:सत्यापित|पुष्टि) नहीं|असत्यापित|काल्पनिक"
    r"|не (?:удалось|могу|можем|был[аио]?) (?:проверить|подтвердить|проверен|подтвержден)|непроверенн|вымышленн"
    r"|haikuweza kuthibitishwa|haijathibitishwa|sijathibitisha|haikuthibitishwa"
    r"|(?:tidak|belum) (?:dapat |bisa )?(?:diverifikasi|terverifikasi|dikonfirmasi|memverifikasi)|fiktif"
)
