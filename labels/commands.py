"""Ink on the command line: `label` makes a PDF of labels, `decode` reads codes in pictures."""

from pathlib import Path
from typing import Any

import click

from archive.base import web
from archive.base.db import now
from archive.base.ledger import HOUSE
from archive.base.terminal import answer, fail, in_house, json_option, said_by, translate
from labels import sheets
from labels.decode import decode as read_codes
from labels.demo import demo
from labels.print import DEFAULT_SHEET, draw_folders, folders_typed, note_printed
from labels.refusals import Refusal


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
