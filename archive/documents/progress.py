"""Progress: how far the batches are, counted for a whole list of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from archive.batches import Batch
from archive.documents.records import Document, Original, Page, PageRole, PageState, State

DONE = (PageState.READ, PageState.FAILED)
SETTLED = (State.FILED, State.OLDER, State.AWAY)
OURS = (PageRole.COVER, PageRole.SEPARATOR, PageRole.DOUBTFUL)


@dataclass(frozen=True)
class Progress:
    """What a batch is made of: files, pages, how many of them are done, in doubt, or covers and
    separators; documents by their state."""

    files: int = 0
    # The name of its file, or of one of them.
    file_name: str = ""
    undivided: int = 0
    pages: int = 0
    done: int = 0
    doubts: int = 0
    ours: int = 0
    documents: dict[str, int] = field(default_factory=dict)

    @property
    def papers(self) -> int:
        """How many documents there are."""
        return sum(self.documents.values())

    @property
    def is_busy(self) -> bool:
        """Whether something in it is still to be read or divided."""
        reading = self.documents.get(State.READING, 0) + self.documents.get(State.RECEIVED, 0)
        return bool(self.undivided or reading)

    @property
    def is_settled(self) -> bool:
        """Whether nothing in it waits for a clerk any more."""
        settled = sum(self.documents.get(state, 0) for state in SETTLED)
        return not self.is_busy and settled == self.papers


def newest_batches(session: Session, *, before: int | None, limit: int) -> Sequence[Batch]:
    """Batches in which something came in, the newest first."""
    something = select(Original.id).where(Original.batch_id == Batch.id).exists()
    query = select(Batch).where(something)
    if before is not None:
        query = query.where(Batch.id < before)
    return session.scalars(query.order_by(Batch.id.desc()).limit(limit)).all()


def progress_of(session: Session, batches: Sequence[Batch]) -> dict[int, Progress]:
    """How far each of these batches is, by its id."""
    numbers = [batch.id for batch in batches]
    found = {number: Progress() for number in numbers}
    for row in session.execute(_files(numbers)):
        found[row[0]] = replace(found[row[0]], files=row[1], undivided=row[2], file_name=row[3])
    for row in session.execute(_pages(numbers)):
        counted = dict(zip(("pages", "done", "doubts", "ours"), row[1:], strict=True))
        found[row[0]] = replace(found[row[0]], **counted)
    for number, state, count in session.execute(_documents(numbers)):
        found[number].documents[str(state)] = count
    return found


def _files(numbers: Sequence[int]) -> Select[*tuple[Any, ...]]:
    undivided = func.sum(case((Original.divided_at.is_(None), 1), else_=0))
    counted = select(
        Original.batch_id, func.count(Original.id), undivided, func.min(Original.file_name)
    )
    return counted.where(Original.batch_id.in_(numbers)).group_by(Original.batch_id)


def _pages(numbers: Sequence[int]) -> Select[*tuple[Any, ...]]:
    done = func.sum(case((Page.state.in_(DONE), 1), else_=0))
    ours = func.sum(case((Page.role.in_(OURS), 1), else_=0))
    counted = select(
        Original.batch_id, func.count(Page.id), done, func.count(Page.doubt), ours
    ).join(Original)
    return counted.where(Original.batch_id.in_(numbers)).group_by(Original.batch_id)


def _documents(numbers: Sequence[int]) -> Select[*tuple[Any, ...]]:
    counted = select(Original.batch_id, Document.state, func.count(Document.id)).join(
        Original, Document.original_id == Original.id
    )
    there = counted.where(Original.batch_id.in_(numbers), Document.state != State.JOINED)
    return there.group_by(Original.batch_id, Document.state)
