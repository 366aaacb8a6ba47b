"""Refiling: a filed paper goes to another volume, and its old code leads there for ever."""

from datetime import datetime

from sqlalchemy.orm import Session

from archive import categories, volumes
from archive.base import ledger
from archive.base.errors import N_, Conflict, Invalid
from archive.base.ledger import Actor
from archive.categories import DocumentType
from archive.documents import ordering
from archive.documents.records import Document, FormerCode
from archive.volumes import Deed, Volume


class SameVolume(Conflict):
    text = N_("This paper lies in volume %(code)s already. Choose another volume.")


class OtherCategory(Invalid):
    text = N_(
        "Volume %(code)s is of category %(category)s, and no “%(type)s” belongs there. "
        "Choose the document type that it is there."
    )


def refile(
    session: Session,
    document: Document,
    target: Volume,
    why: str,
    *,
    type: DocumentType | None = None,
    by: Actor,
    at: datetime,
) -> Document:
    """Put a filed paper into another volume. It gets the next number there, becomes a paper of
    that volume's party, and its old code stays behind as a tombstone.

    Raises:
        NotInAVolume: it is not filed.
        NoReason: no reason is given.
        SameVolume: it lies there.
        Retired: the type that is given is not offered any more.
        OtherCategory: its type, or the one that is given, has no place there.
        VolumeClosed: nothing leaves the volume in which it is, until that is reopened.
    """
    source, reason = ordering.volume_of(document), volumes.needed(why)
    volumes.do(session, source, Deed.MOVE_OUT)
    session.refresh(document, with_for_update={"of": Document})
    # Whoever was quicker may have moved it: then it has left the volume that was locked.
    if document.volume_id == target.id or document.volume_id != source.id:
        raise SameVolume(code=ordering.volume_of(document).code)
    volumes.do(session, target, Deed.APPEND)
    if type and type.id != document.type_id:
        categories.check_offered(type)
    document.type = _type_there(type or document.type, target)
    before = document.code
    session.add(_tombstone(document, source, reason, at=at))
    ordering.leave(session, document, source)
    ordering.enter(session, document, target)
    document.party = target.party
    ledger.record(
        session, "document.moved", document.subject, source.subject, target.subject,
        target.party.subject, by=by, at=at, title=document.title, before=before,
        after=document.code, why=reason,
    )  # fmt: skip
    return document


def _tombstone(document: Document, volume: Volume, why: str, *, at: datetime) -> FormerCode:
    return FormerCode(
        code=document.code,
        document_id=document.id,
        volume_id=volume.id,
        item=document.item,
        why=why,
        left_at=at,
    )


def _type_there(kind: DocumentType | None, volume: Volume) -> DocumentType | None:
    if kind and kind.category_id != volume.category_id:
        raise OtherCategory(code=volume.code, category=volume.category.number, type=kind.name_zh)
    return kind
