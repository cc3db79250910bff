"""The trained files: what was shipped or nothing, and the same answer however a long text is read."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from guardrail.errors import RailFailed
from guardrail.rails.phi import LABELS
from guardrail.rails.phi_detector import THRESHOLDS, Detector
from guardrail.rails.phi_model import MANIFEST, artefact

SHIPPED = Path(str(files("guardrail.rails").joinpath("models")))
NOTE = (
    "Pt Tamsin Okafor (MRN 00731245) from Fargo was seen by Dr. Lindqvist on 3/14/2024; BP 120/80, Parkinson's stable. "
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "models"))


def test_what_is_shipped_is_whole_and_small() -> None:
    """At most 30 MB in all, and it knows the labels of the rail."""
    assert artefact().labels == ("O", *LABELS)
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 30_000_000


@pytest.mark.case("NLP-03")
def test_a_missing_file_is_told(copy: Path) -> None:
    (copy / "words.onnx").unlink()
    with pytest.raises(RailFailed) as caught:
        artefact(copy)
    assert caught.value.code == "model_missing"


@pytest.mark.case("NLP-03")
@pytest.mark.parametrize("name", sorted(json.loads((SHIPPED / MANIFEST).read_text())["files"]))
def test_one_changed_byte_is_told(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(RailFailed) as caught:
        artefact(copy)
    assert caught.value.code == "model_corrupt"
    assert name in caught.value.message


@pytest.mark.parametrize("manifest", ["", "{}", "[]", '{"labels": ["O"]}'])
def test_a_broken_manifest_is_told(copy: Path, manifest: str) -> None:
    (copy / MANIFEST).write_text(manifest)
    with pytest.raises(RailFailed) as caught:
        artefact(copy)
    assert caught.value.code == "model_corrupt"


@pytest.mark.parametrize("words", [0, 200])
def test_the_detector_reads_what_stands_there(words: int) -> None:
    found = {
        (hit.label, NOTE[hit.start : hit.end]) for hit in Detector(artefact(), THRESHOLDS, words).read(NOTE).hits()
    }
    assert ("NAME", "Tamsin Okafor") in found
    assert ("NAME", "Lindqvist") in found
    assert ("MRN", "00731245") in found
    assert not any("Parkinson" in value or "120" in value for _, value in found)


def test_a_long_text_is_found_in_to_its_end() -> None:
    """Read in parts that overlap, so that the work is linear and nothing is lost at a seam."""
    detector = Detector(artefact(), THRESHOLDS, 0)
    text = NOTE * 600
    names = [hit for hit in detector.read(text).hits() if text[hit.start : hit.end] == "Tamsin Okafor"]
    assert len(names) >= 598


@pytest.mark.parametrize(
    "change", ["labels reversed", "labels short", "files a list", "files none", "no labels", "deep"]
)
def test_a_manifest_that_fits_nothing_is_told(copy: Path, change: str) -> None:
    """Labels in another order would name every finding wrongly and raise nothing."""
    manifest = json.loads((copy / MANIFEST).read_text())
    if change == "labels reversed":
        manifest["labels"].reverse()
    elif change == "labels short":
        manifest["labels"].pop()
    elif change == "files a list":
        manifest["files"] = list(manifest["files"])
    elif change == "files none":
        manifest["files"] = {}
    elif change == "no labels":
        del manifest["labels"]
    (copy / MANIFEST).write_text("[" * 100_000 if change == "deep" else json.dumps(manifest))
    with pytest.raises(RailFailed) as caught:
        artefact(copy)
    assert caught.value.code == "model_corrupt"
