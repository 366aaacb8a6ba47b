"""Intake: what comes in is kept once, read page by page, and goes on after any crash."""

import errno
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from archive import batches, categories, documents
from archive.base import ledger, tasks, web
from archive.base.db import now
from archive.base.errors import NoRoom
from archive.base.ledger import HOUSE
from archive.base.settings import Settings
from archive.documents import Document, Page, PageState, State, Strip
from scanning import dividing, errors, intake
from scanning.fields import suggest
from scanning.intake import OriginalGone, ReadingRoom, searchable_path
from scanning.stacks.splitting import split
from tests.people import NOON, Cast, Visitor, hire
from tests.scanning.papers import CONTRACT, drawn, printed_pdf
from tests.scanning.workbench import Bench

PATIENCE = 30


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> type[Bench]:
    """The bench in the place of the workshop; `trouble` is what happens next."""
    Bench.trouble, Bench.read = [], []
    monkeypatch.setattr(intake, "Workshop", Bench)
    return Bench


@pytest.fixture
def in_house(app: Flask, house: web.House) -> Iterator[web.House]:
    with app.app_context():
        yield house


@pytest.fixture
def room(in_house: web.House, bench: type[Bench]) -> ReadingRoom:
    return ReadingRoom(in_house)


def bring(body: bytes, name: str = "paper.pdf") -> intake.Received:
    return intake.receive(BytesIO(body), name, engine="rapidocr", by=HOUSE, origin="upload")


def work(room: ReadingRoom) -> None:
    """Everything that waits."""
    while room.open_next() or room.read_next() or room.finish_next():
        pass


def stored(number: int) -> Document:
    with web.house().database.reading() as session:
        return documents.by_id(session, number)


def picture_of(document: Document, number: int) -> Path:
    """Where the picture of a page is."""
    with web.house().database.reading() as session:
        page = documents.page_of(session, document, number)
        return intake.picture_path(web.house().files, page)


def pdf(tmp_path: Path, pages: int = 1, **told: Any) -> bytes:
    return printed_pdf(tmp_path / "made.pdf", pages, **told).read_bytes()


def picture(kind: str, image: Image.Image | None = None, **told: Any) -> bytes:
    body = BytesIO()
    (image or Image.new("L", (300, 400), 255)).save(body, kind, **told)
    return body.getvalue()


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


def test_the_same_file_twice_is_one_paper(room: ReadingRoom, tmp_path: Path) -> None:
    body = pdf(tmp_path)
    first, again = bring(body, "a.pdf"), bring(body, "b.pdf")
    assert (again.document.id, again.is_new) == (first.document.id, False)
    work(room)
    assert not bring(body, "c.pdf").is_new
    assert stored(first.document.id).file_name == "a.pdf"


def test_the_door_says_already_here_as(
    app: Flask, house: web.House, staffed: Cast, tmp_path: Path
) -> None:
    clerk, body = Visitor(app, staffed.clerk), pdf(tmp_path)
    first = clerk.send("/documents", files=(BytesIO(body), "a.pdf"))
    assert first.status == 201
    again = clerk.send("/documents", files=(BytesIO(body), "b.pdf"))
    assert again.status == 200
    known = again.data["documents"][0]
    assert (known["id"], known["state"]) == (first.data["documents"][0]["id"], "duplicate")
    mixed = clerk.send(
        "/documents", files=[(BytesIO(body), "c.pdf"), (BytesIO(body + b"\n"), "d.pdf")]
    )
    assert [one["state"] for one in mixed.data["documents"]] == ["duplicate", "received"]


BAD: dict[str, tuple[Callable[[Path], bytes], type[Exception]]] = {
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
    assert document.problem["text"] == reason.text  # type: ignore[attr-defined]
    assert document.problem["text"] % document.problem["params"]
    assert in_house.files.path(document.original.sha256).read_bytes() == body
    assert stored(good.document.id).state == State.READ
    with in_house.database.reading() as session:
        assert ledger.history(session, document.subject)[0].action == "document.failed"


TRAPS = ("../../etc/passwd", "a\x07b\x1b[2J.pdf", "..\\..\\x.pdf", "名" * 300)


def test_a_file_whose_name_is_a_trap_is_a_paper_like_others(
    app: Flask, staffed: Cast, tmp_path: Path, bench: type[Bench], house: web.House
) -> None:
    clerk = Visitor(app, staffed.clerk)
    for number, name in enumerate(
        ("../../etc/passwd", "a\x07b\x1b[2J.pdf", "..\\..\\x.pdf", "名" * 300)
    ):
        body = pdf(tmp_path) + b"\n" * number
        reply = clerk.send("/documents", files=(BytesIO(body), name))
        assert reply.status == 201, name
        kept = reply.data["documents"][0]["file_name"]
        assert kept.isprintable()
        assert not set("/\\") & set(kept)
    assert not list(house.settings.data.rglob("passwd"))


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


def test_a_full_disk_at_intake_is_refused_and_nothing_is_half_there(
    app: Flask, house: web.House, staffed: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clerk, body = Visitor(app, staffed.clerk), pdf(tmp_path)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        reply = clerk.send("/documents", files=(BytesIO(body), "a.pdf"))
    assert (reply.status, reply.data) == (507, {"error": NoRoom.text})
    assert list(house.files.path("x").parent.parent.rglob("*.pdf")) == []
    assert clerk.get("/inbox").data["documents"] == []
    assert clerk.send("/documents", files=(BytesIO(body), "a.pdf")).status == 201


def test_a_disk_that_is_full_before_the_upload_is_whole_is_refused_too(
    app: Flask, staffed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    clerk = Visitor(app, staffed.clerk)
    monkeypatch.setattr("tempfile.TemporaryFile", full)
    reply = clerk.send("/documents", files=(BytesIO(b"x" * 100), "a.pdf"))
    assert (reply.status, reply.data) == (507, {"error": NoRoom.text})


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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_upload_of_two_hundred_megabytes_stays_out_of_memory(
    app: Flask, house: web.House, staffed: Cast, tmp_path: Path
) -> None:
    big = tmp_path / "big.pdf"
    with big.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(200 << 20)
    edge = "edge"
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="big.pdf"\r\n\r\n'
    ).encode()
    tail = f"\r\n--{edge}--\r\n".encode()
    clerk = Visitor(app, staffed.clerk)
    headers = Headers(clerk._headers)
    builder = EnvironBuilder("/api/v1/documents", method="POST", headers=headers)
    environ = builder.get_environ()
    environ["CONTENT_TYPE"] = f"multipart/form-data; boundary={edge}"
    with big.open("rb") as source:
        environ["wsgi.input"] = _Chain(head, source, tail)
        environ["CONTENT_LENGTH"] = str(len(head) + big.stat().st_size + len(tail))
        before = _peak_after_reset()
        body, status, _ = run_wsgi_app(app.wsgi_app, environ)
        grown = _peak() - before
    told = json.loads(b"".join(body))
    assert status.startswith("201"), told
    assert grown < 50_000
    document = stored_in(house, told["documents"][0]["id"])
    assert document.original.size == 200 << 20
    assert not list((house.settings.data / "files/incoming").iterdir())
    shutil.rmtree(house.settings.data / "files")


def _peak_after_reset() -> int:
    """The memory that this process has now, in kilobytes; its peak begins anew."""
    Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> int:
    told = Path("/proc/self/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0])


def stored_in(house: web.House, number: int) -> Document:
    with house.database.reading() as session:
        return documents.by_id(session, number)


class _Chain:
    """Some bytes, a file, some bytes: as one stream."""

    def __init__(self, head: bytes, body: Any, tail: bytes) -> None:
        self._parts = [BytesIO(head), body, BytesIO(tail)]

    def read(self, size: int = -1) -> bytes:
        while self._parts:
            if chunk := self._parts[0].read(size):
                return bytes(chunk)
            self._parts.pop(0)
        return b""


def test_more_than_is_accepted_at_once_is_refused(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"upload_megabytes": 1}))
    house: web.House = app.extensions[web.HOUSE_KEY]
    with house.database.writing() as session:
        clerk = hire(session).clerk
    visitor = Visitor(app, clerk)
    for size, status in ((2 << 20, 413), (1000, 201)):
        reply = visitor.send("/documents", files=(BytesIO(b"x" * size), "a.pdf"))
        assert reply.status == status
    assert len(visitor.get("/inbox").data["documents"]) == 1
    house.database.close()


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
    with in_house.database.writing() as session:
        batch = batches.open_batch(session, source="upload", by=HOUSE, at=NOON).id
    came = [
        intake.receive(
            BytesIO(body), name, engine="rapidocr", by=HOUSE, origin="upload", batch=batch
        ).document.id
        for body, name in ((pdf(tmp_path, 2), "a.pdf"), (picture("PNG"), "b.png"))
    ]
    work(room)

    def step(name: str, change: Callable[[Strip, int], Strip], page: int) -> None:
        with in_house.database.writing() as session:
            found = batches.by_id(session, batch)
            number = documents.pages_of(session, found)[page].id
            documents.rearrange(
                session, found, name, lambda strip: change(strip, number), by=HOUSE, at=NOON
            )
        work(room)

    step("join", documents.join, 2)
    assert [stored(one).state for one in came] == [State.READ, State.JOINED]
    assert len(searchable_of(clerk, came[0]).pages) == 3
    step("split", documents.split, 1)
    with in_house.database.reading() as session:
        parts = documents.of_originals(session, came)
        assert [one.pages_total for one in parts] == [1, 2]
    assert len(searchable_of(clerk, came[0]).pages) == 1
    assert len(searchable_of(clerk, parts[1].id).pages) == 2
    with in_house.database.writing() as session:
        found = batches.by_id(session, batch)
        documents.undo(session, found, by=HOUSE, at=NOON)
        documents.undo(session, found, by=HOUSE, at=NOON)
    work(room)
    assert [stored(one).state for one in came] == [State.READ, State.READ]
    assert [stored(one).pages_total for one in came] == [2, 1]


def searchable_of(clerk: Visitor, number: int) -> PdfReader:
    path = f"/api/v1/documents/{number}/searchable.pdf"
    # The test's own context outlives the request, and its session with it.
    web.close_session()
    return PdfReader(BytesIO(clerk.client.get(path, headers=clerk._headers).data))


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


def turn_to(house: web.House, document: Document, degrees: int) -> None:
    with house.database.writing() as session:
        batch = batches.by_id(session, document.original.batch_id)
        page = documents.pages_of(session, batch)[0].id
        documents.rearrange(
            session, batch, "turn", lambda now: documents.turn(now, page, degrees),
            by=HOUSE, at=NOON,
        )  # fmt: skip


def test_what_is_turned_while_it_is_suggested_for_is_suggested_for_anew(
    in_house: web.House, bench: type[Bench], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = ReadingRoom(in_house)
    document = bring(pdf(tmp_path)).document
    runs, turned = Bench.run, [90]

    def run(self: Bench, task: Callable[..., Any], *args: object) -> Any:
        if task is suggest and turned:
            turn_to(in_house, document, turned.pop())
        return runs(self, task, *args)

    monkeypatch.setattr(Bench, "run", run)
    work(room)
    assert bench.read == [1, 1]
    found = stored(document.id)
    assert (found.state, found.pages_done, found.kind) == (State.READ, 1, "contract")
    with in_house.database.reading() as session:
        told = [row.action for row in reversed(ledger.history(session, found.subject))]
    assert told == ["document.received", "batch.arranged", "document.read"]


def test_a_file_that_cannot_be_taken_apart_is_one_paper_and_the_others_go_on(
    in_house: web.House, bench: type[Bench], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = ReadingRoom(in_house)
    first = bring(pdf(tmp_path, 2)).document
    second = bring(picture("PNG")).document
    runs, troubles = Bench.run, [errors.ReaderDied()]

    def run(self: Bench, task: Callable[..., Any], *args: object) -> Any:
        if task is split and troubles:
            raise troubles.pop()
        return runs(self, task, *args)

    monkeypatch.setattr(Bench, "run", run)
    work(room)
    assert [stored(one.id).state for one in (first, second)] == [State.READ, State.READ]
    with in_house.database.reading() as session:
        batch = batches.by_id(session, first.original.batch_id)
        told = [page.doubt for page in documents.pages_of(session, batch)]
    assert told == [{"text": dividing.NOT_DIVIDED, "params": {}}, None]


def test_a_refused_file_that_is_tried_again_is_divided_too(
    room: ReadingRoom, in_house: web.House, tmp_path: Path
) -> None:
    document = bring(pdf(tmp_path, 2)).document
    path = in_house.files.path(document.original.sha256)
    path.rename(tmp_path / "aside")
    work(room)
    assert stored(document.id).state == State.FAILED
    (tmp_path / "aside").rename(path)
    with in_house.database.writing() as session:
        again = documents.by_id(session, document.id)
        documents.retry(session, again, by=HOUSE, at=NOON)
        assert again.original.divided_at is None
    work(room)
    assert stored(document.id).state == State.READ
    assert stored(document.id).original.divided_at is not None


def test_a_second_look_at_an_original_that_is_gone_holds_up_no_other_paper(
    room: ReadingRoom, in_house: web.House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = bring(pdf(tmp_path)).document
    work(room)
    before = stored(document.id)

    def gone(*_told: object) -> Any:
        raise FileNotFoundError

    monkeypatch.setattr(Bench, "run", gone)
    assert room.back_next()
    assert not room.back_next()
    after = stored(document.id)
    assert (after.is_backed, after.kind, after.fields) == (True, before.kind, before.fields)


def test_what_clerks_filed_teaches_what_is_suggested_next(
    app: Flask, in_house: web.House, room: ReadingRoom, staffed: Cast, tmp_path: Path
) -> None:
    clerk = Visitor(app, staffed.clerk)
    papers = [bring(pdf(tmp_path) + b"\n" * n, f"{n}.pdf").document.id for n in range(2)]
    work(room)
    with in_house.database.reading() as session:
        plan = categories.plan(session)
        usual = categories.suggest_type(session, "contract")
        other = next(kind for kind in plan[-1].types if usual is None or kind.id != usual.id)
    for number in papers:
        web.close_session()
        reply = clerk.post(f"/documents/{number}/file", type=other.id, party_name="澄海物流")
        assert reply.status == 200, reply.data
    web.close_session()
    late = bring(pdf(tmp_path) + b"\n" * 9, "late.pdf").document.id
    work(room)
    guesses = stored(late).guesses
    assert guesses["type"]["value"] == str(other.id)
    reply = clerk.post(f"/documents/{late}/file")
    assert reply.status == 200, reply.data
    assert reply.data["type"] == other.id
    # The paper names a company; that papers like it were another's makes it none of theirs.
    web.close_session()
    assert reply.data["party"] not in {stored(number).party_id for number in papers}
