"""Writes the trained models into the package: embeddings as bytes, the rest as ONNX with 8-bit products, a manifest with checksums.

`python -m training.export --student FILE.pt --teacher FILE.pt --into ../guardrail/rails/models`
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from training.assess.lower import cut
from training.data import NAMES
from training.encoder import Encoder
from training.student import READ, Student

STEPS = 7
"""Above and below nothing, in 4 bits."""


class Body(nn.Module):
    """The encoder after its embeddings."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, x: Tensor) -> Tensor:
        x = self.encoder.norm(x)
        bias = torch.zeros(1, 1, 1, 1)
        for layer in self.encoder.layers:
            x = layer(x, bias)
        return self.encoder.head(x)


def table(weight: Tensor, name: str) -> dict[str, np.ndarray]:
    """A table as bytes, a scale a row."""
    rows = weight.detach().numpy()
    scale = np.maximum(np.abs(rows).max(axis=1), 1e-8) / 127
    return {name: np.round(rows / scale[:, None]).astype(np.int8), f"{name}_scale": scale.astype(np.float16)}


def packed(weight: Tensor, name: str) -> dict[str, np.ndarray]:
    """A table in 4 bits, two numbers a byte, a scale a row."""
    rows = weight.detach().numpy()
    scale = (np.maximum(np.abs(rows).max(axis=1), 1e-6) / STEPS).astype(np.float16)
    steps = np.clip(np.round(rows / scale.astype(np.float32)[:, None]), -STEPS, STEPS) + 8
    return {name: (steps[:, 0::2] + 16 * steps[:, 1::2]).astype(np.uint8), f"{name}_scale": scale}


def onnx_bytes(model: nn.Module, width: int) -> bytes:
    """The graph for (1, time, width), its products in 8 bits."""
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder, "plain.onnx"), Path(folder, "small.onnx")
        torch.onnx.export(
            model.eval(),
            (torch.randn(1, 50, width),),
            str(plain),
            input_names=["x"],
            output_names=["y"],
            dynamic_axes={"x": {1: "t"}, "y": {1: "t"}},
            dynamo=False,
            opset_version=17,
        )
        quantize_dynamic(
            plain, small, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gemm"]
        )
        graph = onnx.load(small)
        graph.doc_string = ""
        for node in graph.graph.node:
            node.doc_string = ""
        return graph.SerializeToString(deterministic=True)


def pin(into: Path, names: Iterable[str]) -> None:
    """Write the checksums of these files into the manifest, beside those of the others."""
    path = into / "manifest.json"
    known = json.loads(path.read_text(encoding="utf-8"))["files"] if path.exists() else {}
    fresh = {name: hashlib.sha256((into / name).read_bytes()).hexdigest() for name in names}
    manifest = {"labels": list(NAMES), "files": {**known, **fresh}}
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Write the artefact."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--student", type=Path, required=True)
    parser.add_argument("--teacher", type=Path)
    parser.add_argument("--into", type=Path, required=True)
    args = parser.parse_args()
    args.into.mkdir(parents=True, exist_ok=True)
    student = Student()
    student.load_state_dict(torch.load(args.student))
    reader = student.reader
    arrays = {
        **table(reader.words.weight, "words"),
        **table(reader.affixes.weight, "affixes"),
        **table(reader.grams.weight, "grams"),
    }
    arrays |= {
        name: getattr(reader, name).weight.detach().numpy().astype(np.float16)
        for name in ("shapes", "lengths", "gaps", "lines")
    }
    np.savez_compressed(args.into / "words.npz", **arrays)
    (args.into / "words.onnx").write_bytes(onnx_bytes(student.mixer, READ))
    names = ["words.npz", "words.onnx"]
    if args.teacher:
        saved = torch.load(args.teacher)
        teacher = Encoder(len(saved["pieces"]), len(NAMES), saved["layers"])
        teacher.load_state_dict(saved["model"])
        arrays = {
            **table(teacher.words.weight, "pieces"),
            "positions": teacher.positions.weight.detach().numpy().astype(np.float16),
        }
        arrays |= {
            name: getattr(teacher, name).weight.detach().numpy().astype(np.float16)
            for name in ("shapes", "gaps", "lines")
        }
        np.savez_compressed(args.into / "sentences.npz", **arrays)
        low, high = cut(onnx_bytes(Body(teacher), 384))
        (args.into / "sentences_low.onnx").write_bytes(low)
        (args.into / "sentences_high.onnx").write_bytes(high)
        (args.into / "pieces.txt").write_text("\n".join(saved["pieces"]) + "\n", encoding="utf-8")
        names += ["sentences.npz", "sentences_low.onnx", "sentences_high.onnx", "pieces.txt"]
    pin(args.into, names)
    print({name: (args.into / name).stat().st_size for name in names})


if __name__ == "__main__":
    main()
