"""The contract of files: once by content, safe before the answer, a full disk said as such."""

import errno
import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest

from archive.base.errors import NoRoom
from archive.base.files import CHUNK, Files, LocalFiles


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def files(root: Path) -> Files:
    return LocalFiles(root)


def everything(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def test_an_original_is_kept_unchanged_under_the_name_of_its_bytes(files: Files) -> None:
    body = os.urandom(3 * CHUNK + 17)
    kept = files.keep(BytesIO(body))
    assert (kept.sha256, kept.size) == (hashlib.sha256(body).hexdigest(), len(body))
    assert files.path(kept.sha256).read_bytes() == body


def test_the_same_bytes_are_kept_once(files: Files, root: Path) -> None:
    first, second = files.keep(BytesIO(b"paper")), files.keep(BytesIO(b"paper"))
    assert first == second
    assert everything(root) == [files.path(first.sha256)]


def test_the_same_bytes_at_once_are_kept_once(files: Files, root: Path) -> None:
    body, together = os.urandom(CHUNK), threading.Barrier(8)

    def keep(_: int) -> str:
        together.wait()
        return files.keep(BytesIO(body)).sha256

    with ThreadPoolExecutor(8) as crowd:
        names = set(crowd.map(keep, range(8)))
    assert everything(root) == [files.path(names.pop())]
    assert not names


def test_nothing_is_an_original_too(files: Files) -> None:
    kept = files.keep(BytesIO(b""))
    assert (kept.size, files.path(kept.sha256).read_bytes()) == (0, b"")


def test_an_original_cannot_be_written_over_by_mistake(files: Files) -> None:
    kept = files.keep(BytesIO(b"paper"))
    assert files.path(kept.sha256).stat().st_mode & 0o222 == 0


@pytest.mark.parametrize("trouble", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_refused_and_leaves_nothing(
    trouble: int, files: Files, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(trouble, os.strerror(trouble))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoRoom):
        files.keep(BytesIO(b"paper"))
    assert everything(root) == []


def test_a_disk_that_fills_up_as_the_folder_is_written_is_refused_too(
    files: Files, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = os.fsync, []

    def second_fails(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", second_fails)
    with pytest.raises(NoRoom):
        files.keep(BytesIO(b"paper"))


def test_another_trouble_of_the_disk_stays_what_it_is(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        files.keep(BytesIO(b"paper"))


def test_bytes_and_their_folders_are_on_the_disk_before_the_answer(
    files: Files, root: Path, synced: list[str]
) -> None:
    kept = files.keep(BytesIO(b"paper"))
    target = files.path(kept.sha256)
    assert synced[0].startswith(str(root / "incoming"))
    # The bytes, the name in its folder, and the folder's own name.
    assert {str(target.parent), str(target.parent.parent)} <= set(synced[1:])


def test_who_sends_the_same_bytes_again_is_answered_when_they_are_safe(
    files: Files, synced: list[str]
) -> None:
    kept = files.keep(BytesIO(b"paper"))
    synced.clear()
    files.keep(BytesIO(b"paper"))
    # Whoever was first may have moved it there a moment ago and not be done yet.
    assert str(files.path(kept.sha256).parent) in synced


def test_what_a_killed_server_left_half_written_goes_away(root: Path) -> None:
    left, arriving = root / "incoming" / "old", root / "incoming" / "new"
    files = LocalFiles(root)
    left.write_bytes(b"half")
    arriving.write_bytes(b"half")
    os.utime(left, (0, 0))
    files.tidy()
    assert everything(root) == [arriving]


def test_what_a_killed_child_left_half_made_goes_away(files: Files, root: Path) -> None:
    sha256 = files.keep(BytesIO(b"paper")).sha256
    whole, being_made = files.made(sha256, "page-1.webp"), files.made(sha256, ".page-2.webp.1.part")
    left, folder = files.made(sha256, ".page-1.webp.0.part"), files.made(sha256, ".a.pdf.parts")
    folder.mkdir(parents=True)
    for one in (whole, being_made, left, folder / "0.pdf"):
        one.write_bytes(b"half")
    for one in (whole, left, folder):
        os.utime(one, (0, 0))
    files.tidy()
    assert set(everything(root)) == {files.path(sha256), whole, being_made}
    assert not folder.exists()


def test_what_is_made_of_an_original_lies_apart_from_it(files: Files, root: Path) -> None:
    kept = files.keep(BytesIO(b"paper"))
    made = files.made(kept.sha256, "page-1.webp")
    assert made.is_relative_to(root)
    assert not made.exists()
    assert not made.is_relative_to(root / "originals")
