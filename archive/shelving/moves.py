"""Moves: every folder's way from place to place and hand to hand, with who, when and why.

A folder has a home, the place to which it comes back, and stands at a place or is with somebody.
Each change of either is a move and a row of the ledger, in one commit.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, aliased, joinedload, mapped_column, relationship

from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Conflict
from archive.base.ledger import Actor
from archive.locations import Location, at_code
from archive.users import User
from archive.volumes import Folder, Volume

LONGEST_REASON = 300


class MovedMeanwhile(Conflict):
    text = N_(
        "%(name)s has moved this folder meanwhile: it is now at %(place)s. "
        "Look, then move it again."
    )


class NotWhileOut(Conflict):
    text = N_("This folder is with %(holder)s. Take it back first, then put it at a place.")


class Why(StrEnum):
    """What a move was for."""

    SHELVED = "shelved"
    ASIDE = "aside"
    LENT = "lent"
    RETURNED = "returned"
    PLANNED = "planned"


WHYS = {
    Why.SHELVED: N_("Given this place"),
    Why.ASIDE: N_("Put there for now"),
    Why.LENT: N_("Lent"),
    Why.RETURNED: N_("Came back"),
    Why.PLANNED: N_("Re-shelved by plan"),
}


class Move(Record):
    """One move of one folder; a place that is empty is somebody's hands, or none yet."""

    __tablename__ = "folder_move"
    __table_args__ = (
        Index("ix_folder_move_folder", "folder_id", "id"),
        Index("ix_folder_move_from", "from_id"),
        Index("ix_folder_move_to", "to_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    folder_id: Mapped[int] = mapped_column(ForeignKey("folder.id"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by: Mapped[str] = mapped_column(String(200))
    why: Mapped[Why] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    from_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    # Who had it before, or has it since, where that is a person.
    holder: Mapped[str] = mapped_column(String(200), default="")

    start: Mapped[Location | None] = relationship(foreign_keys=[from_id])
    end: Mapped[Location | None] = relationship(foreign_keys=[to_id])


def shelve(
    session: Session,
    folder: Folder,
    place: str,
    *,
    reason: str = "",
    seen: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Give a folder its home, and put it there unless it is with somebody.

    Raises:
        NotAPlace, UnknownPlace, PlaceRetired: the text names no place for a folder.
        MovedMeanwhile: another one moved it after the move that was `seen`.
    """
    home = at_code(session, place)
    _agree(session, folder, seen)
    settle(session, folder, home, Why.SHELVED, reason=reason, by=by, at=at)


def settle(
    session: Session,
    folder: Folder,
    home: Location,
    why: Why,
    *,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Give a folder this home, and put it there unless it is with somebody."""
    before = folder.home.code if folder.home else ""
    is_out = folder.holder_id is not None
    if folder.home_id == home.id and (is_out or folder.present_id == home.id):
        return
    folder.home = home
    if not is_out:
        _move(session, folder, home, why, reason=reason, by=by, at=at)
    ledger.record(
        session, "folder.shelved", folder.subject, folder.volume.subject, by=by, at=at,
        folder=folder.code, place=home.code, before=before, **_told(reason),
    )  # fmt: skip


def put(
    session: Session,
    folder: Folder,
    place: str,
    *,
    reason: str = "",
    seen: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Put a folder at a place for now; its home stays.

    Raises:
        NotAPlace, UnknownPlace, PlaceRetired: the text names no place for a folder.
        NotWhileOut: somebody has it.
        MovedMeanwhile: another one moved it after the move that was `seen`.
    """
    present = at_code(session, place)
    _agree(session, folder, seen)
    if folder.holder_id is not None:
        raise NotWhileOut(holder=session.get_one(User, folder.holder_id).name)
    if folder.present_id == present.id:
        return
    before = folder.present.code if folder.present else ""
    _move(session, folder, present, Why.ASIDE, reason=reason, by=by, at=at)
    ledger.record(
        session, "folder.moved", folder.subject, folder.volume.subject, by=by, at=at,
        folder=folder.code, place=present.code, before=before, **_told(reason),
    )  # fmt: skip


def go_out(
    session: Session, folder: Folder, holder: User, *, reason: str, by: Actor, at: datetime
) -> None:
    """Note that a folder leaves its place for somebody's hands; the loan has its own ledger row."""
    folder.holder_id = holder.id
    _move(session, folder, None, Why.LENT, reason=reason, holder=holder.name, by=by, at=at)


def come_back(
    session: Session, folder: Folder, holder: User, *, reason: str, by: Actor, at: datetime
) -> None:
    """Note that a folder comes back from somebody to its home, if it has one."""
    folder.holder_id = None
    home, told = folder.home, {"reason": reason, "holder": holder.name}
    _move(session, folder, home, Why.RETURNED, by=by, at=at, **told)


def moves_of(session: Session, folder: Folder, *, limit: int) -> Sequence[Move]:
    """A folder's moves with their places, the newest first."""
    query = select(Move).where(Move.folder_id == folder.id).order_by(Move.id.desc()).limit(limit)
    return session.scalars(query.options(joinedload(Move.start), joinedload(Move.end))).all()


def astray(session: Session, *, after: tuple[str, int], limit: int) -> Sequence[Folder]:
    """Folders that stand elsewhere than at home, in the order in which one walks past them.

    `after` is the path and the folder's id of the last one seen.
    """
    here = aliased(Location)
    query = (
        select(Folder)
        .join(here, here.id == Folder.present_id)
        .where(Folder.home_id.is_not(None), Folder.home_id != Folder.present_id)
        .where((here.path > after[0]) | ((here.path == after[0]) & (Folder.id > after[1])))
    )
    shown = (joinedload(Folder.home), joinedload(Folder.present))
    volume = joinedload(Folder.volume).joinedload(Volume.party)
    ordered = query.options(*shown, volume).order_by(here.path, Folder.id)
    return session.scalars(ordered.limit(limit)).all()


def _agree(session: Session, folder: Folder, seen: int | None) -> None:
    """Refuse what was decided before the folder's last move was known."""
    if seen is None:
        return
    moves = moves_of(session, folder, limit=1)
    if moves and moves[0].id != seen:
        last = moves[0]
        raise MovedMeanwhile(name=last.by, place=last.end.code if last.end else last.holder)


def _move(
    session: Session,
    folder: Folder,
    place: Location | None,
    why: Why,
    *,
    reason: str = "",
    holder: str = "",
    by: Actor,
    at: datetime,
) -> None:
    start, folder.present = folder.present, place
    move = Move(
        folder_id=folder.id, at=at, by_id=by.id, by=by.name, why=why, reason=reason.strip(),
        start=start, end=place, holder=holder,
    )  # fmt: skip
    session.add(move)


def _told(reason: str) -> dict[str, str]:
    return {"note": reason.strip()} if reason.strip() else {}
