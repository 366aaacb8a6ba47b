"""Running numbers without gaps: taken in the transaction that uses them, never given twice."""

from sqlalchemy import String, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.base.db import Record

# SQLite and PostgreSQL understand the same sentence.
UPSERT = text(
    "INSERT INTO running_number (series, last) VALUES (:series, :step) "
    "ON CONFLICT (series) DO UPDATE SET last = running_number.last + :step"
)


class RunningNumber(Record):
    """The last number that was given in a series."""

    __tablename__ = "running_number"

    series: Mapped[str] = mapped_column(String(120), primary_key=True)
    last: Mapped[int]


def take(session: Session, series: str) -> int:
    """The next number of a series, from 1.

    The row stays locked until the transaction ends: one that fails gives its number back, and
    nobody meanwhile gets the one after it.
    """
    _count(session, series, step=1)
    last = select(RunningNumber.last).where(RunningNumber.series == series)
    return session.scalars(last).one()


def reach(session: Session, series: str, number: int) -> None:
    """Let the next number of a series come after this one, which was given elsewhere."""
    lock(session, series)
    given = update(RunningNumber).where(RunningNumber.series == series, RunningNumber.last < number)
    session.execute(given.values(last=number))


def lock(session: Session, series: str) -> None:
    """Keep others from taking a number of this series until the transaction ends."""
    _count(session, series, step=0)


def _count(session: Session, series: str, *, step: int) -> None:
    session.execute(UPSERT, {"series": series, "step": step})
