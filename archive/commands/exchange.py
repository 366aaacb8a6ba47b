"""Exchange on the command line: `juanzong import` and `juanzong export`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from archive.base import web
from archive.base.db import Database, now
from archive.base.errors import N_
from archive.base.files import refusing_full_disk
from archive.base.ledger import HOUSE
from archive.base.terminal import answer, fail, in_house, json_option, said_by, translate
from archive.exchange import checking, exporting, importing, runs
from archive.exchange.runs import ImportRow, ImportRun, RunState, Verdict

MOST_SAID = 50  # bad rows that are said to people
CHUNK = 1000
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
TARGET = click.Path(path_type=Path, dir_okay=False, writable=True)


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Only say what would become of each row.")
@json_option
@in_house
def import_command(file: Path, dry_run: bool, as_json: bool) -> None:
    """Import a catalogue from an Excel workbook (.xlsx) or a CSV file: all of it, or nothing."""
    house = web.house()
    with file.open("rb") as source:
        kept = house.files.keep(source)
    with house.database.writing() as session:
        number = runs.begin(session, sha256=kept.sha256, file_name=file.name, by=HOUSE, at=now()).id
    with _progress(translate(N_("Checking")), as_json) as look:
        checking.check(house.database, number, house.files.path(kept.sha256), look=look)
    with house.database.reading() as session:
        is_bad = runs.by_id(session, number).bad > 0
    if not dry_run and not is_bad:
        with _progress(translate(N_("Importing")), as_json) as look:
            importing.bring_in(house.database, number, at=now(), look=look)
        house.queue.nudge("follow")
    told = _told(house.database, number, every=dry_run)
    answer(told, _in_words(told), as_json=as_json)
    if is_bad:
        fail()


@click.command("export")
@click.argument("file", type=TARGET)
@click.option("--template", is_flag=True, help="Only the headings: a workbook to fill in.")
@json_option
@in_house
def export_command(file: Path, template: bool, as_json: bool) -> None:
    """Write the catalogue to an Excel workbook that imports back to the same."""
    with refusing_full_disk(), web.house().database.reading() as session:
        rows = 0 if template else exporting.export(session, file)
        if template:
            exporting.template(file)
    said = translate(N_("%(rows)s rows were written to %(file)s.")) % {"rows": rows, "file": file}
    answer({"file": str(file), "rows": rows}, said, as_json=as_json)


@contextmanager
def _progress(label: str, as_json: bool) -> Iterator[Callable[[int], None]]:
    """Tell people how many rows are done; say nothing into a pipe."""
    if as_json or not sys.stderr.isatty():
        yield lambda _rows: None
        return
    yield lambda rows: click.echo(f"\r{label} {rows:,}", err=True, nl=False)
    click.echo(err=True)


def _told(database: Database, number: int, *, every: bool) -> dict[str, Any]:
    with database.reading() as session:
        run = runs.by_id(session, number)
        verdict = None if every else Verdict.BAD
        rows, after = [], (-1, 0)
        while found := runs.rows_of(session, run, verdict=verdict, after=after, limit=CHUNK):
            after = (found[-1].sheet, found[-1].number)
            rows += [row_told(run, row) for row in found]
            session.expunge_all()
        return {
            "run": run.id, "file": run.file_name, "imported": run.state == RunState.IMPORTED,
            "new": run.new, "same": run.same, "bad": run.bad, "sheets": run.heads,
            "counts": runs.counts(session, run), "rows": rows,
        }  # fmt: skip


def row_told(run: ImportRun, row: ImportRow) -> dict[str, Any]:
    """A row and its verdict, as JSON; a problem is named by sheet, row and column."""
    return {
        "sheet": run.heads[row.sheet]["sheet"], "row": row.number, "kind": row.kind,
        "verdict": str(row.verdict),
        "problems": [
            {
                "cell": one["cell"], "column": one["column"], "name": one["name"],
                "text": said_by(translate, one),
            }
            for one in row.problems
        ],
    }  # fmt: skip


def _in_words(told: dict[str, Any]) -> str:
    bad = [
        f"{row['sheet'] or told['file']} {problem['cell']} {problem['column']}: {problem['text']}"
        for row in told["rows"]
        for problem in row["problems"]
    ]
    sentence = N_("%(new)s rows are imported, %(same)s were here already.")
    if not told["imported"]:
        sentence = N_("%(new)s rows are new, %(same)s are here already, %(bad)s cannot be used.")
    more = ["…"] if len(bad) > MOST_SAID else []
    return "\n".join([*bad[:MOST_SAID], *more, translate(sentence) % told])


COMMANDS: tuple[click.Command, ...] = (import_command, export_command)
