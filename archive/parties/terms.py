"""The company's own lists: the grades, natures and regions that its cards are sorted by."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.base import ledger
from archive.base.errors import N_, Conflict, Invalid, NotFound
from archive.base.ledger import Actor
from archive.parties.changes import Changes
from archive.parties.records import Term
from archive.parties.spelling import shown_as

DEFAULTS = Path(__file__).with_name("terms.toml")
# A list is chosen from on a page: with the dash for none, no more than 200 are offered there.
MOST_TERMS = 199
LISTS = {"grade": N_("Grade"), "nature": N_("Nature"), "region": N_("Region")}


class NoSuchTerm(NotFound):
    text = N_("There is no such entry in the lists. Choose one that a list has.")


class NoTermName(Invalid):
    text = N_("An entry needs a name. Type what is to stand on the cards.")


class TermKnown(Conflict):
    text = N_("“%(name)s” is in this list already. Use that entry, or bring it back.")


class ListFull(Conflict):
    text = N_("This list has %(most)s entries, the most that a card can be given. Retire some.")


def furnish(session: Session) -> None:
    """Fill the lists with what a new archive begins with."""
    for name, rows in tomllib.loads(DEFAULTS.read_text(encoding="utf-8")).items():
        for place, row in enumerate(rows, 1):
            session.add(Term(list=name, position=place, **row))
    session.flush()


def terms(session: Session, *, retired: bool = False) -> dict[str, list[Term]]:
    """Each list in its order; with `retired`, also what is not given any more."""
    query = select(Term).order_by(Term.list, Term.position, Term.id)
    found = session.scalars(query if retired else query.where(Term.retired_at.is_(None)))
    told: dict[str, list[Term]] = {name: [] for name in LISTS}
    for term in found:
        told[term.list].append(term)
    return told


def term_by_id(session: Session, number: int) -> Term:
    """The entry with this id. Raises NoSuchTerm."""
    known = session.get(Term, number)
    if known is None:
        raise NoSuchTerm
    return known


def add_term(
    session: Session, name: str, name_zh: str, name_en: str, *, by: Actor, at: datetime
) -> Term:
    """A new entry at the end of a list.

    Raises:
        NoSuchTerm: there is no such list.
        NoTermName: nothing is left of the name.
        TermKnown: the list has it.
        ListFull: it has as many as can be chosen from.
    """
    if name not in LISTS:
        raise NoSuchTerm
    listed = _listed(session, name)
    shown = _unlike(listed, name_zh)
    if sum(term.retired_at is None for term in listed) >= MOST_TERMS:
        raise ListFull(most=MOST_TERMS)
    place = max((term.position for term in listed), default=0) + 1
    term = Term(list=name, position=place, name_zh=shown, name_en=shown_as(name_en, 60))
    session.add(term)
    session.flush()
    _tell(session, "term.added", term, by=by, at=at)
    return term


def edit_term(
    session: Session, term: Term, told: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    """Call an entry otherwise, put it elsewhere, or say that it is not given any more, or again.

    `told` has name_zh, name_en, position and retired.
    """
    others = [one for one in _listed(session, term.list) if one.id != term.id]
    changes = Changes()
    changes.set(term, "name_zh", _unlike(others, told["name_zh"]))
    changes.set(term, "name_en", shown_as(told["name_en"], 60))
    changes.set(term, "position", told["position"])
    if bool(term.retired_at) != told["retired"]:
        given = sum(one.retired_at is None for one in others)
        if not told["retired"] and given >= MOST_TERMS:
            raise ListFull(most=MOST_TERMS)
        changes.note("retired", bool(term.retired_at), told["retired"])
        term.retired_at = at if told["retired"] else None
    if changes:
        _tell(session, "term.changed", term, by=by, at=at, changes=changes.told)


def _listed(session: Session, name: str) -> Sequence[Term]:
    return session.scalars(select(Term).where(Term.list == name)).all()


def _unlike(others: Sequence[Term], typed: str) -> str:
    shown = shown_as(typed, 60)
    if not shown:
        raise NoTermName
    if any(one.name_zh.casefold() == shown.casefold() for one in others):
        raise TermKnown(name=shown)
    return shown


def _tell(
    session: Session, action: str, term: Term, *, by: Actor, at: datetime, **data: Any
) -> None:
    ledger.record(
        session, action, term.subject, by=by, at=at, list=LISTS[term.list], name=term.name_zh,
        **data,
    )  # fmt: skip
