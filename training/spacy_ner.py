"""A candidate that was compared and not chosen: spaCy's own tok2vec NER on the same texts. Writes nothing into the package.

`python -m training.spacy_ner --public DIR --synthetic N --epochs E [--phi FILE.jsonl]` trains, measures and prints.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import spacy
from spacy.language import Language
from spacy.training import Example as Pair
from spacy.util import minibatch

from training import data
from training.data import NAMES, NUMBER, Encoded
from training.public import IGNORE
from training.student import report


def trained(encoded: Sequence[Encoded], epochs: int, seed: int, limit: float) -> Language:
    """A blank English pipeline with a 96-wide tok2vec, 4 layers deep, and a transition-based NER."""
    spacy.util.fix_random_seed(seed)
    nlp = spacy.blank("en")
    nlp.add_pipe(
        "tok2vec",
        config={
            "model": {
                "@architectures": "spacy.HashEmbedCNN.v2",
                "width": 96,
                "depth": 4,
                "embed_size": 4000,
                "window_size": 1,
                "maxout_pieces": 3,
                "subword_features": True,
                "pretrained_vectors": None,
            }
        },
    )
    ner = nlp.add_pipe(
        "ner",
        config={
            "model": {
                "@architectures": "spacy.TransitionBasedParser.v2",
                "state_type": "ner",
                "extra_state_tokens": False,
                "hidden_width": 64,
                "maxout_pieces": 2,
                "use_upper": True,
                "nO": None,
                "tok2vec": {"@architectures": "spacy.Tok2VecListener.v1", "width": 96},
            }
        },
    )
    for label in NAMES[1:]:
        ner.add_label(label)
    pairs = []
    for one in encoded:
        doc = nlp.make_doc(one.example.text)
        spans = [
            doc.char_span(start, end, label, alignment_mode="expand")
            for start, end, label in one.example.spans
            if label != IGNORE
        ]
        reference = doc.copy()
        reference.set_ents(spacy.util.filter_spans([span for span in spans if span is not None]))
        pairs.append(Pair(doc, reference))
    optimiser = nlp.initialize(lambda: pairs[:200])
    began = time.time()
    rng = random.Random(seed)
    for epoch in range(epochs):
        rng.shuffle(pairs)
        losses: dict[str, float] = {}
        for batch in minibatch(pairs, 64):
            if time.time() - began > limit:
                break
            nlp.update(batch, sgd=optimiser, drop=0.1, losses=losses)
        print(f"epoch {epoch + 1}: {losses}, {time.time() - began:.0f} s", flush=True)
    return nlp


def predict(nlp: Language, encoded: Sequence[Encoded]) -> list[np.ndarray]:
    """0 or 1: this model gives no chances."""
    out = []
    for one, doc in zip(encoded, nlp.pipe(each.example.text for each in encoded), strict=True):
        chances = np.zeros((len(one.labels), len(NAMES)), dtype=np.float32)
        chances[:, 0] = 1.0
        for span in doc.ents:
            inside = (one.tokens.starts < span.end_char) & (one.tokens.ends > span.start_char)
            chances[inside, 0] = 0.0
            chances[inside, NUMBER[span.label_]] = 1.0
        out.append(chances)
    return out


def main() -> None:
    """Train, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path)
    parser.add_argument("--synthetic", type=int, default=20_000)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--limit", type=float, default=900.0, help="seconds")
    args = parser.parse_args()
    encoded = [one for one in data.training(args.public, args.seed, args.synthetic) if one.example.lang == "en"]
    nlp = trained(encoded, args.epochs, args.seed, args.limit)
    sets = {
        name: texts
        for name, texts in data.validation(args.public, args.seed + 1, 1500).items()
        if name in ("synthetic en", "clean")
    }
    report(sets, {name: predict(nlp, texts) for name, texts in sets.items()})
    text = ("The patient was seen for follow-up of hypertension and takes lisinopril 20 mg daily. " * 20)[:1500]
    for length in (150, 1500):
        began = time.perf_counter()
        for _ in range(50):
            nlp(text[:length])
        print(f"{length} characters: {(time.perf_counter() - began) * 20:.2f} ms")


if __name__ == "__main__":
    main()
