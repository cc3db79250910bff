"""The trained models of the PHI rail at run time: a word-level one for every text, a sentence one for the doubtful.

Gives chances, word by word; what is made of them is the business of `phi_detector`. Reads its files once, checks them
against the manifest (SHA-256), opens no socket and keeps nothing of any text. How it was trained: docs/phi-model.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from guardrail.errors import RailFailed
from guardrail.rails.onnx import ort
from guardrail.rails.phi import LABELS
from guardrail.rails.phi_features import Tokens
from guardrail.rails.phi_pieces import CLASSIFY, SEPARATE, pieces, vocabulary

Floats = NDArray[np.float32]

MANIFEST: Final = "manifest.json"
_POSITIONS: Final = 256
WORDS: Final = frozenset({"words.npz", "words.onnx"})
SENTENCES: Final = frozenset({"sentences.npz", "sentences_low.onnx", "sentences_high.onnx", "pieces.txt"})
ASSESSMENT: Final = frozenset({"assess.npz", "assess_pieces.npz", "assess.onnx", "assess.json"})
_NEEDED: Final = WORDS | SENTENCES | ASSESSMENT
_AGAIN: Final = "install the package again"
_CATEGORIES: Final = ("shapes", "lengths", "gaps", "lines")


@dataclass(frozen=True, slots=True)
class Files:
    """The artefact's files, checked. `labels` begins with "O" (nobody's)."""

    labels: tuple[str, ...]
    content: dict[str, bytes]


def artefact(folder: Traversable | None = None, only: frozenset[str] | None = None) -> Files:
    """Read and check the trained files, or some of them: each model reads its own once.

    Raises RailFailed (model_missing, model_corrupt): then nothing is inspected.
    """
    where = files("guardrail.rails").joinpath("models") if folder is None else folder
    try:
        manifest: dict[str, Any] = json.loads(where.joinpath(MANIFEST).read_text(encoding="utf-8"))
        digests = dict(manifest["files"].items())
        content = {name: where.joinpath(name).read_bytes() for name in digests if only is None or name in only}
    except OSError:
        raise RailFailed(f"a file of the trained models is missing; {_AGAIN}", code="model_missing") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RailFailed(f"the manifest of the trained models can't be read; {_AGAIN}", code="model_corrupt") from None
    for name, read in content.items():
        if hashlib.sha256(read).hexdigest() != digests[name]:
            raise RailFailed(f"{name} of the trained models is not what was shipped; {_AGAIN}", code="model_corrupt")
    if manifest.get("labels") != ["O", *LABELS] or not digests.keys() >= _NEEDED:
        raise RailFailed(f"the manifest of the trained models is of another version; {_AGAIN}", code="model_corrupt")
    return Files(("O", *LABELS), content)


def session(content: bytes) -> ort.InferenceSession:
    """A graph made ready to run, on one thread."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False  # an arena keeps the largest text's memory for good
    return ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])


class Table:
    """Rows of an embedding, kept as bytes with a scale each."""

    def __init__(self, arrays: Any, name: str) -> None:
        self._rows: NDArray[np.int8] = arrays[name]
        self._scales: Floats = arrays[f"{name}_scale"].astype(np.float32)

    def __getitem__(self, at: NDArray[np.int64]) -> Floats:
        """The rows at these numbers."""
        return self._rows[at] * self._scales[at, None]


class WordModel:
    """Hashed embeddings and residual convolutions: some 2 ms for 1,500 code points on one core, any language."""

    def __init__(self, source: Files) -> None:
        loaded = arrays(source.content["words.npz"])
        self._words, self._affixes, self._grams = (Table(loaded, name) for name in ("words", "affixes", "grams"))
        self._small: dict[str, Floats] = {name: loaded[name].astype(np.float32) for name in _CATEGORIES}
        self._session = session(source.content["words.onnx"])

    def chances(self, seen: Tokens) -> Floats:
        """(words, labels): how likely each word is to be of each label."""
        parts = [self._words[seen.words], self._affixes[seen.prefixes], self._affixes[seen.suffixes]]
        parts += [self._mean_gram(seen), *(self._small[name][getattr(seen, name)] for name in _CATEGORIES)]
        (scores,) = self._session.run(None, {"x": np.concatenate(parts, axis=1, dtype=np.float32)[None]})
        return _softmax(scores[0])

    def _mean_gram(self, seen: Tokens) -> Floats:
        sums: Floats = np.add.reduceat(self._grams[seen.grams], seen.gram_starts[:-1], axis=0)
        sums /= np.diff(seen.gram_starts)[:, None]
        return sums


class SentenceModel:
    """MiniLM, fine-tuned: reads a stretch of words at once. English; some 4 ms for 150 code points.

    In two halves: what the third layer makes of the words (`state`) also serves the assessment of questions.
    """

    def __init__(self, source: Files) -> None:
        loaded = arrays(source.content["sentences.npz"])
        self._known = vocabulary(source.content["pieces.txt"].decode().splitlines())
        self._pieces = Table(loaded, "pieces")
        self._positions: Floats = loaded["positions"].astype(np.float32)
        self._small: dict[str, Floats] = {name: loaded[name].astype(np.float32) for name in ("shapes", "gaps", "lines")}
        self._low = session(source.content["sentences_low.onnx"])
        self._high = session(source.content["sentences_high.onnx"])

    def chances(self, text: str, seen: Tokens, first: int, last: int) -> Floats:
        """(last - first, labels) for the words `first` to `last`; as many as a stretch holds (the rest has no rows)."""
        state, heads = self.state(text, seen, first, last)
        (scores,) = self._high.run(None, {"state": state[None]})
        return _softmax(scores[0][heads])

    def state(
        self, text: str, seen: Tokens, first: int, last: int, most: int = _POSITIONS
    ) -> tuple[Floats, Sequence[int]]:
        """(pieces, 384) after the third layer, of at most `most` pieces, and where in it each word begins."""
        numbers, heads = [self._known[CLASSIFY]], list[int]()
        words = [0]
        for index in range(first, last):
            cut = pieces(text[seen.starts[index] : seen.ends[index]], self._known)
            if len(numbers) + len(cut) >= most:
                break
            heads.append(len(numbers))
            numbers += cut
            words += [index] * len(cut)
        numbers.append(self._known[SEPARATE])
        x = self._pieces[np.array(numbers)] + self._positions[: len(numbers)]
        for name, table in self._small.items():
            x[1:-1] += table[getattr(seen, name)[words[1:]]]
            x[[0, -1]] += table[0]  # the marks at the ends were trained with category 0
        (state,) = self._low.run(None, {"x": x[None]})
        return state[0], heads


@cache
def sentence_model() -> SentenceModel:
    """The shipped one, loaded once in a process. Raises RailFailed as `artefact` does."""
    return SentenceModel(artefact(only=SENTENCES))


def arrays(content: bytes) -> Any:
    """The arrays of an .npz file, by name."""
    return np.load(BytesIO(content), allow_pickle=False)


def _softmax(scores: Floats) -> Floats:
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    out: Floats = scores / scores.sum(axis=-1, keepdims=True)
    return out
