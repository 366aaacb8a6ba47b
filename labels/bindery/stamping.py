"""The archive stamp on scans: what its cells say of an item, and where the page is written on."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from archive import documents, volumes
from archive.base import ledger
from archive.base.errors import N_, Conflict, NotFound
from archive.base.ledger import Actor
from archive.documents import Document
from labels.bindery.gathering import Gatherer
from labels.forms.pen import Area
from labels.forms.stamp import Stamp, stamp


class NotFiledYet(Conflict):
    text = N_("The archive stamp says where a paper is filed. File this paper first.")


class NoItemOfCode(NotFound):
    text = N_("There is no paper with the archival code “%(code)s”. Search for its title.")


def filed_as(session: Session, typed: str) -> Document:
    """The document with this archival code. Raises NoItemOfCode."""
    found = documents.by_code(session, volumes.spell(typed))
    if found is None:
        raise NoItemOfCode(code=typed[:80])
    return found


def stamped(session: Session, document: Document, scan: Path) -> bytes:
    """A copy of a document's scan as PDF, with the stamp on its first page.

    Raises:
        NotFiledYet: it has no place in a volume.
    """
    told = cells(session, document)
    made = BytesIO()
    stamp(scan, made, told, _written(session, document))
    return made.getvalue()


def stamp_copy(session: Session, document: Document, scan: Path, target: Path) -> None:
    """Write the stamped copy of a scan to a file, whole or not at all."""
    target.write_bytes(stamped(session, document, scan))


def cells(session: Session, document: Document) -> Stamp:
    """What the stamp says of a document. Raises NotFiledYet."""
    volume = document.volume
    if volume is None or document.item is None:
        raise NotFiledYet
    gather = Gatherer(session, "zh")
    return Stamp(
        fonds=volume.category.fonds.code,
        year=str(volume.year),
        number=f"{document.item:03d}",
        subject=volume.category.name_zh,
        retention="".join(gather.period(volume.retention).split()),
        pages=str(document.pages_on_paper),
    )


def note_stamped(session: Session, document: Document, *, by: Actor, at: datetime) -> None:
    """Note in the ledger who printed a document's stamp."""
    ledger.record(
        session, "forms.printed", document.subject, by=by, at=at, step="stamp", count=1,
        codes=[document.code],
    )  # fmt: skip


def _written(session: Session, document: Document) -> list[Area]:
    """Where the first page is written on, in shares of its sides."""
    for page in documents.read_pages(session, document, first=1):
        told: dict[str, Any] = page.reading or {}
        if page.number == 1 and told.get("width"):
            across, down = told["width"], told["height"]
            return [
                Area(x / across, y / down, (right - x) / across, (low - y) / down)
                for x, y, right, low in (line["box"] for line in told["lines"])
            ]
    return []
