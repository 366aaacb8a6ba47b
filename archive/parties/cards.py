"""Cards: made under the next running number, changed by whoever saw them as they are now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import numbers
from archive.base import ledger
from archive.base.errors import N_, Conflict, Invalid
from archive.base.ledger import Actor
from archive.parties.changes import Changes
from archive.parties.finding import named, remaining
from archive.parties.own import write_own
from archive.parties.records import FormerName, Kind, Party, Term
from archive.parties.spelling import Spelling, as_typed, compact, spell
from archive.parties.terms import LISTS, NoSuchTerm, term_by_id
from archive.users import User

# The texts of a card and how long they may be.
TEXTS = {
    "short_name": 60, "legal_representative": 100, "address": 300, "postal_address": 300,
    "delivery_address": 300, "credit_grade": 20, "source": 200,
}  # fmt: skip
LONGEST_NOTE = 2000
# By these its papers are found: what the index has of them is out of date when one changes.
FOUND_BY = {"name", "credit_code"}


class NoName(Invalid):
    text = N_("A card needs a name. Type the name of the company or person.")


class PartyKnown(Conflict):
    text = N_("%(name)s is already on card %(number)s. Use that card.")


class CardChanged(Conflict):
    text = N_(
        "Someone saved this card after you opened it: nothing of yours was saved. Open it again "
        "and look at its history, then make your change once more."
    )


class TermRetired(Invalid):
    text = N_("“%(name)s” is not given to cards any more. Choose another one.")


@dataclass(frozen=True)
class Card:
    """What stands on a card. `own` are the own fields by their ids; those left out stay."""

    name: str
    kind: Kind = Kind.COMPANY
    short_name: str = ""
    credit_code: str = ""
    legal_representative: str = ""
    address: str = ""
    postal_address: str = ""
    delivery_address: str = ""
    nature: int | None = None
    grade: int | None = None
    region: int | None = None
    credit_grade: str = ""
    credit_limit: Decimal | None = None
    source: str = ""
    note: str = ""
    keeper: User | None = None
    own: Mapping[int, str] | None = None


def create(session: Session, name: str, *, credit_code: str = "", by: Actor, at: datetime) -> Party:
    """Make a card with only a name on it; see `make`."""
    return make(session, Card(name, credit_code=credit_code), by=by, at=at)


def make(session: Session, card: Card, *, by: Actor, at: datetime) -> Party:
    """Make a card under the next running number.

    Raises:
        NoName: nothing is left of the name without its spaces.
        PartyKnown: a card has this name, however it was spaced or written.
        NoSuchTerm, TermRetired: a grade, nature or region cannot be given.
        Invalid: an own field cannot have its value; see `own.checked`.
    """
    spelling = _unlike(session, card.name)
    party = Party(number=numbers.take(session, "party"), made_at=at)
    _spell(party, spelling)
    session.add(party)
    # Of a new card only the name is told: the rest was never otherwise.
    _write(session, party, card, Changes())
    session.flush()
    write_own(session, party, card.own or {}, Changes())
    ledger.record(session, "party.created", party.subject, by=by, at=at, name=party.name)
    return party


def edit(
    session: Session, party: Party, card: Card, *, version: int, by: Actor, at: datetime
) -> Changes:
    """Write what stands on a card; the ledger has each field before and after.

    Raises:
        CardChanged: somebody saved it since `version`.
        NoName, PartyKnown, NoSuchTerm, TermRetired, Invalid: see `make`.
    """
    check_version(party.version, version)
    spelling = _unlike(session, card.name, party)
    changes = Changes()
    if spelling.name != party.name:
        changes.note("name", party.name, spelling.name)
        rename(session, party, spelling, at=at)
    _write(session, party, card, changes)
    write_own(session, party, card.own or {}, changes)
    if changes:
        party.version += 1
        ledger.record(
            session, "party.changed", party.subject, by=by, at=at, name=party.name,
            changes=changes.told,
        )  # fmt: skip
    return changes


def rename(session: Session, party: Party, spelling: Spelling, *, at: datetime) -> None:
    """Give a card another name; papers that bear the one before are still recognised."""
    if spelling.folded != party.folded:
        remember_name(session, party, party.name, party.folded, at=at)
    _spell(party, spelling)


def remember_name(session: Session, party: Party, name: str, folded: str, *, at: datetime) -> None:
    """Note a name by which a card was known."""
    known = select(FormerName).where(FormerName.party_id == party.id, FormerName.folded == folded)
    if session.scalar(known) is None:
        session.add(FormerName(party_id=party.id, name=name, folded=folded, until=at))


def check_version(now: int, seen: int) -> None:
    """Raises CardChanged where somebody saved since the version that was seen."""
    if now != seen:
        raise CardChanged


def _unlike(session: Session, name: str, party: Party | None = None) -> Spelling:
    spelling = spell(name)
    if not spelling.name:
        raise NoName
    known = named(session, spelling.folded)
    if known and known is not party:
        held = remaining(session, known)
        raise PartyKnown(name=held.name, number=held.number)
    return spelling


def _spell(party: Party, spelling: Spelling) -> None:
    for name in Spelling.__dataclass_fields__:
        setattr(party, name, getattr(spelling, name))


def _write(session: Session, party: Party, card: Card, changes: Changes) -> None:
    changes.set(party, "kind", card.kind)
    changes.set(party, "credit_code", compact(card.credit_code))
    for name, longest in TEXTS.items():
        changes.set(party, name, as_typed(getattr(card, name), longest))
    changes.set(party, "note", card.note.replace("\r\n", "\n").strip()[:LONGEST_NOTE])
    changes.set(party, "credit_limit", card.credit_limit)
    for name in LISTS:
        before, after = getattr(party, name), _term(session, party, name, getattr(card, name))
        changes.note(name, before and before.name_zh, after and after.name_zh)
        setattr(party, name, after)
    changes.note("keeper", party.keeper and party.keeper.name, card.keeper and card.keeper.name)
    party.keeper = card.keeper


def _term(session: Session, party: Party, name: str, number: int | None) -> Term | None:
    if not number:
        return None
    term = term_by_id(session, number)
    if term.list != name:
        raise NoSuchTerm
    if term.retired_at and getattr(party, f"{name}_id") != number:
        raise TermRetired(name=term.name_zh)
    return term
