"""A power cut without a cut: what a disk would hold if only that were on it which a process had synced.

strace records what a writer of the audit log writes, syncs and tells. `disks` plays it back: whenever the writer has
told something, everything that was written and not synced since is lost.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guardrail.record.database import Place
from tests.support.debian import needs

_CALLS = "pwrite64,write,fdatasync,fsync,ftruncate"
_BEGUN = re.compile(r'^(\d+) +(\w+)\((\d+)<([\\x0-9a-f]*)>(?:, "([\\x0-9a-f]*)")?(.*)$')
_RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed")


@dataclass
class Disk:
    """The files that are there after the power is back, and what had been told before it went."""

    files: dict[str, bytes]
    told: list[str]


@dataclass
class _File:
    durable: bytearray = field(default_factory=bytearray)
    written: list[tuple[int, bytes]] = field(default_factory=list)
    position: int = 0
    syncing: int = 0

    def sync(self) -> None:
        for at, data in self.written[: self.syncing]:
            self.durable[len(self.durable) :] = bytes(max(0, at - len(self.durable)))
            self.durable[at : at + len(data)] = data
        del self.written[: self.syncing]

    def cut(self, size: int) -> None:
        self.written = [(at, data[: max(0, size - at)]) for at, data in self.written if at < size]
        del self.durable[size:]


def record(place: Place, trace: Path, lines: int) -> None:
    """Runs a writer on a store that is there already, until it has told so many lines, and kills it."""
    command = [
        str(needs("strace", "strace")),
        "-f",
        "-y",
        "-xx",
        "-s",
        "70000",
        "-e",
        f"trace={_CALLS}",
        "-o",
        str(trace),
    ]
    writer = [sys.executable, "-m", "tests.support.audit_writer", str(place.folder), "0"]
    with subprocess.Popen([*command, *writer], stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdout is not None
        told = 0
        while told < lines and (piece := process.stdout.read(4096)):
            told += piece.count(b"\n")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for child in map(int, children):
            _kill(child)
        process.wait(30)
    assert told >= lines


def _kill(process: int) -> None:
    import os

    os.kill(process, signal.SIGKILL)


def disks(folder: Path, before: dict[str, bytes], trace: Path, every: int) -> Iterator[Disk]:
    """The folder as a power cut would leave it, after each `every`-th thing that the writer told.

    `before` are the files as they were when it began, on the disk already.
    """
    files = defaultdict(_File, {name: _File(bytearray(data)) for name, data in before.items()})
    told: list[str] = []
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            _replay(line, folder, files, told)
            if " write(1<" in line and len(told) % every == 0:
                yield Disk({name: bytes(file.durable) for name, file in files.items()}, list(told))


def _replay(line: str, folder: Path, files: dict[str, _File], told: list[str]) -> None:
    if resumed := _RESUMED.match(line):
        for file in files.values() if resumed[2] in ("fdatasync", "fsync") else ():
            if file.syncing:
                file.sync()
                file.syncing = 0
        return
    begun = _BEGUN.match(line)
    if begun is None:
        return
    call, number, path, data, rest = begun[2], begun[3], _bytes(begun[4]).decode(), begun[5], begun[6]
    if call == "write" and number == "1":
        told += _bytes(data or "").decode().split()[-1:] and [_bytes(data or "").decode().strip()]
        return
    if not path.startswith(f"{folder}/"):
        return
    file = files[path.removeprefix(f"{folder}/")]
    if call == "pwrite64":
        file.written.append((int(rest.split(",")[2].split(")")[0].split(" <")[0]), _bytes(data or "")))
    elif call == "write":
        at = max([len(file.durable), *(place + len(each) for place, each in file.written)])
        file.written.append((at, _bytes(data or "")))
    elif call == "ftruncate":
        file.cut(int(re.findall(r"\d+", rest)[0]))
    else:
        file.syncing = len(file.written)
        if "unfinished" not in rest:
            file.sync()
            file.syncing = 0


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
