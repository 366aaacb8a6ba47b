"""Arranging: the strip of a batch's pages, and how it divides into documents.

    strip:   cover | 1 2 3 | 4 5 (blank) | separator | 6 …

A strip is plain data; what a clerk does to it (split, join, move, turn, set aside) gives another
strip, and `arrange` makes the documents fit it in one commit. The strip before is kept, so every
step can be undone. No page is ever deleted: what is no content is set aside.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, undefer

from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Conflict, Invalid
from archive.base.ledger import HOUSE, Actor
from archive.batches import Batch
from archive.documents.arriving import BeingRead
from archive.documents.records import Document, Original, Page, PageRole, PageState, State

RIGHT_ANGLES = (0, 90, 180, 270)
DONE = (PageState.READ, PageState.FAILED)


class FiledStays(Conflict):
    text = N_("These pages belong to %(code)s, which is filed: what is filed is not rearranged.")


class NotInStrip(Conflict):
    text = N_("The strip was changed meanwhile. Look at it again, then repeat this step.")


class NothingToUndo(Conflict):
    text = N_("There is no step to undo in this batch.")


class CannotSplitHere(Invalid):
    text = N_("A paper already begins with this page. Choose a page after it to split there.")


class CannotJoin(Invalid):
    text = N_("No paper stands before this page. Choose a page of a later paper to join it.")


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
class Leaf:
    """A page in the strip. `document` is 0 for what is no content, below 0 for one to be made."""

    page: int
    document: int
    role: PageRole
    turned: int | None


@dataclass(frozen=True)
class Part:
    """What the reader makes of one page: its role, the run of pages it belongs to, its doubt,
    and the number of the cover sheet that holds for it."""

    role: PageRole
    run: int
    doubt: dict[str, Any] | None = None
    cover: int | None = None


Strip = tuple[Leaf, ...]


def strip_of(pages: Iterable[Page]) -> Strip:
    """Pages, in the order of their places, as a strip."""
    return tuple(Leaf(p.id, p.document_id or 0, p.role, p.turned) for p in pages)


def split(strip: Strip, page: int) -> Strip:
    """A new document begins with this page. Raises CannotSplitHere, NotInStrip."""
    at = _find(strip, page)
    old = strip[at].document
    if not old or all(leaf.document != old for leaf in strip[:at]):
        raise CannotSplitHere
    fresh = _fresh(strip)
    return strip[:at] + tuple(
        replace(leaf, document=fresh) if leaf.document == old else leaf for leaf in strip[at:]
    )


def join(strip: Strip, page: int) -> Strip:
    """This page's document goes on the one before it. Raises CannotJoin, NotInStrip."""
    at = _find(strip, page)
    old = strip[at].document
    start = next((n for n, leaf in enumerate(strip) if leaf.document == old), at)
    before = next((leaf.document for leaf in reversed(strip[:start]) if leaf.document), 0)
    if not old or not before:
        raise CannotJoin
    return tuple(replace(leaf, document=before) if leaf.document == old else leaf for leaf in strip)


def move(strip: Strip, page: int, before: int | None) -> Strip:
    """The page goes in front of another (or to the end), into that one's document."""
    leaf = strip[_find(strip, page)]
    rest = tuple(other for other in strip if other.page != page)
    at = len(rest) if before is None else _find(rest, before)
    near = rest[at].document if at < len(rest) else 0
    home = near or _document_before(rest, at)
    if leaf.document and home:
        leaf = replace(leaf, document=home)
    return (*rest[:at], leaf, *rest[at:])


def turn(strip: Strip, page: int, degrees: int) -> Strip:
    """The page stands upright when its file's picture is turned clockwise by so much."""
    at = _find(strip, page)
    return (*strip[:at], replace(strip[at], turned=degrees % 360), *strip[at + 1 :])


def set_aside(strip: Strip, page: int, role: PageRole = PageRole.REMOVED) -> Strip:
    """The page belongs to no document. It stays in the strip."""
    at = _find(strip, page)
    return (*strip[:at], replace(strip[at], document=0, role=role), *strip[at + 1 :])


def restore(strip: Strip, page: int) -> Strip:
    """The page is content of the document it lies in or after; of its own where there is none."""
    at = _find(strip, page)
    home = _document_before(strip, at) or _fresh(strip)
    back = replace(strip[at], document=home, role=PageRole.CONTENT)
    return (*strip[:at], back, *strip[at + 1 :])


def pages_of(session: Session, batch: Batch) -> Sequence[Page]:
    """The pages of a batch in the order of its strip, each with its original and document."""
    query = (
        select(Page)
        .join(Original)
        .where(Original.batch_id == batch.id)
        .order_by(Page.place, Page.id)
        .options(joinedload(Page.original), joinedload(Page.document))
    )
    return session.scalars(query).all()


def rearrange(
    session: Session,
    batch: Batch,
    step: str,
    change: Callable[[Strip], Strip],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """One step of a clerk (its name, and what it makes of the strip), which can be undone.

    Raises:
        BeingRead: the batch's files are not all read yet.
        FiledStays: it would change what is filed.
        CannotSplitHere, CannotJoin, NotInStrip: the step does not fit the strip.
    """
    session.refresh(batch, with_for_update=True)
    pages = pages_of(session, batch)
    if any(page.original.divided_at is None for page in pages):
        raise BeingRead
    before = strip_of(pages)
    after = change(before)
    if after == before:
        return
    session.add(
        Arrangement(
            batch_id=batch.id, made_at=at, made_by_id=by.id, step=step,
            before=[[leaf.page, leaf.document, leaf.role, leaf.turned] for leaf in before],
        )
    )  # fmt: skip
    arrange(session, batch, pages, after, step, by=by, at=at)


def undo(session: Session, batch: Batch, *, by: Actor, at: datetime) -> str:
    """Take the newest step back; its name.

    Raises:
        NothingToUndo: there is none, or more came in since.
        FiledStays: what it changed is filed.
    """
    session.refresh(batch, with_for_update=True)
    last = _last_step(session, batch)
    pages = pages_of(session, batch)
    if last is None or {told[0] for told in last.before} != {page.id for page in pages}:
        raise NothingToUndo
    before = tuple(Leaf(page, of, PageRole(role), turned) for page, of, role, turned in last.before)
    arrange(session, batch, pages, before, "undone", by=by, at=at)
    session.delete(last)
    return last.step


def last_step(session: Session, batch: Batch) -> str:
    """The name of the step that could be undone, empty when there is none."""
    last = _last_step(session, batch)
    return last.step if last else ""


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
        NotInStrip: strip and pages are not of the same pages.
    """
    known = {page.id: page for page in pages}
    if len(strip) != len(known) or {leaf.page for leaf in strip} != known.keys():
        raise NotInStrip
    before, after = _numbered(strip_of(pages)), _numbered(strip)
    old, new = {leaf.page: leaf for leaf in strip_of(pages)}, {leaf.page: leaf for leaf in strip}
    moved = [known[page] for page in known if (before[page], old[page]) != (after[page], new[page])]
    documents = _documents(session, moved, [new[page.id].document for page in moved])
    for document in documents.values():
        if document.state == State.FILED:
            raise FiledStays(code=document.code)
    _take_out(session, moved)
    for place, leaf in zip(sorted(page.place for page in pages), strip, strict=True):
        known[leaf.page].place = place
    _put_in(session, moved, new, after, documents)
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
    after: dict[int, int],
    documents: dict[int, Document],
) -> None:
    for page in moved:
        leaf = new[page.id]
        page.role, page.doubt = leaf.role, None
        if page.turned != leaf.turned:
            page.turned = leaf.turned
            page.state, page.tries, page.problem = PageState.WAITING, 0, None
        if leaf.document:
            page.document, page.number = documents[leaf.document], after[page.id]
            # A document belongs to the file in which its first page came.
            if after[page.id] == 1:
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
    """Count a changed document's pages; what is left without any was joined to another."""
    states = session.scalars(select(Page.state).where(Page.document_id == document.id)).all()
    document.pages_total = len(states)
    document.pages_done = sum(state in DONE for state in states)
    document.state = State.READING if states else State.JOINED
    document.taken_by_id = None if not states else document.taken_by_id


def _numbered(strip: Strip) -> dict[int, int]:
    """Each page's number in its document, from 1; 0 for what is no content."""
    counted: dict[int, int] = {}
    numbers = {}
    for leaf in strip:
        counted[leaf.document] = counted.get(leaf.document, 0) + 1
        numbers[leaf.page] = counted[leaf.document] if leaf.document else 0
    return numbers


def _last_step(session: Session, batch: Batch) -> Arrangement | None:
    query = select(Arrangement).where(Arrangement.batch_id == batch.id)
    return session.scalar(query.order_by(Arrangement.id.desc()).limit(1))


def _find(strip: Strip, page: int) -> int:
    for at, leaf in enumerate(strip):
        if leaf.page == page:
            return at
    raise NotInStrip


def _document_before(strip: Strip, at: int) -> int:
    return next((leaf.document for leaf in reversed(strip[:at]) if leaf.document), 0)


def _fresh(strip: Strip) -> int:
    """A number for a document that is to be made."""
    return min(0, *(leaf.document for leaf in strip), 0) - 1


def runs(strip: Strip) -> list[tuple[int, Strip]]:
    """The strip as it is shown: documents, one after another, with what lies between them."""
    return [
        (number, tuple(leaves)) for number, leaves in groupby(strip, lambda leaf: leaf.document)
    ]


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


def settle(page: Page) -> None:
    """A person looked: this page is where it belongs."""
    page.doubt = None


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
