"""The watched folder: what is taken, when, and where it goes; and all that happens on a share."""

import errno
import os
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanning.devices import errors
from scanning.devices import watched as room
from scanning.devices.watched import Found, Watched

QUIET = 10.0


@pytest.fixture
def share(tmp_path: Path) -> Path:
    share = tmp_path / "收件"
    share.mkdir()
    return share


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A share of someone else's, looked at without any rights; only root can try this."""
    if os.geteuid():
        pytest.skip("only root can become somebody else")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        share = Path(folder) / "share"
        share.mkdir()
        share.chmod(0o777)
        for name in ("done", "failed"):
            (share / name).mkdir()
            (share / name).chmod(0o777)
        os.seteuid(65_534)
        try:
            yield share
        finally:
            os.seteuid(0)


def put(share: Path, name: str, content: bytes = b"paper") -> Path:
    file = share / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def quiet(watched: Watched) -> list[Found]:
    """What is ready after a look and another, when the quiet time has passed."""
    watched.ready(1_000.0)
    return watched.ready(1_000.0 + QUIET)


def names(found: list[Found]) -> list[str]:
    return [file.name for file in found]


def lying(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_taken_when_it_has_not_changed_for_the_quiet_time(share: Path) -> None:
    watched = Watched(share, quiet_seconds=QUIET)
    file = put(share, "合同.pdf", b"half")
    assert watched.ready(0) == []
    assert watched.ready(9) == []
    file.write_bytes(b"half and half")
    assert watched.ready(11) == []
    assert watched.ready(20) == []
    (found,) = watched.ready(21)
    with found.open() as content:
        assert content.read() == b"half and half"
    assert found.batch == ""


def test_a_file_that_keeps_its_size_but_is_written_to_waits(share: Path) -> None:
    watched = Watched(share, quiet_seconds=QUIET)
    file = put(share, "scan.pdf", b"....")
    watched.ready(0)
    os.utime(file, ns=(1, 1))
    assert watched.ready(11) == []
    assert names(watched.ready(21)) == ["scan.pdf"]


def test_what_programs_have_not_finished_is_left_alone(share: Path) -> None:
    for name in ("~$合同.docx", "a.pdf.part", "b.TMP", "c.crdownload", ".hidden.pdf", "Thumbs.db",
                 ".cache/x.pdf", "#recycle/thrown away.pdf", "@eaDir/thumb.jpg"):  # fmt: skip
        put(share, name)
    put(share, "#1 ~合同.pdf")
    assert names(quiet(Watched(share))) == ["#1 ~合同.pdf"]


def test_an_empty_file_is_taken_only_when_it_is_old(share: Path) -> None:
    put(share, "empty.pdf", b"")
    watched = Watched(share)
    assert watched.ready(0) == []
    assert watched.ready(3_599) == []
    assert names(watched.ready(3_600)) == ["empty.pdf"]


def test_a_folder_is_a_batch_and_its_pages_come_in_order(share: Path) -> None:
    for name in ("张三/扫描 10.png", "张三/扫描 9.png", "张三/part 2/x.png", "b.pdf", "2024/1.pdf"):
        put(share, name)
    found = quiet(Watched(share))
    assert [(file.batch, file.name) for file in found] == [
        ("", "b.pdf"),
        ("2024", "1.pdf"),
        ("张三", "扫描 9.png"),
        ("张三", "扫描 10.png"),
        ("张三", "x.png"),
    ]


def test_a_taken_file_goes_to_done_and_a_bad_one_to_failed_with_the_reason(share: Path) -> None:
    put(share, "张三/good.pdf", b"good")
    put(share, "张三/bad.pdf", b"bad")
    watched = Watched(share)
    bad, good = quiet(watched)
    watched.done(good)
    watched.failed(bad, "文件已损坏。请重新扫描。")
    assert lying(share) == ["done/张三/good.pdf", "failed/张三/bad.pdf", "failed/张三/bad.pdf.txt"]
    assert (share / "done/张三/good.pdf").read_bytes() == b"good"
    reason = (share / "failed/张三/bad.pdf.txt").read_text(encoding="utf-8-sig")
    assert reason == "文件已损坏。请重新扫描。\n"
    assert watched.ready(2_000) == []


def test_nothing_in_done_or_failed_is_ever_overwritten(share: Path) -> None:
    watched = Watched(share)
    at = 0.0
    for number in range(12):
        put(share, "scan.pdf", b"%d" % number)
        watched.ready(at)
        (file,) = watched.ready(at + QUIET)
        watched.done(file) if number % 2 else watched.failed(file, f"reason {number}")
        at += 100
    done = [path.read_bytes() for path in (share / "done").iterdir()]
    assert sorted(done, key=int) == [b"1", b"3", b"5", b"7", b"9", b"11"]
    assert (share / "done/scan (2).pdf").read_bytes() == b"3"
    for number, name in ((0, "scan.pdf"), (2, "scan (2).pdf"), (4, "scan (3).pdf")):
        assert (share / "failed" / name).read_bytes() == b"%d" % number
        assert f"reason {number}" in (share / "failed" / f"{name}.txt").read_text()


def test_a_copier_may_use_one_name_for_ever(share: Path) -> None:
    watched = Watched(share)
    for number in range(40):
        put(share, "scan.pdf", b"%d" % number)
        watched.ready(number * 100.0)
        (file,) = watched.ready(number * 100.0 + QUIET)
        watched.done(file)
    assert len(list((share / "done").iterdir())) == 40


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("合同（一）.pdf".encode(), "合同（一）.pdf"),
        ("合同.pdf".encode("gb18030"), "合同.pdf"),
        (b"\xff\xfe\x81.pdf", "\ufffd\ufffd\ufffd.pdf"),
        (b"a\nb\x1b[2J'\"%s $(x).pdf", "a\ufffdb\ufffd[2J'\"%s $(x).pdf"),
        ("长".encode() * 83 + b".pdf", "长" * 83 + ".pdf"),
        (b"x." + b"y" * 253, "x." + "y" * 253),
        (b"-rf", "-rf"),
    ],
)
def test_a_name_of_any_characters_is_taken_and_moved(share: Path, raw: bytes, shown: str) -> None:
    for take in ("done", "failed"):
        (share / os.fsdecode(raw)).write_bytes(b"paper")
        watched = Watched(share)
        (found,) = quiet(watched)
        assert found.name == shown
        with found.open() as content:
            assert content.read() == b"paper"
        watched.done(found) if take == "done" else watched.failed(found, "why")
    assert len(lying(share / "done")) == 1
    assert len(lying(share / "failed")) == 2


def test_another_file_under_the_same_name_is_not_moved_unseen(share: Path) -> None:
    file = put(share, "scan.pdf", b"first")
    watched = Watched(share)
    (found,) = quiet(watched)
    file.write_bytes(b"the second")
    with pytest.raises(errors.FileChanged):
        found.open()
    with pytest.raises(errors.FileChanged):
        watched.done(found)
    assert file.read_bytes() == b"the second"
    watched.ready(3_000)
    assert names(watched.ready(3_000 + QUIET)) == ["scan.pdf"]


def test_a_file_that_vanishes_stops_nothing(share: Path) -> None:
    file = put(share, "scan.pdf")
    watched = Watched(share)
    (found,) = quiet(watched)
    file.unlink()
    with pytest.raises(errors.FileGone, match=r"scan\.pdf"):
        found.open()
    with pytest.raises(errors.FileGone):
        watched.done(found)
    assert watched.ready(5_000) == []


def test_links_lead_nowhere(share: Path, tmp_path: Path) -> None:
    secret = put(tmp_path, "secret/key.pdf")
    (share / "link.pdf").symlink_to(secret)
    (share / "links").symlink_to(secret.parent)
    os.mkfifo(share / "pipe.pdf")
    assert quiet(Watched(share)) == []


def test_a_link_put_in_a_files_place_is_not_followed(share: Path, tmp_path: Path) -> None:
    secret = put(tmp_path, "secret/key.pdf", b"secret")
    plain, below = put(share, "key.pdf", b"plain!"), put(share, "batch/key.pdf", b"plain!")
    watched = Watched(share)
    found = quiet(watched)
    plain.unlink()
    plain.symlink_to(secret)
    below.unlink()
    below.parent.rmdir()
    below.parent.symlink_to(secret.parent)
    for file in found:
        with pytest.raises(errors.FileGone):
            file.open()
        with pytest.raises(errors.NothingCame):
            watched.done(file)
    assert secret.read_bytes() == b"secret"


def test_a_done_folder_that_is_a_link_is_refused(share: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (share / "done").symlink_to(elsewhere)
    with pytest.raises(errors.FolderGone):
        Watched(share).ready(0)


def test_a_share_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.FolderGone, match="nowhere"):
        Watched(tmp_path / "nowhere").ready(0)


def test_a_crash_before_the_move_brings_the_same_file_again(share: Path) -> None:
    put(share, "scan.pdf")
    first, again = quiet(Watched(share)), quiet(Watched(share))
    assert first == again


def test_a_crash_within_the_move_loses_nothing(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(share, "scan.pdf", b"paper")
    watched = Watched(share)
    (found,) = quiet(watched)

    class Killed(BaseException):
        pass

    def die(*args: object, **kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as crash:
        crash.setattr(os, "replace", die)
        with pytest.raises(Killed):
            watched.done(found)
    second = Watched(share)
    (found,) = quiet(second)
    second.done(found)
    assert lying(share) == ["done/scan (2).pdf", "done/scan.pdf"]
    assert (share / "done/scan (2).pdf").read_bytes() == b"paper"


def test_done_may_lie_on_another_disk_and_the_copy_is_safe_before_the_file_goes(
    share: Path, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(share, "scan.pdf", b"paper" * 100_000)
    watched = Watched(share)
    (found,) = quiet(watched)

    def across(*args: object, **kwargs: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "replace", across)
    watched.done(found)
    assert lying(share) == ["done/scan.pdf"]
    assert (share / "done/scan.pdf").read_bytes() == b"paper" * 100_000
    assert str(share / "done/scan.pdf") in synced


def test_a_full_disk_leaves_the_file_where_it_is(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(share, "scan.pdf")
    watched = Watched(share)
    (found,) = quiet(watched)

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(errors.NotMoved):
        watched.failed(found, "why")
    assert lying(share) == ["scan.pdf"]
    assert watched.ready(9_000) == []  # It is not brought over and over.
    put(share, "scan.pdf", b"another")
    watched.ready(10_000)
    assert names(watched.ready(10_000 + QUIET)) == ["scan.pdf"]


def test_a_file_that_may_not_be_read_is_said_and_set_aside(nobody: Path) -> None:
    file = put(nobody, "secret.pdf")
    file.chmod(0)
    put(nobody, "plain.pdf")
    watched = Watched(nobody)
    plain, secret = quiet(watched)
    with pytest.raises(errors.FileLocked) as refused:
        secret.open()
    watched.failed(secret, str(refused.value))
    watched.done(plain)
    assert lying(nobody) == ["done/plain.pdf", "failed/secret.pdf", "failed/secret.pdf.txt"]


def test_a_folder_that_may_not_be_looked_into_is_named_and_the_others_go_on(nobody: Path) -> None:
    put(nobody, "shut/a.pdf")
    put(nobody, "open/b.pdf")
    (nobody / "shut").chmod(0)
    watched = Watched(nobody)
    assert names(quiet(watched)) == ["b.pdf"]
    assert watched.closed == ["shut"]
    (nobody / "shut").chmod(0o700)


def test_a_folder_where_the_server_may_not_write_is_refused_at_once(nobody: Path) -> None:
    put(nobody, "a.pdf")
    (nobody / "done").rmdir()
    (nobody / "done").mkdir(mode=0o555)
    with pytest.raises(errors.FolderGone, match="done"):
        Watched(nobody).ready(0)


def test_a_file_that_may_not_be_moved_is_not_brought_over_and_over(nobody: Path) -> None:
    put(nobody, "mine/a.pdf")
    watched = Watched(nobody)
    (found,) = quiet(watched)
    (nobody / "mine").chmod(0o555)
    with pytest.raises(errors.NotMoved, match=r"a\.pdf"):
        watched.done(found)
    assert watched.ready(5_000) == []
    assert lying(nobody) == ["mine/a.pdf"]
    (nobody / "mine").chmod(0o755)


def test_thousands_of_files_are_taken_some_at_a_time(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_A_LOOK", 500)
    for number in range(1_200):
        put(share, f"{number}.pdf")
    watched = Watched(share)
    taken: list[str] = []
    found: list[Found] = []
    at = 0.0
    while not taken or found:
        watched.ready(at)
        found = watched.ready(at + QUIET)
        assert len(found) <= 500
        for file in found:
            watched.done(file)
        taken += names(found)
        at += 100
    assert taken == [f"{number}.pdf" for number in range(1_200)]


def test_ten_thousand_files_take_little_memory(share: Path) -> None:
    for number in range(10_000):
        (share / f"IMG_{number}.jpg").touch()
    watched = Watched(share)
    tracemalloc.start()
    try:
        watched.ready(0)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000
