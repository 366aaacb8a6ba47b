"""Rescanned: a better scan of the same paper takes the place of the one that is there.

Two documents exchange what was scanned and read. The one that is known keeps its number, volume,
description and history, and shows the new pages. The paper that came in now holds the older pages
with their corrections, and waits in no list any more. Exchanged once again, all is as before.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from archive.base import ledger
from archive.base.errors import N_, Conflict
from archive.base.ledger import Actor, Subject
from archive.documents import arriving, taking, twins
from archive.documents.records import Document, Page, PageState, State

# What belongs to the pages and goes where they go; all else belongs to the paper.
WITH_THE_PAGES = (
    "original_id", "pages_total", "pages_done", "problem", "read_at", "revised_at", "is_backed",
    "kind", "fields", "guesses",
)  # fmt: skip


class ScanIsFiled(Conflict):
    text = N_(
        "The new scan is itself filed as %(code)s, and what is filed stays. "
        "Attach the other scan to it, or keep both."
    )


class ScanNotRead(Conflict):
    text = N_(
        "Not every page of the new scan could be read. "
        "Read it again, or scan the paper once more, then attach that."
    )


class HasOlderScan(Conflict):
    text = N_(
        "“%(title)s” keeps an older scan of its own. Undo its better scan first, "
        "then attach either of them."
    )


class OtherPageCount(Conflict):
    text = N_(
        "The new scan has %(new)s pages, the one that is here has %(old)s. Compare all pages; "
        "if none is missing, say that the number is right and attach it again."
    )


class OtherScanShown(Conflict):
    text = N_(
        "Another scan of “%(title)s” is shown since you looked at it. "
        "Look at that one, then decide once more."
    )


class NoOlderScan(Conflict):
    text = N_("No older scan is kept with this paper. Nothing is left to undo.")


def attach_better_scan(
    session: Session,
    document: Document,
    scan: Document,
    *,
    by: Actor,
    at: datetime,
    pages_differ: bool = False,
    seen: int | None = None,
) -> int:
    """The pages of `scan` become those of `document`; the older ones stay with `scan`.

    How many lines of the older scan were corrected by hand: those corrections stay with it.
    `seen` is what `newest_older` was when the clerk compared them.

    Raises:
        OtherScanShown: another clerk was quicker.
        NotWithItself, OlderScan, PutAway, ScanIsFiled, HasOlderScan: these two cannot
            exchange pages.
        BeingRead, ScanNotRead: one of them is not read to the end.
        InOtherHands: another clerk has one of them in hand.
        OtherPageCount: one has more pages, and the clerk did not say that this is right.
    """
    _lock(session, document, scan)
    _check_seen(session, document, seen)
    check_better_scan(session, document, scan, by=by, at=at)
    old, new = document.pages_total, scan.pages_total
    # A paper that was only catalogued has no scan yet with which this one could be compared.
    if old and old != new and not pages_differ:
        raise OtherPageCount(old=old, new=new)
    _exchange(session, document, scan)
    scan.state, scan.scan_of, scan.outdone_at = State.OLDER, document, at
    scan.taken_by_id = None
    corrected = sum(len(page.corrections) for page in _pages(session, scan))
    ledger.record(
        session, "document.rescanned", *_touched(document, scan), by=by, at=at,
        name=document.shown_title, file=document.file_name, older=scan.id,
        pages=new, before=old, corrected=corrected,
    )  # fmt: skip
    return corrected


def undo_better_scan(
    session: Session, document: Document, *, by: Actor, at: datetime, seen: int | None = None
) -> Document:
    """Show the scan again that was there before; the better one is a paper of the inbox again.

    `seen` is what `newest_older` was when the clerk asked for it: asked twice, it is done once.

    Raises:
        NoOlderScan: there is none.
        OtherScanShown: another clerk was quicker.
        PutAway: the paper is out of the inbox.
        BeingRead: the paper is being read.
        InOtherHands: another clerk has it in hand.
    """
    number = newest_older(session, document)
    if not number:
        raise NoOlderScan
    _check_seen(session, document, seen)
    scan = session.get_one(Document, number)
    _lock(session, document, scan)
    document.refuse_kept_aside()
    _check_read(document)
    taking.check(session, document, by, at)
    _exchange(session, document, scan)
    scan.state, scan.scan_of, scan.outdone_at = _state(session, scan), None, None
    ledger.record(
        session, "document.rescan_undone", *_touched(document, scan), by=by, at=at,
        name=document.shown_title, better=scan.id,
    )  # fmt: skip
    return scan


def newest_older(session: Session, document: Document) -> int:
    """The id of the older scan that was shown last before the one that is shown now; 0 for none."""
    query = select(Document.id).where(Document.scan_of_id == document.id)
    return session.scalar(query.order_by(Document.outdone_at.desc()).limit(1)) or 0


def corrections(session: Session, document: Document) -> int:
    """How many lines of a document were compared or corrected by hand."""
    return sum(len(page.corrections) for page in _pages(session, document))


def check_better_scan(
    session: Session, document: Document, scan: Document, *, by: Actor, at: datetime
) -> None:
    """Raises whatever `attach_better_scan` would, but OtherPageCount."""
    if document.id == scan.id:
        raise twins.NotWithItself
    for one in (document, scan):
        one.refuse_kept_aside()
        _check_read(one)
        taking.check(session, one, by, at)
    if scan.state == State.FILED:
        raise ScanIsFiled(code=scan.code)
    if document.state == State.JOINED or scan.state != State.READ or scan.problem:
        raise ScanNotRead
    if newest_older(session, scan):
        raise HasOlderScan(title=scan.shown_title)


def _check_read(document: Document) -> None:
    if document.state in arriving.UNDER_WAY or document.is_read_again:
        raise arriving.BeingRead


def _check_seen(session: Session, document: Document, seen: int | None) -> None:
    if seen not in (None, newest_older(session, document)):
        raise OtherScanShown(title=document.shown_title)


def _exchange(session: Session, document: Document, scan: Document) -> None:
    before = document.pages_total
    given = [(page, page.number, scan) for page in _pages(session, document)]
    taken = [(page, page.number, document) for page in _pages(session, scan)]
    # Free the numbers first: both have a first page.
    for page, _, _ in given + taken:
        page.document, page.number = None, None
    session.flush()
    for page, number, home in given + taken:
        page.document, page.number = home, number
    for name in WITH_THE_PAGES:
        mine, theirs = getattr(document, name), getattr(scan, name)
        setattr(document, name, theirs)
        setattr(scan, name, mine)
    session.flush()
    session.refresh(document, ["scanned"])
    session.refresh(scan, ["scanned"])
    twins.exchange_looks(session, document, scan)
    _describe(session, document, before)
    scan.title = _title(scan)


def _describe(session: Session, document: Document, before: int) -> None:
    """What is filed keeps its description; of a paper in the inbox the new scan suggests it."""
    if document.state != State.FILED:
        document.state, document.title = _state(session, document), _title(document)
    elif document.volume and document.paper_pages is None:
        document.volume.pages += document.pages_total - before


def _touched(document: Document, scan: Document) -> list[Subject]:
    """Whose history tells of it: the volume's too, whose pages are counted."""
    volumes = [document.volume.subject] if document.volume else []
    return [document.subject, scan.subject, *volumes]


def _title(document: Document) -> str:
    return str(document.fields.get("title", {}).get("value") or "")[:300]


def _state(session: Session, document: Document) -> State:
    query = select(Page.id).where(Page.document_id == document.id, Page.state == PageState.READ)
    return State.READ if session.scalar(query.limit(1)) else State.FAILED


def _pages(session: Session, document: Document) -> Sequence[Page]:
    query = select(Page).where(Page.document_id == document.id).order_by(Page.number)
    return session.scalars(query.options(undefer(Page.corrections))).all()


def _lock(session: Session, *both: Document) -> None:
    for document in sorted(both, key=lambda one: one.id):
        session.refresh(document, with_for_update={"of": Document})
