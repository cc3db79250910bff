"""Trains the assessment model: hashed embeddings, the tables' concepts, one hidden layer, three heads.

`python -m training.assess.train --public DIR --out ../guardrail/rails/models` (about N minutes on two cores)
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from guardrail.rails.assess_features import BUCKETS, features
from guardrail.rails.assess_labels import FLAGS, RISKS, TOPICS
from training.assess.data import Line, filled, packs, public, roughened
from training.assess.knowledge import SIZE, knowledge

WIDTH, HIDDEN = 24, 96
CRISIS = (RISKS.index("emergency"), RISKS.index("self_harm"))


class Model(nn.Module):
    """Logits of risks, topics and flags."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(BUCKETS, WIDTH, mode="mean")
        nn.init.normal_(self.table.weight, std=0.1)
        self.scale = nn.Parameter(torch.tensor(8.0))
        self.hidden = nn.Linear(WIDTH + SIZE, HIDDEN)
        self.risk = nn.Linear(HIDDEN, len(RISKS))
        self.more = nn.Linear(HIDDEN, len(TOPICS) + len(FLAGS))
        self.drop = nn.Dropout(0.3)

    def forward(self, buckets: Tensor, offsets: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        x = torch.cat([self.table(buckets, offsets) * self.scale, known], 1)
        x = self.drop(torch.relu(self.hidden(self.drop(x))))
        return self.risk(x), self.more(x)


def batch(lines: list[Line], rng: random.Random, train: bool) -> tuple[Tensor, ...]:
    texts = [filled(line.text, rng) for line in lines]
    if train:
        texts = [roughened(text, rng) for text in texts]
    found = [torch.from_numpy(features(text)) for text in texts]
    if train:  # some of what is seen is left out, so that no single group of letters decides
        found = [f[torch.rand(len(f)) > 0.15] for f in found]
    offsets = torch.tensor([0, *np.cumsum([len(f) for f in found])[:-1]])
    known = torch.from_numpy(np.stack([knowledge(text) for text in texts]))
    return torch.cat(found), offsets, known


def loss(model: Model, lines: list[Line], inputs: tuple[Tensor, ...]) -> Tensor:
    risk, more = model(*inputs)
    logs = torch.log_softmax(risk, 1)
    total = torch.zeros(())
    for at, line in enumerate(lines):
        if line.risk == "medical":
            total = total - torch.logsumexp(logs[at, 1:3], 0)
        else:
            total = total - logs[at, RISKS.index(line.risk)] * (1.5 if line.risk in ("emergency", "self_harm") else 1.0)
    total = total / len(lines)
    wanted, mask = torch.zeros_like(more), torch.zeros_like(more)
    for at, line in enumerate(lines):
        if line.topics is not None:
            mask[at, : len(TOPICS)] = 1
            wanted[at, [TOPICS.index(t) for t in line.topics]] = 1
        if line.flags is not None:
            mask[at, len(TOPICS) :] = 1
            wanted[at, [len(TOPICS) + FLAGS.index(f) for f in line.flags]] = 1
    each = nn.functional.binary_cross_entropy_with_logits(more, wanted, reduction="none")
    return total + 4 * (each * mask).sum() / mask.sum().clamp(min=1)


def chances(model: Model, lines: list[Line]) -> np.ndarray:
    model.eval()
    rng = random.Random(0)
    out = []
    with torch.no_grad():
        for at in range(0, len(lines), 256):
            risk, _ = model(*batch(lines[at : at + 256], rng, train=False))
            out.append(torch.softmax(risk, 1).numpy())
    return np.concatenate(out)


def report(model: Model, lines: list[Line]) -> None:
    p = chances(model, lines)
    groups = defaultdict(list)
    for line, row in zip(lines, p, strict=True):
        groups[line.pack[:2] if not line.pack.startswith(("med", "cli", "ban", "mix")) else line.pack[:4]].append((line, row))
        groups["ALL"].append((line, row))
    for name, rows in sorted(groups.items()):
        c = Counter()
        for line, row in rows:
            med, said = line.risk != "none", row[0] < 0.5
            c[med, said] += 1
            crisis = line.risk in ("emergency", "self_harm")
            c["crisis", crisis, row[3] + row[4] > 0.3] += 1
            if line.risk != "medical":
                c["right"] += RISKS[row.argmax()] == line.risk
                c["n"] += 1
        tp, fp, fn = c[True, True], c[False, True], c[True, False]
        cr, cm, cf, cn = c["crisis", True, True], c["crisis", True, False], c["crisis", False, True], c["crisis", False, False]
        print(f"{name:5} n={len(rows):5} F1={2*tp/max(1,2*tp+fp+fn):.3f} fp={fp} fn={fn}  crisis {cr}/{cr+cm} false {cf}/{cf+cn}  risk {c['right']/max(1,c['n']):.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    torch.manual_seed(7)
    rng = random.Random(7)
    own = packs()
    more = public(args.public) if args.public else []
    print(Counter(line.pack for line in own), file=sys.stderr)
    train = [line for line in own if not line.held_out]
    others = [line for line in more if not line.held_out]
    held = [line for line in own + more if line.held_out]
    model = Model()
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    steps = 0
    for epoch in range(args.epochs):
        model.train()
        lines = train * 3 + rng.sample(others, min(len(others), len(train)))
        rng.shuffle(lines)
        for group in optimizer.param_groups:
            group["lr"] = 4e-3 * (1 - epoch / args.epochs) + 2e-4
        total = 0.0
        for at in range(0, len(lines), 64):
            part = lines[at : at + 64]
            value = loss(model, part, batch(part, rng, train=True))
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            total += float(value) * len(part)
            steps += 1
        print(epoch, steps, round(total / len(lines), 4), flush=True)
    report(model, held)
    if args.show:
        for line, row in zip(held, chances(model, held), strict=True):
            if (line.risk != "none") != (row[0] < 0.5) or ((line.risk in ("emergency", "self_harm")) != (row[3] + row[4] > 0.3)):
                print(line.pack, line.risk, np.round(row, 2), line.text[:140].replace("\n", " / "))


if __name__ == "__main__":
    main()
