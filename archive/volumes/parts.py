"""Parts: the folders of a volume."""

from datetime import datetime

from sqlalchemy.orm import Session

from archive import codes
from archive.volumes.records import Folder, Volume


def make_folder(session: Session, volume: Volume, *, at: datetime) -> Folder:
    """The next part of a volume, with a label code of its own."""
    folder = Folder(volume=volume, part=1, code=codes.unused(session), made_at=at)
    session.add(folder)
    session.flush()
    codes.give(session, folder.code, folder.subject, at=at)
    return folder
