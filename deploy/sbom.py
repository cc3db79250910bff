"""Puts the trained models into a bill of materials: `python -m deploy.sbom PACKAGES.json SBOM.json`, by `make sbom`.

The packages come from `requirements.lock` by cyclonedx-py, each with the hashes that pip accepts. The models come with
the source and stand in no lock: they are named here with the SHA-256 that the product checks at its start (SEC-12).
Nothing in it depends on the day or the machine: the same source gives the same file. If a row of the lock, or one of
its hashes, is not in what the tool wrote, no bill is written.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
MODELS: Final = ROOT / "guardrail" / "rails" / "models"
_ROW: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def missing(lock: str, packages: Mapping[str, Any]) -> Sequence[str]:
    """The packages of a lock, as `name==version`, that are not named with all their hashes."""
    told: dict[str, set[str]] = {}
    for each in packages["components"]:
        sources = (each, *each.get("externalReferences", ()))
        found = {digest["content"] for source in sources for digest in source.get("hashes", ())}
        told.setdefault(f"{each['name']}=={each['version']}", set()).update(found)
    rows = list(_ROW.finditer(lock))
    ends = [*(row.start() for row in rows[1:]), len(lock)]
    pinned = {
        f"{row[1]}=={row[2]}": set(_HASH.findall(lock, row.end(), end)) for row, end in zip(rows, ends, strict=True)
    }
    return [name for name, hashes in pinned.items() if not hashes or not hashes <= told.get(name, set())]


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
    if left := missing((ROOT / "requirements.lock").read_text(encoding="utf-8"), packages):
        sys.exit(f"not in the bill, or without their hashes: {', '.join(left)}")
    manifest = json.loads((MODELS / "manifest.json").read_text(encoding="utf-8"))
    Path(written).write_text(json.dumps(whole(packages, manifest), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
