"""How much identity a redaction leaves, and how much else it takes away.

Two formats: ours, `{"id","lang","register","text","phi":[{"text","label","occurrence"}],"must_keep":[...]}`, and the
public one, `{"id","text","spans":[{"start","end","label"}]}`. Offsets are half-open code points. Pure; knows no rail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from guardrail.errors import ClientError
from guardrail.evaluate.figures import Failure, Figures, Report, grouped, share, total
from guardrail.evaluate.lines import Line
from guardrail.evaluate.tokens import count, distinctive, normal, words
from guardrail.text import Span

_GAP: Final = "\x00"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A piece of PHI in a text."""

    span: Span
    label: str


@dataclass(frozen=True, slots=True)
class PhiText:
    """A text and the PHI in it. `clean`: it has none of any label. `keep`: strings that are none and must stay."""

    id: str
    text: str
    phi: tuple[Identifier, ...]
    keep: tuple[str, ...] = ()
    language: str = "-"
    register: str = "-"
    clean: bool = False


@dataclass(frozen=True, slots=True)
class Redacted:
    """What became of a text, and which stretches of the original were taken out or rewritten."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Item:
    label: str
    leaked: bool
    whole: bool
    covered: int
    length: int


@dataclass(frozen=True, slots=True)
class _Judged:
    source: PhiText
    items: tuple[_Item, ...]
    missing: tuple[str, ...]
    changed: bool
    words: int
    lost: int


def parse(line: Line, labels: frozenset[str] = frozenset()) -> PhiText:
    """A line of either format; only PHI of these labels, if any are given. Raises ClientError."""
    text = line.text()
    if ("phi" in line.values) == ("spans" in line.values):
        raise ClientError('give "phi" or "spans", one of the two', code="bad_line")
    found = _named(line, text) if "phi" in line.values else _spans(line, text)
    return PhiText(
        id=line.id,
        text=text,
        phi=tuple(sorted((each for each in found if not labels or each.label in labels), key=lambda each: each.span)),
        keep=_keep(line, text),
        language=line.name("lang", "-"),
        register=line.name("register", "-"),
        clean=not found,
    )


def _keep(line: Line, text: str) -> tuple[str, ...]:
    keep = line.strings("must_keep")
    if not all(each in text for each in keep):
        raise ClientError('"must_keep" has a string that is not in the text', code="bad_line")
    return keep


def _named(line: Line, text: str) -> list[Identifier]:
    found: list[Identifier] = []
    for part in line.parts("phi"):
        value, which = part.text(), part.values.get("occurrence", 1)
        if not value or type(which) is not int or which < 1:
            raise ClientError('"phi" has an entry without "text" or "occurrence"', code="bad_line")
        at = -1
        for _ in range(which):
            at = text.find(value, at + 1)
            if at < 0:
                raise ClientError('"phi" has an entry that is not in the text', code="bad_line")
        found.append(Identifier(Span(at, at + len(value)), part.name("label")))
    return found


def _spans(line: Line, text: str) -> list[Identifier]:
    found: list[Identifier] = []
    for part in line.parts("spans"):
        start, end = part.values.get("start"), part.values.get("end")
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            raise ClientError('"spans" has an entry outside the text', code="bad_line")
        found.append(Identifier(Span(start, end), part.name("label")))
    return found


def score(results: Iterable[tuple[PhiText, Redacted]]) -> Report:
    """All figures, by label, language and register.

    leak               the value, or any distinctive part of it, stands in the result more often than it stands
                       outside PHI in the original
    leak_full          the same of the whole value only
    full_cover         the value was taken out from its first to its last code point
    character_recall   of all code points of PHI, those that were taken out
    texts_leaking      of the texts with PHI, those with a leak
    over_redaction     of the strings that must stay, those of which a copy is gone
    clean_changed      of the texts without PHI, those that changed (white space apart)
    words_lost         of the words outside PHI, those that are gone
    """
    pairs = list(results)
    judged = [_judge(source, redacted) for source, redacted in pairs]
    items = [item for each in judged for item in each.items]
    return Report(
        kind="phi",
        texts=len(judged),
        figures=_figures(judged),
        groups={
            "label": grouped(items, lambda item: item.label, _of_items),
            "language": grouped(judged, lambda each: each.source.language, _figures),
            "register": grouped(judged, lambda each: each.source.register, _figures),
        },
        failures=tuple(
            failure for each, (_, redacted) in zip(judged, pairs, strict=True) for failure in _failures(each, redacted)
        ),
    )


def _figures(judged: Sequence[_Judged]) -> Figures:
    return {
        **_of_items([item for each in judged for item in each.items]),
        "texts_leaking": share(any(item.leaked for item in each.items) for each in judged if each.items),
        "over_redaction": total((len(each.missing), len(each.source.keep)) for each in judged),
        "clean_changed": share(each.changed for each in judged if each.source.clean),
        "words_lost": total((each.lost, each.words) for each in judged),
    }


def _of_items(items: Sequence[_Item]) -> Figures:
    return {
        "leak": share(item.leaked for item in items),
        "leak_full": share(item.whole for item in items),
        "full_cover": share(item.covered == item.length for item in items),
        "character_recall": total((item.covered, item.length) for item in items),
    }


def _failures(judged: _Judged, redacted: Redacted) -> list[Failure]:
    source = judged.source
    out = [
        Failure(source.id, "leak" if item.leaked else "not covered", found.label, found.span.start, found.span.end)
        for found, item in zip(source.phi, judged.items, strict=True)
        if item.leaked or item.covered < item.length
    ]
    for kept in judged.missing:
        at = source.text.find(kept)
        out.append(Failure(source.id, "over-redaction", "must_keep", at, at + len(kept)))
    if source.clean and judged.changed:
        out += [Failure(source.id, "clean text changed", "-", span.start, span.end) for span in redacted.spans]
    return out


def _judge(source: PhiText, redacted: Redacted) -> _Judged:
    left = _Left(source, redacted.text)
    taken = {at for span in redacted.spans for at in range(span.start, span.end)}
    items = tuple(_item(source.text, found, left, taken) for found in source.phi)
    before, after = Counter(words(left.outside)), Counter(words(left.redacted))
    return _Judged(
        source=source,
        items=items,
        missing=tuple(kept for kept in source.keep if left.lacks(normal(kept))),
        changed=source.text.split() != redacted.text.split(),
        words=before.total(),
        lost=(before - after).total(),
    )


def _item(text: str, found: Identifier, left: _Left, taken: set[int]) -> _Item:
    span, value = found.span, text[found.span.start : found.span.end]
    whole = left.survives(normal(value))
    return _Item(
        label=found.label,
        leaked=whole or any(map(left.survives, distinctive(found.label, value))),
        whole=whole,
        covered=sum(at in taken for at in range(span.start, span.end)),
        length=span.end - span.start,
    )


class _Left:
    """Counts what is left of a text, so that Will the verb neither hides nor fakes a leak of Will the patient."""

    def __init__(self, source: PhiText, redacted: str) -> None:
        self.full = normal(source.text)
        self.outside = normal(_without(source.text, [each.span for each in source.phi]))
        self.redacted = normal(redacted)
        self._known: dict[str, bool] = {}

    def survives(self, part: str) -> bool:
        """True if `part` is there more often than it was outside the PHI."""
        if part not in self._known:
            inside = count(self.full, part, bounded=True) > count(self.outside, part, bounded=True)
            self._known[part] = count(self.redacted, part, bounded=inside) > count(self.outside, part, bounded=inside)
        return self._known[part]

    def lacks(self, part: str) -> bool:
        """True if there are fewer copies of `part` than before."""
        bounded = count(self.full, part, bounded=True) > 0
        return count(self.redacted, part, bounded=bounded) < count(self.full, part, bounded=bounded)


def _without(text: str, spans: Sequence[Span]) -> str:
    out: list[str] = []
    at = 0
    for span in sorted(spans):
        out += [text[at : span.start], _GAP]
        at = max(at, span.end)
    return "".join([*out, text[at:]])


def labels_of(texts: Iterable[PhiText]) -> Mapping[str, int]:
    """How much there is of each label."""
    return Counter(found.label for each in texts for found in each.phi)
