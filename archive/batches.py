"""Batches (批次): what came in together, from whom, how, and how many sheets it was on paper.

A batch is a stack of paper at the moment of its scanning. Its files are kept unchanged; its pages
lie in one strip, which is divided into documents.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Invalid, NotFound
from archive.base.ledger import Actor, Subject
from archive.users import User

MOST_SHEETS = 100_000


class NoSuchBatch(NotFound):
    text = N_("There is no batch with this number. The inbox lists those that came in.")


class NotACount(Invalid):
    text = N_("The number of sheets is a whole number from 1 to %(most)s. Count them once more.")


class Batch(Record):
    """What came in together."""

    __tablename__ = "batch"
    __table_args__ = (Index("ix_batch_name", "source", "name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    # How it came: "upload", "command line", "folder", "scanner", "mail", "demo".
    source: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # How many sheets the clerk counted in the hand; None when nobody counted.
    sheets: Mapped[int | None]
    # Whether a blank page parts two documents; else it is a blank back.
    blank_parts: Mapped[bool] = mapped_column(default=False)
    # Whether fronts and backs come in turn.
    two_sided: Mapped[bool] = mapped_column(default=False)

    opened_by: Mapped[User | None] = relationship(lazy="joined")

    @property
    def subject(self) -> Subject:
        return Subject("batch", self.id)

    @property
    def called(self) -> str:
        """Its number, and its name if it has one: what the ledger calls it."""
        return f"{self.id} {self.name}".strip()


def open_batch(
    session: Session,
    *,
    source: str,
    by: Actor,
    at: datetime,
    name: str = "",
    sheets: int | None = None,
    blank_parts: bool = False,
    two_sided: bool = False,
) -> Batch:
    """Begin a batch, into which files can be received.

    Raises:
        NotACount: the number of sheets is none.
    """
    _check(sheets)
    batch = Batch(
        name=name.strip()[:200], source=source, opened_at=at, opened_by_id=by.id, sheets=sheets,
        blank_parts=blank_parts, two_sided=two_sided,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    ledger.record(session, "batch.opened", batch.subject, by=by, at=at, batch=batch.called)
    return batch


def count_sheets(session: Session, batch: Batch, sheets: int, *, by: Actor, at: datetime) -> None:
    """Note how many sheets of paper it was. Raises NotACount."""
    _check(sheets)
    if batch.sheets == sheets:
        return
    batch.sheets = sheets
    ledger.record(
        session, "batch.counted", batch.subject, by=by, at=at, batch=batch.called, sheets=sheets
    )


def by_id(session: Session, number: int) -> Batch:
    """The batch with this id. Raises NoSuchBatch."""
    found = session.get(Batch, number)
    if found is None:
        raise NoSuchBatch
    return found


def lately(session: Session, source: str, name: str, *, since: datetime) -> Batch | None:
    """The newest batch of this name that came this way since then."""
    query = select(Batch).where(
        Batch.source == source, Batch.name == name.strip()[:200], Batch.opened_at >= since
    )
    return session.scalar(query.order_by(Batch.id.desc()).limit(1))


def _check(sheets: int | None) -> None:
    if sheets is not None and not 1 <= sheets <= MOST_SHEETS:
        raise NotACount(most=MOST_SHEETS)
