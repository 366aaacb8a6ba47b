"""Dossiers (客户档案): what a party's papers make together: what is there, what is missing, what
lapses when, where each folder stands, and what is due of all of them."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from archive import categories, parties
from archive.base import ledger
from archive.base.ledger import Actor, Subject
from archive.categories import Category, DocumentType
from archive.documents import Document, State
from archive.parties import Card, Changes, Contact, Party, Reminder
from archive.users import User
from archive.volumes import Folder, Volume
from archive.volumes.records import folders_with_volume

FEW_FOLDERS = 20  # on the party's own page; a page of their own has them all
FEW_LAPSES = 20
# What lapsed longer ago than this is an old paper, not something to be done.
STILL_DUE = timedelta(days=60)
# Papers whose index entries change with one ledger row: few enough for one commit of the index.
PAPERS_A_ROW = 100
MOST_ID = (1 << 31) - 1
# What is due on one day stands in this order.
PAPER, CONTACT, REMINDER = DUE_KINDS = ("paper", "contact", "reminder")

Place = tuple[date, int]


@dataclass(frozen=True)
class Held:
    """The papers of one type that a dossier has; `newest` is the latest of their dates."""

    type: DocumentType
    count: int
    newest: str


@dataclass(frozen=True)
class Contents:
    """One category of a dossier, its types in the order of their papers."""

    category: Category
    held: Sequence[Held]

    @property
    def count(self) -> int:
        return sum(one.count for one in self.held)

    @property
    def missing(self) -> list[DocumentType]:
        """The types that a complete dossier needs and of which it has no paper."""
        needed = (one for one in self.held if one.type.is_required and not one.type.per_order)
        return [one.type for one in needed if not one.count]


@dataclass(frozen=True)
class Due:
    """Something to be done on a day: a paper or a contact that lapses, or a reminder."""

    day: date
    kind: str
    record: Document | Contact | Reminder

    @property
    def party(self) -> Party | None:
        if isinstance(self.record, Reminder):
            return self.record.follow_up.party
        return self.record.party

    @property
    def place(self) -> tuple[date, int, int]:
        """Where it stands in the list."""
        return self.day, DUE_KINDS.index(self.kind), self.record.id


def contents(session: Session, party: Party) -> list[Contents]:
    """The categories of the plan, and how many papers of each type the party has."""
    query = (
        select(Document.type_id, func.count(), func.max(Document.dated))
        .where(Document.party_id == party.id, Document.state == State.FILED)
        .group_by(Document.type_id)
    )
    held = {number: (count, newest or "") for number, count, newest in session.execute(query)}
    return [
        Contents(category, [Held(kind, *held.get(kind.id, (0, ""))) for kind in category.types])
        for category in categories.plan(session)
    ]


def chosen(told: Sequence[Contents], number: int | None) -> Category | None:
    """The category whose papers are shown: the one that is asked for, else the first with any."""
    asked = (one for one in told if one.category.number == number)
    filled = (one for one in told if one.count)
    found = next(asked, None) or next(filled, None) or next(iter(told), None)
    return found.category if found else None


def papers(
    session: Session, party: Party, category: Category, *, after: int | None, limit: int
) -> Sequence[Document]:
    """A party's papers of one category in the order in which they lie: by type, then by date."""
    order = (DocumentType.position, Document.dated, Document.id)
    query = (
        select(Document)
        .join(DocumentType, Document.type_id == DocumentType.id)
        .where(Document.party_id == party.id, Document.state == State.FILED)
        .where(DocumentType.category_id == category.id)
    )
    if after is not None:
        last = session.execute(
            select(*order)
            .join(DocumentType, Document.type_id == DocumentType.id)
            .where(Document.id == after)
        ).one_or_none()
        query = query.where(tuple_(*order) > tuple(last)) if last else query
    shown = (joinedload(Document.type), joinedload(Document.volume))
    return session.scalars(query.options(*shown).order_by(*order).limit(limit)).all()


def lapsing(session: Session, party: Party, *, since: date) -> Sequence[Document]:
    """A party's papers that lapse, those since a day, the soonest first."""
    query = select(Document).where(Document.party_id == party.id, Document.lapses_on >= since)
    soonest = query.order_by(Document.lapses_on, Document.id).limit(FEW_LAPSES)
    return session.scalars(soonest.options(joinedload(Document.type))).all()


def folders(session: Session, party: Party, *, before: int | None, limit: int) -> Sequence[Folder]:
    """The folders in which a party's papers lie, the newest first, from before a given one."""
    query = folders_with_volume().join(Volume, Folder.volume_id == Volume.id)
    query = query.where(Volume.party_id == party.id)
    if before is not None:
        query = query.where(Folder.id < before)
    return session.scalars(query.order_by(Folder.id.desc()).limit(limit)).all()


def due(
    session: Session,
    *,
    today: date,
    whose: User | None,
    after: tuple[date, int, int] | None,
    limit: int,
) -> list[Due]:
    """What is due, the soonest first, after a given place: reminders of whoever it is and what
    lapses of the parties that they look after; of everybody without `whose`."""
    found = (
        _of_kind(session, kind, today, whose, place, limit)
        for kind, place in zip(DUE_KINDS, _places(after), strict=True)
    )
    merged = heapq.merge(*found, key=lambda one: one.place)
    return [one for one, _ in zip(merged, range(limit), strict=False)]


def edit(
    session: Session, party: Party, card: Card, *, version: int, by: Actor, at: datetime
) -> Changes:
    """Write a card, and tell its papers where they are found by it; see `parties.edit`."""
    changes = parties.edit(session, party, card, version=version, by=by, at=at)
    if parties.FOUND_BY & {one["field"] for one in changes.told}:
        tell_papers(session, party, "party.papers_told", by=by, at=at, name=party.name)
    return changes


def tell_papers(
    session: Session, party: Party, action: str, *, by: Actor, at: datetime, **data: str
) -> None:
    """Write rows about all papers of a party, which the index follows."""
    query = select(Document.id).where(Document.party_id == party.id).order_by(Document.id)
    numbers = session.scalars(query).all()
    for first in range(0, len(numbers), PAPERS_A_ROW):
        some = [Subject("document", number) for number in numbers[first : first + PAPERS_A_ROW]]
        ledger.record(session, action, party.subject, *some, by=by, at=at, **data)


def _places(after: tuple[date, int, int] | None) -> Iterator[Place | None]:
    """After which (day, id) each kind goes on."""
    for number in range(len(DUE_KINDS)):
        if after is None:
            yield None
            continue
        day, kind, last = after
        # Of the same day, kinds that stand before are over, those that stand behind begin.
        yield day, last if number == kind else MOST_ID if number < kind else 0


def _of_kind(
    session: Session, kind: str, today: date, whose: User | None, after: Place | None, limit: int
) -> Iterator[Due]:
    if kind == REMINDER:
        for one in parties.due(session, owner=whose, after=after, limit=limit):
            yield Due(one.due_on, kind, one)
    elif kind == CONTACT:
        ending = parties.ending(
            session, since=today - STILL_DUE, keeper=whose, after=after, limit=limit
        )
        for contact in ending:
            yield Due(contact.valid_to or today, kind, contact)
    else:
        for document in _lapsing(session, today - STILL_DUE, whose, after, limit):
            yield Due(document.lapses_on or today, kind, document)


def _lapsing(
    session: Session, since: date, keeper: User | None, after: Place | None, limit: int
) -> Sequence[Document]:
    query = select(Document).where(Document.lapses_on >= since)
    if keeper is not None:
        query = query.join(Party, Document.party_id == Party.id)
        query = query.where(Party.keeper_id == keeper.id)
    if after is not None:
        query = query.where(tuple_(Document.lapses_on, Document.id) > after)
    shown = (joinedload(Document.party).joinedload(Party.keeper), joinedload(Document.type))
    soonest = query.options(*shown).order_by(Document.lapses_on, Document.id).limit(limit)
    return session.scalars(soonest).all()
