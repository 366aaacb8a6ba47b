"""Documents and pages as they are kept, and how one is looked up."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, deferred, joinedload, mapped_column, relationship

from archive import volumes
from archive.base.db import Record
from archive.base.errors import N_, Conflict, NotFound
from archive.base.ledger import Subject
from archive.batches import Batch
from archive.categories import DocumentType
from archive.covers import CoverSheet
from archive.parties import Party
from archive.users import User
from archive.volumes import Folder, Volume

# Written out the same here and in the inbox's query, so that the database sees that they fit.
UNFILED = "state NOT IN ('filed', 'joined', 'older', 'away')"
UNBACKED = "state = 'read' AND NOT is_backed"


class State(StrEnum):
    """Where a document is on its way."""

    RECEIVED = "received"
    READING = "reading"
    READ = "read"
    FILED = "filed"
    FAILED = "failed"
    # Its pages were joined to another document; its history stays.
    JOINED = "joined"
    # An older scan of another document, kept beside it: see `rescanned`.
    OLDER = "older"
    # A clerk put it away: it is no paper for the archive, unless somebody brings it back.
    AWAY = "away"


class PageState(StrEnum):
    """Where a page is on its way."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    READ = "read"
    FAILED = "failed"


class PageRole(StrEnum):
    """What a page of a batch is. Only content belongs to a document; nothing is ever deleted."""

    CONTENT = "content"
    COVER = "cover"
    SEPARATOR = "separator"
    BLANK = "blank"
    # A sheet that parts the stack, though nobody could read its code.
    DOUBTFUL = "doubtful"
    REMOVED = "removed"


class NoSuchDocument(NotFound):
    text = N_("There is no document with this number. Search for its title or text.")


class PutAway(Conflict):
    text = N_("This paper is put away. Bring it back into the inbox first.")


class NotScanned(NotFound):
    text = N_(
        "“%(title)s” is in the catalogue, but was never scanned. Scan the paper, "
        "then attach the scan to it."
    )


class NoSuchPage(NotFound):
    text = N_(
        "There is no page %(number)s: this document ends at page %(pages)s. Open an earlier one."
    )


class OlderScan(Conflict):
    text = N_(
        "This is an older scan of “%(title)s”, kept as it was. Open that paper; "
        "to work at this scan, undo the better one there."
    )


class Original(Record):
    """A file as it came in: its bytes are kept by their SHA-256 and never change."""

    __tablename__ = "original"
    __table_args__ = (Index("ix_original_batch", "batch_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    file_name: Mapped[str] = mapped_column(String(300))
    media_type: Mapped[str] = mapped_column(String(60), default="")
    engine: Mapped[str] = mapped_column(String(20))
    pages: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # When its pages were divided into documents; None while it is still read as one.
    divided_at: Mapped[datetime | None]

    batch: Mapped[Batch] = relationship(viewonly=True)
    received_by: Mapped[User | None] = relationship(viewonly=True)


class Document(Record):
    """One item: the pages that make it up, what was read in them, and where it was filed."""

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_state", "state", "id"),
        # The inbox: few documents of many, however large the archive grows.
        Index(
            "ix_document_unfiled",
            "id",
            sqlite_where=text(UNFILED),
            postgresql_where=text(UNFILED),
        ),
        Index(
            "ix_document_read_again",
            "id",
            sqlite_where=text("is_read_again"),
            postgresql_where=text("is_read_again"),
        ),
        Index(
            "ix_document_unbacked",
            "id",
            sqlite_where=text(UNBACKED),
            postgresql_where=text(UNBACKED),
        ),
        # Whoever is in a volume lies in its order.
        CheckConstraint("(volume_id IS NULL) = (position IS NULL)", name="lies_in_order"),
        Index("ix_document_volume", "volume_id", "position"),
        Index("uq_document_item", "volume_id", "item", unique=True),
        Index("ix_document_folder", "folder_id", "position"),
        Index("ix_document_party", "party_id", "id"),
        # A party's dossier: its papers by type.
        Index("ix_document_dossier", "party_id", "type_id", "dated", "id"),
        # What lapses: few of all.
        Index("ix_document_lapses", "lapses_on", "id"),
        Index("ix_document_order", "party_id", "order_number"),
        Index("ix_document_original", "original_id"),
        Index("ix_document_scan_of", "scan_of_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The file in which its first page came; none of a paper that was catalogued, never scanned.
    original_id: Mapped[int | None] = mapped_column(ForeignKey("original.id"))
    state: Mapped[State] = mapped_column(String(10))
    # Why it, or some of its pages, could not be read: {"text": msgid, "params": {…}}.
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    pages_total: Mapped[int] = mapped_column(default=0)
    pages_done: Mapped[int] = mapped_column(default=0)
    # Filed, and pages of it wait to be read once more.
    is_read_again: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[datetime | None]
    # When a clerk last corrected its text.
    revised_at: Mapped[datetime | None]
    # Whether a second reader has looked at what counts in what is suggested.
    is_backed: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(String(30), default="")
    # What the reader suggests: {name: {"value", "confidence", "page", "box"}}.
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # What papers like it were filed as: {"type" or "party": {"value": id, "sure": 0.5 to 1}}.
    guesses: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    title: Mapped[str] = mapped_column(String(300), default="")
    number: Mapped[str] = mapped_column(String(100), default="")
    dated: Mapped[str] = mapped_column(String(10), default="")
    amount: Mapped[str] = mapped_column(String(30), default="")
    # Who answers for what it says (责任者), as its catalogue names them.
    responsible: Mapped[str] = mapped_column(String(200), default="")
    remark: Mapped[str] = mapped_column(String(500), default="")
    # The export order whose papers are complete, or not, together.
    order_number: Mapped[str] = mapped_column(String(100), default="")
    # As DocumentType.secrecy: empty until it is filed, then its type's unless told otherwise.
    secrecy: Mapped[str] = mapped_column(String(10), default="")
    # How many pages there are on paper, counted by hand; None while nobody has counted.
    paper_pages: Mapped[int | None]
    is_copy: Mapped[bool] = mapped_column(default=False)
    # Of a copy: where the original is.
    original_at: Mapped[str] = mapped_column(String(200), default="")
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    type_id: Mapped[int | None] = mapped_column(ForeignKey("document_type.id"))
    # The cover sheet that lay before it in the stack.
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("cover_sheet.id"))
    volume_id: Mapped[int | None] = mapped_column(ForeignKey("volume.id"))
    item: Mapped[int | None]
    # Its 档号, as it was issued: a pattern that is chosen later changes none that is out.
    archival_code: Mapped[str | None] = mapped_column(String(90), unique=True)
    # The folder of its volume in which the paper lies, and its place in the volume's order (序号):
    # only the order counts. Its item number, once issued, never changes.
    folder_id: Mapped[int | None] = mapped_column(ForeignKey("folder.id"))
    position: Mapped[int | None]
    filed_at: Mapped[datetime | None]
    # The last day on which it counts; None where it never lapses, or a newer paper took its place.
    lapses_on: Mapped[date | None]
    # Counts the corrections of its description.
    version: Mapped[int] = mapped_column(default=1)
    # The document whose older scan this is, and when a better one took its place.
    scan_of_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    outdone_at: Mapped[datetime | None]
    # Which clerk has it in hand, and since when.
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    taken_at: Mapped[datetime | None]

    taken_by: Mapped[User | None] = relationship(viewonly=True)
    scanned: Mapped[Original | None] = relationship(lazy="joined")
    cover: Mapped[CoverSheet | None] = relationship()
    party: Mapped[Party | None] = relationship()
    type: Mapped[DocumentType | None] = relationship()
    volume: Mapped[Volume | None] = relationship()
    folder: Mapped[Folder | None] = relationship()
    former: Mapped[list["FormerCode"]] = relationship(viewonly=True)
    pages: Mapped[list["Page"]] = relationship(back_populates="document", order_by="Page.number")
    scan_of: Mapped["Document | None"] = relationship(
        back_populates="older_scans", remote_side="Document.id"
    )
    # The newest first.
    older_scans: Mapped[list["Document"]] = relationship(
        back_populates="scan_of", order_by="Document.outdone_at.desc()"
    )

    @property
    def subject(self) -> Subject:
        return Subject("document", self.id)

    @property
    def code(self) -> str:
        """Its 档号 once it is filed, else nothing."""
        return self.archival_code or ""

    def place_in(self, volume: Volume, item: int) -> None:
        """Issue its number in a volume, and with it its 档号."""
        self.volume, self.item = volume, item
        self.archival_code = volumes.item_code(volume, item)

    @property
    def pages_on_paper(self) -> int:
        """Its pages as counted by hand, else as scanned; a paper that is there has one at least."""
        return self.paper_pages or self.pages_total or 1

    @property
    def pages_differ(self) -> bool:
        """Whether other pages were counted on paper than were scanned."""
        return bool(self.paper_pages and self.pages_total and self.paper_pages != self.pages_total)

    @property
    def original(self) -> Original:
        """The file in which its first page came. Raises NotScanned."""
        if self.scanned is None:
            raise NotScanned(title=self.shown_title)
        return self.scanned

    @property
    def file_name(self) -> str:
        return self.scanned.file_name if self.scanned else ""

    @property
    def text_from(self) -> datetime | None:
        """When its text became what it is now."""
        changed = [moment for moment in (self.read_at, self.revised_at) if moment]
        return max(changed, default=None)

    def refuse_kept_aside(self) -> None:
        """Raises OlderScan where another document shows a better scan of this paper, PutAway
        where a clerk put it away: nobody works at it then."""
        if self.scan_of:
            raise OlderScan(title=self.scan_of.shown_title)
        if self.state == State.AWAY:
            raise PutAway

    @property
    def stays(self) -> bool:
        """Whether its pages stay as they are, because it is filed, kept aside or put away."""
        return self.state in (State.FILED, State.OLDER, State.AWAY)

    @property
    def shown_title(self) -> str:
        return self.title or self.file_name


class FormerCode(Record):
    """A code (档号) whose paper was moved to another volume: the tombstone in its place."""

    __tablename__ = "former_code"
    __table_args__ = (Index("ix_former_code_volume", "volume_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(90), unique=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    volume_id: Mapped[int] = mapped_column(ForeignKey("volume.id"))
    item: Mapped[int]
    why: Mapped[str] = mapped_column(String(300))
    left_at: Mapped[datetime]

    document: Mapped[Document] = relationship()


class Page(Record):
    """One side of paper: its text, and the reading it came from."""

    __tablename__ = "page"
    __table_args__ = (
        Index("uq_page_leaf", "original_id", "leaf", unique=True),
        Index("uq_page_number", "document_id", "number", unique=True),
        Index("ix_page_turn", "state", "abandoned", "turn", "leaf", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    original_id: Mapped[int] = mapped_column(ForeignKey("original.id"))
    leaf: Mapped[int]  # its number in the original, from 1
    # Where it lies in the strip of its batch; only the order counts.
    place: Mapped[int] = mapped_column(BigInteger)
    role: Mapped[PageRole] = mapped_column(String(10), default=PageRole.CONTENT)
    # Content alone has a document, and a number in it from 1.
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int | None]
    # By how many degrees, clockwise, a clerk says that it must be turned; None: the reader sees.
    turned: Mapped[int | None]
    # Why a person should look at where it was put: {"text": msgid, "params": {…}}.
    doubt: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[PageState] = mapped_column(String(10))
    # Its place in the queue; see `arriving.open_pages`.
    turn: Mapped[int] = mapped_column(BigInteger, default=0)
    tries: Mapped[int] = mapped_column(default=0)
    # How often a whole worker was gone while it read this page.
    abandoned: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str] = mapped_column(String(120), default="")
    claimed_at: Mapped[datetime | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    text: Mapped[str] = deferred(mapped_column(Text, default=""))
    # The reading as the reader gave it: lines with boxes and confidence, rotation, skew, engine.
    reading: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON))
    # What the reader saw that tells how the stack divides: codes, patch, blank.
    signs: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON))
    # How many of its lines are to be compared with the paper.
    doubtful: Mapped[int] = mapped_column(default=0)
    # What clerks corrected, so that another reading keeps it: see `lines`.
    corrections: Mapped[list[Any]] = deferred(mapped_column(JSON, default=list))
    # Its picture in 64 bits, alike for alike pictures, as a signed number; None where it is bare.
    likeness: Mapped[int | None] = mapped_column(BigInteger)

    original: Mapped[Original] = relationship()
    document: Mapped[Document | None] = relationship(back_populates="pages")

    @property
    def rotation(self) -> int:
        """By how many degrees, clockwise, it is turned now: by a clerk, else by the reader."""
        told = (self.reading or {}).get("rotation", 0) if self.turned is None else self.turned
        return int(told)


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
    """One page of a document, with the original it came in. Raises NoSuchPage."""
    query = select(Page).where(Page.document_id == document.id, Page.number == number)
    found = session.scalar(query.options(joinedload(Page.original)))
    if found is None:
        raise NoSuchPage(number=number, pages=document.pages_total)
    return found
