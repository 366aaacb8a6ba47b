"""A watched folder on a share: which files in it are whole, and where they go when they are taken.

People and copiers put files in; a folder in it (or any below) makes a batch of its own name. A
file that was kept goes to `done`, one that cannot be read to `failed`, with the reason beside it
as text. A file leaves only after its taker says so: a crash in between brings it once more, and
its bytes tell that it was here before. One watcher a folder; other programs may do as they like.

No link is followed: what is read lies in the folder, and what is moved stays in it.
"""

import errno
import heapq
import itertools
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scanning.devices.errors import (
    FileChanged,
    FileGone,
    FileLocked,
    FolderGone,
    NothingCame,
    NotMoved,
)
from scanning.devices.moving import Parts, carry, folder

DONE, FAILED = "done", "failed"
QUIET_SECONDS = 10.0  # unchanged for so long, a file is whole
EMPTY_SECONDS = 3_600.0  # the same for one without content, which a copier may have just begun
MOST_A_LOOK = 5_000  # files taken up in one look; the rest have their turn when these are gone

# Names that programs give to what they have not finished, and what Windows leaves in folders.
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download")
BEGINNINGS = (".", "~$")
NO_PAPERS = ("thumbs.db", "desktop.ini")
# What file servers keep in a share: thumbnails, and what people have thrown away.
NO_BATCHES = ("#recycle", "@recycle", "@eadir", "$recycle.bin", "system volume information")

Stamp = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds: alike, the file is the same."""


@dataclass(frozen=True)
class Found:
    """A file that is whole. `parts` is its path below the watched folder, as the system has it."""

    root: Path
    parts: Parts
    stamp: Stamp

    @property
    def name(self) -> str:
        """As people may read it."""
        return shown(self.parts[-1])

    @property
    def batch(self) -> str:
        """The first folder on the way to it; empty where the file lies at the top."""
        return shown(self.parts[0]) if len(self.parts) > 1 else ""

    def open(self) -> BinaryIO:
        """The file to read; refused if it is no longer the one that was found."""
        try:
            with folder(self.root, self.parts[:-1]) as here:
                flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
                file = os.fdopen(os.open(self.parts[-1], flags, dir_fd=here), "rb")
        except OSError as error:
            raise _refusal(error, self) from error
        # Opening asks the share anew, where a listing may tell what was true a minute ago.
        now = os.fstat(file.fileno())
        if not stat.S_ISREG(now.st_mode) or _stamp(now) != self.stamp:
            file.close()
            raise FileChanged(name=self.name)
        return file


class Watched:
    """A folder and what is known of the files in it from one look to the next."""

    def __init__(self, folder: Path, *, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._folder = folder
        self._quiet = quiet_seconds
        self._since: dict[Parts, tuple[Stamp, float]] = {}
        self._stuck: dict[Parts, Stamp] = {}
        # Folders in it that the server may not look into, as of the last look.
        self.closed: list[str] = []

    def ready(self, at: float) -> list[Found]:
        """The files that have not changed for the quiet time, each folder's in order of names:
        the top's own first, then folder by folder, so that a batch comes together.

        `at` is in seconds, of any clock that only goes forward. Looking again later gives what is
        still there again. Refuses if the folder cannot be listed or written.
        """
        self._open_for_business()
        self._forget_what_is_unstuck()
        since: dict[Parts, tuple[Stamp, float]] = {}
        found = []
        for parts, stamp in itertools.islice(self._lying(), MOST_A_LOOK):
            known, first = self._since.get(parts, (stamp, at))
            since[parts] = stamp, (first if known == stamp else at)
            if at - since[parts][1] >= (self._quiet if stamp[0] else EMPTY_SECONDS):
                found.append(Found(self._folder, parts, stamp))
        self._since = since
        return found

    def done(self, file: Found) -> None:
        """Move a file that is kept to `done`, under its folder's name and never over another."""
        self._move(file, DONE)

    def failed(self, file: Found, reason: str) -> None:
        """Move a file to `failed`; `reason`, for people, goes into a text file of its name."""
        self._move(file, FAILED, reason)

    def _open_for_business(self) -> None:
        try:
            for name in (DONE, FAILED):
                with folder(self._folder, (name,), make=True) as there:
                    if not os.access(".", os.W_OK, dir_fd=there, effective_ids=True):
                        raise FolderGone(folder=str(self._folder / name))
        except OSError as error:
            raise FolderGone(folder=str(self._folder)) from error

    def _lying(self) -> Iterator[tuple[Parts, Stamp]]:
        self.closed = []
        waiting: list[Parts] = [()]
        while waiting:
            inside = waiting.pop()
            try:
                with folder(self._folder, inside) as here:
                    names, below = self._look(here, inside)
                    yield from _stamped(here, inside, names)
            except PermissionError:
                self.closed.append("/".join(map(shown, inside)))
            except OSError as error:
                if not inside:
                    raise FolderGone(folder=str(self._folder)) from error
                # It went, or became a link, since its own folder was listed.
                continue
            else:
                waiting += [(*inside, name) for name in sorted(below, key=_in_order, reverse=True)]

    def _look(self, here: int, inside: Parts) -> tuple[list[str], list[str]]:
        """The files' and the folders' names in one folder."""
        files, folders = [], []
        with os.scandir(here) as entries:
            for entry in entries:
                if (*inside, entry.name) in self._stuck:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if _is_batch(entry.name, inside):
                        folders.append(entry.name)
                elif entry.is_file(follow_symlinks=False) and not _is_unfinished(entry.name):
                    files.append(entry.name)
        return heapq.nsmallest(MOST_A_LOOK, files, key=_in_order), folders

    def _forget_what_is_unstuck(self) -> None:
        """A file that could not be moved is not brought again, unless it is another by now."""
        for parts, stamp in list(self._stuck.items()):
            try:
                with folder(self._folder, parts[:-1]) as here:
                    now = _stamp(os.stat(parts[-1], dir_fd=here, follow_symlinks=False))
            except OSError:
                now = (-1, -1)
            if now != stamp:
                del self._stuck[parts]

    def _move(self, file: Found, where: str, reason: str = "") -> None:
        *above, name = file.parts
        try:
            with (
                folder(self._folder, tuple(above)) as here,
                folder(self._folder, (where, *above), make=True) as there,
            ):
                if _stamp(os.stat(name, dir_fd=here, follow_symlinks=False)) != file.stamp:
                    # Another file of that name came meanwhile, which nobody has taken.
                    raise FileChanged(name=file.name)
                carry(here, name, there, reason)
        except FileNotFoundError as error:
            raise FileGone(name=file.name) from error
        except OSError as error:
            self._stuck[file.parts] = file.stamp
            raise NotMoved(name=file.name, folder=where) from error


def shown(name: str) -> str:
    """A file's name as people may read it: UTF-8, else what old Chinese Windows writes."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
    return raw.decode("utf-8", "replace")


def _stamped(here: int, inside: Parts, names: list[str]) -> Iterator[tuple[Parts, Stamp]]:
    for name in names:
        try:
            found = os.stat(name, dir_fd=here, follow_symlinks=False)
        except FileNotFoundError:
            continue
        if stat.S_ISREG(found.st_mode):
            yield (*inside, name), _stamp(found)


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_size, found.st_mtime_ns


def _is_batch(name: str, inside: Parts) -> bool:
    low = name.lower()  # A share of Windows knows no difference between done and Done.
    is_ours = not inside and low in (DONE, FAILED)
    return not (is_ours or low.startswith(".") or low in NO_BATCHES)


def _is_unfinished(name: str) -> bool:
    low = name.lower()
    return low.startswith(BEGINNINGS) or low.endswith(UNFINISHED) or low in NO_PAPERS


def _in_order(name: str) -> list[str | int]:
    """By numbers as numbers: page 9 before page 10. Text and numbers take turns, text first."""
    pieces = re.split(r"([0-9]+)", name)
    return [int(piece) if place % 2 else piece for place, piece in enumerate(pieces)]


def _refusal(error: OSError, file: Found) -> NothingCame:
    if isinstance(error, FileNotFoundError | NotADirectoryError) or error.errno == errno.ELOOP:
        return FileGone(name=file.name)
    if error.errno in (errno.ETXTBSY, errno.EBUSY, errno.EAGAIN):
        # So says a share when a program on Windows keeps the file for itself.
        return FileChanged(name=file.name)
    if isinstance(error, PermissionError):
        return FileLocked(name=file.name)
    return FolderGone(folder=str(file.root))
