"""Own fields: what a company notes on its cards beside what every card has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.base import ledger, typed
from archive.base.errors import N_, Conflict, Invalid, NotFound
from archive.base.ledger import Actor
from archive.parties.changes import Changes
from archive.parties.records import OwnField, OwnKind, OwnValue, Party
from archive.parties.spelling import as_typed, shown_as

MOST_FIELDS = 50  # that are asked for on one card
MOST_OPTIONS = 199  # and the dash for none
LONGEST_OPTION = 60
LONGEST_VALUE = 300


class NoSuchOwnField(NotFound):
    text = N_("There is no own field with this number. Look at those that the cards have.")


class NoFieldName(Invalid):
    text = N_("A field needs a name. Type what is to stand beside it on the cards.")


class FieldKnown(Conflict):
    text = N_("The cards have a field “%(name)s” already. Choose another name.")


class TooManyFields(Conflict):
    text = N_("The cards have %(most)s own fields, the most that fit. Retire one first.")


class NoOptions(Invalid):
    text = N_("A choice needs at least two things to choose from. Write each on a line of its own.")


class TooManyOptions(Invalid):
    text = N_("More than %(most)s things cannot be chosen from. Use a text field instead.")


class OwnFieldEmpty(Invalid):
    text = N_("“%(name)s” must be filled in on every card. Fill it in.")


class NotAnOption(Invalid):
    text = N_("“%(typed)s” cannot be chosen in “%(name)s”. Choose one of these: %(options)s.")


@dataclass(frozen=True)
class Definition:
    """What an administrator says of an own field."""

    name_zh: str
    name_en: str = ""
    kind: OwnKind = OwnKind.TEXT
    is_required: bool = False
    options: list[str] = field(default_factory=list)
    position: int | None = None


def own_fields(session: Session, *, retired: bool = False) -> Sequence[OwnField]:
    """The own fields in the order of the card; with `retired`, those too."""
    query = select(OwnField).order_by(OwnField.position, OwnField.id)
    return session.scalars(query if retired else query.where(OwnField.retired_at.is_(None))).all()


def own_field(session: Session, number: int) -> OwnField:
    """The own field with this id. Raises NoSuchOwnField."""
    known = session.get(OwnField, number)
    if known is None:
        raise NoSuchOwnField
    return known


def define(session: Session, told: Definition, *, by: Actor, at: datetime) -> OwnField:
    """Give the cards a new field.

    Raises:
        NoFieldName, FieldKnown: its name cannot be used.
        TooManyFields: the cards have as many as fit.
        NoOptions, TooManyOptions: what can be chosen is too little or too much.
    """
    known = own_fields(session, retired=True)
    shown = _unlike(known, told.name_zh)
    if sum(one.retired_at is None for one in known) >= MOST_FIELDS:
        raise TooManyFields(most=MOST_FIELDS)
    made = OwnField(
        name_zh=shown, name_en=shown_as(told.name_en, 60), kind=told.kind,
        is_required=told.is_required, options=_options(told.kind, told.options),
        position=max((one.position for one in known), default=0) + 1,
    )  # fmt: skip
    session.add(made)
    session.flush()
    ledger.record(
        session, "own_field.defined", made.subject, by=by, at=at, name=made.name_zh, kind=made.kind
    )
    return made


def redefine(
    session: Session, own: OwnField, told: Definition, *, retired: bool, by: Actor, at: datetime
) -> None:
    """Call a field otherwise, ask for it or not, let other things be chosen, retire it or bring
    it back. Its kind stays: cards may have something in it.

    Raises as `define`.
    """
    others = [one for one in own_fields(session, retired=True) if one.id != own.id]
    changes = Changes()
    changes.set(own, "name_zh", _unlike(others, told.name_zh))
    changes.set(own, "name_en", shown_as(told.name_en, 60))
    changes.set(own, "is_required", told.is_required)
    changes.set(own, "options", _options(own.kind, told.options))
    if told.position is not None:
        changes.set(own, "position", told.position)
    if bool(own.retired_at) != retired:
        if not retired and sum(one.retired_at is None for one in others) >= MOST_FIELDS:
            raise TooManyFields(most=MOST_FIELDS)
        changes.note("retired", bool(own.retired_at), retired)
        own.retired_at = at if retired else None
    if changes:
        ledger.record(
            session, "own_field.changed", own.subject, by=by, at=at, name=own.name_zh,
            changes=changes.told,
        )  # fmt: skip


def own_values(session: Session, party: Party) -> dict[int, str]:
    """What a card has in its own fields, by the field's id; what retired fields have, too."""
    query = select(OwnValue.field_id, OwnValue.value).where(OwnValue.party_id == party.id)
    return dict(session.execute(query).all())


def checked(own: OwnField, value: str) -> str:
    """A value as a field of this kind keeps it; empty when nothing was typed.

    Raises:
        NotANumber, NotADay, NotMoney, NotAnOption: it is no such value.
        OwnFieldEmpty: the field must be filled in.
    """
    told = _read(own, value)
    if own.is_required and not told:
        raise OwnFieldEmpty(name=own.name_zh)
    return told


def write_own(session: Session, party: Party, told: Mapping[int, str], changes: Changes) -> None:
    """Write a card's own fields: those that are told of, the others stay as they are.

    Raises as `checked`.
    """
    held = {
        one.field_id: one
        for one in session.scalars(select(OwnValue).where(OwnValue.party_id == party.id))
    }
    for own in own_fields(session):
        if own.id not in told:
            continue
        kept = held.get(own.id)
        before = kept.value if kept else ""
        # What a card has stays, though it could not be chosen any more.
        stays = bool(before) and told[own.id] == before
        value = before if stays else checked(own, told[own.id])
        if value == before:
            continue
        changes.note(own.key, before, value, called=own.name_zh)
        if kept is None:
            session.add(OwnValue(party_id=party.id, field_id=own.id, value=value))
        else:
            kept.value = value


def _read(own: OwnField, value: str) -> str:
    if own.kind == OwnKind.TEXT:
        return as_typed(value, LONGEST_VALUE)
    if own.kind == OwnKind.NUMBER:
        return typed.number(value)
    if own.kind == OwnKind.DATE:
        day = typed.day(value)
        return day.isoformat() if day else ""
    if own.kind == OwnKind.MONEY:
        amount = typed.money(value)
        return "" if amount is None else str(amount)
    told = shown_as(value, LONGEST_OPTION)
    if told and told not in own.options:
        options = ", ".join(own.options[:20])
        raise NotAnOption(typed=told, name=own.name_zh, options=options)
    return told


def _options(kind: OwnKind, told: Sequence[str]) -> list[str]:
    if kind != OwnKind.CHOICE:
        return []
    shown = list(dict.fromkeys(filter(None, (shown_as(one, LONGEST_OPTION) for one in told))))
    if len(shown) < 2:
        raise NoOptions
    if len(shown) > MOST_OPTIONS:
        raise TooManyOptions(most=MOST_OPTIONS)
    return shown


def _unlike(others: Sequence[OwnField], name: str) -> str:
    shown = shown_as(name, 60)
    if not shown:
        raise NoFieldName
    if any(one.name_zh.casefold() == shown.casefold() for one in others):
        raise FieldKnown(name=shown)
    return shown
