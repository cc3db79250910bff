"""Trains the assessment model and writes it into the package.

Here two of its three readers (the third: `training.assess.pieces`). The first reads every text in every language: hashed
words and groups of letters, and what the tables of words see in it. The reader of sentences reads texts in Latin letters
that the first is unsure of: one transformer layer of its own on the third layer of the shipped sentence model, which stays
as it is (so one forward pass serves PHI and this).

`python -m training.assess.train --public DIR --minilm DIR --into guardrail/rails/models`
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from guardrail.rails import signs
from guardrail.rails.assess_features import BUCKETS, features
from guardrail.rails.assess_labels import FLAGS, RISKS, TOPICS
from guardrail.rails.assess_model import Lower, is_latin
from training.assess.data import PUBLIC, Line, corpus, variants
from training.encoder import Layer
from training.export import onnx_bytes, packed, pin

WIDTH, HIDDEN = 16, 96
OUTPUTS = len(RISKS) + len(TOPICS) + len(FLAGS)
CRISIS = slice(3, 5)
SMOOTHING = 0.06
CONCEPTS = {name: at for at, name in enumerate(signs.names())}


@dataclass(frozen=True, slots=True)
class Example:
    """One text as both readers see it; `states` is None for a script that the second can't read."""

    line: Line
    buckets: np.ndarray
    concepts: np.ndarray
    states: np.ndarray | None


def examples(lines: Sequence[Line], lower: Lower | None) -> list[Example]:
    """Every line, the own ones also roughened; without `lower` for the first reader only."""
    return [_example(line, text, lower) for line in lines for text in variants(line)]


def _example(line: Line, text: str, lower: Lower | None) -> Example:
    states = lower.states(text).astype(np.float16) if lower and is_latin(text) else None
    return Example(line, features(text), seen(text), states)


def seen(text: str) -> np.ndarray:
    """The numbers of the concepts that the tables of words see."""
    return np.array([CONCEPTS[name] for name in sorted(signs.read(text).concepts) if name in CONCEPTS], np.int64)


class First(nn.Module):
    """Mean of the embeddings of the buckets, and the concepts, through one hidden layer."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(BUCKETS, WIDTH, mode="mean")
        nn.init.normal_(self.table.weight, std=0.1)
        self.concepts = nn.EmbeddingBag(len(CONCEPTS), HIDDEN, mode="sum")
        nn.init.normal_(self.concepts.weight, std=0.05)
        self.scale = nn.Parameter(torch.tensor(8.0))
        self.hidden = nn.Linear(WIDTH, HIDDEN)
        self.out = nn.Linear(HIDDEN, OUTPUTS)
        self.drop = nn.Dropout(0.3)

    def forward(self, batch: Sequence[Example]) -> Tensor:
        buckets = [some(torch.from_numpy(each.buckets), 0.15 if self.training else 0.0) for each in batch]
        concepts = [some(torch.from_numpy(each.concepts), 0.1 if self.training else 0.0) for each in batch]
        x = self.table(torch.cat(buckets), offsets(buckets)) * self.scale
        x = self.hidden(self.drop(x)) + self.concepts(torch.cat(concepts), offsets(concepts))
        return self.out(self.drop(torch.relu(x)))


def some(numbers: Tensor, lost: float) -> Tensor:
    """While training some of what is seen is left out, so that no single word decides."""
    return numbers[torch.rand(len(numbers)) > lost] if lost else numbers


def offsets(parts: Sequence[Tensor]) -> Tensor:
    """Where each part begins when all stand in a row."""
    return torch.tensor([0, *np.cumsum([len(part) for part in parts])[:-1]])


class Top(nn.Module):
    """What becomes ONNX: a layer over the states of one text, and its outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = Layer()
        self.look = nn.Linear(384, 1)
        self.out = nn.Linear(768, OUTPUTS)
        self.drop = nn.Dropout(0.2)

    def read(self, x: Tensor, mask: Tensor) -> Tensor:
        x = self.layer(self.drop(x), ((1 - mask) * -1e4)[:, None, None, :])
        weights = (self.look(x)[..., 0] - 1e4 * (1 - mask)).softmax(1)
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return self.out(self.drop(torch.cat([(x * weights[..., None]).sum(1), mean], 1)))

    def forward(self, x: Tensor) -> Tensor:
        return self.read(x, torch.ones(x.shape[:2]))


class Second(nn.Module):
    """`Top` over a batch of texts of different lengths."""

    def __init__(self, minilm: Path) -> None:
        super().__init__()
        self.top = Top()
        weights, at = load_file(str(minilm / "model.safetensors")), "encoder.layer.3."
        names = ("query", "key", "value")
        layer = self.top.layer
        layer.qkv.weight.data = torch.cat([weights[f"{at}attention.self.{n}.weight"] for n in names])
        layer.qkv.bias.data = torch.cat([weights[f"{at}attention.self.{n}.bias"] for n in names])
        for own, theirs in (
            ("out", "attention.output.dense"),
            ("norm1", "attention.output.LayerNorm"),
            ("up", "intermediate.dense"),
            ("down", "output.dense"),
            ("norm2", "output.LayerNorm"),
        ):
            getattr(layer, own).weight.data = weights[f"{at}{theirs}.weight"].clone()
            getattr(layer, own).bias.data = weights[f"{at}{theirs}.bias"].clone()

    def forward(self, batch: Sequence[Example]) -> Tensor:
        longest = max(len(each.states) for each in batch if each.states is not None)
        x, mask = torch.zeros(len(batch), longest, 384), torch.zeros(len(batch), longest)
        for row, each in enumerate(batch):
            assert each.states is not None
            x[row, : len(each.states)] = torch.from_numpy(each.states.astype(np.float32))
            mask[row, : len(each.states)] = 1
        if self.training:
            mask *= (torch.rand(mask.shape) > 0.08) | (torch.arange(longest)[None] == 0)
        return self.top.read(x, mask)


def loss(logits: Tensor, batch: Sequence[Example]) -> Tensor:
    """Of the risk (a crisis counts more), and of what is known of topics and flags."""
    logs = torch.log_softmax(logits[:, : len(RISKS)], 1)
    some = torch.tensor([each.line.risk == "medical" for each in batch])
    risk = torch.tensor([1 if each.line.risk == "medical" else RISKS.index(each.line.risk) for each in batch])  # type: ignore[arg-type]
    sure = torch.where(some, torch.logsumexp(logs[:, 1:3], 1), logs.gather(1, risk[:, None])[:, 0])
    known = (1 - SMOOTHING) * sure + SMOOTHING * logs.mean(1)
    wanted, mask = torch.zeros(len(batch), OUTPUTS - len(RISKS)), torch.zeros(len(batch), OUTPUTS - len(RISKS))
    for row, each in enumerate(batch):
        if each.line.topics is not None:
            mask[row, : len(TOPICS)] = 1
            wanted[row, [TOPICS.index(topic) for topic in each.line.topics]] = 1
        if each.line.flags is not None:
            mask[row, len(TOPICS) :] = 1
            wanted[row, [len(TOPICS) + FLAGS.index(flag) for flag in each.line.flags]] = 1
    more = nn.functional.binary_cross_entropy_with_logits(logits[:, len(RISKS) :], wanted, reduction="none")
    return -(known * torch.where(risk >= CRISIS.start, 1.5, 1.0)).mean() + 4 * (more * mask).sum() / mask.sum().clamp(
        min=1
    )


def fit(
    model: nn.Module, seen: Sequence[Example], epochs: int, rate: float, size: int, rng: random.Random,
    length: Callable[[Example], int] | None = None,
) -> None:  # fmt: skip
    """Adam with a falling rate. With `length`, texts of about the same length go together."""
    own = [each for each in seen if each.line.pack not in PUBLIC]
    others = [each for each in seen if each.line.pack in PUBLIC]
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    total, step, began = epochs * ((len(own) + 3_000) // size + 1), 0, time.time()
    model.train()
    for epoch in range(epochs):
        lines = own + rng.sample(others, min(3_000, len(others)))
        rng.shuffle(lines)
        if length is not None:
            lines = [
                e for at in range(0, len(lines), 30 * size) for e in sorted(lines[at : at + 30 * size], key=length)
            ]
        batches = [lines[at : at + size] for at in range(0, len(lines), size)]
        rng.shuffle(batches)
        sums = 0.0
        for batch in batches:
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, (step + 1) / 80) * max(0.03, 1 - step / total)
            value = loss(model(batch), batch)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            step, sums = step + 1, sums + float(value.detach())
        print(f"  {epoch + 1}/{epochs} loss {sums / len(batches):.3f} after {time.time() - began:.0f} s", flush=True)
    model.eval()


def scores(model: nn.Module, seen: Sequence[Example]) -> np.ndarray:
    """(texts, outputs): risks sum to 1, the others are chances."""
    with torch.no_grad():
        logits = torch.cat([model(seen[at : at + 128]) for at in range(0, len(seen), 128)])
    return torch.cat([torch.softmax(logits[:, : len(RISKS)], 1), torch.sigmoid(logits[:, len(RISKS) :])], 1).numpy()


def report(name: str, seen: Sequence[Example], got: np.ndarray) -> None:
    """On the lines kept back: medical F1, crises found and falsely cried, the right risk."""
    groups = {"all": list(range(len(seen)))}
    for at, each in enumerate(seen):
        pack = each.line.pack
        group = pack if pack in PUBLIC else pack[:2] if not pack.startswith("mixed") else "mixed"
        groups.setdefault(group, []).append(at)
    print(name)
    for group, rows in sorted(groups.items()):
        count: Counter[object] = Counter()
        for at in rows:
            line, row = seen[at].line, got[at]
            count[line.risk != "none", row[0] < 0.5] += 1
            if line.risk != "medical":
                count["n"] += 1
                count["right"] += RISKS[int(row[: len(RISKS)].argmax())] == line.risk
                count["crisis", line.risk in RISKS[CRISIS], row[CRISIS].sum() > 0.4] += 1
        hit, false, lost = count[True, True], count[False, True], count[True, False]
        found, calm = count["crisis", True, True], count["crisis", False, False]
        print(
            f"  {group:18} {len(rows):5}  F1 {2 * hit / max(1, 2 * hit + false + lost):.3f} (+{false} -{lost})"
            f"  crisis {found}/{found + count['crisis', True, False]}"
            f"  false {count['crisis', False, True]}/{calm + count['crisis', False, True]}"
            f"  risk {count['right'] / max(1, count['n']):.3f}",
            flush=True,
        )


def main() -> None:
    """Train, report on the lines kept back, write the artefact."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path)
    parser.add_argument("--minilm", type=Path, help="the folder of the sentence model's published weights")
    parser.add_argument("--first-only", action="store_true")
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--first", type=int, default=7, help="epochs of the first reader")
    parser.add_argument("--second", type=int, default=6, help="epochs of the reader of sentences")
    args = parser.parse_args()
    torch.set_num_threads(1)
    texts = examples(corpus(args.public), None if args.first_only else Lower())
    print(len(texts), "texts", flush=True)
    train, held = ([each for each in texts if each.line.held_out is out] for out in (False, True))
    torch.manual_seed(17)
    first = First()
    fit(first, train, args.first, 4e-3, 64, random.Random(17))
    one = scores(first, held)
    report("first", held, one)
    _write_first(first, args.into)
    if args.first_only:
        return
    second = Second(args.minilm)
    latin = [each for each in train if each.states is not None]
    fit(second, latin, args.second, 4e-4, 32, random.Random(17), length=lambda each: len(each.states))  # type: ignore[arg-type]
    readable = [at for at, each in enumerate(held) if each.states is not None]
    two = scores(second, [held[at] for at in readable])
    report("sentences", [held[at] for at in readable], two)
    (args.into / "assess.onnx").write_bytes(onnx_bytes(second.top, 384))
    pin(args.into, ("assess.onnx",))


def _write_first(first: First, into: Path) -> None:
    arrays = packed(first.table.weight * first.scale, "table")
    for name in ("hidden", "out"):
        layer = getattr(first, name)
        arrays |= {f"{name}_w": layer.weight.detach().numpy(), f"{name}_b": layer.bias.detach().numpy()}
    arrays["concepts"] = first.concepts.weight.detach().numpy().astype(np.float16)
    np.savez_compressed(into / "assess.npz", **arrays)
    held = json.dumps({"concepts": list(CONCEPTS), "risks": list(RISKS), "topics": list(TOPICS), "flags": list(FLAGS)})
    (into / "assess.json").write_text(held, encoding="utf-8")
    pin(into, ("assess.npz", "assess.json"))


if __name__ == "__main__":
    main()
