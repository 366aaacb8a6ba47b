"""Reading on the command line: `read` and `fields` without storing, `intake` and `scan` into the
archive."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive import documents
from archive.base import web
from archive.base.errors import N_, Refusal
from archive.base.ledger import HOUSE
from archive.base.serving import finish_work
from archive.base.terminal import Program, answer, fail, in_house, json_option, said_by, translate
from archive.batches import MOST_SHEETS
from archive.documents import State
from archive.scans import Wanted
from scanning import engines, intake
from scanning.batch import read_fields, read_file
from scanning.devices import scanners
from scanning.devices.offers import MOST_DPI, PAPERS, WHOLE, Settings
from scanning.errors import Unreadable
from scanning.fetching.enquiries import chosen
from scanning.fetching.stand import Stand
from scanning.fields import names_of

FILES = click.Path(path_type=Path, exists=True, dir_okay=False)
ENGINE = click.Choice(list(engines.READERS))
STATE_NAMES = {
    State.RECEIVED: N_("Waiting"),
    State.READING: N_("Reading"),
    State.READ: N_("Read"),
    State.FILED: N_("Filed"),
    State.FAILED: N_("Not read"),
    State.OLDER: N_("Older scan"),
    State.AWAY: N_("Out of the inbox"),
    "duplicate": N_("Already here"),
}


@click.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=FILES)
@click.option("--engine", type=ENGINE, default=engines.DEFAULT, show_default=True)
@json_option
def read(files: tuple[Path, ...], engine: str, as_json: bool) -> None:
    """Print what is read in files, without storing anything."""
    told = [_read(file, engine) for file in files]
    words = "\n\f".join(
        one.get("error") or "\n\n".join(page["text"] for page in one["pages"]) for one in told
    )
    # One file is one object; of several, each says which file it is.
    named = {"files": [{"file": str(f), **one} for f, one in zip(files, told, strict=True)]}
    answer(told[0] if len(told) == 1 else named, words, as_json=as_json)
    if any("error" in one for one in told):
        fail()


@click.command("fields")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=FILES)
@click.option("--engine", type=ENGINE, default=engines.DEFAULT, show_default=True)
@json_option
def fields_command(files: tuple[Path, ...], engine: str, as_json: bool) -> None:
    """Print the kind and the fields of papers, without storing anything."""
    told = [_suggested(file, engine) for file in files]
    words = "\n\n".join(one.get("error") or _in_words(one) for one in told)
    named = {"files": [{"file": str(f), **one} for f, one in zip(files, told, strict=True)]}
    answer(told[0] if len(told) == 1 else named, words, as_json=as_json)
    if any("error" in one for one in told):
        fail()


@click.command("intake")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=FILES)
@click.option("--engine", type=ENGINE, default=None, help="Engine that reads; else the setting.")
@click.option("--wait", is_flag=True, help="Until everything is read and can be found.")
@json_option
@click.pass_obj
@in_house
def intake_command(
    program: Program, files: tuple[Path, ...], engine: str | None, wait: bool, as_json: bool
) -> None:
    """Receive files into the archive.

    A stack comes out as its documents, each with the pages of the file that it holds. Told, too,
    are the pages that were set aside and those whose place is in doubt, each with its number in
    the file; nothing is lost with them, and the strip asks about them.
    """
    received = [(file, _receive(file, engine)) for file in files]
    fresh = [one.document.id for _, one in received if isinstance(one, intake.Received)]
    if wait:
        finish_work(program, lambda: _unread(fresh), hidden=as_json)
    told = [document for file, one in received for document in _told(file, one)]
    words = "\n".join(
        f"{one['id'] or '-':>6} {translate(STATE_NAMES[one['state']])} {one['error'] or ''}"
        for one in told
    )
    doubts = [doubt for file, one in received for doubt in _doubts(file, one)]
    leaf = translate("page %(number)s")
    unsure = [f"{one['file']}, {leaf % {'number': one['leaf']}}: {one['doubt']}" for one in doubts]
    aside = [page for file, one in received for page in _aside(file, one)]
    all_told = {"documents": told, "doubts": doubts, "aside": aside}
    answer(all_told, "\n".join([words, *unsure]), as_json=as_json)
    # What was here already and could not be read then is no better for coming again.
    if any(one["state"] == "failed" or one["error"] for one in told):
        fail()


@click.command("scan")
@click.option("--list", "listing", is_flag=True, help="Only say which scanners there are.")
@click.option("--device", default="", help="Name of the scanner, as --list says; else the first.")
@click.option("--source", help="Where the paper lies: the scanner's own word; else its feeder.")
@click.option("--mode", help="The scanner's own word; else in colour.")
@click.option("--resolution", type=click.IntRange(50, MOST_DPI), help="Dots per inch; else 300.")
@click.option("--paper", type=click.Choice([*PAPERS, WHOLE]), help="Else A4.")
@click.option("--sheets", type=click.IntRange(1, MOST_SHEETS), help="Sheets counted in the hand.")
@click.option("--name", default="", help="Name of the stack.")
@json_option
@in_house
def scan_command(
    listing: bool,
    device: str,
    source: str | None,
    mode: str | None,
    resolution: int | None,
    paper: str | None,
    sheets: int | None,
    name: str,
    as_json: bool,
) -> None:
    """Scan a stack, or the sheet on the glass, into the archive."""
    devices = scanners.devices()
    if listing:
        words = "\n".join(f"{one.name}  {one.vendor} {one.model}" for one in devices)
        answer({"scanners": [asdict(one) for one in devices]}, words, as_json=as_json)
        return
    found = chosen(devices, device)
    options = scanners.options(found.name)
    usual = options.usual
    settings = Settings(
        usual.source if source is None else source, usual.mode if mode is None else mode,
        resolution or usual.resolution, paper or usual.paper,
    )  # fmt: skip
    options.arguments(settings)
    wanted = Wanted(
        found.name, f"{found.vendor} {found.model}", asdict(settings),
        options.source(settings.source).kind == "duplex", name, sheets,
    )  # fmt: skip
    job, problem = Stand(web.house()).scan_at_once(wanted, by=HOUSE)
    error = said_by(translate, problem) if problem else None
    told = {"scan": job.id, "pages": job.pages, "batch": job.batch_id, "error": error}
    words = translate(N_("Pages in the archive: %(pages)s")) % {"pages": job.pages}
    answer(told, f"{words}\n{error}" if error else words, as_json=as_json)
    if error:
        fail()


def _read(file: Path, engine: str) -> dict[str, Any]:
    try:
        return read_file(file, engine).to_dict()
    except Unreadable as problem:
        return {"pages": [], "kind": "other", "fields": {}, "error": said_by(translate, problem)}


def _suggested(file: Path, engine: str) -> dict[str, Any]:
    """The fields that the kind of paper has, each with its reason as a sentence."""
    try:
        told = read_fields(file, engine)
    except Unreadable as problem:
        return {"kind": "other", "fields": {}, "error": said_by(translate, problem)}
    shown = {name: one.to_dict() for name, one in told.fields.items()}
    return {
        "kind": told.kind,
        "fields": {
            name: shown[name] | {"reason": said_by(translate, shown[name]["reason"])}
            for name in names_of(told.kind)
            if name in shown
        },
    }


def _in_words(told: dict[str, Any]) -> str:
    lines = [told["kind"]]
    for name, one in told["fields"].items():
        parts = one["value"] if isinstance(one["value"], list) else [one["value"]]
        value = "; ".join(" ".join(p.values()) if isinstance(p, dict) else p for p in parts)
        lines.append(f"{name:>20} {' ' if one['certain'] else '?'} {value} ({one['reason']})")
    return "\n".join(lines)


def _receive(file: Path, engine: str | None) -> intake.Received | Refusal:
    try:
        with file.open("rb") as source:
            return intake.receive(
                source,
                file.name,
                engine=engine or web.house().settings.engine,
                by=HOUSE,
                origin="command line",
            )
    except Refusal as refusal:
        return refusal


def _told(file: Path, one: intake.Received | Refusal) -> list[dict[str, Any]]:
    """What became of a file: a refusal, or the documents that its pages make."""
    if isinstance(one, Refusal):
        nothing: dict[str, Any] = {"pages": 0, "leaves": [], "kind": ""}
        told = {"file": str(file), "id": None, "state": "failed", **nothing}
        return [{**told, "error": said_by(translate, one)}]
    with web.house().database.reading() as session:
        found = documents.of_originals(session, [one.document.id])
        held = documents.leaves_held(session, [one.document.id])
    return [
        _document(file, document, held.get(document.id, []), is_new=one.is_new)
        for document in found
    ]


def _aside(file: Path, one: intake.Received | Refusal) -> list[dict[str, Any]]:
    """The pages of a file, counted from 1, that belong to no document, and what each is."""
    if isinstance(one, Refusal):
        return []
    with web.house().database.reading() as session:
        found = documents.left_aside(session, [one.document.id])
    return [{"file": str(file), "leaf": page.leaf, "role": str(page.role)} for page in found]


def _doubts(file: Path, one: intake.Received | Refusal) -> list[dict[str, Any]]:
    """The pages of a file, counted from 1, that a person should look at, and why."""
    if isinstance(one, Refusal):
        return []
    with web.house().database.reading() as session:
        found = documents.doubted(session, [one.document.id])
    return [
        {
            "file": str(file),
            "leaf": page.leaf,
            "role": str(page.role),
            "document": page.document_id,
            "page": page.number,
            "doubt": said_by(translate, page.doubt),
        }
        for page in found
        if page.doubt is not None
    ]


def _document(
    file: Path, document: documents.Document, leaves: list[int], *, is_new: bool
) -> dict[str, Any]:
    return {
        "file": str(file),
        "id": document.id,
        "state": str(document.state) if is_new else "duplicate",
        "pages": document.pages_total,
        "leaves": leaves,
        "kind": document.kind,
        "error": said_by(translate, document.problem) if document.problem else None,
    }


def _unread(numbers: list[int]) -> int:
    with web.house().database.reading() as session:
        return documents.unread(session, numbers)


COMMANDS: tuple[click.Command, ...] = (read, fields_command, intake_command, scan_command)
