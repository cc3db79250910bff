"""Puts the trained models into a bill of materials: `python -m deploy.sbom PACKAGES.json SBOM.json`, by `make sbom`.

The packages come from `requirements.lock` by cyclonedx-py, each with the hashes that pip accepts. The models come with
the source and stand in no lock: they are named here with the SHA-256 that the product checks at its start (SEC-12).
Nothing in it depends on the day or the machine: the same source gives the same file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

MODELS: Final = Path(__file__).parent.parent / "guardrail" / "rails" / "models"


def whole(packages: Mapping[str, Any], manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """A CycloneDX document with the packages, and after them each file of the models' manifest."""
    libraries = [{key: each[key] for key in each if key != "description"} for each in packages["components"]]
    models = [
        {
            "bom-ref": f"model-{name}",
            "type": "machine-learning-model" if name.endswith((".onnx", ".npz")) else "data",
            "name": name,
            "version": packages["metadata"]["component"]["version"],
            "hashes": [{"alg": "SHA-256", "content": digest}],
        }
        for name, digest in sorted(manifest["files"].items())
    ]
    nodes = [{"ref": each["bom-ref"]} for each in (*libraries, *models)]
    root = {"ref": packages["metadata"]["component"]["bom-ref"], "dependsOn": [each["ref"] for each in nodes]}
    return {**packages, "components": [*libraries, *models], "dependencies": [root, *nodes]}


def main(read: str, written: str) -> None:
    """Reads one file, writes the other."""
    packages = json.loads(Path(read).read_text(encoding="utf-8"))
    manifest = json.loads((MODELS / "manifest.json").read_text(encoding="utf-8"))
    Path(written).write_text(json.dumps(whole(packages, manifest), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
