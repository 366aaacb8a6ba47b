"""Files: originals kept by the SHA-256 of their bytes, and pictures made from them.

An original is written once and never changed. It is on the disk (fsynced, its folder too) before
anyone is told that it was received. What is made from it can be made again.
"""

import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from archive.base.errors import NoRoom

CHUNK = 1 << 20
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
STALE_SECONDS = 24 * 3600  # Nothing takes a day to write: what is older was broken off by a crash.
UNFINISHED = "*/*/.*.part*"  # the names that things have while they are made


@dataclass(frozen=True)
class Kept:
    """An original in its place: its name by content, and its bytes' number."""

    sha256: str
    size: int


class Files(Protocol):
    """Where originals and what is made of them live. `tests/archive/test_files.py` is its suite."""

    def keep(self, source: BinaryIO) -> Kept:
        """Keep a stream's bytes for good. Raises NoRoom where the disk is full."""

    def path(self, sha256: str) -> Path:
        """A local path on which the original can be read."""

    def made(self, sha256: str, name: str) -> Path:
        """The local path of something made from an original, whether it is there yet or not."""

    def tidy(self) -> None:
        """Drop what was left half-written a day ago or longer."""


class LocalFiles:
    """Files in a folder of this machine: `originals/ab/cdef…`, `made/ab/cdef…/<name>`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"
        for folder in (self.incoming, root / "originals"):
            folder.mkdir(parents=True, exist_ok=True)
        _sync_folder(root)

    def keep(self, source: BinaryIO) -> Kept:
        arriving = self.incoming / secrets.token_hex(16)
        try:
            with refusing_full_disk():
                kept = self._write(source, arriving)
                target = self.path(kept.sha256)
                _make_folder(target.parent)
                if not target.exists():
                    arriving.replace(target)
                # Whoever brought the same bytes a moment ago may not have come to this yet.
                _sync_folder(target.parent)
            return kept
        finally:
            arriving.unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        return self.root / "originals" / sha256[:2] / sha256[2:]

    def made(self, sha256: str, name: str) -> Path:
        return self.root / "made" / sha256[:2] / sha256[2:] / name

    def tidy(self) -> None:
        half_made = (self.root / "made").glob(UNFINISHED)
        for left in (*self.incoming.iterdir(), *half_made):
            _drop_stale(left)

    @staticmethod
    def _write(source: BinaryIO, target: Path) -> Kept:
        digest, size = hashlib.sha256(), 0
        with target.open("xb") as file:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target.chmod(0o440)
        return Kept(digest.hexdigest(), size)


@contextmanager
def refusing_full_disk() -> Iterator[None]:
    """Say "the disk is full" as a refusal; every other trouble of the disk stays what it is."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NoRoom from error
        raise


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(exist_ok=True)
        # A new folder is only safe when its parent's entry for it is.
        _sync_folder(folder.parent)


def _drop_stale(left: Path) -> None:
    # Another process may be just as tidy, or its upload may end right now.
    with suppress(FileNotFoundError):
        if time.time() - left.stat().st_mtime < STALE_SECONDS:
            return
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
