"""The bill of materials: it names all that the image holds, as `make sbom` writes it (SEC-12)."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from deploy.sbom import MODELS, main, missing, whole
from tests.deploy.files import ROOT

ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==([^\\\n]+)((?:\\\n    --hash=\S+ ?)+)", re.MULTILINE)
PACKAGES = {
    "bomFormat": "CycloneDX",
    "metadata": {"component": {"bom-ref": "root", "name": "lmm-guardrail", "version": "1.2.3"}},
    "components": [
        {"bom-ref": "line-2", "name": "starlette", "version": "1.0", "description": "requirements line 2: --hash=..."},
        {"bom-ref": "line-9", "name": "spacy", "version": "3.8"},
    ],
}


@pytest.mark.case("SEC-12")
def test_the_models_stand_beside_the_packages_with_their_digests() -> None:
    manifest = json.loads((MODELS / "manifest.json").read_text())
    told = whole(PACKAGES, manifest)
    models = {each["name"]: each for each in told["components"] if each["bom-ref"].startswith("model-")}
    on_disk = {path.name: path for path in MODELS.iterdir() if path.name != "manifest.json"}
    assert models.keys() == on_disk.keys()
    for name, path in on_disk.items():
        (told_hash,) = models[name]["hashes"]
        assert told_hash == {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}
    assert [each["name"] for each in told["components"][:2]] == ["starlette", "spacy"]


def test_the_product_depends_on_every_component_and_nothing_is_named_twice() -> None:
    told = whole(PACKAGES, {"files": {"b.onnx": "22", "a.txt": "11"}})
    references = [each["bom-ref"] for each in told["components"]]
    assert references == ["line-2", "line-9", "model-a.txt", "model-b.onnx"]
    assert told["dependencies"][0] == {"ref": "root", "dependsOn": references}
    assert [each["ref"] for each in told["dependencies"][1:]] == references


def as_the_tool_writes(lock: str) -> dict[str, Any]:
    """A document that names what is in a lock."""
    components = []
    for name, rest, hashes in ENTRY.findall(lock):
        told = [{"alg": "SHA-256", "content": each} for each in re.findall(r"sha256:(\w+)", hashes)]
        version = rest.partition(" ")[0]
        components.append({"bom-ref": name, "name": name, "version": version, "externalReferences": [{"hashes": told}]})
    return {**PACKAGES, "components": components}


@pytest.mark.case("SEC-12")
def test_every_package_of_the_lock_is_named_with_its_version_and_all_its_hashes(tmp_path: Path) -> None:
    """One that is left out, is of another version, or lacks a hash is told, and no bill is written."""
    lock = (ROOT / "requirements.lock").read_text()
    full = as_the_tool_writes(lock)
    assert missing(lock, full) == []
    one, two, three, *_ = full["components"]
    assert missing(lock, {"components": full["components"][1:]}) == [f"{one['name']}=={one['version']}"]
    two["version"] += ".post1"
    three["externalReferences"][0]["hashes"].pop()
    assert [name.partition("==")[0] for name in missing(lock, full)] == [two["name"], three["name"]]
    read, written = tmp_path / "packages.json", tmp_path / "sbom.json"
    read.write_text(json.dumps(full))
    with pytest.raises(SystemExit, match=two["name"]):
        main(str(read), str(written))
    assert not written.exists()


def test_no_lock_lets_a_package_in_without_a_hash_or_names_an_index() -> None:
    """The tool's own lock, too: what writes the bill must not be what smuggles something in."""
    for name in ("requirements.lock", "deploy/sbom.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert len(ENTRY.findall(text)) == len(re.findall(r"^[A-Za-z0-9._-]+==", text, re.MULTILINE)) > 20
