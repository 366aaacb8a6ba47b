"""Former codes: an archival code that a paper once had leads to where the paper is now.

A code is never given twice, not even to another paper in the gap that it left.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from archive.base.db import Record
from archive.documents.records import Document
from archive.volumes import Volume


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


def former_codes(session: Session, document: Document) -> Sequence[FormerCode]:
    """The codes that a paper had before, the newest first."""
    query = select(FormerCode).where(FormerCode.document_id == document.id)
    return session.scalars(query.order_by(FormerCode.id.desc())).all()


def moved_out(session: Session, volume: Volume, *, limit: int) -> Sequence[FormerCode]:
    """What was moved out of a volume, in the order of the numbers, with where it is now."""
    now_in = joinedload(FormerCode.document).joinedload(Document.volume)
    query = select(FormerCode).where(FormerCode.volume_id == volume.id).options(now_in)
    return session.scalars(query.order_by(FormerCode.item).limit(limit)).all()


def formerly(session: Session, code: str) -> Document | None:
    """The paper that once had this code."""
    query = select(Document).join(FormerCode).where(FormerCode.code == code)
    return session.scalar(query)
