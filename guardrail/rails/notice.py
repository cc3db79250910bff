"""The notice: a machine wrote this, and it does not replace a professional (WHO-01, WHO-02).

Two things: it asks for the notice before the first word of an answer, and it finds the guardrail's own texts
where they do not belong (in the history that clients send back; imitated by the model). Local and cheap.
Knows nothing of medicine and makes no judgement of content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from guardrail.rails import crisis_data, spoken
from guardrail.rails.base import SENTENCE, About, Reach, Rewriter, Window
from guardrail.rails.data import closing_texts, notice_texts, texts
from guardrail.rails.fold import fold
from guardrail.rails.gate import Gated, gated
from guardrail.text import Direction, Finding, Kind, Role, Span

NAME: Final = "notice"
ORIGIN, OWN, CLOSING, ASKED = "origin", "own", "closing", "about.asked_human"
LABELS: Final = (ORIGIN, OWN, CLOSING, ASKED)
SEPARATOR: Final = "\n\n"


class NoticeText(BaseModel):
    """One language: where the text comes from (WHO-01) and what it can't replace (WHO-02). Both are required."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: str = Field(min_length=10)
    limit: str = Field(min_length=10)

    @property
    def whole(self) -> str:
        """Both parts as one paragraph."""
        return f"{self.origin} {self.limit}"


def _shipped() -> dict[str, NoticeText]:
    return {lang: NoticeText(origin=texts.ORIGIN[lang], limit=texts.LIMIT[lang]) for lang in texts.LANGUAGES}


class NoticeSettings(BaseModel):
    """`texts` by language, on top of the shipped ones; `own`: further texts of ours, as templates, to take out of
    histories; `language` is for readers whose language is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    texts: Mapping[str, NoticeText] = Field(default_factory=_shipped)
    own: tuple[str, ...] = ()
    human: Mapping[str, str] = Field(default_factory=lambda: dict(notice_texts.HUMAN))
    reminder: Mapping[str, str] = Field(default_factory=lambda: dict(notice_texts.REMINDER))
    language: str = spoken.FALLBACK

    @field_validator("human", "reminder")
    @classmethod
    def _said_by_us(cls, own: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
        return spoken.on_top(own, notice_texts.HUMAN if info.field_name == "human" else notice_texts.REMINDER)

    @field_validator("texts")
    @classmethod
    def _on_top_of_ours(cls, own: Mapping[str, NoticeText]) -> Mapping[str, NoticeText]:
        return {**_shipped(), **own}

    def notice(self, language: str) -> NoticeText:
        """The notice in `language`, else in the policy's default language."""
        return self.texts[spoken.pick(self._whole, language, self.language)]

    def missing(self, language: str) -> tuple[str, ...]:
        """The texts that nobody has written in this language."""
        return spoken.missing({"texts": self._whole, "human": self.human, "reminder": self.reminder}, language)

    @property
    def _whole(self) -> Mapping[str, str]:
        return {language: text.whole for language, text in self.texts.items()}


@dataclass(frozen=True)
class Notice:
    """Finds the place for the notice ("origin") and our own texts that came back ("own")."""

    history: tuple[_Template, ...]
    imitated: tuple[_Template, ...]
    name: str = NAME
    reach: Reach = SENTENCE

    def inspect(self, window: Window, about: About) -> Iterable[Finding]:
        """An "origin" finding on the empty window before an answer, "closing" behind the last word of a spoken one.

        "own" findings on texts of the assistant; "about.asked_human" where a user asks whether a person writes.
        """
        if about.role is Role.USER and about.direction is Direction.REQUEST:
            return _asked(window.text)
        if about.role is not Role.ASSISTANT or about.kind is not Kind.PROSE:
            return []
        if about.direction is Direction.REQUEST:
            return list(_own(window.text, self.history))
        if window.start == 0 and not window.text and not window.final:
            return [Finding(Span(0, 0), NAME, ORIGIN)]
        return [*_own(window.text, self.imitated), *_closing(window, about)]


@dataclass(frozen=True)
class NoticeRewriter:
    """Writes the notice, and removes texts of ours that came back."""

    settings: NoticeSettings

    def rewrite(self, finding: Finding, text: str, about: About) -> str | None:
        """The notice as the policy wants it said here, with a blank line after it; "" for a text of ours.

        None where only marks are wanted: the headers carry them.
        """
        if finding.label == OWN:
            return ""
        if finding.label == CLOSING:
            return SEPARATOR + _whole(self._text(about), about.manner.route)
        words = self._opening(about)
        return SEPARATOR.join(words) + SEPARATOR if words else None

    def _opening(self, about: About) -> list[str]:
        manner, notice = about.manner, self._text(about)
        said = {"full": [_whole(notice, manner.route)], "brief": [notice.origin]}.get(manner.notice, [])
        answer = [self._in(self.settings.human, about)] if manner.human else []
        return [*answer, *said, *([self._in(self.settings.reminder, about)] if manner.reminder else [])]

    def _in(self, table: Mapping[str, str], about: About) -> str:
        return spoken.chosen(table, about.language, self.settings.language)

    def _text(self, about: About) -> NoticeText:
        return self.settings.notice(about.language)


def _whole(notice: NoticeText, route: str) -> str:
    return f"{notice.whole} {route}" if route else notice.whole


def build(settings: NoticeSettings) -> Notice:
    """The rail. Warnings and crisis texts of other rails are recognised too, as they are shipped."""
    warnings = (texts.MEDICAL_GENERAL, texts.MEDICAL_HIGH, texts.MEDICAL_ACUTE, texts.MEDICAL_CLINICIAN)
    crisis = map(crisis_data.shipped().table, ("emergency", "self_harm", "clinician"))
    shipped = (*warnings, *crisis)
    said = (notice_texts.HUMAN, notice_texts.REMINDER, closing_texts.CUT, closing_texts.FILTERED)
    ours = [n.whole for n in settings.texts.values()] + [t for table in (*shipped, *said) for t in table.values()]
    parts = [part for n in settings.texts.values() for part in (n.origin, n.limit)]
    # An answer is seen sentence by sentence while it is streamed: what is longer would never be seen whole.
    sentences = [sentence for part in parts for sentence in _SENTENCE_END.split(part) if len(sentence) >= _TELLING]
    return Notice(
        history=tuple(map(_Template.of, dict.fromkeys([*ours, *settings.own, *parts]))),
        imitated=tuple(map(_Template.of, dict.fromkeys(sentences))),
    )


def rewriter(settings: NoticeSettings) -> Rewriter:
    """The words for the findings."""
    return NoticeRewriter(settings)


_HUMAN: Final = gated(notice_texts.ASKED)
_HINTS: Final = gated(notice_texts.ASKED_HINTS)
_ASKED_CHARS: Final = 2_000


def _asked(text: str) -> list[Finding]:
    """Short texts only: who asks whether a person is there does not hide it in a document."""
    if len(text) > _ASKED_CHARS or not _HINTS.search(text):
        return []
    folded = fold(text)
    found = _HUMAN.search(folded.text)
    return [Finding(folded.span(*found.span()), NAME, ASKED)] if found else []


def _closing(window: Window, about: About) -> list[Finding]:
    end = len(window.text)
    wanted = window.final and about.manner.closing and about.opens and (end or window.start)
    return [Finding(Span(end, end), NAME, CLOSING)] if wanted else []


_TELLING: Final = 10  # code points: a shorter sentence ("It errs.") may be the model's own
_SENTENCE_END: Final = re.compile(r"(?<=[.!?؟।])\s+|(?<=[。！？])")  # noqa: RUF001
_SPACE: Final = re.compile(r"\s*+")
_BLANK_CHARS: Final = 160
"""What stands in a blank is no longer than this: a number, the name of a service."""
_BLANK: Final = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class _Template:
    """A text of ours: its words exactly, but for white space (CRLF, trimmed) and the filled-in blanks.

    The words between the blanks are looked for one after the other, each at its first place: a pattern of all of them
    would try every way to fill every blank, and a history can be written to make that last for hours.
    """

    first: Gated
    rest: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, template: str) -> _Template:
        """From a text with `{blanks}`."""
        parts = [r"\s++".join(map(re.escape, part.split())) for part in _BLANK.split(template)]
        first, *rest = filter(None, parts)
        return cls(gated(first, re.IGNORECASE), tuple(re.compile(part, re.IGNORECASE) for part in rest))

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it stands, up to the next word."""
        at = 0
        while (first := self.first.search(text, at)) is not None:
            at = first.end()
            end = self._end(text, at)
            if end is not None:
                yield first.start(), _SPACE.match(text, end).end()  # type: ignore[union-attr]  # it matches nothing, too
                at = end

    def _end(self, text: str, at: int) -> int | None:
        for part in self.rest:
            found = part.search(text, at, at + _BLANK_CHARS + 2 * len(part.pattern))
            if found is None:
                return None
            at = found.end()
        return at


def _own(text: str, templates: tuple[_Template, ...]) -> Iterable[Finding]:
    done = 0
    found = sorted((span for template in templates for span in template.find(text)), key=lambda s: (s[0], -s[1]))
    for start, end in found:
        if start >= done:
            done = end
            yield Finding(Span(start, end), NAME, OWN)
