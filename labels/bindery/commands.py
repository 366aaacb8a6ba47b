"""The printed paper of volumes on the command line: `juanzong print cover CODE… -o OUT.pdf`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.orm import Session

from archive.base import web
from archive.base.db import now
from archive.base.ledger import HOUSE
from archive.base.terminal import answer, in_house, json_option
from archive.volumes import Volume
from labels.bindery import printing, stamping
from labels.bindery.printing import Wanted
from labels.forms.spines import BOXES, COVERS
from labels.forms.words import LANGUAGES

F = TypeVar("F", bound=Callable[..., Any])
WIDTHS = click.Choice([str(width) for width in sorted({*COVERS, *BOXES})])
CODES = click.argument("codes", metavar="VOLUME_CODE…", nargs=-1, required=True)
OUTPUT = click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
LANGUAGE = click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="zh", show_default=True
)


@click.group("print")
def print_group() -> None:
    """The printed paper of volumes as PDF."""


def _form(name: str) -> Callable[[F], F]:
    """What all forms of named volumes share."""

    def fit(command: F) -> F:
        dressed = json_option(LANGUAGE(OUTPUT(CODES(in_house(command)))))
        print_group.command(name)(dressed)
        return command

    return fit


@_form(printing.COVER)
@click.option("--soft", is_flag=True, help="Soft cover of 297 × 210 mm, else hard of 310 × 220.")
def cover(codes: tuple[str, ...], output: Path, language: Any, soft: bool, as_json: bool) -> None:
    """Print covers (案卷封面)."""
    _print(_typed(codes), Wanted(printing.COVER, language, is_soft=soft), output, as_json)


@_form(printing.SPINE)
@click.option("--width", type=WIDTHS, help="In mm; else as thick as each folder is.")
def spine(
    codes: tuple[str, ...], output: Path, language: Any, width: str | None, as_json: bool
) -> None:
    """Print spines (脊背) to cut out."""
    wanted = Wanted(printing.SPINE, language, width=int(width) if width else None)
    _print(_typed(codes), wanted, output, as_json)


@_form(printing.CATALOGUE)
def catalogue(codes: tuple[str, ...], output: Path, language: Any, as_json: bool) -> None:
    """Print catalogues of the papers in volumes (卷内文件目录, 归档文件目录)."""
    _print(_typed(codes), Wanted(printing.CATALOGUE, language), output, as_json)


@_form(printing.NOTE)
def note(codes: tuple[str, ...], output: Path, language: Any, as_json: bool) -> None:
    """Print note sheets (备考表)."""
    _print(_typed(codes), Wanted(printing.NOTE, language), output, as_json)


@print_group.command("list")
@click.argument("codes", metavar="[VOLUME_CODE…]", nargs=-1)
@click.option("--category", type=click.IntRange(1, web.MOST_NUMBER), help="Number in the plan.")
@click.option("--year", type=click.IntRange(1900, 2200))
@OUTPUT
@LANGUAGE
@json_option
@in_house
def file_list(
    codes: tuple[str, ...], category: int | None, year: int | None, output: Path, language: Any,
    as_json: bool,
) -> None:  # fmt: skip
    """Print the file list (案卷目录) of volumes, or of a category and year."""
    if bool(codes) == bool(category or year):
        raise click.UsageError("Give either codes of volumes, or --category and --year.")
    choose = _typed(codes) if codes else _of_plan(category, year)
    _print(choose, Wanted(printing.LIST, language), output, as_json)


@print_group.command()
@click.argument("code", metavar="ITEM_CODE")
@click.argument(
    "scan", metavar="SCAN.pdf", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@OUTPUT
@json_option
@in_house
def stamp(code: str, scan: Path, output: Path, as_json: bool) -> None:
    """Print the archive stamp (归档章) of an item onto the first page of its scan's copy."""
    with web.house().database.reading() as session:
        document = stamping.filed_as(session, code)
        stamping.stamp_copy(session, document, scan, output)
        told = {"file": str(output), "code": document.code}
    with web.house().database.writing() as session:
        stamping.note_stamped(session, document, by=HOUSE, at=now())
    answer(told, str(output), as_json=as_json)


Choose = Callable[[Session], list[Volume]]


def _typed(codes: tuple[str, ...]) -> Choose:
    return lambda session: printing.volumes_typed(session, codes)


def _of_plan(category: int | None, year: int | None) -> Choose:
    return lambda session: printing.volumes_of(session, category, year)


def _print(choose: Choose, wanted: Wanted, output: Path, as_json: bool) -> None:
    database = web.house().database
    with database.reading() as session:
        chosen = choose(session)
        drawn = printing.draw(session, chosen, wanted, output)
        told = {"file": str(output), **printing.told(chosen, wanted, drawn)}
    with database.writing() as session:
        printing.note_printed(session, chosen, wanted.form, by=HOUSE, at=now())
    answer(told, str(output), as_json=as_json)


COMMANDS: tuple[click.Command, ...] = (print_group,)
