"""Former codes: an archival code that a paper once had leads to where the paper is now.

A code is never given twice, not even to another paper in the gap that it left.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from archive.documents.records import Document, FormerCode
from archive.volumes import Volume


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
