"""What is made of originals when somebody asks: searchable PDFs, and the pictures of pages."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from zlib import crc32

from flask import current_app
from sqlalchemy.orm import Session

from archive import documents
from archive.base import web
from archive.base.errors import N_, Conflict, Refusal
from archive.base.files import Files, refusing_full_disk
from archive.documents import Document, Page
from scanning import pipeline
from scanning.pdf.binding import Sheaf
from scanning.reading import PageReading
from scanning.workshop import Workshop

WORKSHOP = "juanzong.workshop"
STAMPER = "juanzong.stamper"
MAKING_SECONDS = 20
_making = threading.Lock()

# Gives a copy of a document's scan with its stamp.
Stamper = Callable[[Session, Document, Path], bytes]


class BeingMade(Conflict):
    text = N_("Other PDFs are being made just now. Try again in a minute.")


class NotDrawnYet(Conflict):
    text = N_("This page has no picture yet: it is still to be read.")


class OriginalGone(Refusal):
    text = N_("The original cannot be read from the server's disk. Restore it from a backup.")


def searchable_pdf(session: Session, document: Document) -> Path:
    """A document as a searchable PDF, made when it is first asked for after each reading.

    Raises:
        BeingMade: another one is being made and takes its time.
        Unreadable: making it broke off.
        NoRoom: the disk is full.
    """
    target = searchable_path(web.house().files, document)
    if target.exists():
        return target
    # One at a time, and whoever waits for long is told instead of keeping a thread of the server.
    if not _making.acquire(timeout=MAKING_SECONDS):
        raise BeingMade
    try:
        if not target.exists():
            _make_searchable(session, document, target)
    finally:
        _making.release()
    return target


def stamped_pdf(session: Session, document: Document) -> bytes:
    """A document as a searchable PDF with the archive stamp on its first page; see also
    `searchable_pdf`. The stamp is ink, which another room makes.

    Raises:
        Conflict: it has no place in a volume that a stamp could tell.
    """
    stamped: Stamper = current_app.extensions[STAMPER]
    return stamped(session, document, searchable_pdf(session, document))


def searchable_path(files: Files, document: Document) -> Path:
    """Where the searchable PDF of a document's present text and title is: one of an earlier is
    not it."""
    text_from = document.text_from.timestamp() if document.text_from else 0
    title = crc32(document.shown_title.encode())
    name = f"searchable-{document.id}-{text_from:.3f}-{title:08x}.pdf"
    return files.made(document.original.sha256, name)


def _make_searchable(session: Session, document: Document, target: Path) -> None:
    workshop: Workshop = current_app.extensions[WORKSHOP]
    sheaves = _sheaves(session, document)
    with original_there(), refusing_full_disk():
        target.parent.mkdir(parents=True, exist_ok=True)
        for older in target.parent.glob(f"searchable-{document.id}-*"):
            older.unlink(missing_ok=True)
        workshop.bind(sheaves, target)


def _sheaves(session: Session, document: Document) -> list[Sheaf]:
    """A document's pages as they lie in files."""
    files, pages = web.house().files, documents.leaves(session, document)
    is_whole = documents.is_whole(session, document)
    sheaves: list[Sheaf] = []
    for original, run in groupby(pages, lambda page: page.original):
        leaves = list(run)
        numbers = tuple(page.leaf for page in leaves)
        in_order = is_whole and numbers == tuple(range(1, original.pages + 1))
        readings = tuple(
            PageReading.from_dict(page.reading | {"text": "", "number": page.leaf})
            for page in leaves
            if page.reading is not None
        )
        whole = () if in_order else numbers
        title = "" if sheaves else document.shown_title
        sheaves.append(Sheaf(files.path(original.sha256), readings, whole, title))
    return sheaves


def picture_of(page: Page) -> Path:
    """The picture of a page for the screen, drawn again where it is lost.

    Raises:
        NotDrawnYet: the page was not read yet.
        OriginalGone: the original it is drawn from is not there.
        Unreadable: drawing broke off.
        NoRoom: the disk is full.
    """
    path = picture_path(web.house().files, page)
    if not path.exists():
        if page.reading is None:
            raise NotDrawnYet
        _draw(page, path)
    return path


def _draw(page: Page, target: Path) -> None:
    workshop: Workshop = current_app.extensions[WORKSHOP]
    told = page.reading or {}
    # What a clerk turned may wait to be read again: it is shown as it was turned.
    rotation = told["rotation"] if page.turned is None else page.turned
    with original_there(), refusing_full_disk():
        target.parent.mkdir(parents=True, exist_ok=True)
        workshop.run(
            pipeline.draw_page, web.house().files.path(page.original.sha256), page.leaf,
            rotation=rotation, skew=told["skew"], picture=target,
            corners=told.get("corners"), steps=told.get("steps", ()),
        )  # fmt: skip


def picture_path(files: Files, page: Page) -> Path:
    """Where the picture of a page for the screen is."""
    # What a clerk turned is another picture: browsers keep the old one for a year.
    turned = "" if page.turned is None else f"-{page.turned}"
    return files.made(page.original.sha256, f"page-{page.leaf}{turned}.webp")


@contextmanager
def original_there() -> Iterator[None]:
    """Say that an original is gone as a refusal, so that the papers behind it go on."""
    try:
        yield
    except OSError as error:
        raise OriginalGone from error
