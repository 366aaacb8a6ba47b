"""The door of printing: from folders to the labels that stand on them, and the sheets of stacks."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from archive import codes, covers, volumes
from archive.base import ledger
from archive.base.errors import N_, Invalid
from archive.base.ledger import Actor
from archive.categories import DocumentType
from archive.covers import COVER, CoverSheet
from archive.parties import Party
from archive.volumes import Folder
from labels import sheets
from labels.covers import StackSheet
from labels.covers import draw as draw_stack_sheets
from labels.draw import Drawn, Label, draw

MOST_LABELS = 1000
MOST_NAMED = 10  # folders in words; the ledger's row is about all of them
DEFAULT_SHEET = sheets.DEFAULT.name
BEFORE_ITS_PAPERS = N_("Lay it before the papers that it names. It can be used again.")
BETWEEN_PAPERS = N_("Lay it between two papers. It can be used again.")


class TooManyLabels(Invalid):
    text = N_("At most %(most)s labels are printed at once. Print them in parts.")


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
        TooManyLabels: they are more than are printed at once.
        NotACode, MistypedCode, ForeignCode, NoSuchFolder: one of them is no folder's.
    """
    sound = [codes.spell(one, address=address) for one in typed]
    if len(sound) > MOST_LABELS:
        raise TooManyLabels(most=MOST_LABELS)
    return volumes.folders_by_code(session, sound)


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
    named = [folder.code for folder in folders[:MOST_NAMED]]
    ledger.record(
        session, "labels.printed", *subjects, by=by, at=at, count=len(folders), sheet=sheet,
        codes=[*named, "…"] if len(folders) > MOST_NAMED else named,
    )  # fmt: skip


def make_sheets(
    session: Session,
    kind: str,
    copies: int,
    *,
    each: bool,
    by: Actor,
    at: datetime,
    party: Party | None = None,
    type: DocumentType | None = None,
    year: int | None = None,
    note: str = "",
) -> list[CoverSheet]:
    """New covers or separators: one code on all `copies`, or with `each` a code of its own."""
    made = [
        covers.make(session, kind, by=by, at=at, party=party, type=type, year=year, note=note)
        for _ in range(copies if each else 1)
    ]
    return made if each else made * copies


def try_sheet(target: Path | BinaryIO, *, address: str) -> None:
    """Draw a sheet that nobody prints, so that what stands in the way is refused before any code
    is given."""
    code = codes.draw()
    draw_stack_sheets([StackSheet(code, codes.url(code, address=address), "")], target)


def draw_sheets(
    made: Sequence[CoverSheet],
    target: Path | BinaryIO,
    *,
    address: str,
    say: Callable[[str], str],
    language: str,
) -> Drawn:
    """Write covers and separators as a PDF, a page each; `say` translates what stands on them.

    Two hundred take seconds: nothing may be locked.
    """
    return draw_stack_sheets(
        [_stack_sheet(sheet, address, say, language) for sheet in made], target
    )


def _stack_sheet(
    sheet: CoverSheet, address: str, say: Callable[[str], str], language: str
) -> StackSheet:
    is_cover = sheet.kind == COVER
    lines = (
        sheet.party.name if sheet.party else "",
        f"{sheet.type.category.number} {sheet.type.name(language)}" if sheet.type else "",
        str(sheet.year or ""),
        sheet.note,
    )
    return StackSheet(
        code=sheet.code,
        url=codes.url(sheet.code, address=address),
        heading=say(N_("Cover sheet") if is_cover else N_("Separator")),
        lines=tuple(line for line in lines if line),
        note=say(BEFORE_ITS_PAPERS if is_cover else BETWEEN_PAPERS),
    )
