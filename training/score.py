"""What a model leaks and what it takes away, on labelled texts, at several thresholds. Counted in items, as a privacy officer would."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.data import MASKED, Encoded


def leak_and_loss(encoded: Sequence[Encoded], chances: Sequence[np.ndarray], threshold: float) -> dict[str, float]:
    """`chances[i]`: (tokens, labels) probabilities. leak: spans with a word not found; lost: clean words found; touched: clean texts with any word found."""
    spans = leaked = words = lost = clean = touched = 0
    for one, chance in zip(encoded, chances, strict=True):
        found = 1.0 - chance[:, 0] >= threshold
        outside = one.labels == 0
        words += int(outside.sum())
        lost += int((found & outside).sum())
        if not any(label != "IGNORE" for _, _, label in one.example.spans):
            clean += 1
            touched += bool((found & outside).any())
        for start, end, label in one.example.spans:
            if label == "IGNORE":
                continue
            inside = (one.tokens.starts < end) & (one.tokens.ends > start) & (one.tokens.shapes != 8)
            spans += 1
            leaked += not bool(found[inside].all())
    return {
        "leak": leaked / max(spans, 1),
        "words lost": lost / max(words, 1),
        "clean touched": touched / max(clean, 1),
        "spans": spans,
        "clean": clean,
    }


def worst(encoded: Sequence[Encoded], chances: Sequence[np.ndarray], threshold: float, most: int = 30) -> list[str]:
    """What was missed and what was taken wrongly, for the eye."""
    out: list[str] = []
    for one, chance in zip(encoded, chances, strict=True):
        score = 1.0 - chance[:, 0]
        text = one.example.text
        for index in np.flatnonzero((one.labels != MASKED) & ((score >= threshold) != (one.labels != 0))):
            start, end = int(one.tokens.starts[index]), int(one.tokens.ends[index])
            kind = "MISSED" if one.labels[index] else "WRONG"
            out.append(
                f"{kind} {score[index]:.2f} {one.labels[index]}>{int(chance[index].argmax())} {text[max(0, start - 30) : start]}«{text[start:end]}»{text[end : end + 20]}".replace(
                    "\n", "⏎"
                )
            )
        if len(out) >= most:
            break
    return out
