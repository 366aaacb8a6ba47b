"""Lists of volumes and folders: each one query, paged, in the order of an index."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.parties import Party
from archive.volumes.records import Folder, NoSuchFolder, Volume, folders_with_volume


def folders_by_code(session: Session, sound: Sequence[str]) -> list[Folder]:
    """The folders with these label codes, in their order. Raises NoSuchFolder."""
    found = session.scalars(folders_with_volume().where(Folder.code.in_(sound)))
    known = {folder.code: folder for folder in found}
    for code in sound:
        if code not in known:
            raise NoSuchFolder(code=code)
    return [known[code] for code in sound]


def of_party(session: Session, party: Party, *, limit: int) -> Sequence[Volume]:
    """A party's volumes, the newest first."""
    query = select(Volume).where(Volume.party_id == party.id).order_by(Volume.id.desc())
    return session.scalars(query.limit(limit)).all()


def listed(session: Session, code: str, *, before: int | None, limit: int) -> Sequence[Volume]:
    """Volumes, the newest first, those whose archival code begins so."""
    query = select(Volume).order_by(Volume.id.desc()).limit(limit)
    if code:
        # Codes are in capitals; whether small letters find them is not for the database to say.
        query = query.where(Volume.code.startswith(code.upper(), autoescape=True))
    if before is not None:
        query = query.where(Volume.id < before)
    return session.scalars(query).all()


def supplement_of(session: Session, volume: Volume) -> Volume | None:
    """The volume that this one supplements."""
    number = volume.supplement_to_id
    return session.get_one(Volume, number) if number else None


def folders_of(session: Session, volume: Volume) -> Sequence[Folder]:
    """The folders that carry a volume, in the order of their parts."""
    return session.scalars(
        folders_with_volume().where(Folder.volume_id == volume.id).order_by(Folder.part)
    ).all()


def folders(session: Session, *, before: int | None, limit: int) -> Sequence[Folder]:
    """Folders, the newest first."""
    query = folders_with_volume().order_by(Folder.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(Folder.id < before)).all()


def counts(session: Session) -> dict[str, int]:
    """How many volumes and folders there are."""
    return {
        "volumes": session.scalar(select(func.count(Volume.id))) or 0,
        "folders": session.scalar(select(func.count(Folder.id))) or 0,
    }
