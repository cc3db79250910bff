"""Whole answers of Gemini as addressed text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from guardrail.dialects.document import AnswerBody, dump
from guardrail.dialects.google.answers import ANSWER, STRUCTURED_ANSWER
from guardrail.dialects.settings import Logprobs, Settings
from guardrail.dialects.stops import stops
from guardrail.dialects.usage import Places
from guardrail.dialects.walk import Spot, number_in
from guardrail.events import FILTERED, Stop
from guardrail.text import Kind, Segment
from guardrail.wire.jsondoc import JsonDocument, JsonValue


def treat_echo(document: JsonDocument, pointer: str, *, keep: bool) -> None:
    """Drop what spells the words again; if log probabilities may be `keep`t, empty at least the alternatives."""
    value = document.value(pointer)
    if not (keep and pointer.endswith("/logprobsResult") and isinstance(value, dict)):
        document.replace_raw(pointer, b"null")
    elif value.get("topCandidates"):
        document.replace_raw(f"{pointer}/topCandidates", b"[]")


def part_at(top: JsonValue, address: str) -> tuple[str, JsonValue]:
    """The candidate that an address lies in ("0": its place) and the part of its content; None where there is none."""
    steps = address.split("/")
    if steps[1:2] != ["candidates"] or steps[3:5] != ["content", "parts"] or len(steps) < 6:
        return "", None
    here = top
    for name in steps[1:6]:
        here = here[int(name)] if isinstance(here, list) else here[name] if isinstance(here, dict) else None
    return steps[2], here


REASONS = ("/candidates/*/finishReason",)
COUNTS = Places(
    input=(
        ("/predictions/*/embeddings/statistics/token_count", "/usageMetadata/promptTokenCount"),
        ("/usageMetadata/toolUsePromptTokenCount",),
    ),
    output=(
        ("/usageMetadata/responseTokenCount", "/usageMetadata/candidatesTokenCount"),
        ("/usageMetadata/thoughtsTokenCount",),
    ),
    cached=(("/usageMetadata/cachedContentTokenCount",),),
    reasoning=(("/usageMetadata/thoughtsTokenCount",),),
    served=("/modelVersion",),
)
"""Thoughts count beside `candidatesTokenCount`, not in it."""


def ends(top: JsonValue, *, numbered: bool = False) -> tuple[Stop, ...]:
    """Why the candidates end; a prompt that was not answered at all is an answer that was withheld."""
    feedback = top.get("promptFeedback") if isinstance(top, dict) else None
    if isinstance(feedback, dict) and feedback.get("blockReason"):
        return (Stop(FILTERED),)
    return stops(top, REASONS, numbered=numbered)


class GeminiAnswer(AnswerBody):
    """One whole answer. Raises UpstreamBroken when it can't be read in full."""

    reasons = REASONS
    counts = COUNTS

    def __init__(self, body: bytes, settings: Settings, *, structured: bool) -> None:
        super().__init__(body, STRUCTURED_ANSWER if structured else ANSWER, settings)
        self._said = tuple(each for each in self._said if not _is_thought(part_at(self.top, each)[1]))
        self._segments = tuple(_opened(self._segments, self.top))
        self._kept = settings.logprobs is Logprobs.KEEP_UNCHANGED
        self._before = {segment.address: segment.text for segment in self._segments}
        self._changed: set[str] = set()
        self._structured = structured

    @property
    def stops(self) -> Sequence[Stop]:
        """Why it ends, or why the prompt was not answered."""
        return ends(self.top)

    def say(self, text: str) -> bool:
        """As the first part of the first candidate, made if there is none; False where it had to be JSON."""
        if self._structured or not isinstance(self.top, dict):
            return False
        content = {"parts": [{"text": text}], "role": "model"}
        candidates = self.top.get("candidates")
        if "candidates" not in self.top:
            self._members["candidates"] = [{"content": content, "index": 0}]
        elif not candidates:
            self.json.replace_raw("/candidates", dump([{"content": content, "index": 0}]))
        elif isinstance(candidates, list) and isinstance(candidates[0], dict):
            told = candidates[0].get("content")
            parts = told.get("parts") if isinstance(told, dict) else None
            if parts:
                self.json.prepend("/candidates/0/content/parts", dump(content["parts"])[1:-1])
            elif told is not None:
                self.json.replace_raw("/candidates/0/content", dump(content))
            else:
                self.json.prepend("/candidates", dump({"content": content, "index": 0}))
        return True

    def replace(self, address: str, text: str) -> None:
        """Put `text` in place of the string at `address`. Raises KeyError for an unknown or FIXED address."""
        super().replace(address, text)
        if text != self._before[address]:
            self._changed.add(_candidate(address))

    def quoted(self, spot: Spot) -> Sequence[str]:
        """The part that it names, else all that the candidate says, as one."""
        candidate = _candidate(spot.pointer)
        content = self.json.value(candidate)
        for name in ("content", "parts"):
            content = content.get(name) if isinstance(content, dict) else None
        parts = content if isinstance(content, list) else []
        said = [at for at, part in enumerate(parts) if not _is_thought(part)]
        if spot.pointer.endswith("/segment"):
            said = [number_in(spot, "partIndex") or 0]  # a 0 is left out, as everywhere in Google's JSON
        return [f"{candidate}/content/parts/{at}/text" for at in said]

    def treat_echo(self, pointer: str) -> None:
        """Log probabilities stay where the policy lets them and no word of their candidate was changed."""
        treat_echo(self.json, pointer, keep=self._kept and _candidate(pointer) not in self._changed)


def _opened(segments: Iterable[Segment], top: JsonValue) -> Iterator[Segment]:
    """Of the texts of a candidate only the first that is no thought opens the answer."""
    begun: set[str] = set()
    for segment in segments:
        if segment.kind is Kind.PROSE and segment.opens:
            candidate, part = part_at(top, segment.address)
            segment = replace(segment, opens=not _is_thought(part) and candidate not in begun)
            if segment.opens:
                begun.add(candidate)
        yield segment


def _is_thought(part: JsonValue) -> bool:
    return isinstance(part, dict) and bool(part.get("thought"))


def _candidate(address: str) -> str:
    """The first two steps: "/candidates/0"."""
    return "/".join(address.split("/", 3)[:3])


class Numbers(AnswerBody):
    """An answer without words for a reader: counts and vectors."""
