"""Follow-ups: what happened with a party, and the days on which one looks at it again."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from archive.base import ledger
from archive.base.errors import N_, Conflict, Invalid, NotFound
from archive.base.ledger import Actor
from archive.parties.records import FollowUp, Party, Reminder
from archive.parties.spelling import as_typed
from archive.users import User


class NoSuchReminder(NotFound):
    text = N_("There is no such reminder on this card. Look at those that it has.")


class NoEvent(Invalid):
    text = N_("Nothing is said of what happened. Type it for whoever is reminded.")


class NoReminders(Invalid):
    text = N_("Nobody would be reminded. Say after how many days somebody is to be.")


class DoneAlready(Conflict):
    text = N_("Somebody has done this already: nothing was changed. Look at the card.")


def follow_up(
    session: Session,
    party: Party,
    event: str,
    happened_on: date,
    days: Iterable[int],
    *,
    owner: User | None,
    by: Actor,
    at: datetime,
) -> FollowUp:
    """Note an event, and remind its owner so many days after it.

    Raises:
        NoEvent: nothing is said of what happened.
        NoReminders: no day is told.
    """
    shown, after = as_typed(event, 300), sorted(set(days))
    if not shown:
        raise NoEvent
    if not after:
        raise NoReminders
    made = FollowUp(party_id=party.id, event=shown, happened_on=happened_on, made_at=at)
    made.reminders = [
        Reminder(due_on=happened_on + timedelta(days=number), owner_id=owner and owner.id)
        for number in after
    ]
    session.add(made)
    session.flush()
    ledger.record(
        session, "party.follow_up_noted", party.subject, by=by, at=at, name=party.name,
        event=shown, happened_on=happened_on.isoformat(),
        reminders=[one.due_on.isoformat() for one in made.reminders],
    )  # fmt: skip
    return made


def reminder(session: Session, party: Party, number: int) -> Reminder:
    """One of a card's reminders. Raises NoSuchReminder."""
    known = session.get(Reminder, number, options=[joinedload(Reminder.follow_up)])
    if known is None or known.follow_up.party_id != party.id:
        raise NoSuchReminder
    return known


def settle(
    session: Session, party: Party, held: Reminder, outcome: str, *, by: Actor, at: datetime
) -> None:
    """Somebody looked at it: it is due no more. Raises DoneAlready."""
    if held.done_at:
        raise DoneAlready
    held.done_at, held.done_by_id, held.outcome = at, by.id, as_typed(outcome, 300)
    ledger.record(
        session, "party.reminder_settled", party.subject, by=by, at=at, name=party.name,
        event=held.follow_up.event, due_on=held.due_on.isoformat(), note=held.outcome,
    )  # fmt: skip


def follow_ups(session: Session, party: Party, *, limit: int = 20) -> Sequence[FollowUp]:
    """A card's newest events with their reminders."""
    query = select(FollowUp).where(FollowUp.party_id == party.id)
    newest = query.order_by(FollowUp.happened_on.desc(), FollowUp.id.desc()).limit(limit)
    shown = selectinload(FollowUp.reminders).joinedload(Reminder.owner)
    return session.scalars(newest.options(shown)).all()


def due(
    session: Session, *, owner: User | None, after: tuple[date, int] | None, limit: int
) -> Sequence[Reminder]:
    """What is to be looked at, the soonest first, after a given (day, id); an owner's alone."""
    query = select(Reminder).where(Reminder.done_at.is_(None))
    if owner is not None:
        query = query.where(Reminder.owner_id == owner.id)
    if after is not None:
        query = query.where(tuple_(Reminder.due_on, Reminder.id) > after)
    shown = (
        joinedload(Reminder.follow_up, innerjoin=True).joinedload(FollowUp.party, innerjoin=True),
        joinedload(Reminder.owner),
    )
    soonest = query.options(*shown).order_by(Reminder.due_on, Reminder.id).limit(limit)
    return session.scalars(soonest).all()
