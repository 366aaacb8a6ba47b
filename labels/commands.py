"""Ink on the command line: `label` makes a PDF of labels, `decode` reads codes in pictures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from archive import categories, codes, parties
from archive.base import web
from archive.base.db import now
from archive.base.errors import N_, NotFound
from archive.base.ledger import HOUSE
from archive.base.terminal import answer, fail, in_house, json_option, said_by, translate
from archive.categories import DocumentType
from archive.covers import COVER, SEPARATOR, CoverSheet
from archive.parties import Party
from labels import sheets
from labels.decode import decode as read_codes
from labels.demo import demo
from labels.print import (
    DEFAULT_SHEET,
    draw_folders,
    draw_sheets,
    folders_typed,
    make_sheets,
    note_printed,
    try_sheet,
)
from labels.refusals import Refusal

COPIES = click.IntRange(1, 200)


class NoSuchCard(NotFound):
    text = N_("No card is called “%(name)s”. Write the whole name, or make the card first.")


@click.group()
def label() -> None:
    """Labels as PDF."""


@label.command()
@click.argument("folder_codes", metavar="CODE…", nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@click.option("--sheet", default=DEFAULT_SHEET, show_default=True, help=", ".join(sheets.SHEETS))
@click.option("--start", default=1, show_default=True, help="First free label on the sheet.")
@json_option
@in_house
def folders(
    folder_codes: tuple[str, ...], output: Path, sheet: str, start: int, as_json: bool
) -> None:
    """Print the labels of folders, given by their label codes."""
    house = web.house()
    address = house.settings.address
    with house.database.reading() as session:
        found = folders_typed(session, folder_codes, address=address)
        labels, _drawn = draw_folders(found, output, address=address, sheet=sheet, start=start)
    with house.database.writing() as session:
        note_printed(session, found, sheet, by=HOUSE, at=now())
    told = [{"code": one.code, "url": one.url, "text": one.text} for one in labels]
    answer({"file": str(output), "labels": told}, str(output), as_json=as_json)


@label.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@click.option("-n", "--copies", type=COPIES, default=1, show_default=True)
@click.option("--party", default="", help="Name or credit code of a card.")
@click.option("--type", "type_name", default="", help="Name of a document type.")
@click.option("--year", type=click.IntRange(1900, 2200))
@click.option("--note", default="", help="A line of your own.")
@click.option("--each", is_flag=True, help="Each with a code of its own.")
@json_option
@in_house
def covers(
    output: Path, copies: int, party: str, type_name: str, year: int | None, note: str,
    each: bool, as_json: bool,
) -> None:  # fmt: skip
    """Print cover sheets: they say what the papers behind them are."""

    def make(session: Session) -> list[CoverSheet]:
        return make_sheets(
            session, COVER, copies, each=each, by=HOUSE, at=now(), year=year, note=note,
            party=_card(session, party) if party else None,
            type=_type(session, type_name) if type_name else None,
        )  # fmt: skip

    _print(make, output, as_json=as_json)


@label.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@click.option("-n", "--copies", type=COPIES, default=1, show_default=True)
@click.option("--each", is_flag=True, help="Each with a code of its own.")
@json_option
@in_house
def separators(output: Path, copies: int, each: bool, as_json: bool) -> None:
    """Print separators: they part two papers in a stack."""

    def make(session: Session) -> list[CoverSheet]:
        return make_sheets(session, SEPARATOR, copies, each=each, by=HOUSE, at=now())

    _print(make, output, as_json=as_json)


def _print(make: Callable[[Session], list[CoverSheet]], output: Path, *, as_json: bool) -> None:
    """Make sheets, then their PDF: nobody who writes waits while it is drawn."""
    settings = web.house().settings
    try_sheet(output, address=settings.address)
    with web.house().database.writing() as session:
        made = make(session)
    draw_sheets(made, output, address=settings.address, say=translate, language=settings.language)
    told_sheets = [
        {"code": one.code, "url": codes.url(one.code, address=settings.address), "kind": one.kind}
        for one in dict.fromkeys(made)
    ]
    answer({"file": str(output), "covers": told_sheets}, str(output), as_json=as_json)


def _card(session: Session, typed: str) -> Party:
    found = parties.recognise(session, name=typed, credit_code=typed)
    if found is None:
        raise NoSuchCard(name=typed)
    return found


def _type(session: Session, typed: str) -> DocumentType:
    for category in categories.offered(session):
        for kind in category.offered:
            if typed.casefold() in (kind.name_zh, kind.name_en.casefold()):
                return kind
    raise categories.NoSuchType


@click.command()
@click.argument(
    "images", metavar="IMAGE…", nargs=-1, required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)  # fmt: skip
@json_option
def decode(images: tuple[Path, ...], as_json: bool) -> None:
    """Read the codes in pictures."""
    told = [_decoded(image) for image in images]
    lines = [
        f"{one['file']}: {one['error'] or ' '.join(code['text'] for code in one['codes'])}"
        for one in told
    ]
    answer({"images": told}, "\n".join(lines), as_json=as_json)
    if any(one["error"] for one in told):
        fail()


def _decoded(image: Path) -> dict[str, Any]:
    try:
        found = read_codes(image)
    except Refusal as refusal:
        return {"file": str(image), "codes": [], "error": said_by(translate, refusal)}
    codes_seen = [
        {"text": one.text, "kind": one.kind, "position": [list(at) for at in one.position]}
        for one in found
    ]
    return {"file": str(image), "codes": codes_seen, "error": None}


COMMANDS: tuple[click.Command, ...] = (label, decode, demo)
