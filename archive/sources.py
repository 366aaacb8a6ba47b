"""Sources: the watched folder and the mailbox, when they were last looked at and what was wrong."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.base.db import Record

FOLDER, MAIL = "folder", "mail"
Problem = dict[str, Any]
"""A sentence to translate and what fills it: {"text", "params"}."""

# A look that brings nothing new is noted this often, and no oftener.
NOTED_EVERY = timedelta(minutes=1)
# So long people are told of a paper that was left out.
TOLD_FOR = timedelta(days=2)


class SourceState(Record):
    """How a source is."""

    __tablename__ = "source_state"

    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    looked_at: Mapped[datetime]
    # What stands in the way now; None while all is well.
    problem: Mapped[Problem | None]
    # The last paper that was left out, and why.
    left_out: Mapped[Problem | None]
    left_out_at: Mapped[datetime | None]

    def left_out_lately(self, at: datetime) -> Problem | None:
        is_late = self.left_out_at is not None and self.left_out_at > at - TOLD_FOR
        return self.left_out if is_late else None


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
    state = _state(session, source, at)
    state.left_out, state.left_out_at = problem, at


def listed(session: Session) -> Sequence[SourceState]:
    """The sources that were ever looked at."""
    return session.scalars(select(SourceState).order_by(SourceState.source)).all()


def _state(session: Session, source: str, at: datetime) -> SourceState:
    state = session.get(SourceState, source)
    if state is None:
        state = SourceState(source=source, looked_at=at)
        session.add(state)
    return state
