"""The door of printing: from folders to the labels that stand on them."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from archive import codes
from archive.base import ledger
from archive.base.ledger import Actor
from archive.volumes import Folder
from labels import sheets
from labels.draw import Drawn, Label, draw

DEFAULT_SHEET = sheets.DEFAULT.name


def label_of(folder: Folder, *, address: str) -> Label:
    """What a folder's label says: nothing that is in the papers, only how they are found."""
    volume = folder.volume
    part = (f"{folder.part}",) if folder.part > 1 else ()
    return Label(
        code=folder.code,
        url=codes.url(folder.code, address=address),
        text=volume.code,
        title=volume.title,
        lines=(*part, folder.home.code if folder.home else ""),
    )


def print_folders(
    session: Session,
    folders: Sequence[Folder],
    target: Path | BinaryIO,
    *,
    address: str,
    sheet: str = DEFAULT_SHEET,
    start: int = 1,
    by: Actor,
    at: datetime,
) -> tuple[list[Label], Drawn]:
    """Write the folders' labels as a PDF and note in the ledger who printed which."""
    labels = [label_of(folder, address=address) for folder in folders]
    drawn = draw(labels, sheets.find(sheet), target, start)
    subjects = [folder.subject for folder in folders]
    ledger.record(
        session, "labels.printed", *subjects, by=by, at=at, count=len(labels), sheet=sheet
    )
    return labels, drawn
