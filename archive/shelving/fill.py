"""Fill: how much of each place is taken, and the picture of a shelf. All in millimetres.

Folders that belong at a place and stand elsewhere, or are with somebody, keep their room there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from archive.locations import Location, below
from archive.volumes import Folder, Volume

MOST_COMPARTMENTS = 40
MOST_SPINES = 400


@dataclass
class Fill:
    """How full a place is, all below it counted in."""

    capacity_mm: int = 0
    folders: int = 0
    standing_mm: int = 0
    awaited_mm: int = 0

    @property
    def free_mm(self) -> int:
        """What is left; less than nothing where it is too full."""
        return self.capacity_mm - self.standing_mm - self.awaited_mm


@dataclass(frozen=True)
class Spine:
    """A folder on the picture: where its spine begins, and whether it stands there just now."""

    folder: Folder
    x: int
    is_here: bool


@dataclass
class Compartment:
    """A place on the picture, from its left edge, with the spines in it."""

    place: Location
    x: int
    width: int
    free_mm: int
    spines: list[Spine] = field(default_factory=list)


@dataclass(frozen=True)
class Picture:
    """A shelf as one sees it."""

    compartments: tuple[Compartment, ...]
    width: int


def of(session: Session, siblings: Sequence[Location]) -> dict[int, Fill]:
    """How full each of these places is, by its id; they are of one depth, in their order."""
    if not siblings:
        return {}
    length = len(siblings[0].path)
    span = (Location.path >= siblings[0].path) & (Location.path < siblings[-1].path + "~")
    key = func.substr(Location.path, 1, length)
    fills = {place.path: Fill() for place in siblings}
    widths = select(key, func.sum(Location.capacity_mm)).where(span, Location.retired_at.is_(None))
    for path, capacity in session.execute(widths.group_by(key)):
        fills.get(path, Fill()).capacity_mm = int(capacity)
    for path, count, millimetres in session.execute(_sums(key, span, Folder.present_id)):
        full = fills.get(path, Fill())
        full.folders, full.standing_mm = count, int(millimetres)
    away = or_(Folder.present_id.is_(None), Folder.present_id != Folder.home_id)
    for path, _count, millimetres in session.execute(_sums(key, span & away, Folder.home_id)):
        fills.get(path, Fill()).awaited_mm = int(millimetres)
    return {place.id: fills[place.path] for place in siblings}


def picture(session: Session, place: Location) -> Picture | None:
    """A shelf with its slots, or a slot alone; None for a place too large for one picture."""
    parts = below(session, place, limit=MOST_COMPARTMENTS + 1)
    deeper = select(Location.id).where(Location.parent_id.in_([part.id for part in parts]))
    if len(parts) > MOST_COMPARTMENTS or (parts and session.scalar(deeper.limit(1))):
        return None
    places = parts or [place]
    held = _held(session, places)
    if len(held) > MOST_SPINES:
        return None
    compartments: list[Compartment] = []
    x = 0
    for one in places:
        compartments.append(_compartment(one, [f for f in held if _at(f, one)], x))
        x += compartments[-1].width
    return Picture(tuple(compartments), x)


def _compartment(place: Location, folders: Sequence[Folder], x: int) -> Compartment:
    taken = sum(folder.thickness_mm for folder in folders)
    free = place.capacity_mm - taken
    made = Compartment(place, x, max(place.capacity_mm, taken), free)
    for folder in folders:
        made.spines.append(Spine(folder, x, folder.present_id == place.id))
        x += folder.thickness_mm
    return made


def _at(folder: Folder, place: Location) -> bool:
    return place.id in (folder.present_id, folder.home_id)


def _held(session: Session, places: Sequence[Location]) -> Sequence[Folder]:
    """The folders that stand or belong at these places, in the order of their volumes."""
    ids = [place.id for place in places]
    query = (
        select(Folder)
        .join(Volume, Volume.id == Folder.volume_id)
        .where(or_(Folder.present_id.in_(ids), Folder.home_id.in_(ids)))
        .order_by(Volume.category_id, Volume.year, Volume.retention, Volume.number, Folder.part)
        .limit(MOST_SPINES + 1)
    )
    shown = (joinedload(Folder.volume), joinedload(Folder.home), joinedload(Folder.present))
    return session.scalars(query.options(*shown)).all()


def _sums(
    key: ColumnElement[str], where: ColumnElement[bool], at: InstrumentedAttribute[int | None]
) -> Select[str, int, int]:
    sums = select(key, func.count(Folder.id), func.sum(Folder.thickness_mm))
    return sums.join_from(Folder, Location, Location.id == at).where(where).group_by(key)
