"""Re-shelving plans (调架计划): which folders move where, confirmed one by one by scanning.

    open ──finish──► done      when its last folder has come to its place
      └─────stop───► stopped   by somebody; what was moved stays, the rest is left where it is

A plan is made at once and worked off over days: each folder waits until it is scanned at its new
place. A folder waits in one plan at a time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, func, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Conflict, Invalid, NotFound
from archive.base.ledger import Actor, Subject
from archive.locations import Location, leaves_below, standing_at
from archive.shelving.moves import Why, settle
from archive.volumes import Folder, Volume

MOST_PLACES = 5000  # among which the folders of one plan are spread
MOST_FOLDERS = 2000  # in one plan: what its page and its list can show


class PlanState(StrEnum):
    """How far a plan is."""

    OPEN = "open"
    DONE = "done"
    STOPPED = "stopped"


# What may happen to a plan in each state, and the state after it.
NEXT: dict[PlanState, dict[str, PlanState]] = {
    PlanState.OPEN: {"finish": PlanState.DONE, "stop": PlanState.STOPPED},
    PlanState.DONE: {},
    PlanState.STOPPED: {},
}
PLAN_STATES = {
    PlanState.OPEN: N_("Under way"),
    PlanState.DONE: N_("Done"),
    PlanState.STOPPED: N_("Stopped"),
}


class StepState(StrEnum):
    """Whether a folder has come to its new place."""

    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"  # its plan was stopped


class NoSuchPlan(NotFound):
    text = N_("There is no re-shelving plan with this number. Choose one from the list.")


class NothingToMove(Invalid):
    text = N_("No folder that stands on a shelf is of this kind. Choose others.")


class TooManyFolders(Invalid):
    text = N_("These are %(count)s folders; a plan moves at most %(most)s. Choose fewer.")


class TooManyPlacesChosen(Invalid):
    text = N_("Below the places chosen are more than %(most)s. Choose fewer.")


class PlacesTooNarrow(Conflict):
    text = N_(
        "The places chosen have no room for all these folders: %(need)s mm are needed, and "
        "%(left)s folders find no place. Add places, or choose fewer folders."
    )


class PlannedElsewhere(Conflict):
    text = N_("Folder %(folder)s waits in another plan: %(plan)s. Finish or stop that one first.")


class PlanOver(Conflict):
    text = N_("This plan is not under way any more. Make a new one.")


class NotInPlan(Conflict):
    text = N_("Folder %(folder)s is not in this plan. Leave it where it stands.")


class OtherPlace(Conflict):
    text = N_("Folder %(folder)s goes to %(place)s, not here. Take it there and scan that place.")


class ComeAlready(Conflict):
    text = N_("Folder %(folder)s has come to its place already. Scan the next one.")


class PlaceFirst(Invalid):
    text = N_("No place is chosen yet. Scan the label of the place, then the folders put there.")


class StepOut(Conflict):
    text = N_("Folder %(folder)s is lent to somebody. Take it back first, then scan it here.")


@dataclass(frozen=True)
class Choice:
    """Which folders move: those at a place, of a category, of a year; each where it is given."""

    place: Location | None = None
    category_id: int | None = None
    year: int | None = None


class Plan(Record):
    """A re-shelving plan."""

    __tablename__ = "shelving_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[PlanState] = mapped_column(String(10), default=PlanState.OPEN)
    folders: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]

    @property
    def subject(self) -> Subject:
        return Subject("plan", self.id)


class PlanStep(Record):
    """One folder of a plan: from where to where."""

    __tablename__ = "shelving_plan_step"
    __table_args__ = (
        Index("uq_shelving_plan_step_folder", "plan_id", "folder_id", unique=True),
        Index(
            "uq_shelving_plan_step_waiting",
            "folder_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_shelving_plan_step_to", "to_id", "state"),
        Index("ix_shelving_plan_step_from", "from_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("shelving_plan.id"))
    position: Mapped[int]
    folder_id: Mapped[int] = mapped_column(ForeignKey("folder.id"))
    from_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    state: Mapped[StepState] = mapped_column(String(10), default=StepState.WAITING)
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(String(200), default="")

    folder: Mapped[Folder] = relationship()
    start: Mapped[Location | None] = relationship(foreign_keys=[from_id])
    end: Mapped[Location] = relationship(foreign_keys=[to_id])


def make(
    session: Session,
    title: str,
    choice: Choice,
    targets: Iterable[Location],
    *,
    by: Actor,
    at: datetime,
) -> Plan:
    """Plan where each of the chosen folders goes: the places are filled in their order.

    Raises:
        NothingToMove, TooManyFolders: the choice names none, or more than one plan moves.
        PlannedElsewhere: one of them waits in another plan.
        TooManyPlacesChosen, PlacesTooNarrow: the places are too many, or do not take them all.
    """
    folders = _chosen(session, choice)
    _refuse_planned(session, folders)
    places = _leaves(session, targets)
    pairs = _fit(folders, places, _room(session, places, folders))
    plan = Plan(title=title.strip(), folders=len(pairs), made_at=at, made_by=by.name)
    session.add(plan)
    session.flush()
    session.add_all(
        PlanStep(
            plan_id=plan.id, position=number, folder_id=folder.id, from_id=folder.present_id,
            to_id=place.id,
        )
        for number, (folder, place) in enumerate(pairs, 1)
    )  # fmt: skip
    session.flush()
    ledger.record(
        session, "plan.made", plan.subject, by=by, at=at, title=plan.title, count=plan.folders
    )
    return plan


def confirm(
    session: Session, plan: Plan, folder: Folder, place: Location, *, by: Actor, at: datetime
) -> PlanStep:
    """Note that a folder of the plan stands at this place now, which is its new home.

    Raises:
        PlanOver, NotInPlan, ComeAlready, OtherPlace, StepOut: it may not be noted so.
    """
    _refuse_over(plan)
    step = session.scalar(
        select(PlanStep).where(PlanStep.plan_id == plan.id, PlanStep.folder_id == folder.id)
    )
    if step is None:
        raise NotInPlan(folder=folder.code)
    if step.state == StepState.DONE:
        raise ComeAlready(folder=folder.code)
    if step.to_id != place.id:
        raise OtherPlace(folder=folder.code, place=step.end.code)
    if folder.holder_id is not None:
        raise StepOut(folder=folder.code)
    settle(session, folder, place, Why.PLANNED, reason=plan.title, by=by, at=at)
    step.state, step.done_at, step.done_by = StepState.DONE, at, by.name
    plan.done += 1
    if plan.done == plan.folders:
        _end(session, plan, "finish", by=by, at=at)
    return step


def stop(session: Session, plan: Plan, *, by: Actor, at: datetime) -> None:
    """End a plan before it is done. Raises PlanOver."""
    _refuse_over(plan)
    session.execute(
        update(PlanStep)
        .where(PlanStep.plan_id == plan.id, PlanStep.state == StepState.WAITING)
        .values(state=StepState.DROPPED)
    )
    _end(session, plan, "stop", by=by, at=at)


def by_id(session: Session, number: int) -> Plan:
    """The plan with this id. Raises NoSuchPlan."""
    found = session.get(Plan, number)
    if found is None:
        raise NoSuchPlan
    return found


def listed(session: Session, *, before: int | None, limit: int) -> Sequence[Plan]:
    """Plans, the newest first."""
    query = select(Plan).order_by(Plan.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(Plan.id < before)).all()


def steps_of(session: Session, plan: Plan) -> Sequence[PlanStep]:
    """A plan's folders in the order of the places they go to."""
    shown = (
        joinedload(PlanStep.folder).joinedload(Folder.volume),
        joinedload(PlanStep.start),
        joinedload(PlanStep.end),
    )
    query = select(PlanStep).where(PlanStep.plan_id == plan.id).order_by(PlanStep.position)
    return session.scalars(query.options(*shown)).all()


def _chosen(session: Session, choice: Choice) -> Sequence[Folder]:
    """The folders of a choice that are with nobody, in the order of their volumes."""
    query = select(Folder).join(Volume, Volume.id == Folder.volume_id)
    query = query.where(Folder.holder_id.is_(None))
    if choice.place is not None:
        here = select(Location.id).where(standing_at(choice.place))
        query = query.where(Folder.present_id.in_(here))
    if choice.category_id is not None:
        query = query.where(Volume.category_id == choice.category_id)
    if choice.year is not None:
        query = query.where(Volume.year == choice.year)
    count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    if not count:
        raise NothingToMove
    if count > MOST_FOLDERS:
        raise TooManyFolders(count=count, most=MOST_FOLDERS)
    ordered = (Volume.category_id, Volume.year, Volume.retention, Volume.number, Folder.part)
    return session.scalars(query.order_by(*ordered)).all()


def _leaves(session: Session, targets: Iterable[Location]) -> list[Location]:
    """The lowest places at or below these, in the order given and then in that of the walk."""
    found: dict[Location, None] = {}
    for top in targets:
        found |= dict.fromkeys(leaves_below(session, top, limit=MOST_PLACES + 1))
        if len(found) > MOST_PLACES:
            raise TooManyPlacesChosen(most=MOST_PLACES)
    return list(found)


def _refuse_planned(session: Session, folders: Sequence[Folder]) -> None:
    waiting = (
        select(Folder.code, Plan.title)
        .join(PlanStep, PlanStep.folder_id == Folder.id)
        .join(Plan, Plan.id == PlanStep.plan_id)
        .where(PlanStep.state == StepState.WAITING, Folder.id.in_([one.id for one in folders]))
    )
    first = session.execute(waiting.limit(1)).first()
    if first is not None:
        raise PlannedElsewhere(folder=first[0], plan=first[1])


def _room(session: Session, places: Sequence[Location], moving: Sequence[Folder]) -> dict[int, int]:
    """How many millimetres each place has for these folders, by its id.

    What they take there now becomes free; what other plans bring there does not.
    """
    room = {place.id: place.capacity_mm for place in places}
    mine = {folder.id for folder in moving}
    here = or_(Folder.present_id.in_(room), Folder.home_id.in_(room))
    for folder in session.scalars(select(Folder).where(here)):
        for number in {folder.present_id, folder.home_id} - {None}:
            if folder.id not in mine and number in room:
                room[number] -= folder.thickness_mm
    coming = (
        select(PlanStep.to_id, func.sum(Folder.thickness_mm))
        .join(Folder, Folder.id == PlanStep.folder_id)
        .where(PlanStep.state == StepState.WAITING, PlanStep.to_id.in_(room))
    )
    for number, millimetres in session.execute(coming.group_by(PlanStep.to_id)):
        room[number] -= int(millimetres)
    return room


def _fit(
    folders: Sequence[Folder], places: Sequence[Location], room: dict[int, int]
) -> list[tuple[Folder, Location]]:
    """Each folder with its place: in order, a place that is full is never gone back to."""
    pairs: list[tuple[Folder, Location]] = []
    waiting = list(reversed(folders))
    for place in places:
        while waiting and waiting[-1].thickness_mm <= room[place.id]:
            room[place.id] -= waiting[-1].thickness_mm
            pairs.append((waiting.pop(), place))
    if waiting:
        need = sum(folder.thickness_mm for folder in folders)
        raise PlacesTooNarrow(need=need, left=len(waiting))
    return pairs


def _refuse_over(plan: Plan) -> None:
    if not NEXT[plan.state]:
        raise PlanOver


def _end(session: Session, plan: Plan, deed: str, *, by: Actor, at: datetime) -> None:
    plan.state, plan.ended_at = NEXT[PlanState(plan.state)][deed], at
    ledger.record(
        session, f"plan.{plan.state}", plan.subject, by=by, at=at, title=plan.title,
        count=plan.done,
    )  # fmt: skip
