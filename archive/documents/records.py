"""Documents and pages as they are kept, and how one is looked up."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, select, text
from sqlalchemy.orm import Mapped, Session, deferred, joinedload, mapped_column, relationship

from archive import volumes
from archive.base.db import Record
from archive.base.errors import N_, NotFound
from archive.base.ledger import Subject
from archive.categories import DocumentType
from archive.parties import Party
from archive.volumes import Volume


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


class NoSuchPage(NotFound):
    text = N_(
        "There is no page %(number)s: this document ends at page %(pages)s. Open an earlier one."
    )


class Document(Record):
    """One item: its original, what was read in it, and where it was filed."""

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_state", "state", "id"),
        # The inbox: few documents of many, however large the archive grows.
        Index(
            "ix_document_unfiled",
            "id",
            sqlite_where=text("state <> 'filed'"),
            postgresql_where=text("state <> 'filed'"),
        ),
        Index("ix_document_volume", "volume_id", "item"),
        Index("ix_document_party", "party_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
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
    """One page of a document. Raises NoSuchPage."""
    query = select(Page).where(Page.document_id == document.id, Page.number == number)
    found = session.scalar(query)
    if found is None:
        raise NoSuchPage(number=number, pages=document.pages_total)
    return found
