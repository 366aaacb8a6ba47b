"""Parties (客户): the companies and people that papers are about."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from pypinyin import Style, lazy_pinyin
from sqlalchemy import Index, Select, String, or_, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column
from stdnum.cn import uscc

from archive import numbers
from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Conflict, Invalid, NotFound
from archive.base.ledger import Actor, Subject

LONGEST_NAME = 200


class NoSuchParty(NotFound):
    text = N_("There is no party with this number. Search for its name.")


class NoName(Invalid):
    text = N_("A card needs a name. Type the name of the company or person.")


class PartyKnown(Conflict):
    text = N_("%(name)s is already on card %(number)s. Use that card.")


class Party(Record):
    """A card: one company or person."""

    __tablename__ = "party"
    __table_args__ = (
        Index("uq_party_folded", "folded", unique=True),
        Index("ix_party_initials", "initials", "id"),
        Index("ix_party_credit_code", "credit_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    # The name as it is compared: width, case, spaces and brackets do not make another company.
    folded: Mapped[str] = mapped_column(String(LONGEST_NAME))
    initials: Mapped[str] = mapped_column(String(LONGEST_NAME))
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    made_at: Mapped[datetime]

    @property
    def subject(self) -> Subject:
        return Subject("party", self.id)


@dataclass(frozen=True)
class Spelling:
    """A name, as it is shown and as it is compared and found."""

    name: str
    folded: str
    initials: str


def spell(name: str) -> Spelling:
    """A name with its width, spaces and brackets made even, and its pinyin initials."""
    shown = " ".join(unicodedata.normalize("NFKC", name).split())
    shown = "".join(c for c in shown if c.isprintable())[:LONGEST_NAME]
    folded = "".join(c for c in shown.lower() if c.isalnum())[:LONGEST_NAME]
    initials = "".join(lazy_pinyin(folded, style=Style.FIRST_LETTER))[:LONGEST_NAME].lower()
    return Spelling(shown, folded or shown, initials)


def create(session: Session, name: str, *, credit_code: str = "", by: Actor, at: datetime) -> Party:
    """Make a card under the next running number.

    Raises:
        NoName: nothing is left of the name without its spaces.
        PartyKnown: a card has this name, however it was spaced or written.
    """
    spelling = spell(name)
    if not spelling.name:
        raise NoName
    known = session.scalar(select(Party).where(Party.folded == spelling.folded))
    if known:
        raise PartyKnown(name=known.name, number=known.number)
    party = Party(
        number=numbers.take(session, "party"),
        name=spelling.name,
        folded=spelling.folded,
        initials=spelling.initials,
        credit_code=compact(credit_code),
        made_at=at,
    )
    session.add(party)
    session.flush()
    ledger.record(session, "party.created", party.subject, by=by, at=at, name=party.name)
    return party


def correct_code(
    session: Session, party: Party, credit_code: str, *, by: Actor, at: datetime
) -> None:
    """Write another credit code on a card, or none; the ledger keeps the one before."""
    before, party.credit_code = party.credit_code, compact(credit_code)
    if party.credit_code != before:
        ledger.record(
            session, "party.code_corrected", party.subject, by=by, at=at, name=party.name,
            before=before or "—", after=party.credit_code or "—",
        )  # fmt: skip


def by_id(session: Session, number: int) -> Party:
    """The card with this id. Raises NoSuchParty."""
    found = session.get(Party, number)
    if found is None:
        raise NoSuchParty
    return found


def recognise(session: Session, *, name: str = "", credit_code: str = "") -> Party | None:
    """The card that a paper's credit code or name belongs to, if there is one.

    Of several cards with one code, the first that was made.
    """
    code = compact(credit_code)
    same = select(Party).where(Party.credit_code == code).order_by(Party.id).limit(1)
    if code and (found := session.scalar(same)):
        return found
    folded = spell(name).folded
    return session.scalar(select(Party).where(Party.folded == folded)) if folded else None


def typed(session: Session, text: str, *, limit: int = 10) -> list[Party]:
    """Cards whose name holds what was typed, or whose pinyin initials or code begin with it."""
    return list(session.scalars(_matching(text).limit(limit)))


def listed(session: Session, text: str, *, after: int | None, limit: int) -> list[Party]:
    """Cards in the order of their pinyin initials, those after a given card's."""
    query = _matching(text).limit(limit)
    last = session.get(Party, after) if after else None
    if last:
        query = query.where(tuple_(Party.initials, Party.id) > (last.initials, last.id))
    return list(session.scalars(query))


def compact(credit_code: str) -> str:
    """A credit code without spaces, in capitals."""
    printed = "".join(c for c in credit_code if c.isprintable())
    return str(uscc.compact(unicodedata.normalize("NFKC", printed))).upper()[:18]


def is_doubtful(credit_code: str) -> bool:
    """Whether a code fails its check (GB 32100-2015). Some early codes do so legally: warn only."""
    return bool(credit_code) and not uscc.is_valid(credit_code)


def _matching(text: str) -> Select[Party]:
    typed = spell(text).folded
    query = select(Party).order_by(Party.initials, Party.id)
    if not typed:
        return query
    return query.where(
        or_(
            Party.folded.contains(typed, autoescape=True),
            Party.initials.startswith(typed, autoescape=True),
            Party.credit_code.startswith(typed.upper(), autoescape=True),
        )
    )
