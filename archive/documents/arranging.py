"""Arranging: a batch's pages in the order of its strip, and the documents made to fit a strip.

A step of a clerk (see `steps`) or the reader's division gives another strip (see `strips`);
`arrange` makes the documents fit it in one commit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from archive.base import ledger
from archive.base.errors import N_, Conflict, NotFound
from archive.base.ledger import HOUSE, Actor
from archive.batches import Batch
from archive.covers import CoverSheet
from archive.documents import taking
from archive.documents.records import (
    Document,
    Original,
    Page,
    PageRole,
    PageState,
    State,
)
from archive.documents.strips import Leaf, NotInStrip, Strip, numbered, strip_of

DONE = (PageState.READ, PageState.FAILED)
NONE: Mapping[int, int | None] = {}


class FiledStays(Conflict):
    text = N_("These pages belong to %(code)s, which is filed: what is filed is not rearranged.")


class StandsForOlder(Conflict):
    text = N_(
        "“%(title)s” is a better scan of a paper and keeps the older one. "
        "Leave it a page, or undo the better scan first."
    )


class NotTheirPage(NotFound):
    text = N_("This page is not in this batch. Open the strip of its own batch.")


@dataclass(frozen=True)
class Part:
    """What the reader makes of one page: its role, the run of pages it belongs to, its doubt,
    and the number of the cover sheet that holds for it."""

    role: PageRole
    run: int
    doubt: dict[str, Any] | None = None
    cover: int | None = None


def pages_of(session: Session, batch: Batch) -> Sequence[Page]:
    """The pages of a batch in the order of its strip, each with original, document and cover."""
    cover = selectinload(Document.cover)
    named = cover.options(joinedload(CoverSheet.party), joinedload(CoverSheet.type))
    query = (
        select(Page)
        .join(Original)
        .where(Original.batch_id == batch.id)
        .order_by(Page.place, Page.id)
        .options(joinedload(Page.original), joinedload(Page.document).options(named))
    )
    return session.scalars(query).all()


def pageless(session: Session, batch: Batch) -> Sequence[Document]:
    """The files of a batch of which no page could be opened: the strip has nothing of them."""
    query = select(Document).join(Original).where(Original.batch_id == batch.id)
    ended = Document.state.in_((State.FAILED, State.AWAY))
    return session.scalars(query.where(ended, Original.pages == 0).order_by(Document.id)).all()


def page_in(session: Session, batch: Batch, number: int) -> Page:
    """One page of a batch by its id, with its original and reading. Raises NotTheirPage."""
    shown = (joinedload(Page.original), undefer(Page.reading))
    found = session.get(Page, number, options=shown)
    if found is None or found.original.batch_id != batch.id:
        raise NotTheirPage
    return found


def arrange(
    session: Session,
    batch: Batch,
    pages: Sequence[Page],
    strip: Strip,
    step: str,
    *,
    by: Actor,
    at: datetime,
    covers: Mapping[int, int | None] = NONE,
    **told: Any,
) -> Strip:
    """Make the batch's documents fit a strip; the strip as it is then. Those that get or lose
    pages are suggested for anew.

    `covers` gives documents, by number, another cover sheet, or none; `told` stands in the ledger.

    Raises:
        FiledStays: a document that is filed would change.
        OlderScan: an older scan of a document would change.
        StandsForOlder: a document that keeps an older scan would have no page left.
        PutAway: a document that is put away would change.
        InOtherHands: a clerk has one that would change in hand, and it is another clerk's step.
        NotInStrip: strip and pages are not of the same pages.
    """
    known = {page.id: page for page in pages}
    if len(strip) != len(known) or {leaf.page for leaf in strip} != known.keys():
        raise NotInStrip
    was = strip_of(pages)
    before, after = _places(was), _places(strip)
    new, numbers = {leaf.page: leaf for leaf in strip}, numbered(strip)
    moved = [known[page] for page in known if before[page] != after[page]]
    covered = _covered(session, covers)
    documents = _documents(session, moved, [new[page.id].document for page in moved])
    _check(session, {**covered, **documents}.values(), by, at)
    _take_out(session, moved)
    _tell_anew(pages, new)
    for place, leaf in zip(sorted(page.place for page in pages), strip, strict=True):
        known[leaf.page].place, known[leaf.page].doubt = place, leaf.doubt
    _put_in(session, moved, new, numbers, documents)
    for number, document in covered.items():
        document.cover_id = covers[number]
    _recount(session, documents.values())
    changed = {**covered, **documents}.values()
    ledger.record(
        session, "batch.arranged", batch.subject, *(one.subject for one in changed), by=by, at=at,
        **{
            "batch": batch.called, "step": step, "place": _changed(was, strip),
            "pages": len(moved), "documents": len(changed), **told,
        },
    )  # fmt: skip
    return strip_of(known[leaf.page] for leaf in strip)


def _changed(was: Strip, strip: Strip) -> int:
    """The first place, from 1, at which two strips differ; 0 where they are the same."""
    pairs = enumerate(zip(was, strip, strict=True), 1)
    return next((place for place, (old, new) in pairs if old != new), 0)


def _covered(session: Session, covers: Mapping[int, int | None]) -> dict[int, Document]:
    """The documents that get another cover than they have."""
    if not covers:
        return {}
    found = session.scalars(select(Document).where(Document.id.in_(covers)))
    return {one.id: one for one in found if one.cover_id != covers[one.id]}


def _check(session: Session, documents: Iterable[Document], by: Actor, at: datetime) -> None:
    """Raises FiledStays, PutAway, OlderScan, InOtherHands."""
    for document in documents:
        if document.state == State.FILED:
            raise FiledStays(code=document.code)
        document.refuse_kept_aside()
        # The house itself divides a file even while somebody looks at it.
        if by.id is not None:
            taking.check(session, document, by, at)


def _tell_anew(pages: Sequence[Page], new: dict[int, Leaf]) -> None:
    """Let papers be suggested for anew of which another page perhaps was, and no longer is, the
    first of another: what it says was left out so far."""
    for page in pages:
        was, now = page.doubt or {}, new[page.id].doubt or {}
        is_answered = bool(was.get("suggests")) != bool(now.get("suggests"))
        if is_answered and page.document and page.document.state == State.READ:
            page.document.state = State.READING


def _take_out(session: Session, moved: Sequence[Page]) -> None:
    """Free the numbers first: two pages that change places would stand in each other's way."""
    for page in moved:
        page.document, page.number = None, None
    session.flush()


def _put_in(
    session: Session,
    moved: Sequence[Page],
    new: dict[int, Leaf],
    numbers: dict[int, int],
    documents: dict[int, Document],
) -> None:
    for page in moved:
        leaf = new[page.id]
        page.role = leaf.role
        if page.turned != leaf.turned:
            page.turned = leaf.turned
            page.state, page.tries, page.problem = PageState.WAITING, 0, None
        if leaf.document:
            page.document, page.number = documents[leaf.document], numbers[page.id]
            # A document belongs to the file in which its first page came.
            if numbers[page.id] == 1:
                page.document.scanned = page.original
    session.flush()


def _documents(
    session: Session, moved: Sequence[Page], wanted: Sequence[int]
) -> dict[int, Document]:
    """The documents that lose or get pages, by their numbers in the strip; new ones are made."""
    found = {page.document.id: page.document for page in moved if page.document}
    absent = {number for number in wanted if number > 0} - found.keys()
    if absent:
        there = session.scalars(select(Document).where(Document.id.in_(absent)))
        found |= {document.id: document for document in there}
    for page, number in zip(moved, wanted, strict=True):
        if number < 0 and number not in found:
            found[number] = Document(scanned=page.original, state=State.READING)
    session.add_all(found.values())
    session.flush()
    return found


def _recount(session: Session, documents: Iterable[Document]) -> None:
    """Count changed documents' pages; what is left without any was joined to another.

    Raises StandsForOlder.
    """
    changed = {document.id: document for document in documents}
    states: dict[int, list[PageState]] = {number: [] for number in changed}
    held = select(Page.document_id, Page.state).where(Page.document_id.in_(changed))
    for holder, state in session.execute(held):
        states[holder or 0].append(state)
    for number, document in changed.items():
        if not states[number] and document.older_scans:
            raise StandsForOlder(title=document.shown_title)
        document.pages_total = len(states[number])
        document.pages_done = sum(state in DONE for state in states[number])
        document.state = State.READING if states[number] else State.JOINED
        document.taken_by_id = document.taken_by_id if states[number] else None


def _places(strip: Strip) -> dict[int, tuple[int, int, PageRole, int | None]]:
    """What of each page a document takes part in: when it changes, the document does."""
    numbers = numbered(strip)
    return {one.page: (numbers[one.page], one.document, one.role, one.turned) for one in strip}


def divide(session: Session, original: Original, parts: Sequence[Part], *, at: datetime) -> None:
    """Make documents of the runs of an original's pages, once, when all of them were read.

    `parts` has one for each page, in the original's order.
    """
    session.refresh(original, with_for_update={"of": Original})
    if original.divided_at is not None:
        return
    original.divided_at = at
    pages = leaves_of(session, original)
    first = next(page.document_id for page in pages)
    numbers = {0: first or 0}
    for part in parts:
        numbers.setdefault(part.run, -len(numbers))
    strip = tuple(
        Leaf(page.id, numbers[part.run], part.role, page.turned)
        if part.role == PageRole.CONTENT
        else Leaf(page.id, 0, part.role, page.turned)
        for page, part in zip(pages, parts, strict=True)
    )
    if strip != strip_of(pages):
        batch = session.get_one(Batch, original.batch_id)
        arrange(session, batch, pages, strip, "divided", by=HOUSE, at=at)
    for page, part in zip(pages, parts, strict=True):
        page.doubt = part.doubt
        if page.document:
            page.document.cover_id = part.cover


def leaves_of(
    session: Session, original: Original, *, with_readings: bool = False
) -> Sequence[Page]:
    """The pages of an original in its own order, each with its document and signs."""
    query = select(Page).where(Page.original_id == original.id).order_by(Page.leaf)
    shown = [joinedload(Page.document), undefer(Page.signs)]
    if with_readings:
        shown.append(undefer(Page.reading))
    return session.scalars(query.options(*shown)).all()
