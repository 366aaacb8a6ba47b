"""Runs: one file that is imported, how far it is, and what was found in each of its rows.

    checking ──► checked ──► imported
        └──► refused (the file as a whole; rows that cannot be used are told one by one)

What was looked at is kept row by row, a few hundred in one commit: a run that was broken off goes
on behind them. Nothing is in the archive before the whole file is, in one commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.base.db import Record
from archive.base.errors import N_, NotFound
from archive.base.ledger import Actor, Subject


class NoSuchRun(NotFound):
    text = N_("There is no import with this number. Choose one from the list of imports.")


class RunState(StrEnum):
    """How far an import is."""

    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTED = "imported"
    REFUSED = "refused"


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    SAME = "same"  # it is in the archive just so
    BAD = "bad"


class ImportRun(Record):
    """One file that is imported."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    state: Mapped[RunState] = mapped_column(String(10))
    # The last row that was looked at: which sheet, in their order of import, and its number.
    sheet: Mapped[int] = mapped_column(default=0)
    row: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    # What was taken for what: [{"sheet", "kind", "columns": {heading: name}, "unknown": […]}].
    heads: Mapped[list[Any]] = mapped_column(JSON, default=list)
    # Why the file as a whole cannot be imported: {"text": msgid, "params": {…}}.
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    imported_at: Mapped[datetime | None]

    @property
    def subject(self) -> Subject:
        return Subject("import", self.id)

    @property
    def actor(self) -> Actor:
        return Actor(self.by_id, self.by_name)

    @property
    def rows(self) -> int:
        """How many rows were looked at."""
        return self.new + self.same + self.bad


class ImportRow(Record):
    """One row of the file: what it says, and what becomes of it."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_verdict", "run_id", "verdict", "sheet", "number"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    sheet: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    verdict: Mapped[Verdict] = mapped_column(String(4))
    told: Mapped[dict[str, Any]]
    # [{"column": heading, "cell": "C7", "text": msgid, "params": {…}}]
    problems: Mapped[list[Any]] = mapped_column(JSON)


class ImportKey(Record):
    """What a row of the file calls itself, so that no two rows are one thing."""

    __tablename__ = "import_key"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(240), primary_key=True)
    sheet: Mapped[int]
    number: Mapped[int]


@dataclass
class Draft:
    """A row while it is looked at."""

    sheet: int
    number: int
    kind: str
    told: dict[str, Any]
    # Problems by the name of the column, or "" for the row as a whole.
    problems: list[tuple[str, Exception]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    is_same: bool = False

    @property
    def verdict(self) -> Verdict:
        if self.problems:
            return Verdict.BAD
        return Verdict.SAME if self.is_same else Verdict.NEW

    def refuse(self, column: str, problem: Exception) -> None:
        self.problems.append((column, problem))


def begin(session: Session, *, sha256: str, file_name: str, by: Actor, at: datetime) -> ImportRun:
    """A run that nobody has looked at yet."""
    run = ImportRun(
        sha256=sha256, file_name=file_name[:300], by_id=by.id, by_name=by.name, made_at=at,
        state=RunState.CHECKING, heads=[],
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run


def by_id(session: Session, number: int) -> ImportRun:
    """The run with this id. Raises NoSuchRun."""
    found = session.get(ImportRun, number)
    if found is None:
        raise NoSuchRun
    return found


def rows_of(
    session: Session,
    run: ImportRun,
    *,
    verdict: Verdict | None = None,
    kind: str = "",
    after: tuple[int, int] = (-1, 0),
    limit: int,
) -> Sequence[ImportRow]:
    """Rows of a run in their order, from behind a given (sheet, number)."""
    sheet, number = after
    query = select(ImportRow).where(
        ImportRow.run_id == run.id,
        (ImportRow.sheet > sheet) | ((ImportRow.sheet == sheet) & (ImportRow.number > number)),
    )
    if verdict:
        query = query.where(ImportRow.verdict == verdict)
    if kind:
        query = query.where(ImportRow.kind == kind)
    return session.scalars(query.order_by(ImportRow.sheet, ImportRow.number).limit(limit)).all()


def counts(session: Session, run: ImportRun) -> dict[str, dict[str, int]]:
    """How many rows of each kind have each verdict."""
    query = select(ImportRow.kind, ImportRow.verdict, func.count()).where(
        ImportRow.run_id == run.id
    )
    found: dict[str, dict[str, int]] = {}
    for kind, verdict, number in session.execute(query.group_by(ImportRow.kind, ImportRow.verdict)):
        found.setdefault(kind, {})[str(verdict)] = number
    return found
