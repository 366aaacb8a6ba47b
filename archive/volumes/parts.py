"""Parts: the folders of a volume, and what each holds."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from archive import codes
from archive.volumes.records import Folder, Volume


def make_folder(
    session: Session, volume: Volume, part: int, thickness: int, *, at: datetime
) -> Folder:
    """A part of a volume, of so many mm, with a label code of its own."""
    code = codes.unused(session)
    folder = Folder(volume=volume, part=part, code=code, thickness_mm=thickness, made_at=at)
    session.add(folder)
    session.flush()
    codes.give(session, folder.code, folder.subject, at=at)
    return folder


def dealt(
    papers: Sequence[tuple[int, int]], capacities: Sequence[int], further: int | None = None
) -> list[int]:
    """In which part, from 1, each of the papers of a volume lies, so that no part is too full.

    `papers` are (pages, the first part in which it may lie) in their order, `capacities` the pages
    that each part holds. Every further part holds `further`; without it, the last one holds all
    that is left. A paper is never divided: one that is thicker than a folder has it alone.
    """
    parts, part, held = [], 1, 0
    for pages, first in papers:
        room = capacities[part - 1] if part <= len(capacities) else further or 0
        is_last = further is None and part >= len(capacities)
        if first > part:
            part, held = first, 0
        elif held and held + pages > room and not is_last:
            part, held = part + 1, 0
        held += pages
        parts.append(part)
    return parts
