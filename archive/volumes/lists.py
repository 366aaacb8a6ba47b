"""Lists of volumes and folders: each one query, paged, in the order of an index."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from archive.categories import Category
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


def by_codes(session: Session, codes: Sequence[str]) -> Sequence[Volume]:
    """The volumes with these archival codes, spelled as they are kept; in no order."""
    query = select(Volume).where(Volume.code.in_(codes))
    return session.scalars(query.options(joinedload(Volume.category))).all()


def of_plan(
    session: Session, category: int | None, year: int | None, *, limit: int
) -> Sequence[Volume]:
    """The volumes of a category's number and a year, either of which may be open, by their codes'
    order: category, year, retention, number."""
    query = select(Volume).join(Category).options(contains_eager(Volume.category))
    if category is not None:
        query = query.where(Category.number == category)
    if year is not None:
        query = query.where(Volume.year == year)
    order = (Volume.category_id, Volume.year, Volume.retention, Volume.number)
    return session.scalars(query.order_by(*order).limit(limit)).all()


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


def folders_of_all(session: Session, volumes: Sequence[Volume]) -> Sequence[Folder]:
    """The folders that carry these volumes, each volume's together, in the order of their parts."""
    query = select(Folder).where(Folder.volume_id.in_([volume.id for volume in volumes]))
    return session.scalars(query.order_by(Folder.volume_id, Folder.part)).all()


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
