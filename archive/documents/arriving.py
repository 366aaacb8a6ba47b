"""Arriving: a kept original becomes a document, its pages wait and are claimed, read, counted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from archive.base import ledger
from archive.base.errors import N_, Conflict
from archive.base.files import Kept
from archive.base.ledger import HOUSE, Actor
from archive.documents.records import Document, Page, PageState, State

MOST_TRIES = 3


class FiledUnread(Conflict):
    text = N_(
        "This document was filed with what could be read of it. Look at the folder for the rest."
    )


class BeingRead(Conflict):
    text = N_("This document is being read just now. Wait until that is done.")


class NothingToRetry(Conflict):
    text = N_("Every page of this document has been read. Nothing is left to read again: file it.")


def receive(
    session: Session,
    kept: Kept,
    file_name: str,
    *,
    engine: str,
    by: Actor,
    at: datetime,
    source: str,
) -> tuple[Document, bool]:
    """The document of a kept original, and whether it is new: the same bytes are one document."""
    known = session.scalar(select(Document).where(Document.sha256 == kept.sha256))
    if known:
        return known, False
    document = Document(
        sha256=kept.sha256,
        size=kept.size,
        file_name=_plain_name(file_name),
        engine=engine,
        received_at=at,
        received_by_id=by.id,
        state=State.RECEIVED,
    )
    session.add(document)
    session.flush()
    ledger.record(
        session, "document.received", document.subject, by=by, at=at,
        name=document.file_name, sha256=kept.sha256, size=kept.size, source=source,
    )  # fmt: skip
    return document, True


def unopened(session: Session, *, limit: int = 1) -> Sequence[Document]:
    """Received documents whose pages have not been counted yet, oldest first."""
    query = select(Document).where(Document.state == State.RECEIVED)
    return session.scalars(query.order_by(Document.id).limit(limit)).all()


def open_pages(session: Session, document: Document, media_type: str, pages: int) -> None:
    """Note what the original is and how many pages wait to be read."""
    session.refresh(document, with_for_update={"of": Document})
    if document.state != State.RECEIVED:
        return
    document.state = State.READING
    document.media_type = media_type
    document.pages_total = pages
    session.add_all(
        Page(document_id=document.id, number=number, state=PageState.WAITING)
        for number in range(1, pages + 1)
    )


def refuse(session: Session, document: Document, problem: dict[str, Any], *, at: datetime) -> None:
    """Note that a received original is no paper that can be read, and why."""
    session.refresh(document, with_for_update={"of": Document})
    if document.state != State.RECEIVED:
        return
    document.state = State.FAILED
    document.problem = problem
    ledger.record(
        session, "document.failed", document.subject, by=HOUSE, at=at,
        name=document.file_name, problem=problem,
    )  # fmt: skip


def unread(session: Session, numbers: Sequence[int]) -> int:
    """How many of these documents are still to be read."""
    waiting = Document.state.in_((State.RECEIVED, State.READING))
    query = select(func.count(Document.id)).where(Document.id.in_(numbers), waiting)
    return session.scalar(query) or 0


def claim_page(session: Session, *, holder: str, at: datetime) -> Page | None:
    """The page whose turn it is, claimed for this reader; None when none waits."""
    turn = (
        select(Page)
        .where(Page.state == PageState.WAITING)
        .order_by(Page.number, Page.document_id)
        .limit(1)
        .options(joinedload(Page.document))
        .with_for_update(skip_locked=True, of=Page)
    )
    page = session.scalar(turn)
    if page:
        page.state, page.claimed_by, page.claimed_at = PageState.CLAIMED, holder, at
    return page


def holders(session: Session) -> Sequence[str]:
    """Who has claimed pages now."""
    query = select(Page.claimed_by).where(Page.state == PageState.CLAIMED).distinct()
    return session.scalars(query).all()


def release(session: Session, holder: str) -> None:
    """Let the pages of a reader that is no more wait again."""
    held = (Page.state == PageState.CLAIMED) & (Page.claimed_by == holder)
    session.execute(update(Page).where(held).values(state=PageState.WAITING, claimed_by=""))


def release_older(session: Session, than: timedelta, *, at: datetime) -> None:
    """Let pages wait again that were claimed so long ago that nobody can be reading them."""
    old = (Page.state == PageState.CLAIMED) & (Page.claimed_at < at - than)
    session.execute(update(Page).where(old).values(state=PageState.WAITING, claimed_by=""))


def attach_reading(
    session: Session, page: Page, holder: str, text: str, reading: dict[str, Any]
) -> bool:
    """Keep what was read of a page. False when the claim was lost to another reader meanwhile."""
    if not _still_holds(session, page, holder):
        return False
    page.state, page.text, page.reading, page.problem = PageState.READ, text, reading, None
    _count_done(session, page.document_id)
    return True


def miss_page(
    session: Session, page: Page, holder: str, problem: dict[str, Any], *, again: bool
) -> None:
    """Note why a page was not read; it waits for another try unless that is of no use."""
    if not _still_holds(session, page, holder):
        return
    page.tries += 1
    page.problem = problem
    page.claimed_by = ""
    lost = not again or page.tries >= MOST_TRIES
    page.state = PageState.FAILED if lost else PageState.WAITING
    if lost:
        _count_done(session, page.document_id)


def unfinished(session: Session, *, limit: int = 1) -> Sequence[Document]:
    """Documents whose pages are all done but for which this was not noted yet, oldest first."""
    query = select(Document).where(
        Document.state == State.READING, Document.pages_done >= Document.pages_total
    )
    return session.scalars(query.order_by(Document.id).limit(limit)).all()


def finish_reading(
    session: Session, document: Document, kind: str, fields: dict[str, Any], *, at: datetime
) -> None:
    """Note that a document is read, with what the reader suggests."""
    session.refresh(document, with_for_update={"of": Document})
    if document.state != State.READING:
        return
    failed = failed_pages(session, document)
    document.state = State.FAILED if len(failed) == document.pages_total else State.READ
    document.problem = failed[0].problem if failed else None
    document.read_at = at
    document.kind, document.fields = kind, fields
    document.title = str(fields.get("title", {}).get("value", ""))[:300]
    action = "document.read" if document.state == State.READ else "document.failed"
    ledger.record(
        session, action, document.subject, by=HOUSE, at=at,
        name=document.file_name, pages=document.pages_total,
        failed=[page.number for page in failed], kind=kind,
    )  # fmt: skip


def failed_pages(session: Session, document: Document) -> Sequence[Page]:
    """The pages of a document that could not be read."""
    lost = (Page.document_id == document.id) & (Page.state == PageState.FAILED)
    return session.scalars(select(Page).where(lost).order_by(Page.number)).all()


def retry(session: Session, document: Document, *, by: Actor, at: datetime) -> None:
    """Read once more what could not be read.

    Raises:
        FiledUnread: it was filed with what could be read.
        BeingRead: its reading is not done.
        NothingToRetry: every page was read.
    """
    session.refresh(document, with_for_update={"of": Document})
    if document.state == State.FILED:
        raise FiledUnread
    if document.state in (State.RECEIVED, State.READING):
        raise BeingRead
    pages = failed_pages(session, document)
    if document.pages_total and not pages:
        raise NothingToRetry
    for page in pages:
        page.state, page.tries, page.problem = PageState.WAITING, 0, None
    document.pages_done -= len(pages)
    document.state = State.READING if document.pages_total else State.RECEIVED
    document.problem = None
    name = document.file_name
    ledger.record(session, "document.retried", document.subject, by=by, at=at, name=name)


def _still_holds(session: Session, page: Page, holder: str) -> bool:
    session.refresh(page, with_for_update={"of": Page})
    return page.state == PageState.CLAIMED and page.claimed_by == holder


def _count_done(session: Session, document_id: int) -> None:
    counted = Document.pages_done + 1
    session.execute(update(Document).where(Document.id == document_id).values(pages_done=counted))


def _plain_name(file_name: str) -> str:
    # What browsers and zip tools send may hold a path; a name is all that is kept of it.
    plain = file_name.replace("\\", "/").rpartition("/")[2]
    named = "".join(c for c in plain if c.isprintable()).strip()[:300]
    return named if named.strip(".") else "?"
