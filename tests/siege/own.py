"""Houses that no other test may have: their disk is small, their policy file changes, or their process is killed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from tests.matrix.conftest import policy_of
from tests.siege.house import CANARY_PATTERN, House
from tests.support.fake_upstream import FakeUpstream
from tests.support.pool import PATIENT
from tests.support.proxy import Proxy

_NOTHING: Mapping[str, str] = MappingProxyType({})


def written(file: Path, upstream: FakeUpstream, **policy: Any) -> Path:
    """The policy of a house in a file, put there whole: as in `housed`."""
    phi = {"rail": "phi", "settings": {"patterns": [{"label": "OTHER_ID", "pattern": CANARY_PATTERN}]}}
    whole = policy_of(upstream.url, **policy)
    whole["limits"] = {**PATIENT, **policy.get("limits", {})}
    rails = [*whole.get("rails", ()), phi]
    text = yaml.safe_dump({"name": "siege", "version": 1, "extends": ["baseline"], **whole, "rails": rails})
    coming = file.with_suffix(".coming")
    coming.write_text(text)
    coming.replace(file)
    return file


@contextmanager
def alone(
    file: Path, *arguments: str, mib: int = 0, environment: Mapping[str, str] = _NOTHING, **policy: Any
) -> Iterator[House]:
    """A house in a process of its own, its policy in `file`. With `mib` its data folder is a disk of that size."""
    data = file.with_name("data")
    environment = {**environment, "GUARDRAIL_DATA_DIR": str(data)}
    with FakeUpstream() as upstream, _disk(data, mib):
        written(file, upstream, **policy)
        with Proxy("--policy", str(file), *arguments, environment=environment) as proxy:
            yield House(proxy, upstream)


@contextmanager
def _disk(folder: Path, mib: int) -> Iterator[None]:
    """A file system in memory, if there is a size. Skips the test where none can be mounted."""
    if not mib:
        yield
        return
    folder.mkdir(mode=0o700)
    if os.geteuid() or shutil.which("mount") is None or _mount(folder, mib):
        pytest.skip("no small disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _mount(folder: Path, mib: int) -> int:
    options = f"size={mib}m,mode=0700"
    return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False).returncode
