"""The image: what its recipe says about users, files and the network. hadolint reads it, too (`make check`)."""

from __future__ import annotations

import re
from fnmatch import fnmatch

import pytest

from tests.deploy.files import ROOT

RECIPE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
BUILD, FINAL = re.split(r"^FROM [^\n]+\n", RECIPE.replace("\\\n", " "), flags=re.MULTILINE)[1:]


def test_two_stages_and_the_second_installs_nothing() -> None:
    """What runs has no compiler, no installer at work, and nothing that a network has to give."""
    assert "pip install" in BUILD
    assert not re.search(r"pip|apt-get|curl|wget|git ", FINAL)


@pytest.mark.case("SEC-12")
def test_every_package_is_pinned_by_hash() -> None:
    installs = [line for line in BUILD.split("&&") if "pip install" in line]
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in installs)


def test_it_does_not_run_as_root_and_its_state_is_one_folder() -> None:
    assert re.search(r"^USER 10001$", FINAL, re.MULTILINE)
    assert re.search(r"^VOLUME \[\"/data\"\]$", FINAL, re.MULTILINE)
    assert "GUARDRAIL_DATA_DIR=/data" in FINAL
    assert "PYTHONDONTWRITEBYTECODE=1" in FINAL, "the root file system may be read-only"


def test_it_is_given_what_it_copies_and_nothing_else() -> None:
    """`.dockerignore` lets through what COPY names: no test, no history, no key that lies about in the folder."""
    lines = (ROOT / ".dockerignore").read_text().split()
    wanted = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert "*" in lines
    let_through = {line[1:] for line in wanted if line.startswith("!")}
    copied = {name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", BUILD, re.MULTILINE) for name in line.split()}
    assert let_through == copied
    assert all((ROOT / name).exists() for name in copied)
    assert any(fnmatch("guardrail/__pycache__", line) for line in wanted)
