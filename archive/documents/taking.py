"""Taking in hand: a clerk who has a paper before them has it alone, for a while."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from archive import users
from archive.base.errors import N_, Conflict
from archive.base.ledger import Actor
from archive.documents.records import Document, State

# A clerk who went home lets go of it without a word.
HELD_FOR = timedelta(minutes=30)


class InOtherHands(Conflict):
    text = N_("%(name)s has this paper in hand just now. Take another one, or ask for it.")


def take(session: Session, document: Document, *, by: Actor, at: datetime) -> None:
    """Take a document in hand, or go on holding it. Raises InOtherHands, OlderScan, PutAway."""
    session.refresh(document, with_for_update={"of": Document})
    document.refuse_kept_aside()
    check(session, document, by, at)
    document.taken_by_id, document.taken_at = by.id, at


def let_go(session: Session, document: Document, *, by: Actor) -> None:
    """Let others take it."""
    session.refresh(document, with_for_update={"of": Document})
    if document.taken_by_id == by.id:
        document.taken_by_id = None


def take_next(session: Session, *, after: int, by: Actor, at: datetime) -> Document | None:
    """The next paper that was read and that nobody else has in hand, taken; None where there is
    none. It comes after a given one; behind the last follow the first."""
    waiting = select(Document).where(Document.state == State.READ, is_free(by, at))
    # Whoever asks at the same moment passes over it and gets the one behind it.
    one = waiting.order_by(Document.id).limit(1).with_for_update(skip_locked=True, of=Document)
    found = session.scalar(one.where(Document.id > after)) or session.scalar(
        one.where(Document.id < after)
    )
    if found:
        found.taken_by_id, found.taken_at = by.id, at
    return found


def check(session: Session, document: Document, by: Actor, at: datetime) -> None:
    """Raises InOtherHands where another clerk has it."""
    if (holder := holder_of(document, at)) not in (None, by.id):
        raise InOtherHands(name=users.by_id(session, holder or 0).name)


def holder_of(document: Document, at: datetime) -> int | None:
    """The account of whoever has it in hand now."""
    fresh = document.taken_at is not None and at - document.taken_at < HELD_FOR
    return document.taken_by_id if fresh else None


def is_free(by: Actor, at: datetime) -> ColumnElement[bool]:
    """A condition on documents: in nobody else's hands."""
    return or_(
        Document.taken_by_id.is_(None),
        Document.taken_by_id.is_not_distinct_from(by.id),
        Document.taken_at < at - HELD_FOR,
    )
