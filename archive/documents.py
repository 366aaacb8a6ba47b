"""Documents (件) and their pages: received, read, filed. The scan is the shadow of the paper.

    received ──► reading ──► read ──► filed
        └───────────┴──► failed (of the whole document: none of its pages could be read)

A page waits, is claimed by a reader, and is read or failed. These states are the truth about what
is still to be done; the queue only nudges.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, func, select, tuple_, update
from sqlalchemy.orm import Mapped, Session, deferred, joinedload, mapped_column, relationship

from archive import volumes
from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Conflict, Invalid, NotFound
from archive.base.files import Kept
from archive.base.ledger import HOUSE, Actor, Subject
from archive.categories import DocumentType
from archive.parties import Party
from archive.volumes import Volume

MOST_TRIES = 3
PARTIAL_DATE = re.compile(r"([12]\d{3})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class State(StrEnum):
    """Where a document is on its way."""

    RECEIVED = "received"
    READING = "reading"
    READ = "read"
    FILED = "filed"
    FAILED = "failed"


class PageState(StrEnum):
    """Where a page is on its way."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    READ = "read"
    FAILED = "failed"


class NoSuchDocument(NotFound):
    text = N_("There is no document with this number. Search for its title or text.")


class NotYetRead(Conflict):
    text = N_("This document is still being read. Wait until its text is there, then file it.")


class FiledAlready(Conflict):
    text = N_("This document is already filed as %(code)s. Search for that code to open it.")


class NothingToRetry(Conflict):
    text = N_("Every page of this document has been read. Nothing is left to read again: file it.")


class NotADate(Invalid):
    text = N_("“%(typed)s” is not a date. Write it like 2024-05-31, or 2024-05, or 2024.")


class Document(Record):
    """One item: its original, what was read in it, and where it was filed."""

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_state", "state", "id"),
        Index("ix_document_volume", "volume_id", "item"),
        Index("ix_document_party", "party_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(300))
    media_type: Mapped[str] = mapped_column(String(60), default="")
    engine: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    state: Mapped[State] = mapped_column(String(10))
    # Why it, or some of its pages, could not be read: {"text": msgid, "params": {…}}.
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    pages_total: Mapped[int] = mapped_column(default=0)
    pages_done: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None]
    kind: Mapped[str] = mapped_column(String(30), default="")
    # What the reader suggests: {name: {"value", "confidence", "page", "box"}}.
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    title: Mapped[str] = mapped_column(String(300), default="")
    number: Mapped[str] = mapped_column(String(100), default="")
    dated: Mapped[str] = mapped_column(String(10), default="")
    amount: Mapped[str] = mapped_column(String(30), default="")
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    type_id: Mapped[int | None] = mapped_column(ForeignKey("document_type.id"))
    volume_id: Mapped[int | None] = mapped_column(ForeignKey("volume.id"))
    item: Mapped[int | None]
    filed_at: Mapped[datetime | None]

    party: Mapped[Party | None] = relationship()
    type: Mapped[DocumentType | None] = relationship()
    volume: Mapped[Volume | None] = relationship()
    pages: Mapped[list["Page"]] = relationship(back_populates="document", order_by="Page.number")

    @property
    def subject(self) -> Subject:
        return Subject("document", self.id)

    @property
    def code(self) -> str:
        """Its 档号 once it is filed, else nothing."""
        return volumes.item_code(self.volume, self.item) if self.volume and self.item else ""

    @property
    def shown_title(self) -> str:
        return self.title or self.file_name


class Page(Record):
    """One side of paper: its text, and the reading it came from."""

    __tablename__ = "page"
    __table_args__ = (
        Index("uq_page_number", "document_id", "number", unique=True),
        # Page one of every paper before page two of any: a long one does not keep others waiting.
        Index("ix_page_turn", "state", "number", "document_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    state: Mapped[PageState] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str] = mapped_column(String(120), default="")
    claimed_at: Mapped[datetime | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    text: Mapped[str] = deferred(mapped_column(Text, default=""))
    # The reading as the reader gave it: lines with boxes and confidence, rotation, skew, engine.
    reading: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON))

    document: Mapped[Document] = relationship(back_populates="pages")


@dataclass(frozen=True)
class Filing:
    """Where and as what a clerk files a document."""

    party: Party
    type: DocumentType
    year: int
    retention: str
    title: str
    number: str = ""
    dated: str = ""
    amount: str = ""


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


def by_id(session: Session, number: int) -> Document:
    """The document with this id, with what its page shows. Raises NoSuchDocument."""
    shown = (
        joinedload(Document.party),
        joinedload(Document.type),
        joinedload(Document.volume).joinedload(Volume.category),
    )
    found = session.get(Document, number, options=shown)
    if found is None:
        raise NoSuchDocument
    return found


def page_of(session: Session, document: Document, number: int) -> Page:
    """One page of a document. Raises NoSuchDocument."""
    query = select(Page).where(Page.document_id == document.id, Page.number == number)
    found = session.scalar(query)
    if found is None:
        raise NoSuchDocument
    return found


# Reading


def unopened(session: Session, *, limit: int = 1) -> Sequence[Document]:
    """Received documents whose pages have not been counted yet, oldest first."""
    query = select(Document).where(Document.state == State.RECEIVED)
    return session.scalars(query.order_by(Document.id).limit(limit)).all()


def open_pages(session: Session, document: Document, media_type: str, pages: int) -> None:
    """Note what the original is and how many pages wait to be read."""
    session.refresh(document, with_for_update=True)
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
    session.refresh(document, with_for_update=True)
    if document.state != State.RECEIVED:
        return
    document.state = State.FAILED
    document.problem = problem
    ledger.record(session, "document.failed", document.subject, by=HOUSE, at=at, problem=problem)


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
    session.refresh(document, with_for_update=True)
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
        pages=document.pages_total, failed=[page.number for page in failed], kind=kind,
    )  # fmt: skip


def by_ids(session: Session, numbers: Sequence[int]) -> Sequence[Document]:
    """The documents with these ids, with what a hit or an index entry shows of them."""
    shown = (
        joinedload(Document.party),
        joinedload(Document.type),
        joinedload(Document.volume).selectinload(Volume.folders).joinedload(volumes.Folder.home),
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


def failed_pages(session: Session, document: Document) -> Sequence[Page]:
    """The pages of a document that could not be read."""
    lost = (Page.document_id == document.id) & (Page.state == PageState.FAILED)
    return session.scalars(select(Page).where(lost).order_by(Page.number)).all()


def retry(session: Session, document: Document, *, by: Actor, at: datetime) -> None:
    """Read once more what could not be read.

    Raises:
        NothingToRetry: every page was read.
    """
    session.refresh(document, with_for_update=True)
    pages = failed_pages(session, document)
    if document.state not in (State.FAILED, State.READ) or (document.pages_total and not pages):
        raise NothingToRetry
    for page in pages:
        page.state, page.tries, page.problem = PageState.WAITING, 0, None
    document.pages_done -= len(pages)
    document.state = State.READING if document.pages_total else State.RECEIVED
    document.problem = None
    ledger.record(session, "document.retried", document.subject, by=by, at=at)


# Filing


def file(
    session: Session, document: Document, filing: Filing, *, by: Actor, at: datetime
) -> Document:
    """Put a document into the volume that takes such papers; it gets the next number there.

    Raises:
        NotYetRead: its reading is not done.
        FiledAlready: it has its place.
        NotADate: the date has none of the forms 2024, 2024-05, 2024-05-31.
    """
    dated = partial_date(filing.dated)
    session.refresh(document, with_for_update=True)
    if document.volume:
        raise FiledAlready(code=document.code)
    if document.state not in (State.READ, State.FAILED):
        raise NotYetRead
    document.party, document.type = filing.party, filing.type
    document.title, document.number = filing.title.strip()[:300], filing.number.strip()[:100]
    document.dated, document.amount = dated, filing.amount.strip()[:30]
    category = filing.type.category
    volume = volumes.taking(
        session, category, filing.party, filing.year, filing.retention, by=by, at=at
    )
    document.item = volumes.add_item(session, volume, max(1, document.pages_total))
    document.volume, document.state, document.filed_at = volume, State.FILED, at
    ledger.record(
        session, "document.filed", document.subject, volume.subject, filing.party.subject,
        by=by, at=at, code=document.code, title=document.title,
    )  # fmt: skip
    return document


def partial_date(typed: str) -> str:
    """A date as it is kept: ISO 8601, as exact as it is known, empty when it is not.

    Raises:
        NotADate: it has none of the three forms, or there is no such day.
    """
    typed = typed.strip()
    shape = PARTIAL_DATE.fullmatch(typed)
    if not typed:
        return ""
    if shape is None:
        raise NotADate(typed=typed[:20])
    known = [part for part in shape.groups() if part]
    try:
        date(*(int(part) for part in [*known, "1", "1"][:3]))
    except ValueError as error:
        raise NotADate(typed=typed[:20]) from error
    return "-".join(part.zfill(2) for part in known)


# Lists


def inbox(session: Session, *, before: int | None, limit: int) -> Sequence[Document]:
    """Documents that are not filed yet, newest first, from before a given id."""
    query = select(Document).where(Document.state != State.FILED)
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


def _still_holds(session: Session, page: Page, holder: str) -> bool:
    session.refresh(page, with_for_update=True)
    return page.state == PageState.CLAIMED and page.claimed_by == holder


def _count_done(session: Session, document_id: int) -> None:
    counted = Document.pages_done + 1
    session.execute(update(Document).where(Document.id == document_id).values(pages_done=counted))


def _plain_name(file_name: str) -> str:
    # What browsers and zip tools send may hold a path; a name is all that is kept of it.
    plain = file_name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in plain if c.isprintable()).strip()[:300] or "?"
