"""Sources: the watched folder and the mailbox, when they were last looked at, what was wrong, and
what they left out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.base.db import Record

FOLDER, MAIL = "folder", "mail"
Problem = dict[str, Any]
"""A sentence to translate and what fills it: {"text", "params"}; "name" of the file, if one."""

# A look that brings nothing new is noted this often, and no oftener.
NOTED_EVERY = timedelta(minutes=1)
# So long the inbox tells of a paper that was left out.
TOLD_FOR = timedelta(days=2)


class SourceState(Record):
    """How a source is."""

    __tablename__ = "source_state"

    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    looked_at: Mapped[datetime]
    # What stands in the way now; None while all is well.
    problem: Mapped[Problem | None]


class LeftOut(Record):
    """A file or a letter that gave no paper, and why."""

    __tablename__ = "left_out"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    problem: Mapped[Problem]


def is_worth_noting(
    session: Session, source: str, problem: Problem | None, *, at: datetime
) -> bool:
    """Whether a look changed anything, or the last note of one is old."""
    known = session.get(SourceState, source)
    return known is None or known.problem != problem or known.looked_at < at - NOTED_EVERY


def note_look(session: Session, source: str, problem: Problem | None, *, at: datetime) -> None:
    """Note that a source was looked at, and what stood in the way."""
    state = _state(session, source, at)
    state.looked_at, state.problem = at, problem


def note_left_out(session: Session, source: str, problem: Problem, *, at: datetime) -> None:
    """Note that a paper was left out."""
    session.add(LeftOut(source=source, at=at, problem=problem))


def left_out(session: Session, *, before: int | None = None, limit: int) -> Sequence[LeftOut]:
    """What was left out, the last first; `before` pages on."""
    query = select(LeftOut).order_by(LeftOut.id.desc()).limit(limit)
    return session.scalars(query.where(LeftOut.id < before) if before else query).all()


def listed(session: Session) -> Sequence[SourceState]:
    """The sources that were ever looked at."""
    return session.scalars(select(SourceState).order_by(SourceState.source)).all()


def _state(session: Session, source: str, at: datetime) -> SourceState:
    state = session.get(SourceState, source)
    if state is None:
        state = SourceState(source=source, looked_at=at)
        session.add(state)
    return state
