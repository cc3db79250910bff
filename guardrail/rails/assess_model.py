"""The trained assessment at run time: what a text is about and how much harm a wrong answer could do (WHO-07, WHO-51).

Three readers. The first reads every text in every language: hashed words and what the tables of words see. Where it is
unsure two more read: one of word pieces, which knows words of all our languages by their neighbours, and, if the text
is English or may be, one layer on the lower half of the sentence model that the PHI rail has loaded anyway. How they
were trained: docs/assessment-model.md. Opens no socket, keeps no text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from os import urandom
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guardrail.errors import RailFailed
from guardrail.rails import phi_model
from guardrail.rails.assess_features import features, words
from guardrail.rails.assess_labels import FLAGS, RISKS, TOPICS
from guardrail.rails.assess_pieces import Reader, nibbles
from guardrail.rails.language import detect
from guardrail.rails.phi_features import tokens
from guardrail.rails.signs import Raised, Signs, names, read
from guardrail.text import Risk

Floats = NDArray[np.float32]

_READ: Final = 700
"""Code points of a text that the reader of sentences looks at, and pieces of words."""
_PIECES: Final = 80
_LETTER: Final = re.compile(r"[^\W\d_]")
_FOREIGN: Final = re.compile(r"[\u0370-\u1cff\u1f00-\u1fff\u2e80-\uffee]")
_SENTENCE: Final = re.compile(r"[.!?\n。！？؟।]+\s*")  # noqa: RUF001 - other people's full stops
_PART, _MOST_PARTS = 25, 8
"""Code points: a text of several sentences is also read part by part, in so many parts at most."""
_GRAVE, _HEALTH = 0.8, 0.15
"""How likely danger in a part has to be, how unlikely that it is not about health: then the part speaks for all."""
_BARE: Final = 2
_BARELY: Final = 0.2
"""Words: so short a turn, with nothing in it that any table knows ("another", "third floor"), is about nothing by
itself. In Chinese a whole question is one of our "words": there it is, unless so little speaks for that.
"""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_ENGLISH: Final = (0.3, 0.3, 0.4)
_OTHERS: Final = (0.4, 0.6)
"""What each reader's word weighs: first, pieces, sentences. The last was raised on English and reads nothing else."""
_LATIN: Final = ("en", "es", "fr", "de", "pt", "it", "sw", "id")
_SURELY_NONE: Final = 0.97
"""From here on the first reader is believed alone: most of what people ask an assistant is about something else."""
_CRISIS: Final = slice(RISKS.index(Risk.EMERGENCY), len(RISKS))
_LIKELY_TOPIC, _GUESS, _LIKELY_FLAG = 0.35, 0.12, 0.5
_SURE: Final = 20.0
"""Of a text without words."""
_WARM: Final = "is it a good idea to walk a little every day"


def is_latin(text: str) -> bool:
    """True if most letters are Latin: the reader of sentences knows no others."""
    if text.isascii():
        return True
    return 4 * len(_FOREIGN.findall(text)) < len(_LETTER.findall(text))


@dataclass(frozen=True, slots=True)
class Judgement:
    """Chances by risk (they sum to 1), likely topics and flags, and the red flags that were seen."""

    risks: tuple[float, ...]
    topics: tuple[str, ...]
    flags: tuple[str, ...]
    raised: tuple[Raised, ...] = ()
    twice: bool = False
    """More than the first reader have read it."""

    @property
    def medical(self) -> float:
        """How likely it is about human health."""
        return max(0.0, 1.0 - self.risks[0])

    @property
    def crisis(self) -> float:
        """How likely somebody is in danger now."""
        return min(1.0, sum(self.risks[_CRISIS]))

    @property
    def level(self) -> Risk:
        """General or high: the likelier one, a crisis counts as high."""
        general, high = self.risks[1], sum(self.risks[2:])
        return Risk.GENERAL if general >= high else Risk.HIGH

    @property
    def danger(self) -> Risk:
        """Emergency or self-harm: the likelier one."""
        emergency, self_harm = self.risks[_CRISIS]
        return Risk.SELF_HARM if self_harm > emergency else Risk.EMERGENCY


_ABOUT_NOTHING: Final = Judgement((1.0, *(0.0 for _ in RISKS[1:])), (), ())


class Lower:
    """The lower half of the shipped sentence model, over the beginning of a text."""

    def __init__(self, model: phi_model.SentenceModel | None = None) -> None:
        self._model = model or phi_model.sentence_model()

    def states(self, text: str) -> Floats:
        """(pieces, 384), at most `_PIECES` of them."""
        seen = tokens(text[:_READ])
        return self._model.state(text, seen, 0, len(seen), _PIECES)[0]


class Assessor:
    """All readers. Built once in the analyzer process."""

    def __init__(self, source: phi_model.Files) -> None:
        """Raises RailFailed (model_corrupt) if the artefact does not fit this version's tables."""
        arrays = phi_model.arrays(source.content["assess.npz"])
        self._concepts = {name: at for at, name in enumerate(names())}
        known = json.loads(source.content["assess.json"])
        wanted = {"concepts": list(names()), "risks": list(RISKS), "topics": list(TOPICS), "flags": list(FLAGS)}
        if known != wanted:
            raise RailFailed(
                "the assessment model is of another version; install the package again", code="model_corrupt"
            )
        self._table = phi_model.Table({**arrays, "table": nibbles(arrays["table"])}, "table")
        self._seen: Floats = arrays["concepts"].astype(np.float32)
        self._hidden, self._hidden_b = arrays["hidden_w"].T, arrays["hidden_b"]
        self._out, self._out_b = arrays["out_w"].T, arrays["out_b"]
        self._pieces = Reader(phi_model.arrays(source.content["assess_pieces.npz"]))
        self._top = phi_model.session(source.content["assess.onnx"])
        self._lower = Lower()
        self._key = urandom(16)
        self._last: tuple[bytes, Judgement] | None = None
        self._sentences(_WARM), self.judge(_WARM)  # tables and graphs are made ready now, not while a question waits

    def judge(self, text: str, *, quick: bool = False) -> Judgement:
        """What the text is about. Linear in its length; `quick`: by the first reader alone.

        Two rails ask about the same words one after the other: the last answer is kept under a keyed hash, without
        any of the words.
        """
        digest = blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest() + bytes([quick])
        if self._last is not None and self._last[0] == digest:
            return self._last[1]
        judgement = self._judge(text, quick=quick)
        self._last = digest, judgement
        return judgement

    def _judge(self, text: str, *, quick: bool) -> Judgement:
        seen = read(text)
        bare = not seen.places and len(words(seen.text)) <= _BARE
        if bare and not _HAN.search(seen.text):
            return _ABOUT_NOTHING
        first = self._first(seen.text, seen.concepts)
        scores = _chances(first)
        twice = not quick and scores[0] < _SURELY_NONE
        if twice:
            scores = self._closer(text, seen.concepts, first)
        if bare and scores[0] > _BARELY:
            return _ABOUT_NOTHING
        scores = self._by_part(scores, seen)
        more = scores[len(RISKS) :]
        return Judgement(
            tuple(scores[: len(RISKS)].tolist()),
            _topics(more[: len(TOPICS)]),
            tuple(flag for flag, chance in zip(FLAGS, more[len(TOPICS) :], strict=True) if chance > _LIKELY_FLAG),
            seen.raised,
            twice,
        )

    def _by_part(self, scores: Floats, seen: Signs) -> Floats:
        """The part that says most, if the whole hides it: one sentence about dying, or about a dose.

        Only parts in which a table knows some word, and only if both quick readers together are sure of it.
        """
        spans = _parts(seen.text)
        if len(spans) < 2:
            return scores
        said = {
            span: self._first(seen.text[slice(*span)], seen.between(*span)) for span in spans if seen.between(*span)
        }
        parts = {span: _chances(first) for span, first in said.items()}
        gravest = max(parts, key=lambda span: float(parts[span][_CRISIS].sum()), default=None)
        if gravest is not None and parts[gravest][_CRISIS].sum() >= _GRAVE > scores[_CRISIS].sum():
            scores = self._if_sure(scores, self._part(seen, gravest, said[gravest]), grave=True)
        healthiest = min(parts, key=lambda span: float(parts[span][0]), default=None)
        if healthiest is not None and parts[healthiest][0] <= _HEALTH and scores[0] > 0.5:
            scores = self._if_sure(scores, self._part(seen, healthiest, said[healthiest]), grave=False)
        return scores

    def _part(self, seen: Signs, span: tuple[int, int], first: Floats) -> Floats:
        """A part by the two that are quick."""
        return _together((first, self._worded(seen.text[slice(*span)], seen.between(*span))), _OTHERS)

    def _closer(self, text: str, concepts: Iterable[str], first: Floats) -> Floats:
        """The first reader's word beside those of the others that can read it."""
        said = (first, self._worded(text, concepts))
        if is_latin(text) and detect(text, _LATIN) in ("", "en"):
            return _together((*said, self._sentences(text)), _ENGLISH)
        return _together(said, _OTHERS)

    def _worded(self, text: str, concepts: Iterable[str]) -> Floats:
        return self._pieces.scores(text, self._numbers(concepts))

    def _numbers(self, concepts: Iterable[str]) -> list[int]:
        return [self._concepts[name] for name in concepts if name in self._concepts]

    @staticmethod
    def _if_sure(whole: Floats, part: Floats, *, grave: bool) -> Floats:
        sure = part[_CRISIS].sum() >= _GRAVE if grave else part[0] <= _HEALTH
        return part if sure else whole

    def _first(self, text: str, concepts: Iterable[str]) -> Floats:
        buckets = features(text)
        if not len(buckets):
            return self._nothing()
        x = self._table[buckets].mean(axis=0) @ self._hidden + self._hidden_b
        x += self._seen[self._numbers(concepts)].sum(axis=0)
        scores: Floats = np.maximum(x, 0) @ self._out + self._out_b
        return scores

    @staticmethod
    def _nothing() -> Floats:
        scores = np.full(len(RISKS) + len(TOPICS) + len(FLAGS), -_SURE, np.float32)
        scores[0] = _SURE
        return scores

    def _sentences(self, text: str) -> Floats:
        (scores,) = self._top.run(None, {"x": self._lower.states(text)[None]})
        said: Floats = scores[0]
        return said


@cache
def assessor() -> Assessor:
    """The shipped one, loaded once in a process. Raises RailFailed as `phi_model.artefact` does."""
    return Assessor(phi_model.artefact(only=phi_model.ASSESSMENT))


def _chances(scores: Floats) -> Floats:
    risks = np.exp(scores[: len(RISKS)] - scores[: len(RISKS)].max())
    more = 1 / (1 + np.exp(-np.clip(scores[len(RISKS) :], -30, 30)))
    out: Floats = np.concatenate([risks / risks.sum(), more]).astype(np.float32)
    return out


def _together(said: Sequence[Floats], shares: Sequence[float]) -> Floats:
    """The chances: before they become chances what the readers say is weighed, so that a doubt of one counts."""
    return _chances(np.einsum("r,ro->o", np.array(shares, np.float32), np.stack(said)))


def _topics(chances: Floats) -> tuple[str, ...]:
    """All that are likely, else the likeliest if it is no mere guess."""
    likely = tuple(topic for topic, chance in zip(TOPICS, chances, strict=True) if chance > _LIKELY_TOPIC)
    best = int(chances.argmax())
    return likely or ((TOPICS[best],) if chances[best] > _GUESS else ())


def _parts(text: str) -> Sequence[tuple[int, int]]:
    """At most so many stretches of whole sentences, each about as long as what people write in a chat."""
    size = max(_PART, len(text) // _MOST_PARTS + 1)
    parts, begin = [], 0
    for match in _SENTENCE.finditer(text):
        if match.end() - begin >= size:
            parts.append((begin, match.end()))
            begin = match.end()
    return [*parts, *((at, min(at + 2 * size, len(text))) for at in range(begin, len(text), 2 * size))]
