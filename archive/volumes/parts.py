"""Parts: the folders of a volume, and where each has its home."""

from datetime import datetime

from sqlalchemy.orm import Session

from archive import codes
from archive.base import ledger
from archive.base.ledger import Actor
from archive.locations import at_code
from archive.volumes.records import Folder, Volume


def make_folder(session: Session, volume: Volume, *, at: datetime) -> Folder:
    """The next part of a volume, with a label code of its own."""
    folder = Folder(volume=volume, part=1, code=codes.unused(session), made_at=at)
    session.add(folder)
    session.flush()
    codes.give(session, folder.code, folder.subject, at=at)
    return folder


def shelve(session: Session, folder: Folder, place: str, *, by: Actor, at: datetime) -> None:
    """Give a folder its home: the place to which it comes back.

    Raises:
        NotAPlace: the text has not the shape of a place's code.
    """
    home = at_code(session, place)
    if folder.home_id == home.id:
        return
    before = folder.home.code if folder.home else ""
    folder.home = home
    ledger.record(
        session, "folder.shelved", folder.subject, folder.volume.subject, by=by, at=at,
        folder=folder.code, place=home.code, before=before,
    )  # fmt: skip
