"""Taking a place out of use: retired with all below it, or removed if it was never used."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from archive.base import ledger
from archive.base.errors import N_, Conflict
from archive.base.ledger import Actor
from archive.locations import Location, above, standing_at
from archive.shelving.moves import Move
from archive.shelving.plans import PlanStep, StepState
from archive.volumes import Folder

# Of many places only one is in the session, and it is looked at again.
UNSYNCED = {"synchronize_session": False}


class PlaceInUse(Conflict):
    text = N_(
        "Folders stand or belong at %(code)s or below it (%(count)s in all). "
        "Move them first, then retire the place."
    )


class PlanLeadsHere(Conflict):
    text = N_(
        "A re-shelving plan that is not done leads to %(code)s or below it. "
        "Finish or stop the plan first."
    )


class PlaceWasUsed(Conflict):
    text = N_("%(code)s or a place below it was used before, and its history stays. Retire it.")


class RetiredAbove(Conflict):
    text = N_("%(code)s, above it, is retired. Take that one into use again first.")


def retire(session: Session, place: Location, *, by: Actor, at: datetime) -> None:
    """Put nothing at a place and those below it any more.

    Raises:
        PlaceInUse: a folder stands or belongs there.
        PlanLeadsHere: an open plan brings folders there.
    """
    if count := session.scalar(_folders_at(place)):
        raise PlaceInUse(code=place.code, count=count)
    if _is_planned_for(session, place):
        raise PlanLeadsHere(code=place.code)
    places = _set(session, place, None, at)
    ledger.record(
        session, "location.retired", place.subject, by=by, at=at, code=place.code, count=places
    )


def use_again(session: Session, place: Location, *, by: Actor, at: datetime) -> None:
    """Take a retired place into use again, with those below it that were retired with it.

    Raises:
        RetiredAbove: a place above it is retired.
    """
    for higher in above(session, place):
        if higher.retired_at is not None:
            raise RetiredAbove(code=higher.code)
    if place.retired_at is None:
        return
    places = _set(session, place, place.retired_at, None)
    ledger.record(
        session, "location.used_again", place.subject, by=by, at=at, code=place.code, count=places
    )


def remove(session: Session, place: Location, *, by: Actor, at: datetime) -> None:
    """Remove a place that was made by mistake, and those below it.

    Raises:
        PlaceWasUsed: a folder was there once, belongs there, or was planned to come.
    """
    here = select(Location.id).where(standing_at(place))
    moved = select(Move.id).where(or_(Move.from_id.in_(here), Move.to_id.in_(here)))
    planned = select(PlanStep.id).where(or_(PlanStep.from_id.in_(here), PlanStep.to_id.in_(here)))
    if session.scalar(_folders_at(place)) or any(
        session.scalar(used.limit(1)) for used in (moved, planned)
    ):
        raise PlaceWasUsed(code=place.code)
    subject, code, count = place.subject, place.code, _count(session, standing_at(place))
    session.expunge(place)
    session.execute(delete(Location).where(standing_at(place)), execution_options=UNSYNCED)
    ledger.record(session, "location.removed", subject, by=by, at=at, code=code, count=count)


def _folders_at(place: Location) -> Select[int]:
    here = select(Location.id).where(standing_at(place))
    at_it = or_(Folder.home_id.in_(here), Folder.present_id.in_(here))
    return select(func.count(Folder.id)).where(at_it)


def _is_planned_for(session: Session, place: Location) -> bool:
    here = select(Location.id).where(standing_at(place))
    waiting = select(PlanStep.id).where(
        PlanStep.to_id.in_(here), PlanStep.state == StepState.WAITING
    )
    return session.scalar(waiting.limit(1)) is not None


def _set(
    session: Session, place: Location, retired: datetime | None, after: datetime | None
) -> int:
    """Retire, or take into use again, those below a place that are in this state; their number."""
    was = Location.retired_at.is_(None) if retired is None else Location.retired_at == retired
    changed = standing_at(place) & was
    count = _count(session, changed)
    session.execute(
        update(Location).where(changed).values(retired_at=after), execution_options=UNSYNCED
    )
    session.refresh(place)
    return count


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(Location.id)).where(which)) or 0
