"""The lower half of the shipped sentence model, whose states the assessment model's own layer reads.

The sentence model of the PHI rail is cut in two graphs behind its third layer: `sentences_low.onnx` serves both rails,
`sentences_high.onnx` only PHI. Cutting changes no weight: what comes out of both is what came out of the whole.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import onnx
from onnx.utils import Extractor

CUT = "/layers.2/norm2/LayerNormalization_output_0"


def cut(whole: bytes) -> tuple[bytes, bytes]:
    """The graphs from `x` to `state`, and from `state` to `y`."""
    model = onnx.shape_inference.infer_shapes(onnx.load_from_string(whole))
    parts = Extractor(model).extract_model(["x"], [CUT]), Extractor(model).extract_model([CUT], ["y"])
    for part in parts:
        _rename(part, CUT, "state")
    low, high = (part.SerializeToString(deterministic=True) for part in parts)
    return low, high


def _rename(model: onnx.ModelProto, old: str, new: str) -> None:
    for node in model.graph.node:
        for names in (node.input, node.output):
            names[:] = [new if name == old else name for name in names]
    for value in (*model.graph.input, *model.graph.output, *model.graph.value_info):
        if value.name == old:
            value.name = new


def main() -> None:
    """Cut a whole graph into the two of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("whole", type=Path)
    parser.add_argument("into", type=Path)
    args = parser.parse_args()
    low, high = cut(args.whole.read_bytes())
    (args.into / "sentences_low.onnx").write_bytes(low)
    (args.into / "sentences_high.onnx").write_bytes(high)


if __name__ == "__main__":
    main()
