"""Arranging: a clerk's steps at a batch's strip, kept and undone, and the documents made to fit.

A step gives another strip (see `strips`), and `arrange` makes the documents fit it in one commit.
The strip before is kept, so every step can be undone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, selectinload, undefer

from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Conflict, NotFound
from archive.base.ledger import HOUSE, Actor
from archive.batches import Batch
from archive.covers import CoverSheet
from archive.documents import taking
from archive.documents.arriving import BeingRead
from archive.documents.records import Document, Original, Page, PageRole, PageState, State
from archive.documents.strips import Leaf, NotInStrip, Strip, numbered, strip_of, version

DONE = (PageState.READ, PageState.FAILED)


class FiledStays(Conflict):
    text = N_("These pages belong to %(code)s, which is filed: what is filed is not rearranged.")


class StandsForOlder(Conflict):
    text = N_(
        "“%(title)s” is a better scan of a paper and keeps the older one. "
        "Leave it a page, or undo the better scan first."
    )


class NotTheirPage(NotFound):
    text = N_("This page is not in this batch. Open the strip of its own batch.")


class NothingToUndo(Conflict):
    text = N_("There is no step to undo in this batch. Look whether more came in since.")


class Arrangement(Record):
    """A step that was done to a strip, and the strip before it."""

    __tablename__ = "arrangement"
    __table_args__ = (Index("ix_arrangement_batch", "batch_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    step: Mapped[str] = mapped_column(String(20))
    before: Mapped[list[Any]] = mapped_column(JSON)


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


def page_in(session: Session, batch: Batch, number: int) -> Page:
    """One page of a batch by its id, with its original and reading. Raises NotTheirPage."""
    shown = (joinedload(Page.original), undefer(Page.reading))
    found = session.get(Page, number, options=shown)
    if found is None or found.original.batch_id != batch.id:
        raise NotTheirPage
    return found


def rearrange(
    session: Session,
    batch: Batch,
    step: str,
    change: Callable[[Strip], Strip],
    *,
    by: Actor,
    at: datetime,
    seen: str = "",
) -> None:
    """One step of a clerk (its name, and what it makes of the strip), which can be undone.

    `seen` is the version of the strip that the clerk looked at, empty when none is told.

    Raises:
        BeingRead: the batch's files are not all read yet.
        FiledStays: it would change what is filed.
        NotInStrip: the strip is not the one that was seen.
        CannotSplitHere, CannotJoin: the step does not fit the strip.
    """
    pages, before = _locked(session, batch, seen)
    if any(page.original.divided_at is None for page in pages):
        raise BeingRead
    after = change(before)
    if after == before:
        return
    arrange(session, batch, pages, after, step, by=by, at=at)
    session.add(
        Arrangement(
            batch_id=batch.id, made_at=at, made_by_id=by.id, step=step,
            before=[[one.page, one.document, one.role, one.turned, one.doubt] for one in before],
        )
    )  # fmt: skip


def undo(session: Session, batch: Batch, *, by: Actor, at: datetime, seen: str = "") -> str:
    """Take the newest step back; its name.

    Raises:
        NotInStrip: the strip is not the one that was seen.
        NothingToUndo: there is none, or more came in since.
        FiledStays: what it changed is filed.
    """
    pages, _now = _locked(session, batch, seen)
    last = _last_step(session, batch)
    if last is None or {told[0] for told in last.before} != {page.id for page in pages}:
        raise NothingToUndo
    before = tuple(
        Leaf(page, document, PageRole(role), turned, doubt)
        for page, document, role, turned, doubt in last.before
    )
    arrange(session, batch, pages, before, "undone", by=by, at=at)
    session.delete(last)
    return last.step


def last_step(session: Session, batch: Batch) -> str:
    """The name of the step that could be undone, empty when there is none."""
    last = _last_step(session, batch)
    return last.step if last else ""


def collated(session: Session, batches: Sequence[Batch]) -> set[int]:
    """Which of these batches are fronts and backs that came in two passes and were put together."""
    theirs = Arrangement.batch_id.in_([batch.id for batch in batches])
    query = select(Arrangement.batch_id).where(theirs, Arrangement.step.startswith("collate"))
    return set(session.scalars(query.distinct()))


def arrange(
    session: Session,
    batch: Batch,
    pages: Sequence[Page],
    strip: Strip,
    step: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Make the batch's documents fit a strip. Those that change are suggested for anew.

    Raises:
        FiledStays: a document that is filed would change.
        OlderScan: an older scan of a document would change.
        StandsForOlder: a document that keeps an older scan would have no page left.
        InOtherHands: a clerk has one that would change in hand, and it is another clerk's step.
        NotInStrip: strip and pages are not of the same pages.
    """
    known = {page.id: page for page in pages}
    if len(strip) != len(known) or {leaf.page for leaf in strip} != known.keys():
        raise NotInStrip
    before, after = _places(strip_of(pages)), _places(strip)
    new, numbers = {leaf.page: leaf for leaf in strip}, numbered(strip)
    moved = [known[page] for page in known if before[page] != after[page]]
    documents = _documents(session, moved, [new[page.id].document for page in moved])
    for document in documents.values():
        if document.state == State.FILED:
            raise FiledStays(code=document.code)
        document.refuse_older()
        # The house itself divides a file even while somebody looks at it.
        if by.id is not None and document.id is not None:
            taking.check(session, document, by, at)
    _take_out(session, moved)
    for place, leaf in zip(sorted(page.place for page in pages), strip, strict=True):
        known[leaf.page].place, known[leaf.page].doubt = place, leaf.doubt
    _put_in(session, moved, new, numbers, documents)
    changed = list(documents.values())
    for document in changed:
        _recount(session, document)
    ledger.record(
        session, "batch.arranged", batch.subject, *(one.subject for one in changed), by=by, at=at,
        step=step, pages=len(moved), documents=len(changed),
    )  # fmt: skip


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
                page.document.original = page.original
    session.flush()


def _documents(
    session: Session, moved: Sequence[Page], wanted: Sequence[int]
) -> dict[int, Document]:
    """The documents that lose or get pages, by their numbers in the strip; new ones are made."""
    found = {page.document.id: page.document for page in moved if page.document}
    for page, number in zip(moved, wanted, strict=True):
        if number > 0 and number not in found:
            found[number] = session.get_one(Document, number)
        elif number < 0 and number not in found:
            fresh = Document(original=page.original, state=State.READING)
            session.add(fresh)
            session.flush()
            found[number] = fresh
    return found


def _recount(session: Session, document: Document) -> None:
    """Count a changed document's pages; what is left without any was joined to another.

    Raises StandsForOlder.
    """
    states = session.scalars(select(Page.state).where(Page.document_id == document.id)).all()
    if not states and document.older_scans:
        raise StandsForOlder(title=document.shown_title)
    document.pages_total = len(states)
    document.pages_done = sum(state in DONE for state in states)
    document.state = State.READING if states else State.JOINED
    document.taken_by_id = None if not states else document.taken_by_id


def _places(strip: Strip) -> dict[int, tuple[int, int, PageRole, int | None]]:
    """What of each page a document takes part in: when it changes, the document does."""
    numbers = numbered(strip)
    return {one.page: (numbers[one.page], one.document, one.role, one.turned) for one in strip}


def _locked(session: Session, batch: Batch, seen: str) -> tuple[Sequence[Page], Strip]:
    """The batch's pages, which nobody else rearranges meanwhile. Raises NotInStrip."""
    session.refresh(batch, with_for_update={"of": Batch})
    pages = pages_of(session, batch)
    strip = strip_of(pages)
    if seen and version(strip) != seen:
        raise NotInStrip
    return pages, strip


def _last_step(session: Session, batch: Batch) -> Arrangement | None:
    query = select(Arrangement).where(Arrangement.batch_id == batch.id)
    return session.scalar(query.order_by(Arrangement.id.desc()).limit(1))


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


def doubts(session: Session, batch: Batch) -> int:
    """How many pages of a batch a person should look at."""
    query = select(func.count(Page.id)).join(Original)
    return session.scalar(query.where(Original.batch_id == batch.id, Page.doubt.is_not(None))) or 0


def leaves_of(
    session: Session, original: Original, *, with_readings: bool = False
) -> Sequence[Page]:
    """The pages of an original in its own order, each with its document and signs."""
    query = select(Page).where(Page.original_id == original.id).order_by(Page.leaf)
    shown = [joinedload(Page.document), undefer(Page.signs)]
    if with_readings:
        shown.append(undefer(Page.reading))
    return session.scalars(query.options(*shown)).all()
