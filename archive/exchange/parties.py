"""Parties in a catalogue: rows of the sheet 客户."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import parties
from archive.base.errors import N_, Invalid
from archive.base.ledger import Actor
from archive.exchange.known import by_number, number_key, party_key
from archive.exchange.runs import Draft, ImportRow, ImportRun
from archive.parties import Party


class NumberTaken(Invalid):
    text = N_("Card %(number)s is “%(name)s” here. Give this party another number, or none.")


class CardDiffers(Invalid):
    text = N_(
        "“%(name)s” is on card %(number)s here, with other values. Correct the row, or the card."
    )


def judge(session: Session, _run: ImportRun, drafts: Sequence[Draft]) -> None:
    """Compare rows with the cards that are there."""
    numbered = by_number(session, (draft.told.get("number") for draft in drafts))
    named = _named(session, drafts)
    for draft in drafts:
        name, number = str(draft.told.get("name") or ""), draft.told.get("number")
        folded = parties.spell(name).folded
        if not folded:
            continue
        draft.keys = [party_key(name), *([number_key(number)] if number else [])]
        known, other = named.get(folded), numbered.get(number or 0)
        if known:
            draft.is_same = _is_same(draft, known)
            if not draft.is_same:
                draft.refuse("", CardDiffers(name=known.name, number=known.number))
        elif other:
            draft.refuse("number", NumberTaken(number=number, name=other.name))


def bring(session: Session, rows: Iterable[ImportRow], *, by: Actor, at: datetime) -> None:
    """Make the cards of these rows."""
    for row in rows:
        code = str(row.told.get("credit_code") or "")
        party = parties.create(session, row.told["name"], credit_code=code, by=by, at=at)
        if number := row.told.get("number"):
            party.number = number


def _named(session: Session, drafts: Sequence[Draft]) -> dict[str, Party]:
    names = {parties.spell(str(draft.told.get("name") or "")).folded for draft in drafts}
    found = session.scalars(select(Party).where(Party.folded.in_(names)))
    return {party.folded: party for party in found}


def _is_same(draft: Draft, known: Party) -> bool:
    number, code = draft.told.get("number"), draft.told.get("credit_code")
    is_same_code = not code or parties.compact(code) == known.credit_code
    return number in (None, known.number) and is_same_code
