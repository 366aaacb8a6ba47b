"""Checking: each row of a file is read, and compared with the archive and the rows before it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from archive.base.db import Database
from archive.base.errors import N_, Invalid, Refusal
from archive.exchange import papers, parties, volumes
from archive.exchange.columns import LOOKED_AT, Column, Heads, find_heads
from archive.exchange.runs import (
    Draft,
    ImportKey,
    ImportRow,
    ImportRun,
    RunState,
    Verdict,
    by_id,
)
from archive.exchange.sheets import SHEETS
from archive.exchange.tables import Row, Table, open_table

CHUNK = 500  # rows of one commit
SHOWN_RANGES = 5
RANGE = re.compile(r"[A-Z]+([0-9]+):[A-Z]+([0-9]+)")

Judge = Callable[[Session, ImportRun, Sequence[Draft]], None]
JUDGES: Mapping[str, Judge] = {
    "parties": parties.judge, "volumes": volumes.judge, "papers": papers.judge,
}  # fmt: skip


class NoHeadings(Invalid):
    text = N_(
        "No row of this file has headings that a catalogue has, like 题名 and 客户, or Title and "
        "Party. Download the template, and name your columns as it does."
    )


class MergedCells(Invalid):
    text = N_(
        "Cells are merged below the headings of the sheet “%(sheet)s” (%(ranges)s). Unmerge them, "
        "fill in each row, then import again."
    )


class TwiceInFile(Invalid):
    text = N_("Row %(row)s of this file is about the same. Keep one of the two rows.")


# What a row is told that has the key of a row before it, by the key's first word.
REPEATED: Mapping[str, type[Invalid]] = {"open": volumes.OpenTwice}


@dataclass(frozen=True)
class Part:
    """A sheet of the file that is read: where it stands in the order, and its headings."""

    place: int
    title: str
    heads: Heads


def check(
    database: Database, number: int, path: Path, *, look: Callable[[int], None] = lambda _: None
) -> None:
    """Look at all rows of a run's file that were not looked at yet; `look` is told how many were.

    Raises:
        Refusal: the file as a whole cannot be imported; the run says why from then on.
    """
    with database.reading() as session:
        run = by_id(session, number)
        if run.state != RunState.CHECKING:
            return
    try:
        table = open_table(path, run.file_name)
        parts = _parts(table)
        with database.writing() as session:
            by_id(session, number).heads = [_told(part) for part in parts]
        for part in parts:
            for rows in _chunks(_rows(table, part, behind=(run.sheet, run.row))):
                with database.writing() as session:
                    look(_judge(session, by_id(session, number), part, rows))
    except Refusal as refusal:
        with database.writing() as session:
            refused = by_id(session, number)
            refused.state = RunState.REFUSED
            refused.problem = {"text": refusal.text, "params": refusal.params}
        raise
    with database.writing() as session:
        by_id(session, number).state = RunState.CHECKED


def _parts(table: Table) -> list[Part]:
    """The sheets that are catalogues, in the order in which they are imported."""
    found = []
    for title in table.sheets():
        first = list(islice(table.rows(title), LOOKED_AT))
        if heads := find_heads(first, title, SHEETS):
            _check_merged(table, title, heads)
            found.append((title, heads))
    found.sort(key=lambda one: SHEETS.index(one[1].sheet))
    if not found:
        raise NoHeadings
    return [Part(place, *one) for place, one in enumerate(found)]


def _check_merged(table: Table, title: str, heads: Heads) -> None:
    ranges = [one for one in table.merged(title) if _last_row(one) > heads.row]
    if ranges:
        more = " …" if len(ranges) > SHOWN_RANGES else ""
        raise MergedCells(sheet=title, ranges="、".join(ranges[:SHOWN_RANGES]) + more)


def _last_row(merged: str) -> int:
    shape = RANGE.fullmatch(merged)
    return int(shape[2]) if shape else 0


def _rows(table: Table, part: Part, *, behind: tuple[int, int]) -> Iterator[Row]:
    for row in table.rows(part.title):
        is_new = row.number > part.heads.row and (part.place, row.number) > behind
        if is_new and not row.is_empty and not _repeats(row, part.heads):
            yield row


def _repeats(row: Row, heads: Heads) -> bool:
    """Whether it is the headings once more, as on each page of a printed catalogue."""
    return heads.sheet.guess(row.cells) == heads.columns


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _judge(session: Session, run: ImportRun, part: Part, rows: Sequence[Row]) -> int:
    drafts = [_draft(part, row) for row in rows]
    JUDGES[part.heads.sheet.name](session, run, drafts)
    _check_keys(session, run, drafts)
    session.execute(insert(ImportRow), [_kept(run, part, draft) for draft in drafts])
    for draft in drafts:
        match draft.verdict:
            case Verdict.NEW:
                run.new += 1
            case Verdict.SAME:
                run.same += 1
            case Verdict.BAD:
                run.bad += 1
    run.sheet, run.row = part.place, rows[-1].number
    return run.rows


def _draft(part: Part, row: Row) -> Draft:
    draft = Draft(part.place, row.number, part.heads.sheet.name, {})
    for place, column in part.heads.columns.items():
        cell = row.cells[place] if place < len(row.cells) else None
        try:
            draft.told[column.name] = column.read(cell)
        except Refusal as problem:
            draft.refuse(column.name, problem)
    return draft


def _check_keys(session: Session, run: ImportRun, drafts: Sequence[Draft]) -> None:
    """Refuse a row that calls itself what a row before it does."""
    wanted = {key for draft in drafts for key in draft.keys}
    known = select(ImportKey).where(ImportKey.run_id == run.id, ImportKey.key.in_(wanted))
    taken = {one.key: one.number for one in session.scalars(known)}
    fresh = []
    for draft in drafts:
        for key in dict.fromkeys(draft.keys):
            if key in taken:
                refusal = REPEATED.get(key.partition("/")[0], TwiceInFile)
                draft.refuse("", refusal(row=taken[key]))
            else:
                taken[key] = draft.number
                fresh.append(
                    {"run_id": run.id, "key": key, "sheet": draft.sheet, "number": draft.number}
                )
    if fresh:
        session.execute(insert(ImportKey), fresh)


def _kept(run: ImportRun, part: Part, draft: Draft) -> dict[str, Any]:
    return {
        "run_id": run.id, "sheet": draft.sheet, "number": draft.number, "kind": draft.kind,
        "verdict": draft.verdict, "told": draft.told,
        "problems": [_problem(part, draft, *one) for one in draft.problems],
    }  # fmt: skip


def _problem(part: Part, draft: Draft, name: str, problem: Exception) -> dict[str, Any]:
    """A problem by sheet, row and column."""
    place = next((at for at, one in part.heads.columns.items() if one.name == name), None)
    letter = get_column_letter(place + 1) if place is not None else ""
    column: Column | None = part.heads.columns.get(place) if place is not None else None
    return {
        "sheet": part.title, "cell": f"{letter}{draft.number}" if letter else str(draft.number),
        "column": column.zh if column else "", "name": name,
        "text": getattr(problem, "text", ""), "params": getattr(problem, "params", {}),
    }  # fmt: skip


def _told(part: Part) -> dict[str, Any]:
    columns = {get_column_letter(at + 1): one.name for at, one in part.heads.columns.items()}
    return {
        "sheet": part.title, "kind": part.heads.sheet.name, "row": part.heads.row,
        "columns": columns, "unknown": list(part.heads.unknown.values()),
    }  # fmt: skip
