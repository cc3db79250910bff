"""The newest signed head of each writer, in the data folder, outside the database: `heads/WRITER`.

Who cuts committed entries off the database, or puts an older copy in its place, has to forge this file as well. It is
written after each commit, before anybody is told of it, in turns into two places of fixed size, so that one of them is
always whole. `checkpoints.log` is the same at longer intervals, and only grows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from guardrail.record.database import StoreUnusable, make_folder, why

FOLDER: Final = "heads"
LOG: Final = "checkpoints.log"
MAX_LOG_BYTES: Final = 16 * 1024 * 1024
_PLACE: Final = 1_024
_PLACES: Final = 2


class HeadFile:
    """The file of one writer, kept open. A file that is gone is made again: what it says is known here."""

    def __init__(self, folder: Path, writer: str) -> None:
        self._path = folder / FOLDER / writer
        self._descriptor = -1
        self._turn = 0

    def write(self, note: str) -> None:
        """Raises OSError; ValueError for a note that is too long."""
        data = note.encode().ljust(_PLACE, b"\n")
        if len(data) > _PLACE:
            raise ValueError("the head is too long")
        if not self._is_there():
            self._open(data)
        os.pwrite(self._descriptor, data, self._turn * _PLACE)
        self._turn = (self._turn + 1) % _PLACES

    def close(self) -> None:
        """The file stays."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _is_there(self) -> bool:
        if self._descriptor < 0:
            return False
        with suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        return False

    def _open(self, data: bytes) -> None:
        self.close()
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        self._descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        if os.fstat(self._descriptor).st_size < _PLACES * _PLACE:
            os.pwrite(self._descriptor, data * _PLACES, 0)  # from now on it needs no more space of the disk


def read_heads(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each writer that has a file, and the notes in it, whoever signed them. Raises StoreUnusable."""
    heads = folder / FOLDER
    try:
        for path in sorted(heads.iterdir()) if heads.is_dir() else ():
            yield path.name, _notes(path.read_bytes())
    except OSError as error:
        raise StoreUnusable(f"{heads} can't be read: {why(error)}") from None


def read_head(folder: Path, writer: str) -> list[str]:
    """The notes of one writer; none if it has no file. Raises StoreUnusable."""
    path = folder / FOLDER / writer
    try:
        return _notes(path.read_bytes())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreUnusable(f"{path} can't be read: {why(error)}") from None


def _notes(data: bytes) -> list[str]:
    places = (data[start : start + _PLACE] for start in range(0, len(data), _PLACE))
    return [text.rstrip("\n") + "\n" for place in places if (text := place.decode("utf-8", "replace")).strip()]


def append(path: Path, note: str, limit: int | None = MAX_LOG_BYTES) -> None:
    """A note more at the end of a file of notes; one that is too long by then becomes `NAME.1`. Raises OSError."""
    make_folder(path.parent)
    with suppress(FileNotFoundError):
        if limit is not None and path.stat().st_size > limit:
            path.replace(path.with_name(f"{path.name}.1"))
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, note.encode())
    finally:
        os.close(descriptor)
