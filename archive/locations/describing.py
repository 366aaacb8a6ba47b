"""What is written on a place's card: its name, and how wide a row of folders it takes."""

from datetime import datetime

from sqlalchemy.orm import Session

from archive.base import ledger
from archive.base.errors import N_, Conflict
from archive.base.ledger import Actor
from archive.locations.finding import below
from archive.locations.records import Location


class WidthBelow(Conflict):
    text = N_("The width of %(code)s is that of the places below it. Give it there.")


def describe(
    session: Session, place: Location, *, name: str, capacity_mm: int, by: Actor, at: datetime
) -> None:
    """Write a place's name and width on its card; the ledger keeps those before.

    Raises:
        WidthBelow: there are places below it, which have widths of their own.
    """
    if capacity_mm and below(session, place, limit=1):
        raise WidthBelow(code=place.code)
    before = {"name": place.name, "capacity_mm": place.capacity_mm}
    place.name, place.capacity_mm = " ".join(name.split()), capacity_mm
    after = {"name": place.name, "capacity_mm": place.capacity_mm}
    if after != before:
        ledger.record(
            session, "location.described", place.subject, by=by, at=at, code=place.code,
            before=before, **after,
        )  # fmt: skip
