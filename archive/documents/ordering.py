"""The order of the papers in a volume (序号), and in which of its folders each lies.

By default they lie by signing date, then by the order of their types; a clerk may lay one elsewhere
while the volume is open. Later, what comes follows the last one (see `volumes.states`). The order
never touches an item number: `volumes.add_item` says why.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from archive import volumes
from archive.base import ledger
from archive.base.errors import N_, Conflict, Invalid
from archive.base.ledger import Actor
from archive.categories import DocumentType
from archive.documents.records import Document
from archive.volumes import Deed, Folder, Volume, VolumeState

UNDATED = "9999"  # A paper without a date lies behind those with one.
# Pages as counted on paper, else as scanned: what a folder is filled by.
THICK = func.coalesce(
    Document.paper_pages, case((Document.pages_total < 1, 1), else_=Document.pages_total)
)


class NotInAVolume(Conflict):
    text = N_("This paper is not filed yet: it lies in no volume. File it first.")


class OrderChanged(Conflict):
    text = N_(
        "Somebody changed the order of this volume since you looked at it. "
        "Look at it as it is now, then move the paper."
    )


class NoSuchPosition(Invalid):
    text = N_("There are %(items)s papers in this volume. Give a place from 1 to %(items)s.")


class NothingToSplit(Conflict):
    text = N_(
        "No folder of volume %(code)s is too full: there is nothing to split. Go on filing into it."
    )


def enter(session: Session, document: Document, volume: Volume) -> None:
    """Put a paper that lies nowhere into a volume, with the next number there: in its place while
    the volume is open, else behind the last one."""
    number = volumes.add_item(session, volume, document.pages_on_paper)
    if volume.state == VolumeState.OPEN:
        position = _place_of(session, document, volume)
        _shift(session, volume, Document.position >= position, 1)
    else:
        last = select(func.max(Document.position)).where(_in(volume))
        position = (session.scalar(last) or 0) + 1
    folder = _folder_at(session, volume, position)
    document.place_in(volume, number)
    document.position, document.folder = position, folder


def leave(session: Session, document: Document, volume: Volume) -> None:
    """Take a paper out of a locked volume. Where the order is fixed its place stays empty: the
    catalogue that was printed is right for all the others."""
    place = document.position or 0
    volume.items -= 1
    volume.pages -= document.pages_on_paper
    document.volume, document.item, document.archival_code = None, None, None
    document.position, document.folder = None, None
    session.flush()
    if volume.state == VolumeState.OPEN:
        _shift(session, volume, Document.position > place, -1)


def put_at(
    session: Session,
    document: Document,
    place: int,
    *,
    saw: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Lay a paper at another place in its volume, from 1; `saw` is where the clerk saw it.

    It comes into the folder of the paper before it.

    Raises:
        NotInAVolume: it is not filed.
        OrderFixed, VolumeClosed: the volume's order stays.
        OrderChanged: somebody was quicker.
        NoSuchPosition: there are fewer papers.
    """
    volume = volume_of(document)
    volumes.do(session, volume, Deed.ORDER)
    session.refresh(document)
    before = document.position or 0
    if saw not in (None, before):
        raise OrderChanged
    if not 1 <= place <= volume.items:
        raise NoSuchPosition(items=volume.items)
    if place == before:
        return
    later = place > before
    between = and_(
        Document.position > before if later else Document.position < before,
        Document.position <= place if later else Document.position >= place,
    )
    _shift(session, volume, between, -1 if later else 1)
    document.position = place
    document.folder = _folder_at(session, volume, place)
    ledger.record(
        session, "document.placed", document.subject, volume.subject, by=by, at=at,
        code=document.code, title=document.title, before=before, after=place,
    )  # fmt: skip


def put_in_order(
    session: Session, volume: Volume, capacity: int, *, by: Actor, at: datetime
) -> None:
    """Lay all papers of a volume in the default order, and deal them to its folders from the first
    on; `capacity` is in pages a mm.

    Raises:
        OrderFixed, VolumeClosed: the volume's order stays.
    """
    volumes.do(session, volume, Deed.ORDER)
    rows = _papers(session, volume, _signed(), DocumentType.position, Document.item)
    folders = volumes.folders_of(session, volume)
    holds = [folder.thickness_mm * capacity for folder in folders]
    parts = volumes.dealt([(pages, 1) for _, pages, _ in rows], holds)
    places = zip(rows, parts, strict=True)
    _write(
        session,
        [
            {"id": number, "position": place, "folder_id": folders[part - 1].id}
            for place, ((number, _, _), part) in enumerate(places, 1)
        ],
    )
    ledger.record(session, "volume.sorted", volume.subject, by=by, at=at, code=volume.code)


def spread(
    session: Session, volume: Volume, thickness: int, capacity: int, *, by: Actor, at: datetime
) -> list[Folder]:
    """Deal what is too much for the folders of a volume to further ones, of so many mm each; the
    new ones. Nothing comes back into a folder before: nothing is carried for no need.

    Raises:
        NothingToSplit: every folder holds what lies in it.
    """
    volumes.do(session, volume, Deed.SPLIT)
    rows = _papers(session, volume, Document.position)
    folders = list(volumes.folders_of(session, volume))
    holds = [folder.thickness_mm * capacity for folder in folders]
    lie = [(pages, part or 1) for _, pages, part in rows]
    parts = volumes.dealt(lie, holds, thickness * capacity)
    if parts == [part for _, part in lie]:
        raise NothingToSplit(code=volume.code)
    made = [
        volumes.make_folder(session, volume, part, thickness, at=at)
        for part in range(len(folders) + 1, max(parts) + 1)
    ]
    folders += made
    moved = [
        {"id": number, "folder_id": folders[part - 1].id}
        for (number, _, before), part in zip(rows, parts, strict=True)
        if part != before
    ]
    _write(session, moved)
    ledger.record(
        session, "volume.split", volume.subject, *(one.subject for one in made), by=by, at=at,
        code=volume.code, folders=[one.code for one in made], parts=len(folders),
    )  # fmt: skip
    return made


def fill_of(session: Session, folders: Sequence[Folder]) -> dict[int, tuple[int, int]]:
    """How many papers and pages lie in each of these folders, by its id. (0, 0): none."""
    numbers = [folder.id for folder in folders]
    query = select(Document.folder_id, func.count(Document.id), func.sum(THICK))
    rows = session.execute(
        query.where(Document.folder_id.in_(numbers)).group_by(Document.folder_id)
    )
    found = {folder: (papers, int(pages)) for folder, papers, pages in rows}
    return {number: found.get(number, (0, 0)) for number in numbers}


def volume_of(document: Document) -> Volume:
    """The volume in which a paper lies. Raises NotInAVolume."""
    if document.volume is None:
        raise NotInAVolume
    return document.volume


def _signed() -> ColumnElement[str]:
    return case((Document.dated == "", UNDATED), else_=Document.dated)


def _place_of(session: Session, document: Document, volume: Volume) -> int:
    """Where a paper belongs by its date and type: behind the last that does not come after it."""
    dated, rank = document.dated or UNDATED, document.type.position if document.type else 0
    signed = _signed()
    comes_after = or_(signed > dated, and_(signed == dated, DocumentType.position > rank))
    others = _in(volume) & (Document.id != document.id) & Document.position.is_not(None)
    query = select(func.max(Document.position)).outerjoin(Document.type).where(others, ~comes_after)
    return (session.scalar(query) or 0) + 1


def _shift(session: Session, volume: Volume, which: ColumnElement[bool], by: int) -> None:
    place = Document.position
    session.execute(update(Document).where(_in(volume), which).values(position=place + by))


def _write(session: Session, rows: list[dict[str, int]]) -> None:
    session.execute(update(Document), rows)
    session.expire_all()


def _folder_at(session: Session, volume: Volume, position: int) -> Folder:
    """The folder of the paper before; at the beginning, the volume's first part."""
    before = select(Document.folder_id).where(_in(volume), Document.position < position)
    known = session.scalar(before.order_by(Document.position.desc()).limit(1))
    return session.get_one(Folder, known) if known else volumes.folders_of(session, volume)[0]


def _papers(
    session: Session, volume: Volume, *order: SQLColumnExpression[Any]
) -> list[tuple[int, int, int | None]]:
    """(document id, pages, part in which it lies) of all papers of a volume, in an order."""
    query = (
        select(Document.id, THICK, Folder.part)
        .outerjoin(Document.type)
        .outerjoin(Document.folder)
        .where(_in(volume))
        .order_by(*order)
    )
    return [(number, pages, part) for number, pages, part in session.execute(query)]


def _in(volume: Volume) -> ColumnElement[bool]:
    return Document.volume_id == volume.id
