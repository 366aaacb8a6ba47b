"""Finding parties: by what papers say, by what people type, in the orders that lists have."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from archive.base.errors import N_, NotFound
from archive.parties.records import FormerName, Party
from archive.parties.spelling import compact, fold, shown_as

# The orders of the list, each on an index, and whether it begins at the end.
ORDERS = {
    "pinyin": ((Party.pinyin, Party.id), False),
    "strokes": ((Party.strokes, Party.id), False),
    "date": ((Party.made_at, Party.id), True),
    "number": ((Party.number,), False),
}


class NoSuchParty(NotFound):
    text = N_("There is no party with this number. Search for its name.")


@dataclass(frozen=True)
class Sought:
    """Which cards are listed, in which order; what is empty does not narrow it."""

    text: str = ""
    grade: int | None = None
    nature: int | None = None
    region: int | None = None
    order: str = "pinyin"


@dataclass(frozen=True)
class Alike:
    """Cards that may be one party's: they share a credit code or the name without its form."""

    key: str
    cards: Sequence[Party]


def by_id(session: Session, number: int) -> Party:
    """The card with this id, or the one that it was merged into. Raises NoSuchParty."""
    return remaining(session, as_it_was(session, number))


def as_it_was(session: Session, number: int) -> Party:
    """The card with this id, merged or not. Raises NoSuchParty."""
    found = session.get(Party, number)
    if found is None:
        raise NoSuchParty
    return found


def remaining(session: Session, party: Party) -> Party:
    """The card that has a card's papers now: itself, unless it was merged."""
    # One step is enough: a merge leads those that were merged before on, too.
    return session.get_one(Party, party.merged_into_id) if party.merged_into_id else party


def named(session: Session, folded: str) -> Party | None:
    """The card with this name; else one that had it before it was merged."""
    query = select(Party).where(Party.folded == folded)
    return session.scalar(query.order_by(Party.merged_into_id.is_not(None), Party.id).limit(1))


def recognise(session: Session, *, name: str = "", credit_code: str = "") -> Party | None:
    """The card that a paper's credit code or name belongs to, if there is one.

    Of several cards with one code, the first that was made. A name that a card had before counts
    where no card has it now.
    """
    code = compact(credit_code)
    same = select(Party).where(Party.credit_code == code, Party.merged_into_id.is_(None))
    if code and (found := session.scalar(same.order_by(Party.id).limit(1))):
        return found
    shown = shown_as(name)
    folded = fold(shown) or shown
    if not folded:
        return None
    if known := named(session, folded):
        return remaining(session, known)
    return _formerly(session, folded)


def typed(session: Session, text: str, *, limit: int = 10) -> list[Party]:
    """Cards whose name holds what was typed, or whose pinyin initials or code begin with it."""
    return list(session.scalars(_matching(text).order_by(Party.pinyin, Party.id).limit(limit)))


def listed(session: Session, sought: Sought | str, *, after: int | None, limit: int) -> list[Party]:
    """Cards in the order that is asked for, those after a given card's, with their lists' words."""
    told = sought if isinstance(sought, Sought) else Sought(sought)
    keys, is_backwards = ORDERS.get(told.order, ORDERS["pinyin"])
    query = _matching(told.text).where(*_narrowed(told)).limit(limit)
    query = query.order_by(*(key.desc() if is_backwards else key for key in keys))
    last = session.get(Party, after) if after else None
    if last:
        place = tuple_(*(getattr(last, key.key) for key in keys))
        here = tuple_(*keys)
        query = query.where(here < place if is_backwards else here > place)
    shown = (joinedload(Party.grade), joinedload(Party.nature), joinedload(Party.region))
    return list(session.scalars(query.options(*shown)))


def merged_into(session: Session, party: Party) -> Sequence[Party]:
    """The cards that were merged into this one, as they were, the newest first."""
    query = select(Party).where(Party.merged_into_id == party.id)
    return session.scalars(query.order_by(Party.merged_at.desc(), Party.id)).all()


def former_names(session: Session, party: Party) -> Sequence[FormerName]:
    """The names that a card had before, the newest first."""
    query = select(FormerName).where(FormerName.party_id == party.id)
    return session.scalars(query.order_by(FormerName.until.desc(), FormerName.id)).all()


def alike(session: Session, party: Party, *, limit: int = 10) -> Sequence[Party]:
    """Other cards that may be the same party's."""
    same = Party.bare == party.bare
    if party.credit_code:
        same = or_(same, Party.credit_code == party.credit_code)
    query = select(Party).where(same, Party.id != party.id, Party.merged_into_id.is_(None))
    return session.scalars(query.order_by(Party.id).limit(limit)).all()


def same_code(session: Session, *, after: str, limit: int) -> list[Alike]:
    """Cards that share a credit code, in the order of the codes after a given one."""
    return _groups(session, Party.credit_code, after, limit)


def same_name(session: Session, *, after: str, limit: int) -> list[Alike]:
    """Cards whose names differ by their legal form alone, in the order of the names."""
    return _groups(session, Party.bare, after, limit)


def _groups(
    session: Session, key: InstrumentedAttribute[str], after: str, limit: int
) -> list[Alike]:
    here = Party.merged_into_id.is_(None)
    keys = session.scalars(
        select(key)
        .where(here, key > after)
        .group_by(key)
        .having(func.count() > 1)
        .order_by(key)
        .limit(limit)
    ).all()
    found = session.scalars(select(Party).where(here, key.in_(keys)).order_by(key, Party.id))
    cards: dict[str, list[Party]] = {}
    for party in found:
        cards.setdefault(getattr(party, key.key), []).append(party)
    return [Alike(one, cards[one]) for one in keys]


def _formerly(session: Session, folded: str) -> Party | None:
    query = select(FormerName.party_id).where(FormerName.folded == folded)
    number = session.scalar(query.order_by(FormerName.id.desc()).limit(1))
    return by_id(session, number) if number else None


def _narrowed(sought: Sought) -> list[ColumnElement[bool]]:
    told = ((Party.grade_id, sought.grade), (Party.nature_id, sought.nature),
            (Party.region_id, sought.region))  # fmt: skip
    return [column == number for column, number in told if number]


def _matching(text: str) -> Select[Party]:
    shown = shown_as(text)
    typed = fold(shown) or shown
    query = select(Party).where(Party.merged_into_id.is_(None))
    if not typed:
        return query
    ways = [
        Party.folded.contains(typed, autoescape=True),
        Party.initials.startswith(typed, autoescape=True),
        Party.credit_code.startswith(typed.upper(), autoescape=True),
        func.lower(Party.short_name).contains(typed, autoescape=True),
    ]
    if typed.isascii() and typed.isdigit() and len(typed) < 10:
        ways.append(Party.number == int(typed))
    return query.where(or_(*ways))
