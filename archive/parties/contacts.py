"""Contacts: whom to turn to at a party, from when, until when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, contains_eager

from archive.base import ledger
from archive.base.errors import N_, Conflict, Invalid, NotFound
from archive.base.ledger import Actor
from archive.parties.cards import check_version
from archive.parties.changes import Changes
from archive.parties.records import Contact, Party
from archive.parties.spelling import as_typed, shown_as
from archive.users import User

MOST_CONTACTS = 200  # of one party: its page shows them all
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")


class NoSuchContact(NotFound):
    text = N_("There is no such contact on this card. Look at those that it has.")


class NoContactName(Invalid):
    text = N_("A contact needs a name. Type who it is.")


class NotAnEmail(Invalid):
    text = N_("“%(typed)s” is not an e-mail address. Write it like name@company.cn.")


class EndsBeforeItBegins(Invalid):
    text = N_("%(valid_to)s is before %(valid_from)s. Correct one of the two days.")


class TooManyContacts(Conflict):
    text = N_("This card has %(most)s contacts, the most that it can show. Change one of them.")


@dataclass(frozen=True)
class Told:
    """What is said of a contact."""

    name: str
    post: str = ""
    phone: str = ""
    email: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


def contacts(session: Session, party: Party) -> Sequence[Contact]:
    """A card's contacts in the order in which they came."""
    query = select(Contact).where(Contact.party_id == party.id).order_by(Contact.id)
    return session.scalars(query).all()


def ending(
    session: Session,
    *,
    since: date,
    keeper: User | None,
    after: tuple[date, int] | None,
    limit: int,
) -> Sequence[Contact]:
    """Contacts that end, from a day on and after a given (day, id), the soonest first; with a
    keeper, those of the parties that they look after."""
    query = select(Contact).join(Party, Contact.party_id == Party.id)
    query = query.where(Contact.valid_to >= since)
    if keeper is not None:
        query = query.where(Party.keeper_id == keeper.id)
    if after is not None:
        query = query.where(tuple_(Contact.valid_to, Contact.id) > after)
    shown = contains_eager(Contact.party).joinedload(Party.keeper)
    soonest = query.options(shown).order_by(Contact.valid_to, Contact.id).limit(limit)
    return session.scalars(soonest).all()


def contact(session: Session, party: Party, number: int) -> Contact:
    """One of a card's contacts. Raises NoSuchContact."""
    known = session.get(Contact, number)
    if known is None or known.party_id != party.id:
        raise NoSuchContact
    return known


def add_contact(session: Session, party: Party, told: Told, *, by: Actor, at: datetime) -> Contact:
    """Note whom to turn to.

    Raises:
        NoContactName, NotAnEmail, EndsBeforeItBegins: what is told of them cannot be.
        TooManyContacts: the card has as many as it can show.
    """
    if len(contacts(session, party)) >= MOST_CONTACTS:
        raise TooManyContacts(most=MOST_CONTACTS)
    made = Contact(party_id=party.id, name="", version=1)
    _write(made, told, Changes())
    session.add(made)
    session.flush()
    ledger.record(
        session, "party.contact_added", party.subject, by=by, at=at, name=party.name,
        contact=made.name,
    )  # fmt: skip
    return made


def edit_contact(
    session: Session, party: Party, held: Contact, told: Told, *, version: int, by: Actor,
    at: datetime,
) -> Changes:  # fmt: skip
    """Correct what is told of a contact, or say until when they are there.

    Raises:
        CardChanged: somebody saved it since `version`.
        NoContactName, NotAnEmail, EndsBeforeItBegins: see `add_contact`.
    """
    check_version(held.version, version)
    changes = Changes()
    _write(held, told, changes)
    if changes:
        held.version += 1
        ledger.record(
            session, "party.contact_changed", party.subject, by=by, at=at, name=party.name,
            contact=held.name, changes=changes.told,
        )  # fmt: skip
    return changes


def _write(held: Contact, told: Told, changes: Changes) -> None:
    name, email = shown_as(told.name, 100), shown_as(told.email, 120)
    if not name:
        raise NoContactName
    if email and not EMAIL.fullmatch(email):
        raise NotAnEmail(typed=email[:60])
    if told.valid_from and told.valid_to and told.valid_to < told.valid_from:
        raise EndsBeforeItBegins(valid_from=told.valid_from, valid_to=told.valid_to)
    changes.set(held, "name", name)
    changes.set(held, "post", as_typed(told.post, 100))
    changes.set(held, "phone", shown_as(told.phone, 60))
    changes.set(held, "email", email)
    changes.set(held, "valid_from", told.valid_from)
    changes.set(held, "valid_to", told.valid_to)
