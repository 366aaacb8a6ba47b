"""The watched folder as a source: what is dropped there is in the archive once, and moved away."""

import errno
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from archive import sources
from archive.base import web
from archive.base.files import Kept
from archive.base.settings import Settings
from archive.batches import Batch
from archive.documents import Original
from scanning.devices import watched
from scanning.fetching.folder import WatchedFolder
from tests.pages import Browser
from tests.people import NOON, Cast, hire
from tests.scanning.papers import printed_pdf
from tests.server import Server

QUIET = 2.0


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "共享"
    folder.mkdir()
    return folder


@pytest.fixture
def app(settings: Settings, share: Path) -> Iterator[Flask]:
    told = settings.model_copy(
        update={"watched_folder": share, "watched_clerk": "chen", "watched_quiet_seconds": QUIET}
    )
    made = create_app(told)
    yield made
    made.extensions[web.HOUSE_KEY].database.close()


class Clock:
    """Time as the watcher sees it."""

    now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    told = Clock()
    monkeypatch.setattr("scanning.fetching.folder.time", told)
    return told


def put(share: Path, name: str, content: bytes = b"%PDF-1.7 paper") -> Path:
    file = share / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content + name.encode())
    return file


def look(watching: WatchedFolder, clock: Clock) -> None:
    """Two looks, between which what lies there comes to rest; each from another thread, as the
    worker's are."""
    for _ in range(2):
        with ThreadPoolExecutor(1) as thread:
            thread.submit(watching.step).result()
        clock.now += QUIET


@pytest.fixture
def watching(house: web.House, share: Path) -> Iterator[WatchedFolder]:
    made = WatchedFolder(house, share)
    yield made
    made.close()


def arrived(house: web.House) -> list[tuple[str, str, str]]:
    """Batch, its source, and the file's name of each original."""
    with house.database.reading() as session:
        query = select(Batch.id, Batch.name, Batch.source, Original.file_name).join(Original)
        rows = session.execute(query.order_by(Original.id)).all()
        return [(name, source, file) for _, name, source, file in rows]


def batches(house: web.House) -> int:
    with house.database.reading() as session:
        return len(session.scalars(select(Batch.id)).all())


def names(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_what_is_dropped_comes_in_and_is_moved_to_done(
    house: web.House, share: Path, watching: WatchedFolder, clock: Clock, staffed: Cast
) -> None:
    put(share, "扫描 1.pdf")
    put(share, "顺丰/运单 10.pdf")
    put(share, "顺丰/运单 9.pdf")
    watching.step()
    assert arrived(house) == [], "it may still be written"
    clock.now += QUIET
    watching.step()
    assert arrived(house) == [
        ("", "folder", "扫描 1.pdf"),
        ("顺丰", "folder", "运单 9.pdf"),
        ("顺丰", "folder", "运单 10.pdf"),
    ]
    assert batches(house) == 2
    assert names(share) == ["done/扫描 1.pdf", "done/顺丰/运单 10.pdf", "done/顺丰/运单 9.pdf"]


def test_a_folder_of_a_clerks_name_brings_that_clerks_papers(
    house: web.House, share: Path, watching: WatchedFolder, clock: Clock, staffed: Cast
) -> None:
    put(share, "wang/a.pdf")
    put(share, "li/b.pdf")
    put(share, "c.pdf")
    look(watching, clock)
    with house.database.reading() as session:
        by = {one.file_name: one.received_by_id for one in session.scalars(select(Original))}
    # A reader may not receive papers: what lies in the folder is the watched clerk's.
    assert by == {
        "a.pdf": staffed.archivist.id, "b.pdf": staffed.clerk.id, "c.pdf": staffed.clerk.id,
    }  # fmt: skip


def test_a_folder_is_one_batch_a_day(
    house: web.House, share: Path, watching: WatchedFolder, clock: Clock, staffed: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    # Noon, a minute before midnight and midnight where the archive is; all one day in UTC.
    for hours, count in ((0, 1), (11.98, 1), (12, 2)):
        moment = NOON + timedelta(hours=hours)
        monkeypatch.setattr("scanning.fetching.folder.now", lambda moment=moment: moment)
        put(share, f"合同/{hours}.pdf")
        look(watching, clock)
        assert batches(house) == count


def test_a_watcher_killed_after_receiving_brings_nothing_twice(
    house: web.House, share: Path, clock: Clock, staffed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(share, "一/paper.pdf")
    killed = WatchedFolder(house, share)
    with monkeypatch.context() as power:

        def cut(*_: object) -> None:
            raise KeyboardInterrupt

        power.setattr(watched.Watched, "done", cut)
        with pytest.raises(KeyboardInterrupt):
            look(killed, clock)
    killed.close()
    assert names(share) == ["一/paper.pdf"]
    again = WatchedFolder(house, share)
    look(again, clock)
    again.close()
    assert arrived(house) == [("一", "folder", "paper.pdf")]
    assert batches(house) == 1
    assert names(share) == ["done/一/paper.pdf"]


def test_what_is_no_paper_goes_to_failed_with_its_reason_and_the_inbox_says_so(
    app: Flask, house: web.House, share: Path, watching: WatchedFolder, clock: Clock, staffed: Cast
) -> None:
    put(share, "budget.xlsx", b"PK\x03\x04 rows")
    look(watching, clock)
    assert arrived(house) == []
    assert names(share) == ["failed/budget.xlsx", "failed/budget.xlsx.txt"]
    reason = (share / "failed/budget.xlsx.txt").read_text("utf-8-sig")
    assert reason.strip()
    page = Browser(app, staffed.clerk).get("/inbox").text
    assert "<b>Watched folder</b> · budget.xlsx · " in page
    assert reason.split(".")[0].strip()[:20] in page


def test_a_file_whose_bytes_do_not_come_holds_up_no_other(
    house: web.House,
    share: Path,
    watching: WatchedFolder,
    clock: Clock,
    staffed: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(share, "a.pdf")
    put(share, "b.pdf")
    keep = house.files.keep

    def torn(source: BinaryIO) -> Kept:
        if source.read().endswith(b"a.pdf"):
            raise OSError(errno.EIO, "Input/output error")
        source.seek(0)
        return keep(source)

    with monkeypatch.context() as trouble:
        trouble.setattr(house.files, "keep", torn)
        look(watching, clock)
    assert names(share) == ["a.pdf", "done/b.pdf"]
    look(watching, clock)
    assert names(share) == ["done/a.pdf", "done/b.pdf"]


def test_a_share_that_is_away_is_said_once_and_forgotten_when_it_is_back(
    app: Flask, house: web.House, share: Path, watching: WatchedFolder, clock: Clock, staffed: Cast
) -> None:
    share.rename(share.with_name("away"))
    look(watching, clock)
    page = Browser(app, staffed.clerk).get("/inbox").text
    assert f"The watched folder {share} cannot be opened" in page
    share.with_name("away").rename(share)
    look(watching, clock)
    assert "cannot be opened" not in Browser(app, staffed.clerk).get("/inbox").text


def test_a_clerk_that_nobody_is_stops_nothing_but_is_said(
    house: web.House, share: Path, clock: Clock
) -> None:
    put(share, "a.pdf")
    watching = WatchedFolder(house, share)
    look(watching, clock)
    with house.database.reading() as session:
        (state,) = sources.listed(session)
    assert state.problem and "log-in name" in state.problem["text"]
    assert names(share) == ["a.pdf"]
    with house.database.writing() as session:
        hire(session)
    look(watching, clock)
    watching.close()
    assert names(share) == ["done/a.pdf"]


def test_of_two_workers_one_watches(
    house: web.House, share: Path, watching: WatchedFolder, clock: Clock, staffed: Cast
) -> None:
    second = WatchedFolder(house, share)
    put(share, "a.pdf")
    look(watching, clock)
    put(share, "b.pdf")
    look(second, clock)
    assert names(share) == ["b.pdf", "done/a.pdf"]
    watching.close()
    look(second, clock)
    second.close()
    assert names(share) == ["done/a.pdf", "done/b.pdf"]


@pytest.mark.slow
def test_a_worker_that_runs_looks_every_few_seconds(tmp_path: Path, share: Path) -> None:
    told = {"watched_folder": str(share), "watched_quiet_seconds": "1"}
    with Server(tmp_path / "data", **told) as server:
        put(share, "顺丰/a.pdf", pdf(tmp_path))
        over = time.monotonic() + 40
        while names(share) != ["done/顺丰/a.pdf"]:
            assert time.monotonic() < over, names(share)
            time.sleep(0.2)
        (paper,) = server.wait_until_read(40)
        assert paper["file_name"] == "a.pdf"


def pdf(folder: Path) -> bytes:
    return printed_pdf(folder / "paper.pdf", 1).read_bytes()
