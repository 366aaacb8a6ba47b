"""Steps: what clerks do to a batch's strip, one at a time, each kept so that it can be undone.

With each step the strip before it is kept. A strip of thousands of pages is long, so of a batch
only the newest `KEPT` steps keep theirs; the older ones can no longer be undone. That they were
done stays in the ledger.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.base.db import Record
from archive.base.errors import N_, Conflict
from archive.base.ledger import Actor
from archive.batches import Batch
from archive.covers import CoverSheet
from archive.documents.arranging import arrange, pages_of
from archive.documents.arriving import BeingRead
from archive.documents.records import Document, Original, Page, PageRole
from archive.documents.strips import Leaf, NotInStrip, Strip, find, set_aside, strip_of, version

KEPT = 30


class NothingToUndo(Conflict):
    text = N_("There is no step to undo in this batch. Look whether more came in since.")


class NothingBehind(Conflict):
    text = N_("No paper lies behind this sheet. Move it in front of the paper that it names.")


class Arrangement(Record):
    """A step that was done to a strip, and what was before it."""

    __tablename__ = "arrangement"
    __table_args__ = (Index("ix_arrangement_batch", "batch_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    step: Mapped[str] = mapped_column(String(20))
    # The strip: [page, document, role, turned, doubt] each; None once it is too old to be undone.
    before: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    # The cover sheets of the documents that got another one: [document, cover or None] each.
    covers: Mapped[list[Any]] = mapped_column(JSON, default=list)


def rearrange(
    session: Session,
    batch: Batch,
    step: str,
    change: Callable[[Strip], Strip],
    *,
    by: Actor,
    at: datetime,
    seen: str = "",
) -> Strip:
    """One step of a clerk (its name, and what it makes of the strip), which can be undone; the
    strip as it is then.

    `seen` is the version of the strip that the clerk looked at, empty when none is told.

    Raises:
        BeingRead: the batch's files are not all read yet.
        FiledStays: it would change what is filed.
        InOtherHands: another clerk has what it would change in hand.
        NotInStrip: the strip is not the one that was seen.
        CannotSplitHere, CannotJoin: the step does not fit the strip.
    """
    pages, before = _standing(session, batch, seen)
    after = change(before)
    if after == before:
        return before
    now = arrange(session, batch, pages, after, step, by=by, at=at)
    _keep(session, batch, step, before, [], by=by, at=at)
    return now


def cover(
    session: Session,
    batch: Batch,
    page: int,
    sheet: CoverSheet,
    *,
    by: Actor,
    at: datetime,
    seen: str = "",
) -> Strip:
    """A page is this cover sheet, which holds for the first paper behind it; the strip as it is
    then. A step like the others.

    Raises:
        NothingBehind: no paper lies behind the page.
        BeingRead, FiledStays, InOtherHands, NotInStrip: as in `rearrange`.
    """
    pages, before = _standing(session, batch, seen)
    after = set_aside(before, page, PageRole.COVER)
    place = find(after, page)
    named = next((leaf.document for leaf in after[place:] if leaf.document), None)
    if named is None:
        raise NothingBehind
    had = session.get_one(Document, named).cover_id
    if after == before and had == sheet.id:
        return before
    now = arrange(
        session, batch, pages, after, "cover", by=by, at=at,
        covers={named: sheet.id}, place=place + 1, cover=sheet.code,
    )  # fmt: skip
    _keep(session, batch, "cover", before, [[named, had]], by=by, at=at)
    return now


def undo(session: Session, batch: Batch, *, by: Actor, at: datetime, seen: str = "") -> Strip:
    """Take the newest step back; the strip as it is then.

    Raises:
        NotInStrip: the strip is not the one that was seen.
        NothingToUndo: there is none, or more came in since.
        FiledStays: what it changed is filed.
        InOtherHands: another clerk has what it changed in hand.
    """
    pages, _now = _locked(session, batch, seen)
    newest = select(Arrangement).where(Arrangement.batch_id == batch.id)
    last = session.scalar(newest.order_by(Arrangement.id.desc()).limit(1))
    told = last.before or [] if last else []
    if last is None or {one[0] for one in told} != {page.id for page in pages}:
        raise NothingToUndo
    before = tuple(
        Leaf(page, document, PageRole(role), turned, doubt)
        for page, document, role, turned, doubt in told
    )
    now = arrange(
        session, batch, pages, before, "undone", by=by, at=at,
        covers=dict(last.covers), undone=last.step,
    )  # fmt: skip
    session.delete(last)
    return now


def last_step(session: Session, batch: Batch) -> str:
    """The name of the step that could be undone, empty when there is none."""
    newest = select(Arrangement.step, Arrangement.before.is_(None)).order_by(Arrangement.id.desc())
    last = session.execute(newest.where(Arrangement.batch_id == batch.id).limit(1)).first()
    return "" if last is None or last[1] else str(last[0])


def collated(session: Session, batches: Sequence[Batch]) -> set[int]:
    """Which of these batches are fronts and backs that came in two passes and were put together."""
    theirs = Arrangement.batch_id.in_([batch.id for batch in batches])
    query = select(Arrangement.batch_id).where(theirs, Arrangement.step.startswith("collate"))
    return set(session.scalars(query.distinct()))


def passes(session: Session, batch: Batch) -> list[list[int]]:
    """The pages of each of a batch's files, in the order in which they were scanned."""
    query = select(Page.original_id, Page.id).join(Original).where(Original.batch_id == batch.id)
    found: dict[int, list[int]] = {}
    for original, page in session.execute(query.order_by(Page.original_id, Page.leaf)):
        found.setdefault(original, []).append(page)
    return list(found.values())


def _standing(session: Session, batch: Batch, seen: str) -> tuple[Sequence[Page], Strip]:
    """The batch's pages, for a step at them. Raises BeingRead, NotInStrip."""
    pages, strip = _locked(session, batch, seen)
    if any(page.original.divided_at is None for page in pages):
        raise BeingRead
    return pages, strip


def _locked(session: Session, batch: Batch, seen: str) -> tuple[Sequence[Page], Strip]:
    """The batch's pages, which nobody else rearranges meanwhile. Raises NotInStrip."""
    session.refresh(batch, with_for_update={"of": Batch})
    pages = pages_of(session, batch)
    strip = strip_of(pages)
    if seen and version(strip) != seen:
        raise NotInStrip
    return pages, strip


def _keep(
    session: Session,
    batch: Batch,
    step: str,
    before: Strip,
    covers: list[list[int | None]],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what was before a step; the one that is now too old to be undone keeps nothing."""
    session.add(
        Arrangement(
            batch_id=batch.id, made_at=at, made_by_id=by.id, step=step, covers=covers,
            before=[[one.page, one.document, one.role, one.turned, one.doubt] for one in before],
        )
    )  # fmt: skip
    theirs = select(Arrangement.id).where(Arrangement.batch_id == batch.id)
    old = session.scalar(theirs.order_by(Arrangement.id.desc()).offset(KEPT).limit(1))
    if old is not None:
        forgetting = update(Arrangement).where(Arrangement.id == old)
        session.execute(forgetting.values(before=None))
