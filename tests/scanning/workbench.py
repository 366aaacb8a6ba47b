"""A workshop without children and what goes over it, for tests of what is around it."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from archive import batches, documents
from archive.base import web
from archive.base.ledger import HOUSE
from archive.documents import Document
from scanning import intake, originals
from scanning.originals import Original
from scanning.reading import Line, PageReading
from scanning.readingroom import ReadingRoom
from tests.people import NOON
from tests.scanning.papers import CONTRACT, printed_pdf


class Bench:
    """A workshop without children: it looks at files itself and reads what it is told."""

    trouble: list[Exception | None]
    read: list[int]
    together: int
    most: int

    def __init__(self, workers: int, seconds: float, megabytes: int) -> None:
        self.workers = workers

    def probe(self, path: Path) -> Original:
        self._stumble("probe")
        return originals.probe(path)

    def read_page(
        self, path: Path, number: int, *, engine: str, picture: Path, turned: int | None
    ) -> PageReading:
        self._stumble("read")
        self.read.append(number)
        picture.write_bytes(b"picture")
        box = (100, 100, 900, 140)
        lines = tuple(Line(f"{text} {number}", box, 0.99) for text in CONTRACT)
        return PageReading(number, lines, 0, 0.0, 1240, 1754, 150, engine, "1", "ocr")

    def run(self, task: Callable[..., Any], *args: object) -> Any:
        return task(*args)

    def close(self) -> None:
        self.closed = True

    def _stumble(self, where: str) -> None:
        if self.trouble and (problem := self.trouble.pop(0)):
            raise problem


def bring(body: bytes, name: str = "paper.pdf") -> intake.Received:
    return intake.receive(BytesIO(body), name, engine="rapidocr", by=HOUSE, origin="upload")


def work(room: ReadingRoom) -> None:
    """Everything that waits."""
    while room.open_next() or room.read_next() or room.finish_next():
        pass


def stored(number: int) -> Document:
    with web.house().database.reading() as session:
        return documents.by_id(session, number)


def pdf(tmp_path: Path, pages: int = 1, **told: Any) -> bytes:
    return printed_pdf(tmp_path / "made.pdf", pages, **told).read_bytes()


def picture(kind: str, image: Image.Image | None = None, **told: Any) -> bytes:
    body = BytesIO()
    (image or Image.new("L", (300, 400), 255)).save(body, kind, **told)
    return body.getvalue()


def turn_to(house: web.House, document: Document, degrees: int) -> None:
    with house.database.writing() as session:
        batch = batches.by_id(session, document.original.batch_id)
        page = documents.pages_of(session, batch)[0].id
        documents.rearrange(
            session, batch, "turn", lambda now: documents.turn(now, page, degrees),
            by=HOUSE, at=NOON,
        )  # fmt: skip
