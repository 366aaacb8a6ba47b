"""Importing: all rows of a run that was checked, in one commit or not at all."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from archive import parties as cards
from archive.base import ledger
from archive.base.db import Database
from archive.base.errors import N_, Conflict
from archive.exchange import papers, parties, volumes
from archive.exchange.known import by_number, party_key
from archive.exchange.runs import ImportRow, ImportRun, RunState, Verdict, by_id, rows_of
from archive.parties import Party

CHUNK = 1000  # rows that are in memory at once


class NotChecked(Conflict):
    text = N_("The rows of this file are still being checked. Wait until that is done.")


class ImportedAlready(Conflict):
    text = N_("This file was imported before: nothing was done now. Its rows are in the archive.")


class FileRefused(Conflict):
    text = N_("This file cannot be read as a catalogue. Look at why, correct it and send it again.")


class BadRows(Conflict):
    text = N_(
        "%(bad)s rows of this file cannot be used, so nothing was imported. Correct the cells that "
        "are named, then send the file again."
    )


class ArchiveChanged(Conflict):
    text = N_(
        "The archive was changed since this file was checked: nothing was imported. "
        "Send the file once more."
    )


REFUSALS: dict[RunState, type[Conflict]] = {
    RunState.CHECKING: NotChecked,
    RunState.IMPORTED: ImportedAlready,
    RunState.REFUSED: FileRefused,
}


class Import:
    """One run while it is brought into the archive."""

    KINDS: ClassVar[tuple[str, ...]] = ("parties", "volumes", "papers")

    def __init__(self, session: Session, run: ImportRun, *, at: datetime) -> None:
        self._session, self._run, self._by, self._at = session, run, run.actor, at
        # Cards that rows name, by number or folded name: each is looked up once.
        self._parties: dict[int | str, Party] = {}

    def run(self, look: Callable[[int], None]) -> None:
        """Bring in all rows that are new; `look` is told how many are done."""
        done = 0
        for kind in self.KINDS:
            for rows in self._chunks(kind):
                self._bring(kind, rows)
                done += len(rows)
                look(done)

    def _bring(self, kind: str, rows: Sequence[ImportRow]) -> None:
        session, by, at = self._session, self._by, self._at
        if kind == "parties":
            parties.bring(session, rows, by=by, at=at)
        elif kind == "volumes":
            volumes.bring(session, rows, self._named(rows), by=by, at=at)
        else:
            papers.bring(session, rows, self._named(rows), by=by, at=at)
        session.flush()

    def _chunks(self, kind: str) -> Iterator[Sequence[ImportRow]]:
        after = (-1, 0)
        while rows := rows_of(
            self._session, self._run, verdict=Verdict.NEW, kind=kind, after=after, limit=CHUNK
        ):
            after = (rows[-1].sheet, rows[-1].number)
            yield rows

    def _named(self, rows: Sequence[ImportRow]) -> dict[tuple[int, int], Party]:
        """The party that each row names, made where it has no card; by the row's place."""
        numbers = {row.told.get("party_number") for row in rows} - self._parties.keys() - {None}
        self._parties.update(by_number(self._session, numbers).items())
        found = {}
        for row in rows:
            if party := self._party(row):
                found[(row.sheet, row.number)] = party
        return found

    def _party(self, row: ImportRow) -> Party | None:
        number, name = row.told.get("party_number"), row.told.get("party") or ""
        if number:
            return self._parties[number]
        if not name:
            return None
        key = party_key(name)
        if key not in self._parties:
            code = row.told.get("credit_code") or ""
            known = cards.recognise(self._session, name=name, credit_code=code)
            self._parties[key] = known or cards.create(
                self._session, name, credit_code=code, by=self._by, at=self._at
            )
        return self._parties[key]


def bring_in(
    database: Database, number: int, *, at: datetime, look: Callable[[int], None] = lambda _: None
) -> None:
    """Import what a run found, as a whole.

    Raises:
        NotChecked, ImportedAlready, FileRefused, BadRows: it cannot be imported.
        ArchiveChanged: others filed meanwhile what this file has.
    """
    try:
        with database.writing() as session:
            run = by_id(session, number)
            _check(run)
            Import(session, run, at=at).run(look)
            run.state, run.imported_at = RunState.IMPORTED, at
            ledger.record(
                session, "import.done", run.subject, by=run.actor, at=at,
                name=run.file_name, rows=run.new, sha256=run.sha256,
            )  # fmt: skip
    except IntegrityError as error:
        raise ArchiveChanged from error


def _check(run: ImportRun) -> None:
    if run.state in REFUSALS:
        raise REFUSALS[run.state]
    if run.bad:
        raise BadRows(bad=run.bad)
