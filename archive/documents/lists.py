"""Lists of documents, and their pages' texts: each one query, paged, in the order of an index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, TextClause, exists, func, or_, select, text, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from archive.batches import Batch
from archive.documents.records import UNFILED, Document, Original, Page, PageState, State
from archive.parties import Party
from archive.users import User
from archive.volumes import Folder, Volume


@dataclass(frozen=True)
class Sought:
    """Which documents of the inbox are sought; what is empty does not narrow it."""

    state: str = ""
    kind: str = ""
    source: str = ""
    batch: int | None = None
    clerk: int | None = None
    doubts: bool = False


def inbox(
    session: Session, *, before: int | None, limit: int, sought: Sought = Sought()
) -> Sequence[Document]:
    """Documents that are not filed yet, newest first, from before a given id; each with who
    brought it and who has it in hand. What was put away is there only where it is sought."""
    query = select(Document).where(*_narrowed(sought))
    if before is not None:
        query = query.where(Document.id < before)
    shown = (
        joinedload(Document.taken_by),
        joinedload(Document.scanned).options(
            joinedload(Original.batch, innerjoin=True), joinedload(Original.received_by)
        ),
    )
    newest = query.options(*shown).order_by(Document.id.desc()).limit(limit)
    return session.scalars(newest).all()


def count_inbox(session: Session, sought: Sought) -> int:
    """How many documents `inbox` finds in all."""
    return session.scalar(select(func.count(Document.id)).where(*_narrowed(sought))) or 0


def bringers(session: Session) -> Sequence[User]:
    """Who brought what is in the inbox, by name."""
    theirs = select(Original.received_by_id).join(Document).where(text(f"document.{UNFILED}"))
    return session.scalars(select(User).where(User.id.in_(theirs)).order_by(User.name)).all()


def sources(session: Session) -> Sequence[str]:
    """The ways by which what is in the inbox came."""
    query = select(Batch.source).join(Original).join(Document).where(text(f"document.{UNFILED}"))
    return session.scalars(query.distinct().order_by(Batch.source)).all()


def doubtful_pages(session: Session, document: Document) -> Sequence[int]:
    """The numbers of a document's pages that have lines to compare with the paper."""
    query = select(Page.number).where(Page.document_id == document.id, Page.doubtful > 0)
    return [number or 0 for number in session.scalars(query.order_by(Page.number))]


def in_doubt(session: Session, shown: Sequence[Document]) -> dict[int, int]:
    """How many pages of each of these documents a person should look at in the strip, by its id;
    a document without such a page is left out."""
    numbers = [document.id for document in shown]
    unsure = Page.document_id.in_(numbers) & Page.doubt.is_not(None)
    query = select(Page.document_id, func.count(Page.id)).where(unsure)
    found = session.execute(query.group_by(Page.document_id))
    return {number: count for number, count in found if number is not None}


def _narrowed(sought: Sought) -> Iterator[ColumnElement[bool] | TextClause]:
    if sought.state != State.AWAY:
        # Written out, so that the database sees that its index of just these fits.
        yield text(f"document.{UNFILED}")
    if sought.state:
        yield Document.state == sought.state
    if sought.kind:
        yield Document.kind == sought.kind
    if sought.doubts:
        # Lines read with doubt, pages whose place is in doubt, pages that could not be read.
        unsure = or_(Page.doubtful > 0, Page.doubt.is_not(None), Page.state == PageState.FAILED)
        yield exists().where(Page.document_id == Document.id, unsure)
    of_original = Original.id == Document.original_id
    if sought.batch is not None:
        yield exists().where(of_original, Original.batch_id == sought.batch)
    if sought.clerk is not None:
        yield exists().where(of_original, Original.received_by_id == sought.clerk)
    if sought.source:
        yield exists().where(
            of_original, Batch.id == Original.batch_id, Batch.source == sought.source
        )


def of_volume(
    session: Session, volume: Volume, *, after: int = 0, limit: int = 100
) -> Sequence[Document]:
    """The documents of a volume in the order in which they lie, from behind a given place."""
    query = select(Document).where(Document.volume_id == volume.id, Document.position > after)
    shown = query.options(joinedload(Document.type), joinedload(Document.folder))
    return session.scalars(shown.order_by(Document.position).limit(limit)).all()


def in_order(session: Session, volume: Volume) -> Sequence[Document]:
    """All documents of a volume in the order in which they lie."""
    query = select(Document).where(Document.volume_id == volume.id)
    return session.scalars(query.order_by(Document.position)).all()


def spans(session: Session, shown: Sequence[Volume]) -> dict[int, tuple[str, str]]:
    """The first and the last date, partial ones too, among the documents of these volumes, by the
    volume's id; a volume without a date is left out."""
    query = select(Document.volume_id, func.min(Document.dated), func.max(Document.dated)).where(
        Document.volume_id.in_([volume.id for volume in shown]), Document.dated != ""
    )
    found = session.execute(query.group_by(Document.volume_id))
    return {number or 0: (first, last) for number, first, last in found}


def item_numbers(session: Session, shown: Sequence[Volume]) -> dict[int | None, tuple[int, int]]:
    """The least and the greatest item number in each folder of these volumes, by its id."""
    query = select(Document.folder_id, func.min(Document.item), func.max(Document.item)).where(
        Document.volume_id.in_([volume.id for volume in shown])
    )
    found = session.execute(query.group_by(Document.folder_id))
    return {number: (first or 0, last or 0) for number, first, last in found}


def by_code(session: Session, code: str) -> Document | None:
    """The document with this archival code."""
    return session.scalar(select(Document).where(Document.archival_code == code))


def lying_at(session: Session, volume: Volume, place: int) -> Document | None:
    """The document that lies at this place of a volume."""
    query = select(Document).where(Document.volume_id == volume.id, Document.position == place)
    return session.scalar(query)


def differing(session: Session, volume: Volume) -> int:
    """How many documents of a volume have other pages on paper than were scanned."""
    counted = (Document.paper_pages != Document.pages_total) & (Document.pages_total > 0)
    query = select(func.count(Document.id)).where(Document.volume_id == volume.id, counted)
    return session.scalar(query) or 0


def of_party(
    session: Session, party: Party, *, before: int | None, limit: int
) -> Sequence[Document]:
    """The documents about a party, the newest first."""
    query = select(Document).where(Document.party_id == party.id)
    if before is not None:
        query = query.where(Document.id < before)
    shown = query.options(joinedload(Document.volume), joinedload(Document.type))
    return session.scalars(shown.order_by(Document.id.desc()).limit(limit)).all()


def counts(session: Session) -> dict[str, int]:
    """How many documents are in each state before they are filed."""
    waiting = text(UNFILED)
    query = select(Document.state, func.count()).where(waiting).group_by(Document.state)
    return {str(state): number for state, number in session.execute(query)}


def by_ids(session: Session, numbers: Sequence[int]) -> Sequence[Document]:
    """The documents with these ids, with what a hit or an index entry shows of them."""
    shown = (
        joinedload(Document.party),
        joinedload(Document.type),
        joinedload(Document.volume).selectinload(Volume.folders).joinedload(Folder.home),
        selectinload(Document.former),
        joinedload(Document.volume).selectinload(Volume.folders).joinedload(Folder.present),
    )
    query = select(Document).where(Document.id.in_(numbers)).options(*shown)
    return session.scalars(query).all()


def page_texts(session: Session, document: Document) -> list[str]:
    """The text of each page in order, empty where it could not be read."""
    query = select(Page.text).where(Page.document_id == document.id).order_by(Page.number)
    return list(session.scalars(query))


def texts(session: Session, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The text of each of these (document id, page number)."""
    if not wanted:
        return {}
    query = select(Page.document_id, Page.number, Page.text).where(
        tuple_(Page.document_id, Page.number).in_(wanted)
    )
    found = session.execute(query)
    return {(document or 0, number or 0): text for document, number, text in found}


def of_originals(session: Session, numbers: Sequence[int]) -> Sequence[Document]:
    """The documents that were made of the same originals as these, in their order."""
    theirs = select(Document.original_id).where(Document.id.in_(numbers))
    query = select(Document).where(Document.original_id.in_(theirs), Document.state != State.JOINED)
    return session.scalars(query.order_by(Document.original_id, Document.id)).all()


def doubted(session: Session, numbers: Sequence[int]) -> Sequence[Page]:
    """The pages in doubt of the originals that these documents came in, in the files' order;
    covers, separators and backs, too, which belong to no document."""
    theirs = select(Document.original_id).where(Document.id.in_(numbers))
    query = select(Page).where(Page.original_id.in_(theirs), Page.doubt.is_not(None))
    return session.scalars(query.order_by(Page.original_id, Page.leaf)).all()


def leaves_held(session: Session, numbers: Sequence[int]) -> dict[int, list[int]]:
    """Which pages of the originals that these documents came in each document made of them holds,
    by its id: their numbers in the file, in the document's order."""
    theirs = select(Document.original_id).where(Document.id.in_(numbers))
    query = select(Page.document_id, Page.leaf).join(Page.document)
    own = (Document.original_id.in_(theirs), Page.original_id == Document.original_id)
    held: dict[int, list[int]] = {}
    for number, leaf in session.execute(query.where(*own).order_by(Page.number)):
        held.setdefault(number or 0, []).append(leaf)
    return held


def left_aside(session: Session, numbers: Sequence[int]) -> Sequence[Page]:
    """The pages of the originals that these documents came in which belong to no document, in the
    files' order: covers, separators, blank backs, and what a clerk set aside."""
    theirs = select(Document.original_id).where(Document.id.in_(numbers))
    query = select(Page).where(Page.original_id.in_(theirs), Page.document_id.is_(None))
    return session.scalars(query.order_by(Page.original_id, Page.leaf)).all()


def read_pages(
    session: Session, document: Document, *, first: int | None = None, last: int = 0
) -> Sequence[Page]:
    """A document's pages that were read, in order, with readings and originals.

    With `first`, only the first so many pages and the `last` ones.
    """
    query = select(Page).where(Page.document_id == document.id, Page.state == PageState.READ)
    if first is not None:
        query = query.where((Page.number <= first) | (Page.number > document.pages_total - last))
    shown = query.options(undefer(Page.reading), joinedload(Page.original))
    return session.scalars(shown.order_by(Page.number)).all()


def told_by(session: Session, document: Document, *, first: int, last: int) -> Sequence[Page]:
    """The pages that are sure to be this paper's, of which `read_pages` tells: those before the
    first with which another paper perhaps begins. What they say is suggested."""
    pages = read_pages(session, document, first=first, last=last)
    end = perhaps_ends(session, document)
    return pages if end is None else [page for page in pages if (page.number or 0) < end]


def perhaps_ends(session: Session, document: Document) -> int | None:
    """The number of the first page with which another paper perhaps begins; None without one."""
    query = select(Page.number, Page.doubt).where(
        Page.document_id == document.id, Page.number > 1, Page.doubt.is_not(None)
    )
    told = session.execute(query.order_by(Page.number))
    return next((number for number, doubt in told if doubt.get("suggests")), None)


def leaves(session: Session, document: Document) -> Sequence[Page]:
    """All pages of a document in order, those that could not be read too, with readings."""
    query = select(Page).where(Page.document_id == document.id).order_by(Page.number)
    return session.scalars(query.options(undefer(Page.reading), joinedload(Page.original))).all()


def is_whole(session: Session, document: Document) -> bool:
    """Whether a document is the whole of the file it came in, and nothing else."""
    pages = select(func.count(Page.id)).where(
        Page.document_id == document.id, Page.original_id == document.original_id
    )
    return session.scalar(pages) == document.pages_total == document.original.pages
