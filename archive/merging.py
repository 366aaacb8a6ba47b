"""Merging: two cards of one party become one. Nothing is lost, and the other card's number goes on
leading to the one that remains.

Whatever refers to the other card refers to the remaining one afterwards: papers, volumes, cover
sheets, contacts, follow-ups. The other card itself stays as it was, to be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, select, update
from sqlalchemy.orm import Session

from archive import dossiers, parties, volumes
from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Conflict
from archive.base.ledger import Actor
from archive.parties import FormerName, OwnValue, Party
from archive.parties.spelling import spell
from archive.volumes import Deed, Volume, VolumeState

# What stands on a card and may be taken over from another one.
FIELDS = ("kind", "name", "credit_code", *parties.TEXTS, "credit_limit", *parties.LISTS, "keeper")
THIS, OTHER = "this", "other"


class WithItself(Conflict):
    text = N_("A card cannot be merged with itself. Choose the other card of this party.")


class MergedAlready(Conflict):
    text = N_("Card %(number)s was merged into card %(kept)s already. Open that one.")


@dataclass(frozen=True)
class Compared:
    """One field of both cards. `taken` is the side it comes from when nobody chooses."""

    name: str
    label: str
    this: str
    other: str

    @property
    def differs(self) -> bool:
        """Whether somebody has to choose: both cards have it, and it is not the same."""
        return bool(self.this and self.other and self.this != self.other)

    @property
    def taken(self) -> str:
        return OTHER if self.other and not self.this else THIS


def compare(session: Session, kept: Party, other: Party, language: str) -> list[Compared]:
    """The fields of two cards side by side; those that are empty on both are left out."""
    told = [
        Compared(name, parties.FIELD_NAMES[name], _said(kept, name), _said(other, name))
        for name in FIELDS
    ]
    this, that = parties.own_values(session, kept), parties.own_values(session, other)
    told += [
        Compared(own.key, own.name(language), this.get(own.id, ""), that.get(own.id, ""))
        for own in parties.own_fields(session, retired=True)
    ]
    return [one for one in told if one.this or one.other]


def merge(
    session: Session,
    kept: Party,
    other: Party,
    choices: Mapping[str, str],
    *,
    versions: tuple[int, int],
    by: Actor,
    at: datetime,
) -> None:
    """Make one card of two. `choices` says for a field from which card it is, THIS or OTHER; what
    is not said is kept, or taken over where the remaining card has nothing.

    Raises:
        WithItself: they are one card.
        MergedAlready: one of them was merged before.
        CardChanged: somebody saved one of them since the `versions` that were seen.
    """
    _check(session, kept, other, versions)
    taken = {
        one.name: one
        for one in compare(session, kept, other, "zh")
        if choices.get(one.name, one.taken) == OTHER and one.this != one.other
    }
    other.merged_into_id, other.merged_at, other.version = kept.id, at, other.version + 1
    # Its name must be free before the remaining card takes it.
    session.flush()
    _take(session, kept, other, taken, at=at)
    _note_beside(kept, other)
    codes = _volumes_beside(session, kept, other, by=by, at=at)
    dossiers.tell_papers(
        session, other, "party.papers_moved", by=by, at=at, number=str(other.number),
        kept=str(kept.number), name=kept.name,
    )  # fmt: skip
    _move(session, kept, other)
    kept.version += 1
    ledger.record(
        session, "party.merged", kept.subject, other.subject, by=by, at=at, name=kept.name,
        kept=kept.number, number=other.number, other=other.name, volumes=codes,
        changes=[
            {"field": one.name, "before": one.this, "after": one.other, "called": one.label}
            for one in taken.values()
        ],
    )  # fmt: skip


def _check(session: Session, kept: Party, other: Party, versions: tuple[int, int]) -> None:
    if kept.id == other.id:
        raise WithItself
    for party in (kept, other):
        if party.merged_into_id:
            now = parties.remaining(session, party)
            raise MergedAlready(number=party.number, kept=now.number)
    for party, seen in zip((kept, other), versions, strict=True):
        parties.check_version(party.version, seen)


def _take(
    session: Session, kept: Party, other: Party, taken: Mapping[str, Compared], *, at: datetime
) -> None:
    """Write on the remaining card what it takes over; the other's name leads to it, too."""
    parties.remember_name(session, kept, other.name, other.folded, at=at)
    for name in FIELDS:
        if name == "name" and name in taken:
            parties.rename(session, kept, spell(other.name), at=at)
        elif name in taken:
            setattr(kept, name, getattr(other, name))
    held = {
        one.field_id: one
        for one in session.scalars(select(OwnValue).where(OwnValue.party_id == kept.id))
    }
    for own in parties.own_fields(session, retired=True):
        if own.key not in taken:
            continue
        value = taken[own.key].other
        if own.id in held:
            held[own.id].value = value
        else:
            session.add(OwnValue(party_id=kept.id, field_id=own.id, value=value))


def _note_beside(kept: Party, other: Party) -> None:
    """Both notes are kept, one below the other, as far as there is room."""
    if other.note and other.note != kept.note:
        both = f"{kept.note}\n\n{other.note}".strip()
        kept.note = both[: parties.LONGEST_NOTE]


def _volumes_beside(
    session: Session, kept: Party, other: Party, *, by: Actor, at: datetime
) -> list[str]:
    """Close the other card's volumes that take the papers which one of the remaining card takes:
    of one party, category, year and period only one may. The codes of all its volumes."""
    query = select(Volume).where(Volume.party_id == other.id).order_by(Volume.id)
    taking = {
        (volume.category_id, volume.year, volume.retention): volume
        for volume in session.scalars(
            select(Volume).where(Volume.party_id == kept.id, Volume.state == VolumeState.OPEN)
        )
    }
    codes = []
    for volume in session.scalars(query):
        codes.append(volume.code)
        beside = taking.get((volume.category_id, volume.year, volume.retention))
        if beside and volume.state == VolumeState.OPEN:
            volumes.do(session, volume, Deed.CLOSE)
            volume.closed_at = at
            ledger.record(
                session, "volume.set_beside", volume.subject, beside.subject, by=by, at=at,
                code=volume.code, other=beside.code,
            )  # fmt: skip
    return codes


def _move(session: Session, kept: Party, other: Party) -> None:
    """Let everything that refers to the other card refer to the remaining one."""
    session.flush()
    for column in _references():
        session.execute(update(column.table).where(column == other.id).values({column: kept.id}))
    session.expire_all()


def _references() -> list[Column[Any]]:
    """The columns of all tables that name a card, but for those that stay: what the other card's
    own fields hold, and the names that are noted for each card one by one."""
    party = Party.__table__.c.id
    stay = {OwnValue.__table__, FormerName.__table__}
    return [
        column
        for table in Record.metadata.sorted_tables
        if table not in stay
        for column in table.columns
        if any(key.column is party for key in column.foreign_keys)
    ]


def _said(party: Party, name: str) -> str:
    """What stands in a field, as people read it."""
    value = getattr(party, name)
    if name in parties.LISTS:
        return value.name_zh if value else ""
    if name == "keeper":
        return party.keeper.name if party.keeper else ""
    if name == "kind":
        return parties.KIND_NAMES[value]
    return "" if value is None else str(value)
