"""Moving a file below a folder others can write to: under a free name, and through no link.

Whoever can write in the folder may put a link where a file or folder was, at any moment. So every
step goes through open folders, one level at a time: what is moved stays below the folder.
"""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

LONGEST_NAME = 255  # bytes; the limit of common file systems
LONGEST_ENDING = 20

Parts = tuple[str, ...]
"""A path below the folder, one name after another."""


@contextmanager
def folder(root: Path, parts: Parts, *, make: bool = False) -> Iterator[int]:
    """A folder below the root, open, reached through no link; made first if asked."""
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts:
            if make and not _exists(part, here):
                os.mkdir(part, dir_fd=here)
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


def _exists(name: str, here: int) -> bool:
    try:
        os.stat(name, dir_fd=here, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def carry(here: int, name: str, there: int, reason: str) -> None:
    """Move a file into another folder under the first free name, which is taken beforehand."""
    free = _take_name(there, name)
    try:
        if reason:
            _write(there, f"{free}.txt", reason)
        try:
            os.replace(name, free, src_dir_fd=here, dst_dir_fd=there)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy(here, name, there, free)
    except OSError:
        for left in (free, f"{free}.txt") if reason else (free,):
            if _exists(left, there):
                os.unlink(left, dir_fd=there)
        raise


def _take_name(there: int, name: str) -> str:
    """A name nobody has in the folder, now an empty file there; a moved file replaces it whole."""
    for candidate in _names_like(name):
        if _exists(f"{candidate}.txt", there):
            continue
        try:
            os.close(os.open(candidate, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666, dir_fd=there))
        except FileExistsError:
            continue
        return candidate
    raise FileExistsError


def _names_like(name: str) -> Iterator[str]:
    """The name, name (2), … (9), then long odd numbers: a copier calls every file scan.pdf."""
    path = PurePosixPath(name)
    stem, ending = path.stem, path.suffix
    if len(os.fsencode(ending)) > LONGEST_ENDING:
        stem, ending = name, ""
    numbers = [f" ({number})" for number in range(2, 10)]
    numbers += [f" ({secrets.randbelow(10**12):012d})" for _ in range(9)]
    for number in ("", *numbers):
        room = LONGEST_NAME - len(".txt") - len(os.fsencode(number + ending))
        short = os.fsencode(stem)
        if len(short) > room:
            # Not a half of a Chinese character at the end.
            short = short[:room].decode("utf-8", "ignore").encode()
        yield os.fsdecode(short) + number + ending


def _write(there: int, name: str, text: str) -> None:
    flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW
    # With its mark, by which old editors on Windows know UTF-8.
    with os.fdopen(os.open(name, flags, 0o666, dir_fd=there), "w", encoding="utf-8-sig") as file:
        file.write(f"{text}\n")


def _copy(here: int, name: str, there: int, free: str) -> None:
    """Between two disks: the source goes only after its copy is safe."""
    reading = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=here)
    with os.fdopen(reading, "rb") as source:
        writing = os.open(free, os.O_WRONLY | os.O_NOFOLLOW, dir_fd=there)
        with os.fdopen(writing, "wb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
    os.unlink(name, dir_fd=here)
