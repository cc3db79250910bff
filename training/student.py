"""The word-level model: hashed embeddings and a few residual convolutions. Small enough for every word of every message.

`python -m training.student --public DIR --out FILE.pt --synthetic N --epochs E`
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from guardrail.rails.phi_features import AFFIX_BUCKETS, GAPS, GRAM_BUCKETS, LENGTHS, LINES, SHAPES, WORD_BUCKETS
from training import data, score
from training.data import MASKED, NAMES, Encoded

WORD, AFFIX, GRAM, SHAPE, LENGTH, GAP, LINE = 48, 24, 48, 12, 8, 8, 8
READ = WORD + 2 * AFFIX + GRAM + SHAPE + LENGTH + GAP + LINE
WIDTH = 128
DILATIONS = (1, 2, 4, 8, 1)
LONGEST = 160


class Reader(nn.Module):
    """The embeddings of one word, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(WORD_BUCKETS, WORD)
        self.affixes = nn.Embedding(AFFIX_BUCKETS, AFFIX)
        self.grams = nn.EmbeddingBag(GRAM_BUCKETS, GRAM, mode="mean")
        self.shapes = nn.Embedding(SHAPES, SHAPE)
        self.lengths = nn.Embedding(LENGTHS, LENGTH)
        self.gaps = nn.Embedding(GAPS, GAP)
        self.lines = nn.Embedding(LINES, LINE)
        for table in (self.words, self.affixes, self.grams):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, batch: dict[str, Tensor], forget: float = 0.0) -> Tensor:
        words = self.words(batch["words"])
        if forget:
            words = words * (torch.rand(len(words), 1) >= forget)
        return torch.cat(
            (
                words,
                self.affixes(batch["prefixes"]),
                self.affixes(batch["suffixes"]),
                self.grams(batch["grams"], batch["offsets"]),
                self.shapes(batch["shapes"]),
                self.lengths(batch["lengths"]),
                self.gaps(batch["gaps"]),
                self.lines(batch["lines"]),
            ),
            dim=-1,
        )


class Block(nn.Module):
    """A residual convolution over three words, written as one product so that it can be quantised."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.norm = nn.LayerNorm(WIDTH)
        self.mix = nn.Linear(3 * WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        step = self.dilation
        padded = nn.functional.pad(self.norm(x), (0, 0, step, step))
        length = x.shape[1]
        near = torch.cat(
            (padded[:, :length], padded[:, step : step + length], padded[:, 2 * step : 2 * step + length]), dim=-1
        )
        return x + torch.relu(self.mix(near))


class Mixer(nn.Module):
    """(batch, time, READ) to (batch, time, labels)."""

    def __init__(self) -> None:
        super().__init__()
        self.begin = nn.Linear(READ, WIDTH)
        self.blocks = nn.ModuleList(Block(dilation) for dilation in DILATIONS)
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, len(NAMES))

    def forward(self, x: Tensor, keep: Tensor | None = None, drop: float = 0.0) -> Tensor:
        x = self.begin(nn.functional.dropout(x, drop, self.training))
        for block in self.blocks:
            x = block(x if keep is None else x * keep)
        return self.head(nn.functional.dropout(self.norm(x), drop, self.training))


class Student(nn.Module):
    """Both."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = Reader()
        self.mixer = Mixer()


def batch_of(
    encoded: Sequence[Encoded], stretches: Sequence[tuple[int, int, int]]
) -> tuple[dict[str, Tensor], Tensor, Tensor]:
    """Flat features of all words, where each word stands in (batch, time), and the labels in (batch, time)."""
    flat: dict[str, list[np.ndarray]] = {
        name: [] for name in ("words", "prefixes", "suffixes", "shapes", "lengths", "gaps", "lines", "grams", "offsets")
    }
    longest = max(end - start for _, start, end in stretches)
    places, labels, offset = [], np.full((len(stretches), longest), MASKED), 0
    for row, (number, start, end) in enumerate(stretches):
        seen = encoded[number].tokens
        for name in ("words", "prefixes", "suffixes", "shapes", "lengths", "gaps", "lines"):
            flat[name].append(getattr(seen, name)[start:end])
        first, last = seen.gram_starts[start], seen.gram_starts[end]
        flat["grams"].append(seen.grams[first:last])
        flat["offsets"].append(seen.gram_starts[start:end] - first + offset)
        offset += last - first
        places.append(row * longest + np.arange(end - start))
        labels[row, : end - start] = encoded[number].labels[start:end]
    return (
        {name: torch.from_numpy(np.concatenate(parts)) for name, parts in flat.items()},
        torch.from_numpy(np.concatenate(places)),
        torch.from_numpy(labels),
    )


def run(
    model: Student, batch: dict[str, Tensor], places: Tensor, shape: torch.Size, forget: float = 0.0, drop: float = 0.0
) -> Tensor:
    """The scores in (batch, time, labels)."""
    read = model.reader(batch, forget)
    grid = torch.zeros(shape[0] * shape[1], READ).index_copy(0, places, read).view(*shape, READ)
    keep = torch.zeros(shape[0] * shape[1], 1).index_fill(0, places, 1.0).view(*shape, 1)
    return model.mixer(grid, keep, drop)


def batches(encoded: Sequence[Encoded], rng: random.Random, size: int) -> Iterator[list[tuple[int, int, int]]]:
    """Stretches of similar length together, about `size` words a batch."""
    stretches = data.windows(encoded, LONGEST)
    stretches.sort(key=lambda each: (each[2] - each[1]) * rng.uniform(0.9, 1.1))
    out: list[list[tuple[int, int, int]]] = []
    held: list[tuple[int, int, int]] = []
    for each in stretches:
        held.append(each)
        if len(held) * (each[2] - each[1]) >= size:
            out.append(held)
            held = []
    if held:
        out.append(held)
    rng.shuffle(out)
    yield from out


def predict(model: Student, encoded: Sequence[Encoded]) -> list[np.ndarray]:
    """Probabilities (tokens, labels) of each text, read whole."""
    model.eval()
    out = []
    with torch.no_grad():
        for number, one in enumerate(encoded):
            if not len(one.labels):
                out.append(np.zeros((0, len(NAMES)), dtype=np.float32))
                continue
            batch, places, labels = batch_of(encoded, [(number, 0, len(one.labels))])
            out.append(run(model, batch, places, labels.shape).softmax(-1)[0].numpy())
    return out


def train(encoded: Sequence[Encoded], epochs: int, seed: int, rate: float = 3e-3, size: int = 4096) -> Student:
    """Cross-entropy, words forgotten at random so that unknown names are read by their letters and their place."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model = Student()
    steps = epochs * sum(1 for _ in batches(encoded, random.Random(0), size))
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps + 1, pct_start=0.1)
    began = time.time()
    for epoch in range(epochs):
        model.train()
        total = count = 0.0
        for stretches in batches(encoded, rng, size):
            batch, places, labels = batch_of(encoded, stretches)
            logits = run(model, batch, places, labels.shape, forget=0.12, drop=0.1)
            loss = nn.functional.cross_entropy(
                logits.flatten(0, 1), labels.flatten(), ignore_index=MASKED, label_smoothing=0.01
            )
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total, count = total + loss.item(), count + 1
        print(f"epoch {epoch + 1}: loss {total / count:.4f}, {time.time() - began:.0f} s", flush=True)
    return model


def report(sets: dict[str, list[Encoded]], predictions: dict[str, list[np.ndarray]]) -> None:
    """Leak and loss at some thresholds."""
    for name, encoded in sets.items():
        for threshold in (0.1, 0.3, 0.5, 0.7, 0.9):
            found = score.leak_and_loss(encoded, predictions[name], threshold)
            print(
                f"{name:16} at {threshold}: leak {found['leak']:.4f} of {found['spans']}, words lost {found['words lost']:.4f}, clean touched {found['clean touched']:.4f} of {found['clean']}",
                flush=True,
            )


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--synthetic", type=int, default=60_000)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--split-names", action="store_true", help="keep a tenth of the names for validation only")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    began = time.time()
    encoded = data.training(args.public, args.seed, args.synthetic, args.split_names)
    print(
        f"{len(encoded)} texts, {sum(len(one.labels) for one in encoded)} words, {time.time() - began:.0f} s",
        flush=True,
    )
    model = train(encoded, args.epochs, args.seed)
    torch.save(model.state_dict(), args.out)
    sets = data.validation(args.public, args.seed + 1, 1500)
    report(sets, {name: predict(model, texts) for name, texts in sets.items()})


if __name__ == "__main__":
    main()
