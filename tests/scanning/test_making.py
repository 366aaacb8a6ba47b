"""What is made of originals: searchable PDFs and the pictures of pages."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Destination

from archive import batches, documents
from archive.base import web
from archive.base.ledger import HOUSE
from archive.documents import Document, State, Strip
from scanning import errors, intake
from scanning.making import WORKSHOP, searchable_path
from scanning.readingroom import ReadingRoom
from scanning.routes.pictures import NoPageLeft
from scanning.workshop import Workshop
from tests.people import NOON, Cast, Visitor
from tests.scanning.workbench import bring, pdf, picture, stored, work


def test_the_searchable_pdf_is_made_when_it_is_first_asked_for(
    app: Flask, in_house: web.House, room: ReadingRoom, staffed: Cast
) -> None:
    came = bring(picture("PNG"), "scan.png")
    clerk = Visitor(app, staffed.clerk)
    path = f"/documents/{came.document.id}/searchable.pdf"
    assert clerk.get(path).status == 409
    work(room)
    answer = clerk.client.get(f"/api/v1{path}", headers=clerk._headers)
    assert answer.status_code == 200
    assert "设备采购合同" in PdfReader(BytesIO(answer.data)).pages[0].extract_text()
    assert clerk.client.get(f"/api/v1{path}", headers=clerk._headers).data == answer.data


def test_a_page_of_a_paper_is_seen_and_its_original_is_given_back(
    app: Flask, in_house: web.House, room: ReadingRoom, staffed: Cast, tmp_path: Path
) -> None:
    body = pdf(tmp_path)
    came = bring(body, "合同 1.pdf")
    clerk = Visitor(app, staffed.clerk)
    base = f"/api/v1/documents/{came.document.id}"
    assert clerk.get(f"/documents/{came.document.id}/pages/1/picture").status == 404
    work(room)
    seen = clerk.client.get(f"{base}/pages/1/picture?of=1", headers=clerk._headers)
    assert (seen.status_code, seen.mimetype) == (200, "image/webp")
    assert "immutable" in seen.headers["Cache-Control"]
    given = clerk.client.get(f"{base}/original", headers=clerk._headers)
    assert given.data == body
    assert given.headers["Content-Disposition"].startswith("attachment")
    part = clerk.client.get(f"{base}/original", headers=clerk._headers | {"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, body[:10])
    assert clerk.get(f"/documents/{came.document.id}/pages/2/picture").status == 404


def test_a_searchable_pdf_of_an_earlier_reading_is_not_given_out(
    app: Flask, in_house: web.House, room: ReadingRoom, staffed: Cast
) -> None:
    came = bring(picture("PNG"), "scan.png")
    clerk = Visitor(app, staffed.clerk)
    work(room)
    first = stored(came.document.id)
    old = searchable_path(in_house.files, first)
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_bytes(b"of the first reading")
    with in_house.database.writing() as session:
        read_again = session.get_one(Document, first.id)
        read_again.read_at = NOON
    path = f"/api/v1/documents/{first.id}/searchable.pdf"
    assert clerk.client.get(path, headers=clerk._headers).data.startswith(b"%PDF")
    assert not old.exists()


def test_a_paper_of_two_files_is_one_searchable_pdf_and_can_be_parted_again(
    app: Flask, in_house: web.House, room: ReadingRoom, staffed: Cast, tmp_path: Path
) -> None:
    clerk = Visitor(app, staffed.clerk)
    came = two_files(tmp_path)
    work(room)
    step(room, came, "join", documents.join, 2)
    assert [stored(one).state for one in came] == [State.READ, State.JOINED]
    bound = searchable_of(clerk, came[0])
    assert len(bound.pages) == 3
    assert bookmarks_of(bound) == [("a.pdf", 0)]
    step(room, came, "split", documents.split, 1)
    with in_house.database.reading() as session:
        parts = documents.of_originals(session, came)
        assert [one.pages_total for one in parts] == [1, 2]
    assert len(searchable_of(clerk, came[0]).pages) == 1
    later = searchable_of(clerk, parts[1].id)
    assert len(later.pages) == 2
    assert bookmarks_of(later) == [(parts[1].shown_title, 0)]
    with in_house.database.writing() as session:
        found = batches.by_id(session, stored(came[0]).original.batch_id)
        documents.undo(session, found, by=HOUSE, at=NOON)
        documents.undo(session, found, by=HOUSE, at=NOON)
    work(room)
    assert [stored(one).state for one in came] == [State.READ, State.READ]
    assert [stored(one).pages_total for one in came] == [2, 1]


def test_a_document_that_was_joined_says_where_its_pages_are(
    app: Flask, room: ReadingRoom, staffed: Cast, tmp_path: Path
) -> None:
    came = two_files(tmp_path)
    work(room)
    step(room, came, "join", documents.join, 2)
    reply = Visitor(app, staffed.clerk).get(f"/documents/{came[1]}/searchable.pdf")
    assert reply.status == 409
    assert "joined to “a.pdf”" in reply.data["error"]


def test_a_document_without_pages_says_that_they_were_set_aside(
    app: Flask, room: ReadingRoom, staffed: Cast, tmp_path: Path
) -> None:
    came = two_files(tmp_path)
    work(room)
    step(room, came, "set-aside", documents.set_aside, 2)
    reply = Visitor(app, staffed.clerk).get(f"/documents/{came[1]}/searchable.pdf")
    assert (reply.status, reply.data) == (409, {"error": NoPageLeft.text})


@pytest.mark.slow
def test_a_page_is_drawn_while_a_thick_paper_is_bound(app: Flask) -> None:
    workshop: Workshop = app.extensions[WORKSHOP]

    def bind() -> None:
        with suppress(errors.ReaderDied):
            workshop.run(time.sleep, 60)

    binding = threading.Thread(target=bind)
    binding.start()
    while not workshop._free.qsize() < workshop.workers:
        time.sleep(0.05)
    try:
        assert workshop.run(abs, -1) == 1
        assert binding.is_alive()
    finally:
        workshop.close()
        binding.join()


def test_a_papers_bookmark_is_its_title_of_today(
    app: Flask, in_house: web.House, room: ReadingRoom, staffed: Cast
) -> None:
    came = bring(picture("PNG"), "scan.png")
    clerk = Visitor(app, staffed.clerk)
    work(room)
    assert bookmarks_of(searchable_of(clerk, came.document.id)) == [("scan.png", 0)]
    with in_house.database.writing() as session:
        session.get_one(Document, came.document.id).title = "设备采购合同"
    assert bookmarks_of(searchable_of(clerk, came.document.id)) == [("设备采购合同", 0)]


def test_a_pdf_that_came_with_bookmarks_keeps_them(
    app: Flask, in_house: web.House, room: ReadingRoom, staffed: Cast, tmp_path: Path
) -> None:
    own = BytesIO()
    writer = PdfWriter(clone_from=BytesIO(pdf(tmp_path, 2)))
    writer.add_outline_item(title="附件一", page_number=1)
    writer.write(own)
    came = bring(own.getvalue(), "合同.pdf")
    work(room)
    bound = searchable_of(Visitor(app, staffed.clerk), came.document.id)
    assert bookmarks_of(bound) == [("附件一", 1)]


def bookmarks_of(bound: PdfReader) -> list[tuple[str, int | None]]:
    """Each with the page it leads to, from 0."""
    marks = [one for one in bound.outline if isinstance(one, Destination)]
    return [(str(one.title), bound.get_destination_page_number(one)) for one in marks]


def two_files(folder: Path) -> list[int]:
    """A batch of a PDF of two pages and a picture."""
    with web.house().database.writing() as session:
        batch = batches.open_batch(session, source="upload", by=HOUSE, at=NOON).id
    return [
        intake.receive(
            BytesIO(body), name, engine="rapidocr", by=HOUSE, origin="upload", batch=batch
        ).document.id
        for body, name in ((pdf(folder, 2), "a.pdf"), (picture("PNG"), "b.png"))
    ]


def step(
    room: ReadingRoom, came: list[int], name: str, change: Callable[[Strip, int], Strip], page: int
) -> None:
    """A step with the page at this place of the files' strip."""
    with web.house().database.writing() as session:
        batch = batches.by_id(session, stored(came[0]).original.batch_id)
        number = documents.pages_of(session, batch)[page].id
        documents.rearrange(
            session, batch, name, lambda strip: change(strip, number), by=HOUSE, at=NOON
        )
    work(room)


def searchable_of(clerk: Visitor, number: int) -> PdfReader:
    path = f"/api/v1/documents/{number}/searchable.pdf"
    # The test's own context outlives the request, and its session with it.
    web.close_session()
    return PdfReader(BytesIO(clerk.client.get(path, headers=clerk._headers).data))
