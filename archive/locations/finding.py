"""Finding a place: by its code, by what was typed of it, by where it stands in the tree."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from archive.base.errors import N_, Invalid, NotFound
from archive.locations.records import STEP, Location, fold, path_below

# 库-柜-层-格 and its longer forms: K01-G07-C3-G2, K01-Q1-L03-J02-A-C04-G05.
SHAPE = re.compile(r"[0-9A-Z]{1,6}(-[0-9A-Z]{1,6}){0,7}")
NEAREST = 3
MOST_COMPARED = 200  # places that a mistyped code is compared with
AFTER_ALL = "~"  # stands after every digit, letter, hyphen and point


class NotAPlace(Invalid):
    text = N_("“%(typed)s” is not the code of a place. Write it like K01-G07-C3-G2.")


class UnknownPlace(Invalid):
    text = N_("There is no place %(typed)s. The nearest ones are: %(nearest)s.")


class PlaceRetired(Invalid):
    text = N_("The place %(code)s is retired. Choose another one.")


class NoSuchLocation(NotFound):
    text = N_("There is no place with this number. Search for its code.")


def at_code(session: Session, typed: str) -> Location:
    """The place with this code.

    While the archive has no tree of places, a new one is noted as it is first used; zeros before
    a number may be left out once there is a tree.

    Raises:
        NotAPlace: the text has not the shape of a place's code.
        UnknownPlace: there is a tree, and no such place in it.
        PlaceRetired: nothing is put there any more.
    """
    return expected_at(session, typed) or _note(session, spell(typed))


def expected_at(session: Session, typed: str) -> Location | None:
    """As `at_code`, but nothing is written: None where a new place would be noted."""
    code = spell(typed)
    found = known(session, code)
    if found is None and is_planned(session):
        raise UnknownPlace(typed=code, nearest=", ".join(_nearest(session, code)))
    if found and found.retired_at is not None:
        raise PlaceRetired(code=found.code)
    return found


def spell(typed: str) -> str:
    """The code in a typed text, in capitals. Raises NotAPlace."""
    code = _even(typed)
    if not SHAPE.fullmatch(code):
        raise NotAPlace(typed=typed.strip()[:40])
    return code


def known(session: Session, typed: str) -> Location | None:
    """The place with this code, or the only one of which it is another spelling."""
    code = _even(typed)
    if not SHAPE.fullmatch(code):
        return None
    exact = session.scalar(select(Location).where(Location.code == code))
    if exact is not None or not is_planned(session):
        return exact
    alike = session.scalars(select(Location).where(Location.folded == fold(code)).limit(2)).all()
    return alike[0] if len(alike) == 1 else None


def is_planned(session: Session) -> bool:
    """Whether the archive has a tree of places: then no other place is made by being used."""
    return (
        session.scalar(select(Location.id).where(Location.level.is_not(None)).limit(1)) is not None
    )


def by_id(session: Session, number: int) -> Location:
    """The place with this id. Raises NoSuchLocation."""
    found = session.get(Location, number)
    if found is None:
        raise NoSuchLocation
    return found


def path_of(session: Session, number: int | None) -> str:
    """The path of the place with this id; before all paths where there is none."""
    place = session.get(Location, number) if number else None
    return place.path if place else ""


def below(
    session: Session, parent: Location | None, *, after: str = "", limit: int
) -> Sequence[Location]:
    """The places directly below one, or at the top, in their order, those after a given path."""
    query = select(Location).where(_parent_is(parent), Location.path > after)
    return session.scalars(query.order_by(Location.path).limit(limit)).all()


def above(session: Session, place: Location) -> Sequence[Location]:
    """The places above one, from the top down."""
    ways = [place.path[: STEP * depth] for depth in range(1, place.depth + 1)]
    return session.scalars(
        select(Location).where(Location.path.in_(ways)).order_by(Location.path)
    ).all()


def standing_at(place: Location) -> ColumnElement[bool]:
    """Whether a place is this one or below it."""
    return (Location.path >= place.path) & (Location.path < place.path + AFTER_ALL)


def leaves_below(session: Session, place: Location, *, limit: int) -> Sequence[Location]:
    """The places in use at or below one that have none below them, in their order."""
    parents = select(Location.parent_id).where(standing_at(place), Location.parent_id.is_not(None))
    query = select(Location).where(
        standing_at(place), Location.id.not_in(parents), Location.retired_at.is_(None)
    )
    return session.scalars(query.order_by(Location.path).limit(limit)).all()


def typed(session: Session, text: str, *, limit: int = 20) -> Sequence[Location]:
    """Places in use whose code begins with what was typed, or whose name holds it."""
    begun = fold(_even(text))
    query = select(Location).where(
        or_(_begins(begun), Location.name.contains(text.strip(), autoescape=True)),
        Location.retired_at.is_(None),
    )
    return session.scalars(query.order_by(Location.path).limit(limit)).all()


def next_position(session: Session, parent: Location | None) -> int:
    """The position after the last one below a place, or at the top."""
    last = session.scalar(select(func.max(Location.path)).where(_parent_is(parent)))
    return int(last[-STEP:-1]) + 1 if last else 1


def _note(session: Session, code: str) -> Location:
    path = path_below(None, next_position(session, None))
    noted = Location(code=code, folded=fold(code), path=path)
    session.add(noted)
    session.flush()
    return noted


def _nearest(session: Session, code: str) -> list[str]:
    """The codes that are most like this one, of those that begin like it for longest."""
    begun = fold(code)
    while True:
        query = select(Location.code).where(_begins(begun), Location.retired_at.is_(None))
        codes = session.scalars(query.order_by(Location.path).limit(MOST_COMPARED)).all()
        if len(codes) >= NEAREST or not begun:
            return get_close_matches(code, codes, NEAREST, cutoff=0)
        begun = begun[:-1]


def _even(typed: str) -> str:
    """What was typed, without the width, the case and the spaces of it."""
    return unicodedata.normalize("NFKC", typed).strip().upper()


def _begins(begun: str) -> ColumnElement[bool]:
    return (Location.folded >= begun) & (Location.folded < begun + AFTER_ALL)


def _parent_is(parent: Location | None) -> ColumnElement[bool]:
    return Location.parent_id.is_(None) if parent is None else Location.parent_id == parent.id
