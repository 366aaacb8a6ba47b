"""Lists of documents, and their pages' texts: each one query, paged, in the order of an index."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, literal_column, select, tuple_
from sqlalchemy.orm import Session, joinedload

from archive.documents.records import Document, Page, PageState, State
from archive.parties import Party
from archive.volumes import Folder, Volume


def inbox(session: Session, *, before: int | None, limit: int) -> Sequence[Document]:
    """Documents that are not filed yet, newest first, from before a given id."""
    # Written out, so that the database sees that its index of just these fits.
    query = select(Document).where(Document.state != literal_column("'filed'"))
    if before is not None:
        query = query.where(Document.id < before)
    return session.scalars(query.order_by(Document.id.desc()).limit(limit)).all()


def next_to_file(session: Session, *, after: int) -> Document | None:
    """The document that a clerk turns to next: the next one read, then the oldest."""
    waiting = select(Document).where(Document.state == State.READ).order_by(Document.id).limit(1)
    return session.scalar(waiting.where(Document.id > after)) or session.scalar(
        waiting.where(Document.id < after)
    )


def of_volume(
    session: Session, volume: Volume, *, after: int = 0, limit: int = 100
) -> Sequence[Document]:
    """The documents of a volume in the order of their numbers."""
    query = select(Document).where(Document.volume_id == volume.id, Document.item > after)
    shown = query.options(joinedload(Document.type))
    return session.scalars(shown.order_by(Document.item).limit(limit)).all()


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
    waiting = Document.state.in_([state for state in State if state != State.FILED])
    query = select(Document.state, func.count()).where(waiting).group_by(Document.state)
    return {str(state): number for state, number in session.execute(query)}


def by_ids(session: Session, numbers: Sequence[int]) -> Sequence[Document]:
    """The documents with these ids, with what a hit or an index entry shows of them."""
    shown = (
        joinedload(Document.party),
        joinedload(Document.type),
        joinedload(Document.volume).selectinload(Volume.folders).joinedload(Folder.home),
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
    return {(document, number): text for document, number, text in session.execute(query)}


def page_readings(session: Session, document: Document) -> Sequence[dict[str, Any]]:
    """What was read of a document's pages, in order, without those that could not be read."""
    query = select(Page.reading).where(
        Page.document_id == document.id, Page.state == PageState.READ
    )
    return [told for told in session.scalars(query.order_by(Page.number)) if told is not None]
