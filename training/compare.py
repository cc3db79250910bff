"""The shipped models, alone and together, and the whole rail, on the held-out texts: what docs/decisions/0004 compares.

`python -m training.compare --public DIR [--n N]`
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from guardrail.rails.base import About, Window
from guardrail.rails.phi import PhiSettings, build
from guardrail.rails.phi_detector import THRESHOLDS, Detector
from guardrail.rails.phi_model import SentenceModel, WordModel, artefact
from training import data, score
from training.data import NAMES, Encoded

Predict = Callable[[Encoded], np.ndarray]


def predictors() -> dict[str, Predict]:
    """Probabilities (tokens, labels) of one text by each candidate."""
    source = artefact()
    words, sentences = WordModel(source), SentenceModel(source)
    both = Detector(source, THRESHOLDS, 160)
    rail = build(PhiSettings())

    def all_sentences(one: Encoded) -> np.ndarray:
        out = [np.zeros((0, len(NAMES)), dtype=np.float32)]
        at = 0
        while at < len(one.labels):
            out.append(sentences.chances(one.example.text, one.tokens, at, len(one.labels)))
            at += len(out[-1])
        return np.concatenate(out)

    def whole_rail(one: Encoded) -> np.ndarray:
        chances = np.zeros((len(one.labels), len(NAMES)), dtype=np.float32)
        chances[:, 0] = 1.0
        for found in rail.inspect(Window(one.example.text), About()):
            chances[(one.tokens.starts < found.span.end) & (one.tokens.ends > found.span.start)] = np.eye(len(NAMES))[1]
        return chances

    return {
        "word-level model": lambda one: words.chances(one.tokens),
        "sentence model on everything": all_sentences,
        "both, balanced": lambda one: both.read(one.example.text).chances,
        "the whole rail, balanced": whole_rail,
    }


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path)
    parser.add_argument("--n", type=int, default=1200)
    args = parser.parse_args()
    sets = data.validation(args.public, 8, args.n)
    english, clean = sets["synthetic en"], sets.get("clean", [])[:600]
    text = ("The patient was seen for follow-up of hypertension and takes lisinopril 20 mg daily. " * 20)[:1500]
    print(
        "| candidate | threshold | leaked | clean words lost | clean texts touched | public clean touched | ms per 1,500 |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, predict in predictors().items():
        chances = [predict(one) if len(one.labels) else np.zeros((0, len(NAMES))) for one in english]
        plain = [predict(one) if len(one.labels) else np.zeros((0, len(NAMES))) for one in clean]
        took = _milliseconds(predict, data.encode(data.Example(text, (), "en", "", "")))
        for threshold in (0.3, 0.5, 0.7) if "rail" not in name else (0.5,):
            found, other = (
                score.leak_and_loss(english, chances, threshold),
                score.leak_and_loss(clean, plain, threshold),
            )
            shares = (found["leak"], found["words lost"], found["clean touched"], other["clean touched"])
            print(
                f"| {name} | {threshold} | {' | '.join(f'{100 * share:.1f} %' for share in shares)} | {took:.1f} |",
                flush=True,
            )


def _milliseconds(predict: Predict, one: Encoded) -> float:
    took: Sequence[float] = []
    for _ in range(15):
        began = time.perf_counter()
        predict(one)
        took = [*took, (time.perf_counter() - began) * 1000]
    return sorted(took)[7]


if __name__ == "__main__":
    main()
