"""Arriving: a kept original becomes a document, its pages wait and are claimed, read, counted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session, joinedload

from archive import batches
from archive.base import ledger
from archive.base.errors import N_, Conflict
from archive.base.files import Kept
from archive.base.ledger import HOUSE, Actor
from archive.batches import Batch
from archive.documents import lines, taking
from archive.documents.records import (
    UNBACKED,
    Document,
    Original,
    Page,
    PageState,
    State,
)

MOST_TRIES = 3
# So often a whole worker may be gone with a page in its hands. A power cut says nothing against a
# page, so it is allowed more of these than tries; and it waits behind the others meanwhile.
MOST_ABANDONED = 20
LEAVES = 1_000_000  # More pages than a file has; parts the places of one original from the next.
UNDER_WAY = (State.RECEIVED, State.READING)


class BeingRead(Conflict):
    text = N_("This document is being read just now. Wait until that is done.")


class NothingToRetry(Conflict):
    text = N_("Every page of this document has been read. Nothing is left to read again: file it.")


ABANDONED = N_("Reading this page broke off again and again. Look at it, and scan it once more.")


def receive(
    session: Session,
    kept: Kept,
    file_name: str,
    *,
    engine: str,
    by: Actor,
    at: datetime,
    source: str,
    batch: Batch | None = None,
) -> tuple[Document, bool]:
    """The document of a kept original, and whether it is new: the same bytes are one original.

    Without a batch, the file is one by itself.
    """
    if known := of_original(session, kept.sha256):
        return known.scan_of or known, False
    batch = batch or batches.open_batch(session, source=source, by=by, at=at)
    original = Original(
        batch_id=batch.id,
        sha256=kept.sha256,
        size=kept.size,
        file_name=_plain_name(file_name),
        engine=engine,
        received_at=at,
        received_by_id=by.id,
    )
    document = Document(scanned=original, state=State.RECEIVED)
    session.add(document)
    session.flush()
    ledger.record(
        session, "document.received", document.subject, batch.subject, by=by, at=at,
        name=original.file_name, sha256=kept.sha256, size=kept.size, source=source,
    )  # fmt: skip
    return document, True


def of_original(session: Session, sha256: str) -> Document | None:
    """The first document that was made of an original, None when it never came in."""
    query = select(Document).join(Original).where(Original.sha256 == sha256)
    alive = query.order_by(Document.state == State.JOINED, Document.id)
    return session.scalar(alive.limit(1))


def unopened(session: Session, *, limit: int = 1) -> Sequence[Document]:
    """Received documents whose pages have not been counted yet, oldest first."""
    query = select(Document).where(Document.state == State.RECEIVED)
    return session.scalars(query.order_by(Document.id).limit(limit)).all()


def open_pages(session: Session, document: Document, media_type: str, pages: int) -> None:
    """Note what the original is and how many pages wait to be read."""
    session.refresh(document, with_for_update={"of": Document})
    if document.state != State.RECEIVED:
        return
    original = document.original
    original.media_type, original.pages = media_type, pages
    document.state = State.READING
    document.pages_total = pages
    first = _turn(session, original)
    session.add_all(
        Page(
            original_id=original.id,
            leaf=leaf,
            place=original.id * LEAVES + leaf,
            document_id=document.id,
            number=leaf,
            state=PageState.WAITING,
            turn=first + leaf,
        )
        for leaf in range(1, pages + 1)
    )


def _turn(session: Session, original: Original) -> int:
    """The turn before that of an original's first page.

    Start-time fair queueing, with a clerk's papers and a paper's pages each one behind the other:
    whoever brings one paper waits neither for the end of another's three thousand, nor behind a
    book of five hundred pages.
    """
    waiting = Page.state == PageState.WAITING
    now = session.scalar(select(func.min(Page.turn)).where(waiting)) or 1
    before = (
        select(func.count(Document.id))
        .join(Original)
        .where(
            Document.state == State.READING,
            Original.received_by_id.is_not_distinct_from(original.received_by_id),
            Document.original_id != original.id,
        )
    )
    return now - 1 + (session.scalar(before) or 0)


def refuse(session: Session, document: Document, problem: dict[str, Any], *, at: datetime) -> None:
    """Note that a received original is no paper that can be read, and why."""
    session.refresh(document, with_for_update={"of": Document})
    if document.state != State.RECEIVED:
        return
    document.state = State.FAILED
    document.problem = problem
    document.original.divided_at = at
    ledger.record(
        session, "document.failed", document.subject, by=HOUSE, at=at,
        name=document.file_name, problem=problem,
    )  # fmt: skip


def unread(session: Session, numbers: Sequence[int]) -> int:
    """How many of these documents, and of those made of their pages, are still to be read."""
    theirs = select(Document.original_id).where(Document.id.in_(numbers))
    query = select(func.count(Document.id)).where(
        Document.original_id.in_(theirs), Document.state.in_(UNDER_WAY)
    )
    return session.scalar(query) or 0


def claim_page(session: Session, *, holder: str, at: datetime) -> Page | None:
    """The page whose turn it is, claimed for this reader; None when none waits."""
    turn = (
        select(Page)
        .where(Page.state == PageState.WAITING)
        .order_by(Page.abandoned, Page.turn, Page.leaf, Page.id)
        .limit(1)
        .options(joinedload(Page.original))
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
    """Let the pages of a reader that is no more wait again, behind the others."""
    _release(session, Page.claimed_by == holder)


def release_older(session: Session, than: timedelta, *, at: datetime) -> None:
    """Let pages wait again that were claimed so long ago that nobody can be reading them."""
    _release(session, Page.claimed_at < at - than)


def _release(session: Session, whose: Any) -> None:
    held = select(Page).where(Page.state == PageState.CLAIMED, whose)
    for page in session.scalars(held.with_for_update(of=Page)):
        page.state, page.claimed_by = PageState.WAITING, ""
        page.abandoned += 1
        if page.abandoned >= MOST_ABANDONED:
            page.state, page.problem = PageState.FAILED, {"text": ABANDONED, "params": {}}
            _count_done(session, page)


def attach_reading(
    session: Session,
    page: Page,
    holder: str,
    words: str,
    reading: dict[str, Any],
    signs: dict[str, Any] | None = None,
) -> bool:
    """Keep what was read of a page. False when the claim was lost to another reader meanwhile."""
    if not _still_holds(session, page, holder):
        return False
    if page.corrections:
        reading, page.corrections = lines.kept(page.reading or reading, reading, page.corrections)
        words = lines.text_of(reading)
    page.state, page.text, page.reading, page.problem = PageState.READ, words, reading, None
    page.doubtful = lines.doubts(reading)
    page.signs = signs
    _count_done(session, page)
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
        _count_done(session, page)


def put_back(session: Session, page: Page, holder: str, problem: dict[str, Any]) -> None:
    """Let a claimed page wait again for what is no fault of its own, such as a full disk."""
    if _still_holds(session, page, holder):
        page.state, page.claimed_by, page.problem = PageState.WAITING, "", problem


def unfinished(session: Session, *, limit: int = 1) -> Sequence[Document]:
    """Documents whose pages are all done but for which this was not noted yet, oldest first."""
    done = Document.pages_done >= Document.pages_total
    reading = select(Document).where(Document.state == State.READING, done)
    again = select(Document).where(Document.is_read_again, done)
    found = session.scalars(reading.order_by(Document.id).limit(limit)).all()
    return found or session.scalars(again.order_by(Document.id).limit(limit)).all()


def standing(session: Session, document: Document) -> Sequence[tuple[object, ...]]:
    """What of a document's pages is another when the document must be suggested for anew."""
    told = select(Page.id, Page.number, Page.state, Page.claimed_at, Page.doubt)
    theirs = told.where(Page.document_id == document.id).order_by(Page.number)
    return [(*row[:-1], row[-1] is None) for row in session.execute(theirs)]


def finish_reading(
    session: Session,
    document: Document,
    kind: str,
    fields: dict[str, Any],
    *,
    at: datetime,
    guesses: dict[str, Any] | None = None,
) -> None:
    """Note that a document is read, with what the reader suggests, and what papers like it were.

    What was filed keeps its place and its description; only its text is another.
    """
    session.refresh(document, with_for_update={"of": Document})
    if document.state != State.READING and not document.is_read_again:
        return
    failed = failed_pages(session, document)
    document.problem = failed[0].problem if failed else None
    document.read_at = at
    if document.state == State.READING:
        lost = len(failed) == document.pages_total
        document.state = State.FAILED if lost else State.READ
        document.kind, document.fields, document.is_backed = kind, fields, False
        document.guesses = guesses or {}
        document.title = str(fields.get("title", {}).get("value") or "")[:300]
    document.is_read_again = False
    action = "document.failed" if document.state == State.FAILED else "document.read"
    ledger.record(
        session, action, document.subject, by=HOUSE, at=at,
        name=document.file_name, pages=document.pages_total,
        failed=[page.number for page in failed], kind=document.kind,
    )  # fmt: skip


def unbacked(session: Session) -> Document | None:
    """The oldest document read at whose suggestions nobody looked a second time.

    None while pages wait: a paper that can be found is worth more than one that is certain.
    """
    waits = select(Page.id).where(Page.state.in_((PageState.WAITING, PageState.CLAIMED)))
    if session.scalar(waits.limit(1)):
        return None
    query = select(Document).where(text(UNBACKED)).order_by(Document.id).limit(1)
    return session.scalar(query)


def back(session: Session, document: Document, kind: str, fields: dict[str, Any]) -> None:
    """Keep what is suggested after a second look, unless a clerk or a reader was quicker."""
    read_at = document.read_at
    session.refresh(document, with_for_update={"of": Document})
    if document.state == State.READ and document.read_at == read_at:
        document.is_backed = True
        document.kind, document.fields = kind, fields


def failed_pages(session: Session, document: Document) -> Sequence[Page]:
    """The pages of a document that could not be read."""
    lost = (Page.document_id == document.id) & (Page.state == PageState.FAILED)
    return session.scalars(select(Page).where(lost).order_by(Page.number)).all()


def retry(session: Session, document: Document, *, by: Actor, at: datetime) -> None:
    """Read once more what could not be read.

    Raises:
        OlderScan: a better scan took its place.
        PutAway: it is out of the inbox.
        BeingRead: its reading is not done.
        NothingToRetry: every page was read.
        InOtherHands: another clerk has it in hand.
    """
    session.refresh(document, with_for_update={"of": Document})
    document.refuse_kept_aside()
    taking.check(session, document, by, at)
    if document.state in UNDER_WAY or document.is_read_again:
        raise BeingRead
    pages = failed_pages(session, document)
    if document.state == State.JOINED or (document.pages_total and not pages):
        raise NothingToRetry
    read_again(document, pages)
    if not document.pages_total:
        # Opened anew, it is divided anew.
        document.state, document.original.divided_at = State.RECEIVED, None
    document.problem = None
    name = document.file_name
    ledger.record(session, "document.retried", document.subject, by=by, at=at, name=name)


def read_again(document: Document, pages: Sequence[Page]) -> None:
    """Let pages of a document wait to be read once more."""
    for page in pages:
        page.state, page.tries, page.abandoned, page.problem = PageState.WAITING, 0, 0, None
    document.pages_done -= len(pages)
    if document.state == State.FILED:
        document.is_read_again = bool(pages)
    elif pages:
        document.state = State.READING


def _still_holds(session: Session, page: Page, holder: str) -> bool:
    session.refresh(page, with_for_update={"of": Page})
    return page.state == PageState.CLAIMED and page.claimed_by == holder


def _count_done(session: Session, page: Page) -> None:
    counted = Document.pages_done + 1
    here = Document.id == page.document_id
    session.execute(update(Document).where(here).values(pages_done=counted))


def _plain_name(file_name: str) -> str:
    # What browsers and zip tools send may hold a path; a name is all that is kept of it.
    plain = file_name.replace("\\", "/").rpartition("/")[2]
    named = "".join(c for c in plain if c.isprintable()).strip()[:300]
    return named if named.strip(".") else "?"
