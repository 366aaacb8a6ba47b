"""Putting away: what came in and is no paper for the archive leaves the inbox; nothing is deleted.

An empty file, a picture sent by mistake, a page with nothing on it. Who needs it after all brings
it back.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from archive.base import ledger
from archive.base.errors import N_, Conflict
from archive.base.ledger import Actor
from archive.documents import taking
from archive.documents.arriving import BeingRead, failed_pages
from archive.documents.filing import filed_already
from archive.documents.records import Document, State


class NotPutAway(Conflict):
    text = N_("This paper is not put away. It is where it was before.")


class JoinedAlready(Conflict):
    text = N_("The pages of this paper were joined to another one. Look for them in their batch.")


def put_away(session: Session, document: Document, *, by: Actor, at: datetime) -> None:
    """Take a paper that is not filed out of the inbox, until somebody brings it back.

    Raises:
        FiledAlready: it has its place in a volume, and is destroyed only on a list.
        BeingRead: its reading is not done.
        JoinedAlready: it has no pages any more.
        PutAway: somebody was quicker.
        OlderScan: it is an older scan of another document, and in no inbox.
        InOtherHands: another clerk has it in hand.
    """
    session.refresh(document, with_for_update={"of": Document})
    document.refuse_kept_aside()
    if document.state == State.FILED:
        raise filed_already(session, document)
    if document.state == State.JOINED:
        raise JoinedAlready
    if document.state not in (State.READ, State.FAILED):
        raise BeingRead
    taking.check(session, document, by, at)
    document.state, document.taken_by_id = State.AWAY, None
    name = document.shown_title
    ledger.record(session, "document.put_away", document.subject, by=by, at=at, name=name)


def bring_back(session: Session, document: Document, *, by: Actor, at: datetime) -> None:
    """Put a paper that was put away into the inbox again, as it was. Raises NotPutAway."""
    session.refresh(document, with_for_update={"of": Document})
    if document.state != State.AWAY:
        raise NotPutAway
    is_lost = len(failed_pages(session, document)) == document.pages_total
    document.state = State.FAILED if is_lost else State.READ
    name = document.shown_title
    ledger.record(session, "document.brought_back", document.subject, by=by, at=at, name=name)
