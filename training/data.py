"""Turns labelled texts into what the models read: words by the product's own splitter, one label number a word."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np

from guardrail.rails.phi import LABELS
from guardrail.rails.phi_features import Tokens, tokens
from training.public import IGNORE, clean, meddocan, wnut
from training.synth.corpus import Example, is_validation, stream
from training.synth.lexicons import Lexicons
from training.synth.templates import load

NAMES = ("O", *LABELS)
NUMBER = {name: number for number, name in enumerate(NAMES)}
MASKED = -100


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text as the models read it. `labels`: one a token, MASKED where nothing is to be learnt."""

    example: Example
    tokens: Tokens
    labels: np.ndarray


def encode(example: Example) -> Encoded:
    """The words of one text and their labels."""
    seen = tokens(example.text)
    labels = np.zeros(len(seen), dtype=np.int64)
    for start, end, label in example.spans:
        labels[(seen.starts < end) & (seen.ends > start)] = MASKED if label == IGNORE else NUMBER[label]
    return Encoded(example, seen, labels)


def training(
    public: Path | None, seed: int, synthetic: int, split_names: bool = False, clean_share: float = 0.16
) -> list[Encoded]:
    """The mixture: synthetic texts, and of the public ones all that were not held out. `split_names` keeps a tenth of all names out."""
    templates = [template for template in load() if not is_validation(template)]
    texts: Iterable[Example] = islice(
        stream(templates, Lexicons(public, False if split_names else None), seed), synthetic
    )
    if public is not None:
        rng = random.Random(seed)
        without = list(clean(public, held_out=False))
        rng.shuffle(without)
        texts = chain(texts, without[: int(synthetic * clean_share)], meddocan(public), wnut(public, held_out=False))
    return [encode(text) for text in texts]


def validation(public: Path | None, seed: int, synthetic: int) -> dict[str, list[Encoded]]:
    """Texts of templates and with names that training never saw, and held-out public ones, by what they measure."""
    templates = [template for template in load() if is_validation(template)]
    made = list(islice(stream(templates, Lexicons(public, validation=True), seed), synthetic))
    sets: dict[str, list[Example]] = {
        "synthetic en": [text for text in made if text.lang == "en"],
        "synthetic other": [text for text in made if text.lang != "en"],
    }
    if public is not None:
        sets["clean"] = list(clean(public, held_out=True))
        sets["meddocan"] = list(meddocan(public, "dev"))
    return {name: [encode(text) for text in texts] for name, texts in sets.items()}


def windows(encoded: Sequence[Encoded], longest: int) -> list[tuple[int, int, int]]:
    """(text, first token, last token) stretches of at most `longest` tokens."""
    return [
        (number, start, min(start + longest, len(one.labels)))
        for number, one in enumerate(encoded)
        for start in range(0, len(one.labels), longest)
    ]
