"""The reading room: pages are read one by one, and reading goes on after any crash."""

import errno
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from archive import documents
from archive.base import ledger, tasks, web
from archive.base.db import now
from archive.documents import Document, Page, PageState, State
from scanning import errors, making
from scanning.making import OriginalGone
from scanning.readingroom import ReadingRoom
from tests.people import Cast, Visitor
from tests.scanning.papers import CONTRACT, drawn
from tests.scanning.workbench import Bench, bring, pdf, picture, stored, turn_to, work

PATIENCE = 30


def picture_of(document: Document, number: int) -> Path:
    """Where the picture of a page is."""
    with web.house().database.reading() as session:
        page = documents.page_of(session, document, number)
        return making.picture_path(web.house().files, page)


def test_a_paper_comes_in_is_read_and_waits_for_the_clerk(
    room: ReadingRoom, in_house: web.House, tmp_path: Path
) -> None:
    came = bring(pdf(tmp_path, 3), "合同.pdf")
    assert came.is_new
    work(room)
    document = stored(came.document.id)
    assert (document.state, document.pages_total, document.pages_done) == (State.READ, 3, 3)
    assert document.kind == "contract"
    assert document.fields["contract_number"]["value"].startswith("HY-2023-SC-00417")
    with in_house.database.reading() as session:
        texts = documents.page_texts(session, document)
        told = [row.action for row in reversed(ledger.history(session, document.subject))]
    assert texts == ["\n".join(f"{line} {number}" for line in CONTRACT) for number in (1, 2, 3)]
    assert told == ["document.received", "document.read"]
    for number in (1, 2, 3):
        assert picture_of(document, number).exists()


BAD: dict[str, tuple[Callable[[Path], bytes], type[errors.Unreadable]]] = {
    "an empty file": (lambda _: b"", errors.EmptyFile),
    "a text renamed to PDF": (lambda _: "合同".encode() * 40, errors.UnknownFormat),
    "a page of the web": (lambda _: b"<!doctype html><p>%", errors.UnknownFormat),
    "a torn JPEG": (lambda _: picture("JPEG")[:100], errors.TornFile),
    "a torn PDF": (lambda tmp: pdf(tmp)[:300], errors.TornFile),
    "a PDF with a password": (lambda tmp: pdf(tmp, password="secret"), errors.EncryptedPdf),
    "a picture 50,000 pixels wide": (
        lambda _: picture("PNG", Image.new("1", (50_000, 10))), errors.TooManyPixels),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_read_says_why_and_its_original_is_kept(
    room: ReadingRoom, in_house: web.House, tmp_path: Path, what: str
) -> None:
    make, reason = BAD[what]
    body = make(tmp_path)
    bad, good = bring(body, "bad.pdf"), bring(pdf(tmp_path, 2), "good.pdf")
    work(room)
    document = stored(bad.document.id)
    assert document.state == State.FAILED
    assert document.problem is not None
    assert document.problem["text"] == reason.text
    assert document.problem["text"] % document.problem["params"]
    assert in_house.files.path(document.original.sha256).read_bytes() == body
    assert stored(good.document.id).state == State.READ
    with in_house.database.reading() as session:
        assert ledger.history(session, document.subject)[0].action == "document.failed"


def test_a_reader_that_dies_costs_its_page_a_try_and_three_park_it(
    room: ReadingRoom, bench: type[Bench], tmp_path: Path
) -> None:
    came = bring(pdf(tmp_path, 2))
    room.open_next()
    bench.trouble = [errors.ReaderDied(), None]
    work(room)
    assert stored(came.document.id).state == State.READ
    assert sorted(bench.read) == [1, 2]
    came = bring(pdf(tmp_path, 2) + b"\n")
    room.open_next()
    bench.trouble = [errors.ReaderDied(), errors.ReaderDied(), errors.PageTookTooLong(seconds=5)]
    work(room)
    document = stored(came.document.id)
    assert (document.state, document.pages_done) == (State.READ, 2)
    assert document.problem == {"text": errors.PageTookTooLong.text, "params": {"seconds": 5}}


def test_a_page_that_is_torn_is_not_tried_again(
    room: ReadingRoom, bench: type[Bench], tmp_path: Path
) -> None:
    came = bring(pdf(tmp_path, 2))
    room.open_next()
    bench.trouble = [errors.TornFile()]
    work(room)
    assert bench.read == [2]
    assert stored(came.document.id).state == State.READ


def test_a_worker_that_is_told_to_stop_blames_no_page(
    room: ReadingRoom, bench: type[Bench], tmp_path: Path
) -> None:
    came = bring(pdf(tmp_path, 2))
    room.open_next()
    for _ in range(4):
        ending = ReadingRoom(web.house())

        def end(ending: ReadingRoom = ending) -> None:
            ending.close()

        bench.trouble = [_AfterClosing(end)]
        assert not ending.read_next()
        # The next worker takes the page up again.
        room.start()
    work(room)
    document = stored(came.document.id)
    assert (document.state, document.problem) == (State.READ, None)


def test_a_worker_that_is_told_to_stop_refuses_no_paper(
    room: ReadingRoom, bench: type[Bench], tmp_path: Path
) -> None:
    came = bring(pdf(tmp_path))
    ending = ReadingRoom(web.house())
    bench.trouble = [_AfterClosing(ending.close)]
    assert not ending.open_next()
    assert stored(came.document.id).state == State.RECEIVED
    work(room)
    assert stored(came.document.id).state == State.READ


class _AfterClosing(errors.ReaderDied):
    """Its reader dies because the room is closed."""

    def __init__(self, close: Callable[[], None]) -> None:
        super().__init__()
        close()


def test_a_look_at_a_paper_that_breaks_off_is_tried_again(
    room: ReadingRoom, bench: type[Bench], tmp_path: Path
) -> None:
    came = bring(pdf(tmp_path))
    bench.trouble = [errors.ReaderDied(), errors.ReaderDied()]
    work(room)
    assert stored(came.document.id).state == State.READ


def test_an_original_that_is_gone_is_said_and_the_others_go_on(
    room: ReadingRoom, in_house: web.House, tmp_path: Path
) -> None:
    lost, other = bring(pdf(tmp_path)), bring(pdf(tmp_path, 2))
    room.open_next()
    later = bring(pdf(tmp_path, 3))
    for came in (lost, later):
        in_house.files.path(came.document.original.sha256).unlink()
    work(room)
    # The first was open already, so it is its page that cannot be read; a bench needs no file.
    assert stored(other.document.id).state == State.READ
    document = stored(later.document.id)
    assert document.state == State.FAILED
    assert document.problem is not None
    assert document.problem["text"] == OriginalGone.text


def test_a_disk_that_cannot_be_read_holds_up_no_other_paper(
    room: ReadingRoom, bench: type[Bench], tmp_path: Path
) -> None:
    bad, good = bring(pdf(tmp_path)), bring(pdf(tmp_path, 2))
    bench.trouble = [OSError(errno.EIO, "Input/output error")]
    work(room)
    assert stored(bad.document.id).state == State.FAILED
    assert stored(good.document.id).state == State.READ


def test_a_page_for_whose_picture_there_is_no_room_is_tried_again(
    room: ReadingRoom, bench: type[Bench], tmp_path: Path
) -> None:
    came = bring(pdf(tmp_path))
    room.open_next()
    for _ in range(documents.MOST_TRIES + 2):
        bench.trouble = [OSError(errno.ENOSPC, "No space left on device")]
        assert not room.read_next()
    assert stored(came.document.id).state == State.READING
    work(room)
    assert stored(came.document.id).state == State.READ


def test_reading_is_taken_up_where_a_killed_worker_stopped(
    room: ReadingRoom, in_house: web.House, bench: type[Bench], tmp_path: Path
) -> None:
    came = bring(pdf(tmp_path, 60))
    room.open_next()
    for _ in range(36):
        room.read_next()
    with in_house.database.writing() as session:
        page = documents.claim_page(session, holder=_dead_process(), at=now())
        assert page is not None
        assert page.number == 37
    assert stored(came.document.id).pages_done == 36
    again = ReadingRoom(in_house)
    again.start()
    work(again)
    # The page that the killed worker held comes last: it may be what killed it.
    assert bench.read == [*range(1, 37), *range(38, 61), 37]
    document = stored(came.document.id)
    assert (document.state, document.pages_done, document.problem) == (State.READ, 60, None)


def _dead_process() -> str:
    host = tasks.identity().rpartition(":")[0]
    child = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(child, 0)
    return f"{host}:{child}"


def test_a_page_of_a_worker_on_another_machine_waits_for_it_some_minutes(
    room: ReadingRoom, in_house: web.House, tmp_path: Path
) -> None:
    bring(pdf(tmp_path))
    room.open_next()
    patience = timedelta(seconds=2 * in_house.settings.page_seconds + 60)
    with in_house.database.writing() as session:
        claimed = now() - patience + timedelta(seconds=30)
        page = documents.claim_page(session, holder="elsewhere:1", at=claimed)
        assert page is not None
    room.release_left()
    assert not room.read_next()
    with in_house.database.writing() as session:
        session.get_one(Page, page.id).claimed_at = claimed - timedelta(seconds=31)
    room.release_left()
    assert room.read_next()


def test_many_threads_read_each_page_once(
    room: ReadingRoom, in_house: web.House, bench: type[Bench], tmp_path: Path
) -> None:
    came = [bring(pdf(tmp_path, pages)) for pages in (7, 1, 12)]
    while room.open_next():
        pass

    def read_all(_: int) -> None:
        while room.read_next():
            pass

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(read_all, range(6)))
    assert len(bench.read) == 20
    while room.finish_next():
        pass
    assert {stored(one.document.id).state for one in came} == {State.READ}


def test_the_short_paper_does_not_wait_for_the_long_one(
    room: ReadingRoom, bench: type[Bench], tmp_path: Path
) -> None:
    long, short = bring(pdf(tmp_path, 30)), bring(pdf(tmp_path, 1))
    while room.open_next():
        pass
    room.read_next()
    room.read_next()
    while room.finish_next():
        pass
    assert stored(short.document.id).state == State.READ
    assert stored(long.document.id).pages_done == 1


def test_what_failed_is_read_again_when_a_clerk_asks(
    app: Flask, in_house: web.House, room: ReadingRoom, bench: type[Bench], staffed: Cast,
    tmp_path: Path,
) -> None:  # fmt: skip
    came = bring(pdf(tmp_path, 2))
    room.open_next()
    bench.trouble = [errors.TornFile(), errors.TornFile()]
    work(room)
    assert stored(came.document.id).state == State.FAILED
    reply = Visitor(app, staffed.clerk).post(f"/documents/{came.document.id}/retry")
    assert reply.data["state"] == "reading"
    work(room)
    assert stored(came.document.id).state == State.READ


@pytest.mark.slow
def test_the_real_workshop_reads_what_comes_in(in_house: web.House, tmp_path: Path) -> None:
    room = ReadingRoom(in_house)
    born = bring(pdf(tmp_path, 3), "born.pdf")
    drawing = BytesIO()
    drawn().save(drawing, "PNG", dpi=(150, 150))
    scan, bad = bring(drawing.getvalue(), "scan.png"), bring(b"\x89PNG\r\n\x1a\n" + b"x" * 99)
    try:
        work(room)
    finally:
        room.close()
    assert stored(born.document.id).kind == "contract"
    assert stored(bad.document.id).state == State.FAILED
    document = stored(scan.document.id)
    assert (document.state, document.kind) == (State.READ, "contract")
    with in_house.database.reading() as session:
        page = documents.page_of(session, document, 1)
        assert page.text == "\n".join(CONTRACT)
        assert page.state == PageState.READ
    with Image.open(picture_of(document, 1)) as seen:
        assert seen.format == "WEBP"


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_closing_the_room_in_the_middle_of_a_page_loses_nothing(
    in_house: web.House, tmp_path: Path
) -> None:
    room = ReadingRoom(in_house)
    body = BytesIO()
    drawn().save(body, "PNG", dpi=(150, 150))
    came = bring(body.getvalue(), "scan.png")
    room.open_next()
    reader = threading.Thread(target=room.read_next)
    reader.start()
    for _ in range(PATIENCE * 20):
        with in_house.database.reading() as session:
            if documents.holders(session):
                break
        threading.Event().wait(0.05)
    threading.Event().wait(0.5)
    room.close()
    reader.join(PATIENCE)
    assert not reader.is_alive()
    with in_house.database.reading() as session:
        page = documents.page_of(session, stored(came.document.id), 1)
        assert (page.state, page.tries) == (PageState.CLAIMED, 0)
    again = ReadingRoom(in_house)
    again.start()
    try:
        work(again)
    finally:
        again.close()
    assert stored(came.document.id).state == State.READ


def test_a_page_turned_twice_is_read_as_it_was_turned_last(
    in_house: web.House, bench: type[Bench], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = ReadingRoom(in_house)
    document = bring(pdf(tmp_path)).document
    work(room)
    turn_to(in_house, document, 90)
    other = threading.Thread(target=room.read_next)
    began, may_end = threading.Event(), threading.Event()
    reads = Bench.read_page

    def read(self: Bench, path: Path, number: int, **told: Any) -> Any:
        if told["turned"] == 90:
            # In the middle of it the clerk turns once more, and another thread takes the page.
            turn_to(in_house, document, 180)
            other.start()
            assert began.wait(PATIENCE)
        else:
            began.set()
            assert may_end.wait(PATIENCE)
        return replace(reads(self, path, number, **told), rotation=told["turned"])

    monkeypatch.setattr(Bench, "read_page", read)
    assert room.read_next()
    may_end.set()
    other.join(PATIENCE)
    work(room)
    with in_house.database.reading() as session:
        page = documents.leaves(session, session.get_one(Document, document.id))[0]
    assert (page.state, page.turned) == (PageState.READ, 180)
    assert page.reading is not None
    assert page.reading["rotation"] == 180
    assert (stored(document.id).state, stored(document.id).pages_done) == (State.READ, 1)
