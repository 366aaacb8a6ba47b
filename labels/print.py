"""The door of printing: from folders to the labels that stand on them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from archive import codes, volumes
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


def folders_typed(session: Session, typed: Iterable[str], *, address: str) -> list[Folder]:
    """The folders whose codes, or labels' URLs, were typed or scanned.

    Raises:
        NotACode, MistypedCode, ForeignCode, NoSuchFolder: one of them is no folder's.
    """
    return [volumes.folder_by_code(session, codes.spell(one, address=address)) for one in typed]


def draw_folders(
    folders: Sequence[Folder],
    target: Path | BinaryIO,
    *,
    address: str,
    sheet: str = DEFAULT_SHEET,
    start: int = 1,
) -> tuple[list[Label], Drawn]:
    """Write the folders' labels as a PDF. A thousand take seconds: nothing may be locked."""
    labels = [label_of(folder, address=address) for folder in folders]
    return labels, draw(labels, sheets.find(sheet), target, start)


def note_printed(
    session: Session, folders: Sequence[Folder], sheet: str, *, by: Actor, at: datetime
) -> None:
    """Note in the ledger who printed which folders' labels."""
    subjects = [folder.subject for folder in folders]
    ledger.record(
        session, "labels.printed", *subjects, by=by, at=at, count=len(folders), sheet=sheet
    )
