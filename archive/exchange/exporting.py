"""Exporting: the catalogue as a workbook that imports back to the same."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from archive.categories import DocumentType
from archive.documents import Document, State
from archive.exchange.columns import Sheet
from archive.exchange.sheets import (
    ARRANGEMENTS,
    PAPERS,
    PARTIES,
    SECRECIES,
    SHEETS,
    STATES,
    VOLUMES,
    written_as,
)
from archive.parties import Party
from archive.volumes import Folder, Volume

CHUNK = 1000  # rows that are in memory at once
WIDTHS = {"title": 50, "code": 34, "volume": 34, "party": 36, "name": 36, "credit_code": 22}
WIDTH = 14
T = TypeVar("T", Party, Volume, Document)


def export(session: Session, path: Path) -> int:
    """Write all parties, volumes and filed papers; how many rows there are."""
    book = Workbook(write_only=True)
    written = sum(
        _write(book, sheet, rows)
        for sheet, rows in (
            (PARTIES, _parties(session)), (VOLUMES, _volumes(session)), (PAPERS, _papers(session)),
        )
    )  # fmt: skip
    book.save(path)
    return written


def template(path: Path) -> None:
    """Write a workbook that has the headings alone."""
    book = Workbook(write_only=True)
    for sheet in SHEETS:
        _write(book, sheet, iter(()))
    book.save(path)


def _write(book: Workbook, sheet: Sheet, rows: Iterator[dict[str, Any]]) -> int:
    page: Worksheet = book.create_sheet(sheet.zh)
    page.freeze_panes = "A2"
    for place, column in enumerate(sheet.columns):
        letter = chr(ord("A") + place)
        page.column_dimensions[letter].width = WIDTHS.get(column.name, WIDTH)
    page.append([column.zh for column in sheet.columns])
    count = 0
    for row in rows:
        page.append([_cell(page, row.get(column.name)) for column in sheet.columns])
        count += 1
    return count


def _cell(page: Worksheet, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(page, value=value)
    # A title that begins with "=" is a title.
    cell.data_type = "s"
    return cell


def _parties(session: Session) -> Iterator[dict[str, Any]]:
    for party in _all(session, Party):
        yield {"number": party.number, "name": party.name, "credit_code": party.credit_code}


def _volumes(session: Session) -> Iterator[dict[str, Any]]:
    shown = (
        joinedload(Volume.category), joinedload(Volume.party),
        selectinload(Volume.folders).joinedload(Folder.home),
    )  # fmt: skip
    for volume in _all(session, Volume, shown):
        home = next((folder.home.code for folder in volume.folders if folder.home), "")
        yield {
            **_class_of(volume), **_party_of(volume.party), "code": volume.code,
            "number": volume.number, "title": volume.title,
            "state": written_as(STATES, volume.state),
            "arrangement": written_as(ARRANGEMENTS, volume.arrangement),
            "keeper_note": volume.keeper_note, "compiled_by": volume.compiled_by,
            "checked_by": volume.checked_by, "home": home,
            "compiled_on": volume.compiled_on.isoformat() if volume.compiled_on else "",
        }  # fmt: skip


def _papers(session: Session) -> Iterator[dict[str, Any]]:
    shown = (
        joinedload(Document.party), joinedload(Document.type).joinedload(DocumentType.category),
        joinedload(Document.volume).joinedload(Volume.category),
    )  # fmt: skip
    for paper in _all(session, Document, shown):
        volume = paper.volume
        if paper.state != State.FILED or volume is None:
            continue
        kept = (
            "item", "position", "title", "number", "responsible", "dated", "amount", "paper_pages",
            "original_at", "order_number", "remark",
        )  # fmt: skip
        yield {
            **_class_of(volume), **_party_of(paper.party), "code": paper.code,
            "volume": volume.code, "type": paper.type.name_zh if paper.type else "",
            "secrecy": written_as(SECRECIES, paper.secrecy),
            "is_copy": "是" if paper.is_copy else "",
            **{name: getattr(paper, name) for name in kept},
        }  # fmt: skip


def _class_of(volume: Volume) -> dict[str, Any]:
    return {
        "category": str(volume.category.number), "year": volume.year, "retention": volume.retention,
    }  # fmt: skip


def _party_of(party: Party | None) -> dict[str, Any]:
    if party is None:
        return {}
    return {
        "party_number": party.number, "party": party.name, "credit_code": party.credit_code,
    }  # fmt: skip


def _all(session: Session, kind: type[T], shown: Sequence[Any] = ()) -> Iterator[T]:
    """All records of a kind in the order of their ids, a thousand in memory at once."""
    last = 0
    while True:
        query = select(kind).where(kind.id > last).options(*shown).order_by(kind.id).limit(CHUNK)
        rows = session.scalars(query).all()
        if not rows:
            return
        yield from rows
        last = rows[-1].id
        session.expunge_all()
